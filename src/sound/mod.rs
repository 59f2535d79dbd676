//! The audio engine: what is heard, from where, in which room, through which head.
//!
//! The only folder that names Firewheel, `bevy_seedling`, `cpal`, `sofar`, `symphonium` and
//! `ebur128`.
//! It has no decoder, resampler, convolution or SOFA reader of its own, and it casts no rays:
//! how much stands between a sound and the visitor is told from outside ([`Order::Occlude`]).
//!
//! Start reading at [`order`] (what can be asked), then [`mix`] (who carries it out, the same
//! for the running exhibit and for films), then [`offline`] and [`engine`].
//!
//! | file | what it is |
//! |---|---|
//! | [`order`] | the wishes: play, stop, place, level, listener, room |
//! | [`law`], [`voices`], [`room`], [`sphere`] | pure: distance, cone, size, occlusion; who sounds; reverberation; a head that is a ball |
//! | [`clip`] | files to samples at one loudness |
//! | [`head`] | directions to filters: built in, SOFA, loudspeakers |
//! | `source`, `walls`, `reverb`, `desk` | the nodes on the audio thread |
//! | [`ears`] | head, room and rock of the visitor, for the engine |
//! | [`mix`], [`library`] | the graph, its voices and their samples |
//! | [`story`] | pure: the wishes of the story as orders |
//! | [`offline`] | the graph rendered faster than time |
//! | `cards`, `device`, [`engine`] | the sound card, or the lack of one; the Bevy plugin |
//! | `microphone` | a guide's voice, while a tour is recorded |

mod blocks;
mod cards;
pub mod clip;
mod desk;
mod device;
mod dials;
mod duck;
pub mod ears;
pub mod engine;
pub mod head;
pub mod law;
pub mod library;
mod limiter;
pub mod measure;
mod microphone;
pub mod mix;
pub mod offline;
pub mod order;
mod reverb;
pub mod room;
mod source;
pub mod sphere;
pub mod story;
mod visit;
pub mod voices;
mod walls;

pub use engine::{Hearing, Listener, OccludeSound, SoundRoom, SoundSettings, SoundStage, plugin};
pub use microphone::SystemMicrophone;
pub use order::{Bus, Order, Output, Play, Pose, Whence};
pub use visit::output;

#[cfg(test)]
mod tests;

/// Frames that placed sounds are computed in; every voice is late by this many (2.7 ms at
/// 48 kHz), so that beds and placed sounds keep together.
pub(crate) const BLOCK_FRAMES: usize = 128;

/// Frames a second where no card says otherwise: films, and silence.
pub const DEFAULT_RATE_HZ: std::num::NonZeroU32 =
    std::num::NonZeroU32::new(48_000).expect("48,000 is not zero");

/// Speed of sound in dry air at 20 °C, m/s.
pub(crate) const SPEED_OF_SOUND_M_S: f32 = 343.2;

/// What can go wrong with sound.
#[derive(Debug, thiserror::Error)]
pub enum SoundError {
    /// A file cannot be read or decoded.
    #[error("cannot play {path}: {why}")]
    File {
        /// The file.
        path: std::path::PathBuf,
        /// What the decoder said.
        why: String,
    },
    /// A SOFA file cannot be used.
    #[error("cannot hear through {path}: {why}")]
    Head {
        /// The file.
        path: std::path::PathBuf,
        /// What the reader said.
        why: String,
    },
    /// The engine refused: a defect of ours.
    #[error("the audio engine refused: {0}")]
    Engine(String),
    /// Writing failed.
    #[error("cannot write the sound: {0}")]
    Write(#[from] std::io::Error),
}

impl SoundError {
    /// Wraps what the engine said.
    pub(crate) fn engine(why: impl std::fmt::Display) -> Self {
        Self::Engine(why.to_string())
    }
}
