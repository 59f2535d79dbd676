//! A model seen as some thousand points, evenly spread over its surface, each with its
//! normal: enough to tell a cave from a statue in milliseconds, without a tree.

use bevy::math::{DAffine3, DVec3, Vec3};

use crate::bake::collide::{index_count, triangle_indices, world_transforms};
use crate::bake::model::{Model, Primitive, Topology};

/// Points taken of a model.
const POINTS: usize = 8_000;
/// Of larger models only every so-manieth triangle is looked at.
const TRIANGLES: usize = 200_000;

/// A point of the surface.
#[derive(Debug, Clone, Copy)]
pub(super) struct SurfacePoint {
    pub(super) position: Vec3,
    /// Unit, on the front side.
    pub(super) normal: Vec3,
}

/// Points spread evenly over the triangles of a placed model, and the bounds of all its
/// vertices that triangles could use. `None` when it has no surface.
pub(super) fn sample_surface(
    model: &Model,
    world_from_model: DAffine3,
) -> Option<(Vec<SurfacePoint>, (Vec3, Vec3))> {
    let worlds = world_transforms(model, world_from_model);
    let mut parts: Vec<(DAffine3, &Primitive)> = Vec::new();
    let mut total = 0usize;
    for (node, world) in model.nodes.iter().zip(worlds) {
        let mesh = node.mesh.and_then(|mesh| model.meshes.get(mesh));
        if !node.is_visible {
            continue;
        }
        for primitive in mesh.iter().flat_map(|mesh| &mesh.primitives) {
            if primitive.topology == Topology::Triangles && index_count(primitive) >= 3 {
                total = total.saturating_add(index_count(primitive) / 3);
                parts.push((world, primitive));
            }
        }
    }
    let stride = total.div_ceil(TRIANGLES).max(1);
    let triangles = Triangles {
        parts: &parts,
        stride,
    };
    let (mut low, mut high, mut area) = (Vec3::INFINITY, Vec3::NEG_INFINITY, 0.0f64);
    triangles.visit(|corners, twice_area| {
        for corner in corners {
            low = low.min(corner);
            high = high.max(corner);
        }
        area += f64::from(twice_area.length());
    });
    if area <= 0.0 || !area.is_finite() {
        return None;
    }
    // A point whenever another share of the area has gone by, spread over the triangle by
    // a sequence without gaps or clumps (M. Roberts, R2, 2018).
    let share = area / POINTS as f64;
    let (mut points, mut gone, mut next) = (Vec::with_capacity(POINTS + 1), 0.0, share * 0.5);
    triangles.visit(|[a, b, c], twice_area| {
        gone += f64::from(twice_area.length());
        while gone > next && points.len() <= POINTS {
            next += share;
            let k = points.len() as f64;
            let (mut u, mut v) = (
                (k * 0.754_877_666_2).fract() as f32,
                (k * 0.569_840_296_0).fract() as f32,
            );
            if u + v > 1.0 {
                (u, v) = (1.0 - u, 1.0 - v);
            }
            points.push(SurfacePoint {
                position: a + (b - a) * u + (c - a) * v,
                normal: twice_area.normalize_or_zero(),
            });
        }
    });
    Some((points, (low, high)))
}

struct Triangles<'a> {
    parts: &'a [(DAffine3, &'a Primitive)],
    stride: usize,
}

impl Triangles<'_> {
    /// Calls with the corners and the front normal, as long as twice the area, of every
    /// sound triangle looked at.
    fn visit(&self, mut look: impl FnMut([Vec3; 3], Vec3)) {
        let mut skipped = 0;
        for (world, primitive) in self.parts {
            let is_mirrored = world.matrix3.determinant() < 0.0;
            let count = index_count(primitive) / 3;
            let mut i = skipped;
            while i < count {
                let corners = triangle_indices(primitive, i).map(|index| {
                    let position = primitive.positions.get(index as usize);
                    let local = position.map_or(DVec3::NAN, |p| Vec3::from(*p).as_dvec3());
                    world.transform_point3(local).as_vec3()
                });
                let [a, b, c] = corners;
                let normal = (b - a).cross(c - a);
                if normal.is_finite() && a.is_finite() {
                    look(corners, if is_mirrored { -normal } else { normal });
                }
                i += self.stride;
            }
            skipped = i - count;
        }
    }
}
