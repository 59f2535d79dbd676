//! Where a visit stands, for a process that starts again.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Durations, Effect, Frame, Playback, State, Travel, Voice};
use crate::tour::script::{Script, StepIndex};

/// The layout of a saved position.
const VERSION: u32 = 1;

/// All that is needed to go on: the whole state, and in ids where it is, should the script
/// have changed meanwhile. Serialize it as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Position {
    version: u32,
    fingerprint: u64,
    tour: String,
    step: String,
    state: State,
}

/// Why a position leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResumeError {
    /// Another Grotto wrote it, or its content contradicts itself.
    #[error("the saved position cannot be read by this version")]
    Unreadable,
    /// The exhibit has changed, and the tour is no longer in it.
    #[error("the tour \"{0}\" is no longer there")]
    UnknownTour(String),
}

impl Playback {
    /// Where the visit stands.
    #[must_use]
    pub fn position(&self) -> Position {
        let top = self.state.frames.last();
        let tour = top.and_then(|top| self.script.tour(top.tour));
        let step = top.and_then(|top| self.script.step(top.tour, top.step));
        Position {
            version: VERSION,
            fingerprint: self.script.fingerprint,
            tour: tour.map_or_else(String::new, |tour| tour.id.as_str().to_owned()),
            step: step.map_or_else(String::new, |step| step.id.as_str().to_owned()),
            state: self.state.clone(),
        }
    }

    /// Goes on from a saved position: exactly there if the script is the same; else at the
    /// beginning of the step of that name, or of its tour. Seeking back ends here.
    ///
    /// # Errors
    /// When the position cannot be read or its tour is gone.
    pub fn resume(
        script: Arc<Script>,
        durations: Durations,
        position: &Position,
    ) -> Result<(Self, Vec<Effect>), ResumeError> {
        if position.version != VERSION {
            return Err(ResumeError::Unreadable);
        }
        let mut out = Vec::new();
        let mut playback = Self::new(script, durations);
        if position.fingerprint == playback.script.fingerprint {
            if !position.state.fits(&playback.script) {
                return Err(ResumeError::Unreadable);
            }
            playback.state = position.state.clone();
            playback.is_eventful = true;
            playback.is_cut = true;
            playback.present(Travel::AtOnce, &mut out);
            if playback.state.is_paused {
                out.push(Effect::Paused);
            }
        } else if !position.tour.is_empty() {
            let tour = playback
                .script
                .tour_named(&position.tour)
                .ok_or_else(|| ResumeError::UnknownTour(position.tour.clone()))?;
            let step = playback.script.step_named(tour, &position.step);
            let input = super::Input::GoTo(tour, step.unwrap_or_default());
            playback.accept(&input, &mut out);
            playback.settle(&mut out);
        }
        playback.show_properties(&mut out);
        Ok((playback, out))
    }
}

impl State {
    /// Whether everything that it names is in a script: a file may say anything.
    fn fits(&self, script: &Script) -> bool {
        self.memory.fits(script)
            && self.frames.len() <= super::MOST_FRAMES
            && self.frames.iter().all(|frame| frame.fits(script))
    }
}

impl Frame {
    fn fits(&self, script: &Script) -> bool {
        let has = |step: StepIndex| script.step(self.tour, step).is_some();
        let properties = script.properties.len();
        let overlays = self.history.iter().map(|been| &*been.overlay.0);
        let mut overlays = overlays.chain([&self.overlay, &*self.overlay_at_entry.0]);
        let voice = match self.voice {
            Voice::Silent { .. } => true,
            Voice::Speaking { utterance, .. } => {
                utterance.tour == self.tour && utterance.step == self.step
            }
        };
        voice
            && has(self.step)
            && self.entered_ns <= self.clock_ns
            && self.history.len() <= super::MOST_HISTORY
            && self.history.iter().all(|been| has(been.step))
            && overlays.all(|overlay| overlay.keys().all(|one| one.index() < properties))
    }
}
