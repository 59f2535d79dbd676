//! What the next process takes up when this one dies: the checkpoint of the headset's visit.
//!
//! Where the visitor stands and how they like it is put back at once; what happened in the
//! exhibit once everything is loaded and the visitor is back in the picture, so that no word
//! of a tour is lost.

use super::{
    body::{Body, Comfort},
    life::{Carry, Life},
};
use crate::{
    exhibit::keeper::Keeper,
    render::memory::{Visited, hand_on},
    visit::{
        checkpoint::{Checkpoint, Place},
        session::{Effect, Phase},
    },
};
use bevy::prelude::*;

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Startup, stand_again.after(super::OpenSystems))
        .add_systems(PreUpdate, take_up)
        .add_systems(Last, remember);
}

/// What is of use of what the last process left: a visit in a headset.
pub(super) fn keeper(source: &std::path::Path, resumes: bool) -> Keeper {
    let mut keeper = Keeper::open(source, resumes);
    if keeper.left().is_some_and(|left| !left.is_visiting) {
        keeper.take_left();
    }
    keeper
}

/// Puts the visitor where they were, as they like it.
fn stand_again(
    keeper: Res<Keeper>,
    mut body: ResMut<Body>,
    mut comfort: ResMut<Comfort>,
    mut lesson: ResMut<super::lesson::Course>,
) {
    let Some(left) = keeper.left() else { return };
    comfort.0 = left.comfort.sanitized();
    if let Some(place) = left.place {
        body.resume_at(Vec3::from_array(place.feet_in_world), place.yaw_rad);
    }
    if let Some(eye_m) = left.eye_height_m {
        body.eye_height.calibrate(eye_m);
    }
    if left.has_learned {
        lesson.finish();
    }
}

/// Makes the exhibit what it was.
fn take_up(
    mut effects: MessageReader<Carry>,
    mut keeper: ResMut<Keeper>,
    life: Res<Life>,
    mut visited: Visited,
) {
    let is_reset = effects
        .read()
        .any(|Carry(effect)| *effect == Effect::ResetVisit);
    if keeper.left().is_none() {
        return;
    }
    if is_reset {
        keeper.take_left();
    } else if life.phase() == Phase::Running
        && visited.is_ready()
        && let Some(left) = keeper.take_left()
    {
        visited.take_up(&left);
        info!("the visit is taken up where it was");
    }
}

fn remember(
    mut effects: MessageReader<Carry>,
    mut keeper: ResMut<Keeper>,
    life: Res<Life>,
    body: Res<Body>,
    comfort: Res<Comfort>,
    lesson: Res<super::lesson::Course>,
    visited: Visited,
    time: Res<Time<Real>>,
) {
    let mut asked = None;
    let mut is_last = false;
    for Carry(effect) in effects.read() {
        match effect {
            Effect::Remember { is_visiting } => asked = Some(*is_visiting),
            Effect::RestartProcess(_) => is_last = true,
            _ => {}
        }
    }
    let now = time.elapsed();
    if asked.is_none() && !is_last && !keeper.is_due(now) {
        return;
    }
    let is_visiting = asked.unwrap_or(life.phase().is_visiting());
    let mut checkpoint = Checkpoint {
        is_visiting,
        place: is_visiting.then(|| Place {
            feet_in_world: body.feet_in_world.to_array(),
            yaw_rad: body.yaw_rad,
        }),
        has_learned: lesson.is_done(),
        eye_height_m: body.eye_height.measured_m(),
        comfort: comfort.0,
        ..Checkpoint::default()
    };
    match keeper.left() {
        Some(left) => hand_on(left, &mut checkpoint),
        None => visited.leave_in(&mut checkpoint),
    }
    keeper.save(now, checkpoint);
    if is_last {
        keeper.finish();
    }
}
