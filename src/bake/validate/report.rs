//! Gathering findings, with a lid on how many a hostile file can make.

use std::collections::HashMap;

use super::help::help_for;
use crate::bake::model::Finding;

/// Findings kept of one code; the rest are counted and told once.
const MOST_OF_ONE_CODE: usize = 100;
/// Findings kept in all.
const MOST_FINDINGS: usize = 2000;
/// Longest piece of the file quoted in a message, in characters.
const LONGEST_QUOTE: usize = 80;

/// The findings made so far.
#[derive(Default)]
pub(super) struct Report {
    findings: Vec<Finding>,
    counts: HashMap<&'static str, (usize, bool)>,
}

impl Report {
    /// Adds what the Khronos validator calls an error.
    pub(super) fn error(
        &mut self,
        code: &'static str,
        pointer: impl Into<String>,
        message: impl Into<String>,
    ) {
        self.push(true, code, pointer.into(), message.into());
    }

    /// Adds what the Khronos validator calls a warning, an information or a hint.
    pub(super) fn warning(
        &mut self,
        code: &'static str,
        pointer: impl Into<String>,
        message: impl Into<String>,
    ) {
        self.push(false, code, pointer.into(), message.into());
    }

    fn push(&mut self, is_error: bool, code: &'static str, pointer: String, message: String) {
        let (count, was_error) = self.counts.entry(code).or_default();
        *count += 1;
        *was_error |= is_error;
        if *count > MOST_OF_ONE_CODE || self.findings.len() >= MOST_FINDINGS {
            return;
        }
        self.findings.push(Finding {
            is_error,
            code: code.to_owned(),
            message,
            pointer,
            help: help_for(code).to_owned(),
        });
    }

    /// How many findings have been made of `code`, kept or not.
    #[cfg(test)]
    pub(super) fn count(&self, code: &str) -> usize {
        self.counts.get(code).map_or(0, |(count, _)| *count)
    }

    /// The findings, errors first, each kind in the order it was made.
    pub(super) fn into_findings(self) -> Vec<Finding> {
        let mut kept: HashMap<&str, usize> = HashMap::new();
        for finding in &self.findings {
            *kept.entry(finding.code.as_str()).or_default() += 1;
        }
        let mut dropped: Vec<(&'static str, usize, bool)> = self
            .counts
            .iter()
            .map(|(code, (count, is_error))| {
                (*code, count - kept.get(code).unwrap_or(&0), *is_error)
            })
            .filter(|(_, count, _)| *count > 0)
            .collect();
        dropped.sort_unstable();
        let mut findings = self.findings;
        for (code, count, is_error) in dropped {
            findings.push(Finding {
                is_error,
                code: code.to_owned(),
                message: format!("{count} more findings of this kind are not listed."),
                pointer: String::new(),
                help: String::new(),
            });
        }
        findings.sort_by_key(|finding| !finding.is_error);
        findings
    }
}

/// `text` in quotes, shortened when it is long.
pub(super) fn quoted(text: &str) -> String {
    let mut short: String = text.chars().take(LONGEST_QUOTE).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    format!("'{short}'")
}

/// `name` as one step of a JSON pointer (RFC 6901).
pub(super) fn escaped(name: &str) -> String {
    let short: String = name.chars().take(LONGEST_QUOTE).collect();
    short.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_findings_is_told_once_and_errors_come_first() {
        let mut report = Report::default();
        for index in 0..5000 {
            report.warning("UNEXPECTED_PROPERTY", format!("/{index}"), "Unexpected.");
        }
        report.error("EMPTY_ENTITY", "/nodes", "Empty.");
        let findings = report.into_findings();
        assert_eq!(
            findings.len(),
            MOST_OF_ONE_CODE + 2,
            "A hundred warnings, one summary and the error are kept."
        );
        assert_eq!(findings[0].code, "EMPTY_ENTITY", "Errors come first.");
        assert_eq!(
            findings.last().map(|finding| finding.message.as_str()),
            Some("4900 more findings of this kind are not listed."),
            "What is left out is counted."
        );
    }

    #[test]
    fn quotes_are_shortened_and_pointers_escaped() {
        assert_eq!(
            quoted(&"é".repeat(100)).chars().count(),
            LONGEST_QUOTE + 3,
            "A long quote ends in an ellipsis."
        );
        assert_eq!(escaped("~a/b"), "~0a~1b", "RFC 6901 escapes are used.");
    }
}
