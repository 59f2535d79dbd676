//! Four instruments play the score, each into a loop of its own, of equal length to the
//! sample: started together they stay together.

use super::Made;
use super::flute::{self, Note};
use super::ring::{Ring, without_rumble};
use super::score::{self, SECONDS, pitch_hz};
use super::string::{self, HARP, pluck};
use super::struck::{BELL, DRUM, strike};
use crate::sample::noise::unit;
use rayon::prelude::*;

/// The loudest sample of all four together, played by themselves in one place.
const PEAK: f32 = 0.8;

/// The four stems, balanced as they should sound from equal distances.
pub(crate) fn stems() -> Vec<Made> {
    let players: [fn() -> Vec<f32>; 4] = [lute, flute, harp, bells_and_drum];
    let mut played: Vec<Vec<f32>> = players.into_par_iter().map(|play| play()).collect();
    let length = played.iter().map(Vec::len).min().unwrap_or(0);
    let mix = |i: usize| played.iter().map(|stem| stem[i]).sum::<f32>().abs();
    let loudest = (0..length).map(mix).fold(1e-6, f32::max);
    for sample in played.iter_mut().flatten() {
        *sample *= PEAK / loudest;
    }
    let names = [
        "concert_lute.wav",
        "concert_flute.wav",
        "concert_harp.wav",
        "concert_bells.wav",
    ];
    names.into_iter().zip(played).collect()
}

/// Nobody is exactly on the beat: up to `most_secs` early or late.
fn human(index: usize, seed: u32, most_secs: f32) -> f32 {
    (unit(index as i32, 0, 0, seed) * 2.0 - 1.0) * most_secs
}

fn lute() -> Vec<f32> {
    let mut ring = Ring::new(SECONDS);
    for (i, (beat, _, step, force)) in score::LUTE.iter().enumerate() {
        let note = pluck(&string::LUTE, pitch_hz(*step), *force, 2_100 + i as u32);
        ring.add(beat + human(i, 2_000, 0.011), 1.5, &note);
    }
    for (k, (from, to, step, force)) in score::ROLLS.iter().enumerate() {
        let mut at_secs = *from;
        let mut i = 0;
        while at_secs < *to {
            let along = (at_secs - from) / (to - from);
            // Fastest and strongest in the middle.
            let swell = 4.0 * along * (1.0 - along);
            let strength = force * (0.5 + 0.5 * swell);
            let seed = 2_500 + k as u32 * 100 + i;
            let note = pluck(&string::LUTE, pitch_hz(*step), strength, seed);
            ring.add(at_secs, 1.1, &note);
            at_secs += 0.17 - 0.085 * swell;
            i += 1;
        }
    }
    ring.finished()
}

fn flute() -> Vec<f32> {
    let notes: Vec<Note> = score::FLUTE
        .iter()
        .map(|(beat, beats, step, force)| Note {
            at_secs: *beat,
            secs: *beats,
            pitch_hz: pitch_hz(*step),
            force: *force,
        })
        .collect();
    let played = flute::play(&notes, SECONDS, 2_600);
    without_rumble(played.iter().map(|s| s * 0.5).collect())
}

fn harp() -> Vec<f32> {
    let mut ring = Ring::new(SECONDS);
    let mut index = 0;
    let mut note = |beat: f32, step: i32, force: f32| {
        let sound = pluck(&HARP, pitch_hz(step), force, 2_700 + index);
        // Low strings are heard less and are given more.
        let gain = if step < -5 { 0.85 } else { 0.7 };
        ring.add(
            beat + human(index as usize, 2_001, 0.014).max(0.0),
            gain,
            &sound,
        );
        index += 1;
    };
    for (bar, (root, is_full)) in score::BARS.iter().enumerate() {
        let beat = bar as f32 * 4.0;
        let fifth = if *root == -7 { 2 } else { 3 };
        // The last bar is silence.
        if bar == 15 {
            continue;
        }
        note(beat, *root, 0.85);
        match bar {
            14 => {
                // The close: a chord, slowly.
                for (i, offset) in [3, 5, 6, 8, 10].into_iter().enumerate() {
                    note(
                        beat + 0.14 * (i + 1) as f32,
                        root + offset,
                        0.6 - 0.05 * i as f32,
                    );
                }
            }
            _ => {
                note(beat + 1.0, root + fifth, 0.55);
                note(beat + 2.0, root + 5, 0.62);
                if *is_full {
                    note(beat + 2.5, root + 6, 0.42);
                    note(beat + 3.5, root + 5 + fifth, 0.4);
                }
                note(beat + 3.0, root + 5 + fifth - i32::from(*is_full) * 2, 0.5);
            }
        }
    }
    ring.finished()
}

fn bells_and_drum() -> Vec<f32> {
    let mut ring = Ring::new(SECONDS);
    for (i, (beat, _, step, force)) in score::BELLS.iter().enumerate() {
        let sound = strike(BELL, pitch_hz(*step), *force, 0.0, 0.12, 2_800 + i as u32);
        ring.add(*beat, 0.3, &sound);
    }
    for (i, (beat, force)) in score::DRUM.iter().enumerate() {
        let sound = strike(DRUM, 92.0, *force, 0.05, 0.5, 2_900 + i as u32);
        ring.add(beat + human(i, 2_002, 0.006).max(0.0), 0.55, &sound);
    }
    ring.finished()
}
