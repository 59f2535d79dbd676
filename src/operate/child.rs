//! The child's end of the line: frames out, the end of standard input in.

use super::FRAMES;
use bevy::prelude::*;
use std::{
    io::{Read, Write},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// Between two lines of life.
const EVERY: Duration = Duration::from_millis(100);

/// Tells the parent of every frame, and ends when the parent wishes or is gone.
pub fn plugin(app: &mut App) {
    let is_over = Arc::new(AtomicBool::new(false));
    let thread = is_over.clone();
    // Ends with the process: reading cannot be broken off.
    std::thread::spawn(move || {
        let mut rest = [0; 64];
        while std::io::stdin().read(&mut rest).is_ok_and(|read| read > 0) {}
        thread.store(true, Ordering::Relaxed);
    });
    app.insert_resource(Line {
        is_over,
        frames: 0,
        told: None,
    })
    .add_systems(Last, hold);
}

#[derive(Resource)]
struct Line {
    is_over: Arc<AtomicBool>,
    frames: u64,
    told: Option<Duration>,
}

fn hold(mut line: ResMut<Line>, time: Res<Time<Real>>, mut exit: MessageWriter<AppExit>) {
    line.frames += 1;
    let now = time.elapsed();
    if line.told.is_none_or(|told| now - told >= EVERY) {
        line.told = Some(now);
        // A parent that is gone closes standard input as well.
        drop(writeln!(std::io::stdout(), "{FRAMES}{}", line.frames));
    }
    if line.is_over.load(Ordering::Relaxed) {
        exit.write(AppExit::Success);
    }
}
