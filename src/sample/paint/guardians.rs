//! Heavenly kings who guard a door: armour of discs and lamellae, halo and flames, a lotus
//! under the boots. One unit from sole to crest, feet at the origin, looking towards +x.

use super::donors::drape;
use super::drawing::{Drawing, Pose, ellipse, path, taper, through};
use super::figures::lotus_seat;
use super::ink::{bloom, body, fold, outline, rosette, shade, strew};
use super::motifs::{flames, petal};
use super::pigment::Pigment::{self, *};
use crate::sample::noise::direction;
use bevy::math::Vec2;

fn v(x: f32, y: f32) -> Vec2 {
    Vec2::new(x, y)
}

/// What a king looks like.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Armour {
    /// Skin, its shade, the beard.
    pub(crate) skin: [Pigment; 3],
    /// Cloth of sleeves and skirt, its shade, its lining.
    pub(crate) cloth: [Pigment; 3],
    /// Two tones of the plates.
    pub(crate) plates: [Pigment; 2],
    /// Leather between the plates, its shade.
    pub(crate) leather: [Pigment; 2],
    /// Both sides of the scarf.
    pub(crate) scarf: [Pigment; 2],
    /// Carries a pagoda on his palm, else a sword.
    pub(crate) has_pagoda: bool,
}

