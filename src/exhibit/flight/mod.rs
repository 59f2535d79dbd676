//! Flying the camera from one view to another, gracefully.
//!
//! [`Flight::new`] plans once (it may take some milliseconds where the way is hidden:
//! bounded, see [`FlightSettings`]); [`Flight::pose_at`] is then a pure function of time.
//! To interrupt a flight, stop asking and leave the visitor where the last pose was.
//!
//! The way is a cubic B-spline along a route that keeps clear of rock, so the camera's
//! velocity and acceleration are continuous. The gaze turns from the start to where the
//! flight leads, and from there to the target; on short ways it turns straight to the
//! target. Distance and turning are paid for from one purse: the clock runs along
//! `√(way² + (k · turn)²)`, where k is the ratio of the limits of speed and turning, so that
//! the camera slows where it has to turn, and neither limit can be exceeded.
//!
//! Where no way is found the flight is a blink: the picture fades out here and in there.

mod clock;
mod gaze;
mod route;
#[cfg(test)]
mod tests;
mod track;

use bevy::math::{EulerRot, Quat, Vec3};

use self::route::{SearchLimits, find_route};
use self::track::Track;
use super::walk::Ground;
use crate::angle::wrapped;

/// Where a camera is and looks; never rolled. Angles as in [`super::walk`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pose {
    /// The eye.
    pub eye_in_world: Vec3,
    /// Heading: 0 looks along -Z, positive turns left.
    pub yaw_rad: f32,
    /// Above the horizon, at most a quarter turn either way.
    pub pitch_rad: f32,
}

impl Pose {
    /// The orientation of a camera that looks along its -Z.
    pub fn rotation(&self) -> Quat {
        Quat::from_euler(EulerRot::YXZ, self.yaw_rad, self.pitch_rad, 0.0)
    }

    fn is_finite(&self) -> bool {
        self.eye_in_world.is_finite() && self.yaw_rad.is_finite() && self.pitch_rad.is_finite()
    }
}

/// How flights may move.
#[derive(Debug, Clone, PartialEq)]
pub struct FlightSettings {
    /// Fastest travel, metres per second.
    pub max_speed: f32,
    /// Greatest acceleration, metres per second squared.
    pub max_acceleration: f32,
    /// Fastest turn, degrees per second.
    pub max_turn_deg: f32,
    /// Greatest angular acceleration, degrees per second squared.
    pub max_turn_acceleration_deg: f32,
    /// Wished distance from rock, metres; narrower ways are tried when there is none.
    pub clearance_m: f32,
    /// Longest flight; a longer one becomes a blink, seconds.
    pub longest_secs: f32,
    /// Duration of a blink, seconds.
    pub blink_secs: f32,
    /// Cells that the search for a way may open; bounds the time planning takes.
    pub search_cells: usize,
}

impl Default for FlightSettings {
    fn default() -> Self {
        Self {
            max_speed: 2.5,
            max_acceleration: 2.0,
            max_turn_deg: 45.0,
            max_turn_acceleration_deg: 90.0,
            clearance_m: 0.3,
            longest_secs: 30.0,
            blink_secs: 0.9,
            search_cells: 6000,
        }
    }
}

/// Clearances tried, as parts of the wished one.
const CLEARANCES: [f32; 3] = [1.0, 0.6, 0.35];
/// Settings are kept at or above this, so that no flight takes forever.
const LEAST: f32 = 0.01;

impl FlightSettings {
    fn sanitized(&self) -> Self {
        let usual = Self::default();
        let sound = |value: f32, usual: f32, most: f32| {
            if value.is_finite() { value } else { usual }.clamp(LEAST, most)
        };
        Self {
            max_speed: sound(self.max_speed, usual.max_speed, 100.0),
            max_acceleration: sound(self.max_acceleration, usual.max_acceleration, 100.0),
            max_turn_deg: sound(self.max_turn_deg, usual.max_turn_deg, 720.0),
            max_turn_acceleration_deg: sound(
                self.max_turn_acceleration_deg,
                usual.max_turn_acceleration_deg,
                2000.0,
            ),
            clearance_m: sound(self.clearance_m, usual.clearance_m, 2.0),
            longest_secs: sound(self.longest_secs, usual.longest_secs, 600.0),
            blink_secs: sound(self.blink_secs, usual.blink_secs, 10.0),
            search_cells: self.search_cells.min(200_000),
        }
    }
}

