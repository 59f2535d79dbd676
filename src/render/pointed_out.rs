//! Soft lights on what a tour points out: they lead the eye by brightness, as a lamp held to
//! it would, and are as strong as the room's exposure asks for.

use super::eye::Eye;
use crate::exhibit::telling::{PointedOut, Telling};
use bevy::{camera::Exposure, prelude::*};

pub(super) fn plugin(app: &mut App) {
    app.add_systems(PostUpdate, shine.before(TransformSystems::Propagate));
}

/// At most so many at once: the others still have their pointer.
const LIGHTS_MAX: usize = 4;
/// Time in which a light comes or goes, seconds: far from a flash.
const FADE_SECS: f32 = 1.2;
/// Share of the light that shows white paper as white.
const STRENGTH: f32 = 0.4;

#[derive(Component, Debug, Clone, Copy)]
struct SoftLight {
    on: PointedOut,
    /// 0 to 1.
    share: f32,
}

fn shine(
    mut commands: Commands,
    telling: Option<Res<Telling>>,
    time: Res<Time>,
    eyes: Query<(&Transform, &Exposure), (With<Eye>, Without<SoftLight>)>,
    mut lights: Query<(Entity, &mut SoftLight, &mut SpotLight, &mut Transform)>,
) {
    let Some((eye, exposure)) = eyes.iter().next() else {
        return;
    };
    let wanted = telling
        .as_ref()
        .map_or(&[][..], |telling| &telling.pointed_out);
    for own in wanted.iter().take(LIGHTS_MAX) {
        if lights.iter().all(|(_, light, ..)| light.on != *own) {
            commands.spawn((
                Name::new("soft light"),
                SoftLight {
                    on: *own,
                    share: 0.0,
                },
                SpotLight {
                    color: Color::linear_rgb(1.0, 0.86, 0.66),
                    intensity: 0.0,
                    radius: 0.05,
                    shadow_maps_enabled: false,
                    ..default()
                },
                Transform::default(),
            ));
        }
    }
    for (entity, mut soft, mut light, mut transform) in &mut lights {
        let is_wanted = wanted.iter().take(LIGHTS_MAX).any(|own| *own == soft.on);
        let target: f32 = if is_wanted { 1.0 } else { 0.0 };
        let step = time.delta_secs() / FADE_SECS;
        soft.share += (target - soft.share).clamp(-step, step);
        if soft.share <= 0.0 && !is_wanted {
            commands.entity(entity).despawn();
            continue;
        }
        let PointedOut {
            center, radius_m, ..
        } = soft.on;
        let to_eye = eye.translation - center;
        // From before it and above, as from a lamp on a stand.
        let away_m = (radius_m * 2.5)
            .clamp(0.9, 3.0)
            .min(to_eye.length().max(0.5));
        let way = (to_eye.normalize_or(Vec3::Z) + Vec3::Y * 0.45).normalize_or(Vec3::Y);
        *transform = Transform::from_translation(center + way * away_m)
            .looking_at(center, if way.y > 0.99 { Vec3::X } else { Vec3::Y });
        let half_rad = bevy::math::ops::atan2(radius_m * 1.15, away_m).clamp(0.12, 0.7);
        light.inner_angle = half_rad * 0.35;
        light.outer_angle = half_rad * 1.6;
        light.range = away_m * 3.0;
        let smooth = soft.share * soft.share * (3.0 - 2.0 * soft.share);
        // White paper is white at pi * 1.2 * 2^EV lux; a light spreads its lumens over 4 pi.
        let lux = STRENGTH * std::f32::consts::PI * 1.2 * bevy::math::ops::exp2(exposure.ev100);
        light.intensity = smooth * lux * 4.0 * std::f32::consts::PI * away_m * away_m;
    }
}
