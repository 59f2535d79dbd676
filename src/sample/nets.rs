//! Surface nets: turns a signed distance into a closed, even, crack-free triangle mesh.
//!
//! One vertex a grid cell that the surface crosses, pulled onto the surface along the
//! gradient, so that rounded edges stay round. Only blocks near the surface are sampled.

use bevy::math::{IVec3, Vec3};
use rayon::prelude::*;

/// A scalar field: negative inside the air, positive inside the rock, in metres.
pub(crate) trait Field: Sync {
    /// Distance without fine relief, and how far fine relief may move it.
    fn coarse(&self, p: Vec3) -> f32;
    /// Distance with everything; `coarse` is the value [`Field::coarse`] gave at `p`.
    fn fine(&self, p: Vec3, coarse: f32) -> f32;
    /// Largest difference between the two, in metres, at `p`.
    fn relief_m(&self, p: Vec3) -> f32;

    /// Distance with everything.
    fn distance(&self, p: Vec3) -> f32 {
        self.fine(p, self.coarse(p))
    }

    /// The unit normal towards the air.
    fn normal(&self, p: Vec3, step: f32) -> Vec3 {
        let d = |offset: Vec3| self.distance(p + offset);
        let g = Vec3::new(
            d(Vec3::X * step) - d(Vec3::X * -step),
            d(Vec3::Y * step) - d(Vec3::Y * -step),
            d(Vec3::Z * step) - d(Vec3::Z * -step),
        );
        (-g).normalize_or(Vec3::Y)
    }
}

/// What [`mesh`] makes: triangles counter-clockwise seen from the air.
#[derive(Debug, Clone, Default)]
pub(crate) struct Net {
    /// Vertex positions, metres.
    pub(crate) positions: Vec<Vec3>,
    /// Unit normals towards the air.
    pub(crate) normals: Vec<Vec3>,
    /// Three vertices a triangle.
    pub(crate) triangles: Vec<[u32; 3]>,
}

const SIDE: i32 = 8;
const LATTICE: usize = SIDE as usize + 1;
const NONE: u16 = u16::MAX;

struct Block {
    corner: IVec3,
    samples: Vec<f32>,
    vertex_of_cell: Vec<u16>,
    positions: Vec<Vec3>,
    normals: Vec<Vec3>,
}

fn lattice_index(x: usize, y: usize, z: usize) -> usize {
    (z * LATTICE + y) * LATTICE + x
}

fn cell_index(c: IVec3) -> usize {
    ((c.z * SIDE + c.y) * SIDE + c.x) as usize
}

/// Meshes the zero level of `field` within a box at the given cell size.
pub(crate) fn mesh(field: &dyn Field, low: Vec3, high: Vec3, cell_m: f32) -> Net {
    let cells = ((high - low) / cell_m).ceil().as_ivec3();
    let blocks = (cells + IVec3::splat(SIDE - 1)) / SIDE;
    let count = (blocks.x * blocks.y * blocks.z) as usize;
    let reach = cell_m * SIDE as f32 * 0.5 * 1.75 + cell_m;
    let made: Vec<Option<Block>> = (0..count)
        .into_par_iter()
        .map(|i| {
            let i = i as i32;
            let b = IVec3::new(
                i % blocks.x,
                (i / blocks.x) % blocks.y,
                i / (blocks.x * blocks.y),
            );
            let corner = b * SIDE;
            let middle = low + (corner.as_vec3() + SIDE as f32 * 0.5) * cell_m;
            if field.coarse(middle).abs() > reach * 1.3 + field.relief_m(middle) {
                return None;
            }
            block(field, low, cell_m, corner)
        })
        .collect();
    let mut offsets = Vec::with_capacity(count);
    let mut total = 0_u32;
    for block in &made {
        offsets.push(total);
        total += block.as_ref().map_or(0, |b| b.positions.len() as u32);
    }
    let vertex = |cell: IVec3| -> Option<u32> {
        if cell.min_element() < 0 {
            return None;
        }
        let b = cell / SIDE;
        if b.x >= blocks.x || b.y >= blocks.y || b.z >= blocks.z {
            return None;
        }
        let i = ((b.z * blocks.y + b.y) * blocks.x + b.x) as usize;
        let block = made[i].as_ref()?;
        let local = block.vertex_of_cell[cell_index(cell - b * SIDE)];
        (local != NONE).then(|| offsets[i] + u32::from(local))
    };
    let triangles: Vec<Vec<[u32; 3]>> = made
        .par_iter()
        .map(|block| block.as_ref().map_or_else(Vec::new, |b| faces(b, &vertex)))
        .collect();
    let mut net = Net::default();
    for block in made.iter().flatten() {
        net.positions.extend_from_slice(&block.positions);
        net.normals.extend_from_slice(&block.normals);
    }
    net.triangles = triangles.into_iter().flatten().collect();
    split_along_short_diagonals(&mut net);
    net
}

