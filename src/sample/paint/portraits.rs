//! Faces and hands of large figures, looking three-quarters towards +x. A unit is half the
//! width of the face, the origin its middle.

use super::drawing::{Drawing, Pose, ellipse, path, through};
use super::ink::{bloom, body, outline, rosette, shade};
use super::motifs::blossom;
use super::pigment::Pigment::{self, *};
use crate::sample::noise::direction;
use bevy::math::Vec2;

fn v(x: f32, y: f32) -> Vec2 {
    Vec2::new(x, y)
}

const FACE: &str = "M0.5 -0.95 C0.72 -0.8 0.8 -0.55 0.79 -0.36 C0.78 -0.24 0.74 -0.16 0.75 -0.06 C0.86 0.1 0.9 0.36 0.8 0.62 C0.7 0.88 0.52 1.06 0.28 1.08 C0.0 1.1 -0.4 1.0 -0.64 0.72 C-0.82 0.5 -0.88 0.2 -0.86 -0.1 C-0.86 -0.5 -0.7 -0.85 -0.3 -1.0 C0.0 -1.08 0.3 -1.04 0.5 -0.95";

/// Two eyes, brows, nose; `brow` is the width of the brows.
fn features(d: &mut Drawing, brow: f32, line: Pigment) {
    // The eye near to us, then the far one, foreshortened.
    let eyes = [
        (
            "M-0.34 0.0 C-0.22 -0.15 0.02 -0.17 0.17 0.0 C0.06 0.08 -0.18 0.09 -0.34 0.0",
            v(-0.06, -0.045),
        ),
        (
            "M0.46 -0.01 C0.53 -0.14 0.68 -0.15 0.755 -0.04 C0.69 0.05 0.55 0.06 0.46 -0.01",
            v(0.605, -0.05),
        ),
    ];
    for (almond, pupil) in eyes {
        d.fill(path(almond), White);
        d.fill(ellipse(pupil, v(0.078, 0.082)), Black);
        d.disc(pupil + v(-0.02, -0.03), 0.016, White);
    }
    let upper = path("M-0.42 0.035 C-0.26 -0.15 0.0 -0.19 0.19 0.01");
    d.stroke(&upper, Black, |t| {
        0.035 + 0.05 * (1.0 - (2.0 * t - 0.8).abs()).max(0.0)
    });
    let far = path("M0.44 0.005 C0.52 -0.16 0.69 -0.17 0.78 -0.05");
    d.stroke(&far, Black, |t| {
        0.03 + 0.045 * (1.0 - (2.0 * t - 1.0).abs())
    });
    d.line(
        &path("M-0.28 0.03 C-0.16 0.1 0.04 0.1 0.15 0.03"),
        line,
        0.026,
    );
    d.line(
        &path("M0.48 0.02 C0.55 0.07 0.67 0.06 0.74 -0.02"),
        line,
        0.024,
    );
    d.line(
        &path("M-0.34 -0.13 C-0.2 -0.24 0.0 -0.25 0.14 -0.13"),
        line,
        0.03,
    );
    d.line(
        &path("M0.48 -0.13 C0.55 -0.22 0.66 -0.23 0.74 -0.14"),
        line,
        0.026,
    );
    bloom(d, v(-0.08, -0.2), v(0.3, 0.13), Rouge, 0.35);
    bloom(d, v(0.61, -0.19), v(0.16, 0.1), Rouge, 0.3);
    let near = path("M0.2 -0.31 C0.02 -0.46 -0.24 -0.48 -0.46 -0.34");
    d.stroke(&near, Black, |t| {
        brow * (0.4 + 1.8 * t * (1.0 - t) + 0.2 * (1.0 - t))
    });
    let beyond = path("M0.46 -0.32 C0.56 -0.44 0.68 -0.45 0.78 -0.37");
    d.stroke(&beyond, Black, |t| brow * (0.4 + 1.6 * t * (1.0 - t)));
    // The nose, from the brow to the wing.
    d.stroke(
        &path("M0.4 -0.26 C0.41 -0.1 0.45 0.06 0.53 0.2 C0.58 0.29 0.54 0.37 0.45 0.385 C0.42 0.39 0.39 0.38 0.37 0.36"),
        line,
        |t| 0.022 + 0.026 * t,
    );
    d.line(
        &path("M0.27 0.24 C0.2 0.3 0.23 0.39 0.32 0.38"),
        line,
        0.034,
    );
    bloom(d, v(0.37, 0.3), v(0.13, 0.1), Rouge, 0.22);
}

