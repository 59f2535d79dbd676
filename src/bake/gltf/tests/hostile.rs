//! Files made to break the reader: each is refused by name, quickly, within bounded memory.

use serde_json::json;

use super::make::{Glb, cube_mesh, glb, png};
use super::{read, read_bytes};
use crate::bake::error::Cause;
use crate::bake::{Limits, ReadOptions};

/// The refusal of a file, as an author reads it.
fn refusal(bytes: &[u8]) -> (String, String, Cause) {
    match read_bytes(bytes) {
        Ok(_) => panic!("the file should be refused"),
        Err(e) => (e.to_string(), e.pointer.clone(), e.cause),
    }
}

/// A sound cube to be spoiled.
fn sound() -> Glb {
    let mut glb = Glb::new();
    let mesh = cube_mesh(&mut glb, [0.0; 3]);
    glb.root(json!({"mesh": mesh}));
    glb
}

#[test]
fn a_chain_of_twenty_thousand_nodes_is_too_deep() {
    let mut glb = sound();
    glb.json["nodes"] = (0..20_000)
        .map(|i| {
            if i < 19_999 {
                json!({"children": [i + 1]})
            } else {
                json!({"mesh": 0})
            }
        })
        .collect();
    let (text, pointer, cause) = refusal(&glb.bytes());
    assert!(
        matches!(cause, Cause::OverLimit { limit: 256, .. }),
        "the depth is named: {text}"
    );
    assert_eq!(pointer, "/nodes/256", "the node that is too deep is named");
}

#[test]
fn json_nested_too_deep_is_refused() {
    let json = format!(
        r#"{{"asset":{{"version":"2.0","extras":{}1"#,
        "[".repeat(1_000_000)
    );
    let (text, _, cause) = refusal(&glb(json.as_bytes(), &[]));
    assert!(
        matches!(cause, Cause::Json(_)),
        "it is refused as JSON: {text}"
    );
}

#[test]
fn circles_and_second_parents_are_refused() {
    for nodes in [
        json!([{"children": [1]}, {"children": [2]}, {"children": [1]}]),
        json!([{"children": [0]}]),
        json!([{}, {"children": [2]}, {"children": [1]}]),
        json!([{"children": [2]}, {"children": [2]}, {}]),
        json!([{"children": [1, 1]}, {}]),
    ] {
        let mut glb = sound();
        glb.json["nodes"] = nodes.clone();
        let (text, pointer, cause) = refusal(&glb.bytes());
        assert!(
            matches!(cause, Cause::NotATree(_)) && pointer.starts_with("/nodes/"),
            "{nodes} is not a tree: {text}"
        );
    }
}

#[test]
fn indices_that_name_nothing_are_refused_everywhere() {
    for (path, value) in [
        ("/scene", json!(7)),
        ("/scenes/0/nodes/0", json!(7)),
        ("/nodes/0/mesh", json!(7)),
        ("/nodes/0/children", json!([7])),
        ("/meshes/0/primitives/0/material", json!(7)),
        ("/meshes/0/primitives/0/indices", json!(7)),
        ("/meshes/0/primitives/0/attributes/POSITION", json!(7)),
        ("/accessors/0/bufferView", json!(7)),
        ("/bufferViews/0/buffer", json!(7)),
    ] {
        let mut glb = sound();
        let (parent, key) = path.rsplit_once('/').expect("the path has a parent");
        let parent = glb.json.pointer_mut(parent).expect("the parent is there");
        match (parent.is_array(), key.parse::<usize>()) {
            (true, Ok(index)) => parent[index] = value,
            _ => parent[key] = value,
        }
        let (text, _, cause) = refusal(&glb.bytes());
        assert!(
            matches!(cause, Cause::NoSuch { index: 7, .. }),
            "7 at {path} names nothing: {text}"
        );
    }
}

