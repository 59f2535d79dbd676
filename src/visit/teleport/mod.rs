//! Where a visitor points, where they would land, and why not.
//!
//! The arc is a thrown stone's: Valve's plugin throws at 10 m/s (`Teleport.cs`,
//! `arcDistance`); ours throws at [`TeleportSettings::launch_speed`], slower, for rooms and
//! caves. What is hit is judged: ground to stand on where a body fits lands there; a wall
//! lands at its foot; everything else is refused with a [`Refusal`] that the marker can show.
//!
//! Refused here: passing a wall by leaning or reaching through it. Between body and head,
//! and between head and hand, there must be no rock.

#[cfg(test)]
mod tests;

use crate::angle::wrapped;
use bevy::math::{Vec2, Vec3, ops};

/// Where a segment meets rock.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RockHit {
    /// In world, metres.
    pub point: Vec3,
    /// Unit, turned against the segment.
    pub normal: Vec3,
}

/// What a teleport asks of the world.
pub trait Rock {
    /// The first rock on the way from one point to another.
    fn cast(&self, from: Vec3, to: Vec3) -> Option<RockHit>;
    /// Whether a standing body with its feet here touches nothing.
    fn body_fits(&self, feet: Vec3) -> bool;
    /// Whether rock at this point, which was just hit, may be walked on.
    fn is_walkable(&self, point: Vec3) -> bool;
}

/// How one throws.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TeleportSettings {
    /// Of the stone, metres per second.
    pub launch_speed: f32,
    /// Metres per second squared; standard gravity, so that the arc looks right.
    pub gravity: f32,
    /// The farthest landing from the feet, level, metres.
    pub farthest_m: f32,
    /// The steepest ground one lands on, degrees: the walker's.
    pub max_slope_deg: f32,
    /// Half the body's width: a wall's foot is this far from it, metres.
    pub body_radius_m: f32,
}

impl Default for TeleportSettings {
    /// From shoulder height, 1.3 m, thrown at 45°: 5.4 m.
    fn default() -> Self {
        Self {
            launch_speed: 6.5,
            gravity: 9.806_65,
            farthest_m: 7.0,
            max_slope_deg: 46.0,
            body_radius_m: 0.25,
        }
    }
}

/// Seconds between two points of the arc: at 6.5 m/s steps of 22 cm and less.
const STEP_SECS: f32 = 1.0 / 30.0;
/// The stone flies no longer, seconds: it falls 11 m.
const LONGEST_SECS: f32 = 1.5;
/// Nobody throws steeper, radians: straight up would land on the thrower.
const STEEPEST_RAD: f32 = 1.2;
/// How far below the point where a wall was hit its foot is looked for, metres.
const FOOT_DEPTH_M: f32 = 2.5;
/// Where the body does not fit, places this much nearer to the visitor are tried, metres.
const NEARER_M: [f32; 4] = [0.0, 0.12, 0.24, 0.4];
/// Ground is looked for from this far above a place to this far below it, metres.
const SNAP_M: f32 = 0.5;
/// A stick pushed beyond this chooses the facing.
const FACING_STICK: f32 = 0.5;

/// Who throws, and how.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Throw {
    /// Where the visitor's eyes are.
    pub head_in_world: Vec3,
    /// Where the visitor's body stands: the last place where it stood well, not simply below
    /// the head, which may lean or walk into a wall.
    pub feet_in_world: Vec3,
    /// Where the head looks.
    pub head_yaw_rad: f32,
    /// Where the pointing hand is; the head's place for gaze.
    pub hand_in_world: Vec3,
    /// Where the hand points.
    pub direction: Vec3,
    /// The thumb-stick, right and forward, -1 to 1: chooses the facing.
    pub stick: Vec2,
}

/// Why one cannot land there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// Hand or head is not tracked.
    NotTracked,
    /// Between body and head is rock: the visitor has walked into a wall.
    HeadBehindRock,
    /// Between head and hand is rock.
    HandBehindRock,
    /// The arc meets nothing.
    NoGround,
    /// Ground farther away than allowed.
    TooFar,
    /// Too steep, or a ceiling.
    TooSteep,
    /// Not to be walked on: an altar, a showcase.
    NotWalkable,
    /// A body does not fit there.
    NoRoom,
}

/// Where one lands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Landing {
    /// On the ground.
    pub feet_in_world: Vec3,
    /// Facing there.
    pub yaw_rad: f32,
}

/// The arc to draw and what it comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Aim {
    /// From the hand to where it ends, in world.
    pub arc: Vec<Vec3>,
    /// What the arc ends on; drawn also where landing is refused.
    pub end: Option<RockHit>,
    /// What comes of it.
    pub landing: Result<Landing, Refusal>,
}

