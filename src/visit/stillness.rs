//! Whether anybody wears the headset, where the runtime cannot tell.
//!
//! Without `XR_EXT_user_presence` an application "typically assumes that the user is always
//! present" (its `XrSystemUserPresencePropertiesEXT`). But a worn head is never still: even
//! sitting it sways by millimetres and fractions of a degree, while a headset on a table
//! keeps to its tracker's noise. The result feeds [`crate::visit::session::Input::Presence`].

use super::rig::TrackedPose;

/// Less motion than this is that of a table, metres.
const STILL_M: f32 = 0.003;
/// Less turning than this is that of a table, radians: 0.3 degrees.
const STILL_RAD: f32 = 0.0052;
/// So long without motion, and nobody wears it, seconds. The grace period follows.
const STILL_SECS: f32 = 12.0;
/// Motion that takes a headset up from a table, metres and radians: knocks and drift are
/// less.
const TAKEN_M: f32 = 0.03;
const TAKEN_RAD: f32 = 0.05;

/// Watches the head.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stillness {
    anchor: Option<TrackedPose>,
    still_secs: f32,
    is_worn: bool,
}

impl Default for Stillness {
    /// Worn until it is still.
    fn default() -> Self {
        Self {
            anchor: None,
            still_secs: 0.0,
            is_worn: true,
        }
    }
}

impl Stillness {
    /// Takes the tracked head (`None` when tracking is lost: a covered headset) and returns
    /// a change of mind.
    pub fn step(&mut self, rig_from_head: Option<&TrackedPose>, dt_secs: f32) -> Option<bool> {
        let was_worn = self.is_worn;
        if dt_secs.is_finite() && dt_secs > 0.0 {
            self.still_secs += dt_secs.min(0.25);
        }
        if let Some(head) = rig_from_head.filter(|head| head.is_finite()) {
            let anchor = *self.anchor.get_or_insert(*head);
            let moved_m = anchor.position.distance(head.position);
            let turned_rad = anchor.rotation.angle_between(head.rotation);
            let (far_m, far_rad) = if self.is_worn {
                (STILL_M, STILL_RAD)
            } else {
                (TAKEN_M, TAKEN_RAD)
            };
            if moved_m > far_m || turned_rad > far_rad {
                self.anchor = Some(*head);
                self.still_secs = 0.0;
                self.is_worn = true;
            }
        }
        if self.still_secs >= STILL_SECS {
            self.is_worn = false;
        }
        (self.is_worn != was_worn).then_some(self.is_worn)
    }

    /// What it believes now.
    pub fn is_worn(&self) -> bool {
        self.is_worn
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visit::dice::Dice;
    use bevy::math::{Quat, Vec3, ops};

    fn pose(position: Vec3, yaw_rad: f32) -> TrackedPose {
        TrackedPose {
            position,
            rotation: Quat::from_rotation_y(yaw_rad),
        }
    }

    #[test]
    fn heads_sway_and_tables_do_not() {
        let mut dice = Dice::new(12);
        let mut watch = Stillness::default();
        let dt = 1.0 / 72.0;
        // A very calm visitor: 4 mm of sway in five seconds.
        for frame in 0..72 * 120 {
            let sway = 0.004 * ops::sin(frame as f32 * dt * core::f32::consts::TAU / 5.0);
            let head = pose(Vec3::new(sway, 1.2, 0.0), 0.0);
            assert_eq!(watch.step(Some(&head), dt), None, "a calm visitor is one");
        }
        // A table with half a millimetre of noise.
        let mut doffed_after = None;
        for frame in 0..72 * 60 {
            let head = pose(Vec3::new(1.0, 0.8, 0.0) + dice.point() * 0.0005, 1.0);
            if let Some(is_worn) = watch.step(Some(&head), dt) {
                assert!(!is_worn && doffed_after.is_none(), "once and for all");
                doffed_after = Some(frame as f32 * dt);
            }
        }
        assert!(
            doffed_after.is_some_and(|secs| (11.0..13.0).contains(&secs)),
            "a table is found out: {doffed_after:?}"
        );
        // A knock is nobody; a hand is somebody.
        let knock = pose(Vec3::new(1.01, 0.8, 0.0), 1.0);
        assert_eq!(watch.step(Some(&knock), dt), None, "a knock wakes nobody");
        let lifted = pose(Vec3::new(1.0, 0.9, 0.0), 1.0);
        assert_eq!(
            watch.step(Some(&lifted), dt),
            Some(true),
            "taken up is taken up"
        );
        // Lost tracking, and broken numbers, are no motion.
        for _ in 0..72 * 12 {
            watch.step(Some(&pose(Vec3::NAN, 0.0)), dt);
        }
        watch.step(None, 1.0);
        assert!(!watch.is_worn(), "a covered headset is doffed");
    }
}
