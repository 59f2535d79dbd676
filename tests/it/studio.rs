//! Bare models in the studio's light: what spares work leaves the picture as it is.

use crate::command::grotto;
use image::{Luma, Rgb, RgbImage};
use std::{f64::consts::PI, fmt::Write as _, path::Path};

/// Squares of the ball around, and from pole to pole.
const AROUND: u32 = 256;
const DOWN: u32 = 128;

/// What a ball wears, and what is in it.
#[derive(Clone, Copy)]
struct Ball {
    /// A wall inside, out of sight, whose two triangles are large.
    has_wall: bool,
    is_double_sided: bool,
    /// Texels along a side of its occlusion; without, it wears no images.
    occlusion: Option<u32>,
}

/// A ball of a metre's radius with dents, as glTF beside its buffer and images.
fn write(folder: &Path, ball: Ball) -> std::path::PathBuf {
    let (mut positions, mut normals, mut uvs) = (Vec::new(), Vec::new(), Vec::new());
    let mut put = |place: [f64; 3], normal: [f64; 3], uv: [f64; 2]| {
        positions.extend(place.map(|v| v as f32));
        normals.extend(normal.map(|v| v as f32));
        uvs.extend(uv.map(|v| v as f32));
    };
    for row in 0..=DOWN {
        for column in 0..=AROUND {
            let (u, v) = (
                f64::from(column) / f64::from(AROUND),
                f64::from(row) / f64::from(DOWN),
            );
            let (around, down) = (2.0 * PI * u, PI * v);
            let out = [
                down.sin() * around.cos(),
                down.cos(),
                down.sin() * around.sin(),
            ];
            let tilt = 0.3 * (8.0 * around).sin() * down.sin();
            let normal = [out[0] + tilt, out[1] + tilt, out[2]];
            let length = normal.iter().map(|v| v * v).sum::<f64>().sqrt();
            put(out, normal.map(|v| v / length), [u, v]);
        }
    }
    let side = AROUND + 1;
    let mut indices: Vec<u32> = (0..DOWN)
        .flat_map(|row| (0..AROUND).map(move |column| row * side + column))
        .flat_map(|at| [at, at + 1, at + side, at + 1, at + side + 1, at + side])
        .collect();
    if ball.has_wall {
        let first = side * (DOWN + 1);
        for [x, y] in [[-0.6, -0.6], [0.6, -0.6], [0.6, 0.6], [-0.6, 0.6]] {
            put([x, y, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0]);
        }
        indices.extend([0, 1, 2, 0, 2, 3].map(|corner| first + corner));
    }
    let vertices = positions.len() / 3;
    let floats = [positions, normals, uvs].concat();
    let mut bytes: Vec<u8> = floats.iter().flat_map(|v| v.to_le_bytes()).collect();
    bytes.extend(indices.iter().flat_map(|v| v.to_le_bytes()));
    std::fs::write(folder.join("ball.bin"), &bytes).expect("the buffer can be written");
    let mut material = format!(r#""doubleSided":{}"#, ball.is_double_sided);
    let mut images = "";
    if let Some(texels) = ball.occlusion {
        write_images(folder, texels);
        let worn = r#","normalTexture":{"index":0},"occlusionTexture":{"index":1}"#;
        material.push_str(worn);
        images = r#","images":[{"uri":"normal.png"},{"uri":"occlusion.png"}],
            "textures":[{"source":0},{"source":1}]"#;
    }
    let (at_normals, at_uvs, at_indices) = (12 * vertices, 24 * vertices, 32 * vertices);
    let mut gltf = String::new();
    write!(
        gltf,
        r#"{{"asset":{{"version":"2.0"}},"scene":0,"scenes":[{{"nodes":[0]}}],"nodes":[{{"mesh":0}}],
        "buffers":[{{"uri":"ball.bin","byteLength":{}}}],
        "bufferViews":[{{"buffer":0,"byteLength":{at_normals}}},
        {{"buffer":0,"byteOffset":{at_normals},"byteLength":{at_normals}}},
        {{"buffer":0,"byteOffset":{at_uvs},"byteLength":{}}},
        {{"buffer":0,"byteOffset":{at_indices},"byteLength":{}}}],
        "accessors":[
        {{"bufferView":0,"componentType":5126,"count":{vertices},"type":"VEC3","min":[-1,-1,-1],"max":[1,1,1]}},
        {{"bufferView":1,"componentType":5126,"count":{vertices},"type":"VEC3"}},
        {{"bufferView":2,"componentType":5126,"count":{vertices},"type":"VEC2"}},
        {{"bufferView":3,"componentType":5125,"count":{},"type":"SCALAR"}}],
        "materials":[{{{material}}}]{images},
        "meshes":[{{"primitives":[{{"attributes":{{"POSITION":0,"NORMAL":1,"TEXCOORD_0":2}},
        "indices":3,"material":0}}]}}]}}"#,
        bytes.len(),
        8 * vertices,
        4 * indices.len(),
        indices.len(),
    )
    .expect("a string takes it");
    let path = folder.join("ball.gltf");
    std::fs::write(&path, gltf).expect("the model can be written");
    path
}

