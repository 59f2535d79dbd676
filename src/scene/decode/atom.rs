//! Ids, paths, colors, values, languages.

use std::sync::Arc;

use unicode_width::UnicodeWidthStr;

use super::{Decode, Decoder, FileKind, IdKind, IdUse, LanguageUse, PathUse, Spec, TooWide};
use crate::diagnostic::Diagnostic;
use crate::scene::paths::{PathTrouble, resolve};
use crate::scene::schema::{
    Color, FilePath, GroupId, HotspotId, Language, LayerId, LightId, Localized, MeshId, SoundId,
    SpaceId, Spanned, StepId, SurfaceId, TourId, Value, VariableId, ViewId,
};
use crate::scene::syntax::{Body, Field, Kind, Node};

/// Most spellings of languages that are told apart: bits of [`LanguageUse::languages`].
const MOST_LANGUAGES: usize = 128;

/// Longest id, in characters.
const LONGEST_ID: usize = 100;

macro_rules! decode_ids {
    ($($name:ident, $kind:ident;)*) => { $(
        impl Decode for $name {
            fn type_name() -> String {
                format!("{}'s id", IdKind::$kind.words().0)
            }

            fn decode(node: &Node<'_>, spec: &Spec, decoder: &mut Decoder<'_>) -> Option<Self> {
                decoder.id(node, spec, IdKind::$kind).map(Self)
            }
        }
    )* };
}

decode_ids! {
    SpaceId, Space;
    ViewId, View;
    MeshId, Mesh;
    LightId, Light;
    SurfaceId, Surface;
    LayerId, Layer;
    HotspotId, Hotspot;
    GroupId, Group;
    SoundId, Sound;
    TourId, Tour;
    StepId, Step;
    VariableId, Variable;
}

impl Decoder<'_> {
    /// Reads an id and gathers it: in the field `id` it is given, elsewhere it refers.
    fn id(&mut self, node: &Node<'_>, spec: &Spec, kind: IdKind) -> Option<Spanned<Arc<str>>> {
        let value: Arc<str> = match &node.kind {
            Kind::Text(text) => text.as_ref().into(),
            _ => String::decode(node, spec, self)?.into(),
        };
        let is_bad = value.trim().is_empty()
            || value.trim() != &*value
            || value.len() > LONGEST_ID && value.chars().count() > LONGEST_ID
            || value.chars().any(char::is_control);
        if is_bad {
            let message = format!("\"{value}\" cannot be the id of a {}", kind.words().0);
            let help = format!(
                "give it a short name such as \"{}-1\", without spaces at its ends",
                kind.words().0
            );
            self.report.push(
                Diagnostic::error("bad-id", message)
                    .at(node.span)
                    .help(help),
            );
            return None;
        }
        let id = IdUse {
            kind,
            id: value.clone(),
            span: node.span,
        };
        if spec.name == "id" {
            self.gathered.definitions.push(id);
        } else {
            self.gathered.references.push(id);
        }
        Some(Spanned {
            value,
            span: node.span,
        })
    }
}

impl Decode for FilePath {
    fn type_name() -> String {
        "path".to_owned()
    }

    fn decode(node: &Node<'_>, spec: &Spec, decoder: &mut Decoder<'_>) -> Option<Self> {
        let Kind::Text(_) = &node.kind else {
            decoder.wrong_type(
                node,
                "a path",
                "write it in quotation marks: \"folder/file\"",
            );
            return None;
        };
        let written = String::decode(node, spec, decoder)?;
        let from = decoder.open_files.last().map_or("", String::as_str);
        let in_exhibit = match resolve(from, &written) {
            Ok(path) => path,
            Err(trouble) => {
                decoder.refuse_path(&written, &trouble, node);
                trouble.meant().unwrap_or_default()
            }
        };
        let path = Self {
            written: Spanned {
                value: written,
                span: node.span,
            },
            in_exhibit,
        };
        if spec.file != FileKind::Scene && !path.in_exhibit.is_empty() {
            decoder.gathered.paths.push(PathUse {
                path: path.clone(),
                kind: spec.file,
            });
        }
        Some(path)
    }
}

impl Decoder<'_> {
    fn refuse_path(&mut self, written: &str, trouble: &PathTrouble, node: &Node<'_>) {
        let (code, message, help) = trouble.explain(written);
        self.report
            .push(Diagnostic::error(code, message).at(node.span).help(help));
    }
}

