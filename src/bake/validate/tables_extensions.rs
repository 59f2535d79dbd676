//! What the objects of the known extensions may hold, after their JSON schemas.

use super::schema::Rule::*;
use super::schema::Shape;
use super::tables::{
    NORMAL_TEXTURE, TEXTURE_INFO as INFO, any, may, must, not_negative, plain, positive, unit,
};

type Extensions = &'static [(&'static str, &'static Shape)];

fn is_json_pointer(text: &str) -> bool {
    (text.is_empty() || text.starts_with('/'))
        && text
            .match_indices('~')
            .all(|(at, _)| matches!(text.as_bytes().get(at + 1), Some(b'0' | b'1')))
}

/// Index of refraction: 0 switches Fresnel off.
fn is_ior(number: f64) -> bool {
    number == 0.0 || number >= 1.0
}

fn is_inner_cone(number: f64) -> bool {
    (0.0..std::f64::consts::FRAC_PI_2).contains(&number)
}

fn is_outer_cone(number: f64) -> bool {
    number > 0.0 && number <= std::f64::consts::FRAC_PI_2 + 1e-7
}

pub(super) static EMPTY: Shape = plain(&[]);

pub(super) const TEXTURE_INFO: Extensions = &[("KHR_texture_transform", &TRANSFORM)];

static TRANSFORM: Shape = plain(&[
    may("offset", Numbers(&[2], any)),
    may("rotation", Number(any)),
    may("scale", Numbers(&[2], any)),
    may("texCoord", Uint(0, u64::MAX)),
]);

pub(super) static SOURCE: Shape = plain(&[may("source", Index("images"))]);

pub(super) static POINTER: Shape = plain(&[must(
    "pointer",
    Pattern(is_json_pointer, "the form of a JSON pointer ('/…/…')"),
)]);

pub(super) static VISIBILITY: Shape = plain(&[may("visible", Bool)]);

pub(super) static NODE_LIGHT: Shape = plain(&[must("light", Index(""))]);

pub(super) static LIGHTS: Shape = plain(&[must("lights", Objects(&LIGHT))]);

static LIGHT: Shape = plain(&[
    may("name", Text),
    may("color", Numbers(&[3], unit)),
    may("intensity", Number(not_negative)),
    may("range", Number(positive)),
    may("spot", Object(&SPOT)),
    must("type", TextOf(&["directional", "point", "spot"])),
]);

static SPOT: Shape = plain(&[
    may("innerConeAngle", Number(is_inner_cone)),
    may("outerConeAngle", Number(is_outer_cone)),
]);

pub(super) static VARIANTS: Shape = plain(&[must("variants", Objects(&VARIANT))]);

static VARIANT: Shape = plain(&[must("name", Text)]);

pub(super) static MAPPINGS: Shape = plain(&[must("mappings", Objects(&MAPPING))]);

static MAPPING: Shape = plain(&[
    must("variants", Indices("")),
    must("material", Index("materials")),
    may("name", Text),
]);

pub(super) static DRACO: Shape = plain(&[
    must("bufferView", Index("bufferViews")),
    must("attributes", Any),
]);

pub(super) static MESHOPT_BUFFER: Shape = plain(&[may("fallback", Bool)]);

pub(super) static MESHOPT_VIEW: Shape = plain(&[
    must("buffer", Index("buffers")),
    may("byteOffset", Uint(0, u64::MAX)),
    must("byteLength", Uint(1, u64::MAX)),
    must("byteStride", Uint(1, 256)),
    must("count", Uint(1, u64::MAX)),
    must("mode", TextOf(&["ATTRIBUTES", "TRIANGLES", "INDICES"])),
    may(
        "filter",
        TextOf(&["NONE", "OCTAHEDRAL", "QUATERNION", "EXPONENTIAL", "COLOR"]),
    ),
]);

pub(super) const MATERIAL: Extensions = &[
    ("KHR_materials_anisotropy", &ANISOTROPY),
    ("KHR_materials_clearcoat", &CLEARCOAT),
    ("KHR_materials_dispersion", &DISPERSION),
    ("KHR_materials_emissive_strength", &EMISSIVE_STRENGTH),
    ("KHR_materials_ior", &IOR),
    ("KHR_materials_iridescence", &IRIDESCENCE),
    ("KHR_materials_pbrSpecularGlossiness", &SPECULAR_GLOSSINESS),
    ("KHR_materials_sheen", &SHEEN),
    ("KHR_materials_specular", &SPECULAR),
    ("KHR_materials_transmission", &TRANSMISSION),
    ("KHR_materials_unlit", &EMPTY),
    ("KHR_materials_volume", &VOLUME),
];

static ANISOTROPY: Shape = plain(&[
    may("anisotropyStrength", Number(unit)),
    may("anisotropyRotation", Number(any)),
    may("anisotropyTexture", Object(&INFO)),
]);

static CLEARCOAT: Shape = plain(&[
    may("clearcoatFactor", Number(unit)),
    may("clearcoatTexture", Object(&INFO)),
    may("clearcoatRoughnessFactor", Number(unit)),
    may("clearcoatRoughnessTexture", Object(&INFO)),
    may("clearcoatNormalTexture", Object(&NORMAL_TEXTURE)),
]);

static DISPERSION: Shape = plain(&[may("dispersion", Number(not_negative))]);

static EMISSIVE_STRENGTH: Shape = plain(&[may("emissiveStrength", Number(not_negative))]);

static IOR: Shape = plain(&[may("ior", Number(is_ior))]);

static IRIDESCENCE: Shape = plain(&[
    may("iridescenceFactor", Number(unit)),
    may("iridescenceTexture", Object(&INFO)),
    may("iridescenceIor", Number(|number| number >= 1.0)),
    may("iridescenceThicknessMinimum", Number(not_negative)),
    may("iridescenceThicknessMaximum", Number(not_negative)),
    may("iridescenceThicknessTexture", Object(&INFO)),
]);

static SPECULAR_GLOSSINESS: Shape = plain(&[
    may("diffuseFactor", Numbers(&[4], unit)),
    may("diffuseTexture", Object(&INFO)),
    may("specularFactor", Numbers(&[3], unit)),
    may("glossinessFactor", Number(unit)),
    may("specularGlossinessTexture", Object(&INFO)),
]);

static SHEEN: Shape = plain(&[
    may("sheenColorFactor", Numbers(&[3], unit)),
    may("sheenColorTexture", Object(&INFO)),
    may("sheenRoughnessFactor", Number(unit)),
    may("sheenRoughnessTexture", Object(&INFO)),
]);

static SPECULAR: Shape = plain(&[
    may("specularFactor", Number(unit)),
    may("specularTexture", Object(&INFO)),
    may("specularColorFactor", Numbers(&[3], not_negative)),
    may("specularColorTexture", Object(&INFO)),
]);

static TRANSMISSION: Shape = plain(&[
    may("transmissionFactor", Number(unit)),
    may("transmissionTexture", Object(&INFO)),
]);

static VOLUME: Shape = plain(&[
    may("thicknessFactor", Number(not_negative)),
    may("thicknessTexture", Object(&INFO)),
    may("attenuationDistance", Number(positive)),
    may("attenuationColor", Numbers(&[3], unit)),
]);
