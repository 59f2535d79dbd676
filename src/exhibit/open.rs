//! From a scene file to a [`Stage`], and every problem on the way.

mod fonts;
mod light;
mod places;
mod rehearsal;
mod retell;
mod sounds;
mod spots;
mod story;
mod texts;

use super::stage::{
    NodeChoice, Plays, Shading, Stage, StagedLayer, StagedLight, StagedMesh, StagedSurface,
    StagedView,
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
    tour::captions,
};
use light::{air, baked_lights, lamp, staged_bake};
use places::{affine, grounds, pose, world_from_space, zones};
pub use rehearsal::{Prepared, prepare};
pub use retell::retell;
pub use texts::texts;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// Reads a scene file for a visitor of the given language (a BCP 47 tag). The stage is
/// `None` only where nothing can be shown.
pub fn open(path: &Path, language: Option<&str>) -> (Option<Stage>, Report) {
    let (exhibit, mut report, brought) = load(path, None);
    let stage = exhibit.map(|exhibit| staged(path, exhibit, brought, language, &mut report));
    (stage, report)
}

fn staged(
    path: &Path,
    exhibit: schema::Exhibit,
    brought: Brought,
    language: Option<&str>,
    report: &mut Report,
) -> Stage {
    let exhibit = Arc::new(exhibit);
    let staging = Staging::new(path, &exhibit, language);
    let mut stage = staging.stage();
    stage.exhibit = Some(Arc::clone(&exhibit));
    stage.languages = StagedLanguages::of(&exhibit, staging.language.as_ref(), brought.words);
    stage.fonts = brought.fonts;
    stage.story = staging.story(report).map(Arc::new);
    let script = stage.story.as_ref().map(|story| story.script.as_ref());
    stage.sounds = Arc::new(staging.sounds(script));
    stage.files = brought.files;
    stage
}

/// Plays every tour in every language through and says what is wrong, besides what
/// [`check`] says, without looking at meshes or listening to sounds: see
/// [`rehearse`](super::rehearse).
pub fn rehearse(path: &Path) -> Report {
    let means = super::rehearse::Means::default();
    super::rehearse::rehearse(path, &means, &mut |_, _| {}).report
}

/// Every problem of a scene file, of the models it names and of its captions.
pub fn check(path: &Path) -> Report {
    looked_through(path).1
}

/// As [`check`], and what can be shown all the same.
pub fn check_and_open(path: &Path) -> (Option<Stage>, Report) {
    let (exhibit, report, brought) = looked_through(path);
    // What is wrong with captions has been told.
    let mut told = Report::new();
    let stage = exhibit.map(|exhibit| staged(path, exhibit, brought, None, &mut told));
    (stage, report)
}

fn looked_through(path: &Path) -> (Option<schema::Exhibit>, Report, Brought) {
    let (exhibit, mut report, brought) = load(path, Some(ValidateDepth::Data));
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    let are_captions = |file: &&PathBuf| {
        file.extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("vtt"))
    };
    for file in brought.files.iter().filter(are_captions) {
        if let Some(bytes) = story::caption_bytes(file) {
            let name = file.strip_prefix(folder).unwrap_or(file);
            drop(captions::vtt::read(
                &name.to_string_lossy(),
                &bytes,
                &mut report,
            ));
        }
    }
    (exhibit, report, brought)
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
            grounds: exhibit.spaces.iter().flat_map(grounds).collect(),
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

fn nodes(set: &schema::NodeSet) -> NodeChoice {
    match set {
        schema::NodeSet::All => NodeChoice::All,
        schema::NodeSet::None => NodeChoice::None,
        schema::NodeSet::Nodes(names) => {
            NodeChoice::Nodes(names.iter().map(|name| name.value.clone()).collect())
        }
    }
}
