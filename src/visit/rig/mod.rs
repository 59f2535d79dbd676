//! Where the visitor's tracked space stands in the exhibit.
//!
//! The headset tracks the head in the *rig* (LOCAL_FLOOR, else STAGE, else LOCAL with an
//! estimated floor; OpenXR 1.1, §7.1 "Reference Spaces"). A [`Rig`] places that space in the
//! world by a heading and a shift alone: it cannot roll, pitch or scale, so the horizon is
//! always level and a metre is a metre.

mod height;
mod past;
#[cfg(test)]
mod tests;

pub use height::{EyeHeight, STANDING_EYE_M, floor_in_local_m};
pub use past::{Past, SpaceMove};

use crate::angle::wrapped;
use bevy::math::{Quat, Vec3, ops};

/// A tracked pose.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrackedPose {
    /// Metres.
    pub position: Vec3,
    /// OpenXR's axes: -Z ahead, Y up.
    pub rotation: Quat,
}

impl TrackedPose {
    /// Whether every number is one: runtimes do lose tracking.
    pub fn is_finite(&self) -> bool {
        self.position.is_finite() && self.rotation.is_finite()
    }

    /// The heading: 0 along -Z, positive to the left. A head that looks straight up or down
    /// still has one: that of its crown or chin.
    pub fn yaw_rad(&self) -> f32 {
        let ahead = self.rotation * Vec3::NEG_Z;
        let crown = self.rotation * Vec3::Y;
        // Looking down the crown points ahead, looking up it points back. The blend is
        // continuous where the gaze is vertical and exactly the gaze where it is level.
        let level = ahead + crown * -ahead.y;
        let way = if ahead.with_y(0.0).length_squared() > 0.01 {
            ahead
        } else {
            level
        };
        ops::atan2(-way.x, -way.z)
    }

    /// A pose that is told in this one.
    #[must_use]
    pub fn then(&self, next: &Self) -> Self {
        Self {
            position: self.position + self.rotation * next.position,
            rotation: self.rotation * next.rotation,
        }
    }

    /// The same pose as told in a space that lies here in this one's.
    #[must_use]
    pub fn told_in(&self, space: &Self) -> Self {
        let back = space.rotation.inverse();
        Self {
            position: back * (self.position - space.position),
            rotation: back * self.rotation,
        }
    }
}

/// Takes the tracked space into the world: turn by `yaw_rad` about Y, then shift.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Rig {
    /// Where the tracked space's origin is in the world, metres.
    pub origin_in_world: Vec3,
    /// Heading of the tracked space's -Z in the world.
    pub yaw_rad: f32,
}

impl Rig {
    /// The rotation into the world.
    pub fn rotation(&self) -> Quat {
        Quat::from_rotation_y(self.yaw_rad)
    }

    /// A tracked point in the world.
    pub fn world_from_rig(&self, point: Vec3) -> Vec3 {
        self.origin_in_world + turned(point, self.yaw_rad)
    }

    /// A tracked pose in the world.
    pub fn pose_in_world(&self, pose: &TrackedPose) -> TrackedPose {
        TrackedPose {
            position: self.world_from_rig(pose.position),
            rotation: self.rotation() * pose.rotation,
        }
    }

    /// Turned about the head by exactly `angle_rad`, positive to the left: the head stays
    /// where it is in the world.
    #[must_use]
    pub fn turned_about_head(&self, rig_from_head: &TrackedPose, angle_rad: f32) -> Self {
        if !(angle_rad.is_finite() && rig_from_head.is_finite()) {
            return *self;
        }
        let head_in_world = self.world_from_rig(rig_from_head.position);
        let yaw_rad = wrapped(self.yaw_rad + angle_rad);
        Self {
            origin_in_world: head_in_world - turned(rig_from_head.position, yaw_rad),
            yaw_rad,
        }
    }

    /// The rig that puts the head above `feet_in_world`, whatever way the visitor stands in
    /// their room, facing `yaw_rad`, with the floor `lift_m` above the feet's ground.
    ///
    /// Serves the start, teleports and recentering. The height of the head is its own: only
    /// the floor is placed.
    #[must_use]
    pub fn with_head_at(
        &self,
        rig_from_head: &TrackedPose,
        feet_in_world: Vec3,
        yaw_rad: f32,
        lift_m: f32,
    ) -> Self {
        if !(rig_from_head.is_finite()
            && feet_in_world.is_finite()
            && yaw_rad.is_finite()
            && lift_m.is_finite())
        {
            return *self;
        }
        let turn = wrapped(yaw_rad - rig_from_head.yaw_rad());
        let head_over_floor = rig_from_head.position.with_y(0.0);
        Self {
            origin_in_world: feet_in_world + Vec3::Y * lift_m - turned(head_over_floor, turn),
            yaw_rad: turn,
        }
    }

    /// The rig of a space that has moved: `previous_from_new` is where it is now in what it was.
    /// What is tracked stays where it is in the world.
    #[must_use]
    pub fn retold(&self, previous_from_new: &TrackedPose) -> Self {
        if !previous_from_new.is_finite() {
            return *self;
        }
        Self {
            origin_in_world: self.world_from_rig(previous_from_new.position),
            yaw_rad: wrapped(self.yaw_rad + previous_from_new.yaw_rad()),
        }
    }

    /// The heading of the head in the world.
    pub fn head_yaw_rad(&self, rig_from_head: &TrackedPose) -> f32 {
        wrapped(self.yaw_rad + rig_from_head.yaw_rad())
    }

    /// Moved in the world.
    #[must_use]
    pub fn moved(&self, by: Vec3) -> Self {
        Self {
            origin_in_world: if by.is_finite() {
                self.origin_in_world + by
            } else {
                self.origin_in_world
            },
            ..*self
        }
    }
}

/// A point turned about Y, positive from -Z towards -X.
fn turned(point: Vec3, yaw_rad: f32) -> Vec3 {
    let (sin, cos) = ops::sin_cos(yaw_rad);
    Vec3::new(
        cos * point.x + sin * point.z,
        point.y,
        cos * point.z - sin * point.x,
    )
}
