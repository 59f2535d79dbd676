//! `grotto rehearse`: every tour in every language, played through without a display.

use super::{Format, Outcome, RehearseArgs, open, sample, say, say_error, storyboard};
use crate::{
    diagnostic::Severity,
    exhibit::rehearse::{Listener, Means, Phase, Rehearsed},
    tour::TourIndex,
};
use std::{
    io::IsTerminal,
    path::{Path, PathBuf},
    time::Duration,
};

pub(super) fn rehearse(args: &RehearseArgs) -> Outcome {
    let path = match scene(args.scene.as_deref()) {
        Ok(path) => path,
        Err(outcome) => return outcome,
    };
    let started = open::Started::now();
    let rehearsed = hold(&path, args.fast);
    let report = &rehearsed.report;
    match args.format {
        Format::Text => {
            say(report.to_text(std::io::stdout().is_terminal()).trim_end());
            if let Some(summary) = summary(&rehearsed) {
                say(&format!(
                    "{summary} {:.1} s.",
                    started.since().as_secs_f32()
                ));
            }
        }
        Format::Json => say(&report.to_json()),
    }
    if let Some(out) = &args.storyboard {
        match storyboard::write(&rehearsed, &path, out) {
            Ok(page) => say_error(&format!("The storyboard is {}.", page.display())),
            Err(outcome) => return outcome,
        }
    }
    if report.has_errors() {
        super::open::errors(report)
    } else {
        Outcome::Done
    }
}

fn scene(scene: Option<&Path>) -> Result<PathBuf, Outcome> {
    let path = match scene {
        Some(scene) if scene.is_dir() => scene.join("exhibit.ron"),
        Some(scene) => scene.to_owned(),
        None => sample::ensure()?,
    };
    open::probe(&path).map_err(|error| Outcome::CannotRead(open::cannot_open(&path, &error)))?;
    path.canonicalize()
        .map_err(|error| Outcome::CannotRead(open::cannot_open(&path, &error)))
}

/// Rehearses, and shows how far it is where somebody watches.
fn hold(path: &Path, is_fast: bool) -> Rehearsed {
    let is_watched = std::io::stderr().is_terminal();
    let means = Means {
        looks: !is_fast,
        listener: listener().filter(|_| !is_fast),
    };
    crate::exhibit::rehearse::rehearse(path, &means, &mut |phase, part| {
        let what = match phase {
            Phase::Reading => "reading  ",
            Phase::Meshes => "meshes   ",
            Phase::Sounds => "listening",
            Phase::Tours => "tours    ",
        };
        if is_watched {
            open::progress(what, part);
        }
    })
}

#[cfg(feature = "sound")]
fn listener() -> Option<&'static dyn Listener> {
    Some(&crate::sound::measure::Meter)
}

#[cfg(not(feature = "sound"))]
fn listener() -> Option<&'static dyn Listener> {
    None
}

/// What was done, in one sentence that ends with its time.
fn summary(rehearsed: &Rehearsed) -> Option<String> {
    let prepared = rehearsed.prepared.as_ref()?;
    let script = &prepared.script;
    let steps: usize = script.tours.iter().map(|tour| tour.steps.len()).sum();
    let (tours, languages) = (script.tours.len(), script.languages.len());
    let mut words = if tours == 0 {
        vec!["no tours".to_owned()]
    } else {
        vec![format!(
            "{tours} {} of {steps} {} in {languages} {}",
            plural(tours, "tour"),
            plural(steps, "step"),
            plural(languages, "language")
        )]
    };
    let first = rehearsed
        .played
        .iter()
        .filter(|((tour, _), _)| *tour == TourIndex::FIRST);
    let longest = first.map(|(_, played)| played.length).max();
    if let Some(longest) = longest {
        let ways: usize = rehearsed.played.values().map(|one| one.ways.len()).sum();
        words.push(format!("({} at most, {ways} flights)", clock(longest)));
    }
    if !rehearsed.heard.is_empty() {
        let good = rehearsed.heard.values().filter_map(|one| one.as_ref().ok());
        let length: Duration = good.map(|one| one.length).sum();
        words.push(format!(
            "with {} sounds of {}",
            rehearsed.heard.len(),
            clock(length)
        ));
    }
    if let Some(reached) = &rehearsed.reached {
        words.push(format!(
            "and {} places to stand",
            reached.feet_in_world.len()
        ));
    }
    let is_good =
        rehearsed.report.count(Severity::Error) + rehearsed.report.count(Severity::Warning) == 0;
    let end = if is_good {
        "Nothing is wrong. Rehearsed"
    } else {
        "Rehearsed"
    };
    Some(format!("{end} {} in", words.join(" ")))
}

fn plural(count: usize, word: &str) -> String {
    if count == 1 {
        word.to_owned()
    } else {
        format!("{word}s")
    }
}

/// Minutes and seconds.
fn clock(time: Duration) -> String {
    format!("{}:{:02}", time.as_secs() / 60, time.as_secs() % 60)
}
