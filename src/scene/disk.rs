//! The files of an exhibit in a folder on disk.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::files::{LARGEST_SCENE_FILE, Lookup, SceneFiles};

/// Most names read of one folder.
const MOST_NAMES: usize = 100_000;

/// An exhibit's folder. Names of folders are remembered: make a new one for each load.
#[derive(Debug)]
pub struct DiskFiles {
    root: PathBuf,
    /// The folder as the user named it, for messages.
    shown: PathBuf,
    names: RefCell<BTreeMap<PathBuf, Rc<Vec<String>>>>,
}

impl DiskFiles {
    /// Opens a folder.
    ///
    /// # Errors
    /// When it is not there or may not be read.
    pub fn open(folder: &Path) -> std::io::Result<Self> {
        // The parent of "scene.ron" is "".
        let here = Path::new(".");
        let root = if folder.as_os_str().is_empty() {
            here
        } else {
            folder
        }
        .canonicalize()?;
        Ok(Self {
            root,
            shown: folder.to_owned(),
            names: RefCell::default(),
        })
    }

    /// Where a path of the exhibit lies on disk.
    #[must_use]
    pub fn on_disk(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    fn names(&self, folder: &Path) -> Rc<Vec<String>> {
        let mut known = self.names.borrow_mut();
        if let Some(names) = known.get(folder) {
            return Rc::clone(names);
        }
        let entries = std::fs::read_dir(folder)
            .into_iter()
            .flatten()
            .flatten()
            .take(MOST_NAMES);
        let mut names: Vec<String> = entries
            .filter_map(|entry| entry.file_name().into_string().ok())
            .collect();
        names.sort();
        let names = Rc::new(names);
        known.insert(folder.to_owned(), Rc::clone(&names));
        names
    }

    /// The path with the spelling that the disk has, if it exists with any.
    fn real_spelling(&self, path: &str) -> Option<String> {
        let mut folder = self.root.clone();
        let mut real = Vec::new();
        for part in path.split('/') {
            let names = self.names(&folder);
            let name = if names
                .binary_search_by(|name| name.as_str().cmp(part))
                .is_ok()
            {
                part.to_owned()
            } else {
                let lower = part.to_lowercase();
                names
                    .iter()
                    .find(|name| name.to_lowercase() == lower)?
                    .clone()
            };
            folder.push(&name);
            real.push(name);
        }
        Some(real.join("/"))
    }
}

impl SceneFiles for DiskFiles {
    fn look_up(&self, path: &str) -> Lookup {
        match self.real_spelling(path) {
            None => return Lookup::Missing,
            Some(real) if real != path => return Lookup::WrongCase(real),
            Some(_) => {}
        }
        let on_disk = match self.root.join(path).canonicalize() {
            Ok(on_disk) => on_disk,
            Err(error) => return Lookup::Unreadable(error.to_string()),
        };
        if !on_disk.starts_with(&self.root) {
            return Lookup::Outside;
        }
        match on_disk.metadata() {
            Ok(meta) if meta.is_file() => Lookup::File(meta.len()),
            Ok(meta) if meta.is_dir() => Lookup::Folder,
            Ok(_) => Lookup::Unreadable("it is neither a file nor a folder".to_owned()),
            Err(error) => Lookup::Unreadable(error.to_string()),
        }
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let Lookup::File(size) = self.look_up(path) else {
            return Err("there is no such file".to_owned());
        };
        if size > LARGEST_SCENE_FILE {
            return Err(format!(
                "it is larger than {} MiB",
                LARGEST_SCENE_FILE >> 20
            ));
        }
        let file = std::fs::File::open(self.root.join(path)).map_err(|error| error.to_string())?;
        let mut bytes = Vec::new();
        // The file may have grown since.
        file.take(LARGEST_SCENE_FILE)
            .read_to_end(&mut bytes)
            .map_err(|error| error.to_string())?;
        Ok(bytes)
    }

    fn list(&self, folder: &str) -> Vec<String> {
        self.names(&self.root.join(folder)).to_vec()
    }

    fn shown(&self, path: &str) -> String {
        self.shown.join(path).display().to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_folders_and_links_are_seen() {
        let folder = tempfile::tempdir().unwrap();
        let exhibit = folder.path().join("exhibit");
        std::fs::create_dir_all(exhibit.join("Meshes")).unwrap();
        std::fs::write(exhibit.join("Meshes/Cave.glb"), "glTF").unwrap();
        std::fs::write(folder.path().join("secret.ron"), "()").unwrap();
        let files = DiskFiles::open(&exhibit).unwrap();
        assert_eq!(files.look_up("Meshes/Cave.glb"), Lookup::File(4));
        assert_eq!(
            files.look_up("meshes/cave.glb"),
            Lookup::WrongCase("Meshes/Cave.glb".into())
        );
        assert_eq!(files.look_up("Meshes"), Lookup::Folder);
        assert_eq!(files.look_up("Meshes/Cove.glb"), Lookup::Missing);
        assert_eq!(files.read("Meshes/Cave.glb").unwrap(), b"glTF");
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("../secret.ron", exhibit.join("link.ron")).unwrap();
            let files = DiskFiles::open(&exhibit).unwrap();
            assert_eq!(
                files.look_up("link.ron"),
                Lookup::Outside,
                "a link out is seen"
            );
            assert!(files.read("link.ron").is_err(), "and not followed");
        }
    }
}
