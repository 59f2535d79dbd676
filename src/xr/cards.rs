//! What is to be read in a headset: panels, questions, captions, on boards in the world.

use super::{
    body::{Body, Comfort},
    life::Life,
    pointing::Target,
};
use crate::{
    exhibit::telling::{Asked, Telling},
    render::{
        board::{Board, Boards},
        captions::font,
    },
    visit::{point::Shape, rig::TrackedPose, session::Phase},
};
use bevy::prelude::*;

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Cards>().add_systems(
        Update,
        (show_card, show_captions, follow_captions)
            .chain()
            .after(crate::exhibit::visitor::VisitorSystems::Move),
    );
}

const INK: Color = Color::srgb(0.93, 0.89, 0.80);
const GOLD: Color = Color::srgb(0.82, 0.62, 0.30);
/// Dark enough for light letters over any mural (WCAG 1.4.3: 4.5 to 1).
const GROUND: Color = Color::srgba(0.03, 0.026, 0.022, 0.97);
/// A card, metres: 40 degrees wide at its distance.
const CARD_M: Vec2 = Vec2::new(0.80, 0.54);
/// How far a card stands from the head, metres.
const CARD_AT_M: f32 = 1.25;
/// A line of captions, metres.
const CAPTION_M: Vec2 = Vec2::new(1.1, 0.22);
/// How far captions are, metres, and how far below the gaze, radians: 20 degrees.
const CAPTION_AT_M: f32 = 1.6;
const CAPTION_BELOW_RAD: f32 = 0.35;
/// Time in which captions come two thirds of the way after the gaze, seconds.
const CAPTION_SECS: f32 = 0.5;
/// The gaze may wander this far before captions follow, radians: 12 degrees.
const CAPTION_SLACK_RAD: f32 = 0.2;
/// Letters of a card, texels: 3 cm at 1.25 m, 1.4 degrees.
const LETTERS_PX: f32 = 42.0;
/// How far to the right of the gaze a card opens, radians: beside what it tells of.
const CARD_BESIDE_RAD: f32 = 0.5;
/// A visitor who goes farther than this takes the card along, metres.
const CARD_LEFT_M: f32 = 2.5;

/// The card that is shown.
#[derive(Resource, Debug, Default)]
pub(super) struct Cards {
    card: Option<Shown>,
    caption: Option<(Entity, String)>,
    /// Heading of the captions.
    caption_yaw_rad: f32,
    is_following: bool,
}

#[derive(Debug)]
struct Shown {
    quad: Entity,
    content: Content,
    transform: Transform,
}

#[derive(Debug, Clone, PartialEq, Default)]
struct Content {
    title: String,
    text: String,
    answers: Vec<String>,
    given: Option<(usize, bool)>,
}

impl Content {
    fn of(telling: &Telling) -> Option<Self> {
        if let Some(Asked {
            text,
            answers,
            given,
        }) = &telling.asked
        {
            return Some(Self {
                title: text.clone(),
                answers: answers.clone(),
                given: *given,
                ..default()
            });
        }
        telling.panel.as_ref().map(|panel| Self {
            title: panel.title.clone(),
            text: panel.text.replace('*', ""),
            ..default()
        })
    }
}

/// Height of an answer's row, metres, and of the first row's middle below the card's top.
const ROW_M: f32 = 0.085;
const FIRST_ROW_M: f32 = 0.23;

impl Cards {
    /// What of the cards can be pressed.
    pub(super) fn shapes(&self) -> Vec<(Target, Shape)> {
        let Some(card) = &self.card else {
            return Vec::new();
        };
        let place = &card.transform;
        let shape = |middle: Vec2, half: Vec2| Shape::Box {
            center: place.transform_point(middle.extend(0.0)),
            half: half.extend(0.01),
            rotation: place.rotation,
        };
        if card.content.answers.is_empty() {
            return vec![(Target::Card, shape(Vec2::ZERO, CARD_M * 0.5))];
        }
        (0..card.content.answers.len().min(4))
            .map(|at| {
                let y = CARD_M.y * 0.5 - FIRST_ROW_M - at as f32 * ROW_M;
                let half = Vec2::new(CARD_M.x * 0.45, ROW_M * 0.45);
                (Target::Answer(at as u8), shape(Vec2::new(0.0, y), half))
            })
            .collect()
    }
}

/// A place in front of the head, upright, facing it.
fn before(head: Vec3, yaw_rad: f32, pitch_rad: f32, distance_m: f32) -> Transform {
    let way = Quat::from_euler(EulerRot::YXZ, yaw_rad, pitch_rad, 0.0) * Vec3::NEG_Z;
    Transform::from_translation(head + way * distance_m).looking_to(way, Vec3::Y)
}

fn show_card(
    mut commands: Commands,
    mut boards: Boards,
    mut cards: ResMut<Cards>,
    telling: Option<Res<Telling>>,
    life: Res<Life>,
    body: Res<Body>,
    mut quads: Query<&mut Transform>,
) {
    let content = telling
        .as_deref()
        .filter(|_| life.phase() == Phase::Running)
        .and_then(Content::of);
    let shown = cards.card.as_ref().map(|card| &card.content);
    if content.as_ref() == shown {
        take_along(&mut cards, &body, &mut quads);
        return;
    }
    let old = cards.card.take();
    if let Some(old) = &old {
        commands.entity(old.quad).despawn();
    }
    let (Some(content), Some(head)) = (content, body.head_in_world()) else {
        return;
    };
    // A question that is answered stays where it is.
    let transform = match old {
        Some(old) if old.content.title == content.title => old.transform,
        _ => beside(&head),
    };
    let board = boards.spawn(&mut commands, CARD_M);
    commands.entity(board.quad).insert(transform);
    write_card(&mut commands, &board, &content);
    cards.card = Some(Shown {
        quad: board.quad,
        content,
        transform,
    });
}

