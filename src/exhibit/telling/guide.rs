//! The tours as a menu offers them: their titles, and how it is with the one under way.

use super::Telling;

impl Telling {
    /// The tours' titles in the visitor's language, in the author's order.
    pub fn tour_titles(&self) -> Vec<String> {
        let tours = &self.staged.script.tours;
        tours.iter().map(|tour| self.say(&tour.title)).collect()
    }

    /// A tour is under way, held or not.
    pub fn is_touring(&self) -> bool {
        self.story.playback().playing().is_some()
    }

    /// The tour under way is held.
    pub fn is_held(&self) -> bool {
        self.story.playback().is_paused()
    }
}
