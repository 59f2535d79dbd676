//! The soft outline of an area, as a picture to lay over it.

use super::Patch;
use bevy::math::{Vec2, ops};

/// Texels of the longer side.
const SIDE: u32 = 224;
/// Strength of the fill, where the line's is 1.
const FILL: f32 = 0.06;
/// Room around the area for the line's outer half, as a share of its longer side.
const MARGIN: f32 = 0.07;

/// How strongly each texel glows, 0 to 255, over a box of the texture.
#[derive(Debug, Clone, PartialEq)]
pub struct Glow {
    /// Texels.
    pub width: u32,
    /// Texels.
    pub height: u32,
    /// Row by row, the top first.
    pub alpha: Vec<u8>,
    /// The corner of the box with the least coordinates.
    pub low: Vec2,
    /// The corner with the greatest.
    pub high: Vec2,
}

impl Patch {
    /// A line along the edge of the area, as wide everywhere on the wall, over a faint fill.
    pub fn glow(&self) -> Glow {
        let (low, high) = self.region.bounds();
        let size_m = (high - low) * self.metres_per_uv;
        let longest_m = size_m.max_element().max(1e-4);
        let margin = Vec2::splat(MARGIN * longest_m) / self.metres_per_uv.max(Vec2::splat(1e-6));
        let (low, high) = (low - margin, high + margin);
        let size_m = (high - low) * self.metres_per_uv;
        let texel_m = size_m.max_element() / SIDE as f32;
        let side = |metres: f32| ((metres / texel_m).round() as u32).clamp(8, SIDE);
        let (width, height) = (side(size_m.x), side(size_m.y));
        let is_in: Vec<bool> = (0..width * height)
            .map(|at| {
                let texel = Vec2::new((at % width) as f32, (at / width) as f32) + 0.5;
                let uv = low + (high - low) * texel / Vec2::new(width as f32, height as f32);
                // Beyond the texture's edge nothing is meant.
                let is_on = uv.cmpge(Vec2::ZERO).all() && uv.cmple(Vec2::ONE).all();
                is_on && self.region.holds(uv)
            })
            .collect();
        let edge = distances(&is_in, width as usize, height as usize);
        // A line of 1 to 3 cm, as large areas are seen from farther away.
        let line_texels = (0.008 * longest_m).clamp(0.004, 0.016) / texel_m;
        let alpha = is_in.iter().zip(&edge).map(|(is_in, texels)| {
            let off = texels / line_texels.max(0.8);
            let line = ops::exp(-off * off) + 0.35 * ops::exp(-off * 0.35);
            let fill = if *is_in { FILL } else { 0.0 };
            // The halo fades to nothing within the margin.
            let end = if *is_in {
                1.0
            } else {
                (1.0 - texels / (MARGIN * SIDE as f32 * 0.8)).max(0.0)
            };
            ((line.min(1.0) * end).max(fill) * 255.0) as u8
        });
        Glow {
            alpha: alpha.collect(),
            width,
            height,
            low,
            high,
        }
    }
}

/// Distance of each texel from the nearest edge between inside and outside, texels, by two
/// passes of a chamfer (Borgefors 1986; within 8 % of the true distance).
fn distances(is_in: &[bool], width: usize, height: usize) -> Vec<f32> {
    const FAR: f32 = 1e6;
    let at = |x: usize, y: usize| y * width + x;
    let mut distance = vec![FAR; is_in.len()];
    for y in 0..height {
        for x in 0..width {
            let own = is_in[at(x, y)];
            let differs = (x + 1 < width && is_in[at(x + 1, y)] != own)
                || (x > 0 && is_in[at(x - 1, y)] != own)
                || (y + 1 < height && is_in[at(x, y + 1)] != own)
                || (y > 0 && is_in[at(x, y - 1)] != own);
            if differs {
                distance[at(x, y)] = 0.5;
            }
        }
    }
    const STRAIGHT: f32 = 1.0;
    const ASKEW: f32 = 4.0 / 3.0;
    let mut relax = |to: usize, from: usize, step: f32| {
        distance[to] = distance[to].min(distance[from] + step);
    };
    for y in 0..height {
        for x in 0..width {
            if x > 0 {
                relax(at(x, y), at(x - 1, y), STRAIGHT);
            }
            if y > 0 {
                relax(at(x, y), at(x, y - 1), STRAIGHT);
                if x > 0 {
                    relax(at(x, y), at(x - 1, y - 1), ASKEW);
                }
                if x + 1 < width {
                    relax(at(x, y), at(x + 1, y - 1), ASKEW);
                }
            }
        }
    }
    for y in (0..height).rev() {
        for x in (0..width).rev() {
            if x + 1 < width {
                relax(at(x, y), at(x + 1, y), STRAIGHT);
            }
            if y + 1 < height {
                relax(at(x, y), at(x, y + 1), STRAIGHT);
                if x > 0 {
                    relax(at(x, y), at(x - 1, y + 1), ASKEW);
                }
                if x + 1 < width {
                    relax(at(x, y), at(x + 1, y + 1), ASKEW);
                }
            }
        }
    }
    distance
}