impl TeleportSettings {
    /// Follows the arc and judges its end.
    pub fn aim(&self, throw: &Throw, rock: &dyn Rock) -> Aim {
        let refused = |arc: Vec<Vec3>, end, why| Aim {
            arc,
            end,
            landing: Err(why),
        };
        let is_tracked = throw.head_in_world.is_finite()
            && throw.feet_in_world.is_finite()
            && throw.hand_in_world.is_finite()
            && throw.head_yaw_rad.is_finite();
        let direction = throw.direction.try_normalize().filter(|_| is_tracked);
        let Some(direction) = direction.map(gentle) else {
            return refused(Vec::new(), None, Refusal::NotTracked);
        };
        let over_body = throw.feet_in_world.with_y(throw.head_in_world.y);
        if let Some(hit) = rock.cast(over_body, throw.head_in_world) {
            let arc = vec![throw.hand_in_world];
            return refused(arc, Some(hit), Refusal::HeadBehindRock);
        }
        if let Some(hit) = rock.cast(throw.head_in_world, throw.hand_in_world) {
            let arc = vec![throw.hand_in_world];
            return refused(arc, Some(hit), Refusal::HandBehindRock);
        }
        let (arc, end) = self.throw(throw.hand_in_world, direction, rock);
        let Some(hit) = end else {
            return refused(arc, None, Refusal::NoGround);
        };
        let landing = self.judge(&hit, throw, rock).map(|feet_in_world| Landing {
            feet_in_world,
            yaw_rad: facing(throw, direction),
        });
        Aim {
            arc,
            end: Some(hit),
            landing,
        }
    }

    /// The points of the arc until it meets rock.
    fn throw(&self, hand: Vec3, direction: Vec3, rock: &dyn Rock) -> (Vec<Vec3>, Option<RockHit>) {
        let velocity = direction * self.launch_speed;
        let mut arc = vec![hand];
        let mut from = hand;
        for step in 1..=(LONGEST_SECS / STEP_SECS) as u32 {
            let t = step as f32 * STEP_SECS;
            let to = hand + velocity * t + Vec3::NEG_Y * (0.5 * self.gravity * t * t);
            if let Some(hit) = rock.cast(from, to) {
                arc.push(hit.point);
                return (arc, Some(hit));
            }
            arc.push(to);
            from = to;
        }
        (arc, None)
    }

    /// Where the feet would be.
    fn judge(&self, hit: &RockHit, throw: &Throw, rock: &dyn Rock) -> Result<Vec3, Refusal> {
        let ground = if hit.normal.y.abs() < 0.5 {
            // A wall: its foot, as far off as a body is wide.
            let beside =
                hit.point + hit.normal.with_y(0.0).normalize_or_zero() * self.body_radius_m;
            // A wall that leans over leaves no way down; then it is simply too steep.
            rock.cast(beside, beside - Vec3::Y * FOOT_DEPTH_M)
                .ok_or(Refusal::TooSteep)?
        } else {
            *hit
        };
        self.judge_ground(&ground, rock)?;
        let way = (ground.point - throw.feet_in_world).with_y(0.0);
        if way.length() > self.farthest_m {
            return Err(Refusal::TooFar);
        }
        let back = -way.normalize_or_zero();
        for nearer_m in NEARER_M {
            let place = ground.point + back * nearer_m;
            let above = place + Vec3::Y * SNAP_M;
            let Some(found) = rock.cast(above, place - Vec3::Y * SNAP_M) else {
                continue;
            };
            if self.judge_ground(&found, rock).is_ok() && rock.body_fits(found.point) {
                return Ok(found.point);
            }
        }
        Err(Refusal::NoRoom)
    }

    fn judge_ground(&self, ground: &RockHit, rock: &dyn Rock) -> Result<(), Refusal> {
        if ground.normal.y < ops::cos(self.max_slope_deg.to_radians()) {
            Err(Refusal::TooSteep)
        } else if !rock.is_walkable(ground.point) {
            Err(Refusal::NotWalkable)
        } else {
            Ok(())
        }
    }
}

/// The same direction, but no steeper than one throws.
fn gentle(direction: Vec3) -> Vec3 {
    let level = direction.with_y(0.0).length();
    let pitch = ops::atan2(direction.y, level);
    if pitch <= STEEPEST_RAD {
        return direction;
    }
    let (sin, cos) = ops::sin_cos(STEEPEST_RAD);
    let ahead = direction.with_y(0.0).try_normalize();
    ahead.map_or(direction, |ahead| ahead * cos + Vec3::Y * sin)
}

/// As the head looks now, unless the stick says otherwise: forward is along the arc.
fn facing(throw: &Throw, direction: Vec3) -> f32 {
    let stick = throw.stick;
    if !stick.is_finite() || stick.length() < FACING_STICK {
        return throw.head_yaw_rad;
    }
    let along = ops::atan2(-direction.x, -direction.z);
    wrapped(along + ops::atan2(-stick.x, stick.y))
}
