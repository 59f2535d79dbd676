//! Accessors: typed views of bytes (specification, section 3.6.2), checked before anything
//! is allocated and copied in bulk where the file's layout allows.

use bevy::math::DMat4;
use bytemuck::Pod;
use rayon::prelude::*;

use super::context::{Context, Slice, unreadable};
use super::document::{Accessor, Sparse};
use crate::bake::error::Fault;
use crate::bake::limits::Limits;
use crate::bake::model::Indices;

/// Rows converted by one task.
const ROWS: usize = 1 << 16;

/// A scalar type of an accessor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scalar {
    I8,
    U8,
    I16,
    U16,
    U32,
    F32,
}

impl Scalar {
    pub(crate) fn from_code(code: u32) -> Option<Self> {
        Some(match code {
            5120 => Self::I8,
            5121 => Self::U8,
            5122 => Self::I16,
            5123 => Self::U16,
            5125 => Self::U32,
            5126 => Self::F32,
            _ => return None,
        })
    }

    pub(crate) fn size(self) -> u64 {
        match self {
            Self::I8 | Self::U8 => 1,
            Self::I16 | Self::U16 => 2,
            Self::U32 | Self::F32 => 4,
        }
    }

    /// One scalar as f32; normalised integers as the specification's section 3.11 says.
    #[inline]
    fn read(self, bytes: &[u8], normalized: bool) -> f32 {
        let unit = |value: f32, max: f32| {
            if normalized {
                (value / max).max(-1.0)
            } else {
                value
            }
        };
        match self {
            Self::I8 => unit(f32::from(bytes[0].cast_signed()), 127.0),
            Self::U8 => unit(f32::from(bytes[0]), 255.0),
            Self::I16 => unit(f32::from(i16::from_le_bytes([bytes[0], bytes[1]])), 32767.0),
            Self::U16 => unit(f32::from(u16::from_le_bytes([bytes[0], bytes[1]])), 65535.0),
            Self::U32 => {
                let value = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
                if normalized {
                    (f64::from(value) / f64::from(u32::MAX)) as f32
                } else {
                    value as f32
                }
            }
            Self::F32 => f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]),
        }
    }
}

/// A checked accessor: every element lies inside the bytes.
#[derive(Debug, Clone)]
pub(crate) struct Checked<'a> {
    pub(crate) pointer: String,
    pub(crate) scalar: Scalar,
    pub(crate) width: usize,
    pub(crate) normalized: bool,
    pub(crate) count: usize,
    /// `None` reads zeros.
    slice: Option<Slice>,
    stride: u64,
    sparse: Option<&'a Sparse>,
}

/// Number of scalars in an accessor type; matrices are not vertex data.
pub(crate) fn width_of(shape: &str) -> Option<usize> {
    Some(match shape {
        "SCALAR" => 1,
        "VEC2" => 2,
        "VEC3" => 3,
        "VEC4" => 4,
        _ => return None,
    })
}

/// Looks an accessor up and checks that its elements are there.
pub(crate) fn checked<'a>(
    ctx: &Context<'a>,
    index: usize,
    max_count: u64,
    asked_by: &str,
) -> Result<Checked<'a>, Fault> {
    let document = ctx.document();
    let accessor: &'a Accessor = document
        .accessors
        .get(index)
        .ok_or_else(|| Fault::no_such(asked_by, "accessor", index))?;
    let pointer = format!("/accessors/{index}");
    let (scalar, width) = shape_of(accessor, &pointer)?;
    Limits::check(
        "elements in one accessor",
        accessor.count,
        max_count,
        &pointer,
    )?;
    let count = usize::try_from(accessor.count)
        .map_err(|_ignored| Fault::invalid(&pointer, "has a count beyond this computer"))?;
    let (slice, stride) = match accessor.buffer_view {
        None => (None, 0),
        Some(view) => {
            let view = ctx.view(view, &pointer)?;
            let (slice, stride) = sub_slice(
                view,
                accessor.byte_offset,
                accessor.count,
                scalar,
                width,
                &pointer,
            )?;
            (Some(slice), stride)
        }
    };
    Ok(Checked {
        pointer,
        scalar,
        width,
        normalized: accessor.normalized,
        count,
        slice,
        stride,
        sparse: accessor.sparse.as_deref(),
    })
}

