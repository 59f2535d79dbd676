//! Steady hands and a steady mirror: filters that do not depend on the frame rate.
//!
//! [`SteadyRay`] is the One Euro filter (Casiez, Roussel and Vogel, CHI 2012): slow motion is
//! smoothed against tremor, quick motion follows at once. [`SteadyView`] is for the picture
//! on the monitor: it glides after the visitor's head and keeps the horizon level.

use super::rig::TrackedPose;
use crate::angle::wrapped;
use bevy::math::{EulerRot, Quat, Vec3, ops};

/// Cutoff at rest, hertz: tremor of a hand is at 8 to 12 Hz.
const REST_HZ: f32 = 1.5;
/// How quickly the cutoff rises with speed, hertz for each unit a second.
const RISE: f32 = 6.0;
/// Cutoff of the speed itself, hertz, as in the paper.
const SPEED_HZ: f32 = 1.0;

/// Smooths a pointing ray.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct SteadyRay {
    last: Option<(Vec3, Vec3)>,
    from_speed: Vec3,
    direction_speed: Vec3,
}

impl SteadyRay {
    /// Takes a raw ray and returns the steady one; the direction is unit. `None` for a ray
    /// that is none: the filter then begins anew.
    pub fn step(&mut self, from: Vec3, direction: Vec3, dt_secs: f32) -> Option<(Vec3, Vec3)> {
        let direction = direction.try_normalize().filter(|_| from.is_finite());
        let Some(direction) = direction else {
            *self = Self::default();
            return None;
        };
        let usable = self.last.filter(|_| dt_secs.is_finite() && dt_secs > 0.0);
        let Some((last_from, last_direction)) = usable else {
            let steady = self.last.unwrap_or((from, direction));
            self.last = Some(steady);
            return Some(steady);
        };
        let from = one_euro(last_from, from, &mut self.from_speed, dt_secs);
        let direction = one_euro(
            last_direction,
            direction,
            &mut self.direction_speed,
            dt_secs,
        );
        let steady = (from, direction.try_normalize().unwrap_or(last_direction));
        self.last = Some(steady);
        Some(steady)
    }
}

fn one_euro(last: Vec3, raw: Vec3, speed: &mut Vec3, dt_secs: f32) -> Vec3 {
    let now = (raw - last) / dt_secs;
    *speed += (now - *speed) * share(SPEED_HZ, dt_secs);
    let cutoff_hz = REST_HZ + RISE * speed.length();
    last + (raw - last) * share(cutoff_hz, dt_secs)
}

/// How much of the way a low-pass filter goes in a frame.
fn share(cutoff_hz: f32, dt_secs: f32) -> f32 {
    1.0 - ops::exp(-core::f32::consts::TAU * cutoff_hz * dt_secs)
}

/// Time in which the mirror makes about two thirds of the way, seconds.
const VIEW_SECS: f32 = 0.25;
/// A head farther from the mirror's than this was teleported: cut, metres.
const CUT_M: f32 = 0.8;
/// The mirror looks up and down no farther, radians.
const MOST_PITCH_RAD: f32 = 1.45;

/// The camera of the monitor's mirror.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct SteadyView {
    view: Option<(Vec3, f32, f32)>,
}

