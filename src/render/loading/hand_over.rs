//! A decoded model becomes entities, a slice a frame.

use super::{HandOverPace, Loading, MaterialName, ModelLoaded, PlacedMesh, placeholder};
use crate::{
    bake::model,
    exhibit::words::{Word, Words},
    render::{board::Boards, detail::DrawOf, scan::ScanMaterial, seen::Looked, upload::Prepared},
};
use bevy::{
    camera::{primitives::Aabb, visibility::NoFrustumCulling},
    mesh::{
        morph::{MeshMorphWeights, MorphWeights},
        skinning::{SkinnedMesh, SkinnedMeshInverseBindposes},
    },
    prelude::*,
};
use std::collections::VecDeque;

/// A model that is being turned into entities.
pub(super) struct HandOver {
    pub(super) index: usize,
    pub(super) prepared: Prepared,
    pub(super) root: Entity,
    pub(super) nodes: Vec<Entity>,
    pub(super) materials: Vec<MaterialHandle>,
    /// Node and draw pairs still to spawn.
    pub(super) parts: VecDeque<(usize, usize)>,
    pub(super) meshes: Vec<Option<Handle<Mesh>>>,
    /// The joints of each skin.
    pub(super) skins: Vec<SkinnedMesh>,
    pub(super) bounds: Option<(Vec3, Vec3)>,
}

#[derive(Clone)]
pub(super) enum MaterialHandle {
    Scan(Handle<ScanMaterial>),
    Full(Handle<StandardMaterial>),
}

pub(super) fn spawn_nodes(
    commands: &mut Commands,
    root: Entity,
    prepared: &Prepared,
) -> Vec<Entity> {
    let mut nodes: Vec<Entity> = Vec::with_capacity(prepared.nodes.len());
    for node in &prepared.nodes {
        let parent = node.parent.map_or(root, |parent| nodes[parent]);
        let visibility = if node.is_visible {
            Visibility::Inherited
        } else {
            Visibility::Hidden
        };
        let mut entity = commands.spawn((ChildOf(parent), node.transform, visibility));
        if let Some(name) = &node.name {
            entity.insert(Name::new(name.clone()));
        }
        if !node.weights.is_empty()
            && let Ok(weights) = MorphWeights::new(node.weights.clone(), None)
        {
            entity.insert(weights);
        }
        if let Some(light) = node.light.and_then(|light| prepared.lights.get(light)) {
            insert_light(&mut entity, light);
        }
        nodes.push(entity.id());
    }
    nodes
}

/// The joints of each skin, and its inverse bind matrices.
pub(super) fn skins(
    prepared: &Prepared,
    nodes: &[Entity],
    matrices: &mut Assets<SkinnedMeshInverseBindposes>,
) -> Vec<SkinnedMesh> {
    prepared
        .skins
        .iter()
        .map(|skin| {
            let inverse = skin.joint_from_mesh.iter();
            let inverse: Vec<Mat4> = inverse.map(|own| Mat4::from(own.as_affine3())).collect();
            SkinnedMesh {
                inverse_bindposes: matrices.add(SkinnedMeshInverseBindposes::from(inverse)),
                joints: skin.joints.iter().map(|joint| nodes[*joint]).collect(),
            }
        })
        .collect()
}

/// `KHR_lights_punctual` gives candela; Bevy takes lumens of a light that shines all around.
fn insert_light(entity: &mut EntityCommands, light: &model::Light) {
    let color = Color::LinearRgba(LinearRgba::rgb(
        light.color[0],
        light.color[1],
        light.color[2],
    ));
    let lumens = light.intensity * 4.0 * std::f32::consts::PI;
    let range = light.range_m.unwrap_or(20.0);
    match light.kind {
        model::LightKind::Directional => {
            entity.insert(DirectionalLight {
                color,
                illuminance: light.intensity,
                ..default()
            });
        }
        model::LightKind::Point => {
            entity.insert(PointLight {
                color,
                intensity: lumens,
                range,
                ..default()
            });
        }
        model::LightKind::Spot {
            inner_rad,
            outer_rad,
        } => {
            entity.insert(SpotLight {
                color,
                intensity: lumens,
                range,
                inner_angle: inner_rad,
                outer_angle: outer_rad,
                ..default()
            });
        }
    }
}

