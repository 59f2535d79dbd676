//! What the visitor has just set, said for a moment.

use super::{super::top::BelowTop, card::Card};
use crate::{
    exhibit::{
        settings::{Listens, VisitSettings},
        words::{Word, Words},
    },
    render::{
        captions::font,
        page::{GROUND, INK},
    },
    visit::comfort::CaptionGround,
};
use bevy::{prelude::*, ui::UiSystems};

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Update, (show, fade).chain())
        .add_systems(PostUpdate, stand_beside.before(UiSystems::Layout));
}

/// Where it stands, pixels from the top.
const TOP_PX: f32 = 28.0;
/// How long it stays, seconds.
const SHOWN_SECS: f32 = 1.8;

#[derive(Component)]
struct Toast {
    secs_left: f32,
}

/// The setting in which two visits differ, in words.
fn words_for(old: &VisitSettings, new: &VisitSettings, words: &Words) -> Option<String> {
    let percent = |word, percent: u32| words.say_with(word, &[("percent", &percent.to_string())]);
    if (old.volume, old.is_muted) != (new.volume, new.is_muted) {
        return Some(match new.is_muted {
            true => words.say(Word::VolumeMuted).to_owned(),
            false => percent(Word::Volume, new.volume_percent()),
        });
    }
    if old.has_captions != new.has_captions {
        let word = match new.has_captions {
            true => Word::CaptionsOn,
            false => Word::CaptionsOff,
        };
        return Some(words.say(word).to_owned());
    }
    if old.caption_ground != new.caption_ground {
        let word = match new.caption_ground {
            CaptionGround::Outline => Word::CaptionOutline,
            CaptionGround::Plate => Word::CaptionPlate,
            CaptionGround::Solid => Word::CaptionSolid,
        };
        return Some(words.say(word).to_owned());
    }
    if let (true, Some(through)) = (old.through != new.through, new.through) {
        let word = match through {
            Listens::Headphones => Word::Headphones,
            Listens::Loudspeakers => Word::Loudspeakers,
            Listens::OneLoudspeaker => Word::OneLoudspeaker,
        };
        return Some(words.say(word).to_owned());
    }
    (old.text_size != new.text_size).then(|| {
        percent(
            Word::TextSize,
            (new.text_size.scale() * 100.0).round() as u32,
        )
    })
}

fn show(
    mut commands: Commands,
    settings: Res<VisitSettings>,
    words: Res<Words>,
    mut before: Local<Option<VisitSettings>>,
    old: Query<Entity, With<Toast>>,
) {
    let said = before
        .as_ref()
        .and_then(|before| words_for(before, &settings, &words));
    *before = Some(*settings);
    let Some(text) = said else { return };
    for entity in &old {
        commands.entity(entity).despawn();
    }
    commands.spawn((
        Toast {
            secs_left: SHOWN_SECS,
        },
        Node {
            position_type: PositionType::Absolute,
            left: px(0),
            right: px(0),
            top: px(TOP_PX),
            justify_content: JustifyContent::Center,
            ..default()
        },
        BelowTop::px(TOP_PX),
        GlobalZIndex(7),
        children![(
            Node {
                padding: UiRect::axes(px(20), px(10)),
                border_radius: BorderRadius::all(px(8)),
                ..default()
            },
            BackgroundColor(GROUND),
            children![(
                Text::new(text),
                font(19.0 * settings.text_size.scale()),
                TextColor(INK),
            )],
        )],
    ));
}

/// In the middle of what an open card leaves free: it covers none of its words.
fn stand_beside(
    cards: Query<&Node, (With<Card>, Without<Toast>)>,
    mut toasts: Query<&mut Node, With<Toast>>,
) {
    let (left_px, right_px) = cards.iter().next().map_or((0.0, 0.0), Card::leaves_free);
    for mut node in &mut toasts {
        let sides = (px(left_px), px(right_px));
        if (node.left, node.right) != sides {
            (node.left, node.right) = sides;
        }
    }
}

fn fade(mut commands: Commands, time: Res<Time>, mut toasts: Query<(Entity, &mut Toast)>) {
    for (entity, mut toast) in &mut toasts {
        toast.secs_left -= time.delta_secs();
        if toast.secs_left <= 0.0 {
            commands.entity(entity).despawn();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exhibit::intent::Wish;

    #[test]
    fn a_note_stands_beside_an_open_card() {
        let mut app = App::new();
        app.add_systems(Update, stand_beside);
        let toast = (Toast { secs_left: 1.0 }, Node::default());
        let toast = app.world_mut().spawn(toast).id();
        let mut stands = |left: Val, right: Val, expected: (f32, f32)| {
            let node = Node {
                left,
                right,
                width: px(640),
                ..default()
            };
            let card = app.world_mut().spawn((Card, node)).id();
            app.update();
            app.world_mut().despawn(card);
            let node = app.world().get::<Node>(toast).expect("it is there");
            let expected = (px(expected.0), px(expected.1));
            assert_eq!((node.left, node.right), expected, "left and right");
        };
        stands(px(36), Val::Auto, (676.0, 0.0));
        stands(Val::Auto, px(36), (0.0, 676.0));
    }

    #[test]
    fn each_setting_is_said_as_it_changes() {
        let words = Words::default();
        let mut settings = VisitSettings::default();
        for (wish, expected) in [
            (Wish::Louder, None),
            (Wish::Softer, Some("Volume 90 %")),
            (Wish::ToggleSound, Some("Sound off")),
            (Wish::ToggleSound, Some("Volume 90 %")),
            (Wish::ToggleCaptions, Some("Captions off")),
            (Wish::ToggleCaptions, Some("Captions on")),
            (Wish::NextTextSize, Some("Letters 135 %")),
            (
                Wish::NextCaptionGround,
                Some("Captions: strongest contrast"),
            ),
        ] {
            let before = settings;
            settings.heed(wish);
            assert_eq!(
                words_for(&before, &settings, &words).as_deref(),
                expected,
                "after {wish:?}"
            );
        }
    }
}
