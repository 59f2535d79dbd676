//! The calling thread: every call to OpenXR in a running exhibit is made there.
//!
//! Any call may fail to return: a runtime whose service is halted keeps whoever asks it
//! waiting. So the runtime and the session's objects live with one thread of their own
//! ([`Held`]); the world sends it calls ([`Shared::ask`]) and waits for each answer as long as
//! a stated patience. When an answer is late the runtime is *away*: the frame goes on without
//! the headset, and so does the monitor; no further call of a frame is sent, and each frame
//! looks whether the answer has come. It is then taken like any other, and the visit goes on.
//!
//! Calls are answered in their order. What must happen sooner or later (a session's creation
//! and its end) is sent also while the runtime is away, and waits for its turn.
//!
//! Some calls may use the graphics queue, and begin only while the world waits for them: see
//! [`queue`].

pub(super) mod queue;

use self::queue::QueueGate;
use super::{frames::Shared, link::Link, runtime::Runtime};
use bevy::{log::warn, render::renderer::RenderDevice};
use openxr::sys::Result as Code;
use std::{
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread,
    time::{Duration, Instant},
};

/// How long a call of a frame is waited for. A frame given up is lost to the visitor, and a busy
/// machine is late with many; a monitor that stands still so long, once, is hardly noticed.
pub(super) const PATIENCE: Duration = Duration::from_secs(1);
/// How long each frame waits for a runtime that is away: the monitor keeps its pace by it.
pub(super) const AWAY_PATIENCE: Duration = Duration::from_millis(15);
/// How long the beginning or the end of a session is waited for.
pub(super) const SESSION_PATIENCE: Duration = Duration::from_secs(1);
/// How long a session may take to be made: pictures and a compositor of its own.
pub(super) const CREATE_PATIENCE: Duration = Duration::from_secs(3);
/// How long a process that ends waits for the thread to put everything away.
const PARTING: Duration = Duration::from_secs(2);

/// What the calling thread alone touches. Put away in this order: the graphics device was made
/// by the runtime and must outlive the session.
pub(super) struct Held {
    pub(super) link: Option<Link>,
    pub(super) runtime: Runtime,
    pub(super) device: Option<RenderDevice>,
    pub(super) gate: QueueGate,
}

/// What a call came to, to be done in the world.
type Answer = Box<dyn FnOnce(&mut Shared) + Send>;
type Job = Box<dyn FnOnce(&mut Held) -> Answer + Send>;

/// The world's end of the thread.
pub(super) struct Caller {
    jobs: Sender<Job>,
    answers: Receiver<Answer>,
    /// Calls without an answer yet.
    owed: u32,
    is_away: bool,
    gate: QueueGate,
}

impl Caller {
    pub(super) fn start(runtime: Runtime) -> Self {
        let (jobs, asked) = channel::<Job>();
        let (answer, answers) = channel();
        let gate = QueueGate::default();
        let mut held = Held {
            link: None,
            runtime,
            device: None,
            gate: gate.clone(),
        };
        // Ends when the world's end is dropped, if the runtime lets it.
        thread::spawn(move || {
            while let Ok(job) = asked.recv() {
                if answer.send(job(&mut held)).is_err() {
                    break;
                }
            }
            drop(held);
            // The world sees by the closed channel that nothing of the runtime's is left.
            drop(answer);
        });
        Self {
            jobs,
            answers,
            owed: 0,
            is_away: false,
            gate,
        }
    }

    fn post(&mut self, job: Job) {
        if self.jobs.send(job).is_ok() {
            self.owed += 1;
        }
    }

    /// The next answer owed, if it comes in time.
    fn answer(&mut self, patience: Duration) -> Option<Answer> {
        if self.owed == 0 {
            self.is_away = false;
            return None;
        }
        match self.answers.recv_timeout(patience) {
            Ok(answer) => {
                self.owed -= 1;
                Some(answer)
            }
            Err(RecvTimeoutError::Timeout) => {
                if !self.gate.take_back() && !self.is_away {
                    warn!("the runtime halts in a call that may use the graphics queue");
                }
                self.is_away = true;
                None
            }
            // The thread died within a call: nothing can be asked of the runtime any more.
            Err(RecvTimeoutError::Disconnected) => {
                self.owed = 0;
                Some(Box::new(|shared| shared.fail(Code::ERROR_INSTANCE_LOST)))
            }
        }
    }

    /// Has the thread put everything away; false when the runtime does not let it.
    pub(super) fn end(self) -> bool {
        drop(self.jobs);
        let until = now() + PARTING;
        loop {
            let left = until.saturating_duration_since(now());
            match self.answers.recv_timeout(left) {
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout) => return false,
                Err(RecvTimeoutError::Disconnected) => return true,
            }
        }
    }
}

impl Shared {
    /// Whether an answer of the runtime is late, see the module's documentation.
    pub(super) fn is_away(&self) -> bool {
        self.caller.as_ref().is_some_and(|caller| caller.is_away)
    }

    /// Takes the answers that come within `patience`, until none is owed. False when one still
    /// is.
    pub(super) fn settle(&mut self, patience: Duration) -> bool {
        let until = now() + patience;
        while let Some(caller) = &mut self.caller {
            let left = until.saturating_duration_since(now());
            match caller.answer(left) {
                Some(answer) => answer(self),
                None => return !caller.is_away,
            }
        }
        false
    }

    /// Sends a call, without waiting: its answer comes with a later one.
    pub(super) fn post<T: Send + 'static>(
        &mut self,
        call: impl FnOnce(&mut Held) -> T + Send + 'static,
        then: impl FnOnce(&mut Self, T) + Send + 'static,
    ) {
        if let Some(caller) = &mut self.caller {
            caller.post(Box::new(move |held| {
                let came = call(held);
                Box::new(move |shared| then(shared, came))
            }));
        }
    }

    /// Makes a call and takes its answer, `then`, in time or later. True when it was in time.
    /// Meanwhile the graphics queue is the runtime's.
    pub(super) fn ask<T: Send + 'static>(
        &mut self,
        patience: Duration,
        call: impl FnOnce(&mut Held) -> T + Send + 'static,
        then: impl FnOnce(&mut Self, T) + Send + 'static,
    ) -> bool {
        let gate = self.caller.as_ref().map(|caller| caller.gate.clone());
        if let Some(gate) = &gate {
            gate.lend();
        }
        self.post(call, then);
        let is_in_time = self.settle(patience);
        if let Some(gate) = &gate {
            gate.take_back();
        }
        is_in_time
    }

    /// [`Self::ask`] of the session; without one nothing happens.
    pub(super) fn ask_link<T: Send + 'static>(
        &mut self,
        call: impl FnOnce(&mut Link, &QueueGate) -> T + Send + 'static,
        then: impl FnOnce(&mut Self, T) + Send + 'static,
    ) -> bool {
        self.ask(
            PATIENCE,
            |held| held.link.as_mut().map(|link| call(link, &held.gate)),
            |shared, came| {
                if let Some(came) = came {
                    then(shared, came);
                }
            },
        )
    }
}

/// The real time.
#[expect(
    clippy::disallowed_methods,
    reason = "the shell measures; the governor is told"
)]
pub(super) fn now() -> Instant {
    Instant::now()
}
