//! The node at the end: the groups' levels, ducking, the limiter and the master volume.

use std::sync::Arc;

use bevy_seedling::firewheel::{
    channel_config::{ChannelConfig, ChannelCount},
    node::{
        AudioNode, AudioNodeInfo, AudioNodeProcessor, ConstructProcessorContext, EmptyConfig,
        NodeError, ProcBuffers, ProcExtra, ProcInfo, ProcessStatus,
    },
};

use super::{
    dials::{Dial, Glide, share},
    duck::Ducker,
    limiter::Limiter,
    order::Bus,
};

/// Stereo inputs: the four groups in this order, then the room.
const INPUTS: usize = 5;
/// How quickly volumes follow, s.
const SMOOTH_SECS: f32 = 0.03;

/// The port of a group's left channel.
pub(super) const fn port(bus: Bus) -> u32 {
    match bus {
        Bus::Ambience => 0,
        Bus::Music => 2,
        Bus::Narration => 4,
        Bus::Effects => 6,
    }
}

/// The port of the room's left channel.
pub(super) const ROOM_PORT: u32 = 8;

/// What the mix wants of the desk.
#[derive(Debug)]
pub(super) struct DeskDials {
    /// Amplitude of each group.
    pub(super) buses: [Dial; 4],
    /// Amplitude of everything, after the limiter.
    pub(super) master: Dial,
    /// 1 if both ears get the same.
    pub(super) mono: Dial,
}

impl Default for DeskDials {
    fn default() -> Self {
        Self {
            buses: std::array::from_fn(|_| Dial::new(1.0)),
            master: Dial::new(1.0),
            mono: Dial::new(0.0),
        }
    }
}

/// The end of the graph.
pub(super) struct DeskNode {
    pub(super) dials: Arc<DeskDials>,
}

impl AudioNode for DeskNode {
    type Configuration = EmptyConfig;

    fn info(&self, _: &EmptyConfig) -> Result<AudioNodeInfo, NodeError> {
        Ok(AudioNodeInfo::new()
            .debug_name("desk")
            .channel_config(ChannelConfig {
                num_inputs: ChannelCount::new(10).unwrap_or(ChannelCount::MAX),
                num_outputs: ChannelCount::STEREO,
            }))
    }

    fn construct_processor(
        &self,
        _: &EmptyConfig,
        cx: ConstructProcessorContext,
    ) -> Result<impl AudioNodeProcessor, NodeError> {
        let rate = cx.stream_info.sample_rate.get() as f32;
        Ok(DeskProcessor {
            dials: self.dials.clone(),
            levels: [Glide::default(); INPUTS],
            rate,
            ducker: Ducker::new(rate),
            limiter: Limiter::new(rate),
        })
    }
}

struct DeskProcessor {
    dials: Arc<DeskDials>,
    /// Of the groups and, last, of everything.
    levels: [Glide; INPUTS],
    rate: f32,
    ducker: Ducker,
    limiter: Limiter,
}

impl AudioNodeProcessor for DeskProcessor {
    fn process(
        &mut self,
        info: &ProcInfo,
        buffers: ProcBuffers,
        _: &mut ProcExtra,
    ) -> ProcessStatus {
        let ([left, right], inputs) = (buffers.outputs, buffers.inputs) else {
            return ProcessStatus::ClearAllOutputs;
        };
        let share = share(info.frames, SMOOTH_SECS, self.rate);
        let targets = [
            self.dials.buses[0].get(),
            self.dials.buses[1].get(),
            self.dials.buses[2].get(),
            self.dials.buses[3].get(),
            self.dials.master.get(),
        ];
        let frames = info.frames.max(1) as f32;
        let mut lines = [(0.0, 0.0); INPUTS];
        for ((line, level), target) in lines.iter_mut().zip(&mut self.levels).zip(targets) {
            let (from, to) = level.next(target, share);
            *line = (from, (to - from) / frames);
        }
        let mono = self.dials.mono.get() > 0.5;
        for frame in 0..info.frames {
            let mut gains = [0.0; INPUTS];
            for (gain, line) in gains.iter_mut().zip(&mut lines) {
                line.0 += line.1;
                *gain = line.0;
            }
            let [ambience, music, narration, effects, master] = gains;
            let at = |input: usize| [inputs[2 * input][frame], inputs[2 * input + 1][frame]];
            let speech = at(2).map(|value| value * narration);
            let duck = self.ducker.next(speech[0], speech[1]);
            let (a, m, e, r) = (at(0), at(1), at(3), at(4));
            let sum = std::array::from_fn(|ear| {
                duck * (ambience * a[ear] + music * m[ear] + r[ear])
                    + effects * e[ear]
                    + speech[ear]
            });
            let [mut l, mut r] = self.limiter.next(sum);
            if mono {
                (l, r) = (0.5 * (l + r), 0.5 * (l + r));
            }
            left[frame] = l * master;
            right[frame] = r * master;
        }
        ProcessStatus::OutputsModified
    }
}
