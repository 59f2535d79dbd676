//! Languages: every text in each language that the exhibit promises, none too long for its
//! place on screen.

use std::collections::{BTreeSet, HashMap};

use super::Context;
use crate::diagnostic::{Diagnostic, Report};
use crate::scene::decode::LanguageUse;
use crate::scene::schema::{Language, Spanned};
use crate::scene::words::one_of;

/// A text this long, in bytes, is repeated in what is said of it.
const SHORT: usize = 60;

pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    let exhibit = context.exhibit;
    let default = &exhibit.default_language.value;
    let promised: Vec<&Language> = if exhibit.languages.is_empty() {
        vec![default]
    } else {
        exhibit
            .languages
            .iter()
            .map(|language| &language.value)
            .collect()
    };
    let mut seen_once: BTreeSet<&Language> = BTreeSet::new();
    let promised: Vec<&Language> = promised
        .into_iter()
        .filter(|one| seen_once.insert(one))
        .collect();
    if !promised.contains(&default) {
        let message = format!("the default language \"{default}\" is not among `languages`");
        let span = exhibit
            .languages
            .first()
            .map_or(exhibit.default_language.span, |one| one.span);
        let diagnostic = Diagnostic::error("default-language-not-offered", message).at(span);
        report.push(diagnostic.help(format!(
            "add \"{default}\" to `languages`, or choose another default_language"
        )));
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
    for wide in &context.gathered.too_wide {
        let message = format!(
            "this `{}` is {} columns wide; its place on screen has {}",
            wide.field, wide.width, wide.limit
        );
        let help = "shorten it, and put the rest into a longer text (a Chinese character takes two columns)";
        report.push(
            Diagnostic::warning("text-too-long", message)
                .at(wide.span)
                .help(help),
        );
    }
    // Thousands of texts are given in the same few sets of languages.
    let mut judged: HashMap<(u128, bool), Vec<String>> = HashMap::new();
    for used in &context.gathered.texts {
        // A file without a language is for all of them (a picture, music), and so is a name:
        // people and institutions are called alike everywhere.
        let is_for_all = !used.is_text || used.field == "name";
        if is_for_all && used.has_plain || used.is_broken {
            continue;
        }
        let missing = judged
            .entry((used.languages, used.has_plain))
            .or_insert_with(|| missing(context, &promised, used.languages, used.has_plain));
        if !missing.is_empty() {
            let what = if used.is_text { "text" } else { "file" };
            let languages = one_of(missing, "and");
            let message = format!(
                "the {what} `{}` is missing in {languages}",
                field(used.field)
            );
            let help = translated(used, missing, &promised, default, report);
            report.push(
                Diagnostic::error("missing-translation", message)
                    .at(used.span)
                    .help(help),
            );
        }
    }
    unpromised(context, &promised, report);
}

/// What to write where translations are missing: with what is there, if it is short.
fn translated(
    used: &LanguageUse,
    missing: &[String],
    promised: &[&Language],
    default: &Language,
    report: &Report,
) -> String {
    if !used.has_plain {
        let wanted: Vec<String> = missing
            .iter()
            .map(|one| format!("{one}: \"...\""))
            .collect();
        return format!("add {} to it", wanted.join(", "));
    }
    let range = used.span.start as usize..used.span.end as usize;
    let written = report.text(used.span.file).and_then(|text| text.get(range));
    let is_short =
        |text: &&str| text.len() <= SHORT && text.starts_with('"') && !text.contains('\n');
    let plain = written.filter(is_short).unwrap_or("\"...\"");
    let all: Vec<String> = promised
        .iter()
        .map(|one| match *one == default {
            true => format!("\"{one}\": {plain}"),
            false => format!("\"{one}\": \"...\""),
        })
        .collect();
    format!("write {{{}}}", all.join(", "))
}

/// The promised languages that a set of languages does not serve, quoted.
fn missing(
    context: &Context<'_>,
    promised: &[&Language],
    languages: u128,
    has_plain: bool,
) -> Vec<String> {
    let default = &context.exhibit.default_language.value;
    let given: Vec<&Language> = context
        .languages
        .iter()
        .enumerate()
        .filter(|(index, _)| languages & (1 << index) != 0)
        .map(|(_, (_, language))| &language.value)
        .collect();
    let is_served = |wanted: &Language| {
        let serves = |tag: &str| given.iter().any(|one| one.as_str() == tag);
        let is_default = default.and_wider().any(|tag| tag == wanted.as_str())
            || wanted.and_wider().any(|tag| tag == default.as_str());
        wanted.and_wider().any(serves) || has_plain && is_default
    };
    promised
        .iter()
        .filter(|wanted| !is_served(wanted))
        .map(|one| format!("\"{one}\""))
        .collect()
}

fn field(name: &'static str) -> &'static str {
    if name.is_empty() { "text" } else { name }
}

/// Says once a language that it is written but never offered.
fn unpromised(context: &Context<'_>, promised: &[&Language], report: &mut Report) {
    let serves = |tag: &str| {
        promised
            .iter()
            .any(|one| one.and_wider().any(|wider| wider == tag))
    };
    let mut said: BTreeSet<&str> = BTreeSet::new();
    let used = context
        .gathered
        .texts
        .iter()
        .fold(0, |all, used| all | used.languages);
    let languages = context.languages.iter().enumerate();
    for (
        _,
        (
            _,
            Spanned {
                value: language,
                span,
            },
        ),
    ) in languages.filter(|(index, _)| used & (1 << index) != 0)
    {
        if serves(language.as_str()) || !said.insert(language.as_str()) {
            continue;
        }
        let message =
            format!("texts in \"{language}\" are written, but the exhibit does not offer it");
        let help = format!("add \"{language}\" to `languages`");
        report.push(
            Diagnostic::warning("language-not-offered", message)
                .at(*span)
                .help(help),
        );
    }
}
