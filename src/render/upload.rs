//! From a decoded [`Model`] to Bevy's assets, off the main thread and without copying
//! vertex data: the vectors move.

mod images;
mod join;
mod worn;

use images::samplers;
pub(super) use images::{prepare_image, sampler};

use crate::bake::{
    animation::{Pose, Rig},
    coarser::has_coarser,
    dense::{Areas, are_dense},
    model::{self, Model, Topology},
    order::put_in_order,
};
use bevy::{
    asset::RenderAssetUsages,
    camera::primitives::Aabb,
    math::Affine2,
    mesh::{Indices, Mesh, PrimitiveTopology, morph::MorphAttributes},
    prelude::*,
};

use rayon::prelude::*;

use super::{
    scan::{ATTRIBUTE_BAKED_LIGHT, ATTRIBUTE_SCAN_COLOR},
    seen::Shape,
};
use std::sync::Arc;

/// A model ready to be handed to Bevy: large data moved, nothing shared yet.
pub(super) struct Prepared {
    /// Nodes, parents first.
    pub nodes: Vec<PreparedNode>,
    /// One draw a primitive (or a spatial part of one).
    pub draws: Vec<PreparedDraw>,
    /// Images by index, with the sampler of their first use.
    pub images: Vec<Option<Image>>,
    /// Which of them were left out because others take their place.
    pub images_replaced: Vec<bool>,
    /// What the images are called that could not be read.
    pub missing: Vec<String>,
    /// Those that something wears.
    pub materials: Vec<model::Material>,
    /// Whose occlusion is the alpha of its normal map, see [`join`].
    pub joined: Vec<bool>,
    /// As in the model.
    pub lights: Vec<model::Light>,
    /// What moves.
    pub rig: Rig,
    /// As in the model; joints are indices into [`Prepared::nodes`].
    pub skins: Vec<model::Skin>,
    /// Triangles of all draws.
    pub triangles: usize,
    /// Copies of what will have coarser levels (see [`super::detail`]).
    pub fine: Vec<Fine>,
}

/// A copy of a draw's vertices, from which coarser levels are made while it is shown.
pub(super) struct Fine {
    /// Index into [`Prepared::draws`].
    pub draw: usize,
    /// Its vertices.
    pub primitive: model::Primitive,
    /// It is drawn with `StandardMaterial`.
    pub is_full: bool,
    /// Some image lies by the second UV set.
    pub needs_second_uv: bool,
    /// Its levels are looked at, see [`super::seen`].
    pub is_looked_at: bool,
}

impl Fine {
    /// One level of it for the renderer.
    pub(super) fn level(&self, primitive: model::Primitive) -> PreparedDraw {
        let shape = shape(&primitive, self.is_looked_at);
        PreparedDraw {
            shape,
            ..prepare_draw(primitive, self.is_full, self.needs_second_uv)
        }
    }
}

fn shape(part: &model::Primitive, is_looked_at: bool) -> Option<Arc<Shape>> {
    is_looked_at.then(|| Shape::of(part)).flatten()
}

/// A node of the model's hierarchy.
pub(super) struct PreparedNode {
    /// Name in the file.
    pub name: Option<String>,
    /// Index of the parent in [`Prepared::nodes`].
    pub parent: Option<usize>,
    /// In the parent's frame.
    pub transform: Transform,
    /// Indices into [`Prepared::draws`].
    pub draws: Vec<usize>,
    /// Index into [`Prepared::lights`].
    pub light: Option<usize>,
    /// Index into [`Prepared::skins`].
    pub skin: Option<usize>,
    /// Weights of morph targets.
    pub weights: Vec<f32>,
    /// Hidden by the file or by the author when false.
    pub is_visible: bool,
}

/// A mesh and what it is drawn with.
pub(super) struct PreparedDraw {
    /// Vertex data; taken when handed to Bevy.
    pub mesh: Option<Mesh>,
    /// Bounds in the node's frame.
    pub aabb: Aabb,
    /// Index into [`Prepared::materials`].
    pub material: Option<usize>,
    /// It carries [`ATTRIBUTE_BAKED_LIGHT`].
    pub is_baked: bool,
    /// See [`crate::bake::dense`]; of bare models only.
    pub is_dense: bool,
    /// It follows the joints of its node's skin.
    pub is_skinned: bool,
    /// It has morph targets.
    pub is_morphed: bool,
    /// Bytes of vertex and index data.
    pub bytes: usize,
    /// What it is looked at by, see [`super::seen`].
    pub shape: Option<Arc<Shape>>,
}

