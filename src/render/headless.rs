//! An exhibit without a window: for pictures, films, benches and tests.

use super::{
    Quality, air, captions,
    capture::{self, CaptureError},
    detail::{self, Coarsening, DetailWanted},
    device, eye, light,
    loading::{
        self, BARE_FOV_RAD, CurrentStage, HandOverPace, LayersWanted, Loading, Textures,
        WantsCollision, Wishes, receive_from, start_reading,
    },
    seen::SeenWanted,
    sky,
    warm::PipelinesWaiting,
};
use crate::{
    angle::wrapped,
    bake::collide::Collider,
    exhibit::{
        flythrough::look_round,
        orbit::Orbit,
        stage::{Pose, Stage},
        telling,
        visitor::{self, Rock},
    },
};
use bevy::{
    anti_alias::fxaa::Fxaa,
    app::PluginsState,
    asset::AssetPlugin,
    camera::{Exposure, RenderTarget},
    diagnostic::{Diagnostic, DiagnosticPath, DiagnosticsStore},
    log::LogPlugin,
    mesh::morph::MeshMorphWeights,
    prelude::*,
    render::{
        RenderApp, RenderPlugin,
        diagnostic::RenderDiagnosticsPlugin,
        pipelined_rendering::PipelinedRenderingPlugin,
        render_resource::PollType,
        renderer::{RenderAdapterInfo, RenderDevice},
        settings::{RenderCreation, RenderResources},
    },
    time::TimeUpdateStrategy,
    window::ExitCondition,
};
use serde::Serialize;
use std::{f32::consts::TAU, sync::Arc, time::Duration};

/// A stage drawn into memory.
pub struct Headless {
    /// The app; public so that tests can look inside.
    pub app: App,
    target: Handle<Image>,
    eye: Entity,
    stage: Arc<Stage>,
    /// Pixels of a picture.
    size: UVec2,
    /// Pixels drawn along a side of each of them.
    supersampling: u32,
    /// The eye adapts by itself, and a tour may change its exposure.
    is_told: bool,
}

/// What is made of a stage besides its picture.
#[derive(Debug, Clone, Copy, Default)]
pub struct Extras {
    /// What visitors bump into.
    pub collision: bool,
    /// Coarser levels for what is far away, as in a window and in a headset, once they have been waited
    /// for ([`Headless::await_levels`]).
    pub levels: bool,
    /// What is drawn in vain is left out where a processor draws, as in a window: pays for more than a picture.
    pub seen: bool,
    /// Each pass of the renderer is timed ([`Headless::passes`]), which takes time itself.
    pub passes: bool,
}

impl Extras {
    /// For camera flights that keep clear of the rock; every triangle, as films are drawn.
    pub const WITH_ROCK: Self = Self {
        collision: true,
        levels: false,
        seen: true,
        passes: false,
    };
}

/// A pass of the renderer, by Bevy's name of it; the mean of the last frames.
#[derive(Debug, Clone, Serialize)]
pub struct Pass {
    /// As `main_opaque_pass_3d`.
    pub name: String,
    /// Until the graphics device has been told, milliseconds.
    pub told_ms: f64,
    /// How long the device worked on it, milliseconds; `None` where it does not say.
    pub drawn_ms: Option<f64>,
}

/// So often a picture waits a millisecond for shaders: they are in the program.
const WAITS_FOR_SHADERS: u32 = 10_000;

/// The time one picture stands for.
const FRAME: Duration = Duration::from_micros(16_667);

