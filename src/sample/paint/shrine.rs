//! The niche with its aureole, the altar's steps, the floor's tiles.

use super::attendants::{apsara, standing};
use super::ceiling::quarter;
use super::drawing::{Drawing, Pose, Shape, ellipse, path, through};
use super::figures::DRESSES;
use super::finish::{Site, Surface};
use super::motifs::{blossom, cloud, flames, half_rosettes, honeysuckle, lotus, lozenges, petal};
use super::pigment::Pigment::{self, *};
use crate::sample::charts::{ALTAR_SIDE_M, FLOOR_SIDE_M, NICHE_SIDE_M};
use crate::sample::noise::{direction, smoothstep, unit};
use bevy::math::{Mat2, Vec2};

fn v(x: f32, y: f32) -> Vec2 {
    Vec2::new(x, y)
}

fn niche() -> Surface {
    let mut d = Drawing::default();
    let c = v(NICHE_SIDE_M * 0.5, NICHE_SIDE_M * 0.5);
    d.rect(Vec2::ZERO, Vec2::splat(NICHE_SIDE_M), DeepRed);
    for i in 0..70 {
        let a = direction(unit(i, 0, 0, 700)) * (1.0 + 0.9 * unit(i, 1, 0, 700));
        d.place(
            &blossom(
                [
                    [White, PaleGreen, Green],
                    [White, PaleBlue, Blue],
                    [White, Straw, Orange],
                ][(i % 3) as usize],
            ),
            Pose::at(c + a, 0.08),
        );
    }
    for side in [-1.0, 1.0] {
        d.place(
            &apsara(
                [Green, DeepGreen],
                [Blue, PaleBlue],
                [White, Orange, Cinnabar],
            ),
            Pose {
                matrix: Mat2::from_cols(v(-side, -0.75), v(-side * 0.5, 1.0)) * 0.46,
                shift: c + v(side * 1.02, -1.02),
            },
        );
        d.place(
            &standing(&DRESSES[if side > 0.0 { 3 } else { 2 }]),
            Pose::scaled(c + v(side * 1.3, 1.05), v(-side, 1.0) * 1.42),
        );
        for k in 0..3 {
            d.place(
                &cloud([White, PaleBlue, Blue, DeepBlue], 710 + k),
                Pose::scaled(
                    c + v(side * (0.75 + 0.35 * k as f32), -1.35 + 0.3 * k as f32),
                    v(-side, 1.0) * 0.24,
                ),
            );
        }
    }
    let body = c + v(0.0, 0.22);
    let mut fire = flames(0.98, 1.3, 44, &[Brown, Cinnabar, Orange, Straw]);
    fire = fire.bent(|p| v(p.x * 0.92, p.y * 1.08));
    d.place(&fire, Pose::at(body, 1.0));
    let oval = |s: f32| ellipse(body, v(0.92, 1.08) * s);
    for (s, tone) in [
        (1.0, Brown),
        (0.985, Gold),
        (0.965, DeepGreen),
        (0.82, White),
        (0.805, Cinnabar),
        (0.66, Gold),
        (0.645, DeepBlue),
        (0.5, White),
        (0.49, Orange),
        (0.36, Straw),
    ] {
        d.fill(oval(s), tone);
    }
    let around = |s: f32, long: f32, band: Drawing| {
        band.bent(move |p| {
            let a = direction(0.75 - p.x / long);
            body + v(a.x * 0.92, -a.y * 1.08) * (s - p.y)
        })
    };
    let long = std::f32::consts::TAU * 0.89;
    d.place(
        &around(0.89, long, honeysuckle(long, 0.13, DeepGreen)),
        Pose::at(Vec2::ZERO, 1.0),
    );
    let long = std::f32::consts::TAU * 0.73;
    d.place(
        &around(0.732, long, half_rosettes(long, 0.12, DeepRed)),
        Pose::at(Vec2::ZERO, 1.0),
    );
    for i in 0..48 {
        let a = direction(i as f32 / 48.0);
        let wave = through(
            &[0.51, 0.55, 0.6, 0.64].map(|s| {
                let sway = 0.012 * if s > 0.56 { 1.0 } else { -1.0 };
                body + v(a.x * 0.92, -a.y * 1.08) * s + v(-a.y, -a.x) * sway
            }),
            5,
        );
        d.line(&wave, if i % 2 == 0 { PaleBlue } else { White }, 0.022);
    }
    // The halo behind the head.
    let head = c + v(0.0, -0.42);
    d.place(
        &flames(0.44, 0.56, 34, &[Brown, Cinnabar, Straw]),
        Pose::at(head, 1.0),
    );
    for (r, tone) in [
        (0.45, Brown),
        (0.44, Gold),
        (0.43, DeepGreen),
        (0.34, White),
        (0.335, DeepBlue),
        (0.25, Gold),
        (0.24, Cinnabar),
        (0.18, PaleGreen),
    ] {
        d.disc(head, r, tone);
    }
    let long = std::f32::consts::TAU * 0.385;
    let ring = honeysuckle(long, 0.08, DeepGreen)
        .bent(|p| head + direction(0.75 - p.x / long) * (0.385 - p.y));
    d.place(&ring, Pose::at(Vec2::ZERO, 1.0));
    let rays = petal(&[White, PaleBlue, Blue], 0.32);
    for i in 0..24 {
        let a = direction(i as f32 / 24.0);
        d.place(&rays, Pose::along(head + a * 0.245, a, 0.088));
    }
    Surface {
        name: "niche",
        size_m: Vec2::splat(NICHE_SIDE_M),
        drawing: d,
        ground: White,
        site: niche_site,
        seed: 700,
        tile_m: 0.0,
    }
}

