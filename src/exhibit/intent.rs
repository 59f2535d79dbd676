//! What a visitor wishes, whatever device the wish came from.
//!
//! Keyboard, mouse, gamepad, touch and later a headset fill an [`Intent`] each frame and
//! send [`Wish`]es when they happen; the walker and the exhibit know nothing of devices.

use bevy::math::Vec2;

/// Continuous wishes, held for one frame.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Intent {
    /// Strafe to the right and walk forward, -1 to 1 each; longer than 1 is shortened.
    pub move_axis: Vec2,
    /// Rise (1) or sink (-1); only flying heeds it.
    pub rise: f32,
    /// Turn to the right and look up by these angles in this frame, radians. Already scaled
    /// by the device's sensitivity, and for sticks by the frame's duration.
    pub look_delta_rad: Vec2,
    /// Go faster.
    pub run: bool,
}

/// One-shot wishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wish {
    /// Light the visitor's lamp or put it out.
    ToggleLamp,
    /// Show the next layer of the surfaces: as it is, restored, ...
    NextLayer,
    /// Fly to the next named view.
    NextView,
    /// Fly to the previous named view.
    PreviousView,
    /// Return to the starting place.
    Home,
    /// Fly freely, or walk again.
    ToggleFly,
    /// Write the present picture to a file.
    Screenshot,
    /// Fill the screen, or return to a window.
    ToggleFullscreen,
    /// Show or hide the help.
    ToggleHelp,
    /// Show or hide the frame statistics.
    ToggleStatistics,
    /// Free the pointer, close what is open, or leave.
    Back,
    /// Set off what is looked at.
    Select,
    /// Turn to the next thing that answers.
    NextHotspot,
    /// Begin the guided tour, or go on in it.
    Guide,
    /// Go back a step of the tour.
    GuideBack,
    /// Go on to the next step, whatever this one waits for.
    GuideSkip,
    /// Let the tour wait, or go on after that.
    GuidePause,
    /// Leave the tour; from a detour, return to the tour.
    LeaveTour,
    /// Give this answer, counted from 0; take this detour where nothing is asked.
    Answer(u8),
    /// Take the detour that is offered, counted from 0.
    Detour(u8),
    /// Play the sound of the open panel, or stop it.
    PlayPanel,
    /// Close the open panel, and nothing else.
    Close,
    /// Read on in the open panel, by so many lines; back where negative.
    Scroll(i8),
    /// Everything is louder.
    Louder,
    /// Everything is softer.
    Softer,
    /// Silence, or sound again.
    ToggleSound,
    /// Show or hide what is said.
    ToggleCaptions,
    /// Larger letters, or the usual ones again.
    NextTextSize,
    /// What captions stand on: the next stronger ground, or the weakest.
    NextCaptionGround,
    /// Listen through the next: headphones, two loudspeakers, one.
    NextThrough,
    /// Speak the exhibit's next language.
    NextLanguage,
    /// Show the exhibit's languages, to choose one.
    Languages,
}

/// No device turns further than this in one frame: anything more is a glitch.
const MAX_LOOK_RAD: f32 = core::f32::consts::PI;

impl Intent {
    /// The same wish with everything in range; what is not finite becomes no wish at all.
    #[must_use]
    pub fn sanitized(&self) -> Self {
        let finite = |v: Vec2| if v.is_finite() { v } else { Vec2::ZERO };
        let rise = if self.rise.is_finite() {
            self.rise
        } else {
            0.0
        };
        let limit = Vec2::splat(MAX_LOOK_RAD);
        Self {
            move_axis: finite(self.move_axis)
                .clamp(Vec2::NEG_ONE, Vec2::ONE)
                .clamp_length_max(1.0),
            rise: rise.clamp(-1.0, 1.0),
            look_delta_rad: finite(self.look_delta_rad).clamp(-limit, limit),
            run: self.run,
        }
    }

    /// Whether the visitor wishes to go somewhere: any such wish interrupts a flight.
    pub fn is_moving(&self) -> bool {
        let wish = self.sanitized();
        wish.move_axis.length_squared() > 0.0025 || wish.rise.abs() > 0.05
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn glitches_are_no_wishes() {
        let wild = Intent {
            move_axis: Vec2::new(f32::NAN, 1.0),
            rise: f32::NEG_INFINITY,
            look_delta_rad: Vec2::new(1e30, 0.1),
            run: true,
        };
        let calm = wild.sanitized();
        assert_eq!(calm.move_axis, Vec2::ZERO, "NaN is no wish to move");
        assert_eq!(calm.rise, 0.0, "infinity is no wish to rise");
        assert_eq!(
            calm.look_delta_rad,
            Vec2::new(MAX_LOOK_RAD, 0.1),
            "a wild turn is limited"
        );
        assert!(!wild.is_moving(), "a glitch does not interrupt a flight");
        let far = Intent {
            move_axis: Vec2::splat(f32::MAX),
            ..Intent::default()
        };
        let length = far.sanitized().move_axis.length();
        assert!(
            (length - 1.0).abs() < 1e-5,
            "a huge wish keeps its direction and is as long as one, not {length}"
        );
        assert!(far.is_moving(), "it is a wish to move");
    }
}
