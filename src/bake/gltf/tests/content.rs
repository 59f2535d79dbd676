//! What files hold: sparse and quantised data, strips, colours, materials, images.

use serde_json::json;

use super::make::{Glb, cube_mesh, png};
use super::{read_bytes, read_bytes_with, world_positions};
use crate::bake::model::{
    Alpha, Indices, LightKind, Model, Primitive, TexelFormat, Topology, Wrap,
};
use crate::bake::options::{ReadOptions, Replaced};

fn only_primitive(model: &Model) -> &Primitive {
    &model.meshes[0].primitives[0]
}

const TRIANGLE: [[f32; 3]; 3] = [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]];

#[test]
fn sparse_values_replace_those_of_the_accessor() {
    let mut glb = Glb::new();
    let positions = glb.positions(&TRIANGLE);
    let indices = glb.view(&[2]);
    let values = glb.view(bytemuck::cast_slice(&[[5.0_f32, 6.0, 7.0]]));
    glb.json["accessors"][positions]["sparse"] = json!({
        "count": 1,
        "indices": {"bufferView": indices, "componentType": 5121},
        "values": {"bufferView": values},
    });
    let mesh = glb.mesh(json!({"POSITION": positions}), None, 4);
    glb.root(json!({"mesh": mesh}));
    let model = read_bytes(&glb.bytes()).expect("a sparse accessor is read");
    let p = only_primitive(&model);
    assert_eq!(
        p.positions[2],
        [5.0, 6.0, 7.0],
        "the third vertex is replaced"
    );
    assert_eq!(p.positions[1], TRIANGLE[1], "the others stay");
}

#[test]
fn a_sparse_accessor_without_a_view_starts_from_zeros() {
    let mut glb = Glb::new();
    let indices = glb.view(bytemuck::cast_slice(&[1_u32, 2]));
    let values = glb.view(bytemuck::cast_slice(&TRIANGLE[1..]));
    let positions = glb.push(
        "accessors",
        json!({"componentType": 5126, "count": 3, "type": "VEC3", "sparse": {
            "count": 2,
            "indices": {"bufferView": indices, "componentType": 5125},
            "values": {"bufferView": values},
        }}),
    );
    let mesh = glb.mesh(json!({"POSITION": positions}), None, 4);
    glb.root(json!({"mesh": mesh}));
    let model = read_bytes(&glb.bytes()).expect("a sparse accessor of zeros is read");
    assert_eq!(
        only_primitive(&model).positions,
        TRIANGLE,
        "zeros and two replaced vertices"
    );
}

#[test]
fn quantised_vertices_come_out_as_floats() {
    let mut glb = Glb::new();
    // gltfpack pads 3 shorts to 4: a stride of 8.
    let positions: [[u16; 4]; 3] = [[0, 0, 0, 0], [65535, 0, 0, 0], [0, 32768, 0, 0]];
    let positions = glb.accessor(&positions, 5123, "VEC3", true);
    glb.json["bufferViews"][0]["byteStride"] = json!(8);
    let normals = glb.accessor(&[[0_i8, 0, 127, 0]; 3], 5120, "VEC3", true);
    glb.json["bufferViews"][1]["byteStride"] = json!(4);
    let uvs = glb.accessor(&[[0_u8, 255, 0, 0]; 3], 5121, "VEC2", true);
    glb.json["bufferViews"][2]["byteStride"] = json!(4);
    let mesh = glb.mesh(
        json!({"POSITION": positions, "NORMAL": normals, "TEXCOORD_0": uvs}),
        None,
        4,
    );
    glb.root(json!({"mesh": mesh, "scale": [10, 10, 10]}));
    glb.json["extensionsRequired"] = json!(["KHR_mesh_quantization"]);
    let model = read_bytes(&glb.bytes()).expect("quantised data is read");
    let p = only_primitive(&model);
    assert_eq!(p.positions[1], [1.0, 0.0, 0.0], "65535 is one");
    assert!((p.positions[2][1] - 0.5).abs() < 1e-4, "32768 is a half");
    assert_eq!(p.normals[0], [0.0, 0.0, 1.0], "127 is one");
    assert_eq!(p.uv0[0], [0.0, 1.0], "255 is one");
    let world = world_positions(&model);
    assert_eq!(world[1].x, 10.0, "the node's scale makes metres of it");
}

