//! From drawing to texels: the fresh wall, and the wall after a thousand years of lamp
//! smoke, damp, falling plaster and visitors' hands.

use super::drawing::Drawing;
use super::pigment::Pigment;
use super::raster::{Filler, Window};
use super::tone::{encode, linear3};
use crate::sample::noise::{cells2, fbm2, smoothstep, unit, value2};
use bevy::math::{Vec2, Vec3};

/// Which picture of a wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layer {
    /// As the painters left it.
    Restored,
    /// As it is.
    Today,
}

/// What a place on a surface has suffered; each 0..1.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Site {
    /// Lamp smoke.
    pub(crate) smoke: f32,
    /// Paint that flaked off.
    pub(crate) flaking: f32,
    /// Plaster that fell.
    pub(crate) loss: f32,
    /// Water that ran down.
    pub(crate) water: f32,
    /// Dust and sand.
    pub(crate) dust: f32,
    /// Rubbed by hands and feet.
    pub(crate) rub: f32,
    /// Bleached by sun and scoured by blown sand.
    pub(crate) fade: f32,
}

/// A painted surface.
pub(crate) struct Surface {
    /// Names the files.
    pub(crate) name: &'static str,
    /// Size of the picture, metres.
    pub(crate) size_m: Vec2,
    /// What is painted.
    pub(crate) drawing: Drawing,
    /// The colour under everything.
    pub(crate) ground: Pigment,
    /// What happened where.
    pub(crate) site: fn(Vec2) -> Site,
    /// Moves the noise, so that no two walls wear alike.
    pub(crate) seed: u32,
    /// Joints of tiles: side in metres, 0 for none.
    pub(crate) tile_m: f32,
}

/// Texels of one window: sRGB colour, normal, occlusion-roughness-metallic.
#[derive(Debug, Clone, Default)]
pub(crate) struct Texels {
    /// sRGB.
    pub(crate) base: Vec<[u8; 3]>,
    /// OpenGL convention: green is up.
    pub(crate) normal: Vec<[u8; 3]>,
    /// Linear.
    pub(crate) orm: Vec<[u8; 3]>,
}

#[derive(Clone, Copy)]
struct Coated {
    color: [f32; 3],
    gold: f32,
    thick_m: f32,
    hold: f32,
    scar_m: f32,
}

struct Finished {
    color: Vec3,
    height_m: f32,
    occlusion: f32,
    roughness: f32,
    metallic: f32,
}

fn lay_coats(surface: &Surface, layer: Layer, window: &Window) -> Vec<Coated> {
    let tone = |p: Pigment| {
        let coat = p.coat();
        let srgb = if layer == Layer::Today {
            coat.aged
        } else {
            coat.fresh
        };
        (linear3(srgb), coat)
    };
    let (color, coat) = tone(surface.ground);
    let start = Coated {
        color,
        gold: 0.0,
        thick_m: 0.0,
        hold: coat.hold,
        scar_m: 0.0,
    };
    let mut coated = vec![start; window.width * window.height];
    let mut filler = Filler::default();
    let low = window.origin;
    let high = low + Vec2::new(window.width as f32, window.height as f32) * window.texel_m;
    for shape in &surface.drawing.shapes {
        let (a, b) = shape.bounds;
        if b.x < low.x || b.y < low.y || a.x > high.x || a.y > high.y {
            continue;
        }
        if shape.scar_m > 0.0 {
            if layer == Layer::Today {
                filler.fill(shape, window, |i, c| {
                    let texel = &mut coated[i];
                    texel.scar_m = texel.scar_m.max(shape.scar_m * c);
                });
            }
            continue;
        }
        let (color, coat) = tone(shape.pigment);
        filler.fill(shape, window, |i, c| {
            let texel = &mut coated[i];
            let c = c * shape.opacity;
            for (t, new) in texel.color.iter_mut().zip(color) {
                *t += (new - *t) * c;
            }
            texel.gold += (coat.gold - texel.gold) * c;
            texel.thick_m = (texel.thick_m * 0.8 + coat.thick_m) * c + texel.thick_m * (1.0 - c);
            texel.hold += (coat.hold - texel.hold) * c;
        });
    }
    coated
}

/// How much of a bit of straw lies at a point of bare clay, 0..1.
fn straw(p: Vec2, seed: u32) -> f32 {
    let q = p * 46.0;
    let f = q.floor();
    let mut best = 0.0_f32;
    for j in -1..=1 {
        for i in -1..=1 {
            let (x, y) = (f.x as i32 + i, f.y as i32 + j);
            let at = |k: i32| unit(x, y, k, seed);
            let middle = Vec2::new(x as f32 + at(0), y as f32 + at(1));
            let along = crate::sample::noise::direction(at(2));
            let d = q - middle;
            let reach = 0.35 + 0.5 * at(3);
            let t = d.dot(along).clamp(-reach, reach);
            let gap = (d - along * t).length();
            best = best.max(smoothstep(0.06, 0.015, gap) * (0.4 + 0.6 * at(4)));
        }
    }
    best
}

