//! What the walker needs to know of the world.

use bevy::math::Vec3;

use crate::bake::collide::{Collider, Contact, SphereHit};

/// Something that stops visitors and carries them. [`Collider`] is the one in use; tests
/// and later movable objects may bring others.
pub trait Ground {
    /// See [`Collider::contacts`].
    fn contacts(&self, a: Vec3, b: Vec3, radius_m: f32, contacts: &mut Vec<Contact>);
    /// See [`Collider::is_free`].
    fn is_free(&self, a: Vec3, b: Vec3, radius_m: f32) -> bool;
    /// See [`Collider::cast_sphere`].
    fn cast_sphere(
        &self,
        center: Vec3,
        direction: Vec3,
        radius_m: f32,
        max_m: f32,
    ) -> Option<SphereHit>;
    /// Smallest and largest corner of all there is; `None` when there is nothing.
    fn bounds(&self) -> Option<(Vec3, Vec3)>;
}

impl Ground for Collider {
    fn contacts(&self, a: Vec3, b: Vec3, radius_m: f32, contacts: &mut Vec<Contact>) {
        Collider::contacts(self, a, b, radius_m, contacts);
    }

    fn is_free(&self, a: Vec3, b: Vec3, radius_m: f32) -> bool {
        Collider::is_free(self, a, b, radius_m)
    }

    fn cast_sphere(
        &self,
        center: Vec3,
        direction: Vec3,
        radius_m: f32,
        max_m: f32,
    ) -> Option<SphereHit> {
        Collider::cast_sphere(self, center, direction, radius_m, max_m)
    }

    fn bounds(&self) -> Option<(Vec3, Vec3)> {
        Collider::bounds(self)
    }
}
