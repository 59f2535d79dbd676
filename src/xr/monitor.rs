//! The monitor beside the headset: by the operator's choice ([`MonitorShows`]) what the
//! visitor sees, one view, or the exhibit's named views in turn as an invitation.
//!
//! Where there is a display. The mirror shows the left eye's own picture and costs no third
//! drawing: the picture hangs before a camera that glides after the head, level, so that
//! onlookers see what the visitor sees without the tremor and the tilt of a head. The views
//! are drawn anew, and so while the headset shows something only if the operator wishes it.

mod curtain;

use super::{
    MonitorShows,
    body::Body,
    eyes::{EyePictures, EyeSystems, HeadsetEye},
    frames::Frames,
    life::Life,
};
use crate::{
    exhibit::stage::Pose,
    render::{Quality, eye, loading::CurrentStage},
    visit::steady::SteadyView,
};
use bevy::{
    app::PluginGroupBuilder,
    camera::visibility::{NoFrustumCulling, RenderLayers},
    core_pipeline::tonemapping::Tonemapping,
    light::{NotShadowCaster, NotShadowReceiver},
    prelude::*,
    render::view::screenshot::{Screenshot, save_to_disk},
    window::PresentMode,
    winit::WinitSettings,
};

pub(super) fn plugin(app: &mut App) {
    app.add_plugins((curtain::plugin, crate::screen::plugin))
        .insert_resource(WinitSettings::continuous())
        .init_resource::<Showing>()
        .add_systems(Startup, spawn.after(super::OpenSystems))
        .add_systems(Update, (choose, follow_size))
        .add_systems(Last, take_wanted_picture.after(super::report::WishSystems))
        .add_systems(
            PostUpdate,
            hang_picture
                .after(EyeSystems)
                .before(TransformSystems::Propagate),
        );
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
/// The mirror shows this share of the eye's picture, each way: the rest is what the glide
/// needs.
const MIRRORED: f32 = 0.7;
/// How far the mirror may lag behind the eye, radians: as much as the picture has to spare.
const MOST_LAG_RAD: f32 = 0.16;
/// The picture hangs so far away, metres: its size follows, so that any will do.
const PICTURE_M: f32 = 10.0;
/// Only the mirror's camera sees what is in this layer, and nothing else.
const MIRROR_LAYER: usize = 30;

/// What the monitor shows now, for the report.
#[derive(Resource, Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Showing {
    /// What the visitor sees.
    Mirror,
    /// A view of the exhibit.
    #[default]
    View,
}

/// The camera before the left eye's picture.
#[derive(Component)]
struct Mirror;
/// The left eye's picture.
#[derive(Component)]
struct MirrorPicture;
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
    let mesh = world
        .resource_mut::<Assets<Mesh>>()
        .add(Rectangle::new(1.0, 1.0));
    let material = world
        .resource_mut::<Assets<StandardMaterial>>()
        .add(StandardMaterial {
            base_color_texture: Some(picture),
            unlit: true,
            fog_enabled: false,
            ..default()
        });
    world.spawn((
        MirrorPicture,
        Name::new("mirrored eye"),
        Mesh3d(mesh),
        MeshMaterial3d(material),
        RenderLayers::layer(MIRROR_LAYER),
        NotShadowCaster,
        NotShadowReceiver,
        NoFrustumCulling,
        Transform::default(),
    ));
    world.spawn((
        Mirror,
        Name::new("mirror"),
        Camera3d::default(),
        Camera {
            is_active: false,
            clear_color: ClearColorConfig::Custom(Color::BLACK),
            ..default()
        },
        // The eye's picture is finished.
        Tonemapping::None,
        Msaa::Off,
        RenderLayers::layer(MIRROR_LAYER),
        eye::perspective(FIELD_RAD, eye::NEAR_M),
    ));
}

/// The mirror while the headset shows the exhibit, else the views in turn.
fn choose(
    life: Res<Life>,
    shows: Res<MonitorShows>,
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
    mut showing: ResMut<Showing>,
    mut shown: Local<Option<usize>>,
) {
    let session = life.session();
    // A headset that is away for a while would leave a picture that stands still.
    let is_mirrored =
        *shows == MonitorShows::Mirror && session.is_visible() && !session.is_silent();
    *showing = if is_mirrored {
        Showing::Mirror
    } else {
        Showing::View
    };
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
            .filter(|_| *shows != MonitorShows::View)
            .map(|at| &stage.0.views[at]);
        let pose: Pose = view.map_or(stage.0.start, |view| view.pose);
        let field_rad = view.map_or(FIELD_RAD, |view| view.field_of_view_rad);
        *transform = eye::transform_at(&pose);
        *projection = eye::perspective(field_rad, eye::NEAR_M);
        exposure.ev100 = stage.0.exposure_at(pose.eye_in_world);
    }
}

/// Where pictures of the eyes are wanted, one of the window is as well.
fn take_wanted_picture(
    mut commands: Commands,
    frames: Res<Frames>,
    mut taken: Local<Option<std::path::PathBuf>>,
) {
    let wanted = frames.lock().wanted_picture.clone();
    if *taken == wanted {
        return;
    }
    taken.clone_from(&wanted);
    if let Some(path) = wanted {
        let mut name = path.into_os_string();
        name.push("-monitor.png");
        commands
            .spawn(Screenshot::primary_window())
            .observe(save_to_disk(std::path::PathBuf::from(name)));
    }
}

