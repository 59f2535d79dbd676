//! Which step of which tour a problem concerns: the one in whose brackets it was written, or
//! whose captions it is in.

use crate::{
    diagnostic::{Diagnostic, Report, Span},
    exhibit::open::Prepared,
    tour::{StepIndex, TourIndex},
};
use std::{collections::BTreeMap, ops::Range};

/// Problems by tour and step; those of no step have none.
pub(super) type Problems<'a> = BTreeMap<Option<(TourIndex, StepIndex)>, Vec<&'a Diagnostic>>;

pub(super) fn by_step<'a>(prepared: &Prepared, report: &'a Report) -> Problems<'a> {
    let mut records = Vec::new();
    for (tour, own) in prepared.script.tours.iter().enumerate() {
        for (step, own) in own.steps.iter().enumerate() {
            let span = own.span();
            let text = report.text(span.file).unwrap_or_default();
            if let Some(record) = record_around(text, span.start as usize) {
                let index = (TourIndex::new(tour), StepIndex::new(step));
                records.push((span.file, record, index));
            }
        }
    }
    let mut problems = Problems::new();
    for diagnostic in report.diagnostics() {
        let step = diagnostic.span.and_then(|span| {
            let written = records.iter().find(|(file, record, _)| {
                *file == span.file && record.contains(&(span.start as usize))
            });
            written
                .map(|(.., index)| *index)
                .or_else(|| captioned(prepared, report, span))
        });
        problems.entry(step).or_default().push(diagnostic);
    }
    problems
}

/// The step whose caption file a problem is in.
fn captioned(prepared: &Prepared, report: &Report, span: Span) -> Option<(TourIndex, StepIndex)> {
    let path = report.path(span.file)?;
    prepared.utterances().find_map(|(utterance, say)| {
        let files = say.captions.entries.iter().map(|(_, file)| file);
        let mut files = say.captions.plain.iter().chain(files);
        files
            .any(|file| file.in_exhibit == path)
            .then_some((utterance.tour, utterance.step))
    })
}

/// The innermost brackets around a place in a RON text; strings and comments are passed over.
fn record_around(text: &str, at: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let mut open: Vec<usize> = Vec::new();
    let mut found: Option<(usize, usize)> = None;
    let mut i = 0;
    while i < bytes.len() {
        if found.is_none() && i >= at {
            found = Some((*open.last()?, open.len()));
        }
        match bytes[i] {
            b'"' => {
                i += 1;
                while i < bytes.len() && bytes[i] != b'"' {
                    i += if bytes[i] == b'\\' { 2 } else { 1 };
                }
            }
            b'r' if matches!(bytes.get(i + 1), Some(b'#' | b'"')) && !is_word(bytes, i) => {
                let hashes = bytes[i + 1..]
                    .iter()
                    .take_while(|one| **one == b'#')
                    .count();
                let end = format!("\"{}", "#".repeat(hashes));
                let inside = i + 1 + hashes + 1;
                i = text.get(inside..)?.find(&end)? + inside + hashes;
            }
            b'/' if bytes.get(i + 1) == Some(&b'/') => {
                while i < bytes.len() && bytes[i] != b'\n' {
                    i += 1;
                }
            }
            b'/' if bytes.get(i + 1) == Some(&b'*') => {
                i = text.get(i + 2..)?.find("*/")? + i + 3;
            }
            b'(' | b'[' | b'{' => open.push(i),
            b')' | b']' | b'}' => {
                open.pop();
                if let Some((start, depth)) = found
                    && open.len() < depth
                {
                    return Some(start..i + 1);
                }
            }
            _ => {}
        }
        i += 1;
    }
    None
}

/// Whether a letter goes on with a word.
fn is_word(bytes: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|at| bytes.get(at));
    before.is_some_and(|one| one.is_ascii_alphanumeric() || *one == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_brackets_around_a_place_are_found() {
        let text = "(a: [ // (\n (id: \"x)\", say: r#\")\"#, /* ( */ cues: [(1)]), (id: 2)])";
        let record = |part: &str| {
            let at = text.find(part).expect("the part is there");
            record_around(text, at).and_then(|range| text.get(range))
        };
        assert_eq!(
            record("id: \"x"),
            Some("(id: \"x)\", say: r#\")\"#, /* ( */ cues: [(1)])"),
            "strings and comments hold no brackets"
        );
        assert_eq!(record("id: 2"), Some("(id: 2)"), "the next record");
        assert_eq!(
            record_around("(id: 1", 1),
            None,
            "what does not end has no end"
        );
    }
}
