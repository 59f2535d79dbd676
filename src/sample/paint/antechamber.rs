//! The antechamber: two heavenly kings beside the door, ghosts of figures on the side walls.
//! Sun and blown sand from the open mouth have taken half of it.

use super::armour::Armour;
use super::attendants::{apsara, standing};
use super::drawing::{Drawing, Pose};
use super::figures::DRESSES;
use super::finish::{Site, Surface};
use super::guardians::king;
use super::motifs::{cloud, half_rosettes, honeysuckle, lotus, lozenges, pearls, valance};
use super::pigment::Pigment::*;
use crate::sample::charts::{
    ANTE_PICTURE_M, ANTE_SIDES_TOP_M, ANTE_SIDES_V_M, ANTE_SOUTH_U_M, ANTE_WEST_HALF_M,
    ANTE_WEST_TOP_M,
};
use crate::sample::noise::{fbm2, smoothstep, unit};
use crate::sample::shape::CORRIDOR_HALF_M;
use bevy::math::Vec2;

/// Where the kings stand: metres from the middle of the door, and above the floor.
const KING_M: Vec2 = Vec2::new(1.72, 0.58);
/// Their height.
const KING_TALL_M: f32 = 1.68;
/// Length of a side wall in the picture.
const SIDE_LONG_M: f32 = 3.05;

fn v(x: f32, y: f32) -> Vec2 {
    Vec2::new(x, y)
}

/// The west wall: x from the middle of the door, y above the floor.
fn west(x: f32, y: f32) -> Vec2 {
    v(ANTE_WEST_HALF_M + x, ANTE_WEST_TOP_M - y)
}

/// Height of the vault over the west wall.
fn vault(x: f32) -> f32 {
    3.3 - 0.09 * x * x
}

/// The rim of the door, moved outwards by `grow`, from the south foot to the north foot.
fn arch(grow: f32) -> Vec<Vec2> {
    let (a, b) = (CORRIDOR_HALF_M + grow, 0.5 + 0.45 * grow);
    let (low, high) = (2.34 + 0.35 * grow, 2.6 + grow);
    [
        (-a, -0.1),
        (-a, low),
        (-b, high),
        (b, high),
        (a, low),
        (a, -0.1),
    ]
    .into_iter()
    .map(|(x, y)| west(x, y))
    .collect()
}

/// A band of ornament laid along a line; long edges are broken so that they bend too.
fn along(mut band: Drawing, line: &[Vec2]) -> Drawing {
    for contour in band.shapes.iter_mut().flat_map(|s| &mut s.contours) {
        let corners = std::mem::take(contour);
        for (i, a) in corners.iter().enumerate() {
            let b = corners[(i + 1) % corners.len()];
            let pieces = (a.distance(b) / 0.05).ceil().max(1.0);
            contour.extend((0..pieces as usize).map(|k| a.lerp(b, k as f32 / pieces)));
        }
    }
    band.bent(|p| {
        let mut rest = p.x.max(0.0);
        for (i, pair) in line.windows(2).enumerate() {
            let (step, last) = (pair[1] - pair[0], i + 2 == line.len());
            let length = step.length();
            if rest <= length || last {
                let forward = step.normalize_or_zero();
                return pair[0] + forward * rest + forward.perp() * p.y;
            }
            rest -= length;
        }
        p
    })
}

