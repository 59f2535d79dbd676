//! Keeping the display's rate: what to give up when frames come late, and when to take it
//! back.
//!
//! A pure controller: [`Governor::step`] takes one frame's times and now and then returns a
//! [`Decision`] with its reason. What is short decides what is given up: a slow GPU gives
//! up pixels first, a slow CPU draws fewer shadows and lights; when nothing is left the
//! display is asked for a lower rate (`XR_FB_display_refresh_rate`).
//!
//! Down quickly, up slowly: half a second of trouble is enough to give up a step, or of pixels as
//! many as the measured time asks for: nobody is led through them one by one. Taking a step
//! back needs ten seconds of ease and a prediction that it will fit. A step that had to be
//! given up again at once waits twice as long the next time, so that nothing flips to and
//! fro. A single hitch changes nothing.

mod quality;
#[cfg(test)]
mod tests;

pub use quality::{Detail, EyeScale, Quality};

use quality::Ladder;
use serde::{Deserialize, Serialize};

/// One frame, as measured.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FrameTimes {
    /// From the end of `xrWaitFrame` to the end of `xrEndFrame`, waiting left out,
    /// milliseconds.
    pub cpu_ms: f32,
    /// Timestamps of the GPU, where there are any, milliseconds.
    pub gpu_ms: Option<f32>,
    /// `predictedDisplayPeriod` of `XrFrameState` (OpenXR 1.1, §12.4 "Frame
    /// Synchronization"), milliseconds.
    pub period_ms: f32,
    /// Display periods skipped since the last frame.
    pub missed: u32,
}

/// A change, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// What holds from now on.
    pub quality: Quality,
    /// For the log and the statistics.
    pub reason: String,
}

/// Share of the period above which a frame is in danger; the runtime's compositor needs the
/// rest.
const DANGER: f32 = 0.90;
/// A step is taken back only if it is predicted to stay below this.
const ROOMY: f32 = 0.78;
/// Share of missed frames that is trouble, and how many it must be: where frames are few, one
/// hitch is a large share.
const MISSED: f32 = 0.08;
const LEAST_MISSED: u32 = 2;
/// Length of an observation, milliseconds.
const WINDOW_MS: f32 = 500.0;
/// After a change nothing is observed for this long: new textures make hitches,
/// milliseconds.
const SETTLE_MS: f32 = 300.0;
/// Ease before a step is taken back, at first, milliseconds.
const EASE_MS: f32 = 10_000.0;
/// And at most.
const LONGEST_EASE_MS: f32 = 300_000.0;
/// A step that is given up again within this was a mistake, milliseconds.
const MISTAKE_MS: f32 = 20_000.0;
/// The percentile of an observation that counts: a hitch in ten frames does not.
const PERCENTILE: f32 = 0.9;

/// The controller.
#[derive(Debug, Clone)]
pub struct Governor {
    ladder: Ladder,
    window: Window,
    settle_ms: f32,
    /// How long all has been easy.
    ease_ms: f32,
    ease_wanted_ms: f32,
    /// Since a step was last taken back.
    since_up_ms: f32,
}

#[derive(Debug, Clone, Default)]
struct Window {
    cpu: Vec<f32>,
    gpu: Vec<f32>,
    missed: u32,
    lasted_ms: f32,
}

/// What a window says, as shares of the period.
#[derive(Debug, Clone, Copy)]
struct Load {
    cpu: f32,
    gpu: Option<f32>,
    missed: f32,
    /// Frames came late, and not only once.
    is_late: bool,
}

/// What is short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shortage {
    Cpu,
    Gpu,
}

impl Governor {
    /// Begins with everything. `refresh_hz` are the rates that the display offers, none when
    /// it offers no choice.
    pub fn new(refresh_hz: &[f32]) -> Self {
        Self {
            ladder: Ladder::new(refresh_hz),
            window: Window::default(),
            settle_ms: SETTLE_MS,
            ease_ms: 0.0,
            ease_wanted_ms: EASE_MS,
            since_up_ms: f32::INFINITY,
        }
    }

    /// The display offers these rates from now on, hertz; what was given up stays given up.
    pub fn offer_rates(&mut self, refresh_hz: &[f32]) {
        self.ladder.offer_rates(refresh_hz);
    }

    /// What holds now.
    pub fn quality(&self) -> Quality {
        self.ladder.quality()
    }

    /// Forgets what was observed: the session began, or nothing was visible.
    pub fn rest(&mut self) {
        self.window = Window::default();
        self.settle_ms = SETTLE_MS;
        self.ease_ms = 0.0;
    }

    /// Takes one frame.
    pub fn step(&mut self, frame: &FrameTimes) -> Option<Decision> {
        let is_sound = frame.cpu_ms >= 0.0
            && frame.cpu_ms.is_finite()
            && frame.period_ms > 0.1
            && frame.period_ms.is_finite();
        if !is_sound {
            return None;
        }
        // A long gap is a gap, not a load.
        let missed = frame.missed.min(10);
        let shown_ms = frame.period_ms.min(200.0) * (1 + missed) as f32;
        // Not every runtime tells of the periods that it skipped: no frame was shorter than its work.
        let worked_ms = frame.cpu_ms.max(frame.gpu_ms.unwrap_or(0.0)).min(200.0);
        let lasted_ms = shown_ms.max(worked_ms);
        self.since_up_ms += lasted_ms;
        if self.settle_ms > 0.0 {
            self.settle_ms -= lasted_ms;
            return None;
        }
        self.window.take(frame, missed, lasted_ms);
        if self.window.lasted_ms < WINDOW_MS {
            return None;
        }
        let window = core::mem::take(&mut self.window);
        let load = window.load();
        match load.shortage() {
            Some(shortage) => self.give_up(shortage, load),
            None => self.perhaps_take_back(load, window.lasted_ms),
        }
    }

