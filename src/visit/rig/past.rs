//! What a move of the tracked space did to the head.
//!
//! The system's gesture, or a boundary drawn anew, moves the space that the visitor is tracked in
//! (`XrEventDataReferenceSpaceChangePending`; OpenXR 1.1, §7 "Spaces"). The visitor has not moved:
//! the rig has to move as the space did, in the same frame, or the picture swings. Runtimes may say
//! how the space moved, need not, and may show poses in it before they have said a word.

use super::TrackedPose;
use crate::angle::wrapped;
use bevy::math::{Quat, Vec3};
use std::{collections::VecDeque, time::Duration};

/// A move is told within this time.
const TOLD_WITHIN: Duration = Duration::from_secs(1);
/// No head goes farther from one frame to the next, metres and radians (11 degrees).
const LEAP_M: f32 = 0.15;
const LEAP_RAD: f32 = 0.2;
/// Share of that by which a head may have moved where what is told of a space is believed: told wrongly, it
/// moves nobody farther.
const BELIEVED: f32 = 0.3;

/// The tracked head of one frame, and where the body stood.
#[derive(Debug, Clone, Copy)]
struct Moment {
    at: Duration,
    feet_in_world: Vec3,
    rig_from_head: TrackedPose,
}

/// The last frames.
#[derive(Debug, Clone, Default)]
pub struct Past {
    moments: VecDeque<Moment>,
}

/// How a space has moved, see [`Past::space_move`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpaceMove {
    /// The space as it is now in the space as it was.
    pub previous_from_new: TrackedPose,
    /// Where the body stood before, where that is known.
    pub feet_in_world: Option<Vec3>,
}

impl Past {
    /// Notes where feet and head are at a time.
    pub fn note(&mut self, at: Duration, feet_in_world: Vec3, rig_from_head: TrackedPose) {
        let is_old = |moment: &Moment| at.saturating_sub(moment.at) > TOLD_WITHIN;
        while self.moments.front().is_some_and(is_old) {
            self.moments.pop_front();
        }
        self.moments.push_back(Moment {
            at,
            feet_in_world,
            rig_from_head,
        });
    }

    /// The body was put somewhere: what was before counts no more.
    pub fn forget(&mut self) {
        self.moments.clear();
    }

    /// How the space has moved, `now` being the head in it as it is.
    ///
    /// What the runtime told of it, `told`, is taken where the head hardly moves by it. Else the
    /// head is held to be where it was: in the frame before, or before it leapt, for a move that
    /// showed in poses before it was told. `has_floor`: the space keeps its height.
    ///
    /// `None` where nothing is known.
    pub fn space_move(
        &self,
        told: Option<&TrackedPose>,
        now: &TrackedPose,
        has_floor: bool,
    ) -> Option<SpaceMove> {
        let told = told.filter(|told| told.is_finite());
        let Some(last) = self.moments.back() else {
            return told.map(|told| SpaceMove {
                previous_from_new: *told,
                feet_in_world: None,
            });
        };
        let is_right =
            |told: &&TrackedPose| leap(&last.rig_from_head.told_in(told), now) <= BELIEVED;
        let (moment, previous_from_new) = if let Some(told) = told.filter(is_right) {
            (last, *told)
        } else {
            let moment = self.before_leap(now).unwrap_or(last);
            (moment, between(&moment.rig_from_head, now, has_floor))
        };
        Some(SpaceMove {
            previous_from_new,
            feet_in_world: Some(moment.feet_in_world),
        })
    }

    /// The moment before the head leapt farthest, with the head as it is now; `None` where it did
    /// not.
    fn before_leap(&self, now: &TrackedPose) -> Option<&Moment> {
        let heads = self.moments.iter().map(|moment| &moment.rig_from_head);
        let next = heads.skip(1).chain([now]);
        self.moments
            .iter()
            .zip(next)
            .map(|(moment, next)| (moment, leap(&moment.rig_from_head, next)))
            .filter(|(_, leap)| *leap > 1.0)
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .map(|(moment, _)| moment)
    }
}

/// How far a head went between two frames, in what no head does.
fn leap(a: &TrackedPose, b: &TrackedPose) -> f32 {
    let far = a.position.distance(b.position) / LEAP_M;
    far.max(a.rotation.angle_between(b.rotation) / LEAP_RAD)
}

