//! Brackets, fields and what to do when they are wrong.

use super::{Body, DEEPEST, Field, Kind, MOST_NODES, Name, Node, Number, Record};
use crate::diagnostic::Report;

/// An open bracket: what closes it, and where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Open {
    pub(super) closing: u8,
    pub(super) at: usize,
}

pub(super) struct Parser<'a, 'r> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    pub(super) file: u32,
    pub(super) report: &'r mut Report,
    /// Full-width punctuation and comments of other languages before this byte have been
    /// reported.
    pub(super) full_width_until: usize,
    pub(super) open: Vec<Open>,
    /// Values and fields of the brackets that are open: each takes its own, in a block of
    /// exactly their size, when it closes.
    values: Vec<Node<'a>>,
    pub(super) fields: Vec<Field<'a>>,
    nodes: &'r mut usize,
    /// End of the file was reached inside a bracket, and that has been said.
    pub(super) end_was_reported: bool,
    /// A value could not be read and reading stopped here.
    pub(super) broken_at: usize,
    /// A bracket turned out to be unclosed, and reading goes on from here.
    pub(super) unclosed_at: usize,
    /// The innermost bracket turned out to be unclosed.
    pub(super) is_leaving: bool,
}

impl<'a, 'r> Parser<'a, 'r> {
    pub(super) fn new(
        text: &'a str,
        file: u32,
        report: &'r mut Report,
        nodes: &'r mut usize,
    ) -> Self {
        Self {
            text,
            at: 0,
            file,
            report,
            full_width_until: 0,
            open: Vec::new(),
            // Splitting off at 0 would hand over the stack itself, with all its room.
            values: Vec::with_capacity(16),
            fields: Vec::with_capacity(16),
            nodes,
            end_was_reported: false,
            broken_at: usize::MAX,
            unclosed_at: usize::MAX,
            is_leaving: false,
        }
    }