/// Where a card opens.
fn beside(head: &TrackedPose) -> Transform {
    before(
        head.position,
        head.yaw_rad() - CARD_BESIDE_RAD,
        -0.05,
        CARD_AT_M,
    )
}

/// A card that was left behind by a jump opens again where the visitor is.
fn take_along(cards: &mut Cards, body: &Body, quads: &mut Query<&mut Transform>) {
    let (Some(card), Some(head)) = (&mut cards.card, body.head_in_world()) else {
        return;
    };
    if card.transform.translation.distance(head.position) > CARD_LEFT_M {
        card.transform = beside(&head);
        if let Ok(mut transform) = quads.get_mut(card.quad) {
            *transform = card.transform;
        }
    }
}

fn write_card(commands: &mut Commands, board: &Board, content: &Content) {
    const PX_PER_M: f32 = 1_400.0;
    let page = commands
        .spawn((
            Node {
                width: percent(100),
                height: percent(100),
                padding: UiRect::all(px(56)),
                flex_direction: FlexDirection::Column,
                row_gap: px(26),
                border_radius: BorderRadius::all(px(28)),
                overflow: Overflow::clip(),
                ..default()
            },
            BackgroundColor(GROUND),
            ChildOf(board.page),
        ))
        .id();
    commands.spawn((
        Text::new(content.title.clone()),
        font(LETTERS_PX * 1.35),
        TextColor(GOLD),
        ChildOf(page),
    ));
    if !content.text.is_empty() {
        commands.spawn((
            Text::new(content.text.clone()),
            font(LETTERS_PX),
            TextColor(INK),
            ChildOf(page),
        ));
    }
    for (at, answer) in content.answers.iter().take(4).enumerate() {
        let mark = match content.given {
            Some((given, true)) if given == at => "  ✓",
            Some((given, false)) if given == at => "  ✗",
            _ => "",
        };
        commands.spawn((
            Node {
                position_type: PositionType::Absolute,
                left: percent(5),
                right: percent(5),
                top: px((FIRST_ROW_M + (at as f32 - 0.45) * ROW_M) * PX_PER_M),
                height: px(ROW_M * 0.9 * PX_PER_M),
                padding: UiRect::axes(px(28), px(10)),
                align_items: AlignItems::Center,
                border_radius: BorderRadius::all(px(16)),
                ..default()
            },
            BackgroundColor(Color::srgba(0.22, 0.17, 0.10, 0.9)),
            ChildOf(page),
            children![(
                Text::new(format!("{answer}{mark}")),
                font(LETTERS_PX),
                TextColor(INK),
            )],
        ));
    }
}

fn show_captions(
    mut commands: Commands,
    mut boards: Boards,
    mut cards: ResMut<Cards>,
    telling: Option<Res<Telling>>,
    life: Res<Life>,
    comfort: Res<Comfort>,
) {
    let words = telling
        .filter(|_| life.phase() == Phase::Running)
        .map(|telling| telling.captions())
        .unwrap_or_default();
    let shown = cards.caption.as_ref().map_or("", |(_, words)| words);
    if shown == words {
        return;
    }
    if let Some((quad, _)) = cards.caption.take() {
        commands.entity(quad).despawn();
    }
    if words.is_empty() {
        return;
    }
    let board = boards.spawn(&mut commands, CAPTION_M);
    let scale = comfort.0.sanitized().caption_scale;
    let panel = commands
        .spawn((
            Node {
                width: percent(100),
                height: percent(100),
                justify_content: JustifyContent::Center,
                align_items: AlignItems::End,
                ..default()
            },
            ChildOf(board.page),
        ))
        .id();
    commands.spawn((
        Node {
            padding: UiRect::axes(px(40), px(20)),
            border_radius: BorderRadius::all(px(20)),
            ..default()
        },
        BackgroundColor(GROUND),
        ChildOf(panel),
        children![(
            Text::new(words.clone()),
            font(44.0 * scale),
            TextColor(Color::srgb(0.97, 0.95, 0.90)),
            TextLayout::justify(Justify::Center),
        )],
    ));
    commands.entity(board.quad).insert(Visibility::Inherited);
    cards.caption = Some((board.quad, words));
}

/// Captions come after the gaze, softly: never nailed to the head.
fn follow_captions(
    mut cards: ResMut<Cards>,
    body: Res<Body>,
    time: Res<Time<Real>>,
    mut quads: Query<&mut Transform>,
) {
    let Some(head) = body.head_in_world() else {
        return;
    };
    let Some((quad, _)) = &cards.caption else {
        return;
    };
    let quad = *quad;
    let off = (head.yaw_rad() - cards.caption_yaw_rad + core::f32::consts::PI)
        .rem_euclid(core::f32::consts::TAU)
        - core::f32::consts::PI;
    cards.is_following = off.abs() > CAPTION_SLACK_RAD || (cards.is_following && off.abs() > 0.02);
    if cards.is_following {
        let share = 1.0 - bevy::math::ops::exp(-time.delta_secs() / CAPTION_SECS);
        cards.caption_yaw_rad += off * share;
    }
    if let Ok(mut transform) = quads.get_mut(quad) {
        *transform = before(
            head.position,
            cards.caption_yaw_rad,
            -CAPTION_BELOW_RAD,
            CAPTION_AT_M,
        );
    }
}
