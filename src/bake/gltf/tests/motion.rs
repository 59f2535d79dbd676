//! Animations, skins and morph targets, and files that abuse them.

use bevy::math::{DVec3, Quat, Vec3};
use serde_json::{Value, json};

use super::make::{Glb, cube_mesh};
use super::{read_bytes, world_positions};
use crate::bake::animation::{Interpolation, Pose, Rig, Target};
use crate::bake::model::Model;
use crate::bake::options::{Origin, ReadOptions, Up};

/// A cube that an animation "Slide" moves from x = 1 to 3 within two seconds.
fn sliding() -> Glb {
    let mut glb = Glb::new();
    let mesh = cube_mesh(&mut glb, [0.0; 3]);
    let node = glb.root(json!({"name": "cube", "mesh": mesh, "translation": [1, 0, 0]}));
    let times = glb.accessor(&[0.0_f32, 2.0], 5126, "SCALAR", false);
    let values = glb.accessor(&[[1.0_f32, 0.0, 0.0], [3.0, 0.0, 0.0]], 5126, "VEC3", false);
    glb.json["animations"] = json!([{
        "name": "Slide",
        "channels": [{"sampler": 0, "target": {"node": node, "path": "translation"}}],
        "samplers": [{"input": times, "output": values}],
    }]);
    glb
}

fn rig(model: &Model) -> Rig {
    Rig::new(model.clips.clone(), |node| Pose {
        translation: model.nodes[node].translation.as_vec3(),
        rotation: model.nodes[node].rotation.as_quat(),
        scale: model.nodes[node].scale.as_vec3(),
        weights: model.nodes[node].weights.clone(),
    })
}

fn pose(model: &Model, secs: f32) -> Pose {
    let rig = rig(model);
    let mut poses = rig.rest.clone();
    rig.clips[0].apply(secs, &mut poses);
    poses.swap_remove(0)
}

#[test]
fn an_animation_is_read_with_its_name_and_length() {
    let model = read_bytes(&sliding().bytes()).expect("a moving model is read");
    assert_eq!(model.clips.len(), 1, "one animation");
    let clip = &model.clips[0];
    assert_eq!((clip.name.as_str(), clip.duration_secs), ("Slide", 2.0));
    assert_eq!(
        pose(&model, 0.5).translation,
        Vec3::new(1.5, 0.0, 0.0),
        "a quarter of the way"
    );
    assert!(
        model.warnings.is_empty(),
        "nothing is amiss: {:?}",
        model.warnings
    );
}

#[test]
fn keyframes_may_be_quantized_and_splined() {
    let mut glb = Glb::new();
    let mesh = cube_mesh(&mut glb, [0.0; 3]);
    let node = glb.root(json!({"mesh": mesh}));
    let times = glb.accessor(&[0.0_f32, 1.0], 5126, "SCALAR", false);
    // Quarter turns about y as normalized 16-bit integers.
    let turn = Quat::from_rotation_y(std::f32::consts::FRAC_PI_2).to_array();
    let turn = turn.map(|v| (v * 32767.0).round() as i16);
    let values = glb.accessor(&[[0_i16, 0, 0, 32767], turn], 5122, "VEC4", true);
    let spline: Vec<[f32; 3]> = [[0.0; 3], [1.0; 3], [0.0; 3], [0.0; 3], [2.0; 3], [0.0; 3]].into();
    let splines = glb.accessor(&spline, 5126, "VEC3", false);
    glb.json["animations"] = json!([{
        "channels": [
            {"sampler": 0, "target": {"node": node, "path": "rotation"}},
            {"sampler": 1, "target": {"node": node, "path": "scale"}},
        ],
        "samplers": [
            {"input": times, "output": values},
            {"input": times, "output": splines, "interpolation": "CUBICSPLINE"},
        ],
    }]);
    let model = read_bytes(&glb.bytes()).expect("a moving model is read");
    assert_eq!(
        model.clips[0].name, "animation 0",
        "it is named by its number"
    );
    let half = pose(&model, 0.5);
    let expected = Quat::from_rotation_y(std::f32::consts::FRAC_PI_4);
    assert!(half.rotation.angle_between(expected) < 1e-3, "half a turn");
    assert!(
        half.scale.abs_diff_eq(Vec3::splat(1.5), 1e-6),
        "half way between 1 and 2, not {}",
        half.scale
    );
}

