//! What hands do in a headset: the menu by one hand, languages, a tour, comfort; joints.

use super::runtime::Rig;
use super::{aim, alone, between_deg, distance, is_visiting, number, vector, visiting};
use serde_json::Value;

pub(super) const RIGHT: usize = 1;

/// Turns a hand until its own ray goes to a point; where a controller's ray begins is the
/// runtime's business.
fn point_at(rig: &Rig, side: usize, target: [f32; 3]) {
    for _ in 0..5 {
        let state = settle(rig);
        let ray = &state["hands"][side]["ray"];
        let (from, way) = (vector(&ray[0]), vector(&ray[1]));
        let wanted = aim(from, target);
        let is = aim([0.0; 3], way);
        let (yaw, pitch) = (wanted.0 - is.0, wanted.1 - is.1);
        if yaw.abs() < 4e-3 && pitch.abs() < 4e-3 {
            return;
        }
        rig.act(|doing| {
            let hand = &mut doing.hands[side];
            hand.yaw += yaw;
            hand.pitch += pitch;
        });
    }
    settle(rig);
}

/// Points at something that is offered until that is what is meant, and pulls the trigger.
pub(super) fn press_at(
    rig: &Rig,
    side: usize,
    name: &str,
    place_of: impl Fn(&Value) -> Option<[f32; 3]>,
) {
    let is_meant = |state: &Value| state["visit"]["meant"] == name;
    // What is still laid out moves, and a tour that goes on takes the menu along while a slow
    // machine still aims: once more.
    for _ in 0..6 {
        if rig.state().is_some_and(|state| is_meant(&state)) {
            break;
        }
        let state = rig.wait(&format!("{name} is offered"), 10.0, |state| {
            place_of(state).is_some()
        });
        let at = place_of(&state).expect("it was just seen");
        point_at(rig, side, at);
    }
    rig.wait(&format!("{name} is meant"), 10.0, is_meant);
    super::press(rig, side);
}

/// Lets some frames pass: a steady ray comes after the hand, and a slow machine has few frames.
fn settle(rig: &Rig) -> Value {
    let shown = |state: &Value| state["shown"].as_u64().unwrap_or_default();
    let began = rig.state().unwrap_or_default();
    rig.pass(0.2);
    rig.wait("frames are shown", 20.0, |state| {
        shown(state) >= shown(&began) + 4
    })
}

/// Where a tile of the menu is.
pub(super) fn place_of(state: &Value, item: &str) -> Option<[f32; 3]> {
    let tiles = state["visit"]["tiles"].as_array()?;
    let tile = tiles.iter().find(|tile| tile["item"] == item)?;
    Some(vector(&tile["at"]))
}

/// Points at a tile of the menu and pulls the trigger.
pub(super) fn press_tile(rig: &Rig, side: usize, item: &str) {
    press_at(rig, side, &format!("Tile({item})"), |state| {
        place_of(state, item)
    });
    rig.pass(0.3);
}

/// Opens the menu in front, with one hand.
pub(super) fn open_menu(rig: &Rig) {
    rig.act(|doing| {
        doing.hands[RIGHT].is_seen = true;
        (doing.yaw, doing.pitch) = (0.0, 0.0);
    });
    rig.pass(0.5);
    press_menu(rig, RIGHT);
    rig.wait("the menu is open", 10.0, |state| {
        state["visit"]["menu"].is_string()
    });
}

/// Presses the menu button until the menu opens or closes: a slow machine has few frames.
pub(super) fn press_menu(rig: &Rig, side: usize) {
    let was_open = rig.pass(0.1)["visit"]["menu"].is_string();
    rig.act(|doing| doing.hands[side].is_menu_pressed = true);
    rig.wait("the menu opens or closes", 20.0, |state| {
        state["visit"]["menu"].is_string() != was_open
    });
    rig.act(|doing| doing.hands[side].is_menu_pressed = false);
    settle(rig);
}

#[test]
fn one_hand_finds_everything_in_the_menu() {
    let _alone = alone();
    let Some(rig) = visiting("menu", &[]) else {
        return;
    };
    languages_are_chosen(&rig);
    comfort_is_chosen(&rig);
    a_tour_is_begun_and_held(&rig);
    press_tile(&rig, RIGHT, "Hold");
    rig.wait("it goes on", 10.0, |state| {
        state["visit"]["is_held"] == false
    });
}

