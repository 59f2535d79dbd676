//! A plucked string: a delay line whose loop loses its treble first, after K. Karplus and
//! A. Strong, *Digital Synthesis of Plucked-String and Drum Timbres*, Computer Music Journal
//! 7(2), 1983, tuned by an all-pass after D. Jaffe and J. Smith, *Extensions of the
//! Karplus-Strong Plucked-String Algorithm*, ibidem; then the box it is strung on.

use super::{RATE, count, decay};
use crate::sample::noise::{sin_cos_turns, unit};

/// A kind of string and box.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Instrument {
    /// How soon a string is silent (-60 dB), seconds at 220 Hz; higher ones sooner.
    pub(crate) t60_secs: f32,
    /// Treble lost a round: 0 none, 0.5 most.
    pub(crate) damping: f32,
    /// Softness of the finger: 0 a plectrum, near 1 the flesh of a thumb.
    pub(crate) softness: f32,
    /// Where it is plucked: the share of the string's length.
    pub(crate) position: f32,
    /// Noise of finger or plectrum on the string.
    pub(crate) touch: f32,
    /// Resonances of the box: hertz, seconds to -60 dB, gain.
    pub(crate) body: &'static [(f32, f32, f32)],
}

/// A short-necked lute: bright and brief.
pub(crate) const LUTE: Instrument = Instrument {
    t60_secs: 5.0,
    damping: 0.16,
    softness: 0.3,
    position: 0.13,
    touch: 0.4,
    body: &[
        (205.0, 0.12, 0.5),
        (415.0, 0.1, 0.6),
        (660.0, 0.07, 0.4),
        (1_130.0, 0.05, 0.35),
        (2_350.0, 0.03, 0.2),
    ],
};

/// An angular harp: dark and long.
pub(crate) const HARP: Instrument = Instrument {
    t60_secs: 6.5,
    damping: 0.22,
    softness: 0.75,
    position: 0.31,
    touch: 0.12,
    body: &[
        (98.0, 0.2, 0.55),
        (176.0, 0.16, 0.5),
        (262.0, 0.12, 0.4),
        (540.0, 0.06, 0.2),
    ],
};

/// One note. `force` 0..1 makes it louder and brighter; `seed` is of the noise.
pub(crate) fn pluck(kind: &Instrument, pitch_hz: f32, force: f32, seed: u32) -> Vec<f32> {
    // High strings are short and light and lose their energy sooner.
    let t60_secs = kind.t60_secs * (220.0 / pitch_hz).sqrt().clamp(0.5, 1.6);
    let mut out = vec![0.0; count(t60_secs * 1.1)];
    // Across and along the box a string swings with slightly different loss and pitch: the
    // sound sings on after its first decay.
    let swing = [(1.0, 0.62, 0.45), (1.000_35, 0.38, 1.0)];
    for (detune, share, length) in swing {
        string(
            &mut out,
            kind,
            pitch_hz * detune,
            force,
            share,
            t60_secs * length,
            seed,
        );
    }
    let mut sound = in_box(&out, kind.body);
    let fade = count(0.02).min(sound.len());
    for (i, sample) in sound.iter_mut().rev().take(fade).enumerate() {
        *sample *= i as f32 / fade as f32;
    }
    sound
}

fn string(
    out: &mut [f32],
    kind: &Instrument,
    pitch_hz: f32,
    force: f32,
    share: f32,
    t60_secs: f32,
    seed: u32,
) {
    let period = RATE as f32 / pitch_hz;
    // The loop's filter delays by `damping` samples, the all-pass by 0.3 to 1.3.
    let line = (period - kind.damping - 0.3).floor().max(2.0);
    let fraction = period - kind.damping - line;
    let all_pass = (1.0 - fraction) / (1.0 + fraction);
    // Loss a round: a thousandth after t60 rounds' time.
    let x = 6.907_755 * period / (t60_secs * RATE as f32);
    let gain = 1.0 - x * (1.0 - x * (0.5 - x * (1.0 / 6.0)));
    let count = line as usize;
    let mut delay = excitation(kind, count, force, seed);
    let (mut before, mut passed_in, mut passed_out) = (0.0_f32, 0.0_f32, 0.0_f32);
    let mut place = 0;
    for sample in out.iter_mut() {
        let now = delay[place];
        *sample += now * share;
        let damped = gain * ((1.0 - kind.damping) * now + kind.damping * before);
        before = now;
        passed_out = all_pass * (damped - passed_out) + passed_in;
        passed_in = damped;
        delay[place] = passed_out;
        place += 1;
        if place == count {
            place = 0;
        }
    }
}

/// The velocity of the string as it is let go: the part between finger and bridge swings
/// back, the rest on, with soft corners and some noise. Harmonics that have a node where it
/// is plucked are missing.
fn excitation(kind: &Instrument, count: usize, force: f32, seed: u32) -> Vec<f32> {
    let softness = kind.softness * (1.15 - 0.3 * force);
    let mut low = 0.0_f32;
    let mut lower = 0.0_f32;
    let mut raw: Vec<f32> = Vec::with_capacity(count);
    for i in 0..count {
        let is_back = (i as f32) < count as f32 * kind.position;
        let pulse = if is_back { 1.0 } else { 0.0 };
        let noise = (unit(i as i32, 0, 0, seed) * 2.0 - 1.0) * kind.touch;
        low += (pulse + noise - low) * (1.0 - softness);
        lower += (low - lower) * (1.0 - softness * 0.6);
        raw.push(lower);
    }
    let mean = raw.iter().sum::<f32>() / count as f32;
    let power = raw.iter().map(|s| (s - mean) * (s - mean)).sum::<f32>() / count as f32;
    let scale = 0.25 * force / power.sqrt().max(1e-6);
    for sample in &mut raw {
        *sample = (*sample - mean) * scale;
    }
    raw
}

/// The string and what its box makes of it.
fn in_box(dry: &[f32], body: &[(f32, f32, f32)]) -> Vec<f32> {
    let mut out: Vec<f32> = dry.iter().map(|s| s * 0.75).collect();
    for (pitch_hz, t60_secs, gain) in body {
        let radius = decay(*t60_secs);
        let (sin, cos) = sin_cos_turns(pitch_hz / RATE as f32);
        // Unit gain at the resonance.
        let scale = (1.0 - radius) * 2.0 * sin;
        let (mut one, mut two) = (0.0_f32, 0.0_f32);
        for (sample, input) in out.iter_mut().zip(dry) {
            let now = input * scale + 2.0 * radius * cos * one - radius * radius * two;
            two = one;
            one = now;
            *sample += now * gain;
        }
    }
    out
}
