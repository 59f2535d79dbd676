//! The frame loop: wait, begin, draw, hand over.
//!
//! It stands in for that of bevy_mod_openxr 0.6 (`render.rs`), whose calls end the process
//! when a runtime dies and wait without limit. Here every call is made by the calling thread
//! ([`super::caller`]) and returns an outcome; the first failure ends the frame, is noted in
//! the [`Frames`], and the session's machine decides. A runtime that does not answer in time
//! ends the frame as well, and is asked again when it has.
//!
//! The exhibit draws each eye into a picture of its own ([`super::eyes`]). Only at the end of
//! the frame is one of the runtime's pictures taken, drawn with the eyes' under the veil of
//! fade and vignette ([`super::compose`]), and given back: no camera ever depends on what
//! belongs to the session, so sessions can come and go at any moment.
//!
//! Rendering is not pipelined: a frame's poses are located in the same millisecond in which
//! its drawing begins. Pipelined they were a frame older and nothing was gained (measured, see
//! `docs/headset.md`); and [`Shared`] knows one frame under way, which the renderer would
//! take for its own when it is the next.

mod hand_over;

pub(super) use hand_over::HandOverSystems;

use super::{
    actions::Doing,
    caller::{AWAY_PATIENCE, Caller, PATIENCE, now},
    compose::Veil,
    counts::Counts,
    heard::{self, Heard},
    link::{Begun, EyeView, Facts, SpaceKind, failure},
};
use crate::visit::{
    governor::FrameTimes,
    point::Touch,
    session::{Call, Failure},
};
use bevy::{prelude::*, render::render_resource::TextureView};
use openxr::{FrameState, sys::Result as Code};
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

pub(super) fn plugin(app: &mut App) {
    let frames = Frames::default();
    app.insert_resource(frames.clone());
    hand_over::plugin(app, frames);
}

/// The frame under way and what is known of its session, shared between the exhibit's world
/// and the renderer's.
#[derive(Resource, Clone, Default)]
pub(super) struct Frames(Arc<Mutex<Shared>>);

/// What [`Frames`] guards.
#[derive(Default)]
pub(super) struct Shared {
    /// The way to the runtime.
    pub(super) caller: Option<Caller>,
    /// Of the session, while there is one.
    pub(super) facts: Option<Facts>,
    /// The frame that was begun.
    frame: Option<Frame>,
    /// The frame before.
    last: Option<Frame>,
    /// The runtime's picture to draw next, one view an eye, once it is free.
    targets: Option<[TextureView; 2]>,
    /// What happened, for the session's machine.
    pub(super) news: Vec<News>,
    /// A picture of both eyes as they are handed over is wanted at this path's `-left.png`
    /// and `-right.png`.
    pub(super) wanted_picture: Option<std::path::PathBuf>,
    /// What the last frame took, for the governor.
    pub(super) times: Option<FrameTimes>,
    /// Where the frames went to; read by the report.
    pub(super) counts: Counts,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum News {
    /// The runtime said something.
    Heard(Heard),
    /// There is a session, tracked in this space.
    Created(SpaceKind),
    /// `xrEndFrame` succeeded.
    Submitted,
    /// A call failed.
    Failed(Call, Failure),
}

/// A frame under way.
#[derive(Clone)]
pub(super) struct Frame {
    pub(super) state: FrameState,
    pub(super) eyes: Option<[EyeView; 2]>,
    /// What hands and eyes do.
    pub(super) doing: Doing,
    /// What the eyes are drawn into.
    pub(super) pictures: Option<[AssetId<Image>; 2]>,
    pub(super) veil: Veil,
    is_begun: bool,
    began: Instant,
    /// Spent waiting for the compositor since then: no work of ours.
    waited: Duration,
    missed: u32,
}

impl Frames {
    /// A poisoned lock is one whose holder panicked: what it guards is still whole, since
    /// every step leaves it so.
    pub(super) fn lock(&self) -> MutexGuard<'_, Shared> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    /// The frame under way.
    pub(super) fn frame(&self) -> Option<&Frame> {
        self.frame.as_ref()
    }

    /// The frame under way.
    pub(super) fn frame_mut(&mut self) -> Option<&mut Frame> {
        self.frame.as_mut()
    }

