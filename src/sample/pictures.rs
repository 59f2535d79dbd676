//! Paints every picture of the exhibit and writes it as PNG, strip by strip.

use super::paint::finish::{self, Layer, Surface, Texels};
use super::paint::raster::Window;
use super::paint::rough::{self, Rough};
use super::paint::{ceiling, cell, clay, shrine, walls};
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
        "wall_north" => 3584,
        "ceiling" | "wall_south" | "wall_west" => 3072,
        "wall_east" | "floor" | "corridor" => 2560,
        "antechamber" => 2304,
        "figure" => 1536,
        "attendant" => 896,
        "cell" => 1152,
        "ware" => 512,
        "rock" | "sand" | "clay" => 1536,
        "plaster" => 1024,
        _ => 1792,
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
            let four = [i, i + 1, i + width, i + width + 1].map(|j| texels[j].map(u32::from));
            out.extend([0, 1, 2].map(|k| {
                let sum: u32 = four.iter().map(|texel| texel[k]).sum();
                ((sum + 2) / 4) as u8
            }));
        }
    }
    out
}

/// Rows of texels that are nearly square. Blocks of four rows, in the half-size maps as well: a
/// GPU compresses no others.
fn rows_of(size_m: Vec2, width: usize) -> usize {
    let rows = size_m.y / (size_m.x / width as f32);
    ((rows / 8.0 + 0.5) as usize).max(1) * 8
}

/// Paints a whole picture in strips on all cores; the result does not depend on how many.
pub(crate) fn whole(
    size_m: Vec2,
    width: usize,
    paint: &(dyn Fn(&Window) -> Texels + Sync),
) -> (Texels, usize) {
    let height = rows_of(size_m, width);
    let texel_m = size_m / Vec2::new(width as f32, height as f32);
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

/// File names of a material's base colour, normal and occlusion-roughness-metallic maps, as
/// it is shown first.
pub(crate) fn files(material: &str) -> [String; 3] {
    if Rough::ALL.iter().any(|r| r.name() == material) {
        return ["color", "normal", "orm"].map(|kind| format!("{material}_{kind}.png"));
    }
    layer_files(material, Layer::Today)
}

/// The same of one layer of a painted surface.
pub(crate) fn layer_files(material: &str, layer: Layer) -> [String; 3] {
    let word = if layer == Layer::Today {
        "today"
    } else {
        "restored"
    };
    ["color", "normal", "orm"].map(|kind| format!("{material}_{word}_{kind}.png"))
}

/// Writes the three maps of a material, the third at half size.
///
/// # Errors
/// When a file cannot be written.
pub(crate) fn write_three(
    out: &Path,
    [color, normal, orm]: &[String; 3],
    texels: &Texels,
    width: usize,
    height: usize,
) -> io::Result<()> {
    write(&out.join(color), width, height, texels.base.as_flattened())?;
    write(
        &out.join(normal),
        width,
        height,
        texels.normal.as_flattened(),
    )?;
    write(
        &out.join(orm),
        width / 2,
        height / 2,
        &halved(&texels.orm, width, height),
    )
}

/// Everything that is painted.
fn surfaces() -> Vec<Surface> {
    let mut surfaces = walls::surfaces();
    surfaces.extend(ceiling::surfaces());
    surfaces.extend(shrine::surfaces());
    surfaces.extend(clay::surfaces());
    surfaces.extend(cell::surfaces());
    surfaces
}

enum Job<'a> {
    Surface(&'a Surface, Layer),
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
    let surfaces = surfaces();
    let mut jobs: Vec<Job> = Rough::ALL.into_iter().map(Job::Rough).collect();
    for surface in &surfaces {
        jobs.push(Job::Surface(surface, Layer::Today));
        // Floors are swept and cells lived in, not restored.
        if !["floor", "cell"].contains(&surface.name) {
            jobs.push(Job::Surface(surface, Layer::Restored));
        }
    }
    let done = AtomicUsize::new(0);
    let count = jobs.len() as f32;
    jobs.par_iter().try_for_each(|job| {
        let result = match job {
            Job::Rough(rough) => one_rough(out, quality, *rough),
            Job::Surface(surface, layer) => one_surface(out, quality, surface, *layer),
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
    let side = Vec2::splat(rough.side_m());
    let (texels, height) = whole(side, across, &|w| rough::paint(rough, w));
    write_three(out, &files(rough.name()), &texels, across, height)
}

fn one_surface(out: &Path, quality: Quality, surface: &Surface, layer: Layer) -> io::Result<()> {
    let across = texels_across(quality, surface.name);
    let (texels, height) = whole(surface.size_m, across, &|w| {
        finish::paint(surface, layer, w)
    });
    let names = layer_files(surface.name, layer);
    if layer == Layer::Today {
        return write_three(out, &names, &texels, across, height);
    }
    // What is restored is smooth: half the relief map is enough.
    let [color, normal, orm] = names.map(|name| out.join(name));
    write(&color, across, height, texels.base.as_flattened())?;
    write(
        &normal,
        across / 2,
        height / 2,
        &halved(&texels.normal, across, height),
    )?;
    write(
        &orm,
        across / 2,
        height / 2,
        &halved(&texels.orm, across, height),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_picture_is_of_whole_blocks_and_of_square_texels() {
        for quality in [Quality::Draft, Quality::Full] {
            let painted = surfaces().into_iter().map(|own| (own.name, own.size_m));
            let rough = Rough::ALL.map(|own| (own.name(), Vec2::splat(own.side_m())));
            for (name, size_m) in painted.chain(rough) {
                let across = texels_across(quality, name);
                let rows = rows_of(size_m, across);
                assert!(
                    across.is_multiple_of(8) && rows.is_multiple_of(8),
                    "{name} is {across} x {rows}: its half-size maps are not of whole blocks"
                );
                let texel_m = size_m / Vec2::new(across as f32, rows as f32);
                let off = (texel_m.y / texel_m.x - 1.0).abs();
                assert!(
                    quality == Quality::Draft || off < 0.01,
                    "a texel of {name} is {texel_m}"
                );
            }
        }
    }
}
