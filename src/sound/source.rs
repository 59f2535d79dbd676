//! The node of one voice: level, occlusion, direction, and what it sends to the room.

use std::{
    cell::Cell,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
};

use bevy::math::ops;
use bevy_seedling::firewheel::{
    channel_config::{ChannelConfig, ChannelCount},
    dsp::filter::single_pole_iir::{OnePoleIirLPF, OnePoleIirLPFCoeff},
    node::{
        AudioNode, AudioNodeInfo, AudioNodeProcessor, ConstructProcessorContext, EmptyConfig,
        NodeError, ProcBuffers, ProcExtra, ProcInfo, ProcessStatus,
    },
};
use sofar::render::RealtimeRenderer;

use super::{BLOCK_FRAMES, blocks::Blocks};

/// How quickly levels follow: a time constant, s. After four of them (-35 dB) they are there.
const SMOOTH_SECS: f32 = 0.02;
/// Longest way of a reflection beyond the straight one, s.
pub(super) const MAX_DETOUR_SECS: f32 = 0.3;
/// Outputs of a placed voice: two ears, six walls, the late room.
pub(super) const PLACED_OUTPUTS: u32 = 9;

/// A number shared without a lock.
#[derive(Debug, Default)]
pub(super) struct Dial(AtomicU32);

impl Dial {
    pub(super) fn new(value: f32) -> Self {
        Self(AtomicU32::new(value.to_bits()))
    }

    pub(super) fn set(&self, value: f32) {
        self.0.store(value.to_bits(), Relaxed);
    }

    pub(super) fn get(&self) -> f32 {
        f32::from_bits(self.0.load(Relaxed))
    }
}

/// What the mix wants of a voice. Each number is followed smoothly, so that reading half of an
/// update does no harm.
#[derive(Debug)]
pub(super) struct Dials {
    /// Amplitude of the straight sound.
    pub(super) direct: Dial,
    /// Where the highs end, Hz.
    pub(super) cutoff_hz: Dial,
    /// Amplitude sent to the late room.
    pub(super) late: Dial,
    /// Of each wall: amplitude, and detour in s.
    pub(super) walls: [(Dial, Dial); 6],
}

impl Default for Dials {
    fn default() -> Self {
        Self {
            direct: Dial::new(0.0),
            cutoff_hz: Dial::new(20_000.0),
            late: Dial::new(0.0),
            walls: Default::default(),
        }
    }
}

/// A value on its way to another, evenly within a block.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Glide {
    value: Option<f32>,
}

impl Glide {
    /// Value at the begin and the end of the next block. The first target is there at once.
    pub(super) fn next(&mut self, target: f32, share: f32) -> (f32, f32) {
        let from = self.value.unwrap_or(target);
        let mut to = from + (target - from) * share;
        if (to - target).abs() < 1e-6 {
            to = target;
        }
        self.value = Some(to);
        (from, to)
    }

    /// Whether it rests at nothing.
    fn is_silent(&self) -> bool {
        self.value == Some(0.0)
    }
}

/// The share of the way that a value goes in `frames`, for a time constant.
pub(super) fn share(frames: usize, secs: f32, rate: f32) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "the length of a block")]
    let frames = frames as f32;
    1.0 - ops::exp(-frames / (secs * rate))
}

/// Multiplies a block by a line from `from` to `to`.
pub(super) fn ramp(input: &[f32], output: &mut [f32], (from, to): (f32, f32)) {
    #[expect(clippy::cast_precision_loss, reason = "the length of a block")]
    let step = (to - from) / input.len().max(1) as f32;
    let mut gain = from;
    for (output, input) in output.iter_mut().zip(input) {
        gain += step;
        *output = input * gain;
    }
}

/// A placed voice: one channel in; two ears, six walls and the late room out.
pub(super) struct PlacedNode {
    pub(super) dials: Arc<Dials>,
    /// Taken when the processor is made; one voice has one.
    pub(super) renderer: Cell<Option<RealtimeRenderer>>,
    /// Frames that sound on after the input has ended.
    pub(super) tail_frames: usize,
}

impl AudioNode for PlacedNode {
    type Configuration = EmptyConfig;

