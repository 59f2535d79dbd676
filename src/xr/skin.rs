//! Pure: the surface of a tracked hand, in the tracked space: a tube with a round end for each
//! finger, a rounded slab over the bones of the palm. Its shading is painted into the vertices,
//! a soft light from above and a warm edge, so that a hand is seen in the darkest cave and
//! costs a headset next to nothing.

use crate::{
    render::scan::ATTRIBUTE_SCAN_COLOR,
    visit::bare_hand::{HandJoints, joint},
};
use bevy::{
    asset::RenderAssetUsages,
    math::ops,
    mesh::{Indices, PrimitiveTopology, VertexAttributeValues},
    prelude::*,
};
use core::f32::consts::TAU;

/// Linear RGB of the clay where the light falls, where it does not, and of its warm edge.
const LIT: Vec3 = Vec3::new(0.27, 0.150, 0.082);
const SHADE: Vec3 = Vec3::new(0.030, 0.017, 0.011);
const EDGE: Vec3 = Vec3::new(0.62, 0.36, 0.13);

/// Vertices around a finger, and rings to a bone and to a round end.
const AROUND: usize = 14;
const TO_A_BONE: usize = 4;
const TO_AN_END: usize = 4;
/// Vertices around the palm, and rings from wrist to knuckles.
const AROUND_PALM: usize = 28;
const PALM_RINGS: usize = 12;
/// A skin is this thick at least and at most, metres: what trackers report is not always one.
const THIN_M: f32 = 0.0055;
const THICK_M: f32 = 0.016;

/// See the module's documentation.
#[derive(Default)]
pub(super) struct Skin {
    positions: Vec<Vec3>,
    colors: Vec<[u8; 4]>,
    indices: Vec<u32>,
}

impl Skin {
    /// Over these joints, painted for a head here.
    pub(super) fn over(joints: &HandJoints, head: Vec3) -> Self {
        let mut skin = Self::default();
        let [_, fingers @ ..] = joint::FINGERS;
        skin.finger(joints, &[joint::WRIST, 2, 3, 4, 5]);
        for bones in fingers {
            skin.finger(joints, bones);
        }
        skin.palm(joints);
        skin.paint(head);
        skin
    }

    /// A tube along the bones, round at the tip.
    fn finger(&mut self, joints: &HandJoints, bones: &[usize]) {
        let at = |index: usize| joints.0[bones[index.min(bones.len() - 1)]].position;
        // What begins at the wrist is the ball of the thumb.
        let thick = |index: usize| match bones[index.min(bones.len() - 1)] {
            joint::WRIST => THICK_M,
            own => skin_m(joints.0[own].radius_m),
        };
        // The palm's side is the same for every finger: no tube is twisted.
        let side = joints.0[joint::PALM].rotation * Vec3::X;
        let mut rings = Vec::new();
        let last = bones.len() - 1;
        for step in 0..=last * TO_A_BONE {
            let (bone, share) = (step / TO_A_BONE, (step % TO_A_BONE) as f32);
            let share = share / TO_A_BONE as f32;
            let before = at(bone.saturating_sub(1));
            let middle = curve(before, at(bone), at(bone + 1), at(bone + 2), share);
            let radius = thick(bone) + (thick(bone + 1) - thick(bone)) * share;
            rings.push((middle, radius));
        }
        // The tip's joint is at the skin's end: the round end begins before it.
        let (tip, radius) = (at(last), thick(last));
        let along = (tip - at(last - 1)).normalize_or(Vec3::NEG_Z);
        rings.pop();
        for step in 1..=TO_AN_END {
            let (sin, cos) = ops::sin_cos(step as f32 / TO_AN_END as f32 * TAU * 0.25);
            rings.push((
                tip + along * (radius * (sin - 0.6)),
                (radius * cos).max(1e-4),
            ));
        }
        let count = rings.len();
        let base = self.positions.len();
        for (at, (middle, radius)) in rings.iter().enumerate() {
            let next = rings[(at + 1).min(count - 1)].0;
            let before = rings[at.saturating_sub(1)].0;
            let along = (next - before).normalize_or(along);
            let across =
                (side - along * side.dot(along)).normalize_or(along.any_orthonormal_vector());
            let up = across.cross(along);
            for step in 0..AROUND {
                let (sin, cos) = ops::sin_cos(step as f32 / AROUND as f32 * TAU);
                self.positions
                    .push(*middle + (across * cos + up * sin) * *radius);
            }
        }
        self.join(base, count, AROUND);
    }

