//! What of the world hotspots cover, as it becomes known, and which of them a ray means.
//!
//! Balls and boxes are known from the scene file. Areas of surfaces and nodes of meshes are
//! cut out of their models while those are read ([`Patches`]); until then they cannot be
//! pointed at.

use super::{
    rock::ancestry,
    stage::{NodeChoice, StagedMesh, StagedStory},
};
use crate::{
    bake::{
        self,
        area::{Mask, Patch, Region},
        collide::Collider,
        model::{self, Model},
    },
    tour::HotspotIndex,
    visit::point::Shape,
};
use bevy::{math::DAffine3, prelude::*};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

/// What of the world a hotspot covers.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum StagedShape {
    /// The ball around it.
    #[default]
    Ball,
    /// A box.
    Box {
        /// Half its sides, along its own axes, metres; its middle is the ball's.
        half_m: Vec3,
        /// Its axes in world.
        rotation_in_world: Quat,
    },
    /// A part of a mesh, by its index in [`Stage::meshes`](super::stage::Stage::meshes).
    Part {
        /// Which mesh.
        mesh: usize,
        /// Patterns of materials or nodes; of their textures the region counts.
        target: String,
        /// See [`StagedRegion`].
        region: StagedRegion,
    },
}

/// What of a texture counts.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum StagedRegion {
    /// All: a node, with what hangs below it.
    #[default]
    Node,
    /// Inside these corners.
    Polygon(Vec<Vec2>),
    /// The white of an image, absolute path.
    Mask(PathBuf),
}

impl StagedRegion {
    fn read(&self) -> Result<Region, String> {
        match self {
            Self::Node => Ok(Region::Whole),
            Self::Polygon(corners) => Ok(Region::Polygon(corners.clone())),
            Self::Mask(path) => read_mask(path).map(Region::Mask),
        }
    }
}

fn read_mask(path: &Path) -> Result<Mask, String> {
    let options = bake::ReadOptions::default();
    let image = bake::read_image(path, model::ImageUse::Data, model::Alpha::Opaque, &options)
        .map_err(|error| error.to_string())?;
    if image.format != model::TexelFormat::Rgba8 {
        return Err("a mask must be a plain image, not a block-compressed one".to_owned());
    }
    Mask::of_rgba(image.width, image.height, &image.data)
        .ok_or_else(|| "nothing of the mask is white".to_owned())
}

/// The hotspots on a mesh, to be cut out of its model.
#[derive(Debug, Clone, Default)]
pub struct Wanted(Vec<(HotspotIndex, String, StagedRegion)>);

impl Wanted {
    /// Those of a story on the mesh with an index.
    pub fn on_mesh(story: Option<&StagedStory>, index: usize) -> Self {
        let spots = story
            .iter()
            .flat_map(|story| story.hotspots.iter().enumerate());
        Self(
            spots
                .filter_map(|(spot, hotspot)| match &hotspot.shape {
                    StagedShape::Part {
                        mesh,
                        target,
                        region,
                    } if *mesh == index => {
                        Some((HotspotIndex::new(spot), target.clone(), region.clone()))
                    }
                    _ => None,
                })
                .collect(),
        )
    }

    /// Cuts them out of the model. Slow: call it where the model is read.
    pub fn cut(&self, model: &Model, mesh: &StagedMesh) -> Vec<(HotspotIndex, Arc<Patch>)> {
        let world = DAffine3::from_scale_rotation_translation(
            mesh.scale.as_dvec3(),
            mesh.rotation_in_world.as_dquat(),
            mesh.translation_in_world.as_dvec3(),
        );
        let cut = |(spot, target, region): &(HotspotIndex, String, StagedRegion)| {
            let region = match region.read() {
                Ok(region) => region,
                Err(error) => {
                    warn!("a hotspot on {} cannot be pointed at: {error}", mesh.id);
                    return None;
                }
            };
            let is_node = region == Region::Whole;
            let choice = NodeChoice::Nodes(vec![target.clone()]);
            let patch = Patch::cut(model, world, region, |node, primitive| {
                let material = primitive
                    .material
                    .and_then(|material| model.materials.get(material)?.name.as_deref());
                let is_material =
                    !is_node && material.is_some_and(|name| super::stage::matches(target, name));
                is_material || choice.holds(ancestry(model, node))
            });
            // A node without a mesh is a place: the ball around it is pointed at.
            if patch.is_none() && !is_node {
                warn!("a hotspot on {} covers nothing of {target:?}", mesh.id);
            }
            Some((*spot, Arc::new(patch?)))
        };
        self.0.iter().filter_map(cut).collect()
    }
}

