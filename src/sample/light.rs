//! Light that does not move, baked into vertices: ambient occlusion, daylight through the
//! mouth of the cave, and two groups of oil lamps, with soft shadows and several bounces.
//!
//! A coarse copy of the cave serves twice: its triangles stop rays, its vertices are the
//! points where light is gathered (radiosity after Goral et al. 1984, with form factors by
//! ray casting). Fine vertices take the light of the points around them that face their way,
//! but that of the sun, whose shadows have edges: that they look for themselves.
//!
//! Units. Occlusion: 0 to 1, rays of up to [`REACH_M`]. Daylight: 1 is what lies on open
//! level ground outside, before the eye's adaptation ([`adapted`]). Lamps: 1 is [`LAMP_LUX`] lux.

use super::glb::Part;
use super::noise::{hash, sin_cos_turns, smoothstep, unit};
use super::props::{Group, Lamp};
use super::rays::Rays;
use super::shape::soot;
use bevy::math::{IVec3, Vec2, Vec3};
use rayon::prelude::*;

/// Illuminance that a baked lamp value of 1 stands for, lux.
pub(crate) const LAMP_LUX: f32 = 40.0;
/// Luminous flux of one oil lamp, lumens.
pub(crate) const LAMP_LUMENS: f32 = 15.0;
/// Length of occlusion rays, metres.
const REACH_M: f32 = 1.0;
/// Share of light that plaster throws back.
const ALBEDO: f32 = 0.42;
/// Direction towards the morning sun.
const SUN: Vec3 = Vec3::new(0.263, 0.435, 0.861);
/// Radius of its disc, radians, somewhat widened by haze.
const SUN_RADIUS: f32 = 0.008;
/// Rays towards it.
const SUN_RAYS: u32 = 16;
/// Shares of sun and sky in the light on open level ground.
const SUN_SHARE: f32 = 0.62;
/// Plane just inside the mouth through which the sky is looked for from indoors.
const GATE_Z_M: f32 = 9.25;
/// Points further in than this see the sky through the gate only.
const INDOORS_Z_M: f32 = 8.5;
/// No hit; the rays that look for the sky count it.
const SKY: u32 = u32::MAX;
/// Neither lit nor counted.
const NOTHING: u32 = u32::MAX - 1;

/// How many rays are cast.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Effort {
    /// Rays a point over its hemisphere.
    pub(crate) hemisphere: u32,
    /// Rays a point towards the mouth.
    pub(crate) gate: u32,
    /// Shadow rays a point and lamp.
    pub(crate) lamp: u32,
}

/// Points that gather light, and the triangles between them.
struct Cloud {
    positions: Vec<Vec3>,
    normals: Vec<Vec3>,
    triangles: Vec<[u32; 3]>,
    rays: Rays,
}

/// What a point receives directly, and where its rays went.
struct Gathered {
    occlusion: f32,
    /// Daylight but for the sun's, lamps A, lamps B.
    direct: Vec3,
    sun: f32,
    hemisphere: Vec<u32>,
    gate: Vec<(u32, f32)>,
}

impl Cloud {
    fn new(parts: &[Part]) -> Self {
        let (mut positions, mut normals, mut triangles) = (Vec::new(), Vec::new(), Vec::new());
        for part in parts.iter().filter(|p| p.material != "flame") {
            let base = positions.len() as u32;
            positions.extend_from_slice(&part.positions);
            normals.extend_from_slice(&part.normals);
            triangles.extend(part.triangles.iter().map(|t| t.map(|i| i + base)));
        }
        let rays = Rays::new(&positions, &triangles);
        Self {
            positions,
            normals,
            triangles,
            rays,
        }
    }

