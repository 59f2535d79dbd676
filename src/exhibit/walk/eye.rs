//! The eye follows the feet softly: a critically damped spring whose speed is limited, so
//! that stairs feel like a ramp and a landing like a lift.

/// The eye never sinks or rises faster than this relative to the feet, metres per second.
const MAX_SPEED: f32 = 1.6;
/// Longest step of the integration, seconds.
const SUBSTEP_SECS: f32 = 1.0 / 480.0;

/// How far the eye is from where it would rest.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct EyeOffset {
    /// Above rest, metres.
    pub(super) height_m: f32,
    /// Metres per second.
    speed: f32,
}

impl EyeOffset {
    /// The feet jumped up by this much; the eye has not noticed yet.
    pub(super) fn feet_rose(&mut self, by_m: f32) {
        self.height_m -= by_m;
    }

    /// Lets time pass. `smoothing_secs` is the time constant of the spring.
    pub(super) fn settle(&mut self, dt_secs: f32, smoothing_secs: f32) {
        let omega = 1.0 / smoothing_secs;
        // Pulling no harder than this ends at the greatest speed.
        let most = 2.0 * MAX_SPEED / omega;
        // At least a handful of substeps a time constant, or the spring would ring.
        let longest = SUBSTEP_SECS.min(smoothing_secs * 0.2);
        let count = (dt_secs / longest).ceil().clamp(1.0, 1000.0);
        let h = dt_secs / count;
        for _ in 0..count as u32 {
            let pull = self.height_m.clamp(-most, most);
            // Semi-implicit: speed first, damped implicitly, then height.
            self.speed = (self.speed - omega * omega * pull * h) / (1.0 + 2.0 * omega * h);
            self.height_m += self.speed * h;
        }
        if self.height_m.abs() < 1e-5 && self.speed.abs() < 1e-4 {
            *self = Self::default();
        }
    }

    /// Lowers the eye at once to this offset.
    pub(super) fn press_down_to(&mut self, height_m: f32) {
        if self.height_m > height_m {
            self.height_m = height_m;
            self.speed = self.speed.min(0.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_smoothed_without_overshoot_at_any_frame_rate() {
        let after = |rate: f32| {
            let mut eye = EyeOffset::default();
            eye.feet_rose(0.3);
            let mut last = eye.height_m;
            let mut heights = Vec::new();
            for _ in 0..rate as usize {
                eye.settle(1.0 / rate, 0.09);
                assert!(
                    eye.height_m >= last - 1e-6 && eye.height_m <= 1e-3,
                    "the eye rises steadily and does not overshoot"
                );
                assert!(
                    (eye.height_m - last) * rate <= MAX_SPEED * 1.01,
                    "and no faster than its limit"
                );
                last = eye.height_m;
                heights.push(last);
            }
            assert!(last.abs() < 1e-3, "after a second it is at rest");
            heights[(rate * 0.2) as usize - 1]
        };
        let (slow, fast) = (after(30.0), after(240.0));
        assert!(
            (slow - fast).abs() < 0.01,
            "after 0.2 s the eye is at {slow} at 30 Hz and {fast} at 240 Hz"
        );
    }
}
