//! Text and files per language.

use std::sync::Arc;

use super::{FilePath, Spanned};
use crate::diagnostic::Span;

/// A BCP 47 language tag, in canonical case (`zh-Hant-TW`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Language(pub(crate) Arc<str>);

/// ISO 639-1: the languages with two letters.
const TWO_LETTERS: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce \
    ch co cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv \
    ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr \
    ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn \
    no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn \
    so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo \
    xh yi yo za zh zu";

/// Countries and names that are often written for languages.
const OFTEN_MEANT: [(&str, &str); 16] = [
    ("cn", "zh"),
    ("jp", "ja"),
    ("cz", "cs"),
    ("gr", "el"),
    ("dk", "da"),
    ("ua", "uk"),
    ("us", "en-US"),
    ("gb", "en-GB"),
    ("english", "en"),
    ("chinese", "zh"),
    ("french", "fr"),
    ("german", "de"),
    ("spanish", "es"),
    ("japanese", "ja"),
    ("korean", "ko"),
    ("arabic", "ar"),
];

impl Language {
    /// Reads a tag by the grammar of RFC 5646 (without the grandfathered ones) and puts it
    /// into its canonical case. Two-letter languages must be in ISO 639-1.
    ///
    /// # Errors
    /// With the cure, in words, when it is not a tag.
    pub fn parse(tag: &str) -> Result<Self, String> {
        let example = || "write a tag such as \"en\", \"zh-Hans\" or \"pt-BR\"".to_owned();
        if tag.contains('_') {
            return Err(format!("write \"{}\" with `-`", tag.replace('_', "-")));
        }
        let lower = tag.to_ascii_lowercase();
        let mut parts = lower.split('-').peekable();
        let language = parts.next().unwrap_or_default();
        if let Some((_, meant)) = OFTEN_MEANT.iter().find(|(wrong, _)| *wrong == language) {
            return Err(format!("write \"{meant}\""));
        }
        let is_known = match language.len() {
            2 => TWO_LETTERS
                .split_ascii_whitespace()
                .any(|known| known == language),
            3 => language.bytes().all(|byte| byte.is_ascii_lowercase()),
            _ => false,
        };
        if tag.len() > 60 || !is_known {
            return Err(example());
        }
        let letters = |part: &str| part.bytes().all(|byte| byte.is_ascii_lowercase());
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let alphanumeric = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let mut canonical = vec![language.to_owned()];
        for _ in 0..3 {
            if let Some(extended) = parts.next_if(|part| part.len() == 3 && letters(part)) {
                canonical.push(extended.to_owned());
            }
        }
        if let Some(script) = parts.next_if(|part| part.len() == 4 && letters(part)) {
            canonical.push(script[..1].to_ascii_uppercase() + &script[1..]);
        }
        let is_region =
            |part: &&str| part.len() == 2 && letters(part) || part.len() == 3 && digits(part);
        if let Some(region) = parts.next_if(is_region) {
            canonical.push(region.to_ascii_uppercase());
        }
        let is_variant = |part: &&str| {
            let starts_with_digit = part.starts_with(|c: char| c.is_ascii_digit());
            alphanumeric(part)
                && ((5..=8).contains(&part.len()) || part.len() == 4 && starts_with_digit)
        };
        while let Some(variant) = parts.next_if(is_variant) {
            canonical.push(variant.to_owned());
        }
        while let Some(singleton) = parts.next_if(|part| part.len() == 1 && alphanumeric(part)) {
            canonical.push(singleton.to_owned());
            let least = if singleton == "x" { 1 } else { 2 };
            let mut count = 0;
            while let Some(part) =
                parts.next_if(|part| (least..=8).contains(&part.len()) && alphanumeric(part))
            {
                canonical.push(part.to_owned());
                count += 1;
            }
            if count == 0 {
                return Err(example());
            }
        }
        if parts.next().is_some() {
            Err(example())
        } else {
            Ok(Self(canonical.join("-").into()))
        }
    }

    /// `en`.
    #[must_use]
    pub fn english() -> Self {
        Self("en".into())
    }

    /// This tag, then shorter and shorter ones: `zh-Hant-TW`, `zh-Hant`, `zh` (RFC 4647,
    /// section 3.4, lookup).
    pub fn and_wider(&self) -> impl Iterator<Item = &str> {
        let mut next = Some(&*self.0);
        std::iter::from_fn(move || {
            let tag = next?;
            let mut wider = tag.rfind('-').map(|end| &tag[..end]);
            // A singleton never ends a tag.
            if let Some(shorter) = wider
                && shorter.len() >= 2
                && shorter.as_bytes()[shorter.len() - 2] == b'-'
            {
                wider = Some(&shorter[..shorter.len() - 2]);
            }
            next = wider;
            Some(tag)
        })
    }

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
        Self {
            plain: None,
            entries: Vec::new(),
            span: Span::default(),
        }
    }
}

