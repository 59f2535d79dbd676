//! The ceiling, the niche, the altar and the floor.

use super::drawing::{Drawing, Pose, ellipse, path, rectangle, through};
use super::figures::{DRESSES, apsara, small_buddha, standing};
use super::finish::{Site, Surface};
use super::motifs::{
    blossom, cloud, flames, half_rosettes, honeysuckle, lotus, lozenges, palmette, pearls, petal,
    ribbon, valance,
};
use super::pigment::Pigment::{self, *};
use crate::sample::charts::{ALTAR_SIDE_M, CEILING_SIDE_M, FLOOR_SIDE_M, NICHE_SIDE_M};
use crate::sample::noise::{direction, fbm2, smoothstep, unit};
use crate::sample::shape::{BATTER, CAISSON_HALF_M, CAISSON_Y_M, CHAMBER_HALF_M, WALL_HEIGHT_M};
use bevy::math::{Mat2, Vec2};

fn v(x: f32, y: f32) -> Vec2 {
    Vec2::new(x, y)
}

const CENTER: Vec2 = Vec2::splat(CEILING_SIDE_M * 0.5);

/// Quarter turns.
fn quarter(i: usize) -> Mat2 {
    let along = [Vec2::X, Vec2::Y, Vec2::NEG_X, Vec2::NEG_Y][i % 4];
    Mat2::from_cols(along, along.perp())
}

