//! Pictures without a window: a render target in memory and its texels read back in the
//! same frame, where Bevy's `Screenshot` needs two more.

use crate::bake::images::{LINEAR_FROM_SRGB, SRGB_FROM_LINEAR};
use bevy::{
    asset::RenderAssetUsages,
    core_pipeline::upscaling::ViewUpscalingPipeline,
    prelude::*,
    render::{
        Render, RenderApp, RenderSystems,
        render_asset::RenderAssets,
        render_resource::{
            BufferDescriptor, BufferUsages, CommandEncoderDescriptor, Extent3d, MapMode, PollType,
            TexelCopyBufferInfo, TexelCopyBufferLayout, Texture, TextureFormat, TextureUsages,
        },
        renderer::{RenderDevice, RenderQueue},
        sync_world::{MainEntity, RenderEntity},
        texture::GpuImage,
        view::ViewTarget,
    },
};
use rayon::prelude::*;
use thiserror::Error;

/// Why a picture could not be read back.
#[derive(Debug, Error)]
pub enum CaptureError {
    /// The render world or the target's texture is missing: no frame was drawn.
    #[error("no frame has been drawn into this target yet")]
    NotDrawn,
    /// The device was lost while waiting.
    #[error("the graphics device stopped answering: {0}")]
    Device(String),
}

/// An sRGB render target of the given size in pixels.
pub fn target(width: u32, height: u32) -> Image {
    let mut image = Image::new_target_texture(width, height, TextureFormat::Rgba8UnormSrgb, None);
    image.texture_descriptor.usage |= TextureUsages::COPY_SRC;
    image.asset_usage = RenderAssetUsages::RENDER_WORLD;
    image
}

/// Leaves out the last pass over the whole picture where it only copies: what `eye` draws in the
/// form of its target is read from where it was drawn (see [`read`]), and its target stays
/// empty. On a processor that pass takes a twentieth of a lean frame.
pub fn read_where_drawn(app: &mut App, eye: Entity) {
    let Some(render) = app.get_sub_app_mut(RenderApp) else {
        return;
    };
    type Upscaled = With<ViewUpscalingPipeline>;
    let leave_out =
        move |mut commands: Commands,
              views: Query<(Entity, &MainEntity, &ViewTarget), Upscaled>| {
            for (view, drawn_of, target) in &views {
                if drawn_of.id() == eye && is_whole(target) {
                    commands.entity(view).remove::<ViewUpscalingPipeline>();
                }
            }
        };
    render.add_systems(Render, leave_out.in_set(RenderSystems::PrepareBindGroups));
}

/// The drawn texture holds the picture as it is to be read: no high range, and the whole target.
fn is_whole(target: &ViewTarget) -> bool {
    target.main_texture_format() == TextureFormat::Rgba8UnormSrgb
        && target.out_texture_view_format() == Some(TextureFormat::Rgba8UnormSrgb)
}

/// Reads what `eye` saw after `app.update()`: RGBA, 8 bits, sRGB, top row first. `target` is
/// what it draws to. Where `is_halved`, each pixel is the mean of four that were drawn.
///
/// # Errors
/// When nothing was drawn, or the device is lost.
pub fn read(
    app: &App,
    eye: Entity,
    target: &Handle<Image>,
    is_halved: bool,
) -> Result<image::RgbaImage, CaptureError> {
    let world = app
        .get_sub_app(RenderApp)
        .ok_or(CaptureError::NotDrawn)?
        .world();
    let device = world.resource::<RenderDevice>();
    let queue = world.resource::<RenderQueue>();
    let take = if is_halved { halved } else { whole };
    let drawn = app
        .world()
        .get::<RenderEntity>(eye)
        .and_then(|view| world.get::<ViewTarget>(view.id()))
        .filter(|drawn| is_whole(drawn));
    if let Some(drawn) = drawn {
        let texture = drawn.main_texture();
        return read_rows(device, queue, texture, texture.size(), take);
    }
    let texture = world
        .get_resource::<RenderAssets<GpuImage>>()
        .and_then(|images| images.get(target.id()))
        .ok_or(CaptureError::NotDrawn)?;
    let size = texture.texture_descriptor.size;
    read_rows(device, queue, &texture.texture, size, take)
}

/// Reads the texels of a texture that can be copied from, once everything submitted before is
/// drawn: RGBA, 8 bits, sRGB, top row first.
///
/// # Errors
/// When the device is lost.
pub fn read_texture(
    device: &RenderDevice,
    queue: &RenderQueue,
    texture: &Texture,
    size: Extent3d,
) -> Result<image::RgbaImage, CaptureError> {
    read_rows(device, queue, texture, size, whole)
}

/// Texels as they lie in memory that the device wrote, and the bytes from one row to the next.
#[derive(Clone, Copy)]
struct Rows<'a> {
    texels: &'a [u8],
    stride: usize,
    width: usize,
    height: usize,
}

