//! Keyframes and the value between them (glTF 2.0, section 3.11 and appendix C).

use bevy::math::{Quat, Vec3, Vec4};

use super::{Pose, Target};

/// How values between two keyframes are found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Interpolation {
    /// Evenly; rotations along the shortest arc.
    #[default]
    Linear,
    /// The earlier value holds until the next keyframe.
    Step,
    /// By Hermite splines: each keyframe has an incoming tangent, a value, an outgoing tangent.
    CubicSpline,
}

/// Values of one property over time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Curve {
    /// Times of the keyframes, seconds, ascending.
    pub times: Vec<f32>,
    /// Numbers of one value: 3, 4, or the number of morph targets.
    pub width: usize,
    /// `times.len() * width` numbers, three times as many for splines.
    pub values: Vec<f32>,
    /// See [`Interpolation`].
    pub interpolation: Interpolation,
}

/// Where a time lies among the keyframes.
struct Span {
    from: usize,
    to: usize,
    /// 0 at `from`, 1 at `to`.
    share: f32,
    /// Seconds between the two.
    secs: f32,
}

impl Curve {
    /// Writes the value at a time into a pose.
    pub fn write(&self, target: Target, time_secs: f32, pose: &mut Pose) {
        let Some(span) = self.span(time_secs) else {
            return;
        };
        match target {
            Target::Translation => pose.translation = self.vector(&span),
            Target::Scale => pose.scale = self.vector(&span),
            Target::Rotation => pose.rotation = self.rotation(&span),
            Target::Weights => {
                pose.weights.resize(self.width, 0.0);
                for (index, weight) in pose.weights.iter_mut().enumerate() {
                    *weight = self.number(&span, index);
                }
            }
        }
    }

    /// `None` for a curve without keyframes.
    fn span(&self, time_secs: f32) -> Option<Span> {
        let last = self.times.len().checked_sub(1)?;
        let after = self.times.partition_point(|time| *time <= time_secs);
        let from = after.saturating_sub(1);
        // Before the first keyframe and from the last one on there is nothing to go towards.
        let to = if after == 0 { 0 } else { after.min(last) };
        let secs = self.times[to] - self.times[from];
        let share = if secs > 0.0 {
            ((time_secs - self.times[from]) / secs).clamp(0.0, 1.0)
        } else {
            0.0
        };
        Some(Span {
            from,
            to,
            share,
            secs,
        })
    }

    /// Number `index` of part `part` (0, or 0 to 2 for splines) of a keyframe.
    fn at(&self, key: usize, part: usize, index: usize) -> f32 {
        let parts = match self.interpolation {
            Interpolation::CubicSpline => 3,
            Interpolation::Linear | Interpolation::Step => 1,
        };
        let place = (key * parts + part) * self.width + index;
        self.values.get(place).copied().unwrap_or_default()
    }

    fn number(&self, span: &Span, index: usize) -> f32 {
        let Span {
            from,
            to,
            share: t,
            secs,
        } = *span;
        match self.interpolation {
            Interpolation::Step => self.at(from, 0, index),
            Interpolation::Linear => {
                let (a, b) = (self.at(from, 0, index), self.at(to, 0, index));
                a * (1.0 - t) + b * t
            }
            Interpolation::CubicSpline => {
                let (t2, t3) = (t * t, t * t * t);
                let (value_a, leaving_a) = (self.at(from, 1, index), self.at(from, 2, index));
                let (coming_b, value_b) = (self.at(to, 0, index), self.at(to, 1, index));
                (2.0 * t3 - 3.0 * t2 + 1.0) * value_a
                    + secs * (t3 - 2.0 * t2 + t) * leaving_a
                    + (-2.0 * t3 + 3.0 * t2) * value_b
                    + secs * (t3 - t2) * coming_b
            }
        }
    }

    fn vector(&self, span: &Span) -> Vec3 {
        Vec3::from_array([0, 1, 2].map(|index| self.number(span, index)))
    }

    fn rotation(&self, span: &Span) -> Quat {
        if self.interpolation == Interpolation::Linear {
            let key = |key: usize| unit([0, 1, 2, 3].map(|index| self.at(key, 0, index)));
            return slerp(key(span.from), key(span.to), span.share);
        }
        unit([0, 1, 2, 3].map(|index| self.number(span, index)))
    }

    /// Whether the curve holds as many numbers as it says.
    pub fn is_whole(&self) -> bool {
        let parts = match self.interpolation {
            Interpolation::CubicSpline => 3,
            Interpolation::Linear | Interpolation::Step => 1,
        };
        Some(self.values.len())
            == self
                .times
                .len()
                .checked_mul(self.width)
                .and_then(|count| count.checked_mul(parts))
    }
}

/// A rotation of any four numbers: what has no direction turns nothing.
fn unit(numbers: [f32; 4]) -> Quat {
    match Vec4::from_array(numbers).try_normalize() {
        Some(unit) => Quat::from_vec4(unit),
        None => Quat::IDENTITY,
    }
}

/// Along the shortest arc, evenly.
pub(super) fn slerp(from: Quat, to: Quat, share: f32) -> Quat {
    from.slerp(to, share).normalize()
}
