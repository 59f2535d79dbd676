//! Skins: joints, their common root, inverse bind matrices, and the nodes that wear them.

use std::collections::{HashMap, HashSet};

use super::buffers::note_use;
use super::checks::Check;
use super::data::Plan;
use super::document::{Component, Document, Format, Kind, ViewUse};
use super::json::{self, Object};
use super::nodes::Tree;
use super::primitives::Mesh;
use super::report::Report;
use super::uses::Uses;

/// Pairs of trees whose scenes are compared.
const MOST_PAIRS: usize = 10_000;

/// Steps from child to parent that all skins together may take.
const MOST_STEPS: usize = 5_000_000;

/// Checks all skins and the nodes that wear them.
pub(super) fn check(
    document: &mut Document<'_>,
    tree: &Tree,
    meshes: &[Mesh],
    uses: &mut Uses,
    plan: &mut Plan,
    report: &mut Report,
) {
    let root = document.root;
    let mut steps_left = MOST_STEPS;
    let mut tops: Vec<Option<usize>> = vec![None; json::array(root, "skins").len()];
    for (index, skin) in json::objects(root, "skins") {
        let pointer = format!("/skins/{index}");
        let common = common(root, skin, tree, &mut steps_left);
        if let (Some(None), false) = (&common, json::array(skin, "joints").is_empty()) {
            report.error(
                "SKIN_NO_COMMON_ROOT",
                format!("{pointer}/joints"),
                "The joints are not parts of one tree.",
            );
        }
        if let Some(Some(lowest)) = common {
            tops[index] = tree.tops[lowest];
            skeleton(skin, lowest, tree, &mut steps_left, &pointer, report);
        } else if common.is_some() {
            wrong_skeleton(skin, tree, &pointer, report);
        }
        matrices(document, skin, &pointer, uses, plan, report);
    }
    if steps_left == 0 {
        report.warning(
            "data-not-checked",
            "/skins",
            "The skeletons are too deep or too many; not all of them were checked.",
        );
    }
    wearers(document, tree, meshes, &tops, plan, report);
}

/// The lowest node that is an ancestor of all joints or one of them: `Some(None)` when
/// there is none, `None` when there was no time to look.
fn common(
    root: &Object,
    skin: &Object,
    tree: &Tree,
    steps_left: &mut usize,
) -> Option<Option<usize>> {
    // The trail is the way up from the first joint; every other joint's way up meets it.
    let mut places: HashMap<usize, usize> = HashMap::new();
    let mut trail: Vec<usize> = Vec::new();
    let mut lowest = 0;
    let nodes = json::array(root, "nodes");
    let joints = json::array(skin, "joints").iter().filter_map(|value| {
        let node = usize::try_from(json::whole(value)?).ok()?;
        nodes.get(node)?.is_object().then_some(node)
    });
    for joint in joints {
        let is_first = trail.is_empty();
        let mut way = Vec::new();
        let mut at = Some(joint);
        let mut meets = None;
        while let Some(node) = at {
            *steps_left = steps_left.checked_sub(1)?;
            if let Some(place) = places.get(&node) {
                meets = Some(*place);
                break;
            }
            if is_first {
                places.insert(node, trail.len());
                trail.push(node);
            } else {
                way.push(node);
                if way.len() > tree.parents.len() {
                    break;
                }
            }
            at = tree.parents[node];
        }
        if is_first {
            continue;
        }
        let Some(meets) = meets else {
            return Some(None);
        };
        lowest = lowest.max(meets);
        places.extend(way.into_iter().map(|node| (node, meets)));
    }
    Some(trail.get(lowest).copied())
}

fn skeleton(
    skin: &Object,
    lowest: usize,
    tree: &Tree,
    steps_left: &mut usize,
    pointer: &str,
    report: &mut Report,
) {
    let Some(skeleton) = json::index(skin, "skeleton").filter(|node| *node < tree.parents.len())
    else {
        return;
    };
    let mut at = Some(lowest);
    let mut steps = 0;
    while let Some(node) = at {
        let Some(left) = steps_left.checked_sub(1) else {
            return;
        };
        *steps_left = left;
        steps += 1;
        if node == skeleton {
            return;
        }
        at = tree.parents[node].filter(|_| steps <= tree.parents.len());
    }
    wrong_skeleton(skin, tree, pointer, report);
}