/// What is said of a file whose animation was tampered with. The model must be whole.
#[track_caller]
fn check_refusal(tamper: impl Fn(&mut Value), expected: &str) {
    let mut glb = sliding();
    tamper(&mut glb.json);
    let model = read_bytes(&glb.bytes()).expect("the model itself is shown");
    assert!(model.clips.is_empty(), "the animation is left out");
    assert_eq!(model.meshes[0].primitives.len(), 1, "the cube is there");
    let found: Vec<String> = model
        .warnings
        .iter()
        .filter(|warning| warning.code == "animation-unreadable" && warning.is_error)
        .map(|warning| format!("{} {}", warning.pointer, warning.message))
        .collect();
    assert!(
        found.iter().any(|text| text.contains(expected)),
        "{expected:?} is said by name, among {found:?}"
    );
}

#[test]
fn broken_animations_are_refused_by_name() {
    let animation = |key: &'static str, value: Value| {
        move |json: &mut Value| json["animations"][0][key] = value.clone()
    };
    let accessor = |json: &Value, which: &str| {
        json["animations"][0]["samplers"][0][which]
            .as_u64()
            .expect("the sampler names an accessor") as usize
    };
    check_refusal(
        animation("samplers", json!([])),
        "refers to sampler 0, which does not exist",
    );
    check_refusal(
        |json| json["animations"][0]["channels"][0]["target"]["node"] = json!(99),
        "/animations/0/channels/0 the animation \"Slide\" is left out: it refers to node 99",
    );
    check_refusal(
        |json| json["animations"][0]["samplers"][0]["input"] = json!(77),
        "accessor 77",
    );
    check_refusal(
        |json| json["animations"][0]["samplers"][0]["interpolation"] = json!("WOBBLE"),
        "the unknown interpolation \"WOBBLE\"",
    );
    check_refusal(
        |json| {
            let times = accessor(json, "input");
            json["accessors"][times]["count"] = json!(100_000);
        },
        "reaches past its buffer view",
    );
    check_refusal(
        |json| {
            let times = accessor(json, "input");
            json["accessors"][times]["count"] = json!(1);
        },
        "2 values for 1 keyframes",
    );
    check_refusal(
        |json| {
            let times = accessor(json, "input");
            json["accessors"][times]["componentType"] = json!(5125);
        },
        "times that are not single floats",
    );
    check_refusal(
        |json| {
            let values = accessor(json, "output");
            json["animations"][0]["samplers"][0]["input"] = json!(values);
        },
        "times that are not single floats",
    );
    check_refusal(
        |json| json["animations"][0]["channels"][0]["target"]["path"] = json!("rotation"),
        "3 numbers a value where 4 are needed",
    );
    check_refusal(
        |json| {
            let channel = json["animations"][0]["channels"][0].clone();
            json["animations"][0]["channels"] = json!([channel, channel]);
        },
        "the same property twice",
    );
}

#[test]
fn times_that_go_back_and_values_that_are_no_numbers_are_refused() {
    for (times, value, expected) in [
        ([2.0_f32, 1.0], 1.0_f32, "do not ascend"),
        ([0.0, f32::NAN], 1.0, "do not ascend"),
        ([-1.0, 1.0], 1.0, "do not ascend"),
        ([0.0, f32::INFINITY], 1.0, "do not ascend"),
        ([0.0, 1.0], f32::NAN, "not numbers"),
        ([0.0, 1.0], 1e30, "not numbers"),
    ] {
        let mut glb = sliding();
        let times = glb.accessor(&times, 5126, "SCALAR", false);
        let values = glb.accessor(&[[value; 3]; 2], 5126, "VEC3", false);
        glb.json["animations"][0]["samplers"] = json!([{"input": times, "output": values}]);
        let model = read_bytes(&glb.bytes()).expect("the model itself is shown");
        assert!(
            model.warnings.iter().any(|w| w.message.contains(expected)),
            "{expected:?} is said, among {:?}",
            model.warnings
        );
    }
}

