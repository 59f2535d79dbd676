//! Pictures without a window: a render target in memory and its texels read back in the
//! same frame, where Bevy's `Screenshot` needs two more.

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
/// what it draws to.
///
/// # Errors
/// When nothing was drawn, or the device is lost.
pub fn read(
    app: &App,
    eye: Entity,
    target: &Handle<Image>,
) -> Result<image::RgbaImage, CaptureError> {
    let world = app
        .get_sub_app(RenderApp)
        .ok_or(CaptureError::NotDrawn)?
        .world();
    let drawn = app
        .world()
        .get::<RenderEntity>(eye)
        .and_then(|view| world.get::<ViewTarget>(view.id()))
        .filter(|drawn| is_whole(drawn));
    if let Some(drawn) = drawn {
        let texture = drawn.main_texture();
        return read_texture(
            world.resource::<RenderDevice>(),
            world.resource::<RenderQueue>(),
            texture,
            texture.size(),
        );
    }
    let texture = world
        .get_resource::<RenderAssets<GpuImage>>()
        .and_then(|images| images.get(target.id()))
        .ok_or(CaptureError::NotDrawn)?;
    let device = world.resource::<RenderDevice>();
    let queue = world.resource::<RenderQueue>();
    read_texture(
        device,
        queue,
        &texture.texture,
        texture.texture_descriptor.size,
    )
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
    let row = size.width as usize * 4;
    let padded = RenderDevice::align_copy_bytes_per_row(row);
    let buffer = device.create_buffer(&BufferDescriptor {
        label: Some("picture"),
        size: (padded * size.height as usize) as u64,
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
                bytes_per_row: Some(padded as u32),
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
    let mapped = slice.get_mapped_range();
    let mut texels = Vec::with_capacity(row * size.height as usize);
    for line in mapped.chunks_exact(padded) {
        texels.extend_from_slice(&line[..row]);
    }
    // The clear colour's alpha is not meant to be seen through.
    for texel in texels.chunks_exact_mut(4) {
        texel[3] = 255;
    }
    image::RgbaImage::from_raw(size.width, size.height, texels).ok_or(CaptureError::NotDrawn)
}

/// A picture of half the width and height: each pixel is the mean of four, taken in linear
/// light.
pub fn halve(picture: &image::RgbaImage) -> image::RgbaImage {
    let to_linear: Vec<f32> = (0..=255_u8)
        .map(|value| Srgba::gamma_function(f32::from(value) / 255.0))
        .collect();
    image::RgbaImage::from_fn(picture.width() / 2, picture.height() / 2, |x, y| {
        let mut sum = [0.0_f32; 3];
        for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            let texel = picture.get_pixel(2 * x + dx, 2 * y + dy).0;
            for (sum, value) in sum.iter_mut().zip(texel) {
                *sum += to_linear[usize::from(value)];
            }
        }
        let [r, g, b] =
            sum.map(|sum| (Srgba::gamma_function_inverse(sum * 0.25) * 255.0).round() as u8);
        image::Rgba([r, g, b, 255])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halving_keeps_even_color_and_averages_light() {
        let checker = image::RgbaImage::from_fn(8, 4, |x, y| {
            let value = if (x + y) % 2 == 0 { 255 } else { 0 };
            image::Rgba([value, 77, 0, 255])
        });
        let half = halve(&checker);
        assert_eq!(half.dimensions(), (4, 2), "half as wide and high");
        for pixel in half.pixels() {
            assert_eq!(
                pixel.0,
                [188, 77, 0, 255],
                "half the light of white is sRGB 188; an even color stays"
            );
        }
    }
}
