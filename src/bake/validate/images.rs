//! Images and textures: where the bytes are and what their first bytes say.
//!
//! Nothing is decoded here; dimensions are the decoder's business.

use std::borrow::Cow;

use super::Resolver;
use super::buffers::{note_use, read_uri};
use super::document::{Document, Span, ViewUse};
use super::json::{self, Object, extension};
use super::report::{Report, quoted};
use super::uri::Uri;

/// Bytes read of an image file: enough for the headers of cameras' photographs.
const HEADER_BYTES: u64 = 256 << 10;
/// Images looked at; files of later ones are not opened.
const MOST_FILES: usize = 4096;

/// What the first bytes of an image say.
#[derive(Debug, PartialEq, Eq)]
enum Sniffed {
    /// A media type of glTF.
    Is(&'static str),
    Unrecognized,
    /// It ends before its pixels start.
    CutShort,
    Broken(&'static str),
}

/// Checks all images, then the textures that show them.
pub(super) fn check(
    document: &mut Document<'_>,
    is_glb: bool,
    resolver: &mut dyn Resolver,
    report: &mut Report,
) {
    let root = document.root;
    let mut types = vec![None; json::array(root, "images").len()];
    for (index, image) in json::objects(root, "images") {
        let pointer = format!("/images/{index}");
        let may_open = index < MOST_FILES;
        types[index] = self::image(
            document, image, &pointer, may_open, is_glb, resolver, report,
        );
    }
    textures(document, &types, report);
}

fn image(
    document: &mut Document<'_>,
    image: &Object,
    pointer: &str,
    may_open: bool,
    is_glb: bool,
    resolver: &mut dyn Resolver,
    report: &mut Report,
) -> Option<String> {
    let (uri, view) = (json::text(image, "uri"), json::index(image, "bufferView"));
    let declared = json::text(image, "mimeType");
    if view.is_some() && declared.is_none() {
        report.error(
            "UNSATISFIED_DEPENDENCY",
            format!("{pointer}/bufferView"),
            "An image in a buffer view needs a 'mimeType'.",
        );
    }
    if view.is_some() == uri.is_some() {
        report.error(
            "ONE_OF_MISMATCH",
            pointer,
            "An image must have either a 'uri' or a 'bufferView'.",
        );
    }
    let here = || format!("{pointer}/bufferView");
    note_use(document, view, ViewUse::Image, here, report);
    if document
        .view(view)
        .is_some_and(|view| view.stride.is_some())
    {
        report.error(
            "IMAGE_BUFFER_VIEW_WITH_BYTESTRIDE",
            here(),
            "The buffer view of an image must not have a stride.",
        );
    }
    let bytes = match (uri, view) {
        (Some(uri), _) => from_uri(uri, pointer, may_open, is_glb, resolver, report)?,
        (None, Some(_)) => {
            let length = document.view(view)?.length?;
            Cow::Borrowed(document.bytes(
                Span {
                    view,
                    offset: Some(0),
                },
                length,
            )?)
        }
        (None, None) => return None,
    };
    match sniff(&bytes) {
        Sniffed::Unrecognized => report.warning(
            "IMAGE_UNRECOGNIZED_FORMAT",
            pointer,
            "The data is no image of a kind that glTF knows.",
        ),
        Sniffed::CutShort => {
            report.error("IMAGE_UNEXPECTED_EOS", pointer, "The image ends too early.");
        }
        Sniffed::Broken(why) => {
            report.error(
                "IMAGE_DATA_INVALID",
                pointer,
                format!("The image is broken: {why}."),
            );
        }
        Sniffed::Is(found) => {
            if let Some(declared) = declared.filter(|declared| *declared != found) {
                let part = if uri.is_some() { "uri" } else { "bufferView" };
                report.error(
                    "IMAGE_MIME_TYPE_INVALID",
                    format!("{pointer}/{part}"),
                    format!(
                        "The image is declared as {}, but is {found}.",
                        quoted(declared)
                    ),
                );
            }
            let needed = match found {
                "image/webp" => Some("EXT_texture_webp"),
                "image/ktx2" => Some("KHR_texture_basisu"),
                _ => None,
            };
            if needed.is_some_and(|needed| !document.uses(needed)) {
                report.error(
                    "IMAGE_NON_ENABLED_MIME_TYPE",
                    pointer,
                    format!("An image of type {found} needs an extension that is not in use."),
                );
            }
            // Textures go by what an image is declared to be; the lie has been told of.
            return Some(declared.unwrap_or(found).to_owned());
        }
    }
    None
}

fn from_uri(
    text: &str,
    pointer: &str,
    may_open: bool,
    is_glb: bool,
    resolver: &mut dyn Resolver,
    report: &mut Report,
) -> Option<Cow<'static, [u8]>> {
    let pointer = format!("{pointer}/uri");
    match read_uri(text, &pointer, is_glb, report)? {
        Uri::Elsewhere => None,
        Uri::Data(media, bytes) => {
            if sniff_kind(&bytes) != Some(media.as_str()) {
                report.error(
                    "INVALID_URI",
                    pointer,
                    format!(
                        "The data URI calls itself {}, which it is not.",
                        quoted(&media)
                    ),
                );
                return None;
            }
            Some(Cow::Owned(bytes))
        }
        Uri::Relative(_) if !may_open => None,
        Uri::Relative(path) => match resolver.read(&path, HEADER_BYTES) {
            Ok(file) => Some(Cow::Owned(file.bytes)),
            Err(why) => {
                report.error(
                    "IO_ERROR",
                    pointer,
                    format!("The file {} cannot be read: {why}.", quoted(&path)),
                );
                None
            }
        },
    }
}

fn textures(document: &Document<'_>, types: &[Option<String>], report: &mut Report) {
    const PLAIN: &[&str] = &["image/jpeg", "image/png"];
    for (index, texture) in json::objects(document.root, "textures") {
        let mut source = |host: &Object, pointer: String, allowed: &[&str]| {
            let found = json::index(host, "source").and_then(|image| types.get(image)?.as_deref());
            if let Some(found) = found.filter(|found| !allowed.contains(found)) {
                report.error(
                    "TEXTURE_INVALID_IMAGE_MIME_TYPE",
                    format!("{pointer}/source"),
                    format!(
                        "The image is {found}, but must be {} here.",
                        allowed.join(" or ")
                    ),
                );
            }
        };
        let pointer = format!("/textures/{index}");
        source(texture, pointer.clone(), PLAIN);
        for (name, kind) in [
            ("EXT_texture_webp", "image/webp"),
            ("KHR_texture_basisu", "image/ktx2"),
        ] {
            if let Some(host) = extension(texture, name).filter(|_| document.uses(name)) {
                source(host, format!("{pointer}/extensions/{name}"), &[kind]);
            }
        }
    }
}

fn sniff_kind(bytes: &[u8]) -> Option<&'static str> {
    if bytes.len() < 14 {
        None
    } else if bytes.starts_with(b"\xFF\xD8\xFF") {
        Some("image/jpeg")
    } else if bytes.starts_with(b"\x89PNG\r\n\x1A\n") {
        Some("image/png")
    } else if bytes.starts_with(b"RIFF") && bytes[8..].starts_with(b"WEBPVP") {
        Some("image/webp")
    } else if bytes.starts_with(b"\xABKTX 20\xBB\r\n\x1A\n") {
        Some("image/ktx2")
    } else {
        None
    }
}

