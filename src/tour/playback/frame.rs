//! A tour that plays, or waits for its detour to end.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Durations, Effect, MOST_HISTORY, Utterance};
use crate::scene::schema::Value;
use crate::tour::property::{Overlay, SharedOverlay, Track};
use crate::tour::script::{CueScript, PropertyIndex, StepIndex, TourIndex};

/// Whether the guide speaks. Times are of the frame's clock.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) enum Voice {
    Silent {
        since_ns: u64,
    },
    Speaking {
        utterance: Utterance,
        since_ns: u64,
        length_ns: u64,
    },
}

/// A step that was left, with what was laid over the exhibit when it began.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Been {
    pub(super) step: StepIndex,
    pub(super) overlay: SharedOverlay,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Frame {
    pub(super) tour: TourIndex,
    pub(super) is_unattended: bool,
    /// Runs while this is the last frame.
    pub(super) clock_ns: u64,
    pub(super) step: StepIndex,
    pub(super) entered_ns: u64,
    /// How many of the step's cues have begun.
    pub(super) begun: u32,
    pub(super) voice: Voice,
    pub(super) is_asked: bool,
    pub(super) answered: Option<u32>,
    /// Whether the hotspot that the step waits for was set off.
    pub(super) is_visited: bool,
    /// Whether going on was offered.
    pub(super) is_offered: bool,
    /// What lay over the exhibit when the step began.
    pub(super) overlay_at_entry: SharedOverlay,
    /// What lies over it now. A list in JSON, whose keys are words.
    #[serde(with = "as_list")]
    pub(super) overlay: Overlay,
    pub(super) history: Vec<Been>,
}

mod as_list {
    use serde::{Deserialize, Deserializer, Serializer};

    use super::{Overlay, PropertyIndex, Track};

    pub(super) fn serialize<S: Serializer>(overlay: &Overlay, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(overlay.iter())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Overlay, D::Error> {
        let pairs = Vec::<(PropertyIndex, Track)>::deserialize(from)?;
        Ok(pairs.into_iter().collect())
    }
}

impl Frame {
    /// At the very beginning of a tour.
    pub(super) fn new(tour: TourIndex, is_unattended: bool) -> Self {
        Self {
            tour,
            is_unattended,
            clock_ns: 0,
            step: StepIndex::default(),
            entered_ns: 0,
            begun: 0,
            voice: Voice::Silent { since_ns: 0 },
            is_asked: false,
            answered: None,
            is_visited: false,
            is_offered: false,
            overlay_at_entry: SharedOverlay::default(),
            overlay: Overlay::new(),
            history: Vec::new(),
        }
    }

    /// Begins a step; what the last one was is forgotten but for the history.
    pub(super) fn begin(&mut self, step: StepIndex) {
        *self = Self {
            clock_ns: self.clock_ns,
            step,
            entered_ns: self.clock_ns,
            voice: Voice::Silent {
                since_ns: self.clock_ns,
            },
            overlay_at_entry: SharedOverlay(Arc::new(self.overlay.clone())),
            overlay: std::mem::take(&mut self.overlay),
            history: std::mem::take(&mut self.history),
            ..Self::new(self.tour, self.is_unattended)
        };
    }

    /// Remembers the step that is left.
    pub(super) fn remember(&mut self) {
        if self.history.len() >= MOST_HISTORY {
            self.history.remove(0);
        }
        self.history.push(Been {
            step: self.step,
            overlay: self.overlay_at_entry.clone(),
        });
    }

    pub(super) fn speak(
        &mut self,
        utterance: Utterance,
        durations: &Durations,
        out: &mut Vec<Effect>,
    ) {
        self.voice = Voice::Speaking {
            utterance,
            since_ns: self.clock_ns,
            length_ns: durations.length_ns(utterance),
        };
        out.push(Effect::Say {
            utterance,
            from: Duration::ZERO,
        });
    }

    /// Since when the guide is silent.
    pub(super) fn silent_since_ns(&self) -> Option<u64> {
        match self.voice {
            Voice::Silent { since_ns } => Some(since_ns),
            Voice::Speaking { .. } => None,
        }
    }

    /// When the guide will have finished.
    pub(super) fn speech_end_ns(&self) -> Option<u64> {
        match self.voice {
            Voice::Silent { .. } => None,
            Voice::Speaking {
                since_ns,
                length_ns,
                ..
            } => Some(since_ns.saturating_add(length_ns)),
        }
    }
}

/// What a property is: the last frame's value that has one, or the exhibit's own.
pub(super) fn effective(frames: &[Frame], property: PropertyIndex, own: &Value) -> Value {
    let top = frames.iter().rev().find_map(|frame| {
        let track = frame.overlay.get(&property)?;
        Some(track.value_at(frame.clock_ns))
    });
    top.unwrap_or_else(|| own.clone())
}

/// Begins a cue in the last frame, from the value reached.
pub(super) fn begin_cue(frames: &mut [Frame], cue: &CueScript, own: &Value) {
    let from = effective(frames, cue.property, own);
    if let Some(frame) = frames.last_mut() {
        let track = Track::new(cue, from, frame.clock_ns);
        frame.overlay.insert(cue.property, track);
    }
}
