//! The smallest things an author writes: ids, paths, colors, values.

use std::hash::{Hash, Hasher};

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
        pub struct $name(pub(crate) Spanned<String>);

        impl $name {
            /// An id from text that no author wrote (tests, generated scenes).
            #[must_use]
            pub fn new(id: impl Into<String>) -> Self {
                Self(Spanned { value: id.into(), span: Span::default() })
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
    pub const WHITE: Self = Self { linear: [1.0, 1.0, 1.0] };

    /// A linear color.
    #[must_use]
    pub const fn linear(red: f32, green: f32, blue: f32) -> Self {
        Self { linear: [red, green, blue] }
    }
}

impl Default for Color {
    fn default() -> Self {
        Self::WHITE
    }
}

/// The value of a variable.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `true` or `false`.
    Flag(bool),
    /// A number.
    Number(f64),
    /// A word, in quotes.
    Word(String),
}

impl Default for Value {
    fn default() -> Self {
        Self::Flag(false)
    }
}
