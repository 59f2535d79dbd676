//! What stops a visitor: triangles in a bounding-volume tree, and questions asked of them.
//!
//! Start at [`Soup`] (gather triangles of models), then [`Collider::build`] (on a worker
//! thread) or [`CollisionCache::load_or_build`]; `query.rs` holds the questions, `moving.rs`
//! what moves. All coordinates are metres in the exhibit's frame.
//!
//! The tree is built by `obvhs` (PLOC clustering into an eight-wide compressed tree) over
//! small runs of neighbouring triangles. `parry3d::TriMesh` was weighed and left: it keeps
//! a leaf a triangle, 64-byte node pairs, parents and a leaf map, several times the memory
//! of the triangles themselves, where a museum's scan of ten million triangles may take
//! little more than its own size.
//!
//! This folder moves nobody: walking lives in `exhibit::walk`.

mod build;
mod cache;
#[cfg(test)]
mod dice;
mod geometry;
mod moving;
mod query;
mod soup;
mod traverse;

pub use cache::{CacheError, CacheOutcome, CollisionCache};
pub use moving::{Collider, Mover, MoverId};
pub use query::{Contact, RayHit, SphereHit};
pub use soup::{MAX_TRIANGLES, Soup};
pub(crate) use soup::{index_count, triangle_indices, world_transforms};

use bevy::math::Vec3;
use obvhs::cwbvh::node::CwBvhNode;

use geometry::Triangle;

/// What can go wrong while gathering or caching triangles.
#[derive(Debug, thiserror::Error)]
pub enum CollideError {
    /// More than [`MAX_TRIANGLES`].
    #[error("{count} triangles are too many to collide with: at most {MAX_TRIANGLES}")]
    TooManyTriangles {
        /// How many there were.
        count: usize,
    },
}

/// What a node's surface does to a visitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Surface {
    /// Stops visitors and rays.
    pub collides: bool,
    /// May be stood upon where it is flat enough.
    pub is_walkable: bool,
}

/// Where a triangle came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PartId {
    /// The how-manieth model (or bare triangle list) added to the [`Soup`], from zero.
    pub model: u32,
    /// Index into that model's nodes.
    pub node: u32,
}

/// A run of vertices that belong to one node.
#[derive(Debug, Clone, Copy)]
struct Part {
    id: PartId,
    first_vertex: u32,
    is_walkable: bool,
}

/// The tree over the triangles, as it is built, cached and checked.
#[derive(Debug, Clone, Default, PartialEq)]
struct Tree {
    /// Old index of the triangle that now stands at each place.
    order: Vec<u32>,
    /// First triangle of each run, then the total.
    runs: Vec<u32>,
    /// Eight-wide nodes; the root first, children after their parents. Leaves name `slots`.
    nodes: Vec<CwBvhNode>,
    /// The run at each leaf slot.
    slots: Vec<u32>,
}

/// Triangles that stop visitors and stay where they are, ready to be asked.
#[derive(Debug, Clone, Default)]
struct Fixed {
    positions: Vec<[f32; 3]>,
    triangles: Vec<[u32; 3]>,
    parts: Vec<Part>,
    tree: Tree,
    bounds: Option<(Vec3, Vec3)>,
}

impl Fixed {
    /// Builds the tree. Slow (about a second for a few million triangles): call it on a
    /// worker thread. An empty soup makes a collider that nothing ever hits.
    fn build(soup: Soup) -> Self {
        let mut collider = Self::build_with_tree(soup);
        collider.tree.order = Vec::new();
        collider
    }

    /// Number of triangles.
    fn triangle_count(&self) -> usize {
        self.triangles.len()
    }

    /// Smallest and largest corner; `None` when there are no triangles.
    fn bounds(&self) -> Option<(Vec3, Vec3)> {
        self.bounds
    }

    /// Heap memory held, in bytes.
    fn memory_bytes(&self) -> usize {
        self.positions.capacity() * size_of::<[f32; 3]>()
            + self.triangles.capacity() * size_of::<[u32; 3]>()
            + self.parts.capacity() * size_of::<Part>()
            + (self.tree.order.capacity() + self.tree.runs.capacity() + self.tree.slots.capacity())
                * size_of::<u32>()
            + self.tree.nodes.capacity() * size_of::<CwBvhNode>()
    }

    fn triangle(&self, index: usize) -> Triangle {
        corners_of(&self.positions, self.triangles[index])
    }

    fn part(&self, triangle: usize) -> &Part {
        let vertex = self.triangles[triangle][0];
        let after = self
            .parts
            .partition_point(|part| part.first_vertex <= vertex);
        &self.parts[after.saturating_sub(1)]
    }
}

fn corners_of(positions: &[[f32; 3]], corners: [u32; 3]) -> Triangle {
    let [a, b, c] = corners.map(|corner| Vec3::from(positions[corner as usize]));
    Triangle { a, b, c }
}
