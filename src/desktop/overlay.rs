//! What lies over the picture: loading screen, fade, statistics, notices.

use super::top::BelowTop;
use crate::{
    exhibit::{
        intent::Wish,
        visitor::{Visitor, Wished},
        words::{Word, Words},
    },
    render::{
        captions::font,
        loading::{CurrentStage, Loading, LoadingSystems},
        page::{FAINT, GOLD, GROUND, INK},
        warm::WarmUp,
    },
};
use bevy::{
    diagnostic::{DiagnosticsStore, FrameTimeDiagnosticsPlugin},
    prelude::*,
};

/// Where the statistics begin, pixels from the top.
const STATISTICS_TOP_PX: f32 = 16.0;

/// Words on the screen for a while.
#[derive(Resource, Debug, Clone, Default)]
pub(super) struct Notice {
    /// Empty for none.
    pub(super) text: String,
    /// How long it stays; `None` until it is replaced.
    pub(super) secs_left: Option<f32>,
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Notice>()
        .add_plugins(FrameTimeDiagnosticsPlugin::default())
        .add_systems(Startup, spawn_overlay)
        .add_systems(
            Update,
            (
                show_loading.after(LoadingSystems::HandOver),
                show_darkness,
                show_statistics,
                show_notice,
                follow_words.run_if(resource_changed::<Words>),
                follow_stage.run_if(resource_changed::<CurrentStage>),
            ),
        );
}

/// A text that is one of Grotto's words.
#[derive(Component)]
pub(super) struct Says(pub(super) Word);
/// A text that is the keys of a row of the help.
#[derive(Component)]
pub(super) struct SaysKeys(pub(super) Word);
#[derive(Component)]
struct StageTitle;
#[derive(Component)]
struct StageAbout;
#[derive(Component)]
struct LoadingScreen {
    opacity: f32,
}
#[derive(Component)]
struct LoadingBar;
#[derive(Component)]
struct Darkness;
#[derive(Component)]
struct HelpHint {
    secs_left: f32,
}
#[derive(Component)]
struct Statistics;
#[derive(Component)]
struct NoticePanel;
#[derive(Component)]
struct NoticeText;

const NIGHT: Color = Color::srgb(0.035, 0.03, 0.026);

