//! Reading WebVTT files, after W3C's *WebVTT: The Web Video Text Tracks Format* (Candidate
//! Recommendation, 4 April 2019). Section numbers are of that text.
//!
//! The reader never fails: what it cannot read it reports and passes over, as §6.1 wants.
//! Unlike a browser it reads on without the signature, and reads the decimal comma of SRT.

use std::time::Duration;

use super::values::{set, timestamp};
use super::{Caption, Placement, cue_text};
use crate::diagnostic::{Diagnostic, Report, Span};

/// The largest file that is read, bytes. An hour of captions is a tenth of a mebibyte.
pub const LARGEST_FILE: usize = 4 << 20;
/// The most captions that are kept.
pub const MOST_CAPTIONS: usize = 20_000;

/// Reads a file. It is made known to the report under the path that the author should see.
/// The captions come sorted by their start.
#[must_use]
pub fn read(path: &str, bytes: &[u8], report: &mut Report) -> Vec<Caption> {
    let (bytes, is_cut) = match bytes.get(..LARGEST_FILE) {
        Some(start) if bytes.len() > LARGEST_FILE => (start, true),
        _ => (bytes, false),
    };
    // §6.1 step 1: decoded as UTF-8, what is none becomes U+FFFD.
    let text = String::from_utf8_lossy(bytes);
    let is_utf8 = matches!(text, std::borrow::Cow::Borrowed(_));
    let file = report.add_file(path, text.clone());
    let mut reader = Reader {
        text: &text,
        file,
        report,
        captions: Vec::new(),
    };
    if is_cut {
        let message = format!("this file is larger than {} MiB", LARGEST_FILE >> 20);
        reader.warn(
            "captions-too-large",
            message,
            0..0,
            "captions are small: is it another file?",
        );
    }
    if !is_utf8 && !is_cut {
        let message = "this file is not UTF-8 text".to_owned();
        let at = text.find('\u{FFFD}').unwrap_or(0);
        reader.warn(
            "not-utf8",
            message,
            at..at + 3,
            "save it as UTF-8 in your editor",
        );
    }
    reader.file();
    let mut captions = reader.captions;
    captions.sort_by_key(|caption| caption.start);
    captions
}

struct Reader<'a> {
    text: &'a str,
    file: u32,
    report: &'a mut Report,
    captions: Vec<Caption>,
}

/// A line without its break, and where it begins.
#[derive(Clone, Copy)]
struct Line<'a> {
    start: usize,
    text: &'a str,
}

impl Line<'_> {
    fn range(&self) -> std::ops::Range<usize> {
        self.start..self.start + self.text.len()
    }

    fn has_arrow(&self) -> bool {
        self.text.contains("-->")
    }
}

/// Lines end at LF, CR or both (§6.1 step 2).
fn lines(text: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut start = 0;
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if matches!(bytes[at], b'\n' | b'\r') {
            lines.push(Line {
                start,
                text: &text[start..at],
            });
            let is_pair = bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
            at += if is_pair { 2 } else { 1 };
            start = at;
        } else {
            at += 1;
        }
    }
    if start < text.len() {
        lines.push(Line {
            start,
            text: &text[start..],
        });
    }
    lines
}

/// Whether a line begins with a word that stands alone or before a space.
fn begins_with(line: &str, word: &str) -> bool {
    line.strip_prefix(word)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
}