/// The move of a space by which a head in it, `then`, has become `now`: a turn about the vertical
/// and a shift.
fn between(then: &TrackedPose, now: &TrackedPose, has_floor: bool) -> TrackedPose {
    let rotation = Quat::from_rotation_y(wrapped(then.yaw_rad() - now.yaw_rad()));
    let position = then.position - rotation * now.position;
    TrackedPose {
        position: if has_floor {
            position.with_y(0.0)
        } else {
            position
        },
        rotation,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Rig;
    use super::*;

    fn head(x: f32, yaw_rad: f32) -> TrackedPose {
        TrackedPose {
            position: Vec3::new(x, 1.6, 0.0),
            rotation: Quat::from_rotation_y(yaw_rad),
        }
    }

    /// A step aside and a look around, in a second; the feet go along.
    fn walked() -> Past {
        let mut past = Past::default();
        for frame in 0..90_u16 {
            let part = f32::from(frame) / 90.0;
            let at = Duration::from_secs_f32(part);
            past.note(at, Vec3::X * part, head(part, part));
        }
        past
    }

    /// Where the last of [`walked`] is, and facing which way, after a move.
    fn stays(past: &Past, told: Option<&TrackedPose>, now: &TrackedPose) -> (Vec3, f32) {
        let rig = Rig {
            origin_in_world: Vec3::new(3.0, 0.5, -7.0),
            yaw_rad: 2.0,
        };
        let moved = past.space_move(told, now, true).expect("it is known");
        let found = rig.retold(&moved.previous_from_new).pose_in_world(now);
        let before = rig.pose_in_world(&head(89.0 / 90.0, 89.0 / 90.0));
        (
            found.position - before.position,
            wrapped(found.yaw_rad() - before.yaw_rad()),
        )
    }

    #[track_caller]
    fn assert_stays(past: &Past, told: Option<&TrackedPose>, now: &TrackedPose, within: f32) {
        let (off, turn_rad) = stays(past, told, now);
        assert!(
            off.length() <= within && turn_rad.abs() <= within,
            "off by {off} and {turn_rad} rad"
        );
    }

    #[test]
    fn a_space_that_moves_moves_nobody() {
        let past = walked();
        let now = head(0.0, 0.0);
        let told = head(89.0 / 90.0, 89.0 / 90.0);
        let told = TrackedPose {
            position: told.position.with_y(0.0),
            ..told
        };
        assert_stays(&past, None, &now, 1e-5);
        assert_stays(&past, Some(&told), &now, 1e-5);
        // What the head did meanwhile is its own, where the move is told.
        let aside = head(0.01, 0.02);
        let (off, turn_rad) = stays(&past, Some(&told), &aside);
        assert!((off.length() - 0.01).abs() < 1e-4, "a step of its own");
        assert!((turn_rad - 0.02).abs() < 1e-4, "a turn of its own");
        // Told wrongly, and not at all a pose.
        assert_stays(&past, Some(&head(0.0, 0.0)), &now, 1e-5);
        let too_high = TrackedPose {
            position: told.position.with_y(0.1),
            ..told
        };
        assert_stays(&past, Some(&too_high), &now, 1e-5);
        let nowhere = head(f32::NAN, 0.0);
        assert_stays(&past, Some(&nowhere), &now, 1e-5);
        // Nobody moves far by a move that is hardly one.
        assert_stays(&past, None, &head(1.0, 1.0), 0.02);
    }

    #[test]
    fn a_move_is_made_good_that_showed_before_it_was_told() {
        let mut past = walked();
        for frame in 90..92_u16 {
            let at = Duration::from_secs_f32(f32::from(frame) / 90.0);
            past.note(at, Vec3::ZERO, head(0.0, 0.0));
        }
        let now = head(0.0, 0.0);
        assert_stays(&past, None, &now, 1e-5);
        let feet = past
            .space_move(None, &now, true)
            .and_then(|moved| moved.feet_in_world);
        assert_eq!(feet, Some(Vec3::X * (89.0 / 90.0)), "nor are the feet led");
        past.note(Duration::from_secs(5), Vec3::ZERO, head(0.1, 0.0));
        let moved = past.space_move(None, &now, true).expect("it is known");
        assert!(
            moved.previous_from_new.position.length() < 0.11,
            "long ago: {moved:?}"
        );
        past.forget();
        assert_eq!(past.space_move(None, &now, true), None, "put elsewhere");
    }
}
