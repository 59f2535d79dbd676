//! Reading a model and the files beside it, inside its folder only.

use std::fs::File;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

use super::{Resolver, SideFile};

/// Longest file read; a binary container cannot say more.
const MOST_BYTES: u64 = u32::MAX as u64;

/// Reads the model file itself.
pub(super) fn read_model(path: &Path) -> Result<Vec<u8>, String> {
    let file = read_file(path, MOST_BYTES)?;
    if file.length > MOST_BYTES {
        return Err(format!("it is longer than {MOST_BYTES} bytes"));
    }
    Ok(file.bytes)
}

fn read_file(path: &Path, most: u64) -> Result<SideFile, String> {
    let told = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        _ => error.to_string(),
    };
    let meta = std::fs::metadata(path).map_err(told)?;
    // A pipe or a device could be read for ever.
    if !meta.is_file() {
        return Err("it is no plain file".to_owned());
    }
    let mut bytes = Vec::new();
    let length = usize::try_from(meta.len().min(most)).unwrap_or(usize::MAX);
    if bytes.try_reserve_exact(length).is_err() {
        return Err("it does not fit into memory".to_owned());
    }
    if most > 0 {
        File::open(path)
            .and_then(|file| file.take(most).read_to_end(&mut bytes))
            .map_err(told)?;
    }
    Ok(SideFile {
        bytes,
        length: meta.len(),
    })
}

/// Reads files in the folder of a model and below; refuses paths that lead out of it.
pub(super) struct BesideModel {
    folder: PathBuf,
}

impl BesideModel {
    /// The files beside the model at `path`.
    pub(super) fn new(path: &Path) -> Self {
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        Self {
            folder: folder.unwrap_or(Path::new(".")).to_owned(),
        }
    }
}

impl Resolver for BesideModel {
    fn read(&mut self, path: &str, most: u64) -> Result<SideFile, String> {
        let is_below = Path::new(path)
            .components()
            .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        if !is_below || path.contains('\\') {
            return Err("the path leads out of the model's folder, which is refused".to_owned());
        }
        let full = self.folder.join(path);
        // A link may lead out of the folder as well.
        let (Ok(folder), Ok(real)) = (self.folder.canonicalize(), full.canonicalize()) else {
            return Err("there is no such file".to_owned());
        };
        if !real.starts_with(folder) {
            return Err("a link leads out of the model's folder, which is refused".to_owned());
        }
        read_file(&real, most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_the_folder_is_read() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let model = folder.path().join("inner/model.gltf");
        std::fs::create_dir(folder.path().join("inner")).expect("an inner folder");
        std::fs::write(folder.path().join("secret.bin"), b"secret").expect("a file outside");
        std::fs::write(folder.path().join("inner/a.bin"), b"open").expect("a file inside");
        let mut files = BesideModel::new(&model);
        assert_eq!(
            files
                .read("./a.bin", 2)
                .map(|file| (file.bytes, file.length)),
            Ok((b"op".to_vec(), 4)),
            "Only what was asked for is read."
        );
        for path in [
            "../secret.bin",
            "/etc/passwd",
            "..\\secret.bin",
            "missing.bin",
            ".",
        ] {
            assert!(files.read(path, 9).is_err(), "{path} is refused.");
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("../secret.bin", folder.path().join("inner/link.bin"))
                .expect("a link");
            let why = files.read("link.bin", 9).expect_err("the link leads out");
            assert!(why.contains("link"), "The refusal names the link: {why}");
        }
    }
}
