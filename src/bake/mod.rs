//! Preparing files for the renderer: reading glTF and images under stated limits.

pub mod collide;
pub mod model;
pub mod split;
pub mod stubs;
pub use stubs::*;
