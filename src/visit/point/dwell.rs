//! A gaze that rests becomes a press: the ring that fills.
//!
//! Gaze selects by accident (Jacob, "What you look at is what you get", CHI 1990), so the
//! ring takes a while, forgives a blink of the eyes or a short glance aside, empties rather
//! than breaks, and after a press the gaze must leave before the same hotspot can be pressed
//! again.

use super::Spot;

/// A glance aside this short costs nothing, seconds: a blink of the eyes takes 0.1 to 0.4.
const FORGIVEN_SECS: f32 = 0.3;
/// The ring empties so much faster than it fills.
const EMPTIES: f32 = 3.0;
/// Looking this long before the ring shows, as a part: a passing gaze shows nothing.
const SHOWS_AT: f32 = 0.12;

/// The ring.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Dwell {
    spot: Option<Spot>,
    filled: f32,
    away_secs: f32,
    /// Pressed, and still looked at.
    is_spent: bool,
}

/// What the ring did this frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum DwellOutcome {
    /// Nothing is drawn.
    Idle,
    /// The ring around a hotspot is this full, 0 to 1.
    Filling(Spot, f32),
    /// The ring is full: press, once.
    Pressed(Spot),
}

impl Dwell {
    /// Takes what the gaze means now; `dwell_secs` fill the ring.
    pub fn step(&mut self, gazed: Option<Spot>, dwell_secs: f32, dt_secs: f32) -> DwellOutcome {
        if !(dt_secs.is_finite() && dt_secs > 0.0) {
            return self.shown();
        }
        // A hitch must not press.
        let dt_secs = dt_secs.min(0.1);
        let rate = 1.0 / dwell_secs.max(0.1);
        if gazed.is_some() && gazed != self.spot {
            self.away_secs += dt_secs;
            let is_left = self.spot.is_none() || self.away_secs > FORGIVEN_SECS;
            if is_left {
                *self = Self {
                    spot: gazed,
                    ..Self::default()
                };
            }
        } else if gazed.is_none() {
            self.away_secs += dt_secs;
            if self.away_secs > FORGIVEN_SECS {
                self.is_spent = false;
                self.filled -= rate * EMPTIES * dt_secs;
                if self.filled <= 0.0 {
                    *self = Self::default();
                }
            }
        } else if gazed.is_some() {
            self.away_secs = 0.0;
            if !self.is_spent {
                self.filled += rate * dt_secs;
            }
        }
        if let (Some(spot), true) = (self.spot, self.filled >= 1.0) {
            self.filled = 0.0;
            self.is_spent = true;
            return DwellOutcome::Pressed(spot);
        }
        self.shown()
    }

    /// Empties the ring at once: a menu opened, a hand appeared.
    pub fn cancel(&mut self) {
        *self = Self {
            is_spent: self.spot.is_some(),
            spot: self.spot,
            ..Self::default()
        };
    }

    fn shown(&self) -> DwellOutcome {
        match self.spot {
            Some(spot) if self.filled > SHOWS_AT => {
                DwellOutcome::Filling(spot, (self.filled - SHOWS_AT) / (1.0 - SHOWS_AT))
            }
            _ => DwellOutcome::Idle,
        }
    }
}
