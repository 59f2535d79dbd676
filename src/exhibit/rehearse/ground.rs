//! Where a visitor can get to on foot.

use std::collections::{HashMap, VecDeque};

use bevy::math::{IVec3, Vec3, ops};

use crate::{
    bake::collide::Collider,
    exhibit::walk::{StandingRoom, WalkSettings},
    visit::teleport::Rock,
};

/// Distance of the places that are tried, metres.
const CELL_M: f32 = 0.3;
/// A place whose middle is taken is tried this far beside it, metres: doors are narrow.
const BESIDE_M: f32 = 0.1;
/// More places than this are not looked at; then nothing is known of what lies beyond.
const MOST_PLACES: usize = 200_000;
/// How far below eyes ground is looked for, metres.
const DEPTH_M: f32 = 60.0;
/// Radius of the ball that finds the ground, metres.
const PROBE_M: f32 = 0.05;

/// The places that can be walked to.
#[derive(Debug, Clone, Default)]
pub struct Reached {
    /// Feet, metres.
    pub feet_in_world: Vec<Vec3>,
    /// Whether there was no more to be found.
    pub is_complete: bool,
}

/// The ground below eyes.
pub(super) fn below(eye_in_world: Vec3, rock: &Collider) -> Option<Vec3> {
    let hit = rock.probe_down(eye_in_world, PROBE_M, DEPTH_M)?;
    Some(eye_in_world - Vec3::Y * (hit.distance_m + PROBE_M))
}

/// Whether somebody can stand with the feet here.
pub(super) fn has_room(feet: Vec3, rock: &Collider, body: &WalkSettings) -> bool {
    StandingRoom::new(rock, body).body_fits(feet)
}

/// Walks everywhere from some places (feet).
pub(super) fn walk_everywhere(
    rock: &Collider,
    body: &WalkSettings,
    seeds: impl IntoIterator<Item = Vec3>,
) -> Reached {
    let walk = Walk {
        rock,
        body: body.sanitized(),
        room: StandingRoom::new(rock, body),
    };
    let mut known: HashMap<IVec3, Vec3> = HashMap::new();
    let mut open = VecDeque::new();
    for feet in seeds {
        if let Some(feet) = walk.stand_near(feet) {
            known.insert(walk.cell(feet), feet);
            open.push_back(feet);
        }
    }
    let mut is_complete = true;
    while let Some(from) = open.pop_front() {
        if known.len() > MOST_PLACES {
            is_complete = false;
            break;
        }
        for (x, z) in [(1, 0), (-1, 0), (0, 1), (0, -1)] {
            let Some(to) = walk.step(from, x as f32, z as f32) else {
                continue;
            };
            if let std::collections::hash_map::Entry::Vacant(entry) = known.entry(walk.cell(to)) {
                entry.insert(to);
                open.push_back(to);
            }
        }
    }
    let mut feet_in_world: Vec<Vec3> = known.into_values().collect();
    feet_in_world.sort_by(|a, b| {
        a.to_array()
            .map(f32::to_bits)
            .cmp(&b.to_array().map(f32::to_bits))
    });
    Reached {
        feet_in_world,
        is_complete,
    }
}

struct Walk<'a> {
    rock: &'a Collider,
    body: WalkSettings,
    room: StandingRoom<'a>,
}

