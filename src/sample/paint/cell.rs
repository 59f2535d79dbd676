//! The back wall of a side cell: thin lime over clay, with a hasty drawing in red line of
//! what the cell was for, a monk in meditation under a tree. Below it in the same picture lie
//! the rush mat and the folded robe of the bench.

use super::drawing::{Drawing, Pose, ellipse, path};
use super::finish::{Site, Surface};
use super::ink::{bloom, outline};
use super::pigment::Pigment::*;
use crate::sample::charts::{CELL_PICTURE_M, CELL_ROBE, CELL_RUSHES};
use crate::sample::noise::{direction, smoothstep, unit};
use bevy::math::Vec2;

fn v(x: f32, y: f32) -> Vec2 {
    Vec2::new(x, y)
}

/// A monk who sits with crossed legs, one unit tall, the seat at the origin.
fn monk() -> Drawing {
    let mut d = Drawing::default();
    let robe = path(
        "M-0.07 -0.73 C-0.15 -0.71 -0.23 -0.69 -0.26 -0.6 C-0.29 -0.48 -0.31 -0.36 -0.3 -0.26 C-0.4 -0.22 -0.49 -0.13 -0.47 -0.05 C-0.38 0.0 -0.2 0.02 0 0.02 C0.2 0.02 0.38 0.0 0.47 -0.05 C0.49 -0.13 0.4 -0.22 0.3 -0.26 C0.31 -0.36 0.29 -0.48 0.26 -0.6 C0.23 -0.69 0.15 -0.71 0.07 -0.73",
    );
    d.glaze(robe.clone(), Red, 0.5);
    let chest = path(
        "M-0.07 -0.74 L0.07 -0.74 L0.1 -0.68 C0.06 -0.58 0.02 -0.5 -0.05 -0.44 C-0.09 -0.54 -0.11 -0.62 -0.1 -0.68",
    );
    d.fill(chest.clone(), Skin);
    outline(&mut d, &robe, Sienna, 0.017);
    for fold in [
        "M0.1 -0.68 C0.06 -0.56 0.0 -0.46 -0.14 -0.34",
        "M0.14 -0.69 C0.12 -0.56 0.04 -0.42 -0.12 -0.3",
        "M-0.1 -0.68 C-0.12 -0.58 -0.1 -0.5 -0.06 -0.43",
        "M-0.24 -0.58 C-0.2 -0.46 -0.2 -0.36 -0.14 -0.28",
        "M0.24 -0.58 C0.2 -0.46 0.22 -0.36 0.15 -0.27",
        "M0.2 -0.62 C0.18 -0.5 0.14 -0.44 0.08 -0.36",
        "M-0.3 -0.26 C-0.24 -0.24 -0.18 -0.22 -0.12 -0.21",
        "M0.3 -0.26 C0.24 -0.24 0.18 -0.22 0.12 -0.21",
        "M-0.44 -0.08 C-0.28 -0.14 -0.1 -0.1 0.06 -0.03",
        "M0.44 -0.08 C0.3 -0.15 0.14 -0.13 -0.02 -0.08",
        "M-0.34 -0.16 C-0.22 -0.19 -0.1 -0.16 -0.02 -0.12",
        "M0.34 -0.16 C0.24 -0.2 0.14 -0.18 0.08 -0.14",
    ] {
        d.line(&path(fold), Sienna, 0.012);
    }
    let hands = ellipse(v(0.0, -0.22), v(0.125, 0.045));
    d.fill(hands.clone(), Skin);
    outline(&mut d, &hands, Sienna, 0.012);
    d.line(
        &path("M-0.1 -0.21 C-0.04 -0.2 0.04 -0.2 0.1 -0.22"),
        Sienna,
        0.008,
    );
    d.line(
        &path("M-0.08 -0.24 C-0.04 -0.3 0.04 -0.3 0.08 -0.24"),
        Sienna,
        0.01,
    );
    // The head, shaved.
    let head = path(
        "M0 -0.99 C0.075 -0.99 0.1 -0.94 0.1 -0.88 C0.1 -0.8 0.06 -0.74 0 -0.74 C-0.06 -0.74 -0.1 -0.8 -0.1 -0.88 C-0.1 -0.94 -0.075 -0.99 0 -0.99",
    );
    for k in [-1.0, 1.0] {
        let ear = ellipse(v(0.103 * k, -0.85), v(0.016, 0.045));
        d.fill(ear.clone(), Skin);
        outline(&mut d, &ear, Sienna, 0.009);
    }
    d.fill(head.clone(), Skin);
    d.glaze(
        path("M-0.097 -0.9 C-0.08 -1.0 0.08 -1.0 0.097 -0.9 C0.05 -0.93 -0.05 -0.93 -0.097 -0.9"),
        Grey,
        0.5,
    );
    outline(&mut d, &head, Sienna, 0.014);
    for k in [-1.0, 1.0] {
        d.line(
            &[
                v(0.018 * k, -0.892),
                v(0.042 * k, -0.902),
                v(0.072 * k, -0.89),
            ],
            Brown,
            0.01,
        );
        d.line(
            &[
                v(0.02 * k, -0.862),
                v(0.044 * k, -0.855),
                v(0.07 * k, -0.864),
            ],
            Brown,
            0.009,
        );
    }
    d.line(
        &path("M0.004 -0.87 C0.016 -0.84 0.02 -0.83 0.002 -0.826"),
        Sienna,
        0.007,
    );
    d.line(
        &[v(-0.024, -0.795), v(0.0, -0.79), v(0.024, -0.795)],
        Cinnabar,
        0.011,
    );
    d
}

