//! How many bytes a frame may hand to the graphics device while something loads.
//!
//! Copying costs what the machine makes it cost: a tenth of a millisecond a megabyte on one,
//! five on another. So the bytes of a frame follow what the last frames took.

use bevy::prelude::*;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

/// What a frame may take at most, also on the fastest machine: what is on its way is in memory
/// twice.
const MOST_BYTES: usize = 24 << 20;
/// What a frame may take at least: loading ends on the slowest machine too.
const LEAST_BYTES: usize = 1 << 20;
const FIRST_BYTES: usize = 4 << 20;
/// Bytes of textures that go in every frame: where models take all of one, textures still come forward.
const LEAST_TEXELS: usize = 512 << 10;
/// What few textures may take at most where the graphics device has no memory of its own.
const SPARING_BYTES: usize = 8 << 20;
/// What handing over may add to a frame, seconds: with a display of 60 Hz no frame is longer than 50 ms,
/// and one in which it took twice as long as foreseen is not either.
const AIM_SECS: f32 = 0.016;
/// A display's usual period, seconds.
const USUAL_SECS: f32 = 1.0 / 60.0;

/// Bytes of vertices and texels that go to the graphics device in one frame. Both worlds
/// have it.
#[derive(Resource, Debug, Clone)]
pub struct HandOverPace(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    is_held: AtomicBool,
    is_sparing: AtomicBool,
    /// Of one frame.
    budget: AtomicUsize,
    /// Since the budget was last set.
    used: AtomicUsize,
    /// Ever.
    total: AtomicUsize,
}

/// Held so that whoever looks on sees no frame that is longer than it should be.
impl Default for HandOverPace {
    fn default() -> Self {
        Self(Arc::new(Shared {
            is_held: AtomicBool::new(true),
            budget: AtomicUsize::new(FIRST_BYTES),
            is_sparing: AtomicBool::new(false),
            used: AtomicUsize::new(0),
            total: AtomicUsize::new(0),
        }))
    }
}

impl HandOverPace {
    /// As fast as it goes: nobody looks on.
    pub fn release(&self) {
        self.fix(usize::MAX);
    }

    /// As a visitor would have it, after [`HandOverPace::release`].
    pub fn hold(&self) {
        self.fix(FIRST_BYTES);
        self.0.is_held.store(true, Ordering::Relaxed);
    }

    /// Fewer textures at once, for a processor that draws: there both copies of what is on its way
    /// are in its one memory.
    pub(in crate::render) fn spare_memory(&self) {
        self.0.is_sparing.store(true, Ordering::Relaxed);
    }

    /// Bytes of textures that go in this frame, however much else does, where so many `waiting` ones do.
    pub(in crate::render) fn texels_left(&self, waiting: usize) -> usize {
        let most = if self.0.is_sparing.load(Ordering::Relaxed) {
            // Of much a sixteenth: that is little beside what is kept, and frames take time.
            (waiting / 16).clamp(SPARING_BYTES, MOST_BYTES)
        } else {
            MOST_BYTES
        };
        self.left().clamp(LEAST_TEXELS, most)
    }

    /// Always the same number of bytes.
    pub(super) fn fix(&self, bytes: usize) {
        self.0.is_held.store(false, Ordering::Relaxed);
        self.0.budget.store(bytes, Ordering::Relaxed);
    }

    /// Bytes of this frame, without what was already taken of them.
    pub(in crate::render) fn left(&self) -> usize {
        let used = self.0.used.load(Ordering::Relaxed);
        self.0.budget.load(Ordering::Relaxed).saturating_sub(used)
    }

    /// Says that so many bytes were handed over.
    pub(in crate::render) fn take(&self, bytes: usize) {
        self.0.used.fetch_add(bytes, Ordering::Relaxed);
        self.0.total.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Bytes that were ever handed over.
    pub fn total(&self) -> usize {
        self.0.total.load(Ordering::Relaxed)
    }
}

/// Sets the budget of the frame that begins.
#[expect(
    clippy::disallowed_methods,
    reason = "what a frame takes is measured, whatever the exhibit's clock says"
)]
pub(super) fn keep_pace(
    pace: Res<HandOverPace>,
    mut keeper: Local<Keeper>,
    mut last: Local<Option<Instant>>,
) {
    let used = pace.0.used.swap(0, Ordering::Relaxed);
    let now = Instant::now();
    let before = last.replace(now);
    if let Some(before) = before.filter(|_| pace.0.is_held.load(Ordering::Relaxed)) {
        let budget = keeper.next(now.duration_since(before), used);
        pace.0.budget.store(budget, Ordering::Relaxed);
    }
}

