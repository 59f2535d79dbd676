//! Files: they exist, and meshes and images are as large as the scene says.

use std::collections::{BTreeMap, BTreeSet};

use bevy::math::{DAffine3, DVec3};

use super::walk::Uses;
use super::{Context, parts};
use crate::diagnostic::{Diagnostic, Report, Span};
use crate::scene::decode::FileKind;
use crate::scene::files::MeshFacts;
use crate::scene::load::check_path;
use crate::scene::schema::{Credit, MeshPlacement, Unit};

/// A mesh larger than this is probably in another unit, metres.
const LARGEST_M: f64 = 2000.0;
/// A mesh smaller than this is probably in another unit, metres.
const SMALLEST_M: f64 = 0.01;
/// Farther from its origin than this, an `f32` cannot place a mesh to a millimetre, metres.
const FARTHEST_M: f64 = 10_000.0;

/// Boxes around the meshes, in the exhibit's coordinates. `None` when one is not known.
pub(super) type Bounds = Option<Vec<(DVec3, DVec3)>>;

pub(super) fn check(context: &Context<'_>, uses: &Uses<'_>, report: &mut Report) -> Bounds {
    let mut judged: BTreeMap<(&str, FileKind), bool> = BTreeMap::new();
    let mut asked: BTreeSet<&str> = BTreeSet::new();
    for used in &context.gathered.paths {
        let path = used.path.in_exhibit.as_str();
        // A file that is there is looked for once; one that is not is told at each use.
        if judged.get(&(path, used.kind)) == Some(&true) {
            continue;
        }
        let exists = check_path(used, context.files, report);
        judged.insert((path, used.kind), exists);
        let is_image = matches!(used.kind, FileKind::Image | FileKind::Panorama);
        if exists && is_image && asked.insert(path) {
            image(context, path, used.kind, used.path.written.span, report);
        }
        if exists && matches!(used.kind, FileKind::Audio | FileKind::Head) && asked.insert(path) {
            let findings = context.assets.sound_findings(path);
            forward(findings.iter(), used.path.written.span, report);
        }
    }
    let mut facts: BTreeMap<&str, Option<MeshFacts>> = BTreeMap::new();
    let mut bounds = Some(Vec::new());
    for space in &context.exhibit.spaces {
        let space_to_world = space.place_in_world.affine();
        for placement in &space.meshes {
            let path = placement.path.in_exhibit.as_str();
            let exists = judged.get(&(path, FileKind::Mesh)) == Some(&true);
            let span = placement.path.written.span;
            let facts = facts.entry(path).or_insert_with(|| {
                let facts = if exists {
                    context.assets.mesh_facts(path)
                } else {
                    None
                };
                forward(facts.iter().flat_map(|facts| &facts.findings), span, report);
                facts
            });
            let Some(facts) = facts.as_ref() else {
                bounds = None;
                credit(context, placement, None, report);
                continue;
            };
            credit(context, placement, facts.licence.as_deref(), report);
            parts::of_placement(placement, facts, report);
            if let Some(corners) = facts.bounds {
                let in_space = box_of(&placement.file_to_space(Some(corners)), corners);
                size(placement, corners, in_space, report);
                if let Some(bounds) = &mut bounds {
                    bounds.push(box_of(&space_to_world, in_space));
                }
            }
        }
    }
    parts::named_elsewhere(context, uses, &facts, report);
    bounds
}

fn forward<'f>(findings: impl Iterator<Item = &'f Diagnostic>, span: Span, report: &mut Report) {
    for finding in findings {
        report.push(finding.clone().at(span));
    }
}

fn image(context: &Context<'_>, path: &str, kind: FileKind, span: Span, report: &mut Report) {
    let Some(facts) = context.assets.image_facts(path) else {
        return;
    };
    forward(facts.findings.iter(), span, report);
    let (width, height) = (facts.width, facts.height);
    if kind == FileKind::Panorama
        && height > 0
        && width.abs_diff(height.saturating_mul(2)) > width / 50
    {
        let message =
            format!("this panorama is {width} x {height}; it must be twice as wide as high");
        let help = "use an equirectangular picture of the whole sphere";
        report.push(
            Diagnostic::warning("wrong-shape", message)
                .at(span)
                .help(help),
        );
    }
}

