//! The exhibit itself on the test runtime, through thousands of random lives: states and
//! events in odd orders, true and untrue, calls that fail or do not return, sessions and
//! instances that are lost. Whatever happened, a runtime that behaves again has its visitor back.
//!
//! Each life has a number; a failure names it, and `GROTTO_LIFE=N` plays it alone.
//! `GROTTO_LIVES=10000` plays so many instead of those that fit into half a minute; with `GROTTO_LIFE=5000`
//! besides, from that one on.

use std::time::Duration;

use grotto::visit::session::{ALLOWED, Phase};

use super::{
    exhibit::{Exhibit, last_lines, now},
    load,
};
use crate::test_runtime::TestRuntime;

/// Without `GROTTO_LIVES`, as many lives as fit into this.
const USUAL: Duration = Duration::from_secs(30);
/// How long a runtime that behaves may wait for its visitor.
const PATIENCE_SECS: f32 = 40.0;
/// A life in so many loses its instance, which costs a start of the exhibit.
const LIVES_AN_INSTANCE: u64 = 250;

/// splitmix64: the same on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }

    fn one_of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len() as u64) as usize]
    }
}

/// What a runtime may do, and what it may say.
fn line(dice: &mut Dice, is_honest: bool) -> String {
    const STATES: [&str; 7] = [
        "idle",
        "ready",
        "synchronized",
        "visible",
        "focused",
        "focused",
        "exiting",
    ];
    const CALLS: [&str; 14] = [
        "xrWaitFrame",
        "xrBeginFrame",
        "xrEndFrame",
        "xrLocateViews",
        "xrLocateSpace",
        "xrSyncActions",
        "xrAcquireSwapchainImage",
        "xrWaitSwapchainImage",
        "xrReleaseSwapchainImage",
        "xrCreateSession",
        "xrCreateSwapchain",
        "xrBeginSession",
        "xrEndSession",
        "xrPollEvent",
    ];
    const ERRORS: [&str; 5] = [
        "XR_ERROR_RUNTIME_FAILURE",
        "XR_ERROR_OUT_OF_MEMORY",
        "XR_ERROR_SESSION_LOST",
        "XR_ERROR_SESSION_NOT_RUNNING",
        "XR_ERROR_VALIDATION_FAILURE",
    ];
    match dice.below(if is_honest { 17 } else { 21 }) {
        0..=5 => format!("state {}", dice.one_of(&STATES)),
        6 => "state loss-pending".to_owned(),
        7 => dice
            .one_of(&["lose session", "lose session silently"])
            .to_owned(),
        8 | 9 => format!("presence {}", dice.one_of(&["on", "off"])),
        10 => dice
            .one_of(&["recenter", "event recenter local_floor", "event profile"])
            .to_owned(),
        11 => dice
            .one_of(&["render off", "render on", "tracking off", "tracking on"])
            .to_owned(),
        12 => dice
            .one_of(&["event unknown", "event lost 3", "headset off", "headset on"])
            .to_owned(),
        13 => hand(dice.below(2) == 0),
        14 => format!(
            "fail {} {} {}",
            dice.one_of(&CALLS),
            dice.one_of(&ERRORS),
            1 + dice.below(3)
        ),
        15 => format!(
            "stall {} 0.0{}",
            dice.one_of(&["xrWaitFrame", "xrEndFrame", "xrPollEvent"]),
            1 + dice.below(9)
        ),
        // Until it behaves again.
        16 => format!("hang {}", dice.one_of(&CALLS)),
        // Untrue: numbers that are states, and some that are none.
        17..=19 => format!("event state {}", dice.below(11)),
        _ => format!("event presence {}", dice.one_of(&["on", "off"])),
    }
}

fn hand(is_pressed: bool) -> String {
    format!(
        "hand right 0.2 1.2 -0.4 0 0 0 1 trigger={}",
        u8::from(is_pressed)
    )
}

/// Everything as a good runtime has it.
const GOOD: [&str; 9] = [
    "heal",
    "unstall",
    "headset on",
    "tracking on",
    "render on",
    "frames run",
    "presence on",
    "event presence on",
    "state focused",
];

