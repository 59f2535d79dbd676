//! What the next process takes up of the exhibit, on whatever device: language, tours, layers,
//! lights, lamp.

use super::{
    animate::Playing, layers::ShownLayers, light::VisitorLamp, loading::CurrentStage, warm::WarmUp,
};
use crate::{
    exhibit::{
        stage::Stage,
        telling::{Telling, Told},
    },
    scene::schema::{Property, SurfaceId, Value},
    visit::checkpoint::Checkpoint,
};
use bevy::{ecs::system::SystemParam, prelude::*};
use std::collections::BTreeMap;

/// The exhibit as a visit changes it.
#[derive(SystemParam)]
pub struct Visited<'w, 's> {
    stage: Res<'w, CurrentStage>,
    shown: Res<'w, ShownLayers>,
    warm: Res<'w, WarmUp>,
    playing: ResMut<'w, Playing>,
    telling: Option<ResMut<'w, Telling>>,
    lamps: Query<'w, 's, &'static mut VisitorLamp>,
    told: MessageWriter<'w, Told>,
}

impl Visited<'_, '_> {
    /// Whether everything is there that a visit can have changed.
    pub fn is_ready(&self) -> bool {
        self.warm.is_done()
    }

    /// Writes down what is to be taken up.
    pub fn leave_in(&self, checkpoint: &mut Checkpoint) {
        checkpoint.language = Some(self.stage.0.languages.spoken.to_string());
        checkpoint.is_lamp_on = self.lamps.iter().next().map(|lamp| lamp.is_on);
        checkpoint.animations = self.playing.left();
        let telling = self.telling.as_deref();
        checkpoint.layers = lasting_layers(&self.stage.0, &self.shown, telling);
        if let Some(telling) = telling {
            telling.leave_in(checkpoint);
        }
    }

    /// Makes the exhibit what it was. The language is chosen when the stage is opened.
    pub fn take_up(&mut self, left: &Checkpoint) {
        if let Some(is_on) = left.is_lamp_on {
            for mut lamp in &mut self.lamps {
                lamp.is_on = is_on;
            }
        }
        self.playing.take_up(&left.animations);
        if let Some(telling) = &mut self.telling {
            telling.take_up(left);
            return;
        }
        for (surface, layer) in &left.layers {
            self.told.write(Told::Property {
                property: Property::Layer(SurfaceId::new(surface.clone())),
                value: Value::Word(layer.clone()),
                over_secs: 0.0,
            });
        }
    }
}

/// What is copied from one checkpoint to the next until it is taken up.
pub fn hand_on(left: &Checkpoint, checkpoint: &mut Checkpoint) {
    checkpoint.language.clone_from(&left.language);
    checkpoint.view.clone_from(&left.view);
    checkpoint.tour.clone_from(&left.tour);
    checkpoint.layers.clone_from(&left.layers);
    checkpoint.lights.clone_from(&left.lights);
    checkpoint.animations.clone_from(&left.animations);
    checkpoint.is_lamp_on = left.is_lamp_on;
    checkpoint.monitor = left.monitor;
}

/// The layers that stay when the tour under way ends.
fn lasting_layers(
    stage: &Stage,
    shown: &ShownLayers,
    telling: Option<&Telling>,
) -> BTreeMap<String, String> {
    let mut layers = shown.layers(stage);
    for surface in &stage.surfaces {
        let below = telling.and_then(|telling| telling.layer_below_tour(&surface.id));
        let Some(below) = below else { continue };
        let first = surface.layers.get(surface.shown);
        if first.is_some_and(|first| first.id == below.as_str()) {
            layers.remove(&surface.id);
        } else {
            layers.insert(surface.id.clone(), below.as_str().to_owned());
        }
    }
    layers
}
