//! The corridor: donors as tall as people on both sides, clouds and lotus overhead.

use super::drawing::{Drawing, Pose, through};
use super::finish::{Site, Surface};
use super::ink::cartouche;
use super::motifs::{blossom, cloud, half_rosettes, lotus, lozenges, pearls, valance};
use super::nobleman::{GentlemansDress, nobleman};
use super::noblewoman::{LadysDress, noblewoman};
use super::pigment::Pigment::{self, *};
use super::walls::wall_site;
use crate::sample::charts::{CORRIDOR_SIDE_M, CORRIDOR_WALL_TOP_M, WALL_TOP_M};
use crate::sample::noise::{direction, fbm2, smoothstep, unit};
use bevy::math::Vec2;

/// Width of one side wall in the picture.
const LONG: f32 = 2.6;
/// Where the lamps' niches lie, from the left edge of the north and of the south wall.
const NICHE_U_M: [f32; 2] = [1.35, 1.2];

fn v(x: f32, y: f32) -> Vec2 {
    Vec2::new(x, y)
}

fn row(y: f32) -> f32 {
    CORRIDOR_WALL_TOP_M - y
}

fn site(p: Vec2) -> Site {
    let on_wall = p.y < 2.7;
    let height = if on_wall { row(p.y) } else { 2.6 };
    let mut site = wall_site(v(3.0, WALL_TOP_M - height));
    site.loss += 0.05;
    site.rub += 0.15;
    site.flaking += 0.04;
    // Metres from the antechamber, where sun, wind and shoulders reach.
    let (north, u) = (p.x < LONG, p.x % LONG);
    let from_door = match (on_wall, north) {
        (true, true) => 2.32 - u,
        (true, false) => u - 0.23,
        (false, _) => 4.97 - p.y,
    };
    let ragged = from_door + 0.12 * fbm2(p * 2.3, 3, 521);
    let open = smoothstep(0.42, 0.0, ragged);
    site.fade = 0.5 * open;
    site.loss += 0.16 * smoothstep(0.2, 0.0, ragged);
    site.flaking += 0.12 * open;
    if on_wall {
        // Soot above the lamp.
        let niche = v(
            NICHE_U_M[usize::from(!north)] + if north { 0.0 } else { LONG },
            row(1.45),
        );
        let d = p - niche;
        let spread = 0.09 + 0.16 * (-d.y).max(0.0);
        let plume = smoothstep(1.0, 0.2, d.x.abs() / spread) * smoothstep(0.12, -0.05, d.y);
        site.smoke += 0.5 * plume * smoothstep(-0.9, -0.1, d.y);
    }
    site
}

/// Grass and small flowers under the feet.
fn meadow(d: &mut Drawing, from: f32, to: f32, seed: u32) {
    d.rect(v(from, row(0.545)), v(to, row(0.48)), PaleGreen);
    d.rule(&[v(from, row(0.545)), v(to, row(0.545))], Green, 0.006);
    let count = ((to - from) / 0.07) as i32;
    for i in 0..count {
        let r = |k: i32| unit(i, k, 0, seed);
        let foot = v(from + (i as f32 + r(0)) * 0.07, row(0.505 + 0.025 * r(1)));
        for lean in [-0.02, 0.0, 0.02] {
            d.line(
                &through(
                    &[foot, foot + v(lean * 0.4, -0.022), foot + v(lean, -0.045)],
                    4,
                ),
                DeepGreen,
                0.006,
            );
        }
        if i % 3 == 0 {
            d.disc(
                foot + v(0.0, -0.05),
                0.009,
                [Cinnabar, White, Orange][(r(2) * 2.99) as usize],
            );
        }
    }
}

/// A tall spray of flowers, as if grown from the wall.
fn spray(d: &mut Drawing, foot: Vec2, tall: f32, lean: f32, tones: [Pigment; 3], seed: u32) {
    let stem = through(
        &[
            foot,
            foot + v(lean * 0.2, -tall * 0.4),
            foot + v(lean * 0.5, -tall * 0.75),
            foot + v(lean, -tall),
        ],
        10,
    );
    d.stroke(&stem, Green, |t| 0.008 - 0.005 * t);
    for i in 0..9 {
        let at = stem[3 + i * 3];
        let side = if i % 2 == 0 { 1.0 } else { -1.0 };
        let reach = 0.055 + 0.03 * unit(i as i32, 1, 0, seed);
        let tip = at + v(side * reach, -0.035);
        d.line(&[at, at.lerp(tip, 0.5) + v(0.0, -0.012), tip], Green, 0.006);
        d.place(
            &super::motifs::petal(&[Green, PaleGreen], 0.36),
            Pose::along(
                at.lerp(tip, 0.3),
                (tip - at).normalize_or_zero(),
                reach * 0.9,
            ),
        );
        if i % 3 != 1 {
            d.place(&blossom(tones), Pose::at(tip + v(0.0, -0.008), 0.042));
        }
    }
    d.place(&blossom(tones), Pose::at(foot + v(lean, -tall), 0.055));
}

/// Flowers that fall round a figure without touching it: places in its own units.
fn falling(d: &mut Drawing, foot: Vec2, scale: Vec2, places: &[Vec2], tones: [Pigment; 3]) {
    for (i, at) in places.iter().enumerate() {
        let turn = direction(0.03 * (i % 5) as f32 - 0.06);
        d.place(
            &blossom(tones),
            Pose::along(foot + *at * scale, turn, scale.y * 0.05),
        );
    }
}

