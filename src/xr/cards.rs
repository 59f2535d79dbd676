//! What is to be read in a headset: panels, questions, detours, captions, on boards in the
//! world.

use super::{
    body::{Body, Comfort},
    card_page::{self, Content},
    card_place::{CARD_M, Looks, place},
    life::Life,
    menu::HandMenu,
    pointing::Target,
};
use crate::{
    exhibit::{intent::Wish, settings::VisitSettings, telling::Telling, visitor::Rock},
    render::{
        board::Boards,
        captions::font,
        page::{self, GROUND, ReadOn},
        pictures::Pictures,
        signs::Signs,
    },
    visit::{point::Shape, session::Phase},
};
use bevy::prelude::*;

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Cards>().add_systems(
        Update,
        (show_card, page::scroll, show_captions, follow_captions)
            .chain()
            .after(crate::exhibit::visitor::VisitorSystems::Move),
    );
}

/// A line of captions, metres.
const CAPTION_M: Vec2 = Vec2::new(1.1, 0.22);
/// How far captions are, metres, and how far below the gaze, radians: 20 degrees.
const CAPTION_AT_M: f32 = 1.6;
const CAPTION_BELOW_RAD: f32 = 0.35;
/// Time in which captions come two thirds of the way after the gaze, seconds.
const CAPTION_SECS: f32 = 0.5;
/// The gaze may wander this far before captions follow, radians: 12 degrees.
const CAPTION_SLACK_RAD: f32 = 0.2;
/// A visitor who goes farther than this takes the card along, metres.
const CARD_LEFT_M: f32 = 2.5;

/// The card that is shown.
#[derive(Resource, Debug, Default)]
pub(super) struct Cards {
    card: Option<Shown>,
    caption: Option<(Entity, (String, f32))>,
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

impl Cards {
    /// What of the cards can be pressed.
    pub(super) fn shapes(&self) -> Vec<(Target, Shape)> {
        let Some(card) = &self.card else {
            return Vec::new();
        };
        let place = &card.transform;
        let shape = |middle: Vec2, half: Vec2, deep_m: f32| Shape::Box {
            center: place.transform_point(middle.extend(0.0)),
            half: half.extend(deep_m) * place.scale,
            rotation: place.rotation,
        };
        // Signs stand before the page: they are met first.
        let body = card
            .content
            .has_page()
            .then(|| (Target::CardBody, shape(Vec2::ZERO, CARD_M * 0.5, 0.002)));
        card_page::parts(&card.content)
            .into_iter()
            .map(|part| {
                let target = match part.wish {
                    Wish::Answer(number) => Target::Answer(number),
                    Wish::Close => Target::Card,
                    wish => Target::CardWish(wish),
                };
                (target, shape(part.middle_m, part.half_m, 0.01))
            })
            .chain(body)
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
    settings: Res<VisitSettings>,
    life: Res<Life>,
    menu: Res<HandMenu>,
    body: Res<Body>,
    rock: Res<Rock>,
    mut pictures: ResMut<Pictures>,
    mut signs: ResMut<Signs>,
    mut quads: Query<&mut Transform>,
    bodies: Query<(&ComputedNode, &ScrollPosition), With<ReadOn>>,
) {
    let overflows = bodies
        .iter()
        .any(|(node, _)| node.content_size.y > node.size.y + 4.0);
    let was_long = cards.card.as_ref().is_some_and(|card| card.content.is_long);
    let content = telling
        .as_deref()
        // A card before the menu would take its presses: it waits until the menu is closed.
        .filter(|_| life.phase() == Phase::Running && menu.menu.open().is_none())
        .and_then(|telling| {
            let scale = settings.text_size.scale();
            Content::of(telling, scale, &mut pictures, &mut boards.images)
        })
        // Once found too long for its board, it has the signs for reading on.
        .map(|mut content| {
            let is_same = cards
                .card
                .as_ref()
                .is_some_and(|card| card.content.is_of(&content));
            content.is_long = is_same && (was_long || overflows);
            content
        });
    let subject = content
        .as_ref()
        .and_then(Content::spot)
        .zip(telling.as_deref())
        .and_then(|(spot, telling)| telling.staged().hotspots.get(spot.index())?.ball_in_world);
    let looks = body.head_in_world().map(|head| Looks {
        from: head.position,
        yaw_rad: head.yaw_rad(),
    });
    let shown = cards.card.as_ref().map(|card| &card.content);
    if content.as_ref() == shown {
        // A card that was left behind by a jump opens again where the visitor is.
        if let (Some(card), Some(looks)) = (&mut cards.card, looks)
            && card.transform.translation.distance(looks.from) > CARD_LEFT_M
        {
            card.transform = place(looks, subject, rock.0.as_deref());
            if let Ok(mut transform) = quads.get_mut(card.quad) {
                *transform = card.transform;
            }
        }
        return;
    }
    let old = cards.card.take();
    if let Some(old) = &old {
        commands.entity(old.quad).despawn();
    }
    if content.is_none() {
        pictures.forget();
    }
    let (Some(content), Some(looks)) = (content, looks) else {
        return;
    };
    // What is drawn anew stays where it is, and at its line.
    let kept = old.filter(|old| old.content.is_of(&content));
    let line = bodies.iter().next().map(|(_, scroll)| scroll.0.y);
    let line = line.filter(|_| kept.is_some()).unwrap_or_default();
    let transform = kept.map_or_else(
        || place(looks, subject, rock.0.as_deref()),
        |old| old.transform,
    );
    let board = boards.spawn(&mut commands, CARD_M);
    commands.entity(board.quad).insert(transform);
    card_page::write(
        &mut commands,
        board.page,
        &content,
        line,
        &mut pictures,
        &mut signs,
        &mut boards.images,
    );
    cards.card = Some(Shown {
        quad: board.quad,
        content,
        transform,
    });
}

fn show_captions(
    mut commands: Commands,
    mut boards: Boards,
    mut cards: ResMut<Cards>,
    telling: Option<Res<Telling>>,
    settings: Res<VisitSettings>,
    life: Res<Life>,
    comfort: Res<Comfort>,
) {
    let words = telling
        .filter(|_| life.phase() == Phase::Running && settings.has_captions)
        .map(|telling| telling.captions())
        .unwrap_or_default();
    let scale = comfort.0.sanitized().caption_scale * settings.text_size.scale();
    let wanted = (words, scale);
    let nothing = (String::new(), scale);
    let shown = cards.caption.as_ref().map_or(&nothing, |(_, shown)| shown);
    if *shown == wanted {
        return;
    }
    if let Some((quad, _)) = cards.caption.take() {
        commands.entity(quad).despawn();
    }
    if wanted.0.is_empty() {
        return;
    }
    // Larger letters need a larger board.
    let board = boards.spawn(&mut commands, CAPTION_M * Vec2::new(1.0, scale.max(1.0)));
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
            Text::new(wanted.0.clone()),
            font(44.0 * scale),
            TextColor(Color::srgb(0.97, 0.95, 0.90)),
            TextLayout::justify(Justify::Center),
        )],
    ));
    commands.entity(board.quad).insert(Visibility::Inherited);
    cards.caption = Some((board.quad, wanted));
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
