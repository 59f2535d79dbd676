//! The sample exhibit: the Cave of Lamps, an imagined cave-temple made by this generator.
//!
//! Everything is drawn and shaped here: a signed distance becomes the cave (`shape`, `nets`),
//! `seams` and `charts` cut it into named parts, vector drawings become murals. Nothing is copied from
//! others. The same bytes come out on every machine and at every thread count: own noise,
//! own sine, no maths library. Start reading at [`generate`].

mod bedding;
mod charts;
mod gesture;
mod glb;
mod hand;
mod light;
mod nets;
mod noise;
mod objects;
mod paint;
mod pictures;
mod props;
mod rays;
mod seams;
mod shape;
mod sounds;
mod starter;
mod statue;
mod voice;

pub(crate) use sounds::wav;
pub use starter::write_starter;
pub use voice::{Voice, Voiced};

use bevy::math::Vec3;
use std::io;
use std::path::{Path, PathBuf};

/// Changes whenever the model or a picture changes: the key of the cache folder. Sounds have
/// a number of their own in the folder, see [`refresh`].
pub const VERSION: u32 = 11;

/// The exhibit file, written by hand. It may change without the model and the pictures:
/// [`VERSION`] counts those.
pub(crate) const EXHIBIT: &str = include_str!("../../scenes/cave-of-lamps/exhibit.ron");

/// How much work to put in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Quality {
    /// Seconds; for tests: coarse mesh, small pictures, little light.
    Draft,
    /// What visitors see.
    #[default]
    Full,
}

/// What to make.
#[derive(Debug, Clone, Default)]
pub struct SampleOptions {
    /// See [`Quality`].
    pub quality: Quality,
    /// Who speaks for the guide.
    pub voice: Voice,
}

/// What is being made, for a progress line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Rock, plaster, altar.
    Shape,
    /// The figures, lamps and jars.
    Objects,
    /// Baked light.
    Light,
    /// Murals.
    Paint,
    /// Ambience and music.
    Sound,
    /// The guide's words.
    Voice,
    /// Writing files.
    Write,
}

impl Step {
    /// A word for a progress line.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Shape => "carving the cave",
            Self::Objects => "modelling figures and lamps",
            Self::Light => "letting the light in",
            Self::Paint => "painting the walls",
            Self::Sound => "playing the instruments",
            Self::Voice => "speaking the guide's words",
            Self::Write => "writing files",
        }
    }
}

/// What [`generate`] made.
#[derive(Debug, Clone, Default)]
pub struct Made {
    /// The exhibit file to open.
    pub exhibit: PathBuf,
    /// Triangles in the model.
    pub triangles: usize,
    /// Who speaks.
    pub voiced: Voiced,
}

/// Makes the sample exhibit in the folder `out`, which is created. `progress` is told the
/// step and how much of that step is done (0 to 1). Write into a temporary folder and rename
/// it, so that a generator that was cut off leaves nothing half made.
///
/// # Errors
/// When the folder or a file cannot be written.
pub fn generate(
    out: &Path,
    options: &SampleOptions,
    progress: &(dyn Fn(Step, f32) + Sync),
) -> io::Result<Made> {
    std::fs::create_dir_all(out)?;
    let parts = build(options.quality, progress);
    pictures::write_all(out, options.quality, progress)?;
    progress(Step::Write, 0.0);
    write_model(out, &parts)?;
    progress(Step::Write, 1.0);
    let voiced = refresh(out, options.voice, progress)?;
    Ok(Made {
        exhibit: out.join("exhibit.ron"),
        triangles: parts.iter().map(|p| p.triangles.len()).sum(),
        voiced,
    })
}

/// Brings what is told about the cave up to date in a folder that [`generate`] made: the
/// sounds of an older generator, voices for words that have changed or that nobody spoke yet,
/// then the exhibit file. Seconds at most; next to nothing where all is as it should be.
/// Voices that somebody put in the place of ours stay.
///
/// # Errors
/// When a file cannot be read or written.
pub fn refresh(
    out: &Path,
    voice: Voice,
    progress: &(dyn Fn(Step, f32) + Sync),
) -> io::Result<Voiced> {
    if !sounds::are_current(out) {
        progress(Step::Sound, 0.0);
        sounds::write_all(out)?;
        progress(Step::Sound, 1.0);
    }
    let exhibit = voice::exhibit(EXHIBIT)
        .ok_or_else(|| io::Error::other("the sample's own scene file cannot be read"))?;
    let report = |done: f32| progress(Step::Voice, done);
    let voiced = voice::write_all(out, &exhibit, voice, &report)?;
    let path = out.join("exhibit.ron");
    if std::fs::read_to_string(&path).is_ok_and(|text| text == EXHIBIT) {
        return Ok(voiced);
    }
    sounds::wav::write_whole(&path, EXHIBIT.as_bytes())?;
    Ok(voiced)
}

