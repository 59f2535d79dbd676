//! While the exhibit is read for the first time nothing of it is drawn, behind the loading
//! screen: a frame of three million triangles whose textures are still on their way held Mesa's
//! llvmpipe up for minutes, and on every machine it takes from the reading.

use crate::{
    exhibit::visitor::VisitorEye,
    render::{
        loading::{Loading, LoadingSystems},
        warm::WarmUp,
    },
};
use bevy::{camera::visibility::RenderLayers, prelude::*};

pub(super) fn plugin(app: &mut App) {
    app.add_systems(PreUpdate, draw_when_read.after(LoadingSystems::HandOver));
}

fn draw_when_read(
    mut commands: Commands,
    loading: Res<Loading>,
    warm: Res<WarmUp>,
    eyes: Query<(Entity, Has<RenderLayers>), With<VisitorEye>>,
) {
    if warm.is_done() {
        return;
    }
    for (eye, is_dark) in &eyes {
        match (loading.is_done(), is_dark) {
            (false, false) => drop(commands.entity(eye).insert(RenderLayers::none())),
            (true, true) => drop(commands.entity(eye).remove::<RenderLayers>()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        desktop::tests::{update_until, windowless, write_model},
        exhibit::stage::Stage,
        render::loading::PlacedMesh,
    };
    use bevy::camera::visibility::VisibleEntities;

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
}
