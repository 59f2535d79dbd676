//! The markup within a caption (WebVTT §6.4, the cue text tokenizer and its tree).
//!
//! Kept: words, voices, timestamps. Passed over: `<b> <i> <u> <c> <lang>` (their words stay),
//! and readings in `<rt>` with their words.

use std::time::Duration;

use super::Voiced;
use super::values::timestamp;

#[derive(Debug, Default)]
pub(super) struct CueText {
    pub(super) voices: Vec<Voiced>,
    pub(super) reveals: Vec<(usize, Duration)>,
    /// The first thing that is probably not as the author meant.
    pub(super) problem: Option<&'static str>,
}

/// Longest character reference that is looked for, bytes.
const LONGEST_REFERENCE: usize = 12;

pub(super) fn read(text: &str) -> CueText {
    let mut cue = CueText::default();
    let mut rest = text;
    let mut length = 0;
    let mut speaker: Option<String> = None;
    let mut is_reading = false;
    while let Some(first) = rest.chars().next() {
        match first {
            '<' => {
                let Some((tag, after)) = rest[1..].split_once('>') else {
                    // As the tokenizer has it: all that follows is a tag.
                    cue.problem = cue
                        .problem
                        .or(Some("a `<` in this caption is never closed"));
                    break;
                };
                rest = after;
                let name = tag.split(['.', ' ', '\t', '\n']).next().unwrap_or("");
                match name {
                    "v" => speaker = annotation(tag),
                    "/v" => speaker = None,
                    "rt" => is_reading = true,
                    "/rt" | "/ruby" => is_reading = false,
                    _ if tag.starts_with(|c: char| c.is_ascii_digit()) => match timestamp(tag) {
                        Some(time) => cue.reveals.push((length, time)),
                        None => {
                            cue.problem = cue.problem.or(Some("a time in this caption is wrong"));
                        }
                    },
                    "b" | "i" | "u" | "c" | "lang" | "ruby" | "/b" | "/i" | "/u" | "/c"
                    | "/lang" => {}
                    _ => {
                        cue.problem = cue
                            .problem
                            .or(Some("a tag in this caption is not of WebVTT"));
                    }
                }
            }
            _ if is_reading => rest = &rest[first.len_utf8()..],
            '&' => {
                let (character, taken) = reference(rest).unwrap_or(('&', 1));
                push(&mut cue.voices, speaker.as_ref(), character);
                length += character.len_utf8();
                rest = &rest[taken..];
            }
            _ => {
                // §6.1 step 3.
                let character = if first == '\0' { '\u{FFFD}' } else { first };
                push(&mut cue.voices, speaker.as_ref(), character);
                length += character.len_utf8();
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    cue
}

fn push(voices: &mut Vec<Voiced>, speaker: Option<&String>, character: char) {
    match voices.last_mut() {
        Some(last) if last.speaker.as_ref() == speaker => last.text.push(character),
        _ => voices.push(Voiced {
            speaker: speaker.cloned(),
            text: character.into(),
        }),
    }
}

/// What follows a tag's name and classes, its spaces made one each.
fn annotation(tag: &str) -> Option<String> {
    let (_, words) = tag.split_once([' ', '\t', '\n'])?;
    let mut decoded = String::new();
    let mut rest = words;
    while let Some(first) = rest.chars().next() {
        let (character, taken) = (first == '&')
            .then(|| reference(rest))
            .flatten()
            .unwrap_or((first, first.len_utf8()));
        decoded.push(character);
        rest = &rest[taken..];
    }
    let words: Vec<&str> = decoded.split_whitespace().collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// A character reference at the start of a text, and its length. The names are those that
/// §4.2.2 lets authors write, and HTML's commonest.
fn reference(text: &str) -> Option<(char, usize)> {
    let end = text
        .char_indices()
        .take(LONGEST_REFERENCE)
        .find(|(_, c)| *c == ';')?
        .0;
    let name = text.get(1..end)?;
    let character = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "lrm" => '\u{200E}',
        "rlm" => '\u{200F}',
        "nbsp" => '\u{A0}',
        "quot" => '"',
        "apos" => '\'',
        "hellip" => '…',
        "ndash" => '–',
        "mdash" => '—',
        "shy" => '\u{AD}',
        "zwj" => '\u{200D}',
        "zwnj" => '\u{200C}',
        _ => {
            let digits = name.strip_prefix('#')?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(hex) if hex.bytes().all(|b| b.is_ascii_hexdigit()) => {
                    u32::from_str_radix(hex, 16).ok()?
                }
                None if digits.bytes().all(|b| b.is_ascii_digit()) => digits.parse().ok()?,
                _ => return None,
            };
            match code {
                0 => '\u{FFFD}',
                code => char::from_u32(code).unwrap_or('\u{FFFD}'),
            }
        }
    };
    Some((character, end + 1))
}
