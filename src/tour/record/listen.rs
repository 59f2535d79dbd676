//! Where in a recording somebody speaks: loudness against the noise of the room.

use std::ops::Range;
use std::time::Duration;

use bevy::math::ops;

/// A recorded voice, one channel. Its first sample is at the start of the take.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Voice {
    /// Samples a second.
    pub rate_hz: u32,
    /// -1 to 1.
    pub samples: Vec<f32>,
}

/// Loudness is measured in pieces of this length.
const FRAME: Duration = Duration::from_millis(20);
/// Quieter than this is no voice, whatever the room, dBFS.
const SILENCE_DB: f32 = -55.0;
/// Speech is at least so much louder than the room, dB ...
const LEAST_ABOVE_DB: f32 = 6.0;
/// ... and where the room is quiet, so much.
const MOST_ABOVE_DB: f32 = 18.0;
/// Of the way from the room's noise to the loudest speech, where speech begins.
const SHARE: f32 = 0.35;
/// A pause shorter than this is within a word.
const SHORTEST_PAUSE: Duration = Duration::from_millis(250);
/// Anything shorter is a click.
const SHORTEST_SPEECH: Duration = Duration::from_millis(100);
/// Soft beginnings and ends that the threshold misses.
const BEFORE: Duration = Duration::from_millis(100);
const AFTER: Duration = Duration::from_millis(180);

impl Voice {
    /// How long it is.
    pub fn length(&self) -> Duration {
        self.time_of(self.samples.len())
    }

    fn time_of(&self, sample: usize) -> Duration {
        let rate = u64::from(self.rate_hz.max(1));
        Duration::from_nanos((sample as u64).saturating_mul(1_000_000_000) / rate)
    }

    fn sample_at(&self, time: Duration) -> usize {
        let sample = time.as_nanos() * u128::from(self.rate_hz) / 1_000_000_000;
        usize::try_from(sample).map_or(self.samples.len(), |at| at.min(self.samples.len()))
    }

    /// The pieces of it one after the other. Each begins and ends softly, so that no cut
    /// clicks.
    pub fn cut(&self, pieces: &[Range<Duration>]) -> Vec<f32> {
        let mut out = Vec::new();
        // 8 ms: shorter clicks, longer is heard.
        let soft = (self.rate_hz as usize / 125).max(1);
        for piece in pieces {
            let (from, to) = (self.sample_at(piece.start), self.sample_at(piece.end));
            let Some(samples) = self.samples.get(from..to.max(from)) else {
                continue;
            };
            let count = samples.len();
            out.extend(samples.iter().enumerate().map(|(index, sample)| {
                let edge = (index + 1).min(count - index) as f32 / soft as f32;
                let sound = if sample.is_finite() { *sample } else { 0.0 };
                sound * edge.min(1.0)
            }));
        }
        out
    }
}

/// When somebody speaks, from the start of the take.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Speech {
    spans: Vec<Range<Duration>>,
}

impl Speech {
    /// Where a voice speaks.
    pub fn of(voice: &Voice) -> Self {
        let frame = voice.sample_at_rate(FRAME);
        if frame == 0 || voice.samples.is_empty() {
            return Self::default();
        }
        let levels: Vec<f32> = voice.samples.chunks(frame).map(level_db).collect();
        let mut sorted = levels.clone();
        sorted.sort_by(f32::total_cmp);
        let part = |share: f32| sorted[((sorted.len() - 1) as f32 * share) as usize];
        let (room, loud) = (part(0.15), part(0.95));
        let above = ((loud - room) * SHARE).clamp(LEAST_ABOVE_DB, MOST_ABOVE_DB);
        let threshold = (room + above).max(SILENCE_DB);
        let mut spans: Vec<Range<Duration>> = Vec::new();
        for (index, level) in levels.iter().enumerate() {
            if *level < threshold {
                continue;
            }
            let start = voice.time_of(index * frame);
            let end = voice.time_of(((index + 1) * frame).min(voice.samples.len()));
            match spans.last_mut() {
                Some(last) if start < last.end + SHORTEST_PAUSE => last.end = end,
                _ => spans.push(start..end),
            }
        }
        spans.retain(|span| span.end - span.start >= SHORTEST_SPEECH);
        let length = voice.length();
        let padded = spans
            .into_iter()
            .map(|span| span.start.saturating_sub(BEFORE)..(span.end + AFTER).min(length));
        Self::from_spans(padded)
    }

    /// Spans in their order; those that touch become one.
    pub(super) fn from_spans(spans: impl IntoIterator<Item = Range<Duration>>) -> Self {
        let mut joined: Vec<Range<Duration>> = Vec::new();
        for span in spans {
            match joined.last_mut() {
                Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
                _ => joined.push(span),
            }
        }
        Self { spans: joined }
    }

