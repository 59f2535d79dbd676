//! The graphics device of an app without a window, and what Bevy is spared on a processor.
//!
//! Half of what a first picture of a small model took on a processor was Bevy getting ready for
//! what nobody asks it for: 35 pipelines of ambient occlusion, atmospheres, culling by compute
//! shaders and environment maps were compiled. Bevy decides by what
//! the device can do, so a processor is asked for less. Graphics cards stay as they are.

use super::loading::{self, HandOverPace, is_processor};
use bevy::{
    app::PluginGroupBuilder,
    ecs::schedule::{Schedules, SingleThreadedExecutor},
    light::cluster::GlobalClusterSettings,
    pbr::PbrPlugin,
    prelude::{App, IntoScheduleConfigs, Plugin, Res, ResMut, World},
    render::{
        RenderApp, RenderStartup,
        batching::gpu_preprocessing::{GpuPreprocessingMode, GpuPreprocessingSupport},
        init_gpu_resource,
        renderer::{
            RenderAdapter, RenderAdapterInfo, RenderDevice, RenderInstance, RenderQueue,
            WgpuWrapper,
        },
        settings::{Backends, RenderResources},
    },
};
use std::{
    sync::{Arc, Mutex, PoisonError},
    thread::JoinHandle,
};

type Answer = Result<RenderResources, String>;

/// A device that was asked for and nobody has taken yet.
static ASKED: Mutex<Option<JoinHandle<Answer>>> = Mutex::new(None);

/// Asks for the device of an app without a window, on a thread: opening a Vulkan driver takes as
/// long as all else does until it is needed.
pub fn ask() {
    let asked = std::thread::spawn(create);
    let before = ASKED
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .replace(asked);
    debug_assert!(before.is_none(), "one device is asked for");
}

/// Waits for a device that was asked for and will not be needed: a process must not end while a
/// driver is being opened.
pub fn decline() {
    let asked = ASKED.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(asked) = asked {
        drop(asked.join());
    }
}

/// The device that was asked for, or one asked for now.
///
/// # Errors
/// When this machine has no graphics adapter, in words.
pub(super) fn take() -> Answer {
    let asked = ASKED.lock().unwrap_or_else(PoisonError::into_inner).take();
    match asked {
        Some(asked) => asked
            .join()
            .unwrap_or_else(|_| Err("the graphics driver failed".to_owned())),
        None => create(),
    }
}

/// As Bevy's `initialize_renderer`, which wants to know what is left out before it says what the
/// adapter is, and ends in a panic where there is none.
fn create() -> Answer {
    let mut wanted = wgpu::InstanceDescriptor::new_without_display_handle_from_env();
    wanted.backends = backends();
    let instance = wgpu::Instance::new(wanted);
    let adapter = bevy::tasks::block_on(adapter(&instance))?;
    let info = adapter.get_info();
    bevy::log::debug!("{info:?}");
    let mut features = adapter.features() - wgpu::Features::all_experimental_mask();
    if info.device_type == wgpu::DeviceType::DiscreteGpu {
        // Such buffers would lie on the far side of the bus.
        features.remove(wgpu::Features::MAPPABLE_PRIMARY_BUFFERS);
    }
    let mut limits = adapter.limits();
    let info = RenderAdapterInfo(WgpuWrapper::new(info));
    if is_processor(&info) {
        // What is not compiled then: ambient occlusion in screen space, atmospheres, filters of
        // environment maps, culling against depth.
        limits.max_storage_textures_per_shader_stage = 0;
    }
    let (device, queue) = bevy::tasks::block_on(adapter.request_device(&wgpu::DeviceDescriptor {
        required_features: features,
        required_limits: limits,
        ..Default::default()
    }))
    .map_err(|error| error.to_string())?;
    Ok(RenderResources(
        RenderDevice::from(device),
        RenderQueue(Arc::new(WgpuWrapper::new(queue))),
        info,
        RenderAdapter(Arc::new(WgpuWrapper::new(adapter))),
        RenderInstance(Arc::new(WgpuWrapper::new(instance))),
    ))
}

/// The one that `WGPU_ADAPTER_NAME` names, or the strongest, or a processor where
/// `WGPU_FORCE_FALLBACK_ADAPTER` is set.
async fn adapter(instance: &wgpu::Instance) -> Result<wgpu::Adapter, String> {
    if let Ok(name) = std::env::var("WGPU_ADAPTER_NAME") {
        let name = name.to_lowercase();
        let all = instance.enumerate_adapters(backends()).await;
        let named = all
            .into_iter()
            .find(|one| one.get_info().name.to_lowercase().contains(&name));
        if let Some(named) = named {
            return Ok(named);
        }
        bevy::log::warn!("no graphics adapter is called {name:?}: the strongest is taken");
    }
    let is_set = |value: String| !["", "0", "false"].contains(&value.as_str());
    let options = wgpu::RequestAdapterOptions {
        force_fallback_adapter: std::env::var("WGPU_FORCE_FALLBACK_ADAPTER").is_ok_and(is_set),
        power_preference: wgpu::PowerPreference::from_env()
            .unwrap_or(wgpu::PowerPreference::HighPerformance),
        ..Default::default()
    };
    let found = instance.request_adapter(&options).await;
    found.map_err(|error| format!("there is no graphics adapter: {error}"))
}

/// Vulkan, Metal or Direct3D 12, or what `WGPU_BACKEND` names. OpenGL, which
/// `bevy_mod_openxr` 0.6 compiles in by wgpu's default features, is left alone: starting it
/// costs time and memory, and wgpu may prefer it to a Vulkan of the processor.
pub(super) fn backends() -> Backends {
    Backends::from_env().unwrap_or(Backends::PRIMARY)
}

