//! What a visit resumes with when its process died: JSON text, read with patience.
//!
//! Pure: to text and from text; `exhibit::checkpoint_file` puts it on the disk. A checkpoint
//! is never a reason not to open: what cannot be read is left at its default, one field at a
//! time, and said ([`Reading::complaints`]).

#[cfg(test)]
mod tests;

use super::comfort::{CaptionGround, ComfortSettings};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Raise it when the meaning of a field changes; new fields do not need it.
pub const VERSION: u32 = 1;
/// A longer text is no checkpoint of ours, bytes.
pub const MAX_BYTES: usize = 1 << 20;
/// No exhibit is larger, metres from its origin.
const FARTHEST_M: f32 = 1e5;

/// Where a visitor stood and looked.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// Metres.
    pub feet_in_world: [f32; 3],
    /// Heading of the head in the world.
    pub yaw_rad: f32,
}

/// A light as a hotspot left it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LeftLight {
    /// 1 is what the scene gives it.
    pub brightness: Option<f32>,
    /// Linear RGB.
    pub color: Option<[f32; 3]>,
}

/// An animation that plays by itself, as it was left.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LeftClip {
    /// Its name in the mesh's file.
    pub clip: String,
    /// How far it is.
    pub at_secs: f32,
    /// Seconds of the animation a second; negative backwards.
    pub speed: f32,
    /// Over and over.
    pub repeats: bool,
}

/// How a visitor at a monitor has sound and letters. What was not said stays as usual.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LeftSettings {
    /// Steps of the volume, 0 silent.
    pub volume: Option<u8>,
    /// Nothing is heard.
    pub is_muted: Option<bool>,
    /// What is said can be read.
    pub has_captions: Option<bool>,
    /// 0 usual, 1 large, 2 very large.
    pub text_size: Option<u8>,
    /// See [`CaptionGround`].
    pub caption_ground: Option<CaptionGround>,
    /// What the visitor listens through: 0 headphones, 1 two loudspeakers, 2 one.
    pub through: Option<u8>,
}

/// What resumes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Checkpoint {
    /// Which exhibit this belongs to: its id, or a hash of its path.
    pub exhibit: String,
    /// A headset visit was going on. Otherwise only the monitor's visit is resumed.
    pub is_visiting: bool,
    /// Language tag.
    pub language: Option<String>,
    /// See [`Place`].
    pub place: Option<Place>,
    /// The named view last chosen.
    pub view: Option<String>,
    /// Where the tour is, in the tour's own words.
    pub tour: Option<Value>,
    /// The layer shown on each surface that shows another than at first, by their ids. What a
    /// tour lays over it is the tour's own.
    pub layers: BTreeMap<String, String>,
    /// The lights that hotspots changed, by their ids.
    pub lights: BTreeMap<String, LeftLight>,
    /// What plays by itself of each mesh that moves or was moved, by their ids, in the order in
    /// which it was begun; what a tour holds is the tour's own.
    pub animations: BTreeMap<String, Vec<LeftClip>>,
    /// Whether the visitor's lamp is lit.
    pub is_lamp_on: Option<bool>,
    /// The choices of a visitor at a monitor; those of a headset are in [`Self::comfort`].
    pub monitor: LeftSettings,
    /// The first minute was completed or skipped.
    pub has_learned: bool,
    /// Eye height that the visitor calibrated, metres.
    pub eye_height_m: Option<f32>,
    /// The visitor's choices.
    pub comfort: ComfortSettings,
}

/// What was understood of a text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// Complete, with defaults where the text says nothing or nonsense.
    pub checkpoint: Checkpoint,
    /// What could not be used, for the log.
    pub complaints: Vec<String>,
}

impl Checkpoint {
    /// As JSON, with its version.
    pub fn to_text(&self) -> String {
        let mut document = Map::new();
        document.insert("version".to_owned(), VERSION.into());
        if let Ok(Value::Object(fields)) = serde_json::to_value(self) {
            document.extend(fields);
        }
        let mut text = format!("{:#}", Value::Object(document));
        text.push('\n');
        text
    }

    /// Reads what it can.
    pub fn read(text: &str) -> Reading {
        let fail = |why: String| Reading {
            checkpoint: Self::default(),
            complaints: vec![why],
        };
        if text.len() > MAX_BYTES {
            return fail(format!("the checkpoint is {} bytes long", text.len()));
        }
        let mut fields = match serde_json::from_str(text) {
            Ok(Value::Object(fields)) => fields,
            Ok(_) => return fail("the checkpoint is not an object".to_owned()),
            Err(error) => return fail(format!("the checkpoint is damaged: {error}")),
        };
        match fields.remove("version").as_ref().and_then(Value::as_u64) {
            Some(version) if version == u64::from(VERSION) => {}
            Some(version) => {
                return fail(format!(
                    "the checkpoint has version {version}, not {VERSION}"
                ));
            }
            None => return fail("the checkpoint has no version".to_owned()),
        }
        let mut complaints = Vec::new();
        let comfort = match fields.remove("comfort") {
            Some(Value::Object(fields)) => {
                overlay(ComfortSettings::default(), fields, &mut complaints)
            }
            Some(_) => {
                complaints.push("`comfort` is not an object".to_owned());
                ComfortSettings::default()
            }
            None => ComfortSettings::default(),
        };
        let mut checkpoint: Self = overlay(Self::default(), fields, &mut complaints);
        checkpoint.comfort = comfort.sanitized();
        checkpoint.drop_nonsense(&mut complaints);
        Reading {
            checkpoint,
            complaints,
        }
    }

    fn drop_nonsense(&mut self, complaints: &mut Vec<String>) {
        if let Some(place) = self.place {
            let is_near = place.feet_in_world.iter().all(|m| m.abs() <= FARTHEST_M);
            if !(is_near && place.yaw_rad.abs() <= 100.0) {
                complaints.push("`place` is nowhere in an exhibit".to_owned());
                self.place = None;
            }
        }
        if self.eye_height_m.is_some_and(|m| !(0.3..=2.5).contains(&m)) {
            complaints.push("`eye_height_m` is nobody's".to_owned());
            self.eye_height_m = None;
        }
        for clips in self.animations.values_mut() {
            clips.retain(|own| own.at_secs.is_finite() && own.speed.is_finite());
        }
        self.lights.retain(|_, light| {
            let is_finite = |value: f32| value.is_finite() && value >= 0.0;
            light.brightness.is_none_or(is_finite)
                && light
                    .color
                    .is_none_or(|color| color.into_iter().all(is_finite))
        });
    }
}

/// Takes each field that makes sense; fields that `T` does not have are ignored.
fn overlay<T: Serialize + DeserializeOwned + Default>(
    base: T,
    fields: Map<String, Value>,
    complaints: &mut Vec<String>,
) -> T {
    let Ok(Value::Object(mut good)) = serde_json::to_value(&base) else {
        return base;
    };
    let mut result = base;
    for (name, value) in fields {
        let Some(before) = good.get(&name).cloned() else {
            continue;
        };
        good.insert(name.clone(), value);
        match serde_json::from_value(Value::Object(good.clone())) {
            Ok(better) => result = better,
            Err(error) => {
                complaints.push(format!("`{name}`: {error}"));
                good.insert(name, before);
            }
        }
    }
    result
}
