//! The checkpoint on the disk: whole or not at all, whatever dies when.
//!
//! Written beside, flushed to the device, renamed into place, and the folder flushed, so
//! that a reader sees the old text or the new one and never a part.

use crate::visit::checkpoint::{Checkpoint, MAX_BYTES, Reading};
use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

/// The file for an exhibit in this user's state folder; `None` where there is none.
pub fn path_for(exhibit: &str) -> Option<PathBuf> {
    let name = blake3::hash(exhibit.as_bytes()).to_hex();
    let folder = crate::dirs::state_dir()?.join("checkpoints");
    Some(folder.join(format!("{}.json", &name[..16])))
}

/// Replaces the file.
///
/// # Errors
/// When the folder cannot be made or the file cannot be written; the old file then stands.
pub fn save(path: &Path, checkpoint: &Checkpoint) -> io::Result<()> {
    static WRITERS: AtomicU32 = AtomicU32::new(0);
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let writer = WRITERS.fetch_add(1, Ordering::Relaxed);
    let beside = path.with_extension(format!("{}-{writer}.partial", std::process::id()));
    let written = write_whole(&beside, &checkpoint.to_text())
        .and_then(|()| fs::rename(&beside, path))
        .and_then(|()| flush_folder(folder));
    if written.is_err() {
        // The first error is the one worth telling.
        drop(fs::remove_file(&beside));
    }
    written
}

/// Reads the file; `None` when there is none. What is damaged, or belongs to another exhibit,
/// is left at its default and complained of in the reading.
///
/// # Errors
/// When the file is there and cannot be read.
pub fn load(path: &Path, exhibit: &str) -> io::Result<Option<Reading>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut bytes = Vec::new();
    file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    let mut reading = Checkpoint::read(&String::from_utf8_lossy(&bytes));
    if reading.checkpoint.exhibit != exhibit {
        let found = std::mem::take(&mut reading.checkpoint).exhibit;
        if reading.complaints.is_empty() {
            let complaint = format!("the checkpoint is that of `{found}`");
            reading.complaints.push(complaint);
        }
    }
    Ok(Some(reading))
}

/// Forgets the visit; that there was none is no error.
///
/// # Errors
/// When the file is there and cannot be removed.
pub fn forget(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Makes the renaming itself last.
fn flush_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_is_whole_or_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/visit.json");
        assert!(
            load(&path, "cave").unwrap().is_none(),
            "at first there is none"
        );
        forget(&path).unwrap();
        let mut checkpoint = Checkpoint {
            exhibit: "cave".to_owned(),
            ..Checkpoint::default()
        };
        for view in ["altar", "door"] {
            checkpoint.view = Some(view.to_owned());
            save(&path, &checkpoint).unwrap();
            let reading = load(&path, "cave").unwrap().unwrap();
            assert_eq!(reading.checkpoint, checkpoint, "what was saved is loaded");
        }
        let left: Vec<_> = fs::read_dir(path.parent().unwrap()).unwrap().collect();
        assert_eq!(left.len(), 1, "nothing is left beside it");
        let other = load(&path, "temple").unwrap().unwrap();
        assert_eq!(
            other.checkpoint,
            Checkpoint::default(),
            "another exhibit's visit is not resumed"
        );
        assert_eq!(other.complaints.len(), 1, "and that is said");
        fs::write(&path, b"{\"version\": 1, \"lang").unwrap();
        let reading = load(&path, "cave").unwrap().unwrap();
        assert_eq!(
            reading.checkpoint,
            Checkpoint::default(),
            "damage resumes nothing"
        );
        assert_eq!(reading.complaints.len(), 1, "and is said");
        forget(&path).unwrap();
        assert!(load(&path, "cave").unwrap().is_none(), "forgotten");
        fs::create_dir(&path).unwrap();
        assert!(
            save(&path, &checkpoint).is_err(),
            "a folder in the way is an error"
        );
    }
}