impl Walk<'_> {
    /// Stairs that lead over each other are told apart by half a body's height.
    fn cell(&self, feet: Vec3) -> IVec3 {
        let storey_m = self.body.height_m * 0.5;
        IVec3::new(
            (feet.x / CELL_M).round() as i32,
            (feet.y / storey_m).round() as i32,
            (feet.z / CELL_M).round() as i32,
        )
    }

    /// A place to stand at some feet, or just beside them.
    fn stand_near(&self, feet: Vec3) -> Option<Vec3> {
        offsets().find_map(|beside| self.stand(feet + beside, feet.y))
    }

    /// A place to stand above or below a point, where the ground is not too far from the
    /// height of `from`.
    fn stand(&self, at: Vec3, from_y: f32) -> Option<Vec3> {
        let up = self.body.step_height_m + PROBE_M;
        let top = Vec3::new(at.x, from_y + up + PROBE_M, at.z);
        let most_m = up + self.body.max_drop_m + PROBE_M;
        let hit = self.rock.probe_down(top, PROBE_M, most_m)?;
        let feet = top - Vec3::Y * (hit.distance_m + PROBE_M);
        let is_flat = hit.normal.y >= ops::cos(self.body.max_slope_deg.to_radians());
        let is_step = (feet.y - from_y).abs() <= self.body.step_height_m;
        // A ball that began in rock has found a wall.
        let is_ground = hit.distance_m > 0.0 && hit.is_walkable && (is_flat || is_step);
        (is_ground && self.room.body_fits(feet)).then_some(feet)
    }

    fn step(&self, from: Vec3, x: f32, z: f32) -> Option<Vec3> {
        let place = |value: f32, way: f32| ((value / CELL_M).round() + way) * CELL_M;
        let to = Vec3::new(place(from.x, x), from.y, place(from.z, z));
        offsets()
            .filter_map(|beside| self.stand(to + beside, from.y))
            .find(|to| self.is_open(from, *to))
    }

    /// Whether a body gets from one place to the next without touching anything.
    fn is_open(&self, from: Vec3, to: Vec3) -> bool {
        let radius = self.body.radius_m;
        let high = self.body.height_m - radius;
        let low = (self.body.step_height_m + radius).min(high);
        [low, high].into_iter().all(|height| {
            let lift = Vec3::Y * height;
            self.rock.is_free(from + lift, to + lift, radius * 0.95)
        })
    }
}

/// The place itself, then those beside it.
fn offsets() -> impl Iterator<Item = Vec3> {
    const BESIDE: [(f32, f32); 9] = [
        (0.0, 0.0),
        (1.0, 0.0),
        (-1.0, 0.0),
        (0.0, 1.0),
        (0.0, -1.0),
        (1.0, 1.0),
        (1.0, -1.0),
        (-1.0, 1.0),
        (-1.0, -1.0),
    ];
    BESIDE
        .into_iter()
        .map(|(x, z)| Vec3::new(x, 0.0, z) * BESIDE_M)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exhibit::walk::worlds::{PILLAR, World, house, is_hole, is_pit};

    fn reached(world: &Collider) -> Reached {
        walk_everywhere(world, &WalkSettings::default(), [Vec3::new(-3.0, 0.0, 0.0)])
    }

    fn has(reached: &Reached, x: f32, z: f32) -> bool {
        let at = Vec3::new(x, 0.0, z);
        let feet = reached.feet_in_world.iter();
        feet.filter(|feet| feet.y.abs() < 0.5)
            .any(|feet| (*feet - at).with_y(0.0).length() < 0.3)
    }

    #[test]
    fn a_visitor_gets_through_the_door_and_not_into_rock() {
        let reached = reached(&house());
        assert!(reached.is_complete, "a house is small");
        assert!(has(&reached, 3.0, 2.0), "this room is walked");
        assert!(has(&reached, 5.2, 0.0), "the door leads into the next");
        let middle = (PILLAR.0 + PILLAR.1) * 0.5;
        assert!(
            !has(&reached, middle.x, middle.z),
            "nobody stands in a pillar"
        );
        assert!(!has(&reached, 10.0, 0.0), "the ceiling comes down there");
        // A ball of 5 cm rests on the edge of a hole.
        let is_inside = |is_it: fn(f32, f32) -> bool, feet: &Vec3| {
            [-0.1, 0.1]
                .iter()
                .all(|beside| is_it(feet.x + beside, feet.z + beside))
        };
        for feet in &reached.feet_in_world {
            let falls = is_inside(is_pit, feet) && feet.y < -0.5;
            assert!(
                !is_inside(is_hole, feet) && !falls,
                "nobody walks over a hole or falls into a pit, at {feet}"
            );
        }
    }

    #[test]
    fn a_closed_room_is_left_by_nobody() {
        let world = World::default()
            .hollow(Vec3::ZERO, Vec3::splat(3.0))
            .hollow(Vec3::new(4.0, 0.0, 0.0), Vec3::new(7.0, 3.0, 3.0))
            .build();
        let body = WalkSettings::default();
        let reached = walk_everywhere(&world, &body, [Vec3::new(1.5, 0.0, 1.5)]);
        let count = reached.feet_in_world.len();
        assert!(
            (50..=81).contains(&count),
            "a room of 3 m holds about 8 x 8 places, not {count}"
        );
        assert!(
            reached.feet_in_world.iter().all(|feet| feet.x < 3.0),
            "the next room is not reached"
        );
    }
}
