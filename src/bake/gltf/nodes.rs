//! The node hierarchy: checked to be a tree, walked without recursion, in f64.

use bevy::math::{DMat4, DQuat, DVec3};

use super::context::Context;
use super::document::{Document, Node as JsonNode};
use crate::bake::error::{Cause, Fault};
use crate::bake::limits::Limits;
use crate::bake::model::{Node, Skin};
use crate::bake::options::name_matches;

/// Farther than this from the parent, in units of the file, no place on Earth is.
const FARTHEST: f64 = 1e10;

/// The nodes of the default scene, parents first, for each its index in the file, and the
/// skins they use.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub(crate) nodes: Vec<Node>,
    pub(crate) file_index: Vec<usize>,
    pub(crate) skins: Vec<Skin>,
}

/// Reads the default scene's nodes as the file places them.
pub(crate) fn read(ctx: &Context) -> Result<Tree, Fault> {
    let document = ctx.document();
    let roots = check_tree(document, ctx.options.limits.nodes)?;
    let mut tree = Tree::default();
    // (index in the file, parent in the output, depth, hidden by name, visible)
    let mut queue: std::collections::VecDeque<_> = roots
        .into_iter()
        .map(|i| (i, None, 1_u32, false, true))
        .collect();
    while let Some((index, parent, depth, is_hidden, is_visible)) = queue.pop_front() {
        let pointer = format!("/nodes/{index}");
        Limits::check(
            "levels of nodes",
            u64::from(depth),
            u64::from(ctx.options.limits.node_depth),
            &pointer,
        )?;
        let json = &document.nodes[index];
        let name = json.name.as_deref().unwrap_or_default();
        let is_hidden = is_hidden || ctx.options.hide.iter().any(|p| name_matches(p, name));
        let extensions = json.extensions.as_deref();
        let is_visible = is_visible
            && extensions
                .and_then(|e| e.visibility.as_ref())
                .is_none_or(|v| v.visible);
        let mut node = place(ctx, json, &pointer)?;
        node.name.clone_from(&json.name);
        node.parent = parent;
        node.is_visible = is_visible && !is_hidden;
        if !is_hidden {
            node.mesh = json.mesh;
            node.weights = weights(document, json);
            node.light = extensions.and_then(|e| e.light.as_ref()).map(|l| l.light);
        }
        check_references(document, json, &pointer)?;
        let here = tree.nodes.len();
        tree.nodes.push(node);
        tree.file_index.push(index);
        queue.extend(
            json.children
                .iter()
                .map(|&child| (child, Some(here), depth + 1, is_hidden, is_visible)),
        );
    }
    Ok(tree)
}

/// Refuses nodes with two parents and circles; returns the roots of the default scene, or
/// all roots where the file has no scene.
fn check_tree(document: &Document, max_nodes: u64) -> Result<Vec<usize>, Fault> {
    let nodes = &document.nodes;
    Limits::check("nodes", nodes.len() as u64, max_nodes, "/nodes")?;
    let mut parent = vec![None; nodes.len()];
    for (index, node) in nodes.iter().enumerate() {
        for (i, &child) in node.children.iter().enumerate() {
            let pointer = format!("/nodes/{index}/children/{i}");
            match parent.get_mut(child) {
                None => return Err(Fault::no_such(pointer, "node", child)),
                Some(slot @ None) => *slot = Some(index),
                Some(Some(first)) => {
                    return Err(Fault::new(
                        pointer,
                        Cause::NotATree(format!(
                            "makes node {child} a child of both node {first} and node {index}"
                        )),
                    ));
                }
            }
        }
    }
    // With one parent each, a node that no root reaches hangs in a circle.
    let mut stack: Vec<usize> = (0..nodes.len()).filter(|&i| parent[i].is_none()).collect();
    let roots = stack.clone();
    let mut reached = vec![false; nodes.len()];
    while let Some(index) = stack.pop() {
        reached[index] = true;
        stack.extend(&nodes[index].children);
    }
    if let Some(index) = reached.iter().position(|r| !r) {
        return Err(Fault::new(
            format!("/nodes/{index}"),
            Cause::NotATree(format!(
                "has a circle of nodes: node {index} is its own ancestor"
            )),
        ));
    }
    if document.scenes.is_empty() {
        return Ok(roots);
    }
    let scene = document.scene.unwrap_or(0);
    let pointer = format!("/scenes/{scene}");
    let scene = document
        .scenes
        .get(scene)
        .ok_or_else(|| Fault::no_such("/scene", "scene", scene))?;
    let mut seen = std::collections::BTreeSet::new();
    for &root in &scene.nodes {
        if root >= nodes.len() {
            return Err(Fault::no_such(pointer, "node", root));
        }
        if let Some(parent) = parent[root] {
            return Err(Fault::new(
                pointer,
                Cause::NotATree(format!(
                    "lists node {root}, which is a child of node {parent}"
                )),
            ));
        }
        if !seen.insert(root) {
            return Err(Fault::new(
                pointer,
                Cause::NotATree(format!("lists node {root} twice")),
            ));
        }
    }
    Ok(scene.nodes.clone())
}

fn check_references(document: &Document, json: &JsonNode, pointer: &str) -> Result<(), Fault> {
    if let Some(mesh) = json.mesh
        && mesh >= document.meshes.len()
    {
        return Err(Fault::no_such(pointer, "mesh", mesh));
    }
    let lights = document.extensions.as_ref().and_then(|e| e.lights.as_ref());
    if let Some(light) = json.extensions.as_deref().and_then(|e| e.light.as_ref())
        && light.light >= lights.map_or(0, |l| l.lights.len())
    {
        return Err(Fault::no_such(pointer, "light", light.light));
    }
    Ok(())
}

