//! The life of exhibit and runtime: deaths, pauses, visitors who leave, what is missing.

use super::{
    alone, distance, is_visiting,
    remote::Doing,
    runtime::{Rig, now, until},
    vector,
};
use grotto::{
    exhibit::open,
    tour::{Durations, Input, Story, StoryInput, TourIndex},
    visit::checkpoint::{Checkpoint, Place},
};
use serde_json::Value;
use std::{sync::Arc, time::Duration};

/// A visit in the midst of things: in French, at the donors of the tour, which pauses, with
/// another layer on a wall, the lamp other than at first.
fn a_visit() -> (Checkpoint, String) {
    let (stage, _) = open::open(&Rig::scene(), Some("fr"));
    let stage = stage.expect("the sample can be opened");
    let script = stage.story.expect("it has tours").script.clone();
    let mut story = Story::new(Arc::clone(&script), Durations::default());
    let inputs = [
        Input::Start(TourIndex::FIRST),
        Input::Skip,
        Input::Skip,
        Input::Pause,
    ];
    story.step(&inputs.map(StoryInput::Tour), Duration::ZERO);
    let wall = stage
        .surfaces
        .iter()
        .find(|surface| surface.layers.len() > 1)
        .expect("a wall of the sample has layers");
    let other = (wall.shown + 1) % wall.layers.len();
    let eye = stage.headset_start.eye_in_world;
    let checkpoint = Checkpoint {
        is_visiting: true,
        language: Some("fr".to_owned()),
        place: Some(Place {
            feet_in_world: [eye.x, eye.y - 1.6, eye.z],
            yaw_rad: stage.headset_start.yaw_rad,
        }),
        tour: serde_json::to_value(story.playback().position()).ok(),
        layers: [(wall.id.clone(), wall.layers[other].id.clone())].into(),
        is_lamp_on: Some(!stage.lamp.is_on),
        has_learned: true,
        ..Checkpoint::default()
    };
    (checkpoint, wall.id.clone())
}

/// What must not change when a process dies.
fn course(state: &Value) -> [Value; 5] {
    ["language", "tour", "step", "layers", "lamp"].map(|name| state["visit"][name].clone())
}

/// A rig in the midst of [`a_visit`].
fn in_the_midst(test: &str, arguments: &[&str]) -> Option<(Rig, [Value; 5])> {
    let mut rig = Rig::new(test)?;
    rig.start_service(Doing::default());
    let (left, wall) = a_visit();
    rig.leave(&left);
    rig.start_exhibit(&[], &[&["--resume"], arguments].concat());
    let state = rig.wait("a visit goes on", 90.0, |state| {
        is_visiting(state)
            && state["visit"]["step"] == "Les donateurs"
            && state["visit"]["layers"][&wall] == left.layers[&wall].as_str()
    });
    let course = course(&state);
    assert_eq!(course[0], "fr", "in the visitor's language: {state}");
    assert_eq!(course[1], "Promenade à la lampe", "in their tour: {state}");
    assert_eq!(
        course[4].as_bool(),
        left.is_lamp_on,
        "with their lamp as it was: {state}"
    );
    Some((rig, course))
}

/// Kills the runtime, starts it again 5 s later, and waits until the visit goes on; seconds
/// from the runtime's return.
fn die_and_return(rig: &mut Rig, what: &str, limit_secs: f32) -> f32 {
    let doing = rig.remote.as_ref().expect("a visitor").doing();
    let pid = rig.state().expect("a report")["pid"].clone();
    rig.signal_service("KILL");
    std::thread::sleep(Duration::from_secs(5));
    rig.start_service(doing);
    let back = now();
    rig.wait(what, limit_secs, |state| {
        state["pid"] != pid && state["phase"] == "Running" && state["session"] == "Focused"
    });
    back.elapsed().as_secs_f32()
}

#[test]
fn the_exhibit_outlives_its_runtime() {
    let _alone = alone();
    let Some((mut rig, before)) = in_the_midst("outlives", &[]) else {
        return;
    };
    rig.act(|doing| doing.head[2] -= 0.8);
    let place = vector(&rig.pass(3.0)["feet"]);
    for time in 1..=2 {
        die_and_return(
            &mut rig,
            &format!("the visit goes on after death {time}"),
            10.0,
        );
        let feet = vector(&rig.pass(0.5)["feet"]);
        assert!(
            distance(feet, place) < 0.1,
            "death {time}: the visitor stands where they stood: {feet:?}, {place:?}"
        );
        let state = rig.wait("the exhibit is loaded", 60.0, |state| {
            state["is_ready"] == true && state["visit"]["tour"].is_string()
        });
        // Layers fade in.
        let state =
            until(10.0, || rig.state().filter(|state| course(state) == before)).unwrap_or(state);
        assert_eq!(
            course(&state),
            before,
            "death {time}: language, tour, step, layers and lamp are as they were"
        );
    }
    halts_halt_nothing_for_good(&mut rig, &before);
}

