//! The exhibit's languages by their own names, to choose one at any moment.
//!
//! F2 (on a gamepad Start with the left trigger held) opens the row of names; arrows, Tab, F2 again, the
//! stick's cross or a click choose, and everything follows at once. Enter, Escape or a while
//! of nothing close it. No flags: a language is not a country.

use crate::{
    exhibit::{
        intent::Wish,
        language::{ChooseLanguage, LanguageChanged},
        stage::CurrentStage,
        visitor::{VisitorSystems, Wished},
        words::Direction,
    },
    render::{
        captions::font,
        page::{GOLD, INK},
    },
};
use bevy::{
    prelude::*,
    window::{CursorGrabMode, CursorOptions, PrimaryWindow},
};

/// How long the names stay when nobody chooses.
const SHOWN_SECS: f32 = 7.0;
/// Behind the names: dark enough for them over any mural.
const GROUND: Color = Color::srgb(0.03, 0.026, 0.022);
const BUTTON: Color = Color::srgb(0.13, 0.115, 0.1);
const BUTTON_HOVERED: Color = Color::srgb(0.22, 0.19, 0.155);
/// Letters on gold.
const DARK: Color = Color::srgb(0.07, 0.055, 0.04);

/// The open picker; absent while it is closed.
#[derive(Resource)]
pub(super) struct Picker {
    secs_left: f32,
    /// The pointer was held by the exhibit, and is to be again.
    held_pointer: bool,
}

/// All of it on the screen.
#[derive(Component)]
struct PickerPanel;
/// A name to press; its place among the choices.
#[derive(Component)]
struct Choice(usize);

pub(super) fn plugin(app: &mut App) {
    app.add_systems(
        Update,
        (
            open_or_go_on.run_if(resource_exists::<CurrentStage>),
            (press_keys, press_buttons, wait).run_if(resource_exists::<Picker>),
        )
            .chain()
            .after(VisitorSystems::Wish)
            .before(VisitorSystems::Move),
    )
    .add_systems(
        PostUpdate,
        (
            draw.run_if(
                resource_exists::<Picker>
                    .and_then(resource_added::<Picker>.or_else(on_message::<LanguageChanged>)),
            ),
            erase.run_if(not(resource_exists::<Picker>)),
            color.run_if(resource_exists::<Picker>),
        )
            .chain()
            .before(bevy::ui::UiSystems::Prepare),
    );
}

/// Whether keys and sticks are the exhibit's: while the names are open, they choose.
pub(super) fn is_closed(picker: Option<Res<Picker>>) -> bool {
    picker.is_none()
}

fn open_or_go_on(
    mut commands: Commands,
    mut wishes: MessageReader<Wished>,
    picker: Option<Res<Picker>>,
    gamepads: Query<&Gamepad>,
    mut cursors: Query<&mut CursorOptions, With<PrimaryWindow>>,
) {
    let by_key = wishes.read().filter(|one| one.0 == Wish::Languages).count() > 0;
    let by_pad = gamepads.iter().any(|pad| {
        pad.pressed(GamepadButton::LeftTrigger2) && pad.just_pressed(GamepadButton::Start)
    });
    if picker.is_some() || !(by_key || by_pad) {
        return;
    }
    let mut held_pointer = false;
    for mut cursor in &mut cursors {
        held_pointer |= !cursor.visible;
        cursor.grab_mode = CursorGrabMode::None;
        cursor.visible = true;
    }
    commands.insert_resource(Picker {
        secs_left: SHOWN_SECS,
        held_pointer,
    });
}

/// What is asked of the open picker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ask {
    /// So many names on.
    Go(isize),
    /// This name.
    Take(usize),
    Close,
}

