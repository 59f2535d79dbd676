//! The visit: what its session's machine asks of the exhibit, and what it answers.

use super::life::{Ask, Carry, Life};
use crate::{
    exhibit::telling::Telling,
    render::warm::WarmUp,
    visit::session::{Action, Effect, Input, Phase},
};
use bevy::{ecs::system::SystemParam, prelude::*};
use serde_json::json;

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<StartScreen>()
        .add_systems(Update, (begin_visit, answer_reset));
}

/// Whoever wears the headset for this long begins, seconds, pressing something or not.
const BEGIN_SECS: f32 = 3.0;

/// How long the start screen has been looked at.
#[derive(Resource, Debug, Default)]
pub(super) struct StartScreen {
    secs: f32,
}

fn begin_visit(
    mut start: ResMut<StartScreen>,
    life: Res<Life>,
    warm: Res<WarmUp>,
    time: Res<Time<Real>>,
    mut asks: MessageWriter<Ask>,
) {
    if life.phase() != Phase::Ready || !warm.is_done() || !life.session().is_visible() {
        start.secs = 0.0;
        return;
    }
    start.secs += time.delta_secs();
    if start.secs >= BEGIN_SECS {
        asks.write(Ask(Input::Action(Action::Begin)));
    }
}

fn answer_reset(mut effects: MessageReader<Carry>, mut asks: MessageWriter<Ask>) {
    for Carry(effect) in effects.read() {
        if *effect == Effect::ResetVisit {
            asks.write(Ask(Input::ResetDone));
        }
    }
}

/// What the report tells of the visit.
#[derive(SystemParam)]
pub(super) struct Told<'w> {
    telling: Option<Res<'w, Telling>>,
}

impl Told<'_> {
    pub(super) fn to_json(&self) -> serde_json::Value {
        let telling = self.telling.as_deref();
        json!({
            "panel": telling.and_then(|telling| telling.panel.as_ref()).map(|panel| &panel.title),
            "tour": telling.and_then(|telling| telling.tour.as_ref()).map(|(tour, _)| tour),
        })
    }
}
