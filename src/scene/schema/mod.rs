//! The data model of scene files, format 1.
//!
//! Each type is what an author writes, one to one; the macros of [`super::record`] also
//! make its decoding and its documentation. Units: metres, degrees, seconds, lumens, lux,
//! decibels; right-handed, Y up, as glTF. Yaw 0 looks along -Z and a positive yaw turns
//! left (counter-clockwise seen from above); a positive pitch looks up.

mod atom;
mod exhibit;
mod hotspot;
mod light;
mod place;
mod sound;
mod space;
mod text;
mod tour;

pub use atom::*;
pub use exhibit::*;
pub use hotspot::*;
pub use light::*;
pub use place::*;
pub use sound::*;
pub use space::*;
pub use text::*;
pub use tour::*;
