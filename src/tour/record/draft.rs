//! A cleaned tour, before it is written.

use std::ops::Range;
use std::time::Duration;

use super::take::Standing;
use crate::scene::schema::{HotspotId, Property, Value};

/// A cleaned tour.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Draft {
    /// Its steps, in order.
    pub steps: Vec<DraftStep>,
}

/// A step of a cleaned tour.
#[derive(Debug, Clone, PartialEq)]
pub struct DraftStep {
    /// Where it leads.
    pub standing: Standing,
    /// A bend on the way, not a stop.
    pub is_way: bool,
    /// The hotspots that the guide opened.
    pub opened: Vec<HotspotId>,
    /// What the guide switched.
    pub cues: Vec<DraftCue>,
    /// When it gives way to the next.
    pub stay: Stay,
    /// What of the voice is spoken, in the time of the take; empty for silence.
    pub voice: Vec<Range<Duration>>,
    /// How long the way here takes a visitor.
    pub travel: Duration,
    /// When it was recorded, in the time of the take.
    pub recorded: Range<Duration>,
}

/// Something that is switched in a step.
#[derive(Debug, Clone, PartialEq)]
pub struct DraftCue {
    /// What.
    pub property: Property,
    /// To what.
    pub to: Value,
    /// From the start of the step.
    pub after: Duration,
    /// How long it takes.
    pub duration: Duration,
}

/// When a step gives way to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stay {
    /// When the voice has ended.
    NarrationEnded,
    /// After this time.
    After(Duration),
}

impl DraftStep {
    /// How long its voice is.
    pub fn voice_length(&self) -> Duration {
        self.voice.iter().map(|piece| piece.end - piece.start).sum()
    }

    /// How long it lasts.
    pub fn length(&self) -> Duration {
        match self.stay {
            Stay::NarrationEnded => self.voice_length(),
            Stay::After(time) => time,
        }
    }
}

impl Draft {
    /// How long it lasts.
    pub fn length(&self) -> Duration {
        self.steps.iter().map(DraftStep::length).sum()
    }
}

/// A way from place to place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Way {
    /// How long a visitor takes for it.
    pub time: Duration,
    /// It can be travelled in one go, without a cut.
    pub is_free: bool,
}

/// Whoever knows the place.
pub trait Ways {
    /// The way from one place to another, at a comfortable pace.
    fn between(&self, from: &Standing, to: &Standing) -> Way;
}

/// No wall anywhere: straight on, within what `tour::comfort` allows.
#[derive(Debug, Clone, Copy, Default)]
pub struct OpenGround;

impl Ways for OpenGround {
    fn between(&self, from: &Standing, to: &Standing) -> Way {
        // 1.4 m/s and 30 °/s, and half a second each to begin and to end.
        let walk_secs = from.distance_m(to) / 1.4;
        let turn_secs = from.turn_rad(to).to_degrees() / 30.0;
        let secs = walk_secs.max(turn_secs);
        let slack = if secs > 0.0 { 1.0 } else { 0.0 };
        Way {
            time: Duration::try_from_secs_f32(secs + slack).unwrap_or_default(),
            is_free: true,
        }
    }
}
