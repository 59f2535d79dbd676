//! From a scene file to a [`Stage`], and every problem on the way.

mod fonts;
mod rehearsal;
mod retell;
mod sounds;
mod spots;
mod story;
mod texts;

use super::stage::{
    NodeChoice, Plays, Pose, Shading, Stage, StagedAir, StagedBake, StagedLamp, StagedLayer,
    StagedLight, StagedLightKind, StagedMesh, StagedSky, StagedSurface, StagedView, StagedZone,
};
use crate::{
    bake::{self, ReadOptions, validate::ValidateDepth},
    diagnostic::{Diagnostic, Report, Span},
    exhibit::{
        language::StagedLanguages,
        walk::WalkSettings,
        words::{Direction, OwnWords, with_base},
    },
    scene::{self, schema},
};
pub use rehearsal::{Prepared, prepare};
pub use retell::retell;
pub use texts::texts;

use bevy::math::{Affine3A, EulerRot, Quat, Vec2, Vec3};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// Reads a scene file for a visitor of the given language (a BCP 47 tag). The stage is
/// `None` only where nothing can be shown.
pub fn open(path: &Path, language: Option<&str>) -> (Option<Stage>, Report) {
    let (exhibit, mut report, brought) = load(path, None);
    let stage = exhibit.map(|exhibit| {
        let exhibit = Arc::new(exhibit);
        let staging = Staging::new(path, &exhibit, language);
        let mut stage = staging.stage();
        stage.exhibit = Some(Arc::clone(&exhibit));
        stage.languages = StagedLanguages::of(&exhibit, staging.language.as_ref(), brought.words);
        stage.fonts = brought.fonts;
        stage.story = staging.story(&mut report).map(Arc::new);
        let script = stage.story.as_ref().map(|story| story.script.as_ref());
        stage.sounds = Arc::new(staging.sounds(script));
        stage.files = brought.files;
        stage
    });
    (stage, report)
}

/// Plays every tour in every language through and says what is wrong, besides what
/// [`check`] says, without looking at meshes or listening to sounds: see
/// [`rehearse`](super::rehearse).
pub fn rehearse(path: &Path) -> Report {
    let means = super::rehearse::Means::default();
    super::rehearse::rehearse(path, &means, &mut |_, _| {}).report
}

/// Every problem of a scene file and of the models it names.
pub fn check(path: &Path) -> Report {
    load(path, Some(ValidateDepth::Data)).1
}

/// Every problem of a bare model.
pub fn check_model(path: &Path) -> Report {
    let mut report = Report::new();
    let file = report.add_file(path.display().to_string(), String::new());
    for finding in super::facts::findings(path) {
        report.push(super::facts::diagnostic(&finding).at(Span::whole_file(file)));
    }
    report
}

/// What lies beside a scene file.
#[derive(Default)]
struct Brought {
    /// Files to watch for changes.
    files: Vec<PathBuf>,
    words: OwnWords,
    fonts: Vec<PathBuf>,
}

fn load(path: &Path, depth: Option<ValidateDepth>) -> (Option<schema::Exhibit>, Report, Brought) {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let files = match scene::DiskFiles::open(folder) {
        Ok(files) => files,
        Err(error) => {
            let mut report = Report::new();
            let file = report.add_file(path.display().to_string(), String::new());
            report.push(
                Diagnostic::error(
                    "unreadable-file",
                    format!("its folder cannot be read: {error}"),
                )
                .at(Span::whole_file(file)),
            );
            return (None, report, Brought::default());
        }
    };
    let mut loaded = scene::load(&name, &files, &super::facts::DiskAssets::new(folder, depth));
    let own_words = loaded
        .exhibit
        .as_ref()
        .map_or_else(OwnWords::default, |exhibit| {
            super::words::read(&files, exhibit, &mut loaded.report)
        });
    let read = loaded
        .scene_files
        .iter()
        .chain(&loaded.asset_files)
        .map(String::as_str)
        .chain(own_words.paths())
        .map(|file| folder.join(file))
        .collect();
    let fonts = fonts::read(&files, &mut loaded.report);
    let brought = Brought {
        files: read,
        words: own_words,
        fonts: fonts.iter().map(|file| folder.join(file)).collect(),
    };
    (loaded.exhibit, loaded.report, brought)
}

/// The body of a visitor, as the author set it.
pub fn walk_settings(body: &schema::Body) -> WalkSettings {
    WalkSettings {
        walk_speed: body.walk_speed,
        eye_height_m: body.eye_height,
        height_m: body.height,
        radius_m: body.radius,
        step_height_m: body.step_height,
        ..WalkSettings::default()
    }
}

struct Staging<'a> {
    source: &'a Path,
    folder: PathBuf,
    exhibit: &'a schema::Exhibit,
    language: Option<schema::Language>,
}

