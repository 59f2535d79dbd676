//! Flights through generated rooms, sampled densely.

use bevy::math::Vec3;

use super::{Flight, FlightSettings, Pose};
use crate::bake::collide::Collider;
use crate::exhibit::walk::Ground;
use crate::exhibit::walk::worlds::{World, house};

fn pose(x: f32, y: f32, z: f32, yaw_deg: f32, pitch_deg: f32) -> Pose {
    Pose {
        eye_in_world: Vec3::new(x, y, z),
        yaw_rad: yaw_deg.to_radians(),
        pitch_rad: pitch_deg.to_radians(),
    }
}

/// Checks ends, limits and clearance on a thousand samples a second of flight.
fn check(start: Pose, end: Pose, world: Option<&Collider>, what: &str) -> Flight {
    let settings = FlightSettings::default();
    let ground = world.map(|world| world as &dyn Ground);
    let flight = Flight::new(start, end, &settings, ground);
    assert!(!flight.is_blink(), "{what}: a way is found");
    let duration = flight.duration_secs();
    assert_eq!(flight.pose_at(0.0), start, "{what}: it begins exactly");
    assert_eq!(flight.pose_at(duration), end, "{what}: it ends exactly");
    assert_eq!(flight.pose_at(f32::NAN), start, "{what}: NaN is no time");
    assert_eq!(
        flight.darkness_at(duration * 0.5),
        0.0,
        "{what}: a flight is clear"
    );
    let h = 0.02f32;
    let count = (duration / h) as usize;
    let mut before: Option<(Pose, Vec3, f32)> = None;
    for i in 0..=count + 1 {
        let here = flight.pose_at(i as f32 * h);
        if let Some(world) = world {
            let eye = here.eye_in_world;
            let is_end =
                eye.distance(start.eye_in_world) < 0.8 || eye.distance(end.eye_in_world) < 0.8;
            let clearance = if is_end { 0.015 } else { 0.05 };
            assert!(
                world.is_free(eye, eye, clearance),
                "{what}: the eye keeps off the rock at {eye}"
            );
        }
        if let Some((last, last_velocity, last_turn)) = before {
            // More exact for small turns than the arc cosine that glam takes.
            let turned = last.rotation().inverse() * here.rotation();
            let turn = 2.0 * turned.xyz().length() / h;
            let velocity = (here.eye_in_world - last.eye_in_world) / h;
            if i <= count {
                assert!(
                    velocity.length() <= settings.max_speed * 1.02,
                    "{what}: speed {} at step {i}",
                    velocity.length()
                );
                assert!(
                    turn.to_degrees() <= settings.max_turn_deg * 1.03 + 0.6,
                    "{what}: turn {} at step {i}",
                    turn.to_degrees()
                );
            }
            if i > 1 && i <= count {
                let acceleration = (velocity - last_velocity).length() / h;
                assert!(
                    acceleration <= settings.max_acceleration * 1.25 + 0.1,
                    "{what}: acceleration {acceleration} at step {i}"
                );
                let twist = (turn - last_turn).abs().to_degrees() / h;
                assert!(
                    twist <= settings.max_turn_acceleration_deg * 1.25 + 40.0,
                    "{what}: angular acceleration {twist} at step {i}"
                );
            }
            before = Some((here, velocity, turn));
        } else {
            before = Some((here, Vec3::ZERO, 0.0));
        }
    }
    flight
}

#[test]
fn flights_keep_their_promises() {
    let world = house();
    let views = [
        pose(-3.0, 1.6, -2.0, 30.0, 5.0),
        pose(6.0, 1.3, -2.0, -150.0, -10.0),
        pose(3.0, 1.6, 2.0, 170.0, 0.0),
        pose(5.2, 1.7, 2.5, 0.0, 60.0),
        pose(-3.5, 2.2, 2.4, -90.0, -89.0),
        pose(-3.9, 1.5, 0.0, 90.0, 0.0),
    ];
    for (i, start) in views.iter().enumerate() {
        for (k, end) in views.iter().enumerate() {
            check(*start, *end, Some(&world), &format!("view {i} to {k}"));
        }
    }
}

