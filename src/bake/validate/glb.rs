//! The binary container (glTF 2.0, section 4.4).

use super::report::Report;

/// What a container holds.
#[derive(Default)]
pub(super) struct Container<'a> {
    /// The JSON text, `None` when there is none worth reading.
    pub(super) json: Option<&'a [u8]>,
    /// The binary chunk.
    pub(super) binary: Option<&'a [u8]>,
}

const JSON: u32 = 0x4E4F_534A;
const BIN: u32 = 0x004E_4942;

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(bytes.try_into().ok()?))
}

/// Splits a binary glTF into its chunks; reports what is wrong with the container.
pub(super) fn read<'a>(bytes: &'a [u8], report: &mut Report) -> Container<'a> {
    let mut found = Container::default();
    let (Some(magic), Some(version), Some(declared)) =
        (word(bytes, 0), word(bytes, 4), word(bytes, 8))
    else {
        report.error(
            "GLB_UNEXPECTED_END_OF_HEADER",
            "",
            format!(
                "The file ends within its header, after {} of 12 bytes.",
                bytes.len()
            ),
        );
        return found;
    };
    if magic != u32::from_le_bytes(*b"glTF") {
        report.error(
            "GLB_INVALID_MAGIC",
            "",
            format!("The file does not start with 'glTF' but with {magic:#010x}."),
        );
        return found;
    }
    if version != 2 {
        report.error(
            "GLB_INVALID_VERSION",
            "",
            format!("The container's version is {version}; only 2 can be read."),
        );
        return found;
    }
    if declared <= 12 {
        report.error(
            "GLB_LENGTH_TOO_SMALL",
            "",
            format!("The header declares a length of {declared} bytes, too few for any content."),
        );
    }
    chunks(bytes, declared as usize, &mut found, report);
    found
}

fn chunks<'a>(bytes: &'a [u8], declared: usize, found: &mut Container<'a>, report: &mut Report) {
    let mut at = 12;
    let mut number = 0;
    let (mut has_json, mut has_binary) = (false, false);
    while at < bytes.len() {
        if at == declared && declared > 12 {
            report.warning(
                "GLB_EXTRA_DATA",
                "",
                format!(
                    "{} bytes follow the end of the container.",
                    bytes.len() - at
                ),
            );
            return;
        }
        let (Some(length), Some(kind)) = (word(bytes, at), word(bytes, at + 4)) else {
            report.error(
                "GLB_UNEXPECTED_END_OF_CHUNK_HEADER",
                "",
                format!("The file ends within the chunk header at byte {at}."),
            );
            *found = Container::default();
            return;
        };
        let length = length as usize;
        check_header(at, number, length, kind, declared, has_binary, report);
        let is_seen = match kind {
            JSON => std::mem::replace(&mut has_json, true),
            BIN => std::mem::replace(&mut has_binary, true),
            _ => false,
        };
        if is_seen {
            report.error(
                "GLB_DUPLICATE_CHUNK",
                "",
                format!("The chunk at byte {at} is the second of its type ({kind:#010x})."),
            );
        }
        let start = at + 8;
        let Some(data) = start
            .checked_add(length)
            .and_then(|end| bytes.get(start..end))
        else {
            report.error(
                "GLB_UNEXPECTED_END_OF_CHUNK_DATA",
                "",
                format!(
                    "The file ends {} bytes into a chunk of {length}.",
                    bytes.len() - start
                ),
            );
            *found = Container::default();
            return;
        };
        at = start + length;
        if !is_seen {
            match kind {
                // An empty chunk that ends the file is told of once, as an empty chunk.
                JSON if !data.is_empty() || at < bytes.len() => found.json = Some(data),
                BIN => found.binary = Some(data),
                _ => {}
            }
        }
        number += 1;
    }
    if at != declared {
        report.error(
            "GLB_LENGTH_MISMATCH",
            "",
            format!("The header declares {declared} bytes, the file has {at}."),
        );
    }
}

fn check_header(
    at: usize,
    number: usize,
    length: usize,
    kind: u32,
    declared: usize,
    has_binary: bool,
    report: &mut Report,
) {
    if !length.is_multiple_of(4) {
        report.error(
            "GLB_CHUNK_LENGTH_UNALIGNED",
            "",
            format!("The chunk at byte {at} has a length of {length}, not a multiple of 4."),
        );
    }
    if (at + 8).saturating_add(length) > declared {
        report.error(
            "GLB_CHUNK_TOO_BIG",
            "",
            format!("The chunk at byte {at} is longer ({length}) than the container has room for."),
        );
    }
    if number == 0 && kind != JSON {
        report.error(
            "GLB_UNEXPECTED_FIRST_CHUNK",
            "",
            format!("The first chunk is not JSON but {kind:#010x}."),
        );
    }
    if kind == BIN && number > 1 && !has_binary {
        report.error(
            "GLB_UNEXPECTED_BIN_CHUNK",
            "",
            format!("The binary chunk at byte {at} is not the second chunk."),
        );
    }
    if kind == JSON && length == 0 {
        report.error(
            "GLB_EMPTY_CHUNK",
            "",
            format!("The JSON chunk at byte {at} is empty."),
        );
    }
    if kind != JSON && kind != BIN {
        report.warning(
            "GLB_UNKNOWN_CHUNK_TYPE",
            "",
            format!("The chunk at byte {at} is of an unknown type ({kind:#010x})."),
        );
    }
}
