//! A take as lines of text, so that what a guide did is on the disk as they do it: a line of
//! JSON a moment, read again with patience. The last line of a process that died may be cut.

use std::time::Duration;

use bevy::math::Vec3;
use serde_json::{Value as Json, json};

use super::{Happening, Moment, Standing, Take};
use crate::scene::schema::{
    HotspotId, Language, LayerId, LightId, MeshId, Property, SoundId, Spanned, SurfaceId, Value,
    VariableId,
};

/// Raise it when the meaning of a line changes.
const VERSION: u64 = 1;

/// What is known of a take when it begins.
#[derive(Debug, Clone, PartialEq)]
pub struct Heading {
    /// What the tour is to be called.
    pub name: String,
    /// Where a visit begins.
    pub start: Standing,
    /// The exhibit's languages.
    pub languages: Vec<Language>,
    /// The guide's.
    pub spoken: Language,
    /// Samples a second of the voice; 0 for none.
    pub rate_hz: u32,
}

impl Heading {
    /// The first line.
    pub fn line(&self) -> String {
        let tags: Vec<&str> = self.languages.iter().map(Language::as_str).collect();
        let line = json!({
            "take": VERSION,
            "name": self.name,
            "start": standing(&self.start),
            "languages": tags,
            "spoken": self.spoken.as_str(),
            "rate_hz": self.rate_hz,
        });
        format!("{line}\n")
    }

    fn read(line: &str) -> Option<Self> {
        let line: Json = serde_json::from_str(line).ok()?;
        if line["take"].as_u64() != Some(VERSION) {
            return None;
        }
        let tags = line["languages"].as_array()?.iter();
        Some(Self {
            name: line["name"].as_str()?.to_owned(),
            start: read_standing(&line["start"])?,
            languages: tags
                .filter_map(|tag| Language::parse(tag.as_str()?).ok())
                .collect(),
            spoken: Language::parse(line["spoken"].as_str()?).ok()?,
            rate_hz: u32::try_from(line["rate_hz"].as_u64()?).ok()?,
        })
    }
}

/// A moment as a line.
pub fn line(moment: &Moment) -> String {
    let at = moment.at.as_nanos() as u64;
    let line = match &moment.what {
        Happening::Stands(own) => json!({"at": at, "stands": standing(own)}),
        Happening::Opened(spot) => json!({"at": at, "opened": spot.as_str()}),
        Happening::Changed {
            property,
            value,
            over,
        } => json!({
            "at": at,
            "property": names(property),
            "to": match value {
                Value::Number(number) => json!(number),
                Value::Flag(flag) => json!(flag),
                Value::Word(word) => json!(word),
            },
            "over": over.as_nanos() as u64,
        }),
        Happening::NextStep => json!({"at": at, "key": "step"}),
        Happening::Mark => json!({"at": at, "key": "mark"}),
    };
    format!("{line}\n")
}

/// The take that a journal holds; `None` where it has no heading of ours. Lines that cannot
/// be read are left out.
pub fn read(text: &str) -> Option<(Heading, Take)> {
    let mut lines = text.lines();
    let heading = Heading::read(lines.next()?)?;
    let mut take = Take::default();
    for moment in lines.filter_map(read_line) {
        take.note(moment.at, moment.what);
    }
    Some((heading, take))
}

fn read_line(line: &str) -> Option<Moment> {
    let line: Json = serde_json::from_str(line).ok()?;
    let text = |key: &str| line[key].as_str();
    let time = |key: &str| line[key].as_u64().map(Duration::from_nanos);
    let what = if let Some(own) = read_standing(&line["stands"]) {
        Happening::Stands(own)
    } else if let Some(spot) = text("opened") {
        Happening::Opened(HotspotId::new(spot))
    } else if line["property"].is_array() {
        let to = &line["to"];
        Happening::Changed {
            property: named(&line["property"])?,
            value: (to.as_f64().map(Value::Number))
                .or_else(|| to.as_bool().map(Value::Flag))
                .or_else(|| to.as_str().map(|word| Value::Word(word.to_owned())))?,
            over: time("over")?,
        }
    } else {
        match text("key")? {
            "step" => Happening::NextStep,
            "mark" => Happening::Mark,
            _ => return None,
        }
    };
    Some(Moment {
        at: time("at")?,
        what,
    })
}

fn standing(own: &Standing) -> Json {
    let at = own.feet_in_world;
    json!([at.x, at.y, at.z, own.yaw_rad, own.pitch_rad])
}

fn read_standing(json: &Json) -> Option<Standing> {
    let numbers = json.as_array()?.iter().map(Json::as_f64);
    let numbers: Vec<f32> = numbers
        .map(|number| number.map(|number| number as f32))
        .collect::<Option<_>>()?;
    let [x, y, z, yaw_rad, pitch_rad] = numbers[..] else {
        return None;
    };
    Some(Standing {
        feet_in_world: Vec3::new(x, y, z),
        yaw_rad,
        pitch_rad,
    })
}

