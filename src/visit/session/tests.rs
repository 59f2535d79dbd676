//! Lives of sessions: the usual ones told step by step, and 10,000 random ones held against
//! the rules.

use super::*;
use crate::visit::dice::Dice;

/// A session with a clock.
pub(super) struct Life {
    pub(super) session: Session,
    pub(super) now: Duration,
}

impl Life {
    pub(super) fn new(start: Start, resumes: bool) -> Self {
        Self {
            session: Session::new(SessionSettings::default(), start, resumes),
            now: Duration::ZERO,
        }
    }

    pub(super) fn send(&mut self, input: Input) -> Vec<Effect> {
        self.session.step(self.now, input)
    }

    fn state(&mut self, state: SessionState) -> Vec<Effect> {
        self.send(Input::State(state))
    }

    /// Time passes in ticks of 100 ms, with frames if any are wanted.
    pub(super) fn pass(&mut self, secs: f32, with_frames: bool) -> Vec<Effect> {
        let mut effects = Vec::new();
        for _ in 0..(secs * 10.0).round() as u32 {
            self.now += Duration::from_millis(100);
            if with_frames {
                effects.extend(self.send(Input::FrameSubmitted));
            }
            effects.extend(self.send(Input::Tick));
        }
        effects
    }

    /// Answers a wish for a session as a good runtime does, up to focus.
    fn connect(&mut self) -> Vec<Effect> {
        let mut effects = self.send(Input::Tick);
        effects.extend(self.send(Input::SessionCreated));
        for state in [
            SessionState::Idle,
            SessionState::Ready,
            SessionState::Synchronized,
            SessionState::Visible,
            SessionState::Focused,
        ] {
            effects.extend(self.state(state));
        }
        effects.extend(self.pass(0.2, true));
        effects
    }

    pub(super) fn visiting() -> Self {
        let mut life = Self::new(Start::Headset, false);
        life.connect();
        life.send(Input::Action(Action::Begin));
        life.assert_phase(Phase::Running, "the visitor began");
        life
    }

    #[track_caller]
    fn assert_phase(&self, phase: Phase, why: &str) {
        assert_eq!(self.session.phase(), phase, "{why}");
    }
}

#[test]
fn a_visit_from_start_to_reset_and_the_next_visitor() {
    let mut life = Life::new(Start::Headset, false);
    let effects = life.connect();
    assert_eq!(
        effects,
        [
            Effect::CreateSession,
            Effect::BeginSession,
            Effect::Entered(Phase::Ready),
            Effect::Recenter(RecenterCause::Donned),
        ],
        "a headset becomes ready, and whoever puts it on faces ahead"
    );
    let effects = life.send(Input::Action(Action::Begin));
    assert_eq!(
        effects,
        [Effect::Entered(Phase::Running), Effect::StartVisit],
        "the visit begins"
    );
    life.pass(5.0, true);
    let effects = life.send(Input::Presence(false));
    assert_eq!(
        effects,
        [
            Effect::Entered(Phase::Paused),
            Effect::PauseVisit(PauseReason::Doffed),
            Effect::Remember { is_visiting: true },
        ],
        "a doffed headset pauses the visit"
    );
    assert_eq!(life.pass(29.5, true), [], "the grace period is quiet");
    let effects = life.pass(1.0, true);
    assert_eq!(
        effects,
        [
            Effect::Entered(Phase::Resetting),
            Effect::FadeOut,
            Effect::ResetVisit,
        ],
        "then the visit is reset"
    );
    let effects = life.send(Input::ResetDone);
    assert_eq!(
        effects,
        [Effect::Entered(Phase::Ready), Effect::FadeIn],
        "and the start screen waits"
    );
    let effects = life.send(Input::Presence(true));
    assert_eq!(
        effects,
        [Effect::Recenter(RecenterCause::Donned)],
        "the next visitor starts facing ahead"
    );
}

