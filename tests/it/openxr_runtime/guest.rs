//! A visitor of the exhibit on the test runtime: wears its headset, points its right hand and
//! presses.

use std::time::Duration;

use bevy::math::ops;
use serde_json::Value;

use super::exhibit::{Exhibit, last_lines, now};
use crate::test_runtime::TestRuntime;

/// A visitor, their headset and their right hand.
pub(super) struct Guest<'a> {
    pub(super) exhibit: Exhibit,
    runtime: &'a TestRuntime,
    yaw: f32,
    pitch: f32,
}

impl<'a> Guest<'a> {
    /// Begins a process of the exhibit and waits for its visit.
    pub(super) fn enter(mut exhibit: Exhibit, runtime: &'a TestRuntime) -> Self {
        exhibit.start();
        let mut guest = Self {
            exhibit,
            runtime,
            yaw: 0.0,
            pitch: 0.0,
        };
        guest.wait("a visit begins", |state| {
            state["phase"] == "Running" && state["is_ready"] == true
        });
        guest
    }

    #[track_caller]
    pub(super) fn wait(&mut self, what: &str, mut is_so: impl FnMut(&Value) -> bool) -> Value {
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
    pub(super) fn pass(&mut self, secs: f64) -> Value {
        let now = |state: &Value| state["secs"].as_f64().unwrap_or_default();
        let until = self.exhibit.state().as_ref().map_or(0.0, now) + secs;
        self.wait("time passes", |state| now(state) > until)
    }

    #[track_caller]
    pub(super) fn tell(&self, line: &str) {
        self.runtime.send(line).expect("the runtime listens");
    }

    /// The right hand, turned as it is, with these inputs.
    pub(super) fn hold(&self, inputs: &str) {
        let (sy, cy) = ops::sin_cos(self.yaw / 2.0);
        let (sp, cp) = ops::sin_cos(self.pitch / 2.0);
        let q = [sp * cy, sy * cp, -sy * sp, cy * cp];
        let [x, y, z, w] = q;
        self.tell(&format!("hand right 0.2 1.3 -0.3 {x} {y} {z} {w} {inputs}"));
    }

    /// Points the hand's own ray at a tile of the menu.
    #[track_caller]
    pub(super) fn aim_at_tile(&mut self, item: &str) {
        for _ in 0..10 {
            let state = self.pass(0.3);
            if state["visit"]["meant"] == format!("Tile({item})") {
                return;
            }
            let at = place_of(&state, item).unwrap_or_else(|| panic!("{item} is offered: {state}"));
            self.aim_at(&state, at);
        }
        panic!(
            "{item} can be pointed at: {:?}",
            self.exhibit.state().unwrap_or_default()
        );
    }

    /// Turns the hand by as much as its ray misses a place in the exhibit.
    pub(super) fn aim_at(&mut self, state: &Value, place: [f32; 3]) {
        let ray = &state["hands"][1]["ray"];
        let (from, way) = (vector(&ray[0]), vector(&ray[1]));
        let wanted = turned([0, 1, 2].map(|at| place[at] - from[at]));
        let is = turned(way);
        self.turn_hand(wanted.0 - is.0, wanted.1 - is.1);
    }

    /// Turns the hand to the left and upwards, radians.
    pub(super) fn turn_hand(&mut self, yaw: f32, pitch: f32) {
        self.yaw += yaw;
        self.pitch += pitch;
        self.hold("");
    }

    /// Pulls the trigger until it is felt, and lets go.
    pub(super) fn press(&mut self) {
        self.hold("trigger=1");
        self.wait("the trigger is pulled", |state| {
            state["hands"][1]["pressed"] == true
        });
        self.hold("");
    }

    /// Points at a tile of the menu and pulls the trigger.
    #[track_caller]
    pub(super) fn press_tile(&mut self, item: &str) {
        self.aim_at_tile(item);
        self.press();
    }
}

pub(super) fn vector(value: &Value) -> [f32; 3] {
    [0, 1, 2].map(|at| value[at].as_f64().unwrap_or_default() as f32)
}

/// Turn to the left and upwards of a direction, radians.
pub(super) fn turned([x, y, z]: [f32; 3]) -> (f32, f32) {
    (ops::atan2(-x, -z), ops::atan2(y, ops::hypot(x, z)))
}

fn place_of(state: &Value, item: &str) -> Option<[f32; 3]> {
    let tiles = state["visit"]["tiles"].as_array()?;
    let tile = tiles.iter().find(|tile| tile["item"] == item)?;
    Some(vector(&tile["at"]))
}
