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
//! its drawing begins, and leaving a session under Bevy's pipelining crashes (Bevy 0.19.1).

use super::{
    actions::Doing,
    caller::{AWAY_PATIENCE, Caller, PATIENCE, now},
    compose::{Composer, Veil},
    counts::Counts,
    gpu_time::GpuClock,
    heard::{self, Heard},
    link::{Begun, EyeView, Facts, SpaceKind, failure},
};
use crate::visit::{
    governor::FrameTimes,
    session::{Call, Failure},
};
use bevy::{
    prelude::*,
    render::{
        Render, RenderApp, RenderSystems,
        render_asset::RenderAssets,
        render_resource::{PipelineCache, TextureView},
        renderer::{RenderDevice, RenderQueue},
        texture::GpuImage,
    },
};
use openxr::{FrameState, sys::Result as Code};
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

pub(super) fn plugin(app: &mut App) {
    let frames = Frames::default();
    app.insert_resource(frames.clone());
    if let Some(render) = app.get_sub_app_mut(RenderApp) {
        render.insert_resource(frames).add_systems(
            Render,
            hand_over
                .in_set(RenderSystems::Cleanup)
                .in_set(HandOverSystems),
        );
    }
}

/// When a frame is handed over, in the renderer's [`RenderSystems::Cleanup`].
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct HandOverSystems;

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

    /// Touches a hand, `strength` 0 to 1.
    pub(super) fn touch(&mut self, side: usize, strength: f32) {
        if !self.is_away() {
            self.post(
                move |held| {
                    if let Some(link) = &held.link {
                        link.hands.tick(&link.session, side, strength);
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

    /// Ends the frame, with a picture where `draw` makes one.
    fn end(&mut self, draw: impl FnOnce(&Frame, &[TextureView; 2]) -> bool, gpu_ms: Option<f32>) {
        let is_away = self.is_away();
        let Some(frame) = &mut self.frame else { return };
        if is_away || !frame.is_begun {
            return;
        }
        let eyes = frame
            .eyes
            .filter(|_| frame.state.should_render && frame.pictures.is_some());
        if eyes.is_some() && self.targets.is_none() {
            let asked = now();
            // A runtime that has halted while the eyes were drawn is better found out by a call
            // that leaves the graphics queue alone.
            if self.ask(PATIENCE, heard::poll, Self::heard) {
                self.ask_link(
                    |link, gate| link.chain.take(gate),
                    |shared, taken| match taken {
                        Ok(targets) => shared.targets = targets,
                        Err(code) => shared.break_off(code),
                    },
                );
            }
            if let Some(frame) = &mut self.frame {
                frame.waited += asked.elapsed();
            }
        }
        if self.is_away() {
            return;
        }
        let Some(frame) = &mut self.frame else { return };
        frame.is_begun = false;
        let targets = self.targets.take_if(|_| eyes.is_some());
        let is_drawn = targets.as_ref().is_some_and(|targets| draw(frame, targets));
        let has_taken = targets.is_some();
        let drawn_for = eyes.filter(|_| is_drawn);
        let time = frame.state.predicted_display_time;
        let is_in_time = self.ask_link(
            move |link, gate| link.end_frame(gate, time, has_taken, drawn_for.as_ref()),
            move |shared, ended| match ended {
                // The runtime discards it at the next begin.
                Ok(false) => {}
                Ok(true) => {
                    shared.counts.shown += u64::from(is_drawn);
                    shared.counts.empty += u64::from(!is_drawn);
                    shared.news.push(News::Submitted);
                }
                Err(code) => shared.break_off(code),
            },
        );
        if is_in_time && is_drawn {
            self.measure(gpu_ms);
        }
    }

    /// What the frame took that was just handed over.
    fn measure(&mut self, gpu_ms: Option<f32>) {
        let Some(frame) = &self.frame else { return };
        let worked = frame.began.elapsed().saturating_sub(frame.waited);
        let times = FrameTimes {
            cpu_ms: worked.as_secs_f32() * 1e3,
            gpu_ms,
            period_ms: frame.state.predicted_display_period.as_nanos() as f32 * 1e-6,
            missed: frame.missed,
        };
        self.counts.late += u64::from(times.cpu_ms > times.period_ms);
        self.times = Some(times);
    }
}

/// Whole periods that passed between two frames without one of ours.
fn missed(last: &FrameState, now: &FrameState) -> u32 {
    let passed = now.predicted_display_time.as_nanos() - last.predicted_display_time.as_nanos();
    let period = now.predicted_display_period.as_nanos().max(1);
    u32::try_from((passed + period / 2) / period - 1).unwrap_or(0)
}

/// The end of the frame, once everything is drawn.
fn hand_over(
    frames: Res<Frames>,
    composer: Option<Res<Composer>>,
    pipelines: Res<PipelineCache>,
    images: Res<RenderAssets<GpuImage>>,
    device: Res<RenderDevice>,
    queue: Res<RenderQueue>,
    clock: Option<ResMut<GpuClock>>,
) {
    let gpu_ms = clock.and_then(|mut clock| clock.take_ms());
    let mut shared = frames.lock();
    let shared = &mut *shared;
    let wanted_picture = shared.wanted_picture.clone();
    let mut is_pictured = false;
    let draw = |frame: &Frame, targets: &[TextureView; 2]| {
        let (Some(composer), Some(pictures), Some(eyes)) =
            (composer.as_deref(), frame.pictures, frame.eyes)
        else {
            return false;
        };
        let [Some(left), Some(right)] = pictures.map(|picture| images.get(picture)) else {
            return false;
        };
        let is_drawn = composer.draw(
            &pipelines,
            &device,
            &queue,
            [&left.texture_view, &right.texture_view],
            [&targets[0], &targets[1]],
            &eyes,
            &frame.veil,
        );
        if is_drawn && let Some(path) = &wanted_picture {
            is_pictured = true;
            let size = UVec2::new(
                left.texture_descriptor.size.width,
                left.texture_descriptor.size.height,
            );
            let sources = [&left.texture_view, &right.texture_view];
            let pictures = super::capture::read(
                composer,
                &pipelines,
                &device,
                &queue,
                sources,
                &eyes,
                &frame.veil,
                size,
            );
            super::capture::write(pictures, path);
        }
        is_drawn
    };
    shared.end(draw, gpu_ms);
    if is_pictured {
        shared.wanted_picture = None;
    }
}
