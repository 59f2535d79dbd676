//! The exhibit in a window: keyboard, mouse, gamepad and touch. It never names the headset.

mod controls;
mod help;
mod languages;
mod memory;
mod overlay;
#[cfg(test)]
mod pad_tests;
mod record;
mod reload;
#[cfg(test)]
mod reload_tests;
mod story;
#[cfg(test)]
mod tests;
mod top;
#[cfg(test)]
mod unread_tests;
mod watch;

use crate::{
    exhibit::{
        intent::Wish,
        keeper::Keeper,
        language::{self, LanguageChanged},
        open,
        recording::{Microphone, Recorder},
        stage::{Pose, Stage},
        telling::{self, Telling},
        visitor::{self, Visitor, VisitorEye, Wished},
        words::{Word, Words, language_of_locale},
    },
    render::{
        self, Quality, air, eye, light,
        loading::{self, CurrentStage, Loading, ModelLoaded, start_loading},
        sky, unread,
    },
    scene::schema::Language,
};
use bevy::{
    app::PluginGroupBuilder,
    log::LogPlugin,
    prelude::*,
    render::{
        RenderPlugin,
        render_asset::RenderAssetBytesPerFrame,
        view::screenshot::{Screenshot, save_to_disk},
    },
    window::{MonitorSelection, PrimaryWindow, WindowMode},
};
use std::{path::PathBuf, sync::Arc};

/// How to open the window.
#[derive(Debug, Clone)]
pub struct WindowOptions {
    /// Cover the whole screen.
    pub is_fullscreen: bool,
    /// `None`: by the machine.
    pub quality: Option<Quality>,
    /// The visitor's language; the system's when `None`.
    pub language: Option<String>,
    /// Where screenshots go.
    pub pictures: PathBuf,
    /// Record a tour of this name, when the guide asks for it.
    pub record: Option<String>,
    /// Added to the app: the line to a parent that keeps it alive.
    pub attended: Option<fn(&mut App)>,
    /// Take up the visit that the last process left.
    pub resumes: bool,
}

/// Where screenshots go.
#[derive(Resource)]
struct Pictures(PathBuf);

/// Shows a stage until the window is closed.
///
/// # Errors
/// When no window or no graphics device can be had, in words.
pub fn run(stage: Stage, options: &WindowOptions) -> Result<(), String> {
    match window_app(stage, options, DefaultPlugins.build()).run() {
        AppExit::Success => Ok(()),
        AppExit::Error(code) => Err(format!("the window ended with code {code}")),
    }
}

/// Everything that a window shows, upon the engine's `plugins`: tests leave the window itself out.
fn window_app(mut stage: Stage, options: &WindowOptions, plugins: PluginGroupBuilder) -> App {
    let keeper = options
        .attended
        .map(|_| Keeper::open(&stage.source, options.resumes));
    let left = keeper.as_ref().and_then(Keeper::left);
    let asked = left.and_then(|left| left.language.as_deref());
    let asked = asked.or(options.language.as_deref());
    let asked = asked.and_then(|tag| Language::parse(tag).ok());
    if let Some(language) = asked.or_else(system_language)
        && language != stage.languages.spoken
    {
        stage = open::retell(&stage, &language);
    }
    let mut app = App::new();
    app.insert_resource(render::fonts::take());
    app.add_plugins(
        render::device::spared_on_a_processor(plugins)
            .disable::<LogPlugin>()
            .set(RenderPlugin {
                render_creation: render::creation(),
                ..default()
            })
            .set(WindowPlugin {
                primary_window: Some(Window {
                    title: window_title(&stage),
                    mode: if options.is_fullscreen {
                        WindowMode::BorderlessFullscreen(MonitorSelection::Current)
                    } else {
                        WindowMode::Windowed
                    },
                    ..default()
                }),
                ..default()
            }),
    );
    app.add_plugins((
        render::plugin,
        visitor::plugin,
        controls::plugin,
        (overlay::plugin, help::plugin),
        (reload::plugin, watch::plugin, crate::screen::plugin),
        story::plugin,
        telling::plugin,
        language::plugin,
        languages::plugin,
        unread::plugin::<VisitorEye>,
    ));
    #[cfg(feature = "sound")]
    app.insert_resource(crate::sound::SoundStage(stage.sounds.clone()))
        .add_plugins(crate::sound::plugin);
    if let Some(name) = &options.record {
        app.add_plugins(record::plugin)
            .insert_resource(Recorder::new(name, microphone()));
    }
    if let Some(plugin) = options.attended {
        app.add_plugins(plugin);
    }
    app.insert_resource(stage.languages.words())
        .insert_resource(watch::Language(Some(stage.languages.spoken.to_string())))
        .insert_resource(Pictures(options.pictures.clone()))
        .insert_resource(loading::WantsCollision(true))
        .insert_resource(crate::render::detail::DetailWanted(true))
        .insert_resource(crate::render::seen::SeenWanted(true))
        .insert_resource(RenderAssetBytesPerFrame::new(loading::UPLOAD_BYTES_A_FRAME))
        .add_systems(Startup, choose_quality(options.quality))
        .add_systems(
            Update,
            (
                frame_bare_model,
                toggle_lamp,
                toggle_fullscreen,
                take_screenshot,
                follow_language
                    .run_if(on_message::<LanguageChanged>)
                    .after(visitor::VisitorSystems::Move),
            ),
        );
    let mut visitor = Visitor::new(&stage, stage.body.clone());
    if let Some(keeper) = keeper {
        if let Some(left) = keeper.left() {
            memory::stand_again(left, &stage, &mut visitor);
        }
        app.insert_resource(keeper).add_plugins(memory::plugin);
    }
    if let Some(story) = &stage.story {
        app.insert_resource(Telling::new(story.clone(), stage.sounds.clone()));
    }
    let world = app.world_mut();
    world.insert_resource(visitor);
    light::spawn_lights(world, &stage);
    air::spawn_air(world, &stage);
    sky::spawn_sky(world, &stage);
    world.insert_resource(CurrentStage(Arc::new(stage)));
    app
}