/// A runtime that behaves again has its visitor back.
fn recover(exhibit: &mut Exhibit, runtime: &TestRuntime, what: &str, lied: bool) {
    // Whoever lied about a state leaves it: a new session believes nothing of the old.
    if lied {
        drop(runtime.send("lose session"));
    }
    for line in GOOD {
        // A process that ends does not listen; the next one is told anew.
        drop(runtime.send(line));
    }
    let began = now();
    let mut is_pressed = false;
    let mut pressed_at = began;
    let mut starts = 0;
    while !exhibit.is_visiting() {
        if let Some(code) = exhibit.exit_code() {
            assert!(
                [10, 11, 12].contains(&code),
                "{what}: it ends only for a new process, not with {code}:\n{}",
                last_lines(&exhibit.log())
            );
            starts += 1;
            assert!(starts < 3, "{what}: one new process is enough");
            exhibit.start();
        }
        assert!(
            began.elapsed().as_secs_f32() < PATIENCE_SECS,
            "{what}: nobody is back in the visit after {PATIENCE_SECS} s: {:?}\n{:?}\n{}",
            exhibit.state(),
            runtime.report(),
            last_lines(&exhibit.log())
        );
        // A press begins; one that is held is none.
        if pressed_at.elapsed().as_millis() > 60 {
            pressed_at = now();
            is_pressed = !is_pressed;
            drop(runtime.send(&hand(is_pressed)));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The phases told in the log, process by process, against the table.
fn assert_phases(log: &str) -> usize {
    let mut changes = 0;
    let mut phase: Option<Phase> = None;
    for line in log.lines() {
        if line.contains("OpenXR runtime ") {
            phase = None;
        }
        let Some((_, name)) = line.rsplit_once("the visit is ") else {
            continue;
        };
        let next = [
            Phase::Attract,
            Phase::Ready,
            Phase::Running,
            Phase::Paused,
            Phase::Resetting,
            Phase::Reconnecting,
            Phase::Over,
        ]
        .into_iter()
        .find(|phase| format!("{phase:?}") == name.trim());
        let Some(next) = next else { continue };
        if let Some(phase) = phase {
            changes += 1;
            assert!(
                ALLOWED.contains(&(phase, next)),
                "{phase:?} to {next:?} is in the table"
            );
        }
        phase = Some(next);
    }
    changes
}

/// An exhibit of nothing.
pub(super) const ROOM: &str =
    "(format: 1, title: \"Room\", views: [(id: \"here\", at: (position: (0, 1.6, 0)))])\n";

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn the_exhibit_survives_random_lives_of_its_runtime() {
    if load().is_none() {
        eprintln!("skipped: random lives: no OpenXR loader here");
        return;
    }
    let folder = tempfile::tempdir().expect("there is room for a folder");
    std::fs::write(folder.path().join("room.ron"), ROOM).expect("the room can be written");
    // Small pictures, and frames as fast as they come.
    let runtime = TestRuntime::in_dir(folder.path(), "size 16 16\npace 0").expect("a runtime");
    let haste = ["--haste", "60", "--grace", "20"];
    let mut exhibit = Exhibit::new(folder.path(), &haste);
    exhibit.start();
    recover(&mut exhibit, &runtime, "at first", false);

    let (first, count) = match number("GROTTO_LIFE") {
        Some(life) => (life, number("GROTTO_LIVES").unwrap_or(1)),
        None => (0, number("GROTTO_LIVES").unwrap_or(u64::MAX)),
    };
    let has_limit = number("GROTTO_LIFE").or(number("GROTTO_LIVES")).is_none();
    let began = now();
    let mut sizes = vec![exhibit.size()];
    let mut starts = exhibit.starts;
    let mut lives = 0;
    for life in first..first.saturating_add(count) {
        if has_limit && lives > 0 && began.elapsed() > USUAL {
            break;
        }
        lives += 1;
        drop(runtime.send("reset"));
        let mut dice = Dice(life);
        let is_honest = life % 2 == 0;
        let is_last = life == 20 || life % LIVES_AN_INSTANCE == LIVES_AN_INSTANCE - 1;
        let mut played = Vec::new();
        for _ in 0..3 + dice.below(12) {
            let line = line(&mut dice, is_honest);
            let answer = runtime.send(&line);
            played.push(line);
            assert!(
                answer.is_ok() || exhibit.exit_code().is_some(),
                "life {life} ({}): the runtime listens: {answer:?}\n{}",
                played.join("; "),
                last_lines(&exhibit.log())
            );
            if dice.below(3) > 0 {
                std::thread::sleep(Duration::from_millis(dice.below(12)));
            }
        }
        if is_last {
            let line = dice.one_of(&["lose instance", "event instance-loss-pending"]);
            drop(runtime.send(line));
            played.push(line.to_owned());
        }
        let what = format!("life {life} ({})", played.join("; "));
        if is_last {
            let began = now();
            let mut code = None;
            while code.is_none() {
                assert!(
                    began.elapsed().as_secs() < 40,
                    "{what}: a lost instance ends the process"
                );
                code = exhibit.exit_code();
                std::thread::sleep(Duration::from_millis(5));
            }
            // From within a call that hangs nobody hears of a loss: then the runtime is left as one
            // that has stalled, which asks for another process as well.
            let hangs = played.iter().any(|line| line.starts_with("hang "));
            assert!(
                code == Some(10) || (hangs && code == Some(12)),
                "{what}: and asks for another, not {code:?}:\n{}",
                last_lines(&exhibit.log())
            );
            exhibit.start();
        }
        recover(&mut exhibit, &runtime, &what, !is_honest);
        if exhibit.starts != starts {
            // Another process: another count.
            starts = exhibit.starts;
            sizes.clear();
        } else if is_honest {
            let found = violations(&runtime);
            assert!(
                found.is_empty(),
                "{what}: every call is in order: {found:#?}"
            );
        }
        sizes.push(exhibit.size());
    }
    // What the last life left behind has come to its end.
    std::thread::sleep(Duration::from_secs(1));
    recover(&mut exhibit, &runtime, "at last", false);
    let report = runtime.report().expect("the runtime reports");
    assert_eq!(
        report["living"]["sessions"], 1,
        "one session lives: {report:#}"
    );
    assert_eq!(
        report["living"]["swapchains"], 1,
        "with one swapchain: {report:#}"
    );
    let log = exhibit.log();
    assert!(
        !log.contains("panicked"),
        "nothing panics:\n{}",
        last_lines(&log)
    );
    let changes = assert_phases(&log);
    // The first lives fill caches; from then on nothing grows.
    let settled = sizes.len() / 4;
    let (before, after) = (sizes[settled], sizes[sizes.len() - 1]);
    eprintln!(
        "{lives} lives, {} processes, {changes} changes of phase in {:.0} s; memory {} to {} MB, \
         open files {} to {}",
        exhibit.starts,
        began.elapsed().as_secs_f32(),
        before.0 / 1024,
        after.0 / 1024,
        before.1,
        after.1
    );
    assert!(
        after.0 < before.0 + before.0 / 10 + 20 * 1024,
        "memory does not grow: {before:?} to {after:?} kB"
    );
    assert!(
        after.1 <= before.1 + 4,
        "open files do not grow: {before:?} to {after:?}"
    );
}

/// Calls that no app may make. A runtime that goes on to another state between telling one
/// and our answer refuses the answer: that is nobody's fault.
fn violations(runtime: &TestRuntime) -> Vec<String> {
    const OVERTAKEN: [&str; 3] = [
        "ERROR_SESSION_NOT_READY",
        "ERROR_SESSION_NOT_RUNNING",
        "ERROR_SESSION_NOT_STOPPING",
    ];
    let report = runtime.report().unwrap_or_default();
    let found = report["violations"].as_array().cloned().unwrap_or_default();
    found
        .into_iter()
        .filter_map(|one| one.as_str().map(str::to_owned))
        .filter(|one| !OVERTAKEN.iter().any(|code| one.contains(code)))
        .collect()
}
