//! Distances and sweeps between points, segments, spheres and triangles.
//!
//! Closest points follow C. Ericson, *Real-Time Collision Detection* (2005), sections
//! 5.1.5 and 5.1.9; the ray test is Möller and Trumbore's (1997) with a tolerance at the
//! edges, so that a ray through a shared edge never slips between two triangles.

use bevy::math::Vec3;

/// Three corners, counter-clockwise from the front.
#[derive(Debug, Clone, Copy)]
pub(super) struct Triangle {
    /// First corner.
    pub(super) a: Vec3,
    /// Second corner.
    pub(super) b: Vec3,
    /// Third corner.
    pub(super) c: Vec3,
}

/// Slack at triangle edges in barycentric units.
const EDGE_SLACK: f32 = 1e-5;

impl Triangle {
    /// Unit normal of the front; zero for a degenerate triangle.
    pub(super) fn normal(&self) -> Vec3 {
        (self.b - self.a).cross(self.c - self.a).normalize_or_zero()
    }

    /// Smallest and largest corner.
    pub(super) fn bounds(&self) -> (Vec3, Vec3) {
        (
            self.a.min(self.b).min(self.c),
            self.a.max(self.b).max(self.c),
        )
    }

    /// Distance along a ray to this triangle, hit from either side, if positive.
    pub(super) fn ray_distance(&self, origin: Vec3, direction: Vec3) -> Option<f32> {
        let (ab, ac) = (self.b - self.a, self.c - self.a);
        let p = direction.cross(ac);
        let det = ab.dot(p);
        if det == 0.0 {
            return None;
        }
        let inverse = 1.0 / det;
        let s = origin - self.a;
        let u = s.dot(p) * inverse;
        let q = s.cross(ab);
        let v = direction.dot(q) * inverse;
        let is_inside = u >= -EDGE_SLACK && v >= -EDGE_SLACK && u + v <= 1.0 + EDGE_SLACK;
        let t = ac.dot(q) * inverse;
        (is_inside && t >= 0.0 && t.is_finite()).then_some(t)
    }

    /// The point of the triangle nearest to `p`.
    pub(super) fn closest_to_point(&self, p: Vec3) -> Vec3 {
        let (ab, ac, ap) = (self.b - self.a, self.c - self.a, p - self.a);
        let (d1, d2) = (ab.dot(ap), ac.dot(ap));
        if d1 <= 0.0 && d2 <= 0.0 {
            return self.a;
        }
        let bp = p - self.b;
        let (d3, d4) = (ab.dot(bp), ac.dot(bp));
        if d3 >= 0.0 && d4 <= d3 {
            return self.b;
        }
        let vc = d1 * d4 - d3 * d2;
        if vc <= 0.0 && d1 >= 0.0 && d3 <= 0.0 && d1 > d3 {
            return self.a + ab * (d1 / (d1 - d3));
        }
        let cp = p - self.c;
        let (d5, d6) = (ab.dot(cp), ac.dot(cp));
        if d6 >= 0.0 && d5 <= d6 {
            return self.c;
        }
        let vb = d5 * d2 - d1 * d6;
        if vb <= 0.0 && d2 >= 0.0 && d6 <= 0.0 && d2 > d6 {
            return self.a + ac * (d2 / (d2 - d6));
        }
        let va = d3 * d6 - d5 * d4;
        if va <= 0.0 && d4 >= d3 && d5 >= d6 && (d4 - d3) + (d5 - d6) > 0.0 {
            return self.b + (self.c - self.b) * ((d4 - d3) / ((d4 - d3) + (d5 - d6)));
        }
        let sum = va + vb + vc;
        if sum <= 0.0 {
            return self.a;
        }
        self.a + ab * (vb / sum) + ac * (vc / sum)
    }

    /// The nearest points of a segment and this triangle, in that order.
    pub(super) fn closest_to_segment(&self, p: Vec3, q: Vec3) -> (Vec3, Vec3) {
        let along = q - p;
        if along.length_squared() > 0.0
            && let Some(t) = self.ray_distance(p, along)
            && t <= 1.0
        {
            let hit = p + along * t;
            return (hit, hit);
        }
        let mut best = (p, self.closest_to_point(p));
        let mut best_squared = best.0.distance_squared(best.1);
        let mut offer = |pair: (Vec3, Vec3)| {
            let squared = pair.0.distance_squared(pair.1);
            if squared < best_squared {
                (best, best_squared) = (pair, squared);
            }
        };
        offer((q, self.closest_to_point(q)));
        for (start, end) in self.edges() {
            offer(closest_between_segments(p, q, start, end));
        }
        best
    }

