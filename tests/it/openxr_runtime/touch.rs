//! What a hand feels of pointing, as the runtime is asked for it.

use serde_json::Value;

use super::{
    exhibit::{Exhibit, last_lines},
    guest::Guest,
    lives::ROOM,
    load,
};
use crate::test_runtime::TestRuntime;

/// As `docs/headset.md` says, under "What a visitor can do".
const HOVER: (f64, i64) = (0.3, 20_000_000);
const PRESS: (f64, i64) = (0.7, 40_000_000);

/// Touches since the runtime was last reset, the latest last: hand, strength, nanoseconds.
fn touches(runtime: &TestRuntime) -> Vec<(String, f64, i64)> {
    let report = runtime.report().expect("the runtime reports");
    let told = report["touches"].as_array().expect("touches are told");
    let read = |touch: &Value| {
        let strength = touch["amplitude"].as_f64().unwrap_or_default();
        (
            touch["hand"].as_str().unwrap_or_default().to_owned(),
            (strength * 1e4).round() / 1e4,
            touch["duration_ns"].as_i64().unwrap_or_default(),
        )
    };
    told.iter().rev().map(read).collect()
}

fn right((strength, nanos): (f64, i64)) -> (String, f64, i64) {
    ("right".to_owned(), strength, nanos)
}

#[test]
fn a_hand_feels_what_it_points_at_and_presses() {
    if load().is_none() {
        eprintln!("skipped: what a hand feels: no OpenXR loader here");
        return;
    }
    let folder = tempfile::tempdir().expect("there is room for a folder");
    std::fs::write(folder.path().join("room.ron"), ROOM).expect("the room can be written");
    let runtime = TestRuntime::in_dir(folder.path(), "size 32 32\npace 60").expect("a runtime");
    let exhibit = Exhibit::new(folder.path(), &["--haste", "10", "--grace", "600"]);
    let mut guest = Guest::enter(exhibit, &runtime);
    let reset = || runtime.send("reset").expect("the runtime listens");
    // The left hand opens the menu and carries it; the right one points.
    let left = "hand left -0.15 1.3 -0.45 0 0 0 1";
    guest.tell(&format!("{left} y=1"));
    guest.wait("the menu opens", |state| state["visit"]["menu"].is_string());
    guest.tell(left);

    // Down onto the menu's upper row, over nothing else.
    guest.aim_at_tile("Recenter");
    guest.turn_hand(0.0, 1.2);
    guest.wait("the hand points at nothing", |state| {
        state["visit"]["meant"].is_null()
    });
    reset();
    guest.turn_hand(0.0, -1.2);
    guest.wait("it points at the tile", |state| {
        state["visit"]["meant"] == "Tile(Recenter)"
    });
    let frames = |state: &Value| state["frames"].as_u64().unwrap_or_default();
    let before = frames(&guest.pass(0.1));
    let after = frames(&guest.pass(1.5));
    assert!(after > before + 10, "frames passed: {before} to {after}");
    assert_eq!(
        touches(&runtime),
        [right(HOVER)],
        "a ray that comes to rest ticks once, in its own hand"
    );

    // Held, a trigger is one press.
    reset();
    guest.hold("trigger=1");
    guest.wait("the trigger is pulled", |state| {
        state["hands"][1]["pressed"] == true
    });
    guest.pass(0.5);
    guest.hold("");
    guest.wait("it is let go", |state| {
        state["hands"][1]["pressed"] == false
    });
    let felt = touches(&runtime);
    assert_eq!(
        felt.first(),
        Some(&right(PRESS)),
        "a press is stronger: {felt:?}"
    );
    assert_eq!(
        felt.iter().filter(|touch| **touch == right(PRESS)).count(),
        1,
        "and one: {felt:?}"
    );

    // Nobody feels anything while the visit waits.
    guest.turn_hand(0.0, 1.2);
    guest.wait("the hand points at nothing", |state| {
        state["visit"]["meant"].is_null()
    });
    guest.tell("presence off");
    guest.wait("the visit pauses", |state| state["phase"] == "Paused");
    reset();
    guest.turn_hand(0.0, -1.2);
    guest.pass(0.5);
    guest.press();
    guest.pass(0.3);
    assert_eq!(
        touches(&runtime),
        [],
        "a doffed headset's hands are left alone"
    );
    guest.tell("presence on");
    guest.wait("the visit goes on", |state| state["phase"] == "Running");

    assert!(
        !guest.exhibit.log().contains("panicked"),
        "nothing panics:\n{}",
        last_lines(&guest.exhibit.log())
    );
}