impl Headless {
    /// Starts the renderer and begins loading `stage`.
    ///
    /// # Errors
    /// When this machine has no graphics adapter, in words.
    pub fn new(
        stage: Stage,
        size: UVec2,
        quality: Quality,
        extras: Extras,
    ) -> Result<Self, String> {
        let resources = device::take()
            .map_err(|cause| format!("no picture can be made on this machine: {cause}"))?;
        let layers = if extras.collision && stage.story.is_some() {
            // Who walks about may be told of any layer.
            LayersWanted::All
        } else {
            LayersWanted::Shown
        };
        let (coarsening, arriving) = extras.levels.then(Coarsening::new).unzip();
        // Models are read while the app is made.
        let wishes = Wishes {
            collision: extras.collision,
            textures: Textures::on(
                resources.0.features(),
                loading::is_processor(&resources.2),
                quality,
            ),
            layers,
            coarsening,
            is_looked_at: extras.seen && loading::is_processor(&resources.2),
        };
        let reading = start_reading(&stage, wishes);
        let mut app = start_app(quality, resources, extras.passes);
        let world = app.world_mut();
        // A processor has no anisotropic filter (see `loading`) and draws four samples
        // a pixel in three times the time of one: four whole pixels take little more and
        // show what the filter would.
        let supersampling = if loading::is_cpu(world) && quality != Quality::Low {
            2
        } else {
            1
        };
        let target = world.resource_mut::<Assets<Image>>().add(capture::target(
            size.x * supersampling,
            size.y * supersampling,
        ));
        world.insert_resource(WantsCollision(extras.collision));
        world.insert_resource(DetailWanted(extras.levels));
        world.insert_resource(SeenWanted(extras.seen));
        world.insert_resource(layers);
        if let Some(arriving) = arriving {
            world.insert_resource(arriving.held());
        }
        receive_from(world, reading);
        light::spawn_lights(world, &stage);
        air::spawn_air(world, &stage);
        sky::spawn_sky(world, &stage);
        let field_of_view_rad = 60_f32.to_radians();
        let eye = eye::spawn_eye(
            world,
            &stage,
            quality,
            Some(RenderTarget::Image(target.clone().into())),
            field_of_view_rad,
        );
        if supersampling > 1 {
            world.entity_mut(eye).insert(Msaa::Off);
        }
        world.insert_resource(stage.languages.words());
        let stage = Arc::new(stage);
        world.insert_resource(CurrentStage(stage.clone()));
        capture::read_where_drawn(&mut app, eye);
        Ok(Self {
            app,
            target,
            eye,
            stage,
            size,
            supersampling,
            is_told: false,
        })
    }

    /// What is shown.
    pub fn stage(&self) -> Arc<Stage> {
        self.stage.clone()
    }

    /// Where the first picture is taken from: the stage's start, or for a bare model a place
    /// inside or around it.
    pub fn first_pose(&self) -> Pose {
        if self.stage.is_bare {
            self.orbit(0, 12)
        } else {
            self.stage.start
        }
    }

    /// Vertical, radians, where nothing else is said.
    pub fn field_of_view_rad(&self) -> f32 {
        60_f32.to_radians()
    }

    /// Picture `index` of `count`: all around a bare model, or turning round inside a room, or where
    /// an exhibit begins.
    pub fn orbit(&self, index: u32, count: u32) -> Pose {
        if self.stage.is_bare {
            return bare_pose(self.loading(), index, count);
        }
        let turn = TAU * index as f32 / count.max(1) as f32;
        Pose {
            yaw_rad: wrapped(self.stage.start.yaw_rad + turn),
            ..self.stage.start
        }
    }

    /// Frame `index` of `count` to measure, and the named view it belongs to: an exhibit is looked
    /// at from its start and from each of its views, to both sides; a bare model all around.
    pub fn measured(&self, index: u32, count: u32) -> (Option<&str>, Pose) {
        let stage = &self.stage;
        let views = stage.views.iter();
        let places: Vec<_> = std::iter::once(stage.start)
            .chain(views.map(|view| view.pose))
            .collect();
        let round = (places.len() > 1).then(|| look_round(&places, index, count));
        match round.flatten() {
            Some((at, pose)) => {
                let view = at.checked_sub(1).and_then(|at| stage.views.get(at));
                (Some(view.map_or("start", |view| view.id.as_str())), pose)
            }
            None => (None, self.orbit(index, count)),
        }
    }

    /// What visitors bump into, if the caller asked for it.
    pub fn collider(&self) -> Option<&Collider> {
        self.app.world().resource::<Rock>().0.as_deref()
    }

    /// Name of the graphics adapter.
    pub fn adapter(&self) -> String {
        self.app
            .world()
            .get_resource::<RenderAdapterInfo>()
            .map(|info| format!("{} ({:?})", info.name, info.backend))
            .unwrap_or_default()
    }

    /// Parts of meshes in view of the eye: draws of the opaque pass at most.
    pub fn draw_calls(&mut self) -> usize {
        let world = self.app.world_mut();
        let mut parts = world.query_filtered::<&ViewVisibility, With<Mesh3d>>();
        parts.iter(world).filter(|visible| visible.get()).count()
    }

    /// Times of passes count from now on: those of frames in which things were still loaded say little.
    pub fn forget_passes(&mut self) {
        if let Some(mut store) = self.app.world_mut().get_resource_mut::<DiagnosticsStore>() {
            store.iter_mut().for_each(Diagnostic::clear_history);
        }
    }

    /// What each pass of the renderer takes, the slowest first; nothing where they are not timed
    /// ([`Extras::passes`]).
    pub fn passes(&self) -> Vec<Pass> {
        let Some(store) = self.app.world().get_resource::<DiagnosticsStore>() else {
            return Vec::new();
        };
        let mut passes: Vec<_> = store
            .iter()
            .filter_map(|told| {
                let path = told.path().as_str().strip_prefix("render/")?;
                let name = path.strip_suffix("/elapsed_cpu")?;
                let drawn = DiagnosticPath::new(format!("render/{name}/elapsed_gpu"));
                Some(Pass {
                    name: name.to_owned(),
                    told_ms: told.average()?,
                    drawn_ms: store.get(&drawn).and_then(Diagnostic::average),
                })
            })
            .collect();
        let weight = |pass: &Pass| pass.drawn_ms.unwrap_or(pass.told_ms);
        passes.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
        passes
    }

