//! From an image file's bytes to texels with mips.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use image::{DynamicImage, ImageFormat, ImageReader};
use rayon::prelude::*;

use super::{blocks, fit, header, ktx2, mips, store};
use crate::bake::error::{Cause, Fault};
use crate::bake::limits::{Budget, Limits};
use crate::bake::model::{Alpha, Image, ImageUse, TexelFormat};
use crate::bake::options::{ReadOptions, TextureCompression};

/// What an image is wanted for.
#[derive(Debug, Clone)]
pub(crate) struct Wish {
    /// Name for messages.
    pub(crate) label: String,
    pub(crate) usage: ImageUse,
    pub(crate) alpha: Alpha,
    /// Nothing but its red is looked at.
    pub(crate) is_red_only: bool,
}

/// Kinds of image file that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Png,
    Jpeg,
    WebP,
    Ktx2,
}

impl Kind {
    /// By the first bytes; what the document says of the type is often wrong.
    pub(crate) fn of(bytes: &[u8]) -> Option<Self> {
        Some(match bytes {
            [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Self::Png,
            [0xFF, 0xD8, 0xFF, ..] => Self::Jpeg,
            [
                b'R',
                b'I',
                b'F',
                b'F',
                _,
                _,
                _,
                _,
                b'W',
                b'E',
                b'B',
                b'P',
                ..,
            ] => Self::WebP,
            [
                0xAB,
                b'K',
                b'T',
                b'X',
                b' ',
                b'2',
                b'0',
                0xBB,
                0x0D,
                0x0A,
                0x1A,
                0x0A,
                ..,
            ] => Self::Ktx2,
            _ => return None,
        })
    }

    /// The name people know it by.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Png => "PNG",
            Self::Jpeg => "JPEG",
            Self::WebP => "WebP",
            Self::Ktx2 => "KTX2",
        }
    }

    pub(crate) fn format(self) -> Option<ImageFormat> {
        match self {
            Self::Png => Some(ImageFormat::Png),
            Self::Jpeg => Some(ImageFormat::Jpeg),
            Self::WebP => Some(ImageFormat::WebP),
            Self::Ktx2 => None,
        }
    }
}

pub(crate) fn refused(codec: &'static str, reason: impl Into<String>) -> Fault {
    Fault::new(
        "",
        Cause::Codec {
            codec,
            reason: reason.into(),
        },
    )
}

/// Refuses an image by its size, before it is decoded.
pub(crate) fn check_size(width: u32, height: u32, limits: &Limits) -> Result<(), Fault> {
    if width == 0 || height == 0 {
        return Err(Fault::invalid("", "is an image without texels"));
    }
    let side = u64::from(width.max(height));
    Limits::check(
        "texels along one side of an image",
        side,
        u64::from(limits.image_side),
        "",
    )?;
    let texels = u64::from(width) * u64::from(height);
    Limits::check("texels in an image", texels, limits.image_texels, "")
}

/// Decodes an image of any kind that we read, with its mips; compressed images that were made
/// before come from disk where the options name a folder.
pub(crate) fn decode(
    bytes: &[u8],
    wish: &Wish,
    options: &ReadOptions,
    budget: &Budget,
) -> Result<Image, Fault> {
    let folder = options.texture_folder.as_deref();
    let Some(folder) = folder.filter(|_| is_compressing(options)) else {
        return decode_anew(bytes, wish, options, budget);
    };
    let place = store::Place::new(folder, bytes, wish);
    if let Some(image) = place.read(wish) {
        check_size(image.width, image.height, &options.limits)?;
        budget.take(image.data.len() as u64, 1, "")?;
        return Ok(image);
    }
    let image = decode_anew(bytes, wish, options, budget)?;
    if store::is_kept(&image) {
        // A full disk costs the time of the next start, not this one's picture.
        drop(place.write(&image));
    }
    Ok(image)
}

