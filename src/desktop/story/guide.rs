//! The guided tour in the corner: where it is, how to go on, what it waits for, detours.

use super::{
    super::top::BelowTop,
    buttons::{LETTERS, spawn_button},
};
use crate::{
    exhibit::{
        intent::Wish,
        settings::VisitSettings,
        telling::{Reminder, Telling},
        visitor::Wished,
        words::{Word, Words},
    },
    render::{
        captions::font,
        page::{FAINT, GOLD, GROUND},
        warm::WarmUp,
    },
};
use bevy::{
    prelude::*,
    window::{CursorOptions, PrimaryWindow},
};

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Shown>()
        .add_systems(Update, (show_guide, show_reminder));
}

/// Where a reminder stands, pixels from the top.
const REMINDER_TOP_PX: f32 = 64.0;
/// Letters of the guide, pixels.
const LETTERS_PX: f32 = 17.0;

/// The guide's corner.
#[derive(Component)]
pub(super) struct Corner;
#[derive(Component)]
struct Reminding;

/// What the corner shows.
#[derive(Resource, Debug, Default)]
struct Shown {
    state: State,
    was_toured: bool,
}

#[derive(Debug, Clone, PartialEq, Default)]
struct State {
    /// The tour and its step; none before the first tour, where it is offered.
    place: Option<String>,
    is_offered: bool,
    offers_next: bool,
    is_paused: bool,
    is_on_detour: bool,
    detours: Vec<String>,
    /// Buttons are of use to a free pointer only.
    has_buttons: bool,
    scale: f32,
}

impl State {
    fn of(telling: &Telling, was_toured: bool, has_buttons: bool, scale: f32) -> Self {
        let place = telling.tour.as_ref().map(|(tour, step)| {
            if step.is_empty() {
                tour.clone()
            } else {
                format!("{tour}  ·  {step}")
            }
        });
        Self {
            is_offered: place.is_none() && !was_toured && !telling.staged().script.tours.is_empty(),
            has_buttons: has_buttons || telling.is_paused,
            offers_next: telling.offers_next,
            is_paused: telling.is_paused,
            is_on_detour: telling.is_on_detour,
            detours: telling.detour_titles(),
            scale,
            place,
        }
    }
}

fn show_guide(
    mut commands: Commands,
    telling: Option<Res<Telling>>,
    words: Res<Words>,
    warm: Res<WarmUp>,
    settings: Res<VisitSettings>,
    cursors: Query<&CursorOptions, With<PrimaryWindow>>,
    mut seen: MessageReader<Wished>,
    mut shown: ResMut<Shown>,
    corners: Query<Entity, With<Corner>>,
) {
    let Some(telling) = telling.filter(|_| warm.is_done()) else {
        return;
    };
    shown.was_toured |= seen.read().any(|wished| wished.0 == Wish::Guide);
    let is_free = cursors.iter().any(|cursor| cursor.visible);
    let scale = settings.text_size.scale();
    let state = State::of(&telling, shown.was_toured, is_free, scale);
    if state == shown.state && !words.is_changed() {
        return;
    }
    for corner in &corners {
        commands.entity(corner).despawn();
    }
    spawn_corner(&mut commands, &state, &words);
    shown.state = state;
}

