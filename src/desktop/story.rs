//! Tours and hotspots on a monitor: markers, captions, panels, questions.

use super::overlay::{FAINT, GOLD, INK, font};
use crate::{
    exhibit::{
        intent::Wish,
        telling::Telling,
        visitor::{Rock, Visitor, VisitorEye, Wished},
        words::{Word, Words},
    },
    render::{captions, warm::WarmUp},
    tour::HotspotIndex,
};
use bevy::prelude::*;

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Startup, spawn)
        .add_systems(Update, (place_markers, name_markers, show_card, show_guide));
}

/// The marker of a hotspot.
#[derive(Component)]
struct Marker(HotspotIndex);
#[derive(Component)]
struct MarkerDot;
#[derive(Component)]
struct MarkerTitle;
#[derive(Component)]
struct Card;
#[derive(Component)]
struct CardTitle;
#[derive(Component)]
struct CardText;
#[derive(Component)]
struct GuideLine;

/// Width of a marker's box, pixels; its dot stands in the middle.
const MARKER_PX: f32 = 260.0;
/// Beyond this distance markers fade away, metres.
const MARKER_FAR_M: f32 = 9.0;

fn spawn(mut commands: Commands, telling: Option<Res<Telling>>) {
    let Some(telling) = telling else { return };
    for (index, hotspot) in telling.staged().hotspots.iter().enumerate() {
        commands.spawn((
            Marker(HotspotIndex::new(index)),
            Node {
                position_type: PositionType::Absolute,
                width: px(MARKER_PX),
                flex_direction: FlexDirection::Column,
                align_items: AlignItems::Center,
                row_gap: px(6),
                ..default()
            },
            Visibility::Hidden,
            GlobalZIndex(1),
            children![
                (
                    MarkerDot,
                    Node {
                        width: px(14),
                        height: px(14),
                        border: UiRect::all(px(2)),
                        border_radius: BorderRadius::MAX,
                        ..default()
                    },
                    BackgroundColor(GOLD),
                    BorderColor::all(INK),
                ),
                (
                    MarkerTitle,
                    Text::new(hotspot.title.clone()),
                    font(17.0),
                    TextColor(INK),
                    TextShadow::default(),
                    TextLayout::justify(Justify::Center),
                ),
            ],
        ));
    }
    captions::spawn_captions(&mut commands, None, 1.0);
    commands.spawn((
        Card,
        Node {
            position_type: PositionType::Absolute,
            right: px(36),
            top: percent(14),
            width: px(400),
            max_height: percent(66),
            padding: UiRect::all(px(26)),
            flex_direction: FlexDirection::Column,
            row_gap: px(14),
            border_radius: BorderRadius::all(px(10)),
            overflow: Overflow::clip(),
            ..default()
        },
        BackgroundColor(Color::srgba(0.03, 0.026, 0.022, 0.88)),
        Visibility::Hidden,
        GlobalZIndex(3),
        children![
            (
                CardTitle,
                Text::default(),
                font(25.0),
                TextColor(GOLD),
                TextLayout::justify(Justify::Start),
            ),
            (
                CardText,
                Text::default(),
                font(19.0),
                TextColor(INK),
                TextLayout::justify(Justify::Start),
            ),
        ],
    ));
    commands.spawn((
        GuideLine,
        Text::default(),
        font(17.0),
        TextColor(FAINT),
        TextShadow::default(),
        Node {
            position_type: PositionType::Absolute,
            right: px(28),
            bottom: px(22),
            ..default()
        },
        Visibility::Hidden,
        GlobalZIndex(3),
    ));
}

/// Markers stand over their places, fade with distance, and hide behind rock.
fn place_markers(
    telling: Option<Res<Telling>>,
    rock: Res<Rock>,
    warm: Res<WarmUp>,
    visitor: Res<Visitor>,
    eyes: Query<(&Camera, &GlobalTransform), With<VisitorEye>>,
    mut markers: Query<(&Marker, &mut Node, &mut Visibility, &Children)>,
    mut dots: Query<(&mut BackgroundColor, &mut BorderColor), With<MarkerDot>>,
    mut titles: Query<&mut Visibility, (With<MarkerTitle>, Without<Marker>)>,
) {
    let (Some(telling), Some((camera, eye))) = (telling, eyes.iter().next()) else {
        return;
    };
    let rock = rock.0.as_deref();
    for (Marker(spot), mut node, mut visibility, children) in &mut markers {
        let ball = telling.staged().hotspots[spot.index()].ball_in_world;
        let (is_shown, is_open) = telling.marker(*spot);
        let place = ball
            .filter(|_| is_shown && warm.is_done())
            .and_then(|(center, radius)| {
                // The ray last: most markers are not before the eye.
                let at = camera.world_to_viewport(eye, center).ok()?;
                let from = eye.translation();
                let distance = from.distance(center);
                let sees = crate::exhibit::telling::is_visible(from, center, radius, rock);
                sees.then_some((at, distance))
            });
        let Some((at, distance)) = place else {
            visibility.set_if_neq(Visibility::Hidden);
            continue;
        };
        visibility.set_if_neq(Visibility::Inherited);
        node.left = px(at.x - MARKER_PX * 0.5);
        node.top = px(at.y - 7.0);
        let near = 1.0 - ((distance - MARKER_FAR_M * 0.6) / (MARKER_FAR_M * 0.4)).clamp(0.0, 1.0);
        let is_gazed = telling.gazed == Some(*spot);
        let alpha = if is_gazed || is_open {
            1.0
        } else {
            0.25 + 0.45 * near
        };
        let title = if is_gazed {
            Visibility::Inherited
        } else {
            Visibility::Hidden
        };
        for child in children.iter() {
            if let Ok((mut fill, mut edge)) = dots.get_mut(child) {
                fill.0 = if is_open { INK } else { GOLD }.with_alpha(alpha);
                *edge = BorderColor::all(INK.with_alpha(alpha * if is_gazed { 1.0 } else { 0.5 }));
            }
            if let Ok(mut own) = titles.get_mut(child) {
                own.set_if_neq(title);
            }
        }
    }
    // A flight shows the cave, not its labels.
    if visitor.darkness() > 0.5 {
        for (_, _, mut visibility, _) in &mut markers {
            *visibility = Visibility::Hidden;
        }
    }
}

