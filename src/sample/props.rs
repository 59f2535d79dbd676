//! Lamps, jars, bowls and fallen plaster: turned shapes and small lumps.

use super::glb::Part;
use super::nets::{self, Field};
use super::noise::{Random, direction, fbm3, value3};
use super::shape::{LAMP_NICHES, NICHE_Y_M, rounded_box};
use bevy::math::{Quat, Vec2, Vec3};

/// Which baked channel a lamp lights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group {
    /// The altar.
    A,
    /// Corridor, antechamber, side cells, the east end of the chamber.
    B,
}

/// An oil lamp.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lamp {
    /// The middle of the flame, metres.
    pub(crate) flame: Vec3,
    /// Where its foot stands.
    pub(crate) foot: Vec3,
    /// See [`Group`].
    pub(crate) group: Group,
}

/// Every lamp, in the order of their names (`lamp_01` ...).
pub(crate) fn lamps() -> Vec<Lamp> {
    let mut out = Vec::new();
    let mut add = |x: f32, y: f32, z: f32, tall: f32, group| {
        let foot = Vec3::new(x, y, z);
        out.push(Lamp {
            flame: foot + Vec3::new(0.055, tall + 0.028, 0.02),
            foot,
            group,
        });
    };
    for x in [-1.82, 1.82] {
        add(x, 0.375, -1.98, 0.2, Group::A);
    }
    for x in [-1.42, -0.62, 0.62, 1.42] {
        add(x, NICHE_Y_M - 0.005, -2.4, 0.2, Group::A);
    }
    for x in [-2.55, 2.55] {
        add(x, 0.0, -1.25, 1.05, Group::A);
    }
    for x in [-2.7, 2.7] {
        add(x, 0.0, 2.75, 1.05, Group::B);
    }
    for x in [-5.32, 5.32] {
        add(x, 0.357, 2.3, 0.05, Group::B);
    }
    for (mouth, inward) in LAMP_NICHES {
        let p = mouth + inward * 0.01;
        add(p.x, p.y - 0.098, p.z, 0.05, Group::B);
    }
    out
}

/// Turns a profile of (radius, height) round the Y axis. Texture metres repeat after `side`.
fn turned(profile: &[(f32, f32)], at: Vec3, segments: usize, seed: u32, side: f32) -> Part {
    let steps = if segments < 16 { 1 } else { 5 };
    let points: Vec<Vec2> = profile.iter().map(|(r, y)| Vec2::new(*r, *y)).collect();
    let line = super::paint::drawing::through(&points, steps);
    let mut part = Part {
        material: "ware".into(),
        ..Part::default()
    };
    let mut along = 0.0;
    for (i, p) in line.iter().enumerate() {
        let before = line[i.saturating_sub(1)];
        let after = line[(i + 1).min(line.len() - 1)];
        along += p.distance(before);
        let slope = (after - before).normalize_or(Vec2::Y);
        let out = Vec2::new(slope.y, -slope.x);
        for j in 0..=segments {
            let turn = (j % segments) as f32 / segments as f32;
            let a = direction(turn);
            let wobble = 1.0 + 0.03 * value3(Vec3::new(a.x, p.y * 12.0, a.y) * 1.7, seed);
            let n = Vec3::new(a.x * out.x, out.y, -a.y * out.x).normalize_or(Vec3::Y);
            part.positions
                .push(at + Vec3::new(a.x * p.x * wobble, p.y, -a.y * p.x * wobble));
            part.normals.push(n);
            let girth = profile.iter().fold(0.0_f32, |m, q| m.max(q.0)) * std::f32::consts::TAU;
            part.uvs
                .push(Vec2::new(j as f32 / segments as f32 * girth, -along) / side);
        }
    }
    let row = segments as u32 + 1;
    for i in 0..line.len() as u32 - 1 {
        for j in 0..segments as u32 {
            let (a, b) = (i * row + j, (i + 1) * row + j);
            part.triangles.push([a, a + 1, b + 1]);
            part.triangles.push([a, b + 1, b]);
        }
    }
    part
}

