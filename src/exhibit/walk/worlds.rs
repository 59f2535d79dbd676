//! Rooms for tests: boxes, floors with holes, ramps, as a scan would hold them.

use bevy::math::Vec3;

use crate::bake::collide::{Collider, Soup};

/// Gathers surfaces.
#[derive(Default)]
pub(crate) struct World {
    points: Vec<Vec3>,
    triangles: Vec<[u32; 3]>,
}

impl World {
    /// A parallelogram from a corner along two sides, in `n` by `n` cells; its front is
    /// where `u` × `v` points.
    pub(crate) fn sheet(mut self, corner: Vec3, u: Vec3, v: Vec3, n: u32) -> Self {
        let base = self.points.len() as u32;
        for j in 0..=n {
            for i in 0..=n {
                let (s, t) = (i as f32 / n as f32, j as f32 / n as f32);
                self.points.push(corner + u * s + v * t);
            }
        }
        for j in 0..n {
            for i in 0..n {
                let k = base + j * (n + 1) + i;
                self.triangles.push([k, k + 1, k + n + 1]);
                self.triangles.push([k + 1, k + n + 2, k + n + 1]);
            }
        }
        self
    }

    /// A solid box.
    pub(crate) fn solid(self, low: Vec3, high: Vec3) -> Self {
        let d = high - low;
        let (x, y, z) = (Vec3::X * d.x, Vec3::Y * d.y, Vec3::Z * d.z);
        self.sheet(low, y, x, 3)
            .sheet(low, z, y, 3)
            .sheet(low, x, z, 3)
            .sheet(high, -x, -y, 3)
            .sheet(high, -y, -z, 3)
            .sheet(high, -z, -x, 3)
    }

    /// A level floor in cells of half a metre where `has_floor` says so at their middles.
    pub(crate) fn floor(
        mut self,
        low: Vec3,
        high: Vec3,
        has_floor: impl Fn(f32, f32) -> bool,
    ) -> Self {
        let cell = 0.5;
        let count = |length: f32| (length / cell).round() as i32;
        for j in 0..count(high.z - low.z) {
            for i in 0..count(high.x - low.x) {
                let corner = low + Vec3::new(i as f32 * cell, 0.0, j as f32 * cell);
                if has_floor(corner.x + cell / 2.0, corner.z + cell / 2.0) {
                    self = self.sheet(corner, Vec3::Z * cell, Vec3::X * cell, 1);
                }
            }
        }
        self
    }

    /// The inside of a box: floor, walls and ceiling that face inwards.
    pub(crate) fn hollow(self, low: Vec3, high: Vec3) -> Self {
        let d = high - low;
        let (x, y, z) = (Vec3::X * d.x, Vec3::Y * d.y, Vec3::Z * d.z);
        self.sheet(low, x, y, 4)
            .sheet(low, y, z, 4)
            .sheet(low, z, x, 4)
            .sheet(high, -y, -x, 4)
            .sheet(high, -z, -y, 4)
            .sheet(high, -x, -z, 4)
    }

    pub(crate) fn build(self) -> Collider {
        Collider::build(self.soup(true))
    }

    /// The surfaces alone, to walk on or only to run into.
    pub(crate) fn soup(self, is_walkable: bool) -> Soup {
        let mut soup = Soup::default();
        soup.add_triangles(&self.points, &self.triangles, is_walkable)
            .expect("test worlds are small");
        soup
    }
}

/// Two rooms joined by a door, with everything that a cave has.
///
/// Room A: x -4 to 4, z -3 to 3, 3 m high, with a pillar, stairs to a gallery, a low step
/// and a hole in the floor. Door: x 4 to 4.4, z -0.5 to 0.5, 2.1 m high. Room B: x 4.4 to
/// 10.4, with a partition as thin as paper, a ramp, a pit 2 m deep and a ceiling that slopes
/// down to half a metre.
pub(crate) fn house() -> Collider {
    let v = Vec3::new;
    let wall = 3.0;
    World::default()
        // Room A.
        .floor(v(-4.0, 0.0, -3.0), v(4.0, 0.0, 3.0), |x, z| !is_hole(x, z))
        .sheet(v(-4.0, wall, -3.0), Vec3::X * 8.0, Vec3::Z * 6.0, 4)
        .sheet(v(-4.0, 0.0, -3.0), Vec3::X * 8.0, Vec3::Y * wall, 6)
        .sheet(v(-4.0, 0.0, 3.0), Vec3::Y * wall, Vec3::X * 8.0, 6)
        .sheet(v(-4.0, 0.0, -3.0), Vec3::Y * wall, Vec3::Z * 6.0, 6)
        .solid(PILLAR.0, PILLAR.1)
        .solid(v(0.5, 0.0, 1.6), v(1.5, 0.3, 2.6))
        .solid(v(-2.2, 0.0, 1.8), v(-1.8, 0.2, 3.0))
        .solid(v(-2.6, 0.0, 1.8), v(-2.2, 0.4, 3.0))
        .solid(v(-3.0, 0.0, 1.8), v(-2.6, 0.6, 3.0))
        .solid(v(-4.0, 0.0, 1.8), v(-3.0, 0.8, 3.0))
        // The wall between, with its door.
        .solid(v(4.0, -0.1, -3.1), v(4.4, wall, -0.5))
        .solid(v(4.0, -0.1, 0.5), v(4.4, wall, 3.1))
        .solid(v(4.0, 2.1, -0.5), v(4.4, wall, 0.5))
        .sheet(v(4.0, 0.0, -0.5), Vec3::Z, Vec3::X * 0.4, 2)
        // Room B.
        .floor(v(4.4, 0.0, -3.0), v(10.4, 0.0, 3.0), |x, z| !is_pit(x, z))
        .sheet(v(4.4, wall, -3.0), v(6.0, -2.5, 0.0), Vec3::Z * 6.0, 8)
        .sheet(v(4.4, 0.0, -3.0), Vec3::X * 6.0, Vec3::Y * wall, 6)
        .sheet(v(4.4, 0.0, 3.0), Vec3::Y * wall, Vec3::X * 6.0, 6)
        .sheet(v(10.4, 0.0, -3.0), Vec3::Z * 6.0, Vec3::Y * wall, 6)
        .sheet(v(6.9, 0.0, -3.0), Vec3::Z * 2.5, Vec3::Y * wall, 5)
        .sheet(v(4.9, 0.0, 3.0), v(0.0, 0.7, -2.0), Vec3::X * 1.5, 4)
        .sheet(v(4.4, -2.0, -3.0), Vec3::Z * 6.0, Vec3::X * 6.0, 8)
        .build()
}

/// The pillar of [`house`].
pub(crate) const PILLAR: (Vec3, Vec3) = (Vec3::new(-1.3, 0.0, -1.3), Vec3::new(-0.7, 3.0, -0.7));

/// The hole without a bottom in room A.
pub(crate) fn is_hole(x: f32, z: f32) -> bool {
    (1.0..2.5).contains(&x) && (-2.5..-1.0).contains(&z)
}

/// The pit in room B.
pub(crate) fn is_pit(x: f32, z: f32) -> bool {
    (7.4..8.4).contains(&x) && (0.5..2.0).contains(&z)
}
