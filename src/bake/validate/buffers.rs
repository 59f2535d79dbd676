//! Buffers and buffer views: where bytes come from and whether views fit in them.

use std::borrow::Cow;
use std::collections::HashMap;

use super::document::{Document, ViewUse};
use super::json::{self, Object};
use super::report::{Report, quoted};
use super::uri::{self, Uri};
use super::{Resolver, ValidateDepth};

/// Bytes of side files and data URIs held at once.
const MOST_SIDE_BYTES: u64 = 2 << 30;

/// Checks the buffers and, for the data checks, loads their bytes.
pub(super) fn check<'a>(
    document: &mut Document<'a>,
    binary: Option<&'a [u8]>,
    is_glb: bool,
    depth: ValidateDepth,
    resolver: &mut dyn Resolver,
    report: &mut Report,
) {
    let mut loader = Loader {
        is_glb,
        depth,
        resolver,
        report,
        bytes_left: MOST_SIDE_BYTES,
        seen: HashMap::new(),
    };
    let root = document.root;
    document.buffers = vec![None; json::array(root, "buffers").len()];
    for (index, object) in json::objects(root, "buffers") {
        let data = if is_glb && index == 0 && !object.contains_key("uri") {
            loader.binary(object, binary)
        } else {
            loader.side(index, object, &document.buffers)
        };
        document.buffers[index] = data;
    }
    views(document, report);
}

struct Loader<'r> {
    is_glb: bool,
    depth: ValidateDepth,
    resolver: &'r mut dyn Resolver,
    report: &'r mut Report,
    bytes_left: u64,
    /// Buffers by the file they were read from, so that one file is read once.
    seen: HashMap<String, usize>,
}

impl Loader<'_> {
    fn binary<'a>(&mut self, object: &Object, binary: Option<&'a [u8]>) -> Option<Cow<'a, [u8]>> {
        let Some(binary) = binary else {
            if !is_fallback(object) {
                self.report.error(
                    "BUFFER_MISSING_GLB_DATA",
                    "/buffers/0",
                    "The buffer has no uri, and the container no binary chunk to stand for it.",
                );
            }
            return None;
        };
        let declared = json::uint(object, "byteLength")?;
        let present = binary.len() as u64;
        if present > declared.next_multiple_of(4) {
            self.report.warning(
                "BUFFER_GLB_CHUNK_TOO_BIG",
                "/buffers/0",
                format!(
                    "The binary chunk is {} bytes longer than its buffer.",
                    present - declared
                ),
            );
        }
        self.fits(0, present, declared)
            .then_some(Cow::Borrowed(binary))
    }

    fn fits(&mut self, index: usize, present: u64, declared: u64) -> bool {
        if present < declared {
            self.report.error(
                "BUFFER_BYTE_LENGTH_MISMATCH",
                format!("/buffers/{index}"),
                format!("The buffer declares {declared} bytes, but only {present} are there."),
            );
        }
        present >= declared
    }

    fn side<'a>(
        &mut self,
        index: usize,
        object: &'a Object,
        loaded: &[Option<Cow<'a, [u8]>>],
    ) -> Option<Cow<'a, [u8]>> {
        let text = json::text(object, "uri")?;
        let pointer = format!("/buffers/{index}/uri");
        let declared = json::uint(object, "byteLength");
        match read_uri(text, &pointer, self.is_glb, self.report)? {
            Uri::Elsewhere => None,
            Uri::Data(media, bytes) => {
                if media != "application/octet-stream" && media != "application/gltf-buffer" {
                    self.report.error(
                        "BUFFER_DATA_URI_MIME_TYPE_INVALID",
                        pointer,
                        format!("The media type {} is none of a buffer.", quoted(&media)),
                    );
                }
                let is_whole = self.fits(index, bytes.len() as u64, declared?);
                (is_whole && self.take(bytes.len() as u64)).then_some(Cow::Owned(bytes))
            }
            Uri::Relative(path) => {
                if let Some(same) = self.seen.get(&path).copied() {
                    let bytes = loaded.get(same)?.as_ref()?;
                    let present = bytes.len() as u64;
                    // Another buffer on the same file sees the same bytes or none.
                    return (present >= declared? && self.take(present)).then(|| bytes.clone());
                }
                let declared = declared?;
                let wanted = match self.depth {
                    ValidateDepth::Structure => 0,
                    ValidateDepth::Data => declared.min(self.bytes_left),
                };
                match self.resolver.read(&path, wanted) {
                    Err(why) => {
                        self.report.error(
                            "IO_ERROR",
                            pointer,
                            format!("The file {} cannot be read: {why}.", quoted(&path)),
                        );
                        None
                    }
                    Ok(file) => {
                        let is_whole = self.fits(index, file.length, declared);
                        let is_held = file.bytes.len() as u64 >= declared;
                        if is_whole && self.depth == ValidateDepth::Data && is_held {
                            self.take(file.bytes.len() as u64);
                            self.seen.insert(path, index);
                            return Some(Cow::Owned(file.bytes));
                        }
                        None
                    }
                }
            }
        }
    }

    fn take(&mut self, bytes: u64) -> bool {
        let is_affordable = bytes <= self.bytes_left;
        self.bytes_left = self.bytes_left.saturating_sub(bytes);
        is_affordable
    }
}

