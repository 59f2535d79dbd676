//! A pattern finer than the pixels of its picture: it turns grey with distance and stays calm
//! when the eye moves by less than a pixel.

use crate::command::grotto;
use std::path::{Path, PathBuf};

/// Side of a square of the pattern, metres.
const CELL_M: f64 = 0.08;
/// Squares along a side of the texture, and texels along a side of a square.
const CELLS: u32 = 32;
const TEXELS: u32 = 8;
/// Half a side of the floor, metres.
const HALF_M: f64 = 60.0;
const SIZE: (u32, u32) = (320, 180);
/// Height of the eye above the floor, metres, and how far it looks down, degrees.
const EYE_M: f64 = 1.0;
const PITCH_DEG: f64 = -12.0;

/// Where a point of the floor is in the pattern, in squares: askew to the view.
fn squares_at(x: f64, z: f64) -> [f64; 2] {
    let (sin, cos) = (0.342, 0.94);
    [(cos * x - sin * z) / CELL_M, (sin * x + cos * z) / CELL_M]
}

/// A floor at height 0 under a chessboard, unlit.
fn write_floor(folder: &Path) -> PathBuf {
    let side = CELLS * TEXELS;
    let board = image::RgbImage::from_fn(side, side, |x, y| {
        image::Rgb(
            [if (x / TEXELS + y / TEXELS).is_multiple_of(2) {
                255
            } else {
                0
            }; 3],
        )
    });
    board
        .save(folder.join("board.png"))
        .expect("the picture can be written");
    let corners = [[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]];
    let corners = corners.map(|[x, z]| [x * HALF_M, z * HALF_M]);
    let mut bytes: Vec<u8> = Vec::new();
    let mut put = |value: f64| bytes.extend_from_slice(&(value as f32).to_le_bytes());
    for [x, z] in corners {
        [x, 0.0, z].into_iter().for_each(&mut put);
    }
    for [x, z] in corners {
        for square in squares_at(x, z) {
            put(square / f64::from(CELLS));
        }
    }
    bytes.extend([0_u16, 1, 2, 0, 2, 3].map(u16::to_le_bytes).concat());
    std::fs::write(folder.join("floor.bin"), bytes).expect("the buffer can be written");
    let gltf = format!(
        r#"{{"asset":{{"version":"2.0"}},"scene":0,"scenes":[{{"nodes":[0]}}],"nodes":[{{"mesh":0}}],
        "buffers":[{{"uri":"floor.bin","byteLength":92}}],
        "bufferViews":[{{"buffer":0,"byteLength":48}},{{"buffer":0,"byteOffset":48,"byteLength":32}},
        {{"buffer":0,"byteOffset":80,"byteLength":12}}],
        "accessors":[{{"bufferView":0,"componentType":5126,"count":4,"type":"VEC3",
        "min":[-{HALF_M},0,-{HALF_M}],"max":[{HALF_M},0,{HALF_M}]}},
        {{"bufferView":1,"componentType":5126,"count":4,"type":"VEC2"}},
        {{"bufferView":2,"componentType":5123,"count":6,"type":"SCALAR"}}],
        "images":[{{"uri":"board.png"}}],"textures":[{{"source":0}}],
        "materials":[{{"doubleSided":true,"extensions":{{"KHR_materials_unlit":{{}}}},
        "pbrMetallicRoughness":{{"baseColorTexture":{{"index":0}}}}}}],
        "extensionsUsed":["KHR_materials_unlit"],
        "meshes":[{{"primitives":[{{"attributes":{{"POSITION":0,"TEXCOORD_0":1}},"indices":2,"material":0}}]}}]}}"#
    );
    let path = folder.join("floor.gltf");
    std::fs::write(&path, gltf).expect("the model can be written");
    path
}

/// Where the eye is in frame `frame`: each moves it by a sixth of a square.
fn eye_at(frame: u32) -> [f64; 2] {
    [0.007 * f64::from(frame), -0.011 * f64::from(frame)]
}

/// Where the middle of a pixel lies in the pattern, if it shows the floor well inside its edges.
fn squares_in(x: f64, y: f64, frame: u32) -> Option<[f64; 2]> {
    let (width, height) = (f64::from(SIZE.0), f64::from(SIZE.1));
    let half = 30_f64.to_radians().tan();
    let right = (2.0 * (x + 0.5) / width - 1.0) * half * width / height;
    let up = (1.0 - 2.0 * (y + 0.5) / height) * half;
    let (sin, cos) = PITCH_DEG.to_radians().sin_cos();
    let (up, ahead) = (up * cos + sin, cos - up * sin);
    let far = EYE_M / -up;
    let [eye_x, eye_z] = eye_at(frame);
    let is_floor = up < 0.0 && far * ahead < HALF_M * 0.8 && (far * right).abs() < HALF_M * 0.8;
    is_floor.then(|| squares_at(eye_x + far * right, eye_z - far * ahead))
}

