//! How a visitor's body is made and how it moves.

/// Body and manners of a [`super::Walker`]. Out-of-range values are brought into range
/// where they are used.
#[derive(Debug, Clone, PartialEq)]
pub struct WalkSettings {
    /// Unhurried walking, metres per second.
    pub walk_speed: f32,
    /// How much faster running is.
    pub run_factor: f32,
    /// How much faster flying is than walking.
    pub fly_factor: f32,
    /// Time to reach about two thirds of a wished speed, seconds.
    pub start_secs: f32,
    /// Time to lose about two thirds of the speed when no longer wished, seconds.
    pub stop_secs: f32,
    /// Eye above the feet, metres.
    pub eye_height_m: f32,
    /// Top of the head above the feet, metres.
    pub height_m: f32,
    /// Half the body's width, metres.
    pub radius_m: f32,
    /// Highest step that is climbed, metres.
    pub step_height_m: f32,
    /// Deepest step down that is taken; a deeper one is an edge, metres.
    pub max_drop_m: f32,
    /// Steeper ground is climbed no higher than a step, degrees.
    pub max_slope_deg: f32,
    /// How softly the eye follows steps, seconds.
    pub eye_smoothing_secs: f32,
}

impl Default for WalkSettings {
    /// A grown-up visitor in a museum: a calm walk, a 1.62 m eye.
    fn default() -> Self {
        Self {
            walk_speed: 1.3,
            run_factor: 2.2,
            fly_factor: 1.4,
            start_secs: 0.14,
            stop_secs: 0.10,
            eye_height_m: 1.62,
            height_m: 1.75,
            radius_m: 0.25,
            step_height_m: 0.35,
            max_drop_m: 0.5,
            max_slope_deg: 46.0,
            eye_smoothing_secs: 0.09,
        }
    }
}

impl WalkSettings {
    /// The same settings with every value in a range that the walker can keep its promises
    /// in; what is not finite becomes the default.
    #[must_use]
    pub fn sanitized(&self) -> Self {
        let usual = Self::default();
        let within = |value: f32, usual: f32, low: f32, high: f32| {
            if value.is_finite() { value } else { usual }.clamp(low, high)
        };
        let radius_m = within(self.radius_m, usual.radius_m, 0.05, 1.0);
        let step_height_m = within(self.step_height_m, usual.step_height_m, 0.02, 1.0);
        // The floating capsule needs room between the step and the head.
        let lowest = step_height_m + 2.0 * radius_m + 0.05;
        let height_m = within(self.height_m, usual.height_m, lowest, 6.0);
        Self {
            walk_speed: within(self.walk_speed, usual.walk_speed, 0.05, 20.0),
            run_factor: within(self.run_factor, usual.run_factor, 1.0, 10.0),
            fly_factor: within(self.fly_factor, usual.fly_factor, 0.1, 10.0),
            start_secs: within(self.start_secs, usual.start_secs, 0.01, 2.0),
            stop_secs: within(self.stop_secs, usual.stop_secs, 0.01, 2.0),
            eye_height_m: within(self.eye_height_m, usual.eye_height_m, 0.2, height_m - 0.05),
            height_m,
            radius_m,
            step_height_m,
            max_drop_m: within(self.max_drop_m, usual.max_drop_m, 0.02, 3.0),
            max_slope_deg: within(self.max_slope_deg, usual.max_slope_deg, 5.0, 80.0),
            eye_smoothing_secs: within(
                self.eye_smoothing_secs,
                usual.eye_smoothing_secs,
                0.01,
                1.0,
            ),
        }
    }

    /// Walking or running speed, metres per second.
    pub(super) fn speed(&self, is_running: bool) -> f32 {
        self.walk_speed * if is_running { self.run_factor } else { 1.0 }
    }

    /// Longest single move: well under the body's radius, so that nothing thin is jumped.
    pub(super) fn longest_move_m(&self) -> f32 {
        self.radius_m * 0.4
    }
}
