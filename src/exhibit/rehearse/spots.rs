//! Hotspots that cannot be seen, reached or hit from any place a visitor can get to.

use bevy::math::{Vec3, ops};

use super::{Place, ground, name_of_step};
use crate::{
    diagnostic::{Diagnostic, Report, Severity},
    exhibit::telling::is_visible,
    scene::schema::{Hotspot, Shape, Trigger},
    tour::{Aim, GoOnScript, HotspotIndex, StepIndex, TourIndex},
};

/// Smaller than this across, in degrees, something is hard to point at: 18 pixels of a
/// monitor of 1080 lines and 60°, and about as much as a head or a hand with a ray holds
/// still. A rule of ours.
const SMALLEST_DEG: f32 = 1.0;

pub(super) fn check(place: &Place<'_>, report: &mut Report) {
    let Some(story) = &place.prepared.stage.story else {
        return;
    };
    for (index, hotspot) in place.prepared.exhibit.hotspots.iter().enumerate() {
        // Areas of surfaces have no place of their own.
        let ball = story.hotspots.get(index).and_then(|one| one.ball_in_world);
        if let Some(ball) = ball {
            one(place, hotspot, ball, report);
        }
    }
}

/// Half of what is seen of a shape: a box shows one of its larger faces.
fn half_seen_m(shape: &Shape, radius: f32) -> f32 {
    match shape {
        Shape::Box { size, .. } => {
            let (low, high) = (size.min_element(), size.max_element());
            (size.x + size.y + size.z - low - high) * 0.5
        }
        _ => radius,
    }
}

fn one(place: &Place<'_>, hotspot: &Hotspot, (center, radius): (Vec3, f32), report: &mut Report) {
    let is_pointed_at = |trigger: &Trigger| {
        matches!(
            trigger,
            Trigger::Select | Trigger::Gaze { .. } | Trigger::InView { .. }
        )
    };
    let is_only_by_place = hotspot
        .triggers
        .iter()
        .all(|trigger| is_pointed_at(trigger) || matches!(trigger, Trigger::Proximity { .. }));
    let severity = if is_only_by_place {
        Severity::Error
    } else {
        Severity::Warning
    };
    let mut say = |severity, code: &'static str, message: String, help: String| {
        report.push_once(
            Diagnostic::new(severity, code, message)
                .at(hotspot.id.span())
                .help(help),
        );
    };
    let id = &hotspot.id;
    for trigger in &hotspot.triggers {
        if let Trigger::Proximity { radius: near } = trigger
            && let Some(nearest) = nearest_m(place, center)
            && nearest > *near
        {
            let message = format!(
                "nobody comes near the hotspot \"{id}\": eyes get to {nearest:.1} m from its middle, and it waits for {near:.1} m"
            );
            let help = format!(
                "a distance is measured from the eyes: raise `radius` above {nearest:.1}, or move it"
            );
            say(severity, "hotspot-out-of-reach", message, help);
        }
    }
    if !hotspot.triggers.iter().any(is_pointed_at) {
        return;
    }
    let rock = Some(&place.rocks.stops);
    let mut is_reached = false;
    let mut farthest: Option<f32> = None;
    for eye in &place.eyes {
        let distance = eye.distance(center);
        if distance - radius > hotspot.reach {
            continue;
        }
        is_reached = true;
        if farthest.is_none_or(|most| distance > most) && is_visible(*eye, center, radius, rock) {
            farthest = Some(distance);
        }
    }
    if !is_reached {
        if let Some(nearest) = nearest_m(place, center) {
            let message = format!(
                "the hotspot \"{id}\" is out of reach: the nearest place to stand is {:.1} m away, its reach is {:.1} m",
                nearest - radius,
                hotspot.reach
            );
            let help = format!("raise `reach` above {:.1}, or move it", nearest - radius);
            say(severity, "hotspot-out-of-reach", message, help);
        }
        return;
    }
    let Some(farthest) = farthest else {
        // What was not walked to might see it.
        if place.is_complete {
            let message = format!(
                "rock hides the hotspot \"{id}\" from all {} places within its reach",
                place
                    .eyes
                    .iter()
                    .filter(|eye| eye.distance(center) - radius <= hotspot.reach)
                    .count()
            );
            let help = "move it out of the rock, or make it larger".to_owned();
            say(severity, "hotspot-hidden", message, help);
        }
        return;
    };
    let half = half_seen_m(&hotspot.at, radius);
    let wide_deg = (2.0 * ops::atan2(half, farthest)).to_degrees();
    if wide_deg < SMALLEST_DEG {
        let enough = ops::tan((SMALLEST_DEG * 0.5).to_radians());
        let message = format!(
            "the hotspot \"{id}\" is {wide_deg:.1}° wide from {farthest:.1} m, where it can be selected: too small to point at"
        );
        let help = format!(
            "let it be {:.2} m wide, or lower `reach` to {:.1}",
            2.0 * farthest * enough,
            half / enough
        );
        say(Severity::Warning, "hotspot-too-small", message, help);
    }
}

/// How near eyes come to a place; none where nobody knows.
fn nearest_m(place: &Place<'_>, center: Vec3) -> Option<f32> {
    let all = place.eyes.iter().map(|eye| eye.distance(center));
    all.min_by(f32::total_cmp).filter(|_| place.is_complete)
}

/// Hotspots that a step shows or waits for, and that rock hides from where it leads.
pub(super) fn at_step(
    place: &Place<'_>,
    (tour, step): (TourIndex, StepIndex),
    eye: Vec3,
    report: &mut Report,
) {
    let (script, stage) = (&place.prepared.script, &place.prepared.stage);
    let (Some(own), Some(story)) = (script.step(tour, step), &stage.story) else {
        return;
    };
    let mut shown: Vec<(HotspotIndex, &str)> = Vec::new();
    let aims = own.point_out.iter().map(|aim| (aim, "points out"));
    let aims = own.look_at.iter().map(|aim| (aim, "looks at")).chain(aims);
    for (aim, verb) in aims {
        if let Aim::Hotspot(index) = aim {
            shown.push((*index, verb));
        }
    }
    if let GoOnScript::HotspotVisited(index) = own.go_on {
        shown.push((index, "waits for"));
    }
    for (index, verb) in shown {
        let Some(hotspot) = script.hotspot(index) else {
            continue;
        };
        let ball = story.hotspots.get(index.index());
        let Some((center, radius)) = ball.and_then(|one| one.ball_in_world) else {
            continue;
        };
        if !is_visible(eye, center, radius, Some(&place.rocks.stops)) {
            let message = format!(
                "{} {verb} the hotspot \"{}\", which rock hides from there",
                name_of_step(script, tour, step),
                hotspot.id
            );
            report.push_once(
                Diagnostic::warning("hotspot-hidden-at-step", message)
                    .at(own.span())
                    .help("lead the visitor to where it is seen: another `at`"),
            );
        }
    }
}

/// All eyes that a visitor can have: on foot, at views and where tours lead.
pub(super) fn eyes(
    feet: &[Vec3],
    eye_height_m: f32,
    others: impl IntoIterator<Item = Vec3>,
) -> Vec<Vec3> {
    let on_foot = feet.iter().map(|feet| *feet + Vec3::Y * eye_height_m);
    on_foot.chain(others).collect()
}

/// Feet of places that are given by eyes.
pub(super) fn seeds<'a>(
    place: &'a [Vec3],
    rock: &'a crate::bake::collide::Collider,
) -> impl Iterator<Item = Vec3> + 'a {
    place.iter().filter_map(|eye| ground::below(*eye, rock))
}
