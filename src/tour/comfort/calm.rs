//! Light that is held back before it flashes, whoever asks for it.
//!
//! Rehearsal finds what flashes by itself, and by twos; what many hotspots do that visitors set
//! off at once is known only when it happens.

use std::time::Duration;

use super::FlashMeter;

/// Some light, as a part of the brightest that it has been.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Level {
    /// Of all its light, 0 to 1.
    pub amount: f32,
    /// The same of its linear color.
    pub color: [f32; 3],
}

/// Watches a light, or all of them together, and tells what it may become next so that it
/// flashes at most [`super::MOST_FLASHES_A_SECOND`] times within any second.
#[derive(Debug, Clone, Default)]
pub struct Calm {
    shown: FlashMeter,
}

impl Calm {
    /// Whether it may be so at a time, later than all that were shown.
    #[must_use]
    pub fn allows(&self, at: Duration, level: Level) -> bool {
        !self.shown.would_flash(at, level.amount, level.color)
    }

    /// It is shown so.
    pub fn show(&mut self, at: Duration, level: Level) {
        self.shown.see(at, level.amount);
        self.shown.see_red(at, level.color);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tour::testing::Random;

    const FRAME: Duration = Duration::from_nanos(1_000_000_000 / 60);

    /// What is shown of what is asked for, frame by frame.
    fn shown(asked: impl Iterator<Item = Level>) -> Vec<Level> {
        let mut calm = Calm::default();
        let mut last = None;
        asked
            .enumerate()
            .map(|(frame, level)| {
                let at = FRAME * frame as u32;
                let next = last.filter(|_| !calm.allows(at, level)).unwrap_or(level);
                calm.show(at, next);
                last = Some(next);
                next
            })
            .collect()
    }

    fn has_flash(levels: &[Level]) -> bool {
        let mut meter = FlashMeter::new();
        let mut levels = levels.iter().enumerate();
        levels.any(|(frame, level)| {
            let at = FRAME * frame as u32;
            let general = meter.see(at, level.amount);
            meter.see_red(at, level.color).or(general).is_some()
        })
    }

    #[test]
    fn whatever_is_asked_for_nothing_flashes() {
        let mut flashed = 0;
        for seed in 0..200 {
            let mut random = Random(seed);
            let mut level = Level::default();
            let pace = 1 + random.below(20);
            let asked: Vec<Level> = (0..600)
                .map(|_| {
                    if random.below(pace) == 0 {
                        let mut part = || random.below(101) as f32 / 100.0;
                        level = Level {
                            amount: part(),
                            color: [part(), part() * 0.1, part() * 0.1],
                        };
                    }
                    level
                })
                .collect();
            flashed += usize::from(has_flash(&asked));
            let shown = shown(asked.iter().copied());
            assert!(!has_flash(&shown), "seed {seed}");
        }
        assert!(flashed > 100, "most of it would have: {flashed}");
    }

    #[test]
    fn what_does_not_flash_is_shown_as_it_is_asked_for() {
        let slow: Vec<Level> = (0..600)
            .map(|frame| Level {
                amount: ((frame / 12) % 2) as f32,
                ..Level::default()
            })
            .collect();
        assert_eq!(shown(slow.iter().copied()), slow, "two and a half a second");
        let fast = (0..600).map(|frame| Level {
            amount: ((frame / 3) % 2) as f32,
            ..Level::default()
        });
        let fast: Vec<Level> = fast.collect();
        let held = shown(fast.iter().copied());
        assert_ne!(held, fast, "ten a second are held");
        let late = held.iter().zip(&fast).skip(60);
        assert!(
            late.filter(|(held, fast)| held == fast).count() > 100,
            "and not for ever"
        );
    }
}
