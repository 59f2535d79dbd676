//! Numbers as they are written elsewhere: `1,6`, `1 250`, `1½`, `２５０`, `−5`.

use super::parse::Parser;
use super::{Kind, Node, Number};

impl<'a> Parser<'a, '_> {
    /// `２５０` from a Chinese or Japanese keyboard, `−5` and `–5` from a word processor, `½`: a
    /// number in other signs than those of scene files, if one begins here.
    pub(super) fn odd_number(&mut self) -> Option<Kind<'a>> {
        let start = self.at;
        if let Some((c, value)) = self.peek_char().and_then(fraction) {
            self.at += c.len_utf8();
            return Some(self.fractional(start, value));
        }
        let rest = self.rest();
        let length = rest.find(|c| plain(c).is_none()).unwrap_or(rest.len());
        let written = &rest[..length];
        let meant: String = written.chars().filter_map(plain).collect();
        let value: f64 = meant.parse().ok()?;
        self.at += length;
        let message = format!("`{written}` is not in the signs that scene files have for numbers");
        self.bad_number(start, &message, &format!("write {meant}"));
        let whole = meant.parse().ok();
        Some(Kind::Number(Number { value, whole }))
    }

    fn bad_number(&mut self, start: usize, message: &str, help: &str) {
        let span = self.span(start, self.at);
        self.error("bad-number", message, span, help);
    }

    /// Says how a number is written that ends here and has a fraction.
    fn fractional(&mut self, start: usize, value: f64) -> Kind<'a> {
        let rounded = format!("{value:.4}");
        let meant = rounded.trim_end_matches('0').trim_end_matches('.');
        let message = "fractions are written with a point: 0.5, not 1/2";
        self.bad_number(start, message, &format!("write {meant}"));
        Kind::Number(Number { value, whole: None })
    }

    /// What belongs to the whole number that was just read, and is not how scene files write it:
    /// `1½`, `1/2`, `1 250`, `1'250`. Where only one number can stand (`is_only`) blanks divide none.
    pub(super) fn goes_on_oddly(
        &mut self,
        start: usize,
        number: Number,
        is_only: bool,
    ) -> Option<Kind<'a>> {
        number.whole?;
        let rest = self.rest();
        let glued = rest.strip_prefix(' ').unwrap_or(rest);
        if let Some((c, part)) = glued.chars().next().and_then(fraction) {
            self.at += rest.len() - glued.len() + c.len_utf8();
            let part = if number.value < 0.0 { -part } else { part };
            return Some(self.fractional(start, number.value + part));
        }
        if let Some(below) = rest.strip_prefix('/') {
            let below = &below[..digits(below)];
            let divisor: f64 = below.parse().ok().filter(|divisor| *divisor > 0.0)?;
            self.at += 1 + below.len();
            return Some(self.fractional(start, number.value / divisor));
        }
        self.thousands(start, is_only)
    }

    /// `1 250`, `1'250`: thousands set apart.
    fn thousands(&mut self, start: usize, is_only: bool) -> Option<Kind<'a>> {
        let first = self.text[start..self.at].trim_start_matches(['-', '+']);
        if first.len() > 3 || first.starts_with('0') {
            return None;
        }
        let text = self.text;
        let mut end = self.at;
        let mut may_be_several = false;
        loop {
            let rest = &text[end..];
            let Some(separator) = rest.chars().next().filter(|c| is_separator(*c)) else {
                break;
            };
            let group = &rest[separator.len_utf8()..];
            if digits(group) != 3 || group[3..].starts_with(|c: char| c.is_alphabetic() || c == '_')
            {
                break;
            }
            may_be_several |= separator == ' ' && !is_only;
            end += separator.len_utf8() + 3;
        }
        if end == self.at {
            return None;
        }
        let after = text[end..].strip_prefix('.').map_or(0, digits);
        end += if after > 0 { after + 1 } else { 0 };
        let written = &text[start..end];
        self.at = end;
        let meant: String = written.chars().filter(|c| !is_separator(*c)).collect();
        let help = match may_be_several {
            false => format!("write {meant}"),
            true => format!(
                "write {meant}; or {} if these are several",
                written.replace(' ', ", ")
            ),
        };
        self.bad_number(
            start,
            "nothing stands between the digits of a number",
            &help,
        );
        // Coordinates may be meant, whose commas are missing: which, is not known here.
        let (false, Ok(value)) = (may_be_several, meant.parse()) else {
            return Some(Kind::Broken);
        };
        Some(Kind::Number(Number {
            value,
            whole: meant.parse().ok(),
        }))
    }

    /// `size: 12 5`: where only one number can stand, what follows after a blank belongs to it.
    pub(super) fn join_blanks(&mut self, value: &mut Node<'a>) {
        let rest = self.rest();
        let next = rest.trim_start_matches(' ');
        let length = digits(next);
        let is_end = |c: char| matches!(c, ',' | ')' | ']' | '}' | '\n' | '\r');
        if next.len() == rest.len() || length == 0 || !next[length..].starts_with(is_end) {
            return;
        }
        let start = value.span.start as usize;
        let meant = format!("{}{}", &self.text[start..self.at], &next[..length]);
        self.at += rest.len() - next.len() + length;
        let message = "nothing stands between the digits of a number";
        self.bad_number(start, message, &format!("write {meant}"));
        *value = self.node(Kind::Broken, start);
    }

    /// `gain_db: -3,5`: whether a value without a name is the second half of a decimal that the
    /// field before it begins. Says so, and gives that field the whole.
    pub(super) fn ends_decimal(&mut self, half: &Node<'a>, first_field: usize) -> bool {
        let (text, end) = (self.text, half.span.end as usize);
        let Some(field) = self.fields.get_mut(first_field..).and_then(<[_]>::last_mut) else {
            return false;
        };
        let is_whole =
            |node: &Node<'_>| matches!(&node.kind, Kind::Number(number) if number.whole.is_some());
        let (start, comma) = (
            field.value.span.start as usize,
            field.value.span.end as usize,
        );
        let digits = &text[half.span.start as usize..end];
        if !is_whole(&field.value)
            || !is_whole(half)
            || text.get(comma..half.span.start as usize) != Some(",")
            || !digits.bytes().all(|byte| byte.is_ascii_digit())
        {
            return false;
        }
        let whole = &text[start..comma];
        let meant = format!("{whole}.{digits}");
        field.value.span.end = half.span.end;
        // `1,200` are twelve hundred to some and a little over one to others.
        let may_be_thousands =
            digits.len() == 3 && !whole.trim_start_matches(['-', '+']).starts_with('0');
        let (kind, help) = match meant.parse() {
            Ok(value) if !may_be_thousands => {
                let number = Number { value, whole: None };
                (Kind::Number(number), format!("write {meant}"))
            }
            Ok(_) => (
                Kind::Broken,
                format!("write {meant}, or {whole}{digits} without a comma"),
            ),
            Err(_) => (Kind::Broken, String::new()),
        };
        field.value.kind = kind;
        let span = field.value.span;
        self.error(
            "decimal-comma",
            "in scene files decimals are written with a point: 1.6, not 1,6",
            span,
            &help,
        );
        true
    }
}

