//! What walls are put together from: registers, grids of figures, skies, processions, a
//! preaching scene, the painted frame of a door.

use super::attendants::{apsara, donor, standing};
use super::drawing::{Drawing, Pose, through};
use super::figures::{DRESSES, Dress, great_buddha, small_buddha};
use super::motifs::{blossom, cloud, half_rosettes, honeysuckle, lotus, lozenges, pearls, valance};
use super::pigment::Pigment::{self, *};
use crate::sample::charts::{WALL_PICTURE_M, WALL_TOP_M};
use crate::sample::noise::{Random, direction, smoothstep, unit};
use bevy::math::Vec2;

fn v(x: f32, y: f32) -> Vec2 {
    Vec2::new(x, y)
}

/// v of a height above the floor.
pub(crate) fn row(y: f32) -> f32 {
    WALL_TOP_M - y
}

pub(crate) const WIDE: f32 = WALL_PICTURE_M.x;

/// A rectangle to keep clear.
pub(crate) type Hole = (Vec2, Vec2);

/// Fills a field with small seated figures in diagonal bands of colour, each with its
/// cartouche. Some of those within reach were scratched later.
pub(crate) fn thousand(
    d: &mut Drawing,
    low: Vec2,
    high: Vec2,
    cell: Vec2,
    holes: &[Hole],
    seed: u32,
) {
    let columns = ((high.x - low.x) / cell.x).round().max(1.0) as i32;
    let rows = ((high.y - low.y) / cell.y).round().max(1.0) as i32;
    let step = v(
        (high.x - low.x) / columns as f32,
        (high.y - low.y) / rows as f32,
    );
    let figures = DRESSES.map(|dress| small_buddha(&dress));
    for j in 0..rows {
        for i in 0..columns {
            let corner = low + v(i as f32, j as f32) * step;
            let middle = corner + step * 0.5;
            let covered = |(a, b): &Hole| {
                middle.x > a.x - step.x * 0.38
                    && middle.x < b.x + step.x * 0.38
                    && middle.y > a.y - step.y * 0.42
                    && middle.y < b.y + step.y * 0.42
            };
            if holes.iter().any(covered) {
                continue;
            }
            let jitter = |k: i32| unit(i, j, k, seed) - 0.5;
            let kind = (i + j).rem_euclid(6) as usize;
            let seat = corner
                + v(
                    step.x * (0.5 + 0.03 * jitter(0)),
                    step.y * (0.945 + 0.015 * jitter(1)),
                );
            let size = step.y * (0.955 + 0.03 * jitter(2));
            d.place(&figures[kind], Pose::at(seat, size));
            let label = corner + step * v(0.02, 0.06);
            let tone = if kind.is_multiple_of(2) { Ivory } else { Straw };
            d.rect(label, label + step * v(0.1, 0.34), tone);
            for k in 0..4 {
                let y = label.y + step.y * (0.03 + 0.07 * k as f32);
                d.line(
                    &[
                        v(label.x + step.x * 0.025, y),
                        v(label.x + step.x * 0.075, y + step.y * 0.03),
                    ],
                    Black,
                    step.x * 0.02,
                );
            }
            let reach = smoothstep(2.1, 1.5, WALL_TOP_M - middle.y);
            if unit(i, j, 9, seed) < 0.11 * reach {
                let face = seat - v(0.0, size * 0.66);
                for k in 0..5 {
                    let a = direction(0.37 + 0.05 * jitter(k + 10)) * size * 0.12;
                    let shift = v(jitter(k + 20), jitter(k + 30)) * size * 0.12;
                    d.scratch(
                        &[face + shift - a, face + shift + a * 0.2, face + shift + a],
                        0.004,
                        0.0014,
                    );
                }
            }
        }
    }
}

