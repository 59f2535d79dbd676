//! What the figures' hands do, and what they hold.
//!
//! Hands are meshed by themselves with small cells: a finger is hardly wider than two cells
//! of a body. Their wrists end inside a sleeve or under a bracelet, which hides the seam.
//! Frames as in `statue`.

use super::hand::{Gesture, Hand, Placed, limb};
use super::nets::Field;
use super::noise::{fbm3, sin_cos_turns, turns_of};
use super::shape::{smax, smin};
use super::statue;
use bevy::math::{Vec2, Vec3};

fn v(x: f32, y: f32, z: f32) -> Vec3 {
    Vec3::new(x, y, z)
}

/// The seated figure's hands: the right one lies in the left one, palms up, and the tips of
/// the thumbs touch.
pub(crate) struct Lap {
    /// Right, left.
    pub(crate) hands: [Hand; 2],
}

impl Lap {
    /// Corners of the box that holds the hands.
    pub(crate) const BOUNDS: (Vec3, Vec3) =
        (Vec3::new(-0.22, 0.46, 0.1), Vec3::new(0.22, 0.7, 0.42));

    /// Both hands, in place.
    pub(crate) fn new() -> Self {
        let length_m = 0.215;
        let hand = |is_left: bool| {
            let side = if is_left { 1.0 } else { -1.0 };
            let wrist = if is_left {
                v(0.128, 0.539, 0.29)
            } else {
                v(-0.128, 0.57, 0.284)
            };
            let gesture = Gesture {
                fingers: [
                    [2.0, 6.0, 12.0, 8.0],
                    [0.0, 7.0, 13.0, 8.0],
                    [-1.0, 8.0, 14.0, 9.0],
                    [-3.0, 9.0, 15.0, 10.0],
                ],
                thumb: [Vec3::ZERO; 4],
            };
            Hand::new(
                &gesture,
                &Placed {
                    wrist,
                    along: v(-side, if is_left { -0.04 } else { -0.02 }, 0.1),
                    palm: v(0.0, 0.82, 0.57),
                    length_m,
                    is_left,
                },
            )
            .with_thumb([
                v(0.102 * side, if is_left { 0.55 } else { 0.576 }, 0.302),
                v(0.07 * side, if is_left { 0.586 } else { 0.592 }, 0.335),
                v(0.036 * side, 0.613, 0.345),
                v(0.0065 * side, 0.625, 0.34),
            ])
        };
        Self {
            hands: [hand(false), hand(true)],
        }
    }
}

fn skin(p: Vec3, d: f32, seed: u32) -> f32 {
    d + fbm3(p * 30.0, 2, seed) * 0.0007
}

impl Field for Lap {
    fn coarse(&self, p: Vec3) -> f32 {
        let [right, left] = &self.hands;
        -smin(right.distance(p), left.distance(p), 0.004)
    }
    fn fine(&self, p: Vec3, coarse: f32) -> f32 {
        -skin(p, -coarse, 85)
    }
    fn relief_m(&self, _: Vec3) -> f32 {
        0.001
    }
}

/// One of an attendant's hands: the right one is raised with a lotus bud, the left one hangs
/// with a flask. The bud's [`Stalk`] is by itself. The second attendant is the mirror.
pub(crate) struct Offering {
    pub(crate) hand: Hand,
    is_left: bool,
}

/// The stalk of the lotus. Pictures are projected from the front: on that of the hand its
/// green would colour the palm behind it.
pub(crate) struct Stalk;

/// Length of an attendant's hand, metres.
const OFFERING_HAND_M: f32 = 0.145;
/// How far the hands are shifted in the pictures of their figures, to where nothing else is:
/// the seated figure's, an attendant's right one, its left one.
pub(crate) const LAP_SHIFT_M: Vec2 = Vec2::new(0.48, 0.78);
/// See [`LAP_SHIFT_M`].
pub(crate) const RAISED_SHIFT_M: Vec2 = Vec2::new(-0.13, 0.2);
/// See [`LAP_SHIFT_M`]; that of the stalk, to where all is green.
pub(crate) const STALK_SHIFT_M: Vec2 = Vec2::new(-0.19, -0.2);
/// See [`LAP_SHIFT_M`].
pub(crate) const HANGING_SHIFT_M: Vec2 = Vec2::new(0.06, 0.76);
/// Wrist of the raised hand and the end of its forearm.
const RAISED: [Vec3; 2] = [
    Vec3::new(-0.12, 0.885, 0.14),
    Vec3::new(-0.13, 0.868, 0.124),
];
/// Wrist of the hanging hand and the end of its forearm.
const HANGING: [Vec3; 2] = [
    Vec3::new(0.205, 0.572, 0.088),
    Vec3::new(0.206, 0.592, 0.08),
];
/// The same of both, right and left.
pub(crate) const WRISTS: [[Vec3; 2]; 2] = [RAISED, HANGING];
/// The stalk of the lotus, from its end to its bud.
pub(crate) const STALK: [Vec3; 5] = [
    Vec3::new(-0.075, 0.83, 0.165),
    Vec3::new(-0.09, 0.92, 0.186),
    Vec3::new(-0.098, 0.985, 0.188),
    Vec3::new(-0.125, 1.05, 0.18),
    Vec3::new(-0.15, 1.1, 0.165),
];
/// The middle of the bud.
pub(crate) const BUD: Vec3 = Vec3::new(-0.164, 1.136, 0.158);
/// The mouth of the flask.
pub(crate) const FLASK: Vec3 = Vec3::new(0.158, 0.498, 0.118);

/// Where the forearms of an attendant end, right and left.
pub(crate) fn forearm_ends() -> [Vec3; 2] {
    [RAISED[1], HANGING[1]]
}

