//! Skinned meshes, shown still.
//!
//! The specification (section 3.7.3.3) has a skinned mesh ignore its own node and follow its
//! joints: each vertex is moved by `world_from_joint * joint_from_mesh`. In the bind pose
//! that product is the same for all joints, so the first joint's places the whole mesh.
//! Many exporters put the figure's scale there and nowhere else.

use bevy::math::DMat4;

use super::accessor::first_matrix;
use super::context::Context;
use super::nodes::{Tree, decompose};
use super::rebase::world_from_nodes;
use crate::bake::error::Fault;
use crate::bake::model::Node;

/// Hangs each skinned mesh where its first joint has it.
pub(crate) fn apply(ctx: &Context, tree: &mut Tree) -> Result<(), Fault> {
    let document = ctx.document();
    if document.skins.is_empty() {
        return Ok(());
    }
    let mut place_of = vec![None; document.nodes.len()];
    for (place, &file_index) in tree.file_index.iter().enumerate() {
        place_of[file_index] = Some(place);
    }
    let mut world = None;
    for index in 0..tree.nodes.len() {
        let file_index = tree.file_index[index];
        let (Some(mesh), Some(skin)) = (tree.nodes[index].mesh, document.nodes[file_index].skin)
        else {
            continue;
        };
        let pointer = format!("/skins/{skin}");
        let skin = document
            .skins
            .get(skin)
            .ok_or_else(|| Fault::no_such(format!("/nodes/{file_index}"), "skin", skin))?;
        let joint = skin
            .joints
            .first()
            .and_then(|&joint| place_of.get(joint).copied().flatten());
        // Without a joint in the scene the mesh stays with its own node.
        let Some(joint) = joint else { continue };
        let joint_from_mesh = match skin.inverse_bind_matrices {
            Some(accessor) => first_matrix(ctx, accessor, &pointer)?,
            None => DMat4::IDENTITY,
        };
        let world = world.get_or_insert_with(|| world_from_nodes(&tree.nodes));
        let placed = DMat4::from(world[joint]) * joint_from_mesh;
        if !placed.is_finite() {
            return Err(Fault::invalid(pointer, "has matrices that are not numbers"));
        }
        let (scale, rotation, translation) = decompose(&placed);
        let node = &mut tree.nodes[index];
        node.mesh = None;
        let placed = Node {
            name: node.name.clone(),
            parent: None,
            translation,
            rotation,
            scale,
            mesh: Some(mesh),
            light: None,
            is_visible: node.is_visible,
        };
        tree.nodes.push(placed);
        tree.file_index.push(file_index);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::bake::gltf::tests::make::{Glb, cube_mesh};
    use crate::bake::gltf::tests::{read_bytes, world_positions};

    #[test]
    fn a_figure_takes_its_size_from_its_joints() {
        let mut glb = Glb::new();
        let mesh = cube_mesh(&mut glb, [0.0; 3]);
        // Vertices in metres, armature in centimetres: the inverse bind matrix multiplies
        // by a hundred what the armature divides.
        let mut hundred = [0.0_f32; 16];
        for i in 0..3 {
            hundred[5 * i] = 100.0;
        }
        hundred[15] = 1.0;
        let matrices = glb.accessor(&[hundred], 5126, "MAT4", false);
        glb.json["skins"] = json!([{"joints": [0], "inverseBindMatrices": matrices}]);
        let joint = glb.push("nodes", json!({"translation": [0, 200, 0]}));
        let figure = glb.push("nodes", json!({"mesh": mesh, "skin": 0}));
        glb.root(json!({"scale": [0.01, 0.01, 0.01], "children": [joint, figure]}));
        let model = read_bytes(&glb.bytes()).expect("a skinned figure is read");
        let places = world_positions(&model);
        let (low, high) = places
            .iter()
            .fold((f64::MAX, f64::MIN), |(l, h), p| (l.min(p.y), h.max(p.y)));
        assert!(
            (low - 1.5).abs() < 1e-6 && (high - 2.5).abs() < 1e-6,
            "a cube of a metre at the height of its joint, not from {low} to {high}"
        );
    }
}
