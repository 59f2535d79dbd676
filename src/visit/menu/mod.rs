//! The wrist menu: pages of large, language-free pictures, and what pressing one does.
//!
//! The menu hangs on the wrist of one hand and the other presses; with one hand, or none, it
//! stands above the floor in front and is pointed at ([`Anchor`]). It opens by a button, or
//! by looking at the raised inner wrist ([`WristGlance`]). Everything here is data: the
//! shell draws [`Menu::tiles`] and carries out [`MenuEffect`]s.

mod glance;
mod page;
#[cfg(test)]
mod tests;

pub use glance::WristGlance;
pub use page::{Item, Offer, Page, RecorderState, Tile};

use super::comfort::{ComfortSettings, DwellUse, Hand, Movement, Posture, Turning};

/// Where an open menu is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Anchor {
    /// On the inside of this wrist; the other hand presses.
    Wrist(Hand),
    /// In front of the visitor, above the floor, facing them: for one hand, and for none.
    Floor,
}

/// What a press asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum MenuEffect {
    /// Return to the starting place.
    GoHome,
    /// Look ahead again.
    Recenter,
    /// Take the eye's present height as the visitor's.
    CalibrateHeight,
    /// Show this language, by its place in the exhibit's list.
    Speak(usize),
    /// Begin this tour, by its place in the exhibit's list.
    BeginTour(usize),
    /// Do this to the tour under way.
    Tour(TourWish),
    /// These are the settings now.
    Apply(ComfortSettings),
    /// Light the lamp or put it out.
    ToggleLamp,
    /// Show the first minute again.
    Learn,
    /// Ask this of the recorder of tours.
    Record(RecordWish),
    /// End the visit.
    Leave,
}

/// What a visitor may do to a tour under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TourWish {
    /// Hold it, or go on.
    Hold,
    /// The step before, once more.
    Back,
    /// The next step, now.
    Next,
    /// Leave it.
    Leave,
}

/// What a guide asks of the recorder of tours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RecordWish {
    /// Begin, or stop and write the tour.
    Toggle,
    /// A new step begins now.
    Step,
    /// This place matters.
    Mark,
}

/// The menu.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Menu {
    open: Option<(Page, Anchor)>,
}

impl Menu {
    /// The page shown and where, if any is.
    pub fn open(&self) -> Option<(Page, Anchor)> {
        self.open
    }

    /// The menu button of a hand, or a glance at its wrist: opens on that wrist, or closes.
    /// With one hand tracked the menu stands in front: nobody presses their own wrist.
    pub fn toggle(&mut self, hand: Hand, has_other_hand: bool) {
        self.open = match self.open {
            Some(_) => None,
            None if has_other_hand => Some((Page::Main, Anchor::Wrist(hand))),
            None => Some((Page::Main, Anchor::Floor)),
        };
    }

    /// Opens in front: for gaze alone.
    pub fn open_in_front(&mut self) {
        if self.open.is_none() {
            self.open = Some((Page::Main, Anchor::Floor));
        }
    }

    /// Closes: the visit paused, a teleport began, the hands are gone for long.
    pub fn close(&mut self) {
        self.open = None;
    }

    /// A hand came or went: a menu on a wrist that is gone, or that nothing can press, moves
    /// to the floor.
    pub fn hands_changed(&mut self, has_left: bool, has_right: bool) {
        if let Some((page, Anchor::Wrist(_))) = self.open
            && !(has_left && has_right)
        {
            self.open = Some((page, Anchor::Floor));
        }
    }

    /// What to draw, in the menu's plane.
    pub fn tiles(&self, offer: Offer) -> Vec<Tile> {
        self.open.map_or(Vec::new(), |(page, _)| page.tiles(offer))
    }