    /// A slab over the palm's bones, from the wrist to a little beyond the knuckles.
    fn palm(&mut self, joints: &HandJoints) {
        let place = |index: usize| joints.0[index].position;
        let wrist = &joints.0[joint::WRIST];
        let back = joints.0[joint::PALM].rotation * Vec3::Y;
        let across_wrist = (place(21) - place(6)).normalize_or(Vec3::X);
        // Round the other way for the other hand: its surface faces outwards too.
        let along = place(12) - wrist.position;
        let sense = -across_wrist.cross(back).dot(along).signum();
        let wrist_half = wrist.radius_m.clamp(0.018, 0.028);
        // Index, middle, ring and little finger: wrist, root, knuckle, and beyond.
        let columns: Vec<[Vec3; 4]> = [(6, 7, 8), (11, 12, 13), (16, 17, 18), (21, 22, 23)]
            .into_iter()
            .enumerate()
            .map(|(at, (root, knuckle, next))| {
                let share = at as f32 / 3.0 * 2.0 - 1.0;
                let arm = wrist.rotation * Vec3::Z * 0.02;
                let beginning = wrist.position + arm + across_wrist * (wrist_half * 0.72 * share);
                let web = place(knuckle) + (place(next) - place(knuckle)) * 0.28;
                [beginning, place(root), place(knuckle), web]
            })
            .collect();
        let base = self.positions.len();
        for ring in 0..=PALM_RINGS {
            let along = ring as f32 / PALM_RINGS as f32 * 3.0;
            let (part, share) = (
                (along as usize).min(2),
                along - (along as usize).min(2) as f32,
            );
            let at = |column: usize, row: usize| columns[column.min(3)][row.min(3)];
            // Rounded towards both ends.
            let end = (along.min(3.0 - along) / 0.55).clamp(0.0, 1.0);
            let round = ops::sqrt((1.0 - (1.0 - end) * (1.0 - end)).max(0.0)).max(0.03);
            let row: Vec<Vec3> = (0..4)
                .map(|column| {
                    let before = at(column, part.saturating_sub(1));
                    let (a, b) = (at(column, part), at(column, part + 1));
                    curve(before, a, b, at(column, part + 2), share)
                })
                .collect();
            let thick = 0.0135 - 0.0022 * (along - 1.0).clamp(0.0, 2.0);
            for step in 0..AROUND_PALM {
                let turn = step as f32 / AROUND_PALM as f32 * TAU;
                let (sin, cos) = ops::sin_cos(turn * sense);
                // Nearly a rounded rectangle: fuller than an ellipse.
                let (wide, high) = (fuller(cos), fuller(sin));
                let across = (wide + 1.0) * 1.5;
                let (column, between) = (across as usize, across.fract());
                let column = column.min(2);
                let between = if across >= 3.0 { 1.0 } else { between };
                let before = row[column.saturating_sub(1)];
                let beside = row[(column + 2).min(3)];
                let middle = curve(before, row[column], row[column + 1], beside, between);
                let out = (row[3] - row[0]).normalize_or(across_wrist);
                let skin = out * (wide * 0.0085 * round) + back * (high * thick * round);
                self.positions.push(middle + skin);
            }
        }
        self.join(base, PALM_RINGS + 1, AROUND_PALM);
    }

    /// Triangles between rings.
    fn join(&mut self, base: usize, rings: usize, around: usize) {
        for ring in 0..rings.saturating_sub(1) {
            for step in 0..around {
                let next = (step + 1) % around;
                let corner = |ring: usize, step: usize| (base + ring * around + step) as u32;
                let [a, b, c, d] = [
                    corner(ring, step),
                    corner(ring, next),
                    corner(ring + 1, step),
                    corner(ring + 1, next),
                ];
                self.indices.extend([a, c, b, b, c, d]);
            }
        }
    }

    /// A soft light from above, and a warm edge where the surface turns away from the head.
    fn paint(&mut self, head: Vec3) {
        let mut normals = vec![Vec3::ZERO; self.positions.len()];
        for triangle in self.indices.chunks_exact(3) {
            let [a, b, c] = [triangle[0], triangle[1], triangle[2]].map(|at| at as usize);
            let (p, q, r) = (self.positions[a], self.positions[b], self.positions[c]);
            let normal = (q - p).cross(r - p);
            for corner in [a, b, c] {
                normals[corner] += normal;
            }
        }
        self.colors = normals
            .iter()
            .zip(&self.positions)
            .map(|(normal, position)| {
                let normal = normal.normalize_or(Vec3::Y);
                let to_head = (head - *position).normalize_or(Vec3::Y);
                let above = 0.5 + 0.5 * normal.dot(Vec3::new(0.25, 0.93, 0.25));
                let away = 1.0 - normal.dot(to_head).clamp(0.0, 1.0);
                let color = SHADE.lerp(LIT, above * above) + EDGE * (away * away * away * 0.55);
                let [r, g, b] = color.to_array().map(|value| (value * 255.0) as u8);
                [r, g, b, 255]
            })
            .collect();
    }

