//! Where the camera looks on its way.

use bevy::math::{Vec3, ops};

use super::Pose;
use crate::angle::wrapped;

/// On ways shorter than this the gaze turns straight to the target, metres.
const STRAIGHT_TURN_M: f32 = 7.0;
/// How far ahead along the way the gaze looks, metres.
const AHEAD_M: f32 = 1.6;
/// The gaze follows climbs and descents by this part, and no further than the limit.
const CLIMB_SHARE: f32 = 0.5;
const CLIMB_LIMIT_RAD: f32 = 0.35;

/// Rises from 0 to 1 with no speed and no acceleration at either end.
pub(super) fn smoother(t: f32) -> f32 {
    let t = t.clamp(0.0, 1.0);
    t * t * t * (t * (t * 6.0 - 15.0) + 10.0)
}

/// Yaw (running on beyond half turns) and pitch at each of the evenly spaced points of a
/// way. The first and last are those of the poses, the yaw up to whole turns.
pub(super) fn gaze_along(start: Pose, end: Pose, points: &[Vec3], length_m: f32) -> Vec<[f32; 2]> {
    let count = points.len();
    let part = |i: usize| i as f32 / (count - 1) as f32;
    let start_gaze = [start.yaw_rad, start.pitch_rad];
    let mut gazes = if length_m < STRAIGHT_TURN_M {
        let turn = wrapped(end.yaw_rad - start.yaw_rad);
        let rise = end.pitch_rad - start.pitch_rad;
        (0..count)
            .map(|i| {
                let done = smoother(part(i));
                [start_gaze[0] + turn * done, start_gaze[1] + rise * done]
            })
            .collect()
    } else {
        let travel = travel_gazes(points, length_m);
        let (first, last) = (travel[0], travel[count - 1]);
        let begin = [
            first[0] + wrapped(start.yaw_rad - first[0]),
            start.pitch_rad,
        ];
        let finish = [last[0] + wrapped(end.yaw_rad - last[0]), end.pitch_rad];
        // Turning takes up to three metres at each end.
        let ramp = (3.0 / length_m).min(0.45);
        let mixed = |i: usize| {
            let (to_travel, to_end) = (
                smoother(part(i) / ramp),
                smoother((part(i) - 1.0 + ramp) / ramp),
            );
            [0, 1].map(|k| {
                begin[k] * (1.0 - to_travel)
                    + travel[i][k] * (to_travel - to_end)
                    + finish[k] * to_end
            })
        };
        (0..count).map(mixed).collect::<Vec<_>>()
    };
    let window = (0.4 / length_m.max(0.4) * count as f32) as usize / 2;
    for _ in 0..3 {
        gazes = averaged(&gazes, window);
    }
    gazes
}

/// The gaze along the way itself, a little ahead.
fn travel_gazes(points: &[Vec3], length_m: f32) -> Vec<[f32; 2]> {
    let last = points.len() - 1;
    let ahead = ((AHEAD_M / length_m * last as f32) as usize).max(1);
    let mut gazes: Vec<[f32; 2]> = Vec::with_capacity(points.len());
    for (i, here) in points.iter().enumerate() {
        let way = points[(i + ahead).min(last)] - here;
        let level = ops::hypot(way.x, way.z);
        let before = gazes.last().copied();
        // Near the end, and on vertical ways, the heading of before is kept.
        let is_clear = level > 0.15 * AHEAD_M && level > 0.3 * way.y.abs();
        let gaze = match before {
            Some(before) if !is_clear => before,
            _ => {
                let yaw = ops::atan2(-way.x, -way.z);
                let known = before.map_or(yaw, |gaze| gaze[0]);
                let climb = ops::atan2(way.y, level.max(1e-3)) * CLIMB_SHARE;
                [
                    known + wrapped(yaw - known),
                    climb.clamp(-CLIMB_LIMIT_RAD, CLIMB_LIMIT_RAD),
                ]
            }
        };
        gazes.push(gaze);
    }
    gazes
}

/// A running mean that keeps the ends.
fn averaged(values: &[[f32; 2]], window: usize) -> Vec<[f32; 2]> {
    let last = values.len() - 1;
    let mut sums = Vec::with_capacity(values.len() + 1);
    sums.push([0.0f64; 2]);
    for value in values {
        let before = sums[sums.len() - 1];
        sums.push([0, 1].map(|k| before[k] + f64::from(value[k])));
    }
    (0..values.len())
        .map(|i| {
            // The window narrows towards the ends, which stay what they are.
            let half = window.min(i).min(last - i);
            let count = (2 * half + 1) as f64;
            [0, 1].map(|k| ((sums[i + half + 1][k] - sums[i - half][k]) / count) as f32)
        })
        .collect()
}
