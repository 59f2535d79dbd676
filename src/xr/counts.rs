//! Pure: what became of the frames, counted.

/// Frames since the process began.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// Handed over with both eyes.
    pub(super) shown: u64,
    /// Handed over without a picture: not visible, or the picture was not ready.
    pub(super) empty: u64,
    /// Periods of the display that passed without a frame of ours.
    pub(super) missed: u64,
    /// Shown frames that took longer than a period of the display.
    pub(super) late: u64,
}

impl core::fmt::Display for Counts {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let Self {
            shown,
            empty,
            missed,
            late,
        } = self;
        write!(
            f,
            "{shown} frames shown, {late} of them late; {missed} missed; {empty} empty"
        )
    }
}

impl core::ops::Sub for Counts {
    type Output = Self;

    /// What was counted since.
    fn sub(self, before: Self) -> Self {
        Self {
            shown: self.shown.saturating_sub(before.shown),
            empty: self.empty.saturating_sub(before.empty),
            missed: self.missed.saturating_sub(before.missed),
            late: self.late.saturating_sub(before.late),
        }
    }
}
