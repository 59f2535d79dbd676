//! What the headset does, as JSON lines, and pictures of the eyes on request: for tests, and
//! for an operator who wants to know.

use super::{body::Body, frames::Frames, hands::Hands, life::Life, veil::Veiling};
use crate::{angle::wrapped, render::warm::WarmUp};
use bevy::prelude::*;
use serde_json::json;
use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    time::Duration,
};

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Last, (tell, take_wanted_pictures.in_set(WishSystems)));
}

/// When wishes for pictures are read.
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct WishSystems;

/// Between two lines.
const EVERY: Duration = Duration::from_millis(50);

/// Where the lines go.
#[derive(Resource)]
pub(super) struct Report {
    file: File,
    last: Option<Duration>,
    /// The head's heading in the exhibit in the last frame, and how dark that was.
    seen: Option<(f32, f32)>,
    /// How far the head turned between two frames since the last line, where that could be seen.
    swing_rad: f32,
}

impl Report {
    /// Adds to a file, so that one file holds the lives of several processes.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        Ok(Self {
            file: OpenOptions::new().create(true).append(true).open(path)?,
            last: None,
            seen: None,
            swing_rad: 0.0,
        })
    }
}

/// A folder in which a file `NAME.wanted` asks for `NAME-left.png` and `NAME-right.png`.
#[derive(Resource)]
pub(super) struct PicturesOnRequest(pub(super) PathBuf);

fn tell(
    report: Option<ResMut<Report>>,
    time: Res<Time<Real>>,
    life: Res<Life>,
    body: Res<Body>,
    veil: Res<Veiling>,
    warm: Res<WarmUp>,
    frames: Res<Frames>,
    count: Res<bevy::diagnostic::FrameCount>,
    eyes: Query<(&super::eyes::HeadsetEye, &Transform)>,
    hands: Res<Hands>,
    #[cfg(feature = "desktop")] monitor: Option<Res<super::monitor::Showing>>,
    rate: Res<super::rate::Rate>,
    story: super::visit::Told,
) {
    let Some(mut report) = report else { return };
    let now = time.elapsed();
    let head = body.head_in_world();
    let yaw_rad = head.map(|head| head.yaw_rad());
    let seen = yaw_rad.map(|yaw_rad| (yaw_rad, veil.darkness()));
    if let (Some(before), Some(now)) = (report.seen, seen) {
        let swing_rad = wrapped(now.0 - before.0).abs() * (1.0 - before.1.max(now.1));
        report.swing_rad = report.swing_rad.max(swing_rad);
    }
    report.seen = seen;
    let is_due = report.last.is_none_or(|last| now - last >= EVERY);
    if !is_due {
        return;
    }
    report.last = Some(now);
    let mut places = [Vec3::ZERO; 2];
    for (eye, transform) in &eyes {
        places[eye.0] = transform.translation;
    }
    let (counts, is_silent) = {
        let shared = frames.lock();
        (shared.counts, shared.is_away())
    };
    #[cfg(feature = "desktop")]
    let monitor = monitor.map(|showing| format!("{:?}", *showing));
    #[cfg(not(feature = "desktop"))]
    let monitor = None::<String>;
    let line = json!({
        "pid": std::process::id(),
        "secs": now.as_secs_f32(),
        "phase": format!("{:?}", life.phase()),
        "session": life.told.map(|state| format!("{state:?}")),
        "is_ready": warm.is_done(),
        "head": head.map(|head| head.position.to_array()),
        "head_yaw_deg": yaw_rad.map(f32::to_degrees),
        "feet": body.feet_in_world.to_array(),
        "rig_yaw_deg": body.rig.yaw_rad.to_degrees(),
        "eyes": [places[0].to_array(), places[1].to_array()],
        "darkness": veil.darkness(),
        "swing_deg": std::mem::take(&mut report.swing_rad).to_degrees(),
        "hands": super::actions::HANDS.map(|hand| json!({
            "seen": hands.is_seen(hand),
            "pressed": hands.hand(hand).is_pressed,
            "joints": hands.joints(hand).is_some(),
            "ray": hands.ray(hand).map(|(from, way)| [from.to_array(), way.to_array()]),
        })),
        "silent": is_silent,
        "frames": count.0,
        "shown": counts.shown,
        "empty": counts.empty,
        "missed": counts.missed,
        "late": counts.late,
        "monitor": monitor,
        "times": rate.times.map(|times| json!({
            "cpu_ms": times.cpu_ms,
            "gpu_ms": times.gpu_ms,
            "period_ms": times.period_ms,
            "missed": times.missed,
        })),
        "quality": rate.quality().to_string(),
        "decisions": rate.decisions,
        "visit": story.to_json(),
    });
    if writeln!(report.file, "{line}").is_err() {
        // A full disk must not disturb a visit; the next line may find room again.
        debug!("a line of the report could not be written");
    }
}

fn take_wanted_pictures(folder: Option<Res<PicturesOnRequest>>, frames: Res<Frames>) {
    let Some(folder) = folder else { return };
    let mut shared = frames.lock();
    if shared.wanted_picture.is_some() {
        return;
    }
    let Ok(entries) = std::fs::read_dir(&folder.0) else {
        return;
    };
    let wanted = entries
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|ext| ext == "wanted"));
    if let Some(path) = wanted {
        // Taken once, also where it cannot be removed: the picture then simply comes again.
        drop(std::fs::remove_file(&path));
        shared.wanted_picture = Some(path.with_extension(""));
    }
}
