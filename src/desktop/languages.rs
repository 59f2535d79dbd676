//! The exhibit's languages by their own names, shown for a while when another is chosen.

use crate::{
    exhibit::{language::LanguageChanged, stage::CurrentStage},
    render::{
        captions::font,
        page::{FAINT, GOLD},
    },
};
use bevy::prelude::*;

/// How long the names stay.
const SHOWN_SECS: f32 = 3.0;

/// The row of names.
#[derive(Component)]
struct LanguageRow {
    secs_left: f32,
}

pub(super) fn plugin(app: &mut App) {
    app.add_systems(
        Update,
        (
            show_languages.run_if(on_message::<LanguageChanged>),
            fade_languages,
        )
            .chain(),
    );
}

fn show_languages(
    mut commands: Commands,
    stage: Res<CurrentStage>,
    shown: Query<Entity, With<LanguageRow>>,
) {
    for old in &shown {
        commands.entity(old).despawn();
    }
    let names = stage.0.languages.choices().into_iter().map(|choice| {
        let color = if choice.is_spoken { GOLD } else { FAINT };
        (Text::new(choice.name), font(21.0), TextColor(color))
    });
    commands.spawn((
        LanguageRow {
            secs_left: SHOWN_SECS,
        },
        Node {
            position_type: PositionType::Absolute,
            left: px(36),
            right: px(36),
            top: px(28),
            justify_content: JustifyContent::Center,
            flex_wrap: FlexWrap::Wrap,
            column_gap: px(30),
            row_gap: px(10),
            ..default()
        },
        GlobalZIndex(7),
        Children::spawn(SpawnIter(names.collect::<Vec<_>>().into_iter())),
    ));
}

fn fade_languages(
    mut commands: Commands,
    time: Res<Time>,
    mut rows: Query<(Entity, &mut LanguageRow)>,
) {
    for (entity, mut row) in &mut rows {
        row.secs_left -= time.delta_secs();
        if row.secs_left <= 0.0 {
            commands.entity(entity).despawn();
        }
    }
}
