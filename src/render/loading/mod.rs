//! Loads the stage's models on worker threads and hands them to Bevy, a slice a frame.
//!
//! A model that cannot be read becomes a calm placeholder with its name; the rest of the
//! exhibit goes on. Start at [`start_loading`]: it starts the threads of `read`; `receive`
//! takes what they send; `hand_over` makes entities of it within a budget a frame.

mod change_over;
mod hand_over;
mod materials;
mod missing;
mod pace;
mod placeholder;
mod read;
mod receive;
#[cfg(test)]
pub(crate) mod tests;

pub use crate::exhibit::stage::CurrentStage;
pub(super) use change_over::Leaving;
pub use materials::scan_light;
pub use pace::HandOverPace;
pub use read::{BARE_FOV_RAD, start_loading};
pub(super) use read::{Wishes, receive_from, start_reading};

use super::{Quality, feed::Feed, scan::ScanLayer};
use crate::{
    bake::{Facing, TextureCompression, collide::Collider},
    exhibit::{orbit::Orbit, visitor::Rock},
};
use bevy::{
    prelude::*,
    render::{
        RenderApp,
        mesh::allocator::MeshAllocatorSettings,
        render_resource::WgpuFeatures,
        renderer::{RenderAdapterInfo, RenderDevice},
        slab_allocator::SlabAllocatorSettings,
    },
};
use hand_over::HandOver;
use read::{Decoded, DecodedImage};
use std::{
    collections::{BTreeMap, VecDeque},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
        mpsc::Receiver,
    },
};

pub(super) fn plugin(app: &mut App) {
    if let Some(render) = app.get_sub_app_mut(RenderApp) {
        render.insert_resource(slabs());
    }
    app.init_resource::<Loading>()
        .init_resource::<HandOverPace>()
        .init_resource::<Rock>()
        .add_message::<ModelLoaded>()
        .add_plugins(missing::plugin)
        .add_systems(
            PreUpdate,
            (
                pace::keep_pace,
                receive::receive_models,
                hand_over::hand_over,
                receive::receive_images,
                receive::receive_rock,
                change_over::change_over,
            )
                .chain()
                .in_set(LoadingSystems::HandOver),
        );
}

/// The buffers that meshes share. Bevy's grow to 512 MiB, and whenever one grows all of it is
/// copied, at half as much again: a model of ten million triangles moved three times, in memory
/// twice. Smaller ones are full before that costs a frame.
fn slabs() -> MeshAllocatorSettings {
    MeshAllocatorSettings {
        slab_allocator_settings: SlabAllocatorSettings {
            max_slab_size: 32 << 20,
            large_threshold: 16 << 20,
            growth_factor: 2.0,
            ..default()
        },
        ..default()
    }
}

/// On a processor each mesh gets buffers of its own: Bevy keeps 4 MiB of books on each buffer that meshes share, and
/// a processor draws no sooner from one than from many.
pub(super) fn share_no_buffers(app: &mut App) {
    if let Some(render) = app.get_sub_app_mut(RenderApp)
        && let Some(mut settings) = render
            .world_mut()
            .get_resource_mut::<MeshAllocatorSettings>()
    {
        settings.slab_allocator_settings.large_threshold = 0;
    }
}

/// When models arrive.
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LoadingSystems {
    /// Decoded data becomes entities and assets.
    HandOver,
}

/// Bytes that may go to the GPU in one frame while visitors look on. One asset always goes,
/// however large; 64 MiB take 10 ms at the 6 GB/s of a PCI Express 3.0 x8 slot.
pub const UPLOAD_BYTES_A_FRAME: usize = 64 << 20;

/// The root entity of a placed mesh.
#[derive(Component, Debug, Clone, PartialEq, Eq)]
pub struct PlacedMesh {
    /// The author's id.
    pub id: String,
    /// Index into [`Stage::meshes`](crate::exhibit::stage::Stage::meshes).
    pub index: usize,
}

/// The material a part was given, by its name in the file.
#[derive(Component, Debug, Clone, PartialEq, Eq)]
pub struct MaterialName(pub String);

/// A model is whole, or its placeholder stands.
#[derive(Message, Debug, Clone)]
pub struct ModelLoaded {
    /// Index into [`Stage::meshes`](crate::exhibit::stage::Stage::meshes).
    pub index: usize,
    /// Bounds in world, when it has any.
    pub bounds: Option<(Vec3, Vec3)>,
    /// Triangles.
    pub triangles: usize,
    /// Why there is only a placeholder.
    pub error: Option<String>,
}

