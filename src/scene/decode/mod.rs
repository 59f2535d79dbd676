//! From the tree of a file to the types of [`super::schema`].
//!
//! Decoding never stops at an error: a field that cannot be read keeps its default, an item
//! that cannot be read keeps its place (empty ids are dropped at the end), and everything
//! worth checking across files (ids, references, paths, texts) is gathered on the way, so
//! that a field added to the schema is checked without another line.

mod atom;
mod basic;
mod choice;
mod decimal;
mod record;
mod special;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::files::SceneFiles;
use super::schema::{FilePath, Language, Spanned};
use super::syntax::{Kind, Node};
use crate::diagnostic::{Diagnostic, Report, Span};

pub(crate) use basic::plain;
pub(crate) use record::describe;

/// What a path must lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum FileKind {
    Mesh,
    Image,
    Panorama,
    Audio,
    Captions,
    Head,
    Scene,
}

impl FileKind {
    pub(crate) const ALL: [Self; 6] = [
        Self::Mesh,
        Self::Image,
        Self::Panorama,
        Self::Audio,
        Self::Captions,
        Self::Scene,
    ];

    /// In words, and the endings that are read.
    pub(crate) fn words(self) -> (&'static str, &'static [&'static str]) {
        match self {
            Self::Mesh => ("a mesh", &["glb", "gltf"]),
            Self::Image => ("an image", &["png", "jpg", "jpeg", "webp", "ktx2"]),
            Self::Panorama => ("a panorama", &["png", "jpg", "jpeg", "webp", "ktx2"]),
            Self::Audio => ("a sound", &["ogg", "opus", "flac", "wav", "mp3"]),
            Self::Captions => ("a caption file", &["vtt"]),
            Self::Head => ("a SOFA file", &["sofa"]),
            Self::Scene => ("a scene file", &["ron"]),
        }
    }
}

/// What a field asks of its value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spec {
    /// The field's name; empty within a variant.
    pub(crate) name: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) range: Option<(f64, f64)>,
    /// Most columns of a text that has a small place on screen.
    pub(crate) limit: Option<usize>,
    pub(crate) file: FileKind,
    /// Items may be paths of files that hold them.
    pub(crate) parts: bool,
    /// How the default is shown in the documentation.
    pub(crate) shown: &'static str,
}

impl Spec {
    pub(crate) const fn of(name: &'static str) -> Self {
        Self {
            name,
            unit: "",
            range: None,
            limit: None,
            file: FileKind::Image,
            parts: false,
            shown: "",
        }
    }

    pub(crate) const fn unit(self, unit: &'static str) -> Self {
        Self { unit, ..self }
    }

    pub(crate) const fn range(self, least: f64, most: f64) -> Self {
        Self {
            range: Some((least, most)),
            ..self
        }
    }

    pub(crate) const fn limit(self, columns: usize) -> Self {
        Self {
            limit: Some(columns),
            ..self
        }
    }

    pub(crate) const fn file(self, file: FileKind) -> Self {
        Self { file, ..self }
    }

    pub(crate) const fn parts(self) -> Self {
        Self {
            parts: true,
            ..self
        }
    }

    pub(crate) const fn shown(self, shown: &'static str) -> Self {
        Self { shown, ..self }
    }
}

/// A field, for decoding and for the documentation.
pub(crate) struct FieldSchema {
    pub(crate) name: &'static str,
    pub(crate) type_name: fn() -> String,
    /// What stands in it, see [`Decode::parts`].
    pub(crate) parts: fn() -> &'static [FieldSchema],
    pub(crate) spec: Spec,
    pub(crate) is_required: bool,
    /// The default as written in Rust.
    pub(crate) default: &'static str,
    pub(crate) doc: &'static [&'static str],
}

/// A record, for decoding and for the documentation.
pub(crate) struct RecordSchema {
    pub(crate) name: &'static str,
    pub(crate) doc: &'static [&'static str],
    pub(crate) fields: &'static [FieldSchema],
}

/// A choice, for decoding and for the documentation.
pub(crate) struct ChoiceSchema {
    pub(crate) name: &'static str,
    pub(crate) doc: &'static [&'static str],
    pub(crate) variants: &'static [VariantSchema],
}

/// One of a choice.
pub(crate) struct VariantSchema {
    pub(crate) name: &'static str,
    pub(crate) doc: &'static [&'static str],
    pub(crate) shape: VariantShape,
}

/// What follows a variant's name.
pub(crate) enum VariantShape {
    Bare,
    Values(&'static [(fn() -> String, Spec)]),
    Fields(&'static [FieldSchema]),
}

/// Something an author can write.
pub(crate) trait Decode: Sized {
    /// What it is called in the documentation.
    fn type_name() -> String;

    /// The fields that stand in it, where it is a record.
    fn parts() -> &'static [FieldSchema] {
        &[]
    }

    /// Reads it. `None` when it cannot be read, and then the report says why (unless the
    /// node is broken: then it has been said).
    fn decode(node: &Node<'_>, spec: &Spec, decoder: &mut Decoder<'_>) -> Option<Self>;
}

/// What an id names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum IdKind {
    Space,
    View,
    Mesh,
    Light,
    Surface,
    Layer,
    Hotspot,
    Group,
    Sound,
    Tour,
    Step,
    Variable,
}

