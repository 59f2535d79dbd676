//! Finding a way through the air: straight if it is clear, else around corners and through
//! doors by a bounded search on a coarse grid, pulled taut afterwards.
//!
//! Every leg is a capsule that touches nothing, so the way keeps its clearance between the
//! points as well as at them.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use bevy::math::{FloatOrd, IVec3, Vec3};

use crate::exhibit::walk::Ground;
use crate::exhibit::walk::ground::push_out;

/// How much a search may cost.
#[derive(Debug, Clone, Copy)]
pub(super) struct SearchLimits {
    /// Grid cells opened at most.
    pub(super) cells: usize,
    /// The search stays within this of the box around both ends, metres.
    pub(super) reach_m: f32,
}

/// Estimates count this much more than steps: a slightly longer way, found much sooner.
const GREED: f32 = 1.25;
/// Between ends this near, a thread is way enough, metres.
const NEAR_M: f32 = 1.0;
/// Every so many cells the goal is looked for in a straight line.
const GLANCE_EVERY: usize = 8;
/// Ends nearer to rock than the clearance are left along a leg this thin, metres.
const THREAD_M: f32 = 0.03;

/// A way that keeps `clearance_m` but for short legs at its ends, if one is found.
pub(super) fn find_route(
    from: Vec3,
    to: Vec3,
    clearance_m: f32,
    limits: SearchLimits,
    ground: &dyn Ground,
) -> Option<Vec<Vec3>> {
    if from.distance(to) < NEAR_M && ground.is_free(from, to, THREAD_M) {
        return Some(vec![from, to]);
    }
    let start = step_clear(from, clearance_m, ground)?;
    let goal = step_clear(to, clearance_m, ground)?;
    let between = if ground.is_free(start, goal, clearance_m) {
        vec![start, goal]
    } else {
        let rough = search(start, goal, clearance_m, limits, ground)?;
        pull_taut(&rough, clearance_m, ground)
    };
    let mut route = vec![from];
    for point in between.into_iter().chain([to]) {
        if route.last().is_none_or(|last| last.distance(point) > 1e-3) {
            route.push(point);
        }
    }
    if route.len() == 1 {
        route.push(to);
    }
    Some(route)
}

/// The place itself when it keeps the clearance, else one near by that does and that a
/// thread reaches.
fn step_clear(place: Vec3, clearance_m: f32, ground: &dyn Ground) -> Option<Vec3> {
    if ground.is_free(place, place, clearance_m) {
        return Some(place);
    }
    let clear = push_out(place, clearance_m * 1.02, ground)?;
    ground.is_free(place, clear, THREAD_M).then_some(clear)
}

/// A* over grid cells whose middles are free, with 26 neighbors.
fn search(
    start: Vec3,
    goal: Vec3,
    clearance_m: f32,
    limits: SearchLimits,
    ground: &dyn Ground,
) -> Option<Vec<Vec3>> {
    let cell_m = (start.distance(goal) / 24.0).clamp(1.2 * clearance_m, 0.5);
    let place = |cell: IVec3| start + cell.as_vec3() * cell_m;
    let reach = Vec3::splat(limits.reach_m);
    let (mut low, mut high) = (start.min(goal) - reach, start.max(goal) + reach);
    if let Some((least, most)) = ground.bounds() {
        low = low.max(least.min(start).min(goal) - 2.0);
        high = high.min(most.max(start).max(goal) + 2.0);
    }
    let mut cost_m: HashMap<IVec3, f32> = HashMap::from([(IVec3::ZERO, 0.0)]);
    let mut came_from: HashMap<IVec3, IVec3> = HashMap::new();
    // Ties go by cell, so that the same question has the same answer.
    let order = |estimate: f32, cell: IVec3| (FloatOrd(estimate), cell.to_array());
    let mut open = BinaryHeap::from([Reverse(order(0.0, IVec3::ZERO))]);
    let mut closed = std::collections::HashSet::new();
    while let Some(Reverse((_, cell))) = open.pop() {
        let cell = IVec3::from_array(cell);
        if !closed.insert(cell) {
            continue;
        }
        let here = place(cell);
        let is_near = here.distance(goal) < cell_m * 1.8;
        let glances = is_near || closed.len() % GLANCE_EVERY == 1;
        if glances && ground.is_free(here, goal, clearance_m) {
            return Some(walk_back(cell, &came_from, place, goal));
        }
        if closed.len() >= limits.cells {
            return None;
        }
        for step in neighbors() {
            let next = cell + step;
            let there = place(next);
            let is_inside = there.cmpge(low).all() && there.cmple(high).all();
            if !is_inside || closed.contains(&next) {
                continue;
            }
            let length_m = here.distance(there);
            let cost = cost_m.get(&cell).copied().unwrap_or(0.0) + length_m;
            if cost_m.get(&next).is_some_and(|known| *known <= cost)
                || !ground.is_free(here, there, clearance_m)
            {
                continue;
            }
            cost_m.insert(next, cost);
            came_from.insert(next, cell);
            open.push(Reverse(order(cost + GREED * there.distance(goal), next)));
        }
    }
    None
}

