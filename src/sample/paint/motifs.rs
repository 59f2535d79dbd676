//! Ornament: petals, lotus, vines, clouds, ribbons, pearls, valances, flames.

use super::drawing::{Drawing, Pose, ellipse, path, taper, through};
use super::pigment::Pigment::{self, *};
use crate::sample::noise::{Random, direction};
use bevy::math::Vec2;

fn v(x: f32, y: f32) -> Vec2 {
    Vec2::new(x, y)
}

/// A petal from the origin along +x, one unit long, in nested tones from the rim inwards.
pub(crate) fn petal(tones: &[Pigment], breadth: f32) -> Drawing {
    let mut d = Drawing::default();
    for (i, tone) in tones.iter().enumerate() {
        let s = 1.0 - i as f32 * 0.17;
        let w = breadth * (1.0 - i as f32 * 0.2);
        let half = path("M0 0 C0.2 0.32 0.55 0.56 0.78 0.42 C0.9 0.34 0.9 0.1 1 0");
        let mut outline: Vec<Vec2> = half.iter().map(|p| v(p.x * s, p.y * w)).collect();
        outline.extend(half.iter().rev().map(|p| v(p.x * s, -p.y * w)));
        d.fill(outline, *tone);
    }
    d.line(&[v(0.1, 0.0), v(0.62, 0.0)], Brown, 0.018);
    d
}

/// A lotus seen from above: rings of petals round a seed head, radius 1.
pub(crate) fn lotus(rings: &[(usize, f32, &[Pigment])], heart: &[Pigment]) -> Drawing {
    let mut d = Drawing::default();
    for (ring, (count, radius, tones)) in rings.iter().enumerate() {
        let breadth = 3.4 / *count as f32 * 1.9;
        let one = petal(tones, breadth);
        let behind = petal(&[DeepRed, tones[0]], breadth * 0.9);
        for i in 0..*count {
            let turn = (i as f32 + 0.5) / *count as f32 + ring as f32 * 0.5 / *count as f32;
            d.place(
                &behind,
                Pose::along(Vec2::ZERO, direction(turn), radius * 1.02),
            );
        }
        for i in 0..*count {
            let turn = i as f32 / *count as f32 + ring as f32 * 0.5 / *count as f32;
            d.place(&one, Pose::along(Vec2::ZERO, direction(turn), *radius));
        }
    }
    let inner = rings.last().map_or(0.4, |r| r.1) * 0.42;
    for (i, tone) in heart.iter().enumerate() {
        d.disc(Vec2::ZERO, inner * (1.0 - 0.2 * i as f32), *tone);
    }
    for i in 0..9 {
        let at = if i == 0 {
            Vec2::ZERO
        } else {
            direction(i as f32 / 8.0) * inner * 0.34
        };
        d.disc(at, inner * 0.075, Gold);
    }
    d
}

/// Half a palmette from the origin towards +y (down) and +x: five curling lobes.
pub(crate) fn palmette(tones: [Pigment; 3]) -> Drawing {
    let lobes = [
        "M0 0 C0.1 0.3 0.45 0.42 0.62 0.2 C0.72 0.02 0.52 -0.06 0.46 0.06 C0.4 0.2 0.2 0.12 0 0",
        "M0.06 0.1 C0.1 0.42 0.42 0.66 0.68 0.5 C0.8 0.38 0.66 0.26 0.56 0.34 C0.42 0.42 0.22 0.3 0.06 0.1",
        "M0.04 0.14 C0 0.5 0.18 0.86 0.46 0.82 C0.6 0.76 0.5 0.6 0.4 0.62 C0.26 0.62 0.16 0.4 0.04 0.14",
        "M0 0.12 C-0.14 0.44 -0.14 0.84 0.06 0.98 C0.2 1.0 0.2 0.84 0.12 0.8 C0.02 0.72 0.0 0.4 0 0.12",
    ];
    let mut d = Drawing::default();
    for (i, lobe) in lobes.iter().enumerate() {
        let outline = path(lobe);
        let middle = outline.iter().sum::<Vec2>() / outline.len() as f32;
        let shrink = |s: f32| {
            outline
                .iter()
                .map(|p| middle.lerp(*p, s))
                .collect::<Vec<_>>()
        };
        d.fill(outline.clone(), White);
        d.fill(shrink(0.88), tones[i % 2]);
        d.glaze(shrink(0.55), tones[2], 0.8);
    }
    d
}

