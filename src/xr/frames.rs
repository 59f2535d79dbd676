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
    caller::{AWAY_PATIENCE, Caller, Held, PATIENCE, now},
    compose::Veil,
    counts::Counts,
    heard::{self, Heard, SpaceMove},
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
    /// Moves of the tracked space that no frame has been located beyond yet.
    moves_to_come: Vec<SpaceMove>,
    /// Those that the frame under way is located beyond, for the body.
    pub(super) moves: Vec<SpaceMove>,
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
    /// Poses are told in a space that has moved.
    SpaceMoved,
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

    /// Destroys the session and everything that belongs to it, now or when the runtime lets
    /// us.
    pub(super) fn destroy(&mut self) {
        let forget = |shared: &mut Self, ()| {
            (shared.facts, shared.frame, shared.targets) = (None, None, None);
            shared.moves_to_come.clear();
            shared.moves.clear();
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
        for heard in heard {
            match heard {
                Heard::SpaceMove(space_move) => self.moves_to_come.push(space_move),
                other => self.news.push(News::Heard(other)),
            }
        }
    }

    /// Poses have been taken for this time: moves until then show in them.
    fn located(&mut self, time: openxr::Time) {
        let seen = self
            .moves_to_come
            .extract_if(.., |space_move| space_move.shows_at(time));
        let before = self.moves.len();
        self.moves.extend(seen);
        if self.moves.len() > before {
            self.news.push(News::SpaceMoved);
        }
    }

    /// Waits for a frame and begins it; true when one is under way.
    pub(super) fn begin(&mut self) -> bool {
        if self.is_away() && !self.settle(AWAY_PATIENCE) {
            return false;
        }
        // One whose beginning was late is as good as any. One that was never handed over the
        // runtime discards at the next begin.
        if self.frame.is_none() {
            self.ask(
                PATIENCE,
                |held| {
                    let link = held.link.as_mut()?;
                    let mut begun = link.begin_frame(&held.gate);
                    let mut heard = Vec::new();
                    if let Ok(Some(begun)) = &mut begun {
                        let time = begun.state.predicted_display_time;
                        begun.eyes = settled(held, begun.eyes, time, &mut heard);
                    }
                    Some((begun, heard))
                },
                |shared, came| {
                    if let Some((begun, heard)) = came {
                        shared.heard(heard);
                        shared.begun(begun);
                    }
                },
            );
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
                self.located(begun.state.predicted_display_time);
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
        self.ask(
            PATIENCE,
            move |held| {
                let located = held.link.as_ref()?.locate_eyes(time);
                let mut heard = Vec::new();
                Some((settled(held, located, time, &mut heard), heard))
            },
            move |shared, came| {
                let Some((located, heard)) = came else { return };
                shared.heard(heard);
                match (located, &mut shared.frame) {
                    (Ok(Some(eyes)), Some(frame)) => {
                        frame.eyes = Some(eyes);
                        shared.located(time);
                    }
                    (Ok(_), _) => {}
                    (Err(code), _) => shared.fail(code),
                }
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

/// What eyes are located, `located`, once the runtime has said what it has to: a space that moved
/// meanwhile is heard of before its poses are used, and the eyes are located in it.
fn settled(
    held: &mut Held,
    mut located: Result<Option<[EyeView; 2]>, Code>,
    time: openxr::Time,
    heard: &mut Vec<Heard>,
) -> Result<Option<[EyeView; 2]>, Code> {
    // Twice: a runtime that moves its space all the time is not followed for ever.
    for _ in 0..2 {
        let news = heard::poll(held);
        let has_moved = news
            .iter()
            .any(|news| matches!(news, Heard::SpaceMove(one) if one.shows_at(time)));
        heard.extend(news);
        let Some(link) = held.link.as_ref().filter(|_| has_moved) else {
            break;
        };
        located = link.locate_eyes(time);
    }
    located
}

/// Whole periods that passed between two frames without one of ours.
fn missed(last: &FrameState, now: &FrameState) -> u32 {
    let passed = now.predicted_display_time.as_nanos() - last.predicted_display_time.as_nanos();
    let period = now.predicted_display_period.as_nanos().max(1);
    u32::try_from((passed + period / 2) / period - 1).unwrap_or(0)
}
