//! One primitive: its vertices and indices, from accessors or from Draco data.

use bevy::math::Vec3;
use rayon::prelude::*;

use super::accessor::{Checked, checked};
use super::context::Context;
use super::document::Primitive as JsonPrimitive;
use super::draco::DracoMesh;
use super::{bend, normals, topology};
use crate::bake::error::Fault;
use crate::bake::model::{Indices, Primitive, Topology};
use crate::bake::options::Phase;

/// Vertex data before it is checked against its indices.
#[derive(Debug, Default)]
struct Raw {
    primitive: Primitive,
    /// The normals came as integers and are not quite of unit length.
    are_normals_rough: bool,
}

/// Reads a primitive. `None` when it holds nothing that can be drawn.
pub(crate) fn read(
    ctx: &Context,
    json: &JsonPrimitive,
    pointer: &str,
) -> Result<Option<Primitive>, Fault> {
    ctx.check_cancelled()?;
    let Some(&positions) = json.attributes.get("POSITION") else {
        ctx.warn(
            pointer,
            "primitive-without-positions",
            "a part of the mesh has no positions and is not shown",
            "remove the empty part in the modelling program",
        );
        return Ok(None);
    };
    let units = work_units(ctx, json);
    let draco = match json.extensions.as_ref().and_then(|e| e.draco.as_ref()) {
        Some(packed) => Some(DracoMesh::decode(ctx, packed, pointer)?),
        None => None,
    };
    let mut raw = match &draco {
        Some(mesh) => from_draco(ctx, json, mesh, pointer)?,
        None => from_accessors(ctx, json, positions, pointer)?,
    };
    let primitive = &mut raw.primitive;
    primitive.material = json.material;
    bend::read(ctx, json, primitive, draco.as_ref(), pointer)?;
    drop(draco);
    ctx.did_work(Phase::Geometry, units / 2)?;

    check_indices(primitive, json, pointer)?;
    topology::unroll(ctx, primitive, json.mode.unwrap_or(4), pointer)?;
    if primitive.positions.is_empty() || primitive.indices.as_ref().is_some_and(is_empty) {
        return Ok(None);
    }
    repair_positions(ctx, primitive, pointer)?;
    repair_normals(ctx, &mut raw, pointer)?;
    ctx.did_work(Phase::Geometry, units - units / 2)?;
    Ok(Some(raw.primitive))
}

/// The weight of a primitive in the progress bar: roughly its bytes.
pub(crate) fn work_units(ctx: &Context, json: &JsonPrimitive) -> u64 {
    let count = |accessor: Option<&usize>| {
        accessor
            .and_then(|&i| ctx.document().accessors.get(i))
            .map_or(0, |a| a.count)
    };
    count(json.attributes.get("POSITION"))
        .saturating_mul(8)
        .saturating_add(count(json.indices.as_ref()))
        .clamp(1, 1 << 40)
}

