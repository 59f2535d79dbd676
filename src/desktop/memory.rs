//! What the next process takes up when this one dies: the checkpoint of a monitor's visit.
//!
//! Only under a parent. A visit that waits for its headset is shown where it is, and left
//! alone: its tour waits with its visitor. After a while it counts as over, as it does in the
//! headset.

use crate::{
    exhibit::{
        keeper::Keeper,
        settings::VisitSettings,
        stage::{Pose, Stage},
        visitor::Visitor,
    },
    render::memory::{Visited, hand_on},
    visit::{
        checkpoint::{Checkpoint, Place},
        session::SessionSettings,
    },
};
use bevy::prelude::*;
use std::time::Duration;

pub(super) fn plugin(app: &mut App) {
    app.add_systems(PreUpdate, take_up)
        .add_systems(Last, remember);
}

/// Whether a headset's visit waits, and until when since the process began.
#[derive(Resource, Debug, Clone, Copy)]
struct HeadsetWaits {
    until: Duration,
}

/// Puts the visitor where the last process left them.
pub(super) fn stand_again(left: &Checkpoint, stage: &Stage, visitor: &mut Visitor) {
    let view = left.view.as_deref();
    visitor.view = stage
        .views
        .iter()
        .position(|own| Some(own.id.as_str()) == view);
    if let Some(place) = left.place {
        let eye_m = visitor.settings.sanitized().eye_height_m;
        let pose = Pose {
            eye_in_world: Vec3::from_array(place.feet_in_world) + Vec3::Y * eye_m,
            yaw_rad: place.yaw_rad,
            pitch_rad: 0.0,
        };
        visitor.stand_at(&pose, None);
    }
}

/// Makes the exhibit what it was.
fn take_up(
    mut commands: Commands,
    mut keeper: ResMut<Keeper>,
    mut visited: Visited,
    mut settings: ResMut<VisitSettings>,
    waits: Option<Res<HeadsetWaits>>,
    time: Res<Time<Real>>,
) {
    if !visited.is_ready() {
        return;
    }
    if let Some(waits) = waits {
        if time.elapsed() >= waits.until {
            commands.remove_resource::<HeadsetWaits>();
            keeper.take_left();
            info!("the headset stayed away: its visit is over");
        }
        return;
    }
    let Some(left) = keeper.left() else { return };
    if left.is_visiting {
        let shown = Checkpoint {
            tour: None,
            ..left.clone()
        };
        visited.take_up(&shown);
        let patience = SessionSettings::default().reconnect_limit;
        commands.insert_resource(HeadsetWaits {
            until: time.elapsed() + patience,
        });
        info!("the headset's visit waits for it");
    } else if let Some(left) = keeper.take_left() {
        visited.take_up(&left);
        settings.take_up(&left.monitor);
        info!("the visit is taken up where it was");
    }
}

fn remember(
    mut keeper: ResMut<Keeper>,
    visited: Visited,
    visitor: Res<Visitor>,
    settings: Res<VisitSettings>,
    mut exits: MessageReader<AppExit>,
    time: Res<Time<Real>>,
) {
    let is_last = exits.read().count() > 0;
    let now = time.elapsed();
    if !is_last && !keeper.is_due(now) {
        return;
    }
    let pose = visitor.pose();
    let eye_m = visitor.settings.sanitized().eye_height_m;
    let mut checkpoint = Checkpoint {
        place: Some(Place {
            feet_in_world: (pose.eye_in_world - Vec3::Y * eye_m).to_array(),
            yaw_rad: pose.yaw_rad,
        }),
        ..Checkpoint::default()
    };
    match keeper.left() {
        // What waits for its headset is on the disk as it should be.
        Some(left) if left.is_visiting => return,
        Some(left) => hand_on(left, &mut checkpoint),
        None => {
            visited.leave_in(&mut checkpoint);
            checkpoint.monitor = settings.left();
            let view = visitor.view.and_then(|view| visitor.views.get(view));
            checkpoint.view = view.map(|view| view.id.clone());
        }
    }
    keeper.save(now, checkpoint);
    if is_last {
        keeper.finish();
    }
}