#[test]
fn more_keyframes_than_allowed_refuse_the_file_before_they_are_read() {
    let mut glb = sliding();
    let times = glb.push(
        "accessors",
        json!({"componentType": 5126, "count": 2_000_000_000, "type": "SCALAR", "sparse": {
            "count": 0, "indices": {"bufferView": 0, "componentType": 5125}, "values": {"bufferView": 0}}}),
    );
    glb.json["animations"][0]["samplers"][0]["input"] = json!(times);
    let error = read_bytes(&glb.bytes()).expect_err("two billion keyframes are too many");
    assert_eq!(error.pointer, "/animations");
    assert!(
        error.to_string().contains("2000000000 keyframes"),
        "{error}"
    );
    let mut glb = sliding();
    let channel = glb.json["animations"][0]["channels"][0].clone();
    glb.json["animations"][0]["channels"] = json!(vec![channel; 100_001]);
    let error = read_bytes(&glb.bytes()).expect_err("so many channels are too many");
    assert!(error.to_string().contains("animated properties"), "{error}");
}

#[test]
fn unit_axis_and_origin_apply_to_what_moves() {
    let mut glb = Glb::new();
    let mesh = cube_mesh(&mut glb, [0.0; 3]);
    // In centimetres, Z up, four kilometres out.
    let node = glb.root(json!({"mesh": mesh, "translation": [400_000, 0, 0]}));
    let times = glb.accessor(&[0.0_f32, 1.0], 5126, "SCALAR", false);
    let places = [[400_000.0_f32, 0.0, 0.0], [400_000.0, 0.0, 100.0]];
    let values = glb.accessor(&places, 5126, "VEC3", false);
    glb.json["animations"] = json!([{
        "channels": [{"sampler": 0, "target": {"node": node, "path": "translation"}}],
        "samplers": [{"input": times, "output": values}],
    }]);
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let options = ReadOptions {
        unit_scale: 0.01,
        up: Up::Z,
        origin: Origin::At(DVec3::new(399_900.0, 0.0, 0.0)),
        ..ReadOptions::default()
    };
    let path = glb.write(folder.path(), "far.glb");
    let model = crate::bake::read_model(&path, &options, &()).expect("it is read");
    let (start, end) = (pose(&model, 0.0), pose(&model, 1.0));
    assert!(
        model.nodes[0]
            .translation
            .abs_diff_eq(DVec3::new(1.0, 0.0, 0.0), 1e-9),
        "at rest a metre from the origin: {}",
        model.nodes[0].translation
    );
    assert!(
        start.translation.abs_diff_eq(Vec3::X, 1e-5),
        "it begins where it rests, not at {}",
        start.translation
    );
    assert!(
        end.translation.abs_diff_eq(Vec3::new(1.0, 1.0, 0.0), 1e-5),
        "up is up: {}",
        end.translation
    );
}

