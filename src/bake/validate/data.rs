//! Checks of the numbers themselves: bounds, unit lengths, indices, times, weights.
//!
//! Each accessor is read once for all its checks. What is found is told once a kind and
//! place, with a count, however often it occurs.

use super::document::{Component, Document};
use super::elements::Reader;
use super::report::Report;

/// Bytes of elements read in all; what is beyond is left unchecked and said to be.
const MOST_BYTES: u64 = 1 << 30;

/// Elements read at once.
const RUN: usize = 256;

/// How far a unit vector's length may be off, from quantization to 8 bits.
const UNIT_VEC3: f64 = 0.00674;
/// The same for quaternions and other four-component vectors.
pub(super) const UNIT_VEC4: f64 = 0.00769;
/// How far the sum of weights may be off, for each pair of joints beyond the first.
const WEIGHT_STEP: f64 = 1.0 / 255.0;

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

/// The checks to do, by accessor.
#[derive(Default)]
pub(super) struct Plan {
    checks: Vec<Vec<(Check, String)>>,
    /// Primitives with joints: their attributes' pointer, the accessors of joints and
    /// weights, the number of joints of the smallest skin.
    pub(super) influences: Vec<(String, Vec<(usize, usize)>, usize)>,
}

impl Plan {
    /// Starts with the checks that every accessor gets.
    pub(super) fn new(document: &Document<'_>) -> Self {
        let mut plan = Self {
            checks: vec![Vec::new(); document.accessors.len()],
            influences: Vec::new(),
        };
        for (index, accessor) in document.accessors.iter().enumerate() {
            let Some(format) = accessor.format else {
                continue;
            };
            let pointer = || format!("/accessors/{index}");
            if format.component == Component::F32 {
                plan.add(index, Check::Finite, pointer);
            }
            if accessor.min.is_some() || accessor.max.is_some() {
                plan.add(index, Check::Bounds, pointer);
            }
        }
        plan
    }

    /// Adds a check; the same check of the same accessor is done once.
    pub(super) fn add(&mut self, accessor: usize, check: Check, pointer: impl FnOnce() -> String) {
        if let Some(list) = self.checks.get_mut(accessor) {
            // Many primitives may share indices; a few limits each are enough to check.
            if list.len() < 16 && !list.iter().any(|(other, _)| *other == check) {
                list.push((check, pointer()));
            }
        }
    }
}

/// Does the planned checks.
pub(super) fn check(document: &Document<'_>, plan: &Plan, report: &mut Report) {
    let mut bytes_left = MOST_BYTES;
    let mut is_whole = true;
    for (index, accessor) in document.accessors.iter().enumerate() {
        let Some(mut reader) = Reader::new(document, accessor) else {
            continue;
        };
        sparse_indices(&reader, index, report);
        let Some(rest) = bytes_left.checked_sub(reader.cost()) else {
            is_whole = false;
            continue;
        };
        bytes_left = rest;
        let mut states: Vec<State<'_>> = plan.checks[index]
            .iter()
            .map(|(check, pointer)| State::new(*check, pointer, accessor))
            .collect();
        let components = reader.components();
        let mut run = vec![0.0; RUN * components];
        let mut at = 0;
        while at < reader.count && !states.is_empty() {
            let length = (reader.count - at).min(RUN as u64);
            let run = &mut run[..length as usize * components];
            reader.read_run(at, run);
            for state in &mut states {
                state.see(at, run, components, &reader);
            }
            at += length;
        }
        for state in states {
            state.tell(components, report);
        }
    }
    for (pointer, pairs, joints) in &plan.influences {
        is_whole &= influences(document, pointer, pairs, *joints, &mut bytes_left, report);
    }
    if !is_whole {
        report.warning(
            "data-not-checked",
            "/accessors",
            format!(
                "Beyond {} MiB of numbers, values were not checked.",
                MOST_BYTES >> 20
            ),
        );
    }
}

fn sparse_indices(reader: &Reader<'_>, index: usize, report: &mut Report) {
    let (mut last, mut falling, mut beyond) = (None, Tally::default(), Tally::default());
    for (at, value) in reader.override_indices().enumerate() {
        falling.note_if(
            last.is_some_and(|last| value <= last),
            at as u64,
            value as f64,
        );
        beyond.note_if(value >= reader.count, at as u64, value as f64);
        last = Some(value);
    }
    let pointer = format!("/accessors/{index}/sparse");
    falling.tell(
        "ACCESSOR_SPARSE_INDICES_NON_INCREASING",
        &pointer,
        "do not rise",
        report,
    );
    beyond.tell(
        "ACCESSOR_SPARSE_INDEX_OOB",
        &pointer,
        "are beyond the last element",
        report,
    );
}

