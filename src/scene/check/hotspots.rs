//! Hotspots that no visitor can ever set off.

use std::collections::{HashMap, HashSet};

use bevy::math::DVec3;

use super::Context;
use super::meshes::Bounds;
use super::walk::Uses;
use crate::diagnostic::{Diagnostic, Report};
use crate::scene::schema::{Condition, Exhibit, Hotspot, Shape, Trigger, Value};

pub(super) fn check(context: &Context<'_>, uses: &Uses<'_>, bounds: &Bounds, report: &mut Report) {
    let exhibit = context.exhibit;
    let reached = Reach::of(exhibit, uses).reached;
    for (index, hotspot) in exhibit.hotspots.iter().enumerate() {
        // Without an id it could not be read, and that has been said.
        if hotspot.id.as_str().is_empty() {
            continue;
        }
        if !reached[index] && context.lost.is_empty() {
            let (message, help) = why_not(hotspot);
            let message = format!(
                "the hotspot \"{}\" can never be set off: {message}",
                hotspot.id
            );
            report.push(
                Diagnostic::error("unreachable-hotspot", message)
                    .at(hotspot.id.span())
                    .help(help),
            );
        } else if let Some(bounds) = bounds {
            distance(exhibit, hotspot, bounds, report);
        }
    }
}

fn why_not(hotspot: &Hotspot) -> (&'static str, &'static str) {
    if hotspot.triggers.is_empty() {
        (
            "it has no trigger",
            "remove `triggers` (then it is selected), or add one",
        )
    } else if hotspot.hidden_until.is_some() {
        (
            "nothing makes `hidden_until` true",
            "let an action of another hotspot, or a tour, set what it waits for",
        )
    } else {
        (
            "nothing fires its triggers",
            "add `Select`, or make what it waits for possible",
        )
    }
}

/// Which hotspots can be set off, as a growing set: what a reached one does may make others
/// reachable. Tours can always be taken from the menu.
struct Reach<'e> {
    index_of: HashMap<&'e str, usize>,
    tours: HashSet<&'e str>,
    /// Values that each variable can have: its first, and those that are set, by whom.
    values: HashMap<&'e str, Vec<(&'e Value, Option<usize>)>>,
    reached: Vec<bool>,
}

impl<'e> Reach<'e> {
    fn of(exhibit: &'e Exhibit, uses: &Uses<'e>) -> Self {
        let hotspots = &exhibit.hotspots;
        let mut values: HashMap<&str, Vec<(&Value, Option<usize>)>> = HashMap::new();
        for variable in &exhibit.variables {
            values
                .entry(variable.id.as_str())
                .or_default()
                .push((&variable.start, None));
        }
        for (variable, value, by) in &uses.sets {
            values
                .entry(variable.as_str())
                .or_default()
                .push((value, *by));
        }
        let mut reach = Self {
            index_of: hotspots
                .iter()
                .enumerate()
                .map(|(index, one)| (one.id.as_str(), index))
                .collect(),
            tours: exhibit.tours.iter().map(|tour| tour.id.as_str()).collect(),
            values,
            reached: vec![false; hotspots.len()],
        };
        // To and fro, so that a chain in either order is done in two passes.
        let mut waiting: Vec<usize> = (0..hotspots.len()).collect();
        loop {
            let before = waiting.len();
            waiting.retain(|index| {
                let can = reach.can_be_set_off(&hotspots[*index]);
                reach.reached[*index] = can;
                !can
            });
            if waiting.len() == before {
                return reach;
            }
            waiting.reverse();
        }
    }

    fn can_be_set_off(&self, hotspot: &Hotspot) -> bool {
        let is_shown = hotspot
            .hidden_until
            .as_ref()
            .is_none_or(|condition| self.can_hold(condition));
        is_shown
            && hotspot.triggers.iter().any(|trigger| match trigger {
                Trigger::TourStep(tour, _) => self.tours.contains(tour.as_str()),
                Trigger::ActionEnded(other) => self.is_reached(other.as_str()),
                Trigger::When(condition) => self.can_hold(condition),
                _ => true,
            })
    }

    fn is_reached(&self, id: &str) -> bool {
        // An unknown one has been reported.
        self.index_of
            .get(id)
            .is_none_or(|index| self.reached[*index])
    }

    fn can_hold(&self, condition: &Condition) -> bool {
        match condition {
            Condition::Always => true,
            Condition::Is(variable, wanted) => {
                self.can_be(variable.as_str(), |value| value == wanted)
            }
            Condition::AtLeast(variable, least) => self.can_be(
                variable.as_str(),
                |value| matches!(value, Value::Number(number) if number >= least),
            ),
            Condition::Visited(hotspot) => self.is_reached(hotspot.as_str()),
            Condition::Toured(tour) => self.tours.contains(tour.as_str()),
            Condition::Not(inner) => **inner != Condition::Always,
            Condition::All(all) => all.iter().all(|one| self.can_hold(one)),
            Condition::Any(any) => any.iter().any(|one| self.can_hold(one)),
        }
    }

    fn can_be(&self, variable: &str, holds: impl Fn(&Value) -> bool) -> bool {
        let Some(values) = self.values.get(variable) else {
            return true;
        };
        let is_set = |by: &Option<usize>| by.is_none_or(|index| self.reached[index]);
        values.iter().any(|(value, by)| holds(value) && is_set(by))
    }
}

/// Warns when a hotspot is farther from all meshes than a visitor can reach.
fn distance(exhibit: &Exhibit, hotspot: &Hotspot, bounds: &[(DVec3, DVec3)], report: &mut Report) {
    let needs_visitor = hotspot.triggers.iter().all(|trigger| {
        matches!(
            trigger,
            Trigger::Select | Trigger::Gaze { .. } | Trigger::Proximity { .. }
        )
    });
    let (center, radius) = match &hotspot.at {
        Shape::Point(center) => (*center, 0.0),
        Shape::Sphere { center, radius } => (*center, *radius),
        Shape::Box { center, size, .. } => (*center, size.length() * 0.5),
        Shape::SurfaceArea { .. } | Shape::Node(..) => return,
    };
    let space = hotspot.space.as_ref();
    let space = space.and_then(|id| exhibit.spaces.iter().find(|space| space.id == *id));
    let center = center.as_dvec3();
    let center = space.map_or(center, |space| {
        space.place_in_world.affine().transform_point3(center)
    });
    let nearest = bounds
        .iter()
        .map(|(low, high)| (center - center.clamp(*low, *high)).length() - f64::from(radius))
        .fold(f64::INFINITY, f64::min);
    let reach = f64::from(hotspot.reach);
    if needs_visitor && nearest.is_finite() && nearest > reach {
        let message = format!(
            "the hotspot \"{}\" is {nearest:.0} m from every mesh, farther than its reach of {reach:.1} m",
            hotspot.id
        );
        let help = "are its coordinates those of its `space`? move it, or raise `reach`";
        report.push(
            Diagnostic::warning("unreachable-hotspot", message)
                .at(hotspot.id.span())
                .help(help),
        );
    }
}
