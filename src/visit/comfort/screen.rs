//! The last word on how dark the picture is: everything that darkens passes through here, so
//! that together they cannot flash.
//!
//! WCAG 2.2 SC 2.3.1: no more than three general flashes in any second, a flash being a pair
//! of opposing changes of luminance of a tenth or more. Darkening is never held up (rock must
//! be hidden); clearing may begin only so often.

/// No fade, in either direction, is quicker, seconds: three flashes of two changes a second.
pub const LEAST_FADE_SECS: f32 = 1.0 / 6.0;
/// Two clearings begin at least this far apart, seconds: a little over a third.
const BETWEEN_CLEARINGS_SECS: f32 = 0.35;

/// The darkness over the whole picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScreenFade {
    darkness: f32,
    is_clearing: bool,
    since_clearing_secs: f32,
}

impl Default for ScreenFade {
    /// Clear.
    fn default() -> Self {
        Self {
            darkness: 0.0,
            is_clearing: false,
            since_clearing_secs: f32::INFINITY,
        }
    }
}

impl ScreenFade {
    /// Begins in the dark: a picture that is not ready yet.
    pub fn dark() -> Self {
        Self {
            darkness: 1.0,
            ..Self::default()
        }
    }

    /// Moves on by `dt_secs` towards the darkness that is wanted: the largest of what blink,
    /// wall and visit want.
    pub fn step(&mut self, wanted: f32, dt_secs: f32) {
        if !(wanted.is_finite() && dt_secs.is_finite() && dt_secs > 0.0) {
            return;
        }
        self.since_clearing_secs += dt_secs;
        let change = wanted.clamp(0.0, 1.0) - self.darkness;
        let most = dt_secs / LEAST_FADE_SECS;
        if change > 0.0 {
            self.is_clearing = false;
            self.darkness += change.min(most);
        } else if change < 0.0 {
            if !self.is_clearing && self.since_clearing_secs < BETWEEN_CLEARINGS_SECS {
                return;
            }
            if !self.is_clearing {
                (self.is_clearing, self.since_clearing_secs) = (true, 0.0);
            }
            self.darkness += change.max(-most);
        }
    }

    /// 0 clear, 1 black.
    pub fn darkness(&self) -> f32 {
        self.darkness
    }

    /// Whether nothing can be seen.
    pub fn is_black(&self) -> bool {
        self.darkness >= 1.0
    }
}
