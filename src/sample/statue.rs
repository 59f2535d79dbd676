//! The seated figure in the niche and its two attendants: clay modelled from smooth forms.
//!
//! Own frame of each: the base at the origin, +Z forward, metres.

use super::gesture;
use super::hand::limb;
use super::nets::Field;
use super::noise::{fbm3, sin_cos_turns, smoothstep, turns_of};
use super::shape::{smax, smin};
use bevy::math::{Vec2, Vec3};

/// Where the seated figure's base stands.
pub(crate) const SEAT: Vec3 = Vec3::new(0.0, 0.745, -3.86);
/// Where the attendants stand; the second is the first one's mirror.
pub(crate) const ATTENDANTS: [Vec3; 2] = [
    Vec3::new(-0.84, 0.745, -3.42),
    Vec3::new(0.84, 0.745, -3.42),
];
/// Corners of the box that holds the seated figure.
pub(crate) const SEATED_BOUNDS: (Vec3, Vec3) =
    (Vec3::new(-0.68, -0.03, -0.5), Vec3::new(0.68, 1.56, 0.62));
/// Corners of the box that holds an attendant.
pub(crate) const ATTENDANT_BOUNDS: (Vec3, Vec3) =
    (Vec3::new(-0.34, -0.03, -0.3), Vec3::new(0.34, 1.4, 0.34));

fn v(x: f32, y: f32, z: f32) -> Vec3 {
    Vec3::new(x, y, z)
}

fn ellipsoid(p: Vec3, center: Vec3, radii: Vec3) -> f32 {
    let q = p - center;
    let k0 = (q / radii).length();
    let k1 = (q / (radii * radii)).length();
    if k1 < 1e-6 {
        -radii.min_element()
    } else {
        k0 * (k0 - 1.0) / k1
    }
}

/// A lotus throne: foot, waist, two rows of petals, seat.
fn throne(p: Vec3, radius: f32, height: f32) -> f32 {
    let flat = Vec2::new(p.x, p.z);
    let r = flat.length();
    let t = p.y / height;
    let turn = turns_of(flat);
    let lobe = |count: f32, shift: f32| sin_cos_turns(turn * count * 0.5 + shift).0.abs();
    let upper = smoothstep(0.34, 0.44, t) * smoothstep(1.0, 0.86, t);
    let lower = smoothstep(0.0, 0.06, t) * smoothstep(0.36, 0.22, t);
    let swell = |x: f32| (1.0 - (2.0 * x - 1.0) * (2.0 * x - 1.0)).max(0.0);
    let profile = radius
        * (0.74
            + 0.2 * upper * swell(((t - 0.3) / 0.75).clamp(0.0, 1.0))
            + 0.2 * lower
            + 0.055 * upper * lobe(16.0, 0.0)
            + 0.05 * lower * lobe(16.0, 0.25));
    smax((r - profile) * 0.75, (p.y - height).max(-p.y), 0.02)
}