impl<'a> Staging<'a> {
    fn new(source: &'a Path, exhibit: &'a schema::Exhibit, language: Option<&str>) -> Self {
        Self {
            source,
            folder: source.parent().unwrap_or_else(|| Path::new(".")).to_owned(),
            exhibit,
            language: language.and_then(|tag| schema::Language::parse(tag).ok()),
        }
    }

    fn stage(&self) -> Stage {
        let exhibit = self.exhibit;
        let atmosphere = &exhibit.atmosphere;
        let bake = exhibit
            .spaces
            .iter()
            .find_map(|space| space.baked_light.as_ref());
        let lights: Vec<StagedLight> = exhibit
            .spaces
            .iter()
            .flat_map(|space| {
                let is_baked = space.baked_light.is_some();
                space
                    .lights
                    .iter()
                    .map(move |light| (space, light, is_baked))
            })
            .map(|(space, light, is_baked)| self.light(space, light, is_baked))
            .collect();
        let views: Vec<StagedView> = exhibit.views.iter().map(|view| self.view(view)).collect();
        let start = self.start(&views, |start| &start.desktop);
        let headset_start = self.start(&views, |start| &start.headset);
        Stage {
            source: self.source.to_owned(),
            title: self.text(&exhibit.title),
            about: self.text(&exhibit.about),
            is_bare: false,
            meshes: exhibit
                .spaces
                .iter()
                .flat_map(|space| space.meshes.iter().map(move |mesh| self.mesh(space, mesh)))
                .collect(),
            air: air(atmosphere, !lights.is_empty(), bake.is_some()),
            sky: self.sky(&atmosphere.sky),
            story: None,
            sounds: Arc::default(),
            lights,
            bake: bake.map(staged_bake),
            baked_lights: bake.map(baked_lights).unwrap_or_default(),
            lamp: lamp(&exhibit.lamp),
            zones: exhibit.spaces.iter().flat_map(zones).collect(),
            surfaces: exhibit
                .spaces
                .iter()
                .flat_map(|space| &space.surfaces)
                .filter_map(|surface| self.surface(surface))
                .collect(),
            views,
            start,
            headset_start,
            body: walk_settings(&exhibit.body),
            is_flying: exhibit.body.mode == schema::MoveMode::Fly,
            files: Vec::new(),
            languages: StagedLanguages::default(),
            fonts: Vec::new(),
            exhibit: None,
        }
    }

    fn text(&self, text: &schema::Text) -> String {
        let default = &self.exhibit.default_language.value;
        let language = self.language.as_ref().unwrap_or(default);
        text.get(language, default)
            .map(|text| with_base(text, Direction::of(language)).into_owned())
            .unwrap_or_default()
    }

    fn path(&self, file: &schema::FilePath) -> PathBuf {
        self.folder.join(&file.in_exhibit)
    }

    fn mesh(&self, space: &schema::Space, mesh: &schema::MeshPlacement) -> StagedMesh {
        let (scale, rotation, translation) =
            (world_from_space(space) * affine(&mesh.at)).to_scale_rotation_translation();
        StagedMesh {
            id: mesh.id.as_str().to_owned(),
            path: self.path(&mesh.path),
            options: ReadOptions {
                unit_scale: mesh.unit.metres(),
                up: match mesh.up {
                    schema::Up::Y => bake::Up::Y,
                    schema::Up::Z => bake::Up::Z,
                },
                origin: match &mesh.origin {
                    None => bake::Origin::File,
                    Some(schema::Origin::Auto) => bake::Origin::Auto,
                    Some(schema::Origin::At(origin)) => bake::Origin::At(*origin),
                },
                hide: mesh.hide.iter().map(|name| name.value.clone()).collect(),
                ..ReadOptions::default()
            },
            translation_in_world: translation,
            rotation_in_world: rotation,
            scale,
            shading: match mesh.material {
                schema::Shading::Auto => Shading::Auto,
                schema::Shading::Scan => Shading::Scan,
                schema::Shading::Full => Shading::Full,
                schema::Shading::Unlit => Shading::Unlit,
            },
            collides: nodes(&mesh.collide),
            walkable: nodes(&mesh.walk_on),
            plays: Plays::These(mesh.plays.iter().map(|clip| clip.value.clone()).collect()),
        }
    }

    fn sky(&self, sky: &schema::Sky) -> StagedSky {
        match sky {
            schema::Sky::None | schema::Sky::Color(_) => StagedSky::Plain,
            schema::Sky::Gradient {
                zenith,
                horizon,
                ground,
            } => StagedSky::Gradient {
                zenith: zenith.linear,
                horizon: horizon.linear,
                ground: ground.linear,
            },
            schema::Sky::Panorama(path) => StagedSky::Panorama(self.path(path)),
        }
    }

