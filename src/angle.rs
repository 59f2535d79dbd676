//! Angles.

use core::f32::consts::{PI, TAU};

/// An angle in -π to π; 0 for what is no number.
pub(crate) fn wrapped(angle_rad: f32) -> f32 {
    if angle_rad.abs() <= PI {
        return angle_rad;
    }
    let turned = (angle_rad + PI).rem_euclid(TAU) - PI;
    if turned.is_finite() { turned } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn angles_stay_within_half_a_turn() {
        for (angle, expected) in [
            (0.5, 0.5),
            (PI, PI),
            (3.0 * TAU + 0.5, 0.5),
            (-TAU - 0.5, -0.5),
        ] {
            assert!((wrapped(angle) - expected).abs() < 1e-5, "{angle}");
        }
        assert_eq!([f32::NAN, f32::INFINITY].map(wrapped), [0.0; 2]);
    }
}
