//! Triangles in one world frame, gathered from decoded models.

use bevy::math::{DAffine3, DVec3, Vec2, Vec3};

use super::{CollideError, Part, PartId, Surface, geometry::Triangle};
use crate::bake::area::is_inside;
use crate::bake::model::{Indices, Model, Node, Primitive, Topology};

/// No more triangles than this go into one collider (a third of a terabyte of scan).
pub const MAX_TRIANGLES: usize = 1 << 28;
/// Coordinates beyond this many metres from the origin are dropped: single precision
/// would place them to no better than a millimetre per kilometre anyway.
const MAX_COORDINATE_M: f32 = 1.0e6;

/// Triangles on their way into a [`super::Collider`], in the exhibit's frame, metres.
#[derive(Debug, Clone, Default)]
pub struct Soup {
    pub(super) positions: Vec<[f32; 3]>,
    pub(super) triangles: Vec<[u32; 3]>,
    pub(super) parts: Vec<Part>,
    dropped: usize,
    models: u32,
}

impl Soup {
    /// Adds what `filter` lets collide of a model, placed by `world_from_model`.
    ///
    /// Positions are transformed in f64 and rounded once. Mirrored nodes keep their front
    /// faces. Degenerate and non-finite triangles are dropped and counted. Nodes that the
    /// file hides are offered to the filter like all others.
    ///
    /// # Errors
    /// [`CollideError::TooManyTriangles`], before anything is allocated for this model.
    pub fn add_model(
        &mut self,
        model: &Model,
        world_from_model: DAffine3,
        filter: impl Fn(usize, &Node) -> Surface,
    ) -> Result<(), CollideError> {
        let worlds = world_transforms(model, world_from_model);
        let mut wanted = Vec::new();
        let mut total = self.triangles.len();
        let mut vertices = self.positions.len();
        for (index, node) in model.nodes.iter().enumerate() {
            let world = worlds[index];
            let surface = filter(index, node);
            let Some(mesh) = node.mesh.and_then(|mesh| model.meshes.get(mesh)) else {
                continue;
            };
            if !surface.collides {
                continue;
            }
            for primitive in &mesh.primitives {
                if primitive.topology == Topology::Triangles {
                    total = total.saturating_add(index_count(primitive) / 3);
                    vertices = vertices.saturating_add(primitive.positions.len());
                    wanted.push((index, world, primitive, surface));
                }
            }
        }
        if total > MAX_TRIANGLES || vertices > MAX_TRIANGLES * 3 {
            return Err(CollideError::TooManyTriangles { count: total });
        }
        self.positions
            .reserve_exact(vertices - self.positions.len());
        self.triangles.reserve_exact(total - self.triangles.len());
        for (index, world, primitive, surface) in wanted {
            let id = PartId {
                model: self.models,
                node: u32::try_from(index).unwrap_or(u32::MAX),
            };
            self.add_primitive(id, surface, world, primitive);
        }
        self.models += 1;
        Ok(())
    }

    /// Adds bare triangles in world coordinates as one part of their own model.
    ///
    /// # Errors
    /// [`CollideError::TooManyTriangles`].
    pub fn add_triangles(
        &mut self,
        positions: &[Vec3],
        triangles: &[[u32; 3]],
        is_walkable: bool,
    ) -> Result<PartId, CollideError> {
        let total = self.triangles.len().saturating_add(triangles.len());
        if total > MAX_TRIANGLES || positions.len() > MAX_TRIANGLES * 3 - self.positions.len() {
            return Err(CollideError::TooManyTriangles { count: total });
        }
        let id = PartId {
            model: self.models,
            node: 0,
        };
        let base = self.begin_part(id, is_walkable);
        self.triangles.reserve_exact(triangles.len());
        self.positions.extend(positions.iter().map(Vec3::to_array));
        for &corners in triangles {
            self.push(base, corners);
        }
        self.models += 1;
        Ok(id)
    }

