//! Times of a headset's frames, recorded for the governor's own tests (`tests/traces`, played in
//! `tests/it/governor.rs`). Not run by itself: `cargo test --release --test it
//! headset::traces -- --ignored` leaves `trace.jsonl` in the runtime's root, `opt/grotto/traces-*`.

use super::{alone, is_visiting, remote::Doing, runtime::Rig};
use std::process::{Child, Command};

/// How long each is: so many times ten seconds.
const TENS: usize = 7;

/// A room without anything: its frames cost next to nothing.
const LIGHT: &str =
    "(format: 1, title: \"Room\", views: [(id: \"here\", at: (position: (0, 1.6, 0)))])\n";

fn recorded(test: &str, scene: &str, environment: &[&str]) -> Option<Rig> {
    let mut rig = Rig::new(test)?;
    rig.stage(&format!("{test}.ron"), |sample| {
        if scene.is_empty() {
            sample.to_owned()
        } else {
            scene.to_owned()
        }
    });
    rig.start_service(Doing::default());
    let trace = format!("/opt/grotto/{test}/trace.jsonl");
    let arguments = [
        "--governor",
        "off",
        "--quality",
        "low",
        "--frame-trace",
        &trace,
    ];
    rig.start_exhibit(environment, &arguments);
    rig.wait("a visit begins", 120.0, is_visiting);
    Some(rig)
}

/// Something else that the processors do.
fn neighbours() -> Vec<Child> {
    let begun = (0..4).filter_map(|_| {
        let mut busy = Command::new("sh");
        busy.args(["-c", "while :; do :; done"]).spawn().ok()
    });
    begun.collect()
}

fn end(children: Vec<Child>) {
    for mut child in children {
        drop(child.kill());
        drop(child.wait());
    }
}

#[test]
#[ignore = "records what the governor's tests play"]
fn frames_are_recorded() {
    let _alone = alone();
    let Some(rig) = recorded("traces-light", LIGHT, &[]) else {
        return;
    };
    for _ in 0..TENS {
        rig.pass(10.0);
    }
    drop(rig);
    // 480 x 360 pixels an eye, far more than a processor draws in a twentieth of a second.
    let large = ["OXR_VIEWPORT_SCALE_PERCENTAGE=150"];
    let Some(rig) = recorded("traces-heavy", "", &large) else {
        return;
    };
    for _ in 0..TENS {
        rig.pass(10.0);
    }
    drop(rig);
    let Some(rig) = recorded("traces-comes-and-goes", LIGHT, &[]) else {
        return;
    };
    rig.pass(15.0);
    for _ in 0..2 {
        let busy = neighbours();
        rig.pass(12.0);
        end(busy);
        rig.pass(45.0);
    }
}
