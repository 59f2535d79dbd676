//! Picks the triangles of scans that can win a pixel of a picture.
//!
//! A scan seen whole has more triangles than the picture has pixels to show them: half face away, many
//! miss the middle of every pixel, and of the rest many are hidden. Here each is looked at with a
//! margin on the safe side, so that what is left out is what a rasterizer would have spent its time on
//! in vain: the picture is the same.
//!
//! - Facing away, or between the middles of pixels: U. Haar and S. Aaltonen, "GPU-Driven Rendering
//!   Pipelines" (SIGGRAPH 2015, Advances in Real-Time Rendering), and G. Wihlidal, "Optimizing the Graphics
//!   Pipeline with Compute" (GDC 2016).
//! - Hidden: a depth buffer of what was picked for the picture before, as N. Greene, M. Kass and G.
//!   Miller, "Hierarchical Z-Buffer Visibility" (SIGGRAPH 1993, section 3.3), drawn from where the
//!   eye is now: any part of a surface hides what is behind it, whichever part it is.
//!
//! Pixels: x to the right, y down, the middle of the first at (0.5, 0.5). Depths as Bevy has them:
//! 1 at the near plane, 0 infinitely far, and straight along the picture.

use crate::bake::model::{Indices, Primitive, Topology};
use bevy::math::{BVec4A, Mat4, UVec2, Vec2, Vec3, Vec4};
use rayon::{ThreadPool, ThreadPoolBuilder, prelude::*};
use std::{collections::HashMap, hash::Hash, ops::Range, sync::Arc};

/// Parts of fewer triangles are drawn as they are.
const LEAST_TRIANGLES: usize = 512;
/// How far off a corner may be where it is drawn, pixels. Rasterizers round it to a 256th of one
/// (Direct3D 11 functional specification, section 3.4.1; Mesa's llvmpipe, `FIXED_ORDER`), and work it
/// out in another order.
pub(super) const MARGIN_PX: f32 = 0.01;
/// A triangle that reaches over more pixels is drawn: there it is pixels that cost, not triangles.
const LARGEST_PX: u32 = 12;
/// Share by which depths may differ, worked out in another order.
const DEPTH_SHARE: f32 = 2e-5;

/// The triangles of a part, as the device has them.
#[derive(Debug)]
pub(in crate::render) struct Shape {
    positions: Vec<[f32; 3]>,
    corners: Corners,
    /// Of a triangle, square metres of the part's frame.
    mean_area_m2: f32,
}

#[derive(Debug)]
enum Corners {
    U16(Vec<[u16; 3]>),
    U32(Vec<[u32; 3]>),
}

impl Shape {
    /// None of what has few triangles, bends, or is no list of triangles. Off the main thread.
    pub(in crate::render) fn of(part: &Primitive) -> Option<Arc<Self>> {
        if part.topology != Topology::Triangles
            || !part.joints.is_empty()
            || !part.morphs.is_empty()
        {
            return None;
        }
        let corners = match part.indices.as_ref()? {
            Indices::U16(list) => Corners::U16(list.as_chunks().0.to_vec()),
            Indices::U32(list) => Corners::U32(list.as_chunks().0.to_vec()),
        };
        let mut shape = Self {
            positions: part.positions.clone(),
            corners,
            mean_area_m2: 0.0,
        };
        let count = shape.count();
        if count < LEAST_TRIANGLES {
            return None;
        }
        let area = match &shape.corners {
            Corners::U16(list) => shape.area_m2(list),
            Corners::U32(list) => shape.area_m2(list),
        };
        shape.mean_area_m2 = (area? / count as f64) as f32;
        Some(Arc::new(shape))
    }

    /// None where an index points at no vertex.
    fn area_m2<T: Copy + Into<u32>>(&self, list: &[[T; 3]]) -> Option<f64> {
        let mut sum = 0.0;
        for triangle in list {
            let at = |corner: usize| {
                let index = triangle[corner].into() as usize;
                self.positions.get(index).copied().map(Vec3::from_array)
            };
            let (a, b, c) = (at(0)?, at(1)?, at(2)?);
            sum += f64::from((b - a).cross(c - a).length()) / 2.0;
        }
        Some(sum)
    }