impl IdKind {
    /// In words, and the code of an unknown one.
    pub(crate) fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Space => ("space", "unknown-space"),
            Self::View => ("view", "unknown-view"),
            Self::Mesh => ("mesh", "unknown-mesh"),
            Self::Light => ("light", "unknown-light"),
            Self::Surface => ("surface", "unknown-surface"),
            Self::Layer => ("layer", "unknown-layer"),
            Self::Hotspot => ("hotspot", "unknown-hotspot"),
            Self::Group => ("group", "unknown-group"),
            Self::Sound => ("sound", "unknown-sound"),
            Self::Tour => ("tour", "unknown-tour"),
            Self::Step => ("step", "unknown-step"),
            Self::Variable => ("variable", "unknown-variable"),
        }
    }
}

/// An id, where it was written and what it names.
#[derive(Debug, Clone)]
pub(crate) struct IdUse {
    pub(crate) kind: IdKind,
    pub(crate) id: Arc<str>,
    pub(crate) span: Span,
}

/// A path and what it must lead to.
#[derive(Debug, Clone)]
pub(crate) struct PathUse {
    pub(crate) path: FilePath,
    pub(crate) kind: FileKind,
}

/// Something given per language.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LanguageUse {
    pub(crate) field: &'static str,
    /// The languages it is given in: bits by their index in [`Decoder::languages`].
    pub(crate) languages: u128,
    pub(crate) has_plain: bool,
    /// Some of it could not be read: what is missing may have been there.
    pub(crate) is_broken: bool,
    /// Whether it is text (or else a file).
    pub(crate) is_text: bool,
    pub(crate) span: Span,
}

/// A text that is too wide for its place, in columns.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TooWide {
    pub(crate) field: &'static str,
    pub(crate) span: Span,
    pub(crate) width: usize,
    pub(crate) limit: usize,
}

/// The cure for what stands in `Some(...)`, or for `null`, where neither belongs.
fn unwrapped(node: &Node<'_>) -> Option<&'static str> {
    let Kind::Record(record) = &node.kind else {
        return None;
    };
    match record.name.as_ref()?.text.as_ref() {
        "Some" => Some("write the value alone, without `Some(...)` around it"),
        "None" | "null" | "Null" | "nil" => Some("leave the field out"),
        _ => None,
    }
}

/// What is checked when all files are read.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    pub(crate) definitions: Vec<IdUse>,
    pub(crate) references: Vec<IdUse>,
    pub(crate) paths: Vec<PathUse>,
    pub(crate) texts: Vec<LanguageUse>,
    pub(crate) too_wide: Vec<TooWide>,
}

/// Decodes files into a report and a heap of things to check.
pub(crate) struct Decoder<'a> {
    pub(crate) report: &'a mut Report,
    pub(crate) files: &'a dyn SceneFiles,
    pub(crate) gathered: Gathered,
    /// The file being decoded, with its path in the exhibit, and those that include it.
    pub(crate) open_files: Vec<String>,
    /// All scene files asked for, in order.
    pub(crate) read: BTreeSet<String>,
    /// How many files were read in all; a file may be included by several.
    pub(crate) read_count: usize,
    /// Values in the files read so far.
    pub(crate) nodes: usize,
    /// Tags that were read before: the same few are written thousands of times.
    /// As written, as meant, and where first.
    pub(crate) languages: Vec<(String, Spanned<Language>)>,
    /// Items that could not be read may have been of these kinds: references to them are
    /// not called unknown.
    pub(crate) lost: BTreeSet<IdKind>,
}

impl Decoder<'_> {
    /// Says that a value is of the wrong type, unless it is known to be broken.
    pub(crate) fn wrong_type(&mut self, node: &Node<'_>, expected: &str, help: &str) {
        if node.kind == Kind::Broken {
            return;
        }
        let help = unwrapped(node).unwrap_or(help);
        let message = format!("expected {expected}, found {}", describe(node));
        self.report.push(
            Diagnostic::error("wrong-type", message)
                .at(node.span)
                .help(help),
        );
    }

    /// Says that decimals were written with commas; `meant` is how they should be, and `name`
    /// stands before their parentheses.
    fn decimal_comma(&mut self, span: Span, meant: &str, name: &str) {
        self.report.push(
            Diagnostic::error("decimal-comma", decimal::SAID)
                .at(span)
                .help(format!("write {name}({meant})")),
        );
    }

    /// Remembers that something was lost to an error, so that references to it are not
    /// called unknown. The type is as the documentation names it.
    pub(crate) fn mark_lost(&mut self, type_name: &str) {
        use IdKind::*;
        let kinds: &[IdKind] = match type_name.trim_matches(['[', ']']) {
            "Space" => &[Space, Mesh, Light, Surface, Layer],
            "View" => &[View],
            "MeshPlacement" => &[Mesh],
            "Light" => &[Light],
            "Surface" => &[Surface, Layer],
            "Layer" => &[Layer],
            "Hotspot" => &[Hotspot, Group],
            "Sound" => &[Sound],
            "Tour" => &[Tour, Step],
            "TourStep" => &[Step],
            "Variable" => &[Variable],
            _ => &[],
        };
        self.lost.extend(kinds);
    }
}
