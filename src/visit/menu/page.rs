//! Pages, their items, and where each tile lies.

use bevy::math::Vec2;

/// A page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Page {
    /// The first.
    #[default]
    Main,
    /// The exhibit's languages.
    Languages,
    /// Moving, seeing, reading.
    Comfort,
    /// Really?
    Leaving,
}

/// Something to press.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Item {
    /// To the page before; from the first page it closes nothing and is not shown.
    Back,
    /// To the starting place.
    Home,
    /// Look ahead again.
    Recenter,
    /// To the languages.
    Languages,
    /// To the comfort page.
    Comfort,
    /// The lamp on or off.
    Lamp,
    /// The first minute again.
    Learn,
    /// To the question whether to leave.
    Leave,
    /// Yes, leave.
    ReallyLeave,
    /// A language, by its place in the exhibit's list.
    Language(usize),
    /// Snap, smooth, off.
    Turning,
    /// How far a snap turns.
    TurnAngle,
    /// Teleport or smooth.
    Movement,
    /// How far it closes.
    Vignette,
    /// Standing, seated, raised.
    Posture,
    /// Take the eye's height.
    Height,
    /// Left or right.
    DominantHand,
    /// When a resting gaze presses.
    Dwell,
    /// Size of captions.
    Captions,
}

/// An item in the menu's plane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tile {
    /// What it is.
    pub item: Item,
    /// Its middle from the menu's, right and up, metres on a wrist; elsewhere times
    /// [`super::Anchor::scale`].
    pub center_m: Vec2,
    /// Its side, metres.
    pub side_m: f32,
}

/// Side of a tile on the wrist, metres: 4.5 cm at 40 cm are 6 degrees, several times the
/// tremor of a pointing hand.
const SIDE_M: f32 = 0.045;
const GAP_M: f32 = 0.008;
/// Tiles beside each other.
const COLUMNS: usize = 4;
/// More languages than fit are not shown.
const MOST_LANGUAGES: usize = 15;
/// How much larger the menu is when it stands 1.2 m away in front.
const FLOOR_SCALE: f32 = 3.0;

impl Page {
    /// Where `Back` leads.
    pub(super) fn parent(self) -> Self {
        Self::Main
    }

    /// In reading order.
    pub fn items(self, languages: usize) -> Vec<Item> {
        match self {
            Self::Main => {
                let mut items = vec![Item::Home, Item::Recenter, Item::Lamp, Item::Comfort];
                // One language is no choice.
                if languages > 1 {
                    items.push(Item::Languages);
                }
                items.extend([Item::Learn, Item::Leave]);
                items
            }
            Self::Languages => (0..languages.min(MOST_LANGUAGES))
                .map(Item::Language)
                .chain([Item::Back])
                .collect(),
            Self::Comfort => vec![
                Item::Movement,
                Item::Turning,
                Item::TurnAngle,
                Item::Vignette,
                Item::Posture,
                Item::Height,
                Item::DominantHand,
                Item::Dwell,
                Item::Captions,
                Item::Back,
            ],
            Self::Leaving => vec![Item::ReallyLeave, Item::Back],
        }
    }

    /// The items in rows, centered, without overlap.
    pub fn tiles(self, languages: usize) -> Vec<Tile> {
        let items = self.items(languages);
        let rows = items.len().div_ceil(COLUMNS);
        let pitch_m = SIDE_M + GAP_M;
        let mut tiles = Vec::with_capacity(items.len());
        for (row, chunk) in items.chunks(COLUMNS).enumerate() {
            for (column, item) in chunk.iter().enumerate() {
                let right = column as f32 - (chunk.len() - 1) as f32 / 2.0;
                let up = (rows - 1) as f32 / 2.0 - row as f32;
                tiles.push(Tile {
                    item: *item,
                    center_m: Vec2::new(right, up) * pitch_m,
                    side_m: SIDE_M,
                });
            }
        }
        tiles
    }
}

impl super::Anchor {
    /// How much larger than on a wrist the menu is drawn.
    pub fn scale(self) -> f32 {
        match self {
            Self::Wrist(_) => 1.0,
            Self::Floor => FLOOR_SCALE,
        }
    }
}
