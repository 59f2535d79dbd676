//! Questions to a collider: rays, sweeps, contacts, occlusion.
//!
//! Arguments that are not finite, and directions of no length, meet nothing.

use std::ops::ControlFlow;

use bevy::math::{Vec3, bounding::Aabb3d};

use super::{Fixed, PartId};

/// Sweeps that end within this of each other count as one touch, metres.
const TIE_M: f32 = 1e-4;

/// Where a ray met a triangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RayHit {
    /// Along the ray, metres.
    pub distance_m: f32,
    /// Where, in the exhibit's frame.
    pub point: Vec3,
    /// Unit normal of the triangle, turned against the ray.
    pub normal: Vec3,
    /// Whether the ray met the triangle's front (counter-clockwise) side.
    pub is_front: bool,
    /// Whether the triangle may be walked on.
    pub is_walkable: bool,
    /// Where the triangle came from.
    pub part: PartId,
    /// Its corners, by their place in the soup.
    pub corners: [u32; 3],
}

/// Where a moving sphere touched a triangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SphereHit {
    /// How far the center travelled, metres.
    pub distance_m: f32,
    /// The touched point.
    pub point: Vec3,
    /// Unit normal of the triangle, turned against the travel; of all triangles touched at
    /// once the one that faces it most.
    pub normal: Vec3,
    /// Whether that triangle may be walked on.
    pub is_walkable: bool,
    /// Where it came from.
    pub part: PartId,
}

/// A triangle within reach of a capsule.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contact {
    /// Nearest point of the triangle.
    pub point: Vec3,
    /// Unit direction from there to the capsule's axis: the way out.
    pub normal: Vec3,
    /// How deep the triangle reaches into the capsule, metres, positive.
    pub depth_m: f32,
    /// Whether the triangle may be walked on.
    pub is_walkable: bool,
}

impl Fixed {
    /// The nearest triangle along a ray, from either side. `direction` need not be unit.
    pub(super) fn cast_ray(&self, origin: Vec3, direction: Vec3, max_m: f32) -> Option<RayHit> {
        let direction = direction.try_normalize().filter(|_| origin.is_finite())?;
        let mut best = None;
        let mut limit = max_m;
        self.sweep_boxes(origin, direction, 0.0, &mut limit, |index, limit| {
            let distance = self.triangle(index).ray_distance(origin, direction);
            if let Some(distance) = distance.filter(|d| d <= limit) {
                *limit = distance;
                best = Some(index);
            }
            ControlFlow::Continue(())
        });
        let index = best?;
        let normal = self.triangle(index).normal();
        let is_front = normal.dot(direction) <= 0.0;
        let part = self.part(index);
        Some(RayHit {
            distance_m: limit,
            point: origin + direction * limit,
            normal: if is_front { normal } else { -normal },
            is_front,
            is_walkable: part.is_walkable,
            part: part.id,
            corners: self.triangles[index],
        })
    }

