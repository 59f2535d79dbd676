//! What stands on a card in the headset, and where on it one can press.

use crate::{
    exhibit::{
        card_place::CARD_M,
        intent::Wish,
        telling::{Asked, Panel, Telling},
        words::Direction,
    },
    render::{
        captions::font,
        page::{self, BUTTON, GOLD, GROUND, INK, PageStyle},
        pictures::Pictures,
        signs::{Sign, Signs},
    },
    scene::schema::MOST_CHOICES,
    tour::HotspotIndex,
};
use bevy::prelude::*;

/// Pixels of a board to the metre.
const PX_PER_M: f32 = 1_400.0;
/// Letters of a card, pixels: 2.7 cm at 1.25 m, 1.2 degrees; 0.8 degrees from 2 m away, where
/// print at arm's length has 0.3.
pub(super) const LETTERS_PX: f32 = 38.0;
/// Room around what stands on a card, metres.
const PADDING_M: f32 = 0.034;
/// Height of a row of answers, and of signs, metres.
const ROW_M: f32 = 0.078;
/// Between rows, metres.
const GAP_M: f32 = 0.008;

/// What a card shows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Content {
    what: What,
    scale: f32,
    direction: Direction,
    /// Which of its pictures are here.
    pictures: Vec<bool>,
    /// There is more than the card holds.
    pub(super) is_long: bool,
    /// So much of the card's height is used, from its upper edge, metres.
    pub(super) height_m: f32,
}

/// The title of a card.
#[derive(Component, Debug)]
pub(super) struct CardTitle;

#[derive(Debug, Clone, PartialEq)]
enum What {
    Question(Asked),
    Panel(Box<Panel>),
    Detours(Vec<String>),
}

/// A part that can be pressed, in the card's plane, metres from its middle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Part {
    pub(super) wish: Wish,
    pub(super) middle_m: Vec2,
    pub(super) half_m: Vec2,
}

impl Content {
    pub(super) fn of(
        telling: &Telling,
        scale: f32,
        pictures: &mut Pictures,
        images: &mut Assets<Image>,
    ) -> Option<Self> {
        let detours = telling.detour_titles();
        let what = match (&telling.asked, &telling.panel) {
            (Some(asked), _) => What::Question(asked.clone()),
            (None, Some(panel)) => What::Panel(Box::new(panel.clone())),
            (None, None) if !detours.is_empty() => What::Detours(detours),
            (None, None) => return None,
        };
        let shown = match &what {
            What::Panel(panel) => &panel.pictures[..],
            _ => &[],
        };
        let are_here = shown
            .iter()
            .map(|picture| pictures.get(&picture.path, images).is_some());
        Some(Self {
            pictures: are_here.collect(),
            what,
            scale,
            direction: telling.direction(),
            is_long: false,
            height_m: CARD_M.y,
        })
    }

    /// Whether it is the same card, drawn anew.
    pub(super) fn is_of(&self, other: &Self) -> bool {
        match (&self.what, &other.what) {
            (What::Panel(own), What::Panel(other)) => own.spot == other.spot,
            (What::Question(own), What::Question(other)) => own.text == other.text,
            (What::Detours(_), What::Detours(_)) => true,
            _ => false,
        }
    }

    /// Whether the same takes the same room: all but what sounds and what was answered.
    pub(super) fn is_written_as(&self, other: &Self) -> bool {
        let is_same_text = match (&self.what, &other.what) {
            (What::Panel(own), What::Panel(other)) => {
                own.spot == other.spot
                    && own.title == other.title
                    && own.text == other.text
                    && own.pictures == other.pictures
                    && own.credits == other.credits
            }
            (What::Question(own), What::Question(other)) => {
                own.text == other.text && own.answers == other.answers
            }
            (own, other) => own == other,
        };
        is_same_text
            && self.is_long == other.is_long
            && self.scale == other.scale
            && self.direction == other.direction
            && self.pictures == other.pictures
    }

    /// Whether there is a page behind its signs; an offer of detours has none.
    pub(super) fn has_page(&self) -> bool {
        !matches!(self.what, What::Detours(_))
    }