#[test]
fn counts_and_offsets_beyond_the_data_are_refused_before_allocating() {
    let huge = u64::MAX;
    for (path, value) in [
        ("/accessors/0/count", json!(9)),
        ("/accessors/0/count", json!(u32::MAX)),
        ("/accessors/0/count", json!(huge)),
        ("/accessors/0/byteOffset", json!(4)),
        ("/accessors/0/byteOffset", json!(huge)),
        ("/accessors/1/count", json!(u32::MAX)),
        ("/bufferViews/0/byteLength", json!(1u64 << 40)),
        ("/bufferViews/0/byteLength", json!(huge)),
        ("/bufferViews/0/byteOffset", json!(huge)),
        ("/bufferViews/0/byteStride", json!(huge)),
        ("/bufferViews/0/byteStride", json!(1)),
        ("/buffers/0/byteLength", json!(huge)),
    ] {
        let mut glb = sound();
        let (parent, key) = path.rsplit_once('/').expect("the path has a parent");
        glb.json.pointer_mut(parent).expect("the parent is there")[key] = value.clone();
        let (text, pointer, _) = refusal(&glb.bytes());
        assert!(
            !pointer.is_empty(),
            "{value} at {path} is refused with its place: {text}"
        );
    }
}

#[test]
fn accessors_without_data_cannot_ask_for_the_moon() {
    for count in [2_000_000_000_u64, u64::from(u32::MAX), u64::MAX] {
        let mut glb = sound();
        glb.json["accessors"][0] = json!({"componentType": 5126, "count": count, "type": "VEC3"});
        let (text, pointer, cause) = refusal(&glb.bytes());
        assert!(
            matches!(cause, Cause::OverLimit { .. }),
            "{count} is too many: {text}"
        );
        assert_eq!(pointer, "/accessors/0", "the accessor is named");

        let mut glb = sound();
        glb.json["accessors"][0]["sparse"] = json!({"count": count,
            "indices": {"bufferView": 0, "componentType": 5125}, "values": {"bufferView": 0}});
        let (text, pointer, _) = refusal(&glb.bytes());
        assert_eq!(
            pointer, "/accessors/0/sparse",
            "a sparse count of {count}: {text}"
        );
    }
}

#[test]
fn many_parts_of_one_accessor_share_one_budget() {
    let mut glb = sound();
    let part = glb.json["meshes"][0]["primitives"][0].clone();
    glb.json["accessors"][0] = json!({"componentType": 5126, "count": 1_000_000, "type": "VEC3"});
    glb.json["meshes"][0]["primitives"] = vec![part; 2000].into();
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let options = ReadOptions {
        limits: Limits {
            decoded_bytes: 100 << 20,
            ..Limits::default()
        },
        ..ReadOptions::default()
    };
    let error = crate::bake::read_model(&glb.write(folder.path(), "x.glb"), &options, &())
        .expect_err("24 GB of zeros are refused");
    assert!(
        matches!(
            error.cause,
            Cause::OverLimit {
                limit: 104_857_600,
                ..
            }
        ),
        "the budget is named: {error}"
    );
}

#[test]
fn an_index_past_the_vertices_is_refused_with_its_accessor() {
    let mut glb = sound();
    let last = glb.bin.len() - 2;
    glb.bin[last..].copy_from_slice(&8_u16.to_le_bytes());
    let (text, pointer, _) = refusal(&glb.bytes());
    assert!(
        text.contains("index 8") && text.contains("8 vertices"),
        "both are told: {text}"
    );
    assert_eq!(pointer, "/accessors/1", "the accessor is named");
}

#[test]
fn a_file_cut_at_any_byte_is_refused() {
    let whole = sound().bytes();
    for length in 0..whole.len() {
        let (text, _, _) = refusal(&whole[..length]);
        assert!(
            text.contains("test.glb"),
            "cut at {length}, the file is named: {text}"
        );
    }
}

