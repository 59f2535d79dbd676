//! Lines and columns of a text.

use std::collections::BTreeMap;

use super::Report;

/// Where the lines of a text begin.
pub(super) struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let after_breaks = text
            .bytes()
            .enumerate()
            .filter(|(_, b)| *b == b'\n')
            .map(|(i, _)| i + 1);
        Self {
            text,
            starts: std::iter::once(0).chain(after_breaks).collect(),
        }
    }

    /// The nearest character boundary at or before a byte.
    pub(super) fn floor(&self, byte: usize) -> usize {
        let mut byte = byte.min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        byte
    }

    /// One-based line and column, in characters.
    pub(super) fn locate(&self, byte: usize) -> (usize, usize) {
        let byte = self.floor(byte);
        let line = self.starts.partition_point(|start| *start <= byte);
        let start = self.starts[line - 1];
        (line, self.text[start..byte].chars().count() + 1)
    }

    /// A line without its break.
    pub(super) fn line(&self, line: usize) -> (usize, &'a str) {
        let start = self.starts[line - 1];
        let end = self
            .starts
            .get(line)
            .map_or(self.text.len(), |next| next - 1);
        (start, self.text[start..end].trim_end_matches('\r'))
    }
}

/// Line tables of the files that diagnostics point into, made once each.
pub(super) struct Tables<'a> {
    pub(super) report: &'a Report,
    lines: BTreeMap<u32, Lines<'a>>,
}

impl<'a> Tables<'a> {
    pub(super) fn new(report: &'a Report) -> Self {
        Self {
            report,
            lines: BTreeMap::new(),
        }
    }

    /// `None` when the file is not text.
    pub(super) fn lines(&mut self, file: u32) -> Option<&Lines<'a>> {
        let text = self.report.file(file).map(|file| file.text.as_str())?;
        if text.is_empty() {
            return None;
        }
        Some(self.lines.entry(file).or_insert_with(|| Lines::new(text)))
    }
}
