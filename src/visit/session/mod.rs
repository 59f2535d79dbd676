//! The life of a headset session: OpenXR's states and losses in, what to do out.
//!
//! [`Session::step`] is total: any input is answered in any state, and none panics. Two
//! things are kept together so that they cannot contradict each other: the *link* to the
//! runtime (OpenXR 1.1, §9 "Session": which calls are legal now) and the *visit* (what the
//! visitor is doing). A visit can only be `Running` while a session has begun: nothing else
//! can be written down.
//!
//! ```text
//!            ┌────────────── session gone ───────────────┐
//!            ▼                                            │
//!        Attract ──begun──▶ Ready ──begin──▶ Running ◀──▶ Paused
//!            ▲                ▲                │  │         │  ▲
//!            │                └──── done ──────┼──┼──┐      │  │ begun again
//!            └──────────── done ────── Resetting ◀┴──┼──────┤  │
//!                                          ▲         lost ───┴▶ Reconnecting
//!                                          └───── too long ──────┘
//! ```
//!
//! [`ALLOWED`] is the same as a table; the tests hold every step of 10,000 random lives
//! against it. The shell carries out the [`Effect`]s in order and reports what failed as
//! [`Input::CallFailed`].
//!
//! Without presence events (`XR_EXT_user_presence` is not offered everywhere) a headset that
//! is not visible counts as doffed; a headset on a table that stays focused is recognized by
//! [`crate::visit::stillness`].

mod settings;
mod settle;
#[cfg(test)]
mod slow_tests;
mod state;
mod step;
#[cfg(test)]
mod tests;
mod watch;

use super::backoff::Backoff;
use core::time::Duration;
pub use settings::SessionSettings;
use state::State;
use watch::Watch;

/// `XrSessionState` (OpenXR 1.1, §9.1 "Session Lifecycle"), with room for what a runtime
/// should not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionState {
    /// The session exists and does not run.
    Idle,
    /// The runtime asks for `xrBeginSession`.
    Ready,
    /// The frame loop runs; nothing of ours is visible.
    Synchronized,
    /// Visible, without input: a system menu is open.
    Visible,
    /// Visible and with input.
    Focused,
    /// The runtime asks for `xrEndSession`.
    Stopping,
    /// The session is being lost and must be destroyed.
    LossPending,
    /// The user or the system ended the experience.
    Exiting,
    /// A value that this version of the specification does not know.
    Unknown(i32),
}

impl SessionState {
    /// From the number that OpenXR uses.
    pub fn from_raw(raw: i32) -> Self {
        match raw {
            1 => Self::Idle,
            2 => Self::Ready,
            3 => Self::Synchronized,
            4 => Self::Visible,
            5 => Self::Focused,
            6 => Self::Stopping,
            7 => Self::LossPending,
            8 => Self::Exiting,
            unknown => Self::Unknown(unknown),
        }
    }
}

/// An OpenXR call the shell made for us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// `xrCreateSession` and what belongs to it: spaces, actions, swapchains.
    Create,
    /// `xrBeginSession`.
    Begin,
    /// `xrEndSession`.
    End,
    /// `xrRequestExitSession`.
    RequestExit,
    /// Any call of the frame loop, of input, or of polling.
    Frame,
}

/// Why a call failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// `XR_ERROR_INSTANCE_LOST`, or a runtime that no longer answers.
    InstanceLost,
    /// `XR_ERROR_SESSION_LOST`.
    SessionLost,
    /// The graphics device is gone; it was made by the runtime.
    DeviceLost,
    /// Anything else.
    Other,
}