    /// The middle and half the size of its page, in the card's plane, metres from its middle.
    pub(super) fn page_m(&self) -> (Vec2, Vec2) {
        let middle_m = Vec2::new(0.0, (CARD_M.y - self.height_m) * 0.5);
        (middle_m, Vec2::new(CARD_M.x, self.height_m) * 0.5)
    }

    /// How high the page needs to be, metres, where its title and text took `written_px`. All
    /// of the card until its pictures have come.
    pub(super) fn fitting_m(&self, written_px: f32) -> f32 {
        if !self.has_page() || self.is_long || self.pictures.contains(&false) {
            return CARD_M.y;
        }
        let (_, foot_m) = self.foot();
        let needed_m = PADDING_M + written_px / PX_PER_M + self.gap_px() / PX_PER_M + foot_m;
        needed_m.min(CARD_M.y)
    }

    /// Between title and text, pixels.
    fn gap_px(&self) -> f32 {
        LETTERS_PX * self.scale * 0.5
    }

    /// Where what can be pressed begins above the lower edge of the page, and how much of the
    /// page that takes with the room above it, metres.
    fn foot(&self) -> (f32, f32) {
        let rows = self
            .choices()
            .len()
            .max(usize::from(!self.signs().is_empty())) as f32;
        let pressed_m = rows * ROW_M + (rows - 1.0).max(0.0) * GAP_M;
        (PADDING_M, PADDING_M + pressed_m + GAP_M * 2.0)
    }

    /// The hotspot it tells of.
    pub(super) fn spot(&self) -> Option<HotspotIndex> {
        match &self.what {
            What::Panel(panel) => panel.spot,
            _ => None,
        }
    }

    /// What is chosen from, and what choosing it wishes.
    fn choices(&self) -> Vec<(String, Option<Sign>, Wish)> {
        let number = |at: usize| u8::try_from(at).unwrap_or(u8::MAX);
        match &self.what {
            What::Question(asked) => {
                let answers = asked.answers.iter().take(MOST_CHOICES).enumerate();
                answers
                    .map(|(at, answer)| {
                        let sign = match asked.given {
                            Some((given, true)) if given == at => Some(Sign::Check),
                            Some((given, false)) if given == at => Some(Sign::Cross),
                            _ => None,
                        };
                        (answer.clone(), sign, Wish::Answer(number(at)))
                    })
                    .collect()
            }
            What::Detours(titles) => {
                let titles = titles.iter().take(MOST_CHOICES).enumerate();
                titles
                    .map(|(at, title)| {
                        let wish = Wish::Detour(number(at));
                        (title.clone(), Some(Sign::Onward), wish)
                    })
                    .collect()
            }
            What::Panel(_) => Vec::new(),
        }
    }

    /// The signs at the foot.
    fn signs(&self) -> Vec<(Sign, Wish)> {
        let What::Panel(panel) = &self.what else {
            return Vec::new();
        };
        let mut signs = Vec::new();
        if panel.sound.is_some() {
            let sign = if panel.is_playing {
                Sign::Stop
            } else {
                Sign::Play
            };
            signs.push((sign, Wish::PlayPanel));
        }
        if self.is_long {
            signs.push((Sign::Up, Wish::Scroll(-5)));
            signs.push((Sign::Down, Wish::Scroll(5)));
        }
        signs.push((Sign::Cross, Wish::Close));
        signs
    }

    fn title(&self) -> &str {
        match &self.what {
            What::Question(asked) => &asked.text,
            What::Panel(panel) => &panel.title,
            What::Detours(_) => "",
        }
    }
}

