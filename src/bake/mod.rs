//! Preparing files for the renderer: reading glTF and images under stated limits.

pub mod collide;
pub mod model;
