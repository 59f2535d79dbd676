//! Rehearsal in the place itself: every tour in every language, with its rock and its
//! sounds, without a display.
//!
//! What follows from the scene file alone is found by [`tour::rehearse`](crate::tour::rehearse);
//! here its questions are answered (how long a narration is, how long a way takes), and what
//! takes the meshes is looked for: flights through walls, hotspots nobody sees.
//! Start at [`rehearse`].

mod alternatives;
mod ground;
mod hiding;
pub mod play;
mod sounds;
mod spots;
#[cfg(test)]
mod tests;
mod ways;

pub use ground::Reached;
pub use play::Played;
pub use sounds::{Heard, Listener, Measured};

use std::{collections::BTreeMap, path::Path, sync::Arc, time::Duration};

use bevy::math::Vec3;

use super::{
    flight::{Flight, FlightSettings},
    open::{self, Prepared},
    rock::Rocks,
    stage::StagedStep,
};
use crate::{
    bake::area::Patch,
    diagnostic::Report,
    scene::schema::{FilePath, Language},
    tour::{
        self, Aim, Durations, HotspotIndex, Script, StepIndex, TourIndex, Utterance,
        captions::{self, Caption},
        rehearse::Facts,
    },
};

/// What rehearsal may take its time for.
#[derive(Default)]
pub struct Means<'a> {
    /// Meshes are read.
    pub looks: bool,
    /// Sounds are listened to.
    pub listener: Option<&'a dyn Listener>,
}

/// What takes time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Reading the scene and validating its models.
    Reading,
    /// Reading meshes and sorting them.
    Meshes,
    /// Listening to sounds.
    Sounds,
    /// Playing tours.
    Tours,
}

/// A rehearsal that was held.
pub struct Rehearsed {
    /// All that is wrong.
    pub report: Report,
    /// What was rehearsed; `None` where nothing could be.
    pub prepared: Option<Prepared>,
    /// The sound files that were listened to.
    pub heard: Heard,
    /// Tours as they are seen, by language.
    pub played: BTreeMap<(TourIndex, String), Played>,
    /// Where visitors get to; `None` where the meshes were not looked at.
    pub reached: Option<Reached>,
}

impl Rehearsed {
    /// How long narrations are in a language: by their sounds, else by their words.
    #[must_use]
    pub fn durations(&self, language: &Language) -> Durations {
        self.prepared
            .as_ref()
            .map_or_else(Durations::default, |prepared| {
                durations(prepared, &self.heard, language)
            })
    }
}

/// Rehearses the exhibit of a scene file. `tick` hears how much of a phase is done.
pub fn rehearse(path: &Path, means: &Means<'_>, tick: &mut dyn FnMut(Phase, f32)) -> Rehearsed {
    tick(Phase::Reading, 0.0);
    let (prepared, mut report) = open::prepare(path);
    tick(Phase::Reading, 1.0);
    let mut heard = Heard::new();
    let (mut played, mut reached) = (BTreeMap::new(), None);
    if let Some(prepared) = &prepared {
        if let Some(listener) = means.listener {
            let mut tick = |part| tick(Phase::Sounds, part);
            heard = sounds::listen(prepared, listener, &mut tick);
            sounds::check(prepared, &heard, &mut report);
        }
        let rocks = means.looks.then(|| {
            let rocks = Rocks::read(&prepared.stage, |part| tick(Phase::Meshes, part));
            tick(Phase::Meshes, 1.0);
            rocks
        });
        let facts = Known {
            prepared,
            heard: &heard,
            has_rock: rocks.is_some(),
        };
        alternatives::check(&prepared.exhibit, &mut report);
        tour::rehearse::rehearse(&prepared.exhibit, &prepared.script, &facts, &mut report);
        if let Some(rocks) = rocks.filter(|rocks| rocks.missing.is_empty()) {
            let place = Place::new(prepared, rocks);
            played = place.play(&heard, &mut report, &mut |part| tick(Phase::Tours, part));
            spots::check(&place, &mut report);
            hiding::check(&place, &mut report);
            reached = Some(place.reached);
        }
    }
    Rehearsed {
        report,
        prepared,
        heard,
        played,
        reached,
    }
}

fn durations(prepared: &Prepared, heard: &Heard, language: &Language) -> Durations {
    let mut durations = Durations::estimated(&prepared.script, language);
    let default = &prepared.script.default_language;
    for (utterance, say) in prepared.utterances() {
        let written = || {
            let file = say.captions_for(language, default)?;
            captions::length(prepared.captions.get(&file.in_exhibit)?)
        };
        let spoken = narration(prepared, heard, utterance, language);
        if let Some(length) = spoken.or_else(written) {
            durations.set(utterance, length);
        }
    }
    durations
}

fn narration(
    prepared: &Prepared,
    heard: &Heard,
    utterance: Utterance,
    language: &Language,
) -> Option<Duration> {
    let path = prepared.voices.get(&(utterance, language.to_string()))?;
    Some(heard.get(path)?.as_ref().ok()?.length)
}

/// What files and distances say about a script.
struct Known<'a> {
    prepared: &'a Prepared,
    heard: &'a Heard,
    has_rock: bool,
}

