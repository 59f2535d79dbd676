//! Telling scripts and properties apart.

use super::script::Script;
use crate::scene::schema::Property;

/// Tells scripts apart by everything that playback reads. Spans are left out of it by
/// hashing what ids say and not where they stand.
pub(super) fn fingerprint(script: &Script) -> u64 {
    let mut hash = Fnv::default();
    for variable in &script.variables {
        hash.text(variable.id.as_str());
    }
    for property in &script.properties {
        hash.text(&key(&property.property).join("\0"));
    }
    for hotspot in &script.hotspots {
        hash.text(hotspot.id.as_str());
        hash.number(hotspot.actions.len() as u64);
    }
    for tour in &script.tours {
        hash.text(tour.id.as_str());
        for step in &tour.steps {
            hash.text(step.id.as_str());
            hash.text(&format!("{:?}", step.go_on));
            for cue in &step.cues {
                hash.number(cue.property.index() as u64);
                hash.number(cue.after_ns);
                hash.number(cue.duration_ns);
                hash.text(&format!("{:?}", cue.to));
            }
            hash.number(step.ask.as_ref().map_or(0, |ask| ask.answers.len() as u64));
        }
    }
    hash.0
}

/// FNV-1a, 64 bits.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn text(&mut self, text: &str) {
        for byte in text.bytes().chain([0xFF]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    fn number(&mut self, number: u64) {
        self.text(&number.to_string());
    }
}

/// Tells properties apart.
pub(super) fn key(property: &Property) -> [&str; 3] {
    match property {
        Property::Layer(surface) => ["layer", surface.as_str(), ""],
        Property::LayerMix(surface, layer) => ["mix", surface.as_str(), layer.as_str()],
        Property::Light(light) => ["light", light.as_str(), ""],
        Property::Lamp => ["lamp", "", ""],
        Property::Exposure => ["exposure", "", ""],
        Property::Fog => ["fog", "", ""],
        Property::SoundLevel(sound) => ["level", sound.as_str(), ""],
        Property::SoundPlays(sound) => ["plays", sound.as_str(), ""],
        Property::MeshShown(mesh) => ["mesh", mesh.as_str(), ""],
        Property::NodeShown(mesh, node) => ["node", mesh.as_str(), &node.value],
        Property::Animation(mesh, clip) => ["clip", mesh.as_str(), &clip.value],
        Property::Variable(variable) => ["variable", variable.as_str(), ""],
    }
}
