//! Reports as text and as JSON.

use std::fmt::Write as _;

use serde::Serialize;
use unicode_width::UnicodeWidthChar;

use super::lines::Tables;
use super::{Diagnostic, Report, Severity, Span};

/// Widest part of a source line that is shown, in terminal columns.
const WIDEST_LINE: usize = 110;

/// ANSI escapes, or nothing.
struct Paint {
    color: bool,
}

impl Paint {
    fn code(&self, code: &'static str) -> &'static str {
        if self.color { code } else { "" }
    }

    fn severity(&self, severity: Severity) -> &'static str {
        self.code(match severity {
            Severity::Error => "\x1b[1;31m",
            Severity::Warning => "\x1b[1;33m",
            Severity::Info => "\x1b[1;36m",
        })
    }

    fn bold(&self) -> &'static str {
        self.code("\x1b[1m")
    }

    fn gutter(&self) -> &'static str {
        self.code("\x1b[1;34m")
    }

    fn off(&self) -> &'static str {
        self.code("\x1b[0m")
    }
}

pub(super) fn to_text(report: &Report, color: bool) -> String {
    let mut out = String::new();
    let mut tables = Tables::new(report);
    let paint = Paint { color };
    for diagnostic in report.diagnostics() {
        write_one(&mut out, &mut tables, diagnostic, &paint);
        out.push('\n');
    }
    out.push_str(&summary(report));
    out.push('\n');
    out
}

pub(super) fn one_to_text(report: &Report, diagnostic: &Diagnostic, color: bool) -> String {
    let mut out = String::new();
    write_one(
        &mut out,
        &mut Tables::new(report),
        diagnostic,
        &Paint { color },
    );
    out
}

/// Writing into a `String` cannot fail, so results of `write!` are dropped by `ok()`.
fn write_one(out: &mut String, tables: &mut Tables<'_>, diagnostic: &Diagnostic, paint: &Paint) {
    let (tint, bold, off) = (
        paint.severity(diagnostic.severity),
        paint.bold(),
        paint.off(),
    );
    let name = diagnostic.severity.name();
    let (code, message) = (&diagnostic.code, printable(&diagnostic.message));
    writeln!(out, "{tint}{name}[{code}]{off}{bold}: {message}{off}").ok();
    if let Some(span) = diagnostic.span {
        write_place(out, tables, span, &diagnostic.label, tint, paint);
    }
    for (span, words) in &diagnostic.related {
        writeln!(out, "{bold}note{off}: {}", printable(words)).ok();
        write_place(out, tables, *span, "", paint.gutter(), paint);
    }
    if !diagnostic.help.is_empty() {
        writeln!(out, "{bold}help{off}: {}", printable(&diagnostic.help)).ok();
    }
}

fn write_place(
    out: &mut String,
    tables: &mut Tables<'_>,
    span: Span,
    label: &str,
    tint: &str,
    paint: &Paint,
) {
    let (gutter, off) = (paint.gutter(), paint.off());
    let path = printable(tables.report.path(span.file).unwrap_or("?"));
    let Some(lines) = tables.lines(span.file) else {
        writeln!(out, "  {gutter}-->{off} {path}").ok();
        return;
    };
    let (line, column) = lines.locate(span.start as usize);
    let (line_start, text) = lines.line(line);
    let from = lines.floor(span.start as usize) - line_start;
    let to = lines.floor(span.end as usize).saturating_sub(line_start);
    let (shown, indent, width) = excerpt(text, from.min(text.len()), to.min(text.len()));
    let number = line.to_string();
    let pad = " ".repeat(number.len());
    let carets = "^".repeat(width);
    let indent = " ".repeat(indent);
    let label = printable(label);
    writeln!(out, "{pad} {gutter}-->{off} {path}:{line}:{column}").ok();
    writeln!(out, "{pad} {gutter}|{off}").ok();
    writeln!(out, "{gutter}{number} |{off} {shown}").ok();
    let marks = format!("{pad} {gutter}|{off} {indent}{tint}{carets} {label}");
    writeln!(out, "{}{off}", marks.trim_end()).ok();
}

