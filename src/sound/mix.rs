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

use std::{cell::Cell, collections::HashMap, num::NonZeroU32, path::PathBuf, sync::Arc};

use bevy_seedling::firewheel::{
    FirewheelContext,
    channel_config::NonZeroChannelCount,
    clock::{EventInstant, InstantSamples},
    diff::{Diff, PathBuilder},
    node::{NodeError, NodeID},
    nodes::sampler::{PlayFrom, RepeatMode, SamplerConfig, SamplerNode, SamplerState},
};

use super::{
    BLOCK_FRAMES, SoundError,
    clip::Clip,
    desk::{DeskDials, DeskNode, ROOM_PORT, port},
    dials::Dials,
    head::{Aim, Bearing, Head},
    law::{self, amplitude},
    order::{Order, Play, Pose, Source, Whence},
    reverb::{CHANGE_SECS, Decay, REVERB_BLOCK_FRAMES, ReverbNode},
    room::Room,
    source::{BedNode, MAX_DETOUR_SECS, PlacedNode},
    voices::{Candidate, choose},
    walls::WallsNode,
};

/// Voices that are computed at most.
pub const VOICE_LIMIT: usize = 64;
/// How long a stopped voice fades, s: ten time constants of its level.
const LEAVE_SECS: f64 = 0.2;

/// Samples of files, kept for as long as something plays them or a film goes on.
#[derive(Default)]
pub struct Library {
    clips: HashMap<PathBuf, Arc<Clip>>,
}

impl Library {
    /// The samples of a source, read if they are not known.
    ///
    /// # Errors
    /// If a file cannot be played.
    pub fn clip(&mut self, source: &Source, rate_hz: NonZeroU32) -> Result<Arc<Clip>, SoundError> {
        if let Some(clip) = self.known(source, rate_hz) {
            return Ok(clip);
        }
        let clip = source.read(rate_hz)?;
        self.keep(source, &clip);
        Ok(clip)
    }

    /// The samples of a source if nothing need be read. Samples that were handed over have the
    /// rate they have.
    #[must_use]
    pub fn known(&self, source: &Source, rate_hz: NonZeroU32) -> Option<Arc<Clip>> {
        match source {
            Source::Clip(clip) => Some(clip.clone()),
            Source::File(path) => self
                .clips
                .get(path)
                .filter(|clip| clip.rate_hz() == rate_hz)
                .cloned(),
        }
    }

    /// Keeps the samples of a file.
    pub fn keep(&mut self, source: &Source, clip: &Arc<Clip>) {
        if let Source::File(path) = source {
            self.clips.insert(path.clone(), clip.clone());
        }
    }

    /// Forgets what nobody plays.
    pub fn forget_unused(&mut self) {
        self.clips.retain(|_, clip| Arc::strong_count(clip) > 1);
    }
}

enum Way {
    Bed,
    Placed(Box<Aim>),
}

/// What becomes of a voice.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Life {
    Playing,
    /// It was stopped, or has ended; its nodes go at this frame.
    Leaving(i64),
}

struct Voice {
    play: Play,
    way: Way,
    sampler_id: NodeID,
    node_id: NodeID,
    sampler: SamplerNode,
    dials: Arc<Dials>,
    /// Brings it to the common loudness.
    common_gain: f32,
    level: Fade,
    halted: bool,
    occlusion: f32,
    start_frame: i64,
    sounding: bool,
    life: Life,
}

/// A level on its way, evenly in dB.
#[derive(Debug, Clone, Copy)]
struct Fade {
    from_db: f32,
    to_db: f32,
    start_frame: i64,
    frames: i64,
}

