//! `grotto sample`: the Cave of Lamps, generated once and kept in the cache.

use super::{Outcome, SampleArgs, open, say, say_error};
use crate::sample::{self, Quality, SampleOptions};
use bevy::log::{info, warn};
use std::{
    io::IsTerminal,
    path::{Path, PathBuf},
    time::Duration,
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
        .join(format!("{NAME}{}-{kind}", sample::VERSION))
}

/// What the cache's folders of the sample begin with; their version and kind follow.
const NAME: &str = "cave-of-lamps-";

/// What a folder that is being generated into begins with; the process follows.
const PARTIAL: &str = ".sample-";

/// After so long nobody generates any more.
const ABANDONED: Duration = Duration::from_hours(24);

/// Whether a folder of the cache is the sample as an older generator made it.
fn is_older(name: &str) -> bool {
    name.strip_prefix(NAME)
        .and_then(|rest| rest.split_once('-'))
        .filter(|(_, kind)| ["draft", "full"].contains(kind))
        .and_then(|(version, _)| version.parse::<u32>().ok())
        .is_some_and(|version| version < sample::VERSION)
}

/// Removes what older generators left in the cache, half a gigabyte each, and what generators
/// left that were killed. A folder that cannot be removed stays: it is in nobody's way.
fn forget_older(cache: &Path) {
    let Ok(entries) = std::fs::read_dir(cache) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some(name) = name.to_str() else { continue };
        let age = || entry.metadata().ok()?.modified().ok()?.elapsed().ok();
        let process = name.strip_prefix(PARTIAL);
        let is_partial = process.is_some_and(|process| process.parse::<u32>().is_ok());
        let is_abandoned = || is_partial && age().is_some_and(|age| age > ABANDONED);
        if is_older(name) || is_abandoned() {
            match std::fs::remove_dir_all(entry.path()) {
                Ok(()) => info!("removed an older sample, {}", entry.path().display()),
                Err(error) => warn!(
                    "an older sample is left, {}: {error}",
                    entry.path().display()
                ),
            }
        }
    }
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
    let partial = Partial(parent.join(format!("{PARTIAL}{}", std::process::id())));
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
    std::fs::rename(&partial.0, out).map_err(failed)?;
    if target == Target::Ours {
        forget_older(parent);
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn older_samples_leave_the_cache_and_nothing_else_does() {
        let cache = tempfile::tempdir().expect("there is room for a folder");
        let own = format!("{NAME}{}-full", sample::VERSION);
        let newer = format!("{NAME}{}-full", sample::VERSION + 1);
        let stays = [
            own.as_str(),
            newer.as_str(),
            "cave-of-lamps-mine",
            "cave-of-lamps-1-mine",
            "textures",
            ".sample-7",
            ".sample-of-somebody",
        ];
        let goes = ["cave-of-lamps-1-full", "cave-of-lamps-2-draft", ".sample-8"];
        let old = [".sample-8", ".sample-of-somebody"];
        for name in stays.iter().chain(&goes) {
            let folder = cache.path().join(name);
            std::fs::create_dir(&folder).expect("the folder is ours");
            std::fs::write(folder.join("exhibit.ron"), "").expect("the folder is ours");
        }
        for name in old {
            let folder = std::fs::File::open(cache.path().join(name)).expect("it is there");
            let now = folder.metadata().and_then(|about| about.modified());
            let yesterday = now.expect("it has a date") - ABANDONED - Duration::from_secs(60);
            folder.set_modified(yesterday).expect("the folder is ours");
        }
        forget_older(cache.path());
        let is_there = |name: &&str| cache.path().join(name).exists();
        assert!(stays.iter().all(is_there), "what is not older stays");
        assert!(!goes.iter().any(is_there), "what is older goes");
    }
}
