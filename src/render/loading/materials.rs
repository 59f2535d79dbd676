//! From the materials of a file to ours and Bevy's.

use crate::{
    bake::model,
    exhibit::stage::{Shading, Stage},
    render::{
        scan::{ScanLight, ScanMaterial, ScanUv, UvMap},
        still::Stands,
        upload,
    },
};
use bevy::prelude::*;

/// The light of a stage as the scan shader takes it.
pub fn scan_light(stage: &Stage) -> ScanLight {
    let rgb = |c: [f32; 3]| LinearRgba::rgb(c[0], c[1], c[2]);
    let bake = stage.bake.unwrap_or_default();
    ScanLight {
        daylight_lux: rgb(bake.daylight),
        daylight_from: bake.daylight_from,
        lamps_a_lux: (rgb(bake.lamps_a.0), bake.lamps_a.1),
        lamps_b_lux: (rgb(bake.lamps_b.0), bake.lamps_b.1),
        ambient_lux: rgb(stage.air.ambient),
    }
}

/// What the draws that wear a material have in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct Worn {
    /// Some carry baked light.
    pub is_baked: bool,
    /// All are made of small triangles.
    pub is_dense: bool,
    /// Its occlusion is in its normal map.
    pub is_joined: bool,
}

impl Worn {
    /// Of each material, and last of what wears none.
    pub(super) fn all(prepared: &upload::Prepared) -> Vec<Self> {
        let own = prepared.joined.iter().chain([&false]);
        let own = own.map(|is_joined| Self {
            is_baked: false,
            is_dense: true,
            is_joined: *is_joined,
        });
        let mut all: Vec<Self> = own.collect();
        let none = prepared.joined.len();
        for draw in &prepared.draws {
            if let Some(worn) = all.get_mut(draw.material.unwrap_or(none)) {
                worn.is_baked |= draw.is_baked;
                worn.is_dense &= draw.is_dense;
            }
        }
        all
    }
}

pub(super) fn scan(
    material: &model::Material,
    handles: &[Option<Handle<Image>>],
    replaced: &[bool],
    stage: &Stage,
    shading: Shading,
    worn: Worn,
    stands: Stands,
) -> ScanMaterial {
    let image = |texture: &Option<model::TextureRef>| {
        texture
            .as_ref()
            .and_then(|texture| handles.get(texture.image).cloned().flatten())
    };
    let same_image = match (
        &material.occlusion_texture,
        &material.metallic_roughness_texture,
    ) {
        (Some(a), Some(b)) => a.image == b.image && uv_map(a) == uv_map(b),
        _ => false,
    };
    let c = material.base_color;
    // Where an image should be and is not: a calm grey.
    let is_missing = material.base_color_texture.as_ref().is_some_and(|own| {
        let is_replaced = replaced.get(own.image).copied().unwrap_or_default();
        handles.get(own.image).is_none_or(Option::is_none) && !is_replaced
    });
    let share = if is_missing { 0.35 } else { 1.0 };
    ScanMaterial {
        base_color: LinearRgba::new(c[0] * share, c[1] * share, c[2] * share, c[3]),
        base_color_texture: image(&material.base_color_texture),
        normal_texture: image(&material.normal_texture),
        orm_texture: image(&material.metallic_roughness_texture),
        occlusion_texture: if same_image {
            None
        } else {
            image(&material.occlusion_texture)
        },
        has_occlusion_in_orm: same_image,
        has_occlusion_in_normal: worn.is_joined,
        emissive_texture: image(&material.emissive_texture),
        emissive: LinearRgba::rgb(
            material.emissive[0],
            material.emissive[1],
            material.emissive[2],
        ),
        roughness: material.roughness,
        metallic: material.metallic,
        occlusion_strength: material.occlusion_strength,
        normal_scale: material.normal_scale,
        uv: scan_uv(material),
        alpha_mode: alpha_mode(material.alpha),
        is_double_sided: material.is_double_sided,
        is_unlit: material.is_unlit || shading == Shading::Unlit,
        is_studio: stage.is_bare,
        is_dense: worn.is_dense,
        is_baked: worn.is_baked && stage.bake.is_some(),
        light: scan_light(stage),
        stands,
        ..default()
    }
}

fn uv_map(texture: &model::TextureRef) -> UvMap {
    UvMap {
        is_second_set: texture.uv_set == 1,
        transform: texture.uv_transform,
    }
}

/// How the images of a material lie. One that is not there lies as the others do, so that
/// nothing is computed for it.
fn scan_uv(material: &model::Material) -> ScanUv {
    let textures = [
        &material.base_color_texture,
        &material.normal_texture,
        &material.metallic_roughness_texture,
        &material.occlusion_texture,
        &material.emissive_texture,
    ];
    let common = textures.into_iter().flatten().next();
    let common = common.map(uv_map).unwrap_or_default();
    let [base, normal, orm, occlusion, emissive] =
        textures.map(|texture| texture.as_ref().map_or(common, uv_map));
    ScanUv {
        base,
        normal,
        orm,
        occlusion,
        emissive,
    }
}

fn alpha_mode(alpha: model::Alpha) -> AlphaMode {
    match alpha {
        model::Alpha::Opaque => AlphaMode::Opaque,
        model::Alpha::Mask(cutoff) => AlphaMode::Mask(cutoff),
        model::Alpha::Blend => AlphaMode::Blend,
    }
}

pub(super) fn standard(
    material: &model::Material,
    handles: &[Option<Handle<Image>>],
) -> StandardMaterial {
    let image = |texture: &Option<model::TextureRef>| {
        texture
            .as_ref()
            .and_then(|texture| handles.get(texture.image).cloned().flatten())
    };
    let channel = |texture: &Option<model::TextureRef>| match texture {
        Some(texture) if texture.uv_set == 1 => bevy::mesh::UvChannel::Uv1,
        _ => bevy::mesh::UvChannel::Uv0,
    };
    let c = material.base_color;
    let (clearcoat, clearcoat_perceptual_roughness) = material.clearcoat.unwrap_or((0.0, 0.5));
    StandardMaterial {
        base_color: Color::LinearRgba(LinearRgba::new(c[0], c[1], c[2], c[3])),
        base_color_texture: image(&material.base_color_texture),
        base_color_channel: channel(&material.base_color_texture),
        metallic: material.metallic,
        perceptual_roughness: material.roughness,
        metallic_roughness_texture: image(&material.metallic_roughness_texture),
        metallic_roughness_channel: channel(&material.metallic_roughness_texture),
        normal_map_texture: image(&material.normal_texture),
        normal_map_channel: channel(&material.normal_texture),
        occlusion_texture: image(&material.occlusion_texture),
        occlusion_channel: channel(&material.occlusion_texture),
        emissive: LinearRgba::rgb(
            material.emissive[0],
            material.emissive[1],
            material.emissive[2],
        ),
        emissive_texture: image(&material.emissive_texture),
        emissive_channel: channel(&material.emissive_texture),
        alpha_mode: alpha_mode(material.alpha),
        double_sided: material.is_double_sided,
        cull_mode: if material.is_double_sided {
            None
        } else {
            Some(bevy::render::render_resource::Face::Back)
        },
        unlit: material.is_unlit,
        clearcoat,
        clearcoat_perceptual_roughness,
        specular_transmission: material.transmission,
        ior: material.ior,
        uv_transform: material
            .base_color_texture
            .as_ref()
            .map_or(bevy::math::Affine2::IDENTITY, |t| {
                upload::affine(t.uv_transform)
            }),
        ..default()
    }
}
