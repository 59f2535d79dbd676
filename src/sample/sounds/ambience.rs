//! What is always to be heard: wind at the mouth, drops in the north cell, flames.

use super::ring::{Ring, looped, peaking_at, without_rumble};
use super::{RATE, count, decay};
use crate::sample::noise::{sin_cos_turns, smoothstep, unit, value2};
use bevy::math::Vec2;

fn white(i: usize, seed: u32) -> f32 {
    unit(i as i32, 0, 0, seed) * 2.0 - 1.0
}

/// A slow curve through chance, -1..1.
fn slow(now: f32, a_second: f32, seed: u32) -> f32 {
    value2(Vec2::new(now * a_second, 0.5), seed)
}

/// A state-variable filter that follows a pitch.
#[derive(Default)]
struct Band {
    low: f32,
    band: f32,
}

impl Band {
    fn pass(&mut self, input: f32, pitch_hz: f32, damping: f32) -> f32 {
        let tune = 2.0 * sin_cos_turns(pitch_hz / RATE as f32 * 0.5).0;
        self.low += tune * self.band;
        let high = input - self.low - damping * self.band;
        self.band += tune * high;
        self.band
    }
}

/// Wind over a cliff: a broad breath, and two edges that nearly sing in the gusts.
pub(crate) fn wind() -> Vec<f32> {
    let overlap = count(3.0);
    let (mut low, mut lower) = (0.0_f32, 0.0_f32);
    let (mut edge, mut crack) = (Band::default(), Band::default());
    let sound: Vec<f32> = (0..count(24.0) + overlap)
        .map(|i| {
            let now = i as f32 / RATE as f32;
            let gust = 0.5 + 0.32 * slow(now, 0.23, 901) + 0.18 * slow(now, 0.71, 902);
            let gust = gust.max(0.05);
            let noise = white(i, 903);
            let cutoff = 0.008 + 0.03 * gust * gust;
            low += (noise - low) * cutoff;
            lower += (low - lower) * cutoff;
            let breath = (low - lower * 0.55) * 5.0 * gust;
            let sung = edge.pass(
                noise,
                300.0 + 210.0 * gust + 30.0 * slow(now, 1.9, 904),
                0.09,
            );
            let hissed = crack.pass(noise, 780.0 + 420.0 * gust, 0.2);
            breath + sung * 0.024 * gust * gust + hissed * 0.016 * gust * gust * gust
        })
        .collect();
    without_rumble(peaking_at(looped(&sound, overlap), 0.6))
}

/// A drop that falls into water: the tick of its touch, then the bubble it leaves, whose
/// pitch is that of its radius (M. Minnaert, *On musical air-bubbles*, 1933: 3.26 m/s over
/// the radius) and rises as it comes up.
fn drop(pitch_hz: f32, force: f32, seed: u32) -> Vec<f32> {
    let mut out = vec![0.0; count(0.35)];
    let (mut phase, mut level) = (0.0_f32, 0.0_f32);
    let fade = decay(0.14);
    let start = count(0.012);
    let mut low = 0.0;
    for (i, sample) in out.iter_mut().enumerate() {
        let now = i as f32 / RATE as f32;
        let tick = (1.0 - now / 0.004).max(0.0);
        low += (white(i, seed) - low) * 0.35;
        *sample = low * tick * tick * 0.35;
        if i == start {
            level = 1.0;
        }
        if i >= start {
            let rise = smoothstep(0.012, 0.02, now);
            let bent = pitch_hz * (1.0 + 0.9 * (now - 0.012));
            phase += bent / RATE as f32;
            phase -= phase.floor();
            *sample += sin_cos_turns(phase).0 * level * rise;
            level *= fade;
        }
        *sample *= force;
    }
    out
}

/// Drops from three places, none of them a clock: each waits until it is full.
pub(crate) fn drips() -> Vec<f32> {
    let seconds = 36.0;
    let mut ring = Ring::new(seconds);
    // Mean wait, seconds; pitch; force. The first falls into the jar.
    let places = [
        (5.1, 1_180.0, 0.9),
        (7.9, 1_720.0, 0.5),
        (12.7, 830.0, 0.65),
    ];
    for (k, (wait_secs, pitch_hz, force)) in places.into_iter().enumerate() {
        let mut at_secs = 1.3 * k as f32 + 0.4;
        let mut i = 0;
        while at_secs < seconds {
            let chance = |what: i32| unit(i, what, k as i32, 910);
            let pitch = pitch_hz * (0.93 + 0.14 * chance(0));
            let strength = force * (0.7 + 0.3 * chance(1));
            let sound = drop(pitch, strength, 911 + i as u32 + k as u32 * 50);
            ring.add(at_secs, 1.0, &sound);
            // Now and then a smaller one follows the large.
            if chance(2) > 0.72 {
                let small = drop(pitch * 1.35, strength * 0.4, 960 + i as u32);
                ring.add(at_secs + 0.11 + 0.09 * chance(3), 1.0, &small);
            }
            at_secs += wait_secs * (0.72 + 0.56 * chance(4));
            i += 1;
        }
    }
    peaking_at(ring.finished(), 0.5)
}

/// Oil lamps: a flutter that is hardly there, and small crackles of the wicks.
pub(crate) fn flames() -> Vec<f32> {
    let overlap = count(1.0);
    let (mut low, mut lower, mut spark) = (0.0_f32, 0.0_f32, 0.0_f32);
    let (fade, mut crackle) = (decay(0.012), Band::default());
    let sound: Vec<f32> = (0..count(14.0) + overlap)
        .map(|i| {
            let now = i as f32 / RATE as f32;
            let noise = white(i, 920);
            low += (noise - low) * 0.022;
            lower += (low - lower) * 0.022;
            let flutter = 0.6 + 0.3 * slow(now, 6.3, 921) + 0.1 * slow(now, 17.0, 922);
            if unit(i as i32, 2, 0, 923) > 0.999_93 {
                spark = 0.15 + 0.85 * unit(i as i32, 3, 0, 923) * unit(i as i32, 4, 0, 923);
            }
            spark *= fade;
            let crack = crackle.pass(noise * spark, 2_600.0, 0.6);
            lower * flutter * 0.9 + crack * 0.5
        })
        .collect();
    without_rumble(peaking_at(looped(&sound, overlap), 0.5))
}
