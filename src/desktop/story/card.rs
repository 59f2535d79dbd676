//! One card beside the picture: the panel of a hotspot, or the question of a tour.

use super::{
    super::top::BelowTop,
    buttons::{LETTERS, spawn_button},
    pointer::Blocks,
};
use crate::{
    exhibit::{
        intent::Wish,
        settings::VisitSettings,
        telling::{Asked, Panel, Telling},
        visitor::VisitorEye,
        words::{Direction, Word, Words},
    },
    render::{
        captions::font,
        page::{self, BUTTON, FAINT, GOLD, GROUND, PageStyle, ReadOn},
        pictures::Pictures,
    },
};
use bevy::prelude::*;

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Shown>()
        .add_systems(Update, (show_card, page::scroll, hint_more).chain());
}

/// Letters of a card, pixels.
const LETTERS_PX: f32 = 19.0;
/// Width of a card and of one that is there for its picture, pixels.
const WIDTH_PX: f32 = 420.0;
const PICTURE_PX: f32 = 640.0;
/// Where a card begins and where it ends at the latest, of the window's height.
const TOP_SHARE: f32 = 0.09;
const LOWEST_SHARE: f32 = 0.83;
/// Room around its words, pixels.
const PADDING_PX: f32 = 26.0;
/// From the window's edge, pixels.
const EDGE_PX: f32 = 36.0;

/// What the card shows, and was made of.
#[derive(Resource, Default)]
struct Shown {
    content: Option<Content>,
    card: Option<Entity>,
    is_left: bool,
}

#[derive(Debug, Clone, PartialEq)]
struct Content {
    what: What,
    settings: VisitSettings,
    direction: Direction,
    /// Which of its pictures are here.
    pictures: Vec<bool>,
    /// Size of the window.
    window: UVec2,
}

#[derive(Debug, Clone, PartialEq)]
enum What {
    Question(Asked),
    Panel(Panel),
}

/// A card at a side of the window.
#[derive(Component)]
pub(super) struct Card;

impl Card {
    /// What a card leaves free of the window's width: from the left and from the right, pixels.
    pub(super) fn leaves_free(card: &Node) -> (f32, f32) {
        let pixels = |value: Val| match value {
            Val::Px(pixels) => Some(pixels),
            _ => None,
        };
        let width_px = pixels(card.width).unwrap_or_default();
        match (pixels(card.left), pixels(card.right)) {
            (Some(left), _) => (left + width_px, 0.0),
            (None, Some(right)) => (0.0, right + width_px),
            (None, None) => (0.0, 0.0),
        }
    }
}

/// Says that there is more below.
#[derive(Component)]
struct More;

fn content(
    telling: &Telling,
    settings: VisitSettings,
    pictures: &mut Pictures,
    images: &mut Assets<Image>,
    window: UVec2,
) -> Option<Content> {
    let what = match (&telling.asked, &telling.panel) {
        (Some(asked), _) => What::Question(asked.clone()),
        (None, Some(panel)) => What::Panel(panel.clone()),
        (None, None) => return None,
    };
    let shown = match &what {
        What::Panel(panel) => &panel.pictures[..],
        What::Question(_) => &[],
    };
    Some(Content {
        pictures: shown
            .iter()
            .map(|picture| pictures.get(&picture.path, images).is_some())
            .collect(),
        what,
        settings,
        direction: telling.direction(),
        window,
    })
}

fn show_card(
    mut commands: Commands,
    telling: Option<Res<Telling>>,
    words: Res<Words>,
    settings: Res<VisitSettings>,
    windows: Query<&Window>,
    eyes: Query<(&Camera, &GlobalTransform), With<VisitorEye>>,
    mut shown: ResMut<Shown>,
    mut pictures: ResMut<Pictures>,
    mut images: ResMut<Assets<Image>>,
    bodies: Query<&ScrollPosition, With<ReadOn>>,
) {
    let Some(telling) = telling else { return };
    let window = windows
        .iter()
        .next()
        .map_or(Vec2::new(1280.0, 720.0), |window| {
            Vec2::new(window.width(), window.height())
        });
    let content = content(
        &telling,
        *settings,
        &mut pictures,
        &mut images,
        window.as_uvec2(),
    );
    if content == shown.content && !words.is_changed() {
        return;
    }
    if let Some(card) = shown.card.take() {
        commands.entity(card).despawn();
    }
    // The same panel drawn anew stays on its side and at its line.
    let is_same = match (&content, &shown.content) {
        (Some(new), Some(old)) => match (&new.what, &old.what) {
            (What::Panel(new), What::Panel(old)) => new.spot == old.spot,
            (What::Question(_), What::Question(_)) => true,
            _ => false,
        },
        _ => false,
    };
    if !is_same {
        let spot = match content.as_ref().map(|content| &content.what) {
            Some(What::Panel(panel)) => panel.spot,
            _ => None,
        };
        let ball = spot.and_then(|spot| telling.staged().hotspots.get(spot.index())?.ball_in_world);
        shown.is_left = ball
            .zip(eyes.iter().next())
            .is_some_and(|((center, radius), eye)| is_on_right(center, radius, eye, window));
    }
    if content.is_none() {
        pictures.forget();
    }
    let line = bodies.iter().next().map(|scroll| scroll.0.y);
    let line = line.filter(|_| is_same).unwrap_or_default();
    shown.card = content.as_ref().map(|content| {
        spawn_card(
            &mut commands,
            content,
            shown.is_left,
            line,
            &words,
            &mut pictures,
            &mut images,
        )
    });
    shown.content = content;
}

