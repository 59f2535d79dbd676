//! The body under the head, while the visitor really walks.
//!
//! Inside walkable space the body follows the head freely. At a wall or an edge it stays,
//! and the head goes on alone: [`BodyStep::stray_m`] says how far, and
//! [`BodyStep::darkness`] fades the picture before a visitor could look behind the wall. The
//! world never pushes back: moving the picture against a walking visitor is what makes sick.

use super::teleport::Rock;
use bevy::math::Vec3;

/// A head this far from its body is leaning, no more, metres: nothing darkens.
const LEAN_M: f32 = 0.40;
/// A head this far from its body sees nothing, metres.
const LOST_M: f32 = 0.60;
/// The ground is followed up and down by a step, metres: the walker's.
const STEP_M: f32 = 0.35;
/// A move is cut into pieces of this length, metres: well under a body's radius, so that
/// nothing thin is passed however fast the head is.
const PIECE_M: f32 = 0.10;
/// A head that jumped this far was not walked (tracking was found again), metres.
const JUMP_M: f32 = 2.0;
/// Headings tried when the straight way is shut, cosines and sines of 30 and 60 degrees to
/// either side: a body slides along a wall.
const SLIDES: [(f32, f32); 4] = [(0.866, 0.5), (0.866, -0.5), (0.5, 0.866), (0.5, -0.866)];

/// Where the body is after a frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BodyStep {
    /// On the ground, where it stands well.
    pub feet_in_world: Vec3,
    /// How far the head is from above the feet, level, metres.
    pub stray_m: f32,
}

impl BodyStep {
    /// How dark the straying makes the picture, 0 to 1; goes to [`super::comfort::ScreenFade`].
    pub fn darkness(&self) -> f32 {
        ((self.stray_m - LEAN_M) / (LOST_M - LEAN_M)).clamp(0.0, 1.0)
    }
}

/// Lets the body follow the head over the ground. `feet_in_world` is where it stood well.
pub fn follow_head(feet_in_world: Vec3, head_in_world: Vec3, rock: &dyn Rock) -> BodyStep {
    let mut feet = feet_in_world;
    let stray = |feet: Vec3| (head_in_world - feet).with_y(0.0).length();
    if !(head_in_world.is_finite() && feet.is_finite()) {
        return BodyStep {
            feet_in_world,
            stray_m: 0.0,
        };
    }
    if stray(feet) < JUMP_M {
        let pieces = (stray(feet) / PIECE_M).ceil() as u32 + 1;
        for _ in 0..pieces {
            let way = (head_in_world - feet).with_y(0.0);
            let Some(ahead) = way.try_normalize() else {
                break;
            };
            let length_m = way.length().min(PIECE_M);
            let straight = stand(feet, feet + ahead * length_m, rock);
            let slid = || {
                SLIDES.into_iter().find_map(|(cos, sin)| {
                    let turned = Vec3::new(
                        ahead.x * cos + ahead.z * sin,
                        0.0,
                        ahead.z * cos - ahead.x * sin,
                    );
                    let to = stand(feet, feet + turned * (length_m * cos), rock)?;
                    (stray(to) < stray(feet) - 1e-4).then_some(to)
                })
            };
            match straight.or_else(slid) {
                Some(to) => feet = to,
                None => break,
            }
        }
    }
    BodyStep {
        feet_in_world: feet,
        stray_m: stray(feet),
    }
}

/// Ground at a place a short way off, if a body fits on it and nothing lies between.
fn stand(from: Vec3, to: Vec3, rock: &dyn Rock) -> Option<Vec3> {
    let up = Vec3::Y * (STEP_M + 0.05);
    if rock.cast(from + up, to + up).is_some() {
        return None;
    }
    let ground = rock.cast(to + up, to - Vec3::Y * STEP_M)?;
    let is_good =
        ground.normal.y > 0.5 && rock.is_walkable(ground.point) && rock.body_fits(ground.point);
    is_good.then_some(ground.point)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visit::dice::Dice;
    use crate::visit::teleport::RockHit;

    /// A floor from -2 to 2 both ways, a step up of 0.2 m from x = 1 on, and a wall around.
    struct Room;

    impl Room {
        fn ground_m(x: f32) -> f32 {
            if x >= 1.0 { 0.2 } else { 0.0 }
        }
        fn is_rock(p: Vec3) -> bool {
            p.y <= Self::ground_m(p.x) || p.x.abs() >= 2.0 || p.z.abs() >= 2.0
        }
    }

    impl Rock for Room {
        fn cast(&self, from: Vec3, to: Vec3) -> Option<RockHit> {
            let hit = (0..=400)
                .map(|i| from.lerp(to, i as f32 / 400.0))
                .find(|p| Self::is_rock(*p))?;
            let is_wall = hit.x.abs() >= 2.0 || hit.z.abs() >= 2.0;
            Some(RockHit {
                point: hit,
                normal: if is_wall { -hit.normalize() } else { Vec3::Y },
            })
        }
        fn body_fits(&self, feet: Vec3) -> bool {
            feet.x.abs() <= 1.75 && feet.z.abs() <= 1.75
        }
        fn is_walkable(&self, _: Vec3) -> bool {
            true
        }
    }

    #[test]
    fn the_body_walks_under_the_head_and_up_a_step() {
        let mut feet = Vec3::ZERO;
        for i in 0..=150 {
            let head = Vec3::new(i as f32 * 0.01, 1.6, 0.3 * (i as f32 / 150.0));
            let step = follow_head(feet, head, &Room);
            assert!(
                step.stray_m < 0.02,
                "free walking keeps body and head together"
            );
            feet = step.feet_in_world;
        }
        assert!(
            (feet.y - 0.2).abs() < 0.01 && (feet.x - 1.5).abs() < 0.02,
            "on the step, at {feet}"
        );
    }

    #[test]
    fn nobody_passes_a_wall_and_behind_it_all_is_dark() {
        let mut dice = Dice::new(30);
        let mut feet = Vec3::ZERO;
        let mut head = Vec3::new(0.0, 1.6, 0.0);
        let mut darkest = 0.0f32;
        for frame in 0..4000 {
            head += (dice.point() * 0.15).with_y(0.0);
            head = head.clamp(Vec3::new(-3.5, 1.6, -3.5), Vec3::new(3.5, 1.6, 3.5));
            let step = follow_head(feet, head, &Room);
            feet = step.feet_in_world;
            assert!(
                feet.x.abs() <= 1.751 && feet.z.abs() <= 1.751,
                "frame {frame}: the body stays in the room, at {feet}"
            );
            let is_behind = head.x.abs() > 2.4 || head.z.abs() > 2.4;
            if is_behind {
                assert_eq!(
                    step.darkness(),
                    1.0,
                    "frame {frame}: behind the wall is nothing"
                );
            }
            darkest = darkest.max(step.darkness());
        }
        assert_eq!(darkest, 1.0, "the walk tests something");
        let along = follow_head(Vec3::new(0.0, 0.0, 1.7), Vec3::new(0.5, 1.6, 1.9), &Room);
        assert!(
            along.feet_in_world.x > 0.3,
            "a body slides along a wall: {}",
            along.feet_in_world
        );
    }

    #[test]
    fn lost_tracking_moves_nobody() {
        let feet = Vec3::new(0.5, 0.0, 0.5);
        for head in [Vec3::NAN, Vec3::new(50.0, 1.6, 0.0)] {
            let step = follow_head(feet, head, &Room);
            assert_eq!(step.feet_in_world, feet, "a head at {head} is not followed");
        }
    }
}
