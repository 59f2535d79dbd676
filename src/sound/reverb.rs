//! The node of the late room: one channel in, convolved with the room's own decay.
//!
//! Firewheel's freeverb has combs of fixed lengths and one feedback, so that each comb decays
//! at its own rate and no band can be set: it cannot hold a predicted RT60. A decay synthesised
//! for the predicted times of each octave, and convolved, holds it by construction.
//!
//! Going to another room, what sounds from now on sounds in the new one, and what rang in the
//! old one rings out there: the inputs are faded, not the outputs.

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

use super::{SoundError, blocks::Blocks, source::ramp};

/// Frames of a block: the tail is late anyway, and larger blocks cost less.
pub(super) const REVERB_BLOCK_FRAMES: usize = 512;
/// How long the inputs are faded from one room to the next, s.
const FADE_IN_SECS: f32 = 1.0;
/// How long the old room may ring at most before the next change, s. See [`Order::Room`].
///
/// [`Order::Room`]: super::Order::Room
pub(super) const CHANGE_SECS: f64 = 1.5;

/// A room's decay, ready to be convolved.
pub(super) struct Decay {
    renderer: Renderer,
}

impl Decay {
    /// Prepares a pair of decays; both of the same length.
    pub(super) fn new([left, right]: [Vec<f32>; 2], rate_hz: u32) -> Result<Self, SoundError> {
        #[expect(clippy::cast_precision_loss, reason = "a sample rate")]
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
        #[expect(
            clippy::cast_precision_loss,
            reason = "the length of a block and a rate"
        )]
        let block_secs = REVERB_BLOCK_FRAMES as f32 / cx.stream_info.sample_rate.get() as f32;
        Ok(ReverbProcessor {
            rooms: [None, None],
            inside: 0,
            entered: 1.0,
            step: block_secs / FADE_IN_SECS,
            scratch: std::array::from_fn(|_| vec![0.0; REVERB_BLOCK_FRAMES].into()),
            blocks: Blocks::new(REVERB_BLOCK_FRAMES),
        })
    }
}

struct ReverbProcessor {
    /// The room the visitor is in, and the one they left.
    rooms: [Option<Decay>; 2],
    inside: usize,
    /// How far they are in, 0 to 1.
    entered: f32,
    step: f32,
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
                self.entered = 0.0;
            }
        }
    }

    fn process(
        &mut self,
        info: &ProcInfo,
        buffers: ProcBuffers,
        _: &mut ProcExtra,
    ) -> ProcessStatus {
        let (rooms, inside, entered, step) =
            (&mut self.rooms, self.inside, &mut self.entered, self.step);
        if rooms.iter().all(Option::is_none) {
            return ProcessStatus::ClearAllOutputs;
        }
        let [fed, left_ear, right_ear] = &mut self.scratch;
        self.blocks.run(
            buffers.inputs,
            buffers.outputs,
            info.frames,
            |input, [left, right]| {
                let (from, to) = (*entered, (*entered + step).min(1.0));
                *entered = to;
                left.fill(0.0);
                right.fill(0.0);
                for (index, room) in rooms.iter_mut().enumerate() {
                    let Some(room) = room else { continue };
                    let line = if index == inside {
                        (from, to)
                    } else {
                        (1.0 - from, 1.0 - to)
                    };
                    ramp(&input[0], fed, line);
                    if room
                        .renderer
                        .process_block(fed, left_ear, right_ear)
                        .is_ok()
                    {
                        for (sum, one) in left.iter_mut().zip(left_ear.iter()) {
                            *sum += one;
                        }
                        for (sum, one) in right.iter_mut().zip(right_ear.iter()) {
                            *sum += one;
                        }
                    }
                }
            },
        );
        ProcessStatus::OutputsModified
    }
}
