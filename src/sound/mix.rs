//! The graph and its voices: carries out [`Order`]s on a Firewheel context. The running exhibit
//! and films use the same; neither clock nor card is known here.
//!
//! ```text
//! sampler ─ placed voice ─┬─ two ears ──────────────┐
//!                         ├─ six walls ─ walls ─────┤
//!                         └─ late ────── late room ─┤
//! sampler ─ bed ──────────── two ears ──────────────┴─ desk: levels, ducking, limiter, master
//! ```
//!
//! A voice that yields to others goes on in silence, so that it comes back where it would be,
//! and stems stay together whoever yields.

mod life;
mod voice;

use std::{cell::Cell, num::NonZeroU32, sync::Arc};

use bevy::math::Vec3;
use bevy_seedling::firewheel::{
    FirewheelContext,
    node::{NodeError, NodeID},
    nodes::sampler::SamplerState,
};

pub use life::Dismantled;
use voice::{Fade, Life, Scene, Voice, Wanted, Way};

use super::{
    BLOCK_FRAMES, SoundError,
    clip::Clip,
    desk::{DeskDials, DeskNode, ROOM_PORT, port},
    head::{Aim, Bearing, Head},
    law::amplitude,
    order::{Order, Pose, Whence},
    reverb::{CHANGE_SECS, Decay, REVERB_BLOCK_FRAMES, ReverbNode},
    room::Room,
    source::MAX_DETOUR_SECS,
    voices::{Candidate, choose},
    walls::WallsNode,
};

/// Voices that are computed at most.
pub const VOICE_LIMIT: usize = 64;
/// How long a stopped voice fades, s: ten time constants of its level.
const LEAVE_SECS: f64 = 0.2;

/// The graph and its voices.
pub struct Mix {
    rate_hz: NonZeroU32,
    head: Head,
    desk_id: NodeID,
    walls_id: NodeID,
    reverb_id: NodeID,
    desk: Arc<DeskDials>,
    wall_aims: [Aim; 6],
    voices: Vec<Voice>,
    listener: Pose,
    room: Option<Room>,
    next_room: Option<Option<Room>>,
    room_since_frame: Option<i64>,
    paused: bool,
    lead_frames: i64,
}

/// Directions of the walls in the exhibit's frame, as in [`Room::walls`].
const WALLS: [Vec3; 6] = [
    Vec3::NEG_X,
    Vec3::X,
    Vec3::NEG_Y,
    Vec3::Y,
    Vec3::NEG_Z,
    Vec3::Z,
];

impl Mix {
    /// Builds the graph. New sounds start `lead_frames` after they were asked for: enough that
    /// the audio thread hears of all of them before.
    ///
    /// # Errors
    /// If the engine refuses.
    pub fn new(
        context: &mut FirewheelContext,
        rate_hz: NonZeroU32,
        mut head: Head,
        lead_frames: i64,
    ) -> Result<Self, SoundError> {
        let desk = Arc::new(DeskDials::default());
        desk.mono.set(if head.is_mono() { 1.0 } else { 0.0 });
        let mut aims = Vec::new();
        let mut renderers = Vec::new();
        for wall in WALLS {
            let (aim, renderer) = head.renderer(Bearing::new(wall, 0.0))?;
            aims.push(aim);
            renderers.push(renderer);
        }
        let (Ok(wall_aims), Ok(renderers)) = (aims.try_into(), renderers.try_into()) else {
            return Err(SoundError::Engine("a room has six walls".into()));
        };
        let walls = WallsNode {
            renderers: Cell::new(Some(renderers)),
            tail_frames: head.tail_frames(),
        };
        let fail = |error: NodeError| SoundError::engine(error);
        let desk_id = context
            .add_node(
                DeskNode {
                    dials: desk.clone(),
                },
                None,
            )
            .map_err(fail)?;
        let walls_id = context.add_node(walls, None).map_err(fail)?;
        let reverb_id = context.add_node(ReverbNode, None).map_err(fail)?;
        let out = context.graph_out_node_id();
        connect(context, desk_id, out, &[(0, 0), (1, 1)])?;
        let room_ports = [(0, ROOM_PORT), (1, ROOM_PORT + 1)];
        connect(context, walls_id, desk_id, &room_ports)?;
        connect(context, reverb_id, desk_id, &room_ports)?;
        Ok(Self {
            rate_hz,
            head,
            desk_id,
            walls_id,
            reverb_id,
            desk,
            wall_aims,
            voices: Vec::new(),
            listener: Pose::default(),
            room: None,
            next_room: None,
            room_since_frame: None,
            paused: false,
            lead_frames,
        })
    }

