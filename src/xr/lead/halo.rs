//! A golden ring that closes around what a tour points out, once it is in view, and stays
//! there softly: what moves is noticed within a second, and nothing flashes.
//!
//! Areas and nodes glow by themselves ([`crate::render`]'s glow) and need none; what is known
//! only as a ball, or as a place, had no more than a soft light on it.

use crate::{
    exhibit::{
        spots::Patches,
        telling::{PointedOut, Telling},
    },
    render::{lead::lead, scan::ScanMaterial},
    visit::session::Phase,
    xr::{
        body::Body,
        eyes::EyeSystems,
        life::Life,
        marks::{GOLD, annulus, glow},
    },
};
use bevy::{camera::visibility::NoFrustumCulling, light::NotShadowCaster, math::ops, prelude::*};
use core::f32::consts::TAU;

pub(super) fn plugin(app: &mut App) {
    app.add_systems(
        PostUpdate,
        surround
            .after(EyeSystems)
            .before(TransformSystems::Propagate),
    );
}

/// At most so many at once, as of soft lights.
const RINGS_MAX: usize = 4;
/// Its edge dims what is behind, so that gold is seen before gilding, too.
const SHADE: LinearRgba = LinearRgba::new(0.01, 0.007, 0.004, 1.0);
/// Of the radius, what is gold and what is shaded.
const GOLD_BAND: (f32, f32) = (0.93, 1.0);
const SHADE_BAND: (f32, f32) = (0.88, 1.06);
/// A ring is never smaller than this, radians: 2.6 degrees.
const LEAST_RAD: f32 = 0.045;
/// At rest it is so much larger than what it is around, and so much larger still at first.
const AROUND: f32 = 1.2;
const FROM: f32 = 2.4;
/// Time in which it closes, in which it goes, and of a breath once it is closed, seconds.
const CLOSING_SECS: f32 = 1.1;
const LEAVING_SECS: f32 = 0.5;
const BREATH_SECS: f32 = 2.6;
/// After so long it is only a reminder, seconds.
const EAGER_SECS: f32 = 6.0;

/// What a ring looks like.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Look {
    /// Its radius against that at rest.
    scale: f32,
    /// 0 to 1.
    alpha: f32,
}

/// The look of a ring that has been in view for so long, seconds.
fn look(in_view_secs: f32) -> Look {
    let smooth = |share: f32| share * share * (3.0 - 2.0 * share);
    let closed = smooth((in_view_secs / CLOSING_SECS).clamp(0.0, 1.0));
    let since = (in_view_secs - CLOSING_SECS).max(0.0);
    let breath = 0.5 + 0.5 * ops::cos(since / BREATH_SECS * TAU);
    let calm = smooth(((in_view_secs - EAGER_SECS) / BREATH_SECS).clamp(0.0, 1.0));
    let appeared = (in_view_secs / (0.4 * CLOSING_SECS)).clamp(0.0, 1.0);
    Look {
        scale: FROM + (1.0 - FROM) * closed,
        alpha: smooth(appeared) * (0.65 + 0.3 * breath) * (1.0 - 0.45 * calm),
    }
}

#[derive(Component)]
struct Halo {
    on: PointedOut,
    in_view_secs: f32,
    /// 1 while it is wanted, then down to 0.
    share: f32,
    gold: Handle<ScanMaterial>,
    shade: Handle<ScanMaterial>,
}

