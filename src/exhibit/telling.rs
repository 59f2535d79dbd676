//! Tours and hotspots in the running exhibit: what the visitor does goes to the [`Story`],
//! what the story wants goes to whoever shows it.
//!
//! Devices send [`Wish`]es; this senses gaze and distance, lets time pass, moves the visitor
//! and keeps what is to be read ([`Telling`]). What changes in the exhibit's look goes out as
//! [`Told`], what is to be heard as [`Heard`].

mod retell;
mod sense;
mod take_up;

pub(crate) use sense::is_visible;

use super::{
    heard::{Ears, Heard, HeardOut, SoundIndex, StagedSounds, VoiceMeasured},
    intent::Wish,
    stage::{Pose, StagedStory},
    visitor::{Rock, Visitor, VisitorSystems, Wished},
    words::{Direction, with_base},
};
use crate::{
    bake::collide::Collider,
    scene::schema::{Action, LightId, Property, Say, Text, Value},
    tour::{
        Durations, Effect, HotspotIndex, Input, PropertyIndex, StepIndex, Story, StoryEffect,
        StoryInput, TourIndex, Travel, Utterance, captions,
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
    /// A light has a new color, linear RGB.
    LightColor {
        /// Which.
        light: LightId,
        /// Its color.
        color: [f32; 3],
    },
}

/// Something to read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Panel {
    /// Its heading.
    pub title: String,
    /// Its text, with the simple markup of panels.
    pub text: String,
    run: Option<ActionRun>,
}

/// A question and its answers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Asked {
    /// The question.
    pub text: String,
    /// What can be answered.
    pub answers: Vec<String>,
    /// The answer that was given, and whether it was right.
    pub given: Option<(usize, bool)>,
}

struct Speaking {
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
    has_ears: bool,
    speaking: Option<Speaking>,
    is_paused: bool,
    distances_m: Vec<f32>,
    in_view: Vec<bool>,
    sought: Option<usize>,
    /// Lights as hotspots left them.
    lit: BTreeMap<String, LeftLight>,
    /// What another process left, until the end of the frame.
    taken_up: Option<take_up::TakenUp>,
    /// What the visitor looks at and may select.
    pub gazed: Option<HotspotIndex>,
    /// The open panel.
    pub panel: Option<Panel>,
    /// The question that is asked.
    pub asked: Option<Asked>,
    /// The title of the tour that is under way, and of its step.
    pub tour: Option<(String, String)>,
    /// The visitor may go on.
    pub offers_next: bool,
    /// What soft lights rest on, in world.
    pub pointed_out: Vec<Vec3>,
}