    /// Frames a second.
    #[must_use]
    pub fn rate_hz(&self) -> NonZeroU32 {
        self.rate_hz
    }

    /// Carries out an order. `clips` are the samples of [`Order::Play`], in its order.
    ///
    /// # Errors
    /// If the engine refuses.
    pub fn order(
        &mut self,
        context: &mut FirewheelContext,
        order: Order,
        clips: Vec<Arc<Clip>>,
    ) -> Result<(), SoundError> {
        let now = context.heartbeat();
        match order {
            Order::Play(plays) => {
                let common_gain = super::clip::common_gain(clips.iter().map(AsRef::as_ref));
                for (play, clip) in plays.into_iter().zip(clips) {
                    self.stop(&play.id, now);
                    self.start(context, play, clip, common_gain, now + self.lead_frames)?;
                }
            }
            Order::Stop { id } => self.stop(&id, now),
            Order::StopAll => {
                for voice in &mut self.voices {
                    voice.leave(now + frames(LEAVE_SECS, self.rate_hz));
                }
            }
            Order::Level {
                id,
                gain_db,
                over_secs,
            } => {
                let over = frames(f64::from(over_secs.max(0.0)), self.rate_hz);
                self.voice(&id, |voice| {
                    voice.level = Fade {
                        from_db: voice.level.at(now),
                        to_db: gain_db,
                        start_frame: now,
                        frames: over,
                    };
                });
            }
            Order::Halt { id, halted } => {
                let paused = self.paused;
                self.voice(&id, |voice| {
                    voice.halted = halted;
                    voice.hold(context, voice.is_held(paused), None);
                });
            }
            Order::Place { id, pose } => {
                self.voice(&id, |voice| {
                    if matches!(voice.way, Way::Placed(_)) {
                        voice.play.whence = Whence::At(pose);
                    }
                });
            }
            Order::Occlude { id, amount } => {
                self.voice(&id, |voice| voice.occlusion = amount.clamp(0.0, 1.0));
            }
            Order::Listen(pose) => self.listener = pose,
            Order::Room(room) => self.next_room = Some(room),
            Order::Bus { bus, gain_db } => {
                self.desk.buses[port(bus) as usize / 2].set(amplitude(gain_db.min(12.0)));
            }
            Order::Master { gain_db } => self.desk.master.set(amplitude(gain_db.min(0.0))),
            Order::Pause(paused) => self.pause(context, paused),
        }
        Ok(())
    }

    /// Brings every voice up to date and returns the names of those that have ended by
    /// themselves. To be called often: between blocks of a film, many times a second otherwise.
    ///
    /// # Errors
    /// If the engine refuses.
    pub fn step(&mut self, context: &mut FirewheelContext) -> Result<Vec<String>, SoundError> {
        let now = context.heartbeat();
        self.enter_room(context, now)?;
        let into_head = self.listener.rotation.inverse();
        for (aim, wall) in self.wall_aims.iter_mut().zip(WALLS) {
            aim.turn(&mut self.head, Bearing::new(into_head * wall, 0.0))?;
        }
        let scene = self.scene();
        let wanted: Vec<Wanted> = self
            .voices
            .iter()
            .map(|voice| scene.wanted(voice, now))
            .collect();
        let candidates: Vec<Candidate> = (self.voices.iter().zip(&wanted))
            .map(|(voice, wanted)| Candidate {
                priority: voice.play.priority,
                audibility: wanted.direct,
                sounding: voice.sounding,
            })
            .collect();
        let chosen = choose(&candidates, VOICE_LIMIT);
        let mut ended = Vec::new();
        for ((voice, wanted), chosen) in self.voices.iter_mut().zip(wanted).zip(chosen) {
            voice.sounding = chosen && voice.life == Life::Playing;
            voice.tell(&wanted);
            if let (Way::Placed(aim), Some(bearing)) = (&mut voice.way, wanted.bearing) {
                aim.turn(&mut self.head, bearing)?;
            }
            let finished = context
                .node_state::<SamplerState>(voice.sampler_id)
                .is_some_and(|state| state.playback_finished(voice.sampler.playback_id()));
            if voice.life == Life::Playing && finished && !voice.is_held(self.paused) {
                // The sound has come out when the last block and the last reflection have.
                let tail = self.head.tail_frames() as i64 + 2 * BLOCK_FRAMES as i64;
                voice.life =
                    Life::Leaving(now + tail + frames(f64::from(MAX_DETOUR_SECS), self.rate_hz));
                ended.push(voice.play.id.clone());
            }
        }
        self.voices.retain(|voice| match voice.life {
            Life::Leaving(until) if now >= until => {
                remove(context, voice.sampler_id);
                remove(context, voice.node_id);
                false
            }
            _ => true,
        });
        context.update().map_err(SoundError::engine)?;
        Ok(ended)
    }