fn sniff(bytes: &[u8]) -> Sniffed {
    match sniff_kind(bytes) {
        None => Sniffed::Unrecognized,
        Some("image/png") => png(bytes),
        Some("image/jpeg") => jpeg(bytes),
        Some("image/webp") => webp(bytes),
        Some("image/ktx2") if bytes.len() < 80 => Sniffed::CutShort,
        Some(kind) => Sniffed::Is(kind),
    }
}

/// Looks at the head of the first chunk.
fn webp(bytes: &[u8]) -> Sniffed {
    let Some(head) = bytes.get(..30) else {
        return Sniffed::CutShort;
    };
    let is_sound = match &head[12..16] {
        b"VP8 " => head[23..26] == [0x9D, 0x01, 0x2A],
        b"VP8L" => head[20] == 0x2F,
        kind => kind == b"VP8X",
    };
    if is_sound {
        Sniffed::Is("image/webp")
    } else {
        Sniffed::Broken("the WebP header is wrong")
    }
}

/// Walks the chunks up to the first pixels.
fn png(bytes: &[u8]) -> Sniffed {
    let mut at = 8;
    let mut has_header = false;
    loop {
        let head = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>());
        let Some([a, b, c, d, kind @ ..]) = head else {
            return Sniffed::CutShort;
        };
        let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
        let wanted = match kind {
            b"IHDR" => Some(13),
            b"cHRM" => Some(32),
            b"sRGB" => Some(1),
            b"pHYs" => Some(9),
            b"gAMA" => Some(4),
            _ => None,
        };
        if wanted.is_some_and(|wanted| wanted != length) {
            return Sniffed::Broken("a PNG chunk has the wrong length");
        }
        has_header |= kind == b"IHDR";
        if kind == b"IDAT" {
            return if has_header {
                Sniffed::Is("image/png")
            } else {
                Sniffed::Broken("the PNG header is missing")
            };
        }
        at = match at.checked_add(12).and_then(|at| at.checked_add(length)) {
            Some(next) => next,
            None => return Sniffed::CutShort,
        };
    }
}

