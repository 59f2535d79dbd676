//! Spheres, vases, rooms and tunnels, from inside and outside.

use bevy::math::{DAffine3, DQuat, DVec3, Vec2, Vec3, ops};

use super::Orbit;
use crate::bake::model::{Indices, Mesh, Model, Node, Primitive};

const FOV_Y_RAD: f32 = 0.9;

/// A model of one node, visible.
fn model_of(positions: Vec<Vec3>, indices: Vec<u32>) -> Model {
    let primitive = Primitive {
        positions: positions.iter().map(Vec3::to_array).collect(),
        indices: Some(Indices::U32(indices)),
        ..Primitive::default()
    };
    Model {
        nodes: vec![Node {
            rotation: DQuat::IDENTITY,
            scale: DVec3::ONE,
            mesh: Some(0),
            is_visible: true,
            ..Node::default()
        }],
        meshes: vec![Mesh {
            name: None,
            primitives: vec![primitive],
        }],
        ..Model::default()
    }
}

/// A sheet of 48 by 24 cells bent by a function of two parts 0 to 1; `flip` turns fronts.
fn bent(
    positions: &mut Vec<Vec3>,
    indices: &mut Vec<u32>,
    flip: bool,
    f: impl Fn(f32, f32) -> Vec3,
) {
    let (n, m) = (48u32, 24u32);
    let base = positions.len() as u32;
    for j in 0..=m {
        for i in 0..=n {
            positions.push(f(i as f32 / n as f32, j as f32 / m as f32));
        }
    }
    for j in 0..m {
        for i in 0..n {
            let k = base + j * (n + 1) + i;
            for [a, b, c] in [[k, k + 1, k + n + 1], [k + 1, k + n + 2, k + n + 1]] {
                indices.extend(if flip { [a, c, b] } else { [a, b, c] });
            }
        }
    }
}

fn ball(u: f32, v: f32, radius: f32) -> Vec3 {
    let (theta, phi) = (u * core::f32::consts::TAU, v * core::f32::consts::PI);
    Vec3::new(
        ops::sin(phi) * ops::cos(theta),
        ops::cos(phi),
        ops::sin(phi) * ops::sin(theta),
    ) * radius
}

fn sphere(radius: f32, faces_in: bool) -> Model {
    let (mut positions, mut indices) = (Vec::new(), Vec::new());
    bent(&mut positions, &mut indices, faces_in, |u, v| {
        ball(u, v, radius)
    });
    model_of(positions, indices)
}

fn choose(model: &Model) -> Orbit {
    Orbit::around_model(model, DAffine3::IDENTITY, FOV_Y_RAD, 16.0 / 9.0)
        .expect("the model has triangles")
}

#[test]
fn a_sphere_is_seen_from_its_front_side() {
    let orbit = choose(&sphere(2.0, true));
    assert!(orbit.is_inside, "a sphere that faces inwards is a cave");
    assert!(
        orbit.pivot_in_world.length() < 1.0,
        "one stands well inside it, at {}",
        orbit.pivot_in_world
    );
    let orbit = choose(&sphere(2.0, false));
    assert!(!orbit.is_inside, "a sphere that faces outwards is a ball");
    for k in 0..12 {
        let pose = orbit.pose(k, 12);
        let gaze = pose.rotation() * Vec3::NEG_Z;
        let to_middle = -pose.eye_in_world.normalize_or_zero();
        assert!(
            gaze.distance(to_middle) < 1e-4,
            "pose {k} looks at the middle"
        );
        let distance = pose.eye_in_world.length();
        assert!(
            orbit.near_m < distance - 2.0 && orbit.far_m > distance + 2.0,
            "pose {k} cuts nothing: {orbit:?}"
        );
        let needed = 2.0 / ops::sin(FOV_Y_RAD * 0.5);
        assert!(
            distance > needed && distance < needed * 2.0,
            "pose {k} sees all of it, filling the picture: {distance} m"
        );
    }
    let tall = Orbit::around_bounds((Vec3::splat(-1.0), Vec3::ONE), FOV_Y_RAD, 0.5);
    let wide = Orbit::around_bounds((Vec3::splat(-1.0), Vec3::ONE), FOV_Y_RAD, 2.0);
    assert!(
        tall.distance_m > wide.distance_m * 1.5,
        "a tall picture needs more distance"
    );
}

