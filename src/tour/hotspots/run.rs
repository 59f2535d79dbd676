//! Actions: begun in order, waited for, stopped.

use std::sync::Arc;

use super::{ActionRun, Effect, Event, HotspotIndex, Hotspots, LEAST_WAIT, MOST_AT_ONCE, Memory};
use crate::scene::schema::Action;
use crate::tour::script::{HotspotScript, TriggerScript};
use crate::tour::time::{ns, ns_from_secs};

/// The actions of a hotspot on their way.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Run {
    number: u32,
    /// The next action of the list.
    next: usize,
    /// Until when a `Wait` lasts.
    wait_until_ns: Option<u64>,
    pending: Vec<Pending>,
}

/// An action that has begun and not ended.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Pending {
    action: u32,
    /// When it ends by itself; else the shell says so.
    ends_ns: Option<u64>,
    is_endless: bool,
    /// Whether it is stopped when its hotspot closes.
    is_stopped: bool,
}

impl Run {
    /// The next time at which something ends by itself.
    pub(super) fn next_ns(&self) -> Option<u64> {
        let ends = self.pending.iter().filter_map(|one| one.ends_ns);
        ends.chain(self.wait_until_ns).min()
    }

    /// Ends what ends by now.
    fn end_until(&mut self, now_ns: u64) {
        self.pending
            .retain(|one| one.ends_ns.is_none_or(|end_ns| end_ns > now_ns));
        if self
            .wait_until_ns
            .is_some_and(|until_ns| until_ns <= now_ns)
        {
            self.wait_until_ns = None;
        }
    }
}

/// What beginning an action leads to.
enum Begun {
    /// Done already.
    Done,
    Pending(Pending),
}

impl Hotspots {
    pub(super) fn select(
        &mut self,
        hotspot: HotspotIndex,
        memory: &mut Memory,
        out: &mut Vec<Effect>,
    ) {
        let script = Arc::clone(&self.script);
        let Some(one) = script.hotspot(hotspot) else {
            return;
        };
        if self.is_open(hotspot) {
            self.close(hotspot, out);
        } else if one.triggers.contains(&TriggerScript::Select) {
            self.fire(hotspot, memory, out);
        }
    }

    /// Sets a hotspot off, unless it is hidden or open.
    pub(super) fn fire(
        &mut self,
        hotspot: HotspotIndex,
        memory: &mut Memory,
        out: &mut Vec<Effect>,
    ) {
        if !self.is_shown(hotspot) || self.is_open(hotspot) {
            return;
        }
        if self.at_once >= MOST_AT_ONCE {
            out.push(Effect::ChainCut(hotspot));
            return;
        }
        self.at_once += 1;
        let script = Arc::clone(&self.script);
        let Some(one) = script.hotspot(hotspot) else {
            return;
        };
        if one.group.is_some() {
            for (index, other) in script.hotspots.iter().enumerate() {
                if other.group == one.group {
                    self.close(HotspotIndex::new(index), out);
                }
            }
        }
        memory.visit(hotspot);
        out.push(Effect::Opened(hotspot));
        let number = self.next_run;
        self.next_run = self.next_run.wrapping_add(1);
        if let Some(spot) = self.spots.get_mut(hotspot.index()) {
            spot.run = Some(Run {
                number,
                next: 0,
                wait_until_ns: None,
                pending: Vec::new(),
            });
        }
        self.continue_run(hotspot, one, memory, out);
    }

    pub(super) fn close(&mut self, hotspot: HotspotIndex, out: &mut Vec<Effect>) {
        let Some(run) = self
            .spots
            .get_mut(hotspot.index())
            .and_then(|spot| spot.run.take())
        else {
            return;
        };
        for pending in run.pending.iter().filter(|one| one.is_stopped) {
            out.push(Effect::Stop(ActionRun {
                hotspot,
                action: pending.action,
                run: run.number,
            }));
        }
        out.push(Effect::Closed(hotspot));
        self.events.push_back(Event::Ended(hotspot));
    }

    pub(super) fn end_action(&mut self, ended: ActionRun) {
        if let Some(run) = self
            .spots
            .get_mut(ended.hotspot.index())
            .and_then(|spot| spot.run.as_mut())
            && run.number == ended.run
        {
            run.pending.retain(|one| one.action != ended.action);
        }
    }

