//! The first minute in a headset: what it shows is in view at once, and whoever does what it
//! shows goes through it.

use bevy::math::ops;
use serde_json::Value;

use super::{
    exhibit::Exhibit,
    guest::{Guest, turned, vector},
    lives::ROOM,
    load,
};
use crate::test_runtime::TestRuntime;

/// The narrowest headset of those in `docs/headset.md` shows so much to each side of straight
/// ahead, degrees (Magic Leap 2, 45 by 55).
const NARROWEST_DEG: f32 = 22.0;

/// How far from the middle of the view a place is, degrees.
fn from_gaze_deg(state: &Value, gaze_yaw_deg: f32, gaze_pitch_deg: f32, place: &Value) -> f32 {
    let (head, place) = (vector(&state["head"]), vector(place));
    let to = [0, 1, 2].map(|at| place[at] - head[at]);
    let (yaw, pitch) = turned(to);
    let (yaw, pitch) = (
        yaw.to_degrees() - gaze_yaw_deg,
        pitch.to_degrees() - gaze_pitch_deg,
    );
    // Near enough to a distance for small angles.
    ops::hypot(yaw, pitch)
}

fn lesson(state: &Value) -> &str {
    state["visit"]["lesson"].as_str().unwrap_or("none")
}

#[test]
fn the_first_minute_is_seen_at_once_and_done_by_doing() {
    if load().is_none() {
        eprintln!("skipped: the first minute: no OpenXR loader here");
        return;
    }
    let folder = tempfile::tempdir().expect("there is room for a folder");
    std::fs::write(folder.path().join("room.ron"), ROOM).expect("the room can be written");
    let runtime = TestRuntime::in_dir(folder.path(), "size 32 32\npace 60").expect("a runtime");
    let exhibit = Exhibit::new(folder.path(), &[]);
    let mut guest = Guest::enter(exhibit, &runtime);

    let state = guest.wait("the first lesson begins", |state| lesson(state) == "Look");
    let off = from_gaze_deg(&state, 0.0, 0.0, &state["visit"]["light"]);
    assert!(
        off < NARROWEST_DEG,
        "whoever looks ahead sees the light at once, {off} degrees from the middle: {state}"
    );
    // It goes to the side, and whoever follows has learned to look.
    guest.pass(4.5);
    let state = guest.wait("the light has drifted away", |state| {
        lesson(state) == "Look" && from_gaze_deg(state, 0.0, 0.0, &state["visit"]["light"]) > 45.0
    });
    let head = vector(&state["head"]);
    let light = vector(&state["visit"]["light"]);
    let (yaw, _) = turned([0, 1, 2].map(|at| light[at] - head[at]));
    guest.tell(&format!("head 0 1.6 0 {} 0", yaw.to_degrees()));

    let state = guest.wait("the second lesson begins", |state| lesson(state) == "Point");
    let off = from_gaze_deg(&state, yaw.to_degrees(), 0.0, &state["visit"]["light"]);
    assert!(
        off < NARROWEST_DEG,
        "its lamp is in view, {off} degrees off: {state}"
    );
    guest.pass(4.5);
    for _ in 0..10 {
        let state = guest.pass(0.3);
        if state["visit"]["meant"] == "LessonLamp" {
            break;
        }
        guest.aim_at(&state, vector(&state["visit"]["light"]));
    }
    guest.press();

    let state = guest.wait("the third lesson begins", |state| lesson(state) == "Step");
    let off = from_gaze_deg(&state, yaw.to_degrees(), 0.0, &state["visit"]["light"]);
    assert!(
        off < NARROWEST_DEG,
        "the way down begins in view, {off} degrees off: {state}"
    );
    // A real step, in the room.
    let [sin, cos] = [ops::sin(yaw), ops::cos(yaw)];
    guest.tell(&format!(
        "head {} 1.6 {} {} 0",
        -0.6 * sin,
        -0.6 * cos,
        yaw.to_degrees()
    ));
    guest.wait("all is told", |state| state["visit"]["lesson"].is_null());
    let log = guest.exhibit.log();
    assert!(
        log.contains("the first minute is done"),
        "done, not passed over:\n{log}"
    );
}