/// Ripples, and occlusion that grows from pole to pole.
fn write_images(folder: &Path, texels: u32) {
    let ripples = RgbImage::from_fn(64, 64, |x, _| {
        let lean = 40.0 * (f64::from(x) * PI / 8.0).sin();
        Rgb([(128.0 + lean) as u8, 128, 250])
    });
    ripples
        .save(folder.join("normal.png"))
        .expect("the image can be written");
    let dark = image::GrayImage::from_fn(texels, texels, |_, y| {
        Luma([(255.0 * (1.0 - (f64::from(y) + 0.5) / f64::from(texels))) as u8])
    });
    dark.save(folder.join("occlusion.png"))
        .expect("the image can be written");
}

fn picture(ball: Ball, quality: &str) -> RgbImage {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let model = write(folder.path(), ball);
    let model = model.to_str().expect("the temporary folder is UTF-8");
    let asked = [
        "render",
        model,
        "--pose",
        "0.4,0.3,2.2,8,-6",
        "--size",
        "480x360",
        "--quality",
        quality,
        "--out",
        "ball.png",
    ];
    let output = grotto(&asked, folder.path());
    assert!(
        output.status.success(),
        "the ball is drawn: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    image::open(folder.path().join("ball.png"))
        .expect("the picture can be opened")
        .into_rgb8()
}

/// How far apart two pictures are, of 255: at most, and on average.
fn apart(a: &RgbImage, b: &RgbImage) -> (u8, f64) {
    let off = || {
        let pairs = a.as_raw().iter().zip(b.as_raw());
        pairs.map(|(a, b)| a.abs_diff(*b))
    };
    let mean = off().map(f64::from).sum::<f64>() / a.as_raw().len() as f64;
    (off().max().unwrap_or_default(), mean)
}

fn spread(picture: &RgbImage) -> u8 {
    // Of the ball, not of what is around it.
    let middle = picture.enumerate_pixels().filter_map(|(x, y, pixel)| {
        ((180..300).contains(&x) && (60..300).contains(&y)).then_some(pixel.0[1])
    });
    let (least, most) = middle.fold((255, 0), |(a, b), v| (v.min(a), v.max(b)));
    most - least
}

#[test]
fn light_worked_out_at_corners_is_light_worked_out_everywhere() {
    // With one sample a pixel, and with several, of which some at an edge lie beside the triangle.
    let asked = [(false, "low"), (true, "low"), (false, "high")];
    for (is_double_sided, quality) in asked {
        let ball = Ball {
            has_wall: false,
            is_double_sided,
            occlusion: None,
        };
        let at_corners = picture(ball, quality);
        let walled = Ball {
            has_wall: true,
            ..ball
        };
        let everywhere = picture(walled, quality);
        let (most, mean) = apart(&at_corners, &everywhere);
        assert!(
            most <= 4 && mean < 0.2,
            "in {quality} the pictures are {most} apart at most, {mean:.3} on average"
        );
        assert!(spread(&at_corners) > 30, "and the ball is lit");
    }
}

#[test]
fn occlusion_beside_the_normals_looks_like_an_image_of_its_own() {
    let ball = |texels| Ball {
        has_wall: false,
        is_double_sided: false,
        occlusion: Some(texels),
    };
    let (beside, own) = (picture(ball(64), "auto"), picture(ball(256), "auto"));
    let (most, mean) = apart(&beside, &own);
    assert!(
        most <= 6 && mean < 0.5,
        "the pictures are {most} apart at most, {mean:.3} on average"
    );
    let light = |picture: &RgbImage, y| u32::from(picture.get_pixel(240, y).0[1]);
    assert!(
        10 * light(&beside, 90) > 14 * light(&beside, 270),
        "and it is darker below: {} and {}",
        light(&beside, 90),
        light(&beside, 270)
    );
}
