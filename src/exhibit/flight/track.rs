//! The curve through space.

use bevy::math::{
    Vec3,
    cubic_splines::{CubicBSpline, CubicCurve, CubicGenerator},
    ops,
};

use super::{FlightSettings, Pose, clock::Clock, gaze::gaze_along};
use crate::exhibit::walk::Ground;

/// Corners are rounded over twice this, metres; smaller where rock is near.
const ROUNDINGS_M: [f32; 4] = [0.6, 0.35, 0.2, 0.1];
/// Part of the route's clearance that the rounded way still keeps.
const KEPT_CLEARANCE: f32 = 0.5;
/// Distance between samples of the way, metres.
const SAMPLE_M: f32 = 0.01;
/// Fewest and most samples of a flight.
const MIN_SAMPLES: usize = 400;
const MAX_SAMPLES: usize = 8000;

/// How often a way is slowed where it is too quick.
const EASINGS: usize = 6;
/// To either side of such a moment, seconds; the clock's means reach as far.
const AROUND_SECS: f32 = 0.3;
/// Not slower at once: the square of the speed falls by no more than this.
const LEAST_EASING: f32 = 0.4;

/// A sampled flight.
#[derive(Debug, Clone)]
pub(super) struct Track {
    curve: CubicCurve<Vec3>,
    /// Evenly spaced in what is paid for way and turning.
    samples: Vec<Sample>,
    clock: Clock,
}

/// A place on the curve and a gaze there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    /// Parameter of the curve.
    at: f32,
    /// Yaw and pitch.
    gaze: [f32; 2],
}

impl Sample {
    fn lerp(a: Self, b: Self, part: f32) -> Self {
        let mix = |a: f32, b: f32| a + (b - a) * part;
        Self {
            at: mix(a.at, b.at),
            gaze: [mix(a.gaze[0], b.gaze[0]), mix(a.gaze[1], b.gaze[1])],
        }
    }
}

impl Track {
    /// A track along a route, or `None` when its rounded corners come too near to rock or
    /// it takes too long.
    pub(super) fn new(
        start: Pose,
        end: Pose,
        route: &[Vec3],
        ground: Option<(&dyn Ground, f32)>,
        settings: &FlightSettings,
    ) -> Option<Self> {
        let curve = ROUNDINGS_M.into_iter().find_map(|rounding_m| {
            let curve = rounded(route, rounding_m)?;
            is_clear(&curve, ground).then_some(curve)
        })?;
        let (parameters, length_m) = evenly_spaced(&curve);
        let points: Vec<Vec3> = parameters.iter().map(|at| curve.position(*at)).collect();
        let gazes = gaze_along(start, end, &points, length_m);
        let metres_per_rad = settings.max_speed / settings.max_turn_deg.to_radians();
        let mut paid_m = Vec::with_capacity(points.len());
        let mut sum_m = 0.0f32;
        paid_m.push(sum_m);
        for i in 1..points.len() {
            let way = points[i].distance(points[i - 1]);
            sum_m += ops::hypot(way, turn_between(gazes[i - 1], gazes[i]) * metres_per_rad);
            paid_m.push(sum_m);
        }
        let rough: Vec<Sample> = parameters
            .into_iter()
            .zip(gazes)
            .map(|(at, gaze)| Sample { at, gaze })
            .collect();
        let samples = resampled(&rough, &paid_m);
        let points: Vec<Vec3> = samples.iter().map(|s| curve.position(s.at)).collect();
        let gazes: Vec<[f32; 2]> = samples.iter().map(|s| s.gaze).collect();
        let mut ease = vec![1.0; points.len()];
        let mut track = Self {
            curve,
            samples,
            clock: Clock::new(sum_m, &points, &gazes, &ease, settings)?,
        };
        // Where the way is still too quick (a narrow door, a turn on the spot) it is slowed,
        // and only there.
        for _ in 0..EASINGS {
            if !track.ease(&mut ease, settings) {
                break;
            }
            track.clock = Clock::new(sum_m, &points, &gazes, &ease, settings)?;
        }
        track.calm(settings);
        Some(track)
    }