    /// How far a sphere travels along the unit `direction` until it touches this triangle
    /// from either side; zero when it overlaps at the start. `None` beyond `limit`.
    pub(super) fn sphere_distance(
        &self,
        center: Vec3,
        direction: Vec3,
        radius: f32,
        limit: f32,
    ) -> Option<f32> {
        if !may_touch_ball(self.bounds(), center, direction, radius, limit) {
            return None;
        }
        let normal = self.normal();
        let facing = if normal.dot(direction) > 0.0 {
            -normal
        } else {
            normal
        };
        let height = facing.dot(center - self.a);
        let approach = -facing.dot(direction);
        if height.abs() <= radius * 1.0001 {
            if self.closest_to_point(center).distance_squared(center) <= radius * radius {
                return Some(0.0);
            }
        } else if height < 0.0 {
            // Behind the plane and leaving it.
            return None;
        } else if height - radius > limit * approach {
            return None;
        }
        if approach > 1e-6 {
            let t = (height - radius) / approach;
            if t >= 0.0 {
                let touch = center + direction * t - facing * radius;
                let nearest = self.closest_to_point(touch);
                // A touch inside the face is the first touch there can be.
                if nearest.distance_squared(touch) <= 1e-8 * (1.0 + touch.length_squared()) {
                    return Some(t).filter(|t| *t <= limit);
                }
            }
        }
        self.edges()
            .into_iter()
            .filter_map(|(a, b)| ray_capsule_distance(center, direction, a, b, radius))
            .filter(|t| *t <= limit)
            .min_by(f32::total_cmp)
    }

    fn edges(&self) -> [(Vec3, Vec3); 3] {
        [(self.a, self.b), (self.b, self.c), (self.c, self.a)]
    }
}

/// False when a sphere that travels `limit` along the unit `direction` certainly stays
/// clear of the ball around a box: a quick test before an exact one.
#[inline(always)]
pub(super) fn may_touch_ball(
    (low, high): (Vec3, Vec3),
    center: Vec3,
    direction: Vec3,
    radius: f32,
    limit: f32,
) -> bool {
    let to_middle = (low + high) * 0.5 - center;
    let along = to_middle.dot(direction).max(0.0).min(limit);
    let gap = (to_middle - direction * along).length() - radius - 1e-4;
    gap <= 0.0 || gap * gap * 4.0 <= low.distance_squared(high)
}

/// The nearest points of two segments (Ericson, 5.1.9).
fn closest_between_segments(p1: Vec3, q1: Vec3, p2: Vec3, q2: Vec3) -> (Vec3, Vec3) {
    let (d1, d2, r) = (q1 - p1, q2 - p2, p1 - p2);
    let (a, e, f) = (d1.length_squared(), d2.length_squared(), d2.dot(r));
    if a <= f32::MIN_POSITIVE && e <= f32::MIN_POSITIVE {
        return (p1, p2);
    }
    if a <= f32::MIN_POSITIVE {
        return (p1, p2 + d2 * (f / e).clamp(0.0, 1.0));
    }
    let c = d1.dot(r);
    if e <= f32::MIN_POSITIVE {
        return (p1 + d1 * (-c / a).clamp(0.0, 1.0), p2);
    }
    let b = d1.dot(d2);
    let denominator = a * e - b * b;
    let mut s = if denominator > f32::EPSILON * a * e {
        ((b * f - c * e) / denominator).clamp(0.0, 1.0)
    } else {
        0.0
    };
    let mut t = (b * s + f) / e;
    if t < 0.0 {
        t = 0.0;
        s = (-c / a).clamp(0.0, 1.0);
    } else if t > 1.0 {
        t = 1.0;
        s = ((b - c) / a).clamp(0.0, 1.0);
    }
    (p1 + d1 * s, p2 + d2 * t)
}

/// Distance along a unit ray to the capsule around a segment, for a ray that starts
/// outside it.
fn ray_capsule_distance(
    origin: Vec3,
    direction: Vec3,
    a: Vec3,
    b: Vec3,
    radius: f32,
) -> Option<f32> {
    let axis = b - a;
    let from_a = origin - a;
    let axis_squared = axis.length_squared();
    let along = axis.dot(direction);
    let start = axis.dot(from_a);
    // The infinite cylinder: |from_a + t d - axis * (start + t along) / axis²| = radius.
    let qa = axis_squared - along * along;
    let qb = axis_squared * from_a.dot(direction) - start * along;
    let qc = axis_squared * (from_a.length_squared() - radius * radius) - start * start;
    let discriminant = qb * qb - qa * qc;
    if qa > 1e-7 * axis_squared && discriminant >= 0.0 {
        let t = (-qb - discriminant.sqrt()) / qa;
        let at = start + t * along;
        if t >= 0.0 && at > 0.0 && at < axis_squared {
            return Some(t);
        }
    }
    [a, b]
        .into_iter()
        .filter_map(|end| ray_sphere_distance(origin, direction, end, radius))
        .min_by(f32::total_cmp)
}