fn niche_site(p: Vec2) -> Site {
    let up = smoothstep(2.2, 0.4, p.y);
    Site {
        smoke: 0.16 + 0.5 * up,
        flaking: 0.36,
        loss: 0.16,
        water: 0.1,
        dust: 0.12,
        rub: 0.05,
        fade: 0.0,
    }
}

/// A row of panels with pointed arches, a jewel or a flower in each.
fn arcade(d: &mut Drawing, low: Vec2, high: Vec2, seed: u32) {
    d.rect(low, high, Red);
    let tall = high.y - low.y;
    let count = ((high.x - low.x) / (tall * 1.6)).round().max(1.0) as i32;
    let step = (high.x - low.x) / count as f32;
    for i in 0..count {
        let a = v(low.x + (i as f32 + 0.06) * step, low.y + tall * 0.1);
        let b = v(low.x + (i as f32 + 0.94) * step, high.y - tall * 0.1);
        d.rect(a, b, Gold);
        d.rect(
            a + 0.006,
            b - 0.006,
            if i % 2 == 0 { DeepGreen } else { DeepBlue },
        );
        let (w, h) = (b.x - a.x, b.y - a.y);
        let arch = path(
            "M0.06 0.95 L0.06 0.5 C0.08 0.3 0.2 0.36 0.26 0.24 C0.34 0.3 0.42 0.22 0.5 0.08 C0.58 0.22 0.66 0.3 0.74 0.24 C0.8 0.36 0.92 0.3 0.94 0.5 L0.94 0.95",
        );
        let outline = |s: f32| {
            arch.iter()
                .map(|p| a + (v(0.5, 0.6) + (*p - v(0.5, 0.6)) * s) * v(w, h))
                .collect::<Vec<_>>()
        };
        d.fill(outline(1.0), White);
        d.fill(outline(0.94), if i % 2 == 0 { Cinnabar } else { Ochre });
        let middle = a + v(w * 0.5, h * 0.66);
        if unit(i, 0, 0, seed) > 0.4 {
            d.place(
                &flames(h * 0.16, h * 0.36, 14, &[Brown, Orange, Straw]),
                Pose::at(middle, 1.0),
            );
            d.disc(middle, h * 0.16, PaleGreen);
            d.disc(middle, h * 0.09, Gold);
        } else {
            d.place(
                &lotus(
                    &[
                        (10, 1.0, &[White, PaleGreen, Green]),
                        (8, 0.6, &[White, Straw, Orange]),
                    ],
                    &[Straw, Gold],
                ),
                Pose::at(middle, h * 0.27),
            );
        }
    }
}

/// The faces of one side of the altar: two steps, each with petals, panels and petals.
fn steps(d: &mut Drawing, low: Vec2, width: f32, seed: u32) {
    let petals = |d: &mut Drawing, y: f32, tall: f32, up: f32| {
        d.rect(
            v(low.x, low.y + y),
            v(low.x + width, low.y + y + tall),
            Green,
        );
        let count = (width / (tall * 1.15)).round() as i32;
        let one = petal(&[White, Orange, Cinnabar, DeepRed], 0.72);
        for i in 0..count {
            let x = low.x + (i as f32 + 0.5) * width / count as f32;
            let root = if up > 0.0 { y + tall } else { y };
            d.place(
                &one,
                Pose::along(v(x, low.y + root), v(0.0, -up), tall * 1.02),
            );
        }
    };
    for top in [0.03, 0.4] {
        d.rect(
            v(low.x, low.y + top - 0.03),
            v(low.x + width, low.y + top + 0.02),
            Gold,
        );
        petals(d, top + 0.02, 0.07, 1.0);
        arcade(
            d,
            v(low.x, low.y + top + 0.09),
            v(low.x + width, low.y + top + 0.27),
            seed + (top * 10.0) as u32,
        );
        petals(d, top + 0.27, 0.07, -1.0);
        d.rect(
            v(low.x, low.y + top + 0.34),
            v(low.x + width, low.y + top + 0.38),
            DeepRed,
        );
    }
}