/// What the keys ask, in a row that runs this way.
fn asked(
    keys: &ButtonInput<KeyCode>,
    gamepads: &Query<&Gamepad>,
    direction: Direction,
) -> Option<Ask> {
    let pad = |button| gamepads.iter().any(|pad| pad.just_pressed(button));
    let back = keys.any_pressed([KeyCode::ShiftLeft, KeyCode::ShiftRight]);
    let forth = match direction {
        Direction::LeftToRight => 1,
        Direction::RightToLeft => -1,
    };
    if keys.just_pressed(KeyCode::F2) || keys.just_pressed(KeyCode::Tab) {
        return Some(Ask::Go(if back { -1 } else { 1 }));
    }
    if keys.any_just_pressed([KeyCode::ArrowRight, KeyCode::KeyD]) || pad(GamepadButton::DPadRight)
    {
        return Some(Ask::Go(forth));
    }
    if keys.any_just_pressed([KeyCode::ArrowLeft, KeyCode::KeyA]) || pad(GamepadButton::DPadLeft) {
        return Some(Ask::Go(-forth));
    }
    if keys.just_pressed(KeyCode::ArrowDown)
        || pad(GamepadButton::DPadDown)
        || pad(GamepadButton::Start)
    {
        return Some(Ask::Go(1));
    }
    if keys.just_pressed(KeyCode::ArrowUp) || pad(GamepadButton::DPadUp) {
        return Some(Ask::Go(-1));
    }
    let numbers = [
        KeyCode::Digit1,
        KeyCode::Digit2,
        KeyCode::Digit3,
        KeyCode::Digit4,
        KeyCode::Digit5,
        KeyCode::Digit6,
        KeyCode::Digit7,
        KeyCode::Digit8,
        KeyCode::Digit9,
    ];
    if let Some(number) = numbers.iter().position(|key| keys.just_pressed(*key)) {
        return Some(Ask::Take(number));
    }
    let closes = keys.any_just_pressed([
        KeyCode::Enter,
        KeyCode::NumpadEnter,
        KeyCode::Escape,
        KeyCode::KeyE,
        KeyCode::Space,
    ]);
    (closes || pad(GamepadButton::South) || pad(GamepadButton::East)).then_some(Ask::Close)
}

fn press_keys(
    mut commands: Commands,
    mut picker: ResMut<Picker>,
    keys: Res<ButtonInput<KeyCode>>,
    gamepads: Query<&Gamepad>,
    stage: Res<CurrentStage>,
    mut chosen: MessageWriter<ChooseLanguage>,
    mut cursors: Query<&mut CursorOptions, With<PrimaryWindow>>,
) {
    // The key that opened it is still down.
    if picker.is_added() {
        return;
    }
    let languages = &stage.0.languages;
    let choices = languages.choices();
    let direction = Direction::of(&languages.spoken);
    let now = choices.iter().position(|choice| choice.is_spoken);
    let to = match asked(&keys, &gamepads, direction) {
        Some(Ask::Go(step)) => {
            let count = choices.len() as isize;
            let from = now.map_or(-step.min(0), |now| now as isize + step);
            from.rem_euclid(count.max(1)) as usize
        }
        Some(Ask::Take(number)) => number,
        Some(Ask::Close) => {
            close(&mut commands, &picker, &mut cursors);
            return;
        }
        None => return,
    };
    picker.secs_left = SHOWN_SECS;
    if let Some(choice) = choices.get(to)
        && !choice.is_spoken
    {
        chosen.write(ChooseLanguage(choice.language.clone()));
    }
}

fn press_buttons(
    mut commands: Commands,
    mut picker: ResMut<Picker>,
    mouse: Res<ButtonInput<MouseButton>>,
    buttons: Query<(&Choice, &Interaction)>,
    stage: Res<CurrentStage>,
    mut chosen: MessageWriter<ChooseLanguage>,
    mut cursors: Query<&mut CursorOptions, With<PrimaryWindow>>,
) {
    if buttons.iter().any(|(_, one)| *one == Interaction::Hovered) {
        picker.secs_left = picker.secs_left.max(SHOWN_SECS * 0.5);
    }
    let pressed = buttons
        .iter()
        .find(|(_, one)| **one == Interaction::Pressed);
    if let Some((Choice(at), _)) = pressed {
        let choices = stage.0.languages.choices();
        if let Some(choice) = choices.get(*at) {
            chosen.write(ChooseLanguage(choice.language.clone()));
        }
        close(&mut commands, &picker, &mut cursors);
    } else if mouse.just_pressed(MouseButton::Left) && !buttons.is_empty() {
        // A click beside it.
        close(&mut commands, &picker, &mut cursors);
    }
}