/// Where on a card one can press.
pub(super) fn parts(content: &Content) -> Vec<Part> {
    let choices = content.choices();
    let inner_m = CARD_M - 2.0 * PADDING_M;
    let (above_edge_m, _) = content.foot();
    let low_m = CARD_M.y * 0.5 - content.height_m + above_edge_m;
    // Signs begin where lines do.
    let side = match content.direction {
        Direction::LeftToRight => 1.0,
        Direction::RightToLeft => -1.0,
    };
    // Choices fill the card from below, so that a long question has its room above them.
    let rows = choices.iter().enumerate().map(|(at, (_, _, wish))| {
        let from_below = (choices.len() - 1 - at) as f32;
        Part {
            wish: *wish,
            middle_m: Vec2::new(0.0, low_m + ROW_M * 0.5 + from_below * (ROW_M + GAP_M)),
            half_m: Vec2::new(inner_m.x, ROW_M) * 0.5,
        }
    });
    let signs = content.signs();
    let side_m = ROW_M * 1.5;
    let feet = signs.iter().enumerate().map(|(at, (_, wish))| Part {
        wish: *wish,
        middle_m: Vec2::new(
            side * (-inner_m.x * 0.5 + side_m * 0.5 + at as f32 * (side_m + GAP_M * 2.0)),
            low_m + ROW_M * 0.5,
        ),
        half_m: Vec2::new(side_m, ROW_M) * 0.5,
    });
    rows.chain(feet).collect()
}

