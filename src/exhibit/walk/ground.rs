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

/// Penetration that counts as touching, metres.
pub(super) const SKIN_M: f32 = 0.004;

/// The nearest free place for a sphere that is a little inside rock; `None` when none is
/// found within its diameter.
pub(in crate::exhibit) fn push_out(
    center: Vec3,
    radius_m: f32,
    ground: &dyn Ground,
) -> Option<Vec3> {
    let mut to = center;
    let mut contacts: Vec<Contact> = Vec::new();
    for _ in 0..10 {
        contacts.clear();
        ground.contacts(to, to, radius_m, &mut contacts);
        let deepest = contacts
            .iter()
            .max_by(|a, b| a.depth_m.total_cmp(&b.depth_m))
            .filter(|contact| contact.depth_m > SKIN_M * 0.5);
        let Some(contact) = deepest else {
            return (to.distance(center) <= 2.0 * radius_m).then_some(to);
        };
        to += contact.normal * contact.depth_m;
    }
    None
}
