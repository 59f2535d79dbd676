//! The cave as a solid: one signed distance for rock, plaster, altar and niche.
//!
//! Metres, Y up, floor at 0. +Z is east, towards the daylight; a visitor enters looking
//! west along -Z, so that north is to the right (+X). Proportions follow what is published
//! for the painted caves of Mogao (main chamber about 6.4 m a side and 5 m high).

use super::nets::Field;
use super::noise::{fbm3, smoothstep, value3};
use bevy::math::{Vec2, Vec3};

/// Half the side of the main chamber at the floor.
pub(crate) const CHAMBER_HALF_M: f32 = 3.2;
/// How much the walls lean inwards, metres a metre of height.
pub(crate) const BATTER: f32 = 0.012;
/// Where the walls meet the ceiling.
pub(crate) const WALL_HEIGHT_M: f32 = 3.3;
/// Half the side of the caisson.
pub(crate) const CAISSON_HALF_M: f32 = 1.12;
/// Height at which the slopes meet the caisson.
pub(crate) const CAISSON_Y_M: f32 = 4.72;
/// Half width of the corridor and its z range (chamber wall, antechamber wall).
pub(crate) const CORRIDOR_HALF_M: f32 = 0.86;
/// East end of the corridor.
pub(crate) const CORRIDOR_EAST_M: f32 = 5.4;
/// Half width of the antechamber.
pub(crate) const ANTE_HALF_M: f32 = 2.55;
/// East wall of the antechamber.
pub(crate) const ANTE_EAST_M: f32 = 8.4;
/// Half width and height of the mouth of the cave.
pub(crate) const MOUTH_HALF_M: f32 = 1.2;
/// Height of the mouth.
pub(crate) const MOUTH_HEIGHT_M: f32 = 2.6;
/// Where the mouth opens to the sky.
pub(crate) const MOUTH_Z_M: f32 = 9.5;
/// Height of the niche's floor and of the altar's upper step.
pub(crate) const NICHE_Y_M: f32 = 0.75;
/// Half width of the niche's opening; also the radius of its arch.
pub(crate) const NICHE_HALF_M: f32 = 1.2;
/// Height at which the arch of the niche springs.
pub(crate) const NICHE_SPRING_M: f32 = 1.72;
/// Depth of the niche behind the west wall.
pub(crate) const NICHE_DEPTH_M: f32 = 1.35;
/// Doors of the side cells: from and to in z, and height.
pub(crate) const CELL_DOOR: (f32, f32, f32) = (1.45, 2.2, 1.78);
/// The vault of a side cell: its axis runs along x at this z, springs at this height, and has
/// this radius; inside it begins at this distance from the middle of the cave.
pub(crate) const VAULT_Z_M: f32 = 1.72;
/// See [`VAULT_Z_M`].
pub(crate) const VAULT_SPRING_M: f32 = 1.15;
/// See [`VAULT_Z_M`].
pub(crate) const VAULT_RADIUS_M: f32 = 1.12;
/// See [`VAULT_Z_M`].
pub(crate) const VAULT_FROM_M: f32 = 3.75;
/// Height of the benches in the cells.
pub(crate) const BENCH_TOP_M: f32 = 0.36;
/// Small wall niches for lamps: centre of the mouth and the direction into the rock.
pub(crate) const LAMP_NICHES: [(Vec3, Vec3); 6] = [
    (Vec3::new(-0.86, 1.3, 4.4), Vec3::NEG_X),
    (Vec3::new(0.86, 1.3, 4.4), Vec3::X),
    (Vec3::new(-2.55, 1.35, 6.6), Vec3::NEG_X),
    (Vec3::new(2.55, 1.35, 6.6), Vec3::X),
    (Vec3::new(4.75, 1.1, 0.6), Vec3::NEG_Z),
    (Vec3::new(-4.75, 1.1, 0.6), Vec3::NEG_Z),
];
/// The box that holds everything that is meshed.
pub(crate) const BOUNDS: (Vec3, Vec3) = (Vec3::new(-6.4, -0.5, -4.9), Vec3::new(6.4, 6.4, 14.2));

