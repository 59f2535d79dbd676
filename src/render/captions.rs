//! Captions over a picture: what is said, to be read. The same in a window, in a film and on a
//! headset's board.

use crate::{
    exhibit::{
        settings::VisitSettings,
        telling::{Spoken, Telling},
        words::{Direction, with_base},
    },
    visit::comfort::CaptionGround,
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
/// The same as bright as they go: on black over 14 to 1.
const BRIGHT_LETTERS: [Color; 4] = [
    Color::WHITE,
    Color::srgb(1.0, 0.92, 0.0),
    Color::srgb(0.35, 0.95, 1.0),
    Color::srgb(0.55, 1.0, 0.45),
];
/// Dark enough for white letters over any mural (WCAG 1.4.3: 4.5 to 1).
const PLATE: Color = Color::srgba(0.02, 0.018, 0.015, 0.78);
/// The edge of outlined letters.
const EDGE: Color = Color::srgb(0.01, 0.009, 0.008);
/// How wide that edge is, in heights of letters.
const EDGE_WIDTH: f32 = 0.065;
/// Where copies of the letters stand that make their edge, in its widths.
const AROUND: [Vec2; 8] = [
    Vec2::new(1.0, 0.0),
    Vec2::new(0.7, 0.7),
    Vec2::new(0.0, 1.0),
    Vec2::new(-0.7, 0.7),
    Vec2::new(-1.0, 0.0),
    Vec2::new(-0.7, -0.7),
    Vec2::new(0.0, -1.0),
    Vec2::new(0.7, -0.7),
];
/// Height of usual letters in a picture 720 pixels high, pixels.
const LETTERS_PX: f32 = 26.0;
/// The longest line in such a picture, pixels.
const LINE_PX: f32 = 900.0;

/// How captions are written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CaptionStyle {
    /// Height of letters, pixels.
    pub letters_px: f32,
    /// The widest that letters and their ground may be.
    pub max_width: Val,
    /// What they stand on.
    pub ground: CaptionGround,
    /// Which way the language is written.
    pub direction: Direction,
}

/// Where captions stand, hidden while nothing is said.
#[derive(Component)]
pub struct CaptionPanel {
    scale: f32,
    shown: Option<(Vec<Spoken>, CaptionStyle)>,
}

impl CaptionPanel {
    /// Nothing is shown yet; the scale is 1 for a picture 720 pixels high.
    #[must_use]
    pub fn new(scale: f32) -> Self {
        Self { scale, shown: None }
    }

    /// How far above the lower edge it stands where nothing is in its way, pixels.
    #[must_use]
    pub fn bottom_px(&self) -> f32 {
        64.0 * self.scale
    }

    /// The widest that captions become, pixels.
    #[must_use]
    pub fn widest_px(&self) -> f32 {
        LINE_PX * self.scale
    }
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
    let panel = CaptionPanel::new(scale);
    let bottom_px = panel.bottom_px();
    let panel = commands
        .spawn((
            panel,
            Node {
                position_type: PositionType::Absolute,
                left: percent(10),
                right: percent(10),
                bottom: px(bottom_px),
                justify_content: JustifyContent::Center,
                ..default()
            },
            Visibility::Hidden,
            GlobalZIndex(3),
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
    mut panels: Query<(Entity, &mut CaptionPanel, &mut Visibility)>,
) {
    let Some(telling) = telling else { return };
    let settings = settings.map(|settings| *settings).unwrap_or_default();
    let lines = if settings.has_captions {
        telling.spoken()
    } else {
        Vec::new()
    };
    for (entity, mut panel, mut visibility) in &mut panels {
        visibility.set_if_neq(if lines.is_empty() {
            Visibility::Hidden
        } else {
            Visibility::Inherited
        });
        let style = CaptionStyle {
            letters_px: LETTERS_PX * panel.scale * settings.text_size.scale(),
            max_width: px(panel.widest_px()),
            ground: settings.caption_ground,
            direction: telling.direction(),
        };
        let is_shown = (panel.shown.as_ref())
            .is_some_and(|(own, own_style)| *own == lines && *own_style == style);
        if is_shown {
            continue;
        }
        commands.entity(entity).despawn_children();
        write_captions(&mut commands, entity, &lines, &style);
        panel.shown = Some((lines.clone(), style));
    }
}

/// Writes lines of captions into `parent`: the letters, and what they stand on, which is given;
/// `None` where there are none.
pub fn write_captions(
    commands: &mut Commands,
    parent: Entity,
    lines: &[Spoken],
    style: &CaptionStyle,
) -> Option<Entity> {
    if lines.is_empty() {
        return None;
    }
    let letters_px = style.letters_px;
    let (ground, letters) = match style.ground {
        CaptionGround::Outline => (Color::NONE, BRIGHT_LETTERS),
        CaptionGround::Plate => (PLATE, LETTERS),
        CaptionGround::Solid => (Color::BLACK, BRIGHT_LETTERS),
    };
    let plate = commands
        .spawn((
            Node {
                padding: UiRect::axes(px(letters_px * 0.86), px(letters_px * 0.46)),
                border_radius: BorderRadius::all(px(letters_px * 0.31)),
                max_width: style.max_width,
                ..default()
            },
            BackgroundColor(ground),
            ChildOf(parent),
        ))
        .id();
    let stack = commands.spawn((Node::default(), ChildOf(plate))).id();
    if style.ground == CaptionGround::Outline {
        // Bevy draws no edges around letters: copies behind them, all around, are one.
        for around in AROUND {
            let at = around * letters_px * EDGE_WIDTH;
            let place = Node {
                position_type: PositionType::Absolute,
                left: px(at.x),
                top: px(at.y),
                width: percent(100),
                ..default()
            };
            write_lines(commands, stack, lines, style, place, |_| EDGE);
        }
    }
    let color = |tone: usize| letters[tone % letters.len()];
    write_lines(commands, stack, lines, style, Node::default(), color);
    Some(plate)
}

fn write_lines(
    commands: &mut Commands,
    parent: Entity,
    lines: &[Spoken],
    style: &CaptionStyle,
    place: Node,
    color: impl Fn(usize) -> Color,
) {
    let Some((first, more)) = lines.split_first() else {
        return;
    };
    let letters = match style.ground {
        CaptionGround::Plate => font(style.letters_px),
        CaptionGround::Outline | CaptionGround::Solid => TextFont {
            weight: FontWeight::SEMIBOLD,
            ..font(style.letters_px)
        },
    };
    let text = commands
        .spawn((
            // The first line is the text itself: its mark of direction counts for all.
            Text::new(with_base(&first.text, style.direction)),
            letters.clone(),
            TextColor(color(first.tone)),
            TextLayout::justify(Justify::Center),
            place,
            ChildOf(parent),
        ))
        .id();
    for line in more {
        commands.spawn((
            TextSpan::new(format!("\n{}", line.text)),
            letters.clone(),
            TextColor(color(line.tone)),
            ChildOf(text),
        ));
    }
}
