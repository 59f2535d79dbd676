//! Rays against triangles: the one file that knows the ray-cast crate.

use bevy::math::{Vec2, Vec3};
use obvhs::BvhBuildParams;
use obvhs::cwbvh::CwBvh;
use obvhs::cwbvh::builder::build_cwbvh_from_tris;
use obvhs::ray::{Ray, RayHit};
use obvhs::triangle::Triangle;
use std::time::Duration;

/// Triangles ready to be asked what a ray meets first.
pub(crate) struct Rays {
    corners: Vec<[Vec3; 3]>,
    tree: CwBvh,
}

/// Where a ray first met a triangle.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hit {
    /// Distance along the ray.
    pub(crate) distance_m: f32,
    /// Index of the triangle.
    pub(crate) triangle: u32,
    /// Weights of the triangle's second and third corner.
    pub(crate) weights: Vec2,
}

/// Scalar arithmetic only, so that every machine finds the same hit.
fn meet(corners: &[Vec3; 3], origin: Vec3, direction: Vec3) -> Option<(f32, Vec2)> {
    let [a, b, c] = *corners;
    let (e1, e2) = (b - a, c - a);
    let h = direction.cross(e2);
    let det = e1.dot(h);
    if det == 0.0 {
        return None;
    }
    let inverse = 1.0 / det;
    let s = origin - a;
    let u = s.dot(h) * inverse;
    let q = s.cross(e1);
    let v = direction.dot(q) * inverse;
    let inside = u >= 0.0 && v >= 0.0 && u + v <= 1.0;
    inside.then(|| (e2.dot(q) * inverse, Vec2::new(u, v)))
}

impl Rays {
    /// Sorts triangles for ray casting.
    pub(crate) fn new(positions: &[Vec3], triangles: &[[u32; 3]]) -> Self {
        let corners: Vec<[Vec3; 3]> = triangles
            .iter()
            .map(|t| t.map(|i| positions[i as usize]))
            .collect();
        let boxes: Vec<Triangle> = corners
            .iter()
            .map(|[a, b, c]| Triangle {
                v0: a.to_array().into(),
                v1: b.to_array().into(),
                v2: c.to_array().into(),
            })
            .collect();
        let tree = build_cwbvh_from_tris(
            &boxes,
            BvhBuildParams::fast_build(),
            &mut Duration::default(),
        );
        Self { corners, tree }
    }

    /// The first triangle between `from_m` and `to_m` along a unit direction.
    pub(crate) fn first(
        &self,
        origin: Vec3,
        direction: Vec3,
        from_m: f32,
        to_m: f32,
    ) -> Option<Hit> {
        let mut nearest = RayHit::none();
        let ray = Ray::new(
            origin.to_array().into(),
            direction.to_array().into(),
            from_m,
            to_m,
        );
        self.tree.ray_traverse(ray, &mut nearest, |ray, id| {
            let i = self.tree.primitive_indices[id] as usize;
            match meet(&self.corners[i], origin, direction) {
                Some((t, _)) if t >= ray.tmin && t <= ray.tmax => t,
                _ => f32::INFINITY,
            }
        });
        if nearest.t >= to_m {
            return None;
        }
        let triangle = self.tree.primitive_indices[nearest.primitive_id as usize];
        let (distance_m, weights) = meet(&self.corners[triangle as usize], origin, direction)?;
        Some(Hit {
            distance_m,
            triangle,
            weights,
        })
    }

    /// Whether nothing stands between two points.
    pub(crate) fn is_clear(&self, from: Vec3, to: Vec3) -> bool {
        let path = to - from;
        let length = path.length();
        if length < 1e-4 {
            return true;
        }
        let direction = path / length;
        let ray = Ray::new(
            from.to_array().into(),
            direction.to_array().into(),
            1e-4,
            length - 1e-3,
        );
        self.tree.ray_traverse_miss(ray, |ray, id| {
            let i = self.tree.primitive_indices[id] as usize;
            match meet(&self.corners[i], from, direction) {
                Some((t, _)) if t >= ray.tmin && t <= ray.tmax => t,
                _ => f32::INFINITY,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wall_stops_a_ray_and_a_gap_lets_it_through() {
        let wall = [
            Vec3::new(-1.0, -1.0, 0.0),
            Vec3::new(1.0, -1.0, 0.0),
            Vec3::new(0.0, 1.0, 0.0),
        ];
        let rays = Rays::new(&wall, &[[0, 1, 2]]);
        let hit = rays.first(Vec3::new(0.0, 0.0, 2.0), Vec3::NEG_Z, 0.0, 9.0);
        assert!(
            hit.is_some_and(|h| (h.distance_m - 2.0).abs() < 1e-5),
            "the wall is 2 m away: {hit:?}"
        );
        assert!(
            !rays.is_clear(Vec3::Z, Vec3::NEG_Z),
            "the wall stands between"
        );
        assert!(
            rays.is_clear(Vec3::new(2.0, 0.0, 1.0), Vec3::new(2.0, 0.0, -1.0)),
            "nothing stands there"
        );
    }
}
