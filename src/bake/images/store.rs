//! Compressed textures on disk, so that an image is decoded and compressed once.
//!
//! A file's name is the BLAKE3 hash of the image file's own bytes and of what was wanted of
//! them. It is believed only when magic, sizes and checksum are right; any other is ignored and
//! written anew. Only block-compressed chains are kept: others are as fast to decode as to read.
//!
//! Layout, little-endian: magic and version (8 bytes), width, height, mips, format, alpha (u32
//! each), the chain, BLAKE3 of all before it (32 bytes).

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use super::decode::Wish;
use super::mips::level_size;
use crate::bake::{
    cache_folder,
    model::{Alpha, Image, TexelFormat},
};

/// Raise the last byte whenever mips, compression or this layout changes.
const MAGIC: &[u8; 8] = b"GROTTOT\x01";
const HEADER_BYTES: usize = 8 + 5 * 4;
const HASH_BYTES: usize = 32;
/// What the folder may hold before the oldest files go, bytes.
const FOLDER_LIMIT_BYTES: u64 = 4 << 30;

/// Where an image's compressed chain is kept.
pub(crate) struct Place {
    path: PathBuf,
}

impl Place {
    /// In a folder, by what the image file holds and what is wanted of it.
    pub(crate) fn new(folder: &Path, bytes: &[u8], wish: &Wish) -> Self {
        let mut hash = blake3::Hasher::new();
        hash.update(MAGIC);
        hash.update(format!("{:?} {}", wish.usage, alpha_key(wish.alpha)).as_bytes());
        hash.update(bytes);
        let name = hash.finalize().to_hex();
        Self {
            path: folder.join(format!("{}.texture", &name[..32])),
        }
    }

    /// The image, if it is there and whole.
    pub(crate) fn read(&self, wish: &Wish) -> Option<Image> {
        let bytes = fs::read(&self.path).ok()?;
        decode(bytes, wish)
    }

    /// Keeps an image. What fails costs only the time to make it again.
    pub(crate) fn write(&self, image: &Image) -> io::Result<()> {
        static WRITERS: AtomicU32 = AtomicU32::new(0);
        let Some(folder) = self.path.parent() else {
            return Ok(());
        };
        fs::create_dir_all(folder)?;
        let writer = WRITERS.fetch_add(1, Ordering::Relaxed);
        let beside = self
            .path
            .with_extension(format!("{}-{writer}.partial", std::process::id()));
        let written =
            fs::write(&beside, encode(image)).and_then(|()| fs::rename(&beside, &self.path));
        if written.is_err() {
            // The first error is the one worth telling.
            drop(fs::remove_file(&beside));
        }
        written?;
        cache_folder::prune(folder, |_| true, &self.path, FOLDER_LIMIT_BYTES)
    }
}

fn alpha_key(alpha: Alpha) -> String {
    match alpha {
        Alpha::Opaque => "opaque".to_owned(),
        Alpha::Mask(cutoff) => format!("mask {:08x}", cutoff.to_bits()),
        Alpha::Blend => "blend".to_owned(),
    }
}

/// The code of a compressed format, and bytes of a block of 4 x 4 texels.
fn code(format: TexelFormat) -> Option<(u32, usize)> {
    match format {
        TexelFormat::Bc1 => Some((1, 8)),
        TexelFormat::Bc5 => Some((5, 16)),
        TexelFormat::Bc7 => Some((7, 16)),
        TexelFormat::Rgba8 | TexelFormat::Rg8 | TexelFormat::R8 => None,
    }
}

/// Whether an image is worth keeping.
pub(crate) fn is_kept(image: &Image) -> bool {
    code(image.format).is_some()
}

fn encode(image: &Image) -> Vec<u8> {
    let mut out = Vec::with_capacity(HEADER_BYTES + image.data.len() + HASH_BYTES);
    out.extend_from_slice(MAGIC);
    let format = code(image.format).map_or(0, |(code, _)| code);
    for word in [
        image.width,
        image.height,
        image.mip_count,
        format,
        u32::from(image.has_alpha),
    ] {
        out.extend_from_slice(&word.to_le_bytes());
    }
    out.extend_from_slice(&image.data);
    let hash = blake3::hash(&out);
    out.extend_from_slice(hash.as_bytes());
    out
}

