//! What each input does to a [`Session`].

use super::{
    Action, Call, Effect, Failure, Input, PauseReason, Phase, RecenterCause, RestartReason,
    Session, SessionState,
    state::{AwayLink, AwayVisit, Begun, HeldVisit, State, View},
};
use core::time::Duration;

/// Why a running session, or one that exists, is no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Parting {
    /// The headset sleeps.
    Asleep,
    /// Something broke.
    Lost,
    /// Somebody closed us.
    Left,
}

impl Session {
    pub(super) fn enter(&mut self, state: State, effects: &mut Vec<Effect>) {
        let (before, after) = (self.state.phase(), state.phase());
        self.state = state;
        if before != after {
            effects.push(Effect::Entered(after));
        }
    }

    pub(super) fn take(&mut self, input: Input, effects: &mut Vec<Effect>) {
        if self.state == State::Over {
            return;
        }
        match input {
            Input::Tick => {}
            Input::Probed(is_there) => self.take_probe(is_there, effects),
            Input::SessionCreated => {
                if let State::Away {
                    link: AwayLink::Creating { .. },
                    visit,
                } = self.state
                {
                    let link = AwayLink::Idle;
                    self.enter(State::Away { link, visit }, effects);
                }
            }
            Input::CallFailed(call, failure) => self.take_failure(call, failure, effects),
            Input::State(state) => self.take_state(state, effects),
            Input::InstanceLossPending => {
                if !self.is_flat() {
                    self.restart(RestartReason::InstanceLost, effects);
                }
            }
            Input::Presence(is_present) => self.presence = Some(is_present),
            Input::FrameSubmitted => {
                if let State::Begun { session, .. } = &mut self.state {
                    self.watch.take_frame(session.last_frame, &self.settings);
                    session.last_frame = self.watch.now();
                }
            }
            Input::Silent(true) => {
                self.silent_since.get_or_insert(self.watch.now());
            }
            Input::Silent(false) => {
                if self.silent_since.take().is_some()
                    && let State::Begun { session, visit } = &mut self.state
                {
                    // What answers again is given time to show a frame; until then a visit that
                    // was paused stays so.
                    let is_paused = matches!(visit, HeldVisit::Paused { .. });
                    let late = if is_paused {
                        self.watch.patience(&self.settings)
                    } else {
                        Duration::ZERO
                    };
                    let shown = self.watch.now().saturating_sub(late);
                    session.last_frame = session.last_frame.max(shown);
                }
            }
            Input::SpaceMoved => {
                if matches!(self.state, State::Begun { .. }) {
                    effects.push(Effect::Recenter(RecenterCause::System));
                }
            }
            Input::Action(action) => self.take_action(action, effects),
            Input::ResetDone => self.finish_reset(effects),
            Input::Quit => self.quit(effects),
        }
    }

    fn is_flat(&self) -> bool {
        matches!(
            self.state,
            State::Away {
                link: AwayLink::Flat { .. } | AwayLink::Probing { .. },
                ..
            }
        )
    }

    fn take_probe(&mut self, is_there: bool, effects: &mut Vec<Effect>) {
        if !self.is_flat() {
            return;
        }
        if is_there {
            self.restart(RestartReason::HeadsetAppeared, effects);
        } else if let State::Away { visit, .. } = self.state {
            let wait = self.retry.fail(Duration::ZERO, &self.settings.retry);
            let probe_at = self.now.saturating_add(wait);
            let link = AwayLink::Flat { probe_at };
            self.enter(State::Away { link, visit }, effects);
        }
    }

    fn take_failure(&mut self, call: Call, failure: Failure, effects: &mut Vec<Effect>) {
        if self.is_flat() {
            return;
        }
        match failure {
            Failure::InstanceLost => self.restart(RestartReason::InstanceLost, effects),
            Failure::DeviceLost => self.restart(RestartReason::DeviceLost, effects),
            Failure::SessionLost | Failure::Other => {
                let is_creating = matches!(
                    self.state,
                    State::Away {
                        link: AwayLink::Creating { .. },
                        ..
                    }
                );
                // A late failure of a session that is no more says nothing about this one.
                if self.state.has_session() || (is_creating && call == Call::Create) {
                    self.drop_session(Parting::Lost, effects);
                }
            }
        }
    }

