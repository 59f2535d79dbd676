//! What the visitor wishes of the story.

use super::*;

impl Telling {
    pub(super) fn heed_wish(&mut self, wish: Wish, visitor: &mut Visitor, rock: Option<&Collider>) {
        let tour = |input| StoryInput::Tour(input);
        let is_touring = self.story.playback().playing().is_some();
        match wish {
            Wish::Select => match self.meant() {
                Some(spot) => self.select(spot),
                None => self.close_panel(),
            },
            Wish::Guide if is_touring => self.tell(tour(Input::Next)),
            Wish::Guide if !self.staged.script.tours.is_empty() => {
                self.tell(tour(Input::Start(TourIndex::FIRST)));
            }
            Wish::GuideBack => self.tell(tour(Input::Back)),
            Wish::GuideSkip => self.tell(tour(Input::Skip)),
            Wish::GuidePause if is_touring => {
                self.tell(tour(if self.is_paused {
                    Input::Resume
                } else {
                    Input::Pause
                }));
            }
            Wish::LeaveTour if self.is_on_detour => self.tell(tour(Input::EndDetour)),
            Wish::LeaveTour => self.tell(tour(Input::Leave)),
            Wish::Answer(number) if self.asked.is_some() => {
                self.tell(tour(Input::Answer(u32::from(number))));
            }
            Wish::Answer(number) | Wish::Detour(number) => {
                if let Some(detour) = self.detours.get(usize::from(number)) {
                    self.tell(tour(Input::TakeDetour(*detour)));
                }
            }
            Wish::Back | Wish::Close => self.close_panel(),
            Wish::PlayPanel => self.play_panel(),
            Wish::NextHotspot => self.seek_next(visitor, rock),
            _ => {}
        }
    }

    /// Sets a hotspot off, or closes it, as a press on it does.
    pub fn select(&mut self, spot: HotspotIndex) {
        self.beginning.extend(self.sounds.select);
        self.tell(StoryInput::Hotspot(hotspots::Input::Select(spot)));
    }

    /// The titles of the detours that the step offers.
    pub fn detour_titles(&self) -> Vec<String> {
        let tours = self.detours.iter();
        tours
            .filter_map(|tour| self.staged.script.tour(*tour))
            .map(|tour| self.say(&tour.title))
            .collect()
    }

    /// A soft sound where something else is meant than in the frame before.
    pub(super) fn sound_hover(&mut self) {
        let meant = self.meant();
        // Who is led about by a tour points at nothing by looking.
        let points = matches!(self.pointed, Pointed::At(_)) || self.tour.is_none();
        if meant != self.was_meant && meant.is_some() && points && self.has_ears {
            self.beginning.extend(self.sounds.hover);
        }
        self.was_meant = meant;
    }
}
