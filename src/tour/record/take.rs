//! What a guide does while it is recorded: a list of moments, sane whatever comes in.

use std::time::Duration;

use bevy::math::Vec3;

use crate::scene::schema::{HotspotId, Property, Value};

/// What comes later is not recorded: nobody follows a guide for longer.
pub const LONGEST_TAKE: Duration = Duration::from_secs(2 * 3600);
/// Farther from the origin than scene files can say, metres.
const FARTHEST_M: f32 = 100_000.0;
/// A guide who stands still is noted this often, and otherwise whenever they moved or turned.
const HEARTBEAT: Duration = Duration::from_millis(500);
const MOVED_M: f32 = 0.02;
const TURNED_RAD: f32 = 0.01;

/// Where a guide stands and looks.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Standing {
    /// The floor under the feet, metres.
    pub feet_in_world: Vec3,
    /// Heading: 0 looks along -Z, positive turns left, -π to π.
    pub yaw_rad: f32,
    /// Gaze above the horizon.
    pub pitch_rad: f32,
}

impl Standing {
    /// The same place with angles in range; `None` for one that no file can name.
    fn sane(&self) -> Option<Self> {
        use core::f32::consts::{FRAC_PI_2, PI, TAU};
        let is_sane = self.feet_in_world.is_finite()
            && self.feet_in_world.abs().max_element() < FARTHEST_M
            && self.yaw_rad.is_finite()
            && self.pitch_rad.is_finite();
        is_sane.then(|| Self {
            feet_in_world: self.feet_in_world,
            yaw_rad: (self.yaw_rad + PI).rem_euclid(TAU) - PI,
            pitch_rad: self.pitch_rad.clamp(-FRAC_PI_2, FRAC_PI_2),
        })
    }

    /// How far another place is, metres.
    pub(super) fn distance_m(&self, other: &Self) -> f32 {
        self.feet_in_world.distance(other.feet_in_world)
    }

    /// The angle between both gazes, radians.
    pub(super) fn turn_rad(&self, other: &Self) -> f32 {
        self.gaze().angle_between(other.gaze())
    }

    fn gaze(&self) -> Vec3 {
        use bevy::math::ops::{cos, sin};
        let flat = cos(self.pitch_rad);
        let (yaw, pitch) = (self.yaw_rad, self.pitch_rad);
        Vec3::new(-sin(yaw) * flat, sin(pitch), -cos(yaw) * flat)
    }
}

/// Something that a guide did.
#[derive(Debug, Clone, PartialEq)]
pub enum Happening {
    /// Stands or walks here.
    Stands(Standing),
    /// Opened a hotspot.
    Opened(HotspotId),
    /// Switched something: a layer, a lamp, a light.
    Changed {
        /// What.
        property: Property,
        /// To what.
        value: Value,
        /// How softly it changed.
        over: Duration,
    },
    /// Said: a new step begins now.
    NextStep,
    /// Said: this very place matters.
    Mark,
}

/// Something that a guide did, and when.
#[derive(Debug, Clone, PartialEq)]
pub struct Moment {
    /// From the start of the take.
    pub at: Duration,
    /// What.
    pub what: Happening,
}

/// A recorded walk.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Take {
    moments: Vec<Moment>,
    length: Duration,
    last: Option<(Duration, Standing)>,
}

impl Take {
    /// Notes what happened. Times only go on; places that no file can name are left out.
    pub fn note(&mut self, at: Duration, what: Happening) {
        if at > LONGEST_TAKE {
            return;
        }
        let at = at.max(self.length);
        self.length = at;
        let what = match what {
            Happening::Stands(standing) => {
                let Some(standing) = standing.sane() else {
                    return;
                };
                let is_known = self.last.is_some_and(|(then, last)| {
                    at < then + HEARTBEAT
                        && last.distance_m(&standing) < MOVED_M
                        && last.turn_rad(&standing) < TURNED_RAD
                });
                if is_known {
                    return;
                }
                self.last = Some((at, standing));
                Happening::Stands(standing)
            }
            Happening::Changed {
                value: Value::Number(number),
                ..
            } if !number.is_finite() => return,
            other => other,
        };
        self.moments.push(Moment { at, what });
    }

    /// What happened, in its order.
    pub fn moments(&self) -> &[Moment] {
        &self.moments
    }

    /// From its start to the last that happened.
    pub fn length(&self) -> Duration {
        self.length
    }

    /// The places, and when the guide was there.
    pub(super) fn places(&self) -> Vec<(Duration, Standing)> {
        self.moments
            .iter()
            .filter_map(|moment| match moment.what {
                Happening::Stands(standing) => Some((moment.at, standing)),
                _ => None,
            })
            .collect()
    }
}