/// The angry face under a winged helmet; a unit is half the width of the face.
fn head(look: &Armour) -> Drawing {
    let mut d = Drawing::default();
    let [skin, dark, beard] = look.skin;
    // The neck guard of the helmet, in rows of plates.
    let guard = path(
        "M-0.95 -0.7 C-1.5 -0.3 -1.6 0.6 -1.5 1.1 C-1.1 1.0 -0.6 1.2 0.0 1.25 C0.6 1.2 1.0 1.0 1.3 1.05 C1.35 0.5 1.2 -0.3 0.9 -0.7",
    );
    body(
        &mut d,
        &guard,
        [look.leather[0], look.leather[1], Sienna],
        0.2,
        0.06,
    );
    plates(&mut d, &guard, look.plates, 0.2);
    outline(&mut d, &guard, Gold, 0.1);
    let face = path(
        "M0.55 -0.9 C0.78 -0.75 0.88 -0.5 0.86 -0.3 C0.86 -0.16 0.84 -0.1 0.86 0.0 C0.98 0.15 1.0 0.42 0.88 0.66 C0.76 0.92 0.55 1.12 0.24 1.14 C-0.1 1.16 -0.5 1.02 -0.74 0.72 C-0.9 0.5 -0.96 0.2 -0.94 -0.1 C-0.92 -0.5 -0.75 -0.82 -0.3 -0.95 L0.55 -0.9",
    );
    d.fill(face.clone(), skin);
    shade(&mut d, &face, dark, 0.32, 0.75);
    for (at, radii) in [
        (v(-0.34, 0.3), v(0.34, 0.26)),
        (v(0.74, 0.28), v(0.16, 0.22)),
        (v(0.38, -0.45), v(0.3, 0.22)),
        (v(0.3, 1.0), v(0.26, 0.14)),
    ] {
        bloom(&mut d, at, radii, dark, 0.32);
    }
    for (at, radii) in [
        (v(-0.2, 0.3), v(0.2, 0.12)),
        (v(0.42, 0.16), v(0.08, 0.18)),
        (v(0.1, -0.6), v(0.4, 0.12)),
    ] {
        bloom(&mut d, at, radii, White, 0.25);
    }
    outline(&mut d, &face, Sienna, 0.06);
    // Glaring eyes under knotted brows.
    for (almond, pupil, lid) in [
        (
            "M-0.42 -0.02 C-0.3 -0.26 0.02 -0.28 0.2 0.02 C0.06 0.14 -0.26 0.14 -0.42 -0.02",
            v(-0.06, -0.06),
            "M-0.5 0.0 C-0.34 -0.3 0.04 -0.32 0.24 0.06",
        ),
        (
            "M0.48 0.02 C0.54 -0.24 0.74 -0.26 0.85 -0.06 C0.76 0.1 0.58 0.12 0.48 0.02",
            v(0.66, -0.06),
            "M0.44 0.06 C0.5 -0.28 0.76 -0.32 0.9 -0.06",
        ),
    ] {
        d.fill(path(almond), White);
        d.disc(pupil, 0.125, Ochre);
        d.disc(pupil, 0.105, Black);
        d.disc(pupil + v(0.03, -0.035), 0.028, White);
        d.stroke(&path(lid), Black, |t| 0.05 + 0.05 * taper(t));
        d.line(&path(almond)[11..].to_vec(), dark, 0.045);
    }
    for (brow, tip) in [
        ("M0.26 -0.22 C0.1 -0.3 -0.2 -0.5 -0.52 -0.5", -1.0),
        ("M0.46 -0.24 C0.56 -0.34 0.72 -0.5 0.92 -0.5", 1.0),
    ] {
        let line = path(brow);
        d.stroke(&line, beard, |t| 0.17 * (1.0 - 0.8 * t) + 0.03);
        for k in 0..4 {
            let at = line[3 + k * 2];
            d.line(
                &[at, at + v(0.1 * tip, -0.12), at + v(0.22 * tip, -0.16)],
                beard,
                0.05,
            );
        }
    }
    for x in [0.3, 0.42] {
        d.line(
            &[v(x, -0.5), v(x + 0.02, -0.36), v(x, -0.26)],
            Sienna,
            0.035,
        );
    }
    // A broad nose, a mouth drawn down, whiskers.
    d.stroke(&path("M0.4 -0.22 C0.38 0.0 0.46 0.1 0.56 0.24 C0.66 0.34 0.6 0.46 0.48 0.44 C0.44 0.46 0.38 0.46 0.34 0.42"), Sienna, |t| 0.03 + 0.03 * t);
    d.line(
        &path("M0.26 0.22 C0.12 0.26 0.14 0.46 0.3 0.44"),
        Sienna,
        0.05,
    );
    d.line(
        &path("M0.08 0.34 C-0.06 0.44 -0.1 0.58 -0.06 0.72"),
        Sienna,
        0.035,
    );
    d.fill(path("M0.1 0.74 C0.22 0.6 0.34 0.58 0.42 0.62 C0.52 0.57 0.62 0.62 0.68 0.7 C0.6 0.82 0.5 0.84 0.4 0.82 C0.28 0.86 0.18 0.84 0.1 0.74"), Cinnabar);
    d.line(
        &path("M0.04 0.76 C0.2 0.66 0.34 0.74 0.42 0.72 C0.52 0.72 0.62 0.68 0.74 0.74"),
        DeepRed,
        0.055,
    );
    for s in [-1.0, 1.0] {
        for k in 0..5 {
            let t = k as f32 / 4.0;
            let root = v(0.42 + 0.07 * s, 0.54);
            let tip = root
                + v(s * (0.5 + 0.2 * t), 0.24 * t - 0.12)
                    * if s > 0.0 { v(0.66, 1.0) } else { v(1.0, 1.0) };
            d.line(
                &through(&[root, root + v(s * 0.2, 0.1 + 0.06 * t), tip], 6),
                beard,
                0.045,
            );
        }
    }
    for i in 0..15 {
        let t = i as f32 / 14.0;
        let root =
            v(-0.86, 0.42).lerp(v(0.86, 0.7), t) + v(0.0, 0.52) * (4.0 * t * (1.0 - t)).min(1.0);
        let out = (root - v(0.15, 0.2)).normalize_or_zero();
        let curl = out.perp() * if t < 0.5 { 0.12 } else { -0.12 };
        d.line(
            &through(
                &[
                    root - out * 0.12,
                    root + out * 0.16 + curl,
                    root + out * 0.36 - curl * 0.6,
                    root + out * 0.42 - curl * 1.6,
                ],
                6,
            ),
            beard,
            0.06,
        );
    }
    d.line(&[v(0.3, 0.9), v(0.38, 0.94), v(0.48, 0.9)], Sienna, 0.035);
    // The helmet: bowl, brim, wings at the temples, a crest with a jewel.
    for (s, at) in [(-1.0, v(-0.9, -0.75)), (1.0, v(0.86, -0.75))] {
        for (k, long) in [(0.0, 1.15), (1.0, 0.95), (2.0, 0.75)] {
            let along = v(s * (0.5 + 0.22 * k), -0.9 + 0.24 * k).normalize_or_zero();
            let tones = [
                [Gold, Ochre, Straw],
                [look.scarf[0], look.scarf[1], White],
                [Gold, Ochre, Straw],
            ][k as usize];
            d.place(&petal(&tones, 0.36), Pose::along(at, along, long));
        }
    }
    let bowl = path(
        "M-0.98 -0.52 C-1.1 -1.1 -0.8 -1.6 -0.1 -1.72 C0.6 -1.68 1.0 -1.2 0.92 -0.5 C0.6 -0.82 -0.5 -0.86 -0.98 -0.52",
    );
    body(
        &mut d,
        &bowl,
        [look.plates[0], look.plates[1], Sienna],
        0.3,
        0.06,
    );
    for rib in [
        "M-0.5 -0.74 C-0.56 -1.1 -0.46 -1.5 -0.1 -1.72",
        "M0.4 -0.76 C0.5 -1.1 0.36 -1.5 -0.06 -1.72",
    ] {
        d.stroke(&path(rib), Gold, |_| 0.09);
        d.line(&path(rib), Sienna, 0.025);
    }
    let brim = path(
        "M-1.06 -0.42 C-0.6 -0.84 0.6 -0.84 1.0 -0.44 L0.98 -0.66 C0.6 -1.0 -0.5 -1.02 -1.04 -0.66",
    );
    body(&mut d, &brim, [Gold, Ochre, Sienna], 0.1, 0.05);
    for k in 0..7 {
        let t = k as f32 / 6.0;
        d.disc(
            v(
                -0.9 + 1.78 * t,
                -0.56 - 0.27 * (4.0 * t * (1.0 - t)).min(1.0),
            ),
            0.055,
            if k % 2 == 0 { Cinnabar } else { Green },
        );
    }
    d.fill(ellipse(v(-0.08, -1.78), v(0.22, 0.12)), Gold);
    for (turn, size) in [
        (0.12, 0.42),
        (0.38, 0.42),
        (0.19, 0.5),
        (0.31, 0.5),
        (0.25, 0.62),
    ] {
        let along = direction(turn);
        d.place(
            &petal(&[Cinnabar, Orange, Straw], 0.4),
            Pose::along(v(-0.08, -1.84), v(along.x, -along.y), size),
        );
    }
    d.disc(v(-0.08, -1.94), 0.13, PaleBlue);
    d.ring(v(-0.08, -1.94), 0.13, 0.04, Gold);
    d
}

