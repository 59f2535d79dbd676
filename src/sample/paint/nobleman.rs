//! A gentleman among the donors, as tall as people are: round collar, belt with plaques, an
//! incense burner in his hands.

use super::drawing::{Drawing, Pose, ellipse, path, through};
use super::ink::{body, fold, outline, rosette, shade, strew};
use super::motifs::petal;
use super::pigment::Pigment::{self, *};
use super::portraits::{gentleman, hands};
use crate::sample::noise::direction;
use bevy::math::Vec2;

fn v(x: f32, y: f32) -> Vec2 {
    Vec2::new(x, y)
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

/// A gentleman in a robe with a round collar; one unit tall, feet at the origin, walking
/// towards +x.
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
