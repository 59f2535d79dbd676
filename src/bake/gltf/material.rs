//! Materials, and which images they need for what.

use std::collections::BTreeMap;

use bevy::math::ops;

use super::context::Context;
use super::document::{Material as JsonMaterial, TextureInfo};
use crate::bake::error::Fault;
use crate::bake::model::{Alpha, ImageUse, Material, TextureRef, Wrap};
use crate::bake::options::{Replaced, name_matches};

/// An image of the file in one use.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ImageRequest {
    /// Index into the document's images, best first: the compressed form, then the fallback.
    pub(crate) sources: Vec<usize>,
    pub(crate) usage: ImageUse,
    /// How alpha is used by the materials that show it.
    pub(crate) alpha: Alpha,
    pub(crate) pointer: String,
    /// Some material shows it; false where other images take its place everywhere.
    pub(crate) is_wanted: bool,
    /// Nothing but its red is looked at: it is occlusion and nothing else.
    pub(crate) is_red_only: bool,
}

/// Collects the images that materials ask for, each once a use.
#[derive(Debug, Default)]
pub(crate) struct Images {
    pub(crate) requests: Vec<ImageRequest>,
    index: BTreeMap<(Vec<usize>, u8), usize>,
}

impl Images {
    fn request(&mut self, request: ImageRequest) -> usize {
        let key = (request.sources.clone(), request.usage as u8);
        let index = *self.index.entry(key).or_insert_with(|| {
            self.requests.push(request.clone());
            self.requests.len() - 1
        });
        let known = &mut self.requests[index];
        if known.alpha == Alpha::Opaque {
            known.alpha = request.alpha;
        }
        known.is_wanted |= request.is_wanted;
        index
    }
}

/// Reads all materials; those that nothing shows are left without textures.
pub(crate) fn read(ctx: &Context, is_used: &[bool]) -> Result<(Vec<Material>, Images), Fault> {
    let mut images = Images::default();
    let materials = ctx
        .document()
        .materials
        .iter()
        .enumerate()
        .map(|(i, json)| {
            let pointer = format!("/materials/{i}");
            let mut material = factors(json);
            if is_used[i] {
                textures(ctx, json, &mut material, &mut images, &pointer)?;
                warn_unseen(ctx, json, &pointer);
            }
            Ok(material)
        })
        .collect::<Result<Vec<Material>, Fault>>()?;
    for material in &materials {
        let roughness = material.metallic_roughness_texture.as_ref();
        if let Some(request) = roughness.and_then(|own| images.requests.get_mut(own.image)) {
            request.is_red_only = false;
        }
    }
    Ok((materials, images))
}

fn unit(value: Option<f32>, default: f32) -> f32 {
    value.unwrap_or(default).clamp(0.0, 1.0)
}

fn factors(json: &JsonMaterial) -> Material {
    let none = Default::default();
    let pbr = json.pbr_metallic_roughness.as_ref().unwrap_or(&none);
    let none = Default::default();
    let extensions = json.extensions.as_deref().unwrap_or(&none);
    let gloss = extensions.specular_glossiness.as_ref();
    let emissive_strength = extensions
        .emissive_strength
        .as_ref()
        .and_then(|e| e.emissive_strength)
        .unwrap_or(1.0)
        .clamp(0.0, 1e6);
    let clearcoat = extensions.clearcoat.as_ref().map(|c| {
        (
            unit(c.clearcoat_factor, 0.0),
            unit(c.clearcoat_roughness_factor, 0.0),
        )
    });
    let transmission = extensions
        .transmission
        .as_ref()
        .map_or(0.0, |t| unit(t.transmission_factor, 0.0));
    Material {
        name: json.name.clone(),
        base_color: gloss
            .map_or(pbr.base_color_factor, |g| g.diffuse_factor)
            .unwrap_or([1.0; 4])
            .map(|v| v.clamp(0.0, 1.0)),
        base_color_texture: None,
        metallic: if gloss.is_some() {
            0.0
        } else {
            unit(pbr.metallic_factor, 1.0)
        },
        roughness: match gloss {
            Some(g) => 1.0 - unit(g.glossiness_factor, 1.0),
            None => unit(pbr.roughness_factor, 1.0),
        },
        metallic_roughness_texture: None,
        normal_texture: None,
        normal_scale: 1.0,
        occlusion_texture: None,
        occlusion_strength: 1.0,
        emissive: json
            .emissive_factor
            .unwrap_or_default()
            .map(|v| v.clamp(0.0, 1.0) * emissive_strength),
        emissive_texture: None,
        alpha: match json.alpha_mode.as_deref() {
            Some("MASK") => Alpha::Mask(json.alpha_cutoff.unwrap_or(0.5).clamp(0.0, 1.0)),
            Some("BLEND") => Alpha::Blend,
            _ => Alpha::Opaque,
        },
        is_double_sided: json.double_sided,
        is_unlit: extensions.unlit.is_some(),
        needs_full_pbr: clearcoat.is_some_and(|(factor, _)| factor > 0.0)
            || transmission > 0.0
            || extensions.specular.is_some()
            || extensions.volume.is_some()
            || extensions.sheen.is_some()
            || extensions.anisotropy.is_some()
            || extensions.iridescence.is_some(),
        clearcoat,
        transmission,
        ior: extensions
            .ior
            .as_ref()
            .and_then(|i| i.ior)
            // 0 is the specification's word for "reflect everything".
            .filter(|&ior| (1.0..=10.0).contains(&ior) || ior == 0.0)
            .unwrap_or(1.5),
    }
}

