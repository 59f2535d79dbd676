//! Counting flashes in a series of pictures, as WCAG 2.3.1 defines them.
//!
//! A *transition* is the change between a peak and a valley next to it in the plot of
//! relative luminance over time; it counts from a change of 0.1 on, where the darker of
//! both is below 0.8. A *flash* is a pair of opposing transitions that count. More than
//! three within one second are too many.
//!
//! A *red flash* is a pair of opposing transitions involving a saturated red, whatever the
//! luminance does: see [`RED_SHARE`] and [`RED_CHANGE`]. Both kinds are counted apart.

use std::collections::VecDeque;
use std::time::Duration;

use super::{FLASH_CHANGE, FLASH_DARKER, MOST_FLASHES_A_SECOND, RED_CHANGE, RED_SHARE};

/// Too many flashes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Flash {
    /// When the last of them was complete.
    pub at: Duration,
    /// How many there were in the second before.
    pub count: usize,
    /// Of which kind they are.
    pub kind: FlashKind,
}

/// What flashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FlashKind {
    /// The luminance.
    General,
    /// A saturated red comes and goes.
    Red,
}

impl std::fmt::Display for FlashKind {
    /// As a verb: what something does.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::General => "flashes",
            Self::Red => "flashes red",
        })
    }
}

/// Watches a picture, or a part of it.
#[derive(Debug, Clone, Default)]
pub struct FlashMeter {
    general: Counter,
    red: Counter,
}

/// Counts flashes of one kind.
#[derive(Debug, Clone, Default)]
struct Counter {
    transition: Transition,
    /// Whether one transition of a pair was seen.
    is_half: bool,
    flashes: VecDeque<Duration>,
}

/// What is seen at one time.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Level {
    /// Relative luminance.
    Luminance(f32),
    /// How red a picture is, and whether that red is a saturated one.
    Red { redness: f32, is_saturated: bool },
}

impl Level {
    fn value(self) -> f32 {
        match self {
            Self::Luminance(value) | Self::Red { redness: value, .. } => value,
        }
    }

    fn lower(self, other: Self) -> Self {
        if other.value() < self.value() {
            other
        } else {
            self
        }
    }

    fn higher(self, other: Self) -> Self {
        if other.value() > self.value() {
            other
        } else {
            self
        }
    }

    fn is_saturated(self) -> bool {
        matches!(
            self,
            Self::Red {
                is_saturated: true,
                ..
            }
        )
    }
}

/// The way that the level takes.
#[derive(Debug, Clone, Copy, Default)]
enum Transition {
    /// Nothing was seen.
    #[default]
    None,
    /// No change counted yet; the lowest and highest seen.
    Still { low: Level, high: Level },
    /// It counted upwards; the highest since.
    Rising { peak: Level },
    /// It counted downwards; the lowest since.
    Falling { valley: Level },
}

impl Transition {
    /// The way after another level, and whether a transition was completed by it.
    fn after(self, now: Level) -> (Self, bool) {
        match self {
            Self::None => (
                Self::Still {
                    low: now,
                    high: now,
                },
                false,
            ),
            Self::Still { low, .. } if counts(low, now) => (Self::Rising { peak: now }, true),
            Self::Still { high, .. } if counts(now, high) => (Self::Falling { valley: now }, true),
            Self::Still { low, high } => (
                Self::Still {
                    low: low.lower(now),
                    high: high.higher(now),
                },
                false,
            ),
            Self::Rising { peak } if counts(now, peak) => (Self::Falling { valley: now }, true),
            Self::Falling { valley } if counts(valley, now) => (Self::Rising { peak: now }, true),
            Self::Rising { peak } => (
                Self::Rising {
                    peak: peak.higher(now),
                },
                false,
            ),
            Self::Falling { valley } => (
                Self::Falling {
                    valley: valley.lower(now),
                },
                false,
            ),
        }
    }
}

