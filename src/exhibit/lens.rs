//! How much of the place the picture shows: the eye's field of view on a monitor and in films.
//!
//! Who goes to a named view, alone or led by a tour, sees that view's own field; it opens and closes with the
//! flight there, softly and never faster than [`MONITOR`] allows, and in the dark of a blink at
//! once. A headset never asks: what its lenses show is what the visitor's own eyes would see.

use crate::tour::comfort::MONITOR;

/// Height of the picture where nothing else is said, radians: 60°.
pub const USUAL_RAD: f32 = core::f32::consts::FRAC_PI_3;
/// The steepest part of the ease, against an even change.
const STEEPEST: f32 = 1.875;
/// No change is quicker, however small, seconds.
const LEAST_SECS: f32 = 0.6;

/// A field of view on its way to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lens {
    from_rad: f32,
    to_rad: f32,
    secs: f32,
    duration_secs: f32,
    /// It changes at once, at half of the duration.
    is_cut: bool,
}

impl Default for Lens {
    fn default() -> Self {
        Self::fixed(USUAL_RAD)
    }
}

impl Lens {
    /// A field of view that stays, vertical, radians.
    pub fn fixed(field_of_view_rad: f32) -> Self {
        let rad = sound(field_of_view_rad);
        Self {
            from_rad: rad,
            to_rad: rad,
            secs: 0.0,
            duration_secs: 0.0,
            is_cut: false,
        }
    }

    /// The field of view now, vertical, radians.
    pub fn field_of_view_rad(&self) -> f32 {
        if self.secs >= self.duration_secs {
            return self.to_rad;
        }
        let part = self.secs / self.duration_secs;
        if self.is_cut {
            return if part < 0.5 {
                self.from_rad
            } else {
                self.to_rad
            };
        }
        let share = part * part * part * (part * (part * 6.0 - 15.0) + 10.0);
        self.from_rad + (self.to_rad - self.from_rad) * share
    }

    /// Where it leads.
    pub fn destination_rad(&self) -> f32 {
        self.to_rad
    }

    /// Begins to change, with a flight of this many seconds or as slowly as the limit asks for.
    pub fn turn_to(&mut self, field_of_view_rad: f32, flight_secs: f32) {
        let (from_rad, to_rad) = (self.field_of_view_rad(), sound(field_of_view_rad));
        let limit_rad = MONITOR.zoom_deg_per_s.to_radians();
        let calm_secs = (to_rad - from_rad).abs() * STEEPEST / limit_rad;
        *self = Self {
            from_rad,
            to_rad,
            secs: 0.0,
            duration_secs: calm_secs.max(flight_secs).max(LEAST_SECS),
            is_cut: false,
        };
    }

    /// Changes behind a blink of this many seconds, when it is black.
    pub fn cut_to(&mut self, field_of_view_rad: f32, blink_secs: f32) {
        *self = Self {
            from_rad: self.field_of_view_rad(),
            to_rad: sound(field_of_view_rad),
            secs: 0.0,
            duration_secs: blink_secs,
            is_cut: true,
        };
    }

    /// Lets time pass.
    pub fn step(&mut self, dt_secs: f32) {
        self.secs = (self.secs + dt_secs).min(self.duration_secs);
    }
}

/// What a camera can show.
fn sound(field_of_view_rad: f32) -> f32 {
    if field_of_view_rad.is_finite() {
        field_of_view_rad.clamp(0.05, 2.8)
    } else {
        USUAL_RAD
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DT_SECS: f32 = 1.0 / 60.0;

    /// Its values, a sixtieth of a second apart, until it rests.
    fn values_deg(mut lens: Lens) -> Vec<f32> {
        let mut values = vec![lens.field_of_view_rad().to_degrees()];
        for _ in 0..3600 {
            lens.step(DT_SECS);
            values.push(lens.field_of_view_rad().to_degrees());
        }
        values
    }

    #[test]
    fn it_opens_and_closes_softly_and_within_the_limit() {
        for (from, to, flight_secs) in [
            (60.0_f32, 22.0_f32, 0.0),
            (60.0, 22.0, 9.0),
            (10.0, 120.0, 2.0),
            (60.0, 59.9, 0.0),
        ] {
            let mut lens = Lens::fixed(from.to_radians());
            lens.turn_to(to.to_radians(), flight_secs);
            let values = values_deg(lens);
            let fastest = values
                .windows(2)
                .map(|two| (two[1] - two[0]).abs() / DT_SECS)
                .fold(0.0, f32::max);
            assert!(
                fastest <= MONITOR.zoom_deg_per_s * 1.01,
                "{from}° to {to}° in {flight_secs} s opens by {fastest}° a second"
            );
            assert!(
                (values[values.len() - 1] - to).abs() < 1e-3,
                "it ends at {to}°"
            );
            let way = (to - from).signum();
            assert!(
                values
                    .windows(2)
                    .all(|two| (two[1] - two[0]) * way >= -1e-4),
                "{from}° to {to}° never turns back"
            );
        }
    }

    #[test]
    fn another_wish_on_the_way_goes_on_from_where_it_is() {
        let mut lens = Lens::default();
        lens.turn_to(0.4, 0.0);
        for _ in 0..90 {
            lens.step(DT_SECS);
        }
        let before = lens.field_of_view_rad();
        assert!(
            before < USUAL_RAD - 0.05 && before > 0.45,
            "it is under way, at {before}"
        );
        lens.turn_to(1.3, 1.0);
        assert_eq!(lens.field_of_view_rad(), before, "nothing jumps");
    }

    #[test]
    fn a_blink_hides_the_change() {
        let mut lens = Lens::default();
        lens.cut_to(0.5, 0.9);
        lens.step(0.4);
        assert_eq!(lens.field_of_view_rad(), USUAL_RAD, "not before it is dark");
        lens.step(0.1);
        assert_eq!(lens.field_of_view_rad(), 0.5, "then at once");
    }

    #[test]
    fn senseless_fields_do_no_harm() {
        assert_eq!(Lens::fixed(f32::NAN).field_of_view_rad(), USUAL_RAD, "none");
        let mut lens = Lens::default();
        lens.turn_to(-3.0, f32::NAN);
        lens.step(100.0);
        assert!(lens.field_of_view_rad() > 0.0, "a camera can show it");
    }
}