    /// Presses an item of the page shown; one that is not on it does nothing.
    pub fn press(
        &mut self,
        item: Item,
        settings: &ComfortSettings,
        offer: Offer,
    ) -> Option<MenuEffect> {
        let (page, anchor) = self.open?;
        if !page.items(offer).contains(&item) {
            return None;
        }
        let mut go = |page| {
            self.open = Some((page, anchor));
            None
        };
        let effect = match item {
            Item::Back => return go(page.parent()),
            Item::Languages => return go(Page::Languages(0)),
            Item::Tour => return go(Page::Tour(0)),
            Item::LeafBefore => return go(page.turned(offer, -1)),
            Item::LeafAfter => return go(page.turned(offer, 1)),
            Item::Comfort => return go(Page::Comfort),
            Item::Leave => return go(Page::Leaving),
            Item::Home => MenuEffect::GoHome,
            Item::Recenter => MenuEffect::Recenter,
            Item::Lamp => return Some(MenuEffect::ToggleLamp),
            Item::Learn => MenuEffect::Learn,
            Item::ReallyLeave => MenuEffect::Leave,
            // It stays: whoever mistook the name finds their own again at once.
            Item::Language(index) => return Some(MenuEffect::Speak(index)),
            Item::BeginTour(index) => MenuEffect::BeginTour(index),
            Item::Hold => return Some(MenuEffect::Tour(TourWish::Hold)),
            Item::StepBack => return Some(MenuEffect::Tour(TourWish::Back)),
            Item::StepOn => return Some(MenuEffect::Tour(TourWish::Next)),
            Item::EndTour => MenuEffect::Tour(TourWish::Leave),
            // A guide goes on at once: the menu would be in their way.
            Item::Record => MenuEffect::Record(RecordWish::Toggle),
            Item::RecordStep => MenuEffect::Record(RecordWish::Step),
            Item::RecordMark => MenuEffect::Record(RecordWish::Mark),
            Item::Height => return Some(MenuEffect::CalibrateHeight),
            Item::Turning
            | Item::TurnAngle
            | Item::Movement
            | Item::Vignette
            | Item::Posture
            | Item::DominantHand
            | Item::Dwell
            | Item::DwellTime
            | Item::Captions
            | Item::CaptionGround
            | Item::Volume => return Some(MenuEffect::Apply(changed(settings, item))),
        };
        // What moves or ends the visit closes the menu; what tunes it does not.
        self.open = None;
        Some(effect)
    }
}

/// Each press goes to the next choice, and round again.
fn changed(settings: &ComfortSettings, item: Item) -> ComfortSettings {
    let mut next = settings.sanitized();
    match item {
        Item::Turning => {
            next.turning = match next.turning {
                Turning::Snap => Turning::Smooth,
                Turning::Smooth => Turning::Off,
                Turning::Off => Turning::Snap,
            };
        }
        Item::TurnAngle => next.turn_angle_deg = round(next.turn_angle_deg, &TURN_ANGLES_DEG),
        Item::Movement => {
            next.movement = match next.movement {
                Movement::Teleport => Movement::Smooth,
                Movement::Smooth => Movement::Teleport,
            };
        }
        Item::Vignette => next.vignette = round(next.vignette, &VIGNETTES),
        Item::Posture => {
            next.posture = match next.posture {
                Posture::Standing => Posture::Seated,
                Posture::Seated => Posture::Raised,
                Posture::Raised => Posture::Standing,
            };
        }
        Item::DominantHand => next.dominant_hand = next.dominant_hand.other(),
        Item::Dwell => {
            next.dwell = match next.dwell {
                DwellUse::WithoutHands => DwellUse::Always,
                DwellUse::Always => DwellUse::Never,
                DwellUse::Never => DwellUse::WithoutHands,
            };
        }
        Item::DwellTime => next.dwell_secs = round(next.dwell_secs, &DWELLS_SECS),
        Item::Captions => next.caption_scale = round(next.caption_scale, &CAPTION_SCALES),
        Item::CaptionGround => next.caption_ground = next.caption_ground.next(),
        Item::Volume => next.volume = round(next.volume, &VOLUMES),
        _ => {}
    }
    next
}

const TURN_ANGLES_DEG: [f32; 4] = [15.0, 30.0, 45.0, 90.0];
const VIGNETTES: [f32; 4] = [0.0, 0.4, 0.8, 1.0];
const CAPTION_SCALES: [f32; 4] = [0.75, 1.0, 1.5, 2.0];
const DWELLS_SECS: [f32; 4] = [0.8, 1.2, 2.0, 3.0];
const VOLUMES: [f32; 4] = [0.0, 0.35, 0.7, 1.0];

/// The next larger choice, or the smallest.
fn round(value: f32, choices: &[f32]) -> f32 {
    let next = choices
        .iter()
        .copied()
        .find(|choice| *choice > value + 1e-3);
    next.or_else(|| choices.first().copied()).unwrap_or(value)
}
