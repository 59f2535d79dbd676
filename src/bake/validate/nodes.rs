//! Nodes and scenes: transforms, the tree they form, what they carry.
//!
//! Everything is linear in the number of nodes, however deep the tree: no recursion, no
//! climbing from every node.

use super::checks::UNIT_VEC4;
use super::document::Document;
use super::json::{self, Object, extension};
use super::primitives::Mesh;
use super::report::Report;

/// How far columns of a matrix may be from right angles, as a cosine.
const SKEW: f64 = 1e-4;

/// The tree that the nodes form.
pub(super) struct Tree {
    /// Parents; where several claim a child, the last.
    pub(super) parents: Vec<Option<usize>>,
    /// Number of ancestors; `None` for nodes on a loop or below one.
    pub(super) depths: Vec<Option<usize>>,
    /// The topmost ancestor or the node itself; `None` as for depths.
    pub(super) tops: Vec<Option<usize>>,
    /// Whether the node has a transform of its own.
    pub(super) is_moved: Vec<bool>,
    /// Whether an ancestor has one.
    pub(super) is_carried: Vec<bool>,
}

/// Checks nodes and scenes.
pub(super) fn check(document: &Document<'_>, meshes: &[Mesh], report: &mut Report) -> Tree {
    let root = document.root;
    for (index, node) in json::objects(root, "nodes") {
        let pointer = format!("/nodes/{index}");
        transform(node, &pointer, report);
        carries(node, meshes, document, &pointer, report);
        light(node, document, &pointer, report);
    }
    let tree = tree(root, report);
    loops(&tree, report);
    for (index, scene) in json::objects(root, "scenes") {
        for (at, value) in json::array(scene, "nodes").iter().enumerate() {
            let node = json::whole(value).and_then(|node| usize::try_from(node).ok());
            if node.is_some_and(|node| tree.parents.get(node).is_some_and(Option::is_some)) {
                report.error(
                    "SCENE_NON_ROOT_NODE",
                    format!("/scenes/{index}/nodes/{at}"),
                    format!("Node {value} has a parent, so a scene cannot start from it."),
                );
            }
        }
    }
    tree
}

fn vector(node: &Object, name: &str, length: usize) -> Option<Vec<f64>> {
    json::numbers(node, name).filter(|list| list.len() == length)
}

fn transform(node: &Object, pointer: &str, report: &mut Report) {
    if let Some(rotation) = vector(node, "rotation", 4) {
        let is_in_range = rotation.iter().all(|value| value.abs() <= 1.0);
        let length = rotation
            .iter()
            .map(|value| value * value)
            .sum::<f64>()
            .sqrt();
        if is_in_range && (length - 1.0).abs() > UNIT_VEC4 {
            report.error(
                "ROTATION_NON_UNIT",
                format!("{pointer}/rotation"),
                format!("The rotation has a length of {length}, but must have one of 1."),
            );
        }
    }
    let Some(matrix) = vector(node, "matrix", 16) else {
        return;
    };
    let pointer = format!("{pointer}/matrix");
    if ["translation", "rotation", "scale"]
        .iter()
        .any(|name| node.contains_key(*name))
    {
        report.error(
            "NODE_MATRIX_TRS",
            pointer.as_str(),
            "A node has either a matrix or translation, rotation and scale, not both.",
        );
    }
    if !is_trs(&matrix) {
        report.error(
            "NODE_MATRIX_NON_TRS",
            pointer,
            "The matrix shears or flattens: no translation, rotation and scale can make it.",
        );
    }
}

/// Whether a matrix is a translation, a rotation and a scale, in that order.
fn is_trs(matrix: &[f64]) -> bool {
    if [matrix[3], matrix[7], matrix[11], matrix[15] - 1.0]
        .iter()
        .any(|value| *value != 0.0)
    {
        return false;
    }
    let dot = |a: usize, b: usize| {
        (0..3)
            .map(|row| matrix[4 * a + row] * matrix[4 * b + row])
            .sum::<f64>()
    };
    let lengths: [f64; 3] = std::array::from_fn(|column| dot(column, column).sqrt());
    lengths
        .iter()
        .all(|length| *length > 0.0 && length.is_finite())
        && [(0, 1), (1, 2), (2, 0)]
            .into_iter()
            .all(|(a, b)| dot(a, b).abs() <= SKEW * lengths[a] * lengths[b])
}

fn is_identity(matrix: &[f64]) -> bool {
    matrix
        .iter()
        .enumerate()
        .all(|(at, value)| *value == if at % 5 == 0 { 1.0 } else { 0.0 })
}

fn has_transform(node: &Object) -> bool {
    let is_other =
        |name, length, rest: &[f64]| vector(node, name, length).is_some_and(|list| list != rest);
    vector(node, "matrix", 16).is_some_and(|matrix| !is_identity(&matrix))
        || is_other("translation", 3, &[0.0; 3])
        || is_other("rotation", 4, &[0.0, 0.0, 0.0, 1.0])
        || is_other("scale", 3, &[1.0; 3])
}

