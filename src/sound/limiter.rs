//! The last guard: no peak, not even between samples, above the ceiling.
//!
//! Peaks are looked for at four times the rate, as ITU-R BS.1770-5 Annex 2 asks, 5 ms ahead.
//! The gain is the least of those needed within the next 5 ms, averaged over 5 ms: it is there
//! before the peak is, and has no corner.

use std::collections::VecDeque;

use bevy::math::ops;

use super::law::amplitude;

/// Highest true peak that leaves, dB of full scale (EBU R 128 asks for -1 dBTP).
pub(super) const CEILING_DBTP: f32 = -1.0;
/// The estimate of BS.1770 may read low by 0.3 dB at four times the rate; kept in hand.
const MARGIN_DB: f32 = -0.3;
const AHEAD_SECS: f32 = 0.005;
const RELEASE_SECS: f32 = 0.15;
/// Taps of each of the interpolator's phases, and how late it is.
const TAPS: usize = 12;
const CENTRE: usize = TAPS / 2;

/// A stereo limiter.
pub(super) struct Limiter {
    ceiling: f32,
    release_share: f32,
    phases: [[f32; TAPS]; 3],
    /// Of each channel: the last frames, for the interpolator.
    recent: [[f32; TAPS]; 2],
    /// Frames for which the interpolator must still look.
    loud: usize,
    /// Frames on their way out.
    delay: VecDeque<[f32; 2]>,
    /// Gains needed, with the frame they were asked at: least first.
    needed: VecDeque<(u64, f32)>,
    averaged: VecDeque<f32>,
    sum: f64,
    released: f32,
    frame: u64,
    ahead: usize,
}

impl Limiter {
    pub(super) fn new(rate: f32) -> Self {
        let ahead = (AHEAD_SECS * rate) as usize;
        let phases = std::array::from_fn(|phase| {
            let mut taps: [f32; TAPS] = std::array::from_fn(|tap| {
                let at = tap as f32 - (CENTRE - 1) as f32 - 0.25 * (phase + 1) as f32;
                let x = at * std::f32::consts::PI;
                (ops::sin(x) / x) * 0.5 * (1.0 + ops::cos(x / CENTRE as f32))
            });
            let sum: f32 = taps.iter().sum();
            for tap in &mut taps {
                *tap /= sum;
            }
            taps
        });
        // The interpolator sees the middle of its taps, later by half of them; the average adds
        // as much as the look-ahead.
        let latency = ahead + CENTRE;
        Self {
            ceiling: amplitude(CEILING_DBTP + MARGIN_DB),
            release_share: 1.0 - ops::exp(-1.0 / (RELEASE_SECS * rate)),
            phases,
            recent: [[0.0; TAPS]; 2],
            loud: 0,
            delay: std::iter::repeat_n([0.0; 2], latency).collect(),
            needed: VecDeque::with_capacity(ahead + 2),
            averaged: std::iter::repeat_n(1.0, ahead).collect(),
            sum: ahead as f64,
            released: 1.0,
            frame: 0,
            ahead,
        }
    }

    /// Frames by which it delays.
    #[cfg(test)]
    pub(super) fn latency_frames(&self) -> usize {
        self.ahead + CENTRE
    }

    fn peak(&mut self, frame: [f32; 2]) -> f32 {
        for (recent, new) in self.recent.iter_mut().zip(frame) {
            recent.rotate_left(1);
            recent[TAPS - 1] = new;
        }
        // The taps add up to less than two, whatever their signs: between frames that are all
        // below half the ceiling nothing reaches it.
        if frame.iter().any(|value| value.abs() > 0.5 * self.ceiling) {
            self.loud = TAPS;
        }
        if self.loud == 0 {
            return 0.0;
        }
        self.loud -= 1;
        let mut peak = 0.0f32;
        for recent in &self.recent {
            // The phases lie between these two samples.
            peak = peak.max(recent[CENTRE - 1].abs()).max(recent[CENTRE].abs());
            for taps in &self.phases {
                let between: f32 = recent.iter().zip(taps).map(|(a, b)| a * b).sum();
                peak = peak.max(between.abs());
            }
        }
        peak
    }

