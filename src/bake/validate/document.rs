//! The parts of the document that the checks of meaning share, read leniently.

use std::borrow::Cow;
use std::collections::HashSet;
use std::rc::Rc;

use serde_json::Value;

use super::json::{self, Object};

/// Component types of accessors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Component {
    I8,
    U8,
    I16,
    U16,
    U32,
    F32,
}

impl Component {
    fn of(number: u64) -> Option<Self> {
        Some(match number {
            5120 => Self::I8,
            5121 => Self::U8,
            5122 => Self::I16,
            5123 => Self::U16,
            5125 => Self::U32,
            5126 => Self::F32,
            _ => return None,
        })
    }

    /// Size in bytes.
    pub(super) fn size(self) -> u64 {
        match self {
            Self::I8 | Self::U8 => 1,
            Self::I16 | Self::U16 => 2,
            Self::U32 | Self::F32 => 4,
        }
    }

    /// Smallest and largest value.
    pub(super) fn range(self) -> (f64, f64) {
        match self {
            Self::I8 => (-128.0, 127.0),
            Self::U8 => (0.0, 255.0),
            Self::I16 => (-32768.0, 32767.0),
            Self::U16 => (0.0, 65535.0),
            Self::U32 => (0.0, 4_294_967_295.0),
            Self::F32 => (f64::MIN, f64::MAX),
        }
    }

    /// Its name in messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::I8 => "BYTE",
            Self::U8 => "UNSIGNED_BYTE",
            Self::I16 => "SHORT",
            Self::U16 => "UNSIGNED_SHORT",
            Self::U32 => "UNSIGNED_INT",
            Self::F32 => "FLOAT",
        }
    }
}

/// Element types of accessors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Scalar,
    Vec2,
    Vec3,
    Vec4,
    Mat2,
    Mat3,
    Mat4,
}

impl Kind {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "SCALAR" => Self::Scalar,
            "VEC2" => Self::Vec2,
            "VEC3" => Self::Vec3,
            "VEC4" => Self::Vec4,
            "MAT2" => Self::Mat2,
            "MAT3" => Self::Mat3,
            "MAT4" => Self::Mat4,
            _ => return None,
        })
    }

    /// Numbers in an element.
    pub(super) fn components(self) -> usize {
        match self {
            Self::Scalar => 1,
            Self::Vec2 => 2,
            Self::Vec3 => 3,
            Self::Vec4 | Self::Mat2 => 4,
            Self::Mat3 => 9,
            Self::Mat4 => 16,
        }
    }

    /// Rows of a matrix; 0 for the others.
    pub(super) fn rows(self) -> u64 {
        match self {
            Self::Mat2 => 2,
            Self::Mat3 => 3,
            Self::Mat4 => 4,
            _ => 0,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Scalar => "SCALAR",
            Self::Vec2 => "VEC2",
            Self::Vec3 => "VEC3",
            Self::Vec4 => "VEC4",
            Self::Mat2 => "MAT2",
            Self::Mat3 => "MAT3",
            Self::Mat4 => "MAT4",
        }
    }
}

/// The format of an accessor's elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Format {
    pub(super) kind: Kind,
    pub(super) component: Component,
    pub(super) is_normalized: bool,
}

impl Format {
    /// Bytes from one column of a matrix to the next, which start at multiples of four.
    pub(super) fn column_stride(self) -> u64 {
        (self.kind.rows() * self.component.size()).next_multiple_of(4)
    }

    /// Bytes of an element, without padding after its last component.
    pub(super) fn element_length(self) -> u64 {
        let rows = self.kind.rows();
        if rows == 0 {
            self.kind.components() as u64 * self.component.size()
        } else {
            self.column_stride() * (rows - 1) + rows * self.component.size()
        }
    }

    /// Bytes from one element to the next when nothing else is said.
    pub(super) fn tight_stride(self) -> u64 {
        let rows = self.kind.rows();
        if rows == 0 {
            self.element_length()
        } else {
            self.column_stride() * rows
        }
    }
}

impl std::fmt::Display for Format {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} of {}", self.kind.name(), self.component.name())?;
        if self.is_normalized {
            out.write_str(", normalized")
        } else {
            Ok(())
        }
    }
}

/// A range of a buffer view inside an accessor.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    /// The buffer view, resolved or not.
    pub(super) view: Option<usize>,
    /// `None` when it is wrong.
    pub(super) offset: Option<u64>,
}

/// The part of an accessor that overrides single elements.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sparse {
    pub(super) count: u64,
    pub(super) indices: Span,
    pub(super) index_component: Option<Component>,
    pub(super) values: Span,
}

/// An accessor.
#[derive(Debug, Clone, Default)]
pub(super) struct Accessor {
    /// The buffer view, resolved or not.
    pub(super) view: Option<usize>,
    /// `None` when it is wrong.
    pub(super) offset: Option<u64>,
    /// `None` when it is missing or wrong, like the others.
    pub(super) kind: Option<Kind>,
    pub(super) component: Option<Component>,
    /// Kind and component together.
    pub(super) format: Option<Format>,
    /// At least 1.
    pub(super) count: Option<u64>,
    pub(super) min: Option<Vec<f64>>,
    pub(super) max: Option<Vec<f64>>,
    pub(super) sparse: Option<Sparse>,
}

/// What a buffer view is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ViewUse {
    Vertices,
    Indices,
    Matrices,
    Image,
    Other,
}

impl ViewUse {
    /// Its name in messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Vertices => "vertices",
            Self::Indices => "indices",
            Self::Matrices => "inverse bind matrices",
            Self::Image => "an image",
            Self::Other => "other data",
        }
    }
}