/// The part of a line around `from..to` that fits, where the carets begin and how many
/// there are, in terminal columns.
fn excerpt(line: &str, from: usize, to: usize) -> (String, usize, usize) {
    let mut first = from;
    let mut room = WIDEST_LINE / 2;
    // A line that fits is shown whole.
    if line.len() <= WIDEST_LINE * 4 && line.chars().map(width).sum::<usize>() <= WIDEST_LINE {
        room = WIDEST_LINE;
    }
    for (index, c) in line[..from].char_indices().rev() {
        let Some(left) = room.checked_sub(width(c)) else {
            break;
        };
        room = left;
        first = index;
    }
    // What the left side does not need, the right side may use.
    let mut room = WIDEST_LINE / 2 + room;
    let mut shown = String::new();
    let (mut indent, mut carets) = (0, 0);
    if first > 0 {
        shown.push('…');
        indent = 1;
    }
    for (offset, c) in line[first..].char_indices() {
        let at = first + offset;
        if at >= from {
            let Some(left) = room.checked_sub(width(c)) else {
                shown.push('…');
                break;
            };
            room = left;
        }
        push_printable(&mut shown, c);
        if at < from {
            indent += width(c);
        } else if at < to {
            carets += width(c);
        }
    }
    (shown, indent, carets.max(1))
}

/// Terminal columns of a character as [`push_printable`] writes it.
fn width(c: char) -> usize {
    match c {
        '\t' => 4,
        c if is_unprintable(c) => 1,
        c => c.width().unwrap_or(1),
    }
}

fn push_printable(out: &mut String, c: char) {
    match c {
        '\t' => out.push_str("    "),
        c if is_unprintable(c) => out.push('\u{FFFD}'),
        c => out.push(c),
    }
}

/// Control characters, and the marks that reorder text and could make a report lie.
fn is_unprintable(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// An author's text must not drive the terminal.
fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c == '\n' {
            out.push('\n');
        } else {
            push_printable(&mut out, c);
        }
    }
    out
}

pub(super) fn summary(report: &Report) -> String {
    let kinds = [
        (Severity::Error, "error", "errors"),
        (Severity::Warning, "warning", "warnings"),
        (Severity::Info, "remark", "remarks"),
    ];
    let counted: Vec<String> = kinds
        .into_iter()
        .map(|(severity, one, many)| (report.count(severity), one, many))
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| format!("{count} {}", if count == 1 { one } else { many }))
        .collect();
    if counted.is_empty() {
        return "No problems found.".to_owned();
    }
    let unshown: usize = report.uncounted.iter().sum();
    let tail = if unshown > 0 {
        format!(" (the first {} are shown)", report.diagnostics.len())
    } else {
        String::new()
    };
    format!("{}{tail}.", counted.join(", "))
}

#[derive(Serialize)]
struct JsonDiagnostic<'a> {
    severity: &'static str,
    code: &'a str,
    message: &'a str,
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
    help: &'a str,
}