/// A property by its name in scene files, and what it is of.
fn names(property: &Property) -> Json {
    match property {
        Property::Layer(id) => json!(["Layer", id.as_str()]),
        Property::LayerMix(id, layer) => json!(["LayerMix", id.as_str(), layer.as_str()]),
        Property::Light(id) => json!(["Light", id.as_str()]),
        Property::Lamp => json!(["Lamp"]),
        Property::Exposure => json!(["Exposure"]),
        Property::Fog => json!(["Fog"]),
        Property::SoundLevel(id) => json!(["SoundLevel", id.as_str()]),
        Property::SoundPlays(id) => json!(["SoundPlays", id.as_str()]),
        Property::MeshShown(id) => json!(["MeshShown", id.as_str()]),
        Property::NodeShown(id, node) => json!(["NodeShown", id.as_str(), node.value]),
        Property::Animation(id, clip) => json!(["Animation", id.as_str(), clip.value]),
        Property::Variable(id) => json!(["Variable", id.as_str()]),
    }
}

fn named(json: &Json) -> Option<Property> {
    let part = |at: usize| json[at].as_str();
    let whole = |at: usize| {
        Some(Spanned {
            value: part(at)?.to_owned(),
            span: crate::diagnostic::Span::default(),
        })
    };
    Some(match part(0)? {
        "Layer" => Property::Layer(SurfaceId::new(part(1)?)),
        "LayerMix" => Property::LayerMix(SurfaceId::new(part(1)?), LayerId::new(part(2)?)),
        "Light" => Property::Light(LightId::new(part(1)?)),
        "Lamp" => Property::Lamp,
        "Exposure" => Property::Exposure,
        "Fog" => Property::Fog,
        "SoundLevel" => Property::SoundLevel(SoundId::new(part(1)?)),
        "SoundPlays" => Property::SoundPlays(SoundId::new(part(1)?)),
        "MeshShown" => Property::MeshShown(MeshId::new(part(1)?)),
        "NodeShown" => Property::NodeShown(MeshId::new(part(1)?), whole(2)?),
        "Animation" => Property::Animation(MeshId::new(part(1)?), whole(2)?),
        "Variable" => Property::Variable(VariableId::new(part(1)?)),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heading() -> Heading {
        let language = |tag| Language::parse(tag).expect("a tag of the test");
        Heading {
            name: "evening \"walk\"".to_owned(),
            start: Standing {
                feet_in_world: Vec3::new(0.1, -2.0, 3.3),
                yaw_rad: 0.7,
                pitch_rad: -0.1,
            },
            languages: vec![language("en"), language("zh-Hans")],
            spoken: language("zh-Hans"),
            rate_hz: 44_100,
        }
    }

    fn take() -> Take {
        let mut take = Take::default();
        let mut at = Duration::ZERO;
        let mut note = |what| {
            at += Duration::from_millis(333);
            take.note(at, what);
        };
        note(Happening::Stands(heading().start));
        note(Happening::Opened(HotspotId::new("jar")));
        let word = |text: &str| Spanned {
            value: text.to_owned(),
            span: Default::default(),
        };
        let mesh = || MeshId::new("door");
        for (property, value) in [
            (
                Property::Layer(SurfaceId::new("wall")),
                Value::Word("today".to_owned()),
            ),
            (
                Property::LayerMix(SurfaceId::new("wall"), LayerId::new("today")),
                Value::Number(0.1),
            ),
            (Property::Light(LightId::new("lamp")), Value::Number(1.0)),
            (Property::Lamp, Value::Number(0.0)),
            (Property::Exposure, Value::Number(-2.5)),
            (Property::Fog, Value::Number(1.0 / 3.0)),
            (
                Property::SoundLevel(SoundId::new("drip")),
                Value::Number(-6.0),
            ),
            (
                Property::SoundPlays(SoundId::new("drip")),
                Value::Flag(true),
            ),
            (Property::MeshShown(mesh()), Value::Flag(false)),
            (Property::NodeShown(mesh(), word("leaf")), Value::Flag(true)),
            (
                Property::Animation(mesh(), word("Open")),
                Value::Number(2.0),
            ),
            (
                Property::Variable(VariableId::new("count")),
                Value::Word("a \"b\"\n".to_owned()),
            ),
        ] {
            let over = Duration::from_nanos(1_234_567_891);
            note(Happening::Changed {
                property,
                value,
                over,
            });
        }
        note(Happening::NextStep);
        note(Happening::Mark);
        take
    }

    fn text() -> String {
        let take = take();
        heading().line() + &take.moments().iter().map(line).collect::<String>()
    }

    #[test]
    fn what_is_written_is_read_again_to_the_bit() {
        assert_eq!(read(&text()), Some((heading(), take())));
    }

    #[test]
    fn wherever_a_process_dies_what_was_before_is_kept() {
        let (text, whole) = (text(), take());
        let head = heading().line().len();
        for cut in (head..text.len()).filter(|cut| text.is_char_boundary(*cut)) {
            let (_, take) = read(&text[..cut]).expect("the heading is there");
            let lines = text[head..cut].matches('\n').count();
            // The last line may be whole without its end.
            let kept = take.moments().len();
            assert!(
                kept == lines || kept == lines + 1,
                "cut at byte {cut}: {kept} moments of {lines} lines"
            );
            assert_eq!(take.moments(), &whole.moments()[..kept]);
        }
        for other in ["", "{}", "{\"take\":99}\n", "RIFF", "\u{0}\u{0}"] {
            assert_eq!(read(other), None, "{other:?} is no take of ours");
        }
    }
}
