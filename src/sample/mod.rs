//! The sample exhibit: the Cave of Lamps, an imagined cave-temple made by this generator.
//!
//! Everything is drawn and shaped here: a signed distance becomes the cave (`shape`, `nets`),
//! `charts` cuts it into named parts, vector drawings become murals. Nothing is copied from
//! others. The same bytes come out on every machine and at every thread count: own noise,
//! own sine, no maths library. Start reading at [`generate`].

mod charts;
mod glb;
mod nets;
mod noise;
mod paint;
mod pictures;
mod rays;
mod shape;

use bevy::math::Vec3;
use std::io;
use std::path::{Path, PathBuf};

/// Changes whenever the output changes: the key of the cache folder.
pub const VERSION: u32 = 1;

/// The exhibit file, written by hand.
const EXHIBIT: &str = include_str!("../../scenes/cave-of-lamps/exhibit.ron");

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
    let cell_m = match options.quality {
        Quality::Draft => 0.09,
        Quality::Full => 0.022,
    };
    progress(Step::Shape, 0.0);
    let (low, high) = shape::BOUNDS;
    let net = nets::mesh(&shape::Cave, low, high, cell_m);
    progress(Step::Shape, 1.0);
    let parts = charts::cut(&net, &[]);
    progress(Step::Write, 0.0);
    let mut names: Vec<&str> = parts.iter().map(|p| p.material.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let looks: Vec<glb::Look> = names
        .iter()
        .map(|name| glb::Look {
            name: (*name).into(),
            textures: Some(pictures::files(name)),
            color: [1.0; 4],
            ..glb::Look::default()
        })
        .collect();
    let places = [glb::Place {
        name: "place_chamber".into(),
        position: Vec3::new(0.0, 0.0, 1.0),
        rotation: [0.0, 0.0, 0.0, 1.0],
    }];
    glb::write(
        &out.join("cave.glb"),
        "cave_of_lamps",
        &parts,
        &looks,
        &places,
    )?;
    pictures::write_all(out, options.quality, progress)?;
    std::fs::write(out.join("exhibit.ron"), EXHIBIT)?;
    progress(Step::Write, 1.0);
    Ok(Made {
        exhibit: out.join("exhibit.ron"),
        triangles: parts.iter().map(|p| p.triangles.len()).sum(),
    })
}
/// stub
pub fn write_starter(_dir: &std::path::Path) -> std::io::Result<()> { Err(std::io::Error::other("stub")) }
