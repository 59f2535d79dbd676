//! Tracked hands, drawn where their joints are: hands of dark clay with a golden bracelet.
//!
//! Their surface is laid around the joints anew each frame, see [`super::skin`].

use super::{actions::HANDS, body::Body, hands::Hands, skin::Skin};
use crate::{
    render::scan::ScanMaterial,
    visit::{
        bare_hand::{HandJoints, joint},
        comfort::Hand,
    },
};
use bevy::{camera::visibility::NoFrustumCulling, light::NotShadowCaster, prelude::*};

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Startup, spawn).add_systems(
        PostUpdate,
        draw.after(super::eyes::EyeSystems)
            .before(TransformSystems::Propagate),
    );
}

/// The bracelet's.
const GOLD: LinearRgba = LinearRgba::new(0.72, 0.45, 0.14, 1.0);

#[derive(Component)]
struct Glove(Hand);
#[derive(Component)]
struct Bracelet(Hand);

fn spawn(
    mut commands: Commands,
    mut meshes: ResMut<Assets<Mesh>>,
    mut materials: ResMut<Assets<ScanMaterial>>,
) {
    let clay = materials.add(ScanMaterial {
        is_unlit: true,
        ..default()
    });
    let gold = materials.add(ScanMaterial {
        base_color: GOLD,
        is_unlit: true,
        ..default()
    });
    let ring = meshes.add(
        Torus::new(0.93, 1.07)
            .mesh()
            .major_resolution(48)
            .minor_resolution(12),
    );
    let rest = HandJoints([default(); crate::visit::bare_hand::JOINTS]);
    for hand in HANDS {
        let name = format!("{hand:?} hand");
        commands.spawn((
            Name::new(name),
            Glove(hand),
            Mesh3d(meshes.add(Skin::over(&rest, Vec3::Y).into_mesh())),
            MeshMaterial3d(clay.clone()),
            Transform::default(),
            Visibility::Hidden,
            NoFrustumCulling,
            NotShadowCaster,
        ));
        commands.spawn((
            Bracelet(hand),
            Mesh3d(ring.clone()),
            MeshMaterial3d(gold.clone()),
            Transform::default(),
            Visibility::Hidden,
            NotShadowCaster,
        ));
    }
}

fn draw(
    hands: Res<Hands>,
    body: Res<Body>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut gloves: Query<(&Glove, &Mesh3d, &mut Transform, &mut Visibility), Without<Bracelet>>,
    mut bracelets: Query<(&Bracelet, &mut Transform, &mut Visibility), Without<Glove>>,
) {
    let rig =
        Transform::from_translation(body.rig.origin_in_world).with_rotation(body.rig.rotation());
    let seen = |joints: Option<&HandJoints>| match joints {
        Some(_) => Visibility::Inherited,
        None => Visibility::Hidden,
    };
    for (Glove(hand), mesh, mut transform, mut visibility) in &mut gloves {
        let joints = hands.joints(*hand);
        visibility.set_if_neq(seen(joints));
        let (Some(joints), Some(head)) = (joints, body.head_in_rig) else {
            continue;
        };
        *transform = rig;
        if let Some(mut mesh) = meshes.get_mut(&mesh.0) {
            Skin::over(joints, head.position).paint_into(&mut mesh);
        }
    }
    for (Bracelet(hand), mut transform, mut visibility) in &mut bracelets {
        let joints = hands.joints(*hand);
        visibility.set_if_neq(seen(joints));
        if let Some(joints) = joints {
            *transform = rig * bracelet(joints);
        }
    }
}

/// Around the wrist, its axis along the arm.
fn bracelet(joints: &HandJoints) -> Transform {
    let wrist = &joints.0[joint::WRIST];
    let radius_m = wrist.radius_m.clamp(0.02, 0.032) * 1.12;
    let back = wrist.rotation * Vec3::Z;
    Transform {
        translation: wrist.position + back * 0.012,
        rotation: wrist.rotation * Quat::from_rotation_x(core::f32::consts::FRAC_PI_2),
        // A wrist is wider than it is thick.
        scale: Vec3::new(radius_m * 1.05, radius_m, radius_m * 0.80),
    }
}