    /// Waits until the graphics device has drawn everything it was given.
    ///
    /// # Errors
    /// When the device is lost.
    pub fn wait_for_gpu(&self) -> Result<(), CaptureError> {
        let device = self
            .app
            .get_sub_app(RenderApp)
            .and_then(|render| render.world().get_resource::<RenderDevice>())
            .ok_or(CaptureError::NotDrawn)?;
        device
            .poll(PollType::wait_indefinitely())
            .map(|_| ())
            .map_err(|error| CaptureError::Device(error.to_string()))
    }

    /// Fast pictures for a film on a processor: one sample a pixel, and edges smoothed after
    /// drawing. In this quality, which may be a lower one than until now.
    pub fn sketch(&mut self, quality: Quality) {
        self.supersampling = 1;
        let world = self.app.world_mut();
        world.insert_resource(quality);
        eye::dress_eye(&mut world.entity_mut(self.eye), &self.stage, quality);
        self.target = world
            .resource_mut::<Assets<Image>>()
            .add(capture::target(self.size.x, self.size.y));
        world.entity_mut(self.eye).insert((
            RenderTarget::Image(self.target.clone().into()),
            Msaa::Off,
            Fxaa::default(),
        ));
    }

    /// Lets the stage's story go on: `frame` passes with each picture drawn. Who tells it and
    /// who listens are put in as resources ([`Telling`](crate::exhibit::telling::Telling),
    /// [`Visitor`](crate::exhibit::visitor::Visitor)).
    pub fn tell_story(&mut self, frame: Duration) {
        self.is_told = true;
        visitor::plugin(&mut self.app);
        telling::plugin(&mut self.app);
        self.app
            .insert_resource(TimeUpdateStrategy::ManualDuration(frame));
        // Bevy lets no more than a quarter of a second pass in a frame: a film of three pictures
        // a second would fall behind its sound.
        if let Some(mut time) = self.app.world_mut().get_resource_mut::<Time<Virtual>>() {
            let most = time.max_delta().max(frame);
            time.set_max_delta(most);
        }
    }

    /// Shows what is said at the lower edge of the picture.
    pub fn show_captions(&mut self) {
        let scale = (self.size.y * self.supersampling) as f32 / 720.0;
        let mut commands = self.app.world_mut().commands();
        captions::spawn_captions(&mut commands, Some(self.eye), scale);
        self.app.world_mut().flush();
    }

    /// Lets time pass without drawing, until the next [`Headless::look`].
    pub fn rest(&mut self) {
        if let Some(mut camera) = self.app.world_mut().get_mut::<Camera>(self.eye) {
            camera.is_active = false;
        }
    }

