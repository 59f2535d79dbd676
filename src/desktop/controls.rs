//! Keyboard, mouse, gamepad and touch become wishes.
//!
//! Keys are named by their place on the keyboard, so that W A S D is Z Q S D on a French
//! one without a setting.

use super::story::pointer::{Over, PointerSystems};
use crate::{
    exhibit::{
        intent::Wish,
        visitor::{CurrentIntent, VisitorSystems, Wished},
    },
    render::light::VisitorLamp,
};
use bevy::{
    input::{mouse::AccumulatedMouseMotion, touch::Touches},
    prelude::*,
    window::{CursorGrabMode, CursorOptions, PrimaryWindow, WindowFocused},
};

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Held>()
        .init_resource::<Over>()
        .add_systems(
            Update,
            (
                (
                    grab_pointer,
                    read_keyboard,
                    read_mouse,
                    read_gamepads,
                    read_touches,
                )
                    .chain()
                    .run_if(super::languages::is_closed),
                write_intent,
            )
                .chain()
                .after(PointerSystems)
                .in_set(VisitorSystems::Wish),
        );
}

/// Radians a pixel of mouse motion turns.
const MOUSE_RAD: f32 = 0.0022;
/// Radians a pixel of finger motion turns.
const TOUCH_RAD: f32 = 0.0032;
/// Radians a second a stick at its end turns.
const STICK_RAD: f32 = 2.0;
/// Deflection of a stick that is still rest.
const DEAD_ZONE: f32 = 0.14;

/// What all devices together ask for in this frame.
#[derive(Resource, Default)]
struct Held {
    axis: Vec2,
    rise: f32,
    look: Vec2,
    run: bool,
}

/// Wishes of keys, by place.
const KEYS: [(KeyCode, Wish); 41] = [
    (KeyCode::KeyL, Wish::ToggleLamp),
    (KeyCode::KeyT, Wish::NextLayer),
    (KeyCode::KeyN, Wish::NextView),
    (KeyCode::KeyB, Wish::PreviousView),
    (KeyCode::KeyH, Wish::Home),
    (KeyCode::KeyF, Wish::ToggleFly),
    (KeyCode::F1, Wish::ToggleHelp),
    (KeyCode::F2, Wish::Languages),
    (KeyCode::F3, Wish::ToggleStatistics),
    (KeyCode::F11, Wish::ToggleFullscreen),
    (KeyCode::F12, Wish::Screenshot),
    (KeyCode::Escape, Wish::Back),
    (KeyCode::Home, Wish::Home),
    (KeyCode::KeyE, Wish::Select),
    (KeyCode::Enter, Wish::Select),
    (KeyCode::NumpadEnter, Wish::Select),
    (KeyCode::Tab, Wish::NextHotspot),
    (KeyCode::KeyG, Wish::Guide),
    (KeyCode::KeyR, Wish::GuideBack),
    (KeyCode::KeyP, Wish::GuidePause),
    (KeyCode::KeyK, Wish::GuideSkip),
    (KeyCode::Backspace, Wish::LeaveTour),
    (KeyCode::KeyV, Wish::PlayPanel),
    (KeyCode::Equal, Wish::Louder),
    (KeyCode::NumpadAdd, Wish::Louder),
    (KeyCode::Minus, Wish::Softer),
    (KeyCode::NumpadSubtract, Wish::Softer),
    (KeyCode::KeyM, Wish::ToggleSound),
    (KeyCode::F4, Wish::ToggleCaptions),
    (KeyCode::F5, Wish::NextTextSize),
    (KeyCode::F9, Wish::NextCaptionGround),
    (KeyCode::F10, Wish::NextThrough),
    (KeyCode::PageDown, Wish::Scroll(SCROLL_LINES)),
    (KeyCode::PageUp, Wish::Scroll(-SCROLL_LINES)),
    (KeyCode::Digit1, Wish::Answer(0)),
    (KeyCode::Digit2, Wish::Answer(1)),
    (KeyCode::Digit3, Wish::Answer(2)),
    (KeyCode::Digit4, Wish::Answer(3)),
    (KeyCode::Digit5, Wish::Answer(4)),
    (KeyCode::Digit6, Wish::Answer(5)),
    (KeyCode::Digit7, Wish::Answer(6)),
];

/// Lines of a panel that a key reads on by.
const SCROLL_LINES: i8 = 6;

