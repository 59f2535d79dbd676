//! The painted coats of the clay figures, seen from the front.

use super::drawing::{Drawing, Pose, ellipse, path, rectangle, through};
use super::finish::{Site, Surface};
use super::hands::{hanging, raised};
use super::motifs::{blossom, half_rosettes, petal};
use super::pigment::Pigment::*;
use crate::sample::gesture::{HANGING_SHIFT_M, LAP_SHIFT_M, RAISED_SHIFT_M, forearm_ends};
use crate::sample::noise::{sin_cos_turns, smoothstep, unit};
use crate::sample::statue;
use bevy::math::Vec2;

/// Width and height of the seated figure's picture.
pub(crate) const SEATED_M: Vec2 = Vec2::new(1.4, 1.6);
/// Width and height of an attendant's picture.
pub(crate) const ATTENDANT_M: Vec2 = Vec2::new(0.7, 1.42);

fn v(x: f32, y: f32) -> Vec2 {
    Vec2::new(x, y)
}

/// A drawing whose y grows upwards from the base, x from the axis.
fn upright(d: &Drawing, size: Vec2, top: f32) -> Drawing {
    let mut out = Drawing::default();
    out.place(d, Pose::scaled(v(size.x * 0.5, top), v(1.0, -1.0)));
    out
}

fn throne(d: &mut Drawing, half: f32, tall: f32) {
    d.rect(v(-half, -0.05), v(half, tall + 0.02), Green);
    d.rect(v(-half, tall * 0.3), v(half, tall * 0.42), DeepRed);
    d.rect(v(-half, tall * 0.34), v(half, tall * 0.37), Gold);
    let up = petal(&[White, Orange, Cinnabar, DeepRed], 0.62);
    let count = 15;
    for row in 0..2 {
        for i in -count..=count {
            // Petals narrow towards the sides, as on a drum.
            let turn = (i as f32 + 0.5 * row as f32) / (count as f32 * 2.0);
            let x = sin_cos_turns(turn * 0.5).0 * half * 1.15;
            if x.abs() < half {
                d.place(
                    &up,
                    Pose::along(
                        v(x, tall * (0.42 + 0.05 * row as f32)),
                        Vec2::Y,
                        tall * 0.56,
                    ),
                );
            }
        }
    }
    let down = petal(&[White, PaleGreen, Green, DeepGreen], 0.62);
    for i in -count..=count {
        let x = sin_cos_turns(i as f32 / (count as f32 * 4.0)).0 * half * 1.15;
        if x.abs() < half {
            d.place(
                &down,
                Pose::along(v(x, tall * 0.31), Vec2::NEG_Y, tall * 0.3),
            );
        }
    }
}

fn features(d: &mut Drawing, at: Vec2, s: f32) {
    let p = |x: f32, y: f32| at + v(x, y) * s;
    for k in [-1.0, 1.0] {
        d.line(
            &[
                p(0.012 * k, 0.028),
                p(0.036 * k, 0.043),
                p(0.062 * k, 0.043),
                p(0.088 * k, 0.028),
            ],
            Black,
            0.0055 * s,
        );
        d.line(
            &[
                p(0.02 * k, 0.004),
                p(0.034 * k, 0.0),
                p(0.054 * k, 0.0),
                p(0.074 * k, 0.007),
            ],
            Black,
            0.0062 * s,
        );
        d.line(
            &[p(0.022 * k, 0.018), p(0.045 * k, 0.024), p(0.07 * k, 0.017)],
            Brown,
            0.0028 * s,
        );
        d.line(
            &[
                p(0.004 * k, -0.067),
                p(0.018 * k, -0.064),
                p(0.034 * k, -0.07),
            ],
            DeepGreen,
            0.0042 * s,
        );
        d.glaze(
            ellipse(p(0.058 * k, -0.045), v(0.026, 0.022) * s),
            Blush,
            0.2,
        );
    }
    d.fill(path("M-0.033 -0.082 C-0.016 -0.072 -0.006 -0.07 0 -0.074 C0.006 -0.07 0.016 -0.072 0.033 -0.082 C0.018 -0.104 -0.018 -0.104 -0.033 -0.082").iter().map(|q| at + *q * s).collect(), Cinnabar);
    d.line(
        &[p(-0.034, -0.082), p(0.0, -0.084), p(0.034, -0.082)],
        DeepRed,
        0.0032 * s,
    );
    d.line(
        &[
            p(0.0, -0.118),
            p(-0.006, -0.124),
            p(0.0, -0.13),
            p(0.006, -0.124),
        ],
        DeepGreen,
        0.003 * s,
    );
    d.disc(p(0.0, 0.062), 0.0085 * s, White);
    d.disc(p(0.0, 0.062), 0.0045 * s, Cinnabar);
}

