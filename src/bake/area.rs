//! Parts of models that can be pointed at: an area of a painted surface, or a named node.
//!
//! Of a model only the triangles under such a part are kept, with their texture coordinates:
//! a scan of ten million triangles costs no more than its hotspots cover. A ray finds its
//! triangle in a tree of their own, the triangle its texture coordinates, and those say
//! whether the ray is inside ([`Patch::hit`]).

mod glow;
mod region;

pub use glow::Glow;
pub(crate) use region::is_inside;
pub use region::{Mask, Region};

use super::{
    collide::{Collider, Soup, index_count, triangle_indices, world_transforms},
    model::{Model, Primitive, Topology},
};
use bevy::math::{DAffine3, DVec3, Vec2, Vec3};
use std::collections::BTreeMap;

/// More triangles than this make a node a ball: its parts need not be told apart.
const NODE_TRIANGLES_MAX: usize = 400_000;
/// Most samples along an edge of a triangle, where its middle and size are measured.
const SAMPLES_MAX: usize = 24;
/// Points of a part among which some are chosen that lie far from each other.
const SPREAD_MAX: usize = 4096;

/// The triangles of a part, in world.
#[derive(Debug, Clone)]
pub struct Patch {
    /// Corners, metres.
    pub positions: Vec<Vec3>,
    /// Unit normals at the corners.
    pub normals: Vec<Vec3>,
    /// Texture coordinates at the corners; (0, 0) is the top left.
    pub uvs: Vec<Vec2>,
    /// Three corners each; empty where only the ball is known.
    pub triangles: Vec<[u32; 3]>,
    /// What of the texture counts.
    pub region: Region,
    /// A point of the part near its middle.
    pub center: Vec3,
    /// How far the part reaches from there, metres.
    pub radius_m: f32,
    /// Metres that a step of 1 along u, and along v, goes, about.
    pub metres_per_uv: Vec2,
    collider: Collider,
}

/// Where a ray meets a part.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PatchHit {
    /// Along the ray, metres.
    pub distance_m: f32,
    /// Where, in world.
    pub point: Vec3,
    /// Where in the texture.
    pub uv: Vec2,
}

impl Patch {
    /// Cuts a part out of a model: of the primitives that `chooses` names (by index of node),
    /// what `region` may cover. `None` where nothing is left.
    pub fn cut(
        model: &Model,
        world_from_model: DAffine3,
        region: Region,
        chooses: impl Fn(usize, &Primitive) -> bool,
    ) -> Option<Self> {
        let worlds = world_transforms(model, world_from_model);
        let mut cutting = Cutting::default();
        for (index, node) in model.nodes.iter().enumerate() {
            let mesh = node.mesh.and_then(|mesh| model.meshes.get(mesh));
            for primitive in mesh.iter().flat_map(|mesh| &mesh.primitives) {
                if primitive.topology == Topology::Triangles && chooses(index, primitive) {
                    let uv = UvOf::new(model, primitive);
                    cutting.add(primitive, &uv, worlds[index], &region);
                }
            }
        }
        cutting.finish(region)
    }

    /// A place that has no triangles.
    pub fn ball(center: Vec3, radius_m: f32) -> Self {
        Self {
            positions: Vec::new(),
            normals: Vec::new(),
            uvs: Vec::new(),
            triangles: Vec::new(),
            region: Region::Whole,
            center,
            radius_m,
            metres_per_uv: Vec2::ONE,
            collider: Collider::default(),
        }
    }

    /// Where a ray first meets the part, at most `max_m` along it.
    pub fn hit(&self, from: Vec3, direction: Vec3, max_m: f32) -> Option<PatchHit> {
        let hit = self.collider.cast_ray(from, direction, max_m)?;
        let corners = hit.corners.map(|corner| corner as usize);
        let [a, b, c] = corners.map(|corner| self.positions[corner]);
        let [u, v, w] = shares(hit.point, a, b, c);
        let uv = self.uvs[corners[0]] * u + self.uvs[corners[1]] * v + self.uvs[corners[2]] * w;
        self.region.holds(uv).then_some(PatchHit {
            distance_m: hit.distance_m,
            point: hit.point,
            uv,
        })
    }