fn credit(context: &Context<'_>, mesh: &MeshPlacement, licence: Option<&str>, report: &mut Report) {
    let span = mesh.path.written.span;
    let Credit { licence: given, .. } = match &mesh.credit {
        Some(credit) => credit,
        None if span.file == 0 => return,
        None if licence.is_none() && context.exhibit.credits.is_empty() => {
            let message = format!("nobody is credited for the mesh \"{}\"", mesh.id);
            let help = "add `credit: (name: \"...\", licence: \"CC-BY-4.0\")` to it, or `credits` to the exhibit";
            report.push(
                Diagnostic::warning("missing-credit", message)
                    .at(span)
                    .help(help),
            );
            return;
        }
        None => return,
    };
    if given.is_none() && licence.is_none() {
        let message = format!("the licence of the mesh \"{}\" is not given", mesh.id);
        let help = "add `licence: \"CC-BY-4.0\"` (or what it is) to its credit";
        report.push(
            Diagnostic::warning("missing-licence", message)
                .at(span)
                .help(help),
        );
    }
}

/// The box around a moved box.
fn box_of(affine: &DAffine3, (low, high): (DVec3, DVec3)) -> (DVec3, DVec3) {
    let mut least = DVec3::INFINITY;
    let mut most = DVec3::NEG_INFINITY;
    for corner in 0..8_u8 {
        let pick = |bit: u8, low: f64, high: f64| if corner & bit == 0 { low } else { high };
        let point = DVec3::new(
            pick(1, low.x, high.x),
            pick(2, low.y, high.y),
            pick(4, low.z, high.z),
        );
        let moved = affine.transform_point3(point);
        least = least.min(moved);
        most = most.max(moved);
    }
    (least, most)
}

fn size(
    mesh: &MeshPlacement,
    (file_low, file_high): (DVec3, DVec3),
    (low, high): (DVec3, DVec3),
    report: &mut Report,
) {
    let span = mesh.path.written.span;
    let size_m = (high - low).max_element();
    if !size_m.is_finite() {
        return;
    }
    let help = likely_unit(size_m, &mesh.unit);
    if size_m > LARGEST_M {
        let message = format!("the mesh \"{}\" is {} large", mesh.id, length(size_m));
        report.push(
            Diagnostic::warning("wrong-unit", message)
                .at(span)
                .help(help),
        );
    } else if size_m < SMALLEST_M {
        let message = format!("the mesh \"{}\" is only {} large", mesh.id, length(size_m));
        report.push(
            Diagnostic::warning("wrong-unit", message)
                .at(span)
                .help(help),
        );
    }
    let middle_m = ((file_low + file_high) * 0.5 * mesh.unit.metres()).length();
    if mesh.origin.is_none() && middle_m > FARTHEST_M {
        let message = format!(
            "the mesh \"{}\" lies {} from its origin",
            mesh.id,
            length(middle_m)
        );
        let help = "these are survey coordinates: add `origin: Auto`, or the point that shall be the origin";
        report.push(
            Diagnostic::warning("far-from-origin", message)
                .at(span)
                .help(help),
        );
    }
}

/// The unit in which a file of a strange size would be as large as a thing or a room.
fn likely_unit(size_m: f64, given: &Unit) -> String {
    let plain = size_m / given.metres();
    let units = [Unit::Millimetres, Unit::Centimetres, Unit::Metres];
    let likely = units
        .into_iter()
        .filter(|unit| unit != given)
        .find_map(|unit| {
            let size = plain * unit.metres();
            (0.05..500.0).contains(&size).then_some((unit, size))
        });
    match likely {
        Some((unit, size)) => {
            let word = format!("{unit:?}").to_lowercase();
            format!(
                "is this file in {word}? then it would be {}: write `unit: {unit:?}`",
                length(size)
            )
        }
        None => "is its scale right? check the unit and the scale of the export".to_owned(),
    }
}

/// A length for people: `6.1 km`, `2.4 m`, `6 mm`.
fn length(metres: f64) -> String {
    let (value, unit) = match metres {
        m if m >= 1000.0 => (m / 1000.0, "km"),
        m if m >= 1.0 => (m, "m"),
        m if m >= 0.01 => (m * 100.0, "cm"),
        m => (m * 1000.0, "mm"),
    };
    let digits = if value < 10.0 { 1 } else { 0 };
    format!("{value:.digits$} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_for_people() {
        assert_eq!(length(6100.0), "6.1 km");
        assert_eq!(length(0.006), "6.0 mm");
        assert_eq!(length(42.0), "42 m");
    }
}