#[test]
fn donning_within_the_grace_period_goes_on() {
    let mut life = Life::visiting();
    life.send(Input::Presence(false));
    life.pass(25.0, true);
    let effects = life.send(Input::Presence(true));
    assert_eq!(
        effects,
        [Effect::Entered(Phase::Running), Effect::ResumeVisit],
        "the visit goes on where it was"
    );
    // Also when the headset slept meanwhile.
    let effects = life.state(SessionState::Synchronized);
    assert!(
        effects.contains(&Effect::PauseVisit(PauseReason::Covered)),
        "worn and not visible: covered, not doffed: {effects:?}"
    );
    life.send(Input::Presence(false));
    let effects = life.state(SessionState::Stopping);
    assert_eq!(
        effects,
        [Effect::EndSession],
        "a sleeping headset stays paused"
    );
    life.state(SessionState::Idle);
    life.pass(20.0, false);
    life.state(SessionState::Ready);
    life.state(SessionState::Synchronized);
    life.state(SessionState::Visible);
    let effects = life.state(SessionState::Focused);
    assert_eq!(
        effects,
        [Effect::Entered(Phase::Running), Effect::ResumeVisit],
        "awake again within the grace period, the visit goes on"
    );
}

#[test]
fn a_sleeping_headset_resets_to_attract() {
    let mut life = Life::visiting();
    life.state(SessionState::Stopping);
    life.assert_phase(Phase::Paused, "asleep");
    let effects = life.pass(31.0, false);
    assert_eq!(
        effects,
        [Effect::Entered(Phase::Resetting), Effect::ResetVisit],
        "reset without a picture to fade"
    );
    let effects = life.pass(6.0, false);
    assert_eq!(
        effects,
        [Effect::Entered(Phase::Attract)],
        "a reset that is never answered ends by itself"
    );
}

#[test]
fn a_lost_session_is_made_again_and_the_visit_goes_on() {
    let mut life = Life::visiting();
    let effects = life.state(SessionState::LossPending);
    assert_eq!(
        effects,
        [
            Effect::DestroySession,
            Effect::PauseVisit(PauseReason::Lost),
            Effect::Remember { is_visiting: true },
            Effect::Entered(Phase::Reconnecting),
        ],
        "a session that is being lost is destroyed at once"
    );
    let effects = life.pass(0.6, false);
    assert_eq!(effects, [Effect::CreateSession], "and asked for again");
    life.send(Input::CallFailed(Call::Create, Failure::Other));
    let effects = life.pass(1.1, false);
    assert_eq!(effects, [Effect::CreateSession], "and again, after a wait");
    let effects = life.connect();
    assert!(
        effects.ends_with(&[
            Effect::Recenter(RecenterCause::Resumed),
            Effect::Entered(Phase::Running),
            Effect::ResumeVisit
        ]),
        "the visit goes on where it was, in a space that is new: {effects:?}"
    );
}

#[test]
fn a_lost_instance_needs_a_new_process_that_resumes() {
    for input in [
        Input::InstanceLossPending,
        Input::CallFailed(Call::Frame, Failure::InstanceLost),
    ] {
        let mut life = Life::visiting();
        assert_eq!(
            life.send(input),
            [
                Effect::Remember { is_visiting: true },
                Effect::RestartProcess(RestartReason::InstanceLost),
                Effect::Entered(Phase::Over),
            ],
            "{input:?}: remember, then restart"
        );
        assert_eq!(life.connect(), [], "a process that ends does nothing more");
    }
    let mut life = Life::new(Start::Headset, true);
    life.assert_phase(Phase::Reconnecting, "the next process resumes");
    life.pass(6.0, false);
    life.connect();
    life.assert_phase(Phase::Running, "and is back in the visit");
}

#[test]
fn a_flat_process_probes_until_a_headset_appears() {
    let mut life = Life::new(Start::Flat, false);
    let mut probes = 0;
    for _ in 0..600 {
        for effect in life.pass(0.1, false) {
            assert_eq!(
                effect,
                Effect::ProbeRuntime,
                "flat, there is nothing else to do"
            );
            probes += 1;
            life.send(Input::Probed(false));
        }
    }
    assert!(
        (15..=20).contains(&probes),
        "a minute without runtime is probed about every four seconds, {probes} times"
    );
    life.pass(4.1, false);
    let effects = life.send(Input::Probed(true));
    assert!(
        effects.contains(&Effect::RestartProcess(RestartReason::HeadsetAppeared)),
        "a headset that appears gets a process of its own: {effects:?}"
    );
}