/// One slope in its own metres: x to the right, y down from the caisson to the wall.
fn slope(index: usize, long: f32) -> Drawing {
    let half = CHAMBER_HALF_M + 0.1;
    let mut d = Drawing::default();
    let seed = 600 + index as u32 * 10;
    d.rect(v(-half, -0.2), v(half, long + 0.2), Ivory);
    // A jewel on a lotus between two flying figures.
    let heart = v(0.0, long * 0.44);
    for (i, tone) in [Cinnabar, Orange, Straw].into_iter().enumerate() {
        let s = 0.24 - 0.045 * i as f32;
        d.fill(path("M0 -1.5 C0.5 -0.9 1 -0.5 1 0.15 C1 0.75 0.55 1 0 1 C-0.55 1 -1 0.75 -1 0.15 C-1 -0.5 -0.5 -0.9 0 -1.5").iter().map(|p| heart + *p * s).collect(), tone);
    }
    d.disc(heart, 0.11, White);
    d.disc(heart, 0.095, Blue);
    d.disc(heart, 0.06, Gold);
    let seat = petal(&[White, PaleGreen, Green], 0.6);
    for i in 0..7 {
        let a = direction(0.04 + 0.42 * i as f32 / 6.0);
        d.place(&seat, Pose::along(heart + v(0.0, 0.2), a, 0.26));
    }
    for side in [-1.0, 1.0] {
        ribbon(
            &mut d,
            &[
                heart + v(side * 0.12, 0.22),
                heart + v(side * 0.4, 0.4),
                heart + v(side * 0.62, 0.22),
                heart + v(side * 0.9, 0.42),
                heart + v(side * 1.05, 0.3),
            ],
            0.06,
            [Green, PaleGreen],
            3.0,
            0.1,
        );
        d.place(
            &apsara(
                [
                    [Cinnabar, DeepRed],
                    [Blue, DeepBlue],
                    [Green, DeepGreen],
                    [Orange, Red],
                ][index % 4],
                [
                    [Green, PaleGreen],
                    [Cinnabar, Straw],
                    [Blue, PaleBlue],
                    [DeepGreen, White],
                ][index % 4],
                [White, Orange, Cinnabar],
            ),
            Pose::scaled(v(side * 0.92, long * 0.52), v(-side, 1.0) * 0.66),
        );
        d.place(
            &apsara(
                [
                    [White, Grey],
                    [Orange, Red],
                    [Cinnabar, DeepRed],
                    [Blue, DeepBlue],
                ][index % 4],
                [
                    [Blue, PaleBlue],
                    [Green, White],
                    [Orange, Straw],
                    [Cinnabar, Straw],
                ][index % 4],
                [White, PaleBlue, Blue],
            ),
            Pose::scaled(v(side * 1.78, long * 0.69), v(-side, 1.0) * 0.58),
        );
    }
    for i in 0..64 {
        let at = v(
            (unit(i, 0, 0, seed) * 2.0 - 1.0) * half,
            long * (0.2 + 0.55 * unit(i, 1, 0, seed)),
        );
        if at.x.abs() > CAISSON_HALF_M + at.y * 0.8 || at.distance(heart) < 0.42 {
            continue;
        }
        let tones = [
            [White, PaleBlue, Blue, DeepBlue],
            [White, PaleGreen, Green, DeepGreen],
            [White, Straw, Orange, Red],
        ][(i % 3) as usize];
        let hand = if at.x > 0.0 { -1.0 } else { 1.0 };
        if i % 3 != 2 {
            d.place(
                &cloud(tones, seed + i as u32),
                Pose::scaled(at, v(hand, 1.0) * (0.17 + 0.12 * unit(i, 2, 0, seed))),
            );
        }
    }
    for i in 0..60 {
        let at = v(
            (unit(i, 5, 0, seed) * 2.0 - 1.0) * half,
            long * (0.18 + 0.58 * unit(i, 6, 0, seed)),
        );
        d.place(
            &blossom(
                [
                    [White, PaleGreen, Green],
                    [White, Orange, Cinnabar],
                    [White, PaleBlue, Blue],
                ][(i % 3) as usize],
            ),
            Pose::at(at, 0.05 + 0.04 * unit(i, 7, 0, seed)),
        );
    }
    // Rows of small figures above the walls.
    let rows = 3;
    let step = v(0.2, 0.2);
    let top = long - 0.16 - rows as f32 * step.y;
    d.rect(v(-half, top - 0.02), v(half, long + 0.2), DeepRed);
    d.place(
        &honeysuckle(half * 2.0, 0.11, DeepGreen),
        Pose::at(v(-half, top - 0.075), 1.0),
    );
    d.rule(&[v(-half, top - 0.02), v(half, top - 0.02)], White, 0.012);
    d.rule(&[v(-half, top - 0.133), v(half, top - 0.133)], White, 0.012);
    let figures = DRESSES.map(|dress| small_buddha(&dress));
    for j in 0..rows {
        for i in -17..17 {
            let kind = ((i + j) as i32).rem_euclid(6) as usize;
            let seat = v((i as f32 + 0.5) * step.x, top + (j as f32 + 0.93) * step.y);
            d.place(&figures[kind], Pose::at(seat, step.y * 1.0));
        }
    }
    d.rect(v(-half, long - 0.14), v(half, long + 0.3), Red);
    d.place(
        &lozenges(half * 2.0, 0.1, &[DeepRed, White, Green, Blue, Orange]),
        Pose::at(v(-half, long - 0.075), 1.0),
    );
    // The valance of the caisson hangs over everything.
    d.place(
        &valance(2.0 * CAISSON_HALF_M + 0.9, 0.44),
        Pose::at(v(-CAISSON_HALF_M - 0.45, 0.0), 1.0),
    );
    d
}