/// Wishes of gamepad buttons while the left trigger is held.
const HELD_BUTTONS: [(GamepadButton, Wish); 11] = [
    (GamepadButton::DPadUp, Wish::GuidePause),
    (GamepadButton::DPadRight, Wish::GuideSkip),
    (GamepadButton::DPadLeft, Wish::GuideBack),
    (GamepadButton::DPadDown, Wish::Detour(0)),
    (GamepadButton::South, Wish::PlayPanel),
    (GamepadButton::East, Wish::NextTextSize),
    (GamepadButton::Select, Wish::NextCaptionGround),
    (GamepadButton::West, Wish::ToggleSound),
    (GamepadButton::North, Wish::ToggleCaptions),
    (GamepadButton::RightTrigger, Wish::Louder),
    (GamepadButton::LeftTrigger, Wish::Softer),
];

/// Wishes of gamepad buttons.
const BUTTONS: [(GamepadButton, Wish); 12] = [
    (GamepadButton::South, Wish::NextView),
    (GamepadButton::East, Wish::PreviousView),
    (GamepadButton::West, Wish::ToggleLamp),
    (GamepadButton::North, Wish::NextLayer),
    (GamepadButton::Start, Wish::ToggleHelp),
    (GamepadButton::Select, Wish::Home),
    (GamepadButton::LeftThumb, Wish::ToggleFly),
    (GamepadButton::RightThumb, Wish::Screenshot),
    (GamepadButton::DPadUp, Wish::Select),
    (GamepadButton::DPadDown, Wish::NextHotspot),
    (GamepadButton::DPadRight, Wish::Guide),
    (GamepadButton::DPadLeft, Wish::LeaveTour),
];

fn grab_pointer(
    mouse: Res<ButtonInput<MouseButton>>,
    over: Res<Over>,
    mut wishes: MessageReader<Wished>,
    mut focus: MessageReader<WindowFocused>,
    mut cursors: Query<&mut CursorOptions, With<PrimaryWindow>>,
) {
    let wants_free = wishes.read().any(|wished| wished.0 == Wish::Back)
        || focus.read().any(|focus| !focus.focused);
    for mut cursor in &mut cursors {
        let is_for_cave = *over == Over::Nothing;
        if mouse.any_just_pressed([MouseButton::Left, MouseButton::Right])
            && cursor.visible
            && is_for_cave
        {
            cursor.grab_mode = CursorGrabMode::Locked;
            cursor.visible = false;
        } else if wants_free && !cursor.visible {
            cursor.grab_mode = CursorGrabMode::None;
            cursor.visible = true;
        }
    }
}

fn read_keyboard(
    keys: Res<ButtonInput<KeyCode>>,
    mut held: ResMut<Held>,
    mut wishes: MessageWriter<Wished>,
) {
    let axis = |plus: [KeyCode; 2], minus: [KeyCode; 2]| {
        f32::from(u8::from(keys.any_pressed(plus))) - f32::from(u8::from(keys.any_pressed(minus)))
    };
    held.axis.x += axis(
        [KeyCode::KeyD, KeyCode::ArrowRight],
        [KeyCode::KeyA, KeyCode::ArrowLeft],
    );
    held.axis.y += axis(
        [KeyCode::KeyW, KeyCode::ArrowUp],
        [KeyCode::KeyS, KeyCode::ArrowDown],
    );
    held.rise += axis(
        [KeyCode::Space, KeyCode::Space],
        [KeyCode::KeyC, KeyCode::KeyC],
    );
    held.run |= keys.any_pressed([KeyCode::ShiftLeft, KeyCode::ShiftRight]);
    for (key, wish) in KEYS {
        if keys.just_pressed(key) {
            wishes.write(Wished(wish));
        }
    }
}

fn read_mouse(
    motion: Res<AccumulatedMouseMotion>,
    mouse: Res<ButtonInput<MouseButton>>,
    cursors: Query<&CursorOptions, With<PrimaryWindow>>,
    mut held: ResMut<Held>,
    mut wishes: MessageWriter<Wished>,
    mut lamps: Query<&mut VisitorLamp>,
) {
    if cursors.iter().any(|cursor| cursor.visible) {
        return;
    }
    let turn = motion.delta * MOUSE_RAD;
    if mouse.just_pressed(MouseButton::Left) {
        wishes.write(Wished(Wish::Select));
    }
    if mouse.pressed(MouseButton::Right) {
        // The lamp leaves the gaze, as a wrist does.
        for mut lamp in &mut lamps {
            lamp.aim_rad = (lamp.aim_rad - turn).clamp(Vec2::new(-1.0, -0.8), Vec2::new(1.0, 0.8));
        }
    } else {
        held.look += Vec2::new(turn.x, -turn.y);
    }
}