/// What a visitor asks of the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Begin the visit, from the start screen.
    Begin,
    /// Look ahead again: the menu's recenter.
    Recenter,
    /// End the visit.
    Leave,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Input {
    /// Time passed; send it at least ten times a second, also without a session.
    Tick,
    /// The answer to [`Effect::ProbeRuntime`]: a runtime with a headset is there.
    Probed(bool),
    /// `xrCreateSession` succeeded.
    SessionCreated,
    /// A call failed.
    CallFailed(Call, Failure),
    /// `XrEventDataSessionStateChanged`.
    State(SessionState),
    /// `XrEventDataInstanceLossPending` (OpenXR 1.1, §4 "Instance").
    InstanceLossPending,
    /// `XrEventDataUserPresenceChangedEXT`, or what [`crate::visit::stillness`] concludes.
    Presence(bool),
    /// `xrEndFrame` succeeded.
    FrameSubmitted,
    /// The answer to a call of the runtime is late, or is no longer.
    Silent(bool),
    /// The space the rig is tracked in has moved: `XrEventDataReferenceSpaceChangePending` (OpenXR
    /// 1.1, §7 "Spaces") has taken effect.
    SpaceMoved,
    /// What the visitor asks.
    Action(Action),
    /// The shell has reset the visit.
    ResetDone,
    /// The operator or the system ends the exhibit.
    Quit,
}

/// Why a new process is needed: the graphics device belongs to the runtime that made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RestartReason {
    /// The runtime died or was updated.
    InstanceLost,
    /// The graphics device is gone.
    DeviceLost,
    /// The runtime no longer answers.
    RuntimeStalled,
    /// This process runs flat, and a headset is there now.
    HeadsetAppeared,
}

/// Why a visit pauses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PauseReason {
    /// Nobody wears the headset.
    Doffed,
    /// Something of the system is in front of us.
    Covered,
    /// No frames arrive.
    Stalled,
    /// The headset is away.
    Lost,
}

/// Why the rig is placed anew, whatever way the visitor stands
/// ([`crate::visit::rig::Rig::with_head_at`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecenterCause {
    /// Somebody put the headset on: they go to the starting place, facing as the author
    /// meant.
    Donned,
    /// The visit goes on in a new session: the head goes where it was in the exhibit, facing
    /// as it did.
    Resumed,
    /// The system's gesture moved the space: the head stays where it was in the exhibit, and
    /// what is meant to be seen from there comes to where the visitor faces now, in a blink. In a
    /// space that is the room's own it only stays.
    System,
    /// The menu's entry: as for the system's gesture, in whatever space.
    Visitor,
}

/// What the exhibit does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Nobody visits with the headset; the monitor attracts.
    Attract,
    /// The headset shows the start screen.
    Ready,
    /// A visit.
    Running,
    /// The visit waits for its visitor.
    Paused,
    /// Everything returns to how the next visitor should find it.
    Resetting,
    /// The visit waits for its headset.
    Reconnecting,
    /// This process ends.
    Over,
}

impl Phase {
    /// Whether a visit is going on, in the picture or not.
    pub fn is_visiting(self) -> bool {
        matches!(self, Self::Running | Self::Paused | Self::Reconnecting)
    }
}

/// Every change of [`Phase`] there is.
pub const ALLOWED: &[(Phase, Phase)] = &[
    (Phase::Attract, Phase::Ready),
    (Phase::Attract, Phase::Over),
    (Phase::Ready, Phase::Attract),
    (Phase::Ready, Phase::Running),
    (Phase::Ready, Phase::Over),
    (Phase::Running, Phase::Paused),
    (Phase::Running, Phase::Resetting),
    (Phase::Running, Phase::Reconnecting),
    (Phase::Running, Phase::Over),
    (Phase::Paused, Phase::Running),
    (Phase::Paused, Phase::Resetting),
    (Phase::Paused, Phase::Reconnecting),
    (Phase::Paused, Phase::Over),
    (Phase::Resetting, Phase::Ready),
    (Phase::Resetting, Phase::Attract),
    (Phase::Resetting, Phase::Over),
    (Phase::Reconnecting, Phase::Paused),
    (Phase::Reconnecting, Phase::Resetting),
    (Phase::Reconnecting, Phase::Over),
];

