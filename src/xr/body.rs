//! Where the visitor is: the rig in the exhibit, the body under the head.
//!
//! The body follows the head over walkable ground ([`follow_head`]); the world never pushes
//! back. The one [`Visitor`] of the exhibit is put where the head is, so that hotspots and
//! tours know nothing of headsets; where they lead the visitor somewhere, [`Body::going`]
//! takes it and [`super::travel`] goes there in a blink.

use super::{
    eyes::head_of,
    frames::{Frames, Shared},
    life::Carry,
    link::SpaceKind,
};
use crate::angle::wrapped;
use crate::{
    exhibit::{
        stage::Pose,
        visitor::{Rock, Visitor, VisitorSystems},
        walk::{StandingRoom, letting_out},
    },
    visit::{
        body::follow_head,
        comfort::ComfortSettings,
        rig::{EyeHeight, Past, Rig, TrackedPose, floor_in_local_m},
        session::{Effect, RecenterCause},
        teleport::Rock as _,
    },
};
use bevy::prelude::*;
use std::time::Duration;

/// A recenter that would turn by less does not: 5 degrees.
const LEAST_TURN_RAD: f32 = 0.087;

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Body>()
        .init_resource::<Comfort>()
        .add_systems(
            Update,
            (recenter, follow, lead)
                .chain()
                .in_set(BodySystems::Follow)
                .before(VisitorSystems::Wish),
        );
}

/// When the body moves.
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum BodySystems {
    /// The body follows the head, and the exhibit's visitor the body.
    Follow,
}

/// The visitor's choices.
#[derive(Resource, Debug, Clone, Copy, Default)]
pub(super) struct Comfort(pub(super) ComfortSettings);

/// See the module's documentation.
#[derive(Resource, Debug, Default)]
pub(super) struct Body {
    /// Takes the tracked space into the exhibit.
    pub(super) rig: Rig,
    /// The middle of the eyes, once tracked.
    pub(super) head_in_rig: Option<TrackedPose>,
    /// Where the body stands well.
    pub(super) feet_in_world: Vec3,
    /// The heading that a recenter keeps.
    pub(super) yaw_rad: f32,
    /// How dark leaning out of the body makes the picture.
    pub(super) stray_darkness: f32,
    /// Which space the rig is, and where its floor is, metres.
    pub(super) space: Option<SpaceKind>,
    floor_in_rig_m: f32,
    /// What was measured of the visitor.
    pub(super) eye_height: EyeHeight,
    /// The heading that the place was meant to be seen in: of the start, a landing, a step.
    meant_yaw_rad: f32,
    past: Past,
    /// A place to return to, once the head is tracked.
    pending: Option<RecenterCause>,
    /// The body has been somewhere.
    is_placed: bool,
    /// Where tour or hotspot lead.
    pub(super) going: Option<Pose>,
}

impl Body {
    /// The head in the exhibit.
    pub(super) fn head_in_world(&self) -> Option<TrackedPose> {
        self.head_in_rig
            .as_ref()
            .map(|head| self.rig.pose_in_world(head))
    }

    /// How far above the ground the rig's origin goes.
    fn lift_m(&self, comfort: &ComfortSettings) -> f32 {
        let head_m = self.head_in_rig.map_or(0.0, |head| head.position.y);
        let above_floor_m = head_m - self.floor_in_rig_m;
        self.eye_height.lift_m(comfort, above_floor_m) - self.floor_in_rig_m
    }

    /// Puts the body here, the head above it facing this way.
    pub(super) fn stand_at(
        &mut self,
        feet_in_world: Vec3,
        yaw_rad: f32,
        comfort: &ComfortSettings,
    ) {
        let Some(head) = self.head_in_rig else { return };
        let lift_m = self.lift_m(comfort);
        self.rig = self.rig.with_head_at(&head, feet_in_world, yaw_rad, lift_m);
        self.feet_in_world = feet_in_world;
        self.yaw_rad = yaw_rad;
        self.meant_yaw_rad = yaw_rad;
        self.past.forget();
        self.stray_darkness = 0.0;
        self.is_placed = true;
    }

    /// The rig moves as the tracked space did: the visitor stays where they are in the exhibit.
    pub(super) fn follow_space(&mut self, shared: &mut Shared) {
        let eyes = shared.frame().and_then(|frame| frame.eyes);
        let Some(now) = eyes.as_ref().map(head_of) else {
            return;
        };
        let told = shared.moves.drain(..).map(|one| one.previous_from_new);
        let told = told.reduce(|first, next| Some(first?.then(&next?)));
        let (Some(told), true) = (told, self.is_placed) else {
            return;
        };
        let has_floor = self.space != Some(SpaceKind::Local);
        let Some(moved) = self.past.space_move(told.as_ref(), &now, has_floor) else {
            return;
        };
        self.rig = self.rig.retold(&moved.previous_from_new);
        self.floor_in_rig_m -= moved.previous_from_new.position.y;
        self.feet_in_world = moved.feet_in_world.unwrap_or(self.feet_in_world);
        self.head_in_rig = Some(now);
        self.past.forget();
    }

    /// Notes where the head is, at the end of a frame.
    pub(super) fn note(&mut self, at: Duration) {
        if let (Some(head), true) = (self.head_in_rig, self.is_placed) {
            self.past.note(at, self.feet_in_world, head);
        }
    }

    /// The visit goes on here once the head is tracked.
    pub(super) fn resume_at(&mut self, feet_in_world: Vec3, yaw_rad: f32) {
        self.feet_in_world = feet_in_world;
        self.yaw_rad = yaw_rad;
        self.meant_yaw_rad = yaw_rad;
        self.pending = Some(RecenterCause::Resumed);
        self.is_placed = true;
    }

