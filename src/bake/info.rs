//! What a model or image file holds, without decoding it: for `grotto info` and for the
//! checks of a scene.
//!
//! Reads the JSON and the headers of images only, so that it answers at once for a file of
//! any size. Bounds come from the accessors' stated minima and maxima.

use std::fmt;
use std::path::Path;

use bevy::math::{DAffine3, DVec3};
use serde::Serialize;

use super::error::{Cause, Fault, ReadError};
use super::gltf::outline;
use super::images::header::{self, ImageFacts};
use super::model::{About, Finding};
use super::options::ReadOptions;

/// A file's contents in figures.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Info {
    /// A glTF file.
    Model(Box<ModelInfo>),
    /// An image.
    Image(ImageInfo),
}

/// So many nodes are listed by name.
const MOST_NODES_LISTED: usize = 24;

/// A glTF file in figures.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ModelInfo {
    /// Size of the file itself in bytes.
    pub file_bytes: u64,
    /// The tool that wrote it.
    pub generator: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Its author.
    pub author: Option<String>,
    /// Its licence.
    pub licence: Option<String>,
    /// Its copyright notice.
    pub copyright: Option<String>,
    /// Nodes of the default scene.
    pub nodes: u64,
    /// Meshes that the scene shows.
    pub meshes: u64,
    /// Parts of those meshes.
    pub primitives: u64,
    /// Triangles on screen: a mesh shown twice counts twice.
    pub triangles: u64,
    /// Vertices in memory: a mesh shown twice counts once.
    pub vertices: u64,
    /// Names of those nodes that have one: what scene files call them by.
    pub node_names: Vec<String>,
    /// Names of materials.
    pub materials: Vec<String>,
    /// Images that the materials name.
    pub images: Vec<ImageInfo>,
    /// Its animations.
    pub clips: Vec<ClipInfo>,
    /// Skins: figures that bend.
    pub skins: u64,
    /// Lights.
    pub lights: u64,
    /// Extensions.
    pub extensions: Vec<ExtensionInfo>,
    /// Smallest corner of everything, in the units of the file.
    pub low: Option<[f64; 3]>,
    /// Largest corner.
    pub high: Option<[f64; 3]>,
    /// What the size or place suggests, for an author; empty if nothing.
    pub hint: String,
    /// Bytes of vertices and indices in GPU memory.
    pub geometry_bytes: u64,
    /// Bytes of textures with mips in GPU memory, uncompressed.
    pub texture_bytes: u64,
    /// What is wrong with it, one sentence each.
    pub findings: Vec<String>,
}

/// An animation in figures.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ClipInfo {
    /// Its name.
    pub name: String,
    /// How long it takes, as the file states it.
    pub duration_secs: f32,
}

/// An extension that a file uses.
#[derive(Debug, Clone, Serialize)]
pub struct ExtensionInfo {
    /// Its name.
    pub name: String,
    /// The file cannot be shown without it.
    pub is_required: bool,
    /// We honour it.
    pub is_supported: bool,
}

/// An image file in figures.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ImageInfo {
    /// Its name or path.
    pub name: String,
    /// `PNG`, `JPEG`, `WebP`, `KTX2 ETC1S`, `KTX2 UASTC`; empty if unreadable.
    pub format: String,
    /// Texels.
    pub width: u32,
    /// Texels.
    pub height: u32,
    /// Channels as people write them: `RGB`, `RGBA`, `grey`.
    pub channels: String,
    /// Bits a channel.
    pub bits: u32,
    /// Mip levels in the file.
    pub mip_levels: u32,
    /// Size of the file in bytes.
    pub file_bytes: u64,
    /// Bytes in GPU memory with mips, uncompressed.
    pub gpu_bytes: u64,
    /// Why it cannot be read; empty if it can.
    pub problem: String,
}

impl ImageInfo {
    pub(crate) fn new(name: String, file_bytes: u64, facts: Result<ImageFacts, Fault>) -> Self {
        let named = Self {
            name,
            file_bytes,
            ..Self::default()
        };
        match facts {
            Ok(facts) => Self {
                format: facts.format.to_owned(),
                width: facts.width,
                height: facts.height,
                channels: facts.channels.to_owned(),
                bits: facts.bits,
                mip_levels: facts.mip_levels,
                gpu_bytes: super::images::mips::chain_bytes(facts.width, facts.height),
                ..named
            },
            Err(fault) => Self {
                problem: fault.cause.to_string(),
                ..named
            },
        }
    }
}