/// Weights of the morph targets: the node's own, else its mesh's.
fn weights(document: &Document, json: &JsonNode) -> Vec<f32> {
    let mesh = json.mesh.and_then(|mesh| document.meshes.get(mesh));
    let Some(targets) = mesh.and_then(|mesh| Some(mesh.primitives.first()?.targets.len())) else {
        return Vec::new();
    };
    let own = if json.weights.is_empty() {
        mesh.map_or(&[][..], |mesh| &mesh.weights)
    } else {
        &json.weights
    };
    let sound = own
        .iter()
        .map(|weight| if weight.abs() < 1e6 { *weight } else { 0.0 });
    let mut weights: Vec<f32> = sound.take(targets).collect();
    weights.resize(targets, 0.0);
    weights
}

/// A node's own transform.
fn place(ctx: &Context, json: &JsonNode, pointer: &str) -> Result<Node, Fault> {
    let mut node = Node {
        scale: DVec3::ONE,
        ..Node::default()
    };
    if let Some(matrix) = json.matrix {
        let matrix = DMat4::from_cols_array(&matrix);
        let (scale, rotation, translation) = decompose(&matrix);
        (node.scale, node.rotation, node.translation) = (scale, rotation, translation);
        let rebuilt = DMat4::from_scale_rotation_translation(scale, rotation, translation);
        let size = scale.abs().max_element().max(f64::MIN_POSITIVE);
        let has_shear =
            (0..3).any(|i| (matrix.col(i) - rebuilt.col(i)).truncate().length() > 1e-4 * size);
        if has_shear || matrix.row(3).truncate().length() > 0.0 {
            ctx.warn(
                pointer,
                "matrix-with-shear",
                "the node's matrix has shear, which is left out",
                "apply the node's transform in the modelling program",
            );
        }
    } else {
        node.translation = json.translation.map_or(DVec3::ZERO, DVec3::from);
        node.scale = json.scale.map_or(DVec3::ONE, DVec3::from);
        if let Some(rotation) = json.rotation {
            let rotation = DQuat::from_array(rotation);
            let length = rotation.length();
            node.rotation = if length > 1e-6 && length < 1e6 {
                rotation.normalize()
            } else {
                ctx.warn(
                    pointer,
                    "rotation-without-direction",
                    "the node's rotation is not a unit quaternion and is left out",
                    "",
                );
                DQuat::IDENTITY
            };
        }
    }
    let farthest = node.translation.abs().max_element();
    let largest = node.scale.abs().max_element();
    if !(farthest < FARTHEST && largest < FARTHEST) {
        return Err(Fault::invalid(
            pointer,
            format!("places the node out of this world: {}", node.translation),
        ));
    }
    Ok(node)
}

/// Scale, rotation and translation of a matrix; like glam's, but safe where it is singular.
pub(crate) fn decompose(matrix: &DMat4) -> (DVec3, DQuat, DVec3) {
    let axes = [matrix.x_axis, matrix.y_axis, matrix.z_axis].map(|a| a.truncate());
    let mut scale = DVec3::from(axes.map(DVec3::length));
    if axes[0].cross(axes[1]).dot(axes[2]) < 0.0 {
        scale.x = -scale.x;
    }
    // A flattened axis is rebuilt from the other two, so that the rotation stays one.
    let unit = |i: usize| axes[i] / scale[i];
    let (mut x, mut y, mut z) = (unit(0), unit(1), unit(2));
    if !x.is_finite() {
        x = y.cross(z);
    }
    if !y.is_finite() {
        y = z.cross(x);
    }
    if !z.is_finite() {
        z = x.cross(y);
    }
    let rotation = DQuat::from_mat3(&bevy::math::DMat3::from_cols(x, y, z));
    let rotation = if rotation.is_finite() && (rotation.length() - 1.0).abs() < 0.1 {
        rotation.normalize()
    } else {
        DQuat::IDENTITY
    };
    (scale, rotation, matrix.w_axis.truncate())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mirrored_matrix_is_taken_apart_and_put_together_again() {
        let matrix = DMat4::from_scale_rotation_translation(
            DVec3::new(-2.0, 3.0, 0.5),
            DQuat::from_rotation_y(0.7) * DQuat::from_rotation_x(-1.2),
            DVec3::new(400_000.123, -5.0, 7.0),
        );
        let (s, r, t) = decompose(&matrix);
        let again = DMat4::from_scale_rotation_translation(s, r, t);
        assert!(
            again.abs_diff_eq(matrix, 1e-12),
            "{again} should equal {matrix}"
        );
    }

    #[test]
    fn a_flattened_matrix_gives_a_rotation_and_no_nan() {
        let flat = DMat4::from_scale(DVec3::new(1.0, 0.0, 2.0));
        let (s, r, _) = decompose(&flat);
        assert_eq!(
            s,
            DVec3::new(1.0, 0.0, 2.0),
            "the scale of a flat axis is zero"
        );
        assert!(r.is_finite() && r.is_normalized(), "{r} is a rotation");
        let (_, r, _) = decompose(&DMat4::ZERO);
        assert!(r.is_finite(), "nothing at all still has a rotation");
    }
}