fn head(p: Vec3) -> f32 {
    let q = v(p.x.abs(), p.y, p.z);
    let skull = ellipsoid(p, v(0.0, 0.0, -0.005), v(0.112, 0.14, 0.125));
    let jaw = ellipsoid(p, v(0.0, -0.06, 0.018), v(0.092, 0.1, 0.1));
    let cheek = ellipsoid(q, v(0.05, -0.05, 0.065), v(0.045, 0.05, 0.045));
    let mut d = smin(smin(skull, jaw, 0.04), cheek, 0.04);
    let nose = limb(p, v(0.0, 0.03, 0.112), v(0.0, -0.04, 0.134), 0.008, 0.015);
    let wing = ellipsoid(q, v(0.013, -0.043, 0.124), v(0.011, 0.009, 0.011));
    d = smin(d, smin(nose, wing, 0.01), 0.018);
    let brow = limb(
        q,
        v(0.015, 0.038, 0.116),
        v(0.075, 0.034, 0.088),
        0.008,
        0.004,
    );
    d = smin(d, brow, 0.014);
    let socket = ellipsoid(q, v(0.046, 0.012, 0.128), v(0.032, 0.014, 0.016));
    d = smax(d, -socket, 0.014);
    let lid = ellipsoid(q, v(0.046, 0.008, 0.096), v(0.031, 0.015, 0.021));
    d = smin(d, lid, 0.005);
    let slit = ellipsoid(q, v(0.046, 0.001, 0.118), v(0.026, 0.0022, 0.008));
    d = smax(d, -slit, 0.004);
    let upper_lip = ellipsoid(p, v(0.0, -0.077, 0.112), v(0.032, 0.0075, 0.014));
    let lower_lip = ellipsoid(p, v(0.0, -0.092, 0.11), v(0.025, 0.0085, 0.014));
    d = smin(d, smin(upper_lip, lower_lip, 0.003), 0.008);
    let chin = ellipsoid(p, v(0.0, -0.13, 0.088), v(0.032, 0.024, 0.022));
    d = smin(d, chin, 0.025);
    let ear = ellipsoid(q, v(0.116, -0.035, -0.012), v(0.014, 0.078, 0.03));
    let lobe = ellipsoid(q, v(0.124, -0.035, -0.01), v(0.012, 0.055, 0.014));
    d = smin(d, smax(ear, -lobe, 0.008), 0.01);
    // Hair with waves, and the rise of wisdom.
    let line = p.y - 0.066 + 1.6 * (p.z - 0.1).min(0.0) * -0.55 - 0.25 * p.x.abs();
    let cap = ellipsoid(p, v(0.0, 0.012, -0.012), v(0.122, 0.147, 0.132));
    let wave = sin_cos_turns(p.y * 38.0 + 1.2 * sin_cos_turns(p.x * 9.0).1).0 * 0.0022;
    let hair = smax(cap - wave, -line, 0.012);
    let rise = ellipsoid(p, v(0.0, 0.15, -0.025), v(0.062, 0.055, 0.062)) - wave;
    smin(smin(d, hair, 0.004), rise, 0.02)
}

/// How many metres cloth stands out: pleats that fall from a shoulder or run round a knee.
fn pleats(phase: f32, depth_m: f32) -> f32 {
    let s = sin_cos_turns(phase).0;
    // Broad troughs and narrow ridges.
    depth_m * (s.max(0.0) * s.max(0.0) - 0.3)
}

fn worn(p: Vec3, d: f32, seed: u32) -> f32 {
    let soft = fbm3(p * 14.0, 3, seed) * 0.0022;
    let lost = smoothstep(0.3, 0.55, fbm3(p * 3.6, 3, seed + 1));
    let crumb = fbm3(p * 34.0, 2, seed + 2) * 0.004;
    d + soft + lost * (0.012 + crumb)
}

/// The seated figure on its throne.
pub(crate) struct Seated;

