//! What is said in sounds that hotspots and panels play, to be read: as a tour's captions.

use super::*;

/// A sound with words that is under way.
pub(super) struct Wording {
    sound: SoundIndex,
    /// How much of it is over.
    at: Duration,
}

impl Telling {
    /// The captions of a sound; empty where it has none.
    pub(super) fn words_of(&self, sound: SoundIndex) -> &[captions::Caption] {
        let id = self.sounds.sounds.get(sound.0).map(|own| own.id.as_str());
        let words = id.and_then(|id| self.staged.sound_captions.get(id));
        words.map_or(&[], Vec::as_slice)
    }

    /// A sound begins: its words with it.
    pub(super) fn begin_words(&mut self, sound: SoundIndex) {
        self.end_words(sound);
        if !self.words_of(sound).is_empty() {
            let at = Duration::ZERO;
            self.wordings.push(Wording { sound, at });
        }
    }

    /// A sound is over, or stopped.
    pub(super) fn end_words(&mut self, sound: SoundIndex) {
        self.wordings.retain(|own| own.sound != sound);
    }

    /// Lets words of sounds go on. Where nobody listens, a sound is over with its last word.
    pub(super) fn go_on_with_words(&mut self, dt: Duration) {
        for own in &mut self.wordings {
            if !self.halted.contains(&own.sound) {
                own.at += dt;
            }
        }
        if self.has_ears {
            return;
        }
        let is_over = |own: &Wording| {
            let last = self.words_of(own.sound).iter().map(|one| one.end).max();
            last.is_none_or(|end| own.at >= end)
        };
        let over: Vec<SoundIndex> = (self.wordings.iter())
            .filter(|own| is_over(own))
            .map(|own| own.sound)
            .collect();
        for sound in over {
            self.end_words(sound);
            self.end_panel_sound(sound);
        }
    }

    /// What sounds say now.
    pub(super) fn words_of_sounds(&self) -> impl Iterator<Item = captions::SpokenLine<'_>> {
        (self.wordings.iter()).flat_map(|own| captions::spoken_at(self.words_of(own.sound), own.at))
    }

    /// From where sounds say something now.
    pub(super) fn speaking_sounds(&self) -> impl Iterator<Item = Vec3> {
        let speaks = |own: &&Wording| {
            captions::at(self.words_of(own.sound), own.at)
                .next()
                .is_some()
        };
        self.wordings.iter().filter(speaks).filter_map(|own| {
            match self.sounds.sounds.get(own.sound.0)?.from {
                SoundFrom::Place {
                    position_in_world, ..
                } => Some(position_in_world),
                SoundFrom::Everywhere | SoundFrom::Path(_) => None,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{run_secs, telling, visit_scene, wish},
        *,
    };
    use crate::exhibit::{language::ChooseLanguage, stage::CurrentStage};

    const SCENE: &str = r#"(
        format: 1, title: {"en": "Test", "fr": "Essai"}, default_language: "en", languages: ["en", "fr"],
        sounds: [(id: "words", source: "words.wav", at: (position: (0.0, 1.0, 2.0)), kind: Narration,
                  captions: {"en": "words.vtt", "fr": "mots.vtt"})],
        hotspots: [(
            id: "jar", title: {"en": "A jar", "fr": "Une jarre"}, at: Sphere(center: (0.0, 1.6, 0.0), radius: 0.3),
            actions: [Panel(text: {"en": "Clay.", "fr": "Argile."}, sound: "words")],
            alternative: {"en": "A jar.", "fr": "Une jarre."},
        )],
        start: (position: (0.0, 0.0, 3.0)), body: (mode: Fly),
    )"#;

    fn open_panel(hears: bool) -> App {
        let mut app = visit_scene(SCENE, "en");
        if hears {
            app.init_resource::<Ears>();
        }
        run_secs(&mut app, 0.1);
        app.world_mut()
            .resource_mut::<Telling>()
            .select(HotspotIndex::FIRST);
        run_secs(&mut app, 0.1);
        app
    }

    fn is_playing(app: &App) -> bool {
        let panel = telling(app).panel.as_ref();
        panel.expect("the panel is open").is_playing
    }

    #[test]
    fn what_the_sound_of_a_panel_says_is_read_while_it_sounds() {
        let mut app = open_panel(true);
        assert_eq!(telling(&app).captions(), "", "nothing is said yet");
        wish(&mut app, Wish::PlayPanel);
        assert_eq!(telling(&app).captions(), "", "its words begin later");
        assert!(telling(&app).leads_to().is_empty(), "nobody speaks yet");
        run_secs(&mut app, 0.6);
        assert_eq!(telling(&app).captions(), "Potter: Clay, they say.");
        assert_eq!(
            telling(&app).leads_to(),
            [Vec3::new(0.0, 1.0, 2.0)],
            "eyes are led to who speaks"
        );
        let language = |tag: &str| {
            let stage = app.world().resource::<CurrentStage>();
            let mut offered = stage.0.languages.offered.iter();
            offered.find(|own| own.to_string() == tag).cloned()
        };
        let french = language("fr").expect("French is offered");
        app.world_mut().write_message(ChooseLanguage(french));
        run_secs(&mut app, 0.2);
        assert_eq!(
            telling(&app).captions(),
            "Potter: De l’argile.",
            "in the language of the visitor"
        );
        run_secs(&mut app, 2.0);
        assert_eq!(telling(&app).captions(), "", "the words are over");
        assert!(is_playing(&app), "the sound itself is not");
        app.world_mut()
            .write_message(HeardOut::Sound(SoundIndex(0)));
        run_secs(&mut app, 0.1);
        assert!(!is_playing(&app), "now it is");
    }

    #[test]
    fn words_end_with_their_panel() {
        let mut app = open_panel(true);
        wish(&mut app, Wish::PlayPanel);
        run_secs(&mut app, 0.6);
        assert!(!telling(&app).captions().is_empty(), "it speaks");
        wish(&mut app, Wish::Close);
        assert_eq!(telling(&app).captions(), "", "and is silent");
    }

    #[test]
    fn words_are_read_where_nobody_listens() {
        let mut app = open_panel(false);
        wish(&mut app, Wish::PlayPanel);
        run_secs(&mut app, 0.6);
        assert_eq!(telling(&app).captions(), "Potter: Clay, they say.");
        assert!(is_playing(&app), "until the last word");
        run_secs(&mut app, 2.0);
        assert_eq!(telling(&app).captions(), "");
        assert!(!is_playing(&app), "then it is over");
    }
}
