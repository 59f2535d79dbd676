//! A guide who takes the headset off in the midst of a recording: the visit's end closes it,
//! and the tour is sound.

use std::time::Duration;

use bevy::math::ops;
use serde_json::Value;

use super::{
    exhibit::{Exhibit, last_lines, now},
    lives::ROOM,
    load,
};
use crate::test_runtime::TestRuntime;

/// A guide, their headset and their right hand.
struct Guide<'a> {
    exhibit: Exhibit,
    runtime: &'a TestRuntime,
    yaw: f32,
    pitch: f32,
}

impl Guide<'_> {
    #[track_caller]
    fn wait(&mut self, what: &str, mut is_so: impl FnMut(&Value) -> bool) -> Value {
        let began = now();
        loop {
            let state = self.exhibit.state();
            if let Some(state) = state.filter(|state| is_so(state)) {
                return state;
            }
            let code = self.exhibit.exit_code();
            assert!(
                code.is_none() && began.elapsed().as_secs() < 60,
                "{what} (it ended with {code:?}); the last state is {:?}\n{}",
                self.exhibit.state(),
                last_lines(&self.exhibit.log())
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Lets the exhibit's time pass.
    fn pass(&mut self, secs: f64) -> Value {
        let now = |state: &Value| state["secs"].as_f64().unwrap_or_default();
        let until = self.exhibit.state().as_ref().map_or(0.0, now) + secs;
        self.wait("time passes", |state| now(state) > until)
    }

    #[track_caller]
    fn tell(&self, line: &str) {
        self.runtime.send(line).expect("the runtime listens");
    }

    /// The right hand, turned as it is, with these inputs.
    fn hold(&self, inputs: &str) {
        let (sy, cy) = ops::sin_cos(self.yaw / 2.0);
        let (sp, cp) = ops::sin_cos(self.pitch / 2.0);
        let q = [sp * cy, sy * cp, -sy * sp, cy * cp];
        let [x, y, z, w] = q;
        self.tell(&format!("hand right 0.2 1.3 -0.3 {x} {y} {z} {w} {inputs}"));
    }

    /// Points the hand's own ray at a tile of the menu and pulls the trigger.
    fn press_tile(&mut self, item: &str) {
        for _ in 0..10 {
            let state = self.pass(0.3);
            if state["visit"]["meant"] == format!("Tile({item})") {
                self.hold("trigger=1");
                self.wait("the trigger is pulled", |state| {
                    state["hands"][1]["pressed"] == true
                });
                self.hold("");
                return;
            }
            let at = place_of(&state, item).unwrap_or_else(|| panic!("{item} is offered: {state}"));
            let ray = &state["hands"][1]["ray"];
            let (from, way) = (vector(&ray[0]), vector(&ray[1]));
            let wanted = turned([at[0] - from[0], at[1] - from[1], at[2] - from[2]]);
            let is = turned(way);
            self.yaw += wanted.0 - is.0;
            self.pitch += wanted.1 - is.1;
            self.hold("");
        }
        panic!(
            "{item} can be pointed at: {:?}",
            self.exhibit.state().unwrap_or_default()
        );
    }
}

fn vector(value: &Value) -> [f32; 3] {
    [0, 1, 2].map(|at| value[at].as_f64().unwrap_or_default() as f32)
}

/// Turn to the left and upwards of a direction, radians.
fn turned([x, y, z]: [f32; 3]) -> (f32, f32) {
    (ops::atan2(-x, -z), ops::atan2(y, ops::hypot(x, z)))
}

fn place_of(state: &Value, item: &str) -> Option<[f32; 3]> {
    let tiles = state["visit"]["tiles"].as_array()?;
    let tile = tiles.iter().find(|tile| tile["item"] == item)?;
    Some(vector(&tile["at"]))
}

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
    let mut exhibit = Exhibit::new(folder.path(), &arguments);
    exhibit.start();
    let mut guide = Guide {
        exhibit,
        runtime: &runtime,
        yaw: 0.0,
        pitch: 0.0,
    };
    guide.wait("a visit begins", |state| {
        state["phase"] == "Running" && state["is_ready"] == true
    });
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
