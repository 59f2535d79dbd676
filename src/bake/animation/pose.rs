//! Where a node is, and what lies between two such places.

use bevy::math::{Quat, Vec3};

use super::curve::slerp;

/// Placement of a node in its parent's frame, and the weights of its morph targets.
#[derive(Debug, Clone, PartialEq)]
pub struct Pose {
    /// Metres.
    pub translation: Vec3,
    /// See [`super::Target::Rotation`].
    pub rotation: Quat,
    /// See [`super::Target::Scale`].
    pub scale: Vec3,
    /// One a morph target; empty where the node's mesh has none.
    pub weights: Vec<f32>,
}

impl Default for Pose {
    fn default() -> Self {
        Self {
            translation: Vec3::ZERO,
            rotation: Quat::IDENTITY,
            scale: Vec3::ONE,
            weights: Vec::new(),
        }
    }
}

/// Moves `to` back towards `from`: share 0 gives `from`, 1 leaves `to`.
pub fn mix(from: &[Pose], to: &mut [Pose], share: f32) {
    for (from, to) in from.iter().zip(to) {
        to.translation = from.translation.lerp(to.translation, share);
        to.rotation = slerp(from.rotation, to.rotation, share);
        to.scale = from.scale.lerp(to.scale, share);
        to.weights
            .resize(from.weights.len().max(to.weights.len()), 0.0);
        for (index, weight) in to.weights.iter_mut().enumerate() {
            let before = from.weights.get(index).copied().unwrap_or_default();
            *weight = before * (1.0 - share) + *weight * share;
        }
    }
}

/// Slow, fast, slow: the share of the way at a share of the time.
pub fn ease(share: f32) -> f32 {
    let x = share.clamp(0.0, 1.0);
    x * x * (3.0 - 2.0 * x)
}
