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
    /// The value of a field comes next: it stands alone.
    pub(super) is_field: bool,
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
            is_field: false,
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

    pub(super) fn node(&self, kind: Kind<'a>, start: usize) -> Node<'a> {
        Node {
            kind,
            span: self.span(start, self.at),
        }
    }

    /// Reads a value. Moves on at least one character, except at a `,`, a closing bracket or
    /// the end.
    pub(super) fn value(&mut self) -> Node<'a> {
        let is_only = std::mem::take(&mut self.is_field);
        self.skip_space();
        let start = self.at;
        *self.nodes += 1;
        if *self.nodes > MOST_NODES {
            return self.give_up(start);
        }
        if self.is_at_name() {
            return self.named(start);
        }
        if let Some(kind) = self.windows_path() {
            return self.node(kind, start);
        }
        if let Some(kind) = self.quoted() {
            return self.node(kind, start);
        }
        if self.is_at_number() {
            let kind = self.number(is_only);
            return self.node(kind, start);
        }
        let (mark, length) = self.mark();
        match mark {
            b'(' => self.parenthesised(None, start, length),
            b'[' => self.list(start, length),
            b'{' => self.map(start, length),
            b'#' if let Some(kind) = self.bare_color() => self.node(kind, start),
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
        let mut closes_late = false;
        let is_closed = self.sequence(b')', length, |parser| {
            let before = parser.at;
            match parser.field_name() {
                Some(field) => {
                    let is_after_numbers = name.is_none()
                        && !closes_late
                        && parser.fields.len() == first_field
                        && is_coordinates(&parser.values[first_value..]);
                    if is_after_numbers {
                        match parser.leaves_coordinates(before) {
                            true => return,
                            false => closes_late = true,
                        }
                    }
                    let value = parser.field_value();
                    parser.fields.push(Field { name: field, value });
                }
                None => {
                    let value = parser.value();
                    if !parser.ends_decimal(&value, first_field) {
                        parser.values.push(value);
                    }
                }
            }
        });
        let values = self.values.split_off(first_value);
        let fields = self.fields.split_off(first_field);
        if closes_late {
            return self.node(Kind::Broken, start);
        }
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
        let mut entries = Vec::new();
        self.sequence(b']', length, |parser| {
            if parser.leaves_list() {
                return;
            }
            let item = parser.value();
            match parser.value_in_list(start, &item, entries.is_empty()) {
                Some(value) => entries.push((item, value)),
                None => values.push(item),
            }
        });
        if !entries.is_empty() {
            return self.node(Kind::Map(entries), start);
        }
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

/// Whether these can be the beginning of coordinates.
fn is_coordinates(values: &[Node<'_>]) -> bool {
    values.len() >= 2
        && values
            .iter()
            .all(|value| matches!(value.kind, Kind::Number(_)))
}