/// Rows of small plates laced together, within an outline; `size` is a plate's width.
fn plates(d: &mut Drawing, contour: &[Vec2], tones: [Pigment; 2], size: f32) {
    let mut one = Drawing::default();
    let plate = path(
        "M-0.5 -0.5 L0.5 -0.5 L0.5 0.1 C0.45 0.42 0.2 0.55 0 0.6 C-0.2 0.55 -0.45 0.42 -0.5 0.1",
    );
    one.fill(plate.clone(), tones[0]);
    shade(&mut one, &plate, tones[1], 0.22, 0.8);
    outline(&mut one, &plate, Sienna, 0.13);
    one.disc(v(0.0, -0.12), 0.09, tones[1]);
    strew(
        d,
        contour,
        &one,
        v(size * 1.02, size * 0.82),
        size,
        size * 0.3,
    );
}

fn panel(d: &mut Drawing, look: &Armour, contour: &[Vec2], size: f32, rim: f32) {
    body(
        d,
        contour,
        [look.leather[0], look.leather[1], Sienna],
        rim * 2.0,
        rim * 0.5,
    );
    plates(d, contour, look.plates, size);
    shade(d, contour, look.leather[1], rim * 3.0, 0.5);
    let mut edge = contour.to_vec();
    edge.push(contour[0]);
    d.stroke(&edge, Sienna, |_| rim * 1.5);
    d.stroke(&edge, look.cloth[2], |_| rim * 1.2);
    d.line(&edge, Gold, rim * 0.4);
}

