//! Calls that do not return: the exhibit goes on without the headset, and in it once they do.

use std::time::Duration;

use serde_json::Value;

use super::{
    exhibit::{Exhibit, last_lines, now},
    lives::ROOM,
    load,
};
use crate::test_runtime::TestRuntime;

/// Every call of a frame, in the order in which they are made.
const CALLS: [&str; 10] = [
    "xrPollEvent",
    "xrWaitFrame",
    "xrBeginFrame",
    "xrLocateViews",
    "xrSyncActions",
    "xrLocateSpace",
    "xrAcquireSwapchainImage",
    "xrWaitSwapchainImage",
    "xrReleaseSwapchainImage",
    "xrEndFrame",
];

#[track_caller]
fn wait(exhibit: &mut Exhibit, what: &str, mut is_so: impl FnMut(&Value) -> bool) -> Value {
    let began = now();
    loop {
        let state = exhibit.state();
        if let Some(state) = state.filter(|state| is_so(state)) {
            return state;
        }
        let code = exhibit.exit_code();
        assert!(
            code.is_none() && began.elapsed().as_secs() < 60,
            "{what} (it ended with {code:?}); the last state is {:?}\n{}",
            exhibit.state(),
            last_lines(&exhibit.log())
        );
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn count(state: &Value, name: &str) -> u64 {
    state[name].as_u64().unwrap_or_default()
}

#[test]
fn a_call_that_does_not_return_leaves_the_exhibit_going() {
    if load().is_none() {
        eprintln!("skipped: calls that hang: no OpenXR loader here");
        return;
    }
    let folder = tempfile::tempdir().expect("there is room for a folder");
    std::fs::write(folder.path().join("room.ron"), ROOM).expect("the room can be written");
    let runtime = TestRuntime::in_dir(folder.path(), "size 16 16\npace 60").expect("a runtime");
    let mut exhibit = Exhibit::new(folder.path(), &["--haste", "10", "--grace", "600"]);
    exhibit.start();
    let is_shown = |state: &Value| state["phase"] == "Running" && state["silent"] == false;
    let first = wait(&mut exhibit, "somebody visits", is_shown);
    for call in CALLS {
        drop(runtime.send("reset"));
        runtime
            .send(&format!("hang {call}"))
            .expect("the runtime listens");
        let silent = wait(&mut exhibit, &format!("{call} hangs"), |state| {
            state["silent"] == true
        });
        let later = wait(
            &mut exhibit,
            &format!("{call} hangs, the exhibit goes on"),
            |state| count(state, "frames") >= count(&silent, "frames") + 30,
        );
        assert!(
            later["silent"] == true && later["shown"] == silent["shown"],
            "{call} hangs all the while: {silent}, {later}"
        );
        runtime.send("unstall").expect("the runtime listens");
        wait(
            &mut exhibit,
            &format!("{call} returns, the visit goes on"),
            |state| is_shown(state) && count(state, "shown") >= count(&later, "shown") + 10,
        );
        let report = runtime.report().expect("the runtime reports");
        assert_eq!(
            report["violations"],
            serde_json::json!([]),
            "{call}: every call is in order"
        );
    }
    // One that hangs for longer is a pause, and one that hangs for good is left.
    runtime.send("hang xrEndFrame").expect("it listens");
    wait(&mut exhibit, "a hang pauses the visit", |state| {
        state["phase"] == "Paused"
    });
    runtime.send("unstall").expect("the runtime listens");
    let last = wait(&mut exhibit, "the visit goes on", is_shown);
    assert_eq!(first["pid"], last["pid"], "in the same process");
    runtime.send("hang xrEndFrame").expect("it listens");
    let began = now();
    let code = loop {
        if let Some(code) = exhibit.exit_code() {
            break code;
        }
        assert!(
            began.elapsed().as_secs() < 40,
            "a runtime that never answers is left\n{}",
            last_lines(&exhibit.log())
        );
        std::thread::sleep(Duration::from_millis(20));
    };
    assert_eq!(
        code,
        12,
        "in order, for a new process:\n{}",
        last_lines(&exhibit.log())
    );
}