    fn light(&self, space: &schema::Space, light: &schema::Light, is_baked: bool) -> StagedLight {
        let (_, rotation, position) =
            (world_from_space(space) * self.place(&light.at)).to_scale_rotation_translation();
        let is_flame = light.flicker == schema::Flicker::Flame;
        StagedLight {
            id: light.id.as_str().to_owned(),
            position_in_world: position,
            rotation_in_world: rotation,
            kind: match light.kind {
                schema::LightKind::Point => StagedLightKind::Point {
                    lumens: light.lumens,
                },
                schema::LightKind::Spot {
                    beam_angle,
                    softness,
                } => StagedLightKind::Spot {
                    lumens: light.lumens,
                    outer_rad: (beam_angle * 0.5).to_radians(),
                    inner_rad: (beam_angle * 0.5 * (1.0 - softness)).to_radians(),
                },
                schema::LightKind::Directional => StagedLightKind::Directional { lux: light.lux },
            },
            color: light.color.linear,
            range_m: light.range,
            radius_m: light.radius,
            is_flame,
            // The bake holds the fixed lamps; daylight through an opening as well.
            is_baked: is_baked && is_flame,
            casts_shadows: light.shadows,
        }
    }

    fn view(&self, view: &schema::View) -> StagedView {
        let space = view
            .space
            .as_ref()
            .and_then(|id| self.exhibit.spaces.iter().find(|space| space.id == *id));
        let world = space.map_or(Affine3A::IDENTITY, world_from_space);
        StagedView {
            title: self.view_title(view),
            id: view.id.as_str().to_owned(),
            pose: pose(world * self.place(&view.at)),
            field_of_view_rad: view.field_of_view.to_radians(),
        }
    }

    fn view_title(&self, view: &schema::View) -> String {
        let title = self.text(&view.title);
        if title.is_empty() {
            view.id.as_str().to_owned()
        } else {
            title
        }
    }

    fn start(&self, views: &[StagedView], of: fn(&schema::Start) -> &schema::Place) -> Pose {
        let Some(start) = &self.exhibit.start else {
            return views.first().map_or_else(Pose::default, |view| view.pose);
        };
        let mut found = pose(self.place(of(start)));
        // A start names the floor under the feet; a view names the eyes.
        if !matches!(of(start), schema::Place::View(_)) {
            found.eye_in_world.y += self.exhibit.body.eye_height;
        }
        found
    }

    /// A place in the frame of its space.
    fn place(&self, place: &schema::Place) -> Affine3A {
        match place {
            schema::Place::At(pose) => Affine3A::from_rotation_translation(
                Quat::from_euler(
                    EulerRot::YXZ,
                    pose.yaw.to_radians(),
                    pose.pitch.to_radians(),
                    0.0,
                ),
                pose.position,
            ),
            schema::Place::Node { mesh, node } => self.node(mesh, &node.value),
            schema::Place::View(id) => {
                let view = self.exhibit.views.iter().find(|view| view.id == *id);
                match view.map(|view| &view.at) {
                    // One step only: a circle of views is an error that the checker reports.
                    Some(schema::Place::View(_)) | None => Affine3A::IDENTITY,
                    Some(place) => self.place(place),
                }
            }
        }
    }

    /// Where a node of a mesh is, by the file's own node tree.
    fn node(&self, mesh: &schema::MeshId, node: &str) -> Affine3A {
        let Some(placement) = self
            .exhibit
            .spaces
            .iter()
            .flat_map(|space| &space.meshes)
            .find(|own| own.id == *mesh)
        else {
            return Affine3A::IDENTITY;
        };
        let space = self
            .exhibit
            .spaces
            .iter()
            .find(|space| space.meshes.iter().any(|own| own.id == *mesh));
        let staged = self.mesh(space.unwrap_or(&self.exhibit.spaces[0]), placement);
        let local = super::facts::node_affine(&staged.path, &staged.options, node)
            .unwrap_or(Affine3A::IDENTITY);
        affine(&placement.at) * local
    }

    fn surface(&self, surface: &schema::Surface) -> Option<StagedSurface> {
        let mesh = self
            .exhibit
            .spaces
            .iter()
            .flat_map(|space| &space.meshes)
            .position(|mesh| mesh.id == surface.mesh)?;
        let target = surface.material.as_ref().or(surface.node.as_ref())?;
        let file = |path: &Option<schema::FilePath>| path.as_ref().map(|path| self.path(path));
        let layers: Vec<StagedLayer> = surface
            .layers
            .iter()
            .map(|layer| StagedLayer {
                id: layer.id.as_str().to_owned(),
                title: self.text(&layer.title),
                base_color: file(&layer.base_color),
                normal: file(&layer.normal),
                orm: file(&layer.orm),
            })
            .collect();
        let shown = surface
            .shown
            .as_ref()
            .and_then(|id| layers.iter().position(|layer| layer.id == id.as_str()))
            .unwrap_or(0);
        Some(StagedSurface {
            id: surface.id.as_str().to_owned(),
            mesh,
            target: target.value.clone(),
            layers,
            shown,
        })
    }
}

