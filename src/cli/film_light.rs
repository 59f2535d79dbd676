//! The light of a film's pictures, watched for flashes: what an author's cues cannot tell, such
//! as how much of the picture a lamp fills.

use crate::tour::comfort::FlashMeter;
use std::time::Duration;

/// Parts of a picture that are looked at by themselves, across and down. WCAG 2.3.1 asks for a
/// quarter of any ten degrees; a twelfth of a picture is about as much.
const PARTS: (u32, u32) = (4, 3);

/// Watches pictures.
pub(super) struct FilmLight {
    /// Relative luminance of each value of sRGB.
    linear: [f32; 256],
    meters: Vec<FlashMeter>,
    first: Option<Duration>,
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
        let mut sums = vec![(0.0_f64, 0_u32); self.meters.len()];
        for (y, row) in picture.rows().enumerate() {
            let part_y = (y as u32 * rows / height.max(1)).min(rows - 1);
            for (x, texel) in row.enumerate() {
                let part = part_y * columns + (x as u32 * columns / width.max(1)).min(columns - 1);
                let [red, green, blue, _] = texel.0.map(|value| self.linear[usize::from(value)]);
                let (sum, count) = &mut sums[part as usize];
                *sum += f64::from(0.2126 * red + 0.7152 * green + 0.0722 * blue);
                *count += 1;
            }
        }
        for (meter, (sum, count)) in self.meters.iter_mut().zip(sums) {
            let mean = (sum / f64::from(count.max(1))) as f32;
            if meter.see(at, mean).is_some() && self.first.is_none() {
                self.first = Some(at);
            }
        }
    }

    /// When some part of the picture first flashed more than three times within a second.
    pub(super) fn first_flash(&self) -> Option<Duration> {
        self.first
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture that is dark but for a bright box from the corner, `wide` of its width.
    fn picture(bright: u8, wide: f32) -> image::RgbaImage {
        image::RgbaImage::from_fn(64, 36, |x, y| {
            let is_in = (x as f32) < 64.0 * wide && (y as f32) < 36.0 * wide;
            let value = if is_in { bright } else { 20 };
            image::Rgba([value, value, value, 255])
        })
    }

    fn flashes(wide: f32, bright: u8, frames_each: u32) -> Option<Duration> {
        let mut light = FilmLight::new();
        for frame in 0..90_u32 {
            let value = if (frame / frames_each).is_multiple_of(2) {
                20
            } else {
                bright
            };
            let at = Duration::from_secs(1) * frame / 30;
            light.see(at, &picture(value, wide));
        }
        light.first_flash()
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
