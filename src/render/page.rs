//! Panels as pages of Bevy's UI: the same on a monitor and on a board in a headset.

use super::{captions::font, pictures::Pictures};
use crate::exhibit::{
    intent::Wish,
    markup::{self, Block, Style},
    recording::Doing,
    telling::Panel,
    visitor::Wished,
    words::Direction,
};
use bevy::{prelude::*, text::FontStyle};

/// Letters.
pub const INK: Color = Color::srgb(0.93, 0.89, 0.80);
/// Letters of less weight.
pub const FAINT: Color = Color::srgb(0.62, 0.57, 0.49);
/// Red as a recording light; no part of the exhibit has it.
const RED: Color = Color::srgb(0.86, 0.16, 0.13);
/// Titles, and what can be pressed.
pub const GOLD: Color = Color::srgb(0.82, 0.62, 0.30);
/// Behind letters: dark enough over any mural (WCAG 1.4.3: 4.5 to 1).
pub const GROUND: Color = Color::srgba(0.03, 0.026, 0.022, 0.93);
/// Behind what can be pressed.
pub const BUTTON: Color = Color::srgba(0.22, 0.17, 0.10, 0.9);
/// The same while it is pointed at.
pub const BUTTON_MEANT: Color = Color::srgba(0.40, 0.29, 0.14, 0.95);
const STRONG: Color = Color::srgb(1.0, 0.96, 0.88);
const EMPHASIS: Color = Color::srgb(0.95, 0.82, 0.58);

/// Measures of a page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PageStyle {
    /// Height of letters, pixels.
    pub letters_px: f32,
    /// Width of the column of text, pixels.
    pub width_px: f32,
    /// Pictures are no higher, pixels.
    pub picture_px: f32,
    /// Which way the language is written.
    pub direction: Direction,
}

impl PageStyle {
    /// Rows run as the language does.
    pub fn row(&self) -> FlexDirection {
        match self.direction {
            Direction::LeftToRight => FlexDirection::Row,
            Direction::RightToLeft => FlexDirection::RowReverse,
        }
    }
}

/// Height of a line, in heights of letters.
const LINE: f32 = 1.3;

/// The part of a page that is read on in.
#[derive(Component, Debug, Clone, Copy)]
pub struct ReadOn {
    line_px: f32,
}

/// A column that is read on in where it is too long, `scrolled_px` below its beginning.
pub fn read_on(letters_px: f32, scrolled_px: f32) -> impl Bundle {
    (
        ReadOn {
            line_px: letters_px * LINE,
        },
        Node {
            flex_direction: FlexDirection::Column,
            row_gap: px(letters_px * 0.6),
            min_height: px(0),
            flex_shrink: 1.0,
            overflow: Overflow::scroll_y(),
            ..default()
        },
        ScrollPosition(Vec2::new(0.0, scrolled_px)),
    )
}

/// Reads on, within what there is.
pub fn scroll(
    mut wishes: MessageReader<Wished>,
    mut columns: Query<(&ReadOn, &mut ScrollPosition, &ComputedNode)>,
) {
    let lines: f32 = wishes
        .read()
        .map(|Wished(wish)| match wish {
            Wish::Scroll(lines) => f32::from(*lines),
            _ => 0.0,
        })
        .sum();
    if lines == 0.0 {
        return;
    }
    for (column, mut scroll, node) in &mut columns {
        let most = (node.content_size.y - node.size.y).max(0.0) * node.inverse_scale_factor;
        let to = (scroll.0.y + lines * column.line_px).clamp(0.0, most);
        if scroll.0.y != to {
            scroll.0.y = to;
        }
    }
}

/// Writes what a panel holds below its title into `parent`, a column.
pub fn write_panel(
    commands: &mut Commands,
    parent: Entity,
    panel: &Panel,
    style: &PageStyle,
    pictures: &mut Pictures,
    images: &mut Assets<Image>,
) {
    if panel.is_picture {
        write_pictures(commands, parent, panel, style, pictures, images);
        write_text(commands, parent, &panel.text, style);
    } else {
        write_text(commands, parent, &panel.text, style);
        write_pictures(commands, parent, panel, style, pictures, images);
    }
    for credit in &panel.credits {
        small(commands, parent, credit, style, style.width_px);
    }
}

