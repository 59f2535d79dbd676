//! Heavenly kings who guard a door: armour of discs and lamellae, halo and flames, a lotus
//! under the boots. One unit from sole to crest, feet at the origin, looking towards +x.

use super::armour::{Armour, boot, pagoda, panel};
use super::drawing::{Drawing, Pose, ellipse, path, through};
use super::figures::lotus_seat;
use super::ink::{body, drape, fold, rosette};
use super::king_head::head;
use super::motifs::{flames, petal};
use super::pigment::Pigment::*;
use crate::sample::noise::direction;
use bevy::math::Vec2;

fn v(x: f32, y: f32) -> Vec2 {
    Vec2::new(x, y)
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
            (0.045, Ochre),
            (0.041, Straw),
            (0.033, look.cloth[2]),
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