fn wait(
    mut commands: Commands,
    mut picker: ResMut<Picker>,
    time: Res<Time<Real>>,
    mut cursors: Query<&mut CursorOptions, With<PrimaryWindow>>,
) {
    picker.secs_left -= time.delta_secs();
    if picker.secs_left <= 0.0 {
        close(&mut commands, &picker, &mut cursors);
    }
}

fn close(
    commands: &mut Commands,
    picker: &Picker,
    cursors: &mut Query<&mut CursorOptions, With<PrimaryWindow>>,
) {
    commands.remove_resource::<Picker>();
    if picker.held_pointer {
        for mut cursor in cursors {
            cursor.grab_mode = CursorGrabMode::Locked;
            cursor.visible = false;
        }
    }
}

fn draw(mut commands: Commands, stage: Res<CurrentStage>, shown: Query<Entity, With<PickerPanel>>) {
    for old in &shown {
        commands.entity(old).despawn();
    }
    let languages = &stage.0.languages;
    let buttons: Vec<_> = languages
        .choices()
        .into_iter()
        .enumerate()
        .map(|(index, choice)| {
            (
                Choice(index),
                Button,
                Node {
                    min_width: px(132),
                    min_height: px(48),
                    padding: UiRect::axes(px(20), px(10)),
                    justify_content: JustifyContent::Center,
                    align_items: AlignItems::Center,
                    border_radius: BorderRadius::all(px(8)),
                    ..default()
                },
                BackgroundColor(BUTTON),
                children![(
                    Text::new(choice.name),
                    font(22.0),
                    TextColor(INK),
                    TextLayout::no_wrap(),
                )],
            )
        })
        .collect();
    let flex_direction = match Direction::of(&languages.spoken) {
        Direction::LeftToRight => FlexDirection::Row,
        Direction::RightToLeft => FlexDirection::RowReverse,
    };
    commands.spawn((
        PickerPanel,
        Node {
            position_type: PositionType::Absolute,
            left: percent(8),
            right: percent(8),
            top: percent(16),
            justify_content: JustifyContent::Center,
            ..default()
        },
        GlobalZIndex(9),
        children![(
            Node {
                flex_direction,
                flex_wrap: FlexWrap::Wrap,
                justify_content: JustifyContent::Center,
                padding: UiRect::all(px(18)),
                column_gap: px(12),
                row_gap: px(12),
                border_radius: BorderRadius::all(px(12)),
                ..default()
            },
            BackgroundColor(GROUND),
            Children::spawn(SpawnIter(buttons.into_iter())),
        )],
    ));
}

fn erase(mut commands: Commands, shown: Query<Entity, With<PickerPanel>>) {
    for old in &shown {
        commands.entity(old).despawn();
    }
}

/// Gold is what is spoken.
fn color(
    stage: Res<CurrentStage>,
    mut buttons: Query<(&Choice, &Interaction, &mut BackgroundColor, &Children)>,
    mut letters: Query<&mut TextColor>,
) {
    let choices = stage.0.languages.choices();
    for (Choice(at), interaction, mut ground, children) in &mut buttons {
        let is_spoken = choices.get(*at).is_some_and(|choice| choice.is_spoken);
        let (fill, ink) = match (is_spoken, interaction) {
            (true, _) => (GOLD, DARK),
            (false, Interaction::None) => (BUTTON, INK),
            (false, _) => (BUTTON_HOVERED, INK),
        };
        ground.set_if_neq(BackgroundColor(fill));
        for child in children {
            if let Ok(mut letter) = letters.get_mut(*child) {
                letter.set_if_neq(TextColor(ink));
            }
        }
    }
}
