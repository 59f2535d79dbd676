//! What an image file is, by its first bytes.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek};
use std::path::Path;

use image::{ExtendedColorType, ImageDecoder, ImageReader};

use super::decode::{Kind, check_size, refused};
use super::ktx2;
use crate::bake::error::{Cause, Fault};
use crate::bake::limits::Limits;

/// An image's header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ImageFacts {
    pub(crate) format: &'static str,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) channels: &'static str,
    pub(crate) bits: u32,
    pub(crate) mip_levels: u32,
}

/// Bytes that identify a file, and hold the whole header and level index of a KTX2 file.
const HEAD: u64 = 4096;

/// The facts of an image file; `None` when the file is no image.
pub(crate) fn of_file(
    path: &Path,
    limits: &Limits,
) -> Result<Option<Result<ImageFacts, Fault>>, Fault> {
    let cannot = |e: io::Error| Fault::new("", Cause::CannotOpen(e.to_string()));
    if !std::fs::metadata(path).map_err(cannot)?.is_file() {
        return Err(cannot(io::Error::other("it is not a regular file")));
    }
    let mut file = File::open(path).map_err(cannot)?;
    let mut head = Vec::new();
    file.by_ref()
        .take(HEAD)
        .read_to_end(&mut head)
        .map_err(cannot)?;
    let Some(kind) = Kind::of(&head) else {
        return match foreign(&head).or_else(|| misnamed(path)) {
            Some(what) => Err(Fault::new("", Cause::NotAnImage(what))),
            None => Ok(None),
        };
    };
    if kind == Kind::Ktx2 {
        let mut bytes = Vec::new();
        file.rewind().map_err(cannot)?;
        file.take(1 << 30).read_to_end(&mut bytes).map_err(cannot)?;
        return Ok(Some(of_ktx2(&bytes, limits)));
    }
    file.rewind().map_err(cannot)?;
    Ok(Some(of_reader(BufReader::new(file), kind, limits)))
}

/// What a decoder may take, bytes, for what stands beside the picture and is unpacked with its
/// header: color profiles, texts.
pub(crate) const BESIDE: u64 = 64 << 20;

/// The limits while a header is read.
pub(crate) fn beside() -> image::Limits {
    let mut limits = image::Limits::default();
    limits.max_alloc = Some(BESIDE);
    limits
}

/// What a picture is that is not read, by its first bytes.
pub(crate) fn foreign(head: &[u8]) -> Option<&'static str> {
    Some(match head {
        [0x76, 0x2F, 0x31, 0x01, ..] => "an OpenEXR picture",
        [b'#', b'?', b'R', b'A' | b'G', ..] => "a Radiance (HDR) picture",
        [b'G', b'I', b'F', b'8', ..] => "a GIF",
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => "a BMP picture",
        [b'I', b'I', b'*', 0, ..] | [b'M', b'M', 0, b'*', ..] => "a TIFF",
        [b'8', b'B', b'P', b'S', ..] => "a Photoshop file",
        [b'D', b'D', b'S', b' ', ..] => "a DDS texture",
        [_, _, _, _, b'f', b't', b'y', b'p', b'a', b'v', ..] => "an AVIF picture",
        [_, _, _, _, b'f', b't', b'y', b'p', b'h' | b'm', ..] => "a HEIC picture",
        [0, 0, 0, 12, b'j', b'P', ..] => "a JPEG 2000 picture",
        [b'<', b's', b'v', b'g', ..] => "a drawing (SVG)",
        _ => return None,
    })
}

/// What a file is whose name promises a picture, though its bytes are none.
fn misnamed(path: &Path) -> Option<&'static str> {
    let ending = path.extension()?.to_str()?.to_ascii_lowercase();
    matches!(&*ending, "png" | "jpg" | "jpeg" | "webp" | "ktx2")
        .then_some("no picture, whatever its name says")
}

/// The facts of an image in memory.
pub(crate) fn of_bytes(bytes: &[u8], limits: &Limits) -> Result<ImageFacts, Fault> {
    match Kind::of(bytes) {
        Some(Kind::Ktx2) => of_ktx2(bytes, limits),
        Some(kind) => of_reader(Cursor::new(bytes), kind, limits),
        None => Err(refused("image", "it is neither PNG, JPEG, WebP nor KTX2")),
    }
}

fn of_ktx2(bytes: &[u8], limits: &Limits) -> Result<ImageFacts, Fault> {
    let header = ktx2::Header::read(bytes)?;
    check_size(header.width, header.height, limits)?;
    Ok(ImageFacts {
        format: match (header.vk_format, header.supercompression) {
            (0, 1) => "KTX2 ETC1S",
            (0, _) => "KTX2 UASTC",
            _ => "KTX2 (not Basis Universal)",
        },
        width: header.width,
        height: header.height,
        channels: if ktx2::has_alpha_descriptor(bytes) {
            "RGBA"
        } else {
            "RGB"
        },
        bits: 8,
        mip_levels: header.levels,
    })
}

fn of_reader(
    reader: impl io::BufRead + Seek,
    kind: Kind,
    limits: &Limits,
) -> Result<ImageFacts, Fault> {
    let failed = |e: image::ImageError| refused(kind.name(), e.to_string());
    let Some(format) = kind.format() else {
        return Err(refused(kind.name(), "it is read otherwise"));
    };
    let mut reader = ImageReader::with_format(reader, format);
    reader.limits(beside());
    let decoder = reader.into_decoder().map_err(failed)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height, limits)?;
    let color = decoder.original_color_type();
    Ok(ImageFacts {
        format: kind.name(),
        width,
        height,
        channels: match color.channel_count() {
            1 => "grey",
            2 => "grey and alpha",
            3 => "RGB",
            _ if color == ExtendedColorType::Cmyk8 => "CMYK",
            _ => "RGBA",
        },
        bits: u32::from(color.bits_per_pixel()) / u32::from(color.channel_count().max(1)),
        mip_levels: 1,
    })
}
