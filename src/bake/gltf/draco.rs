//! `KHR_draco_mesh_compression`.

use std::panic::{AssertUnwindSafe, catch_unwind};

use bytemuck::Pod;
use draco_core::{DataType, DecodeLimits, DecoderBuffer, Mesh, MeshDecoder, PointAttribute};

use super::context::Context;
use super::document::Draco;
use crate::bake::error::{Cause, Fault};
use crate::bake::model::Indices;

/// A decoded Draco mesh.
pub(crate) struct DracoMesh<'a> {
    mesh: Mesh,
    packed: &'a Draco,
    /// Its vertices are in the order in which they were compressed.
    keeps_order: bool,
}

/// Where a header says how triangles are compressed, and what it says where their corners are
/// written one after the other.
const METHOD: (usize, u8) = (8, 0);

fn refused(pointer: &str, reason: impl Into<String>) -> Fault {
    Fault::new(
        pointer,
        Cause::Codec {
            codec: "Draco",
            reason: reason.into(),
        },
    )
}

impl<'a> DracoMesh<'a> {
    /// Decodes within what is left of the budget.
    pub(crate) fn decode(ctx: &Context, packed: &'a Draco, pointer: &str) -> Result<Self, Fault> {
        let slice = ctx.view(packed.buffer_view, pointer)?;
        let bytes = slice.bytes(pointer)?;
        let limits = &ctx.options.limits;
        let ceilings = DecodeLimits::default()
            .with_max_points(limits.vertices)
            .with_max_faces((limits.indices / 3).min(ctx.budget.left() / 12))
            .with_max_decoded_bytes(ctx.budget.left().min(2 << 30));
        let mut mesh = Mesh::new();
        // The decoder is safe Rust; should a broken file find a panic in it, the file is
        // refused and the exhibit goes on.
        catch_unwind(AssertUnwindSafe(|| {
            let mut buffer = DecoderBuffer::new(&bytes).with_limits(ceilings);
            MeshDecoder::new().decode(&mut buffer, &mut mesh)
        }))
        .unwrap_or_else(|_| {
            Err(draco_core::DracoError::general(
                "the decoder gave up".to_owned(),
            ))
        })
        .map_err(|e| refused(pointer, e.to_string()))?;
        Ok(Self {
            mesh,
            packed,
            keeps_order: bytes.get(METHOD.0) == Some(&METHOD.1),
        })
    }

    /// Whether its vertices are in the order in which they were compressed, as morph targets
    /// need it: those are not compressed.
    pub(crate) fn keeps_order(&self) -> bool {
        self.keeps_order
    }

    /// The triangles.
    pub(crate) fn indices(&self, ctx: &Context, pointer: &str) -> Result<Indices, Fault> {
        let faces = self.mesh.faces();
        ctx.budget.take(faces.len() as u64, 12, pointer)?;
        let corners = faces.iter().flat_map(|face| face.iter().map(|p| p.0));
        if self.mesh.num_points() <= usize::from(u16::MAX) {
            // Draco's own checks keep indices below the point count; ours follow.
            return Ok(Indices::U16(
                corners
                    .map(|i| u16::try_from(i).unwrap_or(u16::MAX))
                    .collect(),
            ));
        }
        Ok(Indices::U32(corners.collect()))
    }

    fn attribute(&self, name: &str, pointer: &str) -> Result<Option<&PointAttribute>, Fault> {
        let Some(&id) = self.packed.attributes.get(name) else {
            return Ok(None);
        };
        let attribute = self.mesh.attribute_by_unique_id(id);
        let missing = || refused(pointer, format!("it has no attribute {id} for {name}"));
        attribute.ok_or_else(missing).map(Some)
    }

    /// Whether the compressed data holds an attribute.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.packed.attributes.contains_key(name)
    }

    /// The joints of each point: whole numbers, whatever the attribute says of them.
    pub(crate) fn joints(&self, ctx: &Context, pointer: &str) -> Result<Vec<[u16; 4]>, Fault> {
        let Some(attribute) = self.attribute("JOINTS_0", pointer)? else {
            return Ok(Vec::new());
        };
        let count = self.mesh.num_points();
        ctx.budget.take(count as u64, 8 + 16, pointer)?;
        let flat = catch_unwind(AssertUnwindSafe(|| attribute.read_f32s(count, 4)))
            .map_err(|_ignored| refused(pointer, "the attribute JOINTS_0 is broken"))?;
        // 16 bits are exact in a float; the cast holds what is beyond at its end.
        Ok(flat
            .chunks_exact(4)
            .map(|joints| row::<4>(joints).map(|joint| joint as u16))
            .collect())
    }

    /// An attribute as floats, one row a point; empty when the mesh has no such attribute.
    pub(crate) fn floats<const N: usize>(
        &self,
        ctx: &Context,
        name: &str,
        normalized: bool,
        fill: f32,
        pointer: &str,
    ) -> Result<Vec<[f32; N]>, Fault>
    where
        [f32; N]: Pod,
    {
        let Some(attribute) = self.attribute(name, pointer)? else {
            return Ok(Vec::new());
        };
        let count = self.mesh.num_points();
        ctx.budget
            .take(count as u64, size_of::<[f32; N]>() as u64, pointer)?;
        let flat = catch_unwind(AssertUnwindSafe(|| attribute.read_f32s(count, N)))
            .map_err(|_ignored| refused(pointer, format!("the attribute {name} is broken")))?;
        let mut rows: Vec<[f32; N]> = bytemuck::allocation::try_cast_vec(flat)
            .unwrap_or_else(|(_, flat)| flat.chunks_exact(N).map(row).collect());
        let width = usize::from(attribute.num_components()).min(N);
        let scale = match attribute.data_type() {
            DataType::Int8 => 127.0,
            DataType::Uint8 => 255.0,
            DataType::Int16 => 32767.0,
            DataType::Uint16 => 65535.0,
            _ => 1.0,
        };
        if (normalized || attribute.normalized()) && scale != 1.0 {
            for value in rows.as_flattened_mut() {
                *value = (*value / scale).max(-1.0);
            }
        }
        if width < N {
            for row in &mut rows {
                row[width..].fill(fill);
            }
        }
        Ok(rows)
    }
}

fn row<const N: usize>(chunk: &[f32]) -> [f32; N] {
    let mut row = [0.0; N];
    row.copy_from_slice(chunk);
    row
}