/// A cube whose upper vertices follow a second joint a metre above the first.
fn skinned() -> Glb {
    let mut glb = Glb::new();
    let mesh = cube_mesh(&mut glb, [0.0; 3]);
    // Corner i has y above when its second bit is set.
    let joints: Vec<[u8; 4]> = (0..8).map(|i| [i >> 1 & 1, 0, 0, 0]).collect();
    let joints = glb.accessor(&joints, 5121, "VEC4", false);
    let weights = glb.accessor(&[[1.0_f32, 0.0, 0.0, 0.0]; 8], 5126, "VEC4", false);
    let attributes = &mut glb.json["meshes"][mesh]["primitives"][0]["attributes"];
    attributes["JOINTS_0"] = json!(joints);
    attributes["WEIGHTS_0"] = json!(weights);
    let identity = |y: f32| {
        let mut m = [0.0_f32; 16];
        (m[0], m[5], m[10], m[15], m[13]) = (1.0, 1.0, 1.0, 1.0, -y);
        m
    };
    let matrices = glb.accessor(&[identity(0.0), identity(1.0)], 5126, "MAT4", false);
    let upper = glb.push("nodes", json!({"name": "upper", "translation": [0, 1, 0]}));
    let lower = glb.root(json!({"name": "lower", "children": [upper]}));
    glb.root(json!({"name": "figure", "mesh": mesh, "skin": 0}));
    glb.json["skins"] = json!([{"joints": [lower, upper], "inverseBindMatrices": matrices}]);
    glb
}

#[test]
fn a_skin_keeps_its_joints_and_matrices() {
    let model = read_bytes(&skinned().bytes()).expect("a skinned model is read");
    let figure = model
        .nodes
        .iter()
        .find(|node| node.mesh.is_some())
        .expect("the figure is there");
    let skin = &model.skins[figure.skin.expect("it has a skin")];
    let names: Vec<&str> = skin
        .joints
        .iter()
        .filter_map(|joint| model.nodes[*joint].name.as_deref())
        .collect();
    assert_eq!(names, ["lower", "upper"], "by their places in the model");
    assert_eq!(
        skin.joint_from_mesh[1].translation,
        DVec3::new(0.0, -1.0, 0.0)
    );
    // Without normals the cube is unshared: joints follow their vertices.
    let part = &model.meshes[0].primitives[0];
    assert_eq!(part.joints.len(), part.positions.len());
    for (joints, position) in part.joints.iter().zip(&part.positions) {
        let is_upper = position[1] > 0.0;
        assert_eq!(joints[0], u16::from(is_upper), "of the vertex {position:?}");
    }
    let (low, high) = world_positions(&model)
        .iter()
        .fold((f64::MAX, f64::MIN), |(l, h), p| (l.min(p.y), h.max(p.y)));
    assert_eq!((low, high), (-0.5, 0.5), "at rest it stands where it stood");
}

#[test]
fn a_skin_in_centimetres_keeps_its_size() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let options = ReadOptions {
        unit_scale: 0.01,
        origin: Origin::File,
        ..ReadOptions::default()
    };
    let path = skinned().write(folder.path(), "figure.glb");
    let model = crate::bake::read_model(&path, &options, &()).expect("it is read");
    let world = super::super::rebase::world_from_nodes(&model.nodes);
    let skin = &model.skins[0];
    let part = &model.meshes[0].primitives[0];
    for (joints, position) in part.joints.iter().zip(&part.positions) {
        let joint = usize::from(joints[0]);
        let moved = (world[skin.joints[joint]] * skin.joint_from_mesh[joint])
            .transform_point3(Vec3::from(*position).as_dvec3());
        let expected = Vec3::from(*position).as_dvec3();
        assert!(
            moved.abs_diff_eq(expected, 1e-9),
            "at rest a joint leaves {expected} where it is, not at {moved}"
        );
    }
}

#[test]
fn a_mesh_that_names_joints_beyond_its_skin_stays_still() {
    let mut glb = skinned();
    glb.json["skins"][0]["joints"]
        .as_array_mut()
        .expect("joints are a list")
        .truncate(1);
    let model = read_bytes(&glb.bytes()).expect("the model itself is shown");
    assert!(
        model.nodes.iter().all(|node| node.skin.is_none()),
        "the renderer is given no joint that is not there"
    );
    assert!(
        model.meshes[0].primitives[0].joints.is_empty(),
        "nor any index of one"
    );
    assert!(
        model.warnings.iter().any(|w| w.code == "joints-missing"),
        "it is said: {:?}",
        model.warnings
    );
}

