//! Pure: the built-in head, a rigid ball with two ears and simple outer ears.
//!
//! The structural model of C. P. Brown and R. O. Duda, "A structural model for binaural sound
//! synthesis", IEEE Transactions on Speech and Audio Processing 6(5), 1998:
//! - the time to each ear after Woodworth (their eq. 3),
//! - the shadow of the head as one pole and one zero (eqs. 4 and 5), which approximates the
//!   sphere of R. O. Duda and W. L. Martens, "Range dependence of the response of a spherical
//!   head model", JASA 104(5), 1998,
//! - five echoes of the outer ear whose delays depend on elevation (eq. 8 and table I), here at
//!   half their strength: at full strength they colour music more than they help.
//!
//! Their model has interaural-polar coordinates; ours uses azimuth and elevation about the
//! vertical, which differ little where the outer ear's cue matters, near the median plane.

use bevy::math::{Vec3, ops};

use super::SPEED_OF_SOUND_M_S;

/// Radius of the head, m (Brown and Duda; the mean of Algazi et al. 2001).
pub const HEAD_RADIUS_M: f32 = 0.0875;
/// Least share of the high frequencies in the shadow, and where it is.
const SHADOW_MIN: f32 = 0.1;
const SHADOW_ANGLE: f32 = 150.0 * std::f32::consts::PI / 180.0;
/// Echoes of the outer ear: strength, then A and B in samples at 44.1 kHz, and D.
const PINNA: [(f32, f32, f32, f32); 5] = [
    (0.5, 1.0, 2.0, 1.0),
    (-1.0, 5.0, 4.0, 0.5),
    (0.5, 5.0, 7.0, 0.5),
    (-0.25, 5.0, 11.0, 0.5),
    (0.25, 5.0, 13.0, 0.5),
];
const PINNA_STRENGTH: f32 = 0.5;
/// Samples before the earliest sound: half of an interpolating kernel.
const LEAD_SAMPLES: f32 = 8.0;

/// How much later (positive) than at the head's centre a plane wave reaches an ear, s.
/// `incidence` is the angle between the ear's axis and the source.
#[must_use]
pub fn ear_delay_secs(incidence: f32) -> f32 {
    let across = HEAD_RADIUS_M / SPEED_OF_SOUND_M_S;
    if incidence < std::f32::consts::FRAC_PI_2 {
        -across * ops::cos(incidence)
    } else {
        across * (incidence - std::f32::consts::FRAC_PI_2)
    }
}

/// Taps that hold a response at a sample rate: 128 up to 48 kHz.
#[must_use]
pub fn taps(rate_hz: u32) -> usize {
    128 * rate_hz.div_ceil(48_000).max(1) as usize
}

/// Left and right responses to a far source in a direction in the head's frame (right is +X, up
/// +Y, forward -Z). Straight ahead each ear receives an energy of one.
#[must_use]
pub fn response(direction: Vec3, rate_hz: u32) -> [Box<[f32]>; 2] {
    let scale = 1.0 / energy(&ear(Vec3::NEG_Z, Vec3::X, rate_hz)).max(1e-9).sqrt();
    let direction = direction.try_normalize().unwrap_or(Vec3::NEG_Z);
    [Vec3::NEG_X, Vec3::X].map(|axis| {
        let mut taps = ear(direction, axis, rate_hz);
        for tap in &mut taps {
            *tap *= scale;
        }
        taps
    })
}

fn energy(taps: &[f32]) -> f32 {
    taps.iter().map(|tap| tap * tap).sum()
}

fn ear(direction: Vec3, axis: Vec3, rate_hz: u32) -> Box<[f32]> {
    let rate = rate_hz as f32;
    let incidence = ops::acos(direction.dot(axis).clamp(-1.0, 1.0));
    let elevation = ops::asin(direction.y.clamp(-1.0, 1.0));
    let azimuth = ops::atan2(direction.x, -direction.z);
    let mut taps = vec![0.0; taps(rate_hz)].into_boxed_slice();

    let earliest = HEAD_RADIUS_M / SPEED_OF_SOUND_M_S;
    let arrival = LEAD_SAMPLES + rate * (earliest + ear_delay_secs(incidence));
    add_impulse(&mut taps, arrival, 1.0);
    for (strength, a, b, d) in PINNA {
        let from_above = d * (std::f32::consts::FRAC_PI_2 - elevation);
        let samples = a * ops::cos(0.5 * azimuth) * ops::sin(from_above) + b;
        add_impulse(
            &mut taps,
            arrival + samples * rate / 44_100.0,
            PINNA_STRENGTH * strength,
        );
    }

    // The head's shadow by the bilinear transform.
    let alpha = (1.0 + 0.5 * SHADOW_MIN)
        + (1.0 - 0.5 * SHADOW_MIN) * ops::cos(incidence / SHADOW_ANGLE * std::f32::consts::PI);
    let tau = HEAD_RADIUS_M / (2.0 * SPEED_OF_SOUND_M_S) * 2.0 * rate;
    let (b0, b1, a1) = (
        (1.0 + alpha * tau) / (1.0 + tau),
        (1.0 - alpha * tau) / (1.0 + tau),
        (1.0 - tau) / (1.0 + tau),
    );
    let (mut last_in, mut last_out) = (0.0, 0.0);
    for tap in &mut taps {
        let out = b0 * *tap + b1 * last_in - a1 * last_out;
        (last_in, last_out) = (*tap, out);
        *tap = out;
    }
    taps
}

/// Adds an impulse between samples: a sinc under a raised cosine, 16 taps.
fn add_impulse(taps: &mut [f32], at: f32, strength: f32) {
    let first = (at - LEAD_SAMPLES).ceil().max(0.0) as usize;
    for (index, tap) in taps.iter_mut().enumerate().skip(first).take(16) {
        let x = (index as f32 - at) * std::f32::consts::PI;
        let sinc = if x.abs() < 1e-5 { 1.0 } else { ops::sin(x) / x };
        *tap += strength * sinc * 0.5 * (1.0 + ops::cos(x / LEAD_SAMPLES));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_far_ear_hears_later_and_softer() {
        let [left, right] = response(Vec3::X, 48_000);
        assert!(
            energy(&right) > 4.0 * energy(&left),
            "6 dB at least across the head"
        );
        let delay = ear_delay_secs(std::f32::consts::PI) - ear_delay_secs(0.0);
        assert!(
            (6.3e-4..6.8e-4).contains(&delay),
            "Woodworth: 0.66 ms, here {delay}"
        );
    }

    #[test]
    fn ahead_both_ears_hear_the_same_and_above_sounds_different() {
        let [left, right] = response(Vec3::NEG_Z, 48_000);
        assert_eq!(left, right);
        assert!((energy(&left) - 1.0).abs() < 1e-3);
        let [above, _] = response(Vec3::Y, 48_000);
        let difference: f32 = left.iter().zip(&above).map(|(a, b)| (a - b).powi(2)).sum();
        assert!(
            difference > 0.05,
            "elevation must change the response: {difference}"
        );
    }

    #[test]
    fn the_response_fits_its_taps() {
        for rate in [44_100, 48_000, 96_000] {
            for direction in [Vec3::X, Vec3::NEG_X, Vec3::Z, Vec3::Y, Vec3::NEG_Y] {
                for taps in response(direction, rate) {
                    let tail = energy(&taps[taps.len() - 8..]);
                    assert!(tail < 1e-4, "{direction} at {rate} Hz is cut off: {tail}");
                }
            }
        }
    }
}
