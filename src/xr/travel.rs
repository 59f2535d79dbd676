//! Going farther than one can walk: throws, turns, gliding, and where tours lead.
//!
//! Every jump happens in the dark of a blink, so that the picture never swings.

use super::{
    body::{Body, BodySystems, Comfort, feet_below},
    hands::Hands,
    life::{Carry, Life},
    pointing::Pointing,
    veil::Veiling,
};
use crate::{
    exhibit::{
        visitor::{Rock, Visitor, VisitorSystems},
        walk::{StandingRoom, letting_out},
    },
    visit::{
        body::follow_head,
        comfort::{BlinkStage, Hand, Movement, TurnStick},
        session::{Effect, Phase},
        teleport::{Aim, Landing, TeleportSettings, Throw},
    },
};
use bevy::prelude::*;

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Travel>().add_systems(
        Update,
        (turn, glide, throw, go)
            .chain()
            .after(BodySystems::Follow)
            .before(VisitorSystems::Wish),
    );
}

/// A stick pushed forward beyond this begins a throw.
const AIM_AT: f32 = 0.6;
/// A stick back within this ends it.
const LET_GO_AT: f32 = 0.35;
/// A trigger held this long on nothing begins a throw, seconds: a click is none.
const HOLD_SECS: f32 = 0.2;
/// Deflection of a stick that is still rest.
const DEAD_ZONE: f32 = 0.15;

/// See the module's documentation.
#[derive(Resource, Debug, Default)]
pub(super) struct Travel {
    turns: [TurnStick; 2],
    aiming: Option<Aiming>,
    /// Seconds a trigger has been held on nothing.
    held_secs: f32,
    /// Where the blink leads.
    goal: Option<Landing>,
    /// How often the visitor has stepped by throwing.
    pub(super) steps: u32,
}

/// A throw that is being aimed.
#[derive(Debug, Clone)]
struct Aiming {
    hand: Hand,
    by: By,
    aim: Aim,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Stick,
    Trigger,
}

impl Travel {
    /// The arc to draw.
    pub(super) fn aim(&self) -> Option<&Aim> {
        self.aiming.as_ref().map(|aiming| &aiming.aim)
    }

    /// Goes somewhere in a blink.
    pub(super) fn go_to(&mut self, landing: Landing) {
        self.goal = Some(landing);
    }
}

/// Whether the visitor may move: in a visit, or on the start screen.
fn is_free(life: &Life) -> bool {
    matches!(life.phase(), Phase::Running | Phase::Ready)
}

fn turn(
    life: Res<Life>,
    hands: Res<Hands>,
    comfort: Res<Comfort>,
    time: Res<Time<Real>>,
    mut travel: ResMut<Travel>,
    mut body: ResMut<Body>,
    mut veil: ResMut<Veiling>,
) {
    let dt_secs = time.delta_secs();
    let mut turned_rad = 0.0;
    for (side, hand) in super::actions::HANDS.into_iter().enumerate() {
        let stick = hands.hand(hand).stick;
        let is_aiming = travel.aiming.is_some() || stick.y.abs() > stick.x.abs();
        // The gliding hand walks sideways with the same stick.
        let glides = comfort.0.movement == Movement::Smooth && hand != comfort.0.dominant_hand;
        let x = if is_aiming || glides || !is_free(&life) {
            0.0
        } else {
            stick.x
        };
        turned_rad += travel.turns[side].step(x, &comfort.0, dt_secs);
    }
    if turned_rad != 0.0
        && let Some(head) = body.head_in_rig
    {
        body.rig = body.rig.turned_about_head(&head, turned_rad);
    }
    let is_smooth = comfort.0.turning == crate::visit::comfort::Turning::Smooth;
    let turn_deg = if is_smooth && dt_secs > 0.0 {
        turned_rad.to_degrees() / dt_secs
    } else {
        0.0
    };
    veil.turned(turn_deg);
}

/// Smooth walking, for those who chose it.
fn glide(
    life: Res<Life>,
    hands: Res<Hands>,
    comfort: Res<Comfort>,
    rock: Res<Rock>,
    visitor: Option<Res<Visitor>>,
    time: Res<Time<Real>>,
    mut body: ResMut<Body>,
    mut veil: ResMut<Veiling>,
) {
    let settings = comfort.0.sanitized();
    let dt_secs = time.delta_secs();
    let stick = hands.hand(settings.dominant_hand.other()).stick;
    let push = ((stick.length() - DEAD_ZONE) / (1.0 - DEAD_ZONE)).clamp(0.0, 1.0);
    let is_gliding = settings.movement == Movement::Smooth && is_free(&life) && push > 0.0;
    let (true, Some(head), Some(visitor), Some(collider)) =
        (is_gliding, body.head_in_world(), visitor, rock.0.as_deref())
    else {
        veil.moved(0.0);
        return;
    };
    let yaw = Quat::from_rotation_y(head.yaw_rad());
    let way = yaw * Vec3::new(stick.x, 0.0, -stick.y).normalize_or_zero();
    // A hitch moves nobody far.
    let wanted = way * (settings.speed * push * dt_secs.min(0.1));
    let feet = body.feet_in_world;
    let around = letting_out(feet, &visitor.settings, collider);
    let room = StandingRoom::new(&around, &visitor.settings);
    // The body goes where it would walk to; the head comes along.
    let over = (feet + wanted).with_y(head.position.y);
    let step = follow_head(feet, over, &room);
    let moved = step.feet_in_world - feet;
    body.rig = body.rig.moved(moved);
    body.feet_in_world = step.feet_in_world;
    veil.moved(if dt_secs > 0.0 {
        moved.length() / dt_secs
    } else {
        0.0
    });
}

