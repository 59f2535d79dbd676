//! Donors as tall as people, in line and colour: a lady with shawl and lotus, a gentleman
//! with cap and incense burner. One unit tall, feet at the origin, walking towards +x.

use super::drawing::{Drawing, Pose, ellipse, path, through};
use super::ink::{body, fold, outline, rosette, shade, strew};
use super::motifs::{blossom, petal};
use super::pigment::Pigment::{self, *};
use super::portraits::{gentleman, hands, lady};
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

/// What a gentleman wears.
#[derive(Debug, Clone, Copy)]
pub(crate) struct GentlemansDress {
    /// Robe, its shade, and the roundels on it.
    pub(crate) robe: [Pigment; 3],
    /// Lining at collar, cuff and slit.
    pub(crate) lining: Pigment,
    /// Grey hair.
    pub(crate) is_old: bool,
}

/// A shawl or ribbon seen from both sides: middle line, width along it.
pub(crate) fn drape(
    d: &mut Drawing,
    points: &[Vec2],
    [tone, back]: [Pigment; 2],
    width: impl Fn(f32) -> f32,
) {
    let line = through(points, 10);
    let count = line.len();
    let side = |s: f32| -> Vec<Vec2> {
        (0..count)
            .map(|i| {
                let along =
                    (line[(i + 1).min(count - 1)] - line[i.saturating_sub(1)]).normalize_or_zero();
                line[i] + along.perp() * s * width(i as f32 / (count - 1) as f32)
            })
            .collect()
    };
    let mut cloth = side(0.5);
    cloth.extend(side(-0.5).into_iter().rev());
    d.fill(cloth.clone(), tone);
    d.wash(&side(-0.3), back, 0.85, |t| width(t) * 0.34);
    d.wash(&side(0.34), White, 0.22, |t| width(t) * 0.2);
    for s in [-0.12, 0.2] {
        d.line(&side(s), Sienna, 0.0022);
    }
    outline(d, &cloth, Sienna, 0.0042);
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

/// A lady in a high-waisted skirt and a jacket with wide sleeves.
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
    for y in [-0.738] {
        d.line(
            &[v(-0.03, y + 0.004), v(0.012, y + 0.01), v(0.048, y + 0.002)],
            Rouge,
            0.003,
        );
    }
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

/// A gentleman in a robe with a round collar and a belt with plaques.
pub(crate) fn nobleman(dress: &GentlemansDress) -> Drawing {
    let mut d = Drawing::default();
    let [robe, dark, roundel] = dress.robe;
    for (x, y) in [(0.075, -0.006), (-0.055, 0.004)] {
        let boot = path(
            "M-0.04 -0.1 L0.035 -0.1 C0.035 -0.06 0.045 -0.035 0.075 -0.026 C0.1 -0.018 0.1 0.006 0.08 0.01 C0.04 0.016 -0.02 0.014 -0.045 0.006",
        );
        let boot: Vec<Vec2> = boot.iter().map(|p| *p + v(x, y)).collect();
        body(&mut d, &boot, [Black, Grey, Sienna], 0.01, 0.004);
        d.rule(
            &[v(x - 0.046, y + 0.004), v(x + 0.084, y + 0.008)],
            Ivory,
            0.006,
        );
    }
    // Trousers and the lining show in the slit.
    d.fill(
        path("M-0.1 -0.3 L0.1 -0.3 L0.11 -0.06 L-0.1 -0.05"),
        dress.lining,
    );
    let far = path(
        "M0.06 -0.735 C0.13 -0.71 0.175 -0.65 0.185 -0.585 C0.195 -0.53 0.19 -0.49 0.18 -0.455 L0.1 -0.52",
    );
    body(&mut d, &far, [robe, dark, Sienna], 0.03, 0.0048);
    let skirt = path(
        "M-0.115 -0.46 C-0.13 -0.34 -0.15 -0.2 -0.165 -0.065 C-0.1 -0.045 -0.02 -0.04 0.03 -0.05 C0.035 -0.12 0.035 -0.2 0.03 -0.26 C0.06 -0.19 0.08 -0.12 0.09 -0.055 C0.115 -0.055 0.14 -0.06 0.155 -0.07 C0.155 -0.2 0.15 -0.34 0.125 -0.46",
    );
    let torso = path(
        "M-0.045 -0.765 C-0.09 -0.745 -0.125 -0.725 -0.135 -0.68 C-0.145 -0.6 -0.13 -0.52 -0.118 -0.45 C-0.04 -0.435 0.06 -0.435 0.13 -0.455 C0.145 -0.54 0.14 -0.63 0.12 -0.7 C0.105 -0.735 0.075 -0.75 0.055 -0.765",
    );
    let flower = rosette(8, [roundel, Gold, Cinnabar]);
    for part in [&skirt, &torso] {
        d.fill(part.clone(), robe);
        let mut cloth = Drawing::default();
        cloth.ring(Vec2::ZERO, 0.44, 0.07, roundel);
        cloth.place(&flower, Pose::at(Vec2::ZERO, 0.72));
        strew(&mut d, part, &cloth, v(0.088, 0.078), 0.05, 0.022);
        shade(&mut d, part, dark, 0.055, 0.9);
    }
    for (a, b, c) in [
        (v(-0.095, -0.44), v(-0.115, -0.27), v(-0.13, -0.075)),
        (v(-0.06, -0.43), v(-0.07, -0.26), v(-0.085, -0.06)),
        (v(-0.01, -0.43), v(-0.02, -0.26), v(-0.03, -0.055)),
        (v(0.105, -0.44), v(0.125, -0.27), v(0.125, -0.075)),
        (v(0.07, -0.43), v(0.085, -0.3), v(0.1, -0.16)),
    ] {
        fold(
            &mut d,
            &through(&[a, b, c], 8),
            [dark, Sienna],
            0.026,
            0.0052,
        );
    }
    let hem = path("M-0.162 -0.08 C-0.1 -0.06 -0.02 -0.055 0.028 -0.064");
    d.stroke(&hem, dress.lining, |_| 0.014);
    d.line(&hem, Gold, 0.004);
    outline(&mut d, &skirt, Sienna, 0.006);
    for (a, b, c) in [
        (v(0.115, -0.62), v(0.09, -0.54), v(0.07, -0.47)),
        (v(-0.02, -0.72), v(0.03, -0.62), v(0.035, -0.5)),
        (v(0.05, -0.72), v(0.085, -0.64), v(0.08, -0.55)),
    ] {
        fold(
            &mut d,
            &through(&[a, b, c], 8),
            [dark, Sienna],
            0.022,
            0.0048,
        );
    }
    outline(&mut d, &torso, Sienna, 0.006);
    // The belt with gold plaques and a hanging end.
    let belt = path(
        "M-0.128 -0.478 C-0.04 -0.458 0.07 -0.458 0.137 -0.482 L0.136 -0.45 C0.07 -0.428 -0.04 -0.428 -0.125 -0.446",
    );
    body(&mut d, &belt, [Black, Grey, Sienna], 0.008, 0.004);
    for k in 0..7 {
        let t = k as f32 / 6.0;
        let at = v(-0.105 + 0.225 * t, -0.462 + 0.014 * 4.0 * t * (1.0 - t));
        d.fill(
            super::drawing::rectangle(at - v(0.0095, 0.0095), at + v(0.0095, 0.0095)),
            Gold,
        );
        d.disc(at, 0.004, Ochre);
    }
    let end = through(&[v(-0.085, -0.45), v(-0.1, -0.38), v(-0.098, -0.3)], 8);
    d.stroke(&end, Black, |_| 0.019);
    for k in 0..4 {
        d.disc(end[3 + k * 3], 0.0055, Gold);
    }
    // Collar, neck, head.
    let neck = path("M-0.032 -0.8 L-0.035 -0.755 C0.0 -0.73 0.04 -0.735 0.06 -0.755 L0.056 -0.8");
    body(&mut d, &neck, [Skin, Rouge, Sienna], 0.015, 0.0035);
    let collar = path("M-0.062 -0.768 C-0.04 -0.722 0.05 -0.718 0.076 -0.764");
    d.stroke(&collar, Sienna, |_| 0.026);
    d.stroke(&collar, dress.lining, |_| 0.021);
    d.line(&collar, Gold, 0.005);
    d.disc(v(0.07, -0.74), 0.007, Gold);
    d.place(&gentleman(dress.is_old), Pose::at(v(0.008, -0.842), 0.069));
    // The burner: a long handle in both hands, a lotus cup, a thread of smoke.
    let handle = through(&[v(0.02, -0.535), v(0.13, -0.585), v(0.24, -0.615)], 8);
    d.stroke(&handle, Sienna, |_| 0.0165);
    d.stroke(&handle, Gold, |_| 0.0125);
    d.place(
        &hands(),
        Pose::along(v(0.135, -0.585), direction(-0.02), 0.066),
    );
    let foot = path(
        "M-0.03 0.012 C-0.01 0.0 -0.008 -0.014 -0.006 -0.024 L0.006 -0.024 C0.008 -0.014 0.01 0.0 0.03 0.012",
    );
    body(
        &mut d,
        &foot.iter().map(|p| v(0.262, -0.6) + *p).collect::<Vec<_>>(),
        [Gold, Ochre, Sienna],
        0.006,
        0.0035,
    );
    d.fill(ellipse(v(0.262, -0.66), v(0.032, 0.012)), Brown);
    for turn in [0.04, 0.46, 0.12, 0.38, 0.25, 0.19, 0.31] {
        let along = direction(turn);
        d.place(
            &petal(&[Gold, Ochre, Straw], 0.5),
            Pose::along(v(0.262, -0.623), v(along.x, -along.y), 0.045),
        );
    }
    for (bend, long) in [(1.0, 1.0), (-0.6, 0.62)] {
        let at = |x: f32, y: f32| v(0.262 + x * bend, -0.675 - y * long);
        let smoke = through(
            &[
                at(0.0, 0.0),
                at(0.014, 0.05),
                at(-0.012, 0.1),
                at(0.01, 0.15),
                at(0.032, 0.175),
                at(0.03, 0.2),
                at(0.01, 0.2),
                at(0.008, 0.182),
            ],
            8,
        );
        d.stroke(&smoke, PaleBlue, |t| 0.0075 * (1.0 - 0.7 * t));
    }
    // The near sleeve.
    let lining = path(
        "M0.07 -0.585 C0.095 -0.57 0.115 -0.5 0.11 -0.42 C0.105 -0.37 0.085 -0.35 0.065 -0.345 C0.05 -0.4 0.055 -0.5 0.07 -0.585",
    );
    body(&mut d, &lining, [dress.lining, dark, Sienna], 0.018, 0.0045);
    let sleeve = path(
        "M-0.1 -0.75 C-0.15 -0.7 -0.17 -0.6 -0.145 -0.525 C-0.115 -0.44 -0.05 -0.375 0.02 -0.345 C0.045 -0.335 0.065 -0.335 0.072 -0.35 C0.068 -0.43 0.075 -0.51 0.088 -0.585 C0.075 -0.615 0.05 -0.61 0.02 -0.595 C-0.01 -0.58 -0.03 -0.575 -0.04 -0.6 C-0.04 -0.66 -0.06 -0.73 -0.1 -0.75",
    );
    d.fill(sleeve.clone(), robe);
    let mut cloth = Drawing::default();
    cloth.ring(Vec2::ZERO, 0.44, 0.07, roundel);
    cloth.place(&flower, Pose::at(Vec2::ZERO, 0.72));
    strew(&mut d, &sleeve, &cloth, v(0.085, 0.075), 0.048, 0.02);
    shade(&mut d, &sleeve, dark, 0.05, 0.9);
    for (a, b, c) in [
        (v(-0.04, -0.6), v(-0.085, -0.58), v(-0.14, -0.57)),
        (v(-0.02, -0.585), v(-0.06, -0.53), v(-0.125, -0.49)),
        (v(0.005, -0.59), v(-0.015, -0.5), v(-0.075, -0.425)),
        (v(0.04, -0.605), v(0.04, -0.49), v(-0.005, -0.38)),
        (v(-0.095, -0.73), v(-0.08, -0.67), v(-0.045, -0.62)),
    ] {
        fold(
            &mut d,
            &through(&[a, b, c], 8),
            [dark, Sienna],
            0.024,
            0.0052,
        );
    }
    let cuff = path("M0.083 -0.587 C0.07 -0.5 0.064 -0.43 0.066 -0.35");
    d.stroke(&cuff, dress.lining, |_| 0.016);
    d.line(&cuff, Gold, 0.004);
    outline(&mut d, &sleeve, Sienna, 0.006);
    d
}

/// Flowers that fall round a figure without touching it: places in its own units.
pub(crate) fn falling(
    d: &mut Drawing,
    foot: Vec2,
    scale: Vec2,
    places: &[Vec2],
    tones: [Pigment; 3],
) {
    for (i, at) in places.iter().enumerate() {
        let turn = direction(0.03 * (i % 5) as f32 - 0.06);
        d.place(
            &blossom(tones),
            Pose::along(foot + *at * scale, turn, scale.y * 0.05),
        );
    }
}