impl Facts for Known<'_> {
    fn narration(&self, utterance: Utterance, language: &Language) -> Option<Duration> {
        narration(self.prepared, self.heard, utterance, language)
    }

    fn captions(&self, file: &FilePath) -> Option<Vec<Caption>> {
        self.prepared.captions.get(&file.in_exhibit).cloned()
    }

    fn travel(&self, tour: TourIndex, from: Option<StepIndex>, to: StepIndex) -> Option<Duration> {
        // Where the rock is known, the ways themselves are looked at.
        if self.has_rock {
            return None;
        }
        let pose = |step: StepIndex| {
            self.prepared
                .steps
                .get(tour.index())?
                .get(step.index())?
                .pose
        };
        let from = from.map_or(Some(self.prepared.stage.start), pose)?;
        // The straight way: walls make it longer, never shorter.
        let flight = Flight::new(from, pose(to)?, &FlightSettings::default(), None);
        Some(Duration::from_secs_f32(flight.duration_secs()))
    }
}

/// An exhibit and its rock.
struct Place<'a> {
    prepared: &'a Prepared,
    rocks: Rocks,
    reached: Reached,
    /// All eyes that a visitor can have.
    eyes: Vec<Vec3>,
    /// Whether these are all.
    is_complete: bool,
    /// Meshes show their fronts to who stands at the start.
    shows_fronts: bool,
    /// Where the steps of each tour lead, now that areas and nodes are known.
    steps: Vec<Vec<StagedStep>>,
}

impl<'a> Place<'a> {
    fn new(prepared: &'a Prepared, rocks: Rocks) -> Self {
        let stage = &prepared.stage;
        let steps = looking_at_patches(prepared, &rocks.patches);
        let places = steps.iter().flatten().filter_map(|step| step.pose);
        let views = stage.views.iter().map(|view| view.pose);
        let led: Vec<Vec3> = [stage.start, stage.headset_start]
            .into_iter()
            .chain(views)
            .chain(places)
            .map(|pose| pose.eye_in_world)
            .collect();
        let rock = &rocks.stops;
        let reached = ground::walk_everywhere(rock, &stage.body, spots::seeds(&led, rock));
        let starts_outside = back_share(rock, stage.start.eye_in_world) < 0.3;
        Self {
            eyes: spots::eyes(&reached.feet_in_world, stage.body.eye_height_m, led),
            // Who flies gets anywhere.
            is_complete: reached.is_complete
                && !stage.is_flying
                && !reached.feet_in_world.is_empty(),
            shows_fronts: starts_outside,
            steps,
            prepared,
            rocks,
            reached,
        }
    }

    /// Whether a place lies within the rock: nearly all around it are the backs of meshes.
    fn is_in_rock(&self, eye: Vec3) -> bool {
        self.shows_fronts && back_share(&self.rocks.stops, eye) > 0.7
    }

    fn play(
        &self,
        heard: &Heard,
        report: &mut Report,
        tick: &mut dyn FnMut(f32),
    ) -> BTreeMap<(TourIndex, String), Played> {
        let script = &self.prepared.script;
        let rock = Some(&self.rocks.stops).filter(|rock| rock.triangle_count() > 0);
        let mut all = BTreeMap::new();
        let total = (script.tours.len() * script.languages.len()).max(1);
        for language in &script.languages {
            let durations = durations(self.prepared, heard, language);
            for tour in (0..script.tours.len()).map(TourIndex::new) {
                let (stage, steps) = (&self.prepared.stage, &self.steps);
                let played = play::play(stage, script, steps, tour, durations.clone(), rock);
                if rock.is_some() {
                    let tag = language.to_string();
                    ways::check(self, tour, &played, &tag, report);
                    for frames in played.frames.chunk_by(|a, b| a.step == b.step) {
                        if let Some(last) = frames.last() {
                            let eye = last.pose.eye_in_world;
                            spots::at_step(self, (tour, last.step), eye, report);
                        }
                    }
                }
                all.insert((tour, language.to_string()), played);
                tick(all.len() as f32 / total as f32);
            }
        }
        all
    }
}

/// The steps of all tours; those that look at an area or a node look at its middle, as they do
/// once its model is read.
fn looking_at_patches(
    prepared: &Prepared,
    patches: &[(HotspotIndex, Arc<Patch>)],
) -> Vec<Vec<StagedStep>> {
    let script = &prepared.script;
    let mut steps = prepared.steps.clone();
    for (tour, steps) in steps.iter_mut().enumerate() {
        for (step, own) in steps.iter_mut().enumerate() {
            let written = script.step(TourIndex::new(tour), StepIndex::new(step));
            if let Some(Aim::Hotspot(spot)) = written.and_then(|step| step.look_at.as_ref())
                && let Some((_, patch)) = patches.iter().find(|(own, _)| own == spot)
            {
                *own = StagedStep::clone(own).looking_at(patch.center);
            }
        }
    }
    steps
}

/// Of the rays from a place that meet something, the share that meets the back of it.
fn back_share(rock: &crate::bake::collide::Collider, eye: Vec3) -> f32 {
    let (mut hits, mut backs) = (0.0_f32, 0.0_f32);
    for n in 0..26 {
        let way = Vec3::new(
            (n % 3) as f32 - 1.0,
            (n / 3 % 3) as f32 - 1.0,
            (n / 9) as f32 - 1.0,
        );
        if let Some(hit) = rock.cast_ray(eye, way + Vec3::splat(0.013), 1000.0) {
            hits += 1.0;
            backs += if hit.is_front { 0.0 } else { 1.0 };
        }
    }
    if hits < 8.0 { 0.0 } else { backs / hits }
}

/// Such as `the step "altar" of the tour "visit"`.
fn name_of_step(script: &Script, tour: TourIndex, step: StepIndex) -> String {
    let tour_id = script.tour(tour).map_or("", |tour| tour.id.as_str());
    let step_id = script.step(tour, step).map_or("", |step| step.id.as_str());
    format!("the step \"{step_id}\" of the tour \"{tour_id}\"")
}
