//! Animations of models that flash: a node that comes and goes, shrunk to nothing or moved
//! away, more often than three times a second. (What shines or is colored in a model is never
//! animated by Grotto.)

use std::collections::BTreeMap;
use std::time::Duration;

use bevy::math::Vec3;

use super::Place;
use crate::{
    bake::animation::{Clip, Pose},
    diagnostic::{Diagnostic, Report, Span},
    exhibit::stage::{Plays, StagedMesh},
    scene::schema::{Action, Exhibit, Property, Value},
    tour::comfort::FlashMeter,
};

/// Moments a second at which nodes are looked at.
const RATE: f32 = 60.0;
/// An animation that repeats has flashed by then.
const LONGEST_SECS: f32 = 60.0;
/// What has less than this share of its greatest size cannot be seen.
const GONE: f32 = 0.1;
/// What moves as far as this between two moments is gone from where it was, metres.
const AWAY_M: f32 = 1.0;

/// How an animation is played.
#[derive(Debug, Clone, Copy)]
struct Use {
    /// Where the scene file says so.
    span: Span,
    /// Times its own speed.
    speed: f32,
    repeats: bool,
}

pub(super) fn check(place: &Place<'_>, report: &mut Report) {
    let prepared = place.prepared;
    for (index, clips) in &place.rocks.clips {
        let Some(mesh) = prepared.stage.meshes.get(*index) else {
            continue;
        };
        let uses = uses(&prepared.exhibit, mesh, clips);
        for (clip, uses) in clips.iter().zip(uses) {
            let flashing = uses
                .into_iter()
                .find_map(|one| Some((flashing_node(clip, one)?, one)));
            let Some((node, one)) = flashing else {
                continue;
            };
            let names = place.rocks.names.get(*index);
            let node = names.and_then(|(_, names)| names.get(node));
            let node = node.map_or("a node", String::as_str);
            let message = format!(
                "the animation \"{}\" of the mesh \"{}\" lets \"{node}\" come and go more than three times a second",
                clip.name, mesh.id
            );
            let help = "WCAG 2.3.1: flashing light can cause seizures; play it more slowly, unless this is small or as bright as what is behind it";
            report.push_once(
                Diagnostic::warning("light-flashes", message)
                    .at(one.span)
                    .help(help),
            );
        }
    }
}

/// How each of a mesh's animations is played.
fn uses(exhibit: &Exhibit, mesh: &StagedMesh, clips: &[Clip]) -> Vec<Vec<Use>> {
    let mut all = vec![Vec::new(); clips.len()];
    let mut push = |name: &str, one: Use| {
        let found = clips.iter().position(|clip| clip.name == name);
        if let Some(uses) = found.and_then(|index| all.get_mut(index)) {
            uses.push(one);
        }
    };
    let mut written = exhibit.spaces.iter().flat_map(|space| &space.meshes);
    let span = written
        .find(|one| one.id.as_str() == mesh.id)
        .map(|one| one.id.span());
    let by_itself = |span| Use {
        span,
        speed: 1.0,
        repeats: true,
    };
    if let Some(span) = span {
        match &mesh.plays {
            Plays::First => {
                if let Some(first) = clips.first() {
                    push(&first.name, by_itself(span));
                }
            }
            Plays::These(names) => {
                for name in names {
                    push(name, by_itself(span));
                }
            }
        }
    }
    for hotspot in &exhibit.hotspots {
        for action in &hotspot.actions {
            if let Action::Animate {
                mesh: id,
                clip,
                repeat,
                speed,
            } = action
                && id.as_str() == mesh.id
            {
                let (speed, repeats) = (speed.abs(), *repeat);
                let span = clip.span;
                push(
                    &clip.value,
                    Use {
                        span,
                        speed,
                        repeats,
                    },
                );
            }
        }
    }
    for tour in &exhibit.tours {
        // Where the tour has each animation so far, seconds.
        let mut at_secs: BTreeMap<&str, f64> = BTreeMap::new();
        for cue in tour.steps.iter().flat_map(|step| &step.cues) {
            if let (Property::Animation(id, clip), Value::Number(to)) = (&cue.property, &cue.to)
                && id.as_str() == mesh.id
            {
                let from = at_secs.insert(&clip.value, *to).unwrap_or(0.0);
                if cue.duration > 0.0 {
                    let speed = ((to - from).abs() / f64::from(cue.duration)) as f32;
                    let (span, repeats) = (clip.span, false);
                    push(
                        &clip.value,
                        Use {
                            span,
                            speed,
                            repeats,
                        },
                    );
                }
            }
        }
    }
    all
}

/// A node that comes and goes too often: its index in the model.
fn flashing_node(clip: &Clip, one: Use) -> Option<usize> {
    let length_secs = clip.duration_secs / one.speed;
    if !length_secs.is_finite() || length_secs <= 0.0 {
        return None;
    }
    let shown_secs = if one.repeats {
        LONGEST_SECS.min(length_secs * 8.0 + 2.0)
    } else {
        LONGEST_SECS.min(length_secs)
    };
    let mut nodes: Vec<usize> = clip.channels.iter().map(|channel| channel.node).collect();
    nodes.sort_unstable();
    nodes.dedup();
    let frames = (shown_secs * RATE).ceil() as u32;
    nodes.into_iter().find(|node| {
        let places: Vec<(f32, Vec3)> = (0..=frames)
            .map(|frame| {
                let secs = frame as f32 / RATE * one.speed;
                let secs = if one.repeats {
                    secs.rem_euclid(clip.duration_secs)
                } else {
                    secs.min(clip.duration_secs)
                };
                let pose = pose(clip, *node, secs);
                let scale = pose.scale.abs();
                // Its second largest side: what has but one is a line.
                let size = scale.element_sum() - scale.max_element() - scale.min_element();
                (size, pose.translation)
            })
            .collect();
        comes_and_goes(&places)
    })
}

fn pose(clip: &Clip, node: usize, secs: f32) -> Pose {
    let mut poses = [Pose::default()];
    for channel in clip.channels.iter().filter(|channel| channel.node == node) {
        channel.curve.write(channel.target, secs, &mut poses[0]);
    }
    let [pose] = poses;
    pose
}

/// Whether what has these sizes and places flashes.
fn comes_and_goes(places: &[(f32, Vec3)]) -> bool {
    let largest = places.iter().map(|(size, _)| *size).fold(0.0, f32::max);
    let mut meter = FlashMeter::new();
    let (mut is_here, mut before) = (true, None);
    places.iter().enumerate().any(|(frame, (size, at))| {
        if before.is_some_and(|before: Vec3| before.distance(*at) > AWAY_M) {
            is_here = !is_here;
        }
        before = Some(*at);
        let is_seen = is_here && *size > largest * GONE;
        let at = Duration::from_secs_f32(frame as f32 / RATE);
        meter.see(at, if is_seen { 1.0 } else { 0.0 }).is_some()
    })
}
