//! What is to be read: panels, pictures, questions, and what the visitor is reminded of.

use super::*;
use crate::{exhibit::stage::StagedPicture, tour::WaitsFor};

/// How long a reminder stays, seconds.
const REMINDED_SECS: f32 = 4.0;
/// How long a question stays once all is said to its answer, seconds.
const ANSWERED_SECS: f32 = 3.0;

/// Something to read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Panel {
    /// Its heading.
    pub title: String,
    /// Its text, with the simple markup of panels ([`crate::exhibit::markup`]).
    pub text: String,
    /// Its pictures.
    pub pictures: Vec<StagedPicture>,
    /// Whom to thank, a line each.
    pub credits: Vec<String>,
    /// It is there for its picture: that is shown large.
    pub is_picture: bool,
    /// A sound with a play button.
    pub sound: Option<SoundIndex>,
    /// The sound plays.
    pub is_playing: bool,
    /// The hotspot it tells of: it is not to be covered.
    pub spot: Option<HotspotIndex>,
    pub(super) run: Option<ActionRun>,
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

/// What a visitor who wants to go on is told that the step waits for.
#[derive(Debug, Clone, PartialEq)]
pub enum Reminder {
    /// An answer to the question.
    Answer,
    /// That the hotspot of this title is set off.
    Hotspot(String),
}

impl Telling {
    /// The panel that an action opens; `None` where it opens none.
    pub(super) fn panel_of(&self, run: ActionRun) -> Option<Panel> {
        let script = self.staged.script.hotspot(run.hotspot)?;
        let (title, text, sound) = match script.actions.get(run.action as usize)? {
            Action::Panel {
                title, text, sound, ..
            } => (self.say(title), self.say(text), sound.as_ref()),
            // The caption of a picture stands under it.
            Action::Image(_) => (String::new(), String::new(), None),
            _ => return None,
        };
        let is_picture = matches!(
            script.actions.get(run.action as usize),
            Some(Action::Image(_))
        );
        let staged = self.staged.hotspots.get(run.hotspot.index());
        let shown = staged
            .and_then(|staged| {
                let mut panels = staged.panels.iter();
                panels.find(|(action, _)| *action == run.action as usize)
            })
            .map(|(_, panel)| panel.clone())
            .unwrap_or_default();
        Some(Panel {
            title: if title.is_empty() {
                self.say(&script.title)
            } else {
                title
            },
            text,
            pictures: shown.pictures,
            credits: shown.credits,
            is_picture,
            sound: sound.and_then(|id| self.sounds.find(id)),
            is_playing: false,
            spot: Some(run.hotspot),
            run: Some(run),
        })
    }

    /// The same panel in another language; what plays, plays on.
    pub(super) fn panel_again(&self, panel: Panel) -> Panel {
        let is_playing = panel.is_playing;
        panel
            .run
            .and_then(|run| self.panel_of(run))
            .map_or(panel, |again| Panel {
                is_playing,
                ..again
            })
    }

    /// The question of a step, unanswered.
    pub(super) fn question(&self, tour: TourIndex, step: StepIndex) -> Option<Asked> {
        let question = self.staged.script.step(tour, step)?.ask.as_ref()?;
        Some(Asked {
            text: self.say(&question.text),
            answers: question.answers.iter().map(|a| self.say(&a.text)).collect(),
            given: None,
        })
    }

    /// Takes the panel away, and what it plays.
    pub(super) fn take_panel(&mut self) -> Option<Panel> {
        let panel = self.panel.take()?;
        if let (Some(sound), true) = (panel.sound, panel.is_playing) {
            self.silence(sound);
        }
        Some(panel)
    }

    /// The visitor closes the panel.
    pub(super) fn close_panel(&mut self) {
        if let Some(run) = self.take_panel().and_then(|panel| panel.run) {
            self.tell(StoryInput::Hotspot(hotspots::Input::Ended(run)));
        }
    }

    /// Plays the panel's sound, or stops it.
    pub(super) fn play_panel(&mut self) {
        let Some(panel) = &mut self.panel else { return };
        let Some(sound) = panel.sound else { return };
        let was_playing = std::mem::take(&mut panel.is_playing);
        // What nobody hears can still be read.
        let plays = !was_playing && (self.has_ears || !self.words_of(sound).is_empty());
        if let Some(panel) = &mut self.panel {
            panel.is_playing = plays;
        }
        if plays {
            self.beginning.push(sound);
        } else {
            self.silence(sound);
        }
    }

    /// The panel's sound has come to its end.
    pub(super) fn end_panel_sound(&mut self, sound: SoundIndex) {
        if let Some(panel) = &mut self.panel
            && panel.sound == Some(sound)
        {
            panel.is_playing = false;
        }
    }

    pub(super) fn remind(&mut self, waits_for: WaitsFor) {
        let reminder = match waits_for {
            WaitsFor::Answer => Reminder::Answer,
            WaitsFor::Hotspot(spot) => {
                let title = self.staged.hotspots.get(spot.index());
                Reminder::Hotspot(title.map(|own| own.title.clone()).unwrap_or_default())
            }
        };
        self.reminder = Some(reminder);
        self.reminded_secs = REMINDED_SECS;
    }

    /// Takes away what was there for a while.
    pub(super) fn forget(&mut self, dt: Duration) {
        self.reminded_secs -= dt.as_secs_f32();
        if self.reminded_secs <= 0.0 {
            self.reminder = None;
        }
        let is_answered = |asked: &Asked| asked.given.is_some();
        if !self.asked.as_ref().is_some_and(is_answered) || self.says_something() {
            self.answered_secs = 0.0;
        } else if !self.is_paused {
            self.answered_secs += dt.as_secs_f32();
            if self.answered_secs >= ANSWERED_SECS {
                self.asked = None;
            }
        }
    }

    /// Whether words of the guide are still to come.
    fn says_something(&self) -> bool {
        let speaking = self.speaking.as_ref();
        speaking.is_some_and(|own| {
            captions::length(&own.captions).is_some_and(|length| own.at < length)
        })
    }
}
