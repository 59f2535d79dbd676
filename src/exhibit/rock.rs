//! What visitors bump into, gathered from the meshes of a stage.

use super::{
    grounds,
    spots::Wanted,
    stage::{Stage, StagedMesh},
};
use crate::bake::{
    self, ReadOptions,
    animation::{Clip, Target},
    area::Patch,
    collide::{
        CollideError, Collider, CollisionCache, Mover, MoverId, PartId, Soup, Surface,
        world_transforms,
    },
    model::{Alpha, Model, Node},
};
use crate::tour::HotspotIndex;
use bevy::math::DAffine3;
use std::{collections::BTreeSet, sync::Arc};

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
    soup.add_model(model, world_from_mesh(mesh), |index, node| {
        surface(model, mesh, solid, index, node)
    })
}

pub(super) fn world_from_mesh(mesh: &StagedMesh) -> DAffine3 {
    DAffine3::from_scale_rotation_translation(
        mesh.scale.as_dvec3(),
        mesh.rotation_in_world.as_dquat(),
        mesh.translation_in_world.as_dvec3(),
    )
}

fn surface(model: &Model, mesh: &StagedMesh, solid: Solid, index: usize, node: &Node) -> Surface {
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
}

/// Adds what stops visitors of a model and stays where it is, and returns what animations move
/// as a whole: each moving node with all that hangs on it, but for what moves by itself. What
/// bends (skins) stays in its rest pose, and so does the shape of what morphs. Slow: trees are
/// built.
///
/// # Errors
/// When there are too many triangles.
pub fn add_with_movers(
    soup: &mut Soup,
    model: &Model,
    mesh: &StagedMesh,
    index: usize,
) -> Result<Vec<Mover>, CollideError> {
    let world = world_from_mesh(mesh);
    let worlds = world_transforms(model, world);
    let leads = leads(model, &worlds);
    let lead_of = |index: usize| leads[index];
    let surface = |index: usize, node: &Node, lead: Option<usize>| {
        let own = surface(model, mesh, Solid::Stops, index, node);
        Surface {
            collides: own.collides && lead_of(index) == lead,
            ..own
        }
    };
    soup.add_model(model, world, |at, node| surface(at, node, None))?;
    let all: BTreeSet<usize> = (0..model.nodes.len()).filter_map(lead_of).collect();
    let mut movers = Vec::new();
    for lead in all {
        let mut shape = Soup::default();
        let shape_from_model = worlds[lead].inverse() * world;
        shape.add_model(model, shape_from_model, |at, node| {
            surface(at, node, Some(lead))
        })?;
        if shape.triangle_count() > 0 {
            let id = MoverId {
                mesh: index,
                node: lead,
            };
            movers.push(Mover::new(id, shape, worlds[lead].as_affine3().into()));
        }
    }
    Ok(movers)
}

/// Of each node that moves as a whole the nearest that an animation moves: itself or one it
/// hangs on. None of what bends: that is where its joints take it.
pub(super) fn leads(model: &Model, worlds: &[DAffine3]) -> Vec<Option<usize>> {
    let channels = model.clips.iter().flat_map(|clip| &clip.channels);
    let moved: BTreeSet<usize> = channels
        .filter(|channel| channel.target != Target::Weights)
        .map(|channel| channel.node)
        .collect();
    let mut leads: Vec<Option<usize>> = Vec::with_capacity(model.nodes.len());
    for (index, node) in model.nodes.iter().enumerate() {
        // Parents come before their children.
        let inherited = || {
            node.parent
                .and_then(|parent| leads.get(parent).copied().flatten())
        };
        let lead = if moved.contains(&index) {
            Some(index)
        } else {
            inherited()
        };
        leads.push(lead);
    }
    for (index, lead) in leads.iter_mut().enumerate() {
        // What is scaled to nothing at rest has no frame to stand in.
        *lead = lead.filter(|lead| {
            model.nodes[index].skin.is_none() && worlds[*lead].matrix3.determinant().abs() > 1e-9
        });
    }
    leads
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
            rocks.patches.extend(wanted.cut_at_rest(&model, mesh));
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
