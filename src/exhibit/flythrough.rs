//! A short film through the named views of an exhibit.

use super::{
    flight::{Flight, FlightSettings, Pose},
    stage::StagedView,
    walk::Ground,
};
use crate::bake::collide::Collider;

/// Seconds the camera rests at each view.
const REST_SECS: f32 = 0.8;
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
