//! The light of a film's pictures, watched for flashes: what an author's cues cannot tell, such
//! as how much of the picture a lamp fills.

use crate::tour::comfort::{Flash, FlashMeter};
use std::time::Duration;

/// Parts of a picture that are looked at by themselves, across and down. WCAG 2.3.1 asks for a
/// quarter of any ten degrees; a twelfth of a picture is about as much.
const PARTS: (u32, u32) = (4, 3);

/// Watches pictures.
pub(super) struct FilmLight {
    /// Relative luminance of each value of sRGB.
    linear: [f32; 256],
    meters: Vec<FlashMeter>,
    first: Option<Flash>,
}

impl FilmLight {
    pub(super) fn new() -> Self {
        let linear = std::array::from_fn(|value| {
            // WCAG's own formula.
            let share = value as f32 / 255.0;
            match share <= 0.03928 {
                true => share / 12.92,
                false => bevy::math::ops::powf((share + 0.055) / 1.055, 2.4),
            }
        });
        let (columns, rows) = PARTS;
        Self {
            linear,
            meters: vec![FlashMeter::new(); (columns * rows) as usize],
            first: None,
        }
    }

    /// Takes the next picture.
    pub(super) fn see(&mut self, at: Duration, picture: &image::RgbaImage) {
        let (columns, rows) = PARTS;
        let (width, height) = picture.dimensions();
        let mut sums = vec![([0.0_f64; 3], 0_u32); self.meters.len()];
        for (y, row) in picture.rows().enumerate() {
            let part_y = (y as u32 * rows / height.max(1)).min(rows - 1);
            for (x, texel) in row.enumerate() {
                let part = part_y * columns + (x as u32 * columns / width.max(1)).min(columns - 1);
                let (sum, count) = &mut sums[part as usize];
                for (sum, value) in sum.iter_mut().zip(&texel.0) {
                    *sum += f64::from(self.linear[usize::from(*value)]);
                }
                *count += 1;
            }
        }
        for (meter, (sum, count)) in self.meters.iter_mut().zip(sums) {
            let mean = sum.map(|sum| (sum / f64::from(count.max(1))) as f32);
            let flash = meter.see_color(at, mean);
            self.first = self.first.or(flash);
        }
    }

    /// When some part of the picture first flashed more than three times within a second.
    pub(super) fn first_flash(&self) -> Option<Flash> {
        self.first
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tour::comfort::FlashKind;

    /// A picture that is dark but for a bright box from the corner, `wide` of its width.
    fn picture(bright: u8, wide: f32) -> image::RgbaImage {
        image::RgbaImage::from_fn(64, 36, |x, y| {
            let is_in = (x as f32) < 64.0 * wide && (y as f32) < 36.0 * wide;
            let value = if is_in { bright } else { 20 };
            image::Rgba([value, value, value, 255])
        })
    }

    /// What is found where two pictures are shown in turns, so many of thirty frames a second
    /// each.
    fn turns(pictures: [image::RgbaImage; 2], frames_each: u32) -> Option<FlashKind> {
        let mut light = FilmLight::new();
        for frame in 0..90_u32 {
            let at = Duration::from_secs(1) * frame / 30;
            light.see(at, &pictures[(frame / frames_each % 2) as usize]);
        }
        light.first_flash().map(|flash| flash.kind)
    }

    fn flashes(wide: f32, bright: u8, frames_each: u32) -> Option<FlashKind> {
        turns([picture(20, wide), picture(bright, wide)], frames_each)
    }

    /// A picture of one color.
    fn plain(red: u8, green: u8, blue: u8) -> image::RgbaImage {
        image::RgbaImage::from_pixel(64, 36, image::Rgba([red, green, blue, 255]))
    }

    #[test]
    fn red_that_comes_and_goes_is_told_though_it_is_no_brighter() {
        // Relative luminance 0.037 both: no general flash.
        let red = || plain(116, 0, 0);
        let same = || plain(54, 54, 54);
        assert_eq!(turns([red(), same()], 3), Some(FlashKind::Red));
        assert_eq!(turns([red(), same()], 8), None, "less than two a second");
        assert_eq!(
            turns([plain(120, 90, 60), plain(100, 75, 50)], 3),
            None,
            "what a lamp lights is warm, not red"
        );
    }

    #[test]
    fn a_part_of_the_picture_that_flashes_is_enough() {
        assert!(flashes(1.0, 255, 3).is_some(), "five flashes a second");
        assert!(
            flashes(0.25, 255, 3).is_some(),
            "in a sixteenth of the picture"
        );
        assert_eq!(flashes(1.0, 255, 8), None, "less than two a second");
        assert_eq!(
            flashes(1.0, 80, 3),
            None,
            "a twentieth of white is no flash"
        );
        assert_eq!(flashes(0.05, 255, 3), None, "a spark is none");
    }
}
