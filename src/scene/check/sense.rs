//! Things that are written well and make no sense.

use std::collections::HashMap;

use super::Context;
use super::walk::Uses;
use crate::diagnostic::{Diagnostic, Report, Span};
use crate::scene::decode::IdKind;
use crate::scene::schema::{
    Cue, Exhibit, GoOn, MOST_CHOICES, Place, Property, Shape, Sound, SoundAt, Space, Surface, Tour,
    TourStep, Value, View,
};

pub(super) fn check(context: &Context<'_>, uses: &Uses<'_>, report: &mut Report) {
    let (exhibit, lost) = (context.exhibit, context.lost);
    if exhibit.spaces.is_empty() && !lost.contains(&IdKind::Space) {
        let diagnostic = Diagnostic::warning(
            "no-spaces",
            "this exhibit has no spaces: there is nothing to see",
        );
        let help = "add `spaces: [(id: \"hall\", meshes: [(id: \"hall\", path: \"hall.glb\")])]`";
        report.push(diagnostic.at(exhibit.title.span).help(help));
    }
    for space in &exhibit.spaces {
        grounds_and_doorways(space, report);
        space
            .surfaces
            .iter()
            .for_each(|surface| check_surface(surface, report));
    }
    for hotspot in &exhibit.hotspots {
        if let Shape::SurfaceArea {
            polygon,
            mask: None,
            ..
        } = &hotspot.at
            && polygon.len() < 3
        {
            let message = format!(
                "the area of the hotspot \"{}\" has fewer than three corners",
                hotspot.id
            );
            few(
                message,
                "give `polygon` at least three corners, or a `mask`",
                hotspot.id.span(),
                report,
            );
        }
    }
    exhibit
        .sounds
        .iter()
        .for_each(|sound| check_sound(sound, report));
    exhibit
        .tours
        .iter()
        .for_each(|tour| check_tour(tour, report));
    views(&exhibit.views, report);
    values(exhibit, uses, report);
}

fn few(message: String, help: &str, span: Span, report: &mut Report) {
    report.push(
        Diagnostic::error("too-few-points", message)
            .at(span)
            .help(help),
    );
}

fn grounds_and_doorways(space: &Space, report: &mut Report) {
    for ground in &space.walkable {
        if ground.outline.len() < 3 {
            let message = format!(
                "a walkable ground of the space \"{}\" has fewer than three corners",
                space.id
            );
            few(
                message,
                "give its `outline` at least three corners",
                space.id.span(),
                report,
            );
        }
    }
    for doorway in &space.doorways {
        if doorway.outline.len() < 3 {
            let message = format!(
                "the doorway to \"{}\" has fewer than three corners",
                doorway.to
            );
            few(
                message,
                "give its `outline` at least three corners",
                doorway.to.span(),
                report,
            );
        }
        if doorway.to == space.id {
            let message = format!("this doorway leads from \"{}\" to itself", space.id);
            let diagnostic = Diagnostic::error("doorway-to-itself", message).at(doorway.to.span());
            report.push(diagnostic.help("name the space on the other side"));
        }
    }
}

fn check_surface(surface: &Surface, report: &mut Report) {
    let (id, span) = (&surface.id, surface.id.span());
    if surface.material.is_none() && surface.node.is_none() {
        let message = format!("the surface \"{id}\" does not say which part of its mesh it is");
        let diagnostic = Diagnostic::error("surface-without-part", message).at(span);
        report.push(diagnostic.help("add `material: \"...\"` or `node: \"...\"`"));
    }
    if surface.layers.is_empty() {
        let message = format!("the surface \"{id}\" has no layers");
        let diagnostic = Diagnostic::error("surface-without-layers", message).at(span);
        report.push(diagnostic.help("add `layers: [(id: \"today\", base_color: \"...\")]`"));
    }
    for layer in &surface.layers {
        if layer.base_color.is_none() && layer.normal.is_none() && layer.orm.is_none() {
            let message = format!(
                "the layer \"{}\" has no image: it shows what the mesh's file holds",
                layer.id
            );
            let diagnostic = Diagnostic::new(
                crate::diagnostic::Severity::Info,
                "layer-without-image",
                message,
            );
            report.push(
                diagnostic
                    .at(layer.id.span())
                    .help("add `base_color` unless that is meant"),
            );
        }
    }
}

fn check_sound(sound: &Sound, report: &mut Report) {
    let (id, span) = (&sound.id, sound.id.span());
    if let SoundAt::Path(path) = &sound.at
        && path.points.len() < 2
    {
        few(
            format!("the path of the sound \"{id}\" has fewer than two points"),
            "add points",
            span,
            report,
        );
    }
    let contradiction = match &sound.cone {
        Some(cone) if cone.inner_angle > cone.outer_angle => {
            Some("the cone's inner angle is wider than its outer")
        }
        _ if sound.distance.maximum < sound.distance.reference => {
            Some("the distance's maximum is nearer than its reference")
        }
        _ => None,
    };
    if let Some(contradiction) = contradiction {
        let diagnostic = Diagnostic::error(
            "contradiction",
            format!("in the sound \"{id}\", {contradiction}"),
        );
        report.push(diagnostic.at(span).help("exchange the two"));
    }
}

