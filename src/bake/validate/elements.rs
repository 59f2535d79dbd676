//! Reading the elements of accessors, in order, without copying them.

use super::document::{Accessor, Component, Document, Format, Span};

/// The overriding elements of a sparse accessor.
struct Overrides<'a> {
    indices: &'a [u8],
    component: Component,
    values: &'a [u8],
    count: usize,
    /// The next override that may apply.
    next: usize,
}

/// Reads elements of one accessor; each call asks for the same or a later element.
pub(super) struct Reader<'a> {
    /// `None` stands for zeros.
    base: Option<&'a [u8]>,
    stride: usize,
    component: Component,
    normalizer: Option<f64>,
    /// Where each component lies in an element.
    offsets: [usize; 16],
    components: usize,
    length: usize,
    overrides: Option<Overrides<'a>>,
    /// Number of elements.
    pub(super) count: u64,
}

impl<'a> Reader<'a> {
    /// `None` when the accessor is broken or its bytes are not there.
    ///
    /// Every range is checked against real bytes here, so that reading cannot fail.
    pub(super) fn new(document: &'a Document<'_>, accessor: &Accessor) -> Option<Self> {
        let (format, count) = (accessor.format?, accessor.count?);
        let length = format.element_length();
        let (base, stride) = match accessor.view {
            None => {
                accessor.sparse?;
                (None, 0)
            }
            Some(_) => {
                let stride = document
                    .view(accessor.view)?
                    .stride
                    .unwrap_or(format.tight_stride());
                if stride < length {
                    return None;
                }
                let total = stride.checked_mul(count - 1)?.checked_add(length)?;
                (
                    Some(document.bytes(
                        Span {
                            view: accessor.view,
                            offset: accessor.offset,
                        },
                        total,
                    )?),
                    stride,
                )
            }
        };
        let overrides = match &accessor.sparse {
            None => None,
            Some(sparse) => {
                if sparse.count > count {
                    return None;
                }
                let component = sparse.index_component?;
                let indices = run(document, sparse.indices, component.size(), sparse.count)?;
                let values = run(document, sparse.values, length, sparse.count)?;
                let count = usize::try_from(sparse.count).ok()?;
                Some(Overrides {
                    indices,
                    component,
                    values,
                    count,
                    next: 0,
                })
            }
        };
        Some(Self {
            base,
            stride: usize::try_from(stride).ok()?,
            component: format.component,
            normalizer: format.is_normalized.then(|| format.component.range().1),
            offsets: offsets(format),
            components: format.kind.components(),
            length: usize::try_from(length).ok()?,
            overrides,
            count,
        })
    }

    /// How many numbers reading every element takes, for the time budget.
    pub(super) fn cost(&self) -> u64 {
        let elements = self.count.saturating_add(self.override_count());
        elements.saturating_mul(self.components as u64)
    }

    /// How many elements are overridden.
    pub(super) fn override_count(&self) -> u64 {
        self.overrides
            .as_ref()
            .map_or(0, |overrides| overrides.count as u64)
    }

    /// Numbers in an element.
    pub(super) fn components(&self) -> usize {
        self.components
    }

    /// Stores element `index` in `out` as it stands in the file.
    pub(super) fn read(&mut self, index: u64, out: &mut [f64; 16]) {
        if let Some(overrides) = &mut self.overrides {
            while overrides.next < overrides.count && overrides.index(overrides.next) < index {
                overrides.next += 1;
            }
            if overrides.next < overrides.count && overrides.index(overrides.next) == index {
                let start = overrides.next * self.length;
                let element = &overrides.values[start..start + self.length];
                return decode(
                    element,
                    self.component,
                    &self.offsets[..self.components],
                    out,
                );
            }
        }
        match self.base {
            None => out[..self.components].fill(0.0),
            Some(base) => {
                let start = index as usize * self.stride;
                let element = &base[start..start + self.length];
                decode(
                    element,
                    self.component,
                    &self.offsets[..self.components],
                    out,
                );
            }
        }
    }

