//! `grotto check`: every problem of an exhibit or a model at once.

use super::{CheckArgs, Format, Outcome, open, say};
use std::io::IsTerminal;

pub(super) fn check(args: &CheckArgs) -> Outcome {
    let path = if args.scene.is_dir() {
        args.scene.join("exhibit.ron")
    } else {
        args.scene.clone()
    };
    if let Err(error) = open::probe(&path) {
        return Outcome::CannotRead(open::cannot_open(&path, &error));
    }
    let report = match open::extension(&path).as_str() {
        "ron" => {
            let (stage, mut report) = crate::exhibit::open::check_and_open(&path);
            if let Some(stage) = stage {
                crate::render::fonts::check(&stage, &mut report);
            }
            report
        }
        "glb" | "gltf" => crate::exhibit::open::check_model(&path),
        other => {
            return Outcome::CannotRead(format!(
                "{}: {other:?} is neither an exhibit (.ron) nor a model (.glb, .gltf)",
                path.display()
            ));
        }
    };
    match args.format {
        Format::Text => say(&report.to_text(std::io::stdout().is_terminal())),
        Format::Json => say(&report.to_json()),
    }
    if report.has_errors() {
        open::errors(&report)
    } else {
        Outcome::Done
    }
}
