//! Decoded images and how they are sampled, as Bevy takes them.

use crate::bake::model::{self, TexelFormat, Wrap};
use bevy::{
    asset::RenderAssetUsages,
    image::{ImageAddressMode, ImageFilterMode, ImageSampler, ImageSamplerDescriptor},
    prelude::*,
    render::render_resource::{
        Extent3d, TextureDescriptor, TextureDimension, TextureFormat, TextureUsages,
    },
};

/// The sampler of each image: that of its first use.
pub(super) fn samplers(
    materials: &[model::Material],
    count: usize,
    anisotropy: u16,
) -> Vec<ImageSamplerDescriptor> {
    let mut samplers = vec![None; count];
    for material in materials {
        for texture in material.textures() {
            if let Some(slot) = samplers.get_mut(texture.image)
                && slot.is_none()
            {
                *slot = Some(sampler(texture.wrap, texture.is_nearest, anisotropy));
            }
        }
    }
    samplers
        .into_iter()
        .map(|slot| slot.unwrap_or_else(|| sampler([Wrap::Repeat; 2], false, anisotropy)))
        .collect()
}

/// Trilinear, with anisotropy where the machine affords it: murals are seen at grazing
/// angles.
pub(in crate::render) fn sampler(
    wrap: [Wrap; 2],
    is_nearest: bool,
    anisotropy: u16,
) -> ImageSamplerDescriptor {
    let mode = |wrap| match wrap {
        Wrap::Repeat => ImageAddressMode::Repeat,
        Wrap::Mirror => ImageAddressMode::MirrorRepeat,
        Wrap::Clamp => ImageAddressMode::ClampToEdge,
    };
    let filter = if is_nearest {
        ImageFilterMode::Nearest
    } else {
        ImageFilterMode::Linear
    };
    ImageSamplerDescriptor {
        address_mode_u: mode(wrap[0]),
        address_mode_v: mode(wrap[1]),
        mag_filter: filter,
        min_filter: filter,
        // Without anisotropy the machine is slow: the nearest mip costs half of two.
        mipmap_filter: if anisotropy == 1 {
            ImageFilterMode::Nearest
        } else {
            filter
        },
        // WebGPU allows anisotropy only where every filter is linear.
        anisotropy_clamp: if is_nearest { 1 } else { anisotropy },
        ..default()
    }
}

/// A texture with the whole mip chain the reader made.
pub(in crate::render) fn prepare_image(
    image: model::Image,
    sampler: ImageSamplerDescriptor,
) -> Image {
    let is_color = image.usage == model::ImageUse::Color;
    let format = match (image.format, is_color) {
        (TexelFormat::Rgba8, true) => TextureFormat::Rgba8UnormSrgb,
        (TexelFormat::Rgba8, false) => TextureFormat::Rgba8Unorm,
        (TexelFormat::Rg8, _) => TextureFormat::Rg8Unorm,
        (TexelFormat::R8, _) => TextureFormat::R8Unorm,
        (TexelFormat::Bc1, true) => TextureFormat::Bc1RgbaUnormSrgb,
        (TexelFormat::Bc1, false) => TextureFormat::Bc1RgbaUnorm,
        (TexelFormat::Bc5, _) => TextureFormat::Bc5RgUnorm,
        (TexelFormat::Bc7, true) => TextureFormat::Bc7RgbaUnormSrgb,
        (TexelFormat::Bc7, false) => TextureFormat::Bc7RgbaUnorm,
    };
    Image {
        data: Some(image.data),
        texture_descriptor: TextureDescriptor {
            label: None,
            size: Extent3d {
                width: image.width,
                height: image.height,
                depth_or_array_layers: 1,
            },
            mip_level_count: image.mip_count,
            sample_count: 1,
            dimension: TextureDimension::D2,
            format,
            usage: TextureUsages::TEXTURE_BINDING | TextureUsages::COPY_DST,
            view_formats: &[],
        },
        sampler: ImageSampler::Descriptor(sampler),
        asset_usage: RenderAssetUsages::RENDER_WORLD,
        ..default()
    }
}
