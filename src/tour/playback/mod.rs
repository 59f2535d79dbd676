//! Playing tours: script, events and time in, effects out.
//!
//! Time is a whole number of nanoseconds and everything happens at its own instant, also in
//! the midst of a frame: a minute in one call, in frames of 11 ms or by [`Input::Seek`]
//! leads to the same state. What a tour changes is laid over the exhibit's own values and
//! taken off again; nothing is ever "put back" from memory, so nothing can be left behind.
//! The rules that authors rely on stand in `docs/tours.md`.

mod accept;
mod effect;
mod frame;
mod go;
mod position;
mod seek;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use effect::{Effect, Ended, Input, Travel, Utterance, WaitsFor};
use frame::{Frame, Voice};
pub use position::{Position, ResumeError};

use super::memory::Memory;
use super::script::{PropertyIndex, Script, TourIndex};
use super::time::{ns, step_ns};
use crate::scene::schema::{Language, Value};

/// A step that goes on by itself lasts at least this long, so that steps which lead to each
/// other without saying anything take time.
pub const LEAST_STEP: Duration = Duration::from_millis(100);
/// How long an unattended tour rests where it would wait for a visitor.
pub const UNATTENDED_PAUSE: Duration = Duration::from_secs(4);
/// How long narration is taken to last when nobody knows.
pub const UNKNOWN_NARRATION: Duration = Duration::from_secs(5);
/// How softly a property returns when its tour is left, or changes when a visitor goes back.
pub const RETURN_FADE: Duration = Duration::from_secs(1);
/// Detours within detours.
pub const MOST_FRAMES: usize = 8;
/// Steps that a visitor can go back.
pub const MOST_HISTORY: usize = 64;
/// Moments kept to seek back to.
const MOST_MOMENTS: usize = 512;
/// The farthest that can be sought ahead of now.
const LONGEST_SEEK: Duration = Duration::from_secs(24 * 3600);

/// How long narrations last in the visitor's language.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Durations {
    lengths_ns: BTreeMap<Utterance, u64>,
}

impl Durations {
    /// Estimates for all narrations from their words: what is used where there is no sound,
    /// or until its length is known.
    #[must_use]
    pub fn estimated(script: &Script, language: &Language) -> Self {
        let mut durations = Self::default();
        for (tour, tour_script) in script.tours.iter().enumerate() {
            for (step, step_script) in tour_script.steps.iter().enumerate() {
                let answers = step_script.ask.iter().flat_map(|ask| &ask.answers);
                let feedback = answers.enumerate().map(|(i, answer)| {
                    let answer_index = u32::try_from(i).unwrap_or(u32::MAX);
                    (Some(answer_index), answer.feedback.as_ref())
                });
                for (answer, say) in [(None, step_script.say.as_ref())]
                    .into_iter()
                    .chain(feedback)
                {
                    let Some(say) = say else { continue };
                    let text = say.text.get(language, &script.default_language);
                    let utterance = Utterance {
                        tour: TourIndex::new(tour),
                        step: super::StepIndex::new(step),
                        answer,
                    };
                    if let Some(text) = text {
                        durations.set(utterance, super::captions::speaking_time(text, language));
                    }
                }
            }
        }
        durations
    }

    /// Says how long one lasts, as its sound file does.
    pub fn set(&mut self, utterance: Utterance, length: Duration) {
        self.lengths_ns.insert(utterance, ns(length));
    }

    /// How long one lasts.
    #[must_use]
    pub fn get(&self, utterance: Utterance) -> Duration {
        Duration::from_nanos(self.length_ns(utterance))
    }

    fn length_ns(&self, utterance: Utterance) -> u64 {
        let known = self.lengths_ns.get(&utterance).copied();
        known.unwrap_or_else(|| ns(UNKNOWN_NARRATION))
    }
}

/// All that changes while a tour plays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct State {
    /// The tour, then the detour taken from it, and so on. The last one runs.
    frames: Vec<Frame>,
    memory: Memory,
    is_paused: bool,
    /// Time since the tour was started, without pauses.
    clock_ns: u64,
}

/// Plays one tour at a time, with detours.
#[derive(Debug, Clone)]
pub struct Playback {
    script: Arc<Script>,
    durations: Durations,
    state: State,
    /// What the exhibit itself has, by property.
    base: Vec<Value>,
    /// What was last said to be shown, by property.
    shown: Vec<Value>,
    /// Earlier states, for seeking: one after each event and at each step.
    moments: Vec<State>,
    /// Whether something happened since the last of them.
    is_eventful: bool,
    /// Whether properties may have jumped: the next changes are softened.
    is_cut: bool,
}

impl Playback {
    /// No tour plays yet.
    #[must_use]
    pub fn new(script: Arc<Script>, durations: Durations) -> Self {
        let base: Vec<Value> = script
            .properties
            .iter()
            .map(|one| one.base.clone())
            .collect();
        Self {
            state: State {
                frames: Vec::new(),
                memory: Memory::new(&script),
                is_paused: false,
                clock_ns: 0,
            },
            durations,
            shown: base.clone(),
            base,
            moments: Vec::new(),
            is_eventful: false,
            is_cut: false,
            script,
        }
    }

    /// Takes events in their order, then lets time pass (at most an hour a call). Events that
    /// make no sense now are ignored.
    pub fn step(&mut self, inputs: &[Input], dt: Duration) -> Vec<Effect> {
        let mut out = Vec::new();
        for input in inputs {
            self.accept(input, &mut out);
            self.settle(&mut out);
        }
        self.advance(step_ns(dt), &mut out);
        self.show_properties(&mut out);
        out
    }

