//! What flashes only together: two hotspots that a visitor sets off one soon after the other, or
//! one during a tour.
//!
//! When they begin is the visitor's choice, so no playing through finds it. It is bounded: lights
//! that act at once swing at most as often as each of them in its busiest second, one after the
//! other. Wherever they stand they are taken to be seen together: light goes round corners, and
//! WCAG 2.3.1 asks for the whole picture. Each is held against the busiest other, so that
//! thousands of hotspots take no longer than looking at each a few times.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Report};
use crate::scene::schema::Exhibit;
use crate::tour::comfort::{FLASH_CHANGE, MOST_FLASHES_A_SECOND, RED_CHANGE};
use crate::tour::script::{HotspotIndex, Script, StepIndex, TourIndex};

/// A flash is two swings, and of the first only the end need be within the second.
pub(super) const TOO_MANY: usize = 2 * MOST_FLASHES_A_SECOND + 1;
/// What counts as a swing here, a share of the brightest: two that are smaller, at once, make no
/// change that counts.
pub(super) const LEAST: f32 = FLASH_CHANGE * 0.5;
/// The same of a saturated red.
pub(super) const LEAST_RED: f32 = RED_CHANGE * 0.5 / 320.0;

const HELP: &str = "WCAG 2.3.1: flashing light can cause seizures; use fewer changes, or longer ones, or \
                    one `group` for both hotspots: then one stops the other";

/// Against so many of the busiest others a hotspot is held, where it sets off those before them.
const MOST_OTHERS: usize = 64;

/// Who has read of so many pairs knows what is wrong.
const MOST_TOLD: usize = 20;

/// A hotspot that changes lights, and does not flash by itself.
pub(super) struct Busy {
    pub(super) own: HotspotIndex,
    /// In the busiest second.
    pub(super) swings: usize,
    /// All that it sets off, itself too.
    pub(super) chain: Vec<HotspotIndex>,
}

pub(super) fn check(exhibit: &Exhibit, script: &Script, busy: &[Busy], report: &mut Report) {
    let group = |one: &Busy| script.hotspot(one.own).and_then(|own| own.group.as_ref());
    // The busiest of each group, and all that are in none: of one group only one acts.
    let mut sorted: Vec<&Busy> = busy.iter().collect();
    sorted.sort_by_key(|one| std::cmp::Reverse(one.swings));
    let mut groups = BTreeSet::new();
    let mut others: Vec<&Busy> = Vec::new();
    for one in &sorted {
        if let Some(group) = group(one)
            && !groups.insert(group.to_string())
        {
            continue;
        }
        others.push(one);
    }
    let mut told: Vec<(HotspotIndex, HotspotIndex)> = Vec::new();
    // Of two that are too many together one swings at least half as often.
    for one in sorted.iter().take_while(|one| 2 * one.swings >= TOO_MANY) {
        let own_group = group(one);
        let is_apart = |other: &&&Busy| {
            let is_same = own_group.is_some() && own_group == group(other);
            !is_same && !one.chain.contains(&other.own) && !other.chain.contains(&one.own)
        };
        let other = others.iter().take(MOST_OTHERS).find(is_apart);
        let Some(other) = other.filter(|other| one.swings + other.swings >= TOO_MANY) else {
            continue;
        };
        if told.contains(&(other.own, one.own)) {
            continue;
        }
        if told.len() >= MOST_TOLD {
            return;
        }
        let named = |one: &Busy| exhibit.hotspots.get(one.own.index()).map(|own| &own.id);
        let (Some(first), Some(second)) = (named(one), named(other)) else {
            continue;
        };
        told.push((one.own, other.own));
        let message = format!(
            "the hotspots \"{first}\" and \"{second}\", one set off soon after the other, can flash more than \
             three times a second together"
        );
        report.push_once(
            Diagnostic::warning("light-flashes", message)
                .at(first.span())
                .also(second.span(), "with this one")
                .help(HELP),
        );
    }
}

/// A tour, and the hotspot that is busiest.
pub(super) fn with_tour(
    exhibit: &Exhibit,
    script: &Script,
    tour: TourIndex,
    (swings, step): (usize, StepIndex),
    busy: &[Busy],
    report: &mut Report,
) {
    let Some(spot) = busy.iter().max_by_key(|one| one.swings) else {
        return;
    };
    let id = exhibit.hotspots.get(spot.own.index()).map(|own| &own.id);
    let (Some(step), Some(id)) = (script.step(tour, step), id) else {
        return;
    };
    if swings == 0 || swings + spot.swings < TOO_MANY {
        return;
    }
    let message = format!(
        "the hotspot \"{id}\", set off during the step \"{}\", can flash with it more than three times a second",
        step.id
    );
    report.push_once(
        Diagnostic::warning("light-flashes", message)
            .at(step.span())
            .also(id.span(), "this hotspot")
            .help(
                "WCAG 2.3.1: flashing light can cause seizures; use fewer changes, or longer ones",
            ),
    );
}
