//! The node of one voice: level, occlusion, direction, and what it sends to the room.

use std::{cell::Cell, sync::Arc};

use bevy::math::ops;
use bevy_seedling::firewheel::{
    channel_config::{ChannelConfig, ChannelCount},
    dsp::filter::single_pole_iir::{OnePoleIirLPF, OnePoleIirLPFCoeff},
    mask::SilenceMask,
    node::{
        AudioNode, AudioNodeInfo, AudioNodeProcessor, ConstructProcessorContext, EmptyConfig,
        NodeError, ProcBuffers, ProcExtra, ProcInfo, ProcessStatus,
    },
};
use sofar::render::RealtimeRenderer;

use super::{
    BLOCK_FRAMES,
    blocks::Blocks,
    dials::{Dials, Glide, SMOOTH_SECS, Targets, ramp, share},
};

/// Longest way of a reflection beyond the straight one, s.
pub(super) const MAX_DETOUR_SECS: f32 = 0.3;
/// From here on nothing is taken away: a little below the 20 kHz of the open air, which comes
/// through octaves and back not to the last digit.
const OPEN_HZ: f32 = 19_900.0;
/// Outputs of a placed voice: two ears, six walls, the late room.
pub(super) const PLACED_OUTPUTS: u32 = 9;

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
                cutoff_octaves: Glide::default(),
                slow_share: share(BLOCK_FRAMES, 4.0 * SMOOTH_SECS, rate),
                low_pass: [OnePoleIirLPF::default(); 2],
                dulled: 0.0,
                clear: vec![0.0; BLOCK_FRAMES].into(),
                dull: vec![0.0; BLOCK_FRAMES].into(),
                past: vec![0.0; longest.next_power_of_two()].into(),
                now: 0,
                walls: std::array::from_fn(|_| Wall::default()),
                still_frames: 0,
                room_still_blocks: 0,
                room_is_clear: false,
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
    cutoff_octaves: Glide,
    slow_share: f32,
    low_pass: [OnePoleIirLPF; 2],
    /// How much of the low-pass is heard, 0 to 1.
    dulled: f32,
    /// Scratch: the block behind the occluder, and its straight share.
    clear: Box<[f32]>,
    dull: Box<[f32]>,
    /// What was heard lately, a ring; `now` is where the next block goes.
    past: Box<[f32]>,
    now: usize,
    walls: [Wall; 6],
    /// Frames for which nothing came in, or nothing was let through.
    still_frames: usize,
    /// Blocks for which nothing went to the room.
    room_still_blocks: usize,
    /// Whether the ways to the room hold nothing but silence.
    room_is_clear: bool,
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
        let (voice, renderer) = (&mut self.voice, &mut self.renderer);
        let targets = self.dials.read();
        // In the open air the seven ways to the room are silent, and cost nothing.
        let heard = if voice.room_still_blocks > 1 && targets.is_open_air() {
            2
        } else {
            buffers.outputs.len()
        };
        let (outputs, unheard) = buffers.outputs.split_at_mut(heard);
        self.blocks
            .run(buffers.inputs, outputs, info.frames, |input, outputs| {
                voice.block(&targets, renderer, &input[0], outputs);
            });
        if voice.still_frames > voice.tail_frames + 2 * BLOCK_FRAMES + info.frames {
            return ProcessStatus::ClearAllOutputs;
        }
        let mut silent = SilenceMask::NONE_SILENT;
        for (index, output) in unheard.iter_mut().enumerate() {
            if !info.out_silence_mask.is_channel_silent(heard + index) {
                output.fill(0.0);
            }
            silent.set_channel(heard + index, true);
        }
        ProcessStatus::outputs_modified_with_silence_mask(silent)
    }
}

impl Voice {
    fn block(
        &mut self,
        targets: &Targets,
        renderer: &mut RealtimeRenderer,
        input: &[f32],
        outputs: &mut [Box<[f32]>; PLACED_OUTPUTS as usize],
    ) {
        let direct = self.direct.next(targets.direct, self.share);
        let late = self.late.next(targets.late, self.share);
        // In octaves, and slower than levels: an edge that sweeps quickly is itself heard.
        let octaves = ops::log2(targets.cutoff_hz.max(20.0));
        let cutoff = ops::exp2(self.cutoff_octaves.next(octaves, self.slow_share).1);
        let mut is_open_air = self.late.is_silent();
        let mut gains = [(0.0, 0.0); 6];
        for ((gains, wall), (gain, _)) in gains.iter_mut().zip(&mut self.walls).zip(&targets.walls)
        {
            *gains = wall.gain.next(*gain, self.share);
            is_open_air &= wall.gain.is_silent();
        }
        self.room_still_blocks = if is_open_air {
            self.room_still_blocks.saturating_add(1)
        } else {
            0
        };
        let silent = is_open_air && self.direct.is_silent();
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

        let is_dulled = self.dull_block(input, cutoff);
        let clear = if is_dulled { &self.clear } else { input };
        let [left, right, room @ ..] = outputs;
        ramp(clear, &mut self.dull, direct);
        if renderer.process_block(&self.dull, left, right).is_err() {
            // Only wrong lengths can fail, and they are constant.
            left.fill(0.0);
            right.fill(0.0);
        }
        self.past[self.now..self.now + BLOCK_FRAMES].copy_from_slice(clear);
        let now = self.now;
        self.now = (now + BLOCK_FRAMES) % self.past.len();
        if self.room_still_blocks > 1 {
            // What is handed out next was computed in the block before and is silent too.
            if !std::mem::replace(&mut self.room_is_clear, true) {
                for output in room {
                    output.fill(0.0);
                }
            }
            return;
        }
        self.room_is_clear = false;
        let (walls, last) = room.split_at_mut(6);
        if let Some(output) = last.first_mut() {
            ramp(clear, output, late);
        }
        for (index, output) in walls.iter_mut().enumerate() {
            let wanted = self.frames_of(targets.walls[index].1);
            let wall = &mut self.walls[index];
            wall.read(&self.past, now, wanted, &mut self.dull);
            ramp(&self.dull, output, gains[index]);
        }
    }

    /// Takes the highs off what an obstacle stands before, into `clear`. The filter is blended
    /// in as its edge comes down from above hearing: what is not occluded is not dulled, and
    /// nothing is switched. False where the input is as it was.
    fn dull_block(&mut self, input: &[f32], cutoff_hz: f32) -> bool {
        let dulled = ((OPEN_HZ - cutoff_hz) / 4_000.0).clamp(0.0, 1.0);
        if dulled == 0.0 && self.dulled == 0.0 {
            return false;
        }
        let edge_hz = cutoff_hz.min(0.45 * self.rate);
        let coefficient = OnePoleIirLPFCoeff::new(edge_hz, self.rate.recip());
        let step = (dulled - self.dulled) / BLOCK_FRAMES as f32;
        for (clear, input) in self.clear.iter_mut().zip(input) {
            self.dulled += step;
            let [first, second] = &mut self.low_pass;
            let filtered = second.process(first.process(*input, coefficient), coefficient);
            *clear = *input + (filtered - *input) * self.dulled;
        }
        self.dulled = dulled;
        true
    }

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
