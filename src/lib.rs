//! **Grotto** lets the public walk into digitised heritage: it loads an exhibit
//! (RON scene files, glTF meshes, images) and shows it in a window or without a display.
//!
//! # Map of the code
//! Dependencies point one way:
//! `main -> {desktop, xr, operate} -> render -> exhibit -> {tour, visit, bake} -> scene`,
//! and everything knows `diagnostic`.
//!
//! | module | what it is |
//! |---|---|
//! | [`diagnostic`] | what is wrong in a file, where, and how to mend it |
//! | [`scene`] | pure: what an author writes |
//! | [`tour`] | pure: what happens over time: tours, hotspots, captions, comfort |
//! | [`bake`] | pure and files: reading glTF and images safely, mips, collision |
//! | [`sample`] | the generator of the sample exhibit |
//! | [`visit`] | pure: sessions of a headset, moving without sickness, what is resumed |
//! | [`exhibit`] | the exhibit in the ECS, without GPU or window |
//! | `sound` | the audio engine (feature `sound`) |
//!
//! The pure folders name nothing of Bevy but `bevy::math`, and no clock, randomness,
//! environment or printing.

mod angle;
pub mod bake;
#[cfg(feature = "render")]
pub mod cli;
#[cfg(feature = "desktop")]
pub mod desktop;
pub mod diagnostic;
pub mod dirs;
pub mod exhibit;
pub mod operate;
#[cfg(feature = "render")]
pub mod render;
pub mod sample;
pub mod scene;
#[cfg(feature = "desktop")]
mod screen;
#[cfg(feature = "sound")]
pub mod sound;
pub mod tour;
pub mod visit;
#[cfg(feature = "xr")]
pub mod xr;
