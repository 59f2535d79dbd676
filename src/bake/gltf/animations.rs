//! Animations: keyframes checked before they are believed (specification, section 3.11).
//!
//! An animation that is broken is left out as a whole, with a finding that names the
//! culprit; the model is shown all the same. More than [`crate::bake::Limits`] allows refuses
//! the file.

use super::accessor::{Scalar, checked};
use super::context::Context;
use super::document::{Animation as JsonAnimation, Document};
use super::nodes::Tree;
use crate::bake::animation::{Channel, Clip, Curve, Interpolation, Target};
use crate::bake::error::Fault;
use crate::bake::limits::Limits;

/// Farther than this from its parent nothing moves, in units of the file.
const FARTHEST: f32 = 1e10;

/// What animation `index` is called.
pub(crate) fn name(document: &Document, index: usize) -> String {
    document
        .animations
        .get(index)
        .and_then(|animation| animation.name.clone())
        .unwrap_or_else(|| format!("animation {index}"))
}

/// How long animation `index` takes, from the stated ends of its times.
pub(crate) fn stated_secs(document: &Document, index: usize) -> f32 {
    let samplers = document.animations.get(index).map(|one| &one.samplers);
    let ends = samplers.into_iter().flatten().filter_map(|sampler| {
        let times = document.accessors.get(sampler.input)?;
        times.max.as_ref()?.first().copied()
    });
    let longest = ends.fold(0.0, f64::max) as f32;
    if longest.is_finite() { longest } else { 0.0 }
}

/// Reads all animations of the nodes in `tree`.
pub(crate) fn read(ctx: &Context, tree: &Tree) -> Result<Vec<Clip>, Fault> {
    let document = ctx.document();
    check_limits(ctx)?;
    if document.animations.is_empty() {
        return Ok(Vec::new());
    }
    let places = Places::new(document, tree);
    let mut clips = Vec::new();
    for (index, json) in document.animations.iter().enumerate() {
        ctx.check_cancelled()?;
        let pointer = format!("/animations/{index}");
        let name = name(document, index);
        match read_clip(ctx, json, name.clone(), &places, &pointer) {
            Ok(clip) => clips.push(clip),
            Err(fault) => {
                let what = format!("the animation \"{name}\" is left out: it");
                ctx.find(fault.into_finding("animation-unreadable", &what));
            }
        }
    }
    Ok(clips)
}

fn check_limits(ctx: &Context) -> Result<(), Fault> {
    let document = ctx.document();
    let limits = &ctx.options.limits;
    let mut channels = 0_u64;
    let mut keyframes = 0_u64;
    for animation in &document.animations {
        channels += animation.channels.len() as u64;
        for channel in &animation.channels {
            let times = animation
                .samplers
                .get(channel.sampler)
                .and_then(|sampler| document.accessors.get(sampler.input));
            keyframes = keyframes.saturating_add(times.map_or(0, |times| times.count));
        }
    }
    Limits::check(
        "animated properties",
        channels,
        limits.channels,
        "/animations",
    )?;
    Limits::check("keyframes", keyframes, limits.keyframes, "/animations")
}

/// Where the nodes of the file are in the model.
struct Places {
    node: Vec<Option<usize>>,
    /// A skinned mesh hangs elsewhere than its node.
    mesh: Vec<Option<usize>>,
}

impl Places {
    fn new(document: &Document, tree: &Tree) -> Self {
        let mut places = Self {
            node: vec![None; document.nodes.len()],
            mesh: vec![None; document.nodes.len()],
        };
        for (place, &file_index) in tree.file_index.iter().enumerate() {
            places.node[file_index].get_or_insert(place);
            if tree.nodes[place].mesh.is_some() {
                places.mesh[file_index] = Some(place);
            }
        }
        places
    }
}