    fn take_state(&mut self, state: SessionState, effects: &mut Vec<Effect>) {
        match (state, self.state) {
            (
                SessionState::Idle,
                State::Away {
                    link: AwayLink::Idle | AwayLink::Creating { .. },
                    ..
                },
            ) => {}
            (
                SessionState::Ready,
                State::Away {
                    link: AwayLink::Idle,
                    visit,
                },
            ) => self.begin(visit, effects),
            (SessionState::Synchronized, State::Begun { .. }) => self.show(View::Hidden),
            (SessionState::Visible, State::Begun { .. }) => self.show(View::Visible),
            (SessionState::Focused, State::Begun { .. }) => self.show(View::Focused),
            (SessionState::Stopping, State::Begun { session, .. }) => {
                effects.push(Effect::EndSession);
                self.part(Parting::Asleep, AwayLink::Idle, effects);
                if session.closes_at.is_some() {
                    self.close(effects);
                }
            }
            // Out of order: the runtime considers the session ended already.
            (SessionState::Idle, State::Begun { .. }) => {
                effects.push(Effect::Unexpected(state));
                self.part(Parting::Asleep, AwayLink::Idle, effects);
            }
            (SessionState::LossPending, _) if self.state.has_session() => {
                self.drop_session(Parting::Lost, effects);
            }
            (SessionState::Exiting, State::Begun { session, .. })
                if session.closes_at.is_some() =>
            {
                self.close(effects);
            }
            (SessionState::Exiting, _) if self.state.has_session() => {
                self.drop_session(Parting::Left, effects);
            }
            _ => effects.push(Effect::Unexpected(state)),
        }
    }

    fn begin(&mut self, visit: AwayVisit, effects: &mut Vec<Effect>) {
        effects.push(Effect::BeginSession);
        // The runtime reports presence anew when a session begins (XR_EXT_user_presence).
        self.presence = None;
        self.watch.expect_frames();
        let session = Begun {
            view: View::Hidden,
            since: self.now,
            last_frame: self.watch.now(),
            is_space_new: matches!(visit, AwayVisit::Reconnecting { .. }),
            closes_at: None,
        };
        let visit = match visit {
            AwayVisit::Attract => HeldVisit::Ready { is_worn: false },
            AwayVisit::Asleep { since } => HeldVisit::Paused {
                since,
                reason: PauseReason::Doffed,
            },
            AwayVisit::Reconnecting { since } => HeldVisit::Paused {
                since,
                reason: PauseReason::Lost,
            },
            AwayVisit::Resetting { since } => HeldVisit::Resetting { since },
        };
        self.enter(State::Begun { session, visit }, effects);
    }

    fn show(&mut self, view: View) {
        let now = self.watch.now();
        if let State::Begun { session, .. } = &mut self.state {
            // Frames were not due while nothing was visible.
            if !session.is_visible() {
                session.last_frame = now;
                self.watch.expect_frames();
            }
            session.view = view;
        }
    }

    /// Destroys a session that exists, or gives up one that did not come to be, and tries
    /// again after a wait.
    fn drop_session(&mut self, parting: Parting, effects: &mut Vec<Effect>) {
        if self.state.has_session() {
            effects.push(Effect::DestroySession);
        }
        if let State::Begun { session, .. } = self.state
            && session.closes_at.is_some()
        {
            effects.push(Effect::CloseExhibit);
            self.enter(State::Over, effects);
            return;
        }
        let lived = match self.state {
            State::Begun { session, .. } => self.now.saturating_sub(session.since),
            _ => Duration::ZERO,
        };
        let wait = self.retry.fail(lived, &self.settings.retry);
        let wait = match parting {
            Parting::Left => wait.max(self.settings.rest_after_exit),
            Parting::Asleep | Parting::Lost => wait,
        };
        let create_at = self.now.saturating_add(wait);
        self.part(parting, AwayLink::Waiting { create_at }, effects);
    }

