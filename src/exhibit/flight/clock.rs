//! When the camera is where: as fast as the limits allow, and softly.
//!
//! What is paid for way and turning rises with time. Its rate keeps below a limit that
//! falls where the way bends or the gaze begins to turn; a sweep forwards and one backwards
//! make it brake in time (as time-optimal path parametrization does); a running mean over
//! time takes away the jerks.

use bevy::math::{Vec3, ops};

use super::FlightSettings;

/// Part of an acceleration limit spent on bends; the rest is left for speeding up.
const BEND_SHARE: f32 = 0.6;
const SPEED_UP_SHARE: f32 = 0.6;
/// Each of two running means over time, seconds.
const SOFTNESS_SECS: f32 = 0.3;
/// Samples a second.
const RATE: f32 = 120.0;
/// Bends are measured over this to either side, metres paid.
const STENCIL_M: f32 = 0.05;

/// The part of a flight that is done, over time.
#[derive(Debug, Clone)]
pub(super) struct Clock {
    /// 0 to 1, `RATE` times a second.
    parts: Vec<f32>,
    /// At least 1: how much slower than planned time runs.
    pub(super) stretch: f32,
}

impl Clock {
    /// `points` and `gazes` are evenly spaced along the `total_m` paid; `ease` holds the
    /// square of the rate down at each of them, where 1 is as fast as may be. `None` when it
    /// takes longer than the settings allow.
    pub(super) fn new(
        total_m: f32,
        points: &[Vec3],
        gazes: &[[f32; 2]],
        ease: &[f32],
        settings: &FlightSettings,
    ) -> Option<Self> {
        let last = points.len() - 1;
        let step_m = (total_m / last as f32).max(1e-7);
        let rates = squared_rates(step_m, points, gazes, ease, settings);
        let mut secs = Vec::with_capacity(points.len());
        let mut now = 0.0f32;
        secs.push(now);
        for pair in rates.windows(2) {
            now += 2.0 * step_m / (pair[0].sqrt() + pair[1].sqrt()).max(1e-6);
            secs.push(now);
        }
        if now.is_nan() || now > settings.longest_secs {
            return None;
        }
        let half = (SOFTNESS_SECS * RATE * 0.5) as usize;
        // The means reach beyond both ends, where nothing moves.
        let count = (now * RATE).ceil() as usize + 4 * half;
        let mut after = 1;
        let sharp: Vec<f32> = (0..=count)
            .map(|k| {
                let t = (k as f32 - 2.0 * half as f32) / RATE;
                while after < last && secs[after] < t {
                    after += 1;
                }
                let (a, b) = (secs[after - 1], secs[after]);
                let within = if b > a { (t - a) / (b - a) } else { 1.0 };
                ((after - 1) as f32 + within.clamp(0.0, 1.0)) / last as f32
            })
            .collect();
        Some(Self {
            parts: running_mean(&running_mean(&sharp, half), half),
            stretch: 1.0,
        })
    }

    pub(super) fn duration_secs(&self) -> f32 {
        (self.parts.len() - 1) as f32 / RATE * self.stretch
    }

    /// The part that is done after `secs`.
    pub(super) fn part_at(&self, secs: f32) -> f32 {
        let last = self.parts.len() - 1;
        let place = (secs / self.stretch * RATE).clamp(0.0, last as f32);
        let before = (place as usize).min(last - 1);
        let x = place - before as f32;
        // Catmull and Rom's cubic, so that the speed has no steps between samples.
        let at = |i: usize| self.parts[i.min(last)];
        let (p0, p1) = (at(before.saturating_sub(1)), at(before));
        let (p2, p3) = (at(before + 1), at(before + 2));
        let bend = 2.0 * p0 - 5.0 * p1 + 4.0 * p2 - p3;
        let twist = 3.0 * (p1 - p2) + p3 - p0;
        (p1 + 0.5 * x * (p2 - p0 + x * (bend + x * twist))).clamp(0.0, 1.0)
    }
}

