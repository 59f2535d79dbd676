//! A camera for a bare model: inside a cave, around a statue.
//!
//! How it is decided, from points spread over the surface ([`samples`]):
//! - A place is *enclosed* when in nearly all directions around it the nearest surface
//!   shows its front. A room or cave scanned from within encloses the places in it; the
//!   middle of a statue sees nothing but backs.
//! - A model has an *outside* when, looked at from around, most of what is nearest shows
//!   its front.
//! - The camera stands inside when some place is enclosed and the model either has no
//!   outside (a single shell, as caves are scanned) or is large enough to walk in (a
//!   building). A vase is enclosed too, but has an outside and is small: one looks at it.
//! - Inside, it stands where the view is widest, at eye height above the floor, and turns
//!   on the spot; outside it circles at the distance from which everything is in view.
//!
//! Shells whose normals all point the wrong way are taken for solids: their author sees
//! them from outside, and a named view or `--pose` helps.

mod samples;

use bevy::math::{DAffine3, Vec3, ops};

use self::samples::{SurfacePoint, sample_surface};
use super::flight::Pose;
use crate::bake::model::Model;

/// Share of directions in which an enclosed place must see fronts.
const ENCLOSED: f32 = 0.8;
/// Extent of a building that one can be in: both level sides, and height, metres.
const WALKABLE_M: (f32, f32) = (3.0, 1.8);
/// Eye above the floor, metres.
const EYE_HEIGHT_M: f32 = 1.6;
/// How far above the horizon an outside camera stands.
const ELEVATION_RAD: f32 = 0.35;

/// Where to look at a bare model from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Orbit {
    /// Whether the camera stands inside and turns, or outside and circles.
    pub is_inside: bool,
    /// Inside: the eye. Outside: the middle of the model, looked at.
    pub pivot_in_world: Vec3,
    /// Outside: from the pivot to the eye, metres. Inside: zero.
    pub distance_m: f32,
    /// Heading of the first pose.
    pub first_yaw_rad: f32,
    /// Near plane that cuts nothing, metres.
    pub near_m: f32,
    /// Far plane that cuts nothing, metres.
    pub far_m: f32,
}

impl Orbit {
    /// Chooses a camera for a model placed by `world_from_model`, for a picture with this
    /// vertical field of view (radians) and aspect ratio (width by height). `None` when the
    /// model has no triangles. Takes some tens of milliseconds, whatever the model's size.
    pub fn around_model(
        model: &Model,
        world_from_model: DAffine3,
        fov_y_rad: f32,
        aspect: f32,
    ) -> Option<Self> {
        let (points, bounds) = sample_surface(model, world_from_model)?;
        let size = bounds.1 - bounds.0;
        let is_walkable = size.x.min(size.z) >= WALKABLE_M.0 && size.y >= WALKABLE_M.1;
        let place = (is_walkable || !has_outside(&points, bounds))
            .then(|| widest_place(&points, bounds))
            .flatten();
        Some(match place {
            Some(eye) => Self::inside(&points, eye, size.length()),
            None => Self::around_bounds(bounds, fov_y_rad, aspect),
        })
    }

    /// A camera that circles around a box and sees all of it.
    pub fn around_bounds(bounds: (Vec3, Vec3), fov_y_rad: f32, aspect: f32) -> Self {
        let fov_y_rad = if fov_y_rad.is_finite() {
            fov_y_rad
        } else {
            1.0
        }
        .clamp(0.05, 3.0);
        let aspect = if aspect.is_finite() { aspect } else { 1.0 }.clamp(0.05, 20.0);
        let radius_m = (bounds.1.distance(bounds.0) * 0.5).clamp(1e-6, 1e9);
        let half_y = fov_y_rad * 0.5;
        let half_x = ops::atan(ops::tan(half_y) * aspect);
        let distance_m = radius_m * 1.04 / ops::sin(half_y.min(half_x));
        Self {
            is_inside: false,
            pivot_in_world: (bounds.0 + bounds.1) * 0.5,
            distance_m,
            first_yaw_rad: 0.6,
            near_m: (distance_m - radius_m * 1.02).max(radius_m * 1e-3),
            far_m: distance_m + radius_m * 1.1,
        }
    }