    /// Its triangles.
    pub(in crate::render) fn count(&self) -> usize {
        match &self.corners {
            Corners::U16(list) => list.len(),
            Corners::U32(list) => list.len(),
        }
    }

    /// Of a triangle on average, square metres of the part's frame.
    pub(in crate::render) fn mean_area_m2(&self) -> f32 {
        self.mean_area_m2
    }

    /// All indices, as the device takes them.
    pub(in crate::render) fn whole(&self) -> Vec<u8> {
        let mut bytes = match &self.corners {
            Corners::U16(list) => bytemuck::cast_slice(list).to_vec(),
            Corners::U32(list) => bytemuck::cast_slice(list).to_vec(),
        };
        pad(&mut bytes);
        bytes
    }
}

/// A buffer takes its bytes in fours.
fn pad(bytes: &mut Vec<u8>) {
    bytes.resize(bytes.len().next_multiple_of(4), 0);
}

/// A part in view.
pub(in crate::render) struct Placed<K> {
    pub(in crate::render) key: K,
    pub(in crate::render) shape: Arc<Shape>,
    pub(in crate::render) clip_from_part: Mat4,
    /// Both sides are drawn.
    pub(in crate::render) is_double_sided: bool,
    /// What is nearer than this depth is drawn: where it lies is not known to the margin there.
    pub(in crate::render) shown_from: f32,
}

/// What is to be drawn of a part.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::render) struct Picked<K> {
    pub(in crate::render) key: K,
    pub(in crate::render) triangles: u32,
    /// Indices in the order of the whole, of its type, to a multiple of four bytes.
    pub(in crate::render) bytes: Vec<u8>,
}

/// What is in view, and what is found of it.
pub(in crate::render) struct Work<K> {
    /// Of the picture, pixels.
    pub(in crate::render) size: UVec2,
    /// What is looked at.
    pub(in crate::render) parts: Vec<Placed<K>>,
    /// What is found; its memory is used again.
    pub(in crate::render) picked: Vec<Picked<K>>,
    /// What is drawn whole.
    pub(in crate::render) whole: Vec<(K, Arc<Shape>)>,
}

impl<K> Default for Work<K> {
    fn default() -> Self {
        Self {
            size: UVec2::ZERO,
            parts: Vec::new(),
            picked: Vec::new(),
            whole: Vec::new(),
        }
    }
}

impl<K> Work<K> {
    /// Keeps the memory of what was found.
    pub(in crate::render) fn clear(&mut self) {
        self.parts.clear();
        self.whole.clear();
    }
}

/// Looks at parts picture by picture.
pub(in crate::render) struct Picker<K> {
    /// Apart from those that read and decode: these may be busy for seconds.
    threads: ThreadPool,
    /// What each thread knows to hide something.
    depths: [Depth; THREADS],
    /// Where the vertices of the parts are: pixels, depth.
    places: Vec<Vec<Vec4>>,
    known: HashMap<K, Known>,
    seen: Vec<Seen>,
}

/// What is known of a part.
#[derive(Debug, Default)]
struct Known {
    /// What was picked for the picture before.
    before: Vec<u32>,
    /// Pictures in which it is drawn whole.
    rests: u32,
    is_here: bool,
}

/// Triangles of a part that are looked at in one go.
#[derive(Debug, Default)]
struct Seen {
    part: usize,
    range: Range<usize>,
    /// Those that may win a pixel.
    triangles: Vec<u32>,
}

/// Main thread and renderer wait for what is found: two are had anywhere.
const THREADS: usize = 2;
/// Triangles of a [`Seen`].
const AT_ONCE: usize = 4_096;
/// Vertices that are placed in one go.
const PLACED_AT_ONCE: usize = 8_192;
/// Where more than this share of a part is seen, drawing all of it takes no longer than looking:
/// walls around the eye.
const MUCH: f32 = 0.5;
/// So many pictures later it is looked at again.
const REST: u32 = 120;

impl<K: Copy + Default + Eq + Hash + Send + Sync> Picker<K> {
    /// None where no threads can be had.
    pub(in crate::render) fn new() -> Option<Self> {
        let threads = ThreadPoolBuilder::new()
            .num_threads(THREADS)
            .thread_name(|_| "what is seen".to_owned())
            .build();
        Some(Self {
            threads: threads.ok()?,
            depths: Default::default(),
            places: Vec::new(),
            known: HashMap::new(),
            seen: Vec::new(),
        })
    }

