//! What happens over time: guided tours, hotspots, and what a visit remembers.
//!
//! Pure: script, events and time in, effects out. No clock, no chance, no disk, no device.
//! Refuses to know how anything is shown, heard or travelled; the shell carries out
//! [`Effect`]s and says what came of them as inputs.
//!
//! Start reading at [`compile`], which resolves an exhibit's ids once to a [`Script`]; then
//! [`Playback`] (one tour at a time, with detours), [`hotspots::Hotspots`] (everything that a
//! visitor can set off) and [`Story`], which runs both on one clock and one [`Memory`].
//! [`captions`] reads and makes captions, [`comfort`] states what a visitor may be put
//! through, [`rehearse`] finds what is wrong with a script before a visitor does, [`record`] makes
//! a tour of a guide's walk.
//!
//! Hotspots live here rather than beside the session in a `visit` folder: they set off tours,
//! tours set them off, and both read and write the same memory at the same instants.

pub mod captions;
pub mod comfort;
mod compile;
mod fingerprint;
pub mod hotspots;
mod memory;
pub mod playback;
mod property;
pub mod record;
pub mod rehearse;
mod script;
mod story;
mod time;

#[cfg(test)]
mod testing;

pub use compile::compile;
pub use memory::{Memory, Rule};
pub use playback::{
    Durations, Effect, Ended, Input, Playback, Position, ResumeError, Travel, Utterance, WaitsFor,
};
pub use property::Track;
pub use script::{
    Aim, AnswerScript, CueScript, GoOnScript, HotspotIndex, HotspotScript, PropertyIndex,
    PropertyScript, QuestionScript, Script, StepIndex, StepScript, TourIndex, TourScript,
    TriggerScript, VariableIndex,
};
pub use story::{Story, StoryEffect, StoryInput};
