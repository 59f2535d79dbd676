//! What the next process takes up when this one dies: the checkpoint of the headset's visit.

use super::{
    body::{Body, Comfort},
    life::{Carry, Life},
};
use crate::{
    exhibit::checkpoint_file,
    render::light::VisitorLamp,
    visit::{
        checkpoint::{Checkpoint, Place},
        session::Effect,
    },
};
use bevy::prelude::*;
use std::{path::PathBuf, time::Duration};

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Startup, restore.after(super::OpenSystems))
        .add_systems(Last, remember);
}

/// A change is on the disk at most this much later: a power cut loses no more.
const EVERY: Duration = Duration::from_secs(2);

/// See the module's documentation.
#[derive(Resource)]
pub(super) struct Memory {
    file: Option<PathBuf>,
    exhibit: String,
    /// What was read, until it is restored.
    read: Option<Checkpoint>,
    saved: Option<Checkpoint>,
    saved_at: Duration,
}

impl Memory {
    /// The checkpoint of an exhibit; read where it is to be taken up.
    pub(super) fn open(exhibit: String, resumes: bool) -> Self {
        let file = checkpoint_file::path_for(&exhibit);
        let read =
            file.as_deref().filter(|_| resumes).and_then(|path| {
                match checkpoint_file::load(path, &exhibit) {
                    Ok(reading) => reading.map(|reading| {
                        for complaint in reading.complaints {
                            warn!("{complaint}");
                        }
                        reading.checkpoint
                    }),
                    Err(error) => {
                        warn!("the last visit cannot be read: {error}");
                        None
                    }
                }
            });
        Self {
            file,
            exhibit,
            read,
            saved: None,
            saved_at: Duration::ZERO,
        }
    }

    /// A visit was going on when the last process ended.
    pub(super) fn is_visiting(&self) -> bool {
        self.read.as_ref().is_some_and(|read| read.is_visiting)
    }
}

/// Puts the visit where it was.
fn restore(
    mut memory: ResMut<Memory>,
    mut body: ResMut<Body>,
    mut comfort: ResMut<Comfort>,
    mut lesson: ResMut<super::lesson::Course>,
    mut lamps: Query<&mut VisitorLamp>,
) {
    let Some(read) = memory.read.take().filter(|read| read.is_visiting) else {
        return;
    };
    comfort.0 = read.comfort.sanitized();
    if let Some(place) = read.place {
        body.resume_at(Vec3::from_array(place.feet_in_world), place.yaw_rad);
    }
    if let Some(eye_m) = read.eye_height_m {
        body.eye_height.calibrate(eye_m);
    }
    if let Some(is_on) = read.is_lamp_on {
        for mut lamp in &mut lamps {
            lamp.is_on = is_on;
        }
    }
    if read.has_learned {
        lesson.finish();
    }
    info!("the visit is taken up where it was");
}

fn remember(
    mut effects: MessageReader<Carry>,
    mut memory: ResMut<Memory>,
    life: Res<Life>,
    body: Res<Body>,
    comfort: Res<Comfort>,
    lesson: Res<super::lesson::Course>,
    lamps: Query<&VisitorLamp>,
    time: Res<Time<Real>>,
) {
    let mut asked = None;
    for Carry(effect) in effects.read() {
        if let Effect::Remember { is_visiting } = effect {
            asked = Some(*is_visiting);
        }
    }
    let now = time.elapsed();
    if asked.is_none() && now - memory.saved_at < EVERY {
        return;
    }
    let is_visiting = asked.unwrap_or(life.phase().is_visiting());
    let checkpoint = Checkpoint {
        exhibit: memory.exhibit.clone(),
        is_visiting,
        place: is_visiting.then(|| Place {
            feet_in_world: body.feet_in_world.to_array(),
            yaw_rad: body.yaw_rad,
        }),
        is_lamp_on: lamps.iter().next().map(|lamp| lamp.is_on),
        has_learned: lesson.is_done(),
        eye_height_m: body.eye_height.measured_m(),
        comfort: comfort.0,
        ..Checkpoint::default()
    };
    memory.saved_at = now;
    if memory.saved.as_ref() == Some(&checkpoint) {
        return;
    }
    let Some(path) = &memory.file else { return };
    match checkpoint_file::save(path, &checkpoint) {
        Ok(()) => memory.saved = Some(checkpoint),
        // Tried again with the next change; said once a change.
        Err(error) => warn!("the visit cannot be remembered: {error}"),
    }
}
