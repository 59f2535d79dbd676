//! A hand without a controller: where it points and when it pinches, from its joints alone.
//!
//! For runtimes that track hands (`XR_EXT_hand_tracking`) and do not offer what hands do
//! (`XR_EXT_hand_interaction`). The ray goes from an estimated shoulder through the knuckle of
//! the index finger, as hand rays commonly do: a finger's own direction trembles and turns away
//! with every pinch, the line from the shoulder hardly does.

use super::{comfort::Hand, rig::TrackedPose};
use bevy::math::{Mat3, Quat, Vec3};

/// Joints of a hand, in the order of `XrHandJointEXT` (OpenXR 1.1, §12.29.5).
pub const JOINTS: usize = 26;

/// Their places in the order.
pub mod joint {
    /// Middle of the palm.
    pub const PALM: usize = 0;
    /// The wrist.
    pub const WRIST: usize = 1;
    /// Of the thumb.
    pub const THUMB_TIP: usize = 5;
    /// Knuckle of the index finger.
    pub const INDEX_PROXIMAL: usize = 7;
    /// Of the index finger.
    pub const INDEX_TIP: usize = 10;
    /// From the wrist's end to the tip: thumb, index, middle, ring and little finger.
    pub const FINGERS: [&[usize]; 5] = [
        &[2, 3, 4, 5],
        &[6, 7, 8, 9, 10],
        &[11, 12, 13, 14, 15],
        &[16, 17, 18, 19, 20],
        &[21, 22, 23, 24, 25],
    ];
}

/// A joint in the tracked space.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Joint {
    /// Metres.
    pub position: Vec3,
    /// -Z towards the tip, Y out of the back of the hand (OpenXR 1.1, §12.29.6).
    pub rotation: Quat,
    /// From the joint to the skin, metres.
    pub radius_m: f32,
}

impl Default for Joint {
    fn default() -> Self {
        Self {
            position: Vec3::ZERO,
            rotation: Quat::IDENTITY,
            radius_m: 0.008,
        }
    }
}

/// All of a hand's joints.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HandJoints(pub [Joint; JOINTS]);

/// Fingertips this near press, and this far let go, between their middles, metres. Two
/// thresholds: trackers tremble by millimetres.
const PINCHED_M: f32 = 0.022;
const LET_GO_M: f32 = 0.036;
/// A shoulder from the middle of the eyes of a head that looks ahead: out, down, back, metres
/// (DIN 33402-2, median: eye 33 cm over the shoulder, shoulders 33 cm apart).
const SHOULDER_M: Vec3 = Vec3::new(0.165, -0.28, 0.05);
/// No joint is farther from the wrist, metres.
const HAND_M: f32 = 0.35;

impl HandJoints {
    /// Joints that can be a hand's: finite, and near each other.
    pub fn is_sound(&self) -> bool {
        let wrist = self.0[joint::WRIST].position;
        self.0.iter().all(|own| {
            own.position.is_finite()
                && own.rotation.is_finite()
                && own.radius_m.is_finite()
                && own.position.distance(wrist) < HAND_M
        })
    }

    /// Where the hand is, as a controller's grip would be: +X out of a left palm and into a
    /// right one (OpenXR 1.1, §6.3.2).
    pub fn grip(&self, hand: Hand) -> TrackedPose {
        let palm = &self.0[joint::PALM];
        let side = match hand {
            Hand::Left => -core::f32::consts::FRAC_PI_2,
            Hand::Right => core::f32::consts::FRAC_PI_2,
        };
        TrackedPose {
            position: palm.position,
            rotation: palm.rotation * Quat::from_rotation_z(side),
        }
    }

    /// Where the hand points; `None` while it is so near the shoulder that nobody could tell.
    pub fn aim(&self, hand: Hand, head: &TrackedPose) -> Option<TrackedPose> {
        let out = match hand {
            Hand::Left => -SHOULDER_M.x,
            Hand::Right => SHOULDER_M.x,
        };
        let heading = Quat::from_rotation_y(head.yaw_rad());
        let shoulder = head.position + heading * SHOULDER_M.with_x(out);
        let knuckle = self.0[joint::INDEX_PROXIMAL].position;
        let way = knuckle - shoulder;
        if !(way.is_finite() && way.length() > 0.1) {
            return None;
        }
        let ahead = way.normalize_or_zero();
        let right = ahead.cross(Vec3::Y).try_normalize()?;
        let up = right.cross(ahead);
        Some(TrackedPose {
            position: knuckle,
            rotation: Quat::from_mat3(&Mat3::from_cols(right, up, -ahead)),
        })
    }
}

/// Whether thumb and index finger touch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pinch {
    is_closed: bool,
}