    /// Finds what a picture shows.
    pub(in crate::render) fn pick(&mut self, work: &mut Work<K>) {
        self.rest(work);
        let Work {
            size,
            parts,
            picked: out,
            ..
        } = work;
        let (size, parts) = (*size, &*parts);
        out.resize_with(parts.len(), Picked::default);
        if parts.is_empty() {
            return;
        }
        self.places.resize_with(parts.len(), Vec::new);
        let Self {
            threads,
            depths,
            places,
            known,
            seen,
        } = self;
        cut(parts, seen);
        threads.install(|| {
            let rows = places.par_iter_mut().zip(parts).map(|(places, part)| {
                place_all(&part.clip_from_part, size, &part.shape.positions, places)
            });
            let rows = rows.reduce(Rows::none, Rows::and);
            depths.par_iter_mut().enumerate().for_each(|(at, depth)| {
                depth.clear(size, rows);
                for (part, places) in parts.iter().zip(&*places) {
                    let Some(known) = known.get(&part.key) else {
                        continue;
                    };
                    let share = known.before.len().div_ceil(THREADS).max(1);
                    if let Some(own) = known.before.chunks(share).nth(at) {
                        depth.hide_behind(part, places, own);
                    }
                }
            });
            let depths = &*depths;
            seen.par_iter_mut().for_each(|seen| {
                let (part, places) = (&parts[seen.part], &places[seen.part]);
                match &part.shape.corners {
                    Corners::U16(list) => see(depths, list, places, part, seen),
                    Corners::U32(list) => see(depths, list, places, part, seen),
                }
            });
        });
        for (part, picked) in parts.iter().zip(&mut *out) {
            picked.key = part.key;
            picked.bytes.clear();
            picked.triangles = 0;
            known.entry(part.key).or_default().before.clear();
        }
        for seen in &*seen {
            let (part, picked) = (&parts[seen.part], &mut out[seen.part]);
            match &part.shape.corners {
                Corners::U16(list) => write(list, &seen.triangles, &mut picked.bytes),
                Corners::U32(list) => write(list, &seen.triangles, &mut picked.bytes),
            }
            picked.triangles += seen.triangles.len() as u32;
            let known = known.entry(part.key).or_default();
            known.before.extend_from_slice(&seen.triangles);
        }
        for (part, picked) in parts.iter().zip(&mut *out) {
            pad(&mut picked.bytes);
            if picked.triangles as f32 > part.shape.count() as f32 * MUCH {
                known.entry(part.key).or_default().rests = REST;
            }
        }
    }

    /// Sets aside what is drawn whole for a while, and forgets what left the view.
    fn rest(&mut self, work: &mut Work<K>) {
        let Work { parts, whole, .. } = work;
        for (key, _) in &*whole {
            if let Some(known) = self.known.get_mut(key) {
                known.is_here = true;
            }
        }
        parts.retain(|part| {
            let known = self.known.entry(part.key).or_default();
            known.is_here = true;
            let rests = known.rests > 0;
            if rests {
                whole.push((part.key, part.shape.clone()));
            }
            !rests
        });
        self.known.retain(|_, known| {
            let rests = known.rests > 0;
            known.rests = known.rests.saturating_sub(1);
            std::mem::take(&mut known.is_here) || rests
        });
    }
}

/// Which triangles are looked at in one go.
fn cut<K>(parts: &[Placed<K>], seen: &mut Vec<Seen>) {
    let mut count = 0;
    for (part, placed) in parts.iter().enumerate() {
        let end = placed.shape.count();
        for start in (0..end).step_by(AT_ONCE) {
            if count == seen.len() {
                seen.push(Seen::default());
            }
            seen[count].part = part;
            seen[count].range = start..end.min(start + AT_ONCE);
            count += 1;
        }
    }
    seen.truncate(count);
}

fn write<T: bytemuck::Pod>(list: &[[T; 3]], seen: &[u32], bytes: &mut Vec<u8>) {
    bytes.reserve(seen.len() * size_of::<[T; 3]>() + 4);
    for &triangle in seen {
        bytes.extend_from_slice(bytemuck::bytes_of(&list[triangle as usize]));
    }
}