impl Telling {
    /// A story at its beginning.
    pub fn new(staged: Arc<StagedStory>, sounds: Arc<StagedSounds>) -> Self {
        let durations = Durations::estimated(&staged.script, &staged.language);
        let count = staged.hotspots.len();
        Self {
            story: Story::new(Arc::clone(&staged.script), durations),
            staged,
            sounds,
            inputs: Vec::new(),
            heard: Vec::new(),
            beginning: Vec::new(),
            sounding: Vec::new(),
            has_ears: false,
            speaking: None,
            is_paused: false,
            distances_m: vec![f32::INFINITY; count],
            in_view: vec![false; count],
            sought: None,
            lit: BTreeMap::new(),
            taken_up: None,
            gazed: None,
            panel: None,
            asked: None,
            tour: None,
            offers_next: false,
            pointed_out: Vec::new(),
        }
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

    /// What is to be read now.
    pub fn captions(&self) -> String {
        let Some(speaking) = &self.speaking else {
            return String::new();
        };
        let text = captions::at(&speaking.captions, speaking.at)
            .map(captions::Caption::text)
            .collect::<Vec<_>>()
            .join("\n");
        with_base(&text, self.direction()).into_owned()
    }

    /// Which way the visitor's language is written.
    pub fn direction(&self) -> Direction {
        Direction::of(&self.staged.language)
    }

    /// Length of the present narration and how much of it is over.
    pub fn is_speaking(&self) -> bool {
        self.speaking.is_some()
    }

    fn say(&self, text: &Text) -> String {
        text.get(&self.staged.language, &self.staged.script.default_language)
            .map(|text| with_base(text, self.direction()).into_owned())
            .unwrap_or_default()
    }

    fn stop_saying(&mut self) {
        self.speaking = None;
        self.heard.push(Heard::StopSaying);
    }

    /// Takes what happened, lets time pass, and says what is to change.
    fn step(&mut self, dt: Duration, visitor: &mut Visitor, rock: Option<&Collider>) -> Vec<Told> {
        let mut told = self.go_on_from(visitor, rock);
        let inputs = std::mem::take(&mut self.inputs);
        if let Some(speaking) = &mut self.speaking
            && !self.is_paused
        {
            speaking.at += dt;
        }
        let effects = self.story.step(&inputs, dt);
        for effect in effects {
            match effect {
                StoryEffect::Tour(effect) => self.heed_tour(effect, visitor, rock, &mut told),
                StoryEffect::Hotspot(effect) => self.heed_hotspot(effect, visitor, rock, &mut told),
            }
        }
        told
    }

    fn heed_tour(
        &mut self,
        effect: Effect,
        visitor: &mut Visitor,
        rock: Option<&Collider>,
        told: &mut Vec<Told>,
    ) {
        match effect {
            Effect::TourStarted { .. } => {}
            Effect::StepEntered { tour, step } => self.enter(tour, step, visitor, rock),
            // Where a step leads is read from the stage when it is entered; a place that is
            // reached at once, after seeking, is the same place.
            Effect::MoveVisitor { travel, .. } => {
                if travel == Travel::AtOnce
                    && let Some(pose) = self.destination(visitor)
                {
                    visitor.stand_at(&pose, rock.map(|rock| rock as _));
                }
            }
            Effect::LookAt { .. } => {}
            Effect::PointOut(aims) => {
                self.pointed_out = aims
                    .iter()
                    .filter_map(|aim| match aim {
                        crate::tour::Aim::Hotspot(index) => self.staged.hotspots[index.index()]
                            .ball_in_world
                            .map(|ball| ball.0),
                        crate::tour::Aim::Place(_) => None,
                    })
                    .collect();
            }
            Effect::Say { utterance, from } => self.speak(utterance, from),
            Effect::StopSaying => self.stop_saying(),
            Effect::SetProperty {
                property,
                value,
                over,
            } => {
                if let Some(script) = self.staged.script.property(property) {
                    let property = script.property.clone();
                    self.turn(property, value, over.as_secs_f32(), told);
                }
            }
            Effect::Ask { tour, step } => self.asked = self.question(tour, step),
            Effect::StopAsking => self.asked = None,
            Effect::Feedback { answer, is_correct } => {
                if let Some(asked) = &mut self.asked {
                    asked.given = Some((answer as usize, is_correct));
                }
            }
            Effect::OfferNext => self.offers_next = true,
            Effect::Remind(_) | Effect::OfferDetours(_) => {}
            Effect::TourEnded { .. } => {
                self.tour = None;
                self.offers_next = false;
                self.asked = None;
                self.pointed_out.clear();
            }
            Effect::Paused => {
                self.is_paused = true;
                self.heard.push(Heard::Halt(true));
            }
            Effect::Resumed => {
                self.is_paused = false;
                self.heard.push(Heard::Halt(false));
            }
        }
    }

    fn enter(
        &mut self,
        tour: TourIndex,
        step: StepIndex,
        visitor: &mut Visitor,
        rock: Option<&Collider>,
    ) {
        self.offers_next = false;
        self.asked = None;
        self.tour = self.titles(tour, step);
        if let Some(pose) = self.destination(visitor) {
            visitor.travel_to(pose, rock);
        }
    }

    /// Where the present step leads the visitor's eyes.
    fn destination(&self, visitor: &Visitor) -> Option<Pose> {
        let (tour, step) = self.story.playback().playing()?;
        let step = self.staged.steps.get(tour.index())?.get(step.index())?;
        match (step.pose, step.look_at_in_world) {
            (Some(pose), _) => Some(pose),
            (None, Some(target)) => {
                let eye = visitor.pose().eye_in_world;
                Some(Pose::looking_at(eye, target))
            }
            (None, None) => None,
        }
    }

    fn speak(&mut self, utterance: Utterance, from: Duration) {
        let script = &self.staged.script;
        let say: Option<&Say> = script
            .step(utterance.tour, utterance.step)
            .and_then(|step| match utterance.answer {
                None => step.say.as_ref(),
                Some(answer) => step
                    .ask
                    .as_ref()
                    .and_then(|ask| ask.answers.get(answer as usize))
                    .and_then(|answer| answer.feedback.as_ref()),
            });
        let Some(say) = say else { return };
        let captions = self
            .staged
            .captions
            .get(&utterance)
            .cloned()
            .unwrap_or_else(|| {
                // Captions are marked line by line, when they are shown.
                let own = &self.staged.script.default_language;
                let text = say.text.get(&self.staged.language, own);
                let text = text.map_or("", String::as_str);
                let length = captions::speaking_time(text, &self.staged.language);
                captions::make(text, &self.staged.language, length, default())
            });
        self.speaking = Some(Speaking { captions, at: from });
        if let Some(voice) = self.sounds.voice(utterance) {
            self.heard.push(Heard::Say {
                utterance,
                voice: voice.clone(),
                from,
            });
        }
    }

    fn heed_hotspot(
        &mut self,
        effect: hotspots::Effect,
        visitor: &mut Visitor,
        rock: Option<&Collider>,
        told: &mut Vec<Told>,
    ) {
        match effect {
            hotspots::Effect::Begin(run) => self.begin(run, visitor, rock, told),
            hotspots::Effect::Stop(run) => {
                for (sound, _) in self.sounding.extract_if(.., |(_, own)| *own == run) {
                    self.heard.push(Heard::Stop(sound));
                }
                if self
                    .panel
                    .as_ref()
                    .is_some_and(|panel| panel.run == Some(run))
                {
                    self.panel = None;
                }
            }
            hotspots::Effect::ChainCut(hotspot) => {
                if let Some(script) = self.staged.script.hotspot(hotspot) {
                    warn!(
                        "hotspots set each other off without end; cut at {}",
                        script.id
                    );
                }
            }
            // The engine has started tours itself; marks are read from it.
            hotspots::Effect::Show(_)
            | hotspots::Effect::Opened(_)
            | hotspots::Effect::Closed(_)
            | hotspots::Effect::StartTour(_)
            | hotspots::Effect::GoToStep(..) => {}
        }
    }

    fn begin(
        &mut self,
        run: ActionRun,
        visitor: &mut Visitor,
        rock: Option<&Collider>,
        told: &mut Vec<Told>,
    ) {
        let staged = Arc::clone(&self.staged);
        let Some(script) = staged.script.hotspot(run.hotspot) else {
            return;
        };
        let Some(action) = script.actions.get(run.action as usize) else {
            return;
        };
        match action {
            Action::Panel { .. } | Action::Image(_) => {
                self.panel = self.panel_of(run);
                return;
            }
            Action::Layer {
                surface,
                layer,
                duration,
            } => self.change(
                Property::Layer(surface.clone()),
                Value::Word(layer.as_str().to_owned()),
                *duration,
                told,
            ),
            Action::Light {
                light,
                brightness,
                color,
                duration,
            } => {
                let left = self.lit.entry(light.as_str().to_owned()).or_default();
                left.brightness = Some(*brightness);
                if let Some(color) = color {
                    left.color = Some(color.linear);
                    told.push(Told::LightColor {
                        light: light.clone(),
                        color: color.linear,
                    });
                }
                self.change(
                    Property::Light(light.clone()),
                    Value::Number(f64::from(*brightness)),
                    *duration,
                    told,
                );
            }
            Action::Teleport { .. } => {
                // The hotspot's own place is where its visitor is led for now: a place in a
                // script is resolved on the stage only for steps.
                if let Some((center, radius)) = staged.hotspots[run.hotspot.index()].ball_in_world {
                    let eye = visitor.pose().eye_in_world;
                    let away = (eye - center).normalize_or(Vec3::Z) * (radius + 1.2);
                    let at = Vec3::new(center.x + away.x, eye.y, center.z + away.z);
                    visitor.travel_to(Pose::looking_at(at, center), rock);
                }
            }
            Action::Sound(id) => {
                if let Some(sound) = self.sounds.find(id) {
                    self.beginning.push(sound);
                    let ends = !self.sounds.sounds[sound.0].repeats;
                    if self.has_ears {
                        self.sounding.push((sound, run));
                    }
                    // What goes on for ever is not waited for.
                    if self.has_ears && ends {
                        return;
                    }
                }
            }
            // The engine itself does these; clips are still.
            Action::Animate { .. }
            | Action::StartTour(_)
            | Action::GoToStep(..)
            | Action::Set(..)
            | Action::Wait(_)
            | Action::WaitForEnd => {}
        }
        self.inputs
            .push(StoryInput::Hotspot(hotspots::Input::Ended(run)));
    }

    /// A hotspot changes a property: tours that change it too must know.
    fn change(&mut self, property: Property, value: Value, secs: f32, told: &mut Vec<Told>) {
        if let Some(index) = self.staged.script.property_index(&property) {
            self.override_property(index, value.clone());
        }
        self.turn(property, value, secs, told);
    }

    /// A property has a new value: those that are heard go to the ears, others to the eyes.
    fn turn(&mut self, property: Property, value: Value, over_secs: f32, told: &mut Vec<Told>) {
        match &property {
            Property::SoundLevel(id) => {
                if let (Some(sound), Value::Number(gain_db)) = (self.sounds.find(id), &value) {
                    self.heard.push(Heard::Level {
                        sound,
                        gain_db: *gain_db as f32,
                        over_secs,
                    });
                }
            }
            Property::SoundPlays(id) => {
                if let Some(sound) = self.sounds.find(id) {
                    if value == Value::Flag(true) {
                        self.beginning.push(sound);
                    } else {
                        self.heard.push(Heard::Stop(sound));
                    }
                }
            }
            _ => told.push(Told::Property {
                property,
                value,
                over_secs,
            }),
        }
    }

    /// A sound or a voice is over.
    fn heed_end(&mut self, end: HeardOut) {
        match end {
            HeardOut::Sound(sound) => {
                for (_, run) in self.sounding.extract_if(.., |(own, _)| *own == sound) {
                    self.inputs
                        .push(StoryInput::Hotspot(hotspots::Input::Ended(run)));
                }
            }
            HeardOut::Voice(utterance) => self
                .inputs
                .push(StoryInput::Tour(Input::NarrationEnded(utterance))),
        }
    }

    /// What is to be heard since the last call.
    fn take_heard(&mut self) -> Vec<Heard> {
        let mut heard = std::mem::take(&mut self.heard);
        if !self.beginning.is_empty() {
            heard.push(Heard::Play(std::mem::take(&mut self.beginning)));
        }
        heard
    }

    fn override_property(&mut self, index: PropertyIndex, value: Value) {
        self.inputs
            .push(StoryInput::Tour(Input::Overridden(index, value)));
    }

    fn heed_wish(&mut self, wish: Wish, visitor: &mut Visitor, rock: Option<&Collider>) {
        let tour = |input| StoryInput::Tour(input);
        let is_touring = self.story.playback().playing().is_some();
        match wish {
            Wish::Select => {
                if let Some(spot) = self.gazed {
                    self.tell(StoryInput::Hotspot(hotspots::Input::Select(spot)));
                } else {
                    self.close_panel();
                }
            }
            Wish::Guide if is_touring => self.tell(tour(Input::Next)),
            Wish::Guide if !self.staged.script.tours.is_empty() => {
                self.tell(tour(Input::Start(TourIndex::FIRST)));
            }
            Wish::GuideBack => self.tell(tour(Input::Back)),
            Wish::LeaveTour => self.tell(tour(Input::Leave)),
            Wish::Answer(number) => self.tell(tour(Input::Answer(u32::from(number)))),
            Wish::Back => self.close_panel(),
            Wish::NextHotspot => self.seek_next(visitor, rock),
            _ => {}
        }
    }

    fn close_panel(&mut self) {
        if let Some(run) = self.panel.take().and_then(|panel| panel.run) {
            self.tell(StoryInput::Hotspot(hotspots::Input::Ended(run)));
        }
    }
}

/// Tells a running exhibit's tours and hotspots.
pub fn plugin(app: &mut App) {
    app.add_message::<Told>()
        .add_message::<Heard>()
        .add_message::<HeardOut>()
        .add_message::<VoiceMeasured>()
        .add_systems(Update, tell.after(VisitorSystems::Move));
}

fn tell(
    telling: Option<ResMut<Telling>>,
    visitor: Option<ResMut<Visitor>>,
    rock: Option<Res<Rock>>,
    time: Res<Time>,
    ears: Option<Res<Ears>>,
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
    for measured in measures.read() {
        telling.story.measure(measured.utterance, measured.length);
    }
    for end in ends.read() {
        telling.heed_end(*end);
    }
    for Wished(wish) in wishes.read() {
        telling.heed_wish(*wish, &mut visitor, rock);
    }
    telling.sense(&visitor.pose(), rock);
    for change in telling.step(time.delta(), &mut visitor, rock) {
        told.write(change);
    }
    heard.write_batch(telling.take_heard());
}

#[cfg(test)]
mod tests;