/// Draws a card, its text from the pixel `line` on.
pub(super) fn write(
    commands: &mut Commands,
    board: Entity,
    content: &Content,
    line: f32,
    pictures: &mut Pictures,
    signs: &mut Signs,
    images: &mut Assets<Image>,
) {
    let letters_px = LETTERS_PX * content.scale;
    let style = PageStyle {
        letters_px,
        width_px: (CARD_M.x - 2.0 * PADDING_M) * PX_PER_M,
        picture_px: CARD_M.y * PX_PER_M * 0.55,
        direction: content.direction,
    };
    let parts = parts(content);
    let (_, foot_m) = content.foot();
    let foot_px = foot_m * PX_PER_M;
    let padding_px = PADDING_M * PX_PER_M;
    let ground = if content.has_page() {
        GROUND
    } else {
        Color::NONE
    };
    let page = commands
        .spawn((
            Node {
                width: percent(100),
                height: px(content.height_m * PX_PER_M),
                padding: UiRect {
                    bottom: px(foot_px),
                    ..UiRect::all(px(padding_px))
                },
                flex_direction: FlexDirection::Column,
                row_gap: px(content.gap_px()),
                border: UiRect::all(px(2)),
                border_radius: BorderRadius::all(px(28)),
                overflow: Overflow::clip(),
                ..default()
            },
            BackgroundColor(ground),
            BorderColor::all(GOLD.with_alpha(0.25 * ground.alpha())),
            ChildOf(board),
        ))
        .id();
    commands.spawn((
        CardTitle,
        Text::new(content.title().to_owned()),
        font(letters_px * 1.3),
        TextColor(GOLD),
        TextLayout::justify(Justify::Start),
        Node {
            flex_shrink: 0.0,
            ..default()
        },
        ChildOf(page),
    ));
    if let What::Panel(panel) = &content.what {
        let body = commands
            .spawn((page::read_on(letters_px, line), ChildOf(page)))
            .id();
        page::write_panel(commands, body, panel, &style, pictures, images);
    }
    let labels = content
        .choices()
        .into_iter()
        .map(|(words, sign, _)| (words, sign))
        .chain(
            content
                .signs()
                .into_iter()
                .map(|(sign, _)| (String::new(), Some(sign))),
        );
    for (part, (words, sign)) in parts.iter().zip(labels) {
        let button = commands
            .spawn((
                Node {
                    position_type: PositionType::Absolute,
                    left: px((part.middle_m.x - part.half_m.x + CARD_M.x * 0.5) * PX_PER_M),
                    top: px((CARD_M.y * 0.5 - part.middle_m.y - part.half_m.y) * PX_PER_M),
                    width: px(part.half_m.x * 2.0 * PX_PER_M),
                    height: px(part.half_m.y * 2.0 * PX_PER_M),
                    padding: UiRect::horizontal(px(24)),
                    column_gap: px(20),
                    flex_direction: style.row(),
                    align_items: AlignItems::Center,
                    justify_content: if words.is_empty() {
                        JustifyContent::Center
                    } else {
                        JustifyContent::Start
                    },
                    border_radius: BorderRadius::all(px(18)),
                    ..default()
                },
                BackgroundColor(BUTTON),
                ChildOf(board),
            ))
            .id();
        if !words.is_empty() {
            // Long answers in large letters stay within their row.
            let shrunk = if words.chars().count() > 32 { 0.8 } else { 1.0 };
            commands.spawn((
                Text::new(words),
                font((letters_px * shrunk).min(58.0)),
                TextColor(INK),
                ChildOf(button),
            ));
        }
        if let Some(sign) = sign {
            commands.spawn((
                ImageNode::new(signs.get(sign, images)).with_color(GOLD),
                Node {
                    width: px(60),
                    height: px(60),
                    flex_shrink: 0.0,
                    ..default()
                },
                ChildOf(button),
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(answers: usize) -> Content {
        Content {
            what: What::Question(Asked {
                text: "How many?".to_owned(),
                answers: vec!["Six".to_owned(); answers],
                given: None,
            }),
            scale: 1.0,
            direction: Direction::LeftToRight,
            pictures: Vec::new(),
            is_long: false,
            height_m: CARD_M.y,
        }
    }

    fn panel() -> Content {
        Content {
            what: What::Panel(Box::default()),
            is_long: true,
            ..question(0)
        }
    }

    #[test]
    fn parts_lie_on_the_card_and_apart_from_each_other() {
        for content in [question(1), question(4), question(9), panel()] {
            let parts = parts(&content);
            assert!(!parts.is_empty(), "something can be pressed");
            for (index, part) in parts.iter().enumerate() {
                let reach = part.middle_m.abs() + part.half_m;
                assert!(
                    reach.cmple(CARD_M * 0.5).all(),
                    "{:?} lies on the card",
                    part.wish
                );
                for other in &parts[..index] {
                    let off = (part.middle_m - other.middle_m).abs();
                    let room = part.half_m + other.half_m;
                    assert!(
                        off.cmpge(room).any(),
                        "{:?} and {:?} are apart",
                        part.wish,
                        other.wish
                    );
                }
            }
        }
    }

    #[test]
    fn a_short_text_has_a_low_page_and_its_signs_rise_with_it() {
        let mut content = Content {
            is_long: false,
            ..panel()
        };
        let whole = parts(&content)[0].middle_m.y;
        content.height_m = content.fitting_m(200.0);
        assert!(
            content.height_m < CARD_M.y * 0.6,
            "two lines need no whole card, but {} m",
            content.height_m
        );
        let raised = CARD_M.y - content.height_m;
        let sign = parts(&content)[0];
        assert!(
            (sign.middle_m.y - whole - raised).abs() < 1e-5,
            "the signs keep their distance from the lower edge"
        );
        let (middle, half) = content.page_m();
        assert!(
            sign.middle_m.y - sign.half_m.y > middle.y - half.y,
            "and stand on the page"
        );
        assert_eq!(
            content.fitting_m(1e6),
            CARD_M.y,
            "no page is higher than its card"
        );
        content.pictures = vec![false];
        assert_eq!(
            content.fitting_m(200.0),
            CARD_M.y,
            "a picture that has not come keeps its room"
        );
    }

    #[test]
    fn signs_begin_where_lines_do() {
        let left = parts(&panel());
        let right = parts(&Content {
            direction: Direction::RightToLeft,
            ..panel()
        });
        for (left, right) in left.iter().zip(&right) {
            let mirrored = Vec2::new(-left.middle_m.x, left.middle_m.y);
            assert_eq!(right.middle_m, mirrored, "{:?} is mirrored", left.wish);
        }
    }

    #[test]
    fn answers_stand_in_their_order_from_above() {
        let parts = parts(&question(4));
        assert!(
            parts
                .windows(2)
                .all(|two| two[0].middle_m.y > two[1].middle_m.y),
            "the first answer is the highest"
        );
        assert_eq!(parts[0].wish, Wish::Answer(0), "and is the first");
    }
}
