//! What lights a stage, and what is seen where no mesh is.

use crate::bake::area::is_inside;
use bevy::math::{Quat, Vec2, Vec3};
use std::path::PathBuf;

/// A light of the exhibit.
#[derive(Debug, Clone, PartialEq)]
pub struct StagedLight {
    /// The author's id.
    pub id: String,
    /// Where, in world.
    pub position_in_world: Vec3,
    /// Which way it shines.
    pub rotation_in_world: Quat,
    /// Its shape.
    pub kind: StagedLightKind,
    /// Linear RGB.
    pub color: [f32; 3],
    /// Metres.
    pub range_m: f32,
    /// Metres.
    pub radius_m: f32,
    /// A living flame: it flickers and a small flame is drawn.
    pub is_flame: bool,
    /// Its diffuse light is already in the baked light.
    pub is_baked: bool,
    /// Casts shadows of objects.
    pub casts_shadows: bool,
}

/// Shape and strength of a light.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum StagedLightKind {
    /// Lumens all around.
    Point {
        /// Luminous flux.
        lumens: f32,
    },
    /// Lumens as if all around; the cone cuts out its part, as Bevy does it.
    Spot {
        /// Luminous flux.
        lumens: f32,
        /// Half angle, radians.
        outer_rad: f32,
        /// Half angle, radians.
        inner_rad: f32,
    },
    /// Parallel.
    Directional {
        /// Illuminance.
        lux: f32,
    },
}

/// The meaning of the baked light of this exhibit, lux at a baked value of 1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct StagedBake {
    /// Linear RGB times lux.
    pub daylight: [f32; 3],
    /// Where daylight comes from.
    pub daylight_from: Option<Vec3>,
    /// Linear RGB times lux, and flicker depth.
    pub lamps_a: ([f32; 3], f32),
    /// Linear RGB times lux, and flicker depth.
    pub lamps_b: ([f32; 3], f32),
}

/// The lamp the visitor carries.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StagedLamp {
    /// Lit at the start.
    pub is_on: bool,
    /// Linear RGB.
    pub color: [f32; 3],
    /// Luminous flux if it shone all around.
    pub lumens: f32,
    /// Half angle, radians.
    pub outer_rad: f32,
    /// Half angle of full brightness, radians.
    pub inner_rad: f32,
    /// Metres.
    pub range_m: f32,
}

/// What is seen where no mesh is.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum StagedSky {
    /// [`StagedAir::background`] all around.
    #[default]
    Plain,
    /// Linear RGB as shown.
    Gradient {
        /// Straight up.
        zenith: [f32; 3],
        /// At eye height.
        horizon: [f32; 3],
        /// Straight down.
        ground: [f32; 3],
    },
    /// An equirectangular image, absolute path.
    Panorama(PathBuf),
}

/// Air.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StagedAir {
    /// What is seen where there is nothing, linear RGB as shown.
    pub background: [f32; 3],
    /// Linear RGB of the fog and its density in 1/m, if any.
    pub fog: Option<([f32; 3], f32)>,
    /// Dust in the light, 0 to 1.
    pub dust: f32,
    /// Photographic exposure value at ISO 100.
    pub exposure_ev100: f32,
    /// Glow around what is brighter than white, 0 to 1.
    pub bloom: f32,
    /// Light that comes from everywhere, linear RGB times lux.
    pub ambient: [f32; 3],
}

/// A region with an exposure of its own: eyes adapt to a room.
#[derive(Debug, Clone, PartialEq)]
pub struct StagedZone {
    /// Corners seen from above, (x, z) in world, in order around.
    pub outline: Vec<Vec2>,
    /// Photographic exposure value at ISO 100.
    pub exposure_ev100: f32,
}

impl StagedZone {
    /// Distance from the zone, seen from above; 0 inside.
    pub(super) fn distance_m(&self, at: Vec2) -> f32 {
        let corners = &self.outline;
        if is_inside(corners, at) {
            return 0.0;
        }
        let next = corners.iter().cycle().skip(1);
        let edges = corners.iter().zip(next).map(|(a, b)| {
            let edge = b - a;
            let along = ((at - a).dot(edge) / edge.length_squared().max(1e-9)).clamp(0.0, 1.0);
            at.distance(a + edge * along)
        });
        edges.fold(f32::INFINITY, f32::min)
    }
}

/// Metres over which one zone's exposure gives way to the next.
pub(super) const ZONE_BLEND_M: f32 = 1.2;