/// A sky of flying figures and clouds between two heights, heading for `towards`.
pub(crate) fn sky(
    d: &mut Drawing,
    low: Vec2,
    high: Vec2,
    ground: Pigment,
    towards: f32,
    seed: u32,
) {
    d.rect(low, high, ground);
    let mut random = Random::new(seed);
    let (tall, long) = (high.y - low.y, high.x - low.x);
    for _ in 0..(long * 7.0) as i32 {
        let at = v(
            random.range(low.x, high.x),
            random.range(low.y + tall * 0.12, high.y - tall * 0.08),
        );
        let size = tall * random.range(0.1, 0.17);
        d.place(
            &blossom(
                [
                    [White, PaleGreen, Green],
                    [White, Orange, Cinnabar],
                    [White, PaleBlue, Blue],
                ][(random.unit() * 2.99) as usize],
            ),
            Pose::at(at, size),
        );
    }
    let count = (long / (tall * 2.05)).round().max(1.0) as i32;
    let robes = [
        [Cinnabar, DeepRed],
        [Green, DeepGreen],
        [White, Grey],
        [Blue, DeepBlue],
        [Orange, Red],
    ];
    let bands = [
        [Green, PaleGreen],
        [Blue, PaleBlue],
        [Cinnabar, Straw],
        [DeepGreen, White],
    ];
    for i in 0..count {
        let x = low.x + (i as f32 + 0.5) * long / count as f32;
        let tones = if i % 2 == 0 {
            [White, PaleBlue, Blue, DeepBlue]
        } else {
            [White, PaleGreen, Green, DeepGreen]
        };
        for k in 0..2 {
            let at = v(
                x - towards * tall * (0.5 + 0.62 * k as f32),
                high.y - tall * (0.2 + 0.5 * k as f32) + random.range(-0.02, 0.02),
            );
            d.place(
                &cloud(tones, seed + i as u32 * 7 + k),
                Pose::scaled(at, v(towards, 1.0) * tall * 0.42),
            );
        }
        let dive = random.range(-0.05, 0.05);
        let along = v(towards, dive).normalize_or(Vec2::X);
        let s = tall * 0.66;
        let pose = Pose {
            matrix: bevy::math::Mat2::from_cols(along * s, v(-dive * towards, 1.0) * s),
            shift: v(
                x + towards * tall * 0.22,
                low.y + tall * (0.66 + random.range(-0.04, 0.05)),
            ),
        };
        let k = i as usize;
        d.place(
            &apsara(robes[k % 5], bands[k % 4], [White, Orange, Cinnabar]),
            pose,
        );
    }
}

/// A row of donors between two places.
pub(crate) fn procession(
    d: &mut Drawing,
    from: f32,
    to: f32,
    top: f32,
    foot: f32,
    towards: f32,
    seed: u32,
) {
    let tall = (foot - top) * 0.9;
    let count = ((to - from) / (tall * 0.62)).round().max(1.0) as i32;
    let robes = [Red, Black, DeepGreen, Ochre, DeepRed, Blue, Brown, Green];
    for i in 0..count {
        let x = from + (i as f32 + 0.5) * (to - from) / count as f32;
        let pick = (unit(i, 0, 0, seed) * 7.99) as usize;
        let woman = unit(i, 1, 0, seed) > 0.55;
        let size = tall * (0.88 + 0.12 * unit(i, 2, 0, seed));
        let figure = donor(
            robes[pick],
            [Gold, Green, Orange, PaleBlue][pick % 4],
            woman,
        );
        d.place(
            &figure,
            Pose::scaled(v(x, foot - tall * 0.03), v(towards, 1.0) * size),
        );
        let label = v(x - towards * tall * 0.3, top + tall * 0.06);
        d.rect(
            label - v(tall * 0.045, 0.0),
            label + v(tall * 0.045, tall * 0.42),
            Ochre,
        );
        for k in 0..6 {
            let y = label.y + tall * (0.03 + 0.065 * k as f32);
            d.line(
                &[
                    v(label.x - tall * 0.02, y),
                    v(label.x + tall * 0.022, y + tall * 0.025),
                ],
                Black,
                tall * 0.016,
            );
        }
    }
}

