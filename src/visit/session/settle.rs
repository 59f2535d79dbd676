//! What falls due with time in a [`Session`].

use super::{
    Effect, PauseReason, RecenterCause, RestartReason, Session,
    state::{AwayLink, AwayVisit, Begun, HeldVisit, State, View},
};
use core::time::Duration;

impl Session {
    /// Does what is due.
    pub(super) fn settle(&mut self, effects: &mut Vec<Effect>) {
        if self.is_silent_too_long() {
            self.restart(RestartReason::RuntimeStalled, effects);
        }
        match self.state {
            State::Away { link, visit } => self.settle_away(link, visit, effects),
            State::Begun { session, visit } => self.settle_begun(session, visit, effects),
            State::Over => {}
        }
    }

    /// Whether the runtime is left: it owes an answer, to a call that should take no time.
    fn is_silent_too_long(&self) -> bool {
        let is_asked = match self.state {
            // A session in the making has a patience of its own, and so has one that closes.
            State::Away { link, .. } => {
                matches!(link, AwayLink::Waiting { .. } | AwayLink::Idle)
            }
            State::Begun { session, .. } => session.closes_at.is_none(),
            State::Over => false,
        };
        let limit = self.settings.stall_limit;
        is_asked
            && self
                .silent_since
                .is_some_and(|since| self.watch.has_passed(since, limit))
    }

    pub(super) fn has_passed(&self, since: Duration, limit: Duration) -> bool {
        self.now.saturating_sub(since) >= limit
    }

    fn settle_away(&mut self, link: AwayLink, visit: AwayVisit, effects: &mut Vec<Effect>) {
        let settings = self.settings;
        let is_too_long = match visit {
            AwayVisit::Asleep { since } => self.has_passed(since, settings.grace),
            AwayVisit::Reconnecting { since } => self.has_passed(since, settings.reconnect_limit),
            AwayVisit::Attract | AwayVisit::Resetting { .. } => false,
        };
        if is_too_long {
            let visit = AwayVisit::Resetting { since: self.now };
            self.enter(State::Away { link, visit }, effects);
            effects.push(Effect::ResetVisit);
        } else if let AwayVisit::Resetting { since } = visit
            && self.has_passed(since, settings.reset_limit)
        {
            self.finish_reset(effects);
        }
        let State::Away { link, visit } = self.state else {
            return;
        };
        let since = self.now;
        let link = match link {
            AwayLink::Flat { probe_at } if self.now >= probe_at => {
                effects.push(Effect::ProbeRuntime);
                AwayLink::Probing { since }
            }
            AwayLink::Probing { since: asked } if self.has_passed(asked, settings.answer_limit) => {
                effects.push(Effect::ProbeRuntime);
                AwayLink::Probing { since }
            }
            AwayLink::Waiting { create_at } if self.now >= create_at => {
                effects.push(Effect::CreateSession);
                AwayLink::Creating { since }
            }
            AwayLink::Creating { since } if self.has_passed(since, settings.answer_limit) => {
                self.restart(RestartReason::RuntimeStalled, effects);
                return;
            }
            unchanged => unchanged,
        };
        self.enter(State::Away { link, visit }, effects);
    }

    /// Why the visitor is not in the picture; `None` when they are.
    fn absence(&self, session: Begun) -> Option<PauseReason> {
        let is_worn = self.presence;
        match session.view {
            _ if is_worn == Some(false) => Some(PauseReason::Doffed),
            View::Hidden if is_worn.is_none() => Some(PauseReason::Doffed),
            View::Hidden | View::Visible => Some(PauseReason::Covered),
            View::Focused
                if self.is_silent()
                    || self
                        .watch
                        .has_passed(session.last_frame, self.watch.patience(&self.settings)) =>
            {
                Some(PauseReason::Stalled)
            }
            View::Focused => None,
        }
    }

    fn settle_begun(&mut self, session: Begun, visit: HeldVisit, effects: &mut Vec<Effect>) {
        let settings = self.settings;
        if session.closes_at.is_some_and(|at| self.now >= at) {
            self.close(effects);
            return;
        }
        if session.is_visible()
            && self
                .watch
                .has_passed(session.last_frame, settings.stall_limit)
        {
            self.restart(RestartReason::RuntimeStalled, effects);
            return;
        }
        let absence = self.absence(session);
        match (visit, absence) {
            (HeldVisit::Ready { is_worn }, _) => {
                let is_worn_now = absence.is_none();
                if is_worn_now && !is_worn {
                    effects.push(Effect::Recenter(RecenterCause::Donned));
                }
                let visit = HeldVisit::Ready {
                    is_worn: is_worn_now,
                };
                self.enter(State::Begun { session, visit }, effects);
            }
            (HeldVisit::Running, Some(reason)) => {
                let since = self.now;
                let visit = HeldVisit::Paused { since, reason };
                self.enter(State::Begun { session, visit }, effects);
                effects.extend([
                    Effect::PauseVisit(reason),
                    Effect::Remember { is_visiting: true },
                ]);
            }
            (HeldVisit::Paused { .. }, None) => {
                if session.is_space_new {
                    effects.push(Effect::Recenter(RecenterCause::Resumed));
                }
                let session = Begun {
                    is_space_new: false,
                    ..session
                };
                let visit = HeldVisit::Running;
                self.enter(State::Begun { session, visit }, effects);
                effects.push(Effect::ResumeVisit);
            }
            (HeldVisit::Paused { since, reason }, Some(now_because)) => {
                let (since, reason) = self.still_absent(since, reason, now_because);
                let limit = match reason {
                    PauseReason::Doffed => settings.grace,
                    PauseReason::Covered => settings.covered_limit,
                    // A runtime that stalls is left before that: the next process takes the visit up.
                    PauseReason::Stalled => settings.reconnect_limit.max(2 * settings.stall_limit),
                    PauseReason::Lost => settings.reconnect_limit,
                };
                if self.has_passed(since, limit) {
                    self.reset_held(session, effects);
                } else {
                    let visit = HeldVisit::Paused { since, reason };
                    self.enter(State::Begun { session, visit }, effects);
                }
            }
            (HeldVisit::Resetting { since }, _) => {
                if self.has_passed(since, settings.reset_limit) {
                    self.finish_reset(effects);
                }
            }
            (HeldVisit::Running, None) => {}
        }
    }

    /// A pause goes on, perhaps for another reason.
    fn still_absent(
        &self,
        since: Duration,
        was: PauseReason,
        is: PauseReason,
    ) -> (Duration, PauseReason) {
        match (was, is) {
            // Back after a loss, not yet visible: the patience is that of a loss.
            (PauseReason::Lost, PauseReason::Doffed) if self.presence.is_none() => (since, was),
            // A visitor who takes the headset off during a pause has the whole grace.
            (
                PauseReason::Covered | PauseReason::Stalled | PauseReason::Lost,
                PauseReason::Doffed,
            ) => (self.now, is),
            (_, PauseReason::Covered) if was != PauseReason::Covered => (self.now, is),
            _ => (since, is),
        }
    }
}
