//! An exhibit's tours and hotspots with every id resolved: what playback reads.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::memory::Rule;
use crate::diagnostic::Span;
use crate::scene::schema::{
    Action, Curve, GroupId, HotspotId, Language, Pace, Place, Property, Say, SpaceId, StepId, Text,
    TourId, Value, VariableId,
};

macro_rules! indices {
    ($( $(#[$meta:meta])* $name:ident; )*) => { $(
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
        )]
        pub struct $name(u32);

        impl $name {
            /// The first of the list.
            pub const FIRST: Self = Self(0);

            /// The index of a place in the script's list.
            #[must_use]
            pub fn new(index: usize) -> Self {
                // Files of 32 MiB hold no four thousand million of anything.
                Self(u32::try_from(index).unwrap_or(u32::MAX))
            }

            /// The place in the script's list.
            #[must_use]
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )* };
}

indices! {
    /// Names a tour of a [`Script`].
    TourIndex;
    /// Names a step within its tour.
    StepIndex;
    /// Names a hotspot of a [`Script`].
    HotspotIndex;
    /// Names a variable of a [`Script`].
    VariableIndex;
    /// Names a property of a [`Script`].
    PropertyIndex;
}

/// Everything that can happen in an exhibit.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Script {
    /// Its tours, in the author's order.
    pub tours: Vec<TourScript>,
    /// Its hotspots, in the author's order.
    pub hotspots: Vec<HotspotScript>,
    /// Its variables.
    pub variables: Vec<VariableScript>,
    /// The properties that tours change, each once.
    pub properties: Vec<PropertyScript>,
    /// The language of what is written without one.
    pub default_language: Language,
    /// The languages that visitors may choose.
    pub languages: Vec<Language>,
    /// Tells scripts apart: a saved [`Position`](super::Position) fits only its own.
    pub fingerprint: u64,
    pub(super) tour_of: BTreeMap<String, TourIndex>,
    pub(super) hotspot_of: BTreeMap<String, HotspotIndex>,
    pub(super) variable_of: BTreeMap<String, VariableIndex>,
}

/// A variable and its first value.
#[derive(Debug, Clone, PartialEq)]
pub struct VariableScript {
    /// Its name.
    pub id: VariableId,
    /// Its value when a visit begins.
    pub start: Value,
}

/// A property that tours change.
#[derive(Debug, Clone, PartialEq)]
pub struct PropertyScript {
    /// Which.
    pub property: Property,
    /// The variable, where it is one.
    pub variable: Option<VariableIndex>,
    /// What the scene gives it.
    pub base: Value,
}

/// A tour.
#[derive(Debug, Clone, PartialEq)]
pub struct TourScript {
    /// Its name.
    pub id: TourId,
    /// What visitors call it.
    pub title: Text,
    /// Who decides when it goes on.
    pub pace: Pace,
    /// The space of its coordinates.
    pub space: Option<SpaceId>,
    /// Its steps; never empty.
    pub steps: Vec<StepScript>,
}

/// A step of a tour.
#[derive(Debug, Clone, PartialEq)]
pub struct StepScript {
    /// Its name within its tour.
    pub id: StepId,
    /// What visitors call it.
    pub title: Text,
    /// Where the visitor is led.
    pub at: Option<Place>,
    /// What the visitor is led to look at.
    pub look_at: Option<Aim>,
    /// What the guide says. `None` when there are neither words nor a sound.
    pub say: Option<Say>,
    /// What changes, in order of beginning; of those that begin together, in the author's.
    pub cues: Vec<CueScript>,
    /// What a soft light rests on.
    pub point_out: Vec<Aim>,
    /// A question. `None` when it has no answers.
    pub ask: Option<QuestionScript>,
    /// When the next step comes.
    pub go_on: GoOnScript,
    /// Where it goes next: the first whose rule holds; else the next in the list.
    pub branches: Vec<(Rule, StepIndex)>,
    /// Tours the visitor may take from here.
    pub detours: Vec<TourIndex>,
}

/// Something to look at.
#[derive(Debug, Clone, PartialEq)]
pub enum Aim {
    /// A hotspot.
    Hotspot(HotspotIndex),
    /// A place, in the tour's space.
    Place(Place),
}

/// A change of a property.
#[derive(Debug, Clone, PartialEq)]
pub struct CueScript {
    /// What changes.
    pub property: PropertyIndex,
    /// What it becomes.
    pub to: Value,
    /// When it begins, nanoseconds from the start of the step.
    pub after_ns: u64,
    /// How long it takes, nanoseconds.
    pub duration_ns: u64,
    /// How it gets there.
    pub curve: Curve,
    /// For what cannot be in between: the share of the duration after which it changes.
    pub threshold: f32,
}

