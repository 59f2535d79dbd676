//! Whether a ray meets a hotspot, or how far it misses it.

use super::{Moved, Piece};
use crate::{
    bake::{area::Patch, collide::Collider},
    visit::point::Shape,
};
use bevy::{math::Affine3A, prelude::*};
use std::sync::Arc;

/// What a hotspot covers, for a ray.
#[derive(Debug, Clone)]
pub(in crate::exhibit) enum Body {
    Shape(Shape),
    /// Parts of models; each is where it has been moved to.
    Parts(Vec<Placed>),
}

/// A part of a model, where it is now.
#[derive(Debug, Clone)]
pub(in crate::exhibit) struct Placed {
    patch: Arc<Patch>,
    world_from_rest: Affine3A,
    rest_from_world: Affine3A,
    /// Metres in world for one at rest.
    scale: f32,
}

impl Placed {
    /// Where it is; `None` where it has been scaled away.
    pub(in crate::exhibit) fn new(piece: &Piece, moved: &Moved) -> Option<Self> {
        let world_from_rest = moved.world_from_rest(piece.lead.as_ref());
        let scale = world_from_rest.matrix3.determinant().abs().cbrt();
        (world_from_rest.is_finite() && scale > LEAST_SCALE).then(|| Self {
            patch: Arc::clone(&piece.patch),
            world_from_rest,
            rest_from_world: world_from_rest.inverse(),
            scale,
        })
    }

    /// Its middle and how far it reaches from there, metres.
    pub(in crate::exhibit) fn ball(&self) -> (Vec3, f32) {
        let center = self.world_from_rest.transform_point3(self.patch.center);
        (center, self.patch.radius_m * self.scale)
    }

    /// Where a ray meets its triangles first.
    fn hit(&self, from: Vec3, direction: Vec3) -> Option<Vec3> {
        let from = self.rest_from_world.transform_point3(from);
        let direction = self.rest_from_world.transform_vector3(direction);
        let hit = self
            .patch
            .hit(from, direction.normalize_or_zero(), f32::MAX)?;
        Some(self.world_from_rest.transform_point3(hit.point))
    }
}

/// The ball around parts, which lie around the middle of the largest.
pub(in crate::exhibit) fn ball_of(parts: &[Placed]) -> Option<(Vec3, f32)> {
    let balls = || parts.iter().map(Placed::ball);
    let (center, _) = balls().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let reach = balls().map(|(own, radius)| own.distance(center) + radius);
    Some((center, reach.fold(0.0, f32::max)))
}

/// A part this small (the factor of its scale) is nowhere: it has been scaled away.
const LEAST_SCALE: f32 = 1e-4;

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
    pub(in crate::exhibit) fn is_cut(&self) -> bool {
        matches!(self, Self::Parts(parts) if parts.iter().any(|own| !own.patch.triangles.is_empty()))
    }

    /// How it lies to a ray with a unit direction; whether rock hides a shape is not asked.
    pub(in crate::exhibit) fn sight(
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
            Self::Parts(parts) if self.is_cut() => {
                let met = parts.iter().filter_map(|own| own.hit(from, direction));
                let point = met.min_by(|a, b| {
                    from.distance_squared(*a)
                        .total_cmp(&from.distance_squared(*b))
                })?;
                (!is_hidden(point)).then(|| Sight {
                    point,
                    miss_rad: 0.0,
                    off_rad: ball_of(parts).map_or(0.0, |(center, _)| angle_to(center)),
                })
            }
            Self::Parts(parts) => {
                let (center, radius_m) = ball_of(parts)?;
                let ball = Shape::Sphere { center, radius_m };
                Self::Shape(ball).sight(from, direction, rock)
            }
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
