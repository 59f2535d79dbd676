//! What is missing, and what changes while it is shown, drawn on this machine.

use super::*;
use crate::{
    exhibit::{open, stage::Stage},
    render::{Quality, headless::Headless, layers::ShownLayers},
};
use std::path::Path;

/// A white wall of two metres at the origin, without light of its own, and its picture.
fn write_wall(folder: &Path) {
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

fn write_picture(path: &Path, side: u32, color: [u8; 3]) {
    let picture = image::RgbImage::from_pixel(side, side, image::Rgb(color));
    picture.save(path).expect("the picture can be written");
}

/// A scene with the wall, seen from two metres.
fn scene(folder: &Path, surfaces: &str) -> Stage {
    let text = format!(
        "(format: 1, title: \"T\", credits: [(name: \"Us\", licence: \"CC0-1.0\")],\n\
         spaces: [(id: \"room\", meshes: [(id: \"wall\", path: \"wall.gltf\")], {surfaces})],\n\
         views: [(id: \"here\", at: (position: (0, 1, 2)))])"
    );
    let path = folder.join("exhibit.ron");
    std::fs::write(&path, text).expect("the scene can be written");
    open::open(&path, None).0.expect("the scene can be shown")
}

fn headless(stage: Stage) -> Headless {
    let view = stage.views[0].clone();
    let mut headless = Headless::new(stage, UVec2::new(64, 64), Quality::Low, false)
        .expect("this machine can draw");
    headless.load(|_| {});
    headless.look(&view.pose, view.field_of_view_rad);
    headless
}

fn middle(headless: &mut Headless) -> [u8; 3] {
    headless.draw();
    let picture = headless.picture().expect("a picture was drawn");
    let [r, g, b, _] = picture.get_pixel(32, 32).0;
    [r, g, b]
}

#[test]
fn a_picture_that_is_read_anew_is_never_black_on_its_way() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = folder.path();
    write_wall(folder);
    // Larger than what a frame may bring to the GPU.
    write_picture(&folder.join("wall.png"), 3072, [250, 40, 40]);
    let mut headless = headless(scene(folder, ""));
    let [r, g, _] = middle(&mut headless);
    assert!(r > 150 && g < 100, "the wall is red at first: {r} {g}");

    write_picture(&folder.join("wall.png"), 3072, [40, 250, 40]);
    let stage = headless.stage();
    start_loading(headless.app.world_mut(), &stage);
    let mut is_green = false;
    for _ in 0..3_000 {
        let [r, g, b] = middle(&mut headless);
        is_green = g > 150 && r < 100;
        assert!(
            is_green || (r > 150 && g < 100),
            "the wall is red or green and nothing between: {r} {g} {b}"
        );
        if is_green {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    assert!(is_green, "the new picture comes");
    let world = headless.app.world_mut();
    let roots = world.query::<&PlacedMesh>().iter(world).count();
    assert_eq!(roots, 1, "the old wall has gone");
}

#[test]
fn a_layer_without_its_picture_has_a_sign_while_it_is_shown() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = folder.path();
    write_wall(folder);
    for name in ["wall.png", "today.png"] {
        write_picture(&folder.join(name), 64, [240, 240, 240]);
    }
    let stage = scene(
        folder,
        r#"surfaces: [(id: "mural", mesh: "wall", material: "mural", shown: "restored", layers: [
            (id: "today", title: "Today", base_color: "today.png"),
            (id: "restored", title: "Restored", base_color: "restored.png")])]"#,
    );
    let mut headless = headless(stage);
    headless.app.insert_resource(LayersWanted::All);
    let stage = headless.stage();
    start_loading(headless.app.world_mut(), &stage);
    headless.load(|_| {});
    let problems = headless.loading().problems.join("\n");
    assert!(
        problems.contains("surface mural") && problems.contains("restored.png"),
        "the file is named: {problems}"
    );
    for _ in 0..3 {
        headless.draw();
    }
    let [r, _, _] = middle(&mut headless);
    assert!(r < 120, "a dark sign hangs before the wall: {r}");

    let world = headless.app.world_mut();
    world.resource_scope(|world, mut shown: Mut<ShownLayers>| {
        let mut materials = world.resource_mut::<Assets<super::super::scan::ScanMaterial>>();
        shown.show(0, 0, 0.0, &mut materials);
    });
    for _ in 0..60 {
        headless.draw();
    }
    let [r, _, _] = middle(&mut headless);
    assert!(r > 180, "the other layer is there, without a sign: {r}");
}