    /// Continues all runs as far as they go at this instant; whether any went on.
    pub(super) fn continue_runs(&mut self, memory: &mut Memory, out: &mut Vec<Effect>) -> bool {
        let script = Arc::clone(&self.script);
        let mut has_moved = false;
        for (index, one) in script.hotspots.iter().enumerate() {
            has_moved |= self.continue_run(HotspotIndex::new(index), one, memory, out);
        }
        has_moved
    }

    fn continue_run(
        &mut self,
        hotspot: HotspotIndex,
        script: &HotspotScript,
        memory: &mut Memory,
        out: &mut Vec<Effect>,
    ) -> bool {
        let now_ns = self.clock_ns;
        let run_of = |this: &mut Self| {
            let spot = this.spots.get_mut(hotspot.index())?;
            spot.run.take()
        };
        let Some(mut run) = run_of(self) else {
            return false;
        };
        run.end_until(now_ns);
        let first = run.next;
        while run.wait_until_ns.is_none()
            && let Some(action) = script.actions.get(run.next)
        {
            match action {
                Action::Wait(secs) => {
                    let wait_ns = ns_from_secs(*secs);
                    if wait_ns > 0 {
                        run.wait_until_ns =
                            Some(now_ns.saturating_add(wait_ns.max(ns(LEAST_WAIT))));
                    }
                }
                Action::WaitForEnd if run.pending.iter().any(|one| !one.is_endless) => break,
                Action::WaitForEnd => {}
                action => {
                    let token = ActionRun {
                        hotspot,
                        action: u32::try_from(run.next).unwrap_or(u32::MAX),
                        run: run.number,
                    };
                    let is_endless = script.endless.get(run.next).copied().unwrap_or(false);
                    let begun = self.begin(action, token, is_endless, memory, out);
                    if let Begun::Pending(pending) = begun {
                        run.pending.push(pending);
                    }
                }
            }
            run.next += 1;
        }
        let is_over = run.next >= script.actions.len()
            && run.pending.is_empty()
            && run.wait_until_ns.is_none();
        let has_moved = is_over || run.next > first;
        if is_over {
            out.push(Effect::Closed(hotspot));
            self.events.push_back(Event::Ended(hotspot));
        } else if let Some(spot) = self.spots.get_mut(hotspot.index()) {
            spot.run = Some(run);
        }
        has_moved
    }

    fn begin(
        &self,
        action: &Action,
        token: ActionRun,
        is_endless: bool,
        memory: &mut Memory,
        out: &mut Vec<Effect>,
    ) -> Begun {
        let until = |secs: &f32| Some(self.clock_ns.saturating_add(ns_from_secs(*secs)));
        let (ends_ns, is_stopped) = match action {
            Action::Sound(_) | Action::Panel { .. } | Action::Image(_) => (None, true),
            Action::Animate { .. } => (None, is_endless),
            Action::Layer { duration, .. } | Action::Light { duration, .. } => {
                (until(duration), false)
            }
            Action::Teleport { .. } => {
                out.push(Effect::Begin(token));
                return Begun::Done;
            }
            Action::StartTour(id) => {
                let tour = self.script.tour_named(id.as_str());
                out.extend(tour.map(Effect::StartTour));
                return Begun::Done;
            }
            Action::GoToStep(id, step) => {
                if let Some(tour) = self.script.tour_named(id.as_str())
                    && let Some(step) = self.script.step_named(tour, step.as_str())
                {
                    out.push(Effect::GoToStep(tour, step));
                }
                return Begun::Done;
            }
            Action::Set(id, value) => {
                if let Some(variable) = self.script.variable_named(id.as_str()) {
                    memory.set(variable, value.clone());
                }
                return Begun::Done;
            }
            Action::Wait(_) | Action::WaitForEnd => return Begun::Done,
        };
        out.push(Effect::Begin(token));
        if ends_ns.is_some_and(|at_ns| at_ns <= self.clock_ns) {
            return Begun::Done;
        }
        Begun::Pending(Pending {
            action: token.action,
            ends_ns,
            is_endless,
            is_stopped,
        })
    }
}