#[test]
fn morph_targets_are_read_and_their_weights_move() {
    let mut glb = Glb::new();
    let mesh = cube_mesh(&mut glb, [0.0; 3]);
    let target = glb.accessor(&[[0.0_f32, 1.0, 0.0]; 8], 5126, "VEC3", false);
    glb.json["meshes"][mesh]["primitives"][0]["targets"] =
        json!([{"POSITION": target}, {"POSITION": target}]);
    glb.json["meshes"][mesh]["weights"] = json!([0.25, 0.0]);
    let node = glb.root(json!({"mesh": mesh}));
    let times = glb.accessor(&[0.0_f32, 1.0], 5126, "SCALAR", false);
    let values = glb.accessor(&[0.0_f32, 0.0, 1.0, 0.5], 5126, "SCALAR", false);
    glb.json["animations"] = json!([{
        "channels": [{"sampler": 0, "target": {"node": node, "path": "weights"}}],
        "samplers": [{"input": times, "output": values}],
    }]);
    let model = read_bytes(&glb.bytes()).expect("a morphing model is read");
    let part = &model.meshes[mesh].primitives[0];
    assert_eq!(part.morphs.len(), 2, "two shapes");
    assert_eq!(
        part.morphs[0].positions.len(),
        part.positions.len(),
        "a move for each vertex, also where the cube was unshared"
    );
    assert_eq!(
        model.nodes[0].weights,
        [0.25, 0.0],
        "the mesh's own weights"
    );
    assert_eq!(pose(&model, 1.0).weights, [1.0, 0.5], "at the end");
    assert_eq!(model.clips[0].channels[0].target, Target::Weights);
    assert_eq!(
        model.clips[0].channels[0].curve.interpolation,
        Interpolation::Linear
    );
}

#[test]
fn morph_targets_of_another_size_refuse_the_file() {
    let mut glb = Glb::new();
    let mesh = cube_mesh(&mut glb, [0.0; 3]);
    let target = glb.accessor(&[[0.0_f32, 1.0, 0.0]; 5], 5126, "VEC3", false);
    glb.json["meshes"][mesh]["primitives"][0]["targets"] = json!([{"POSITION": target}]);
    glb.root(json!({"mesh": mesh}));
    let error = read_bytes(&glb.bytes()).expect_err("a target for five of eight vertices");
    assert!(error.to_string().contains("5 vertices"), "{error}");
    let mut glb = Glb::new();
    let mesh = cube_mesh(&mut glb, [0.0; 3]);
    glb.json["meshes"][mesh]["primitives"][0]["targets"] = json!(vec![json!({}); 257]);
    glb.root(json!({"mesh": mesh}));
    let error = read_bytes(&glb.bytes()).expect_err("257 targets are too many");
    assert!(error.to_string().contains("257 morph targets"), "{error}");
}

