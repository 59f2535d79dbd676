//! What visitors can set off: triggers, chains of actions, groups, marks.
//!
//! The shell says what it senses (distances, gaze, what is in view) when it changes, and
//! when what it plays has ended; the engine says what to begin and to stop. Times are exact
//! within a frame, as in [`Playback`](super::Playback).
//!
//! **Chains end.** One event may set off at most [`MOST_AT_ONCE`] hotspots at one instant,
//! directly and through conditions and ended actions; what would follow is cut, and
//! [`Effect::ChainCut`] says so. A `Wait` that is not zero lasts at least [`LEAST_WAIT`].

mod run;
mod sense;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use run::Run;
use sense::Spot;

use super::memory::Memory;
use super::script::{HotspotIndex, Script, StepIndex, TourIndex};
use super::time::step_ns;

/// Hotspots that one event may set off at one instant.
pub const MOST_AT_ONCE: usize = 256;
/// The shortest wait between actions but none.
pub const LEAST_WAIT: Duration = Duration::from_millis(10);
/// A visitor who has come within a radius leaves it beyond this times the radius ...
pub const LEAVING_FACTOR: f32 = 1.2;
/// ... plus this, metres: who sways on the edge sets nothing off twice.
pub const LEAVING_MARGIN_M: f32 = 0.1;

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// The visitor pressed, pointing at a hotspot within reach. Pressed while it is open, it
    /// closes.
    Select(HotspotIndex),
    /// What the visitor looks at from now on.
    Gaze(Option<HotspotIndex>),
    /// Whether a hotspot is in view from now on.
    InView(HotspotIndex, bool),
    /// How far the visitor is from a hotspot from now on, metres.
    Distance(HotspotIndex, f32),
    /// A tour reached a step.
    TourStep(TourIndex, StepIndex),
    /// Something that was begun has ended by itself: a sound, an animation, a panel that the
    /// visitor closed.
    Ended(ActionRun),
    /// A hotspot is to close: what it still does stops, what it would do is left.
    Close(HotspotIndex),
    /// A new visit begins.
    Restart,
}

/// An action that was begun, and in which run of its hotspot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActionRun {
    /// The hotspot.
    pub hotspot: HotspotIndex,
    /// The place of the action in its list.
    pub action: u32,
    /// Counts runs: what an earlier one began is not of this.
    pub run: u32,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// A hotspot may be shown from now on.
    Show(HotspotIndex),
    /// A hotspot was set off: mark it as open and visited.
    Opened(HotspotIndex),
    /// Its actions have ended, or were broken off.
    Closed(HotspotIndex),
    /// Begin an action: a sound, panel, picture, layer, light, animation or teleport.
    Begin(ActionRun),
    /// Stop a sound, panel, picture or endless animation.
    Stop(ActionRun),
    /// Start a tour.
    StartTour(TourIndex),
    /// Go to a step of a tour.
    GoToStep(TourIndex, StepIndex),
    /// Hotspots set each other off without end; this one was not.
    ChainCut(HotspotIndex),
}

/// What waits to happen at this instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Event {
    /// A trigger other than selecting.
    Fire(HotspotIndex),
    /// The actions of a hotspot ended.
    Ended(HotspotIndex),
}

/// All hotspots of an exhibit.
#[derive(Debug, Clone)]
pub struct Hotspots {
    script: Arc<Script>,
    spots: Vec<Spot>,
    gazed: Option<HotspotIndex>,
    gaze_since_ns: u64,
    /// Time since the visit began.
    clock_ns: u64,
    events: VecDeque<Event>,
    /// Set off by the event that is being settled.
    at_once: usize,
    next_run: u32,
    /// A guide leads: cards open only for who selects them.
    pub(super) is_led: bool,
}

impl Hotspots {
    /// The hotspots as a visit begins.
    #[must_use]
    pub fn new(script: Arc<Script>) -> Self {
        Self {
            spots: script.hotspots.iter().map(Spot::new).collect(),
            gazed: None,
            gaze_since_ns: 0,
            clock_ns: 0,
            events: VecDeque::new(),
            at_once: 0,
            next_run: 0,
            is_led: false,
            script,
        }
    }

    /// Takes events in their order, then lets time pass (at most an hour a call).
    pub fn step(&mut self, inputs: &[Input], memory: &mut Memory, dt: Duration) -> Vec<Effect> {
        let mut out = Vec::new();
        self.settle(memory, &mut out);
        for input in inputs {
            self.accept(input, memory, &mut out);
            self.settle(memory, &mut out);
        }
        let mut left_ns = step_ns(dt);
        while left_ns > 0 {
            let slice_ns = self.until_next(left_ns);
            self.pass(slice_ns);
            left_ns -= slice_ns;
            self.settle(memory, &mut out);
        }
        out
    }

