//! On a processor, scans are drawn without the triangles that win no pixel ([`pick`]).
//!
//! While the main thread goes on with its frame, a thread that has nothing else to do looks at what
//! is in view; before the device is told what to draw, what it found takes the place of the indices
//! that the device has. A graphics card leaves out triangles sooner than they could be told to it, and
//! draws them all.

mod depth;
mod pick;
mod shape;

use super::{loading, scan::ScanMaterial};
use bevy::{
    asset::AssetId,
    camera::{primitives::Aabb, visibility::VisibilitySystems},
    math::{Vec3A, ops},
    prelude::*,
    render::{
        Extract, ExtractSchedule, Render, RenderApp, RenderSystems,
        batching::gpu_preprocessing::{GpuPreprocessingMode, GpuPreprocessingSupport},
        mesh::{RenderMesh, RenderMeshBufferInfo, allocator::MeshAllocator},
        render_asset::RenderAssets,
        render_resource::IndexFormat,
        renderer::{RenderAdapterInfo, RenderQueue},
    },
};
use depth::{MARGIN_PX, Placed};
use pick::Picker;
pub(super) use shape::Shape;
use std::{
    collections::HashMap,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        mpsc::{Receiver, Sender, channel},
    },
};

/// One frame's.
type Work = pick::Work<AssetId<Mesh>>;

/// Whether what is read from now on is looked at where a processor draws. Pays where there is more
/// than one picture.
#[derive(Resource, Debug, Clone, Copy, Default)]
pub struct SeenWanted(pub bool);

/// What an entity's mesh is made of, where it may be drawn in part.
#[derive(Component, Debug, Clone)]
pub(super) struct Looked(pub(super) Option<Arc<Shape>>);

/// Of a triangle on average, pixels: where it covers more, looking at it costs more than drawing it.
const LARGE_PX: f32 = 24.0;
/// How much of the margin may go to sums worked out in another order, pixels; a 512th goes to rounding.
const ROUNDING_PX: f32 = MARGIN_PX - 1.0 / 512.0;
/// What such sums may be off by, share of the largest number in them.
const ROUNDING: f32 = 8.0 * f32::EPSILON;

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<SeenWanted>();
    let Some(render) = app.get_sub_app_mut(RenderApp) else {
        return;
    };
    let hand = Hand(Arc::default());
    render
        .insert_resource(hand.clone())
        .add_systems(ExtractSchedule, take)
        // The device has its meshes, and is not told yet what to draw.
        .add_systems(Render, tell.in_set(RenderSystems::PrepareBindGroups));
    app.insert_resource(hand).add_systems(
        PostUpdate,
        look.after(VisibilitySystems::CheckVisibility)
            .after(super::detail::ChoosesLevels),
    );
}

/// From the main world's hand to the renderer's.
#[derive(Resource, Clone)]
struct Hand(Arc<Mutex<Passing>>);

#[derive(Default)]
struct Passing {
    /// To the thread that looks, once there is something to look at.
    line: Option<Line>,
    /// Frames that were sent and not taken by the renderer.
    sent: usize,
    /// Frames that the renderer is to wait for.
    taken: usize,
    /// Of the last frame some was not on the device yet.
    is_late: bool,
    /// Memory for the next frame.
    spare: Option<Work>,
}

struct Line {
    to_look: Sender<Work>,
    looked: Receiver<Work>,
}

impl Line {
    /// None where no thread can be had: everything is drawn whole.
    fn start() -> Option<Self> {
        let (to_look, work) = channel::<Work>();
        let (done, looked) = channel();
        let look = move || {
            let mut picker = Picker::new();
            for mut work in work {
                // A bug here costs time, never a part of the picture.
                let pick = AssertUnwindSafe(|| {
                    let picker = picker.as_mut()?;
                    picker.pick(&mut work);
                    Some(())
                });
                if !matches!(catch_unwind(pick), Ok(Some(()))) {
                    picker = None;
                    work.picked.clear();
                    let parts = work.parts.drain(..);
                    work.whole.extend(parts.map(|part| (part.key, part.shape)));
                }
                if done.send(work).is_err() {
                    break;
                }
            }
        };
        let thread = std::thread::Builder::new().name("what is seen".to_owned());
        thread.spawn(look).ok()?;
        Some(Self { to_look, looked })
    }
}

impl Hand {
    fn lock(&self) -> MutexGuard<'_, Passing> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The one that sees, and how.
struct Seer {
    size: UVec2,
    clip_from_world: Mat4,
    in_world: Vec3A,
    near_m: f32,
    /// A metre at a metre's distance, pixels.
    focal_px: f32,
}

impl Seer {
    fn of(camera: &Camera, at: &GlobalTransform) -> Option<Self> {
        let size = camera.physical_viewport_size()?;
        let clip_from_view = camera.clip_from_view();
        // A perspective, as Bevy's are: depth falls from 1 to 0.
        let is_known = clip_from_view.z_axis.w == -1.0 && clip_from_view.z_axis.z == 0.0;
        is_known.then(|| Self {
            size,
            clip_from_world: clip_from_view * at.to_matrix().inverse(),
            in_world: at.translation_vec3a(),
            near_m: clip_from_view.w_axis.z,
            focal_px: clip_from_view.y_axis.y * size.y as f32 / 2.0,
        })
    }

