//! What keeps a visitor from feeling sick: settings, fades, the vignette.
//!
//! Sources, cited where they are used: Meta's "Locomotion Best Practices" and "Locomotion
//! Turns and Teleportation" (developers.meta.com); Valve's SteamVR Unity plugin
//! (`Teleport.cs`); Fernandes and Feiner, "Combating VR sickness through subtle dynamic
//! field-of-view modification", 3DUI 2016; WCAG 2.2, success criterion 2.3.1.
//!
//! Refused here: rolling the horizon, accelerating the visitor, fades quicker than the flash
//! limit.

mod fade;
mod screen;
mod settings;
#[cfg(test)]
mod tests;
mod turn;
mod vignette;
mod wall;

pub use fade::{Blink, BlinkStage};
pub use screen::{LEAST_FADE_SECS, ScreenFade};
pub use settings::{CaptionGround, ComfortSettings, DwellUse, Hand, Movement, Posture, Turning};
pub use turn::TurnStick;
pub use vignette::{Vignette, VignetteShape};
pub use wall::HeadInWall;