#[test]
fn long_flights_look_where_they_go() {
    let start = pose(0.0, 1.6, 0.0, 180.0, 0.0);
    let end = pose(30.0, 1.6, 0.0, 90.0, 20.0);
    let flight = check(start, end, None, "along x");
    let middle = flight.pose_at(flight.duration_secs() * 0.5);
    let gaze = middle.rotation() * Vec3::NEG_Z;
    assert!(
        gaze.dot(Vec3::X) > 0.99,
        "halfway the camera looks along the way, not along {gaze}"
    );
    assert!(
        flight.duration_secs() < 25.0,
        "thirty metres take no more than {} s",
        flight.duration_secs()
    );
}

#[test]
fn turning_on_the_spot_takes_the_short_way() {
    let flight = check(
        pose(1.0, 1.6, 1.0, 170.0, 0.0),
        pose(1.0, 1.6, 1.0, -170.0, 0.0),
        None,
        "on the spot",
    );
    let middle = flight.pose_at(flight.duration_secs() * 0.5);
    let gaze = middle.rotation() * Vec3::NEG_Z;
    assert!(gaze.z > 0.99, "it turns past 180°, looking along {gaze}");
    let still = check(
        pose(1.0, 1.6, 1.0, 20.0, 0.0),
        pose(1.0, 1.6, 1.0, 20.0, 0.0),
        None,
        "nowhere",
    );
    assert!(
        still.duration_secs() < 1.0,
        "flying nowhere is over soon, not after {} s",
        still.duration_secs()
    );
}

#[test]
fn where_there_is_no_way_the_picture_fades() {
    let world = World::default()
        .hollow(Vec3::ZERO, Vec3::splat(3.0))
        .hollow(Vec3::new(10.0, 0.0, 0.0), Vec3::new(13.0, 3.0, 3.0))
        .build();
    let (start, end) = (
        pose(1.5, 1.5, 1.5, 0.0, 0.0),
        pose(11.0, 1.5, 1.5, 90.0, 0.0),
    );
    let settings = FlightSettings::default();
    let flight = Flight::new(start, end, &settings, Some(&world));
    let duration = flight.duration_secs();
    assert!(flight.is_blink(), "closed boxes are joined by a blink");
    assert_eq!(flight.pose_at(duration * 0.4), start, "first it stays");
    assert_eq!(flight.pose_at(duration * 0.6), end, "then it is there");
    assert_eq!(flight.darkness_at(duration * 0.5), 1.0, "the cut is black");
    assert_eq!(flight.darkness_at(duration * 0.45), 1.0, "and just before");
    assert_eq!(flight.darkness_at(0.0), 0.0, "it begins clear");
    assert_eq!(flight.darkness_at(duration), 0.0, "it ends clear");
}

#[test]
fn senseless_poses_do_no_harm() {
    let bad = pose(f32::NAN, 0.0, 0.0, 0.0, 0.0);
    let good = pose(1.0, 2.0, 3.0, 10.0, 5.0);
    let settings = FlightSettings {
        max_speed: f32::NAN,
        max_turn_deg: -3.0,
        clearance_m: f32::INFINITY,
        ..FlightSettings::default()
    };
    let flight = Flight::new(bad, good, &settings, None);
    assert_eq!(flight.pose_at(0.0), good, "a broken start is the end");
    let flight = Flight::new(bad, bad, &settings, None);
    let pose = flight.pose_at(0.1);
    assert!(
        pose.eye_in_world.is_finite(),
        "two broken poses are harmless"
    );
    let far = Flight::new(
        good,
        super::Pose {
            eye_in_world: Vec3::splat(1e30),
            ..good
        },
        &settings,
        None,
    );
    assert!(far.duration_secs() <= 60.0, "endless ways become blinks");
}
