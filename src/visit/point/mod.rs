//! What a visitor points at: by either hand, by touch, or by looking long enough.
//!
//! [`pick`] finds the hotspot a ray means, with help for unsteady hands; [`Dwell`] turns a
//! resting gaze into a press; [`PointingHand`] says whose ray counts; [`Feeling`] what a hand
//! is told of it. All know nothing of devices.

mod dwell;
mod hand;
#[cfg(test)]
mod tests;
mod touch;

pub use dwell::{Dwell, DwellOutcome};
pub use hand::{HandInput, Pointer, PointingHand};
pub use touch::{Feeling, Touch};

use bevy::math::{Quat, Vec3, ops};

/// A hotspot, named by its place in the shell's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spot(pub usize);

/// The shape of a hotspot in world, metres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shape {
    /// A ball.
    Sphere {
        /// Its middle.
        center: Vec3,
        /// Metres.
        radius_m: f32,
    },
    /// A box.
    Box {
        /// Its middle.
        center: Vec3,
        /// Half its sides, along its own axes.
        half: Vec3,
        /// Its axes in world.
        rotation: Quat,
    },
}

impl Shape {
    /// The middle.
    pub fn center(&self) -> Vec3 {
        match self {
            Self::Sphere { center, .. } | Self::Box { center, .. } => *center,
        }
    }

    /// The point of the shape that is nearest to a point; the point itself inside.
    pub fn nearest(&self, point: Vec3) -> Vec3 {
        match self {
            Self::Sphere { center, radius_m } => {
                *center + (point - *center).clamp_length_max(radius_m.max(0.0))
            }
            Self::Box {
                center,
                half,
                rotation,
            } => {
                let half = half.abs();
                let local = rotation.inverse() * (point - *center);
                *center + *rotation * local.clamp(-half, half)
            }
        }
    }

    /// Where a ray with a unit direction enters, metres along it; 0 from inside.
    pub fn entry_m(&self, from: Vec3, direction: Vec3) -> Option<f32> {
        match self {
            Self::Sphere { center, radius_m } => {
                let to = *center - from;
                let along = to.dot(direction);
                let beside_squared = (to - direction * along).length_squared();
                let depth_squared = radius_m * radius_m - beside_squared;
                if depth_squared < 0.0 {
                    return None;
                }
                let depth = depth_squared.sqrt();
                (along + depth >= 0.0).then_some((along - depth).max(0.0))
            }
            Self::Box {
                center,
                half,
                rotation,
            } => {
                let back = rotation.inverse();
                let (o, d) = (back * (from - *center), back * direction);
                let half = half.abs();
                let (mut near, mut far) = (0.0f32, f32::INFINITY);
                for axis in 0..3 {
                    if d[axis].abs() < 1e-9 {
                        if o[axis].abs() > half[axis] {
                            return None;
                        }
                        continue;
                    }
                    let a = (-half[axis] - o[axis]) / d[axis];
                    let b = (half[axis] - o[axis]) / d[axis];
                    near = near.max(a.min(b));
                    far = far.min(a.max(b));
                }
                (near <= far).then_some(near)
            }
        }
    }
}

/// Help beside the shape, degrees: an outstretched hand trembles by about one.
const HELP_DEG: f32 = 2.5;
/// Help for what is already pointed at, degrees: it is not lost by trembling.
const KEEP_DEG: f32 = 4.0;
/// A fingertip this near touches, metres.
const TOUCH_M: f32 = 0.03;
/// And stays until it is farther than this, metres.
const KEEP_TOUCH_M: f32 = 0.05;
/// A hotspot this far behind rock is still seen: it lies on the wall, metres.
const IN_ROCK_M: f32 = 0.10;

/// How a hotspot is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    /// The fingertip is at it.
    Touched,
    /// The ray meets it.
    Met,
    /// The ray passes close by.
    Helped,
}

/// What a ray means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pick {
    /// Which hotspot.
    pub spot: Spot,
    /// Where to draw the dot, in world.
    pub point: Vec3,
    /// See [`Aim`].
    pub aim: Aim,
}

