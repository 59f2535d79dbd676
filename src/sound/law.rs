//! Pure: how loud and how clear a sound is, from where it and the listener are.

use bevy::math::{Vec3, ops};

use super::order::Pose;
use crate::scene::schema::{Cone, DistanceLaw, SoundPath};

/// An amplitude for a level in dB.
#[must_use]
pub fn amplitude(db: f32) -> f32 {
    ops::powf(10.0, db / 20.0)
}

/// A level in dB for an amplitude; -200 for silence.
#[must_use]
pub fn decibels(amplitude: f32) -> f32 {
    20.0 * ops::ln(amplitude.max(1e-10)) / std::f32::consts::LN_10
}

/// Amplitude at a distance: `reference / (reference + rolloff (d - reference))`, with `d` held
/// between the reference and the maximum. With a rolloff of 1 it is `reference / d`: 6 dB for
/// each doubling, the inverse-square law of energy. (The inverse clamped model of OpenAL 1.1,
/// §3.4.2, that engines and authors know.)
///
/// Of a sound with a size, the distance is that to its surface, but never less than the
/// reference.
#[must_use]
pub fn distance_gain(law: &DistanceLaw, distance_m: f32, size_m: f32) -> f32 {
    let reference = law.reference.max(0.001);
    let distance = (distance_m - size_m).clamp(reference, law.maximum.max(reference));
    reference / (reference + law.rolloff * (distance - reference))
}

/// Amplitude of a cone towards a listener: 1 inside the inner angle, the outer gain outside the
/// outer angle, and in between evenly in dB. `forward` and `to_listener` need no length.
#[must_use]
pub fn cone_gain(cone: &Cone, forward: Vec3, to_listener: Vec3) -> f32 {
    let Some((forward, to_listener)) = forward.try_normalize().zip(to_listener.try_normalize())
    else {
        return 1.0;
    };
    let off_axis_degrees = ops::acos(forward.dot(to_listener).clamp(-1.0, 1.0)).to_degrees();
    let (inner, outer) = (0.5 * cone.inner_angle, 0.5 * cone.outer_angle);
    let outside = if off_axis_degrees <= inner {
        0.0
    } else if off_axis_degrees >= outer {
        1.0
    } else {
        (off_axis_degrees - inner) / (outer - inner)
    };
    amplitude(outside * cone.outer_gain_db)
}

/// How wide a sound of a size is, seen from a distance: 0 a point, 1 all around (the listener
/// stands in it). The half angle `asin(size / distance)` as a share of 90°.
#[must_use]
pub fn spread(size_m: f32, distance_m: f32) -> f32 {
    if size_m <= 0.0 {
        return 0.0;
    }
    if distance_m <= size_m {
        return 1.0;
    }
    ops::asin(size_m / distance_m) / std::f32::consts::FRAC_PI_2
}

/// What rock between a sound and the listener does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Occlusion {
    /// Amplitude of what still comes straight, or bends around.
    pub gain: f32,
    /// Where the highs end, Hz.
    pub cutoff_hz: f32,
}

/// The level falls by 14 dB and the highs from 20 kHz to 500 Hz, evenly in dB and in octaves.
/// Behind the edge of a thick wall low sounds bend around and high ones do not (Maekawa 1968:
/// 5 dB at the edge of the shadow, 10 to 24 dB deep in it); the two ends lie inside his curve.
#[must_use]
pub fn occlusion(amount: f32) -> Occlusion {
    let amount = amount.clamp(0.0, 1.0);
    Occlusion {
        gain: amplitude(-14.0 * amount),
        cutoff_hz: 20_000.0 * ops::powf(500.0 / 20_000.0, amount),
    }
}