    /// Level area of walkable triangles that face up, with their middles within an outline
    /// seen from above, (x, z), and between two heights; square metres.
    pub fn floor_area_m2(&self, outline: &[Vec2], low_m: f32, high_m: f32) -> f32 {
        let (min, max) = outline.iter().fold(
            (Vec2::INFINITY, Vec2::NEG_INFINITY),
            |(min, max), corner| (min.min(*corner), max.max(*corner)),
        );
        let mut area_m2 = 0.0;
        for (index, part) in self.parts.iter().enumerate() {
            if !part.is_walkable {
                continue;
            }
            let end = self.parts.get(index + 1);
            let end = end.map_or(u32::MAX, |next| next.first_vertex);
            // Triangles lie in the order of their parts.
            let from = |vertex: u32| self.triangles.partition_point(|own| own[0] < vertex);
            for corners in &self.triangles[from(part.first_vertex)..from(end)] {
                let [a, b, c] = corners.map(|corner| Vec3::from(self.positions[corner as usize]));
                let middle = (a + b + c) / 3.0;
                let seen = Vec2::new(middle.x, middle.z);
                let is_near = middle.y >= low_m
                    && middle.y <= high_m
                    && seen.cmpge(min).all()
                    && seen.cmple(max).all();
                let up = (b - a).cross(c - a);
                if is_near && up.y > 0.5 * up.length() && is_inside(outline, seen) {
                    area_m2 += up.y * 0.5;
                }
            }
        }
        area_m2
    }

    /// Triangles kept so far.
    pub fn triangle_count(&self) -> usize {
        self.triangles.len()
    }

    /// Degenerate, non-finite or broken triangles that were left out.
    pub fn dropped_count(&self) -> usize {
        self.dropped
    }

    fn add_primitive(
        &mut self,
        id: PartId,
        surface: Surface,
        world: DAffine3,
        primitive: &Primitive,
    ) {
        let base = self.begin_part(id, surface.is_walkable);
        self.positions.extend(primitive.positions.iter().map(|p| {
            world
                .transform_point3(DVec3::from(Vec3::from(*p)))
                .as_vec3()
                .to_array()
        }));
        let is_mirrored = world.matrix3.determinant() < 0.0;
        for i in 0..index_count(primitive) / 3 {
            let [a, b, c] = triangle_indices(primitive, i);
            self.push(base, if is_mirrored { [a, c, b] } else { [a, b, c] });
        }
    }

    fn begin_part(&mut self, id: PartId, is_walkable: bool) -> u32 {
        let first_vertex = u32::try_from(self.positions.len())
            .expect("the vertex limit of a soup lies under u32::MAX");
        self.parts.push(Part {
            id,
            first_vertex,
            is_walkable,
        });
        first_vertex
    }

    /// Takes one triangle whose corners count from vertex `base`, if it is sound.
    fn push(&mut self, base: u32, corners: [u32; 3]) {
        let corners = corners.map(|corner| corner.saturating_add(base));
        let points = corners.map(|corner| {
            let position = self.positions.get(corner as usize);
            position.map_or(Vec3::NAN, |p| Vec3::from(*p))
        });
        let is_near = points
            .iter()
            .all(|p| p.is_finite() && p.abs().max_element() <= MAX_COORDINATE_M);
        let triangle = Triangle {
            a: points[0],
            b: points[1],
            c: points[2],
        };
        if is_near && triangle.normal() != Vec3::ZERO {
            self.triangles.push(corners);
        } else {
            self.dropped += 1;
        }
    }
}

/// World transforms of all nodes of a model placed by `world_from_model`, in f64.
pub(crate) fn world_transforms(model: &Model, world_from_model: DAffine3) -> Vec<DAffine3> {
    let mut worlds: Vec<DAffine3> = Vec::with_capacity(model.nodes.len());
    for node in &model.nodes {
        let local =
            DAffine3::from_scale_rotation_translation(node.scale, node.rotation, node.translation);
        let parent = node.parent.and_then(|parent| worlds.get(parent));
        worlds.push(*parent.unwrap_or(&world_from_model) * local);
    }
    worlds
}

/// The vertices of the triangle numbered `i` of a triangle list of at least `3 * i + 3`
/// indices; they may lie beyond the positions of a broken file.
pub(crate) fn triangle_indices(primitive: &Primitive, i: usize) -> [u32; 3] {
    [0, 1, 2].map(|k| match &primitive.indices {
        None => u32::try_from(3 * i + k).unwrap_or(u32::MAX),
        Some(Indices::U16(values)) => u32::from(values[3 * i + k]),
        Some(Indices::U32(values)) => values[3 * i + k],
    })
}

