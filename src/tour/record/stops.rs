//! Where a guide stopped: rests, marked places, and the bends of the ways between.

use std::time::Duration;

use super::draft::Ways;
use super::take::{Happening, Standing, Take};

/// Who stays within [`REST_M`] and looks within [`REST_RAD`] for this long has stopped.
const REST: Duration = Duration::from_secs(2);
/// Weight is shifted from foot to foot, metres.
const REST_M: f32 = 0.3;
/// A head that speaks is never still, radians.
const REST_RAD: f32 = 0.5;
/// Stops nearer to each other than this, seen alike, are one.
const SAME_M: f32 = 0.45;
const SAME_RAD: f32 = 0.3;
/// Bends of one way at most.
const MOST_BENDS: usize = 6;
/// A bend is at least this far from the places before and after, metres.
const BEND_M: f32 = 0.8;

/// A place where a guide was, and when.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stop {
    pub(super) from: Duration,
    pub(super) to: Duration,
    pub(super) standing: Standing,
    pub(super) kind: StopKind,
}

/// Why it is a stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StopKind {
    /// The guide rested, or did something here.
    Rest,
    /// The guide marked it.
    Marked,
    /// The way bends.
    Way,
}

/// All stops of a take in their order, with the bends that a visitor must be led around.
pub(super) fn stops(take: &Take, ways: &dyn Ways) -> Vec<Stop> {
    let places = take.places();
    let Some(last) = places.last().copied() else {
        return Vec::new();
    };
    let mut stops = merged(rests(&places, take.length()));
    for moment in take.moments() {
        let kind = match moment.what {
            Happening::Mark => StopKind::Marked,
            // What is opened is opened from somewhere.
            Happening::Opened(_) => StopKind::Rest,
            _ => continue,
        };
        pin(&mut stops, moment.at, place_at(&places, moment.at), kind);
    }
    if stops.is_empty() {
        stops.push(Stop {
            from: last.0,
            to: last.0,
            standing: last.1,
            kind: StopKind::Rest,
        });
    }
    with_bends(&stops, &places, ways)
}

/// Where the guide was.
fn place_at(places: &[(Duration, Standing)], at: Duration) -> Standing {
    let after = places.partition_point(|(time, _)| *time <= at);
    let index = after.saturating_sub(1);
    places
        .get(index)
        .map_or_else(Standing::default, |one| one.1)
}

/// Runs of places that are near to their first.
fn rests(places: &[(Duration, Standing)], end: Duration) -> Vec<Stop> {
    let mut found = Vec::new();
    let mut first = 0;
    while let Some((from, anchor)) = places.get(first) {
        let stays = |(_, one): &(Duration, Standing)| {
            anchor.distance_m(one) < REST_M && anchor.turn_rad(one) < REST_RAD
        };
        let count = places[first..].iter().take_while(|one| stays(one)).count();
        let next = first + count;
        let to = places.get(next).map_or(end, |(time, _)| *time);
        if to - *from >= REST {
            found.push(Stop {
                from: *from,
                to,
                standing: middle(&places[first..next], to),
                kind: StopKind::Rest,
            });
            first = next;
        } else {
            first += 1;
        }
    }
    found
}

/// The place of a run that is nearest to all others for as long as the guide was there: who
/// walks up and then stands is found standing.
fn middle(places: &[(Duration, Standing)], end: Duration) -> Standing {
    /// Enough of a long rest to know it by.
    const MOST: usize = 100;
    let every = places.len().div_ceil(MOST).max(1);
    let some: Vec<(f32, Standing)> = (0..places.len())
        .step_by(every)
        .map(|index| {
            let next = places.get(index + every).map_or(end, |(at, _)| *at);
            ((next - places[index].0).as_secs_f32(), places[index].1)
        })
        .collect();
    let off = |one: &Standing| -> f32 {
        let each = some
            .iter()
            .map(|(secs, other)| secs * (one.distance_m(other) + one.turn_rad(other)));
        each.sum()
    };
    let nearest = some
        .iter()
        .map(|(_, one)| (off(one), *one))
        .min_by(|(a, _), (b, _)| a.total_cmp(b));
    nearest.map_or_else(Standing::default, |(_, one)| one)
}

