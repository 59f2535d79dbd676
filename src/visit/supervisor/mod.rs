//! The parent that keeps the exhibit alive: the same binary, without Bevy and without GPU.
//!
//! A lost OpenXR instance takes the graphics device with it, so a new process is the only
//! way back. This is the parent's mind: child exits, frames and probes in; what to start,
//! kill, probe and tell systemd out. The shell (`operate/`) has the processes.
//!
//! - **Life is frames**: a child that exists and submits none is dead
//!   ([`SupervisorSettings::stall_limit`]).
//! - **Orderly restarts** ([`exit_code`] 10 to 13 after a healthy life) are no failures: a
//!   runtime that is restarted twenty times is followed twenty times without a growing wait.
//! - **The monitor comes first**: where the headset fails again and again it is left alone
//!   for a while, and the exhibit runs flat.
//! - **It never gives up** once the exhibit has run; only an exhibit that cannot start at all
//!   for a reason that a restart does not mend ends the parent with the child's own code.

pub mod exit_code;
mod mind;
mod notice;
#[cfg(test)]
mod tests;

pub use notice::Notice;

use super::backoff::{Backoff, BackoffSettings};
use core::time::Duration;
use mind::{ProbeState, State};

/// What the operator asked for: `--mode`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Preference {
    /// In the headset whenever there is one, else flat; also what `--mode vr` does, since a
    /// monitor is better than nothing.
    #[default]
    HeadsetIfAny,
    /// Flat, whatever is plugged in.
    Flat,
}

/// How a child runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The graphics device is made by the OpenXR runtime.
    Headset,
    /// On the monitor alone.
    Flat,
}

/// How a child ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// It returned.
    Code(u8),
    /// A signal ended it.
    Signal(i32),
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// Time passed; send it several times a second.
    Tick,
    /// The child could not be started.
    SpawnFailed,
    /// How many frames the child has submitted since it began, to monitor and headset.
    Frames(u64),
    /// The child is gone.
    Exited(Exit),
    /// A probe's answer: a runtime with a headset is there.
    Probed(bool),
    /// SIGTERM, or the operator.
    Stop,
}

/// What to do, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Start a child.
    Spawn {
        /// How.
        mode: Mode,
        /// It takes up the checkpoint.
        resumes: bool,
    },
    /// Ask the child to end (SIGTERM).
    Terminate,
    /// End the child (SIGKILL).
    Kill,
    /// Ask in a short-lived process whether a runtime with a headset is there. A probe that
    /// still runs is killed first.
    Probe,
    /// Tell systemd, where it listens.
    Notify(Notice),
    /// End the parent with this code.
    Exit(u8),
    /// For the log.
    Note(String),
}

/// How patient the parent is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SupervisorSettings {
    /// A child must submit its first frame within this: a large scan takes its time.
    pub start_limit: Duration,
    /// A child without a new frame for this long is killed.
    pub stall_limit: Duration,
    /// A child that was asked to end is killed after this.
    pub end_limit: Duration,
    /// Between probes while running flat.
    pub probe_every: Duration,
    /// A probe that has not answered by then counts as no.
    pub probe_limit: Duration,
    /// So many probes in a row must say yes before a flat visit is interrupted.
    pub probes_to_switch: u32,
    /// After an orderly end.
    pub restart_wait: Duration,
    /// After failures.
    pub failure: BackoffSettings,
    /// So many failed headset children in a row, and the headset is left alone.
    pub headset_failures: u32,
    /// For how long it is left alone.
    pub headset_rest: Duration,
    /// Between two `WATCHDOG=1`.
    pub watchdog_every: Duration,
}

impl Default for SupervisorSettings {
    /// Two probes and a start fit well into the 10 s in which the headset must be back.
    fn default() -> Self {
        Self {
            start_limit: Duration::from_secs(120),
            stall_limit: Duration::from_secs(25),
            end_limit: Duration::from_secs(5),
            probe_every: Duration::from_millis(1500),
            probe_limit: Duration::from_secs(5),
            probes_to_switch: 2,
            restart_wait: Duration::from_millis(250),
            failure: BackoffSettings {
                first: Duration::from_secs(1),
                cap: Duration::from_secs(30),
                healthy: Duration::from_secs(60),
            },
            headset_failures: 3,
            headset_rest: Duration::from_secs(60),
            watchdog_every: Duration::from_secs(1),
        }
    }
}

/// The parent's mind.
#[derive(Debug, Clone)]
pub struct Supervisor {
    settings: SupervisorSettings,
    preference: Preference,
    now: Duration,
    state: State,
    resumes: bool,
    /// A child has submitted a frame since the parent began.
    has_shown: bool,
    failures: Backoff,
    headset_failures: u32,
    headset_rests_until: Duration,
    probe: ProbeState,
    watchdog_at: Duration,
}

impl Supervisor {
    /// Begins at time zero. `resumes` lets the first child take up a checkpoint.
    pub fn new(settings: SupervisorSettings, preference: Preference, resumes: bool) -> Self {
        Self {
            settings,
            preference,
            now: Duration::ZERO,
            state: State::Resting {
                until: Duration::ZERO,
            },
            resumes,
            has_shown: false,
            failures: Backoff::default(),
            headset_failures: 0,
            headset_rests_until: Duration::ZERO,
            probe: ProbeState::default(),
            watchdog_at: Duration::ZERO,
        }
    }

    /// How the child runs, if one does.
    pub fn mode(&self) -> Option<Mode> {
        match self.state {
            State::Up { mode, .. } => Some(mode),
            _ => None,
        }
    }

    /// Takes what happened `now` (since the parent began) and returns what to do.
    pub fn step(&mut self, now: Duration, input: Input) -> Vec<Effect> {
        self.now = self.now.max(now);
        let mut effects = Vec::new();
        if self.state != State::Stopped {
            self.take(input, &mut effects);
            self.settle(&mut effects);
        }
        effects
    }
}