fn altar() -> Surface {
    let mut d = Drawing::default();
    d.rect(Vec2::ZERO, Vec2::splat(ALTAR_SIDE_M), Ochre);
    // The tops: painted as a carpet of lotus with a border that follows both steps.
    d.place(
        &lozenges(4.3, 0.1, &[DeepRed, White, Green, Blue, Orange]),
        Pose::at(v(0.0, 2.82), 1.0),
    );
    d.rect(v(0.0, 2.4), v(4.3, 2.76), Red);
    for i in 0..14 {
        let at = v(0.3 + 0.285 * i as f32, 2.62);
        d.place(
            &lotus(
                &[
                    (10, 1.0, &[White, PaleGreen, Green]),
                    (8, 0.62, &[White, Orange, Red]),
                ],
                &[Straw],
            ),
            Pose::at(at, 0.1),
        );
    }
    d.place(
        &lozenges(3.3, 0.08, &[DeepRed, White, Green, Blue, Orange]),
        Pose::at(v(0.5, 2.33), 1.0),
    );
    d.rect(v(0.5, 0.0), v(3.8, 2.28), Straw);
    for j in 0..7 {
        for i in 0..11 {
            if (i + j) % 2 == 1 {
                continue;
            }
            let at = v(0.66 + 0.3 * i as f32, 2.12 - 0.3 * j as f32);
            d.place(
                &lotus(
                    &[
                        (8, 1.0, &[White, PaleGreen, Green]),
                        (8, 0.6, &[White, Straw, Orange]),
                    ],
                    &[Straw],
                ),
                Pose::at(at, 0.11),
            );
        }
    }
    steps(&mut d, v(0.0, 2.96), 4.3, 800);
    steps(&mut d, v(0.0, 3.76), 2.15, 810);
    steps(&mut d, v(2.2, 3.76), 2.1, 820);
    Surface {
        name: "altar",
        size_m: Vec2::splat(ALTAR_SIDE_M),
        drawing: d,
        ground: White,
        site: altar_site,
        seed: 800,
        tile_m: 0.0,
    }
}

fn altar_site(p: Vec2) -> Site {
    let top = smoothstep(2.97, 2.9, p.y);
    Site {
        smoke: 0.14 + 0.1 * top,
        flaking: 0.5 + 0.1 * top,
        loss: 0.24 + 0.08 * top,
        water: 0.0,
        dust: 0.2 + 0.35 * top,
        rub: 0.35,
        fade: 0.0,
    }
}

fn floor() -> Surface {
    let mut d = Drawing::default();
    let side = 0.4;
    let count = (FLOOR_SIDE_M / side).round() as i32;
    let tones: [Pigment; 2] = [TileRelief, Tile];
    let flower = lotus(
        &[(8, 1.0, &[TileRelief, Tile, TileRelief]), (8, 0.55, &tones)],
        &tones,
    );
    let leaf = petal(&[TileRelief, Tile], 0.5);
    let mut tile = Drawing::default();
    for (i, (low, tone)) in [(0.02, TileRelief), (0.034, Tile)].into_iter().enumerate() {
        let _ = i;
        tile.rect(
            Vec2::splat(low - side * 0.5),
            Vec2::splat(side * 0.5 - low),
            tone,
        );
    }
    for shape in &flower.shapes {
        let pigment = if matches!(shape.pigment, TileRelief | Tile) {
            shape.pigment
        } else {
            Tile
        };
        tile.shapes.push(Shape {
            pigment,
            ..shape.clone()
        });
    }
    let mut scaled = Drawing::default();
    for shape in tile.shapes.iter().take(2) {
        scaled.shapes.push(shape.clone());
    }
    let mut head = Drawing::default();
    head.shapes.extend(tile.shapes.into_iter().skip(2));
    scaled.place(&head, Pose::at(Vec2::ZERO, 0.128));
    scaled.ring(Vec2::ZERO, 0.143, 0.008, TileRelief);
    for i in 0..4 {
        let corner = quarter(i) * v(0.152, 0.152);
        for k in 0..3 {
            let a = quarter(i) * direction(0.625 + (k as f32 - 1.0) * 0.09);
            scaled.place(&leaf, Pose::along(corner, a, 0.055));
        }
    }
    for j in 0..count {
        for i in 0..count {
            let at = (v(i as f32, j as f32) + 0.5) * side;
            let worn = unit(i, j, 3, 900) > 0.93;
            d.rect(at - side * 0.5, at + side * 0.5, Tile);
            if !worn {
                d.place(
                    &scaled,
                    Pose {
                        matrix: quarter((unit(i, j, 4, 900) * 3.99) as usize),
                        shift: at,
                    },
                );
            }
        }
    }
    Surface {
        name: "floor",
        size_m: Vec2::splat(FLOOR_SIDE_M),
        drawing: d,
        ground: Tile,
        site: floor_site,
        seed: 900,
        tile_m: side,
    }
}

fn floor_site(p: Vec2) -> Site {
    let q = (p - FLOOR_SIDE_M * 0.5).abs();
    let edge = smoothstep(0.75, 1.0, q.max_element() / (FLOOR_SIDE_M * 0.5));
    Site {
        smoke: 0.12,
        flaking: 0.18,
        loss: 0.2 + 0.06 * edge,
        water: 0.0,
        dust: 0.3 + 0.5 * edge,
        rub: 0.1,
        fade: 0.0,
    }
}

/// Niche, altar, floor.
pub(crate) fn surfaces() -> Vec<Surface> {
    vec![niche(), altar(), floor()]
}