#[test]
fn strips_and_fans_become_lists() {
    for (mode, expected) in [(5, vec![0, 1, 2, 1, 3, 2]), (6, vec![1, 2, 0, 2, 3, 0])] {
        let mut glb = Glb::new();
        let positions =
            glb.positions(&[[0.0; 3], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [1.0, 1.0, 0.0]]);
        let normals = glb.accessor(&[[0.0_f32, 0.0, 1.0]; 4], 5126, "VEC3", false);
        let indices = glb.accessor(&[0_u16, 1, 2, 3], 5123, "SCALAR", false);
        let mesh = glb.mesh(
            json!({"POSITION": positions, "NORMAL": normals}),
            Some(indices),
            mode,
        );
        glb.root(json!({"mesh": mesh}));
        let model = read_bytes(&glb.bytes()).expect("strips and fans are read");
        let p = only_primitive(&model);
        assert_eq!(
            p.topology,
            Topology::Triangles,
            "mode {mode} is a list of triangles"
        );
        match &p.indices {
            Some(Indices::U16(v)) => assert_eq!(*v, expected, "the triangles of mode {mode}"),
            other => panic!("16-bit indices should stay so: {other:?}"),
        }
    }
}

#[test]
fn compressed_views_and_their_filters_are_undone() {
    use meshopt::{EncodeExpMode, encode_filter_exp, encode_filter_oct, encode_vertex_buffer};
    let positions: Vec<[f32; 3]> = (0..64).map(|i| [i as f32 * 0.25, -1.5, 100.0]).collect();
    let slanted = [0.6_f32, 0.0, 0.8, 1.0];
    let exponential = encode_filter_exp::<3>(&positions, 24, EncodeExpMode::Separate);
    let octahedral: Vec<[i16; 4]> = encode_filter_oct(&[slanted; 64], 16);
    for extension in ["EXT_meshopt_compression", "KHR_meshopt_compression"] {
        let mut glb = Glb::new();
        let mut add = |packed: Vec<u8>, stride: usize, filter: &str, component: u32, normalized| {
            let view = glb.view(&packed);
            let offset = glb.json["bufferViews"][view]["byteOffset"].clone();
            glb.json["bufferViews"][view] = json!({
                "buffer": 1, "byteLength": 64 * stride, "byteStride": stride, "extensions": {extension: {
                    "buffer": 0, "byteOffset": offset, "byteLength": packed.len(), "count": 64,
                    "byteStride": stride, "mode": "ATTRIBUTES", "filter": filter}}});
            glb.push(
                "accessors",
                json!({"bufferView": view, "componentType": component,
                "count": 64, "type": "VEC3", "normalized": normalized}),
            )
        };
        let packed = |r: meshopt::Result<Vec<u8>>| r.expect("vertices can be packed");
        let places = add(
            packed(encode_vertex_buffer(&exponential)),
            12,
            "EXPONENTIAL",
            5126,
            false,
        );
        let normals = add(
            packed(encode_vertex_buffer(&octahedral)),
            8,
            "OCTAHEDRAL",
            5122,
            true,
        );
        let fallback =
            json!({"byteLength": 64 * 20, "extensions": {extension: {"fallback": true}}});
        glb.push("buffers", fallback);
        let mesh = glb.mesh(json!({"POSITION": places, "NORMAL": normals}), None, 0);
        let solid = glb.mesh(json!({"POSITION": places, "NORMAL": normals}), None, 4);
        glb.root(json!({"mesh": mesh}));
        glb.root(json!({"mesh": solid}));
        glb.json["extensionsRequired"] = json!([extension, "KHR_mesh_quantization"]);
        let model = read_bytes(&glb.bytes()).expect("a compressed file is read");
        let points = only_primitive(&model);
        assert_eq!(points.topology, Topology::Points, "points stay points");
        for (read, written) in points.positions.iter().zip(&positions) {
            let apart = (0..3)
                .map(|c| (read[c] - written[c]).abs())
                .fold(0.0, f32::max);
            assert!(apart < 1e-3, "{extension}: {read:?} should be {written:?}");
        }
        for normal in &model.meshes[solid].primitives[0].normals {
            let apart = (0..3)
                .map(|c| (normal[c] - slanted[c]).abs())
                .fold(0.0, f32::max);
            assert!(
                apart < 1e-3,
                "{extension}: {normal:?} should be {slanted:?}"
            );
        }
    }
}

