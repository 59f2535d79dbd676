//! Opening a model: GLB or JSON, and the files it names, which must lie in its own folder.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::blob::{Blob, Memory};
use super::document::Document;
use crate::bake::error::{Cause, Fault};
use crate::bake::limits::Limits;

const MAGIC: u32 = 0x4654_6C67;
const CHUNK_JSON: u32 = 0x4E4F_534A;
const CHUNK_BIN: u32 = 0x004E_4942;

/// An opened model file whose JSON has been parsed.
#[derive(Debug)]
pub(crate) struct Source {
    folder: PathBuf,
    pub(crate) document: Document,
    /// The binary chunk of a GLB.
    bin: Option<Blob>,
    /// Size of the file itself in bytes.
    pub(crate) file_bytes: u64,
}

impl Source {
    /// Opens a file and parses its JSON; reads nothing else.
    pub(crate) fn open(path: &Path, limits: &Limits) -> Result<Self, Fault> {
        let whole = |cause| Fault::new("", cause);
        let (file, len) =
            open_regular(path).map_err(|e| whole(Cause::CannotOpen(e.to_string())))?;
        Limits::check("bytes", len, limits.file_bytes, "")?;
        let file = Arc::new(file);
        let blob = Blob::File {
            file,
            start: 0,
            len,
        };
        let (json, bin) = split(&blob, limits)?;
        let document = parse(&json)?;
        check_version(&document)?;
        let folder = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        Ok(Self {
            folder,
            document,
            bin,
            file_bytes: len,
        })
    }

    /// The bytes of buffer `index`. Fails for a buffer without bytes of its own, such as the
    /// fallback buffer of a compressed file.
    pub(crate) fn buffer(&self, index: usize, limits: &Limits) -> Result<Blob, Fault> {
        let pointer = format!("/buffers/{index}");
        let buffer = self
            .document
            .buffers
            .get(index)
            .ok_or_else(|| Fault::no_such(&pointer, "buffer", index))?;
        let blob = match (&buffer.uri, &self.bin) {
            (Some(uri), _) => self.resource(uri, limits, &pointer)?,
            (None, Some(bin)) if index == 0 => bin.clone(),
            (None, _) => {
                return Err(Fault::invalid(
                    pointer,
                    "holds no data: neither a file nor a binary chunk",
                ));
            }
        };
        if blob.len() < buffer.byte_length {
            return Err(Fault::new(
                pointer,
                Cause::CutShort(format!(
                    "buffer {index} should hold {} bytes but has {}",
                    buffer.byte_length,
                    blob.len()
                )),
            ));
        }
        // Up to 3 bytes of padding follow in a GLB; they are no one's data.
        Ok(match blob {
            Blob::File { file, start, .. } => Blob::File {
                file,
                start,
                len: buffer.byte_length,
            },
            memory => memory,
        })
    }

    /// The bytes behind a URI: embedded, or a file in the model's folder.
    pub(crate) fn resource(
        &self,
        uri: &str,
        limits: &Limits,
        pointer: &str,
    ) -> Result<Blob, Fault> {
        let short = || uri.chars().take(80).collect::<String>();
        if let Some(data) = uri.strip_prefix("data:") {
            return decode_data_uri(data)
                .map(|bytes| Blob::Memory(Arc::new(Memory::Bytes(bytes))))
                .ok_or_else(|| {
                    Fault::invalid(pointer, "has a data: URI that is not valid base64")
                });
        }
        let path = self.resolve(uri, pointer)?;
        let (file, len) = open_regular(&path).map_err(|e| {
            Fault::new(
                pointer,
                Cause::Resource {
                    uri: short(),
                    reason: e.to_string(),
                },
            )
        })?;
        Limits::check("bytes in one file", len, limits.file_bytes, pointer)?;
        Ok(Blob::File {
            file: Arc::new(file),
            start: 0,
            len,
        })
    }