#[test]
fn one_hand_leads_a_tour_on_and_leaves_it() {
    let _alone = alone();
    let Some(rig) = visiting("menu-tour", &[]) else {
        return;
    };
    open_menu(&rig);
    a_tour_is_begun_and_held(&rig);
    a_tour_is_led_on_and_left(&rig);
}

#[test]
fn the_rest_of_the_menu_does_what_it_shows() {
    let _alone = alone();
    let Some(rig) = visiting("menu-rest", &[]) else {
        return;
    };
    open_menu(&rig);
    let before = rig.pass(0.2);
    press_tile(&rig, RIGHT, "Lamp");
    rig.wait("the lamp is lit, or out", 10.0, |state| {
        state["visit"]["lamp"].as_bool() == before["visit"]["lamp"].as_bool().map(|is_on| !is_on)
    });

    // Whoever has turned on their chair has what is to be seen before them again.
    let ahead_deg = number(&before["head_yaw_deg"]);
    rig.act(|doing| doing.yaw = 0.7);
    let turned = rig.pass(1.0);
    let off = |state: &Value| between_deg(number(&state["head_yaw_deg"]), ahead_deg);
    assert!(off(&turned) > 35.0, "the head has turned: {turned}");
    press_tile(&rig, RIGHT, "Recenter");
    let again = rig.wait("what was ahead is ahead again", 20.0, |state| {
        off(state) < 2.0 && is_visiting(state)
    });
    let moved_m = distance(vector(&again["feet"]), vector(&turned["feet"]));
    assert!(moved_m < 0.1, "from where they stand: {moved_m} m");

    a_step_and_home(&rig, ahead_deg);
    open_menu(&rig);
    press_tile(&rig, RIGHT, "Learn");
    rig.wait("the first minute is there again", 10.0, |state| {
        state["visit"]["lesson"].is_string()
    });

    // Leaving asks once more, and makes ready for the next visitor.
    open_menu(&rig);
    press_tile(&rig, RIGHT, "Leave");
    press_tile(&rig, RIGHT, "Back");
    press_tile(&rig, RIGHT, "Leave");
    press_tile(&rig, RIGHT, "ReallyLeave");
    rig.wait("the visit is over", 20.0, |state| {
        state["phase"] == "Resetting" || state["phase"] == "Ready"
    });
    let next = rig.wait("the next visit begins", 30.0, is_visiting);
    assert_eq!(
        next["visit"]["lamp"], before["visit"]["lamp"],
        "with the lamp as the exhibit has it"
    );
}

/// Walks a little way, and returns by the menu.
fn a_step_and_home(rig: &Rig, ahead_deg: f32) {
    let start = vector(&rig.pass(0.2)["feet"]);
    rig.act(|doing| {
        doing.head[0] += 0.6;
        for hand in &mut doing.hands {
            hand.position[0] += 0.6;
        }
    });
    let away = rig.pass(1.0);
    let gone_m = distance(vector(&away["feet"]), start);
    assert!(gone_m > 0.4, "somewhere else: {gone_m} m");
    open_menu(rig);
    press_tile(rig, RIGHT, "Home");
    rig.wait("home, facing as the author meant", 20.0, |state| {
        let off_deg = between_deg(number(&state["head_yaw_deg"]), ahead_deg);
        distance(vector(&state["feet"]), start) < 0.1 && off_deg < 2.0 && is_visiting(state)
    });
}

fn languages_are_chosen(rig: &Rig) {
    open_menu(rig);
    rig.picture("menu-main");
    press_tile(rig, RIGHT, "Languages");
    let state = rig.pass(0.5);
    for index in 0..3 {
        assert!(
            place_of(&state, &format!("Language({index})")).is_some(),
            "each of the sample's languages has a tile: {state}"
        );
    }
    assert_eq!(state["visit"]["language"], "en", "it was opened in English");
    rig.picture("menu-languages");
    press_tile(rig, RIGHT, "Language(1)");
    rig.wait("Chinese is spoken", 10.0, |state| {
        state["visit"]["language"] == "zh-Hans"
    });
    rig.picture("menu-chinese");
    press_tile(rig, RIGHT, "Language(2)");
    rig.wait("French is spoken", 10.0, |state| {
        state["visit"]["language"] == "fr"
    });
    press_tile(rig, RIGHT, "Back");
    rig.wait("back is back", 10.0, |state| {
        state["visit"]["menu"] == "Main"
    });
}

