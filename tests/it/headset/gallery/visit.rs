//! A first visit from the headset's being put on to the next visitor's, picture by picture: by a
//! seated child with one hand, who hears nothing.

use super::{
    super::{alone, is_visiting, number, remote::Doing, runtime::Rig},
    LARGE, RIGHT, open_menu, press_tile,
};

/// Looks and points the same way, to the left and up, radians.
fn turn(rig: &Rig, yaw: f32, pitch: f32) {
    rig.act(|doing| (doing.yaw, doing.pitch) = (yaw, pitch));
}

#[test]
#[ignore = "makes pictures for people to look at"]
fn pictures_of_a_first_visit() {
    let _alone = alone();
    let Some(mut rig) = Rig::new("gallery-visit") else {
        return;
    };
    rig.start_service(Doing {
        head: [0.0, 1.05, 0.0],
        ..Doing::default()
    });
    rig.start_exhibit(&[LARGE], &["--grace", "4"]);
    rig.wait("a visit begins", 120.0, is_visiting);
    rig.picture("01-put-on");
    rig.pass(3.0);
    rig.picture("02-look");
    rig.pass(4.0);
    rig.picture("03-look-shown");
    turn(&rig, 0.9, 0.0);
    rig.pass(0.4);
    rig.picture("04-looked");
    rig.pass(2.0);
    rig.act(|doing| {
        let hand = &mut doing.hands[RIGHT];
        hand.is_seen = true;
        hand.position = [-0.05, 0.8, -0.3];
        (hand.yaw, hand.pitch) = (0.65, -0.1);
    });
    turn(&rig, 0.65, -0.1);
    rig.pass(2.0);
    rig.picture("05-point");
    rig.pass(6.0);
    rig.picture("06-point-shown");
    // Passed over where the scripted hand does not find it.
    rig.pass(14.0);
    turn(&rig, 0.0, -0.15);
    rig.act(|doing| {
        let hand = &mut doing.hands[RIGHT];
        hand.position = [0.15, 0.8, -0.3];
        (hand.yaw, hand.pitch) = (0.0, 0.1);
    });
    rig.pass(1.0);
    rig.picture("07-step");
    rig.act(|doing| doing.hands[RIGHT].stick = [0.0, 1.0]);
    rig.pass(1.5);
    rig.picture("08-arc");
    rig.act(|doing| doing.hands[RIGHT].stick = [0.0; 2]);
    rig.pass(2.0);
    rig.picture("09-stepped");
    open_menu(&rig);
    rig.pass(1.0);
    rig.picture("10-menu");
    press_tile(&rig, RIGHT, "Leave");
    rig.pass(0.5);
    rig.picture("10-menu-leave");
    press_tile(&rig, RIGHT, "Back");
    press_tile(&rig, RIGHT, "Languages");
    rig.pass(0.5);
    rig.picture("11-languages");
    press_tile(&rig, RIGHT, "Language(2)");
    rig.pass(1.0);
    rig.picture("12-french");
    press_tile(&rig, RIGHT, "Back");
    press_tile(&rig, RIGHT, "Tour");
    rig.pass(0.5);
    rig.picture("13-tours");
    press_tile(&rig, RIGHT, "BeginTour(0)");
    rig.wait("the tour begins", 20.0, |state| {
        state["visit"]["tour"].is_string() && number(&state["darkness"]) < 0.01
    });
    rig.pass(2.0);
    rig.picture("14-tour");
    rig.pass(5.0);
    rig.picture("15-tour-on");
    // In the midst of it.
    rig.act(|doing| {
        doing.is_swaying = false;
        doing.hands[RIGHT].is_seen = false;
    });
    rig.wait("it is ready for the next visitor", 60.0, |state| {
        state["phase"] == "Ready"
    });
    rig.picture("16-doffed");
    rig.act(|doing| {
        doing.is_swaying = true;
        doing.head = [0.3, 1.7, 0.2];
        (doing.yaw, doing.pitch) = (0.4, 0.0);
    });
    rig.wait("the next visit begins", 30.0, is_visiting);
    rig.pass(1.5);
    rig.picture("17-next");
}
