//! Captions over a picture: what is said, to be read. The same in a window and in a film.

use crate::exhibit::{settings::VisitSettings, telling::Telling};
use bevy::prelude::*;

/// Letters of captions.
const LETTERS: Color = Color::srgb(0.97, 0.95, 0.90);
/// Dark enough for white letters over any mural (WCAG 1.4.3: 4.5 to 1).
const GROUND: Color = Color::srgba(0.02, 0.018, 0.015, 0.78);

/// Where captions stand, hidden while nothing is said.
#[derive(Component)]
struct CaptionPanel;
/// Letters, and their usual height in pixels.
#[derive(Component)]
struct CaptionText {
    letters_px: f32,
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
                    },
                    Text::default(),
                    font(26.0 * scale),
                    TextColor(LETTERS),
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
    telling: Option<Res<Telling>>,
    settings: Option<Res<VisitSettings>>,
    mut panels: Query<&mut Visibility, With<CaptionPanel>>,
    mut texts: Query<(&CaptionText, &mut Text, &mut TextFont)>,
) {
    let Some(telling) = telling else { return };
    let settings = settings.map(|settings| *settings).unwrap_or_default();
    let words = if settings.has_captions {
        telling.captions()
    } else {
        String::new()
    };
    for mut panel in &mut panels {
        panel.set_if_neq(if words.is_empty() {
            Visibility::Hidden
        } else {
            Visibility::Inherited
        });
    }
    for (caption, mut text, mut letters) in &mut texts {
        if text.0 != words {
            text.0.clone_from(&words);
        }
        let size = FontSize::Px(caption.letters_px * settings.text_size.scale());
        if letters.font_size != size {
            letters.font_size = size;
        }
    }
}