fn ray_sphere_distance(origin: Vec3, direction: Vec3, center: Vec3, radius: f32) -> Option<f32> {
    let from = origin - center;
    let b = from.dot(direction);
    let c = from.length_squared() - radius * radius;
    let discriminant = b * b - c;
    if discriminant < 0.0 {
        return None;
    }
    let t = -b - discriminant.sqrt();
    (t >= 0.0).then_some(t)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLOOR: Triangle = Triangle {
        a: Vec3::new(0.0, 0.0, 0.0),
        b: Vec3::new(0.0, 0.0, 2.0),
        c: Vec3::new(2.0, 0.0, 0.0),
    };

    #[test]
    fn rays_hit_both_sides_and_edges() {
        assert!(FLOOR.normal().y > 0.99, "the front of the floor looks up");
        let down = FLOOR.ray_distance(Vec3::new(0.5, 3.0, 0.5), Vec3::NEG_Y);
        assert_eq!(down, Some(3.0), "a ray from above hits after three metres");
        let up = FLOOR.ray_distance(Vec3::new(0.5, -1.0, 0.5), Vec3::Y);
        assert_eq!(up, Some(1.0), "a ray from below hits the back");
        let edge = FLOOR.ray_distance(Vec3::new(1.0, 1.0, 1.0), Vec3::NEG_Y);
        assert_eq!(edge, Some(1.0), "a ray onto an edge hits");
        let miss = FLOOR.ray_distance(Vec3::new(1.5, 1.0, 1.5), Vec3::NEG_Y);
        assert_eq!(miss, None, "a ray beyond the long edge misses");
    }

    #[test]
    fn closest_points_agree_with_brute_force() {
        let triangle = Triangle {
            a: Vec3::new(0.1, 0.4, -0.3),
            b: Vec3::new(1.2, -0.2, 0.5),
            c: Vec3::new(-0.4, 0.9, 1.1),
        };
        let (p, q) = (Vec3::new(0.9, 1.4, 0.2), Vec3::new(0.3, 1.1, 1.3));
        let (on_segment, on_triangle) = triangle.closest_to_segment(p, q);
        let mut least = f32::INFINITY;
        for i in 0..=60 {
            for j in 0..=(60 - i) {
                let (u, v) = (i as f32 / 60.0, j as f32 / 60.0);
                let point =
                    triangle.a + (triangle.b - triangle.a) * u + (triangle.c - triangle.a) * v;
                for k in 0..=60 {
                    least = least.min(p.lerp(q, k as f32 / 60.0).distance(point));
                }
            }
        }
        let exact = on_segment.distance(on_triangle);
        assert!(
            exact <= least + 1e-5 && least - exact < 0.02,
            "the exact distance {exact} lies just under the sampled {least}"
        );
    }

    #[test]
    fn a_sphere_stops_where_it_touches() {
        let face = FLOOR.sphere_distance(Vec3::new(0.5, 3.0, 0.5), Vec3::NEG_Y, 0.25, 9.0);
        assert!(
            (face.unwrap() - 2.75).abs() < 1e-5,
            "the face is met a radius early"
        );
        let edge = FLOOR.sphere_distance(Vec3::new(-0.15, 3.0, 0.5), Vec3::NEG_Y, 0.25, 9.0);
        assert!(
            (edge.unwrap() - 2.8).abs() < 1e-5,
            "the edge is met by the flank of the sphere"
        );
        let past = FLOOR.sphere_distance(Vec3::new(-0.3, 3.0, 0.5), Vec3::NEG_Y, 0.25, 9.0);
        assert_eq!(past, None, "a sphere beside the triangle passes");
        let away = FLOOR.sphere_distance(Vec3::new(0.5, 3.0, 0.5), Vec3::Y, 0.25, 9.0);
        assert_eq!(away, None, "a sphere that leaves never touches");
        let inside = FLOOR.sphere_distance(Vec3::new(0.5, 0.1, 0.5), Vec3::Y, 0.25, 9.0);
        assert_eq!(inside, Some(0.0), "an overlap is a touch at once");
    }
}
