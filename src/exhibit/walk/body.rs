//! On foot: sliding along walls, finding ground, stopping at edges, coming back when lost.

use std::borrow::Cow;

use bevy::math::{Quat, Vec3, ops};

use super::{Gait, Ground, WalkSettings, Walker, ground::SKIN_M, move_count};
use crate::{
    bake::collide::{Collider, Contact, SphereHit},
    exhibit::intent::Intent,
};

/// Contacts flatter than this (the horizontal part of the way out) stop, others deflect.
const LEAST_SIDEWAYS: f32 = 0.25;
/// How far feet may be below the edge they rest on, metres.
const SAG_M: f32 = 0.015;
/// How far below a lost walker ground is looked for, metres.
const LANDING_DEPTH_M: f32 = 60.0;
/// A lost walker's eye glides no further than this; beyond, the picture cuts, metres.
const GLIDE_LIMIT_M: f32 = 12.0;

/// A place to stand.
#[derive(Debug, Clone, Copy)]
struct Stance {
    feet: Vec3,
    firm_height_m: f32,
}

impl Walker {
    pub(super) fn walk(
        &mut self,
        settings: &WalkSettings,
        intent: &Intent,
        dt_secs: f32,
        ground: Option<&dyn Ground>,
    ) {
        let wished = self.wished_walk(settings, intent);
        let ground = ground.filter(|ground| ground.bounds().is_some());
        let Some(ground) = ground else {
            let way = self.accelerate(wished, settings, dt_secs);
            self.feet_in_world += way;
            return;
        };
        let is_lost = !self.recover_if_lost(settings, ground);
        let fastest = self.velocity.length().max(wished.length());
        let count = move_count(fastest, dt_secs, settings.longest_move_m());
        for _ in 0..count {
            let way = self.accelerate(wished, settings, dt_secs / count as f32);
            let before = self.feet_in_world;
            if is_lost {
                // Nothing near is good ground: let the visitor look for it, but not leave.
                self.drift(way, ground);
            } else {
                self.take(way, settings, ground);
                let mut made = self.feet_in_world - before;
                made.y = 0.0;
                self.lose_blocked_velocity(way, made);
            }
        }
    }

    /// Goes as far along a short way as the rock allows, then along what stopped it.
    fn take(&mut self, way: Vec3, settings: &WalkSettings, ground: &dyn Ground) {
        if way.length_squared() < 1e-12 {
            return;
        }
        if let Some(stance) = self.stance_after(way, settings, ground) {
            self.stand(stance);
            return;
        }
        // Up to the edge, to within a thirty-second of the move.
        let (mut open, mut shut) = (0.0f32, 1.0f32);
        let mut nearest = None;
        for _ in 0..5 {
            let middle = (open + shut) * 0.5;
            match self.stance_after(way * middle, settings, ground) {
                Some(stance) => (open, nearest) = (middle, Some(stance)),
                None => shut = middle,
            }
        }
        if let Some(stance) = nearest {
            self.stand(stance);
        }
        // Then along it: the first heading, least turned, that has ground.
        let rest = way * (1.0 - open);
        for degrees in [25.0f32, -25.0, 50.0, -50.0, 75.0, -75.0] {
            let turn = degrees.to_radians();
            let along = Quat::from_rotation_y(turn) * rest * ops::cos(turn);
            if let Some(stance) = self.stance_after(along, settings, ground) {
                self.stand(stance);
                return;
            }
        }
    }

    fn stand(&mut self, stance: Stance) {
        self.eye_offset
            .feet_rose(stance.feet.y - self.feet_in_world.y);
        self.feet_in_world = stance.feet;
        self.firm_height_m = stance.firm_height_m;
        self.last_good = Some(stance.feet);
    }

    /// Where the feet would be after sliding along a short way, if that is a good place.
    fn stance_after(
        &self,
        way: Vec3,
        settings: &WalkSettings,
        ground: &dyn Ground,
    ) -> Option<Stance> {
        let slid = slide(self.feet_in_world, way, settings, ground)?;
        let stance = stance_at(slid, self.firm_height_m, settings, ground)?;
        let is_free = is_body_free(stance.feet, settings, ground);
        is_free.then_some(stance)
    }

