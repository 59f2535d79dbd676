//! Painted figures: seated, standing, flying; one unit tall, feet or seat at the origin.

use super::drawing::{Drawing, Pose, ellipse, mirrored, path};
use super::motifs::petal;
use super::pigment::Pigment::{self, *};
use crate::sample::noise::direction;
use bevy::math::Vec2;

fn v(x: f32, y: f32) -> Vec2 {
    Vec2::new(x, y)
}

/// Colours of one seated figure.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dress {
    /// Outer robe.
    pub(crate) robe: Pigment,
    /// Shadow of the robe's folds.
    pub(crate) fold: Pigment,
    /// Lining and under-robe.
    pub(crate) lining: Pigment,
    /// Rings of the body's aureole, from the rim inwards.
    pub(crate) aureole: [Pigment; 3],
    /// Rings of the halo, from the rim inwards.
    pub(crate) halo: [Pigment; 2],
}

/// Six dresses whose order makes the diagonal bands of a thousand-buddha wall.
pub(crate) const DRESSES: [Dress; 6] = [
    Dress {
        robe: Red,
        fold: DeepRed,
        lining: PaleGreen,
        aureole: [White, Green, DeepGreen],
        halo: [White, Blue],
    },
    Dress {
        robe: Black,
        fold: Brown,
        lining: White,
        aureole: [Straw, Blue, PaleBlue],
        halo: [Cinnabar, PaleGreen],
    },
    Dress {
        robe: DeepGreen,
        fold: Black,
        lining: Orange,
        aureole: [White, Cinnabar, Red],
        halo: [PaleBlue, White],
    },
    Dress {
        robe: White,
        fold: Grey,
        lining: Cinnabar,
        aureole: [PaleGreen, DeepBlue, Blue],
        halo: [Ochre, White],
    },
    Dress {
        robe: Blue,
        fold: DeepBlue,
        lining: Straw,
        aureole: [White, Ochre, Straw],
        halo: [Green, White],
    },
    Dress {
        robe: Cinnabar,
        fold: DeepRed,
        lining: Blue,
        aureole: [PaleBlue, White, PaleGreen],
        halo: [DeepBlue, Straw],
    },
];

/// A lotus seat: petals turned down over petals turned up, `width` wide, top on y = 0.
pub(crate) fn lotus_seat(width: f32, tones: [Pigment; 3]) -> Drawing {
    let mut d = Drawing::default();
    let h = width * 0.13;
    d.fill(ellipse(v(0.0, h * 0.1), v(width * 0.5, h * 0.55)), Green);
    let one = petal(&tones, 0.8);
    for i in [-3, 3, -2, 2, -1, 1, 0] {
        let t = i as f32 / 3.5;
        let root = v(t * width * 0.45, h * 0.3 * (1.0 - t * t));
        let along = v(t * 0.55, 1.0 - 0.3 * t.abs()).normalize_or(Vec2::Y);
        d.place(&one, Pose::along(root, along, h * 1.75));
    }
    d
}

/// A full face with long ears, `r` half its width.
pub(crate) fn face(d: &mut Drawing, at: Vec2, r: f32, hair: Pigment) {
    // Long ears, full cheeks, hair with a rise above.
    d.fill(ellipse(at + v(-0.98, 0.12) * r, v(0.2, 0.5) * r), Flesh);
    d.fill(ellipse(at + v(0.98, 0.12) * r, v(0.2, 0.5) * r), Flesh);
    d.disc(at + v(0.0, -1.22) * r, r * 0.46, hair);
    d.fill(ellipse(at + v(0.0, -0.22) * r, v(1.03, 1.12) * r), hair);
    let oval = path("M0 -0.72 C0.5 -0.72 0.9 -0.5 0.93 0.05 C0.95 0.62 0.5 1.18 0 1.2");
    let cheeks: Vec<Vec2> = mirrored(&oval).into_iter().map(|p| at + p * r).collect();
    d.fill(cheeks, Flesh);
    d.glaze(
        ellipse(at + v(-0.5, 0.45) * r, v(0.3, 0.26) * r),
        Blush,
        0.35,
    );
    d.glaze(
        ellipse(at + v(0.5, 0.45) * r, v(0.3, 0.26) * r),
        Blush,
        0.35,
    );
    for side in [-1.0, 1.0] {
        let p = |x: f32, y: f32| at + v(x * side, y) * r;
        d.line(
            &[
                p(0.14, -0.2),
                p(0.36, -0.32),
                p(0.62, -0.28),
                p(0.78, -0.12),
            ],
            Black,
            r * 0.085,
        );
        d.line(
            &[p(0.18, 0.06), p(0.4, -0.02), p(0.7, 0.06)],
            Black,
            r * 0.11,
        );
        d.line(
            &[p(0.22, 0.12), p(0.42, 0.15), p(0.62, 0.1)],
            Brown,
            r * 0.04,
        );
    }
    d.line(
        &[
            at + v(0.08, -0.1) * r,
            at + v(0.13, 0.36) * r,
            at + v(-0.02, 0.44) * r,
            at + v(-0.13, 0.38) * r,
        ],
        Brown,
        r * 0.05,
    );
    d.line(
        &[
            at + v(-0.24, 0.68) * r,
            at + v(0.0, 0.72) * r,
            at + v(0.24, 0.68) * r,
        ],
        Cinnabar,
        r * 0.13,
    );
    d.disc(at + v(0.0, -0.42) * r, r * 0.07, White);
}