/// A small generator of pseudo-random numbers (Marsaglia's xorshift), for repeatable tests.
fn xorshift(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

#[test]
fn flipped_bytes_never_panic() {
    let mut seeds = vec![sound().bytes()];
    for name in ["draco", "meshopt", "webp", "textured"] {
        if let Some(path) = super::make::shared(&format!("meshes/cubes/cube_{name}.glb")) {
            seeds.push(std::fs::read(path).expect("the cube can be read"));
        }
    }
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join("flipped.glb");
    let mut state = 0x9E37_79B9_7F4A_7C15;
    let mut refused = 0;
    for round in 0..1500 {
        let mut bytes = seeds[round % seeds.len()].clone();
        // In every third file the JSON stays whole, so that the data is reached.
        let first = if round % 3 == 0 { bytes.len() / 2 } else { 12 };
        for _ in 0..=xorshift(&mut state) % 6 {
            let at = first + xorshift(&mut state) as usize % (bytes.len() - first);
            bytes[at] = xorshift(&mut state) as u8;
        }
        std::fs::write(&path, &bytes).expect("the temporary folder can be written");
        match read(&path) {
            Ok(model) => {
                for p in model.meshes.iter().flat_map(|m| &m.primitives) {
                    assert!(
                        p.positions.iter().flatten().all(|v| v.is_finite()),
                        "what is read is sound"
                    );
                }
            }
            Err(_) => refused += 1,
        }
    }
    assert!(refused > 300, "many broken files are noticed: {refused}");
}

#[test]
fn a_png_that_claims_a_huge_picture_is_refused_by_its_header() {
    let mut picture = png(4, 4, [1; 4]);
    picture[16..20].copy_from_slice(&30_000_u32.to_be_bytes());
    picture[20..24].copy_from_slice(&30_000_u32.to_be_bytes());
    let crc = crc32(&picture[12..29]);
    picture[29..33].copy_from_slice(&crc.to_be_bytes());
    let mut glb = sound();
    let view = glb.view(&picture);
    glb.json["images"] = json!([{"bufferView": view, "name": "big wall"}]);
    glb.json["textures"] = json!([{"source": 0}]);
    glb.json["materials"] = json!([{"emissiveTexture": {"index": 0}}]);
    glb.json["meshes"][0]["primitives"][0]["material"] = json!(0);
    let model = read_bytes(&glb.bytes()).expect("the mesh is shown all the same");
    assert!(model.images[0].is_none(), "the picture is not decoded");
    let finding = &model.warnings[0];
    assert!(
        finding.message.contains("big wall") && finding.message.contains("30000"),
        "the picture and its size are named: {}",
        finding.message
    );
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            if crc & 1 == 1 {
                crc >> 1 ^ 0xEDB8_8320
            } else {
                crc >> 1
            }
        })
    })
}

#[test]
fn paths_out_of_the_folder_are_refused() {
    let outer = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = outer.path().join("exhibit");
    std::fs::create_dir(&folder).expect("a folder can be made");
    let glb = sound();
    std::fs::write(outer.path().join("secret.bin"), &glb.bin).expect("a file can be written");
    std::fs::write(folder.join("my mesh.bin"), &glb.bin).expect("a file can be written");
    let absolute = outer.path().join("secret.bin");
    let open = |uri: &str| {
        let mut json = glb.json.clone();
        json["buffers"][0]["uri"] = json!(uri);
        let path = folder.join("x.gltf");
        std::fs::write(&path, json.to_string()).expect("a file can be written");
        read(&path)
    };
    for uri in [
        "../secret.bin",
        "%2e%2e/secret.bin",
        "..%2Fsecret.bin",
        "a/../../secret.bin",
        "..\\secret.bin",
        absolute.to_str().expect("the path is text"),
        "file:///etc/passwd",
        "https://example.org/x.bin",
        "C:/x.bin",
        "x%00.bin",
        "%ff%fe",
        "%4",
    ] {
        let error = open(uri).expect_err("a path out of the folder is refused");
        assert!(
            matches!(&error.cause, Cause::LeavesFolder(named) if *named == uri),
            "{uri} leads out of the folder: {error}"
        );
    }
    assert!(
        open("my%20mesh.bin").is_ok(),
        "a percent-encoded name in the folder is read"
    );
    assert!(
        open("./my mesh.bin").is_ok(),
        "a plain name in the folder is read"
    );
    let error = open("gone.bin").expect_err("a missing file is an error");
    assert!(
        matches!(&error.cause, Cause::Resource { uri, .. } if uri == "gone.bin"),
        "the missing file is named: {error}"
    );
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&absolute, folder.join("link.bin")).expect("a link can be made");
        let error = open("link.bin").expect_err("a link out of the folder is refused");
        assert!(
            matches!(error.cause, Cause::LeavesFolder(_)),
            "a symbolic link leads out of the folder: {error}"
        );
    }
}

