//! Tours and hotspots on a monitor: markers, panels, questions, the guide, and a pointer for
//! all of them.

mod buttons;
mod card;
mod fingers;
mod guide;
mod lead;
mod lens;
mod lift;
mod markers;
pub(super) mod pointer;
mod toast;

use crate::{
    exhibit::{telling::Telling, visitor::VisitorSystems},
    render::{captions, warm::WarmUp},
};
use bevy::prelude::*;

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Startup, |mut commands: Commands| {
        captions::spawn_captions(&mut commands, None, 1.0);
    })
    .add_systems(Update, wait_for_the_cave.in_set(VisitorSystems::Wish))
    .add_plugins((
        buttons::plugin,
        card::plugin,
        fingers::plugin,
        guide::plugin,
        lead::plugin,
        lens::plugin,
        lift::plugin,
        markers::plugin,
        pointer::plugin,
        toast::plugin,
    ));
}

/// The story begins when the cave is there.
fn wait_for_the_cave(telling: Option<ResMut<Telling>>, warm: Res<WarmUp>) {
    let Some(mut telling) = telling else { return };
    if telling.is_waiting == warm.is_done() {
        telling.is_waiting = !warm.is_done();
    }
}