fn ceiling() -> Surface {
    let mut d = Drawing::default();
    let top_half = CHAMBER_HALF_M - BATTER * WALL_HEIGHT_M;
    let run = top_half - CAISSON_HALF_M;
    let rise = CAISSON_Y_M - WALL_HEIGHT_M;
    let long = (run * run + rise * rise).sqrt();
    let squash = run / long;
    for i in 0..4 {
        // Kept between the two hips, in plan.
        let flat = slope(i, long).bent(|p| v(p.x, CAISSON_HALF_M + p.y * squash));
        let flat = flat
            .clipped(Vec2::ZERO, v(0.7072, 0.7071))
            .clipped(Vec2::ZERO, v(-0.7072, 0.7071));
        d.place(
            &flat,
            Pose {
                matrix: quarter(i),
                shift: CENTER,
            },
        );
    }
    for i in 0..4 {
        let hip = quarter(i) * v(1.0, 1.0);
        let (a, b) = (
            CENTER + hip * CAISSON_HALF_M,
            CENTER + hip * (top_half + 0.1),
        );
        let length = a.distance(b);
        d.place(
            &half_rosettes(length, 0.1, DeepRed),
            Pose::along(a, (b - a).normalize_or(Vec2::X), 1.0),
        );
    }
    let mut middle = Drawing::default();
    caisson(&mut middle);
    // It is drawn for a caisson of 0.9 m and scaled to the real one.
    let scale = CAISSON_HALF_M / 0.9;
    d.place(&middle, Pose::at(CENTER * (1.0 - scale), scale));
    Surface {
        name: "ceiling",
        size_m: Vec2::splat(CEILING_SIDE_M),
        drawing: d,
        ground: White,
        site: ceiling_site,
        seed: 600,
        tile_m: 0.0,
    }
}

fn square(half: f32) -> Vec<Vec2> {
    rectangle(CENTER - half, CENTER + half)
}

fn caisson(d: &mut Drawing) {
    let outer = 0.9;
    d.fill(square(outer + 0.012), Gold);
    d.fill(square(outer), DeepRed);
    let framed = |d: &mut Drawing, half: f32, band: &dyn Fn(f32) -> Drawing| {
        for i in 0..4 {
            let m = quarter(i);
            d.place(
                &band(half * 2.0),
                Pose {
                    matrix: m,
                    shift: CENTER + m * v(-half, half),
                },
            );
        }
    };
    framed(d, outer - 0.05, &|l| pearls(l, 0.06, DeepRed));
    d.fill(square(0.815), White);
    d.fill(square(0.8), DeepGreen);
    framed(d, 0.725, &|l| honeysuckle(l, 0.13, DeepGreen));
    d.fill(square(0.655), White);
    d.fill(square(0.645), Red);
    framed(d, 0.59, &|l| half_rosettes(l, 0.1, DeepRed));
    d.fill(square(0.535), Gold);
    d.fill(square(0.52), DeepBlue);
    // Squares turned within squares, their corners filled with half palmettes.
    for i in 0..4 {
        let m = quarter(i);
        let corner = CENTER + m * v(0.5, 0.5);
        for mirror in [-1.0, 1.0] {
            let flip = Mat2::from_cols(v(1.0, 0.0), v(0.0, mirror));
            let turn = m * Mat2::from_cols(v(-0.7071, -0.7071), v(0.7071, -0.7071)) * flip;
            d.place(
                &palmette([Green, PaleGreen, White]),
                Pose {
                    matrix: turn * 0.22,
                    shift: corner,
                },
            );
        }
    }
    let turned = |half: f32| {
        (0..4)
            .map(|i| CENTER + quarter(i) * v(half, 0.0))
            .collect::<Vec<_>>()
    };
    d.fill(turned(0.52), White);
    d.fill(turned(0.5), Cinnabar);
    d.fill(turned(0.455), Straw);
    d.fill(turned(0.44), DeepGreen);
    for i in 0..4 {
        let at = CENTER + quarter(i) * v(0.345, 0.0);
        d.place(
            &blossom([White, Orange, Cinnabar]),
            Pose {
                matrix: quarter(i + 1) * 0.09,
                shift: at,
            },
        );
    }
    d.disc(CENTER, 0.315, Gold);
    d.disc(CENTER, 0.303, DeepBlue);
    for i in 0..32 {
        d.disc(CENTER + direction(i as f32 / 32.0) * 0.287, 0.0105, White);
    }
    let flower = lotus(
        &[
            (12, 1.0, &[White, PaleBlue, Blue, DeepBlue]),
            (10, 0.76, &[White, PaleGreen, Green, DeepGreen]),
            (8, 0.53, &[White, Straw, Orange, Cinnabar]),
        ],
        &[Straw, Green, PaleGreen],
    );
    d.place(&flower, Pose::at(CENTER, 0.268));
}

