//! Files to samples: decoded, at the rate of the graph, and how loud they are.

use std::{
    num::{NonZeroU32, NonZeroUsize},
    ops::Range,
    path::Path,
    sync::Arc,
};

use bevy_seedling::firewheel::{
    collector::ArcGc,
    sample_resource::{SampleResource, SampleResourceInfo},
};
use ebur128::{EbuR128, Mode};
use symphonium::DecodeConfig;

use super::{SoundError, law::amplitude};

/// What every sound is brought to before its own level: -23 LUFS, the programme level of EBU
/// R 128.
pub const TARGET_LUFS: f64 = -23.0;
/// Most that a soft sound is raised, dB: below it there is only noise.
const MOST_RAISE_DB: f64 = 20.0;
/// Largest decoded sound, bytes: 45 minutes of stereo at 48 kHz.
const LARGEST_BYTES: usize = 1 << 30;
/// Sounds shorter than this are measured as if they went on, s (a gate of R 128 is 0.4 s).
const LEAST_MEASURED_SECS: usize = 3;

/// Decoded samples and their loudness.
#[derive(Debug, Clone)]
pub struct Clip {
    channels: Vec<Vec<f32>>,
    rate_hz: NonZeroU32,
    /// Integrated loudness, LUFS; none for silence.
    loudness_lufs: Option<f64>,
}

impl Clip {
    /// Takes samples as they are: one or two channels of equal length.
    ///
    /// # Errors
    /// If there are no frames or the channels differ in length.
    pub fn new(mut channels: Vec<Vec<f32>>, rate_hz: NonZeroU32) -> Result<Self, SoundError> {
        // More than two channels are a recording for other loudspeakers: the first two are heard.
        channels.truncate(2);
        let frames = channels.first().map_or(0, Vec::len);
        if frames == 0 || channels.iter().any(|channel| channel.len() != frames) {
            return Err(SoundError::Engine(
                "a sound needs frames, the same in all channels".into(),
            ));
        }
        for value in channels.iter_mut().flatten() {
            if !value.is_finite() {
                *value = 0.0;
            }
        }
        let loudness_lufs = loudness(&channels, rate_hz);
        Ok(Self {
            channels,
            rate_hz,
            loudness_lufs,
        })
    }

    /// Reads and decodes a file: Ogg Vorbis, FLAC, WAV or MP3. Delay and padding of the encoder
    /// are cut off, so that loops have no gap.
    ///
    /// # Errors
    /// If the file cannot be read, is no sound, or is larger than a gigabyte decoded.
    pub fn read(path: &Path, rate_hz: NonZeroU32) -> Result<Self, SoundError> {
        let fail = |why: String| SoundError::File {
            path: path.to_owned(),
            why,
        };
        let probed = symphonium::probe_from_file(path, None).map_err(|e| fail(e.to_string()))?;
        let config = DecodeConfig {
            max_bytes: LARGEST_BYTES,
            ..DecodeConfig::default()
        };
        let decoded = symphonium::decode_f32(probed, &config, Some(rate_hz), None, None)
            .map_err(|e| fail(e.to_string()))?;
        Self::new(decoded.data, rate_hz).map_err(|e| fail(e.to_string()))
    }

    /// Length, s.
    #[must_use]
    pub fn secs(&self) -> f64 {
        let frames = self.frames() as f64;
        frames / f64::from(self.rate_hz.get())
    }

    /// Frames of each channel.
    #[must_use]
    pub fn frames(&self) -> usize {
        self.channels[0].len()
    }

    /// Frames a second.
    #[must_use]
    pub fn rate_hz(&self) -> NonZeroU32 {
        self.rate_hz
    }

    /// Loudness, LUFS; none for silence.
    #[must_use]
    pub fn loudness_lufs(&self) -> Option<f64> {
        self.loudness_lufs
    }

    /// What the graph plays: both channels for a bed, their mean for a place. The samples are
    /// shared, not copied.
    pub(crate) fn resource(self: Arc<Self>, mono: bool) -> ArcGc<dyn SampleResource + Send + Sync> {
        View { clip: self, mono }.into()
    }
}

/// A clip as the sampler reads it.
struct View {
    clip: Arc<Clip>,
    mono: bool,
}