fn textures(
    ctx: &Context,
    json: &JsonMaterial,
    material: &mut Material,
    images: &mut Images,
    pointer: &str,
) -> Result<(), Fault> {
    let replaced = replaced(ctx, material);
    let mut get = |info: Option<&TextureInfo>, usage, alpha, at: &str, is_wanted| match info {
        Some(info) => {
            let pointer = format!("{pointer}{at}");
            texture(ctx, info, usage, alpha, is_wanted, images, &pointer)
        }
        None => Ok(None),
    };
    let pbr = json.pbr_metallic_roughness.as_ref();
    let gloss = json
        .extensions
        .as_deref()
        .and_then(|e| e.specular_glossiness.as_ref());
    material.base_color_texture = match gloss {
        Some(gloss) => get(
            gloss.diffuse_texture.as_ref(),
            ImageUse::Color,
            material.alpha,
            "/extensions/KHR_materials_pbrSpecularGlossiness/diffuseTexture",
            !replaced.base_color,
        )?,
        None => get(
            pbr.and_then(|p| p.base_color_texture.as_ref()),
            ImageUse::Color,
            material.alpha,
            "/pbrMetallicRoughness/baseColorTexture",
            !replaced.base_color,
        )?,
    };
    let roughness = pbr.and_then(|p| p.metallic_roughness_texture.as_ref());
    material.metallic_roughness_texture = get(
        roughness,
        ImageUse::Data,
        Alpha::Opaque,
        "/pbrMetallicRoughness/metallicRoughnessTexture",
        !replaced.orm,
    )?;
    let normal = json.normal_texture.as_ref();
    material.normal_texture = get(
        normal,
        ImageUse::Normal,
        Alpha::Opaque,
        "/normalTexture",
        !replaced.normal,
    )?;
    material.normal_scale = normal.and_then(|n| n.scale).unwrap_or(1.0);
    let occlusion = json.occlusion_texture.as_ref();
    let is_one = match (occlusion, roughness) {
        (Some(occlusion), Some(roughness)) => occlusion.index == roughness.index,
        _ => false,
    };
    material.occlusion_texture = get(
        occlusion,
        ImageUse::Data,
        Alpha::Opaque,
        "/occlusionTexture",
        !(replaced.orm && is_one),
    )?;
    material.occlusion_strength = unit(occlusion.and_then(|o| o.strength), 1.0);
    material.emissive_texture = get(
        json.emissive_texture.as_ref(),
        ImageUse::Color,
        Alpha::Opaque,
        "/emissiveTexture",
        true,
    )?;
    Ok(())
}

/// Which images of a material others take the place of. One that needs full PBR keeps its own.
fn replaced(ctx: &Context, material: &Material) -> Replaced {
    let name = material.name.as_deref().unwrap_or_default();
    let of_this = ctx.options.replaced.iter().filter(|own| {
        !material.needs_full_pbr && !name.is_empty() && name_matches(&own.material, name)
    });
    let nothing = Replaced {
        material: String::new(),
        base_color: false,
        normal: false,
        orm: false,
    };
    of_this.fold(nothing, |all, own| Replaced {
        base_color: all.base_color || own.base_color,
        normal: all.normal || own.normal,
        orm: all.orm || own.orm,
        ..all
    })
}

