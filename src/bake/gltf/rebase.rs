//! Units, up axis and survey coordinates: moves everything near the origin in f64 before
//! the renderer rounds it to f32.
//!
//! A point `p` of node *N* lies at `parent_from_N(p)` in its parent. Each node gets a new
//! frame *N'* whose origin is at `o` in *N*, so that its translation becomes
//! `t + R S o - o_parent` and its vertices `v - o`. Vertices stored far away choose `o` at
//! their centre; a node without vertices or light whose frame would be far from its
//! parent's new frame chooses the `o` that brings it there. What is near stays untouched,
//! bit for bit.

use bevy::math::{DAffine3, DQuat, DVec3, Vec3};
use rayon::prelude::*;

use super::context::Context;
use super::nodes::Tree;
use crate::bake::animation::{Channel, Clip, Interpolation, Target};
use crate::bake::model::{Mesh, Node};
use crate::bake::options::{Origin, Up};

/// f32 keeps 0.06 mm at this distance in metres; up to here nothing is moved.
const FAR_M: f64 = 1000.0;

/// Applies [`crate::bake::ReadOptions`]' unit, up axis and origin. Returns the point of
/// the file that became the origin, in metres and Y up.
///
/// What moves keeps its own frame: only the parent's new frame is seen in its keyframes.
/// Meshes that bend keep their vertices; the inverse bind matrices take up the rest.
pub(crate) fn apply(
    ctx: &Context,
    tree: &mut Tree,
    meshes: &mut [Mesh],
    clips: &mut [Clip],
) -> DVec3 {
    let options = ctx.options;
    let unit = options.unit_scale;
    let turn = match options.up {
        Up::Y => DQuat::IDENTITY,
        Up::Z => DQuat::from_rotation_x(-std::f64::consts::FRAC_PI_2),
    };
    for node in &mut tree.nodes {
        node.translation *= unit;
        if node.parent.is_none() && options.up == Up::Z {
            node.translation = turn * node.translation;
            node.rotation = turn * node.rotation;
        }
    }
    let bounds: Vec<Option<(DVec3, DVec3)>> = meshes
        .iter()
        .map(|m| mesh_bounds(m).map(|(low, high)| (low * unit, high * unit)))
        .collect();
    let world = world_from_nodes(&tree.nodes);
    let origin = match options.origin {
        Origin::File => DVec3::ZERO,
        Origin::At(point) => turn * (point * unit),
        Origin::Auto => far_center(&tree.nodes, &world, &bounds),
    };
    let moves = moving(&tree.nodes, clips);
    let mut shifts = mesh_shifts(&tree.nodes, &world, &bounds);
    for (node, moves) in tree.nodes.iter().zip(&moves) {
        if let Some(mesh) = node.mesh
            && (*moves || node.skin.is_some())
        {
            shifts[mesh] = DVec3::ZERO;
        }
    }
    let offsets = move_frames(&mut tree.nodes, origin, &shifts, &moves);
    for channel in clips.iter_mut().flat_map(|clip| &mut clip.channels) {
        let parent = tree.nodes[channel.node].parent;
        let is_turned = parent.is_none() && options.up == Up::Z;
        let parent_offset = parent.map_or(origin, |parent| offsets[parent]);
        move_keys(channel, unit, is_turned.then_some(turn), parent_offset);
    }
    for skin in &mut tree.skins {
        for (joint, matrix) in skin.joints.iter().zip(&mut skin.joint_from_mesh) {
            matrix.translation = matrix.translation * unit - offsets[*joint];
        }
    }
    warn_if_coarse(ctx, &bounds, &shifts, meshes);
    meshes
        .par_iter_mut()
        .zip(&shifts)
        .for_each(|(mesh, shift)| {
            if *shift != DVec3::ZERO || unit != 1.0 {
                transform_vertices(mesh, unit, *shift);
            }
        });
    origin
}

/// Which nodes the keyframes move.
fn moving(nodes: &[Node], clips: &[Clip]) -> Vec<bool> {
    let mut moves = vec![false; nodes.len()];
    for channel in clips.iter().flat_map(|clip| &clip.channels) {
        moves[channel.node] = true;
    }
    moves
}