/// Largest number of triangles in one draw: beyond it a primitive is split in space, so
/// that what is behind the visitor is not drawn.
const TRIANGLES_A_DRAW: usize = 16_384;

/// How a model is made ready.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Preparation {
    /// Of its images, see [`super::loading::Textures`].
    pub anisotropy: u16,
    /// What can be seen from afar is copied.
    pub has_levels: bool,
    /// Nothing of an exhibit's is laid over it.
    pub is_bare: bool,
    /// What [`super::seen`] looks at is copied.
    pub is_looked_at: bool,
}

/// Moves a model's data into Bevy's assets. Call it off the main thread.
pub(super) fn prepare(
    model: Model,
    preparation: Preparation,
    is_full_material: impl Fn(Option<&model::Material>) -> bool,
) -> Prepared {
    let Preparation {
        anisotropy,
        has_levels,
        is_bare,
        is_looked_at,
    } = preparation;
    let Model {
        nodes,
        meshes,
        materials,
        mut images,
        images_replaced,
        image_labels,
        lights,
        clips,
        skins,
        ..
    } = model;
    let rig = Rig::new(clips, |node| nodes.get(node).map(pose).unwrap_or_default());
    let mut draws = Vec::new();
    let mut draws_of_mesh = Vec::with_capacity(meshes.len());
    let mut triangles = 0;
    let mut fine = Vec::new();
    for mesh in meshes {
        let mut own = Vec::new();
        for primitive in mesh.primitives {
            // Bevy 0.19.1 complains of meshes without anything to draw.
            if is_empty(&primitive) {
                continue;
            }
            let material = primitive.material.and_then(|index| materials.get(index));
            let is_full = is_full_material(material);
            let needs_second_uv = material.is_some_and(uses_second_uv);
            triangles += triangle_count(&primitive);
            let bounds = primitive.bounds;
            // What one sees through is drawn in the file's order.
            let is_opaque = material.is_none_or(|own| own.alpha != model::Alpha::Blend);
            let is_solid = material.is_none_or(|own| own.alpha == model::Alpha::Opaque);
            let is_looked_at = is_looked_at && is_solid && !is_full;
            let mut parts = crate::bake::split::split(primitive, TRIANGLES_A_DRAW);
            let in_order = |part: &mut model::Primitive| {
                if is_opaque {
                    put_in_order(part);
                }
                let areas = is_bare.then(|| Areas::of(part, bounds));
                (areas.unwrap_or_default(), shape(part, is_looked_at))
            };
            let in_order = parts.par_iter_mut().map(in_order);
            let (areas, shapes): (Vec<Areas>, Vec<_>) = in_order.unzip();
            let is_dense = are_dense(&areas);
            for (part, shape) in parts.into_iter().zip(shapes) {
                own.push(draws.len());
                if has_levels && has_coarser(&part) {
                    fine.push(Fine {
                        draw: draws.len(),
                        primitive: part.clone(),
                        is_full,
                        needs_second_uv,
                        is_looked_at,
                    });
                }
                draws.push(PreparedDraw {
                    is_dense,
                    shape,
                    ..prepare_draw(part, is_full, needs_second_uv)
                });
            }
        }
        draws_of_mesh.push(own);
    }
    let nodes = nodes
        .into_iter()
        .map(|node| PreparedNode {
            transform: Transform {
                translation: node.translation.as_vec3(),
                rotation: node.rotation.as_quat(),
                scale: node.scale.as_vec3(),
            },
            draws: node
                .mesh
                .and_then(|mesh| draws_of_mesh.get(mesh))
                .cloned()
                .unwrap_or_default(),
            name: node.name,
            parent: node.parent,
            light: node.light,
            skin: node.skin,
            weights: node.weights,
            is_visible: node.is_visible,
        })
        .collect();
    let missing = image_labels
        .into_iter()
        .zip(images.iter().zip(&images_replaced))
        .filter_map(|(label, (image, is_replaced))| {
            (image.is_none() && !is_replaced).then_some(label)
        })
        .collect();
    let samplers = samplers(&materials, images.len(), anisotropy);
    let materials = worn::keep(materials, &mut draws);
    // What an exhibit lays over a surface has occlusion of its own.
    let can_join = is_bare && !materials.iter().any(|own| is_full_material(Some(own)));
    let joined = if can_join {
        join::join(&materials, &mut images)
    } else {
        vec![false; materials.len()]
    };
    let images = images
        .into_iter()
        .zip(samplers)
        .map(|(image, sampler)| image.map(|image| prepare_image(image, sampler)))
        .collect();
    Prepared {
        nodes,
        draws,
        images,
        images_replaced,
        missing,
        materials,
        joined,
        lights,
        rig,
        skins,
        triangles,
        fine,
    }
}

