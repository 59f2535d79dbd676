//! What is to be heard, and by whom it is told: sounds and voices of a stage, and the
//! messages between the story and whoever has loudspeakers.
//!
//! Nothing here makes a sound. Without anybody who listens ([`Ears`] absent) everything
//! ends as it begins, so that no visit waits for a loudspeaker.

use crate::{
    scene::schema::{Cone, DistanceLaw, SoundId, SoundKind, SoundPath, Through, WallMaterial},
    tour::Utterance,
};
use bevy::prelude::*;
use std::{path::PathBuf, time::Duration};

/// A sound of the stage, by its place in [`StagedSounds::sounds`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SoundIndex(pub usize);

/// Where a sound comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum SoundFrom {
    /// From all around.
    Everywhere,
    /// From a place.
    Place {
        /// Metres.
        position_in_world: Vec3,
        /// The direction of its cone, unit length.
        forward_in_world: Vec3,
    },
    /// From something that moves; points in world.
    Path(SoundPath),
}

/// A sound of the stage.
#[derive(Debug, Clone, PartialEq)]
pub struct StagedSound {
    /// The author's name for it.
    pub id: SoundId,
    /// In the visitor's language.
    pub file: PathBuf,
    /// See [`SoundFrom`].
    pub from: SoundFrom,
    /// What it is; decides how it gives way to speech.
    pub kind: SoundKind,
    /// Louder (positive) or softer, dB.
    pub gain_db: f32,
    /// Begins again at its end, without a gap.
    pub repeats: bool,
    /// Plays from the start of the visit.
    pub autoplays: bool,
    /// How it falls off.
    pub distance: DistanceLaw,
    /// A direction in which it is louder.
    pub cone: Option<Cone>,
    /// Radius of what sounds, metres.
    pub size_m: f32,
    /// Higher stays when too many sound.
    pub priority: u8,
    /// Sounds of one group start together to the sample.
    pub together: Option<String>,
}

/// A voice that tells something.
#[derive(Debug, Clone, PartialEq)]
pub struct StagedVoice {
    /// In the visitor's language.
    pub file: PathBuf,
    /// Where it speaks; beside the visitor if absent.
    pub position_in_world: Option<Vec3>,
}

/// A room of the stage, as it sounds.
#[derive(Debug, Clone, PartialEq)]
pub struct StagedRoom {
    /// Least corner of its box, metres.
    pub least_in_world: Vec3,
    /// Greatest corner.
    pub greatest_in_world: Vec3,
    /// Of the four walls.
    pub walls: WallMaterial,
    /// Of the floor.
    pub floor: WallMaterial,
    /// Of the ceiling.
    pub ceiling: WallMaterial,
    /// Where that is not the box's.
    pub volume_m3: Option<f32>,
    /// Where that is not the box's.
    pub surface_m2: Option<f32>,
}

impl StagedRoom {
    fn volume_m3(&self) -> f32 {
        let size = self.greatest_in_world - self.least_in_world;
        self.volume_m3.unwrap_or(size.x * size.y * size.z)
    }

    fn holds(&self, at_in_world: Vec3) -> bool {
        at_in_world.cmpge(self.least_in_world).all()
            && at_in_world.cmple(self.greatest_in_world).all()
    }
}

/// All that can be heard on a stage.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StagedSounds {
    /// In the author's order.
    pub sounds: Vec<StagedSound>,
    /// What steps and answers say aloud.
    pub voices: Vec<(Utterance, StagedVoice)>,
    /// Where it is heard.
    pub rooms: Vec<StagedRoom>,
    /// What it is listened to through, until a visitor chooses.
    pub through: Through,
    /// A file with the responses of a measured head.
    pub head: Option<PathBuf>,
    /// What answers a visitor who selects something.
    pub select: Option<SoundIndex>,
    /// What answers a visitor who points at something.
    pub hover: Option<SoundIndex>,
}

impl StagedSounds {
    /// The same for a headset, which has its loudspeakers at the ears.
    #[must_use]
    pub fn at_the_ears(&self) -> Self {
        Self {
            through: Through::Headphones,
            ..self.clone()
        }
    }

    /// The sound with this name.
    pub fn find(&self, id: &SoundId) -> Option<SoundIndex> {
        self.sounds
            .iter()
            .position(|sound| sound.id == *id)
            .map(SoundIndex)
    }

    /// The room that somebody is in: the smallest, where several hold them.
    pub fn room_at(&self, at_in_world: Vec3) -> Option<&StagedRoom> {
        self.rooms
            .iter()
            .filter(|room| room.holds(at_in_world))
            .min_by(|a, b| a.volume_m3().total_cmp(&b.volume_m3()))
    }

    /// The voice of something that is said.
    pub fn voice(&self, utterance: Utterance) -> Option<&StagedVoice> {
        self.voices
            .iter()
            .find(|(own, _)| *own == utterance)
            .map(|(_, voice)| voice)
    }
}

/// What is to be heard from now on.
#[derive(Message, Debug, Clone, PartialEq)]
pub enum Heard {
    /// These begin together, each from its beginning.
    Play(Vec<SoundIndex>),
    /// This one ends, softly.
    Stop(SoundIndex),
    /// A sound becomes louder or softer.
    Level {
        /// Which.
        sound: SoundIndex,
        /// dB, in place of what the scene gives it.
        gain_db: f32,
        /// How softly, seconds.
        over_secs: f32,
    },
    /// A voice begins; one that speaks is silent.
    Say {
        /// What is said.
        utterance: Utterance,
        /// By whom.
        voice: StagedVoice,
        /// How much of it is over.
        from: Duration,
    },
    /// The voice is silent.
    StopSaying,
    /// The voice and these sounds halt where they are, all at once, or go on.
    Halt {
        /// What sounds besides the voice.
        sounds: Vec<SoundIndex>,
        /// Whether they halt.
        halted: bool,
    },
}

/// What has been heard to its end.
#[derive(Message, Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeardOut {
    /// A sound.
    Sound(SoundIndex),
    /// A voice.
    Voice(Utterance),
}

/// The length of a voice has become known.
#[derive(Message, Debug, Clone, Copy, PartialEq, Eq)]
pub struct VoiceMeasured {
    /// What is said.
    pub utterance: Utterance,
    /// How long it takes.
    pub length: Duration,
}

/// Somebody listens: what waits for the end of a sound may wait.
#[derive(Resource, Debug, Clone, Copy, Default)]
pub struct Ears;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_room_counts() {
        let room = |half: f32| StagedRoom {
            least_in_world: Vec3::splat(-half),
            greatest_in_world: Vec3::splat(half),
            walls: WallMaterial::Rock,
            floor: WallMaterial::Rock,
            ceiling: WallMaterial::Rock,
            volume_m3: None,
            surface_m2: None,
        };
        let sounds = StagedSounds {
            rooms: vec![room(4.0), room(1.0)],
            ..StagedSounds::default()
        };
        assert_eq!(
            sounds.room_at(Vec3::ZERO),
            Some(&room(1.0)),
            "a niche in a hall"
        );
        assert_eq!(sounds.room_at(Vec3::X * 3.0), Some(&room(4.0)), "the hall");
        assert_eq!(sounds.room_at(Vec3::X * 9.0), None, "the open air");
    }
}
