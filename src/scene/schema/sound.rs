//! Sounds: what can be heard, and where from.

use bevy::math::Vec3;

use super::{Credit, FilePath, GroupId, LocalizedPath, Place, SoundId, SpaceId, Text};

record! {
    /// A sound.
    pub struct Sound {
        /// Its name.
        id: SoundId = required,
        /// What visitors call it.
        title: Text [limit 60] = (Text::default()),
        /// The audio file: Ogg Vorbis, FLAC, WAV or MP3.
        source: LocalizedPath [file Audio] = required,
        /// Where it sounds from.
        at: SoundAt = (SoundAt::Bed),
        /// The space whose coordinates it uses; the exhibit's own if absent.
        space: Option<SpaceId> = None,
        /// What it is; decides how it gives way to speech.
        kind: SoundKind = (SoundKind::Effect),
        /// Louder (positive) or softer.
        gain_db: f32 [unit "dB", range -80.0..=20.0] = 0.0,
        /// Whether it begins again at its end, without a gap.
        repeat: bool = false,
        /// Whether it plays from the start of the visit.
        autoplay: bool = false,
        /// How it falls off with distance.
        distance: DistanceLaw = (DistanceLaw::default()),
        /// For a sound that is louder in its direction.
        cone: Option<Cone> = None,
        /// Radius of what sounds: a stream is not a point.
        size: f32 [unit "m", range 0.0..=1000.0] = 0.0,
        /// Who yields when too many sound: higher stays.
        priority: u8 [range 0.0..=100.0] = 50,
        /// Sounds of one group start together to the sample: stems of a concert.
        together: Option<GroupId> = None,
        /// What is said or heard, in words.
        transcript: Text = (Text::default()),
        /// Captions: a WebVTT file.
        captions: LocalizedPath [file Captions] = (LocalizedPath::default()),
        /// Who made it, and under which licence it is played.
        credit: Option<Credit> = None,
    }
}

record! {
    /// Sounds with which an exhibit answers a visitor: short and soft ones.
    pub struct InterfaceSounds {
        /// Something is selected.
        select: Option<SoundId> = None,
        /// Something that can be selected is pointed at.
        hover: Option<SoundId> = None,
    }
}

record! {
    /// How an exhibit is listened to on a monitor and in films.
    pub struct Listening {
        /// Through what, until a visitor chooses otherwise. A headset is always headphones.
        through: Through = (Through::Headphones),
        /// A SOFA file with the responses of a measured head, for headphones; a head that is computed if absent.
        head: Option<FilePath> [file Head] = None,
    }
}

choice! {
    /// What sounds come out of.
    pub enum Through = (Self::Headphones) {
        /// Headphones: each sound from where it is, all around.
        Headphones,
        /// Two loudspeakers, left and right of the screen.
        Loudspeakers,
        /// One loudspeaker: both ears hear the same.
        OneLoudspeaker,
    }
}

/// Where a sound comes from: `Bed`, `Path(...)` or a [`Place`].
#[derive(Debug, Clone, PartialEq, Default)]
pub enum SoundAt {
    /// From everywhere.
    #[default]
    Bed,
    /// From a place. Its direction is that of the cone.
    Place(Place),
    /// From something that moves.
    Path(SoundPath),
}

record! {
    /// A path that a sound moves along at an even speed.
    pub struct SoundPath {
        /// Points it passes; at least two.
        points: Vec<Vec3> [unit "m", range -100000.0..=100000.0] = required,
        /// Speed.
        speed: f32 [unit "m/s", range 0.001..=300.0] = 1.0,
        /// Whether the end joins the beginning; else it goes to and fro.
        closed: bool = false,
    }
}

choice! {
    /// What a sound is.
    pub enum SoundKind = (Self::Effect) {
        /// A thing in the room.
        Effect,
        /// Wind, drips, fire: ducked by speech.
        Ambience,
        /// Music: ducked by speech.
        Music,
        /// Speech: ducks the others.
        Narration,
    }
}

record! {
    /// How a sound falls off with distance.
    pub struct DistanceLaw {
        /// Distance at which it has its own level.
        reference: f32 [unit "m", range 0.01..=1000.0] = 1.0,
        /// Distance beyond which it does not fall further.
        maximum: f32 [unit "m", range 0.1..=100000.0] = 50.0,
        /// 1 is nature (6 dB for each doubling), 0 no falloff.
        rolloff: f32 [range 0.0..=10.0] = 1.0,
    }
}

record! {
    /// A direction in which a sound is louder.
    pub struct Cone {
        /// Full level inside this angle, edge to edge.
        inner_angle: f32 [unit "°", range 0.0..=360.0] = 90.0,
        /// Softest outside this angle, edge to edge.
        outer_angle: f32 [unit "°", range 0.0..=360.0] = 270.0,
        /// Level outside.
        outer_gain_db: f32 [unit "dB", range -80.0..=0.0] = (-12.0),
    }
}
