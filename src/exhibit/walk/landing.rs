//! The exhibit's rock as a teleport sees it.

use bevy::math::Vec3;

use super::{WalkSettings, body::is_body_free};
use crate::{
    bake::collide::Collider,
    visit::teleport::{Rock, RockHit},
};

/// How far a point that was hit may be off the surface, metres.
const NEAR_M: f32 = 0.02;

/// Rock, and the body that must fit into it.
#[derive(Debug, Clone)]
pub struct StandingRoom<'a> {
    collider: &'a Collider,
    settings: WalkSettings,
}

impl<'a> StandingRoom<'a> {
    /// The measures of the body are those of the walker.
    pub fn new(collider: &'a Collider, settings: &WalkSettings) -> Self {
        Self {
            collider,
            settings: settings.sanitized(),
        }
    }

    /// How near rock is to a head, metres, for [`crate::visit::comfort::HeadInWall`]: `None`
    /// when it is farther than `reach_m`, negative when rock lies between the head and
    /// `over_body`, a free place at its height above the body.
    pub fn rock_near_head_m(&self, head: Vec3, over_body: Vec3, reach_m: f32) -> Option<f32> {
        if self.collider.is_occluded(over_body, head) {
            return Some(-1.0);
        }
        let mut contacts = Vec::new();
        self.collider.contacts(head, head, reach_m, &mut contacts);
        contacts
            .iter()
            .map(|contact| reach_m - contact.depth_m)
            .min_by(f32::total_cmp)
    }
}

impl Rock for StandingRoom<'_> {
    fn cast(&self, from: Vec3, to: Vec3) -> Option<RockHit> {
        let hit = self.collider.cast_ray(from, to - from, from.distance(to))?;
        Some(RockHit {
            point: hit.point,
            normal: hit.normal,
        })
    }

    fn body_fits(&self, feet: Vec3) -> bool {
        is_body_free(feet, &self.settings, self.collider)
    }

    fn is_walkable(&self, point: Vec3) -> bool {
        let above = point + Vec3::Y * NEAR_M;
        self.collider
            .cast_sphere(above, Vec3::NEG_Y, NEAR_M * 0.5, 2.0 * NEAR_M)
            .is_some_and(|hit| hit.is_walkable)
    }
}

#[cfg(test)]
mod tests {
    use super::super::worlds::{PILLAR, house};
    use super::*;
    use crate::visit::body::follow_head;
    use crate::visit::teleport::{Refusal, TeleportSettings, Throw};
    use bevy::math::Vec2;

    fn throw(feet: Vec3, target: Vec3) -> Throw {
        let hand = feet + Vec3::new(0.0, 1.3, 0.0);
        Throw {
            head_in_world: feet + Vec3::Y * 1.6,
            feet_in_world: feet,
            head_yaw_rad: 0.0,
            hand_in_world: hand,
            // A throw so fast that it is nearly straight.
            direction: target - hand,
            stick: Vec2::ZERO,
        }
    }

    #[test]
    fn heads_are_known_to_be_near_and_in_rock() {
        let world = house();
        let room = StandingRoom::new(&world, &WalkSettings::default());
        let body = Vec3::new(-3.0, 1.6, 0.0);
        let near = |head: Vec3| room.rock_near_head_m(head, body, 0.3);
        assert_eq!(near(body), None, "in the middle of the room is no rock");
        let at_wall = near(Vec3::new(-3.9, 1.6, 0.0)).expect("the wall is near");
        assert!((at_wall - 0.1).abs() < 1e-3, "10 cm, not {at_wall} m");
        assert!(
            near(Vec3::new(-4.2, 1.6, 0.0)).is_some_and(|m| m < 0.0),
            "behind the wall is in rock"
        );
    }

    #[test]
    fn a_body_follows_its_head_through_the_door_and_not_through_the_wall() {
        let world = house();
        let room = StandingRoom::new(&world, &WalkSettings::default());
        let walk = |from: Vec3, to: Vec3| {
            let mut step = follow_head(from, from + Vec3::Y * 1.6, &room);
            for i in 0..=200 {
                let head = from.lerp(to, i as f32 / 200.0) + Vec3::Y * 1.6;
                step = follow_head(step.feet_in_world, head, &room);
            }
            step
        };
        let through = walk(Vec3::new(3.0, 0.0, 0.0), Vec3::new(5.2, 0.0, 0.0));
        assert!(
            through.stray_m < 0.02 && through.darkness() == 0.0,
            "through the door body and head go together: {through:?}"
        );
        let against = walk(Vec3::new(3.0, 0.0, -2.0), Vec3::new(5.2, 0.0, -2.0));
        assert!(
            against.feet_in_world.x < 3.8 && against.darkness() == 1.0,
            "at the wall the body stays and the head sees nothing: {against:?}"
        );
    }

    #[test]
    fn teleports_land_in_the_house_and_not_in_its_rock() {
        let world = house();
        let room = StandingRoom::new(&world, &WalkSettings::default());
        let settings = TeleportSettings {
            launch_speed: 60.0,
            ..TeleportSettings::default()
        };
        let from = Vec3::new(-3.0, 0.0, 0.0);
        let to = Vec3::new(-2.2, 0.0, -1.5);
        let landing = settings.aim(&throw(from, to), &room).landing;
        let feet = landing.expect("the floor is free").feet_in_world;
        assert!(feet.distance(to) < 0.05, "within 5 cm of {to}, at {feet}");

        let at_pillar = Vec3::new(PILLAR.0.x, 1.0, -1.0);
        let beside = Vec3::new(-3.0, 0.0, -1.0);
        let landing = settings.aim(&throw(beside, at_pillar), &room).landing;
        let feet = landing.expect("the pillar's foot is free").feet_in_world;
        assert!(
            feet.x < PILLAR.0.x - 0.24 && feet.y.abs() < 0.01,
            "before the pillar, at {feet}"
        );

        // Through the wall, with the hand in the next room.
        let mut cheat = throw(Vec3::new(3.7, 0.0, -1.5), Vec3::new(5.5, 0.0, -1.5));
        cheat.hand_in_world = Vec3::new(4.6, 1.3, -1.5);
        assert_eq!(
            settings.aim(&cheat, &room).landing,
            Err(Refusal::HandBehindRock),
            "no hand reaches through a wall"
        );

        // The hole without a bottom.
        let hole = Vec3::new(1.75, 0.0, -1.75);
        let landing = settings.aim(&throw(Vec3::new(0.3, 0.0, 0.0), hole), &room);
        assert!(
            landing.landing.is_err(),
            "nobody lands in a hole: {:?}",
            landing.landing
        );
    }
}