    /// Takes a frame and gives the one of a little while ago. What is not a number is silence.
    pub(super) fn next(&mut self, frame: [f32; 2]) -> [f32; 2] {
        let frame = frame.map(|value| if value.is_finite() { value } else { 0.0 });
        let peak = self.peak(frame);
        let wanted = if peak > self.ceiling {
            self.ceiling / peak
        } else {
            1.0
        };

        // The least gain within the look-ahead: later ones that are less make earlier ones moot.
        while self.needed.back().is_some_and(|&(_, gain)| gain >= wanted) {
            self.needed.pop_back();
        }
        self.needed.push_back((self.frame, wanted));
        let oldest = (self.frame + 1).saturating_sub(self.ahead as u64 + 1);
        while self.needed.front().is_some_and(|&(at, _)| at < oldest) {
            self.needed.pop_front();
        }
        self.frame += 1;
        let least = self.needed.front().map_or(1.0, |&(_, gain)| gain);
        self.released = if least < self.released {
            least
        } else {
            self.released + (least - self.released) * self.release_share
        };

        // Out before in, so that the queues never grow on the audio thread.
        self.sum += f64::from(self.released) - f64::from(self.averaged.pop_front().unwrap_or(1.0));
        self.averaged.push_back(self.released);
        let gain = (self.sum / self.ahead as f64) as f32;

        let out = self.delay.pop_front().unwrap_or_default();
        self.delay.push_back(frame);
        out.map(|value| value * gain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interpolator_less_than_doubles() {
        for taps in Limiter::new(48_000.0).phases {
            let most: f32 = taps.iter().map(|tap| tap.abs()).sum();
            assert!(
                most < 2.0,
                "quiet frames may have a peak of {most} between them"
            );
        }
    }

    #[test]
    fn what_is_below_the_ceiling_passes_unchanged() {
        let mut limiter = Limiter::new(48_000.0);
        let latency = limiter.latency_frames();
        let input: Vec<f32> = (0..4_000)
            .map(|n| 0.5 * ops::sin(n as f32 * 0.05))
            .collect();
        let output: Vec<f32> = input
            .iter()
            .map(|&value| limiter.next([value, -value])[0])
            .collect();
        for (out, input) in output[latency..].iter().zip(&input) {
            assert!((out - input).abs() < 1e-5);
        }
    }

    #[test]
    fn no_true_peak_passes_the_ceiling() {
        // A quarter of the rate, between its samples: samples 3 dB below the true peak; then
        // noise with sudden bursts, and a step.
        let mut seed = 1u32;
        let mut noise = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as f32 / 8_388_608.0 - 1.0
        };
        let tone = (0..24_000).map(|n| {
            2.0 * ops::sin(std::f32::consts::FRAC_PI_2 * n as f32 + std::f32::consts::FRAC_PI_4)
        });
        let tone: Vec<f32> = tone.collect();
        let bursts: Vec<f32> = (0..48_000)
            .map(|n| noise() * if n % 9_000 < 500 { 8.0 } else { 0.2 })
            .collect();
        for (name, input) in [("tone", tone), ("bursts", bursts)] {
            let mut limiter = Limiter::new(48_000.0);
            let mut meter = ebur128::EbuR128::new(2, 48_000, ebur128::Mode::TRUE_PEAK).unwrap();
            let output: Vec<f32> = input
                .iter()
                .flat_map(|&v| limiter.next([v, 0.7 * v]))
                .collect();
            meter.add_frames_f32(&output).unwrap();
            let peak = 20.0 * meter.true_peak(0).unwrap().log10();
            assert!(peak <= -0.9, "{name}: {peak} dBTP leave");
            assert!(peak > -3.0, "{name}: {peak} dBTP is more than was needed");
        }
    }

    #[test]
    fn what_is_not_a_number_is_silence() {
        let mut limiter = Limiter::new(48_000.0);
        for n in 0..2_000 {
            let out = limiter.next([if n == 5 { f32::NAN } else { 0.1 }, f32::INFINITY]);
            assert!(out.iter().all(|value| value.is_finite()));
        }
    }
}
