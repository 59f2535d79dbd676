//! Tours and hotspots in the running exhibit: what the visitor does goes to the [`Story`],
//! what the story wants goes to whoever shows it.
//!
//! Devices send [`Wish`]es; this senses gaze and distance, lets time pass, moves the visitor
//! and keeps what is to be read ([`Telling`]). What changes in the exhibit's look goes out as
//! [`Told`], what is to be heard as [`Heard`].

mod acts;
mod card;
mod guide;
mod retell;
mod sense;
mod spots;
mod take_up;
mod tour;
mod wishes;
mod words_of_sounds;

pub use card::{Asked, Panel, Reminder};
pub(crate) use sense::is_visible;

use super::{
    heard::{Ears, Heard, HeardOut, SoundFrom, SoundIndex, StagedSounds, VoiceMeasured},
    intent::Wish,
    lens,
    spots::{Body, Moved, Patches, Piece},
    stage::{Pose, StagedStep, StagedStory},
    visitor::{Rock, Visitor, VisitorSystems, Wished},
    words::{Direction, with_base},
};
use crate::{
    bake::collide::Collider,
    scene::schema::{Action, LightId, MeshId, Property, Say, Text, Value},
    tour::{
        Aim, Effect, HotspotIndex, Input, PropertyIndex, StepIndex, Story, StoryEffect, StoryInput,
        TourIndex, Travel, Utterance, captions,
        hotspots::{self, ActionRun},
    },
    visit::checkpoint::LeftLight,
};
use bevy::prelude::*;
use std::{collections::BTreeMap, sync::Arc, time::Duration};

/// A change of the exhibit's look.
#[derive(Message, Debug, Clone, PartialEq)]
pub enum Told {
    /// A property has a new value.
    Property {
        /// Which.
        property: Property,
        /// Its value.
        value: Value,
        /// How softly, seconds.
        over_secs: f32,
    },
    /// An animation of a mesh begins.
    Plays {
        /// Which mesh.
        mesh: MeshId,
        /// Name of the animation in its file.
        clip: String,
        /// Whether it goes on and on.
        repeats: bool,
        /// Its speed, where 1 is the file's own.
        speed: f32,
    },
    /// An animation that repeats comes to rest.
    Rests {
        /// Which mesh.
        mesh: MeshId,
        /// Name of the animation in its file.
        clip: String,
    },
    /// A light has a new color, linear RGB.
    LightColor {
        /// Which.
        light: LightId,
        /// Its color.
        color: [f32; 3],
    },
}

/// A line of captions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Spoken {
    /// The words, with the speaker's name before them where the speaker changes.
    pub text: String,
    /// Which of the speakers, in the order in which they come.
    pub tone: usize,
}

struct Speaking {
    speaker_in_world: Option<Vec3>,
    captions: Vec<captions::Caption>,
    at: Duration,
}

/// What is being told to the visitor.
#[derive(Resource)]
pub struct Telling {
    staged: Arc<StagedStory>,
    sounds: Arc<StagedSounds>,
    story: Story,
    inputs: Vec<StoryInput>,
    /// What is to be heard, until the end of the frame.
    heard: Vec<Heard>,
    /// Sounds that begin in this frame: together.
    beginning: Vec<SoundIndex>,
    /// Actions that end with their sound.
    sounding: Vec<(SoundIndex, ActionRun)>,
    /// Actions that end with their animation, and the time left.
    animating: Vec<(ActionRun, Duration)>,
    has_ears: bool,
    speaking: Option<Speaking>,
    /// Sounds with words that are under way, in the order in which they began.
    wordings: Vec<words_of_sounds::Wording>,
    /// Sounds that halt with the tour that plays them.
    halted: Vec<SoundIndex>,
    bodies: Vec<Option<Body>>,
    pieces: Vec<Piece>,
    moved: Moved,
    distances_m: Vec<f32>,
    in_view: Vec<bool>,
    sought: Option<usize>,
    /// Lights as hotspots left them.
    lit: BTreeMap<String, LeftLight>,
    /// What another process left, until the end of the frame.
    taken_up: Option<take_up::TakenUp>,
    /// How long the description of what was sought is still shown, seconds.
    described_secs: f32,
    /// What was meant in the frame before.
    was_meant: Option<HotspotIndex>,
    reminded_secs: f32,
    answered_secs: f32,
    /// What the visitor looks at and may select.
    pub gazed: Option<HotspotIndex>,
    /// What the visitor points at, where a device points otherwise than by looking.
    pub pointed: Pointed,
    /// The exhibit is still being opened: no time passes, and nothing is sensed through walls
    /// that are not there yet.
    pub is_waiting: bool,
    /// A film: nobody sees a card, so that a question is read where captions are.
    pub is_filmed: bool,
    /// The tour stands still.
    pub is_paused: bool,
    /// Another tour waits for this one to end.
    pub is_on_detour: bool,
    /// Detours that the step offers.
    pub detours: Vec<TourIndex>,
    /// What the visitor is told that the step waits for.
    pub reminder: Option<Reminder>,
    /// The open panel.
    pub panel: Option<Panel>,
    /// The question that is asked; once answered, until the step is left.
    pub asked: Option<Asked>,
    /// The question that was just taken away: an answer brings it back.
    was_asked: Option<Asked>,
    /// The title of the tour that is under way, and of its step.
    pub tour: Option<(String, String)>,
    /// The visitor may go on.
    pub offers_next: bool,
    /// What soft lights rest on.
    pub pointed_out: Vec<PointedOut>,
}