impl Fade {
    fn at(&self, frame: i64) -> f32 {
        if self.frames <= 0 || frame >= self.start_frame + self.frames {
            return self.to_db;
        }
        #[expect(clippy::cast_precision_loss, reason = "frames of a fade")]
        let done = (frame - self.start_frame).max(0) as f32 / self.frames as f32;
        self.from_db + (self.to_db - self.from_db) * done
    }
}

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
const WALLS: [bevy::math::Vec3; 6] = [
    bevy::math::Vec3::NEG_X,
    bevy::math::Vec3::X,
    bevy::math::Vec3::NEG_Y,
    bevy::math::Vec3::Y,
    bevy::math::Vec3::NEG_Z,
    bevy::math::Vec3::Z,
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
                voice.hold(context, sound.halted || self.paused, Some(start_frame + 1));
            }
        }
        Ok(())
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
                    voice.hold(context, halted || paused, None);
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
        let wanted: Vec<Wanted> = self
            .voices
            .iter()
            .map(|voice| self.wanted(voice, now))
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
            if voice.life == Life::Playing && finished && !self.paused {
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

    fn start(
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
            let (bearing, _) = self.bearing(&play, &pose);
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
        let wanted = self.wanted(&voice, start_frame);
        voice.tell(&wanted);
        self.voices.push(voice);
        Ok(())
    }

    fn pause(&mut self, context: &mut FirewheelContext, paused: bool) {
        self.paused = paused;
        let playing = self.voices.iter_mut();
        for voice in playing.filter(|voice| voice.life == Life::Playing) {
            voice.hold(context, paused || voice.halted, None);
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
        #[expect(clippy::cast_precision_loss, reason = "the length of a block")]
        let lead_secs = REVERB_BLOCK_FRAMES as f32 / rate as f32;
        let decay = (room.as_ref())
            .map(|room| Decay::new(room.decay(rate, lead_secs), rate))
            .transpose()?;
        context.queue_event_for(self.reverb_id, Decay::event(decay));
        self.room = room;
        self.room_since_frame = Some(now);
        Ok(())
    }

    /// Where from a sound is heard, and from how far, m.
    fn bearing(&self, play: &Play, pose: &Pose) -> (Bearing, f32) {
        let way = pose.position_m - self.listener.position_m;
        let distance_m = way.length();
        let spread = law::spread(play.size_m, distance_m);
        let direction = self.listener.rotation.inverse() * way;
        (Bearing::new(direction, spread), distance_m)
    }

    fn wanted(&self, voice: &Voice, now: i64) -> Wanted {
        let play = &voice.play;
        let level = voice.common_gain * amplitude(voice.level.at(now));
        if matches!(voice.way, Way::Bed) {
            return Wanted {
                direct: level,
                ..Wanted::default()
            };
        }
        #[expect(clippy::cast_precision_loss, reason = "frames since it began")]
        let secs = (now - voice.start_frame).max(0) as f64 / f64::from(self.rate_hz.get());
        let pose = place(&play.whence, secs + play.from_secs);
        let (bearing, distance_m) = self.bearing(play, &pose);
        let to_listener = self.listener.position_m - pose.position_m;
        let forward = pose.rotation * bevy::math::Vec3::NEG_Z;
        let cone =
            (play.cone.as_ref()).map_or(1.0, |cone| law::cone_gain(cone, forward, to_listener));
        let behind = law::occlusion(voice.occlusion);
        let mut wanted = Wanted {
            direct: level
                * cone
                * behind.gain
                * law::distance_gain(&play.distance, distance_m, play.size_m),
            cutoff_hz: behind.cutoff_hz,
            bearing: Some(bearing),
            ..Wanted::default()
        };
        if let Some(room) = &self.room {
            // What stands between hides the straight way; the room is reached around it.
            let around = level * cone.sqrt() * behind.gain.sqrt();
            wanted.late = around * play.distance.reference;
            let (from, to) = (pose.position_m, self.listener.position_m);
            wanted.walls = room
                .reflections(from, to, play.distance.reference)
                .map(|wall| (around * wall.gain, wall.detour_secs));
        }
        wanted
    }
}

impl Head {
    /// Frames that a filter sounds on.
    pub(crate) fn tail_frames(&self) -> usize {
        self.taps() + self.delay_frames() + BLOCK_FRAMES
    }
}

/// What the dials of a voice should say.
#[derive(Debug, Clone, Copy)]
struct Wanted {
    direct: f32,
    late: f32,
    cutoff_hz: f32,
    walls: [(f32, f32); 6],
    bearing: Option<Bearing>,
}

impl Default for Wanted {
    fn default() -> Self {
        Self {
            direct: 0.0,
            late: 0.0,
            cutoff_hz: 20_000.0,
            walls: Default::default(),
            bearing: None,
        }
    }
}

impl Voice {
    /// Halts or goes on, at a frame or at once.
    fn hold(&mut self, context: &mut FirewheelContext, held: bool, at_frame: Option<i64>) {
        let before = self.sampler;
        if held != *before.play {
            return;
        }
        if held {
            self.sampler.pause();
        } else {
            self.sampler.resume();
        }
        let at = at_frame.map(|frame| EventInstant::AtClockSamples(InstantSamples(frame)));
        let mut queue = context.event_queue_scheduled(self.sampler_id, at);
        (self.sampler).diff(&before, PathBuilder::default(), &mut queue);
    }

    fn leave(&mut self, until: i64) {
        if self.life == Life::Playing {
            self.life = Life::Leaving(until);
            self.sounding = false;
        }
    }

    /// Sets the dials; silent unless it sounds, or rings out after its end.
    fn tell(&self, wanted: &Wanted) {
        let open = if self.sounding { 1.0 } else { 0.0 };
        self.dials.direct.set(open * wanted.direct);
        self.dials.late.set(open * wanted.late);
        self.dials.cutoff_hz.set(wanted.cutoff_hz);
        for ((gain, detour), (wanted_gain, secs)) in self.dials.walls.iter().zip(wanted.walls) {
            gain.set(open * wanted_gain);
            detour.set(secs);
        }
    }
}

fn place(whence: &Whence, secs: f64) -> Pose {
    match whence {
        Whence::Bed => Pose::default(),
        Whence::At(pose) => *pose,
        Whence::Path(path) => law::along(path, secs),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "frames of a few seconds")]
fn frames(secs: f64, rate_hz: NonZeroU32) -> i64 {
    (secs * f64::from(rate_hz.get())) as i64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "not negative"
)]
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