type Cut = Vec<(HotspotIndex, Arc<Patch>)>;

/// What has been cut out of the models of the stage so far. Another stage brings another.
#[derive(Resource, Debug, Clone, Default)]
pub struct Patches {
    arriving: Arc<Mutex<Cut>>,
    here: Cut,
}

impl Patches {
    /// Where the threads that read models put what they have cut.
    pub fn sink(&self) -> impl Fn(Cut) + Send + Sync + use<> {
        let arriving = Arc::clone(&self.arriving);
        move |mut cut| {
            arriving
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .append(&mut cut);
        }
    }

    /// Takes what has arrived; whether something has.
    pub(super) fn receive(&mut self) -> bool {
        let mut arriving = self.arriving.lock().unwrap_or_else(PoisonError::into_inner);
        let has_some = !arriving.is_empty();
        self.here.append(&mut arriving);
        has_some
    }

    /// Whether something has arrived that [`Self::receive`] has not taken.
    pub(super) fn has_news(&self) -> bool {
        !self
            .arriving
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_empty()
    }

    /// What is here, by hotspot.
    pub fn iter(&self) -> impl Iterator<Item = (HotspotIndex, &Arc<Patch>)> {
        self.here.iter().map(|(spot, patch)| (*spot, patch))
    }
}

/// What a hotspot covers, for a ray.
#[derive(Debug, Clone)]
pub(super) enum Body {
    Shape(Shape),
    Patch(Arc<Patch>),
}

/// How a hotspot lies to a ray.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sight {
    /// Where the ray meets it, or passes nearest, in world.
    pub point: Vec3,
    /// The angle by which the ray misses it, radians; 0 where it meets.
    pub miss_rad: f32,
    /// The angle between the ray and its middle, radians.
    pub off_rad: f32,
}

/// A surface is not hidden by itself, nor a hotspot by the wall on which it lies, metres.
const ON_WALL_M: f32 = 0.15;

impl Body {
    /// Whether it is triangles of the rock, and not a shape around a place.
    pub(super) fn is_cut(&self) -> bool {
        matches!(self, Self::Patch(patch) if !patch.triangles.is_empty())
    }

    /// How it lies to a ray with a unit direction; whether rock hides a shape is not asked.
    pub(super) fn sight(
        &self,
        from: Vec3,
        direction: Vec3,
        rock: Option<&Collider>,
    ) -> Option<Sight> {
        let is_hidden = |point: Vec3| {
            rock.is_some_and(|rock| {
                rock.is_occluded(from, point - (point - from).clamp_length_max(ON_WALL_M))
            })
        };
        let angle_to =
            |point: Vec3| direction.angle_between((point - from).normalize_or(direction));
        match self {
            Self::Patch(patch) if !patch.triangles.is_empty() => {
                let hit = patch.hit(from, direction, f32::MAX)?;
                (!is_hidden(hit.point)).then(|| Sight {
                    point: hit.point,
                    miss_rad: 0.0,
                    off_rad: angle_to(patch.center),
                })
            }
            Self::Patch(patch) => Self::Shape(Shape::Sphere {
                center: patch.center,
                radius_m: patch.radius_m,
            })
            .sight(from, direction, rock),
            Self::Shape(shape) => {
                let along = (shape.center() - from).dot(direction).max(0.0);
                let met = shape.entry_m(from, direction);
                let point = match met {
                    Some(entry_m) => from + direction * entry_m,
                    None => shape.nearest(from + direction * along),
                };
                Some(Sight {
                    point,
                    miss_rad: if met.is_some() { 0.0 } else { angle_to(point) },
                    off_rad: angle_to(shape.center()),
                })
            }
        }
    }
}