/// Shapes the cave and everything in it, and bakes its light.
fn build(quality: Quality, progress: &(dyn Fn(Step, f32) + Sync)) -> Vec<glb::Part> {
    let (cell_m, clay_m, lump_m, segments) = match quality {
        Quality::Draft => (0.09, 0.03, 0.03, 12),
        Quality::Full => (0.025, 0.0084, 0.0095, 36),
    };
    progress(Step::Shape, 0.0);
    let (low, high) = shape::BOUNDS;
    let net = nets::mesh(&shape::Cave, low, high, cell_m);
    progress(Step::Shape, 1.0);
    progress(Step::Objects, 0.0);
    let net = seams::cut(net);
    let mut parts = charts::cut(&net);
    drop(net);
    parts.extend(objects::figures(clay_m));
    parts.extend(props::parts(lump_m, segments));
    parts.extend(bedding::parts(lump_m));
    progress(Step::Objects, 1.0);
    bake_light(&mut parts, quality, progress);
    parts
}

fn write_model(out: &Path, parts: &[glb::Part]) -> io::Result<()> {
    let mut names: Vec<&str> = parts.iter().map(|p| p.material.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let looks: Vec<glb::Look> = names.iter().map(|name| look(name)).collect();
    glb::write(
        &out.join("cave.glb"),
        "cave_of_lamps",
        parts,
        &looks,
        &places(),
    )
}

/// Bakes light into the parts, on a coarse copy of the cave.
fn bake_light(parts: &mut [glb::Part], quality: Quality, progress: &(dyn Fn(Step, f32) + Sync)) {
    progress(Step::Light, 0.0);
    let (spacing_m, effort) = match quality {
        Quality::Draft => (
            0.16,
            light::Effort {
                hemisphere: 12,
                gate: 4,
                lamp: 1,
            },
        ),
        Quality::Full => (
            0.052,
            light::Effort {
                hemisphere: 64,
                gate: 28,
                lamp: 3,
            },
        ),
    };
    let (low, high) = shape::BOUNDS;
    let net = nets::mesh(&shape::Cave, low, high, spacing_m);
    let mut coarse = objects::figures(spacing_m * 0.42);
    coarse.extend(props::parts(spacing_m * 0.6, 10));
    coarse.extend(bedding::parts(spacing_m * 0.6));
    coarse.push(glb::Part {
        positions: net.positions,
        normals: net.normals,
        triangles: net.triangles,
        ..glb::Part::default()
    });
    let report = |done: f32| progress(Step::Light, done);
    light::bake(parts, &coarse, spacing_m, &props::lamps(), effort, &report);
}

fn look(name: &str) -> glb::Look {
    let plain = |color, roughness, emissive| glb::Look {
        name: name.into(),
        color,
        roughness,
        emissive,
        ..glb::Look::default()
    };
    match name {
        // A flame is about 4000 candela a square metre; the scene's lights do the lighting.
        "flame" => plain([1.0, 0.62, 0.24, 1.0], 1.0, [9.0, 3.9, 0.9]),
        "wick" => plain([0.03, 0.025, 0.02, 1.0], 0.9, [0.0; 3]),
        _ => glb::Look {
            name: name.into(),
            textures: Some(pictures::files(name)),
            color: [1.0; 4],
            ..glb::Look::default()
        },
    }
}

fn places() -> Vec<glb::Place> {
    let place = |name: String, position| glb::Place {
        name,
        position,
        rotation: [0.0, 0.0, 0.0, 1.0],
    };
    let mut out = vec![
        place("place_start".into(), Vec3::new(0.0, 0.0, 7.4)),
        place("place_chamber".into(), Vec3::new(0.0, 0.0, 1.2)),
        place(
            "place_figure".into(),
            statue::SEAT + Vec3::new(0.0, 1.2, 0.2),
        ),
        place("place_north_wall".into(), Vec3::new(3.15, 1.7, -0.85)),
        place("place_south_wall".into(), Vec3::new(-3.15, 1.7, -0.85)),
        place("place_caisson".into(), Vec3::new(0.0, 4.9, 0.0)),
        place("place_cell_south".into(), Vec3::new(-4.6, 0.0, 1.7)),
        place("place_cell_north".into(), Vec3::new(4.6, 0.0, 1.7)),
        place("place_mouth".into(), Vec3::new(0.0, 1.4, 9.2)),
    ];
    for (i, lamp) in props::lamps().iter().enumerate() {
        out.push(place(format!("flame_at_{:02}", i + 1), lamp.flame));
    }
    out
}

#[cfg(test)]
mod tests;
