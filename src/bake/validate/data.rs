//! Checks of the numbers themselves: bounds, unit lengths, indices, times, weights.
//!
//! Each accessor is read once for all its checks. What is found is told once a kind and
//! place, with a count, however often it occurs.

use super::checks::{Check, State, Tally};
use super::document::{Component, Document};
use super::elements::Reader;
use super::influences;
use super::report::Report;

/// Numbers looked at in all, once for each check: some three seconds. What is beyond is
/// left unchecked and said to be.
const MOST_NUMBERS: u64 = 1_000_000_000;

/// Elements read at once.
const RUN: usize = 256;

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
    let mut numbers_left = MOST_NUMBERS;
    let mut is_whole = true;
    for (index, accessor) in document.accessors.iter().enumerate() {
        let Some(mut reader) = Reader::new(document, accessor) else {
            continue;
        };
        let mut afford = |numbers: u64| {
            let rest = numbers_left.checked_sub(numbers);
            numbers_left = rest.unwrap_or(numbers_left);
            is_whole &= rest.is_some();
            rest.is_some()
        };
        if afford(reader.override_count()) {
            sparse_indices(&reader, index, report);
        }
        if !afford(
            reader
                .cost()
                .saturating_mul(plan.checks[index].len() as u64),
        ) {
            continue;
        }
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
        is_whole &= influences::check(document, pointer, pairs, *joints, &mut numbers_left, report);
    }
    if !is_whole {
        report.warning(
            "data-not-checked",
            "/accessors",
            "The file holds too many numbers; not all of them were checked.",
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
