//! The single checks of an accessor's numbers.

use super::document::Accessor;
use super::elements::Reader;
use super::report::Report;

/// How far a unit vector's length may be off, from quantization to 8 bits.
const UNIT_VEC3: f64 = 0.00674;
/// The same for quaternions and other four-component vectors.
pub(super) const UNIT_VEC4: f64 = 0.00769;
/// A check of the elements of an accessor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Check {
    /// No infinities, nothing that is no number.
    Finite,
    /// Declared bounds are those of the data.
    Bounds,
    /// Vectors of length 1.
    Unit,
    /// Vectors of length 1 with a sign.
    UnitAndSign,
    /// From 0 to 1.
    Clamped,
    /// Indices below a number of vertices, and whether three make a triangle.
    Indices(u64, bool),
    /// Rising times from 0 on.
    Times,
    /// Quaternions of length 1; whether they have tangents around them.
    Quaternions(bool),
    /// Matrices whose last row is 0 0 0 1.
    Matrices,
}

/// How often something was seen, and where first.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) count: u64,
    first: (u64, f64),
}

impl Tally {
    /// Notes a value when it is wrong.
    pub(super) fn note_if(&mut self, is_wrong: bool, index: u64, value: f64) {
        if is_wrong {
            if self.count == 0 {
                self.first = (index, value);
            }
            self.count += 1;
        }
    }

    fn note_if_off(&mut self, length: f64, tolerance: f64, index: u64) {
        self.note_if((length - 1.0).abs() > tolerance, index, length);
    }

    /// Tells what was noted, if anything.
    pub(super) fn tell(&self, code: &'static str, pointer: &str, what: &str, report: &mut Report) {
        if self.count > 0 {
            let (index, value) = self.first;
            let message = format!(
                "{} value(s) {what}; the first is {value} at element {index}.",
                self.count
            );
            report.error(code, pointer, message);
        }
    }
}

/// A check under way.
pub(super) struct State<'a> {
    check: Check,
    pointer: &'a str,
    declared: [Option<&'a [f64]>; 2],
    bounds: [[f64; 16]; 2],
    seen: [[f64; 16]; 2],
    outside: [[u64; 16]; 2],
    tally: Tally,
    other: Tally,
    last: f64,
    restart: f64,
    corners: [f64; 3],
    degenerate: u64,
    triangles: u64,
}

impl<'a> State<'a> {
    /// Nothing seen yet.
    pub(super) fn new(check: Check, pointer: &'a str, accessor: &'a Accessor) -> Self {
        Self {
            check,
            pointer,
            declared: [accessor.min.as_deref(), accessor.max.as_deref()],
            bounds: [
                padded(accessor.min.as_deref(), f64::NEG_INFINITY),
                padded(accessor.max.as_deref(), f64::INFINITY),
            ],
            seen: [[f64::INFINITY; 16], [f64::NEG_INFINITY; 16]],
            outside: [[0; 16]; 2],
            tally: Tally::default(),
            other: Tally::default(),
            last: 0.0,
            restart: accessor
                .format
                .map_or(0.0, |format| format.component.range().1),
            corners: [0.0; 3],
            degenerate: 0,
            triangles: 0,
        }
    }

    /// Looks at a run of elements, the first of which has the index `at`.
    pub(super) fn see(&mut self, at: u64, run: &[f64], components: usize, reader: &Reader<'_>) {
        let elements = || (at..).zip(run.chunks_exact(components));
        match self.check {
            Check::Finite => {
                if !run.iter().all(|value| value.is_finite()) {
                    for (at, value) in
                        elements().flat_map(|(at, each)| each.iter().map(move |value| (at, *value)))
                    {
                        self.tally.note_if(!value.is_finite(), at, value);
                    }
                }
            }
            Check::Bounds => {
                for (_, element) in elements() {
                    self.bound(element);
                }
            }
            Check::Unit => {
                for (at, element) in elements() {
                    self.tally
                        .note_if_off(length(element, 3, reader), UNIT_VEC3, at);
                }
            }
            Check::UnitAndSign => {
                for (at, element) in elements() {
                    self.tally
                        .note_if_off(length(element, 3, reader), UNIT_VEC3, at);
                    let sign = reader.meaning(element.last().copied().unwrap_or(1.0));
                    self.other.note_if(sign != 1.0 && sign != -1.0, at, sign);
                }
            }
            Check::Clamped => {
                for (at, element) in elements() {
                    for value in element {
                        self.tally.note_if(!(0.0..=1.0).contains(value), at, *value);
                    }
                }
            }
            Check::Indices(vertices, is_triangles) => {
                let vertices = vertices as f64;
                for (at, value) in (at..).zip(run) {
                    self.tally.note_if(*value >= vertices, at, *value);
                    self.other.note_if(*value == self.restart, at, *value);
                    if is_triangles {
                        self.corner(at, *value);
                    }
                }
            }
            Check::Times => {
                for (at, value) in (at..).zip(run) {
                    self.tally.note_if(*value < 0.0, at, *value);
                    if *value >= 0.0 {
                        self.other
                            .note_if(at > 0 && *value <= self.last, at, *value);
                        self.last = *value;
                    }
                }
            }
            Check::Quaternions(has_tangents) => {
                for (at, element) in elements().filter(|(at, _)| !has_tangents || at % 3 == 1) {
                    self.tally
                        .note_if_off(length(element, 4, reader), UNIT_VEC4, at);
                }
            }
            Check::Matrices => {
                for (at, element) in elements() {
                    for (component, wanted) in [(3, 0.0), (7, 0.0), (11, 0.0), (15, 1.0)] {
                        let value = element.get(component).copied().unwrap_or(wanted);
                        self.tally.note_if(value != wanted, at, value);
                    }
                }
            }
        }
    }

