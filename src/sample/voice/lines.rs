//! What is said aloud in a scene file.

use crate::scene::schema::{
    Exhibit, FilePath, Language, Localized, LocalizedPath, Say, SoundKind, Text,
};
use std::collections::BTreeSet;

/// Something to say in one language, and the files that it goes into.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    /// The words.
    pub(crate) text: String,
    /// Their language.
    pub(crate) language: Language,
    /// The sound file, as a path in the exhibit's folder.
    pub(crate) wav: String,
    /// The captions, likewise.
    pub(crate) vtt: String,
}

/// Everything that has words, a WAV file and captions of its own in a language: steps of
/// tours, replies to answers, and sounds that are speech. Each file once.
pub(crate) fn of(exhibit: &Exhibit) -> Vec<Line> {
    let steps = exhibit.tours.iter().flat_map(|tour| &tour.steps);
    let says = steps.flat_map(|step| {
        let answers = step.ask.iter().flat_map(|ask| &ask.answers);
        step.say
            .iter()
            .chain(answers.filter_map(|answer| answer.feedback.as_ref()))
    });
    let said = says.map(|say: &Say| (&say.text, &say.sound, &say.captions));
    let sounds = exhibit.sounds.iter();
    let spoken = sounds
        .filter(|sound| sound.kind == SoundKind::Narration)
        .map(|sound| (&sound.transcript, &sound.source, &sound.captions));
    let default = &exhibit.default_language.value;
    let mut seen = BTreeSet::new();
    said.chain(spoken)
        .flat_map(|(text, sound, captions)| in_languages(text, sound, captions, default))
        .filter(|line| seen.insert(line.wav.clone()))
        .collect()
}

fn in_languages(
    text: &Text,
    sound: &LocalizedPath,
    captions: &LocalizedPath,
    default: &Language,
) -> Vec<Line> {
    let own = |paths: &Localized<FilePath>, language: &Language, ending: &str| {
        paths
            .exact(language, default)
            .map(|path| path.in_exhibit.clone())
            .filter(|path| path.to_lowercase().ends_with(ending))
    };
    let languages = sound.entries.iter().map(|(language, _)| &language.value);
    languages
        .filter_map(|language| {
            Some(Line {
                text: text.exact(language, default)?.clone(),
                language: language.clone(),
                wav: own(sound, language, ".wav")?,
                vtt: own(captions, language, ".vtt")?,
            })
        })
        .collect()
}