/// A ray, and how far it sees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ray {
    /// Fingertip, controller or eye, in world.
    pub from: Vec3,
    /// Need not be unit.
    pub direction: Vec3,
    /// Nothing farther is meant, metres.
    pub farthest_m: f32,
    /// Where the ray meets rock, metres along it.
    pub rock_m: Option<f32>,
}

/// The hotspot that a ray means: the one touched, else the nearest one met, else the one
/// passed most closely. `kept` is what was meant in the frame before.
pub fn pick(ray: &Ray, shapes: &[Shape], kept: Option<Spot>) -> Option<Pick> {
    if !ray.from.is_finite() {
        return None;
    }
    let direction = ray.direction.try_normalize()?;
    let rock_m = ray.rock_m.unwrap_or(f32::INFINITY) + IN_ROCK_M;
    let farthest_m = ray.farthest_m.min(rock_m);
    let spots = || shapes.iter().enumerate().map(|(i, shape)| (Spot(i), shape));

    let touched = spots()
        .map(|(spot, shape)| (spot, shape.nearest(ray.from)))
        .filter(|(spot, point)| {
            let reach = if kept == Some(*spot) {
                KEEP_TOUCH_M
            } else {
                TOUCH_M
            };
            point.distance(ray.from) <= reach
        })
        .min_by(|a, b| a.1.distance(ray.from).total_cmp(&b.1.distance(ray.from)));
    if let Some((spot, point)) = touched {
        let aim = Aim::Touched;
        return Some(Pick { spot, point, aim });
    }

    let met = spots()
        .filter_map(|(spot, shape)| Some((spot, shape.entry_m(ray.from, direction)?)))
        .filter(|(_, m)| *m <= farthest_m)
        .min_by(|a, b| a.1.total_cmp(&b.1));
    // What was meant is kept while the ray only trembles off it onto a neighbour's help, but
    // a neighbour that is met outright wins.
    if let Some((spot, m)) = met {
        let point = ray.from + direction * m;
        let aim = Aim::Met;
        return Some(Pick { spot, point, aim });
    }

    spots()
        .filter_map(|(spot, shape)| {
            // The point of the shape nearest to the ray, by one step of projection: exact
            // enough for shapes that a ray passes closely.
            let along = (shape.center() - ray.from).dot(direction).max(0.0);
            let point = shape.nearest(ray.from + direction * along);
            let to = point - ray.from;
            let beside_deg = direction.angle_between(to).to_degrees();
            let help_deg = if kept == Some(spot) {
                KEEP_DEG
            } else {
                HELP_DEG
            };
            let is_seen = to.length() <= farthest_m.min(ray.farthest_m) || is_beside_rock(to, ray);
            (beside_deg <= help_deg && is_seen).then_some((spot, point, beside_deg - help_deg))
        })
        .min_by(|a, b| a.2.total_cmp(&b.2))
        .map(|(spot, point, _)| Pick {
            spot,
            point,
            aim: Aim::Helped,
        })
}

/// As [`pick`], where the first `boards` of the shapes are a menu's tiles or a card's signs: what
/// of them the ray meets is meant, though the ball of a hotspot reach before it. A visitor who
/// stands in such a ball could press nothing else.
pub fn pick_on_boards(
    ray: &Ray,
    shapes: &[Shape],
    boards: usize,
    kept: Option<Spot>,
) -> Option<Pick> {
    let boards = shapes.get(..boards).unwrap_or(shapes);
    pick(ray, boards, kept)
        .filter(|pick| pick.aim != Aim::Helped)
        .or_else(|| pick(ray, shapes, kept))
}

/// Rock straight ahead says little about a hotspot beside the ray: seen while it is hardly
/// farther than the rock.
fn is_beside_rock(to: Vec3, ray: &Ray) -> bool {
    let slack = 1.0 + ops::sin(KEEP_DEG.to_radians());
    to.length() <= ray.farthest_m
        && ray
            .rock_m
            .is_none_or(|m| to.length() <= m * slack + IN_ROCK_M)
}