/// A buffer view.
#[derive(Debug, Clone, Default)]
pub(super) struct View {
    /// The buffer, resolved or not.
    pub(super) buffer: Option<usize>,
    /// `None` when it is wrong.
    pub(super) offset: Option<u64>,
    /// At least 1.
    pub(super) length: Option<u64>,
    pub(super) stride: Option<u64>,
    /// What it is for, from its target or its first use.
    pub(super) usage: Option<ViewUse>,
}

/// The document with what the checks learn of it.
pub(super) struct Document<'a> {
    pub(super) root: &'a Object,
    /// `extensionsUsed`.
    pub(super) used: HashSet<&'a str>,
    pub(super) accessors: Vec<Accessor>,
    pub(super) views: Vec<View>,
    /// Bytes of the buffers that could be had; several may share a file.
    pub(super) buffers: Vec<Option<Rc<Cow<'a, [u8]>>>>,
}

impl<'a> Document<'a> {
    /// Reads the shared parts of a document.
    pub(super) fn new(root: &'a Object) -> Self {
        let each = |name| json::array(root, name).iter().map(Value::as_object);
        Self {
            root,
            used: json::array(root, "extensionsUsed")
                .iter()
                .filter_map(Value::as_str)
                .collect(),
            accessors: each("accessors")
                .map(|item| item.map_or_else(Default::default, accessor))
                .collect(),
            views: each("bufferViews")
                .map(|item| item.map_or_else(Default::default, view))
                .collect(),
            buffers: Vec::new(),
        }
    }

    /// Whether `extensionsUsed` names an extension.
    pub(super) fn uses(&self, extension: &str) -> bool {
        self.used.contains(extension)
    }

    /// A buffer view, when the index leads to one.
    pub(super) fn view(&self, index: Option<usize>) -> Option<&View> {
        self.views.get(index?)
    }

    /// An accessor, when the index leads to one.
    pub(super) fn accessor(&self, index: Option<usize>) -> Option<&Accessor> {
        let index = index?;
        let is_there = json::array(self.root, "accessors").get(index)?.is_object();
        self.accessors.get(index).filter(|_| is_there)
    }

    /// Whether an accessor's buffer view sets a stride.
    pub(super) fn has_stride(&self, accessor: &Accessor) -> bool {
        self.view(accessor.view)
            .is_some_and(|view| view.stride.is_some())
    }

    /// `length` bytes of a buffer view; `None` when any of it is missing.
    pub(super) fn bytes(&self, span: Span, length: u64) -> Option<&[u8]> {
        let (view, offset) = (self.view(span.view)?, span.offset?);
        if offset.checked_add(length)? > view.length? {
            return None;
        }
        let start = usize::try_from(view.offset?.checked_add(offset)?).ok()?;
        let end = start.checked_add(usize::try_from(length).ok()?)?;
        self.buffers.get(view.buffer?)?.as_deref()?.get(start..end)
    }
}

fn accessor(object: &Object) -> Accessor {
    let component = json::uint(object, "componentType").and_then(Component::of);
    let kind = json::text(object, "type").and_then(Kind::of);
    let is_normalized = object.get("normalized") == Some(&Value::Bool(true));
    let format = kind.zip(component).map(|(kind, component)| Format {
        kind,
        component,
        is_normalized,
    });
    Accessor {
        view: json::index(object, "bufferView"),
        offset: offset(object),
        kind,
        component,
        format,
        count: json::uint(object, "count").filter(|count| *count > 0),
        min: format.and_then(|format| bound(object, "min", format)),
        max: format.and_then(|format| bound(object, "max", format)),
        sparse: json::object(object, "sparse").and_then(sparse),
    }
}

/// An offset; 0 when there is none, `None` when it is wrong.
fn offset(object: &Object) -> Option<u64> {
    if object.contains_key("byteOffset") {
        json::uint(object, "byteOffset")
    } else {
        Some(0)
    }
}

/// Declared bounds, when every number can be one of the format.
fn bound(object: &Object, name: &str, format: Format) -> Option<Vec<f64>> {
    let numbers = json::numbers(object, name)?;
    let (least, most) = format.component.range();
    if format.component == Component::F32 {
        // Compared as the floats that they stand for.
        (numbers.len() == format.kind.components()).then(|| {
            numbers
                .iter()
                .map(|number| f64::from(*number as f32))
                .collect()
        })
    } else {
        let is_one = |number: &f64| number.fract() == 0.0 && (least..=most).contains(number);
        (numbers.len() == format.kind.components() && numbers.iter().all(is_one)).then_some(numbers)
    }
}

fn sparse(object: &Object) -> Option<Sparse> {
    let indices = json::object(object, "indices")?;
    let values = json::object(object, "values")?;
    let span = |object| Span {
        view: json::index(object, "bufferView"),
        offset: offset(object),
    };
    Some(Sparse {
        count: json::uint(object, "count").filter(|count| *count > 0)?,
        indices: span(indices),
        index_component: json::uint(indices, "componentType")
            .filter(|number| [5121, 5123, 5125].contains(number))
            .and_then(Component::of),
        values: span(values),
    })
}

fn view(object: &Object) -> View {
    View {
        buffer: json::index(object, "buffer"),
        offset: offset(object),
        length: json::uint(object, "byteLength").filter(|length| *length > 0),
        stride: json::uint(object, "byteStride").filter(|stride| (4..=252).contains(stride)),
        usage: match json::uint(object, "target") {
            Some(34962) => Some(ViewUse::Vertices),
            Some(34963) => Some(ViewUse::Indices),
            _ => None,
        },
    }
}
