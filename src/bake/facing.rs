//! Where a surface is and which way it faces, roughly: what a sign before it needs to know.

use bevy::math::{DAffine3, Vec3};

use super::{
    collide::{index_count, triangle_indices, world_transforms},
    model::{Material, Model, Topology},
};

/// So many triangles of a part tell enough of it.
const SAMPLES: usize = 4096;

/// A surface as seen from afar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Facing {
    /// Middle of its area, in world.
    pub middle: Vec3,
    /// Mean of its normals by area, in world: of length 1 where all of it faces one way, 0 where it
    /// faces all around.
    pub normal: Vec3,
    /// Its area.
    pub area_m2: f32,
}

/// How the parts of a placed model face that `is_wanted` (index of the node, material) names;
/// `None` where they have no area.
pub fn facing(
    model: &Model,
    world_from_model: DAffine3,
    is_wanted: impl Fn(usize, Option<&Material>) -> bool,
) -> Option<Facing> {
    let worlds = world_transforms(model, world_from_model);
    let (mut middle, mut normal, mut area) = (Vec3::ZERO, Vec3::ZERO, 0.0_f32);
    for (index, node) in model.nodes.iter().enumerate() {
        let mesh = node.mesh.and_then(|mesh| model.meshes.get(mesh));
        for part in mesh.iter().flat_map(|mesh| &mesh.primitives) {
            let material = part.material.and_then(|own| model.materials.get(own));
            if part.topology != Topology::Triangles || !is_wanted(index, material) {
                continue;
            }
            let corner = |vertex: u32| {
                let at = part.positions.get(vertex as usize)?;
                let at = worlds[index].transform_point3(Vec3::from(*at).as_dvec3());
                Some(at.as_vec3())
            };
            let count = index_count(part) / 3;
            let step = count.div_ceil(SAMPLES).max(1);
            for triangle in (0..count).step_by(step) {
                let [Some(a), Some(b), Some(c)] = triangle_indices(part, triangle).map(corner)
                else {
                    continue;
                };
                // Each stands for those that are passed over.
                let own = (b - a).cross(c - a) * (0.5 * step as f32);
                let own_area = own.length();
                if own_area.is_finite() {
                    middle += (a + b + c) / 3.0 * own_area;
                    normal += own;
                    area += own_area;
                }
            }
        }
    }
    (area > 0.0).then(|| Facing {
        middle: middle / area,
        normal: normal / area,
        area_m2: area,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bake::model::{Mesh, Node, Primitive};
    use bevy::math::{DQuat, DVec3};

    /// A wall of 4 x 3 metres that faces +z, and a box's worth of floor that is not asked for.
    fn model() -> Model {
        let quad = |corners: [[f32; 3]; 4], material: usize| Primitive {
            positions: [0, 1, 2, 0, 2, 3].map(|i: usize| corners[i]).to_vec(),
            material: Some(material),
            ..Primitive::default()
        };
        let wall = [
            [-2.0, 0.0, 0.0],
            [2.0, 0.0, 0.0],
            [2.0, 3.0, 0.0],
            [-2.0, 3.0, 0.0],
        ];
        let floor = [
            [-9.0, 0.0, 9.0],
            [9.0, 0.0, 9.0],
            [9.0, 0.0, 0.0],
            [-9.0, 0.0, 0.0],
        ];
        let named = |name: &str| Material {
            name: Some(name.to_owned()),
            ..Material::default()
        };
        Model {
            nodes: vec![Node {
                mesh: Some(0),
                scale: DVec3::ONE,
                ..Node::default()
            }],
            meshes: vec![Mesh {
                primitives: vec![quad(wall, 0), quad(floor, 1)],
                ..Mesh::default()
            }],
            materials: vec![named("wall"), named("floor")],
            ..Model::default()
        }
    }

    #[test]
    fn a_wall_faces_the_room_where_it_is_placed() {
        let turned = DAffine3::from_rotation_translation(
            DQuat::from_rotation_y(std::f64::consts::FRAC_PI_2),
            DVec3::X,
        );
        let is_wall = |_: usize, material: Option<&Material>| {
            material.is_some_and(|own| own.name.as_deref() == Some("wall"))
        };
        let found = facing(&model(), turned, is_wall).expect("the wall has an area");
        assert!(found.middle.abs_diff_eq(Vec3::new(1.0, 1.5, 0.0), 1e-4));
        assert!(found.normal.abs_diff_eq(Vec3::X, 1e-4), "{}", found.normal);
        assert!((found.area_m2 - 12.0).abs() < 1e-3);
        let nothing = facing(&model(), turned, |_, _| false);
        assert_eq!(nothing, None, "what is not there faces nowhere");
    }
}
