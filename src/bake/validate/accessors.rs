//! Accessors: whether their declarations hold together and fit their buffer views.

use serde_json::Value;

use super::buffers::note_use;
use super::document::{Accessor, Component, Document, Format, Span, ViewUse};
use super::json::{self, Object, is_finite, shown};
use super::report::Report;

/// Checks every accessor's declaration.
pub(super) fn check(document: &mut Document<'_>, report: &mut Report) {
    let root = document.root;
    for (index, object) in json::objects(root, "accessors") {
        let pointer = format!("/accessors/{index}");
        declaration(object, &document.accessors[index], &pointer, report);
        let accessor = &document.accessors[index];
        let (Some(format), Some(count)) = (accessor.format, accessor.count) else {
            continue;
        };
        placement(document, accessor, format, count, &pointer, report);
        sparse(document, index, format, count, &pointer, report);
    }
}

fn declaration(object: &Object, accessor: &Accessor, pointer: &str, report: &mut Report) {
    if accessor.view.is_none() && object.contains_key("byteOffset") {
        report.error(
            "UNSATISFIED_DEPENDENCY",
            format!("{pointer}/byteOffset"),
            "An offset needs a 'bufferView' to count from.",
        );
    }
    if let Some(component) = accessor.component {
        let is_fraction = object.get("normalized") == Some(&Value::Bool(true));
        if is_fraction && matches!(component, Component::F32 | Component::U32) {
            report.error(
                "ACCESSOR_NORMALIZED_INVALID",
                format!("{pointer}/normalized"),
                format!("Numbers of type {} cannot be normalized.", component.name()),
            );
        }
    }
    let is_matrix = accessor.kind.is_some_and(|kind| kind.rows() > 0);
    if let Some(offset) = accessor
        .offset
        .filter(|offset| is_matrix && !offset.is_multiple_of(4))
    {
        report.error(
            "ACCESSOR_MATRIX_ALIGNMENT",
            format!("{pointer}/byteOffset"),
            format!("Matrices must start at a multiple of 4, not at {offset}."),
        );
    }
    let Some(format) = accessor.format else {
        return;
    };
    for name in ["min", "max"] {
        if let Some(value) = object.get(name) {
            bound(value, format, &format!("{pointer}/{name}"), report);
        }
    }
}

fn bound(value: &Value, format: Format, pointer: &str, report: &mut Report) {
    let Some(items) = value.as_array() else {
        let message = format!(
            "The value is {}, but must be an array of numbers.",
            shown(value)
        );
        return report.error("TYPE_MISMATCH", pointer, message);
    };
    let (length, wanted) = (items.len(), format.kind.components());
    if items.is_empty() {
        return report.error(
            "EMPTY_ENTITY",
            pointer,
            "It is empty, which glTF does not allow.",
        );
    }
    if length != wanted {
        return report.error(
            "ARRAY_LENGTH_NOT_IN_LIST",
            pointer,
            format!("It holds {length} numbers, but an element has {wanted}."),
        );
    }
    let is_float = format.component == Component::F32;
    let (least, most) = format.component.range();
    for (index, item) in items.iter().enumerate() {
        match item.as_f64() {
            Some(number) if !is_finite(number) => report.error(
                "VALUE_NOT_IN_RANGE",
                format!("{pointer}/{index}"),
                format!("The value {} is out of range.", shown(item)),
            ),
            Some(_) if is_float => {}
            Some(number) if number.fract() == 0.0 => {
                if !(least..=most).contains(&number) {
                    report.error(
                        "INVALID_GL_VALUE",
                        pointer,
                        format!("{number} cannot be stored as {}.", format.component.name()),
                    );
                }
            }
            _ => report.error(
                "ARRAY_TYPE_MISMATCH",
                pointer,
                format!(
                    "The value is {}, but must be a number of its type.",
                    shown(item)
                ),
            ),
        }
    }
}

fn placement(
    document: &Document<'_>,
    accessor: &Accessor,
    format: Format,
    count: u64,
    pointer: &str,
    report: &mut Report,
) {
    let Some(view) = document.view(accessor.view) else {
        return;
    };
    let length = format.element_length();
    if let Some(stride) = view.stride.filter(|stride| *stride < length) {
        report.error(
            "ACCESSOR_SMALL_BYTESTRIDE",
            pointer,
            format!("An element of {length} bytes does not fit the view's stride of {stride}."),
        );
    }
    let stride = view.stride.unwrap_or(format.tight_stride());
    let total = stride
        .checked_mul(count - 1)
        .and_then(|most| most.checked_add(length));
    let span = Span {
        view: accessor.view,
        offset: accessor.offset,
    };
    fit(document, span, format.component, total, pointer, report);
}

/// Whether a run of numbers is aligned and lies within its buffer view.
fn fit(
    document: &Document<'_>,
    span: Span,
    component: Component,
    length: Option<u64>,
    pointer: &str,
    report: &mut Report,
) {
    let Some(view) = document.view(span.view) else {
        return;
    };
    let (Some(offset), Some(start)) = (span.offset, view.offset) else {
        return;
    };
    let size = component.size();
    if !offset.is_multiple_of(size) {
        report.error(
            "ACCESSOR_OFFSET_ALIGNMENT",
            format!("{pointer}/byteOffset"),
            format!("The offset {offset} is not a multiple of a number's size, {size}."),
        );
    }
    if !start.saturating_add(offset).is_multiple_of(size) {
        report.error(
            "ACCESSOR_TOTAL_OFFSET_ALIGNMENT",
            pointer,
            format!(
                "Offset {offset} in a view at {start} is not a multiple of a number's size, {size}."
            ),
        );
    }
    let Some(room) = view.length else { return };
    if length
        .and_then(|length| length.checked_add(offset))
        .is_none_or(|end| end > room)
    {
        let part = if offset > room { "/byteOffset" } else { "" };
        let length = length.map_or_else(|| "too many".to_owned(), |length| length.to_string());
        report.error(
            "ACCESSOR_TOO_LONG",
            format!("{pointer}{part}"),
            format!(
                "Its {length} bytes from byte {offset} on do not fit the buffer view of {room}."
            ),
        );
    }
}

fn sparse(
    document: &mut Document<'_>,
    index: usize,
    format: Format,
    count: u64,
    pointer: &str,
    report: &mut Report,
) {
    let Some(sparse) = document.accessors[index].sparse else {
        return;
    };
    if sparse.count > count {
        report.error(
            "ACCESSOR_SPARSE_COUNT_OUT_OF_RANGE",
            format!("{pointer}/sparse/count"),
            format!(
                "{} elements are overridden, but there are only {count}.",
                sparse.count
            ),
        );
    }
    let value_length = format.element_length().checked_mul(sparse.count);
    let parts = [
        (
            "indices",
            sparse.indices,
            sparse.index_component,
            sparse
                .index_component
                .and_then(|each| each.size().checked_mul(sparse.count)),
        ),
        (
            "values",
            sparse.values,
            Some(format.component),
            value_length,
        ),
    ];
    for (name, span, component, length) in parts {
        let pointer = format!("{pointer}/sparse/{name}");
        let Some(view) = document.view(span.view) else {
            continue;
        };
        if view.stride.is_some() {
            report.error(
                "BUFFER_VIEW_INVALID_BYTE_STRIDE",
                format!("{pointer}/bufferView"),
                "Only views of vertices may have a stride.",
            );
        }
        note_use(
            document,
            span.view,
            ViewUse::Other,
            || format!("{pointer}/bufferView"),
            report,
        );
        if let Some(component) = component {
            fit(document, span, component, length, &pointer, report);
        }
    }
}