/// Polynomial smooth minimum with blend radius `k`.
pub(crate) fn smin(a: f32, b: f32, k: f32) -> f32 {
    let h = (k - (a - b).abs()).max(0.0) / k;
    a.min(b) - h * h * k * 0.25
}

/// Polynomial smooth maximum with blend radius `k`.
pub(crate) fn smax(a: f32, b: f32, k: f32) -> f32 {
    -smin(-a, -b, k)
}

/// Signed distance to a box with rounded edges; negative inside.
pub(crate) fn rounded_box(p: Vec3, half: Vec3, radius: f32) -> f32 {
    let q = p.abs() - half + radius;
    q.max(Vec3::ZERO).length() + q.max_element().min(0.0) - radius
}

fn span(x: f32, low: f32, high: f32) -> f32 {
    (low - x).max(x - high)
}

fn chamber(p: Vec3, k: f32) -> f32 {
    let half = CHAMBER_HALF_M - BATTER * p.y;
    let q = Vec2::new(p.x.abs(), p.z.abs());
    let walls = smax(q.x - half, q.y - half, k * 1.5);
    // The slope runs from the top of the wall to the caisson.
    let top_half = CHAMBER_HALF_M - BATTER * WALL_HEIGHT_M;
    let rise = CAISSON_Y_M - WALL_HEIGHT_M;
    let run = top_half - CAISSON_HALF_M;
    let slope_normal = Vec2::new(rise, run) / (rise * rise + run * run).sqrt();
    let slope = |h: f32| Vec2::new(h - top_half, p.y - WALL_HEIGHT_M).dot(slope_normal);
    let slopes = smax(slope(q.x), slope(q.y), k);
    let pyramid = smax(smax(slopes, p.y - CAISSON_Y_M, 0.03), walls, k);
    let step = |half: f32, top: f32| {
        rounded_box(
            p - Vec3::Y * (CAISSON_Y_M - 0.3),
            Vec3::new(half, top - CAISSON_Y_M + 0.3, half),
            0.03,
        )
    };
    let caisson = smin(
        step(CAISSON_HALF_M * 0.89, 4.86),
        step(CAISSON_HALF_M * 0.58, 5.0),
        0.02,
    );
    smin(pyramid, caisson, 0.03)
}

fn corridor(p: Vec3, k: f32) -> f32 {
    let roof = smax(
        p.y - 2.62,
        (p.x.abs() - 0.5) * 0.55 + (p.y - 2.56) * 0.83,
        0.05,
    );
    let walls = smax(p.x.abs() - CORRIDOR_HALF_M + 0.006 * p.y, roof, k);
    walls.max(span(p.z, 2.9, CORRIDOR_EAST_M + 0.3))
}

fn antechamber(p: Vec3, k: f32) -> f32 {
    let roof = p.y - 3.3 + 0.09 * p.x * p.x;
    let sides = smax(p.x.abs() - ANTE_HALF_M + 0.02 * p.y, roof, k * 2.0);
    smax(sides, span(p.z, CORRIDOR_EAST_M, ANTE_EAST_M), k)
}

fn mouth(p: Vec3) -> f32 {
    // Splayed outwards, with an arched, broken head.
    let open = (p.z - ANTE_EAST_M).clamp(-0.4, 3.0);
    let half = MOUTH_HALF_M + 0.08 * open;
    let arch = p.y - MOUTH_HEIGHT_M - 0.05 * open + 0.22 * p.x * p.x;
    let opening = smax(p.x.abs() - half, arch, 0.3);
    opening.max(ANTE_EAST_M - 0.5 - p.z)
}

fn outside(p: Vec3) -> f32 {
    // The cliff leans back above and overhangs a little at the mouth.
    let broad = fbm3(Vec3::new(p.x, p.y * 1.5, p.z) * 0.35, 2, 501) * 0.45;
    let face = MOUTH_Z_M - 0.16 * (p.y - 3.0).max(0.0) + broad;
    // Harder beds stand out as ledges.
    let bed = p.y * 1.25 + 0.35 * value3(p * 0.45, 503);
    let within = bed - bed.floor();
    let ledge = 0.26
        * smoothstep(0.0, 0.22, within)
        * (1.0 - within)
        * (0.4 + 0.6 * value3(p * 0.3, 504).abs());
    (face + ledge - 0.1 - p.z) * 0.8
}

