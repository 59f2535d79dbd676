//! A lady among the donors, as tall as people are: skirt, jacket, shawl, a lotus in her hands.

use super::drawing::{Drawing, Pose, ellipse, path, through};
use super::ink::{body, drape, fold, outline, rosette, shade, strew};
use super::motifs::petal;
use super::pigment::Pigment::{self, *};
use super::portraits::{hands, lady};
use crate::sample::noise::{direction, smoothstep};
use bevy::math::Vec2;

fn v(x: f32, y: f32) -> Vec2 {
    Vec2::new(x, y)
}

/// What a lady wears.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LadysDress {
    /// Skirt, its shade, and the flowers on it.
    pub(crate) skirt: [Pigment; 3],
    /// Jacket, its shade, and its borders.
    pub(crate) jacket: [Pigment; 3],
    /// Both sides of the shawl.
    pub(crate) shawl: [Pigment; 2],
    /// Flowers in hair and hand.
    pub(crate) flower: [Pigment; 3],
}

fn lotus_in_hand(d: &mut Drawing, foot: Vec2, hand: Vec2, top: Vec2, flower: [Pigment; 3]) {
    let stem = through(&[foot, hand, hand.lerp(top, 0.55) + v(0.012, 0.0), top], 10);
    d.stroke(&stem, DeepGreen, |t| 0.011 - 0.003 * t);
    d.line(&stem, PaleGreen, 0.003);
    let bud = hand.lerp(top, 0.5);
    d.stroke(
        &through(&[bud, bud + v(-0.03, -0.03), bud + v(-0.042, -0.075)], 8),
        DeepGreen,
        |_| 0.006,
    );
    for (turn, size) in [(0.2, 0.04), (0.3, 0.04), (0.25, 0.046)] {
        let along = direction(turn);
        d.place(
            &petal(&flower, 0.5),
            Pose::along(bud + v(-0.042, -0.07), v(along.x, -along.y), size),
        );
    }
    let leaf = path("M0 0 C0.3 -0.35 0.9 -0.3 1.1 0.1 C0.8 0.0 0.3 0.2 0 0");
    let leaf: Vec<Vec2> = leaf
        .iter()
        .map(|p| hand.lerp(top, 0.3) + *p * 0.06)
        .collect();
    body(d, &leaf, [Green, DeepGreen, Sienna], 0.01, 0.003);
    // Outer petals spread, inner ones stand.
    for (turn, size) in [
        (-0.02, 0.066),
        (0.52, 0.066),
        (0.06, 0.07),
        (0.44, 0.07),
        (0.13, 0.072),
        (0.37, 0.072),
        (0.2, 0.07),
        (0.3, 0.07),
        (0.25, 0.068),
    ] {
        let along = direction(turn);
        let one = petal(&flower, 0.46);
        d.place(&one, Pose::along(top, v(along.x, -along.y), size));
    }
    d.fill(ellipse(top + v(0.0, 0.002), v(0.022, 0.012)), Green);
}

/// Shoes with turned-up clouds at the toes.
fn cloud_shoe(d: &mut Drawing, at: Vec2, tone: Pigment) {
    let shoe = path(
        "M-0.05 0.0 C-0.04 -0.03 0.0 -0.035 0.03 -0.03 C0.04 -0.05 0.075 -0.06 0.085 -0.04 C0.09 -0.025 0.08 -0.005 0.06 0.004 C0.02 0.012 -0.03 0.012 -0.05 0.0",
    );
    let shoe: Vec<Vec2> = shoe.iter().map(|p| at + *p).collect();
    body(d, &shoe, [tone, DeepRed, Sienna], 0.01, 0.004);
    d.line(
        &path("M0.05 -0.034 C0.062 -0.046 0.078 -0.036 0.07 -0.026")
            .iter()
            .map(|p| at + *p)
            .collect::<Vec<_>>(),
        Gold,
        0.005,
    );
}

