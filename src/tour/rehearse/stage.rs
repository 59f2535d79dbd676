//! What is seen: lights that flash, flights that are overtaken by the next.

use std::sync::Arc;
use std::time::Duration;

use bevy::math::ops;

use super::Facts;
use crate::diagnostic::{Diagnostic, Report};
use crate::scene::schema::{Pace, Property, Value};
use crate::tour::comfort::{FlashMeter, MOST_FLASHES_A_SECOND};
use crate::tour::playback::{Durations, Effect, Input, Playback};
use crate::tour::script::{PropertyIndex, Script, StepIndex, TourIndex, TourScript};

/// How much of a tour is played through.
const LONGEST_REHEARSAL: Duration = Duration::from_secs(30 * 60);
/// Frames a second at which lights are watched: twice the fastest flash that monitors show.
const FRAME: Duration = Duration::from_nanos(1_000_000_000 / 60);

pub(super) fn check(script: &Script, facts: &dyn Facts, report: &mut Report) {
    let shared = Arc::new(script.clone());
    let language = &script.default_language;
    let mut durations = Durations::estimated(script, language);
    for (tour, tour_script) in script.tours.iter().enumerate() {
        let tour = TourIndex::new(tour);
        know(&mut durations, tour, tour_script, script, facts);
        flights(tour, tour_script, &durations, facts, report);
        lights(&shared, tour, &durations, report);
    }
}

/// Replaces estimates by what is known.
fn know(
    durations: &mut Durations,
    tour: TourIndex,
    tour_script: &TourScript,
    script: &Script,
    facts: &dyn Facts,
) {
    for step in 0..tour_script.steps.len() {
        let utterance = crate::tour::Utterance {
            tour,
            step: StepIndex::new(step),
            answer: None,
        };
        if let Some(length) = facts.narration(utterance, &script.default_language) {
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
            report.push(
                Diagnostic::warning("flights-overlap", message)
                    .at(step.span())
                    .help("stay longer, or leave a place on the way out"),
            );
        }
    }
}

/// Plays a tour and watches each light, the lamp and the exposure, as if it were all that
/// lights the picture.
fn lights(script: &Arc<Script>, tour: TourIndex, durations: &Durations, report: &mut Report) {
    let mut watched: Vec<(PropertyIndex, f64, FlashMeter)> = Vec::new();
    for (index, property) in script.properties.iter().enumerate() {
        let is_light = matches!(
            property.property,
            Property::Light(_) | Property::Lamp | Property::Exposure | Property::Fog
        );
        if is_light {
            let index = PropertyIndex::new(index);
            watched.push((index, brightest(script, index), FlashMeter::new()));
        }
    }
    // Nothing to watch, or nothing that changes often enough.
    if watched.is_empty() || !has_many_cues(script, tour) {
        return;
    }
    let mut playback = Playback::new(Arc::clone(script), durations.clone());
    let mut now = Duration::ZERO;
    let mut effects = playback.step(&[Input::StartUnattended(tour)], Duration::ZERO);
    let mut step = StepIndex::default();
    while now < LONGEST_REHEARSAL && !watched.is_empty() {
        for effect in &effects {
            if let Effect::StepEntered { step: entered, .. } = effect {
                step = *entered;
            }
        }
        let mut flashing = None;
        for (place, (property, brightest, meter)) in watched.iter_mut().enumerate() {
            let luminance = luminance(&playback, *property, *brightest);
            if meter.see(now, luminance).is_some() {
                flashing = Some(place);
            }
        }
        if let Some(place) = flashing {
            let (property, ..) = watched.swap_remove(place);
            say(script, tour, step, property, report);
        }
        if playback.playing().is_none() {
            return;
        }
        now += FRAME;
        effects = playback.step(&[], FRAME);
    }
}

/// Whether a tour changes any light at least as often as too many flashes take.
fn has_many_cues(script: &Script, tour: TourIndex) -> bool {
    let steps = script.tour(tour).map_or(&[][..], |tour| &tour.steps);
    let cues: usize = steps.iter().map(|step| step.cues.len()).sum();
    // A circle repeats its cues.
    let has_branches = steps.iter().any(|step| !step.branches.is_empty());
    cues > MOST_FLASHES_A_SECOND || has_branches && cues > 0
}

/// The largest value that a property ever has: its white.
fn brightest(script: &Script, property: PropertyIndex) -> f64 {
    let cues = script
        .tours
        .iter()
        .flat_map(|tour| &tour.steps)
        .flat_map(|step| &step.cues)
        .filter(|cue| cue.property == property)
        .map(|cue| &cue.to);
    let own = script.property(property).map(|one| &one.base);
    let numbers = cues.chain(own).filter_map(|value| match value {
        Value::Number(number) => Some(*number),
        _ => None,
    });
    numbers.fold(f64::MIN_POSITIVE, f64::max)
}

/// The relative luminance of a picture that only this lights.
fn luminance(playback: &Playback, property: PropertyIndex, brightest: f64) -> f32 {
    let Some(Value::Number(now)) = playback.value(property) else {
        return 0.0;
    };
    let script = playback.script().property(property);
    match script.map(|one| (&one.property, &one.base)) {
        // A stop of exposure halves the light; white stays white.
        Some((Property::Exposure, Value::Number(base))) => {
            (0.5 * ops::exp2((base - now) as f32)).min(1.0)
        }
        _ => (now / brightest) as f32,
    }
}

fn say(
    script: &Script,
    tour: TourIndex,
    step: StepIndex,
    property: PropertyIndex,
    report: &mut Report,
) {
    let Some(one) = script.step(tour, step) else {
        return;
    };
    let name = match script.property(property).map(|one| &one.property) {
        Some(Property::Light(light)) => format!("the light \"{light}\""),
        Some(Property::Lamp) => "the lamp".to_owned(),
        Some(Property::Exposure) => "the exposure".to_owned(),
        _ => "the haze".to_owned(),
    };
    let message = format!(
        "{name} flashes more than three times a second in the step \"{}\"",
        one.id
    );
    let help = "WCAG 2.3.1: flashing light can cause seizures; use fewer changes, or longer ones";
    report.push(
        Diagnostic::error("light-flashes", message)
            .at(one.span())
            .help(help),
    );
}
