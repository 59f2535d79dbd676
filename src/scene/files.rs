//! Where scene files come from: a folder, or memory.

use std::collections::BTreeMap;

use super::paths;

/// Largest scene file, in bytes.
pub const LARGEST_SCENE_FILE: u64 = 32 << 20;

/// What stands at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup {
    /// A file, with its size in bytes.
    File(u64),
    /// A folder.
    Folder,
    /// Nothing.
    Missing,
    /// Nothing with this spelling, but with this one: capitals differ.
    WrongCase(String),
    /// Something outside the exhibit's folder, by a link.
    Outside,
    /// Something that cannot be read, and why.
    Unreadable(String),
}

/// The files of an exhibit. Paths are relative to its folder, with `/` between folders.
pub trait SceneFiles {
    /// What stands at a path.
    fn look_up(&self, path: &str) -> Lookup;

    /// The bytes of a file; at most [`LARGEST_SCENE_FILE`].
    ///
    /// # Errors
    /// In words, when it cannot be read or is too large.
    fn read(&self, path: &str) -> Result<Vec<u8>, String>;

    /// Names in a folder, for "did you mean". Empty when there is no such folder.
    fn list(&self, folder: &str) -> Vec<String>;

    /// A path as the author should see it.
    fn shown(&self, path: &str) -> String {
        path.to_owned()
    }
}

/// Files in memory, for tests and generated scenes.
#[derive(Debug, Clone, Default)]
pub struct MemoryFiles {
    files: BTreeMap<String, Vec<u8>>,
}

impl MemoryFiles {
    /// No files.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file.
    #[must_use]
    pub fn with(mut self, path: impl Into<String>, content: impl Into<Vec<u8>>) -> Self {
        self.files.insert(path.into(), content.into());
        self
    }
}

impl SceneFiles for MemoryFiles {
    fn look_up(&self, path: &str) -> Lookup {
        if let Some(content) = self.files.get(path) {
            return Lookup::File(content.len() as u64);
        }
        let folder = format!("{path}/");
        if self.files.keys().any(|other| other.starts_with(&folder)) {
            return Lookup::Folder;
        }
        let lower = path.to_lowercase();
        let other = self
            .files
            .keys()
            .find(|other| other.to_lowercase() == lower);
        other.map_or(Lookup::Missing, |other| Lookup::WrongCase(other.clone()))
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.files
            .get(path)
            .cloned()
            .ok_or_else(|| "there is no such file".to_owned())
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let prefix = if folder.is_empty() {
            String::new()
        } else {
            format!("{folder}/")
        };
        let names = self
            .files
            .keys()
            .filter_map(|path| path.strip_prefix(&prefix));
        let mut names: Vec<String> = names
            .map(|rest| rest.split('/').next().unwrap_or(rest).to_owned())
            .collect();
        names.dedup();
        names
    }
}

/// What the checker may ask about a mesh.
#[derive(Debug, Clone, Default)]
pub struct MeshFacts {
    /// Smallest and largest corner of the whole file, in its own unit and axes. `None` when
    /// it holds no geometry.
    pub bounds: Option<(bevy::math::DVec3, bevy::math::DVec3)>,
    /// Names of its nodes.
    pub node_names: Vec<String>,
    /// Of each node whose mesh bends (a skin, morph targets): its name and those of the nodes it
    /// hangs on.
    pub bending: Vec<Vec<String>>,
    /// Names of its materials.
    pub material_names: Vec<String>,
    /// Names of its animations.
    pub animation_names: Vec<String>,
    /// Licence and author, if the file says so itself.
    pub licence: Option<String>,
    /// What is wrong with the file itself. Spans are set by the checker.
    pub findings: Vec<crate::diagnostic::Diagnostic>,
}

/// What the checker may ask about an image.
#[derive(Debug, Clone, Default)]
pub struct ImageFacts {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// What is wrong with the file itself. Spans are set by the checker.
    pub findings: Vec<crate::diagnostic::Diagnostic>,
}

/// Knows what is in meshes, images and sounds. Paths are as in [`SceneFiles`]. `None` is "do not
/// know", and then nothing is checked.
pub trait Assets {
    /// Facts about a mesh file that exists.
    fn mesh_facts(&self, path: &str) -> Option<MeshFacts>;

    /// Facts about an image file that exists.
    fn image_facts(&self, path: &str) -> Option<ImageFacts>;

    /// What is wrong with a sound file that exists. Spans are set by the checker.
    fn sound_findings(&self, _path: &str) -> Vec<crate::diagnostic::Diagnostic> {
        Vec::new()
    }
}

/// Knows nothing: only the scene files are checked.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoAssets;

impl Assets for NoAssets {
    fn mesh_facts(&self, _path: &str) -> Option<MeshFacts> {
        None
    }

    fn image_facts(&self, _path: &str) -> Option<ImageFacts> {
        None
    }
}

/// The names of files with one of some endings next to a missing file, for "did you mean".
pub(crate) fn neighbours(files: &dyn SceneFiles, path: &str, endings: &[&str]) -> Vec<String> {
    let folder = path.rfind('/').map_or("", |end| &path[..end]);
    let mut names = files.list(folder);
    names.retain(|name| endings.contains(&paths::ending(name).as_str()));
    names
}
