//! Looking at the raised inner wrist, as at a watch, opens the menu.

use bevy::math::Vec3;

/// The wrist's face may be turned this far from the eyes, as a cosine: 35 degrees.
const FACING: f32 = 0.82;
/// The gaze may pass the wrist this far, as a cosine: 20 degrees.
const LOOKING: f32 = 0.94;
/// The wrist is at most this far away, metres: an arm, bent.
const NEAR_M: f32 = 0.6;
/// Held this long, seconds.
const HELD_SECS: f32 = 0.35;

/// Watches one wrist.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct WristGlance {
    secs: f32,
    is_spent: bool,
}

impl WristGlance {
    /// True once for each glance. All vectors in one space; `face` is the way the inner
    /// wrist faces, `gaze` the way the head looks.
    pub fn step(&mut self, head: Vec3, gaze: Vec3, wrist: Vec3, face: Vec3, dt_secs: f32) -> bool {
        let to_wrist = wrist - head;
        let is_near = to_wrist.length() < NEAR_M;
        let way = to_wrist.try_normalize();
        let is_glance = way.is_some_and(|way| {
            is_near
                && gaze.normalize_or_zero().dot(way) > LOOKING
                && face.normalize_or_zero().dot(-way) > FACING
        });
        if !is_glance {
            *self = Self::default();
            return false;
        }
        if dt_secs.is_finite() && dt_secs > 0.0 {
            self.secs += dt_secs.min(0.1);
        }
        let has_opened = self.secs >= HELD_SECS && !self.is_spent;
        self.is_spent |= has_opened;
        has_opened
    }
}
