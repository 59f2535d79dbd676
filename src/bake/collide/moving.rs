//! Rock that stays, and things in it that move: each a shape of its own, asked in its own
//! frame, so that nothing is built anew when a door opens.

use std::{borrow::Cow, sync::Arc};

use bevy::math::{Affine3A, Vec3};

use super::{Contact, Fixed, RayHit, Soup, SphereHit};

/// A shape this small (the factor of its scale) is nowhere: it has been scaled away.
const LEAST_SCALE: f32 = 1e-4;

/// Which moving thing: a mesh of the stage, and of its model the node that moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MoverId {
    /// Index into the stage's meshes.
    pub mesh: usize,
    /// Index into the model's nodes.
    pub node: usize,
}

/// Something solid that moves as a whole.
#[derive(Debug, Clone)]
pub struct Mover {
    /// Which.
    pub id: MoverId,
    shape: Arc<Fixed>,
    world_from_shape: Affine3A,
    shape_from_world: Affine3A,
    /// Metres in the world for one of the shape. A scale that differs along its axes is taken
    /// for its mean.
    scale: f32,
    is_mirrored: bool,
    /// In world; `None` while it is nowhere.
    bounds: Option<(Vec3, Vec3)>,
}

impl Mover {
    /// A thing of this shape, in the frame of what moves, at a place. Slow: it builds a tree.
    pub fn new(id: MoverId, shape: Soup, world_from_shape: Affine3A) -> Self {
        let mut mover = Self {
            id,
            shape: Arc::new(Fixed::build(shape)),
            world_from_shape: Affine3A::IDENTITY,
            shape_from_world: Affine3A::IDENTITY,
            scale: 1.0,
            is_mirrored: false,
            bounds: None,
        };
        mover.place(world_from_shape);
        mover
    }

    /// Moves it there, whatever stands in the way.
    fn place(&mut self, world_from_shape: Affine3A) {
        let determinant = world_from_shape.matrix3.determinant();
        self.world_from_shape = world_from_shape;
        self.is_mirrored = determinant < 0.0;
        self.scale = determinant.abs().cbrt();
        let is_somewhere = world_from_shape.is_finite() && self.scale > LEAST_SCALE;
        self.bounds = self.shape.bounds().filter(|_| is_somewhere).map(|bounds| {
            let corners = (0..8).map(|corner| {
                let pick = |axis: usize| {
                    let of = if corner >> axis & 1 == 0 {
                        bounds.0
                    } else {
                        bounds.1
                    };
                    of[axis]
                };
                world_from_shape.transform_point3(Vec3::new(pick(0), pick(1), pick(2)))
            });
            corners.fold(
                (Vec3::INFINITY, Vec3::NEG_INFINITY),
                |(low, high), corner| (low.min(corner), high.max(corner)),
            )
        });
        if is_somewhere {
            self.shape_from_world = world_from_shape.inverse();
        }
    }

    /// Whether anything of it can be as near to a segment.
    fn may_be_near(&self, a: Vec3, b: Vec3, reach_m: f32) -> bool {
        self.bounds.is_some_and(|(low, high)| {
            (a.min(b) - reach_m).cmple(high).all() && (a.max(b) + reach_m).cmpge(low).all()
        })
    }

    fn point_in(&self, point: Vec3) -> Vec3 {
        self.shape_from_world.transform_point3(point)
    }

    fn way_in(&self, way: Vec3) -> Vec3 {
        self.shape_from_world.transform_vector3(way)
    }

    fn point_out(&self, point: Vec3) -> Vec3 {
        self.world_from_shape.transform_point3(point)
    }

    /// Of a similarity the matrix itself turns normals, but for their length.
    fn normal_out(&self, normal: Vec3) -> Vec3 {
        self.world_from_shape
            .transform_vector3(normal)
            .normalize_or(normal)
    }