/// Says what a model or image file holds.
///
/// # Errors
/// When the file is missing or is neither a model nor an image that we read.
pub fn info(path: &Path) -> Result<Info, ReadError> {
    let in_file = |fault: Fault| fault.in_file(path);
    let options = ReadOptions::default();
    if let Some(facts) = header::of_file(path, &options.limits).map_err(in_file)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let file_bytes = std::fs::metadata(path).map(|m| m.len()).unwrap_or_default();
        return match facts {
            Ok(facts) => Ok(Info::Image(ImageInfo::new(
                name.into_owned(),
                file_bytes,
                Ok(facts),
            ))),
            Err(fault) => Err(in_file(fault)),
        };
    }
    let outline = outline::of_file(path, &options, outline::Images::Told).map_err(in_file)?;
    Ok(Info::Model(Box::new(outline.into_info())))
}

/// Cheap facts about a model, for the checks of a scene.
#[derive(Debug, Clone, Default)]
pub struct MeshFacts {
    /// Smallest corner of everything, in units of the file and along its axes; `None` when
    /// nothing is shown.
    pub low: Option<DVec3>,
    /// Largest corner.
    pub high: Option<DVec3>,
    /// Names of the nodes of the default scene, in its order.
    pub node_names: Vec<String>,
    /// Where each of those nodes is and which way it looks, in units of the file.
    pub node_places: Vec<DAffine3>,
    /// Of each node whose mesh bends (a skin, morph targets): its name and those of the nodes it
    /// hangs on.
    pub bending: Vec<Vec<String>>,
    /// Names of all materials.
    pub material_names: Vec<String>,
    /// All animations.
    pub clips: Vec<ClipInfo>,
    /// Triangles on screen.
    pub triangles: u64,
    /// What the file says of itself.
    pub about: About,
    /// What is wrong with it.
    pub findings: Vec<Finding>,
}

/// Collects [`MeshFacts`], reading no vertices and no images.
///
/// # Errors
/// As [`super::read_model`], as far as the JSON tells.
pub fn mesh_facts(path: &Path) -> Result<MeshFacts, ReadError> {
    outline::of_file(path, &ReadOptions::default(), outline::Images::LeftAlone)
        .map(outline::Outline::into_facts)
        .map_err(|fault| fault.in_file(path))
}

/// What the extent of a model says about its units and place; empty when it looks right.
#[must_use]
pub fn size_hint(low: DVec3, high: DVec3) -> String {
    let size = (high - low).max_element();
    let distance = ((low + high) / 2.0).length();
    if !size.is_finite() || size <= 0.0 {
        return "it has no extent".to_owned();
    }
    if distance > 4.0 * size && distance > 1000.0 {
        return format!(
            "it lies {:.0} km from its origin: survey coordinates; give the scene an origin to \
             rebase to, or leave it to Grotto",
            distance / 1000.0
        );
    }
    if size > 1500.0 {
        return format!(
            "{size:.0} units across: is this file in millimetres? As metres it would be {:.1} km",
            size / 1000.0
        );
    }
    if size > 150.0 {
        return format!("{size:.0} units across: is this file in centimetres?");
    }
    if size < 0.01 {
        return format!("{:.1} mm across if the file is in metres", size * 1000.0);
    }
    String::new()
}

/// A number of bytes as people read it.
fn bytes(count: u64) -> String {
    match count {
        0..1024 => format!("{count} B"),
        1024..1_048_576 => format!("{:.1} KiB", count as f64 / 1024.0),
        1_048_576..1_073_741_824 => format!("{:.1} MiB", count as f64 / 1_048_576.0),
        _ => format!("{:.2} GiB", count as f64 / 1_073_741_824.0),
    }
}

/// A count with its noun.
fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { many })
}

/// Digits in groups of three.
fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

impl fmt::Display for Info {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Image(image) => image.fmt(f),
            Self::Model(model) => model.fmt(f),
        }
    }
}

impl fmt::Display for ImageInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.problem.is_empty() {
            return write!(f, "{}: {}", self.name, self.problem);
        }
        write!(
            f,
            "{}: {} {} x {}, {} {} bits, {} in the file, {} on the GPU",
            self.name,
            self.format,
            self.width,
            self.height,
            self.channels,
            self.bits,
            bytes(self.file_bytes),
            bytes(self.gpu_bytes),
        )
    }
}