/// The first matrices of an accessor of 4x4 floats.
pub(crate) fn matrices(
    ctx: &Context,
    index: usize,
    count: usize,
    asked_by: &str,
) -> Result<Vec<DMat4>, Fault> {
    let accessor = ctx
        .document()
        .accessors
        .get(index)
        .ok_or_else(|| Fault::no_such(asked_by, "accessor", index))?;
    let pointer = format!("/accessors/{index}");
    let (Some(view), "MAT4", 5126, true) = (
        accessor.buffer_view,
        accessor.shape.as_str(),
        accessor.component_type,
        accessor.count >= count as u64,
    ) else {
        let message = format!("does not hold {count} matrices");
        return Err(Fault::invalid(pointer, message));
    };
    let view = ctx.view(view, &pointer)?;
    let (slice, stride) = sub_slice(
        view,
        accessor.byte_offset,
        count as u64,
        Scalar::F32,
        16,
        &pointer,
    )?;
    let bytes = slice.bytes(&pointer)?;
    let matrix = |index: usize| {
        let bytes = &bytes[index * stride as usize..];
        let number = |at: usize| f64::from(Scalar::F32.read(&bytes[at * 4..], false));
        DMat4::from_cols_array(&std::array::from_fn(number))
    };
    Ok((0..count).map(matrix).collect())
}

/// Scalar type and width of an accessor of vertex data.
pub(crate) fn shape_of(accessor: &Accessor, pointer: &str) -> Result<(Scalar, usize), Fault> {
    let scalar = Scalar::from_code(accessor.component_type).ok_or_else(|| {
        Fault::invalid(
            pointer,
            format!("has the unknown component type {}", accessor.component_type),
        )
    })?;
    let width = width_of(&accessor.shape).ok_or_else(|| {
        Fault::invalid(
            pointer,
            format!("has the unexpected type {}", accessor.shape),
        )
    })?;
    Ok((scalar, width))
}

/// The part of a view that holds `count` elements from `offset` on, and their distance.
fn sub_slice(
    view: Slice,
    offset: u64,
    count: u64,
    scalar: Scalar,
    width: usize,
    pointer: &str,
) -> Result<(Slice, u64), Fault> {
    let element = scalar.size() * width as u64;
    let stride = view.stride.unwrap_or(element);
    if stride < element {
        return Err(Fault::invalid(
            pointer,
            format!("has elements of {element} bytes every {stride} bytes"),
        ));
    }
    let needed = match count {
        0 => Some(0),
        _ => (count - 1)
            .checked_mul(stride)
            .and_then(|n| n.checked_add(element)),
    };
    match needed.and_then(|n| n.checked_add(offset)) {
        Some(end) if end <= view.len => Ok((
            Slice {
                start: view.start + offset,
                len: end - offset,
                ..view
            },
            stride,
        )),
        _ => Err(Fault::invalid(
            pointer,
            format!(
                "reaches past its buffer view of {} bytes: {count} elements of {element} bytes \
                 every {stride} from byte {offset}",
                view.len
            ),
        )),
    }
}

