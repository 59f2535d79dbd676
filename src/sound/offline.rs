//! The same graph without a card: rendered faster than time, and the same each time.

use std::{
    io::{Seek, SeekFrom, Write},
    num::NonZeroU32,
    time::Duration,
};

use audioadapter_buffers::direct::InterleavedSlice;
use bevy_seedling::firewheel::{
    ActivateInfo, FirewheelConfig, FirewheelContext, backend::BackendProcessInfo,
    node::StreamStatus, processor::FirewheelProcessor,
};

use super::{
    BLOCK_FRAMES, SoundError,
    head::Head,
    library::Library,
    mix::Mix,
    order::{Order, Output},
};

/// Something to do at a time.
#[derive(Debug, Clone)]
pub struct Cue {
    /// When, s from the begin. Starts of sounds are exact to the sample if they fall on a block
    /// of 128 frames, and otherwise at the next block; what is moved is moved there too.
    pub at_secs: f64,
    /// What.
    pub order: Order,
}

/// What is rendered.
#[derive(Debug, Clone)]
pub struct Score {
    /// Frames a second.
    pub rate_hz: NonZeroU32,
    /// How long, s.
    pub duration_secs: f64,
    /// What is listened through.
    pub output: Output,
    /// What happens, in any order; what has the same time happens in the order given.
    pub cues: Vec<Cue>,
}

/// Voices are brought up to date where something is asked, and each so many blocks: 11 ms, half
/// of what their levels glide over.
const STEP_BLOCKS: usize = 4;

/// What a rendering tells.
#[derive(Debug, Clone, PartialEq)]
pub struct Ended {
    /// When the sound ended, s, to 11 ms.
    pub at_secs: f64,
    /// Which.
    pub id: String,
}

/// A context that somebody else's clock drives.
pub(crate) struct Pump {
    processor: FirewheelProcessor,
    rate_hz: NonZeroU32,
    done_frames: u64,
}

impl Pump {
    /// Activates a context for blocks of at most `block_frames`.
    pub(crate) fn new(
        context: &mut FirewheelContext,
        rate_hz: NonZeroU32,
        block_frames: usize,
    ) -> Result<Self, SoundError> {
        let max_block_frames = u32::try_from(block_frames)
            .ok()
            .and_then(NonZeroU32::new)
            .ok_or_else(|| SoundError::Engine("a block has frames".into()))?;
        let processor = context
            .activate(ActivateInfo {
                sample_rate: rate_hz,
                max_block_frames,
                num_stream_in_channels: 0,
                num_stream_out_channels: 2,
                input_to_output_latency_seconds: 0.0,
            })
            .map_err(SoundError::engine)?;
        Ok(Self {
            processor,
            rate_hz,
            done_frames: 0,
        })
    }

    /// Computes as many frames as fit in `output`, interleaved stereo.
    pub(crate) fn pull(&mut self, output: &mut [f32]) -> Result<(), SoundError> {
        let frames = output.len() / 2;
        let input = InterleavedSlice::new(&[], 0, frames).map_err(SoundError::engine)?;
        let mut adapter =
            InterleavedSlice::new_mut(output, 2, frames).map_err(SoundError::engine)?;
        let since = self.done_frames as f64 / f64::from(self.rate_hz.get());
        self.processor.process(
            &input,
            &mut adapter,
            BackendProcessInfo {
                frames,
                process_timestamp: None,
                duration_since_stream_start: Duration::from_secs_f64(since),
                input_stream_status: StreamStatus::empty(),
                output_stream_status: StreamStatus::empty(),
                dropped_frames: 0,
                process_to_playback_delay: None,
            },
        );
        self.done_frames += frames as u64;
        Ok(())
    }
}

/// The settings of every context: no inputs, stereo out, and room for many voices.
pub(crate) fn context() -> FirewheelContext {
    FirewheelContext::new(FirewheelConfig {
        channel_capacity: 256,
        event_queue_capacity: 256,
        initial_event_group_capacity: 512,
        initial_node_capacity: 512,
        initial_edge_capacity: 4096,
        immediate_event_capacity: 2048,
        scheduled_event_capacity: 2048,
        ..FirewheelConfig::default()
    })
}