    /// Waits until everything on the stage is read and handed over. `tick` hears the
    /// fraction done, 0 to 1. No time passes meanwhile: however long it takes, flames burn in the
    /// first picture as they always do.
    pub fn load(&mut self, mut tick: impl FnMut(f32)) {
        let clock = self.stop_the_clock();
        loop {
            self.app.update();
            let loading = self.app.world().resource::<Loading>();
            tick(loading.fraction());
            if loading.is_done() {
                // What was handed over reaches the GPU in a frame without a picture, so
                // that the first picture is whole.
                self.app.update();
                tick(1.0);
                break;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        self.app.insert_resource(clock);
    }

    /// Has coarser levels of everything made, where they are wanted, and waits for them. Until then
    /// every triangle is drawn.
    pub fn await_levels(&mut self) {
        let clock = self.stop_the_clock();
        self.rest();
        detail::open_gate(self.app.world_mut());
        while detail::is_arriving(self.app.world()) {
            self.app.update();
            std::thread::sleep(Duration::from_millis(1));
        }
        self.app.insert_resource(clock);
    }

    /// Puts the eye at `pose`; the field of view is vertical.
    pub fn look(&mut self, pose: &Pose, field_of_view_rad: f32) {
        let near_m = self.near_m();
        let ev100 = self.stage.exposure_at(pose.eye_in_world);
        let mut eye = self.app.world_mut().entity_mut(self.eye);
        let is_first = eye.get::<Camera>().is_some_and(|camera| !camera.is_active);
        eye.insert((
            eye::transform_at(pose),
            eye::perspective(field_of_view_rad, near_m),
        ));
        if is_first || !self.is_told {
            eye.insert(Exposure { ev100 });
        }
        let was_active = eye
            .get_mut::<Camera>()
            .is_some_and(|mut camera| std::mem::replace(&mut camera.is_active, true));
        if !was_active && self.morphs() {
            self.app.update();
        }
    }

    /// Some mesh has morph targets: they show in the second frame (see `animate`).
    fn morphs(&mut self) -> bool {
        let world = self.app.world_mut();
        let mut parts = world.query_filtered::<(), With<MeshMorphWeights>>();
        parts.iter(world).next().is_some()
    }

    /// A small bare model needs a nearer near plane than a room.
    fn near_m(&self) -> f32 {
        if self.stage.is_bare {
            orbit(self.loading()).near_m.min(eye::NEAR_M)
        } else {
            eye::NEAR_M
        }
    }

    /// Draws one frame. Where a shader is still being read, what it draws would be missing: the
    /// frame is drawn again, and no time passes, until it is there.
    pub fn draw(&mut self) {
        self.app.update();
        if self.is_whole() {
            return;
        }
        let clock = self.stop_the_clock();
        for _ in 0..WAITS_FOR_SHADERS {
            std::thread::sleep(Duration::from_millis(1));
            self.app.update();
            if self.is_whole() {
                break;
            }
        }
        if !self.is_whole() {
            warn!("some shader cannot be read: what it draws is missing");
        }
        self.app.insert_resource(clock);
    }

    /// Everything that is seen had its pipeline in the last frame.
    fn is_whole(&self) -> bool {
        self.app.world().resource::<PipelinesWaiting>().is_none()
    }

    /// No time passes until what comes back is put in again.
    fn stop_the_clock(&mut self) -> TimeUpdateStrategy {
        let still = TimeUpdateStrategy::ManualDuration(Duration::ZERO);
        let world = self.app.world_mut();
        std::mem::replace(&mut *world.resource_mut::<TimeUpdateStrategy>(), still)
    }

    /// The last frame drawn.
    ///
    /// # Errors
    /// See [`CaptureError`].
    pub fn picture(&self) -> Result<image::RgbaImage, CaptureError> {
        // Bevy ends the app where the renderer failed; the log says why.
        if self.app.should_exit().is_some() {
            return Err(CaptureError::Device(
                "the renderer stopped; the log says why".to_owned(),
            ));
        }
        capture::read(&self.app, self.eye, &self.target, self.supersampling > 1)
    }

    /// The graphics device is a processor: pictures take long.
    pub fn is_cpu(&self) -> bool {
        loading::is_cpu(self.app.world())
    }

    /// What the loader knows.
    pub fn loading(&self) -> &Loading {
        self.app.world().resource::<Loading>()
    }
}

fn start_app(quality: Quality, resources: RenderResources, passes: bool) -> App {
    let mut app = App::new();
    app.insert_resource(super::fonts::take());
    let plugins = DefaultPlugins
        .build()
        .disable::<LogPlugin>()
        .disable::<PipelinedRenderingPlugin>()
        .set(AssetPlugin::default())
        .set(WindowPlugin {
            primary_window: None,
            exit_condition: ExitCondition::DontExit,
            ..default()
        })
        .set(RenderPlugin {
            render_creation: RenderCreation::Manual(resources),
            synchronous_pipeline_compilation: true,
            ..default()
        });
    let plugins = device::spared_on_a_processor(plugins);
    #[cfg(feature = "desktop")]
    let plugins = plugins
        .disable::<bevy::winit::WinitPlugin>()
        .disable::<bevy::gilrs::GilrsPlugin>();
    app.add_plugins((plugins, super::plugin));
    if passes {
        app.add_plugins(RenderDiagnosticsPlugin);
    }
    // Nobody waits for a frame here: hand everything over as it comes.
    app.world().resource::<HandOverPace>().release();
    app.insert_resource(TimeUpdateStrategy::ManualDuration(FRAME))
        .insert_resource(quality);
    while app.plugins_state() == PluginsState::Adding {
        bevy::tasks::tick_global_task_pools_on_main_thread();
    }
    app.finish();
    app.cleanup();
    app
}

/// Where to look at a bare model from: picture `index` of `count` around it, or turning
/// round inside when it is a room. A camera far away where nothing is loaded.
pub fn bare_pose(loading: &Loading, index: u32, count: u32) -> Pose {
    orbit(loading).pose(index, count)
}

fn orbit(loading: &Loading) -> Orbit {
    loading.orbit.unwrap_or_else(|| {
        let bounds = loading
            .bounds
            .unwrap_or((Vec3::splat(-1.0), Vec3::splat(1.0)));
        Orbit::around_bounds(bounds, BARE_FOV_RAD, 16.0 / 9.0)
    })
}