choice! {
    /// A color by name.
    pub(crate) enum NamedColor = (Self::Kelvin(6500.0)) {
        /// The color of a glowing body: 1900 a candle, 2700 a bulb, 6500 daylight.
        Kelvin(f32 [unit "K", range 1000.0..=40000.0]),
        /// Linear red, green, blue.
        Linear(f32 [range 0.0..=1.0], f32 [range 0.0..=1.0], f32 [range 0.0..=1.0]),
    }
}

impl Decode for Color {
    fn type_name() -> String {
        "color".to_owned()
    }

    fn decode(node: &Node<'_>, spec: &Spec, decoder: &mut Decoder<'_>) -> Option<Self> {
        match &node.kind {
            Kind::Text(text) => {
                let color = Self::from_hex(text);
                if color.is_none() {
                    let message = format!("\"{text}\" is not a color");
                    let help =
                        "write \"#ffcc88\" (red, green, blue from 00 to ff), or Kelvin(2700)";
                    decoder.report.push(
                        Diagnostic::error("bad-color", message)
                            .at(node.span)
                            .help(help),
                    );
                }
                color
            }
            Kind::Record(record) if record.name.is_some() => {
                Some(match NamedColor::decode(node, spec, decoder)? {
                    NamedColor::Kelvin(kelvin) => Self::from_kelvin(kelvin),
                    NamedColor::Linear(red, green, blue) => Self::linear(red, green, blue),
                })
            }
            _ => {
                let help = "write \"#ffcc88\", Kelvin(2700) or Linear(1.0, 0.6, 0.3)";
                decoder.wrong_type(node, "a color", help);
                None
            }
        }
    }
}

impl Decode for Value {
    fn type_name() -> String {
        "value".to_owned()
    }

    fn decode(node: &Node<'_>, spec: &Spec, decoder: &mut Decoder<'_>) -> Option<Self> {
        match &node.kind {
            Kind::Flag(flag) => Some(Self::Flag(*flag)),
            // One that is not finite has been told: it still is a number, not the wrong kind.
            Kind::Number(_) => {
                let number = f64::decode(node, spec, decoder);
                Some(Self::Number(number.unwrap_or_default()))
            }
            Kind::Text(text) => Some(Self::Word(text.clone().into_owned())),
            _ => {
                let help = "write true, false, a number, or a word in quotation marks";
                decoder.wrong_type(node, "a value", help);
                None
            }
        }
    }
}

impl Decode for Language {
    fn type_name() -> String {
        "language".to_owned()
    }

    fn decode(node: &Node<'_>, spec: &Spec, decoder: &mut Decoder<'_>) -> Option<Self> {
        if let Kind::Text(text) = &node.kind
            && let Some((_, known)) = decoder.languages.iter().find(|(tag, _)| *tag == **text)
        {
            return Some(known.value.clone());
        }
        let text = String::decode(node, spec, decoder)?;
        match Self::parse(&text) {
            Ok(language) => {
                if decoder.languages.len() < MOST_LANGUAGES {
                    let first = Spanned {
                        value: language.clone(),
                        span: node.span,
                    };
                    decoder.languages.push((text, first));
                }
                Some(language)
            }
            Err(help) => {
                let message = format!("\"{text}\" is not a language tag");
                decoder.report.push(
                    Diagnostic::error("bad-language", message)
                        .at(node.span)
                        .help(help),
                );
                None
            }
        }
    }
}

/// What may be given per language.
pub(crate) trait PerLanguage: Decode {
    /// In the documentation.
    const NAME: &'static str;
    const IS_TEXT: bool;

    /// Columns it takes on screen, if it is text.
    fn columns(&self) -> usize;
}

impl PerLanguage for String {
    const NAME: &'static str = "text per language";
    const IS_TEXT: bool = true;

    fn columns(&self) -> usize {
        self.width()
    }
}

impl PerLanguage for FilePath {
    const NAME: &'static str = "path per language";
    const IS_TEXT: bool = false;

    fn columns(&self) -> usize {
        0
    }
}

impl<T: PerLanguage> Decode for Localized<T> {
    fn type_name() -> String {
        T::NAME.to_owned()
    }