fn ceiling_site(p: Vec2) -> Site {
    let q = (p - CENTER).abs();
    let edge = q.max_element() / CHAMBER_HALF_M;
    let west = smoothstep(3.3, 0.4, p.y);
    Site {
        smoke: 0.34 + 0.34 * west * smoothstep(0.2, 0.9, edge) + 0.12 * smoothstep(0.35, 0.1, edge),
        flaking: 0.36,
        loss: 0.16 + 0.14 * smoothstep(0.7, 1.0, edge),
        water: 0.1 + 0.4 * smoothstep(0.2, 0.5, fbm2(p * 0.5, 2, 91)),
        dust: 0.1,
        rub: 0.0,
    }
}

fn niche() -> Surface {
    let mut d = Drawing::default();
    let c = v(NICHE_SIDE_M * 0.5, NICHE_SIDE_M * 0.5);
    d.rect(Vec2::ZERO, Vec2::splat(NICHE_SIDE_M), DeepRed);
    for i in 0..70 {
        let a = direction(unit(i, 0, 0, 700)) * (1.0 + 0.9 * unit(i, 1, 0, 700));
        d.place(
            &blossom(
                [
                    [White, PaleGreen, Green],
                    [White, PaleBlue, Blue],
                    [White, Straw, Orange],
                ][(i % 3) as usize],
            ),
            Pose::at(c + a, 0.08),
        );
    }
    for side in [-1.0, 1.0] {
        d.place(
            &apsara(
                [Green, DeepGreen],
                [Blue, PaleBlue],
                [White, Orange, Cinnabar],
            ),
            Pose {
                matrix: Mat2::from_cols(v(-side, -0.75), v(-side * 0.5, 1.0)) * 0.46,
                shift: c + v(side * 1.02, -1.02),
            },
        );
        d.place(
            &standing(&DRESSES[if side > 0.0 { 3 } else { 2 }]),
            Pose::scaled(c + v(side * 1.3, 1.05), v(-side, 1.0) * 1.42),
        );
        for k in 0..3 {
            d.place(
                &cloud([White, PaleBlue, Blue, DeepBlue], 710 + k),
                Pose::scaled(
                    c + v(side * (0.75 + 0.35 * k as f32), -1.35 + 0.3 * k as f32),
                    v(-side, 1.0) * 0.24,
                ),
            );
        }
    }
    let body = c + v(0.0, 0.22);
    let mut fire = flames(0.98, 1.3, 44, &[Brown, Cinnabar, Orange, Straw]);
    fire = fire.bent(|p| v(p.x * 0.92, p.y * 1.08));
    d.place(&fire, Pose::at(body, 1.0));
    let oval = |s: f32| ellipse(body, v(0.92, 1.08) * s);
    for (s, tone) in [
        (1.0, Brown),
        (0.985, Gold),
        (0.965, DeepGreen),
        (0.82, White),
        (0.805, Cinnabar),
        (0.66, Gold),
        (0.645, DeepBlue),
        (0.5, White),
        (0.49, Orange),
        (0.36, Straw),
    ] {
        d.fill(oval(s), tone);
    }
    let around = |s: f32, long: f32, band: Drawing| {
        band.bent(move |p| {
            let a = direction(0.75 - p.x / long);
            body + v(a.x * 0.92, -a.y * 1.08) * (s - p.y)
        })
    };
    let long = std::f32::consts::TAU * 0.89;
    d.place(
        &around(0.89, long, honeysuckle(long, 0.13, DeepGreen)),
        Pose::at(Vec2::ZERO, 1.0),
    );
    let long = std::f32::consts::TAU * 0.73;
    d.place(
        &around(0.732, long, half_rosettes(long, 0.12, DeepRed)),
        Pose::at(Vec2::ZERO, 1.0),
    );
    for i in 0..48 {
        let a = direction(i as f32 / 48.0);
        let wave = through(
            &[0.51, 0.55, 0.6, 0.64].map(|s| {
                let sway = 0.012 * if s > 0.56 { 1.0 } else { -1.0 };
                body + v(a.x * 0.92, -a.y * 1.08) * s + v(-a.y, -a.x) * sway
            }),
            5,
        );
        d.line(&wave, if i % 2 == 0 { PaleBlue } else { White }, 0.022);
    }
    // The halo behind the head.
    let head = c + v(0.0, -0.42);
    d.place(
        &flames(0.44, 0.56, 34, &[Brown, Cinnabar, Straw]),
        Pose::at(head, 1.0),
    );
    for (r, tone) in [
        (0.45, Brown),
        (0.44, Gold),
        (0.43, DeepGreen),
        (0.34, White),
        (0.335, DeepBlue),
        (0.25, Gold),
        (0.24, Cinnabar),
        (0.18, PaleGreen),
    ] {
        d.disc(head, r, tone);
    }
    let long = std::f32::consts::TAU * 0.385;
    let ring = honeysuckle(long, 0.08, DeepGreen)
        .bent(|p| head + direction(0.75 - p.x / long) * (0.385 - p.y));
    d.place(&ring, Pose::at(Vec2::ZERO, 1.0));
    let rays = petal(&[White, PaleBlue, Blue], 0.32);
    for i in 0..24 {
        let a = direction(i as f32 / 24.0);
        d.place(&rays, Pose::along(head + a * 0.245, a, 0.088));
    }
    Surface {
        name: "niche",
        size_m: Vec2::splat(NICHE_SIDE_M),
        drawing: d,
        ground: White,
        site: niche_site,
        seed: 700,
        tile_m: 0.0,
    }
}

