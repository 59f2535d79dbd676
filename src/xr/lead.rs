//! An arrow in the headset towards what a tour points out, or who speaks, out of view; around
//! what is in view, a ring (`halo`).

mod halo;

use super::{body::Body, life::Life};
use crate::{
    exhibit::telling::Telling,
    render::{
        lead::nearest,
        scan::ScanMaterial,
        signs::{Sign, Signs},
    },
    visit::session::Phase,
};
use bevy::{camera::visibility::NoFrustumCulling, light::NotShadowCaster, prelude::*};

pub(super) fn plugin(app: &mut App) {
    app.add_plugins(halo::plugin)
        .add_systems(Startup, spawn)
        .add_systems(
            PostUpdate,
            point
                .after(super::eyes::EyeSystems)
                .before(TransformSystems::Propagate),
        );
}

/// Behind it, so that it is read before gold as before plaster.
const PLATE: LinearRgba = LinearRgba::new(0.008, 0.006, 0.004, 1.0);
const GOLD: LinearRgba = LinearRgba::new(0.95, 0.62, 0.22, 1.0);
/// How far it is from the head, metres, and from the gaze, radians: 15 degrees.
const AT_M: f32 = 1.3;
const OFF_RAD: f32 = 0.26;
/// Its side, metres: 4 degrees.
const SIDE_M: f32 = 0.09;
/// Time in which it comes or goes, seconds.
const FADE_SECS: f32 = 0.6;

#[derive(Component)]
struct Arrow {
    share: f32,
    plate: Handle<ScanMaterial>,
}

fn spawn(
    mut commands: Commands,
    mut signs: ResMut<Signs>,
    mut images: ResMut<Assets<Image>>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut materials: ResMut<Assets<ScanMaterial>>,
) {
    let mut glass = |color: LinearRgba, texture| {
        materials.add(ScanMaterial {
            base_color: color.with_alpha(0.0),
            base_color_texture: texture,
            alpha_mode: AlphaMode::Blend,
            is_unlit: true,
            is_double_sided: true,
            ..default()
        })
    };
    let plate = glass(PLATE, None);
    let sign = glass(GOLD, Some(signs.get(Sign::Onward, &mut images)));
    commands.spawn((
        Name::new("arrow"),
        Arrow {
            share: 0.0,
            plate: plate.clone(),
        },
        Mesh3d(meshes.add(Rectangle::from_length(SIDE_M))),
        MeshMaterial3d(sign),
        Transform::default(),
        Visibility::Hidden,
        NoFrustumCulling,
        NotShadowCaster,
        children![(
            Mesh3d(meshes.add(Circle::new(SIDE_M * 0.7))),
            MeshMaterial3d(plate),
            // Behind by so much that it is drawn first.
            Transform::from_xyz(0.0, 0.0, -0.01),
            NoFrustumCulling,
            NotShadowCaster,
        )],
    ));
}

fn point(
    telling: Option<Res<Telling>>,
    life: Res<Life>,
    body: Res<Body>,
    time: Res<Time<Real>>,
    mut materials: ResMut<Assets<ScanMaterial>>,
    mut arrows: Query<(
        &mut Arrow,
        &mut Transform,
        &mut Visibility,
        &MeshMaterial3d<ScanMaterial>,
    )>,
) {
    let Some(head) = body.head_in_world() else {
        return;
    };
    let eye = Transform::from_translation(head.position).with_rotation(head.rotation);
    for (mut arrow, mut transform, mut visibility, material) in &mut arrows {
        let wanted = telling
            .as_ref()
            .filter(|_| life.phase() == Phase::Running)
            .and_then(|telling| nearest(&eye, &telling.leads_to(), arrow.share > 0.0));
        let target: f32 = if wanted.is_some() { 1.0 } else { 0.0 };
        let step = time.delta_secs() / FADE_SECS;
        let share = arrow.share + (target - arrow.share).clamp(-step, step);
        if share != arrow.share {
            arrow.share = share;
            if let Some(mut own) = materials.get_mut(&material.0) {
                own.base_color = GOLD.with_alpha(share);
            }
            if let Some(mut plate) = materials.get_mut(&arrow.plate) {
                plate.base_color = PLATE.with_alpha(share * 0.6);
            }
        }
        visibility.set_if_neq(if share > 0.0 {
            Visibility::Inherited
        } else {
            Visibility::Hidden
        });
        if let Some(lead) = wanted {
            let off = lead.toward * bevy::math::ops::tan(OFF_RAD);
            let way = head.rotation * Vec3::new(off.x, off.y, -1.0).normalize();
            let roll = bevy::math::ops::atan2(lead.toward.y, lead.toward.x);
            // Its face to the head, its tip the way to look.
            *transform = Transform::from_translation(head.position + way * AT_M)
                .with_rotation(head.rotation * Quat::from_rotation_z(roll));
        }
    }
}