fn seated() -> Surface {
    let mut d = Drawing::default();
    let half = SEATED_M.x * 0.5;
    d.rect(v(-half, 0.3), v(half, 1.6), Red);
    // A robe pieced from patches, each with a light seam, and hems of flowers.
    for j in 0..9 {
        for i in -6..7 {
            let shift = if j % 2 == 0 { 0.0 } else { 0.055 };
            let low = v(i as f32 * 0.115 + shift - 0.055, 0.34 + j as f32 * 0.082);
            let tone = [Red, DeepRed, Red, Cinnabar][(unit(i, j, 0, 1001) * 3.99) as usize];
            d.fill(rectangle(low + 0.004, low + v(0.111, 0.078)), tone);
            if unit(i, j, 1, 1001) > 0.55 {
                d.place(
                    &blossom([Straw, Ochre, Orange]),
                    Pose::scaled(low + v(0.057, 0.034), v(1.0, -1.0) * 0.05),
                );
            }
        }
    }
    for j in 0..9 {
        let y = 0.34 + j as f32 * 0.082;
        d.rule(&[v(-half, y), v(half, y)], Gold, 0.005);
    }
    throne(&mut d, half, 0.34);
    d.place(
        &half_rosettes(half * 2.0, 0.045, DeepGreen),
        Pose::at(v(-half, 0.368), 1.0),
    );
    // The open chest between the under-robe's borders.
    let flesh = Gilt;
    let chest = |grow: f32| {
        vec![
            v(-0.02, 0.69 - grow * 2.2),
            v(-0.16 - grow, 1.0),
            v(-0.12 - grow, 1.1),
            v(0.1 + grow, 1.1),
            v(0.13 + grow, 1.0),
        ]
    };
    d.fill(chest(0.045), DeepGreen);
    d.fill(chest(0.036), Gold);
    d.fill(chest(0.03), PaleGreen);
    d.fill(chest(0.012), Gold);
    d.fill(chest(0.006), flesh);
    d.fill(
        path(
            "M-0.16 0.72 C-0.06 0.7 0.06 0.72 0.13 0.8 L0.13 0.77 C0.06 0.68 -0.06 0.66 -0.17 0.69",
        ),
        Blue,
    );
    // Neck, face, ears, hair.
    d.rect(v(-0.09, 1.03), v(0.09, 1.2), flesh);
    for y in [1.06, 1.095] {
        d.line(
            &[v(-0.07, y + 0.008), v(0.0, y), v(0.07, y + 0.008)],
            Brown,
            0.003,
        );
    }
    d.fill(ellipse(v(0.0, 1.225), v(0.165, 0.165)), flesh);
    let head = v(0.0, 1.235);
    let hair = path(
        "M-0.2 0.0 L-0.132 0.02 C-0.115 0.035 -0.1 0.05 -0.085 0.058 C-0.06 0.07 -0.03 0.066 0 0.064 C0.03 0.066 0.06 0.07 0.085 0.058 C0.1 0.05 0.115 0.035 0.132 0.02 L0.2 0.0 L0.2 0.34 L-0.2 0.34",
    );
    d.fill(hair.iter().map(|p| head + *p).collect(), DeepBlue);
    for j in 0..12 {
        for i in -7..8 {
            let x = (i as f32 + 0.5 * (j % 2) as f32) * 0.023;
            let y = 0.075 + 0.021 * j as f32 + 0.3 * x * x;
            d.ring(head + v(x, y), 0.0078, 0.0028, Blue);
        }
    }
    for k in [-1.0, 1.0] {
        d.rect(v(0.108 * k - 0.03, 1.1), v(0.108 * k + 0.03, 1.245), flesh);
    }
    d.disc(head + v(0.0, 0.112), 0.013, Cinnabar);
    d.disc(head + v(0.0, 0.112), 0.009, Gold);
    features(&mut d, head, 1.0);
    // Hems of the sleeves.
    for k in [-1.0, 1.0] {
        let hem = [v(0.147 * k, 0.63), v(0.137 * k, 0.575), v(0.147 * k, 0.525)];
        d.stroke(&hem, Gold, |_| 0.03);
        d.stroke(&hem, DeepGreen, |_| 0.021);
    }
    // The hands lie by themselves: see `gesture`.
    d.rect(
        LAP_SHIFT_M + v(-0.21, 0.46),
        LAP_SHIFT_M + v(0.21, 0.72),
        flesh,
    );
    surface("figure", SEATED_M, upright(&d, SEATED_M, 1.57), 1000)
}

