//! The node of the early reflections: what comes from each of six walls, heard from there.

use std::cell::Cell;

use bevy_seedling::firewheel::{
    channel_config::{ChannelConfig, ChannelCount},
    node::{
        AudioNode, AudioNodeInfo, AudioNodeProcessor, ConstructProcessorContext, EmptyConfig,
        NodeError, ProcBuffers, ProcExtra, ProcInfo, ProcessStatus,
    },
};
use sofar::render::RealtimeRenderer;

use super::{BLOCK_FRAMES, blocks::Blocks};

/// Six walls in, two ears out.
pub(super) struct WallsNode {
    /// Taken when the processor is made.
    pub(super) renderers: Cell<Option<[RealtimeRenderer; 6]>>,
    /// Frames that sound on after the input has ended.
    pub(super) tail_frames: usize,
}

impl AudioNode for WallsNode {
    type Configuration = EmptyConfig;

    fn info(&self, _: &EmptyConfig) -> Result<AudioNodeInfo, NodeError> {
        Ok(AudioNodeInfo::new()
            .debug_name("walls")
            .channel_config(ChannelConfig {
                num_inputs: ChannelCount::new(6).unwrap_or(ChannelCount::MAX),
                num_outputs: ChannelCount::STEREO,
            }))
    }

    fn construct_processor(
        &self,
        _: &EmptyConfig,
        _: ConstructProcessorContext,
    ) -> Result<impl AudioNodeProcessor, NodeError> {
        Ok(WallsProcessor {
            renderers: self
                .renderers
                .take()
                .ok_or_else(|| NodeError::from_boxed("the walls are made only once".into()))?,
            still_frames: [0; 6],
            tail_frames: self.tail_frames,
            blocks: Blocks::new(BLOCK_FRAMES),
        })
    }
}

struct WallsProcessor {
    renderers: [RealtimeRenderer; 6],
    still_frames: [usize; 6],
    tail_frames: usize,
    blocks: Blocks<6, 2>,
}

impl AudioNodeProcessor for WallsProcessor {
    fn process(
        &mut self,
        info: &ProcInfo,
        buffers: ProcBuffers,
        _: &mut ProcExtra,
    ) -> ProcessStatus {
        let (renderers, still, tail) = (
            &mut self.renderers,
            &mut self.still_frames,
            self.tail_frames,
        );
        self.blocks.run(
            buffers.inputs,
            buffers.outputs,
            info.frames,
            |inputs, [left, right]| {
                left.fill(0.0);
                right.fill(0.0);
                for ((renderer, input), still) in renderers.iter_mut().zip(inputs).zip(&mut *still)
                {
                    *still = if input.iter().all(|&frame| frame == 0.0) {
                        still.saturating_add(BLOCK_FRAMES)
                    } else {
                        0
                    };
                    // Only wrong lengths can fail, and they are constant.
                    if *still <= tail && renderer.process_block_add(input, left, right).is_err() {
                        *still = 0;
                    }
                }
            },
        );
        ProcessStatus::OutputsModified
    }
}