/// Aims a throw, and lets it go.
fn throw(
    life: Res<Life>,
    hands: Res<Hands>,
    comfort: Res<Comfort>,
    rock: Res<Rock>,
    visitor: Option<Res<Visitor>>,
    pointing: Res<Pointing>,
    time: Res<Time<Real>>,
    body: Res<Body>,
    mut travel: ResMut<Travel>,
) {
    let (Some(head), Some(visitor), Some(collider)) =
        (body.head_in_world(), visitor, rock.0.as_deref())
    else {
        travel.aiming = None;
        return;
    };
    if !is_free(&life) {
        travel.aiming = None;
        return;
    }
    let (hand, by) = match &travel.aiming {
        Some(aiming) => (aiming.hand, aiming.by),
        None => match begin(&hands, &comfort, &pointing, time.delta_secs(), &mut travel) {
            Some(begun) => begun,
            None => return,
        },
    };
    // A hand that is lost has not let go: it throws nobody.
    let Some((from, direction)) = hands.ray(hand) else {
        travel.aiming = None;
        return;
    };
    let stick = hands.hand(hand).stick;
    let is_let_go = match by {
        By::Stick => stick.length() < LET_GO_AT,
        By::Trigger => !hands.hand(hand).is_pressed,
    };
    if is_let_go {
        if let Some(aiming) = travel.aiming.take()
            && let Ok(landing) = aiming.aim.landing
        {
            travel.steps += 1;
            travel.goal = Some(landing);
        }
        return;
    }
    let room = StandingRoom::new(collider, &visitor.settings);
    let aim = TeleportSettings::default().aim(
        &Throw {
            head_in_world: head.position,
            feet_in_world: body.feet_in_world,
            head_yaw_rad: head.yaw_rad(),
            hand_in_world: from,
            direction,
            stick: if by == By::Stick { stick } else { Vec2::ZERO },
        },
        &room,
    );
    travel.aiming = Some(Aiming { hand, by, aim });
}

/// Whether a throw begins: a stick pushed forward, or a trigger held on nothing.
fn begin(
    hands: &Hands,
    comfort: &Comfort,
    pointing: &Pointing,
    dt_secs: f32,
    travel: &mut Travel,
) -> Option<(Hand, By)> {
    for hand in super::actions::HANDS {
        let glides = comfort.0.movement == Movement::Smooth && hand != comfort.0.dominant_hand;
        let stick = hands.hand(hand).stick;
        if !glides && stick.y > AIM_AT && stick.y > stick.x.abs() {
            return Some((hand, By::Stick));
        }
    }
    let holding = super::actions::HANDS
        .into_iter()
        .find(|hand| hands.hand(*hand).is_pressed && pointing.is_on_nothing(*hand));
    // A press that turned a leaf of the menu began on something: it throws nobody when the ray is
    // on nothing afterwards.
    travel.held_secs = match holding {
        Some(hand) if hands.has_pressed(hand) || travel.held_secs > 0.0 => {
            travel.held_secs + dt_secs
        }
        _ => 0.0,
    };
    holding
        .filter(|_| travel.held_secs >= HOLD_SECS)
        .map(|hand| (hand, By::Trigger))
}

/// Carries out a jump once it is dark.
fn go(
    mut effects: MessageReader<Carry>,
    mut travel: ResMut<Travel>,
    mut body: ResMut<Body>,
    mut veil: ResMut<Veiling>,
    comfort: Res<Comfort>,
    visitor: Option<Res<Visitor>>,
    rock: Res<Rock>,
) {
    for Carry(effect) in effects.read() {
        if matches!(effect, Effect::PauseVisit(_) | Effect::ResetVisit) {
            travel.aiming = None;
            travel.goal = None;
        }
    }
    if let Some(pose) = body.going.take()
        && let Some(visitor) = &visitor
    {
        travel.goal = Some(Landing {
            feet_in_world: feet_below(pose.eye_in_world, visitor, &rock),
            yaw_rad: pose.yaw_rad,
        });
    }
    let Some(goal) = travel.goal else { return };
    match veil.blink.stage() {
        BlinkStage::Clear | BlinkStage::FadingIn => veil.blink.begin(comfort.0.has_reduced_motion),
        BlinkStage::Dark if veil.is_black() => {
            body.stand_at(goal.feet_in_world, goal.yaw_rad, &comfort.0);
            travel.goal = None;
        }
        BlinkStage::FadingOut | BlinkStage::Dark => {}
    }
}
