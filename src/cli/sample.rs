//! `grotto sample`: the Cave of Lamps, generated once and kept in the cache.

use super::{Outcome, SampleArgs, open, say, say_error};
use crate::sample::{self, Quality, SampleOptions};
use std::{
    io::IsTerminal,
    path::{Path, PathBuf},
};

pub(super) fn sample(args: &SampleArgs) -> Outcome {
    let options = options(args.draft);
    let made = match &args.out {
        Some(out) => generate(out, Target::Anybodys, &options).map(|()| out.clone()),
        None => {
            let out = folder(args.draft);
            generate(&out, Target::Ours, &options).map(|()| out)
        }
    };
    match made {
        Ok(out) => {
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
        generate(&folder, Target::Ours, &options(is_draft))?;
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

/// Whose the folder is that is generated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    /// Grotto's own, in its cache: what is left there of an older one may go.
    Ours,
    /// Named by somebody: nothing of theirs may be lost.
    Anybodys,
}

/// Generates beside the target and renames, so that a broken-off run leaves nothing behind
/// that looks whole.
fn generate(out: &Path, target: Target, options: &SampleOptions) -> Result<(), Outcome> {
    let failed = |error: std::io::Error| {
        Outcome::CannotWrite(format!(
            "cannot write the sample to {}: {error}",
            out.display()
        ))
    };
    if out.join("exhibit.ron").is_file() {
        if target == Target::Anybodys {
            say_error(&format!(
                "{} holds an exhibit already, which was left as it is; for a new one, name another folder.",
                out.display()
            ));
        }
        return Ok(());
    }
    // Generating takes a minute or more: what stands in the way is told before.
    if target == Target::Anybodys {
        refuse_taken(out)?;
    }
    let parent = out.parent().unwrap_or_else(|| Path::new("."));
    std::fs::create_dir_all(parent).map_err(failed)?;
    let partial = Partial(parent.join(format!(".sample-{}", std::process::id())));
    std::fs::create_dir(&partial.0).map_err(failed)?;
    let watch = Watch::new();
    let made = sample::generate(&partial.0, options, &|step, done| watch.see(step, done))
        .map_err(failed)?;
    if let Some(advice) = made.voiced.advice() {
        say_error(&advice);
    }
    if out.exists() {
        match target {
            Target::Ours => std::fs::remove_dir_all(out),
            // An empty one; what somebody has put into it since stays, and this fails.
            Target::Anybodys => std::fs::remove_dir(out),
        }
        .map_err(failed)?;
    }
    std::fs::rename(&partial.0, out).map_err(failed)
}

/// The sample takes a new folder or an empty one: nothing of anybody's is written over.
fn refuse_taken(out: &Path) -> Result<(), Outcome> {
    let taken = match std::fs::read_dir(out) {
        Ok(mut entries) => entries.next().is_some().then_some("is not empty"),
        Err(_) if !out.exists() => None,
        Err(_) if out.is_dir() => Some("cannot be read"),
        Err(_) => Some("is a file"),
    };
    match taken {
        None => Ok(()),
        Some(what) => Err(Outcome::CannotWrite(format!(
            "{} {what}: the sample needs a new folder or an empty one; nothing was written",
            out.display()
        ))),
    }
}

/// A folder that is generated into; gone when it was not renamed.
struct Partial(PathBuf);

impl Drop for Partial {
    fn drop(&mut self) {
        // After a success there is none; after a failure that has been told, this one may fail too.
        drop(std::fs::remove_dir_all(&self.0));
    }
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
