//! A slow machine told from a runtime that stands still.
//!
//! Two things look alike to whoever looks at a clock now and then: a runtime that has stopped,
//! and a frame that took long. So time counts here only as far as it was looked at (a frame of
//! three seconds is one look, and says nothing of what came meanwhile), and a runtime has as
//! many times longer as its frames took longer just before.

use super::SessionSettings;
use core::time::Duration;

/// A frame that is as late as this many of those before it is missing.
const FRAMES_PATIENCE: u32 = 3;
/// Of the longest wait between two frames, each further frame forgets so much.
const FORGET: f32 = 0.3;

/// Looks at frames and at answers.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Watch {
    now: Duration,
    /// The clock's time since the last frame.
    since_frame: Duration,
    /// The longest wait between two frames of late, by the clock.
    pace: Duration,
}

impl Watch {
    /// Time that was looked at; runs no faster than the clock.
    pub(super) fn now(&self) -> Duration {
        self.now
    }

    /// Looks again, after so long.
    pub(super) fn look(&mut self, passed: Duration, settings: &SessionSettings) {
        // Whatever is missing is so at two looks.
        self.now = self
            .now
            .saturating_add(passed.min(settings.stall_pause / 2));
        self.since_frame = self.since_frame.saturating_add(passed);
    }

    /// Frames are due from now on.
    pub(super) fn expect_frames(&mut self) {
        self.since_frame = Duration::ZERO;
    }

    /// A frame was shown; the one before it then, on this watch. What came after a halt does not
    /// tell how long frames take.
    pub(super) fn take_frame(&mut self, last_frame: Duration, settings: &SessionSettings) {
        let wait = std::mem::take(&mut self.since_frame);
        let has_halted = self.has_passed(last_frame, self.patience(settings));
        self.pace = self.pace.mul_f32(1.0 - FORGET);
        if !has_halted {
            self.pace = self.pace.max(wait);
        }
    }

    /// Whether it is so long ago.
    pub(super) fn has_passed(&self, since: Duration, limit: Duration) -> bool {
        self.now.saturating_sub(since) >= limit
    }

    /// Without a frame, or an answer, for this long a visit pauses.
    pub(super) fn patience(&self, settings: &SessionSettings) -> Duration {
        let slow = self.pace.saturating_mul(FRAMES_PATIENCE);
        settings.stall_pause.max(slow.min(settings.stall_limit / 2))
    }
}