    /// The session no longer runs, or no longer exists.
    fn part(&mut self, parting: Parting, link: AwayLink, effects: &mut Vec<Effect>) {
        let now = self.now;
        let away = |since: Duration| match parting {
            Parting::Asleep => AwayVisit::Asleep { since },
            Parting::Lost => AwayVisit::Reconnecting { since },
            Parting::Left => AwayVisit::Resetting { since: now },
        };
        let visit = match self.state {
            State::Begun { visit, .. } => match visit {
                HeldVisit::Ready { .. } => AwayVisit::Attract,
                HeldVisit::Running => {
                    effects.push(Effect::PauseVisit(match parting {
                        Parting::Lost => PauseReason::Lost,
                        Parting::Asleep | Parting::Left => PauseReason::Doffed,
                    }));
                    effects.push(Effect::Remember { is_visiting: true });
                    away(now)
                }
                HeldVisit::Paused {
                    since,
                    reason: PauseReason::Doffed | PauseReason::Lost,
                } => away(since),
                HeldVisit::Paused { .. } => away(now),
                HeldVisit::Resetting { since } => AwayVisit::Resetting { since },
            },
            State::Away { visit, .. } => match visit {
                AwayVisit::Asleep { since } => away(since),
                AwayVisit::Reconnecting { since } if parting == Parting::Asleep => {
                    AwayVisit::Reconnecting { since }
                }
                AwayVisit::Reconnecting { since } => away(since),
                AwayVisit::Attract | AwayVisit::Resetting { .. } => visit,
            },
            State::Over => return,
        };
        let was_resetting = self.state.phase() == Phase::Resetting;
        self.enter(State::Away { link, visit }, effects);
        if self.state.phase() == Phase::Resetting && !was_resetting {
            effects.push(Effect::ResetVisit);
        }
    }

    fn take_action(&mut self, action: Action, effects: &mut Vec<Effect>) {
        let State::Begun { session, visit } = self.state else {
            return;
        };
        match (action, visit) {
            (Action::Begin, HeldVisit::Ready { is_worn: true }) => {
                let visit = HeldVisit::Running;
                self.enter(State::Begun { session, visit }, effects);
                effects.push(Effect::StartVisit);
            }
            (Action::Recenter, HeldVisit::Ready { is_worn: true } | HeldVisit::Running) => {
                effects.push(Effect::Recenter(RecenterCause::Visitor));
            }
            (Action::Leave, HeldVisit::Running) => self.reset_held(session, effects),
            _ => {}
        }
    }

    pub(super) fn reset_held(&mut self, session: Begun, effects: &mut Vec<Effect>) {
        let visit = HeldVisit::Resetting { since: self.now };
        self.enter(State::Begun { session, visit }, effects);
        effects.extend([Effect::FadeOut, Effect::ResetVisit]);
    }

    pub(super) fn finish_reset(&mut self, effects: &mut Vec<Effect>) {
        match self.state {
            State::Begun {
                session,
                visit: HeldVisit::Resetting { .. },
            } => {
                let visit = HeldVisit::Ready { is_worn: false };
                self.enter(State::Begun { session, visit }, effects);
                effects.push(Effect::FadeIn);
            }
            State::Away {
                link,
                visit: AwayVisit::Resetting { .. },
            } => {
                let visit = AwayVisit::Attract;
                self.enter(State::Away { link, visit }, effects);
            }
            _ => {}
        }
    }

    fn quit(&mut self, effects: &mut Vec<Effect>) {
        match self.state {
            State::Begun { session, visit } if session.closes_at.is_none() => {
                effects.push(Effect::RequestExit);
                let closes_at = Some(self.now.saturating_add(self.settings.close_limit));
                let session = Begun {
                    closes_at,
                    ..session
                };
                self.enter(State::Begun { session, visit }, effects);
            }
            State::Begun { .. } => {}
            State::Away { .. } | State::Over => self.close(effects),
        }
    }

    pub(super) fn close(&mut self, effects: &mut Vec<Effect>) {
        if self.state.has_session() {
            effects.push(Effect::DestroySession);
        }
        effects.push(Effect::CloseExhibit);
        self.enter(State::Over, effects);
    }

    pub(super) fn restart(&mut self, reason: RestartReason, effects: &mut Vec<Effect>) {
        let is_visiting = self.state.phase().is_visiting();
        effects.push(Effect::Remember { is_visiting });
        effects.push(Effect::RestartProcess(reason));
        self.enter(State::Over, effects);
    }
}