impl SteadyView {
    /// Glides after the head and returns a level camera: -Z ahead, never rolled.
    pub fn step(&mut self, world_from_head: &TrackedPose, dt_secs: f32) -> Option<TrackedPose> {
        if world_from_head.is_finite() && dt_secs.is_finite() && dt_secs >= 0.0 {
            let eye = world_from_head.position;
            let yaw = world_from_head.yaw_rad();
            let ahead = world_from_head.rotation * Vec3::NEG_Z;
            let pitch = ops::asin(ahead.y.clamp(-1.0, 1.0)).clamp(-MOST_PITCH_RAD, MOST_PITCH_RAD);
            let part = 1.0 - ops::exp(-dt_secs / VIEW_SECS);
            self.view = Some(match self.view {
                Some((last, last_yaw, last_pitch)) if last.distance(eye) < CUT_M => (
                    last + (eye - last) * part,
                    wrapped(last_yaw + wrapped(yaw - last_yaw) * part),
                    last_pitch + (pitch - last_pitch) * part,
                ),
                _ => (eye, yaw, pitch),
            });
        }
        self.view.map(|(position, yaw, pitch)| TrackedPose {
            position,
            rotation: Quat::from_euler(EulerRot::YXZ, yaw, pitch, 0.0),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visit::dice::Dice;

    #[test]
    fn tremor_is_smoothed_and_motion_followed() {
        let dt = 1.0 / 90.0;
        let mut dice = Dice::new(40);
        let mut ray = SteadyRay::default();
        let (mut raw, mut steady) = (0.0f32, 0.0f32);
        for frame in 0..900 {
            // One degree of tremor.
            let shaken = Vec3::NEG_Z + (dice.point() * 0.017).with_z(0.0);
            let (_, direction) = ray
                .step(Vec3::ZERO, shaken, dt)
                .expect("a tracked hand has a ray");
            if frame > 90 {
                raw += shaken.normalize_or_zero().angle_between(Vec3::NEG_Z);
                steady += direction.angle_between(Vec3::NEG_Z);
            }
        }
        assert!(
            steady < raw * 0.5,
            "tremor is halved at least: {steady} of {raw}"
        );
        // A swing by 60 degrees in a third of a second.
        let mut lag = 0.0f32;
        for frame in 0..60 {
            let yaw = (frame as f32 / 30.0).min(1.0);
            let aim = Quat::from_rotation_y(yaw) * Vec3::NEG_Z;
            let (_, direction) = ray.step(Vec3::ZERO, aim, dt).expect("a ray");
            lag = direction.angle_between(aim);
        }
        assert!(lag < 0.01, "after a swing the ray is there: {lag} rad off");
        assert_eq!(
            ray.step(Vec3::NAN, Vec3::X, dt),
            None,
            "a lost hand has no ray"
        );
        assert_eq!(
            ray.step(Vec3::ZERO, Vec3::X, dt),
            Some((Vec3::ZERO, Vec3::X)),
            "found again, it begins anew"
        );
    }

    #[test]
    fn the_mirror_glides_cuts_and_stays_level() {
        let pose = |x: f32, yaw: f32, roll: f32| TrackedPose {
            position: Vec3::new(x, 1.6, 0.0),
            rotation: Quat::from_euler(EulerRot::YXZ, yaw, 0.2, roll),
        };
        let mut view = SteadyView::default();
        assert_eq!(
            view.step(
                &TrackedPose {
                    position: Vec3::NAN,
                    rotation: Quat::IDENTITY
                },
                0.1
            ),
            None,
            "nothing to show yet"
        );
        view.step(&pose(0.0, 0.0, 0.0), 0.01);
        let next = view.step(&pose(0.3, 0.5, 0.4), 0.01).expect("a view");
        assert!(
            next.position.x > 0.0 && next.position.x < 0.05,
            "it glides: {}",
            next.position
        );
        for _ in 0..300 {
            view.step(&pose(0.3, 0.5, 0.4), 0.01);
        }
        let there = view.step(&pose(0.3, 0.5, 0.4), 0.01).expect("a view");
        assert!((there.yaw_rad() - 0.5).abs() < 0.01, "it arrives");
        let right = there.rotation * Vec3::X;
        assert!(
            right.y.abs() < 1e-5,
            "its horizon is level, however the head is held"
        );
        let far = view.step(&pose(5.0, 0.5, 0.0), 0.01).expect("a view");
        assert_eq!(far.position.x, 5.0, "a teleport is a cut, not a flight");
        // The short way around the back.
        let mut view = SteadyView::default();
        view.step(&pose(0.0, 3.1, 0.0), 0.01);
        let next = view.step(&pose(0.0, -3.1, 0.0), 0.05).expect("a view");
        assert!(
            next.yaw_rad().abs() > 3.0,
            "the short way: {}",
            next.yaw_rad()
        );
    }
}
