//! Habits from elsewhere: JSON, Python, YAML, Windows, word processors. Each is read as what it
//! means and told with what to write instead.

use super::parse::Parser;
use super::{Body, Kind, Name, Node};
use crate::scene::decode::FileKind;
use crate::scene::paths::{self, PathTrouble, ending};

/// Longest path that is looked at, in bytes.
const LONGEST_PATH: usize = 1024;

/// Fields of two letters, which are no languages.
const SHORT_FIELDS: [&str; 5] = ["id", "at", "on", "up", "to"];

/// Whether a field's name looks like the tag of a language: `en`, `zh-Hans`. Then `(en: "x")`
/// is meant as `{"en": "x"}`, and decoding says so.
fn is_language_like(name: &str) -> bool {
    let (language, rest) = name.split_once('-').unwrap_or((name, ""));
    let is_tag = |part: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    match name.contains('-') {
        true => is_tag(language, 2..=3) && rest.split('-').all(|part| is_tag(part, 2..=4)),
        false => is_tag(language, 2..=2) && !SHORT_FIELDS.contains(&name),
    }
}

impl<'a> Parser<'a, '_> {
    /// `#![enable(implicit_some)]` and such.
    pub(super) fn attributes(&mut self) {
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

    /// A color without quotation marks, `#ffcc88`, if one stands here.
    pub(super) fn bare_color(&mut self) -> Option<Kind<'a>> {
        let start = self.at;
        let digits = self.rest().strip_prefix('#')?;
        let length = digits.bytes().take_while(u8::is_ascii_hexdigit).count();
        if !matches!(length, 3 | 4 | 6 | 8) {
            return None;
        }
        self.at += length + 1;
        let color = &self.text[start..self.at];
        let span = self.span(start, self.at);
        let message = "colors stand in quotation marks";
        self.error(
            "unquoted-text",
            message,
            span,
            &format!("write \"{color}\""),
        );
        Some(Kind::Text(color.into()))
    }

    /// `default language: ...`, `default-language: ...` and `title "Cave"`: what is meant as a
    /// field's name with its colon; the first word has been read.
    pub(super) fn broken_field_name(&mut self, first: &Name<'a>) -> Option<Name<'a>> {
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
        if is_language_like(&self.text[start..start + first.text.len() + words.len()]) {
            self.colon(true);
            let text = self.text[start..start + first.text.len() + words.len()].into();
            return Some(Name { text, span });
        }
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
    pub(super) fn quoted_field_name(&mut self, start: usize) -> Option<Name<'a>> {
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
        // Texts per language in parentheses: what is said of these says it all.
        if !is_language_like(text) {
            let message = "field names stand without quotation marks";
            let help = format!("write {text}: ...");
            self.error("quoted-field-name", message, span, &help);
        }
        Some(Name {
            text: text.into(),
            span,
        })
    }

    /// `title: Cave of Lamps`: text without quotation marks.
    pub(super) fn reject_loose_words(&mut self, value: &mut Node<'a>) {
        let is_word =
            matches!(&value.kind, Kind::Record(record) if matches!(record.body, Body::Bare));
        if !is_word {
            return;
        }
        let end = self.at;
        let is_glued = !matches!(self.byte(0), b' ' | b'\t');
        let rest = self.rest();
        let line = &rest[..rest.find(['\n', ',']).unwrap_or(rest.len())];
        let line = line.trim_end_matches([')', ']', '}', ' ', '\t', '\r', '"']);
        let next = line.trim_start().chars().next();
        let follows = next.is_some_and(|c| c.is_alphanumeric()) || is_glued && self.byte(0) == b'"';
        if !follows || line.contains(':') && line.contains('"') {
            return;
        }
        self.at = end + line.len() + usize::from(self.text[end + line.len()..].starts_with('"'));
        let start = value.span.start as usize;
        let span = self.span(start, self.at);
        let words = &self.text[start..end + line.len()];
        value.kind = Kind::Text(words.into());
        self.error(
            "unquoted-text",
            "text stands in quotation marks",
            span,
            &format!("write \"{words}\""),
        );
    }

    /// `# ...`, `-- ...` and `<!-- ...`, as comments begin elsewhere. A `#` also begins
    /// attributes and colors.
    pub(super) fn is_at_others_comment(&self) -> bool {
        match self.byte(0) {
            b'#' => matches!(self.byte(1), b' ' | b'\t' | b'#' | b'\n' | b'\r'),
            b'-' => self.byte(1) == b'-' && !self.byte(2).is_ascii_digit(),
            _ => self.rest().starts_with("<!--"),
        }
    }

    pub(super) fn skip_others_comment(&mut self) {
        let start = self.at;
        let marker = match self.byte(0) {
            b'#' => 1,
            b'-' => 2,
            _ => 4,
        };
        // What is looked at twice is told once.
        if self.full_width_until <= start {
            self.full_width_until = start + 1;
            let span = self.span(start, start + marker);
            self.error(
                "comment-of-another-language",
                "comments begin with `//`",
                span,
                "write `//` instead, up to the end of the line",
            );
        }
        let rest = self.rest();
        self.at += rest.find('\n').unwrap_or(rest.len());
    }

    pub(super) fn skip_odd_space(&mut self, c: char) {
        let start = self.at;
        self.at += c.len_utf8();
        let span = self.span(start, self.at);
        let name = match c {
            '\u{3000}' => "a full-width space",
            '\u{A0}' => "a no-break space",
            _ => "an unusual space",
        };
        let message = format!("{name} (U+{:04X}) stands here", u32::from(c));
        self.error(
            "unusual-space",
            &message,
            span,
            "replace it by an ordinary space",
        );
    }

    /// `"meshes\rock.glb"`: a path as Windows writes it. Its backslashes would be taken for
    /// escapes; each `\\` is one backslash already, and decoding tells of it.
    pub(super) fn windows_path(&mut self) -> Option<Kind<'a>> {
        let start = self.at;
        let rest = self.rest().strip_prefix('"')?;
        // Most texts have none.
        let first = rest
            .bytes()
            .take(LONGEST_PATH)
            .position(|byte| matches!(byte, b'\\' | b'"' | b'\n'))?;
        if rest.as_bytes()[first] != b'\\' {
            return None;
        }
        let length = rest
            .bytes()
            .take(LONGEST_PATH)
            .position(|byte| matches!(byte, b'"' | b'\n'))?;
        let written = &rest[..length];
        let single = written.replace("\\\\", "");
        let is_named = FileKind::ALL
            .iter()
            .any(|kind| kind.words().1.contains(&ending(written).as_str()));
        if !single.contains('\\') || !is_named || single.ends_with('\\') {
            return None;
        }
        self.at += length + 2;
        let meant = written.replace("\\\\", "\\").replace('\\', "/");
        // That it works on one computer only matters more, and is told of every path.
        if paths::resolve("", &meant) != Err(PathTrouble::Absolute) {
            let span = self.span(start, self.at);
            let (code, message, help) = PathTrouble::Backslash(String::new()).explain(&meant);
            self.error(code, &message, span, &help);
        }
        Some(Kind::Text(meant.into()))
    }

    /// `["en": "x"]`: the value of a name in square brackets, if the item that was just read is
    /// one. The first of a list is told, at the list's `start`.
    pub(super) fn value_in_list(
        &mut self,
        start: usize,
        key: &Node<'a>,
        is_first: bool,
    ) -> Option<Node<'a>> {
        if !matches!(key.kind, Kind::Text(_)) || !self.colon(false) {
            return None;
        }
        if is_first {
            let span = self.span(start, start + 1);
            let message = "names with values stand in { }, not in [ ]";
            self.error(
                "brackets-for-braces",
                message,
                span,
                "write {\"en\": \"...\"}",
            );
        }
        Some(self.field_value())
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