/// How far loading is.
#[derive(Resource, Default)]
pub struct Loading {
    models: Option<Mutex<Receiver<Decoded>>>,
    images: Option<Mutex<Receiver<DecodedImage>>>,
    rock: Option<Mutex<Receiver<Collider>>>,
    feed: Feed,
    /// Where surfaces are and which way they face, by their indices.
    facings: BTreeMap<usize, Facing>,
    /// A panorama on its way to the GPU.
    sky: Option<Handle<Image>>,
    waiting: VecDeque<HandOver>,
    models_open: usize,
    images_open: usize,
    total_permille: u32,
    permille: Vec<Arc<AtomicU32>>,
    /// What went wrong, in words.
    pub problems: Vec<String>,
    /// Bounds of everything shown, in world.
    pub bounds: Option<(Vec3, Vec3)>,
    /// Where to look at a bare model from.
    pub orbit: Option<Orbit>,
    /// Triangles handed over.
    pub triangles: usize,
    /// Bytes of textures handed over.
    pub texture_bytes: usize,
    /// Bytes of vertices and indices handed over.
    pub mesh_bytes: usize,
}

impl Loading {
    /// Everything is on its way to the GPU.
    pub fn is_done(&self) -> bool {
        self.is_handed_over() && self.rock.is_none()
    }

    /// All that is shown is; what visitors bump into may still be read.
    fn is_handed_over(&self) -> bool {
        self.models_open == 0
            && self.images_open == 0
            && self.waiting.is_empty()
            && self.feed.is_empty()
    }

    /// One image more is on its way, for tests, until [`Loading::let_go`].
    #[cfg(test)]
    pub(crate) fn hold(&mut self) {
        self.images_open += 1;
    }

    /// Takes back what [`Loading::hold`] did.
    #[cfg(test)]
    pub(crate) fn let_go(&mut self) {
        self.images_open -= 1;
    }

    /// 0 to 1.
    pub fn fraction(&self) -> f32 {
        if self.is_done() || self.total_permille == 0 {
            return if self.is_done() { 1.0 } else { 0.0 };
        }
        let read: u32 = self
            .permille
            .iter()
            .map(|permille| permille.load(Ordering::Relaxed))
            .sum();
        read as f32 / self.total_permille as f32
    }
}

/// Images of the layers of the surfaces, as they arrive.
#[derive(Component, Debug, Clone)]
pub struct SurfaceImages {
    /// Index into [`Stage::surfaces`](crate::exhibit::stage::Stage::surfaces).
    pub surface: usize,
    /// Images a layer, in the author's order.
    pub layers: Vec<ScanLayer>,
}

/// Visitors are to bump into the rock: colliders are built while loading.
#[derive(Resource, Debug, Clone, Copy, Default)]
pub struct WantsCollision(pub bool);

/// Which layers of the surfaces are read.
#[derive(Resource, Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LayersWanted {
    /// All: a visitor may ask for any of them.
    #[default]
    All,
    /// Those shown first: pictures and films need no more, at half the memory.
    Shown,
}

/// How textures are kept and sampled on the GPU; by the machine where this resource is missing.
#[derive(Resource, Debug, Clone, Copy, PartialEq, Eq)]
pub struct Textures {
    /// What decoded images become.
    pub compression: TextureCompression,
    /// The GPU samples BC formats.
    pub has_bc: bool,
    /// Samples along the steepest direction.
    pub anisotropy: u16,
}

impl Textures {
    /// Blocks where a GPU samples them in hardware. A processor would unpack a block for
    /// every sample, which costs more than the memory it saves.
    pub fn of(world: &World) -> Self {
        if let Some(chosen) = world.get_resource::<Self>() {
            return *chosen;
        }
        let features = world
            .get_resource::<RenderDevice>()
            .map(RenderDevice::features);
        let quality = world.get_resource::<Quality>().copied();
        Self::on(
            features.unwrap_or(WgpuFeatures::empty()),
            is_cpu(world),
            quality.unwrap_or(Quality::Medium),
        )
    }

    /// The same, for an app that is yet to be made.
    pub(in crate::render) fn on(
        features: WgpuFeatures,
        is_processor: bool,
        quality: Quality,
    ) -> Self {
        let pays = features.contains(WgpuFeatures::TEXTURE_COMPRESSION_BC) && !is_processor;
        Self {
            compression: if pays {
                TextureCompression::Blocks
            } else {
                TextureCompression::None
            },
            has_bc: pays,
            // Mesa's llvmpipe (22 to 25) filters anisotropically by walking every texel below
            // a pixel: where a triangle crosses the near plane that is the whole texture, a
            // thousand times over, and the frame never ends.
            anisotropy: if is_processor {
                1
            } else {
                quality.anisotropy()
            },
        }
    }
}

/// The graphics device is a processor: pictures take long.
pub fn is_cpu(world: &World) -> bool {
    world
        .get_resource::<RenderAdapterInfo>()
        .is_some_and(is_processor)
}

/// The graphics device is a processor.
pub(super) fn is_processor(info: &RenderAdapterInfo) -> bool {
    // Bevy does not re-export the enum; its name is stable.
    format!("{:?}", info.device_type) == "Cpu"
}
