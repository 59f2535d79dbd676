//! What a free pointer or a finger can press: every button is a wish.

use crate::{
    exhibit::{
        intent::Wish,
        visitor::{VisitorSystems, Wished},
    },
    render::{
        captions::font,
        page::{BUTTON, BUTTON_MEANT, INK},
    },
};
use bevy::{
    input::touch::Touches,
    prelude::*,
    window::{CursorOptions, PrimaryWindow},
};

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Update, press.in_set(VisitorSystems::Wish));
}

/// Pressed, it is this wish.
#[derive(Component, Debug, Clone, Copy)]
#[require(Button)]
pub(super) struct Pressable(pub(super) Wish);

/// A button with words; returns it so that more can be put into it.
pub(super) fn spawn_button(
    commands: &mut Commands,
    parent: Entity,
    wish: Wish,
    words: &str,
    letters_px: f32,
    color: Color,
) -> Entity {
    commands
        .spawn((
            Pressable(wish),
            Node {
                padding: UiRect::axes(px(letters_px * 0.75), px(letters_px * 0.4)),
                border_radius: BorderRadius::all(px(letters_px * 0.4)),
                align_items: AlignItems::Center,
                flex_shrink: 0.0,
                ..default()
            },
            BackgroundColor(BUTTON),
            ChildOf(parent),
            children![(
                Text::new(words.to_owned()),
                font(letters_px),
                TextColor(color),
                TextLayout::justify(Justify::Start),
            )],
        ))
        .id()
}

/// Letters of a usual button.
pub(super) const LETTERS: Color = INK;

fn press(
    cursors: Query<&CursorOptions, With<PrimaryWindow>>,
    touches: Option<Res<Touches>>,
    mut buttons: Query<(&Interaction, &Pressable, &mut BackgroundColor), Changed<Interaction>>,
    mut wishes: MessageWriter<Wished>,
) {
    // A locked pointer rests unseen in the middle of the window: it presses nothing.
    let is_free = cursors.iter().any(|cursor| cursor.visible)
        || touches.is_some_and(|touches| {
            touches.iter().next().is_some() || touches.iter_just_released().next().is_some()
        });
    for (interaction, Pressable(wish), mut ground) in &mut buttons {
        ground.0 = match interaction {
            Interaction::None => BUTTON,
            Interaction::Hovered | Interaction::Pressed if is_free => BUTTON_MEANT,
            _ => BUTTON,
        };
        if *interaction == Interaction::Pressed && is_free {
            wishes.write(Wished(*wish));
        }
    }
}