pub(super) fn hand_over(
    mut commands: Commands,
    mut loading: ResMut<Loading>,
    pace: Res<HandOverPace>,
    mut boards: Boards,
    words: Option<Res<Words>>,
    mut loaded: MessageWriter<ModelLoaded>,
    placed: Query<&Transform, With<PlacedMesh>>,
) {
    let budget = pace.left();
    let mut left = budget;
    while let Some(mut work) = loading.waiting.pop_front() {
        while let Some((node, draw)) = work.parts.pop_front() {
            let world = world_from_node(&work.prepared, node);
            let part = &mut work.prepared.draws[draw];
            if part.mesh.is_some() && part.bytes > left && left < budget {
                // Something went already: what does not fit opens the next frame.
                work.parts.push_front((node, draw));
                break;
            }
            if let Some(mesh) = part.mesh.take() {
                left = left.saturating_sub(part.bytes);
                pace.take(part.bytes);
                loading.mesh_bytes += part.bytes;
                work.meshes[draw] = Some(boards.meshes.add(mesh));
            }
            let last = work.materials.len() - 1;
            let at = part.material.filter(|at| *at < last).unwrap_or(last);
            let mut entity =
                commands.spawn((ChildOf(work.nodes[node]), part.aabb, Transform::IDENTITY));
            if let Some(mesh) = &work.meshes[draw] {
                entity.insert((
                    Mesh3d(mesh.clone()),
                    DrawOf {
                        model: work.index,
                        draw,
                    },
                ));
            }
            if part.shape.is_some() {
                entity.insert(Looked(part.shape.clone()));
            }
            let skin = work.prepared.nodes[node].skin;
            if let Some(skin) = skin.filter(|_| part.is_skinned) {
                entity.insert(work.skins[skin].clone());
            }
            if part.is_morphed {
                entity.insert(MeshMorphWeights::Reference(work.nodes[node]));
            }
            if part.is_skinned || part.is_morphed {
                // It bends out of the bounds it has at rest.
                entity.insert(NoFrustumCulling);
            }
            match &work.materials[at] {
                MaterialHandle::Scan(handle) => entity.insert(MeshMaterial3d(handle.clone())),
                MaterialHandle::Full(handle) => entity.insert(MeshMaterial3d(handle.clone())),
            };
            if let Some(name) = work.prepared.materials.get(at).and_then(|m| m.name.clone()) {
                entity.insert(MaterialName(name));
            }
            work.bounds = Some(grow(work.bounds, &part.aabb, world));
            if left == 0 {
                break;
            }
        }
        if !work.parts.is_empty() {
            loading.waiting.push_front(work);
            return;
        }
        if let Some(bounds) = work.bounds
            && !work.prepared.missing.is_empty()
        {
            let words = words.as_deref().cloned().unwrap_or_default();
            placeholder::missing_images(
                &mut commands,
                &mut boards,
                work.root,
                bounds,
                &work.prepared.missing,
                words.say(Word::Missing),
            );
        }
        let bounds = work.bounds.map(|(min, max)| {
            let transform = placed.get(work.root).copied().unwrap_or_default();
            transform_bounds(&transform.compute_affine(), min, max)
        });
        if let Some((min, max)) = bounds {
            let (all_min, all_max) = loading.bounds.unwrap_or((min, max));
            loading.bounds = Some((all_min.min(min), all_max.max(max)));
        }
        loaded.write(ModelLoaded {
            index: work.index,
            bounds,
            triangles: work.prepared.triangles,
            error: None,
        });
    }
}

fn world_from_node(prepared: &Prepared, node: usize) -> bevy::math::Affine3A {
    let mut affine = prepared.nodes[node].transform.compute_affine();
    let mut at = prepared.nodes[node].parent;
    while let Some(parent) = at {
        affine = prepared.nodes[parent].transform.compute_affine() * affine;
        at = prepared.nodes[parent].parent;
    }
    affine
}

fn grow(bounds: Option<(Vec3, Vec3)>, aabb: &Aabb, affine: bevy::math::Affine3A) -> (Vec3, Vec3) {
    let (min, max) = transform_bounds(&affine, aabb.min().into(), aabb.max().into());
    bounds.map_or((min, max), |(a, b)| (a.min(min), b.max(max)))
}

