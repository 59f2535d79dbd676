//! The exhibit in a headset, through OpenXR. The only folder that names OpenXR crates.
//!
//! It carries out what [`crate::visit`] decides and decides nothing itself: how a session
//! lives ([`life`]), where the visitor stands ([`body`]), how dark the picture is ([`veil`]).
//! It refuses to know the monitor's controls, and to end because a runtime did: every call
//! to OpenXR returns an outcome.
//!
//! Start reading at [`life`], then [`frames`].
//!
//! | module | what it does |
//! |---|---|
//! | [`runtime`] | finds loader, runtime and headset; says what is missing |
//! | [`caller`], `heard` | the thread that makes every call; what the runtime says |
//! | [`link`], `chain` | a session's objects, its pictures |
//! | [`life`] | events to the session's machine, its effects to the runtime |
//! | [`frames`], `compose` | the frame loop; the last pass with fade and vignette |
//! | [`eyes`] | cameras |
//! | [`body`], [`veil`] | rig and body; darkness |
//! | [`captions`], [`cards`], [`markers`], [`menu`] | what is to be read and pressed |
//! | [`recording`] | a guide who is recorded: what they see of it |
//! | `report`, `capture` | JSON lines and pictures of the eyes |
//!
//! bevy_mod_openxr 0.6 makes instance, graphics device, sessions and swapchains for us; none
//! of its plugins is used.

mod actions;
mod body;
mod caller;
mod caption_place;
mod captions;
mod capture;
mod card_page;
mod cards;
mod chain;
mod compose;
mod controllers;
mod counts;
mod eyes;
mod frames;
mod glove;
mod gpu_time;
mod hands;
mod heard;
mod icons;
mod lead;
mod lesson;
mod life;
mod link;
mod loudness;
mod markers;
mod marks;
mod mask;
mod memory;
mod menu;
#[cfg(feature = "desktop")]
mod monitor;
mod pointing;
mod rate;
mod recording;
mod report;
mod retold;
mod runtime;
mod skin;
mod tiles;
mod travel;
mod veil;
mod visit;

pub use rate::Govern;
pub use runtime::{RuntimeError, probe};

use crate::{
    exhibit::{
        keeper::Keeper,
        language, open,
        recording::Recorder,
        stage::Stage,
        telling::{self, Telling},
        visitor::{self, Visitor},
        walk::Gait,
    },
    render::{
        self, Quality, air, light,
        loading::{self, CurrentStage, start_loading},
        sky, unread,
    },
    scene::schema::Language,
    visit::session::{Session, SessionSettings, Start},
};
use bevy::{
    app::{PluginGroupBuilder, ScheduleRunnerPlugin},
    log::LogPlugin,
    prelude::*,
    render::{
        RenderPlugin,
        pipelined_rendering::PipelinedRenderingPlugin,
        render_asset::RenderAssetBytesPerFrame,
        renderer::{RenderAdapter, RenderAdapterInfo, RenderInstance, RenderQueue, WgpuWrapper},
        settings::RenderCreation,
    },
    window::ExitCondition,
};
use bevy_mod_openxr::types::WgpuGraphics;
use std::{path::PathBuf, sync::Arc, time::Duration};

/// When the exhibit is put on the stage.
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct OpenSystems;

/// What the monitor beside the headset shows.
#[derive(Resource, Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum MonitorShows {
    /// What the visitor sees, steadied; the named views in turn while nobody visits.
    #[default]
    Mirror,
    /// The starting view.
    View,
    /// The named views in turn.
    Attract,
}

