//! Adding to a list of a scene file as its author would: what is there stays as it is, byte
//! for byte, with its comments and its way of breaking lines.

use super::syntax::{self, Body, Kind, Node};
use crate::diagnostic::{Report, Span};
use std::ops::Range;

/// A scene file with another item at the end of a list of its outermost record; the list is
/// made where there is none. `item` is written as it is. `None` where the file cannot be read
/// well enough, or the field holds something else than a list.
#[must_use]
pub fn add_to_list(text: &str, field: &str, item: &str) -> Option<String> {
    let mut report = Report::new();
    let skipped = if text.starts_with('\u{FEFF}') { 3 } else { 0 };
    let own = &text[skipped..];
    let file = report.add_file("scene", own);
    let root = syntax::read(own, file, &mut report, &mut 0);
    if report.has_errors() {
        return None;
    }
    let Kind::Record(record) = &root.kind else {
        return None;
    };
    let Body::Fields(fields) = &record.body else {
        return None;
    };
    let edits = match fields.iter().find(|own| own.name.text == field) {
        Some(list) => {
            let Kind::List(items) = &list.value.kind else {
                return None;
            };
            let end = bytes(list.value.span).end.checked_sub(1)?;
            match items.last() {
                Some(last) => after(own, starts_at(last), bytes(last.span).end, end, item),
                // Comments within an empty list stay before what comes.
                None => vec![(end, into_empty(own, bytes(list.value.span), item))],
            }
        }
        None => {
            let last = fields.last()?;
            let written = format!("{field}: [{item}]");
            let start = bytes(last.name.span).start;
            let end = bytes(root.span).end.checked_sub(1)?;
            after(own, start, bytes(last.value.span).end, end, &written)
        }
    };
    let mut new = text.to_owned();
    for (at, added) in edits.into_iter().rev() {
        new.insert_str(skipped + at, &added);
    }
    Some(new)
}

fn bytes(span: Span) -> Range<usize> {
    span.start as usize..span.end as usize
}

fn starts_at(node: &Node<'_>) -> usize {
    bytes(node.span).start
}

/// What is put where, in order, so that `item` follows one that stands at `start..end` in
/// brackets that close at `close`: on a line of its own where that one has its own.
fn after(text: &str, start: usize, end: usize, close: usize, item: &str) -> Vec<(usize, String)> {
    let Some(indent) = indent_of(text, start) else {
        return vec![(end, format!(", {item}"))];
    };
    let on_its_line = format!("{}{indent}{item}", newline_of(text));
    let comma = comma_in(text, end..close);
    // Behind a comment that follows on the line: it belongs to what is there.
    let from = comma.map_or(end, |comma| comma + 1);
    let rest = &text[from..close];
    let line = &rest[..rest.find(['\n', '\r']).unwrap_or(rest.len())];
    let at = from + if is_comment(line) { line.len() } else { 0 };
    match comma {
        Some(_) => vec![(at, on_its_line + ",")],
        None => vec![(end, ",".to_owned()), (at, on_its_line)],
    }
}

/// Whether nothing but a comment to the end of the line stands there.
fn is_comment(line: &str) -> bool {
    let line = line.trim();
    line.is_empty()
        || line.starts_with("//")
        || (line.starts_with("/*") && line.find("*/") == line.len().checked_sub(2))
}

