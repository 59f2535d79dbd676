//! Waiting for the next frame on a thread of its own.
//!
//! `xrWaitFrame` has no time limit: a runtime that stalls would take the monitor's picture
//! with it. The thread waits, the exhibit asks it with patience.

use openxr::{FrameState, FrameWaiter, sys::Result as Code};
use std::{
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread,
    time::Duration,
};

/// How long the exhibit waits for a frame while the runtime keeps its rhythm: several frames
/// of the slowest headset.
const PATIENCE: Duration = Duration::from_millis(250);
/// How long once it has lost its rhythm: the monitor goes on meanwhile.
const STALLED_PATIENCE: Duration = Duration::from_millis(15);

/// How long a session that goes waits for its thread: a runtime that halts is left.
const PARTING: Duration = Duration::from_millis(500);

/// What came of waiting.
#[derive(Debug, Clone, Copy)]
pub(super) enum Waited {
    /// A frame begins.
    Frame(FrameState),
    /// The runtime has not answered yet; ask again.
    NotYet,
    /// The call failed.
    Failed(Code),
}

/// The thread that waits.
pub(super) struct FrameClock {
    ask: Sender<()>,
    answers: Receiver<Result<FrameState, Code>>,
    is_asked: bool,
    is_stalled: bool,
}

impl FrameClock {
    pub(super) fn start(mut waiter: FrameWaiter) -> Self {
        let (ask, asked) = channel::<()>();
        let (answer, answers) = channel();
        // The thread ends when either end of its channels is dropped, or after one more
        // answer of the runtime.
        thread::spawn(move || {
            while asked.recv().is_ok() {
                if answer.send(waiter.wait()).is_err() {
                    break;
                }
            }
        });
        Self {
            ask,
            answers,
            is_asked: false,
            is_stalled: false,
        }
    }

    /// Whether the runtime has been silent for longer than it should: any other call would
    /// wait as well.
    pub(super) fn is_stalled(&self) -> bool {
        self.is_stalled
    }

    /// Waits for the next frame, but not for ever.
    pub(super) fn wait(&mut self) -> Waited {
        if !self.is_asked {
            self.is_asked = self.ask.send(()).is_ok();
        }
        let patience = if self.is_stalled {
            STALLED_PATIENCE
        } else {
            PATIENCE
        };
        match self.answers.recv_timeout(patience) {
            Ok(answer) => {
                (self.is_asked, self.is_stalled) = (false, false);
                match answer {
                    Ok(frame) => Waited::Frame(frame),
                    Err(code) => Waited::Failed(code),
                }
            }
            Err(RecvTimeoutError::Timeout) => {
                self.is_stalled = true;
                Waited::NotYet
            }
            Err(RecvTimeoutError::Disconnected) => Waited::Failed(Code::ERROR_RUNTIME_FAILURE),
        }
    }
}

impl Drop for FrameClock {
    /// The thread must not be in the runtime any more when the session is destroyed, or when
    /// the process ends and takes the loader's tables down.
    fn drop(&mut self) {
        drop(std::mem::replace(&mut self.ask, channel().0));
        // Whatever it still answers; then its end of the channel is gone.
        while self.answers.recv_timeout(PARTING).is_ok() {}
    }
}