    pub(super) fn document(mut self) -> Node<'a> {
        self.skip_space();
        self.attributes();
        if self.is_at_end() {
            let span = self.span(0, 0);
            self.error(
                "empty-file",
                "there is nothing in this file",
                span,
                "write (...) with the fields of what it describes",
            );
            return Node {
                kind: Kind::Broken,
                span,
            };
        }
        let mut root = self.value();
        self.skip_space();
        let is_bare =
            matches!(&root.kind, Kind::Record(record) if matches!(record.body, Body::Bare));
        if !self.is_at_end() && (is_bare || root.kind == Kind::Broken) {
            // YAML, TOML, XML, or a title before the parenthesis.
            if is_bare {
                let span = root.span;
                self.error(
                    "not-in-parentheses",
                    "a scene file is one (...) from its first character to its last",
                    span,
                    "write ( before and ) behind all of it, and nothing outside but comments",
                );
            }
            root.kind = Kind::Broken;
            return root;
        }
        if let (false, Kind::Record(record)) = (self.is_at_end(), &mut root.kind) {
            record.is_broken = true;
        }
        if !self.is_at_end() && !self.end_was_reported && self.unclosed_at == usize::MAX {
            let end = self.at + self.rest().find('\n').unwrap_or(self.rest().len());
            let span = self.span(self.at, end);
            let help = "the bracket that opens the file closes before this line: is there one `)` too many above?";
            self.error(
                "text-after-end",
                "the file goes on after its end",
                span,
                help,
            );
        }
        root
    }

    /// `#![enable(implicit_some)]` and such.
    fn attributes(&mut self) {
        while self.mark().0 == b'#' {
            let start = self.at;
            let rest = self.rest();
            let line = &rest[..rest.find(']').map_or(rest.len(), |end| end + 1)];
            self.at += line.len();
            let inner: String = line.chars().filter(|c| !c.is_whitespace()).collect();
            let inner = inner
                .strip_prefix("#![")
                .and_then(|inner| inner.strip_suffix(']'));
            if !inner.is_some_and(is_known_attribute) {
                let span = self.span(start, self.at);
                self.error(
                    "unknown-attribute",
                    "this attribute is not known",
                    span,
                    "scene files need no attribute: remove the line",
                );
            }
            self.skip_space();
        }
    }

    fn node(&self, kind: Kind<'a>, start: usize) -> Node<'a> {
        Node {
            kind,
            span: self.span(start, self.at),
        }
    }

    /// Reads a value. Moves on at least one character, except at a `,`, a closing bracket or
    /// the end.
    pub(super) fn value(&mut self) -> Node<'a> {
        self.skip_space();
        let start = self.at;
        *self.nodes += 1;
        if *self.nodes > MOST_NODES {
            return self.give_up(start);
        }
        if self.is_at_name() {
            return self.named(start);
        }
        if let Some(kind) = self.quoted() {
            return self.node(kind, start);
        }
        if self.is_at_number() {
            let kind = self.number();
            return self.node(kind, start);
        }
        let (mark, length) = self.mark();
        match mark {
            b'(' => self.parenthesised(None, start, length),
            b'[' => self.list(start, length),
            b'{' => self.map(start, length),
            b'#' if self.bare_color_length().is_some() => {
                let length = self.bare_color_length().unwrap_or_default();
                let color = &self.text[start..start + length];
                self.at += length;
                let span = self.span(start, self.at);
                let help = format!("write \"{color}\"");
                self.error(
                    "unquoted-text",
                    "colors stand in quotation marks",
                    span,
                    &help,
                );
                self.node(Kind::Text(color.into()), start)
            }
            _ if let Some(kind) = self.odd_number() => self.node(kind, start),
            _ => {
                let is_separator = matches!(mark, b',' | b')' | b']' | b'}') || self.is_at_end();
                if !is_separator {
                    self.skip_char();
                }
                self.broken_at = self.at;
                let span = self.span(start, self.at.max(start));
                self.error(
                    "missing-value",
                    "expected a value here",
                    span,
                    "write a number, a \"text\", a (record) or a [list]",
                );
                Node {
                    kind: Kind::Broken,
                    span,
                }
            }
        }
    }

    /// How long the color without quotation marks is that begins here, `#ffcc88`.
    fn bare_color_length(&self) -> Option<usize> {
        let digits = self.rest().strip_prefix('#')?;
        let length = digits.bytes().take_while(u8::is_ascii_hexdigit).count();
        matches!(length, 3 | 4 | 6 | 8).then_some(length + 1)
    }

    fn give_up(&mut self, start: usize) -> Node<'a> {
        if *self.nodes == MOST_NODES + 1 {
            let span = self.span(start, start);
            let message = format!("the exhibit's scene files hold more than {MOST_NODES} values");
            self.error("too-large", &message, span, "make several exhibits of it");
        }
        self.end_was_reported = true;
        self.at = self.text.len();
        self.node(Kind::Broken, start)
    }

    /// A value that begins with a name: a flag, a number or a record.
    fn named(&mut self, start: usize) -> Node<'a> {
        let name = self.name();
        let kind = match name.text.as_ref() {
            "true" => Kind::Flag(true),
            "false" => Kind::Flag(false),
            "inf" | "inff32" | "inff64" => Kind::Number(Number {
                value: f64::INFINITY,
                whole: None,
            }),
            "NaN" | "NaNf32" | "NaNf64" => Kind::Number(Number {
                value: f64::NAN,
                whole: None,
            }),
            _ => {
                let end = self.at;
                self.skip_space();
                let (mark, length) = self.mark();
                if mark == b'(' {
                    return self.parenthesised(Some(name), start, length);
                }
                self.at = end;
                Kind::Record(Box::new(Record {
                    name: Some(name),
                    body: Body::Bare,
                    is_broken: false,
                }))
            }
        };
        self.node(kind, start)
    }

    fn parenthesised(&mut self, name: Option<Name<'a>>, start: usize, length: usize) -> Node<'a> {
        let (first_value, first_field) = (self.values.len(), self.fields.len());
        let is_closed = self.sequence(b')', length, |parser| match parser.field_name() {
            Some(name) => {
                let value = parser.field_value();
                parser.fields.push(Field { name, value });
            }
            None => {
                let value = parser.value();
                if !parser.ends_decimal(&value, first_field) {
                    parser.values.push(value);
                }
            }
        });
        let values = self.values.split_off(first_value);
        let fields = self.fields.split_off(first_field);
        let mut is_broken = !is_closed;
        if let (Some(value), false) = (values.first(), fields.is_empty()) {
            // After an unclosed bracket, what follows it looks like this: said once is enough.
            if is_closed && value.kind != Kind::Broken {
                let span = value.span;
                self.error(
                    "missing-field-name",
                    "this value has no field name",
                    span,
                    "write `name: value`",
                );
            }
            is_broken = true;
        }
        is_broken |= values.iter().any(|value| value.kind == Kind::Broken);
        let body = if fields.is_empty() {
            Body::Values(values)
        } else {
            Body::Fields(fields)
        };
        self.node(
            Kind::Record(Box::new(Record {
                name,
                body,
                is_broken,
            })),
            start,
        )
    }

    fn list(&mut self, start: usize, length: usize) -> Node<'a> {
        let mut values = Vec::new();
        self.sequence(b']', length, |parser| {
            if !parser.leaves_list() {
                values.push(parser.value());
            }
        });
        self.node(Kind::List(values), start)
    }

    fn map(&mut self, start: usize, length: usize) -> Node<'a> {
        let mut entries = Vec::new();
        self.sequence(b'}', length, |parser| {
            let key = parser.value();
            if parser.colon(true) {
                let value = parser.field_value();
                entries.push((key, value));
            } else {
                let end = parser.span(parser.at, parser.at);
                entries.push((
                    key,
                    Node {
                        kind: Kind::Broken,
                        span: end,
                    },
                ));
            }
        });
        self.node(Kind::Map(entries), start)
    }

    /// The name of a field, with its colon, if one stands here.
    pub(super) fn field_name(&mut self) -> Option<Name<'a>> {
        self.skip_space();
        let start = self.at;
        let name = if self.is_at_name() {
            self.name()
        } else if matches!(self.byte(0), b'"' | 0xE2) {
            return self.quoted_field_name(start);
        } else {
            return None;
        };
        if self.colon(false) {
            return Some(name);
        }
        if let Some(name) = self.broken_field_name(&name) {
            return Some(name);
        }
        self.at = start;
        None
    }

    /// `default language: ...`, `default-language: ...` and `title "Cave"`: what is meant as a
    /// field's name with its colon; the first word has been read.
    fn broken_field_name(&mut self, first: &Name<'a>) -> Option<Name<'a>> {
        let start = first.span.start as usize;
        let rest = self.rest();
        if rest.trim_start_matches([' ', '\t']).starts_with('"') && !rest.starts_with('"') {
            let help = format!("write {}: ...", first.text);
            let span = self.span(self.at, self.at);
            self.error(
                "missing-colon",
                "a field's name is followed by `:`",
                span,
                &help,
            );
            return Some(first.clone());
        }
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ' ');
        let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let words = rest[..length].trim_end();
        let is_words = words.starts_with([' ', '-'])
            && words.ends_with(|c: char| c.is_ascii_alphabetic())
            && !words.contains("  ");
        if !is_words || words.len() > 40 || !rest[length..].starts_with(':') {
            return None;
        }
        self.at += length;
        let span = self.span(start, start + first.text.len() + words.len());
        let joined = format!("{}{}", first.text, words.replace([' ', '-'], "_"));
        let message = "the words of a field's name are joined by `_`";
        self.error(
            "bad-field-name",
            message,
            span,
            &format!("write {joined}: ..."),
        );
        self.colon(true);
        let text = joined.into();
        Some(Name { text, span })
    }

    /// `"title": ...` as in JSON. Only looks a short way ahead, so that texts are not read twice.
    fn quoted_field_name(&mut self, start: usize) -> Option<Name<'a>> {
        if self.byte(0) != b'"' {
            return None;
        }
        let length = self.rest()[1..]
            .bytes()
            .take(64)
            .position(|byte| !(byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'))?;
        let text = &self.rest()[1..=length];
        if self.byte(1 + length) != b'"' {
            return None;
        }
        self.at += length + 2;
        let span = self.span(start, self.at);
        if !self.colon(false) {
            self.at = start;
            return None;
        }
        let message = "field names stand without quotation marks";
        self.error(
            "quoted-field-name",
            message,
            span,
            &format!("write {text}: ..."),
        );
        Some(Name {
            text: text.into(),
            span,
        })
    }

    /// Reads a `:`, or what is meant as one. Says so if it `must` be there.
    fn colon(&mut self, must: bool) -> bool {
        let before = self.at;
        self.skip_space();
        let at = self.at;
        match self.mark() {
            (b':', length) => {
                self.at += length;
                true
            }
            (b'=', length) => {
                // `=>` as in other languages.
                self.at += length + usize::from(self.byte(length) == b'>');
                let span = self.span(at, self.at);
                self.error(
                    "equals-for-colon",
                    "a field's name is followed by `:`",
                    span,
                    "write `:` instead of `=`",
                );
                true
            }
            _ if must => {
                let span = self.span(before, before);
                self.error(
                    "missing-colon",
                    "expected `:` and a value",
                    span,
                    "entries of {...} are written key: value; lists stand in [...]",
                );
                let (mark, _) = self.mark();
                self.begins_value(mark)
            }
            _ => {
                self.at = before;
                false
            }
        }
    }

    fn field_value(&mut self) -> Node<'a> {
        let mut value = self.value();
        self.reject_loose_words(&mut value);
        value
    }

    /// Reads the items between brackets; the opening one is here. False if it was not closed.
    fn sequence(&mut self, closing: u8, length: usize, mut item: impl FnMut(&mut Self)) -> bool {
        let open = Open {
            closing,
            at: self.at,
        };
        if self.open.len() >= DEEPEST {
            self.too_deep();
            return false;
        }
        self.at += length;
        self.open.push(open);
        let is_closed = loop {
            self.skip_space();
            if self.is_at_end() {
                self.unclosed(open);
                break false;
            }
            let (mark, length) = self.mark();
            match mark {
                _ if mark == closing => {
                    self.at += length;
                    break true;
                }
                b')' | b']' | b'}' => {
                    let is_awaited = self.open.iter().any(|outer| outer.closing == mark);
                    if is_awaited && !self.goes_on_after(length) {
                        self.unclosed(open);
                        break false;
                    }
                    self.wrong_bracket(open, mark, length);
                    break true;
                }
                b',' => {
                    let span = self.span(self.at, self.at + length);
                    self.error(
                        "extra-comma",
                        "there is nothing before this comma",
                        span,
                        "remove it",
                    );
                    self.at += length;
                    continue;
                }
                _ => {}
            }
            let before = self.at;
            item(self);
            if std::mem::take(&mut self.is_leaving) {
                self.unclosed(open);
                break false;
            }
            self.after_item(before);
        };
        self.open.pop();
        is_closed
    }
}

fn is_known_attribute(inner: &str) -> bool {
    if inner.starts_with("type=\"") || inner.starts_with("schema=\"") {
        return inner.ends_with('"');
    }
    let names = inner
        .strip_prefix("enable(")
        .and_then(|names| names.strip_suffix(')'));
    names.is_some_and(|names| {
        names
            .strip_suffix(',')
            .unwrap_or(names)
            .split(',')
            .all(|name| {
                matches!(
                    name,
                    "implicit_some"
                        | "unwrap_newtypes"
                        | "unwrap_variant_newtypes"
                        | "explicit_struct_names"
                )
            })
    })
}
