//! Listening to files for an author: length, loudness, true peak, clipping.

use std::{path::Path, time::Duration};

use ebur128::{EbuR128, Mode};
use symphonium::DecodeConfig;

use crate::exhibit::rehearse::{Listener, Measured};

/// Largest decoded sound, bytes, as for playing.
const LARGEST_BYTES: usize = 1 << 30;
/// So many equal samples at a sound's very peak are no wave.
const FLAT: usize = 6;
/// A peak below this is not that of a converter that was overdriven.
const NEAR_FULL: f32 = 0.7;
/// Frames that are measured at once.
const BLOCK: usize = 48_000;
/// Sounds shorter than this are measured as if they went on, s (a gate of R 128 is 0.4 s).
const LEAST_MEASURED_SECS: usize = 3;

/// Listens with EBU R 128's meters, at the file's own sample rate.
#[derive(Debug, Clone, Copy, Default)]
pub struct Meter;

impl Listener for Meter {
    fn listen(&self, path: &Path) -> Result<Measured, String> {
        let probed = symphonium::probe_from_file(path, None).map_err(|e| e.to_string())?;
        let config = DecodeConfig {
            max_bytes: LARGEST_BYTES,
            ..DecodeConfig::default()
        };
        let decoded =
            symphonium::decode_f32(probed, &config, None, None, None).map_err(|e| e.to_string())?;
        measure(&decoded.data, decoded.sample_rate.get())
    }
}

/// Measures channels of equal length.
///
/// # Errors
/// If there is nothing to hear in them.
pub fn measure(channels: &[Vec<f32>], rate_hz: u32) -> Result<Measured, String> {
    let frames = channels.first().map_or(0, Vec::len);
    if frames == 0 || rate_hz == 0 || channels.iter().any(|one| one.len() != frames) {
        return Err("it holds no samples".to_owned());
    }
    let failed = |error: ebur128::Error| error.to_string();
    let mode = Mode::I | Mode::TRUE_PEAK;
    let mut meter = EbuR128::new(channels.len() as u32, rate_hz, mode).map_err(failed)?;
    let least = LEAST_MEASURED_SECS * rate_hz as usize;
    let mut measured = 0;
    while measured == 0 || measured < least {
        for first in (0..frames).step_by(BLOCK) {
            let last = (first + BLOCK).min(frames);
            let planes: Vec<&[f32]> = channels.iter().map(|one| &one[first..last]).collect();
            meter.add_frames_planar_f32(&planes).map_err(failed)?;
        }
        measured += frames;
    }
    let loudness = meter.loudness_global().map_err(failed)?;
    let mut peak = 0.0_f64;
    for channel in 0..channels.len() as u32 {
        peak = peak.max(meter.true_peak(channel).map_err(failed)?);
    }
    Ok(Measured {
        length: Duration::from_secs_f64(frames as f64 / f64::from(rate_hz)),
        loudness_lufs: Some(loudness).filter(|lufs| lufs.is_finite()),
        true_peak_dbtp: 20.0 * peak.max(1e-10).log10(),
        clipped: channels.iter().map(|one| flat_places(one)).sum(),
    })
}

/// How often the wave rests at its own peak: what a converter does that was overdriven,
/// also when the file was made softer afterwards.
fn flat_places(samples: &[f32]) -> usize {
    let peak = samples
        .iter()
        .fold(0.0_f32, |most, one| most.max(one.abs()));
    if peak < NEAR_FULL {
        return 0;
    }
    // Half a step of 16 bits: what rounding makes of a flat wave.
    let flat = peak - 0.6 / 32_768.0;
    let (mut places, mut run) = (0, 0);
    for sample in samples {
        run = if sample.abs() >= flat { run + 1 } else { 0 };
        places += usize::from(run == FLAT);
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(amplitude: f32, most: f32) -> Vec<f32> {
        let wave = (0..96_000_u32).map(|n| {
            let sine = bevy::math::ops::sin(n as f32 * 0.130_899_7);
            (amplitude * sine).clamp(-most, most)
        });
        wave.collect()
    }

    #[test]
    fn a_tone_has_the_loudness_and_the_peak_it_was_made_with() {
        // A sine at -20 dBFS in one channel is -23.0 LUFS at 1 kHz (EBU Tech 3341, case 1,
        // has two channels and 3 dB more).
        let measured = measure(&[tone(0.1, 1.0)], 48_000).expect("a tone is a sound");
        let lufs = measured.loudness_lufs.expect("a tone is no silence");
        assert!((lufs + 23.0).abs() < 0.3, "-23 LUFS, not {lufs:.2}");
        assert!(
            (measured.true_peak_dbtp + 20.0).abs() < 0.2,
            "-20 dBTP, not {:.2}",
            measured.true_peak_dbtp
        );
        assert_eq!(measured.length, Duration::from_secs(2), "two seconds");
        assert_eq!(measured.clipped, 0, "a sine is not flat");
    }

    #[test]
    fn what_was_cut_is_found_even_when_it_was_made_softer() {
        let clipped = |most: f32| {
            let cut = tone(2.0, 1.0).iter().map(|one| one * most).collect();
            measure(&[cut], 48_000).expect("a tone is a sound").clipped
        };
        assert!(clipped(1.0) > 1000, "every wave is cut at full scale");
        assert!(clipped(0.8) > 1000, "and was cut before it was made softer");
        let full = measure(&[tone(1.0, 1.0)], 48_000).expect("a tone is a sound");
        assert_eq!(full.clipped, 0, "a full sine is not cut");
    }

    #[test]
    fn peaks_between_samples_count() {
        // A quarter of the sample rate, 45° off: samples at 0.707 of a wave of 1.2.
        let wave: Vec<f32> = [0.85, 0.85, -0.85, -0.85].repeat(12_000);
        let measured = measure(&[wave], 48_000).expect("a tone is a sound");
        assert!(
            measured.true_peak_dbtp > 0.5,
            "1.6 dB above its samples' full scale: {:.2}",
            measured.true_peak_dbtp
        );
    }

    #[test]
    fn silence_and_nothing_are_told_apart() {
        let silence = measure(&[vec![0.0; 48_000]], 48_000).expect("silence has a length");
        assert_eq!(silence.loudness_lufs, None, "silence has no loudness");
        assert!(measure(&[], 48_000).is_err(), "nothing is no sound");
    }
}
