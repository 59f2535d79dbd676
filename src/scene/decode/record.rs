//! Records and choices: fields, variants and what is wrong with them.

use super::{Decode, Decoder, FieldSchema, RecordSchema, Spec};
use crate::diagnostic::{Diagnostic, Span};
use crate::scene::syntax::{Body, Field, Kind, Name, Node};
use crate::scene::words::{known_elsewhere, likeness, nearest, one_of};

/// The fields of a record as they were written; the first of a name counts.
#[derive(Default)]
pub(super) struct Fields<'n> {
    written: &'n [Field<'n>],
    /// From a map with braces, as JSON has it.
    paired: Vec<(&'n str, &'n Node<'n>)>,
    /// Fields that are not there, but something with a name like theirs is.
    misspelt: Vec<Misspelt<'n>>,
}

/// What was probably meant by a name that no field has.
struct Misspelt<'n> {
    meant: &'static str,
    /// What was written, where the names are so alike that it can be taken for the field's.
    value: Option<&'n Node<'n>>,
}

/// From this likeness on (0 to 1), a misspelt field's value is read as the meant one's, so that
/// what is wrong in it is told too and references into it lead somewhere. `titel` for `title`
/// is 0.8, `metres` for `meshes` 0.67.
const AS_GOOD_AS_MEANT: f64 = 0.75;

impl<'n> Fields<'n> {
    fn find(&self, wanted: &str) -> Option<&'n Node<'n>> {
        self.written
            .iter()
            .find(|field| field.name.text == wanted)
            .map(|field| &field.value)
            .or_else(|| {
                let mut paired = self.paired.iter();
                paired.find(|(name, _)| *name == wanted).map(|own| own.1)
            })
    }

    fn misspelt(&self, wanted: &str) -> Option<&Misspelt<'n>> {
        self.misspelt.iter().find(|own| own.meant == wanted)
    }
}

/// A record whose fields can be taken one by one.
pub(crate) struct Opened<'n> {
    pub(super) fields: Fields<'n>,
    /// Where a missing field is reported.
    pub(super) head: Span,
    pub(super) is_broken: bool,
    pub(super) name: &'static str,
}

impl Opened<'_> {
    /// Takes a field, or its default.
    pub(crate) fn field<T: Decode>(
        &mut self,
        decoder: &mut Decoder<'_>,
        spec: &Spec,
        is_required: bool,
        default: impl FnOnce() -> T,
    ) -> T {
        let found = self.fields.find(spec.name);
        // Its name has been told to be wrong; that it is missing would be told once too often.
        let misspelt = match found {
            Some(_) => None,
            None => self.fields.misspelt(spec.name),
        };
        let found = found.or_else(|| misspelt.and_then(|own| own.value));
        let Some(node) = found else {
            if self.is_broken || misspelt.is_some() {
                decoder.mark_lost(&T::type_name());
            }
            if spec.name == "id" {
                decoder.mark_lost(self.name);
            }
            if is_required && !self.is_broken && misspelt.is_none() {
                let message = format!("{} needs the field `{}`", article(self.name), spec.name);
                let help = format!("add `{}: {}`", spec.name, example(&T::type_name(), spec));
                decoder.report.push(
                    Diagnostic::error("missing-field", message)
                        .at(self.head)
                        .help(help),
                );
            }
            return default();
        };
        match T::decode(node, spec, decoder) {
            Some(value) => value,
            None => {
                if spec.name == "id" {
                    decoder.mark_lost(self.name);
                }
                default()
            }
        }
    }
}

/// What an author could write for a required field.
pub(super) fn example(type_name: &str, spec: &Spec) -> String {
    match type_name {
        "text" | "text per language" => "\"...\"".to_owned(),
        "whole number" if spec.name == "format" => "1".to_owned(),
        "path" | "path per language" => format!("\"folder/file.{}\"", spec.file.words().1[0]),
        name if name.ends_with("'s id") => "\"name\"".to_owned(),
        name if name.starts_with('[') => "[...]".to_owned(),
        name if name.starts_with("(x, y, z)") => "(0, 0, 0)".to_owned(),
        "number" => "1.0".to_owned(),
        _ => "(...)".to_owned(),
    }
}