#[test]
fn other_files_are_named_for_what_they_are() {
    for (bytes, says) in [
        (&b""[..], "empty"),
        (b"ply\nformat binary", "PLY"),
        (b"PK\x03\x04rest", "ZIP"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"# Blender\nv 0 0 0", "OBJ"),
        (b"\0\0\0\0", "neither"),
        (b"{", "JSON"),
        (b"{}", "asset"),
        (br#"{"asset":{"version":"1.0"}}"#, "version 1.0"),
        (br#"{"asset":{"version":"2.0"}} x"#, "follows"),
    ] {
        let (text, _, _) = refusal(bytes);
        assert!(text.contains(says), "\"{says}\" should stand in: {text}");
    }
    let missing = read(std::path::Path::new("/nowhere/at all.glb")).expect_err("nothing is there");
    assert!(
        matches!(missing.cause, Cause::CannotOpen(_)) && missing.to_string().contains("at all.glb"),
        "a missing file is named: {missing}"
    );
    assert!(read(&std::env::temp_dir()).is_err(), "a folder is refused");
}

#[test]
fn a_required_extension_that_is_unknown_is_named() {
    let mut glb = sound();
    glb.json["extensionsUsed"] = json!(["EXT_mesh_gpu_instancing"]);
    let model = read_bytes(&glb.bytes()).expect("an optional extension does not stop the model");
    assert_eq!(
        model.warnings[0].code, "extension-ignored",
        "it is a warning"
    );
    glb.json["extensionsRequired"] = json!(["EXT_mesh_gpu_instancing"]);
    let (text, pointer, _) = refusal(&glb.bytes());
    assert!(
        text.contains("EXT_mesh_gpu_instancing"),
        "the extension is named: {text}"
    );
    assert_eq!(pointer, "/extensionsRequired/0", "its place is told");
}

#[test]
fn a_fault_in_the_json_is_told_with_its_place() {
    let mut glb = sound();
    glb.json["accessors"][1]["count"] = json!("many");
    let (text, pointer, _) = refusal(&glb.bytes());
    assert_eq!(
        pointer, "/accessors/1/count",
        "the place is a JSON pointer: {text}"
    );
}

#[test]
fn lists_without_end_stop_while_they_are_read() {
    let mut json = String::from(r#"{"asset":{"version":"2.0"},"nodes":["#);
    json.push_str(&"{},".repeat(600_000));
    json.push_str("{}]}");
    let (text, _, _) = refusal(&glb(json.as_bytes(), &[]));
    assert!(
        text.contains("more than 250000"),
        "the list is too long: {text}"
    );
}

#[test]
fn compressed_views_that_lie_are_refused() {
    for (key, value) in [
        ("count", json!(2_000_000_000_u64)),
        ("count", json!(u64::MAX)),
        ("byteStride", json!(0)),
        ("byteStride", json!(7)),
        ("byteStride", json!(1024)),
        ("byteLength", json!(1u64 << 40)),
        ("byteOffset", json!(u64::MAX)),
        ("mode", json!("SOMEHOW")),
        ("filter", json!("SOMEHOW")),
        ("filter", json!("QUATERNION")),
    ] {
        let vertices: Vec<[f32; 3]> = super::make::cube([0.0; 3]).0;
        let packed = meshopt::encode_vertex_buffer(&vertices).expect("vertices can be packed");
        let mut glb = sound();
        let view = glb.view(&packed);
        let offset = glb.json["bufferViews"][view]["byteOffset"].clone();
        glb.json["bufferViews"][0]["extensions"] = json!({"EXT_meshopt_compression": {
            "buffer": 0, "byteOffset": offset, "byteLength": packed.len(), "byteStride": 12,
            "count": 8, "mode": "ATTRIBUTES"}});
        assert!(
            read_bytes(&glb.bytes()).is_ok(),
            "an honest compressed view is read"
        );
        glb.json["bufferViews"][0]["extensions"]["EXT_meshopt_compression"][key] = value.clone();
        let (text, pointer, _) = refusal(&glb.bytes());
        assert_eq!(
            pointer, "/bufferViews/0",
            "{key} {value} is refused: {text}"
        );
    }
}

#[test]
fn places_out_of_this_world_are_refused() {
    for node in [
        json!({"mesh": 0, "translation": [1e30, 0, 0]}),
        json!({"mesh": 0, "scale": [1e300, 1, 1]}),
    ] {
        let mut glb = sound();
        glb.json["nodes"][0] = node.clone();
        let (text, pointer, _) = refusal(&glb.bytes());
        assert_eq!(pointer, "/nodes/0", "{node} is refused: {text}");
    }
    let mut glb = sound();
    glb.json["nodes"][0] = json!({"mesh": 0, "rotation": [0, 0, 0, 0]});
    let model = read_bytes(&glb.bytes()).expect("a rotation of zero is mended");
    assert!(
        model.nodes[0].rotation.is_normalized(),
        "it becomes no rotation"
    );
}
