//! Narrowing the view while the picture moves and the body does not.
//!
//! The idea is that of Fernandes and Feiner (3DUI 2016): restrict the field of view with the
//! speed of artificial motion, softly enough not to be noticed. Motion of the visitor's own
//! head never narrows anything: pass in only what the rig does.

use super::ComfortSettings;
use bevy::math::ops;

/// Artificial speed at which the vignette is fully closed, metres per second: a brisk walk.
const FULL_SPEED: f32 = 1.8;
/// Artificial turning at which it is fully closed, degrees per second.
const FULL_TURN_DEG: f32 = 60.0;
/// Below these parts of full motion nothing closes.
const STILL: f32 = 0.05;
/// Time to close about two thirds of the way, seconds: before vection builds up.
const CLOSE_SECS: f32 = 0.12;
/// Time to open about two thirds of the way, seconds: slow, so that stop and go does not
/// pump.
const OPEN_SECS: f32 = 0.45;
/// Half angle of what stays clear when open, degrees: beyond any headset's view.
const OPEN_HALF_DEG: f32 = 70.0;
/// Half angle of what stays clear when fully closed at full strength, degrees; the fovea and
/// what is being looked at stay clear.
const CLOSED_HALF_DEG: f32 = 25.0;
/// Width of the soft edge, degrees.
const EDGE_DEG: f32 = 12.0;

/// How closed the view is.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Vignette {
    closed: f32,
}

/// Where the picture is clear and where it is dark; half angles from the middle of the view.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VignetteShape {
    /// Clear within, degrees.
    pub clear_half_deg: f32,
    /// Dark beyond, degrees.
    pub dark_half_deg: f32,
}

impl Vignette {
    /// Moves on by `dt_secs` while the rig moves at `speed` metres and turns by
    /// `turn_deg` degrees a second.
    pub fn step(&mut self, speed: f32, turn_deg: f32, settings: &ComfortSettings, dt_secs: f32) {
        if !(speed.is_finite() && turn_deg.is_finite() && dt_secs.is_finite() && dt_secs > 0.0) {
            return;
        }
        let target = wanted(speed, turn_deg) * settings.sanitized().vignette;
        let tau = if target > self.closed {
            CLOSE_SECS
        } else {
            OPEN_SECS
        };
        let left = ops::exp(-dt_secs / tau);
        self.closed = (target + (self.closed - target) * left).clamp(0.0, 1.0);
    }

    /// 0 open, 1 fully closed.
    pub fn closed(&self) -> f32 {
        self.closed
    }

    /// `None` when nothing is to be drawn.
    pub fn shape(&self) -> Option<VignetteShape> {
        (self.closed > 0.004).then(|| {
            let clear = OPEN_HALF_DEG + (CLOSED_HALF_DEG - OPEN_HALF_DEG) * self.closed;
            VignetteShape {
                clear_half_deg: clear,
                dark_half_deg: clear + EDGE_DEG,
            }
        })
    }
}

/// How far a motion asks to close, 0 to 1, before the visitor's strength.
fn wanted(speed: f32, turn_deg: f32) -> f32 {
    let part = (speed.abs() / FULL_SPEED).max(turn_deg.abs() / FULL_TURN_DEG);
    let x = ((part - STILL) / (1.0 - STILL)).clamp(0.0, 1.0);
    x * x * (3.0 - 2.0 * x)
}