fn surround(
    mut commands: Commands,
    telling: Option<Res<Telling>>,
    patches: Option<Res<Patches>>,
    life: Res<Life>,
    body: Res<Body>,
    time: Res<Time<Real>>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut materials: ResMut<Assets<ScanMaterial>>,
    mut halos: Query<(Entity, &mut Halo, &mut Transform)>,
) {
    let Some(head) = body.head_in_world() else {
        return;
    };
    let glows = |own: &PointedOut| {
        let mut patches = patches.iter().flat_map(|patches| patches.iter());
        patches.any(|(spot, patch)| own.spot == Some(spot) && !patch.triangles.is_empty())
    };
    let wanted: Vec<PointedOut> = telling
        .iter()
        .filter(|_| life.phase() == Phase::Running)
        .flat_map(|telling| telling.pointed_out.iter())
        .filter(|own| !glows(own))
        .take(RINGS_MAX)
        .copied()
        .collect();
    for own in &wanted {
        if halos.iter().all(|(_, halo, _)| halo.on != *own) {
            let gold = materials.add(glow(GOLD, 0.0));
            let shade = materials.add(glow(SHADE, 0.0));
            let ring = |meshes: &mut Assets<Mesh>, (inner, outer): (f32, f32)| {
                Mesh3d(meshes.add(annulus(inner, outer, 72)))
            };
            commands.spawn((
                Name::new("halo"),
                ring(&mut meshes, GOLD_BAND),
                MeshMaterial3d(gold.clone()),
                Transform::from_scale(Vec3::ZERO),
                NoFrustumCulling,
                NotShadowCaster,
                children![(
                    ring(&mut meshes, SHADE_BAND),
                    MeshMaterial3d(shade.clone()),
                    // Behind, so that it is drawn first.
                    Transform::from_xyz(0.0, 0.0, -0.04),
                    NoFrustumCulling,
                    NotShadowCaster,
                )],
                Halo {
                    on: *own,
                    in_view_secs: 0.0,
                    share: 1.0,
                    gold,
                    shade,
                },
            ));
        }
    }
    let eye = Transform::from_translation(head.position).with_rotation(head.rotation);
    for (entity, mut halo, mut transform) in &mut halos {
        let is_wanted = wanted.contains(&halo.on);
        let step = time.delta_secs() / LEAVING_SECS;
        halo.share = (halo.share + if is_wanted { step } else { -step }).clamp(0.0, 1.0);
        if halo.share <= 0.0 {
            commands.entity(entity).despawn();
            continue;
        }
        let PointedOut {
            center, radius_m, ..
        } = halo.on;
        // It waits for eyes that an arrow leads to it.
        if halo.in_view_secs > 0.0 || lead(&eye, center, false).is_none() {
            halo.in_view_secs += time.delta_secs();
        }
        let Look { scale, alpha } = look(halo.in_view_secs);
        let alpha = alpha * halo.share;
        if let Some(mut own) = materials.get_mut(&halo.gold) {
            own.base_color = GOLD.with_alpha(alpha);
        }
        if let Some(mut own) = materials.get_mut(&halo.shade) {
            own.base_color = SHADE.with_alpha(alpha * 0.45);
        }
        *transform = around(head.position, center, radius_m, scale);
    }
}

/// A ring of radius 1 around a ball, its face to the head: before it, and as large as it
/// looks.
fn around(head: Vec3, center: Vec3, radius_m: f32, scale: f32) -> Transform {
    let to_head = head - center;
    let distance_m = to_head.length().max(0.01);
    let out_m = (radius_m * 0.6 + 0.1).min(distance_m * 0.5);
    let at_rest_m = (radius_m * AROUND).max(distance_m * LEAST_RAD);
    let nearer = (distance_m - out_m) / distance_m;
    let face = to_head / distance_m;
    Transform::from_translation(center + face * out_m)
        .looking_to(-face, Vec3::Y)
        .with_scale(Vec3::splat(at_rest_m * scale * nearer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_closes_within_a_second_or_so_and_never_flashes() {
        assert_eq!(look(0.0).alpha, 0.0, "it is not there at once");
        let closed = look(CLOSING_SECS);
        assert!(
            (closed.scale - 1.0).abs() < 1e-4 && closed.alpha > 0.9,
            "after a second it is closed and bright: {closed:?}"
        );
        let mut brightest = 0.0_f32;
        let mut turns = Vec::new();
        let mut before = [look(0.0).alpha, look(0.0).alpha];
        for frame in 1..=90 * 20 {
            let secs = frame as f32 / 90.0;
            let alpha = look(secs).alpha;
            brightest = brightest.max(alpha);
            let [older, old] = before;
            if (old - older) * (alpha - old) < 0.0 {
                turns.push(secs);
            }
            before = [old, alpha];
        }
        assert!(brightest <= 1.0, "{brightest}");
        for (index, from) in turns.iter().enumerate() {
            let within = turns[index..].iter().filter(|at| **at < from + 1.0);
            assert!(
                within.count() <= 2,
                "at most one pair of changes a second (WCAG 2.3.1 allows three): {turns:?}"
            );
        }
        assert!(look(60.0).alpha < 0.6, "at length it is a reminder only");
    }

    #[test]
    fn a_ring_is_seen_around_its_ball_from_near_and_far() {
        let center = Vec3::new(0.0, 2.0, -4.0);
        for head in [Vec3::new(0.0, 1.6, 4.0), Vec3::new(1.0, 1.6, -2.5)] {
            let ring = around(head, center, 0.3, 1.0);
            let seen_rad = ops::atan2(ring.scale.x, ring.translation.distance(head));
            let ball_rad = ops::atan2(0.3, center.distance(head));
            assert!(
                seen_rad >= ball_rad * 1.1 && seen_rad >= LEAST_RAD * 0.95,
                "it is around its ball: {seen_rad} against {ball_rad}"
            );
            let face = ring.rotation * Vec3::Z;
            assert!(
                face.dot((head - ring.translation).normalize_or_zero()) > 0.999,
                "it faces the head"
            );
        }
        let dot = around(Vec3::ZERO, Vec3::NEG_Z * 8.0, 0.01, 1.0);
        assert!(
            dot.scale.x / dot.translation.length() > LEAST_RAD * 0.95,
            "what is small is surrounded all the same"
        );
    }
}
