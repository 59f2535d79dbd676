//! The head of a heavenly king, three-quarters towards +x; a unit is half the width of the
//! face, the origin its middle.

use super::armour::{Armour, plates};
use super::drawing::{Drawing, Pose, ellipse, path, taper, through};
use super::ink::{bloom, body, outline, shade};
use super::motifs::petal;
use super::pigment::Pigment::*;
use crate::sample::noise::direction;
use bevy::math::Vec2;

fn v(x: f32, y: f32) -> Vec2 {
    Vec2::new(x, y)
}

/// The angry face under a winged helmet.
pub(crate) fn head(look: &Armour) -> Drawing {
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
        d.line(&path(almond)[11..], dark, 0.045);
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