    /// The path a relative URI means; never outside the model's folder.
    fn resolve(&self, uri: &str, pointer: &str) -> Result<PathBuf, Fault> {
        let short: String = uri.chars().take(80).collect();
        let leaves = || Fault::new(pointer, Cause::LeavesFolder(short.clone()));
        let decoded = percent_decode(uri).ok_or_else(leaves)?;
        if decoded.contains(['\\', '\0', ':']) {
            return Err(leaves());
        }
        let relative = Path::new(&decoded);
        if !relative
            .components()
            .all(|c| matches!(c, Component::Normal(_) | Component::CurDir))
        {
            return Err(leaves());
        }
        let missing = |e: io::Error| {
            Fault::new(
                pointer,
                Cause::Resource {
                    uri: short.clone(),
                    reason: e.to_string(),
                },
            )
        };
        // Symbolic links are followed here, so that one leading out is seen.
        let folder = self.folder.canonicalize().map_err(missing)?;
        let path = folder.join(relative).canonicalize().map_err(missing)?;
        if !path.starts_with(&folder) {
            return Err(leaves());
        }
        Ok(path)
    }
}

/// Opens a regular file; a pipe or a device would block or never end.
fn open_regular(path: &Path) -> io::Result<(File, u64)> {
    let not_a_file = || io::Error::other("it is not a regular file");
    if !fs::metadata(path)?.is_file() {
        return Err(not_a_file());
    }
    let file = File::open(path)?;
    let meta = file.metadata()?;
    if !meta.is_file() {
        return Err(not_a_file());
    }
    Ok((file, meta.len()))
}

/// Separates the JSON from the binary chunk.
fn split(blob: &Blob, limits: &Limits) -> Result<(Vec<u8>, Option<Blob>), Fault> {
    let cut = |what: &str| Fault::new("", Cause::CutShort(what.to_owned()));
    let failed = |e: io::Error| Fault::new("", Cause::CannotOpen(e.to_string()));
    let word = |at: u64| -> Result<u32, Fault> {
        let mut word = [0; 4];
        blob.read_into(at, &mut word)
            .map_err(|_ignored| cut("it ends inside a header"))?;
        Ok(u32::from_le_bytes(word))
    };
    let size = blob.len();
    if size < 4 || word(0)? != MAGIC {
        looks_like_json(blob)?;
        Limits::check("bytes of JSON", size, limits.json_bytes, "")?;
        let mut json = Vec::new();
        if let Blob::File { file, .. } = blob {
            (&**file)
                .take(limits.json_bytes)
                .read_to_end(&mut json)
                .map_err(failed)?;
        }
        return Ok((json, None));
    }
    let version = word(4)?;
    if version != 2 {
        return Err(Fault::new(
            "",
            Cause::NotGltf(format!("it is a GLB of version {version}")),
        ));
    }
    let length = u64::from(word(8)?);
    if length > size {
        return Err(cut(&format!(
            "its header says {length} bytes but it has {size}"
        )));
    }
    let json_len = u64::from(word(12)?);
    if word(16)? != CHUNK_JSON {
        return Err(Fault::invalid(
            "",
            "has a GLB header whose first chunk is not JSON",
        ));
    }
    Limits::check("bytes of JSON", json_len, limits.json_bytes, "")?;
    let json_end = 20 + json_len;
    if json_end > length {
        return Err(cut("its JSON chunk is longer than the file"));
    }
    let json = blob.bytes(20..json_end).map_err(failed)?.into_owned();
    let mut bin = None;
    let mut at = json_end;
    // Chunks of other types are skipped, as the specification asks.
    while at + 8 <= length {
        let (len, kind) = (u64::from(word(at)?), word(at + 4)?);
        let start = at + 8;
        if start + len > length {
            return Err(cut("a binary chunk is longer than the file"));
        }
        if kind == CHUNK_BIN {
            if let Blob::File { file, .. } = blob {
                bin = Some(Blob::File {
                    file: Arc::clone(file),
                    start,
                    len,
                });
            }
            break;
        }
        at = start + len;
    }
    Ok((json, bin))
}