impl Seated {
    fn solid(p: Vec3) -> f32 {
        let seat = throne(p, 0.6, 0.34);
        if p.y < 0.2 {
            return seat;
        }
        let q = v(p.x.abs(), p.y, p.z);
        // Crossed legs under cloth.
        let lap = ellipsoid(p, v(0.0, 0.425, 0.12), v(0.44, 0.1, 0.27));
        let thigh = limb(q, v(0.1, 0.45, -0.02), v(0.43, 0.425, 0.16), 0.13, 0.105);
        let shin = limb(q, v(0.43, 0.41, 0.17), v(0.02, 0.41, 0.33), 0.09, 0.075);
        let hem = ellipsoid(p, v(0.0, 0.36, 0.3), v(0.3, 0.045, 0.16));
        let mut cloth = smin(smin(lap, thigh, 0.07), smin(shin, hem, 0.06), 0.06);
        let round_lap = (Vec2::new(p.x * 0.75, (p.z - 0.02) * 1.05)).length();
        let sag = (p.y + 0.32 * p.x * p.x) * 16.0;
        let front = smoothstep(0.2, 0.32, p.z + 0.25 * p.x.abs());
        // Folds fade over into others; phases that did would crowd into crumbs.
        let wander = 0.3 * fbm3(p * 3.0, 2, 71);
        let (around, across) = (
            pleats(round_lap * 15.0 + wander, 0.015),
            pleats(sag + wander, 0.01),
        );
        cloth -= around + (across - around) * front;
        let back = limb(p, v(0.0, 0.5, -0.05), v(0.0, 0.9, -0.07), 0.215, 0.175);
        let chest = ellipsoid(p, v(0.0, 0.84, 0.02), v(0.215, 0.2, 0.135));
        let shoulders = limb(q, v(0.0, 0.985, -0.05), v(0.2, 0.955, -0.055), 0.1, 0.1);
        let belly = ellipsoid(p, v(0.0, 0.6, 0.05), v(0.2, 0.16, 0.17));
        let torso = smin(smin(back, chest, 0.08), smin(shoulders, belly, 0.06), 0.07);
        let upper = limb(
            q,
            v(0.255, 0.935, -0.055),
            v(0.355, 0.665, 0.02),
            0.092,
            0.088,
        );
        let fore = limb(
            q,
            v(0.355, 0.655, 0.03),
            v(0.168, 0.562, 0.268),
            0.085,
            0.05,
        );
        let sleeve = smin(upper, fore, 0.06);
        let sleeve = sleeve
            - pleats(
                p.y * 11.0 + q.x * 5.0 + p.z * 4.0 + 0.2 * fbm3(p * 4.0, 2, 72),
                0.008,
            );
        // The robe leaves the chest open and crosses from the left shoulder.
        let open = smoothstep(
            -0.012,
            0.012,
            0.19 - (p.x + 0.02).abs() * 1.35 - (1.0 - p.y) * 0.62,
        ) * smoothstep(0.66, 0.74, p.y)
            * smoothstep(-0.02, 0.05, p.z);
        let diagonal = p.x * 0.6 - p.y + 0.15 * p.x * p.x;
        let fall = pleats(diagonal * 8.5 + 0.22 * fbm3(p * 3.3, 2, 73), 0.012) + 0.012;
        let torso = torso - fall * (1.0 - open) * smoothstep(0.45, 0.55, p.y);
        // Cloth hangs between the arm and the side.
        let gusset = limb(q, v(0.25, 0.86, -0.06), v(0.23, 0.56, 0.03), 0.07, 0.09);
        let torso = smin(torso, gusset, 0.05);
        let mut d = smin(smin(torso, sleeve, 0.035), cloth, 0.035);
        let neck = limb(p, v(0.0, 1.0, -0.04), v(0.0, 1.14, -0.02), 0.072, 0.064);
        let rings = pleats(p.y * 26.0, 0.003);
        d = smin(d, neck - rings, 0.03);
        d = smin(d, head(p - v(0.0, 1.235, 0.0)), 0.014);
        smin(d, seat, 0.02)
    }
}

impl Field for Seated {
    fn coarse(&self, p: Vec3) -> f32 {
        -Self::solid(p)
    }
    fn fine(&self, p: Vec3, coarse: f32) -> f32 {
        // The face was spared; hands, knees and throne crumbled.
        let spared = smoothstep(1.02, 1.1, p.y);
        let d = -coarse;
        -(d + (worn(p, d, 81) - d) * (1.0 - 0.85 * spared))
    }
    fn relief_m(&self, _: Vec3) -> f32 {
        0.03
    }
}

/// Takes the gentle S out of an attendant's body.
pub(crate) fn unswayed(p: Vec3) -> Vec3 {
    let t = p.y / 1.3;
    let sway = 0.035 * sin_cos_turns(0.5 * t + 0.05).0 - 0.02 * t;
    v(p.x - sway, p.y, p.z)
}

/// A standing attendant that leans towards +x.
pub(crate) struct Attendant;

