//! The monitor beside the headset, in a window on a virtual screen: it mirrors a visitor,
//! shows views while nobody visits, and goes on without a headset.

use std::{
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use image::RgbImage;

use super::{
    exhibit::{Exhibit, last_lines, now},
    lives::ROOM,
    load,
};
use crate::test_runtime::TestRuntime;

/// Xvfb; gone when dropped.
pub(super) struct Screen {
    server: Child,
    /// For `DISPLAY`.
    pub(super) display: String,
}

impl Screen {
    /// `None` where there is no Xvfb.
    pub(super) fn start() -> Option<Self> {
        Self::of("640x480x24")
    }

    /// Of this size, pixels and bits.
    fn of(size: &str) -> Option<Self> {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", size, "-nolisten", "tcp"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut number = String::new();
        // It says its number once it is ready.
        let read = BufReader::new(server.stdout.take()?).read_line(&mut number);
        let number = number.trim();
        if read.is_err() || number.is_empty() {
            drop(server.kill());
            drop(server.wait());
            return None;
        }
        Some(Self {
            display: format!(":{number}"),
            server,
        })
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        drop(self.server.kill());
        drop(self.server.wait());
    }
}

#[track_caller]
fn wait(exhibit: &mut Exhibit, what: &str, mut is_so: impl FnMut(&serde_json::Value) -> bool) {
    let began = now();
    while !exhibit.state().is_some_and(|state| is_so(&state)) {
        let code = exhibit.exit_code();
        assert!(
            code.is_none() && began.elapsed().as_secs() < 120,
            "{what} (it ended with {code:?}); the last state is {:?}\n{}",
            exhibit.state(),
            last_lines(&exhibit.log())
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The window, as it is on the screen.
#[track_caller]
fn window(folder: &Path, name: &str) -> RgbImage {
    std::fs::write(folder.join(format!("{name}.wanted")), []).expect("a wish can be written");
    let path = folder.join(format!("{name}-monitor.png"));
    let began = now();
    loop {
        // It may be half written.
        if let Ok(picture) = image::open(&path) {
            if let Some(kept) = std::env::var_os("GROTTO_KEEP_PICTURES") {
                let kept = Path::new(&kept).join(format!("{name}-monitor.png"));
                picture.save(kept).expect("a picture can be kept");
            }
            return picture.into_rgb8();
        }
        assert!(
            began.elapsed().as_secs() < 60,
            "a picture of the window comes within a minute"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn brightness(picture: &RgbImage) -> f64 {
    let sum: u64 = picture.as_raw().iter().map(|value| u64::from(*value)).sum();
    sum as f64 / picture.as_raw().len() as f64
}

/// The draft of the sample, in a folder of its own.
fn cave_in(folder: &Path) -> PathBuf {
    let cave = folder.join("cave");
    let to = cave.to_str().expect("the temporary folder is UTF-8");
    let made = crate::command::grotto(&["sample", "--draft", "--out", to], folder);
    assert!(made.status.success(), "the sample can be generated");
    std::fs::rename(cave.join("exhibit.ron"), cave.join("room.ron"))
        .expect("a file can be renamed");
    cave
}

/// The exhibit with a window on this screen, once somebody visits.
fn visited(folder: &Path, screen: &Screen, arguments: &[&str]) -> Exhibit {
    let arguments = [&["--haste", "10", "--grace", "600"], arguments].concat();
    let mut exhibit = Exhibit::new(folder, &arguments);
    exhibit.display = Some(screen.display.clone());
    exhibit.start();
    wait(&mut exhibit, "somebody visits", |state| {
        state["phase"] == "Running"
            && state["is_ready"] == true
            && state["darkness"].as_f64() == Some(0.0)
    });
    exhibit
}

/// Lets the exhibit's time pass.
fn pass(exhibit: &mut Exhibit, secs: f64) {
    let now = exhibit.state().expect("a report")["secs"].as_f64();
    let now = now.expect("a report has a time");
    wait(exhibit, "time passes", |state| {
        state["secs"].as_f64() > Some(now + secs)
    });
}

/// What a monitor with this choice shows while somebody visits: at first, once they have turned
/// around, and when the next of the named views has its turn.
fn shown_beside_a_visit(test: &str, arguments: &[&str]) -> Option<[RgbImage; 3]> {
    let screen = Screen::start().filter(|_| load().is_some());
    let Some(screen) = screen else {
        #[expect(clippy::print_stderr, reason = "a skipped test says why")]
        {
            eprintln!("skipped: {test}: no Xvfb or no OpenXR loader here");
        }
        return None;
    };
    let kept = tempfile::tempdir().expect("there is room for a folder");
    let folder = cave_in(kept.path());
    let runtime = TestRuntime::in_dir(&folder, "size 160 160\npace 30").expect("a runtime");
    let mut exhibit = visited(&folder, &screen, arguments);
    wait(&mut exhibit, "a view is shown", |state| {
        state["monitor"] == "View" && state["phase"] == "Running"
    });
    // A view has just begun: it stays for 12 s.
    let secs = |exhibit: &Exhibit| exhibit.state().expect("a report")["secs"].as_f64();
    wait(&mut exhibit, "a view begins", |state| {
        state["secs"].as_f64().is_some_and(|secs| secs % 12.0 < 3.0)
    });
    let first = window(&folder, &format!("{test}-first"));
    let began = secs(&exhibit).expect("a report has a time");
    runtime
        .send("head 0 1.6 0 150 0")
        .expect("the runtime listens");
    pass(&mut exhibit, 2.0);
    let turned = window(&folder, &format!("{test}-turned"));
    let since = secs(&exhibit).expect("a report has a time") - began;
    assert!(
        since < 9.0,
        "the machine is fast enough for two pictures in a view's time: {since} s"
    );
    pass(&mut exhibit, 12.0 - since + 1.0);
    let next = window(&folder, &format!("{test}-next"));
    assert!(
        !exhibit.log().contains("panicked"),
        "nothing panics:\n{}",
        last_lines(&exhibit.log())
    );
    for picture in [&first, &turned, &next] {
        let light = brightness(picture);
        assert!(light > 4.0, "the monitor shows something: {light}");
    }
    Some([first, turned, next])
}

/// Flames flicker and dust drifts; the view is the same.
const SAME: f64 = 2.5;
/// Another view.
const OTHER: f64 = 5.0;

fn differs(a: &RgbImage, b: &RgbImage) -> f64 {
    crate::headset::compare::difference(a, b).mean
}

/// What is left when both are brought to the same brightness: the eye gets used to a room.
fn differs_in_shape(a: &RgbImage, b: &RgbImage) -> f64 {
    let gain = brightness(a) / brightness(b).max(1.0);
    let mut b = b.clone();
    for value in b.as_flat_samples_mut().samples {
        *value = (f64::from(*value) * gain).round().min(255.0) as u8;
    }
    differs(a, &b)
}

#[test]
fn the_monitor_covers_a_screen_that_nobody_manages() {
    let screen = Screen::of("1024x768x24").filter(|_| load().is_some());
    let Some(screen) = screen else {
        eprintln!("skipped: the monitor on a bare screen: no Xvfb or no OpenXR loader here");
        return;
    };
    let folder = tempfile::tempdir().expect("there is room for a folder");
    std::fs::write(folder.path().join("room.ron"), ROOM).expect("the room can be written");
    let _runtime = TestRuntime::in_dir(folder.path(), "size 32 32\npace 30").expect("a runtime");
    let mut exhibit = visited(folder.path(), &screen, &["--fullscreen"]);
    let began = now();
    for count in 0.. {
        let seen = window(folder.path(), &format!("fullscreen-{count}")).dimensions();
        if seen == (1024, 768) {
            break;
        }
        assert!(
            began.elapsed().as_secs() < 60,
            "the window is {seen:?}\n{}",
            last_lines(&exhibit.log())
        );
        pass(&mut exhibit, 0.2);
    }
}

#[test]
fn the_monitor_keeps_to_the_view_that_was_chosen() {
    let arguments = ["--monitor", "view", "--view", "altar"];
    let Some([first, turned, next]) = shown_beside_a_visit("monitor-view", &arguments) else {
        return;
    };
    let by_head = differs_in_shape(&first, &turned);
    let by_time = differs_in_shape(&first, &next);
    assert!(
        by_head < SAME && by_time < SAME,
        "it stays, whatever the visitor does: {by_head}, {by_time}"
    );
}

#[test]
fn the_monitor_invites_while_somebody_visits() {
    let arguments = ["--monitor", "attract"];
    let Some([first, turned, next]) = shown_beside_a_visit("monitor-attract", &arguments) else {
        return;
    };
    let (by_head, by_time) = (differs(&first, &turned), differs(&first, &next));
    assert!(by_head < SAME, "it is not the visitor's view: {by_head}");
    assert!(by_time > OTHER, "the named views take turns: {by_time}");
}

#[test]
fn the_monitor_mirrors_the_visitor_and_outlives_the_headset() {
    let screen = Screen::start().filter(|_| load().is_some());
    let Some(screen) = screen else {
        eprintln!("skipped: the monitor beside a headset: no Xvfb or no OpenXR loader here");
        return;
    };
    let kept = tempfile::tempdir().expect("there is room for a folder");
    let folder = cave_in(kept.path());
    let folder = &folder;
    let runtime = TestRuntime::in_dir(folder, "size 320 320\npace 30").expect("a runtime");
    let mut exhibit = visited(folder, &screen, &[]);
    wait(&mut exhibit, "the monitor mirrors them", |state| {
        state["monitor"] == "Mirror"
    });
    let ahead = window(folder, "mirror");
    assert!(
        brightness(&ahead) > 4.0,
        "the mirror shows something: {}",
        brightness(&ahead)
    );
    // Whoever turns around sees something else, and so does the monitor.
    runtime
        .send("head 0 1.6 0 150 0")
        .expect("the runtime listens");
    let turned_at = exhibit.state().expect("a report")["secs"].as_f64();
    wait(&mut exhibit, "the mirror follows", |state| {
        state["secs"].as_f64() > turned_at.map(|secs| secs + 3.0)
    });
    let turned = window(folder, "turned");
    let difference = crate::headset::compare::difference(&ahead, &turned);
    assert!(
        difference.mean > 3.0,
        "the mirror shows where the visitor looks: {difference:?}"
    );
    // The headset is gone: the monitor goes on.
    runtime.send("headset off").expect("the runtime listens");
    wait(&mut exhibit, "the monitor shows views", |state| {
        state["monitor"] == "View" && state["phase"] != "Running"
    });
    let alone = exhibit.state().expect("a report")["secs"].as_f64();
    wait(&mut exhibit, "the monitor goes on", |state| {
        state["secs"].as_f64() > alone.map(|secs| secs + 1.0)
    });
    let view = window(folder, "alone");
    assert!(
        brightness(&view) > 4.0,
        "a view of the exhibit is shown: {}",
        brightness(&view)
    );
    runtime.send("headset on").expect("the runtime listens");
    wait(&mut exhibit, "the visit goes on", |state| {
        state["phase"] == "Running" && state["monitor"] == "Mirror"
    });
    // A runtime that does not answer would leave a picture that stands still.
    runtime.send("hang xrEndFrame").expect("it listens");
    wait(&mut exhibit, "the monitor shows views again", |state| {
        state["monitor"] == "View" && state["silent"] == true
    });
    let halted = window(folder, "halted");
    assert!(
        brightness(&halted) > 4.0,
        "while the runtime hangs, a view is shown: {}",
        brightness(&halted)
    );
    runtime.send("unstall").expect("the runtime listens");
    wait(&mut exhibit, "the visit goes on once more", |state| {
        state["phase"] == "Running" && state["monitor"] == "Mirror"
    });
    assert!(
        !exhibit.log().contains("panicked"),
        "nothing panics:\n{}",
        last_lines(&exhibit.log())
    );
}