fn decode(mut bytes: Vec<u8>, wish: &Wish) -> Option<Image> {
    let end = bytes.len().checked_sub(HASH_BYTES)?;
    if end < HEADER_BYTES
        || !bytes.starts_with(MAGIC)
        || blake3::hash(&bytes[..end]).as_bytes()[..] != bytes[end..]
    {
        return None;
    }
    let word = |index: usize| {
        let at = 8 + index * 4;
        u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
    };
    let (width, height, mip_count) = (word(0), word(1), word(2));
    let (format, has_alpha) = (word(3), word(4) != 0);
    let format = [TexelFormat::Bc1, TexelFormat::Bc5, TexelFormat::Bc7]
        .into_iter()
        .find(|own| code(*own).is_some_and(|(code, _)| code == format))?;
    let (_, block_bytes) = code(format)?;
    if mip_count == 0 || mip_count > 15 || width.max(height) > 1 << 15 {
        return None;
    }
    let expected: usize = (0..mip_count)
        .map(|level| {
            let (w, h) = level_size(width, height, level);
            w.div_ceil(4) as usize * h.div_ceil(4) as usize * block_bytes
        })
        .sum();
    if end - HEADER_BYTES != expected {
        return None;
    }
    bytes.truncate(end);
    bytes.drain(..HEADER_BYTES);
    Some(Image {
        label: wish.label.clone(),
        width,
        height,
        format,
        usage: wish.usage,
        mip_count,
        data: bytes,
        has_alpha,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bake::images::decode;
    use crate::bake::limits::Budget;
    use crate::bake::model::ImageUse;
    use crate::bake::options::{ReadOptions, TextureCompression};

    fn wish() -> Wish {
        Wish {
            label: "wall".to_owned(),
            usage: ImageUse::Color,
            alpha: Alpha::Opaque,
            is_red_only: false,
        }
    }

    fn png(shade: u8) -> Vec<u8> {
        let mut out = io::Cursor::new(Vec::new());
        image::RgbaImage::from_fn(64, 32, |x, y| image::Rgba([shade, x as u8, y as u8, 255]))
            .write_to(&mut out, image::ImageFormat::Png)
            .expect("a small PNG can be written");
        out.into_inner()
    }

    fn read(folder: &Path, bytes: &[u8]) -> Image {
        let options = ReadOptions {
            compression: TextureCompression::Blocks,
            has_bc: true,
            texture_folder: Some(folder.to_owned()),
            ..ReadOptions::default()
        };
        decode::decode(bytes, &wish(), &options, &Budget::new(1 << 30)).expect("it is an image")
    }

    fn files(folder: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).expect("the folder is there");
        entries
            .map(|entry| entry.expect("it can be listed").path())
            .collect()
    }

    #[test]
    fn the_second_time_is_read_from_disk_and_is_the_same() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let first = read(folder.path(), &png(9));
        let kept = files(folder.path());
        assert_eq!(kept.len(), 1, "one image, one file: {kept:?}");
        let second = Place::new(folder.path(), &png(9), &wish())
            .read(&wish())
            .expect("it is there");
        assert_eq!(second.data, first.data, "the same texels");
        assert_eq!(
            (second.width, second.height, second.mip_count, second.format),
            (64, 32, first.mip_count, TexelFormat::Bc7)
        );
        read(folder.path(), &png(10));
        assert_eq!(files(folder.path()).len(), 2, "another image, another file");
    }

    #[test]
    fn an_image_of_odd_sides_is_compressed_too() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let mut png = io::Cursor::new(Vec::new());
        image::RgbImage::from_fn(514, 257, |x, y| image::Rgb([x as u8, y as u8, 9]))
            .write_to(&mut png, image::ImageFormat::Png)
            .expect("a small PNG can be written");
        let image = read(folder.path(), &png.into_inner());
        assert_eq!(
            (image.width, image.height, image.format),
            (516, 256, TexelFormat::Bc7),
            "its sides are the nearest multiples of 4"
        );
    }

    #[test]
    fn a_damaged_file_is_not_believed_and_mended() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let first = read(folder.path(), &png(9));
        let path = files(folder.path()).remove(0);
        let whole = fs::read(&path).expect("the file can be read");
        for at in [0, 9, 20, whole.len() / 2, whole.len() - 1] {
            let mut broken = whole.clone();
            broken[at] ^= 1;
            fs::write(&path, &broken).expect("the file can be written");
            let place = Place::new(folder.path(), &png(9), &wish());
            assert!(place.read(&wish()).is_none(), "byte {at} is noticed");
        }
        fs::write(&path, &whole[..10]).expect("the file can be written");
        assert_eq!(read(folder.path(), &png(9)).data, first.data, "made anew");
        assert_eq!(
            fs::read(&path).expect("the file can be read"),
            whole,
            "and mended"
        );
    }

    #[test]
    fn the_oldest_files_go_first() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        for name in ["a", "b"] {
            fs::write(folder.path().join(name), [0; 100]).expect("a file can be written");
        }
        cache_folder::prune(folder.path(), |_| true, &folder.path().join("a"), 150)
            .expect("the folder can be read");
        let left = files(folder.path());
        assert!(
            left.len() == 1 && left[0].ends_with("a"),
            "what was just written stays: {left:?}"
        );
    }
}