/// A panel with a great seated figure, attendants, canopy, trees and clouds.
pub(crate) fn preaching(
    d: &mut Drawing,
    low: Vec2,
    high: Vec2,
    dress: &Dress,
    ground: Pigment,
    seed: u32,
) {
    let (wide, tall) = (high.x - low.x, high.y - low.y);
    let middle = (low.x + high.x) * 0.5;
    d.rect(low - v(0.07, 0.07), high + v(0.07, 0.07), Red);
    d.place(
        &pearls(wide + 0.1, 0.05, DeepRed),
        Pose::at(v(low.x - 0.05, low.y - 0.035), 1.0),
    );
    d.place(
        &pearls(wide + 0.1, 0.05, DeepRed),
        Pose::at(v(low.x - 0.05, high.y + 0.035), 1.0),
    );
    d.place(
        &pearls(tall, 0.05, DeepRed),
        Pose::along(v(low.x - 0.035, low.y), Vec2::Y, 1.0),
    );
    d.place(
        &pearls(tall, 0.05, DeepRed),
        Pose::along(v(high.x + 0.035, low.y), Vec2::Y, 1.0),
    );
    d.rect(low, high, ground);
    // A floor of tiles and a pond's rim.
    d.rect(v(low.x, high.y - tall * 0.16), high, PaleGreen);
    for i in 0..=24 {
        let t = i as f32 / 24.0;
        d.rule(
            &[
                v(low.x + wide * t, high.y - tall * 0.16),
                v(middle + (low.x + wide * t - middle) * 1.5, high.y),
            ]
            .map(|p| p.clamp(low, high)),
            Green,
            0.006,
        );
    }
    d.rule(
        &[
            v(low.x, high.y - tall * 0.16),
            v(high.x, high.y - tall * 0.16),
        ],
        Brown,
        0.008,
    );
    d.rule(
        &[
            v(low.x, high.y - tall * 0.075),
            v(high.x, high.y - tall * 0.075),
        ],
        Green,
        0.006,
    );
    // Trees: trunks and tufts of long leaves.
    for side in [-1.0, 1.0] {
        let root = v(middle + side * wide * 0.2, high.y - tall * 0.2);
        let trunk = through(
            &[
                root,
                root + v(side * 0.05, -0.3 * tall),
                root + v(side * 0.02, -0.5 * tall),
                root + v(side * 0.12, -0.68 * tall),
            ],
            8,
        );
        d.stroke(&trunk, Brown, |t| tall * 0.03 * (1.0 - 0.5 * t));
        for k in 0..16 {
            let at = v(
                middle + side * wide * (0.06 + 0.31 * unit(k, 0, 0, seed)),
                low.y + tall * (0.08 + 0.22 * unit(k, 1, 0, seed)),
            );
            for leaf in 0..9 {
                let a = direction(leaf as f32 / 9.0 + 0.03);
                let tip = at + v(a.x, a.y * 0.75) * tall * 0.062;
                d.stroke(
                    &[at, at.lerp(tip, 0.5) + a.perp() * 0.004, tip],
                    if leaf % 2 == 0 { Green } else { DeepGreen },
                    |t| tall * 0.02 * (1.0 - t) + 0.001,
                );
            }
            d.disc(at, tall * 0.011, if k % 2 == 0 { Orange } else { White });
        }
    }
    let canopy = v(middle, low.y + tall * 0.1);
    let mut drape = valance(wide * 0.34, tall * 0.11);
    drape.rect(v(-0.02, -0.05), v(wide * 0.34 + 0.02, 0.0), Cinnabar);
    d.place(&drape, Pose::at(canopy + v(-wide * 0.17, 0.0), 1.0));
    for side in [-1.0, 0.0, 1.0] {
        d.place(
            &lotus(&[(8, 1.0, &[White, PaleGreen, Green])], &[Orange, Gold]),
            Pose::at(
                canopy + v(side * wide * 0.13, -0.06 - 0.02 * (1.0 - side * side)),
                0.045,
            ),
        );
    }
    d.place(
        &great_buddha(dress),
        Pose::at(v(middle, high.y - tall * 0.17), tall * 0.62),
    );
    for (i, x) in [-0.27, 0.27, -0.41, 0.41].into_iter().enumerate() {
        let size = tall * if i < 2 { 0.66 } else { 0.56 };
        let figure = standing(&DRESSES[(i + seed as usize) % 6]);
        let side = if x < 0.0 { 1.0 } else { -1.0 };
        d.place(
            &figure,
            Pose::scaled(
                v(
                    middle + x * wide,
                    high.y - tall * (0.07 + 0.03 * (i / 2) as f32),
                ),
                v(side, 1.0) * size,
            ),
        );
    }
    for side in [-1.0, 1.0] {
        let at = v(middle + side * wide * 0.4, low.y + tall * 0.14);
        d.place(
            &apsara([Orange, Red], [Green, PaleGreen], [White, PaleBlue, Blue]),
            Pose::scaled(at + v(-side * 0.05, 0.03), v(-side, 1.0) * tall * 0.14),
        );
        d.place(
            &cloud([White, PaleBlue, Blue, DeepBlue], seed),
            Pose::scaled(at + v(side * 0.08, 0.1), v(-side, 1.0) * tall * 0.12),
        );
    }
    // Incense on a little table before the seat.
    d.place(
        &blossom([White, Orange, Cinnabar]),
        Pose::at(v(middle - wide * 0.08, high.y - tall * 0.05), tall * 0.07),
    );
    d.place(
        &blossom([White, PaleBlue, Blue]),
        Pose::at(v(middle + wide * 0.08, high.y - tall * 0.05), tall * 0.07),
    );
}

