//! The text of a recorded tour's file, explained for whoever edits it.

use std::fmt::Write as _;
use std::time::Duration;

use super::draft::{Draft, DraftStep, Stay};
use crate::scene::schema::{Language, Property, Value};

/// What the file says besides the walk.
#[derive(Debug, Clone, PartialEq)]
pub struct About {
    /// The tour's id.
    pub id: String,
    /// What visitors call it, until somebody translates it.
    pub title: String,
    /// The languages that the exhibit promises; each text must be there in all.
    pub languages: Vec<Language>,
    /// The language that the guide speaks.
    pub spoken: Language,
    /// The file, as `exhibit.ron` names it: `tours/evening.ron`.
    pub file: String,
    /// The folder of its voices, as the file names it: `evening`.
    pub voices: String,
}

impl About {
    /// The voice of a step, counted from 0, as the file names it.
    pub fn voice_file(&self, step: usize) -> String {
        format!("{}/{}.wav", self.voices, step_name(step))
    }
}

fn step_name(step: usize) -> String {
    format!("step-{:02}", step + 1)
}

/// The text of the file.
pub fn tour_file(draft: &Draft, about: &About) -> String {
    let mut out = String::new();
    write_file(&mut out, draft, about).expect("writing to a string cannot fail");
    out
}

fn write_file(out: &mut String, draft: &Draft, about: &About) -> std::fmt::Result {
    let stops = draft.steps.iter().filter(|step| !step.is_way).count();
    writeln!(
        out,
        "// A tour recorded by a guide in the running exhibit: {stops} stops, {}.\n\
         // Everything here may be changed: delete a step, move it, say it otherwise.\n\
         // It is shown because exhibit.ron names this file:\n\
         //     tours: [{}],\n\
         // `grotto check` and `grotto rehearse` say what is left to do, and\n\
         // `grotto render exhibit.ron --tour {} --out tour.mp4` makes a film of it.\n(",
        clock(draft.length()),
        quoted(&about.file),
        about.id,
    )?;
    writeln!(
        out,
        "    // The tour's name in this file and on the command line.\n    id: {},",
        quoted(&about.id)
    )?;
    let titles = in_all(about, &about.title);
    writeln!(
        out,
        "    // What visitors call it.\n    title: {titles},\n\
         \x20   // Automatic: it goes on by itself, as recorded. Visitor: they say when.\n\
         \x20   pace: Automatic,\n    steps: ["
    )?;
    for (index, step) in draft.steps.iter().enumerate() {
        write_step(out, index, step, about)?;
    }
    writeln!(out, "    ],\n)")
}

