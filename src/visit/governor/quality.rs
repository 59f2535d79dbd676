//! What can be given up, in which order.

use core::fmt;

/// Size of an eye's picture against the runtime's recommendation, each way, in percent; few
/// values, so that textures are seldom made anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct EyeScale(u8);

impl EyeScale {
    /// 100, 90, 80, 70 or 60.
    pub fn percent(self) -> u8 {
        self.0
    }

    /// 0.6 to 1.
    pub fn factor(self) -> f32 {
        f32::from(self.0) / 100.0
    }
}

/// How carefully something is drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// As little as is still right.
    Least,
    /// Less.
    Reduced,
    /// As meant.
    #[default]
    Full,
}

/// Everything the governor decides.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quality {
    /// See [`EyeScale`].
    pub eye_scale: EyeScale,
    /// Shadows.
    pub shadows: Detail,
    /// Number and reach of lights.
    pub lights: Detail,
    /// The rate to ask for, where there is a choice.
    pub refresh_hz: Option<f32>,
}

impl fmt::Display for Quality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |detail| match detail {
            Detail::Least => "least",
            Detail::Reduced => "reduced",
            Detail::Full => "full",
        };
        write!(
            f,
            "eyes {} %, shadows {}, lights {}",
            self.eye_scale.0,
            name(self.shadows),
            name(self.lights)
        )?;
        match self.refresh_hz {
            Some(hz) => write!(f, ", {hz} Hz"),
            None => Ok(()),
        }
    }
}

const SCALES: [u8; 5] = [100, 90, 80, 70, 60];
/// Shadows and lights, from most to least.
const WORKS: [(Detail, Detail); 5] = [
    (Detail::Full, Detail::Full),
    (Detail::Reduced, Detail::Full),
    (Detail::Reduced, Detail::Reduced),
    (Detail::Least, Detail::Reduced),
    (Detail::Least, Detail::Least),
];
/// A step of work back is expected to cost this much more.
const WORK_FACTOR: f32 = 1.18;
/// Nobody is asked to look at less, hertz: below, flicker and judder are seen.
const LEAST_HZ: f32 = 72.0;

/// Where we stand. Steps down are 0 at the top.
#[derive(Debug, Clone)]
pub(super) struct Ladder {
    scale: usize,
    work: usize,
    /// From high to low; may be empty.
    rates_hz: Vec<f32>,
    rate: usize,
}

/// What the next step up would cost.
#[derive(Debug, Clone, Copy)]
pub(super) struct StepUp {
    kind: Kind,
    pub(super) cpu_factor: f32,
    pub(super) gpu_factor: f32,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Rate,
    Work,
    Scale,
}

impl Ladder {
    pub(super) fn new(refresh_hz: &[f32]) -> Self {
        let mut ladder = Self {
            scale: 0,
            work: 0,
            rates_hz: Vec::new(),
            rate: 0,
        };
        ladder.offer_rates(refresh_hz);
        ladder
    }

    /// Other rates: as many steps down as before, where there are as many.
    pub(super) fn offer_rates(&mut self, refresh_hz: &[f32]) {
        let mut rates_hz: Vec<f32> = refresh_hz
            .iter()
            .copied()
            .filter(|hz| hz.is_finite() && *hz >= LEAST_HZ - 0.5)
            .collect();
        rates_hz.sort_by(|a, b| b.total_cmp(a));
        rates_hz.dedup();
        self.rate = self.rate.min(rates_hz.len().saturating_sub(1));
        self.rates_hz = rates_hz;
    }

    pub(super) fn quality(&self) -> Quality {
        let (shadows, lights) = WORKS[self.work];
        Quality {
            eye_scale: EyeScale(SCALES[self.scale]),
            shadows,
            lights,
            refresh_hz: self.rates_hz.get(self.rate).copied(),
        }
    }

    /// Each returns whether there was anything to give up.
    pub(super) fn fewer_pixels(&mut self) -> bool {
        step_down(&mut self.scale, SCALES.len())
    }

    pub(super) fn less_work(&mut self) -> bool {
        step_down(&mut self.work, WORKS.len())
    }

    pub(super) fn lower_rate(&mut self) -> bool {
        step_down(&mut self.rate, self.rates_hz.len())
    }

    /// The rate comes back first (comfort before beauty), then light, then pixels.
    pub(super) fn next_up(&self) -> Option<StepUp> {
        if self.rate > 0 {
            let factor = self.rates_hz[self.rate - 1] / self.rates_hz[self.rate];
            return Some(StepUp {
                kind: Kind::Rate,
                cpu_factor: factor,
                gpu_factor: factor,
            });
        }
        if self.work > 0 {
            return Some(StepUp {
                kind: Kind::Work,
                cpu_factor: WORK_FACTOR,
                gpu_factor: WORK_FACTOR,
            });
        }
        (self.scale > 0).then(|| {
            let ratio = f32::from(SCALES[self.scale - 1]) / f32::from(SCALES[self.scale]);
            StepUp {
                kind: Kind::Scale,
                cpu_factor: 1.0,
                gpu_factor: ratio * ratio,
            }
        })
    }

    pub(super) fn take_back(&mut self) {
        match self.next_up().map(|step| step.kind) {
            Some(Kind::Rate) => self.rate -= 1,
            Some(Kind::Work) => self.work -= 1,
            Some(Kind::Scale) => self.scale -= 1,
            None => {}
        }
    }
}

fn step_down(step: &mut usize, count: usize) -> bool {
    let has_more = *step + 1 < count;
    *step += usize::from(has_more);
    has_more
}