    /// The depth of what is so near that it may be further off where it is drawn than it may be.
    fn shown_from(&self, part: &Aabb, world_from_part: &GlobalTransform) -> f32 {
        let affine = world_from_part.affine();
        let reach = part.half_extents.length() + part.center.length();
        let scale = affine
            .matrix3
            .x_axis
            .length()
            .max(affine.matrix3.y_axis.length());
        let scale = scale.max(affine.matrix3.z_axis.length());
        let largest = affine.translation.length() + reach * scale + self.in_world.length();
        let near_m = largest * ROUNDING * self.focal_px / ROUNDING_PX;
        self.near_m / near_m.max(self.near_m)
    }

    /// Whether triangles of `area_m2` on average are small where the part is.
    fn sees_small(&self, area_m2: f32, part: &Aabb, world_from_part: &GlobalTransform) -> bool {
        let affine = world_from_part.affine();
        let center = affine.transform_point3a(part.center);
        let scale = affine.matrix3.determinant().abs();
        let distance = (center - self.in_world).length().max(self.near_m);
        let px = self.focal_px / distance;
        area_m2 * ops::powf(scale, 2.0 / 3.0) * px * px < LARGE_PX
    }
}

/// Finds out when nothing moves.
#[derive(Default)]
struct Still {
    size: UVec2,
    parts: Vec<(AssetId<Mesh>, Mat4)>,
    whole: Vec<AssetId<Mesh>>,
    pictures: u32,
}

impl Still {
    /// What was picked for the picture before hides more than for the one before that: the third is
    /// as good as any.
    const SETTLED: u32 = 3;