    /// Whether a hotspot may be shown.
    #[must_use]
    pub fn is_shown(&self, hotspot: HotspotIndex) -> bool {
        self.spot(hotspot)
            .is_some_and(|spot| spot.shown_since_ns.is_some())
    }

    /// Whether its actions are under way.
    #[must_use]
    pub fn is_open(&self, hotspot: HotspotIndex) -> bool {
        self.spot(hotspot).is_some_and(|spot| spot.run.is_some())
    }

    fn spot(&self, hotspot: HotspotIndex) -> Option<&Spot> {
        self.spots.get(hotspot.index())
    }

    /// Takes one event; what follows from it is for [`Self::settle`].
    pub(super) fn accept(&mut self, input: &Input, memory: &mut Memory, out: &mut Vec<Effect>) {
        self.at_once = 0;
        match *input {
            Input::Select(hotspot) => self.select(hotspot, memory, out),
            Input::Gaze(hotspot) if hotspot != self.gazed => self.look_at(hotspot),
            Input::Gaze(_) => {}
            Input::InView(hotspot, is_in_view) => self.see(hotspot, is_in_view),
            Input::Distance(hotspot, metres) => {
                if let Some(spot) = self.spots.get_mut(hotspot.index()) {
                    spot.distance_m = if metres.is_nan() {
                        f32::INFINITY
                    } else {
                        metres
                    };
                }
            }
            Input::TourStep(tour, step) => self.reach_step(tour, step),
            Input::Ended(ended) => self.end_action(ended),
            Input::Close(hotspot) => self.close(hotspot, out),
            Input::Restart => {
                for index in 0..self.spots.len() {
                    self.close(HotspotIndex::new(index), out);
                }
                let next_run = self.next_run;
                *self = Self::new(Arc::clone(&self.script));
                self.next_run = next_run;
            }
        }
    }

    /// How long nothing happens, at most `limit_ns`.
    pub(super) fn until_next(&self, limit_ns: u64) -> u64 {
        let senses = self.next_sense_ns();
        let runs = self.spots.iter().filter_map(|spot| spot.run.as_ref());
        let runs = runs.filter_map(Run::next_ns);
        let next_ns = senses.into_iter().chain(runs).min();
        let wait_ns = next_ns.map_or(limit_ns, |at_ns| at_ns.saturating_sub(self.clock_ns));
        wait_ns.clamp(1, limit_ns.max(1))
    }

    /// Lets time pass in which nothing happens.
    pub(super) fn pass(&mut self, ns: u64) {
        self.clock_ns = self.clock_ns.saturating_add(ns);
        self.at_once = 0;
    }

    /// Sets a hotspot off whatever its triggers and though it be hidden, as rehearsal does.
    pub(super) fn set_off(
        &mut self,
        hotspot: HotspotIndex,
        memory: &mut Memory,
        out: &mut Vec<Effect>,
    ) {
        self.at_once = 0;
        if let Some(spot) = self.spots.get_mut(hotspot.index()) {
            spot.shown_since_ns.get_or_insert(self.clock_ns);
        }
        self.fire(hotspot, memory, out);
        self.settle(memory, out);
    }

    /// Forgets what waits to happen at this instant.
    pub(super) fn drop_events(&mut self) {
        self.events.clear();
    }

    /// Drops what waits to happen at this instant.
    pub(super) fn cut_chains(&mut self, out: &mut Vec<Effect>) {
        for event in self.events.drain(..) {
            let (Event::Fire(hotspot) | Event::Ended(hotspot)) = event;
            out.push(Effect::ChainCut(hotspot));
        }
    }

    /// Does all that is due at this instant. Ends: each round brings a run forward or takes an
    /// event; runs are finite, and only so many hotspots are set off at once.
    pub(super) fn settle(&mut self, memory: &mut Memory, out: &mut Vec<Effect>) {
        loop {
            self.show(memory, out);
            self.sense(memory);
            let has_moved = self.continue_runs(memory, out);
            match self.events.pop_front() {
                Some(Event::Fire(hotspot)) => self.fire(hotspot, memory, out),
                Some(Event::Ended(hotspot)) => self.tell_ended(hotspot),
                // What an action set may make a condition true.
                None if has_moved => {}
                None => return,
            }
        }
    }
}
