//! Pictures to be looked at by whoever changed what visitors see in a headset. Not run by
//! itself: `cargo test --release --test it headset::gallery -- --ignored`; the pictures are in
//! the runtime's root, `opt/grotto/gallery*/out`.

mod read;
mod visit;
mod words;

use super::{
    alone,
    hands::{open_menu, press_menu, press_tile},
    is_visiting,
    remote::Doing,
    runtime::Rig,
};

const RIGHT: usize = 1;

/// Eyes of 512 x 384 pixels: enough to judge by, and a processor draws them in time.
const LARGE: &str = "OXR_VIEWPORT_SCALE_PERCENTAGE=160";

#[test]
#[ignore = "makes pictures for people to look at"]
fn pictures_of_hands_and_menus() {
    let _alone = alone();
    let Some(mut rig) = Rig::new("gallery") else {
        return;
    };
    rig.start_service(Doing::default());
    rig.start_exhibit(&[LARGE], &[]);
    rig.wait("a visit begins", 120.0, is_visiting);
    rig.pass(3.0);
    rig.picture("minute-look");
    rig.pass(7.0);
    rig.picture("minute-look-shown");
    rig.act(|doing| {
        doing.hands[RIGHT].is_seen = true;
        doing.hands[RIGHT].pitch = -0.1;
        doing.hands[RIGHT].stick = [0.0, 1.0];
    });
    rig.pass(2.5);
    rig.picture("arc");
    rig.act(|doing| doing.hands[RIGHT].pitch = 0.9);
    rig.pass(2.5);
    rig.picture("arc-refused");
    rig.act(|doing| doing.hands[RIGHT].is_seen = false);
    rig.pass(1.0);
    rig.act(|doing| doing.hands[RIGHT].stick = [0.0; 2]);
    rig.act(|doing| {
        for (side, hand) in doing.hands.iter_mut().enumerate() {
            hand.is_seen = true;
            hand.position = [if side == 0 { -0.16 } else { 0.16 }, 1.36, -0.42];
            hand.pitch = 0.3;
        }
    });
    rig.pass(2.0);
    rig.picture("controllers");
    rig.act(|doing| {
        for hand in &mut doing.hands {
            (hand.is_seen, hand.has_joints) = (false, true);
        }
    });
    rig.pass(2.0);
    rig.picture("hands-open");
    for (name, curls) in [
        ("hands-pointing", [0.2, 0.0, 0.8, 0.9, 0.9]),
        ("hands-fist", [0.8; 5]),
    ] {
        rig.act(|doing| {
            for hand in &mut doing.hands {
                hand.curls = curls;
            }
        });
        rig.pass(2.0);
        rig.picture(name);
    }
    rig.act(|doing| {
        for hand in &mut doing.hands {
            hand.is_seen = true;
        }
    });
    rig.pass(2.0);
    rig.picture("hands-with-controllers");
    rig.act(|doing| {
        for hand in &mut doing.hands {
            hand.has_joints = false;
        }
        // Raised, so that the menu over it is in view.
        doing.hands[0].position = [-0.1, 1.35, -0.42];
        doing.hands[RIGHT].position = [0.16, 1.3, -0.3];
    });
    rig.pass(1.5);
    press_menu(&rig, 0);
    rig.pass(1.5);
    rig.picture("menu-wrist");
    press_menu(&rig, 0);
    rig.act(|doing| doing.hands[0].is_seen = false);
    rig.pass(1.0);
    open_menu(&rig);
    rig.pass(1.0);
    rig.picture("menu-main");
    for (item, back) in [
        ("Languages", "Back"),
        ("Tour", "Back"),
        ("Comfort", "Back"),
        ("Leave", "Back"),
    ] {
        press_tile(&rig, RIGHT, item);
        rig.pass(1.5);
        rig.picture(&format!("menu-{}", item.to_lowercase()));
        press_tile(&rig, RIGHT, back);
    }
    press_tile(&rig, RIGHT, "Tour");
    press_tile(&rig, RIGHT, "BeginTour(0)");
    rig.pass(4.0);
    open_menu(&rig);
    press_tile(&rig, RIGHT, "Tour");
    rig.pass(1.5);
    rig.picture("menu-touring");
}
