//! Captions over a picture: what is said, to be read. The same in a window and in a film.

use crate::exhibit::{
    settings::VisitSettings,
    telling::{Spoken, Telling},
    words::with_base,
};
use bevy::prelude::*;

/// Letters of captions, by speaker: white, yellow, blue, green, as broadcasters tell speakers
/// apart; soft, and each readable on the ground (over 9 to 1).
const LETTERS: [Color; 4] = [
    Color::srgb(0.97, 0.95, 0.90),
    Color::srgb(0.98, 0.86, 0.50),
    Color::srgb(0.66, 0.86, 0.97),
    Color::srgb(0.72, 0.93, 0.66),
];
/// Dark enough for white letters over any mural (WCAG 1.4.3: 4.5 to 1).
const GROUND: Color = Color::srgba(0.02, 0.018, 0.015, 0.78);

/// Where captions stand, hidden while nothing is said.
#[derive(Component)]
struct CaptionPanel;
/// Letters, and their usual height in pixels.
#[derive(Component)]
struct CaptionText {
    letters_px: f32,
    shown: Vec<Spoken>,
}

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Update, show_captions);
}

/// A font with every script the system has.
pub fn font(size_px: f32) -> TextFont {
    TextFont {
        font: FontSource::SansSerif,
        font_size: FontSize::Px(size_px),
        ..default()
    }
}

/// Captions at the lower edge. `scale` is 1 for a picture 720 pixels high; without a camera
/// they go to the window.
pub fn spawn_captions(commands: &mut Commands, camera: Option<Entity>, scale: f32) {
    let panel = commands
        .spawn((
            CaptionPanel,
            Node {
                position_type: PositionType::Absolute,
                left: percent(10),
                right: percent(10),
                bottom: px(64.0 * scale),
                justify_content: JustifyContent::Center,
                ..default()
            },
            Visibility::Hidden,
            GlobalZIndex(3),
            children![(
                Node {
                    padding: UiRect::axes(px(22.0 * scale), px(12.0 * scale)),
                    border_radius: BorderRadius::all(px(8.0 * scale)),
                    max_width: px(900.0 * scale),
                    ..default()
                },
                BackgroundColor(GROUND),
                children![(
                    CaptionText {
                        letters_px: 26.0 * scale,
                        shown: Vec::new(),
                    },
                    Text::default(),
                    font(26.0 * scale),
                    TextColor(LETTERS[0]),
                    TextLayout::justify(Justify::Center),
                )],
            )],
        ))
        .id();
    if let Some(camera) = camera {
        commands.entity(panel).insert(UiTargetCamera(camera));
    }
}

fn show_captions(
    mut commands: Commands,
    telling: Option<Res<Telling>>,
    settings: Option<Res<VisitSettings>>,
    mut panels: Query<&mut Visibility, With<CaptionPanel>>,
    mut texts: Query<(Entity, &mut CaptionText, &mut Text, &mut TextFont)>,
) {
    let Some(telling) = telling else { return };
    let settings = settings.map(|settings| *settings).unwrap_or_default();
    let lines = if settings.has_captions {
        telling.spoken()
    } else {
        Vec::new()
    };
    for mut panel in &mut panels {
        panel.set_if_neq(if lines.is_empty() {
            Visibility::Hidden
        } else {
            Visibility::Inherited
        });
    }
    for (entity, mut caption, mut text, mut letters) in &mut texts {
        let size = FontSize::Px(caption.letters_px * settings.text_size.scale());
        if letters.font_size == size && caption.shown == lines {
            continue;
        }
        letters.font_size = size;
        // The first line is the text itself: its mark of direction counts for all.
        let first = lines.first().cloned().unwrap_or_default();
        text.0 = with_base(&first.text, telling.direction()).into_owned();
        let color = |tone: usize| TextColor(LETTERS[tone % LETTERS.len()]);
        let mut entity = commands.entity(entity);
        entity.insert(color(first.tone)).despawn_children();
        for line in lines.iter().skip(1) {
            entity.with_child((
                TextSpan::new(format!("\n{}", line.text)),
                letters.clone(),
                color(line.tone),
            ));
        }
        caption.shown.clone_from(&lines);
    }
}
