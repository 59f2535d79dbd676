//! Seeking: another time of the same tour.

use std::time::Duration;

use super::{Effect, Ended, LONGEST_SEEK, Playback, Travel};
use crate::tour::time::ns;

impl Playback {
    /// The state of that time, by playing on silently from the nearest moment before it.
    pub(super) fn seek(&mut self, time: Duration, out: &mut Vec<Effect>) {
        let Some(bottom) = self.state.frames.first() else {
            return;
        };
        let (tour, is_paused) = (bottom.tour, self.state.is_paused);
        let now_ns = self.state.clock_ns;
        let target_ns = ns(time).min(now_ns.saturating_add(ns(LONGEST_SEEK)));
        self.quiet(out);
        if target_ns < now_ns && !self.moments.is_empty() {
            let after = self
                .moments
                .partition_point(|moment| moment.clock_ns <= target_ns);
            self.moments.truncate(after.max(1));
            if let Some(moment) = self.moments.last() {
                self.state = moment.clone();
                self.is_eventful = false;
            }
        }
        self.state.is_paused = false;
        let mut silent = Vec::new();
        let left_ns = target_ns.saturating_sub(self.state.clock_ns);
        self.advance(left_ns, &mut silent);
        self.is_cut = true;
        if self.state.frames.is_empty() {
            out.push(Effect::TourEnded {
                tour,
                how: Ended::Finished,
            });
        } else {
            self.state.is_paused = is_paused;
            self.present(Travel::AtOnce, out);
        }
    }
}
