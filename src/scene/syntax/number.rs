//! Numbers.

use std::borrow::Cow;

use super::lex::is_name_part;
use super::parse::Parser;
use super::{Kind, Number};

/// Type suffixes that RON allows after a number, with the range of whole ones.
const WHOLE_SUFFIXES: [(&str, i128, i128); 10] = [
    ("i8", i8::MIN as i128, i8::MAX as i128),
    ("i16", i16::MIN as i128, i16::MAX as i128),
    ("i32", i32::MIN as i128, i32::MAX as i128),
    ("i64", i64::MIN as i128, i64::MAX as i128),
    ("u8", 0, u8::MAX as i128),
    ("u16", 0, u16::MAX as i128),
    ("u32", 0, u32::MAX as i128),
    ("u64", 0, u64::MAX as i128),
    ("i128", i128::MIN, i128::MAX),
    ("u128", 0, i128::MAX),
];

impl<'a> Parser<'a, '_> {
    /// Whether a number begins here. `inf` and `NaN` are names.
    pub(super) fn is_at_number(&self) -> bool {
        matches!(self.byte(0), b'0'..=b'9' | b'+' | b'-' | b'.')
    }

    /// Reads a number; [`Self::is_at_number`] holds. `is_only`: no other can stand beside it.
    pub(super) fn number(&mut self, is_only: bool) -> Kind<'a> {
        let start = self.at;
        let is_negative = self.byte(0) == b'-';
        if matches!(self.byte(0), b'+' | b'-') {
            self.at += 1;
        }
        if self.rest().starts_with("inf") || self.rest().starts_with("NaN") {
            let value = if self.byte(0) == b'i' {
                f64::INFINITY
            } else {
                f64::NAN
            };
            self.at += 3;
            let number = Number {
                value: if is_negative { -value } else { value },
                whole: None,
            };
            return self.suffixed(start, Some(number));
        }
        let base = match (self.byte(0), self.byte(1)) {
            (b'0', b'x') => 16,
            (b'0', b'o') => 8,
            (b'0', b'b') => 2,
            _ => 10,
        };
        let number = if base == 10 {
            self.decimal(start)
        } else {
            self.based(base, is_negative)
        };
        if base == 10
            && let Some(number) = number
            && let Some(kind) = self.goes_on_oddly(start, number, is_only)
        {
            return kind;
        }
        self.suffixed(start, number)
    }

    fn based(&mut self, base: u32, is_negative: bool) -> Option<Number> {
        self.at += 2;
        let digits = self.take_while(|byte| byte.is_ascii_hexdigit() || byte == b'_');
        if digits.starts_with('_') {
            return None;
        }
        let whole = i128::from_str_radix(&digits.replace('_', ""), base).ok()?;
        let whole = if is_negative { -whole } else { whole };
        Some(Number {
            value: whole as f64,
            whole: Some(whole),
        })
    }

    fn decimal(&mut self, start: usize) -> Option<Number> {
        let digit = |byte: u8| byte.is_ascii_digit() || byte == b'_';
        let before = self.take_while(digit);
        let mut is_whole = true;
        let mut after = "";
        if self.byte(0) == b'.' && self.byte(1) != b'.' {
            is_whole = false;
            self.at += 1;
            after = self.take_while(digit);
        }
        if before.starts_with('_')
            || after.starts_with('_')
            || before.is_empty() && after.is_empty()
        {
            return None;
        }
        if matches!(self.byte(0), b'e' | b'E') {
            is_whole = false;
            self.at += 1;
            if matches!(self.byte(0), b'+' | b'-') {
                self.at += 1;
            }
            self.take_while(digit);
        }
        let written = &self.text[start..self.at];
        let plain: Cow<'_, str> = if written.contains('_') {
            written.replace('_', "").into()
        } else {
            written.into()
        };
        let value: f64 = plain.parse().ok()?;
        // A whole number too large for i128 is read as ron reads it: as a float.
        let whole = if is_whole { plain.parse().ok() } else { None };
        Some(Number { value, whole })
    }

    fn take_while(&mut self, is_part: impl Fn(u8) -> bool) -> &'a str {
        let start = self.at;
        while is_part(self.byte(0)) {
            self.at += 1;
        }
        &self.text[start..self.at]
    }

    /// Reads what is glued to a number's end: a type suffix, or a mistake.
    fn suffixed(&mut self, start: usize, number: Option<Number>) -> Kind<'a> {
        let rest = self.rest();
        let is_glued = |c| is_name_part(c) || matches!(c, '°' | '%' | '.' | '+' | '-' | '"' | '\'');
        let suffix = &rest[..rest.find(|c| !is_glued(c)).unwrap_or(rest.len())];
        self.at += suffix.len();
        let span = self.span(start, self.at);
        let Some(number) = number else {
            self.error(
                "bad-number",
                &format!("`{}` is not a number", &self.text[start..self.at]),
                span,
                "write it like 12, -0.5 or 1.5e3",
            );
            return Kind::Broken;
        };
        if suffix.is_empty() {
            return Kind::Number(number);
        }
        if matches!(suffix, "f32" | "f64") {
            return Kind::Number(Number {
                whole: None,
                ..number
            });
        }
        let typed = WHOLE_SUFFIXES
            .into_iter()
            .find(|(name, ..)| *name == suffix);
        if let (Some((_, least, most)), Some(whole)) = (typed, number.whole)
            && (least..=most).contains(&whole)
        {
            return Kind::Number(number);
        }
        self.error(
            "bad-number",
            &format!("`{suffix}` cannot follow a number"),
            span,
            "write the number alone: each field has its unit (metres, degrees, seconds)",
        );
        Kind::Number(number)
    }
}
