//! Texts, characters and bytes.

use std::borrow::Cow;

use super::Kind;
use super::parse::Parser;

/// Quotation marks that word processors and other keyboards make of `"`.
const CURLY: [char; 14] = [
    '“', '”', '„', '‟', '‘', '’', '‚', '«', '»', '＂', '「', '」', '『', '』',
];

/// Something read between quotation marks. Bytes may not be UTF-8.
enum Content<'a> {
    Borrowed(&'a str),
    Owned(Vec<u8>),
}

impl<'a> Parser<'a, '_> {
    /// Reads `"..."`, `'c'`, `r#"..."#`, `b"..."`, `br"..."`, `b'c'` and curly quotes, if one
    /// of them begins here.
    pub(super) fn quoted(&mut self) -> Option<Kind<'a>> {
        match (self.byte(0), self.byte(1)) {
            (b'"', _) => Some(self.text_value(0, false)),
            (b'\'', _) => Some(self.letter()),
            (b'r', b'"' | b'#') => Some(self.raw(1, false)),
            (b'b', b'"') => Some(self.text_value(1, true)),
            (b'b', b'\'') => {
                self.at += 1;
                Some(match self.letter() {
                    Kind::Letter(c) => Kind::Number(super::Number {
                        value: f64::from(u32::from(c)),
                        whole: Some(i128::from(u32::from(c))),
                    }),
                    other => other,
                })
            }
            (b'b', b'r') => Some(self.raw(2, true)),
            (byte, _) if byte >= 0x80 => {
                let c = self.peek_char()?;
                CURLY.contains(&c).then(|| self.curly(c))
            }
            _ => None,
        }
    }

    fn text_value(&mut self, prefix: usize, is_bytes: bool) -> Kind<'a> {
        let start = self.at;
        self.at += prefix + 1;
        let content = match self.escaped() {
            Some(content) if !self.swallowed_a_line(start) => content,
            _ => return self.unclosed_text(start, prefix + 1),
        };
        if !is_bytes && let Some(text) = self.goes_on_quoted(start) {
            return text;
        }
        self.finish(content, is_bytes, start)
    }

    /// `"The "Cave" of Lamps"`: whether a text that just ended goes on with a word, and so has
    /// quotation marks of its own. Reads it to the last one in its line.
    fn goes_on_quoted(&mut self, start: usize) -> Option<Kind<'a>> {
        // `"hall, title: "x"` is another slip.
        let is_field = self.text[start..self.at - 1].trim_end().ends_with(':');
        if is_field || !self.peek_char().is_some_and(char::is_alphanumeric) {
            return None;
        }
        let line = self.rest();
        let line = &line[..line.find('\n').unwrap_or(line.len())];
        // What follows the text's own end is the end of a value.
        let closes = |at: &usize| {
            line[at + 1..]
                .trim_start()
                .starts_with([',', ')', ']', '}'])
        };
        let end = line.match_indices('"').map(|(at, _)| at).find(closes);
        let end = end.or_else(|| line.trim_end().strip_suffix('"').map(str::len))?;
        let inner = self.text[start + 1..self.at + end].to_owned();
        self.at += end + 1;
        let span = self.span(start, self.at);
        self.error(
            "quotes-within-text",
            "this text has quotation marks within",
            span,
            &format!(
                "write a backslash before each: \"{}\"",
                inner.replace('"', "\\\"")
            ),
        );
        Some(Kind::Text(Cow::Owned(inner)))
    }

    fn finish(&mut self, content: Content<'a>, is_bytes: bool, start: usize) -> Kind<'a> {
        match content {
            Content::Borrowed(text) if is_bytes => Kind::Bytes(text.as_bytes().to_vec()),
            Content::Borrowed(text) => Kind::Text(Cow::Borrowed(text)),
            Content::Owned(bytes) if is_bytes => Kind::Bytes(bytes),
            Content::Owned(bytes) => match String::from_utf8(bytes) {
                Ok(text) => Kind::Text(Cow::Owned(text)),
                Err(error) => {
                    self.bad_escape(start, self.at, "these `\\x` escapes are not UTF-8");
                    Kind::Text(Cow::Owned(
                        String::from_utf8_lossy(error.as_bytes()).into_owned(),
                    ))
                }
            },
        }
    }

    /// Reads up to the closing quotation mark. `None` at the end of the file.
    fn escaped(&mut self) -> Option<Content<'a>> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut owned: Option<Vec<u8>> = None;
        let mut copied = start;
        loop {
            match bytes.get(self.at)? {
                b'"' => {
                    let end = self.at;
                    self.at += 1;
                    return Some(match owned {
                        None => Content::Borrowed(&self.text[start..end]),
                        Some(mut text) => {
                            text.extend_from_slice(&bytes[copied..end]);
                            Content::Owned(text)
                        }
                    });
                }
                b'\\' => {
                    let text = owned.get_or_insert_default();
                    text.extend_from_slice(&bytes[copied..self.at]);
                    let mut buffer = std::mem::take(text);
                    self.escape(&mut buffer);
                    owned = Some(buffer);
                    copied = self.at;
                }
                _ => self.at += 1,
            }
        }
    }

    /// Reads `\n`, `\x41`, `\u{706f}`, `\` at a line's end and so on.
    fn escape(&mut self, out: &mut Vec<u8>) {
        let start = self.at;
        self.at += 1;
        let letter = self.byte(0);
        let plain = match letter {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'0' => 0,
            b'\\' | b'"' | b'\'' => letter,
            b'x' => {
                self.at += 1;
                match self.hex(2) {
                    // Bytes above 0x7F are put together and checked at the end.
                    Some(code) => out.push(u8::try_from(code).unwrap_or(0)),
                    None => self.bad_escape(start, self.at, "`\\x` needs two hexadecimal digits"),
                }
                return;
            }
            b'u' => {
                self.at += 1;
                match self.unicode_escape() {
                    Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
                    None => self.bad_escape(
                        start,
                        self.at,
                        "`\\u` needs a character's code, as `\\u{706f}`",
                    ),
                }
                return;
            }
            b'\n' | b'\r' if letter == b'\n' || self.byte(1) == b'\n' => {
                while matches!(self.byte(0), b' ' | b'\t' | b'\n' | b'\r') {
                    self.at += 1;
                }
                return;
            }
            _ => {
                // Left as it stands: a path of Windows is readable.
                out.push(b'\\');
                let end = self.at + self.peek_char().map_or(0, char::len_utf8);
                self.bad_escape(start, end, "a backslash begins an escape, and this is none");
                return;
            }
        };
        self.at += 1;
        out.push(plain);
    }

    fn hex(&mut self, digits: usize) -> Option<u32> {
        let text = self.text.get(self.at..self.at + digits)?;
        if !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.at += digits;
        u32::from_str_radix(text, 16).ok()
    }

    fn unicode_escape(&mut self) -> Option<char> {
        if self.byte(0) != b'{' {
            return None;
        }
        let length = (0..=6)
            .find(|n| self.byte(1 + n) == b'}')
            .filter(|n| *n > 0)?;
        self.at += 1;
        let code = self.hex(length)?;
        self.at += 1;
        char::from_u32(code)
    }

    fn bad_escape(&mut self, start: usize, end: usize, message: &str) {
        let span = self.span(start, end);
        let help = "write `\\\\` for a backslash; folders in paths are divided by `/`";
        self.error("bad-escape", message, span, help);
    }

    /// Whether the text just read swallowed lines because its closing quotation mark is
    /// missing: it spans lines, and what follows cannot follow a text.
    fn swallowed_a_line(&mut self, start: usize) -> bool {
        if !self.text[start..self.at].contains('\n') {
            return false;
        }
        let rest = self.rest().trim_start();
        let follows = rest.starts_with([
            ',', ':', ')', ']', '}', ';', '=', '，', '：', '）', '］', '｝', '】',
        ]) || rest.starts_with("//")
            || rest.starts_with("/*")
            || rest.is_empty();
        // A text glued to the next word, as in `"abc,\n about: "def"`.
        !follows
            && self.rest().starts_with(|c: char| {
                c.is_alphanumeric() || c == '{' || c == '#' || c == '.' || c == '('
            })
    }

    /// Reports a text without end and goes on at the end of its first line.
    fn unclosed_text(&mut self, start: usize, opening: usize) -> Kind<'a> {
        let line = &self.text[start + opening..];
        let line = &line[..line.find('\n').unwrap_or(line.len())];
        let content = line.trim_end_matches([',', ')', ']', '}', ' ', '\t', '\r']);
        self.at = start + opening + content.len();
        let span = self.span(start, self.at);
        self.error(
            "unclosed-text",
            "this text is never closed",
            span,
            "put a `\"` at its end; within a text, write `\\\"`",
        );
        Kind::Text(Cow::Borrowed(content))
    }

    fn raw(&mut self, prefix: usize, is_bytes: bool) -> Kind<'a> {
        let start = self.at;
        self.at += prefix;
        let hashes = self.rest().bytes().take_while(|byte| *byte == b'#').count();
        self.at += hashes;
        if self.byte(0) != b'"' {
            let span = self.span(start, self.at);
            self.error(
                "bad-text",
                "expected a text in quotation marks",
                span,
                "write it as r#\"...\"#",
            );
            self.broken_at = self.at;
            return Kind::Broken;
        }
        self.at += 1;
        let ending = format!("\"{}", "#".repeat(hashes));
        let Some(length) = self.rest().find(&ending) else {
            return self.unclosed_text(start, prefix + hashes + 1);
        };
        let content = &self.rest()[..length];
        self.at += length + ending.len();
        self.finish(Content::Borrowed(content), is_bytes, start)
    }

    fn letter(&mut self) -> Kind<'a> {
        let start = self.at;
        self.at += 1;
        let letter = if self.byte(0) == b'\\' {
            let mut bytes = Vec::new();
            self.escape(&mut bytes);
            std::str::from_utf8(&bytes)
                .ok()
                .and_then(|text| text.chars().next())
        } else {
            let c = self.peek_char();
            self.skip_char();
            c
        };
        if self.byte(0) == b'\'' {
            self.at += 1;
            return letter.map_or(Kind::Broken, Kind::Letter);
        }
        // 'text' as in Python or JavaScript.
        let line = &self.text[start + 1..];
        let line = &line[..line.find('\n').unwrap_or(line.len())];
        let content = match line.find('\'') {
            Some(end) => {
                self.at = start + 2 + end;
                &line[..end]
            }
            None => {
                let content = line.trim_end_matches([',', ')', ']', '}', ' ', '\t', '\r']);
                self.at = start + 1 + content.len();
                content
            }
        };
        let span = self.span(start, self.at);
        self.error(
            "single-quotes",
            "text stands in double quotation marks",
            span,
            &format!("write \"{content}\""),
        );
        Kind::Text(Cow::Borrowed(content))
    }

    fn curly(&mut self, opening: char) -> Kind<'a> {
        let start = self.at;
        self.at += opening.len_utf8();
        let line = self.rest();
        let line = &line[..line.find('\n').unwrap_or(line.len())];
        let is_closing = |c: char| c == '"' || CURLY.contains(&c) && !(c == '’' && opening != '‘');
        let content = match line.char_indices().find(|(_, c)| is_closing(*c)) {
            Some((end, c)) => {
                self.at += end + c.len_utf8();
                &line[..end]
            }
            None => {
                let content = line.trim_end_matches([',', ')', ']', '}', ' ', '\t', '\r']);
                self.at += content.len();
                content
            }
        };
        // French ones stand off what they hold.
        let content = if opening == '«' {
            content.trim()
        } else {
            content
        };
        let span = self.span(start, self.at);
        self.error(
            "curly-quotes",
            &format!("`{opening}` is not the quotation mark that scene files use"),
            span,
            &format!("write \"{content}\" with straight quotation marks"),
        );
        Kind::Text(Cow::Borrowed(content))
    }
}