/// What a guide speaks into.
fn microphone() -> Option<Box<dyn Microphone>> {
    #[cfg(feature = "sound")]
    return Some(Box::new(crate::sound::SystemMicrophone::default()));
    #[cfg(not(feature = "sound"))]
    None
}

/// The language of the system, from the environment.
fn system_language() -> Option<Language> {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
        .and_then(|locale| language_of_locale(&locale))
}

/// What only a window has: its title, and whoever is asked for sounds.
fn follow_language(
    stage: Res<CurrentStage>,
    mut windows: Query<&mut Window, With<PrimaryWindow>>,
    #[cfg(feature = "sound")] mut heard: ResMut<crate::sound::SoundStage>,
) {
    for mut window in &mut windows {
        window.title = window_title(&stage.0);
    }
    #[cfg(feature = "sound")]
    {
        heard.0 = stage.0.sounds.clone();
    }
}

fn window_title(stage: &Stage) -> String {
    format!("{} – Grotto", stage.title)
}

/// The eye, at the quality asked for or the one this machine affords.
fn choose_quality(asked: Option<Quality>) -> impl Fn(&mut World) {
    move |world: &mut World| {
        let quality = asked.unwrap_or(if loading::is_cpu(world) {
            Quality::Low
        } else {
            Quality::High
        });
        if loading::is_cpu(world) {
            // Its pictures take so long that a share of the textures in each would keep the
            // walls away for minutes, and a copy of memory holds nothing up.
            world.insert_resource(RenderAssetBytesPerFrame::new(usize::MAX));
        }
        let stage = world.resource::<CurrentStage>().0.clone();
        world.insert_resource(quality);
        start_loading(world, &stage);
        let entity = eye::spawn_eye(world, &stage, quality, None, 60_f32.to_radians());
        let mut entity = world.entity_mut(entity);
        entity.insert((VisitorEye, eye::transform_at(&stage.start)));
        if let Some(mut camera) = entity.get_mut::<Camera>() {
            camera.is_active = true;
        }
    }
}

/// A bare model says nothing about where to stand: its bounds do.
fn frame_bare_model(
    stage: Res<CurrentStage>,
    loading: Res<Loading>,
    mut loaded: MessageReader<ModelLoaded>,
    mut visitor: ResMut<Visitor>,
) {
    if !stage.0.is_bare || loaded.read().count() == 0 {
        return;
    }
    let pose: Pose = render::headless::bare_pose(&loading, 0, 12);
    visitor.home = pose;
    visitor.stand_at(&pose, None);
}

fn toggle_lamp(mut wishes: MessageReader<Wished>, mut lamps: Query<&mut light::VisitorLamp>) {
    for Wished(wish) in wishes.read() {
        if *wish == Wish::ToggleLamp {
            for mut lamp in &mut lamps {
                lamp.is_on = !lamp.is_on;
                lamp.aim_rad = Vec2::ZERO;
            }
        }
    }
}

fn toggle_fullscreen(
    mut wishes: MessageReader<Wished>,
    mut windows: Query<&mut Window, With<PrimaryWindow>>,
) {
    for Wished(wish) in wishes.read() {
        if *wish == Wish::ToggleFullscreen {
            for mut window in &mut windows {
                window.mode = match window.mode {
                    WindowMode::Windowed => {
                        WindowMode::BorderlessFullscreen(MonitorSelection::Current)
                    }
                    _ => WindowMode::Windowed,
                };
            }
        }
    }
}

fn take_screenshot(
    mut commands: Commands,
    mut wishes: MessageReader<Wished>,
    pictures: Res<Pictures>,
    words: Res<Words>,
    mut notice: ResMut<overlay::Notice>,
) {
    for Wished(wish) in wishes.read() {
        if *wish != Wish::Screenshot {
            continue;
        }
        let text = match free_name(&pictures.0) {
            Ok(path) => {
                commands
                    .spawn(Screenshot::primary_window())
                    .observe(save_to_disk(path.clone()));
                let path = path.display().to_string();
                words.say_with(Word::PictureSaved, &[("path", &path)])
            }
            Err(error) => {
                warn!("no screenshot: {error}");
                let error = error.to_string();
                words.say_with(Word::PictureFailed, &[("error", &error)])
            }
        };
        *notice = overlay::Notice {
            text,
            secs_left: Some(4.0),
        };
    }
}

/// The first name of the series that no file has.
fn free_name(folder: &std::path::Path) -> std::io::Result<PathBuf> {
    std::fs::create_dir_all(folder)?;
    (1..100_000)
        .map(|number| folder.join(format!("grotto-{number:04}.png")))
        .find(|path| !path.exists())
        .ok_or_else(|| std::io::Error::other("the folder is full of screenshots"))
}
