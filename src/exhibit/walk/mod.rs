//! Walking and flying through an exhibit: where a visitor's wishes lead.
//!
//! Pure: [`Walker::step`] takes a wish, a duration and the rock, and moves. No clock, no
//! device, no ECS. A walker never passes a wall, never falls, and never gets stuck for
//! good: each place it takes was checked, and it returns to the last good one if the rock
//! changes under it.
//!
//! How it works: the body is an upright capsule that floats a step's height above the feet
//! and slides along what it meets; the feet are found by dropping a small sphere from the
//! capsule's foot. Motion is cut into moves shorter than the capsule's radius, and a place
//! is taken only when the capsule is free there, so no wall can be jumped, whatever the
//! duration of a frame. Where there is no ground the walker stops at the edge.
//!
//! Conventions: metres, seconds, right-handed, Y up. Yaw 0 looks along -Z, positive yaw
//! turns left; positive pitch looks up.

mod body;
#[cfg(test)]
mod doors;
mod eye;
mod fly;
pub(super) mod ground;
mod landing;
mod settings;
#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) mod worlds;

pub use body::letting_out;
pub use ground::Ground;
pub use landing::StandingRoom;
pub use settings::WalkSettings;

use crate::angle::wrapped;
use bevy::math::{EulerRot, Quat, Vec2, Vec3, ops};

use self::eye::EyeOffset;
use super::intent::Intent;

/// Longest step, seconds: a longer hitch is taken as this.
const MAX_STEP_SECS: f32 = 0.25;

/// How the visitor moves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Gait {
    /// On foot.
    #[default]
    Walking,
    /// In the air, stopped by rock alone.
    Flying,
}

/// A visitor's body and gaze.
#[derive(Debug, Clone, PartialEq)]
pub struct Walker {
    /// Where the feet are, or would be when flying: below the eye by its height.
    pub feet_in_world: Vec3,
    /// Heading: 0 looks along -Z, positive turns left, -π to π.
    pub yaw_rad: f32,
    /// Gaze above the horizon.
    pub pitch_rad: f32,
    /// Velocity in the world, metres per second.
    pub velocity: Vec3,
    /// See [`Gait`]; change it with [`Walker::set_gait`].
    gait: Gait,
    /// How far the eye is from where it would rest, so that steps do not jolt.
    eye_offset: EyeOffset,
    /// Height of the last flat enough ground; steep ground is left within a step of it.
    firm_height_m: f32,
    /// Where the walker last stood well.
    last_good: Option<Vec3>,
}

impl Walker {
    /// Stands with the feet at a place; the first step finds the ground there.
    pub fn new(feet_in_world: Vec3, yaw_rad: f32, pitch_rad: f32) -> Self {
        let feet = if feet_in_world.is_finite() {
            feet_in_world
        } else {
            Vec3::ZERO
        };
        let mut walker = Self {
            feet_in_world: feet,
            yaw_rad: 0.0,
            pitch_rad: 0.0,
            velocity: Vec3::ZERO,
            gait: Gait::Walking,
            eye_offset: EyeOffset::default(),
            firm_height_m: feet.y,
            last_good: None,
        };
        walker.turn_to(yaw_rad, pitch_rad);
        walker
    }

    /// Puts the eye at a place at once, keeping the gait; a walker's feet then find the
    /// ground below and the eye sinks or rises softly to its height.
    pub fn place_eye(
        &mut self,
        eye_in_world: Vec3,
        yaw_rad: f32,
        pitch_rad: f32,
        settings: &WalkSettings,
        ground: Option<&dyn Ground>,
    ) {
        let gait = self.gait;
        let settings = settings.sanitized();
        let feet = eye_in_world - Vec3::Y * settings.eye_height_m;
        *self = Self {
            gait,
            last_good: self.last_good,
            ..Self::new(feet, yaw_rad, pitch_rad)
        };
        if let (Gait::Walking, Some(ground)) = (gait, ground) {
            self.recover_if_lost(&settings, ground);
        }
    }

    /// Turns the gaze at once.
    pub fn turn_to(&mut self, yaw_rad: f32, pitch_rad: f32) {
        if yaw_rad.is_finite() && pitch_rad.is_finite() {
            self.yaw_rad = wrapped(yaw_rad);
            self.pitch_rad = pitch_rad.clamp(-MAX_PITCH_RAD, MAX_PITCH_RAD);
        }
    }

    /// How the visitor moves now.
    pub fn gait(&self) -> Gait {
        self.gait
    }

