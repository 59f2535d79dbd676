//! What a visitor may be put through: limits with their sources, and meters that hold a
//! camera's way and a picture's light against them.
//!
//! A headset that moves its wearer makes some people ill, and flashing light can harm;
//! both limits are there to be kept, not tuned. A visitor's settings may only tighten them.

mod calm;
mod flash;
mod motion;
mod swings;
#[cfg(test)]
mod tests;

pub use calm::{Calm, Level};
pub use flash::{Flash, FlashKind, FlashMeter, first_flash, luminance};
pub use motion::{Excess, Motion, Viewpoint, motion_excesses};
pub use swings::Swings;

use std::time::Duration;

/// What a camera may do, on one kind of device.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CameraLimits {
    /// Fastest travel, metres per second.
    pub speed_m_per_s: f32,
    /// Greatest change of velocity, metres per second squared.
    pub acceleration_m_per_s2: f32,
    /// Fastest turn, degrees per second.
    pub turn_deg_per_s: f32,
    /// Greatest change of turning, degrees per second squared.
    pub turn_deg_per_s2: f32,
    /// Fastest opening or closing of the field of view, degrees of the picture's height per second.
    pub zoom_deg_per_s: f32,
}

/// On a monitor, a little above what `exhibit::flight` plans (2.5 m/s, 2 m/s², 45 °/s,
/// 90 °/s²). Oculus, *Best Practices*, Motion: walking is 1.4 m/s, and 3 m/s a continuous
/// jog, the fastest that is named as natural. Camera operators pan a scene so that an
/// object takes about seven seconds across the picture (*American Cinematographer Manual*,
/// panning tables), some 8 °/s for 60°; a flight that turns by 60 °/s for a moment is
/// beyond what can be looked at but within what can be followed. A field of view that opens by
/// 16° a second moves what is at the upper and the lower edge by the 8° a second of that pan,
/// and all else by less: the place seems to come nearer, and nothing rushes out of the picture.
pub const MONITOR: CameraLimits = CameraLimits {
    speed_m_per_s: 3.0,
    acceleration_m_per_s2: 2.5,
    turn_deg_per_s: 60.0,
    turn_deg_per_s2: 120.0,
    zoom_deg_per_s: 16.0,
};

/// In a headset, where the visitor has chosen to be glided: at a walk, hardly accelerated
/// (Oculus, *Best Practices*, Motion: "movement speeds near typical human locomotion speeds
/// (about 1.4 m/s walking ...)"; "keep any form of acceleration as short and infrequent as
/// possible") and never turned: a turn that the head did not make is what sickens most. Its field
/// of view is that of its lenses.
pub const HEADSET: CameraLimits = CameraLimits {
    speed_m_per_s: 1.4,
    acceleration_m_per_s2: 0.7,
    turn_deg_per_s: 0.0,
    turn_deg_per_s2: 0.0,
    zoom_deg_per_s: 0.0,
};

/// A fade to black or from it takes at least this long. A blink is two of them. An eye's
/// own blink lasts 0.1 to 0.4 s (Schiffman, *Sensation and Perception*, 2001); a fade that
/// is faster reads as a flash.
pub const SHORTEST_FADE: Duration = Duration::from_millis(150);
/// The picture stays dark at least this long between, so that the cut is not seen.
pub const SHORTEST_DARKNESS: Duration = Duration::from_millis(100);
/// Lights change by cue over at least this long, or in one step: see [`FlashMeter`] for
/// how often.
pub const SHORTEST_LIGHT_CUE: Duration = Duration::from_millis(300);

/// Flashes that may occur within any second: WCAG 2.2, success criterion 2.3.1, *Three
/// Flashes or Below Threshold* (level A).
pub const MOST_FLASHES_A_SECOND: usize = 3;
/// A change of relative luminance that counts, as a part of its maximum (WCAG 2.2, *general
/// flash and red flash thresholds*: "10 % or more of the maximum relative luminance").
pub const FLASH_CHANGE: f32 = 0.1;
/// The darker of the two images must be below this to count (ibidem: "where the relative
/// luminance of the darker image is below 0.80").
pub const FLASH_DARKER: f32 = 0.8;
/// A red is saturated where it is at least this share of red, green and blue together
/// (linear). WCAG 2.2, *general flash and red flash thresholds*: "R/(R + G + B) that is
/// greater than or equal to 0.8"; ITU-R BT.1702 asks for care with any saturated red.
pub const RED_SHARE: f32 = 0.8;
/// A change of (R - G - B) x 320, negative values as zero, that counts from more than this
/// on where a saturated red is at either end of it. The working definition of WCAG 2.0 and
/// 2.1 (after Harding and Binnie, 2002). WCAG 2.2 asks instead for a distance of more than
/// 0.2 in the chromaticity diagram, which for pictures of near black says nothing: what is
/// dark has no color to see. From a bright white to a red of the same brightness both count.
pub const RED_CHANGE: f32 = 20.0;
/// A flash of less than this share of a 10° field of view does not count (ibidem: "0.006
/// steradians within any 10 degree visual field", a quarter). Cave light is everywhere:
/// whoever measures whole pictures leaves this out, and is then stricter.
pub const FLASH_AREA: f32 = 0.25;