#[test]
fn leaving_by_the_runtimes_menu_resets_and_comes_back() {
    let mut life = Life::visiting();
    life.state(SessionState::Stopping);
    let effects = life.state(SessionState::Exiting);
    assert_eq!(
        effects,
        [
            Effect::DestroySession,
            Effect::Entered(Phase::Resetting),
            Effect::ResetVisit,
        ],
        "whoever closes us from the menu has ended the visit"
    );
    life.send(Input::ResetDone);
    life.assert_phase(Phase::Attract, "nobody is there");
    assert_eq!(
        life.pass(4.5, false),
        [],
        "we do not push ourselves forward"
    );
    assert_eq!(
        life.pass(1.0, false),
        [Effect::CreateSession],
        "but the exhibit goes on"
    );
}

#[test]
fn a_stalled_runtime_pauses_and_then_restarts() {
    let mut life = Life::visiting();
    let effects = life.pass(10.0, false);
    assert_eq!(
        effects,
        [
            Effect::Entered(Phase::Paused),
            Effect::PauseVisit(PauseReason::Stalled),
            Effect::Remember { is_visiting: true },
        ],
        "ten seconds without frames pause"
    );
    let effects = life.pass(0.1, true);
    assert_eq!(
        effects,
        [Effect::Entered(Phase::Running), Effect::ResumeVisit],
        "and the first frame goes on"
    );
    let effects = life.pass(21.0, false);
    assert!(
        effects.contains(&Effect::RestartProcess(RestartReason::RuntimeStalled)),
        "twenty do not: {effects:?}"
    );
}

#[test]
fn a_runtime_that_does_not_answer_is_waited_for_and_then_left() {
    let mut life = Life::visiting();
    life.send(Input::Silent(true));
    life.pass(1.0, true);
    life.assert_phase(Phase::Running, "a moment is no pause");
    life.pass(1.5, false);
    life.assert_phase(Phase::Paused, "two seconds are");
    assert!(life.session.is_silent(), "and the monitor shows views");
    life.send(Input::Silent(false));
    life.pass(0.1, true);
    life.assert_phase(Phase::Running, "an answer and a frame go on");
    // Nothing of ours is seen, so that no frame is due: the answer is.
    life.state(SessionState::Synchronized);
    let effects = life.pass(60.0, false);
    assert!(
        !effects.contains(&Effect::RestartProcess(RestartReason::RuntimeStalled)),
        "hidden without frames is no reason to leave: {effects:?}"
    );
    life.send(Input::Silent(true));
    let effects = life.pass(21.0, false);
    assert!(
        effects.contains(&Effect::RestartProcess(RestartReason::RuntimeStalled)),
        "without an answer for 20 s it is: {effects:?}"
    );
}

#[test]
fn a_runtime_that_answers_at_the_last_moment_is_given_time_for_a_frame() {
    let mut life = Life::visiting();
    life.send(Input::Silent(true));
    life.pass(19.0, false);
    life.send(Input::Silent(false));
    let effects = life.pass(3.0, false);
    assert!(
        !effects.contains(&Effect::RestartProcess(RestartReason::RuntimeStalled)),
        "its first frame may take a while: {effects:?}"
    );
    life.assert_phase(Phase::Paused, "nothing is shown before it");
    life.pass(0.1, true);
    life.assert_phase(Phase::Running, "then the visit goes on");
    life.send(Input::Silent(true));
    life.pass(5.0, false);
    life.send(Input::Silent(false));
    let effects = life.pass(19.0, false);
    assert!(
        effects.contains(&Effect::RestartProcess(RestartReason::RuntimeStalled)),
        "one that answers and shows nothing for 20 s is left: {effects:?}"
    );
}

#[test]
fn the_systems_menu_pauses_without_the_short_grace() {
    let mut life = Life::visiting();
    life.state(SessionState::Visible);
    life.pass(60.0, true);
    life.assert_phase(
        Phase::Paused,
        "a minute in the system's menu is no reason to reset",
    );
    life.state(SessionState::Focused);
    life.assert_phase(Phase::Running, "back from the menu");
}

