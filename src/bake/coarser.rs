//! The same surface with fewer triangles, for who sees it from afar.
//!
//! The simplifier is meshoptimizer's (edge collapses by quadric error; Garland and Heckbert,
//! "Surface Simplification Using Quadric Error Metrics", 1997, and "Simplifying Surfaces with
//! Color and Texture using Quadric Error Metrics", 1998). The border of a part stays as it is,
//! vertex by vertex, so that parts of different levels meet without a gap.

use super::{
    model::{Indices, Primitive, Topology},
    split,
};
use meshopt::{SimplifyOptions, VertexDataAdapter, simplify_with_attributes_and_locks};

/// A part with fewer triangles.
#[derive(Debug, Clone)]
pub struct Coarser {
    /// Its own vertices; the material is that of the whole.
    pub primitive: Primitive,
    /// How far it is from the whole, metres: in place, or what a wrong light, direction or
    /// place on an image is worth (see [`Worth`]).
    pub error_m: f32,
}

/// Parts of fewer triangles are left alone.
const LEAST_TRIANGLES: usize = 1_024;
/// Of the level before, triangles that are wished for.
const SHARE: f32 = 0.35;
/// A level with more than this of the one before is not worth its memory.
const WORTHWHILE: f32 = 0.7;
/// Levels below the whole.
const MOST_LEVELS: usize = 4;
/// A surface further off than this is another one, metres.
const MOST_ERROR_M: f32 = 0.05;

/// Of the farthest point from what the simplifier says: a quadric tells the mean of what was
/// collapsed. On wavy rock the farthest was 1.3 to 1.5 times as far (measured, see the tests).
const FARTHEST: f32 = 1.6;

/// What a wrong attribute is worth in metres of a wrong place, on average; at a sharp edge
/// of light it may be off by some ten times that.
struct Worth;

impl Worth {
    /// A normal that is off by one radian. A millimetre allows a degree on average.
    const NORMAL_M: f32 = 0.05;
    /// The square root of baked light, 0 to 1. A millimetre allows a thousandth on average.
    const LIGHT_M: f32 = 1.0;
    /// A vertex color, 0 to 1.
    const COLOR_M: f32 = 1.0;
}

/// Whether a part can have coarser levels: none that is small, bends or is no surface of
/// indexed triangles.
pub fn has_coarser(whole: &Primitive) -> bool {
    let corners = match &whole.indices {
        Some(Indices::U16(list)) => list.len(),
        Some(Indices::U32(list)) => list.len(),
        None => 0,
    };
    whole.topology == Topology::Triangles
        && whole.joints.is_empty()
        && whole.morphs.is_empty()
        && corners >= LEAST_TRIANGLES * 3
}

/// Coarser levels of a part, finest first; none where [`has_coarser`] says so.
pub fn coarser(whole: &Primitive) -> Vec<Coarser> {
    let Some(indices) = whole.indices.as_ref().filter(|_| has_coarser(whole)) else {
        return Vec::new();
    };
    let mut last: Vec<u32> = match indices {
        Indices::U16(list) => list.iter().map(|index| u32::from(*index)).collect(),
        Indices::U32(list) => list.clone(),
    };
    let count = whole.positions.len() as u32;
    if last.iter().any(|index| *index >= count) {
        return Vec::new();
    }
    let extent = (whole.bounds.1 - whole.bounds.0).max_element();
    let Ok(vertices) = VertexDataAdapter::new(bytemuck::cast_slice(&whole.positions), 12, 0) else {
        return Vec::new();
    };
    if !extent.is_finite() || extent <= 0.0 {
        return Vec::new();
    }
    let (attributes, weights) = attributes(whole, &last, extent);
    // None is locked but by the border.
    let locks = vec![false; whole.positions.len()];
    let mut levels = Vec::new();
    let mut error_m = 0.0;
    while levels.len() < MOST_LEVELS && last.len() >= LEAST_TRIANGLES * 3 {
        let wished = (last.len() as f32 * SHARE) as usize / 3 * 3;
        let mut added_m = 0.0_f32;
        let list = simplify_with_attributes_and_locks(
            &last,
            &vertices,
            &attributes,
            &weights,
            weights.len() * size_of::<f32>(),
            &locks,
            wished,
            MOST_ERROR_M,
            SimplifyOptions::LockBorder | SimplifyOptions::ErrorAbsolute,
            Some(&mut added_m),
        );
        if list.is_empty() || list.len() as f32 > last.len() as f32 * WORTHWHILE {
            break;
        }
        error_m += added_m * FARTHEST;
        let all: Vec<u32> = (0..list.len() as u32 / 3).collect();
        levels.push(Coarser {
            primitive: split::extract(whole, &list, &all),
            error_m,
        });
        last = list;
    }
    levels
}

