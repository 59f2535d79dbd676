//! Painted figures that stand, fly and walk; one unit tall, feet at the origin.

use super::drawing::{Drawing, Pose, ellipse, path};
use super::figures::{Dress, face, lotus_seat};
use super::ink::{body, shade};
use super::motifs::{blossom, ribbon};
use super::pigment::Pigment::{self, *};
use crate::sample::noise::direction;
use bevy::math::Vec2;

fn v(x: f32, y: f32) -> Vec2 {
    Vec2::new(x, y)
}

/// A standing figure with crown, scarves and a lotus in the hand; one unit tall, leaning
/// gently towards +x.
pub(crate) fn standing(dress: &Dress) -> Drawing {
    let mut d = Drawing::default();
    d.disc(v(0.015, -0.875), 0.13, Brown);
    d.disc(v(0.015, -0.875), 0.125, dress.halo[0]);
    d.disc(v(0.015, -0.875), 0.1, White);
    d.disc(v(0.015, -0.875), 0.09, dress.halo[1]);
    ribbon(
        &mut d,
        &[
            v(-0.1, -0.77),
            v(-0.2, -0.66),
            v(-0.17, -0.5),
            v(-0.23, -0.34),
            v(-0.2, -0.18),
            v(-0.29, -0.04),
        ],
        0.05,
        [dress.lining, dress.fold],
        2.0,
        0.2,
    );
    ribbon(
        &mut d,
        &[
            v(0.12, -0.77),
            v(0.21, -0.64),
            v(0.17, -0.46),
            v(0.24, -0.3),
            v(0.2, -0.15),
            v(0.3, -0.02),
        ],
        0.05,
        [dress.lining, dress.fold],
        2.0,
        0.15,
    );
    d.place(
        &lotus_seat(0.34, [White, Orange, Cinnabar]),
        Pose::at(v(0.0, -0.03), 1.0),
    );
    d.fill(ellipse(v(-0.045, -0.035), v(0.05, 0.022)), Flesh);
    d.fill(ellipse(v(0.055, -0.035), v(0.05, 0.022)), Flesh);
    let skirt = path(
        "M-0.075 -0.56 C-0.1 -0.46 -0.13 -0.34 -0.12 -0.22 C-0.12 -0.14 -0.13 -0.08 -0.15 -0.045 C-0.08 -0.06 -0.05 -0.03 0 -0.045 C0.05 -0.03 0.09 -0.06 0.15 -0.04 C0.12 -0.12 0.13 -0.2 0.135 -0.28 C0.14 -0.4 0.11 -0.5 0.085 -0.56",
    );
    d.fill(
        skirt
            .iter()
            .map(|p| v(0.0, -0.3) + (*p - v(0.0, -0.3)) * 1.03)
            .collect(),
        Brown,
    );
    d.fill(skirt.clone(), dress.robe);
    shade(&mut d, &skirt, dress.fold, 0.03, 0.7);
    for i in 0..7 {
        let x = -0.09 + 0.03 * i as f32;
        d.line(
            &[
                v(x * 0.6, -0.5),
                v(x * 1.1 + 0.01, -0.3),
                v(x * 1.25, -0.07),
            ],
            dress.fold,
            0.009,
        );
    }
    d.fill(path("M-0.08 -0.57 C-0.12 -0.48 -0.12 -0.4 -0.06 -0.36 C0.0 -0.34 0.08 -0.36 0.12 -0.42 C0.12 -0.5 0.1 -0.54 0.09 -0.57"), dress.lining);
    d.line(
        &path("M-0.1 -0.44 C-0.04 -0.37 0.06 -0.37 0.12 -0.43"),
        Gold,
        0.014,
    );
    let chest = path(
        "M-0.07 -0.56 C-0.06 -0.64 -0.1 -0.72 -0.12 -0.765 C-0.06 -0.8 0.08 -0.8 0.14 -0.765 C0.11 -0.7 0.08 -0.63 0.08 -0.56",
    );
    body(&mut d, &chest, [Flesh, Blush, Sienna], 0.035, 0.005);
    for line in [
        "M-0.07 -0.69 C-0.045 -0.655 -0.005 -0.655 0.01 -0.68",
        "M0.012 -0.68 C0.03 -0.655 0.075 -0.655 0.095 -0.695",
        "M-0.03 -0.6 C0.0 -0.585 0.03 -0.585 0.05 -0.6",
    ] {
        d.line(&path(line), Blush, 0.006);
    }
    d.line(
        &path("M-0.075 -0.56 C-0.02 -0.545 0.04 -0.545 0.085 -0.56"),
        Gold,
        0.022,
    );
    d.line(
        &path("M-0.08 -0.76 C-0.04 -0.69 0.06 -0.69 0.1 -0.76"),
        Gold,
        0.018,
    );
    d.disc(v(0.01, -0.7), 0.012, Cinnabar);
    d.line(
        &path("M-0.09 -0.75 C-0.05 -0.62 0.06 -0.62 0.11 -0.75"),
        Green,
        0.009,
    );
    // Right arm up with a flower, left arm down with a flask.
    for (arm, thin) in [
        (
            "M-0.115 -0.745 C-0.16 -0.68 -0.17 -0.62 -0.14 -0.59 C-0.11 -0.62 -0.1 -0.66 -0.11 -0.7",
            0.014,
        ),
        ("M0.135 -0.745 C0.18 -0.66 0.19 -0.58 0.17 -0.49", 0.012),
    ] {
        let line = path(arm);
        d.stroke(&line, Sienna, |t| 0.05 - thin * t);
        d.stroke(&line, Blush, |t| 0.045 - thin * t);
        d.stroke(&line, Flesh, |t| 0.036 - thin * t);
    }
    d.rule(&[v(-0.17, -0.655), v(-0.13, -0.65)], Gold, 0.014);
    d.rule(&[v(0.15, -0.53), v(0.2, -0.53)], Gold, 0.012);
    d.line(
        &path("M-0.11 -0.7 C-0.12 -0.78 -0.15 -0.84 -0.19 -0.88"),
        DeepGreen,
        0.012,
    );
    d.place(
        &blossom([White, Orange, Cinnabar]),
        Pose::at(v(-0.195, -0.89), 0.1),
    );
    d.fill(path("M0.165 -0.49 L0.185 -0.49 C0.18 -0.46 0.205 -0.45 0.205 -0.42 C0.2 -0.385 0.15 -0.385 0.145 -0.42 C0.145 -0.45 0.17 -0.46 0.165 -0.49"), PaleBlue);
    d.fill(
        path("M-0.025 -0.83 L0.05 -0.83 L0.06 -0.77 L-0.035 -0.77"),
        Flesh,
    );
    face(&mut d, v(0.013, -0.875), 0.051, Black);
    let crown = path(
        "M-0.05 -0.915 L-0.06 -0.955 L-0.025 -0.935 L0.013 -0.985 L0.05 -0.935 L0.085 -0.955 L0.075 -0.915 C0.04 -0.93 -0.015 -0.93 -0.05 -0.915",
    );
    d.fill(crown, Gold);
    d.disc(v(0.013, -0.945), 0.011, Green);
    ribbon(
        &mut d,
        &[
            v(-0.15, -0.6),
            v(-0.13, -0.42),
            v(0.0, -0.3),
            v(0.13, -0.42),
            v(0.17, -0.52),
        ],
        0.032,
        [Green, PaleGreen],
        1.0,
        0.1,
    );
    ribbon(
        &mut d,
        &[
            v(0.16, -0.6),
            v(0.12, -0.36),
            v(0.0, -0.2),
            v(-0.12, -0.34),
            v(-0.19, -0.5),
        ],
        0.03,
        [Blue, PaleBlue],
        1.0,
        0.12,
    );
    d
}