    /// Slows the samples around each moment of too much acceleration; whether there was one.
    fn ease(&self, ease: &mut [f32], settings: &FlightSettings) -> bool {
        let (excesses, h) = self.excesses(settings);
        let last = self.samples.len() - 1;
        let mut factors = vec![1.0_f32; ease.len()];
        for (i, excess) in excesses.iter().enumerate().filter(|(_, one)| **one > 1.05) {
            // What is done within the clock's own softness of the moment.
            let at = (i + 1) as f32 * h;
            let part = |secs: f32| (self.clock.part_at(secs) * last as f32) as usize;
            let (from, to) = (part(at - AROUND_SECS), part(at + AROUND_SECS));
            // Accelerations in a bend go with the square of the speed, as the limits do.
            let factor = (1.0 / excess).max(LEAST_EASING);
            for own in &mut factors[from.min(last)..=to.min(last)] {
                *own = own.min(factor);
            }
        }
        for (ease, factor) in ease.iter_mut().zip(&factors) {
            *ease *= factor;
        }
        factors.iter().any(|factor| *factor < 1.0)
    }

    pub(super) fn duration_secs(&self) -> f32 {
        self.clock.duration_secs()
    }

    pub(super) fn pose_at(&self, secs: f32) -> Pose {
        let last = self.samples.len() - 1;
        let place = (self.clock.part_at(secs) * last as f32).clamp(0.0, last as f32);
        let before = (place as usize).min(last - 1);
        let (a, b) = (self.samples[before], self.samples[before + 1]);
        let sample = Sample::lerp(a, b, place - before as f32);
        Pose {
            eye_in_world: self.curve.position(sample.at),
            yaw_rad: sample.gaze[0],
            pitch_rad: sample.gaze[1],
        }
    }

    /// How many times the limits of acceleration are used up, at each sixtieth of a second
    /// from the second on; and how long those are.
    fn excesses(&self, settings: &FlightSettings) -> (Vec<f32>, f32) {
        let duration = self.duration_secs();
        let count = ((duration * 60.0) as usize).clamp(10, 4000);
        let h = duration / count as f32;
        let poses: Vec<Pose> = (0..=count).map(|i| self.pose_at(i as f32 * h)).collect();
        let most_twist = settings.max_turn_acceleration_deg.to_radians();
        let excesses = poses.windows(3).map(|three| {
            let [a, b, c] = [three[0], three[1], three[2]];
            let bend = a.eye_in_world - 2.0 * b.eye_in_world + c.eye_in_world;
            let push = bend.length() / (h * h);
            let yaw = a.yaw_rad - 2.0 * b.yaw_rad + c.yaw_rad;
            let pitch = a.pitch_rad - 2.0 * b.pitch_rad + c.pitch_rad;
            let twist = ops::hypot(yaw, pitch) / (h * h);
            (push / settings.max_acceleration).max(twist / most_twist)
        });
        (excesses.collect(), h)
    }

    /// Stretches time until both accelerations are within their limits everywhere; the
    /// clock already saw to most of it.
    fn calm(&mut self, settings: &FlightSettings) {
        let (excesses, _) = self.excesses(settings);
        let excess = excesses.into_iter().fold(0.0, f32::max);
        // Accelerations fall with the square of time. Where nearly nothing moves, rounding
        // looks like acceleration: no more than a doubling.
        self.clock.stretch = (excess.sqrt() * 1.02).clamp(1.0, 2.0);
    }
}

/// The angle between two gazes, to first order and never less than it is.
fn turn_between(a: [f32; 2], b: [f32; 2]) -> f32 {
    ops::hypot(b[0] - a[0], b[1] - a[1])
}

