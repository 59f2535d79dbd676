//! Pictures of an eye against pictures of the same place.

use super::remote::HALF_UP_RAD;
use crate::command::grotto;
use image::RgbImage;

/// What differs, of 255.
#[derive(Debug)]
pub(crate) struct Difference {
    pub(crate) mean: f64,
    pub(crate) percentile_97: u8,
}

/// A picture without a headset: from an eye's place, level, with an eye's field of view.
pub(super) fn headless(eye: [f32; 3], yaw_deg: f32) -> RgbImage {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let draft = folder.path().join("cave");
    let draft = draft.to_str().expect("the temporary folder is UTF-8");
    let run = |arguments: &[&str]| {
        let output = grotto(arguments, folder.path());
        assert!(
            output.status.success(),
            "grotto {arguments:?} succeeds: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    };
    run(&["sample", "--draft", "--out", draft]);
    let pose = format!("{},{},{},{yaw_deg},0", eye[0], eye[1], eye[2]);
    let fov = (2.0 * HALF_UP_RAD.to_degrees()).to_string();
    run(&[
        "render",
        &format!("{draft}/exhibit.ron"),
        "--pose",
        &pose,
        "--fov",
        &fov,
        "--size",
        "320x240",
        "--quality",
        "low",
        "--out",
        "eye.png",
    ]);
    image::open(folder.path().join("eye.png"))
        .expect("the picture can be read")
        .into_rgb8()
}

/// How far two pictures of one size differ.
pub(crate) fn difference(a: &RgbImage, b: &RgbImage) -> Difference {
    assert_eq!(a.dimensions(), b.dimensions(), "pictures of one size");
    let mut off: Vec<u8> = a
        .as_raw()
        .iter()
        .zip(b.as_raw())
        .map(|(a, b)| a.abs_diff(*b))
        .collect();
    off.sort_unstable();
    let mean = off.iter().map(|value| f64::from(*value)).sum::<f64>() / off.len() as f64;
    Difference {
        mean,
        percentile_97: off[off.len() * 97 / 100],
    }
}
