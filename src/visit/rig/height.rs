//! How high the visitor's eye is, and how high it should be.

use crate::visit::comfort::{ComfortSettings, Posture};

/// The eye of a standing grown-up, metres: that of the exhibit's walker.
pub const STANDING_EYE_M: f32 = 1.62;
/// A measured eye height outside of this is no measurement, metres: a toddler on the floor,
/// a giant.
const SANE_EYE_M: core::ops::RangeInclusive<f32> = 0.4..=2.3;
/// No posture lifts further, metres.
const MAX_LIFT_M: f32 = 1.3;

/// The eye height that one action measured: look ahead, press.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct EyeHeight {
    measured_m: Option<f32>,
}

impl EyeHeight {
    /// Takes the head's present height above the tracked floor as the visitor's. What cannot
    /// be one is ignored; returns whether it was taken.
    pub fn calibrate(&mut self, head_above_floor_m: f32) -> bool {
        let is_sane = SANE_EYE_M.contains(&head_above_floor_m);
        if is_sane {
            self.measured_m = Some(head_above_floor_m);
        }
        is_sane
    }

    /// What was measured.
    pub fn measured_m(&self) -> Option<f32> {
        self.measured_m
    }

    /// How far above the ground the tracked floor is put, metres.
    ///
    /// Raised, the eye comes to [`STANDING_EYE_M`] (a seated visitor or a child sees the
    /// room as a standing grown-up does); never lowered by that. Without a measurement
    /// `head_above_floor_m` serves as one.
    pub fn lift_m(&self, settings: &ComfortSettings, head_above_floor_m: f32) -> f32 {
        let settings = settings.sanitized();
        let eye_m = self
            .measured_m
            .or_else(|| Some(head_above_floor_m).filter(|m| SANE_EYE_M.contains(m)));
        let raise_m = match (settings.posture, eye_m) {
            (Posture::Raised, Some(eye_m)) => (STANDING_EYE_M - eye_m).max(0.0),
            _ => 0.0,
        };
        (raise_m + settings.height_offset_m).clamp(-0.5, MAX_LIFT_M)
    }
}

/// Where the floor is in a LOCAL space without one, metres: LOCAL's origin is where the head
/// was at start (OpenXR 1.1, §7.1), so the floor is an eye height below the head. `None`
/// when the head is not tracked.
pub fn floor_in_local_m(head_in_local_y_m: f32, posture: Posture) -> Option<f32> {
    let eye_m = match posture {
        Posture::Standing => STANDING_EYE_M,
        // A seated eye above the floor: DIN 33402-2, chair plus sitting eye height, median.
        Posture::Seated | Posture::Raised => 1.2,
    };
    head_in_local_y_m
        .is_finite()
        .then_some(head_in_local_y_m - eye_m)
}
