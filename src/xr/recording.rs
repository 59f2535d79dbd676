//! A guide in a headset who is recorded: begun, marked and ended by the wrist menu, or ended by
//! leaving; a red light and a line above the gaze say so.

use super::{
    body::{Body, BodySystems},
    lesson::Course,
    life::{Carry, Life},
};
use crate::angle::wrapped;
use crate::{
    exhibit::{
        recording::{self, Doing, Microphone, RecordAsk, Recorder},
        visitor::VisitorSystems,
        words::{Word, Words},
    },
    render::{
        board::{Board, Boards},
        captions::font,
        page::{FAINT, GROUND, INK, recording_light},
    },
    visit::session::{Effect, Phase},
};
use bevy::{math::ops, prelude::*};

pub(super) fn plugin(app: &mut App) {
    app.add_plugins(recording::plugin)
        .init_resource::<Notice>()
        .add_systems(
            Update,
            (
                tell_feet
                    .after(BodySystems::Follow)
                    .before(VisitorSystems::Move),
                (stop_with_visit, teach_nothing),
                (say, follow).chain(),
            ),
        );
}

/// The board, metres; its words stand in its middle.
const BOARD_M: Vec2 = Vec2::new(1.2, 0.16);
/// How far it is, metres, and how far above the gaze, radians: 19 degrees.
const AT_M: f32 = 1.6;
const ABOVE_RAD: f32 = 0.33;
/// Time in which it comes two thirds of the way after the gaze, seconds, which may wander this
/// far, radians.
const SECS: f32 = 0.5;
const SLACK_RAD: f32 = 0.2;
/// Why there is no voice is said in so many letters: a line.
const REASON_LETTERS: usize = 28;
/// What became of a recording is said for this long, seconds.
const SAID_SECS: f32 = 20.0;

/// What a guide speaks into.
pub(super) fn microphone() -> Option<Box<dyn Microphone>> {
    #[cfg(feature = "sound")]
    return Some(Box::new(crate::sound::SystemMicrophone::default()));
    #[cfg(not(feature = "sound"))]
    None
}

/// The line above the gaze.
#[derive(Resource, Debug, Default)]
struct Notice {
    board: Option<Board>,
    said: Vec<String>,
    /// How long the same has been said, seconds.
    secs: f32,
    yaw_rad: f32,
    is_following: bool,
}

#[derive(Component)]
struct Light;
#[derive(Component)]
struct Line(usize);

/// The guide stands where the body does, however tall they are.
fn tell_feet(mut recorder: ResMut<Recorder>, body: Res<Body>) {
    recorder.feet_in_world = body.head_in_world().map(|_| body.feet_in_world);
}

/// A visit that ends takes the recording to its end: what was walked is not lost.
fn stop_with_visit(
    mut effects: MessageReader<Carry>,
    recorder: Res<Recorder>,
    mut asks: MessageWriter<RecordAsk>,
) {
    let ends = effects
        .read()
        .any(|Carry(effect)| *effect == Effect::ResetVisit);
    if ends && recorder.is_rolling() {
        asks.write(RecordAsk::Toggle);
    }
}

/// Guides know their way.
fn teach_nothing(recorder: Res<Recorder>, mut course: ResMut<Course>) {
    if recorder.is_rolling() && !course.is_done() {
        course.finish();
    }
}

/// What is said of the recorder, a line and smaller ones; nothing before it begins.
fn lines(doing: &Doing, voiceless: Option<&str>, words: &Words) -> Vec<String> {
    match doing {
        Doing::Ready => Vec::new(),
        Doing::Rolling { time, keys } => {
            let secs = time.as_secs();
            let clock = format!("{}:{:02}", secs / 60, secs % 60);
            let mut line = words.say_with(Word::Recording, &[("time", &clock)]);
            if *keys > 0 {
                line += "  ·  ";
                line += &words.say_with(Word::RecordMarks, &[("count", &keys.to_string())]);
            }
            // The log says all of it.
            let voiceless = voiceless.map(|why| {
                let why: String = why.chars().take(REASON_LETTERS).collect();
                words.say_with(Word::RecordVoiceless, &[("error", &why)])
            });
            core::iter::once(line).chain(voiceless).collect()
        }
        Doing::Writing => vec![words.say(Word::RecordWriting).to_owned()],
        Doing::Saved(saved) => {
            let path = saved.in_exhibit.as_str();
            let count = saved.steps.to_string();
            vec![
                words.say_with(Word::RecordSaved, &[("count", &count), ("path", path)]),
                saved.how_shown(words),
            ]
        }
        Doing::Failed(why) => vec![words.say_with(Word::RecordFailed, &[("error", why)])],
    }
}

