//! Murals seen along the wall.

use super::*;
use crate::bake::TextureCompression;
use crate::exhibit::stage::Pose;

/// How far apart light and dark are on a striped wall whose stripes run away from the visitor,
/// at an angle of six degrees: the standard deviation of a column of pixels, of 255.
fn contrast(folder: &Path, anisotropy: u16) -> f32 {
    let mut headless = headless(scene(folder, ""));
    headless.app.insert_resource(Textures {
        compression: TextureCompression::None,
        has_bc: false,
        anisotropy,
    });
    let stage = headless.stage();
    start_loading(headless.app.world_mut(), &stage);
    headless.load(|_| {});
    let pose = Pose {
        eye_in_world: Vec3::new(-2.5, 1.0, 0.25),
        yaw_rad: -std::f32::consts::FRAC_PI_2,
        pitch_rad: 0.0,
    };
    headless.look(&pose, 0.9);
    for _ in 0..3 {
        headless.draw();
    }
    let picture = headless.picture().expect("a picture was drawn");
    // Where the middle of the wall is, and of it what is less than 0.7 m from the middle.
    let column: Vec<f32> = (14..50)
        .map(|y| f32::from(picture.get_pixel(25, y).0[0]))
        .collect();
    let count = column.len() as f32;
    let mean = column.iter().sum::<f32>() / count;
    let variance = column
        .iter()
        .map(|value| (value - mean).powi(2))
        .sum::<f32>();
    (variance / count).sqrt()
}

#[test]
fn murals_stay_sharp_along_the_wall_where_the_machine_affords_it() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = folder.path();
    write_wall(folder);
    // Stripes of an eighth of a metre: three pixels high, and shorter than what a pixel covers
    // of the wall's length.
    let stripes = image::RgbImage::from_fn(512, 512, |_, y| {
        image::Rgb([if y / 32 % 2 == 0 { 240 } else { 10 }; 3])
    });
    stripes
        .save(folder.join("wall.png"))
        .expect("the picture can be written");
    let (plain, sharp) = (contrast(folder, 1), contrast(folder, 8));
    println!("{plain} {sharp}");
    assert!(
        sharp > 50.0 && sharp > 3.0 * plain,
        "with anisotropy stripes are told apart by {sharp}, without by {plain}"
    );
}

#[test]
fn each_quality_asks_a_graphics_card_for_its_anisotropy() {
    for (quality, samples) in [(Quality::Low, 1), (Quality::Medium, 4), (Quality::High, 8)] {
        let mut world = World::new();
        world.insert_resource(quality);
        let textures = Textures::of(&world);
        assert_eq!(textures.anisotropy, samples, "{quality:?}");
        let sampler = crate::render::upload::sampler(
            [crate::bake::model::Wrap::Repeat; 2],
            false,
            textures.anisotropy,
        );
        assert_eq!(sampler.anisotropy_clamp, samples, "{quality:?}");
    }
}