/// Keyframes in metres, Y up, seen from the parent's new frame.
fn move_keys(channel: &mut Channel, unit: f64, turn: Option<DQuat>, parent_offset: DVec3) {
    match channel.target {
        Target::Translation => {
            // Tangents of splines are differences: they are turned and scaled, not moved.
            let is_place = |row: usize| match channel.curve.interpolation {
                Interpolation::CubicSpline => row % 3 == 1,
                Interpolation::Linear | Interpolation::Step => true,
            };
            for (row, value) in channel.curve.values.chunks_exact_mut(3).enumerate() {
                let mut place = DVec3::new(value[0].into(), value[1].into(), value[2].into());
                place *= unit;
                if let Some(turn) = turn {
                    place = turn * place;
                }
                if is_place(row) {
                    place -= parent_offset;
                }
                value.copy_from_slice(&place.as_vec3().to_array());
            }
        }
        Target::Rotation => {
            if let Some(turn) = turn {
                for value in channel.curve.values.chunks_exact_mut(4) {
                    let old = DQuat::from_array([0, 1, 2, 3].map(|i| f64::from(value[i])));
                    value.copy_from_slice(&(turn * old).as_quat().to_array());
                }
            }
        }
        Target::Scale | Target::Weights => {}
    }
}

/// `world_from_node` of each node.
pub(crate) fn world_from_nodes(nodes: &[Node]) -> Vec<DAffine3> {
    let mut world: Vec<DAffine3> = Vec::with_capacity(nodes.len());
    for node in nodes {
        let local =
            DAffine3::from_scale_rotation_translation(node.scale, node.rotation, node.translation);
        let parent = node.parent.map_or(DAffine3::IDENTITY, |p| world[p]);
        world.push(parent * local);
    }
    world
}

fn mesh_bounds(mesh: &Mesh) -> Option<(DVec3, DVec3)> {
    mesh.primitives
        .iter()
        .map(|p| (p.bounds.0.as_dvec3(), p.bounds.1.as_dvec3()))
        .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
}

/// Bounds of a box after a transform.
pub(crate) fn transform_bounds(world: &DAffine3, (low, high): (DVec3, DVec3)) -> (DVec3, DVec3) {
    let center = world.transform_point3((low + high) / 2.0);
    let half = (high - low) / 2.0;
    let m = world.matrix3;
    let half = m.x_axis.abs() * half.x + m.y_axis.abs() * half.y + m.z_axis.abs() * half.z;
    (center - half, center + half)
}

/// The centre of everything, in whole metres, if it is far from the origin; else zero.
fn far_center(nodes: &[Node], world: &[DAffine3], bounds: &[Option<(DVec3, DVec3)>]) -> DVec3 {
    nodes
        .iter()
        .zip(world)
        .filter_map(|(node, world)| Some(transform_bounds(world, bounds[node.mesh?]?)))
        .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
        .filter(|&bounds| is_far(bounds, 1.0))
        .map_or(DVec3::ZERO, |(low, high)| ((low + high) / 2.0).round())
}

/// Whether a box lies so far out, both in metres and for its size, that moving it helps: a
/// statue two thousand units tall is in millimetres, not on a mountain.
fn is_far((low, high): (DVec3, DVec3), magnification: f64) -> bool {
    let distance = ((low + high) / 2.0).length();
    distance.is_finite()
        && distance * magnification > FAR_M
        && distance > 4.0 * (high - low).length() / 2.0
}

