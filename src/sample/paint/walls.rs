//! The four walls of the main chamber; `surfaces` adds those of the way in.
//!
//! Registers from top to bottom: flying figures, honeysuckle, the thousand buddhas round a
//! preaching scene, a procession of donors, a painted curtain at the foot.

use super::antechamber;
use super::attendants::standing;
use super::bands::{WIDE, door, preaching, procession, registers, row, sky, thousand};
use super::corridor;
use super::drawing::{Drawing, Pose};
use super::figures::{DRESSES, Dress};
use super::finish::{Site, Surface};
use super::motifs::{
    blossom, cloud, flames, half_rosettes, honeysuckle, lotus, lozenges, pearls, ribbon, valance,
};
use super::pigment::Pigment::*;
use crate::sample::charts::{WALL_PICTURE_M, WALL_TOP_M};
use crate::sample::noise::{direction, fbm2, smoothstep, unit};
use crate::sample::shape::{CELL_DOOR, CORRIDOR_HALF_M, NICHE_HALF_M, NICHE_SPRING_M};
use bevy::math::Vec2;

fn v(x: f32, y: f32) -> Vec2 {
    Vec2::new(x, y)
}

/// The north wall (`side` 1) or the south wall (-1): a mirror in plan, not in painting.
fn long_wall(name: &'static str, side: f32, seed: u32) -> Surface {
    let mut d = Drawing::default();
    let north = side > 0.0;
    // West, where the altar is, lies left on the north wall and right on the south wall.
    let towards = -side;
    let (sky_ground, field) = if north {
        (DeepBlue, DeepRed)
    } else {
        (DeepRed, White)
    };
    registers(&mut d, towards, sky_ground, field, seed);
    let u = |z: f32| {
        if north {
            z + WIDE * 0.5
        } else {
            WIDE * 0.5 - z
        }
    };
    let (z0, z1, top) = CELL_DOOR;
    let (from, to) = (u(z0).min(u(z1)), u(z0).max(u(z1)));
    let middle = u(-0.85);
    let panel = (v(middle - 1.12, row(2.43)), v(middle + 1.12, row(1.02)));
    let doorway = (v(from - 0.14, row(top + 0.15)), v(to + 0.14, row(0.0)));
    let holes = [(panel.0 - 0.07, panel.1 + 0.07), doorway];
    thousand(
        &mut d,
        v(0.1, row(2.52)),
        v(WIDE - 0.1, row(0.94)),
        v(0.165, 0.1975),
        &holes,
        seed,
    );
    let dress = Dress {
        robe: Red,
        fold: DeepRed,
        lining: PaleGreen,
        aureole: [Green, DeepBlue, PaleBlue],
        halo: [Blue, Cinnabar],
    };
    let other = Dress {
        robe: DeepGreen,
        fold: Black,
        lining: Orange,
        aureole: [Cinnabar, Green, Straw],
        halo: [PaleBlue, Green],
    };
    preaching(
        &mut d,
        panel.0,
        panel.1,
        if north { &dress } else { &other },
        if north { Ivory } else { PaleBlue },
        seed,
    );
    let near = if north {
        (0.12, from - 0.2)
    } else {
        (to + 0.2, WIDE - 0.12)
    };
    let far = if north {
        (to + 0.2, WIDE - 0.12)
    } else {
        (0.12, from - 0.2)
    };
    procession(&mut d, near.0, near.1, row(0.8), row(0.43), towards, seed);
    procession(&mut d, far.0, far.1, row(0.8), row(0.43), towards, seed + 1);
    door(&mut d, from, to, top);
    Surface {
        name,
        size_m: WALL_PICTURE_M,
        drawing: d,
        ground: White,
        site: wall_site,
        seed,
        tile_m: 0.0,
    }
}

