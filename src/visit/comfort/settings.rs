//! What a visitor may choose about moving, reading and pointing.

use serde::{Deserialize, Serialize};

/// Left or right.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hand {
    /// The left hand.
    Left,
    /// The right hand.
    #[default]
    Right,
}

impl Hand {
    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
        }
    }
}

/// How a visitor goes farther than they can walk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Movement {
    /// Point, fade, be there.
    #[default]
    Teleport,
    /// Glide at walking pace, with the vignette.
    Smooth,
}

/// How a visitor turns without turning.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Turning {
    /// By [`ComfortSettings::turn_angle_deg`] at once.
    #[default]
    Snap,
    /// Steadily, at [`ComfortSettings::turn_speed_deg`] a second.
    Smooth,
    /// Only by turning oneself.
    Off,
}

/// How a visitor sits or stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Posture {
    /// The eye is where it is.
    #[default]
    Standing,
    /// The eye is where it is, low as it is.
    Seated,
    /// Seated (or small), seeing from a standing eye height.
    Raised,
}

/// When looking at something long enough selects it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DwellUse {
    /// While no hand and no controller is seen.
    #[default]
    WithoutHands,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What captions stand on: how strongly their letters stand out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CaptionGround {
    /// On the place itself, edged with dark: it hides the least.
    Outline,
    /// On a dark plate through which the place is faintly seen.
    #[default]
    Plate,
    /// Bright letters on black: the strongest contrast there is.
    Solid,
}

impl CaptionGround {
    /// The next stronger, or the weakest.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Outline => Self::Plate,
            Self::Plate => Self::Solid,
            Self::Solid => Self::Outline,
        }
    }
}

/// A visitor's choices. What was read from a file or a menu is brought into range by
/// [`Self::sanitized`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ComfortSettings {
    /// See [`Movement`].
    pub movement: Movement,
    /// Smooth movement at full stick, metres per second.
    pub speed: f32,
    /// See [`Turning`].
    pub turning: Turning,
    /// A snap turn, degrees.
    pub turn_angle_deg: f32,
    /// A smooth turn at full stick, degrees per second.
    pub turn_speed_deg: f32,
    /// How far the vignette may close, 0 (never) to 1.
    pub vignette: f32,
    /// See [`Posture`].
    pub posture: Posture,
    /// Added to the eye's height, metres.
    pub height_offset_m: f32,
    /// The hand that carries the lamp is the other one.
    pub dominant_hand: Hand,
    /// See [`DwellUse`].
    pub dwell: DwellUse,
    /// Looking this long selects, seconds.
    pub dwell_secs: f32,
    /// Size of captions, 1 is usual.
    pub caption_scale: f32,
    /// See [`CaptionGround`].
    pub caption_ground: CaptionGround,
    /// How loud everything is, 0 (silent) to 1 (as the exhibit means it).
    pub volume: f32,
    /// Slow, plain transitions instead of lively ones.
    pub has_reduced_motion: bool,
}

impl Default for ComfortSettings {
    /// The comfortable end of each choice: teleport, snap turns of 30 degrees, a strong
    /// vignette ("Locomotion Best Practices" offers smooth turning as an opt-in).
    fn default() -> Self {
        Self {
            movement: Movement::Teleport,
            speed: 1.3,
            turning: Turning::Snap,
            turn_angle_deg: 30.0,
            turn_speed_deg: 60.0,
            vignette: 0.8,
            posture: Posture::Standing,
            height_offset_m: 0.0,
            dominant_hand: Hand::Right,
            dwell: DwellUse::WithoutHands,
            dwell_secs: 1.2,
            caption_scale: 1.0,
            caption_ground: CaptionGround::Plate,
            volume: 1.0,
            has_reduced_motion: false,
        }
    }
}

impl ComfortSettings {
    /// The same with every number in a sane range; what is not finite becomes the default.
    #[must_use]
    pub fn sanitized(&self) -> Self {
        let usual = Self::default();
        let within = |value: f32, usual: f32, low: f32, high: f32| {
            if value.is_finite() { value } else { usual }.clamp(low, high)
        };
        Self {
            // 1.4 m/s is a usual walking pace; running is not comfortable.
            speed: within(self.speed, usual.speed, 0.3, 2.5),
            turn_angle_deg: within(self.turn_angle_deg, usual.turn_angle_deg, 15.0, 90.0),
            turn_speed_deg: within(self.turn_speed_deg, usual.turn_speed_deg, 15.0, 120.0),
            vignette: within(self.vignette, usual.vignette, 0.0, 1.0),
            height_offset_m: within(self.height_offset_m, usual.height_offset_m, -0.5, 1.0),
            // Below 0.4 s a mere look selects: the "Midas touch" of gaze (Jacob, CHI 1990).
            dwell_secs: within(self.dwell_secs, usual.dwell_secs, 0.4, 5.0),
            caption_scale: within(self.caption_scale, usual.caption_scale, 0.5, 3.0),
            volume: within(self.volume, usual.volume, 0.0, 1.0),
            ..*self
        }
    }

    /// Whether a gaze that rests selects now.
    pub fn is_dwelling(&self, has_hands: bool) -> bool {
        match self.dwell {
            DwellUse::WithoutHands => !has_hands,
            DwellUse::Always => true,
            DwellUse::Never => false,
        }
    }
}