impl Reader<'_> {
    fn warn(
        &mut self,
        code: &'static str,
        message: String,
        at: std::ops::Range<usize>,
        help: &str,
    ) {
        let span = self.span(at);
        self.report
            .push(Diagnostic::warning(code, message).at(span).help(help));
    }

    fn error(
        &mut self,
        code: &'static str,
        message: String,
        at: std::ops::Range<usize>,
        help: &str,
    ) {
        let span = self.span(at);
        self.report
            .push(Diagnostic::error(code, message).at(span).help(help));
    }

    fn span(&self, at: std::ops::Range<usize>) -> Span {
        let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span {
            file: self.file,
            start: byte(at.start),
            end: byte(at.end),
        }
    }

    fn file(&mut self) {
        let text = self.text;
        let bom = if text.starts_with('\u{FEFF}') { 3 } else { 0 };
        let mut all = lines(&text[bom..]);
        all.iter_mut().for_each(|line| line.start += bom);
        let mut rest = all.as_slice();
        match rest.first() {
            Some(first) if begins_with(first.text, "WEBVTT") => {
                // §6.1 steps 6 to 10: the header ends at a blank line, or at a cue.
                rest = &rest[1..];
                while let Some((line, after)) = rest.split_first()
                    && !line.text.is_empty()
                    && !line.has_arrow()
                {
                    rest = after;
                }
            }
            first => {
                let range = first.map_or(0..0, Line::range);
                let message = "this file does not begin with WEBVTT".to_owned();
                let help = "write WEBVTT on the first line, then a blank line";
                self.error("captions-without-signature", message, range, help);
            }
        }
        while !rest.is_empty() && self.captions.len() < MOST_CAPTIONS {
            rest = self.block(rest);
        }
        if let Some(line) = rest.first() {
            let message = format!("only the first {MOST_CAPTIONS} captions are kept");
            self.warn(
                "captions-too-large",
                message,
                line.range(),
                "split the file",
            );
        }
    }

    /// One block (§6.1, *collect a WebVTT block*), and what comes after it.
    fn block<'t>(&mut self, lines: &'t [Line<'t>]) -> &'t [Line<'t>] {
        let Some((first, after)) = lines.split_first() else {
            return lines;
        };
        if first.text.is_empty() {
            return after;
        }
        if first.has_arrow() {
            return self.cue(*first, after);
        }
        // The line before the times is the cue's name.
        if let Some((second, after_second)) = after.split_first()
            && second.has_arrow()
        {
            return self.cue(*second, after_second);
        }
        let count = after
            .iter()
            .take_while(|line| !line.text.is_empty() && !line.has_arrow())
            .count();
        let is_known =
            begins_with(first.text, "NOTE") || ["STYLE", "REGION"].contains(&first.text.trim_end());
        if !is_known && first.text.trim().parse::<u64>().is_err() {
            let message = "this text belongs to no caption".to_owned();
            let help = "put its times on the line above it, or NOTE before it";
            self.warn("captions-stray-text", message, first.range(), help);
        }
        &after[count..]
    }

    /// A cue: its times and settings, then its text up to a blank line or another cue.
    fn cue<'t>(&mut self, times: Line<'t>, lines: &'t [Line<'t>]) -> &'t [Line<'t>] {
        let count = lines
            .iter()
            .take_while(|line| !line.text.is_empty() && !line.has_arrow())
            .count();
        let (body, after) = lines.split_at(count);
        // The line before another cue's times is its name, not our text.
        let is_cut = after.first().is_some_and(Line::has_arrow);
        let Some((start, end, settings)) = self.times(times) else {
            return after;
        };
        let placement = self.settings(settings);
        let text_range = match (body.first(), body.last()) {
            (Some(first), Some(last)) => first.start..last.range().end,
            _ => times.range().end..times.range().end,
        };
        if is_cut {
            let message = "a caption begins within another's text".to_owned();
            let help = "put a blank line before it";
            self.warn(
                "captions-missing-blank-line",
                message,
                text_range.clone(),
                help,
            );
        }
        let lines: Vec<&str> = body.iter().map(|line| line.text).collect();
        let read = cue_text::read(&lines.join("\n"));
        if let Some(problem) = read.problem {
            let help = "write &lt; for < and &amp; for &";
            self.warn(
                "captions-markup",
                problem.to_owned(),
                text_range.clone(),
                help,
            );
        }
        if end <= start {
            let message = "this caption ends before it begins".to_owned();
            let help = "exchange its times, or mend them";
            self.error("captions-times", message, times.range(), help);
            return after;
        }
        if read.voices.iter().all(|voice| voice.text.trim().is_empty()) {
            let message = "this caption has no text".to_owned();
            self.warn(
                "captions-empty",
                message,
                times.range(),
                "write its words below its times",
            );
            return after;
        }
        if self.captions.last().is_some_and(|last| last.start > start) {
            let message = "this caption begins before the one above it".to_owned();
            self.warn(
                "captions-order",
                message,
                times.range(),
                "put captions in order",
            );
        }
        let span = self.span(times.start..text_range.end);
        let reveals = read.reveals.into_iter();
        self.captions.push(Caption {
            start,
            end,
            voices: read.voices,
            reveals: reveals.filter(|(_, at)| start < *at && *at < end).collect(),
            placement,
            span,
        });
        after
    }

    /// §6.3: the times; what follows are settings.
    fn times<'t>(&mut self, line: Line<'t>) -> Option<(Duration, Duration, Line<'t>)> {
        let read = || {
            let (start, rest) = line.text.split_once("-->")?;
            let rest_start = line.start + start.len() + 3;
            let trimmed = rest.trim_start_matches([' ', '\t', '\u{c}']);
            let length = trimmed.find([' ', '\t', '\u{c}']).unwrap_or(trimmed.len());
            let (end, settings) = trimmed.split_at(length);
            let settings = Line {
                start: rest_start + rest.len() - trimmed.len() + length,
                text: settings,
            };
            Some((timestamp(start.trim())?, timestamp(end)?, settings))
        };
        let read = read();
        if read.is_none() {
            let message = "these times cannot be read".to_owned();
            let help = "write them as 00:01:02.500 --> 00:01:05.000";
            self.error("captions-times", message, line.range(), help);
        } else if line.text.contains(',')
            && line.text.split_once("-->").is_some_and(|(start, end)| {
                let end = end.split_whitespace().next().unwrap_or("");
                start.contains(',') || end.contains(',')
            })
        {
            let message = "these times have a comma, as in SRT files".to_owned();
            self.warn(
                "captions-times",
                message,
                line.range(),
                "write a point: 00:01:02.500",
            );
        }
        read
    }

    /// §6.3, *parse the WebVTT cue settings*.
    fn settings(&mut self, line: Line<'_>) -> Placement {
        let mut placement = Placement::default();
        for setting in line.text.split_whitespace() {
            let is_read = setting
                .split_once(':')
                .is_some_and(|(name, value)| set(&mut placement, name, value).is_some());
            if !is_read {
                let offset = setting.as_ptr() as usize - line.text.as_ptr() as usize;
                let start = line.start + offset;
                let message = format!("the setting `{setting}` cannot be read");
                let help = "settings are vertical, line, position, size, align and region";
                self.warn(
                    "captions-setting",
                    message,
                    start..start + setting.len(),
                    help,
                );
            }
        }
        placement
    }
}
