//! Formats that attributes may have (glTF 2.0, section 3.7.2; `KHR_mesh_quantization`).

use super::document::Component::{self, *};
use super::document::{Format, Kind};

/// A component type and whether it is normalized.
type Number = (Component, bool);

const FLOAT: &[Number] = &[(F32, false)];
const FRACTIONS: &[Number] = &[(F32, false), (U8, true), (U16, true)];
const JOINTS: &[Number] = &[(U8, false), (U16, false)];
const SIGNED_FRACTIONS: &[Number] = &[(F32, false), (I8, true), (I16, true)];
const MORPH_FRACTIONS: &[Number] = &[
    (F32, false),
    (I8, true),
    (I16, true),
    (U8, true),
    (U16, true),
];
const SIGNED: &[Number] = &[
    (F32, false),
    (I8, true),
    (I16, true),
    (I8, false),
    (I16, false),
];
const SMALL: &[Number] = &[
    (F32, false),
    (I8, false),
    (I8, true),
    (U8, false),
    (U8, true),
    (I16, false),
    (I16, true),
    (U16, false),
    (U16, true),
];

fn is_one_of(format: Format, kinds: &[Kind], numbers: &[Number]) -> bool {
    kinds.contains(&format.kind) && numbers.contains(&(format.component, format.is_normalized))
}

fn word(name: &str) -> &str {
    name.split('_').next().unwrap_or_default()
}

/// Whether a vertex attribute may have this format; `None` for attributes of one's own.
pub(super) fn of_attribute(name: &str, format: Option<Format>, is_quantized: bool) -> Option<bool> {
    let quantized = |plain, small| if is_quantized { small } else { plain };
    let (kinds, numbers): (&[Kind], _) = match word(name) {
        "POSITION" => (&[Kind::Vec3], quantized(FLOAT, SMALL)),
        "NORMAL" => (&[Kind::Vec3], quantized(FLOAT, SIGNED_FRACTIONS)),
        "TANGENT" => (&[Kind::Vec4], quantized(FLOAT, SIGNED_FRACTIONS)),
        "TEXCOORD" => (&[Kind::Vec2], quantized(FRACTIONS, SMALL)),
        "COLOR" => (&[Kind::Vec3, Kind::Vec4], FRACTIONS),
        "JOINTS" => (&[Kind::Vec4], JOINTS),
        "WEIGHTS" => (&[Kind::Vec4], FRACTIONS),
        _ => return None,
    };
    Some(format.is_some_and(|format| is_one_of(format, kinds, numbers)))
}

/// The same for attributes of morph targets, which are differences.
pub(super) fn of_morph(name: &str, format: Option<Format>, is_quantized: bool) -> Option<bool> {
    let quantized = |plain, small| if is_quantized { small } else { plain };
    let (kinds, numbers): (&[Kind], _) = match word(name) {
        "POSITION" => (&[Kind::Vec3], quantized(FLOAT, SIGNED)),
        "NORMAL" | "TANGENT" => (&[Kind::Vec3], quantized(FLOAT, SIGNED_FRACTIONS)),
        "TEXCOORD" => (&[Kind::Vec2], quantized(MORPH_FRACTIONS, SMALL)),
        "COLOR" => (&[Kind::Vec3, Kind::Vec4], MORPH_FRACTIONS),
        _ => return None,
    };
    Some(format.is_some_and(|format| is_one_of(format, kinds, numbers)))
}