impl SampleResourceInfo for View {
    fn num_channels(&self) -> NonZeroUsize {
        match self.clip.channels.len() {
            2 if !self.mono => NonZeroUsize::MIN.saturating_add(1),
            _ => NonZeroUsize::MIN,
        }
    }

    fn len_frames(&self) -> u64 {
        self.clip.frames() as u64
    }

    fn sample_rate(&self) -> Option<NonZeroU32> {
        Some(self.clip.rate_hz)
    }
}

impl SampleResource for View {
    fn fill_buffers(
        &self,
        buffers: &mut [&mut [f32]],
        range: Range<usize>,
        start_frame: u64,
    ) -> usize {
        let length = self.clip.frames();
        let start = usize::try_from(start_frame).unwrap_or(length).min(length);
        let frames = range.len().min(length - start);
        let (from, to) = (start..start + frames, range.start..range.start + frames);
        match (&self.clip.channels[..], &mut *buffers) {
            ([left, right], [first, ..]) if self.mono => {
                let pairs = left[from.clone()].iter().zip(&right[from]);
                for (out, (l, r)) in first[to].iter_mut().zip(pairs) {
                    *out = 0.5 * (l + r);
                }
            }
            (channels, buffers) => {
                for (channel, buffer) in channels.iter().zip(buffers.iter_mut()) {
                    buffer[to.clone()].copy_from_slice(&channel[from.clone()]);
                }
            }
        }
        frames
    }
}

fn loudness(channels: &[Vec<f32>], rate_hz: NonZeroU32) -> Option<f64> {
    let rate = rate_hz.get();
    let mut meter = EbuR128::new(channels.len() as u32, rate, Mode::I).ok()?;
    let planes: Vec<&[f32]> = channels.iter().map(Vec::as_slice).collect();
    let least = LEAST_MEASURED_SECS * rate as usize;
    let mut measured = 0;
    while measured == 0 || measured < least {
        meter.add_frames_planar_f32(&planes).ok()?;
        measured += planes[0].len();
    }
    meter.loudness_global().ok().filter(|lufs| lufs.is_finite())
}

/// The gain that brings sounds that start together to the target as one: the balance that their
/// makers gave to stems stays. Powers add, as those of different instruments do.
#[must_use]
pub fn common_gain<'a>(clips: impl IntoIterator<Item = &'a Clip>) -> f32 {
    let power: f64 = clips
        .into_iter()
        .filter_map(Clip::loudness_lufs)
        .map(|lufs| 10f64.powf(lufs / 10.0))
        .sum();
    if power <= 0.0 {
        return 1.0;
    }
    let db = (TARGET_LUFS - 10.0 * power.log10()).min(MOST_RAISE_DB) as f32;
    amplitude(db)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::law::decibels;

    fn tone(amplitude: f32, frames: usize) -> Clip {
        let wave = (0..frames).map(|n| amplitude * bevy::math::ops::sin(n as f32 * 0.130_9));
        Clip::new(vec![wave.collect()], NonZeroU32::new(48_000).unwrap()).unwrap()
    }

    #[test]
    fn loud_and_soft_come_to_the_same_loudness() {
        for level in [0.01, 0.1, 0.9] {
            let clip = tone(level, 96_000);
            let gain = f64::from(decibels(common_gain([&clip])));
            let lufs = clip.loudness_lufs().unwrap() + gain;
            assert!(
                (lufs - TARGET_LUFS).abs() < 0.1,
                "{level} comes to {lufs} LUFS"
            );
        }
    }

    #[test]
    fn short_and_silent_sounds_have_a_gain() {
        let short = tone(0.5, 4_800);
        let long = tone(0.5, 96_000);
        let difference = short.loudness_lufs().unwrap() - long.loudness_lufs().unwrap();
        assert!(
            difference.abs() < 0.5,
            "a tenth of a second is measured: {difference}"
        );
        assert_eq!(common_gain([&tone(0.0, 4_800)]), 1.0);
        assert!(Clip::new(vec![], NonZeroU32::MIN).is_err());
    }

    #[test]
    fn stems_keep_their_balance() {
        let (loud, soft) = (tone(0.5, 96_000), tone(0.05, 96_000));
        let together = common_gain([&loud, &soft]);
        assert!((together / common_gain([&loud]) - 1.0).abs() < 0.01);
    }
}
