//! Building the tree: sort triangles along a space-filling curve, gather neighbours into
//! short runs, and let `obvhs` cluster the runs.
//!
//! Building over runs instead of single triangles keeps the peak memory of a build near
//! the size of the triangles themselves, at a small price in ray speed.

use bevy::math::Vec3;
use obvhs::{
    aabb::Aabb,
    bvh2::reinsertion::ReinsertionOptimizer,
    cwbvh::{bvh2_to_cwbvh::bvh2_to_cwbvh, node::CwBvhNode},
    ploc::{PlocBuilder, PlocSearchDistance, SortPrecision},
};
use rayon::prelude::*;

use super::{Fixed, Soup, Tree, corners_of};

/// Most triangles in one run.
const RUN_MAX: usize = 8;
/// A run grows while the box around it has at most this many times the area of the boxes
/// it joins.
const RUN_AREA_GROWTH: f32 = 1.6;
/// Runs in one leaf; the compressed node holds at most three.
const RUNS_PER_LEAF: u32 = 1;

impl Fixed {
    /// Builds, and also returns what a cache needs.
    pub(super) fn build_with_tree(mut soup: Soup) -> Self {
        let order = morton_order(&soup);
        permute(&mut soup.triangles, &order);
        let runs = gather_runs(&soup);
        let (nodes, slots) = build_nodes(&soup, &runs);
        Self::assemble(
            soup,
            Tree {
                order,
                runs,
                nodes,
                slots,
            },
        )
    }

    /// Joins sorted triangles with a tree that fits them.
    pub(super) fn assemble(soup: Soup, tree: Tree) -> Self {
        let bounds = bounds_of(&soup);
        Self {
            positions: soup.positions,
            triangles: soup.triangles,
            parts: soup.parts,
            tree,
            bounds,
        }
    }
}

fn bounds_of(soup: &Soup) -> Option<(Vec3, Vec3)> {
    soup.triangles
        .par_iter()
        .map(|corners| corners_of(&soup.positions, *corners).bounds())
        .reduce_with(|a, b| (a.0.min(b.0), a.1.max(b.1)))
}

/// Indices of the triangles along a Morton curve through their centers.
fn morton_order(soup: &Soup) -> Vec<u32> {
    let Some((min, max)) = bounds_of(soup) else {
        return Vec::new();
    };
    let index_bits = usize::BITS - soup.triangles.len().leading_zeros();
    // What the index leaves of 64 bits, shared by three axes.
    let axis_bits = ((64 - index_bits) / 3).min(20);
    let cells = (1u64 << axis_bits) as f32;
    let scale = cells / (max - min).max(Vec3::splat(1e-6));
    let mut keys: Vec<u64> = soup
        .triangles
        .par_iter()
        .enumerate()
        .map(|(index, corners)| {
            let (low, high) = corners_of(&soup.positions, *corners).bounds();
            let cell = (((low + high) * 0.5 - min) * scale).clamp(Vec3::ZERO, Vec3::splat(cells));
            let last = (1u64 << axis_bits) - 1;
            let [x, y, z] = cell.to_array().map(|v| spread((v as u64).min(last)));
            ((x | y << 1 | z << 2) << index_bits) | index as u64
        })
        .collect();
    keys.par_sort_unstable();
    let mask = (1u64 << index_bits) - 1;
    keys.into_iter().map(|key| (key & mask) as u32).collect()
}

/// Moves bit i of a 21-bit number to bit 3i.
fn spread(value: u64) -> u64 {
    let mut v = value & 0x1f_ffff;
    v = (v | v << 32) & 0x1f_0000_0000_ffff;
    v = (v | v << 16) & 0x1f_0000_ff00_00ff;
    v = (v | v << 8) & 0x100f_00f0_0f00_f00f;
    v = (v | v << 4) & 0x10c3_0c30_c30c_30c3;
    (v | v << 2) & 0x1249_2492_4924_9249
}

/// Reorders in place, so that `values[i]` becomes the old `values[order[i]]`.
/// `order` must be a permutation.
pub(super) fn permute<T: Copy>(values: &mut [T], order: &[u32]) {
    let mut is_done = vec![false; values.len()];
    for start in 0..values.len() {
        if is_done[start] {
            continue;
        }
        let first = values[start];
        let mut at = start;
        loop {
            is_done[at] = true;
            let from = order[at] as usize;
            if from == start {
                values[at] = first;
                break;
            }
            values[at] = values[from];
            at = from;
        }
    }
}