fn west_wall(d: &mut Drawing, seed: u32) {
    d.rect(west(-2.6, 3.36), west(2.6, -0.1), Ivory);
    let kings = [
        Armour {
            skin: [Flesh, Blush, Black],
            cloth: [Red, DeepRed, PaleGreen],
            plates: [Straw, Ochre],
            leather: [Green, DeepGreen],
            scarf: [PaleBlue, Blue],
            has_pagoda: true,
        },
        Armour {
            skin: [PaleGreen, Green, DeepRed],
            cloth: [Blue, DeepBlue, Orange],
            plates: [White, PaleBlue],
            leather: [Red, DeepRed],
            scarf: [Cinnabar, Straw],
            has_pagoda: false,
        },
    ];
    for (side, look) in [(-1.0, &kings[1]), (1.0, &kings[0])] {
        for i in 0..7 {
            let r = |k: i32| unit(i, k, side as i32, seed);
            let at = west(
                side * (1.2 + 1.2 * r(0)),
                if i < 3 {
                    2.45 + 0.12 * r(1)
                } else {
                    0.75 + 1.5 * r(1)
                },
            );
            d.place(
                &cloud(
                    if i % 2 == 0 {
                        [White, PaleBlue, Blue, DeepBlue]
                    } else {
                        [White, PaleGreen, Green, DeepGreen]
                    },
                    seed + i as u32,
                ),
                Pose::scaled(at, v(-side, 1.0) * 0.24),
            );
        }
        d.place(
            &king(look),
            Pose::scaled(west(side * KING_M.x, KING_M.y), v(-side, 1.0) * KING_TALL_M),
        );
    }
    // Bands that follow the vault.
    let under = |below: f32| -> Vec<Vec2> {
        (-26..=26)
            .map(|i| west(0.1 * i as f32, vault(0.1 * i as f32) - below))
            .collect()
    };
    let long = 5.45;
    d.place(
        &along(valance(long, 0.2), &under(0.26)),
        Pose::at(Vec2::ZERO, 1.0),
    );
    d.place(
        &along(pearls(long, 0.05, DeepRed), &under(0.25)),
        Pose::at(Vec2::ZERO, 1.0),
    );
    d.place(
        &along(half_rosettes(long, 0.15, DeepRed), &under(0.15)),
        Pose::at(Vec2::ZERO, 1.0),
    );
    d.rule(&under(0.03), Red, 0.1);
    d.rule(&under(-0.1), Red, 0.2);
    for x in [-2.52, 2.52] {
        d.rect(west(x - 0.08, 3.0), west(x + 0.08, 0.0), Red);
        d.rule(&[west(x * 0.965, 3.0), west(x * 0.965, 0.0)], White, 0.012);
    }
    // The foot.
    d.rect(west(-2.6, 0.46), west(2.6, -0.1), Ochre);
    d.place(
        &lozenges(5.2, 0.1, &[DeepRed, White, Green, Blue, Orange]),
        Pose::at(west(-2.6, 0.46), 1.0),
    );
    d.place(&valance(5.2, 0.3), Pose::at(west(-2.6, 0.41), 1.0));
    // The door's frame.
    for (grow, tone) in [
        (0.235, Sienna),
        (0.228, Red),
        (0.2, White),
        (0.19, DeepGreen),
    ] {
        d.fill(arch(grow), tone);
    }
    let line = arch(0.11);
    let length = line.windows(2).map(|p| p[0].distance(p[1])).sum();
    d.place(
        &along(honeysuckle(length, 0.15, DeepGreen), &line),
        Pose::at(Vec2::ZERO, 1.0),
    );
    for (grow, tone) in [(0.035, White), (0.025, Cinnabar), (-0.02, Red)] {
        d.fill(arch(grow), tone);
    }
    let crown = lotus(
        &[
            (12, 1.0, &[White, PaleBlue, Blue]),
            (8, 0.62, &[White, Orange, Red]),
        ],
        &[Straw, Gold],
    );
    d.place(&crown, Pose::at(west(0.0, 2.72), 0.13));
    for side in [-1.0, 1.0] {
        d.place(&crown, Pose::at(west(side * 0.97, 0.46), 0.11));
    }
}

fn side_wall(d: &mut Drawing, north: bool, seed: u32) {
    let start = if north { 0.0 } else { ANTE_SOUTH_U_M };
    let at = |u: f32, y: f32| v(start + u, ANTE_SIDES_V_M + ANTE_SIDES_TOP_M - y);
    // West, where everyone looks, lies left on the north wall and right on the south wall.
    let towards = if north { -1.0 } else { 1.0 };
    d.rect(at(0.0, 2.86), at(SIDE_LONG_M, -0.05), Ivory);
    d.rect(
        at(0.0, 2.2),
        at(SIDE_LONG_M, 0.5),
        if north { Ivory } else { Straw },
    );
    let niche = if north { 1.25 } else { 1.8 };
    let places = if north {
        [0.55, 1.95, 2.62]
    } else {
        [0.45, 1.12, 2.5]
    };
    for (i, u) in places.into_iter().enumerate() {
        let kind = if north { [0, 4, 2] } else { [3, 5, 1] }[i];
        d.place(
            &standing(&DRESSES[kind]),
            Pose::scaled(
                at(u, 0.58),
                v(if i == 1 { -towards } else { towards }, 1.0) * 1.5,
            ),
        );
    }
    d.place(
        &apsara([Orange, Red], [Green, PaleGreen], [White, PaleBlue, Blue]),
        Pose::scaled(at(niche - towards * 0.1, 1.9), v(towards, 1.0) * 0.4),
    );
    for i in 0..4 {
        d.place(
            &cloud([White, PaleBlue, Blue, DeepBlue], seed + i),
            Pose::scaled(
                at(
                    0.3 + 0.8 * i as f32,
                    2.08 + 0.05 * unit(i as i32, 0, 0, seed),
                ),
                v(towards, 1.0) * 0.22,
            ),
        );
    }
    d.place(&valance(SIDE_LONG_M, 0.2), Pose::at(at(0.0, 2.3), 1.0));
    d.place(
        &pearls(SIDE_LONG_M, 0.05, DeepRed),
        Pose::at(at(0.0, 2.32), 1.0),
    );
    d.place(
        &half_rosettes(SIDE_LONG_M, 0.15, DeepRed),
        Pose::at(at(0.0, 2.42), 1.0),
    );
    d.rect(at(0.0, 2.9), at(SIDE_LONG_M, 2.5), Red);
    d.rect(at(0.0, 0.46), at(SIDE_LONG_M, -0.05), Ochre);
    d.place(
        &lozenges(SIDE_LONG_M, 0.1, &[DeepRed, White, Green, Blue, Orange]),
        Pose::at(at(0.0, 0.46), 1.0),
    );
    d.place(&valance(SIDE_LONG_M, 0.3), Pose::at(at(0.0, 0.41), 1.0));
    let corner = if north { 0.07 } else { SIDE_LONG_M - 0.07 };
    d.rect(at(corner - 0.08, 2.6), at(corner + 0.08, 0.0), Red);
}