    fn info(&self, _: &EmptyConfig) -> Result<AudioNodeInfo, NodeError> {
        Ok(AudioNodeInfo::new()
            .debug_name("placed voice")
            .channel_config(ChannelConfig {
                num_inputs: ChannelCount::MONO,
                num_outputs: ChannelCount::new(PLACED_OUTPUTS).unwrap_or(ChannelCount::MAX),
            }))
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a sample rate and a second's fraction of it"
    )]
    fn construct_processor(
        &self,
        _: &EmptyConfig,
        cx: ConstructProcessorContext,
    ) -> Result<impl AudioNodeProcessor, NodeError> {
        let renderer = self
            .renderer
            .take()
            .ok_or_else(|| NodeError::from_boxed("a voice is made only once".into()))?;
        let rate = cx.stream_info.sample_rate.get() as f32;
        let longest = (MAX_DETOUR_SECS * rate) as usize + 2 * BLOCK_FRAMES;
        Ok(PlacedProcessor {
            dials: self.dials.clone(),
            renderer,
            blocks: Blocks::new(BLOCK_FRAMES),
            voice: Voice {
                rate,
                share: share(BLOCK_FRAMES, SMOOTH_SECS, rate),
                direct: Glide::default(),
                late: Glide::default(),
                cutoff_hz: Glide::default(),
                low_pass: [OnePoleIirLPF::default(); 2],
                clear: vec![0.0; BLOCK_FRAMES].into(),
                dull: vec![0.0; BLOCK_FRAMES].into(),
                past: vec![0.0; longest.next_power_of_two()].into(),
                now: 0,
                walls: std::array::from_fn(|_| Wall::default()),
                still_frames: 0,
                tail_frames: self.tail_frames,
            },
        })
    }
}

struct PlacedProcessor {
    dials: Arc<Dials>,
    renderer: RealtimeRenderer,
    blocks: Blocks<1, { PLACED_OUTPUTS as usize }>,
    voice: Voice,
}

/// The state of a voice between blocks.
struct Voice {
    rate: f32,
    share: f32,
    direct: Glide,
    late: Glide,
    cutoff_hz: Glide,
    low_pass: [OnePoleIirLPF; 2],
    /// Scratch: the block behind the occluder, and its straight share.
    clear: Box<[f32]>,
    dull: Box<[f32]>,
    /// What was heard lately, a ring; `now` is where the next block goes.
    past: Box<[f32]>,
    now: usize,
    walls: [Wall; 6],
    /// Frames for which nothing came in, or nothing was let through.
    still_frames: usize,
    tail_frames: usize,
}

/// One reflection: a place in the past that changes by crossfading.
#[derive(Default)]
struct Wall {
    gain: Glide,
    detour: usize,
    next_detour: usize,
    /// Blocks of the crossfade that are left.
    fading: usize,
}

/// Blocks of a reflection's crossfade: 8 of 128 frames are 21 ms.
const WALL_FADE_BLOCKS: usize = 8;

impl AudioNodeProcessor for PlacedProcessor {
    fn process(
        &mut self,
        info: &ProcInfo,
        buffers: ProcBuffers,
        _: &mut ProcExtra,
    ) -> ProcessStatus {
        let (voice, dials, renderer) = (&mut self.voice, &self.dials, &mut self.renderer);
        self.blocks.run(
            buffers.inputs,
            buffers.outputs,
            info.frames,
            |input, outputs| {
                voice.block(dials, renderer, &input[0], outputs);
            },
        );
        if voice.still_frames > voice.tail_frames + 2 * BLOCK_FRAMES + info.frames {
            return ProcessStatus::ClearAllOutputs;
        }
        ProcessStatus::OutputsModified
    }
}

impl Voice {
    fn block(
        &mut self,
        dials: &Dials,
        renderer: &mut RealtimeRenderer,
        input: &[f32],
        outputs: &mut [Box<[f32]>; PLACED_OUTPUTS as usize],
    ) {
        let direct = self.direct.next(dials.direct.get(), self.share);
        let late = self.late.next(dials.late.get(), self.share);
        let cutoff = self.cutoff_hz.next(dials.cutoff_hz.get(), self.share).1;
        let mut silent = self.direct.is_silent() && self.late.is_silent();
        let mut gains = [(0.0, 0.0); 6];
        for ((gains, wall), (gain, _)) in gains.iter_mut().zip(&mut self.walls).zip(&dials.walls) {
            *gains = wall.gain.next(gain.get(), self.share);
            silent &= wall.gain.is_silent();
        }
        if silent || input.iter().all(|&frame| frame == 0.0) {
            self.still_frames = self.still_frames.saturating_add(BLOCK_FRAMES);
        } else {
            self.still_frames = 0;
        }
        if self.still_frames > self.tail_frames {
            for output in outputs {
                output.fill(0.0);
            }
            // The past stays: what comes next may not sound before it.
            let now = self.now;
            self.past[now..now + BLOCK_FRAMES].fill(0.0);
            self.now = (now + BLOCK_FRAMES) % self.past.len();
            return;
        }

        let coefficient = OnePoleIirLPFCoeff::new(cutoff.min(0.45 * self.rate), self.rate.recip());
        // Fully open the filter is left out; its edge is above hearing, so that is no step.
        for (clear, input) in self.clear.iter_mut().zip(input) {
            let [first, second] = &mut self.low_pass;
            let filtered = second.process(first.process(*input, coefficient), coefficient);
            *clear = if cutoff >= 19_990.0 { *input } else { filtered };
        }
        let [left, right, room @ ..] = outputs;
        ramp(&self.clear, &mut self.dull, direct);
        if renderer.process_block(&self.dull, left, right).is_err() {
            // Only wrong lengths can fail, and they are constant.
            left.fill(0.0);
            right.fill(0.0);
        }
        let (walls, last) = room.split_at_mut(6);
        if let Some(output) = last.first_mut() {
            ramp(&self.clear, output, late);
        }
        self.past[self.now..self.now + BLOCK_FRAMES].copy_from_slice(&self.clear);
        for (index, output) in walls.iter_mut().enumerate() {
            let wanted = self.frames_of(dials.walls[index].1.get());
            let wall = &mut self.walls[index];
            wall.read(&self.past, self.now, wanted, &mut self.dull);
            ramp(&self.dull, output, gains[index]);
        }
        self.now = (self.now + BLOCK_FRAMES) % self.past.len();
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "held to the length of the past"
    )]
    fn frames_of(&self, secs: f32) -> usize {
        ((secs.clamp(0.0, MAX_DETOUR_SECS) * self.rate) as usize)
            .min(self.past.len() - 2 * BLOCK_FRAMES)
    }
}