/// A ribbon of nine pairs of points from x = 0 to 8, compressed by Draco; joint 1 gains on joint
/// 0 along it, and a target lifts each point by its x.
fn ribbon(packed: &[u8]) -> Glb {
    let mut glb = Glb::new();
    let view = glb.view(packed);
    let count = 18;
    let accessor = |glb: &mut Glb, component: u32, shape: &str| {
        let accessor = json!({"componentType": component, "count": count, "type": shape,
            "min": [0, 0, 0], "max": [8, 1, 0]});
        glb.push("accessors", accessor)
    };
    let positions = accessor(&mut glb, 5126, "VEC3");
    let joints = accessor(&mut glb, 5121, "VEC4");
    let weights = accessor(&mut glb, 5126, "VEC4");
    let indices = glb.push(
        "accessors",
        json!({"componentType": 5125, "count": 48, "type": "SCALAR"}),
    );
    let lift: Vec<[f32; 3]> = (0..count).map(|i| [0.0, (i / 2) as f32, 0.0]).collect();
    let lift = glb.positions(&lift);
    let mesh = glb.push(
        "meshes",
        json!({"primitives": [{
            "attributes": {"POSITION": positions, "JOINTS_0": joints, "WEIGHTS_0": weights},
            "indices": indices, "targets": [{"POSITION": lift}],
            "extensions": {"KHR_draco_mesh_compression": {"bufferView": view,
                "attributes": {"POSITION": 0, "JOINTS_0": 1, "WEIGHTS_0": 2}}},
        }]}),
    );
    glb.root(json!({"mesh": mesh, "skin": 0}));
    let bones = [glb.root(json!({})), glb.root(json!({}))];
    glb.json["skins"] = json!([{"joints": bones}]);
    glb.json["extensionsUsed"] = json!(["KHR_draco_mesh_compression"]);
    glb.json["extensionsRequired"] = json!(["KHR_draco_mesh_compression"]);
    glb
}

/// Positions, joints and weights belong together, in whatever order they come out.
#[track_caller]
fn check_ribbon(model: &Model) {
    let part = &model.meshes[0].primitives[0];
    // Without normals each triangle gets corners of its own.
    let count = part.positions.len();
    assert_eq!(count, 48, "all triangles are there");
    assert_eq!(
        (part.joints.len(), part.joint_weights.len()),
        (count, count)
    );
    let bent = part.joints.iter().zip(&part.joint_weights);
    for (at, (joints, weights)) in part.positions.iter().zip(bent) {
        let share: f32 = joints
            .iter()
            .zip(weights)
            .map(|(j, w)| f32::from(*j) * w)
            .sum();
        assert!(
            (share - at[0] / 8.0).abs() < 1e-3,
            "at {at:?} joint 1 has {share}: {joints:?} {weights:?}"
        );
    }
}

#[test]
fn a_mesh_under_draco_bends_and_morphs() {
    let packed = include_bytes!("../../../../tests/files/ribbon_sequential.drc");
    let model = read_bytes(&ribbon(packed).bytes()).expect("the ribbon is read");
    check_ribbon(&model);
    let part = &model.meshes[0].primitives[0];
    assert_eq!(part.morphs.len(), 1, "one target");
    for (at, lift) in part.positions.iter().zip(&part.morphs[0].positions) {
        assert_eq!(lift[1], at[0], "each point is lifted by its x");
    }
    assert!(model.warnings.is_empty(), "{:?}", model.warnings);
}

#[test]
fn morph_targets_of_reordered_vertices_are_left_out_and_told() {
    let packed = include_bytes!("../../../../tests/files/ribbon_edgebreaker.drc");
    let model = read_bytes(&ribbon(packed).bytes()).expect("the ribbon is read");
    check_ribbon(&model);
    assert!(
        model.meshes[0].primitives[0].morphs.is_empty(),
        "they would move other points"
    );
    let warnings = model.warnings.iter();
    let codes: Vec<&str> = warnings.map(|warning| warning.code.as_str()).collect();
    assert_eq!(codes, ["morphs-ignored"]);
}

#[test]
fn joints_under_draco_that_the_skin_has_not_are_no_danger() {
    let packed = include_bytes!("../../../../tests/files/ribbon_sequential.drc");
    let mut glb = ribbon(packed);
    glb.json["skins"][0]["joints"] = json!([1]);
    let model = read_bytes(&glb.bytes()).expect("the ribbon is read");
    let skin = model.nodes.iter().find_map(|node| node.skin);
    let joints = skin.map_or(0, |skin| model.skins[skin].joints.len());
    let part = &model.meshes[0].primitives[0];
    assert!(
        part.joints.is_empty()
            || part
                .joints
                .iter()
                .flatten()
                .all(|own| usize::from(*own) < joints),
        "no vertex follows a joint that is not there"
    );
}
