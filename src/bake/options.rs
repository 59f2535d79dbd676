//! How a model shall be read, and how its reading is watched.

use std::path::PathBuf;

use bevy::math::DVec3;

use super::limits::Limits;

/// How a model shall be read. `ReadOptions::default()` reads a file as it is: metres,
/// Y up, near its own origin.
#[derive(Debug, Clone)]
pub struct ReadOptions {
    /// Metres per unit of the file: 0.001 for millimetres.
    pub unit_scale: f64,
    /// Which way the file's up is.
    pub up: Up,
    /// Which point of the file becomes (0, 0, 0).
    pub origin: Origin,
    /// Names of nodes to leave out with everything below them; `*` and `?` are wild.
    pub hide: Vec<String>,
    /// Whether images are decoded; without, a model has its shape alone.
    pub has_images: bool,
    /// Images that nobody will see, as others take their place: they are not decoded.
    pub replaced: Vec<Replaced>,
    /// Whether textures are compressed for the GPU, where it has the formats.
    pub compression: TextureCompression,
    /// The GPU samples BC formats. KTX2 images then stay compressed in any case.
    pub has_bc: bool,
    /// Where compressed textures are kept from one start to the next.
    pub texture_folder: Option<PathBuf>,
    /// See [`Limits`].
    pub limits: Limits,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            unit_scale: 1.0,
            up: Up::Y,
            origin: Origin::Auto,
            hide: Vec::new(),
            has_images: true,
            replaced: Vec::new(),
            compression: TextureCompression::None,
            has_bc: false,
            texture_folder: None,
            limits: Limits::default(),
        }
    }
}

/// Images of a material in whose place others are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaced {
    /// Name of the material; `*` and `?` are wild.
    pub material: String,
    /// Its base color.
    pub base_color: bool,
    /// Its normal map.
    pub normal: bool,
    /// Its roughness and metal, and its occlusion where that is in the same texture.
    pub orm: bool,
}

/// The file's up axis. glTF says Y; scans exported from surveying tools are often Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Up {
    /// As glTF says.
    #[default]
    Y,
    /// The whole model is turned by -90 degrees about X.
    Z,
}

/// Which point of the file becomes the model's origin. Subtracted in f64 before anything
/// is rounded to f32.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Origin {
    /// The file's own origin, however far away.
    File,
    /// The file's own origin unless the model lies more than a kilometre from it; then the
    /// centre of its bounds, rounded to whole metres.
    #[default]
    Auto,
    /// This point, in the file's own units and axes, as on the survey's sheet.
    At(DVec3),
}

/// What textures become in GPU memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TextureCompression {
    /// 4 bytes a texel, exact.
    #[default]
    None,
    /// Block compression: a quarter of the memory (BC7 colour and data, BC5 normals), with
    /// a loss that is hard to see. Takes processor time while reading. Large opaque images
    /// are first brought to sides that are multiples of 4; others of odd sides stay as they are.
    Blocks,
}

/// Parts of reading a model, in the order in which they begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Opening the file and reading its JSON.
    Opening,
    /// Decoding vertices and indices.
    Geometry,
    /// Decoding images and making mips; runs beside `Geometry`.
    Images,
    /// Placing everything.
    Finishing,
}

/// Is told how far reading is. Called from worker threads, a few hundred times at most.
pub trait Progress: Sync {
    /// `fraction` of `phase` is done, 0 to 1.
    fn report(&self, phase: Phase, fraction: f32);

    /// True makes the reader stop soon with [`super::error::Cause::Cancelled`].
    fn is_cancelled(&self) -> bool {
        false
    }
}

/// Nobody watches.
impl Progress for () {
    fn report(&self, _phase: Phase, _fraction: f32) {}
}

/// Whether `name` matches `pattern`, where `*` stands for any characters and `?` for one.
/// Upper and lower case differ, as they do in glTF.
#[must_use]
pub fn name_matches(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    let (mut p, mut n) = (0, 0);
    // Where to resume when the characters after the last star do not fit.
    let mut resume = None;
    while n < name.len() {
        match pattern.get(p) {
            Some('*') => {
                resume = Some((p, n));
                p += 1;
            }
            Some(c) if *c == '?' || *c == name[n] => {
                p += 1;
                n += 1;
            }
            _ => match resume {
                Some((star, taken)) => {
                    p = star + 1;
                    n = taken + 1;
                    resume = Some((star, taken + 1));
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_names_as_a_shell_does() {
        for (pattern, name, expected) in [
            ("floor*", "floor_01", true),
            ("floor*", "Floor_01", false),
            ("*wall*north", "cave wall to the north", true),
            ("wall?", "wall", false),
            ("wall?", "wall7", true),
            ("*", "", true),
            ("", "x", false),
            ("a*b*c", "a_b_b", false),
        ] {
            assert_eq!(
                name_matches(pattern, name),
                expected,
                "'{pattern}' against '{name}' gives the wrong answer"
            );
        }
    }
}
