//! A stage in another language: what is seen stays, what is said is taken anew.

use super::{Staging, story::utterances};
use crate::{
    diagnostic::Report,
    exhibit::{
        heard::StagedSounds,
        stage::{Stage, StagedHotspot, StagedStory},
    },
    scene::schema::{Hotspot, Language},
};
use std::{collections::BTreeMap, sync::Arc};

/// The same stage in another language. Of files only those with captions are read; nothing
/// is checked again.
pub fn retell(stage: &Stage, language: &Language) -> Stage {
    let mut told = stage.clone();
    told.languages.spoken = language.clone();
    let Some(exhibit) = &stage.exhibit else {
        return told;
    };
    let mut staging = Staging::new(&stage.source, exhibit, None);
    staging.language = Some(language.clone());
    told.title = staging.text(&exhibit.title);
    told.about = staging.text(&exhibit.about);
    for (view, written) in told.views.iter_mut().zip(&exhibit.views) {
        view.title = staging.view_title(written);
    }
    let written = || exhibit.spaces.iter().flat_map(|space| &space.surfaces);
    for surface in &mut told.surfaces {
        let Some(written) = written().find(|one| one.id.as_str() == surface.id) else {
            continue;
        };
        for (layer, written) in surface.layers.iter_mut().zip(&written.layers) {
            layer.title = staging.text(&written.title);
        }
    }
    told.story = stage
        .story
        .as_ref()
        .map(|story| Arc::new(staging.retold_story(story, language)));
    told.sounds = Arc::new(staging.retold_sounds(stage, language));
    told
}

