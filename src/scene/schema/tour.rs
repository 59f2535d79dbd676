//! Guided tours and light-and-sound performances.

use super::{
    Condition, FilePath, HotspotId, Language, LayerId, LightId, LocalizedPath, MeshId, Place,
    SoundId, SpaceId, Spanned, StepId, SurfaceId, Text, TourId, Value, VariableId,
};

record! {
    /// A tour: steps in order, unless a branch leads elsewhere.
    pub struct Tour {
        /// Its name.
        id: TourId = required,
        /// What visitors call it.
        title: Text [limit 60] = required,
        /// A few sentences about it.
        about: Text = (Text::default()),
        /// Who decides when it goes on.
        pace: Pace = (Pace::Visitor),
        /// The space whose coordinates its places use; the exhibit's own if absent.
        space: Option<SpaceId> = None,
        /// Its steps.
        steps: Vec<TourStep> = required,
    }
}

choice! {
    /// Who decides when a tour goes on.
    pub enum Pace = (Self::Visitor) {
        /// The visitor, at each step.
        Visitor,
        /// The tour itself.
        Automatic,
    }
}

record! {
    /// A step of a tour.
    pub struct TourStep {
        /// Its name, within its tour.
        id: StepId = required,
        /// What visitors call it.
        title: Text [limit 60] = (Text::default()),
        /// Where the visitor is led (the floor under the feet); stays if absent.
        at: Option<Place> = None,
        /// What the visitor is led to look at.
        look_at: Option<Target> = None,
        /// What the guide says.
        say: Option<Say> = None,
        /// What changes meanwhile. Everything returns when the tour is left.
        cues: Vec<Cue> = (Vec::new()),
        /// What a soft light rests on.
        point_out: Vec<Target> = (Vec::new()),
        /// A question to the visitor.
        ask: Option<Question> = None,
        /// When the next step comes.
        go_on: GoOn = (GoOn::NarrationEnded),
        /// Where it goes next: the first branch whose condition holds; else the next step.
        branches: Vec<Branch> = (Vec::new()),
        /// Tours the visitor may take from here, and come back; at most five.
        detours: Vec<TourId> = (Vec::new()),
    }
}

/// Something to look at: `Hotspot("id")`, or a [`Place`].
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// A hotspot.
    Hotspot(HotspotId),
    /// A place.
    Place(Place),
}

impl Default for Target {
    fn default() -> Self {
        Self::Place(Place::default())
    }
}

record! {
    /// Something that is said.
    pub struct Say {
        /// The words, for captions and for visitors who cannot hear.
        text: Text = (Text::default()),
        /// The voice: an audio file.
        sound: LocalizedPath [file Audio] = (LocalizedPath::default()),
        /// Captions with times: a WebVTT file. Made from the text if absent.
        captions: LocalizedPath [file Captions] = (LocalizedPath::default()),
        /// Where the voice comes from; beside the visitor if absent.
        from: Option<Place> = None,
    }
}

impl Say {
    /// The file with captions for a visitor of a language. Not that of another language where
    /// the words are there in the visitor's own: captions are made of them then.
    #[must_use]
    pub fn captions_for(&self, language: &Language, default: &Language) -> Option<&FilePath> {
        let own = self.captions.exact(language, default);
        own.or_else(|| match self.text.exact(language, default) {
            Some(_) => None,
            None => self.captions.get(language, default),
        })
    }
}

record! {
    /// A change of a property during a step.
    pub struct Cue {
        /// What changes.
        property: Property = required,
        /// What it becomes: a number, `true` or `false`, or a word in quotes (a layer's id).
        to: Value = required,
        /// When it begins, from the start of the step.
        after: f32 [unit "s", range 0.0..=86400.0] = 0.0,
        /// How long it takes.
        duration: f32 [unit "s", range 0.0..=86400.0] = 0.0,
        /// How it gets there.
        curve: Curve = (Curve::Smooth),
        /// For what cannot be in between: the share of the duration after which it changes.
        threshold: f32 [range 0.0..=1.0] = 0.5,
    }
}

choice! {
    /// A property that a tour can change.
    pub enum Property = (Self::Exposure) {
        /// The shown layer of a surface; `to` is a layer's id.
        Layer(SurfaceId),
        /// How far a layer covers the one shown below it: 0 not, 1 fully.
        LayerMix(SurfaceId, LayerId),
        /// Brightness of a light, where 1 is what the scene gives it.
        Light(LightId),
        /// Brightness of the visitor's lamp, where 1 is what the scene gives it.
        Lamp,
        /// Exposure, in EV100.
        Exposure,
        /// Density of the haze, where 1 is what the scene gives it.
        Fog,
        /// Level of a sound, in dB.
        SoundLevel(SoundId),
        /// Whether a sound plays.
        SoundPlays(SoundId),
        /// Whether a mesh is shown.
        MeshShown(MeshId),
        /// Whether a node of a mesh is shown.
        NodeShown(MeshId, Spanned<String>),
        /// Time within an animation of a mesh, in seconds.
        Animation(MeshId, Spanned<String>),
        /// A variable.
        Variable(VariableId),
    }
}

choice! {
    /// How a value gets from one to another.
    pub enum Curve = (Self::Smooth) {
        /// Evenly.
        Linear,
        /// Slow, fast, slow.
        Smooth,
        /// Slow first.
        EaseIn,
        /// Slow last.
        EaseOut,
        /// At once, at the threshold.
        Step,
    }
}

choice! {
    /// When a step gives way to the next.
    pub enum GoOn = (Self::NarrationEnded) {
        /// The guide has finished speaking.
        NarrationEnded,
        /// The visitor says so.
        Ready,
        /// After a time.
        After {
            /// How long, from the start of the step.
            seconds: f32 [unit "s", range 0.0..=86400.0] = required,
        },
        /// A hotspot has been set off.
        HotspotVisited(HotspotId),
        /// The question has been answered.
        Answered,
    }
}

/// So many answers, or detours, have room on a card, each large enough to be pressed in a headset.
pub const MOST_CHOICES: usize = 5;

record! {
    /// A question with answers to choose from.
    pub struct Question {
        /// The question.
        text: Text = required,
        /// What can be answered; at least two, at most five.
        answers: Vec<Answer> = required,
    }
}

record! {
    /// An answer.
    pub struct Answer {
        /// What it says.
        text: Text [limit 120] = required,
        /// Whether it is right.
        correct: bool = false,
        /// What the guide replies.
        feedback: Option<Say> = None,
        /// The variable it sets, and to what.
        set: Option<(VariableId, Value)> = None,
        /// The step it leads to; what `branches` says if absent.
        go_to: Option<StepId> = None,
    }
}

record! {
    /// A way on under a condition.
    pub struct Branch {
        /// The condition.
        when: Condition = required,
        /// The step it leads to.
        go_to: StepId = required,
    }
}