#[test]
fn a_space_that_moved_recenters_whoever_visits() {
    let mut life = Life::visiting();
    assert_eq!(
        life.send(Input::SpaceMoved),
        [Effect::Recenter(RecenterCause::System)]
    );
    let mut life = Life::new(Start::Headset, false);
    let effects = life.send(Input::SpaceMoved);
    assert!(
        !effects.contains(&Effect::Recenter(RecenterCause::System)),
        "nobody is there: {effects:?}"
    );
}

#[test]
fn quitting_ends_in_order_or_by_force() {
    let mut life = Life::visiting();
    assert_eq!(life.send(Input::Quit), [Effect::RequestExit], "asked first");
    let effects = life.state(SessionState::Stopping);
    assert_eq!(effects[0], Effect::EndSession, "ended in order");
    assert!(
        effects.ends_with(&[
            Effect::DestroySession,
            Effect::CloseExhibit,
            Effect::Entered(Phase::Over)
        ]),
        "then closed: {effects:?}"
    );
    let mut life = Life::visiting();
    life.send(Input::Quit);
    assert!(
        life.pass(6.0, true).contains(&Effect::CloseExhibit),
        "a runtime that does not answer is not waited for"
    );
}

/// What OpenXR allows, seen from outside (OpenXR 1.1, §9).
#[derive(Default)]
struct Rules {
    is_created: bool,
    is_begun: bool,
    is_asked: bool,
    last_state: Option<SessionState>,
    phase: Option<Phase>,
    is_over: bool,
    taken: Vec<(Phase, Phase)>,
}

impl Rules {
    fn hear(&mut self, input: Input) {
        match input {
            Input::SessionCreated if self.is_asked => {
                (self.is_asked, self.is_created) = (false, true);
            }
            Input::CallFailed(Call::Create, _) => self.is_asked = false,
            Input::State(state) => {
                self.last_state = Some(state);
                // Said out of order: the runtime has ended the session by itself.
                self.is_begun &= state != SessionState::Idle;
            }
            _ => {}
        }
    }

    #[track_caller]
    fn check(&mut self, effect: Effect, what: &str) {
        assert!(
            !self.is_over || effect == Effect::Entered(Phase::Over),
            "{what}: {effect:?} after the end"
        );
        match effect {
            Effect::CreateSession => {
                assert!(!self.is_created, "{what}: one session at a time");
                self.is_asked = true;
            }
            Effect::BeginSession => {
                assert!(
                    self.is_created && !self.is_begun,
                    "{what}: XR_ERROR_SESSION_RUNNING or a null handle"
                );
                assert_eq!(
                    self.last_state,
                    Some(SessionState::Ready),
                    "{what}: XR_ERROR_SESSION_NOT_READY"
                );
                self.is_begun = true;
            }
            Effect::EndSession => {
                assert!(self.is_begun, "{what}: XR_ERROR_SESSION_NOT_RUNNING");
                assert_eq!(
                    self.last_state,
                    Some(SessionState::Stopping),
                    "{what}: XR_ERROR_SESSION_NOT_STOPPING"
                );
                self.is_begun = false;
            }
            Effect::RequestExit => {
                assert!(self.is_begun, "{what}: XR_ERROR_SESSION_NOT_RUNNING");
            }
            Effect::DestroySession => {
                assert!(self.is_created, "{what}: XR_ERROR_HANDLE_INVALID");
                (self.is_created, self.is_begun) = (false, false);
            }
            Effect::RestartProcess(_) | Effect::CloseExhibit => self.is_over = true,
            Effect::Entered(phase) => {
                let from = self.phase.replace(phase).unwrap_or(Phase::Attract);
                assert!(
                    ALLOWED.contains(&(from, phase)),
                    "{what}: {from:?} to {phase:?} is not in the table"
                );
                self.taken.push((from, phase));
            }
            _ => {}
        }
    }
}

