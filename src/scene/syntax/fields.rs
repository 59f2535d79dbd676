//! A field: its name, its colon, its value.

use super::parse::Parser;
use super::{Kind, Name, Node};

impl<'a> Parser<'a, '_> {
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

    /// Reads a `:`, or what is meant as one. Says so if it `must` be there.
    pub(super) fn colon(&mut self, must: bool) -> bool {
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

    pub(super) fn field_value(&mut self) -> Node<'a> {
        self.is_field = true;
        let mut value = self.value();
        if matches!(value.kind, Kind::Number(_)) {
            self.join_blanks(&mut value);
            self.join_coordinates(&mut value);
        } else {
            self.reject_loose_words(&mut value);
        }
        value
    }
}
