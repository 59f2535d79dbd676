//! A picture with what is seen is the picture with everything.

use super::*;
use crate::{
    exhibit::stage::Stage,
    render::{
        Quality,
        headless::{Extras, Headless},
        loading::tests::surface::write_surface,
    },
};
use bevy::math::ops::{cos, sin};
use std::{f32::consts::TAU, path::Path};

/// Squares around the ring and around its tube.
const AROUND: (u32, u32) = (300, 100);

/// A ring with ripples, 60,000 triangles, as a bare model.
pub(crate) fn write_ring(path: &Path) {
    let corners: Vec<_> = (0..AROUND.0 * AROUND.1)
        .map(|at| {
            let ring = (at / AROUND.1) as f32 / AROUND.0 as f32 * TAU;
            let tube = (at % AROUND.1) as f32 / AROUND.1 as f32 * TAU;
            let ripple = 0.4 + 0.03 * sin(ring * 23.0) * cos(tube * 7.0);
            let out = Vec3::new(cos(ring), 0.0, sin(ring));
            let normal = out * cos(tube) + Vec3::Y * sin(tube);
            (out + normal * ripple, normal)
        })
        .collect();
    let at = |ring: u32, tube: u32| ring % AROUND.0 * AROUND.1 + tube % AROUND.1;
    let squares = (0..AROUND.0 * AROUND.1).map(|square| (square / AROUND.1, square % AROUND.1));
    let indices: Vec<u32> = squares
        .flat_map(|(ring, tube)| {
            let (a, b) = (at(ring, tube), at(ring + 1, tube));
            let (c, d) = (at(ring, tube + 1), at(ring + 1, tube + 1));
            [a, c, b, b, c, d]
        })
        .collect();
    write_surface(path, &corners, &indices);
}

fn headless(path: &Path, seen: bool) -> Headless {
    let extras = Extras {
        seen,
        ..Extras::default()
    };
    let stage = Stage::bare(path.to_owned());
    let mut headless = Headless::new(stage, UVec2::new(320, 180), Quality::Low, extras)
        .expect("this machine can draw");
    headless.load(|_| {});
    headless
}

/// Triangles that the device draws of all meshes.
fn drawn(headless: &Headless) -> u32 {
    let render = headless.app.get_sub_app(RenderApp);
    let meshes = render.map(|render| render.world().resource::<RenderAssets<RenderMesh>>());
    let count = |mesh: &RenderMesh| match mesh.buffer_info {
        RenderMeshBufferInfo::Indexed { count, .. } => count / 3,
        RenderMeshBufferInfo::NonIndexed => mesh.vertex_count / 3,
    };
    let meshes = meshes.into_iter().flat_map(RenderAssets::iter);
    meshes.map(|(_, mesh)| count(mesh)).sum()
}

/// Of each part that may be drawn in part: what is drawn of the mesh it shows, and all, triangles.
pub(crate) fn parts(app: &mut App) -> Vec<(usize, usize)> {
    let world = app.world_mut();
    let mut parts = world.query::<(&Mesh3d, &Looked)>();
    let shown: Vec<_> = parts
        .iter(world)
        .filter_map(|(mesh, looked)| Some((mesh.id(), looked.0.as_ref()?.count())))
        .collect();
    let Some(render) = app.get_sub_app(RenderApp) else {
        return Vec::new();
    };
    let meshes = render.world().resource::<RenderAssets<RenderMesh>>();
    let drawn = |(mesh, all)| match meshes.get(mesh)?.buffer_info {
        RenderMeshBufferInfo::Indexed { count, .. } => Some((count as usize / 3, all)),
        RenderMeshBufferInfo::NonIndexed => None,
    };
    shown.into_iter().filter_map(drawn).collect()
}

#[test]
fn a_picture_of_what_is_seen_is_the_picture_of_everything() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join("ring.gltf");
    write_ring(&path);
    let all = AROUND.0 * AROUND.1 * 2;
    let (mut whole, mut part) = (headless(&path, false), headless(&path, true));
    let is_processor = loading::is_cpu(part.app.world());
    // Bevy's own.
    let others = drawn(&whole) - all;
    // Great steps, small ones, and none until nothing is looked at any more.
    for step in [0, 7, 14, 15, 16, 16, 17, 40, 63, 63, 63, 63, 63, 63, 20] {
        for headless in [&mut whole, &mut part] {
            headless.look(&headless.orbit(step, 64), headless.field_of_view_rad());
            headless.draw();
        }
        let drawn = drawn(&part) - others;
        if is_processor {
            assert!(
                drawn > 1_000 && drawn < all / 2,
                "{drawn} of {all} triangles at step {step}"
            );
        } else {
            assert_eq!(drawn, all, "a graphics card draws them all");
        }
        let (whole, part) = (whole.picture(), part.picture());
        let (whole, part) = (whole.expect("it was drawn"), part.expect("it was drawn"));
        let off = whole.pixels().zip(part.pixels()).filter(|(a, b)| a != b);
        assert_eq!(
            off.count(),
            0,
            "pixels that are not the same at step {step}"
        );
    }
    // Who sees with several samples a pixel sees more than was looked at.
    let world = part.app.world_mut();
    let eyes: Vec<Entity> = world
        .query_filtered::<Entity, With<Camera3d>>()
        .iter(world)
        .collect();
    for eye in eyes {
        world.entity_mut(eye).insert(Msaa::Sample4);
    }
    part.draw();
    assert_eq!(drawn(&part) - others, all);
}

#[test]
fn what_does_not_move_is_looked_at_three_times() {
    let mut still = Still::default();
    let mut is_as_before = |width| {
        let size = UVec2::new(width, 90);
        let work = Work {
            size,
            ..Work::default()
        };
        still.is_as_before(&work)
    };
    for width in [160, 320] {
        let looks: Vec<bool> = (0..5).map(|_| is_as_before(width)).collect();
        assert_eq!(looks, [false, false, false, true, true]);
    }
}
