//! Where things are.

use bevy::math::{DAffine3, DQuat, DVec3, EulerRot, Vec3};

use super::{MeshId, Spanned, ViewId};

record! {
    /// Coordinates and a direction.
    pub struct Pose {
        /// East (+X), up (+Y), south (+Z). For a place where a visitor stands: the floor
        /// under the feet, unless the field says otherwise.
        position: Vec3 [unit "m", range -100000.0..=100000.0] = required,
        /// Direction, seen from above: 0 looks along -Z, positive turns left.
        yaw: f32 [unit "°", range -360.0..=360.0] = 0.0,
        /// Direction up (positive) or down.
        pitch: f32 [unit "°", range -90.0..=90.0] = 0.0,
    }
}

/// A place: coordinates, a named node of a mesh, or a named view.
#[derive(Debug, Clone, PartialEq)]
pub enum Place {
    /// `(position: (x, y, z), yaw: 90, pitch: 0)`.
    At(Pose),
    /// `Node("mesh-id", "Node name")`: where an author put an empty in Blender. It looks
    /// along the node's -Z.
    Node {
        /// The mesh that holds the node.
        mesh: MeshId,
        /// The node's name in the file.
        node: Spanned<String>,
    },
    /// `View("id")`: the same place as a named view.
    View(ViewId),
}

impl Default for Place {
    fn default() -> Self {
        Self::At(Pose::default())
    }
}

record! {
    /// Where and how a file is put into its space: first scaled, then rolled about Z,
    /// pitched about X, turned about Y, then moved.
    pub struct Placement {
        /// Where the file's origin goes.
        position: Vec3 [unit "m", range -100000.0..=100000.0] = (Vec3::ZERO),
        /// Turn about +Y: positive turns left, seen from above.
        yaw: f32 [unit "°", range -360.0..=360.0] = 0.0,
        /// Turn about +X: positive lifts what lies along -Z.
        pitch: f32 [unit "°", range -360.0..=360.0] = 0.0,
        /// Turn about +Z.
        roll: f32 [unit "°", range -360.0..=360.0] = 0.0,
        /// Size, alike in all directions.
        scale: f32 [unit "times", range 0.000001..=1000000.0] = 1.0,
    }
}

impl Placement {
    /// From the file's coordinates (in metres) to those of its space.
    #[must_use]
    pub fn affine(&self) -> DAffine3 {
        let radians = |degrees: f32| f64::from(degrees).to_radians();
        let (yaw, pitch, roll) = (radians(self.yaw), radians(self.pitch), radians(self.roll));
        DAffine3::from_scale_rotation_translation(
            DVec3::splat(f64::from(self.scale)),
            DQuat::from_euler(EulerRot::YXZ, yaw, pitch, roll),
            self.position.as_dvec3(),
        )
    }
}
