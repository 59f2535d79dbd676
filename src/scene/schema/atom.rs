//! The smallest things an author writes: ids, paths, colors, values.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::diagnostic::Span;

/// A value and where it was written. Two are equal when their values are, wherever they stand.
#[derive(Debug, Clone, Default)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it was written.
    pub span: Span,
}

impl<T: PartialEq> PartialEq for Spanned<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Spanned<T> {}

impl<T: Hash> Hash for Spanned<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.value.hash(state);
    }
}

macro_rules! ids {
    ($( $(#[$meta:meta])* $name:ident, $what:literal; )*) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
        pub struct $name(pub(crate) Spanned<Arc<str>>);

        impl $name {
            /// An id from text that no author wrote (tests, generated scenes).
            #[must_use]
            pub fn new(id: impl Into<String>) -> Self {
                Self(Spanned { value: id.into().into(), span: Span::default() })
            }

            /// The id as written. Empty when the author's could not be read.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0.value
            }

            /// Where it was written.
            #[must_use]
            pub fn span(&self) -> Span {
                self.0.span
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )* };
}

ids! {
    /// Names a [`Space`](super::Space).
    SpaceId, "space";
    /// Names a [`View`](super::View).
    ViewId, "view";
    /// Names a [`MeshPlacement`](super::MeshPlacement).
    MeshId, "mesh";
    /// Names a [`Light`](super::Light).
    LightId, "light";
    /// Names a [`Surface`](super::Surface).
    SurfaceId, "surface";
    /// Names a [`Layer`](super::Layer) within its surface.
    LayerId, "layer";
    /// Names a [`Hotspot`](super::Hotspot).
    HotspotId, "hotspot";
    /// Names a group of hotspots of which one is open at a time.
    GroupId, "group";
    /// Names a [`Sound`](super::Sound).
    SoundId, "sound";
    /// Names a [`Tour`](super::Tour).
    TourId, "tour";
    /// Names a [`TourStep`](super::TourStep) within its tour.
    StepId, "step";
    /// Names a [`Variable`](super::Variable).
    VariableId, "variable";
}

/// A file of the exhibit. Written relative to the file that names it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct FilePath {
    /// As the author wrote it.
    pub written: Spanned<String>,
    /// Relative to the exhibit's folder, with `/` between folders and no `.` or `..`.
    /// Empty when the path is refused (absolute, outside the folder).
    pub in_exhibit: String,
}

/// A color, in linear Rec. 709 RGB. Written `"#ffcc88"` (sRGB, as in a picture program),
/// `Kelvin(2700)` or `Linear(1.0, 0.6, 0.3)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Color {
    /// Linear red, green, blue; 1 is the full color.
    pub linear: [f32; 3],
}

impl Color {
    /// White.
    pub const WHITE: Self = Self {
        linear: [1.0, 1.0, 1.0],
    };

    /// A linear color.
    #[must_use]
    pub const fn linear(red: f32, green: f32, blue: f32) -> Self {
        Self {
            linear: [red, green, blue],
        }
    }
}

impl Default for Color {
    fn default() -> Self {
        Self::WHITE
    }
}

/// The value of a variable.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub enum Value {
    /// `true` or `false`.
    Flag(bool),
    /// A number. Kept as its bits where a visit is saved: JSON would round it.
    Number(#[serde(with = "bits")] f64),
    /// A word, in quotes.
    Word(String),
}

mod bits {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(number: &f64, to: S) -> Result<S::Ok, S::Error> {
        number.to_bits().serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
        u64::deserialize(from).map(f64::from_bits)
    }
}

impl Default for Value {
    fn default() -> Self {
        Self::Flag(false)
    }
}

impl Color {
    /// Reads `#rrggbb` or `#rgb` (sRGB, IEC 61966-2-1).
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let bits = u32::from_str_radix(digits, 16).ok()?;
        let channels = match digits.len() {
            3 => [bits >> 8, bits >> 4, bits].map(|nibble| (nibble & 0xF) * 0x11),
            6 => [bits >> 16, bits >> 8, bits].map(|byte| byte & 0xFF),
            _ => return None,
        };
        Some(Self {
            linear: channels.map(|byte| linear_from_srgb(byte as f32 / 255.0)),
        })
    }

    /// The color of a black body, its largest channel 1. The locus is the cubic
    /// approximation of Kim et al. (US patent 7024034, 2006), good to a just noticeable
    /// difference from 1667 to 25000 K; outside that range, its end.
    #[must_use]
    pub fn from_kelvin(kelvin: f32) -> Self {
        let t = f64::from(kelvin.clamp(1667.0, 25_000.0));
        let (a, b, c) = (1e9 / (t * t * t), 1e6 / (t * t), 1e3 / t);
        let x = if t < 4000.0 {
            -0.266_123_9 * a - 0.234_358_9 * b + 0.877_695_6 * c + 0.179_910
        } else {
            -3.025_846_9 * a + 2.107_037_9 * b + 0.222_634_7 * c + 0.240_390
        };
        let y = if t < 2222.0 {
            ((-1.106_381_4 * x - 1.348_110_2) * x + 2.185_558_32) * x - 0.202_196_83
        } else if t < 4000.0 {
            ((-0.954_947_6 * x - 1.374_185_93) * x + 2.091_370_15) * x - 0.167_488_67
        } else {
            ((3.081_758 * x - 5.873_386_7) * x + 3.751_129_97) * x - 0.370_014_83
        };
        let (big_x, big_z) = (x / y, (1.0 - x - y) / y);
        let rgb = [
            3.240_454_2 * big_x - 1.537_138_5 - 0.498_531_4 * big_z,
            -0.969_266 * big_x + 1.876_010_8 + 0.041_556 * big_z,
            0.055_643_4 * big_x - 0.204_025_9 + 1.057_225_2 * big_z,
        ];
        let largest = rgb.into_iter().fold(f64::MIN_POSITIVE, f64::max);
        Self {
            linear: rgb.map(|channel| (channel.max(0.0) / largest) as f32),
        }
    }
}

fn linear_from_srgb(value: f32) -> f32 {
    if value <= 0.04045 {
        value / 12.92
    } else {
        bevy::math::ops::powf((value + 0.055) / 1.055, 2.4)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(color: Color, expected: [f32; 3], what: &str) {
        for (got, wanted) in color.linear.into_iter().zip(expected) {
            assert!(
                (got - wanted).abs() < 0.02,
                "{what}: {:?} is {expected:?}",
                color.linear
            );
        }
    }

    #[test]
    fn hexadecimal_colors_are_srgb() {
        close(Color::from_hex("#ffffff").unwrap(), [1.0; 3], "white");
        close(
            Color::from_hex("#808080").unwrap(),
            [0.2159; 3],
            "middle grey",
        );
        close(Color::from_hex("#f00").unwrap(), [1.0, 0.0, 0.0], "red");
        for wrong in ["ffffff", "#ffff", "#gggggg", "#", "#+fffff", "#é"] {
            assert_eq!(Color::from_hex(wrong), None, "{wrong} is no color");
        }
    }

    #[test]
    fn warm_light_is_warm_and_daylight_is_white() {
        close(
            Color::from_kelvin(6504.0),
            [1.0, 0.944, 0.994],
            "daylight: a little pinker than D65",
        );
        close(Color::from_kelvin(1900.0), [1.0, 0.24, 0.0], "a candle");
        assert_eq!(
            Color::from_kelvin(1.0),
            Color::from_kelvin(1667.0),
            "below the range is its end"
        );
    }
}