    fn give_up(&mut self, shortage: Shortage, load: Load) -> Option<Decision> {
        self.ease_ms = 0.0;
        let is_changed = match shortage {
            Shortage::Gpu => {
                self.give_up_pixels(load) || self.ladder.less_work() || self.ladder.lower_rate()
            }
            Shortage::Cpu => self.ladder.less_work() || self.ladder.lower_rate(),
        };
        if !is_changed {
            return None;
        }
        if self.since_up_ms < MISTAKE_MS {
            self.ease_wanted_ms = (self.ease_wanted_ms * 2.0).min(LONGEST_EASE_MS);
        }
        self.since_up_ms = f32::INFINITY;
        let what = match shortage {
            Shortage::Cpu => "CPU short",
            Shortage::Gpu => "GPU short",
        };
        Some(self.decided(what, load))
    }

    /// As many as the GPU's time asks for, if it grows with their number; one step where it is
    /// unknown.
    fn give_up_pixels(&mut self, load: Load) -> bool {
        let before = self.ladder.quality().eye_scale.factor();
        let is_changed = self.ladder.fewer_pixels();
        loop {
            let share = self.ladder.quality().eye_scale.factor() / before;
            let is_enough = load.gpu.is_none_or(|gpu| gpu * share * share < DANGER);
            if is_enough || !self.ladder.fewer_pixels() {
                return is_changed;
            }
        }
    }

    fn perhaps_take_back(&mut self, load: Load, lasted_ms: f32) -> Option<Decision> {
        // A step that held for long was no mistake: patience returns to normal.
        if self.since_up_ms > 4.0 * LONGEST_EASE_MS && self.since_up_ms.is_finite() {
            self.ease_wanted_ms = EASE_MS;
        }
        let Some(next) = self.ladder.next_up() else {
            self.ease_ms = 0.0;
            return None;
        };
        let is_roomy = load.missed == 0.0
            && load.cpu * next.cpu_factor < ROOMY
            && load.gpu.is_none_or(|gpu| gpu * next.gpu_factor < ROOMY);
        if !is_roomy {
            self.ease_ms = 0.0;
            return None;
        }
        self.ease_ms += lasted_ms;
        // Without GPU times a step up is a guess: twice the patience.
        let patience = if load.gpu.is_some() { 1.0 } else { 2.0 };
        if self.ease_ms < self.ease_wanted_ms * patience {
            return None;
        }
        self.ladder.take_back();
        self.ease_ms = 0.0;
        self.since_up_ms = 0.0;
        Some(self.decided("room again", load))
    }

    fn decided(&mut self, what: &str, load: Load) -> Decision {
        self.settle_ms = SETTLE_MS;
        let quality = self.ladder.quality();
        let percent = |share: f32| (share * 100.0).round();
        let gpu = load
            .gpu
            .map_or("unknown".to_owned(), |gpu| format!("{} %", percent(gpu)));
        Decision {
            reason: format!(
                "{what}: CPU {} %, GPU {gpu} of the period, {} % missed; now {quality}",
                percent(load.cpu),
                percent(load.missed),
            ),
            quality,
        }
    }
}

impl Window {
    fn take(&mut self, frame: &FrameTimes, missed: u32, lasted_ms: f32) {
        self.cpu.push(frame.cpu_ms / frame.period_ms);
        if let Some(gpu_ms) = frame.gpu_ms.filter(|ms| ms.is_finite() && *ms >= 0.0) {
            self.gpu.push(gpu_ms / frame.period_ms);
        }
        // One late frame counts once, however late: a hitch is not a load.
        self.missed += missed.min(1);
        self.lasted_ms += lasted_ms;
    }

    fn load(&self) -> Load {
        let has_gpu = self.gpu.len() * 2 > self.cpu.len();
        let missed = self.missed as f32 / self.cpu.len().max(1) as f32;
        Load {
            cpu: percentile(&self.cpu),
            gpu: has_gpu.then(|| percentile(&self.gpu)),
            missed,
            is_late: missed > MISSED && self.missed >= LEAST_MISSED,
        }
    }
}

impl Load {
    fn shortage(self) -> Option<Shortage> {
        let gpu = self.gpu.unwrap_or(0.0);
        let worst = self.cpu.max(gpu);
        if worst < DANGER && !self.is_late {
            return None;
        }
        // Late frames with an idle CPU and unknown GPU are the GPU's.
        let is_cpu = self.cpu >= gpu && (self.gpu.is_some() || self.cpu >= DANGER);
        // Late frames while both are idle are the runtime's; no quality mends them.
        let is_ours = worst >= 0.5 || self.gpu.is_none();
        is_ours.then_some(if is_cpu { Shortage::Cpu } else { Shortage::Gpu })
    }
}

fn percentile(values: &[f32]) -> f32 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f32::total_cmp);
    let last = sorted.len().saturating_sub(1);
    // A short window (few frames a second) forgives one frame as well.
    let at = ((last as f32 * PERCENTILE) as usize).min(last.saturating_sub(1));
    sorted.get(at).copied().unwrap_or(0.0)
}