fn joints(surface: &Surface, p: Vec2) -> f32 {
    if surface.tile_m <= 0.0 {
        return 0.0;
    }
    let q = p / surface.tile_m;
    let wander = 0.0025 * value2(p * 40.0, 77);
    let d = Vec2::new((q.x - q.x.round()).abs(), (q.y - q.y.round()).abs()) * surface.tile_m;
    smoothstep(0.0065, 0.002, d.min_element() + wander)
}

fn clay_color(p: Vec2, seed: u32, medium: f32) -> Vec3 {
    let base = Vec3::new(0.36, 0.235, 0.135);
    let pale = Vec3::new(0.50, 0.36, 0.22);
    let stalk = Vec3::new(0.62, 0.47, 0.27);
    let body = base.lerp(pale, 0.5 + 0.5 * medium);
    body.lerp(stalk, 0.75 * straw(p, seed))
}

fn restored(surface: &Surface, coat: Coated, p: Vec2) -> Finished {
    let s = surface.seed;
    let broad = fbm2(p * 2.1, 3, s);
    let fine = fbm2(p * 45.0, 3, s + 1);
    let bristle = value2(Vec2::new(p.x * 60.0 + p.y * 15.0, p.y * 420.0), s + 2);
    let joint = joints(surface, p);
    let gold = coat.gold;
    let tone = 1.0 + 0.05 * broad + 0.055 * fine + 0.025 * bristle * (1.0 - gold);
    let mut color = Vec3::from_array(coat.color) * tone;
    color = color.lerp(Vec3::new(0.16, 0.12, 0.085), joint * 0.8);
    let plaster = 0.0011 * fbm2(p * 7.0, 2, s + 3) + 0.00022 * fine + 0.00005 * bristle;
    Finished {
        color,
        height_m: plaster + coat.thick_m * (1.0 - 0.2 * gold) - 0.003 * joint,
        occlusion: 1.0 - 0.5 * joint,
        roughness: 0.86 + 0.05 * fine - gold * (0.53 - 0.08 * broad),
        metallic: gold * 0.94,
    }
}

