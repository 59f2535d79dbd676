//! The help: which keys do what, in the visitor's language, whole in every window.

use super::{
    overlay::{Says, SaysKeys},
    top::BelowTop,
};
use crate::{
    exhibit::{
        intent::Wish,
        visitor::Wished,
        words::{Direction, Word, Words},
    },
    render::{
        captions::font,
        page::{GOLD, GROUND, INK},
    },
};
use bevy::{prelude::*, ui::UiSystems};

/// Where the help begins, pixels from the left and from the top.
const CORNER_PX: Vec2 = Vec2::splat(36.0);
/// The least room between it and the window's other edges, pixels.
const MARGIN_PX: f32 = 16.0;

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Startup, spawn)
        .add_systems(
            Update,
            (toggle, turn_rows.run_if(resource_changed::<Words>)),
        )
        .add_systems(PostUpdate, fit.before(UiSystems::Layout));
}

#[derive(Component)]
struct HelpPanel;
/// A row of the help, which runs as the language does.
#[derive(Component)]
struct HelpRow;

fn spawn(mut commands: Commands, words: Res<Words>) {
    let words = &*words;
    let rows: Vec<Word> = Word::help_rows().collect();
    let (left, right) = rows.split_at(rows.len().div_ceil(2));
    commands.spawn((
        HelpPanel,
        BelowTop::px(CORNER_PX.y),
        Node {
            position_type: PositionType::Absolute,
            left: px(CORNER_PX.x),
            top: px(CORNER_PX.y),
            padding: UiRect::all(px(26)),
            flex_direction: FlexDirection::Column,
            row_gap: px(14),
            border_radius: BorderRadius::all(px(10)),
            ..default()
        },
        // Over a panel, if one is open: nothing of it may show through the letters. Light ones
        // would at a thirtieth of their light.
        BackgroundColor(GROUND.with_alpha(1.0)),
        Visibility::Hidden,
        GlobalZIndex(6),
        children![
            (
                Says(Word::HelpTitle),
                Text::new(words.say(Word::HelpTitle)),
                font(25.0),
                TextColor(GOLD),
            ),
            (
                Node {
                    column_gap: px(34),
                    ..default()
                },
                children![column(left, words), column(right, words),]
            ),
        ],
    ));
}

/// Rows of the help below each other.
fn column(rows: &[Word], words: &Words) -> impl Bundle + use<> {
    let rows: Vec<_> = rows.iter().map(|one| row(*one, words)).collect();
    (
        Node {
            flex_direction: FlexDirection::Column,
            row_gap: px(5),
            ..default()
        },
        Children::spawn(SpawnIter(rows.into_iter())),
    )
}

/// Keys and what they do, as two columns.
fn row(row: Word, words: &Words) -> impl Bundle + use<> {
    (
        HelpRow,
        Node {
            flex_direction: direction(words),
            column_gap: px(20),
            ..default()
        },
        children![
            (
                SaysKeys(row),
                Text::new(words.keys(row)),
                TextLayout::no_wrap(),
                font(16.0),
                TextColor(GOLD),
                Node {
                    width: px(180),
                    ..default()
                },
            ),
            (
                Says(row),
                Text::new(words.say(row)),
                TextLayout::no_wrap(),
                font(16.0),
                TextColor(INK),
            ),
        ],
    )
}

fn direction(words: &Words) -> FlexDirection {
    match words.direction() {
        Direction::LeftToRight => FlexDirection::Row,
        Direction::RightToLeft => FlexDirection::RowReverse,
    }
}

fn turn_rows(words: Res<Words>, mut rows: Query<&mut Node, With<HelpRow>>) {
    for mut row in &mut rows {
        row.flex_direction = direction(&words);
    }
}

fn toggle(mut wishes: MessageReader<Wished>, mut panels: Query<&mut Visibility, With<HelpPanel>>) {
    for Wished(wish) in wishes.read() {
        for mut panel in &mut panels {
            match wish {
                Wish::ToggleHelp => panel.toggle_inherited_hidden(),
                Wish::Back => *panel = Visibility::Hidden,
                _ => {}
            }
        }
    }
}

/// Where the window is too small for it, the help is drawn smaller: a projector of 1024 pixels
/// is narrower than its two columns.
fn fit(
    windows: Query<&Window>,
    mut panels: Query<(&ComputedNode, &Node, &mut UiTransform), With<HelpPanel>>,
) {
    let Some(window) = windows.iter().next() else {
        return;
    };
    for (computed, node, mut transform) in &mut panels {
        let size_px = computed.size() * computed.inverse_scale_factor();
        let top_px = match node.top {
            Val::Px(top_px) => top_px,
            _ => CORNER_PX.y,
        };
        let corner_px = Vec2::new(CORNER_PX.x, top_px);
        let fitting = fitting(size_px, corner_px, window.size());
        transform.set_if_neq(fitting);
    }
}

/// As large as it is, or as large as there is room for from its upper left corner.
fn fitting(size_px: Vec2, corner_px: Vec2, window_px: Vec2) -> UiTransform {
    let room_px = (window_px - corner_px - MARGIN_PX).max(Vec2::ONE);
    let scale = (room_px / size_px.max(Vec2::ONE)).min_element().min(1.0);
    // Scaled about its middle; the corner stays where it is.
    let moved_px = size_px * (scale - 1.0) / 2.0;
    UiTransform {
        translation: Val2::px(moved_px.x, moved_px.y),
        scale: Vec2::splat(scale),
        ..UiTransform::IDENTITY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_is_whole_in_every_window_and_its_corner_stays() {
        let size_px = Vec2::new(1092.0, 442.0);
        for (window_px, top_px) in [
            (Vec2::new(1280.0, 720.0), 36.0),
            (Vec2::new(1024.0, 768.0), 36.0),
            (Vec2::new(900.0, 600.0), 123.0),
            (Vec2::new(1280.0, 300.0), 36.0),
        ] {
            let corner_px = Vec2::new(36.0, top_px);
            let fitting = fitting(size_px, corner_px, window_px);
            let (Val::Px(x), Val::Px(y)) = (fitting.translation.x, fitting.translation.y) else {
                panic!("it is moved by pixels");
            };
            let middle = corner_px + size_px / 2.0 + Vec2::new(x, y);
            let half = size_px * fitting.scale / 2.0;
            assert!(
                (middle - half).distance(corner_px) < 0.01,
                "the corner stays in {window_px}"
            );
            let end = middle + half;
            assert!(
                end.x <= window_px.x - MARGIN_PX + 0.01 && end.y <= window_px.y - MARGIN_PX + 0.01,
                "it ends at {end} of {window_px}"
            );
        }
        assert_eq!(
            fitting(size_px, CORNER_PX, Vec2::new(1280.0, 720.0)),
            UiTransform::IDENTITY,
            "as large as it is where there is room"
        );
    }
}