/// Something that a soft light rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PointedOut {
    /// Its middle, in world.
    pub center: Vec3,
    /// How large it is, metres.
    pub radius_m: f32,
    /// The hotspot that it is.
    pub spot: Option<HotspotIndex>,
}

/// How the visitor points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pointed {
    /// By looking.
    #[default]
    ByGaze,
    /// By a mouse's pointer or a hand's ray: at this.
    At(Option<HotspotIndex>),
}

/// The radius of a place that is pointed out, metres.
const PLACE_M: f32 = 0.4;

impl Telling {
    /// A story at its beginning.
    pub fn new(staged: Arc<StagedStory>, sounds: Arc<StagedSounds>) -> Self {
        let durations = staged.durations();
        let count = staged.hotspots.len();
        let mut telling = Self {
            story: Story::new(Arc::clone(&staged.script), durations),
            staged,
            sounds,
            inputs: Vec::new(),
            heard: Vec::new(),
            beginning: Vec::new(),
            sounding: Vec::new(),
            animating: Vec::new(),
            has_ears: false,
            speaking: None,
            wordings: Vec::new(),
            halted: Vec::new(),
            bodies: Vec::new(),
            pieces: Vec::new(),
            moved: Moved::default(),
            was_meant: None,
            reminded_secs: 0.0,
            answered_secs: 0.0,
            pointed: Pointed::ByGaze,
            is_waiting: false,
            is_filmed: false,
            is_paused: false,
            is_on_detour: false,
            detours: Vec::new(),
            reminder: None,
            distances_m: vec![f32::INFINITY; count],
            in_view: vec![false; count],
            sought: None,
            lit: BTreeMap::new(),
            taken_up: None,
            described_secs: 0.0,
            gazed: None,
            panel: None,
            asked: None,
            was_asked: None,
            tour: None,
            offers_next: false,
            pointed_out: Vec::new(),
        };
        telling.place_bodies();
        telling
    }

    /// What the script says and where.
    pub fn staged(&self) -> &StagedStory {
        &self.staged
    }

    /// Whether a hotspot's marker is to be seen, and whether its actions are under way.
    pub fn marker(&self, hotspot: HotspotIndex) -> (bool, bool) {
        let hotspots = self.story.hotspots();
        (hotspots.is_shown(hotspot), hotspots.is_open(hotspot))
    }

    /// How long a voice takes, from its file.
    pub fn measure(&mut self, utterance: Utterance, length: Duration) {
        self.story.measure(utterance, length);
    }

    /// How long a tour takes that plays by itself, at most `longest`.
    pub fn unattended_length(&self, tour: TourIndex, longest: Duration) -> Duration {
        const STEP: Duration = Duration::from_millis(50);
        let mut story = self.story.clone();
        let mut inputs = vec![StoryInput::Tour(Input::StartUnattended(tour))];
        let mut length = Duration::ZERO;
        while length < longest {
            let effects = story.step(&inputs, STEP);
            inputs.clear();
            length += STEP;
            let is_over = |effect: &StoryEffect| matches!(effect, StoryEffect::Tour(Effect::TourEnded { tour: own, .. }) if *own == tour);
            if effects.iter().any(is_over) {
                break;
            }
        }
        length
    }

    /// Something happened that the story should hear of.
    pub fn tell(&mut self, input: StoryInput) {
        self.inputs.push(input);
    }

    /// What is to be read now; speakers are named where they change.
    pub fn captions(&self) -> String {
        let lines: Vec<String> = self.spoken().into_iter().map(|line| line.text).collect();
        with_base(&lines.join("\n"), self.direction()).into_owned()
    }