/// Markers bear their titles in the visitor's language.
fn name_markers(
    telling: Option<Res<Telling>>,
    markers: Query<(&Marker, &Children)>,
    mut titles: Query<&mut Text, With<MarkerTitle>>,
) {
    let Some(telling) = telling else { return };
    for (Marker(spot), children) in &markers {
        let Some(hotspot) = telling.staged().hotspots.get(spot.index()) else {
            continue;
        };
        for child in children.iter() {
            if let Ok(mut own) = titles.get_mut(child)
                && own.0 != hotspot.title
            {
                own.0.clone_from(&hotspot.title);
            }
        }
    }
}

/// One card: the panel of a hotspot, or the question of a tour.
fn show_card(
    telling: Option<Res<Telling>>,
    words: Res<Words>,
    mut cards: Query<&mut Visibility, With<Card>>,
    mut titles: Query<&mut Text, (With<CardTitle>, Without<CardText>)>,
    mut texts: Query<&mut Text, (With<CardText>, Without<CardTitle>)>,
) {
    let Some(telling) = telling else { return };
    let content = if let Some(asked) = &telling.asked {
        let answers: Vec<String> = asked
            .answers
            .iter()
            .enumerate()
            .map(|(index, answer)| {
                let mark = match asked.given {
                    Some((given, true)) if given == index => "  ✓",
                    Some((given, false)) if given == index => "  ✗",
                    _ => "",
                };
                format!("{}   {answer}{mark}", index + 1)
            })
            .collect();
        Some((asked.text.clone(), answers.join("\n\n")))
    } else {
        telling.panel.as_ref().map(|panel| {
            let text = format!("{}\n\n{}", plain(&panel.text), words.say(Word::CloseHint));
            (panel.title.clone(), text)
        })
    };
    for mut card in &mut cards {
        card.set_if_neq(if content.is_some() {
            Visibility::Inherited
        } else {
            Visibility::Hidden
        });
    }
    let Some((title, text)) = content else { return };
    for mut own in &mut titles {
        if own.0 != title {
            own.0.clone_from(&title);
        }
    }
    for mut own in &mut texts {
        if own.0 != text {
            own.0.clone_from(&text);
        }
    }
}

/// Text without its marks of emphasis; lists get their dots.
fn plain(text: &str) -> String {
    text.lines()
        .map(|line| match line.trim_start().strip_prefix("- ") {
            Some(item) => format!("•  {}", item.replace('*', "")),
            None => line.replace('*', ""),
        })
        .collect::<Vec<_>>()
        .join("\n")
}

/// What can be done next, in the corner: where the tour is, how to go on.
fn show_guide(
    telling: Option<Res<Telling>>,
    words: Res<Words>,
    warm: Res<WarmUp>,
    mut seen: MessageReader<Wished>,
    mut was_toured: Local<bool>,
    mut lines: Query<(&mut Visibility, &mut Text, &mut TextColor), With<GuideLine>>,
) {
    let Some(telling) = telling else { return };
    *was_toured |= seen.read().any(|wished| wished.0 == Wish::Guide);
    let (text, color) = match &telling.tour {
        Some((tour, step)) => {
            let place = if step.is_empty() {
                tour.clone()
            } else {
                format!("{tour}  ·  {step}")
            };
            let hint = if telling.offers_next {
                format!("     {}", words.say(Word::GuideNext))
            } else {
                String::new()
            };
            let color = if telling.offers_next { GOLD } else { FAINT };
            (format!("{place}{hint}"), color)
        }
        None if !*was_toured && !telling.staged().script.tours.is_empty() => {
            (words.say(Word::GuideStart).to_owned(), FAINT)
        }
        None => (String::new(), FAINT),
    };
    for (mut visibility, mut own, mut own_color) in &mut lines {
        visibility.set_if_neq(if warm.is_done() {
            Visibility::Inherited
        } else {
            Visibility::Hidden
        });
        if own.0 != text {
            own.0.clone_from(&text);
        }
        own_color.set_if_neq(TextColor(color));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_emphasis_are_not_shown() {
        assert_eq!(
            plain("A **lotus** in *squares*.\n\n- pearls\n- vines"),
            "A lotus in squares.\n\n•  pearls\n•  vines",
            "markup becomes plain words and dots"
        );
    }
}