fn attendant() -> Surface {
    let mut d = Drawing::default();
    let half = ATTENDANT_M.x * 0.5;
    d.rect(v(-half, 0.1), v(half, 1.42), Green);
    d.rect(v(-0.16, 0.1), v(0.16, 0.72), Cinnabar);
    for j in 0..7 {
        for i in -3..4 {
            let at = v(
                i as f32 * 0.055 + 0.027 * (j % 2) as f32,
                0.17 + 0.08 * j as f32,
            );
            d.place(
                &blossom([White, PaleBlue, Blue]),
                Pose::scaled(at, v(1.0, -1.0) * 0.034),
            );
        }
    }
    d.rule(&[v(-0.17, 0.135), v(0.17, 0.135)], Gold, 0.02);
    d.fill(
        path(
            "M-0.16 0.76 L0.16 0.76 C0.15 0.66 0.1 0.58 0.0 0.56 C-0.1 0.58 -0.15 0.66 -0.16 0.76",
        ),
        Straw,
    );
    d.line(
        &path("M-0.15 0.66 C-0.08 0.57 0.08 0.57 0.15 0.66"),
        Gold,
        0.014,
    );
    d.line(
        &path("M-0.22 0.6 C-0.12 0.46 0.12 0.46 0.22 0.6"),
        Blue,
        0.034,
    );
    d.rule(&[v(-0.13, 0.737), v(0.13, 0.737)], Gold, 0.03);
    d.fill(
        path("M-0.12 0.75 L0.12 0.75 L0.155 0.98 L0.16 1.04 L-0.16 1.04 L-0.155 0.98"),
        Ivory,
    );
    d.line(
        &path("M-0.11 1.02 C-0.07 0.92 0.07 0.92 0.11 1.02"),
        Gold,
        0.016,
    );
    d.line(
        &path("M-0.12 1.02 C-0.06 0.82 0.06 0.82 0.12 1.02"),
        Cinnabar,
        0.008,
    );
    d.disc(v(0.0, 0.93), 0.014, Blue);
    for k in [-1.0, 1.0] {
        d.stroke(
            &[v(0.11 * k, 1.04), v(0.165 * k, 0.98), v(0.205 * k, 0.76)],
            Ivory,
            |_| 0.1,
        );
        d.rule(&[v(0.16 * k, 0.9), v(0.22 * k, 0.9)], Gold, 0.014);
    }
    let [right_end, left_end] = forearm_ends().map(|p| p.truncate());
    d.stroke(&[v(-0.198, 0.735), right_end], Ivory, |t| 0.09 - 0.02 * t);
    d.stroke(&[v(0.202, 0.78), left_end], Ivory, |t| 0.095 - 0.04 * t);
    // Scarves slip over the shoulders and behind the arms.
    for k in [-1.0, 1.0] {
        let slip = through(
            &[
                v(0.09 * k, 1.06),
                v(0.14 * k, 1.015),
                v(0.18 * k, 0.95),
                v(0.2 * k, 0.87),
            ],
            8,
        );
        d.stroke(&slip, PaleGreen, |t| 0.05 * (1.0 - t * t));
        d.stroke(&slip, Green, |t| 0.04 * (1.0 - t * t) - 0.002);
    }
    d.rect(v(-0.06, 1.02), v(0.06, 1.1), Ivory);
    d.fill(ellipse(v(0.0, 1.155), v(0.1, 0.1)), Ivory);
    let head = v(0.0, 1.165);
    d.fill(path("M-0.14 -0.02 L-0.085 0.012 C-0.05 0.046 -0.02 0.042 0 0.042 C0.02 0.042 0.05 0.046 0.085 0.012 L0.14 -0.02 L0.14 0.26 L-0.14 0.26").iter().map(|p| head + *p).collect(), Black);
    d.rect(head + v(-0.1, 0.052), head + v(0.1, 0.078), Gold);
    for x in [-0.055, 0.0, 0.055] {
        d.disc(head + v(x, 0.075), 0.022, Gold);
        d.disc(
            head + v(x, 0.075),
            0.011,
            if x == 0.0 { Cinnabar } else { Green },
        );
    }
    features(&mut d, head, 0.66);
    let swayed = |d: Drawing| d.bent(|p| p + (p - statue::unswayed(p.extend(0.0)).truncate()));
    let mut all = Drawing::default();
    throne(&mut all, half, 0.12);
    for (d, shift_m) in [
        (d, Vec2::ZERO),
        (raised(), RAISED_SHIFT_M),
        (hanging(), HANGING_SHIFT_M),
    ] {
        all.place(&swayed(d), Pose::at(shift_m, 1.0));
    }
    surface(
        "attendant",
        ATTENDANT_M,
        upright(&all, ATTENDANT_M, 1.4),
        1100,
    )
}

fn surface(name: &'static str, size_m: Vec2, drawing: Drawing, seed: u32) -> Surface {
    Surface {
        name,
        size_m,
        drawing,
        ground: White,
        site,
        seed,
        tile_m: 0.0,
    }
}

fn site(p: Vec2) -> Site {
    // Faces were kept; laps and thrones gathered dust and lost their coat.
    let low = smoothstep(0.45, 1.2, p.y);
    Site {
        smoke: 0.14,
        flaking: 0.3 + 0.22 * low,
        loss: 0.02 + 0.24 * low,
        water: 0.0,
        dust: 0.08 + 0.22 * low,
        rub: 0.15 * low,
        fade: 0.0,
    }
}

/// Both kinds of figures.
pub(crate) fn surfaces() -> Vec<Surface> {
    vec![seated(), attendant()]
}

#[cfg(test)]
mod tests {
    use super::super::pigment::Pigment;

    #[test]
    fn the_gilded_skin_is_partly_metal() {
        let coat = Pigment::Gilt.coat();
        assert!(
            coat.gold > 0.2 && coat.gold < 1.0,
            "gilt skin shows some bole: {}",
            coat.gold
        );
    }
}
