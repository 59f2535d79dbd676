//! Numbers for tests that are always the same.

use bevy::math::Vec3;

/// The next number in 0 to 1.
pub(super) fn random(state: &mut u64) -> f32 {
    *state = state
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    (*state >> 40) as f32 / (1u64 << 24) as f32
}

/// The next point in a cube of this side about the origin, metres.
pub(super) fn random_point(state: &mut u64, size: f32) -> Vec3 {
    (Vec3::new(random(state), random(state), random(state)) - 0.5) * size
}