/// A flying figure with long ribbons, heading for +x, about two units from hand to hem.
pub(crate) fn apsara(robe: [Pigment; 2], bands: [Pigment; 2], offering: [Pigment; 3]) -> Drawing {
    let mut d = Drawing::default();
    ribbon(
        &mut d,
        &[
            v(0.3, -0.2),
            v(0.12, -0.42),
            v(-0.2, -0.44),
            v(-0.5, -0.56),
            v(-0.85, -0.44),
            v(-1.2, -0.6),
            v(-1.5, -0.5),
        ],
        0.075,
        bands,
        4.0,
        0.18,
    );
    ribbon(
        &mut d,
        &[
            v(0.2, -0.02),
            v(0.06, 0.2),
            v(-0.24, 0.22),
            v(-0.5, 0.1),
            v(-0.85, 0.22),
            v(-1.15, 0.06),
            v(-1.45, 0.16),
        ],
        0.075,
        [bands[1], bands[0]],
        4.0,
        0.3,
    );
    d.disc(v(0.42, -0.29), 0.125, Brown);
    d.disc(v(0.42, -0.29), 0.12, bands[1]);
    d.disc(v(0.42, -0.29), 0.098, White);
    // Legs and skirt: one knee drawn up, hems trailing like a fish's tail.
    let skirt = path(
        "M0.17 -0.09 C0.08 0.0 -0.02 0.09 -0.14 0.08 C-0.3 0.06 -0.42 -0.06 -0.6 -0.12 C-0.72 -0.16 -0.86 -0.12 -1.0 -0.2 C-0.9 -0.24 -0.84 -0.26 -0.74 -0.25 C-0.86 -0.3 -0.95 -0.36 -1.08 -0.36 C-0.9 -0.44 -0.7 -0.38 -0.56 -0.31 C-0.4 -0.24 -0.28 -0.17 -0.16 -0.17 C-0.06 -0.18 0.0 -0.24 0.06 -0.24",
    );
    d.fill(
        skirt
            .iter()
            .map(|p| v(-0.3, -0.13) + (*p - v(-0.3, -0.13)) * 1.03)
            .collect(),
        Brown,
    );
    d.fill(skirt, robe[0]);
    for i in 0..6 {
        let t = i as f32 / 5.0;
        d.line(
            &[
                v(0.08 - 0.05 * t, -0.2 + 0.16 * t),
                v(-0.22, -0.14 + 0.17 * t),
                v(-0.55, -0.27 + 0.13 * t),
                v(-0.88, -0.34 + 0.13 * t),
            ],
            robe[1],
            0.017,
        );
    }
    d.fill(
        path("M-0.58 -0.2 C-0.66 -0.18 -0.74 -0.19 -0.8 -0.22 C-0.76 -0.24 -0.66 -0.25 -0.58 -0.2"),
        Flesh,
    );
    // Torso, arms, head.
    d.fill(path("M0.05 -0.23 C0.1 -0.28 0.2 -0.3 0.29 -0.28 C0.36 -0.25 0.38 -0.18 0.33 -0.13 C0.27 -0.1 0.2 -0.06 0.16 -0.07 C0.1 -0.1 0.06 -0.16 0.05 -0.23"), Flesh);
    d.line(
        &path("M0.03 -0.23 C0.06 -0.15 0.1 -0.1 0.18 -0.07"),
        Gold,
        0.03,
    );
    d.line(
        &path("M0.27 -0.28 C0.25 -0.22 0.28 -0.16 0.34 -0.14"),
        Gold,
        0.022,
    );
    d.stroke(
        &path("M0.31 -0.15 C0.38 -0.08 0.46 -0.04 0.56 -0.08 C0.62 -0.1 0.66 -0.14 0.7 -0.17"),
        Flesh,
        |t| 0.062 - 0.03 * t,
    );
    d.stroke(
        &path("M0.24 -0.27 C0.2 -0.36 0.2 -0.44 0.27 -0.5 C0.31 -0.53 0.33 -0.56 0.35 -0.6"),
        Flesh,
        |t| 0.058 - 0.028 * t,
    );
    d.rule(&[v(0.55, -0.11), v(0.57, -0.055)], Gold, 0.018);
    d.rule(&[v(0.25, -0.51), v(0.3, -0.48)], Gold, 0.018);
    d.stroke(
        &path("M0.33 -0.22 C0.36 -0.23 0.38 -0.25 0.4 -0.26"),
        Flesh,
        |_| 0.05,
    );
    let mut head = Drawing::default();
    face(&mut head, Vec2::ZERO, 0.062, Black);
    head.disc(v(0.0, -0.095), 0.028, Black);
    head.fill(path("M-0.05 -0.045 L-0.055 -0.085 L-0.02 -0.065 L0.0 -0.1 L0.02 -0.065 L0.055 -0.085 L0.05 -0.045"), Gold);
    d.place(&head, Pose::along(v(0.42, -0.29), direction(-0.03), 1.0));
    d.fill(path("M0.64 -0.17 C0.68 -0.13 0.78 -0.13 0.82 -0.17"), Gold);
    d.place(&blossom(offering), Pose::at(v(0.73, -0.2), 0.13));
    d.place(
        &blossom([White, PaleBlue, Blue]),
        Pose::at(v(0.36, -0.63), 0.11),
    );
    ribbon(
        &mut d,
        &[
            v(0.26, -0.12),
            v(0.14, -0.02),
            v(0.02, -0.1),
            v(-0.05, -0.24),
            v(0.06, -0.36),
            v(0.2, -0.34),
        ],
        0.04,
        [bands[0], bands[1]],
        2.0,
        0.1,
    );
    d
}

