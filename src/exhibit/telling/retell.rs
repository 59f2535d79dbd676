//! Another language while things are being told.

use super::*;

impl Telling {
    /// Goes on in another language: the same tour, step, question and panel, read in it at
    /// once. A narration that is under way begins anew; its length is estimated until it is
    /// measured ([`VoiceMeasured`]). If sounds other than voices have files of their own in
    /// that language, those that actions wait for and a panel's begin anew as well.
    ///
    /// Both must tell of the same script and the same sounds.
    pub fn change_language(&mut self, staged: Arc<StagedStory>, sounds: Arc<StagedSounds>) {
        let are_sounds_others = self.sounds.sounds != sounds.sounds;
        self.staged = staged;
        self.sounds = sounds;
        if are_sounds_others {
            self.beginning
                .extend(self.sounding.iter().map(|(sound, _)| *sound));
            let panel = self.panel.as_ref().filter(|panel| panel.is_playing);
            let heard = panel.and_then(|panel| panel.sound);
            self.beginning.extend(heard);
        }
        self.place_bodies();
        self.place_patches(|_| true);
        self.panel = self.panel.take().map(|panel| self.panel_again(panel));
        let playing = self.story.playback().playing();
        if let Some((tour, step)) = playing {
            if self.tour.is_some() {
                self.tour = self.titles(tour, step);
            }
            if let Some(before) = self.asked.take() {
                self.asked = self.question(tour, step).map(|asked| Asked {
                    given: before.given,
                    ..asked
                });
            }
        }
        let durations = self.staged.durations();
        for effect in self.story.change_language(durations) {
            match effect {
                StoryEffect::Tour(Effect::StopSaying) => self.stop_saying(),
                StoryEffect::Tour(Effect::Say { utterance, from }) => {
                    self.speak(utterance, from);
                    if self.is_paused {
                        self.halt();
                    }
                }
                // A language changes nothing but what is said.
                _ => {}
            }
        }
    }

    /// The titles of a tour and of its step.
    pub(super) fn titles(&self, tour: TourIndex, step: StepIndex) -> Option<(String, String)> {
        let tour = self.staged.script.tour(tour)?;
        let step = tour.steps.get(step.index());
        let step = step.map(|step| self.say(&step.title)).unwrap_or_default();
        Some((self.say(&tour.title), step))
    }
}
