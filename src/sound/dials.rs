//! Numbers that the mix turns and the audio thread follows: no lock between them, and no step.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use bevy::math::ops;

/// How quickly levels follow: a time constant, s. After four of them (-35 dB) they are there.
pub(super) const SMOOTH_SECS: f32 = 0.02;
/// A number shared without a lock.
#[derive(Debug, Default)]
pub(super) struct Dial(AtomicU32);

impl Dial {
    pub(super) fn new(value: f32) -> Self {
        Self(AtomicU32::new(value.to_bits()))
    }

    /// What is not a number is nothing: a filter would keep it for ever.
    pub(super) fn set(&self, value: f32) {
        let value = if value.is_finite() { value } else { 0.0 };
        self.0.store(value.to_bits(), Relaxed);
    }

    pub(super) fn get(&self) -> f32 {
        f32::from_bits(self.0.load(Relaxed))
    }
}

/// What the mix wants of a voice. Each number is followed smoothly, so that reading half of an
/// update does no harm.
#[derive(Debug)]
pub(super) struct Dials {
    /// Amplitude of the straight sound.
    pub(super) direct: Dial,
    /// Where the highs end, Hz.
    pub(super) cutoff_hz: Dial,
    /// Amplitude sent to the late room.
    pub(super) late: Dial,
    /// Of each wall: amplitude, and detour in s.
    pub(super) walls: [(Dial, Dial); 6],
}

impl Default for Dials {
    fn default() -> Self {
        Self {
            direct: Dial::new(0.0),
            cutoff_hz: Dial::new(20_000.0),
            late: Dial::new(0.0),
            walls: Default::default(),
        }
    }
}

/// A value on its way to another, evenly within a block.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Glide {
    value: Option<f32>,
}

impl Glide {
    /// Value at the begin and the end of the next block. The first target is there at once.
    pub(super) fn next(&mut self, target: f32, share: f32) -> (f32, f32) {
        let from = self.value.unwrap_or(target);
        let mut to = from + (target - from) * share;
        if (to - target).abs() < 1e-6 {
            to = target;
        }
        self.value = Some(to);
        (from, to)
    }

    /// Whether it rests at nothing.
    pub(super) fn is_silent(&self) -> bool {
        self.value == Some(0.0)
    }
}

/// The share of the way that a value goes in `frames`, for a time constant.
pub(super) fn share(frames: usize, secs: f32, rate: f32) -> f32 {
    let frames = frames as f32;
    1.0 - ops::exp(-frames / (secs * rate))
}

/// Multiplies a block by a line from `from` to `to`.
pub(super) fn ramp(input: &[f32], output: &mut [f32], (from, to): (f32, f32)) {
    let step = (to - from) / input.len().max(1) as f32;
    // Each frame by itself, not from the one before: so that several are done at once.
    for (frame, (output, input)) in (1_i32..).zip(output.iter_mut().zip(input)) {
        *output = input * (from + step * frame as f32);
    }
}

/// The dials as they stood at one time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Targets {
    pub(super) direct: f32,
    pub(super) cutoff_hz: f32,
    pub(super) late: f32,
    /// Of each wall: amplitude, and detour in s.
    pub(super) walls: [(f32, f32); 6],
}

impl Dials {
    pub(super) fn read(&self) -> Targets {
        Targets {
            direct: self.direct.get(),
            cutoff_hz: self.cutoff_hz.get(),
            late: self.late.get(),
            walls: std::array::from_fn(|wall| (self.walls[wall].0.get(), self.walls[wall].1.get())),
        }
    }
}

impl Targets {
    /// Whether nothing is to go to the room.
    pub(super) fn is_open_air(&self) -> bool {
        self.late == 0.0 && self.walls.iter().all(|(gain, _)| *gain == 0.0)
    }
}