    /// The point nearest to where a ray ends.
    fn end(&self, origin: Vec3, direction: Vec3) -> (u32, f32) {
        let Some(hit) = self.rays.first(origin, direction, 1e-3, 80.0) else {
            return (SKY, 80.0);
        };
        let corners = self.triangles[hit.triangle as usize];
        let weights = [
            1.0 - hit.weights.x - hit.weights.y,
            hit.weights.x,
            hit.weights.y,
        ];
        let best = (0..3).fold(0, |b, i| if weights[i] > weights[b] { i } else { b });
        let point = corners[best];
        // The back of a wall is met only through a flaw: no light comes from there.
        let faces = self.normals[point as usize].dot(direction) < 0.2;
        (if faces { point } else { NOTHING }, hit.distance_m)
    }

    fn gather(&self, i: usize, lamps: &[Lamp], effort: Effort) -> Gathered {
        let n = self.normals[i];
        let p = self.positions[i] + n * 0.018;
        let (t, b) = n.any_orthonormal_pair();
        let jitter = |k: i32| unit(i as i32, k, 0, 17);
        let (turn, shift) = (jitter(0), jitter(1));
        let is_indoors = p.z < INDOORS_Z_M;
        let mut out = Gathered {
            occlusion: 0.0,
            direct: Vec3::ZERO,
            sun: self.sun(p, n),
            hemisphere: Vec::with_capacity(effort.hemisphere as usize),
            gate: Vec::new(),
        };
        let share = 1.0 / effort.hemisphere as f32;
        for k in 0..effort.hemisphere {
            let u = (k as f32 + shift) * share;
            let v = radical_inverse(k) + turn;
            let (s, c) = sin_cos_turns(v);
            let r = u.sqrt();
            let d = (t * (r * c) + b * (r * s) + n * (1.0 - u).max(0.0).sqrt()).normalize_or(n);
            let (point, distance) = self.end(p, d);
            out.occlusion += share * smoothstep(0.0, REACH_M, distance.min(REACH_M)).sqrt();
            let through_gate = is_indoors && (p + d * distance).z > GATE_Z_M;
            out.hemisphere
                .push(if through_gate { NOTHING } else { point });
            if point == SKY && !is_indoors {
                out.direct.x += share * sky(d);
            }
        }
        if is_indoors {
            self.through_gate(p, n, i, effort.gate, &mut out);
        }
        for (l, lamp) in lamps.iter().enumerate() {
            let lux = self.lamp(p, n, lamp, effort.lamp, jitter(l as i32 + 2));
            match lamp.group {
                Group::A => out.direct.y += lux / LAMP_LUX,
                Group::B => out.direct.z += lux / LAMP_LUX,
            }
        }
        out
    }

    /// Sky and sunlit ground seen through the mouth: an area light of known shape.
    fn through_gate(&self, p: Vec3, n: Vec3, i: usize, count: u32, out: &mut Gathered) {
        let (low, high) = (Vec2::new(-1.35, 0.0), Vec2::new(1.35, 2.75));
        let area = (high.x - low.x) * (high.y - low.y) / count as f32;
        let (a, b) = (unit(i as i32, 40, 0, 17), unit(i as i32, 41, 0, 17));
        for k in 0..count {
            let u = ((k as f32 + a) / count as f32).fract();
            let v = (radical_inverse(k) + b).fract();
            let q = Vec3::new(
                low.x + (high.x - low.x) * u,
                low.y + (high.y - low.y) * v,
                GATE_Z_M,
            );
            let path = q - p;
            let r2 = path.length_squared();
            let d = path / r2.sqrt();
            let form = n.dot(d).max(0.0) * d.z.max(0.0) * area / (std::f32::consts::PI * r2);
            if form < 1e-7 {
                continue;
            }
            let (point, distance) = self.end(p, d);
            if distance * distance < r2 || point == NOTHING {
                continue;
            }
            if point == SKY {
                out.direct.x += form * sky(d);
            } else {
                out.gate.push((point, form));
            }
        }
    }