    /// Another language: narration begins anew, with other lengths.
    pub fn change_language(&mut self, durations: Durations) -> Vec<Effect> {
        let mut out = Vec::new();
        self.durations = durations;
        if let Some(frame) = self.state.frames.last_mut()
            && let Voice::Speaking { utterance, .. } = frame.voice
        {
            out.push(Effect::StopSaying);
            frame.speak(utterance, &self.durations, &mut out);
            self.is_eventful = true;
        }
        out
    }

    /// The length of a narration has become known; one that speaks ends accordingly.
    pub fn measure(&mut self, utterance: Utterance, length: Duration) {
        self.durations.set(utterance, length);
        for frame in &mut self.state.frames {
            if let Voice::Speaking {
                utterance: own,
                length_ns,
                ..
            } = &mut frame.voice
                && *own == utterance
            {
                *length_ns = ns(length);
            }
        }
    }

    /// The script that is played.
    #[must_use]
    pub fn script(&self) -> &Arc<Script> {
        &self.script
    }

    /// The tour and step that play now.
    #[must_use]
    pub fn playing(&self) -> Option<(TourIndex, super::StepIndex)> {
        self.state.frames.last().map(|one| (one.tour, one.step))
    }

    /// Whether time stands still for the tour.
    #[must_use]
    pub fn is_paused(&self) -> bool {
        self.state.is_paused
    }

    /// Whether the guide leads: a tour is under way that neither is paused nor waits for the
    /// visitor to go on or to find a hotspot.
    #[must_use]
    pub fn is_leading(&self) -> bool {
        let frame = self.state.frames.last();
        frame.is_some_and(|frame| {
            let step = self.script.step(frame.tour, frame.step);
            let is_sought = |step: &super::script::StepScript| {
                matches!(step.go_on, super::script::GoOnScript::HotspotVisited(_))
            };
            !self.state.is_paused && !frame.is_offered && !step.is_some_and(is_sought)
        })
    }

    /// Time since the tour was started, without pauses: the axis of [`Input::Seek`].
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        Duration::from_nanos(self.state.clock_ns)
    }

    /// What the visit remembers.
    #[must_use]
    pub fn memory(&self) -> &Memory {
        &self.state.memory
    }

    /// What the visit remembers, to be changed by hotspots.
    pub fn memory_mut(&mut self) -> &mut Memory {
        self.is_eventful = true;
        &mut self.state.memory
    }

    /// The memory, for who says by [`Self::memory_mut`] when it changed.
    pub(super) fn memory_without_event(&mut self) -> &mut Memory {
        &mut self.state.memory
    }

    /// What a property is now: the tour's value, or the exhibit's own.
    #[must_use]
    pub fn value(&self, property: PropertyIndex) -> Option<Value> {
        let own = self.base.get(property.index())?;
        Some(frame::effective(&self.state.frames, property, own))
    }

    /// What a property is without any tour.
    #[must_use]
    pub fn own_value(&self, property: PropertyIndex) -> Option<&Value> {
        self.base.get(property.index())
    }

    /// How long narrations last.
    #[must_use]
    pub fn durations(&self) -> &Durations {
        &self.durations
    }

    /// Lets time pass, stopping at each instant at which something happens.
    fn advance(&mut self, mut left_ns: u64, out: &mut Vec<Effect>) {
        self.settle(out);
        while left_ns > 0 {
            let Some(slice_ns) = self.until_next(left_ns) else {
                return;
            };
            self.pass(slice_ns);
            left_ns -= slice_ns;
            self.settle(out);
        }
    }

    /// How long nothing happens, at most `limit_ns`; `None` when time stands still.
    pub(super) fn until_next(&self, limit_ns: u64) -> Option<u64> {
        let frame = self.state.frames.last()?;
        if self.state.is_paused {
            return None;
        }
        let next_ns = self.next_event_ns(frame).unwrap_or(u64::MAX);
        let wait_ns = next_ns.saturating_sub(frame.clock_ns).max(1);
        Some(wait_ns.min(limit_ns))
    }

    /// Lets time pass in which nothing happens.
    pub(super) fn pass(&mut self, ns: u64) {
        if self.state.is_paused {
            return;
        }
        if self.is_eventful && !self.state.frames.is_empty() {
            self.keep_moment();
        }
        let state = &mut self.state;
        if let Some(frame) = state.frames.last_mut() {
            frame.clock_ns = frame.clock_ns.saturating_add(ns);
            state.clock_ns = state.clock_ns.saturating_add(ns);
        }
    }

    fn keep_moment(&mut self) {
        self.is_eventful = false;
        if self.moments.len() >= MOST_MOMENTS {
            // The start stays; what came just after it is forgotten.
            self.moments.drain(1..MOST_MOMENTS / 4);
        }
        self.moments.push(self.state.clone());
    }

    /// Says which properties changed since they were last shown.
    pub(super) fn show_properties(&mut self, out: &mut Vec<Effect>) {
        let is_cut = std::mem::take(&mut self.is_cut);
        for index in 0..self.base.len() {
            let property = PropertyIndex::new(index);
            let is_variable = self
                .script
                .property(property)
                .is_none_or(|one| one.variable.is_some());
            if is_variable {
                continue;
            }
            let value = frame::effective(&self.state.frames, property, &self.base[index]);
            if value != self.shown[index] {
                let is_own = !self
                    .state
                    .frames
                    .iter()
                    .any(|frame| frame.overlay.contains_key(&property));
                self.shown[index] = value.clone();
                out.push(Effect::SetProperty {
                    property,
                    value,
                    over: if is_own || is_cut {
                        RETURN_FADE
                    } else {
                        Duration::ZERO
                    },
                });
            }
        }
    }
}
