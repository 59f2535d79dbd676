//! Rig mathematics to the micrometre.

use super::*;
use crate::visit::comfort::{ComfortSettings, Posture};
use crate::visit::dice::Dice;
use bevy::math::EulerRot;
use core::f32::consts::{FRAC_PI_2, PI};

fn head(dice: &mut Dice) -> TrackedPose {
    TrackedPose {
        position: Vec3::new(
            dice.unit() * 1.5,
            1.6 + dice.unit() * 0.3,
            dice.unit() * 1.5,
        ),
        rotation: Quat::from_euler(
            EulerRot::YXZ,
            dice.unit() * PI,
            dice.unit() * 1.4,
            dice.unit() * 0.4,
        ),
    }
}

fn rig(dice: &mut Dice) -> Rig {
    Rig {
        origin_in_world: dice.point() * 2.0,
        yaw_rad: dice.unit() * PI,
    }
}

#[test]
fn a_snap_turn_is_thirty_degrees_about_the_head() {
    let mut dice = Dice::new(5);
    for case in 0..2000 {
        let (rig, head) = (rig(&mut dice), head(&mut dice));
        let angle = if case % 2 == 0 { 30f32 } else { -30f32 }.to_radians();
        let turned = rig.turned_about_head(&head, angle);
        let (before, after) = (rig.pose_in_world(&head), turned.pose_in_world(&head));
        let moved = before.position.distance(after.position);
        assert!(
            moved < 1e-6,
            "case {case}: the head stays, it moved {moved} m"
        );
        let found = wrapped(turned.yaw_rad - rig.yaw_rad);
        assert!(
            (found - angle).abs() < 1e-6,
            "case {case}: the turn is {}° exactly",
            found.to_degrees()
        );
        let about = (after.rotation * before.rotation.inverse()).normalize();
        assert!(
            about.angle_between(Quat::from_rotation_y(angle)) < 2e-3,
            "case {case}: the view turns by the same, about the vertical"
        );
    }
}

#[test]
fn a_day_of_turning_does_not_drift() {
    let mut dice = Dice::new(6);
    let (mut rig, head) = (rig(&mut dice), head(&mut dice));
    let start = rig.world_from_rig(head.position);
    for _ in 0..1200 {
        rig = rig.turned_about_head(&head, 30f32.to_radians());
    }
    let end = rig.world_from_rig(head.position);
    assert!(
        start.distance(end) < 1e-4,
        "a hundred full turns leave the head within a tenth of a millimetre"
    );
}

#[test]
fn recentering_faces_ahead_whatever_way_the_visitor_stands() {
    let mut dice = Dice::new(7);
    for case in 0..2000 {
        let head = head(&mut dice);
        let feet = dice.point() * 4.0;
        let yaw = dice.unit() * PI;
        let rig = Rig::default().with_head_at(&head, feet, yaw, 0.0);
        let found = rig.pose_in_world(&head);
        let beside = (found.position - feet).with_y(0.0).length();
        assert!(
            beside < 1e-5,
            "case {case}: the head is above the place, {beside} m off"
        );
        assert!(
            (found.position.y - feet.y - head.position.y).abs() < 1e-5,
            "case {case}: at its own height"
        );
        assert!(
            wrapped(found.yaw_rad() - yaw).abs() < 1e-3,
            "case {case}: and faces {yaw}, not {}",
            found.yaw_rad()
        );
        assert!(
            wrapped(rig.head_yaw_rad(&head) - yaw).abs() < 1e-4,
            "case {case}: the rig says the same"
        );
    }
}

#[test]
fn a_head_that_looks_straight_down_has_a_heading() {
    for yaw in [-2.0f32, 0.0, 1.0, 3.0] {
        for pitch in [-FRAC_PI_2, -1.55, -1.5, 0.0, 1.5, 1.55, FRAC_PI_2] {
            let head = TrackedPose {
                position: Vec3::ZERO,
                rotation: Quat::from_euler(EulerRot::YXZ, yaw, pitch, 0.0),
            };
            let found = head.yaw_rad();
            assert!(
                wrapped(found - yaw).abs() < 1e-3,
                "looking {pitch} rad up, the heading is {yaw}, not {found}"
            );
        }
    }
}

#[test]
fn lost_tracking_moves_nothing() {
    let mut dice = Dice::new(8);
    let rig = rig(&mut dice);
    let mut lost = head(&mut dice);
    lost.position.x = f32::NAN;
    assert_eq!(
        rig.turned_about_head(&lost, 0.5),
        rig,
        "no turn about nowhere"
    );
    assert_eq!(
        rig.with_head_at(&lost, Vec3::ZERO, 0.0, 0.0),
        rig,
        "no recentering about nowhere"
    );
    assert_eq!(rig.moved(Vec3::NAN), rig, "no way to nowhere");
}

#[test]
fn postures_place_the_eye() {
    let settings = |posture, height_offset_m| ComfortSettings {
        posture,
        height_offset_m,
        ..ComfortSettings::default()
    };
    let mut eye = EyeHeight::default();
    let standing = settings(Posture::Standing, 0.0);
    assert_eq!(eye.lift_m(&standing, 1.7), 0.0, "standing is 1:1");
    assert!(eye.calibrate(1.15), "a seated eye is measured");
    let raised = settings(Posture::Raised, 0.0);
    assert!(
        (1.15 + eye.lift_m(&raised, 1.3) - STANDING_EYE_M).abs() < 1e-6,
        "raised, a seated visitor sees from a standing eye height"
    );
    let seated = settings(Posture::Seated, 0.2);
    assert!(
        (eye.lift_m(&seated, 1.15) - 0.2).abs() < 1e-6,
        "the offset is the visitor's own"
    );
    let mut child = EyeHeight::default();
    assert!(
        (child.lift_m(&raised, 1.0) - 0.62).abs() < 1e-6,
        "a child that never calibrated is raised too"
    );
    assert!(child.calibrate(1.9), "a tall visitor");
    assert_eq!(child.lift_m(&raised, 1.9), 0.0, "nobody is lowered");
    assert!(!child.calibrate(f32::NAN), "a glitch is no height");
    assert!(!child.calibrate(9.0), "nor is a giant");
    assert_eq!(
        floor_in_local_m(0.0, Posture::Standing),
        Some(-STANDING_EYE_M),
        "a LOCAL space's floor is an eye below the head"
    );
    assert_eq!(
        floor_in_local_m(f32::NAN, Posture::Seated),
        None,
        "no head, no floor"
    );
}
