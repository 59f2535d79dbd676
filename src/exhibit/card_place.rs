//! Pure: where a card stands in a room in a headset: beside what it tells of, never over it,
//! never in rock. Rehearsal asks the same.

use crate::angle::wrapped;
use crate::bake::collide::Collider;
use bevy::{
    math::{Vec2, ops},
    prelude::{EulerRot, Quat, Transform, Vec3, Vec3Swizzles},
};

/// A card, metres: 36 degrees wide at its usual distance.
pub(crate) const CARD_M: Vec2 = Vec2::new(0.80, 0.56);
/// How far a card usually stands from the head, metres.
pub(crate) const CARD_AT_M: f32 = 1.25;
/// Nearer and nearer where there is rock; smaller in step, so that it looks as large.
const TRIED_M: [f32; 4] = [CARD_AT_M, 1.0, 0.8, 0.62];
/// Between a card and what it tells of, radians: a ray from a hand, beside and below the eyes,
/// passes the card on its way there.
const GAP_RAD: f32 = 0.1;
/// How far to the side of the gaze a card opens that tells of no place, radians.
const BESIDE_RAD: f32 = 0.5;
/// Rock is no nearer behind a card than this, metres.
const BEFORE_ROCK_M: f32 = 0.06;
/// Farther to the side than this nobody would look, radians: 63 degrees.
const SIDE_MAX_RAD: f32 = 1.1;

/// Where a head is and looks: position, heading and the height of the gaze, radians.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Looks {
    pub(crate) from: Vec3,
    pub(crate) yaw_rad: f32,
}

/// The place of a card for a head; `subject` is the ball around what it tells of.
pub(crate) fn place(
    head: Looks,
    subject: Option<(Vec3, f32)>,
    rock: Option<&Collider>,
) -> Transform {
    free_place(head, subject, rock).unwrap_or_else(|| {
        let headings = headings(head, subject);
        before(head.from, headings[0], TRIED_M[TRIED_M.len() - 1])
    })
}

/// The same; `None` where rock leaves no room for a card.
pub(crate) fn free_place(
    head: Looks,
    subject: Option<(Vec3, f32)>,
    rock: Option<&Collider>,
) -> Option<Transform> {
    let headings = headings(head, subject);
    let candidates = TRIED_M
        .iter()
        .flat_map(|at_m| headings.iter().map(move |yaw_rad| (*yaw_rad, *at_m)));
    let mut places = candidates.map(|(yaw_rad, at_m)| before(head.from, yaw_rad, at_m));
    places.find(|place| is_free(head.from, place, rock))
}

/// The two headings beside the subject, the one nearer to the gaze first.
fn headings(head: Looks, subject: Option<(Vec3, f32)>) -> [f32; 2] {
    let half_card_rad = ops::atan2(CARD_M.x * 0.5, CARD_AT_M);
    let beside = subject.and_then(|(center, radius_m)| {
        let to = center - head.from;
        let level_m = to.xz().length();
        // What is overhead or underfoot has no side.
        if level_m < to.y.abs() || level_m < 0.05 {
            return None;
        }
        let yaw_rad = ops::atan2(-to.x, -to.z);
        let half_rad = ops::atan2(radius_m, level_m).min(0.7);
        Some((yaw_rad, half_rad + half_card_rad + GAP_RAD))
    });
    let (yaw_rad, aside_rad) = beside.unwrap_or((head.yaw_rad, BESIDE_RAD));
    let mut both = [yaw_rad - aside_rad, yaw_rad + aside_rad].map(|side| {
        let off = wrapped(side - head.yaw_rad).clamp(-SIDE_MAX_RAD, SIDE_MAX_RAD);
        head.yaw_rad + off
    });
    let off = both.map(|side| wrapped(side - head.yaw_rad).abs());
    if off[1] + 0.02 < off[0] {
        both.swap(0, 1);
    }
    both
}

/// A place before the head, a little below its height, upright and facing it.
fn before(from: Vec3, yaw_rad: f32, at_m: f32) -> Transform {
    let way = Quat::from_euler(EulerRot::YXZ, yaw_rad, -0.06, 0.0) * Vec3::NEG_Z;
    Transform::from_translation(from + way * at_m)
        .looking_to(way, Vec3::Y)
        .with_scale(Vec3::splat(at_m / CARD_AT_M))
}

