//! Pictures of what is to be read, and of what leads the eyes: cards in every script, captions
//! with and without a menu, what a tour points out, the arrow to it, a dense wall.

use grotto::{
    exhibit::open,
    tour::{Durations, Input, Story, StoryInput, TourIndex},
    visit::checkpoint::{Checkpoint, Place},
};
use std::{sync::Arc, time::Duration};

use super::{
    super::{alone, is_visiting, point_at_figure, press, remote::Doing, runtime::Rig},
    LARGE, RIGHT, open_menu, press_menu, press_tile,
    words::{with_a_dense_wall, with_arabic_and_hindi},
};

/// Closes the menu with its button.
fn close_menu(rig: &Rig) {
    press_menu(rig, RIGHT);
    rig.wait("the menu is closed", 10.0, |state| {
        state["visit"]["menu"].is_null()
    });
}

/// Holds the hand out of the way.
fn rest_hand(rig: &Rig) {
    rig.act(|doing| {
        doing.hands[RIGHT].yaw = -1.2;
        doing.hands[RIGHT].pitch = -0.3;
    });
}

/// Turns the head to where cards stand, beside what they tell of.
fn look_at_card(rig: &Rig) {
    rig.act(|doing| doing.yaw = -0.6);
    rig.pass(2.0);
}

fn begun(test: &str, name: &str, scene: fn(&str) -> String) -> Option<Rig> {
    let mut rig = Rig::new(test)?;
    rig.stage(name, scene);
    rig.start_service(Doing::default());
    rig.start_exhibit(&[LARGE], &[]);
    rig.wait("a visit begins", 120.0, is_visiting);
    rig.act(|doing| doing.hands[RIGHT].is_seen = true);
    rig.pass(4.0);
    Some(rig)
}

#[test]
#[ignore = "makes pictures for people to look at"]
fn pictures_of_cards() {
    let _alone = alone();
    let Some(rig) = begun("gallery-cards", "scripts.ron", with_arabic_and_hindi) else {
        return;
    };
    point_at_figure(&rig, Some(RIGHT));
    rig.wait("the figure is meant", 10.0, |state| {
        state["visit"]["meant"] == "figure"
    });
    rig.pass(0.5);
    rig.picture("figure-meant");
    press(&rig, RIGHT);
    rig.wait("its card is open", 10.0, |state| {
        state["visit"]["panel"].is_string()
    });
    rest_hand(&rig);
    look_at_card(&rig);
    rig.picture("card-english");
    for (index, name) in [(1, "chinese"), (3, "arabic"), (4, "hindi")] {
        open_menu(&rig);
        press_tile(&rig, RIGHT, "Languages");
        press_tile(&rig, RIGHT, &format!("Language({index})"));
        rest_hand(&rig);
        rig.pass(0.5);
        if index == 4 {
            rig.picture("menu-five-languages");
        }
        close_menu(&rig);
        look_at_card(&rig);
        rig.picture(&format!("card-{name}"));
    }
}

/// The sample in the midst of its tour, so many steps on: no need to walk there.
fn in_the_tour(test: &str, steps: usize) -> Option<Rig> {
    let mut rig = Rig::new(test)?;
    rig.start_service(Doing::default());
    rig.leave(&in_step(steps));
    rig.start_exhibit(&[LARGE], &["--resume"]);
    rig.wait("the tour goes on", 120.0, |state| {
        is_visiting(state) && state["visit"]["tour"].is_string() && state["is_ready"] == true
    });
    rig.act(|doing| doing.hands[RIGHT].is_seen = true);
    rest_hand(&rig);
    rig.pass(2.0);
    Some(rig)
}

/// A visit that has come so many steps into the first tour.
fn in_step(steps: usize) -> Checkpoint {
    let (stage, _) = open::open(&Rig::scene(), Some("en"));
    let stage = stage.expect("the sample can be opened");
    let script = stage.story.expect("it has tours").script.clone();
    let mut story = Story::new(Arc::clone(&script), Durations::default());
    let skips = std::iter::repeat_n(Input::Skip, steps);
    let inputs: Vec<StoryInput> = std::iter::once(Input::Start(TourIndex::FIRST))
        .chain(skips)
        .map(StoryInput::Tour)
        .collect();
    story.step(&inputs, Duration::ZERO);
    let eye = stage.headset_start.eye_in_world;
    Checkpoint {
        is_visiting: true,
        language: Some("en".to_owned()),
        place: Some(Place {
            feet_in_world: [eye.x, eye.y - 1.6, eye.z],
            yaw_rad: stage.headset_start.yaw_rad,
        }),
        tour: serde_json::to_value(story.playback().position()).ok(),
        has_learned: true,
        ..Checkpoint::default()
    }
}

#[test]
#[ignore = "makes pictures for people to look at"]
fn pictures_of_captions() {
    let _alone = alone();
    let Some(rig) = in_the_tour("gallery-captions", 0) else {
        return;
    };
    rig.picture("captions");
    // Held at once: a tour that goes on takes the menu along.
    open_menu(&rig);
    press_tile(&rig, RIGHT, "Tour");
    press_tile(&rig, RIGHT, "Hold");
    rest_hand(&rig);
    rig.pass(1.5);
    rig.picture("captions-menu-tour");
    press_tile(&rig, RIGHT, "Back");
    rest_hand(&rig);
    rig.pass(1.5);
    rig.picture("captions-menu-main");
    press_tile(&rig, RIGHT, "Comfort");
    for ground in ["plate", "solid", "outline"] {
        rest_hand(&rig);
        rig.pass(1.0);
        rig.picture(&format!("captions-comfort-{ground}"));
        press_tile(&rig, RIGHT, "CaptionGround");
    }
}

#[test]
#[ignore = "makes pictures for people to look at"]
fn pictures_of_what_is_pointed_out() {
    let _alone = alone();
    let Some(rig) = in_the_tour("gallery-pointed", 8) else {
        return;
    };
    rig.picture("pointed-out");
    for (name, yaw, pitch) in [("left", 1.3, 0.0), ("right", -1.3, -0.2), ("up", 0.0, 0.9)] {
        rig.act(|doing| (doing.yaw, doing.pitch) = (yaw, pitch));
        rig.pass(2.0);
        rig.picture(&format!("arrow-looking-{name}"));
    }
    rig.act(|doing| (doing.yaw, doing.pitch) = (0.0, 0.0));
    // A card and captions at once.
    point_at_figure(&rig, Some(RIGHT));
    rig.pass(1.0);
    press(&rig, RIGHT);
    rest_hand(&rig);
    rig.pass(2.0);
    rig.picture("captions-card");
    look_at_card(&rig);
    rig.picture("captions-card-turned");
}

#[test]
#[ignore = "makes pictures for people to look at"]
fn pictures_of_a_dense_wall() {
    let _alone = alone();
    let Some(rig) = begun("gallery-dense", "dense.ron", with_a_dense_wall) else {
        return;
    };
    rest_hand(&rig);
    rig.act(|doing| doing.yaw = -1.57);
    rig.pass(2.0);
    rig.picture("wall");
    rig.act(|doing| {
        doing.yaw = -1.2;
        doing.head[0] += 1.2;
        doing.hands[RIGHT].position = [1.4, 1.35, -0.2];
        doing.hands[RIGHT].yaw = -1.3;
        doing.hands[RIGHT].pitch = 0.0;
    });
    rig.pass(2.0);
    rig.picture("wall-near");
}
