//! The frame loop: wait, begin, draw, hand over.
//!
//! It stands in for that of bevy_mod_openxr 0.6 (`render.rs`), whose calls end the process
//! when a runtime dies and wait without limit. Here every call returns an outcome; the first
//! failure ends the frame, is noted in the [`Frames`], and the session's machine decides.
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
    compose::{Composer, Veil},
    counts::Counts,
    gpu_time::GpuClock,
    link::{EyeView, Link, failure},
    wait::Waited,
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
        render_resource::PipelineCache,
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

/// The session's objects, shared between the exhibit's world and the renderer's.
#[derive(Resource, Clone, Default)]
pub(super) struct Frames(Arc<Mutex<Shared>>);

/// What [`Frames`] guards.
#[derive(Default)]
pub(super) struct Shared {
    pub(super) link: Option<Link>,
    /// The frame that was begun.
    frame: Option<Frame>,
    /// Failures of the present frame and successes, for the session's machine.
    pub(super) news: Vec<News>,
    /// A picture of both eyes as they are handed over is wanted at this path's `-left.png`
    /// and `-right.png`.
    pub(super) wanted_picture: Option<std::path::PathBuf>,
    /// What the last frame took, for the governor.
    pub(super) times: Option<FrameTimes>,
    /// Where the frames went to; read by the report.
    pub(super) counts: Counts,
}

/// What became of a frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum News {
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

    /// Whether the runtime is silent; see [`super::wait`].
    pub(super) fn is_stalled(&self) -> bool {
        self.link
            .as_ref()
            .is_some_and(|link| link.clock.is_stalled())
    }

    /// Destroys the session and everything that belongs to it.
    pub(super) fn destroy(&mut self) {
        self.frame = None;
        self.link = None;
    }

    /// Waits for a frame and begins it; true when one is under way.
    pub(super) fn begin(&mut self) -> bool {
        // A frame that was never handed over: the runtime discards it at the next begin.
        let last = self.frame.take();
        let Some(link) = &mut self.link else {
            return false;
        };
        match link.clock.wait() {
            Waited::Frame(state) => match link.stream.begin() {
                Ok(()) => {
                    let missed = last.map_or(0, |last| missed(&last.state, &state));
                    self.counts.missed += u64::from(missed);
                    let eyes = link
                        .locate_eyes(state.predicted_display_time)
                        .unwrap_or_else(|code| {
                            self.news.push(News::Failed(Call::Frame, failure(code)));
                            None
                        });
                    let time = state.predicted_display_time;
                    let doing = link.hands.read(&link.session, &link.space, time);
                    let doing = doing.unwrap_or_else(|code| {
                        self.news.push(News::Failed(Call::Frame, failure(code)));
                        Doing::default()
                    });
                    self.frame = Some(Frame {
                        state,
                        eyes,
                        doing,
                        pictures: None,
                        veil: Veil::default(),
                        is_begun: true,
                        began: now(),
                        waited: Duration::ZERO,
                        missed,
                    });
                    true
                }
                Err(code) => {
                    self.fail(code);
                    false
                }
            },
            Waited::NotYet => false,
            Waited::Failed(code) => {
                self.fail(code);
                false
            }
        }
    }

    /// Locates the eyes anew: as late as the exhibit can.
    pub(super) fn relocate(&mut self) {
        let (Some(link), Some(frame)) = (&self.link, &mut self.frame) else {
            return;
        };
        match link.locate_eyes(frame.state.predicted_display_time) {
            Ok(Some(eyes)) => frame.eyes = Some(eyes),
            Ok(None) => {}
            Err(code) => self.fail(code),
        }
    }

    fn fail(&mut self, code: Code) {
        self.news.push(News::Failed(Call::Frame, failure(code)));
    }

    /// Ends the frame, with a picture where `draw` makes one.
    fn end(
        &mut self,
        draw: impl FnOnce(&Frame, &[bevy::render::render_resource::TextureView; 2]) -> bool,
    ) -> Result<bool, Code> {
        let (Some(link), Some(frame)) = (&mut self.link, &mut self.frame) else {
            return Ok(false);
        };
        if !std::mem::take(&mut frame.is_begun) {
            return Ok(false);
        }
        let is_wanted = frame.state.should_render && frame.pictures.is_some();
        let mut is_drawn = false;
        let asked = now();
        let views = match frame.eyes.filter(|_| is_wanted) {
            Some(eyes) => link.chain.take()?.map(|views| (eyes, views)),
            None => None,
        };
        frame.waited += asked.elapsed();
        if let Some((eyes, views)) = views {
            is_drawn = draw(frame, &views);
            link.chain.give()?;
            if is_drawn {
                submit(link, &frame.state, &eyes)?;
            }
        }
        if !is_drawn {
            let opaque = openxr::EnvironmentBlendMode::OPAQUE;
            link.stream
                .end(frame.state.predicted_display_time, opaque, &[])?;
        }
        Ok(is_drawn)
    }
}

/// Whole periods that passed between two frames without one of ours.
fn missed(last: &FrameState, now: &FrameState) -> u32 {
    let passed = now.predicted_display_time.as_nanos() - last.predicted_display_time.as_nanos();
    let period = now.predicted_display_period.as_nanos().max(1);
    u32::try_from((passed + period / 2) / period - 1).unwrap_or(0)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the shell measures; the governor is told"
)]
fn now() -> Instant {
    Instant::now()
}

fn submit(link: &mut Link, state: &FrameState, eyes: &[EyeView; 2]) -> Result<(), Code> {
    let size = link.chain.size;
    let rect = openxr::Rect2Di {
        offset: openxr::Offset2Di { x: 0, y: 0 },
        extent: openxr::Extent2Di {
            width: size.x as i32,
            height: size.y as i32,
        },
    };
    let views = [0, 1].map(|eye: usize| {
        openxr::CompositionLayerProjectionView::new()
            .pose(eyes[eye].pose())
            .fov(eyes[eye].fov())
            .sub_image(
                openxr::SwapchainSubImage::new()
                    .swapchain(&link.chain.swapchain)
                    .image_array_index(eye as u32)
                    .image_rect(rect),
            )
    });
    let layer = openxr::CompositionLayerProjection::new()
        .space(&link.space)
        .views(&views);
    link.stream.end(
        state.predicted_display_time,
        openxr::EnvironmentBlendMode::OPAQUE,
        &[&layer],
    )
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
    let outcome = shared.end(|frame, targets| {
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
    });
    if is_pictured {
        shared.wanted_picture = None;
    }
    if let (Ok(true), Some(frame)) = (&outcome, &shared.frame) {
        shared.times = Some(FrameTimes {
            cpu_ms: frame
                .began
                .elapsed()
                .saturating_sub(frame.waited)
                .as_secs_f32()
                * 1e3,
            gpu_ms,
            period_ms: frame.state.predicted_display_period.as_nanos() as f32 * 1e-6,
            missed: frame.missed,
        });
    }
    match outcome {
        Ok(true) => {
            shared.counts.shown += 1;
            let is_late = shared
                .times
                .is_some_and(|times| times.cpu_ms > times.period_ms);
            shared.counts.late += u64::from(is_late);
            shared.news.push(News::Submitted);
        }
        Ok(false) if shared.frame.is_some() => {
            shared.counts.empty += 1;
            shared.news.push(News::Submitted);
        }
        Ok(false) => {}
        Err(code) => {
            shared.fail(code);
            shared.frame = None;
        }
    }
}
