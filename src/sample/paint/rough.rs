//! Pictures that repeat: bare plaster, clay of the cells, rock, sand.

use super::finish::Texels;
use super::raster::Window;
use super::scatter::{blows, fbm, fingers, grains, stalks, stones};
use super::tone::encode;
use crate::sample::noise::smoothstep;
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

impl Rough {
    /// How much the sun models the relief, a unit of slope to the right and upwards. Baked light
    /// knows the slopes of the mesh alone.
    fn sun(self) -> Vec2 {
        match self {
            Self::Rock => Vec2::new(-0.16, -0.5),
            Self::Sand => Vec2::new(-0.2, 0.62),
            _ => Vec2::ZERO,
        }
    }
}

struct Point {
    color: Vec3,
    height_m: f32,
    roughness: f32,
    metallic: f32,
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
    let marks = fingers(q, 8, seed + 9) * smoothed;
    let chaff = stalks(q + 0.37, 190, seed + 10);
    let dark = Vec3::new(0.285, 0.207, 0.14);
    let pale = Vec3::new(0.465, 0.37, 0.26);
    let t =
        0.5 + 0.55 * broad + 0.28 * soft + 0.12 * fine + 0.3 * cut * (hollow - 0.4) - 0.2 * marks;
    let tone = dark.lerp(pale, t.clamp(0.0, 1.0)) * (1.0 + 0.13 * fine);
    let stalk = Vec3::new(0.62, 0.51, 0.335);
    let soot = smoothstep(0.1, 0.5, fbm(q, 2, 3, seed + 8));
    Point {
        color: tone
            .lerp(stalk, straw * 0.7)
            .lerp(stalk * 0.9, chaff * 0.35)
            * (1.0 - 0.22 * soot),
        height_m: 0.0055 * cut * hollow + 0.002 * soft + 0.0005 * fine - 0.0022 * marks
            + 0.0006 * straw
            + 0.0003 * chaff,
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

/// The colors of river pebbles: greys, browns, a few red, green-black or pale ones.
fn pebble(id: f32) -> Vec3 {
    let kinds = [
        Vec3::new(0.24, 0.205, 0.175),
        Vec3::new(0.40, 0.33, 0.26),
        Vec3::new(0.33, 0.245, 0.18),
        Vec3::new(0.50, 0.43, 0.345),
        Vec3::new(0.30, 0.19, 0.135),
        Vec3::new(0.195, 0.19, 0.165),
        Vec3::new(0.42, 0.345, 0.25),
    ];
    let at = id * 6.98;
    kinds[at as usize] * (0.85 + 0.3 * at.fract())
}

fn rock(q: Vec2) -> Point {
    let warp = Vec2::new(fbm(q, 24, 3, 48), fbm(q, 24, 3, 49)) * 0.0035;
    let bend = 0.012 * fbm(q, 2, 3, 50);
    let bedded = |count: f32| Vec2::new(q.x, (q.y + bend) * count);
    let broad = fbm(q, 3, 5, 41);
    let fine = fbm(q, 70, 4, 42);
    // Beds of gravel lie between beds of sand.
    let bed = fbm(bedded(5.0), 2, 3, 43);
    let gravel = smoothstep(-0.06, 0.14, bed + 0.12 * broad);
    let lamina = fbm(bedded(22.0), 3, 3, 46);
    let (big, big_id) = stones(q + warp, 52, 44, 0.02 + 0.54 * gravel);
    let (small, small_id) = stones(q + warp, 118, 45, 0.08 + 0.66 * gravel);
    let (speck, speck_id) = grains(q, 420, 47);
    // Where a pebble fell out, its bed is left.
    let is_lost = big_id > 0.86;
    let (held, hole) = if is_lost { (0.0, big) } else { (big, 0.0) };
    let dark = Vec3::new(0.335, 0.235, 0.15);
    let pale = Vec3::new(0.535, 0.41, 0.285);
    let tone = 0.55 + 0.34 * broad - 0.36 * bed + 0.34 * lamina * (1.0 - 0.6 * gravel);
    let mut color = dark.lerp(pale, tone.clamp(0.0, 1.0)) * (1.0 + 0.17 * fine);
    color = color.lerp(pebble(speck_id), 0.4 * speck);
    color = color.lerp(pebble(small_id), smoothstep(0.15, 0.5, small) * 0.62);
    color = color.lerp(pebble(big_id), smoothstep(0.12, 0.4, held) * 0.72);
    // Dust of the matrix clings to all of them.
    color = color.lerp(pale * 0.94, 0.2 + 0.2 * broad.max(0.0));
    let crevice = smoothstep(0.0, 0.12, big) * smoothstep(0.3, 0.12, big);
    Point {
        color: color * (1.0 - 0.26 * crevice - 0.34 * smoothstep(0.1, 0.7, hole)),
        height_m: 0.012 * broad + 0.005 * lamina + 0.0022 * fine + 0.0105 * held - 0.008 * hole
            + 0.0042 * small
            + 0.0006 * speck,
        roughness: 0.94,
        metallic: 0.0,
    }
}

fn sand(q: Vec2) -> Point {
    let broad = fbm(q, 3, 4, 51);
    let fine = fbm(q, 150, 3, 52);
    let warp = Vec2::new(fbm(q, 20, 3, 57), fbm(q, 20, 3, 58)) * 0.004;
    // The wind off the desert piles ripples a hand apart; where feet and gusts swept, none.
    let blown = smoothstep(-0.28, 0.16, fbm(q, 3, 3, 55));
    let wander = 0.9 * fbm(q, 4, 3, 56) + 0.12 * fbm(q, 22, 2, 59);
    let phase = (q.y * 27.0 + q.x * 6.0 + wander).rem_euclid(1.0);
    // A long windward side and a short lee one.
    let ripple = smoothstep(0.0, 0.68, phase) * smoothstep(1.0, 0.7, phase);
    let (big, big_id) = stones(q + warp, 56, 53, 0.05);
    let gravel = smoothstep(-0.05, 0.35, fbm(q, 5, 4, 60)) * (1.0 - 0.75 * blown);
    let (small, small_id) = stones(q + warp, 150, 54, 0.04 + 0.5 * gravel);
    let (grain, grain_id) = grains(q, 520, 62);
    let mut color = Vec3::new(0.475, 0.365, 0.24)
        * (1.0 + 0.1 * broad + 0.12 * fine + 0.09 * (ripple - 0.5) * blown);
    // Grains of quartz and of dark stone; the dark ones gather in the troughs.
    let coarse = 0.3 + 0.3 * (1.0 - ripple) * blown + 0.3 * gravel;
    color = color.lerp(pebble(grain_id), coarse * grain);
    color = color.lerp(pebble(small_id), smoothstep(0.1, 0.45, small) * 0.75);
    color = color.lerp(pebble(big_id), smoothstep(0.08, 0.3, big) * 0.85);
    let foot = smoothstep(0.0, 0.08, big) * smoothstep(0.3, 0.1, big);
    Point {
        color: color * (1.0 - 0.3 * foot),
        height_m: 0.006 * broad
            + 0.0007 * fine
            + 0.0048 * ripple * blown
            + 0.011 * big
            + 0.0042 * small
            + 0.0005 * grain,
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
            let lit = 1.0 + (slope * rough.sun()).element_sum().clamp(-0.45, 0.3);
            let color = f.color * lit;
            out.base
                .push([color.x, color.y, color.z].map(|c| encode(c, 0.0)));
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
