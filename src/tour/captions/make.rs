//! Captions made from the words of a narration whose captions nobody has timed.

use std::time::Duration;

use super::lines::{break_lines, split_evenly};
use super::speed::{MOST_LINES, ReadingSpeed};
use super::{Caption, Voiced};
use crate::diagnostic::Span;
use crate::scene::schema::Language;

/// Longest text that captions are made of, bytes; the rest is left out.
const LONGEST_TEXT: usize = 1 << 20;

/// Captions for a text that is spoken in a time: a sentence each where it fits into two
/// lines, else in even parts. Each stays for its share of the characters.
#[must_use]
pub fn make(text: &str, language: &Language, length: Duration, span: Span) -> Vec<Caption> {
    let speed = ReadingSpeed::of(language);
    let mut parts: Vec<String> = Vec::new();
    for sentence in sentences(floor(text)) {
        // Lines rarely fill: a caption holds a little less than its lines.
        let columns = speed.line_columns * MOST_LINES;
        let fits = break_lines(sentence, language).len() <= MOST_LINES;
        if fits {
            parts.push(sentence.trim().to_owned());
        } else {
            parts.extend(split_evenly(sentence, columns * 9 / 10));
        }
    }
    let total: f64 = parts.iter().map(|part| weight(&speed, part)).sum();
    let mut done = 0.0;
    let at = |done: f64| length.mul_f64((done / total.max(1e-9)).clamp(0.0, 1.0));
    let captions = parts.into_iter().map(|part| {
        let start = at(done);
        done += weight(&speed, &part);
        Caption {
            start,
            end: at(done),
            voices: vec![Voiced {
                speaker: None,
                text: break_lines(&part, language).join("\n"),
            }],
            span,
            ..Caption::default()
        }
    });
    captions.collect()
}

/// A pause is heard at the end of each sentence.
fn weight(speed: &ReadingSpeed, part: &str) -> f64 {
    f64::from(speed.characters(part)) + 2.0
}

fn floor(text: &str) -> &str {
    let mut end = text.len().min(LONGEST_TEXT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Ends a sentence, in the scripts that Grotto sets.
fn ends_sentence(character: char) -> bool {
    matches!(
        character,
        '.' | '!' | '?' | '…' | '。' | '！' | '？' | '．' | '؟' | '۔' | '।' | '॥' | '։' | '።'
    )
}

/// Ends a clause or a sentence.
pub(crate) fn ends_clause(character: char) -> bool {
    ends_sentence(character)
        || matches!(
            character,
            ',' | ';'
                | ':'
                | '—'
                | '、'
                | '，'
                | '；'
                | '：'
                | '،'
                | '؛'
                | ')'
                | '）'
                | '”'
                | '」'
                | '』'
                | '»'
        )
}

fn closes(character: char) -> bool {
    matches!(
        character,
        '"' | '\'' | ')' | ']' | '”' | '’' | '»' | '」' | '』' | '）' | '】' | '》'
    )
}

/// After these a full stop ends no sentence.
const ABBREVIATIONS: [&str; 14] = [
    "mr", "mrs", "ms", "dr", "st", "prof", "no", "vol", "fig", "ca", "c", "cf", "vs", "m",
];

/// The sentences of a text. Blank lines end one too.
#[must_use]
pub fn sentences(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let is_blank_line =
            character == '\n' && matches!(characters.peek(), Some((_, '\n' | '\r')));
        let mut end = at + character.len_utf8();
        if ends_sentence(character) {
            while let Some((next_at, next)) = characters.peek().copied()
                && (ends_sentence(next) || closes(next))
            {
                end = next_at + next.len_utf8();
                characters.next();
            }
            let after = characters.peek().map(|(_, next)| *next);
            if character.is_ascii() || character == '…' {
                // `3.5`, `e.g.`, `Dr. Wu`: a full stop alone needs a space after it.
                let is_spaced = after.is_none_or(char::is_whitespace);
                if !is_spaced || character == '.' && is_abbreviation(&text[start..at]) {
                    continue;
                }
            }
        } else if !is_blank_line {
            continue;
        }
        push(&mut sentences, &text[start..end]);
        start = end;
    }
    push(&mut sentences, &text[start..]);
    sentences
}

fn push<'t>(sentences: &mut Vec<&'t str>, sentence: &'t str) {
    let sentence = sentence.trim();
    if !sentence.is_empty() {
        sentences.push(sentence);
    }
}

fn is_abbreviation(before: &str) -> bool {
    let word = before
        .rsplit(|c: char| !c.is_alphanumeric() && c != '.')
        .next()
        .unwrap_or("");
    let is_initial = word.chars().count() == 1 && word.chars().all(char::is_uppercase);
    let lower = word.to_lowercase();
    is_initial || ABBREVIATIONS.contains(&lower.as_str()) || lower.contains('.')
}