    /// Takes the head's present height for the visitor's.
    pub(super) fn calibrate(&mut self, comfort: &ComfortSettings) {
        if let Some(head) = self.head_in_rig
            && self
                .eye_height
                .calibrate(head.position.y - self.floor_in_rig_m)
        {
            self.settle_height(comfort);
        }
    }

    /// Posture or height changed: the eye rises or sinks to where it should be.
    pub(super) fn settle_height(&mut self, comfort: &ComfortSettings) {
        self.rig.origin_in_world.y = self.feet_in_world.y + self.lift_m(comfort);
    }
}

/// The ground under a standing visitor's eyes, where there is any.
pub(super) fn feet_below(eye_in_world: Vec3, visitor: &Visitor, rock: &Rock) -> Vec3 {
    let feet = eye_in_world - Vec3::Y * visitor.settings.sanitized().eye_height_m;
    let Some(collider) = rock.0.as_deref() else {
        return feet;
    };
    let room = StandingRoom::new(collider, &visitor.settings);
    room.cast(eye_in_world, feet - Vec3::Y * 1.5)
        .filter(|hit| room.is_walkable(hit.point))
        .map_or(feet, |hit| hit.point)
}

/// Before anything is made of a frame's poses: the rig moves as their space did.
pub(super) fn follow_space(frames: Res<Frames>, mut body: ResMut<Body>) {
    let mut shared = frames.lock();
    if !shared.moves.is_empty() {
        body.follow_space(&mut shared);
    }
}

/// Carries out what the session's machine says about the rig.
fn recenter(
    mut effects: MessageReader<Carry>,
    mut body: ResMut<Body>,
    comfort: Res<Comfort>,
    visitor: Option<Res<Visitor>>,
    rock: Res<Rock>,
) {
    for Carry(effect) in effects.read() {
        if let Effect::Recenter(cause) = effect {
            body.pending = Some(*cause);
        }
    }
    let (Some(visitor), Some(head)) = (visitor, body.head_in_rig) else {
        return;
    };
    let cause = match body.pending.take() {
        Some(cause) => cause,
        None if !body.is_placed => RecenterCause::Donned,
        None => return,
    };
    if body.space == Some(SpaceKind::Local) && cause != RecenterCause::System {
        body.floor_in_rig_m =
            floor_in_local_m(head.position.y, comfort.0.posture).unwrap_or_default();
    }
    match cause {
        RecenterCause::Donned => {
            let feet = feet_below(visitor.home.eye_in_world, &visitor, &rock);
            body.stand_at(feet, visitor.home.yaw_rad, &comfort.0);
        }
        RecenterCause::Resumed | RecenterCause::System | RecenterCause::Visitor => {
            let (feet, yaw_rad, meant_rad) = (body.feet_in_world, body.yaw_rad, body.meant_yaw_rad);
            // A space that has moved has taken its rig along ([`Body::follow_space`]).
            if cause != RecenterCause::System {
                body.stand_at(feet, yaw_rad, &comfort.0);
                body.meant_yaw_rad = meant_rad;
            }
            // A new boundary is drawn by a gesture too, but nobody means to turn by it.
            let is_asked = match cause {
                RecenterCause::Visitor => true,
                RecenterCause::System => body.space != Some(SpaceKind::Stage),
                RecenterCause::Resumed | RecenterCause::Donned => false,
            };
            if is_asked && wrapped(yaw_rad - meant_rad).abs() > LEAST_TURN_RAD {
                body.going = Some(Pose {
                    eye_in_world: feet + Vec3::Y * visitor.settings.sanitized().eye_height_m,
                    yaw_rad: meant_rad,
                    pitch_rad: 0.0,
                });
            }
        }
    }
}

/// The body follows the head over the ground.
fn follow(mut body: ResMut<Body>, visitor: Option<Res<Visitor>>, rock: Res<Rock>) {
    let (Some(visitor), Some(head)) = (visitor, body.head_in_world()) else {
        return;
    };
    if body.is_placed {
        go_after(&mut body, &head, &visitor, &rock);
    }
}

/// Takes the feet after the head, where they can go.
fn go_after(body: &mut Body, head: &TrackedPose, visitor: &Visitor, rock: &Rock) {
    body.yaw_rad = head.yaw_rad();
    let Some(collider) = rock.0.as_deref() else {
        body.feet_in_world = head.position.with_y(body.feet_in_world.y);
        return;
    };
    let before = body.feet_in_world;
    let around = letting_out(before, &visitor.settings, collider);
    let room = StandingRoom::new(&around, &visitor.settings);
    let step = follow_head(before, head.position, &room);
    body.feet_in_world = step.feet_in_world;
    body.stray_darkness = step.darkness();
    // Ground that rises or falls takes the visitor along.
    body.rig = body.rig.moved(Vec3::Y * (step.feet_in_world.y - before.y));
}

/// The exhibit's visitor is where the head is, and hands over where it was led.
fn lead(mut body: ResMut<Body>, visitor: Option<ResMut<Visitor>>) {
    let (Some(mut visitor), Some(head)) = (visitor, body.head_in_world()) else {
        return;
    };
    if let Some(pose) = visitor.take_destination() {
        body.going = Some(pose);
    }
    let ahead = head.rotation * Vec3::NEG_Z;
    visitor.stand_at(
        &Pose {
            eye_in_world: head.position,
            yaw_rad: head.yaw_rad(),
            pitch_rad: bevy::math::ops::asin(ahead.y.clamp(-1.0, 1.0)),
        },
        None,
    );
}
