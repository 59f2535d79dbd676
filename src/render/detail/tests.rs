//! Levels are chosen, and nobody sees it.

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
use std::path::Path;

#[test]
fn the_coarsest_that_is_near_enough_is_shown_and_none_flickers_at_its_border() {
    let errors_m = [0.0, 0.001, 0.004];
    assert_eq!(
        pick(&errors_m, 0, 0.0),
        0,
        "inside a part all of it is seen"
    );
    assert_eq!(pick(&errors_m, 0, 0.0009), 0);
    assert_eq!(pick(&errors_m, 0, 0.0011), 0, "not yet: it might come back");
    assert_eq!(pick(&errors_m, 1, 0.0011), 1, "it stays");
    assert_eq!(pick(&errors_m, 0, 0.0013), 1);
    assert_eq!(pick(&errors_m, 0, 1.0), 2, "from afar the coarsest at once");
    assert_eq!(pick(&errors_m, 2, 0.0045), 2);
    assert_eq!(
        pick(&errors_m, 2, 0.0039),
        1,
        "a step nearer, finer at once"
    );
    assert_eq!(pick(&errors_m, 2, 0.0005), 0);
    assert_eq!(pick(&errors_m, 1, 0.0049), 1, "coarser only well within");
    assert_eq!(pick(&errors_m, 1, 0.0051), 2);
}

#[test]
fn what_is_allowed_grows_with_distance_and_scale_does_not_deceive() {
    let seer = Seer {
        in_world: Vec3::new(0.0, 0.0, 5.0),
        wrong: 0.000_5,
    };
    let part = Aabb::from_min_max(Vec3::splat(-1.0), Vec3::splat(1.0));
    let at = |scale: f32| GlobalTransform::from(Transform::from_scale(Vec3::splat(scale)));
    let near = |found: f32, wanted: f32| {
        assert!((found - wanted).abs() < 1e-6, "{found} is not {wanted}");
    };
    // 4 m away: half of 4 mm.
    near(seer.allows_m(&part, &at(1.0)), 0.002);
    // Twice as large it is 3 m away, and a millimetre of its own is two.
    near(seer.allows_m(&part, &at(2.0)), 0.000_75);
    near(seer.allows_m(&part, &at(10.0)), 0.0);
}

/// A part with two levels at the origin, and cameras at these distances.
fn app(distances: &[f32]) -> (App, Entity, Vec<Entity>) {
    let mut app = App::new();
    app.add_plugins((MinimalPlugins, AssetPlugin::default()))
        .init_asset::<Mesh>()
        .add_systems(Update, choose);
    let world = app.world_mut();
    let meshes: Vec<Handle<Mesh>> = {
        let mut assets = world.resource_mut::<Assets<Mesh>>();
        let mut add = |_| assets.add(Mesh::from(Cuboid::default()));
        (0..2).map(&mut add).collect()
    };
    let part = world
        .spawn((
            Mesh3d(meshes[0].clone()),
            Aabb::from_min_max(Vec3::splat(-0.5), Vec3::splat(0.5)),
            GlobalTransform::default(),
            Levels {
                meshes,
                shapes: vec![None; 2],
                errors_m: vec![0.0, 0.002],
                at: 0,
            },
        ))
        .id();
    let cameras = distances
        .iter()
        .map(|distance| {
            let projection = PerspectiveProjection::default();
            let mut camera = Camera::default();
            camera.computed.clip_from_view =
                bevy::camera::CameraProjection::get_clip_from_view(&projection);
            camera.computed.target_info = Some(bevy::camera::RenderTargetInfo {
                physical_size: UVec2::new(1280, 720),
                scale_factor: 1.0,
            });
            world
                .spawn((
                    Camera3d::default(),
                    camera,
                    GlobalTransform::from_xyz(0.0, 0.0, *distance),
                ))
                .id()
        })
        .collect();
    (app, part, cameras)
}

fn shown(app: &App, part: Entity) -> usize {
    let entity = app.world().entity(part);
    let levels = entity.get::<Levels>().expect("it has levels");
    let mesh = entity.get::<Mesh3d>().expect("it has a mesh");
    assert_eq!(mesh.0, levels.meshes[levels.at], "what is said is shown");
    levels.at
}