fn lamp_profile(tall: f32) -> Vec<(f32, f32)> {
    if tall < 0.1 {
        // A plain saucer.
        return vec![
            (0.001, 0.0),
            (0.04, 0.0),
            (0.05, 0.012),
            (0.075, 0.045),
            (0.079, 0.052),
            (0.072, 0.05),
            (0.045, 0.022),
            (0.001, 0.018),
        ];
    }
    let b = tall;
    let foot = if tall > 0.5 { 0.15 } else { 0.072 };
    vec![
        (0.001, 0.0),
        (foot, 0.0),
        (foot, 0.012),
        (foot * 0.55, 0.03),
        (0.022, 0.06),
        (0.017, b * 0.4),
        (0.028, b * 0.46),
        (0.017, b * 0.52),
        (0.016, b - 0.07),
        (0.03, b - 0.05),
        (0.07, b - 0.02),
        (0.086, b + 0.004),
        (0.082, b + 0.008),
        (0.06, b - 0.012),
        (0.03, b - 0.024),
        (0.001, b - 0.026),
    ]
}

fn flame(at: Vec3) -> Part {
    let profile = [
        (0.001, -0.02),
        (0.006, -0.012),
        (0.0085, 0.0),
        (0.006, 0.016),
        (0.0025, 0.03),
        (0.0005, 0.038),
    ];
    Part {
        material: "flame".into(),
        ..turned(&profile, at, 10, 5, 1.0)
    }
}

fn wick(lamp: &Lamp) -> Part {
    let profile = [
        (0.001, -0.034),
        (0.004, -0.032),
        (0.0035, -0.014),
        (0.001, -0.012),
    ];
    Part {
        material: "wick".into(),
        ..turned(&profile, lamp.flame, 8, 6, 1.0)
    }
}

fn merge(name: &str, material: &str, parts: impl IntoIterator<Item = Part>) -> Part {
    Part {
        name: name.into(),
        material: material.into(),
        ..Part::merged(parts)
    }
}

/// One tall vase by itself.
pub(crate) fn vase(foot: Vec3) -> Part {
    let profile = [
        (0.001, 0.0),
        (0.07, 0.0),
        (0.078, 0.015),
        (0.06, 0.04),
        (0.1, 0.16),
        (0.115, 0.25),
        (0.07, 0.35),
        (0.04, 0.43),
        (0.06, 0.5),
        (0.052, 0.498),
        (0.03, 0.43),
        (0.001, 0.38),
    ];
    Part {
        name: "vase".into(),
        ..turned(&profile, foot, 56, 77, 0.5)
    }
}

struct Lump {
    half: Vec3,
    turn: Quat,
    seed: u32,
}

impl Field for Lump {
    fn coarse(&self, p: Vec3) -> f32 {
        -rounded_box(self.turn * p, self.half, 0.012)
    }
    fn fine(&self, p: Vec3, coarse: f32) -> f32 {
        coarse + fbm3(p * 16.0 + self.seed as f32, 3, self.seed) * 0.016
    }
    fn relief_m(&self, _: Vec3) -> f32 {
        0.02
    }
}

fn fragments(cell_m: f32) -> Part {
    let mut random = Random::new(4242);
    let mut parts = Vec::new();
    // Along the foot of the walls, out of the way of feet.
    let piles = [
        Vec3::new(-3.0, 0.0, -2.6),
        Vec3::new(2.95, 0.0, -2.75),
        Vec3::new(-3.0, 0.0, 0.4),
        Vec3::new(2.98, 0.0, 0.9),
        Vec3::new(-2.3, 0.0, 8.1),
        Vec3::new(2.3, 0.0, 5.75),
        Vec3::new(4.1, 0.0, 0.85),
        Vec3::new(-2.9, 0.0, 2.0),
    ];
    for (k, pile) in piles.into_iter().enumerate() {
        for i in 0..4 {
            let size = random.range(0.03, 0.1) / (1.0 + 0.35 * i as f32);
            let half = Vec3::new(
                size,
                size * random.range(0.25, 0.5),
                size * random.range(0.6, 1.0),
            );
            let axis = Vec3::new(random.range(-0.3, 0.3), 1.0, random.range(-0.3, 0.3))
                .normalize_or(Vec3::Y);
            let (s, c) = super::noise::sin_cos_turns(random.unit() * 0.5);
            let lump = Lump {
                half,
                turn: Quat::from_xyzw(axis.x * s, axis.y * s, axis.z * s, c),
                seed: 50 + k as u32 * 8 + i,
            };
            let reach = Vec3::splat(half.max_element() * 1.8 + 0.03);
            let net = nets::mesh(&lump, -reach, reach, cell_m);
            let at = pile
                + Vec3::new(
                    random.range(-0.14, 0.14),
                    half.y * 0.6,
                    random.range(-0.25, 0.25),
                );
            let mut part = Part::default();
            for (p, n) in net.positions.iter().zip(&net.normals) {
                part.positions.push(at + *p);
                part.normals.push(*n);
                part.uvs
                    .push(Vec2::new(p.x + p.y * 0.7, p.z + p.y * 0.7) / 2.4 + pile.x);
            }
            part.triangles = net.triangles;
            parts.push(part);
        }
    }
    merge("fragments", "clay", parts)
}