/// `an Exhibit`, `a Light`.
fn article(name: &str) -> String {
    let name = if name == "StartPerMode" {
        "Start"
    } else {
        name
    };
    let is_vowel = name.starts_with(['A', 'E', 'I', 'O', 'U']);
    format!("{} `{name}`", if is_vowel { "an" } else { "a" })
}

impl Decoder<'_> {
    /// Opens a record: checks its name and the names of its fields.
    pub(crate) fn open_record<'n>(
        &mut self,
        node: &'n Node<'n>,
        schema: &'static RecordSchema,
    ) -> Option<Opened<'n>> {
        let head = Span {
            end: node.span.end.min(node.span.start + 1),
            ..node.span
        };
        let opened = |fields, head, is_broken| Opened {
            fields,
            head,
            is_broken,
            name: schema.name,
        };
        match &node.kind {
            Kind::Record(record) => {
                let mut head = head;
                if let Some(name) = &record.name {
                    head = name.span;
                    self.check_record_name(name, schema);
                }
                match &record.body {
                    Body::Fields(fields) => {
                        let fields = self.known_fields(fields, schema.fields, schema.name);
                        Some(opened(fields, head, record.is_broken))
                    }
                    Body::Values(values) if values.is_empty() => {
                        Some(opened(Fields::default(), head, record.is_broken))
                    }
                    _ if record.is_broken => None,
                    _ => {
                        let expected = format!("{} with named fields", article(schema.name));
                        self.wrong_type(node, &expected, &self_help(schema));
                        None
                    }
                }
            }
            Kind::Map(entries) => {
                let message = "records stand in ( ), not in { }";
                let help = self_help(schema);
                self.report.push(
                    Diagnostic::error("braces-for-parentheses", message)
                        .at(head)
                        .help(help),
                );
                let names: Vec<(Name<'n>, &Node<'n>)> = entries
                    .iter()
                    .filter_map(|(key, value)| Some((key_name(key)?, value)))
                    .collect();
                let mut fields = Fields::default();
                for (name, value) in &names {
                    match schema.fields.iter().find(|field| field.name == name.text) {
                        Some(field) => fields.paired.push((field.name, *value)),
                        None => {
                            let meant = self.unknown_field(name, value, schema.fields, schema.name);
                            fields.misspelt.extend(meant);
                        }
                    }
                }
                Some(opened(fields, head, false))
            }
            _ => {
                self.wrong_type(
                    node,
                    &format!("{} in parentheses", article(schema.name)),
                    &self_help(schema),
                );
                None
            }
        }
    }

    fn check_record_name(&mut self, name: &Name<'_>, schema: &'static RecordSchema) {
        if name.text != schema.name {
            let message = format!("expected {}, found `{}`", article(schema.name), name.text);
            let help = format!("write (...) or {}(...)", schema.name);
            self.report.push(
                Diagnostic::error("wrong-name", message)
                    .at(name.span)
                    .help(help),
            );
        }
    }

    /// Reports fields that the schema does not know or that are given twice.
    pub(super) fn known_fields<'n>(
        &mut self,
        fields: &'n [Field<'n>],
        schema: &'static [FieldSchema],
        owner: &str,
    ) -> Fields<'n> {
        // A bit for each field of the schema; none has more than 64.
        let mut seen = 0_u64;
        let mut misspelt = Vec::new();
        for field in fields {
            let name = &field.name;
            let Some(index) = schema.iter().position(|known| known.name == name.text) else {
                misspelt.extend(self.unknown_field(name, &field.value, schema, owner));
                continue;
            };
            let bit = 1_u64
                .checked_shl(u32::try_from(index).unwrap_or(u32::MAX))
                .unwrap_or(0);
            if seen & bit != 0 {
                let first = fields.iter().find(|other| other.name.text == name.text);
                let diagnostic = Diagnostic::error(
                    "duplicate-field",
                    format!("the field `{}` is given twice", name.text),
                )
                .at(name.span)
                .help("keep one of them")
                .also(
                    first.map_or(name.span, |first| first.name.span),
                    "first given here",
                );
                self.report.push(diagnostic);
            }
            seen |= bit;
        }
        Fields {
            written: fields,
            misspelt,
            ..Fields::default()
        }
    }

    /// Says that there is no such field, and returns what was probably meant.
    fn unknown_field<'n>(
        &mut self,
        name: &Name<'_>,
        value: &'n Node<'n>,
        schema: &'static [FieldSchema],
        owner: &str,
    ) -> Option<Misspelt<'n>> {
        if self.report.is_full() {
            self.report.push(Diagnostic::error("unknown-field", ""));
            return None;
        }
        let names: Vec<&'static str> = schema.iter().map(|field| field.name).collect();
        let message = format!("{} has no field `{}`", article(owner), name.text);
        let elsewhere = known_elsewhere(&name.text, names.iter().copied());
        let meant = elsewhere.or_else(|| nearest(&name.text, names.iter().copied()));
        let help = match (meant, names.as_slice()) {
            (Some(meant), _) => format!("did you mean `{meant}`?"),
            (None, _) if let Some((field, part)) = inside(&name.text, schema) => {
                format!("did you mean `{field}: ({part}: ...)`?")
            }
            (None, [only]) => format!("its only field is {only}"),
            (None, names) => format!("its fields are {}", one_of(names, "and")),
        };
        self.report.push(
            Diagnostic::error("unknown-field", message)
                .at(name.span)
                .help(help),
        );
        meant.map(|meant| Misspelt {
            meant,
            value: (likeness(&name.text, meant) >= AS_GOOD_AS_MEANT).then_some(value),
        })
    }
}