/// Sockets of a vanished wooden porch: a row above the mouth and one below it.
fn beam_holes(p: Vec3) -> f32 {
    let column = (p.x / 0.95).round().clamp(-3.0, 3.0) * 0.95;
    let upper = rounded_box(
        p - Vec3::new(column, 3.45, 9.2),
        Vec3::new(0.11, 0.12, 0.5),
        0.03,
    );
    let side = 1.9_f32.copysign(p.x);
    let lower = rounded_box(
        p - Vec3::new(side, 1.25, 9.3),
        Vec3::new(0.1, 0.11, 0.5),
        0.03,
    );
    upper.min(lower)
}

/// Height of the floor at the mouth and of the terrace before it.
pub(crate) fn ground(p: Vec3) -> f32 {
    let out = smoothstep(9.2, 12.5, p.z);
    let broad = out * (0.1 * value3(Vec3::new(p.x, 0.0, p.z) * 0.6, 61) - 0.02);
    let banked = smoothstep(1.5, 5.5, p.x.abs()) * smoothstep(9.6, 11.0, p.z) * 0.35;
    let edge = (p.z - 13.2).max(0.0);
    broad + banked - edge * edge * 0.8
}

fn niche(p: Vec3) -> f32 {
    let depth = -CHAMBER_HALF_M - p.z;
    // The head of the niche sinks and the plan narrows towards the back.
    let taper = depth.clamp(0.0, 2.0);
    let radius = NICHE_HALF_M - 0.06 * taper;
    let spring = NICHE_SPRING_M - 0.1 * taper;
    let head = Vec2::new(p.x, (p.y - spring).max(0.0)).length() - radius;
    let back = depth - NICHE_DEPTH_M;
    let hollow = smax(smax(head, back, 0.75), NICHE_Y_M - p.y, 0.06);
    hollow.max(-0.5 - depth)
}

fn side_cell(p: Vec3) -> f32 {
    let side = p.x.abs();
    let (from, to, top) = CELL_DOOR;
    let leaf = smax(span(p.z, from, to), p.y - top, 0.08);
    let door = leaf.max(span(side, 2.9, 4.0));
    let vault = {
        let q = Vec2::new(p.z - VAULT_Z_M, (p.y - VAULT_SPRING_M).max(0.0));
        Vec2::new(q.x, q.y * 1.15).length() - VAULT_RADIUS_M
    };
    let room = smax(vault, span(side, VAULT_FROM_M, 5.75), 0.14);
    smin(door, room, 0.04)
}

fn lamp_niche(p: Vec3, mouth: Vec3, inward: Vec3) -> f32 {
    let q = p - mouth - inward * 0.02;
    let along = q.dot(inward);
    let across = (q - inward * along - Vec3::Y * q.y).length();
    let arch = Vec2::new(across, (q.y - 0.05).max(0.0) * 0.8).length() - 0.12;
    let hollow = smax(arch, -0.1 - q.y, 0.03);
    smax(hollow, along.abs() - 0.18, 0.05)
}

/// What a thousand nights of lamps left in and over their niches: the share of light that soot
/// swallows there, 0..1.
pub(crate) fn soot(p: Vec3) -> f32 {
    let mut most = 0.0_f32;
    for (mouth, inward) in LAMP_NICHES {
        let q = p - mouth;
        if q.length_squared() > 1.2 {
            continue;
        }
        let along = q.dot(inward);
        let across = (q - inward * along - Vec3::Y * q.y).length();
        // The hollow is black above the flame, and a tongue of smoke licks up the wall.
        let inside = smoothstep(-0.14, -0.03, along) * (0.74 + 0.18 * smoothstep(-0.05, 0.12, q.y));
        let width = 0.07 + 0.1 * q.y.max(0.0);
        let tongue = smoothstep(0.02, 0.14, q.y) * (1.0 - smoothstep(0.3, 0.95, q.y));
        let smoke = 0.62 * tongue * (1.0 - smoothstep(width * 0.4, width * 1.9, across));
        let near = 1.0 - smoothstep(0.15, 0.26, Vec2::new(across, q.y - 0.03).length());
        most = most.max(inside * near).max(smoke);
    }
    most
}