fn pots(segments: usize) -> Vec<Part> {
    let jar = [
        (0.001, 0.0),
        (0.075, 0.0),
        (0.085, 0.015),
        (0.13, 0.12),
        (0.145, 0.2),
        (0.12, 0.28),
        (0.065, 0.315),
        (0.06, 0.34),
        (0.078, 0.365),
        (0.068, 0.365),
        (0.048, 0.34),
        (0.05, 0.31),
        (0.1, 0.25),
        (0.001, 0.2),
    ];
    let vase = [
        (0.001, 0.0),
        (0.04, 0.0),
        (0.045, 0.01),
        (0.03, 0.03),
        (0.06, 0.09),
        (0.062, 0.13),
        (0.025, 0.19),
        (0.02, 0.25),
        (0.035, 0.29),
        (0.028, 0.288),
        (0.015, 0.25),
        (0.001, 0.22),
    ];
    let bowl = [
        (0.001, 0.0),
        (0.04, 0.0),
        (0.042, 0.012),
        (0.07, 0.04),
        (0.09, 0.075),
        (0.086, 0.076),
        (0.06, 0.045),
        (0.001, 0.03),
    ];
    let burner = [
        (0.001, 0.03),
        (0.05, 0.025),
        (0.085, 0.05),
        (0.095, 0.09),
        (0.08, 0.12),
        (0.095, 0.135),
        (0.09, 0.14),
        (0.07, 0.12),
        (0.07, 0.09),
        (0.001, 0.085),
    ];
    let y1 = 0.375;
    let y2 = NICHE_Y_M - 0.005;
    let spots: [(&[(f32, f32)], Vec3, f32); 12] = [
        (&jar, Vec3::new(-1.75, 0.0, -1.35), 1.0),
        (&jar, Vec3::new(2.35, 0.0, -2.2), 1.25),
        (&jar, Vec3::new(2.62, 0.0, -2.42), 0.85),
        (&vase, Vec3::new(-1.05, y2, -2.42), 1.0),
        (&vase, Vec3::new(1.05, y2, -2.42), 1.0),
        (&bowl, Vec3::new(-0.28, y2, -2.36), 1.0),
        (&bowl, Vec3::new(0.3, y2, -2.38), 0.9),
        (&burner, Vec3::new(0.0, y1, -1.93), 1.25),
        (&bowl, Vec3::new(-0.9, y1, -1.9), 1.1),
        (&bowl, Vec3::new(0.88, y1, -1.92), 1.0),
        (&jar, Vec3::new(4.98, 0.0, 0.8), 1.1),
        (&jar, Vec3::new(-4.92, 0.0, 2.46), 1.0),
    ];
    spots
        .into_iter()
        .enumerate()
        .map(|(i, (profile, at, size))| {
            let scaled: Vec<(f32, f32)> =
                profile.iter().map(|(r, y)| (r * size, y * size)).collect();
            Part {
                name: format!("vessel_{:02}", i + 1),
                ..turned(&scaled, at, segments, 30 + i as u32, 0.5)
            }
        })
        .collect()
}

/// All movable things, each its own node; lumps are meshed with cells of `cell_m`, turned
/// things have `segments` sides.
pub(crate) fn parts(cell_m: f32, segments: usize) -> Vec<Part> {
    let mut out = pots(segments);
    for (i, lamp) in lamps().iter().enumerate() {
        let tall = lamp.flame.y - lamp.foot.y - 0.028;
        let name = format!("lamp_{:02}", i + 1);
        out.push(Part {
            name,
            ..turned(&lamp_profile(tall), lamp.foot, segments, 60 + i as u32, 0.5)
        });
    }
    let list = lamps();
    out.push(merge("wicks", "wick", list.iter().map(wick)));
    for (i, lamp) in list.iter().enumerate() {
        out.push(Part {
            name: format!("flame_{:02}", i + 1),
            ..flame(lamp.flame)
        });
    }
    out.push(fragments(cell_m));
    out
}