/// How to show an exhibit in a headset.
#[derive(Debug, Clone, Default)]
pub struct HeadsetOptions {
    /// `None`: by the machine.
    pub quality: Option<Quality>,
    /// The visitor's language.
    pub language: Option<String>,
    /// Whether the picture may be traded for the display's rate.
    pub govern: Govern,
    /// Record a guide: what the tour is called.
    pub record: Option<String>,
    /// A doffed headset resets the visit after this; the usual 30 s when `None`.
    pub grace: Option<Duration>,
    /// JSON lines of what happens go to the end of this file.
    pub report: Option<PathBuf>,
    /// JSON lines of the times of each frame go to the end of this file.
    pub frame_trace: Option<PathBuf>,
    /// A file `NAME.wanted` in this folder asks for pictures of the eyes.
    pub pictures: Option<PathBuf>,
    /// Patience is so many times shorter, for tests; 0 and 1 leave it.
    pub haste: u32,
    /// What the monitor shows, where there is one.
    pub monitor: MonitorShows,
    /// There is a display: the monitor shows the exhibit as well.
    pub has_display: bool,
    /// Cover the whole screen.
    pub is_fullscreen: bool,
    /// Take up the visit that the last process left.
    pub resumes: bool,
    /// Added to the app: the line to a parent that keeps it alive.
    pub attended: Option<fn(&mut App)>,
}

/// Shows a stage in the headset until it is closed or a new process is needed; returns the
/// exit code, see [`crate::visit::supervisor::exit_code`].
///
/// # Errors
/// When there is no headset, in words.
pub fn run(stage: Stage, options: &HeadsetOptions) -> Result<u8, RuntimeError> {
    let (runtime, graphics) = runtime::start()?;
    let keeper = memory::keeper(&stage.source, options.resumes);
    let own_language = stage.languages.spoken.clone();
    let stage = in_language_left(stage, &keeper);
    info!(
        "OpenXR runtime {}, headset {}",
        runtime.name, runtime.headset
    );
    let mut app = App::new();
    app.insert_resource(render::fonts::take());
    let plugins = plugins(graphics);
    #[cfg(feature = "desktop")]
    if options.has_display {
        app.add_plugins(monitor::windowed(
            plugins,
            &stage.title,
            options.is_fullscreen,
        ));
        app.add_plugins(monitor::plugin);
    } else {
        app.add_plugins(windowless(plugins));
    }
    #[cfg(not(feature = "desktop"))]
    app.add_plugins(windowless(plugins));
    app.add_plugins((
        render::plugin,
        visitor::plugin,
        telling::plugin,
        language::plugin,
    ));
    app.add_plugins((
        frames::plugin,
        compose::plugin,
        mask::plugin,
        gpu_time::plugin,
        life::plugin,
        body::plugin,
        (eyes::plugin, unread::plugin::<eyes::HeadsetEye>),
        veil::plugin,
        visit::plugin,
        report::plugin,
        captions::plugin,
        markers::plugin,
    ));
    app.add_plugins((
        hands::plugin,
        glove::plugin,
        travel::plugin,
        pointing::plugin,
        marks::plugin,
        cards::plugin,
        lead::plugin,
        memory::plugin,
        lesson::plugin,
        menu::plugin,
        tiles::plugin,
        loudness::plugin,
        retold::plugin,
        rate::plugin,
    ));
    let mut settings = SessionSettings::default();
    settings.grace = options.grace.unwrap_or(settings.grace);
    let settings = settings.hastened(options.haste);
    let quality = options.quality;
    let session = Session::new(settings, Start::Headset, keeper.left().is_some());
    let frames = app.world().resource::<frames::Frames>().clone();
    frames.lock().caller = Some(caller::Caller::start(runtime));
    app.insert_resource(life::Life::new(session))
        .insert_resource(keeper)
        .insert_resource(options.monitor)
        .insert_resource(visit::OwnLanguage(own_language))
        .insert_resource(options.govern)
        .insert_resource(stage.languages.words())
        .insert_resource(loading::WantsCollision(true))
        .insert_resource(crate::render::detail::DetailWanted(true))
        .insert_resource(RenderAssetBytesPerFrame::new(loading::UPLOAD_BYTES_A_FRAME))
        .add_systems(
            Startup,
            (move |world: &mut World| begin(world, quality)).in_set(OpenSystems),
        );
    if let Some(plugin) = options.attended {
        app.add_plugins(plugin);
    }
    if let Some(name) = &options.record {
        app.add_plugins(recording::plugin)
            .insert_resource(Recorder::new(name, recording::microphone()));
    }
    #[cfg(feature = "sound")]
    app.insert_resource(crate::sound::SoundStage(stage.sounds.clone()))
        .add_plugins(crate::sound::plugin);
    add_report(&mut app, options);
    stage_exhibit(&mut app, stage);
    let exit = app.run();
    let caller = frames.lock().caller.take();
    if !caller.is_none_or(caller::Caller::end) {
        warn!("the runtime does not answer: it is left as it is");
    }
    Ok(match exit {
        AppExit::Success => 0,
        AppExit::Error(code) => code.get(),
    })
}

