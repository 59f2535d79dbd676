//! Sentence by sentence: a voice with pauses, and captions that know when each begins.

use super::espeak::Espeak;
use super::heard;
use super::lines::Line;
use crate::sample::sounds::wav::Pcm;
use crate::tour::captions::{self, Caption};
use rayon::prelude::*;
use std::time::Duration;

/// Rest before the first sentence, seconds: a visitor has just been led here.
const BEFORE_SECS: f32 = 0.3;
/// Rest between two sentences, seconds.
const BETWEEN_SECS: f32 = 0.65;
/// Rest after the last, seconds.
const AFTER_SECS: f32 = 1.1;
/// How long the last caption outlasts the voice: less than the rest after it, as an eye that is
/// still reading needs it and no other does.
const LINGER: Duration = Duration::from_millis(900);
/// Samples a second of silence.
const SILENT_RATE: u32 = 8_000;
/// Four decibels less than the program's own level.
const HEADROOM: f32 = 0.63;
/// What counts as silence round a sentence: 1/256 of full level.
pub(super) const QUIET: u16 = 128;

/// A voice and its captions.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Recording {
    /// Samples a second.
    pub(crate) rate: u32,
    /// Mono samples.
    pub(crate) samples: Vec<i16>,
    /// Captions by sentence.
    pub(crate) captions: Vec<Caption>,
    /// Nobody speaks.
    pub(crate) is_silent: bool,
}

/// A sentence of a recording, in samples.
struct Sentence {
    start: usize,
    length: usize,
    /// Its captions, timed within it.
    captions: Vec<Caption>,
}

impl Recording {
    /// A line as the program says it; `None` if it cannot say all of it.
    pub(crate) fn spoken(line: &Line, espeak: &Espeak) -> Option<Self> {
        let sentences = captions::sentences(&line.text);
        let said: Option<Vec<Pcm>> = sentences
            .par_iter()
            .map(|sentence| espeak.say(sentence, &line.language))
            .collect();
        let said: Vec<Pcm> = said?.into_iter().map(trimmed).collect();
        let rate = said.first()?.rate;
        if said.iter().any(|one| one.rate != rate) {
            return None;
        }
        let lengths: Vec<usize> = said.iter().map(|one| one.samples.len()).collect();
        let (starts, total) = starts(&lengths, rate);
        let mut samples = vec![0; total];
        let sentences: Vec<Sentence> = sentences
            .par_iter()
            .zip(&said)
            .zip(&starts)
            .map(|((text, said), start)| Sentence {
                start: *start,
                length: said.samples.len(),
                captions: heard::timed(text, said, &line.language, espeak),
            })
            .collect();
        for (sentence, one) in sentences.iter().zip(&said) {
            // `starts` leaves room for each sentence.
            samples[sentence.start..sentence.start + sentence.length].copy_from_slice(&one.samples);
        }
        Some(Self {
            captions: by_sentence(&sentences, rate),
            rate,
            samples,
            is_silent: false,
        })
    }

    /// As long as a line takes to say, and silent.
    pub(crate) fn silent(line: &Line) -> Self {
        let rate = SILENT_RATE;
        let sentences = captions::sentences(&line.text);
        let times: Vec<Duration> = sentences
            .iter()
            .map(|sentence| captions::speaking_time(sentence, &line.language))
            .collect();
        let lengths: Vec<usize> = times
            .iter()
            .map(|time| (time.as_secs_f32() * rate as f32) as usize)
            .collect();
        let (starts, total) = starts(&lengths, rate);
        let sentences: Vec<Sentence> = (sentences.iter().zip(&times))
            .zip(starts.iter().zip(&lengths))
            .map(|((text, time), (start, length))| Sentence {
                start: *start,
                length: *length,
                captions: captions::make(text, &line.language, *time, Default::default()),
            })
            .collect();
        Self {
            rate,
            samples: vec![0; total],
            captions: by_sentence(&sentences, rate),
            is_silent: true,
        }
    }
}

/// Where sentences of these lengths begin, and the length of all, in samples.
fn starts(lengths: &[usize], rate: u32) -> (Vec<usize>, usize) {
    let rest = |secs: f32| (secs * rate as f32) as usize;
    let mut at = rest(BEFORE_SECS);
    let mut starts = Vec::with_capacity(lengths.len());
    for (index, length) in lengths.iter().enumerate() {
        starts.push(at);
        let is_last = index + 1 == lengths.len();
        at += length + rest(if is_last { AFTER_SECS } else { BETWEEN_SECS });
    }
    (starts, at)
}

/// Without the silence before and after the words, and with room above its peaks: the program
/// speaks up to full level.
pub(super) fn trimmed(mut pcm: Pcm) -> Pcm {
    for sample in &mut pcm.samples {
        *sample = (f32::from(*sample) * HEADROOM) as i16;
    }
    let is_heard = |sample: &i16| sample.unsigned_abs() > QUIET;
    let margin = pcm.rate as usize / 50;
    let first = pcm.samples.iter().position(is_heard).unwrap_or(0);
    let last = pcm.samples.iter().rposition(is_heard).unwrap_or(0);
    let end = (last + margin).min(pcm.samples.len());
    pcm.samples.truncate(end);
    pcm.samples.drain(..first.saturating_sub(margin).min(end));
    pcm
}

/// Captions of each sentence from its beginning to that of the next; the last goes a moment
/// after the voice has ended.
fn by_sentence(sentences: &[Sentence], rate: u32) -> Vec<Caption> {
    let time = |sample: usize| Duration::from_secs_f64(sample as f64 / f64::from(rate));
    let mut all = Vec::new();
    for (index, sentence) in sentences.iter().enumerate() {
        let start = time(sentence.start);
        let next = sentences.get(index + 1).map(|next| time(next.start));
        let end = next.unwrap_or(time(sentence.start + sentence.length) + LINGER);
        let last = sentence.captions.len().saturating_sub(1);
        for (part, caption) in sentence.captions.iter().enumerate() {
            let mut caption = caption.clone();
            caption.end = if part == last {
                end
            } else {
                caption.end + start
            };
            caption.start += start;
            all.push(caption);
        }
    }
    all
}

/// Captions for a voice of which only the length is known: each for its share of the words.
pub(crate) fn timed_by_length(line: &Line, secs: f32) -> Vec<Caption> {
    let length = Duration::from_secs_f32(secs.clamp(0.1, 3600.0));
    captions::make(&line.text, &line.language, length, Default::default())
}

/// A WebVTT file.
pub(crate) fn web_vtt(captions: &[Caption]) -> String {
    let mut out = String::from("WEBVTT\n");
    let stamp = |time: Duration| {
        let millis = time.as_millis();
        let (minutes, secs) = (millis / 60_000, millis / 1_000 % 60);
        format!("{:02}:{:02}.{:03}", minutes, secs, millis % 1_000)
    };
    for caption in captions {
        let text = caption.text().replace('&', "&amp;").replace('<', "&lt;");
        let (from, to) = (stamp(caption.start), stamp(caption.end));
        out.push_str(&format!("\n{from} --> {to}\n{text}\n"));
    }
    out
}
