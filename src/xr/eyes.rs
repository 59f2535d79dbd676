//! The visitor's eyes: two cameras, one exposure, one head.
//!
//! Each eye is drawn into a picture of its own, in the size the runtime recommends times the
//! governor's scale. Both have exactly the settings of the monitor's eye
//! ([`crate::render::eye`]); the exposure is measured once, at the head.

use super::{
    body::Body,
    compose::Veil,
    frames::Frames,
    link::{EyeView, Facts},
};
use crate::{
    render::{
        Quality, capture,
        eye::{self, Eye, NEAR_M},
        loading::{self, CurrentStage},
        warm::WarmUp,
    },
    visit::rig::TrackedPose,
};
use bevy::{
    camera::{
        CameraProjection, CameraUpdateSystems, Exposure, RenderTarget, ShadowLodOrigin,
        SubCameraView,
    },
    core_pipeline::tonemapping::DebandDither,
    math::Vec3A,
    prelude::*,
};

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<EyeScaleAsked>()
        .add_systems(
            PostUpdate,
            place_eyes
                .in_set(EyeSystems)
                .after(super::veil::VeilSystems)
                .before(CameraUpdateSystems)
                .before(TransformSystems::Propagate),
        )
        .add_systems(
            PostUpdate,
            share_exposure.after(TransformSystems::Propagate),
        );
}

/// When the eyes are put where they are.
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct EyeSystems;

/// One of the two eyes: 0 left, 1 right.
#[derive(Component, Debug, Clone, Copy)]
pub(super) struct HeadsetEye(pub(super) usize);

/// Size of the eyes' pictures against the recommended, each way.
#[derive(Resource, Debug, Clone, Copy, PartialEq)]
pub(super) struct EyeScaleAsked(pub(super) f32);

impl Default for EyeScaleAsked {
    fn default() -> Self {
        Self(1.0)
    }
}

/// What the eyes are drawn into.
#[derive(Resource)]
pub(super) struct EyePictures {
    pub(super) handles: [Handle<Image>; 2],
    /// Pixels an eye.
    pub(super) size: UVec2,
}

/// Before a session says what it wants, pixels.
const FIRST_SIZE: UVec2 = UVec2::new(64, 64);

/// Head and eyes of `stage`.
pub(super) fn spawn_eyes(world: &mut World, quality: Quality) {
    let stage = world.resource::<CurrentStage>().0.clone();
    let exposure = Exposure {
        ev100: stage.exposure_at(stage.headset_start.eye_in_world),
    };
    world.spawn((
        Name::new("head"),
        Eye,
        ShadowLodOrigin,
        exposure,
        eye::transform_at(&stage.headset_start),
    ));
    let mut images = world.resource_mut::<Assets<Image>>();
    let handles = [0, 1].map(|_| images.add(capture::target(FIRST_SIZE.x, FIRST_SIZE.y)));
    for (index, handle) in handles.iter().enumerate() {
        let is_low = quality == Quality::Low;
        let mut entity = world.spawn((
            Name::new(["left eye", "right eye"][index]),
            HeadsetEye(index),
            Camera3d::default(),
            Camera {
                is_active: false,
                // Before the monitor, which may show an eye; after the boards.
                order: -1,
                ..default()
            },
            RenderTarget::Image(handle.clone().into()),
            Projection::custom(EyeProjection::default()),
            if is_low {
                DebandDither::Disabled
            } else {
                DebandDither::Enabled
            },
            // Four samples are resolved in hardware on every headset's GPU; a processor
            // takes three times as long for them.
            if is_low { Msaa::Off } else { Msaa::Sample4 },
            eye::transform_at(&stage.headset_start),
        ));
        eye::dress_eye(&mut entity, &stage, quality);
    }
    world.insert_resource(EyePictures {
        handles,
        size: FIRST_SIZE,
    });
}