fn niche_site(p: Vec2) -> Site {
    let up = smoothstep(2.2, 0.4, p.y);
    Site {
        smoke: 0.16 + 0.5 * up,
        flaking: 0.36,
        loss: 0.16,
        water: 0.1,
        dust: 0.12,
        rub: 0.05,
    }
}

/// A row of panels with pointed arches, a jewel or a flower in each.
fn arcade(d: &mut Drawing, low: Vec2, high: Vec2, seed: u32) {
    d.rect(low, high, Red);
    let tall = high.y - low.y;
    let count = ((high.x - low.x) / (tall * 1.6)).round().max(1.0) as i32;
    let step = (high.x - low.x) / count as f32;
    for i in 0..count {
        let a = v(low.x + (i as f32 + 0.06) * step, low.y + tall * 0.1);
        let b = v(low.x + (i as f32 + 0.94) * step, high.y - tall * 0.1);
        d.rect(a, b, Gold);
        d.rect(
            a + 0.006,
            b - 0.006,
            if i % 2 == 0 { DeepGreen } else { DeepBlue },
        );
        let (w, h) = (b.x - a.x, b.y - a.y);
        let arch = path(
            "M0.06 0.95 L0.06 0.5 C0.08 0.3 0.2 0.36 0.26 0.24 C0.34 0.3 0.42 0.22 0.5 0.08 C0.58 0.22 0.66 0.3 0.74 0.24 C0.8 0.36 0.92 0.3 0.94 0.5 L0.94 0.95",
        );
        let outline = |s: f32| {
            arch.iter()
                .map(|p| a + (v(0.5, 0.6) + (*p - v(0.5, 0.6)) * s) * v(w, h))
                .collect::<Vec<_>>()
        };
        d.fill(outline(1.0), White);
        d.fill(outline(0.94), if i % 2 == 0 { Cinnabar } else { Ochre });
        let middle = a + v(w * 0.5, h * 0.66);
        if unit(i, 0, 0, seed) > 0.4 {
            d.place(
                &flames(h * 0.16, h * 0.36, 14, &[Brown, Orange, Straw]),
                Pose::at(middle, 1.0),
            );
            d.disc(middle, h * 0.16, PaleGreen);
            d.disc(middle, h * 0.09, Gold);
        } else {
            d.place(
                &lotus(
                    &[
                        (10, 1.0, &[White, PaleGreen, Green]),
                        (8, 0.6, &[White, Straw, Orange]),
                    ],
                    &[Straw, Gold],
                ),
                Pose::at(middle, h * 0.27),
            );
        }
    }
}

