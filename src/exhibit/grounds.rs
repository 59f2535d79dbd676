//! Grounds that an author drew: polygons to stand on where no mesh is the floor.
//!
//! Over a floor that a mesh has, a polygon only says where a space is. Elsewhere it is the
//! floor itself, level and without thickness.

use crate::bake::collide::{CollideError, Soup};
use bevy::math::{Vec2, Vec3};

/// How far a floor of a mesh may be above or below the polygon that is drawn over it, metres.
const SAME_FLOOR_M: f32 = 1.0;
/// The share of a polygon that a mesh must carry to be its floor.
const CARRIED_SHARE: f32 = 0.5;

/// A polygon to stand on.
#[derive(Debug, Clone, PartialEq)]
pub struct StagedGround {
    /// In world, in order around.
    pub corners: Vec<Vec3>,
}

impl StagedGround {
    /// The corners as seen from above, (x, z).
    pub(super) fn outline(&self) -> Vec<Vec2> {
        self.corners
            .iter()
            .map(|at| Vec2::new(at.x, at.z))
            .collect()
    }

    fn is_carried(&self, soup: &Soup) -> bool {
        let heights = self.corners.iter().map(|corner| corner.y);
        let (low, high) = heights.fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), y| {
            (low.min(y), high.max(y))
        });
        let outline = self.outline();
        let floor_m2 = soup.floor_area_m2(&outline, low - SAME_FLOOR_M, high + SAME_FLOOR_M);
        floor_m2 >= CARRIED_SHARE * area_m2(&outline).abs()
    }
}

/// Adds the grounds that no mesh among what has been gathered carries.
///
/// # Errors
/// When there are too many triangles.
pub fn add(soup: &mut Soup, grounds: &[StagedGround]) -> Result<(), CollideError> {
    let bare: Vec<&StagedGround> = grounds.iter().filter(|own| !own.is_carried(soup)).collect();
    for ground in bare {
        soup.add_triangles(&ground.corners, &triangles(&ground.outline()), true)?;
    }
    Ok(())
}

/// Positive where x leads to z around the polygon.
fn area_m2(outline: &[Vec2]) -> f32 {
    let next = outline.iter().cycle().skip(1);
    let twice: f32 = outline.iter().zip(next).map(|(a, b)| a.perp_dot(*b)).sum();
    twice * 0.5
}