/// How many digits a text begins with.
fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// What sets thousands apart elsewhere.
fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '\u{A0}' | '\u{2009}' | '\u{202F}' | '\'' | '’')
}

/// A sign of a number in the signs of scene files.
fn plain(c: char) -> Option<char> {
    // Full-width, Arabic, Persian, Devanagari.
    let zeros = ['０', '٠', '۰', '०'].map(u32::from);
    let code = u32::from(c);
    match c {
        '−' | '–' | '—' | '－' => Some('-'),
        '．' | '。' | '٫' => Some('.'),
        '0'..='9' | '.' => Some(c),
        _ => zeros
            .iter()
            .find(|zero| (**zero..**zero + 10).contains(&code))
            .and_then(|zero| char::from_digit(code - zero, 10)),
    }
}

/// The value of a sign such as `½`.
fn fraction(c: char) -> Option<(char, f64)> {
    let (above, below) = match c {
        '½' => (1.0, 2.0),
        '¼' => (1.0, 4.0),
        '¾' => (3.0, 4.0),
        '⅓' => (1.0, 3.0),
        '⅔' => (2.0, 3.0),
        '⅕' => (1.0, 5.0),
        '⅖' => (2.0, 5.0),
        '⅗' => (3.0, 5.0),
        '⅘' => (4.0, 5.0),
        '⅛' => (1.0, 8.0),
        '⅜' => (3.0, 8.0),
        '⅝' => (5.0, 8.0),
        '⅞' => (7.0, 8.0),
        _ => return None,
    };
    Some((c, above / below))
}
