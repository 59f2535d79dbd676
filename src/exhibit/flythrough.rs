//! Through the named views of an exhibit: a short film, and frames to measure.

use super::{
    flight::{Flight, FlightSettings, Pose},
    stage::StagedView,
    walk::Ground,
};
use crate::bake::collide::Collider;

/// Seconds the camera rests at each view.
const REST_SECS: f32 = 0.8;
/// How far somebody looks round at each view, to both sides of it together, radians.
const LOOK_ROUND_RAD: f32 = core::f32::consts::FRAC_PI_2;

/// Poses of a film, `fps` a second: from view to view in the author's order, at most
/// `longest_secs`. Ways that are not free become cuts.
pub fn poses(
    views: &[StagedView],
    collider: Option<&Collider>,
    fps: u32,
    longest_secs: f32,
) -> Vec<Pose> {
    let ground = collider.map(|collider| collider as &dyn Ground);
    let step = 1.0 / fps.max(1) as f32;
    let most = (longest_secs / step) as usize;
    let rest = (REST_SECS / step) as usize;
    let mut poses = Vec::new();
    for pair in views.windows(2) {
        poses.extend(std::iter::repeat_n(pair[0].pose, rest));
        let flight = Flight::new(
            pair[0].pose,
            pair[1].pose,
            &FlightSettings::default(),
            ground,
        );
        if !flight.is_blink() {
            let frames = (flight.duration_secs() / step) as usize;
            poses.extend((0..frames).map(|frame| flight.pose_at(frame as f32 * step)));
        }
        if poses.len() >= most {
            poses.truncate(most);
            return poses;
        }
    }
    if let Some(last) = views.last() {
        poses.extend(std::iter::repeat_n(last.pose, rest));
    }
    poses
}

/// Frame `index` of `count` of somebody who stands at each of `places` in turn and looks from one
/// side of its view to the other: which place, and the pose.
pub fn look_round(places: &[Pose], index: u32, count: u32) -> Option<(usize, Pose)> {
    let along = |index: u32| u64::from(index) * places.len() as u64;
    let count = u64::from(count.max(1));
    let at = along(index) / count;
    let place = places.get(at as usize)?;
    // How far along its own share of the frames this one is, by the middle of the frame.
    let share = (along(index) as f32 + 0.5 * places.len() as f32) / count as f32 - at as f32;
    let yaw_rad = place.yaw_rad + (share.min(1.0) - 0.5) * LOOK_ROUND_RAD;
    let pose = Pose {
        yaw_rad: crate::angle::wrapped(yaw_rad),
        ..*place
    };
    Some((at as usize, pose))
}

#[cfg(test)]
mod tests {
    use super::*;
    use bevy::math::Vec3;

    #[test]
    fn frames_to_measure_stand_where_visitors_stand_and_look_to_both_sides() {
        let place = |x: f32, yaw_rad: f32| Pose {
            eye_in_world: Vec3::new(x, 1.6, 0.0),
            yaw_rad,
            pitch_rad: 0.1,
        };
        let places = [place(0.0, 0.0), place(3.0, 3.0), place(7.0, -1.0)];
        for count in [1, 2, 3, 7, 60] {
            let mut last = 0;
            for index in 0..count {
                let (at, pose) = look_round(&places, index, count).expect("there are places");
                assert!(at >= last && at < places.len(), "one after the other");
                last = at;
                assert_eq!(pose.eye_in_world, places[at].eye_in_world);
                assert_eq!(pose.pitch_rad, places[at].pitch_rad);
                let off = crate::angle::wrapped(pose.yaw_rad - places[at].yaw_rad);
                assert!(
                    off.abs() <= LOOK_ROUND_RAD / 2.0 + 1e-4,
                    "{off} at {index} of {count}"
                );
            }
            let is_whole = count as usize >= places.len();
            assert!(!is_whole || last == places.len() - 1, "all of them");
        }
        let yaws: Vec<_> = (0..20)
            .filter_map(|index| look_round(&places, index, 60))
            .map(|(_, pose)| pose.yaw_rad)
            .collect();
        assert!(yaws[0] < -0.7 && yaws[19] > 0.7, "both sides: {yaws:?}");
        assert!(look_round(&[], 0, 4).is_none(), "nowhere to stand");
    }
}
