//! `grotto info`: what a glTF or an image holds.

use super::{Format, InfoArgs, Outcome, open, say};

pub(super) fn info(args: &InfoArgs) -> Outcome {
    if let Err(error) = open::probe(&args.asset) {
        return Outcome::CannotRead(open::cannot_open(&args.asset, &error));
    }
    if open::extension(&args.asset) == "ron" {
        let scene = args.asset.display();
        return Outcome::CannotRead(format!(
            "{scene} is a scene file: grotto check {scene} says whether it is sound; info is for models and images"
        ));
    }
    match crate::bake::info(&args.asset) {
        Ok(info) => {
            match args.format {
                Format::Text => say(&info.to_string()),
                Format::Json => match serde_json::to_string_pretty(&info) {
                    Ok(text) => say(&text),
                    Err(error) => return Outcome::CannotWrite(error.to_string()),
                },
            }
            Outcome::Done
        }
        Err(error) => Outcome::CannotRead(error.to_string()),
    }
}