/// Lets `take` make a picture of the texels where they are: in the memory of a processor that
/// draws a picture of four samples a pixel lies often enough.
fn read_rows(
    device: &RenderDevice,
    queue: &RenderQueue,
    texture: &Texture,
    size: Extent3d,
    take: fn(Rows) -> image::RgbaImage,
) -> Result<image::RgbaImage, CaptureError> {
    let stride = RenderDevice::align_copy_bytes_per_row(size.width as usize * 4);
    let buffer = device.create_buffer(&BufferDescriptor {
        label: Some("picture"),
        size: (stride * size.height as usize) as u64,
        usage: BufferUsages::COPY_DST | BufferUsages::MAP_READ,
        mapped_at_creation: false,
    });
    let mut encoder = device.create_command_encoder(&CommandEncoderDescriptor::default());
    encoder.copy_texture_to_buffer(
        texture.as_image_copy(),
        TexelCopyBufferInfo {
            buffer: &buffer,
            layout: TexelCopyBufferLayout {
                offset: 0,
                bytes_per_row: Some(stride as u32),
                rows_per_image: None,
            },
        },
        Extent3d {
            width: size.width,
            height: size.height,
            depth_or_array_layers: 1,
        },
    );
    queue.submit([encoder.finish()]);
    let slice = buffer.slice(..);
    let (sender, receiver) = std::sync::mpsc::channel();
    slice.map_async(MapMode::Read, move |result| {
        // The receiver lives until the end of this function.
        drop(sender.send(result));
    });
    device
        .poll(PollType::wait_indefinitely())
        .map_err(|error| CaptureError::Device(error.to_string()))?;
    receiver
        .recv()
        .map_err(|error| CaptureError::Device(error.to_string()))?
        .map_err(|error| CaptureError::Device(error.to_string()))?;
    Ok(take(Rows {
        texels: &slice.get_mapped_range(),
        stride,
        width: size.width as usize,
        height: size.height as usize,
    }))
}

/// As it was drawn.
fn whole(rows: Rows) -> image::RgbaImage {
    let mut out = image::RgbaImage::new(rows.width as u32, rows.height as u32);
    let row = rows.width.max(1) * 4;
    out.par_chunks_mut(row)
        .zip(rows.texels.par_chunks(rows.stride.max(1)))
        .for_each(|(out, texels)| {
            for (out, texel) in out.chunks_exact_mut(4).zip(texels.chunks_exact(4)) {
                // The clear colour's alpha is not meant to be seen through.
                out.copy_from_slice(&[texel[0], texel[1], texel[2], 255]);
            }
        });
    out
}

/// Half the width and height: each pixel is the mean of four, taken in linear light.
fn halved(rows: Rows) -> image::RgbaImage {
    let (width, height) = (rows.width / 2, rows.height / 2);
    let mut out = image::RgbaImage::new(width as u32, height as u32);
    let (from, to) = (&*LINEAR_FROM_SRGB, &**SRGB_FROM_LINEAR);
    out.par_chunks_mut(width.max(1) * 4)
        .zip(rows.texels.par_chunks(2 * rows.stride.max(1)))
        .for_each(|(out, two)| {
            let (top, bottom) = two.split_at(rows.stride.min(two.len()));
            let fours = top.chunks_exact(8).zip(bottom.chunks_exact(8));
            for (out, (top, bottom)) in out.chunks_exact_mut(4).zip(fours) {
                for channel in 0..3 {
                    let linear = |texels: &[u8]| {
                        let [left, right] = [texels[channel], texels[channel + 4]];
                        u32::from(from[usize::from(left)]) + u32::from(from[usize::from(right)])
                    };
                    let sum = linear(top) + linear(bottom);
                    out[channel] = to[((sum as usize + 8) >> 4).min(to.len() - 1)];
                }
                out[3] = 255;
            }
        });
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows with bytes between them, as a device aligns them.
    fn padded(picture: &image::RgbaImage, stride: usize) -> Vec<u8> {
        let row = picture.width() as usize * 4;
        let mut texels = vec![99; stride * picture.height() as usize];
        for (padded, row) in texels.chunks_mut(stride).zip(picture.chunks(row)) {
            padded[..row.len()].copy_from_slice(row);
        }
        texels
    }

    fn taken(picture: &image::RgbaImage, take: fn(Rows) -> image::RgbaImage) -> image::RgbaImage {
        let stride = 256;
        take(Rows {
            texels: &padded(picture, stride),
            stride,
            width: picture.width() as usize,
            height: picture.height() as usize,
        })
    }

    #[test]
    fn halving_keeps_even_color_and_averages_light() {
        let checker = image::RgbaImage::from_fn(8, 4, |x, y| {
            let value = if (x + y) % 2 == 0 { 255 } else { 0 };
            image::Rgba([value, 77, 0, 255])
        });
        let half = taken(&checker, halved);
        assert_eq!(half.dimensions(), (4, 2), "half as wide and high");
        for pixel in half.pixels() {
            assert_eq!(
                pixel.0,
                [188, 77, 0, 255],
                "half the light of white is sRGB 188; an even color stays"
            );
        }
    }

    #[test]
    fn halving_keeps_every_grey() {
        let greys = image::RgbaImage::from_fn(60, 10, |x, y| {
            let value = (x / 2 + y / 2 * 30) as u8;
            image::Rgba([value, value, value, 255])
        });
        let half = taken(&greys, halved);
        for (x, y, pixel) in half.enumerate_pixels() {
            assert_eq!(u32::from(pixel.0[0]), x + y * 30, "the grey at {x}, {y}");
        }
    }

    #[test]
    fn rows_are_found_whatever_lies_between_them() {
        let picture = image::RgbaImage::from_fn(5, 3, |x, y| {
            image::Rgba([x as u8, y as u8, 7, 10 * x as u8])
        });
        let read = taken(&picture, whole);
        assert_eq!(read.dimensions(), (5, 3), "its size is kept");
        for (x, y, pixel) in read.enumerate_pixels() {
            assert_eq!(pixel.0, [x as u8, y as u8, 7, 255], "the pixel at {x}, {y}");
        }
    }
}