    /// Makes sure that the walker stands well, moving it to the nearest place that serves:
    /// the ground below, out of the rock it is in, the last good place, or one near by.
    /// Returns false when there is none.
    pub(super) fn recover_if_lost(&mut self, settings: &WalkSettings, ground: &dyn Ground) -> bool {
        let here = self.feet_in_world;
        let is_well = |stance: &Stance| is_body_free(stance.feet, settings, ground);
        if let Some(stance) = stance_at(here, self.firm_height_m, settings, ground).filter(is_well)
        {
            self.stand(stance);
            return true;
        }
        let below = |feet: Vec3| stance_below(feet, settings, ground).filter(is_well);
        let found = below(here)
            .or_else(|| self.last_good.and_then(below))
            .or_else(|| slide(here, Vec3::ZERO, settings, ground).and_then(below))
            .or_else(|| places_around(here).find_map(below));
        let Some(stance) = found else {
            return false;
        };
        let sideways = (stance.feet - here).with_y(0.0).length();
        self.stand(stance);
        self.firm_height_m = stance.feet.y;
        if sideways > 1.0 || self.eye_offset.height_m.abs() > GLIDE_LIMIT_M {
            self.eye_offset = super::EyeOffset::default();
        }
        true
    }

    /// Moves without regard to rock, but not out of the world.
    fn drift(&mut self, way: Vec3, ground: &dyn Ground) {
        self.feet_in_world += way;
        if let Some((low, high)) = ground.bounds() {
            self.feet_in_world = self.feet_in_world.clamp(low, high);
        }
    }

    /// While the eye lags above its rest (after a step down), a low ceiling presses it down.
    pub(super) fn keep_eye_below_ceiling(&mut self, settings: &WalkSettings, ground: &dyn Ground) {
        let lag = self.eye_offset.height_m;
        if lag <= 0.01 {
            return;
        }
        let rest = self.feet_in_world + Vec3::Y * settings.eye_height_m;
        let head = (settings.height_m - settings.eye_height_m).min(settings.radius_m) * 0.8;
        if let Some(hit) = ground.cast_sphere(rest, Vec3::Y, head, lag) {
            self.eye_offset.press_down_to(hit.distance_m);
        }
    }
}

/// The ends of the axis of the floating capsule above these feet.
fn axis(feet: Vec3, settings: &WalkSettings) -> (Vec3, Vec3) {
    (
        feet + Vec3::Y * (settings.step_height_m + settings.radius_m),
        feet + Vec3::Y * (settings.height_m - settings.radius_m),
    )
}

/// The world as it is for a body that stands there: what moves and has come to where it stands
/// lets it out, and does not push it.
pub fn letting_out<'c>(
    feet_in_world: Vec3,
    settings: &WalkSettings,
    collider: &'c Collider,
) -> Cow<'c, Collider> {
    let settings = settings.sanitized();
    let (low, high) = axis(feet_in_world, &settings);
    collider.letting_out(low, high, inside_m(&settings))
}

/// A body that leans on a door is not in it.
fn inside_m(settings: &WalkSettings) -> f32 {
    settings.radius_m - 2.0 * SKIN_M
}

impl Walker {
    /// See [`letting_out`]; in the air the body is a ball around the eye.
    pub fn letting_out<'c>(
        &self,
        settings: &WalkSettings,
        collider: &'c Collider,
    ) -> Cow<'c, Collider> {
        match self.gait {
            Gait::Walking => letting_out(self.feet_in_world, settings, collider),
            Gait::Flying => {
                let eye = self.eye_in_world(settings);
                collider.letting_out(eye, eye, inside_m(&settings.sanitized()))
            }
        }
    }
}

pub(super) fn is_body_free(feet: Vec3, settings: &WalkSettings, ground: &dyn Ground) -> bool {
    let (low, high) = axis(feet, settings);
    ground.is_free(low, high, settings.radius_m - SKIN_M)
}

