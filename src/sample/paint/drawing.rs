//! Vector drawings: outlines filled with pigment, in metres, v downwards.
//!
//! Everything is a polygon: strokes are outlines too, so that their width can swell and
//! taper like a brush line. Drawings are values; motifs are placed into larger ones.

use super::pigment::Pigment;
use bevy::math::{Mat2, Vec2};

/// A filled outline.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    /// Closed contours; overlapping ones unite (non-zero winding).
    pub(crate) contours: Vec<Vec<Vec2>>,
    /// Colour.
    pub(crate) pigment: Pigment,
    /// 0..1.
    pub(crate) opacity: f32,
    /// Scratched by later hands, shown only today: depth in metres.
    pub(crate) scar_m: f32,
    /// Smallest and largest corner.
    pub(crate) bounds: (Vec2, Vec2),
}

/// A moving frame: scale, turn, then shift.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pose {
    /// Turn and scale.
    pub(crate) matrix: Mat2,
    /// Shift, metres.
    pub(crate) shift: Vec2,
}

impl Pose {
    /// Placed at a point with a uniform scale.
    pub(crate) fn at(shift: Vec2, scale: f32) -> Self {
        Self {
            matrix: Mat2::from_diagonal(Vec2::splat(scale)),
            shift,
        }
    }

    /// Placed at a point with scales of x and y; a negative scale mirrors.
    pub(crate) fn scaled(shift: Vec2, scale: Vec2) -> Self {
        Self {
            matrix: Mat2::from_diagonal(scale),
            shift,
        }
    }

    /// Placed and turned so that its +x points along the unit vector `along`.
    pub(crate) fn along(shift: Vec2, along: Vec2, scale: f32) -> Self {
        Self {
            matrix: Mat2::from_cols(along, along.perp()) * scale,
            shift,
        }
    }

    fn point(self, p: Vec2) -> Vec2 {
        self.matrix * p + self.shift
    }
}

/// Shapes from back to front.
#[derive(Debug, Clone, Default)]
pub(crate) struct Drawing {
    /// Back to front.
    pub(crate) shapes: Vec<Shape>,
}

fn bounds(contours: &[Vec<Vec2>]) -> (Vec2, Vec2) {
    contours.iter().flatten().fold(
        (Vec2::splat(f32::MAX), Vec2::splat(f32::MIN)),
        |(low, high), p| (low.min(*p), high.max(*p)),
    )
}

impl Drawing {
    /// Adds a filled outline.
    pub(crate) fn fill(&mut self, contour: Vec<Vec2>, pigment: Pigment) {
        self.glaze(contour, pigment, 1.0);
    }

    /// Adds a filled outline through which what lies below shows.
    pub(crate) fn glaze(&mut self, contour: Vec<Vec2>, pigment: Pigment, opacity: f32) {
        self.add(vec![contour], pigment, opacity, 0.0);
    }

    /// Adds a brush line along points; `width` gives the full width at 0..1 along it.
    pub(crate) fn stroke(&mut self, points: &[Vec2], pigment: Pigment, width: impl Fn(f32) -> f32) {
        self.add(brush(points, width), pigment, 1.0, 0.0);
    }

    /// Adds a brush line of thin colour; see [`Drawing::stroke`].
    pub(crate) fn wash(
        &mut self,
        points: &[Vec2],
        pigment: Pigment,
        opacity: f32,
        width: impl Fn(f32) -> f32,
    ) {
        self.add(brush(points, width), pigment, opacity, 0.0);
    }

    /// Adds one shape of several contours; those that turn the other way are holes.
    pub(crate) fn compound(&mut self, contours: Vec<Vec<Vec2>>, pigment: Pigment, opacity: f32) {
        self.add(contours, pigment, opacity, 0.0);
    }

    /// Adds a brush line that tapers at both ends, `width` at its middle.
    pub(crate) fn line(&mut self, points: &[Vec2], pigment: Pigment, width: f32) {
        self.stroke(points, pigment, |t| width * taper(t));
    }

    /// Adds a line of even width.
    pub(crate) fn rule(&mut self, points: &[Vec2], pigment: Pigment, width: f32) {
        self.stroke(points, pigment, |_| width);
    }

    /// Adds an axis-aligned rectangle.
    pub(crate) fn rect(&mut self, low: Vec2, high: Vec2, pigment: Pigment) {
        self.fill(rectangle(low, high), pigment);
    }

    /// Adds a disc.
    pub(crate) fn disc(&mut self, center: Vec2, radius: f32, pigment: Pigment) {
        self.fill(ellipse(center, Vec2::splat(radius)), pigment);
    }