fn random_input(dice: &mut Dice) -> Input {
    match dice.below(21) {
        0..=8 => Input::State(SessionState::from_raw(dice.below(11) as i32)),
        9 => Input::Presence(dice.below(2) == 0),
        10 | 11 => Input::SessionCreated,
        12 => Input::CallFailed(
            [
                Call::Create,
                Call::Begin,
                Call::End,
                Call::RequestExit,
                Call::Frame,
            ][dice.below(5) as usize],
            if dice.below(40) == 0 {
                [Failure::InstanceLost, Failure::DeviceLost][dice.below(2) as usize]
            } else {
                [Failure::SessionLost, Failure::Other][dice.below(2) as usize]
            },
        ),
        13 | 14 => Input::Action(
            [
                Action::Begin,
                Action::Begin,
                Action::Recenter,
                Action::Leave,
            ][dice.below(4) as usize],
        ),
        15 => Input::ResetDone,
        16 => Input::SpaceMoved,
        17 => match dice.below(60) {
            0 => Input::Quit,
            1 => Input::InstanceLossPending,
            2 => Input::Probed(true),
            _ => Input::Probed(false),
        },
        18 => Input::FrameSubmitted,
        19 => Input::Silent(dice.below(40) == 0),
        _ => Input::Tick,
    }
}

#[test]
fn ten_thousand_random_lives_keep_the_rules() {
    let mut taken = Vec::new();
    let mut recovered = 0;
    for seed in 0..10_000u64 {
        let mut dice = Dice::new(seed);
        let start = [Start::Headset, Start::Headset, Start::Flat][dice.below(3) as usize];
        let mut life = Life::new(start, dice.below(3) == 0);
        let mut rules = Rules {
            phase: Some(life.session.phase()),
            ..Rules::default()
        };
        for step in 0..120 {
            // Mostly short waits, now and then a long one; sometimes time runs backwards.
            let wait = match dice.below(30) {
                0 => 40_000,
                1 => 3_000,
                _ => dice.below(300),
            };
            life.now += Duration::from_millis(wait);
            let input = random_input(&mut dice);
            let now = if dice.below(50) == 0 {
                Duration::ZERO
            } else {
                life.now
            };
            let what = format!("seed {seed} step {step} {input:?}");
            // No call is answered before it is made.
            for effect in life.session.step(now, Input::Tick) {
                rules.check(effect, &what);
            }
            rules.hear(input);
            for effect in life.session.step(now, input) {
                rules.check(effect, &what);
            }
            assert_eq!(
                life.session.is_begun(),
                rules.is_begun && !rules.is_over,
                "{what}: session and rules agree on what runs"
            );
            assert_eq!(
                rules.phase,
                Some(life.session.phase()),
                "{what}: every change of phase is told"
            );
            assert!(
                life.session.phase() != Phase::Running || rules.is_begun,
                "{what}: a visit runs only in a running session"
            );
        }
        taken.append(&mut rules.taken);
        // Whatever happened, a runtime that behaves gets the visitor back in.
        if life.session.phase() != Phase::Over && start == Start::Headset {
            for input in [
                Input::Silent(false),
                Input::State(SessionState::Stopping),
                Input::State(SessionState::Exiting),
            ] {
                rules.hear(input);
                for effect in life.session.step(life.now, input) {
                    rules.check(effect, "recovering");
                }
            }
            if life.session.phase() == Phase::Over {
                continue;
            }
            life.pass(12.0, false);
            life.connect();
            // A request that stayed unanswered too long asks for a new process instead.
            if life.session.phase() == Phase::Over {
                continue;
            }
            // A reset that fell due meanwhile, and that nobody answers, comes to its end.
            if life.session.phase() == Phase::Resetting {
                life.pass(6.0, true);
            }
            life.send(Input::Action(Action::Begin));
            life.assert_phase(Phase::Running, &format!("seed {seed}: the exhibit goes on"));
            // And a loss in the midst of it asks for a new process that takes it up.
            let effects = life.send(Input::InstanceLossPending);
            assert_eq!(
                effects[0],
                Effect::Remember { is_visiting: true },
                "seed {seed}: {effects:?}"
            );
            taken.push((Phase::Running, life.session.phase()));
            recovered += 1;
        }
    }
    assert!(recovered > 1000, "most lives end well: {recovered}");
    for change in ALLOWED {
        assert!(
            taken.contains(change),
            "{change:?} is in the table and never happens"
        );
    }
}