/// When a step gives way to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GoOnScript {
    /// The guide has finished speaking.
    NarrationEnded,
    /// The visitor says so.
    Ready,
    /// After a time from the start of the step, nanoseconds.
    After(u64),
    /// A hotspot has been set off, since the step began.
    HotspotVisited(HotspotIndex),
    /// The question has been answered.
    Answered,
}

/// A question.
#[derive(Debug, Clone, PartialEq)]
pub struct QuestionScript {
    /// The question.
    pub text: Text,
    /// What can be answered; never empty.
    pub answers: Vec<AnswerScript>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerScript {
    /// What it says.
    pub text: Text,
    /// Whether it is right.
    pub is_correct: bool,
    /// What the guide replies.
    pub feedback: Option<Say>,
    /// The variable it sets, and to what.
    pub set: Option<(VariableIndex, Value)>,
    /// The step it leads to.
    pub go_to: Option<StepIndex>,
}

/// A hotspot.
#[derive(Debug, Clone, PartialEq)]
pub struct HotspotScript {
    /// Its name.
    pub id: HotspotId,
    /// What its marker says.
    pub title: Text,
    /// What sets it off.
    pub triggers: Vec<TriggerScript>,
    /// What then happens.
    pub actions: Vec<Action>,
    /// Of each action whether it goes on until it is stopped.
    pub endless: Vec<bool>,
    /// Hotspots of one group close each other.
    pub group: Option<GroupId>,
    /// Neither shown nor set off before this holds.
    pub hidden_until: Option<Rule>,
    /// How near a visitor must be to select it, metres.
    pub reach_m: f32,
}

/// What sets a hotspot off.
#[derive(Debug, Clone, PartialEq)]
pub enum TriggerScript {
    /// The visitor points at it and presses.
    Select,
    /// The visitor looks at it for this long, nanoseconds.
    Gaze(u64),
    /// The visitor comes nearer than this, metres.
    Proximity(f32),
    /// It is in view for this long, nanoseconds.
    InView(u64),
    /// This long after the visit began, nanoseconds.
    After(u64),
    /// A tour reaches a step.
    TourStep(TourIndex, StepIndex),
    /// The actions of another hotspot have ended.
    ActionEnded(HotspotIndex),
    /// A condition becomes true.
    When(Rule),
}

impl Script {
    /// A tour by its id.
    #[must_use]
    pub fn tour_named(&self, id: &str) -> Option<TourIndex> {
        self.tour_of.get(id).copied()
    }

    /// A step by its id.
    #[must_use]
    pub fn step_named(&self, tour: TourIndex, id: &str) -> Option<StepIndex> {
        let steps = &self.tour(tour)?.steps;
        let index = steps.iter().position(|step| step.id.as_str() == id)?;
        Some(StepIndex::new(index))
    }

    /// A hotspot by its id.
    #[must_use]
    pub fn hotspot_named(&self, id: &str) -> Option<HotspotIndex> {
        self.hotspot_of.get(id).copied()
    }

    /// A variable by its id.
    #[must_use]
    pub fn variable_named(&self, id: &str) -> Option<VariableIndex> {
        self.variable_of.get(id).copied()
    }

    /// The index of a property, if a tour changes it.
    #[must_use]
    pub fn property_index(&self, property: &Property) -> Option<PropertyIndex> {
        let index = self
            .properties
            .iter()
            .position(|one| one.property == *property)?;
        Some(PropertyIndex::new(index))
    }

    /// A tour.
    #[must_use]
    pub fn tour(&self, tour: TourIndex) -> Option<&TourScript> {
        self.tours.get(tour.index())
    }

    /// A step.
    #[must_use]
    pub fn step(&self, tour: TourIndex, step: StepIndex) -> Option<&StepScript> {
        self.tour(tour)?.steps.get(step.index())
    }

    /// A hotspot.
    #[must_use]
    pub fn hotspot(&self, hotspot: HotspotIndex) -> Option<&HotspotScript> {
        self.hotspots.get(hotspot.index())
    }

    /// A property.
    #[must_use]
    pub fn property(&self, property: PropertyIndex) -> Option<&PropertyScript> {
        self.properties.get(property.index())
    }
}

impl StepScript {
    /// Where it was written.
    #[must_use]
    pub fn span(&self) -> Span {
        self.id.span()
    }
}
