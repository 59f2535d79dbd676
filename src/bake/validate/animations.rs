//! Animations: samplers, channels and what they move.

use std::collections::HashMap;

use super::buffers::note_use;
use super::checks::Check;
use super::data::Plan;
use super::document::{Component, Document, Format, Kind, ViewUse};
use super::json::{self, Object, extension};
use super::primitives::Mesh;
use super::report::Report;
use super::uses::Uses;

const POINTER: &str = "KHR_animation_pointer";

/// Checks all animations.
pub(super) fn check(
    document: &mut Document<'_>,
    meshes: &[Mesh],
    uses: &mut Uses,
    plan: &mut Plan,
    report: &mut Report,
) {
    for (index, animation) in json::objects(document.root, "animations") {
        let pointer = format!("/animations/{index}");
        for (at, channel) in json::objects(animation, "channels") {
            if let Some(target) = json::object(channel, "target") {
                json_pointer(
                    document,
                    target,
                    &format!("{pointer}/channels/{at}/target"),
                    report,
                );
            }
        }
        let is_whole = ["channels", "samplers"].iter().all(|name| {
            let list = json::array(animation, name);
            !list.is_empty() && list.iter().all(serde_json::Value::is_object)
        });
        if !is_whole {
            continue;
        }
        for (at, sampler) in json::objects(animation, "samplers") {
            let pointer = format!("{pointer}/samplers/{at}");
            input(document, sampler, &pointer, uses, plan, report);
            sampler_accessor(
                document,
                sampler,
                "output",
                &format!("{pointer}/output"),
                uses,
                report,
            );
        }
        let mut seen = HashMap::new();
        for (at, channel) in json::objects(animation, "channels") {
            let pointer = format!("{pointer}/channels/{at}");
            let target = json::object(channel, "target");
            if let Some(target) = target {
                self::target(document, target, meshes, &pointer, report);
                let key = json::index(target, "node").zip(json::text(target, "path"));
                if let Some(before) = key.and_then(|key| seen.insert(key, at)) {
                    report.error(
                        "ANIMATION_DUPLICATE_TARGETS",
                        format!("/animations/{index}/channels/{before}/target"),
                        format!("Channel {at} moves the same property of the same node."),
                    );
                }
            }
            channel_sampler(document, animation, channel, meshes, &pointer, plan, report);
        }
    }
}

/// Notes an accessor's use by a sampler and that it lies close together.
fn sampler_accessor(
    document: &mut Document<'_>,
    sampler: &Object,
    name: &str,
    here: &str,
    uses: &mut Uses,
    report: &mut Report,
) -> Option<usize> {
    let index = json::index(sampler, name)?;
    let Some(accessor) = document.accessor(Some(index)).cloned() else {
        report.error(
            "UNRESOLVED_REFERENCE",
            here,
            format!("There is no sound accessor {index}."),
        );
        return None;
    };
    let usage = if name == "input" {
        "animation times"
    } else {
        "animation values"
    };
    uses.note(index, usage, || here.to_owned(), report);
    note_use(
        document,
        accessor.view,
        ViewUse::Other,
        || here.to_owned(),
        report,
    );
    if document.has_stride(&accessor) {
        report.error(
            "ANIMATION_SAMPLER_ACCESSOR_WITH_BYTESTRIDE",
            here,
            "An animation's numbers must lie close together, without a stride.",
        );
    }
    Some(index)
}

fn is_cubic(sampler: &Object) -> bool {
    json::text(sampler, "interpolation") == Some("CUBICSPLINE")
}

fn input(
    document: &mut Document<'_>,
    sampler: &Object,
    pointer: &str,
    uses: &mut Uses,
    plan: &mut Plan,
    report: &mut Report,
) {
    let here = format!("{pointer}/input");
    let Some(index) = sampler_accessor(document, sampler, "input", &here, uses, report) else {
        return;
    };
    let accessor = &document.accessors[index];
    let wanted = Format {
        kind: Kind::Scalar,
        component: Component::F32,
        is_normalized: false,
    };
    if accessor.format == Some(wanted) {
        plan.add(index, Check::Times, || here.clone());
    } else {
        report.error(
            "ANIMATION_SAMPLER_INPUT_ACCESSOR_INVALID_FORMAT",
            here.as_str(),
            format!("Times must be {wanted}."),
        );
    }
    if accessor.min.is_none() || accessor.max.is_none() {
        report.error(
            "ANIMATION_SAMPLER_INPUT_ACCESSOR_WITHOUT_BOUNDS",
            here.as_str(),
            "Times must come with their bounds, min and max.",
        );
    }
    if is_cubic(sampler) && accessor.count.is_some_and(|count| count < 2) {
        report.error(
            "ANIMATION_SAMPLER_INPUT_ACCESSOR_TOO_FEW_ELEMENTS",
            here,
            "A cubic spline needs at least two times.",
        );
    }
}

fn node_of<'a>(document: &Document<'a>, target: &Object) -> Option<&'a Object> {
    json::array(document.root, "nodes")
        .get(json::index(target, "node")?)?
        .as_object()
}

