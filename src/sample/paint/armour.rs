//! What heavenly kings wear and carry: plates, greaves, a pagoda.

use super::drawing::{Drawing, Pose, path, through};
use super::ink::{body, fold, outline, rosette, shade, strew};
use super::pigment::Pigment::{self, *};
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

/// Rows of small plates laced together, within an outline; `size` is a plate's width.
pub(crate) fn plates(d: &mut Drawing, contour: &[Vec2], tones: [Pigment; 2], size: f32) {
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

/// A piece of armour: plates on leather within a bright rim `rim` wide.
pub(crate) fn panel(d: &mut Drawing, look: &Armour, contour: &[Vec2], size: f32, rim: f32) {
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

/// A boot with its greave and the trousers bunched above; `side` -1 points it to the left.
pub(crate) fn boot(d: &mut Drawing, look: &Armour, at: Vec2, side: f32) {
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

/// A pagoda of three storeys whose foot stands at `at`.
pub(crate) fn pagoda(d: &mut Drawing, at: Vec2) {
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
