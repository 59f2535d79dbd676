//! Survey coordinates, units and axes.

use bevy::math::DVec3;
use serde_json::json;

use super::make::{Glb, cube, cube_mesh};
use super::world_positions;
use crate::bake::model::Model;
use crate::bake::options::{Origin, ReadOptions, Up};

const SITE: DVec3 = DVec3::new(400_123.456_7, 812.25, -5_300_987.654_3);

fn read(glb: &Glb, options: &ReadOptions) -> Model {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    crate::bake::read_model(&glb.write(folder.path(), "x.glb"), options, &())
        .expect("the model is read")
}

fn at(origin: Origin) -> ReadOptions {
    ReadOptions {
        origin,
        ..ReadOptions::default()
    }
}

/// What the renderer would see after rounding each number to f32.
fn rendered(model: &Model) -> Vec<DVec3> {
    let mut rounded = model.clone();
    for node in &mut rounded.nodes {
        node.translation = node.translation.as_vec3().as_dvec3();
    }
    world_positions(&rounded)
}

fn assert_same_shape(far: &Model, near: &Model, why: &str) {
    let (far, near) = (rendered(far), rendered(near));
    assert_eq!(far.len(), near.len(), "{why}: the same vertices");
    for (i, (a, b)) in far.iter().zip(&near).enumerate() {
        let apart = (*a - far[0]) - (*b - near[0]);
        assert!(
            apart.length() < 1e-4,
            "{why}: vertex {i} is {} mm off",
            apart.length() * 1000.0
        );
        assert!(
            a.length() < 1000.0,
            "{why}: vertex {i} is near the origin: {a}"
        );
    }
}

/// Two cubes 3.3 m apart under a common parent.
fn two_cubes(parent: DVec3) -> Glb {
    let mut glb = Glb::new();
    let mesh = cube_mesh(&mut glb, [0.0; 3]);
    let a = glb.push(
        "nodes",
        json!({"mesh": mesh, "translation": [0.1, 0.2, 0.3]}),
    );
    let b = glb.push(
        "nodes",
        json!({"mesh": mesh, "translation": [3.4, 0.2, 0.3],
        "rotation": [0.0, 0.382_683_432_4, 0.0, 0.923_879_532_5]}),
    );
    glb.root(json!({"translation": parent.to_array(), "children": [a, b]}));
    glb
}

#[test]
fn a_far_node_is_brought_home_to_a_tenth_of_a_millimetre() {
    let near = read(&two_cubes(DVec3::ZERO), &at(Origin::File));
    for origin in [Origin::Auto, Origin::At(SITE.round())] {
        let far = read(&two_cubes(SITE), &at(origin));
        assert_same_shape(&far, &near, &format!("{origin:?}"));
        assert!(
            (far.origin - SITE).length() < 5.0,
            "the origin that was chosen is told: {}",
            far.origin
        );
        let first = rendered(&far)[0] + far.origin - SITE;
        let expected = rendered(&near)[0];
        assert!(
            (first - expected).length() < 1e-4,
            "the place in the survey can be told again: {first} and {expected}"
        );
    }
}

#[test]
fn far_vertices_under_a_contrary_node_need_no_origin() {
    // The vertices carry the survey's coordinates, the node takes them back. Whole metres
    // are exact in f32 out here.
    let center = [400_128.0_f32, 768.0, -5_300_992.0];
    let mut glb = Glb::new();
    let mesh = cube_mesh(&mut glb, center);
    glb.root(json!({"mesh": mesh, "translation": [-400_128.0, -768.0, 5_300_992.0]}));
    let far = read(&glb, &at(Origin::File));
    let mut glb = Glb::new();
    let mesh = cube_mesh(&mut glb, [0.0; 3]);
    glb.root(json!({"mesh": mesh}));
    let near = read(&glb, &at(Origin::File));
    assert_same_shape(&far, &near, "contrary node");
    assert_eq!(
        rendered(&far)[0],
        rendered(&near)[0],
        "it is in the same place, too"
    );
    assert!(
        far.meshes[0].primitives[0]
            .positions
            .iter()
            .flatten()
            .all(|v| v.abs() < 2.0),
        "the vertices themselves are near the mesh's origin"
    );
}

