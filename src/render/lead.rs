//! Pure: which way to look for what a tour points out and is not in view.

use bevy::prelude::*;

/// What is farther from the gaze than this is out of view, radians: 32 degrees.
const OUT_OF_VIEW_RAD: f32 = 0.56;
/// What has been led to stays led to until it is nearer than this, radians.
const IN_VIEW_RAD: f32 = 0.42;

/// Which way a target lies from the middle of the view.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lead {
    /// Unit; x to the right, y up.
    pub toward: Vec2,
    /// How far from the gaze, radians.
    pub off_rad: f32,
}

/// Which way a target lies; `None` where it is in view. `was_led` keeps a target at the edge
/// from coming and going.
pub fn lead(eye: &Transform, target_in_world: Vec3, was_led: bool) -> Option<Lead> {
    let to = eye.rotation.inverse() * (target_in_world - eye.translation);
    let direction = to.try_normalize()?;
    let off_rad = Vec3::NEG_Z.angle_between(direction);
    let limit = if was_led {
        IN_VIEW_RAD
    } else {
        OUT_OF_VIEW_RAD
    };
    (off_rad > limit).then(|| Lead {
        // Straight behind: to the right.
        toward: direction.xy().try_normalize().unwrap_or(Vec2::X),
        off_rad,
    })
}

/// The way to the target nearest to the gaze; `None` where one is in view: that is enough.
pub fn nearest(eye: &Transform, targets_in_world: &[Vec3], was_led: bool) -> Option<Lead> {
    let targets = targets_in_world.iter();
    let leads: Option<Vec<Lead>> = targets.map(|own| lead(eye, *own, was_led)).collect();
    leads?
        .into_iter()
        .min_by(|a, b| a.off_rad.total_cmp(&b.off_rad))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_out_of_view_is_led_to_by_the_shorter_way() {
        let eye = Transform::from_xyz(0.0, 1.6, 0.0);
        let toward = |target| lead(&eye, target, false).map(|lead| lead.toward.round());
        assert_eq!(toward(Vec3::new(0.0, 1.6, -3.0)), None, "before the eye");
        assert_eq!(
            toward(Vec3::new(3.0, 1.6, 0.0)),
            Some(Vec2::X),
            "to the right"
        );
        assert_eq!(toward(Vec3::new(0.0, 4.6, -1.0)), Some(Vec2::Y), "overhead");
        assert_eq!(
            toward(Vec3::new(0.0, 1.6, 3.0)),
            Some(Vec2::X),
            "behind, where both ways are as long"
        );
        let edge = Vec3::new(1.6, 1.6, -3.0);
        assert_eq!(lead(&eye, edge, false), None, "just in view");
        assert!(
            lead(&eye, edge, true).is_some(),
            "but who is led there is led on"
        );
        assert_eq!(
            lead(&eye, eye.translation, false),
            None,
            "in the eye itself"
        );
        let (side, behind) = (Vec3::new(3.0, 1.6, 0.0), Vec3::new(-1.0, 1.6, 3.0));
        let both = nearest(&eye, &[behind, side], false).map(|lead| lead.toward.x);
        assert_eq!(both, Some(1.0), "the nearer of two");
        let seen = [side, Vec3::new(0.0, 1.6, -3.0)];
        assert_eq!(nearest(&eye, &seen, false), None, "one in view is enough");
        assert_eq!(nearest(&eye, &[], false), None, "nothing is pointed out");
    }
}