fn spawn_overlay(mut commands: Commands, stage: Res<CurrentStage>, words: Res<Words>) {
    let fill = Node {
        position_type: PositionType::Absolute,
        width: percent(100),
        height: percent(100),
        ..default()
    };
    commands.spawn((
        Darkness,
        fill.clone(),
        BackgroundColor(Color::NONE),
        GlobalZIndex(5),
    ));
    commands.spawn((
        LoadingScreen { opacity: 1.0 },
        Node {
            flex_direction: FlexDirection::Column,
            justify_content: JustifyContent::Center,
            align_items: AlignItems::Center,
            row_gap: px(18),
            padding: UiRect::horizontal(percent(12)),
            ..fill
        },
        BackgroundColor(NIGHT),
        GlobalZIndex(10),
        children![
            (
                StageTitle,
                Text::new(stage.0.title.clone()),
                font(46.0),
                TextColor(INK),
                TextLayout::justify(Justify::Center),
            ),
            (
                StageAbout,
                Text::new(stage.0.about.clone()),
                font(19.0),
                TextColor(FAINT),
                TextLayout::justify(Justify::Center),
                Node {
                    max_width: px(760),
                    ..default()
                },
            ),
            (
                Node {
                    width: px(320),
                    height: px(3),
                    margin: UiRect::top(px(26)),
                    ..default()
                },
                BackgroundColor(Color::srgb(0.16, 0.14, 0.12)),
                children![(
                    LoadingBar,
                    Node {
                        width: percent(0),
                        height: percent(100),
                        ..default()
                    },
                    BackgroundColor(GOLD),
                )],
            ),
            (
                Says(Word::Loading),
                Text::new(words.say(Word::Loading)),
                font(15.0),
                TextColor(FAINT),
            ),
        ],
    ));
    let panel = Color::srgba(0.03, 0.026, 0.022, 0.82);
    commands.spawn((
        HelpHint { secs_left: 8.0 },
        Says(Word::HelpHint),
        Text::new(words.say(Word::HelpHint)),
        font(16.0),
        TextColor(INK.with_alpha(0.0)),
        Node {
            position_type: PositionType::Absolute,
            left: px(28),
            bottom: px(22),
            padding: UiRect::axes(px(12), px(7)),
            border_radius: BorderRadius::all(px(6)),
            ..default()
        },
        // Sunlit sand is as bright as the letters.
        BackgroundColor(GROUND.with_alpha(0.0)),
        GlobalZIndex(4),
    ));
    commands.spawn((
        Statistics,
        BelowTop::px(STATISTICS_TOP_PX),
        Text::default(),
        TextFont {
            font: FontSource::Monospace,
            font_size: FontSize::Px(14.0),
            ..default()
        },
        TextColor(INK),
        BackgroundColor(panel),
        Node {
            position_type: PositionType::Absolute,
            right: px(16),
            top: px(STATISTICS_TOP_PX),
            padding: UiRect::all(px(10)),
            ..default()
        },
        Visibility::Hidden,
        GlobalZIndex(7),
    ));
    commands.spawn((
        NoticePanel,
        Node {
            position_type: PositionType::Absolute,
            left: px(28),
            right: px(28),
            bottom: px(56),
            padding: UiRect::all(px(16)),
            border_radius: BorderRadius::all(px(8)),
            ..default()
        },
        BackgroundColor(Color::srgba(0.10, 0.035, 0.025, 0.97)),
        Visibility::Hidden,
        GlobalZIndex(8),
        children![(
            NoticeText,
            Text::default(),
            TextFont {
                font: FontSource::Monospace,
                font_size: FontSize::Px(15.0),
                ..default()
            },
            TextColor(INK),
        )],
    ));
}

/// Grotto's words in another language.
fn follow_words(
    words: Res<Words>,
    mut texts: Query<(&Says, &mut Text), Without<SaysKeys>>,
    mut keys: Query<(&SaysKeys, &mut Text), Without<Says>>,
) {
    for (Says(word), mut text) in &mut texts {
        words.say(*word).clone_into(&mut text.0);
    }
    for (SaysKeys(word), mut text) in &mut keys {
        words.keys(*word).clone_into(&mut text.0);
    }
}

/// The exhibit's title in another language, while it is still shown.
fn follow_stage(
    stage: Res<CurrentStage>,
    mut titles: Query<&mut Text, (With<StageTitle>, Without<StageAbout>)>,
    mut abouts: Query<&mut Text, (With<StageAbout>, Without<StageTitle>)>,
) {
    for mut title in &mut titles {
        title.0.clone_from(&stage.0.title);
    }
    for mut about in &mut abouts {
        about.0.clone_from(&stage.0.about);
    }
}

