//! A stage in another language: what is seen stays, what is said is taken anew.

use super::{Staging, story::utterances};
use crate::{
    diagnostic::Report,
    exhibit::{
        heard::StagedSounds,
        stage::{Stage, StagedHotspot, StagedStory},
    },
    scene::schema::Language,
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
    /// Places stay as they are.
    fn retold_story(&self, story: &StagedStory, language: &Language) -> StagedStory {
        let hotspots = story.hotspots.iter().zip(&self.exhibit.hotspots);
        StagedStory {
            script: Arc::clone(&story.script),
            language: language.clone(),
            hotspots: hotspots
                .map(|(staged, written)| StagedHotspot {
                    title: self.text(&written.title),
                    ball_in_world: staged.ball_in_world,
                })
                .collect(),
            steps: story.steps.clone(),
            // What is wrong with the files was said when the exhibit was checked.
            captions: self.captions(&story.script, language, &mut Report::new()),
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