/// The first comma outside comments.
fn comma_in(text: &str, range: Range<usize>) -> Option<usize> {
    let mut at = range.start;
    while at < range.end {
        let rest = &text[at..range.end];
        if rest.starts_with("//") {
            at += rest.find('\n').unwrap_or(rest.len());
        } else if rest.starts_with("/*") {
            at += comment_length(rest);
        } else if rest.starts_with(',') {
            return Some(at);
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    None
}

/// Comments in `/* */` nest.
fn comment_length(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth = depth.saturating_sub(1);
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// The white space before what stands first on its line; `None` where something else does.
fn indent_of(text: &str, at: usize) -> Option<&str> {
    let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let before = &text[line..at];
    (line > 0 && before.trim().is_empty()).then_some(before)
}

fn newline_of(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// What is put before the closing bracket of an empty list.
fn into_empty(text: &str, list: Range<usize>, item: &str) -> String {
    let within = &text[list.start + 1..list.end - 1];
    if within.trim().is_empty() && !within.contains('\n') {
        return item.to_owned();
    }
    let newline = newline_of(text);
    let line = text[..list.end]
        .rfind('\n')
        .map_or(0, |newline| newline + 1);
    let own = &text[line..list.end];
    let indent = &own[..own.len() - own.trim_start().len()];
    if own.trim() == "]" {
        // The bracket is on its own line, whose indent is there already.
        format!("    {item},{newline}{indent}")
    } else {
        format!("{newline}{indent}    {item},{newline}{indent}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(before: &str, expected: &str) {
        let added = add_to_list(before, "tours", "\"b.ron\"").expect("it can be added");
        assert_eq!(added, expected, "from {before}");
        let mut report = Report::new();
        let file = report.add_file("scene", added.clone());
        syntax::read(
            added.trim_start_matches('\u{FEFF}'),
            file,
            &mut report,
            &mut 0,
        );
        assert!(!report.has_errors(), "{}", report.to_text(false));
    }

    #[test]
    fn a_list_grows_as_its_author_writes() {
        check("(tours: [])", "(tours: [\"b.ron\"])");
        check("(tours: [\"a.ron\"])", "(tours: [\"a.ron\", \"b.ron\"])");
        check(
            "(tours: [\"a.ron\",], x: 1)",
            "(tours: [\"a.ron\", \"b.ron\",], x: 1)",
        );
        check(
            "(tours: [/* one, */ \"a.ron\" /* [two], */])",
            "(tours: [/* one, */ \"a.ron\", \"b.ron\" /* [two], */])",
        );
        check(
            "(\n    tours: [\n        \"a.ron\", // the first, [of all]\n    ],\n)",
            "(\n    tours: [\n        \"a.ron\", // the first, [of all]\n        \"b.ron\",\n    ],\n)",
        );
        check(
            "(\r\n\ttours: [\r\n\t\t\"a.ron\"\r\n\t]\r\n)",
            "(\r\n\ttours: [\r\n\t\t\"a.ron\",\r\n\t\t\"b.ron\"\r\n\t]\r\n)",
        );
        check(
            "(\n  tours: [\n    (id: \"x\", // inline\n     steps: [],\n    ),\n    // more to come\n  ],\n)",
            "(\n  tours: [\n    (id: \"x\", // inline\n     steps: [],\n    ),\n    \"b.ron\",\n    // more to come\n  ],\n)",
        );
        check(
            "(\n    tours: [\n        // none yet\n    ],\n)",
            "(\n    tours: [\n        // none yet\n        \"b.ron\",\n    ],\n)",
        );
    }

    #[test]
    fn a_last_item_without_a_comma_keeps_its_comment() {
        let text = "(\n    tours: [\n        \"a.ron\" // mine\n    ],\n)";
        let added = add_to_list(text, "tours", "\"b.ron\"").expect("it can be added");
        assert!(
            added.contains("\"a.ron\", // mine\n        \"b.ron\""),
            "the comment stays with its tour:\n{added}"
        );
    }

    #[test]
    fn a_list_that_is_missing_is_made_at_the_end() {
        check("(x: 1)", "(x: 1, tours: [\"b.ron\"])");
        check("\u{FEFF}(x: 1,)", "\u{FEFF}(x: 1, tours: [\"b.ron\"],)");
        check(
            "// Café, 洞窟\n(\n    x: (\n        y: 2,\n    ), // 灯 (last)\n)\n// end\n",
            "// Café, 洞窟\n(\n    x: (\n        y: 2,\n    ), // 灯 (last)\n    tours: [\"b.ron\"],\n)\n// end\n",
        );
    }

    #[test]
    fn what_is_no_list_or_no_scene_is_left_alone() {
        for text in ["", "(tours: 3)", "(tours: [", "[1]", "(x: 1", "(1, 2)"] {
            assert_eq!(add_to_list(text, "tours", "\"b\""), None, "{text}");
        }
    }
}
