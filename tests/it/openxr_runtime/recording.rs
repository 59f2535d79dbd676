//! A guide who takes the headset off in the midst of a recording: the visit's end closes it,
//! and the tour is sound.

use serde_json::Value;

use super::{
    exhibit::{Exhibit, last_lines},
    guest::Guest,
    lives::ROOM,
    load,
};
use crate::test_runtime::TestRuntime;

/// What the recorder is doing.
fn is_doing(state: &Value, doing: &str) -> bool {
    let told = state["visit"]["recorder"].as_str();
    told.is_some_and(|told| told.starts_with(doing))
}

#[test]
fn a_visit_that_ends_closes_its_recording() {
    if load().is_none() {
        eprintln!("skipped: a recording that a visit's end closes: no OpenXR loader here");
        return;
    }
    let folder = tempfile::tempdir().expect("there is room for a folder");
    std::fs::write(folder.path().join("room.ron"), ROOM).expect("the room can be written");
    let runtime = TestRuntime::in_dir(folder.path(), "size 32 32\npace 60").expect("a runtime");
    // A grace of two seconds.
    let arguments = ["--haste", "10", "--grace", "20", "--record", "guide"];
    let exhibit = Exhibit::new(folder.path(), &arguments);
    let mut guide = Guest::enter(exhibit, &runtime);
    guide.hold("b=1");
    guide.wait("the menu opens", |state| state["visit"]["menu"].is_string());
    guide.hold("");
    guide.press_tile("Record");
    guide.wait("it records", |state| is_doing(state, "Rolling"));
    // A look around, and a step ahead.
    guide.pass(1.5);
    guide.tell("head 0 1.6 -0.6 20 0");
    guide.pass(2.0);
    guide.tell("presence off");
    guide.wait("the visit waits for its guide", |state| {
        state["phase"] == "Paused"
    });
    let state = guide.wait(
        "the grace ends the visit, and the visit the recording",
        |state| is_doing(state, "Saved") || is_doing(state, "Failed"),
    );
    assert!(is_doing(&state, "Saved"), "the tour is written: {state}");
    guide.wait("the next visitor may come", |state| {
        state["phase"] == "Ready"
    });

    let tour = std::fs::read_to_string(folder.path().join("tours/guide.ron"))
        .expect("a file lies beside the scene");
    let scene =
        std::fs::read_to_string(folder.path().join("room.ron")).expect("the scene is there");
    assert!(
        scene.contains("\"tours/guide.ron\""),
        "the scene names it:\n{scene}"
    );
    let checked = crate::command::grotto(&["check", "room.ron"], folder.path());
    assert!(
        checked.status.success(),
        "it is sound: {}{}\n{tour}",
        String::from_utf8_lossy(&checked.stdout),
        String::from_utf8_lossy(&checked.stderr)
    );
    assert!(
        !guide.exhibit.log().contains("panicked"),
        "nothing panics:\n{}",
        last_lines(&guide.exhibit.log())
    );
}
