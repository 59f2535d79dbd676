//! `grotto rehearse`: every tour in every language, played through without a display.

use super::{Format, Outcome, RehearseArgs, open, sample, say};
use std::io::IsTerminal;

pub(super) fn rehearse(args: &RehearseArgs) -> Outcome {
    let path = match &args.scene {
        Some(scene) if scene.is_dir() => scene.join("exhibit.ron"),
        Some(scene) => scene.clone(),
        None => match sample::ensure() {
            Ok(path) => path,
            Err(outcome) => return outcome,
        },
    };
    if let Err(error) = std::fs::File::open(&path) {
        return Outcome::CannotRead(open::cannot_open(&path, &error));
    }
    let report = crate::exhibit::open::rehearse(&path);
    match args.format {
        Format::Text => say(&report.to_text(std::io::stdout().is_terminal())),
        Format::Json => say(&report.to_json()),
    }
    if report.has_errors() {
        Outcome::Errors
    } else {
        Outcome::Done
    }
}