    /// Whether nobody speaks.
    pub fn is_silent(&self) -> bool {
        self.spans.is_empty()
    }

    /// What is spoken within a range.
    pub(super) fn within(&self, range: &Range<Duration>) -> Vec<Range<Duration>> {
        self.spans
            .iter()
            .map(|span| span.start.max(range.start)..span.end.min(range.end))
            .filter(|span| span.start < span.end)
            .collect()
    }

    /// The moment of silence nearest to a time, within a range; the time itself where nobody
    /// pauses there.
    pub(super) fn pause_near(&self, time: Duration, range: &Range<Duration>) -> Duration {
        let time = time.clamp(range.start, range.end.max(range.start));
        let speaks = |at: Duration| self.spans.iter().any(|one| one.start < at && at < one.end);
        if !speaks(time) {
            return time;
        }
        let edges = self.spans.iter().flat_map(|span| [span.start, span.end]);
        edges
            .filter(|edge| range.contains(edge))
            .min_by_key(|edge| edge.abs_diff(time))
            .unwrap_or(time)
    }
}

impl Voice {
    fn sample_at_rate(&self, time: Duration) -> usize {
        (self.rate_hz as usize * time.subsec_millis() as usize) / 1000
    }
}

/// Loudness of some samples, dBFS of their mean square.
fn level_db(samples: &[f32]) -> f32 {
    let sum: f32 = samples
        .iter()
        .filter(|sample| sample.is_finite())
        .map(|sample| sample * sample)
        .sum();
    let mean = sum / samples.len().max(1) as f32;
    10.0 * ops::log10(mean.max(1e-12))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A voice that hums where it is told, over the noise of a room.
    pub(in crate::tour::record) fn humming(spans: &[Range<f32>], secs: f32) -> Voice {
        let rate_hz = 8000;
        let samples = (0..(secs * rate_hz as f32) as usize)
            .map(|index| {
                let at = index as f32 / rate_hz as f32;
                let speaks = spans.iter().any(|span| span.contains(&at));
                let noise = if index % 7 < 3 { 0.002 } else { -0.002 };
                noise
                    + if speaks {
                        0.2 * ops::sin(at * 900.0)
                    } else {
                        0.0
                    }
            })
            .collect();
        Voice { rate_hz, samples }
    }

    #[test]
    fn speech_is_found_in_the_noise_of_a_room() {
        let speech = Speech::of(&humming(&[1.0..2.5, 4.0..6.0], 8.0));
        assert_eq!(speech.spans.len(), 2, "two sentences: {speech:?}");
        for (span, (from, to)) in speech.spans.iter().zip([(1.0, 2.5), (4.0, 6.0)]) {
            let (start, end) = (span.start.as_secs_f32(), span.end.as_secs_f32());
            assert!(
                (start - from).abs() < 0.15 && (end - to).abs() < 0.25,
                "what is said from {from} to {to} s is found at {start} to {end} s"
            );
        }
        assert!(
            Speech::of(&humming(&[], 5.0)).is_silent(),
            "the noise of a room is no speech"
        );
    }

    #[test]
    fn cuts_begin_and_end_softly() {
        let voice = Voice {
            rate_hz: 8000,
            samples: vec![1.0; 8000],
        };
        let secs = Duration::from_secs_f32;
        let cut = voice.cut(&[
            secs(0.1)..secs(0.3),
            secs(0.5)..secs(0.6),
            secs(2.0)..secs(3.0),
        ]);
        assert_eq!(
            cut.len(),
            2400,
            "pieces follow each other; what is not there is not cut"
        );
        let steps = cut.windows(2).map(|pair| (pair[1] - pair[0]).abs());
        let most = steps.fold(0.0, f32::max);
        assert!(
            most < 0.02,
            "no sample jumps by more than a soft edge does: {most}"
        );
    }

    #[test]
    fn a_border_goes_into_the_nearest_pause() {
        let secs = Duration::from_secs_f32;
        let speech = Speech::from_spans([secs(1.0)..secs(3.0), secs(4.0)..secs(9.0)]);
        let all = secs(0.0)..secs(10.0);
        assert_eq!(
            speech.pause_near(secs(2.7), &all),
            secs(3.0),
            "the end of a sentence is near"
        );
        assert_eq!(
            speech.pause_near(secs(3.5), &all),
            secs(3.5),
            "a pause is left as it is"
        );
        let narrow = secs(5.5)..secs(6.5);
        assert_eq!(
            speech.pause_near(secs(6.0), &narrow),
            secs(6.0),
            "there is none so near"
        );
    }
}
