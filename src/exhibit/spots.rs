//! What of the world hotspots cover, as it becomes known, and which of them a ray means.
//!
//! Balls and boxes are known from the scene file. Areas of surfaces and nodes of meshes are
//! cut out of their models while those are read ([`Patches`]); until then they cannot be
//! pointed at. What an animation moves is a [`Piece`] of its own and is where it is shown.

mod body;
mod pieces;

pub use body::Sight;
pub(super) use body::{Body, Placed, ball_of};
pub use pieces::{Lead, Moved, Patches, Piece};

use super::{
    rock::{self, ancestry, world_from_mesh},
    stage::{NodeChoice, StagedMesh, StagedStory},
};
use crate::{
    bake::{
        self,
        area::{Mask, Patch, Region},
        collide::{MoverId, world_transforms},
        model::{self, Model},
    },
    tour::HotspotIndex,
};
use bevy::{math::DAffine3, prelude::*};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
};

/// The radius of a hotspot that is a point, metres.
pub(crate) const POINT_M: f32 = 0.15;

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
pub struct Wanted {
    /// Of the mesh.
    index: usize,
    parts: Vec<(HotspotIndex, String, StagedRegion)>,
}

impl Wanted {
    /// Those of a story on the mesh with an index.
    pub fn on_mesh(story: Option<&StagedStory>, index: usize) -> Self {
        let spots = story
            .iter()
            .flat_map(|story| story.hotspots.iter().enumerate());
        let parts = spots
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
            .collect();
        Self { index, parts }
    }

    /// Cuts them out of the model as it stands at rest. Slow: call it where the model is read.
    pub fn cut_at_rest(&self, model: &Model, mesh: &StagedMesh) -> Vec<(HotspotIndex, Arc<Patch>)> {
        let world = world_from_mesh(mesh);
        let cut = |(spot, target, region): &(HotspotIndex, String, StagedRegion)| {
            let choice = Choice::read(target, region, mesh)?;
            let patch = choice.cut(model, world, |_| true);
            // A node without a mesh is a place: the ball around it is pointed at.
            if patch.is_none() && !choice.is_node() {
                warn!("a hotspot on {} covers nothing of {target:?}", mesh.id);
            }
            Some((*spot, Arc::new(patch?)))
        };
        self.parts.iter().filter_map(cut).collect()
    }

    /// Cuts them out of the model, apart what moves apart. Slow: call it where the model is
    /// read.
    pub fn cut(&self, model: &Model, mesh: &StagedMesh) -> Vec<Piece> {
        if model.clips.is_empty() {
            let whole = self.cut_at_rest(model, mesh).into_iter();
            return whole
                .map(|(spot, patch)| Piece {
                    spot,
                    patch,
                    lead: None,
                })
                .collect();
        }
        let world = world_from_mesh(mesh);
        let worlds = world_transforms(model, world);
        let leads = rock::leads(model, &worlds);
        let all: BTreeSet<Option<usize>> = leads.iter().copied().collect();
        let lead_of = |node: Option<usize>| {
            node.map(|node| Lead {
                id: MoverId {
                    mesh: self.index,
                    node,
                },
                world_from_lead_at_rest: worlds[node].as_affine3().into(),
            })
        };
        let mut pieces = Vec::new();
        for (spot, target, region) in &self.parts {
            let Some(choice) = Choice::read(target, region, mesh) else {
                continue;
            };
            let first = pieces.len();
            for lead in &all {
                if let Some(patch) = choice.cut(model, world, |node| leads[node] == *lead) {
                    let (spot, patch) = (*spot, Arc::new(patch));
                    pieces.push(Piece {
                        spot,
                        patch,
                        lead: lead_of(*lead),
                    });
                }
            }
            if pieces.len() > first {
                continue;
            }
            // A node without a mesh is a place: the ball around it is pointed at.
            let place = (0..model.nodes.len()).find(|node| choice.names(model, *node));
            match place {
                Some(node) if choice.is_node() => {
                    if let Some(lead) = lead_of(leads[node]) {
                        let patch = Patch::ball(worlds[node].translation.as_vec3(), POINT_M);
                        let (spot, patch) = (*spot, Arc::new(patch));
                        pieces.push(Piece {
                            spot,
                            patch,
                            lead: Some(lead),
                        });
                    }
                }
                _ => warn!("a hotspot on {} covers nothing of {target:?}", mesh.id),
            }
        }
        pieces
    }
}

/// What of a model a hotspot is.
struct Choice<'a> {
    target: &'a str,
    nodes: NodeChoice,
    region: Region,
}

impl<'a> Choice<'a> {
    fn read(target: &'a str, region: &StagedRegion, mesh: &StagedMesh) -> Option<Self> {
        match region.read() {
            Ok(region) => Some(Self {
                target,
                nodes: NodeChoice::Nodes(vec![target.to_owned()]),
                region,
            }),
            Err(error) => {
                warn!("a hotspot on {} cannot be pointed at: {error}", mesh.id);
                None
            }
        }
    }

    fn is_node(&self) -> bool {
        self.region == Region::Whole
    }

    /// Whether a node is meant, by its own name or by that of one it hangs on.
    fn names(&self, model: &Model, node: usize) -> bool {
        self.nodes.holds(ancestry(model, node))
    }

    fn cut(
        &self,
        model: &Model,
        world: DAffine3,
        is_wanted: impl Fn(usize) -> bool,
    ) -> Option<Patch> {
        Patch::cut(model, world, self.region.clone(), |node, primitive| {
            let material = primitive
                .material
                .and_then(|material| model.materials.get(material)?.name.as_deref());
            let is_material = !self.is_node()
                && material.is_some_and(|name| super::stage::matches(self.target, name));
            is_wanted(node) && (is_material || self.names(model, node))
        })
    }
}
