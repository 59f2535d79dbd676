//! What pointing and throwing look like: ray, dot and ring; arc, landing and refusal.

use super::{body::Body, hands::Hands, life::Life, pointing::Pointing, travel::Travel};
use crate::{
    render::scan::ScanMaterial,
    visit::{point::Pointer, session::Phase},
};
use bevy::{
    asset::RenderAssetUsages,
    camera::visibility::NoFrustumCulling,
    light::NotShadowCaster,
    math::ops,
    mesh::{Indices, PrimitiveTopology},
    prelude::*,
};
use core::f32::consts::TAU;

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Startup, spawn).add_systems(
        PostUpdate,
        (show_pointer, show_throw)
            .after(super::eyes::EyeSystems)
            .before(TransformSystems::Propagate),
    );
}

pub(super) const GOLD: LinearRgba = LinearRgba::new(0.95, 0.62, 0.22, 1.0);
pub(super) const PALE: LinearRgba = LinearRgba::new(0.9, 0.85, 0.72, 1.0);
/// A refused landing, by shape and by color: those who do not see red see the cross.
const RUST: LinearRgba = LinearRgba::new(0.55, 0.14, 0.08, 1.0);
/// The ray is seen for this long, metres: the dot says the rest.
const RAY_M: f32 = 0.9;
/// Angular radius of the dot, radians: 0.35 degrees.
const DOT_RAD: f32 = 0.006;
/// Half the width of the arc, metres.
const ARC_HALF_M: f32 = 0.012;

#[derive(Component)]
struct RayMark;
#[derive(Component)]
struct DotMark;
#[derive(Component)]
struct RingMark;
#[derive(Component)]
struct ArcMark;
#[derive(Component)]
struct LandingMark;
#[derive(Component)]
struct RefusedMark;

/// Handles that change while they are shown.
#[derive(Resource)]
struct Marks {
    arc: Handle<Mesh>,
    ring: Handle<Mesh>,
    arc_free: Handle<ScanMaterial>,
    arc_refused: Handle<ScanMaterial>,
}

/// Light of a color, that hides little of what is behind it.
pub(super) fn glow(color: LinearRgba, alpha: f32) -> ScanMaterial {
    ScanMaterial {
        base_color: color.with_alpha(alpha),
        is_unlit: true,
        is_double_sided: true,
        alpha_mode: AlphaMode::Blend,
        ..default()
    }
}

fn spawn(
    mut commands: Commands,
    mut meshes: ResMut<Assets<Mesh>>,
    mut materials: ResMut<Assets<ScanMaterial>>,
) {
    let gold = materials.add(glow(GOLD, 0.9));
    let pale = materials.add(glow(PALE, 0.55));
    let rust = materials.add(glow(RUST, 0.9));
    let empty = meshes.add(ribbon(&[], Vec3::X));
    let ring = meshes.add(ring_part(0.0));
    let mark = |mesh: Handle<Mesh>, material: &Handle<ScanMaterial>| {
        (
            Mesh3d(mesh),
            MeshMaterial3d(material.clone()),
            Transform::default(),
            Visibility::Hidden,
            NotShadowCaster,
        )
    };
    commands.spawn((RayMark, mark(meshes.add(ray_mesh()), &pale)));
    commands.spawn((DotMark, mark(meshes.add(Sphere::new(1.0)), &gold)));
    commands.spawn((RingMark, NoFrustumCulling, mark(ring.clone(), &gold)));
    commands.spawn((ArcMark, NoFrustumCulling, mark(empty.clone(), &gold)));
    commands.spawn((LandingMark, mark(meshes.add(landing_mesh()), &gold)));
    commands.spawn((RefusedMark, mark(meshes.add(cross_mesh()), &rust)));
    commands.insert_resource(Marks {
        arc: empty,
        ring,
        arc_free: gold,
        arc_refused: rust,
    });
}