fn show_loading(
    mut commands: Commands,
    loading: Res<Loading>,
    warm: Res<WarmUp>,
    time: Res<Time>,
    mut screens: Query<(Entity, &mut LoadingScreen, &mut BackgroundColor)>,
    mut bars: Query<(&mut Node, &mut BackgroundColor), (With<LoadingBar>, Without<LoadingScreen>)>,
    mut texts: Query<(&mut TextColor, &ChildOf), Without<HelpHint>>,
    mut hints: Query<
        (Entity, &mut HelpHint, &mut TextColor, &mut BackgroundColor),
        (Without<LoadingScreen>, Without<LoadingBar>),
    >,
) {
    // The last tenth is the warm-up of the pipelines.
    let fraction = loading.fraction() * 0.9 + if warm.is_done() { 0.1 } else { 0.0 };
    for (mut bar, _) in &mut bars {
        bar.width = percent(fraction * 100.0);
    }
    for (entity, mut screen, mut background) in &mut screens {
        if !warm.is_done() {
            continue;
        }
        screen.opacity -= time.delta_secs() / 1.2;
        if screen.opacity <= 0.0 {
            commands.entity(entity).despawn();
            continue;
        }
        background.0 = NIGHT.with_alpha(screen.opacity);
        for (mut color, parent) in &mut texts {
            if parent.parent() == entity {
                let alpha = color.0.alpha().min(screen.opacity);
                color.0 = color.0.with_alpha(alpha);
            }
        }
        for (_, mut color) in &mut bars {
            color.0 = GOLD.with_alpha(screen.opacity);
        }
    }
    if !screens.is_empty() {
        return;
    }
    for (entity, mut hint, mut color, mut plate) in &mut hints {
        hint.secs_left -= time.delta_secs();
        if hint.secs_left <= 0.0 {
            commands.entity(entity).despawn();
        } else {
            let share = hint.secs_left.min(1.0);
            color.0 = INK.with_alpha(share * 0.85);
            plate.0 = GROUND.with_alpha(share * 0.7);
        }
    }
}

fn show_darkness(visitor: Res<Visitor>, mut covers: Query<&mut BackgroundColor, With<Darkness>>) {
    let color = Color::BLACK.with_alpha(visitor.darkness());
    for mut cover in &mut covers {
        if cover.0 != color {
            cover.0 = color;
        }
    }
}

fn show_statistics(
    mut wishes: MessageReader<Wished>,
    diagnostics: Res<DiagnosticsStore>,
    loading: Res<Loading>,
    visitor: Res<Visitor>,
    mut panels: Query<(&mut Visibility, &mut Text), With<Statistics>>,
) {
    let toggles = wishes
        .read()
        .filter(|wished| wished.0 == Wish::ToggleStatistics)
        .count();
    for (mut visibility, mut text) in &mut panels {
        if toggles % 2 == 1 {
            visibility.toggle_inherited_hidden();
        }
        if *visibility == Visibility::Hidden {
            continue;
        }
        let average = |path| {
            diagnostics
                .get(path)
                .and_then(bevy::diagnostic::Diagnostic::smoothed)
                .unwrap_or_default()
        };
        let pose = visitor.pose();
        let eye = pose.eye_in_world;
        text.0 = format!(
            "{:5.1} frames/s   {:5.1} ms\n{} triangles\n{:.0} MiB textures, {:.0} MiB meshes\n--pose \"{:.2},{:.2},{:.2},{:.0},{:.0}\"",
            average(&FrameTimeDiagnosticsPlugin::FPS),
            average(&FrameTimeDiagnosticsPlugin::FRAME_TIME),
            loading.triangles,
            loading.texture_bytes as f64 / 1_048_576.0,
            loading.mesh_bytes as f64 / 1_048_576.0,
            eye.x,
            eye.y,
            eye.z,
            pose.yaw_rad.to_degrees(),
            pose.pitch_rad.to_degrees(),
        );
    }
}

fn show_notice(
    time: Res<Time>,
    mut notice: ResMut<Notice>,
    mut panels: Query<&mut Visibility, With<NoticePanel>>,
    mut texts: Query<&mut Text, With<NoticeText>>,
) {
    if let Some(left) = notice.bypass_change_detection().secs_left {
        let left = left - time.delta_secs();
        notice.bypass_change_detection().secs_left = Some(left);
        if left <= 0.0 {
            *notice = Notice::default();
        }
    }
    if !notice.is_changed() {
        return;
    }
    for mut panel in &mut panels {
        *panel = if notice.text.is_empty() {
            Visibility::Hidden
        } else {
            Visibility::Inherited
        };
    }
    for mut text in &mut texts {
        text.0.clone_from(&notice.text);
    }
}
