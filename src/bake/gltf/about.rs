//! What the file says of itself, and whether we understand what it requires.

use super::context::Context;
use super::document::Document;
use crate::bake::error::{Cause, Fault};
use crate::bake::model::{About, Light, LightKind};

/// Extensions that are honoured.
pub(crate) const HONOURED: &[&str] = &[
    "EXT_meshopt_compression",
    "EXT_texture_webp",
    "KHR_draco_mesh_compression",
    "KHR_lights_punctual",
    "KHR_materials_clearcoat",
    "KHR_materials_emissive_strength",
    "KHR_materials_ior",
    "KHR_materials_transmission",
    "KHR_materials_unlit",
    "KHR_mesh_quantization",
    "KHR_meshopt_compression",
    "KHR_node_visibility",
    "KHR_texture_basisu",
    "KHR_texture_transform",
    "KHR_xmp_json_ld",
];

/// Extensions without which the model still looks nearly as meant, so that requiring them
/// is no reason to refuse the file.
const HARMLESS: &[&str] = &[
    "KHR_materials_specular",
    "KHR_materials_volume",
    "KHR_materials_sheen",
    "KHR_materials_anisotropy",
    "KHR_materials_iridescence",
    "KHR_materials_dispersion",
    "KHR_materials_pbrSpecularGlossiness",
    "KHR_materials_variants",
    "KHR_animation_pointer",
    "KHR_node_selectability",
    "KHR_node_hoverability",
];

/// Refuses a file that requires what we cannot read; warns of the rest.
pub(crate) fn check_extensions(ctx: &Context) -> Result<(), Fault> {
    let document = ctx.document();
    for (i, name) in document.extensions_required.iter().enumerate() {
        let name = name.as_str();
        if !HONOURED.contains(&name) && !HARMLESS.contains(&name) {
            return Err(Fault::new(
                format!("/extensionsRequired/{i}"),
                Cause::UnsupportedExtension(name.chars().take(80).collect()),
            ));
        }
    }
    for (i, name) in document.extensions_used.iter().enumerate() {
        if !HONOURED.contains(&name.as_str()) {
            let name: String = name.chars().take(80).collect();
            ctx.warn(
                &format!("/extensionsUsed/{i}"),
                "extension-ignored",
                format!("the extension {name} is not honoured"),
                "",
            );
        }
    }
    Ok(())
}

/// Collects [`About`].
pub(crate) fn read(document: &Document) -> About {
    let asset = &document.asset;
    let packet = asset
        .extensions
        .as_ref()
        .and_then(|e| e.xmp.as_ref())
        .and_then(|r| {
            let xmp = document.extensions.as_ref()?.xmp.as_ref()?;
            xmp.packets.get(r.packet)
        });
    let find = |extras: &[&str], xmp: &[&str]| {
        asset
            .extras
            .first(extras)
            .or_else(|| packet.and_then(|p| p.first(xmp)))
    };
    About {
        generator: asset.generator.clone(),
        copyright: asset
            .copyright
            .clone()
            .or_else(|| find(&["copyright"], &["dc:rights"])),
        author: find(&["author", "creator", "artist"], &["dc:creator"]),
        licence: find(
            &["license", "licence"],
            &[
                "xmpRights:UsageTerms",
                "xmpRights:WebStatement",
                "dc:rights",
            ],
        ),
        title: find(&["title", "name"], &["dc:title"]),
        version: asset.version.clone(),
        extensions_used: document.extensions_used.clone(),
        extensions_required: document.extensions_required.clone(),
        animations: document.animations.len(),
        skins: document.skins.len(),
        cameras: document.cameras.len(),
    }
}

/// Reads the lights of `KHR_lights_punctual`.
pub(crate) fn lights(ctx: &Context) -> Vec<Light> {
    let document = ctx.document();
    let Some(lights) = document.extensions.as_ref().and_then(|e| e.lights.as_ref()) else {
        return Vec::new();
    };
    lights
        .lights
        .iter()
        .enumerate()
        .map(|(i, json)| {
            let kind = match json.kind.as_str() {
                "directional" => LightKind::Directional,
                "spot" => {
                    let spot = json.spot.as_ref();
                    let outer_rad = spot
                        .and_then(|s| s.outer_cone_angle)
                        .unwrap_or(std::f32::consts::FRAC_PI_4)
                        .clamp(0.001, std::f32::consts::FRAC_PI_2);
                    LightKind::Spot {
                        inner_rad: spot
                            .and_then(|s| s.inner_cone_angle)
                            .unwrap_or(0.0)
                            .clamp(0.0, outer_rad),
                        outer_rad,
                    }
                }
                "point" => LightKind::Point,
                other => {
                    let other: String = other.chars().take(40).collect();
                    ctx.warn(
                        &format!("/extensions/KHR_lights_punctual/lights/{i}"),
                        "unknown-light",
                        format!("the light type \"{other}\" is shown as a point light"),
                        "",
                    );
                    LightKind::Point
                }
            };
            Light {
                name: json.name.clone(),
                kind,
                color: json.color.unwrap_or([1.0; 3]).map(|v| v.clamp(0.0, 1.0)),
                intensity: json.intensity.unwrap_or(1.0).clamp(0.0, 1e9),
                range_m: json
                    .range
                    .map(|r| (r * ctx.options.unit_scale) as f32)
                    .filter(|r| *r > 0.0),
            }
        })
        .collect()
}