fn mouth(d: &mut Drawing, plump: f32) {
    let at = v(0.37, 0.6);
    let lip =
        |text: &str| -> Vec<Vec2> { path(text).iter().map(|p| at + *p * v(1.0, plump)).collect() };
    d.fill(lip("M-0.2 0.01 C-0.12 -0.07 -0.05 -0.1 0.0 -0.05 C0.05 -0.1 0.11 -0.07 0.17 0.0 C0.08 0.02 -0.1 0.03 -0.2 0.01"), Cinnabar);
    d.fill(
        lip("M-0.15 0.02 C-0.08 0.14 0.07 0.14 0.13 0.015 C0.05 0.03 -0.08 0.03 -0.15 0.02"),
        Cinnabar,
    );
    d.glaze(
        lip("M-0.07 0.05 C-0.03 0.09 0.03 0.09 0.06 0.05"),
        White,
        0.3,
    );
    d.line(
        &lip("M-0.23 -0.005 C-0.12 0.04 -0.04 0.01 0.0 0.02 C0.04 0.01 0.12 0.03 0.2 -0.015"),
        DeepRed,
        0.032,
    );
    d.line(
        &path("M0.29 0.8 C0.35 0.83 0.42 0.82 0.47 0.785"),
        Sienna,
        0.024,
    );
    bloom(d, v(0.36, 0.88), v(0.18, 0.1), Rouge, 0.15);
}

fn ear(d: &mut Drawing) {
    let shell = path(
        "M-0.72 -0.2 C-0.86 -0.34 -1.0 -0.2 -0.96 0.02 C-0.94 0.22 -0.86 0.42 -0.76 0.44 C-0.68 0.44 -0.68 0.3 -0.7 0.16",
    );
    body(d, &shell, [Skin, Rouge, Sienna], 0.12, 0.04);
    d.line(
        &path("M-0.75 -0.12 C-0.84 -0.2 -0.9 -0.08 -0.86 0.06 C-0.82 0.12 -0.8 0.18 -0.8 0.28"),
        Sienna,
        0.026,
    );
}

