//! What is missing, and what changes while it is shown, drawn on this machine.

use super::*;
use crate::{
    exhibit::{open, stage::Stage, telling::Told},
    render::{
        Quality,
        headless::{Extras, Headless},
        layers::ShownLayers,
        scan::SCAN_SHADER,
    },
    scene::schema::MeshId,
};
use std::path::Path;

mod grazing;
pub(crate) mod surface;
pub(crate) mod wall;
mod wrapping;
use wall::{make_a_door_of, write_picture, write_wall};

/// A scene with the wall, seen from two metres.
fn scene(folder: &Path, surfaces: &str) -> Stage {
    let text = format!(
        "(format: 1, title: \"T\", credits: [(name: \"Us\", licence: \"CC0-1.0\")],\n\
         spaces: [(id: \"room\", meshes: [(id: \"wall\", path: \"wall.gltf\")], {surfaces})],\n\
         views: [(id: \"here\", at: (position: (0, 1, 2)))])"
    );
    let path = folder.join("exhibit.ron");
    std::fs::write(&path, text).expect("the scene can be written");
    open::open(&path, None).0.expect("the scene can be shown")
}

fn headless(stage: Stage) -> Headless {
    let view = stage.views[0].clone();
    let mut headless = Headless::new(stage, UVec2::new(64, 64), Quality::Low, Extras::default())
        .expect("this machine can draw");
    headless.load(|_| {});
    headless.look(&view.pose, view.field_of_view_rad);
    headless
}

fn middle(headless: &mut Headless) -> [u8; 3] {
    headless.draw();
    let picture = headless.picture().expect("a picture was drawn");
    let [r, g, b, _] = picture.get_pixel(32, 32).0;
    [r, g, b]
}

#[test]
fn a_picture_that_is_read_anew_is_never_black_on_its_way() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = folder.path();
    write_wall(folder);
    // Larger than what a frame may bring to the GPU.
    write_picture(&folder.join("wall.png"), 3072, [250, 40, 40]);
    let mut headless = headless(scene(folder, ""));
    let [r, g, _] = middle(&mut headless);
    assert!(r > 150 && g < 100, "the wall is red at first: {r} {g}");

    write_picture(&folder.join("wall.png"), 3072, [40, 250, 40]);
    let stage = headless.stage();
    start_loading(headless.app.world_mut(), &stage);
    let mut is_green = false;
    for _ in 0..3_000 {
        let [r, g, b] = middle(&mut headless);
        is_green = g > 150 && r < 100;
        assert!(
            is_green || (r > 150 && g < 100),
            "the wall is red or green and nothing between: {r} {g} {b}"
        );
        if is_green {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    assert!(is_green, "the new picture comes");
    let world = headless.app.world_mut();
    let roots = world.query::<&PlacedMesh>().iter(world).count();
    assert_eq!(roots, 1, "the old wall has gone");
}

#[test]
fn a_layer_without_its_picture_has_a_sign_while_it_is_shown() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = folder.path();
    write_wall(folder);
    for name in ["wall.png", "today.png"] {
        write_picture(&folder.join(name), 64, [240, 240, 240]);
    }
    let stage = scene(
        folder,
        r#"surfaces: [(id: "mural", mesh: "wall", material: "mural", shown: "restored", layers: [
            (id: "today", title: "Today", base_color: "today.png"),
            (id: "restored", title: "Restored", base_color: "restored.png")])]"#,
    );
    let mut headless = headless(stage);
    headless.app.insert_resource(LayersWanted::All);
    let stage = headless.stage();
    start_loading(headless.app.world_mut(), &stage);
    headless.load(|_| {});
    let problems = headless.loading().problems.join("\n");
    assert!(
        problems.contains("surface mural") && problems.contains("restored.png"),
        "the file is named: {problems}"
    );
    for _ in 0..3 {
        headless.draw();
    }
    let [r, _, _] = middle(&mut headless);
    assert!(r < 120, "a dark sign hangs before the wall: {r}");

    let world = headless.app.world_mut();
    world.resource_scope(|world, mut shown: Mut<ShownLayers>| {
        let mut materials = world.resource_mut::<Assets<super::super::scan::ScanMaterial>>();
        shown.show(0, 0, 0.0, &mut materials);
    });
    for _ in 0..60 {
        headless.draw();
    }
    let [r, _, _] = middle(&mut headless);
    assert!(r > 180, "the other layer is there, without a sign: {r}");
}

#[test]
fn a_door_stops_where_it_is_and_no_longer_where_it_was() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = folder.path();
    write_wall(folder);
    write_picture(&folder.join("wall.png"), 8, [240, 240, 240]);
    make_a_door_of(folder, 10.0);
    let stage = scene(folder, "");
    let mesh = stage.meshes[0].id.clone();
    let mut headless = Headless::new(
        stage,
        UVec2::new(16, 16),
        Quality::Low,
        Extras {
            collision: true,
            ..Extras::default()
        },
    )
    .expect("this machine can draw");
    headless.load(|_| {});
    let is_shut_at = |headless: &Headless, x: f32| {
        let rock = headless.collider().expect("the rock has been read");
        rock.is_occluded(Vec3::new(x, 1.0, 1.0), Vec3::new(x, 1.0, -1.0))
    };
    assert!(
        is_shut_at(&headless, 0.0) && !is_shut_at(&headless, 10.0),
        "the door is shut at first"
    );
    let opens = Told::Plays {
        mesh: MeshId::new(mesh),
        clip: "Open".to_owned(),
        repeats: false,
        speed: 1.0,
    };
    headless.app.world_mut().write_message(opens);
    for _ in 0..90 {
        headless.app.update();
    }
    assert!(
        !is_shut_at(&headless, 0.0) && is_shut_at(&headless, 10.0),
        "and has gone aside when it is open"
    );
}

#[test]
fn a_picture_waits_for_shaders_that_are_still_being_read_and_no_time_passes() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = folder.path();
    write_wall(folder);
    write_picture(&folder.join("wall.png"), 8, [240, 40, 40]);
    let mut headless = headless(scene(folder, ""));
    let world = headless.app.world_mut();
    let mut shaders = world.resource_mut::<Assets<Shader>>();
    let mut late = shaders.remove(&SCAN_SHADER);
    assert!(late.is_some(), "the wall has a shader");
    let mut updates = 0;
    headless
        .app
        .add_systems(Update, move |mut shaders: ResMut<Assets<Shader>>| {
            updates += 1;
            if updates == 5
                && let Some(shader) = late.take()
            {
                shaders
                    .insert(&SCAN_SHADER, shader)
                    .expect("its handle is its own");
            }
        });
    let elapsed = |headless: &Headless| headless.app.world().resource::<Time>().elapsed();
    let before = elapsed(&headless);
    let [r, g, _] = middle(&mut headless);
    assert!(r > 150 && g < 100, "the wall is in the picture: {r} {g}");
    let passed = elapsed(&headless) - before;
    assert!(
        passed.as_millis() == 16,
        "five updates were one frame: {passed:?}"
    );
}
