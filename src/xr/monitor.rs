//! The monitor beside the headset: what the visitor sees while one visits, else the exhibit's
//! named views, one after the other, as an invitation.
//!
//! Where there is a display. The mirror shows the left eye's own picture and costs no third
//! drawing; the views are drawn only while the headset shows nothing.

use super::{eyes::EyePictures, life::Life};
use crate::{
    exhibit::stage::Pose,
    render::{Quality, eye, loading::CurrentStage},
};
use bevy::{app::PluginGroupBuilder, prelude::*, window::PresentMode, winit::WinitSettings};

pub(super) fn plugin(app: &mut App) {
    app.insert_resource(WinitSettings::continuous())
        .add_systems(Startup, spawn.after(super::OpenSystems))
        .add_systems(Update, choose);
}

/// A window that never holds up the headset.
pub(super) fn windowed(
    plugins: PluginGroupBuilder,
    title: &str,
    is_fullscreen: bool,
) -> PluginGroupBuilder {
    plugins.set(WindowPlugin {
        primary_window: Some(Window {
            title: format!("{title} – Grotto"),
            present_mode: PresentMode::AutoNoVsync,
            mode: if is_fullscreen {
                bevy::window::WindowMode::BorderlessFullscreen(MonitorSelection::Current)
            } else {
                bevy::window::WindowMode::Windowed
            },
            ..default()
        }),
        ..default()
    })
}

/// Each view is shown for this long, seconds.
const VIEW_SECS: f32 = 12.0;
/// Vertical field of view where a view names none, radians: 60 degrees.
const FIELD_RAD: f32 = 1.047;

/// Shows the left eye.
#[derive(Component)]
struct Mirror;
/// Shows the named views.
#[derive(Component)]
struct Invitation;

fn spawn(world: &mut World) {
    let stage = world.resource::<CurrentStage>().0.clone();
    let quality = *world.resource::<Quality>();
    let invitation = eye::spawn_eye(world, &stage, quality, None, FIELD_RAD);
    // The one exposure is the visitor's; here each view has its own.
    world
        .entity_mut(invitation)
        .remove::<(eye::Eye, bevy::camera::ShadowLodOrigin)>()
        .insert((
            Invitation,
            Name::new("monitor"),
            eye::transform_at(&stage.start),
        ));
    let picture = world.resource::<EyePictures>().handles[0].clone();
    let mirror = world
        .spawn((
            Mirror,
            Name::new("mirror"),
            Camera2d,
            Camera {
                is_active: false,
                clear_color: ClearColorConfig::Custom(Color::BLACK),
                ..default()
            },
            Msaa::Off,
        ))
        .id();
    // Filled to the width; what is higher than the window is cut.
    world.spawn((
        Node {
            width: percent(100),
            height: percent(100),
            align_items: AlignItems::Center,
            justify_content: JustifyContent::Center,
            overflow: Overflow::clip(),
            ..default()
        },
        UiTargetCamera(mirror),
        children![(
            ImageNode::new(picture),
            Node {
                width: percent(100),
                flex_shrink: 0.0,
                ..default()
            },
        )],
    ));
}

/// The mirror while the headset shows the exhibit, else the views in turn.
fn choose(
    life: Res<Life>,
    stage: Res<CurrentStage>,
    time: Res<Time<Real>>,
    mut mirrors: Query<&mut Camera, (With<Mirror>, Without<Invitation>)>,
    mut invitations: Query<
        (
            &mut Camera,
            &mut Transform,
            &mut Projection,
            &mut bevy::camera::Exposure,
        ),
        With<Invitation>,
    >,
    mut shown: Local<Option<usize>>,
) {
    let is_mirrored = life.session().is_visible();
    for mut camera in &mut mirrors {
        if camera.is_active != is_mirrored {
            camera.is_active = is_mirrored;
        }
    }
    for (mut camera, mut transform, mut projection, mut exposure) in &mut invitations {
        if camera.is_active == is_mirrored {
            camera.is_active = !is_mirrored;
        }
        let turn = (time.elapsed_secs() / VIEW_SECS) as usize;
        if *shown == Some(turn) {
            continue;
        }
        *shown = Some(turn);
        let view = turn
            .checked_rem(stage.0.views.len())
            .map(|at| &stage.0.views[at]);
        let pose: Pose = view.map_or(stage.0.start, |view| view.pose);
        let field_rad = view.map_or(FIELD_RAD, |view| view.field_of_view_rad);
        *transform = eye::transform_at(&pose);
        *projection = eye::perspective(field_rad, eye::NEAR_M);
        exposure.ev100 = stage.0.exposure_at(pose.eye_in_world);
    }
}
