//! A loop under construction.

use super::{RATE, count};

/// Samples that go round: what rings beyond the end is heard at the beginning, so that the
/// loop has no seam.
#[derive(Debug, Clone)]
pub(crate) struct Ring {
    samples: Vec<f32>,
}

impl Ring {
    /// Silence of a length.
    pub(crate) fn new(seconds: f32) -> Self {
        Self {
            samples: vec![0.0; count(seconds)],
        }
    }

    /// Adds a sound that begins at a time; times beyond the end come round too.
    pub(crate) fn add(&mut self, at_secs: f32, gain: f32, sound: &[f32]) {
        let length = self.samples.len();
        let start = count(at_secs.max(0.0));
        for (i, s) in sound.iter().enumerate() {
            self.samples[(start + i) % length] += s * gain;
        }
    }

    /// The samples, without what nobody hears: a filter of first order removes what is below
    /// 20 Hz. It runs round once beforehand, so that it has settled where the loop begins.
    pub(crate) fn finished(self) -> Vec<f32> {
        without_rumble(self.samples)
    }
}

/// See [`Ring::finished`].
pub(crate) fn without_rumble(mut samples: Vec<f32>) -> Vec<f32> {
    let share = 1.0 - std::f32::consts::TAU * 20.0 / RATE as f32;
    let (mut before, mut out) = (samples.last().copied().unwrap_or(0.0), 0.0);
    for is_heard in [false, true] {
        for sample in &mut samples {
            out = share * (out + *sample - before);
            before = *sample;
            if is_heard {
                *sample = out;
            }
        }
    }
    samples
}

/// Cuts `overlap` samples off the end and lays them over the beginning, with equal power, as
/// the two are unrelated noise.
pub(crate) fn looped(sound: &[f32], overlap: usize) -> Vec<f32> {
    let length = sound.len().saturating_sub(overlap);
    (0..length)
        .map(|i| match sound.get(i + length) {
            Some(tail) => {
                let t = i as f32 / overlap as f32;
                sound[i] * t.sqrt() + tail * (1.0 - t).sqrt()
            }
            None => sound[i],
        })
        .collect()
}

/// As loud at its loudest sample as asked.
pub(crate) fn peaking_at(mut samples: Vec<f32>, peak: f32) -> Vec<f32> {
    let loudest = samples.iter().fold(0.0_f32, |m, s| m.max(s.abs()));
    if loudest > 0.0 {
        for sample in &mut samples {
            *sample *= peak / loudest;
        }
    }
    samples
}
