//! What a monk left on the bench of his cell: a rush mat and a folded robe.

use super::charts::{CELL_PICTURE_M, CELL_ROBE, CELL_RUSHES};
use super::glb::Part;
use super::nets::{self, Field};
use super::noise::{fbm3, sin_cos_turns, smoothstep, value3};
use super::shape::{BENCH_TOP_M, Cave, rounded_box, smin};
use bevy::math::{Vec2, Vec3};

/// The middle of the mat in the north cell; the south cell is the mirror.
const MAT_MIDDLE: Vec2 = Vec2::new(5.45, 1.42);
/// Half the mat's width (along x) and length (along z).
const MAT_HALF_M: Vec2 = Vec2::new(0.24, 0.68);
/// How thick the mat is.
const MAT_THICK_M: f32 = 0.011;
/// The middle of the robe.
const ROBE_MIDDLE: Vec2 = Vec2::new(5.47, 0.98);

/// Height of the bench at a place.
fn bench_m(x: f32, z: f32) -> f32 {
    let (mut low, mut high) = (BENCH_TOP_M - 0.09, BENCH_TOP_M + 0.12);
    for _ in 0..12 {
        let middle = (low + high) * 0.5;
        if Cave.distance(Vec3::new(x, middle, z)) > 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

/// The mat, which follows the bench; one end has curled up and the edges are worn.
fn mat(side: f32) -> Part {
    let (across, along) = (18_u32, 48_u32);
    let mut part = Part {
        material: "cell".into(),
        ..Part::default()
    };
    let at = |i: u32, j: u32| {
        // The outermost rows go down to the bench.
        let edge = |k: u32, count: u32| (k as f32 - 1.0) / (count as f32 - 2.0) * 2.0 - 1.0;
        let (u, w) = (edge(i, across), edge(j, along));
        let (cu, cw) = (u.clamp(-1.0, 1.0), w.clamp(-1.0, 1.0));
        let frayed = 1.0 + 0.012 * value3(Vec3::new(cu * 3.0, side, cw * 9.0), 1360);
        let (x, z) = (
            side * (MAT_MIDDLE.x + cu * MAT_HALF_M.x * frayed),
            MAT_MIDDLE.y + cw * MAT_HALF_M.y * frayed,
        );
        let is_rim = u.abs() > 1.0 || w.abs() > 1.0;
        let curl = 0.05 * smoothstep(0.82, 1.0, cw) * (0.5 + 0.5 * cu);
        let lift = if is_rim { -0.004 } else { MAT_THICK_M };
        (
            Vec3::new(x, bench_m(x, z) + lift + curl, z),
            Vec2::new(cw, cu),
        )
    };
    let (low, high) = CELL_RUSHES;
    for j in 0..=along {
        for i in 0..=across {
            let (p, q) = at(i, j);
            let (before, after) = (at(i.saturating_sub(1), j).0, at((i + 1).min(across), j).0);
            let (left, right) = (at(i, j.saturating_sub(1)).0, at(i, (j + 1).min(along)).0);
            let n = (right - left).cross(after - before) * side;
            part.positions.push(p);
            part.normals.push(n.normalize_or(Vec3::Y));
            part.uvs
                .push((low + (high - low) * (q * 0.5 + 0.5)) / CELL_PICTURE_M);
        }
    }
    let row = across + 1;
    for j in 0..along {
        for i in 0..across {
            let (a, b) = (j * row + i, (j + 1) * row + i);
            let both = [[a, b, a + 1], [a + 1, b, b + 1]];
            part.triangles
                .extend(both.map(|[a, b, c]| if side > 0.0 { [a, b, c] } else { [a, c, b] }));
        }
    }
    part
}

/// A robe folded in four, its own middle at the origin.
struct Robe;

impl Field for Robe {
    fn coarse(&self, p: Vec3) -> f32 {
        let sag = 0.016 * smoothstep(0.02, 0.17, Vec2::new(p.x, p.z).length());
        let q = Vec3::new(p.x + 0.012 * fbm3(p * 5.0, 2, 1370), p.y + sag, p.z);
        let mut d = 9.0_f32;
        for (k, (turn, shrink)) in [(0.03, 0.0), (-0.05, 0.008), (0.01, 0.014), (-0.02, 0.03)]
            .into_iter()
            .enumerate()
        {
            let r = q - Vec3::Y * (0.014 + 0.024 * k as f32);
            let r = Vec3::new(r.x - turn * r.z, r.y, r.z + turn * r.x);
            d = smin(
                d,
                rounded_box(r, Vec3::new(0.13 - shrink, 0.0125, 0.17 - shrink), 0.0125),
                0.006,
            );
        }
        -d
    }
    fn fine(&self, p: Vec3, coarse: f32) -> f32 {
        let crease = sin_cos_turns(p.x * 7.0 + p.z * 3.0 + 0.5 * fbm3(p * 6.0, 2, 1371)).0;
        coarse + 0.003 * crease * smoothstep(0.05, 0.09, p.y) + 0.004 * fbm3(p * 13.0, 2, 1372)
    }
    fn relief_m(&self, _: Vec3) -> f32 {
        0.008
    }
}

fn robe(side: f32, cell_m: f32) -> Part {
    let reach = Vec3::new(0.17, 0.14, 0.21);
    let net = nets::mesh(&Robe, -reach, reach, cell_m);
    let (x, z) = (side * ROBE_MIDDLE.x, ROBE_MIDDLE.y);
    let foot = Vec3::new(x, bench_m(x, z) + MAT_THICK_M - 0.004, z);
    let middle = (CELL_ROBE.0 + CELL_ROBE.1) * 0.5;
    Part {
        uvs: net
            .positions
            .iter()
            .map(|p| (middle + Vec2::new(p.z - 0.6 * p.y, p.x + 0.6 * p.y)) / CELL_PICTURE_M)
            .collect(),
        positions: net.positions.iter().map(|p| *p + foot).collect(),
        normals: net.normals,
        triangles: net.triangles,
        ..Part::default()
    }
}

/// Mat and robe of both cells, a node a cell.
pub(crate) fn parts(cell_m: f32) -> Vec<Part> {
    [("bedding_south", -1.0), ("bedding_north", 1.0)]
        .into_iter()
        .map(|(name, side)| Part {
            name: name.into(),
            material: "cell".into(),
            ..Part::merged([mat(side), robe(side, cell_m)])
        })
        .collect()
}
