//! Pictures through the whole of Grotto: file in, picture out.

use crate::command::grotto;
use std::path::Path;

fn shared(path: &str) -> Option<std::path::PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/data")
        .join(path);
    path.exists().then_some(path)
}

fn render(arguments: &[&str], out: &str) -> image::RgbImage {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let mut all = vec!["render"];
    all.extend_from_slice(arguments);
    all.extend_from_slice(&["--out", out, "--size", "320x180"]);
    let output = grotto(&all, folder.path());
    assert!(
        output.status.success(),
        "grotto {all:?} makes a picture: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    image::open(folder.path().join(out))
        .expect("the picture can be opened")
        .into_rgb8()
}

/// A triangle with vertex colors, as a glTF with its data inside.
fn triangle(folder: &Path) -> std::path::PathBuf {
    let mut bytes: Vec<u8> = Vec::new();
    for value in [-1.0_f32, -1.0, 0.0, 1.0, -1.0, 0.0, 0.0, 1.0, 0.0] {
        bytes.extend_from_slice(&value.to_le_bytes());
    }
    let colors: [[u8; 4]; 3] = [[255, 0, 0, 255], [0, 255, 0, 255], [0, 0, 255, 255]];
    bytes.extend(colors.iter().flatten());
    std::fs::write(folder.join("triangle.bin"), &bytes).expect("the buffer can be written");
    let gltf = r#"{"asset":{"version":"2.0"},"scene":0,"scenes":[{"nodes":[0]}],
        "nodes":[{"mesh":0}],"buffers":[{"uri":"triangle.bin","byteLength":48}],
        "bufferViews":[{"buffer":0,"byteLength":36},{"buffer":0,"byteOffset":36,"byteLength":12}],
        "accessors":[{"bufferView":0,"componentType":5126,"count":3,"type":"VEC3","min":[-1,-1,0],"max":[1,1,0]},
        {"bufferView":1,"componentType":5121,"normalized":true,"count":3,"type":"VEC4"}],
        "materials":[{"doubleSided":true,"extensions":{"KHR_materials_unlit":{}},"pbrMetallicRoughness":{}}],
        "extensionsUsed":["KHR_materials_unlit"],
        "meshes":[{"primitives":[{"attributes":{"POSITION":0,"COLOR_0":1},"material":0}]}]}"#;
    let path = folder.join("triangle.gltf");
    std::fs::write(&path, gltf).expect("the model can be written");
    path
}

#[test]
fn a_triangle_shows_its_colors_where_they_are() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let model = triangle(folder.path());
    let model = model.to_str().expect("the temporary folder is UTF-8");
    let picture = render(&[model, "--pose", "0,0,3,0,0"], "a.png");
    let at = |x: u32, y: u32| picture.get_pixel(x, y).0;
    let background = at(5, 5);
    let center = at(160, 100);
    assert_ne!(
        center, background,
        "the triangle covers the middle of the picture"
    );
    let (left, right) = (at(125, 135), at(195, 135));
    assert!(
        left[0] > left[1] && left[0] > left[2],
        "the left corner is red: {left:?}"
    );
    assert!(
        right[1] > right[0] && right[1] > right[2],
        "the right corner is green: {right:?}"
    );
    let top = at(160, 50);
    assert!(
        top[2] > top[0] && top[2] > top[1],
        "the top is blue: {top:?}"
    );
}

#[test]
fn the_same_input_gives_the_same_picture() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let model = triangle(folder.path());
    let model = model.to_str().expect("the temporary folder is UTF-8");
    assert!(
        render(&[model], "a.png") == render(&[model], "b.png"),
        "two runs on one driver agree to the bit"
    );
}

#[test]
fn a_flame_burns_alike_however_long_the_scene_took_to_load() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    triangle(folder.path());
    let scene = folder.path().join("exhibit.ron");
    let text = r#"(
        format: 1,
        title: "A flame",
        credits: [(name: "Us", licence: "CC0-1.0")],
        spaces: [(
            id: "room",
            meshes: [(id: "sign", path: "triangle.gltf")],
            lights: [(id: "lamp", at: (position: (0, 0, 1)), lumens: 400, flicker: Flame)],
        )],
        views: [(id: "here", at: (position: (0, 0, 2)))],
    )"#;
    std::fs::write(&scene, text).expect("the scene can be written");
    let scene = scene.to_str().expect("the temporary folder is UTF-8");
    let first = render(&[scene, "--view", "here"], "a.png");
    // More to read before the first picture.
    let many: String = (0..60)
        .map(|at| format!("(id: \"sign{at}\", path: \"triangle.gltf\"),"))
        .collect();
    let more = text.replace("meshes: [", &format!("meshes: [{many}"));
    std::fs::write(scene, more).expect("the scene can be written");
    assert!(
        first == render(&[scene, "--view", "here"], "b.png"),
        "the same flame, to the bit"
    );
    let lit = first
        .pixels()
        .filter(|pixel| pixel[0] > 200 && pixel[2] < 200);
    assert!(lit.count() > 50, "and it burns");
}