/// A spray of pointed leaves.
fn leaves(d: &mut Drawing, at: Vec2, size: f32, seed: i32) {
    bloom(d, at, v(0.75, 0.5) * size, Green, 0.42);
    for i in 0..13 {
        let r = |k: i32| unit(seed, i, k, 1320);
        let out = direction(0.08 + 0.072 * i as f32 + 0.05 * r(0));
        let foot = at + v(out.x, -out.y * 0.6) * size * (0.1 + 0.25 * r(1));
        let tip = foot + v(out.x, -out.y * 0.7 + 0.18) * size * (0.5 + 0.25 * r(2));
        let side = (tip - foot).perp() * 0.17;
        let middle = foot.lerp(tip, 0.45);
        d.glaze(
            vec![foot, middle + side, tip, middle - side],
            DeepGreen,
            0.55,
        );
        d.line(&[foot, middle + side * 1.05, tip], Brown, 0.0032);
        d.line(&[foot, middle - side * 1.05, tip], Brown, 0.0032);
        d.line(&[foot, tip], Brown, 0.002);
    }
}

fn tree(d: &mut Drawing) {
    let trunk = path("M1.78 1.7 C1.74 1.5 1.84 1.3 1.77 1.1 C1.71 0.94 1.6 0.84 1.58 0.66");
    let branches = [
        path("M1.66 0.86 C1.5 0.72 1.36 0.68 1.16 0.56"),
        path("M1.76 1.04 C1.9 0.9 1.98 0.84 2.02 0.72"),
        path("M1.59 0.7 C1.56 0.56 1.5 0.46 1.4 0.34"),
        path("M1.4 0.68 C1.28 0.7 1.2 0.74 1.1 0.8"),
    ];
    for (line, wide) in branches.iter().map(|b| (b, 0.034)).chain([(&trunk, 0.085)]) {
        d.stroke(line, Brown, |t| wide * (1.0 - 0.6 * t) + 0.008);
        d.stroke(line, Ochre, |t| wide * (1.0 - 0.6 * t));
    }
    for knot in [
        "M1.77 1.45 C1.8 1.4 1.8 1.34 1.77 1.3",
        "M1.79 1.6 C1.77 1.54 1.8 1.5 1.79 1.46",
        "M1.77 1.22 C1.75 1.16 1.74 1.1 1.71 1.04",
    ] {
        d.line(&path(knot), Brown, 0.006);
    }
    for (i, (x, y, size)) in [
        (1.08, 0.5, 0.17),
        (1.3, 0.36, 0.19),
        (1.55, 0.3, 0.2),
        (1.78, 0.46, 0.19),
        (1.98, 0.68, 0.16),
        (1.45, 0.52, 0.17),
        (1.02, 0.78, 0.12),
        (1.7, 0.68, 0.15),
        (1.22, 0.6, 0.12),
    ]
    .into_iter()
    .enumerate()
    {
        leaves(d, v(x, y), size, i as i32);
    }
    // A pilgrim's flask and bag hang from a branch.
    d.line(&[v(1.98, 0.86), v(1.985, 0.96)], Brown, 0.006);
    let flask = path(
        "M1.97 0.96 L2.0 0.96 C1.99 1.0 2.03 1.02 2.03 1.07 C2.03 1.12 1.94 1.12 1.94 1.07 C1.94 1.02 1.98 1.0 1.97 0.96",
    );
    d.fill(flask.clone(), PaleBlue);
    outline(d, &flask, Sienna, 0.008);
}

