//! The ceiling: a caisson over four slopes of sky.

use super::attendants::apsara;
use super::drawing::{Drawing, Pose, path, rectangle};
use super::figures::{DRESSES, small_buddha};
use super::finish::{Site, Surface};
use super::motifs::{
    blossom, cloud, half_rosettes, honeysuckle, lotus, lozenges, palmette, pearls, petal, ribbon,
    valance,
};
use super::pigment::Pigment::*;
use crate::sample::charts::CEILING_SIDE_M;
use crate::sample::noise::{direction, fbm2, smoothstep, unit};
use crate::sample::shape::{BATTER, CAISSON_HALF_M, CAISSON_Y_M, CHAMBER_HALF_M, WALL_HEIGHT_M};
use bevy::math::{Mat2, Vec2};

fn v(x: f32, y: f32) -> Vec2 {
    Vec2::new(x, y)
}

const CENTER: Vec2 = Vec2::splat(CEILING_SIDE_M * 0.5);

/// Quarter turns.
pub(crate) fn quarter(i: usize) -> Mat2 {
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
        for i in -17_i32..17 {
            let kind = (i + j).rem_euclid(6_i32) as usize;
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
            .clipped(Vec2::ZERO, v(1.0001, 1.0))
            .clipped(Vec2::ZERO, v(-1.0001, 1.0));
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
            let turn = m * Mat2::from_cols(v(-1.0, -1.0), v(1.0, -1.0)) * flip;
            d.place(
                &palmette([Green, PaleGreen, White]),
                Pose {
                    matrix: turn * 0.156,
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
        fade: 0.0,
    }
}

/// The ceiling.
pub(crate) fn surfaces() -> Vec<Surface> {
    vec![ceiling()]
}
