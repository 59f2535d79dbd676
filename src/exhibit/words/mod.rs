//! Grotto's own words, in the visitor's language: what its screens say besides the exhibit.
//!
//! They stand in Fluent files ([`assets/words`](../../../assets/words)); an exhibit overrides
//! any of them, and adds languages, with `words/<language>.ftl` in its own folder
//! ([`read`]). [`Words`] holds them all in one language, falling back word by word. Who shows
//! text takes [`Words`] and asks for a [`Word`]; nobody writes what visitors read into code.
//!
//! Here too: what languages call themselves ([`autonyms`]), and which way they are written
//! ([`Direction`]). Start at [`Words`]; the names are in `key.rs`. What the *exhibit* says is
//! not here but in [`crate::scene::schema::Text`].

mod autonym;
mod bundle;
mod direction;
mod key;
mod read;
#[cfg(test)]
mod tests;

pub use autonym::{autonym, autonyms};
pub use direction::{Direction, with_base};
pub use key::Word;
pub use read::{OwnWords, read};

use crate::scene::schema::Language;
use bevy::prelude::Resource;
use bundle::{Bundle, WordFile, built_in};
use std::sync::Arc;

/// All Grotto says, in one visitor's language.
#[derive(Resource, Clone)]
pub struct Words {
    language: Language,
    /// What takes no arguments, in the order of [`Word::ALL`].
    said: Arc<Vec<String>>,
    /// The keys of help rows, in the same order; empty for others.
    keys: Arc<Vec<String>>,
    /// Nearest first.
    bundles: Arc<Vec<Bundle>>,
}

impl Default for Words {
    /// English.
    fn default() -> Self {
        let english = Language::english();
        Self::new(&OwnWords::default(), &english, &english)
    }
}

impl Words {
    /// The words for a visitor of a language. Each word is looked for in `zh-Hant-TW`,
    /// `zh-Hant`, `zh`, then in the exhibit's default language alike, then in English; in each
    /// the exhibit's own comes before Grotto's, and the exhibit's own in a narrower language
    /// (`zh-Hans` for `zh`) before Grotto's in the wide one.
    pub fn new(own: &OwnWords, wanted: &Language, default: &Language) -> Self {
        let bundles = bundles(own, &[wanted, default, &Language::english()]);
        let all = |word_of: &dyn Fn(&Bundle, Word) -> Option<String>| {
            let find = |word: &Word| bundles.iter().find_map(|bundle| word_of(bundle, *word));
            Word::ALL
                .iter()
                .map(|word| find(word).unwrap_or_default())
                .collect::<Vec<_>>()
        };
        Self {
            language: wanted.clone(),
            said: Arc::new(all(&|bundle, word| bundle.say(word, &[]))),
            keys: Arc::new(all(&Bundle::keys)),
            bundles: Arc::new(bundles),
        }
    }

    /// The language they are wanted in; single words may have fallen back to another.
    pub fn language(&self) -> &Language {
        &self.language
    }

    /// The direction of that language: of rows and of panels.
    pub fn direction(&self) -> Direction {
        Direction::of(&self.language)
    }

    /// A word that takes no arguments.
    pub fn say(&self, word: Word) -> &str {
        debug_assert!(
            word.arguments().is_empty(),
            "{} takes arguments",
            word.key()
        );
        self.said.get(word as usize).map_or("", String::as_str)
    }

    /// A word with its arguments, by name.
    pub fn say_with(&self, word: Word, arguments: &[(&str, &str)]) -> String {
        debug_assert!(
            word.arguments()
                .iter()
                .all(|name| arguments.iter().any(|(own, _)| own == name)),
            "{} is given all its arguments",
            word.key()
        );
        self.bundles
            .iter()
            .find_map(|bundle| bundle.say(word, arguments))
            .unwrap_or_default()
    }

    /// The keys of a row of the help.
    pub fn keys(&self, row: Word) -> &str {
        self.keys.get(row as usize).map_or("", String::as_str)
    }
}

/// The files to look in, nearest first, without repetition.
fn bundles(own: &OwnWords, languages: &[&Language]) -> Vec<Bundle> {
    let mut found: Vec<Bundle> = Vec::new();
    for language in languages {
        let primary = language.and_wider().last();
        for tag in language.and_wider() {
            let is_same = |file: &&Arc<WordFile>| file.language.as_str() == tag;
            let is_narrower = |file: &&Arc<WordFile>| {
                Some(tag) == primary && file.language.and_wider().last() == primary
            };
            let same = own.iter().filter(is_same);
            let narrower = own.iter().filter(is_narrower);
            let built_in = built_in().iter().filter(is_same);
            for file in same.chain(narrower).chain(built_in) {
                if !found.iter().any(|bundle| bundle.is_of(file)) {
                    found.push(Bundle::new(file));
                }
            }
        }
    }
    found
}

/// The language of a POSIX locale (`zh_CN.UTF-8`, `de_AT@euro`); none for `C` and for what is
/// no language.
pub fn language_of_locale(locale: &str) -> Option<Language> {
    let tag = locale.split(['.', '@']).next().unwrap_or_default();
    Language::parse(&tag.replace('_', "-")).ok()
}
