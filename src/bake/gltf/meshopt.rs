//! `EXT_meshopt_compression` and `KHR_meshopt_compression`.
//!
//! The decoders are C++ from the meshoptimizer library, whose documentation promises that
//! they are safe for untrusted input as long as the sizes they are told are true: those are
//! checked here.

use std::sync::Arc;

use super::blob::{Blob, Memory};
use super::context::Context;
use super::document::Meshopt;
use crate::bake::error::{Cause, Fault};

/// Decompresses one buffer view.
pub(crate) fn decompress(ctx: &Context, packed: &Meshopt, pointer: &str) -> Result<Blob, Fault> {
    let refuse = |reason: String| {
        Fault::new(
            pointer,
            Cause::Codec {
                codec: "Meshopt",
                reason,
            },
        )
    };
    let stride = packed.byte_stride;
    let is_stride_good = match packed.mode.as_str() {
        "ATTRIBUTES" => stride > 0 && stride <= 256 && stride.is_multiple_of(4),
        "TRIANGLES" | "INDICES" => matches!(stride, 2 | 4),
        mode => {
            let mode: String = mode.chars().take(40).collect();
            return Err(refuse(format!("its mode \"{mode}\" is unknown")));
        }
    };
    if !is_stride_good {
        return Err(refuse(format!(
            "its stride of {stride} bytes is impossible"
        )));
    }
    if packed.mode == "TRIANGLES" && !packed.count.is_multiple_of(3) {
        return Err(refuse(format!(
            "{} indices make no whole triangles",
            packed.count
        )));
    }
    // Each block of the format costs at least a bit an element; anything beyond this ratio
    // is a lie about the count. Index data may repeat itself more cheaply.
    let most = packed.byte_length.saturating_mul(256);
    if packed.count > most {
        return Err(refuse(format!(
            "{} bytes cannot hold {} elements",
            packed.byte_length, packed.count
        )));
    }
    ctx.budget.take(packed.count, stride, pointer)?;
    let source = ctx.buffer(packed.buffer, pointer)?;
    let end = packed
        .byte_offset
        .checked_add(packed.byte_length)
        .filter(|&end| end <= source.len())
        .ok_or_else(|| Fault::invalid(pointer, "reaches past its buffer of compressed data"))?;
    let bytes = source
        .bytes(packed.byte_offset..end)
        .map_err(|e| super::context::unreadable(pointer, &e))?;
    let count = packed.count as usize;
    let failed = |e: meshopt::Error| refuse(e.to_string());
    let memory = match (packed.mode.as_str(), stride) {
        ("TRIANGLES", 2) => {
            Memory::Halves(meshopt::decode_index_buffer(&bytes, count).map_err(failed)?)
        }
        ("TRIANGLES", _) => {
            Memory::Words(meshopt::decode_index_buffer(&bytes, count).map_err(failed)?)
        }
        ("INDICES", 2) => {
            Memory::Halves(meshopt::decode_index_sequence(&bytes, count).map_err(failed)?)
        }
        ("INDICES", _) => {
            Memory::Words(meshopt::decode_index_sequence(&bytes, count).map_err(failed)?)
        }
        _ => {
            let mut words = vertices(&bytes, count, stride).map_err(failed)?;
            filter(
                packed.filter.as_deref().unwrap_or("NONE"),
                stride,
                &mut words,
            )
            .map_err(refuse)?;
            Memory::Words(words)
        }
    };
    Ok(Blob::Memory(Arc::new(memory)))
}

/// Decodes vertices of `stride` bytes as a flat list of words.
fn vertices(bytes: &[u8], count: usize, stride: u64) -> Result<Vec<u32>, meshopt::Error> {
    // The binding takes the stride as the size of a type: one type for each of the 64.
    macro_rules! by_words {
        ($($words:literal)*) => {
            match stride / 4 {
                $($words => meshopt::decode_vertex_buffer::<Row<$words>>(bytes, count)
                    .map(bytemuck::allocation::cast_vec),)*
                _ => Err(meshopt::Error::Native(-1)),
            }
        };
    }
    by_words!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31
        32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61
        62 63 64)
}

/// A vertex of `N` words.
#[derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(transparent)]
struct Row<const N: usize>([u32; N]);

impl<const N: usize> Default for Row<N> {
    fn default() -> Self {
        Self([0; N])
    }
}

/// Undoes the filter that made the data compress well.
fn filter(name: &str, stride: u64, out: &mut [u32]) -> Result<(), String> {
    let bad_stride = || format!("its filter {name} cannot have a stride of {stride} bytes");
    match (name, stride) {
        ("NONE", _) => {}
        ("OCTAHEDRAL", 4) => meshopt::decode_filter_oct::<i8>(bytemuck::cast_slice_mut(out)),
        ("OCTAHEDRAL", 8) => meshopt::decode_filter_oct::<i16>(bytemuck::cast_slice_mut(out)),
        ("QUATERNION", 8) => meshopt::decode_filter_quat(bytemuck::cast_slice_mut(out)),
        ("EXPONENTIAL", _) => meshopt::decode_filter_exp::<1>(bytemuck::cast_slice_mut(out)),
        ("COLOR", 4) => meshopt::decode_filter_color::<u8>(bytemuck::cast_slice_mut(out)),
        ("COLOR", 8) => meshopt::decode_filter_color::<u16>(bytemuck::cast_slice_mut(out)),
        ("OCTAHEDRAL" | "QUATERNION" | "COLOR", _) => return Err(bad_stride()),
        _ => {
            return Err(format!(
                "its filter \"{}\" is unknown",
                name.chars().take(40).collect::<String>()
            ));
        }
    }
    Ok(())
}
