//! The few texts that we want from free-form JSON, without keeping the rest in memory:
//! `asset.extras` and XMP packets may hold anything at all.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Keys worth keeping.
const KEYS: &[&str] = &[
    "artist",
    "author",
    "copyright",
    "creator",
    "licence",
    "license",
    "name",
    "title",
    "dc:creator",
    "dc:rights",
    "dc:title",
    "xmpRights:UsageTerms",
    "xmpRights:WebStatement",
];

/// Most characters of one text.
const MAX_CHARS: usize = 500;

/// Texts by key; empty for anything that is not an object.
#[derive(Debug, Default)]
pub(crate) struct Texts(BTreeMap<String, String>);

impl Texts {
    /// The text of the first key that has one.
    pub(crate) fn first(&self, keys: &[&str]) -> Option<String> {
        keys.iter().find_map(|key| self.0.get(*key)).cloned()
    }
}

/// A string, or the first string within the containers that JSON-LD wraps around it.
struct Text(Option<String>);

macro_rules! ignore_scalars {
    ($empty:expr) => {
        fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
            f.write_str("any JSON")
        }
        fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
            Ok($empty)
        }
        fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
            Ok($empty)
        }
        fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
            Ok($empty)
        }
        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
            Ok($empty)
        }
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok($empty)
        }
    };
}

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Keys;
        impl<'de> Visitor<'de> for Keys {
            type Value = Texts;
            ignore_scalars!(Texts::default());
            fn visit_str<E>(self, _: &str) -> Result<Texts, E> {
                Ok(Texts::default())
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Texts, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Texts::default())
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Texts, A::Error> {
                let mut texts = BTreeMap::new();
                while let Some(key) = map.next_key::<String>()? {
                    if KEYS.contains(&key.as_str()) {
                        if let Text(Some(text)) = map.next_value()? {
                            texts.insert(key, text);
                        }
                    } else {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(Texts(texts))
            }
        }
        d.deserialize_any(Keys)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct First;
        impl<'de> Visitor<'de> for First {
            type Value = Text;
            ignore_scalars!(Text(None));
            fn visit_str<E>(self, text: &str) -> Result<Text, E> {
                let text = text.chars().filter(|c| !c.is_control());
                Ok(Text(Some(text.take(MAX_CHARS).collect())))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Text, A::Error> {
                let first = seq.next_element::<Text>()?;
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(first.unwrap_or(Text(None)))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Text, A::Error> {
                let mut found = None;
                while let Some(key) = map.next_key::<String>()? {
                    if matches!(key.as_str(), "@value" | "@list" | "@set" | "rdf:_1") {
                        let Text(text) = map.next_value()?;
                        found = found.or(text);
                    } else {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(Text(found))
            }
        }
        d.deserialize_any(First)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, key: &str, expected: Option<&str>) {
        let texts: Texts = serde_json::from_str(json).expect("any JSON is accepted");
        assert_eq!(texts.first(&[key]).as_deref(), expected, "{key} of {json}");
    }

    #[test]
    fn texts_are_found_as_exporters_write_them() {
        check(r#"{"author": "SMK", "x": [[{}]]}"#, "author", Some("SMK"));
        check(
            r#"{"dc:creator": {"@list": ["Ada", "Bo"]}}"#,
            "dc:creator",
            Some("Ada"),
        );
        check(
            r#"{"dc:title": {"@type": "rdf:Alt", "rdf:_1": {"@language": "en", "@value": "Cave"}}}"#,
            "dc:title",
            Some("Cave"),
        );
        check(r#"{"title": 7, "author": null}"#, "title", None);
        check("[1, {\"title\": \"x\"}]", "title", None);
        check("3.5", "title", None);
    }

    #[test]
    fn texts_have_an_end() {
        let long = format!(r#"{{"title": "a\n{}"}}"#, "b".repeat(10_000));
        let texts: Texts = serde_json::from_str(&long).expect("long texts are accepted");
        let title = texts.first(&["title"]).expect("there is a title");
        assert_eq!(title.len(), MAX_CHARS, "a text is cut");
        assert!(title.starts_with("ab"), "control characters are left out");
    }
}
