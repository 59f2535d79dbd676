//! Where the body was, for a tracked space that has changed before anybody says so.
//!
//! A runtime tells that its space moves (`XrEventDataReferenceSpaceChangePending`), but poses in
//! the new space may come before that is heard: for some frames the head seems to have leapt, and
//! the body has followed.

use super::TrackedPose;
use bevy::math::Vec3;
use std::{collections::VecDeque, time::Duration};

/// A change is told within this time.
const TOLD_WITHIN: Duration = Duration::from_secs(1);
/// No head goes farther from one frame to the next, metres and radians (11 degrees).
const LEAP_M: f32 = 0.15;
const LEAP_RAD: f32 = 0.2;

/// The body and the tracked head of one frame.
#[derive(Debug, Clone, Copy)]
struct Moment {
    at: Duration,
    feet_in_world: Vec3,
    yaw_rad: f32,
    rig_from_head: TrackedPose,
}

/// The last frames.
#[derive(Debug, Clone, Default)]
pub struct Past {
    moments: VecDeque<Moment>,
}

impl Past {
    /// Notes where feet and head are at a time.
    pub fn note(
        &mut self,
        at: Duration,
        feet_in_world: Vec3,
        yaw_rad: f32,
        rig_from_head: TrackedPose,
    ) {
        let is_old = |moment: &Moment| at.saturating_sub(moment.at) > TOLD_WITHIN;
        while self.moments.front().is_some_and(is_old) {
            self.moments.pop_front();
        }
        self.moments.push_back(Moment {
            at,
            feet_in_world,
            yaw_rad,
            rig_from_head,
        });
    }

    /// The body was put somewhere: what was before counts no more.
    pub fn forget(&mut self) {
        self.moments.clear();
    }

    /// Feet and heading before the head leapt farthest, with the head as it is now; `None` where
    /// it did not.
    pub fn before_leap(&self, now: &TrackedPose) -> Option<(Vec3, f32)> {
        let heads = self.moments.iter().map(|moment| &moment.rig_from_head);
        let next = heads.skip(1).chain([now]);
        let leap = |a: &TrackedPose, b: &TrackedPose| {
            let far = a.position.distance(b.position) / LEAP_M;
            far.max(a.rotation.angle_between(b.rotation) / LEAP_RAD)
        };
        self.moments
            .iter()
            .zip(next)
            .map(|(moment, next)| (moment, leap(&moment.rig_from_head, next)))
            .filter(|(_, leap)| *leap > 1.0)
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .map(|(moment, _)| (moment.feet_in_world, moment.yaw_rad))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bevy::math::Quat;

    fn head(x: f32, yaw_rad: f32) -> TrackedPose {
        TrackedPose {
            position: Vec3::new(x, 1.6, 0.0),
            rotation: Quat::from_rotation_y(yaw_rad),
        }
    }

    #[test]
    fn the_body_is_found_where_it_was_before_its_space_moved() {
        let mut past = Past::default();
        let walk = |past: &mut Past, frames: std::ops::Range<u16>| {
            for frame in frames {
                // A step aside and a look around, in a second.
                let part = f32::from(frame) / 90.0;
                past.note(
                    Duration::from_secs_f32(part),
                    Vec3::X * part,
                    part,
                    head(part, part),
                );
            }
        };
        walk(&mut past, 0..90);
        assert_eq!(past.before_leap(&head(1.0, 1.0)), None, "nobody leapt");
        let told_at_once = past.before_leap(&head(0.0, 0.0));
        let (feet, yaw_rad) = told_at_once.expect("the space has moved");
        assert!(
            (feet.x - 0.99).abs() < 0.01 && (yaw_rad - 0.99).abs() < 0.01,
            "feet {feet}, heading {yaw_rad}"
        );
        // For two frames the body followed.
        for frame in 90..92_u16 {
            let at = Duration::from_secs_f32(f32::from(frame) / 90.0);
            past.note(at, Vec3::ZERO, 0.0, head(0.0, 0.0));
        }
        assert_eq!(past.before_leap(&head(0.0, 0.0)), Some((feet, yaw_rad)));
        past.forget();
        assert_eq!(past.before_leap(&head(0.0, 0.0)), None, "put elsewhere");
        walk(&mut past, 0..1);
        past.note(Duration::from_secs(5), Vec3::ZERO, 0.0, head(9.0, 0.0));
        assert_eq!(past.before_leap(&head(9.0, 0.0)), None, "long ago");
    }
}