fn mesh_of<'m>(document: &Document<'_>, target: &Object, meshes: &'m [Mesh]) -> Option<&'m Mesh> {
    meshes.get(json::index(node_of(document, target)?, "mesh")?)
}

fn json_pointer(document: &Document<'_>, target: &Object, pointer: &str, report: &mut Report) {
    if extension(target, POINTER).is_some() && document.uses(POINTER) {
        let here = format!("{pointer}/extensions/{POINTER}");
        if node_of(document, target).is_some() {
            report.error(
                "KHR_ANIMATION_POINTER_ANIMATION_CHANNEL_TARGET_NODE",
                here.as_str(),
                "A channel with a pointer must not name a node as well.",
            );
        }
        if json::text(target, "path") != Some("pointer") {
            report.error(
                "KHR_ANIMATION_POINTER_ANIMATION_CHANNEL_TARGET_PATH",
                here,
                "The path of a channel with a pointer must be 'pointer'.",
            );
        }
    }
}

fn target(
    document: &Document<'_>,
    target: &Object,
    meshes: &[Mesh],
    pointer: &str,
    report: &mut Report,
) {
    let pointer = format!("{pointer}/target");
    let path = json::text(target, "path");
    let Some(node) = node_of(document, target) else {
        return;
    };
    match path {
        Some("translation" | "rotation" | "scale") => {
            if json::numbers(node, "matrix").is_some_and(|matrix| matrix.len() == 16) {
                report.error(
                    "ANIMATION_CHANNEL_TARGET_NODE_MATRIX",
                    pointer.as_str(),
                    "A node with a matrix cannot be moved by an animation.",
                );
            }
            let skins = json::array(document.root, "skins").len();
            if json::index(node, "skin").is_some_and(|skin| skin < skins) {
                report.warning(
                    "ANIMATION_CHANNEL_TARGET_NODE_SKIN",
                    format!("{pointer}/path"),
                    "Moving a node has no effect on its skinned mesh.",
                );
            }
        }
        Some("weights")
            if mesh_of(document, target, meshes).is_none_or(|mesh| mesh.targets.is_none()) =>
        {
            report.error(
                "ANIMATION_CHANNEL_TARGET_NODE_WEIGHTS_NO_MORPHS",
                pointer,
                "The node's mesh has no morph targets whose weights could change.",
            );
        }
        _ => {}
    }
}

fn may_be_output(path: &str, format: Option<Format>) -> bool {
    if !matches!(path, "translation" | "rotation" | "scale" | "weights") {
        return true;
    }
    let Some(format) = format else { return false };
    let is_fraction = match format.component {
        Component::F32 => !format.is_normalized,
        Component::U32 => false,
        _ => format.is_normalized,
    };
    match path {
        "translation" | "scale" => {
            format.kind == Kind::Vec3 && format.component == Component::F32 && is_fraction
        }
        "rotation" => format.kind == Kind::Vec4 && is_fraction,
        "weights" => format.kind == Kind::Scalar && is_fraction,
        _ => true,
    }
}

fn channel_sampler(
    document: &Document<'_>,
    animation: &Object,
    channel: &Object,
    meshes: &[Mesh],
    pointer: &str,
    plan: &mut Plan,
    report: &mut Report,
) {
    let here = format!("{pointer}/sampler");
    let samplers = json::array(animation, "samplers");
    let Some(at) = json::index(channel, "sampler") else {
        return;
    };
    let Some(sampler) = samplers.get(at) else {
        return report.error(
            "UNRESOLVED_REFERENCE",
            here,
            format!(
                "It refers to sampler {at}, but there are {}.",
                samplers.len()
            ),
        );
    };
    let Some(sampler) = sampler.as_object() else {
        return;
    };
    let Some(target) = json::object(channel, "target") else {
        return;
    };
    let path = json::text(target, "path").unwrap_or_default();
    let Some(index) = json::index(sampler, "output") else {
        return;
    };
    let Some(output) = document.accessor(Some(index)) else {
        return;
    };
    if path == "rotation" && output.kind.is_some_and(|kind| kind.components() == 4) {
        plan.add(index, Check::Quaternions(is_cubic(sampler)), || {
            here.clone()
        });
    }
    if !may_be_output(path, output.format) {
        report.error(
            "ANIMATION_SAMPLER_OUTPUT_ACCESSOR_INVALID_FORMAT",
            here.as_str(),
            format!("The values' format is none that '{path}' may have."),
        );
    }
    let Some(input) = document.accessor(json::index(sampler, "input")) else {
        return;
    };
    let (Some(times), Some(count)) = (input.count, output.count) else {
        return;
    };
    let each = match path {
        "translation" | "rotation" | "scale" => 1,
        "weights" => mesh_of(document, target, meshes)
            .and_then(|mesh| mesh.targets)
            .unwrap_or(0) as u64,
        _ => return,
    };
    let wanted = times
        .saturating_mul(each)
        .saturating_mul(if is_cubic(sampler) { 3 } else { 1 });
    if wanted != 0 && wanted != count {
        report.error(
            "ANIMATION_SAMPLER_OUTPUT_ACCESSOR_INVALID_COUNT",
            here,
            format!("{wanted} values are needed for {times} time(s), but there are {count}."),
        );
    }
}
