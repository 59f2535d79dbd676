//! Level of detail: what is far away is drawn with fewer triangles.
//!
//! While the exhibit is shown, threads make coarser levels of each part of its scans
//! ([`crate::bake::coarser`]); once a frame, and once for both eyes, each part gets the coarsest
//! level that is wrong by less than [`wrong_px`] where it is seen. Pictures and films of tours are
//! drawn with every triangle.

use super::{
    Quality,
    loading::{HandOverPace, Leaving, Loading, LoadingSystems},
    seen::{Looked, Shape},
    upload::{Fine, PreparedDraw},
};
use crate::bake::coarser::coarser;
use bevy::{
    camera::{CameraUpdateSystems, primitives::Aabb},
    math::Vec3A,
    prelude::*,
};
use std::{
    collections::BTreeMap,
    convert::Infallible,
    num::NonZero,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, RecvError, Sender, TryRecvError, channel},
    },
};

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<DetailWanted>().add_systems(
        PreUpdate,
        receive
            .after(LoadingSystems::HandOver)
            .run_if(resource_exists::<Arriving>),
    );
    app.add_systems(
        PostUpdate,
        choose
            .in_set(ChoosesLevels)
            .after(CameraUpdateSystems)
            .after(TransformSystems::Propagate),
    );
}

/// After this it is settled which meshes are drawn.
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ChoosesLevels;

/// Whether coarser levels are made of what is read from now on.
#[derive(Resource, Debug, Clone, Copy, Default)]
pub struct DetailWanted(pub bool);

/// Pixels by which a level may be wrong at its worst place. Less than half of one stays within what
/// smoothing edges does to them anyway. In [`Quality::Low`] nothing is smoothed: its one sample a
/// pixel is off by as much as a level that is wrong by one (measured in `docs/performance.md`).
fn wrong_px(quality: Option<&Quality>) -> f32 {
    match quality {
        Some(Quality::Low) => 1.0,
        _ => 0.5,
    }
}

/// A coarser level is taken only where it is wrong by less than this share of what it may be:
/// who stands at a border sees nothing change to and fro.
const RELUCTANCE: f32 = 0.8;
/// Parts that become coarser in one frame; finer ones do at once.
const COARSENED_A_FRAME: usize = 16;
/// Bytes of levels handed to the graphics device in one frame at most.
const BYTES_A_FRAME: usize = 2 << 20;
/// Frames with everything in them before levels are made: the first pictures have the machine to
/// themselves.
const SHOWN_BEFORE: u32 = 8;
/// A seer that moved less than this sees the same, metres.
const STEP_M: f32 = 0.02;

/// Which draw of which model an entity shows.
#[derive(Component, Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct DrawOf {
    pub(super) model: usize,
    pub(super) draw: usize,
}

/// The way to the threads that make levels.
#[derive(Clone)]
pub(super) struct Coarsening {
    work: Sender<(DrawOf, Fine)>,
}

/// Levels of a draw, finest first.
struct Arrived {
    of: DrawOf,
    levels: Vec<Level>,
}

struct Level {
    mesh: Mesh,
    bytes: usize,
    error_m: f32,
    shape: Option<Arc<Shape>>,
}

/// Where levels arrive; gone when all have. Those of what was read before are waited for no longer
/// when there is another.
#[derive(Resource)]
pub(super) struct Arriving {
    receiver: Mutex<Receiver<Arrived>>,
    /// One that did not fit into the last frame.
    next: Option<Arrived>,
    /// Held until levels may be made.
    gate: Option<Sender<Infallible>>,
    /// Frames with everything in them until it is opened; `None` where [`open_gate`] does it.
    opens_in: Option<u32>,
}

impl Coarsening {
    /// Threads that make levels of what is read from now on, and where they arrive.
    ///
    /// They wait until everything is shown: who waits for a picture is not to wait for its levels.
    pub(super) fn new() -> (Self, Arriving) {
        let (work, waiting) = channel();
        let (send, receiver) = channel();
        let (gate, opening) = channel();
        let (waiting, opening) = (Arc::new(Mutex::new(waiting)), Arc::new(Mutex::new(opening)));
        for _ in 0..threads() {
            let (waiting, opening) = (waiting.clone(), opening.clone());
            let send = send.clone();
            let make = move || {
                // Nothing can come: it ends when the gate is dropped.
                let Err(_) = next(&opening);
                while let Ok((of, fine)) = next(&waiting) {
                    // A fault in one part leaves it whole, and the others their levels.
                    let made = catch_unwind(AssertUnwindSafe(|| levels(&fine)));
                    let levels = made.unwrap_or_default();
                    // Nobody listens when the exhibit was read anew.
                    if !levels.is_empty() && send.send(Arrived { of, levels }).is_err() {
                        break;
                    }
                }
            };
            let thread = std::thread::Builder::new().name("levels of detail".to_owned());
            if let Err(error) = thread.spawn(make) {
                warn!("fewer threads make coarser levels of what is far away: {error}");
            }
        }
        let arriving = Arriving {
            receiver: Mutex::new(receiver),
            next: None,
            gate: Some(gate),
            opens_in: Some(SHOWN_BEFORE),
        };
        (Self { work }, arriving)
    }

