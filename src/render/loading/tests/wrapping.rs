//! Each image is sampled as its own file says.

use super::{wall::write_wall, *};
use crate::exhibit::stage::Pose;

#[test]
fn an_image_repeats_where_there_is_no_base_color_to_say_how() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = folder.path();
    write_wall(folder);
    let path = folder.join("wall.gltf");
    let wall = std::fs::read_to_string(&path).expect("the wall has been written");
    let glowing = wall
        .replace(
            r#""extensions":{"KHR_materials_unlit":{}},
        "pbrMetallicRoughness":{"baseColorTexture":{"index":0}}}],
        "extensionsUsed":["KHR_materials_unlit"]"#,
            r#""emissiveFactor":[1,1,1],"emissiveTexture":{"index":0,
        "extensions":{"KHR_texture_transform":{"scale":[3,1]}}},
        "pbrMetallicRoughness":{"baseColorFactor":[0,0,0,1]}}],
        "extensionsUsed":["KHR_texture_transform"]"#,
        )
        .replace("KHR_materials_unlit", "");
    assert!(glowing.contains("emissiveTexture"), "the material is found");
    std::fs::write(&path, glowing).expect("the wall can be written");
    // Red on the left, green on the right; three times beside each other.
    let halves = image::RgbImage::from_fn(64, 64, |x, _| {
        image::Rgb(if x < 32 { [250, 0, 0] } else { [0, 250, 0] })
    });
    halves
        .save(folder.join("wall.png"))
        .expect("the picture can be written");
    let mut headless = headless(scene(folder, ""));
    let stage = headless.stage();
    start_loading(headless.app.world_mut(), &stage);
    headless.load(|_| {});
    let pose = Pose::looking_at(Vec3::new(0.0, 1.0, 2.5), Vec3::new(0.0, 1.0, 0.0));
    headless.look(&pose, 0.9);
    headless.draw();
    let picture = headless.picture().expect("a picture was drawn");
    let y = picture.height() / 2;
    let hues: Vec<char> = (0..picture.width())
        .map(|x| picture.get_pixel(x, y).0)
        .filter(|[r, g, ..]| r.abs_diff(*g) > 60)
        .map(|[r, g, ..]| if r > g { 'r' } else { 'g' })
        .collect();
    let mut turns = hues;
    turns.dedup();
    assert_eq!(turns, ['r', 'g', 'r', 'g', 'r', 'g']);
}