fn write_step(out: &mut String, index: usize, step: &DraftStep, about: &About) -> std::fmt::Result {
    let is_first = index == 0;
    let what = if step.is_way {
        "A bend on the way. "
    } else {
        ""
    };
    writeln!(
        out,
        "        // {what}Recorded from {} to {}.\n        (",
        clock(step.recorded.start),
        clock(step.recorded.end),
    )?;
    writeln!(out, "            id: {},", quoted(&step_name(index)))?;
    if is_first {
        writeln!(
            out,
            "            // Where the visitor is led: the floor under the feet in metres, then the\n\
             \x20           // direction in degrees (yaw 0 looks along -Z, positive turns left)."
        )?;
    }
    let at = step.standing.feet_in_world;
    writeln!(
        out,
        "            at: (position: ({}, {}, {}), yaw: {}, pitch: {}),",
        number(at.x, 2),
        number(at.y, 2),
        number(at.z, 2),
        number(step.standing.yaw_rad.to_degrees(), 1),
        number(step.standing.pitch_rad.to_degrees(), 1),
    )?;
    if !step.voice.is_empty() {
        writeln!(
            out,
            "            say: (\n\
             \x20               // Write here what is said in the file below: captions are made of it.\n\
             \x20               text: {},\n\
             \x20               // Spoken in {}. With more voices: {{\"en\": \"…\", \"fr\": \"…\"}}.\n\
             \x20               sound: {},\n            ),",
            in_all(about, "…"),
            quoted(about.spoken.as_str()),
            quoted(&about.voice_file(index)),
        )?;
    }
    if !step.opened.is_empty() {
        let ids: Vec<String> = step
            .opened
            .iter()
            .map(|id| format!("Hotspot({})", quoted(id.as_str())))
            .collect();
        writeln!(
            out,
            "            // The guide opened this. To have it open by itself, give it the trigger\n\
             \x20           // TourStep({}, {}).\n            point_out: [{}],",
            quoted(&about.id),
            quoted(&step_name(index)),
            ids.join(", ")
        )?;
    }
    if !step.cues.is_empty() {
        writeln!(
            out,
            "            // What the guide switched; everything returns when the tour is left.\n            cues: ["
        )?;
        for cue in &step.cues {
            writeln!(
                out,
                "                (property: {}, to: {}, after: {}, duration: {}),",
                property(&cue.property),
                value(&cue.to),
                number(cue.after.as_secs_f32(), 2),
                number(cue.duration.as_secs_f32(), 2),
            )?;
        }
        writeln!(out, "            ],")?;
    }
    match step.stay {
        Stay::NarrationEnded => writeln!(out, "            go_on: NarrationEnded,")?,
        Stay::After(time) => {
            // Up, never down: a way must be over.
            let secs = (time.as_secs_f32() * 10.0).ceil() / 10.0;
            if is_first || !step.voice.is_empty() {
                writeln!(
                    out,
                    "            // Seconds from the start of the step; the way here takes {}.",
                    number(step.travel.as_secs_f32(), 1)
                )?;
            }
            writeln!(
                out,
                "            go_on: After(seconds: {}),",
                number(secs, 1)
            )?;
        }
    }
    writeln!(out, "        ),")
}

/// A text in every language of the exhibit.
fn in_all(about: &About, text: &str) -> String {
    let entry = |language: &Language| format!("{}: {}", quoted(language.as_str()), quoted(text));
    let entries: Vec<String> = about.languages.iter().map(entry).collect();
    if entries.is_empty() {
        quoted(text)
    } else {
        format!("{{{}}}", entries.join(", "))
    }
}

/// Text as RON writes it.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            control if control.is_control() => {
                out.push_str(&format!("\\u{{{:x}}}", u32::from(control)));
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// A number with at most so many decimals, and no more than it needs.
fn number(value: f32, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let short = if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        &text
    };
    if short == "-0" { "0" } else { short }.to_owned()
}

fn value(value: &Value) -> String {
    match value {
        Value::Number(value) => number(*value as f32, 3),
        Value::Flag(flag) => flag.to_string(),
        Value::Word(word) => quoted(word),
    }
}

fn property(property: &Property) -> String {
    let one = |name: &str, id: &str| format!("{name}({})", quoted(id));
    let two =
        |name: &str, id: &str, part: &str| format!("{name}({}, {})", quoted(id), quoted(part));
    match property {
        Property::Layer(id) => one("Layer", id.as_str()),
        Property::LayerMix(id, layer) => two("LayerMix", id.as_str(), layer.as_str()),
        Property::Light(id) => one("Light", id.as_str()),
        Property::Lamp => "Lamp".to_owned(),
        Property::Exposure => "Exposure".to_owned(),
        Property::Fog => "Fog".to_owned(),
        Property::SoundLevel(id) => one("SoundLevel", id.as_str()),
        Property::SoundPlays(id) => one("SoundPlays", id.as_str()),
        Property::MeshShown(id) => one("MeshShown", id.as_str()),
        Property::NodeShown(id, node) => two("NodeShown", id.as_str(), &node.value),
        Property::Animation(id, clip) => two("Animation", id.as_str(), &clip.value),
        Property::Variable(id) => one("Variable", id.as_str()),
    }
}

/// Minutes and seconds.
fn clock(time: Duration) -> String {
    let secs = time.as_secs();
    format!("{}:{:02}", secs / 60, secs % 60)
}
