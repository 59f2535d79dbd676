//! Holding a camera's way against the limits.

use bevy::math::{Quat, Vec3};

use super::CameraLimits;

/// Where a camera is and how it is turned, at a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Viewpoint {
    /// Seconds.
    pub at_secs: f32,
    /// The eye.
    pub eye_in_world: Vec3,
    /// The orientation of a camera that looks along its -Z.
    pub rotation: Quat,
}

/// What can be too much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Motion {
    /// Metres per second.
    Speed,
    /// Metres per second squared.
    Acceleration,
    /// Degrees per second.
    Turn,
    /// Degrees per second squared.
    TurnAcceleration,
}

/// The most of one kind of motion on a way, beyond its limit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Excess {
    /// Of what.
    pub motion: Motion,
    /// How much.
    pub value: f32,
    /// How much is allowed.
    pub limit: f32,
    /// When, seconds.
    pub at_secs: f32,
}

/// What measuring by differences of `f32` may add: shares of a limit ...
const SLACK: f32 = 1.02;
/// ... and, where nothing at all is allowed, this.
const NOISE: f32 = 0.1;

/// What on a way goes beyond the limits, the worst of each kind. Samples are in order of
/// time; those at the same time (a cut behind a fade) are not measured across.
#[must_use]
pub fn motion_excesses(way: &[Viewpoint], limits: &CameraLimits) -> Vec<Excess> {
    let mut worst: Vec<Excess> = Vec::new();
    let mut note = |motion, value: f32, limit: f32, at_secs| {
        if !value.is_finite() || value <= limit * SLACK + NOISE {
            return;
        }
        match worst.iter_mut().find(|one| one.motion == motion) {
            Some(known) if known.value >= value => {}
            Some(known) => {
                known.value = value;
                known.at_secs = at_secs;
            }
            None => worst.push(Excess {
                motion,
                value,
                limit,
                at_secs,
            }),
        }
    };
    let mut before: Option<(f32, Vec3, Vec3)> = None;
    for pair in way.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let dt = b.at_secs - a.at_secs;
        if dt.is_nan() || dt <= 0.0 {
            before = None;
            continue;
        }
        let middle = (a.at_secs + b.at_secs) * 0.5;
        let velocity = (b.eye_in_world - a.eye_in_world) / dt;
        let turn = turn_deg(a.rotation, b.rotation) / dt;
        note(
            Motion::Speed,
            velocity.length(),
            limits.speed_m_per_s,
            middle,
        );
        note(Motion::Turn, turn.length(), limits.turn_deg_per_s, middle);
        if let Some((earlier, last_velocity, last_turn)) = before {
            let dt = middle - earlier;
            let push = (velocity - last_velocity).length() / dt;
            let twist = (turn - last_turn).length() / dt;
            note(
                Motion::Acceleration,
                push,
                limits.acceleration_m_per_s2,
                a.at_secs,
            );
            note(
                Motion::TurnAcceleration,
                twist,
                limits.turn_deg_per_s2,
                a.at_secs,
            );
        }
        before = Some((middle, velocity, turn));
    }
    worst.sort_by_key(|one| one.motion);
    worst
}

/// The turn from one orientation to another: its axis times its angle in degrees.
fn turn_deg(from: Quat, to: Quat) -> Vec3 {
    let turn = to * from.inverse();
    let turn = if turn.w < 0.0 { -turn } else { turn };
    let (axis, angle) = (Vec3::new(turn.x, turn.y, turn.z), turn.w);
    let sine = axis.length();
    if sine < 1e-7 {
        return Vec3::ZERO;
    }
    axis / sine * (2.0 * bevy::math::ops::atan2(sine, angle)).to_degrees()
}
