//! Small signs, drawn: no machine lacks the letters for them.

use bevy::{
    asset::RenderAssetUsages,
    prelude::*,
    render::render_resource::{Extent3d, TextureDimension, TextureFormat},
};

/// Texels of a side.
const SIDE: u32 = 96;
/// Half the width of a stroke, as a share of the side.
const STROKE: f32 = 0.062;

/// A sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sign {
    /// A chevron that points to +x, with a soft halo.
    Onward,
    /// A chevron that points up.
    Up,
    /// A chevron that points down.
    Down,
    /// Play.
    Play,
    /// Stop.
    Stop,
    /// Close, or wrong.
    Cross,
    /// Right.
    Check,
}

impl Sign {
    /// Distance from its strokes or its face, as a share of the side; x right, y down, the
    /// middle at (0, 0).
    fn distance(self, at: Vec2) -> f32 {
        let chevron = |tip: Vec2, a: Vec2, b: Vec2| stroke(at, tip, a).min(stroke(at, tip, b));
        match self {
            Self::Onward => chevron(
                Vec2::new(0.2, 0.0),
                Vec2::new(-0.14, 0.32),
                Vec2::new(-0.14, -0.32),
            ),
            Self::Up => chevron(
                Vec2::new(0.0, -0.16),
                Vec2::new(-0.3, 0.14),
                Vec2::new(0.3, 0.14),
            ),
            Self::Down => chevron(
                Vec2::new(0.0, 0.16),
                Vec2::new(-0.3, -0.14),
                Vec2::new(0.3, -0.14),
            ),
            Self::Play => {
                // Inside all three edges; rounded by the stroke.
                let edge = |a: Vec2, b: Vec2| (b - a).normalize_or_zero().perp_dot(at - a);
                let (a, b, c) = (
                    Vec2::new(-0.2, -0.28),
                    Vec2::new(0.3, 0.0),
                    Vec2::new(-0.2, 0.28),
                );
                -edge(a, b).min(edge(b, c)).min(edge(c, a))
            }
            Self::Stop => at.abs().max_element() - 0.22,
            Self::Cross => {
                let (a, b) = (Vec2::splat(0.26), Vec2::new(0.26, -0.26));
                stroke(at, a, -a).min(stroke(at, b, -b))
            }
            Self::Check => chevron(
                Vec2::new(-0.08, 0.24),
                Vec2::new(-0.3, 0.02),
                Vec2::new(0.32, -0.24),
            ),
        }
    }

    /// The sign, white in a clear picture.
    pub fn picture(self) -> Image {
        let mut rgba = Vec::with_capacity((SIDE * SIDE * 4) as usize);
        for y in 0..SIDE {
            for x in 0..SIDE {
                let at = (Vec2::new(x as f32, y as f32) + 0.5) / SIDE as f32 - 0.5;
                let off = self.distance(at);
                let alpha = ((STROKE - off) / 0.016).clamp(0.0, 1.0);
                let halo = match self {
                    Self::Onward => (1.0 - off / 0.17).clamp(0.0, 1.0) * 0.3,
                    _ => 0.0,
                };
                rgba.extend([255, 255, 255, (alpha.max(halo) * 255.0) as u8]);
            }
        }
        Image::new(
            Extent3d {
                width: SIDE,
                height: SIDE,
                depth_or_array_layers: 1,
            },
            TextureDimension::D2,
            rgba,
            TextureFormat::Rgba8UnormSrgb,
            RenderAssetUsages::RENDER_WORLD,
        )
    }
}

fn stroke(at: Vec2, a: Vec2, b: Vec2) -> f32 {
    let along = ((at - a).dot(b - a) / (b - a).length_squared()).clamp(0.0, 1.0);
    at.distance(a + (b - a) * along)
}

/// The signs that have been drawn.
#[derive(Resource, Default)]
pub struct Signs(std::collections::BTreeMap<Sign, Handle<Image>>);

impl Signs {
    /// The picture of a sign.
    pub fn get(&mut self, sign: Sign, images: &mut Assets<Image>) -> Handle<Image> {
        let drawn = self.0.entry(sign);
        drawn.or_insert_with(|| images.add(sign.picture())).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_inside_their_picture_and_differ() {
        let signs = [
            Sign::Onward,
            Sign::Up,
            Sign::Down,
            Sign::Play,
            Sign::Stop,
            Sign::Cross,
            Sign::Check,
        ];
        let mut seen = Vec::new();
        for sign in signs {
            let picture = sign.picture().data.unwrap_or_default();
            let alpha: Vec<u8> = picture.iter().skip(3).step_by(4).copied().collect();
            let side = SIDE as usize;
            let rim = (0..side).flat_map(|at| [at, at * side, (side - 1) * side + at]);
            assert!(
                rim.into_iter().all(|at| alpha[at] == 0),
                "{sign:?} touches no edge"
            );
            let full = alpha.iter().filter(|alpha| **alpha == 255).count();
            assert!(
                (300..5_000).contains(&full),
                "{sign:?} is drawn in {full} texels"
            );
            assert!(!seen.contains(&alpha), "{sign:?} is like no other");
            seen.push(alpha);
        }
    }
}
