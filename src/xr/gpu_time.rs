//! How long the graphics device works on a frame: two timestamps around everything that is
//! drawn, read some frames later, when they are there.
//!
//! And how far it may lag behind: one frame. Runtimes hold an app back in `xrWaitFrame`, but
//! not all of them look at the device; on an H100 that took 96 ms a frame, a runtime that does
//! not let 22 frames queue up, and visitors would have seen where their head was two seconds ago.

use bevy::{
    prelude::*,
    render::{
        Render, RenderApp, RenderStartup, RenderSystems,
        render_resource::{Buffer, BufferDescriptor, BufferUsages, CommandEncoderDescriptor},
        renderer::{
            PendingCommandBuffers, RenderDevice, RenderGraph, RenderGraphSystems, RenderQueue,
        },
    },
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use wgpu::{Features, MapMode, PollType, QuerySet, QuerySetDescriptor, QueryType, SubmissionIndex};

pub(super) fn plugin(app: &mut App) {
    if let Some(render) = app.get_sub_app_mut(RenderApp) {
        render
            .init_resource::<Before>()
            .add_systems(RenderStartup, prepare)
            .add_systems(
                Render,
                keep_up
                    .in_set(RenderSystems::Cleanup)
                    .after(super::frames::HandOverSystems)
                    .after(end),
            )
            .add_systems(
                RenderGraph,
                begin
                    .in_set(RenderGraphSystems::Begin)
                    .run_if(resource_exists::<GpuClock>),
            )
            .add_systems(
                Render,
                end.in_set(RenderSystems::Cleanup)
                    .after(super::frames::HandOverSystems)
                    .run_if(resource_exists::<GpuClock>),
            );
    }
}

/// Frames on their way at once.
const SLOTS: usize = 4;
/// Two timestamps of eight bytes; results are copied at multiples of 256 (wgpu's
/// `QUERY_RESOLVE_BUFFER_ALIGNMENT`).
const SLOT_BYTES: u64 = 256;
/// A buffer that is free, or whose result is on its way.
const FREE: u64 = u64::MAX;
const ON_ITS_WAY: u64 = u64::MAX - 1;

/// See the module's documentation.
#[derive(Resource)]
pub(super) struct GpuClock {
    queries: QuerySet,
    resolved: Buffer,
    slots: Vec<Slot>,
    nanos_a_tick: f32,
    /// The slot of the frame under way.
    open: Option<usize>,
    /// What was measured last, milliseconds; taken once.
    last_ms: Option<f32>,
    /// The last work of the frame.
    submitted: Option<SubmissionIndex>,
}

/// The last work of the frame before.
#[derive(Resource, Default)]
struct Before(Option<SubmissionIndex>);

/// Waited for the device to finish the frame before, at most: one that hangs is lost, and
/// others find that out.
const LAG_PATIENCE: Duration = Duration::from_millis(500);

struct Slot {
    buffer: Buffer,
    /// [`FREE`], [`ON_ITS_WAY`], or ticks.
    ticks: Arc<AtomicU64>,
}

impl GpuClock {
    /// What was measured since the last call, milliseconds.
    pub(super) fn take_ms(&mut self) -> Option<f32> {
        for slot in &self.slots {
            let ticks = slot.ticks.load(Ordering::Acquire);
            if ticks < ON_ITS_WAY {
                slot.ticks.store(FREE, Ordering::Release);
                self.last_ms = Some(ticks as f32 * self.nanos_a_tick * 1e-6);
            }
        }
        self.last_ms.take()
    }
}

fn prepare(mut commands: Commands, device: Res<RenderDevice>, queue: Res<RenderQueue>) {
    let needed = Features::TIMESTAMP_QUERY | Features::TIMESTAMP_QUERY_INSIDE_ENCODERS;
    if !device.features().contains(needed) {
        info!("the graphics device does not tell how long it works: late frames must say it");
        return;
    }
    let queries = device.wgpu_device().create_query_set(&QuerySetDescriptor {
        label: Some("frame times"),
        ty: QueryType::Timestamp,
        count: 2 * SLOTS as u32,
    });
    let resolved = device.create_buffer(&BufferDescriptor {
        label: Some("frame times"),
        size: SLOT_BYTES * SLOTS as u64,
        usage: BufferUsages::QUERY_RESOLVE | BufferUsages::COPY_SRC,
        mapped_at_creation: false,
    });
    let slots = (0..SLOTS)
        .map(|_| Slot {
            buffer: device.create_buffer(&BufferDescriptor {
                label: Some("frame times read back"),
                size: 16,
                usage: BufferUsages::COPY_DST | BufferUsages::MAP_READ,
                mapped_at_creation: false,
            }),
            ticks: Arc::new(AtomicU64::new(FREE)),
        })
        .collect();
    commands.insert_resource(GpuClock {
        queries,
        resolved,
        slots,
        nanos_a_tick: queue.get_timestamp_period(),
        open: None,
        last_ms: None,
        submitted: None,
    });
}

fn begin(
    mut clock: ResMut<GpuClock>,
    mut pending: ResMut<PendingCommandBuffers>,
    device: Res<RenderDevice>,
) {
    let free = |slot: &Slot| slot.ticks.load(Ordering::Acquire) == FREE;
    clock.open = clock.slots.iter().position(free);
    let Some(slot) = clock.open else { return };
    let mut encoder = device.create_command_encoder(&CommandEncoderDescriptor::default());
    encoder.write_timestamp(&clock.queries, 2 * slot as u32);
    // The first of the frame's commands: what comes after is its work.
    pending.push([encoder.finish()]);
}

/// Waits until the frame before the one just handed over is drawn.
fn keep_up(
    clock: Option<ResMut<GpuClock>>,
    mut before: ResMut<Before>,
    device: Res<RenderDevice>,
    queue: Res<RenderQueue>,
) {
    let submitted = clock.and_then(|mut clock| clock.submitted.take());
    let last = submitted.unwrap_or_else(|| queue.submit(std::iter::empty()));
    let Some(before) = before.0.replace(last) else {
        return;
    };
    let wait = PollType::Wait {
        submission_index: Some(before),
        timeout: Some(LAG_PATIENCE),
    };
    // What the device says of itself is heard elsewhere.
    if let Err(error) = device.poll(wait) {
        debug!("the frame before is not drawn yet: {error}");
    }
}

fn end(mut clock: ResMut<GpuClock>, device: Res<RenderDevice>, queue: Res<RenderQueue>) {
    let Some(index) = clock.open.take() else {
        return;
    };
    let slot = &clock.slots[index];
    let (first, at) = (2 * index as u32, SLOT_BYTES * index as u64);
    let mut encoder = device.create_command_encoder(&CommandEncoderDescriptor::default());
    encoder.write_timestamp(&clock.queries, first + 1);
    encoder.resolve_query_set(&clock.queries, first..first + 2, &clock.resolved, at);
    encoder.copy_buffer_to_buffer(&clock.resolved, at, &slot.buffer, 0, 16);
    clock.submitted = Some(queue.submit([encoder.finish()]));
    let slot = &clock.slots[index];
    slot.ticks.store(ON_ITS_WAY, Ordering::Release);
    let (buffer, ticks) = (slot.buffer.clone(), slot.ticks.clone());
    slot.buffer
        .slice(..)
        .map_async(MapMode::Read, move |outcome| {
            let found = outcome.ok().and_then(|()| {
                let bytes = buffer.slice(..).get_mapped_range();
                let tick =
                    |at: usize| Some(u64::from_ne_bytes(bytes.get(at..at + 8)?.try_into().ok()?));
                Some(tick(8)?.saturating_sub(tick(0)?))
            });
            if found.is_some() {
                buffer.unmap();
            }
            // A device that was lost measures nothing more.
            ticks.store(
                found.map_or(FREE, |ticks| ticks.min(ON_ITS_WAY - 1)),
                Ordering::Release,
            );
        });
}
