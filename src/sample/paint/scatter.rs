//! Patterns that repeat: noise, stones, grains, straw, the marks of tools and fingers.
//!
//! Everywhere `q` is 0..1 over the repeat, which `period` cells divide.

use crate::sample::noise::{direction, smoothstep, unit};
use bevy::math::Vec2;

/// Noise that repeats after `period` cells.
fn periodic(p: Vec2, period: i32, seed: u32) -> f32 {
    let f = p.floor();
    let t = p - f;
    let fade = |t: f32| t * t * t * (t * (t * 6.0 - 15.0) + 10.0);
    let (u, v) = (fade(t.x), fade(t.y));
    let at = |i: i32, j: i32| {
        unit(
            (f.x as i32 + i).rem_euclid(period),
            (f.y as i32 + j).rem_euclid(period),
            0,
            seed,
        )
    };
    let low = at(0, 0) + (at(1, 0) - at(0, 0)) * u;
    let high = at(0, 1) + (at(1, 1) - at(0, 1)) * u;
    (low + (high - low) * v) * 2.0 - 1.0
}

/// Octaves of [`periodic`]; `q` is 0..1 over the repeat.
pub(crate) fn fbm(q: Vec2, first: i32, octaves: u32, seed: u32) -> f32 {
    let (mut sum, mut gain, mut norm, mut period) = (0.0, 1.0, 0.0, first);
    for octave in 0..octaves {
        let shift = Vec2::new(
            unit(octave as i32, 1, 2, seed),
            unit(octave as i32, 3, 4, seed),
        );
        sum += gain * periodic((q + shift) * period as f32, period, seed + octave * 57);
        norm += gain;
        gain *= 0.52;
        period *= 2;
    }
    sum / norm
}

/// The cells about the one that `p` lies in, up to `reach` away, and each one's random numbers, which
/// repeat after `period` cells.
fn cells_around(
    p: Vec2,
    reach: i32,
    period: i32,
    seed: u32,
) -> impl Iterator<Item = (Vec2, impl Fn(i32) -> f32)> {
    let f = p.floor();
    let around = (-reach..=reach).flat_map(move |j| (-reach..=reach).map(move |i| (i, j)));
    around.map(move |(i, j)| {
        let cell = f + Vec2::new(i as f32, j as f32);
        let (x, y) = (
            (cell.x as i32).rem_euclid(period),
            (cell.y as i32).rem_euclid(period),
        );
        (cell, move |k: i32| unit(x, y, k, seed))
    })
}

/// Pebbles: height 0..1 of the nearest stone and a random number of it.
pub(crate) fn stones(q: Vec2, period: i32, seed: u32, fill: f32) -> (f32, f32) {
    let p = q * period as f32;
    let (mut best, mut id) = (0.0_f32, 0.0);
    for (cell, at) in cells_around(p, 1, period, seed) {
        if at(4) > fill {
            continue;
        }
        let middle = cell + Vec2::new(0.2 + 0.6 * at(0), 0.2 + 0.6 * at(1));
        let along = direction(at(2));
        let d = p - middle;
        let d = Vec2::new(d.dot(along), d.dot(along.perp()) * (1.1 + 0.8 * at(3)));
        let r = 0.22 + 0.3 * at(5);
        let h = (1.0 - (d / r).length_squared()).max(0.0).sqrt();
        if h > best {
            (best, id) = (h, at(6));
        }
    }
    (best, id)
}

/// What an adze leaves: shallow hollows side by side, longer than wide, all struck about
/// the same way. Height 0..1 over the deepest point.
pub(crate) fn blows(q: Vec2, period: i32, seed: u32) -> f32 {
    let p = q * period as f32;
    let (mut sum, mut weights) = (0.0, 0.0);
    for (cell, at) in cells_around(p, 2, period, seed) {
        let d = p - cell - Vec2::new(at(0), at(1));
        let along = direction(0.2 + 0.13 * (at(2) - 0.5));
        let d = Vec2::new(d.dot(along) * 0.62, d.dot(along.perp()) * 1.25);
        let h = d.length_squared() + 0.22 * at(3);
        // The nearest blow weighs most; ridges between two are worn round.
        let near = 1.0 / (0.05 + h);
        let weight = near * near * near * near;
        sum += h.min(1.0) * weight;
        weights += weight;
    }
    sum / weights
}

/// Chopped straw lying in clay, 0..1; about one stalk to four cells.
pub(crate) fn stalks(q: Vec2, period: i32, seed: u32) -> f32 {
    let p = q * period as f32;
    let mut best = 0.0_f32;
    for (cell, at) in cells_around(p, 1, period, seed) {
        if at(5) > 0.42 {
            continue;
        }
        let along = direction(at(2));
        let d = p - cell - Vec2::new(at(0), at(1));
        let reach = 0.25 + 0.4 * at(3);
        let gap = (d - along * d.dot(along).clamp(-reach, reach)).length();
        best = best.max(smoothstep(0.075, 0.03, gap) * (0.4 + 0.6 * at(4)));
    }
    best
}

/// Where four fingers drew through the wet clay: depth of their furrows, 0..1.
pub(crate) fn fingers(q: Vec2, period: i32, seed: u32) -> f32 {
    let p = q * period as f32;
    let mut deepest = 0.0_f32;
    for (cell, at) in cells_around(p, 1, period, seed) {
        if at(5) > 0.55 {
            continue;
        }
        let along = direction(0.06 + 0.2 * (at(2) - 0.5));
        let d = p - cell - Vec2::new(at(0), at(1));
        let t = d.dot(along);
        // An arm swings: the marks are bent.
        let off = d.dot(along.perp()) + (at(3) - 0.5) * 0.9 * t * t;
        let reach = smoothstep(0.85, 0.55 + 0.2 * at(4), t.abs());
        let hand = smoothstep(0.26, 0.22, off.abs());
        let furrow = crate::sample::noise::sin_cos_turns(off * 8.0).1 * 0.5 + 0.5;
        deepest = deepest.max(furrow * reach * hand * (0.5 + 0.5 * at(6)));
    }
    deepest
}

/// Grains of another color, one a cell: how much of the cell it fills, 0..1, and its number.
pub(crate) fn grains(q: Vec2, period: i32, seed: u32) -> (f32, f32) {
    let p = q * period as f32;
    let f = p.floor();
    let (x, y) = (
        (f.x as i32).rem_euclid(period),
        (f.y as i32).rem_euclid(period),
    );
    let at = |k: i32| unit(x, y, k, seed);
    let middle = Vec2::new(0.3 + 0.4 * at(0), 0.3 + 0.4 * at(1));
    let away = (p - f - middle).length();
    (smoothstep(0.42, 0.12, away), at(2))
}