/// A lady in a high-waisted skirt and a jacket with wide sleeves; one unit tall, feet at the
/// origin, walking towards +x.
pub(crate) fn noblewoman(dress: &LadysDress) -> Drawing {
    let mut d = Drawing::default();
    let [skirt_tone, skirt_dark, skirt_flower] = dress.skirt;
    let [jacket, jacket_dark, border] = dress.jacket;
    cloud_shoe(&mut d, v(0.1, -0.004), Cinnabar);
    cloud_shoe(&mut d, v(-0.03, 0.004), Cinnabar);
    // The far sleeve and the shawl's far end hang behind.
    drape(
        &mut d,
        &[
            v(0.1, -0.66),
            v(0.19, -0.52),
            v(0.185, -0.36),
            v(0.215, -0.2),
            v(0.195, -0.06),
        ],
        [dress.shawl[1], dress.shawl[0]],
        |t| 0.03 + 0.022 * smoothstep(0.1, 0.8, t),
    );
    let far = path(
        "M0.06 -0.7 C0.12 -0.68 0.16 -0.64 0.175 -0.6 C0.2 -0.52 0.205 -0.46 0.2 -0.41 C0.18 -0.385 0.15 -0.4 0.13 -0.44 L0.08 -0.56",
    );
    body(&mut d, &far, [jacket, jacket_dark, Sienna], 0.03, 0.0045);
    let skirt = path(
        "M-0.085 -0.66 C-0.11 -0.5 -0.15 -0.32 -0.17 -0.18 C-0.185 -0.1 -0.215 -0.04 -0.255 -0.012 C-0.19 0.012 -0.11 0.006 -0.055 -0.008 C0.0 0.01 0.09 0.012 0.165 -0.014 C0.15 -0.09 0.152 -0.2 0.15 -0.3 C0.146 -0.45 0.125 -0.58 0.1 -0.66",
    );
    d.fill(skirt.clone(), skirt_tone);
    // Gores of a second tone fan out from the waist.
    for i in 0..4 {
        let t = (i as f32 + 0.5) / 4.0;
        let (top, hem) = (-0.075 + 0.165 * t, -0.215 + 0.37 * t);
        let gore = through(
            &[
                v(top, -0.655),
                v(top + (hem - top) * 0.4, -0.36),
                v(hem, -0.012),
            ],
            8,
        );
        d.wash(&gore, skirt_dark, 0.34, |s| 0.012 + 0.034 * s);
    }
    strew(
        &mut d,
        &skirt,
        &rosette(6, [skirt_flower, White, Gold]),
        v(0.062, 0.058),
        0.03,
        0.014,
    );
    shade(&mut d, &skirt, skirt_dark, 0.06, 0.9);
    for (a, b, c, e) in [
        (
            v(-0.06, -0.65),
            v(-0.1, -0.45),
            v(-0.13, -0.22),
            v(-0.19, -0.03),
        ),
        (
            v(-0.03, -0.65),
            v(-0.05, -0.42),
            v(-0.075, -0.2),
            v(-0.1, -0.012),
        ),
        (
            v(0.01, -0.64),
            v(0.01, -0.42),
            v(-0.005, -0.2),
            v(-0.02, -0.01),
        ),
        (
            v(0.05, -0.64),
            v(0.065, -0.44),
            v(0.06, -0.22),
            v(0.055, 0.0),
        ),
        (
            v(0.08, -0.64),
            v(0.11, -0.46),
            v(0.115, -0.24),
            v(0.118, -0.006),
        ),
    ] {
        fold(
            &mut d,
            &through(&[a, b, c, e], 8),
            [skirt_dark, Sienna],
            0.026,
            0.005,
        );
    }
    let hem = path(
        "M-0.245 -0.022 C-0.19 -0.0 -0.11 -0.006 -0.055 -0.02 C0.0 -0.004 0.09 0.0 0.162 -0.026",
    );
    d.stroke(&hem, border, |_| 0.013);
    d.line(&hem, Gold, 0.004);
    outline(&mut d, &skirt, Sienna, 0.006);
    // The sash with its long ends.
    for (x, sway) in [(0.05, 0.016), (0.072, -0.012)] {
        let line = through(
            &[
                v(x, -0.63),
                v(x + sway, -0.5),
                v(x - sway * 0.4, -0.38),
                v(x + sway, -0.27),
            ],
            8,
        );
        d.stroke(&line, Sienna, |_| 0.02);
        d.stroke(&line, border, |_| 0.016);
        d.line(&line, Gold, 0.004);
    }
    // Breast, neck, under-robe.
    let torso = path(
        "M-0.035 -0.755 C-0.07 -0.725 -0.11 -0.71 -0.115 -0.66 C-0.11 -0.62 -0.095 -0.6 -0.085 -0.59 C-0.02 -0.6 0.05 -0.6 0.105 -0.6 C0.115 -0.64 0.115 -0.68 0.095 -0.71 C0.075 -0.73 0.06 -0.74 0.055 -0.755",
    );
    body(&mut d, &torso, [jacket, jacket_dark, Sienna], 0.03, 0.005);
    let neck = path(
        "M-0.026 -0.8 C-0.026 -0.765 -0.04 -0.735 -0.07 -0.718 C-0.03 -0.69 0.02 -0.665 0.055 -0.655 C0.075 -0.67 0.085 -0.7 0.08 -0.72 C0.056 -0.735 0.05 -0.77 0.05 -0.8",
    );
    body(&mut d, &neck, [Skin, Rouge, Sienna], 0.02, 0.0035);
    d.line(
        &[v(-0.03, -0.734), v(0.012, -0.728), v(0.048, -0.736)],
        Rouge,
        0.003,
    );
    // A necklace, the crossing borders of the jacket, the band of the skirt.
    for i in 0..11 {
        let t = i as f32 / 10.0;
        let sag = 4.0 * t * (1.0 - t);
        d.disc(
            v(-0.045 + 0.105 * t, -0.728 + 0.032 * sag),
            0.0052,
            if i == 5 { Cinnabar } else { White },
        );
    }
    for collar in [
        "M-0.075 -0.735 C-0.045 -0.69 0.02 -0.655 0.07 -0.635",
        "M0.083 -0.735 C0.09 -0.7 0.075 -0.665 0.04 -0.635",
    ] {
        let line = path(collar);
        d.stroke(&line, Sienna, |_| 0.024);
        d.stroke(&line, border, |_| 0.02);
        for k in 1..6 {
            d.disc(line[k * 2 - 1], 0.0045, Gold);
        }
    }
    let band = path(
        "M-0.097 -0.648 C-0.03 -0.63 0.05 -0.63 0.108 -0.648 L0.112 -0.606 C0.05 -0.588 -0.04 -0.588 -0.1 -0.604",
    );
    body(&mut d, &band, [border, skirt_dark, Sienna], 0.012, 0.0045);
    for k in 0..7 {
        d.place(
            &rosette(4, [Gold, White, Cinnabar]),
            Pose::at(
                v(
                    -0.08 + 0.029 * k as f32,
                    -0.617 - 0.004 * (3.0 - (k as f32 - 3.0).abs()) + 0.01,
                ),
                0.022,
            ),
        );
    }
    d.place(&lady(dress.flower), Pose::at(v(0.012, -0.818), 0.071));
    // The near arm: sleeve to the wrist, its wide mouth hanging.
    let lining = path(
        "M0.125 -0.6 C0.15 -0.57 0.16 -0.5 0.155 -0.43 C0.15 -0.36 0.13 -0.315 0.1 -0.305 C0.08 -0.36 0.1 -0.5 0.125 -0.6",
    );
    body(&mut d, &lining, [border, skirt_dark, Sienna], 0.02, 0.0045);
    lotus_in_hand(
        &mut d,
        v(0.155, -0.47),
        v(0.172, -0.6),
        v(0.205, -0.815),
        dress.flower,
    );
    d.place(
        &hands(),
        Pose::scaled(v(0.166, -0.592), v(1.0, 1.0) * 0.066),
    );
    let sleeve = path(
        "M-0.088 -0.715 C-0.13 -0.66 -0.145 -0.57 -0.12 -0.5 C-0.09 -0.42 -0.02 -0.345 0.055 -0.305 C0.075 -0.295 0.095 -0.295 0.105 -0.31 C0.115 -0.4 0.12 -0.5 0.135 -0.592 C0.12 -0.612 0.095 -0.61 0.07 -0.6 C0.03 -0.585 0.0 -0.58 -0.02 -0.6 C-0.03 -0.65 -0.05 -0.7 -0.088 -0.715",
    );
    d.fill(sleeve.clone(), jacket);
    strew(
        &mut d,
        &sleeve,
        &rosette(5, [border, White, Gold]),
        v(0.048, 0.042),
        0.021,
        0.012,
    );
    shade(&mut d, &sleeve, jacket_dark, 0.045, 0.85);
    for (a, b, c) in [
        (v(-0.02, -0.595), v(-0.06, -0.55), v(-0.115, -0.53)),
        (v(0.005, -0.585), v(-0.03, -0.51), v(-0.085, -0.455)),
        (v(0.04, -0.59), v(0.03, -0.49), v(-0.02, -0.395)),
        (v(0.075, -0.6), v(0.08, -0.48), v(0.04, -0.345)),
        (v(0.105, -0.605), v(0.112, -0.49), v(0.085, -0.35)),
    ] {
        fold(
            &mut d,
            &through(&[a, b, c], 8),
            [jacket_dark, Sienna],
            0.022,
            0.005,
        );
    }
    d.stroke(
        &path("M0.13 -0.596 C0.115 -0.5 0.11 -0.4 0.098 -0.308"),
        border,
        |_| 0.015,
    );
    d.line(
        &path("M0.13 -0.596 C0.115 -0.5 0.11 -0.4 0.098 -0.308"),
        Gold,
        0.004,
    );
    outline(&mut d, &sleeve, Sienna, 0.0058);
    // The shawl: round the back, over the arm, down to the hem.
    drape(
        &mut d,
        &[
            v(0.088, -0.712),
            v(0.04, -0.672),
            v(-0.03, -0.668),
            v(-0.1, -0.7),
        ],
        dress.shawl,
        |t| 0.03 + 0.018 * t,
    );
    drape(
        &mut d,
        &[
            v(-0.095, -0.708),
            v(-0.135, -0.63),
            v(-0.125, -0.54),
            v(-0.06, -0.485),
            v(-0.075, -0.36),
            v(-0.135, -0.22),
            v(-0.13, -0.1),
            v(-0.165, 0.0),
        ],
        dress.shawl,
        |t| 0.05 - 0.03 * smoothstep(0.0, 0.42, t) + 0.046 * smoothstep(0.45, 0.95, t),
    );
    d
}
