//! What can be asked of the mix. The running exhibit sends these through a channel as they
//! come; a film hands over a list with times. Both are carried out by [`Mix`](super::mix::Mix).

use std::{num::NonZeroU32, path::PathBuf, sync::Arc};

use bevy::math::{Quat, Vec3};

use super::{SoundError, clip::Clip, room::Room};
use crate::scene::schema::{Cone, DistanceLaw, SoundPath};

/// The four groups a sound can belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Bus {
    /// Wind, drips, fire.
    Ambience,
    /// Music.
    Music,
    /// Speech: the others give way to it.
    Narration,
    /// A thing in the room.
    #[default]
    Effects,
}

/// What the visitor listens through.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Output {
    /// Headphones, with the built-in head.
    #[default]
    Headphones,
    /// Headphones, with a measured head: a SOFA file.
    Sofa(PathBuf),
    /// Two loudspeakers: panned by level alone.
    Stereo,
    /// One loudspeaker.
    Mono,
}

/// Where something is and which way it faces, in the exhibit's frame (metres; forward is -Z).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pose {
    /// Position, m.
    pub position_m: Vec3,
    /// Rotation from its own frame to the exhibit's.
    pub rotation: Quat,
}

impl Default for Pose {
    fn default() -> Self {
        Self {
            position_m: Vec3::ZERO,
            rotation: Quat::IDENTITY,
        }
    }
}

/// Where a sound comes from.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Whence {
    /// From everywhere: played as it is, in stereo, without a room.
    #[default]
    Bed,
    /// From a place; its forward is the axis of the cone.
    At(Pose),
    /// From something that moves along a path, counted from when it started.
    Path(SoundPath),
}

/// What is played.
#[derive(Debug, Clone)]
pub enum Source {
    /// A file, decoded when first needed.
    File(PathBuf),
    /// Samples.
    Clip(Arc<Clip>),
}

impl Source {
    /// Whether it can be read again.
    #[must_use]
    pub fn is_file(&self) -> bool {
        matches!(self, Self::File(_))
    }

    /// Reads it at a rate; samples are what they are.
    ///
    /// # Errors
    /// If a file cannot be played.
    pub fn read(&self, rate_hz: NonZeroU32) -> Result<Arc<Clip>, SoundError> {
        match self {
            Self::Clip(clip) => Ok(clip.clone()),
            Self::File(path) => Clip::read(path, rate_hz).map(Arc::new),
        }
    }
}

/// A sound to play.
#[derive(Debug, Clone)]
pub struct Play {
    /// Its name; a sound of the same name that still plays is stopped.
    pub id: String,
    /// What is played.
    pub source: Source,
    /// Where from.
    pub whence: Whence,
    /// Its group.
    pub bus: Bus,
    /// Louder or softer than the common loudness, dB.
    pub gain_db: f32,
    /// Whether it begins again at its end, without a gap.
    pub repeat: bool,
    /// How it falls off with distance.
    pub distance: DistanceLaw,
    /// Where it is louder.
    pub cone: Option<Cone>,
    /// Radius of what sounds, m.
    pub size_m: f32,
    /// Who yields when too many sound: higher stays.
    pub priority: u8,
    /// Where in the file to begin, s.
    pub from_secs: f64,
}

impl Play {
    /// A bed of `source` with the settings of a scene file that says nothing else.
    #[must_use]
    pub fn new(id: impl Into<String>, source: Source) -> Self {
        Self {
            id: id.into(),
            source,
            whence: Whence::Bed,
            bus: Bus::Effects,
            gain_db: 0.0,
            repeat: false,
            distance: DistanceLaw::default(),
            cone: None,
            size_m: 0.0,
            priority: 50,
            from_secs: 0.0,
        }
    }
}

/// Something to do.
#[derive(Debug, Clone)]
pub enum Order {
    /// Plays sounds; all begin at the same sample and are made equally louder or softer.
    Play(Vec<Play>),
    /// Fades a sound out and forgets it.
    Stop {
        /// Its name.
        id: String,
    },
    /// Stops everything.
    StopAll,
    /// Changes a sound's level.
    Level {
        /// Its name.
        id: String,
        /// The new level, dB.
        gain_db: f32,
        /// How softly, s: evenly in dB.
        over_secs: f32,
    },
    /// Halts a sound where it is (`true`), or lets it go on.
    Halt {
        /// Its name.
        id: String,
        /// Whether it halts.
        halted: bool,
    },
    /// Moves a sound.
    Place {
        /// Its name.
        id: String,
        /// Where it is now.
        pose: Pose,
    },
    /// How much stands between a sound and the visitor.
    Occlude {
        /// Its name.
        id: String,
        /// 0 is nothing, 1 solid rock.
        amount: f32,
    },
    /// Moves the visitor's head.
    Listen(Pose),
    /// Changes the room; `None` is the open air.
    Room(Option<Room>),
    /// Changes a group's level.
    Bus {
        /// The group.
        bus: Bus,
        /// The new level, dB.
        gain_db: f32,
    },
    /// Changes the level of everything, after the limiter: 0 dB at most.
    Master {
        /// The new level, dB.
        gain_db: f32,
    },
    /// Holds everything but the ambience (`true`) or goes on.
    Pause(bool),
}
