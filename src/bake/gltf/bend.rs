//! What bends a primitive: joints and their weights, and morph targets.

use rayon::prelude::*;

use super::accessor::checked;
use super::context::Context;
use super::document::Primitive as JsonPrimitive;
use super::draco::DracoMesh;
use crate::bake::error::Fault;
use crate::bake::limits::Limits;
use crate::bake::model::{MorphTarget, Primitive};

/// Reads joints and morph targets into a primitive whose vertices are known.
pub(crate) fn read(
    ctx: &Context,
    json: &JsonPrimitive,
    primitive: &mut Primitive,
    draco: Option<&DracoMesh>,
    pointer: &str,
) -> Result<(), Fault> {
    let has_joints = !ctx.document().skins.is_empty() && json.attributes.contains_key("JOINTS_0");
    if !has_joints && json.targets.is_empty() {
        return Ok(());
    }
    if has_joints {
        match draco.filter(|mesh| mesh.has("JOINTS_0")) {
            Some(mesh) => draco_joints(ctx, json, mesh, primitive, pointer)?,
            None => read_joints(ctx, json, primitive, pointer)?,
        }
    }
    if draco.is_some_and(|mesh| !mesh.keeps_order()) && !json.targets.is_empty() {
        ctx.warn(
            pointer,
            "morphs-ignored",
            "Draco compression has changed the order of the vertices, so that morph targets no \
             longer fit; the mesh is shown without them",
            "compress it with Draco's sequential method, or without Draco",
        );
        return Ok(());
    }
    Limits::check(
        "morph targets",
        json.targets.len() as u64,
        ctx.options.limits.morph_targets,
        pointer,
    )?;
    let mut morphs = Vec::new();
    for (index, target) in json.targets.iter().enumerate() {
        let here = format!("{pointer}/targets/{index}");
        let deltas = |name: &str| match target.get(name) {
            Some(&accessor) => moves(ctx, accessor, primitive.positions.len(), &here),
            None => Ok(Vec::new()),
        };
        let mut positions = deltas("POSITION")?;
        // The renderer takes positions of every target.
        positions.resize(primitive.positions.len(), [0.0; 3]);
        morphs.push(MorphTarget {
            positions,
            normals: deltas("NORMAL")?,
        });
    }
    primitive.morphs = morphs;
    Ok(())
}

/// The joints and weights of compressed vertices.
fn draco_joints(
    ctx: &Context,
    json: &JsonPrimitive,
    mesh: &DracoMesh,
    primitive: &mut Primitive,
    pointer: &str,
) -> Result<(), Fault> {
    let accessor = json.attributes.get("WEIGHTS_0");
    let accessor = accessor.and_then(|&index| ctx.document().accessors.get(index));
    let is_normalized = accessor.is_some_and(|own| own.normalized);
    let weights = mesh.floats::<4>(ctx, "WEIGHTS_0", is_normalized, 0.0, pointer)?;
    if weights.is_empty() {
        return Ok(());
    }
    warn_of_more_joints(ctx, json, pointer);
    primitive.joints = mesh.joints(ctx, pointer)?;
    primitive.joint_weights = weights;
    settle_all(primitive);
    Ok(())
}

/// Gives every part of a mesh as many targets as its first has: they share their weights.
pub(crate) fn even_out(primitives: &mut [Primitive], targets: usize) {
    for primitive in primitives {
        let vertices = primitive.positions.len();
        if !primitive.morphs.is_empty() {
            primitive.morphs.resize_with(targets, || MorphTarget {
                positions: vec![[0.0; 3]; vertices],
                normals: Vec::new(),
            });
        }
    }
}

