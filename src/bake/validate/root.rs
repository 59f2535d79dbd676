//! The document as a whole: version, extensions, cameras, lights, variants.

use std::collections::HashSet;

use serde_json::Value;

use super::document::Document;
use super::json::{self, Object, extension};
use super::report::{Report, quoted};

/// Extensions without which a file that uses them cannot be read at all.
const NEVER_OPTIONAL: [&str; 1] = ["KHR_mesh_quantization"];

/// Checks the version; false when the rest of the document follows other rules.
pub(super) fn version(root: &Object, report: &mut Report) -> bool {
    let Some(asset) = json::object(root, "asset") else {
        return true;
    };
    let parse = |name| {
        let (major, minor) = json::text(asset, name)?.split_once('.')?;
        Some((major.parse::<u32>().ok()?, minor.parse::<u32>().ok()?))
    };
    let Some((major, minor)) = parse("version") else {
        return true;
    };
    if let Some(least) = parse("minVersion").filter(|least| *least > (major, minor)) {
        report.error(
            "ASSET_MIN_VERSION_GREATER_THAN_VERSION",
            "/asset/minVersion",
            format!(
                "The least version, {}.{}, is above the version, {major}.{minor}.",
                least.0, least.1
            ),
        );
    }
    if major != 2 {
        report.error(
            "UNKNOWN_ASSET_MAJOR_VERSION",
            "/asset/version",
            format!("The file is glTF {major}.{minor}; only glTF 2 can be read."),
        );
        return false;
    }
    if minor > 0 {
        report.warning(
            "UNKNOWN_ASSET_MINOR_VERSION",
            "/asset/version",
            format!("The file is glTF 2.{minor}; what is newer than 2.0 is not understood."),
        );
    }
    true
}

/// Checks what stands at the root beside the lists of objects, and cameras.
pub(super) fn check(document: &Document<'_>, report: &mut Report) {
    extensions(document, report);
    for (index, camera) in json::objects(document.root, "cameras") {
        self::camera(camera, &format!("/cameras/{index}"), report);
    }
    lights(document, report);
    variants(document, report);
}