/// Moves the floating capsule along a short way and pushes it out sideways of what it
/// meets. `None` when it cannot be freed without being pushed about as far as its radius:
/// a place is only taken when no wall can lie between.
fn slide(feet: Vec3, way: Vec3, settings: &WalkSettings, ground: &dyn Ground) -> Option<Vec3> {
    let mut to = feet + way;
    let mut contacts: Vec<Contact> = Vec::new();
    for _ in 0..8 {
        let (low, high) = axis(to, settings);
        contacts.clear();
        ground.contacts(low, high, settings.radius_m, &mut contacts);
        let deepest = contacts
            .iter()
            .max_by(|a, b| a.depth_m.total_cmp(&b.depth_m))
            .filter(|contact| contact.depth_m > SKIN_M * 0.5);
        let Some(contact) = deepest else {
            let is_short = to.distance(feet) <= settings.radius_m * 0.9;
            return is_short.then_some(to);
        };
        let sideways = contact.normal.with_y(0.0);
        let share = sideways.length();
        if share < LEAST_SIDEWAYS {
            return None;
        }
        to += sideways * (contact.depth_m / (share * share));
    }
    None
}

/// The ground under the floating capsule: within a step up and the deepest drop.
fn stance_at(
    feet: Vec3,
    firm_height_m: f32,
    settings: &WalkSettings,
    ground: &dyn Ground,
) -> Option<Stance> {
    // A small foot finds the ground exactly; a wide one bridges the holes that scans have.
    let narrow = stance_on(feet, settings.radius_m * 0.5, settings, ground);
    let wide = || {
        let (stance, hit) = stance_on(feet, settings.radius_m * 0.9, settings, ground)?;
        // A hole has ground on its far side too, an edge has not.
        let across = (feet - hit.point).with_y(0.0).try_normalize()? * settings.radius_m;
        stance_on(feet + across, settings.radius_m * 0.5, settings, ground)?;
        Some((stance, hit))
    };
    let (stance, hit) = narrow.or_else(wide)?;
    let is_firm = is_firm(&hit, settings);
    let is_within_a_step = (stance.y - firm_height_m).abs() <= settings.step_height_m;
    (is_firm || is_within_a_step).then_some(Stance {
        feet: stance,
        firm_height_m: if is_firm { stance.y } else { firm_height_m },
    })
}

/// Where feet rest when a sphere sinks from the foot of the capsule, and on what.
fn stance_on(
    feet: Vec3,
    foot_m: f32,
    settings: &WalkSettings,
    ground: &dyn Ground,
) -> Option<(Vec3, SphereHit)> {
    let center = axis(feet, settings).0;
    let reach = settings.radius_m - foot_m + settings.step_height_m + settings.max_drop_m;
    let hit = ground.cast_sphere(center, Vec3::NEG_Y, foot_m, reach)?;
    hit.is_walkable
        .then(|| (feet.with_y(resting_height(center, foot_m, &hit)), hit))
}

/// The bottom of a sphere that came to rest, but not much below what it rests on: it does
/// not sink over an edge before it falls.
fn resting_height(center: Vec3, foot_m: f32, hit: &SphereHit) -> f32 {
    (center.y - hit.distance_m - foot_m).max(hit.point.y - SAG_M)
}

fn is_firm(hit: &SphereHit, settings: &WalkSettings) -> bool {
    hit.normal.y >= ops::cos(settings.max_slope_deg.to_radians())
}

/// The first firm ground straight below the head of someone standing here.
fn stance_below(feet: Vec3, settings: &WalkSettings, ground: &dyn Ground) -> Option<Stance> {
    let head = axis(feet, settings).1;
    let foot_m = settings.radius_m * 0.5;
    if !ground.is_free(head, head, foot_m) {
        return None;
    }
    let hit = ground.cast_sphere(head, Vec3::NEG_Y, foot_m, LANDING_DEPTH_M)?;
    let height_m = resting_height(head, foot_m, &hit);
    (hit.is_walkable && is_firm(&hit, settings)).then_some(Stance {
        feet: feet.with_y(height_m),
        firm_height_m: height_m,
    })
}

/// Places on widening rings, nearest first.
fn places_around(feet: Vec3) -> impl Iterator<Item = Vec3> {
    (1..=8).flat_map(move |ring| {
        (0..12).map(move |spoke| {
            let angle = core::f32::consts::TAU * spoke as f32 / 12.0;
            let out = Vec3::new(ops::cos(angle), 0.0, ops::sin(angle));
            feet + out * (0.25 * ring as f32)
        })
    })
}