fn block(field: &dyn Field, low: Vec3, cell_m: f32, corner: IVec3) -> Option<Block> {
    let mut samples = vec![0.0; LATTICE * LATTICE * LATTICE];
    for z in 0..LATTICE {
        for y in 0..LATTICE {
            for x in 0..LATTICE {
                let p = low + (corner.as_vec3() + Vec3::new(x as f32, y as f32, z as f32)) * cell_m;
                let coarse = field.coarse(p);
                samples[lattice_index(x, y, z)] = if coarse.abs() > field.relief_m(p) + cell_m {
                    coarse
                } else {
                    field.fine(p, coarse)
                };
            }
        }
    }
    let first = samples[0] < 0.0;
    if samples.iter().all(|s| (*s < 0.0) == first) {
        return None;
    }
    let mut made = Block {
        corner,
        samples,
        vertex_of_cell: vec![NONE; (SIDE * SIDE * SIDE) as usize],
        positions: Vec::new(),
        normals: Vec::new(),
    };
    for z in 0..SIDE {
        for y in 0..SIDE {
            for x in 0..SIDE {
                let cell = IVec3::new(x, y, z);
                let Some(local) = crossing(&made.samples, cell) else {
                    continue;
                };
                let origin = low + (corner + cell).as_vec3() * cell_m;
                let mut p = origin + local * cell_m;
                let d = field.distance(p);
                let n = field.normal(p, cell_m * 0.35);
                p = (p + n * d).clamp(origin, origin + Vec3::splat(cell_m));
                made.vertex_of_cell[cell_index(cell)] = made.positions.len() as u16;
                made.positions.push(p);
                made.normals.push(n);
            }
        }
    }
    Some(made)
}

/// Mean of the points where the surface crosses the twelve edges of a cell, 0..1.
fn crossing(samples: &[f32], cell: IVec3) -> Option<Vec3> {
    let (x, y, z) = (cell.x as usize, cell.y as usize, cell.z as usize);
    let at = |i: usize| samples[lattice_index(x + (i & 1), y + (i >> 1 & 1), z + (i >> 2 & 1))];
    let corner = |i: usize| Vec3::new((i & 1) as f32, (i >> 1 & 1) as f32, (i >> 2 & 1) as f32);
    let (mut sum, mut count) = (Vec3::ZERO, 0.0);
    for i in 0..8 {
        for axis in [1, 2, 4] {
            if i & axis != 0 {
                continue;
            }
            let (a, b) = (at(i), at(i | axis));
            if (a < 0.0) != (b < 0.0) {
                sum += corner(i).lerp(corner(i | axis), a / (a - b));
                count += 1.0;
            }
        }
    }
    (count > 0.0).then(|| sum / count)
}

fn faces(block: &Block, vertex: &dyn Fn(IVec3) -> Option<u32>) -> Vec<[u32; 3]> {
    let mut out = Vec::new();
    for z in 0..SIDE {
        for y in 0..SIDE {
            for x in 0..SIDE {
                let local = IVec3::new(x, y, z);
                let cell = block.corner + local;
                let at = |o: IVec3| {
                    let q = local + o;
                    block.samples[lattice_index(q.x as usize, q.y as usize, q.z as usize)]
                };
                let here = at(IVec3::ZERO) < 0.0;
                for (along, u, v) in [
                    (IVec3::X, IVec3::Y, IVec3::Z),
                    (IVec3::Y, IVec3::Z, IVec3::X),
                    (IVec3::Z, IVec3::X, IVec3::Y),
                ] {
                    if here == (at(along) < 0.0) {
                        continue;
                    }
                    let corners = [
                        vertex(cell),
                        vertex(cell - u),
                        vertex(cell - u - v),
                        vertex(cell - v),
                    ];
                    if let [Some(a), Some(b), Some(c), Some(d)] = corners {
                        if here {
                            out.push([a, d, c]);
                            out.push([a, c, b]);
                        } else {
                            out.push([a, b, c]);
                            out.push([a, c, d]);
                        }
                    }
                }
            }
        }
    }
    out
}

/// Quads come as two triangles sharing a diagonal; takes the shorter of the two diagonals.
fn split_along_short_diagonals(net: &mut Net) {
    let positions = &net.positions;
    for pair in net.triangles.chunks_exact_mut(2) {
        let [a, b, c] = pair[0];
        let d = pair[1][2];
        let length = |i: u32, j: u32| positions[i as usize].distance_squared(positions[j as usize]);
        if length(b, d) < length(a, c) {
            pair[0] = [a, b, d];
            pair[1] = [b, c, d];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Ball;
    impl Field for Ball {
        fn coarse(&self, p: Vec3) -> f32 {
            p.length() - 1.0
        }
        fn fine(&self, _: Vec3, coarse: f32) -> f32 {
            coarse
        }
        fn relief_m(&self, _: Vec3) -> f32 {
            0.0
        }
    }

    #[test]
    fn a_ball_is_closed_round_and_wound_towards_the_air() {
        let net = mesh(&Ball, Vec3::splat(-1.3), Vec3::splat(1.3), 0.07);
        let mut edges = std::collections::BTreeMap::new();
        for t in &net.triangles {
            let [a, b, c] = t.map(|i| net.positions[i as usize]);
            let n = (b - a).cross(c - a);
            assert!(
                n.dot(a) < 0.0,
                "a triangle faces the rock, not the air inside"
            );
            for (i, j) in [(0, 1), (1, 2), (2, 0)] {
                *edges.entry((t[i], t[j])).or_insert(0) += 1;
            }
        }
        for ((a, b), count) in &edges {
            assert_eq!(*count, 1, "an edge is used twice in one direction");
            assert!(edges.contains_key(&(*b, *a)), "the mesh has a hole");
        }
        for p in &net.positions {
            assert!(
                (p.length() - 1.0).abs() < 0.01,
                "a vertex is off the ball: {p}"
            );
        }
    }
}