/// Bands shared by all walls, from the sky down to the foot.
pub(crate) fn registers(
    d: &mut Drawing,
    towards: f32,
    sky_ground: Pigment,
    field: Pigment,
    seed: u32,
) {
    d.rect(v(0.0, 0.0), v(WIDE, row(3.2)), Red);
    sky(
        d,
        v(0.0, row(3.2)),
        v(WIDE, row(2.68)),
        sky_ground,
        towards,
        seed,
    );
    d.place(
        &pearls(WIDE, 0.055, DeepRed),
        Pose::at(v(0.0, row(3.215)), 1.0),
    );
    d.rect(v(0.0, row(2.69)), v(WIDE, row(2.53)), White);
    d.place(
        &honeysuckle(WIDE, 0.12, DeepRed),
        Pose::at(v(0.0, row(2.61)), 1.0),
    );
    d.rect(v(0.0, row(2.53)), v(WIDE, row(0.92)), field);
    d.rule(&[v(0.0, row(2.535)), v(WIDE, row(2.535))], Brown, 0.008);
    d.rule(&[v(0.0, row(2.685)), v(WIDE, row(2.685))], Brown, 0.008);
    d.place(
        &lozenges(WIDE, 0.1, &[DeepRed, White, Green, Blue, Orange]),
        Pose::at(v(0.0, row(0.87)), 1.0),
    );
    d.rule(&[v(0.0, row(0.925)), v(WIDE, row(0.925))], White, 0.014);
    d.rule(&[v(0.0, row(0.815)), v(WIDE, row(0.815))], White, 0.014);
    d.rect(v(0.0, row(0.81)), v(WIDE, row(0.42)), Ivory);
    d.rule(&[v(0.0, row(0.42)), v(WIDE, row(0.42))], Red, 0.03);
    d.rect(v(0.0, row(0.405)), v(WIDE, row(-0.1)), Ochre);
    d.place(&valance(WIDE, 0.3), Pose::at(v(0.0, row(0.4)), 1.0));
    d.rect(v(0.0, row(0.09)), v(WIDE, row(-0.1)), DeepRed);
}

pub(crate) fn door(d: &mut Drawing, from: f32, to: f32, top: f32) {
    let (a, b) = (v(from - 0.13, row(top + 0.14)), v(to + 0.13, row(-0.1)));
    d.rect(a, b, Red);
    d.rect(a + v(0.02, 0.02), b - v(0.02, 0.0), White);
    d.rect(a + v(0.03, 0.03), b - v(0.03, 0.0), DeepGreen);
    let wide = b.x - a.x;
    d.place(
        &half_rosettes(wide - 0.06, 0.09, DeepRed),
        Pose::at(v(a.x + 0.03, a.y + 0.075), 1.0),
    );
    for x in [a.x + 0.075, b.x - 0.075] {
        d.place(
            &half_rosettes(top + 0.02, 0.09, DeepRed),
            Pose::along(v(x, a.y + 0.12), Vec2::Y, 1.0),
        );
    }
    d.rect(
        v(from - 0.01, row(top + 0.015)),
        v(to + 0.01, row(-0.1)),
        Ochre,
    );
}
