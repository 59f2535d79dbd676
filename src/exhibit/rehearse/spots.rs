//! Hotspots that cannot be seen, reached or hit from any place a visitor can get to.

use bevy::math::{Vec3, ops};

use super::{Place, ground, name_of_step};
use crate::{
    bake::collide::Collider,
    diagnostic::{Diagnostic, Report, Severity},
    exhibit::{
        card_place::{Looks, free_place},
        telling::is_visible,
    },
    scene::schema::{Action, Hotspot, Shape, Trigger},
    tour::{Aim, GoOnScript, HotspotIndex, StepIndex, TourIndex},
};

/// Smaller than this across, in degrees, something is hard to point at: 18 pixels of a
/// monitor of 1080 lines and 60°, and about as much as a head or a hand with a ray holds
/// still. A rule of ours.
const SMALLEST_DEG: f32 = 1.0;

/// More places than this need not be asked for room for a panel.
const PANELS_TRIED: usize = 48;

pub(super) fn check(place: &Place<'_>, report: &mut Report) {
    for (index, hotspot) in place.prepared.exhibit.hotspots.iter().enumerate() {
        if let Some(target) = Target::of(place, HotspotIndex::new(index), &hotspot.at) {
            one(place, hotspot, &target, report);
        }
    }
}

/// What of a hotspot can be seen and pointed at.
struct Target {
    center: Vec3,
    radius: f32,
    /// Half of what is seen of it across, metres.
    half_m: f32,
    /// Points of an area or a node; none of a ball or a box.
    points: Vec<Vec3>,
}

/// Points of an area or a node that are looked for: one that is seen is enough.
const POINTS: usize = 9;

impl Target {
    fn of(place: &Place<'_>, spot: HotspotIndex, shape: &Shape) -> Option<Self> {
        let mut patches = place.rocks.patches.iter();
        let patch = patches
            .find(|(own, _)| *own == spot)
            .map(|(_, patch)| patch);
        if let Some(patch) = patch {
            let (area_m2, points) = patch.spread(POINTS);
            let is_ball = patch.triangles.is_empty();
            return Some(Self {
                center: patch.center,
                radius: patch.radius_m,
                // As wide as a square of its size.
                half_m: match is_ball {
                    true => patch.radius_m,
                    false => area_m2.max(0.0).sqrt() * 0.5,
                },
                points: if is_ball { Vec::new() } else { points },
            });
        }
        let story = place.prepared.stage.story.as_ref()?;
        let (center, radius) = story.hotspots.get(spot.index())?.ball_in_world?;
        Some(Self {
            center,
            radius,
            half_m: half_seen_m(shape, radius),
            points: Vec::new(),
        })
    }

    /// Whether some of it can be seen. What was cut from the rock is not hidden by itself.
    fn is_seen(&self, eye: Vec3, rock: &Collider) -> bool {
        if self.points.is_empty() {
            return is_visible(eye, self.center, self.radius, Some(rock));
        }
        let seen = |point: &Vec3| is_visible(eye, *point, 0.0, Some(rock));
        self.points.iter().any(seen)
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

fn one(place: &Place<'_>, hotspot: &Hotspot, target: &Target, report: &mut Report) {
    let (center, radius) = (target.center, target.radius);
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
    let rock = &place.rocks.stops;
    let within = |eye: &&Vec3| eye.distance(center) - radius <= hotspot.reach;
    let mut near: Vec<Vec3> = place.eyes.iter().filter(within).copied().collect();
    // The farthest first: where one of them sees it, the others need not be asked.
    near.sort_by(|a, b| b.distance(center).total_cmp(&a.distance(center)));
    let farthest = near.iter().find(|eye| target.is_seen(**eye, rock));
    let farthest = farthest.map(|eye| eye.distance(center));
    if near.is_empty() {
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
                near.len()
            );
            let help = match target.points.is_empty() {
                true => "move it out of the rock, or make it larger",
                false => "it lies on a wall that nobody sees: is it another part of the texture?",
            };
            let help = help.to_owned();
            say(severity, "hotspot-hidden", message, help);
        }
        return;
    };
    let half = target.half_m;
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
    let shows_panel = |action: &Action| matches!(action, Action::Panel { .. } | Action::Image(_));
    if !hotspot.actions.iter().any(shows_panel) {
        return;
    }
    // All over the places, not those far away alone.
    let step = near.len().div_ceil(PANELS_TRIED).max(1);
    let sees = near.iter().step_by(step).copied();
    let sees: Vec<Vec3> = sees.filter(|eye| target.is_seen(*eye, rock)).collect();
    let cramped = sees
        .iter()
        .filter(|eye| !has_room_for_panel(**eye, target, rock));
    let cramped = cramped.count();
    if cramped * 2 > sees.len() {
        let message = format!(
            "in a headset the panel of the hotspot \"{id}\" stands in rock: there is no room for it from {cramped} of {} places that see the hotspot",
            sees.len()
        );
        let help = "move it to where visitors have 0.7 m before them, or raise its `reach`, so that they open it from farther away";
        say(
            Severity::Warning,
            "panel-without-room",
            message,
            help.to_owned(),
        );
    }
}

/// Whether a card has room before somebody who looks at the hotspot.
fn has_room_for_panel(eye: Vec3, target: &Target, rock: &Collider) -> bool {
    let to = target.center - eye;
    let looks = Looks {
        from: eye,
        yaw_rad: ops::atan2(-to.x, -to.z),
    };
    free_place(looks, Some((target.center, target.radius)), Some(rock)).is_some()
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
    let (script, exhibit) = (&place.prepared.script, &place.prepared.exhibit);
    let Some(own) = script.step(tour, step) else {
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
        let written = exhibit.hotspots.get(index.index());
        let target = written.and_then(|written| Target::of(place, index, &written.at));
        if target.is_some_and(|target| !target.is_seen(eye, &place.rocks.stops)) {
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
pub(super) fn seeds<'a>(place: &'a [Vec3], rock: &'a Collider) -> impl Iterator<Item = Vec3> + 'a {
    place.iter().filter_map(|eye| ground::below(*eye, rock))
}