    /// Stores the elements from `first` on in `out`, as many as fit, one after another.
    pub(super) fn read_run(&mut self, first: u64, out: &mut [f64]) {
        let components = self.components;
        if let (Some(base), None) = (self.base, &self.overrides) {
            let bytes = &base[first as usize * self.stride..];
            let offsets = &self.offsets[..components];
            return decode_run(bytes, self.stride, self.component, offsets, out);
        }
        let mut element = [0.0; 16];
        for (index, slot) in (first..).zip(out.chunks_exact_mut(components)) {
            self.read(index, &mut element);
            slot.copy_from_slice(&element[..components]);
        }
    }

    /// A number of an element as its meaning: normalized integers become fractions.
    pub(super) fn meaning(&self, number: f64) -> f64 {
        match self.normalizer {
            None => number,
            Some(most) => (number / most).max(-1.0),
        }
    }

    /// The indices of the overridden elements in the order of the file.
    pub(super) fn override_indices(&self) -> impl Iterator<Item = u64> {
        let overrides = self.overrides.as_ref();
        (0..overrides.map_or(0, |overrides| overrides.count))
            .filter_map(move |at| Some(overrides?.index(at)))
    }
}

impl Overrides<'_> {
    fn index(&self, at: usize) -> u64 {
        let mut out = [0.0; 16];
        let size = self.component.size() as usize;
        decode(
            &self.indices[at * size..(at + 1) * size],
            self.component,
            &[0],
            &mut out,
        );
        out[0] as u64
    }
}

fn run<'a>(document: &'a Document<'_>, span: Span, each: u64, count: u64) -> Option<&'a [u8]> {
    document.bytes(span, each.checked_mul(count)?)
}

fn offsets(format: Format) -> [usize; 16] {
    let size = format.component.size() as usize;
    let rows = format.kind.rows() as usize;
    std::array::from_fn(|at| match rows {
        0 => at * size,
        _ => at / rows * format.column_stride() as usize + at % rows * size,
    })
}

fn decode(element: &[u8], component: Component, offsets: &[usize], out: &mut [f64; 16]) {
    decode_run(element, 0, component, offsets, &mut out[..offsets.len()]);
}

/// Decodes elements that start every `stride` bytes until `out` is full.
fn decode_run(
    bytes: &[u8],
    stride: usize,
    component: Component,
    offsets: &[usize],
    out: &mut [f64],
) {
    fn each<const N: usize>(
        bytes: &[u8],
        stride: usize,
        offsets: &[usize],
        out: &mut [f64],
        number: impl Fn([u8; N]) -> f64,
    ) {
        for (index, slots) in out.chunks_exact_mut(offsets.len()).enumerate() {
            let element = &bytes[index * stride..];
            for (slot, at) in slots.iter_mut().zip(offsets) {
                let mut each = [0; N];
                each.copy_from_slice(&element[*at..*at + N]);
                *slot = number(each);
            }
        }
    }
    match component {
        Component::I8 => each(bytes, stride, offsets, out, |bytes| {
            i8::from_le_bytes(bytes).into()
        }),
        Component::U8 => each(bytes, stride, offsets, out, |bytes| {
            u8::from_le_bytes(bytes).into()
        }),
        Component::I16 => each(bytes, stride, offsets, out, |bytes| {
            i16::from_le_bytes(bytes).into()
        }),
        Component::U16 => each(bytes, stride, offsets, out, |bytes| {
            u16::from_le_bytes(bytes).into()
        }),
        Component::U32 => each(bytes, stride, offsets, out, |bytes| {
            u32::from_le_bytes(bytes).into()
        }),
        Component::F32 => each(bytes, stride, offsets, out, |bytes| {
            f32::from_le_bytes(bytes).into()
        }),
    }
}
