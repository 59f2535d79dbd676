//! The node of the late room: one channel in, convolved with the room's own decay.
//!
//! Firewheel's freeverb has combs of fixed lengths and one feedback, so that each comb decays
//! at its own rate and no band can be set: it cannot hold a predicted RT60. A decay synthesised
//! for the predicted times of each octave, and convolved, holds it by construction.
//!
//! Going to another room, what sounds from now on sounds in the new one, and what rang in the
//! old one rings out there: the inputs are faded over a second, and only then what still rings.

use bevy_seedling::firewheel::{
    channel_config::{ChannelConfig, ChannelCount},
    event::{NodeEventType, ProcEvents},
    node::{
        AudioNode, AudioNodeInfo, AudioNodeProcessor, ConstructProcessorContext, EmptyConfig,
        NodeError, ProcBuffers, ProcExtra, ProcInfo, ProcessStatus,
    },
};
use sofar::{
    filter::Filter,
    render::{Renderer, RendererPlan},
};

use super::{SoundError, blocks::Blocks, dials::ramp};

/// Frames of a block: the tail is late anyway, and larger blocks cost less.
pub(super) const REVERB_BLOCK_FRAMES: usize = 512;
/// How long the inputs are faded from one room to the next, s.
const FADE_IN_SECS: f32 = 1.0;
/// How long what rings in the old room is faded after that, s.
const FADE_OUT_SECS: f32 = 0.5;
/// How long a change takes, s, with a little in hand; the next one waits for it.
pub(super) const CHANGE_SECS: f64 = 1.6;

/// A room's decay, ready to be convolved.
pub(super) struct Decay {
    renderer: Renderer,
}

impl Decay {
    /// Prepares a pair of decays; both of the same length.
    pub(super) fn new([left, right]: [Vec<f32>; 2], rate_hz: u32) -> Result<Self, SoundError> {
        let plan = RendererPlan::builder(left.len())
            .with_partition_len(REVERB_BLOCK_FRAMES)
            .with_sample_rate(rate_hz as f32)
            .build()
            .map_err(SoundError::engine)?;
        let mut renderer = Renderer::new(&plan);
        let filter = Filter {
            left: left.into(),
            right: right.into(),
            ldelay: 0.0,
            rdelay: 0.0,
        };
        renderer.set_filter(&filter).map_err(SoundError::engine)?;
        Ok(Self { renderer })
    }

    /// An event that makes it the room; `None` is the open air.
    pub(super) fn event(decay: Option<Self>) -> NodeEventType {
        NodeEventType::custom(decay)
    }
}

/// The late room.
pub(super) struct ReverbNode;

impl AudioNode for ReverbNode {
    type Configuration = EmptyConfig;

    fn info(&self, _: &EmptyConfig) -> Result<AudioNodeInfo, NodeError> {
        Ok(AudioNodeInfo::new()
            .debug_name("late room")
            .channel_config(ChannelConfig {
                num_inputs: ChannelCount::MONO,
                num_outputs: ChannelCount::STEREO,
            }))
    }

    fn construct_processor(
        &self,
        _: &EmptyConfig,
        cx: ConstructProcessorContext,
    ) -> Result<impl AudioNodeProcessor, NodeError> {
        let block_secs = REVERB_BLOCK_FRAMES as f32 / cx.stream_info.sample_rate.get() as f32;
        Ok(ReverbProcessor {
            rooms: [None, None],
            inside: 0,
            entered_secs: FADE_IN_SECS + FADE_OUT_SECS,
            block_secs,
            scratch: std::array::from_fn(|_| vec![0.0; REVERB_BLOCK_FRAMES].into()),
            blocks: Blocks::new(REVERB_BLOCK_FRAMES),
        })
    }
}

struct ReverbProcessor {
    /// The room the visitor is in, and the one they left.
    rooms: [Option<Decay>; 2],
    inside: usize,
    /// For how long they have been in, s; no more is counted than a change takes.
    entered_secs: f32,
    block_secs: f32,
    scratch: [Box<[f32]>; 3],
    blocks: Blocks<1, 2>,
}

impl AudioNodeProcessor for ReverbProcessor {
    fn events(&mut self, _: &ProcInfo, events: &mut ProcEvents, _: &mut ProcExtra) {
        for mut event in events.drain() {
            // The room before the last goes back with the event and is freed elsewhere.
            let left = 1 - self.inside;
            if event.downcast_swap(&mut self.rooms[left]) {
                self.inside = left;
                self.entered_secs = 0.0;
            }
        }
    }

    fn process(
        &mut self,
        info: &ProcInfo,
        buffers: ProcBuffers,
        _: &mut ProcExtra,
    ) -> ProcessStatus {
        let (rooms, inside) = (&mut self.rooms, self.inside);
        let (entered_secs, block_secs) = (&mut self.entered_secs, self.block_secs);
        if rooms.iter().all(Option::is_none) {
            return ProcessStatus::ClearAllOutputs;
        }
        let [fed, left_ear, right_ear] = &mut self.scratch;
        self.blocks.run(
            buffers.inputs,
            buffers.outputs,
            info.frames,
            |input, [left, right]| {
                let change_secs = FADE_IN_SECS + FADE_OUT_SECS;
                let before = *entered_secs;
                *entered_secs = (before + block_secs).min(change_secs);
                let inputs = [before, *entered_secs].map(|secs| (secs / FADE_IN_SECS).min(1.0));
                let outputs = [before, *entered_secs]
                    .map(|secs| ((change_secs - secs) / FADE_OUT_SECS).clamp(0.0, 1.0));
                left.fill(0.0);
                right.fill(0.0);
                for (index, room) in rooms.iter_mut().enumerate() {
                    let Some(Decay { renderer }) = room else {
                        continue;
                    };
                    let is_inside = index == inside;
                    // A room that was left and has faded rests until it goes back.
                    if !is_inside && before >= change_secs {
                        continue;
                    }
                    let [from, to] = inputs;
                    let (fed_line, heard_line) = if is_inside {
                        ((from, to), (1.0, 1.0))
                    } else {
                        ((1.0 - from, 1.0 - to), (outputs[0], outputs[1]))
                    };
                    ramp(&input[0], fed, fed_line);
                    // Only wrong lengths can fail, and they are constant.
                    if renderer.process_block(fed, left_ear, right_ear).is_ok() {
                        for (sum, ear) in [(&mut *left, &*left_ear), (&mut *right, &*right_ear)] {
                            ramp(ear, fed, heard_line);
                            for (sum, one) in sum.iter_mut().zip(fed.iter()) {
                                *sum += one;
                            }
                        }
                    }
                }
            },
        );
        ProcessStatus::OutputsModified
    }
}
