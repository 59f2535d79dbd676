//! A scene file made ready for rehearsal: its story in every language.

use super::{
    Staging, load,
    story::{caption_bytes, utterances},
};
use crate::{
    bake::validate::ValidateDepth,
    diagnostic::Report,
    exhibit::stage::{Stage, StagedStep},
    scene::schema::{Exhibit, Language, Say},
    tour::{
        self, Script, Utterance,
        captions::{Caption, vtt},
    },
};
use std::{
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
    sync::Arc,
};

/// What is rehearsed.
pub struct Prepared {
    /// As it was written.
    pub exhibit: Arc<Exhibit>,
    /// Its tours and hotspots.
    pub script: Arc<Script>,
    /// In the exhibit's own language.
    pub stage: Stage,
    /// Where the steps of each tour lead.
    pub steps: Vec<Vec<StagedStep>>,
    /// The captions of files, by their path in the exhibit.
    pub captions: HashMap<String, Vec<Caption>>,
    /// The voice of what is said, in each language that has one.
    pub voices: BTreeMap<(Utterance, String), PathBuf>,
}

impl Prepared {
    /// All that is said.
    pub fn utterances(&self) -> impl Iterator<Item = (Utterance, &Say)> {
        utterances(&self.script)
    }
}

/// Reads an exhibit and validates its models; `None` where nothing can be rehearsed.
pub fn prepare(path: &Path) -> (Option<Prepared>, Report) {
    let (exhibit, mut report, ..) = load(path, Some(ValidateDepth::Data));
    let prepared = exhibit.map(|exhibit| {
        let exhibit = Arc::new(exhibit);
        let staging = Staging::new(path, &exhibit, None);
        let mut stage = staging.stage();
        // Compiles the script, and tells what is wrong with it.
        stage.story = staging.story(&mut Report::new()).map(Arc::new);
        let script = Arc::new(tour::compile(&exhibit, &mut report));
        stage.sounds = Arc::new(staging.sounds(Some(&script)));
        let default = &script.default_language;
        let (mut captions, mut voices) = (HashMap::new(), BTreeMap::new());
        for (utterance, say) in utterances(&script) {
            for language in &script.languages {
                if let Some(file) = say.captions.exact(language, default)
                    && !captions.contains_key(&file.in_exhibit)
                    && let Some(bytes) = caption_bytes(&staging.path(file))
                {
                    let read = vtt::read(&file.in_exhibit, &bytes, &mut report);
                    captions.insert(file.in_exhibit.clone(), read);
                }
                if let Some(file) = voice(say, language, default) {
                    voices.insert((utterance, language.to_string()), staging.path(file));
                }
            }
        }
        let steps = (stage.story.as_ref()).map_or_else(Vec::new, |story| story.steps.clone());
        Prepared {
            script,
            steps,
            captions,
            voices,
            stage,
            exhibit: Arc::clone(&exhibit),
        }
    });
    (prepared, report)
}

/// What is played to a visitor of a language.
fn voice<'a>(
    say: &'a Say,
    language: &Language,
    default: &Language,
) -> Option<&'a crate::scene::schema::FilePath> {
    say.sound.get(language, default)
}