fn affine(placement: &schema::Placement) -> Affine3A {
    Affine3A::from_scale_rotation_translation(
        Vec3::splat(placement.scale),
        Quat::from_euler(
            EulerRot::YXZ,
            placement.yaw.to_radians(),
            placement.pitch.to_radians(),
            placement.roll.to_radians(),
        ),
        placement.position,
    )
}

fn world_from_space(space: &schema::Space) -> Affine3A {
    affine(&space.place_in_world)
}

/// The pose of something that looks along its -Z; a roll is lost, the horizon stays level.
fn pose(at: Affine3A) -> Pose {
    let eye = Vec3::from(at.translation);
    Pose::looking_at(eye, eye + at.transform_vector3(Vec3::NEG_Z))
}

fn nodes(set: &schema::NodeSet) -> NodeChoice {
    match set {
        schema::NodeSet::All => NodeChoice::All,
        schema::NodeSet::None => NodeChoice::None,
        schema::NodeSet::Nodes(names) => {
            NodeChoice::Nodes(names.iter().map(|name| name.value.clone()).collect())
        }
    }
}

/// The grounds of a space with an atmosphere of its own.
fn zones(space: &schema::Space) -> Vec<StagedZone> {
    let Some(atmosphere) = &space.atmosphere else {
        return Vec::new();
    };
    let world = world_from_space(space);
    space
        .walkable
        .iter()
        .map(|ground| StagedZone {
            outline: ground
                .outline
                .iter()
                .map(|corner| {
                    let at = world.transform_point3(Vec3::new(corner.x, ground.height, corner.y));
                    Vec2::new(at.x, at.z)
                })
                .collect(),
            exposure_ev100: atmosphere.exposure,
        })
        .collect()
}

fn lamp(lamp: &schema::Lamp) -> StagedLamp {
    let half = (lamp.beam_angle * 0.5).to_radians();
    StagedLamp {
        is_on: lamp.on,
        color: lamp.color.linear,
        lumens: lamp.lumens,
        outer_rad: half,
        inner_rad: half * (1.0 - lamp.softness),
        range_m: lamp.range,
    }
}

fn staged_bake(baked: &schema::BakedLight) -> StagedBake {
    let lux =
        |source: &schema::BakedSource| source.color.linear.map(|channel| channel * source.lux);
    // Flames sway by an eighth of their light: alive, and far from a flash.
    let flicker = |source: &schema::BakedSource| match source.flicker {
        schema::Flicker::None => 0.0,
        schema::Flicker::Flame => 0.12,
    };
    StagedBake {
        daylight: lux(&baked.daylight),
        daylight_from: None,
        lamps_a: (lux(&baked.lamps_a), flicker(&baked.lamps_a)),
        lamps_b: (lux(&baked.lamps_b), flicker(&baked.lamps_b)),
    }
}

/// The lights whose light is baked.
fn baked_lights(baked: &schema::BakedLight) -> [Vec<String>; 3] {
    [&baked.daylight, &baked.lamps_a, &baked.lamps_b].map(|source| {
        let lights = source.lights.iter();
        lights.map(|id| id.as_str().to_owned()).collect()
    })
}

/// Illuminance that shows white paper as white at an exposure value: the inverse of the
/// saturation-based speed that Bevy's `Exposure` uses, 1 / (1.2 * 2^EV), times pi.
fn white_lux(ev100: f32) -> f32 {
    std::f32::consts::PI * 1.2 * bevy::math::ops::exp2(ev100)
}

fn air(atmosphere: &schema::Atmosphere, has_lights: bool, has_bake: bool) -> StagedAir {
    // A scene without any light is shown as if in a bright even room; one with lamps but
    // without a bake gets a breath of light in the shadows.
    let share = match (has_lights, has_bake) {
        (_, true) => 0.0,
        (true, false) => 0.03,
        (false, false) => 0.85,
    };
    StagedAir {
        background: match &atmosphere.sky {
            schema::Sky::None | schema::Sky::Panorama(_) => [0.0; 3],
            schema::Sky::Color(color) => color.linear,
            schema::Sky::Gradient { horizon, .. } => horizon.linear,
        },
        fog: atmosphere
            .fog
            .as_ref()
            .map(|fog| (fog.color.linear, fog.density_per_m())),
        dust: atmosphere.fog.as_ref().map_or(0.0, |fog| fog.dust),
        exposure_ev100: atmosphere.exposure,
        bloom: atmosphere.bloom,
        ambient: [share * white_lux(atmosphere.exposure); 3],
    }
}