#[test]
fn far_frames_between_are_moved_and_children_and_lights_stay() {
    let build = |far: f64| {
        let mut glb = Glb::new();
        let mesh = cube_mesh(&mut glb, [0.0; 3]);
        let inner = glb.push(
            "nodes",
            json!({"mesh": mesh, "translation": [-far / 2.0 + 1.0, 0.0, 0.0],
                   "extensions": {"KHR_lights_punctual": {"light": 0}}}),
        );
        // Half a turn and double size between: the inner node comes back to the origin.
        glb.root(
            json!({"translation": [-far, 0.0, 0.0], "rotation": [0, 1, 0, 0],
            "scale": [2, 2, 2], "children": [inner]}),
        );
        glb.json["extensions"] = json!({"KHR_lights_punctual": {"lights": [{"type": "point"}]}});
        glb
    };
    let far = read(&build(400_000.0), &at(Origin::File));
    let near = read(&build(0.0), &at(Origin::File));
    assert_same_shape(&far, &near, "frames between");
    for node in &far.nodes {
        assert!(
            node.translation.length() < 1000.0,
            "no frame is left far away: {}",
            node.translation
        );
    }
}

#[test]
fn a_mesh_with_far_vertices_keeps_its_light_and_child_in_place() {
    let center = [500_000.0_f32, 0.0, 0.0];
    let mut glb = Glb::new();
    let (mesh, small) = (cube_mesh(&mut glb, center), cube_mesh(&mut glb, [0.0; 3]));
    let child = glb.push(
        "nodes",
        json!({"mesh": small, "translation": [500_002.0, 1.0, 0.0]}),
    );
    glb.root(json!({"mesh": mesh, "children": [child],
        "extensions": {"KHR_lights_punctual": {"light": 0}}}));
    glb.json["extensions"] = json!({"KHR_lights_punctual": {"lights": [{"type": "point"}]}});
    let model = read(&glb, &at(Origin::Auto));
    let world = super::super::rebase::world_from_nodes(&model.nodes);
    let places = rendered(&model);
    let apart = places[8 * 9 / 2] - places[0];
    assert!(
        apart.length() < 5.0,
        "mesh and child are still neighbours: {apart}"
    );
    let lit = model
        .nodes
        .iter()
        .position(|n| n.light.is_some())
        .expect("the light is still there");
    let light = world[lit].translation + model.origin;
    assert!(
        light.length() < 1e-6,
        "the light is where the file put it: {light}"
    );
}

#[test]
fn a_large_model_in_millimetres_is_not_taken_for_a_distant_one() {
    let (positions, indices) = cube([0.0, 0.5, 0.0]);
    let positions: Vec<[f32; 3]> = positions.iter().map(|p| p.map(|v| v * 4000.0)).collect();
    let mut glb = Glb::new();
    let positions = glb.positions(&positions);
    let indices = glb.accessor(&indices, 5123, "SCALAR", false);
    let mesh = glb.mesh(json!({"POSITION": positions}), Some(indices), 4);
    glb.root(json!({"mesh": mesh}));
    let model = read(&glb, &at(Origin::Auto));
    assert_eq!(model.origin, DVec3::ZERO, "it stands at its own origin");
    let options = ReadOptions {
        unit_scale: 0.001,
        ..at(Origin::Auto)
    };
    let model = read(&glb, &options);
    let top = world_positions(&model)
        .iter()
        .map(|p| p.y)
        .fold(0.0, f64::max);
    assert!((top - 4.0).abs() < 1e-6, "4000 mm are 4 m, not {top}");
    let (low, high) = model.meshes[0].primitives[0].bounds;
    assert_eq!((low.y, high.y), (0.0, 4.0), "bounds are in metres, too");
}

#[test]
fn a_z_up_model_stands_upright() {
    let mut glb = two_cubes(DVec3::new(0.0, 0.0, 50.0));
    glb.json["nodes"][2]["rotation"] = json!([0, 0, 1, 0]);
    let options = ReadOptions {
        up: Up::Z,
        ..at(Origin::At(DVec3::new(0.0, 0.0, 40.0)))
    };
    let model = read(&glb, &options);
    let y: Vec<f64> = world_positions(&model).iter().map(|p| p.y).collect();
    let mean = y.iter().sum::<f64>() / y.len() as f64;
    assert!(
        (mean - 10.3).abs() < 1e-6,
        "what was up along Z is up along Y: {mean}"
    );
}
