//! What a triangle covers of a picture, and what hides it.
//!
//! Pixels: x to the right, y down, the middle of the first at (0.5, 0.5). Depths as Bevy has them:
//! 1 at the near plane, 0 infinitely far, and straight along the picture.

use super::shape::{Corners, Shape};
use bevy::math::{BVec4A, Mat4, UVec2, Vec2, Vec4};
use rayon::prelude::*;
use std::{ops::Range, sync::Arc};

/// How far off a corner may be where it is drawn, pixels. Rasterizers round it to a 256th of one
/// (Direct3D 11 functional specification, section 3.4.1; Mesa's llvmpipe, `FIXED_ORDER`), and work it
/// out in another order.
pub(super) const MARGIN_PX: f32 = 0.01;
/// A triangle that reaches over more pixels is drawn: there it is pixels that cost, not triangles.
const LARGEST_PX: u32 = 12;
/// Share by which depths may differ, worked out in another order.
const DEPTH_SHARE: f32 = 2e-5;

/// Main thread and renderer wait for what is found: two are had anywhere.
pub(super) const THREADS: usize = 2;
/// Vertices that are placed in one go.
const PLACED_AT_ONCE: usize = 8_192;

/// A part in view.
pub(in crate::render::seen) struct Placed<K> {
    pub(in crate::render::seen) key: K,
    pub(in crate::render::seen) shape: Arc<Shape>,
    pub(in crate::render::seen) clip_from_part: Mat4,
    /// Both sides are drawn.
    pub(in crate::render::seen) is_double_sided: bool,
    /// What is nearer than this depth is drawn: where it lies is not known to the margin there.
    pub(in crate::render::seen) shown_from: f32,
}

/// The rows of a picture that something reaches.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rows {
    low: f32,
    high: f32,
}

impl Rows {
    pub(super) fn none() -> Self {
        Self {
            low: f32::INFINITY,
            high: f32::NEG_INFINITY,
        }
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self {
            low: self.low.min(other.low),
            high: self.high.max(other.high),
        }
    }
}

/// Where the vertices of a part are, and which rows they reach.
pub(super) fn place_all(
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
pub(super) struct Depth {
    size: UVec2,
    /// Of a row, so that what is looked at together stays in it.
    stride: usize,
    nearest: Vec<f32>,
}

impl Depth {
    /// Nothing is known of these rows, and others are not looked at.
    pub(super) fn clear(&mut self, size: UVec2, rows: Rows) {
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
        let end = |high: f32, size: f32| (high + (0.5 + MARGIN_PX)).clamp(0.0, size) as i32 as u32;
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

    /// Which of four triangles certainly win no pixel: they face away, are outside of the picture, or
    /// between the middles of pixels. `corners`: their first, second and third corners, a row each.
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
    pub(super) fn hide_behind<K>(&mut self, part: &Placed<K>, places: &[Vec4], which: &[u32]) {
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

/// Which triangles of `range` may win a pixel, into `seen`.
pub(super) fn see<K>(
    depths: &[Depth; THREADS],
    part: &Placed<K>,
    places: &[Vec4],
    range: Range<usize>,
    seen: &mut Vec<u32>,
) {
    match &part.shape.corners {
        Corners::U16(list) => see_of(depths, list, part, places, range, seen),
        Corners::U32(list) => see_of(depths, list, part, places, range, seen),
    }
}

fn see_of<T: Copy + Into<u32>, K>(
    depths: &[Depth; THREADS],
    list: &[[T; 3]],
    part: &Placed<K>,
    places: &[Vec4],
    range: Range<usize>,
    seen: &mut Vec<u32>,
) {
    seen.clear();
    let [depth, _] = depths;
    let mut first = range.start as u32;
    for triangles in list[range].chunks(4) {
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
                seen.push(first + place as u32);
            }
        }
        first += 4;
    }
}