impl Staging<'_> {
    /// What is read of a hotspot to a visitor who cannot see it: at least its title.
    pub(super) fn alternative(&self, hotspot: &Hotspot) -> String {
        let written = [&hotspot.alternative, &hotspot.title];
        let written = written.into_iter().find(|text| !text.is_empty());
        written.map(|text| self.text(text)).unwrap_or_default()
    }

    /// Places stay as they are.
    fn retold_story(&self, story: &StagedStory, language: &Language) -> StagedStory {
        let hotspots = story.hotspots.iter().zip(&self.exhibit.hotspots);
        StagedStory {
            script: Arc::clone(&story.script),
            language: language.clone(),
            hotspots: hotspots
                .map(|(staged, written)| StagedHotspot {
                    title: self.text(&written.title),
                    panels: self.panels(written),
                    alternative: self.alternative(written),
                    ..staged.clone()
                })
                .collect(),
            steps: story.steps.clone(),
            clip_secs: story.clip_secs.clone(),
            // What is wrong with the files was said when the exhibit was checked.
            captions: self.captions(&story.script, language, &mut Report::new()),
            sound_captions: self.sound_captions(language, &mut Report::new()),
        }
    }

    /// The same sounds and voices, by their index, from other files.
    fn retold_sounds(&self, stage: &Stage, language: &Language) -> StagedSounds {
        let default = &self.exhibit.default_language.value;
        let mut sounds = StagedSounds::clone(&stage.sounds);
        for sound in &mut sounds.sounds {
            let written = self.exhibit.sounds.iter().find(|one| one.id == sound.id);
            if let Some(file) = written.and_then(|one| one.source.get(language, default)) {
                sound.file = self.path(file);
            }
        }
        if let Some(story) = &stage.story {
            let said: BTreeMap<_, _> = utterances(&story.script).collect();
            for (utterance, voice) in &mut sounds.voices {
                let file = said
                    .get(utterance)
                    .and_then(|say| say.sound.get(language, &story.script.default_language));
                if let Some(file) = file {
                    voice.file = self.path(file);
                }
            }
        }
        sounds
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exhibit::{open::open, words::Word};

    const SCENE: &str = r#"(
        format: 1, title: {"en": "Cave", "ar": "Grotto: مغارة"}, about: {"en": "Old.", "ar": "قديمة."},
        default_language: "en", languages: ["en", "ar"],
        views: [
            (id: "door", at: (position: (0.0, 1.6, 4.0))),
            (id: "niche", title: {"en": "Niche", "ar": "مشكاة"}, at: (position: (0.0, 1.6, 0.0))),
        ],
        sounds: [
            (id: "drip", source: "drip.wav", at: Bed),
            (id: "radio", source: {"en": "radio.en.wav", "ar": "radio.ar.wav"}, at: (position: (1.0, 1.0, 1.0))),
        ],
        hotspots: [(id: "jar", title: {"en": "Jar", "ar": "جرة"}, at: (0.0, 1.0, 0.0))],
        tours: [(id: "walk", title: {"en": "Walk", "ar": "جولة"}, steps: [(
            id: "one", at: View("niche"),
            say: (
                text: {"en": "Look.", "ar": "انظر."},
                sound: {"en": "voice.en.wav", "ar": "voice.ar.wav"},
                captions: {"en": "one.en.vtt", "ar": "one.ar.vtt"},
            ),
        )])],
    )"#;

    #[test]
    fn captions_of_another_language_are_left_where_the_words_are_there() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let own = r#"{"en": "one.en.vtt", "ar": "one.ar.vtt"}"#;
        let scene = SCENE.replace(own, r#""one.en.vtt""#);
        assert_ne!(scene, SCENE, "one file for all");
        let path = folder.path().join("exhibit.ron");
        std::fs::write(&path, scene).expect("the scene can be written");
        let words = "WEBVTT\n\n00:00.000 --> 00:02.000\nLook.\n";
        std::fs::write(folder.path().join("one.en.vtt"), words).expect("captions can be written");
        let files = |language| {
            let (stage, _) = open(&path, Some(language));
            let story = stage.and_then(|stage| stage.story);
            story.expect("there is a tour").captions.len()
        };
        assert_eq!(files("en"), 1, "written plainly is in the first language");
        assert_eq!(files("ar"), 0, "read are the words in the visitor's own");
    }

    #[test]
    fn telling_anew_is_what_opening_in_that_language_gives() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let write = |name: &str, text: &str| {
            std::fs::write(folder.path().join(name), text).expect("a file can be written");
        };
        std::fs::create_dir(folder.path().join("words")).expect("a folder can be made");
        write("exhibit.ron", SCENE);
        write("words/ar.ftl", "loading = لحظة …\n");
        write("one.en.vtt", "WEBVTT\n\n00:00.000 --> 00:02.000\nLook.\n");
        write("one.ar.vtt", "WEBVTT\n\n00:00.000 --> 00:02.000\nانظر.\n");
        let path = folder.path().join("exhibit.ron");
        let stage = |language| open(&path, Some(language)).0.expect("it can be shown");
        let (english, arabic) = (stage("en"), stage("ar"));
        let language = Language::parse("ar").expect("a tag");
        let retold = retell(&english, &language);
        // All that a stage holds, but what the author wrote, what Fluent read, and in which
        // file of a report a caption stands.
        let shown = |stage: &Stage| {
            let mut stage = stage.clone();
            stage.exhibit = None;
            stage.languages.own_words = Arc::default();
            let is_number = |line: &&str| {
                let number = line.trim().strip_prefix("file: ");
                number.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
            };
            let text = format!("{stage:#?}");
            let lines: Vec<&str> = text.lines().filter(|line| !is_number(line)).collect();
            lines.join("\n")
        };
        assert_eq!(shown(&retold), shown(&arabic));
        assert_ne!(shown(&retold), shown(&english), "the languages differ");
        let words = retold.languages.words();
        assert_eq!(
            words.say(Word::Loading),
            "لحظة …",
            "Grotto speaks it as well"
        );
        assert_eq!(
            retold.title, "\u{200F}Grotto: مغارة",
            "a title is laid out from the right although it begins with a Latin name"
        );
        let back = retell(&retold, &Language::english());
        assert_eq!(shown(&back), shown(&english), "and back again");
    }

    #[test]
    fn checking_an_exhibit_checks_its_words() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let words = folder.path().join("words");
        std::fs::create_dir(&words).expect("a folder can be made");
        let path = folder.path().join("exhibit.ron");
        std::fs::write(&path, "(format: 1, title: \"Cave\")").expect("a file can be written");
        std::fs::write(words.join("en.ftl"), "loading = Wait\nloadin = Wait\n")
            .expect("a file can be written");
        let text = crate::exhibit::open::check(&path).to_text(false);
        assert!(
            text.contains("en.ftl:2:1") && text.contains("did you mean `loading`?"),
            "the place and the cure are told:\n{text}"
        );
    }
}