/// A small seated figure for grids; one unit from seat to canopy.
pub(crate) fn small_buddha(dress: &Dress) -> Drawing {
    let mut d = Drawing::default();
    for (i, tone) in dress.aureole.iter().enumerate() {
        d.fill(
            ellipse(v(0.0, -0.36), v(0.395, 0.4) * (1.0 - 0.14 * i as f32)),
            *tone,
        );
    }
    for (i, tone) in dress.halo.iter().enumerate() {
        d.disc(v(0.0, -0.665), 0.205 - 0.04 * i as f32, *tone);
    }
    d.place(
        &lotus_seat(0.74, [White, PaleGreen, Green]),
        Pose::at(v(0.0, -0.02), 1.0),
    );
    let robe = path(
        "M0.04 -0.54 C0.12 -0.53 0.2 -0.5 0.22 -0.4 C0.25 -0.32 0.25 -0.26 0.25 -0.2 C0.33 -0.17 0.39 -0.12 0.37 -0.06 C0.33 -0.01 0.15 0.0 0 0.0",
    );
    d.fill(mirrored(&robe), dress.robe);
    d.fill(
        path("M-0.09 -0.54 L0.09 -0.54 L0.05 -0.42 L0 -0.33 L-0.05 -0.42"),
        dress.lining,
    );
    d.fill(path("M-0.065 -0.55 L0.065 -0.55 L0 -0.4"), Flesh);
    d.line(
        &path("M0.1 -0.53 C0.08 -0.44 0.02 -0.36 -0.04 -0.3 C-0.1 -0.24 -0.16 -0.22 -0.2 -0.2"),
        dress.fold,
        0.03,
    );
    d.line(
        &path("M-0.1 -0.53 C-0.08 -0.46 -0.04 -0.4 0 -0.36"),
        dress.fold,
        0.026,
    );
    d.line(
        &path("M-0.35 -0.08 C-0.2 -0.15 0.2 -0.15 0.35 -0.08"),
        dress.fold,
        0.026,
    );
    d.line(
        &path("M-0.24 -0.04 C-0.1 -0.09 0.1 -0.09 0.24 -0.04"),
        dress.fold,
        0.02,
    );
    d.line(
        &path("M0.2 -0.42 C0.2 -0.33 0.2 -0.25 0.13 -0.19"),
        dress.fold,
        0.022,
    );
    d.line(
        &path("M-0.2 -0.42 C-0.2 -0.33 -0.2 -0.25 -0.13 -0.19"),
        dress.fold,
        0.022,
    );
    d.fill(ellipse(v(0.0, -0.17), v(0.085, 0.04)), Flesh);
    d.fill(
        path("M-0.035 -0.6 L0.035 -0.6 L0.045 -0.52 L-0.045 -0.52"),
        Flesh,
    );
    face(&mut d, v(0.0, -0.665), 0.088, Black);
    // A canopy with a jewel.
    d.fill(
        path("M-0.2 -0.9 L0.2 -0.9 L0.15 -0.955 L-0.15 -0.955"),
        dress.lining,
    );
    d.rule(&[v(-0.2, -0.9), v(0.2, -0.9)], dress.fold, 0.022);
    for i in 0..5 {
        let x = -0.16 + 0.08 * i as f32;
        d.fill(
            vec![v(x - 0.035, -0.895), v(x + 0.035, -0.895), v(x, -0.855)],
            if i % 2 == 0 { Green } else { Cinnabar },
        );
    }
    d.disc(v(0.0, -0.975), 0.028, Gold);
    d
}

fn hand(d: &mut Drawing, at: Vec2, along: Vec2, size: f32) {
    let mut h = Drawing::default();
    h.fill(ellipse(v(0.22, 0.0), v(0.3, 0.2)), Flesh);
    for i in 0..4 {
        let y = -0.15 + 0.1 * i as f32;
        h.stroke(
            &[
                v(0.35, y),
                v(0.7, y * 1.2),
                v(0.98 - 0.09 * (i as f32 - 1.2).abs(), y * 1.25),
            ],
            Flesh,
            |t| 0.105 - 0.04 * t,
        );
        h.line(&[v(0.4, y + 0.05), v(0.85, y * 1.2 + 0.055)], Blush, 0.022);
    }
    h.stroke(&[v(0.15, 0.15), v(0.38, 0.3), v(0.55, 0.28)], Flesh, |t| {
        0.12 - 0.05 * t
    });
    d.place(&h, Pose::along(at, along, size));
}