    /// Makes levels of a model's draws.
    pub(super) fn start(&self, model: usize, fine: Vec<Fine>) {
        for own in fine {
            let of = DrawOf {
                model,
                draw: own.draw,
            };
            // Without a thread all of it is drawn with every triangle.
            drop(self.work.send((of, own)));
        }
    }
}

/// Half of what there is: visitors look on meanwhile, and the others are theirs. Each needs memory.
fn threads() -> usize {
    let all = std::thread::available_parallelism().map_or(1, NonZero::get);
    (all / 2).clamp(1, 4)
}

/// The next that one of several threads is to take.
fn next<T>(from: &Mutex<Receiver<T>>) -> Result<T, RecvError> {
    from.lock().unwrap_or_else(PoisonError::into_inner).recv()
}

fn levels(own: &Fine) -> Vec<Level> {
    coarser(&own.primitive)
        .into_iter()
        .filter_map(|level| {
            let PreparedDraw {
                mesh, bytes, shape, ..
            } = own.level(level.primitive);
            Some(Level {
                mesh: mesh?,
                bytes,
                error_m: level.error_m,
                shape,
            })
        })
        .collect()
}

/// Levels are still being made.
pub(super) fn is_arriving(world: &World) -> bool {
    world.contains_resource::<Arriving>()
}

/// Levels may be made now.
pub(super) fn open_gate(world: &mut World) {
    if let Some(mut arriving) = world.get_resource_mut::<Arriving>() {
        arriving.gate = None;
    }
}

impl Arriving {
    /// Until [`open_gate`] every triangle is drawn, however long that takes.
    pub(super) fn held(mut self) -> Self {
        self.opens_in = None;
        self
    }

    fn take(&mut self) -> Result<Arrived, TryRecvError> {
        match self.next.take() {
            Some(next) => Ok(next),
            None => self
                .receiver
                .get_mut()
                .unwrap_or_else(PoisonError::into_inner)
                .try_recv(),
        }
    }
}

/// The levels of an entity's mesh.
#[derive(Component, Debug, Clone)]
pub(super) struct Levels {
    /// The whole first.
    meshes: Vec<Handle<Mesh>>,
    /// What each is looked at by.
    shapes: Vec<Option<Arc<Shape>>>,
    /// How far each is from the whole, metres of the mesh's own frame.
    errors_m: Vec<f32>,
    /// The one that is shown.
    at: usize,
}

/// Takes what a frame may take, once all that is shown is there.
fn receive(
    mut commands: Commands,
    mut arriving: ResMut<Arriving>,
    loading: Res<Loading>,
    pace: Res<HandOverPace>,
    mut meshes: ResMut<Assets<Mesh>>,
    leaving: Query<(), With<Leaving>>,
    parts: Query<(Entity, &DrawOf, &Mesh3d, Option<&Looked>)>,
) {
    if !loading.is_done() || !leaving.is_empty() {
        return;
    }
    arriving.opens_in = arriving.opens_in.map(|frames| frames.saturating_sub(1));
    if arriving.opens_in == Some(0) {
        arriving.gate = None;
    }
    let mut left = pace.left().min(BYTES_A_FRAME);
    let whole_frame = left;
    let mut arrived = BTreeMap::new();
    loop {
        let Arrived { of, levels } = match arriving.take() {
            Ok(arrived) => arrived,
            Err(TryRecvError::Empty) => break,
            // Every thread is done, and all is taken.
            Err(TryRecvError::Disconnected) => {
                commands.remove_resource::<Arriving>();
                break;
            }
        };
        let bytes: usize = levels.iter().map(|level| level.bytes).sum();
        if bytes > left && left < whole_frame {
            arriving.next = Some(Arrived { of, levels });
            break;
        }
        left = left.saturating_sub(bytes);
        pace.take(bytes);
        let levels: Vec<_> = levels
            .into_iter()
            .map(|level| (meshes.add(level.mesh), (level.shape, level.error_m)))
            .collect();
        arrived.insert(of, levels);
        if left == 0 {
            break;
        }
    }
    if arrived.is_empty() {
        return;
    }
    for (entity, of, mesh, looked) in &parts {
        if let Some(levels) = arrived.get(of) {
            let shape = looked.and_then(|looked| looked.0.clone());
            let whole = std::iter::once((mesh.0.clone(), (shape, 0.0)));
            let levels = whole.chain(levels.iter().cloned());
            let (meshes, (shapes, errors_m)) = levels.unzip();
            commands.entity(entity).insert(Levels {
                meshes,
                shapes,
                errors_m,
                at: 0,
            });
        }
    }
}

