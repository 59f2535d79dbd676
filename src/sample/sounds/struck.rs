//! Things that are struck: each of their modes is a sine that fades.

use super::{RATE, count, decay};
use crate::sample::noise::{sin_cos_turns, unit};

/// A way in which a thing swings.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mode {
    /// Its pitch as a multiple of the thing's own.
    pub(crate) ratio: f32,
    /// Its strength.
    pub(crate) gain: f32,
    /// When a thousandth of it is left, seconds.
    pub(crate) t60_secs: f32,
}

const fn mode(ratio: f32, gain: f32, t60_secs: f32) -> Mode {
    Mode {
        ratio,
        gain,
        t60_secs,
    }
}

/// A small bronze bell without a clapper, struck with wood: octaves, fifths and their
/// neighbours, each split in two, as bells are never quite round.
pub(crate) const BELL: &[Mode] = &[
    mode(0.5, 0.22, 6.2),
    mode(1.0, 0.9, 5.6),
    mode(1.001_4, 0.3, 5.2),
    mode(1.5, 0.1, 3.4),
    mode(2.0, 0.42, 3.8),
    mode(2.004, 0.14, 3.2),
    mode(2.52, 0.07, 2.0),
    mode(3.01, 0.16, 1.9),
    mode(4.17, 0.08, 1.1),
    mode(5.43, 0.05, 0.6),
    mode(6.8, 0.03, 0.3),
];

/// A frame drum: the modes of a round membrane (zeros of Bessel functions over the first),
/// from P. Morse, *Vibration and Sound*, 1948, chapter V.
pub(crate) const DRUM: &[Mode] = &[
    mode(1.0, 1.0, 0.95),
    mode(1.593, 0.5, 0.6),
    mode(2.136, 0.28, 0.42),
    mode(2.295, 0.22, 0.36),
    mode(2.653, 0.15, 0.28),
    mode(2.917, 0.1, 0.22),
    mode(3.5, 0.06, 0.15),
];

/// A stroke: `force` 0..1 makes it louder and its high modes stronger; `bend` raises the
/// pitch at first, as a membrane stretches (0.06 is a semitone); `seed` is of the noise.
pub(crate) fn strike(
    modes: &[Mode],
    pitch_hz: f32,
    force: f32,
    bend: f32,
    touch: f32,
    seed: u32,
) -> Vec<f32> {
    let longest = modes.iter().fold(0.05_f32, |m, mode| m.max(mode.t60_secs));
    let mut out = vec![0.0; count(longest * 1.15)];
    let unbend = decay(0.35);
    for (k, mode) in modes.iter().enumerate() {
        let fade = decay(mode.t60_secs);
        // A soft stroke wakes the high modes less.
        let soft = 1.0 / (1.0 + (1.0 - force) * (mode.ratio - 1.0).max(0.0) * 0.8);
        let mut level = mode.gain * soft;
        let mut phase = unit(k as i32, 7, 0, seed) * 0.08;
        let mut bent = bend;
        let step = pitch_hz * mode.ratio / RATE as f32;
        for sample in &mut out {
            *sample += level * sin_cos_turns(phase).0;
            level *= fade;
            phase += step * (1.0 + bent);
            phase -= phase.floor();
            bent *= unbend;
        }
    }
    let mut burst = touch;
    let fade = decay(0.03);
    let mut low = 0.0;
    let rise = count(0.0015);
    for (i, sample) in out.iter_mut().enumerate() {
        low += (unit(i as i32, 1, 0, seed) * 2.0 - 1.0 - low) * (0.12 + 0.3 * force);
        *sample = force * (*sample + low * burst);
        burst *= fade;
        if i < rise {
            *sample *= i as f32 / rise as f32;
        }
    }
    let end = count(0.03).min(out.len());
    for (i, sample) in out.iter_mut().rev().take(end).enumerate() {
        *sample *= i as f32 / end as f32;
    }
    out
}
