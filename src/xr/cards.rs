//! What is to be read in a headset: panels, questions, detours, on boards in the world.
//! Captions are in [`super::captions`].

use super::{
    body::Body,
    card_page::{self, CardTitle, Content},
    life::Life,
    menu::HandMenu,
    pointing::Target,
};
use crate::{
    exhibit::{
        card_place::{CARD_M, Looks, place},
        intent::Wish,
        settings::VisitSettings,
        telling::Telling,
        visitor::Rock,
    },
    render::{
        board::Boards,
        page::{self, ReadOn},
        pictures::Pictures,
        signs::Signs,
    },
    visit::{point::Shape, session::Phase},
};
use bevy::prelude::*;

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Cards>().add_systems(
        Update,
        (show_card, page::scroll)
            .chain()
            .in_set(CardSystems)
            .after(crate::exhibit::visitor::VisitorSystems::Move),
    );
}

/// When cards are shown.
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct CardSystems;

/// A visitor who goes farther than this takes the card along, metres.
const CARD_LEFT_M: f32 = 2.5;

/// The card that is shown.
#[derive(Resource, Debug, Default)]
pub(super) struct Cards {
    card: Option<Shown>,
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
        let (middle_m, half_m) = card.content.page_m();
        let body = card
            .content
            .has_page()
            .then(|| (Target::CardBody, shape(middle_m, half_m, 0.002)));
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

    /// Something is to be read or chosen.
    pub(super) fn is_shown(&self) -> bool {
        self.card.is_some()
    }

    /// The corners of the card in the exhibit; none of it without a page.
    pub(super) fn corners(&self) -> Vec<Vec3> {
        let card = self.card.iter().filter(|card| card.content.has_page());
        card.flat_map(|card| {
            let (middle_m, half_m) = card.content.page_m();
            let corner = |x, y| {
                card.transform
                    .transform_point((middle_m + half_m * Vec2::new(x, y)).extend(0.0))
            };
            [
                corner(-1.0, -1.0),
                corner(1.0, -1.0),
                corner(-1.0, 1.0),
                corner(1.0, 1.0),
            ]
        })
        .collect()
    }
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
    titles: Query<&ComputedNode, With<CardTitle>>,
) {
    let overflows = bodies
        .iter()
        .any(|(node, _)| node.content_size.y > node.size.y + 4.0);
    let title_px: f32 = titles.iter().map(|node| node.size.y).sum();
    let body_px: f32 = bodies.iter().map(|(node, _)| node.size.y).sum();
    // With the page's border, and in steps, so that rounding draws no card anew. Nothing is
    // known before the first layout.
    let written_px = if title_px > 0.0 {
        ((title_px + body_px + 8.0) / 16.0).ceil() * 16.0
    } else {
        0.0
    };
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
            let shown = cards.card.as_ref().map(|card| &card.content);
            if let Some(shown) = shown.filter(|shown| shown.is_written_as(&content)) {
                content.height_m = shown.height_m;
                // Once laid out, its page is as high as what is written on it.
                if *shown == content && written_px > 0.0 {
                    content.height_m = content.fitting_m(written_px);
                }
            }
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