/// A B-spline along a route: straight on its legs, round at its corners, exact at its ends.
fn rounded(route: &[Vec3], rounding_m: f32) -> Option<CubicCurve<Vec3>> {
    let mut points = Vec::new();
    for leg in route.windows(2) {
        let pieces = (leg[0].distance(leg[1]) / rounding_m)
            .ceil()
            .clamp(3.0, 2000.0) as u32;
        for k in 0..pieces {
            points.push(leg[0].lerp(leg[1], k as f32 / pieces as f32));
        }
    }
    points.push(*route.last()?);
    // A phantom point beyond each end makes the curve begin and end exactly there.
    let (first, second) = (*points.first()?, *points.get(1)?);
    let (last, before) = (*points.last()?, *points.get(points.len() - 2)?);
    points.insert(0, 2.0 * first - second);
    points.push(2.0 * last - before);
    CubicBSpline::new(points).to_curve().ok()
}

/// Whether a curve keeps part of the route's clearance, but for its very ends.
fn is_clear(curve: &CubicCurve<Vec3>, ground: Option<(&dyn Ground, f32)>) -> bool {
    let Some((ground, clearance_m)) = ground else {
        return true;
    };
    let pieces = curve.segments().len() * 4;
    let point = |i: usize| curve.position(i as f32 / 4.0);
    let ends = [point(0), point(pieces)];
    (0..pieces).all(|i| {
        let (a, b) = (point(i), point(i + 1));
        let to_end = ends
            .iter()
            .map(|end| end.distance(a).min(end.distance(b)))
            .fold(f32::INFINITY, f32::min);
        let is_end = to_end < 2.5 * clearance_m;
        // Ends may stand close to rock; there the way need only not touch it.
        let kept_m = if is_end {
            0.02
        } else {
            clearance_m * KEPT_CLEARANCE
        };
        ground.is_free(a, b, kept_m)
    })
}

/// Parameters evenly spaced along a curve, and its length.
fn evenly_spaced(curve: &CubicCurve<Vec3>) -> (Vec<f32>, f32) {
    const FINE: usize = 24;
    let count = curve.segments().len() * FINE;
    let mut lengths = Vec::with_capacity(count + 1);
    let (mut length, mut before) = (0.0f32, curve.position(0.0));
    lengths.push(0.0);
    for i in 1..=count {
        let here = curve.position(i as f32 / FINE as f32);
        length += here.distance(before);
        before = here;
        lengths.push(length);
    }
    let even = ((length / SAMPLE_M) as usize).clamp(MIN_SAMPLES, MAX_SAMPLES);
    let parameters = (0..=even)
        .map(|k| {
            let part = k as f32 / even as f32;
            if length <= 1e-4 {
                return part * curve.segments().len() as f32;
            }
            let (after, within) = locate(&lengths, length * part);
            (after as f32 - 1.0 + within) / FINE as f32
        })
        .collect();
    (parameters, length)
}

/// Where a value lies among rising ones: the index after it, and how far towards that.
fn locate(rising: &[f32], wanted: f32) -> (usize, f32) {
    let after = rising
        .partition_point(|value| *value < wanted)
        .clamp(1, rising.len() - 1);
    let (a, b) = (rising[after - 1], rising[after]);
    let within = if b > a { (wanted - a) / (b - a) } else { 1.0 };
    (after, within.clamp(0.0, 1.0))
}

/// Samples evenly spaced in what is paid.
fn resampled(rough: &[Sample], paid_m: &[f32]) -> Vec<Sample> {
    let total_m = paid_m[paid_m.len() - 1];
    let even = ((total_m / SAMPLE_M) as usize).clamp(MIN_SAMPLES, MAX_SAMPLES);
    (0..=even)
        .map(|k| {
            let (after, within) = locate(paid_m, total_m * (k as f32 / even as f32));
            Sample::lerp(rough[after - 1], rough[after], within)
        })
        .collect()
}
