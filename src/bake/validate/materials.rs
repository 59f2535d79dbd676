//! Materials: what their parts ask of each other and of the meshes that carry them.

use super::document::Document;
use super::json::{self, Object, extension};
use super::report::Report;

/// What a material asks of a mesh.
#[derive(Default)]
pub(super) struct Needs {
    /// Pointers of textures (or of their transforms) with the UV set they are read by.
    pub(super) texcoords: Vec<(String, u64)>,
    /// It needs normals and tangents.
    pub(super) tangents: bool,
    /// It has a normal map, from whose UV tangents can be computed.
    pub(super) has_normal_map: bool,
}

/// Textures of a material that are looked at; it has some twenty slots.
const MOST_TEXTURES: usize = 64;

/// Extensions that replace the material's shading and so suffer no other beside them.
const LONERS: [&str; 2] = ["KHR_materials_pbrSpecularGlossiness", "KHR_materials_unlit"];

/// Checks all materials.
pub(super) fn check(document: &Document<'_>, report: &mut Report) -> Vec<Needs> {
    let root = document.root;
    let mut all: Vec<Needs> = Vec::new();
    all.resize_with(json::array(root, "materials").len(), Needs::default);
    for (index, material) in json::objects(root, "materials") {
        let pointer = format!("/materials/{index}");
        all[index] = needs(material, &pointer, document);
        alpha(material, &pointer, report);
        extensions(material, &pointer, document, report);
    }
    all
}

fn needs(material: &Object, pointer: &str, document: &Document<'_>) -> Needs {
    let mut needs = Needs {
        tangents: material.contains_key("normalTexture"),
        has_normal_map: json::object(material, "normalTexture").is_some(),
        texcoords: Vec::new(),
    };
    bindings(material, pointer, document, &mut needs.texcoords);
    if let Some(object) = json::object(material, "pbrMetallicRoughness") {
        let pointer = format!("{pointer}/pbrMetallicRoughness");
        bindings(object, &pointer, document, &mut needs.texcoords);
    }
    for (name, _) in super::tables_extensions::MATERIAL {
        let Some(object) = extension(material, name).filter(|_| document.uses(name)) else {
            continue;
        };
        let pointer = format!("{pointer}/extensions/{name}");
        bindings(object, &pointer, document, &mut needs.texcoords);
        needs.tangents |=
            object.contains_key("clearcoatNormalTexture") || *name == "KHR_materials_anisotropy";
    }
    needs
}

/// Notes the textures among an object's properties.
fn bindings(object: &Object, pointer: &str, document: &Document<'_>, out: &mut Vec<(String, u64)>) {
    for (name, value) in object.iter().filter(|(name, _)| name.ends_with("Texture")) {
        let Some(texture) = value.as_object() else {
            continue;
        };
        if json::index(texture, "index").is_none() || out.len() >= MOST_TEXTURES {
            continue;
        }
        let moved = extension(texture, "KHR_texture_transform")
            .filter(|_| document.uses("KHR_texture_transform"))
            .and_then(|transform| json::uint(transform, "texCoord"));
        out.push(match moved {
            Some(set) => (
                format!("{pointer}/{name}/extensions/KHR_texture_transform"),
                set,
            ),
            None => (
                format!("{pointer}/{name}"),
                json::uint(texture, "texCoord").unwrap_or(0),
            ),
        });
    }
}

fn alpha(material: &Object, pointer: &str, report: &mut Report) {
    let mode = json::text(material, "alphaMode").unwrap_or("OPAQUE");
    if material.contains_key("alphaCutoff") && mode != "MASK" {
        report.warning(
            "MATERIAL_ALPHA_CUTOFF_INVALID_MODE",
            format!("{pointer}/alphaCutoff"),
            "The cutoff has no effect: the alpha mode is not MASK.",
        );
    }
}

fn extensions(material: &Object, pointer: &str, document: &Document<'_>, report: &mut Report) {
    let Some(present) = json::object(material, "extensions") else {
        return;
    };
    for name in LONERS {
        if present.len() > 1 && present.contains_key(name) {
            report.warning(
                "MULTIPLE_EXTENSIONS",
                format!("{pointer}/extensions/{name}"),
                "This extension may contradict the others of the material.",
            );
        }
    }
    let has = |name: &str| {
        document
            .uses(name)
            .then(|| extension(material, name))
            .flatten()
    };
    let set = |host: &Object, name: &str| {
        json::object(host, name).map(|texture| json::uint(texture, "texCoord").unwrap_or(0))
    };
    let normal_set = set(material, "normalTexture");
    let mut warn = |code, name: &str, part: &str, message: &str| {
        report.warning(code, format!("{pointer}/extensions/{name}{part}"), message);
    };
    for (name, texture, code) in [
        (
            "KHR_materials_anisotropy",
            "anisotropyTexture",
            "KHR_MATERIALS_ANISOTROPY_ANISOTROPY_TEXTURE_TEXCOORD",
        ),
        (
            "KHR_materials_clearcoat",
            "clearcoatNormalTexture",
            "KHR_MATERIALS_CLEARCOAT_CLEARCOAT_NORMAL_TEXTURE_TEXCOORD",
        ),
    ] {
        let other = has(name).and_then(|object| set(object, texture));
        if other.is_some() && normal_set.is_some() && other != normal_set {
            let part = format!("/{texture}");
            warn(
                code,
                name,
                &part,
                "It should use the same UV set as the normal texture.",
            );
        }
    }
    if has("KHR_materials_dispersion").is_some() && has("KHR_materials_volume").is_none() {
        warn(
            "KHR_MATERIALS_DISPERSION_NO_VOLUME",
            "KHR_materials_dispersion",
            "",
            "Dispersion has no effect without KHR_materials_volume.",
        );
    }
    if has("KHR_materials_emissive_strength").is_some() {
        let factor = json::numbers(material, "emissiveFactor").unwrap_or_default();
        if factor.iter().all(|value| *value == 0.0) {
            warn(
                "KHR_MATERIALS_EMISSIVE_STRENGTH_ZERO_FACTOR",
                "KHR_materials_emissive_strength",
                "",
                "The strength has no effect: the emissive factor is zero.",
            );
        }
    }
    if has("KHR_materials_volume").is_some() {
        if !present.keys().any(|name| name.contains("transmission")) {
            warn(
                "KHR_MATERIALS_VOLUME_NO_TRANSMISSION",
                "KHR_materials_volume",
                "",
                "A volume has no effect on a surface that lets no light through.",
            );
        }
        if material.get("doubleSided") == Some(&serde_json::Value::Bool(true)) {
            warn(
                "KHR_MATERIALS_VOLUME_DOUBLE_SIDED",
                "KHR_materials_volume",
                "",
                "A volume should not be double-sided.",
            );
        }
    }
}
