//! Both ears hear what the head's own responses say.

use std::path::Path;

use super::*;
use crate::sound::head::{Bearing, Head};

const KEMAR: &str = "/work/shared/data/audio/hrtf/MIT_KEMAR_normal_pinna.sofa";

/// Later (positive) by how many samples the right ear hears, to an eighth: the peak of the
/// cross-correlation within 1 ms, with a parabola through its top.
fn lag(left: &[f32], right: &[f32]) -> f32 {
    let most = 48i32;
    let correlation: Vec<f64> = (-most..=most)
        .map(|lag| {
            (0..left.len() as i32)
                .filter_map(|n| {
                    let other = usize::try_from(n + lag).ok()?;
                    Some(f64::from(left[n as usize]) * f64::from(*right.get(other)?))
                })
                .sum()
        })
        .collect();
    let (top, _) = correlation
        .iter()
        .enumerate()
        .max_by(|a, b| a.1.total_cmp(b.1))
        .unwrap();
    let top = top.clamp(1, correlation.len() - 2);
    let (a, b, c) = (correlation[top - 1], correlation[top], correlation[top + 1]);
    let peak = 0.5 * (a - c) / (a - 2.0 * b + c);
    top as f32 - most as f32 + peak as f32
}

fn level_difference(left: &[f32], right: &[f32]) -> f32 {
    db(rms(left) / rms(right))
}

/// Renders one impulse from every 15 degrees and compares with the head's response.
fn follows_the_head(which: Output) {
    let head = Head::open(&which, RATE).unwrap();
    let impulse = clip(4096, |n| if n == 0 { 0.5 } else { 0.0 });
    let mut sides = 0;
    for degrees in (0..360).step_by(15) {
        let (sin, cos) = ops::sin_cos((degrees as f32).to_radians());
        let direction = Vec3::new(sin, 0.0, -cos);
        let own = head.response(Bearing::new(direction, 0.0));
        let delay = ((own.rdelay - own.ldelay) * RATE as f32).trunc();
        // The listener has turned around: what counts is the direction relative to the head.
        let turned = Quat::from_rotation_y(0.7);
        let ears = ears(
            which.clone(),
            0.1,
            vec![
                cue(
                    0.0,
                    Order::Listen(Pose {
                        position_m: Vec3::ONE,
                        rotation: turned,
                    }),
                ),
                cue(
                    0.0,
                    Order::Play(vec![placed(
                        "it",
                        &impulse,
                        Vec3::ONE + turned * direction * 2.0,
                    )]),
                ),
            ],
        );
        let (rendered, expected) = (lag(&ears[0], &ears[1]), lag(&own.left, &own.right) + delay);
        assert!(
            (rendered - expected).abs() <= 0.5,
            "{degrees}°: {rendered} for {expected} samples"
        );
        let rendered_db = level_difference(&ears[0], &ears[1]);
        let expected_db = level_difference(&own.left, &own.right);
        assert!(
            (rendered_db - expected_db).abs() <= 0.2,
            "{degrees}°: {rendered_db} for {expected_db} dB"
        );
        sides += usize::from(expected > 5.0) + usize::from(expected < -5.0);
    }
    assert!(
        sides >= 16,
        "the sides must differ in time for the test to mean something: {sides}"
    );
}

#[test]
fn every_15_degrees_through_the_built_in_head() {
    follows_the_head(Output::Headphones);
}

#[test]
fn every_15_degrees_through_kemar() {
    if !Path::new(KEMAR).exists() {
        eprintln!("skipped: {KEMAR} is not here");
        return;
    }
    follows_the_head(Output::Sofa(KEMAR.into()));
}

#[test]
fn right_is_right_through_every_head() {
    let hiss = noise(0.2, 1.0);
    let mut all = vec![Output::Headphones, Output::Stereo];
    if Path::new(KEMAR).exists() {
        all.push(Output::Sofa(KEMAR.into()));
    }
    for which in all {
        let heard = ears(
            which.clone(),
            0.5,
            vec![cue(0.0, Order::Play(vec![placed("it", &hiss, Vec3::X)]))],
        );
        assert!(rms(&heard[1]) > 1.5 * rms(&heard[0]), "{which:?}");
    }
    let heard = ears(
        Output::Mono,
        0.5,
        vec![cue(0.0, Order::Play(vec![placed("it", &hiss, Vec3::X)]))],
    );
    assert_eq!(heard[0], heard[1]);
}