/// Whether nothing stands before the card or cuts it: sight lines to its middle, corners and
/// edges go on beyond it.
fn is_free(from: Vec3, place: &Transform, rock: Option<&Collider>) -> bool {
    let Some(rock) = rock else { return true };
    let half = CARD_M * 0.5;
    let points = [-1.0, 0.0, 1.0]
        .into_iter()
        .flat_map(|x| [-1.0, 0.0, 1.0].map(|y| Vec2::new(x, y)));
    points.into_iter().all(|corner| {
        let at = place.transform_point((half * corner).extend(0.0));
        let way = (at - from).normalize_or(Vec3::NEG_Z);
        !rock.is_occluded(from, at + way * BEFORE_ROCK_M)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bake::collide::Soup;

    const HEAD: Looks = Looks {
        from: Vec3::new(0.0, 1.6, 0.0),
        yaw_rad: 0.0,
    };

    /// A wall in the plane z = -`at_m`.
    fn wall(at_m: f32) -> Collider {
        let corners = [
            Vec3::new(-9.0, -9.0, -at_m),
            Vec3::new(9.0, -9.0, -at_m),
            Vec3::new(9.0, 9.0, -at_m),
            Vec3::new(-9.0, 9.0, -at_m),
        ];
        let mut soup = Soup::default();
        soup.add_triangles(&corners, &[[0, 1, 2], [0, 2, 3]], false)
            .expect("two triangles are few");
        Collider::build(soup)
    }

    /// Angles, radians, between the sight line to the subject's middle and the card's edges.
    fn gap_rad(place: &Transform, center: Vec3) -> f32 {
        let to = (center - HEAD.from).normalize();
        [-0.5, 0.0, 0.5]
            .into_iter()
            .map(|x| {
                let at = place.transform_point(Vec3::new(CARD_M.x * x, 0.0, 0.0));
                to.angle_between((at - HEAD.from).normalize())
            })
            .fold(f32::INFINITY, f32::min)
    }

    #[test]
    fn a_card_stands_beside_what_it_tells_of() {
        for (center, radius_m) in [
            (Vec3::new(0.0, 1.6, -3.0), 0.4),
            (Vec3::new(-0.8, 1.4, -2.0), 0.7),
            (Vec3::new(1.0, 2.0, -4.0), 1.2),
        ] {
            let card = place(HEAD, Some((center, radius_m)), None);
            let half = ops::atan2(radius_m, center.distance(HEAD.from));
            assert!(
                gap_rad(&card, center) > half * 0.95,
                "the card leaves {center} free, not only {} of {half} radians",
                gap_rad(&card, center)
            );
            let to_head = (HEAD.from - card.translation).normalize();
            assert!(
                (card.rotation * Vec3::Z).dot(to_head) > 0.98,
                "and faces the head"
            );
        }
    }

    #[test]
    fn a_card_comes_before_the_rock_and_looks_as_large() {
        let rock = wall(0.95);
        let card = place(HEAD, Some((Vec3::new(0.0, 1.6, -0.95), 0.2)), Some(&rock));
        for corner in [Vec2::NEG_ONE, Vec2::ONE, Vec2::new(1.0, -1.0)] {
            let at = card.transform_point((CARD_M * 0.5 * corner).extend(0.0));
            assert!(at.z > -0.95, "no corner is in the wall: {at}");
        }
        let at_m = card.translation.distance(HEAD.from);
        assert!(
            (card.scale.x / at_m - 1.0 / CARD_AT_M).abs() < 1e-3,
            "nearer and smaller in step"
        );
    }

    #[test]
    fn what_is_overhead_or_unknown_has_its_card_beside_the_gaze() {
        for subject in [None, Some((Vec3::new(0.0, 4.8, -0.3), 1.0))] {
            let card = place(HEAD, subject, None);
            let at = card.translation - HEAD.from;
            assert!(
                at.z < 0.0 && at.x.abs() > 0.3 && at.y.abs() < 0.3,
                "beside the gaze at the height of the eyes: {at}"
            );
        }
    }
}
