//! The names of attributes: which there may be, and that sets count up from 0.

use super::json::Object;
use super::report::{Report, escaped};

/// The attributes of a primitive by their names.
#[derive(Default)]
pub(super) struct Semantics {
    has_position: bool,
    pub(super) has_normal: bool,
    pub(super) has_tangent: bool,
    /// How many of each of [`SETS`] there are; 0 for those that do not count up.
    sets: [usize; 4],
}

impl Semantics {
    /// Sets of `JOINTS`, and of `WEIGHTS`.
    pub(super) fn joints(&self) -> usize {
        self.sets[1]
    }

    /// Sets of `TEXCOORD`.
    pub(super) fn texcoords(&self) -> usize {
        self.sets[2]
    }
}

const SETS: [&str; 4] = ["COLOR", "JOINTS", "TEXCOORD", "WEIGHTS"];

/// The number at the end of `TEXCOORD_1`: without leading zeros.
fn set_number(text: &str) -> Option<usize> {
    let is_plain = !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && (text.len() == 1 || !text.starts_with('0'));
    is_plain.then(|| text.parse().ok()).flatten()
}

/// Splits `TEXCOORD_1` into its place in [`SETS`] and its number.
fn set_of(name: &str) -> Option<(usize, usize)> {
    let (word, number) = name.split_once('_')?;
    Some((
        SETS.iter().position(|set| *set == word)?,
        set_number(number)?,
    ))
}

/// Reads the names of a primitive's attributes and reports which are none.
pub(super) fn read(attributes: &Object, pointer: &str, report: &mut Report) -> Semantics {
    let mut found = Semantics::default();
    let mut most: [Option<usize>; 4] = [None; 4];
    for name in attributes.keys() {
        match name.as_str() {
            "POSITION" => found.has_position = true,
            "NORMAL" => found.has_normal = true,
            "TANGENT" => found.has_tangent = true,
            name if name.starts_with('_') => {}
            name => match set_of(name) {
                Some((set, number)) => {
                    found.sets[set] += 1;
                    most[set] = most[set].max(Some(number));
                }
                None => invalid_name(name, pointer, report),
            },
        }
    }
    if attributes.is_empty() {
        return found;
    }
    if !found.has_position {
        report.warning(
            "MESH_PRIMITIVE_NO_POSITION",
            pointer,
            "Without the attribute POSITION nothing can be drawn.",
        );
    }
    if found.has_tangent && !found.has_normal {
        report.warning(
            "MESH_PRIMITIVE_TANGENT_WITHOUT_NORMAL",
            format!("{pointer}/TANGENT"),
            "Tangents mean nothing without normals.",
        );
    }
    for ((name, count), most) in SETS.iter().zip(&mut found.sets).zip(most) {
        let wanted = most.map_or(0, |most| most.saturating_add(1));
        if wanted != *count {
            report.error(
                "MESH_PRIMITIVE_INDEXED_SEMANTIC_CONTINUITY",
                pointer,
                format!(
                    "The sets of {name} do not count up from 0: {count} of {wanted} are there."
                ),
            );
            *count = 0;
        }
    }
    let [_, joints, _, weights] = &mut found.sets;
    if joints != weights {
        report.error(
            "MESH_PRIMITIVE_JOINTS_WEIGHTS_MISMATCH",
            pointer,
            format!("There are {joints} set(s) of JOINTS but {weights} of WEIGHTS."),
        );
        (*joints, *weights) = (0, 0);
    }
    found
}

fn invalid_name(name: &str, pointer: &str, report: &mut Report) {
    report.error(
        "MESH_PRIMITIVE_INVALID_ATTRIBUTE",
        format!("{pointer}/{}", escaped(name)),
        "glTF knows no attribute of this name, and names of one's own start with '_'.",
    );
}

/// Reports the names in a morph target that are none.
pub(super) fn check_morph(target: &Object, pointer: &str, report: &mut Report) {
    for name in target.keys() {
        let is_known = name.starts_with('_')
            || matches!(name.as_str(), "POSITION" | "NORMAL" | "TANGENT")
            || set_of(name).is_some_and(|(set, _)| matches!(SETS[set], "COLOR" | "TEXCOORD"));
        if !is_known {
            invalid_name(name, pointer, report);
        }
    }
}