fn check_tour(tour: &Tour, report: &mut Report) {
    if tour.steps.is_empty() {
        let diagnostic = Diagnostic::error(
            "tour-without-steps",
            format!("the tour \"{}\" has no steps", tour.id),
        );
        report.push(
            diagnostic
                .at(tour.id.span())
                .help("add `steps: [(id: \"welcome\", ...)]`"),
        );
    }
    for step in &tour.steps {
        let span = step.id.span();
        if step.go_on == GoOn::Answered && step.ask.is_none() {
            let message = format!(
                "the step \"{}\" waits for an answer but asks nothing",
                step.id
            );
            report.push(
                Diagnostic::error("nothing-asked", message)
                    .at(span)
                    .help("add `ask`, or change `go_on`"),
            );
        }
        choices(tour, step, report);
        for cue in &step.cues {
            check_cue(cue, span, report);
        }
    }
}

/// Answers and detours, of which there may be too few or too many.
fn choices(tour: &Tour, step: &TourStep, report: &mut Report) {
    let mut say = |code, message: String, help: &str| {
        let diagnostic = Diagnostic::error(code, message).at(step.id.span());
        report.push(diagnostic.help(help));
    };
    let id = &step.id;
    let answers = step.ask.as_ref().map(|question| question.answers.len());
    if answers.is_some_and(|answers| answers < 2) {
        let message = format!("the question of the step \"{id}\" has fewer than two answers");
        say("too-few-answers", message, "add answers");
    }
    if let Some(answers) = answers.filter(|answers| *answers > MOST_CHOICES) {
        let message = format!(
            "the question of the step \"{id}\" has {answers} answers: a card has room for {MOST_CHOICES}"
        );
        let help = "leave some out, or ask in two steps";
        say("too-many-choices", message, help);
    }
    let detours = step.detours.len();
    if detours > MOST_CHOICES {
        let message = format!(
            "the step \"{id}\" offers {detours} detours: a card has room for {MOST_CHOICES}"
        );
        let help = "leave some out, or offer them at different steps";
        say("too-many-choices", message, help);
    }
    if step.detours.contains(&tour.id) {
        let message = format!("the step \"{id}\" offers its own tour as a detour");
        let help = "name another tour; `branches` lead to another step of this one";
        say("cyclic-detour", message, help);
    }
}

fn check_cue(cue: &Cue, span: Span, report: &mut Report) {
    let (is_right, wanted) = match &cue.property {
        Property::Layer(_) => (
            matches!(cue.to, Value::Word(_)),
            "a layer's id in quotation marks",
        ),
        Property::SoundPlays(_) | Property::MeshShown(_) | Property::NodeShown(..) => {
            (matches!(cue.to, Value::Flag(_)), "true or false")
        }
        Property::Variable(_) => (true, ""),
        _ => (matches!(cue.to, Value::Number(_)), "a number"),
    };
    if !is_right {
        let message = format!(
            "a cue of this step sets {} to {}",
            property_name(&cue.property),
            shown(&cue.to)
        );
        let diagnostic = Diagnostic::error("wrong-value", message).at(span);
        report.push(diagnostic.help(format!("give `to` {wanted}")));
    }
}

fn property_name(property: &Property) -> String {
    let debug = format!("{property:?}");
    debug
        .split(['(', ' '])
        .next()
        .unwrap_or("a property")
        .to_owned()
}

fn shown(value: &Value) -> String {
    match value {
        Value::Flag(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Word(word) => format!("\"{word}\""),
    }
}

/// Views that stand where other views stand must end somewhere.
fn views(views: &[View], report: &mut Report) {
    let by_id: HashMap<&str, &View> = views.iter().map(|view| (view.id.as_str(), view)).collect();
    for view in views {
        let mut place = &view.at;
        let mut hops = 0;
        while let Place::View(next) = place {
            hops += 1;
            let Some(next) = by_id.get(next.as_str()) else {
                break;
            };
            // A view that only leads into a circle is as it should be: the circle is at fault.
            if hops > views.len() {
                break;
            }
            if next.id == view.id {
                let message = format!(
                    "the view \"{}\" is where another view is that is where this one is",
                    view.id
                );
                let diagnostic = Diagnostic::error("cyclic-place", message).at(view.id.span());
                report.push(diagnostic.help("give one of them coordinates"));
                break;
            }
            place = &next.at;
        }
    }
}

/// A variable keeps the kind of value it begins with.
fn values(exhibit: &Exhibit, uses: &Uses<'_>, report: &mut Report) {
    let starts: HashMap<&str, &Value> = exhibit
        .variables
        .iter()
        .map(|variable| (variable.id.as_str(), &variable.start))
        .collect();
    let sets = uses
        .sets
        .iter()
        .map(|(id, value, _)| (*id, (*value).clone()));
    for (id, value) in sets.chain(uses.compared.iter().cloned()) {
        let Some(start) = starts.get(id.as_str()) else {
            continue;
        };
        if std::mem::discriminant(*start) != std::mem::discriminant(&value) {
            let message = format!(
                "the variable \"{id}\" begins as {} and cannot be {}",
                shown(start),
                shown(&value)
            );
            let diagnostic = Diagnostic::error("wrong-value", message).at(id.span());
            report.push(diagnostic.help("use the same kind of value everywhere"));
        }
    }
}
