//! What each input does to a [`Supervisor`], and what falls due with time.

use super::{Effect, Exit, Input, Mode, Notice, Preference, Supervisor, exit_code};
use core::time::Duration;

/// An orderly end before this is a failure all the same: nothing can have worked.
const LEAST_LIFE: Duration = Duration::from_secs(2);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Resting {
        until: Duration,
    },
    Choosing {
        since: Duration,
    },
    Up {
        mode: Mode,
        since: Duration,
        frames: u64,
        progressed: Duration,
    },
    /// Asked to end, or killed; waiting for the exit.
    Ending {
        kill_at: Duration,
        is_killed: bool,
        then: Then,
    },
    Stopped,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    /// The child did nothing wrong.
    Restart,
    /// It hung.
    RestartAfterFailure(Mode, Duration),
    Stop,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct ProbeState {
    /// Asked at this time, unanswered.
    asked: Option<Duration>,
    next_at: Duration,
    yes_in_a_row: u32,
}

impl Supervisor {
    pub(super) fn take(&mut self, input: Input, effects: &mut Vec<Effect>) {
        match input {
            Input::Tick => {}
            Input::SpawnFailed => {
                if let State::Up { mode, .. } = self.state {
                    self.fail(
                        mode,
                        Duration::ZERO,
                        "the exhibit could not be started",
                        effects,
                    );
                }
            }
            Input::Frames(count) => self.take_frames(count, effects),
            Input::Exited(exit) => self.take_exit(exit, effects),
            Input::Probed(is_there) => self.take_probe(is_there, effects),
            Input::Stop => self.stop(effects),
        }
    }

    fn take_frames(&mut self, count: u64, effects: &mut Vec<Effect>) {
        let State::Up {
            mode,
            frames,
            progressed,
            ..
        } = &mut self.state
        else {
            return;
        };
        if count <= *frames {
            return;
        }
        let is_first = *frames == 0;
        (*frames, *progressed) = (count, self.now);
        if is_first {
            let mode = *mode;
            if !self.has_shown {
                effects.push(Effect::Notify(Notice::Ready));
            }
            self.has_shown = true;
            effects.push(Effect::Notify(Notice::Status(match mode {
                Mode::Headset => "in the headset".to_owned(),
                Mode::Flat => "on the monitor".to_owned(),
            })));
        }
    }

    fn take_exit(&mut self, exit: Exit, effects: &mut Vec<Effect>) {
        match self.state {
            State::Up {
                mode,
                since,
                frames,
                ..
            } => {
                let lived = self.now.saturating_sub(since);
                self.child_ended(mode, exit, lived, frames > 0, effects);
            }
            State::Ending { then, .. } => match then {
                Then::Restart => self.rest(self.settings.restart_wait),
                Then::RestartAfterFailure(mode, lived) => {
                    self.fail(mode, lived, "the exhibit hung and was killed", effects);
                }
                Then::Stop => {
                    effects.push(Effect::Exit(exit_code::DONE));
                    self.state = State::Stopped;
                }
            },
            State::Resting { .. } | State::Choosing { .. } | State::Stopped => {}
        }
    }

    fn child_ended(
        &mut self,
        mode: Mode,
        exit: Exit,
        lived: Duration,
        has_shown: bool,
        effects: &mut Vec<Effect>,
    ) {
        let meaning = match exit {
            Exit::Code(code) => exit_code::meaning(code),
            Exit::Signal(_) => exit_code::Meaning::Crashed,
        };
        match meaning {
            exit_code::Meaning::Done => {
                effects.push(Effect::Exit(exit_code::DONE));
                self.state = State::Stopped;
            }
            exit_code::Meaning::Restart if has_shown && lived >= LEAST_LIFE => {
                effects.push(Effect::Note(format!("a new process is needed: {exit:?}")));
                if mode == Mode::Headset {
                    self.headset_failures = 0;
                }
                self.rest(self.settings.restart_wait);
            }
            exit_code::Meaning::NoHeadset => {
                effects.push(Effect::Note(
                    "the headset is not there after all".to_owned(),
                ));
                self.headset_rests_until = self.now.saturating_add(self.settings.failure.first);
                self.blame_headset(effects);
                self.rest(self.settings.restart_wait);
            }
            exit_code::Meaning::Hopeless(code) if !self.has_shown && mode == Mode::Flat => {
                effects.push(Effect::Exit(code));
                self.state = State::Stopped;
            }
            exit_code::Meaning::Hopeless(_)
            | exit_code::Meaning::Restart
            | exit_code::Meaning::Crashed => {
                self.fail(
                    mode,
                    lived,
                    &format!("the exhibit ended with {exit:?}"),
                    effects,
                );
            }
        }
    }

    fn fail(&mut self, mode: Mode, lived: Duration, why: &str, effects: &mut Vec<Effect>) {
        let wait = self.failures.fail(lived, &self.settings.failure);
        if mode == Mode::Headset {
            if lived >= self.settings.failure.healthy {
                self.headset_failures = 0;
            }
            self.blame_headset(effects);
        }
        effects.push(Effect::Note(format!(
            "{why}; again in {:.1} s",
            wait.as_secs_f32()
        )));
        effects.push(Effect::Notify(Notice::Status(format!(
            "{why}; again in {} s",
            wait.as_secs()
        ))));
        self.rest(wait);
    }

    /// Counts a failure of the headset's; from some number on it is left alone each time,
    /// until it has worked once.
    fn blame_headset(&mut self, effects: &mut Vec<Effect>) {
        self.headset_failures = self.headset_failures.saturating_add(1);
        if self.headset_failures >= self.settings.headset_failures {
            self.headset_rests_until = self.now.saturating_add(self.settings.headset_rest);
            effects.push(Effect::Note(format!(
                "the headset failed {} times in a row; flat for {} s",
                self.headset_failures,
                self.settings.headset_rest.as_secs()
            )));
        }
    }

