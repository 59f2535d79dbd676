//! Splitting a large primitive in space, so that a renderer can leave out what is behind
//! the visitor.
//!
//! Triangles go to the cell of a regular grid that holds their centroid; each non-empty
//! cell becomes a primitive with vertices of its own, in the order of the file. Vertices on
//! borders are doubled: for cells of 16 k triangles about two in a hundred.

use super::model::{Indices, Primitive, Topology};
use bevy::math::Vec3;
use rayon::prelude::*;

/// Splits a triangle primitive into parts of about `target` triangles, at most eight times
/// that where a cell is very dense. Others come back as they are.
pub fn split(primitive: Primitive, target: usize) -> Vec<Primitive> {
    let Some(indices) = &primitive.indices else {
        return vec![primitive];
    };
    // What bends has no place of its own to be left out by.
    if !primitive.joints.is_empty() || !primitive.morphs.is_empty() {
        return vec![primitive];
    }
    let triangles = match indices {
        Indices::U16(list) => list.len() / 3,
        Indices::U32(list) => list.len() / 3,
    };
    if primitive.topology != Topology::Triangles || triangles <= target * 2 || target == 0 {
        return vec![primitive];
    }
    let Indices::U32(list) = indices else {
        return vec![primitive];
    };
    let grid = Grid::new(primitive.bounds, triangles.div_ceil(target));
    let positions = &primitive.positions;
    let cells: Vec<u16> = list
        .par_chunks_exact(3)
        .map(|triangle| {
            // An index past the vertices cannot happen after reading; it would only land
            // the triangle in the first cell.
            let corner = |at: u32| {
                positions
                    .get(at as usize)
                    .map_or(Vec3::ZERO, |position| Vec3::from_array(*position))
            };
            grid.cell((corner(triangle[0]) + corner(triangle[1]) + corner(triangle[2])) / 3.0)
        })
        .collect();
    let mut counts = vec![0_usize; grid.len()];
    for cell in &cells {
        counts[usize::from(*cell)] += 1;
    }
    let mut lists: Vec<Vec<u32>> = counts
        .iter()
        .map(|count| Vec::with_capacity(*count))
        .collect();
    for (triangle, cell) in cells.iter().enumerate() {
        lists[usize::from(*cell)].push(triangle as u32);
    }
    drop(cells);
    lists
        .into_par_iter()
        .filter(|own| !own.is_empty())
        .map(|own| extract(&primitive, list, &own))
        .collect()
}

struct Grid {
    min: Vec3,
    cells_per_m: Vec3,
    counts: [usize; 3],
}

impl Grid {
    /// A grid over the bounds with about `wanted` cells on the surface of a room: a scan
    /// is a surface, so the number of occupied cells grows with the square of the divisions.
    fn new(bounds: (Vec3, Vec3), wanted: usize) -> Self {
        let extent = (bounds.1 - bounds.0).max(Vec3::splat(1e-6));
        let area = 2.0 * (extent.x * extent.y + extent.y * extent.z + extent.z * extent.x);
        let side = (area / wanted.max(1) as f32).sqrt().max(1e-6);
        let counts = [extent.x, extent.y, extent.z]
            .map(|length| ((length / side).round() as usize).clamp(1, 40));
        Self {
            min: bounds.0,
            cells_per_m: Vec3::new(counts[0] as f32, counts[1] as f32, counts[2] as f32) / extent,
            counts,
        }
    }

    fn len(&self) -> usize {
        self.counts[0] * self.counts[1] * self.counts[2]
    }

    fn cell(&self, at: Vec3) -> u16 {
        let scaled = (at - self.min) * self.cells_per_m;
        let [x, y, z] = [scaled.x, scaled.y, scaled.z].map(|value| value.max(0.0) as usize);
        let x = x.min(self.counts[0] - 1);
        let y = y.min(self.counts[1] - 1);
        let z = z.min(self.counts[2] - 1);
        // At most 40^3 = 64,000 cells.
        ((z * self.counts[1] + y) * self.counts[0] + x) as u16
    }
}

