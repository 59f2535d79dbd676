//! Triggers: what is sensed, and when it sets a hotspot off.

use super::{
    Effect, Event, HotspotIndex, Hotspots, LEAVING_FACTOR, LEAVING_MARGIN_M, Memory, Run,
    StepIndex, TourIndex,
};
use crate::scene::schema::Action;
use crate::tour::script::{HotspotScript, TriggerScript};

/// What is known of a hotspot.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spot {
    /// Since when it is shown; `None` while it is hidden.
    pub(super) shown_since_ns: Option<u64>,
    pub(super) distance_m: f32,
    in_view_since_ns: Option<u64>,
    /// Of each trigger whether what it waits for still lasts, so that it fires once.
    latched: Vec<bool>,
    pub(super) run: Option<Run>,
}

impl Spot {
    pub(super) fn new(script: &HotspotScript) -> Self {
        Self {
            shown_since_ns: None,
            distance_m: f32::INFINITY,
            in_view_since_ns: None,
            latched: vec![false; script.triggers.len()],
            run: None,
        }
    }

    /// When something that began at a time has lasted, counted from when it is shown.
    fn lasted_ns(&self, since_ns: u64, dwell_ns: u64) -> Option<u64> {
        let since_ns = since_ns.max(self.shown_since_ns?);
        Some(since_ns.saturating_add(dwell_ns))
    }
}

/// Whether a trigger opens something to be read though nobody asked for it: what a guide shows is
/// looked at, seen and come near to.
fn is_card_by_itself(script: &HotspotScript, trigger: &TriggerScript) -> bool {
    let is_by_itself = matches!(
        trigger,
        TriggerScript::Gaze(_) | TriggerScript::InView(_) | TriggerScript::Proximity(_)
    );
    let mut actions = script.actions.iter();
    is_by_itself && actions.any(|action| matches!(action, Action::Panel { .. } | Action::Image(_)))
}

impl Hotspots {
    /// Shows what was hidden until now. What was shown once stays.
    pub(super) fn show(&mut self, memory: &Memory, out: &mut Vec<Effect>) {
        for (index, script) in self.script.hotspots.iter().enumerate() {
            let Some(spot) = self.spots.get_mut(index) else {
                continue;
            };
            let is_due = spot.shown_since_ns.is_none()
                && script
                    .hidden_until
                    .as_ref()
                    .is_none_or(|rule| rule.holds(memory));
            if is_due {
                spot.shown_since_ns = Some(self.clock_ns);
                out.push(Effect::Show(HotspotIndex::new(index)));
            }
        }
    }

    /// Notes which triggers fire at this instant.
    pub(super) fn sense(&mut self, memory: &Memory) {
        for (index, script) in self.script.hotspots.iter().enumerate() {
            let hotspot = HotspotIndex::new(index);
            let is_gazed = self.gazed == Some(hotspot);
            let Some(spot) = self.spots.get_mut(index) else {
                continue;
            };
            if spot.shown_since_ns.is_none() {
                continue;
            }
            for (place, trigger) in script.triggers.iter().enumerate() {
                let was = spot.latched.get(place).copied().unwrap_or(false);
                let is = match trigger {
                    TriggerScript::Gaze(dwell_ns) => {
                        let lasted = spot.lasted_ns(self.gaze_since_ns, *dwell_ns);
                        is_gazed && lasted.is_some_and(|at_ns| at_ns <= self.clock_ns)
                    }
                    TriggerScript::InView(dwell_ns) => {
                        let since = spot.in_view_since_ns;
                        let lasted = since.and_then(|since| spot.lasted_ns(since, *dwell_ns));
                        lasted.is_some_and(|at_ns| at_ns <= self.clock_ns)
                    }
                    TriggerScript::Proximity(radius_m) if was => {
                        spot.distance_m <= radius_m * LEAVING_FACTOR + LEAVING_MARGIN_M
                    }
                    TriggerScript::Proximity(radius_m) => spot.distance_m <= *radius_m,
                    TriggerScript::After(after_ns) => *after_ns <= self.clock_ns,
                    TriggerScript::When(rule) => rule.holds(memory),
                    TriggerScript::Select
                    | TriggerScript::TourStep(..)
                    | TriggerScript::ActionEnded(_) => false,
                };
                if is && !was && !(self.is_led && is_card_by_itself(script, trigger)) {
                    self.events.push_back(Event::Fire(hotspot));
                }
                if let Some(latched) = spot.latched.get_mut(place) {
                    *latched = is;
                }
            }
        }
    }

    /// The next time at which something has lasted long enough.
    pub(super) fn next_sense_ns(&self) -> Option<u64> {
        let spots = self.script.hotspots.iter().zip(&self.spots).enumerate();
        let times = spots.flat_map(|(index, (script, spot))| {
            let is_gazed = self.gazed == Some(HotspotIndex::new(index));
            let is_shown = spot.shown_since_ns.is_some();
            let triggers = script.triggers.iter().zip(&spot.latched);
            triggers.filter_map(move |(trigger, latched)| match trigger {
                _ if *latched || !is_shown => None,
                TriggerScript::Gaze(dwell_ns) if is_gazed => {
                    spot.lasted_ns(self.gaze_since_ns, *dwell_ns)
                }
                TriggerScript::InView(dwell_ns) => {
                    spot.lasted_ns(spot.in_view_since_ns?, *dwell_ns)
                }
                TriggerScript::After(after_ns) => Some(*after_ns),
                _ => None,
            })
        });
        times.filter(|at_ns| *at_ns > self.clock_ns).min()
    }

    pub(super) fn look_at(&mut self, hotspot: Option<HotspotIndex>) {
        self.gazed = hotspot;
        self.gaze_since_ns = self.clock_ns;
    }

    pub(super) fn see(&mut self, hotspot: HotspotIndex, is_in_view: bool) {
        let now_ns = self.clock_ns;
        if let Some(spot) = self.spots.get_mut(hotspot.index()) {
            spot.in_view_since_ns = is_in_view.then(|| spot.in_view_since_ns.unwrap_or(now_ns));
        }
    }

    /// Notes that a tour reached a step.
    pub(in crate::tour) fn reach_step(&mut self, tour: TourIndex, step: StepIndex) {
        self.tell(|trigger| *trigger == TriggerScript::TourStep(tour, step));
    }

    pub(super) fn tell_ended(&mut self, hotspot: HotspotIndex) {
        self.tell(|trigger| *trigger == TriggerScript::ActionEnded(hotspot));
    }

    /// Lets all hotspots with such a trigger fire.
    fn tell(&mut self, is_it: impl Fn(&TriggerScript) -> bool) {
        for (index, script) in self.script.hotspots.iter().enumerate() {
            if script.triggers.iter().any(&is_it) {
                self.events.push_back(Event::Fire(HotspotIndex::new(index)));
            }
        }
    }
}