fn boot(d: &mut Drawing, look: &Armour, at: Vec2, side: f32) {
    let turned =
        |text: &str| -> Vec<Vec2> { path(text).iter().map(|p| at + v(p.x * side, p.y)).collect() };
    let shaft = turned(
        "M-0.05 -0.25 C-0.06 -0.18 -0.05 -0.1 -0.035 -0.05 C-0.04 -0.02 -0.045 -0.005 -0.04 0.006 C0.0 0.016 0.06 0.016 0.1 0.006 C0.115 -0.012 0.1 -0.03 0.07 -0.036 C0.05 -0.045 0.045 -0.06 0.045 -0.08 C0.06 -0.14 0.062 -0.2 0.055 -0.25",
    );
    body(
        d,
        &shaft,
        [look.leather[0], look.leather[1], Sienna],
        0.02,
        0.007,
    );
    let greave = turned(
        "M-0.052 -0.24 C-0.058 -0.18 -0.046 -0.12 -0.036 -0.075 C-0.01 -0.06 0.02 -0.06 0.042 -0.085 C0.056 -0.14 0.06 -0.19 0.054 -0.24",
    );
    panel(d, look, &greave, 0.02, 0.006);
    d.stroke(
        &turned("M-0.038 0.004 C0.0 0.012 0.06 0.012 0.1 0.003"),
        White,
        |_| 0.008,
    );
    d.place(
        &rosette(6, [Gold, Cinnabar, White]),
        Pose::at(at + v(0.055 * side, -0.02), 0.03),
    );
    // Trousers bunched over the greave.
    let puff = turned(
        "M-0.07 -0.33 C-0.085 -0.28 -0.075 -0.235 -0.055 -0.225 C-0.02 -0.205 0.03 -0.205 0.06 -0.228 C0.08 -0.25 0.08 -0.29 0.07 -0.33",
    );
    body(
        d,
        &puff,
        [look.cloth[2], look.cloth[1], Sienna],
        0.02,
        0.006,
    );
    for k in 0..4 {
        let x = -0.045 + 0.03 * k as f32;
        fold(
            d,
            &through(
                &[
                    at + v(x * side, -0.32),
                    at + v((x + 0.008) * side, -0.27),
                    at + v((x * 0.8) * side, -0.222),
                ],
                6,
            ),
            [look.cloth[1], Sienna],
            0.012,
            0.005,
        );
    }
}

fn pagoda(d: &mut Drawing, at: Vec2) {
    for k in 0..3 {
        let s = 1.0 - 0.22 * k as f32;
        let y = at.y - 0.045 * k as f32;
        d.rect(v(at.x - 0.03 * s, y - 0.032), v(at.x + 0.03 * s, y), White);
        d.rect(
            v(at.x - 0.009 * s, y - 0.025),
            v(at.x + 0.009 * s, y),
            DeepRed,
        );
        for x in [-0.027, 0.027] {
            d.rule(
                &[v(at.x + x * s, y - 0.032), v(at.x + x * s, y)],
                Red,
                0.005,
            );
        }
        let roof: Vec<Vec2> = path("M-0.05 -0.026 C-0.03 -0.034 -0.02 -0.042 -0.014 -0.05 L0.014 -0.05 C0.02 -0.042 0.03 -0.034 0.05 -0.026 C0.03 -0.028 -0.03 -0.028 -0.05 -0.026").iter().map(|p| v(at.x + p.x * s, y + p.y)).collect();
        body(d, &roof, [Green, DeepGreen, Sienna], 0.006, 0.004);
    }
    d.stroke(&[v(at.x, at.y - 0.13), v(at.x, at.y - 0.19)], Gold, |t| {
        0.016 - 0.012 * t
    });
    for k in 0..3 {
        d.rule(
            &[
                v(at.x - 0.012, at.y - 0.145 - 0.012 * k as f32),
                v(at.x + 0.012, at.y - 0.145 - 0.012 * k as f32),
            ],
            Gold,
            0.005,
        );
    }
    d.rect(
        v(at.x - 0.042, at.y - 0.003),
        v(at.x + 0.042, at.y + 0.008),
        Gold,
    );
}