    /// Light of the sun on a place just above the surface.
    fn sun(&self, p: Vec3, n: Vec3) -> f32 {
        let facing = n.dot(SUN);
        if facing <= 0.0 || p.z < 2.0 {
            return 0.0;
        }
        let (a, b) = SUN.any_orthonormal_pair();
        let mut clear = 0.0;
        for k in 0..SUN_RAYS {
            // The same for all places: what is between light and shadow is smooth, not grainy.
            let (s, c) = sin_cos_turns(radical_inverse(k));
            let r = SUN_RADIUS * ((k as f32 + 0.5) / SUN_RAYS as f32).sqrt();
            let d = (SUN + (a * c + b * s) * r).normalize_or(SUN);
            if self.rays.is_clear(p, p + d * 40.0) {
                clear += 1.0;
            }
        }
        // On level ground the sun gives its share.
        clear / SUN_RAYS as f32 * facing / SUN.y * SUN_SHARE
    }

    fn lamp(&self, p: Vec3, n: Vec3, lamp: &Lamp, count: u32, shift: f32) -> f32 {
        let candela = LAMP_LUMENS / (4.0 * std::f32::consts::PI);
        let mut lux = 0.0;
        for k in 0..count {
            // A flame is a finger high and sways.
            let t = (k as f32 + shift) / count as f32;
            let (s, c) = sin_cos_turns(t * 2.4);
            let flame = lamp.flame + Vec3::new(0.008 * c, -0.012 + 0.035 * t, 0.008 * s);
            let path = flame - p;
            let r2 = path.length_squared().max(0.004);
            let facing = n.dot(path) / r2.sqrt();
            let strength = candela * facing / r2;
            if strength > 2e-4 && self.rays.is_clear(p, flame) {
                lux += strength / count as f32;
            }
        }
        lux
    }
}

/// Van der Corput's sequence.
fn radical_inverse(k: u32) -> f32 {
    (k.reverse_bits() >> 8) as f32 * (1.0 / 16_777_216.0)
}

/// Irradiance share of a patch of sky seen in a direction; brighter near the horizon.
fn sky(d: Vec3) -> f32 {
    if d.y < -0.02 {
        // The desert below the terrace.
        return 0.3;
    }
    (1.0 - SUN_SHARE) * (1.25 - 0.5 * d.y)
}

/// Daylight as an eye takes it that adapts on the way in. A picture has one exposure for
/// the lamp-lit chamber and the terrace, a thousand times brighter; here the difference is
/// drawn together, smoothly along the way, as painters do.
fn adapted(daylight: f32, z: f32) -> f32 {
    let way_in = 1.0 - 0.93 * smoothstep(2.0, 5.6, z);
    let outside = 1.0 - 0.9 * smoothstep(7.8, 10.4, z);
    daylight * way_in * outside * 20.0
}

/// Cells of a hash grid, sorted, to find the points around a place.
struct Grid {
    cell_m: f32,
    keys: Vec<(u32, u32)>,
}

impl Grid {
    fn new(positions: &[Vec3], cell_m: f32) -> Self {
        let mut keys: Vec<(u32, u32)> = positions
            .iter()
            .enumerate()
            .map(|(i, p)| (Self::key((*p / cell_m).floor().as_ivec3()), i as u32))
            .collect();
        keys.par_sort_unstable();
        Self { cell_m, keys }
    }

    fn key(c: IVec3) -> u32 {
        hash(c.x, c.y, c.z, 3)
    }

    /// Mean of `values` over the points near `p` that face along `n`.
    fn mean(&self, cloud: &Cloud, values: &[[f32; 4]], p: Vec3, n: Vec3) -> [f32; 4] {
        let base = (p / self.cell_m - 0.5).floor().as_ivec3();
        let (mut sum, mut total) = ([0.0; 4], 0.0);
        let (mut nearest, mut fallback) = (f32::MAX, [0.5, 0.0, 0.0, 0.0]);
        for o in 0..8 {
            let key = Self::key(base + IVec3::new(o & 1, o >> 1 & 1, o >> 2 & 1));
            let start = self.keys.partition_point(|k| k.0 < key);
            for (_, i) in self.keys[start..].iter().take_while(|k| k.0 == key) {
                let i = *i as usize;
                let d = cloud.positions[i] - p;
                let d2 = d.length_squared() / (self.cell_m * self.cell_m);
                if d2 > 1.0 {
                    continue;
                }
                let facing = n.dot(cloud.normals[i]);
                if d2 - facing < nearest {
                    (nearest, fallback) = (d2 - facing, values[i]);
                }
                let off_plane = (n.dot(d) / self.cell_m).abs();
                let fall = (1.0 - d2) * (1.0 - d2);
                let weight = fall * (facing - 0.3).max(0.0) * (1.0 - off_plane).max(0.02);
                for (s, v) in sum.iter_mut().zip(values[i]) {
                    *s += v * weight;
                }
                total += weight;
            }
        }
        if total > 1e-5 {
            sum.map(|s| s / total)
        } else {
            fallback
        }
    }
}

