//! A property on its way from one value to another.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::script::{CueScript, PropertyIndex};
use crate::scene::schema::{Curve, Value};

/// A change under way, or done: what a cue does to its property.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Track {
    from: Value,
    to: Value,
    start_ns: u64,
    duration_ns: u64,
    curve: Shape,
    threshold: f32,
}

/// [`Curve`] as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
enum Shape {
    Linear,
    Smooth,
    EaseIn,
    EaseOut,
    Step,
}

impl Track {
    /// A cue that begins at a time of its tour's clock, from the value reached then.
    pub(super) fn new(cue: &CueScript, from: Value, start_ns: u64) -> Self {
        Self {
            from,
            to: cue.to.clone(),
            start_ns,
            duration_ns: cue.duration_ns,
            curve: match cue.curve {
                Curve::Linear => Shape::Linear,
                Curve::Smooth => Shape::Smooth,
                Curve::EaseIn => Shape::EaseIn,
                Curve::EaseOut => Shape::EaseOut,
                Curve::Step => Shape::Step,
            },
            threshold: cue.threshold.clamp(0.0, 1.0),
        }
    }

    /// The value at a time; exactly the wished one from the end on.
    pub(super) fn value_at(&self, now_ns: u64) -> Value {
        if now_ns >= self.end_ns() {
            return self.to.clone();
        }
        let part = now_ns.saturating_sub(self.start_ns) as f64 / self.duration_ns as f64;
        let after_threshold = part >= f64::from(self.threshold);
        match (&self.from, &self.to, self.curve) {
            (Value::Number(from), Value::Number(to), curve) if curve != Shape::Step => {
                let share = ease(curve, part);
                Value::Number(from * (1.0 - share) + to * share)
            }
            _ if after_threshold => self.to.clone(),
            _ => self.from.clone(),
        }
    }

    /// When it is done.
    pub(super) fn end_ns(&self) -> u64 {
        self.start_ns.saturating_add(self.duration_ns)
    }

    /// The times at which it changes at once: what is in between is no event.
    pub(super) fn jump_ns(&self) -> u64 {
        let share = f64::from(self.threshold) * self.duration_ns as f64;
        // Rounded up, so that at this nanosecond the threshold is passed.
        self.start_ns.saturating_add(share.ceil() as u64)
    }
}

/// The share of the way that is done at a part of the time, 0 to 1. Polynomials: the same
/// bits on every machine.
fn ease(curve: Shape, x: f64) -> f64 {
    match curve {
        Shape::Linear => x,
        Shape::Smooth => x * x * (3.0 - 2.0 * x),
        Shape::EaseIn => x * x,
        Shape::EaseOut => x * (2.0 - x),
        Shape::Step => 0.0,
    }
}

/// What a tour lays over the exhibit's own values.
pub(super) type Overlay = BTreeMap<PropertyIndex, Track>;

/// An overlay that several moments share. (`serde` keeps `Arc` behind a feature that would
/// change it for all of Bevy.)
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct SharedOverlay(pub(super) Arc<Overlay>);

impl Serialize for SharedOverlay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter())
    }
}

impl<'de> Deserialize<'de> for SharedOverlay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let pairs = Vec::<(PropertyIndex, Track)>::deserialize(deserializer)?;
        Ok(Self(Arc::new(pairs.into_iter().collect())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn track(from: Value, to: Value, curve: Curve) -> Track {
        let cue = CueScript {
            property: PropertyIndex::new(0),
            to,
            after_ns: 0,
            duration_ns: 1000,
            curve,
            threshold: 0.5,
        };
        Track::new(&cue, from, 500)
    }

    #[test]
    fn numbers_glide_and_end_exactly() {
        for curve in [Curve::Linear, Curve::Smooth, Curve::EaseIn, Curve::EaseOut] {
            let track = track(Value::Number(0.1), Value::Number(0.7), curve);
            let mut last = 0.1;
            for now in (500..=1500).step_by(10) {
                let Value::Number(value) = track.value_at(now) else {
                    panic!("a number stays a number");
                };
                assert!(value >= last - 1e-12, "{track:?} never turns back");
                last = value;
            }
            assert_eq!(track.value_at(499), Value::Number(0.1), "before it begins");
            assert_eq!(track.value_at(1500), Value::Number(0.7), "it ends exactly");
        }
    }

    #[test]
    fn what_has_no_between_changes_at_the_threshold() {
        let flag = track(Value::Flag(false), Value::Flag(true), Curve::Smooth);
        let step = track(Value::Number(0.0), Value::Number(1.0), Curve::Step);
        assert_eq!(flag.value_at(flag.jump_ns() - 1), Value::Flag(false));
        assert_eq!(flag.value_at(flag.jump_ns()), Value::Flag(true));
        assert_eq!(step.value_at(999), Value::Number(0.0));
        assert_eq!(step.value_at(1000), Value::Number(1.0));
    }
}