/// Refuses a file that is clearly something else, naming it.
fn looks_like_json(blob: &Blob) -> Result<(), Fault> {
    let not = |what: &str| Err(Fault::new("", Cause::NotGltf(what.to_owned())));
    let mut head = [0_u8; 64];
    let len = usize::try_from(blob.len()).unwrap_or(64).min(64);
    let head = &mut head[..len];
    if blob.read_into(0, head).is_err() || head.is_empty() {
        return not("it is empty");
    }
    let text = head.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(head);
    match text.trim_ascii_start() {
        [b'{', ..] => Ok(()),
        [b'p', b'l', b'y', ..] => not("it looks like a PLY file"),
        [b's', b'o', b'l', b'i', b'd', ..] => not("it looks like an STL file"),
        [b'P', b'K', 3, 4, ..] => not("it looks like a ZIP archive; unpack it first"),
        [b'K', b'a', b'y', b'd', b'a', b'r', b'a', ..] => not("it looks like an FBX file"),
        [b'B', b'L', b'E', b'N', b'D', ..] => not("it looks like a Blender file"),
        [0x89, b'P', b'N', b'G', ..] => not("it is a PNG image"),
        [0xFF, 0xD8, 0xFF, ..] => not("it is a JPEG image"),
        [b'v' | b'#' | b'm', ..] => not("it looks like an OBJ file"),
        _ => not("it starts with neither the GLB signature nor a JSON object"),
    }
}

/// Parses the JSON; a fault carries the pointer to where it lies.
fn parse(json: &[u8]) -> Result<Document, Fault> {
    let json = json.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(json);
    let mut reader = serde_json::Deserializer::from_slice(json);
    let document: Document = serde_path_to_error::deserialize(&mut reader)
        .map_err(|e| Fault::new(json_pointer(e.path()), Cause::Json(e.inner().to_string())))?;
    // A GLB pads its JSON with spaces; some writers pad with zeros.
    let rest = json
        .get(reader_offset(json, &mut reader)..)
        .unwrap_or_default();
    if rest.iter().any(|b| !b.is_ascii_whitespace() && *b != 0) {
        return Err(Fault::new(
            "",
            Cause::Json("something follows the document".to_owned()),
        ));
    }
    Ok(document)
}

/// Where the parser stopped: what follows must be padding.
fn reader_offset<'a>(
    json: &'a [u8],
    reader: &mut serde_json::Deserializer<serde_json::de::SliceRead<'a>>,
) -> usize {
    match reader.end() {
        Ok(()) => json.len(),
        // The error is placed on the first character that is not white space.
        Err(e) => {
            let line_start: usize = json
                .split_inclusive(|b| *b == b'\n')
                .take(e.line().saturating_sub(1))
                .map(<[u8]>::len)
                .sum();
            line_start + e.column().saturating_sub(1)
        }
    }
}

fn json_pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } => {
                format!("/{}", key.replace('~', "~0").replace('/', "~1"))
            }
            Segment::Enum { variant } => format!("/{variant}"),
            Segment::Unknown => "/?".to_owned(),
        })
        .collect()
}

fn check_version(document: &Document) -> Result<(), Fault> {
    let asset = &document.asset;
    let wanted = asset.min_version.as_ref().unwrap_or(&asset.version);
    match wanted.split_once('.') {
        Some(("2", "0")) => Ok(()),
        // A later 2.x stays readable unless the file says otherwise by minVersion.
        Some(("2", _)) if asset.min_version.is_none() => Ok(()),
        _ => Err(Fault::new(
            "/asset/version",
            Cause::NotGltf(format!("it is glTF version {wanted}")),
        )),
    }
}

/// Undoes `%20` and its like. `None` when the result is not UTF-8 or the code is broken.
fn percent_decode(uri: &str) -> Option<String> {
    let bytes = uri.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        if bytes[i] == b'%' {
            let hex = std::str::from_utf8(bytes.get(i + 1..i + 3)?).ok()?;
            out.push(u8::from_str_radix(hex, 16).ok()?);
            i += 3;
        } else {
            out.push(bytes[i]);
            i += 1;
        }
    }
    String::from_utf8(out).ok()
}

fn decode_data_uri(data: &str) -> Option<Vec<u8>> {
    let (kind, payload) = data.split_once(',')?;
    if !kind.ends_with(";base64") {
        return None;
    }
    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &base64::alphabet::STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_padding_mode(DecodePaddingMode::Indifferent)
            .with_decode_allow_trailing_bits(true),
    );
    LENIENT.decode(payload).ok()
}
