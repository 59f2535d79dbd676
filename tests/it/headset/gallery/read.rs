//! Pictures of what is to be read, and of what leads the eyes: cards in every script, captions
//! with and without a menu, what a tour points out, the arrow to it, a dense wall.

use super::{
    super::{alone, is_visiting, number, point_at_figure, press, remote::Doing, runtime::Rig},
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
fn pictures_of_cards_and_captions() {
    let _alone = alone();
    let Some(rig) = begun("gallery-read", "scripts.ron", with_arabic_and_hindi) else {
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
    rig.pass(1.5);
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
        rig.pass(2.0);
        rig.picture(&format!("card-{name}"));
    }
    // Once more in its middle language, for the captions.
    tour_is_seen(&rig);
}

fn tour_is_seen(rig: &Rig) {
    open_menu(rig);
    press_tile(rig, RIGHT, "Languages");
    press_tile(rig, RIGHT, "Language(0)");
    press_tile(rig, RIGHT, "Back");
    press_tile(rig, RIGHT, "Tour");
    press_tile(rig, RIGHT, "BeginTour(0)");
    rig.wait("the tour begins", 20.0, |state| {
        state["visit"]["tour"].is_string() && number(&state["darkness"]) < 0.01
    });
    rest_hand(rig);
    rig.pass(1.5);
    rig.picture("captions");
    // Held at once: a tour that goes on takes the menu along.
    open_menu(rig);
    press_tile(rig, RIGHT, "Tour");
    press_tile(rig, RIGHT, "Hold");
    rest_hand(rig);
    rig.pass(2.0);
    rig.picture("captions-menu-tour");
    press_tile(rig, RIGHT, "Back");
    rest_hand(rig);
    rig.pass(2.0);
    rig.picture("captions-menu-main");
    press_tile(rig, RIGHT, "Tour");
    // On to the step that points out the figure.
    for _ in 0..8 {
        let before = rig.pass(0.2)["visit"]["step"].clone();
        if rig.pass(0.2)["visit"]["menu"].is_null() {
            open_menu(rig);
            press_tile(rig, RIGHT, "Tour");
        }
        press_tile(rig, RIGHT, "StepOn");
        rig.wait("the next step has begun", 20.0, |state| {
            state["visit"]["step"] != before && number(&state["darkness"]) < 0.01
        });
    }
    if rig.pass(0.5)["visit"]["menu"].is_string() {
        close_menu(rig);
    }
    rest_hand(rig);
    rig.pass(2.0);
    rig.picture("pointed-out");
    for (name, yaw, pitch) in [("left", 1.3, 0.0), ("right", -1.3, -0.2), ("up", 0.0, 0.9)] {
        rig.act(|doing| (doing.yaw, doing.pitch) = (yaw, pitch));
        rig.pass(2.5);
        rig.picture(&format!("arrow-looking-{name}"));
    }
    rig.act(|doing| (doing.yaw, doing.pitch) = (0.0, 0.0));
    // A card and captions at once.
    point_at_figure(rig, Some(RIGHT));
    press(rig, RIGHT);
    rest_hand(rig);
    rig.pass(2.0);
    rig.picture("captions-card");
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