/// A donor walking towards +x with a flower; one unit tall.
pub(crate) fn donor(robe: Pigment, trim: Pigment, is_woman: bool) -> Drawing {
    let mut d = Drawing::default();
    let gown = if is_woman {
        path(
            "M-0.06 -0.76 C-0.13 -0.7 -0.13 -0.5 -0.14 -0.36 C-0.17 -0.2 -0.2 -0.08 -0.25 0.0 L0.16 0.0 C0.14 -0.2 0.12 -0.4 0.11 -0.56 C0.11 -0.66 0.1 -0.72 0.05 -0.76",
        )
    } else {
        path(
            "M-0.06 -0.76 C-0.14 -0.72 -0.14 -0.5 -0.14 -0.3 C-0.14 -0.16 -0.15 -0.08 -0.16 -0.03 L0.13 -0.03 C0.13 -0.2 0.14 -0.4 0.12 -0.56 C0.11 -0.68 0.1 -0.74 0.05 -0.76",
        )
    };
    d.fill(ellipse(v(0.08, -0.012), v(0.06, 0.018)), Black);
    d.fill(ellipse(v(-0.06, -0.012), v(0.06, 0.018)), Black);
    d.fill(
        gown.iter()
            .map(|p| v(0.0, -0.38) + (*p - v(0.0, -0.38)) * 1.035)
            .collect(),
        Brown,
    );
    d.fill(gown, robe);
    for i in 0..4 {
        let x = -0.1 + 0.06 * i as f32;
        d.line(
            &[v(x * 0.7, -0.4), v(x, -0.2), v(x * 1.3, -0.04)],
            Brown,
            0.012,
        );
    }
    if is_woman {
        d.fill(path("M-0.12 -0.68 C-0.04 -0.6 0.06 -0.6 0.11 -0.64 L0.12 -0.52 C0.04 -0.48 -0.08 -0.5 -0.14 -0.56"), trim);
        d.line(
            &path("M0.1 -0.55 C0.2 -0.4 0.12 -0.2 0.2 -0.06"),
            trim,
            0.035,
        );
    } else {
        d.rule(&[v(-0.135, -0.42), v(0.125, -0.42)], trim, 0.035);
    }
    d.fill(path("M-0.1 -0.66 C-0.12 -0.52 -0.02 -0.46 0.12 -0.5 C0.2 -0.52 0.2 -0.56 0.16 -0.58 C0.08 -0.58 0.02 -0.6 -0.02 -0.68"), robe);
    d.line(
        &path("M-0.1 -0.6 C-0.08 -0.5 0.02 -0.47 0.14 -0.5"),
        Brown,
        0.012,
    );
    d.disc(v(0.18, -0.555), 0.026, Flesh);
    d.line(
        &path("M0.18 -0.5 C0.2 -0.62 0.2 -0.7 0.18 -0.78"),
        DeepGreen,
        0.014,
    );
    d.place(
        &blossom([White, Orange, Cinnabar]),
        Pose::at(v(0.18, -0.79), 0.1),
    );
    d.fill(
        path("M-0.04 -0.8 L0.03 -0.8 L0.04 -0.74 L-0.05 -0.74"),
        Flesh,
    );
    d.fill(ellipse(v(0.0, -0.855), v(0.055, 0.072)), Flesh);
    d.line(&[v(0.005, -0.87), v(0.035, -0.872)], Black, 0.012);
    d.line(&[v(0.015, -0.815), v(0.04, -0.815)], Cinnabar, 0.012);
    if is_woman {
        d.fill(path("M-0.065 -0.84 C-0.08 -0.92 -0.05 -0.96 0.0 -0.95 C0.05 -0.94 0.06 -0.9 0.05 -0.88 C0.0 -0.9 -0.03 -0.88 -0.065 -0.84"), Black);
        d.disc(v(-0.02, -0.97), 0.045, Black);
        d.line(&[v(-0.08, -0.98), v(0.06, -0.99)], Gold, 0.014);
    } else {
        d.fill(path("M-0.065 -0.87 C-0.06 -0.96 -0.03 -1.0 0.01 -0.99 C0.05 -0.98 0.06 -0.92 0.055 -0.89"), Black);
        d.stroke(
            &path("M-0.05 -0.9 C-0.12 -0.88 -0.14 -0.82 -0.16 -0.8"),
            Black,
            |_| 0.02,
        );
    }
    d
}
