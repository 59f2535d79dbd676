//! One voice: what it is, and what its dials should say.

use std::{num::NonZeroU32, sync::Arc};

use bevy::math::Vec3;
use bevy_seedling::firewheel::{
    FirewheelContext,
    clock::{EventInstant, InstantSamples},
    diff::{Diff, PathBuilder},
    node::NodeID,
    nodes::sampler::SamplerNode,
};

use crate::sound::{
    Bus,
    dials::Dials,
    head::{Aim, Bearing},
    law::{self, amplitude},
    order::{Play, Pose, Whence},
    room::Room,
};

pub(super) enum Way {
    Bed,
    Placed(Box<Aim>),
}

/// What becomes of a voice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Life {
    Playing,
    /// It was stopped, or has ended; its nodes go at this frame.
    Leaving(i64),
}

pub(super) struct Voice {
    pub(super) play: Play,
    pub(super) way: Way,
    pub(super) sampler_id: NodeID,
    pub(super) node_id: NodeID,
    pub(super) sampler: SamplerNode,
    pub(super) dials: Arc<Dials>,
    /// Brings it to the common loudness.
    pub(super) common_gain: f32,
    pub(super) level: Fade,
    pub(super) halted: bool,
    pub(super) occlusion: f32,
    pub(super) start_frame: i64,
    pub(super) sounding: bool,
    pub(super) life: Life,
}

/// A level on its way, evenly in dB.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fade {
    pub(super) from_db: f32,
    pub(super) to_db: f32,
    pub(super) start_frame: i64,
    pub(super) frames: i64,
}

impl Fade {
    pub(super) fn at(&self, frame: i64) -> f32 {
        if self.frames <= 0 || frame >= self.start_frame + self.frames {
            return self.to_db;
        }
        let done = (frame - self.start_frame).max(0) as f32 / self.frames as f32;
        self.from_db + (self.to_db - self.from_db) * done
    }
}

/// What the dials of a voice should say.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    pub(super) direct: f32,
    pub(super) late: f32,
    pub(super) cutoff_hz: f32,
    pub(super) walls: [(f32, f32); 6],
    pub(super) bearing: Option<Bearing>,
}

impl Default for Wanted {
    fn default() -> Self {
        Self {
            direct: 0.0,
            late: 0.0,
            cutoff_hz: 20_000.0,
            walls: Default::default(),
            bearing: None,
        }
    }
}

impl Voice {
    /// Whether it is to stand still, where all that tells something does or does not. The place
    /// itself sounds on.
    pub(super) fn is_held(&self, is_paused: bool) -> bool {
        self.halted || (is_paused && self.play.bus != Bus::Ambience)
    }

    /// Halts or goes on, at a frame or at once.
    pub(super) fn hold(
        &mut self,
        context: &mut FirewheelContext,
        held: bool,
        at_frame: Option<i64>,
    ) {
        let before = self.sampler;
        if held != *before.play {
            return;
        }
        if held {
            self.sampler.pause();
        } else {
            self.sampler.resume();
        }
        let at = at_frame.map(|frame| EventInstant::AtClockSamples(InstantSamples(frame)));
        let mut queue = context.event_queue_scheduled(self.sampler_id, at);
        (self.sampler).diff(&before, PathBuilder::default(), &mut queue);
    }

    pub(super) fn leave(&mut self, until: i64) {
        if self.life == Life::Playing {
            self.life = Life::Leaving(until);
            self.sounding = false;
        }
    }

    /// Sets the dials; silent unless it sounds, or rings out after its end.
    pub(super) fn tell(&self, wanted: &Wanted) {
        let open = if self.sounding { 1.0 } else { 0.0 };
        self.dials.direct.set(open * wanted.direct);
        self.dials.late.set(open * wanted.late);
        self.dials.cutoff_hz.set(wanted.cutoff_hz);
        for ((gain, detour), (wanted_gain, secs)) in self.dials.walls.iter().zip(wanted.walls) {
            gain.set(open * wanted_gain);
            detour.set(secs);
        }
    }
}

/// Who listens, and in which room.
pub(super) struct Scene<'a> {
    pub(super) listener: Pose,
    pub(super) room: Option<&'a Room>,
    pub(super) rate_hz: NonZeroU32,
}

impl Scene<'_> {
    /// Where from a sound is heard, and from how far, m.
    pub(super) fn bearing(&self, play: &Play, pose: &Pose) -> (Bearing, f32) {
        let way = pose.position_m - self.listener.position_m;
        let distance_m = way.length();
        let spread = law::spread(play.size_m, distance_m);
        let direction = self.listener.rotation.inverse() * way;
        (Bearing::new(direction, spread), distance_m)
    }

    /// What the dials of a voice should say at a frame.
    pub(super) fn wanted(&self, voice: &Voice, now: i64) -> Wanted {
        let play = &voice.play;
        let level = voice.common_gain * amplitude(voice.level.at(now));
        if matches!(voice.way, Way::Bed) {
            return Wanted {
                direct: level,
                ..Wanted::default()
            };
        }
        let secs = (now - voice.start_frame).max(0) as f64 / f64::from(self.rate_hz.get());
        let pose = place(&play.whence, secs + play.from_secs);
        let (bearing, distance_m) = self.bearing(play, &pose);
        let to_listener = self.listener.position_m - pose.position_m;
        let forward = pose.rotation * Vec3::NEG_Z;
        let cone =
            (play.cone.as_ref()).map_or(1.0, |cone| law::cone_gain(cone, forward, to_listener));
        let behind = law::occlusion(voice.occlusion);
        let mut wanted = Wanted {
            direct: level
                * cone
                * behind.gain
                * law::distance_gain(&play.distance, distance_m, play.size_m),
            cutoff_hz: behind.cutoff_hz,
            bearing: Some(bearing),
            ..Wanted::default()
        };
        if let Some(room) = self.room {
            // What stands between hides the straight way; the room is reached around it.
            let (from, to) = (pose.position_m, self.listener.position_m);
            let entering_m = play.distance.reference + room.distance_m(from);
            let around = level
                * cone.sqrt()
                * behind.gain.sqrt()
                * law::distance_gain(&play.distance, entering_m, play.size_m);
            wanted.late = around * room.late_gain(play.distance.reference);
            wanted.walls = room
                .reflections(from, to, play.distance.reference)
                .map(|wall| (around * wall.gain, wall.detour_secs));
        }
        wanted
    }
}

/// Where a sound is, some time after it began.
pub(super) fn place(whence: &Whence, secs: f64) -> Pose {
    match whence {
        Whence::Bed => Pose::default(),
        Whence::At(pose) => *pose,
        Whence::Path(path) => law::along(path, secs),
    }
}
