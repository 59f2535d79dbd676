//! Folders of what is kept between visits: they grow to a limit, then the oldest goes.

use std::{fs, io, path::Path};

/// Removes the oldest of the files that are `is_ours` until they fit, but never `keep`.
///
/// # Errors
/// When the folder cannot be read. Files that another process removed meanwhile are as good.
pub(super) fn prune(
    folder: &Path,
    is_ours: impl Fn(&Path) -> bool,
    keep: &Path,
    limit_bytes: u64,
) -> io::Result<()> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if let (true, Ok(about)) = (is_ours(&path), entry.metadata()) {
            files.push((about.modified()?, path, about.len()));
        }
    }
    files.sort();
    let mut total: u64 = files.iter().map(|(_, _, bytes)| bytes).sum();
    for (_, path, bytes) in files {
        if total <= limit_bytes {
            break;
        }
        if path != keep {
            // Gone already is as good.
            drop(fs::remove_file(&path));
            total -= bytes;
        }
    }
    Ok(())
}
