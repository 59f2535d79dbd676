//! The lights of a stage: lamps, flames, sun, and the lamp the visitor carries.

use super::eye::Eye;
use crate::exhibit::stage::{Stage, StagedLamp, StagedLight, StagedLightKind};
use bevy::{light::VolumetricLight, prelude::*};

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<LampHeld>().add_systems(
        PostUpdate,
        follow_eye
            .in_set(LampSystems)
            .before(TransformSystems::Propagate),
    );
}

/// When the lamp is put where it is.
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LampSystems;

/// Where a hand holds the lamp, shining along -Z, in world; beside the eye where none does.
#[derive(Resource, Debug, Clone, Copy, Default)]
pub struct LampHeld(pub Option<Transform>);

/// The lamp the visitor carries: it follows the eye from the right hand.
#[derive(Component, Debug, Clone, Copy)]
pub struct VisitorLamp {
    /// Lit.
    pub is_on: bool,
    /// Luminous flux when lit.
    pub lumens: f32,
    /// Of its brightness, as a tour wishes.
    pub gain: f32,
    /// Turned away from where the eye looks: yaw and pitch, radians.
    pub aim_rad: Vec2,
}

/// A light of the stage, so that it can be replaced on reload.
#[derive(Component, Debug, Clone, Copy)]
pub struct StageLight;

/// Where the lamp is held, in the eye's frame, metres.
const HAND_IN_EYE: Vec3 = Vec3::new(0.22, -0.28, -0.1);

/// Spawns every light of the stage.
pub fn spawn_lights(world: &mut World, stage: &Stage) {
    for light in &stage.lights {
        spawn_light(world, light);
    }
    if stage.is_bare {
        // Objects that need the full material are lit like the studio of the lean one.
        world.spawn((
            StageLight,
            VisitorLampless,
            DirectionalLight {
                illuminance: 2_400.0,
                ..default()
            },
            Transform::default(),
        ));
        world.insert_resource(GlobalAmbientLight {
            brightness: 1_100.0,
            ..default()
        });
    } else {
        let [r, g, b] = stage.air.ambient;
        let brightness = r.max(g).max(b);
        world.insert_resource(GlobalAmbientLight {
            color: if brightness > 0.0 {
                Color::linear_rgb(r / brightness, g / brightness, b / brightness)
            } else {
                Color::BLACK
            },
            brightness: brightness.max(0.0) / std::f32::consts::PI,
            ..default()
        });
        spawn_lamp(world, &stage.lamp);
    }
}

/// The studio's light for full materials follows the eye.
#[derive(Component)]
struct VisitorLampless;

fn spawn_light(world: &mut World, light: &StagedLight) {
    let [r, g, b] = light.color;
    let color = Color::linear_rgb(r, g, b);
    let transform = Transform {
        translation: light.position_in_world,
        rotation: light.rotation_in_world,
        scale: Vec3::ONE,
    };
    let mut entity = world.spawn((StageLight, Name::new(light.id.clone()), transform));
    if light.is_flame {
        // Bevy's mark of a light that shows in fog, which Grotto does not draw, tells our shaders
        // which of the lights live (light.wgsl).
        entity.insert(VolumetricLight);
    }
    match light.kind {
        StagedLightKind::Point { lumens } => entity.insert(PointLight {
            color,
            intensity: lumens,
            range: light.range_m,
            radius: light.radius_m,
            shadow_maps_enabled: light.casts_shadows,
            affects_lightmapped_mesh_diffuse: !light.is_baked,
            ..default()
        }),
        StagedLightKind::Spot {
            lumens,
            outer_rad,
            inner_rad,
        } => entity.insert(SpotLight {
            color,
            intensity: lumens,
            range: light.range_m,
            radius: light.radius_m,
            outer_angle: outer_rad,
            inner_angle: inner_rad,
            shadow_maps_enabled: light.casts_shadows,
            affects_lightmapped_mesh_diffuse: !light.is_baked,
            ..default()
        }),
        StagedLightKind::Directional { lux } => entity.insert(DirectionalLight {
            color,
            illuminance: lux,
            shadow_maps_enabled: light.casts_shadows,
            affects_lightmapped_mesh_diffuse: !light.is_baked,
            ..default()
        }),
    };
}

fn spawn_lamp(world: &mut World, lamp: &StagedLamp) {
    let [r, g, b] = lamp.color;
    world.spawn((
        StageLight,
        VisitorLamp {
            is_on: lamp.is_on,
            lumens: lamp.lumens,
            gain: 1.0,
            aim_rad: Vec2::ZERO,
        },
        SpotLight {
            color: Color::linear_rgb(r, g, b),
            intensity: if lamp.is_on { lamp.lumens } else { 0.0 },
            range: lamp.range_m,
            radius: 0.02,
            outer_angle: lamp.outer_rad,
            inner_angle: lamp.inner_rad,
            shadow_maps_enabled: false,
            ..default()
        },
        Transform::default(),
    ));
}

/// Where the studio's light stands beside the eye, for a light that is one metre from what it
/// lights: above the left shoulder, as in scan.wgsl.
fn studio_aside(eye: &Transform) -> Vec3 {
    Vec3::Y * 0.5 - *eye.right() * 0.45
}

fn follow_eye(
    held: Res<LampHeld>,
    eye: Query<&Transform, (With<Eye>, Without<VisitorLamp>, Without<VisitorLampless>)>,
    mut lamps: Query<
        (
            &mut Transform,
            &mut SpotLight,
            &mut Visibility,
            &VisitorLamp,
        ),
        Without<VisitorLampless>,
    >,
    mut studio: Query<&mut Transform, (With<VisitorLampless>, Without<VisitorLamp>)>,
) {
    let Some(eye) = eye.iter().next() else { return };
    for (mut transform, mut light, mut visibility, lamp) in &mut lamps {
        let aim = Quat::from_euler(EulerRot::YXZ, lamp.aim_rad.x, lamp.aim_rad.y, 0.0);
        match held.0 {
            Some(hand) => {
                transform.translation = hand.translation;
                transform.rotation = hand.rotation;
            }
            None => {
                transform.translation = eye.transform_point(HAND_IN_EYE);
                transform.rotation = eye.rotation * aim;
            }
        }
        let lumens = if lamp.is_on {
            lamp.lumens * lamp.gain
        } else {
            0.0
        };
        if light.intensity != lumens {
            light.intensity = lumens;
        }
        // Every pixel works out what each light gives it, also one that gives nothing.
        visibility.set_if_neq(if lumens > 0.0 {
            Visibility::Inherited
        } else {
            Visibility::Hidden
        });
    }
    for mut transform in &mut studio {
        *transform = Transform::from_translation(eye.translation)
            .looking_to(*eye.forward() - studio_aside(eye), Vec3::Y);
    }
}