fn carries(
    node: &Object,
    meshes: &[Mesh],
    document: &Document<'_>,
    pointer: &str,
    report: &mut Report,
) {
    let Some(mesh) = json::index(node, "mesh") else {
        let has_skin = json::index(node, "skin").is_some();
        let has_weights = json::numbers(node, "weights").is_some_and(|list| !list.is_empty());
        for (name, is_there) in [("skin", has_skin), ("weights", has_weights)] {
            if is_there {
                report.error(
                    "UNSATISFIED_DEPENDENCY",
                    format!("{pointer}/{name}"),
                    format!("'{name}' needs a 'mesh' to act on."),
                );
            }
        }
        return;
    };
    let Some(mesh) = meshes.get(mesh).filter(|mesh| mesh.has_primitives) else {
        return;
    };
    if let Some(weights) = json::numbers(node, "weights") {
        let wanted = mesh.targets.unwrap_or(0);
        if weights.len() != wanted {
            report.error(
                "NODE_WEIGHTS_INVALID",
                format!("{pointer}/weights"),
                format!(
                    "There are {} weights for {wanted} morph targets.",
                    weights.len()
                ),
            );
        }
    }
    let skins = json::array(document.root, "skins");
    let skin = json::index(node, "skin").and_then(|skin| skins.get(skin)?.as_object());
    match skin {
        Some(_) if mesh.joint_primitives == 0 => report.error(
            "NODE_SKIN_WITH_NON_SKINNED_MESH",
            pointer,
            "The node has a skin, but its mesh has no joints.",
        ),
        None if mesh.joint_primitives > 0 => report.warning(
            "NODE_SKINNED_MESH_WITHOUT_SKIN",
            pointer,
            "The node's mesh has joints, but the node no skin.",
        ),
        _ => {}
    }
}

fn light(node: &Object, document: &Document<'_>, pointer: &str, report: &mut Report) {
    const NAME: &str = "KHR_lights_punctual";
    let Some(light) = extension(node, NAME).filter(|_| document.uses(NAME)) else {
        return;
    };
    let pointer = format!("{pointer}/extensions/{NAME}");
    match extension(document.root, NAME) {
        None => report.error(
            "UNSATISFIED_DEPENDENCY",
            pointer,
            "The node refers to a light, but the file lists no lights.",
        ),
        Some(lights) => {
            let count = json::array(lights, "lights").len();
            if let Some(index) = json::index(light, "light").filter(|index| *index >= count) {
                report.error(
                    "UNRESOLVED_REFERENCE",
                    format!("{pointer}/light"),
                    format!("It refers to light {index}, but there are {count}."),
                );
            }
        }
    }
}

fn children(node: &Object) -> impl Iterator<Item = (usize, usize)> {
    json::array(node, "children")
        .iter()
        .enumerate()
        .filter_map(|(at, value)| Some((at, usize::try_from(json::whole(value)?).ok()?)))
}

fn tree(root: &Object, report: &mut Report) -> Tree {
    let count = json::array(root, "nodes").len();
    let mut tree = Tree {
        parents: vec![None; count],
        depths: vec![None; count],
        tops: vec![None; count],
        is_moved: vec![false; count],
        is_carried: vec![false; count],
    };
    for (index, node) in json::objects(root, "nodes") {
        tree.is_moved[index] = has_transform(node);
        for (at, child) in children(node) {
            let Some(parent) = tree.parents.get_mut(child) else {
                continue;
            };
            if parent.is_some() {
                report.error(
                    "NODE_PARENT_OVERRIDE",
                    format!("/nodes/{index}/children/{at}"),
                    format!("Node {child} has a parent already."),
                );
            }
            *parent = Some(index);
        }
    }
    let nodes = json::array(root, "nodes");
    let mut front: Vec<usize> = Vec::new();
    for index in 0..count {
        if tree.parents[index].is_none() {
            tree.depths[index] = Some(0);
            tree.tops[index] = Some(index);
            front.push(index);
        }
    }
    while let Some(index) = front.pop() {
        let Some(node) = nodes[index].as_object() else {
            continue;
        };
        for (_, child) in children(node) {
            if tree.parents.get(child) == Some(&Some(index)) && tree.depths[child].is_none() {
                tree.depths[child] = tree.depths[index].map(|depth| depth + 1);
                tree.tops[child] = tree.tops[index];
                tree.is_carried[child] = tree.is_carried[index] || tree.is_moved[index];
                front.push(child);
            }
        }
    }
    tree
}

/// Nodes that are their own ancestors.
fn loops(tree: &Tree, report: &mut Report) {
    // Each node has one parent, so every climb ends in one loop or at a root.
    let mut climbs = vec![0_usize; tree.parents.len()];
    for start in 0..tree.parents.len() {
        let climb = start + 1;
        let mut at = start;
        while climbs[at] == 0 && tree.depths[at].is_none() {
            climbs[at] = climb;
            match tree.parents[at] {
                Some(parent) => at = parent,
                None => break,
            }
        }
        // Only a climb that meets its own trail has found a new loop.
        if climbs[at] != climb || tree.depths[at].is_some() {
            continue;
        }
        let first = at;
        loop {
            report.error(
                "NODE_LOOP",
                format!("/nodes/{at}"),
                "The node is its own ancestor.",
            );
            match tree.parents[at] {
                Some(parent) if parent != first => at = parent,
                _ => break,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_very_deep_chain_is_walked_in_one_go() {
        let count = 100_000;
        let nodes: Vec<serde_json::Value> = (0..count)
            .map(|index| serde_json::json!({ "children": [(index + 1) % count] }))
            .collect();
        let root = serde_json::json!({ "nodes": nodes });
        let mut report = Report::default();
        let tree = tree(
            root.as_object().expect("an object was written"),
            &mut report,
        );
        loops(&tree, &mut report);
        assert_eq!(
            report.count("NODE_LOOP"),
            count,
            "Every node is part of the ring."
        );
    }

    #[test]
    fn matrices_are_taken_apart() {
        let mut matrix = [0.0; 16];
        for at in [0, 5, 10, 15] {
            matrix[at] = 1.0;
        }
        assert!(
            is_trs(&matrix) && is_identity(&matrix),
            "The identity is a transform."
        );
        matrix[4] = 0.5;
        assert!(!is_trs(&matrix), "A shear is none.");
        matrix[4] = 0.0;
        matrix[10] = 0.0;
        assert!(!is_trs(&matrix), "A flattening is none.");
    }
}