    fn rest(&mut self, wait: Duration) {
        let until = self.now.saturating_add(wait);
        self.state = State::Resting { until };
        self.probe = ProbeState::default();
    }

    fn stop(&mut self, effects: &mut Vec<Effect>) {
        effects.push(Effect::Notify(Notice::Stopping));
        match self.state {
            State::Up { .. } => {
                effects.push(Effect::Terminate);
                self.state = State::Ending {
                    kill_at: self.now.saturating_add(self.settings.end_limit),
                    is_killed: false,
                    then: Then::Stop,
                };
            }
            State::Ending {
                kill_at, is_killed, ..
            } => {
                self.state = State::Ending {
                    kill_at,
                    is_killed,
                    then: Then::Stop,
                };
            }
            State::Resting { .. } | State::Choosing { .. } | State::Stopped => {
                effects.push(Effect::Exit(exit_code::DONE));
                self.state = State::Stopped;
            }
        }
    }

    fn take_probe(&mut self, is_there: bool, effects: &mut Vec<Effect>) {
        if self.probe.asked.take().is_none() {
            return;
        }
        self.probe.next_at = self.now.saturating_add(self.settings.probe_every);
        self.probe.yes_in_a_row = if is_there {
            self.probe.yes_in_a_row + 1
        } else {
            0
        };
        match self.state {
            State::Choosing { .. } => {
                let mode = if is_there { Mode::Headset } else { Mode::Flat };
                self.spawn(mode, effects);
            }
            State::Up {
                mode: Mode::Flat, ..
            } if self.probe.yes_in_a_row >= self.settings.probes_to_switch => {
                effects.push(Effect::Note("a headset is there now".to_owned()));
                effects.push(Effect::Terminate);
                self.state = State::Ending {
                    kill_at: self.now.saturating_add(self.settings.end_limit),
                    is_killed: false,
                    then: Then::Restart,
                };
            }
            _ => {}
        }
    }

    fn spawn(&mut self, mode: Mode, effects: &mut Vec<Effect>) {
        let resumes = core::mem::replace(&mut self.resumes, true);
        effects.push(Effect::Spawn { mode, resumes });
        self.probe = ProbeState {
            next_at: self.now.saturating_add(self.settings.probe_every),
            ..ProbeState::default()
        };
        self.state = State::Up {
            mode,
            since: self.now,
            frames: 0,
            progressed: self.now,
        };
    }

    fn may_use_headset(&self) -> bool {
        self.preference == Preference::HeadsetIfAny && self.now >= self.headset_rests_until
    }

    /// Does what is due.
    pub(super) fn settle(&mut self, effects: &mut Vec<Effect>) {
        let settings = self.settings;
        match self.state {
            State::Resting { until } if self.now >= until => {
                if self.may_use_headset() {
                    self.state = State::Choosing { since: self.now };
                    self.ask_probe(effects);
                } else {
                    self.spawn(Mode::Flat, effects);
                }
            }
            State::Choosing { since } if self.now.saturating_sub(since) >= settings.probe_limit => {
                effects.push(Effect::Note("the runtime does not answer".to_owned()));
                self.spawn(Mode::Flat, effects);
            }
            State::Up {
                mode,
                since,
                frames,
                progressed,
            } => {
                let limit = if frames == 0 {
                    settings.start_limit
                } else {
                    settings.stall_limit
                };
                if self.now.saturating_sub(progressed) >= limit {
                    let lived = progressed.saturating_sub(since);
                    effects.push(Effect::Kill);
                    self.state = State::Ending {
                        kill_at: self.now,
                        is_killed: true,
                        then: Then::RestartAfterFailure(mode, lived),
                    };
                } else if mode == Mode::Flat && frames > 0 && self.may_use_headset() {
                    self.probe_while_flat(effects);
                }
            }
            State::Ending {
                kill_at,
                is_killed: false,
                then,
            } if self.now >= kill_at => {
                effects.push(Effect::Kill);
                self.state = State::Ending {
                    kill_at,
                    is_killed: true,
                    then,
                };
            }
            _ => {}
        }
        self.feed_watchdog(effects);
    }

    fn probe_while_flat(&mut self, effects: &mut Vec<Effect>) {
        match self.probe.asked {
            Some(asked) if self.now.saturating_sub(asked) >= self.settings.probe_limit => {
                self.probe.yes_in_a_row = 0;
                self.ask_probe(effects);
            }
            None if self.now >= self.probe.next_at => self.ask_probe(effects),
            _ => {}
        }
    }

    fn ask_probe(&mut self, effects: &mut Vec<Effect>) {
        self.probe.asked = Some(self.now);
        effects.push(Effect::Probe);
    }

    /// The watchdog hears of life as long as frames arrive, or the parent does its work
    /// without a child; a child that stalls is the parent's to kill before systemd's.
    fn feed_watchdog(&mut self, effects: &mut Vec<Effect>) {
        let is_alive = match self.state {
            State::Up {
                frames, progressed, ..
            } => frames == 0 || self.now.saturating_sub(progressed) < self.settings.watchdog_every,
            State::Stopped => false,
            State::Resting { .. } | State::Choosing { .. } | State::Ending { .. } => true,
        };
        if is_alive && self.now >= self.watchdog_at {
            self.watchdog_at = self.now.saturating_add(self.settings.watchdog_every);
            effects.push(Effect::Notify(Notice::Watchdog));
        }
    }
}