/// `None` when the texture has no image that we can read: a warning says so.
fn texture(
    ctx: &Context,
    info: &TextureInfo,
    usage: ImageUse,
    alpha: Alpha,
    is_wanted: bool,
    images: &mut Images,
    pointer: &str,
) -> Result<Option<TextureRef>, Fault> {
    let document = ctx.document();
    let texture = document
        .textures
        .get(info.index)
        .ok_or_else(|| Fault::no_such(pointer, "texture", info.index))?;
    let here = format!("/textures/{}", info.index);
    let extensions = texture.extensions.as_deref();
    let sources: Vec<usize> = [
        extensions
            .and_then(|e| e.basisu.as_ref())
            .and_then(|t| t.source),
        extensions
            .and_then(|e| e.webp.as_ref())
            .and_then(|t| t.source),
        texture.source,
    ]
    .into_iter()
    .flatten()
    .collect();
    if let Some(&missing) = sources.iter().find(|&&i| i >= document.images.len()) {
        return Err(Fault::no_such(here, "image", missing));
    }
    if sources.is_empty() {
        ctx.warn(
            &here,
            "texture-without-image",
            "a texture has no image in a format that we can read",
            "export the model with PNG, JPEG, WebP or KTX2 textures",
        );
        return Ok(None);
    }
    let sampler = match texture.sampler {
        Some(index) => document
            .samplers
            .get(index)
            .ok_or_else(|| Fault::no_such(here, "sampler", index))?,
        None => &Default::default(),
    };
    let transform = info
        .extensions
        .as_deref()
        .and_then(|e| e.transform.as_ref());
    let set = transform
        .and_then(|t| t.tex_coord)
        .unwrap_or(info.tex_coord);
    if set > 1 {
        ctx.warn(
            pointer,
            "too-many-uv-sets",
            format!("a texture uses the UV set {set}; only 0 and 1 are read, and 0 is shown"),
            "move the texture to the first UV set in the modelling program",
        );
    }
    Ok(Some(TextureRef {
        image: images.request(ImageRequest {
            pointer: format!("/images/{}", sources[0]),
            sources,
            usage,
            alpha,
            is_wanted,
            is_red_only: usage == ImageUse::Data,
        }),
        uv_set: if set == 1 { 1 } else { 0 },
        wrap: [wrap(sampler.wrap_s), wrap(sampler.wrap_t)],
        is_nearest: sampler.mag_filter == Some(9728),
        uv_transform: transform.map_or([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]], |t| {
            uv_matrix(
                t.offset.unwrap_or_default(),
                t.rotation.unwrap_or_default(),
                t.scale.unwrap_or([1.0; 2]),
            )
        }),
    }))
}

fn wrap(code: Option<u32>) -> Wrap {
    match code {
        Some(33071) => Wrap::Clamp,
        Some(33648) => Wrap::Mirror,
        _ => Wrap::Repeat,
    }
}

/// `KHR_texture_transform`: translation times rotation times scale, as its text has them.
fn uv_matrix(offset: [f32; 2], rotation: f32, scale: [f32; 2]) -> [[f32; 3]; 2] {
    let (sin, cos) = ops::sin_cos(rotation);
    [
        [cos * scale[0], sin * scale[1], offset[0]],
        [-sin * scale[0], cos * scale[1], offset[1]],
    ]
}

/// Says which parts of a used material are not drawn.
fn warn_unseen(ctx: &Context, json: &JsonMaterial, pointer: &str) {
    let Some(extensions) = json.extensions.as_deref() else {
        return;
    };
    for (is_there, name) in [
        (extensions.volume.is_some(), "KHR_materials_volume"),
        (extensions.sheen.is_some(), "KHR_materials_sheen"),
        (extensions.anisotropy.is_some(), "KHR_materials_anisotropy"),
        (
            extensions.iridescence.is_some(),
            "KHR_materials_iridescence",
        ),
        (
            extensions.specular_glossiness.is_some(),
            "KHR_materials_pbrSpecularGlossiness",
        ),
    ] {
        if is_there {
            ctx.warn(
                pointer,
                "material-simplified",
                format!("{name} is only drawn in part"),
                "",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_texture_transform_turns_as_its_specification_says() {
        // The example of the specification: rotation by a quarter about the corner.
        let m = uv_matrix([0.0, 1.0], std::f32::consts::FRAC_PI_2, [0.5, 0.5]);
        let at = |u: f32, v: f32| {
            [
                m[0][0] * u + m[0][1] * v + m[0][2],
                m[1][0] * u + m[1][1] * v + m[1][2],
            ]
        };
        let [u, v] = at(1.0, 0.0);
        assert!(
            u.abs() < 1e-6 && (v - 0.5).abs() < 1e-6,
            "(1, 0) goes to (0, 0.5), not ({u}, {v})"
        );
        let [u, v] = at(0.0, 1.0);
        assert!(
            (u - 0.5).abs() < 1e-6 && (v - 1.0).abs() < 1e-6,
            "(0, 1) goes to (0.5, 1), not ({u}, {v})"
        );
    }
}
