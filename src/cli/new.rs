//! `grotto new`: a small complete exhibit to start from.

use super::{NewArgs, Outcome, say};

pub(super) fn new(args: &NewArgs) -> Outcome {
    let dir = &args.dir;
    let is_taken = std::fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some());
    if is_taken {
        return Outcome::CannotWrite(format!(
            "{} exists and is not empty; nothing was written. Name a new folder",
            dir.display()
        ));
    }
    if let Err(error) = crate::sample::write_starter(dir) {
        return Outcome::CannotWrite(format!("cannot write {}: {error}", dir.display()));
    }
    let scene = dir.join("exhibit.ron");
    say(&format!(
        "A small exhibit stands in {}.\n\n  grotto run {}     walk through it\n  grotto check {}   see whether it is sound\n\nOpen exhibit.ron in a text editor: every line says what it does.",
        dir.display(),
        scene.display(),
        scene.display()
    ));
    Outcome::Done
}