    fn cast_ray(&self, origin: Vec3, direction: Vec3, max_m: f32) -> Option<RayHit> {
        self.bounds?;
        let (from, way) = (self.point_in(origin), self.way_in(direction));
        let hit = self.shape.cast_ray(from, way, max_m / self.scale)?;
        Some(RayHit {
            distance_m: hit.distance_m * self.scale,
            point: self.point_out(hit.point),
            normal: self.normal_out(hit.normal),
            is_front: hit.is_front != self.is_mirrored,
            ..hit
        })
    }

    fn cast_sphere(&self, center: Vec3, way: Vec3, radius_m: f32, max_m: f32) -> Option<SphereHit> {
        // Beyond a thousand kilometres there is nothing.
        let end = center + way.normalize_or_zero() * max_m.min(1.0e6);
        if !self.may_be_near(center, end, radius_m) {
            return None;
        }
        let (from, way) = (self.point_in(center), self.way_in(way));
        let (radius, max) = (radius_m / self.scale, max_m / self.scale);
        let hit = self.shape.cast_sphere(from, way, radius, max)?;
        Some(SphereHit {
            distance_m: hit.distance_m * self.scale,
            point: self.point_out(hit.point),
            normal: self.normal_out(hit.normal),
            ..hit
        })
    }

    fn contacts(&self, a: Vec3, b: Vec3, radius_m: f32, contacts: &mut Vec<Contact>) {
        if !self.may_be_near(a, b, radius_m) {
            return;
        }
        let first = contacts.len();
        let (a, b) = (self.point_in(a), self.point_in(b));
        self.shape.contacts(a, b, radius_m / self.scale, contacts);
        for contact in &mut contacts[first..] {
            contact.point = self.point_out(contact.point);
            contact.normal = self.normal_out(contact.normal);
            contact.depth_m *= self.scale;
        }
    }

    fn is_free(&self, a: Vec3, b: Vec3, radius_m: f32) -> bool {
        let (from, to) = (self.point_in(a), self.point_in(b));
        !self.may_be_near(a, b, radius_m) || self.shape.is_free(from, to, radius_m / self.scale)
    }
}

/// All that stops visitors: rock, and things that move. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Collider {
    fixed: Arc<Fixed>,
    movers: Vec<Mover>,
}

impl From<Fixed> for Collider {
    fn from(fixed: Fixed) -> Self {
        Self {
            fixed: Arc::new(fixed),
            movers: Vec::new(),
        }
    }
}

impl Collider {
    /// Builds the tree of what stays. Slow (about a second for a few million triangles): call
    /// it on a worker thread. An empty soup makes a collider that nothing ever hits.
    pub fn build(soup: Soup) -> Self {
        Fixed::build(soup).into()
    }

    /// The same rock with things that move in it.
    #[must_use]
    pub fn with_movers(self, movers: Vec<Mover>) -> Self {
        Self { movers, ..self }
    }

    /// What moves, and where it is.
    pub fn movers(&self) -> impl Iterator<Item = (MoverId, Affine3A)> {
        self.movers
            .iter()
            .map(|mover| (mover.id, mover.world_from_shape))
    }

    /// Moves a thing there, whatever stands in the way.
    pub fn place(&mut self, id: MoverId, world_from_shape: Affine3A) {
        for mover in self.movers.iter_mut().filter(|mover| mover.id == id) {
            mover.place(world_from_shape);
        }
    }