/// The field in which another of a name stands, and that one: `at` and `yaw` for `rotation`.
fn inside(wrong: &str, schema: &'static [FieldSchema]) -> Option<(&'static str, &'static str)> {
    schema.iter().find_map(|field| {
        let parts = (field.parts)().iter().map(|part| part.name);
        let near = || {
            nearest(wrong, parts.clone()).filter(|part| likeness(wrong, part) >= AS_GOOD_AS_MEANT)
        };
        let part = known_elsewhere(wrong, parts.clone()).or_else(near)?;
        Some((field.name, part))
    })
}

fn self_help(schema: &RecordSchema) -> String {
    let first = schema.fields.first().map_or("name", |field| field.name);
    format!("write ({first}: ..., ...)")
}

fn key_name<'n>(key: &Node<'n>) -> Option<Name<'n>> {
    match &key.kind {
        Kind::Text(text) => Some(Name {
            text: text.clone(),
            span: key.span,
        }),
        Kind::Record(record) => record.name.clone(),
        _ => None,
    }
}

/// What a value is, for "found ...".
pub(crate) fn describe(node: &Node<'_>) -> String {
    match &node.kind {
        Kind::Broken => "something unreadable".to_owned(),
        Kind::Flag(flag) => flag.to_string(),
        Kind::Number(number) => match number.whole {
            Some(whole) => format!("the number {whole}"),
            None => format!("the number {}", super::basic::plain(number.value)),
        },
        Kind::Letter(_) => "a single letter".to_owned(),
        Kind::Text(text) if text.chars().count() <= 30 => format!("the text \"{text}\""),
        Kind::Text(_) => "a text".to_owned(),
        Kind::Bytes(_) => "bytes".to_owned(),
        Kind::List(_) => "a list [...]".to_owned(),
        Kind::Map(_) => "a map {...}".to_owned(),
        Kind::Record(record) => match (&record.name, &record.body) {
            (Some(name), _) => format!("`{}`", name.text),
            (None, Body::Values(values)) if values.is_empty() => "()".to_owned(),
            (None, Body::Values(values)) if values.len() == 1 => {
                "a value in parentheses".to_owned()
            }
            (None, Body::Values(values)) => format!("{} values in parentheses", values.len()),
            (None, _) => "a record (...)".to_owned(),
        },
    }
}
