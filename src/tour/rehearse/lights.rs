//! What an exhibit's lights give, as far as flashes are concerned: how much, and how red.

use crate::scene::schema::{Color, Exhibit, LightId, LightKind};

/// What a light gives at the brightness 1.
#[derive(Debug, Clone, Copy)]
pub(super) struct Given {
    /// Its share of all light, by its lumens.
    pub(super) amount: f32,
    /// Its linear color, the largest part 1.
    pub(super) color: [f32; 3],
}

/// All lights but the visitor's lamp.
pub(super) fn all(exhibit: &Exhibit) -> Vec<(&LightId, Given)> {
    let lights = || exhibit.spaces.iter().flat_map(|space| &space.lights);
    let is_sun = |kind: &LightKind| matches!(kind, LightKind::Directional);
    let lumens = lights()
        .filter(|light| !is_sun(&light.kind))
        .map(|light| light.lumens);
    // How much a sun gives depends on where it falls: as much as all lamps.
    let sun = lumens.sum::<f32>().max(1.0);
    lights()
        .map(|light| {
            let amount = if is_sun(&light.kind) {
                sun
            } else {
                light.lumens
            };
            let color = hue(&light.color);
            (&light.id, Given { amount, color })
        })
        .collect()
}

/// The visitor's lamp.
pub(super) fn lamp(exhibit: &Exhibit) -> Given {
    Given {
        amount: exhibit.lamp.lumens,
        color: hue(&exhibit.lamp.color),
    }
}

/// A color as bright as can be: exposure follows what there is to see.
pub(super) fn hue(color: &Color) -> [f32; 3] {
    let largest = color.linear.iter().copied().fold(0.0, f32::max);
    if largest > 0.0 {
        color.linear.map(|part| part.max(0.0) / largest)
    } else {
        [0.0; 3]
    }
}
