//! From a walk to a tour: what a guide did and said, cleaned and written as a scene file.
//!
//! Pure: a [`Take`] (what happened when) and a [`Voice`] (samples) in, a [`Draft`] and the
//! text of a RON file out. It opens no microphone and writes no file; whoever does is in
//! `exhibit::recording`. How far it is from place to place, and whether the way is free, comes
//! through [`Ways`].
//!
//! Start reading at [`clean`]. The guide's stops become steps ([`stops`]), the breaks between
//! sentences their borders ([`Speech`]), what was switched their cues; silence is shortened,
//! and each step lasts at least as long as the comfortable way to its place.

mod clean;
mod draft;
pub mod journal;
mod listen;
mod stops;
mod take;
#[cfg(test)]
mod tests;
mod write;

pub use clean::clean;
pub use draft::{Draft, DraftCue, DraftStep, OpenGround, Stay, Way, Ways};
pub use listen::{Speech, Voice};
pub use take::{Happening, LONGEST_TAKE, Moment, Standing, Take};
pub use write::{About, tour_file};
