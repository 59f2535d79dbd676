//! The menu, by either hand.

use super::*;
use crate::visit::dice::Dice;
use bevy::math::Vec3;

const LANGUAGES: usize = 3;

fn press(menu: &mut Menu, item: Item) -> Option<MenuEffect> {
    menu.press(item, &ComfortSettings::default(), LANGUAGES)
}

#[test]
fn either_hand_opens_it_and_one_hand_is_enough() {
    for hand in [Hand::Left, Hand::Right] {
        let mut menu = Menu::default();
        menu.toggle(hand, true);
        assert_eq!(
            menu.open(),
            Some((Page::Main, Anchor::Wrist(hand))),
            "on the wrist whose button was pressed"
        );
        menu.hands_changed(hand == Hand::Left, hand == Hand::Right);
        assert_eq!(
            menu.open(),
            Some((Page::Main, Anchor::Floor)),
            "when the other hand goes, it stands in front"
        );
        menu.toggle(hand, false);
        assert_eq!(menu.open(), None, "the button closes it");
        menu.toggle(hand, false);
        assert_eq!(
            menu.open(),
            Some((Page::Main, Anchor::Floor)),
            "one hand opens it too"
        );
    }
    let mut menu = Menu::default();
    menu.open_in_front();
    assert_eq!(
        menu.open(),
        Some((Page::Main, Anchor::Floor)),
        "and so does none"
    );
    assert!(Anchor::Floor.scale() > 1.0, "farther away it is larger");
}

#[test]
fn presses_do_what_their_pictures_say() {
    let mut menu = Menu::default();
    assert_eq!(
        press(&mut menu, Item::Home),
        None,
        "a closed menu does nothing"
    );
    for (way, effect, stays_open) in [
        (&[Item::Home][..], MenuEffect::GoHome, false),
        (&[Item::Recenter], MenuEffect::Recenter, false),
        (&[Item::Lamp], MenuEffect::ToggleLamp, true),
        (&[Item::Learn], MenuEffect::Learn, false),
        (
            &[Item::Languages, Item::Language(2)],
            MenuEffect::Speak(2),
            false,
        ),
        (
            &[Item::Comfort, Item::Height],
            MenuEffect::CalibrateHeight,
            true,
        ),
        (&[Item::Leave, Item::ReallyLeave], MenuEffect::Leave, false),
    ] {
        menu.close();
        menu.toggle(Hand::Left, true);
        let (last, before) = way.split_last().expect("each way has an end");
        for item in before {
            assert_eq!(
                press(&mut menu, *item),
                None,
                "{item:?} only turns the page"
            );
        }
        assert_eq!(press(&mut menu, *last), Some(effect), "{way:?}");
        assert_eq!(menu.open().is_some(), stays_open, "after {way:?}");
    }
    menu.close();
    menu.toggle(Hand::Left, true);
    assert_eq!(
        press(&mut menu, Item::ReallyLeave),
        None,
        "leaving is asked for twice"
    );
    press(&mut menu, Item::Leave);
    press(&mut menu, Item::Back);
    assert_eq!(
        menu.open(),
        Some((Page::Main, Anchor::Wrist(Hand::Left))),
        "back is back"
    );
    press(&mut menu, Item::Languages);
    assert_eq!(
        press(&mut menu, Item::Language(7)),
        None,
        "no such language"
    );
}

#[test]
fn each_choice_goes_round() {
    let mut menu = Menu::default();
    menu.toggle(Hand::Right, true);
    press(&mut menu, Item::Comfort);
    for (item, rounds) in [
        (Item::Turning, 3),
        (Item::TurnAngle, 4),
        (Item::Movement, 2),
        (Item::Vignette, 4),
        (Item::Posture, 3),
        (Item::DominantHand, 2),
        (Item::Dwell, 3),
        (Item::Captions, 4),
    ] {
        let start = ComfortSettings::default();
        let mut settings = start;
        for round in 1..=rounds {
            let Some(MenuEffect::Apply(next)) = menu.press(item, &settings, LANGUAGES) else {
                panic!("{item:?} changes a setting");
            };
            assert_ne!(next, settings, "{item:?} changes something");
            assert_eq!(
                next == start,
                round == rounds,
                "{item:?} is round after {rounds}"
            );
            settings = next;
        }
    }
}

#[test]
fn tiles_are_large_and_apart() {
    for page in [Page::Main, Page::Languages, Page::Comfort, Page::Leaving] {
        for languages in [0, 1, 3, 15, 40] {
            let tiles = page.tiles(languages);
            assert_eq!(
                tiles.len(),
                page.items(languages).len(),
                "{page:?}: all are drawn"
            );
            assert!(tiles.len() <= 16, "{page:?}: no more than four rows");
            for (i, a) in tiles.iter().enumerate() {
                assert!(a.side_m >= 0.04, "{page:?}: large enough for a finger");
                for b in &tiles[i + 1..] {
                    let apart = (a.center_m - b.center_m).abs().max_element();
                    assert!(apart > a.side_m, "{page:?}: {:?} and {:?}", a.item, b.item);
                }
            }
        }
    }
}

#[test]
fn a_glance_at_the_wrist_opens_once() {
    let mut glance = WristGlance::default();
    let (head, wrist) = (Vec3::new(0.0, 1.6, 0.0), Vec3::new(-0.1, 1.3, -0.3));
    let gaze = wrist - head;
    let opened = |glance: &mut WristGlance, gaze: Vec3, face: Vec3, frames: u32| {
        (0..frames)
            .filter(|_| glance.step(head, gaze, wrist, face, 1.0 / 72.0))
            .count()
    };
    assert_eq!(opened(&mut glance, gaze, -gaze, 20), 0, "not at once");
    assert_eq!(opened(&mut glance, gaze, -gaze, 200), 1, "once a glance");
    assert_eq!(
        opened(&mut glance, gaze, gaze, 200),
        0,
        "not the back of the hand"
    );
    assert_eq!(
        opened(&mut glance, Vec3::NEG_Z, -gaze, 200),
        0,
        "not unseen"
    );
    assert_eq!(opened(&mut glance, gaze, -gaze, 200), 1, "and again");
    assert_eq!(
        opened(&mut glance, Vec3::NAN, Vec3::NAN, 200),
        0,
        "lost hands glance at nothing"
    );
}

#[test]
fn random_presses_are_survived() {
    let mut dice = Dice::new(21);
    let mut menu = Menu::default();
    let all: Vec<Item> = [Page::Main, Page::Languages, Page::Comfort, Page::Leaving]
        .into_iter()
        .flat_map(|page| page.items(5))
        .collect();
    let mut settings = ComfortSettings::default();
    for _ in 0..20_000 {
        match dice.below(8) {
            0 => menu.toggle(
                [Hand::Left, Hand::Right][dice.below(2) as usize],
                dice.below(2) == 0,
            ),
            1 => menu.hands_changed(dice.below(2) == 0, dice.below(2) == 0),
            _ => {
                let item = all[dice.below(all.len() as u64) as usize];
                let effect = menu.press(item, &settings, dice.below(6) as usize);
                if let Some(MenuEffect::Apply(next)) = effect {
                    assert_eq!(next, next.sanitized(), "settings stay sane");
                    settings = next;
                }
            }
        }
    }
}
