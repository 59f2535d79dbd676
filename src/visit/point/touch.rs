//! What a hand feels of pointing: a tick when its ray comes to rest on something that can be
//! pressed, and a stronger one when it presses.

use super::Pointer;
use crate::visit::comfort::Hand;

/// A short shake of a controller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Touch {
    /// The ray rests on something else than before.
    Hover,
    /// It was pressed.
    Press,
}

impl Touch {
    /// How strong, 0 to 1.
    pub fn amplitude(self) -> f32 {
        match self {
            Self::Hover => 0.3,
            Self::Press => 0.7,
        }
    }

    /// How long, seconds. Linear motors are felt from some 10 ms on; those with a turning
    /// weight need some 30 ms to begin at all, and so feel at least the press.
    pub fn duration_secs(self) -> f32 {
        match self {
            Self::Hover => 0.02,
            Self::Press => 0.04,
        }
    }
}

/// Knows what each hand was last told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Feeling<T> {
    rests_on: Option<(Hand, T)>,
    /// Of the touch under way, seconds.
    left_secs: f32,
}

impl<T> Default for Feeling<T> {
    fn default() -> Self {
        Self {
            rests_on: None,
            left_secs: 0.0,
        }
    }
}

impl<T: Copy + PartialEq> Feeling<T> {
    /// Takes what is meant, by whom, and whether it was just pressed; returns what is to be
    /// felt, in which hand. A look touches nobody.
    pub fn step(
        &mut self,
        pointer: Pointer,
        meant: Option<T>,
        has_pressed: bool,
        dt_secs: f32,
    ) -> Option<(Hand, Touch)> {
        self.left_secs = (self.left_secs - dt_secs.max(0.0)).max(0.0);
        let rests_on = match pointer {
            Pointer::Hand(hand) => meant.map(|target| (hand, target)),
            Pointer::Gaze => None,
        };
        let is_new = rests_on != self.rests_on;
        self.rests_on = rests_on;
        let (hand, _) = rests_on?;
        // A runtime replaces the touch before by the next: what a press brings under the ray
        // (a menu's other page) must not cut it short.
        let touch = match (has_pressed, is_new && self.left_secs <= 0.0) {
            (true, _) => Touch::Press,
            (false, true) => Touch::Hover,
            (false, false) => return None,
        };
        self.left_secs = touch.duration_secs();
        Some((hand, touch))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DT: f32 = 1.0 / 90.0;
    const RIGHT: Pointer = Pointer::Hand(Hand::Right);
    const LEFT: Pointer = Pointer::Hand(Hand::Left);

    #[test]
    fn a_ray_that_comes_to_rest_ticks_once() {
        let mut feeling = Feeling::default();
        let hover = Some((Hand::Right, Touch::Hover));
        assert_eq!(feeling.step(RIGHT, None, false, DT), None, "on nothing");
        assert_eq!(feeling.step(RIGHT, Some('a'), false, DT), hover);
        for _ in 0..900 {
            assert_eq!(
                feeling.step(RIGHT, Some('a'), false, DT),
                None,
                "what rests is not felt again"
            );
        }
        assert_eq!(feeling.step(RIGHT, Some('b'), false, DT), hover, "another");
        assert_eq!(feeling.step(RIGHT, None, false, DT), None, "leaving");
        feeling.step(RIGHT, None, false, 1.0);
        assert_eq!(
            feeling.step(LEFT, Some('b'), false, DT),
            Some((Hand::Left, Touch::Hover)),
            "the hand that points feels it"
        );
        assert_eq!(feeling.step(Pointer::Gaze, Some('a'), true, DT), None);
    }

    #[test]
    fn a_press_is_stronger_and_not_cut_short() {
        let mut feeling = Feeling::default();
        feeling.step(RIGHT, Some('a'), false, DT);
        assert_eq!(
            feeling.step(RIGHT, Some('a'), true, DT),
            Some((Hand::Right, Touch::Press)),
            "also while the first tick lasts"
        );
        assert_eq!(
            feeling.step(RIGHT, Some('b'), false, DT),
            None,
            "what the press brought under the ray waits"
        );
        assert_eq!(
            feeling.step(RIGHT, Some('b'), true, DT),
            Some((Hand::Right, Touch::Press)),
            "but a second press is one"
        );
        assert_eq!(
            feeling.step(RIGHT, None, true, DT),
            None,
            "a press of nothing is not felt"
        );
        assert!(
            Touch::Press.amplitude() > Touch::Hover.amplitude()
                && Touch::Press.duration_secs() > Touch::Hover.duration_secs()
        );
    }
}
