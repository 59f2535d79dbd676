//! Everything that needs a GPU and knows no device: materials, light, models on their way
//! to the GPU, pictures. It refuses to know windows and headsets; start reading at
//! [`loading`].

pub mod air;
mod animate;
pub mod board;
pub mod captions;
pub mod capture;
pub mod detail;
pub mod device;
pub mod eye;
mod feed;
pub mod fonts;
mod glow;
pub mod headless;
pub mod layers;
pub mod lead;
pub mod light;
pub mod loading;
pub mod memory;
pub mod page;
pub mod pictures;
mod pointed_out;
pub mod scan;
pub mod seen;
pub mod signs;
pub mod sky;
mod still;
pub mod thrift;
pub mod told;
pub(crate) mod unread;
mod upload;
pub mod warm;
mod whole_words;
mod witness;

use bevy::{
    asset::{load_internal_asset, uuid_handle},
    prelude::*,
    render::settings::{RenderCreation, WgpuSettings},
};

/// The device of a window.
pub(crate) fn creation() -> RenderCreation {
    RenderCreation::Automatic(Box::new(WgpuSettings {
        backends: Some(device::backends()),
        ..default()
    }))
}

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
    /// Samples of a texture along its steepest direction, on a GPU.
    pub fn anisotropy(self) -> u16 {
        match self {
            Self::Low => 1,
            Self::Medium => 4,
            Self::High => 8,
        }
    }
}

const TONE_SHADER: Handle<Shader> = uuid_handle!("7c0a9f0e-24c5-4a3c-8f1d-2b9c41a5a0d1");
const LIGHT_SHADER: Handle<Shader> = uuid_handle!("b3a2d6f4-8a67-4f0b-9a55-e0c7f1d0c2e6");

pub(crate) fn plugin(app: &mut App) {
    load_internal_asset!(app, TONE_SHADER, "tone.wgsl", Shader::from_wgsl);
    load_internal_asset!(app, LIGHT_SHADER, "light.wgsl", Shader::from_wgsl);
    app.init_resource::<pictures::Pictures>()
        .init_resource::<signs::Signs>();
    app.add_plugins((
        eye::plugin,
        (feed::plugin, scan::plugin, still::plugin),
        (detail::plugin, seen::plugin),
        loading::plugin,
        (light::plugin, thrift::plugin),
        air::plugin,
        board::plugin,
        captions::plugin,
        fonts::plugin,
        glow::plugin,
        pointed_out::plugin,
        sky::plugin,
        layers::plugin,
        (told::plugin, animate::plugin, warm::plugin),
        (whole_words::plugin, witness::plugin),
    ));
    app.add_plugins((device::OneByOne, device::SparedMemory));
}