fn half_area((low, high): (Vec3, Vec3)) -> f32 {
    let d = high - low;
    d.x * d.y + d.y * d.z + d.z * d.x
}

fn union(a: (Vec3, Vec3), b: (Vec3, Vec3)) -> (Vec3, Vec3) {
    (a.0.min(b.0), a.1.max(b.1))
}

/// Starts of runs of neighbours, and the total.
fn gather_runs(soup: &Soup) -> Vec<u32> {
    let mut runs = Vec::with_capacity(soup.triangles.len() / 3 + 2);
    let mut current: Option<(usize, (Vec3, Vec3))> = None;
    for (index, corners) in soup.triangles.iter().enumerate() {
        let bounds = corners_of(&soup.positions, *corners).bounds();
        current = match current {
            Some((start, grown)) if index - start < RUN_MAX => {
                let joined = union(grown, bounds);
                let allowed = (half_area(grown) + half_area(bounds)) * RUN_AREA_GROWTH;
                if half_area(joined) <= allowed {
                    Some((start, joined))
                } else {
                    runs.push(start as u32);
                    Some((index, bounds))
                }
            }
            Some((start, _)) => {
                runs.push(start as u32);
                Some((index, bounds))
            }
            None => Some((index, bounds)),
        };
    }
    if let Some((start, _)) = current {
        runs.push(start as u32);
        runs.push(soup.triangles.len() as u32);
    }
    runs.shrink_to_fit();
    runs
}

fn build_nodes(soup: &Soup, runs: &[u32]) -> (Vec<CwBvhNode>, Vec<u32>) {
    if runs.len() < 2 {
        return (Vec::new(), Vec::new());
    }
    let boxes: Vec<Aabb> = runs
        .par_windows(2)
        .map(|run| {
            let (low, high) = soup.triangles[run[0] as usize..run[1] as usize]
                .iter()
                .map(|corners| corners_of(&soup.positions, *corners).bounds())
                .reduce(union)
                .unwrap_or_default();
            Aabb::new(low.to_array().into(), high.to_array().into())
        })
        .collect();
    let indices = (0..boxes.len() as u32).collect();
    let mut tree = PlocBuilder::with_capacity(boxes.len()).build(
        PlocSearchDistance::Low,
        &boxes,
        indices,
        SortPrecision::U64,
        2,
    );
    drop(boxes);
    ReinsertionOptimizer::default().run(&mut tree, 0.02, None);
    let wide = bvh2_to_cwbvh(&tree, RUNS_PER_LEAF, true, false);
    drop(tree);
    let (mut nodes, mut slots) = (wide.nodes, wide.primitive_indices);
    nodes.shrink_to_fit();
    slots.shrink_to_fit();
    (nodes, slots)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permuting_in_place_equals_gathering() {
        let order = [3, 0, 2, 1, 5, 4];
        let mut values = [10, 11, 12, 13, 14, 15];
        permute(&mut values, &order);
        assert_eq!(
            values,
            [13, 10, 12, 11, 15, 14],
            "each place holds the value its order names"
        );
    }

    #[test]
    fn spread_bits_stand_three_apart() {
        for bit in 0..21 {
            assert_eq!(
                spread(1 << bit),
                1 << (3 * bit),
                "bit {bit} moves to three times its place"
            );
        }
    }

    #[test]
    fn few_or_equal_triangles_make_a_tree() {
        let corners = [Vec3::ZERO, Vec3::X, Vec3::Z];
        for count in [0usize, 1, 2, 3, 7, 5000] {
            let mut soup = Soup::default();
            let triangles = vec![[0, 1, 2]; count];
            soup.add_triangles(&corners, &triangles, true).unwrap();
            let collider = Fixed::build(soup);
            let hit = collider.cast_ray(Vec3::new(0.2, 1.0, 0.2), Vec3::NEG_Y, 10.0);
            assert_eq!(
                hit.is_some(),
                count > 0,
                "{count} copies of one triangle are found by a ray if there are any"
            );
        }
    }
}
