//! A picture of each step, taken when most of what happens in it has happened.

use super::super::{Outcome, open, render, say_error};
use crate::{
    exhibit::{
        heard::{Heard, HeardOut},
        rehearse::{Played, Rehearsed},
        telling::Telling,
        visitor::Visitor,
    },
    render::{
        Quality,
        headless::{Extras, Headless},
    },
    tour::{self, StepIndex, StoryInput, TourIndex},
};
use bevy::{ecs::message::Messages, math::UVec2};
use std::{collections::BTreeMap, io::IsTerminal, path::Path, time::Duration};

/// Time that passes between pictures in one go: lights and layers follow.
const FRAME: Duration = Duration::from_millis(100);
/// Of its stay a step's picture is taken after this share.
const SHARE: f64 = 0.85;

/// No way takes longer, in frames.
const MOST_FRAMES: usize = 400;

/// The picture of each step, as a path in the page's folder.
pub(super) type Shots = BTreeMap<(TourIndex, StepIndex), String>;

/// When the picture of each step is taken, in order of time.
fn moments(played: &Played) -> Vec<(StepIndex, Duration)> {
    let ends = played.entered.iter().skip(1).map(|(_, at)| *at);
    let mut moments: Vec<(StepIndex, Duration)> = Vec::new();
    for ((step, begins), ends) in played.entered.iter().zip(ends.chain([played.length])) {
        let way = played.ways.iter().find(|way| way.begins == *begins);
        let there = way.map_or(*begins, |way| way.begins + way.length);
        let stay = ends.saturating_sub(*begins);
        let at = (*begins + stay.mul_f64(SHARE)).max(there.min(ends.saturating_sub(FRAME)));
        // A step that is come to again has its picture.
        if moments.iter().all(|(known, _)| known != step) {
            moments.push((*step, at));
        }
    }
    moments
}

/// Takes all pictures, of the tours as they play in the exhibit's own language.
pub(super) fn take(
    rehearsed: &Rehearsed,
    source: &Path,
    size: UVec2,
    out: &Path,
) -> Result<Shots, Outcome> {
    let Some(prepared) = &rehearsed.prepared else {
        return Ok(Shots::new());
    };
    if prepared.script.tours.is_empty() {
        return Ok(Shots::new());
    }
    let language = &prepared.script.default_language;
    let is_watched = std::io::stderr().is_terminal();
    let mut shots = Shots::new();
    let stage = open::stage(Some(source), None)?;
    let Some(story) = stage.story.clone() else {
        return Ok(shots);
    };
    let durations = rehearsed.durations(language);
    let mut headless = open::headless(stage, size, Quality::Medium, Extras::WITH_ROCK)?;
    render::load(&mut headless)?;
    for problem in &headless.loading().problems {
        say_error(&format!("grotto: shown with a placeholder: {problem}"));
    }
    headless.tell_story(FRAME);
    let total: usize = prepared
        .script
        .tours
        .iter()
        .map(|tour| tour.steps.len())
        .sum();
    for (index, own) in prepared.script.tours.iter().enumerate() {
        let tour = TourIndex::new(index);
        let Some(played) = rehearsed.played.get(&(tour, language.to_string())) else {
            continue;
        };
        let sounds = headless.stage().sounds.clone();
        let mut telling = Telling::new(story.clone(), sounds);
        for (utterance, _) in prepared.utterances() {
            telling.measure(utterance, durations.get(utterance));
        }
        telling.tell(StoryInput::Tour(tour::Input::StartUnattended(tour)));
        let stage = headless.stage();
        let visitor = Visitor::new(&stage, stage.body.clone());
        headless
            .app
            .insert_resource(visitor)
            .insert_resource(telling);
        let mut now = Duration::ZERO;
        for (step, at) in moments(played) {
            headless.rest();
            while now < at {
                pass(&mut headless);
                now += FRAME;
            }
            let path = path(tour, step);
            picture(&mut headless, &out.join(&path))?;
            now += FRAME;
            shots.insert((tour, step), path);
            if is_watched {
                open::progress("pictures ", shots.len() as f32 / total as f32);
            }
        }
        // Steps that other answers lead to.
        for step in (0..own.steps.len()).map(StepIndex::new) {
            if shots.contains_key(&(tour, step)) {
                continue;
            }
            go(&mut headless, tour, step);
            let path = path(tour, step);
            picture(&mut headless, &out.join(&path))?;
            shots.insert((tour, step), path);
        }
        finish(&mut headless);
    }
    if is_watched {
        open::progress("pictures ", 1.0);
    }
    Ok(shots)
}

/// Numbered: names of steps are not always names of files.
fn path(tour: TourIndex, step: StepIndex) -> String {
    format!("pictures/{}-{:02}.jpg", tour.index() + 1, step.index() + 1)
}

/// Goes to a step, and waits until the visitor is there.
fn go(headless: &mut Headless, tour: TourIndex, step: StepIndex) {
    headless.rest();
    if let Some(mut telling) = headless.app.world_mut().get_resource_mut::<Telling>() {
        telling.tell(StoryInput::Tour(tour::Input::GoTo(tour, step)));
    }
    for n in 0..MOST_FRAMES {
        pass(headless);
        let visitor = headless.app.world().resource::<Visitor>();
        if n > 10 && visitor.flight().is_none() {
            return;
        }
    }
}

fn picture(headless: &mut Headless, path: &Path) -> Result<(), Outcome> {
    let (pose, fov_rad) = {
        let visitor = headless.app.world().resource::<Visitor>();
        (visitor.pose(), visitor.field_of_view_rad())
    };
    headless.look(&pose, fov_rad);
    pass(headless);
    let picture = headless
        .picture()
        .map_err(|error| Outcome::NoGraphics(error.to_string()))?;
    render::write_picture(&picture, path)
}

/// Lets time pass; nobody listens.
fn pass(headless: &mut Headless) {
    headless.draw();
    let world = headless.app.world_mut();
    world.resource_mut::<Messages<Heard>>().clear();
    world.resource_mut::<Messages<HeardOut>>().clear();
}

/// Leaves a tour: what it changed returns before the next begins.
fn finish(headless: &mut Headless) {
    headless.rest();
    if let Some(mut telling) = headless.app.world_mut().get_resource_mut::<Telling>() {
        telling.tell(StoryInput::Tour(tour::Input::Leave));
    }
    for _ in 0..20 {
        pass(headless);
    }
}