fn site(p: Vec2) -> Site {
    let on_west = p.y < ANTE_SIDES_V_M;
    // Distances: height over the floor, and metres from the open mouth.
    let (height, from_mouth, near_king) = if on_west {
        let (x, y) = (p.x - ANTE_WEST_HALF_M, ANTE_WEST_TOP_M - p.y);
        let head = v(KING_M.x, KING_M.y + 0.72 * KING_TALL_M);
        let d = (v(x.abs(), y) - head) / v(0.55, 0.8);
        // The southern king stands in the morning sun.
        let spared = smoothstep(1.3, 0.3, d.length()) * if x > 0.0 { 1.0 } else { 0.62 };
        (y, 3.0 + 0.35 * x, spared)
    } else {
        let south = p.x > ANTE_SOUTH_U_M - 0.02;
        let u = if south {
            p.x - ANTE_SOUTH_U_M
        } else {
            SIDE_LONG_M - p.x
        };
        (ANTE_SIDES_TOP_M + ANTE_SIDES_V_M - p.y, u, 0.0)
    };
    let warp = v(fbm2(p * 1.3, 3, 611), fbm2(p * 1.3, 3, 612)) * 0.5;
    let patch = fbm2((p + warp) * 0.62, 3, 613);
    let wind = smoothstep(2.6, 0.2, from_mouth);
    let splash = smoothstep(0.95, 0.1, height + 0.35 * patch);
    let tall = smoothstep(1.9, 2.9, height);
    Site {
        smoke: 0.05 + 0.1 * tall,
        flaking: 0.5 + 0.1 * splash + 0.12 * wind - 0.16 * near_king,
        loss: 0.4 + 0.55 * patch + 0.3 * splash + 0.12 * wind - 0.26 * near_king,
        water: 0.2 + 0.26 * tall,
        dust: 0.14 + 0.3 * smoothstep(0.7, 0.0, height),
        rub: 0.35 * smoothstep(0.6, 1.0, height) * smoothstep(1.7, 1.3, height),
        fade: (0.3 + 0.5 * wind + 0.3 * splash + 0.35 * fbm2(p * 0.9, 3, 614) - 0.2 * near_king
            + if on_west { 0.0 } else { 0.22 })
        .clamp(0.0, 0.86),
    }
}

/// The picture of the west, north and south walls.
pub(crate) fn surface() -> Surface {
    let mut d = Drawing::default();
    let seed = 600;
    d.rect(Vec2::ZERO, ANTE_PICTURE_M, Ivory);
    let mut sides = Drawing::default();
    side_wall(&mut sides, true, seed + 1);
    side_wall(&mut sides, false, seed + 2);
    d.place(&sides, Pose::at(Vec2::ZERO, 1.0));
    // The west wall last: what flies beyond its edges is cut off.
    let mut wall = Drawing::default();
    west_wall(&mut wall, seed);
    let wall = wall.clipped(v(0.0, ANTE_SIDES_V_M - 0.01), Vec2::NEG_Y);
    d.place(&wall, Pose::at(Vec2::ZERO, 1.0));
    Surface {
        name: "antechamber",
        size_m: ANTE_PICTURE_M,
        drawing: d,
        ground: White,
        site,
        seed,
        tile_m: 0.0,
    }
}
