//! What visitors bump into, gathered from the meshes of a stage.

use super::{
    grounds,
    spots::Wanted,
    stage::{Stage, StagedMesh},
};
use crate::bake::{
    self, ReadOptions,
    animation::Clip,
    area::Patch,
    collide::{CollideError, Collider, CollisionCache, PartId, Soup, Surface},
    model::{Alpha, Model, Node},
};
use crate::tour::HotspotIndex;
use bevy::math::DAffine3;
use std::sync::Arc;

/// Which parts of meshes are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Solid {
    /// Those that stop visitors.
    Stops,
    /// Those that are shown, are not clear, and stop nobody.
    Ghosts,
}

/// Adds what is solid of a model, as it is placed.
///
/// # Errors
/// When there are too many triangles.
pub fn add(
    soup: &mut Soup,
    model: &Model,
    mesh: &StagedMesh,
    solid: Solid,
) -> Result<(), CollideError> {
    let world = DAffine3::from_scale_rotation_translation(
        mesh.scale.as_dvec3(),
        mesh.rotation_in_world.as_dquat(),
        mesh.translation_in_world.as_dvec3(),
    );
    soup.add_model(model, world, |index, node| {
        let names = || ancestry(model, index);
        let is_walkable = mesh.walkable.holds(names());
        let stops = mesh.collides.holds(names()) || is_walkable;
        Surface {
            collides: node.is_visible
                && match solid {
                    Solid::Stops => stops,
                    Solid::Ghosts => !stops && !is_clear(model, node),
                },
            is_walkable,
        }
    })
}

/// Whether all of a node can be seen through.
fn is_clear(model: &Model, node: &Node) -> bool {
    let mesh = node.mesh.and_then(|mesh| model.meshes.get(mesh));
    mesh.is_some_and(|mesh| {
        mesh.primitives.iter().all(|part| {
            let material = part.material.and_then(|own| model.materials.get(own));
            material.is_some_and(|own| own.alpha == Alpha::Blend || own.transmission > 0.0)
        })
    })
}

/// Names of a node and of its ancestors.
pub(crate) fn ancestry(model: &Model, index: usize) -> impl Iterator<Item = &str> {
    std::iter::successors(model.nodes.get(index), |node| {
        node.parent.and_then(|parent| model.nodes.get(parent))
    })
    .filter_map(|node| node.name.as_deref())
}

/// The collider, from the cache where it is known. Slow.
pub fn build(soup: Soup) -> Collider {
    match crate::dirs::cache_dir() {
        Some(folder) => {
            CollisionCache::new(folder.join("collision"))
                .load_or_build(soup)
                .0
        }
        None => Collider::build(soup),
    }
}

/// The rock of a stage, read without its pictures.
#[derive(Default)]
pub struct Rocks {
    /// What stops visitors.
    pub stops: Collider,
    /// What is shown and does not stop them; `None` where there is no such thing.
    pub ghosts: Option<Collider>,
    /// Each mesh and its nodes.
    pub(crate) names: Vec<(String, Vec<String>)>,
    /// The animations of meshes that have some, by their index on the stage.
    pub(crate) clips: Vec<(usize, Vec<Clip>)>,
    /// Areas and nodes that hotspots are, cut out of their models.
    pub patches: Vec<(HotspotIndex, Arc<Patch>)>,
    /// Meshes that could not be read: their index on the stage.
    pub missing: Vec<usize>,
}

impl Rocks {
    /// Reads the shapes of all meshes and sorts them. Slow; `tick` hears the fraction done.
    pub fn read(stage: &Stage, mut tick: impl FnMut(f32)) -> Self {
        let mut rocks = Self::default();
        let (mut stops, mut ghosts) = (Soup::default(), Soup::default());
        for (index, mesh) in stage.meshes.iter().enumerate() {
            tick(index as f32 / (stage.meshes.len() + 1) as f32);
            let options = ReadOptions {
                has_images: false,
                ..mesh.options.clone()
            };
            // What is wrong with a model has been said where it was checked.
            let model = match bake::read_model(&mesh.path, &options, &()) {
                Ok(model) => model,
                Err(_) => {
                    rocks.missing.push(index);
                    Model::default()
                }
            };
            let names = model.nodes.iter().map(|node| node.name.clone());
            let names = names.map(Option::unwrap_or_default).collect();
            rocks.names.push((mesh.id.clone(), names));
            if !model.clips.is_empty() {
                rocks.clips.push((index, model.clips.clone()));
            }
            let wanted = Wanted::on_mesh(stage.story.as_deref(), index);
            rocks.patches.extend(wanted.cut(&model, mesh));
            let is_added = add(&mut stops, &model, mesh, Solid::Stops)
                .and_then(|()| add(&mut ghosts, &model, mesh, Solid::Ghosts));
            if is_added.is_err() {
                rocks.missing.push(index);
            }
        }
        tick(stage.meshes.len() as f32 / (stage.meshes.len() + 1) as f32);
        // Too many triangles: the grounds are the least of them.
        drop(grounds::add(&mut stops, &stage.grounds));
        rocks.stops = build(stops);
        rocks.ghosts = (ghosts.triangle_count() > 0).then(|| build(ghosts));
        rocks
    }

    /// What a part is called: its node, or else its mesh.
    #[must_use]
    pub fn name(&self, part: PartId) -> &str {
        let Some((mesh, nodes)) = self.names.get(part.model as usize) else {
            return "";
        };
        let node = nodes.get(part.node as usize).map_or("", String::as_str);
        if node.is_empty() { mesh } else { node }
    }
}