fn today(surface: &Surface, coat: Coated, p: Vec2) -> Finished {
    let s = surface.seed;
    let site = (surface.site)(p);
    let broad = fbm2(p * 0.9, 3, s + 10);
    let medium = fbm2(p * 4.7, 4, s + 11);
    let fine = fbm2(p * 34.0, 4, s + 12);
    let grain = value2(p * 330.0, s + 13);
    let joint = joints(surface, p);

    // Cracks run between plates; only some of them opened.
    let warp = Vec2::new(fbm2(p * 3.0, 2, s + 14), fbm2(p * 3.0, 2, s + 15)) * 0.22;
    let (near, far, plate) = cells2((p + warp * 0.6) * 0.95, s + 16);
    let opened = smoothstep(-0.05, 0.25, broad + 0.35 * plate - 0.12 + 0.2 * site.loss);
    let opened = opened * smoothstep(0.04, 0.14, site.loss);
    let crack = smoothstep(0.0048, 0.0012, far - near) * opened * smoothstep(0.012, 0.03, far);
    let (near, far, _) = cells2((p + warp * 0.3) * 21.0, s + 17);
    let craze = smoothstep(0.07, 0.02, far - near) * smoothstep(0.05, 0.4, medium + broad * 0.6);

    // Paint flakes where it holds badly, along cracks and where it was touched.
    let flake = 0.42 * medium
        + 0.5 * fine
        + 0.3 * broad
        + (0.55 - coat.hold) * 0.35
        + 0.5 * (site.flaking - 0.5)
        + 0.25 * site.rub
        + 0.3 * crack
        + 0.06 * craze;
    let bare = smoothstep(0.235, 0.275, flake);
    let deep = smoothstep(0.40, 0.45, flake);
    // Whole plates of plaster fall and leave a bevelled edge.
    let fallen_at = 0.75 * broad + 0.24 * medium + 0.035 * fine + 0.9 * (site.loss - 0.5);
    let fallen = smoothstep(0.205, 0.235, fallen_at);
    let rim = smoothstep(0.16, 0.205, fallen_at) * (1.0 - fallen);
    let scar = (coat.scar_m / 0.0015).min(1.0) * smoothstep(-0.35, 0.1, fine + 0.2);
    let bare = bare
        .max(scar * 0.8)
        .max(rim * 0.6 * smoothstep(-0.3, 0.2, fine));
    let clay = deep.max(fallen).max(scar * 0.5);

    let wear = smoothstep(-0.25, 0.5, medium * 0.6 + fine * 0.7 + 0.3 * site.rub - 0.1);
    let gold = coat.gold * (1.0 - 0.75 * wear) * (1.0 - clay);
    let bole = Vec3::new(0.27, 0.085, 0.05);
    let mut color =
        Vec3::from_array(coat.color) * (1.0 + 0.13 * fine + 0.12 * medium + 0.08 * grain);
    color = color.lerp(bole, coat.gold * wear * 0.8);
    // Where the binder went, the coat is thin and the ground shines through.
    let thin = smoothstep(-0.05, 0.75, 0.75 * medium + 0.55 * broad + 0.2 * fine);
    color = color.lerp(Vec3::new(0.52, 0.42, 0.29), 0.3 * thin * (1.0 - coat.gold));
    let lime = Vec3::new(0.56, 0.47, 0.335) * (1.0 + 0.1 * fine);
    let bleached = (site.fade * (1.0 + 0.5 * medium + 0.35 * fine)).clamp(0.0, 1.0);
    color = color.lerp(lime * 0.92, 0.82 * bleached);
    color = color.lerp(lime, bare * 0.92);
    if clay > 0.0 {
        color = color.lerp(clay_color(p, s + 18, medium), clay);
    }
    color *= 1.0 - 0.72 * crack - 0.22 * craze * (1.0 - clay);

    // Water ran from above: pale veils with brown edges.
    let run = fbm2(Vec2::new(p.x * 3.2 + 0.3 * warp.x, p.y * 0.35), 3, s + 19) + site.water - 0.72;
    let veil = smoothstep(0.0, 0.3, run);
    let tide = smoothstep(-0.05, 0.0, run) * smoothstep(0.07, 0.0, run);
    color = color.lerp(Vec3::new(0.46, 0.37, 0.26), 0.38 * veil);
    color *= Vec3::ONE - Vec3::new(0.22, 0.32, 0.42) * tide;

    let dust = (site.dust * (0.55 + 0.5 * medium + 0.3 * fine)).clamp(0.0, 1.0);
    color = color.lerp(Vec3::new(0.45, 0.345, 0.225), 0.1 + 0.55 * dust);
    let smoke = (site.smoke * (0.85 + 0.5 * broad + 0.25 * medium)).clamp(0.0, 1.0);
    color *= Vec3::ONE.lerp(Vec3::new(0.17, 0.135, 0.105), smoke * (1.0 - 0.55 * fallen));
    color = color.lerp(Vec3::new(0.10, 0.075, 0.05), joint * 0.85);

    let plaster = 0.0016 * fbm2(p * 6.0, 3, s + 20) + 0.0003 * fine + 0.00006 * grain;
    let height_m = plaster + coat.thick_m * (1.0 - bare.max(clay))
        - 0.0004 * bare
        - 0.0012 * deep
        - 0.0045 * fallen
        - 0.0016 * crack
        - 0.00025 * craze
        - coat.scar_m * scar
        - 0.003 * joint
        + clay * 0.0007 * straw(p, s + 18);
    Finished {
        color,
        height_m,
        occlusion: 1.0 - 0.55 * crack - 0.5 * joint - 0.2 * rim,
        roughness: 0.9 + 0.05 * fine - gold * 0.5 - 0.12 * smoke,
        metallic: gold * (1.0 - bare) * (1.0 - dust * 0.6) * 0.92,
    }
}

/// Paints one window of a surface.
pub(crate) fn paint(surface: &Surface, layer: Layer, window: &Window) -> Texels {
    // One texel more on every side, so that slopes at the rim are known.
    let wide = Window {
        origin: window.origin - window.texel_m,
        texel_m: window.texel_m,
        width: window.width + 2,
        height: window.height + 2,
    };
    let coated = lay_coats(surface, layer, &wide);
    let finished: Vec<Finished> = coated
        .iter()
        .enumerate()
        .map(|(i, coat)| {
            let p = wide.point(i % wide.width, i / wide.width);
            match layer {
                Layer::Restored => restored(surface, *coat, p),
                Layer::Today => today(surface, *coat, p),
            }
        })
        .collect();
    let mut out = Texels::default();
    for y in 0..window.height {
        for x in 0..window.width {
            let i = (y + 1) * wide.width + x + 1;
            let f = &finished[i];
            let across = finished[i + 1].height_m - finished[i - 1].height_m;
            let down = finished[i + wide.width].height_m - finished[i - wide.width].height_m;
            let slope = Vec2::new(across, -down) / (window.texel_m * 2.0);
            let n = Vec3::new(-slope.x, -slope.y, 1.0).normalize_or(Vec3::Z);
            let dither = unit(x as i32, y as i32, 5, surface.seed) - 0.5;
            out.base
                .push([f.color.x, f.color.y, f.color.z].map(|c| encode(c, dither)));
            out.normal.push(
                n.to_array()
                    .map(|c| (c * 127.5 + 128.0).clamp(0.0, 255.0) as u8),
            );
            out.orm.push(
                [f.occlusion, f.roughness, f.metallic]
                    .map(|c| (c * 255.0 + 0.5).clamp(0.0, 255.0) as u8),
            );
        }
    }
    out
}
