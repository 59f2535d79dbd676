//! A thumb-stick that turns the visitor.
//!
//! "If the user is able to turn eight or more times within a second, this will trigger motion
//! perception" (Meta, "Locomotion Turns and Teleportation"): the stick must come back
//! between two snap turns, and held it repeats slowly.

use super::{ComfortSettings, Turning};

/// A stick pushed beyond this turns.
const FIRE: f32 = 0.7;
/// A stick back within this may turn again.
const RELEASE: f32 = 0.4;
/// Smooth turns begin here.
const DEAD_ZONE: f32 = 0.2;
/// A held stick snaps again after this, seconds: half as often as would be seen as motion.
const REPEAT_SECS: f32 = 0.4;
/// Two flicks of the stick count no quicker than this, seconds.
const LEAST_SECS: f32 = 0.15;

/// What the stick did before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TurnStick {
    is_held: bool,
    since_turn_secs: f32,
}

impl Default for TurnStick {
    fn default() -> Self {
        Self {
            is_held: false,
            since_turn_secs: f32::INFINITY,
        }
    }
}

impl TurnStick {
    /// How far to turn the rig about the head this frame, radians, positive to the left;
    /// `x` is the stick, -1 left to 1 right.
    pub fn step(&mut self, x: f32, settings: &ComfortSettings, dt_secs: f32) -> f32 {
        if !(x.is_finite() && dt_secs.is_finite() && dt_secs > 0.0) {
            return 0.0;
        }
        let settings = settings.sanitized();
        self.since_turn_secs += dt_secs;
        match settings.turning {
            Turning::Off => 0.0,
            Turning::Smooth => {
                let push = ((x.abs() - DEAD_ZONE) / (1.0 - DEAD_ZONE)).clamp(0.0, 1.0);
                let speed = settings.turn_speed_deg.to_radians();
                -x.signum() * push * speed * dt_secs.min(0.1)
            }
            Turning::Snap => {
                if x.abs() < RELEASE {
                    self.is_held = false;
                }
                let wait = if self.is_held {
                    REPEAT_SECS
                } else {
                    LEAST_SECS
                };
                if x.abs() < FIRE || self.since_turn_secs < wait {
                    return 0.0;
                }
                self.is_held = true;
                self.since_turn_secs = 0.0;
                -x.signum() * settings.turn_angle_deg.to_radians()
            }
        }
    }
}
