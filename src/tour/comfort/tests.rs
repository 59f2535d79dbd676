//! The limits as the guidelines state them.

use std::time::Duration;

use bevy::math::{Quat, Vec3};

use super::*;

/// A light that is switched between two luminances `per_second` times a second.
fn blinking(low: f32, high: f32, per_second: u64) -> Option<Flash> {
    let series = (0..per_second * 6).map(|n| {
        let at = Duration::from_millis(n * 1000 / (per_second * 2));
        (at, if n % 2 == 0 { low } else { high })
    });
    first_flash(series)
}

#[test]
fn three_flashes_a_second_pass_and_four_do_not() {
    assert_eq!(blinking(0.0, 1.0, 3), None, "three are allowed");
    let flash = blinking(0.0, 1.0, 4).expect("four are not");
    assert_eq!(flash.count, 4);
    assert!(
        flash.at <= Duration::from_millis(1500),
        "seen within the first second or so"
    );
}

#[test]
fn only_changes_that_count_count() {
    assert_eq!(blinking(0.5, 0.59, 15), None, "less than a tenth");
    assert!(blinking(0.5, 0.6, 15).is_some(), "a tenth");
    assert_eq!(blinking(0.8, 1.0, 15), None, "the darker is bright");
    assert!(
        blinking(0.79, 0.9, 15).is_some(),
        "the darker is just below"
    );
}

#[test]
fn a_flash_is_seen_through_small_steps_and_a_slow_fade_is_none() {
    let wave = |hertz: f32| {
        first_flash((0..1200_u32).map(|n| {
            let secs = n as f32 / 240.0;
            let luminance = 0.4 - 0.4 * bevy::math::ops::cos(secs * hertz * core::f32::consts::TAU);
            (Duration::from_secs_f32(secs), luminance)
        }))
    };
    assert!(wave(5.0).is_some(), "five soft flashes a second");
    assert_eq!(wave(2.0), None, "two");
    let fade = (0..1000_u32).map(|n| (Duration::from_millis(n.into()), n as f32 / 1000.0));
    assert_eq!(first_flash(fade), None, "it only becomes bright");
    let broken = [f32::NAN, f32::INFINITY, -3.0, 9.0];
    let series = (0..1000_usize).map(|n| (Duration::from_millis(n as u64), broken[n % 4]));
    assert!(
        first_flash(series).is_some(),
        "what is no luminance is passed over"
    );
}

/// A picture that changes between two linear colors `per_second` times a second.
fn turning(one: [f32; 3], other: [f32; 3], per_second: u64) -> Option<FlashKind> {
    let mut meter = FlashMeter::new();
    (0..per_second * 6).find_map(|n| {
        let at = Duration::from_millis(n * 1000 / (per_second * 2));
        let color = if n % 2 == 0 { one } else { other };
        meter.see_color(at, color).map(|flash| flash.kind)
    })
}

#[test]
fn a_saturated_red_flashes_by_its_color() {
    const RED: [f32; 3] = [0.4, 0.0, 0.0];
    // As bright as the red.
    const GREY: [f32; 3] = [0.085; 3];
    assert_eq!(turning(RED, GREY, 4), Some(FlashKind::Red), "from grey");
    assert_eq!(turning(GREY, RED, 4), Some(FlashKind::Red), "to grey");
    assert_eq!(turning(RED, [0.0; 3], 4), Some(FlashKind::Red), "to black");
    assert_eq!(turning(RED, GREY, 3), None, "three are allowed");
    let dimmed = [0.4 - 20.0 / 320.0, 0.0, 0.0];
    assert_eq!(turning(RED, dimmed, 4), None, "a change of twenty");
    let darker = [0.4 - 21.0 / 320.0, 0.0, 0.0];
    assert_eq!(turning(RED, darker, 4), Some(FlashKind::Red), "of more");
    let orange = [0.4, 0.11, 0.0];
    assert_eq!(turning(orange, [0.2, 0.11, 0.0], 9), None, "not saturated");
    let blue = [0.0, 0.0, 0.9];
    assert_eq!(turning(blue, [0.0; 3], 9), None, "blue is not red");
    assert_eq!(
        turning([1.0; 3], [0.0; 3], 4),
        Some(FlashKind::General),
        "white is not red but bright"
    );
}

fn way(at: impl Fn(f32) -> (Vec3, f32)) -> Vec<Viewpoint> {
    (0..=100_u32)
        .map(|n| {
            let at_secs = n as f32 / 50.0;
            let (eye_in_world, yaw_deg) = at(at_secs);
            Viewpoint {
                at_secs,
                eye_in_world,
                rotation: Quat::from_rotation_y(yaw_deg.to_radians()),
            }
        })
        .collect()
}

#[test]
fn a_camera_is_held_against_its_limits() {
    let calm = way(|t| (Vec3::X * t, 30.0 * t));
    assert_eq!(motion_excesses(&calm, &MONITOR), [], "a calm flight");
    let in_headset = motion_excesses(&calm, &HEADSET);
    assert_eq!(
        in_headset.len(),
        1,
        "only its turn is too much: {in_headset:?}"
    );
    assert_eq!(in_headset[0].motion, Motion::Turn);
    assert!((in_headset[0].value - 30.0).abs() < 0.1);
    let wild = motion_excesses(&way(|t| (Vec3::X * t * t * 4.0, 180.0 * t * t)), &MONITOR);
    let kinds: Vec<Motion> = wild.iter().map(|one| one.motion).collect();
    let all = [
        Motion::Speed,
        Motion::Acceleration,
        Motion::Turn,
        Motion::TurnAcceleration,
    ];
    assert_eq!(kinds, all, "everything is too much");
    let mut cut = calm;
    cut[50].at_secs = cut[49].at_secs;
    cut[50].eye_in_world = Vec3::Z * 1e6;
    for viewpoint in &mut cut[51..] {
        viewpoint.eye_in_world += Vec3::Z * 1e6 - Vec3::X * 0.98;
    }
    let excesses = motion_excesses(&cut, &MONITOR);
    let moves = |one: &Excess| matches!(one.motion, Motion::Speed | Motion::Acceleration);
    assert!(
        !excesses.iter().any(moves),
        "a cut is not measured across: {excesses:?}"
    );
}
