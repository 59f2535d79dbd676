//! Light, air and sky of a stage.

use super::{Staging, places::world_from_space};
use crate::{
    exhibit::stage::{StagedAir, StagedBake, StagedLamp, StagedLight, StagedLightKind, StagedSky},
    scene::schema,
};

impl Staging<'_> {
    pub(super) fn sky(&self, sky: &schema::Sky) -> StagedSky {
        match sky {
            schema::Sky::None | schema::Sky::Color(_) => StagedSky::Plain,
            schema::Sky::Gradient {
                zenith,
                horizon,
                ground,
            } => StagedSky::Gradient {
                zenith: zenith.linear,
                horizon: horizon.linear,
                ground: ground.linear,
            },
            schema::Sky::Panorama(path) => StagedSky::Panorama(self.path(path)),
        }
    }

    pub(super) fn light(
        &self,
        space: &schema::Space,
        light: &schema::Light,
        is_baked: bool,
    ) -> StagedLight {
        let (_, rotation, position) =
            (world_from_space(space) * self.place(&light.at)).to_scale_rotation_translation();
        let is_flame = light.flicker == schema::Flicker::Flame;
        StagedLight {
            id: light.id.as_str().to_owned(),
            position_in_world: position,
            rotation_in_world: rotation,
            kind: match light.kind {
                schema::LightKind::Point => StagedLightKind::Point {
                    lumens: light.lumens,
                },
                schema::LightKind::Spot {
                    beam_angle,
                    softness,
                } => StagedLightKind::Spot {
                    lumens: light.lumens,
                    outer_rad: (beam_angle * 0.5).to_radians(),
                    inner_rad: (beam_angle * 0.5 * (1.0 - softness)).to_radians(),
                },
                schema::LightKind::Directional => StagedLightKind::Directional { lux: light.lux },
            },
            color: light.color.linear,
            range_m: light.range,
            radius_m: light.radius,
            is_flame,
            // The bake holds the fixed lamps; daylight through an opening as well.
            is_baked: is_baked && is_flame,
            casts_shadows: light.shadows,
        }
    }
}

pub(super) fn lamp(lamp: &schema::Lamp) -> StagedLamp {
    let half = (lamp.beam_angle * 0.5).to_radians();
    StagedLamp {
        is_on: lamp.on,
        color: lamp.color.linear,
        lumens: lamp.lumens,
        outer_rad: half,
        inner_rad: half * (1.0 - lamp.softness),
        range_m: lamp.range,
    }
}

pub(super) fn staged_bake(baked: &schema::BakedLight) -> StagedBake {
    let lux =
        |source: &schema::BakedSource| source.color.linear.map(|channel| channel * source.lux);
    // Flames sway by an eighth of their light: alive, and far from a flash.
    let flicker = |source: &schema::BakedSource| match source.flicker {
        schema::Flicker::None => 0.0,
        schema::Flicker::Flame => 0.12,
    };
    StagedBake {
        daylight: lux(&baked.daylight),
        daylight_from: None,
        lamps_a: (lux(&baked.lamps_a), flicker(&baked.lamps_a)),
        lamps_b: (lux(&baked.lamps_b), flicker(&baked.lamps_b)),
    }
}

/// The lights whose light is baked.
pub(super) fn baked_lights(baked: &schema::BakedLight) -> [Vec<String>; 3] {
    [&baked.daylight, &baked.lamps_a, &baked.lamps_b].map(|source| {
        let lights = source.lights.iter();
        lights.map(|id| id.as_str().to_owned()).collect()
    })
}

/// Illuminance that shows white paper as white at an exposure value: the inverse of the
/// saturation-based speed that Bevy's `Exposure` uses, 1 / (1.2 * 2^EV), times pi.
fn white_lux(ev100: f32) -> f32 {
    std::f32::consts::PI * 1.2 * bevy::math::ops::exp2(ev100)
}

pub(super) fn air(atmosphere: &schema::Atmosphere, has_lights: bool, has_bake: bool) -> StagedAir {
    // A scene without any light is shown as if in a bright even room; one with lamps but
    // without a bake gets a breath of light in the shadows.
    let share = match (has_lights, has_bake) {
        (_, true) => 0.0,
        (true, false) => 0.03,
        (false, false) => 0.85,
    };
    StagedAir {
        background: match &atmosphere.sky {
            schema::Sky::None | schema::Sky::Panorama(_) => [0.0; 3],
            schema::Sky::Color(color) => color.linear,
            schema::Sky::Gradient { horizon, .. } => horizon.linear,
        },
        fog: atmosphere
            .fog
            .as_ref()
            .map(|fog| (fog.color.linear, fog.density_per_m())),
        dust: atmosphere.fog.as_ref().map_or(0.0, |fog| fog.dust),
        exposure_ev100: atmosphere.exposure,
        bloom: atmosphere.bloom,
        ambient: [share * white_lux(atmosphere.exposure); 3],
    }
}
