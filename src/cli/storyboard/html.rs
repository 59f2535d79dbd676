//! Pieces of HTML that pages of a storyboard are made of.

use crate::{
    diagnostic::{Diagnostic, Report},
    exhibit::words::Direction,
    scene::schema::Language,
};
use std::{fmt::Write, time::Duration};

pub(super) fn list(found: &[&Diagnostic], report: &Report) -> String {
    if found.is_empty() {
        return String::new();
    }
    // What is wrong is said in English, whatever the page is written in.
    let mut html = String::from("<ul class=\"problems\" lang=\"en\" dir=\"ltr\">");
    for one in found {
        write!(
            html,
            "<li class=\"{}\"><strong>{}</strong> <span>{}</span>",
            one.severity.name(),
            escape(&one.code),
            marked(&one.message)
        )
        .ok();
        if !one.help.is_empty() {
            write!(html, "<em>{}</em>", marked(&one.help)).ok();
        }
        if let Some(span) = one.span {
            let path = report.path(span.file).unwrap_or_default();
            let line = report
                .line_and_column(span)
                .map_or(String::new(), |(line, _)| format!(":{line}"));
            write!(html, "<code>{}{line}</code>", escape(short(path))).ok();
        }
        html.push_str("</li>");
    }
    html.push_str("</ul>");
    html
}

/// A path without the folders that everybody knows.
pub(super) fn short(path: &str) -> &str {
    path.rfind('/')
        .filter(|_| path.starts_with('/'))
        .map_or(path, |end| &path[end + 1..])
}

/// Words of ours as HTML: what stands between backticks is code.
pub(super) fn marked(words: &str) -> String {
    let parts = words.split('`').enumerate().map(|(index, part)| {
        let part = escape(part);
        if index % 2 == 1 {
            format!("<code>{part}</code>")
        } else {
            part
        }
    });
    parts.collect()
}

/// The attribute that says which way a language is written.
pub(super) fn dir(language: &Language) -> &'static str {
    match Direction::of(language) {
        Direction::RightToLeft => " dir=\"rtl\"",
        Direction::LeftToRight => " dir=\"ltr\"",
    }
}

/// Text as HTML, for content and attributes.
pub(super) fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            other => html.push(other),
        }
    }
    html
}

/// Such as `4.5 s`.
pub(super) fn secs(secs: f32) -> String {
    format!("{secs:.1} s")
}

/// Minutes and seconds.
pub(super) fn clock(time: Duration) -> String {
    format!("{}:{:02}", time.as_secs() / 60, time.as_secs() % 60)
}
