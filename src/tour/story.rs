//! Tours and hotspots on one clock and one memory.

use std::sync::Arc;
use std::time::Duration;

use super::hotspots::{self, Hotspots};
use super::memory::Memory;
use super::playback::{self, Durations, Playback, Position, ResumeError, Utterance};
use super::script::Script;
use super::time::step_ns;

/// Rounds in which tours and hotspots may answer each other at one instant.
const MOST_ROUNDS: usize = 64;

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum StoryInput {
    /// To a tour.
    Tour(playback::Input),
    /// To hotspots.
    Hotspot(hotspots::Input),
}

/// What is to be done, in this order.
#[derive(Debug, Clone, PartialEq)]
pub enum StoryEffect {
    /// By a tour.
    Tour(playback::Effect),
    /// By hotspots. Starting tours is done already.
    Hotspot(hotspots::Effect),
}

/// All that happens in a visit.
#[derive(Debug, Clone)]
pub struct Story {
    playback: Playback,
    hotspots: Hotspots,
}

impl Story {
    /// As a visit begins.
    #[must_use]
    pub fn new(script: Arc<Script>, durations: Durations) -> Self {
        Self {
            hotspots: Hotspots::new(Arc::clone(&script)),
            playback: Playback::new(script, durations),
        }
    }

    /// Goes on from a saved position. What hotspots were doing is not saved: they are closed.
    ///
    /// # Errors
    /// As [`Playback::resume`].
    pub fn resume(
        script: Arc<Script>,
        durations: Durations,
        position: &Position,
    ) -> Result<(Self, Vec<StoryEffect>), ResumeError> {
        let hotspots = Hotspots::new(Arc::clone(&script));
        let (playback, effects) = Playback::resume(script, durations, position)?;
        let effects = effects.into_iter().map(StoryEffect::Tour).collect();
        Ok((Self { playback, hotspots }, effects))
    }

    /// Takes events in their order, then lets time pass (at most an hour a call).
    pub fn step(&mut self, inputs: &[StoryInput], dt: Duration) -> Vec<StoryEffect> {
        let mut out = Vec::new();
        self.settle(&mut out);
        for input in inputs {
            match input {
                StoryInput::Tour(input) => {
                    let mut effects = Vec::new();
                    self.playback.accept(input, &mut effects);
                    self.tell_hotspots(effects, &mut out);
                }
                StoryInput::Hotspot(input) => {
                    let mut effects = Vec::new();
                    let memory = self.playback.memory_mut();
                    self.hotspots.accept(input, memory, &mut effects);
                    self.tell_tours(effects, &mut out);
                }
            }
            self.settle(&mut out);
        }
        let mut left_ns = step_ns(dt);
        while left_ns > 0 {
            let slice_ns = self.hotspots.until_next(left_ns);
            let slice_ns = self.playback.until_next(slice_ns).unwrap_or(slice_ns);
            self.playback.pass(slice_ns);
            self.hotspots.pass(slice_ns);
            left_ns -= slice_ns;
            self.settle(&mut out);
        }
        let mut properties = Vec::new();
        self.playback.show_properties(&mut properties);
        out.extend(properties.into_iter().map(StoryEffect::Tour));
        out
    }

    /// A new visit: tours left, hotspots closed, nothing remembered.
    pub fn restart(&mut self) -> Vec<StoryEffect> {
        let mut out = self.step(&[StoryInput::Tour(playback::Input::Leave)], Duration::ZERO);
        // Before the hotspots begin anew: what is hidden depends on it.
        *self.playback.memory_mut() = Memory::new(self.playback.script());
        let restart = StoryInput::Hotspot(hotspots::Input::Restart);
        out.extend(self.step(&[restart], Duration::ZERO));
        out
    }

    /// The tours.
    #[must_use]
    pub fn playback(&self) -> &Playback {
        &self.playback
    }

    /// Another language: narration begins anew, with other lengths.
    pub fn change_language(&mut self, durations: Durations) -> Vec<StoryEffect> {
        let effects = self.playback.change_language(durations);
        effects.into_iter().map(StoryEffect::Tour).collect()
    }

    /// The length of a narration has become known. What has been said of it stays said.
    pub fn measure(&mut self, utterance: Utterance, length: Duration) {
        self.playback.measure(utterance, length);
    }

    /// The hotspots.
    #[must_use]
    pub fn hotspots(&self) -> &Hotspots {
        &self.hotspots
    }

    /// Lets both do what is due at this instant, until neither has anything to say to the
    /// other, at most [`MOST_ROUNDS`] times.
    fn settle(&mut self, out: &mut Vec<StoryEffect>) {
        for _ in 0..MOST_ROUNDS {
            let mut tours = Vec::new();
            self.playback.settle(&mut tours);
            let mut is_quiet = tours.is_empty();
            self.tell_hotspots(tours, out);
            self.hotspots.is_led = self.playback.is_leading();
            let before = self.playback.memory().clone();
            let mut hotspots = Vec::new();
            self.hotspots
                .settle(self.playback.memory_without_event(), &mut hotspots);
            if *self.playback.memory() != before {
                self.playback.memory_mut();
            }
            is_quiet &= hotspots.is_empty();
            self.tell_tours(hotspots, out);
            if is_quiet {
                return;
            }
        }
        let mut cut = Vec::new();
        self.hotspots.cut_chains(&mut cut);
        out.extend(cut.into_iter().map(StoryEffect::Hotspot));
    }

    fn tell_hotspots(&mut self, effects: Vec<playback::Effect>, out: &mut Vec<StoryEffect>) {
        for effect in effects {
            if let playback::Effect::StepEntered { tour, step } = effect {
                self.hotspots.reach_step(tour, step);
            }
            out.push(StoryEffect::Tour(effect));
        }
    }

    fn tell_tours(&mut self, effects: Vec<hotspots::Effect>, out: &mut Vec<StoryEffect>) {
        for effect in effects {
            let input = match effect {
                hotspots::Effect::Opened(hotspot) => Some(playback::Input::HotspotVisited(hotspot)),
                hotspots::Effect::StartTour(tour) => Some(playback::Input::Start(tour)),
                hotspots::Effect::GoToStep(tour, step) => Some(playback::Input::GoTo(tour, step)),
                _ => None,
            };
            out.push(StoryEffect::Hotspot(effect));
            if let Some(input) = input {
                let mut effects = Vec::new();
                self.playback.accept(&input, &mut effects);
                self.tell_hotspots(effects, out);
            }
        }
    }
}