fn show_pointer(
    pointing: Res<Pointing>,
    hands: Res<Hands>,
    life: Res<Life>,
    travel: Res<Travel>,
    body: Res<Body>,
    marks: Res<Marks>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut rays: Query<
        (&mut Transform, &mut Visibility),
        (With<RayMark>, Without<DotMark>, Without<RingMark>),
    >,
    mut dots: Query<
        (&mut Transform, &mut Visibility),
        (With<DotMark>, Without<RayMark>, Without<RingMark>),
    >,
    mut rings: Query<
        (&mut Transform, &mut Visibility),
        (With<RingMark>, Without<RayMark>, Without<DotMark>),
    >,
) {
    let is_free = matches!(life.phase(), Phase::Running | Phase::Ready);
    let is_throwing = travel.aim().is_some();
    let by_hand = matches!(hands.pointer(), Pointer::Hand(_));
    let Some(head) = body.head_in_world().filter(|_| is_free) else {
        for (_, mut visibility) in rays.iter_mut().chain(&mut dots).chain(&mut rings) {
            visibility.set_if_neq(Visibility::Hidden);
        }
        return;
    };
    for (mut transform, mut visibility) in &mut rays {
        let shown = pointing.ray.filter(|_| by_hand && !is_throwing);
        visibility.set_if_neq(seen(shown.is_some()));
        if let Some((from, way)) = shown {
            let length = pointing
                .end
                .map_or(RAY_M, |end| end.distance(from).min(RAY_M));
            *transform = Transform::from_translation(from)
                .with_rotation(Quat::from_rotation_arc(Vec3::NEG_Z, way))
                .with_scale(Vec3::new(1.0, 1.0, length));
        }
    }
    for (mut transform, mut visibility) in &mut dots {
        let shown = pointing
            .end
            .filter(|_| !is_throwing && (by_hand || pointing.meant().is_some()));
        visibility.set_if_neq(seen(shown.is_some()));
        if let Some(end) = shown {
            let larger = if pointing.meant().is_some() { 1.7 } else { 1.0 };
            let radius_m = end.distance(head.position) * DOT_RAD * larger;
            // In front of the rock, not half in it.
            let at = end + (head.position - end).normalize_or_zero() * radius_m;
            *transform = Transform::from_translation(at).with_scale(Vec3::splat(radius_m));
        }
    }
    for (mut transform, mut visibility) in &mut rings {
        visibility.set_if_neq(seen(pointing.ring.is_some()));
        if let Some((at, filled)) = pointing.ring {
            let to_head = head.position - at;
            let radius_m = to_head.length() * DOT_RAD * 4.0;
            *transform = Transform::from_translation(at + to_head.normalize_or_zero() * 0.03)
                .looking_to(-to_head.normalize_or(Vec3::Z), Vec3::Y)
                .with_scale(Vec3::splat(radius_m));
            if let Some(mut mesh) = meshes.get_mut(&marks.ring) {
                *mesh = ring_part(filled);
            }
        }
    }
}

fn seen(is_seen: bool) -> Visibility {
    if is_seen {
        Visibility::Inherited
    } else {
        Visibility::Hidden
    }
}

fn show_throw(
    travel: Res<Travel>,
    body: Res<Body>,
    marks: Res<Marks>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut arcs: Query<
        (&mut Visibility, &mut MeshMaterial3d<ScanMaterial>),
        (With<ArcMark>, Without<LandingMark>, Without<RefusedMark>),
    >,
    mut landings: Query<
        (&mut Transform, &mut Visibility),
        (With<LandingMark>, Without<RefusedMark>),
    >,
    mut refusals: Query<
        (&mut Transform, &mut Visibility),
        (With<RefusedMark>, Without<LandingMark>),
    >,
) {
    let aim = travel.aim();
    let landing = aim.and_then(|aim| aim.landing.ok());
    let head = body.head_in_world();
    for (mut visibility, mut material) in &mut arcs {
        visibility.set_if_neq(seen(aim.is_some_and(|aim| aim.arc.len() > 1)));
        if let (Some(aim), Some(head)) = (aim, head) {
            let wanted = if landing.is_some() {
                &marks.arc_free
            } else {
                &marks.arc_refused
            };
            if material.0 != *wanted {
                material.0 = wanted.clone();
            }
            let across = arc_side(&aim.arc, head.position);
            if let Some(mut mesh) = meshes.get_mut(&marks.arc) {
                *mesh = ribbon(&aim.arc, across);
            }
        }
    }
    for (mut transform, mut visibility) in &mut landings {
        visibility.set_if_neq(seen(landing.is_some()));
        if let Some(landing) = landing {
            *transform = Transform::from_translation(landing.feet_in_world + Vec3::Y * 0.012)
                .with_rotation(Quat::from_rotation_y(landing.yaw_rad));
        }
    }
    let refused = aim.filter(|_| landing.is_none()).and_then(|aim| aim.end);
    for (mut transform, mut visibility) in &mut refusals {
        visibility.set_if_neq(seen(refused.is_some()));
        if let Some(hit) = refused {
            *transform = Transform::from_translation(hit.point + hit.normal * 0.012)
                .with_rotation(Quat::from_rotation_arc(Vec3::Y, hit.normal));
        }
    }
}

/// To which side a ribbon along an arc is wide, so that the head sees its face.
fn arc_side(arc: &[Vec3], head: Vec3) -> Vec3 {
    let (Some(first), Some(last)) = (arc.first(), arc.last()) else {
        return Vec3::X;
    };
    let along = *last - *first;
    let to_head = head - first.midpoint(*last);
    along.cross(to_head).try_normalize().unwrap_or(Vec3::X)
}

