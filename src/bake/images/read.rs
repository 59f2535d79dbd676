//! Images that stand alone, such as the layers of a wall.

use std::path::Path;

use super::decode::{self, Wish};
use super::header;
use crate::bake::error::{Cause, Fault, ReadError};
use crate::bake::limits::{Budget, Limits};
use crate::bake::model::{Alpha, Image, ImageUse};
use crate::bake::options::ReadOptions;

/// Largest image file in bytes.
const MAX_FILE: u64 = 1 << 30;

/// Reads an image file with its mips: PNG, JPEG, WebP or KTX2 with Basis Universal. Blocks;
/// call it from a worker thread.
///
/// # Errors
/// When the file is missing, broken, over the limits or of another kind.
pub fn read_image(
    path: &Path,
    usage: ImageUse,
    alpha: Alpha,
    options: &ReadOptions,
) -> Result<Image, ReadError> {
    let read = || -> Result<Image, Fault> {
        // Refuses pipes, devices and pictures that are too large before they are read.
        header::of_file(path, &options.limits)?.transpose()?;
        let cannot = |e: std::io::Error| Fault::new("", Cause::CannotOpen(e.to_string()));
        let size = std::fs::metadata(path).map_err(cannot)?.len();
        Limits::check("bytes in an image file", size, MAX_FILE, "")?;
        let bytes = std::fs::read(path).map_err(cannot)?;
        let wish = Wish {
            label: path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            usage,
            alpha,
            is_red_only: false,
        };
        decode::decode(
            &bytes,
            &wish,
            options,
            &Budget::new(options.limits.decoded_bytes),
        )
    };
    read().map_err(|fault| fault.in_file(path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bake::gltf::tests::make::png;

    #[test]
    fn an_image_file_is_read_or_refused_by_name() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let path = folder.path().join("wall.png");
        std::fs::write(&path, png(10, 6, [1, 2, 3, 255])).expect("a file can be written");
        let read =
            |options: &ReadOptions| read_image(&path, ImageUse::Color, Alpha::Opaque, options);
        let image = read(&ReadOptions::default()).expect("a PNG is read");
        assert_eq!(
            (image.width, image.height, image.mip_count),
            (10, 6, 4),
            "10, 5, 2, 1"
        );
        assert_eq!(image.label, "wall.png", "its label is its name");

        let mut small = ReadOptions::default();
        small.limits.image_side = 8;
        let error = read(&small).expect_err("10 texels are more than 8");
        assert!(
            error.to_string().contains("wall.png"),
            "the file is named: {error}"
        );
        std::fs::write(&path, b"no picture").expect("a file can be written");
        let error = read(&ReadOptions::default()).expect_err("text is no picture");
        assert!(
            matches!(error.cause, Cause::NotAnImage(_)),
            "it is not called a broken model: {error}"
        );
        std::fs::write(&path, b"\x76\x2F\x31\x01\x02\0\0\0").expect("a file can be written");
        let error = read(&ReadOptions::default()).expect_err("OpenEXR is not read");
        assert!(
            error.to_string().contains("OpenEXR"),
            "it is named: {error}"
        );
        std::fs::remove_file(&path).expect("a file can be removed");
        let error = read(&ReadOptions::default()).expect_err("a missing file is an error");
        assert!(
            matches!(error.cause, Cause::CannotOpen(_)),
            "it is missing: {error}"
        );
    }
}
