//! Pages, their items, and where each tile lies.

use bevy::math::Vec2;

/// A page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Page {
    /// The first.
    #[default]
    Main,
    /// The exhibit's languages, from the leaf of this number on.
    Languages(usize),
    /// The tour under way, or the tours to choose from, from the leaf of this number on.
    Tour(usize),
    /// Moving, seeing, reading, hearing.
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
    /// To the tour.
    Tour,
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
    /// Begin a tour, by its place in the exhibit's list.
    BeginTour(usize),
    /// Hold the tour, or go on with it.
    Hold,
    /// The tour's step before, once more.
    StepBack,
    /// The tour's next step, now.
    StepOn,
    /// Leave the tour; the visit goes on.
    EndTour,
    /// The leaf before, where a page has several.
    LeafBefore,
    /// The leaf after.
    LeafAfter,
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
    /// How long a gaze must rest.
    DwellTime,
    /// Size of captions.
    Captions,
    /// What captions stand on.
    CaptionGround,
    /// How loud everything is.
    Volume,
    /// Begin to record a guide, or stop and write the tour.
    Record,
    /// Of the recorded tour, a new step begins here.
    RecordStep,
    /// To the recorded tour, this very place matters.
    RecordMark,
}

impl Item {
    /// Says its name in letters instead of showing a picture.
    pub fn is_named(self) -> bool {
        matches!(self, Self::Language(_) | Self::BeginTour(_))
    }
}

/// What an exhibit offers, as far as the menu asks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Offer {
    /// Languages to choose from.
    pub languages: usize,
    /// Tours to choose from.
    pub tours: usize,
    /// A tour is under way.
    pub is_touring: bool,
    /// What the recorder of tours is doing, where a guide asked for one.
    pub recorder: Option<RecorderState>,
}

/// What of a recorder the menu must know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RecorderState {
    /// It may begin.
    Ready,
    /// It records.
    Rolling,
}

/// An item in the menu's plane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tile {
    /// What it is.
    pub item: Item,
    /// Its middle from the menu's, right and up, metres on a wrist; elsewhere times
    /// [`super::Anchor::scale`].
    pub center_m: Vec2,
    /// Width and height, metres; likewise.
    pub size_m: Vec2,
}

/// Side of a pictured tile on the wrist, metres: 4.5 cm at 40 cm are 6 degrees, several times the
/// tremor of a pointing hand.
const SIDE_M: f32 = 0.045;
const GAP_M: f32 = 0.008;
/// Tiles beside each other.
const COLUMNS: usize = 4;
/// Names to a leaf, two beside each other: three rows and the row that turns leaves.
pub(super) const NAMES_A_LEAF: usize = 6;
/// How much larger the menu is when it stands 1.2 m away in front.
const FLOOR_SCALE: f32 = 3.0;

impl Page {
    /// Where `Back` leads.
    pub(super) fn parent(self) -> Self {
        Self::Main
    }

    /// In reading order.
    pub fn items(self, offer: Offer) -> Vec<Item> {
        match self {
            Self::Main => {
                let mut items = vec![Item::Home, Item::Recenter, Item::Lamp, Item::Comfort];
                // One language is no choice.
                if offer.languages > 1 {
                    items.push(Item::Languages);
                }
                if offer.tours > 0 || offer.is_touring {
                    items.push(Item::Tour);
                }
                items.extend([Item::Learn, Item::Leave]);
                match offer.recorder {
                    None => {}
                    Some(RecorderState::Ready) => items.push(Item::Record),
                    Some(RecorderState::Rolling) => {
                        items.extend([Item::Record, Item::RecordStep, Item::RecordMark]);
                    }
                }
                items
            }
            Self::Languages(leaf) => names(leaf, offer.languages, Item::Language),
            Self::Tour(_) if offer.is_touring => vec![
                Item::StepBack,
                Item::Hold,
                Item::StepOn,
                Item::EndTour,
                Item::Back,
            ],
            Self::Tour(leaf) => names(leaf, offer.tours, Item::BeginTour),
            Self::Comfort => vec![
                Item::Movement,
                Item::Turning,
                Item::TurnAngle,
                Item::Vignette,
                Item::Posture,
                Item::Height,
                Item::DominantHand,
                Item::Dwell,
                Item::DwellTime,
                Item::Captions,
                Item::CaptionGround,
                Item::Volume,
                Item::Back,
            ],
            Self::Leaving => vec![Item::ReallyLeave, Item::Back],
        }
    }

    /// The items in rows, centered, without overlap: names two in a row, pictures four.
    pub fn tiles(self, offer: Offer) -> Vec<Tile> {
        let items = self.items(offer);
        let (named, pictured): (Vec<Item>, Vec<Item>) =
            items.into_iter().partition(|item| item.is_named());
        let wide = Vec2::new(2.0 * SIDE_M + GAP_M, SIDE_M);
        let rows: Vec<(Vec<Item>, Vec2)> = named
            .chunks(COLUMNS / 2)
            .map(|row| (row.to_vec(), wide))
            .chain(
                pictured
                    .chunks(COLUMNS)
                    .map(|row| (row.to_vec(), Vec2::splat(SIDE_M))),
            )
            .collect();
        let mut tiles = Vec::new();
        for (row, (items, size_m)) in rows.iter().enumerate() {
            for (column, item) in items.iter().enumerate() {
                let right = column as f32 - (items.len() - 1) as f32 / 2.0;
                let up = (rows.len() - 1) as f32 / 2.0 - row as f32;
                tiles.push(Tile {
                    item: *item,
                    center_m: Vec2::new(right, up) * (*size_m + GAP_M),
                    size_m: *size_m,
                });
            }
        }
        tiles
    }

    /// The page with another leaf in front.
    pub(super) fn turned(self, offer: Offer, by: isize) -> Self {
        let turn = |leaf: usize, count: usize| {
            let leaves = count.div_ceil(NAMES_A_LEAF).max(1);
            (leaf.min(leaves - 1) as isize + by).rem_euclid(leaves as isize) as usize
        };
        match self {
            Self::Languages(leaf) => Self::Languages(turn(leaf, offer.languages)),
            Self::Tour(leaf) => Self::Tour(turn(leaf, offer.tours)),
            Self::Main | Self::Comfort | Self::Leaving => self,
        }
    }
}

/// A leaf of names, and what turns it where there are several.
fn names(leaf: usize, count: usize, item: fn(usize) -> Item) -> Vec<Item> {
    let leaves = count.div_ceil(NAMES_A_LEAF).max(1);
    let first = leaf.min(leaves - 1) * NAMES_A_LEAF;
    let mut items: Vec<Item> = (first..count.min(first + NAMES_A_LEAF)).map(item).collect();
    if leaves > 1 {
        items.extend([Item::LeafBefore, Item::Back, Item::LeafAfter]);
    } else {
        items.push(Item::Back);
    }
    items
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