/// Where a sound on a path is, and which way it goes, after some time. It goes to and fro, or
/// around if the path is closed.
#[must_use]
pub fn along(path: &SoundPath, secs: f64) -> Pose {
    let closing = path.closed.then(|| path.points.first().copied()).flatten();
    let points: Vec<Vec3> = path.points.iter().copied().chain(closing).collect();
    let length_m: f32 = points
        .windows(2)
        .map(|ends| ends[0].distance(ends[1]))
        .sum();
    let Some(first) = points.first().copied() else {
        return Pose::default();
    };
    if length_m <= f32::EPSILON {
        return Pose {
            position_m: first,
            ..Pose::default()
        };
    }
    let gone_m = secs.max(0.0) * f64::from(path.speed);
    let length = f64::from(length_m);
    let (mut left_m, back) = if path.closed {
        (gone_m % length, false)
    } else {
        let phase = gone_m % (2.0 * length);
        if phase > length {
            (2.0 * length - phase, true)
        } else {
            (phase, false)
        }
    };
    for ends in points.windows(2) {
        let step_m = f64::from(ends[0].distance(ends[1]));
        if left_m <= step_m && step_m > 0.0 {
            let position_m = ends[0].lerp(ends[1], (left_m / step_m) as f32);
            let way = if back {
                ends[0] - ends[1]
            } else {
                ends[1] - ends[0]
            };
            let rotation = way
                .try_normalize()
                .map_or(bevy::math::Quat::IDENTITY, |way| {
                    bevy::math::Quat::from_rotation_arc(Vec3::NEG_Z, way)
                });
            return Pose {
                position_m,
                rotation,
            };
        }
        left_m -= step_m;
    }
    Pose {
        position_m: *points.last().unwrap_or(&first),
        ..Pose::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_doubling_of_the_distance_takes_six_decibels() {
        let law = DistanceLaw::default();
        for distance_m in [1.0, 2.0, 5.0, 20.0] {
            let fall = decibels(distance_gain(&law, distance_m, 0.0))
                - decibels(distance_gain(&law, 2.0 * distance_m, 0.0));
            assert!(
                (fall - 6.02).abs() < 0.01,
                "at {distance_m} m it falls by {fall} dB"
            );
        }
        assert_eq!(
            distance_gain(&law, 0.1, 0.0),
            1.0,
            "no nearer than the reference"
        );
        assert_eq!(
            distance_gain(&law, 51.0, 0.0),
            distance_gain(&law, 900.0, 0.0),
            "no further than the maximum"
        );
    }

    #[test]
    fn a_cone_is_full_inside_and_soft_behind() {
        let cone = Cone {
            inner_angle: 60.0,
            outer_angle: 120.0,
            outer_gain_db: -12.0,
        };
        let at = |degrees: f32| {
            let angle = degrees.to_radians();
            decibels(cone_gain(
                &cone,
                Vec3::NEG_Z,
                Vec3::new(ops::sin(angle), 0.0, -ops::cos(angle)),
            ))
        };
        assert!(at(29.0).abs() < 0.01);
        assert!(
            (at(45.0) + 6.0).abs() < 0.01,
            "half way in angle is half way in dB"
        );
        assert!((at(90.0) + 12.0).abs() < 0.01);
        assert_eq!(
            cone_gain(&cone, Vec3::ZERO, Vec3::X),
            1.0,
            "a direction without length"
        );
    }

    #[test]
    fn a_stream_surrounds_who_stands_in_it() {
        assert_eq!(spread(0.0, 1.0), 0.0);
        assert_eq!(spread(2.0, 1.0), 1.0);
        assert!(
            (spread(1.0, 2.0) - 1.0 / 3.0).abs() < 1e-5,
            "30 degrees of 90"
        );
    }

    #[test]
    fn a_path_goes_to_and_fro_or_around() {
        let mut path = SoundPath {
            points: vec![Vec3::ZERO, Vec3::X * 2.0, Vec3::new(2.0, 0.0, 2.0)],
            speed: 1.0,
            closed: false,
        };
        assert_eq!(along(&path, 1.0).position_m, Vec3::X);
        assert_eq!(along(&path, 3.0).position_m, Vec3::new(2.0, 0.0, 1.0));
        assert_eq!(
            along(&path, 5.0).position_m,
            Vec3::new(2.0, 0.0, 1.0),
            "on the way back"
        );
        path.closed = true;
        let home = along(&path, 4.0 + 8f64.sqrt()).position_m;
        assert!(home.length() < 1e-3, "around and home: {home}");
    }
}
