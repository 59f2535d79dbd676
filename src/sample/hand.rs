//! A sculpted hand: tapered rounded rods for the bones, joined softly.
//!
//! The hand's own frame: the wrist at the origin, x along the fingers, y out of the palm,
//! z towards the thumb; one unit is from the wrist to the tip of the middle finger.

use super::noise::sin_cos_turns;
use super::shape::smin;
use bevy::math::Vec3;

/// Signed distance to a rod with round ends whose radius changes along the way.
pub(crate) fn limb(p: Vec3, a: Vec3, b: Vec3, ra: f32, rb: f32) -> f32 {
    let along = b - a;
    let t = ((p - a).dot(along) / along.length_squared()).clamp(0.0, 1.0);
    (p - a - along * t).length() - (ra + (rb - ra) * t)
}

/// Knuckles of the four fingers, from the index to the little finger.
const KNUCKLES: [Vec3; 4] = [
    Vec3::new(0.5, 0.005, 0.158),
    Vec3::new(0.53, 0.012, 0.053),
    Vec3::new(0.51, 0.008, -0.05),
    Vec3::new(0.46, -0.004, -0.143),
];
/// Lengths of the three bones of each finger.
const LENGTHS: [[f32; 3]; 4] = [
    [0.2, 0.125, 0.085],
    [0.215, 0.145, 0.09],
    [0.2, 0.135, 0.09],
    [0.155, 0.1, 0.08],
];
/// Radii at the knuckle, the two joints and the tip.
const RADII: [[f32; 4]; 5] = [
    [0.056, 0.05, 0.044, 0.032],
    [0.057, 0.051, 0.045, 0.033],
    [0.054, 0.049, 0.043, 0.031],
    [0.048, 0.043, 0.038, 0.028],
    [0.085, 0.062, 0.053, 0.036],
];

/// What a hand does. Angles in degrees; bends are towards the palm.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Gesture {
    /// For each finger: how far it points aside towards the thumb, then the bends of its
    /// three joints.
    pub(crate) fingers: [[f32; 4]; 4],
    /// The thumb's root, its two joints and its tip, in the hand's frame.
    pub(crate) thumb: [Vec3; 4],
}

/// Where a hand is and how large.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Placed {
    /// The wrist, metres.
    pub(crate) wrist: Vec3,
    /// Roughly where the fingers point.
    pub(crate) along: Vec3,
    /// Roughly where the palm looks.
    pub(crate) palm: Vec3,
    /// From the wrist to the tip of the middle finger, metres.
    pub(crate) length_m: f32,
    /// Whether the thumb is that of a left hand.
    pub(crate) is_left: bool,
}

/// A hand in the frame of its figure, metres.
#[derive(Debug, Clone)]
pub(crate) struct Hand {
    /// Index, middle, ring, little finger, thumb: root, two joints, tip.
    pub(crate) fingers: [[Vec3; 4]; 5],
    wrist: [Vec3; 4],
    middle: Vec3,
    length_m: f32,
}

impl Hand {
    /// Bends and places a hand.
    pub(crate) fn new(gesture: &Gesture, at: &Placed) -> Self {
        let x = at.along.normalize_or(Vec3::X);
        let y = (at.palm - x * at.palm.dot(x)).normalize_or(Vec3::Y);
        let z = x.cross(y) * if at.is_left { -1.0 } else { 1.0 };
        let placed = |p: Vec3| at.wrist + (x * p.x + y * p.y + z * p.z) * at.length_m;
        let mut fingers = [[Vec3::ZERO; 4]; 5];
        for (i, [aside, bends @ ..]) in gesture.fingers.iter().enumerate() {
            let (s, c) = sin_cos_turns(aside / 360.0);
            let out = Vec3::new(c, 0.0, s);
            let (mut joint, mut bent) = (KNUCKLES[i], 0.0);
            fingers[i][0] = placed(joint);
            for (k, (length, bend)) in LENGTHS[i].iter().zip(bends).enumerate() {
                bent += bend;
                let (s, c) = sin_cos_turns(bent / 360.0);
                joint += (out * c + Vec3::Y * s) * *length;
                fingers[i][k + 1] = placed(joint);
            }
        }
        fingers[4] = gesture.thumb.map(placed);
        let wrist = [
            Vec3::new(-0.22, 0.0, 0.03),
            Vec3::new(0.05, 0.0, 0.055),
            Vec3::new(-0.22, 0.0, -0.03),
            Vec3::new(0.05, 0.0, -0.055),
        ];
        Self {
            fingers,
            wrist: wrist.map(placed),
            middle: placed(Vec3::new(0.4, 0.0, 0.0)),
            length_m: at.length_m,
        }
    }

    /// The same hand with its thumb elsewhere: root, two joints, tip, in metres.
    pub(crate) fn with_thumb(mut self, thumb: [Vec3; 4]) -> Self {
        self.fingers[4] = thumb;
        self
    }

    /// The rods of the palm with their radii in metres, for a drawing.
    pub(crate) fn palm(&self) -> impl Iterator<Item = ([Vec3; 2], f32)> {
        let [a, b, c, d] = self.wrist;
        let bones = self.fingers[..4]
            .iter()
            .zip(0_u8..)
            .map(move |(finger, i)| {
                let root = b.lerp(d, f32::from(i) / 3.0);
                [root, finger[0]]
            });
        let unit = self.length_m;
        [[a, b], [c, d], [self.fingers[4][0], self.fingers[4][1]]]
            .into_iter()
            .chain(bones)
            .map(move |bone| (bone, 0.085 * unit))
    }

    /// Radius of a finger (the thumb is the fourth) at one of its four points, metres.
    pub(crate) fn radius_m(&self, finger: usize, joint: usize) -> f32 {
        RADII[finger][joint] * self.length_m
    }

    /// Signed distance, metres; far away only a lower bound of it.
    pub(crate) fn distance(&self, p: Vec3) -> f32 {
        let unit = self.length_m;
        let away = p.distance(self.middle) - 0.85 * unit;
        if away > 0.3 * unit {
            return away;
        }
        let [a, b, c, d] = self.wrist;
        let mut palm = smin(
            limb(p, a, b, 0.088 * unit, 0.082 * unit),
            limb(p, c, d, 0.088 * unit, 0.08 * unit),
            0.05 * unit,
        );
        for (i, finger) in self.fingers[..4].iter().enumerate() {
            let root = b.lerp(d, i as f32 / 3.0);
            let bone = limb(p, root, finger[0], 0.078 * unit, 0.062 * unit);
            palm = smin(palm, bone, 0.035 * unit);
        }
        let thumb = &self.fingers[4];
        let ball = limb(p, thumb[0], thumb[1], 0.09 * unit, 0.066 * unit);
        palm = smin(palm, ball, 0.07 * unit);
        let heel = limb(
            p,
            d,
            d.lerp(self.fingers[3][0], 0.6),
            0.085 * unit,
            0.072 * unit,
        );
        palm = smin(palm, heel, 0.05 * unit);
        let mut out = palm;
        let mut digits = 9.0_f32;
        for (i, finger) in self.fingers.iter().enumerate() {
            let first = usize::from(i == 4);
            let mut digit = 9.0_f32;
            for k in first..3 {
                let (ra, rb) = (RADII[i][k] * unit, RADII[i][k + 1] * unit);
                digit = smin(
                    digit,
                    limb(p, finger[k], finger[k + 1], ra, rb),
                    0.012 * unit,
                );
            }
            digits = smin(digits, digit, 0.008 * unit);
            out = smin(palm, digits, 0.035 * unit);
        }
        out
    }
}
