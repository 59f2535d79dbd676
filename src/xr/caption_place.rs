//! Pure: where captions stand around a head: below the gaze, and out of the way of whatever
//! else is to be read or pressed; and how near what stands before rock comes.

use crate::angle::wrapped;
use crate::bake::collide::Collider;
use bevy::{math::ops, prelude::*};

/// Between captions and what they give way to, radians: 1.1 degrees.
const GAP_RAD: f32 = 0.02;
/// The foot of captions is never lower, radians: 32 degrees, which is in a narrow headset's
/// picture (34 degrees down) also for whoever looks straight ahead; nor their head higher.
const LOWEST_RAD: f32 = -0.56;
const HIGHEST_RAD: f32 = 0.35;

/// A part of what surrounds a head, radians: to the left and up, from and to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Patch {
    pub(super) yaw_rad: [f32; 2],
    pub(super) pitch_rad: [f32; 2],
}

impl Patch {
    /// What these points cover, their yaw counted from `ahead_rad`; `None` of no points.
    pub(super) fn around(
        head: Vec3,
        ahead_rad: f32,
        points: impl IntoIterator<Item = Vec3>,
    ) -> Option<Self> {
        let mut points = points.into_iter().map(|point| {
            let to = point - head;
            let yaw = ops::atan2(-to.x, -to.z) - ahead_rad;
            let pitch = ops::atan2(to.y, ops::hypot(to.x, to.z));
            Vec2::new(wrapped(yaw), pitch)
        });
        let first = points.next()?;
        let (low, high) = points.fold((first, first), |(low, high), point| {
            (low.min(point), high.max(point))
        });
        Some(Self {
            yaw_rad: [low.x, high.x],
            pitch_rad: [low.y, high.y],
        })
    }

    fn meets(&self, other: &Self) -> bool {
        let overlap = |a: [f32; 2], b: [f32; 2]| a[0] < b[1] && b[0] < a[1];
        overlap(self.yaw_rad, other.yaw_rad) && overlap(self.pitch_rad, other.pitch_rad)
    }
}

/// The pitch of the foot of captions of this width and height, radians, that usually stand at
/// `usual_rad`: the nearest to it at which they cover none of `others`; the usual one where
/// there is none.
pub(super) fn foot_rad(usual_rad: f32, size_rad: Vec2, others: &[Patch]) -> f32 {
    let height_rad = size_rad.y;
    let is_free = |foot_rad: &f32| {
        let own = Patch {
            yaw_rad: [-0.5 * size_rad.x, 0.5 * size_rad.x],
            pitch_rad: [*foot_rad, *foot_rad + height_rad],
        };
        others.iter().all(|other| !own.meets(other))
    };
    let beside = others.iter().flat_map(|other| {
        let [low, high] = other.pitch_rad;
        [low - GAP_RAD - height_rad, high + GAP_RAD]
    });
    core::iter::once(usual_rad)
        .chain(beside.filter(|foot| (LOWEST_RAD..=HIGHEST_RAD - height_rad).contains(foot)))
        .filter(is_free)
        .min_by(|a, b| (a - usual_rad).abs().total_cmp(&(b - usual_rad).abs()))
        .unwrap_or(usual_rad)
}

/// What is in front of rock is so far before it, metres, and never nearer to the head.
const BEFORE_ROCK_M: f32 = 0.06;
const NEAREST_M: f32 = 0.45;

/// How far away something may stand, at most `wanted_m`, that none of these ways, unit vectors,
/// meets rock before it.
pub(super) fn before_rock_m(
    from: Vec3,
    ways: &[Vec3],
    wanted_m: f32,
    rock: Option<&Collider>,
) -> f32 {
    let reach_m = wanted_m + BEFORE_ROCK_M;
    let hits = rock.into_iter().flat_map(|rock| {
        ways.iter()
            .filter_map(move |way| rock.cast_ray(from, *way, reach_m))
    });
    hits.map(|hit| hit.point.distance(from) - BEFORE_ROCK_M)
        .fold(wanted_m, f32::min)
        .max(NEAREST_M.min(wanted_m))
}