fn decode_anew(
    bytes: &[u8],
    wish: &Wish,
    options: &ReadOptions,
    budget: &Budget,
) -> Result<Image, Fault> {
    let limits = &options.limits;
    let Some(kind) = Kind::of(bytes) else {
        return Err(match header::foreign(bytes) {
            Some(what) => Fault::new("", Cause::NotAnImage(what)),
            None => refused("image", "it is neither PNG, JPEG, WebP nor KTX2"),
        });
    };
    let Some(format) = kind.format() else {
        let mut image = ktx2::decode(bytes, wish, options, budget)?;
        compress_if_asked(&mut image, options);
        return Ok(image);
    };
    let failed = |e: image::ImageError| refused(kind.name(), e.to_string());
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(header::beside());
    let (width, height) = reader.into_dimensions().map_err(failed)?;
    check_size(width, height, limits)?;
    budget.take(mips::chain_bytes(width, height), 1, "")?;
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut ceiling = image::Limits::default();
    ceiling.max_image_width = Some(limits.image_side);
    ceiling.max_image_height = Some(limits.image_side);
    // 16 bits a channel, and as much again for the decoder's own rows and tables.
    ceiling.max_alloc = Some(u64::from(width) * u64::from(height) * 16 + header::BESIDE);
    reader.limits(ceiling);
    let decoded = catch_unwind(AssertUnwindSafe(|| reader.decode()))
        .map_err(|_ignored| refused(kind.name(), "the decoder gave up"))?
        .map_err(failed)?;
    if (decoded.width(), decoded.height()) != (width, height) {
        return Err(refused(
            kind.name(),
            "its header and its contents differ in size",
        ));
    }
    if wish.is_red_only && !is_compressing(options) {
        let mut data = red(decoded);
        let mip_count = mips::append_red(&mut data, width, height);
        return Ok(Image {
            label: wish.label.clone(),
            width,
            height,
            format: TexelFormat::R8,
            usage: wish.usage,
            mip_count,
            data,
            has_alpha: false,
        });
    }
    let may_have_alpha = decoded.color().has_alpha();
    let mut data = rgba(decoded);
    let has_alpha = may_have_alpha
        && data
            .par_chunks(1 << 18)
            .any(|c| c.chunks_exact(4).any(|t| t[3] != 255));
    let alpha = if has_alpha { wish.alpha } else { Alpha::Opaque };
    // Cut-outs would get fringes: what lies under clear texels is nobody's color.
    let better = fit::better_size(width, height)
        .filter(|_| is_compressing(options) && alpha == Alpha::Opaque);
    let (width, height) = if let Some(better) = better {
        data = fit::resample(&data, (width, height), better, wish.usage);
        better
    } else {
        (width, height)
    };
    let mip_count = mips::append(&mut data, width, height, wish.usage, alpha);
    let mut image = Image {
        label: wish.label.clone(),
        width,
        height,
        format: TexelFormat::Rgba8,
        usage: wish.usage,
        mip_count,
        data,
        has_alpha,
    };
    compress_if_asked(&mut image, options);
    Ok(image)
}

fn is_compressing(options: &ReadOptions) -> bool {
    options.has_bc && options.compression == TextureCompression::Blocks
}

fn compress_if_asked(image: &mut Image, options: &ReadOptions) {
    if is_compressing(options) {
        blocks::compress(image);
    }
    blocks::keep_two_channels(image);
}

/// One byte a texel.
fn red(image: DynamicImage) -> Vec<u8> {
    let every = |step: usize, data: Vec<u8>| {
        let mut out = vec![0; data.len() / step];
        out.par_chunks_mut(1 << 16)
            .zip(data.par_chunks(step << 16))
            .for_each(|(out, texels)| {
                for (out, texel) in out.iter_mut().zip(texels.chunks_exact(step)) {
                    *out = texel[0];
                }
            });
        out
    };
    match image {
        DynamicImage::ImageLuma8(grey) => grey.into_raw(),
        DynamicImage::ImageRgb8(rgb) => every(3, rgb.into_raw()),
        other => every(4, other.into_rgba8().into_raw()),
    }
}

/// Four bytes a texel.
fn rgba(image: DynamicImage) -> Vec<u8> {
    match image {
        // The general way takes ten times as long.
        DynamicImage::ImageLuma8(grey) => {
            let grey = grey.into_raw();
            let mut out = vec![255; grey.len() * 4];
            out.par_chunks_mut(4 << 16)
                .zip(grey.par_chunks(1 << 16))
                .for_each(|(out, grey)| {
                    for (out, &grey) in out.chunks_exact_mut(4).zip(grey) {
                        out[..3].fill(grey);
                    }
                });
            out
        }
        DynamicImage::ImageRgb8(rgb) => {
            let rgb = rgb.into_raw();
            let mut out = vec![255; rgb.len() / 3 * 4];
            out.par_chunks_mut(4 << 16)
                .zip(rgb.par_chunks(3 << 16))
                .for_each(|(out, rgb)| {
                    for (out, rgb) in out.chunks_exact_mut(4).zip(rgb.chunks_exact(3)) {
                        out[..3].copy_from_slice(rgb);
                    }
                });
            out
        }
        other => other.into_rgba8().into_raw(),
    }
}
