//! The blink that hides a teleport: out, dark for a moment, in.
//!
//! "The screen usually fades to black, masking the change in camera perspective. The
//! preferred duration of this effect does vary" (Meta, "Locomotion Turns and
//! Teleportation"). Valve's plugin takes 0.1 s each way (`Teleport.cs`,
//! `teleportFadeTime`); ours is slower for the flash limit, see [`super::ScreenFade`], which
//! also has the last word on when the picture clears.

/// Fading out, seconds.
const OUT_SECS: f32 = 0.18;
/// Dark, seconds: two to five frames, in which the rig moves.
const DARK_SECS: f32 = 0.06;
/// Fading in, seconds.
const IN_SECS: f32 = 0.24;
/// How much longer with reduced motion.
const CALM: f32 = 1.8;

/// What a blink does this frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlinkStage {
    /// Nothing is hidden.
    Clear,
    /// Darkening: wait.
    FadingOut,
    /// Fully dark: move the rig now.
    Dark,
    /// Clearing.
    FadingIn,
}

/// A blink in progress, or none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Blink {
    secs: f32,
    pace: f32,
}

impl Default for Blink {
    fn default() -> Self {
        Self {
            secs: f32::INFINITY,
            pace: 1.0,
        }
    }
}

impl Blink {
    /// Begins a blink. One that still darkens goes on; one that clears darkens again from
    /// where it is, so that nothing jumps: further wishes are accumulated, as Meta advises,
    /// and never make the picture flash.
    pub fn begin(&mut self, has_reduced_motion: bool) {
        self.secs = match self.stage() {
            BlinkStage::Clear => {
                self.pace = if has_reduced_motion { CALM } else { 1.0 };
                0.0
            }
            BlinkStage::FadingOut | BlinkStage::Dark => self.secs,
            BlinkStage::FadingIn => self.darkness() * self.out_secs(),
        };
    }

    /// Time passes.
    pub fn step(&mut self, dt_secs: f32) {
        if dt_secs.is_finite() && dt_secs > 0.0 {
            // A long frame must not skip the dark, in which the rig moves.
            let dark_ends = self.out_secs() + DARK_SECS;
            let next = self.secs + dt_secs;
            self.secs = if self.secs < self.out_secs() {
                next.min(dark_ends - DARK_SECS * 0.5)
            } else {
                next
            };
        }
    }

    /// See [`BlinkStage`].
    pub fn stage(&self) -> BlinkStage {
        let (out, dark) = (self.out_secs(), self.out_secs() + DARK_SECS);
        match self.secs {
            secs if secs < out => BlinkStage::FadingOut,
            secs if secs < dark => BlinkStage::Dark,
            secs if secs < self.duration_secs() => BlinkStage::FadingIn,
            _ => BlinkStage::Clear,
        }
    }

    /// 0 clear, 1 black.
    pub fn darkness(&self) -> f32 {
        match self.stage() {
            BlinkStage::Clear => 0.0,
            BlinkStage::FadingOut => self.secs / self.out_secs(),
            BlinkStage::Dark => 1.0,
            BlinkStage::FadingIn => {
                ((self.duration_secs() - self.secs) / (IN_SECS * self.pace)).clamp(0.0, 1.0)
            }
        }
    }

    /// From clear to clear, seconds.
    pub fn duration_secs(&self) -> f32 {
        self.out_secs() + DARK_SECS + IN_SECS * self.pace
    }

    fn out_secs(&self) -> f32 {
        OUT_SECS * self.pace
    }
}
