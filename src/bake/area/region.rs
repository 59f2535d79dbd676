//! What of a texture counts: all, a polygon, or the white of a mask.

use bevy::math::Vec2;

/// A longer side of a mask than this is thinned out, texels: a texel is then a thousandth of
/// the picture, finer than anybody points.
const MASK_SIDE_MAX: u32 = 1024;

/// A part of a texture.
#[derive(Debug, Clone, PartialEq)]
pub enum Region {
    /// All of it.
    Whole,
    /// Inside these corners, by the even-odd rule; (0, 0) is the top left.
    Polygon(Vec<Vec2>),
    /// The white of an image.
    Mask(Mask),
}

/// A black and white image.
#[derive(Debug, Clone, PartialEq)]
pub struct Mask {
    width: u32,
    height: u32,
    is_in: Vec<bool>,
    bounds: (Vec2, Vec2),
}

impl Mask {
    /// Of an image whose texels are RGBA, 8 bits each; white is in. `None` where the texels
    /// are fewer than the size says, or none is in.
    pub fn of_rgba(width: u32, height: u32, rgba: &[u8]) -> Option<Self> {
        if width == 0
            || height == 0
            || (rgba.len() as u64) < u64::from(width) * u64::from(height) * 4
        {
            return None;
        }
        let step = width.max(height).div_ceil(MASK_SIDE_MAX);
        let (small_width, small_height) = (width.div_ceil(step), height.div_ceil(step));
        let mut is_in = Vec::with_capacity(small_width as usize * small_height as usize);
        let mut low = Vec2::splat(f32::INFINITY);
        let mut high = Vec2::splat(f32::NEG_INFINITY);
        let size = Vec2::new(small_width as f32, small_height as f32);
        for y in 0..small_height {
            for x in 0..small_width {
                let at = (y * step) as usize * width as usize + (x * step) as usize;
                let white = rgba[at * 4] >= 128;
                is_in.push(white);
                if white {
                    let corner = Vec2::new(x as f32, y as f32);
                    low = low.min(corner / size);
                    high = high.max((corner + 1.0) / size);
                }
            }
        }
        low.is_finite().then_some(Self {
            width: small_width,
            height: small_height,
            is_in,
            bounds: (low, high),
        })
    }

    fn holds(&self, uv: Vec2) -> bool {
        let x = (uv.x * self.width as f32) as u32;
        let y = (uv.y * self.height as f32) as u32;
        let at =
            y.min(self.height - 1) as usize * self.width as usize + x.min(self.width - 1) as usize;
        self.is_in.get(at).copied().unwrap_or(false)
    }
}

impl Region {
    /// Whether a point of the texture is in; the texture repeats.
    pub fn holds(&self, uv: Vec2) -> bool {
        match self {
            Self::Whole => true,
            Self::Polygon(corners) => is_inside(corners, wrapped(uv)),
            Self::Mask(mask) => mask.holds(wrapped(uv)),
        }
    }

    /// Least and greatest coordinates of what is in.
    pub fn bounds(&self) -> (Vec2, Vec2) {
        match self {
            Self::Whole => (Vec2::ZERO, Vec2::ONE),
            Self::Polygon(corners) => corners.iter().fold(
                (Vec2::splat(f32::INFINITY), Vec2::splat(f32::NEG_INFINITY)),
                |(low, high), corner| (low.min(*corner), high.max(*corner)),
            ),
            Self::Mask(mask) => mask.bounds,
        }
    }

    /// False where nothing of a box of texture coordinates can be in.
    pub(super) fn may_meet(&self, low: Vec2, high: Vec2) -> bool {
        let is_unwrapped = low.cmpge(Vec2::ZERO).all() && high.cmple(Vec2::ONE).all();
        if !is_unwrapped {
            return true;
        }
        let (own_low, own_high) = self.bounds();
        low.cmple(own_high).all() && high.cmpge(own_low).all()
    }
}

/// Coordinates of the first tile; its far edge stays what it is.
fn wrapped(uv: Vec2) -> Vec2 {
    let wrap = |value: f32| {
        if (0.0..=1.0).contains(&value) {
            value
        } else {
            value - value.floor()
        }
    };
    Vec2::new(wrap(uv.x), wrap(uv.y))
}

/// Whether a point lies within an outline, by the even-odd rule.
pub(crate) fn is_inside(corners: &[Vec2], at: Vec2) -> bool {
    let mut is_in = false;
    for (index, a) in corners.iter().enumerate() {
        let b = corners[(index + 1) % corners.len()];
        if (a.y > at.y) != (b.y > at.y) && at.x < a.x + (b.x - a.x) * (at.y - a.y) / (b.y - a.y) {
            is_in = !is_in;
        }
    }
    is_in
}
