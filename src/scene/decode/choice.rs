//! Choices: variants, what stands in their parentheses, and what is wrong with them.

use std::borrow::Cow;

use super::record::{Fields, Opened, example};
use super::{ChoiceSchema, Decode, Decoder, Spec, VariantSchema, VariantShape, decimal};
use crate::diagnostic::{Diagnostic, Span};
use crate::scene::syntax::{Body, Kind, Node, Record};
use crate::scene::words::{did_you_mean, nearest, one_of};

/// A choice whose variant is known.
pub(crate) struct OpenedChoice<'n> {
    name: &'static str,
    shape: &'static VariantShape,
    record: &'n Record<'n>,
    span: Span,
    head: Span,
}

/// The values of a variant, taken in order.
pub(crate) struct OpenedValues<'n> {
    nodes: Cow<'n, [Node<'n>]>,
    next: usize,
}

impl OpenedValues<'_> {
    pub(crate) fn value<T: Decode>(&mut self, decoder: &mut Decoder<'_>, spec: &Spec) -> Option<T> {
        self.next += 1;
        T::decode(self.nodes.get(self.next - 1)?, spec, decoder)
    }
}

impl<'n> OpenedChoice<'n> {
    pub(crate) fn variant(&self) -> &'static str {
        self.name
    }

    fn full_name(&self) -> String {
        format!("`{}`", self.name)
    }

    /// A variant with nothing behind its name.
    pub(crate) fn bare(&self, decoder: &mut Decoder<'_>) -> Option<()> {
        let is_empty = match &self.record.body {
            Body::Bare => true,
            Body::Values(values) => values.is_empty(),
            Body::Fields(_) => false,
        };
        if !is_empty {
            let message = format!("{} has nothing in parentheses", self.full_name());
            let help = format!("write {} alone", self.name);
            decoder.report.push(
                Diagnostic::error("wrong-type", message)
                    .at(self.span)
                    .help(help),
            );
        }
        Some(())
    }

    /// A variant with values behind its name.
    pub(crate) fn values(
        &self,
        decoder: &mut Decoder<'_>,
        types: &[fn() -> String],
    ) -> Option<OpenedValues<'n>> {
        let record = self.record;
        let unnamed = || {
            let record = Record {
                name: None,
                ..record.clone()
            };
            let node = Node {
                kind: Kind::Record(Box::new(record)),
                span: self.span,
            };
            Cow::Owned(vec![node])
        };
        let nodes = match &record.body {
            Body::Values(values) if values.len() == types.len() => Cow::Borrowed(values.as_slice()),
            // One value that is a tuple may drop its own parentheses, and so may a record.
            Body::Values(values)
                if types.len() == 1 && !values.is_empty() && types[0]().starts_with('(') =>
            {
                unnamed()
            }
            // `Panorama(path: "sky.jpg")`, where only records have names.
            Body::Fields(fields)
                if fields.len() == types.len()
                    && !types[0]().starts_with(|c: char| c.is_uppercase()) =>
            {
                let names: Vec<String> = fields
                    .iter()
                    .map(|own| format!("`{}:`", own.name.text))
                    .collect();
                let message = format!("what `{}` takes stands without a name", self.name);
                let help = format!("write {}(...) without {}", self.name, one_of(&names, "and"));
                decoder.report.push(
                    Diagnostic::error("wrong-type", message)
                        .at(fields[0].name.span)
                        .help(help),
                );
                Cow::Owned(fields.iter().map(|own| own.value.clone()).collect())
            }
            Body::Fields(_) if types.len() == 1 => unnamed(),
            Body::Values(values)
                if !record.is_broken
                    && let Some(meant) = decimal::meant(values, types.len()) =>
            {
                decoder.decimal_comma(self.span, &meant, self.name);
                return None;
            }
            _ => {
                if !record.is_broken {
                    let count = match types.len() {
                        1 => "one value".to_owned(),
                        count => format!("{count} values"),
                    };
                    let message = format!("`{}` takes {count} in parentheses", self.name);
                    let types: Vec<String> = types.iter().map(|name| name()).collect();
                    let help = format!("write `{}({})`", self.name, types.join(", "));
                    decoder.report.push(
                        Diagnostic::error("wrong-type", message)
                            .at(self.span)
                            .help(help),
                    );
                }
                return None;
            }
        };
        Some(OpenedValues { nodes, next: 0 })
    }

    /// A variant with fields behind its name.
    pub(crate) fn fields<'s>(&'s self, decoder: &mut Decoder<'_>) -> Option<Opened<'s>> {
        let VariantShape::Fields(schema) = self.shape else {
            return None;
        };
        let mut record: &'s Record<'s> = self.record;
        // `Point((x: 1))`, as strict RON would have it.
        if let Body::Values(values) = &record.body
            && let [
                Node {
                    kind: Kind::Record(inner),
                    ..
                },
            ] = values.as_slice()
            && inner.name.is_none()
        {
            record = inner;
        }
        let fields = match &record.body {
            Body::Bare => Fields::default(),
            Body::Fields(fields) => decoder.known_fields(fields, schema, self.name),
            Body::Values(values) if values.is_empty() => Fields::default(),
            Body::Values(values) => {
                if record.is_broken {
                    return None;
                }
                let message = format!("the values of {} need names", self.full_name());
                let first = schema.first().map_or("name", |field| field.name);
                let help = format!("write {}({first}: ...)", self.name);
                decoder.report.push(
                    Diagnostic::error("missing-field-name", message)
                        .at(values[0].span)
                        .help(help),
                );
                return None;
            }
        };
        Some(Opened {
            fields,
            head: self.head,
            is_broken: record.is_broken,
            name: self.name,
        })
    }
}

