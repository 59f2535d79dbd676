//! The frame's end: the eyes' pictures are drawn into the runtime's and handed over.

use super::{Frame, Frames, News, Shared};
use crate::{
    visit::governor::FrameTimes,
    xr::{
        caller::{PATIENCE, now},
        compose::Composer,
        gpu_time::GpuClock,
        heard,
    },
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

pub(super) fn plugin(app: &mut App, frames: Frames) {
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
pub(in crate::xr) struct HandOverSystems;

impl Shared {
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
            let pictures = crate::xr::capture::read(
                composer,
                &pipelines,
                &device,
                &queue,
                sources,
                &eyes,
                &frame.veil,
                size,
            );
            crate::xr::capture::write(pictures, path);
        }
        is_drawn
    };
    shared.end(draw, gpu_ms);
    if is_pictured {
        shared.wanted_picture = None;
    }
}
