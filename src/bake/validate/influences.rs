//! Joints and weights of skinned vertices, which only make sense together.

use super::checks::Tally;
use super::document::Document;
use super::elements::Reader;
use super::report::Report;

/// How far the sum of weights may be from 1, for each weight that is not 0.
const SUM: f64 = 2e-7;

/// Checks joints and weights together; false when there was no time left for it.
pub(super) fn check(
    document: &Document<'_>,
    pointer: &str,
    pairs: &[(usize, usize)],
    joints: usize,
    numbers_left: &mut u64,
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
    let Some(rest) = numbers_left.checked_sub(cost.fold(0, u64::saturating_add)) else {
        return false;
    };
    *numbers_left = rest;
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
        let is_off = (f64::from(sum) - 1.0).abs() > SUM * used.len() as f64;
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