/// By how much each mesh's vertices are moved, in metres of its own frame.
fn mesh_shifts(
    nodes: &[Node],
    world: &[DAffine3],
    bounds: &[Option<(DVec3, DVec3)>],
) -> Vec<DVec3> {
    // Metres of the world per metre of the mesh: quantised meshes have large numbers and
    // a small scale, and need no shift.
    let mut magnification = vec![0.0_f64; bounds.len()];
    for (node, world) in nodes.iter().zip(world) {
        if let Some(mesh) = node.mesh {
            let m = world.matrix3;
            let largest = m
                .x_axis
                .length()
                .max(m.y_axis.length())
                .max(m.z_axis.length());
            magnification[mesh] = magnification[mesh].max(largest);
        }
    }
    bounds
        .iter()
        .zip(magnification)
        .map(|(bounds, magnification)| {
            let Some((low, high)) = *bounds else {
                return DVec3::ZERO;
            };
            if is_far((low, high), magnification) {
                ((low + high) / 2.0).round()
            } else {
                DVec3::ZERO
            }
        })
        .collect()
}

/// Returns where each new frame's origin lies in the old frame.
fn move_frames(
    nodes: &mut Vec<Node>,
    origin: DVec3,
    shifts: &[DVec3],
    moves: &[bool],
) -> Vec<DVec3> {
    let mut offsets: Vec<DVec3> = Vec::with_capacity(nodes.len());
    let mut lights = Vec::new();
    for (index, node) in nodes.iter_mut().enumerate() {
        let parent_offset = node.parent.map_or(origin, |p| offsets[p]);
        let moved = node.translation - parent_offset;
        let own = match (node.mesh, node.light) {
            (Some(mesh), _) => shifts[mesh],
            (None, Some(_)) => DVec3::ZERO,
            (None, None) if moved.length() > FAR_M && !moves[index] => {
                let own = node.rotation.inverse() * -moved / node.scale;
                if own.is_finite() { own } else { DVec3::ZERO }
            }
            (None, None) => DVec3::ZERO,
        };
        node.translation = if own == DVec3::ZERO {
            moved
        } else {
            moved + node.rotation * (node.scale * own)
        };
        offsets.push(own);
        if own != DVec3::ZERO && node.light.is_some() {
            lights.push((index, own));
        }
    }
    // A light stays where it was though its node's frame moved to the vertices.
    for (index, own) in lights {
        let light = nodes[index].light.take();
        nodes.push(Node {
            parent: Some(index),
            translation: -own,
            scale: DVec3::ONE,
            light,
            is_visible: nodes[index].is_visible,
            ..Node::default()
        });
        offsets.push(DVec3::ZERO);
    }
    offsets
}

/// Says so where the file itself is too coarse for anyone to place it without steps.
fn warn_if_coarse(
    ctx: &Context,
    bounds: &[Option<(DVec3, DVec3)>],
    shifts: &[DVec3],
    meshes: &[Mesh],
) {
    for (index, (bounds, shift)) in bounds.iter().zip(shifts).enumerate() {
        let Some((low, high)) = *bounds else { continue };
        // The distance of neighbouring f32 values out there.
        let step = low.abs().max(high.abs()).max_element() * f64::from(f32::EPSILON);
        if *shift != DVec3::ZERO && step > 0.001 {
            let name = meshes[index].name.as_deref().unwrap_or("unnamed");
            ctx.warn(
                &format!("/meshes/{index}"),
                "positions-too-coarse",
                format!(
                    "the mesh \"{name}\" stores survey coordinates in its vertices, which can only \
                     lie on a grid of {:.0} mm there",
                    step * 1000.0
                ),
                "shift the mesh near its origin in the modelling program and put the survey \
                 coordinates into its node",
            );
        }
    }
}

fn transform_vertices(mesh: &mut Mesh, unit: f64, shift: DVec3) {
    let moved = |p: Vec3| (p.as_dvec3() * unit - shift).as_vec3();
    for primitive in &mut mesh.primitives {
        primitive
            .positions
            .par_iter_mut()
            .with_min_len(1 << 14)
            .for_each(|p| *p = moved(Vec3::from(*p)).to_array());
        for morph in &mut primitive.morphs {
            morph
                .positions
                .par_iter_mut()
                .for_each(|p| *p = (Vec3::from(*p).as_dvec3() * unit).as_vec3().to_array());
        }
        primitive.bounds = (moved(primitive.bounds.0), moved(primitive.bounds.1));
    }
}
