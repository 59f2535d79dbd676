//! Buttons for fingers: what keys do, for a screen that has none. They come with the first touch
//! and go with the first key.

use super::{
    super::top::BelowTop,
    buttons::{LETTERS, spawn_button},
};
use crate::{
    exhibit::{
        intent::Wish,
        settings::VisitSettings,
        stage::Stage,
        words::{Word, Words},
    },
    render::{loading::CurrentStage, warm::WarmUp},
};
use bevy::{input::touch::Touches, prelude::*};

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Update, show_buttons);
}

/// Letters of the buttons, pixels: large enough for a finger with what is around them.
const LETTERS_PX: f32 = 20.0;

/// Where they stand, pixels from the top.
const TOP_PX: f32 = 16.0;

/// The row of buttons.
#[derive(Component)]
struct Row;

/// What the stage has a button for.
fn buttons(stage: &Stage) -> Vec<(Wish, Word)> {
    let has_layers = stage.surfaces.iter().any(|own| own.layers.len() > 1);
    let all = [
        (true, Wish::ToggleLamp, Word::TouchLamp),
        (has_layers, Wish::NextLayer, Word::TouchLayer),
        (!stage.views.is_empty(), Wish::NextView, Word::TouchView),
        (true, Wish::Home, Word::TouchHome),
        (
            stage.languages.offered.len() > 1,
            Wish::Languages,
            Word::TouchLanguage,
        ),
        (true, Wish::ToggleHelp, Word::TouchHelp),
    ];
    let all = all.into_iter().filter(|(is_there, ..)| *is_there);
    all.map(|(_, wish, word)| (wish, word)).collect()
}

fn show_buttons(
    mut commands: Commands,
    touches: Option<Res<Touches>>,
    keys: Option<Res<ButtonInput<KeyCode>>>,
    stage: Option<Res<CurrentStage>>,
    words: Res<Words>,
    warm: Res<WarmUp>,
    settings: Res<VisitSettings>,
    rows: Query<Entity, With<Row>>,
) {
    let (Some(touches), Some(stage)) = (touches, stage) else {
        return;
    };
    let is_shown = !rows.is_empty();
    let is_keyed = keys.is_some_and(|keys| keys.get_just_pressed().next().is_some());
    let is_wanted = !is_keyed && (is_shown || touches.any_just_pressed()) && warm.is_done();
    let is_other = words.is_changed() || stage.is_changed() || settings.is_changed();
    if is_wanted == is_shown && !(is_shown && is_other) {
        return;
    }
    for row in &rows {
        commands.entity(row).despawn();
    }
    if !is_wanted {
        return;
    }
    let letters_px = LETTERS_PX * settings.text_size.scale();
    let row = commands
        .spawn((
            Row,
            Node {
                position_type: PositionType::Absolute,
                left: px(20),
                top: px(TOP_PX),
                right: px(20),
                flex_wrap: FlexWrap::Wrap,
                column_gap: px(8),
                row_gap: px(8),
                ..default()
            },
            BelowTop::px(TOP_PX),
            GlobalZIndex(3),
        ))
        .id();
    for (wish, word) in buttons(&stage.0) {
        spawn_button(
            &mut commands,
            row,
            wish,
            words.say(word),
            letters_px,
            LETTERS,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desktop::story::buttons::Pressable;
    use bevy::input::{
        ButtonState, InputPlugin,
        keyboard::{Key, KeyboardInput},
        touch::{TouchInput, TouchPhase},
    };
    use std::sync::Arc;

    fn wishes(app: &mut App) -> Vec<Wish> {
        let world = app.world_mut();
        let mut all = world.query::<&Pressable>();
        all.iter(world).map(|own| own.0).collect()
    }

    #[test]
    fn buttons_come_with_a_finger_and_go_with_a_key() {
        let mut app = App::new();
        app.add_plugins((MinimalPlugins, InputPlugin))
            .insert_resource(Words::default())
            .insert_resource(VisitSettings::default())
            .insert_resource(WarmUp::done())
            .insert_resource(CurrentStage(Arc::new(Stage::bare("x.glb".into()))))
            .add_plugins(plugin);
        let window = app.world_mut().spawn_empty().id();
        app.update();
        assert_eq!(wishes(&mut app), [], "who has a mouse needs none");
        app.world_mut().write_message(TouchInput {
            phase: TouchPhase::Started,
            position: Vec2::splat(200.0),
            window,
            force: None,
            id: 1,
        });
        app.update();
        app.update();
        assert_eq!(
            wishes(&mut app),
            [Wish::ToggleLamp, Wish::Home, Wish::ToggleHelp],
            "a bare model has no layers, views and languages"
        );
        app.world_mut().write_message(KeyboardInput {
            key_code: KeyCode::KeyW,
            logical_key: Key::Character("w".into()),
            state: ButtonState::Pressed,
            text: None,
            repeat: false,
            window,
        });
        app.update();
        app.update();
        assert_eq!(wishes(&mut app), [], "who has keys needs none");
    }
}