    /// Whether anything stands between two points.
    pub(super) fn is_occluded(&self, from: Vec3, to: Vec3) -> bool {
        let Some(direction) = (to - from).try_normalize() else {
            return false;
        };
        let mut limit = from.distance(to);
        let mut found = false;
        self.sweep_boxes(from, direction, 0.0, &mut limit, |index, limit| {
            let distance = self.triangle(index).ray_distance(from, direction);
            found = distance.is_some_and(|d| d < *limit);
            if found {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        found
    }

    /// The first touch of a sphere that travels along `direction` (need not be unit) for at
    /// most `max_m`. A sphere that overlaps at the start touches after 0 m.
    pub(super) fn cast_sphere(
        &self,
        center: Vec3,
        direction: Vec3,
        radius_m: f32,
        max_m: f32,
    ) -> Option<SphereHit> {
        let direction = direction
            .try_normalize()
            .filter(|_| center.is_finite() && radius_m >= 0.0)?;
        let mut best: Option<(usize, f32, f32)> = None;
        let mut limit = max_m;
        self.sweep_boxes(center, direction, radius_m, &mut limit, |index, limit| {
            let triangle = self.triangle(index);
            let distance = triangle.sphere_distance(center, direction, radius_m, *limit);
            if let Some(distance) = distance {
                let facing = triangle.normal().dot(direction).abs();
                let is_better = best.is_none_or(|(_, nearest, most_facing)| {
                    distance < nearest - TIE_M
                        || (distance < nearest + TIE_M && facing > most_facing)
                });
                if is_better {
                    best = Some((index, distance, facing));
                    *limit = (distance + TIE_M).min(*limit);
                }
            }
            ControlFlow::Continue(())
        });
        let (index, distance, _) = best?;
        let triangle = self.triangle(index);
        let normal = triangle.normal();
        let part = self.part(index);
        Some(SphereHit {
            distance_m: distance,
            point: triangle.closest_to_point(center + direction * distance),
            normal: if normal.dot(direction) > 0.0 {
                -normal
            } else {
                normal
            },
            is_walkable: part.is_walkable,
            part: part.id,
        })
    }

    /// All triangles nearer than `radius_m` to the segment from `a` to `b` (a capsule; a
    /// sphere when they are equal), appended to `contacts` in no particular order.
    pub(super) fn contacts(&self, a: Vec3, b: Vec3, radius_m: f32, contacts: &mut Vec<Contact>) {
        if !(a.is_finite() && b.is_finite() && radius_m > 0.0) {
            return;
        }
        let reach = Vec3::splat(radius_m);
        let around = Aabb3d::from_min_max(a.min(b) - reach, a.max(b) + reach);
        self.overlap_boxes(&around, |index| {
            let triangle = self.triangle(index);
            let (on_axis, point) = triangle.closest_to_segment(a, b);
            let distance = on_axis.distance(point);
            if distance < radius_m {
                let away = (on_axis - point).try_normalize().unwrap_or_else(|| {
                    let normal = triangle.normal();
                    let middle = (a + b) * 0.5;
                    if normal.dot(middle - point) < 0.0 {
                        -normal
                    } else {
                        normal
                    }
                });
                contacts.push(Contact {
                    point,
                    normal: away,
                    depth_m: radius_m - distance,
                    is_walkable: self.part(index).is_walkable,
                });
            }
            ControlFlow::Continue(())
        });
    }

    /// Whether a capsule (or sphere) touches nothing.
    pub(super) fn is_free(&self, a: Vec3, b: Vec3, radius_m: f32) -> bool {
        let reach = Vec3::splat(radius_m);
        let around = Aabb3d::from_min_max(a.min(b) - reach, a.max(b) + reach);
        let mut is_free = a.is_finite() && b.is_finite();
        self.overlap_boxes(&around, |index| {
            let (on_axis, point) = self.triangle(index).closest_to_segment(a, b);
            if on_axis.distance_squared(point) < radius_m * radius_m {
                is_free = false;
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        });
        is_free
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bake::collide::{
        Soup,
        dice::{random, random_point},
        geometry::Triangle,
    };

    /// Loose triangles of mixed sizes, some far larger than others.
    fn scattered(count: usize) -> (Vec<Triangle>, Fixed) {
        let mut state = 7;
        let mut triangles = Vec::new();
        let mut soup = Soup::default();
        for i in 0..count {
            let size = if i % 50 == 0 { 8.0 } else { 0.5 };
            let a = random_point(&mut state, 10.0);
            let b = a + random_point(&mut state, size);
            let c = a + random_point(&mut state, size);
            triangles.push(Triangle { a, b, c });
            soup.add_triangles(&[a, b, c], &[[0, 1, 2]], i % 2 == 0)
                .unwrap();
        }
        (triangles, Fixed::build(soup))
    }

    #[test]
    fn rays_agree_with_testing_every_triangle() {
        let (triangles, collider) = scattered(1500);
        let mut state = 99;
        let mut hits = 0;
        for i in 0..2000 {
            let origin = random_point(&mut state, 14.0);
            let mut direction = random_point(&mut state, 2.0);
            if i % 5 == 0 {
                direction = [Vec3::X, Vec3::NEG_Y, Vec3::Z][i % 3];
            }
            let direction = direction.normalize_or_zero();
            let expected = triangles
                .iter()
                .enumerate()
                .filter_map(|(k, t)| Some((t.ray_distance(origin, direction)?, k)))
                .filter(|(distance, _)| *distance <= 6.0)
                .min_by(|a, b| a.0.total_cmp(&b.0));
            let found = collider.cast_ray(origin, direction, 6.0);
            assert_eq!(
                found.map(|hit| hit.part.model as usize),
                expected.map(|(_, k)| k),
                "ray {i} meets the same triangle"
            );
            let (near, far) = (
                found.map_or(0.0, |h| h.distance_m),
                expected.map_or(0.0, |e| e.0),
            );
            assert!(
                (near - far).abs() < 1e-5,
                "ray {i} meets it at the same distance, {near} and {far}"
            );
            if let Some(hit) = found {
                hits += 1;
                assert_eq!(
                    hit.is_walkable,
                    hit.part.model % 2 == 0,
                    "the hit knows whether its part is walkable"
                );
                assert!(
                    hit.normal.dot(direction) <= 0.0,
                    "the normal is turned against the ray"
                );
            }
            let to = origin + direction * 6.0;
            assert_eq!(
                collider.is_occluded(origin, to),
                expected.is_some(),
                "occlusion agrees with the ray"
            );
        }
        assert!(hits > 300, "the rays test something: {hits} hits");
    }

    #[test]
    fn sweeps_and_contacts_agree_with_testing_every_triangle() {
        let (triangles, collider) = scattered(800);
        let mut state = 5;
        let mut touches = 0;
        for i in 0..800 {
            let center = random_point(&mut state, 14.0);
            let direction = random_point(&mut state, 2.0).normalize_or_zero();
            let radius = 0.05 + random(&mut state) * 0.4;
            let expected = triangles
                .iter()
                .filter_map(|t| t.sphere_distance(center, direction, radius, 5.0))
                .min_by(f32::total_cmp);
            let found = collider.cast_sphere(center, direction, radius, 5.0);
            assert_eq!(
                found.is_some(),
                expected.is_some(),
                "sphere {i} touches if any triangle is in its way"
            );
            if let (Some(hit), Some(expected)) = (found, expected) {
                touches += 1;
                assert!(
                    (hit.distance_m - expected).abs() <= 2.0 * TIE_M,
                    "sphere {i} stops at the first touch"
                );
            }
            let end = center + direction * 0.7;
            let mut contacts = Vec::new();
            collider.contacts(center, end, radius, &mut contacts);
            let near = triangles
                .iter()
                .filter(|t| {
                    let (a, b) = t.closest_to_segment(center, end);
                    a.distance(b) < radius
                })
                .count();
            assert_eq!(contacts.len(), near, "capsule {i} finds every neighbour");
            assert_eq!(
                collider.is_free(center, end, radius),
                near == 0,
                "capsule {i} is free when it has no contact"
            );
        }
        assert!(touches > 200, "the sweeps test something: {touches}");
    }

    #[test]
    fn senseless_questions_meet_nothing() {
        let (_, collider) = scattered(100);
        let nan = Vec3::NAN;
        assert!(
            collider.cast_ray(nan, Vec3::X, 5.0).is_none()
                && collider.cast_ray(Vec3::ZERO, Vec3::ZERO, 5.0).is_none()
                && collider.cast_ray(Vec3::ZERO, nan, 5.0).is_none()
                && collider.cast_ray(Vec3::ZERO, Vec3::X, f32::NAN).is_none()
                && collider.cast_sphere(nan, Vec3::X, 0.1, 5.0).is_none()
                && !collider.is_occluded(nan, Vec3::ZERO),
            "NaN and zero directions meet nothing"
        );
        let mut contacts = Vec::new();
        collider.contacts(nan, Vec3::ZERO, 1.0, &mut contacts);
        assert!(contacts.is_empty(), "a capsule at NaN touches nothing");
    }

    #[test]
    fn rays_down_grid_lines_find_the_floor() {
        let mut soup = Soup::default();
        let n = 33u32;
        let points: Vec<Vec3> = (0..n * n)
            .map(|i| Vec3::new((i % n) as f32 * 0.1, 0.0, (i / n) as f32 * 0.1))
            .collect();
        let mut triangles = Vec::new();
        for i in (0..(n - 1) * n).filter(|i| i % n != n - 1) {
            triangles.push([i, i + n, i + 1]);
            triangles.push([i + 1, i + n, i + n + 1]);
        }
        soup.add_triangles(&points, &triangles, true).unwrap();
        let collider = Fixed::build(soup);
        for point in points {
            let hit = collider.cast_ray(point + Vec3::Y * 0.7, Vec3::NEG_Y, 2.0);
            assert!(hit.is_some(), "a ray down onto vertex {point} is caught");
        }
    }
}