/// The rows of a picture that something reaches.
#[derive(Debug, Clone, Copy)]
struct Rows {
    low: f32,
    high: f32,
}

impl Rows {
    fn none() -> Self {
        Self {
            low: f32::INFINITY,
            high: f32::NEG_INFINITY,
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            low: self.low.min(other.low),
            high: self.high.max(other.high),
        }
    }
}

fn place_all(
    clip_from_part: &Mat4,
    size: UVec2,
    positions: &[[f32; 3]],
    places: &mut Vec<Vec4>,
) -> Rows {
    places.resize(positions.len(), Vec4::ZERO);
    let pieces = positions.par_chunks(PLACED_AT_ONCE);
    let pieces = pieces.zip(places.par_chunks_mut(PLACED_AT_ONCE));
    pieces
        .map(|(positions, places)| place(clip_from_part, size.as_vec2() / 2.0, positions, places))
        .reduce(Rows::none, Rows::and)
}

/// Where vertices are in the picture. One before the near plane has no place: its x is no number,
/// and its depth is negative.
fn place(clip_from_part: &Mat4, half: Vec2, positions: &[[f32; 3]], places: &mut [Vec4]) -> Rows {
    let mut rows = Rows::none();
    for (&[x, y, z], place) in positions.iter().zip(places) {
        let clip = *clip_from_part * Vec4::new(x, y, z, 1.0);
        *place = if clip.z <= clip.w && clip.w > 0.0 {
            let share = 1.0 / clip.w;
            let x = half.x + clip.x * share * half.x;
            let y = half.y - clip.y * share * half.y;
            rows.low = rows.low.min(y);
            rows.high = rows.high.max(y);
            Vec4::new(x, y, clip.z * share, 0.0)
        } else {
            Vec4::new(f32::NAN, f32::NAN, -1.0, 0.0)
        };
    }
    rows
}

/// Where a triangle may win a pixel.
enum Reach {
    /// Wherever it is.
    Anywhere,
    /// In these pixels.
    Here(Footprint),
}

struct Footprint {
    /// Columns, the last excluded.
    x: (u32, u32),
    /// Rows, the last excluded.
    y: (u32, u32),
    from: [Vec4; 3],
    /// From each corner to the next, so turned that what is inside is positive.
    along: [Vec4; 3],
    /// What the margin is worth along each side.
    margin: [f32; 3],
    /// Twice its area, pixels.
    area: f32,
    nearest: f32,
    farthest: f32,
    /// It faces away.
    is_turned: bool,
}

/// Pixels that are looked at together.
const LANES: u32 = 4;
const MIDDLES: Vec4 = Vec4::new(0.5, 1.5, 2.5, 3.5);

impl Footprint {
    /// How far inside a side the middles of pixels are from `x` on, times the side's length.
    #[inline]
    fn inside(&self, side: usize, x: u32, y: u32) -> Vec4 {
        let (from, along) = (self.from[side], self.along[side]);
        let x = MIDDLES + (x as i32 as f32 - from.x);
        x * along.y - along.x * (y as i32 as f32 + 0.5 - from.y)
    }

    /// Whose middles are inside by `margins` margins.
    #[inline]
    fn covers(&self, x: u32, y: u32, margins: f32) -> BVec4A {
        let side = |side: usize| {
            let margin = Vec4::splat(self.margin[side] * margins);
            self.inside(side, x, y).cmpge(margin)
        };
        side(0) & side(1) & side(2)
    }

    /// Whose middles a triangle without an inside may reach.
    #[inline]
    fn touches(&self, x: u32, y: u32) -> BVec4A {
        let side = |side: usize| {
            let margin = Vec4::splat(self.margin[side] + self.area);
            self.inside(side, x, y).abs().cmple(margin)
        };
        side(0) & side(1) & side(2)
    }

    /// Whether it may win one of its pixels.
    #[inline]
    fn is_seen(&self, depths: &[Depth; THREADS]) -> bool {
        let is_thin = self.is_thin();
        // Beyond its corners where the margin reaches out of it: by a quarter of what they are apart, as it
        // is not thin.
        let nearest = self.nearest + 0.5 * (self.nearest - self.farthest);
        let nearest = Vec4::splat(nearest * (1.0 + DEPTH_SHARE));
        for y in self.y.0..self.y.1 {
            for x in (self.x.0..self.x.1).step_by(LANES as usize) {
                let may_win = if is_thin {
                    self.touches(x, y)
                } else {
                    let known = depths[0].known(x, y).max(depths[1].known(x, y));
                    self.covers(x, y, -1.0) & known.cmple(nearest)
                };
                if may_win.any() {
                    return true;
                }
            }
        }
        false
    }