impl Checked<'_> {
    fn element(&self) -> u64 {
        self.scalar.size() * self.width as u64
    }

    fn is_tight(&self) -> bool {
        self.stride == self.element()
    }

    /// Elements as `N` floats; missing scalars are `fill`, surplus ones are dropped.
    pub(crate) fn floats<const N: usize>(
        &self,
        ctx: &Context,
        fill: f32,
    ) -> Result<Vec<[f32; N]>, Fault>
    where
        [f32; N]: Pod,
    {
        let is_same = self.scalar == Scalar::F32 && self.width == N;
        let mut out = self.zeroed::<[f32; N]>(ctx)?;
        if is_same && self.is_tight() {
            self.copy(bytemuck::cast_slice_mut(&mut out))?;
        } else if is_same {
            self.rows(&mut out, bytemuck::pod_read_unaligned)?;
        } else {
            let convert = self.to_floats::<N>(fill);
            self.rows(&mut out, convert)?;
        }
        self.patch(ctx, &mut out, self.to_floats::<N>(fill))?;
        Ok(out)
    }

    /// Elements as four normalised bytes, as colours are kept.
    pub(crate) fn bytes4(&self, ctx: &Context) -> Result<Vec<[u8; 4]>, Fault> {
        let floats = self.to_floats::<4>(1.0);
        let convert = |row: &[u8]| floats(row).map(|v| (v.clamp(0.0, 1.0) * 255.0 + 0.5) as u8);
        let mut out = self.zeroed::<[u8; 4]>(ctx)?;
        if self.slice.is_none() {
            out.fill(convert(&[0; 16]));
        } else if self.scalar == Scalar::U8 && self.width == 4 {
            self.rows(&mut out, |row| [row[0], row[1], row[2], row[3]])?;
        } else {
            self.rows(&mut out, convert)?;
        }
        self.patch(ctx, &mut out, convert)?;
        Ok(out)
    }

    /// Elements as the indices of four joints.
    pub(crate) fn joints(&self, ctx: &Context) -> Result<Vec<[u16; 4]>, Fault> {
        let convert = match (self.scalar, self.width) {
            (Scalar::U8, 4) => |row: &[u8]| [row[0], row[1], row[2], row[3]].map(u16::from),
            (Scalar::U16, 4) => {
                |row: &[u8]| [0, 2, 4, 6].map(|at| u16::from_le_bytes([row[at], row[at + 1]]))
            }
            _ => {
                return Err(Fault::invalid(
                    &self.pointer,
                    "holds joints that are not four small unsigned integers",
                ));
            }
        };
        let mut out = self.zeroed::<[u16; 4]>(ctx)?;
        self.rows(&mut out, convert)?;
        self.patch(ctx, &mut out, convert)?;
        Ok(out)
    }

    /// Elements as indices.
    pub(crate) fn indices(&self, ctx: &Context) -> Result<Indices, Fault> {
        if self.width != 1 {
            return Err(Fault::invalid(
                &self.pointer,
                "holds indices but is not SCALAR",
            ));
        }
        let narrow = |row: &[u8]| match row {
            [a] => u16::from(*a),
            [a, b, ..] => u16::from_le_bytes([*a, *b]),
            [] => 0,
        };
        match self.scalar {
            Scalar::U8 | Scalar::U16 => {
                let mut out = self.zeroed::<u16>(ctx)?;
                if self.scalar == Scalar::U16 && self.is_tight() {
                    self.copy(bytemuck::cast_slice_mut(&mut out))?;
                } else {
                    self.rows(&mut out, narrow)?;
                }
                self.patch(ctx, &mut out, narrow)?;
                Ok(Indices::U16(out))
            }
            Scalar::U32 => {
                let mut out = self.zeroed::<u32>(ctx)?;
                if self.is_tight() {
                    self.copy(bytemuck::cast_slice_mut(&mut out))?;
                } else {
                    self.rows(&mut out, bytemuck::pod_read_unaligned)?;
                }
                self.patch(ctx, &mut out, bytemuck::pod_read_unaligned)?;
                Ok(Indices::U32(out))
            }
            _ => Err(Fault::invalid(
                &self.pointer,
                "holds indices that are not unsigned integers",
            )),
        }
    }

    fn to_floats<const N: usize>(&self, fill: f32) -> impl Fn(&[u8]) -> [f32; N] + Sync + use<N> {
        let (scalar, normalized) = (self.scalar, self.normalized);
        let (size, width) = (scalar.size() as usize, self.width.min(N));
        move |row| {
            let mut out = [fill; N];
            for (i, value) in out.iter_mut().enumerate().take(width) {
                *value = scalar.read(&row[i * size..], normalized);
            }
            out
        }
    }

    fn zeroed<T: Pod>(&self, ctx: &Context) -> Result<Vec<T>, Fault> {
        ctx.budget
            .take(self.count as u64, size_of::<T>() as u64, &self.pointer)?;
        Ok(vec![T::zeroed(); self.count])
    }

    /// Tightly packed elements of the very type wanted.
    fn copy(&self, out: &mut [u8]) -> Result<(), Fault> {
        match &self.slice {
            Some(slice) => slice
                .blob
                .read_into(slice.start, out)
                .map_err(|e| unreadable(&self.pointer, &e)),
            None => Ok(()),
        }
    }

    /// Converts element by element.
    fn rows<T: Send>(
        &self,
        out: &mut [T],
        convert: impl Fn(&[u8]) -> T + Sync,
    ) -> Result<(), Fault> {
        let Some(slice) = &self.slice else {
            return Ok(());
        };
        let (stride, element) = (self.stride, self.element() as usize);
        out.par_chunks_mut(ROWS)
            .enumerate()
            .try_for_each(|(i, out)| {
                let start = slice.start + (i * ROWS) as u64 * stride;
                let len = (out.len() as u64 - 1) * stride + element as u64;
                let bytes = slice
                    .blob
                    .bytes(start..start + len)
                    .map_err(|e| unreadable(&self.pointer, &e))?;
                for (row, out) in out.iter_mut().enumerate() {
                    let at = row * stride as usize;
                    *out = convert(&bytes[at..at + element]);
                }
                Ok(())
            })
    }

    /// Applies the sparse part.
    fn patch<T>(
        &self,
        ctx: &Context,
        out: &mut [T],
        convert: impl Fn(&[u8]) -> T,
    ) -> Result<(), Fault> {
        let Some(sparse) = self.sparse else {
            return Ok(());
        };
        let pointer = format!("{}/sparse", self.pointer);
        if sparse.count > self.count as u64 {
            return Err(Fault::invalid(
                &pointer,
                format!("replaces {} of {} elements", sparse.count, self.count),
            ));
        }
        let scalar = match Scalar::from_code(sparse.indices.component_type) {
            Some(scalar @ (Scalar::U8 | Scalar::U16 | Scalar::U32)) => scalar,
            _ => {
                return Err(Fault::invalid(
                    format!("{pointer}/indices"),
                    "has indices that are not unsigned integers",
                ));
            }
        };
        let (at, at_stride) = sub_slice(
            ctx.view(sparse.indices.buffer_view, &pointer)?,
            sparse.indices.byte_offset,
            sparse.count,
            scalar,
            1,
            &format!("{pointer}/indices"),
        )?;
        let (values, stride) = sub_slice(
            ctx.view(sparse.values.buffer_view, &pointer)?,
            sparse.values.byte_offset,
            sparse.count,
            self.scalar,
            self.width,
            &format!("{pointer}/values"),
        )?;
        let (at, values) = (at.bytes(&pointer)?, values.bytes(&pointer)?);
        let element = self.element() as usize;
        for i in 0..sparse.count as usize {
            let row = &at[i * at_stride as usize..];
            let index = match scalar {
                Scalar::U8 => usize::from(row[0]),
                Scalar::U16 => usize::from(u16::from_le_bytes([row[0], row[1]])),
                _ => u32::from_le_bytes([row[0], row[1], row[2], row[3]]) as usize,
            };
            let start = i * stride as usize;
            let value = convert(&values[start..start + element]);
            *out.get_mut(index).ok_or_else(|| {
                Fault::invalid(
                    format!("{pointer}/indices"),
                    format!("replaces element {index} of {}", self.count),
                )
            })? = value;
        }
        Ok(())
    }
}
