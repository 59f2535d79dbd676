//! Ways between the places of a recording, as a visitor on a monitor flies them.

use crate::{
    bake::collide::Collider,
    exhibit::{
        flight::{Flight, FlightSettings},
        stage::Pose,
        walk::Ground,
    },
    tour::record::{Standing, Way, Ways},
};
use bevy::math::Vec3;
use std::{sync::Arc, time::Duration};

/// The ways of an exhibit.
#[derive(Clone)]
pub struct Known {
    rock: Option<Arc<Collider>>,
    eye_height_m: f32,
}

impl Known {
    /// Around this rock, for eyes so high.
    pub fn new(rock: Option<Arc<Collider>>, eye_height_m: f32) -> Self {
        Self { rock, eye_height_m }
    }

    fn pose(&self, standing: &Standing) -> Pose {
        Pose {
            eye_in_world: standing.feet_in_world + Vec3::Y * self.eye_height_m,
            yaw_rad: standing.yaw_rad,
            pitch_rad: standing.pitch_rad,
        }
    }
}

impl Ways for Known {
    fn between(&self, from: &Standing, to: &Standing) -> Way {
        let settings = FlightSettings::default();
        let ground = self.rock.as_deref().map(|rock| rock as &dyn Ground);
        let plan = |ground| Flight::new(self.pose(from), self.pose(to), &settings, ground);
        let flight = plan(ground);
        // Rehearsal knows no walls: a cut is then measured as the way that it spares.
        let secs = flight.duration_secs().max(plan(None).duration_secs());
        Way {
            time: Duration::try_from_secs_f32(secs).unwrap_or_default(),
            is_free: !flight.is_blink(),
        }
    }
}
