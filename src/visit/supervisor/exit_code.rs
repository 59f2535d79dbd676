//! The exit codes between child and parent, in one place.
//!
//! 0 to 4 are those of every `grotto` command (`cli`); 10 to 19 are a child's wish for a new
//! process. The operator sees only the parent's: 0 to 4.

use crate::visit::session::RestartReason;

/// The exhibit was closed.
pub const DONE: u8 = 0;
/// The scene has errors.
pub const SCENE_ERRORS: u8 = 1;
/// A file cannot be read, or the command is wrong.
pub const CANNOT_READ: u8 = 2;
/// No graphics on this machine.
pub const NO_GRAPHICS: u8 = 3;
/// The result cannot be written.
pub const CANNOT_WRITE: u8 = 4;
/// The OpenXR instance was lost: restart.
pub const INSTANCE_LOST: u8 = 10;
/// The graphics device was lost: restart.
pub const DEVICE_LOST: u8 = 11;
/// The OpenXR runtime no longer answers: restart.
pub const RUNTIME_STALLED: u8 = 12;
/// A flat process found a headset: restart in it.
pub const HEADSET_APPEARED: u8 = 13;
/// A headset process found no headset: restart flat.
pub const NO_HEADSET: u8 = 14;

impl RestartReason {
    /// What a child ends with.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::InstanceLost => INSTANCE_LOST,
            Self::DeviceLost => DEVICE_LOST,
            Self::RuntimeStalled => RUNTIME_STALLED,
            Self::HeadsetAppeared => HEADSET_APPEARED,
        }
    }
}

/// What a child's exit means to its parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Somebody closed the exhibit.
    Done,
    /// An orderly wish for a new process.
    Restart,
    /// As [`NO_HEADSET`].
    NoHeadset,
    /// A restart does not mend it.
    Hopeless(u8),
    /// Anything else: 101 is a Rust panic.
    Crashed,
}

/// See [`Meaning`].
pub fn meaning(code: u8) -> Meaning {
    match code {
        DONE => Meaning::Done,
        SCENE_ERRORS | CANNOT_READ | NO_GRAPHICS | CANNOT_WRITE => Meaning::Hopeless(code),
        INSTANCE_LOST | DEVICE_LOST | RUNTIME_STALLED | HEADSET_APPEARED => Meaning::Restart,
        NO_HEADSET => Meaning::NoHeadset,
        _ => Meaning::Crashed,
    }
}
