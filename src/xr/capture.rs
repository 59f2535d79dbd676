//! Pictures of what each eye was handed: for tests and for looking at.

use super::{
    chain::FORMAT,
    compose::{Composer, Veil},
    link::EyeView,
};
use crate::render::capture::{self, CaptureError};
use bevy::{
    prelude::*,
    render::{
        render_resource::{
            Extent3d, PipelineCache, TextureDescriptor, TextureDimension, TextureUsages,
            TextureView, TextureViewDescriptor,
        },
        renderer::{RenderDevice, RenderQueue},
    },
};
use std::path::Path;

/// Draws both eyes once more as they were handed over, and reads them back.
pub(super) fn read(
    composer: &Composer,
    pipelines: &PipelineCache,
    device: &RenderDevice,
    queue: &RenderQueue,
    sources: [&TextureView; 2],
    eyes: &[EyeView; 2],
    veil: &Veil,
    size: UVec2,
) -> Result<[image::RgbaImage; 2], CaptureError> {
    let size = Extent3d {
        width: size.x,
        height: size.y,
        depth_or_array_layers: 1,
    };
    let [left, right] = [0, 1].map(|_| {
        device.create_texture(&TextureDescriptor {
            label: Some("picture of an eye"),
            size,
            mip_level_count: 1,
            sample_count: 1,
            dimension: TextureDimension::D2,
            format: FORMAT,
            usage: TextureUsages::RENDER_ATTACHMENT | TextureUsages::COPY_SRC,
            view_formats: &[],
        })
    });
    let views =
        [&left, &right].map(|texture| texture.create_view(&TextureViewDescriptor::default()));
    let targets = [&views[0], &views[1]];
    if !composer.draw(pipelines, device, queue, sources, targets, eyes, veil) {
        return Err(CaptureError::NotDrawn);
    }
    Ok([
        capture::read_texture(device, queue, &left, size)?,
        capture::read_texture(device, queue, &right, size)?,
    ])
}

/// Writes `PATH-left.png` and `PATH-right.png`, each whole or not at all.
pub(super) fn write(pictures: Result<[image::RgbaImage; 2], CaptureError>, path: &Path) {
    let pictures = match pictures {
        Ok(pictures) => pictures,
        Err(error) => {
            warn!("no picture of the eyes: {error}");
            return;
        }
    };
    for (picture, eye) in pictures.iter().zip(["left", "right"]) {
        let mut name = path.as_os_str().to_owned();
        name.push(format!("-{eye}.png"));
        let mut beside = name.clone();
        beside.push(".partial");
        let written = picture
            .save_with_format(&beside, image::ImageFormat::Png)
            .map_err(|error| error.to_string())
            .and_then(|()| std::fs::rename(&beside, &name).map_err(|error| error.to_string()));
        if let Err(error) = written {
            warn!("no picture of the {eye} eye at {}: {error}", path.display());
        }
    }
}