/// The face of a Tang lady with her hair, combs and flowers; `flower` colours the blossoms.
pub(crate) fn lady(flower: [Pigment; 3]) -> Drawing {
    let mut d = Drawing::default();
    // The knot leans forward over the puffed hair.
    let knot = path(
        "M-0.5 -1.25 C-0.72 -1.75 -0.5 -2.3 0.02 -2.42 C0.5 -2.5 0.85 -2.2 0.74 -1.88 C0.66 -1.66 0.42 -1.62 0.44 -1.3",
    );
    d.fill(knot.clone(), Black);
    for i in 0..9 {
        let t = i as f32 / 8.0;
        let line = through(
            &[
                v(-0.42 + 0.8 * t, -1.3),
                v(-0.58 + 0.85 * t, -1.78),
                v(-0.3 + 0.55 * t, -2.22 + 0.1 * t),
                v(0.25 + 0.25 * t, -2.3 + 0.26 * t),
                v(0.6, -2.0 + 0.05 * t),
            ],
            8,
        );
        d.wash(&line, Grey, 0.42, |s| 0.018 * super::drawing::taper(s));
    }
    outline(&mut d, &knot, Grey, 0.025);
    d.stroke(
        &path("M-0.46 -1.36 C-0.2 -1.5 0.2 -1.5 0.46 -1.38"),
        Cinnabar,
        |_| 0.15,
    );
    d.line(
        &path("M-0.46 -1.41 C-0.2 -1.55 0.2 -1.55 0.46 -1.43"),
        Gold,
        0.04,
    );
    d.line(
        &path("M-0.46 -1.31 C-0.2 -1.45 0.2 -1.45 0.46 -1.33"),
        Gold,
        0.04,
    );
    let hair = path(
        "M0.84 -0.3 C1.02 -0.75 0.84 -1.3 0.36 -1.42 C-0.1 -1.52 -0.8 -1.4 -1.1 -0.95 C-1.32 -0.58 -1.28 -0.02 -1.08 0.3 C-0.98 0.46 -0.82 0.42 -0.76 0.25 L-0.2 -0.3",
    );
    d.fill(hair.clone(), Black);
    let face = path(FACE);
    d.fill(face.clone(), Skin);
    shade(&mut d, &face, Rouge, 0.2, 0.32);
    for (at, radii) in [(v(-0.3, 0.32), v(0.5, 0.42)), (v(0.68, 0.3), v(0.2, 0.34))] {
        bloom(&mut d, at, radii, Rouge, 0.62);
    }
    outline(&mut d, &face, Sienna, 0.05);
    // Hair swept up over the brow and the ear, strand by strand.
    let front = path(
        "M0.82 -0.42 C0.78 -0.72 0.62 -0.84 0.36 -0.86 C0.02 -0.9 -0.34 -0.78 -0.56 -0.46 C-0.68 -0.28 -0.72 -0.02 -0.74 0.26 C-0.92 0.34 -1.06 0.2 -1.14 0.0 C-1.26 -0.5 -1.1 -0.95 -0.8 -1.2 C-0.4 -1.48 0.3 -1.5 0.66 -1.2 C0.88 -1.0 0.96 -0.7 0.82 -0.42",
    );
    d.fill(front, Black);
    for i in 0..15 {
        let t = i as f32 / 14.0;
        let root =
            v(0.84, -0.46).lerp(v(-0.8, 0.2), t) + v(-0.14, -0.66) * (4.0 * t * (1.0 - t)) * 0.8;
        let bulge =
            v(0.95, -0.9).lerp(v(-1.2, -0.2), t) + v(-0.1, -0.62) * (4.0 * t * (1.0 - t)) * 0.5;
        let top = v(0.34 - 0.75 * t, -1.4);
        d.wash(
            &through(
                &[root, root.lerp(bulge, 0.7), bulge.lerp(top, 0.55), top],
                8,
            ),
            Grey,
            0.4,
            |s| 0.02 * super::drawing::taper(s),
        );
    }
    for i in 0..9 {
        // Fine hairs along the brow.
        let t = i as f32 / 8.0;
        let root = v(0.74, -0.62).lerp(v(-0.62, -0.4), t) + v(0.0, -0.3) * (4.0 * t * (1.0 - t));
        d.line(
            &[root + v(0.015, 0.05), root, root + v(-0.05, -0.1)],
            Black,
            0.013,
        );
    }
    features(&mut d, 0.085, Sienna);
    mouth(&mut d, 1.15);
    // Ornaments of the brow and dimples of paint.
    d.place(
        &rosette(4, [Cinnabar, Orange, Gold]),
        Pose::at(v(0.34, -0.56), 0.26),
    );
    for at in [v(0.08, 0.62), v(0.64, 0.56)] {
        d.disc(at, 0.032, Cinnabar);
    }
    d.line(
        &path("M0.1 1.04 C0.3 1.13 0.48 1.06 0.56 0.98"),
        Sienna,
        0.03,
    );
    // A comb over the brow, flowers beside it, pins with pendants.
    let comb: Vec<Vec2> = (0..=20)
        .map(|i| {
            let a = direction(0.5 * i as f32 / 20.0);
            v(0.2, -1.0) + v(a.x * 0.36, -a.y * 0.3)
        })
        .collect();
    body(&mut d, &comb, [Gold, Ochre, Sienna], 0.08, 0.035);
    for i in 0..7 {
        let x = -0.06 + 0.087 * i as f32;
        d.rule(&[v(x, -1.06), v(x, -0.97)], Sienna, 0.018);
        d.disc(
            v(0.2, -1.08) + direction(0.06 + 0.38 * i as f32 / 6.0) * v(0.24, -0.16),
            0.03,
            if i % 2 == 0 { Cinnabar } else { Green },
        );
    }
    for (from, to) in [
        (v(-0.5, -1.05), v(-1.36, -1.34)),
        (v(-0.8, -0.66), v(-1.5, -0.72)),
    ] {
        d.stroke(&[from, to], Gold, |t| 0.075 - 0.03 * t);
        d.place(&rosette(5, [Gold, Cinnabar, White]), Pose::at(to, 0.26));
        for k in 0..4 {
            d.disc(
                to + v(-0.02, 0.2 + 0.1 * k as f32),
                0.034,
                if k % 2 == 0 { White } else { Gold },
            );
        }
        d.disc(to + v(-0.02, 0.62), 0.05, Cinnabar);
    }
    for (at, size, turn) in [
        (v(-0.52, -1.26), 0.62, 0.4),
        (v(-0.9, -0.86), 0.46, 0.46),
        (v(0.62, -1.24), 0.42, 0.16),
    ] {
        for leaf in [-0.13, 0.13] {
            let along = direction(turn + leaf);
            d.place(
                &super::motifs::petal(&[Green, PaleGreen], 0.4),
                Pose::along(at, v(along.x, -along.y), size * 0.66),
            );
        }
        let along = direction(turn);
        d.place(
            &blossom(flower),
            Pose::along(at, v(along.x, -along.y).perp(), size),
        );
    }
    d.disc(v(-0.86, 0.5), 0.06, Gold);
    d.disc(v(-0.86, 0.62), 0.05, PaleGreen);
    d
}