    fn is_as_before(&mut self, work: &Work) -> bool {
        let parts = work
            .parts
            .iter()
            .map(|part| (part.key, part.clip_from_part));
        let whole = work.whole.iter().map(|(mesh, _)| *mesh);
        let is_same = self.size == work.size
            && self.parts.iter().copied().eq(parts.clone())
            && self.whole.iter().copied().eq(whole.clone());
        if is_same {
            self.pictures = (self.pictures + 1).min(Self::SETTLED);
        } else {
            self.pictures = 0;
            self.size = work.size;
            self.parts.clear();
            self.parts.extend(parts);
            self.whole.clear();
            self.whole.extend(whole);
        }
        self.pictures == Self::SETTLED
    }
}

/// A processor that rounds places within the margin. SwiftShader rounds them to a 16th of a pixel.
fn is_known_to_round(adapter: &RenderAdapterInfo) -> bool {
    loading::is_processor(adapter) && !adapter.name.contains("SwiftShader")
}

fn look(
    hand: Res<Hand>,
    wanted: Res<SeenWanted>,
    adapter: Option<Res<RenderAdapterInfo>>,
    cameras: Query<(&Camera, &GlobalTransform, &Msaa), With<Camera3d>>,
    parts: Query<(
        &Mesh3d,
        &Looked,
        &GlobalTransform,
        &Aabb,
        &ViewVisibility,
        &MeshMaterial3d<ScanMaterial>,
    )>,
    materials: Res<Assets<ScanMaterial>>,
    lights: (
        Query<&PointLight>,
        Query<&SpotLight>,
        Query<&DirectionalLight>,
    ),
    mut is_known: Local<Option<bool>>,
    mut uses: Local<HashMap<AssetId<Mesh>, usize>>,
    mut still: Local<Still>,
) {
    if !wanted.0 || parts.is_empty() {
        return;
    }
    let Some(adapter) = adapter else { return };
    if !*is_known.get_or_insert_with(|| is_known_to_round(&adapter)) {
        return;
    }
    let mut seers = cameras.iter().filter(|(camera, ..)| camera.is_active);
    // Who sees from two places at once, or by several samples a pixel, sees more than is looked at.
    let seer = match (seers.next(), seers.next()) {
        (Some((camera, at, Msaa::Off)), None) => Seer::of(camera, at),
        _ => None,
    };
    // So does a light that casts shadows.
    let casts = lights.0.iter().any(|light| light.shadow_maps_enabled)
        || lights.1.iter().any(|light| light.shadow_maps_enabled)
        || lights.2.iter().any(|light| light.shadow_maps_enabled);
    let seer = seer.filter(|_| !casts);
    let mut passing = hand.lock();
    let mut work = passing.spare.take().unwrap_or_default();
    uses.clear();
    for (mesh, _, _, _, is_visible, _) in &parts {
        if is_visible.get() {
            *uses.entry(mesh.id()).or_default() += 1;
        }
    }
    for (mesh, looked, at, aabb, is_visible, material) in &parts {
        let (true, Some(shape)) = (is_visible.get(), &looked.0) else {
            continue;
        };
        let material = materials.get(&material.0);
        let placed = seer.as_ref().and_then(|seer| {
            let material = material?;
            let is_alone = uses.get(&mesh.id()) == Some(&1);
            let is_opaque = material.alpha_mode == AlphaMode::Opaque;
            // A mirrored one shows its other side.
            let is_plain = at.affine().matrix3.determinant() > 0.0;
            let is_small = seer.sees_small(shape.mean_area_m2(), aabb, at);
            (is_alone && is_opaque && is_plain && is_small).then(|| Placed {
                key: mesh.id(),
                shape: shape.clone(),
                clip_from_part: seer.clip_from_world * at.to_matrix(),
                is_double_sided: material.is_double_sided,
                shown_from: seer.shown_from(aabb, at),
            })
        });
        match placed {
            Some(placed) => work.parts.push(placed),
            None => work.whole.push((mesh.id(), shape.clone())),
        }
    }
    work.size = seer.map_or(UVec2::ZERO, |seer| seer.size);
    let is_late = std::mem::take(&mut passing.is_late);
    if still.is_as_before(&work) && !is_late {
        work.clear();
        passing.spare = Some(work);
        return;
    }
    if passing.line.is_none() {
        passing.line = Line::start();
    }
    if let Some(line) = &passing.line
        && line.to_look.send(work).is_ok()
    {
        passing.sent += 1;
    }
}

/// The renderer takes the frames that were sent until now.
fn take(hand: Extract<Res<Hand>>) {
    let mut passing = hand.lock();
    passing.taken += std::mem::take(&mut passing.sent);
}

/// Puts what is seen in the place of a mesh's indices.
fn tell(
    hand: Res<Hand>,
    queue: Res<RenderQueue>,
    allocator: Res<MeshAllocator>,
    support: Option<Res<GpuPreprocessingSupport>>,
    mut meshes: ResMut<RenderAssets<RenderMesh>>,
) {
    let mut passing = hand.lock();
    let mut last = None;
    for _ in 0..std::mem::take(&mut passing.taken) {
        last = passing
            .line
            .as_ref()
            .and_then(|line| line.looked.recv().ok());
    }
    let Some(mut work) = last else { return };
    // Elsewhere how much is drawn is known to a shader.
    let is_known = support.is_some_and(|own| own.max_supported_mode == GpuPreprocessingMode::None);
    if is_known {
        let in_part = |meshes: &RenderAssets<RenderMesh>, mesh, shape: &Shape| {
            let drawn = meshes.get(mesh).map(|mesh| &mesh.buffer_info);
            matches!(drawn, Some(RenderMeshBufferInfo::Indexed { count, .. })
                if (*count as usize) < shape.count() * 3)
        };
        let mut put = |meshes: &mut RenderAssets<RenderMesh>, mesh, triangles, bytes: &[u8]| {
            passing.is_late |= !put(meshes, &allocator, &queue, mesh, triangles, bytes);
        };
        for picked in &work.picked {
            put(&mut meshes, picked.key, picked.triangles, &picked.bytes);
        }
        for (mesh, shape) in &work.whole {
            if in_part(&meshes, *mesh, shape) {
                put(&mut meshes, *mesh, shape.count() as u32, &shape.whole());
            }
        }
    }
    work.clear();
    passing.spare = Some(work);
}

/// False where the mesh is not on the device, or is another one.
fn put(
    meshes: &mut RenderAssets<RenderMesh>,
    allocator: &MeshAllocator,
    queue: &RenderQueue,
    mesh: AssetId<Mesh>,
    triangles: u32,
    bytes: &[u8],
) -> bool {
    let (Some(slice), Some(own)) = (allocator.mesh_index_slice(&mesh), meshes.get_mut(mesh)) else {
        return false;
    };
    let RenderMeshBufferInfo::Indexed {
        count,
        index_format,
    } = &mut own.buffer_info
    else {
        return false;
    };
    let index_bytes = match index_format {
        IndexFormat::Uint16 => 2,
        IndexFormat::Uint32 => 4,
    };
    let start = u64::from(slice.range.start) * index_bytes;
    let end = u64::from(slice.range.end) * index_bytes;
    if start % 4 != 0 || start + bytes.len() as u64 > end {
        return false;
    }
    if !bytes.is_empty() {
        queue.write_buffer(slice.buffer, start, bytes);
    }
    *count = triangles * 3;
    true
}

#[cfg(test)]
pub(crate) mod tests;
