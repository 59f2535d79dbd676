//! A head in a wall sees black, not the inside of the rock.
//!
//! The near plane stands at 5 cm (issue 3, §2), so the picture must be black before rock is
//! nearer to the eyes than that. Between the two distances lies hysteresis: a head that
//! trembles at the wall does not flicker. [`super::ScreenFade`] keeps the pace.

/// Rock this near to the middle of the eyes, metres, begins to darken the picture: nearest
/// eye at 32 mm beside the middle, 5 cm near plane, and a margin to fade in.
const BEGINS_M: f32 = 0.16;
/// Fully black from here on, metres.
const BLACK_M: f32 = 0.10;
/// Once black, the picture clears only when rock is farther than this, metres.
const CLEARS_M: f32 = 0.20;

/// How dark a wall makes the picture.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct HeadInWall {
    is_black: bool,
}

impl HeadInWall {
    /// How dark the picture should be, 0 to 1. `rock_m` is the distance from the middle of
    /// the eyes to the nearest rock, zero or less inside it; `None` when none is near.
    pub fn step(&mut self, rock_m: Option<f32>) -> f32 {
        let rock_m = rock_m.filter(|m| !m.is_nan()).unwrap_or(f32::INFINITY);
        let wanted = if self.is_black && rock_m < CLEARS_M {
            1.0
        } else {
            ((BEGINS_M - rock_m) / (BEGINS_M - BLACK_M)).clamp(0.0, 1.0)
        };
        self.is_black = wanted >= 1.0;
        wanted
    }
}
