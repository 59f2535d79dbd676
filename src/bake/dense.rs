//! Whether the triangles of a mesh are so small that light worked out at their corners is light
//! worked out everywhere.
//!
//! H. Gouraud, "Continuous Shading of Curved Surfaces" (1971): between corners the light goes
//! straight. What that leaves out grows with the square of how far a triangle reaches; a scan
//! has thousands of triangles where a drawn model has one.

use super::model::{Indices, Primitive, Topology};
use bevy::math::Vec3;

/// A small triangle reaches no farther than this share of the diagonal of what it is a part of.
const SMALL: f32 = 1.0 / 64.0;
/// So much of the surface may be of others: decimation leaves slivers.
const OTHERS: f64 = 0.05;

/// Twice the areas of triangles. All are looked at: a wall in two of them hides well among a
/// million.
#[derive(Debug, Clone, Copy, Default)]
pub struct Areas {
    whole: f64,
    others: f64,
}

impl Areas {
    /// Of a part of what reaches from `min` to `max`, in its frame. Off the main thread.
    #[must_use]
    pub fn of(part: &Primitive, (min, max): (Vec3, Vec3)) -> Self {
        let mut areas = Self::default();
        if part.topology != Topology::Triangles {
            return areas;
        }
        let limit = (max - min).length_squared() * SMALL * SMALL;
        let mut look = |triangle| areas.add(&part.positions, triangle, limit);
        match &part.indices {
            Some(Indices::U16(list)) => {
                let triangles = list.as_chunks().0.iter();
                triangles.for_each(|own| look(own.map(usize::from)));
            }
            Some(Indices::U32(list)) => {
                let triangles = list.as_chunks().0.iter();
                triangles.for_each(|own| look(own.map(|index| index as usize)));
            }
            None => {
                let triangles = 0..part.positions.len() / 3;
                triangles.for_each(|at| look([3 * at, 3 * at + 1, 3 * at + 2]));
            }
        }
        areas
    }

    fn add(&mut self, positions: &[[f32; 3]], triangle: [usize; 3], limit: f32) {
        // One that points at no vertex is nobody's surface.
        let [Some(a), Some(b), Some(c)] = triangle.map(|at| positions.get(at)) else {
            return;
        };
        let [a, b, c] = [a, b, c].map(|at| Vec3::from_array(*at));
        let (ab, bc, ca) = (b - a, c - b, a - c);
        let area = f64::from(ab.cross(ca).length());
        self.whole += area;
        let longest = ab
            .length_squared()
            .max(bc.length_squared())
            .max(ca.length_squared());
        if longest > limit {
            self.others += area;
        }
    }
}

/// Whether all but a small share of the parts of something are small triangles.
#[must_use]
pub fn are_dense(parts: &[Areas]) -> bool {
    let whole: f64 = parts.iter().map(|part| part.whole).sum();
    let others: f64 = parts.iter().map(|part| part.others).sum();
    // NaN is not small.
    whole > 0.0 && others <= whole * OTHERS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_dense(mesh: &Primitive) -> bool {
        are_dense(&[Areas::of(mesh, mesh.bounds)])
    }

    /// A square metre of `steps` by `steps` squares, two triangles each.
    fn sheet(steps: usize) -> Primitive {
        let side = steps + 1;
        let at = |index: usize| index as f32 / steps as f32;
        let positions = (0..side * side).map(|i| [at(i % side), 0.0, at(i / side)]);
        let squares = (0..steps * steps).map(|i| (i / steps * side + i % steps) as u32);
        let side = side as u32;
        let indices = squares.flat_map(|i| [i, i + side, i + 1, i + 1, i + side, i + side + 1]);
        Primitive {
            positions: positions.collect(),
            indices: Some(Indices::U32(indices.collect())),
            bounds: (Vec3::ZERO, Vec3::new(1.0, 0.0, 1.0)),
            ..Primitive::default()
        }
    }

    #[test]
    fn a_scan_is_dense_and_a_drawn_box_is_not() {
        assert!(is_dense(&sheet(100)));
        assert!(!is_dense(&sheet(1)));
        // An edge of 1 / 50 of the side is 1 / 50 of the diagonal along the diagonal.
        assert!(!is_dense(&sheet(50)));
    }

    #[test]
    fn one_wall_in_two_triangles_beside_a_dense_one_is_seen() {
        let mut mesh = sheet(200);
        mesh.positions
            .extend([[0.0; 3], [1.0, 0.0, 0.0], [0.5, 0.5, 0.0]]);
        let Some(Indices::U32(list)) = &mut mesh.indices else {
            unreachable!("sheets have wide indices");
        };
        let first = mesh.positions.len() as u32 - 3;
        list.splice(0..0, [first, first + 1, first + 2]);
        mesh.bounds.1.y = 0.5;
        assert!(!is_dense(&mesh));
    }

    #[test]
    fn what_is_broken_is_not_dense() {
        let mut mesh = sheet(100);
        mesh.positions.truncate(3);
        mesh.indices = Some(Indices::U32(vec![7, 8, 9]));
        assert!(!is_dense(&mesh), "indices past the vertices");
        assert!(!is_dense(&Primitive::default()), "nothing");
        let mut mesh = sheet(100);
        mesh.positions[0] = [f32::NAN; 3];
        assert!(!is_dense(&mesh), "not a number");
    }
}
