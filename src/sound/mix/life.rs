//! How voices begin, and how a whole graph ends and another goes on in its place.

use std::{cell::Cell, sync::Arc};

use bevy_seedling::firewheel::{
    FirewheelContext,
    channel_config::NonZeroChannelCount,
    clock::{EventInstant, InstantSamples},
    diff::{Diff, PathBuilder},
    node::NodeError,
    nodes::sampler::{PlayFrom, RepeatMode, SamplerConfig, SamplerNode, SamplerState},
};

use super::{
    Mix, connect, frames_of, remove,
    voice::{Fade, Life, Voice, Way, place},
};
use crate::sound::{
    SoundError,
    clip::Clip,
    desk::port,
    dials::Dials,
    order::{Play, Pose, Source, Whence},
    room::Room,
    source::{BedNode, MAX_DETOUR_SECS, PlacedNode},
};

/// A sound that played when a graph was taken down, and from where it would go on.
#[derive(Debug, Clone)]
struct Resumed {
    play: Play,
    common_gain: f32,
    halted: bool,
    occlusion: f32,
}

/// What is left of a graph that was taken down: enough for another to go on.
#[derive(Debug, Clone)]
pub struct Dismantled {
    sounds: Vec<Resumed>,
    listener: Pose,
    room: Option<Room>,
    buses: [f32; 4],
    master: f32,
    paused: bool,
}

impl Dismantled {
    /// What played: its samples are needed to go on.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        self.sounds.iter().map(|sound| &sound.play.source)
    }
}

impl Mix {
    /// Takes the graph down and says what played and from where it would go on.
    pub fn dismantle(self, context: &mut FirewheelContext) -> Dismantled {
        let now = context.heartbeat();
        let mut playing = Vec::new();
        for voice in &self.voices {
            let state = context.node_state::<SamplerState>(voice.sampler_id);
            let at_secs = state.map_or(0.0, |state| state.playhead_seconds(self.rate_hz).0);
            if voice.life == Life::Playing {
                playing.push(Resumed {
                    play: Play {
                        from_secs: at_secs,
                        gain_db: voice.level.at(now),
                        ..voice.play.clone()
                    },
                    common_gain: voice.common_gain,
                    halted: voice.halted,
                    occlusion: voice.occlusion,
                });
            }
        }
        let fixed = [self.desk_id, self.walls_id, self.reverb_id];
        let of_voices = (self.voices.iter()).flat_map(|voice| [voice.sampler_id, voice.node_id]);
        for id in fixed.into_iter().chain(of_voices) {
            remove(context, id);
        }
        Dismantled {
            sounds: playing,
            listener: self.listener,
            room: self.next_room.unwrap_or(self.room),
            buses: std::array::from_fn(|bus| self.desk.buses[bus].get()),
            master: self.desk.master.get(),
            paused: self.paused,
        }
    }

    /// Goes on where another graph was taken down. `clips` are the samples of its sounds, in
    /// order; a sound without is over.
    ///
    /// # Errors
    /// If the engine refuses.
    pub fn resume(
        &mut self,
        context: &mut FirewheelContext,
        from: Dismantled,
        clips: Vec<Option<Arc<Clip>>>,
    ) -> Result<(), SoundError> {
        self.listener = from.listener;
        self.next_room = Some(from.room);
        self.paused = from.paused;
        self.desk.master.set(from.master);
        for (dial, level) in self.desk.buses.iter().zip(from.buses) {
            dial.set(level);
        }
        let start_frame = context.heartbeat() + self.lead_frames;
        for (sound, clip) in from.sounds.into_iter().zip(clips) {
            let Some(clip) = clip else { continue };
            self.start(context, sound.play, clip, sound.common_gain, start_frame)?;
            if let Some(voice) = self.voices.last_mut() {
                voice.occlusion = sound.occlusion;
                voice.halted = sound.halted;
                // Not before it has begun: it halts where it begins.
                voice.hold(context, voice.is_held(self.paused), Some(start_frame + 1));
            }
        }
        Ok(())
    }

    /// Adds the nodes of a sound and has it begin at a frame.
    pub(super) fn start(
        &mut self,
        context: &mut FirewheelContext,
        play: Play,
        clip: Arc<Clip>,
        common_gain: f32,
        start_frame: i64,
    ) -> Result<(), SoundError> {
        let dials = Arc::new(Dials::default());
        let placed = play.whence != Whence::Bed;
        let fail = |error: NodeError| SoundError::engine(error);
        let mut sampler = SamplerNode {
            repeat_mode: if play.repeat {
                RepeatMode::RepeatEndlessly
            } else {
                RepeatMode::PlayOnce
            },
            play_from: PlayFrom::Seconds(play.from_secs.max(0.0)),
            ..SamplerNode::default()
        };
        let channels = if placed {
            NonZeroChannelCount::MONO
        } else {
            NonZeroChannelCount::STEREO
        };
        let config = SamplerConfig {
            channels,
            ..SamplerConfig::default()
        };
        let sampler_id = context.add_node(sampler, Some(config)).map_err(fail)?;
        let bus_port = port(play.bus);
        let to_bus = [(0, bus_port), (1, bus_port + 1)];
        let (way, node_id) = if placed {
            let pose = place(&play.whence, 0.0);
            let (bearing, _) = self.scene().bearing(&play, &pose);
            let (aim, renderer) = self.head.renderer(bearing)?;
            let node = PlacedNode {
                dials: dials.clone(),
                renderer: Cell::new(Some(renderer)),
                tail_frames: self.head.tail_frames() + frames_of(MAX_DETOUR_SECS, self.rate_hz),
            };
            let node_id = context.add_node(node, None).map_err(fail)?;
            connect(context, sampler_id, node_id, &[(0, 0)])?;
            connect(context, node_id, self.desk_id, &to_bus)?;
            let to_walls = [(2, 0), (3, 1), (4, 2), (5, 3), (6, 4), (7, 5)];
            connect(context, node_id, self.walls_id, &to_walls)?;
            connect(context, node_id, self.reverb_id, &[(8, 0)])?;
            (Way::Placed(Box::new(aim)), node_id)
        } else {
            let node = BedNode {
                dials: dials.clone(),
            };
            let node_id = context.add_node(node, None).map_err(fail)?;
            connect(context, sampler_id, node_id, &[(0, 0), (1, 1)])?;
            connect(context, node_id, self.desk_id, &to_bus)?;
            (Way::Bed, node_id)
        };
        context.queue_event_for(
            sampler_id,
            SamplerNode::set_dyn_sample_event(clip.resource(placed)),
        );
        let before = sampler;
        *sampler.play = true;
        let at = EventInstant::AtClockSamples(InstantSamples(start_frame));
        let mut queue = context.event_queue_scheduled(sampler_id, Some(at));
        sampler.diff(&before, PathBuilder::default(), &mut queue);
        let level = Fade {
            from_db: play.gain_db,
            to_db: play.gain_db,
            start_frame,
            frames: 0,
        };
        let voice = Voice {
            level,
            play,
            way,
            sampler_id,
            node_id,
            sampler,
            dials,
            common_gain,
            halted: false,
            occlusion: 0.0,
            start_frame,
            sounding: true,
            life: Life::Playing,
        };
        let wanted = self.scene().wanted(&voice, start_frame);
        voice.tell(&wanted);
        self.voices.push(voice);
        Ok(())
    }
}