    /// How large the part is, m², and points all over it, `count` at most, its middle first: each
    /// as far as can be from those before it.
    pub fn spread(&self, count: usize) -> (f32, Vec<Vec3>) {
        let shape = Triangles {
            positions: &self.positions,
            uvs: &self.uvs,
            triangles: &self.triangles,
        };
        let (mut area_m2, mut all) = (0.0, Vec::new());
        sample(shape, &self.region, |point, area| {
            area_m2 += area;
            all.push(point);
        });
        // A few thousand are enough to choose from.
        let step = all.len().div_ceil(SPREAD_MAX).max(1);
        let all: Vec<Vec3> = all.into_iter().step_by(step).collect();
        let mut points = vec![self.center];
        let mut off: Vec<f32> = vec![f32::INFINITY; all.len()];
        while points.len() < count {
            let last = points[points.len() - 1];
            let mut farthest = (0.0, None);
            for (point, off) in all.iter().zip(&mut off) {
                *off = off.min(point.distance_squared(last));
                if *off > farthest.0 {
                    farthest = (*off, Some(*point));
                }
            }
            let Some(point) = farthest.1 else { break };
            points.push(point);
        }
        (area_m2, points)
    }

    /// Heap memory held, in bytes.
    pub fn memory_bytes(&self) -> usize {
        self.collider.memory_bytes()
            + (self.positions.capacity() + self.normals.capacity()) * size_of::<Vec3>()
            + self.uvs.capacity() * size_of::<Vec2>()
            + self.triangles.capacity() * size_of::<[u32; 3]>()
    }
}

/// How much of a triangle's corners a point in its plane is.
fn shares(point: Vec3, a: Vec3, b: Vec3, c: Vec3) -> [f32; 3] {
    let (ab, ac, ap) = (b - a, c - a, point - a);
    let normal = ab.cross(ac);
    let whole = normal.length_squared();
    if whole <= 0.0 {
        return [1.0, 0.0, 0.0];
    }
    let v = ap.cross(ac).dot(normal) / whole;
    let w = ab.cross(ap).dot(normal) / whole;
    [1.0 - v - w, v, w]
}

/// Texture coordinates as the primitive's material reads them.
struct UvOf<'a> {
    uvs: &'a [[f32; 2]],
    rows: [[f32; 3]; 2],
}

impl<'a> UvOf<'a> {
    fn new(model: &'a Model, primitive: &'a Primitive) -> Self {
        let texture = primitive
            .material
            .and_then(|material| model.materials.get(material))
            .and_then(|material| material.base_color_texture.as_ref());
        let uvs = match texture {
            Some(texture) if texture.uv_set == 1 => &primitive.uv1,
            _ => &primitive.uv0,
        };
        Self {
            uvs,
            rows: texture.map_or([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]], |texture| {
                texture.uv_transform
            }),
        }
    }

    fn at(&self, vertex: usize) -> Option<Vec2> {
        let uv = Vec2::from_array(*self.uvs.get(vertex)?).extend(1.0);
        let [u, v] = self.rows.map(|row| Vec3::from_array(row).dot(uv));
        Some(Vec2::new(u, v)).filter(|uv| uv.is_finite())
    }
}

#[derive(Default)]
struct Cutting {
    positions: Vec<Vec3>,
    normals: Vec<Vec3>,
    uvs: Vec<Vec2>,
    triangles: Vec<[u32; 3]>,
    is_too_large: bool,
}

impl Cutting {
    fn add(&mut self, primitive: &Primitive, uv: &UvOf<'_>, world: DAffine3, region: &Region) {
        let needs_uv = *region != Region::Whole;
        let mut known: BTreeMap<u32, u32> = BTreeMap::new();
        let normals_to_world = world.matrix3.inverse().transpose();
        for triangle in 0..index_count(primitive) / 3 {
            let corners = triangle_indices(primitive, triangle);
            let uvs = corners.map(|corner| uv.at(corner as usize));
            if needs_uv {
                let [Some(a), Some(b), Some(c)] = uvs else {
                    continue;
                };
                if !region.may_meet(a.min(b).min(c), a.max(b).max(c)) {
                    continue;
                }
            }
            if corners
                .iter()
                .any(|corner| *corner as usize >= primitive.positions.len())
            {
                continue;
            }
            let taken = [0, 1, 2].map(|at| {
                *known.entry(corners[at]).or_insert_with(|| {
                    let vertex = corners[at] as usize;
                    let local = DVec3::from(Vec3::from(primitive.positions[vertex]));
                    self.positions.push(world.transform_point3(local).as_vec3());
                    let normal = primitive.normals.get(vertex).map_or(DVec3::ZERO, |own| {
                        normals_to_world * DVec3::from(Vec3::from(*own))
                    });
                    self.normals.push(normal.as_vec3().normalize_or_zero());
                    self.uvs.push(uvs[at].unwrap_or_default());
                    (self.positions.len() - 1) as u32
                })
            });
            self.triangles.push(taken);
        }
        self.is_too_large |= !needs_uv && self.triangles.len() > NODE_TRIANGLES_MAX;
    }