#[test]
fn colours_of_all_kinds_become_four_bytes() {
    let mut glb = Glb::new();
    let positions = glb.positions(&TRIANGLE);
    let float = glb.accessor(&[[0.0_f32, 0.5, 2.0]; 3], 5126, "VEC3", false);
    let short = glb.accessor(&[[0_u16, 32768, 65535, 65535]; 3], 5123, "VEC4", true);
    let byte = glb.accessor(&[[1_u8, 2, 3, 4]; 3], 5121, "VEC4", true);
    for colors in [float, short, byte] {
        let mesh = glb.mesh(json!({"POSITION": positions, "COLOR_0": colors}), None, 4);
        glb.root(json!({"mesh": mesh}));
    }
    glb.json["meshes"][2]["primitives"][0]["attributes"]["_BAKED_LIGHT"] = json!(byte);
    let model = read_bytes(&glb.bytes()).expect("colours are read");
    let color = |i: usize| model.meshes[i].primitives[0].colors[0];
    assert_eq!(
        color(0),
        [0, 128, 255, 255],
        "floats are clamped, missing alpha is one"
    );
    assert_eq!(color(1), [0, 128, 255, 255], "shorts are rounded");
    assert_eq!(color(2), [1, 2, 3, 4], "bytes are kept");
    assert_eq!(
        model.meshes[2].primitives[0].baked_light[2],
        [1, 2, 3, 4],
        "our own attribute is read"
    );
}

#[test]
fn a_small_mesh_without_normals_is_flat_and_a_scan_is_smooth() {
    let mut glb = Glb::new();
    let mesh = cube_mesh(&mut glb, [0.0; 3]);
    glb.root(json!({"mesh": mesh}));
    let model = read_bytes(&glb.bytes()).expect("a cube is read");
    let cube = only_primitive(&model);
    assert_eq!(cube.normals.len(), 36, "each corner has its own normal");
    for (p, n) in cube.positions.chunks(3).zip(cube.normals.chunks(3)) {
        let out: f32 = (0..3)
            .map(|c| (p[0][c] + p[1][c] + p[2][c]) * n[0][c])
            .sum();
        assert!(out > 0.0, "the normal {:?} points out of the cube", n[0]);
    }

    let side = 80_usize;
    let grid: Vec<[f32; 3]> = (0..side * side)
        .map(|i| [(i % side) as f32, 0.0, (i / side) as f32])
        .collect();
    let faces: Vec<u32> = (0..side - 1)
        .flat_map(|y| (0..side - 1).map(move |x| (y * side + x) as u32))
        .flat_map(|i| {
            let below = i + side as u32;
            [i, below, i + 1, i + 1, below, below + 1]
        })
        .collect();
    let mut glb = Glb::new();
    let positions = glb.positions(&grid);
    let indices = glb.accessor(&faces, 5125, "SCALAR", false);
    let mesh = glb.mesh(json!({"POSITION": positions}), Some(indices), 4);
    glb.root(json!({"mesh": mesh}));
    let model = read_bytes(&glb.bytes()).expect("a grid is read");
    let grid = only_primitive(&model);
    assert_eq!(
        grid.normals.len(),
        side * side,
        "a scan's vertices stay shared"
    );
    assert!(
        grid.normals.iter().all(|n| n[1] > 0.999),
        "the normals of a floor point up"
    );
}