/// Leaves out of Bevy's plugins what a processor would do by shaders that compute what it computes sooner,
/// if the device turns out to be one.
pub(crate) fn spared_on_a_processor(plugins: PluginGroupBuilder) -> PluginGroupBuilder {
    plugins
        .add_before::<PbrPlugin>(CountHere)
        .add_after::<PbrPlugin>(ClusterHere)
}

/// What stands where is found by the main thread, not by shaders.
struct CountHere;

impl Plugin for CountHere {
    fn build(&self, app: &mut App) {
        if let Some(render) = app.get_sub_app_mut(RenderApp) {
            // Bevy asks the device anew whenever there is a new one.
            render.add_systems(
                RenderStartup,
                count_here.after(init_gpu_resource::<GpuPreprocessingSupport>),
            );
        }
    }

    /// Before `PbrPlugin`'s, which asks what is supported.
    fn finish(&self, app: &mut App) {
        if loading::is_cpu(app.world())
            && let Some(render) = app.get_sub_app_mut(RenderApp)
        {
            render.insert_resource(GpuPreprocessingSupport {
                max_supported_mode: GpuPreprocessingMode::None,
            });
        }
    }
}

fn count_here(adapter: Res<RenderAdapterInfo>, mut support: ResMut<GpuPreprocessingSupport>) {
    if is_processor(&adapter) {
        support.max_supported_mode = GpuPreprocessingMode::None;
    }
}

/// So is which lights reach it.
struct ClusterHere;

impl Plugin for ClusterHere {
    fn build(&self, _: &mut App) {}

    /// After `PbrPlugin`'s.
    fn finish(&self, app: &mut App) {
        let is_cpu = loading::is_cpu(app.world());
        let settings = app.world_mut().get_resource_mut::<GlobalClusterSettings>();
        if let Some(mut settings) = settings.filter(|_| is_cpu) {
            settings.gpu_clustering = None;
        }
    }
}

/// Lets systems run one after the other, each world's on its thread: waking others for each of 600
/// small systems takes longer than they do, 2 ms of each frame on 16 cores with a graphics card, a
/// tenth of a lean frame where a processor draws. What has much to do divides itself among threads
/// as before.
pub(super) struct OneByOne;

impl Plugin for OneByOne {
    fn build(&self, _: &mut App) {}

    /// Once all schedules are there, and before the renderer goes to its own thread.
    fn finish(&self, app: &mut App) {
        let in_turn = |world: &mut World| {
            for (_, schedule) in world.resource_mut::<Schedules>().iter_mut() {
                schedule.set_executor(SingleThreadedExecutor::new());
            }
        };
        in_turn(app.world_mut());
        if let Some(render) = app.get_sub_app_mut(RenderApp) {
            in_turn(render.world_mut());
        }
    }
}

/// Takes less memory where a processor draws: textures and meshes lie in the same as all else.
pub(super) struct SparedMemory;

impl Plugin for SparedMemory {
    fn build(&self, _: &mut App) {}

    /// Once the device is known.
    fn finish(&self, app: &mut App) {
        if loading::is_cpu(app.world()) {
            app.world().resource::<HandOverPace>().spare_memory();
            loading::share_no_buffers(app);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        exhibit::stage::Stage,
        render::{
            Quality,
            headless::{Extras, Headless},
            loading::tests::wall::{write_picture, write_wall},
        },
    };
    use bevy::{
        math::UVec2,
        render::{
            RenderApp,
            render_resource::{PipelineCache, PipelineDescriptor},
        },
    };

    /// What was compiled, by name.
    fn compiled(headless: &Headless) -> Vec<String> {
        let render = headless.app.get_sub_app(RenderApp);
        let render = render.expect("something draws").world();
        let labels = render.resource::<PipelineCache>().pipelines().map(|one| {
            let label = match &one.descriptor {
                PipelineDescriptor::RenderPipelineDescriptor(own) => &own.label,
                PipelineDescriptor::ComputePipelineDescriptor(own) => &own.label,
            };
            label.as_deref().unwrap_or("unnamed").to_owned()
        });
        labels.collect()
    }

    #[test]
    fn a_processor_compiles_what_a_picture_needs_and_little_else() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        write_wall(folder.path());
        write_picture(&folder.path().join("wall.png"), 64, [200, 90, 40]);
        let stage = Stage::bare(folder.path().join("wall.gltf"));
        let extras = Extras::default();
        let headless = Headless::new(stage, UVec2::new(64, 36), Quality::Low, extras);
        let mut headless = headless.expect("this machine draws");
        headless.load(|_| {});
        headless.look(&headless.first_pose(), headless.field_of_view_rad());
        headless.draw();
        let picture = headless.picture().expect("a frame was drawn");
        let colors: std::collections::BTreeSet<_> = picture.pixels().map(|own| own.0).collect();
        assert!(colors.len() > 1, "the model is seen: {colors:?}");
        let compiled = compiled(&headless);
        assert!(
            compiled.iter().any(|one| one.contains("opaque_mesh")),
            "what draws it is compiled: {compiled:?}"
        );
        if headless.is_cpu() {
            let idle: Vec<_> = compiled
                .iter()
                .filter(|one| {
                    [
                        "ssao",
                        "lut",
                        "occlusion",
                        "cluster",
                        "downsampl",
                        "preprocess",
                    ]
                    .iter()
                    .any(|what| one.to_lowercase().contains(what))
                })
                .collect();
            assert!(idle.is_empty(), "nobody asked for {idle:?}");
            assert!(compiled.len() <= 8, "and nothing new: {compiled:?}");
        }
    }
}