/// The part of `whole` that holds the given triangles.
pub(super) fn extract(whole: &Primitive, list: &[u32], triangles: &[u32]) -> Primitive {
    // Renumbering through a sorted list of the vertices in use needs memory of the part's
    // size, where a table over all vertices would cost the whole's for each part.
    let mut used: Vec<u32> = Vec::with_capacity(triangles.len() * 3);
    for triangle in triangles {
        let at = *triangle as usize * 3;
        used.extend_from_slice(&list[at..at + 3]);
    }
    let corners = used.clone();
    used.sort_unstable();
    used.dedup();
    let indices: Vec<u32> = corners
        .iter()
        .map(|corner| used.partition_point(|vertex| vertex < corner) as u32)
        .collect();
    let mut min = Vec3::splat(f32::INFINITY);
    let mut max = Vec3::splat(f32::NEG_INFINITY);
    let positions: Vec<[f32; 3]> = gather(&whole.positions, &used);
    for position in &positions {
        let position = Vec3::from_array(*position);
        min = min.min(position);
        max = max.max(position);
    }
    let indices = if used.len() <= usize::from(u16::MAX) {
        Indices::U16(indices.into_iter().map(|index| index as u16).collect())
    } else {
        Indices::U32(indices)
    };
    Primitive {
        topology: Topology::Triangles,
        positions,
        normals: gather(&whole.normals, &used),
        tangents: gather(&whole.tangents, &used),
        uv0: gather(&whole.uv0, &used),
        uv1: gather(&whole.uv1, &used),
        colors: gather(&whole.colors, &used),
        baked_light: gather(&whole.baked_light, &used),
        // What bends is not split.
        joints: Vec::new(),
        joint_weights: Vec::new(),
        morphs: Vec::new(),
        indices: Some(indices),
        material: whole.material,
        bounds: (min, max),
    }
}

fn gather<T: Copy>(from: &[T], used: &[u32]) -> Vec<T> {
    if from.is_empty() {
        return Vec::new();
    }
    used.iter().map(|vertex| from[*vertex as usize]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A flat grid of quads, `side` by `side`, in the xz plane.
    fn plane(side: u32) -> Primitive {
        let mut positions = Vec::new();
        for z in 0..=side {
            for x in 0..=side {
                positions.push([x as f32, 0.0, z as f32]);
            }
        }
        let mut list = Vec::new();
        for z in 0..side {
            for x in 0..side {
                let a = z * (side + 1) + x;
                list.extend_from_slice(&[
                    a,
                    a + side + 1,
                    a + 1,
                    a + 1,
                    a + side + 1,
                    a + side + 2,
                ]);
            }
        }
        Primitive {
            uv0: positions.iter().map(|p| [p[0], p[2]]).collect(),
            positions,
            indices: Some(Indices::U32(list)),
            bounds: (Vec3::ZERO, Vec3::new(side as f32, 0.0, side as f32)),
            ..Primitive::default()
        }
    }

    fn corners(primitive: &Primitive) -> Vec<[[f32; 3]; 3]> {
        let list: Vec<u32> = match primitive
            .indices
            .as_ref()
            .expect("a split part has indices")
        {
            Indices::U16(list) => list.iter().map(|index| u32::from(*index)).collect(),
            Indices::U32(list) => list.clone(),
        };
        list.chunks_exact(3)
            .map(|t| [0, 1, 2].map(|corner| primitive.positions[t[corner] as usize]))
            .collect()
    }

    #[test]
    fn parts_hold_every_triangle_once_and_keep_their_attributes() {
        let whole = plane(100);
        let mut expected = corners(&whole);
        let parts = split(whole, 1_000);
        assert!(
            parts.len() >= 8,
            "20,000 triangles at 1,000 a part give many parts, not {}",
            parts.len()
        );
        let mut found: Vec<_> = parts.iter().flat_map(corners).collect();
        let order =
            |a: &[[f32; 3]; 3], b: &[[f32; 3]; 3]| a.partial_cmp(b).expect("positions are finite");
        expected.sort_by(order);
        found.sort_by(order);
        assert_eq!(found, expected, "every triangle is in exactly one part");
        for part in &parts {
            assert_eq!(
                part.uv0.len(),
                part.positions.len(),
                "attributes follow their vertices"
            );
            for (uv, position) in part.uv0.iter().zip(&part.positions) {
                assert_eq!(
                    *uv,
                    [position[0], position[2]],
                    "a vertex keeps its own texture coordinate"
                );
            }
            assert!(
                part.positions.iter().all(|p| {
                    let p = Vec3::from_array(*p);
                    p.cmpge(part.bounds.0).all() && p.cmple(part.bounds.1).all()
                }),
                "bounds hold the part"
            );
        }
    }

    #[test]
    fn small_primitives_stay_whole() {
        assert_eq!(
            split(plane(10), 1_000).len(),
            1,
            "200 triangles are one draw"
        );
    }
}