impl Attendant {
    fn solid(p: Vec3) -> f32 {
        let base = throne(p, 0.22, 0.12);
        let p = unswayed(p);
        let q = v(p.x.abs(), p.y, p.z);
        let legs = limb(q, v(0.055, 0.12, 0.02), v(0.045, 0.62, 0.0), 0.075, 0.092);
        let hip = ellipsoid(p, v(0.0, 0.66, 0.0), v(0.135, 0.12, 0.105));
        let flare = ellipsoid(p, v(0.0, 0.14, 0.0), v(0.155, 0.09, 0.12));
        let mut skirt = smin(smin(legs, hip, 0.07), flare, 0.1);
        let round = turns_of(Vec2::new(p.x, p.z));
        skirt -= pleats(round * 13.0 + 0.5 * p.y + 0.3 * fbm3(p * 4.0, 2, 74), 0.009)
            * smoothstep(0.75, 0.6, p.y);
        let waist = limb(p, v(0.0, 0.66, 0.0), v(0.0, 0.86, 0.0), 0.088, 0.092);
        let chest = ellipsoid(p, v(0.0, 0.92, 0.005), v(0.128, 0.11, 0.085));
        let shoulder = limb(q, v(0.0, 1.0, -0.01), v(0.135, 0.975, -0.01), 0.055, 0.05);
        let mut d = smin(smin(waist, chest, 0.05), shoulder, 0.04);
        let [raised, hanging] = gesture::forearm_ends();
        let left = smin(
            limb(p, v(0.155, 0.97, -0.01), v(0.2, 0.76, 0.02), 0.044, 0.038),
            limb(p, v(0.2, 0.76, 0.02), hanging, 0.038, 0.022),
            0.02,
        );
        let right = smin(
            limb(
                p,
                v(-0.155, 0.97, -0.01),
                v(-0.195, 0.77, 0.03),
                0.044,
                0.038,
            ),
            limb(p, v(-0.195, 0.77, 0.03), raised, 0.038, 0.022),
            0.02,
        );
        d = smin(d, smin(left, right, 0.01), 0.02);
        // Scarves over the shoulders and across the knees.
        let scarf = smin(
            limb(q, v(0.15, 1.02, -0.01), v(0.235, 0.62, 0.02), 0.024, 0.028),
            limb(q, v(0.235, 0.62, 0.02), v(0.2, 0.1, 0.03), 0.028, 0.03),
            0.03,
        );
        let loops = (p.y - 0.48 - 2.2 * p.x * p.x).abs() - 0.016;
        let sash = smax(skirt - 0.014, loops, 0.012);
        let belt = smax(hip.min(waist) - 0.012, (p.y - 0.735).abs() - 0.02, 0.01);
        d = smin(smin(d, skirt, 0.03), smin(sash, belt, 0.01), 0.012);
        d = smin(d, smax(scarf, p.z.abs() - 0.045, 0.01), 0.015);
        d = smin(
            d,
            limb(p, v(0.0, 1.02, -0.005), v(0.0, 1.1, 0.0), 0.042, 0.04),
            0.025,
        );
        let h = (p - v(0.0, 1.165, 0.012)) / 0.66;
        d = smin(d, head(h) * 0.66, 0.01);
        let crown = limb(p, v(0.0, 1.235, -0.005), v(0.0, 1.3, -0.015), 0.056, 0.03);
        d = smin(d, crown, 0.012);
        smin(d, base, 0.015)
    }
}

impl Field for Attendant {
    fn coarse(&self, p: Vec3) -> f32 {
        -Self::solid(p)
    }
    fn fine(&self, p: Vec3, coarse: f32) -> f32 {
        let spared = smoothstep(1.0, 1.08, p.y);
        let d = -coarse;
        -(d + (worn(p, d, 91) - d) * (1.0 - 0.8 * spared))
    }
    fn relief_m(&self, _: Vec3) -> f32 {
        0.025
    }
}
