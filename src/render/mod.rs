//! Everything that needs a GPU and knows no device: materials, light, models on their way
//! to the GPU, pictures. It refuses to know windows and headsets; start reading at
//! [`spawn`].

pub mod air;
pub mod capture;
pub mod eye;
pub mod headless;
pub mod layers;
pub mod light;
pub mod scan;
pub mod spawn;
mod upload;
pub mod warm;

use bevy::prelude::*;

/// How much beauty the machine can afford.
#[derive(Resource, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quality {
    /// One sample a pixel, no glow: for processors without a GPU.
    Low,
    /// Four samples a pixel.
    Medium,
    /// Four samples a pixel, high dynamic range and glow.
    High,
}

impl Quality {
    /// Samples of a texture along its steepest direction. On a processor each costs a
    /// quarter of the frame.
    pub fn anisotropy(self) -> u16 {
        match self {
            Self::Low => 1,
            Self::Medium => 4,
            Self::High => 8,
        }
    }
}

pub(crate) fn plugin(app: &mut App) {
    app.add_plugins((
        eye::plugin,
        scan::plugin,
        spawn::plugin,
        light::plugin,
        air::plugin,
        layers::plugin,
        warm::plugin,
    ));
}