/// Who sees: an eye, or a monitor's camera.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Seer {
    in_world: Vec3,
    /// How far a level may be wrong in the middle of the picture, at a distance of 1.
    wrong: f32,
}

impl Seer {
    fn of(camera: &Camera, at: &GlobalTransform, wrong_px: f32) -> Option<Self> {
        let height = camera.physical_viewport_size()?.y;
        let scale = camera.clip_from_view().y_axis.y;
        (camera.is_active && height > 0 && scale > 0.0).then(|| Self {
            in_world: at.translation(),
            wrong: wrong_px * 2.0 / (scale * height as f32),
        })
    }

    fn sees_as(&self, other: &Self) -> bool {
        self.wrong == other.wrong
            && self.in_world.distance_squared(other.in_world) < STEP_M * STEP_M
    }

    /// How far a part at `world_from_part` may be off, in its own metres.
    fn allows_m(&self, part: &Aabb, world_from_part: &GlobalTransform) -> f32 {
        let affine = world_from_part.affine();
        let scale = [affine.x_axis, affine.y_axis, affine.z_axis].map(|axis| axis.length());
        let least = scale.into_iter().fold(f32::INFINITY, f32::min);
        let most = scale.into_iter().fold(0.0, f32::max);
        let in_part = affine.inverse().transform_point3a(self.in_world.into());
        let outside = ((in_part - part.center).abs() - part.half_extents).max(Vec3A::ZERO);
        self.wrong * outside.length() * least / most.max(f32::MIN_POSITIVE)
    }
}

/// The level to show where a part may be off by `allowed_m`, `now` being shown.
fn pick(errors_m: &[f32], now: usize, allowed_m: f32) -> usize {
    let coarsest = |allowed_m: f32| {
        let within = |error_m: &f32| *error_m <= allowed_m;
        errors_m.iter().rposition(within).unwrap_or(0)
    };
    let finer = coarsest(allowed_m);
    if finer < now {
        return finer;
    }
    coarsest(allowed_m * RELUCTANCE).max(now)
}

fn choose(
    cameras: Query<(&Camera, &GlobalTransform), With<Camera3d>>,
    mut parts: Query<(
        &mut Levels,
        &mut Mesh3d,
        Option<&mut Looked>,
        &Aabb,
        &GlobalTransform,
    )>,
    arriving: Option<Res<Arriving>>,
    quality: Option<Res<Quality>>,
    mut last: Local<Vec<Seer>>,
    mut is_unfinished: Local<bool>,
) {
    if parts.is_empty() {
        return;
    }
    let wrong_px = wrong_px(quality.as_deref());
    let seers = || {
        cameras
            .iter()
            .filter_map(|(camera, at)| Seer::of(camera, at, wrong_px))
    };
    let is_still = last.len() == seers().count()
        && seers()
            .zip(last.iter())
            .all(|(now, then)| now.sees_as(then));
    if is_still && !*is_unfinished && arriving.is_none() {
        return;
    }
    if !is_still {
        last.clear();
        last.extend(seers());
    }
    if last.is_empty() {
        return;
    }
    let mut left = COARSENED_A_FRAME;
    // Once more when the last has arrived.
    *is_unfinished = arriving.is_some();
    for (mut levels, mut mesh, looked, aabb, at) in &mut parts {
        let allowed_m = last
            .iter()
            .map(|seer| seer.allows_m(aabb, at))
            .fold(f32::INFINITY, f32::min);
        let wanted = pick(&levels.errors_m, levels.at, allowed_m);
        if wanted == levels.at {
            continue;
        }
        if wanted > levels.at {
            if left == 0 {
                *is_unfinished = true;
                continue;
            }
            left -= 1;
        }
        mesh.0 = levels.meshes[wanted].clone();
        if let Some(mut looked) = looked {
            looked.0.clone_from(&levels.shapes[wanted]);
        }
        levels.at = wanted;
    }
}

#[cfg(test)]
mod tests;
