//! Paths in scene files: relative to the file that names them, `/` between folders, never
//! out of the exhibit's folder.

/// Why a path is refused before any file is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PathTrouble {
    Empty,
    /// `/data/x`, `C:\x`, `https://...`, `~/x`.
    Absolute,
    /// More `..` than folders.
    Leaves,
    /// Backslashes; what is meant.
    Backslash(String),
    /// Control characters, or too long.
    Strange,
}

impl PathTrouble {
    /// The path that was probably meant.
    pub(crate) fn meant(&self) -> Option<String> {
        match self {
            Self::Backslash(meant) => Some(meant.clone()),
            _ => None,
        }
    }

    /// Code, message and help.
    pub(crate) fn explain(&self, written: &str) -> (&'static str, String, String) {
        let inside = "copy the file into the exhibit's folder and name it from there".to_owned();
        match self {
            Self::Empty => (
                "bad-path",
                "this path is empty".to_owned(),
                "name a file".to_owned(),
            ),
            Self::Absolute if written.contains("://") => (
                "absolute-path",
                format!("\"{written}\" is an address; an exhibit runs without a network"),
                inside,
            ),
            Self::Absolute => (
                "absolute-path",
                format!("\"{written}\" is an absolute path; it would work on this computer only"),
                inside,
            ),
            Self::Leaves => (
                "path-leaves-exhibit",
                format!("\"{written}\" leads out of the exhibit's folder"),
                inside,
            ),
            Self::Backslash(_) => (
                "backslash-in-path",
                "folders are divided by `/`, not by `\\`".to_owned(),
                format!("write \"{}\"", written.replace('\\', "/")),
            ),
            Self::Strange => (
                "bad-path",
                "this cannot be a file's path".to_owned(),
                "use letters, digits, `-`, `_`, `.` and `/`".to_owned(),
            ),
        }
    }
}

/// Longest path, in bytes.
const LONGEST: usize = 1024;

/// Resolves a path written in a scene file, lexically. `from` is that file's own path in the
/// exhibit.
///
/// # Errors
/// When the path is refused.
pub(crate) fn resolve(from: &str, written: &str) -> Result<String, PathTrouble> {
    if written.trim().is_empty() {
        return Err(PathTrouble::Empty);
    }
    if written.len() > LONGEST || written.chars().any(char::is_control) {
        return Err(PathTrouble::Strange);
    }
    if written.contains('\\') && !written.starts_with('\\') && !is_absolute(written) {
        let meant = resolve(from, &written.replace('\\', "/"))?;
        return Err(PathTrouble::Backslash(meant));
    }
    if is_absolute(written) {
        return Err(PathTrouble::Absolute);
    }
    let folder = from.rfind('/').map_or("", |end| &from[..end]);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in written.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop().ok_or(PathTrouble::Leaves)?;
            }
            part => parts.push(part),
        }
    }
    if parts.is_empty() {
        Err(PathTrouble::Empty)
    } else {
        Ok(parts.join("/"))
    }
}

fn is_absolute(written: &str) -> bool {
    let bytes = written.as_bytes();
    let has_drive = bytes.len() >= 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':';
    has_drive || written.starts_with(['/', '\\', '~']) || written.contains("://")
}

/// The ending of a path, in lower case.
pub(crate) fn ending(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.')
        .map(|(_, ending)| ending.to_lowercase())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_to_their_file_and_stay_inside() {
        let cases = [
            ("scene.ron", "a/b.glb", Ok("a/b.glb")),
            (
                "rooms/hall/room.ron",
                "../../meshes/./b.glb",
                Ok("meshes/b.glb"),
            ),
            ("rooms/hall.ron", "hall.glb", Ok("rooms/hall.glb")),
            ("rooms/hall.ron", "../../secret", Err(PathTrouble::Leaves)),
            ("scene.ron", "a/../../secret", Err(PathTrouble::Leaves)),
            ("scene.ron", "/etc/passwd", Err(PathTrouble::Absolute)),
            ("scene.ron", "C:\\x.glb", Err(PathTrouble::Absolute)),
            (
                "scene.ron",
                "https://x.org/a.glb",
                Err(PathTrouble::Absolute),
            ),
            (
                "scene.ron",
                "a\\b.glb",
                Err(PathTrouble::Backslash("a/b.glb".into())),
            ),
            ("scene.ron", "a\\..\\..\\b.glb", Err(PathTrouble::Leaves)),
            ("scene.ron", " ", Err(PathTrouble::Empty)),
            ("scene.ron", "a/..", Err(PathTrouble::Empty)),
            ("scene.ron", "a\0b", Err(PathTrouble::Strange)),
        ];
        for (from, written, expected) in cases {
            assert_eq!(
                resolve(from, written),
                expected.map(str::to_owned),
                "{written} in {from}"
            );
        }
    }
}