    fn decode(node: &Node<'_>, spec: &Spec, decoder: &mut Decoder<'_>) -> Option<Self> {
        let mut value = Self {
            plain: None,
            entries: Vec::new(),
            span: node.span,
        };
        let mut is_broken = false;
        let mut languages = 0;
        let in_parentheses = languages_in_parentheses(node);
        if let Some(entries) = in_parentheses.as_deref().or(map_entries(node)) {
            if in_parentheses.is_some() {
                let names: Vec<String> = entries
                    .iter()
                    .map(|(key, _)| format!("{}: \"...\"", shown(key)))
                    .collect();
                let problem = Diagnostic::error(
                    "parentheses-for-braces",
                    "languages stand in { }, not in ( )",
                )
                .at(node.span)
                .help(format!("write {{{}}}", names.join(", ")));
                decoder.report.push(problem);
            }
            if entries.is_empty() {
                decoder.wrong_type(node, "at least one language", "write {\"en\": \"...\"}");
                return None;
            }
            for (key, item_node) in entries {
                let language = Spanned::<Language>::decode(key, &Spec::of(""), decoder);
                let item = T::decode(item_node, spec, decoder);
                if let (Some(language), Some(item)) = (language, item) {
                    decoder.measure(item_node, &item, spec);
                    languages |= decoder.language_bit(&language.value);
                    value.add(language, item, decoder);
                } else {
                    is_broken = true;
                }
            }
        } else {
            let item = T::decode(node, spec, decoder)?;
            decoder.measure(node, &item, spec);
            value.plain = Some(item);
        }
        decoder.gathered.texts.push(LanguageUse {
            field: spec.name,
            languages,
            has_plain: value.plain.is_some(),
            is_broken,
            is_text: T::IS_TEXT,
            span: node.span,
        });
        Some(value)
    }
}

fn map_entries<'n>(node: &'n Node<'n>) -> Option<&'n [(Node<'n>, Node<'n>)]> {
    match &node.kind {
        Kind::Map(entries) => Some(entries),
        _ => None,
    }
}

/// `(en: "x", fr: "y")`, which is meant as `{"en": "x", "fr": "y"}`.
fn languages_in_parentheses<'n>(node: &Node<'n>) -> Option<Vec<(Node<'n>, Node<'n>)>> {
    let Kind::Record(record) = &node.kind else {
        return None;
    };
    let (None, Body::Fields(fields)) = (&record.name, &record.body) else {
        return None;
    };
    let are_languages = fields
        .iter()
        .all(|field| Language::parse(&field.name.text).is_ok());
    // Any three letters may be a language.
    let is_sure = fields.iter().any(|field| field.name.text.len() != 3);
    let entry = |field: &Field<'n>| {
        let key = Node {
            kind: Kind::Text(field.name.text.clone()),
            span: field.name.span,
        };
        (key, field.value.clone())
    };
    (are_languages && is_sure).then(|| fields.iter().map(entry).collect())
}

/// A language as it is written.
fn shown(key: &Node<'_>) -> String {
    match &key.kind {
        Kind::Text(text) => format!("\"{text}\""),
        _ => "\"en\"".to_owned(),
    }
}

impl Decoder<'_> {
    fn measure<T: PerLanguage>(&mut self, node: &Node<'_>, item: &T, spec: &Spec) {
        let Some(limit) = spec.limit else { return };
        let width = item.columns();
        if width > limit {
            self.gathered.too_wide.push(TooWide {
                field: spec.name,
                span: node.span,
                width,
                limit,
            });
        }
    }

    /// The bit of a language that has been read.
    fn language_bit(&self, language: &Language) -> u128 {
        let index = self
            .languages
            .iter()
            .position(|(_, known)| known.value == *language);
        index.map_or(0, |index| 1 << index)
    }
}

impl<T> Localized<T> {
    fn add(&mut self, language: Spanned<Language>, item: T, decoder: &mut Decoder<'_>) {
        if let Some((first, _)) = self.entries.iter().find(|(other, _)| *other == language) {
            let message = format!("the language \"{}\" is given twice", language.value);
            let diagnostic = Diagnostic::error("duplicate-language", message)
                .at(language.span)
                .help("keep one of them")
                .also(first.span, "first given here");
            decoder.report.push(diagnostic);
            return;
        }
        self.entries.push((language, item));
    }
}