/// The faces of one side of the altar: two steps, each with petals, panels and petals.
fn steps(d: &mut Drawing, low: Vec2, width: f32, seed: u32) {
    let petals = |d: &mut Drawing, y: f32, tall: f32, up: f32| {
        d.rect(
            v(low.x, low.y + y),
            v(low.x + width, low.y + y + tall),
            Green,
        );
        let count = (width / (tall * 1.15)).round() as i32;
        let one = petal(&[White, Orange, Cinnabar, DeepRed], 0.72);
        for i in 0..count {
            let x = low.x + (i as f32 + 0.5) * width / count as f32;
            let root = if up > 0.0 { y + tall } else { y };
            d.place(
                &one,
                Pose::along(v(x, low.y + root), v(0.0, -up), tall * 1.02),
            );
        }
    };
    for top in [0.03, 0.4] {
        d.rect(
            v(low.x, low.y + top - 0.03),
            v(low.x + width, low.y + top + 0.02),
            Gold,
        );
        petals(d, top + 0.02, 0.07, 1.0);
        arcade(
            d,
            v(low.x, low.y + top + 0.09),
            v(low.x + width, low.y + top + 0.27),
            seed + (top * 10.0) as u32,
        );
        petals(d, top + 0.27, 0.07, -1.0);
        d.rect(
            v(low.x, low.y + top + 0.34),
            v(low.x + width, low.y + top + 0.38),
            DeepRed,
        );
    }
}

fn altar() -> Surface {
    let mut d = Drawing::default();
    d.rect(Vec2::ZERO, Vec2::splat(ALTAR_SIDE_M), Ochre);
    // The tops: painted as a carpet of lotus with a border that follows both steps.
    d.place(
        &lozenges(4.3, 0.1, &[DeepRed, White, Green, Blue, Orange]),
        Pose::at(v(0.0, 2.82), 1.0),
    );
    d.rect(v(0.0, 2.4), v(4.3, 2.76), Red);
    for i in 0..14 {
        let at = v(0.3 + 0.285 * i as f32, 2.62);
        d.place(
            &lotus(
                &[
                    (10, 1.0, &[White, PaleGreen, Green]),
                    (8, 0.62, &[White, Orange, Red]),
                ],
                &[Straw],
            ),
            Pose::at(at, 0.1),
        );
    }
    d.place(
        &lozenges(3.3, 0.08, &[DeepRed, White, Green, Blue, Orange]),
        Pose::at(v(0.5, 2.33), 1.0),
    );
    d.rect(v(0.5, 0.0), v(3.8, 2.28), Straw);
    for j in 0..7 {
        for i in 0..11 {
            if (i + j) % 2 == 1 {
                continue;
            }
            let at = v(0.66 + 0.3 * i as f32, 2.12 - 0.3 * j as f32);
            d.place(
                &lotus(
                    &[
                        (8, 1.0, &[White, PaleGreen, Green]),
                        (8, 0.6, &[White, Straw, Orange]),
                    ],
                    &[Straw],
                ),
                Pose::at(at, 0.11),
            );
        }
    }
    steps(&mut d, v(0.0, 2.96), 4.3, 800);
    steps(&mut d, v(0.0, 3.76), 2.15, 810);
    steps(&mut d, v(2.2, 3.76), 2.1, 820);
    Surface {
        name: "altar",
        size_m: Vec2::splat(ALTAR_SIDE_M),
        drawing: d,
        ground: White,
        site: altar_site,
        seed: 800,
        tile_m: 0.0,
    }
}