fn is_empty(primitive: &model::Primitive) -> bool {
    let count = match &primitive.indices {
        Some(model::Indices::U16(list)) => list.len(),
        Some(model::Indices::U32(list)) => list.len(),
        None => primitive.positions.len(),
    };
    count == 0 || primitive.positions.is_empty()
}

/// A node when nothing plays.
fn pose(node: &model::Node) -> Pose {
    Pose {
        translation: node.translation.as_vec3(),
        rotation: node.rotation.as_quat(),
        scale: node.scale.as_vec3(),
        weights: node.weights.clone(),
    }
}

/// Whether some image of a material lies by the second UV set.
fn uses_second_uv(material: &model::Material) -> bool {
    material.textures().any(|texture| texture.uv_set == 1)
}

fn triangle_count(primitive: &model::Primitive) -> usize {
    if primitive.topology != Topology::Triangles {
        return 0;
    }
    match &primitive.indices {
        Some(model::Indices::U16(list)) => list.len() / 3,
        Some(model::Indices::U32(list)) => list.len() / 3,
        None => primitive.positions.len() / 3,
    }
}

fn prepare_draw(
    mut primitive: model::Primitive,
    is_full: bool,
    needs_second_uv: bool,
) -> PreparedDraw {
    if primitive.uv0.is_empty() && needs_second_uv {
        primitive.uv0.clone_from(&primitive.uv1);
    }
    let topology = match primitive.topology {
        Topology::Points => PrimitiveTopology::PointList,
        Topology::Lines => PrimitiveTopology::LineList,
        Topology::Triangles => PrimitiveTopology::TriangleList,
    };
    let (min, max) = primitive.bounds;
    let is_baked = !primitive.baked_light.is_empty() && !is_full;
    let needs_tangents = is_full && primitive.tangents.is_empty();
    let is_skinned = !primitive.joints.is_empty();
    let is_morphed = !primitive.morphs.is_empty();
    let vertices = primitive.positions.len();
    let mut stride = 12 + primitive.morphs.len() * size_of::<MorphAttributes>();
    let mut mesh = Mesh::new(topology, RenderAssetUsages::RENDER_WORLD);
    mesh.insert_attribute(Mesh::ATTRIBUTE_POSITION, primitive.positions);
    if !primitive.normals.is_empty() {
        stride += 12;
        mesh.insert_attribute(Mesh::ATTRIBUTE_NORMAL, primitive.normals);
    }
    if !primitive.uv0.is_empty() {
        stride += 8;
        mesh.insert_attribute(Mesh::ATTRIBUTE_UV_0, primitive.uv0);
    }
    if needs_second_uv && !primitive.uv1.is_empty() {
        stride += 8;
        mesh.insert_attribute(Mesh::ATTRIBUTE_UV_1, primitive.uv1);
    }
    if is_full {
        if !primitive.colors.is_empty() {
            stride += 16;
            let colors: Vec<[f32; 4]> = primitive
                .colors
                .iter()
                .map(|color| color.map(|channel| f32::from(channel) / 255.0))
                .collect();
            mesh.insert_attribute(Mesh::ATTRIBUTE_COLOR, colors);
        }
        if !primitive.tangents.is_empty() {
            stride += 16;
            mesh.insert_attribute(Mesh::ATTRIBUTE_TANGENT, primitive.tangents);
        }
    } else {
        if !primitive.colors.is_empty() {
            stride += 4;
            mesh.insert_attribute(
                ATTRIBUTE_SCAN_COLOR,
                bevy::mesh::VertexAttributeValues::Unorm8x4(primitive.colors),
            );
        }
        if is_baked {
            stride += 4;
            mesh.insert_attribute(
                ATTRIBUTE_BAKED_LIGHT,
                bevy::mesh::VertexAttributeValues::Unorm8x4(primitive.baked_light),
            );
        }
    }
    if is_skinned {
        stride += 24;
        mesh.insert_attribute(
            Mesh::ATTRIBUTE_JOINT_INDEX,
            bevy::mesh::VertexAttributeValues::Uint16x4(primitive.joints),
        );
        mesh.insert_attribute(Mesh::ATTRIBUTE_JOINT_WEIGHT, primitive.joint_weights);
    }
    if is_morphed {
        mesh.set_morph_targets(morph_targets(&primitive.morphs));
    }
    let index_bytes = match primitive.indices {
        Some(model::Indices::U16(list)) => {
            let list = in_pairs(list, topology);
            let bytes = list.len() * 2;
            mesh.insert_indices(Indices::U16(list));
            bytes
        }
        Some(model::Indices::U32(list)) => {
            let bytes = list.len() * 4;
            mesh.insert_indices(Indices::U32(list));
            bytes
        }
        None => 0,
    };
    if needs_tangents
        && mesh.contains_attribute(Mesh::ATTRIBUTE_NORMAL)
        && mesh.contains_attribute(Mesh::ATTRIBUTE_UV_0)
        && topology == PrimitiveTopology::TriangleList
    {
        match mesh.generate_tangents() {
            Ok(()) => stride += 16,
            Err(error) => debug!("no tangents for a mesh, its normal map is left out: {error}"),
        }
    }
    PreparedDraw {
        mesh: Some(mesh),
        aabb: Aabb::from_min_max(min, max),
        material: primitive.material,
        is_baked,
        is_dense: false,
        is_skinned,
        is_morphed,
        bytes: vertices * stride + index_bytes,
        shape: None,
    }
}

