//! The visitor's language, and choosing another at any moment.
//!
//! Whoever offers the choice shows [`StagedLanguages::choices`] and sends [`ChooseLanguage`];
//! stage, words, story and views follow in the same frame, and [`LanguageChanged`] says so.
//! The visitor stays where they are in the cave and in the tour; a narration under way begins
//! anew in the other language.

use super::{
    intent::Wish,
    open,
    stage::CurrentStage,
    telling::Telling,
    visitor::{Visitor, VisitorSystems, Wished},
    words::{OwnWords, Words, autonyms},
};
use crate::scene::schema::{Exhibit, Language};
use bevy::prelude::*;
use std::sync::Arc;

/// The languages of a stage.
#[derive(Debug, Clone)]
pub struct StagedLanguages {
    /// The visitor's.
    pub spoken: Language,
    /// The exhibit's own, for what is missing in the visitor's.
    pub default: Language,
    /// Those visitors may choose, in the author's order; never empty.
    pub offered: Vec<Language>,
    /// Grotto's words as the exhibit says them.
    pub own_words: Arc<OwnWords>,
}

impl Default for StagedLanguages {
    /// English only.
    fn default() -> Self {
        let english = Language::english();
        Self {
            spoken: english.clone(),
            default: english.clone(),
            offered: vec![english],
            own_words: Arc::default(),
        }
    }
}

/// A language to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LanguageChoice {
    /// What [`ChooseLanguage`] takes.
    pub language: Language,
    /// What it calls itself.
    pub name: String,
    /// It is the one that is spoken.
    pub is_spoken: bool,
}

impl StagedLanguages {
    /// Those of an exhibit, for a visitor of a language.
    pub fn of(exhibit: &Exhibit, wanted: Option<&Language>, own_words: OwnWords) -> Self {
        let default = exhibit.default_language.value.clone();
        let mut offered: Vec<Language> = Vec::new();
        for language in &exhibit.languages {
            if !offered.contains(&language.value) {
                offered.push(language.value.clone());
            }
        }
        if offered.is_empty() {
            offered.push(default.clone());
        }
        Self {
            spoken: wanted.unwrap_or(&default).clone(),
            default,
            offered,
            own_words: Arc::new(own_words),
        }
    }

    /// What to put on the buttons.
    pub fn choices(&self) -> Vec<LanguageChoice> {
        let spoken = self.nearest(&self.spoken);
        self.offered
            .iter()
            .zip(autonyms(&self.offered))
            .map(|(language, name)| LanguageChoice {
                is_spoken: spoken == Some(language),
                language: language.clone(),
                name,
            })
            .collect()
    }

    /// The offered language that serves a visitor of another: the same or a wider one, else
    /// one of the same language (`zh-Hans` for `zh-CN`); `None` where none does.
    pub fn nearest(&self, wanted: &Language) -> Option<&Language> {
        let offered = |tag: &str| self.offered.iter().find(|one| one.as_str() == tag);
        let primary = wanted.and_wider().last();
        wanted.and_wider().find_map(offered).or_else(|| {
            self.offered
                .iter()
                .find(|one| one.and_wider().last() == primary)
        })
    }

    /// The offered language after the spoken one; `None` where there is no other.
    pub fn next(&self) -> Option<&Language> {
        let spoken = self.nearest(&self.spoken);
        let at = self.offered.iter().position(|one| spoken == Some(one));
        let next = at.map_or(0, |at| (at + 1) % self.offered.len());
        self.offered.get(next).filter(|next| Some(*next) != spoken)
    }

    /// Grotto's words in the spoken language.
    pub fn words(&self) -> Words {
        Words::new(&self.own_words, &self.spoken, &self.default)
    }
}

/// The visitor chooses a language.
#[derive(Message, Debug, Clone, PartialEq, Eq)]
pub struct ChooseLanguage(pub Language);

/// Everything is said in another language now: [`CurrentStage`] holds it.
#[derive(Message, Debug, Clone, PartialEq, Eq)]
pub struct LanguageChanged(pub Language);

