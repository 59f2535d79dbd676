//! What comes into playback and what goes out.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::scene::schema::{Place, SpaceId, Value};
use crate::tour::script::{Aim, HotspotIndex, PropertyIndex, StepIndex, TourIndex};

/// Something that is said: by a step, or in reply to an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Utterance {
    /// The tour.
    pub tour: TourIndex,
    /// The step.
    pub step: StepIndex,
    /// The answer it replies to.
    pub answer: Option<u32>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// A tour is to begin. One that plays is left.
    Start(TourIndex),
    /// A tour is to play by itself, as in a film: it rests for
    /// [`UNATTENDED_PAUSE`](super::UNATTENDED_PAUSE) where it would wait for a visitor, and
    /// gives the first right answer.
    StartUnattended(TourIndex),
    /// The visitor wants to go on. Not before what a step waits for is done.
    Next,
    /// The visitor wants to go on regardless.
    Skip,
    /// The visitor wants to go back a step; at the first, to begin it anew.
    Back,
    /// Time shall stand still.
    Pause,
    /// Time shall go on.
    Resume,
    /// The visitor leaves the tour, and any detours.
    Leave,
    /// The visitor leaves a detour and is back in the tour.
    EndDetour,
    /// The visitor gives an answer.
    Answer(u32),
    /// The visitor takes a detour that the step offers.
    TakeDetour(TourIndex),
    /// A narration has ended, before or at its known length.
    NarrationEnded(Utterance),
    /// A hotspot was set off.
    HotspotVisited(HotspotIndex),
    /// A step is to begin, in a tour that plays or that thereby begins.
    GoTo(TourIndex, StepIndex),
    /// The tour is to be as it was, or will be, this long after its start.
    Seek(Duration),
    /// The exhibit itself now has this value; a tour's own value stays over it.
    BaseChanged(PropertyIndex, Value),
    /// The visitor, or a hotspot, gave a property this value: it counts at once, until the
    /// tour's next cue, and stays when the tour is left.
    Overridden(PropertyIndex, Value),
}

/// How the visitor comes to a place. The way itself is the device's choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Travel {
    /// Led: invited by a light and a voice, blinked, lifted; flown on a monitor.
    Led,
    /// At once, behind a blink: after seeking or resuming.
    AtOnce,
}

/// What a step waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitsFor {
    /// An answer.
    Answer,
    /// A hotspot to be set off.
    Hotspot(HotspotIndex),
}

/// Why a tour is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Its last step is done.
    Finished,
    /// It was left before.
    Left,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// A tour begins.
    TourStarted {
        /// Which.
        tour: TourIndex,
        /// Whether another waits for it to end.
        is_detour: bool,
    },
    /// A step begins, or is returned to.
    StepEntered {
        /// The tour.
        tour: TourIndex,
        /// The step.
        step: StepIndex,
    },
    /// Bring the visitor to a place (the floor under the feet).
    MoveVisitor {
        /// Where to.
        to: Place,
        /// The space of its coordinates.
        space: Option<SpaceId>,
        /// How.
        travel: Travel,
    },
    /// Lead the gaze; never swing the head.
    LookAt {
        /// Where to.
        at: Aim,
        /// The space of its coordinates.
        space: Option<SpaceId>,
    },
    /// Let soft lights rest on these and on nothing else.
    PointOut(Vec<Aim>),
    /// Speak, with captions.
    Say {
        /// What.
        utterance: Utterance,
        /// From where in it.
        from: Duration,
    },
    /// Be silent.
    StopSaying,
    /// Give a property a value.
    SetProperty {
        /// Which.
        property: PropertyIndex,
        /// Its value at the end of this call.
        value: Value,
        /// How softly, where the tour itself does not lead it there: zero, or
        /// [`RETURN_FADE`](super::RETURN_FADE).
        over: Duration,
    },
    /// Ask the step's question.
    Ask {
        /// The tour.
        tour: TourIndex,
        /// The step.
        step: StepIndex,
    },
    /// Take the question away.
    StopAsking,
    /// Say whether an answer was right.
    Feedback {
        /// Which answer.
        answer: u32,
        /// Whether it was right.
        is_correct: bool,
    },
    /// Offer to go on.
    OfferNext,
    /// Tell the visitor what the step waits for.
    Remind(WaitsFor),
    /// Offer detours; none takes the offer away.
    OfferDetours(Vec<TourIndex>),
    /// A tour is over.
    TourEnded {
        /// Which.
        tour: TourIndex,
        /// Why.
        how: Ended,
    },
    /// Halt narration and flights where they are.
    Paused,
    /// Go on with them.
    Resumed,
}