#[test]
fn the_draco_whale_looks_like_the_plain_one() {
    let (Some(plain), Some(draco)) = (
        shared("meshes/whale/whale_cranium.glb"),
        shared("meshes/whale/whale_cranium_draco.glb"),
    ) else {
        return;
    };
    let path = |path: &Path| {
        path.to_str()
            .expect("the shared folder is UTF-8")
            .to_owned()
    };
    let a = render(&[&path(&plain)], "a.png");
    let b = render(&[&path(&draco)], "b.png");
    let total: u64 = a
        .as_raw()
        .iter()
        .zip(b.as_raw())
        .map(|(a, b)| u64::from(a.abs_diff(*b)))
        .sum();
    let mean = total as f64 / a.as_raw().len() as f64;
    assert!(
        mean < 0.6,
        "mean difference of a channel is {mean:.3} of 255"
    );
    let lit = a.pixels().filter(|pixel| pixel.0[0] > 120).count();
    assert!(
        lit > 1_000,
        "the whale is in the picture: {lit} bright pixels"
    );
}

/// A square that shows a KTX2 picture of ours (see `tests/files`).
fn basis_square(folder: &Path, picture: &str) -> std::path::PathBuf {
    let mut bytes: Vec<u8> = Vec::new();
    let corners = [[-1.0_f32, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]];
    for [x, y] in corners {
        for value in [x, y, 0.0] {
            bytes.extend_from_slice(&value.to_le_bytes());
        }
    }
    for [x, y] in corners {
        for value in [(x + 1.0) * 0.5, (1.0 - y) * 0.5] {
            bytes.extend_from_slice(&value.to_le_bytes());
        }
    }
    for index in [0_u16, 1, 2, 0, 2, 3] {
        bytes.extend_from_slice(&index.to_le_bytes());
    }
    std::fs::write(folder.join("square.bin"), &bytes).expect("the buffer can be written");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files");
    std::fs::copy(source.join(picture), folder.join("picture.ktx2"))
        .expect("the picture can be copied");
    let gltf = r#"{"asset":{"version":"2.0"},"scene":0,"scenes":[{"nodes":[0]}],
        "nodes":[{"mesh":0}],"buffers":[{"uri":"square.bin","byteLength":92}],
        "bufferViews":[{"buffer":0,"byteLength":48},{"buffer":0,"byteOffset":48,"byteLength":32},
        {"buffer":0,"byteOffset":80,"byteLength":12}],
        "accessors":[{"bufferView":0,"componentType":5126,"count":4,"type":"VEC3","min":[-1,-1,0],"max":[1,1,0]},
        {"bufferView":1,"componentType":5126,"count":4,"type":"VEC2"},
        {"bufferView":2,"componentType":5123,"count":6,"type":"SCALAR"}],
        "images":[{"uri":"picture.ktx2","mimeType":"image/ktx2"}],
        "textures":[{"extensions":{"KHR_texture_basisu":{"source":0}}}],
        "materials":[{"extensions":{"KHR_materials_unlit":{}},
        "pbrMetallicRoughness":{"baseColorTexture":{"index":0}}}],
        "extensionsUsed":["KHR_materials_unlit","KHR_texture_basisu"],
        "extensionsRequired":["KHR_texture_basisu"],
        "meshes":[{"primitives":[{"attributes":{"POSITION":0,"TEXCOORD_0":1},"indices":2,"material":0}]}]}"#;
    let path = folder.join("square.gltf");
    std::fs::write(&path, gltf).expect("the model can be written");
    path
}

/// Through the child process that decodes them.
#[test]
fn basis_universal_pictures_show_their_colors() {
    for name in ["etc1s.ktx2", "uastc.ktx2"] {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let model = basis_square(folder.path(), name);
        let model = model.to_str().expect("the temporary folder is UTF-8");
        let picture = render(&[model, "--pose", "0,0,2.2,0,0"], "a.png");
        let quadrants = [
            ((130, 60), [210, 30, 30], "red, upper left"),
            ((190, 60), [30, 190, 40], "green, upper right"),
            ((130, 120), [30, 50, 220], "blue, lower left"),
            ((190, 120), [230, 210, 40], "yellow, lower right"),
        ];
        for ((x, y), color, what) in quadrants {
            let shown = picture.get_pixel(x, y).0;
            let off = shown
                .iter()
                .zip(color)
                .map(|(shown, wanted): (&u8, i32)| (i32::from(*shown) - wanted).abs())
                .max();
            assert!(
                off.is_some_and(|off| off < 40),
                "{name} is {what}: {shown:?} for {color:?}"
            );
        }
    }
}
