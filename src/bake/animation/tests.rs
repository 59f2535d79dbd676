use bevy::math::{Quat, Vec3};
use std::f32::consts::{FRAC_PI_2, PI};

use super::*;

fn clip(target: Target, width: usize, interpolation: Interpolation, values: &[f32]) -> Clip {
    let parts = if interpolation == Interpolation::CubicSpline {
        3
    } else {
        1
    };
    let keys = values.len() / width / parts;
    let curve = Curve {
        times: (0..keys).map(|key| key as f32 * 2.0).collect(),
        width,
        values: values.to_vec(),
        interpolation,
    };
    assert!(curve.is_whole(), "the test's own curve is whole");
    Clip {
        name: "test".to_owned(),
        duration_secs: curve.times.last().copied().unwrap_or_default(),
        channels: vec![Channel {
            node: 0,
            target,
            curve,
        }],
    }
}

fn pose_at(clip: &Clip, time: f32) -> Pose {
    let mut poses = [Pose::default()];
    clip.apply(time, &mut poses);
    let [pose] = poses;
    pose
}

#[test]
fn a_line_is_even_and_holds_at_its_ends() {
    let values = [0.0, 0.0, 0.0, 4.0, 2.0, 0.0, 4.0, 4.0, 8.0];
    let clip = clip(Target::Translation, 3, Interpolation::Linear, &values);
    for (time, expected) in [
        (-1.0, Vec3::ZERO),
        (0.0, Vec3::ZERO),
        (0.5, Vec3::new(1.0, 0.5, 0.0)),
        (2.0, Vec3::new(4.0, 2.0, 0.0)),
        (3.0, Vec3::new(4.0, 3.0, 4.0)),
        (4.0, Vec3::new(4.0, 4.0, 8.0)),
        (99.0, Vec3::new(4.0, 4.0, 8.0)),
    ] {
        assert_eq!(pose_at(&clip, time).translation, expected, "at {time} s");
    }
}

#[test]
fn a_step_holds_until_the_next_keyframe() {
    let clip = clip(
        Target::Scale,
        3,
        Interpolation::Step,
        &[1.0, 1.0, 1.0, 2.0, 2.0, 2.0],
    );
    assert_eq!(pose_at(&clip, 1.999).scale, Vec3::ONE, "just before");
    assert_eq!(pose_at(&clip, 2.0).scale, Vec3::splat(2.0), "at it");
}

#[test]
fn a_rotation_turns_evenly_the_short_way() {
    let quarter = Quat::from_rotation_y(FRAC_PI_2);
    // The same rotation written with the other sign: the way stays the short one.
    let other = quarter.to_array().map(|v| -v);
    let values: Vec<f32> = Quat::IDENTITY.to_array().into_iter().chain(other).collect();
    let clip = clip(Target::Rotation, 4, Interpolation::Linear, &values);
    let half = pose_at(&clip, 1.0).rotation;
    assert!(
        half.angle_between(Quat::from_rotation_y(FRAC_PI_2 / 2.0)) < 1e-3,
        "half the time is half the angle, not {half}"
    );
}

#[test]
fn a_spline_goes_through_its_keyframes_with_its_tangents() {
    // Each keyframe: incoming tangent, value, outgoing tangent, of x, y, z.
    let key = |x: f32, slope: f32| [slope, 0.0, 0.0, x, 0.0, 0.0, slope, 0.0, 0.0];
    let values: Vec<f32> = [key(0.0, 0.0), key(1.0, 0.0), key(3.0, 1.0)].concat();
    let clip = clip(Target::Translation, 3, Interpolation::CubicSpline, &values);
    let x = |time: f32| pose_at(&clip, time).translation.x;
    assert_eq!(x(0.0), 0.0, "the first value");
    assert_eq!(x(2.0), 1.0, "the second value");
    assert_eq!(x(4.0), 3.0, "the last value");
    assert!(
        (x(1.0) - 0.5).abs() < 1e-6,
        "with level tangents the middle is half way"
    );
    let slope = (x(4.0) - x(3.99)) / 0.01;
    assert!(
        (slope - 1.0).abs() < 0.02,
        "the tangent is a slope a second, not {slope}"
    );
    let start = (x(2.01) - x(2.0)) / 0.01;
    assert!(
        start.abs() < 0.02,
        "a level tangent leaves level, not {start}"
    );
}

#[test]
fn a_spline_of_rotations_stays_a_rotation() {
    let key = |angle: f32| {
        let q = Quat::from_rotation_x(angle).to_array();
        [[0.0; 4], q, [0.0; 4]].concat()
    };
    let values: Vec<f32> = [key(0.0), key(PI * 0.9)].concat();
    let clip = clip(Target::Rotation, 4, Interpolation::CubicSpline, &values);
    for step in 0..=20 {
        let q = pose_at(&clip, step as f32 * 0.1).rotation;
        assert!(q.is_normalized(), "{q} is a rotation");
    }
}

#[test]
fn weights_follow_their_curve() {
    let clip = clip(
        Target::Weights,
        2,
        Interpolation::Linear,
        &[0.0, 1.0, 1.0, 0.0],
    );
    assert_eq!(pose_at(&clip, 0.5).weights, [0.25, 0.75]);
}

#[test]
fn no_numbers_and_no_direction_make_no_nan() {
    let clip = clip(Target::Rotation, 4, Interpolation::Linear, &[0.0; 8]);
    assert_eq!(
        pose_at(&clip, 1.0).rotation,
        Quat::IDENTITY,
        "nothing turns nothing"
    );
    let empty = Clip {
        channels: vec![Channel {
            node: 0,
            target: Target::Scale,
            curve: Curve::default(),
        }],
        ..Clip::default()
    };
    assert_eq!(
        pose_at(&empty, 1.0),
        Pose::default(),
        "no keyframe, no change"
    );
}

#[test]
fn a_rig_gathers_what_moves() {
    let mut first = clip(Target::Scale, 3, Interpolation::Step, &[2.0; 6]);
    first.channels[0].node = 7;
    let mut second = clip(Target::Translation, 3, Interpolation::Step, &[3.0; 6]);
    second.channels[0].node = 2;
    let rig = Rig::new(vec![first, second], |node| Pose {
        translation: Vec3::splat(node as f32),
        ..Pose::default()
    });
    assert_eq!(rig.nodes, [2, 7], "each once, in order");
    let mut poses = rig.rest.clone();
    rig.clips[0].apply(0.0, &mut poses);
    assert_eq!(
        (poses[0].scale, poses[1].scale),
        (Vec3::ONE, Vec3::splat(2.0)),
        "the clip moves node 7 alone"
    );
    assert_eq!(poses[1].translation, Vec3::splat(7.0), "the rest stays");
}

#[test]
fn a_mix_lies_between() {
    let from = [Pose::default()];
    let mut to = [Pose {
        translation: Vec3::X,
        rotation: Quat::from_rotation_z(1.0),
        scale: Vec3::splat(3.0),
        weights: vec![1.0],
    }];
    mix(&from, &mut to, 0.5);
    assert_eq!(to[0].translation, Vec3::new(0.5, 0.0, 0.0));
    assert_eq!(to[0].scale, Vec3::splat(2.0));
    assert_eq!(to[0].weights, [0.5]);
    assert!(to[0].rotation.angle_between(Quat::from_rotation_z(0.5)) < 1e-3);
}