impl Wall {
    /// Reads the past, some frames ago; another distance comes by crossfade.
    fn read(&mut self, past: &[f32], now: usize, wanted: usize, output: &mut [f32]) {
        if self.gain.is_silent() {
            (self.detour, self.next_detour, self.fading) = (wanted, wanted, 0);
            output.fill(0.0);
            return;
        }
        if self.fading == 0 && wanted != self.detour {
            (self.next_detour, self.fading) = (wanted, WALL_FADE_BLOCKS);
        }
        let mask = past.len() - 1;
        let at = |frames: usize, index: usize| past[(now + index + past.len() - frames) & mask];
        if self.fading == 0 {
            for (index, output) in output.iter_mut().enumerate() {
                *output = at(self.detour, index);
            }
            return;
        }
        let done = WALL_FADE_BLOCKS - self.fading;
        #[expect(clippy::cast_precision_loss, reason = "small numbers")]
        for (index, output) in output.iter_mut().enumerate() {
            let position = (done * BLOCK_FRAMES + index) as f32;
            let mixed = position / (WALL_FADE_BLOCKS * BLOCK_FRAMES) as f32;
            let (old, new) = (at(self.detour, index), at(self.next_detour, index));
            *output = old + (new - old) * mixed;
        }
        self.fading -= 1;
        if self.fading == 0 {
            self.detour = self.next_detour;
        }
    }
}

/// A bed: two channels in and out, as late as a placed voice.
pub(super) struct BedNode {
    pub(super) dials: Arc<Dials>,
}

impl AudioNode for BedNode {
    type Configuration = EmptyConfig;

    fn info(&self, _: &EmptyConfig) -> Result<AudioNodeInfo, NodeError> {
        Ok(AudioNodeInfo::new()
            .debug_name("bed")
            .channel_config(ChannelConfig {
                num_inputs: ChannelCount::STEREO,
                num_outputs: ChannelCount::STEREO,
            }))
    }

    fn construct_processor(
        &self,
        _: &EmptyConfig,
        cx: ConstructProcessorContext,
    ) -> Result<impl AudioNodeProcessor, NodeError> {
        #[expect(clippy::cast_precision_loss, reason = "a sample rate")]
        let rate = cx.stream_info.sample_rate.get() as f32;
        Ok(BedProcessor {
            dials: self.dials.clone(),
            share: share(BLOCK_FRAMES, SMOOTH_SECS, rate),
            level: Glide::default(),
            blocks: Blocks::new(BLOCK_FRAMES),
        })
    }
}

struct BedProcessor {
    dials: Arc<Dials>,
    share: f32,
    level: Glide,
    blocks: Blocks<2, 2>,
}

impl AudioNodeProcessor for BedProcessor {
    fn process(
        &mut self,
        info: &ProcInfo,
        buffers: ProcBuffers,
        _: &mut ProcExtra,
    ) -> ProcessStatus {
        let (dials, level, share) = (&self.dials, &mut self.level, self.share);
        self.blocks.run(
            buffers.inputs,
            buffers.outputs,
            info.frames,
            |inputs, outputs| {
                let line = level.next(dials.direct.get(), share);
                for (input, output) in inputs.iter().zip(outputs) {
                    ramp(input, output, line);
                }
            },
        );
        ProcessStatus::OutputsModified
    }
}
