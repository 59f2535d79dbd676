//! Ids: given once, and known where they are used.

use std::collections::{BTreeMap, HashMap};

use super::Context;
use super::walk::Uses;
use crate::diagnostic::{Diagnostic, Report, Span};
use crate::scene::decode::IdKind;
use crate::scene::words::{nearest, one_of};

/// Suggestions are looked for at most this often: each compares with all names.
const MOST_SUGGESTIONS: usize = 100;

pub(super) fn check(context: &Context<'_>, uses: &Uses<'_>, report: &mut Report) {
    let known = duplicates(context, report);
    let mut suggestions = MOST_SUGGESTIONS;
    for used in &context.gathered.references {
        // Groups are made by naming them; layers and steps belong to something.
        if matches!(used.kind, IdKind::Group | IdKind::Layer | IdKind::Step) {
            continue;
        }
        let names = known.get(&used.kind);
        if names.is_some_and(|names| names.contains_key(&*used.id)) {
            continue;
        }
        let empty = HashMap::new();
        let mut names: Vec<&str> = names.unwrap_or(&empty).keys().copied().collect();
        names.sort_unstable();
        unknown(
            context,
            used.kind,
            &used.id,
            used.span,
            &names,
            "",
            &mut suggestions,
            report,
        );
    }
    layers(context, uses, report, &mut suggestions);
    steps(context, uses, report, &mut suggestions);
}

type Known<'a> = BTreeMap<IdKind, HashMap<&'a str, Span>>;

fn duplicates<'a>(context: &Context<'a>, report: &mut Report) -> Known<'a> {
    let mut known: Known<'a> = BTreeMap::new();
    for given in &context.gathered.definitions {
        if matches!(given.kind, IdKind::Layer | IdKind::Step) {
            continue;
        }
        let names = known.entry(given.kind).or_default();
        if let Some(first) = names.get(&*given.id) {
            duplicate(given.kind, &given.id, *first, given.span, report);
        } else {
            names.insert(&given.id, given.span);
        }
    }
    known
}

fn plural(kind: IdKind) -> String {
    let what = kind.words().0;
    format!("{what}{}", if what.ends_with("sh") { "es" } else { "s" })
}

fn duplicate(kind: IdKind, id: &str, first: Span, second: Span, report: &mut Report) {
    let what = kind.words().0;
    let message = format!("two {} have the id \"{id}\"", plural(kind));
    let diagnostic = Diagnostic::error("duplicate-id", message)
        .at(second)
        .help(format!("rename one of them: a {what}'s id is its own"))
        .also(first, "first given here");
    report.push(diagnostic);
}

#[expect(
    clippy::too_many_arguments,
    reason = "one diagnostic with everything that it says"
)]
fn unknown(
    context: &Context<'_>,
    kind: IdKind,
    id: &str,
    span: Span,
    names: &[&str],
    of: &str,
    suggestions: &mut usize,
    report: &mut Report,
) {
    let (what, code) = kind.words();
    let near = if *suggestions > 0 {
        nearest(id, names.iter().copied())
    } else {
        None
    };
    *suggestions = suggestions.saturating_sub(1);
    // Something of the kind was lost to an error that is reported already; only what is
    // clearly misspelled is worth another.
    if near.is_none() && context.lost.contains(&kind) {
        return;
    }
    let help = match (near, names) {
        (Some(near), _) => format!("did you mean \"{near}\"?"),
        (None, []) => format!("there is no {what}{of} yet: add one with `id: \"{id}\"`"),
        (None, [name]) => format!("the only {what}{of} is \"{name}\""),
        (None, names) if names.len() <= 8 => {
            let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
            format!("the {}{of} are {}", plural(kind), one_of(&quoted, "and"))
        }
        (None, names) => format!(
            "{} {} are known{of}, none of this name",
            names.len(),
            plural(kind)
        ),
    };
    let message = format!("there is no {what} \"{id}\"{of}");
    report.push(Diagnostic::error(code, message).at(span).help(help));
}

fn layers(context: &Context<'_>, uses: &Uses<'_>, report: &mut Report, suggestions: &mut usize) {
    let mut known: HashMap<&str, Vec<&str>> = HashMap::new();
    let surfaces = context
        .exhibit
        .spaces
        .iter()
        .flat_map(|space| &space.surfaces);
    let mut wanted: Vec<(&str, &str, Span)> = Vec::new();
    for surface in surfaces {
        let mut firsts: HashMap<&str, Span> = HashMap::new();
        for layer in surface
            .layers
            .iter()
            .filter(|layer| !layer.id.as_str().is_empty())
        {
            if let Some(first) = firsts.insert(layer.id.as_str(), layer.id.span()) {
                duplicate(
                    IdKind::Layer,
                    layer.id.as_str(),
                    first,
                    layer.id.span(),
                    report,
                );
            }
        }
        let names = surface
            .layers
            .iter()
            .map(|layer| layer.id.as_str())
            .collect();
        known.insert(surface.id.as_str(), names);
        if let Some(shown) = &surface.shown {
            wanted.push((surface.id.as_str(), shown.as_str(), shown.span()));
        }
    }
    let used = uses.layers.iter();
    wanted.extend(used.map(|(surface, layer)| (surface.as_str(), layer.as_str(), layer.span())));
    let used = uses.cue_layers.iter();
    wanted.extend(used.map(|(surface, layer)| (surface.as_str(), *layer, surface.span())));
    for (surface, layer, span) in wanted {
        // An unknown surface has been reported.
        if let Some(names) = known.get(surface)
            && !names.contains(&layer)
            && !layer.is_empty()
        {
            let of = format!(" of the surface \"{surface}\"");
            unknown(
                context,
                IdKind::Layer,
                layer,
                span,
                names,
                &of,
                suggestions,
                report,
            );
        }
    }
}

fn steps(context: &Context<'_>, uses: &Uses<'_>, report: &mut Report, suggestions: &mut usize) {
    let mut known: HashMap<&str, Vec<&str>> = HashMap::new();
    for tour in &context.exhibit.tours {
        let mut firsts: HashMap<&str, Span> = HashMap::new();
        for step in tour
            .steps
            .iter()
            .filter(|step| !step.id.as_str().is_empty())
        {
            if let Some(first) = firsts.insert(step.id.as_str(), step.id.span()) {
                duplicate(
                    IdKind::Step,
                    step.id.as_str(),
                    first,
                    step.id.span(),
                    report,
                );
            }
        }
        let names = tour.steps.iter().map(|step| step.id.as_str()).collect();
        known.insert(tour.id.as_str(), names);
    }
    for (tour, step) in &uses.steps {
        if let Some(names) = known.get(tour.as_str())
            && !names.contains(&step.as_str())
            && !step.as_str().is_empty()
        {
            let of = format!(" of the tour \"{tour}\"");
            let (id, span) = (step.as_str(), step.span());
            unknown(
                context,
                IdKind::Step,
                id,
                span,
                names,
                &of,
                suggestions,
                report,
            );
        }
    }
}
