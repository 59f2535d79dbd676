//! `grotto sample`: the Cave of Lamps, generated once and kept in the cache.

use super::{Outcome, SampleArgs, open, say, say_error};
use crate::sample::{self, Quality, SampleOptions};
use std::{
    io::IsTerminal,
    path::{Path, PathBuf},
};

pub(super) fn sample(args: &SampleArgs) -> Outcome {
    let options = options(args.draft);
    let out = args.out.clone().unwrap_or_else(|| folder(args.draft));
    match generate(&out, &options) {
        Ok(()) => {
            say(&out.join("exhibit.ron").display().to_string());
            Outcome::Done
        }
        Err(outcome) => outcome,
    }
}

fn options(is_draft: bool) -> SampleOptions {
    SampleOptions {
        quality: if is_draft {
            Quality::Draft
        } else {
            Quality::Full
        },
    }
}

/// The cache folder of this version of the generator.
fn folder(is_draft: bool) -> PathBuf {
    let kind = if is_draft { "draft" } else { "full" };
    crate::dirs::cache_dir()
        .unwrap_or_else(std::env::temp_dir)
        .join(format!("cave-of-lamps-{}-{kind}", sample::VERSION))
}

/// The sample's scene file; generated first where it is missing. `GROTTO_SAMPLE=draft`
/// asks for the small one (tests, slow machines).
pub(super) fn ensure() -> Result<PathBuf, Outcome> {
    let is_draft = std::env::var("GROTTO_SAMPLE").is_ok_and(|value| value == "draft");
    let folder = folder(is_draft);
    let scene = folder.join("exhibit.ron");
    if !scene.is_file() {
        say_error("The sample exhibit, the Cave of Lamps, is generated once on this machine.");
        generate(&folder, &options(is_draft))?;
    } else if std::fs::read_to_string(&scene).is_ok_and(|text| text != sample::EXHIBIT) {
        // The shapes and pictures of this version stay; what is told about them is new.
        std::fs::write(&scene, sample::EXHIBIT).map_err(|error| {
            Outcome::CannotWrite(format!("cannot write {}: {error}", scene.display()))
        })?;
    }
    Ok(scene)
}

/// Generates beside the target and renames, so that a broken-off run leaves nothing behind
/// that looks whole.
fn generate(out: &Path, options: &SampleOptions) -> Result<(), Outcome> {
    let failed = |error: std::io::Error| {
        Outcome::CannotWrite(format!(
            "cannot write the sample to {}: {error}",
            out.display()
        ))
    };
    if out.join("exhibit.ron").is_file() {
        return Ok(());
    }
    let parent = out.parent().unwrap_or_else(|| Path::new("."));
    std::fs::create_dir_all(parent).map_err(failed)?;
    let partial = parent.join(format!(".sample-{}", std::process::id()));
    let is_watched = std::io::stderr().is_terminal();
    let last = std::sync::Mutex::new(String::new());
    sample::generate(&partial, options, &|step, fraction| {
        let what = step.title();
        if is_watched {
            open::progress(&format!("{what:<28}"), fraction);
        } else if let Ok(mut last) = last.lock()
            && last.as_str() != what
        {
            say_error(&format!("  {what}"));
            *last = what.to_owned();
        }
    })
    .map(|_| ())
    .map_err(failed)?;
    if out.exists() {
        // An empty folder or an older partial result.
        std::fs::remove_dir_all(out).map_err(failed)?;
    }
    std::fs::rename(&partial, out).map_err(failed)
}