    /// All but the moving things that have come to where somebody stands, who is let out of
    /// them and not pushed: `a` to `b` is the axis of their body.
    pub fn letting_out(&self, a: Vec3, b: Vec3, radius_m: f32) -> Cow<'_, Self> {
        if self
            .movers
            .iter()
            .all(|mover| mover.is_free(a, b, radius_m))
        {
            return Cow::Borrowed(self);
        }
        let others = self.movers.iter();
        let others = others.filter(|mover| mover.is_free(a, b, radius_m));
        Cow::Owned(Self {
            fixed: self.fixed.clone(),
            movers: others.cloned().collect(),
        })
    }

    /// Number of triangles.
    pub fn triangle_count(&self) -> usize {
        self.shapes().map(Fixed::triangle_count).sum()
    }

    /// Smallest and largest corner; `None` when there are no triangles.
    pub fn bounds(&self) -> Option<(Vec3, Vec3)> {
        let movers = self.movers.iter().filter_map(|mover| mover.bounds);
        self.fixed
            .bounds()
            .into_iter()
            .chain(movers)
            .reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)))
    }

    /// Heap memory held, in bytes.
    pub fn memory_bytes(&self) -> usize {
        self.shapes().map(Fixed::memory_bytes).sum::<usize>()
            + self.movers.capacity() * size_of::<Mover>()
    }

    fn shapes(&self) -> impl Iterator<Item = &Fixed> {
        let movers = self.movers.iter().map(|mover| &*mover.shape);
        std::iter::once(&*self.fixed).chain(movers)
    }

    /// The nearest triangle along a ray, from either side. `direction` need not be unit.
    pub fn cast_ray(&self, origin: Vec3, direction: Vec3, max_m: f32) -> Option<RayHit> {
        let mut best = self.fixed.cast_ray(origin, direction, max_m);
        for mover in &self.movers {
            let limit = best.map_or(max_m, |hit| hit.distance_m);
            best = mover.cast_ray(origin, direction, limit).or(best);
        }
        best
    }

    /// Whether anything stands between two points.
    pub fn is_occluded(&self, from: Vec3, to: Vec3) -> bool {
        self.fixed.is_occluded(from, to)
            || self.movers.iter().any(|mover| {
                mover.may_be_near(from, to, 0.0)
                    && mover
                        .shape
                        .is_occluded(mover.point_in(from), mover.point_in(to))
            })
    }

    /// The first touch of a sphere that travels along `direction` (need not be unit) for at
    /// most `max_m`. A sphere that overlaps at the start touches after 0 m.
    pub fn cast_sphere(
        &self,
        center: Vec3,
        direction: Vec3,
        radius_m: f32,
        max_m: f32,
    ) -> Option<SphereHit> {
        let mut best = self.fixed.cast_sphere(center, direction, radius_m, max_m);
        for mover in &self.movers {
            let limit = best.map_or(max_m, |hit| hit.distance_m);
            let hit = mover.cast_sphere(center, direction, radius_m, limit);
            best = hit.or(best);
        }
        best
    }

    /// The ground under a sphere: [`Self::cast_sphere`] straight down.
    pub fn probe_down(&self, center: Vec3, radius_m: f32, max_m: f32) -> Option<SphereHit> {
        self.cast_sphere(center, Vec3::NEG_Y, radius_m, max_m)
    }

    /// All triangles nearer than `radius_m` to the segment from `a` to `b` (a capsule; a
    /// sphere when they are equal), appended to `contacts` in no particular order.
    pub fn contacts(&self, a: Vec3, b: Vec3, radius_m: f32, contacts: &mut Vec<Contact>) {
        self.fixed.contacts(a, b, radius_m, contacts);
        for mover in &self.movers {
            mover.contacts(a, b, radius_m, contacts);
        }
    }

    /// Whether a capsule (or sphere) touches nothing.
    pub fn is_free(&self, a: Vec3, b: Vec3, radius_m: f32) -> bool {
        self.fixed.is_free(a, b, radius_m)
            && self
                .movers
                .iter()
                .all(|mover| mover.is_free(a, b, radius_m))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bake::collide::dice::random_point;
    use bevy::math::Quat;

    const ID: MoverId = MoverId { mesh: 0, node: 0 };

    /// A heap of triangles as a soup, seen from somewhere else.
    fn heap(place: Affine3A) -> Soup {
        let mut state = 3;
        let mut soup = Soup::default();
        for _ in 0..200 {
            let a = random_point(&mut state, 4.0);
            let corners = [
                a,
                a + random_point(&mut state, 1.0),
                a + random_point(&mut state, 1.0),
            ];
            let corners = corners.map(|corner| place.transform_point3(corner));
            soup.add_triangles(&corners, &[[0, 1, 2]], true)
                .expect("few triangles");
        }
        soup
    }

    #[test]
    fn what_has_moved_is_met_as_if_it_had_been_built_there() {
        let turned = Quat::from_euler(bevy::math::EulerRot::XYZ, 0.4, -1.1, 2.0);
        let (away, mirrored) = (Vec3::new(1.0, -2.0, 0.5), Vec3::new(-1.7, 1.7, 1.7));
        let places = [
            Affine3A::from_translation(away),
            Affine3A::from_scale_rotation_translation(Vec3::splat(0.4), turned, away),
            Affine3A::from_scale_rotation_translation(mirrored, turned, away),
        ];
        let stays = heap(Affine3A::from_translation(Vec3::Y * 2.0));
        let mover = Mover::new(ID, heap(Affine3A::IDENTITY), Affine3A::IDENTITY);
        let mut moving = Collider::build(stays.clone()).with_movers(vec![mover]);
        let mut state = 11;
        let (mut hits, mut touches) = (0, 0);
        for place in places {
            moving.place(ID, place);
            let built = Collider::build(stays.clone()).with_movers(vec![Mover::new(
                ID,
                heap(place),
                Affine3A::IDENTITY,
            )]);
            assert_eq!(
                moving.triangle_count(),
                built.triangle_count(),
                "nothing is lost"
            );
            for _ in 0..400 {
                let from = random_point(&mut state, 9.0);
                let to = random_point(&mut state, 9.0);
                let ray = |rock: &Collider| rock.cast_ray(from, to - from, 20.0);
                let ball = |rock: &Collider| rock.cast_sphere(from, to - from, 0.2, 20.0);
                let (one, other) = (ray(&moving), ray(&built));
                assert_eq!(
                    one.is_some(),
                    other.is_some(),
                    "a ray meets both or neither"
                );
                if let (Some(one), Some(other)) = (one, other) {
                    hits += 1;
                    assert!(
                        (one.distance_m - other.distance_m).abs() < 1e-3
                            && one.point.distance(other.point) < 1e-3
                            && one.normal.dot(other.normal) > 0.999,
                        "at the same place: {one:?} and {other:?}"
                    );
                }
                let (one, other) = (ball(&moving), ball(&built));
                let far = |hit: Option<SphereHit>| hit.map_or(99.0, |hit| hit.distance_m);
                assert!(
                    (far(one) - far(other)).abs() < 1e-3,
                    "{one:?} and {other:?}"
                );
                let top = from + Vec3::Y;
                let deepest = |rock: &Collider| {
                    let mut contacts = Vec::new();
                    rock.contacts(from, top, 0.3, &mut contacts);
                    let depth_m = contacts.iter().map(|own| own.depth_m).fold(0.0, f32::max);
                    (contacts.len(), depth_m)
                };
                let (one, other) = (deepest(&moving), deepest(&built));
                touches += one.0;
                // A triangle a hair's breadth off may be within reach of one and not of the other.
                assert!(
                    one.0.abs_diff(other.0) <= 1 && (one.1 - other.1).abs() < 1e-3,
                    "{one:?} and {other:?}"
                );
                assert_eq!(
                    moving.is_occluded(from, to),
                    built.is_occluded(from, to),
                    "what hides is where it is"
                );
            }
        }
        assert!(
            hits > 100 && touches > 100,
            "there was something to meet: {hits}, {touches}"
        );
    }

    #[test]
    fn what_is_scaled_to_nothing_stops_nobody() {
        let mover = Mover::new(ID, heap(Affine3A::IDENTITY), Affine3A::IDENTITY);
        let mut rock = Collider::default().with_movers(vec![mover]);
        assert!(!rock.is_free(Vec3::ZERO, Vec3::ZERO, 1.0), "it is there");
        rock.place(ID, Affine3A::from_scale(Vec3::ZERO));
        assert!(
            rock.is_free(Vec3::ZERO, Vec3::ZERO, 1.0) && rock.bounds().is_none(),
            "and gone"
        );
        rock.place(ID, Affine3A::IDENTITY);
        assert!(!rock.is_free(Vec3::ZERO, Vec3::ZERO, 1.0), "and back");
    }
}