impl<T> Localized<T> {
    /// Something that is alike in all languages.
    #[must_use]
    pub fn plain(value: T) -> Self {
        Self {
            plain: Some(value),
            ..Self::default()
        }
    }

    /// Whether nothing was written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.plain.is_none() && self.entries.is_empty()
    }

    /// What a visitor of a language gets: `zh-Hant-TW` is served by `zh-Hant-TW`, `zh-Hant`
    /// or `zh`, then by the exhibit's default language alike, then by a narrower tag of the
    /// wanted language (`zh-Hans` for `zh`), then by whatever there is.
    #[must_use]
    pub fn get(&self, wanted: &Language, default: &Language) -> Option<&T> {
        self.exact(wanted, default)
            .or_else(|| self.narrower(wanted))
            .or_else(|| self.exact(default, default))
            .or(self.plain.as_ref())
            .or_else(|| self.entries.first().map(|(_, value)| value))
    }

    /// What is written in a language or a wider one, without falling back to another.
    #[must_use]
    pub fn exact(&self, wanted: &Language, default: &Language) -> Option<&T> {
        wanted.and_wider().find_map(|tag| {
            let entry = self
                .entries
                .iter()
                .find(|(language, _)| language.value.as_str() == tag);
            entry.map(|(_, value)| value).or_else(|| {
                // What was written plainly is in the default language.
                let is_default = default.and_wider().any(|known| known == tag);
                self.plain.as_ref().filter(|_| is_default)
            })
        })
    }

    /// `zh-Hans` for who wants `zh` or `zh-Hant`.
    fn narrower(&self, wanted: &Language) -> Option<&T> {
        let language = wanted.and_wider().last()?;
        let is_same = |other: &Language| other.and_wider().last() == Some(language);
        self.entries
            .iter()
            .find(|(other, _)| is_same(&other.value))
            .map(|(_, value)| value)
    }
}

/// Text per language.
pub type Text = Localized<String>;

/// A file per language.
pub type LocalizedPath = Localized<FilePath>;

/// The language of an exhibit that names none.
pub(crate) fn english() -> Spanned<Language> {
    Spanned {
        value: Language::english(),
        span: Span::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language(tag: &str) -> Language {
        Language::parse(tag).unwrap_or_else(|help| panic!("{tag} is a tag, but: {help}"))
    }

    #[test]
    fn tags_are_read_and_put_into_their_case() {
        for (tag, canonical) in [
            ("en", "en"),
            ("ZH-hant-tw", "zh-Hant-TW"),
            ("de-1996", "de-1996"),
            ("es-419", "es-419"),
            ("yue", "yue"),
            ("zh-yue-HK", "zh-yue-HK"),
            ("en-u-ca-buddhist", "en-u-ca-buddhist"),
            ("de-x-easy", "de-x-easy"),
        ] {
            assert_eq!(
                language(tag).as_str(),
                canonical,
                "the canonical form of {tag}"
            );
        }
        for wrong in [
            "",
            "e",
            "cn",
            "zh_CN",
            "chinese",
            "en-",
            "en--US",
            "xx",
            "12",
            "en-u",
            "français",
            "en US",
        ] {
            assert!(Language::parse(wrong).is_err(), "{wrong} is no language");
        }
        assert_eq!(
            Language::parse("zh_CN"),
            Err("write \"zh-CN\" with `-`".to_owned())
        );
    }

    fn text(entries: &[(&str, &str)], plain: Option<&str>) -> Text {
        let spanned = |tag: &str| Spanned {
            value: language(tag),
            span: Span::default(),
        };
        Text {
            plain: plain.map(str::to_owned),
            entries: entries
                .iter()
                .map(|(tag, text)| (spanned(tag), (*text).to_owned()))
                .collect(),
            span: Span::default(),
        }
    }

    #[test]
    fn a_visitor_is_served_by_the_nearest_language() {
        let english = language("en");
        let get = |text: &Text, wanted: &str| text.get(&language(wanted), &english).cloned();
        let all = text(
            &[("zh", "洞"), ("zh-Hant", "窟"), ("fr", "grotte")],
            Some("cave"),
        );
        assert_eq!(
            get(&all, "zh-Hant-TW").as_deref(),
            Some("窟"),
            "the longest tag that fits"
        );
        assert_eq!(
            get(&all, "zh-Hans-CN").as_deref(),
            Some("洞"),
            "then shorter ones"
        );
        assert_eq!(
            get(&all, "en-GB").as_deref(),
            Some("cave"),
            "plain text is the default's"
        );
        assert_eq!(
            get(&all, "de").as_deref(),
            Some("cave"),
            "then the default language"
        );
        let some = text(&[("zh-Hans", "洞"), ("fr", "grotte")], None);
        assert_eq!(
            get(&some, "zh").as_deref(),
            Some("洞"),
            "a narrower tag is better than another language"
        );
        assert_eq!(
            get(&some, "de").as_deref(),
            Some("洞"),
            "then whatever there is"
        );
        assert_eq!(get(&Text::default(), "de"), None, "nothing stays nothing");
    }
}