/// A buffer takes its bytes in fours, so indices of two bytes come in pairs. A triangle whose corners
/// are one draws nothing.
fn in_pairs(mut list: Vec<u16>, topology: PrimitiveTopology) -> Vec<u16> {
    if list.len() % 2 == 1
        && let Some(&last) = list.last()
    {
        let more = if topology == PrimitiveTopology::TriangleList {
            3
        } else {
            1
        };
        list.extend(std::iter::repeat_n(last, more));
    }
    list
}

/// Target by target, vertex by vertex, as the renderer takes them.
fn morph_targets(morphs: &[model::MorphTarget]) -> Vec<MorphAttributes> {
    let of = |morph: &model::MorphTarget, vertex: usize| {
        let vector = |list: &[[f32; 3]]| list.get(vertex).copied().map_or(Vec3::ZERO, Vec3::from);
        MorphAttributes::new(vector(&morph.positions), vector(&morph.normals), Vec3::ZERO)
    };
    morphs
        .iter()
        .flat_map(|morph| (0..morph.positions.len()).map(move |vertex| of(morph, vertex)))
        .collect()
}

/// The matrix of `KHR_texture_transform` as Bevy's `StandardMaterial` takes it.
pub(super) fn affine(rows: [[f32; 3]; 2]) -> Affine2 {
    Affine2::from_cols(
        Vec2::new(rows[0][0], rows[1][0]),
        Vec2::new(rows[0][1], rows[1][1]),
        Vec2::new(rows[0][2], rows[1][2]),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Without it the renderer refuses the buffer of a large mesh, and the app ends.
    #[test]
    fn indices_of_two_bytes_fill_whole_words() {
        for (topology, list, expected) in [
            (
                PrimitiveTopology::TriangleList,
                vec![0, 1, 2],
                vec![0, 1, 2, 2, 2, 2],
            ),
            (
                PrimitiveTopology::TriangleList,
                vec![0, 1, 2, 0, 2, 3],
                vec![0, 1, 2, 0, 2, 3],
            ),
            (
                PrimitiveTopology::PointList,
                vec![0, 1, 2],
                vec![0, 1, 2, 2],
            ),
            (PrimitiveTopology::TriangleList, vec![], vec![]),
        ] {
            assert_eq!(in_pairs(list, topology), expected, "{topology:?}");
        }
    }
}
