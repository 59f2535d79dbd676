//! How fast people read and speak, by language.

use std::time::Duration;

use unicode_width::UnicodeWidthStr;

use crate::scene::schema::Language;

/// How captions are laid out and how long they must stay, in a language.
///
/// Source: Netflix, *Timed Text Style Guides* (General Requirements and the guides by
/// language), the most widely cited limits. `comfortable_cps` are those for subtitles of
/// adult programs: 17 characters a second in general and in the English guide's first
/// editions, 9 in Chinese, 4 in Japanese, 12 in Korean. `most_cps` are those that the guides
/// allow captions in the language that is spoken, which must keep up with it: 20 in
/// English, 11 in Chinese, 7 in Japanese, 14 in Korean. Lines: 42 columns; 16 full-width
/// characters in Chinese and Korean, 13 in Japanese. A full-width character counts as one
/// and is two columns wide; a half-width one counts as a half in those scripts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReadingSpeed {
    /// Characters a second that all can read with ease.
    pub comfortable_cps: f32,
    /// Characters a second that are too many beyond this.
    pub most_cps: f32,
    /// Columns of a line.
    pub line_columns: usize,
    /// Columns that count as one character.
    columns_a_character: usize,
    /// Characters a second that a guide speaks.
    spoken_cps: f32,
}

/// Lines of a caption (Netflix, General Requirements, 4: Line Treatment).
pub const MOST_LINES: usize = 2;
/// The shortest a caption stays (Netflix, General Requirements, 1: five sixths of a second).
pub const SHORTEST: Duration = Duration::from_millis(833);
/// The longest a caption stays (ibidem: seven seconds).
pub const LONGEST: Duration = Duration::from_secs(7);

impl ReadingSpeed {
    /// The limits for a language. `spoken_cps` is for estimates only: 150 words a minute in
    /// alphabets, the 300 characters a minute of Japanese newsreaders, 250 of Chinese guides.
    #[must_use]
    pub fn of(language: &Language) -> Self {
        let latin = Self {
            comfortable_cps: 17.0,
            most_cps: 20.0,
            line_columns: 42,
            columns_a_character: 1,
            spoken_cps: 14.0,
        };
        let wide = |comfortable_cps, most_cps, characters: usize, spoken_cps| Self {
            comfortable_cps,
            most_cps,
            line_columns: characters * 2,
            columns_a_character: 2,
            spoken_cps,
        };
        match language.as_str().split('-').next().unwrap_or("") {
            "zh" | "yue" | "cmn" => wide(9.0, 11.0, 16, 4.2),
            "ja" => wide(4.0, 7.0, 13, 5.0),
            "ko" => wide(12.0, 14.0, 16, 5.5),
            "ar" | "fa" | "ur" | "he" | "hi" | "mr" | "ne" | "bn" | "ta" => Self {
                spoken_cps: 12.0,
                ..latin
            },
            _ => latin,
        }
    }

    /// Characters of a text as the guides count them.
    #[must_use]
    pub fn characters(&self, text: &str) -> f32 {
        text.width() as f32 / self.columns_a_character as f32
    }

    /// Characters a second of a text shown for a time.
    #[must_use]
    pub fn cps(&self, text: &str, shown: Duration) -> f32 {
        self.characters(text) / shown.as_secs_f32().max(1e-3)
    }
}

/// How long a guide needs to say something: an estimate, to the tenth of a second.
#[must_use]
pub fn speaking_time(text: &str, language: &Language) -> Duration {
    let speed = ReadingSpeed::of(language);
    let secs = 0.5 + speed.characters(text) / speed.spoken_cps;
    Duration::from_millis((secs * 10.0).ceil() as u64 * 100)
}