/// What the simplifier watches besides places, vertex by vertex, and how much each counts.
/// meshoptimizer counts in shares of the mesh's extent.
fn attributes(whole: &Primitive, indices: &[u32], extent: f32) -> (Vec<f32>, Vec<f32>) {
    let mut weights = Vec::new();
    let mut add = |is_there: bool, count: usize, worth_m: f32| {
        if is_there {
            weights.extend(std::iter::repeat_n(worth_m / extent, count));
        }
    };
    let uv_m = metres_a_uv(whole, indices);
    add(!whole.normals.is_empty(), 3, Worth::NORMAL_M);
    add(!whole.uv0.is_empty(), 2, uv_m);
    add(!whole.colors.is_empty(), 4, Worth::COLOR_M);
    add(!whole.baked_light.is_empty(), 4, Worth::LIGHT_M);
    let mut values = Vec::with_capacity(whole.positions.len() * weights.len());
    let unorm = |channels: &[u8; 4]| channels.map(|channel| f32::from(channel) / 255.0);
    for vertex in 0..whole.positions.len() {
        values.extend(whole.normals.get(vertex).into_iter().flatten());
        values.extend(whole.uv0.get(vertex).into_iter().flatten());
        values.extend(whole.colors.get(vertex).map(unorm).into_iter().flatten());
        values.extend(
            whole
                .baked_light
                .get(vertex)
                .map(unorm)
                .into_iter()
                .flatten(),
        );
    }
    (values, weights)
}

/// How long one unit of the first UV set is on the surface, metres.
fn metres_a_uv(whole: &Primitive, indices: &[u32]) -> f32 {
    if whole.uv0.is_empty() {
        return 0.0;
    }
    let (mut surface, mut image) = (0.0_f64, 0.0_f64);
    for triangle in indices.as_chunks::<3>().0 {
        let [a, b, c] = triangle.map(|at| glam(whole.positions[at as usize]));
        surface += f64::from((b - a).cross(c - a).length());
        let [a, b, c] = triangle.map(|at| bevy::math::Vec2::from(whole.uv0[at as usize]));
        image += f64::from((b - a).perp_dot(c - a).abs());
    }
    let ratio = (surface / image.max(1e-12)).sqrt() as f32;
    if ratio.is_finite() {
        ratio.min(100.0)
    } else {
        0.0
    }
}

