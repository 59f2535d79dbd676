//! Brackets forgotten around coordinates: where one belongs is seen by what follows.

use super::parse::Parser;
use super::{Body, Kind, Node, Record};
use crate::diagnostic::Diagnostic;

/// How far ahead it is looked for whether brackets close, in bytes.
const FARTHEST: usize = 1 << 16;

impl<'a> Parser<'a, '_> {
    /// `(position: (0, 1.6, 2, yaw: 90))`: a field, which begins at `field`, after numbers in
    /// parentheses. True if the bracket that should have closed before it is missing; then
    /// reading goes on there. False if it stands too late; that is told here.
    pub(super) fn leaves_coordinates(&mut self, field: usize) -> bool {
        if self.report.is_full() || !self.closes_well(self.at) {
            self.at = field;
            self.skip_space();
            self.is_leaving = true;
            return true;
        }
        let open = self.open.last().map_or(0, |open| open.at);
        let at = field + (self.text[field..].len() - self.text[field..].trim_start().len());
        let problem = Diagnostic::error("unclosed-bracket", "this `(` closes too late")
            .at(self.span(open, open + 1))
            .help("move a `)` to there from the end")
            .also(self.span(at, at + 1), "`)` was expected before this");
        self.report.push(problem);
        false
    }

    /// `position: 0, 1.6, 2)`: makes coordinates of a number and those that follow it, and
    /// says that their brackets are missing, or the first of them.
    pub(super) fn join_coordinates(&mut self, first: &mut Node<'a>) {
        let Some(closing) = self.numbers_follow() else {
            return;
        };
        let has_closing = !self.report.is_full() && !self.closes_well(closing);
        let mut values = vec![first.clone()];
        while self.at < closing {
            self.skip_space();
            if self.byte(0) == b',' {
                self.at += 1;
                values.push(self.value());
            } else {
                break;
            }
        }
        let start = first.span.start as usize;
        let numbers = &self.text[start..self.at];
        let span = self.span(start, self.at);
        if has_closing {
            self.at = closing + 1;
        }
        let message = match has_closing {
            true => "the `(` before these coordinates is missing",
            false => "coordinates stand in parentheses",
        };
        self.error(
            "missing-bracket",
            message,
            span,
            &format!("write ({numbers})"),
        );
        let record = Record {
            name: None,
            body: Body::Values(values),
            is_broken: false,
        };
        *first = self.node(Kind::Record(Box::new(record)), start);
    }

    /// Where the bracket stands that closes after two or more further numbers, if nothing else
    /// comes before it.
    fn numbers_follow(&self) -> Option<usize> {
        let mut rest = self.rest();
        let mut count = 0;
        loop {
            rest = rest.trim_start();
            if count >= 2 && rest.starts_with(')') {
                return Some(self.text.len() - rest.len());
            }
            rest = rest.strip_prefix(',')?.trim_start();
            let is_part = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e' | '_');
            let length = rest.find(|c| !is_part(c))?;
            if !rest[..length].bytes().any(|byte| byte.is_ascii_digit()) {
                return None;
            }
            rest = &rest[length..];
            count += 1;
            if count > 3 {
                return None;
            }
        }
    }

    /// Whether the brackets that are open here close as they should, from `at` on, up to the
    /// list in which they stand or the end of the file. Texts and comments are passed over.
    fn closes_well(&self, at: usize) -> bool {
        let mut open: Vec<u8> = self.open.iter().map(|open| open.closing).collect();
        let bytes = self.text.as_bytes();
        let end = bytes.len().min(at + FARTHEST);
        let line_end = |from: usize| {
            let length = bytes[from..end].iter().position(|byte| *byte == b'\n');
            length.map_or(end, |length| from + length)
        };
        let mut at = at;
        while at < end {
            match bytes[at] {
                b'(' => open.push(b')'),
                b'[' => open.push(b']'),
                b'{' => open.push(b'}'),
                closing @ (b')' | b']' | b'}') => {
                    if open.pop() != Some(closing) {
                        return false;
                    }
                    let is_outside = open.len() < self.open.len();
                    let next = || self.text[at + 1..].trim_start().chars().next();
                    match open.last() {
                        _ if !is_outside => {}
                        None => return next().is_none_or(|c| c == '/'),
                        // In a list, or among the fields of the file itself.
                        Some(b']' | b'}') => return matches!(next(), Some(',' | ']' | '}' | '/')),
                        Some(_) if open.len() == 1 => {
                            return matches!(next(), Some(',' | ')' | '/'));
                        }
                        Some(_) => {}
                    }
                }
                // The next item of a list, where the fields of this one are not at their end.
                b',' if open.len() < self.open.len()
                    && open.last() == Some(&b')')
                    && self.text[at + 1..].trim_start().starts_with('(') =>
                {
                    return false;
                }
                b'/' if bytes.get(at + 1) == Some(&b'/') => at = line_end(at),
                b'"' => {
                    at += 1;
                    while at < end && bytes[at] != b'"' {
                        at += 1 + usize::from(bytes[at] == b'\\');
                    }
                }
                _ => {}
            }
            at += 1;
        }
        false
    }
}