fn from_accessors(
    ctx: &Context,
    json: &JsonPrimitive,
    positions: usize,
    pointer: &str,
) -> Result<Raw, Fault> {
    let limit = ctx.options.limits.vertices;
    let positions = checked(ctx, positions, limit, pointer)?;
    let attribute = |name: &str| -> Result<Option<Checked>, Fault> {
        let Some(&index) = json.attributes.get(name) else {
            return Ok(None);
        };
        let accessor = checked(ctx, index, limit, pointer)?;
        if accessor.count != positions.count {
            return Err(Fault::invalid(
                &accessor.pointer,
                format!(
                    "gives {name} for {} vertices where there are {} positions",
                    accessor.count, positions.count
                ),
            ));
        }
        Ok(Some(accessor))
    };
    let normals = attribute("NORMAL")?;
    let tangents = attribute("TANGENT")?;
    let uv0 = attribute("TEXCOORD_0")?;
    let uv1 = attribute("TEXCOORD_1")?;
    let colors = attribute("COLOR_0")?;
    let baked_light = attribute("_BAKED_LIGHT")?;
    let indices = match json.indices {
        Some(index) => Some(checked(ctx, index, ctx.options.limits.indices, pointer)?),
        None => None,
    };
    for (accessor, width) in [
        (Some(&positions), 3),
        (normals.as_ref(), 3),
        (tangents.as_ref(), 4),
    ] {
        if let Some(accessor) = accessor
            && accessor.width != width
        {
            return Err(Fault::invalid(
                &accessor.pointer,
                format!(
                    "has {} numbers a vertex where {width} are needed",
                    accessor.width
                ),
            ));
        }
    }
    let are_normals_rough = normals
        .as_ref()
        .is_some_and(|n| n.scalar != super::accessor::Scalar::F32);

    fn floats<const N: usize>(
        ctx: &Context,
        accessor: Option<&Checked>,
    ) -> Result<Vec<[f32; N]>, Fault>
    where
        [f32; N]: bytemuck::Pod,
    {
        accessor.map_or_else(|| Ok(Vec::new()), |a| a.floats::<N>(ctx, 0.0))
    }
    let bytes =
        |accessor: Option<&Checked>| accessor.map_or_else(|| Ok(Vec::new()), |a| a.bytes4(ctx));
    let ((positions, indices), ((normals, tangents), ((uv0, uv1), (colors, baked_light)))) =
        rayon::join(
            || {
                rayon::join(
                    || positions.floats::<3>(ctx, 0.0),
                    || indices.as_ref().map(|a| a.indices(ctx)).transpose(),
                )
            },
            || {
                rayon::join(
                    || {
                        rayon::join(
                            || floats::<3>(ctx, normals.as_ref()),
                            || floats::<4>(ctx, tangents.as_ref()),
                        )
                    },
                    || {
                        rayon::join(
                            || {
                                rayon::join(
                                    || floats::<2>(ctx, uv0.as_ref()),
                                    || floats::<2>(ctx, uv1.as_ref()),
                                )
                            },
                            || {
                                rayon::join(
                                    || bytes(colors.as_ref()),
                                    || bytes(baked_light.as_ref()),
                                )
                            },
                        )
                    },
                )
            },
        );
    Ok(Raw {
        primitive: Primitive {
            positions: positions?,
            normals: normals?,
            tangents: tangents?,
            uv0: uv0?,
            uv1: uv1?,
            colors: colors?,
            baked_light: baked_light?,
            indices: indices?,
            ..Primitive::default()
        },
        are_normals_rough,
    })
}

fn from_draco(
    ctx: &Context,
    json: &JsonPrimitive,
    mesh: &DracoMesh,
    pointer: &str,
) -> Result<Raw, Fault> {
    let normalized = |name: &str| {
        json.attributes
            .get(name)
            .and_then(|&i| ctx.document().accessors.get(i))
            .is_some_and(|a| a.normalized)
    };
    let bytes = |name: &str| -> Result<Vec<[u8; 4]>, Fault> {
        let floats = mesh.floats::<4>(ctx, name, normalized(name), 1.0, pointer)?;
        Ok(floats
            .par_iter()
            .map(|row| row.map(|v| (v.clamp(0.0, 1.0) * 255.0 + 0.5) as u8))
            .collect())
    };
    Ok(Raw {
        primitive: Primitive {
            positions: mesh.floats::<3>(ctx, "POSITION", normalized("POSITION"), 0.0, pointer)?,
            normals: mesh.floats::<3>(ctx, "NORMAL", normalized("NORMAL"), 0.0, pointer)?,
            tangents: mesh.floats::<4>(ctx, "TANGENT", normalized("TANGENT"), 1.0, pointer)?,
            uv0: mesh.floats::<2>(ctx, "TEXCOORD_0", normalized("TEXCOORD_0"), 0.0, pointer)?,
            uv1: mesh.floats::<2>(ctx, "TEXCOORD_1", normalized("TEXCOORD_1"), 0.0, pointer)?,
            colors: bytes("COLOR_0")?,
            baked_light: bytes("_BAKED_LIGHT")?,
            indices: Some(mesh.indices(ctx, pointer)?),
            ..Primitive::default()
        },
        are_normals_rough: true,
    })
}

pub(crate) fn is_empty(indices: &Indices) -> bool {
    match indices {
        Indices::U16(v) => v.is_empty(),
        Indices::U32(v) => v.is_empty(),
    }
}