/// Locates the eyes as late as possible and puts cameras there.
fn place_eyes(
    frames: Res<Frames>,
    scale: Res<EyeScaleAsked>,
    warm: Res<WarmUp>,
    veil: Res<super::veil::Veiling>,
    time: Res<Time<Real>>,
    mut body: ResMut<Body>,
    mut images: ResMut<Assets<Image>>,
    pictures: Option<ResMut<EyePictures>>,
    mut heads: Query<&mut Transform, (With<Eye>, Without<HeadsetEye>)>,
    mut eyes: Query<(&HeadsetEye, &mut Transform, &mut Projection, &mut Camera)>,
) {
    let Some(mut pictures) = pictures else { return };
    let mut shared = frames.lock();
    shared.relocate();
    if let Some(facts) = &shared.facts {
        fit(facts, scale.0, &mut pictures, &mut images);
    }
    let located = shared.frame().and_then(|frame| frame.eyes);
    if let Some(views) = &located {
        body.follow_space(&mut shared);
        body.head_in_rig = Some(head_of(views));
    }
    body.note(time.elapsed());
    let rig = body.rig;
    let is_shown = shared
        .frame()
        .is_some_and(|frame| frame.state.should_render);
    for (HeadsetEye(index), mut transform, mut projection, mut camera) in &mut eyes {
        // What warms up must be drawn, seen or not.
        camera.is_active = is_shown || !warm.is_done();
        let Some(view) = located.as_ref().map(|views| views[*index]) else {
            continue;
        };
        let pose = rig.pose_in_world(&TrackedPose {
            position: view.position,
            rotation: view.rotation,
        });
        *transform = Transform::from_translation(pose.position).with_rotation(pose.rotation);
        *projection = Projection::custom(EyeProjection::of(&view));
    }
    if let Some(head) = body.head_in_world() {
        for mut transform in &mut heads {
            *transform = Transform::from_translation(head.position).with_rotation(head.rotation);
        }
    }
    let ids = pictures.handles.each_ref().map(Handle::id);
    if let Some(frame) = shared.frame_mut() {
        frame.pictures = Some(ids);
        frame.veil = Veil {
            darkness: veil.darkness(),
            vignette: veil.vignette(),
        };
    }
}

/// The middle of the eyes. Displays may be canted outwards: the head looks between them.
pub(super) fn head_of(views: &[EyeView; 2]) -> TrackedPose {
    TrackedPose {
        position: views[0].position.midpoint(views[1].position),
        rotation: views[0].rotation.slerp(views[1].rotation, 0.5),
    }
}

/// Pictures of the size that is wanted now.
fn fit(facts: &Facts, scale: f32, pictures: &mut EyePictures, images: &mut Assets<Image>) {
    let wanted = (facts.recommended.as_vec2() * scale).round().as_uvec2();
    let wanted = wanted.max(UVec2::splat(16));
    if pictures.size == wanted {
        return;
    }
    pictures.size = wanted;
    for handle in &pictures.handles {
        // The handle is strong: its asset is there to be replaced.
        if let Err(error) = images.insert(handle.id(), capture::target(wanted.x, wanted.y)) {
            warn!("an eye's picture keeps its size: {error}");
        }
    }
    info!("each eye is drawn at {} x {} pixels", wanted.x, wanted.y);
}

/// Both eyes see as brightly as the head got used to.
fn share_exposure(
    heads: Query<&Exposure, (With<Eye>, Without<HeadsetEye>)>,
    mut eyes: Query<&mut Exposure, With<HeadsetEye>>,
) {
    let Some(head) = heads.iter().next() else {
        return;
    };
    for mut eye in &mut eyes {
        if eye.ev100 != head.ev100 {
            eye.ev100 = head.ev100;
        }
    }
}

/// Quality by the machine.
pub(super) fn choose_quality(world: &World, asked: Option<Quality>) -> Quality {
    asked.unwrap_or(if loading::is_cpu(world) {
        Quality::Low
    } else {
        // Bloom is drawn for each eye apart and costs a headset more than it gives.
        Quality::Medium
    })
}

/// An eye's perspective: lopsided, reversed depth, without a far end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct EyeProjection {
    /// Tangents of the angles to the left, right, upper and lower edge.
    tangents: [f32; 4],
}

impl Default for EyeProjection {
    fn default() -> Self {
        Self {
            tangents: [-1.0, 1.0, 1.0, -1.0],
        }
    }
}

/// Beyond this nothing is drawn, metres.
const FAR_M: f32 = 2_000.0;

impl EyeProjection {
    pub(super) fn of(view: &EyeView) -> Self {
        Self {
            tangents: view.tangents(),
        }
    }
}