/// A band of honeysuckle along +x: `length` by `height` metres, its middle on y = 0.
pub(crate) fn honeysuckle(length: f32, height: f32, ground: Pigment) -> Drawing {
    let mut d = Drawing::default();
    d.rect(v(0.0, -height * 0.5), v(length, height * 0.5), ground);
    let count = ((length / (height * 0.98)).round() as i32).max(2);
    let step = length / count as f32;
    let wave =
        |x: f32| height * 0.27 * crate::sample::noise::sin_cos_turns(x / step * 0.5 + 0.25).0;
    let stem: Vec<Vec2> = (0..=count * 10)
        .map(|i| i as f32 * step / 10.0)
        .map(|x| v(x, wave(x)))
        .collect();
    let leaves = [[Green, PaleGreen, PaleGreen], [Blue, PaleBlue, PaleBlue]];
    for i in 0..count {
        let x = (i as f32 + 0.12) * step;
        let up = if i % 2 == 0 { -1.0 } else { 1.0 };
        let leaf = palmette(leaves[(i % 2) as usize]);
        let size = height * 0.84;
        d.place(
            &leaf,
            Pose::scaled(
                v(x + step * 0.22, wave(x) + up * height * 0.22),
                v(size * 0.95, -up * size),
            ),
        );
        d.place(
            &leaf,
            Pose::scaled(
                v(x + step * 0.2, wave(x) + up * height * 0.2),
                v(-size * 0.5, -up * size * 0.62),
            ),
        );
    }
    d.rule(&stem, White, height * 0.07);
    d.rule(&stem, Ochre, height * 0.035);
    d
}

/// A band of pearls on a dark ground along +x.
pub(crate) fn pearls(length: f32, height: f32, ground: Pigment) -> Drawing {
    let mut d = Drawing::default();
    d.rect(v(0.0, -height * 0.5), v(length, height * 0.5), ground);
    let count = (length / (height * 1.05)).round().max(1.0) as i32;
    for i in 0..count {
        let at = v((i as f32 + 0.5) * length / count as f32, 0.0);
        d.disc(at, height * 0.36, White);
        d.ring(at, height * 0.27, height * 0.05, Grey);
        d.disc(at + v(-0.08, -0.08) * height, height * 0.1, White);
    }
    d
}

/// A band of nested lozenges and half lozenges along +x.
pub(crate) fn lozenges(length: f32, height: f32, tones: &[Pigment]) -> Drawing {
    let mut d = Drawing::default();
    d.rect(v(0.0, -height * 0.5), v(length, height * 0.5), tones[0]);
    let count = (length / (height * 1.7)).round().max(1.0) as i32;
    let step = length / count as f32;
    for i in 0..=count * 2 {
        let middle = v(
            i as f32 * step * 0.5,
            if i % 2 == 0 { 0.0 } else { height * 0.5 },
        );
        let shift = (i % 2) as usize;
        for (k, tone) in tones.iter().enumerate().skip(1) {
            let s = 1.0 - (k as f32 - 1.0) * 0.24;
            let (rx, ry) = (step * 0.5 * s, height * 0.5 * s);
            let tone = if shift == 1 {
                tones[1 + (k + 1) % (tones.len() - 1)]
            } else {
                *tone
            };
            let outline = |flip: f32| {
                vec![
                    middle - v(rx, 0.0),
                    middle + v(0.0, ry * flip),
                    middle + v(rx, 0.0),
                ]
            };
            let (low, high) = (0.0_f32.max(-middle.x), 0.0);
            if i == 0 || i == count * 2 {
                let side = if i == 0 { 1.0 } else { -1.0 };
                d.fill(
                    vec![
                        middle + v(low + high, -ry),
                        middle + v(rx * side, 0.0),
                        middle + v(0.0, ry),
                    ],
                    tone,
                );
                continue;
            }
            if shift == 0 {
                d.fill(outline(1.0), tone);
                d.fill(outline(-1.0), tone);
            } else {
                d.fill(outline(-1.0), tone);
                let above = v(middle.x, -height * 0.5);
                d.fill(
                    vec![above - v(rx, 0.0), above + v(0.0, ry), above + v(rx, 0.0)],
                    tone,
                );
            }
        }
    }
    d
}

/// A row of half rosettes, turn about from below and from above, along +x.
pub(crate) fn half_rosettes(length: f32, height: f32, ground: Pigment) -> Drawing {
    let mut d = Drawing::default();
    d.rect(v(0.0, -height * 0.5), v(length, height * 0.5), ground);
    let count = (length / (height * 1.25)).round().max(1.0) as i32;
    let step = length / count as f32;
    let schemes: [[Pigment; 4]; 2] = [
        [White, PaleBlue, Blue, DeepBlue],
        [White, PaleGreen, Green, DeepGreen],
    ];
    for i in 0..count {
        let up = if i % 2 == 0 { 1.0 } else { -1.0 };
        let at = v((i as f32 + 0.5) * step, up * height * 0.5);
        let tones = schemes[(i % 2) as usize];
        let one = petal(&tones, 0.62);
        for k in 0..5 {
            let along = direction(0.5 * (k as f32 + 0.5) / 5.0);
            d.place(
                &one,
                Pose::along(at, v(along.x, -along.y * up), height * 0.86),
            );
        }
        for (k, tone) in [Orange, Straw, Red, Gold].into_iter().enumerate() {
            let r = height * (0.4 - 0.1 * k as f32);
            let half: Vec<Vec2> = (0..=16)
                .map(|j| direction(0.5 * j as f32 / 16.0) * r)
                .map(|p| at + v(p.x, -p.y * up))
                .collect();
            d.fill(half, tone);
        }
    }
    d
}

