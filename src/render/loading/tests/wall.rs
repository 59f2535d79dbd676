//! A wall with a picture, for tests.

use std::path::Path;

/// A white wall of two metres at the origin, without light of its own, and its picture.
pub(crate) fn write_wall(folder: &Path) {
    let mut bytes: Vec<u8> = Vec::new();
    let corners = [[-1.0_f32, 0.0], [1.0, 0.0], [1.0, 2.0], [-1.0, 2.0]];
    for [x, y] in corners {
        for value in [x, y, 0.0] {
            bytes.extend_from_slice(&value.to_le_bytes());
        }
    }
    for [x, y] in corners {
        for value in [(x + 1.0) * 0.5, 1.0 - y * 0.5] {
            bytes.extend_from_slice(&value.to_le_bytes());
        }
    }
    for index in [0_u16, 1, 2, 0, 2, 3] {
        bytes.extend_from_slice(&index.to_le_bytes());
    }
    std::fs::write(folder.join("wall.bin"), &bytes).expect("the buffer can be written");
    let gltf = r#"{"asset":{"version":"2.0"},"scene":0,"scenes":[{"nodes":[0]}],
        "nodes":[{"mesh":0}],"buffers":[{"uri":"wall.bin","byteLength":92}],
        "bufferViews":[{"buffer":0,"byteLength":48},{"buffer":0,"byteOffset":48,"byteLength":32},
        {"buffer":0,"byteOffset":80,"byteLength":12}],
        "accessors":[{"bufferView":0,"componentType":5126,"count":4,"type":"VEC3","min":[-1,0,0],"max":[1,2,0]},
        {"bufferView":1,"componentType":5126,"count":4,"type":"VEC2"},
        {"bufferView":2,"componentType":5123,"count":6,"type":"SCALAR"}],
        "images":[{"uri":"wall.png"}],"textures":[{"source":0}],
        "materials":[{"name":"mural","extensions":{"KHR_materials_unlit":{}},
        "pbrMetallicRoughness":{"baseColorTexture":{"index":0}}}],
        "extensionsUsed":["KHR_materials_unlit"],
        "meshes":[{"primitives":[{"attributes":{"POSITION":0,"TEXCOORD_0":1},"indices":2,"material":0}]}]}"#;
    std::fs::write(folder.join("wall.gltf"), gltf).expect("the model can be written");
}

pub(crate) fn write_picture(path: &Path, side: u32, color: [u8; 3]) {
    let picture = image::RgbImage::from_pixel(side, side, image::Rgb(color));
    picture.save(path).expect("the picture can be written");
}

/// Gives the wall an animation "Open", which takes it so far to the right within a second.
pub(crate) fn make_a_door_of(folder: &Path, aside_m: f32) {
    let values = [0.0_f32, 1.0, 0.0, 0.0, 0.0, aside_m, 0.0, 0.0];
    let bytes: Vec<u8> = values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect();
    std::fs::write(folder.join("open.bin"), bytes).expect("the buffer can be written");
    let path = folder.join("wall.gltf");
    let wall = std::fs::read_to_string(&path).expect("the wall has been written");
    let door = wall
        .replace(
            r#""byteLength":92}],"#,
            r#""byteLength":92},{"uri":"open.bin","byteLength":32}],"#,
        )
        .replace(
            r#""byteOffset":80,"byteLength":12}],"#,
            r#""byteOffset":80,"byteLength":12},{"buffer":1,"byteLength":8},
            {"buffer":1,"byteOffset":8,"byteLength":24}],
            "animations":[{"name":"Open","channels":[{"sampler":0,"target":{"node":0,"path":"translation"}}],
            "samplers":[{"input":3,"output":4}]}],"#,
        )
        .replace(
            r#""componentType":5123,"count":6,"type":"SCALAR"}],"#,
            r#""componentType":5123,"count":6,"type":"SCALAR"},
            {"bufferView":3,"componentType":5126,"count":2,"type":"SCALAR","min":[0],"max":[1]},
            {"bufferView":4,"componentType":5126,"count":2,"type":"VEC3"}],"#,
        );
    std::fs::write(&path, door).expect("the door can be written");
}