/// A picture of another size is another texture: the material must be made anew.
fn follow_size(
    eyes: Res<EyePictures>,
    pictures: Query<&MeshMaterial3d<StandardMaterial>, With<MirrorPicture>>,
    mut materials: ResMut<Assets<StandardMaterial>>,
    mut seen: Local<UVec2>,
) {
    if *seen == eyes.size {
        return;
    }
    *seen = eyes.size;
    for picture in &pictures {
        if let Some(mut material) = materials.get_mut(&picture.0) {
            material.base_color_texture = Some(eyes.handles[0].clone());
        }
    }
}

/// Hangs the left eye's picture where the eye looked, and lets the mirror glide after it.
fn hang_picture(
    frames: Res<Frames>,
    body: Res<Body>,
    time: Res<Time<Real>>,
    windows: Query<&Window>,
    eyes: Query<(&HeadsetEye, &Transform), (Without<Mirror>, Without<MirrorPicture>)>,
    mut pictures: Query<&mut Transform, (With<MirrorPicture>, Without<Mirror>)>,
    mut mirrors: Query<(&mut Transform, &mut Projection), (With<Mirror>, Without<MirrorPicture>)>,
    mut steady: Local<SteadyView>,
) {
    let tangents = frames
        .lock()
        .frame()
        .and_then(|frame| frame.eyes)
        .map(|eyes| eyes[0].tangents());
    let eye = eyes.iter().find(|(eye, _)| eye.0 == 0);
    let (Some([left, right, up, down]), Some((_, eye)), Some(head)) =
        (tangents, eye, body.head_in_world())
    else {
        return;
    };
    let Some(view) = steady.step(&head, time.delta_secs()) else {
        return;
    };
    for mut picture in &mut pictures {
        let center = Vec3::new(left + right, up + down, -2.0) * (0.5 * PICTURE_M);
        *picture = Transform::from_translation(eye.rotation * center)
            .with_rotation(eye.rotation)
            .with_scale(Vec3::new(right - left, up - down, 1.0 / PICTURE_M) * PICTURE_M);
    }
    let aspect = windows.iter().next().map_or(16.0 / 9.0, |window| {
        window.width() / window.height().max(1.0)
    });
    let field_rad = mirrored_field_rad(right - left, up - down, aspect);
    for (mut mirror, mut projection) in &mut mirrors {
        mirror.rotation = near(view.rotation, eye.rotation);
        *projection = eye::perspective(field_rad, eye::NEAR_M);
    }
}

/// The vertical field of view, radians, of a mirror of this shape that shows nothing beyond
/// a picture of this width and height (tangents), with room to lag.
fn mirrored_field_rad(width: f32, height: f32, aspect: f32) -> f32 {
    let half_up = (0.5 * MIRRORED * height).min(0.5 * MIRRORED * width / aspect.max(0.1));
    2.0 * bevy::math::ops::atan(half_up.max(0.05))
}

/// A steadied rotation, no farther from the eye's gaze than the picture reaches.
fn near(steady: Quat, eye: Quat) -> Quat {
    let gaze = eye * Vec3::NEG_Z;
    let lag_rad = (steady * Vec3::NEG_Z).angle_between(gaze);
    if !lag_rad.is_finite() || lag_rad <= MOST_LAG_RAD {
        return steady;
    }
    // Towards the same gaze, level: the glide goes on from there.
    let level = Transform::IDENTITY.looking_to(gaze, Vec3::Y).rotation;
    steady.slerp(level, 1.0 - MOST_LAG_RAD / lag_rad)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mirror_shows_nothing_beyond_the_eyes_picture() {
        for (width, height) in [(2.0_f32, 2.0_f32), (1.8, 1.3), (2.4, 2.6)] {
            for aspect in [16.0 / 9.0, 4.0 / 3.0, 9.0 / 16.0] {
                let half_up = bevy::math::ops::tan(mirrored_field_rad(width, height, aspect) / 2.0);
                let (up, side) = (half_up, half_up * aspect);
                assert!(
                    up <= 0.5 * height * MIRRORED + 1e-4 && side <= 0.5 * width * MIRRORED + 1e-4,
                    "{width} x {height} on {aspect}: {side} x {up} is within the picture"
                );
            }
        }
    }

    #[test]
    fn the_mirror_lags_no_farther_than_its_picture_reaches() {
        let eye = Quat::from_rotation_y(1.0) * Quat::from_rotation_z(0.4);
        for yaw in [0.95_f32, 0.5, -0.6, 2.4] {
            let kept = near(Quat::from_rotation_y(yaw), eye);
            let lag = (kept * Vec3::NEG_Z).angle_between(eye * Vec3::NEG_Z);
            assert!(
                lag < MOST_LAG_RAD + 0.01,
                "from yaw {yaw}: {lag} rad behind"
            );
            assert!(
                (kept * Vec3::X).y.abs() < 1e-4,
                "the horizon is level: {kept}"
            );
        }
    }
}