fn neighbors() -> impl Iterator<Item = IVec3> {
    (0..27)
        .map(|i| IVec3::new(i % 3 - 1, i / 3 % 3 - 1, i / 9 - 1))
        .filter(|step| *step != IVec3::ZERO)
}

fn walk_back(
    last: IVec3,
    came_from: &HashMap<IVec3, IVec3>,
    place: impl Fn(IVec3) -> Vec3,
    goal: Vec3,
) -> Vec<Vec3> {
    let mut points = vec![goal, place(last)];
    let mut cell = last;
    while let Some(before) = came_from.get(&cell) {
        cell = *before;
        points.push(place(cell));
    }
    points.reverse();
    points
}

/// Leaves out every point that can be: from each, on to the farthest that is in sight.
fn pull_taut(points: &[Vec3], clearance_m: f32, ground: &dyn Ground) -> Vec<Vec3> {
    let mut taut = Vec::new();
    let mut at = 0;
    while let Some(here) = points.get(at) {
        taut.push(*here);
        let in_sight = (at + 2..points.len())
            .rev()
            .find(|far| ground.is_free(*here, points[*far], clearance_m));
        at = in_sight.unwrap_or(at + 1);
    }
    taut
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exhibit::walk::worlds::{World, house};

    const LIMITS: SearchLimits = SearchLimits {
        cells: 6000,
        reach_m: 8.0,
    };

    #[test]
    fn the_way_leads_through_the_door() {
        let world = house();
        let (from, to) = (Vec3::new(-3.0, 1.6, -2.0), Vec3::new(6.0, 1.3, -2.0));
        let route = find_route(from, to, 0.3, LIMITS, &world).expect("the rooms are joined");
        assert_eq!(route.first(), Some(&from), "it begins where asked");
        assert_eq!(route.last(), Some(&to), "it ends where asked");
        for leg in route.windows(2) {
            assert!(
                world.is_free(leg[0], leg[1], 0.29),
                "the leg from {} to {} keeps its clearance",
                leg[0],
                leg[1]
            );
        }
        assert!(
            (3..=8).contains(&route.len()),
            "a taut way has few corners: {route:?}"
        );
        let again = find_route(from, to, 0.3, LIMITS, &world);
        assert_eq!(again, Some(route), "the same question has the same answer");
    }

    #[test]
    fn a_closed_box_has_no_way_out_and_costs_no_more_than_allowed() {
        let world = World::default()
            .hollow(Vec3::ZERO, Vec3::new(3.0, 3.0, 3.0))
            .hollow(Vec3::new(10.0, 0.0, 0.0), Vec3::new(13.0, 3.0, 3.0))
            .build();
        let to = Vec3::new(11.5, 1.5, 1.5);
        let route = find_route(Vec3::splat(1.5), to, 0.2, LIMITS, &world);
        assert_eq!(route, None, "there is no way between closed boxes");
    }

    #[test]
    fn an_end_close_to_rock_is_reached_by_a_short_leg() {
        let world = house();
        let (from, to) = (Vec3::new(-3.9, 1.5, 0.0), Vec3::new(-1.0, 1.5, -1.4));
        let route = find_route(from, to, 0.3, LIMITS, &world).expect("both ends can be left");
        assert_eq!(route.first(), Some(&from), "it begins close to the wall");
        assert_eq!(route.last(), Some(&to), "it ends close to the pillar");
    }
}
