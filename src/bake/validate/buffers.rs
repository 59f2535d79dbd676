//! Buffers and buffer views: where bytes come from and whether views fit in them.

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

use super::document::{Document, ViewUse};
use super::json::{self, Object};
use super::report::{Report, quoted};
use super::uri::{self, Uri};
use super::{Resolver, ValidateDepth};

/// Bytes of side files and data URIs held at once.
const MOST_SIDE_BYTES: u64 = 2 << 30;

/// Files of buffers opened.
const MOST_FILES: usize = 4096;

/// The bytes of a buffer.
type Bytes<'a> = Rc<Cow<'a, [u8]>>;

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
        files_left: MOST_FILES,
        is_short: false,
        seen: HashMap::new(),
    };
    let root = document.root;
    document.buffers = vec![None; json::array(root, "buffers").len()];
    for (index, object) in json::objects(root, "buffers") {
        let data = if is_glb && index == 0 && !object.contains_key("uri") {
            loader.binary(object, binary)
        } else {
            loader.side(index, object)
        };
        document.buffers[index] = data;
    }
    if loader.is_short {
        report.warning(
            "data-not-checked",
            "/buffers",
            "The buffers' files are too many or too large; not all of them were read.",
        );
    }
    views(document, report);
}

struct Loader<'r, 'a> {
    is_glb: bool,
    depth: ValidateDepth,
    resolver: &'r mut dyn Resolver,
    report: &'r mut Report,
    bytes_left: u64,
    files_left: usize,
    /// Whether something was left unread for want of these.
    is_short: bool,
    /// What was read of each file, and the file's length, so that one file is read once.
    seen: HashMap<String, (Bytes<'a>, u64)>,
}

impl<'a> Loader<'_, 'a> {
    fn binary(&mut self, object: &Object, binary: Option<&'a [u8]>) -> Option<Bytes<'a>> {
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
            .then(|| Rc::new(Cow::Borrowed(binary)))
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

    fn side(&mut self, index: usize, object: &Object) -> Option<Bytes<'a>> {
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
                (is_whole && self.take(bytes.len() as u64)).then(|| Rc::new(Cow::Owned(bytes)))
            }
            Uri::Relative(path) => self.file(index, path, declared?, pointer),
        }
    }

    fn file(
        &mut self,
        index: usize,
        path: String,
        declared: u64,
        pointer: String,
    ) -> Option<Bytes<'a>> {
        if let Some((bytes, length)) = self.seen.get(&path).cloned()
            && (bytes.len() as u64 >= declared || length < declared)
        {
            return self.fits(index, length, declared).then_some(bytes);
        }
        let Some(left) = self.files_left.checked_sub(1) else {
            self.is_short = true;
            return None;
        };
        self.files_left = left;
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
                if !self.fits(index, file.length, declared) || self.depth != ValidateDepth::Data {
                    return None;
                }
                let held = file.bytes.len() as u64;
                if held < declared {
                    self.is_short = true;
                    return None;
                }
                self.take(held);
                let bytes = Rc::new(Cow::Owned(file.bytes));
                self.seen.insert(path, (Rc::clone(&bytes), file.length));
                Some(bytes)
            }
        }
    }

    fn take(&mut self, bytes: u64) -> bool {
        let is_affordable = bytes <= self.bytes_left;
        self.bytes_left = self.bytes_left.saturating_sub(bytes);
        self.is_short |= !is_affordable;
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
        if let (Some(stride), Some(length)) = (view.stride, view.length)
            && stride > length
        {
            report.error(
                "BUFFER_VIEW_TOO_BIG_BYTE_STRIDE",
                format!("{pointer}/byteStride"),
                format!("The stride ({stride}) is longer than the view itself ({length})."),
            );
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
        if let (Some(whole), Some(length), Some(offset)) = (buffer, view.length, view.offset)
            && offset.checked_add(length).is_none_or(|end| end > whole)
        {
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
