//! Counting flashes in a series of luminances, as WCAG 2.3.1 defines them.
//!
//! A *transition* is the change between a peak and a valley next to it in the plot of
//! relative luminance over time; it counts from a change of 0.1 on, where the darker of
//! both is below 0.8. A *flash* is a pair of opposing transitions that count. More than
//! three within one second are too many.

use std::collections::VecDeque;
use std::time::Duration;

use super::{FLASH_CHANGE, FLASH_DARKER, MOST_FLASHES_A_SECOND};

/// Too many flashes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Flash {
    /// When the last of them was complete.
    pub at: Duration,
    /// How many there were in the second before.
    pub count: usize,
}

/// Watches the relative luminance of a picture, or of a part of it.
#[derive(Debug, Clone, Default)]
pub struct FlashMeter {
    transition: Transition,
    /// Whether one transition of a pair was seen.
    is_half: bool,
    flashes: VecDeque<Duration>,
}

/// The way that the luminance takes.
#[derive(Debug, Clone, Copy, Default)]
enum Transition {
    /// Nothing was seen.
    #[default]
    None,
    /// No change counted yet; the darkest and brightest seen.
    Still { low: f32, high: f32 },
    /// It counted upwards; the brightest since.
    Rising { peak: f32 },
    /// It counted downwards; the darkest since.
    Falling { valley: f32 },
}

impl Transition {
    /// The way after another luminance, and whether a transition was completed by it.
    fn after(self, luminance: f32) -> (Self, bool) {
        match self {
            Self::None => (
                Self::Still {
                    low: luminance,
                    high: luminance,
                },
                false,
            ),
            Self::Still { low, .. } if counts(low, luminance) => {
                (Self::Rising { peak: luminance }, true)
            }
            Self::Still { high, .. } if counts(luminance, high) => {
                (Self::Falling { valley: luminance }, true)
            }
            Self::Still { low, high } => (
                Self::Still {
                    low: low.min(luminance),
                    high: high.max(luminance),
                },
                false,
            ),
            Self::Rising { peak } if counts(luminance, peak) => {
                (Self::Falling { valley: luminance }, true)
            }
            Self::Falling { valley } if counts(valley, luminance) => {
                (Self::Rising { peak: luminance }, true)
            }
            Self::Rising { peak } => (
                Self::Rising {
                    peak: peak.max(luminance),
                },
                false,
            ),
            Self::Falling { valley } => (
                Self::Falling {
                    valley: valley.min(luminance),
                },
                false,
            ),
        }
    }
}

impl FlashMeter {
    /// Nothing was seen yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the luminance (0 black, 1 the display's white) at a time, in order. Tells when
    /// there are more flashes within a second than [`MOST_FLASHES_A_SECOND`].
    pub fn see(&mut self, at: Duration, luminance: f32) -> Option<Flash> {
        if !luminance.is_finite() {
            return None;
        }
        let is_completed;
        (self.transition, is_completed) = self.transition.after(luminance.clamp(0.0, 1.0));
        if !is_completed {
            return None;
        }
        self.is_half = !self.is_half;
        if self.is_half {
            return None;
        }
        self.flashes.push_back(at);
        while self
            .flashes
            .front()
            .is_some_and(|first| at.saturating_sub(*first) >= Duration::from_secs(1))
        {
            self.flashes.pop_front();
        }
        let count = self.flashes.len();
        (count > MOST_FLASHES_A_SECOND).then_some(Flash { at, count })
    }
}

/// Whether a change between two luminances is one that counts.
fn counts(low: f32, high: f32) -> bool {
    // A little less than the limit, so that 0.5 to 0.6 counts whatever `f32` makes of it.
    high - low >= FLASH_CHANGE - 1e-6 && low < FLASH_DARKER
}

/// The first time at which a series flashes too often.
#[must_use]
pub fn first_flash(series: impl IntoIterator<Item = (Duration, f32)>) -> Option<Flash> {
    let mut meter = FlashMeter::new();
    series
        .into_iter()
        .find_map(|(at, luminance)| meter.see(at, luminance))
}
