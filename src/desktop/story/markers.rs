//! Markers of hotspots over the picture: beads that fade with distance, hide behind rock, and
//! make room for each other.

use crate::{
    exhibit::{
        crowd::{Candidate, make_room},
        telling::{Telling, is_visible},
        visitor::{Rock, Visitor, VisitorEye},
    },
    render::{
        captions::font,
        page::{GOLD, GROUND, INK},
        warm::WarmUp,
    },
    tour::HotspotIndex,
};
use bevy::prelude::*;

pub(super) fn plugin(app: &mut App) {
    app.add_systems(
        Update,
        (
            spawn.run_if(resource_exists::<Telling>),
            place,
            name.run_if(resource_exists::<Telling>),
        )
            .chain()
            .after(crate::exhibit::visitor::VisitorSystems::Move),
    );
}

/// The marker of a hotspot.
#[derive(Component, Debug, Clone, Copy)]
pub(super) struct Marker {
    pub(super) spot: HotspotIndex,
    /// Where its dot is in the window.
    pub(super) at_px: Vec2,
}
#[derive(Component)]
struct Dot;
#[derive(Component)]
struct Title;

/// Width of a marker's box, pixels; its dot stands in the middle.
const BOX_PX: f32 = 260.0;
/// Beyond this distance markers fade away, metres.
const FAR_M: f32 = 9.0;
/// Of markers nearer to each other than this, pixels, only the nearest is seen.
const APART_PX: f32 = 34.0;

/// As many markers as there are hotspots: a reloaded scene may have others.
fn spawn(mut commands: Commands, telling: Res<Telling>, markers: Query<(Entity, &Marker)>) {
    let count = telling.staged().hotspots.len();
    if markers.iter().count() == count {
        return;
    }
    for (entity, _) in &markers {
        commands.entity(entity).despawn();
    }
    for index in 0..count {
        commands.spawn((
            Marker {
                spot: HotspotIndex::new(index),
                at_px: Vec2::ZERO,
            },
            Node {
                position_type: PositionType::Absolute,
                width: px(BOX_PX),
                flex_direction: FlexDirection::Column,
                align_items: AlignItems::Center,
                row_gap: px(6),
                ..default()
            },
            Visibility::Hidden,
            GlobalZIndex(1),
            children![
                (
                    Dot,
                    Node {
                        width: px(14),
                        height: px(14),
                        border: UiRect::all(px(2)),
                        border_radius: BorderRadius::MAX,
                        ..default()
                    },
                    BackgroundColor(GOLD),
                    BorderColor::all(INK),
                ),
                (
                    Title,
                    Text::default(),
                    font(17.0),
                    TextColor(INK),
                    TextLayout::justify(Justify::Center),
                    // The wall behind it may be bright.
                    Node {
                        padding: UiRect::axes(px(12), px(4)),
                        border_radius: BorderRadius::all(px(8)),
                        ..default()
                    },
                    BackgroundColor(GROUND.with_alpha(0.75)),
                ),
            ],
        ));
    }
}

fn place(
    telling: Option<Res<Telling>>,
    rock: Res<Rock>,
    warm: Res<WarmUp>,
    visitor: Res<Visitor>,
    eyes: Query<(&Camera, &GlobalTransform), With<VisitorEye>>,
    mut markers: Query<(Entity, &mut Marker, &mut Node, &mut Visibility, &Children)>,
    mut dots: Query<(&mut BackgroundColor, &mut BorderColor), With<Dot>>,
    mut titles: Query<&mut Visibility, (With<Title>, Without<Marker>)>,
) {
    let (Some(telling), Some((camera, eye))) = (telling, eyes.iter().next()) else {
        return;
    };
    let rock = rock.0.as_deref();
    // A flight shows the cave, not its labels.
    let are_shown = warm.is_done() && visitor.darkness() <= 0.5;
    let mut placed: Vec<(Entity, Candidate<Vec2>)> = Vec::new();
    for (entity, marker, _, visibility, _) in &markers {
        let (is_shown, is_open) = telling.marker(marker.spot);
        let ball = telling.staged().hotspots[marker.spot.index()].ball_in_world;
        let (Some((center, radius)), true) = (ball, is_shown && are_shown) else {
            continue;
        };
        // The ray last: most markers are not before the eye.
        let from = eye.translation();
        if let Ok(at) = camera.world_to_viewport(eye, center)
            && is_visible(from, center, radius, rock)
        {
            let candidate = Candidate {
                at,
                distance_m: from.distance(center),
                must_be_seen: is_open || telling.meant() == Some(marker.spot),
                was_seen: *visibility != Visibility::Hidden,
            };
            placed.push((entity, candidate));
        }
    }
    let candidates: Vec<Candidate<Vec2>> = placed.iter().map(|(_, own)| *own).collect();
    let kept = make_room(&candidates, |a, b| a.distance(*b) / APART_PX);
    for (entity, mut marker, mut node, mut visibility, children) in &mut markers {
        let own = placed.iter().position(|(other, ..)| *other == entity);
        let Some(own) = own.filter(|own| kept[*own]) else {
            visibility.set_if_neq(Visibility::Hidden);
            continue;
        };
        let Candidate { at, distance_m, .. } = candidates[own];
        visibility.set_if_neq(Visibility::Inherited);
        marker.at_px = at;
        node.left = px(at.x - BOX_PX * 0.5);
        node.top = px(at.y - 7.0);
        let near = 1.0 - ((distance_m - FAR_M * 0.6) / (FAR_M * 0.4)).clamp(0.0, 1.0);
        let (_, is_open) = telling.marker(marker.spot);
        let is_meant = telling.meant() == Some(marker.spot);
        let alpha = if is_meant || is_open {
            1.0
        } else {
            0.25 + 0.45 * near
        };
        let title = if is_meant {
            Visibility::Inherited
        } else {
            Visibility::Hidden
        };
        for child in children.iter() {
            if let Ok((mut fill, mut edge)) = dots.get_mut(child) {
                fill.0 = if is_open { INK } else { GOLD }.with_alpha(alpha);
                *edge = BorderColor::all(INK.with_alpha(alpha * if is_meant { 1.0 } else { 0.5 }));
            }
            if let Ok(mut own) = titles.get_mut(child) {
                own.set_if_neq(title);
            }
        }
    }
}

/// Markers bear their titles in the visitor's language.
fn name(
    telling: Res<Telling>,
    markers: Query<(&Marker, &Children)>,
    mut titles: Query<&mut Text, With<Title>>,
) {
    for (marker, children) in &markers {
        let Some(hotspot) = telling.staged().hotspots.get(marker.spot.index()) else {
            continue;
        };
        for child in children.iter() {
            if let Ok(mut own) = titles.get_mut(child)
                && own.0 != hotspot.title
            {
                own.0.clone_from(&hotspot.title);
            }
        }
    }
}