    /// When the frame under way will be seen, or the one before.
    pub(super) fn display_time(&self) -> Option<openxr::Time> {
        let frame = self.frame.as_ref().or(self.last.as_ref())?;
        Some(frame.state.predicted_display_time)
    }

    /// Destroys the session and everything that belongs to it, now or when the runtime lets
    /// us.
    pub(super) fn destroy(&mut self) {
        let forget = |shared: &mut Self, ()| {
            (shared.facts, shared.frame, shared.targets) = (None, None, None);
        };
        forget(self, ());
        let is_away = self.is_away();
        self.post(|held| held.link = None, forget);
        if !is_away {
            self.settle(super::caller::SESSION_PATIENCE);
        }
    }

    /// Takes late answers, and asks what the runtime has to say.
    pub(super) fn listen(&mut self) {
        self.last = self.frame.take();
        if self.is_away() && !self.settle(Duration::ZERO) {
            return;
        }
        self.ask(PATIENCE, heard::poll, Self::heard);
    }

    fn heard(&mut self, heard: Vec<Heard>) {
        self.news.extend(heard.into_iter().map(News::Heard));
    }

    /// Waits for a frame and begins it; true when one is under way.
    pub(super) fn begin(&mut self) -> bool {
        if self.is_away() && !self.settle(AWAY_PATIENCE) {
            return false;
        }
        // One whose beginning was late is as good as any. One that was never handed over the
        // runtime discards at the next begin.
        if self.frame.is_none() {
            self.ask_link(super::link::Link::begin_frame, Self::begun);
        }
        self.frame.is_some() && !self.is_away()
    }

    fn begun(&mut self, begun: Result<Option<Begun>, Code>) {
        match begun {
            Ok(None) => {}
            Ok(Some(begun)) => {
                let last = self.last.as_ref();
                let missed = last.map_or(0, |last| missed(&last.state, &begun.state));
                self.counts.missed += u64::from(missed);
                let eyes = begun.eyes.unwrap_or_else(|code| {
                    self.fail(code);
                    None
                });
                let doing = begun.doing.unwrap_or_else(|code| {
                    self.fail(code);
                    Doing::default()
                });
                self.frame = Some(Frame {
                    state: begun.state,
                    eyes,
                    doing,
                    pictures: None,
                    veil: Veil::default(),
                    is_begun: true,
                    began: now(),
                    waited: Duration::ZERO,
                    missed,
                });
            }
            Err(code) => self.fail(code),
        }
    }

    /// Locates the eyes anew: as late as the exhibit can.
    pub(super) fn relocate(&mut self) {
        let Some(frame) = self.frame.as_ref().filter(|_| !self.is_away()) else {
            return;
        };
        let time = frame.state.predicted_display_time;
        self.ask_link(
            move |link, _| link.locate_eyes(time),
            |shared, located| match (located, &mut shared.frame) {
                (Ok(Some(eyes)), Some(frame)) => frame.eyes = Some(eyes),
                (Ok(_), _) => {}
                (Err(code), _) => shared.fail(code),
            },
        );
    }

    /// Touches a hand.
    pub(super) fn touch(&mut self, side: usize, touch: Touch) {
        if !self.is_away() {
            self.post(
                move |held| {
                    if let Some(link) = &held.link {
                        link.hands.touch(&link.session, side, touch);
                    }
                },
                |_, ()| {},
            );
        }
    }

    /// Asks the display for a rate, hertz.
    pub(super) fn ask_refresh_rate(&mut self, hz: f32) {
        if !self.is_away() {
            self.post(
                move |held| {
                    if let Some(link) = &held.link {
                        link.ask_refresh_rate(hz);
                    }
                },
                |_, ()| {},
            );
        }
    }

    pub(super) fn fail(&mut self, code: Code) {
        self.news.push(News::Failed(Call::Frame, failure(code)));
    }

    /// The calls that end the frame failed: it is over.
    fn break_off(&mut self, code: Code) {
        self.fail(code);
        self.frame = None;
    }
}

/// Whole periods that passed between two frames without one of ours.
fn missed(last: &FrameState, now: &FrameState) -> u32 {
    let passed = now.predicted_display_time.as_nanos() - last.predicted_display_time.as_nanos();
    let period = now.predicted_display_period.as_nanos().max(1);
    u32::try_from((passed + period / 2) / period - 1).unwrap_or(0)
}
