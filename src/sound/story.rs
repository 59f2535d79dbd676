//! Pure: what the story wants to be heard, as orders for the mix, and back.

use std::{sync::Arc, time::Duration};

use bevy::math::{Quat, Vec3};

use super::{
    clip::Clip,
    offline::{Cue, Score},
    order::{Bus, Order, Output, Play, Pose, Source, Whence},
    room::Room,
};
use crate::{
    exhibit::heard::{Heard, HeardOut, SoundFrom, SoundIndex, StagedSound, StagedSounds},
    scene::schema::{DistanceLaw, SoundKind},
    tour::Utterance,
};

/// Reads the story's wishes. It remembers who speaks.
#[derive(Debug, Clone)]
pub struct Interpreter {
    sounds: Arc<StagedSounds>,
    /// There is one voice at a time.
    speaking: Option<Utterance>,
    /// How many have spoken. Each has a name of its own: the end of one may be told when the next
    /// has begun, and must not end it.
    voices: u32,
}

impl Interpreter {
    /// For the sounds of a stage.
    #[must_use]
    pub fn new(sounds: Arc<StagedSounds>) -> Self {
        Self {
            sounds,
            speaking: None,
            voices: 0,
        }
    }

    /// The same visit, on another stage: of what it was told before nothing counts but names.
    /// Where only the voices are others, who speaks still does.
    #[must_use]
    pub fn on(&self, sounds: Arc<StagedSounds>) -> Self {
        let is_retold = self.is_retold_by(&sounds);
        Self {
            sounds,
            speaking: self.speaking.filter(|_| is_retold),
            voices: self.voices,
        }
    }

    /// Whether a stage has other voices only.
    #[must_use]
    pub fn is_retold_by(&self, sounds: &StagedSounds) -> bool {
        self.sounds.sounds == sounds.sounds && self.sounds.rooms == sounds.rooms
    }

    /// The sounds of the stage.
    #[must_use]
    pub fn sounds(&self) -> &StagedSounds {
        &self.sounds
    }

    /// What plays from the start of the visit. Groups start together, and so does the rest, but
    /// each of the rest has its own loudness.
    #[must_use]
    pub fn begin(&self) -> Vec<Order> {
        let all = self.sounds.sounds.iter().enumerate();
        let playing = all.filter(|(_, sound)| sound.autoplays);
        self.play(playing.map(|(index, _)| SoundIndex(index)).collect())
    }

    /// What a wish asks of the mix.
    #[must_use]
    pub fn heed(&mut self, heard: &Heard) -> Vec<Order> {
        match heard {
            Heard::Play(sounds) => self.play(sounds.clone()),
            Heard::Stop(sound) => vec![Order::Stop { id: name(*sound) }],
            Heard::Level {
                sound,
                gain_db,
                over_secs,
            } => vec![Order::Level {
                id: name(*sound),
                gain_db: *gain_db,
                over_secs: *over_secs,
            }],
            Heard::Say {
                utterance,
                voice,
                from,
            } => {
                let mut orders = self.stop_voice();
                self.speaking = Some(*utterance);
                self.voices = self.voices.wrapping_add(1);
                let whence = voice.position_in_world.map_or(Whence::Bed, |position_m| {
                    Whence::At(Pose {
                        position_m,
                        rotation: Quat::IDENTITY,
                    })
                });
                orders.push(Order::Play(vec![Play {
                    whence,
                    bus: Bus::Narration,
                    // A guide at a place is heard across a room: half the fall of nature.
                    distance: DistanceLaw {
                        rolloff: 0.5,
                        ..DistanceLaw::default()
                    },
                    priority: u8::MAX,
                    from_secs: from.as_secs_f64(),
                    ..Play::new(self.voice(), Source::File(voice.file.clone()))
                }]));
                orders
            }
            Heard::StopSaying => self.stop_voice(),
            Heard::Halt { sounds, halted } => {
                let names = sounds.iter().map(|sound| name(*sound));
                let voice = self.speaking.map(|_| self.voice());
                voice
                    .into_iter()
                    .chain(names)
                    .map(|id| Order::Halt {
                        id,
                        halted: *halted,
                    })
                    .collect()
            }
        }
    }

