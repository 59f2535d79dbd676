//! Walking down the tree: which triangles may a question concern?
//!
//! `obvhs` has traversals of its own; these test boxes widened by a slack, so that a ray
//! along a grid line is never lost to rounding, and sweep spheres as well as rays.

use std::ops::{ControlFlow, Range};

use bevy::math::{Vec3, bounding::Aabb3d};
use obvhs::cwbvh::node::CwBvhNode;

use super::{Fixed, geometry::may_touch_ball};

/// Boxes are widened by this much, so that rounding never hides a flat wall, metres.
const BOX_SLACK_M: f32 = 1e-4;
/// Marks an entry of the traversal stack that is a node, not a leaf child of one.
const INNER: u8 = 8;

impl Fixed {
    /// Visits triangles whose boxes a sphere may meet on its way, nearest boxes first;
    /// `limit` may shrink on the way.
    pub(super) fn sweep_boxes(
        &self,
        origin: Vec3,
        direction: Vec3,
        radius: f32,
        limit: &mut f32,
        mut visit: impl FnMut(usize, &mut f32) -> ControlFlow<()>,
    ) {
        if self.tree.nodes.is_empty() || !origin.is_finite() {
            return;
        }
        // Never zero, so that no slab test multiplies zero by infinity.
        let inverse = direction.to_array().map(|d| {
            1.0 / if d.abs() < 1e-12 {
                1e-12_f32.copysign(d)
            } else {
                d
            }
        });
        let reach = radius + BOX_SLACK_M;
        // Entry distance, node, and the child if it is a leaf (else 8).
        let mut stack: Vec<(f32, u32, u8)> = Vec::with_capacity(64);
        stack.push((0.0, 0, INNER));
        while let Some((entry, index, child)) = stack.pop() {
            if entry > *limit {
                continue;
            }
            let node = &self.tree.nodes[index as usize];
            if child != INNER {
                for triangle in self.leaf(node, child as usize) {
                    if visit(triangle, limit).is_break() {
                        return;
                    }
                }
                continue;
            }
            let boxes = ChildBoxes::of(node);
            let (entries, exits) = boxes.slabs(origin, inverse, reach, *limit);
            let first = stack.len();
            for child in 0..8 {
                if entries[child] > exits[child] || node.is_child_empty(child) {
                    continue;
                }
                let is_clear = radius > 0.0
                    && !may_touch_ball(boxes.corners(child), origin, direction, reach, *limit);
                if is_clear {
                    continue;
                }
                let below = if node.is_leaf(child) {
                    (entries[child], index, child as u8)
                } else {
                    (entries[child], node.child_node_index(child), INNER)
                };
                // Insertion sort, nearest last: there are eight at most.
                let mut at = stack.len();
                while at > first && stack[at - 1].0 < below.0 {
                    at -= 1;
                }
                stack.insert(at, below);
            }
        }
    }

    /// Visits triangles whose boxes overlap a box.
    pub(super) fn overlap_boxes(
        &self,
        around: &Aabb3d,
        mut visit: impl FnMut(usize) -> ControlFlow<()>,
    ) {
        if self.tree.nodes.is_empty() {
            return;
        }
        let low = (Vec3::from(around.min) - BOX_SLACK_M).to_array();
        let high = (Vec3::from(around.max) + BOX_SLACK_M).to_array();
        let mut stack: Vec<u32> = Vec::with_capacity(64);
        stack.push(0);
        while let Some(index) = stack.pop() {
            let node = &self.tree.nodes[index as usize];
            let boxes = ChildBoxes::of(node);
            for child in 0..8 {
                let overlaps = (0..3).all(|axis| {
                    boxes.low[axis][child] <= high[axis] && boxes.high[axis][child] >= low[axis]
                });
                if !overlaps || node.is_child_empty(child) {
                    continue;
                }
                if node.is_leaf(child) {
                    for triangle in self.leaf(node, child) {
                        if visit(triangle).is_break() {
                            return;
                        }
                    }
                } else {
                    stack.push(node.child_node_index(child));
                }
            }
        }
    }

    /// Triangles of a leaf child.
    fn leaf(&self, node: &CwBvhNode, child: usize) -> impl Iterator<Item = usize> + use<'_> {
        let (first, count) = node.child_primitives(child);
        let slots = first as usize..(first + count) as usize;
        self.tree.slots[slots].iter().flat_map(|&run| {
            let run = run as usize;
            Range {
                start: self.tree.runs[run] as usize,
                end: self.tree.runs[run + 1] as usize,
            }
        })
    }
}

/// The boxes of a node's eight children, unpacked from its byte grid.
struct ChildBoxes {
    low: [[f32; 8]; 3],
    high: [[f32; 8]; 3],
}

impl ChildBoxes {
    fn corners(&self, child: usize) -> (Vec3, Vec3) {
        (
            Vec3::from_array(self.low.map(|values| values[child])),
            Vec3::from_array(self.high.map(|values| values[child])),
        )
    }

    /// Where a ray enters and leaves the eight boxes widened by `reach`, within `limit`.
    #[inline(always)]
    fn slabs(
        &self,
        origin: Vec3,
        inverse: [f32; 3],
        reach: f32,
        limit: f32,
    ) -> ([f32; 8], [f32; 8]) {
        // Plain comparisons compile to one instruction where f32::min, which minds NaN,
        // does not; no NaN comes here.
        let min = |a: f32, b: f32| if a < b { a } else { b };
        let max = |a: f32, b: f32| if a > b { a } else { b };
        let mut entries = [0.0f32; 8];
        let mut exits = [limit; 8];
        for axis in 0..3 {
            let (o, i) = (origin[axis], inverse[axis]);
            for child in 0..8 {
                let near = (self.low[axis][child] - reach - o) * i;
                let far = (self.high[axis][child] + reach - o) * i;
                entries[child] = max(entries[child], min(near, far));
                exits[child] = min(exits[child], max(near, far));
            }
        }
        (entries, exits)
    }

    #[inline(always)]
    fn of(node: &CwBvhNode) -> Self {
        let origin = node.p.to_array();
        let cell = node.e.map(|e| f32::from_bits(u32::from(e) << 23));
        let unpack = |axis: usize, bytes: &[u8; 8]| {
            let mut values = [0.0f32; 8];
            for (value, byte) in values.iter_mut().zip(bytes) {
                *value = f32::from(*byte) * cell[axis] + origin[axis];
            }
            values
        };
        Self {
            low: [
                unpack(0, &node.child_min_x),
                unpack(1, &node.child_min_y),
                unpack(2, &node.child_min_z),
            ],
            high: [
                unpack(0, &node.child_max_x),
                unpack(1, &node.child_max_y),
                unpack(2, &node.child_max_z),
            ],
        }
    }
}