#[test]
fn a_material_brings_its_textures_and_extensions() {
    let mut glb = Glb::new();
    let mesh = cube_mesh(&mut glb, [0.0; 3]);
    glb.root(json!({"mesh": mesh, "extensions": {"KHR_lights_punctual": {"light": 0}}}));
    let image = glb.view(&png(4, 2, [200, 100, 50, 128]));
    glb.json["images"] = json!([{"bufferView": image, "name": "wall"}]);
    glb.json["samplers"] = json!([{"wrapS": 33071, "wrapT": 33648, "magFilter": 9728}]);
    glb.json["textures"] = json!([{"source": 0, "sampler": 0}]);
    glb.json["materials"] = json!([{
        "pbrMetallicRoughness": {"baseColorTexture": {"index": 0, "extensions": {
            "KHR_texture_transform": {"offset": [0.25, 0.5], "scale": [2, 3], "texCoord": 1},
        }}, "metallicFactor": 0.0},
        "normalTexture": {"index": 0, "scale": 0.5},
        "alphaMode": "MASK", "alphaCutoff": 0.25, "doubleSided": true,
        "emissiveFactor": [1, 0.5, 0],
        "extensions": {
            "KHR_materials_unlit": {}, "KHR_materials_emissive_strength": {"emissiveStrength": 4},
            "KHR_materials_clearcoat": {"clearcoatFactor": 0.5}, "KHR_materials_ior": {"ior": 1.33},
        },
    }]);
    glb.json["meshes"][0]["primitives"][0]["material"] = json!(0);
    glb.json["extensions"] = json!({"KHR_lights_punctual": {"lights": [
        {"type": "spot", "intensity": 20, "range": 5, "spot": {"outerConeAngle": 0.5}},
    ]}});
    let model = read_bytes(&glb.bytes()).expect("a material is read");
    let m = &model.materials[0];
    assert_eq!(m.alpha, Alpha::Mask(0.25), "the cut is read");
    assert_eq!(
        m.emissive,
        [4.0, 2.0, 0.0],
        "strength multiplies the factor"
    );
    assert!(
        m.is_unlit && m.is_double_sided && m.needs_full_pbr,
        "flags are read"
    );
    assert_eq!(
        (m.clearcoat, m.ior),
        (Some((0.5, 0.0)), 1.33),
        "extensions are read"
    );
    let texture = m
        .base_color_texture
        .as_ref()
        .expect("there is a base colour texture");
    assert_eq!(texture.uv_set, 1, "the transform's UV set wins");
    assert_eq!(
        texture.wrap,
        [Wrap::Clamp, Wrap::Mirror],
        "wrapping is read"
    );
    assert!(texture.is_nearest, "the filter is read");
    assert_eq!(
        texture.uv_transform,
        [[2.0, 0.0, 0.25], [0.0, 3.0, 0.5]],
        "scale and offset are read"
    );
    assert_eq!(
        model.images.len(),
        2,
        "one picture in two uses is two images"
    );
    let image = model.images[texture.image]
        .as_ref()
        .expect("the PNG is read");
    assert_eq!(
        (image.width, image.height, image.mip_count),
        (4, 2, 3),
        "4x2, 2x1, 1x1"
    );
    assert_eq!(
        image.format,
        TexelFormat::Rgba8,
        "it is not compressed unless asked for"
    );
    assert_eq!(
        image.data[..4],
        [200, 100, 50, 128],
        "its texels are as they were"
    );
    assert!(image.has_alpha, "transparency is noticed");
    assert_eq!(
        model.lights[0].kind,
        LightKind::Spot {
            inner_rad: 0.0,
            outer_rad: 0.5
        },
        "the light is read"
    );
    assert!(
        model.warnings.is_empty(),
        "nothing to complain: {:?}",
        model.warnings
    );
}

#[test]
fn a_broken_image_is_a_finding_and_the_fallback_is_shown() {
    let mut glb = Glb::new();
    let mesh = cube_mesh(&mut glb, [0.0; 3]);
    glb.root(json!({"mesh": mesh}));
    let broken = glb.view(&png(4, 4, [9; 4])[..60]);
    let sound = glb.view(&png(2, 2, [9; 4]));
    glb.json["images"] = json!([{"bufferView": broken}, {"bufferView": sound}]);
    glb.json["textures"] = json!([
        {"source": 1, "extensions": {"EXT_texture_webp": {"source": 0}}}, {"source": 0},
    ]);
    glb.json["materials"] = json!([{
        "pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}, "normalTexture": {"index": 1},
    }]);
    glb.json["meshes"][0]["primitives"][0]["material"] = json!(0);
    let model = read_bytes(&glb.bytes()).expect("a broken image does not stop the model");
    assert!(model.images[0].is_some(), "the fallback is shown");
    assert!(
        model.images[1].is_none(),
        "without a fallback there is nothing"
    );
    let finding = model
        .warnings
        .iter()
        .find(|w| w.code == "image-unreadable")
        .expect("the broken image is reported");
    assert_eq!(finding.pointer, "/images/0", "the finding names the image");
}