#[test]
fn a_vase_is_looked_at_and_a_dome_entered() {
    // Two shells, open at the top by a fifth.
    let vessel = |radius: f32| {
        let (mut positions, mut indices) = (Vec::new(), Vec::new());
        bent(&mut positions, &mut indices, false, |u, v| {
            ball(u, 0.2 + v * 0.8, radius)
        });
        bent(&mut positions, &mut indices, true, |u, v| {
            ball(u, 0.2 + v * 0.8, radius * 0.95)
        });
        model_of(positions, indices)
    };
    assert!(
        !choose(&vessel(0.15)).is_inside,
        "a vase of thirty centimetres is looked at from outside"
    );
    assert!(
        choose(&vessel(5.0)).is_inside,
        "a dome of ten metres is entered"
    );
}

#[test]
fn a_room_of_twelve_triangles_and_a_bent_tunnel_are_entered() {
    let (low, high) = (Vec3::new(10.0, -1.0, 5.0), Vec3::new(16.0, 3.0, 14.0));
    let corner = |i: usize| {
        Vec3::new(
            if i & 1 == 0 { low.x } else { high.x },
            if i & 2 == 0 { low.y } else { high.y },
            if i & 4 == 0 { low.z } else { high.z },
        )
    };
    let positions: Vec<Vec3> = (0..8).map(corner).collect();
    // Outward sides of a box, turned around.
    let outward = [
        [0, 2, 1],
        [1, 2, 3],
        [4, 5, 6],
        [5, 7, 6],
        [0, 1, 4],
        [1, 5, 4],
        [2, 6, 3],
        [3, 6, 7],
        [0, 4, 2],
        [2, 4, 6],
        [1, 3, 5],
        [3, 7, 5],
    ];
    let indices = outward.iter().flat_map(|[a, b, c]| [*a, *c, *b]).collect();
    let orbit = choose(&model_of(positions, indices));
    assert!(orbit.is_inside, "a box that faces inwards is a room");
    let eye = orbit.pivot_in_world;
    assert!(
        (eye.y - 0.6).abs() < 0.2 && eye.cmpgt(low + 1.0).all() && eye.cmplt(high - 1.0).all(),
        "the eye is at its height above the floor, not at {eye}"
    );
    let gaze = orbit.pose(0, 8).rotation() * Vec3::NEG_Z;
    assert!(
        gaze.z.abs() > 0.8,
        "the first look is down the length of the room, not {gaze}"
    );
    // A quarter of a ring of rock around nothing: the middle of its box is outside it.
    let (mut positions, mut indices) = (Vec::new(), Vec::new());
    bent(&mut positions, &mut indices, false, |u, v| {
        let (turn, around) = (u * 1.5, v * core::f32::consts::TAU);
        let out = 12.0 + 1.5 * ops::cos(around);
        Vec3::new(
            out * ops::cos(turn),
            1.5 * ops::sin(around),
            out * ops::sin(turn),
        )
    });
    let mut faces_out = indices.clone();
    for triangle in faces_out.chunks_exact_mut(3) {
        triangle.swap(1, 2);
    }
    let in_tunnel = |eye: Vec3| {
        let out = Vec2::new(eye.x, eye.z).length() - 12.0;
        Vec2::new(out, eye.y).length() < 1.5
    };
    let orbits = [indices, faces_out].map(|indices| choose(&model_of(positions.clone(), indices)));
    let entered: Vec<_> = orbits.iter().filter(|orbit| orbit.is_inside).collect();
    assert_eq!(entered.len(), 1, "the tunnel is entered, the pipe is not");
    assert!(
        in_tunnel(entered[0].pivot_in_world),
        "one stands in the tunnel, at {}",
        entered[0].pivot_in_world
    );
}

#[test]
fn models_without_a_surface_have_no_camera() {
    let none = Orbit::around_model(&Model::default(), DAffine3::IDENTITY, 1.0, 1.0);
    assert!(none.is_none(), "an empty model has no camera");
    let bad = model_of(
        vec![Vec3::NAN, Vec3::X, Vec3::Y, Vec3::Z],
        vec![0, 1, 2, 1, 1, 2, 1, 2, 99],
    );
    let none = Orbit::around_model(&bad, DAffine3::IDENTITY, f32::NAN, f32::NAN);
    assert!(
        none.is_none(),
        "NaN, flat and wild triangles are no surface"
    );
}