#[test]
fn both_eyes_see_the_same_level_and_the_nearer_one_decides() {
    // The pixel of a window of 720 lines at 45 degrees is 1.15 mm at 1 m.
    let (mut app, part, cameras) = app(&[30.0, 30.06]);
    app.update();
    assert_eq!(shown(&app, part), 1, "far away");
    app.world_mut()
        .entity_mut(cameras[0])
        .insert(GlobalTransform::from_xyz(0.0, 0.0, 1.5));
    app.update();
    assert_eq!(shown(&app, part), 0, "one of them is near");
    app.world_mut()
        .get_mut::<Camera>(cameras[0])
        .expect("it is a camera")
        .is_active = false;
    app.update();
    assert_eq!(shown(&app, part), 1, "and who sees nothing does not count");
}

#[test]
fn where_nothing_is_smoothed_a_level_may_be_wrong_by_a_whole_pixel() {
    // 3.5 m from the part's side a pixel is 4 mm; the level is wrong by 2 mm.
    for (quality, level) in [(Quality::Medium, 0), (Quality::High, 0), (Quality::Low, 1)] {
        let (mut app, part, _) = app(&[4.0]);
        app.insert_resource(quality);
        app.update();
        assert_eq!(shown(&app, part), level, "{quality:?}");
    }
}

/// Squares along a side of the rock.
const SIDE: u32 = 160;

/// A wavy sheet of 4 m, 51,200 triangles, as a bare model.
fn write_rock(path: &Path) {
    let row = SIDE + 1;
    let corners: Vec<_> = (0..row * row)
        .map(|index| {
            let [x, z] = [index % row, index / row].map(|at| at as f32 / SIDE as f32 * 4.0 - 2.0);
            let place = Vec3::new(x, 0.08 * (sin(x * 3.0) + cos(z * 2.0)), z);
            let normal = Vec3::new(-0.24 * cos(x * 3.0), 1.0, 0.16 * sin(z * 2.0)).normalize();
            (place, normal)
        })
        .collect();
    let squares = (0..SIDE * SIDE).map(|square| square / SIDE * row + square % SIDE);
    let indices: Vec<u32> = squares
        .flat_map(|own| [own, own + row, own + 1, own + 1, own + row, own + row + 1])
        .collect();
    write_surface(path, &corners, &indices);
}

/// The rock seen from a few metres, and the levels its parts have and show.
fn seen(path: &Path, levels: bool) -> (image::RgbaImage, Vec<(usize, usize)>) {
    let stage = Stage::bare(path.to_owned());
    let extras = Extras {
        levels,
        ..Extras::default()
    };
    let mut headless = Headless::new(stage, UVec2::new(320, 180), Quality::Low, extras)
        .expect("this machine can draw");
    headless.load(|_| {});
    assert_eq!(headless.loading().triangles as u32, SIDE * SIDE * 2);
    let look = |headless: &mut Headless| {
        headless.look(&headless.orbit(0, 12), headless.field_of_view_rad());
        for _ in 0..3 {
            headless.draw();
        }
    };
    look(&mut headless);
    let has_levels = |headless: &mut Headless| {
        let world = headless.app.world_mut();
        world.query::<&Levels>().iter(world).next().is_some()
    };
    assert!(
        !has_levels(&mut headless),
        "the first pictures do not wait for levels, nor share the machine with them"
    );
    headless.await_levels();
    look(&mut headless);
    let picture = headless.picture().expect("a picture was drawn");
    let world = headless.app.world_mut();
    let shown = world
        .query::<&Levels>()
        .iter(world)
        .map(|levels| (levels.meshes.len(), levels.at))
        .collect();
    (picture, shown)
}

#[test]
fn a_rock_of_coarser_levels_looks_the_same() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join("rock.gltf");
    write_rock(&path);
    let (whole, none) = seen(&path, false);
    assert!(none.is_empty(), "pictures are drawn with every triangle");
    let (coarse, parts) = seen(&path, true);
    assert!(!parts.is_empty(), "its parts have levels");
    for (count, at) in &parts {
        assert!(*count > 1 && *at > 0, "level {at} of {count} from afar");
    }
    let off: Vec<u8> = whole
        .pixels()
        .zip(coarse.pixels())
        .map(|(a, b)| {
            (0..3)
                .map(|channel| a[channel].abs_diff(b[channel]))
                .max()
                .unwrap_or(0)
        })
        .collect();
    let mean = off.iter().map(|off| f32::from(*off)).sum::<f32>() / off.len() as f32;
    let seen_off = off.iter().filter(|off| **off > 12).count();
    assert!(
        mean < 0.8 && seen_off * 500 < off.len(),
        "{mean} of 255 on average, {seen_off} of {} pixels can be told apart",
        off.len()
    );
}