/// Renders a score block by block; `take` gets each block of interleaved stereo and says whether
/// to go on. Returns which sounds ended when.
///
/// # Errors
/// If a file cannot be played, or `take` fails.
pub fn render_blocks(
    score: &Score,
    mut take: impl FnMut(&[f32]) -> Result<(), SoundError>,
) -> Result<Vec<Ended>, SoundError> {
    let rate = f64::from(score.rate_hz.get());
    let mut context = context();
    let head = Head::open(&score.output, score.rate_hz.get())?;
    let mut pump = Pump::new(&mut context, score.rate_hz, BLOCK_FRAMES)?;
    let mut mix = Mix::new(&mut context, score.rate_hz, head, 0)?;
    let mut library = Library::default();
    let mut cues: Vec<&Cue> = score.cues.iter().collect();
    cues.sort_by(|a, b| a.at_secs.total_cmp(&b.at_secs));
    let mut cues = cues.into_iter().peekable();
    let mut ended = Vec::new();
    let frames = (score.duration_secs.max(0.0) * rate).round() as usize;
    let mut block = [0.0f32; 2 * BLOCK_FRAMES];
    for (index, start) in (0..frames).step_by(BLOCK_FRAMES).enumerate() {
        let now_secs = start as f64 / rate;
        let mut is_due = index.is_multiple_of(STEP_BLOCKS);
        while let Some(cue) = cues.next_if(|cue| cue.at_secs <= now_secs + 1e-9) {
            let clips = match &cue.order {
                Order::Play(plays) => (plays.iter())
                    .map(|play| library.clip(&play.source, score.rate_hz))
                    .collect::<Result<_, _>>()?,
                _ => Vec::new(),
            };
            mix.order(&mut context, cue.order.clone(), clips)?;
            is_due = true;
        }
        if is_due {
            let names = mix.step(&mut context)?;
            ended.extend(names.into_iter().map(|id| Ended {
                at_secs: now_secs,
                id,
            }));
        }
        pump.pull(&mut block)?;
        take(&block[..2 * BLOCK_FRAMES.min(frames - start)])?;
    }
    Ok(ended)
}

/// Renders a score to interleaved stereo.
///
/// # Errors
/// If a file cannot be played.
pub fn render(score: &Score) -> Result<Vec<f32>, SoundError> {
    let mut frames = Vec::new();
    render_blocks(score, |block| {
        frames.extend_from_slice(block);
        Ok(())
    })?;
    Ok(frames)
}

/// Renders a score to a WAV file of 32-bit floats.
///
/// # Errors
/// If a sound cannot be played or the file cannot be written.
pub fn render_wav(score: &Score, file: &mut (impl Write + Seek)) -> Result<Vec<Ended>, SoundError> {
    write_header(file, score.rate_hz, 0)?;
    let mut bytes = 0u32;
    let ended = render_blocks(score, |block| {
        for value in block {
            file.write_all(&value.to_le_bytes())?;
        }
        bytes = u32::try_from(4 * block.len())
            .ok()
            .and_then(|new| bytes.checked_add(new))
            .ok_or_else(|| SoundError::Write(std::io::Error::other("longer than a WAV can be")))?;
        Ok(())
    })?;
    file.seek(SeekFrom::Start(0))?;
    write_header(file, score.rate_hz, bytes)?;
    file.flush()?;
    Ok(ended)
}

/// RIFF header of stereo floats (format 3).
fn write_header(
    file: &mut impl Write,
    rate_hz: NonZeroU32,
    data_bytes: u32,
) -> Result<(), SoundError> {
    file.write_all(b"RIFF")?;
    file.write_all(&data_bytes.saturating_add(36).to_le_bytes())?;
    file.write_all(b"WAVEfmt ")?;
    file.write_all(&16u32.to_le_bytes())?;
    file.write_all(&3u16.to_le_bytes())?;
    file.write_all(&2u16.to_le_bytes())?;
    file.write_all(&rate_hz.get().to_le_bytes())?;
    file.write_all(&rate_hz.get().saturating_mul(8).to_le_bytes())?;
    file.write_all(&8u16.to_le_bytes())?;
    file.write_all(&32u16.to_le_bytes())?;
    file.write_all(b"data")?;
    file.write_all(&data_bytes.to_le_bytes())?;
    Ok(())
}
