//! The markers of hotspots in a headset: rings that fade with distance, hide behind rock, and
//! make room for each other.

use super::{
    body::Body,
    life::Life,
    marks::{GOLD, PALE, annulus, glow},
    pointing::{Pointing, Target},
};
use crate::{
    exhibit::{
        crowd::{Candidate, make_room},
        telling::{Telling, is_visible},
        visitor::Rock,
    },
    render::scan::ScanMaterial,
    tour::HotspotIndex,
    visit::session::Phase,
};
use bevy::{light::NotShadowCaster, prelude::*};

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Startup, spawn).add_systems(
        PostUpdate,
        show_markers
            .after(super::eyes::EyeSystems)
            .before(TransformSystems::Propagate),
    );
}

/// Beyond this distance markers fade away, metres.
const FAR_M: f32 = 9.0;
/// One that is meant is so much larger.
const MEANT: f32 = 1.6;
/// Of markers nearer to each other than this, radians (3 degrees), only the nearest is seen.
const APART_RAD: f32 = 0.05;
/// And of those that would touch: room between them as a share of their radii.
const ROOM: f32 = 1.25;

#[derive(Component)]
struct HotspotMark(HotspotIndex);

/// A marker around the head: the way to it, and its angular radius.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Around {
    way: Vec3,
    radius_rad: f32,
}

impl Around {
    /// How far two are apart, as a share of the room that they need.
    fn gap(&self, other: &Self) -> f32 {
        let needed = ((self.radius_rad + other.radius_rad) * ROOM).max(APART_RAD);
        self.way.angle_between(other.way) / needed
    }
}

fn spawn(
    mut commands: Commands,
    mut meshes: ResMut<Assets<Mesh>>,
    mut materials: ResMut<Assets<ScanMaterial>>,
    telling: Option<Res<Telling>>,
) {
    let Some(telling) = telling else { return };
    let bead = meshes.add(annulus(0.72, 1.0, 40));
    for index in 0..telling.staged().hotspots.len() {
        commands.spawn((
            Name::new("marker"),
            HotspotMark(HotspotIndex::new(index)),
            Mesh3d(bead.clone()),
            MeshMaterial3d(materials.add(glow(GOLD, 0.5))),
            Transform::default(),
            Visibility::Hidden,
            NotShadowCaster,
        ));
    }
}

/// Radius of a marker at this distance, metres.
fn radius_m(distance_m: f32) -> f32 {
    0.018 + 0.006 * distance_m
}

fn show_markers(
    telling: Option<Res<Telling>>,
    life: Res<Life>,
    pointing: Res<Pointing>,
    rock: Res<Rock>,
    body: Res<Body>,
    mut materials: ResMut<Assets<ScanMaterial>>,
    mut markers: Query<(
        Entity,
        &HotspotMark,
        &mut Transform,
        &mut Visibility,
        &MeshMaterial3d<ScanMaterial>,
    )>,
) {
    let (Some(telling), Some(head)) = (telling, body.head_in_world()) else {
        return;
    };
    let rock = rock.0.as_deref();
    let is_running = life.phase() == Phase::Running;
    let is_meant = |spot| pointing.meant() == Some(Target::Hotspot(spot));
    let mut placed: Vec<(Entity, Vec3)> = Vec::new();
    let mut candidates: Vec<Candidate<Around>> = Vec::new();
    for (entity, HotspotMark(spot), _, visibility, _) in &markers {
        let (is_shown, is_open) = telling.marker(*spot);
        let ball = telling.staged().hotspots[spot.index()].ball_in_world;
        let (Some((center, ball_m)), true) = (ball, is_shown && is_running) else {
            continue;
        };
        if !is_visible(head.position, center, ball_m, rock) {
            continue;
        }
        let to_head = head.position - center;
        let distance_m = to_head.length();
        // In front of what it marks, which may be a wall.
        let out = to_head.normalize_or(Vec3::Z) * (ball_m * 0.6 + 0.1).min(distance_m * 0.5);
        placed.push((entity, center + out));
        candidates.push(Candidate {
            at: Around {
                way: -to_head.normalize_or(Vec3::Z),
                radius_rad: radius_m(distance_m) / (distance_m - out.length()).max(0.1),
            },
            distance_m,
            must_be_seen: is_open || is_meant(*spot),
            was_seen: *visibility != Visibility::Hidden,
        });
    }
    let kept = make_room(&candidates, Around::gap);
    for (entity, HotspotMark(spot), mut transform, mut visibility, material) in &mut markers {
        let own = placed.iter().position(|(other, _)| *other == entity);
        let Some(own) = own.filter(|own| kept[*own]) else {
            visibility.set_if_neq(Visibility::Hidden);
            continue;
        };
        visibility.set_if_neq(Visibility::Inherited);
        let Candidate { at, distance_m, .. } = candidates[own];
        let (_, is_open) = telling.marker(*spot);
        let is_meant = is_meant(*spot);
        let size_m = radius_m(distance_m) * if is_meant { MEANT } else { 1.0 };
        *transform = Transform::from_translation(placed[own].1)
            .looking_to(at.way, Vec3::Y)
            .with_scale(Vec3::splat(size_m));
        let near = 1.0 - ((distance_m / FAR_M - 0.6) / 0.4).clamp(0.0, 1.0);
        let alpha = if is_meant || is_open {
            1.0
        } else {
            0.2 + 0.5 * near
        };
        let color = if is_open { PALE } else { GOLD }.with_alpha(alpha);
        // Seen through a query first: a change uploads the material.
        if materials
            .get(&material.0)
            .is_some_and(|own| own.base_color != color)
            && let Some(mut own) = materials.get_mut(&material.0)
        {
            own.base_color = color;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bevy::math::ops;

    /// A marker at so many degrees to the right, so far away.
    fn at(degrees: f32, distance_m: f32) -> Candidate<Around> {
        let (sin, cos) = ops::sin_cos(degrees.to_radians());
        Candidate {
            at: Around {
                way: Vec3::new(sin, 0.0, -cos),
                radius_rad: radius_m(distance_m) / distance_m,
            },
            distance_m,
            must_be_seen: false,
            was_seen: false,
        }
    }

    #[test]
    fn a_dense_wall_shows_markers_that_do_not_touch() {
        // A hundred and twenty on a wall, half a degree apart.
        let dense: Vec<_> = (0..120)
            .map(|index| at(index as f32 * 0.5, 2.0 + 0.01 * index as f32))
            .collect();
        let kept = make_room(&dense, Around::gap);
        let seen: Vec<_> = dense
            .iter()
            .zip(&kept)
            .filter_map(|(own, kept)| kept.then_some(own.at))
            .collect();
        assert!(
            (10..=24).contains(&seen.len()),
            "some of a hundred and twenty are seen, not {}",
            seen.len()
        );
        for (index, own) in seen.iter().enumerate() {
            for other in &seen[..index] {
                let angle = own.way.angle_between(other.way);
                assert!(
                    angle > own.radius_rad + other.radius_rad,
                    "markers do not touch: {angle} rad apart"
                );
            }
        }
        assert!(kept[0], "the nearest is one of them");
    }

    #[test]
    fn markers_apart_are_all_seen() {
        let wide: Vec<_> = (0..12).map(|index| at(index as f32 * 5.0, 3.0)).collect();
        assert_eq!(make_room(&wide, Around::gap), [true; 12]);
    }
}