    fn inside(points: &[SurfacePoint], eye: Vec3, size_m: f32) -> Self {
        let around = Panorama::at(eye, points);
        let nearest = around.nearest_m();
        Self {
            is_inside: true,
            pivot_in_world: eye,
            distance_m: 0.0,
            first_yaw_rad: around.widest_yaw_rad(),
            near_m: (nearest * 0.2).clamp(1e-4, 0.1),
            far_m: (size_m * 1.5).max(1.0),
        }
    }

    /// Pose `index` of `count` that go once around.
    pub fn pose(&self, index: u32, count: u32) -> Pose {
        let turn = core::f32::consts::TAU * (index as f32 / count.max(1) as f32);
        let yaw_rad = crate::angle::wrapped(self.first_yaw_rad + turn);
        if self.is_inside {
            return Pose {
                eye_in_world: self.pivot_in_world,
                yaw_rad,
                pitch_rad: 0.0,
            };
        }
        let level = ops::cos(ELEVATION_RAD);
        let back = Vec3::new(
            ops::sin(yaw_rad) * level,
            ops::sin(ELEVATION_RAD),
            ops::cos(yaw_rad) * level,
        );
        Pose {
            eye_in_world: self.pivot_in_world + back * self.distance_m,
            yaw_rad,
            pitch_rad: -ELEVATION_RAD,
        }
    }
}

/// The enclosed place with the widest view, at eye height where it stays enclosed there.
fn widest_place(points: &[SurfacePoint], (low, high): (Vec3, Vec3)) -> Option<Vec3> {
    let parts = [0.5f32, 0.3, 0.7, 0.12, 0.88];
    let mut best: Option<(f32, Vec3)> = None;
    for y in [0.5f32, 0.25, 0.75] {
        for x in parts {
            for z in parts {
                let place = low + (high - low) * Vec3::new(x, y, z);
                let around = Panorama::at(place, points);
                if around.front_share() < ENCLOSED {
                    continue;
                }
                let width = around.median_m();
                if best.is_none_or(|(widest, _)| width > widest * 1.001) {
                    best = Some((width, place));
                }
            }
        }
    }
    let (_, place) = best?;
    let around = Panorama::at(place, points);
    let (down, up) = (around.below_m()?, around.above_m().unwrap_or(f32::INFINITY));
    let standing = EYE_HEIGHT_M.min((down + up) * 0.55);
    let eye = place + Vec3::Y * (standing - down);
    let stays = Panorama::at(eye, points).front_share() >= ENCLOSED;
    Some(if stays { eye } else { place })
}

/// Cells along one side of a face of the panorama's cube.
const SIDE: usize = 8;

/// What is nearest in each direction around a place: a coarse cube map.
struct Panorama {
    /// Distance and whether the front shows; infinite where nothing is.
    cells: Vec<(f32, bool)>,
    below_m: f32,
    above_m: f32,
}

impl Panorama {
    fn at(place: Vec3, points: &[SurfacePoint]) -> Self {
        let mut panorama = Self {
            cells: vec![(f32::INFINITY, false); 6 * SIDE * SIDE],
            below_m: f32::INFINITY,
            above_m: f32::INFINITY,
        };
        for point in points {
            let to = point.position - place;
            let distance = to.length();
            if distance <= 0.0 {
                continue;
            }
            let cell = &mut panorama.cells[cell_of(to)];
            if distance < cell.0 {
                *cell = (distance, point.normal.dot(to) < 0.0);
            }
            // Within about ten degrees of the vertical.
            if to.y.abs() > 0.985 * distance {
                let found = if to.y < 0.0 {
                    &mut panorama.below_m
                } else {
                    &mut panorama.above_m
                };
                *found = found.min(to.y.abs());
            }
        }
        panorama
    }

    /// Share of all directions in which the nearest surface shows its front.
    fn front_share(&self) -> f32 {
        let fronts = self.cells.iter().filter(|(_, is_front)| *is_front).count();
        fronts as f32 / self.cells.len() as f32
    }