impl Pinch {
    /// Takes the hand as it is now; a hand that is lost has let go.
    pub fn step(&mut self, joints: Option<&HandJoints>) -> bool {
        let gap_m = joints.map_or(f32::INFINITY, |joints| {
            let thumb = joints.0[joint::THUMB_TIP].position;
            thumb.distance(joints.0[joint::INDEX_TIP].position)
        });
        let limit_m = if self.is_closed { LET_GO_M } else { PINCHED_M };
        self.is_closed = gap_m < limit_m;
        self.is_closed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hand_at(wrist: Vec3) -> HandJoints {
        let mut joints = HandJoints([Joint::default(); JOINTS]);
        for own in &mut joints.0 {
            own.position = wrist;
        }
        joints.0[joint::INDEX_PROXIMAL].position += Vec3::new(0.0, 0.0, -0.08);
        joints.0[joint::INDEX_TIP].position += Vec3::new(0.0, 0.0, -0.16);
        joints.0[joint::THUMB_TIP].position += Vec3::new(-0.06, 0.0, -0.1);
        joints
    }

    const HEAD: TrackedPose = TrackedPose {
        position: Vec3::new(0.0, 1.6, 0.0),
        rotation: Quat::IDENTITY,
    };

    #[test]
    fn a_hand_held_out_points_ahead_of_its_shoulder() {
        for (hand, x) in [(Hand::Left, -0.165), (Hand::Right, 0.165)] {
            let joints = hand_at(Vec3::new(x, 1.32, -0.4));
            let aim = joints.aim(hand, &HEAD).expect("a hand held out points");
            let way = aim.rotation * Vec3::NEG_Z;
            assert!(
                way.abs_diff_eq(Vec3::NEG_Z, 1e-3),
                "{hand:?}: straight ahead, not {way}"
            );
            assert!(
                (aim.rotation * Vec3::Y).y > 0.99,
                "{hand:?}: upright, whatever the wrist does"
            );
            let raised = hand_at(Vec3::new(x, 1.72, -0.4));
            let way = raised.aim(hand, &HEAD).expect("it points").rotation * Vec3::NEG_Z;
            assert!(way.y > 0.5, "{hand:?}: a raised hand points up: {way}");
        }
        let at_shoulder = hand_at(Vec3::new(0.165, 1.32, 0.13));
        assert_eq!(
            at_shoulder.aim(Hand::Right, &HEAD),
            None,
            "a hand at the shoulder points nowhere"
        );
    }

    #[test]
    fn a_pinch_closes_once_however_the_fingers_tremble() {
        let mut pinch = Pinch::default();
        let mut presses = 0;
        let mut was = false;
        let gap = |gap_m: f32| {
            let mut joints = hand_at(Vec3::ZERO);
            joints.0[joint::THUMB_TIP].position =
                joints.0[joint::INDEX_TIP].position + Vec3::X * gap_m;
            joints
        };
        for gap_m in [0.08, 0.03, 0.021, 0.026, 0.02, 0.03, 0.021, 0.034, 0.05] {
            let is_closed = pinch.step(Some(&gap(gap_m)));
            presses += u32::from(is_closed && !was);
            was = is_closed;
        }
        assert_eq!(presses, 1, "one pinch is one press");
        assert!(!was, "open fingers let go");
        assert!(pinch.step(Some(&gap(0.01))), "and press again");
        assert!(!pinch.step(None), "a hand that is lost has let go");
    }

    #[test]
    fn palms_face_as_grips_do() {
        let mut joints = hand_at(Vec3::ZERO);
        // A left hand flat before the chest, palm down: Y is out of its back.
        joints.0[joint::PALM].rotation = Quat::IDENTITY;
        let left = joints.grip(Hand::Left).rotation * Vec3::X;
        let right = joints.grip(Hand::Right).rotation * Vec3::NEG_X;
        for (hand, face) in [("left", left), ("right", right)] {
            assert!(
                face.abs_diff_eq(Vec3::NEG_Y, 1e-5),
                "the {hand} palm faces down: {face}"
            );
        }
    }

    #[test]
    fn what_cannot_be_a_hand_is_none() {
        assert!(hand_at(Vec3::ZERO).is_sound(), "a hand is one");
        let mut torn = hand_at(Vec3::ZERO);
        torn.0[joint::INDEX_TIP].position = Vec3::new(3.0, 0.0, 0.0);
        assert!(!torn.is_sound(), "no finger is three metres long");
        let mut lost = hand_at(Vec3::ZERO);
        lost.0[7].position.x = f32::NAN;
        assert!(!lost.is_sound(), "nor is one nowhere");
    }
}
