//! What happens in a step, over its time: the way there, voices, cues.

use super::html::{escape, secs};
use crate::{
    exhibit::rehearse::{Played, Rehearsed},
    scene::schema::{Property, Value},
    tour::{Script, StepIndex, StepScript, TourIndex, Utterance},
};
use std::{fmt::Write, time::Duration};

/// A bar, from a time on.
struct Bar {
    label: String,
    /// Its language, where it has one.
    language: Option<String>,
    class: &'static str,
    from: f32,
    length: f32,
    words: String,
}

/// The timeline of a step as HTML; empty where nothing happens in it.
pub(super) fn timeline(
    rehearsed: &Rehearsed,
    script: &Script,
    (tour, step): (TourIndex, StepIndex),
) -> String {
    let Some(own) = script.step(tour, step) else {
        return String::new();
    };
    let default = script.default_language.to_string();
    let played = rehearsed.played.get(&(tour, default));
    let mut bars = Vec::new();
    let (mut stay, way) = played.map_or((0.0, None), |played| stay(played, step));
    bars.extend(way);
    voices(rehearsed, script, (tour, step), own, &mut bars);
    cues(script, own, &mut bars);
    for bar in &bars {
        stay = stay.max(bar.from + bar.length);
    }
    if bars.is_empty() || stay <= 0.0 {
        return String::new();
    }
    // Time runs from left to right everywhere, as on players.
    let mut html = String::from("<div class=\"timeline\" dir=\"ltr\">");
    html.push_str(&axis(stay));
    for bar in &bars {
        let language = bar.language.as_ref().map_or(String::new(), |tag| {
            format!(" data-language=\"{}\"", escape(tag))
        });
        write!(
            html,
            "<div class=\"row\"{language}><span class=\"label\">{}</span><span class=\"track\"><i class=\"{}\" style=\"inset-inline-start:{:.2}%;inline-size:{:.2}%\" title=\"{}\"></i></span><span class=\"value\">{}</span></div>",
            escape(&bar.label),
            if bar.length > 0.0 { bar.class } else { "at-once" },
            bar.from / stay * 100.0,
            bar.length / stay * 100.0,
            escape(&format!("{} to {}", secs(bar.from), secs(bar.from + bar.length))),
            escape(&bar.words),
        )
        .ok();
    }
    html.push_str("</div>");
    html
}

/// How long a step lasts, and the way to it.
fn stay(played: &Played, step: StepIndex) -> (f32, Option<Bar>) {
    let Some(index) = played.entered.iter().position(|(own, _)| *own == step) else {
        return (0.0, None);
    };
    let begins = played.entered[index].1;
    let ends = played
        .entered
        .get(index + 1)
        .map_or(played.length, |(_, at)| *at);
    let way = played.ways.iter().find(|way| way.begins == begins);
    let bar = way.map(|way| Bar {
        label: if way.is_blink { "fade" } else { "flight" }.to_owned(),
        language: None,
        class: "flight",
        from: 0.0,
        length: way.length.as_secs_f32(),
        words: secs(way.length.as_secs_f32()),
    });
    (ends.saturating_sub(begins).as_secs_f32(), bar)
}

fn voices(
    rehearsed: &Rehearsed,
    script: &Script,
    (tour, step): (TourIndex, StepIndex),
    own: &StepScript,
    bars: &mut Vec<Bar>,
) {
    if own.say.is_none() {
        return;
    }
    for language in &script.languages {
        let utterance = Utterance {
            tour,
            step,
            answer: None,
        };
        let length = rehearsed.durations(language).get(utterance).as_secs_f32();
        bars.push(Bar {
            label: format!("voice {language}"),
            language: Some(language.to_string()),
            class: "voice",
            from: 0.0,
            length,
            words: secs(length),
        });
    }
}

fn cues(script: &Script, own: &StepScript, bars: &mut Vec<Bar>) {
    for cue in &own.cues {
        let Some(property) = script.property(cue.property) else {
            continue;
        };
        let secs = |ns: u64| Duration::from_nanos(ns).as_secs_f32();
        let value = match &cue.to {
            Value::Number(number) => format!("{number}"),
            Value::Flag(true) => "on".to_owned(),
            Value::Flag(false) => "off".to_owned(),
            Value::Word(word) => word.clone(),
        };
        bars.push(Bar {
            label: name(&property.property),
            language: None,
            class: class(&property.property),
            from: secs(cue.after_ns),
            length: secs(cue.duration_ns),
            words: format!("→ {value}"),
        });
    }
}

fn class(property: &Property) -> &'static str {
    match property {
        Property::Layer(_) | Property::LayerMix(..) => "layer",
        Property::Light(_) | Property::Lamp | Property::Exposure | Property::Fog => "light",
        Property::SoundLevel(_) | Property::SoundPlays(_) => "sound",
        _ => "other",
    }
}

fn name(property: &Property) -> String {
    match property {
        Property::Layer(surface) => format!("{surface}: layer"),
        Property::LayerMix(surface, layer) => format!("{surface}: {layer}"),
        Property::Light(light) => format!("light {light}"),
        Property::Lamp => "visitor's lamp".to_owned(),
        Property::Exposure => "exposure".to_owned(),
        Property::Fog => "haze".to_owned(),
        Property::SoundLevel(sound) => format!("level of {sound}"),
        Property::SoundPlays(sound) => format!("sound {sound}"),
        Property::MeshShown(mesh) => format!("mesh {mesh}"),
        Property::NodeShown(mesh, node) => format!("{mesh}: {}", node.value),
        Property::Animation(mesh, clip) => format!("{mesh}: {} plays", clip.value),
        Property::Variable(variable) => format!("variable {variable}"),
    }
}

/// Seconds along the top: about six of them, at round numbers.
fn axis(stay: f32) -> String {
    let step = [1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0]
        .into_iter()
        .find(|step| stay / step <= 7.0)
        .unwrap_or(600.0);
    let mut html = String::from(
        "<div class=\"row axis\" aria-hidden=\"true\"><span class=\"label\"></span><span class=\"track\">",
    );
    let mut at = 0.0;
    while at <= stay * 0.97 {
        write!(
            html,
            "<b style=\"inset-inline-start:{:.2}%\">{at:.0}</b>",
            at / stay * 100.0
        )
        .ok();
        at += step;
    }
    html.push_str("</span><span class=\"value\">s</span></div>");
    html
}