/// A guardian king.
pub(crate) fn king(look: &Armour) -> Drawing {
    let mut d = Drawing::default();
    let [cloth, cloth_dark, lining] = look.cloth;
    let middle = v(0.0, -0.86);
    d.place(
        &flames(0.185, 0.3, 26, &[Sienna, Cinnabar, Orange, Straw]),
        Pose::at(middle, 1.0),
    );
    for (r, tone) in [
        (0.205, Sienna),
        (0.2, White),
        (0.19, look.scarf[0]),
        (0.165, White),
        (0.158, PaleGreen),
        (0.13, White),
        (0.124, look.cloth[0]),
    ] {
        d.disc(middle, r, tone);
    }
    for i in 0..28 {
        d.place(
            &rosette(4, [White, Cinnabar, Gold]),
            Pose::at(middle + direction(i as f32 / 28.0) * 0.178, 0.024),
        );
    }
    // The scarf stands in an arc over the shoulders and flies out at the sides.
    for s in [-1.0, 1.0] {
        let p = |x: f32, y: f32| v(x * s, y);
        drape(
            &mut d,
            &[
                p(0.1, -0.79),
                p(0.2, -0.86),
                p(0.29, -0.8),
                p(0.28, -0.66),
                p(0.24, -0.54),
                p(0.3, -0.42),
                p(0.27, -0.28),
                p(0.36, -0.17),
                p(0.34, -0.05),
            ],
            [look.scarf[0], look.scarf[1]],
            |t| 0.022 + 0.048 * t * t,
        );
    }
    d.place(
        &lotus_seat(0.62, [White, PaleGreen, Green]),
        Pose::at(v(0.0, 0.028), 1.0),
    );
    d.place(
        &lotus_seat(0.56, [White, Rouge, Cinnabar]),
        Pose::at(v(0.0, 0.0), 1.0),
    );
    d.fill(ellipse(v(0.0, 0.003), v(0.23, 0.022)), Green);
    boot(&mut d, look, v(-0.1, 0.0), -1.0);
    boot(&mut d, look, v(0.1, -0.006), 1.0);
    // The skirt flies out behind the armour.
    let skirt = path(
        "M-0.12 -0.52 C-0.16 -0.42 -0.19 -0.34 -0.235 -0.27 C-0.2 -0.272 -0.18 -0.262 -0.16 -0.245 C-0.13 -0.26 -0.1 -0.25 -0.08 -0.225 C-0.05 -0.25 -0.02 -0.25 0.0 -0.235 C0.02 -0.25 0.05 -0.25 0.08 -0.225 C0.1 -0.25 0.13 -0.26 0.16 -0.245 C0.18 -0.262 0.2 -0.272 0.235 -0.27 C0.19 -0.34 0.16 -0.42 0.12 -0.52",
    );
    body(&mut d, &skirt, [cloth, cloth_dark, Sienna], 0.04, 0.007);
    for x in [-0.2, -0.14, -0.07, 0.0, 0.07, 0.14, 0.2_f32] {
        fold(
            &mut d,
            &through(&[v(x * 0.6, -0.5), v(x * 0.8, -0.38), v(x, -0.255)], 6),
            [cloth_dark, Sienna],
            0.02 * if x < 0.0 { 1.0 } else { -1.0 },
            0.005,
        );
    }
    // Tassets: a panel on each thigh, a tongue between.
    for s in [-1.0, 1.0] {
        let tasset: Vec<Vec2> = path("M0.012 -0.52 C0.05 -0.53 0.1 -0.525 0.125 -0.515 C0.155 -0.45 0.17 -0.38 0.172 -0.325 C0.14 -0.295 0.09 -0.285 0.05 -0.305 C0.03 -0.37 0.015 -0.45 0.012 -0.52").iter().map(|p| v(p.x * s, p.y)).collect();
        panel(&mut d, look, &tasset, 0.0235, 0.01);
    }
    let tongue = path(
        "M-0.035 -0.51 L0.035 -0.51 C0.045 -0.42 0.04 -0.34 0.0 -0.26 C-0.04 -0.34 -0.045 -0.42 -0.035 -0.51",
    );
    body(&mut d, &tongue, [lining, cloth_dark, Sienna], 0.014, 0.007);
    d.line(
        &path(
            "M-0.028 -0.46 C-0.03 -0.38 -0.02 -0.33 0.0 -0.285 C0.02 -0.33 0.03 -0.38 0.028 -0.46",
        ),
        Gold,
        0.006,
    );
    d.place(
        &rosette(8, [White, Cinnabar, Gold]),
        Pose::at(v(0.0, -0.38), 0.05),
    );
    // Sleeves fly open at the elbows; the arm behind the staff first.
    let staff_hand = v(-0.235, -0.64);
    let other_hand = if look.has_pagoda {
        v(0.225, -0.72)
    } else {
        v(0.185, -0.575)
    };
    for (hand, s) in [(staff_hand, -1.0), (other_hand, 1.0)] {
        let elbow = if s < 0.0 {
            v(-0.215, -0.585)
        } else {
            v(0.205, -0.58)
        };
        let p = |q: &Vec2| v(q.x * s, q.y);
        let flare: Vec<Vec2> = path("M0.12 -0.77 C0.17 -0.72 0.2 -0.66 0.235 -0.6 C0.25 -0.56 0.275 -0.53 0.285 -0.48 C0.25 -0.49 0.235 -0.5 0.215 -0.475 C0.205 -0.505 0.18 -0.51 0.155 -0.5 C0.16 -0.56 0.14 -0.64 0.1 -0.69").iter().map(p).collect();
        body(&mut d, &flare, [cloth, cloth_dark, Sienna], 0.03, 0.007);
        for (a, b) in [
            (v(0.15, -0.7), v(0.27, -0.5)),
            (v(0.14, -0.68), v(0.22, -0.49)),
            (v(0.13, -0.66), v(0.165, -0.51)),
        ] {
            fold(
                &mut d,
                &through(&[p(&a), p(&((a + b) * 0.5 + v(0.01, 0.0))), p(&b)], 6),
                [cloth_dark, Sienna],
                0.016,
                0.0045,
            );
        }
        let hem: Vec<Vec2> = path("M0.285 -0.483 C0.25 -0.493 0.235 -0.503 0.215 -0.478 C0.205 -0.508 0.18 -0.513 0.155 -0.503").iter().map(p).collect();
        d.stroke(&hem, lining, |_| 0.014);
        d.line(&hem, Gold, 0.004);
        // The forearm in its guard.
        let along = (hand - elbow).normalize_or_zero();
        let across = along.perp();
        let arm = vec![
            elbow + across * 0.036,
            hand + across * 0.024,
            hand - across * 0.024,
            elbow - across * 0.036,
        ];
        body(
            &mut d,
            &arm,
            [look.leather[0], look.leather[1], Sienna],
            0.014,
            0.006,
        );
        for t in [0.15, 0.4, 0.65, 0.9] {
            let at = elbow.lerp(hand, t);
            let w = 0.036 - 0.011 * t;
            d.rule(&[at + across * w, at - across * w], Gold, 0.01);
        }
    }
    // The staff: a halberd with a ribbon.
    d.stroke(
        &[v(-0.262, -0.02), v(-0.235, -0.64), v(-0.222, -1.0)],
        Sienna,
        |_| 0.019,
    );
    d.stroke(
        &[v(-0.262, -0.02), v(-0.235, -0.64), v(-0.222, -1.0)],
        Red,
        |_| 0.014,
    );
    let blade = path(
        "M-0.02 0 C-0.05 -0.04 -0.05 -0.09 -0.03 -0.11 C-0.026 -0.08 -0.018 -0.06 -0.008 -0.055 C-0.012 -0.1 -0.008 -0.15 0.0 -0.19 C0.008 -0.15 0.012 -0.1 0.008 -0.055 C0.018 -0.06 0.026 -0.08 0.03 -0.11 C0.05 -0.09 0.05 -0.04 0.02 0",
    );
    body(
        &mut d,
        &blade
            .iter()
            .map(|p| v(-0.222, -1.0) + *p)
            .collect::<Vec<_>>(),
        [White, PaleBlue, Sienna],
        0.014,
        0.006,
    );
    d.fill(ellipse(v(-0.223, -0.99), v(0.028, 0.014)), Gold);
    for k in 0..7 {
        let x = -0.03 + 0.01 * k as f32;
        d.line(
            &[
                v(-0.223 + x * 0.3, -0.985),
                v(-0.224 + x, -0.955),
                v(-0.225 + x * 1.3, -0.925),
            ],
            Cinnabar,
            0.009,
        );
    }
    // The breastplate: two bright discs on leather, cords and a collar.
    let chest = path(
        "M-0.11 -0.79 C-0.14 -0.74 -0.14 -0.66 -0.115 -0.6 C-0.105 -0.57 -0.1 -0.55 -0.105 -0.53 C-0.04 -0.515 0.04 -0.515 0.105 -0.53 C0.1 -0.55 0.105 -0.57 0.115 -0.6 C0.14 -0.66 0.14 -0.74 0.11 -0.79",
    );
    panel(&mut d, look, &chest, 0.021, 0.008);
    for x in [-0.056, 0.056] {
        for (r, tone) in [
            (0.056, Sienna),
            (0.052, Gold),
            (0.043, look.scarf[1]),
            (0.036, White),
            (0.03, look.cloth[0]),
        ] {
            d.fill(ellipse(v(x, -0.695), v(r, r * 1.12)), tone);
        }
        d.place(
            &rosette(8, [Gold, Cinnabar, White]),
            Pose::at(v(x, -0.695), 0.05),
        );
    }
    for cord in [
        "M0 -0.79 L0 -0.6",
        "M-0.115 -0.61 C-0.06 -0.63 0.06 -0.63 0.115 -0.61",
    ] {
        d.stroke(&path(cord), Sienna, |_| 0.016);
        d.stroke(&path(cord), Cinnabar, |_| 0.012);
        d.line(&path(cord), Straw, 0.003);
    }
    d.disc(v(0.0, -0.625), 0.018, Gold);
    d.disc(v(0.0, -0.625), 0.01, Green);
    // The belly plate with a palmette, the belt, a knotted sash.
    let belly = path(
        "M-0.075 -0.585 C-0.03 -0.61 0.03 -0.61 0.075 -0.585 C0.085 -0.545 0.05 -0.5 0.0 -0.485 C-0.05 -0.5 -0.085 -0.545 -0.075 -0.585",
    );
    body(&mut d, &belly, [Gold, Ochre, Sienna], 0.018, 0.007);
    let inner: Vec<Vec2> = belly
        .iter()
        .map(|p| v(0.0, -0.545) + (*p - v(0.0, -0.545)) * 0.72)
        .collect();
    body(&mut d, &inner, [lining, cloth_dark, Sienna], 0.014, 0.005);
    for turn in [0.0, 0.5, 0.09, 0.41, 0.17, 0.33, 0.25] {
        let along = direction(turn);
        d.place(
            &petal(&[Gold, Ochre, Straw], 0.42),
            Pose::along(v(0.0, -0.528), v(along.x, -along.y), 0.044),
        );
    }
    d.disc(v(0.0, -0.528), 0.011, Cinnabar);
    let belt = path("M-0.12 -0.525 C-0.06 -0.5 0.06 -0.5 0.12 -0.525");
    d.stroke(&belt, Sienna, |_| 0.03);
    d.stroke(&belt, look.scarf[0], |_| 0.024);
    for k in 1..6 {
        d.disc(belt[k * 2 - 1], 0.007, Gold);
    }
    for s in [-1.0, 1.0] {
        drape(
            &mut d,
            &[
                v(0.01 * s, -0.5),
                v(0.05 * s, -0.46),
                v(0.035 * s, -0.36),
                v(0.06 * s, -0.24),
                v(0.045 * s, -0.13),
            ],
            [look.scarf[1], look.scarf[0]],
            |t| 0.016 + 0.014 * t,
        );
    }
    d.fill(ellipse(v(0.0, -0.503), v(0.024, 0.015)), look.scarf[0]);
    // Shoulders: scrolled caps over leaves of plates.
    for s in [-1.0, 1.0] {
        let p = |text: &str| -> Vec<Vec2> { path(text).iter().map(|q| v(q.x * s, q.y)).collect() };
        let leaf = p(
            "M0.085 -0.8 C0.15 -0.81 0.2 -0.76 0.215 -0.69 C0.22 -0.65 0.21 -0.63 0.2 -0.615 C0.17 -0.64 0.14 -0.655 0.115 -0.66 C0.09 -0.7 0.08 -0.75 0.085 -0.8",
        );
        panel(&mut d, look, &leaf, 0.021, 0.008);
        let cap = p(
            "M0.06 -0.815 C0.11 -0.835 0.17 -0.81 0.185 -0.755 C0.17 -0.735 0.15 -0.74 0.135 -0.725 C0.12 -0.735 0.1 -0.73 0.085 -0.74 C0.075 -0.76 0.065 -0.79 0.06 -0.815",
        );
        body(&mut d, &cap, [Gold, Ochre, Sienna], 0.02, 0.007);
        for (curl, width) in [
            (
                "M0.085 -0.757 C0.075 -0.8 0.12 -0.822 0.145 -0.797 C0.16 -0.775 0.135 -0.757 0.12 -0.772",
                0.011,
            ),
            ("M0.1 -0.745 C0.13 -0.735 0.165 -0.748 0.172 -0.77", 0.008),
        ] {
            d.line(&p(curl), DeepRed, width);
        }
        d.disc(v(0.128 * s, -0.781), 0.008, Green);
    }
    let collar = path(
        "M-0.09 -0.815 C-0.06 -0.775 0.06 -0.775 0.09 -0.815 C0.07 -0.755 0.03 -0.745 0.0 -0.742 C-0.03 -0.745 -0.07 -0.755 -0.09 -0.815",
    );
    body(
        &mut d,
        &collar,
        [look.scarf[0], look.scarf[1], Sienna],
        0.014,
        0.006,
    );
    d.place(&head(look), Pose::at(v(0.004, -0.866), 0.062));
    // Hands last.
    let fist = |d: &mut Drawing, at: Vec2, s: f32| {
        let hand: Vec<Vec2> = path("M-0.03 -0.024 C-0.01 -0.034 0.02 -0.032 0.03 -0.022 C0.036 -0.006 0.036 0.012 0.026 0.026 C0.008 0.034 -0.02 0.032 -0.032 0.02 C-0.036 0.004 -0.036 -0.012 -0.03 -0.024").iter().map(|p| at + v(p.x * s, p.y)).collect();
        body(d, &hand, [look.skin[0], look.skin[1], Sienna], 0.012, 0.006);
        for y in [-0.009, 0.003, 0.015] {
            d.line(
                &[
                    at + v(0.03 * s, y),
                    at + v(0.012 * s, y + 0.002),
                    at + v(-0.01 * s, y),
                ],
                Sienna,
                0.004,
            );
        }
    };
    fist(&mut d, staff_hand, 1.0);
    if look.has_pagoda {
        pagoda(&mut d, other_hand + v(0.005, -0.024));
        let palm: Vec<Vec2> = path("M-0.035 0.012 C-0.02 -0.012 0.01 -0.02 0.05 -0.018 C0.062 -0.014 0.06 -0.004 0.048 -0.002 C0.03 0.01 0.02 0.03 0.0 0.036 C-0.02 0.036 -0.034 0.026 -0.035 0.012").iter().map(|p| other_hand + *p).collect();
        body(
            &mut d,
            &palm,
            [look.skin[0], look.skin[1], Sienna],
            0.012,
            0.006,
        );
        d.line(
            &[other_hand + v(0.045, -0.008), other_hand + v(0.02, -0.004)],
            Sienna,
            0.004,
        );
    } else {
        let (hilt, tip) = (other_hand + v(-0.012, -0.055), other_hand + v(0.1, 0.44));
        d.stroke(&[hilt.lerp(tip, 0.1), tip], Sienna, |t| {
            0.034 - 0.02 * t * t
        });
        d.stroke(&[hilt.lerp(tip, 0.1), tip], White, |t| {
            0.027 - 0.018 * t * t
        });
        d.line(&[hilt.lerp(tip, 0.12), tip], PaleBlue, 0.008);
        d.stroke(&[hilt, hilt.lerp(tip, 0.2)], DeepRed, |_| 0.018);
        let guard = hilt.lerp(tip, 0.2);
        d.stroke(
            &[guard + v(-0.04, 0.012), guard, guard + v(0.04, -0.008)],
            Gold,
            |_| 0.02,
        );
        d.disc(hilt, 0.017, Gold);
        fist(&mut d, other_hand, -1.0);
    }
    d
}
