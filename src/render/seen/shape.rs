//! What is kept of a part, to find out what of it is seen.

use crate::bake::model::{Indices, Primitive, Topology};
use bevy::math::Vec3;
use std::sync::Arc;

/// Parts of fewer triangles are drawn as they are.
const LEAST_TRIANGLES: usize = 512;
/// The triangles of a part, as the device has them.
#[derive(Debug)]
pub(in crate::render) struct Shape {
    pub(super) positions: Vec<[f32; 3]>,
    pub(super) corners: Corners,
    /// Of a triangle, square metres of the part's frame.
    pub(super) mean_area_m2: f32,
}

/// Three indices each.
#[derive(Debug)]
pub(super) enum Corners {
    U16(Vec<[u16; 3]>),
    U32(Vec<[u32; 3]>),
}

impl Shape {
    /// None of what has few triangles, bends, or is no list of triangles. Off the main thread.
    pub(in crate::render) fn of(part: &Primitive) -> Option<Arc<Self>> {
        if part.topology != Topology::Triangles
            || !part.joints.is_empty()
            || !part.morphs.is_empty()
        {
            return None;
        }
        let corners = match part.indices.as_ref()? {
            Indices::U16(list) => Corners::U16(list.as_chunks().0.to_vec()),
            Indices::U32(list) => Corners::U32(list.as_chunks().0.to_vec()),
        };
        let mut shape = Self {
            positions: part.positions.clone(),
            corners,
            mean_area_m2: 0.0,
        };
        let count = shape.count();
        if count < LEAST_TRIANGLES {
            return None;
        }
        let area = match &shape.corners {
            Corners::U16(list) => shape.area_m2(list),
            Corners::U32(list) => shape.area_m2(list),
        };
        shape.mean_area_m2 = (area? / count as f64) as f32;
        Some(Arc::new(shape))
    }

    /// None where an index points at no vertex.
    fn area_m2<T: Copy + Into<u32>>(&self, list: &[[T; 3]]) -> Option<f64> {
        let mut sum = 0.0;
        for triangle in list {
            let at = |corner: usize| {
                let index = triangle[corner].into() as usize;
                self.positions.get(index).copied().map(Vec3::from_array)
            };
            let (a, b, c) = (at(0)?, at(1)?, at(2)?);
            sum += f64::from((b - a).cross(c - a).length()) / 2.0;
        }
        Some(sum)
    }

    /// Its triangles.
    pub(in crate::render) fn count(&self) -> usize {
        match &self.corners {
            Corners::U16(list) => list.len(),
            Corners::U32(list) => list.len(),
        }
    }

    /// Of a triangle on average, square metres of the part's frame.
    pub(in crate::render) fn mean_area_m2(&self) -> f32 {
        self.mean_area_m2
    }

    /// The indices of some triangles, as the device takes them, behind `bytes`.
    pub(super) fn write(&self, which: &[u32], bytes: &mut Vec<u8>) {
        match &self.corners {
            Corners::U16(list) => write(list, which, bytes),
            Corners::U32(list) => write(list, which, bytes),
        }
    }

    /// All indices, as the device takes them.
    pub(in crate::render) fn whole(&self) -> Vec<u8> {
        let mut bytes = match &self.corners {
            Corners::U16(list) => bytemuck::cast_slice(list).to_vec(),
            Corners::U32(list) => bytemuck::cast_slice(list).to_vec(),
        };
        pad(&mut bytes);
        bytes
    }
}

fn write<T: bytemuck::Pod>(list: &[[T; 3]], which: &[u32], bytes: &mut Vec<u8>) {
    bytes.reserve(which.len() * size_of::<[T; 3]>() + 4);
    for &triangle in which {
        bytes.extend_from_slice(bytemuck::bytes_of(&list[triangle as usize]));
    }
}

/// A buffer takes its bytes in fours.
pub(super) fn pad(bytes: &mut Vec<u8>) {
    bytes.resize(bytes.len().next_multiple_of(4), 0);
}