/// Half sides of the altar's two steps at a height: plinth, waist and moulded top.
fn moulding(y: f32, low: f32, high: f32) -> f32 {
    let t = (y - low) / (high - low);
    let waist = smoothstep(0.18, 0.3, t) * (1.0 - smoothstep(0.66, 0.82, t));
    -0.06 * waist
}

fn altar(p: Vec3) -> f32 {
    let step = |half: f32, front: f32, low: f32, high: f32| {
        let inset = moulding(p.y, low, high);
        let centre_z = -4.0;
        let q = Vec3::new(p.x, p.y - (low + high) * 0.5, p.z - centre_z);
        rounded_box(
            q,
            Vec3::new(half + inset, (high - low) * 0.5, front - centre_z + inset),
            0.025,
        )
    };
    smin(
        step(2.05, -1.7, -0.3, 0.38),
        step(1.62, -2.2, 0.3, NICHE_Y_M),
        0.02,
    )
}

fn bench(p: Vec3) -> f32 {
    let q = Vec3::new(p.x.abs() - 5.6, p.y, p.z - 1.7);
    rounded_box(q, Vec3::new(0.42, BENCH_TOP_M, 1.3), 0.05)
}

/// How rough a place is: 0 painted plaster, 1 the cliff.
pub(crate) fn wildness(p: Vec3) -> f32 {
    let out = smoothstep(8.35, 9.7, p.z);
    let cell = smoothstep(3.4, 3.8, p.x.abs()) * smoothstep(5.0, 4.0, p.z);
    out.max(cell * 0.16)
}

/// The cave.
pub(crate) struct Cave;

impl Field for Cave {
    fn coarse(&self, p: Vec3) -> f32 {
        let k = 0.07;
        let mut air = chamber(p, k);
        if p.z > 2.5 {
            air = smin(air, corridor(p, k), 0.05);
            air = smin(air, antechamber(p, k), 0.05);
            air = smin(air, mouth(p), 0.12);
            air = smin(air, outside(p), 0.25);
            if p.z > 8.4 && p.y < 4.0 {
                air = smin(air, beam_holes(p), 0.04);
            }
        }
        if p.z < -2.0 {
            air = smin(air, niche(p), 0.05);
        }
        if p.x.abs() > 2.5 && p.z < 4.0 {
            air = smin(air, side_cell(p), 0.05);
        }
        for (mouth, inward) in LAMP_NICHES {
            if p.distance_squared(mouth) < 0.6 {
                air = smin(air, lamp_niche(p, mouth, inward), 0.03);
            }
        }
        let floor = if p.z > 8.0 { ground(p) } else { 0.0 };
        air = smax(air, floor - p.y, 0.05);
        if p.z < -1.0 && p.y < 1.2 {
            air = smax(air, -altar(p), 0.03);
        }
        if p.x.abs() > 3.8 && p.z < 4.0 {
            air = smax(air, -bench(p), 0.06);
        }
        air
    }

    fn fine(&self, p: Vec3, coarse: f32) -> f32 {
        let wild = wildness(p);
        let broad = fbm3(p * 0.7, 2, 11) * 0.016;
        let soft = fbm3(p * 3.1, 3, 12) * 0.006;
        let mut d = coarse + (broad + soft) * smoothstep(0.0, 0.25, p.y).max(0.35);
        // Plaster knocked off at shins, hems and corners.
        let chip = smoothstep(0.35, 0.75, fbm3(p * 5.3, 3, 13));
        d -= 0.012 * chip * smoothstep(0.9, 0.1, p.y) * smoothstep(0.02, 0.06, p.y);
        if wild > 0.0 {
            let strata = value3(Vec3::new(p.x * 0.5, p.y * 6.0 + p.x * 0.4, p.z * 0.5), 14);
            let lumps = fbm3(p * 1.9, 4, 15);
            let cobbles = fbm3(p * 8.0, 3, 16);
            let level = smoothstep(0.05, 0.5, p.y).max(0.25);
            d += wild * level * (0.13 * lumps + 0.06 * strata + 0.026 * cobbles);
        }
        d
    }

    fn relief_m(&self, p: Vec3) -> f32 {
        0.04 + 0.24 * wildness(p)
    }
}