/// The face of a gentleman with moustache, beard and the black gauze cap.
pub(crate) fn gentleman(is_old: bool) -> Drawing {
    let mut d = Drawing::default();
    // Tails of the cap, behind.
    for (a, b, c, e) in [
        (
            v(-0.8, -0.75),
            v(-1.35, -0.85),
            v(-1.75, -0.45),
            v(-1.95, 0.15),
        ),
        (v(-0.8, -0.65), v(-1.2, -0.5), v(-1.45, 0.0), v(-1.5, 0.6)),
    ] {
        let line = through(&[a, b, c, e], 10);
        d.stroke(&line, Black, |t| 0.12 + 0.2 * t);
        d.wash(&line, Grey, 0.35, |t| 0.02 + 0.02 * t);
    }
    let nape = path("M-0.5 -0.6 C-1.0 -0.5 -1.06 0.1 -0.9 0.42 L-0.55 0.5 L-0.3 -0.2");
    d.fill(nape, Black);
    let face: Vec<Vec2> = path(FACE).iter().map(|p| *p * v(0.97, 1.04)).collect();
    d.fill(face.clone(), Skin);
    shade(&mut d, &face, Rouge, 0.24, 0.45);
    bloom(&mut d, v(-0.25, 0.3), v(0.42, 0.36), Rouge, 0.32);
    bloom(&mut d, v(0.66, 0.28), v(0.18, 0.3), Rouge, 0.28);
    outline(&mut d, &face, Sienna, 0.055);
    d.fill(
        path("M-0.86 -0.4 C-0.72 -0.3 -0.66 -0.1 -0.7 0.26 C-0.78 0.2 -0.9 0.1 -0.92 -0.1"),
        Black,
    );
    ear(&mut d);
    features(&mut d, 0.07, Sienna);
    mouth(&mut d, 0.85);
    d.line(
        &path("M-0.1 0.4 C-0.04 0.52 -0.02 0.6 -0.06 0.7"),
        Sienna,
        0.022,
    );
    let tone = if is_old { Grey } else { Black };
    for i in 0..6 {
        let t = i as f32 / 5.0;
        d.line(
            &[
                v(0.33 - 0.02 * t, 0.47),
                v(0.2 - 0.06 * t, 0.53 + 0.02 * t),
                v(0.02 - 0.12 * t, 0.64 + 0.1 * t),
            ],
            tone,
            0.026,
        );
        d.line(
            &[
                v(0.43, 0.47),
                v(0.53 + 0.03 * t, 0.53),
                v(0.64 + 0.04 * t, 0.64 + 0.08 * t),
            ],
            tone,
            0.024,
        );
    }
    for i in 0..11 {
        let t = i as f32 / 10.0 - 0.5;
        let long = if is_old { 0.62 } else { 0.34 };
        d.line(
            &[
                v(0.36 + 0.2 * t, 0.82),
                v(0.38 + 0.34 * t, 0.82 + long * 0.55),
                v(0.44 + 0.2 * t, 0.82 + long * (1.0 - 0.6 * t.abs())),
            ],
            tone,
            0.026,
        );
    }
    // The cap: a low front, a taller crown, a band tied behind.
    let crown = path(
        "M-0.86 -0.62 C-1.0 -1.2 -0.86 -1.82 -0.36 -1.94 C0.1 -2.02 0.36 -1.8 0.42 -1.46 C0.66 -1.4 0.86 -1.16 0.84 -0.62 C0.4 -0.86 -0.4 -0.84 -0.86 -0.62",
    );
    d.fill(crown.clone(), Black);
    for i in 0..8 {
        let t = i as f32 / 7.0;
        let line = through(
            &[
                v(-0.8 + 1.1 * t, -0.78),
                v(-0.86 + 1.2 * t, -1.3 - 0.06 * t),
                v(-0.5 + 0.62 * t, -1.8 + 0.1 * t),
            ],
            8,
        );
        d.wash(&line, Grey, 0.3, |_| 0.016);
    }
    d.stroke(
        &path("M-0.4 -1.45 C-0.1 -1.3 0.2 -1.3 0.42 -1.46"),
        Grey,
        |t| 0.01 + 0.03 * t,
    );
    outline(&mut d, &crown, Grey, 0.025);
    let band = path(
        "M-0.88 -0.6 C-0.4 -0.86 0.4 -0.88 0.85 -0.62 L0.82 -0.44 C0.4 -0.68 -0.4 -0.66 -0.86 -0.4",
    );
    d.fill(band.clone(), Black);
    outline(&mut d, &band, Grey, 0.03);
    d.fill(ellipse(v(-0.86, -0.58), v(0.12, 0.15)), Black);
    d.line(
        &path("M-0.94 -0.66 C-0.84 -0.6 -0.84 -0.52 -0.92 -0.46"),
        Grey,
        0.025,
    );
    d
}