/// Writes a text with the markup of panels.
pub fn write_text(commands: &mut Commands, parent: Entity, text: &str, style: &PageStyle) {
    for block in markup::parse(text) {
        match block {
            Block::Paragraph(spans) => write_spans(commands, parent, &spans, style),
            Block::Item(spans) => {
                let row = commands
                    .spawn((
                        Node {
                            flex_direction: style.row(),
                            column_gap: px(style.letters_px * 0.6),
                            width: percent(100),
                            ..default()
                        },
                        ChildOf(parent),
                    ))
                    .id();
                commands.spawn((
                    Text::new("•"),
                    font(style.letters_px),
                    TextColor(GOLD),
                    ChildOf(row),
                ));
                write_spans(commands, row, &spans, style);
            }
        }
    }
}

fn write_spans(commands: &mut Commands, parent: Entity, spans: &[markup::Span], style: &PageStyle) {
    let text = commands
        .spawn((
            Text::default(),
            font(style.letters_px),
            TextColor(INK),
            TextLayout::justify(Justify::Start),
            Node {
                flex_shrink: 1.0,
                ..default()
            },
            ChildOf(parent),
        ))
        .id();
    for span in spans {
        let plain = font(style.letters_px);
        let (font, color) = match span.style {
            Style::Plain => (plain, INK),
            Style::Emphasis => (
                TextFont {
                    style: FontStyle::Italic,
                    ..plain
                },
                EMPHASIS,
            ),
            Style::Strong => (
                TextFont {
                    weight: FontWeight::BOLD,
                    ..plain
                },
                STRONG,
            ),
            Style::Address => (font(style.letters_px * 0.8), FAINT),
        };
        commands.spawn((
            TextSpan::new(span.text.clone()),
            font,
            TextColor(color),
            ChildOf(text),
        ));
    }
}

/// Two pictures stand side by side: before and after. Others stand below each other.
fn write_pictures(
    commands: &mut Commands,
    parent: Entity,
    panel: &Panel,
    style: &PageStyle,
    pictures: &mut Pictures,
    images: &mut Assets<Image>,
) {
    let gap_px = style.letters_px * 0.7;
    let are_pair = panel.pictures.len() == 2;
    let (width_px, into) = if are_pair {
        let row = commands
            .spawn((
                Node {
                    flex_direction: style.row(),
                    column_gap: px(gap_px),
                    ..default()
                },
                ChildOf(parent),
            ))
            .id();
        ((style.width_px - gap_px) * 0.5, row)
    } else {
        (style.width_px, parent)
    };
    for picture in &panel.pictures {
        let column = commands
            .spawn((
                Node {
                    flex_direction: FlexDirection::Column,
                    row_gap: px(style.letters_px * 0.3),
                    width: px(width_px),
                    flex_shrink: 0.0,
                    ..default()
                },
                ChildOf(into),
            ))
            .id();
        match pictures.get(&picture.path, images) {
            Some((image, size)) => {
                let scale = (width_px / size.x.max(1.0)).min(style.picture_px / size.y.max(1.0));
                commands.spawn((
                    ImageNode::new(image),
                    Node {
                        width: px(size.x * scale),
                        height: px(size.y * scale),
                        align_self: AlignSelf::Center,
                        ..default()
                    },
                    ChildOf(column),
                ));
            }
            // Its place until it is here, or its words where it never comes.
            None => small(commands, column, &picture.alternative, style, width_px),
        }
        for line in [&picture.caption, &picture.credit] {
            if !line.is_empty() {
                small(commands, column, line, style, width_px);
            }
        }
    }
}

/// Small letters of less weight, in lines of this width. Without it, taffy 0.10 takes the height
/// of texts in columns beside each other as if each word stood on its own line, and the page for
/// longer than it is.
fn small(commands: &mut Commands, parent: Entity, text: &str, style: &PageStyle, width_px: f32) {
    commands.spawn((
        Text::new(markup::plain(text)),
        font(style.letters_px * 0.78),
        TextColor(FAINT),
        TextLayout::justify(Justify::Start),
        Node {
            width: px(width_px),
            ..default()
        },
        ChildOf(parent),
    ));
}

/// The light of a recorder. It winks slowly, as the lights of cameras do: it must not distract
/// the guide.
pub fn recording_light(doing: &Doing, secs: f32) -> Color {
    match doing {
        Doing::Rolling { .. } => {
            let phase = (secs * 0.8).fract();
            RED.with_alpha(if phase < 0.5 { 1.0 } else { 0.45 })
        }
        Doing::Writing => GOLD,
        _ => FAINT,
    }
}

#[cfg(test)]
mod tests;