/// A planned way from one pose to another.
#[derive(Debug, Clone)]
pub struct Flight {
    start: Pose,
    end: Pose,
    duration_secs: f32,
    /// `None` for a blink.
    track: Option<Track>,
}

impl Flight {
    /// Plans a flight. Without ground the way is straight. Poses that are not finite are
    /// replaced by each other; when both are broken the flight is over at once.
    pub fn new(
        start: Pose,
        end: Pose,
        settings: &FlightSettings,
        ground: Option<&dyn Ground>,
    ) -> Self {
        let settings = settings.sanitized();
        let sound = [start, end].into_iter().find(Pose::is_finite);
        let fallback = sound.unwrap_or(Pose {
            eye_in_world: Vec3::ZERO,
            yaw_rad: 0.0,
            pitch_rad: 0.0,
        });
        let [start, end] = [start, end].map(|pose| {
            let pose = if pose.is_finite() { pose } else { fallback };
            Pose {
                yaw_rad: wrapped(pose.yaw_rad),
                pitch_rad: pose
                    .pitch_rad
                    .clamp(-core::f32::consts::FRAC_PI_2, core::f32::consts::FRAC_PI_2),
                ..pose
            }
        });
        let track = plan(start, end, &settings, ground)
            .filter(|track| track.duration_secs() <= settings.longest_secs);
        let duration_secs = track
            .as_ref()
            .map_or(settings.blink_secs, Track::duration_secs);
        Self {
            start,
            end,
            duration_secs,
            track,
        }
    }

    /// How long it takes, seconds.
    pub fn duration_secs(&self) -> f32 {
        self.duration_secs
    }

    /// A way that is cut by a fade, however free it is.
    pub fn blink(start: Pose, end: Pose, settings: &FlightSettings) -> Self {
        Self {
            track: None,
            duration_secs: settings.sanitized().blink_secs,
            ..Self::new(start, end, settings, None)
        }
    }

    /// Whether the way is cut by a fade instead of flown.
    pub fn is_blink(&self) -> bool {
        self.track.is_none()
    }

    /// Where the camera is after `secs`; exactly the end from the duration on.
    pub fn pose_at(&self, secs: f32) -> Pose {
        if secs >= self.duration_secs {
            return self.end;
        }
        if secs.is_nan() || secs <= 0.0 {
            return self.start;
        }
        match &self.track {
            Some(track) => track.pose_at(secs),
            None if secs < self.duration_secs * 0.5 => self.start,
            None => self.end,
        }
    }

    /// How dark a blink is after `secs`: 0 clear, 1 black. Flights are clear throughout.
    pub fn darkness_at(&self, secs: f32) -> f32 {
        if self.track.is_some() || !(0.0..self.duration_secs).contains(&secs) {
            return 0.0;
        }
        let part = secs / self.duration_secs;
        // Black for the middle fifth, so that the cut is never seen.
        gaze::smoother((1.0 - (2.0 * part - 1.0).abs()) / 0.8)
    }
}

fn plan(
    start: Pose,
    end: Pose,
    settings: &FlightSettings,
    ground: Option<&dyn Ground>,
) -> Option<Track> {
    let (from, to) = (start.eye_in_world, end.eye_in_world);
    let Some(ground) = ground else {
        return Track::new(start, end, &[from, to], None, settings);
    };
    // Farther than can be flown in time: do not look for a way.
    if from.distance(to) > settings.max_speed * settings.longest_secs {
        return None;
    }
    let limits = SearchLimits {
        cells: settings.search_cells,
        reach_m: 6.0 + from.distance(to) * 0.5,
    };
    CLEARANCES.into_iter().find_map(|part| {
        let clearance_m = settings.clearance_m * part;
        let route = find_route(from, to, clearance_m, limits, ground)?;
        Track::new(start, end, &route, Some((ground, clearance_m)), settings)
    })
}