    fn nearest_m(&self) -> f32 {
        self.distances().next().unwrap_or(0.0)
    }

    fn median_m(&self) -> f32 {
        let count = self.distances().count();
        self.distances().nth(count / 2).unwrap_or(0.0)
    }

    /// Distances that are not infinite, nearest first.
    fn distances(&self) -> impl Iterator<Item = f32> {
        let mut distances: Vec<f32> = self
            .cells
            .iter()
            .map(|(distance, _)| *distance)
            .filter(|distance| distance.is_finite())
            .collect();
        distances.sort_unstable_by(f32::total_cmp);
        distances.into_iter()
    }

    fn below_m(&self) -> Option<f32> {
        Some(self.below_m).filter(|m| m.is_finite())
    }

    fn above_m(&self) -> Option<f32> {
        Some(self.above_m).filter(|m| m.is_finite())
    }

    /// The heading in which the level view reaches farthest, averaged over a window.
    fn widest_yaw_rad(&self) -> f32 {
        const HEADINGS: usize = 32;
        let reach = |heading: usize| {
            let yaw = heading_yaw(heading % HEADINGS, HEADINGS);
            let way = Vec3::new(-ops::sin(yaw), 0.05, -ops::cos(yaw));
            let (distance, _) = self.cells[cell_of(way)];
            if distance.is_finite() { distance } else { 0.0 }
        };
        let window =
            |heading: usize| -> f32 { (0..5).map(|k| reach(heading + HEADINGS + k - 2)).sum() };
        let best = (0..HEADINGS).max_by(|a, b| window(*a).total_cmp(&window(*b)).then(b.cmp(a)));
        heading_yaw(best.unwrap_or(0), HEADINGS)
    }
}

fn heading_yaw(heading: usize, count: usize) -> f32 {
    core::f32::consts::TAU * heading as f32 / count as f32
}

/// The cube-map cell of a direction of some length.
fn cell_of(to: Vec3) -> usize {
    let size = to.abs();
    let axis = size.max_position();
    let along = to[axis];
    let face = axis * 2 + usize::from(along < 0.0);
    let cell = |value: f32| {
        let part = (value / along.abs() * 0.5 + 0.5) * SIDE as f32;
        (part as usize).min(SIDE - 1)
    };
    let (u, v) = (cell(to[(axis + 1) % 3]), cell(to[(axis + 2) % 3]));
    (face * SIDE + v) * SIDE + u
}

/// Whether most of what is nearest shows its front, seen from far away all around.
fn has_outside(points: &[SurfacePoint], (low, high): (Vec3, Vec3)) -> bool {
    const GRID: usize = 20;
    let middle = (low + high) * 0.5;
    let reach = high.distance(low).max(1e-9) * 0.5;
    let (mut fronts, mut seen) = (0usize, 0usize);
    for k in 0..12 {
        // A spiral of directions, evenly spread over the sphere.
        let y = 1.0 - (k as f32 + 0.5) / 6.0;
        let level = (1.0 - y * y).sqrt();
        let angle = k as f32 * 2.399_963;
        let from = Vec3::new(ops::cos(angle) * level, y, ops::sin(angle) * level);
        let (right, up) = from.any_orthonormal_pair();
        let mut cells = vec![(f32::NEG_INFINITY, false); GRID * GRID];
        for point in points {
            let at = (point.position - middle) / reach;
            let cell = |value: f32| (((value * 0.5 + 0.5) * GRID as f32) as usize).min(GRID - 1);
            let cell = &mut cells[cell(at.dot(up)) * GRID + cell(at.dot(right))];
            let height = at.dot(from);
            if height > cell.0 {
                *cell = (height, point.normal.dot(from) > 0.0);
            }
        }
        for (height, is_front) in cells {
            seen += usize::from(height.is_finite());
            fronts += usize::from(height.is_finite() && is_front);
        }
    }
    fronts * 2 > seen
}

#[cfg(test)]
mod tests;
