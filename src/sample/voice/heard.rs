//! Where in a spoken sentence each of its captions begins.
//!
//! A sentence that is too long for one caption is broken where its words allow. The program
//! does not say when it came to a word; but it says the words before a break by themselves, and
//! those after it: both lengths tell where the break is, from either end. Where a comma or a
//! colon stands there, it rests, and the caption begins when it goes on.

use super::espeak::Espeak;
use super::recording::{QUIET, trimmed};
use crate::sample::sounds::wav::Pcm;
use crate::scene::schema::Language;
use crate::tour::captions::{self, Caption};
use std::time::Duration;

/// How far a rest may be from where it was looked for, seconds.
const REACH_SECS: f32 = 0.45;
/// What is shorter is no rest between words, but a stop within one, seconds.
const REST_SECS: f32 = 0.05;
/// Looked at together, seconds.
const WINDOW_SECS: f32 = 0.005;

/// Captions of a sentence that was said, timed within it.
pub(super) fn timed(
    sentence: &str,
    said: &Pcm,
    language: &Language,
    espeak: &Espeak,
) -> Vec<Caption> {
    let secs = said.samples.len() as f64 / f64::from(said.rate);
    let whole = Duration::from_secs_f64(secs);
    let mut captions = captions::make(sentence, language, whole, Default::default());
    let mut words = 0;
    let mut last = Duration::ZERO;
    for part in 1..captions.len() {
        words += letters(&captions[part - 1].text());
        let guess = captions[part].start.as_secs_f32();
        let (before, after) = sentence.split_at(after_letters(sentence, words));
        let at_secs = begins_at(before, after, said, guess, language, espeak);
        // No caption is passed over, whatever was heard.
        let at = Duration::from_secs_f32(at_secs).clamp(last, whole);
        captions[part - 1].end = at;
        captions[part].start = at;
        last = at;
    }
    captions
}

/// When the words after a break are heard, in seconds from the beginning of the sentence.
fn begins_at(
    before: &str,
    after: &str,
    said: &Pcm,
    guess_secs: f32,
    language: &Language,
    espeak: &Espeak,
) -> f32 {
    let length_secs = |words: &str| {
        let own = trimmed(espeak.say(words.trim(), language)?);
        Some(own.samples.len() as f32 / own.rate as f32)
    };
    let whole_secs = said.samples.len() as f32 / said.rate as f32;
    let at_secs = match (length_secs(before), length_secs(after)) {
        (Some(before), Some(after)) => (before + whole_secs - after) * 0.5,
        _ => guess_secs,
    };
    if !before.trim_end().ends_with(captions::ends_clause) {
        return at_secs;
    }
    onset_near(said, at_secs).unwrap_or(at_secs)
}

/// Where the voice goes on after the rest that is nearest to a time, seconds.
pub(super) fn onset_near(said: &Pcm, at_secs: f32) -> Option<f32> {
    let window = ((said.rate as f32 * WINDOW_SECS) as usize).max(1);
    let window_secs = window as f32 / said.rate as f32;
    let mut best: Option<f32> = None;
    let mut quiet = 0;
    let mut is_begun = false;
    for (index, samples) in said.samples.chunks(window).enumerate() {
        if samples.iter().all(|sample| sample.unsigned_abs() <= QUIET) {
            quiet += 1;
            continue;
        }
        let onset_secs = index as f32 * window_secs;
        let off = |secs: f32| (secs - at_secs).abs();
        let is_rest = is_begun && quiet as f32 * window_secs >= REST_SECS;
        if is_rest
            && off(onset_secs) <= REACH_SECS
            && best.is_none_or(|best| off(onset_secs) < off(best))
        {
            best = Some(onset_secs);
        }
        quiet = 0;
        is_begun = true;
    }
    best
}

/// How many characters are not spaces.
fn letters(text: &str) -> usize {
    text.chars().filter(|one| !one.is_whitespace()).count()
}

/// The place in a text after so many characters that are not spaces.
fn after_letters(text: &str, count: usize) -> usize {
    let mut seen = 0;
    for (at, one) in text.char_indices() {
        if !one.is_whitespace() {
            if seen == count {
                return at;
            }
            seen += 1;
        }
    }
    text.len()
}
