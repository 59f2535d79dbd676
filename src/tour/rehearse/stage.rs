//! What is seen: lights that flash, flights that are overtaken by the next.

use std::sync::Arc;
use std::time::Duration;

use super::{Facts, flash, flash_pairs::Busy};
use crate::diagnostic::{Diagnostic, Report};
use crate::scene::schema::{Exhibit, Language, Pace};
use crate::tour::captions;
use crate::tour::playback::Durations;
use crate::tour::script::{Script, StepIndex, TourIndex, TourScript};

pub(super) fn check(
    exhibit: &Exhibit,
    script: &Script,
    (facts, busy): (&dyn Facts, &[Busy]),
    report: &mut Report,
) {
    let shared = Arc::new(script.clone());
    for language in &script.languages {
        let mut durations = Durations::estimated(script, language);
        for (tour, tour_script) in script.tours.iter().enumerate() {
            let tour = TourIndex::new(tour);
            let default = &script.default_language;
            know(
                &mut durations,
                tour,
                tour_script,
                (language, default),
                facts,
            );
            flights(tour, tour_script, &durations, facts, report);
            flash::check(exhibit, &shared, tour, (&durations, busy), report);
        }
    }
}

/// Replaces estimates by what is known.
fn know(
    durations: &mut Durations,
    tour: TourIndex,
    tour_script: &TourScript,
    (language, default): (&Language, &Language),
    facts: &dyn Facts,
) {
    for step in 0..tour_script.steps.len() {
        let utterance = crate::tour::Utterance {
            tour,
            step: StepIndex::new(step),
            answer: None,
        };
        let say = tour_script.steps[step].say.as_ref();
        let written = || {
            let file = say?.captions_for(language, default)?;
            captions::length(&facts.captions(file)?)
        };
        if let Some(length) = facts.narration(utterance, language).or_else(written) {
            durations.set(utterance, length);
        }
    }
}

/// A flight must be over before the tour itself begins the next.
fn flights(
    tour: TourIndex,
    tour_script: &TourScript,
    durations: &Durations,
    facts: &dyn Facts,
    report: &mut Report,
) {
    if tour_script.pace != Pace::Automatic {
        return;
    }
    for (index, pair) in tour_script.steps.windows(2).enumerate() {
        let (step, next) = (&pair[0], &pair[1]);
        if step.at.is_none() || next.at.is_none() {
            continue;
        }
        let from = index.checked_sub(1).map(StepIndex::new);
        let here = StepIndex::new(index);
        let Some(travel) = facts.travel(tour, from, here) else {
            continue;
        };
        let utterance = crate::tour::Utterance {
            tour,
            step: here,
            answer: None,
        };
        let stay = match step.go_on {
            crate::tour::GoOnScript::After(ns) => Duration::from_nanos(ns),
            crate::tour::GoOnScript::NarrationEnded if step.say.is_some() => {
                durations.get(utterance)
            }
            crate::tour::GoOnScript::NarrationEnded => Duration::ZERO,
            // The visitor decides.
            _ => continue,
        };
        if travel > stay {
            let message = format!(
                "the way to the step \"{}\" takes {:.1} s, but the tour goes on after {:.1} s",
                step.id,
                travel.as_secs_f32(),
                stay.as_secs_f32()
            );
            report.push_once(
                Diagnostic::warning("flights-overlap", message)
                    .at(step.span())
                    .help("stay longer, or leave a place on the way out"),
            );
        }
    }
}