/// Bakes light into `parts`. `coarse` is a coarse copy of everything that stops light, with
/// points about `spacing_m` apart. `progress` is told 0 to 1.
pub(crate) fn bake(
    parts: &mut [Part],
    coarse: &[Part],
    spacing_m: f32,
    lamps: &[Lamp],
    effort: Effort,
    progress: &(dyn Fn(f32) + Sync),
) {
    let cloud = Cloud::new(coarse);
    progress(0.05);
    let count = cloud.positions.len();
    let chunk = count.div_ceil(16).max(1);
    let mut gathered: Vec<Gathered> = Vec::with_capacity(count);
    for start in (0..count).step_by(chunk) {
        let end = (start + chunk).min(count);
        gathered.par_extend(
            (start..end)
                .into_par_iter()
                .map(|i| cloud.gather(i, lamps, effort)),
        );
        progress(0.05 + 0.75 * end as f32 / count as f32);
    }
    let grid = Grid::new(&cloud.positions, spacing_m * 2.6);
    let smooth = |values: &[[f32; 4]]| -> Vec<[f32; 4]> {
        (0..count)
            .into_par_iter()
            .map(|i| grid.mean(&cloud, values, cloud.positions[i], cloud.normals[i]))
            .collect()
    };
    let with_sun = |g: &Gathered| g.direct + Vec3::new(g.sun, 0.0, 0.0);
    let mut total: Vec<Vec3> = gathered.iter().map(with_sun).collect();
    let mut bounced: Vec<[f32; 4]> = Vec::new();
    for _ in 0..4 {
        let raw: Vec<[f32; 4]> = gathered
            .par_iter()
            .map(|g| {
                let lit = |i: u32| total.get(i as usize).copied().unwrap_or(Vec3::ZERO);
                let near = g.hemisphere.iter().map(|i| lit(*i)).sum::<Vec3>()
                    / g.hemisphere.len().max(1) as f32;
                let far = g.gate.iter().map(|(i, form)| lit(*i) * *form).sum::<Vec3>();
                let e = (near + far) * ALBEDO;
                [g.occlusion, e.x, e.y, e.z]
            })
            .collect();
        bounced = smooth(&raw);
        total = gathered
            .iter()
            .zip(&bounced)
            .map(|(g, b)| with_sun(g) + Vec3::new(b[1], b[2], b[3]))
            .collect();
    }
    progress(0.88);
    let direct: Vec<[f32; 4]> = gathered
        .iter()
        .map(|g| [0.0, g.direct.x, g.direct.y, g.direct.z])
        .collect();
    // Indirect light was smoothed already; direct light keeps its edges but for one more
    // mean over the nearest points, when the fine vertices read it.
    let lit: Vec<[f32; 4]> = direct
        .iter()
        .zip(&bounced)
        .map(|(d, b)| [b[0], d[1] + b[1], d[2] + b[2], d[3] + b[3]])
        .collect();
    let fine = Grid::new(&cloud.positions, spacing_m * 1.9);
    for (k, part) in parts.iter_mut().enumerate() {
        part.light = part
            .positions
            .par_iter()
            .zip(&part.normals)
            .enumerate()
            .map(|(i, (p, n))| {
                let mut values = fine.mean(&cloud, &lit, *p, *n);
                // Above what the coarse copy makes of the surface.
                let sun = cloud.sun(*p + *n * (spacing_m * 0.7), *n);
                values[1] = adapted(values[1] + sun, p.z);
                let kept = 1.0 - soot(*p);
                for lit in &mut values[1..] {
                    *lit *= kept;
                }
                let mut out = [0; 4];
                for (c, (byte, value)) in out.iter_mut().zip(values).enumerate() {
                    // Rounding up or down by chance hides steps in the dark.
                    let dither = unit(i as i32, k as i32, c as i32, 23) - 0.5;
                    *byte = (value.clamp(0.0, 1.0).sqrt() * 255.0 + 0.5 + dither).clamp(0.0, 255.0)
                        as u8;
                }
                out
            })
            .collect();
    }
    progress(1.0);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plate(y: f32, half: f32, up: bool) -> Part {
        let mut part = Part::default();
        let count = 30;
        for j in 0..=count {
            for i in 0..=count {
                let at = |k: i32| (k as f32 / count as f32 * 2.0 - 1.0) * half;
                part.positions.push(Vec3::new(at(i), y, at(j)));
                part.normals.push(if up { Vec3::Y } else { Vec3::NEG_Y });
            }
        }
        for j in 0..count as u32 {
            for i in 0..count as u32 {
                let a = j * (count as u32 + 1) + i;
                let b = a + count as u32 + 1;
                part.triangles.extend([[a, b, a + 1], [a + 1, b, b + 1]]);
            }
        }
        part
    }

    #[test]
    fn a_plate_darkens_the_floor_below_it_and_stops_the_lamp() {
        let coarse = [plate(0.0, 2.0, true), plate(0.3, 0.5, true)];
        let mut fine = [plate(0.0, 2.0, true)];
        let lamp = Lamp {
            flame: Vec3::new(0.0, 1.5, 0.0),
            foot: Vec3::ZERO,
            group: Group::A,
        };
        let effort = Effort {
            hemisphere: 64,
            gate: 4,
            lamp: 4,
        };
        bake(&mut fine, &coarse, 0.13, &[lamp], effort, &|_| {});
        let at = |x: i32, z: i32| fine[0].light[((z + 15) * 31 + x + 15) as usize];
        assert!(
            at(0, 0)[0] < 225,
            "the floor under the plate is occluded: {:?}",
            at(0, 0)
        );
        assert!(
            at(13, 13)[0] > 240,
            "the open floor is not: {:?}",
            at(13, 13)
        );
        assert!(
            at(0, 0)[2] < 20,
            "the plate's shadow is dark: {:?}",
            at(0, 0)
        );
        let expected =
            (LAMP_LUMENS / 12.566 * 1.5 / (1.5_f32 * 1.5 + 1.2 * 1.2).powi(3).sqrt() / LAMP_LUX)
                .sqrt()
                * 255.0;
        let found = f32::from(at(9, 0)[2]);
        assert!(
            (found - expected).abs() < 6.0,
            "lamp light 1.2 m aside is {expected}, not {found}"
        );
        assert_eq!(at(9, 0)[3], 0, "no lamp of the other group is lit");
    }
    #[test]
    fn the_sun_casts_shadows_with_edges() {
        // Out on the terrace: further in there is no sun.
        let outside = |mut part: Part| {
            for p in &mut part.positions {
                p.z += 10.0;
            }
            part
        };
        let coarse = [plate(0.0, 2.0, true), plate(0.3, 0.5, true)].map(outside);
        let mut fine = [outside(plate(0.0, 2.0, true))];
        let effort = Effort {
            hemisphere: 64,
            gate: 4,
            lamp: 1,
        };
        bake(&mut fine, &coarse, 0.13, &[], effort, &|_| {});
        // The plate's shadow lies towards -X and -Z and ends at x = 0.37.
        let at = |x: i32| fine[0].light[((-4 + 15) * 31 + x + 15) as usize][1];
        let row: Vec<u8> = (-1..=5).map(at).collect();
        let (dark, lit) = (at(2), at(3));
        assert!(
            lit > dark + 40 && at(5).abs_diff(lit) < 12 && at(0).abs_diff(dark) < 12,
            "from shadow to sun between two neighbours: {row:?}"
        );
    }
}
