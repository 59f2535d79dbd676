use super::score::{SECONDS, pitch_hz};
use super::*;

fn all() -> Vec<Made> {
    let mut all = concert::stems();
    all.push(("wind.wav", ambience::wind()));
    all.push(("drips.wav", ambience::drips()));
    all.push(("flames.wav", ambience::flames()));
    all.extend(interface::all());
    all
}

#[test]
fn every_sound_is_heard_without_clipping_and_without_an_offset() {
    for (name, samples) in all() {
        let peak = samples.iter().fold(0.0_f32, |m, s| m.max(s.abs()));
        assert!(
            (0.05..0.9).contains(&peak),
            "{name} peaks at {peak} of full level"
        );
        let mean = samples.iter().map(|s| f64::from(*s)).sum::<f64>() / samples.len() as f64;
        assert!(mean.abs() < 1e-3, "{name} has an offset of {mean}");
        assert!(
            samples.iter().all(|s| s.is_finite()),
            "{name} is made of numbers"
        );
    }
}

/// The step over the seam against the steps around it: a click is a step that stands out.
#[track_caller]
fn assert_seamless(name: &str, samples: &[f32]) {
    let n = samples.len();
    let around = count(0.02);
    let step = |i: usize| (samples[(i + 1) % n] - samples[i % n]).abs();
    let largest = (1..around)
        .flat_map(|k| [step(n - 1 - k), step(n - 1 + k)])
        .fold(1e-4, f32::max);
    assert!(
        step(n - 1) <= largest * 1.5,
        "{name} clicks where it joins: a step of {} among steps of {largest}",
        step(n - 1)
    );
}

#[test]
fn loops_join_without_a_click() {
    for (name, samples) in all() {
        let is_loop =
            name.starts_with("concert") || ["wind.wav", "drips.wav", "flames.wav"].contains(&name);
        if is_loop {
            assert_seamless(name, &samples);
        }
    }
}

#[test]
fn stems_are_equally_long_and_end_in_a_rest() {
    for (name, samples) in concert::stems() {
        assert_eq!(samples.len(), count(SECONDS), "{name} is a whole piece");
        let level = |part: &[f32]| {
            let power = part.iter().map(|s| s * s).sum::<f32>() / part.len() as f32;
            power.sqrt()
        };
        let (whole, end) = (
            level(&samples),
            level(&samples[samples.len() - count(1.0)..]),
        );
        assert!(
            end < whole * 0.1,
            "{name} has faded before it begins again: {end} of {whole}"
        );
    }
}

/// Strength of a pitch, by correlation with it over a stretch.
fn strength(samples: &[f32], pitch_hz: f32) -> f32 {
    let (mut re, mut im) = (0.0, 0.0);
    for (i, sample) in samples.iter().enumerate() {
        let turns = f64::from(pitch_hz) * i as f64 / f64::from(RATE);
        let (s, c) = crate::sample::noise::sin_cos_turns(turns.fract() as f32);
        re += sample * c;
        im += sample * s;
    }
    (re * re + im * im).sqrt() / samples.len() as f32
}

/// The pitch near an expected one at which a sound is strongest.
fn found_hz(samples: &[f32], expected_hz: f32) -> f32 {
    (-60..=60)
        .map(|cents| expected_hz * (1.0 + cents as f32 * 0.000_578))
        .map(|hz| (strength(samples, hz), hz))
        .fold(
            (0.0, 0.0),
            |best, one| if one.0 > best.0 { one } else { best },
        )
        .1
}

#[test]
fn strings_and_flute_are_in_tune() {
    for step in [-10, -5, 0, 3, 8] {
        let expected = pitch_hz(step);
        for kind in [&string::LUTE, &string::HARP] {
            let note = string::pluck(kind, expected, 0.6, 5);
            let found = found_hz(&note[count(0.1)..count(0.9)], expected);
            assert!(
                (found / expected - 1.0).abs() < 0.0035,
                "a string of {expected} Hz sounds at {found} Hz: more than 6 cents off"
            );
        }
    }
    let note = flute::Note {
        at_secs: 0.0,
        secs: 2.0,
        pitch_hz: pitch_hz(3),
        force: 0.7,
    };
    let played = flute::play(&[note], 2.0, 9);
    let found = found_hz(&played[count(0.15)..count(0.55)], pitch_hz(3));
    assert!(
        (found / pitch_hz(3) - 1.0).abs() < 0.004,
        "the flute's A sounds at {found} Hz"
    );
}

#[test]
fn the_mode_is_that_of_the_old_tuning() {
    assert!((pitch_hz(3) - 440.0).abs() < 1e-3, "A is 440 Hz");
    assert!(
        (pitch_hz(-10) * 4.0 - pitch_hz(0)).abs() < 1e-3,
        "ten steps are two octaves"
    );
    assert!(
        (pitch_hz(4) / pitch_hz(1) - 1.5).abs() < 1e-6,
        "C is a pure fifth over F"
    );
}

/// Changes with every change of a sound, together with [`VERSION`].
const FINGERPRINT: u64 = 0x849c_0b0e_ace4_ea55;

#[test]
fn the_same_sounds_come_out_everywhere() {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for (name, samples) in all() {
        let bytes = wav::bytes(RATE, &wav::quantized(&samples));
        for byte in name.bytes().chain(bytes) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    assert_eq!(
        hash, FINGERPRINT,
        "the sounds changed to {hash:#x}: raise VERSION and write it down here"
    );
}
