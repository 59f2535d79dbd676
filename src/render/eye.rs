//! The camera: exposure, tone, fog and glow of a stage at a quality.

use super::{Quality, loading::CurrentStage};
use crate::exhibit::stage::{Pose, Stage};
use bevy::{
    camera::{Exposure, Hdr, RenderTarget},
    core_pipeline::tonemapping::{DebandDither, Tonemapping},
    pbr::{DistanceFog, FogFalloff},
    post_process::bloom::{Bloom, BloomCompositeMode},
    prelude::*,
};

/// The visitor's eye on a monitor or in a picture.
#[derive(Component, Debug, Clone, Copy, Default)]
pub struct Eye;

pub(super) fn plugin(app: &mut App) {
    app.add_systems(PostUpdate, adapt.before(TransformSystems::Propagate));
}

/// An exposure that a tour asks for instead of the room's own, EV100.
#[derive(Resource, Debug, Clone, Copy, Default)]
pub struct ExposureAsked(pub Option<f32>);

/// Time in which an eye gets used to most of a new brightness, seconds.
const ADAPT_SECS: f32 = 0.7;

/// One exposure that follows the room, slowly enough to be felt as one's own eyes.
fn adapt(
    time: Res<Time>,
    stage: Option<Res<CurrentStage>>,
    asked: Res<ExposureAsked>,
    mut eyes: Query<(&Transform, &mut Exposure), With<Eye>>,
) {
    let Some(stage) = stage else { return };
    let share = 1.0 - bevy::math::ops::exp(-time.delta_secs() / ADAPT_SECS);
    for (transform, mut exposure) in &mut eyes {
        let target = asked
            .0
            .unwrap_or_else(|| stage.0.exposure_at(transform.translation));
        if (target - exposure.ev100).abs() > 1e-3 {
            exposure.ev100 += (target - exposure.ev100) * share;
        }
    }
}

/// Distance of the near plane, metres: close enough to lean towards a wall.
pub const NEAR_M: f32 = 0.05;

/// A camera for `stage`, inactive until the caller wants pictures.
pub fn spawn_eye(
    world: &mut World,
    stage: &Stage,
    quality: Quality,
    target: Option<RenderTarget>,
    field_of_view_rad: f32,
) -> Entity {
    let mut eye = world.spawn((
        Eye,
        Name::new("eye"),
        Camera3d::default(),
        Camera {
            is_active: false,
            ..default()
        },
        perspective(field_of_view_rad, NEAR_M),
        if quality == Quality::Low {
            DebandDither::Disabled
        } else {
            DebandDither::Enabled
        },
        if quality == Quality::Low {
            Msaa::Off
        } else {
            Msaa::Sample4
        },
        // The shadow maps of point and spot lights follow this view.
        bevy::camera::ShadowLodOrigin,
    ));
    if let Some(target) = target {
        eye.insert(target);
    }
    dress_eye(&mut eye, stage, quality);
    eye.id()
}

/// Gives an eye the exposure, tone, fog and glow of a stage.
pub fn dress_eye(eye: &mut EntityWorldMut, stage: &Stage, quality: Quality) {
    let air = &stage.air;
    let [r, g, b] = air.background;
    if let Some(mut camera) = eye.get_mut::<Camera>() {
        camera.clear_color = ClearColorConfig::Custom(Color::linear_rgb(r, g, b));
    }
    eye.insert((
        Exposure {
            ev100: air.exposure_ev100,
        },
        // A bare model keeps the colours its makers measured; a staged room is graded.
        if stage.is_bare {
            Tonemapping::None
        } else {
            Tonemapping::AcesFitted
        },
    ));
    if quality == Quality::High && air.bloom > 0.0 {
        eye.insert((
            Hdr,
            Bloom {
                intensity: air.bloom,
                composite_mode: BloomCompositeMode::EnergyConserving,
                ..Bloom::NATURAL
            },
        ));
    } else {
        eye.remove::<(Hdr, Bloom)>();
    }
    if let Some((color, density)) = air.fog {
        eye.insert(DistanceFog {
            color: Color::linear_rgb(color[0], color[1], color[2]),
            falloff: FogFalloff::Exponential { density },
            ..default()
        });
    } else {
        eye.remove::<DistanceFog>();
    }
}

/// A perspective projection ; far away stays visible.
pub fn perspective(field_of_view_rad: f32, near_m: f32) -> Projection {
    Projection::Perspective(PerspectiveProjection {
        fov: field_of_view_rad,
        near: near_m,
        far: 2_000.0,
        ..default()
    })
}

/// The camera's transform at a pose.
pub fn transform_at(pose: &Pose) -> Transform {
    Transform {
        translation: pose.eye_in_world,
        rotation: pose.rotation(),
        scale: Vec3::ONE,
    }
}