    /// What has ended, by the name the mix knows it by.
    #[must_use]
    pub fn ended(&mut self, id: &str) -> Option<HeardOut> {
        if id == self.voice() {
            return self.speaking.take().map(HeardOut::Voice);
        }
        let index = id.strip_prefix("sound ")?.parse().ok()?;
        Some(HeardOut::Sound(SoundIndex(index)))
    }

    /// The name of the voice that spoke last.
    fn voice(&self) -> String {
        format!("voice {}", self.voices)
    }

    fn stop_voice(&mut self) -> Vec<Order> {
        let speaking = self.speaking.take();
        let id = speaking.map(|_| self.voice());
        id.map(|id| Order::Stop { id }).into_iter().collect()
    }

    /// Everything asked for in one moment begins at one sample; sounds of a group share their
    /// gain, others do not.
    fn play(&self, sounds: Vec<SoundIndex>) -> Vec<Order> {
        let mut batches: Vec<(Option<&str>, Vec<Play>)> = Vec::new();
        for index in sounds {
            let Some(sound) = self.sounds.sounds.get(index.0) else {
                continue;
            };
            let group = sound.together.as_deref();
            let play = play(index, sound);
            match batches
                .iter_mut()
                .find(|(own, _)| group.is_some() && *own == group)
            {
                Some((_, plays)) => plays.push(play),
                None => batches.push((group, vec![play])),
            }
        }
        batches
            .into_iter()
            .map(|(_, plays)| Order::Play(plays))
            .collect()
    }
}

/// The name that the mix knows a sound by.
#[must_use]
pub fn name(sound: SoundIndex) -> String {
    format!("sound {}", sound.0)
}

fn play(index: SoundIndex, sound: &StagedSound) -> Play {
    let whence = match &sound.from {
        SoundFrom::Everywhere => Whence::Bed,
        SoundFrom::Place {
            position_in_world,
            forward_in_world,
        } => Whence::At(Pose {
            position_m: *position_in_world,
            rotation: (forward_in_world.try_normalize()).map_or(Quat::IDENTITY, |forward| {
                Quat::from_rotation_arc(Vec3::NEG_Z, forward)
            }),
        }),
        SoundFrom::Path(path) => Whence::Path(path.clone()),
    };
    Play {
        whence,
        bus: match sound.kind {
            SoundKind::Effect => Bus::Effects,
            SoundKind::Ambience => Bus::Ambience,
            SoundKind::Music => Bus::Music,
            SoundKind::Narration => Bus::Narration,
        },
        gain_db: sound.gain_db,
        repeat: sound.repeats,
        distance: sound.distance.clone(),
        cone: sound.cone.clone(),
        size_m: sound.size_m,
        priority: sound.priority,
        ..Play::new(name(index), Source::File(sound.file.clone()))
    }
}

/// A moment of a film: when, from where it is seen, and what begins to be heard.
#[derive(Debug, Clone)]
pub struct Moment<'a> {
    /// Since the begin.
    pub at: Duration,
    /// The visitor's head.
    pub ears: Pose,
    /// The story's wishes.
    pub heard: &'a [Heard],
}

/// A film's score, for [`offline`](super::offline). `room_at` says in which room a head is.
#[must_use]
pub fn score<'a>(
    sounds: Arc<StagedSounds>,
    output: Output,
    length: Duration,
    moments: impl IntoIterator<Item = Moment<'a>>,
    mut room_at: impl FnMut(Vec3) -> Option<Room>,
) -> Score {
    let mut interpreter = Interpreter::new(sounds);
    let mut cues = Vec::new();
    let mut last_room = None;
    let mut is_first = true;
    for moment in moments {
        let at_secs = moment.at.as_secs_f64();
        let mut push = |order| cues.push(Cue { at_secs, order });
        push(Order::Listen(moment.ears));
        let room = room_at(moment.ears.position_m);
        if room != last_room {
            push(Order::Room(room.clone()));
            last_room = room;
        }
        if std::mem::take(&mut is_first) {
            interpreter.begin().into_iter().for_each(&mut push);
        }
        for heard in moment.heard {
            interpreter.heed(heard).into_iter().for_each(&mut push);
        }
    }
    Score {
        rate_hz: super::DEFAULT_RATE_HZ,
        duration_secs: length.as_secs_f64(),
        output,
        cues,
    }
}

