//! What is wrong with tours, found before a visitor does.
//!
//! Adds to the report of [`load`](crate::scene::load), as its checks do, what only shows
//! when a tour is played through: ways that lead nowhere, words that cannot be read in time,
//! lights that flash. What takes the place itself (walls, sight lines) is found by
//! `exhibit::rehearse`; facts that take files come through [`Facts`].

mod credits;
mod flash;
mod flash_pairs;
mod lights;
mod paths;
mod spot_flash;
mod stage;
#[cfg(test)]
mod tests;
mod words;

use std::time::Duration;

use super::captions::Caption;
use super::playback::Utterance;
use super::script::{Script, StepIndex, TourIndex};
use crate::diagnostic::Report;
use crate::scene::schema::{Exhibit, FilePath, Language};

/// What is known beyond the scene file. Who knows nothing says nothing.
pub trait Facts {
    /// How long the sound of a narration is.
    fn narration(&self, _utterance: Utterance, _language: &Language) -> Option<Duration> {
        None
    }

    /// The captions that a file holds. What is wrong in it is reported when it is read.
    fn captions(&self, _file: &FilePath) -> Option<Vec<Caption>> {
        None
    }

    /// How long the way to a step's place takes on a monitor, from the step before it or
    /// from the start of the visit. `None` also when there is none.
    fn travel(
        &self,
        _tour: TourIndex,
        _from: Option<StepIndex>,
        _to: StepIndex,
    ) -> Option<Duration> {
        None
    }
}

/// Nothing is known.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoFacts;

impl Facts for NoFacts {}

/// Rehearses all tours in all languages.
pub fn rehearse(exhibit: &Exhibit, script: &Script, facts: &dyn Facts, report: &mut Report) {
    paths::check(exhibit, script, report);
    words::check(script, facts, report);
    let busy = spot_flash::check(exhibit, script, report);
    flash_pairs::check(exhibit, script, &busy, report);
    stage::check(exhibit, script, (facts, &busy), report);
    credits::check(exhibit, report);
}
