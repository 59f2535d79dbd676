//! Captions in a headset: they come after the gaze, and give way to the menu and to cards.

use super::{
    body::{Body, Comfort},
    caption_place::{Patch, before_rock_m, foot_rad},
    cards::Cards,
    life::Life,
    menu::{HandMenu, Offered},
    veil::Veiling,
};
use crate::angle::wrapped;
use crate::{
    exhibit::{
        settings::VisitSettings,
        telling::{Spoken, Telling},
        visitor::Rock,
        words::Direction,
    },
    render::{
        board::Boards,
        captions::{CaptionStyle, write_captions},
    },
    visit::session::Phase,
};
use bevy::{math::ops, prelude::*};

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Captions>().add_systems(
        Update,
        (show, follow)
            .chain()
            .after(super::cards::CardSystems)
            .after(super::pointing::PointingSystems::Gather),
    );
}

/// A board of captions, metres.
const BOARD_M: Vec2 = Vec2::new(1.1, 0.22);
/// Their letters, pixels of their board: 1.1 degrees.
const LETTERS_PX: f32 = 44.0;
/// How far captions are, metres, and how far below the gaze their foot is, radians: 24 degrees.
const AT_M: f32 = 1.6;
const FOOT_RAD: f32 = -0.42;
/// Time in which captions come two thirds of the way after the gaze, seconds.
const SECS: f32 = 0.5;
/// How fast captions that stood before near rock go back to their distance, metres per second.
const BACK_M_PER_SEC: f32 = 0.5;
/// The gaze may wander this far before captions follow, radians: 12 degrees.
const SLACK_RAD: f32 = 0.2;

#[derive(Resource, Debug, Default)]
struct Captions {
    board: Option<(Entity, (Vec<Spoken>, CaptionStyle))>,
    /// Their heading.
    yaw_rad: f32,
    is_following: bool,
    /// The pitch of their foot.
    foot_rad: f32,
    /// Height of the board, metres.
    height_m: f32,
    /// How far they are, metres.
    at_m: f32,
}

/// What is written, on its own ground.
#[derive(Component)]
struct Words;

fn show(
    mut commands: Commands,
    mut boards: Boards,
    mut captions: ResMut<Captions>,
    telling: Option<Res<Telling>>,
    settings: Res<VisitSettings>,
    life: Res<Life>,
    comfort: Res<Comfort>,
) {
    let telling = telling
        .as_deref()
        .filter(|_| life.phase() == Phase::Running && settings.has_captions);
    let lines = telling.map(Telling::spoken).unwrap_or_default();
    let scale = comfort.0.sanitized().caption_scale * settings.text_size.scale();
    let style = CaptionStyle {
        letters_px: LETTERS_PX * scale,
        max_width: percent(100),
        ground: settings.caption_ground,
        direction: telling.map_or(Direction::LeftToRight, Telling::direction),
    };
    let wanted = (!lines.is_empty()).then_some((lines, style));
    if captions.board.as_ref().map(|(_, shown)| shown) == wanted.as_ref() {
        return;
    }
    if let Some((quad, _)) = captions.board.take() {
        commands.entity(quad).despawn();
    }
    let Some((lines, style)) = wanted else { return };
    // Larger letters need a larger board.
    let size_m = BOARD_M * Vec2::new(1.0, scale.max(1.0));
    let board = boards.spawn(&mut commands, size_m);
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
    if let Some(plate) = write_captions(&mut commands, panel, &lines, &style) {
        commands.entity(plate).insert(Words);
    }
    commands
        .entity(board.quad)
        .insert((Name::new("captions"), Visibility::Inherited));
    captions.height_m = size_m.y;
    captions.board = Some((board.quad, (lines, style)));
}

/// Captions come after the gaze, softly: never nailed to the head.
fn follow(
    mut captions: ResMut<Captions>,
    body: Res<Body>,
    veil: Res<Veiling>,
    menu: Res<HandMenu>,
    offered: Offered,
    cards: Res<Cards>,
    rock: Res<Rock>,
    time: Res<Time<Real>>,
    words: Query<&ComputedNode, With<Words>>,
    mut quads: Query<&mut Transform>,
) {
    let Some(head) = body.head_in_world() else {
        return;
    };
    // What nobody sees is where it should be at once.
    if captions.board.is_none() || veil.is_black() {
        captions.yaw_rad = head.yaw_rad();
    }
    let Some((quad, _)) = &captions.board else {
        captions.foot_rad = FOOT_RAD;
        captions.at_m = AT_M;
        return;
    };
    let quad = *quad;
    let off = wrapped(head.yaw_rad() - captions.yaw_rad);
    captions.is_following = off.abs() > SLACK_RAD || (captions.is_following && off.abs() > 0.02);
    let share = 1.0 - ops::exp(-time.delta_secs() / SECS);
    if captions.is_following {
        captions.yaw_rad += off * share;
    }
    let board_m = Vec2::new(BOARD_M.x, captions.height_m);
    // Until they are laid out, as large as their board.
    let size_m = words
        .iter()
        .map(|node| node.size() * node.inverse_scale_factor() / Boards::PX_PER_M)
        .find(|size_m| size_m.min_element() > 0.0)
        .unwrap_or(board_m);
    let ahead_rad = captions.yaw_rad;
    let around = |points: Vec<Vec3>| Patch::around(head.position, ahead_rad, points);
    let others: Vec<Patch> = [menu.corners(offered.offer()), cards.corners()]
        .into_iter()
        .filter_map(around)
        .collect();
    let wanted_rad = foot_rad(FOOT_RAD, size_m / AT_M, &others);
    captions.foot_rad += (wanted_rad - captions.foot_rad) * share;
    if let Ok(mut transform) = quads.get_mut(quad) {
        // The words stand at the foot of their board.
        let middle_rad = captions.foot_rad + 0.5 * board_m.y / AT_M;
        let way = Quat::from_euler(EulerRot::YXZ, captions.yaw_rad, middle_rad, 0.0) * Vec3::NEG_Z;
        let half_rad = 0.5 * size_m.x / AT_M;
        let ways: Vec<Vec3> = [captions.foot_rad, middle_rad]
            .into_iter()
            .flat_map(|pitch_rad| {
                [-half_rad, 0.0, half_rad].map(|off_rad| {
                    let yaw_rad = captions.yaw_rad + off_rad;
                    Quat::from_euler(EulerRot::YXZ, yaw_rad, pitch_rad, 0.0) * Vec3::NEG_Z
                })
            })
            .collect();
        let free_m = before_rock_m(head.position, &ways, AT_M, rock.0.as_deref());
        // At once out of the rock, and slowly back: eyes have to follow.
        captions.at_m = free_m.min(captions.at_m + BACK_M_PER_SEC * time.delta_secs());
        let at_m = captions.at_m;
        *transform = Transform::from_translation(head.position + way * at_m)
            .looking_to(way, Vec3::Y)
            // Nearer and smaller in step: they look as large.
            .with_scale(Vec3::splat(at_m / AT_M));
    }
}