    /// Too thin to say which side of it is inside.
    #[inline]
    fn is_thin(&self) -> bool {
        self.area < 4.0 * (self.margin[0] + self.margin[1] + self.margin[2])
    }
}

/// The nearest surface that is known, pixel by pixel.
#[derive(Debug, Default)]
struct Depth {
    size: UVec2,
    /// Of a row, so that what is looked at together stays in it.
    stride: usize,
    nearest: Vec<f32>,
}

impl Depth {
    /// Nothing is known of these rows, and others are not looked at.
    fn clear(&mut self, size: UVec2, rows: Rows) {
        if size != self.size {
            self.size = size;
            self.stride = (size.x + LANES) as usize;
            self.nearest.clear();
            self.nearest.resize(self.stride * size.y as usize, 0.0);
        }
        // A row more on each side for the margin.
        let row = |at: f32| at.clamp(0.0, size.y as f32) as usize * self.stride;
        let (start, end) = (row(rows.low - 1.0), row(rows.high + 2.0));
        if let Some(rows) = self.nearest.get_mut(start..end) {
            rows.fill(0.0);
        }
    }

    /// In pixels from `x` on.
    #[inline]
    fn known(&self, x: u32, y: u32) -> Vec4 {
        let at = y as usize * self.stride + x as usize;
        Vec4::from_slice(&self.nearest[at..at + LANES as usize])
    }

    /// Where a triangle may win a pixel that [`Depth::are_nowhere`] does not know to win none.
    #[inline]
    fn reach<K>(&self, [a, b, c]: [Vec4; 3], part: &Placed<K>) -> Reach {
        let along = [b - a, c - b, a - c];
        // Twice the area; corners run against the clock where it faces the eye, and y runs down.
        let area = along[0].x * along[2].y - along[0].y * along[2].x;
        let low = a.min(b).min(c);
        let high = a.max(b).max(c);
        // Some of it is before the near plane, or nearly.
        if area.is_nan() || high.z > part.shown_from {
            return Reach::Anywhere;
        }
        let size = self.size.as_vec2();
        let first = |low: f32| (low + (0.5 - MARGIN_PX)).max(0.0) as i32 as u32;
        let end = |high: f32, size: f32| (high + (0.5 + MARGIN_PX)).min(size) as i32 as u32;
        let x = (first(low.x), end(high.x, size.x));
        let y = (first(low.y), end(high.y, size.y));
        if x.1 > x.0 + LARGEST_PX || y.1 > y.0 + LARGEST_PX {
            return Reach::Anywhere;
        }
        Reach::Here(Footprint {
            x,
            y,
            from: [a, b, c],
            along: along.map(|along| along * area.signum()),
            margin: along.map(|along| (along.x.abs() + along.y.abs()) * MARGIN_PX),
            area: area.abs(),
            nearest: high.z,
            farthest: low.z,
            is_turned: area < 0.0,
        })
    }