fn triangles(positions: Vec<[f32; 3]>, indices: Vec<u32>) -> Mesh {
    let normals = vec![[0.0, 1.0, 0.0]; positions.len()];
    let uvs = vec![[0.0, 0.0]; positions.len()];
    Mesh::new(
        PrimitiveTopology::TriangleList,
        RenderAssetUsages::default(),
    )
    .with_inserted_attribute(Mesh::ATTRIBUTE_POSITION, positions)
    .with_inserted_attribute(Mesh::ATTRIBUTE_NORMAL, normals)
    .with_inserted_attribute(Mesh::ATTRIBUTE_UV_0, uvs)
    .with_inserted_indices(Indices::U32(indices))
}

/// A strip between two rows of points.
fn strip(rows: impl Iterator<Item = (Vec3, Vec3)>) -> Mesh {
    let mut positions = Vec::new();
    for (left, right) in rows {
        positions.extend([left.to_array(), right.to_array()]);
    }
    // A mesh without triangles cannot be uploaded.
    if positions.len() < 4 {
        positions = vec![[0.0; 3]; 4];
    }
    let count = positions.len() as u32 / 2 - 1;
    let indices = (0..count)
        .flat_map(|at| {
            let k = at * 2;
            [k, k + 1, k + 2, k + 1, k + 3, k + 2]
        })
        .collect();
    triangles(positions, indices)
}

/// A ribbon along points, narrower towards the hand.
fn ribbon(points: &[Vec3], across: Vec3) -> Mesh {
    let last = points.len().saturating_sub(1).max(1) as f32;
    strip(points.iter().enumerate().map(|(at, point)| {
        let half = ARC_HALF_M * (0.25 + 0.75 * at as f32 / last);
        (*point - across * half, *point + across * half)
    }))
}

/// A ring around Z that is this full, clockwise from the top.
fn ring_part(filled: f32) -> Mesh {
    let steps = (filled.clamp(0.0, 1.0) * 48.0).ceil() as u32;
    strip((0..=steps).map(|step| {
        let turn = filled * step as f32 / steps.max(1) as f32 * TAU;
        let (sin, cos) = ops::sin_cos(turn);
        let way = Vec3::new(-sin, cos, 0.0);
        (way * 0.78, way)
    }))
}

/// A ring around Z.
pub(super) fn annulus(inner: f32, outer: f32, steps: u32) -> Mesh {
    strip((0..=steps).map(|step| {
        let (sin, cos) = ops::sin_cos(step as f32 / steps as f32 * TAU);
        let way = Vec3::new(sin, cos, 0.0);
        (way * inner, way * outer)
    }))
}

/// A long thin wedge along -Z, one metre long.
fn ray_mesh() -> Mesh {
    let side = |x: f32, y: f32| {
        [
            [-x * 0.0035, -y * 0.0035, 0.0],
            [x * 0.0035, y * 0.0035, 0.0],
            [0.0, 0.0, -1.0],
        ]
    };
    // Two crossed blades are seen from every side.
    let positions = [side(1.0, 0.0), side(0.0, 1.0)].concat();
    triangles(positions, vec![0, 1, 2, 3, 4, 5])
}

/// A ring on the ground with an arrow ahead (-Z): where and how one will stand.
fn landing_mesh() -> Mesh {
    let mut positions = Vec::new();
    let mut indices = Vec::new();
    const STEPS: u32 = 64;
    for (inner, outer) in [(0.235, 0.255), (0.03, 0.05)] {
        let base = positions.len() as u32;
        for step in 0..=STEPS {
            let (sin, cos) = ops::sin_cos(step as f32 / STEPS as f32 * TAU);
            positions.push([sin * inner, 0.0, cos * inner]);
            positions.push([sin * outer, 0.0, cos * outer]);
        }
        for step in 0..STEPS {
            let k = base + step * 2;
            indices.extend([k, k + 1, k + 2, k + 1, k + 3, k + 2]);
        }
    }
    let base = positions.len() as u32;
    positions.extend([[-0.07, 0.0, -0.29], [0.07, 0.0, -0.29], [0.0, 0.0, -0.39]]);
    indices.extend([base, base + 1, base + 2]);
    triangles(positions, indices)
}

/// A cross in the plane of the ground: not here.
fn cross_mesh() -> Mesh {
    let mut positions = Vec::new();
    let mut indices = Vec::new();
    for (x, z) in [(1.0_f32, 1.0_f32), (1.0, -1.0)] {
        let along = Vec3::new(x, 0.0, z) * 0.09;
        let across = Vec3::new(-z, 0.0, x) * 0.012;
        let base = positions.len() as u32;
        for corner in [
            -along - across,
            along - across,
            along + across,
            -along + across,
        ] {
            positions.push(corner.to_array());
        }
        indices.extend([base, base + 1, base + 2, base, base + 2, base + 3]);
    }
    triangles(positions, indices)
}