fn transform_bounds(affine: &bevy::math::Affine3A, min: Vec3, max: Vec3) -> (Vec3, Vec3) {
    let mut low = Vec3::splat(f32::INFINITY);
    let mut high = Vec3::splat(f32::NEG_INFINITY);
    for corner in 0..8 {
        let pick = |bit: usize, a: f32, b: f32| if corner & bit == 0 { a } else { b };
        let at = affine.transform_point3(Vec3::new(
            pick(1, min.x, max.x),
            pick(2, min.y, max.y),
            pick(4, min.z, max.z),
        ));
        low = low.min(at);
        high = high.max(at);
    }
    (low, high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        bake::model::{Indices, Mesh as ModelMesh, Model, Node, Primitive},
        render::{loading::pace, upload},
    };

    /// A bumpy sheet of `side` squares a side, 1 m wide.
    fn sheet(side: u32) -> Primitive {
        let corners = side + 1;
        let at = |index: u32| index as f32 / side as f32;
        let positions: Vec<[f32; 3]> = (0..corners * corners)
            .map(|index| {
                let (x, z) = (at(index % corners), at(index / corners));
                [x, 0.01 * (x * z), z]
            })
            .collect();
        let indices = (0..side * side)
            .flat_map(|square| {
                let own = square / side * corners + square % side;
                [
                    own,
                    own + corners,
                    own + 1,
                    own + 1,
                    own + corners,
                    own + corners + 1,
                ]
            })
            .collect();
        Primitive {
            normals: vec![[0.0, 1.0, 0.0]; positions.len()],
            uv0: positions.iter().map(|at| [at[0], at[2]]).collect(),
            positions,
            indices: Some(Indices::U32(indices)),
            bounds: (Vec3::ZERO, Vec3::new(1.0, 0.01, 1.0)),
            ..Primitive::default()
        }
    }

    #[test]
    fn no_frame_is_given_more_than_its_budget() {
        const BUDGET: usize = 2 << 20;
        let model = Model {
            nodes: vec![Node {
                mesh: Some(0),
                ..Node::default()
            }],
            // A million triangles.
            meshes: vec![ModelMesh {
                primitives: vec![sheet(708)],
                ..ModelMesh::default()
            }],
            ..Model::default()
        };
        let prepared = upload::prepare(model, upload::Preparation::default(), |_| false);
        let whole: usize = prepared.draws.iter().map(|draw| draw.bytes).sum();
        let largest = prepared
            .draws
            .iter()
            .map(|draw| draw.bytes)
            .max()
            .unwrap_or_default();
        assert!(
            largest < BUDGET,
            "a part ({largest} bytes) is a small share of a frame's"
        );

        let mut app = App::new();
        app.add_plugins((MinimalPlugins, AssetPlugin::default()))
            .init_asset::<Image>()
            .init_asset::<Mesh>()
            .init_asset::<ScanMaterial>()
            .init_resource::<Loading>()
            .init_resource::<HandOverPace>()
            .add_message::<ModelLoaded>()
            .add_systems(PreUpdate, (pace::keep_pace, hand_over).chain());
        app.world().resource::<HandOverPace>().fix(BUDGET);
        let world = app.world_mut();
        let root = world.spawn_empty().id();
        let nodes = spawn_nodes(&mut world.commands(), root, &prepared);
        let material = world
            .resource_mut::<Assets<ScanMaterial>>()
            .add(ScanMaterial::default());
        let parts: VecDeque<_> = (0..prepared.draws.len()).map(|draw| (0, draw)).collect();
        let count = parts.len();
        world.resource_mut::<Loading>().waiting.push_back(HandOver {
            index: 0,
            root,
            nodes,
            materials: vec![MaterialHandle::Scan(material)],
            parts,
            meshes: vec![None; count],
            skins: Vec::new(),
            bounds: None,
            prepared,
        });
        let (mut given, mut frames) = (0, 0);
        while !app.world().resource::<Loading>().waiting.is_empty() {
            app.update();
            let now = app.world().resource::<Loading>().mesh_bytes;
            assert!(now > given, "every frame takes something");
            assert!(
                now - given <= BUDGET,
                "frame {frames} took {} bytes",
                now - given
            );
            (given, frames) = (now, frames + 1);
        }
        assert_eq!(given, whole, "all of it arrived");
        let shown = app.world_mut().query::<&Mesh3d>().iter(app.world()).count();
        assert_eq!(shown, count, "every part became an entity");
        assert!(
            frames <= whole.div_ceil(BUDGET - largest) + 1,
            "and no frame was left nearly empty: {frames} frames for {whole} bytes"
        );
    }
}