impl Counter {
    /// Takes the next level. How many flashes there were in the second before, where they
    /// are too many.
    fn see(&mut self, at: Duration, level: Level) -> Option<usize> {
        let is_completed;
        (self.transition, is_completed) = self.transition.after(level);
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
            .is_some_and(|first| !is_within_a_second(*first, at))
        {
            self.flashes.pop_front();
        }
        let count = self.flashes.len();
        (count > MOST_FLASHES_A_SECOND).then_some(count)
    }

    /// Whether there would be too many with this level next.
    fn would(&self, at: Duration, level: Level) -> bool {
        let (_, is_completed) = self.transition.after(level);
        let recent = self.flashes.iter();
        // A flash is complete with its second transition.
        is_completed
            && self.is_half
            && recent
                .filter(|flash| is_within_a_second(**flash, at))
                .count()
                >= MOST_FLASHES_A_SECOND
    }
}

fn is_within_a_second(time: Duration, now: Duration) -> bool {
    now.saturating_sub(time) < Duration::from_secs(1)
}

fn of_luminance(luminance: f32) -> Option<Level> {
    let luminance = Some(luminance).filter(|luminance| luminance.is_finite())?;
    Some(Level::Luminance(luminance.clamp(0.0, 1.0)))
}

fn of_red(linear: [f32; 3]) -> Option<Level> {
    let linear = Some(linear).filter(|linear| linear.iter().all(|part| part.is_finite()))?;
    let [red, green, blue] = linear.map(|part| part.clamp(0.0, 1.0));
    Some(Level::Red {
        redness: (red - green - blue).max(0.0) * 320.0,
        is_saturated: red > 0.0 && red >= RED_SHARE * (red + green + blue),
    })
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
        let kind = FlashKind::General;
        let count = self.general.see(at, of_luminance(luminance)?)?;
        Some(Flash { at, count, kind })
    }

    /// Takes the linear color (red, green and blue, each 0 to the display's 1) at a time, in
    /// order. Tells of red flashes only.
    pub fn see_red(&mut self, at: Duration, linear: [f32; 3]) -> Option<Flash> {
        let kind = FlashKind::Red;
        let count = self.red.see(at, of_red(linear)?)?;
        Some(Flash { at, count, kind })
    }

    /// Whether a luminance and a linear color would make too many flashes, were they seen next,
    /// at a time later than all that were.
    #[must_use]
    pub fn would_flash(&self, at: Duration, luminance: f32, linear: [f32; 3]) -> bool {
        of_luminance(luminance).is_some_and(|level| self.general.would(at, level))
            || of_red(linear).is_some_and(|level| self.red.would(at, level))
    }

    /// Takes the linear color at a time, in order, and watches its luminance and its red.
    pub fn see_color(&mut self, at: Duration, linear: [f32; 3]) -> Option<Flash> {
        let general = self.see(at, luminance(linear));
        let red = self.see_red(at, linear);
        general.or(red)
    }
}

/// The relative luminance of a linear color (WCAG 2.2, *relative luminance*).
#[must_use]
pub fn luminance([red, green, blue]: [f32; 3]) -> f32 {
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// Whether a change between two levels is one that counts.
fn counts(low: Level, high: Level) -> bool {
    let change = high.value() - low.value();
    match low {
        // A little less than the limit, so that 0.5 to 0.6 counts whatever `f32` makes of it.
        Level::Luminance(darker) => change >= FLASH_CHANGE - 1e-6 && darker < FLASH_DARKER,
        Level::Red { .. } => change > RED_CHANGE && (low.is_saturated() || high.is_saturated()),
    }
}

/// The first time at which a series flashes too often.
#[must_use]
pub fn first_flash(series: impl IntoIterator<Item = (Duration, f32)>) -> Option<Flash> {
    let mut meter = FlashMeter::new();
    series
        .into_iter()
        .find_map(|(at, luminance)| meter.see(at, luminance))
}