/// A runtime that is held for 10 s, in whatever moment of a frame, and a visitor who says
/// nothing.
fn halts_halt_nothing_for_good(rig: &mut Rig, course_before: &[Value; 5]) {
    let shown = |state: &Value| state["shown"].as_u64().unwrap_or_default();
    let before = rig.state().expect("a report");
    rig.signal_service("STOP");
    std::thread::sleep(Duration::from_secs(10));
    let halted = rig.state().expect("a report");
    rig.signal_service("CONT");
    let frames = |state: &Value| state["frames"].as_u64().unwrap_or_default();
    assert!(
        halted["silent"] == true && frames(&halted) > frames(&before) + 50,
        "while the runtime halts, the exhibit's own frames go on: {before}, {halted}"
    );
    let state = rig.wait("frames go on after a pause", 20.0, |state| {
        state["pid"] == before["pid"]
            && shown(state) > shown(&before) + 5
            && state["phase"] == "Running"
    });
    assert_eq!(
        &course(&state),
        course_before,
        "after the pause the visit is where it was"
    );
    rig.remote = None;
    let silent = rig.pass(2.0);
    rig.wait("frames go on without the visitor's driver", 20.0, |state| {
        shown(state) > shown(&silent) + 5
    });
}

#[test]
#[ignore = "takes two minutes: run by hand"]
fn a_runtime_that_halts_for_good_is_left_and_found_again() {
    let _alone = alone();
    let Some((mut rig, before)) = in_the_midst("left", &[]) else {
        return;
    };
    let pid = rig.state().expect("a report")["pid"].clone();
    rig.signal_service("STOP");
    until(60.0, || {
        rig.log().contains("no display here: waiting").then_some(())
    })
    .expect("within a minute the parent gives the headset up");
    // Monado 25 ends by itself when it goes on after so long: it is started anew.
    let doing = rig.remote.as_ref().expect("a visitor").doing();
    rig.signal_service("KILL");
    rig.start_service(doing);
    rig.wait("the visit goes on in a new process", 60.0, |state| {
        state["pid"] != pid && is_visiting(state) && course(state) == before
    });
}

/// Resident memory, kB, and open files of a process.
fn size(process_id: u64) -> (u64, u64) {
    let status = std::fs::read_to_string(format!("/proc/{process_id}/status"));
    let memory = status.ok().and_then(|status| {
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.split_whitespace().next()?.parse().ok()
    });
    let files = std::fs::read_dir(format!("/proc/{process_id}/fd"));
    (
        memory.unwrap_or_default(),
        files.map_or(0, |files| files.count() as u64),
    )
}

#[test]
#[ignore = "takes a quarter of an hour: run by hand, figures go to docs/headset.md"]
fn twenty_deaths_in_a_row_leave_nothing_behind() {
    let _alone = alone();
    let Some((mut rig, before)) = in_the_midst("twenty", &[]) else {
        return;
    };
    let place = vector(&rig.pass(3.0)["feet"]);
    let mut sizes = Vec::new();
    for time in 1..=20 {
        let back_secs = die_and_return(
            &mut rig,
            &format!("the visit goes on after death {time}"),
            20.0,
        );
        let state = rig.wait("all is as it was", 60.0, |state| {
            is_visiting(state) && course(state) == before
        });
        rig.pass(2.0);
        let feet = vector(&state["feet"]);
        assert!(
            distance(feet, place) < 0.1,
            "death {time}: the visitor stands where they stood: {feet:?}, {place:?}"
        );
        let parent = size(rig.parent_id().into());
        let child = size(state["pid"].as_u64().unwrap_or_default());
        eprintln!(
            "death {time}: back after {back_secs:.1} s; parent {} kB, {} files; child {} MB, {} files",
            parent.0,
            parent.1,
            child.0 / 1024,
            child.1
        );
        sizes.push((parent, child));
    }
    let ((parent_memory, parent_files), (child_memory, child_files)) = sizes[2];
    for (parent, child) in &sizes[3..] {
        assert!(
            parent.0 <= parent_memory + 1024 && parent.1 <= parent_files,
            "the parent does not grow: {sizes:?}"
        );
        assert!(
            child.0 <= child_memory + child_memory / 8 && child.1 <= child_files + 3,
            "no child is larger than those before: {sizes:?}"
        );
    }
}