fn side_wall(d: &mut Drawing, north: bool, seed: u32) {
    let start = if north { 0.0 } else { LONG };
    // Everyone walks west: left on the north wall, right on the south wall.
    let towards = if north { -1.0 } else { 1.0 };
    d.rect(v(start, row(2.7)), v(start + LONG, row(0.0)), Ivory);
    meadow(d, start, start + LONG, seed);
    let man = GentlemansDress {
        robe: if north {
            [Cinnabar, DeepRed, Straw]
        } else {
            [DeepGreen, Black, PaleGreen]
        },
        lining: if north { PaleGreen } else { Orange },
        is_old: north,
    };
    let woman = LadysDress {
        skirt: if north {
            [Green, DeepGreen, White]
        } else {
            [Red, DeepRed, Straw]
        },
        jacket: if north {
            [Straw, Ochre, Cinnabar]
        } else {
            [PaleGreen, Green, Cinnabar]
        },
        shawl: if north {
            [Cinnabar, Orange]
        } else {
            [PaleBlue, Blue]
        },
        flower: if north {
            [White, PaleBlue, Blue]
        } else {
            [White, Rouge, Cinnabar]
        },
    };
    let foot = row(0.505);
    let (leader, follower) = if north { (0.74, 1.92) } else { (1.84, 0.58) };
    let size = |s: f32| v(towards, 1.0) * s;
    let (man_at, woman_at) = if north {
        (leader, follower)
    } else {
        (follower, leader)
    };
    let (man_size, woman_size) = if north { (1.5, 1.4) } else { (1.43, 1.47) };
    spray(
        d,
        v(start + if north { 1.12 } else { 1.4 }, row(0.54)),
        0.72,
        -0.03 * towards,
        [White, Rouge, Cinnabar],
        seed,
    );
    spray(
        d,
        v(start + if north { 2.4 } else { 0.2 }, row(0.54)),
        1.0,
        0.06 * towards,
        [White, PaleBlue, Blue],
        seed + 1,
    );
    d.place(
        &nobleman(&man),
        Pose::scaled(v(start + man_at, foot), size(man_size)),
    );
    d.place(
        &noblewoman(&woman),
        Pose::scaled(v(start + woman_at, foot), size(woman_size)),
    );
    // Names: one over the lamp, one behind the leader's shoulder.
    let niche = NICHE_U_M[usize::from(!north)];
    cartouche(
        d,
        v(start + niche, row(2.03)),
        v(0.115, 0.4),
        Straw,
        1,
        seed + 3,
    );
    cartouche(
        d,
        v(start + leader - towards * 0.36, row(2.03)),
        v(0.1, 0.5),
        Ochre,
        1,
        seed + 4,
    );
    for (places, foot_x, s) in [
        (
            [v(0.2, -1.0), v(0.3, -0.95), v(0.32, -0.5)],
            man_at,
            man_size,
        ),
        (
            [v(0.12, -1.02), v(0.3, -0.94), v(0.29, -0.7)],
            woman_at,
            woman_size,
        ),
    ] {
        falling(
            d,
            v(start + foot_x, foot),
            size(s),
            &places,
            [White, Orange, Cinnabar],
        );
    }
    d.place(
        &pearls(LONG, 0.045, DeepRed),
        Pose::at(v(start, row(2.115)), 1.0),
    );
    d.place(
        &half_rosettes(LONG, 0.12, DeepRed),
        Pose::at(v(start, row(2.2)), 1.0),
    );
    d.rule(
        &[v(start, row(2.268)), v(start + LONG, row(2.268))],
        White,
        0.01,
    );
    d.rect(v(start, row(2.8)), v(start + LONG, row(2.272)), Red);
    d.place(
        &lozenges(LONG, 0.1, &[DeepRed, White, Green, Blue, Orange]),
        Pose::at(v(start, row(0.43)), 1.0),
    );
    d.rect(v(start, row(0.38)), v(start + LONG, row(-0.1)), Ochre);
    d.place(&valance(LONG, 0.28), Pose::at(v(start, row(0.38)), 1.0));
    // A red post closes the wall towards the antechamber.
    let edge = start + if north { 2.32 } else { 0.23 };
    d.rect(v(edge - 0.045, row(2.28)), v(edge + 0.045, row(-0.1)), Red);
    d.rule(
        &[
            v(edge + towards * 0.05, row(2.28)),
            v(edge + towards * 0.05, row(0.0)),
        ],
        White,
        0.01,
    );
}

/// The picture of both walls and the roof.
pub(crate) fn surface() -> Surface {
    let mut d = Drawing::default();
    let seed = 500;
    d.rect(Vec2::ZERO, Vec2::splat(CORRIDOR_SIDE_M), Ivory);
    side_wall(&mut d, true, seed);
    side_wall(&mut d, false, seed + 20);
    d.rect(v(0.0, 2.7), v(2.6, 5.2), Red);
    for i in 0..6 {
        let y = 2.9 + 0.42 * i as f32;
        for side in [-1.0, 1.0] {
            d.place(
                &cloud([White, PaleGreen, Green, DeepGreen], seed + i),
                Pose::scaled(v(1.0 + side * 0.58, y), v(side, 1.0) * 0.24),
            );
        }
        d.place(
            &lotus(
                &[
                    (12, 1.0, &[White, PaleBlue, Blue]),
                    (8, 0.66, &[White, Orange, Cinnabar]),
                ],
                &[Straw, Green, Gold],
            ),
            Pose::at(v(1.0, y), 0.19),
        );
    }
    Surface {
        name: "corridor",
        size_m: Vec2::splat(CORRIDOR_SIDE_M),
        drawing: d,
        ground: White,
        site,
        seed,
        tile_m: 0.0,
    }
}
