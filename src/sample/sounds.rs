//! Two small sound loops: wind at the mouth of the cave, flames on the altar.

use super::noise::{unit, value2};
use bevy::math::Vec2;
use std::io::{self, Write};
use std::path::Path;

const RATE: u32 = 22_050;

/// Writes 16-bit mono samples as WAV.
fn write(path: &Path, samples: &[f32]) -> io::Result<()> {
    let size = samples.len() as u32 * 2;
    let mut file = io::BufWriter::new(std::fs::File::create(path)?);
    file.write_all(b"RIFF")?;
    file.write_all(&(36 + size).to_le_bytes())?;
    file.write_all(b"WAVEfmt ")?;
    file.write_all(&16_u32.to_le_bytes())?;
    for word in [1_u16, 1] {
        file.write_all(&word.to_le_bytes())?;
    }
    file.write_all(&RATE.to_le_bytes())?;
    file.write_all(&(RATE * 2).to_le_bytes())?;
    for word in [2_u16, 16] {
        file.write_all(&word.to_le_bytes())?;
    }
    file.write_all(b"data")?;
    file.write_all(&size.to_le_bytes())?;
    for sample in samples {
        file.write_all(&((sample.clamp(-1.0, 1.0) * 32_000.0) as i16).to_le_bytes())?;
    }
    file.flush()
}

/// Overlaps the end with the beginning, so that the loop has no seam.
fn looped(length: usize, overlap: usize, sound: &dyn Fn(usize) -> f32) -> Vec<f32> {
    (0..length)
        .map(|i| {
            let here = sound(i);
            if i >= overlap {
                return here;
            }
            // Equal power: the two parts are unrelated noise.
            let t = i as f32 / overlap as f32;
            here * t.sqrt() + sound(i + length) * (1.0 - t).sqrt()
        })
        .collect()
}

/// Low-passed noise whose strength comes in gusts.
fn wind(seconds: f32) -> Vec<f32> {
    let length = (seconds * RATE as f32) as usize;
    let overlap = RATE as usize;
    let (mut low, mut lower) = (0.0_f32, 0.0_f32);
    let filtered: Vec<f32> = (0..length + overlap)
        .map(|i| {
            let t = i as f32 / RATE as f32;
            let gust = 0.55 + 0.45 * value2(Vec2::new(t * 0.45, 0.5), 901);
            let cutoff = 0.015 + 0.035 * gust * gust;
            let white = unit(i as i32, 0, 0, 902) * 2.0 - 1.0;
            low += (white - low) * cutoff;
            lower += (low - lower) * cutoff;
            (low - lower * 0.6) * gust * 2.4
        })
        .collect();
    looped(length, overlap, &|i| {
        filtered.get(i).copied().unwrap_or(0.0)
    })
}

/// A soft breath with small crackles.
fn flames(seconds: f32) -> Vec<f32> {
    let length = (seconds * RATE as f32) as usize;
    let overlap = RATE as usize / 2;
    let (mut low, mut spark) = (0.0_f32, 0.0_f32);
    let sound: Vec<f32> = (0..length + overlap)
        .map(|i| {
            let white = unit(i as i32, 1, 0, 903) * 2.0 - 1.0;
            low += (white - low) * 0.05;
            if unit(i as i32, 2, 0, 904) > 0.9997 {
                spark = 0.2 + 0.8 * unit(i as i32, 3, 0, 904);
            }
            spark *= 0.985;
            let flutter = 0.7 + 0.3 * value2(Vec2::new(i as f32 / RATE as f32 * 7.0, 0.2), 905);
            low * 0.35 * flutter + white * spark * spark * 0.5
        })
        .collect();
    looped(length, overlap, &|i| sound.get(i).copied().unwrap_or(0.0))
}

/// Writes both loops.
///
/// # Errors
/// When a file cannot be written.
pub(crate) fn write_all(out: &Path) -> io::Result<()> {
    write(&out.join("wind.wav"), &wind(9.0))?;
    write(&out.join("flames.wav"), &flames(7.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loops_are_heard_and_join_without_a_click() {
        for (name, samples) in [("wind", wind(3.0)), ("flames", flames(3.0))] {
            let power = samples.iter().map(|s| s * s).sum::<f32>() / samples.len() as f32;
            assert!(power > 1e-5, "{name} is silent");
            let largest = samples
                .windows(2)
                .map(|w| (w[1] - w[0]).abs())
                .fold(0.0, f32::max);
            let seam = (samples[0] - samples[samples.len() - 1]).abs();
            assert!(seam <= largest, "{name} clicks where it joins: {seam}");
        }
    }
}