fn bracelet(p: Vec3, [wrist, end]: [Vec3; 2]) -> f32 {
    let axis = (wrist - end).normalize_or(Vec3::Y);
    let q = p - end - axis * 0.004;
    let along = q.dot(axis);
    let off = (q - axis * along).length() - 0.0225;
    Vec2::new(off, along * 0.75).length() - 0.0075
}

fn flask(p: Vec3) -> f32 {
    let q = p - FLASK;
    let r = Vec2::new(q.x, q.z).length();
    let disc = |y: f32, wide: f32, high: f32| {
        let k = Vec2::new(r / wide, (q.y - y) / high).length();
        (k - 1.0) * high.min(wide) * 0.8
    };
    let neck = limb(q, v(0.0, -0.002, 0.0), v(0.0, -0.06, 0.0), 0.0075, 0.0085);
    let body = smin(disc(-0.092, 0.031, 0.036), neck, 0.02);
    let rim = smin(
        disc(-0.002, 0.0165, 0.0045),
        disc(-0.044, 0.0125, 0.003),
        0.001,
    );
    let foot = disc(-0.13, 0.02, 0.0065);
    smin(smin(body, rim, 0.004), foot, 0.008)
}

fn bud(p: Vec3) -> f32 {
    let axis = (BUD - STALK[4]).normalize_or(Vec3::Y);
    let q = p - BUD;
    let up = q.dot(axis);
    let flat = q - axis * up;
    let t = ((up + 0.036) / 0.086).clamp(0.0, 1.0);
    let turn = turns_of(Vec2::new(flat.x, flat.z));
    // Petals that lie over one another, and a tip.
    let petal = sin_cos_turns(turn * 2.5).0.abs();
    let swell = 2.6 * t.sqrt() * (1.0 - t) * (1.0 + 0.35 * t);
    let round = 0.0265 * swell * (0.9 + 0.13 * petal);
    let ends = (up - 0.05).max(-0.036 - up);
    smax((flat.length() - round) * 0.7, ends, 0.004)
}

impl Offering {
    /// The raised right hand.
    pub(crate) fn raised() -> Self {
        let gesture = Gesture {
            fingers: [
                [4.0, 32.0, 52.0, 28.0],
                [1.0, 16.0, 30.0, 18.0],
                [-3.0, 8.0, 20.0, 12.0],
                [-9.0, 2.0, 14.0, 8.0],
            ],
            thumb: [
                v(0.13, 0.05, 0.13),
                v(0.34, 0.16, 0.27),
                v(0.5, 0.26, 0.26),
                v(0.62, 0.34, 0.235),
            ],
        };
        let at = Placed {
            wrist: RAISED[0],
            along: v(0.1, 1.0, 0.12),
            palm: v(0.35, -0.1, 1.0),
            length_m: OFFERING_HAND_M,
            is_left: false,
        };
        Self {
            hand: Hand::new(&gesture, &at),
            is_left: false,
        }
    }

    /// The hanging left hand.
    pub(crate) fn hanging() -> Self {
        let gesture = Gesture {
            fingers: [
                [1.0, 20.0, 45.0, 28.0],
                [0.0, 26.0, 48.0, 30.0],
                [-1.0, 24.0, 40.0, 24.0],
                [-4.0, 18.0, 30.0, 18.0],
            ],
            thumb: [
                v(0.13, 0.05, 0.13),
                v(0.33, 0.16, 0.25),
                v(0.49, 0.25, 0.26),
                v(0.62, 0.32, 0.25),
            ],
        };
        let at = Placed {
            wrist: HANGING[0],
            along: v(-0.06, -1.0, 0.1),
            palm: v(-1.0, 0.0, 0.1),
            length_m: OFFERING_HAND_M,
            is_left: true,
        };
        Self {
            hand: Hand::new(&gesture, &at),
            is_left: true,
        }
    }

    /// Corners of the box that holds the hand and what it holds.
    pub(crate) fn bounds(&self) -> (Vec3, Vec3) {
        if self.is_left {
            (v(0.08, 0.33, 0.0), v(0.3, 0.65, 0.22))
        } else {
            (v(-0.25, 0.8, 0.06), v(-0.02, 1.21, 0.27))
        }
    }
}

impl Field for Offering {
    fn coarse(&self, p: Vec3) -> f32 {
        let p = statue::unswayed(p);
        let (ends, held) = if self.is_left {
            (HANGING, flask(p))
        } else {
            (RAISED, bud(p))
        };
        -smin(self.hand.distance(p), bracelet(p, ends), 0.003).min(held)
    }
    fn fine(&self, p: Vec3, coarse: f32) -> f32 {
        -skin(p, -coarse, 95)
    }
    fn relief_m(&self, _: Vec3) -> f32 {
        0.001
    }
}

impl Stalk {
    /// Corners of the box that holds it.
    pub(crate) const BOUNDS: (Vec3, Vec3) =
        (Vec3::new(-0.25, 0.8, 0.06), Vec3::new(-0.02, 1.15, 0.27));
}

impl Field for Stalk {
    fn coarse(&self, p: Vec3) -> f32 {
        let p = statue::unswayed(p);
        let reach = STALK
            .windows(2)
            .map(|ab| limb(p, ab[0], ab[1], 0.0055, 0.0055));
        // It swells where the bud sits on it.
        let seat = limb(p, STALK[4], BUD, 0.0075, 0.006);
        -smin(reach.fold(9.0_f32, f32::min), seat, 0.006)
    }
    fn fine(&self, p: Vec3, coarse: f32) -> f32 {
        -skin(p, -coarse, 95)
    }
    fn relief_m(&self, _: Vec3) -> f32 {
        0.001
    }
}