/// How long each voice of a stage is; a voice that cannot be read is left out, and the reason
/// logged.
#[must_use]
pub fn voice_lengths(sounds: &StagedSounds) -> Vec<(Utterance, Duration)> {
    let voices = sounds.voices.iter();
    voices
        .filter_map(
            |(utterance, voice)| match Clip::read(&voice.file, super::DEFAULT_RATE_HZ) {
                Ok(clip) => Some((*utterance, Duration::from_secs_f64(clip.secs()))),
                Err(error) => {
                    bevy::log::warn!("{error}");
                    None
                }
            },
        )
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        exhibit::heard::StagedVoice,
        scene::schema::SoundId,
        tour::{StepIndex, TourIndex},
    };

    fn utterance(step: usize) -> Utterance {
        Utterance {
            tour: TourIndex::FIRST,
            step: StepIndex::new(step),
            answer: None,
        }
    }

    fn staged(group: Option<&str>) -> StagedSound {
        StagedSound {
            id: SoundId::new("it"),
            file: "it.ogg".into(),
            from: SoundFrom::Everywhere,
            kind: SoundKind::Music,
            gain_db: -6.0,
            repeats: true,
            autoplays: true,
            distance: DistanceLaw::default(),
            cone: None,
            size_m: 0.0,
            priority: 50,
            together: group.map(str::to_owned),
        }
    }

    #[test]
    fn stems_are_one_batch_and_others_are_their_own() {
        let sounds = [
            staged(Some("band")),
            staged(None),
            staged(Some("band")),
            staged(None),
        ];
        let sounds = StagedSounds {
            sounds: sounds.into(),
            ..StagedSounds::default()
        };
        let sizes: Vec<usize> = Interpreter::new(sounds.into())
            .begin()
            .iter()
            .map(|order| match order {
                Order::Play(plays) => plays.len(),
                other => panic!("nothing but playing was asked for: {other:?}"),
            })
            .collect();
        assert_eq!(sizes, [2, 1, 1]);
    }

    #[test]
    fn what_ends_is_what_was_meant() {
        let mut interpreter = Interpreter::new(Arc::default());
        assert_eq!(
            interpreter.ended(&name(SoundIndex(7))),
            Some(HeardOut::Sound(SoundIndex(7)))
        );
        assert_eq!(interpreter.ended("voice 0"), None, "nobody speaks");
        assert_eq!(interpreter.ended("something else"), None);
        let says = |step| Heard::Say {
            utterance: utterance(step),
            voice: StagedVoice {
                file: "it.ogg".into(),
                position_in_world: None,
            },
            from: Duration::ZERO,
        };
        let utterance_of = |end| match end {
            Some(HeardOut::Voice(utterance)) => Some(utterance.step.index()),
            _ => None,
        };
        let names = |orders: &[Order]| -> Vec<String> {
            let name = |order: &Order| match order {
                Order::Play(plays) => format!("play {}", plays[0].id),
                Order::Stop { id } => format!("stop {id}"),
                other => format!("{other:?}"),
            };
            orders.iter().map(name).collect()
        };
        assert_eq!(names(&interpreter.heed(&says(0))), ["play voice 1"]);
        assert_eq!(
            names(&interpreter.heed(&says(1))),
            ["stop voice 1", "play voice 2"],
            "one at a time"
        );
        assert_eq!(interpreter.ended("voice 1"), None, "its end is told late");
        let mut retold = interpreter.on(Arc::default());
        assert_eq!(
            names(&retold.heed(&Heard::StopSaying)),
            ["stop voice 2"],
            "in another language too"
        );
        assert_eq!(utterance_of(interpreter.ended("voice 2")), Some(1));
        assert_eq!(utterance_of(interpreter.ended("voice 2")), None, "once");
    }
}