    fn finish(mut self, region: Region) -> Option<Patch> {
        let (center, radius_m) = self.middle(&region)?;
        let metres_per_uv = self.metres_per_uv();
        if self.is_too_large {
            self = Self::default();
        }
        let mut soup = Soup::default();
        // More triangles than a collider takes: the ball is left.
        if soup
            .add_triangles(&self.positions, &self.triangles, false)
            .is_err()
        {
            self = Self::default();
        }
        Some(Patch {
            collider: Collider::build(soup),
            positions: self.positions,
            normals: self.normals,
            uvs: self.uvs,
            triangles: self.triangles,
            region,
            center,
            radius_m,
            metres_per_uv,
        })
    }

    /// A point of the part near its middle, and how far the part reaches from there.
    fn middle(&self, region: &Region) -> Option<(Vec3, f32)> {
        let mut sum = Vec3::ZERO;
        let mut weights = 0.0;
        sample(self.shape(), region, |point, weight| {
            sum += point * weight;
            weights += weight;
        });
        if weights <= 0.0 {
            return None;
        }
        let middle = sum / weights;
        let mut center = middle;
        let mut nearest = f32::INFINITY;
        sample(self.shape(), region, |point, _| {
            let distance = point.distance_squared(middle);
            if distance < nearest {
                (center, nearest) = (point, distance);
            }
        });
        let mut radius_m = 0.0_f32;
        sample(self.shape(), region, |point, _| {
            radius_m = radius_m.max(point.distance(center));
        });
        Some((center, radius_m.max(0.02)))
    }

    fn shape(&self) -> Triangles<'_> {
        Triangles {
            positions: &self.positions,
            uvs: &self.uvs,
            triangles: &self.triangles,
        }
    }

    /// How far along the rock a step in the texture goes, weighted by area.
    fn metres_per_uv(&self) -> Vec2 {
        let mut sum = Vec2::ZERO;
        let mut weights = 0.0;
        for corners in &self.triangles {
            let corners = corners.map(|corner| corner as usize);
            let [a, b, c] = corners.map(|corner| self.positions[corner]);
            let [ua, ub, uc] = corners.map(|corner| self.uvs[corner]);
            let (e1, e2, d1, d2) = (b - a, c - a, ub - ua, uc - ua);
            let determinant = d1.perp_dot(d2);
            if determinant.abs() < 1e-12 {
                continue;
            }
            let along_u = (e1 * d2.y - e2 * d1.y) / determinant;
            let along_v = (e2 * d1.x - e1 * d2.x) / determinant;
            let area = e1.cross(e2).length();
            sum += Vec2::new(along_u.length(), along_v.length()) * area;
            weights += area;
        }
        if weights > 0.0 {
            sum / weights
        } else {
            Vec2::ONE
        }
    }
}

/// Triangles with texture coordinates.
#[derive(Clone, Copy)]
struct Triangles<'a> {
    positions: &'a [Vec3],
    uvs: &'a [Vec2],
    triangles: &'a [[u32; 3]],
}

/// Points inside, with the area in m² that each stands for.
fn sample(shape: Triangles<'_>, region: &Region, mut take: impl FnMut(Vec3, f32)) {
    let (low, high) = region.bounds();
    let size = (high - low).max(Vec2::splat(1e-6));
    for corners in shape.triangles {
        let corners = corners.map(|corner| corner as usize);
        let [a, b, c] = corners.map(|corner| shape.positions[corner]);
        let [ua, ub, uc] = corners.map(|corner| shape.uvs[corner]);
        let area = (b - a).cross(c - a).length() * 0.5;
        let extent = (ua.max(ub).max(uc) - ua.min(ub).min(uc)) / size;
        let wanted = (extent.max_element() * 12.0).ceil();
        let steps = if *region == Region::Whole || !wanted.is_finite() {
            1
        } else {
            (wanted as usize).clamp(1, SAMPLES_MAX)
        };
        let share = area / (steps * steps) as f32;
        for i in 0..steps {
            for j in 0..steps - i {
                let at = |di: f32, dj: f32| {
                    let (u, v) = (
                        (i as f32 + di) / steps as f32,
                        (j as f32 + dj) / steps as f32,
                    );
                    if region.holds(ua + (ub - ua) * u + (uc - ua) * v) {
                        Some(a + (b - a) * u + (c - a) * v)
                    } else {
                        None
                    }
                };
                // The two small triangles of a cell; the last cell of a row has one.
                if let Some(point) = at(1.0 / 3.0, 1.0 / 3.0) {
                    take(point, share);
                }
                if j + 1 < steps - i
                    && let Some(point) = at(2.0 / 3.0, 2.0 / 3.0)
                {
                    take(point, share);
                }
            }
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
