//! Hot reload: saving a scene file, a mesh or an image updates the running exhibit without
//! moving the visitor. A broken save keeps the last good state and says why.

use super::overlay::Notice;
use crate::{
    diagnostic::Report,
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
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, Sender, channel},
    },
    time::Duration,
};

/// The visitor's language, for texts of a scene that is read again.
#[derive(Resource, Debug, Clone, Default)]
pub(super) struct Language(pub(super) Option<String>);

/// Editors write a file in several steps; this long after the last of them it is read.
const CALM: Duration = Duration::from_millis(120);

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Startup, watch)
        .add_systems(PreUpdate, take_over);
}

#[derive(Resource)]
struct Watch {
    fresh: Mutex<Receiver<Reread>>,
    // Watching ends when this is dropped.
    _watcher: RecommendedWatcher,
}

/// A stage read again off the main thread.
struct Reread {
    stage: Option<Stage>,
    report: Report,
    touched: Vec<PathBuf>,
}

fn watch(mut commands: Commands, stage: Res<CurrentStage>, language: Res<Language>) {
    let source = stage.0.source.clone();
    let folder = match source.parent() {
        Some(folder) => folder.to_owned(),
        None => return,
    };
    let (send_event, events) = channel();
    let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if let Ok(event) = event
            && !event.kind.is_access()
        {
            drop(send_event.send(event.paths));
        }
    });
    let mode = if stage.0.is_bare {
        RecursiveMode::NonRecursive
    } else {
        RecursiveMode::Recursive
    };
    let watcher = watcher.and_then(|mut watcher| {
        watcher.watch(&folder, mode)?;
        Ok(watcher)
    });
    let watcher = match watcher {
        Ok(watcher) => watcher,
        Err(error) => {
            warn!("changes of {} will not be seen: {error}", folder.display());
            return;
        }
    };
    let (send_fresh, fresh) = channel();
    let language = language.0.clone();
    let is_bare = stage.0.is_bare;
    std::thread::spawn(move || {
        reread(&events, &send_fresh, &source, is_bare, language.as_deref());
    });
    commands.insert_resource(Watch {
        fresh: Mutex::new(fresh),
        _watcher: watcher,
    });
}

/// Reads the scene again after each calm; ends with its channels.
fn reread(
    events: &Receiver<Vec<PathBuf>>,
    fresh: &Sender<Reread>,
    source: &PathBuf,
    is_bare: bool,
    language: Option<&str>,
) {
    while let Ok(mut touched) = events.recv() {
        while let Ok(more) = events.recv_timeout(CALM) {
            touched.extend(more);
        }
        touched.retain(|path| is_ours(path));
        touched.sort();
        touched.dedup();
        if touched.is_empty() || (is_bare && !touched.contains(source)) {
            continue;
        }
        let (stage, report) = if is_bare {
            (Some(Stage::bare(source.clone())), Report::new())
        } else {
            open::open(source, language)
        };
        if fresh
            .send(Reread {
                stage,
                report,
                touched,
            })
            .is_err()
        {
            return;
        }
    }
}

/// Files that make an exhibit; editors' own leavings are not.
fn is_ours(path: &std::path::Path) -> bool {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let extension = path
        .extension()
        .map(|ext| ext.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    name.is_some_and(|name| !name.starts_with('.'))
        && [
            "ron", "ftl", "vtt", "glb", "gltf", "bin", "png", "jpg", "jpeg", "webp", "ktx2",
        ]
        .contains(&extension.as_str())
}

fn take_over(world: &mut World) {
    let Some(watch) = world.get_resource::<Watch>() else {
        return;
    };
    let last = watch
        .fresh
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .try_iter()
        .last();
    let Some(Reread {
        stage,
        report,
        touched,
    }) = last
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
    let needs_models = touched.iter().any(|path| {
        path.extension()
            .is_none_or(|ext| !["ron", "ftl", "vtt"].contains(&&*ext.to_string_lossy()))
    }) || !same_models(&old, &stage);
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