/// What a target adds to each vertex; nothing where that is no number.
fn moves(
    ctx: &Context,
    accessor: usize,
    vertices: usize,
    pointer: &str,
) -> Result<Vec<[f32; 3]>, Fault> {
    let accessor = checked(ctx, accessor, ctx.options.limits.vertices, pointer)?;
    if accessor.count != vertices || accessor.width != 3 {
        return Err(Fault::invalid(
            &accessor.pointer,
            format!(
                "moves {} vertices by {} numbers where there are {vertices} of 3",
                accessor.count, accessor.width
            ),
        ));
    }
    let mut rows = accessor.floats::<3>(ctx, 0.0)?;
    rows.par_iter_mut().for_each(|row| {
        if !row.iter().all(|value| value.abs() < 1e10) {
            *row = [0.0; 3];
        }
    });
    Ok(rows)
}

fn read_joints(
    ctx: &Context,
    json: &JsonPrimitive,
    primitive: &mut Primitive,
    pointer: &str,
) -> Result<(), Fault> {
    let (Some(&joints), Some(&weights)) = (
        json.attributes.get("JOINTS_0"),
        json.attributes.get("WEIGHTS_0"),
    ) else {
        return Ok(());
    };
    let limit = ctx.options.limits.vertices;
    let joints = checked(ctx, joints, limit, pointer)?;
    let weights = checked(ctx, weights, limit, pointer)?;
    let vertices = primitive.positions.len();
    for accessor in [&joints, &weights] {
        if accessor.count != vertices || accessor.width != 4 {
            return Err(Fault::invalid(
                &accessor.pointer,
                format!(
                    "names {} joints for {} vertices where {vertices} need 4",
                    accessor.width, accessor.count
                ),
            ));
        }
    }
    warn_of_more_joints(ctx, json, pointer);
    primitive.joints = joints.joints(ctx)?;
    primitive.joint_weights = weights.floats::<4>(ctx, 0.0)?;
    settle_all(primitive);
    Ok(())
}

fn warn_of_more_joints(ctx: &Context, json: &JsonPrimitive, pointer: &str) {
    if json.attributes.contains_key("JOINTS_1") {
        ctx.warn(
            pointer,
            "too-many-joints-a-vertex",
            "vertices follow more than four joints; the first four are used",
            "limit the influences to four in the modelling program",
        );
    }
}

fn settle_all(primitive: &mut Primitive) {
    primitive
        .joints
        .par_iter_mut()
        .zip(&mut primitive.joint_weights)
        .for_each(|(joints, weights)| settle(joints, weights));
}

/// Makes the weights of a vertex add up to 1; a joint without weight need not exist.
fn settle(joints: &mut [u16; 4], weights: &mut [f32; 4]) {
    for weight in weights.iter_mut() {
        if !(*weight > 0.0 && *weight < 1e6) {
            *weight = 0.0;
        }
    }
    let sum: f32 = weights.iter().sum();
    if sum > 0.0 {
        for weight in weights.iter_mut() {
            *weight /= sum;
        }
    } else {
        *weights = [1.0, 0.0, 0.0, 0.0];
    }
    let fallback = joints
        .iter()
        .zip(weights.iter())
        .find_map(|(joint, weight)| (*weight > 0.0).then_some(*joint))
        .unwrap_or_default();
    for (joint, weight) in joints.iter_mut().zip(weights) {
        if *weight == 0.0 {
            *joint = fallback;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::settle;

    #[test]
    fn weights_add_up_to_one_whatever_the_file_says() {
        for (weights, expected) in [
            ([2.0, 2.0, 0.0, 0.0], [0.5, 0.5, 0.0, 0.0]),
            ([0.0; 4], [1.0, 0.0, 0.0, 0.0]),
            ([f32::NAN, 1.0, -3.0, f32::INFINITY], [0.0, 1.0, 0.0, 0.0]),
        ] {
            let mut joints = [7, 3, 60_000, 60_001];
            let mut found = weights;
            settle(&mut joints, &mut found);
            assert_eq!(found, expected, "of {weights:?}");
            assert!(
                joints.iter().all(|joint| *joint < 10),
                "joints without weight are none of a skin of ten: {joints:?}"
            );
        }
    }
}
