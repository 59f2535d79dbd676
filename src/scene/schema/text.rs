//! Text and files per language.

use super::{FilePath, Spanned};
use crate::diagnostic::Span;

/// A BCP 47 language tag, in canonical case (`zh-Hant-TW`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Language(pub(crate) String);

impl Language {
    /// The tag.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Language {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Something per language. Written plainly (then it is in the exhibit's default language)
/// or as `{"en": ..., "zh": ...}`.
#[derive(Debug, Clone, PartialEq)]
pub struct Localized<T> {
    /// What was written without a language.
    pub plain: Option<T>,
    /// What was written with a language, in the author's order.
    pub entries: Vec<(Spanned<Language>, T)>,
    /// Where it was written.
    pub span: Span,
}

impl<T> Default for Localized<T> {
    fn default() -> Self {
        Self { plain: None, entries: Vec::new(), span: Span::default() }
    }
}

/// Text per language.
pub type Text = Localized<String>;

/// A file per language.
pub type LocalizedPath = Localized<FilePath>;

/// The language of an exhibit that names none.
pub(crate) fn english() -> Spanned<Language> {
    Spanned { value: Language("en".to_owned()), span: Span::default() }
}