fn drawing() -> Drawing {
    let mut d = Drawing::default();
    let size = CELL_PICTURE_M;
    d.rect(Vec2::ZERO, size, Straw);
    // The wall was limed by hand, in broad sweeps.
    for i in 0..40 {
        let r = |k: i32| unit(i, k, 0, 1310);
        let at = v(2.4 * r(0), 1.9 * r(1));
        d.wash(
            &[
                at,
                at + v(0.22, -0.03 + 0.06 * r(2)),
                at + v(0.45, 0.04 * r(3)),
            ],
            White,
            0.14,
            |_| 0.1,
        );
    }
    tree(&mut d);
    d.line(
        &path("M0.46 1.7 C0.7 1.64 0.9 1.72 1.2 1.69 C1.5 1.66 1.8 1.72 2.06 1.68"),
        Sienna,
        0.01,
    );
    d.place(&monk(), Pose::at(v(1.02, 1.63), 0.74));
    // The rush mat he sits on, and a cartouche with strokes that mean nothing.
    let mat = path("M0.6 1.64 L1.44 1.64 L1.52 1.71 L0.52 1.71");
    d.glaze(mat.clone(), Ochre, 0.6);
    outline(&mut d, &mat, Sienna, 0.011);
    for i in 0..16 {
        let x = 0.62 + 0.052 * i as f32;
        d.rule(
            &[v(x, 1.645), v(x + (x - 1.02) * 0.16, 1.705)],
            Sienna,
            0.0025,
        );
    }
    let label = path("M0.44 0.72 L0.54 0.72 L0.54 1.18 L0.44 1.18");
    d.glaze(label.clone(), Cinnabar, 0.3);
    outline(&mut d, &label, Sienna, 0.009);
    super::ink::column(&mut d, v(0.49, 0.75), 0.05, 8, Black, 1330);
    for (k, (x, y)) in [(0.72, 1.66), (1.6, 1.7), (0.5, 1.68)]
        .into_iter()
        .enumerate()
    {
        for i in 0..5 {
            let lean = (i as f32 - 2.0) * 0.016;
            let tall = 0.05 + 0.012 * ((i + k) % 3) as f32;
            d.line(
                &[
                    v(x + 0.4 * lean, y),
                    v(x + lean, y - tall * 0.6),
                    v(x + 1.8 * lean, y - tall),
                ],
                DeepGreen,
                0.005,
            );
        }
    }
    rushes(&mut d);
    robe(&mut d);
    d
}

/// The mat: rushes side by side, bound by threads, with a hem of cloth.
fn rushes(d: &mut Drawing) {
    let (low, high) = CELL_RUSHES;
    d.rect(low - 0.02, high + 0.02, Ochre);
    let count = 84;
    let step = (high.x - low.x) / count as f32;
    for i in -1..=count {
        let x = low.x + (i as f32 + 0.5) * step;
        let tone = [Straw, Ochre, Straw, Orange, Brown][(unit(i, 0, 0, 1340) * 4.6) as usize];
        d.rule(
            &[v(x, low.y - 0.02), v(x, high.y + 0.02)],
            tone,
            step * 0.78,
        );
        d.wash(
            &[v(x + step * 0.45, low.y), v(x + step * 0.45, high.y)],
            Black,
            0.4,
            |_| step * 0.2,
        );
    }
    for i in 0..9 {
        let y = low.y + (high.y - low.y) * (0.06 + 0.11 * i as f32);
        for j in 0..count / 2 {
            let x = low.x + 2.0 * step * (j as f32 + 0.5 * (i % 2) as f32);
            d.rule(&[v(x, y), v(x + step, y + 0.002)], Brown, 0.0045);
        }
    }
    for y in [low.y + 0.008, high.y - 0.008] {
        d.rule(&[v(low.x - 0.02, y), v(high.x + 0.02, y)], DeepBlue, 0.05);
        d.rule(&[v(low.x - 0.02, y), v(high.x + 0.02, y)], PaleBlue, 0.006);
    }
}

/// The robe: cloth of patches.
fn robe(d: &mut Drawing) {
    let (low, high) = CELL_ROBE;
    d.rect(low, high, DeepRed);
    let side = 0.11;
    for j in 0..7 {
        for i in 0..7 {
            let at = low + v(i as f32, j as f32) * side + v(0.5 * side * (j % 2) as f32, 0.0);
            let far = (at + side - 0.004).min(high);
            if far.x > at.x && far.y > at.y {
                d.rect(
                    at,
                    far,
                    [Cinnabar, Red, Ochre, Red][(unit(i, j, 0, 1350) * 3.99) as usize],
                );
            }
        }
    }
}

/// Smoke under the vault, damp and sleepers' backs below.
fn site(p: Vec2) -> Site {
    if p.y > 1.92 {
        return Site {
            smoke: 0.05,
            dust: 0.32,
            ..Site::default()
        };
    }
    let up = smoothstep(0.75, 0.1, p.y);
    let low = smoothstep(1.3, 1.85, p.y);
    Site {
        smoke: 0.1 + 0.55 * up,
        flaking: 0.3 + 0.2 * low,
        loss: 0.1 + 0.2 * low + 0.12 * up,
        water: 0.06,
        dust: 0.1 + 0.15 * low,
        rub: 0.35 * low,
        fade: 0.0,
    }
}

/// The back walls of both cells share one picture.
pub(crate) fn surfaces() -> Vec<Surface> {
    vec![Surface {
        name: "cell",
        size_m: CELL_PICTURE_M,
        drawing: drawing(),
        ground: White,
        site,
        seed: 1300,
        tile_m: 0.0,
    }]
}