fn wrong_skeleton(skin: &Object, tree: &Tree, pointer: &str, report: &mut Report) {
    if json::index(skin, "skeleton").is_some_and(|node| node < tree.parents.len()) {
        report.error(
            "SKIN_SKELETON_INVALID",
            format!("{pointer}/skeleton"),
            "The skeleton's node is not above all joints.",
        );
    }
}

fn matrices(
    document: &mut Document<'_>,
    skin: &Object,
    pointer: &str,
    uses: &mut Uses,
    plan: &mut Plan,
    report: &mut Report,
) {
    let Some(index) = json::index(skin, "inverseBindMatrices") else {
        return;
    };
    let Some(accessor) = document.accessor(Some(index)).cloned() else {
        return;
    };
    let here = || format!("{pointer}/inverseBindMatrices");
    uses.note(index, "inverse bind matrices", here, report);
    note_use(document, accessor.view, ViewUse::Matrices, here, report);
    if document.has_stride(&accessor) {
        report.error(
            "SKIN_IBM_ACCESSOR_WITH_BYTESTRIDE",
            here(),
            "Inverse bind matrices must lie close together, without a stride.",
        );
    }
    let wanted = Format {
        kind: Kind::Mat4,
        component: Component::F32,
        is_normalized: false,
    };
    if accessor.format == Some(wanted) {
        plan.add(index, Check::Matrices, here);
    } else {
        let message = format!("Inverse bind matrices must be {wanted}.");
        report.error("SKIN_IBM_INVALID_FORMAT", here(), message);
    }
    let joints = json::array(skin, "joints").len() as u64;
    if joints > 0 && accessor.count.is_none_or(|count| count < joints) {
        report.error(
            "INVALID_IBM_ACCESSOR_COUNT",
            here(),
            format!("There are fewer inverse bind matrices than joints ({joints})."),
        );
    }
}

fn wearers(
    document: &Document<'_>,
    tree: &Tree,
    meshes: &[Mesh],
    tops: &[Option<usize>],
    plan: &mut Plan,
    report: &mut Report,
) {
    let root = document.root;
    let mut scenes_of: HashMap<usize, HashSet<usize>> = HashMap::new();
    for (index, scene) in json::objects(root, "scenes") {
        for value in json::array(scene, "nodes") {
            let node = json::whole(value).and_then(|node| usize::try_from(node).ok());
            if let Some(top) = node.and_then(|node| tree.tops.get(node).copied().flatten()) {
                scenes_of.entry(top).or_default().insert(index);
            }
        }
    }
    let nothing = HashSet::new();
    let scenes = |top: usize| scenes_of.get(&top).unwrap_or(&nothing);
    let mut told: HashMap<(usize, usize), bool> = HashMap::new();
    let mut fewest_joints: HashMap<usize, usize> = HashMap::new();
    for (index, node) in json::objects(root, "nodes") {
        let Some(skin) = json::index(node, "skin").filter(|skin| *skin < tops.len()) else {
            continue;
        };
        let pointer = format!("/nodes/{index}");
        if tree.is_moved[index] {
            report.warning(
                "NODE_SKINNED_MESH_LOCAL_TRANSFORMS",
                pointer.as_str(),
                "The node's transform has no effect: joints place its mesh.",
            );
        }
        if tree.is_carried[index] {
            report.warning(
                "NODE_SKINNED_MESH_PARENT_TRANSFORMS",
                pointer.as_str(),
                "The transforms above the node have no effect: joints place its mesh.",
            );
        }
        if told.len() < MOST_PAIRS
            && let (Some(joints), Some(here)) = (tops[skin], tree.tops[index])
        {
            let is_apart = *told
                .entry((here, joints))
                .or_insert_with(|| !scenes(here).is_subset(scenes(joints)));
            if is_apart {
                report.error(
                    "NODE_SKIN_NO_SCENE",
                    pointer,
                    "A scene shows this skinned mesh but does not contain its joints.",
                );
            }
        }
        let joints = json::array(root, "skins")[skin]
            .as_object()
            .map(|skin| json::array(skin, "joints").len());
        if let (Some(mesh), Some(joints)) =
            (json::index(node, "mesh"), joints.filter(|count| *count > 0))
        {
            let fewest = fewest_joints.entry(mesh).or_insert(joints);
            *fewest = joints.min(*fewest);
        }
    }
    for (index, mesh) in meshes.iter().enumerate() {
        let Some(joints) = fewest_joints.get(&index) else {
            continue;
        };
        for (pointer, pairs) in &mesh.skinned {
            plan.influences
                .push((pointer.clone(), pairs.clone(), *joints));
        }
    }
}
