//! What to do when brackets, commas and words are wrong: say it once, go on.

use super::DEEPEST;
use super::parse::{Open, Parser};
use crate::diagnostic::Diagnostic;

impl<'a> Parser<'a, '_> {
    /// `[1, 2, b: 3`: a field inside a list means that the list should have ended before.
    pub(super) fn leaves_list(&mut self) -> bool {
        let start = self.at;
        let outer = self
            .open
            .len()
            .checked_sub(2)
            .and_then(|outer| self.open.get(outer));
        let is_in_record = outer.is_some_and(|outer| outer.closing == b')');
        if !is_in_record || !self.is_at_name() || self.field_name().is_none() {
            return false;
        }
        self.at = start;
        self.is_leaving = true;
        true
    }

    /// Reads the comma after an item, or finds out what went wrong.
    pub(super) fn after_item(&mut self, before: usize) {
        let end = self.at;
        let is_after_broken = self.broken_at == end;
        self.skip_space();
        let (mark, length) = self.mark();
        match mark {
            b',' => self.at += length,
            b')' | b']' | b'}' => {}
            _ if self.is_at_end() => {}
            b';' => {
                let span = self.span(self.at, self.at + length);
                self.error(
                    "missing-comma",
                    "values are divided by commas",
                    span,
                    "write `,` instead of `;`",
                );
                self.at += length;
            }
            _ if self.unclosed_at == end => {}
            _ if self.begins_value(mark) && self.at > before && !is_after_broken => {
                let span = self.span(end, end);
                self.error(
                    "missing-comma",
                    "a comma is missing here",
                    span,
                    "put `,` between this value and the next",
                );
            }
            _ => {
                let start = self.at;
                self.skip_to_separator();
                let first = self.text[start..].chars().next().map_or(0, char::len_utf8);
                let span = self.span(start, start + first);
                if !is_after_broken {
                    self.error(
                        "unexpected-character",
                        "this does not belong here",
                        span,
                        "expected `,` or a closing bracket",
                    );
                }
                if self.at == before {
                    self.skip_char();
                }
                if self.byte(0) == b',' {
                    self.at += 1;
                }
            }
        }
    }

    pub(super) fn begins_value(&self, mark: u8) -> bool {
        matches!(mark, b'(' | b'[' | b'{' | b'"' | b'\'')
            || self.is_at_name()
            || self.is_at_number()
    }

    /// Moves to the next `,` or closing bracket at this level, over brackets and texts.
    pub(super) fn skip_to_separator(&mut self) {
        let mut depth = 0_usize;
        while !self.is_at_end() {
            match self.byte(0) {
                b',' | b')' | b']' | b'}' if depth == 0 => return,
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' => depth -= 1,
                b'"' => {
                    let rest = &self.rest()[1..];
                    let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
                    self.at += line.find('"').map_or(0, |end| end + 1);
                }
                _ => {}
            }
            self.skip_char();
        }
    }

    /// `(a: [1, 2), b: 3)`: whether the record around this bracket goes on behind it, so that
    /// it is a wrong bracket rather than the record's end.
    pub(super) fn goes_on_after(&mut self, length: usize) -> bool {
        let mut outer = self.open.iter().rev().skip(1).map(|open| open.closing);
        if outer.next() != Some(b')') || outer.next() == Some(b')') {
            return false;
        }
        let rest = &self.rest()[length..];
        let Some(rest) = rest.trim_start().strip_prefix(',') else {
            return false;
        };
        let rest = rest.trim_start();
        let after_name = rest.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_');
        after_name.len() < rest.len() && after_name.trim_start().starts_with(':')
    }

    pub(super) fn too_deep(&mut self) {
        let span = self.span(self.at, self.at + 1);
        let message = format!("brackets are nested more than {DEEPEST} deep");
        self.error(
            "too-deep",
            &message,
            span,
            "no scene needs this: is a bracket unclosed?",
        );
        self.skip_char();
        self.skip_to_separator_after_close();
    }

    /// Skips to behind the bracket that closes the one just entered.
    pub(super) fn skip_to_separator_after_close(&mut self) {
        loop {
            self.skip_to_separator();
            let byte = self.byte(0);
            if byte == 0 && self.is_at_end() {
                self.end_was_reported = true;
                return;
            }
            self.at += 1;
            if byte != b',' {
                return;
            }
        }
    }

    pub(super) fn unclosed(&mut self, open: Open) {
        self.unclosed_at = self.at;
        // At the end of the file the innermost bracket says it for all.
        if self.is_at_end() && std::mem::replace(&mut self.end_was_reported, true) {
            return;
        }
        let bracket = char::from(self.text.as_bytes()[open.at]);
        let closing = char::from(open.closing);
        let bracket = if bracket.is_ascii() {
            bracket
        } else {
            opening_of(open.closing)
        };
        let here = self.span(self.at, self.at + usize::from(!self.is_at_end()));
        let report = Diagnostic::error(
            "unclosed-bracket",
            format!("this `{bracket}` is never closed"),
        )
        .at(self.span(open.at, open.at + 1))
        .help(format!("put `{closing}` where it ends"))
        .also(here, format!("`{closing}` was expected before this"));
        self.report.push(report);
    }

    pub(super) fn wrong_bracket(&mut self, open: Open, mark: u8, length: usize) {
        let (found, closing) = (char::from(mark), char::from(open.closing));
        let span = self.span(self.at, self.at + length);
        let report = Diagnostic::error(
            "wrong-bracket",
            format!("expected `{closing}`, found `{found}`"),
        )
        .at(span)
        .help(format!("write `{closing}`"))
        .also(self.span(open.at, open.at + 1), "to close this");
        self.report.push(report);
        self.at += length;
    }
}

fn opening_of(closing: u8) -> char {
    match closing {
        b')' => '(',
        b']' => '[',
        _ => '{',
    }
}