/// Stops that follow each other at one place become one: a guide who creeps does not walk.
fn merged(stops: Vec<Stop>) -> Vec<Stop> {
    let mut all: Vec<Stop> = Vec::new();
    for stop in stops {
        match all.last_mut() {
            Some(last)
                if last.standing.distance_m(&stop.standing) < SAME_M
                    && last.standing.turn_rad(&stop.standing) < SAME_RAD =>
            {
                last.to = stop.to;
            }
            _ => all.push(stop),
        }
    }
    all
}

/// A moment that makes its place a stop: the stop in which it falls, or one of its own.
fn pin(stops: &mut Vec<Stop>, at: Duration, standing: Standing, kind: StopKind) {
    let within = stops
        .iter_mut()
        .find(|stop| (stop.from..=stop.to).contains(&at));
    match (within, kind) {
        (Some(stop), StopKind::Marked) if stop.kind == StopKind::Marked => {
            // A second mark in one rest: what follows is seen from there.
            let to = stop.to;
            if stop.standing.distance_m(&standing) > 0.05
                || stop.standing.turn_rad(&standing) > 0.05
            {
                stop.to = at;
                let next = Stop {
                    from: at,
                    to,
                    standing,
                    kind,
                };
                let place = stops.partition_point(|stop| stop.from <= at && stop.to <= at);
                stops.insert(place, next);
            }
        }
        (Some(stop), StopKind::Marked) => {
            stop.standing = standing;
            stop.kind = kind;
        }
        (Some(_), _) => {}
        (None, _) => {
            let place = stops.partition_point(|stop| stop.to < at);
            stops.insert(
                place,
                Stop {
                    from: at,
                    to: at,
                    standing,
                    kind,
                },
            );
        }
    }
}

/// Between stops whose way is not free, the bends that the guide walked.
fn with_bends(stops: &[Stop], places: &[(Duration, Standing)], ways: &dyn Ways) -> Vec<Stop> {
    let mut all: Vec<Stop> = Vec::new();
    for stop in stops {
        if let Some(before) = all.last().copied() {
            let walked: Vec<_> = places
                .iter()
                .filter(|(at, _)| (before.to..=stop.from).contains(at))
                .copied()
                .collect();
            let mut bends = Vec::new();
            bend(&before.standing, &stop.standing, &walked, ways, &mut bends);
            all.extend(bends.into_iter().map(|(at, standing)| Stop {
                from: at,
                to: at,
                standing,
                kind: StopKind::Way,
            }));
        }
        all.push(*stop);
    }
    all
}

/// The place farthest from the straight way, and so on in both halves, until ways are free.
fn bend(
    from: &Standing,
    to: &Standing,
    walked: &[(Duration, Standing)],
    ways: &dyn Ways,
    bends: &mut Vec<(Duration, Standing)>,
) {
    if bends.len() >= MOST_BENDS || ways.between(from, to).is_free {
        return;
    }
    let (a, b) = (from.feet_in_world, to.feet_in_world);
    let off = |one: &Standing| {
        let along = (b - a).normalize_or_zero();
        let here = one.feet_in_world - a;
        let share = here.dot(along).clamp(0.0, a.distance(b));
        (here - along * share).length()
    };
    let farthest = walked
        .iter()
        .enumerate()
        .filter(|(_, (_, one))| one.distance_m(from) > BEND_M && one.distance_m(to) > BEND_M)
        .max_by(|(_, (_, one)), (_, (_, other))| off(one).total_cmp(&off(other)));
    let Some((index, found)) = farthest else {
        return;
    };
    let found = *found;
    bend(from, &found.1, &walked[..index], ways, bends);
    if bends.len() < MOST_BENDS {
        bends.push(found);
    }
    bend(&found.1, to, &walked[index + 1..], ways, bends);
}