    /// Takes off, or lands: the feet find the ground below, or the last good place if there
    /// is none, and the eye follows softly.
    pub fn set_gait(&mut self, gait: Gait, settings: &WalkSettings, ground: Option<&dyn Ground>) {
        if gait == self.gait {
            return;
        }
        let settings = settings.sanitized();
        let (eye, velocity) = (self.eye_in_world(&settings), self.velocity);
        self.gait = gait;
        self.place_eye(eye, self.yaw_rad, self.pitch_rad, &settings, ground);
        self.velocity = velocity;
        if gait == Gait::Walking {
            self.velocity.y = 0.0;
        }
    }

    /// Where the eye is.
    pub fn eye_in_world(&self, settings: &WalkSettings) -> Vec3 {
        self.feet_in_world
            + Vec3::Y * (settings.sanitized().eye_height_m + self.eye_offset.height_m)
    }

    /// Where the eye looks; never rolled.
    pub fn rotation(&self) -> Quat {
        Quat::from_euler(EulerRot::YXZ, self.yaw_rad, self.pitch_rad, 0.0)
    }

    /// Moves for `dt_secs` as wished. Wishes and durations that are not finite are ignored.
    /// Without ground everything is free: walking keeps its height, flying goes anywhere.
    pub fn step(
        &mut self,
        settings: &WalkSettings,
        intent: &Intent,
        dt_secs: f32,
        ground: Option<&dyn Ground>,
    ) {
        if !dt_secs.is_finite() || dt_secs <= 0.0 {
            return;
        }
        let settings = settings.sanitized();
        let intent = intent.sanitized();
        let dt_secs = dt_secs.min(MAX_STEP_SECS);
        self.turn_to(
            self.yaw_rad - intent.look_delta_rad.x,
            self.pitch_rad + intent.look_delta_rad.y,
        );
        if !(self.velocity.is_finite() && self.feet_in_world.is_finite()) {
            self.velocity = Vec3::ZERO;
            self.feet_in_world = self.last_good.unwrap_or(Vec3::ZERO);
        }
        match self.gait {
            Gait::Flying => self.fly(&settings, &intent, dt_secs, ground),
            Gait::Walking => self.walk(&settings, &intent, dt_secs, ground),
        }
        self.eye_offset.settle(dt_secs, settings.eye_smoothing_secs);
        if let (Gait::Walking, Some(ground)) = (self.gait, ground) {
            self.keep_eye_below_ceiling(&settings, ground);
        }
    }

    /// Horizontal velocity wished for while walking.
    fn wished_walk(&self, settings: &WalkSettings, intent: &Intent) -> Vec3 {
        let forward = Vec2::new(-ops::sin(self.yaw_rad), -ops::cos(self.yaw_rad));
        let right = Vec2::new(-forward.y, forward.x);
        let way = right * intent.move_axis.x + forward * intent.move_axis.y;
        Vec3::new(way.x, 0.0, way.y) * settings.speed(intent.run)
    }

    /// Blends the velocity towards a wish for one move and returns the way made: the exact
    /// integral of an exponential approach, so that frame rates agree.
    fn accelerate(&mut self, wished: Vec3, settings: &WalkSettings, dt_secs: f32) -> Vec3 {
        let tau = if wished == Vec3::ZERO {
            settings.stop_secs
        } else {
            settings.start_secs
        };
        let excess = self.velocity - wished;
        let left = ops::exp(-dt_secs / tau);
        self.velocity = wished + excess * left;
        wished * dt_secs + excess * tau * (1.0 - left)
    }

    /// Takes from the velocity what a move could not carry out.
    fn lose_blocked_velocity(&mut self, wished_way: Vec3, way: Vec3) {
        let missing = wished_way - way;
        // Rounding is no obstacle.
        let is_rounding = missing.length() < 1e-5 + 1e-3 * wished_way.length();
        if let Some(blocked) = missing.try_normalize().filter(|_| !is_rounding) {
            let into = self.velocity.dot(blocked).max(0.0);
            self.velocity -= blocked * into;
        }
    }
}

/// Steepest gaze, just short of straight up.
const MAX_PITCH_RAD: f32 = 1.5;

/// Into how many moves a step is cut, so that none is longer than `longest_m`.
fn move_count(fastest: f32, dt_secs: f32, longest_m: f32) -> u32 {
    let count = (fastest * dt_secs / longest_m).ceil();
    // Settings are limited so that this stays small; the cap is for safety.
    (count as u32).clamp(1, 200)
}
