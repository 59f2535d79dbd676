//! Hot reload: saving a scene file, a mesh or an image updates the running exhibit without
//! moving the visitor. A broken save keeps the last good state and says why.

use super::{
    overlay::Notice,
    watch::{self, Reread, Watch},
};
use crate::{
    exhibit::{
        open,
        spots::StagedShape,
        stage::Stage,
        telling::Telling,
        visitor::Visitor,
        words::{Word, Words},
    },
    render::{
        Quality, air, eye,
        light::{self, StageLight},
        loading::{self, CurrentStage, PlacedMesh, SurfaceImages, start_loading},
        scan::ScanMaterial,
        sky,
    },
};
use bevy::prelude::*;
use std::{path::PathBuf, sync::Arc};

/// Endings of files that change no model and no image.
pub(super) const TEXTS: [&str; 3] = ["ron", "ftl", "vtt"];

pub(super) fn plugin(app: &mut App) {
    app.add_systems(PreUpdate, take_over);
}

fn take_over(world: &mut World) {
    let Some(watch) = world.get_resource::<Watch>() else {
        return;
    };
    let Some(Reread {
        stage,
        report,
        touched,
    }) = watch.newest()
    else {
        return;
    };
    let stage = match stage {
        Some(stage) if !report.has_errors() => stage,
        _ => {
            warn!("{}", report.to_text(false));
            world.insert_resource(Notice {
                text: format!(
                    "{}\n\n{}",
                    world.resource::<Words>().say(Word::KeptLastGood),
                    first_lines(&report.to_text(false), 14)
                ),
                secs_left: None,
            });
            return;
        }
    };
    world.insert_resource(Notice::default());
    apply(world, stage, &touched);
}

fn first_lines(text: &str, count: usize) -> String {
    text.lines().take(count).collect::<Vec<_>>().join("\n")
}

/// Shows a new stage in place of the old; the visitor stays where they are.
fn apply(world: &mut World, mut stage: Stage, touched: &[PathBuf]) {
    let old = world.resource::<CurrentStage>().0.clone();
    // The visitor may have chosen another language since the watch began.
    if stage.languages.spoken != old.languages.spoken {
        stage = open::retell(&stage, &old.languages.spoken);
    }
    world.insert_resource(stage.languages.words());
    let needs_models =
        !touched.iter().all(|path| watch::is_of(path, &TEXTS)) || !same_models(&old, &stage);
    {
        // The story begins anew: an author wants to hear what was just written.
        match &stage.story {
            Some(story) => world.insert_resource(Telling::new(story.clone(), stage.sounds.clone())),
            None => drop(world.remove_resource::<Telling>()),
        }
        #[cfg(feature = "sound")]
        if old.sounds != stage.sounds
            && let Some(mut heard) = world.get_resource_mut::<crate::sound::SoundStage>()
        {
            heard.0 = stage.sounds.clone();
        }
        let mut visitor = world.resource_mut::<Visitor>();
        visitor.views.clone_from(&stage.views);
        visitor.home = stage.start;
        visitor.settings = stage.body.clone();
    }
    let lights: Vec<Entity> = world
        .query_filtered::<Entity, With<StageLight>>()
        .iter(world)
        .collect();
    for light in lights {
        world.despawn(light);
    }
    light::spawn_lights(world, &stage);
    air::spawn_air(world, &stage);
    sky::spawn_sky(world, &stage);
    let quality = *world.resource::<Quality>();
    let eyes: Vec<Entity> = world
        .query_filtered::<Entity, With<eye::Eye>>()
        .iter(world)
        .collect();
    for entity in eyes {
        eye::dress_eye(&mut world.entity_mut(entity), &stage, quality);
    }
    let light = loading::scan_light(&stage);
    for (_, material) in world.resource_mut::<Assets<ScanMaterial>>().iter_mut() {
        material.light = light;
    }
    if !needs_models {
        let placed: Vec<(Entity, usize)> = world
            .query::<(Entity, &PlacedMesh)>()
            .iter(world)
            .map(|(entity, placed)| (entity, placed.index))
            .collect();
        for (entity, index) in placed {
            if let Some(mesh) = stage.meshes.get(index) {
                world.entity_mut(entity).insert(Transform {
                    translation: mesh.translation_in_world,
                    rotation: mesh.rotation_in_world,
                    scale: mesh.scale,
                });
            }
        }
    } else {
        let images: Vec<Entity> = world
            .query_filtered::<Entity, With<SurfaceImages>>()
            .iter(world)
            .collect();
        for entity in images {
            world.despawn(entity);
        }
        world.insert_resource(crate::render::layers::ShownLayers::default());
        start_loading(world, &stage);
    }
    info!("{} was read again", stage.source.display());
    world.insert_resource(CurrentStage(Arc::new(stage)));
}

/// Whether both stages show the same files in the same way, wherever they stand.
fn same_models(old: &Stage, new: &Stage) -> bool {
    // What hotspots cover is cut out of the models while they are read.
    let covers = |stage: &Stage| -> Vec<StagedShape> {
        let story = stage.story.iter();
        let shapes = story.flat_map(|story| story.hotspots.iter().map(|own| own.shape.clone()));
        shapes.collect()
    };
    old.surfaces == new.surfaces
        && covers(old) == covers(new)
        && old.sky == new.sky
        && old.grounds == new.grounds
        && old.meshes.len() == new.meshes.len()
        && old.meshes.iter().zip(&new.meshes).all(|(a, b)| {
            // Colliders hold placements: a moved mesh is read again.
            format!("{a:?}") == format!("{b:?}")
        })
}
