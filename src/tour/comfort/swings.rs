//! How often a light goes the other way, in its busiest second.

use std::collections::VecDeque;
use std::time::Duration;

/// Counts a light's swings: changes, each against the one before it, that are at least so large.
/// Where several lights act at once, the swings of their sum are at most those of all of them.
#[derive(Debug, Clone)]
pub struct Swings {
    least: f32,
    /// The lowest and the highest since the last swing; before the first value nothing.
    seen: Option<(f32, f32)>,
    is_rising: Option<bool>,
    times: VecDeque<Duration>,
    /// How many there were within the busiest second so far, and when the last of them was.
    busiest: (usize, Duration),
}

impl Swings {
    /// Counts swings of at least this.
    #[must_use]
    pub fn new(least: f32) -> Self {
        Self {
            least,
            seen: None,
            is_rising: None,
            times: VecDeque::new(),
            busiest: (0, Duration::ZERO),
        }
    }

    /// Takes the next value, in order of time.
    pub fn see(&mut self, at: Duration, value: f32) {
        if !value.is_finite() {
            return;
        }
        let (low, high) = self.seen.unwrap_or((value, value));
        // Since the last swing: it begins anew at each.
        let (low, high) = (low.min(value), high.max(value));
        // A little less, so that 0.5 to 0.55 counts whatever `f32` makes of it.
        let least = self.least - 1e-6;
        let rises = value - low >= least && self.is_rising != Some(true);
        let falls = high - value >= least && self.is_rising != Some(false);
        self.seen = Some((low, high));
        if !(rises || falls) {
            return;
        }
        self.is_rising = Some(rises);
        self.seen = Some((value, value));
        self.times.push_back(at);
        while self
            .times
            .front()
            .is_some_and(|first| at.saturating_sub(*first) >= Duration::from_secs(1))
        {
            self.times.pop_front();
        }
        if self.times.len() > self.busiest.0 {
            self.busiest = (self.times.len(), at);
        }
    }

    /// How many there were within the busiest second so far.
    #[must_use]
    pub fn most(&self) -> usize {
        self.busiest.0
    }

    /// How many there were within the busiest second so far, and when the last of them was.
    #[must_use]
    pub fn busiest(&self) -> (usize, Duration) {
        self.busiest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn most(values: impl IntoIterator<Item = f32>) -> usize {
        let mut swings = Swings::new(0.05);
        for (frame, value) in values.into_iter().enumerate() {
            swings.see(Duration::from_secs(1) * frame as u32 / 60, value);
        }
        swings.most()
    }

    #[test]
    fn swings_are_counted_in_the_busiest_second() {
        assert_eq!(most([0.5; 120]), 0, "what rests does not swing");
        let slow = (0..120).map(|frame| frame as f32 / 120.0);
        assert_eq!(most(slow), 1, "one way is one swing, however long");
        let small = (0..120).map(|frame| 0.5 + (frame % 2) as f32 * 0.04);
        assert_eq!(most(small), 0, "what is small does not count");
        let blinks = (0..240).map(|frame| ((frame / 12) % 2) as f32);
        assert_eq!(most(blinks), 5, "on or off five times a second");
        let creeping = (0..240).map(|frame| {
            let part = frame as f32 / 30.0;
            (part - part.floor() - 0.5).abs()
        });
        assert_eq!(most(creeping), 4, "slowly there and back, twice a second");
        assert_eq!(most([f32::NAN, 0.0, f32::INFINITY, 1.0]), 1, "no number");
    }
}