    /// Which of four triangles, whose first, second and third corners are the rows of these, certainly win no pixel: they face away, are outside of the picture, or
    /// between the middles of pixels.
    #[inline]
    fn are_nowhere<K>(&self, [a, b, c]: [Mat4; 3], part: &Placed<K>) -> BVec4A {
        let (ab_x, ab_y) = (b.x_axis - a.x_axis, b.y_axis - a.y_axis);
        let (bc_x, bc_y) = (c.x_axis - b.x_axis, c.y_axis - b.y_axis);
        let (ca_x, ca_y) = (a.x_axis - c.x_axis, a.y_axis - c.y_axis);
        let area = ab_x * ca_y - ab_y * ca_x;
        let around = ab_x.abs() + ab_y.abs() + bc_x.abs() + bc_y.abs() + ca_x.abs() + ca_y.abs();
        let low = |a: Vec4, b: Vec4, c: Vec4| a.min(b).min(c);
        let high = |a: Vec4, b: Vec4, c: Vec4| a.max(b).max(c);
        // A middle is half a pixel beyond a whole number.
        let misses = |a: Vec4, b: Vec4, c: Vec4, size: f32| {
            let first = low(a, b, c) + (0.5 - MARGIN_PX);
            let last = high(a, b, c) + (0.5 + MARGIN_PX);
            let is_between = last.floor().cmple(first.floor());
            is_between | last.cmplt(Vec4::ONE) | first.cmpge(Vec4::splat(size))
        };
        let size = self.size.as_vec2();
        let mut nowhere = misses(a.x_axis, b.x_axis, c.x_axis, size.x)
            | misses(a.y_axis, b.y_axis, c.y_axis, size.y);
        if !part.is_double_sided {
            nowhere |= area.cmplt(around * -MARGIN_PX);
        }
        let nearest = high(a.z_axis, b.z_axis, c.z_axis);
        let is_known = area.cmpeq(area) & nearest.cmple(Vec4::splat(part.shown_from));
        // All of it is before the near plane.
        nowhere & is_known | nearest.cmplt(Vec4::ZERO)
    }

    /// Draws what certainly covers the middle of a pixel, as far as its farthest corner.
    fn hide_behind<K>(&mut self, part: &Placed<K>, places: &[Vec4], which: &[u32]) {
        match &part.shape.corners {
            Corners::U16(list) => self.hide(list, part, places, which),
            Corners::U32(list) => self.hide(list, part, places, which),
        }
    }

    fn hide<T: Copy + Into<u32>, K>(
        &mut self,
        list: &[[T; 3]],
        part: &Placed<K>,
        places: &[Vec4],
        which: &[u32],
    ) {
        for &triangle in which {
            // Another mesh may have its number now.
            let Some(triangle) = list.get(triangle as usize) else {
                continue;
            };
            let at = |corner: usize| places[triangle[corner].into() as usize];
            let corners = [at(0), at(1), at(2)];
            let Reach::Here(foot) = self.reach(corners, part) else {
                continue;
            };
            // Picked before, it may face away now.
            if foot.is_thin() || foot.is_turned && !part.is_double_sided {
                continue;
            }
            let depth = Vec4::splat(foot.farthest * (1.0 - DEPTH_SHARE));
            for y in foot.y.0..foot.y.1 {
                let row = y as usize * self.stride;
                for x in (foot.x.0..foot.x.1).step_by(LANES as usize) {
                    let at = row + x as usize;
                    let pixels = &mut self.nearest[at..at + LANES as usize];
                    let known = Vec4::from_slice(pixels);
                    let nearer = known.max(depth);
                    Vec4::select(foot.covers(x, y, 1.0), nearer, known).write_to_slice(pixels);
                }
            }
        }
    }
}

/// Which triangles may win a pixel.
fn see<T: Copy + Into<u32>, K>(
    depths: &[Depth; THREADS],
    list: &[[T; 3]],
    places: &[Vec4],
    part: &Placed<K>,
    seen: &mut Seen,
) {
    seen.triangles.clear();
    let [depth, _] = depths;
    let mut first = seen.range.start as u32;
    for triangles in list[seen.range.clone()].chunks(4) {
        // Fewer than four at the end: the last once more.
        let last = triangles.len() - 1;
        let four = [0, 1, 2, 3].map(|triangle| triangles[last.min(triangle)]);
        let at = |triangle: [T; 3], corner: usize| places[triangle[corner].into() as usize];
        let rows = |corner: usize| {
            let [p, q, r, s] = four;
            let columns =
                Mat4::from_cols(at(p, corner), at(q, corner), at(r, corner), at(s, corner));
            columns.transpose()
        };
        let nowhere = depth
            .are_nowhere([rows(0), rows(1), rows(2)], part)
            .bitmask();
        for (place, triangle) in triangles.iter().enumerate() {
            if nowhere & 1 << place != 0 {
                continue;
            }
            let corners = [at(*triangle, 0), at(*triangle, 1), at(*triangle, 2)];
            let is_seen = match depth.reach(corners, part) {
                Reach::Anywhere => true,
                Reach::Here(foot) => foot.is_seen(depths),
            };
            if is_seen {
                seen.triangles.push(first + place as u32);
            }
        }
        first += 4;
    }
}

#[cfg(test)]
mod tests;
