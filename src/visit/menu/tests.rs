//! The menu, by either hand.

use super::*;
use crate::visit::dice::Dice;
use bevy::math::Vec3;

const OFFER: Offer = Offer {
    languages: 3,
    tours: 2,
    is_touring: false,
    recorder: None,
};

fn press(menu: &mut Menu, item: Item) -> Option<MenuEffect> {
    menu.press(item, &ComfortSettings::default(), OFFER)
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
            true,
        ),
        (
            &[Item::Tour, Item::BeginTour(1)],
            MenuEffect::BeginTour(1),
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
        (Item::DwellTime, 4),
        (Item::Captions, 4),
        (Item::CaptionGround, 3),
        (Item::Volume, 4),
    ] {
        let start = ComfortSettings::default();
        let mut settings = start;
        for round in 1..=rounds {
            let Some(MenuEffect::Apply(next)) = menu.press(item, &settings, OFFER) else {
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

fn pages() -> [Page; 7] {
    [
        Page::Main,
        Page::Languages(0),
        Page::Languages(6),
        Page::Tour(0),
        Page::Tour(1),
        Page::Comfort,
        Page::Leaving,
    ]
}

fn offers() -> impl Iterator<Item = Offer> {
    [0, 1, 3, 15, 40].into_iter().flat_map(|count| {
        [false, true].map(|is_touring| Offer {
            languages: count,
            tours: count / 2,
            is_touring,
            recorder: None,
        })
    })
}

#[test]
fn tiles_are_large_and_apart() {
    for page in pages() {
        for offer in offers() {
            let tiles = page.tiles(offer);
            assert_eq!(
                tiles.len(),
                page.items(offer).len(),
                "{page:?}: all are drawn"
            );
            assert!(tiles.len() <= 16, "{page:?}: no more than four rows");
            for (i, a) in tiles.iter().enumerate() {
                assert!(
                    a.size_m.min_element() >= 0.04,
                    "{page:?}: large enough for a finger"
                );
                for b in &tiles[i + 1..] {
                    let apart = (a.center_m - b.center_m).abs() - (a.size_m + b.size_m) * 0.5;
                    assert!(
                        apart.max_element() > 0.0,
                        "{page:?}: {:?} and {:?}",
                        a.item,
                        b.item
                    );
                }
            }
        }
    }
}

#[test]
fn every_language_is_found_by_turning_leaves() {
    for languages in [2, 6, 7, 12, 30] {
        let offer = Offer { languages, ..OFFER };
        let settings = ComfortSettings::default();
        let mut menu = Menu::default();
        menu.open_in_front();
        menu.press(Item::Languages, &settings, offer);
        let mut seen = Vec::new();
        for _ in 0..languages.div_ceil(6) {
            let tiles = menu.tiles(offer);
            seen.extend(tiles.into_iter().filter_map(|tile| match tile.item {
                Item::Language(index) => Some(index),
                _ => None,
            }));
            menu.press(Item::LeafAfter, &settings, offer);
        }
        assert_eq!(
            seen,
            (0..languages).collect::<Vec<_>>(),
            "each of {languages} languages has a tile of its own"
        );
        let (page, _) = menu.open().expect("turning leaves closes nothing");
        assert_eq!(page, Page::Languages(0), "and round again");
        menu.press(Item::LeafBefore, &settings, offer);
        let last = languages.div_ceil(6) - 1;
        let (page, _) = menu.open().expect("turning leaves closes nothing");
        assert_eq!(
            page,
            Page::Languages(last),
            "back from the first is the last"
        );
    }
}

#[test]
fn a_tour_is_held_and_left_from_the_wrist() {
    let touring = Offer {
        is_touring: true,
        ..OFFER
    };
    let settings = ComfortSettings::default();
    let mut menu = Menu::default();
    menu.toggle(Hand::Left, true);
    menu.press(Item::Tour, &settings, touring);
    for (item, wish, stays_open) in [
        (Item::Hold, TourWish::Hold, true),
        (Item::StepBack, TourWish::Back, true),
        (Item::StepOn, TourWish::Next, true),
        (Item::EndTour, TourWish::Leave, false),
    ] {
        assert_eq!(
            menu.press(item, &settings, touring),
            Some(MenuEffect::Tour(wish)),
            "{item:?}"
        );
        assert_eq!(menu.open().is_some(), stays_open, "after {item:?}");
    }
    // A tour that ended by itself leaves the choice of tours.
    menu.toggle(Hand::Left, true);
    menu.press(Item::Tour, &settings, touring);
    assert!(
        menu.tiles(OFFER)
            .iter()
            .any(|tile| tile.item == Item::BeginTour(0)),
        "tours are to be chosen again"
    );
    assert_eq!(
        menu.press(Item::EndTour, &settings, OFFER),
        None,
        "no tour, nothing to leave"
    );
    let none = Offer::default();
    assert!(
        !Page::Main.items(none).contains(&Item::Tour),
        "an exhibit without tours offers none"
    );
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
    let all: Vec<Item> = offers()
        .flat_map(|offer| pages().into_iter().flat_map(move |page| page.items(offer)))
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
                let offer = Offer {
                    languages: dice.below(20) as usize,
                    tours: dice.below(9) as usize,
                    is_touring: dice.below(2) == 0,
                    recorder: None,
                };
                let effect = menu.press(item, &settings, offer);
                if let Some(MenuEffect::Apply(next)) = effect {
                    assert_eq!(next, next.sanitized(), "settings stay sane");
                    settings = next;
                }
            }
        }
    }
}

#[test]
fn a_guide_records_by_the_menu_and_visitors_cannot() {
    let items = |recorder| Page::Main.items(Offer { recorder, ..OFFER });
    let own = [Item::Record, Item::RecordStep, Item::RecordMark];
    assert!(
        !items(None).iter().any(|item| own.contains(item)),
        "nobody asked for a recorder"
    );
    let mut menu = Menu::default();
    for (recorder, item, wish) in [
        (RecorderState::Ready, Item::Record, Some(RecordWish::Toggle)),
        (RecorderState::Ready, Item::RecordMark, None),
        (
            RecorderState::Rolling,
            Item::RecordStep,
            Some(RecordWish::Step),
        ),
        (
            RecorderState::Rolling,
            Item::RecordMark,
            Some(RecordWish::Mark),
        ),
        (
            RecorderState::Rolling,
            Item::Record,
            Some(RecordWish::Toggle),
        ),
    ] {
        menu.close();
        menu.toggle(Hand::Left, true);
        let offer = Offer {
            recorder: Some(recorder),
            ..OFFER
        };
        assert_eq!(
            menu.press(item, &ComfortSettings::default(), offer),
            wish.map(MenuEffect::Record),
            "{item:?} while {recorder:?}"
        );
        assert_eq!(
            menu.open().is_none(),
            wish.is_some(),
            "the menu is out of the guide's way"
        );
    }
    press(&mut menu, Item::Back);
    let tiles = Page::Main.tiles(Offer {
        languages: 5,
        tours: 2,
        is_touring: false,
        recorder: Some(RecorderState::Rolling),
    });
    assert_eq!(tiles.len(), 11, "three rows");
}
