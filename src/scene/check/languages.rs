//! Languages: every text in each language that the exhibit promises, none too long for its
//! place on screen.

use std::collections::BTreeSet;

use super::Context;
use crate::diagnostic::{Diagnostic, Report};
use crate::scene::schema::{Language, Spanned};
use crate::scene::words::one_of;

pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    let exhibit = context.exhibit;
    let default = &exhibit.default_language.value;
    let promised: Vec<&Language> = if exhibit.languages.is_empty() {
        vec![default]
    } else {
        exhibit.languages.iter().map(|language| &language.value).collect()
    };
    let mut seen_once: BTreeSet<&Language> = BTreeSet::new();
    let promised: Vec<&Language> = promised.into_iter().filter(|one| seen_once.insert(one)).collect();
    if !promised.contains(&default) {
        let message = format!("the default language \"{default}\" is not among `languages`");
        let span = exhibit.languages.first().map_or(exhibit.default_language.span, |one| one.span);
        let diagnostic = Diagnostic::error("default-language-not-offered", message).at(span);
        report.push(diagnostic.help(format!("add \"{default}\" to `languages`, or choose another default_language")));
    }
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for language in &exhibit.languages {
        if !seen.insert(language.value.as_str()) {
            let message = format!("the language \"{}\" is offered twice", language.value);
            report.push(
                Diagnostic::error("duplicate-language", message)
                    .at(language.span)
                    .help("keep one of them"),
            );
        }
    }
    for used in &context.gathered.texts {
        for (span, limit, width) in &used.too_wide {
            let message = format!("this `{}` is {width} columns wide; its place on screen has {limit}", used.field);
            let help = "shorten it, and put the rest into a longer text (a Chinese character takes two columns)";
            report.push(Diagnostic::warning("text-too-long", message).at(*span).help(help));
        }
        // A file without a language is for all of them: a picture, music.
        if !used.is_text && used.has_plain || used.is_broken {
            continue;
        }
        let is_served = |wanted: &&&Language| {
            let serves = |tag: &str| used.languages.iter().any(|one| one.value.as_str() == tag);
            let is_default = || default.and_wider().any(|tag| tag == wanted.as_str())
                || wanted.and_wider().any(|tag| tag == default.as_str());
            wanted.and_wider().any(serves) || used.has_plain && is_default()
        };
        let missing: Vec<String> =
            promised.iter().filter(|wanted| !is_served(wanted)).map(|one| format!("\"{one}\"")).collect();
        if !missing.is_empty() {
            let what = if used.is_text { "text" } else { "file" };
            let message = format!("the {what} `{}` is missing in {}", field(used.field), one_of(&missing, "and"));
            let all: Vec<String> = promised.iter().map(|one| format!("\"{one}\": \"...\"")).collect();
            let help = format!("write {{{}}}", all.join(", "));
            report.push(Diagnostic::error("missing-translation", message).at(used.span).help(help));
        }
    }
    unpromised(context, &promised, report);
}

fn field(name: &'static str) -> &'static str {
    if name.is_empty() { "text" } else { name }
}

/// Says once a language that it is written but never offered.
fn unpromised(context: &Context<'_>, promised: &[&Language], report: &mut Report) {
    let serves = |tag: &str| promised.iter().any(|one| one.and_wider().any(|wider| wider == tag));
    let mut said: BTreeSet<&str> = BTreeSet::new();
    let languages = context.gathered.texts.iter().flat_map(|used| &used.languages);
    for Spanned { value: language, span } in languages {
        if serves(language.as_str()) || !said.insert(language.as_str()) {
            continue;
        }
        let message = format!("texts in \"{language}\" are written, but the exhibit does not offer it");
        let help = format!("add \"{language}\" to `languages`");
        report.push(Diagnostic::warning("language-not-offered", message).at(*span).help(help));
    }
}