/// Every index must name a vertex: the GPU would read anything otherwise.
fn check_indices(primitive: &Primitive, json: &JsonPrimitive, pointer: &str) -> Result<(), Fault> {
    let largest = match &primitive.indices {
        None => None,
        Some(Indices::U16(v)) => v
            .par_chunks(1 << 18)
            .filter_map(|c| c.iter().max())
            .max()
            .map(|&i| u64::from(i)),
        Some(Indices::U32(v)) => v
            .par_chunks(1 << 18)
            .filter_map(|c| c.iter().max())
            .max()
            .map(|&i| u64::from(i)),
    };
    let count = primitive.positions.len();
    match largest {
        Some(largest) if largest >= count as u64 => Err(Fault::invalid(
            json.indices
                .map_or_else(|| pointer.to_owned(), |i| format!("/accessors/{i}")),
            format!("has index {largest} where there are {count} vertices"),
        )),
        _ => Ok(()),
    }
}

/// Whether a position is a number, and one within this world: anything larger would
/// overflow as soon as two are subtracted and squared.
fn is_sound(p: &[f32; 3]) -> bool {
    p.iter().all(|v| v.abs() < 1e10)
}

/// Finds the bounds; vertices that are not numbers are moved onto a sound one.
fn repair_positions(ctx: &Context, primitive: &mut Primitive, pointer: &str) -> Result<(), Fault> {
    let (low, high, bad) = primitive
        .positions
        .par_chunks(1 << 16)
        .map(|chunk| {
            let mut low = [f32::INFINITY; 3];
            let mut high = [f32::NEG_INFINITY; 3];
            let mut bad = 0_u64;
            for p in chunk {
                if is_sound(p) {
                    for i in 0..3 {
                        low[i] = low[i].min(p[i]);
                        high[i] = high[i].max(p[i]);
                    }
                } else {
                    bad += 1;
                }
            }
            (Vec3::from(low), Vec3::from(high), bad)
        })
        .reduce(
            || (Vec3::INFINITY, Vec3::NEG_INFINITY, 0),
            |a, b| (a.0.min(b.0), a.1.max(b.1), a.2 + b.2),
        );
    if bad == primitive.positions.len() as u64 {
        return Err(Fault::invalid(pointer, "has no position that is a number"));
    }
    if bad > 0 {
        let safe = primitive
            .positions
            .iter()
            .copied()
            .find(is_sound)
            .unwrap_or_default();
        topology::collapse_faces_with(primitive, |p| !is_sound(p));
        for p in &mut primitive.positions {
            if !is_sound(p) {
                *p = safe;
            }
        }
        ctx.warn(
            pointer,
            "positions-not-finite",
            format!("{bad} vertices have positions that are not numbers; their faces are left out"),
            "export the mesh again, or clean it in the scanning program",
        );
    }
    primitive.bounds = (low, high);
    Ok(())
}

/// Computes missing normals and mends broken ones.
fn repair_normals(ctx: &Context, raw: &mut Raw, pointer: &str) -> Result<(), Fault> {
    let primitive = &mut raw.primitive;
    if primitive.topology != Topology::Triangles {
        return Ok(());
    }
    if raw.are_normals_rough {
        primitive.normals.par_iter_mut().for_each(|n| {
            *n = Vec3::from(*n).normalize_or_zero().to_array();
        });
    }
    let is_bad = |n: &[f32; 3]| {
        let length = n[0] * n[0] + n[1] * n[1] + n[2] * n[2];
        // Also false for NaN.
        !(length > 0.25 && length < 4.0)
    };
    let bad = primitive
        .normals
        .par_iter()
        .with_min_len(1 << 16)
        .filter(|n| is_bad(n))
        .count();
    if primitive.normals.is_empty() {
        return normals::compute(ctx, primitive, pointer);
    }
    if bad > 0 {
        ctx.warn(
            pointer,
            "normals-broken",
            format!("{bad} normals have no direction; they were computed anew"),
            "recalculate the normals in the modelling program",
        );
        normals::mend(primitive, is_bad);
    }
    if primitive
        .tangents
        .par_iter()
        .any(|t| !t.iter().all(|v| v.is_finite()))
    {
        primitive.tangents = Vec::new();
        ctx.warn(
            pointer,
            "tangents-broken",
            "some tangents are not numbers; all were left out",
            "",
        );
    }
    Ok(())
}