#[test]
fn a_headset_on_a_table_is_ready_for_the_next_visitor() {
    let _alone = alone();
    let Some((rig, before)) = in_the_midst("table", &["--grace", "3", "--language", "en"]) else {
        return;
    };
    rig.act(|doing| doing.head[2] -= 0.8);
    rig.pass(1.0);
    rig.act(|doing| doing.is_swaying = false);
    rig.wait("the visit waits for its visitor", 40.0, |state| {
        state["phase"] == "Paused"
    });
    rig.wait("and is reset", 20.0, |state| state["phase"] == "Ready");
    rig.act(|doing| {
        doing.is_swaying = true;
        // Put on by somebody else, elsewhere in the room.
        doing.head = [0.5, 1.7, 0.4];
    });
    let state = rig.wait("the next visit begins", 30.0, is_visiting);
    let feet = vector(&state["feet"]);
    let (left, _) = a_visit();
    let start = left.place.expect("it began somewhere").feet_in_world;
    assert!(
        distance([feet[0], 0.0, feet[2]], [start[0], 0.0, start[2]]) < 0.05,
        "at the starting place: {feet:?}, {start:?}"
    );
    let after = course(&state);
    assert_eq!(
        after[0], "en",
        "in the exhibit's language, not {}",
        before[0]
    );
    assert_eq!(
        [&after[1], &after[2]],
        [&Value::Null; 2],
        "without the last visitor's tour: {state}"
    );
    let state = rig.wait("layers are those of the beginning", 10.0, |state| {
        state["visit"]["layers"] == serde_json::json!({})
    });
    assert_eq!(
        state["visit"]["lamp"].as_bool(),
        left.is_lamp_on.map(|is_on| !is_on),
        "the lamp is as the exhibit has it: {state}"
    );
}

#[test]
fn the_validation_layer_finds_nothing() {
    let _alone = alone();
    let Some(mut rig) = Rig::new("validation") else {
        return;
    };
    rig.start_service(Doing::default());
    let layer = [
        "XR_ENABLE_API_LAYERS=XR_APILAYER_LUNARG_core_validation",
        "XR_CORE_VALIDATION_EXPORT_TYPE=text",
    ];
    rig.start_exhibit(&layer, &[]);
    rig.wait("a visit begins under the layer", 90.0, is_visiting);
    rig.act(|doing| {
        doing.hands[1].is_seen = true;
        doing.hands[1].pitch = -0.4;
        doing.hands[1].stick = [0.0, 1.0];
    });
    rig.pass(1.0);
    rig.act(|doing| doing.hands[1].stick = [0.0; 2]);
    rig.pass(2.0);
    let log = rig.log();
    assert!(
        log.contains("Core Validation output type: text"),
        "the layer is at work:\n{log}"
    );
    let found: Vec<&str> = log
        .lines()
        .filter(|line| line.contains("VUID-") || line.contains("XR_ERROR_"))
        .collect();
    assert!(found.is_empty(), "every call is valid: {found:#?}");
}

#[test]
fn what_is_missing_is_named() {
    let _alone = alone();
    let Some(mut rig) = Rig::new("missing") else {
        return;
    };
    let broken = "XR_RUNTIME_JSON=/opt/grotto/missing/active_runtime.json";
    rig.write(
        "active_runtime.json",
        "{ \"file_format_version\": \"1.0.0\", ",
    );
    // In this command's own mounts the loader is an empty file.
    let no_loader = [
        "/bin/sh",
        "-c",
        "for l in /usr/lib/*/libopenxr_loader.so.1; do mount --bind /dev/null $l; done; exec \"$@\"",
        "sh",
    ];
    let cases: [(&[&str], &[&str], &str); 4] = [
        (
            &[],
            &["XR_RUNTIME_JSON=/nowhere.json"],
            "no OpenXR runtime can be loaded",
        ),
        (&[], &[broken], "no OpenXR runtime can be loaded"),
        (
            &no_loader,
            &[],
            "the OpenXR loader (libopenxr_loader.so.1) is not installed",
        ),
        (&[], &[], "is its service or program running?"),
    ];
    for (by, environment, words) in cases {
        rig.start_as(by, environment, &[]);
        let code = rig.exit_code(60.0);
        let log = rig.log();
        assert!(
            log.contains(words),
            "{by:?} {environment:?}: the log says {words:?}:\n{log}"
        );
        assert_eq!(
            code,
            Some(3),
            "without a display there is no desktop either:\n{log}"
        );
    }
}
