//! Preparing files for the renderer: reading glTF and images under stated limits.

pub mod model;
pub mod validate;
