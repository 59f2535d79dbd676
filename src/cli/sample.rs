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
        ..SampleOptions::default()
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
    } else {
        // The shapes and pictures of this version stay; what is told about them may be new.
        let watch = Watch::new();
        sample::refresh(&folder, options(is_draft).voice, &|step, done| {
            watch.see(step, done);
        })
        .map_err(|error| {
            Outcome::CannotWrite(format!("cannot renew {}: {error}", folder.display()))
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
    let watch = Watch::new();
    let made =
        sample::generate(&partial, options, &|step, done| watch.see(step, done)).map_err(failed)?;
    if let Some(advice) = made.voiced.advice() {
        say_error(&advice);
    }
    if out.exists() {
        // An empty folder or an older partial result.
        std::fs::remove_dir_all(out).map_err(failed)?;
    }
    std::fs::rename(&partial, out).map_err(failed)
}

/// Shows what the generator is at: a bar on a terminal, else a line a step.
struct Watch {
    is_watched: bool,
    last: std::sync::Mutex<Option<sample::Step>>,
}

impl Watch {
    fn new() -> Self {
        Self {
            is_watched: std::io::stderr().is_terminal(),
            last: std::sync::Mutex::new(None),
        }
    }

    fn see(&self, step: sample::Step, done: f32) {
        let what = step.title();
        if self.is_watched {
            open::progress(&format!("{what:<28}"), done);
        } else if let Ok(mut last) = self.last.lock()
            && *last != Some(step)
        {
            say_error(&format!("  {what}"));
            *last = Some(step);
        }
    }
}
