//! The lowest level of reading: characters, white space, comments, names.

use std::borrow::Cow;

use super::Name;
use super::parse::Parser;
use crate::diagnostic::{Diagnostic, Span};

/// Punctuation that Chinese and Japanese keyboards type, and what RON wants instead.
const FULL_WIDTH: [(char, u8); 19] = [
    ('（', b'('),
    ('）', b')'),
    ('［', b'['),
    ('］', b']'),
    ('【', b'['),
    ('】', b']'),
    ('「', b'"'),
    ('」', b'"'),
    ('｛', b'{'),
    ('｝', b'}'),
    ('，', b','),
    ('、', b','),
    ('：', b':'),
    ('；', b';'),
    ('＝', b'='),
    ('＂', b'"'),
    ('＃', b'#'),
    ('！', b'!'),
    ('／', b'/'),
];

pub(super) fn is_name_start(c: char) -> bool {
    c == '_' || c.is_alphabetic()
}

pub(super) fn is_name_part(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

fn is_white(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t'
            | '\n'
            | '\r'
            | '\u{0B}'
            | '\u{0C}'
            | '\u{85}'
            | '\u{200E}'
            | '\u{200F}'
            | '\u{2028}'
            | '\u{2029}'
    )
}

impl<'a> Parser<'a, '_> {
    /// What is left to read.
    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// The byte some bytes ahead; 0 at the end.
    pub(super) fn byte(&self, ahead: usize) -> u8 {
        self.text
            .as_bytes()
            .get(self.at + ahead)
            .copied()
            .unwrap_or(0)
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.text.len()
    }

    pub(super) fn peek_char(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn skip_char(&mut self) {
        self.at += self.peek_char().map_or(0, char::len_utf8);
    }

    /// Offsets fit: a text longer than `u32::MAX` is refused before it is read.
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        let short = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Span {
            file: self.file,
            start: short(start),
            end: short(end),
        }
    }

    pub(super) fn error(&mut self, code: &'static str, message: &str, span: Span, help: &str) {
        self.report
            .push(Diagnostic::error(code, message).at(span).help(help));
    }

    /// The next character when it is ASCII punctuation, and its length in bytes. Full-width
    /// punctuation is reported (once) and taken for what it stands for; 0 is anything else.
    pub(super) fn mark(&mut self) -> (u8, usize) {
        let byte = self.byte(0);
        if byte < 0x80 {
            return (byte, 1);
        }
        let Some(c) = self.peek_char() else {
            return (0, 0);
        };
        let Some((_, mark)) = FULL_WIDTH.into_iter().find(|(wide, _)| *wide == c) else {
            return (0, c.len_utf8());
        };
        // Quotation marks are the business of `quoted_text`.
        if mark != b'"' && self.full_width_until <= self.at {
            self.full_width_until = self.at + 1;
            let span = self.span(self.at, self.at + c.len_utf8());
            let plain = char::from(mark);
            self.error(
                "full-width-punctuation",
                &format!("`{c}` is full-width punctuation; scene files use `{plain}`"),
                span,
                &format!("switch the keyboard to half-width and type `{plain}`"),
            );
        }
        (mark, c.len_utf8())
    }

    /// Skips white space and comments.
    pub(super) fn skip_space(&mut self) {
        loop {
            match self.byte(0) {
                b' ' | b'\t' | b'\n' | b'\r' => self.at += 1,
                b'/' if self.byte(1) == b'/' => {
                    let rest = self.rest();
                    self.at += rest.find('\n').map_or(rest.len(), |end| end + 1);
                }
                b'/' if self.byte(1) == b'*' => self.skip_block_comment(),
                b'#' | b'-' | b'<' if self.is_at_others_comment() => self.skip_others_comment(),
                byte if byte >= 0x80 || byte == 0x0B || byte == 0x0C => {
                    let Some(c) = self.peek_char() else { return };
                    if is_white(c) {
                        self.at += c.len_utf8();
                    } else if c.is_whitespace() {
                        self.skip_odd_space(c);
                    } else {
                        return;
                    }
                }
                _ => return,
            }
        }
    }

    /// Block comments nest.
    fn skip_block_comment(&mut self) {
        let start = self.at;
        self.at += 2;
        let mut depth = 1_usize;
        let bytes = self.text.as_bytes();
        while depth > 0 {
            match (bytes.get(self.at), bytes.get(self.at + 1)) {
                (Some(b'*'), Some(b'/')) => {
                    depth -= 1;
                    self.at += 2;
                }
                (Some(b'/'), Some(b'*')) => {
                    depth += 1;
                    self.at += 2;
                }
                (Some(_), _) => self.at += 1,
                (None, _) => {
                    let span = self.span(start, start + 2);
                    self.error(
                        "unclosed-comment",
                        "this comment is never closed",
                        span,
                        "close it with `*/`; each `/*` inside needs its own",
                    );
                    return;
                }
            }
        }
    }

    /// Whether a name begins here: `r"`, `r#"`, `b"`, `b'`, `br"`, `br#` begin texts.
    pub(super) fn is_at_name(&self) -> bool {
        match self.byte(0) {
            b'r' => match self.byte(1) {
                b'"' => false,
                b'#' => self.is_at_raw_name(),
                _ => true,
            },
            b'b' => match self.byte(1) {
                b'"' | b'\'' => false,
                b'r' => !matches!(self.byte(2), b'"' | b'#'),
                _ => true,
            },
            byte if byte < 0x80 => byte == b'_' || byte.is_ascii_alphabetic(),
            _ => self.peek_char().is_some_and(is_name_start),
        }
    }

    fn is_at_raw_name(&self) -> bool {
        let after = self.text.get(self.at + 2..).unwrap_or("");
        after.starts_with(|c| is_name_part(c) || matches!(c, '.' | '+' | '-'))
    }

    /// Reads a name; [`Self::is_at_name`] holds.
    pub(super) fn name(&mut self) -> Name<'a> {
        let start = self.at;
        let is_raw = self.byte(0) == b'r' && self.byte(1) == b'#';
        let text = &self.text[start + if is_raw { 2 } else { 0 }..];
        let is_part = |c| is_name_part(c) || is_raw && matches!(c, '.' | '+' | '-');
        let ascii = text
            .bytes()
            .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
            .count();
        let tail = &text[ascii..];
        let length = ascii + tail.find(|c| !is_part(c)).unwrap_or(tail.len());
        self.at = start + length + if is_raw { 2 } else { 0 };
        Name {
            text: Cow::Borrowed(&text[..length]),
            span: self.span(start, self.at),
        }
    }
}
