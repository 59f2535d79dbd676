//! Paints every picture of the exhibit and writes it as PNG, strip by strip.

use super::paint::finish::{self, Layer, Surface, Texels};
use super::paint::raster::Window;
use super::paint::rough::{self, Rough};
use super::paint::{ceiling, clay, walls};
use super::{Quality, Step};
use bevy::math::Vec2;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};
use rayon::prelude::*;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Texels along the width of a picture at full quality.
fn width(name: &str) -> usize {
    match name {
        "wall_north" | "ceiling" => 4096,
        "wall_south" | "wall_west" => 3072,
        "wall_east" => 2560,
        "ware" => 512,
        "attendant" => 1024,
        "figure" => 1536,
        "rock" | "sand" | "clay" | "plaster" => 1536,
        _ => 2048,
    }
}

fn write(path: &Path, width: usize, height: usize, bytes: &[u8]) -> io::Result<()> {
    let file = io::BufWriter::new(std::fs::File::create(path)?);
    PngEncoder::new_with_quality(file, CompressionType::Fast, FilterType::Sub)
        .write_image(bytes, width as u32, height as u32, ExtendedColorType::Rgb8)
        .map_err(io::Error::other)
}

/// Half as wide and high: the mean of four texels.
fn halved(texels: &[[u8; 3]], width: usize, height: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(texels.len() / 4 * 3);
    for y in 0..height / 2 {
        for x in 0..width / 2 {
            let i = y * 2 * width + x * 2;
            for k in 0..3 {
                let sum = [i, i + 1, i + width, i + width + 1]
                    .iter()
                    .map(|j| u32::from(texels[*j][k]))
                    .sum::<u32>();
                out.push(((sum + 2) / 4) as u8);
            }
        }
    }
    out
}

/// Paints a whole picture in strips on all cores; the result does not depend on how many.
pub(crate) fn whole(
    size_m: Vec2,
    width: usize,
    paint: &(dyn Fn(&Window) -> Texels + Sync),
) -> (Texels, usize) {
    let texel = size_m.x / width as f32;
    // An even number of rows, for the half-size maps.
    let height = ((size_m.y / texel) as usize).max(2) / 2 * 2;
    let texel_m = Vec2::new(texel, size_m.y / height as f32);
    let rows = 32;
    let strips: Vec<Texels> = (0..height.div_ceil(rows))
        .into_par_iter()
        .map(|i| {
            let y = i * rows;
            paint(&Window {
                origin: Vec2::new(0.0, y as f32 * texel_m.y),
                texel_m,
                width,
                height: rows.min(height - y),
            })
        })
        .collect();
    let mut all = Texels::default();
    for strip in strips {
        all.base.extend(strip.base);
        all.normal.extend(strip.normal);
        all.orm.extend(strip.orm);
    }
    (all, height)
}

/// File names of a material's base colour, normal and occlusion-roughness-metallic maps.
pub(crate) fn files(material: &str) -> [String; 3] {
    let layer = if Rough::ALL.iter().any(|r| r.name() == material) {
        ""
    } else {
        "_today"
    };
    ["color", "normal", "orm"].map(|kind| format!("{material}{layer}_{kind}.png"))
}

enum Job {
    Surface(usize, Layer),
    Rough(Rough),
}

/// Paints and writes all pictures into a folder.
///
/// # Errors
/// When a file cannot be written.
pub(crate) fn write_all(
    out: &Path,
    quality: Quality,
    progress: &(dyn Fn(Step, f32) + Sync),
) -> io::Result<()> {
    let mut surfaces = walls::surfaces();
    surfaces.extend(ceiling::surfaces());
    surfaces.extend(clay::surfaces());
    let mut jobs: Vec<Job> = Rough::ALL.into_iter().map(Job::Rough).collect();
    for i in 0..surfaces.len() {
        jobs.push(Job::Surface(i, Layer::Today));
        jobs.push(Job::Surface(i, Layer::Restored));
    }
    let done = AtomicUsize::new(0);
    let count = jobs.len() as f32;
    jobs.par_iter().try_for_each(|job| {
        let result = match job {
            Job::Rough(rough) => one_rough(out, quality, *rough),
            Job::Surface(i, layer) => one_surface(out, quality, &surfaces[*i], *layer),
        };
        let finished = done.fetch_add(1, Ordering::Relaxed) + 1;
        progress(Step::Paint, finished as f32 / count);
        result
    })
}

fn texels_across(quality: Quality, name: &str) -> usize {
    match quality {
        Quality::Full => width(name),
        Quality::Draft => (width(name) / 32).max(64),
    }
}

fn one_rough(out: &Path, quality: Quality, rough: Rough) -> io::Result<()> {
    let across = texels_across(quality, rough.name());
    let (texels, height) = whole(Vec2::splat(rough.side_m()), across, &|w| {
        rough::paint(rough, w)
    });
    let [color, normal, orm] = files(rough.name());
    write(&out.join(color), across, height, texels.base.as_flattened())?;
    write(
        &out.join(normal),
        across,
        height,
        texels.normal.as_flattened(),
    )?;
    write(
        &out.join(orm),
        across / 2,
        height / 2,
        &halved(&texels.orm, across, height),
    )
}

fn one_surface(out: &Path, quality: Quality, surface: &Surface, layer: Layer) -> io::Result<()> {
    let across = texels_across(quality, surface.name);
    let (texels, height) = whole(surface.size_m, across, &|w| {
        finish::paint(surface, layer, w)
    });
    let word = if layer == Layer::Today {
        "today"
    } else {
        "restored"
    };
    let path = |kind: &str| out.join(format!("{}_{word}_{kind}.png", surface.name));
    write(&path("color"), across, height, texels.base.as_flattened())?;
    if layer == Layer::Today {
        write(
            &path("normal"),
            across,
            height,
            texels.normal.as_flattened(),
        )?;
    } else {
        let half = halved(&texels.normal, across, height);
        write(&path("normal"), across / 2, height / 2, &half)?;
    }
    write(
        &path("orm"),
        across / 2,
        height / 2,
        &halved(&texels.orm, across, height),
    )
}