fn spawn_corner(commands: &mut Commands, state: &State, words: &Words) {
    let letters_px = LETTERS_PX * state.scale;
    let corner = commands
        .spawn((
            Corner,
            Node {
                position_type: PositionType::Absolute,
                right: px(28),
                bottom: px(20),
                flex_direction: FlexDirection::Column,
                align_items: AlignItems::End,
                row_gap: px(10),
                ..default()
            },
            GlobalZIndex(3),
        ))
        .id();
    for (index, title) in state.detours.iter().enumerate() {
        let number = (index + 1).to_string();
        let text = words.say_with(Word::GuideDetour, &[("number", &number), ("title", title)]);
        let wish = Wish::Detour(u8::try_from(index).unwrap_or(u8::MAX));
        spawn_button(commands, corner, wish, &text, letters_px, GOLD);
    }
    if let Some(place) = &state.place {
        let row = commands
            .spawn((
                Node {
                    align_items: AlignItems::Center,
                    column_gap: px(12),
                    ..default()
                },
                ChildOf(corner),
            ))
            .id();
        line(commands, row, place, letters_px, FAINT);
        if state.offers_next && !state.has_buttons {
            line(commands, row, words.say(Word::GuideNext), letters_px, GOLD);
        }
    } else if state.is_offered {
        let text = words.say(Word::GuideStart);
        if state.has_buttons {
            spawn_button(commands, corner, Wish::Guide, text, letters_px, GOLD);
        } else {
            line(commands, corner, text, letters_px, FAINT);
        }
    }
    if state.place.is_some() && state.has_buttons {
        let row = commands
            .spawn((
                Node {
                    column_gap: px(8),
                    ..default()
                },
                ChildOf(corner),
            ))
            .id();
        let pause = if state.is_paused {
            Word::GuideResume
        } else {
            Word::GuidePause
        };
        let leave = if state.is_on_detour {
            Word::GuideReturn
        } else {
            Word::GuideLeave
        };
        let next = if state.offers_next {
            (Wish::Guide, Word::GuideNext)
        } else {
            (Wish::GuideSkip, Word::GuideSkip)
        };
        for (wish, word) in [
            (Wish::LeaveTour, leave),
            (Wish::GuideBack, Word::GuideBack),
            (Wish::GuidePause, pause),
            next,
        ] {
            let is_called_for =
                (wish == Wish::Guide) || (wish == Wish::GuidePause && state.is_paused);
            let color = if is_called_for { GOLD } else { LETTERS };
            spawn_button(
                commands,
                row,
                wish,
                words.say(word),
                letters_px * 0.9,
                color,
            );
        }
    }
}

/// A line on a ground of its own: the picture behind it may be bright.
fn line(commands: &mut Commands, parent: Entity, text: &str, letters_px: f32, color: Color) {
    commands.spawn((
        Node {
            padding: UiRect::axes(px(letters_px * 0.75), px(letters_px * 0.35)),
            border_radius: BorderRadius::all(px(letters_px * 0.4)),
            ..default()
        },
        BackgroundColor(GROUND),
        ChildOf(parent),
        children![(
            Text::new(text.to_owned()),
            font(letters_px),
            TextColor(color),
        )],
    ));
}

/// What a visitor who wants to go on is told that the step waits for.
fn show_reminder(
    mut commands: Commands,
    telling: Option<Res<Telling>>,
    words: Res<Words>,
    settings: Res<VisitSettings>,
    mut shown: Local<Option<Reminder>>,
    old: Query<Entity, With<Reminding>>,
) {
    let reminder = telling.and_then(|telling| telling.reminder.clone());
    if *shown == reminder {
        return;
    }
    for entity in &old {
        commands.entity(entity).despawn();
    }
    if let Some(reminder) = &reminder {
        let text = match reminder {
            Reminder::Answer => words.say(Word::RemindAnswer).to_owned(),
            Reminder::Hotspot(title) => words.say_with(Word::RemindHotspot, &[("title", title)]),
        };
        commands.spawn((
            Reminding,
            Node {
                position_type: PositionType::Absolute,
                left: percent(10),
                right: percent(10),
                top: px(REMINDER_TOP_PX),
                justify_content: JustifyContent::Center,
                ..default()
            },
            BelowTop::px(REMINDER_TOP_PX),
            GlobalZIndex(4),
            children![(
                Node {
                    padding: UiRect::axes(px(22), px(12)),
                    border_radius: BorderRadius::all(px(8)),
                    ..default()
                },
                BackgroundColor(GROUND),
                children![(
                    Text::new(text),
                    font(21.0 * settings.text_size.scale()),
                    TextColor(GOLD),
                )],
            )],
        ));
    }
    *shown = reminder;
}
