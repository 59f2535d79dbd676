//! Whose ray counts: either hand does everything, one hand is enough, none is enough.

use crate::visit::comfort::Hand;

/// What one hand does this frame.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HandInput {
    /// Its pose is known.
    pub is_tracked: bool,
    /// Trigger or pinch went down.
    pub has_pressed: bool,
}

/// Where the ray comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pointer {
    /// From a hand or its controller.
    Hand(Hand),
    /// From between the eyes.
    Gaze,
}

/// Remembers who pointed last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PointingHand {
    last: Option<Hand>,
}

impl PointingHand {
    /// The hand that pressed last points; at first the dominant one; the other when that is
    /// not seen; the gaze when none is. A press by the other hand takes over with that very
    /// press.
    pub fn step(&mut self, left: HandInput, right: HandInput, dominant: Hand) -> Pointer {
        let hand = |which: Hand| match which {
            Hand::Left => left,
            Hand::Right => right,
        };
        let current = self.last.unwrap_or(dominant);
        let other = current.other();
        let takes_over = hand(other).has_pressed && !hand(current).has_pressed;
        let chosen = if takes_over { other } else { current };
        let chosen = [chosen, chosen.other()]
            .into_iter()
            .find(|which| hand(*which).is_tracked);
        if let Some(which) = chosen
            && hand(which).has_pressed
        {
            self.last = Some(which);
        }
        chosen.map_or(Pointer::Gaze, Pointer::Hand)
    }

    /// The next visitor may be left-handed.
    pub fn forget(&mut self) {
        self.last = None;
    }
}
