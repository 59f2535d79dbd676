//! What only the eyes know, for whoever records a guide: the layer that each surface shows,
//! and whether the lamp is lit, whoever switched them.

use super::{layers::ShownLayers, light::VisitorLamp, loading::CurrentStage};
use crate::{
    exhibit::{
        recording::{Recorder, Witnessed},
        stage::Stage,
    },
    scene::schema::{Property, SurfaceId, Value},
    tour::record::Happening,
};
use bevy::prelude::*;
use std::time::Duration;

pub(super) fn plugin(app: &mut App) {
    app.add_message::<Witnessed>()
        .add_systems(Update, witness.run_if(resource_exists::<Recorder>));
}

/// How softly a layer comes in that a visitor asks for.
const LAYER_FADE: Duration = Duration::from_millis(1500);
/// How softly a tour lights the lamp: as a flame catches.
const LAMP_FADE: Duration = Duration::from_millis(400);

/// What was seen last.
#[derive(Default)]
struct Seen {
    layers: Vec<usize>,
    is_lit: bool,
}

impl Seen {
    /// As the scene begins: what differs from it when a recording begins is part of it.
    fn at_first(stage: &Stage) -> Self {
        Self {
            layers: stage.surfaces.iter().map(|surface| surface.shown).collect(),
            is_lit: stage.lamp.is_on,
        }
    }
}

fn witness(
    recorder: Res<Recorder>,
    stage: Option<Res<CurrentStage>>,
    shown: Res<ShownLayers>,
    lamps: Query<&VisitorLamp>,
    mut seen: Local<Seen>,
    mut witnessed: MessageWriter<Witnessed>,
) {
    let Some(stage) = stage else { return };
    if !recorder.is_rolling() {
        *seen = Seen::at_first(&stage.0);
        return;
    }
    let mut tell = |property, value, over| {
        witnessed.write(Witnessed(Happening::Changed {
            property,
            value,
            over,
        }));
    };
    for (index, surface) in stage.0.surfaces.iter().enumerate() {
        let (Some(layer), Some(last)) = (shown.layer(index), seen.layers.get_mut(index)) else {
            continue;
        };
        if *last != layer
            && let Some(now) = surface.layers.get(layer)
        {
            *last = layer;
            let property = Property::Layer(SurfaceId::new(surface.id.clone()));
            tell(property, Value::Word(now.id.clone()), LAYER_FADE);
        }
    }
    if let Some(lamp) = lamps.iter().next()
        && lamp.is_on != seen.is_lit
    {
        seen.is_lit = lamp.is_on;
        let value = if lamp.is_on { 1.0 } else { 0.0 };
        tell(Property::Lamp, Value::Number(value), LAMP_FADE);
    }
}
