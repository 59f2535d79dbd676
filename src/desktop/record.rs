//! Recording a tour on a monitor: the keys, and what the guide sees of it.

use super::top::{self, TopBar};
use crate::{
    exhibit::{
        recording::{self, Doing, RecordAsk, Recorder},
        settings::VisitSettings,
        words::{Word, Words},
    },
    render::{
        captions::font,
        page::{FAINT, GOLD, INK, recording_light},
    },
};
use bevy::prelude::*;

/// Width of the level, pixels.
const LEVEL_PX: f32 = 90.0;
/// Letters of its line and of what can be done, pixels.
const LINE_PX: f32 = 19.0;
const HINT_PX: f32 = 15.0;
/// How the level falls after a loud moment, of its height a second.
const FALL_A_SECOND: f32 = 1.5;

/// Keys of the recorder.
const KEYS: [(KeyCode, RecordAsk); 3] = [
    (KeyCode::F6, RecordAsk::Toggle),
    (KeyCode::F7, RecordAsk::NextStep),
    (KeyCode::F8, RecordAsk::Mark),
];

#[derive(Component)]
struct Light;
#[derive(Component)]
struct Line;
#[derive(Component)]
struct Hint;
#[derive(Component)]
struct LevelFrame;
#[derive(Component, Default)]
struct Level(f32);

pub(super) fn plugin(app: &mut App) {
    app.add_plugins((recording::plugin, top::plugin))
        .add_systems(Startup, spawn)
        .add_systems(Update, (ask, show, show_level))
        .add_systems(
            Update,
            size_letters.run_if(resource_changed::<VisitSettings>),
        );
}

fn ask(keys: Res<ButtonInput<KeyCode>>, mut asks: MessageWriter<RecordAsk>) {
    for (key, ask) in KEYS {
        if keys.just_pressed(key) {
            asks.write(ask);
        }
    }
}

fn spawn(mut commands: Commands) {
    commands.spawn((
        Node {
            position_type: PositionType::Absolute,
            top: px(24),
            left: percent(15),
            right: percent(15),
            justify_content: JustifyContent::Center,
            ..default()
        },
        GlobalZIndex(8),
        children![(
            TopBar,
            Node {
                flex_direction: FlexDirection::Column,
                align_items: AlignItems::Center,
                row_gap: px(6),
                padding: UiRect::axes(px(22), px(12)),
                border_radius: BorderRadius::all(px(10)),
                ..default()
            },
            BackgroundColor(Color::srgba(0.03, 0.026, 0.022, 0.82)),
            children![
                (
                    Node {
                        align_items: AlignItems::Center,
                        column_gap: px(12),
                        ..default()
                    },
                    children![
                        (
                            Light,
                            Node {
                                width: px(14),
                                height: px(14),
                                border_radius: BorderRadius::MAX,
                                ..default()
                            },
                            BackgroundColor(FAINT),
                        ),
                        (Line, Text::default(), font(LINE_PX), TextColor(INK)),
                        (
                            LevelFrame,
                            Node {
                                width: px(LEVEL_PX),
                                height: px(8),
                                border_radius: BorderRadius::MAX,
                                overflow: Overflow::clip(),
                                ..default()
                            },
                            BackgroundColor(Color::srgb(0.16, 0.14, 0.12)),
                            children![(
                                Level::default(),
                                Node {
                                    width: px(0),
                                    height: percent(100),
                                    ..default()
                                },
                                BackgroundColor(GOLD),
                            )],
                        ),
                    ],
                ),
                (
                    Hint,
                    Text::default(),
                    font(HINT_PX),
                    TextColor(FAINT),
                    TextLayout::justify(Justify::Center),
                ),
            ],
        )],
    ));
}

fn show(
    recorder: Res<Recorder>,
    words: Res<Words>,
    time: Res<Time<Real>>,
    mut lights: Query<&mut BackgroundColor, With<Light>>,
    mut lines: Query<&mut Text, (With<Line>, Without<Hint>)>,
    mut hints: Query<(&mut Text, &mut Node), (With<Hint>, Without<Line>)>,
) {
    let light = recording_light(&recorder.doing, time.elapsed_secs());
    for mut own in &mut lights {
        own.set_if_neq(BackgroundColor(light));
    }
    let (line, hint) = words_of(&recorder, &words);
    for mut own in &mut lines {
        if own.0 != line {
            own.0.clone_from(&line);
        }
    }
    for (mut own, mut node) in &mut hints {
        let display = if hint.is_empty() {
            Display::None
        } else {
            Display::Flex
        };
        if node.display != display {
            node.display = display;
        }
        if own.0 != hint {
            own.0.clone_from(&hint);
        }
    }
}

fn size_letters(
    settings: Res<VisitSettings>,
    mut lines: Query<&mut TextFont, (With<Line>, Without<Hint>)>,
    mut hints: Query<&mut TextFont, (With<Hint>, Without<Line>)>,
) {
    let scale = settings.text_size.scale();
    for mut own in &mut lines {
        *own = font(LINE_PX * scale);
    }
    for mut own in &mut hints {
        *own = font(HINT_PX * scale);
    }
}

/// What is said of the recorder: a line, and smaller what can be done.
fn words_of(recorder: &Recorder, words: &Words) -> (String, String) {
    match &recorder.doing {
        Doing::Ready => (words.say(Word::RecordReady).to_owned(), String::new()),
        Doing::Rolling { time, keys } => {
            let secs = time.as_secs();
            let clock = format!("{}:{:02}", secs / 60, secs % 60);
            let mut line = words.say_with(Word::Recording, &[("time", &clock)]);
            if *keys > 0 {
                line += "  ·  ";
                line += &words.say_with(Word::RecordKeys, &[("count", &keys.to_string())]);
            }
            let mut hint = words.say(Word::RecordHint).to_owned();
            if let Some(why) = &recorder.voiceless {
                hint += "\n";
                hint += &words.say_with(Word::RecordVoiceless, &[("error", why)]);
            }
            (line, hint)
        }
        Doing::Writing => (words.say(Word::RecordWriting).to_owned(), String::new()),
        Doing::Saved(saved) => {
            let path = saved.in_exhibit.as_str();
            let count = saved.steps.to_string();
            let said = [("count", count.as_str()), ("path", path)];
            let line = words.say_with(Word::RecordSaved, &said);
            (line, saved.how_shown(words))
        }
        Doing::Failed(why) => (
            words.say_with(Word::RecordFailed, &[("error", why)]),
            String::new(),
        ),
    }
}

fn show_level(
    recorder: Res<Recorder>,
    time: Res<Time<Real>>,
    mut frames: Query<&mut Node, (With<LevelFrame>, Without<Level>)>,
    mut levels: Query<(&mut Level, &mut Node)>,
) {
    let heard = recorder.level();
    for mut frame in &mut frames {
        let display = if heard.is_some() {
            Display::Flex
        } else {
            Display::None
        };
        if frame.display != display {
            frame.display = display;
        }
    }
    // -48 dBFS to 0, as loudness is heard.
    let loud = heard.map_or(0.0, |level| {
        (1.0 + 20.0 * bevy::math::ops::log10(level.max(1e-5)) / 48.0).clamp(0.0, 1.0)
    });
    for (mut level, mut node) in &mut levels {
        let falling = level.0 - FALL_A_SECOND * time.delta_secs();
        level.0 = loud.max(falling).max(0.0);
        let width = px((level.0 * LEVEL_PX).round());
        if node.width != width {
            node.width = width;
        }
    }
}
