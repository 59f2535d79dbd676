//! The system's gesture, by which a visitor looks ahead again.

use serde_json::Value;

use super::{
    exhibit::{Exhibit, last_lines},
    guest::Guest,
    lives::ROOM,
    load,
};
use crate::test_runtime::TestRuntime;

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

#[test]
fn the_system_s_gesture_brings_what_is_meant_before_the_visitor() {
    if load().is_none() {
        eprintln!("skipped: the system's gesture: no OpenXR loader here");
        return;
    }
    let folder = tempfile::tempdir().expect("there is room for a folder");
    std::fs::write(folder.path().join("room.ron"), ROOM).expect("the room can be written");
    let runtime = TestRuntime::in_dir(folder.path(), "size 32 32\npace 60").expect("a runtime");
    let exhibit = Exhibit::new(folder.path(), &["--haste", "10", "--grace", "600"]);
    let mut guest = Guest::enter(exhibit, &runtime);
    let meant_deg = number(&guest.pass(0.3)["head_yaw_deg"]);
    let off_deg = |state: &Value| {
        let off = number(&state["head_yaw_deg"]) - meant_deg;
        ((off + 180.0).rem_euclid(360.0) - 180.0).abs()
    };
    // A chair has turned by 40 degrees since the visit began.
    guest.tell("head 0 1.6 0 40 0");
    guest.wait("the head turns", |state| off_deg(state) > 35.0);
    guest.pass(0.3);
    let before = guest.exhibit.states().len();
    guest.tell("recenter");
    guest.wait("what is meant is ahead", |state| {
        off_deg(state) < 2.0 && number(&state["darkness"]) < 0.01
    });
    let states = guest.exhibit.states();
    let since = states.iter().skip(before);
    let seen: Vec<(f64, f64)> = since
        .map(|state| (off_deg(state), number(&state["darkness"])))
        .collect();
    assert!(
        seen.iter().any(|(_, darkness)| *darkness > 0.5),
        "in a blink: {seen:?}"
    );
    assert!(
        !guest.exhibit.log().contains("panicked"),
        "nothing panics:\n{}",
        last_lines(&guest.exhibit.log())
    );
}