fn altar_site(p: Vec2) -> Site {
    let top = smoothstep(2.97, 2.9, p.y);
    Site {
        smoke: 0.14 + 0.1 * top,
        flaking: 0.5 + 0.1 * top,
        loss: 0.24 + 0.08 * top,
        water: 0.0,
        dust: 0.2 + 0.35 * top,
        rub: 0.35,
    }
}

fn floor() -> Surface {
    let mut d = Drawing::default();
    let side = 0.4;
    let count = (FLOOR_SIDE_M / side).round() as i32;
    let tones: [Pigment; 2] = [TileRelief, Tile];
    let flower = lotus(
        &[(8, 1.0, &[TileRelief, Tile, TileRelief]), (8, 0.55, &tones)],
        &tones,
    );
    let leaf = petal(&[TileRelief, Tile], 0.5);
    let mut tile = Drawing::default();
    for (i, (low, tone)) in [(0.02, TileRelief), (0.034, Tile)].into_iter().enumerate() {
        let _ = i;
        tile.rect(
            Vec2::splat(low - side * 0.5),
            Vec2::splat(side * 0.5 - low),
            tone,
        );
    }
    for shape in &flower.shapes {
        let pigment = if matches!(shape.pigment, TileRelief | Tile) {
            shape.pigment
        } else {
            Tile
        };
        tile.shapes.push(super::drawing::Shape {
            pigment,
            ..shape.clone()
        });
    }
    let mut scaled = Drawing::default();
    for shape in tile.shapes.iter().take(2) {
        scaled.shapes.push(shape.clone());
    }
    let mut head = Drawing::default();
    head.shapes.extend(tile.shapes.into_iter().skip(2));
    scaled.place(&head, Pose::at(Vec2::ZERO, 0.128));
    scaled.ring(Vec2::ZERO, 0.143, 0.008, TileRelief);
    for i in 0..4 {
        let corner = quarter(i) * v(0.152, 0.152);
        for k in 0..3 {
            let a = quarter(i) * direction(0.625 + (k as f32 - 1.0) * 0.09);
            scaled.place(&leaf, Pose::along(corner, a, 0.055));
        }
    }
    for j in 0..count {
        for i in 0..count {
            let at = (v(i as f32, j as f32) + 0.5) * side;
            let worn = unit(i, j, 3, 900) > 0.93;
            d.rect(at - side * 0.5, at + side * 0.5, Tile);
            if !worn {
                d.place(
                    &scaled,
                    Pose {
                        matrix: quarter((unit(i, j, 4, 900) * 3.99) as usize),
                        shift: at,
                    },
                );
            }
        }
    }
    Surface {
        name: "floor",
        size_m: Vec2::splat(FLOOR_SIDE_M),
        drawing: d,
        ground: Tile,
        site: floor_site,
        seed: 900,
        tile_m: side,
    }
}

fn floor_site(p: Vec2) -> Site {
    let q = (p - FLOOR_SIDE_M * 0.5).abs();
    let edge = smoothstep(0.75, 1.0, q.max_element() / (FLOOR_SIDE_M * 0.5));
    Site {
        smoke: 0.12,
        flaking: 0.18,
        loss: 0.2 + 0.06 * edge,
        water: 0.0,
        dust: 0.3 + 0.5 * edge,
        rub: 0.1,
    }
}

/// Ceiling, niche, altar, floor.
pub(crate) fn surfaces() -> Vec<Surface> {
    vec![ceiling(), niche(), altar(), floor()]
}
