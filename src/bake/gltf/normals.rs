//! Normals for meshes that have none.
//!
//! The specification asks for flat normals. That is right for small hard-edged models and
//! wrong for scans, where each facet would show and every vertex would be stored six times.
//! So meshes below [`FLAT_BELOW`] triangles, and those without shared vertices at all that
//! are small, get flat normals; larger ones get smooth normals weighted by area, summed
//! over vertices that share a *position*, so that the seams of a texture atlas do not show.

use bevy::math::Vec3;
use rayon::prelude::*;

use super::context::Context;
use super::topology::for_each_triangle;
use crate::bake::error::Fault;
use crate::bake::model::{Indices, Primitive};

/// Fewer triangles than this are shaded flat.
const FLAT_BELOW: usize = 10_000;

/// Fills `primitive.normals`.
pub(crate) fn compute(
    ctx: &Context,
    primitive: &mut Primitive,
    pointer: &str,
) -> Result<(), Fault> {
    let triangles = match &primitive.indices {
        Some(Indices::U16(v)) => v.len() / 3,
        Some(Indices::U32(v)) => v.len() / 3,
        None => primitive.positions.len() / 3,
    };
    // Tangents mean nothing without the normals that they belong to.
    primitive.tangents = Vec::new();
    if triangles < FLAT_BELOW {
        unshare(primitive);
        ctx.budget
            .take(primitive.positions.len() as u64, 12, pointer)?;
        primitive.normals = vec![[0.0, 1.0, 0.0]; primitive.positions.len()];
        for (face, normals) in primitive
            .positions
            .chunks_exact(3)
            .zip(primitive.normals.chunks_exact_mut(3))
        {
            let [a, b, c] = [face[0], face[1], face[2]].map(Vec3::from);
            let normal = (b - a).cross(c - a).try_normalize().unwrap_or(Vec3::Y);
            normals.fill(normal.to_array());
        }
        return Ok(());
    }
    ctx.budget
        .take(primitive.positions.len() as u64, 16, pointer)?;
    primitive.normals = smooth(primitive);
    Ok(())
}

/// Replaces only the normals for which `is_bad` holds.
pub(crate) fn mend(primitive: &mut Primitive, is_bad: impl Fn(&[f32; 3]) -> bool) {
    let sound = smooth(primitive);
    for (normal, sound) in primitive.normals.iter_mut().zip(sound) {
        if is_bad(normal) {
            *normal = sound;
        }
    }
}

/// Area-weighted normals, equal for vertices at equal positions.
fn smooth(primitive: &Primitive) -> Vec<[f32; 3]> {
    let positions = &primitive.positions;
    let weld = weld(positions);
    let mut sums = vec![Vec3::ZERO; positions.len()];
    for_each_triangle(primitive, |[i, j, k]| {
        let [a, b, c] = [i, j, k].map(|v| Vec3::from(positions[v]));
        let normal = (b - a).cross(c - a);
        if normal.is_finite() {
            for v in [i, j, k] {
                sums[weld[v] as usize] += normal;
            }
        }
    });
    weld.par_iter()
        .map(|&v| {
            // Tiny faces give tiny sums: scale before the length underflows.
            let sum = sums[v as usize];
            let scale = sum.abs().max_element();
            (sum / scale).try_normalize().unwrap_or(Vec3::Y).to_array()
        })
        .collect()
}

/// For each vertex the first vertex at the same position.
fn weld(positions: &[[f32; 3]]) -> Vec<u32> {
    const EMPTY: u32 = u32::MAX;
    let size = (positions.len() * 2).next_power_of_two().max(16);
    let mut table = vec![EMPTY; size];
    positions
        .iter()
        .enumerate()
        .map(|(i, p)| {
            // Adding zero makes -0 and 0 the same position.
            let bits = p.map(|v| u64::from((v + 0.0).to_bits()));
            let hash = bits.iter().fold(0_u64, |h, b| {
                (h.rotate_left(23) ^ b).wrapping_mul(0x9E37_79B9_7F4A_7C15)
            });
            let home = (hash >> 20) as usize;
            // A file made to collide costs a seam, not the afternoon.
            for probe in 0..64 {
                let slot = (home + probe) & (size - 1);
                match table[slot] {
                    EMPTY => {
                        table[slot] = i as u32;
                        break;
                    }
                    first if positions[first as usize] == *p => return first,
                    _ => {}
                }
            }
            i as u32
        })
        .collect()
}

/// Gives each corner of each triangle a vertex of its own.
fn unshare(primitive: &mut Primitive) {
    let Some(indices) = primitive.indices.take() else {
        return;
    };
    let corners: Vec<usize> = match indices {
        Indices::U16(v) => v.into_iter().map(usize::from).collect(),
        Indices::U32(v) => v.into_iter().map(|i| i as usize).collect(),
    };
    fn gather<T: Copy>(data: &mut Vec<T>, corners: &[usize]) {
        if !data.is_empty() {
            *data = corners.iter().map(|&i| data[i]).collect();
        }
    }
    gather(&mut primitive.positions, &corners);
    gather(&mut primitive.tangents, &corners);
    gather(&mut primitive.uv0, &corners);
    gather(&mut primitive.uv1, &corners);
    gather(&mut primitive.colors, &corners);
    gather(&mut primitive.baked_light, &corners);
    gather(&mut primitive.joints, &corners);
    gather(&mut primitive.joint_weights, &corners);
    for morph in &mut primitive.morphs {
        gather(&mut morph.positions, &corners);
        gather(&mut morph.normals, &corners);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn smooth_normals_do_not_show_a_texture_seam() {
        // Two triangles that meet at an edge whose vertices are stored twice.
        let primitive = Primitive {
            positions: vec![
                [0.0, 0.0, 0.0],
                [0.0, 0.0, 1.0],
                [1.0, 0.0, 0.0],
                [-0.0, 0.0, 0.0],
                [0.0, 1.0, 0.0],
                [0.0, 0.0, 1.0],
            ],
            ..Primitive::default()
        };
        let normals = smooth(&primitive);
        assert_eq!(
            normals[0], normals[3],
            "a seam's two vertices have one normal, also at -0"
        );
        assert_eq!(
            normals[1], normals[5],
            "a seam's two vertices have one normal"
        );
        assert_ne!(
            normals[2], normals[4],
            "vertices elsewhere keep their own normals"
        );
    }

    #[test]
    fn unsharing_repeats_every_attribute() {
        let mut primitive = Primitive {
            positions: vec![[0.0; 3], [1.0; 3], [2.0; 3], [3.0; 3]],
            uv0: vec![[0.0; 2], [1.0; 2], [2.0; 2], [3.0; 2]],
            indices: Some(Indices::U16(vec![0, 1, 2, 2, 1, 3])),
            ..Primitive::default()
        };
        unshare(&mut primitive);
        assert_eq!(
            primitive.positions.len(),
            6,
            "two triangles have six corners"
        );
        assert_eq!(
            primitive.uv0[5], [3.0; 2],
            "texture coordinates follow their vertex"
        );
        assert!(primitive.indices.is_none(), "nothing is shared any more");
    }
}