/// Whether a buffer only stands for what `EXT_meshopt_compression` unpacks.
fn is_fallback(object: &Object) -> bool {
    ["EXT_meshopt_compression", "KHR_meshopt_compression"]
        .iter()
        .any(|name| {
            json::extension(object, name)
                .and_then(|extension| extension.get("fallback")?.as_bool())
                .unwrap_or(false)
        })
}

/// Reads the URI of a buffer or an image and reports what is wrong with it.
pub(super) fn read_uri(
    text: &str,
    pointer: &str,
    is_glb: bool,
    report: &mut Report,
) -> Option<Uri> {
    match uri::read(text) {
        Err(why) => {
            report.error(
                "INVALID_URI",
                pointer,
                format!("The URI {} cannot be read: {why}.", quoted(text)),
            );
            None
        }
        Ok(uri) => {
            if matches!(uri, Uri::Elsewhere) {
                report.warning(
                    "NON_RELATIVE_URI",
                    pointer,
                    format!(
                        "The URI {} leads away from the model's folder.",
                        quoted(text)
                    ),
                );
            } else if is_glb && matches!(uri, Uri::Data(..)) {
                report.warning(
                    "DATA_URI_GLB",
                    pointer,
                    "A binary container holds this data as text, a third larger than needed.",
                );
            }
            Some(uri)
        }
    }
}

fn views(document: &mut Document<'_>, report: &mut Report) {
    let root = document.root;
    let lengths: Vec<Option<u64>> = json::array(root, "buffers")
        .iter()
        .map(|buffer| json::uint(buffer.as_object()?, "byteLength").filter(|length| *length > 0))
        .collect();
    for (index, view) in document.views.iter().enumerate() {
        let pointer = format!("/bufferViews/{index}");
        if let (Some(stride), Some(length)) = (view.stride, view.length) {
            if stride > length {
                report.error(
                    "BUFFER_VIEW_TOO_BIG_BYTE_STRIDE",
                    format!("{pointer}/byteStride"),
                    format!("The stride ({stride}) is longer than the view itself ({length})."),
                );
            }
        }
        if let Some(stride) = view.stride {
            if !stride.is_multiple_of(4) {
                report.error(
                    "VALUE_MULTIPLE_OF",
                    format!("{pointer}/byteStride"),
                    format!("The stride {stride} is not a multiple of 4."),
                );
            }
            if view.usage == Some(ViewUse::Indices) {
                report.error(
                    "BUFFER_VIEW_INVALID_BYTE_STRIDE",
                    format!("{pointer}/byteStride"),
                    "Only views of vertices may have a stride.",
                );
            }
        }
        let buffer = view
            .buffer
            .and_then(|buffer| lengths.get(buffer).copied().flatten());
        if let (Some(whole), Some(length), Some(offset)) = (buffer, view.length, view.offset) {
            if offset.checked_add(length).is_none_or(|end| end > whole) {
                let part = if offset >= whole {
                    "byteOffset"
                } else {
                    "byteLength"
                };
                report.error(
                    "BUFFER_VIEW_TOO_LONG",
                    format!("{pointer}/{part}"),
                    format!(
                        "The view ({length} bytes from byte {offset}) does not fit its buffer of {whole}."
                    ),
                );
            }
        }
    }
}

/// Notes what a view is used for; a second, different use is an error.
pub(super) fn note_use(
    document: &mut Document<'_>,
    view: Option<usize>,
    usage: ViewUse,
    pointer: impl FnOnce() -> String,
    report: &mut Report,
) {
    let Some(view) = view.and_then(|view| document.views.get_mut(view)) else {
        return;
    };
    match view.usage {
        None => view.usage = Some(usage),
        Some(before) if before != usage => report.error(
            "BUFFER_VIEW_TARGET_OVERRIDE",
            pointer(),
            format!(
                "The view is used for {} here, but for {} before.",
                usage.name(),
                before.name()
            ),
        ),
        Some(_) => {}
    }
}