fn comfort_is_chosen(rig: &Rig) {
    press_tile(rig, RIGHT, "Comfort");
    rig.pass(0.5);
    rig.picture("menu-comfort");
    let before = rig.pass(0.2);
    for (item, setting) in [
        ("Movement", "movement"),
        ("Turning", "turning"),
        ("TurnAngle", "turn_angle_deg"),
        ("Vignette", "vignette"),
        ("Posture", "posture"),
        ("DominantHand", "dominant_hand"),
        ("Dwell", "dwell"),
        ("DwellTime", "dwell_secs"),
        ("Captions", "caption_scale"),
        ("Volume", "volume"),
    ] {
        let old = before["visit"]["comfort"][setting].clone();
        press_tile(rig, RIGHT, item);
        rig.wait(&format!("{item} changes {setting}"), 10.0, |state| {
            state["visit"]["comfort"][setting] != old
        });
    }
    rig.picture("menu-comfort-changed");
    // Seated, then raised: the eye comes to a standing height after one calibration.
    rig.act(|doing| doing.head[1] = 1.1);
    rig.pass(0.5);
    press_tile(rig, RIGHT, "Height");
    press_tile(rig, RIGHT, "Posture");
    let state = rig.wait("the seated are raised", 10.0, |state| {
        state["visit"]["comfort"]["posture"] == "raised"
    });
    let eye_m = number(&state["head"][1]) - number(&state["feet"][1]);
    assert!(
        (eye_m - 1.62).abs() < 0.05,
        "a seated visitor sees from a standing height: {eye_m} m"
    );
    rig.act(|doing| doing.head[1] = 1.6);
    press_tile(rig, RIGHT, "Posture");
    press_tile(rig, RIGHT, "Movement");
    press_tile(rig, RIGHT, "Back");
}

fn a_tour_is_begun_and_held(rig: &Rig) {
    press_tile(rig, RIGHT, "Tour");
    rig.pass(0.5);
    rig.picture("menu-tours");
    press_tile(rig, RIGHT, "BeginTour(0)");
    rig.wait("the tour begins", 20.0, |state| {
        state["visit"]["tour"].is_string() && number(&state["darkness"]) < 0.01
    });
    rig.pass(1.0);
    open_menu(rig);
    press_tile(rig, RIGHT, "Tour");
    rig.pass(0.5);
    rig.picture("menu-tour");
    press_tile(rig, RIGHT, "Hold");
    rig.wait("the tour is held", 10.0, |state| {
        state["visit"]["is_held"] == true
    });
}

fn a_tour_is_led_on_and_left(rig: &Rig) {
    // The sample's tour goes on by itself, and takes the menu along: held, both stay.
    let before = rig.pass(0.2);
    press_tile(rig, RIGHT, "StepOn");
    rig.wait("the next step has begun", 20.0, |state| {
        state["visit"]["step"] != before["visit"]["step"] && number(&state["darkness"]) < 0.01
    });
    // The menu was left behind: it opens anew.
    if rig.pass(0.5)["visit"]["menu"].is_string() {
        press_menu(rig, RIGHT);
    }
    open_menu(rig);
    press_tile(rig, RIGHT, "Tour");
    press_tile(rig, RIGHT, "EndTour");
    rig.wait("the tour is left", 10.0, |state| {
        state["visit"]["tour"].is_null() && state["visit"]["menu"].is_null()
    });
}

#[test]
fn bare_hands_are_seen_and_point() {
    let _alone = alone();
    let Some(rig) = visiting("bare-hands", &[]) else {
        return;
    };
    rig.act(|doing| {
        for (side, hand) in doing.hands.iter_mut().enumerate() {
            hand.has_joints = true;
            hand.position = [if side == 0 { -0.16 } else { 0.16 }, 1.42, -0.42];
            hand.pitch = 0.5;
        }
    });
    let state = rig.wait("both hands' joints are known", 10.0, |state| {
        state["hands"][0]["joints"] == true && state["hands"][1]["joints"] == true
    });
    assert!(
        state["hands"][1]["seen"] == true,
        "a hand without a controller points: {state}"
    );
    rig.pass(0.5);
    rig.picture("hands-open");
    rig.act(|doing| {
        for hand in &mut doing.hands {
            hand.curls = [0.2, 0.0, 0.8, 0.9, 0.9];
        }
    });
    rig.pass(0.5);
    rig.picture("hands-pointing");
    rig.act(|doing| {
        for hand in &mut doing.hands {
            hand.is_seen = true;
            hand.curls = [0.6; 5];
        }
    });
    rig.pass(0.5);
    rig.picture("hands-with-controllers");
}