/// Two hands closed round something upright at the origin; about one unit across, sleeves at
/// -x.
pub(crate) fn hands() -> Drawing {
    let mut d = Drawing::default();
    let far =
        path("M-0.5 -0.14 C-0.2 -0.3 0.1 -0.34 0.22 -0.2 C0.32 -0.06 0.24 0.1 0.1 0.14 L-0.5 0.16");
    body(&mut d, &far, [Skin, Rouge, Sienna], 0.1, 0.045);
    let near = path(
        "M-0.62 0.02 C-0.36 -0.1 -0.2 -0.14 -0.02 -0.12 C0.08 -0.22 0.2 -0.2 0.2 -0.1 C0.28 -0.06 0.3 0.04 0.24 0.08 C0.28 0.14 0.26 0.22 0.2 0.24 C0.2 0.32 0.12 0.36 0.06 0.34 C0.02 0.42 -0.1 0.42 -0.16 0.36 C-0.3 0.4 -0.5 0.4 -0.64 0.36",
    );
    body(&mut d, &near, [Skin, Rouge, Sienna], 0.12, 0.05);
    for (from, to) in [
        (v(0.22, -0.08), v(-0.06, -0.02)),
        (v(0.24, 0.08), v(-0.04, 0.1)),
        (v(0.19, 0.23), v(-0.06, 0.21)),
        (v(0.05, 0.34), v(-0.12, 0.3)),
    ] {
        d.line(
            &[from, from.lerp(to, 0.5) + v(0.0, 0.015), to],
            Sienna,
            0.034,
        );
    }
    let thumb = path(
        "M-0.36 -0.08 C-0.2 -0.2 -0.06 -0.3 0.06 -0.32 C0.14 -0.32 0.14 -0.24 0.08 -0.2 C0.0 -0.14 -0.1 -0.06 -0.2 0.0",
    );
    body(&mut d, &thumb, [Skin, Rouge, Sienna], 0.06, 0.042);
    d
}
