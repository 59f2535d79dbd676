//! Small sounds that answer a visitor: soft, short, in the mode of the music.

use super::ring::{Ring, peaking_at, without_rumble};
use super::score::pitch_hz;
use super::struck::{BELL, Mode, strike};
use super::{Made, RATE, count};
use crate::sample::noise::{smoothstep, unit, value2};
use bevy::math::Vec2;

/// A small piece of hard wood on a cushion.
const WOOD: &[Mode] = &[
    Mode {
        ratio: 1.0,
        gain: 1.0,
        t60_secs: 0.16,
    },
    Mode {
        ratio: 2.756,
        gain: 0.2,
        t60_secs: 0.06,
    },
];

pub(crate) fn all() -> Vec<Made> {
    vec![
        ("hover.wav", hover()),
        ("select.wav", select()),
        ("chime.wav", chime()),
        ("reveal.wav", reveal()),
        ("kindle.wav", kindle()),
    ]
}

/// Something can be selected: a tap, hardly there.
fn hover() -> Vec<f32> {
    let tap = strike(WOOD, pitch_hz(8), 0.5, 0.0, 0.02, 940);
    peaking_at(tap, 0.12)
}

/// It is selected: two taps, a fifth apart.
fn select() -> Vec<f32> {
    let mut ring = Ring::new(0.45);
    ring.add(0.0, 0.8, &strike(WOOD, pitch_hz(5), 0.6, 0.0, 0.03, 941));
    ring.add(0.07, 1.0, &strike(WOOD, pitch_hz(8), 0.6, 0.0, 0.03, 942));
    peaking_at(ring.finished(), 0.25)
}

/// A bell for what is worth a pause.
fn chime() -> Vec<f32> {
    peaking_at(strike(BELL, pitch_hz(5), 0.45, 0.0, 0.08, 943), 0.4)
}

/// A painting comes back: the mode upwards, like light over gold.
fn reveal() -> Vec<f32> {
    let mut ring = Ring::new(8.5);
    for (i, step) in [3, 5, 6, 8, 10, 11, 13].into_iter().enumerate() {
        let force = 0.22 + 0.03 * i as f32;
        let bell = strike(BELL, pitch_hz(step), force, 0.0, 0.0, 944 + i as u32);
        let late = 0.25 * i as f32 + 0.05 * unit(i as i32, 0, 0, 950);
        ring.add(late, 0.8 - 0.07 * i as f32, &bell);
    }
    peaking_at(ring.finished(), 0.4)
}

/// A wick catches fire.
fn kindle() -> Vec<f32> {
    let (mut low, mut lower) = (0.0_f32, 0.0_f32);
    let sound: Vec<f32> = (0..count(1.8))
        .map(|i| {
            let now = i as f32 / RATE as f32;
            let rise = smoothstep(0.0, 0.16, now);
            let fall = 1.0 - smoothstep(0.16, 1.75, now);
            let cutoff = 0.012 + 0.09 * rise * fall * fall;
            let noise = unit(i as i32, 0, 0, 960) * 2.0 - 1.0;
            low += (noise - low) * cutoff;
            lower += (low - lower) * cutoff;
            let flutter = 0.75 + 0.25 * value2(Vec2::new(now * 11.0, 0.5), 961);
            lower * rise * fall * fall * flutter
        })
        .collect();
    peaking_at(without_rumble(sound), 0.45)
}