/// A large seated figure, one unit from seat to crown of the head, with aureole and halo.
pub(crate) fn great_buddha(dress: &Dress) -> Drawing {
    let mut d = Drawing::default();
    let rings = [
        Brown,
        dress.aureole[0],
        dress.aureole[1],
        White,
        dress.aureole[2],
        Gold,
        Red,
    ];
    for (i, tone) in rings.iter().enumerate() {
        d.fill(
            ellipse(v(0.0, -0.45), v(0.6, 0.62) * (1.0 - 0.075 * i as f32)),
            *tone,
        );
    }
    let halo = [Brown, White, dress.halo[0], Gold, dress.halo[1], PaleGreen];
    for (i, tone) in halo.iter().enumerate() {
        d.disc(v(0.0, -0.84), 0.27 * (1.0 - 0.13 * i as f32), *tone);
    }
    for i in 0..24 {
        let p = direction(i as f32 / 24.0);
        d.disc(v(0.0, -0.84) + p * 0.243, 0.011, Cinnabar);
    }
    d.place(
        &lotus_seat(1.2, [White, Orange, Cinnabar]),
        Pose::at(v(0.0, -0.02), 1.0),
    );
    let robe = path(
        "M0.06 -0.69 C0.16 -0.68 0.26 -0.66 0.3 -0.56 C0.35 -0.44 0.37 -0.36 0.36 -0.27 C0.47 -0.23 0.56 -0.16 0.54 -0.08 C0.5 0.0 0.2 0.02 0 0.02",
    );
    let body = mirrored(&robe);
    d.fill(
        body.iter()
            .map(|p| v(0.0, -0.33) + (*p - v(0.0, -0.33)) * 1.02)
            .collect(),
        Brown,
    );
    d.fill(body, dress.robe);
    d.glaze(path("M-0.34 -0.3 C-0.2 -0.2 0.2 -0.2 0.34 -0.3 C0.3 -0.12 0.46 -0.12 0.5 -0.06 C0.3 0.0 -0.3 0.0 -0.5 -0.06 C-0.46 -0.12 -0.3 -0.12 -0.34 -0.3"), dress.fold, 0.3);
    // The chest, the under-robe with its flowered hem, a sash.
    d.fill(
        path("M-0.14 -0.7 C-0.1 -0.55 0.02 -0.44 0.12 -0.36 C0.18 -0.46 0.16 -0.6 0.12 -0.7"),
        dress.lining,
    );
    d.fill(
        path("M-0.1 -0.71 C-0.08 -0.6 0.0 -0.52 0.08 -0.47 C0.12 -0.54 0.11 -0.64 0.09 -0.71"),
        Flesh,
    );
    d.line(
        &path("M-0.06 -0.6 C-0.02 -0.57 0.03 -0.57 0.07 -0.6"),
        Blush,
        0.014,
    );
    d.line(
        &path("M-0.15 -0.7 C-0.11 -0.54 0.02 -0.42 0.13 -0.34"),
        Gold,
        0.03,
    );
    d.line(
        &path("M-0.17 -0.7 C-0.13 -0.53 0.0 -0.4 0.12 -0.32"),
        dress.fold,
        0.016,
    );
    for i in 0..7 {
        let t = i as f32 / 6.0;
        let a = v(-0.33 + 0.1 * t, -0.5 + 0.22 * t);
        let b = v(-0.05 + 0.2 * t, -0.36 + 0.12 * t);
        let sag = v(0.0, 0.07);
        d.line(&[a, a.lerp(b, 0.4) + sag, b], dress.fold, 0.018);
    }
    for i in 0..5 {
        let t = i as f32 / 4.0;
        d.line(
            &[
                v(0.31 - 0.02 * t, -0.52 + 0.04 * t),
                v(0.33 - 0.06 * t, -0.4),
                v(0.27 - 0.1 * t, -0.27 + 0.02 * t),
            ],
            dress.fold,
            0.018,
        );
    }
    for i in 0..6 {
        let t = i as f32 / 5.0;
        let y = -0.2 + 0.17 * t;
        let w = 0.33 + 0.17 * t - 0.1 * t * t;
        d.line(
            &[
                v(-w, y + 0.03),
                v(-w * 0.5, y - 0.02 + 0.05 * t),
                v(0.0, y + 0.035),
                v(w * 0.5, y - 0.02 + 0.05 * t),
                v(w, y + 0.03),
            ],
            dress.fold,
            0.02,
        );
    }
    d.line(
        &path("M-0.52 -0.07 C-0.3 0.0 0.3 0.0 0.52 -0.07"),
        Gold,
        0.022,
    );
    d.fill(
        path("M-0.06 -0.76 L0.06 -0.76 L0.075 -0.68 L-0.075 -0.68"),
        Flesh,
    );
    d.line(
        &path("M-0.06 -0.71 C-0.02 -0.695 0.02 -0.695 0.06 -0.71"),
        Blush,
        0.012,
    );
    face(&mut d, v(0.0, -0.845), 0.098, DeepBlue);
    hand(
        &mut d,
        v(-0.22, -0.44),
        v(-0.12, -1.0).normalize_or(Vec2::NEG_Y),
        0.17,
    );
    hand(
        &mut d,
        v(0.16, -0.17),
        v(-0.98, 0.2).normalize_or(Vec2::NEG_X),
        0.16,
    );
    d
}
