//! Captions: read from WebVTT, or made from the words, and laid out to be read in time.
//!
//! Start reading at [`vtt::read`] and [`make`]; [`ReadingSpeed`] holds the limits and their
//! sources, [`break_lines`] the lines. Crates that read WebVTT were looked at (`vtt`,
//! `subtp`, `webvtt-parser`, `fasrt`): they pass over what they cannot read or stop at it,
//! without a place to show an author, and the most complete would change the features of
//! Bevy's own dependencies.

mod cue_text;
mod lines;
mod make;
mod speakers;
mod speed;
#[cfg(test)]
mod tests;
mod values;
pub mod vtt;

use std::time::Duration;

pub use lines::break_lines;
pub(crate) use make::ends_clause;
pub use make::{make, sentences};
pub use speakers::{SpokenLine, spoken_at};
pub use speed::{LONGEST, MOST_LINES, ReadingSpeed, SHORTEST, speaking_time};

use crate::diagnostic::Span;

/// Words by one speaker.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Voiced {
    /// Who speaks, if it is said.
    pub speaker: Option<String>,
    /// The words, with `\n` where the author broke the line.
    pub text: String,
}

/// Something to read for a time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Caption {
    /// From when.
    pub start: Duration,
    /// Until when.
    pub end: Duration,
    /// The words, by speaker. Never empty.
    pub voices: Vec<Voiced>,
    /// Words appear from these bytes of [`Self::text`] on at these times.
    pub reveals: Vec<(usize, Duration)>,
    /// Where the author wants it on a monitor. Ignored in a headset.
    pub placement: Placement,
    /// Where it was written.
    pub span: Span,
}

impl Caption {
    /// All its words.
    #[must_use]
    pub fn text(&self) -> String {
        self.voices
            .iter()
            .map(|voice| voice.text.as_str())
            .collect()
    }

    /// How long it is shown.
    #[must_use]
    pub fn duration(&self) -> Duration {
        self.end.saturating_sub(self.start)
    }
}

/// When the last caption goes: how long what is said takes, where only they tell.
#[must_use]
pub fn length(captions: &[Caption]) -> Option<Duration> {
    captions.iter().map(|caption| caption.end).max()
}

/// WebVTT's cue settings, as far as they were given and could be read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Placement {
    /// Text runs down the picture, lines growing to the left or the right.
    pub vertical: Option<Vertical>,
    /// The line, counted from the top, or from the bottom where negative.
    pub line: Option<f32>,
    /// The height of the line, percent from the top; instead of `line`.
    pub line_percent: Option<f32>,
    /// The place across the picture, percent from the left.
    pub position_percent: Option<f32>,
    /// The width of the caption, percent of the picture.
    pub size_percent: Option<f32>,
    /// How its lines are set.
    pub align: Align,
}

/// Vertical writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vertical {
    /// Lines grow to the left, as in Chinese and Japanese.
    RightToLeft,
    /// Lines grow to the right, as in Mongolian.
    LeftToRight,
}

/// How lines are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    /// Where the script begins.
    Start,
    /// In the middle.
    #[default]
    Center,
    /// Where the script ends.
    End,
    /// On the left.
    Left,
    /// On the right.
    Right,
}

/// The captions to be shown at a time, in order. `captions` are sorted by start.
pub fn at(captions: &[Caption], time: Duration) -> impl Iterator<Item = &Caption> {
    let begun = captions.partition_point(|caption| caption.start <= time);
    captions[..begun]
        .iter()
        .filter(move |caption| time < caption.end)
}
