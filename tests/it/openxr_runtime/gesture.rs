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
    // How the runtime may go about it: told a frame ahead, as OpenXR means it; at once, in the
    // middle of a frame; far ahead; without a word how the space moves.
    for (turn, gesture) in [
        "recenter",
        "recenter 0",
        "recenter 20",
        "recenter 1 unsaid",
        "recenter 0 unsaid",
    ]
    .into_iter()
    .enumerate()
    {
        // A chair has turned by 40 degrees since the visit began, or since the last time.
        let yaw_deg = 40 * (turn + 1);
        guest.tell(&format!("head 0 1.6 0 {yaw_deg} 0"));
        guest.wait("the head turns", |state| off_deg(state) > 35.0);
        guest.pass(0.3);
        let before = guest.exhibit.states().len();
        guest.tell(gesture);
        guest.wait("what is meant is ahead", |state| {
            off_deg(state) < 2.0 && number(&state["darkness"]) < 0.01
        });
        guest.pass(0.1);
        let states = guest.exhibit.states();
        let since = states.iter().skip(before);
        let seen: Vec<[f64; 3]> = since
            .map(|state| {
                let of = |name: &str| number(&state[name]);
                [off_deg(state), of("darkness"), of("swing_deg")]
            })
            .collect();
        assert!(
            seen.iter().any(|[_, darkness, _]| *darkness > 0.5),
            "{gesture}, in a blink: {seen:?}"
        );
        assert!(
            seen.iter().all(|[_, _, swing_deg]| *swing_deg < 2.0),
            "{gesture}: nothing swings before open eyes: {seen:?}"
        );
    }
    assert!(
        !guest.exhibit.log().contains("panicked"),
        "nothing panics:\n{}",
        last_lines(&guest.exhibit.log())
    );
}