/// What a pixel would be without any filter, black or white.
fn unfiltered([a, b]: [f64; 2]) -> u8 {
    if (a.floor() + b.floor()).rem_euclid(2.0) == 0.0 {
        255
    } else {
        0
    }
}

/// How many squares a pixel covers at most, along its longer side.
fn covers(x: f64, y: f64) -> Option<f64> {
    let [here, right, below] =
        [(x, y), (x + 1.0, y), (x, y + 1.0)].map(|(x, y)| squares_in(x, y, 0));
    let here = here?;
    let length = |[a, b]: [f64; 2]| (a - here[0]).hypot(b - here[1]);
    Some(length(right?).max(length(below?)))
}

#[derive(Debug, Default)]
struct Changes {
    pixels: usize,
    sum: usize,
    most: u8,
}

impl Changes {
    fn add(&mut self, a: u8, b: u8) {
        self.pixels += 1;
        self.sum += usize::from(a.abs_diff(b));
        self.most = self.most.max(a.abs_diff(b));
    }

    fn mean(&self) -> f64 {
        self.sum as f64 / self.pixels as f64
    }
}

#[test]
fn nothing_shimmers_where_a_pattern_is_finer_than_the_pixels() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let floor = write_floor(folder.path());
    let floor = floor.to_str().expect("the temporary folder is UTF-8");
    for quality in ["low", "medium"] {
        let frames: Vec<image::RgbImage> = (0..4)
            .map(|frame| {
                let [x, z] = eye_at(frame);
                let pose = format!("{x},{EYE_M},{z},0,{PITCH_DEG}");
                let out = format!("{quality}{frame}.png");
                let size = format!("{}x{}", SIZE.0, SIZE.1);
                let arguments = [
                    "render",
                    floor,
                    "--pose",
                    &pose,
                    "--size",
                    &size,
                    "--quality",
                    quality,
                    "--out",
                    &out,
                ];
                let output = grotto(&arguments, folder.path());
                assert!(
                    output.status.success(),
                    "grotto {arguments:?} makes a picture: {}",
                    String::from_utf8_lossy(&output.stderr)
                );
                let picture = image::open(folder.path().join(&out));
                picture.expect("the picture can be opened").into_rgb8()
            })
            .collect();
        check(quality, &frames);
    }
}

fn check(quality: &str, frames: &[image::RgbImage]) {
    let shown = |frame: u32, x, y| frames[frame as usize].get_pixel(x, y).0[0];
    // Near: the pattern is there, square by square.
    let (mut near, mut alike) = (0, 0);
    // Far: a pixel covers many squares.
    let (mut far, mut far_unfiltered) = (Changes::default(), Changes::default());
    let (mut between, mut between_unfiltered) = (Changes::default(), Changes::default());
    let (mut far_sum, mut far_pixels) = (0, 0);
    for (x, y) in (0..SIZE.0).flat_map(|x| (0..SIZE.1).map(move |y| (x, y))) {
        let Some(covers) = covers(f64::from(x), f64::from(y)) else {
            continue;
        };
        let wanted = |frame| squares_in(f64::from(x), f64::from(y), frame).map(unfiltered);
        if covers < 0.2 {
            near += 1;
            let is_alike = wanted(0).is_some_and(|wanted| wanted.abs_diff(shown(0, x, y)) < 100);
            alike += usize::from(is_alike);
            continue;
        }
        let (changes, unfiltered) = if covers > 2.0 {
            far_sum += usize::from(shown(0, x, y));
            far_pixels += 1;
            (&mut far, &mut far_unfiltered)
        } else {
            (&mut between, &mut between_unfiltered)
        };
        for frame in 1..frames.len() as u32 {
            changes.add(shown(frame - 1, x, y), shown(frame, x, y));
            if let (Some(a), Some(b)) = (wanted(frame - 1), wanted(frame)) {
                unfiltered.add(a, b);
            }
        }
    }
    assert!(
        near > 3_000 && alike * 100 > near * 85,
        "{quality}: near by the pattern is seen as it is: {alike} of {near} pixels"
    );
    assert!(
        far_unfiltered.pixels > 10_000 && far_unfiltered.mean() > 40.0,
        "{quality}: without a filter far pixels would flicker: {far_unfiltered:?}"
    );
    assert!(
        far.most <= 40 && far.mean() * 25.0 < far_unfiltered.mean(),
        "{quality}: far pixels are calm: {far:?}"
    );
    assert!(
        between.mean() < 0.75 * between_unfiltered.mean(),
        "{quality}: in between they change as the pattern moves: {} where {} would flicker",
        between.mean(),
        between_unfiltered.mean()
    );
    // Half of the light of white is 188 of 255, not 128.
    let grey = far_sum / far_pixels;
    assert!(
        grey.abs_diff(188) < 8,
        "{quality}: far away black and white mix as light does: {grey}"
    );
}