impl Decoder<'_> {
    /// Opens a choice: finds its variant.
    pub(crate) fn open_choice<'n>(
        &mut self,
        node: &'n Node<'n>,
        schema: &'static ChoiceSchema,
    ) -> Option<OpenedChoice<'n>> {
        let names =
            || -> Vec<&str> { schema.variants.iter().map(|variant| variant.name).collect() };
        let record = match &node.kind {
            Kind::Record(record) => record,
            Kind::Text(text) => {
                let help = match nearest(text, names().into_iter()) {
                    Some(name) => format!("write {name} without quotation marks"),
                    None => format!("write {}", forms(schema, text)),
                };
                self.wrong_type(node, &one_of(&names(), "or"), &help);
                return None;
            }
            _ => {
                let help = format!("write {}", forms(schema, "..."));
                self.wrong_type(node, &one_of(&names(), "or"), &help);
                return None;
            }
        };
        let Some(name) = &record.name else {
            if !record.is_broken {
                self.wrong_type(
                    node,
                    &one_of(&names(), "or"),
                    "write one of these names before the parentheses",
                );
            }
            return None;
        };
        let Some(variant) = schema
            .variants
            .iter()
            .find(|variant| variant.name == name.text)
        else {
            let message = format!("`{}` is not {}", name.text, choice_words(schema.name));
            let help = match super::unwrapped(node) {
                Some(help) => help.to_owned(),
                None => did_you_mean(&name.text, &names()).unwrap_or_else(|| {
                    format!("write {}{}", one_of(&names(), "or"), also(schema.name))
                }),
            };
            self.report.push(
                Diagnostic::error("unknown-choice", message)
                    .at(name.span)
                    .help(help),
            );
            return None;
        };
        Some(OpenedChoice {
            name: variant.name,
            shape: &variant.shape,
            record,
            span: node.span,
            head: name.span,
        })
    }
}

/// How the variants of a choice are written; `text` is what an id or a text would be.
fn forms(schema: &ChoiceSchema, text: &str) -> String {
    let form = |variant: &VariantSchema| match &variant.shape {
        VariantShape::Bare => variant.name.to_owned(),
        VariantShape::Fields(fields) => {
            let first = fields.first().map_or("...", |field| field.name);
            format!("{}({first}: ...)", variant.name)
        }
        VariantShape::Values(types) => {
            let examples: Vec<String> = types
                .iter()
                .map(|(name, spec)| {
                    let name = name();
                    let kind = name.strip_suffix("'s id");
                    match kind.or((name == "text").then_some("...")) {
                        Some(_) if types.len() == 1 => format!("\"{text}\""),
                        Some(kind) => format!("\"{kind}\""),
                        None => example(&name, spec),
                    }
                })
                .collect();
            format!("{}({})", variant.name, examples.join(", "))
        }
    };
    let mut forms: Vec<String> = schema.variants.iter().take(6).map(form).collect();
    if schema.variants.len() > forms.len() {
        forms.truncate(3);
        forms.push("another of these".to_owned());
    }
    one_of(&forms, "or")
}

/// What may stand in the place of a named choice without a name.
fn also(choice: &str) -> &'static str {
    match choice {
        "NamedColor" => "; or a color in quotes, such as \"#ffcc88\"",
        "NamedPlace" | "NamedTarget" => "; or coordinates: (position: (0.0, 1.6, 2.0), yaw: 90)",
        _ => "",
    }
}

/// `a trigger`, `a move mode`: a choice in words.
fn choice_words(name: &str) -> String {
    let name = name.strip_prefix("Named").unwrap_or(name);
    let mut words = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(c.to_lowercase());
    }
    let is_vowel = words.starts_with(['a', 'e', 'i', 'o']) || words == "up";
    match words.as_str() {
        "up" => "an axis".to_owned(),
        "go on" => "a reason to go on".to_owned(),
        "sound at" => "a place of a sound".to_owned(),
        "target" => "something to look at".to_owned(),
        _ => format!("{} {words}", if is_vowel { "an" } else { "a" }),
    }
}
