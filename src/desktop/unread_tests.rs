//! A window draws nothing of what is not read yet.

use crate::{
    desktop::tests::{update_until, windowless, write_model},
    exhibit::{stage::Stage, visitor::VisitorEye},
    render::{
        loading::{Loading, PlacedMesh},
        warm::WarmUp,
    },
};
use bevy::{camera::visibility::VisibleEntities, prelude::*};

/// Parts of models, and how many of them the visitor's eye is to draw.
fn parts_and_seen(app: &mut App) -> (usize, usize) {
    let world = app.world_mut();
    let mut parts = world.query_filtered::<Entity, With<Mesh3d>>();
    let parts: Vec<Entity> = parts.iter(world).collect();
    let mut eyes = world.query_filtered::<&VisibleEntities, With<VisitorEye>>();
    let eye = eyes.single(world).expect("one visitor has one eye");
    let seen = eye.entities.values().flatten();
    let seen = seen.filter(|entity| parts.contains(entity)).count();
    (parts.len(), seen)
}

#[test]
fn a_window_draws_nothing_of_the_exhibit_until_all_of_it_is_read() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    write_model(folder.path(), 1);
    let mut app = windowless(Stage::bare(folder.path().join("model.gltf")));
    app.update();
    app.world_mut().resource_mut::<Loading>().hold();
    update_until(&mut app, "the model stands there", |app| {
        let world = app.world_mut();
        let mut models = world.query::<&PlacedMesh>();
        models.iter(world).count() == 1 && parts_and_seen(app).0 > 0
    });
    for _ in 0..5 {
        app.update();
        let (parts, seen) = parts_and_seen(&mut app);
        assert_eq!(
            seen, 0,
            "{parts} parts are there, an image is not: none is drawn"
        );
    }
    app.world_mut().resource_mut::<Loading>().let_go();
    update_until(&mut app, "what has been read is drawn", |app| {
        let (parts, seen) = parts_and_seen(app);
        seen > 0 && seen == parts
    });
    update_until(&mut app, "the loading screen may open", |app| {
        app.world().resource::<WarmUp>().is_done()
    });
}