/// What the shell does, in order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Effect {
    /// Ask whether a runtime with a headset is there; answer with [`Input::Probed`]. Under a
    /// supervisor leave it unanswered: it probes by itself.
    ProbeRuntime,
    /// `xrCreateSession` and what belongs to it; answer with [`Input::SessionCreated`] or
    /// [`Input::CallFailed`].
    CreateSession,
    /// `xrBeginSession`.
    BeginSession,
    /// `xrEndSession`.
    EndSession,
    /// `xrRequestExitSession`.
    RequestExit,
    /// `xrDestroySession` and what belongs to it.
    DestroySession,
    /// End this process with the exit code of the reason; the supervisor starts another.
    RestartProcess(RestartReason),
    /// End the exhibit.
    CloseExhibit,
    /// A visit begins, with the first minute.
    StartVisit,
    /// Hold tour, sound and walking.
    PauseVisit(PauseReason),
    /// Go on.
    ResumeVisit,
    /// Once it is dark, place, language, layers and comfort return to how the next visitor
    /// should find them; answer with [`Input::ResetDone`].
    ResetVisit,
    /// Darken the headset's picture.
    FadeOut,
    /// Clear the headset's picture.
    FadeIn,
    /// See [`RecenterCause`].
    Recenter(RecenterCause),
    /// Write the checkpoint now.
    Remember {
        /// A visit was going on: the next process resumes it.
        is_visiting: bool,
    },
    /// The phase changed; for the log, the monitor and the tests.
    Entered(Phase),
    /// The runtime said something it should not; for the log.
    Unexpected(SessionState),
}

/// What kind of process this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// The graphics device was made by a runtime: an instance is there.
    Headset,
    /// There is no instance, and there will be none in this process.
    Flat,
}

/// A session and the visit in it.
#[derive(Debug, Clone)]
pub struct Session {
    settings: SessionSettings,
    now: Duration,
    state: State,
    /// `None` until the runtime has said anything.
    presence: Option<bool>,
    /// Tells slow frames from none.
    watch: Watch,
    /// An answer of the runtime is late since then, on the watch.
    silent_since: Option<Duration>,
    retry: Backoff,
}

impl Session {
    /// Begins at time zero. With `resumes`, the checkpoint says that a visit was going on in
    /// the headset when the last process ended.
    pub fn new(settings: SessionSettings, start: Start, resumes: bool) -> Self {
        Self {
            settings,
            now: Duration::ZERO,
            state: State::at_start(start, resumes),
            presence: None,
            watch: Watch::default(),
            silent_since: None,
            retry: Backoff::default(),
        }
    }

    /// What the exhibit does now.
    pub fn phase(&self) -> Phase {
        self.state.phase()
    }

    /// Whether the frame loop runs: between `xrBeginSession` and `xrEndSession`.
    pub fn is_begun(&self) -> bool {
        matches!(self.state, State::Begun { .. })
    }

    /// Whether the runtime shows our pictures to the visitor.
    pub fn is_visible(&self) -> bool {
        matches!(self.state, State::Begun { session, .. } if session.is_visible())
    }

    /// Whether the runtime has not answered for so long that a visit would pause.
    pub fn is_silent(&self) -> bool {
        let patience = self.watch.patience(&self.settings);
        self.silent_since
            .is_some_and(|since| self.watch.has_passed(since, patience))
    }

    /// Whether a session handle exists.
    pub fn has_session(&self) -> bool {
        self.state.has_session()
    }

    /// Takes what happened `now` (since the process began; time that runs backwards stands
    /// still) and returns what to do.
    pub fn step(&mut self, now: Duration, input: Input) -> Vec<Effect> {
        let passed = now.saturating_sub(self.now);
        self.now = self.now.saturating_add(passed);
        self.watch.look(passed, &self.settings);
        let mut effects = Vec::new();
        // What was due before comes first.
        self.settle(&mut effects);
        self.take(input, &mut effects);
        self.settle(&mut effects);
        effects
    }
}
