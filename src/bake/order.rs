//! Triangles in an order in which neighbours follow each other.
//!
//! Whatever draws keeps the last few vertices it worked out: in a good order each is worked out
//! about once, in the order that decimation leaves behind four to five times. By meshoptimizer,
//! after T. Forsyth, "Linear-speed vertex cache optimisation" (2006), and, for what is outside
//! first, P. Sander, D. Nehab and J. Barczak, "Fast triangle reordering for vertex locality and
//! reduced overdraw" (SIGGRAPH 2007). The picture stays: no vertex moves.

use super::model::{Indices, Primitive, Topology};
use meshopt::{
    VertexDataAdapter, analyze_vertex_cache, optimize_overdraw_in_place,
    optimize_vertex_cache_in_place,
};

/// Vertices that are kept, as meshoptimizer's own measure takes it.
const KEPT: u32 = 32;
/// Vertices worked out a triangle beyond which another order pays; the best is a half, the worst
/// three.
const POOR: f32 = 1.2;
/// So much worse the order may become for drawing what is outside first.
const FOR_OVERDRAW: f32 = 1.05;
/// Fewer are drawn sooner than sorted.
const LEAST_TRIANGLES: usize = 256;
/// So many tell how the rest lies.
const LOOKED_AT: usize = 4_096;

/// Puts the triangles of an opaque primitive into a good order, where they are not in one.
pub fn put_in_order(primitive: &mut Primitive) {
    if primitive.topology != Topology::Triangles {
        return;
    }
    let count = primitive.positions.len();
    match &mut primitive.indices {
        Some(Indices::U32(list)) => order(list, &primitive.positions, count),
        Some(Indices::U16(list)) => {
            let mut wide: Vec<u32> = list.iter().map(|&index| u32::from(index)).collect();
            order(&mut wide, &primitive.positions, count);
            for (narrow, wide) in list.iter_mut().zip(wide) {
                // The same numbers in another order.
                *narrow = wide as u16;
            }
        }
        None => {}
    }
}

fn order(list: &mut [u32], positions: &[[f32; 3]], count: usize) {
    let is_whole = list.len().is_multiple_of(3) && list.len() / 3 >= LEAST_TRIANGLES;
    // The library trusts its indices.
    if !is_whole || list.iter().any(|&index| index as usize >= count) {
        return;
    }
    let first = &list[..list.len().min(LOOKED_AT * 3)];
    if analyze_vertex_cache(first, count, KEPT, 0, 0).acmr <= POOR {
        return;
    }
    optimize_vertex_cache_in_place(list, count);
    if let Ok(vertices) = VertexDataAdapter::new(bytemuck::cast_slice(positions), 12, 0) {
        optimize_overdraw_in_place(list, &vertices, FOR_OVERDRAW);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sheet of 40 x 40 squares whose triangles come in the order of a shuffled deck.
    fn shuffled() -> Primitive {
        let side = 41_u32;
        let positions = (0..side * side)
            .map(|i| [(i % side) as f32, (i / side) as f32, 0.0])
            .collect();
        let mut triangles = Vec::new();
        for square in 0..40 * 40 {
            let corner = square / 40 * side + square % 40;
            triangles.push([corner, corner + 1, corner + side]);
            triangles.push([corner + 1, corner + side + 1, corner + side]);
        }
        let count = triangles.len();
        // 1_237 has no divisor in common with 3200.
        let list = (0..count).flat_map(|i| triangles[i * 1_237 % count]);
        Primitive {
            indices: Some(Indices::U16(list.map(|index| index as u16).collect())),
            positions,
            ..Primitive::default()
        }
    }

    fn list(primitive: &Primitive) -> Vec<u32> {
        match &primitive.indices {
            Some(Indices::U16(list)) => list.iter().map(|&index| u32::from(index)).collect(),
            Some(Indices::U32(list)) => list.clone(),
            None => Vec::new(),
        }
    }

    /// Each triangle from its least corner on, which keeps the side it shows.
    fn triangles(list: &[u32]) -> Vec<[u32; 3]> {
        let mut out: Vec<[u32; 3]> = list
            .chunks_exact(3)
            .map(|t| {
                let first = (0..3).min_by_key(|&i| t[i]).unwrap_or(0);
                [0, 1, 2].map(|k| t[(first + k) % 3])
            })
            .collect();
        out.sort_unstable();
        out
    }

    #[test]
    fn the_same_triangles_come_in_an_order_that_keeps_vertices() {
        let mut sheet = shuffled();
        let before = list(&sheet);
        put_in_order(&mut sheet);
        let after = list(&sheet);
        let worked_out = |list: &[u32]| analyze_vertex_cache(list, 41 * 41, KEPT, 0, 0).acmr;
        assert!(
            worked_out(&before) > 2.0 && worked_out(&after) < 0.8,
            "from {} vertices a triangle to {}",
            worked_out(&before),
            worked_out(&after)
        );
        assert_eq!(
            triangles(&before),
            triangles(&after),
            "none is lost, none is turned around"
        );
    }

    #[test]
    fn a_good_order_stays_and_a_broken_list_is_left_alone() {
        let mut sheet = shuffled();
        put_in_order(&mut sheet);
        let once = list(&sheet);
        put_in_order(&mut sheet);
        assert_eq!(list(&sheet), once, "what is in order is not touched");
        let mut broken = shuffled();
        broken.positions.truncate(100);
        let before = list(&broken);
        put_in_order(&mut broken);
        assert_eq!(
            list(&broken),
            before,
            "indices past the vertices are not followed"
        );
        let mut odd = shuffled();
        if let Some(Indices::U16(list)) = &mut odd.indices {
            list.pop();
        }
        let before = list(&odd);
        put_in_order(&mut odd);
        assert_eq!(list(&odd), before, "two thirds of a triangle are none");
    }
}