/// The language that the visitor had chosen.
fn in_language_left(stage: Stage, keeper: &Keeper) -> Stage {
    let left = keeper.left().and_then(|left| left.language.as_deref());
    match left.and_then(|tag| Language::parse(tag).ok()) {
        Some(language) if language != stage.languages.spoken => open::retell(&stage, &language),
        _ => stage,
    }
}

fn add_report(app: &mut App, options: &HeadsetOptions) {
    if let Some(path) = &options.report {
        match report::Report::open(path) {
            Ok(report) => drop(app.insert_resource(report)),
            Err(error) => warn!("no report at {}: {error}", path.display()),
        }
    }
    if let Some(path) = &options.frame_trace {
        match rate::FrameTrace::open(path) {
            Ok(trace) => drop(app.insert_resource(trace)),
            Err(error) => warn!("no times of frames at {}: {error}", path.display()),
        }
    }
    if let Some(folder) = &options.pictures {
        app.insert_resource(report::PicturesOnRequest(folder.clone()));
    }
}

/// The visitor, the story and the lights of a stage.
fn stage_exhibit(app: &mut App, stage: Stage) {
    let mut visitor = Visitor::new(&stage, stage.body.clone());
    // The head moves the visitor, and nothing else does.
    visitor.walker.set_gait(Gait::Flying, &stage.body, None);
    visitor.home = stage.headset_start;
    visitor.stand_at(&stage.headset_start, None);
    if let Some(story) = &stage.story {
        app.insert_resource(Telling::new(story.clone(), stage.sounds.clone()));
    }
    let world = app.world_mut();
    world.insert_resource(visitor);
    light::spawn_lights(world, &stage);
    air::spawn_air(world, &stage);
    sky::spawn_sky(world, &stage);
    world.insert_resource(CurrentStage(Arc::new(stage)));
}

fn begin(world: &mut World, asked: Option<Quality>) {
    let quality = eyes::choose_quality(world, asked);
    world.insert_resource(quality);
    let stage = world.resource::<CurrentStage>().0.clone();
    start_loading(world, &stage);
    eyes::spawn_eyes(world, quality);
}

/// Without a window the headset alone keeps the time.
fn windowless(plugins: PluginGroupBuilder) -> PluginGroupBuilder {
    #[cfg(feature = "desktop")]
    let plugins = plugins.disable::<bevy::winit::WinitPlugin>();
    plugins
        .set(WindowPlugin {
            primary_window: None,
            exit_condition: ExitCondition::DontExit,
            ..default()
        })
        .add(ScheduleRunnerPlugin::run_loop(Duration::ZERO))
}

/// Bevy's usual plugins on the runtime's graphics device.
fn plugins(graphics: WgpuGraphics) -> PluginGroupBuilder {
    let WgpuGraphics(device, queue, adapter_info, adapter, instance) = graphics;
    let plugins = DefaultPlugins
        .build()
        .disable::<LogPlugin>()
        .disable::<PipelinedRenderingPlugin>()
        .set(RenderPlugin {
            render_creation: RenderCreation::manual(
                device.into(),
                RenderQueue(Arc::new(WgpuWrapper::new(queue))),
                RenderAdapterInfo(WgpuWrapper::new(adapter_info)),
                RenderAdapter(Arc::new(WgpuWrapper::new(adapter))),
                RenderInstance(Arc::new(WgpuWrapper::new(instance))),
            ),
            ..default()
        });
    #[cfg(feature = "desktop")]
    let plugins = plugins.disable::<bevy::gilrs::GilrsPlugin>();
    plugins
}