/// Of the way from a head to all of these points, the share after which rock is near: what
/// spans them looks as large, so much nearer and smaller, and stands before it.
pub(super) fn share_before_rock(
    from: Vec3,
    points: impl IntoIterator<Item = Vec3>,
    rock: Option<&Collider>,
) -> f32 {
    let shares = points.into_iter().filter_map(|point| {
        let to = point - from;
        let way = to.try_normalize()?;
        Some(before_rock_m(from, &[way], to.length(), rock) / to.length())
    });
    shares.fold(1.0, f32::min)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bake::collide::Soup;
    use core::f32::consts::PI;

    const USUAL_RAD: f32 = -0.42;
    const SIZE_RAD: Vec2 = Vec2::new(0.6, 0.08);

    fn patch(yaw_rad: [f32; 2], pitch_rad: [f32; 2]) -> Patch {
        Patch { yaw_rad, pitch_rad }
    }

    #[track_caller]
    fn check(others: &[Patch], expected_rad: f32, why: &str) {
        let foot_rad = foot_rad(USUAL_RAD, SIZE_RAD, others);
        assert!((foot_rad - expected_rad).abs() < 1e-4, "{why}: {foot_rad}");
    }

    #[test]
    fn captions_give_way_to_a_menu() {
        check(&[], USUAL_RAD, "nothing is in their way");
        let menu = patch([-0.3, 0.3], [-0.44, -0.18]);
        check(&[menu], -0.54, "they stand below a menu");
        let tall = patch([-0.3, 0.3], [-0.6, -0.1]);
        check(&[tall], -0.08, "above one that reaches too far down");
        let aside = patch([0.4, 0.7], [-0.44, -0.18]);
        check(&[aside], USUAL_RAD, "one beside them is in nobody's way");
        let wall = patch([-0.3, 0.3], [-0.9, 0.5]);
        check(&[wall], USUAL_RAD, "where there is no room they stay");
    }

    #[test]
    fn captions_stand_before_rock() {
        // A wall across the gaze, 1 m ahead.
        let corners = [(-2.0, 0.0), (2.0, 0.0), (2.0, 3.0), (-2.0, 3.0)];
        let corners = corners.map(|(x, y)| Vec3::new(x, y, -1.0));
        let mut soup = Soup::default();
        let all = soup.add_triangles(&corners, &[[0, 1, 2], [0, 2, 3]], false);
        assert!(all.is_ok(), "two triangles are not too many");
        let wall = Collider::build(soup);
        let eye = Vec3::Y * 1.6;
        let ahead_m = before_rock_m(eye, &[Vec3::NEG_Z], 1.6, Some(&wall));
        assert!(
            (ahead_m - 0.94).abs() < 0.01,
            "a hand's breadth before it: {ahead_m}"
        );
        let away = before_rock_m(eye, &[Vec3::Z], 1.6, Some(&wall));
        assert_eq!(away, 1.6, "as far as usual where there is room");
        let near = before_rock_m(Vec3::new(0.0, 1.6, -0.8), &[Vec3::NEG_Z], 1.6, Some(&wall));
        assert_eq!(near, NEAREST_M, "never before the visitor's nose");
        assert_eq!(before_rock_m(eye, &[Vec3::NEG_Z], 1.6, None), 1.6);
        // A menu whose right edge is in a wall beside it comes nearer as a whole.
        let edges = [-0.4, 0.4].map(|x| Vec3::new(x, 1.3, -1.1));
        let share = share_before_rock(eye, edges, Some(&wall));
        let nearest = eye + (edges[0] - eye) * share;
        assert!(
            share < 0.9 && nearest.z > -0.98,
            "it stands before the wall: {share}, {nearest}"
        );
        assert_eq!(share_before_rock(eye, edges, None), 1.0);
    }

    #[test]
    fn captions_give_way_to_several_at_once() {
        let menu = patch([-0.3, 0.3], [-0.44, -0.3]);
        let card = patch([-0.1, 0.9], [-0.28, 0.1]);
        check(&[menu, card], -0.54, "not from one to the other");
    }

    #[test]
    fn a_patch_counts_from_ahead_and_across_the_back() {
        let head = Vec3::new(1.0, 1.6, 2.0);
        let behind = [
            Vec3::new(0.9, 1.6, 3.0),
            Vec3::new(1.1, 1.6, 3.0),
            Vec3::new(1.0, 0.6, 3.0),
        ];
        let patch = Patch::around(head, PI, behind).expect("there are points");
        let wide = ops::atan2(0.1, 1.0);
        let off = [
            patch.yaw_rad[0] + wide,
            patch.yaw_rad[1] - wide,
            patch.pitch_rad[0] + PI / 4.0,
            patch.pitch_rad[1],
        ];
        assert!(off.iter().all(|off| off.abs() < 1e-4), "{patch:?}");
        assert_eq!(Patch::around(head, 0.0, []), None, "of nothing");
    }
}