fn west_wall() -> Surface {
    let mut d = Drawing::default();
    let seed = 300;
    let middle = WIDE * 0.5;
    d.rect(v(0.0, 0.0), v(WIDE, WALL_PICTURE_M.y), Red);
    sky(
        &mut d,
        v(0.0, row(3.2)),
        v(middle, row(2.5)),
        DeepBlue,
        1.0,
        seed,
    );
    sky(
        &mut d,
        v(middle, row(3.2)),
        v(WIDE, row(2.5)),
        DeepBlue,
        -1.0,
        seed + 5,
    );
    d.place(
        &pearls(WIDE, 0.055, DeepRed),
        Pose::at(v(0.0, row(3.215)), 1.0),
    );
    d.rect(v(0.0, row(2.5)), v(WIDE, row(0.92)), DeepRed);
    thousand(
        &mut d,
        v(0.1, row(2.48)),
        v(1.14, row(0.94)),
        v(0.173, 0.1925),
        &[],
        seed,
    );
    thousand(
        &mut d,
        v(WIDE - 1.14, row(2.48)),
        v(WIDE - 0.1, row(0.94)),
        v(0.173, 0.1925),
        &[],
        seed + 1,
    );
    for side in [-1.0, 1.0] {
        let low = middle + side * 1.62 - 0.47;
        d.rect(v(low, row(2.48)), v(low + 0.94, row(0.8)), Ivory);
        for i in 0..16 {
            let at = v(
                low + 0.94 * unit(i, 0, 3, seed),
                row(2.4 - 1.5 * unit(i, 1, 3, seed)),
            );
            d.place(&blossom([White, PaleGreen, Green]), Pose::at(at, 0.06));
        }
        d.place(
            &standing(&DRESSES[if side > 0.0 { 0 } else { 5 }]),
            Pose::scaled(v(middle + side * 1.62, row(0.86)), v(-side, 1.0) * 1.48),
        );
        for x in [low, low + 0.94] {
            d.place(
                &half_rosettes(1.6, 0.08, DeepRed),
                Pose::along(v(x, row(2.48)), Vec2::Y, 1.0),
            );
        }
    }
    d.place(
        &lozenges(WIDE, 0.1, &[DeepRed, White, Green, Blue, Orange]),
        Pose::at(v(0.0, row(0.87)), 1.0),
    );
    d.rect(v(0.0, row(0.81)), v(WIDE, row(0.42)), Ivory);
    procession(&mut d, 0.1, 1.25, row(0.8), row(0.43), 1.0, seed + 2);
    procession(
        &mut d,
        WIDE - 1.25,
        WIDE - 0.1,
        row(0.8),
        row(0.43),
        -1.0,
        seed + 3,
    );
    d.place(&valance(WIDE, 0.3), Pose::at(v(0.0, row(0.4)), 1.0));
    d.rect(v(0.0, row(0.09)), v(WIDE, row(-0.1)), DeepRed);
    // The frame of the niche: flames outside, ornament inside, following the arch.
    let center = v(middle, row(NICHE_SPRING_M));
    let arch = |radius: f32, foot: f32| {
        let mut line = vec![v(center.x - radius, foot)];
        line.extend((0..=48).map(|i| {
            let p = direction(0.5 - i as f32 / 96.0);
            // A gentle point at the top, like a lotus petal.
            let lift = 1.0 + 0.06 * smoothstep(0.75, 1.0, p.y);
            center + v(p.x, -p.y * lift) * radius
        }));
        line.push(v(center.x + radius, foot));
        line
    };
    let mut fire = Drawing::default();
    fire.place(
        &flames(1.42, 1.72, 56, &[Brown, Cinnabar, Orange, Straw]),
        Pose::at(center, 1.0),
    );
    for shape in &mut fire.shapes {
        shape
            .contours
            .retain(|c| c.iter().all(|p| p.y < center.y + 0.05));
    }
    d.place(&fire, Pose::at(Vec2::ZERO, 1.0));
    let foot = row(0.7);
    for (radius, tone) in [
        (1.455, Brown),
        (1.445, White),
        (1.43, DeepGreen),
        (1.25, White),
        (1.238, Gold),
        (1.215, Red),
    ] {
        d.fill(arch(radius, foot), tone);
    }
    // Scrolls along the arch: a straight band, bent.
    let length = 1.34 * std::f32::consts::PI;
    let band = honeysuckle(length, 0.15, DeepGreen).bent(|p| {
        let turn = 0.5 - 0.5 * p.x / length;
        let out = direction(turn);
        center + v(out.x, -out.y * (1.0 + 0.06 * smoothstep(0.75, 1.0, out.y))) * (1.34 - p.y)
    });
    d.place(&band, Pose::at(Vec2::ZERO, 1.0));
    for side in [-1.0, 1.0] {
        let post = honeysuckle(foot - center.y, 0.15, DeepGreen);
        d.place(
            &post,
            Pose::along(v(center.x + side * 1.34, center.y), Vec2::Y, 1.0),
        );
        d.place(
            &lotus(
                &[
                    (10, 1.0, &[White, PaleBlue, Blue]),
                    (8, 0.62, &[White, Orange, Red]),
                ],
                &[Straw, Gold],
            ),
            Pose::at(v(center.x + side * 1.34, foot + 0.02), 0.12),
        );
    }
    d.fill(arch(NICHE_HALF_M, foot), Ochre);
    Surface {
        name: "wall_west",
        size_m: WALL_PICTURE_M,
        drawing: d,
        ground: White,
        site: wall_site,
        seed,
        tile_m: 0.0,
    }
}