    /// Adds a ring.
    pub(crate) fn ring(&mut self, center: Vec2, radius: f32, width: f32, pigment: Pigment) {
        let outer = ellipse(center, Vec2::splat(radius + width * 0.5));
        let mut inner = ellipse(center, Vec2::splat(radius - width * 0.5));
        inner.reverse();
        self.add(vec![outer, inner], pigment, 1.0, 0.0);
    }

    /// Adds a scratch of later hands.
    pub(crate) fn scratch(&mut self, points: &[Vec2], width: f32, depth_m: f32) {
        self.add(
            brush(points, |t| width * taper(t)),
            Pigment::Ivory,
            1.0,
            depth_m,
        );
    }

    fn add(&mut self, contours: Vec<Vec<Vec2>>, pigment: Pigment, opacity: f32, scar_m: f32) {
        let bounds = bounds(&contours);
        self.shapes.push(Shape {
            contours,
            pigment,
            opacity,
            scar_m,
            bounds,
        });
    }

    /// Adds a copy of another drawing.
    pub(crate) fn place(&mut self, other: &Drawing, pose: Pose) {
        self.place_with(other, pose, |pigment| pigment);
    }

    /// Adds a copy of another drawing in other colours.
    pub(crate) fn place_with(
        &mut self,
        other: &Drawing,
        pose: Pose,
        recolor: impl Fn(Pigment) -> Pigment,
    ) {
        for shape in &other.shapes {
            let contours: Vec<Vec<Vec2>> = shape
                .contours
                .iter()
                .map(|c| c.iter().map(|p| pose.point(*p)).collect())
                .collect();
            let bounds = bounds(&contours);
            let pigment = recolor(shape.pigment);
            self.shapes.push(Shape {
                contours,
                bounds,
                pigment,
                ..*shape
            });
        }
    }

    /// Cuts away what lies beyond a line: keeps points whose distance from `origin` along
    /// `inward` is positive.
    pub(crate) fn clipped(mut self, origin: Vec2, inward: Vec2) -> Self {
        for shape in &mut self.shapes {
            for contour in &mut shape.contours {
                *contour = clip(contour, origin, inward);
            }
            shape.contours.retain(|c| c.len() > 2);
            shape.bounds = bounds(&shape.contours);
        }
        self.shapes.retain(|s| !s.contours.is_empty());
        self
    }

    /// Bends every point, as for ribbons of ornament along a curve.
    pub(crate) fn bent(mut self, bend: impl Fn(Vec2) -> Vec2) -> Self {
        for shape in &mut self.shapes {
            for p in shape.contours.iter_mut().flatten() {
                *p = bend(*p);
            }
            shape.bounds = bounds(&shape.contours);
        }
        self
    }
}

/// Sutherland and Hodgman's clipping against one line.
fn clip(contour: &[Vec2], origin: Vec2, inward: Vec2) -> Vec<Vec2> {
    let mut out = Vec::with_capacity(contour.len());
    let Some(mut from) = contour.last().copied() else {
        return out;
    };
    let mut before = (from - origin).dot(inward);
    for to in contour {
        let after = (*to - origin).dot(inward);
        if (before < 0.0) != (after < 0.0) {
            out.push(from.lerp(*to, before / (before - after)));
        }
        if after >= 0.0 {
            out.push(*to);
        }
        (from, before) = (*to, after);
    }
    out
}

/// Zero at the ends, one in the middle, as a brush is set down and lifted.
pub(crate) fn taper(t: f32) -> f32 {
    let s = 1.0 - (2.0 * t - 1.0) * (2.0 * t - 1.0);
    0.12 + 0.88 * s.max(0.0).sqrt()
}

/// A rectangle's outline.
pub(crate) fn rectangle(low: Vec2, high: Vec2) -> Vec<Vec2> {
    vec![
        low,
        Vec2::new(high.x, low.y),
        high,
        Vec2::new(low.x, high.y),
    ]
}

/// An ellipse's outline.
pub(crate) fn ellipse(center: Vec2, radii: Vec2) -> Vec<Vec2> {
    let count = (16.0 + radii.max_element() * 90.0).min(160.0) as i32;
    (0..count)
        .map(|i| center + crate::sample::noise::direction(i as f32 / count as f32) * radii)
        .collect()
}

