//! Fills outlines with exact horizontal coverage and five lines a texel.

use super::drawing::Shape;
use bevy::math::Vec2;

/// A window onto a drawing: which metres, at how many texels.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    /// Upper left corner, metres.
    pub(crate) origin: Vec2,
    /// Size of a texel, metres.
    pub(crate) texel_m: Vec2,
    /// Texels.
    pub(crate) width: usize,
    /// Texels.
    pub(crate) height: usize,
}

impl Window {
    /// The middle of a texel, metres.
    pub(crate) fn point(&self, x: usize, y: usize) -> Vec2 {
        self.origin + Vec2::new(x as f32 + 0.5, y as f32 + 0.5) * self.texel_m
    }
}

const LINES: usize = 5;

/// Scratch memory of [`fill`], kept between shapes.
#[derive(Default)]
pub(crate) struct Filler {
    crossings: Vec<(u32, f32, i32)>,
    row: Vec<f32>,
}

impl Filler {
    /// Calls `paint(index of the texel, coverage 0..1)` for every texel that a shape touches.
    pub(crate) fn fill(
        &mut self,
        shape: &Shape,
        window: &Window,
        mut paint: impl FnMut(usize, f32),
    ) {
        let lines = (window.height * LINES) as f32;
        let to_line = LINES as f32 / window.texel_m.y;
        self.crossings.clear();
        for contour in &shape.contours {
            let Some(mut from) = contour.last().copied() else {
                continue;
            };
            for to in contour {
                self.edge(from, *to, window, lines, to_line);
                from = *to;
            }
        }
        self.crossings
            .sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        self.row.clear();
        self.row.resize(window.width + 1, 0.0);
        let mut i = 0;
        while i < self.crossings.len() {
            let y = self.crossings[i].0 as usize / LINES;
            let (mut low, mut high) = (window.width, 0);
            while i < self.crossings.len() && self.crossings[i].0 as usize / LINES == y {
                let line = self.crossings[i].0;
                let (mut winding, mut start) = (0, 0.0);
                while i < self.crossings.len() && self.crossings[i].0 == line {
                    let (_, x, turn) = self.crossings[i];
                    if winding == 0 {
                        start = x;
                    }
                    winding += turn;
                    if winding == 0 {
                        let (a, b) = span(&mut self.row, start, x, window.width);
                        low = low.min(a);
                        high = high.max(b);
                    }
                    i += 1;
                }
            }
            for x in low..high.min(window.width) {
                let coverage = self.row[x];
                self.row[x] = 0.0;
                if coverage > 0.0 {
                    paint(y * window.width + x, coverage.min(1.0));
                }
            }
        }
    }

    fn edge(&mut self, a: Vec2, b: Vec2, window: &Window, lines: f32, to_line: f32) {
        let (ya, yb) = (
            (a.y - window.origin.y) * to_line,
            (b.y - window.origin.y) * to_line,
        );
        let (xa, xb) = (
            (a.x - window.origin.x) / window.texel_m.x,
            (b.x - window.origin.x) / window.texel_m.x,
        );
        let (top, bottom, turn) = if ya < yb { (ya, yb, 1) } else { (yb, ya, -1) };
        let first = (top - 0.5).ceil().max(0.0);
        let last = (bottom - 0.5).ceil().min(lines);
        if first >= last {
            return;
        }
        let slope = (xb - xa) / (yb - ya);
        for line in first as u32..last as u32 {
            let x = xa + (line as f32 + 0.5 - ya) * slope;
            self.crossings.push((line, x, turn));
        }
    }
}

/// Adds one line's share of a span; returns the range of texels touched.
fn span(row: &mut [f32], from: f32, to: f32, width: usize) -> (usize, usize) {
    let (from, to) = (from.clamp(0.0, width as f32), to.clamp(0.0, width as f32));
    if to <= from {
        return (width, 0);
    }
    let share = 1.0 / LINES as f32;
    let (first, last) = (from as usize, to as usize);
    if first == last {
        row[first] += (to - from) * share;
    } else {
        row[first] += (first as f32 + 1.0 - from) * share;
        for x in &mut row[first + 1..last] {
            *x += share;
        }
        row[last] += (to - last as f32) * share;
    }
    (first, last + 1)
}

#[cfg(test)]
mod tests {
    use super::super::drawing::Drawing;
    use super::super::pigment::Pigment;
    use super::*;

    #[test]
    fn coverage_adds_up_to_the_area() {
        let mut drawing = Drawing::default();
        drawing.disc(Vec2::new(0.5, 0.5), 0.3, Pigment::Red);
        let window = Window {
            origin: Vec2::ZERO,
            texel_m: Vec2::splat(0.02),
            width: 50,
            height: 50,
        };
        let mut sum = 0.0;
        Filler::default().fill(&drawing.shapes[0], &window, |_, c| sum += c * 0.0004);
        assert!(
            (sum - 0.2827).abs() < 0.003,
            "a disc of radius 0.3 covers 0.2827, not {sum}"
        );
    }
}
