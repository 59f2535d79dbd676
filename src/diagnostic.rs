//! What is wrong in a file, where, and how to mend it.
//!
//! Whoever reads an author's files gathers [`Diagnostic`]s in a [`Report`] and goes on, so
//! that one run tells everything. The report keeps the texts it speaks of and renders itself
//! for people ([`Report::to_text`]) and for programs ([`Report::to_json`]).

mod lines;
mod render;

use std::borrow::Cow;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Something will not be as the author meant.
    Error,
    /// Something is probably not as the author meant, or will be missed one day.
    Warning,
    /// Worth knowing.
    Info,
}

impl Severity {
    /// Its name in reports: `error`, `warning`, `info`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

/// A range of bytes in a file of a [`Report`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file, as [`Report::add_file`] numbered it; 0 is none.
    pub file: u32,
    /// First byte.
    pub start: u32,
    /// Byte after the last.
    pub end: u32,
}

impl Span {
    /// A file as a whole.
    #[must_use]
    pub fn whole_file(file: u32) -> Self {
        Self {
            file,
            start: 0,
            end: 0,
        }
    }

    /// From the start of this one to the end of another in the same file.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self {
            end: other.end.max(self.start),
            ..self
        }
    }
}

/// One thing to tell an author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// Kebab-case name of the kind of problem, such as `unknown-hotspot`. Stable: scripts
    /// and documentation name it.
    pub code: Cow<'static, str>,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// Where. `None` when it concerns no file.
    pub span: Option<Span>,
    /// A few words at the caret: what was expected. May be empty.
    pub label: String,
    /// How to mend it. May be empty.
    pub help: String,
    /// Other places that matter, each with a few words.
    pub related: Vec<(Span, String)>,
}

impl Diagnostic {
    /// A diagnostic of any severity.
    #[must_use]
    pub fn new(
        severity: Severity,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            severity,
            code: code.into(),
            message: message.into(),
            span: None,
            label: String::new(),
            help: String::new(),
            related: Vec::new(),
        }
    }

    /// An error.
    #[must_use]
    pub fn error(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }

    /// A warning.
    #[must_use]
    pub fn warning(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    /// Says where. A span without a file says nowhere.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span = (span.file != 0).then_some(span);
        self
    }

    /// Says a few words at the caret.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Says how to mend it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// Points at another place that matters.
    #[must_use]
    pub fn also(mut self, span: Span, words: impl Into<String>) -> Self {
        if span.file != 0 {
            self.related.push((span, words.into()));
        }
        self
    }
}

/// A file that diagnostics point into.
#[derive(Debug, Clone, Default)]
struct SourceFile {
    path: String,
    /// Empty for files that are not text: then only the path is shown.
    text: String,
}

/// Most diagnostics kept; more are only counted. A file of nonsense must not fill memory.
const MOST_KEPT: usize = 2000;

/// All diagnostics of a run and the files they point into.
#[derive(Debug, Clone, Default)]
pub struct Report {
    files: Vec<SourceFile>,
    diagnostics: Vec<Diagnostic>,
    uncounted: [usize; 3],
}

impl Report {
    /// An empty report.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes a file known, and returns its number for [`Span::file`]. The text may be empty
    /// for a file that is not text. A path is as the author should see it.
    pub fn add_file(&mut self, path: impl Into<String>, text: impl Into<String>) -> u32 {
        self.files.push(SourceFile {
            path: path.into(),
            text: text.into(),
        });
        u32::try_from(self.files.len()).unwrap_or(0)
    }

    /// The path of a file.
    #[must_use]
    pub fn path(&self, file: u32) -> Option<&str> {
        self.file(file).map(|file| file.path.as_str())
    }

    /// The text of a file; empty for one that is not text.
    #[must_use]
    pub fn text(&self, file: u32) -> Option<&str> {
        self.file(file).map(|file| file.text.as_str())
    }

    fn file(&self, file: u32) -> Option<&SourceFile> {
        self.files.get((file as usize).checked_sub(1)?)
    }

    /// Adds a diagnostic.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() < MOST_KEPT {
            self.diagnostics.push(diagnostic);
        } else {
            self.uncounted[diagnostic.severity as usize] += 1;
        }
    }

    /// Adds a diagnostic unless the same was added before: what is found in each language is
    /// told once.
    pub fn push_once(&mut self, diagnostic: Diagnostic) {
        if !self.diagnostics.contains(&diagnostic) {
            self.push(diagnostic);
        }
    }

    /// Whether so much is wrong that more is only counted: who explains at length may stop.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.diagnostics.len() >= MOST_KEPT
    }

    /// Adds another report's files and diagnostics.
    pub fn absorb(&mut self, other: Self) {
        let offset = u32::try_from(self.files.len()).unwrap_or(0);
        self.files.extend(other.files);
        let shift = |span: &mut Span| {
            if span.file != 0 {
                span.file = span.file.saturating_add(offset);
            }
        };
        for mut diagnostic in other.diagnostics {
            diagnostic.span.iter_mut().for_each(shift);
            diagnostic
                .related
                .iter_mut()
                .for_each(|(span, _)| shift(span));
            self.push(diagnostic);
        }
        for (mine, theirs) in self.uncounted.iter_mut().zip(other.uncounted) {
            *mine += theirs;
        }
    }

    /// How many there are of a severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics
            .iter()
            .filter(|one| one.severity == severity)
            .count()
            + self.uncounted[severity as usize]
    }

    /// Whether there is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// Whether there is nothing to say.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// The diagnostics by file and position; those that concern no file come first.
    #[must_use]
    pub fn diagnostics(&self) -> Vec<&Diagnostic> {
        let mut all: Vec<&Diagnostic> = self.diagnostics.iter().collect();
        all.sort_by(|a, b| {
            (a.span, a.severity, &a.code, &a.message)
                .cmp(&(b.span, b.severity, &b.code, &b.message))
        });
        all.dedup();
        all
    }

    /// For people: each diagnostic with its source line and a caret, then a summary line.
    /// With `color`, ANSI escapes for a terminal.
    #[must_use]
    pub fn to_text(&self, color: bool) -> String {
        render::to_text(self, color)
    }

    /// One diagnostic as in [`Self::to_text`], for a log or an overlay.
    #[must_use]
    pub fn one_to_text(&self, diagnostic: &Diagnostic, color: bool) -> String {
        render::one_to_text(self, diagnostic, color)
    }

    /// For programs: a JSON list of `{severity, code, message, file, line, column, end_line,
    /// end_column, help}`. Lines and columns are one-based, columns count characters, the end
    /// is exclusive; `null` where there is no such position.
    #[must_use]
    pub fn to_json(&self) -> String {
        render::to_json(self)
    }

    /// Such as `2 errors and 1 warning in 3 files`.
    #[must_use]
    pub fn summary(&self) -> String {
        render::summary(self)
    }

    /// One-based line and column (in characters) of the start of a span.
    #[must_use]
    pub fn line_and_column(&self, span: Span) -> Option<(usize, usize)> {
        let file = self.file(span.file).filter(|file| !file.text.is_empty())?;
        Some(lines::Lines::new(&file.text).locate(span.start as usize))
    }
}