fn east_wall() -> Surface {
    let mut d = Drawing::default();
    let seed = 400;
    let middle = WIDE * 0.5;
    registers(&mut d, 1.0, DeepGreen, DeepRed, seed);
    let half = CORRIDOR_HALF_M;
    let doorway = (
        v(middle - half - 0.16, row(2.78)),
        v(middle + half + 0.16, row(0.0)),
    );
    let frame = (v(middle - 1.95, row(2.46)), v(middle + 1.95, row(0.98)));
    thousand(
        &mut d,
        v(0.1, row(2.52)),
        v(WIDE - 0.1, row(0.94)),
        v(0.165, 0.1975),
        &[doorway, frame],
        seed,
    );
    for side in [-1.0, 1.0] {
        // Guardian kings in the shape of tall figures with banners.
        let low = middle + side * 1.48 - 0.45;
        d.rect(v(low - 0.02, row(2.48)), v(low + 0.92, row(0.98)), White);
        d.rect(v(low, row(2.46)), v(low + 0.9, row(1.0)), PaleGreen);
        for i in 0..5 {
            let at = v(
                low + 0.15 + 0.6 * unit(i, 4, 0, seed),
                row(2.35 - 0.25 * i as f32),
            );
            d.place(
                &cloud([White, PaleBlue, Blue, DeepBlue], seed + i as u32),
                Pose::scaled(at, v(side, 1.0) * 0.16),
            );
        }
        d.place(
            &standing(&DRESSES[if side > 0.0 { 1 } else { 2 }]),
            Pose::scaled(v(middle + side * 1.48, row(1.03)), v(-side, 1.0) * 1.33),
        );
        ribbon(
            &mut d,
            &[
                v(low + 0.12, row(1.1)),
                v(low + 0.1, row(1.5)),
                v(low + 0.16, row(1.9)),
                v(low + 0.1, row(2.3)),
            ],
            0.05,
            [Cinnabar, Straw],
            3.0,
            0.2,
        );
    }
    procession(
        &mut d,
        0.1,
        middle - half - 0.25,
        row(0.8),
        row(0.43),
        1.0,
        seed,
    );
    procession(
        &mut d,
        middle + half + 0.25,
        WIDE - 0.1,
        row(0.8),
        row(0.43),
        -1.0,
        seed + 1,
    );
    door(&mut d, middle - half, middle + half, 2.6);
    Surface {
        name: "wall_east",
        size_m: WALL_PICTURE_M,
        drawing: d,
        ground: White,
        site: wall_site,
        seed,
        tile_m: 0.0,
    }
}

pub(crate) fn wall_site(p: Vec2) -> Site {
    let height = WALL_TOP_M - p.y;
    let edge = (p.x.min(WIDE - p.x) / 0.5).clamp(0.0, 1.0);
    let hands = smoothstep(0.5, 1.0, height) * smoothstep(1.7, 1.3, height);
    Site {
        smoke: 0.1 + 0.42 * smoothstep(1.9, 3.3, height) + 0.1 * (1.0 - edge),
        flaking: 0.36 + 0.28 * smoothstep(1.2, 0.2, height),
        loss: 0.24 + 0.3 * smoothstep(0.8, 0.0, height) + 0.12 * (1.0 - edge),
        water: 0.15 + 0.2 * smoothstep(1.5, 3.3, height) * fbm2(p * 0.4, 2, 44).max(0.0),
        dust: 0.16 + 0.25 * smoothstep(0.5, 0.0, height),
        rub: 0.5 * hands,
        fade: 0.0,
    }
}

/// One preaching scene by itself.
pub(crate) fn starter_panel(size_m: Vec2) -> Surface {
    let mut d = Drawing::default();
    let dress = Dress {
        robe: Red,
        fold: DeepRed,
        lining: PaleGreen,
        aureole: [Green, DeepBlue, PaleBlue],
        halo: [Blue, Cinnabar],
    };
    preaching(&mut d, v(0.08, 0.08), size_m - 0.08, &dress, Ivory, 7);
    let site = |_| Site {
        smoke: 0.1,
        flaking: 0.36,
        loss: 0.2,
        water: 0.1,
        dust: 0.1,
        rub: 0.1,
        fade: 0.0,
    };
    Surface {
        name: "panel",
        size_m,
        drawing: d,
        ground: White,
        site,
        seed: 70,
        tile_m: 0.0,
    }
}

/// All walls.
pub(crate) fn surfaces() -> Vec<Surface> {
    vec![
        long_wall("wall_north", 1.0, 100),
        long_wall("wall_south", -1.0, 200),
        west_wall(),
        east_wall(),
        corridor::surface(),
        antechamber::surface(),
    ]
}