fn read_gamepads(
    gamepads: Query<&Gamepad>,
    time: Res<Time>,
    mut held: ResMut<Held>,
    mut wishes: MessageWriter<Wished>,
) {
    for gamepad in &gamepads {
        held.axis += stick(gamepad.left_stick());
        let look = stick(gamepad.right_stick());
        // Slow near rest for aiming, fast at the end.
        held.look += look * look.length() * (STICK_RAD * time.delta_secs());
        let is_shifted = trigger(gamepad, GamepadButton::LeftTrigger2) > 0.5;
        if !is_shifted {
            held.rise += trigger(gamepad, GamepadButton::RightTrigger)
                - trigger(gamepad, GamepadButton::LeftTrigger);
        }
        held.run |= trigger(gamepad, GamepadButton::RightTrigger2) > 0.5;
        let buttons: &[(GamepadButton, Wish)] = if is_shifted { &HELD_BUTTONS } else { &BUTTONS };
        for (button, wish) in buttons.iter().copied() {
            if gamepad.just_pressed(button) {
                wishes.write(Wished(wish));
            }
        }
    }
}

fn trigger(gamepad: &Gamepad, button: GamepadButton) -> f32 {
    gamepad.get(button).unwrap_or(0.0)
}

/// A stick's deflection with a dead zone, 0 to 1 again beyond it.
fn stick(raw: Vec2) -> Vec2 {
    let length = raw.length();
    if length <= DEAD_ZONE {
        return Vec2::ZERO;
    }
    raw / length * ((length - DEAD_ZONE) / (1.0 - DEAD_ZONE)).min(1.0)
}

fn read_touches(touches: Res<Touches>, mut held: ResMut<Held>, mut wishes: MessageWriter<Wished>) {
    let fingers: Vec<_> = touches.iter().collect();
    match fingers.as_slice() {
        [finger] => {
            // The rock follows the finger, as a map does.
            let turn = finger.delta() * TOUCH_RAD;
            held.look += Vec2::new(-turn.x, turn.y);
        }
        [first, second] => {
            let drag = (first.distance() + second.distance()) * 0.5 / 90.0;
            held.axis += Vec2::new(drag.x, -drag.y).clamp_length_max(1.0);
        }
        // They come in no order: whichever is the third.
        [_, _, _] if touches.any_just_pressed() => {
            wishes.write(Wished(Wish::NextView));
        }
        _ => {}
    }
}

fn write_intent(mut held: ResMut<Held>, mut intent: ResMut<CurrentIntent>) {
    let held = std::mem::take(&mut *held);
    intent.0.move_axis = held.axis.clamp_length_max(1.0);
    intent.0.rise = held.rise.clamp(-1.0, 1.0);
    intent.0.look_delta_rad = held.look;
    intent.0.run = held.run;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stick_at_rest_does_not_creep_and_reaches_its_end() {
        assert_eq!(
            stick(Vec2::new(0.1, 0.05)),
            Vec2::ZERO,
            "worn sticks rest off centre"
        );
        assert!(
            (stick(Vec2::new(1.0, 0.0)) - Vec2::X).length() < 1e-6,
            "full deflection is full speed"
        );
        assert!(
            stick(Vec2::new(0.0, 0.2)).length() < 0.1,
            "beyond the dead zone motion begins softly"
        );
    }

    #[test]
    fn no_key_and_no_button_has_two_wishes() {
        for (index, (key, _)) in KEYS.iter().enumerate() {
            assert!(
                KEYS[..index].iter().all(|(other, _)| other != key),
                "{key:?} is bound once"
            );
        }
        for buttons in [&BUTTONS[..], &HELD_BUTTONS[..]] {
            for (index, (button, _)) in buttons.iter().enumerate() {
                assert!(
                    buttons[..index].iter().all(|(other, _)| other != button),
                    "{button:?} is bound once"
                );
            }
        }
    }
}