    fn bound(&mut self, element: &[f64]) {
        let [least, most] = &mut self.seen;
        let [below, above] = &mut self.outside;
        for (component, value) in element.iter().enumerate() {
            least[component] = least[component].min(*value);
            most[component] = most[component].max(*value);
            below[component] += u64::from(*value < self.bounds[0][component]);
            above[component] += u64::from(*value > self.bounds[1][component]);
        }
    }

    fn corner(&mut self, at: u64, value: f64) {
        let place = (at % 3) as usize;
        self.corners[place] = value;
        if place == 2 {
            let [a, b, c] = self.corners;
            self.triangles += 1;
            self.degenerate += u64::from(a == b || b == c || c == a);
        }
    }

    /// Tells what was seen.
    pub(super) fn tell(self, components: usize, report: &mut Report) {
        let pointer = self.pointer;
        let (tally, other) = (&self.tally, &self.other);
        match self.check {
            Check::Finite => {
                tally.tell("ACCESSOR_INVALID_FLOAT", pointer, "are no numbers", report)
            }
            Check::Bounds => self.tell_bounds(components, report),
            Check::Unit => tally.tell(
                "ACCESSOR_VECTOR3_NON_UNIT",
                pointer,
                "are no lengths of unit vectors",
                report,
            ),
            Check::UnitAndSign => {
                tally.tell(
                    "ACCESSOR_VECTOR3_NON_UNIT",
                    pointer,
                    "are no lengths of unit vectors",
                    report,
                );
                other.tell(
                    "ACCESSOR_INVALID_SIGN",
                    pointer,
                    "are neither 1 nor -1",
                    report,
                );
            }
            Check::Clamped => tally.tell(
                "ACCESSOR_NON_CLAMPED",
                pointer,
                "are not from 0 to 1",
                report,
            ),
            Check::Indices(vertices, _) => {
                let what = format!("point beyond the last of {vertices} vertices");
                tally.tell("ACCESSOR_INDEX_OOB", pointer, &what, report);
                other.tell(
                    "ACCESSOR_INDEX_PRIMITIVE_RESTART",
                    pointer,
                    "mean a restart, which glTF forbids",
                    report,
                );
                if self.degenerate > 0 {
                    report.warning(
                        "ACCESSOR_INDEX_TRIANGLE_DEGENERATE",
                        pointer,
                        format!(
                            "{} of {} triangles use a vertex twice.",
                            self.degenerate, self.triangles
                        ),
                    );
                }
            }
            Check::Times => {
                tally.tell(
                    "ACCESSOR_ANIMATION_INPUT_NEGATIVE",
                    pointer,
                    "are negative",
                    report,
                );
                other.tell(
                    "ACCESSOR_ANIMATION_INPUT_NON_INCREASING",
                    pointer,
                    "do not rise",
                    report,
                );
            }
            Check::Quaternions(_) => tally.tell(
                "ACCESSOR_ANIMATION_SAMPLER_OUTPUT_NON_NORMALIZED_QUATERNION",
                pointer,
                "are no lengths of rotations",
                report,
            ),
            Check::Matrices => tally.tell(
                "ACCESSOR_INVALID_IBM",
                pointer,
                "break the last row, 0 0 0 1",
                report,
            ),
        }
    }

    fn tell_bounds(&self, components: usize, report: &mut Report) {
        let ends = [
            (
                "min",
                "ACCESSOR_MIN_MISMATCH",
                "ACCESSOR_ELEMENT_OUT_OF_MIN_BOUND",
                "less",
            ),
            (
                "max",
                "ACCESSOR_MAX_MISMATCH",
                "ACCESSOR_ELEMENT_OUT_OF_MAX_BOUND",
                "more",
            ),
        ];
        for (end, (name, mismatch, outside, word)) in ends.into_iter().enumerate() {
            let Some(declared) = self.declared[end] else {
                continue;
            };
            for (component, declared) in declared.iter().enumerate().take(components) {
                let actual = self.seen[end][component];
                let pointer = format!("{}/{name}/{component}", self.pointer);
                if *declared != actual {
                    report.error(
                        mismatch,
                        pointer.as_str(),
                        format!("The declared bound is {declared}, that of the data {actual}."),
                    );
                }
                let count = self.outside[end][component];
                if count > 0 {
                    report.error(
                        outside,
                        pointer,
                        format!("{count} value(s) are {word} than the declared {declared}."),
                    );
                }
            }
        }
    }
}

/// Bounds for every component, in a fixed size for speed.
fn padded(declared: Option<&[f64]>, otherwise: f64) -> [f64; 16] {
    let at = |component: usize| declared.and_then(|list| list.get(component).copied());
    std::array::from_fn(|component| at(component).unwrap_or(otherwise))
}

fn length(element: &[f64], components: usize, reader: &Reader<'_>) -> f64 {
    let square = |value: &f64| {
        let value = reader.meaning(*value);
        value * value
    };
    element
        .iter()
        .take(components)
        .map(square)
        .sum::<f64>()
        .sqrt()
}
