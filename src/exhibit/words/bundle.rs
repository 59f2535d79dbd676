//! One Fluent file that can be asked for words, and the files that are built in.

use super::{Direction, Word, key::NUMBERS, with_base};
use crate::scene::schema::Language;
use fluent_bundle::{
    FluentArgs, FluentMessage, FluentResource, FluentValue, concurrent::FluentBundle,
};
use fluent_syntax::ast::Pattern;
use std::sync::{Arc, OnceLock};
use unic_langid::LanguageIdentifier;

/// The languages Grotto itself speaks.
pub(super) const BUILT_IN: [(&str, &str); 3] = [
    ("en", include_str!("../../../assets/words/en.ftl")),
    ("zh", include_str!("../../../assets/words/zh.ftl")),
    ("fr", include_str!("../../../assets/words/fr.ftl")),
];

/// A Fluent file in its language.
#[derive(Debug)]
pub(super) struct WordFile {
    pub(super) language: Language,
    pub(super) fluent: Arc<FluentResource>,
    /// The words that can be said without harm: fluent-bundle 0.16 panics over circles and
    /// over more than a hundred placeables, so nothing else is ever put together.
    pub(super) sayable: Vec<Word>,
}

/// The built-in files, parsed once.
pub(super) fn built_in() -> &'static [Arc<WordFile>] {
    static FILES: OnceLock<Vec<Arc<WordFile>>> = OnceLock::new();
    FILES.get_or_init(|| {
        BUILT_IN
            .iter()
            .filter_map(|(tag, text)| {
                // That there are no errors is tested; with some, the rest is there.
                let fluent =
                    FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(file, _)| file);
                Some(Arc::new(WordFile {
                    language: Language::parse(tag).ok()?,
                    fluent: Arc::new(fluent),
                    sayable: Word::ALL.to_vec(),
                }))
            })
            .collect()
    })
}

/// A file that can be asked.
pub(super) struct Bundle {
    direction: Direction,
    file: Arc<WordFile>,
    fluent: FluentBundle<Arc<FluentResource>>,
}

impl Bundle {
    pub(super) fn new(file: &Arc<WordFile>) -> Self {
        // Private parts of a tag are none to Fluent, which needs it for plurals only.
        let locale: LanguageIdentifier = file
            .language
            .and_wider()
            .find_map(|tag| tag.parse().ok())
            .unwrap_or_default();
        let direction = Direction::of(&file.language);
        let mut fluent = FluentBundle::new_concurrent(vec![locale]);
        // A path in an Arabic sentence must be isolated from it; elsewhere the isolating
        // characters would only disturb who copies the text.
        fluent.set_use_isolating(direction == Direction::RightToLeft);
        // It fails on words given twice, which `read` reports: the first counts.
        drop(fluent.add_resource(Arc::clone(&file.fluent)));
        Self {
            direction,
            file: Arc::clone(file),
            fluent,
        }
    }

    /// Whether it was made from this file.
    pub(super) fn is_of(&self, file: &Arc<WordFile>) -> bool {
        Arc::ptr_eq(&self.file, file)
    }

    /// A word; `None` where the file lacks it or it cannot be put together.
    pub(super) fn say(&self, word: Word, arguments: &[(&str, &str)]) -> Option<String> {
        let message = self.message(word)?;
        self.format(message.value()?, arguments)
    }

    /// The keys of a row of the help.
    pub(super) fn keys(&self, word: Word) -> Option<String> {
        let message = self.message(word)?;
        self.format(message.get_attribute("keys")?.value(), &[])
    }

    fn message(&self, word: Word) -> Option<FluentMessage<'_>> {
        let is_sayable = self.file.sayable.contains(&word);
        is_sayable.then(|| self.fluent.get_message(word.key()))?
    }

    /// A text; `None` where something in it leads nowhere.
    fn format(&self, pattern: &Pattern<&str>, arguments: &[(&str, &str)]) -> Option<String> {
        let arguments: FluentArgs = arguments
            .iter()
            .map(|(name, value)| (*name, value_of(name, value)))
            .collect();
        let mut errors = Vec::new();
        let text = self
            .fluent
            .format_pattern(pattern, Some(&arguments), &mut errors);
        errors
            .is_empty()
            .then(|| with_base(&text, self.direction).into_owned())
    }
}

/// A number where the argument is one: plurals are chosen by it.
fn value_of<'v>(name: &str, value: &'v str) -> FluentValue<'v> {
    if NUMBERS.contains(&name) {
        FluentValue::try_number(value)
    } else {
        FluentValue::from(value)
    }
}