    /// Whether anything plays.
    #[must_use]
    pub fn is_playing(&self) -> bool {
        self.voices.iter().any(|voice| voice.life == Life::Playing)
    }

    fn voice(&mut self, id: &str, change: impl FnOnce(&mut Voice)) {
        let mut playing = self
            .voices
            .iter_mut()
            .filter(|voice| voice.life == Life::Playing);
        if let Some(voice) = playing.find(|voice| voice.play.id == id) {
            change(voice);
        }
    }

    fn stop(&mut self, id: &str, now: i64) {
        let until = now + frames(LEAVE_SECS, self.rate_hz);
        self.voice(id, |voice| voice.leave(until));
    }

    fn scene(&self) -> Scene<'_> {
        Scene {
            listener: self.listener,
            room: self.room.as_ref(),
            rate_hz: self.rate_hz,
        }
    }

    fn pause(&mut self, context: &mut FirewheelContext, paused: bool) {
        self.paused = paused;
        let playing = self.voices.iter_mut();
        for voice in playing.filter(|voice| voice.life == Life::Playing) {
            voice.hold(context, voice.is_held(paused), None);
        }
    }

    fn enter_room(&mut self, context: &mut FirewheelContext, now: i64) -> Result<(), SoundError> {
        let settled = self
            .room_since_frame
            .is_none_or(|since| now - since >= frames(CHANGE_SECS, self.rate_hz));
        if !settled {
            return Ok(());
        }
        let Some(room) = self.next_room.take().filter(|room| *room != self.room) else {
            return Ok(());
        };
        let rate = self.rate_hz.get();
        let lead_secs = REVERB_BLOCK_FRAMES as f32 / rate as f32;
        let decay = (room.as_ref())
            .map(|room| Decay::new(room.decay(rate, lead_secs), rate))
            .transpose()?;
        context.queue_event_for(self.reverb_id, Decay::event(decay));
        self.room = room;
        self.room_since_frame = Some(now);
        Ok(())
    }
}

impl Head {
    /// Frames that a filter sounds on.
    pub(crate) fn tail_frames(&self) -> usize {
        self.taps() + self.delay_frames() + BLOCK_FRAMES
    }
}

fn frames(secs: f64, rate_hz: NonZeroU32) -> i64 {
    (secs * f64::from(rate_hz.get())) as i64
}

fn frames_of(secs: f32, rate_hz: NonZeroU32) -> usize {
    frames(f64::from(secs), rate_hz).max(0) as usize
}

fn connect(
    context: &mut FirewheelContext,
    from: NodeID,
    to: NodeID,
    ports: &[(u32, u32)],
) -> Result<(), SoundError> {
    // No cycle can come of it: every edge goes from a sampler towards the desk.
    context
        .connect(from, to, ports, false)
        .map(drop)
        .map_err(SoundError::engine)
}

fn remove(context: &mut FirewheelContext, id: NodeID) {
    if let Err(error) = context.remove_node(id) {
        bevy::log::warn!("a sound's node could not be removed: {error}");
    }
}
