//! The microphone: what a guide says while a tour is recorded.
//!
//! Opened for a recording and closed after it, on a thread of its own, as some systems open
//! cards slowly. Samples are mixed to one channel as they come.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU32, Ordering},
        mpsc,
    },
    time::Duration,
};

use cpal::{
    FromSample, Sample, SampleFormat, SizedSample, Stream,
    traits::{DeviceTrait, HostTrait, StreamTrait},
};

use crate::{exhibit::recording::Microphone, tour::record::Voice};

/// How long a card may take to open.
const PATIENCE: Duration = Duration::from_secs(5);

/// Two hours at 48 kHz, the longest take: a card that runs wild fills no memory beyond.
const MOST_SAMPLES: usize = 2 * 3600 * 48_000;

/// The system's microphone.
#[derive(Default)]
pub struct SystemMicrophone {
    open: Option<Open>,
}

/// A microphone that records.
struct Open {
    heard: Arc<Heard>,
    rate_hz: u32,
    /// Dropped, it lets the thread close the card.
    _stop: mpsc::Sender<()>,
}

/// What was recorded so far.
#[derive(Default)]
struct Heard {
    samples: Mutex<Vec<f32>>,
    /// The loudest of the last piece, as the bits of an `f32`.
    level: AtomicU32,
    is_lost: AtomicBool,
}

impl Microphone for SystemMicrophone {
    fn begin(&mut self) -> Result<(), String> {
        self.open = None;
        let heard = Arc::new(Heard::default());
        let (stop, stopped) = mpsc::channel::<()>();
        let (tell, told) = mpsc::channel();
        let own = Arc::clone(&heard);
        let listen = move || {
            // Streams stay on the thread that opened them.
            match open(&own) {
                Ok((stream, rate_hz)) => {
                    let is_awaited = tell.send(Ok(rate_hz)).is_ok();
                    // Until the other end is dropped.
                    while is_awaited && stopped.recv().is_ok() {}
                    drop(stream);
                }
                Err(why) => drop(tell.send(Err(why))),
            }
        };
        std::thread::Builder::new()
            .name("microphone".to_owned())
            .spawn(listen)
            .map_err(|error| error.to_string())?;
        let rate_hz = told
            .recv_timeout(PATIENCE)
            .map_err(|silence| format!("it does not answer: {silence}"))??;
        self.open = Some(Open {
            heard,
            rate_hz,
            _stop: stop,
        });
        Ok(())
    }

    fn level(&self) -> f32 {
        let level = self.open.as_ref().map(|open| &open.heard.level);
        level.map_or(0.0, |bits| f32::from_bits(bits.load(Ordering::Relaxed)))
    }

    fn end(&mut self) -> Option<Voice> {
        let open = self.open.take()?;
        if open.heard.is_lost.load(Ordering::Relaxed) {
            bevy::log::warn!("the microphone was lost; what it heard before is kept");
        }
        let mut samples = open
            .heard
            .samples
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        Some(Voice {
            rate_hz: open.rate_hz,
            samples: std::mem::take(&mut samples),
        })
    }

    fn so_far(&self, from: usize) -> Option<Voice> {
        let open = self.open.as_ref()?;
        let samples = open.heard.samples.lock();
        let samples = samples.unwrap_or_else(PoisonError::into_inner);
        Some(Voice {
            rate_hz: open.rate_hz,
            samples: samples.get(from..).unwrap_or_default().to_vec(),
        })
    }
}

/// Opens the default microphone.
fn open(heard: &Arc<Heard>) -> Result<(Stream, u32), String> {
    let in_words = |error: cpal::Error| error.to_string();
    let device = cpal::default_host()
        .default_input_device()
        .ok_or_else(|| "this machine has none".to_owned())?;
    let config = device.default_input_config().map_err(in_words)?;
    let rate_hz = config.sample_rate();
    let stream = match config.sample_format() {
        SampleFormat::F32 => build::<f32>(&device, &config, heard),
        SampleFormat::I16 => build::<i16>(&device, &config, heard),
        SampleFormat::I32 => build::<i32>(&device, &config, heard),
        SampleFormat::U16 => build::<u16>(&device, &config, heard),
        SampleFormat::U8 => build::<u8>(&device, &config, heard),
        SampleFormat::I8 => build::<i8>(&device, &config, heard),
        SampleFormat::F64 => build::<f64>(&device, &config, heard),
        other => {
            return Err(format!(
                "its samples are of a kind that is not read: {other}"
            ));
        }
    }
    .map_err(in_words)?;
    stream.play().map_err(in_words)?;
    Ok((stream, rate_hz))
}

fn build<T>(
    device: &cpal::Device,
    config: &cpal::SupportedStreamConfig,
    heard: &Arc<Heard>,
) -> Result<Stream, cpal::Error>
where
    T: SizedSample,
    f32: FromSample<T>,
{
    let channels = usize::from(config.channels().max(1));
    let (take, lose) = (Arc::clone(heard), Arc::clone(heard));
    device.build_input_stream(
        config.config(),
        move |data: &[T], _: &_| take.push(data, channels),
        move |error| {
            bevy::log::debug!("the microphone: {error}");
            if !matches!(error.kind(), cpal::ErrorKind::Xrun) {
                lose.is_lost.store(true, Ordering::Relaxed);
            }
        },
        Some(PATIENCE),
    )
}

impl Heard {
    /// Takes what has come, mixed to one channel.
    fn push<T>(&self, data: &[T], channels: usize)
    where
        T: Sample,
        f32: FromSample<T>,
    {
        let mut samples = self.samples.lock().unwrap_or_else(PoisonError::into_inner);
        let mut most = 0.0_f32;
        let left = MOST_SAMPLES.saturating_sub(samples.len());
        for frame in data.chunks_exact(channels).take(left) {
            let sum: f32 = frame.iter().map(|one| f32::from_sample(*one)).sum();
            let mean = sum / channels as f32;
            most = most.max(mean.abs());
            samples.push(mean);
        }
        self.level.store(most.to_bits(), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_are_mixed_to_one_and_the_level_is_the_loudest() {
        let heard = Heard::default();
        heard.push(&[i16::MAX, i16::MAX, 0, 0, i16::MIN, i16::MAX], 2);
        let samples = heard.samples.lock().expect("nobody else has it").clone();
        assert_eq!(samples.len(), 3, "a sample for each frame");
        assert!(
            (samples[0] - 1.0).abs() < 1e-3,
            "both channels loud: {samples:?}"
        );
        assert!(
            samples[2].abs() < 1e-3,
            "opposite channels cancel: {samples:?}"
        );
        let level = f32::from_bits(heard.level.load(Ordering::Relaxed));
        assert!(
            (level - 1.0).abs() < 1e-3,
            "the level is that of the loudest: {level}"
        );
    }

    #[test]
    fn where_there_is_no_microphone_it_is_said() {
        let mut microphone = SystemMicrophone::default();
        // On a machine that has one this records for a moment; on one without it is an error.
        match microphone.begin() {
            Ok(()) => assert!(microphone.end().is_some(), "what was heard is given"),
            Err(why) => assert!(!why.is_empty(), "why not is said"),
        }
        assert!(microphone.end().is_none(), "there is no more");
    }
}