fn read_clip(
    ctx: &Context,
    json: &JsonAnimation,
    name: String,
    places: &Places,
    pointer: &str,
) -> Result<Clip, Fault> {
    let document = ctx.document();
    let mut clip = Clip {
        name,
        ..Clip::default()
    };
    let mut taken = std::collections::BTreeSet::new();
    for (index, channel) in json.channels.iter().enumerate() {
        let here = format!("{pointer}/channels/{index}");
        let Some(node) = channel.target.node else {
            continue;
        };
        if node >= document.nodes.len() {
            return Err(Fault::no_such(here, "node", node));
        }
        let (target, place) = match channel.target.path.as_str() {
            "translation" => (Target::Translation, places.node[node]),
            "rotation" => (Target::Rotation, places.node[node]),
            "scale" => (Target::Scale, places.node[node]),
            "weights" => (Target::Weights, places.mesh[node]),
            other => {
                let other: String = other.chars().take(40).collect();
                ctx.warn(
                    &here,
                    "animation-channel-ignored",
                    format!("an animation moves \"{other}\", which stays as it is"),
                    "",
                );
                continue;
            }
        };
        // A node of another scene, or one that is hidden, moves nothing that is seen.
        let Some(place) = place else { continue };
        let curve = read_curve(ctx, json, channel.sampler, target, pointer)?;
        if !taken.insert((place, target)) {
            return Err(Fault::invalid(here, "moves the same property twice"));
        }
        let end_secs = curve.times.last().copied().unwrap_or_default();
        clip.duration_secs = clip.duration_secs.max(end_secs);
        if !curve.times.is_empty() {
            clip.channels.push(Channel {
                node: place,
                target,
                curve,
            });
        }
    }
    Ok(clip)
}

fn read_curve(
    ctx: &Context,
    json: &JsonAnimation,
    sampler: usize,
    target: Target,
    pointer: &str,
) -> Result<Curve, Fault> {
    let here = format!("{pointer}/samplers/{sampler}");
    let limits = &ctx.options.limits;
    let json = json
        .samplers
        .get(sampler)
        .ok_or_else(|| Fault::no_such(pointer, "sampler", sampler))?;
    let (interpolation, parts) = match json.interpolation.as_deref() {
        None | Some("LINEAR") => (Interpolation::Linear, 1),
        Some("STEP") => (Interpolation::Step, 1),
        Some("CUBICSPLINE") => (Interpolation::CubicSpline, 3),
        Some(other) => {
            let other: String = other.chars().take(40).collect();
            return Err(Fault::invalid(
                here,
                format!("has the unknown interpolation \"{other}\""),
            ));
        }
    };
    let times = checked(ctx, json.input, limits.keyframes, &here)?;
    if times.width != 1 || times.scalar != Scalar::F32 {
        return Err(Fault::invalid(
            &times.pointer,
            "has times that are not single floats",
        ));
    }
    let width = match target {
        Target::Translation | Target::Scale => 3,
        Target::Rotation => 4,
        Target::Weights => 1,
    };
    let most = limits.keyframes.saturating_mul(3);
    let values = checked(ctx, json.output, most, &here)?;
    if values.width != width {
        return Err(Fault::invalid(
            &values.pointer,
            format!(
                "has {} numbers a value where {width} are needed",
                values.width
            ),
        ));
    }
    let keys = times.count * parts;
    let each = match target {
        Target::Weights if keys > 0 => values.count / keys,
        _ => 1,
    };
    if keys * each != values.count || each as u64 > limits.morph_targets {
        return Err(Fault::invalid(
            &values.pointer,
            format!(
                "has {} values for {} keyframes of {parts}",
                values.count, times.count
            ),
        ));
    }
    let flat = |rows: Vec<[f32; 1]>| rows.into_iter().flatten().collect::<Vec<f32>>();
    let curve = Curve {
        times: flat(times.floats::<1>(ctx, 0.0)?),
        width: width * each,
        values: match width {
            3 => values.floats::<3>(ctx, 0.0)?.into_flattened(),
            4 => values.floats::<4>(ctx, 0.0)?.into_flattened(),
            _ => values.floats::<1>(ctx, 0.0)?.into_flattened(),
        },
        interpolation,
    };
    check_curve(&curve, &times.pointer, &values.pointer)?;
    Ok(curve)
}

fn check_curve(curve: &Curve, times: &str, values: &str) -> Result<(), Fault> {
    let ascend = curve.times.windows(2).all(|pair| pair[0] < pair[1]);
    // A month: what is longer counts in other units than seconds.
    let are_sound = curve
        .times
        .iter()
        .all(|time| (0.0..=2_678_400.0).contains(time));
    if !ascend || !are_sound {
        return Err(Fault::invalid(
            times,
            "has times that do not ascend from 0 on, or are no times",
        ));
    }
    if !curve.values.iter().all(|value| value.abs() < FARTHEST) {
        return Err(Fault::invalid(values, "has values that are not numbers"));
    }
    Ok(())
}
