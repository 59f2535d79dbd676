//! Narration makes the others give way: a follower of its level and a gain that follows.

use bevy::math::ops;

use super::law::amplitude;

/// How much the others give way while someone speaks, dB.
pub(super) const DUCK_DB: f32 = -12.0;
/// Speech is what is louder than this (RMS), dB of full scale.
const THRESHOLD_DB: f32 = -45.0;
/// Time constants: of the level, of giving way, of coming back; s.
const LEVEL_SECS: f32 = 0.03;
const ATTACK_SECS: f32 = 0.08;
const RELEASE_SECS: f32 = 0.5;
/// Pauses between words that are waited for, s.
const HOLD_SECS: f32 = 0.6;

/// The gain of what gives way.
pub(super) struct Ducker {
    level: f32,
    gain: f32,
    held: f32,
    level_share: f32,
    attack_share: f32,
    release_share: f32,
    threshold: f32,
    down: f32,
    frame_secs: f32,
}

impl Ducker {
    pub(super) fn new(rate: f32) -> Self {
        let share = |secs: f32| 1.0 - ops::exp(-1.0 / (secs * rate));
        let threshold = amplitude(THRESHOLD_DB);
        Self {
            level: 0.0,
            gain: 1.0,
            held: 0.0,
            level_share: share(LEVEL_SECS),
            attack_share: share(ATTACK_SECS),
            release_share: share(RELEASE_SECS),
            threshold: threshold * threshold,
            down: amplitude(DUCK_DB),
            frame_secs: 1.0 / rate,
        }
    }

    /// The gain for one frame, from that frame of narration.
    pub(super) fn next(&mut self, left: f32, right: f32) -> f32 {
        let power = 0.5 * (left * left + right * right);
        self.level += (power - self.level) * self.level_share;
        if self.level > self.threshold {
            self.held = HOLD_SECS;
        } else {
            self.held = (self.held - self.frame_secs).max(0.0);
        }
        let (target, share) = if self.held > 0.0 {
            (self.down, self.attack_share)
        } else {
            (1.0, self.release_share)
        };
        self.gain += (target - self.gain) * share;
        self.gain
    }
}
