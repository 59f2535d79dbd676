//! The pen: strokes in a square from -1 to 1, and what it leaves on a tile.

use bevy::math::{Vec2, ops};
use core::f32::consts::{PI, TAU};

/// A pen's line, in a square from -1 to 1, Y up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Stroke {
    Line(Vec2, Vec2),
    /// Middle, radius, from this angle (0 right, counted to the left) over this one.
    Arc(Vec2, f32, f32, f32),
    /// A filled disc.
    Dot(Vec2, f32),
    /// A filled triangle, its corners counted to the left.
    Wedge([Vec2; 3]),
}

/// Half the pen's width.
const PEN: f32 = 0.055;
/// Corner radius of a tile, and its edge.
const CORNER: f32 = 0.28;
const EDGE: f32 = 0.97;
/// sRGB of the tile's ground and of the pen.
const GROUND: [f32; 3] = [26.0, 21.0, 16.0];
pub(super) const INK: [f32; 3] = [232.0, 196.0, 128.0];
/// Red as a recording light; nothing else is.
pub(super) const RED: [f32; 3] = [226.0, 58.0, 46.0];

impl Stroke {
    /// How far a point is from what the pen covers; negative inside.
    fn distance(&self, at: Vec2) -> f32 {
        match *self {
            Self::Line(a, b) => {
                let along =
                    ((at - a).dot(b - a) / (b - a).length_squared().max(1e-9)).clamp(0.0, 1.0);
                at.distance(a.lerp(b, along)) - PEN
            }
            Self::Arc(middle, radius, from, over) => {
                let to = at - middle;
                let angle = (ops::atan2(to.y, to.x) - from).rem_euclid(TAU);
                if angle <= over {
                    return (to.length() - radius).abs() - PEN;
                }
                let end = |angle: f32| {
                    let (sin, cos) = ops::sin_cos(angle);
                    at.distance(middle + Vec2::new(cos, sin) * radius)
                };
                end(from).min(end(from + over)) - PEN
            }
            Self::Dot(middle, radius) => at.distance(middle) - radius,
            // Outside of an edge is outside of all; corners need not be exact at a pen's width.
            Self::Wedge(corners) => (0..3)
                .map(|corner| {
                    let (a, b) = (corners[corner], corners[(corner + 1) % 3]);
                    let out = (b - a).perp().normalize_or_zero() * -1.0;
                    (at - a).dot(out)
                })
                .fold(f32::MIN, f32::max),
        }
    }
}

pub(super) fn p(x: f32, y: f32) -> Vec2 {
    Vec2::new(x, y)
}

pub(super) fn lines(points: &[(f32, f32)]) -> Vec<Stroke> {
    points
        .windows(2)
        .map(|pair| Stroke::Line(p(pair[0].0, pair[0].1), p(pair[1].0, pair[1].1)))
        .collect()
}

/// An arc with an arrow at its end.
pub(super) fn turning_arrow(radius: f32, from: f32, over: f32) -> Vec<Stroke> {
    let (sin, cos) = ops::sin_cos(from + over);
    let end = p(cos, sin) * radius;
    let along = p(-sin, cos);
    let out = p(cos, sin);
    vec![
        Stroke::Arc(Vec2::ZERO, radius, from, over),
        Stroke::Line(end, end - along * 0.2 + out * 0.2),
        Stroke::Line(end, end - along * 0.2 - out * 0.2),
    ]
}

/// A small person: head and shoulders at a height.
pub(super) fn person(x: f32, y: f32, size: f32) -> Vec<Stroke> {
    vec![
        Stroke::Dot(p(x, y + 0.34 * size), 0.17 * size),
        Stroke::Arc(p(x, y - 0.28 * size), 0.34 * size, 0.0, PI),
    ]
}

/// A tile of `side` pixels with these strokes in this color: RGBA, sRGB, rows from the top.
pub(super) fn paint(strokes: &[Stroke], pen: [f32; 3], side: u32) -> Vec<u8> {
    let pixel = 2.0 / side as f32;
    // A pixel's width of softness at each edge.
    let cover = |distance: f32| (0.5 - distance / pixel).clamp(0.0, 1.0);
    let mut texels = Vec::with_capacity((side * side * 4) as usize);
    for row in 0..side {
        for column in 0..side {
            let at = p(
                (column as f32 + 0.5) * pixel - 1.0,
                1.0 - (row as f32 + 0.5) * pixel,
            );
            let inset = (at.abs() - Vec2::splat(EDGE - CORNER)).max(Vec2::ZERO);
            let plate = cover(inset.length() - CORNER);
            let ink = strokes
                .iter()
                .map(|stroke| cover(stroke.distance(at)))
                .fold(0.0, f32::max);
            for (ground, ink_value) in GROUND.into_iter().zip(pen) {
                texels.push((ground + (ink_value - ground) * ink).round() as u8);
            }
            texels.push((plate * 245.0).round() as u8);
        }
    }
    texels
}
