//! Records and choices: fields, variants and what is wrong with them.

use super::{Decode, Decoder, FieldSchema, RecordSchema, Spec};
use crate::diagnostic::{Diagnostic, Span};
use crate::scene::syntax::{Body, Field, Kind, Name, Node};
use crate::scene::words::{did_you_mean, one_of};

/// The fields of a record as they were written; the first of a name counts.
pub(super) enum Fields<'n> {
    None,
    Written(&'n [Field<'n>]),
    /// From a map with braces, as JSON has it.
    Paired(Vec<(&'n str, &'n Node<'n>)>),
}

impl<'n> Fields<'n> {
    fn find(&self, wanted: &str) -> Option<&'n Node<'n>> {
        match self {
            Self::None => None,
            Self::Written(fields) => fields
                .iter()
                .find(|field| field.name.text == wanted)
                .map(|field| &field.value),
            Self::Paired(pairs) => pairs
                .iter()
                .find(|(name, _)| *name == wanted)
                .map(|(_, value)| *value),
        }
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
        let Some(node) = self.fields.find(spec.name) else {
            if self.is_broken {
                decoder.mark_lost(&T::type_name());
            }
            if spec.name == "id" {
                decoder.mark_lost(self.name);
            }
            if is_required && !self.is_broken {
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
fn example(type_name: &str, spec: &Spec) -> String {
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
                        Some(opened(Fields::None, head, record.is_broken))
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
                let mut known = Vec::new();
                for (name, value) in &names {
                    match schema.fields.iter().find(|field| field.name == name.text) {
                        Some(field) => known.push((field.name, *value)),
                        None => self.unknown_field(name, schema.fields, schema.name),
                    }
                }
                Some(opened(Fields::Paired(known), head, false))
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
        for field in fields {
            let name = &field.name;
            let Some(index) = schema.iter().position(|known| known.name == name.text) else {
                self.unknown_field(name, schema, owner);
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
        Fields::Written(fields)
    }

    fn unknown_field(&mut self, name: &Name<'_>, schema: &'static [FieldSchema], owner: &str) {
        if self.report.is_full() {
            self.report.push(Diagnostic::error("unknown-field", ""));
            return;
        }
        let names: Vec<&str> = schema.iter().map(|field| field.name).collect();
        let message = format!("{} has no field `{}`", article(owner), name.text);
        let help = did_you_mean(&name.text, &names).unwrap_or_else(|| match names.as_slice() {
            [only] => format!("its only field is {only}"),
            names => format!("its fields are {}", one_of(names, "and")),
        });
        self.report.push(
            Diagnostic::error("unknown-field", message)
                .at(name.span)
                .help(help),
        );
    }
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
