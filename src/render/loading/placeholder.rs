//! What stands where a model cannot be shown: a calm block with the model's name.

use crate::render::board::{Board, Boards, FacesEye};
use bevy::prelude::*;

/// Side of the block, metres.
const BLOCK_M: f32 = 1.0;
/// Size of the sign above it, metres.
pub(super) const SIGN_M: Vec2 = Vec2::new(1.6, 0.5);

/// A plain grey block of one metre, calm and plainly not the exhibit, and a sign above it:
/// the model's name, and that it is missing.
pub(super) fn placeholder(
    commands: &mut Commands,
    boards: &mut Boards,
    root: Entity,
    block: (Handle<Mesh>, Handle<StandardMaterial>),
    id: &str,
    missing: &str,
) {
    commands.spawn((
        ChildOf(root),
        Mesh3d(block.0),
        MeshMaterial3d(block.1),
        Transform::from_xyz(0.0, BLOCK_M / 2.0, 0.0),
    ));
    let at = Transform::from_xyz(0.0, BLOCK_M + 0.33, 0.0);
    sign(commands, boards, root, at, [id, missing]);
}

/// A sign over a model of which images are missing, as large as suits it: their names.
pub(super) fn missing_images(
    commands: &mut Commands,
    boards: &mut Boards,
    root: Entity,
    bounds: (Vec3, Vec3),
    images: &[String],
    missing: &str,
) {
    let size = bounds.1 - bounds.0;
    let scale = (size.max_element() * 0.6 / SIGN_M.x).clamp(0.01, 2.0);
    let mut middle = (bounds.0 + bounds.1) * 0.5;
    middle.y = bounds.1.y + SIGN_M.y * scale;
    let at = Transform::from_translation(middle).with_scale(Vec3::splat(scale));
    sign(commands, boards, root, at, [&names(images), missing]);
}

/// The first name, and how many more there are.
pub(super) fn names(images: &[String]) -> String {
    let more = images.len().saturating_sub(1);
    let mut names = images.first().cloned().unwrap_or_default();
    if more > 0 {
        names.push_str(&format!(" + {more}"));
    }
    names
}

/// Two lines on a dark board that faces the visitor.
pub(super) fn sign(
    commands: &mut Commands,
    boards: &mut Boards,
    root: Entity,
    at: Transform,
    [title, subtitle]: [&str; 2],
) {
    let Board { quad, page } = boards.spawn(commands, SIGN_M);
    commands.entity(quad).insert((ChildOf(root), FacesEye, at));
    // A long name is written smaller, so that it stays on its board.
    let letters = title.chars().count().max(1) as f32;
    let title_px = (220.0 * 13.0 / letters).clamp(64.0, 220.0);
    let line = |text: String, size: f32, color: Color| {
        (
            Text::new(text),
            TextFont {
                font: FontSource::SansSerif,
                font_size: FontSize::Px(size),
                ..default()
            },
            TextColor(color),
            TextLayout::justify(Justify::Center),
        )
    };
    commands.entity(page).insert((
        BackgroundColor(Color::srgba(0.06, 0.055, 0.05, 0.9)),
        Node {
            width: percent(100),
            height: percent(100),
            flex_direction: FlexDirection::Column,
            align_items: AlignItems::Center,
            justify_content: JustifyContent::Center,
            row_gap: px(26),
            padding: UiRect::all(px(40)),
            ..default()
        },
        children![
            line(title.to_owned(), title_px, Color::srgb(0.93, 0.89, 0.80)),
            line(subtitle.to_owned(), 100.0, Color::srgb(0.70, 0.65, 0.57)),
        ],
    ));
}

/// The block's shape and color.
pub(super) fn block(
    meshes: &mut Assets<Mesh>,
    materials: &mut Assets<StandardMaterial>,
) -> (Handle<Mesh>, Handle<StandardMaterial>) {
    (
        meshes.add(Cuboid::from_length(BLOCK_M)),
        materials.add(StandardMaterial {
            base_color: Color::srgb(0.35, 0.36, 0.38),
            perceptual_roughness: 1.0,
            unlit: true,
            ..default()
        }),
    )
}
