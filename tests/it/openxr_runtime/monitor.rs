//! The monitor beside the headset, in a window on a virtual screen: it mirrors a visitor,
//! shows views while nobody visits, and goes on without a headset.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use image::RgbImage;

use super::{
    exhibit::{Exhibit, last_lines, now},
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
        let mut server = Command::new("Xvfb")
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                "640x480x24",
                "-nolisten",
                "tcp",
            ])
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

#[test]
fn the_monitor_mirrors_the_visitor_and_outlives_the_headset() {
    let screen = Screen::start().filter(|_| load().is_some());
    let Some(screen) = screen else {
        eprintln!("skipped: the monitor beside a headset: no Xvfb or no OpenXR loader here");
        return;
    };
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let folder = folder.path();
    let cave = folder.join("cave");
    let cave = cave.to_str().expect("the temporary folder is UTF-8");
    let made = crate::command::grotto(&["sample", "--draft", "--out", cave], folder);
    assert!(made.status.success(), "the sample can be generated");
    std::fs::rename(
        folder.join("cave/exhibit.ron"),
        folder.join("cave/room.ron"),
    )
    .expect("a file can be renamed");
    let folder = &folder.join("cave");
    let runtime = TestRuntime::in_dir(folder, "size 320 320\npace 30").expect("a runtime");
    let mut exhibit = Exhibit::new(folder, &["--haste", "10", "--grace", "600"]);
    exhibit.display = Some(screen.display.clone());
    exhibit.start();
    wait(&mut exhibit, "somebody visits", |state| {
        state["phase"] == "Running"
            && state["is_ready"] == true
            && state["darkness"].as_f64() == Some(0.0)
    });
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
    assert!(
        !exhibit.log().contains("panicked"),
        "nothing panics:\n{}",
        last_lines(&exhibit.log())
    );
}