impl fmt::Display for ModelInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut row = |name: &str, value: &str| -> fmt::Result {
            if value.is_empty() {
                return Ok(());
            }
            writeln!(f, "{name:<12} {value}")
        };
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        row("title", &text(&self.title))?;
        row("author", &text(&self.author))?;
        row("licence", &text(&self.licence))?;
        row("copyright", &text(&self.copyright))?;
        row("generator", &text(&self.generator))?;
        row("file", &bytes(self.file_bytes))?;
        row(
            "geometry",
            &format!(
                "{} in {} of {}, {}",
                counted(self.triangles, "triangle", "triangles"),
                counted(self.primitives, "part", "parts"),
                counted(self.meshes, "mesh", "meshes"),
                counted(self.nodes, "node", "nodes"),
            ),
        )?;
        row("", &counted(self.vertices, "vertex", "vertices"))?;
        if let (Some(low), Some(high)) = (self.low, self.high) {
            let size = DVec3::from(high) - DVec3::from(low);
            row(
                "size",
                &format!(
                    "{:.3} x {:.3} x {:.3} (metres, if the file keeps to glTF)",
                    size.x, size.y, size.z
                ),
            )?;
            row(
                "from",
                &format!("{:.3}, {:.3}, {:.3}", low[0], low[1], low[2]),
            )?;
            row(
                "to",
                &format!("{:.3}, {:.3}, {:.3}", high[0], high[1], high[2]),
            )?;
        }
        row("hint", &self.hint)?;
        for extension in &self.extensions {
            let required = if extension.is_required {
                ", required"
            } else {
                ""
            };
            let supported = if extension.is_supported {
                ""
            } else {
                ", NOT SUPPORTED"
            };
            row(
                "extension",
                &format!("{}{required}{supported}", extension.name),
            )?;
        }
        for name in self.node_names.iter().take(MOST_NODES_LISTED) {
            row("node", name)?;
        }
        if let Some(more) = self
            .node_names
            .len()
            .checked_sub(MOST_NODES_LISTED)
            .filter(|more| *more > 0)
        {
            row("", &format!("and {more} more"))?;
        }
        for material in &self.materials {
            row("material", material)?;
        }
        for image in &self.images {
            row("image", &image.to_string())?;
        }
        for clip in &self.clips {
            row(
                "animation",
                &format!("{}, {:.2} s", clip.name, clip.duration_secs),
            )?;
        }
        for (count, what) in [(self.lights, "lights"), (self.skins, "skins")] {
            if count > 0 {
                row("also", &format!("{count} {what}"))?;
            }
        }
        row(
            "GPU memory",
            &format!(
                "{} geometry + {} textures",
                bytes(self.geometry_bytes),
                bytes(self.texture_bytes)
            ),
        )?;
        for finding in &self.findings {
            row("finding", finding)?;
        }
        Ok(())
    }
}

/// The cause of an extension that a file requires and we cannot read, as a finding.
pub(crate) fn refusal(fault: &Fault) -> String {
    match &fault.cause {
        cause @ Cause::UnsupportedExtension(_) => format!("the file {cause}"),
        cause => cause.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_hinted_at_in_words() {
        let hint = |low: f64, high: f64| size_hint(DVec3::splat(low), DVec3::splat(high));
        assert_eq!(hint(-3.0, 3.0), "", "a room needs no hint");
        assert!(
            hint(0.0, 6000.0).contains("millimetres"),
            "6000 units look like millimetres"
        );
        assert!(
            hint(0.0, 300.0).contains("centimetres"),
            "300 units look like centimetres"
        );
        assert!(
            hint(400_000.0, 400_010.0).contains("survey"),
            "far away means survey coordinates"
        );
        assert!(
            hint(0.0, 0.001).contains("mm"),
            "tiny things are told in millimetres"
        );
        assert!(
            hint(1.0, 1.0).contains("no extent"),
            "a point has no extent"
        );
    }

    #[test]
    fn numbers_are_written_for_people() {
        assert_eq!(
            grouped(1_234_567),
            "1,234,567",
            "digits are grouped from the right"
        );
        assert_eq!(grouped(12), "12", "small numbers have one group");
        assert_eq!(bytes(89_478_485), "85.3 MiB", "bytes in their unit");
    }
}
