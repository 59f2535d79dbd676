//! Skinned meshes: which joints bend them, and where they stand.
//!
//! The specification (section 3.7.3.3) has a skinned mesh ignore its own node and follow its
//! joints: each vertex is moved by `world_from_joint * joint_from_mesh`. In the bind pose
//! that product is the same for all joints, so the first joint's places the whole mesh:
//! for bounds, for collision, and where a skin cannot be followed. Many exporters put the
//! figure's scale there and nowhere else.

use bevy::math::{DAffine3, DMat4};

use super::accessor::matrices;
use super::context::Context;
use super::nodes::{Tree, decompose};
use super::rebase::world_from_nodes;
use crate::bake::error::Fault;
use crate::bake::limits::Limits;
use crate::bake::model::{Mesh, Node, Skin};

/// Hangs each skinned mesh where its first joint has it, and reads the skins in use.
pub(crate) fn apply(ctx: &Context, tree: &mut Tree) -> Result<(), Fault> {
    let document = ctx.document();
    if document.skins.is_empty() {
        return Ok(());
    }
    let mut place_of = vec![None; document.nodes.len()];
    for (place, &file_index) in tree.file_index.iter().enumerate() {
        place_of[file_index] = Some(place);
    }
    let mut skin_of = vec![None; document.skins.len()];
    let mut world = None;
    for index in 0..tree.nodes.len() {
        let file_index = tree.file_index[index];
        let (Some(mesh), Some(skin)) = (tree.nodes[index].mesh, document.nodes[file_index].skin)
        else {
            continue;
        };
        let pointer = format!("/skins/{skin}");
        let json = document
            .skins
            .get(skin)
            .ok_or_else(|| Fault::no_such(format!("/nodes/{file_index}"), "skin", skin))?;
        Limits::check(
            "joints in one skin",
            json.joints.len() as u64,
            ctx.options.limits.joints,
            &pointer,
        )?;
        let joints: Option<Vec<usize>> = json
            .joints
            .iter()
            .map(|&joint| place_of.get(joint).copied().flatten())
            .collect();
        // Without its joints in the scene the mesh stays with its own node.
        let Some(joints) = joints.filter(|joints| !joints.is_empty()) else {
            ctx.warn(
                &pointer,
                "skin-without-joints",
                "the joints of a skin are not in the scene; its meshes stay still",
                "export the figure together with its armature",
            );
            continue;
        };
        let joint_from_mesh = match json.inverse_bind_matrices {
            Some(accessor) => matrices(ctx, accessor, joints.len(), &pointer)?,
            None => vec![DMat4::IDENTITY; joints.len()],
        };
        if !joint_from_mesh.iter().all(|matrix| matrix.is_finite()) {
            return Err(Fault::invalid(pointer, "has matrices that are not numbers"));
        }
        let world = world.get_or_insert_with(|| world_from_nodes(&tree.nodes));
        let placed = DMat4::from(world[joints[0]]) * joint_from_mesh[0];
        if !placed.is_finite() {
            return Err(Fault::invalid(pointer, "has matrices that are not numbers"));
        }
        let own_skin = *skin_of[skin].get_or_insert_with(|| {
            tree.skins.push(Skin {
                joints,
                joint_from_mesh: joint_from_mesh
                    .iter()
                    .map(|matrix| DAffine3::from_mat4(*matrix))
                    .collect(),
            });
            tree.skins.len() - 1
        });
        let (scale, rotation, translation) = decompose(&placed);
        let node = &mut tree.nodes[index];
        node.mesh = None;
        let placed = Node {
            name: node.name.clone(),
            translation,
            rotation,
            scale,
            mesh: Some(mesh),
            skin: Some(own_skin),
            weights: std::mem::take(&mut node.weights),
            is_visible: node.is_visible,
            ..Node::default()
        };
        tree.nodes.push(placed);
        tree.file_index.push(file_index);
    }
    Ok(())
}

/// Undoes skins that their meshes cannot follow: the renderer believes every index.
pub(crate) fn check_joints(ctx: &Context, tree: &mut Tree, meshes: &mut [Mesh]) {
    // How many joints each mesh may name; none where some node shows it without a skin.
    let mut allowed: Vec<Option<usize>> = vec![None; meshes.len()];
    for node in &tree.nodes {
        let Some(mesh) = node.mesh else { continue };
        let count = node.skin.map_or(0, |skin| tree.skins[skin].joints.len());
        allowed[mesh] = Some(allowed[mesh].map_or(count, |least: usize| least.min(count)));
    }
    for (index, (mesh, allowed)) in meshes.iter_mut().zip(&allowed).enumerate() {
        let allowed = allowed.unwrap_or(0);
        for primitive in &mut mesh.primitives {
            let largest = primitive.joints.iter().flatten().max().copied();
            let fits = largest.is_some_and(|largest| usize::from(largest) < allowed);
            if !fits {
                if allowed > 0 && largest.is_some() {
                    ctx.warn(
                        &format!("/meshes/{index}"),
                        "joints-missing",
                        format!(
                            "the mesh follows joint {} of a skin of {allowed}; it stays still",
                            largest.unwrap_or_default()
                        ),
                        "export the figure again together with its armature",
                    );
                }
                primitive.joints = Vec::new();
                primitive.joint_weights = Vec::new();
            }
        }
    }
    for node in &mut tree.nodes {
        let follows = node.mesh.is_some_and(|mesh| {
            let parts = &meshes[mesh].primitives;
            parts.iter().any(|part| !part.joints.is_empty())
        });
        if !follows {
            node.skin = None;
        }
    }
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
