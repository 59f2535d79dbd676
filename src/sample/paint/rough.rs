//! Pictures that repeat: bare plaster, clay of the cells, rock, sand.

use super::finish::Texels;
use super::raster::Window;
use super::tone::encode;
use crate::sample::noise::{smoothstep, unit};
use bevy::math::{Vec2, Vec3};

/// A material without painting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rough {
    /// Lime-washed clay plaster of the antechamber, with ghosts of red and green.
    Plaster,
    /// Clay with straw over rock that an adze hollowed out.
    Clay,
    /// Conglomerate of the cliff.
    Rock,
    /// Gravel and blown sand.
    Sand,
    /// Dark fired clay and bronze of lamps and jars.
    Ware,
}

impl Rough {
    /// Every one of them.
    pub(crate) const ALL: [Self; 5] = [
        Self::Plaster,
        Self::Clay,
        Self::Rock,
        Self::Sand,
        Self::Ware,
    ];

    /// Names the material and the files.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Plaster => "plaster",
            Self::Clay => "clay",
            Self::Rock => "rock",
            Self::Sand => "sand",
            Self::Ware => "ware",
        }
    }

    /// Side of the square that repeats, metres.
    pub(crate) fn side_m(self) -> f32 {
        match self {
            Self::Rock => 3.0,
            Self::Ware => 0.5,
            _ => 2.4,
        }
    }
}

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
fn fbm(q: Vec2, first: i32, octaves: u32, seed: u32) -> f32 {
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

/// Pebbles: height 0..1 of the nearest stone and a random number of it.
fn stones(q: Vec2, period: i32, seed: u32, fill: f32) -> (f32, f32) {
    let p = q * period as f32;
    let f = p.floor();
    let (mut best, mut id) = (0.0_f32, 0.0);
    for j in -1..=1 {
        for i in -1..=1 {
            let cell = f + Vec2::new(i as f32, j as f32);
            let (x, y) = (
                (cell.x as i32).rem_euclid(period),
                (cell.y as i32).rem_euclid(period),
            );
            let at = |k: i32| unit(x, y, k, seed);
            if at(4) > fill {
                continue;
            }
            let middle = cell + Vec2::new(0.2 + 0.6 * at(0), 0.2 + 0.6 * at(1));
            let along = crate::sample::noise::direction(at(2));
            let d = p - middle;
            let d = Vec2::new(d.dot(along), d.dot(along.perp()) * (1.1 + 0.8 * at(3)));
            let r = 0.22 + 0.3 * at(5);
            let h = (1.0 - (d / r).length_squared()).max(0.0).sqrt();
            if h > best {
                (best, id) = (h, at(6));
            }
        }
    }
    (best, id)
}

struct Point {
    color: Vec3,
    height_m: f32,
    roughness: f32,
    metallic: f32,
}

/// What an adze leaves: shallow hollows side by side, longer than wide, all struck about
/// the same way. Height 0..1 over the deepest point.
fn blows(q: Vec2, period: i32, seed: u32) -> f32 {
    let p = q * period as f32;
    let f = p.floor();
    let (mut sum, mut weights) = (0.0, 0.0);
    for j in -2..=2 {
        for i in -2..=2 {
            let cell = f + Vec2::new(i as f32, j as f32);
            let (x, y) = (
                (cell.x as i32).rem_euclid(period),
                (cell.y as i32).rem_euclid(period),
            );
            let at = |k: i32| unit(x, y, k, seed);
            let d = p - cell - Vec2::new(at(0), at(1));
            let along = crate::sample::noise::direction(0.2 + 0.13 * (at(2) - 0.5));
            let d = Vec2::new(d.dot(along) * 0.62, d.dot(along.perp()) * 1.25);
            let h = d.length_squared() + 0.22 * at(3);
            // The nearest blow weighs most; ridges between two are worn round.
            let near = 1.0 / (0.05 + h);
            let weight = near * near * near * near;
            sum += h.min(1.0) * weight;
            weights += weight;
        }
    }
    sum / weights
}

/// Chopped straw lying in clay, 0..1; about one stalk to four cells.
fn stalks(q: Vec2, period: i32, seed: u32) -> f32 {
    let p = q * period as f32;
    let f = p.floor();
    let mut best = 0.0_f32;
    for j in -1..=1 {
        for i in -1..=1 {
            let cell = f + Vec2::new(i as f32, j as f32);
            let (x, y) = (
                (cell.x as i32).rem_euclid(period),
                (cell.y as i32).rem_euclid(period),
            );
            let at = |k: i32| unit(x, y, k, seed);
            if at(5) > 0.28 {
                continue;
            }
            let along = crate::sample::noise::direction(at(2));
            let d = p - cell - Vec2::new(at(0), at(1));
            let reach = 0.25 + 0.4 * at(3);
            let gap = (d - along * d.dot(along).clamp(-reach, reach)).length();
            best = best.max(smoothstep(0.075, 0.03, gap) * (0.4 + 0.6 * at(4)));
        }
    }
    best
}

fn clay(q: Vec2, seed: u32) -> Point {
    let broad = fbm(q, 2, 4, seed);
    let soft = fbm(q, 7, 3, seed + 1);
    let fine = fbm(q, 60, 4, seed + 2);
    // Palms and trowels drew the clay smooth over the blows of the adze.
    let smoothed = smoothstep(-0.25, 0.3, fbm(q, 4, 3, seed + 3));
    let warp = Vec2::new(fbm(q, 6, 2, seed + 4), fbm(q, 6, 2, seed + 5)) * 0.012;
    let hollow = blows(q + warp, 17, seed + 6);
    let cut = 1.0 - 0.6 * smoothed;
    let straw = stalks(q, 90, seed + 7) * (0.45 + 0.55 * smoothed);
    let dark = Vec3::new(0.285, 0.207, 0.14);
    let pale = Vec3::new(0.465, 0.37, 0.26);
    let t = 0.5 + 0.55 * broad + 0.28 * soft + 0.12 * fine + 0.14 * cut * (hollow - 0.4);
    let tone = dark.lerp(pale, t.clamp(0.0, 1.0)) * (1.0 + 0.06 * fine);
    let soot = smoothstep(0.1, 0.5, fbm(q, 2, 3, seed + 8));
    Point {
        color: tone.lerp(Vec3::new(0.55, 0.45, 0.3), straw * 0.4) * (1.0 - 0.22 * soot),
        height_m: 0.0045 * cut * hollow + 0.002 * soft + 0.0003 * fine + 0.0003 * straw,
        roughness: 0.93 - 0.06 * smoothed,
        metallic: 0.0,
    }
}

fn plaster(q: Vec2) -> Point {
    let under = clay(q, 21);
    let warp = Vec2::new(fbm(q, 3, 4, 36), fbm(q, 3, 4, 37)) * 0.09;
    let broad = fbm(q + warp, 2, 4, 31);
    let fine = fbm(q, 44, 4, 32);
    let medium = fbm(q + warp * 0.5, 9, 4, 33);
    let edge = 0.85 * broad + 0.2 * medium + 0.07 * fine + 0.14;
    let lime = smoothstep(0.0, 0.025, edge);
    // The second coat went with the paint; the ground under it stayed.
    let worn = smoothstep(-0.1, 0.35, broad * 0.4 + medium * 0.7 - 0.02);
    let ghost = smoothstep(0.1, 0.32, broad * 0.7 + medium * 0.3 + fine * 0.12);
    let hue = smoothstep(-0.1, 0.1, fbm(q, 2, 2, 34));
    let paint = Vec3::new(0.31, 0.135, 0.09).lerp(Vec3::new(0.22, 0.29, 0.22), hue * 0.7);
    let white = Vec3::new(0.52, 0.425, 0.30).lerp(Vec3::new(0.475, 0.375, 0.255), worn)
        * (1.0 + 0.06 * medium + 0.07 * fine);
    let color = under
        .color
        .lerp(white, lime)
        .lerp(paint, ghost * lime * 0.15);
    Point {
        color: color * (1.0 - 0.14 * smoothstep(0.1, 0.5, fbm(q, 3, 3, 35))),
        height_m: under.height_m * (1.0 - 0.8 * lime) + 0.0036 * lime + 0.0012 * medium,
        roughness: 0.92,
        metallic: 0.0,
    }
}

fn rock(q: Vec2) -> Point {
    let broad = fbm(q, 3, 5, 41);
    let fine = fbm(q, 40, 4, 42);
    let band = fbm(Vec2::new(q.x, q.y * 4.0), 2, 4, 43);
    let (big, big_id) = stones(q, 22, 44, 0.3);
    let (small, small_id) = stones(q, 60, 45, 0.6);
    let matrix = Vec3::new(0.36, 0.255, 0.165)
        .lerp(Vec3::new(0.53, 0.40, 0.275), 0.5 + 0.4 * broad + 0.3 * band);
    let stone = |id: f32| Vec3::new(0.27, 0.205, 0.15).lerp(Vec3::new(0.56, 0.45, 0.33), id);
    let mut color = matrix * (1.0 + 0.2 * fine);
    color = color.lerp(stone(small_id), smoothstep(0.1, 0.4, small) * 0.35);
    color = color.lerp(stone(big_id), smoothstep(0.1, 0.35, big) * 0.5);
    Point {
        color,
        height_m: 0.012 * broad + 0.004 * band + 0.003 * fine + 0.018 * big + 0.007 * small,
        roughness: 0.94,
        metallic: 0.0,
    }
}

fn sand(q: Vec2) -> Point {
    let broad = fbm(q, 3, 4, 51);
    let fine = fbm(q, 90, 3, 52);
    let (big, big_id) = stones(q, 40, 53, 0.25);
    let (small, small_id) = stones(q, 110, 54, 0.55);
    let gravel = smoothstep(-0.2, 0.3, broad);
    let stone = |id: f32| Vec3::new(0.22, 0.19, 0.165).lerp(Vec3::new(0.55, 0.48, 0.40), id);
    let mut color = Vec3::new(0.50, 0.385, 0.255) * (1.0 + 0.12 * broad + 0.12 * fine);
    color = color.lerp(stone(small_id), smoothstep(0.1, 0.4, small) * 0.8 * gravel);
    color = color.lerp(stone(big_id), smoothstep(0.05, 0.3, big) * 0.9);
    Point {
        color,
        height_m: 0.004 * broad + 0.0008 * fine + 0.014 * big + 0.005 * small * gravel,
        roughness: 0.95,
        metallic: 0.0,
    }
}

fn ware(q: Vec2) -> Point {
    let broad = fbm(q, 3, 5, 61);
    let fine = fbm(q, 30, 4, 62);
    let glaze = smoothstep(-0.1, 0.25, broad + 0.3 * fine);
    let color = Vec3::new(0.115, 0.075, 0.05).lerp(Vec3::new(0.23, 0.145, 0.085), 0.5 + 0.5 * fine);
    Point {
        color: color.lerp(Vec3::new(0.075, 0.06, 0.045), glaze * 0.7),
        height_m: 0.0006 * fine + 0.0004 * broad,
        roughness: 0.72 - 0.3 * glaze,
        metallic: 0.0,
    }
}

/// Paints a window; its metres repeat after [`Rough::side_m`].
pub(crate) fn paint(rough: Rough, window: &Window) -> Texels {
    let side = rough.side_m();
    let wide = window.width + 2;
    let point = |x: usize, y: usize| {
        let p = window.origin + (Vec2::new(x as f32, y as f32) - 0.5) * window.texel_m;
        let q = p / side;
        match rough {
            Rough::Plaster => plaster(q),
            Rough::Clay => clay(q, 71),
            Rough::Rock => rock(q),
            Rough::Sand => sand(q),
            Rough::Ware => ware(q),
        }
    };
    let points: Vec<Point> = (0..wide * (window.height + 2))
        .map(|i| point(i % wide, i / wide))
        .collect();
    let mut out = Texels::default();
    for y in 0..window.height {
        for x in 0..window.width {
            let i = (y + 1) * wide + x + 1;
            let f = &points[i];
            let across = points[i + 1].height_m - points[i - 1].height_m;
            let down = points[i + wide].height_m - points[i - wide].height_m;
            let slope = Vec2::new(across, -down) / (window.texel_m * 2.0);
            let n = Vec3::new(-slope.x, -slope.y, 1.0).normalize_or(Vec3::Z);
            out.base
                .push([f.color.x, f.color.y, f.color.z].map(|c| encode(c, 0.0)));
            out.normal.push(
                n.to_array()
                    .map(|c| (c * 127.5 + 128.0).clamp(0.0, 255.0) as u8),
            );
            out.orm
                .push([1.0, f.roughness, f.metallic].map(|c| (c * 255.0 + 0.5) as u8));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_repeats_has_no_seam() {
        for rough in Rough::ALL {
            let side = rough.side_m();
            let window = |x: f32| Window {
                origin: Vec2::new(x * side, 0.3),
                texel_m: Vec2::splat(side / 512.0),
                width: 4,
                height: 8,
            };
            let (here, there) = (paint(rough, &window(0.0)), paint(rough, &window(1.0)));
            let pairs = here
                .base
                .as_flattened()
                .iter()
                .zip(there.base.as_flattened());
            let apart = pairs.map(|(a, b)| a.abs_diff(*b)).max();
            // Rounding of coordinates may shift a byte by a little.
            assert!(
                apart.is_some_and(|most| most < 12),
                "{} changes by {apart:?} across its seam",
                rough.name()
            );
        }
    }
}
