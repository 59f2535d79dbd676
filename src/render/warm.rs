//! Warming up behind the loading screen: everything is drawn once, whatever way the visitor
//! looks, so that no pipeline is compiled and no texture uploaded when it first comes into
//! view.

use super::loading::{Loading, LoadingSystems};
use bevy::{
    camera::visibility::NoFrustumCulling,
    prelude::*,
    render::{
        Render, RenderApp, RenderSystems, render_asset::RenderAssetBytesPerFrameLimiter,
        render_resource::PipelineCache,
    },
};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

/// Frames everything is drawn before the screen opens: assets reach the GPU in the first,
/// pipelines are asked for in the second.
const FRAMES: u32 = 3;

pub(super) fn plugin(app: &mut App) {
    let waiting = PipelinesWaiting::default();
    if let Some(render) = app.get_sub_app_mut(RenderApp) {
        render
            .insert_resource(waiting.clone())
            .add_systems(Render, count_pipelines.in_set(RenderSystems::Cleanup));
    }
    app.insert_resource(waiting)
        .init_resource::<WarmUp>()
        .add_systems(PreUpdate, warm_up.after(LoadingSystems::HandOver));
}

/// Pipelines that are still being compiled, or wait for a shader that is being read, and one more while data is uploaded.
#[derive(Resource, Clone, Default)]
pub(super) struct PipelinesWaiting(Arc<AtomicUsize>);

impl PipelinesWaiting {
    /// Nothing of the last frame was left out because its pipeline was not there yet.
    pub(super) fn is_none(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }
}

fn count_pipelines(
    cache: Res<PipelineCache>,
    limiter: Res<RenderAssetBytesPerFrameLimiter>,
    waiting: Res<PipelinesWaiting>,
) {
    // Where a frame's bytes are used up, more may be on their way.
    let is_uploading = limiter
        .max_bytes
        .is_some_and(|most| limiter.bytes_written.load(Ordering::Relaxed) >= most);
    waiting.0.store(
        cache.waiting_pipelines().count() + usize::from(is_uploading),
        Ordering::Relaxed,
    );
}

/// How far the warm-up is.
#[derive(Resource, Debug, Default)]
pub struct WarmUp {
    frames: u32,
    is_done: bool,
}

impl WarmUp {
    /// One that is over, for tests.
    #[cfg(test)]
    pub(crate) fn done() -> Self {
        Self {
            is_done: true,
            ..Self::default()
        }
    }

    /// Nothing will hitch.
    pub fn is_done(&self) -> bool {
        self.is_done
    }
}

/// Marks what is drawn out of view for the warm-up only.
#[derive(Component)]
struct Warming;

fn warm_up(
    mut commands: Commands,
    loading: Res<Loading>,
    waiting: Res<PipelinesWaiting>,
    mut warm: ResMut<WarmUp>,
    cold: Query<Entity, (With<Mesh3d>, Without<NoFrustumCulling>)>,
    warming: Query<Entity, With<Warming>>,
) {
    if warm.is_done || !loading.is_done() {
        return;
    }
    if warm.frames == 0 {
        for entity in &cold {
            commands.entity(entity).insert((NoFrustumCulling, Warming));
        }
    }
    warm.frames += 1;
    if warm.frames > FRAMES && waiting.is_none() {
        for entity in &warming {
            commands
                .entity(entity)
                .remove::<(NoFrustumCulling, Warming)>();
        }
        warm.is_done = true;
    }
}
