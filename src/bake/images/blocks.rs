//! Block compression of finished mip chains: a quarter of the GPU memory.
//!
//! The encoder is Intel's ISPC Texture Compressor (crate `intel_tex_2`, which brings its
//! kernels ready built for x86-64 and ARM). It only ever sees texels that we decoded, in
//! surfaces whose sizes we made. Colours and data become BC7, normals BC5 (x and y; the
//! shader finds z).

use intel_tex_2::{RgSurface, RgbaSurface, bc5, bc7};
use rayon::prelude::*;

use super::mips::level_size;
use crate::bake::model::{Image, ImageUse, TexelFormat};

/// Rows of texels in one task: a multiple of 4.
const STRIPE: usize = 64;

/// Compresses an RGBA8 image in place. Leaves it alone where the GPU would not take it:
/// the largest level must be made of whole blocks.
pub(crate) fn compress(image: &mut Image) {
    if image.format != TexelFormat::Rgba8
        || !image.width.is_multiple_of(4)
        || !image.height.is_multiple_of(4)
    {
        return;
    }
    let (usage, has_alpha) = (image.usage, image.has_alpha);
    let mut out = Vec::with_capacity(image.data.len() / 4 + 64);
    let mut texels = image.data.as_slice();
    for level in 0..image.mip_count {
        let (w, h) = level_size(image.width, image.height, level);
        let (this, rest) = texels.split_at(w as usize * h as usize * 4);
        texels = rest;
        compress_level(this, w as usize, h as usize, usage, has_alpha, &mut out);
    }
    image.data = out;
    image.format = match usage {
        ImageUse::Normal => TexelFormat::Bc5,
        ImageUse::Color | ImageUse::Data => TexelFormat::Bc7,
    };
}

/// Normals need x and y only: half the memory, and the shader finds z as for BC5.
pub(crate) fn keep_two_channels(image: &mut Image) {
    if image.usage != ImageUse::Normal || image.format != TexelFormat::Rgba8 {
        return;
    }
    let mut out = vec![0; image.data.len() / 2];
    out.par_chunks_mut(2 << 16)
        .zip(image.data.par_chunks(4 << 16))
        .for_each(|(out, texels)| {
            for (out, texel) in out.chunks_exact_mut(2).zip(texels.chunks_exact(4)) {
                out.copy_from_slice(&texel[..2]);
            }
        });
    image.data = out;
    image.format = TexelFormat::Rg8;
}

/// Appends one level; both formats take 16 bytes a block.
fn compress_level(
    texels: &[u8],
    width: usize,
    height: usize,
    usage: ImageUse,
    has_alpha: bool,
    out: &mut Vec<u8>,
) {
    let blocks_wide = width.div_ceil(4);
    let start = out.len();
    out.resize(start + blocks_wide * height.div_ceil(4) * 16, 0);
    out[start..]
        .par_chunks_mut(blocks_wide * (STRIPE / 4) * 16)
        .enumerate()
        .for_each(|(i, out)| {
            let top = i * STRIPE;
            let rows = STRIPE.min(height - top);
            let stripe = stripe(texels, width, top, rows, usage);
            let (width, height) = (blocks_wide as u32 * 4, rows.next_multiple_of(4) as u32);
            match usage {
                ImageUse::Normal => {
                    let surface = RgSurface {
                        data: &stripe,
                        width,
                        height,
                        stride: width * 2,
                    };
                    bc5::compress_blocks_into(&surface, out);
                }
                ImageUse::Color | ImageUse::Data => {
                    let surface = RgbaSurface {
                        data: &stripe,
                        width,
                        height,
                        stride: width * 4,
                    };
                    let settings = if has_alpha {
                        bc7::alpha_ultra_fast_settings()
                    } else {
                        bc7::opaque_ultra_fast_settings()
                    };
                    bc7::compress_blocks_into(&settings, &surface, out);
                }
            }
        });
}

/// Some rows of a level, widened to whole blocks by repeating the edge.
fn stripe(texels: &[u8], width: usize, top: usize, rows: usize, usage: ImageUse) -> Vec<u8> {
    let channels = if usage == ImageUse::Normal { 2 } else { 4 };
    let (wide, high) = (width.next_multiple_of(4), rows.next_multiple_of(4));
    let mut out = Vec::with_capacity(wide * high * channels);
    for y in 0..high {
        let y = top + y.min(rows - 1);
        let row = &texels[y * width * 4..][..width * 4];
        for x in 0..wide {
            let x = x.min(width - 1);
            out.extend_from_slice(&row[x * 4..][..channels]);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bake::images::mips;
    use crate::bake::model::Alpha;

    fn image(width: u32, height: u32, usage: ImageUse) -> Image {
        let mut data: Vec<u8> = (0..width * height)
            .flat_map(|_| [200, 100, 50, 255])
            .collect();
        let mip_count = mips::append(&mut data, width, height, usage, Alpha::Opaque);
        Image {
            label: "wall".to_owned(),
            width,
            height,
            format: TexelFormat::Rgba8,
            usage,
            mip_count,
            data,
            has_alpha: false,
        }
    }

    #[test]
    fn every_level_has_whole_blocks() {
        for (usage, format) in [
            (ImageUse::Color, TexelFormat::Bc7),
            (ImageUse::Data, TexelFormat::Bc7),
            (ImageUse::Normal, TexelFormat::Bc5),
        ] {
            let mut image = image(132, 72, usage);
            compress(&mut image);
            assert_eq!(image.format, format, "{usage:?} becomes {format:?}");
            let expected: u32 = (0..image.mip_count)
                .map(|level| {
                    let (w, h) = level_size(132, 72, level);
                    w.div_ceil(4) * h.div_ceil(4) * 16
                })
                .sum();
            assert_eq!(
                image.data.len(),
                expected as usize,
                "the size of all levels in blocks"
            );
        }
    }

    #[test]
    fn sizes_that_the_gpu_refuses_are_left_alone() {
        let mut image = image(130, 72, ImageUse::Color);
        compress(&mut image);
        assert_eq!(image.format, TexelFormat::Rgba8, "130 is no multiple of 4");
    }

    #[test]
    fn a_flat_normal_keeps_its_direction() {
        let mut image = image(64, 64, ImageUse::Normal);
        compress(&mut image);
        // Each half of a BC5 block begins with its two end values.
        let (x, y) = (&image.data[..2], &image.data[8..10]);
        assert!(
            x.iter().any(|v| v.abs_diff(200) <= 1) && y.iter().any(|v| v.abs_diff(100) <= 1),
            "x and y are stored: {x:?} {y:?}"
        );
    }
}