impl CameraProjection for EyeProjection {
    /// `glFrustum` for depth 1 at the near plane and 0 at infinity: x' = (2x + (r + l)z) /
    /// (r - l) over -z, with l and r the tangents to the edges.
    fn get_clip_from_view(&self) -> Mat4 {
        let [left, right, up, down] = self.tangents;
        let (width, height) = (right - left, up - down);
        Mat4::from_cols(
            Vec4::new(2.0 / width, 0.0, 0.0, 0.0),
            Vec4::new(0.0, 2.0 / height, 0.0, 0.0),
            Vec4::new((right + left) / width, (up + down) / height, 0.0, -1.0),
            Vec4::new(0.0, 0.0, NEAR_M, 0.0),
        )
    }

    /// Nobody draws a part of an eye.
    fn get_clip_from_view_for_sub(&self, _: &SubCameraView) -> Mat4 {
        self.get_clip_from_view()
    }

    fn update(&mut self, _width: f32, _height: f32) {}

    fn far(&self) -> f32 {
        FAR_M
    }

    fn get_frustum_corners(&self, z_near: f32, z_far: f32) -> [Vec3A; 8] {
        let [left, right, up, down] = self.tangents;
        let corners = |z: f32| {
            let far = z.abs();
            [(right, down), (right, up), (left, up), (left, down)]
                .map(|(x, y)| Vec3A::new(x * far, y * far, z))
        };
        let (near, far) = (corners(z_near), corners(z_far));
        core::array::from_fn(|at| if at < 4 { near[at] } else { far[at - 4] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(left: f32, right: f32, up: f32, down: f32) -> EyeView {
        EyeView {
            position: Vec3::ZERO,
            rotation: Quat::IDENTITY,
            left_rad: left,
            right_rad: right,
            up_rad: up,
            down_rad: down,
        }
    }

    #[test]
    fn a_straight_eye_is_bevys_perspective() {
        let half = 0.6_f32;
        let own = EyeProjection::of(&view(-half, half, half, -half)).get_clip_from_view();
        let bevys = Mat4::perspective_infinite_reverse_rh(2.0 * half, 1.0, NEAR_M);
        assert!(
            own.abs_diff_eq(bevys, 1e-5),
            "a symmetric eye sees as any camera: {own} and {bevys}"
        );
    }

    #[test]
    fn a_lopsided_eye_sees_its_edges_at_the_edges() {
        let (left, right, up, down) = (-0.9, 0.7, 0.8, -0.95);
        let eye = EyeProjection::of(&view(left, right, up, down));
        let clip = eye.get_clip_from_view();
        let at = |x_rad: f32, y_rad: f32| {
            let point = Vec3::new(
                bevy::math::ops::tan(x_rad) * 3.0,
                bevy::math::ops::tan(y_rad) * 3.0,
                -3.0,
            );
            clip.project_point3(point)
        };
        for (x_rad, y_rad, expected) in [
            (left, up, Vec2::new(-1.0, 1.0)),
            (right, down, Vec2::new(1.0, -1.0)),
        ] {
            let seen = at(x_rad, y_rad).truncate();
            assert!(
                seen.abs_diff_eq(expected, 1e-4),
                "the edge is at {expected}, not {seen}"
            );
        }
        assert!(
            (clip.project_point3(Vec3::new(0.0, 0.0, -NEAR_M)).z - 1.0).abs() < 1e-5,
            "depth is reversed: 1 at the near plane"
        );
        let corners = eye.get_frustum_corners(-1.0, -10.0);
        assert!(
            (corners[0].x - bevy::math::ops::tan(right)).abs() < 1e-5 && corners[4].z == -10.0,
            "corners are in the order Bevy asks for: {corners:?}"
        );
    }

    #[test]
    fn the_head_is_between_the_eyes() {
        let mut views = [view(-0.8, 0.8, 0.8, -0.8); 2];
        views[0].position = Vec3::new(-0.032, 1.6, 0.0);
        views[1].position = Vec3::new(0.032, 1.6, 0.0);
        views[0].rotation = Quat::from_rotation_y(0.1);
        views[1].rotation = Quat::from_rotation_y(-0.1);
        let head = head_of(&views);
        assert!(
            head.position.abs_diff_eq(Vec3::new(0.0, 1.6, 0.0), 1e-6)
                && head.rotation.abs_diff_eq(Quat::IDENTITY, 1e-5),
            "canted displays look straight ahead together: {head:?}"
        );
    }
}
