//! The sample and the starter as they looked when somebody last looked at them.
//!
//! Pictures are compared with tolerance: another driver may round otherwise, nobody may
//! see it. `BLESS=1 cargo test --release golden` takes the present pictures as right; look
//! at them first.

use crate::command::grotto;
use image::RgbImage;
use std::path::{Path, PathBuf};

/// Mean difference of a channel, of 255.
const MEAN: f64 = 2.5;
/// 99 channels of 100 differ by less, of 255.
const PERCENTILE_99: u8 = 28;

fn goldens() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures")
}

fn run(arguments: &[&str], folder: &Path) {
    let output = grotto(arguments, folder);
    assert!(
        output.status.success(),
        "grotto {arguments:?} succeeds: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Renders a view and compares it with its golden; says what differs.
fn compare(scene: &str, view: &str, name: &str, folder: &Path) -> Option<String> {
    let out = format!("{name}.png");
    run(
        &[
            "render",
            scene,
            "--view",
            view,
            "--size",
            "320x180",
            "--quality",
            "low",
            "--out",
            &out,
        ],
        folder,
    );
    let path = folder.join(&out);
    let actual = image::open(&path)
        .expect("the picture can be read")
        .into_rgb8();
    let golden = goldens().join(&out);
    if std::env::var_os("BLESS").is_some() {
        std::fs::copy(&path, &golden).expect("the golden can be written");
        return None;
    }
    let expected = match image::open(&golden) {
        Ok(expected) => expected.into_rgb8(),
        Err(error) => return Some(format!("{}: {error}", golden.display())),
    };
    if expected.dimensions() != actual.dimensions() {
        return Some(format!("{name}: the golden has another size"));
    }
    let mut differences: Vec<u8> = expected
        .as_raw()
        .iter()
        .zip(actual.as_raw())
        .map(|(a, b)| a.abs_diff(*b))
        .collect();
    let difference = RgbImage::from_raw(
        actual.width(),
        actual.height(),
        differences
            .iter()
            .map(|value| value.saturating_mul(4))
            .collect(),
    )
    .expect("as many bytes as the picture has");
    let mean = differences
        .iter()
        .map(|value| f64::from(*value))
        .sum::<f64>()
        / differences.len() as f64;
    differences.sort_unstable();
    let percentile = differences[differences.len() * 99 / 100];
    if mean <= MEAN && percentile <= PERCENTILE_99 {
        return None;
    }
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("out/goldens");
    std::fs::create_dir_all(&kept).expect("a folder for the evidence can be made");
    for (suffix, picture) in [
        ("actual", &actual),
        ("expected", &expected),
        ("difference", &difference),
    ] {
        picture
            .save(kept.join(format!("{name}-{suffix}.png")))
            .expect("the evidence can be written");
    }
    Some(format!(
        "{name}: mean {mean:.2} (at most {MEAN}), 99th percentile {percentile} (at most \
         {PERCENTILE_99}); look at {}",
        kept.display()
    ))
}

#[test]
fn golden_views_of_the_sample_look_as_they_did() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = folder.path();
    run(&["sample", "--draft", "--out", "cave"], folder);
    let scene = "cave/exhibit.ron";
    let wrong: Vec<String> = ["entrance", "antechamber", "chamber", "altar", "side_cell"]
        .iter()
        .filter_map(|view| compare(scene, view, &format!("cave-{view}"), folder))
        .collect();
    assert!(
        wrong.is_empty(),
        "the pictures are the same:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn golden_view_of_the_starter_looks_as_it_did() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = folder.path();
    run(&["new", "room"], folder);
    let wrong = compare("room/exhibit.ron", "room", "starter-room", folder);
    assert_eq!(wrong, None, "the picture is the same");
}