    /// As a mesh of its own.
    pub(super) fn into_mesh(self) -> Mesh {
        let mut mesh = Mesh::new(
            PrimitiveTopology::TriangleList,
            RenderAssetUsages::default(),
        )
        .with_inserted_indices(Indices::U32(self.indices.clone()));
        self.paint_into(&mut mesh);
        mesh
    }

    /// Triangles never change: only where the vertices are and what is painted there.
    pub(super) fn paint_into(self, mesh: &mut Mesh) {
        let positions: Vec<[f32; 3]> = self.positions.iter().map(|own| own.to_array()).collect();
        mesh.insert_attribute(Mesh::ATTRIBUTE_POSITION, positions);
        mesh.insert_attribute(
            ATTRIBUTE_SCAN_COLOR,
            VertexAttributeValues::Unorm8x4(self.colors),
        );
    }
}

fn skin_m(radius_m: f32) -> f32 {
    radius_m.clamp(THIN_M, THICK_M)
}

/// A sine, pushed towards its ends.
fn fuller(value: f32) -> f32 {
    value.signum() * ops::powf(value.abs(), 0.75)
}

/// Catmull and Rom's curve from `b` to `c`.
fn curve(a: Vec3, b: Vec3, c: Vec3, d: Vec3, share: f32) -> Vec3 {
    let (t, t2, t3) = (share, share * share, share * share * share);
    0.5 * (b * 2.0
        + (c - a) * t
        + (a * 2.0 - b * 5.0 + c * 4.0 - d) * t2
        + (b * 3.0 - a - c * 3.0 + d) * t3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visit::bare_hand::{JOINTS, Joint};

    /// A flat left hand, palm down, fingers ahead.
    fn flat() -> HandJoints {
        let mut joints = HandJoints([Joint::default(); JOINTS]);
        joints.0[joint::WRIST].radius_m = 0.025;
        joints.0[joint::PALM].position = Vec3::new(0.0, 0.0, -0.05);
        for (finger, bones) in joint::FINGERS.iter().enumerate() {
            for (bone, index) in bones.iter().enumerate() {
                let x = 0.03 - 0.02 * finger as f32;
                joints.0[*index].position = Vec3::new(x, 0.0, -0.03 - 0.03 * bone as f32);
            }
        }
        joints
    }

    #[test]
    fn the_skin_is_near_the_bones_and_closed_over_them() {
        let joints = flat();
        let skin = Skin::over(&joints, Vec3::new(0.0, 0.4, 0.2));
        assert_eq!(
            skin.positions.len(),
            skin.colors.len(),
            "every vertex is painted"
        );
        for position in &skin.positions {
            let near = joints
                .0
                .iter()
                .map(|own| own.position.distance(*position))
                .fold(f32::INFINITY, f32::min);
            assert!(
                position.is_finite() && near < 0.035,
                "skin lies over bones, not {near} m off at {position}"
            );
        }
        for tip in [5, 10, 15, 20, 25] {
            let tip = joints.0[tip].position;
            let farthest = skin
                .positions
                .iter()
                .map(|own| tip.z - own.z)
                .fold(f32::MIN, f32::max);
            assert!(
                farthest < 0.12,
                "no finger is longer than its bones, by {farthest} m"
            );
        }
    }

    #[test]
    fn triangles_face_outwards() {
        let joints = flat();
        let skin = Skin::over(&joints, Vec3::Y);
        let mut out = 0;
        let mut all = 0;
        for triangle in skin.indices.chunks_exact(3) {
            let [p, q, r] =
                [triangle[0], triangle[1], triangle[2]].map(|at| skin.positions[at as usize]);
            let normal = (q - p).cross(r - p);
            let middle = (p + q + r) / 3.0;
            if normal.y.abs() > normal.length() * 0.5 {
                all += 1;
                out += u32::from((normal.y > 0.0) == (middle.y > 0.0));
            }
        }
        assert!(
            all > 200 && out * 100 > all * 97,
            "what lies above the bones faces up: {out} of {all}"
        );
    }
}