fn brush(points: &[Vec2], width: impl Fn(f32) -> f32) -> Vec<Vec<Vec2>> {
    let count = points.len();
    if count < 2 {
        return Vec::new();
    }
    let mut left = Vec::with_capacity(count * 2);
    let mut right = Vec::with_capacity(count);
    for (i, p) in points.iter().enumerate() {
        let before = points[i.saturating_sub(1)];
        let after = points[(i + 1).min(count - 1)];
        let along = (after - before).normalize_or(Vec2::X);
        let side = along.perp() * (width(i as f32 / (count - 1) as f32) * 0.5);
        left.push(*p + side);
        right.push(*p - side);
    }
    right.reverse();
    left.extend(right);
    vec![left]
}

/// Reads a path in the letters of SVG (absolute `M L Q C`, numbers apart by spaces or
/// commas) and flattens its curves. Several `M` make several pieces of one line; use
/// [`path`] where only one is meant.
pub(crate) fn paths(text: &str) -> Vec<Vec<Vec2>> {
    let mut out: Vec<Vec<Vec2>> = Vec::new();
    let mut numbers: Vec<f32> = Vec::new();
    let mut letter = ' ';
    let mut finish = |letter: char, numbers: &mut Vec<f32>| {
        let points: Vec<Vec2> = numbers
            .chunks_exact(2)
            .map(|c| Vec2::new(c[0], c[1]))
            .collect();
        numbers.clear();
        if letter == 'M' {
            out.push(points);
            return;
        }
        let Some(line) = out.last_mut() else { return };
        let Some(mut from) = line.last().copied() else {
            return;
        };
        let steps = 20;
        match letter {
            'L' => line.extend(points),
            'Q' => {
                for c in points.chunks_exact(2) {
                    for i in 1..=steps {
                        let t = i as f32 / steps as f32;
                        line.push(from.lerp(c[0], t).lerp(c[0].lerp(c[1], t), t));
                    }
                    from = c[1];
                }
            }
            'C' => {
                for c in points.chunks_exact(3) {
                    for i in 1..=steps {
                        let t = i as f32 / steps as f32;
                        let (a, b, d) =
                            (from.lerp(c[0], t), c[0].lerp(c[1], t), c[1].lerp(c[2], t));
                        line.push(a.lerp(b, t).lerp(b.lerp(d, t), t));
                    }
                    from = c[2];
                }
            }
            _ => {}
        }
    };
    for token in text.split([' ', ',']).filter(|t| !t.is_empty()) {
        let (head, tail) = match token.chars().next() {
            Some(c) if c.is_ascii_alphabetic() => (Some(c), &token[1..]),
            _ => (None, token),
        };
        if let Some(head) = head {
            finish(letter, &mut numbers);
            letter = head;
        }
        if let Ok(number) = tail.parse::<f32>() {
            numbers.push(number);
        }
    }
    finish(letter, &mut numbers);
    out
}

/// The first piece of [`paths`].
pub(crate) fn path(text: &str) -> Vec<Vec2> {
    paths(text).into_iter().next().unwrap_or_default()
}

/// A smooth curve through points (Catmull-Rom), `steps` pieces between two.
pub(crate) fn through(points: &[Vec2], steps: usize) -> Vec<Vec2> {
    let mut out = Vec::new();
    for i in 0..points.len().saturating_sub(1) {
        let at = |j: isize| {
            let k = (i as isize + j).clamp(0, points.len() as isize - 1);
            points[k as usize]
        };
        let (a, b, c, d) = (at(-1), at(0), at(1), at(2));
        for s in 0..steps {
            let t = s as f32 / steps as f32;
            let (t2, t3) = (t * t, t * t * t);
            out.push(
                (b * 2.0
                    + (c - a) * t
                    + (a * 2.0 - b * 5.0 + c * 4.0 - d) * t2
                    + (b * 3.0 - a - c * 3.0 + d) * t3)
                    * 0.5,
            );
        }
    }
    out.extend(points.last());
    out
}

/// Mirrors a curve that runs from top to bottom on the right of the axis x = 0 and closes
/// it into a symmetric outline.
pub(crate) fn mirrored(right: &[Vec2]) -> Vec<Vec2> {
    let mut out = right.to_vec();
    out.extend(right.iter().rev().map(|p| Vec2::new(-p.x, p.y)));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_read_and_flattened() {
        let line = path("M0 0 L1 0 Q2,0 2,1");
        assert_eq!(line[1], Vec2::X, "the straight piece ends at (1, 0)");
        assert_eq!(
            line.last(),
            Some(&Vec2::new(2.0, 1.0)),
            "the curve ends where it says"
        );
        assert_eq!(line.len(), 22, "one curve is twenty pieces");
    }
}