/// A valance hanging from y = 0: pleated curtain, long triangles and tassels, along +x.
pub(crate) fn valance(length: f32, height: f32) -> Drawing {
    let mut d = Drawing::default();
    let count = (length / (height * 0.42)).round().max(2.0) as i32;
    let step = length / count as f32;
    let tones: [[Pigment; 3]; 4] = [
        [Green, PaleGreen, White],
        [Red, Orange, Straw],
        [Blue, PaleBlue, White],
        [Ochre, Straw, Ivory],
    ];
    let tongue = |x: f32, width: f32, long: f32, t: [Pigment; 3], d: &mut Drawing| {
        for (k, tone) in t.into_iter().enumerate() {
            let s = 1.0 - 0.26 * k as f32;
            let w = width * s;
            let outline = through(
                &[
                    v(x - w, 0.0),
                    v(x - w * 0.8, long * 0.45 * s),
                    v(x, long * s),
                ],
                6,
            )
            .into_iter()
            .chain(through(
                &[
                    v(x, long * s),
                    v(x + w * 0.8, long * 0.45 * s),
                    v(x + w, 0.0),
                ],
                6,
            ))
            .collect();
            d.fill(outline, tone);
        }
    };
    for i in 0..=count {
        tongue(
            i as f32 * step,
            step * 0.52,
            height * 0.74,
            tones[(i as usize + 2) % 4],
            &mut d,
        );
    }
    for i in 0..count {
        let x = (i as f32 + 0.5) * step;
        tongue(x, step * 0.5, height * 0.86, tones[i as usize % 4], &mut d);
        let tip = height * 0.86;
        d.disc(v(x, tip), step * 0.1, Gold);
        d.fill(
            vec![
                v(x, tip),
                v(x - step * 0.09, height),
                v(x + step * 0.09, height),
            ],
            Cinnabar,
        );
    }
    // Strings of pearls swing between the tips.
    for i in 0..count {
        let (a, b) = (i as f32 * step, (i as f32 + 1.0) * step);
        for k in 0..9 {
            let t = (k as f32 + 0.5) / 9.0;
            let sag = 4.0 * t * (1.0 - t);
            d.disc(
                v(a + (b - a) * t, height * (0.3 + 0.22 * sag)),
                step * 0.035,
                White,
            );
        }
    }
    d.rect(v(0.0, -height * 0.02), v(length, height * 0.22), Red);
    let pleats = count * 4;
    for i in 0..pleats {
        let x = (i as f32 + 0.5) * length / pleats as f32;
        let w = length / pleats as f32 * 0.42;
        d.fill(
            vec![
                v(x - w, 0.0),
                v(x + w, 0.0),
                v(x + w * 0.55, height * 0.21),
                v(x - w * 0.55, height * 0.21),
            ],
            if i % 2 == 0 { Cinnabar } else { Orange },
        );
        d.line(&[v(x, 0.0), v(x, height * 0.2)], DeepRed, w * 0.25);
    }
    d.rect(v(0.0, height * 0.19), v(length, height * 0.25), Gold);
    d.rule(
        &[v(0.0, height * 0.25), v(length, height * 0.25)],
        Brown,
        height * 0.012,
    );
    d
}

/// A ribbon that turns over as it flies: a brush line whose colour changes at each turn.
pub(crate) fn ribbon(
    d: &mut Drawing,
    points: &[Vec2],
    width: f32,
    sides: [Pigment; 2],
    turns: f32,
    phase: f32,
) {
    let line = through(points, 14);
    let last = line.len() - 1;
    let swing = |i: usize| {
        let t = i as f32 / last as f32;
        crate::sample::noise::sin_cos_turns(phase + turns * t * 0.5).0
    };
    let wide = |i: usize| {
        let t = i as f32 / last as f32;
        let s = swing(i).abs();
        width * (0.18 + 0.82 * s) * taper(0.06 + 0.94 * t)
    };
    let mut start = 0;
    while start < last {
        let side = swing(start + 1) > 0.0;
        let mut end = start + 1;
        while end < last && (swing(end) > 0.0) == side {
            end += 1;
        }
        let piece = &line[start..=end];
        let count = piece.len() - 1;
        let at = |t: f32| start + (t * count as f32).round() as usize;
        let (tone, rim) = if side {
            (sides[0], sides[1])
        } else {
            (sides[1], sides[0])
        };
        d.stroke(piece, Brown, |t| wide(at(t)) * 1.12 + width * 0.03);
        d.stroke(piece, tone, |t| wide(at(t)));
        let inner: Vec<Vec2> = piece
            .iter()
            .enumerate()
            .map(|(i, p)| {
                let q = line[(start + i + 1).min(last)] - line[(start + i).saturating_sub(1)];
                *p + q.normalize_or(Vec2::X).perp() * wide(start + i) * 0.24
            })
            .collect();
        d.stroke(&inner, rim, |t| wide(at(t)) * 0.22);
        start = end;
    }
}