/// Lets visitors choose a language at any moment.
pub fn plugin(app: &mut App) {
    app.add_message::<ChooseLanguage>()
        .add_message::<LanguageChanged>()
        .add_message::<Wished>()
        .add_systems(
            Update,
            (heed_wishes, change_language)
                .chain()
                .before(VisitorSystems::Move),
        );
}

/// The next language, for those who have keys and no buttons to press.
fn heed_wishes(
    stage: Option<Res<CurrentStage>>,
    mut wishes: MessageReader<Wished>,
    mut chosen: MessageWriter<ChooseLanguage>,
) {
    let wished = wishes.read().filter(|one| one.0 == Wish::NextLanguage);
    if let (Some(stage), Some(_)) = (stage, wished.last())
        && let Some(next) = stage.0.languages.next()
    {
        chosen.write(ChooseLanguage(next.clone()));
    }
}

fn change_language(
    mut chosen: MessageReader<ChooseLanguage>,
    mut changed: MessageWriter<LanguageChanged>,
    stage: Option<ResMut<CurrentStage>>,
    words: Option<ResMut<Words>>,
    telling: Option<ResMut<Telling>>,
    visitor: Option<ResMut<Visitor>>,
) {
    let (Some(ChooseLanguage(language)), Some(mut stage)) = (chosen.read().last(), stage) else {
        return;
    };
    if stage.0.languages.spoken == *language {
        return;
    }
    let told = open::retell(&stage.0, language);
    if let Some(mut words) = words {
        *words = told.languages.words();
    }
    if let (Some(mut telling), Some(story)) = (telling, &told.story) {
        telling.change_language(Arc::clone(story), Arc::clone(&told.sounds));
    }
    if let Some(mut visitor) = visitor {
        visitor.views.clone_from(&told.views);
    }
    stage.0 = Arc::new(told);
    changed.write(LanguageChanged(language.clone()));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn languages(offered: &[&str], spoken: &str) -> StagedLanguages {
        let language = |tag: &str| Language::parse(tag).expect("a tag of the test");
        StagedLanguages {
            spoken: language(spoken),
            offered: offered.iter().map(|tag| language(tag)).collect(),
            ..StagedLanguages::default()
        }
    }

    #[test]
    fn choices_call_themselves_and_one_is_spoken() {
        let choices = languages(&["en", "zh-Hans", "ar"], "zh-CN").choices();
        let shown: Vec<(&str, bool)> = choices
            .iter()
            .map(|choice| (choice.name.as_str(), choice.is_spoken))
            .collect();
        assert_eq!(
            shown,
            [("English", false), ("简体中文", true), ("العربية", false)]
        );
    }

    #[test]
    fn the_next_language_goes_round() {
        let next = |offered: &[&str], spoken: &str| {
            let next = languages(offered, spoken).next().cloned();
            next.map(|language| language.to_string())
        };
        assert_eq!(next(&["en", "zh", "fr"], "zh-CN").as_deref(), Some("fr"));
        assert_eq!(next(&["en", "zh", "fr"], "fr").as_deref(), Some("en"));
        assert_eq!(next(&["en", "zh"], "de").as_deref(), Some("en"));
        assert_eq!(next(&["en"], "en-GB"), None, "there is no other");
    }

    #[test]
    fn the_nearest_offered_language_serves() {
        let all = languages(&["en", "zh-Hans", "fr-CA", "fr"], "en");
        for (wanted, served) in [
            ("fr-CA", Some("fr-CA")),
            ("fr-BE", Some("fr")),
            ("zh-Hant-TW", Some("zh-Hans")),
            ("en-GB", Some("en")),
            ("de", None),
        ] {
            let wanted = Language::parse(wanted).expect("a tag of the test");
            let found = all.nearest(&wanted).map(Language::as_str);
            assert_eq!(found, served, "what serves a visitor of {wanted}");
        }
    }
}