pub(super) fn to_json(report: &Report) -> String {
    let mut tables = Tables::new(report);
    let all: Vec<JsonDiagnostic<'_>> = report
        .diagnostics()
        .into_iter()
        .map(|one| {
            let file = one.span.and_then(|span| report.path(span.file));
            let ends = one.span.and_then(|span| {
                let lines = tables.lines(span.file)?;
                Some((
                    lines.locate(span.start as usize),
                    lines.locate(span.end as usize),
                ))
            });
            JsonDiagnostic {
                severity: one.severity.name(),
                code: &one.code,
                message: &one.message,
                file,
                line: ends.map(|(start, _)| start.0),
                column: ends.map(|(start, _)| start.1),
                end_line: ends.map(|(_, end)| end.0),
                end_column: ends.map(|(_, end)| end.1),
                help: &one.help,
            }
        })
        .collect();
    // Strings and numbers always serialise.
    serde_json::to_string_pretty(&all).unwrap_or_default() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(text: &str, needle: &str) -> Report {
        let mut report = Report::new();
        let file = report.add_file("scene.ron", text);
        let start = u32::try_from(text.find(needle).expect("the needle is there")).unwrap();
        let span = Span {
            file,
            start,
            end: start + u32::try_from(needle.len()).unwrap(),
        };
        report.push(
            Diagnostic::error("unknown-hotspot", "there is no hotspot \"lanp\"")
                .at(span)
                .label("expected a hotspot's id")
                .help("did you mean \"lamp\"?"),
        );
        report
    }

    #[test]
    fn a_diagnostic_shows_its_line_and_a_caret() {
        let shown = report("(\n    open: \"lanp\",\n)", "\"lanp\"").to_text(false);
        let expected = "error[unknown-hotspot]: there is no hotspot \"lanp\"\n  \
             --> scene.ron:2:11\n  |\n2 |     open: \"lanp\",\n  |           ^^^^^^ expected a hotspot's id\n\
             help: did you mean \"lamp\"?\n\n1 error.\n";
        assert_eq!(shown, expected, "the picture of a diagnostic is pinned");
    }

    #[test]
    fn carets_stand_under_wide_characters() {
        let shown = report("(title: \"油灯\", open: 灯灯)", "灯灯").to_text(false);
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!(
            lines[3], "1 | (title: \"油灯\", open: 灯灯)",
            "the line is shown as it is"
        );
        let indent = lines[4].find('^').expect("there is a caret") - "  | ".len();
        assert_eq!(
            indent,
            "(title: \"".len() + 4 + "\", open: ".len(),
            "Chinese is two columns wide"
        );
        assert!(
            lines[4].contains("^^^^ "),
            "two Chinese characters have four carets"
        );
        assert!(
            shown.contains("scene.ron:1:21"),
            "columns count characters, not bytes: {shown}"
        );
    }

    #[test]
    fn a_line_of_a_megabyte_is_cut_around_the_caret() {
        let text = format!(
            "({}lanp{})",
            "a: 1, ".repeat(90_000),
            ", b: 2".repeat(90_000)
        );
        let shown = report(&text, "lanp").to_text(false);
        assert!(
            shown.len() < 700,
            "only the neighbourhood is shown, not {} bytes",
            shown.len()
        );
        assert!(shown.contains('…'), "the cuts are marked");
    }

    #[test]
    fn a_report_cannot_drive_the_terminal() {
        let shown = report("(\x1b[2J\u{202E}lanp)", "lanp").to_text(false);
        assert!(!shown.contains('\x1b'), "no escape gets through");
        assert!(
            !shown.contains('\u{202E}'),
            "no reordering mark gets through"
        );
    }

    #[test]
    fn json_has_the_promised_fields() {
        let json = report("(\n  灯: \"lanp\")", "\"lanp\"").to_json();
        let value: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
        let expected = serde_json::json!([{
            "severity": "error", "code": "unknown-hotspot",
            "message": "there is no hotspot \"lanp\"", "file": "scene.ron",
            "line": 2, "column": 6, "end_line": 2, "end_column": 12,
            "help": "did you mean \"lamp\"?",
        }]);
        assert_eq!(value, expected, "scripts rely on these fields");
    }

    #[test]
    fn nonsense_without_end_is_counted_but_not_kept() {
        let mut report = Report::new();
        for n in 0..5000 {
            report.push(Diagnostic::error("x", format!("problem {n}")));
        }
        assert_eq!(report.count(Severity::Error), 5000, "all are counted");
        assert_eq!(report.diagnostics().len(), 2000, "not all are kept");
        assert_eq!(report.summary(), "5000 errors (the first 2000 are shown).");
    }

    #[test]
    fn absorbing_keeps_places() {
        let mut ours = report("lanp", "lanp");
        ours.absorb(report("\n\nlanp", "lanp"));
        let text = ours.to_text(false);
        assert!(
            text.contains("scene.ron:1:1") && text.contains("scene.ron:3:1"),
            "{text}"
        );
    }
}