/// The square of the allowed rate at each sample, zero at both ends.
fn squared_rates(
    step_m: f32,
    points: &[Vec3],
    gazes: &[[f32; 2]],
    ease: &[f32],
    settings: &FlightSettings,
) -> Vec<f32> {
    let last = points.len() - 1;
    let reach = ((STENCIL_M / step_m) as usize).clamp(1, last / 4);
    let h = reach as f32 * step_m;
    // Over very short ways second differences are nothing but rounding.
    let is_measurable = step_m * last as f32 > 4.0 * STENCIL_M;
    let push = settings.max_acceleration;
    let twist = settings.max_turn_acceleration_deg.to_radians();
    let mut limits = Vec::with_capacity(points.len());
    let mut gains = Vec::with_capacity(points.len());
    for i in 0..=last {
        let middle = i.clamp(reach, last - reach);
        let (a, c) = (middle - reach, middle + reach);
        let speed = (points[c] - points[a]).length() / (2.0 * h);
        let turn = difference(gazes[a], gazes[c]) / (2.0 * h);
        gains.push(SPEED_UP_SHARE * (push / speed.max(1e-3)).min(twist / turn.max(1e-3)));
        let mut limit = settings.max_speed * settings.max_speed;
        if is_measurable {
            let bend = (points[a] - 2.0 * points[middle] + points[c]).length() / (h * h);
            let mean = [0, 1].map(|k| (gazes[a][k] + gazes[c][k]) * 0.5);
            let swing = 2.0 * difference(mean, gazes[middle]) / (h * h);
            limit = limit
                .min(BEND_SHARE * push / bend.max(1e-6))
                .min(BEND_SHARE * twist / swing.max(1e-6));
        }
        limits.push(limit * ease.get(i).copied().unwrap_or(1.0));
    }
    // The mean over time looks this far around: let slow places begin and end early.
    let around = (SOFTNESS_SECS * 0.5 * settings.max_speed * 0.5 / step_m) as usize;
    let mut rates = least_around(&limits, around);
    rates[0] = 0.0;
    rates[last] = 0.0;
    for i in 1..=last {
        rates[i] = rates[i].min(rates[i - 1] + 2.0 * gains[i - 1].min(gains[i]) * step_m);
    }
    for i in (0..last).rev() {
        rates[i] = rates[i].min(rates[i + 1] + 2.0 * gains[i + 1].min(gains[i]) * step_m);
    }
    rates
}

fn difference(a: [f32; 2], b: [f32; 2]) -> f32 {
    ops::hypot(b[0] - a[0], b[1] - a[1])
}

/// The least of each value's neighborhood.
fn least_around(values: &[f32], around: usize) -> Vec<f32> {
    // A deque of indices of rising values: each index enters and leaves once.
    let mut rising = std::collections::VecDeque::new();
    let mut least = Vec::with_capacity(values.len());
    let mut next = 0;
    for i in 0..values.len() {
        while next < values.len() && next <= i + around {
            while rising.back().is_some_and(|k| values[*k] >= values[next]) {
                rising.pop_back();
            }
            rising.push_back(next);
            next += 1;
        }
        while rising.front().is_some_and(|k| k + around < i) {
            rising.pop_front();
        }
        least.push(rising.front().map_or(values[i], |k| values[*k]));
    }
    least
}

/// The mean of each value and `half` to either side; beyond the ends they go on unchanged.
fn running_mean(values: &[f32], half: usize) -> Vec<f32> {
    let last = values.len() - 1;
    let at = |i: isize| f64::from(values[i.clamp(0, last as isize) as usize]);
    let half = half as isize;
    let mut sum: f64 = (-half..=half).map(at).sum();
    (0..=last as isize)
        .map(|i| {
            let mean = sum / (2 * half + 1) as f64;
            sum += at(i + half + 1) - at(i - half);
            mean as f32
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_runs_from_none_to_all_within_the_limit() {
        let settings = FlightSettings::default();
        for total_m in [0.0f32, 0.001, 0.3, 3.0, 40.0] {
            let points: Vec<Vec3> = (0..=400)
                .map(|i| Vec3::X * (total_m * i as f32 / 400.0))
                .collect();
            let clock = Clock::new(total_m, &points, &[[0.0; 2]; 401], &[], &settings)
                .expect("forty metres are flown in time");
            let duration = clock.duration_secs();
            assert_eq!(
                clock.part_at(0.0),
                0.0,
                "{total_m} m begin at the beginning"
            );
            assert!(
                (clock.part_at(duration) - 1.0).abs() < 1e-5,
                "{total_m} m are done after {duration} s"
            );
            let h = duration / 500.0;
            let mut before = (0.0f32, 0.0f32);
            for i in 1..=500 {
                let part = clock.part_at(h * i as f32);
                let speed = (part - before.0) * total_m / h;
                assert!(
                    (-1e-4..=settings.max_speed * 1.01).contains(&speed),
                    "over {total_m} m the speed {speed} is within its limit"
                );
                assert!(
                    (speed - before.1).abs() <= settings.max_acceleration * h + 2e-3,
                    "over {total_m} m the speed changes softly, not by {}",
                    speed - before.1
                );
                before = (part, speed);
            }
        }
    }

    #[test]
    fn the_least_of_a_neighborhood_is_found() {
        assert_eq!(
            least_around(&[5.0, 3.0, 4.0, 9.0, 8.0, 7.0], 1),
            [3.0, 3.0, 3.0, 4.0, 7.0, 7.0],
            "each value becomes the least of itself and its neighbors"
        );
    }
}
