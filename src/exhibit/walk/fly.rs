//! In the air: where the gaze leads, stopped by rock.

use bevy::math::Vec3;

use super::ground::{SKIN_M, push_out};
use super::{Ground, WalkSettings, Walker, move_count};
use crate::exhibit::intent::Intent;

impl Walker {
    pub(super) fn fly(
        &mut self,
        settings: &WalkSettings,
        intent: &Intent,
        dt_secs: f32,
        ground: Option<&dyn Ground>,
    ) {
        let rotation = self.rotation();
        let way = rotation * Vec3::new(intent.move_axis.x, 0.0, -intent.move_axis.y)
            + Vec3::Y * intent.rise;
        let speed = settings.speed(intent.run) * settings.fly_factor;
        let wished = way.clamp_length_max(1.0) * speed;
        let fastest = self.velocity.length().max(wished.length());
        let count = move_count(fastest, dt_secs, settings.longest_move_m());
        for _ in 0..count {
            let way = self.accelerate(wished, settings, dt_secs / count as f32);
            let eye = self.feet_in_world + Vec3::Y * settings.eye_height_m;
            let to = match ground {
                None => eye + way,
                Some(ground) => keep_near(glide(eye, way, settings.radius_m, ground), ground),
            };
            self.lose_blocked_velocity(way, to - eye);
            self.feet_in_world = to - Vec3::Y * settings.eye_height_m;
        }
    }
}

/// Moves a sphere along a short way, pushed out of what it meets; stays where it was if it
/// cannot be freed. A sphere that starts inside rock moves freely until it is out.
fn glide(eye: Vec3, way: Vec3, radius_m: f32, ground: &dyn Ground) -> Vec3 {
    if !ground.is_free(eye, eye, radius_m - SKIN_M) {
        let freed = push_out(eye, radius_m, ground);
        return freed.unwrap_or(eye + way);
    }
    for share in [1.0, 0.5, 0.25, 0.125] {
        if let Some(to) = push_out(eye + way * share, radius_m, ground)
            && to.distance(eye) <= radius_m * 0.9
        {
            return to;
        }
    }
    eye
}

/// Not further from all there is than its own size and ten metres: one can look at a model
/// from outside, but not lose it.
fn keep_near(eye: Vec3, ground: &dyn Ground) -> Vec3 {
    let Some((low, high)) = ground.bounds() else {
        return eye;
    };
    let reach = Vec3::splat(10.0 + low.distance(high));
    eye.clamp(low - reach, high + reach)
}