/// Walks the segments up to the frame header.
fn jpeg(bytes: &[u8]) -> Sniffed {
    let mut at = 1;
    loop {
        let Some(marker) = bytes.get(at).copied() else {
            // Long metadata may exceed what was read of the file.
            return if bytes.len() as u64 >= HEADER_BYTES {
                Sniffed::Is("image/jpeg")
            } else {
                Sniffed::CutShort
            };
        };
        at += 1;
        if matches!(marker, 0x01 | 0xD0..=0xD9 | 0xFF) {
            continue;
        }
        let Some([high, low]) = bytes.get(at..).and_then(|rest| rest.first_chunk::<2>()) else {
            return Sniffed::CutShort;
        };
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        if length < 2 {
            return Sniffed::Broken("a JPEG segment has an impossible length");
        }
        let is_frame =
            matches!(marker, 0xC0..=0xCF | 0xDE) && !matches!(marker, 0xC4 | 0xC8 | 0xCC);
        if is_frame {
            return match bytes
                .get(at + 7)
                .filter(|_| length >= 8 && at + length <= bytes.len())
            {
                None => Sniffed::CutShort,
                Some(1 | 3) => Sniffed::Is("image/jpeg"),
                Some(_) => Sniffed::Broken("a JPEG must have one or three channels"),
            };
        }
        at += length;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cut_images_are_told_from_foreign_ones() {
        let png = b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR1234567890123crc!\0\0\0\0IDAT";
        assert_eq!(sniff(png), Sniffed::Is("image/png"), "The pixels start.");
        for end in 14..png.len() {
            assert_eq!(
                sniff(&png[..end]),
                Sniffed::CutShort,
                "It ends after {end} bytes."
            );
        }
        assert_eq!(
            sniff(b"GIF89a, and so on"),
            Sniffed::Unrecognized,
            "glTF knows no GIF."
        );
        let jpeg = b"\xFF\xD8\xFF\xC0\0\x0B\x08\0\x01\0\x01\x01\x01\x11\0";
        assert_eq!(
            sniff(jpeg),
            Sniffed::Is("image/jpeg"),
            "The frame header is there."
        );
        assert_eq!(sniff(&jpeg[..14]), Sniffed::CutShort, "A byte is missing.");
    }
}