/// How often something was seen, and where first.
#[derive(Default)]
struct Tally {
    count: u64,
    first: (u64, f64),
}

impl Tally {
    fn note_if(&mut self, is_wrong: bool, index: u64, value: f64) {
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

    fn tell(&self, code: &'static str, pointer: &str, what: &str, report: &mut Report) {
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
struct State<'a> {
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
    fn new(check: Check, pointer: &'a str, accessor: &'a super::document::Accessor) -> Self {
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
    fn see(&mut self, at: u64, run: &[f64], components: usize, reader: &Reader<'_>) {
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

    fn tell(self, components: usize, report: &mut Report) {
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

/// Checks joints and weights together; false when there was no time left for it.
fn influences(
    document: &Document<'_>,
    pointer: &str,
    pairs: &[(usize, usize)],
    joints: usize,
    bytes_left: &mut u64,
    report: &mut Report,
) -> bool {
    let reader = |index: usize| Reader::new(document, document.accessors.get(index)?);
    let Some(mut readers) = pairs
        .iter()
        .map(|(joint, weight)| Some((reader(*joint)?, reader(*weight)?)))
        .collect::<Option<Vec<_>>>()
    else {
        return true;
    };
    let cost = readers
        .iter()
        .map(|(joint, weight)| joint.cost().saturating_add(weight.cost()));
    let Some(rest) = bytes_left.checked_sub(cost.fold(0, u64::saturating_add)) else {
        return false;
    };
    *bytes_left = rest;
    let vertices = readers
        .iter()
        .map(|(joint, weight)| joint.count.min(weight.count))
        .min();
    let mut tallies: Vec<[Tally; 5]> = pairs.iter().map(|_| Default::default()).collect();
    let (mut joint_set, mut weight_set) = ([0.0; 16], [0.0; 16]);
    let mut used = Vec::new();
    for at in 0..vertices.unwrap_or(0) {
        used.clear();
        let mut sum = 0.0_f32;
        for ((joint_reader, weight_reader), tallies) in readers.iter_mut().zip(&mut tallies) {
            joint_reader.read(at, &mut joint_set);
            weight_reader.read(at, &mut weight_set);
            for (joint, weight) in joint_set.iter().zip(&weight_set).take(4) {
                let weight = weight_reader.meaning(*weight);
                if *joint >= joints as f64 {
                    tallies[0].note_if(true, at, *joint);
                    continue;
                }
                tallies[4].note_if(weight == 0.0 && *joint != 0.0, at, *joint);
                if weight == 0.0 {
                    continue;
                }
                let is_second = used.contains(joint);
                tallies[1].note_if(is_second, at, *joint);
                tallies[2].note_if(weight < 0.0, at, weight);
                if !is_second {
                    used.push(*joint);
                    if weight > 0.0 {
                        sum += weight as f32;
                    }
                }
            }
        }
        let steps = used.len().div_ceil(2).saturating_sub(1);
        let is_off = (f64::from(sum) - 1.0).abs() > WEIGHT_STEP * steps as f64 + 1e-6;
        for tallies in &mut tallies {
            tallies[3].note_if(is_off, at, f64::from(sum));
        }
    }
    for (set, [beyond, twice, negative, sums, idle]) in tallies.iter().enumerate() {
        let joints_at = format!("{pointer}/JOINTS_{set}");
        let weights_at = format!("{pointer}/WEIGHTS_{set}");
        let what = format!("are beyond the {joints} joints of a skin");
        beyond.tell("ACCESSOR_JOINTS_INDEX_OOB", &joints_at, &what, report);
        twice.tell(
            "ACCESSOR_JOINTS_INDEX_DUPLICATE",
            &joints_at,
            "occur twice in a vertex",
            report,
        );
        negative.tell(
            "ACCESSOR_WEIGHTS_NEGATIVE",
            &weights_at,
            "are negative",
            report,
        );
        sums.tell(
            "ACCESSOR_WEIGHTS_NON_NORMALIZED",
            &weights_at,
            "are sums other than 1",
            report,
        );
        if idle.count > 0 {
            report.warning(
                "ACCESSOR_JOINTS_USED_ZERO_WEIGHT",
                joints_at,
                format!("{} joint(s) are named but have no weight.", idle.count),
            );
        }
    }
    true
}