fn extensions(document: &Document<'_>, report: &mut Report) {
    let root = document.root;
    let required: Vec<&str> = json::array(root, "extensionsRequired")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    if root.contains_key("extensionsRequired") && !root.contains_key("extensionsUsed") {
        report.error(
            "UNSATISFIED_DEPENDENCY",
            "/extensionsRequired",
            "Extensions are required, but the list of used ones, 'extensionsUsed', is missing.",
        );
    }
    for (index, name) in required.iter().enumerate() {
        if !document.uses(name) {
            report.error(
                "UNUSED_EXTENSION_REQUIRED",
                format!("/extensionsRequired/{index}"),
                format!(
                    "The extension {} is required but not listed as used.",
                    quoted(name)
                ),
            );
        }
    }
    let required: HashSet<&str> = required.into_iter().collect();
    for (index, value) in json::array(root, "extensionsUsed").iter().enumerate() {
        let Some(name) = value.as_str() else { continue };
        let pointer = format!("/extensionsUsed/{index}");
        if NEVER_OPTIONAL.contains(&name) && !required.contains(name) {
            report.error(
                "NON_REQUIRED_EXTENSION",
                pointer.as_str(),
                format!(
                    "The extension {} must be required, not only used.",
                    quoted(name)
                ),
            );
        }
        let is_word = |part: &str| {
            part.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        let is_named = name.split_once('_').is_some_and(|(vendor, rest)| {
            let is_vendor = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
            !vendor.is_empty() && vendor.bytes().all(is_vendor) && !rest.is_empty() && is_word(rest)
        });
        if !is_named {
            report.warning(
                "INVALID_EXTENSION_NAME_FORMAT",
                pointer,
                format!(
                    "{} is no name of an extension, such as KHR_texture_basisu.",
                    quoted(name)
                ),
            );
        }
    }
}

fn camera(camera: &Object, pointer: &str, report: &mut Report) {
    let kinds = ["orthographic", "perspective"];
    if kinds.iter().all(|kind| camera.contains_key(*kind)) {
        report.error(
            "ONE_OF_MISMATCH",
            pointer,
            "A camera is either orthographic or perspective, not both.",
        );
    }
    let kind = json::text(camera, "type").and_then(|name| kinds.iter().find(|kind| **kind == name));
    if let Some(kind) = kind.filter(|kind| !camera.contains_key(**kind)) {
        report.error(
            "UNDEFINED_PROPERTY",
            pointer,
            format!("The property '{kind}' is missing."),
        );
    }
    for kind in kinds {
        let is_it = json::text(camera, "type") == Some(kind);
        let Some(lens) = json::object(camera, kind).filter(|_| is_it) else {
            continue;
        };
        let pointer = format!("{pointer}/{kind}");
        if let (Some(far), Some(near)) = (json::number(lens, "zfar"), json::number(lens, "znear"))
            && far <= near
            && far > 0.0
            && near >= 0.0
        {
            report.error(
                "CAMERA_ZFAR_LEQUAL_ZNEAR",
                pointer.as_str(),
                format!("The far plane ({far}) is not beyond the near plane ({near})."),
            );
        }
        for name in ["xmag", "ymag"] {
            match json::number(lens, name).filter(|_| kind == "orthographic") {
                Some(0.0) => report.error(
                    "CAMERA_XMAG_YMAG_ZERO",
                    format!("{pointer}/{name}"),
                    "The view has no extent.",
                ),
                Some(..0.0) => report.warning(
                    "CAMERA_XMAG_YMAG_NEGATIVE",
                    format!("{pointer}/{name}"),
                    "The view is mirrored.",
                ),
                _ => {}
            }
        }
        let angle = json::number(lens, "yfov").filter(|_| kind == "perspective");
        if angle.is_some_and(|angle| angle >= std::f64::consts::PI) {
            report.warning(
                "CAMERA_YFOV_GEQUAL_PI",
                pointer,
                "The field of view is half a turn or more; it is given in radians.",
            );
        }
    }
}

fn lights(document: &Document<'_>, report: &mut Report) {
    const NAME: &str = "KHR_lights_punctual";
    let Some(host) = extension(document.root, NAME).filter(|_| document.uses(NAME)) else {
        return;
    };
    for (index, light) in json::objects(host, "lights") {
        let pointer = format!("/extensions/{NAME}/lights/{index}");
        let is_spot = json::text(light, "type") == Some("spot");
        let Some(spot) = json::object(light, "spot") else {
            if is_spot && !light.contains_key("spot") {
                report.error(
                    "UNDEFINED_PROPERTY",
                    pointer,
                    "The property 'spot' is missing.",
                );
            }
            continue;
        };
        let inner = json::number(spot, "innerConeAngle").unwrap_or(0.0);
        let outer = json::number(spot, "outerConeAngle").unwrap_or(std::f64::consts::FRAC_PI_4);
        // Angles beyond a quarter turn have been told of.
        if outer <= inner && inner < std::f64::consts::FRAC_PI_2 && outer > 0.0 {
            report.error(
                "KHR_LIGHTS_PUNCTUAL_LIGHT_SPOT_ANGLES",
                format!("{pointer}/spot/outerConeAngle"),
                format!("The outer angle ({outer}) is not wider than the inner ({inner})."),
            );
        }
    }
}

fn variants(document: &Document<'_>, report: &mut Report) {
    const NAME: &str = "KHR_materials_variants";
    if !document.uses(NAME) {
        return;
    }
    let count = extension(document.root, NAME).map(|host| json::array(host, "variants").len());
    for (mesh, object) in json::objects(document.root, "meshes") {
        for (at, primitive) in json::objects(object, "primitives") {
            let Some(host) = extension(primitive, NAME) else {
                continue;
            };
            let pointer = format!("/meshes/{mesh}/primitives/{at}/extensions/{NAME}/mappings");
            let mut seen = HashSet::new();
            for (at, mapping) in json::objects(host, "mappings") {
                let pointer = format!("{pointer}/{at}");
                let list = json::array(mapping, "variants");
                if count.is_none() {
                    report.error(
                        "UNSATISFIED_DEPENDENCY",
                        pointer.as_str(),
                        "The mapping is for variants, but the file lists none.",
                    );
                }
                for (at, value) in list.iter().enumerate() {
                    let variant = json::whole(value).and_then(|index| usize::try_from(index).ok());
                    let Some(variant) = variant else { continue };
                    let pointer = format!("{pointer}/variants/{at}");
                    if count.is_some_and(|count| variant >= count) {
                        report.error(
                            "UNRESOLVED_REFERENCE",
                            pointer.as_str(),
                            format!("It refers to variant {variant}, which is not there."),
                        );
                    }
                    if !seen.insert(variant) {
                        report.error(
                            "KHR_MATERIALS_VARIANTS_NON_UNIQUE_VARIANT",
                            pointer,
                            format!("Variant {variant} has a material here already."),
                        );
                    }
                }
            }
        }
    }
}