/// Whether what a panel tells of leaves more room on the left of the picture.
fn is_on_right(
    center: Vec3,
    radius: f32,
    (camera, eye): (&Camera, &GlobalTransform),
    window: Vec2,
) -> bool {
    let across = |side: f32| {
        let at = center + eye.right() * radius * side;
        camera.world_to_viewport(eye, at).ok().map(|at| at.x)
    };
    let (Some(left), Some(right)) = (across(-1.0), across(1.0)) else {
        return false;
    };
    left.max(0.0) > window.x - right.min(window.x) + 8.0
}

fn spawn_card(
    commands: &mut Commands,
    content: &Content,
    is_left: bool,
    line: f32,
    words: &Words,
    pictures: &mut Pictures,
    images: &mut Assets<Image>,
) -> Entity {
    let scale = content.settings.text_size.scale();
    let letters_px = LETTERS_PX * scale;
    let window = content.window.as_vec2();
    let is_picture = matches!(&content.what, What::Panel(panel) if panel.is_picture);
    // Larger letters want longer lines, but the picture is not to be covered.
    let wanted_px = if is_picture { PICTURE_PX } else { WIDTH_PX };
    let width_px = (wanted_px * (0.4 + 0.6 * scale)).min(window.x * 0.52);
    let style = PageStyle {
        letters_px,
        // Within padding and border.
        width_px: width_px - 2.0 * (PADDING_PX + 1.0),
        picture_px: window.y * if is_picture { 0.6 } else { 0.34 },
        direction: content.direction,
    };
    let (left, right) = match is_left {
        true => (px(EDGE_PX), Val::Auto),
        false => (Val::Auto, px(EDGE_PX)),
    };
    let card = commands
        .spawn((
            Name::new("card"),
            Card,
            Blocks,
            Node {
                position_type: PositionType::Absolute,
                left,
                right,
                top: percent(100.0 * TOP_SHARE),
                width: px(width_px),
                max_height: percent(100.0 * (LOWEST_SHARE - TOP_SHARE)),
                padding: UiRect::all(px(PADDING_PX)),
                flex_direction: FlexDirection::Column,
                row_gap: px(14),
                border: UiRect::all(px(1)),
                border_radius: BorderRadius::all(px(12)),
                ..default()
            },
            BelowTop {
                top_px: 0.0,
                top_share: TOP_SHARE,
                lowest_share: Some(LOWEST_SHARE),
            },
            BackgroundColor(GROUND),
            BorderColor::all(GOLD.with_alpha(0.25)),
            GlobalZIndex(3),
        ))
        .id();
    let title = match &content.what {
        What::Question(asked) => &asked.text,
        What::Panel(panel) => &panel.title,
    };
    commands.spawn((
        Text::new(title.clone()),
        font(letters_px * 1.32),
        TextColor(GOLD),
        TextLayout::justify(Justify::Start),
        Node {
            flex_shrink: 0.0,
            ..default()
        },
        ChildOf(card),
    ));
    let body = commands
        .spawn((page::read_on(letters_px, line), ChildOf(card)))
        .id();
    match &content.what {
        What::Question(asked) => write_answers(commands, body, asked, letters_px),
        What::Panel(panel) => {
            page::write_panel(commands, body, panel, &style, pictures, images);
            write_foot(commands, card, panel, words, &style);
        }
    }
    card
}

fn write_answers(commands: &mut Commands, body: Entity, asked: &Asked, letters_px: f32) {
    for (index, answer) in asked.answers.iter().enumerate() {
        let mark = match asked.given {
            Some((given, true)) if given == index => "  ✓",
            Some((given, false)) if given == index => "  ✗",
            _ => "",
        };
        let number = u8::try_from(index).unwrap_or(u8::MAX);
        let words = format!("{}   {answer}{mark}", index + 1);
        spawn_button(
            commands,
            body,
            Wish::Answer(number),
            &words,
            letters_px,
            LETTERS,
        );
    }
}

/// Listen, close, and whether there is more.
fn write_foot(
    commands: &mut Commands,
    card: Entity,
    panel: &Panel,
    words: &Words,
    style: &PageStyle,
) {
    let letters_px = style.letters_px * 0.82;
    commands.spawn((
        More,
        Text::new(words.say(Word::ReadOn)),
        font(letters_px * 0.9),
        TextColor(FAINT),
        Node {
            flex_shrink: 0.0,
            display: Display::None,
            ..default()
        },
        ChildOf(card),
    ));
    let row = commands
        .spawn((
            Node {
                flex_direction: style.row(),
                flex_wrap: FlexWrap::Wrap,
                column_gap: px(12),
                row_gap: px(8),
                flex_shrink: 0.0,
                ..default()
            },
            ChildOf(card),
        ))
        .id();
    if panel.sound.is_some() {
        let word = if panel.is_playing {
            Word::ListenStop
        } else {
            Word::Listen
        };
        spawn_button(
            commands,
            row,
            Wish::PlayPanel,
            words.say(word),
            letters_px,
            GOLD,
        );
    }
    let close = spawn_button(
        commands,
        row,
        Wish::Close,
        words.say(Word::CloseHint),
        letters_px,
        FAINT,
    );
    commands.entity(close).insert(BackgroundColor(BUTTON));
}

/// Says that there is more below, while there is.
fn hint_more(
    bodies: Query<(&ScrollPosition, &ComputedNode), With<ReadOn>>,
    mut hints: Query<&mut Node, With<More>>,
) {
    let has_more = bodies.iter().any(|(scroll, node)| {
        let most = (node.content_size.y - node.size.y) * node.inverse_scale_factor;
        most - scroll.0.y > 4.0
    });
    for mut hint in &mut hints {
        let display = if has_more {
            Display::Flex
        } else {
            Display::None
        };
        if hint.display != display {
            hint.display = display;
        }
    }
}