fn say(
    mut commands: Commands,
    mut boards: Boards,
    mut notice: ResMut<Notice>,
    recorder: Res<Recorder>,
    words: Res<Words>,
    life: Res<Life>,
    time: Res<Time<Real>>,
    mut lights: Query<&mut BackgroundColor, With<Light>>,
    mut texts: Query<(&Line, &mut Text)>,
) {
    let mut said = lines(&recorder.doing, recorder.voiceless.as_deref(), &words);
    let is_over = matches!(recorder.doing, Doing::Saved(_) | Doing::Failed(_));
    notice.secs = if said == notice.said {
        notice.secs + time.delta_secs()
    } else {
        0.0
    };
    if !matches!(life.phase(), Phase::Running | Phase::Ready)
        || (is_over && notice.secs > SAID_SECS)
    {
        said.clear();
        if let Some(board) = notice.board.take() {
            commands.entity(board.quad).despawn();
        }
        return;
    }
    let color = recording_light(&recorder.doing, time.elapsed_secs());
    for mut own in &mut lights {
        own.set_if_neq(BackgroundColor(color));
    }
    let is_same_shape = said.len() == notice.said.len() && notice.board.is_some();
    if is_same_shape || said.is_empty() {
        for (Line(index), mut text) in &mut texts {
            if let Some(line) = said.get(*index)
                && text.0 != *line
            {
                text.0.clone_from(line);
            }
        }
        if said.is_empty()
            && let Some(board) = notice.board.take()
        {
            commands.entity(board.quad).despawn();
        }
        notice.said = said;
        return;
    }
    if let Some(board) = notice.board.take() {
        commands.entity(board.quad).despawn();
    }
    let board = boards.spawn(&mut commands, BOARD_M);
    write(&mut commands, board.page, &said, color);
    commands.entity(board.quad).insert(Name::new("recording"));
    notice.board = Some(board);
    notice.said = said;
}

/// A light and what is said beside it, on their own ground.
fn write(commands: &mut Commands, page: Entity, said: &[String], color: Color) {
    let middle = commands
        .spawn((
            Node {
                width: percent(100),
                height: percent(100),
                justify_content: JustifyContent::Center,
                align_items: AlignItems::Center,
                ..default()
            },
            ChildOf(page),
        ))
        .id();
    let ground = commands
        .spawn((
            Node {
                align_items: AlignItems::Center,
                column_gap: px(24),
                padding: UiRect::axes(px(42), px(16)),
                border_radius: BorderRadius::all(px(20)),
                ..default()
            },
            BackgroundColor(GROUND),
            ChildOf(middle),
        ))
        .id();
    commands.spawn((
        Light,
        Node {
            width: px(42),
            height: px(42),
            border_radius: BorderRadius::MAX,
            flex_shrink: 0.0,
            ..default()
        },
        BackgroundColor(color),
        ChildOf(ground),
    ));
    let column = commands
        .spawn((
            Node {
                flex_direction: FlexDirection::Column,
                row_gap: px(6),
                ..default()
            },
            ChildOf(ground),
        ))
        .id();
    for (index, line) in said.iter().enumerate() {
        let (letters_px, ink) = if index == 0 {
            (50.0, INK)
        } else {
            (32.0, FAINT)
        };
        commands.spawn((
            Line(index),
            Text::new(line.clone()),
            font(letters_px),
            TextColor(ink),
            ChildOf(column),
        ));
    }
}

/// It comes after the gaze, softly, as captions do.
fn follow(
    mut notice: ResMut<Notice>,
    body: Res<Body>,
    time: Res<Time<Real>>,
    mut quads: Query<&mut Transform>,
) {
    let (Some(board), Some(head)) = (notice.board, body.head_in_world()) else {
        return;
    };
    let off = wrapped(head.yaw_rad() - notice.yaw_rad);
    notice.is_following = off.abs() > SLACK_RAD || (notice.is_following && off.abs() > 0.02);
    if notice.is_following {
        notice.yaw_rad += off * (1.0 - ops::exp(-time.delta_secs() / SECS));
    }
    if let Ok(mut transform) = quads.get_mut(board.quad) {
        let way = Quat::from_euler(EulerRot::YXZ, notice.yaw_rad, ABOVE_RAD, 0.0) * Vec3::NEG_Z;
        *transform =
            Transform::from_translation(head.position + way * AT_M).looking_to(way, Vec3::Y);
    }
}