    /// What is to be read now, line by line: speakers are named where they change, and each has
    /// a tone.
    pub fn spoken(&self) -> Vec<Spoken> {
        let voice = self.speaking.iter();
        let voice = voice.flat_map(|own| captions::spoken_at(&own.captions, own.at));
        let lines: Vec<Spoken> = voice
            .chain(self.words_of_sounds())
            .map(|line| Spoken {
                text: match line.name {
                    Some(name) => format!("{name}: {}", line.text),
                    None => line.text.to_owned(),
                },
                tone: line.tone,
            })
            .collect();
        if lines.is_empty()
            && self.is_filmed
            && let Some(asked) = self.asked.as_ref().filter(|own| own.given.is_none())
        {
            let answers = asked.answers.join(" · ");
            let texts = [asked.text.clone(), answers];
            let lines = texts.into_iter().filter(|text| !text.is_empty());
            return lines.map(|text| Spoken { text, tone: 0 }).collect();
        }
        let text = self.description();
        if lines.is_empty() && self.speaking.is_none() && !text.is_empty() {
            return vec![Spoken { text, tone: 0 }];
        }
        lines
    }

    /// What the visitor's eyes are to be led to: what is pointed out, else who speaks.
    pub fn leads_to(&self) -> Vec<Vec3> {
        if !self.pointed_out.is_empty() {
            return self.pointed_out.iter().map(|own| own.center).collect();
        }
        let speaker = self.speaking.as_ref();
        let speaker = speaker.and_then(|own| own.speaker_in_world);
        speaker.into_iter().chain(self.speaking_sounds()).collect()
    }

    /// Which way the visitor's language is written.
    pub fn direction(&self) -> Direction {
        Direction::of(&self.staged.language)
    }

    /// Whether a narration is under way.
    pub fn is_speaking(&self) -> bool {
        self.speaking.is_some()
    }

    fn say(&self, text: &Text) -> String {
        text.get(&self.staged.language, &self.staged.script.default_language)
            .map(|text| with_base(text, self.direction()).into_owned())
            .unwrap_or_default()
    }

    /// Takes what happened, lets time pass, and says what is to change.
    fn step(&mut self, dt: Duration, visitor: &mut Visitor, rock: Option<&Collider>) -> Vec<Told> {
        self.end_animations(dt);
        let mut told = self.go_on_from(visitor, rock);
        let inputs = std::mem::take(&mut self.inputs);
        if let Some(speaking) = &mut self.speaking
            && !self.is_paused
        {
            speaking.at += dt;
        }
        self.go_on_with_words(dt);
        self.forget(dt);
        self.described_secs = (self.described_secs - dt.as_secs_f32()).max(0.0);
        let effects = self.story.step(&inputs, dt);
        for effect in effects {
            match effect {
                StoryEffect::Tour(effect) => self.heed_tour(effect, visitor, rock, &mut told),
                StoryEffect::Hotspot(effect) => self.heed_hotspot(effect, visitor, &mut told),
            }
        }
        told
    }
}

/// Tells a running exhibit's tours and hotspots.
pub fn plugin(app: &mut App) {
    // Not by `add_plugins`: films begin to tell when the app has been finished.
    super::settings::plugin(app);
    app.add_message::<Told>()
        .add_message::<Heard>()
        .add_message::<HeardOut>()
        .add_message::<VoiceMeasured>()
        .add_systems(Update, tell.after(VisitorSystems::Move));
}

pub(super) fn tell(
    telling: Option<ResMut<Telling>>,
    visitor: Option<ResMut<Visitor>>,
    rock: Option<Res<Rock>>,
    time: Res<Time>,
    ears: Option<Res<Ears>>,
    (patches, moved): (Option<ResMut<Patches>>, Option<Res<Moved>>),
    mut wishes: MessageReader<Wished>,
    mut ends: MessageReader<HeardOut>,
    mut measures: MessageReader<VoiceMeasured>,
    mut told: MessageWriter<Told>,
    mut heard: MessageWriter<Heard>,
) {
    let (Some(mut telling), Some(mut visitor)) = (telling, visitor) else {
        return;
    };
    let rock = rock.as_ref().and_then(|rock| rock.0.as_deref());
    telling.has_ears = ears.is_some();
    if let Some(mut patches) = patches {
        telling.take_patches(&mut patches, moved.as_deref());
    }
    for measured in measures.read() {
        telling.story.measure(measured.utterance, measured.length);
    }
    for end in ends.read() {
        telling.heed_end(*end);
    }
    if telling.is_waiting {
        wishes.clear();
        return;
    }
    for Wished(wish) in wishes.read() {
        telling.heed_wish(*wish, &mut visitor, rock);
    }
    telling.sense(&visitor.pose(), rock);
    telling.sound_hover();
    for change in telling.step(time.delta(), &mut visitor, rock) {
        told.write(change);
    }
    heard.write_batch(telling.take_heard());
}

#[cfg(test)]
mod animation_tests;
#[cfg(test)]
mod tests;