#[test]
fn positions_that_are_not_numbers_lose_their_faces_only() {
    let mut glb = Glb::new();
    let mut data = TRIANGLE.to_vec();
    data.extend([[f32::NAN, 0.0, 0.0], [3.0; 3], [4.0; 3]]);
    let positions = glb.accessor(&data, 5126, "VEC3", false);
    let normals = glb.accessor(&[[0.0_f32, 0.0, 1.0]; 6], 5126, "VEC3", false);
    let mesh = glb.mesh(json!({"POSITION": positions, "NORMAL": normals}), None, 4);
    glb.root(json!({"mesh": mesh}));
    let model = read_bytes(&glb.bytes()).expect("one bad vertex does not stop the model");
    let p = only_primitive(&model);
    assert!(
        p.positions.iter().flatten().all(|v| v.is_finite()),
        "no vertex is left that is not a number"
    );
    assert!(
        matches!(&p.indices, Some(Indices::U32(v)) if *v == [0, 1, 2]),
        "the sound face is left: {:?}",
        p.indices
    );
    assert_eq!(
        model.warnings[0].code, "positions-not-finite",
        "it is reported"
    );
}

#[test]
fn hidden_nodes_are_neither_shown_nor_decoded() {
    let mut glb = Glb::new();
    let shown = cube_mesh(&mut glb, [0.0; 3]);
    let hidden = cube_mesh(&mut glb, [5.0; 3]);
    let child = glb.push("nodes", json!({"mesh": hidden}));
    glb.root(json!({"name": "wall", "mesh": shown}));
    glb.root(json!({"name": "helper_box", "children": [child]}));
    glb.root(json!({"mesh": shown, "extensions": {"KHR_node_visibility": {"visible": false}}}));
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let options = crate::bake::ReadOptions {
        hide: vec!["helper*".to_owned()],
        ..Default::default()
    };
    let model = crate::bake::read_model(&glb.write(folder.path(), "x.glb"), &options, &())
        .expect("the model is read");
    assert!(
        model.meshes[hidden].primitives.is_empty(),
        "a hidden mesh costs nothing"
    );
    let visible: Vec<bool> = model.nodes.iter().map(|n| n.is_visible).collect();
    assert_eq!(
        visible,
        [true, false, false, false],
        "only the wall is visible"
    );
}

#[test]
fn an_image_in_whose_place_others_are_shown_is_not_decoded() {
    let mut glb = Glb::new();
    let mesh = cube_mesh(&mut glb, [0.0; 3]);
    let other = cube_mesh(&mut glb, [0.0; 3]);
    for mesh in [mesh, other] {
        glb.root(json!({"mesh": mesh}));
    }
    let pictures: Vec<usize> = (0..4).map(|_| glb.view(&png(4, 4, [9; 4]))).collect();
    glb.json["images"] = pictures
        .iter()
        .map(|view| json!({"bufferView": view}))
        .collect();
    glb.json["textures"] = (0..4).map(|source| json!({"source": source})).collect();
    let material = |name: &str, color: usize| {
        json!({"name": name, "normalTexture": {"index": 2}, "occlusionTexture": {"index": 3},
            "pbrMetallicRoughness": {"baseColorTexture": {"index": color},
                "metallicRoughnessTexture": {"index": 3}}})
    };
    glb.json["materials"] = json!([material("wall_north", 0), material("floor", 1)]);
    glb.json["meshes"][mesh]["primitives"][0]["material"] = json!(0);
    glb.json["meshes"][other]["primitives"][0]["material"] = json!(1);
    let replaced = |material: &str| Replaced {
        material: material.to_owned(),
        base_color: true,
        normal: true,
        orm: true,
    };
    let read = |materials: &[&str]| {
        let options = ReadOptions {
            replaced: materials.iter().map(|name| replaced(name)).collect(),
            ..ReadOptions::default()
        };
        let model = read_bytes_with(&glb.bytes(), &options).expect("the model is read");
        assert!(model.warnings.is_empty(), "nothing is wrong with it");
        let there: Vec<bool> = model.images.iter().map(Option::is_some).collect();
        let left_out: Vec<bool> = there.iter().map(|is_there| !is_there).collect();
        assert_eq!(
            left_out, model.images_replaced,
            "what is not there is known"
        );
        let material = &model.materials[0];
        let color = material.base_color_texture.as_ref();
        assert!(color.is_some(), "how its images lie is still known");
        there
    };
    assert_eq!(read(&[]), [true; 4], "usually all are there");
    assert_eq!(
        read(&["wall_*"]),
        [false, true, true, true],
        "what the floor shows as well stays"
    );
    assert_eq!(read(&["wall_*", "floor"]), [false; 4], "nobody sees any");
}