/// A polygon as triangles whose fronts are above, by cutting off ears. What crosses itself
/// gives some triangles, and no harm.
fn triangles(outline: &[Vec2]) -> Vec<[u32; 3]> {
    // Seen from above with z towards the reader, a front is above where the way round is
    // from z to x.
    let mut left: Vec<u32> = (0..outline.len() as u32).collect();
    if area_m2(outline) > 0.0 {
        left.reverse();
    }
    let at = |index: u32| outline[index as usize];
    let mut found = Vec::new();
    while left.len() >= 3 {
        let count = left.len();
        let corner = |i: usize| {
            let [a, b, c] = [i, (i + 1) % count, (i + 2) % count];
            [left[a], left[b], left[c]]
        };
        let is_ear = |&i: &usize| {
            let [a, b, c] = corner(i);
            let turns = |from: Vec2, to: Vec2, by: Vec2| (to - from).perp_dot(by - from);
            turns(at(a), at(b), at(c)) < 0.0
                && !left.iter().any(|&other| {
                    let point = at(other);
                    ![a, b, c].contains(&other)
                        && turns(at(a), at(b), point) <= 0.0
                        && turns(at(b), at(c), point) <= 0.0
                        && turns(at(c), at(a), point) <= 0.0
                })
        };
        // Without an ear what is left is a line or crosses itself: any corner will do.
        let ear = (0..count).find(is_ear).unwrap_or(0);
        found.push(corner(ear));
        left.remove((ear + 1) % count);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        bake::collide::Collider,
        exhibit::{
            intent::Intent,
            walk::{Ground, WalkSettings, Walker},
        },
    };

    fn ground(height: f32, outline: &[(f32, f32)]) -> StagedGround {
        let corners = outline.iter().map(|(x, z)| Vec3::new(*x, height, *z));
        StagedGround {
            corners: corners.collect(),
        }
    }

    const SQUARE: [(f32, f32); 4] = [(-2.0, -2.0), (2.0, -2.0), (2.0, 2.0), (-2.0, 2.0)];

    /// Walls and no floor, as a scan of a facade.
    fn walls() -> Soup {
        let mut soup = Soup::default();
        let wall = [
            Vec3::new(-5.0, -3.0, -3.0),
            Vec3::new(5.0, -3.0, -3.0),
            Vec3::new(0.0, 4.0, -3.0),
        ];
        let all = soup.add_triangles(&wall, &[[0, 1, 2]], true);
        assert!(all.is_ok(), "one triangle is not too many");
        soup
    }

    fn heights_of(soup: Soup) -> Vec<f32> {
        let rock = Collider::build(soup);
        let settings = WalkSettings::default();
        let mut walker = Walker::new(Vec3::new(0.0, 0.4, 0.0), 0.0, 0.0);
        let ahead = Intent {
            move_axis: Vec2::Y,
            ..Intent::default()
        };
        (0..180)
            .map(|_| {
                walker.step(&settings, &ahead, 1.0 / 60.0, Some(&rock as &dyn Ground));
                walker.feet_in_world.y
            })
            .collect()
    }

    #[test]
    fn a_polygon_carries_where_no_mesh_does() {
        let mut soup = walls();
        add(&mut soup, &[ground(0.4, &SQUARE)]).expect("few triangles");
        for height in heights_of(soup) {
            assert!((height - 0.4).abs() < 0.02, "the feet are at {height} m");
        }
    }

    #[test]
    fn where_a_mesh_has_a_floor_the_polygon_is_no_step() {
        let mut soup = walls();
        let floor = SQUARE.map(|(x, z)| Vec3::new(x * 2.0, 0.1, z * 2.0));
        let all = soup.add_triangles(&floor, &[[0, 2, 1], [0, 3, 2]], true);
        assert!(all.is_ok(), "two triangles are not too many");
        let before = soup.triangle_count();
        add(&mut soup, &[ground(0.4, &SQUARE)]).expect("few triangles");
        assert_eq!(soup.triangle_count(), before, "the mesh is the floor");
        let other_storey = ground(4.0, &SQUARE);
        add(&mut soup, &[other_storey]).expect("few triangles");
        assert_eq!(
            soup.triangle_count(),
            before + 2,
            "a storey above it is not"
        );
    }

    #[test]
    fn any_outline_becomes_triangles_that_face_up() {
        let star: Vec<(f32, f32)> = (0..10)
            .map(|i| {
                let turn = i as f32 * 0.628_318_5;
                let radius = if i % 2 == 0 { 3.0 } else { 1.0 };
                let (sin, cos) = bevy::math::ops::sin_cos(turn);
                (radius * cos, radius * sin)
            })
            .collect();
        let hook = vec![
            (0.0, 0.0),
            (4.0, 0.0),
            (4.0, 1.0),
            (1.0, 1.0),
            (1.0, 3.0),
            (0.0, 3.0),
        ];
        let backward: Vec<(f32, f32)> = hook.iter().rev().copied().collect();
        for outline in [star, hook, backward, SQUARE.to_vec()] {
            let ground = ground(0.0, &outline);
            let found = triangles(&ground.outline());
            assert_eq!(found.len(), outline.len() - 2, "{outline:?}");
            let mut sum = 0.0;
            for corners in found {
                let [a, b, c] = corners.map(|corner| ground.corners[corner as usize]);
                let up = (b - a).cross(c - a).y * 0.5;
                assert!(up > 0.0, "the front is above");
                sum += up;
            }
            let whole = area_m2(&ground.outline()).abs();
            assert!((sum - whole).abs() < 1e-3, "{sum} of {whole} square metres");
        }
        let crossing = [(0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0)];
        let few = triangles(&ground(0.0, &crossing).outline());
        assert!(few.len() <= 2, "what crosses itself ends");
        assert!(triangles(&[]).is_empty(), "nothing is nothing");
    }
}
