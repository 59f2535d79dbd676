//! How dark the picture is, and how narrow: everything that darkens comes together here.

use super::{
    body::{Body, Comfort},
    life::Carry,
};
use crate::{
    exhibit::{
        visitor::{Rock, Visitor},
        walk::{StandingRoom, letting_out},
    },
    render::warm::WarmUp,
    visit::{
        comfort::{Blink, HeadInWall, ScreenFade, Vignette, VignetteShape},
        session::Effect,
    },
};
use bevy::prelude::*;

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Veiling>()
        .add_systems(PostUpdate, veil.in_set(VeilSystems));
}

/// When the veil is drawn: after everything that moves.
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct VeilSystems;

/// Rock farther than this from the head darkens nothing, metres.
const REACH_M: f32 = 0.3;

/// See the module's documentation.
#[derive(Resource, Debug)]
pub(super) struct Veiling {
    screen: ScreenFade,
    wall: HeadInWall,
    /// Hides a teleport.
    pub(super) blink: Blink,
    /// Narrows while the picture moves.
    vignette: Vignette,
    /// The session's machine wants it dark.
    is_faded_out: bool,
    /// What the rig does in this frame: metres and degrees a second.
    speed: f32,
    turn_deg: f32,
}

impl Default for Veiling {
    /// Dark until the exhibit is ready.
    fn default() -> Self {
        Self {
            screen: ScreenFade::dark(),
            wall: HeadInWall::default(),
            blink: Blink::default(),
            vignette: Vignette::default(),
            is_faded_out: false,
            speed: 0.0,
            turn_deg: 0.0,
        }
    }
}

impl Veiling {
    /// 0 clear, 1 black.
    pub(super) fn darkness(&self) -> f32 {
        self.screen.darkness()
    }

    /// What the vignette leaves, if it is to be seen.
    pub(super) fn vignette(&self) -> Option<VignetteShape> {
        self.vignette.shape()
    }

    /// The rig turns this fast, degrees a second.
    pub(super) fn turned(&mut self, turn_deg: f32) {
        self.turn_deg = turn_deg;
    }

    /// The rig glides this fast, metres a second.
    pub(super) fn moved(&mut self, speed: f32) {
        self.speed = speed;
    }

    /// Nothing can be seen.
    pub(super) fn is_black(&self) -> bool {
        self.screen.is_black()
    }
}

fn veil(
    mut effects: MessageReader<Carry>,
    mut veil: ResMut<Veiling>,
    body: Res<Body>,
    visitor: Option<Res<Visitor>>,
    rock: Res<Rock>,
    warm: Res<WarmUp>,
    comfort: Res<Comfort>,
    time: Res<Time<Real>>,
) {
    for Carry(effect) in effects.read() {
        match effect {
            Effect::FadeOut => veil.is_faded_out = true,
            Effect::FadeIn => veil.is_faded_out = false,
            _ => {}
        }
    }
    let dt_secs = time.delta_secs();
    veil.blink.step(dt_secs);
    let (speed, turn_deg) = (veil.speed, veil.turn_deg);
    veil.vignette.step(speed, turn_deg, &comfort.0, dt_secs);
    let rock_m = rock_near_head_m(&body, visitor.as_deref(), &rock);
    let in_wall = veil.wall.step(rock_m);
    let hidden = if warm.is_done() && !veil.is_faded_out {
        0.0
    } else {
        1.0
    };
    let wanted = veil
        .blink
        .darkness()
        .max(in_wall)
        .max(body.stray_darkness)
        .max(hidden);
    veil.screen.step(wanted, dt_secs);
}

/// How near rock is to the middle of the eyes, metres.
fn rock_near_head_m(body: &Body, visitor: Option<&Visitor>, rock: &Rock) -> Option<f32> {
    let head = body.head_in_world()?.position;
    let collider = rock.0.as_deref()?;
    let settings = &visitor?.settings;
    let around = letting_out(body.feet_in_world, settings, collider);
    let room = StandingRoom::new(&around, settings);
    let over_body = body.feet_in_world.with_y(head.y);
    room.rock_near_head_m(head, over_body, REACH_M)
}