/// Learns from each frame what the next may take. Pure: the time is given.
#[derive(Debug)]
pub(super) struct Keeper {
    budget: usize,
    /// A frame in which nothing is handed over, seconds.
    idle_secs: f32,
}

impl Default for Keeper {
    fn default() -> Self {
        Self {
            budget: FIRST_BYTES,
            idle_secs: USUAL_SECS,
        }
    }
}

impl Keeper {
    /// The budget in bytes after a frame that took `frame` and handed `used` bytes over.
    pub(super) fn next(&mut self, frame: Duration, used: usize) -> usize {
        let secs = frame.as_secs_f32();
        if used == 0 {
            // Slowly: one hitch of something else is not the rule.
            let step = self.idle_secs * 0.2;
            self.idle_secs += (secs - self.idle_secs).clamp(-step, step);
            return self.budget;
        }
        let added = (secs - self.idle_secs).max(1e-4);
        if added > AIM_SECS {
            let fitting = used as f32 * (AIM_SECS / added);
            self.budget = self.budget.min(fitting as usize).max(LEAST_BYTES);
        } else if used >= self.budget / 2 && added < AIM_SECS / 2.0 {
            self.budget = (self.budget + self.budget / 2).min(MOST_BYTES);
        }
        self.budget
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hands 512 MiB over on a machine whose frames take `idle_ms` and whose copies take
    /// `ms_a_mib`; the longest frame but the first, in milliseconds, and the number of frames.
    fn play(idle_ms: f32, ms_a_mib: f32) -> (f32, usize) {
        let mut keeper = Keeper::default();
        let frame = |used: usize| idle_ms + ms_a_mib * (used as f32 / (1 << 20) as f32);
        for _ in 0..30 {
            keeper.next(Duration::from_secs_f32(idle_ms / 1000.0), 0);
        }
        let (mut left, mut longest, mut frames) = (512_usize << 20, 0.0_f32, 0);
        while left > 0 {
            let used = keeper.budget.min(left);
            left -= used;
            let took = frame(used);
            if frames > 0 {
                longest = longest.max(took);
            }
            frames += 1;
            keeper.next(Duration::from_secs_f32(took / 1000.0), used);
        }
        (longest, frames)
    }

    #[test]
    fn no_frame_is_long_on_any_machine() {
        for ms_a_mib in [0.05, 0.2, 0.5, 1.0, 2.0, 4.0, 10.0] {
            let (longest, _) = play(11.0, ms_a_mib);
            assert!(
                longest < 50.0,
                "{ms_a_mib} ms a MiB: a frame of {longest} ms"
            );
        }
    }

    #[test]
    fn fast_machines_are_not_held_up() {
        let (_, frames) = play(11.0, 0.1);
        assert!(frames < 32, "512 MiB took {frames} frames at 24 MiB each");
    }

    #[test]
    fn what_few_textures_take_twice_is_little_where_memory_is_shared() {
        let pace = HandOverPace::default();
        pace.release();
        let few = 22 << 20;
        assert_eq!(pace.texels_left(few), MOST_BYTES, "a card has its own");
        pace.spare_memory();
        assert_eq!(pace.texels_left(few), SPARING_BYTES);
        assert_eq!(pace.texels_left(256 << 20), 16 << 20, "of much a sixteenth");
        assert_eq!(pace.texels_left(few * 40), MOST_BYTES);
        pace.fix(1);
        assert_eq!(pace.texels_left(few), LEAST_TEXELS, "they come forward");
    }

    #[test]
    fn slow_frames_of_something_else_do_not_stop_loading() {
        let (_, slow) = play(300.0, 0.5);
        let (_, fast) = play(11.0, 0.5);
        assert!(
            slow <= fast + 8,
            "what a picture takes to draw counts for itself: {slow} frames, else {fast}"
        );
    }

    #[test]
    fn a_hitch_is_recovered_from() {
        let mut keeper = Keeper::default();
        for _ in 0..20 {
            keeper.next(Duration::from_millis(12), 24 << 20);
        }
        let before = keeper.budget;
        let during = keeper.next(Duration::from_millis(400), before);
        assert!(during < before, "a long frame is answered at once");
        for _ in 0..20 {
            let used = keeper.budget;
            keeper.next(Duration::from_millis(12), used);
        }
        assert_eq!(keeper.budget, before, "and forgotten");
    }
}