/// Indices of a primitive; three make a triangle.
pub(crate) fn index_count(primitive: &Primitive) -> usize {
    match &primitive.indices {
        None => primitive.positions.len(),
        Some(Indices::U16(values)) => values.len(),
        Some(Indices::U32(values)) => values.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bake::model::Mesh;
    use bevy::math::DQuat;

    fn model_of(primitive: Primitive, nodes: Vec<Node>) -> Model {
        Model {
            nodes,
            meshes: vec![Mesh {
                name: None,
                primitives: vec![primitive],
            }],
            ..Model::default()
        }
    }

    fn node(parent: Option<usize>, translation: DVec3, scale: DVec3) -> Node {
        Node {
            parent,
            translation,
            rotation: DQuat::IDENTITY,
            scale,
            mesh: Some(0),
            ..Node::default()
        }
    }

    const WALK: Surface = Surface {
        collides: true,
        is_walkable: true,
    };

    #[test]
    fn survey_coordinates_are_rebased_before_rounding() {
        let primitive = Primitive {
            positions: vec![[0.0, 0.0, 0.0], [0.001, 0.0, 0.0], [0.0, 0.0, -0.001]],
            ..Primitive::default()
        };
        let far = DVec3::new(400_000.0, 0.0, 5_000_000.25);
        let model = model_of(primitive, vec![node(None, far, DVec3::ONE)]);
        let mut soup = Soup::default();
        soup.add_model(&model, DAffine3::from_translation(-far), |_, _| WALK)
            .unwrap();
        assert_eq!(
            soup.positions[1],
            [0.001, 0.0, 0.0],
            "a millimetre survives 5000 km of offset"
        );
    }

    #[test]
    fn broken_triangles_are_dropped_and_fronts_kept() {
        let primitive = Primitive {
            positions: vec![
                [0.0; 3],
                [1.0, 0.0, 0.0],
                [0.0, 0.0, -1.0],
                [f32::NAN, 0.0, 0.0],
                [2.0, 0.0, 0.0],
            ],
            indices: Some(Indices::U16(vec![
                0, 1, 2, 0, 1, 3, 0, 1, 4, 0, 0, 1, 0, 1, 9, 7,
            ])),
            ..Primitive::default()
        };
        let mirrored = node(Some(0), DVec3::ZERO, DVec3::new(-1.0, 1.0, 1.0));
        let model = model_of(primitive, vec![node(None, DVec3::Y, DVec3::ONE), mirrored]);
        let mut soup = Soup::default();
        soup.add_model(&model, DAffine3::IDENTITY, |_, _| WALK)
            .unwrap();
        assert_eq!(soup.triangle_count(), 2, "one sound triangle a node stays");
        assert_eq!(soup.dropped_count(), 8, "NaN, flat, twice-used and wild go");
        for corners in &soup.triangles {
            let [a, b, c] = corners.map(|i| Vec3::from(soup.positions[i as usize]));
            let normal = Triangle { a, b, c }.normal();
            assert!(
                normal.y > 0.9 && a.y == 1.0,
                "both floors look up, the mirrored one too, at their parent's height"
            );
        }
    }

    #[test]
    fn a_bomb_of_instances_is_refused() {
        let positions = vec![[0.0; 3]; 3];
        let primitive = Primitive {
            positions,
            indices: Some(Indices::U16(vec![0; 300_000])),
            ..Primitive::default()
        };
        let nodes = (0..3000)
            .map(|_| node(None, DVec3::ZERO, DVec3::ONE))
            .collect();
        let mut soup = Soup::default();
        let result = soup.add_model(&model_of(primitive, nodes), DAffine3::IDENTITY, |_, _| WALK);
        assert!(
            matches!(result, Err(CollideError::TooManyTriangles { count }) if count == 300_000_000),
            "three hundred million triangles are refused by count"
        );
        assert_eq!(soup.triangles.capacity(), 0, "nothing was allocated for it");
    }
}