/// A flying cloud: curled heads at +x, a tail that thins out towards -x; about one unit.
pub(crate) fn cloud(tones: [Pigment; 4], seed: u32) -> Drawing {
    let mut d = Drawing::default();
    let mut random = Random::new(seed);
    let tail = through(
        &[
            v(0.1, 0.05),
            v(-0.25, 0.1),
            v(-0.55, 0.0 + random.range(-0.05, 0.1)),
            v(-0.95, 0.06),
        ],
        10,
    );
    let heads: Vec<(Vec2, f32)> = (0..6)
        .map(|i| {
            let t = i as f32 / 5.0;
            let lift = [0.02, -0.13, -0.06, -0.17, -0.05, 0.04][i];
            (
                v(-0.2 + 0.58 * t, lift + random.range(-0.02, 0.02)),
                [0.1, 0.13, 0.12, 0.16, 0.13, 0.1][i],
            )
        })
        .collect();
    for (k, tone) in tones.into_iter().enumerate() {
        let s = 1.0 - 0.2 * k as f32;
        d.stroke(&tail, tone, |t| 0.16 * s * (1.0 - t) + 0.01);
        d.fill(ellipse(v(0.08, 0.05), v(0.34, 0.09) * s), tone);
        for (at, r) in &heads {
            d.disc(*at, r * s - 0.008 * k as f32, tone);
        }
    }
    for (i, (at, r)) in heads.iter().enumerate() {
        let hand = if i < 3 { 1.0 } else { -1.0 };
        let curl: Vec<Vec2> = (0..22)
            .map(|j| {
                let t = j as f32 / 21.0;
                let p = direction(0.25 + t * 1.35) * r * (0.78 - 0.62 * t);
                *at + v(p.x * hand, -p.y)
            })
            .collect();
        d.line(&curl, tones[0], 0.022);
        d.line(&curl, Brown, 0.009);
    }
    d
}

/// A falling flower: a small lotus seen from the side, one unit wide.
pub(crate) fn blossom(tones: [Pigment; 3]) -> Drawing {
    let mut d = Drawing::default();
    let one = petal(&tones, 0.55);
    for (turn, size) in [
        (0.02, 0.5),
        (0.48, 0.5),
        (0.1, 0.52),
        (0.4, 0.52),
        (0.18, 0.5),
        (0.32, 0.5),
        (0.25, 0.48),
    ] {
        let a = direction(turn);
        d.place(&one, Pose::along(Vec2::ZERO, v(a.x, -a.y), size));
    }
    d.fill(
        path("M-0.16 0 C-0.1 0.14 0.1 0.14 0.16 0 C0.08 -0.05 -0.08 -0.05 -0.16 0"),
        Green,
    );
    d.line(
        &path("M0 0.08 C0.02 0.2 -0.06 0.3 -0.14 0.36"),
        DeepGreen,
        0.035,
    );
    d
}

/// A ring of flames round the origin between two radii, licking outwards and upwards.
pub(crate) fn flames(inner: f32, outer: f32, count: usize, tones: &[Pigment]) -> Drawing {
    let mut d = Drawing::default();
    for (k, tone) in tones.iter().enumerate() {
        let s = 1.0 - k as f32 * 0.24;
        for i in 0..count {
            let turn = (i as f32 + 0.5) / count as f32;
            let out = direction(turn);
            let out = v(out.x, -out.y);
            let side = out.perp() * if out.x > 0.0 { -1.0 } else { 1.0 };
            let breadth = inner * 3.6 / count as f32 * s;
            let long = (outer - inner) * s * if i % 2 == 0 { 1.0 } else { 0.74 };
            let root = out * inner * 0.97;
            // Tips lean towards the top.
            let lean = v(0.0, -0.35) * long;
            let tip = root + out * long + lean + side * long * 0.15;
            let outline = through(
                &[
                    root - side * breadth,
                    root - side * breadth * 0.9 + out * long * 0.4,
                    root + out * long * 0.66 - side * breadth * 0.1 + lean * 0.5,
                    tip,
                    root + out * long * 0.5 + side * breadth * 0.75 + lean * 0.3,
                    root + side * breadth,
                ],
                6,
            );
            d.fill(outline, *tone);
        }
    }
    d
}