fn glam(position: [f32; 3]) -> bevy::math::Vec3 {
    bevy::math::Vec3::from_array(position)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bevy::math::{
        Vec3,
        ops::{cos, exp, sin},
    };

    const SIDE: u32 = 96;

    /// Height of a wavy sheet of one metre, metres.
    fn height(x: f32, z: f32) -> f32 {
        0.01 * (sin(x * 9.0) + cos(z * 7.0))
    }

    /// Its light: a soft edge in the middle.
    fn light(x: f32) -> f32 {
        1.0 / (1.0 + exp(-(x - 0.5) * 30.0))
    }

    fn sheet() -> Primitive {
        let corners = SIDE + 1;
        let at = |index: u32| index as f32 / SIDE as f32;
        let places: Vec<[f32; 2]> = (0..corners * corners)
            .map(|index| [at(index % corners), at(index / corners)])
            .collect();
        let indices = (0..SIDE * SIDE)
            .flat_map(|square| {
                let own = square / SIDE * corners + square % SIDE;
                let below = own + corners;
                [own, below, own + 1, own + 1, below, below + 1]
            })
            .collect();
        Primitive {
            positions: places
                .iter()
                .map(|[x, z]| [*x, height(*x, *z), *z])
                .collect(),
            normals: places
                .iter()
                .map(|[x, z]| {
                    Vec3::new(-0.09 * cos(x * 9.0), 1.0, 0.07 * sin(z * 7.0))
                        .normalize()
                        .to_array()
                })
                .collect(),
            baked_light: places
                .iter()
                .map(|[x, _]| [255, (light(*x) * 255.0).round() as u8, 0, 0])
                .collect(),
            uv0: places,
            indices: Some(Indices::U32(indices)),
            bounds: (Vec3::new(0.0, -0.02, 0.0), Vec3::new(1.0, 0.02, 1.0)),
            ..Primitive::default()
        }
    }

    fn list(primitive: &Primitive) -> Vec<u32> {
        match primitive.indices.as_ref().expect("it has indices") {
            Indices::U16(list) => list.iter().map(|index| u32::from(*index)).collect(),
            Indices::U32(list) => list.clone(),
        }
    }

    /// Farthest from the sheet, in height and in light, over a fine grid of places.
    fn worst(level: &Primitive) -> (f32, f32, f32) {
        let (mut wrong_m, mut wrong_light, mut covered) = (0.0_f32, 0.0_f32, 0.0);
        for triangle in list(level).as_chunks::<3>().0 {
            let [a, b, c] = triangle.map(|at| Vec3::from(level.positions[at as usize]));
            let lights = triangle.map(|at| f32::from(level.baked_light[at as usize][1]) / 255.0);
            covered += 0.5 * ((b.x - a.x) * (c.z - a.z) - (b.z - a.z) * (c.x - a.x)).abs();
            for step in 0..=10 {
                for other in 0..=(10 - step) {
                    let (u, v) = (step as f32 / 10.0, other as f32 / 10.0);
                    let w = 1.0 - u - v;
                    let at = a * u + b * v + c * w;
                    wrong_m = wrong_m.max((at.y - height(at.x, at.z)).abs());
                    let found = lights[0] * u + lights[1] * v + lights[2] * w;
                    wrong_light = wrong_light.max((found - light(at.x)).abs());
                }
            }
        }
        (wrong_m, wrong_light, covered)
    }

    #[test]
    fn a_level_is_no_farther_off_than_it_says_and_has_far_fewer_triangles() {
        let whole = sheet();
        let levels = coarser(&whole);
        assert!(levels.len() >= 2, "{} levels", levels.len());
        let mut before = (list(&whole).len(), 0.0);
        for level in &levels {
            let count = list(&level.primitive).len();
            assert!(
                count as f32 <= before.0 as f32 * WORTHWHILE && level.error_m > before.1,
                "{} triangles, {} m, after {before:?}",
                count / 3,
                level.error_m
            );
            let (wrong_m, wrong_light, covered) = worst(&level.primitive);
            assert!((covered - 1.0).abs() < 1e-3, "it covers {covered} m2 of 1");
            assert!(
                wrong_m <= level.error_m + 1e-4,
                "{wrong_m} m where {} are said",
                level.error_m
            );
            // Where light goes from dark to bright within a decimetre: what is off by a
            // millimetre in place is off by no more than a twentieth of the light.
            assert!(
                wrong_light < 0.015 + level.error_m * 10.0,
                "light off by {wrong_light} where {} m are said",
                level.error_m
            );
            before = (count, level.error_m);
        }
        assert!(
            before.0 * 6 < list(&whole).len(),
            "the coarsest has {} of {} triangles",
            before.0 / 3,
            list(&whole).len() / 3
        );
    }

    #[test]
    fn the_border_stays_as_it_is_so_that_neighbours_meet() {
        let whole = sheet();
        let is_border = |at: &&[f32; 3]| {
            [at[0], at[2]]
                .iter()
                .any(|value| *value <= 0.0 || *value >= 1.0)
        };
        let border = whole.positions.iter().filter(is_border).count();
        for level in coarser(&whole) {
            let kept = level.primitive.positions.iter().filter(is_border).count();
            assert_eq!(kept, border);
        }
    }

    #[test]
    fn what_is_small_or_broken_has_no_levels() {
        let mut whole = sheet();
        whole.indices = Some(Indices::U16(vec![0, 1, 2]));
        assert!(coarser(&whole).is_empty(), "one triangle");
        let mut whole = sheet();
        if let Some(Indices::U32(list)) = &mut whole.indices {
            list[7] = 1_000_000;
        }
        assert!(coarser(&whole).is_empty(), "an index past the vertices");
        let mut whole = sheet();
        whole.bounds = (Vec3::NAN, Vec3::NAN);
        assert!(coarser(&whole).is_empty(), "no extent");
    }
}
