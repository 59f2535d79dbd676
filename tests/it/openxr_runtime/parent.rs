//! Parent and children on a machine with a monitor, whose headset comes and goes: the parent
//! tells systemd what is shown, and a test listens.

use std::{
    os::unix::net::UnixDatagram,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use super::{
    exhibit::{last_line, last_lines, now},
    load,
    monitor::Screen,
};
use crate::test_runtime::TestRuntime;

/// Grotto as systemd would start it.
struct Unit {
    folder: PathBuf,
    parent: Child,
    systemd: UnixDatagram,
}

impl Unit {
    fn start(folder: &Path, screen: &Screen) -> Self {
        let socket = folder.join("notify");
        let systemd = UnixDatagram::bind(&socket).expect("a socket can be made");
        systemd
            .set_read_timeout(Some(Duration::from_millis(200)))
            .expect("a socket has a timeout");
        let log = std::fs::File::create(folder.join("log")).expect("a log can be written");
        let parent = Command::new(env!("CARGO_BIN_EXE_grotto"))
            .args(["run", "room.ron", "--mode", "vr", "--quality", "low"])
            .args(["--report", "report.jsonl"])
            .current_dir(folder)
            .envs(TestRuntime::environment(folder))
            .env("NOTIFY_SOCKET", &socket)
            .env("DISPLAY", &screen.display)
            .env_remove("WAYLAND_DISPLAY")
            .env("XDG_STATE_HOME", folder.join("state"))
            .env("XDG_RUNTIME_DIR", folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("grotto starts");
        Self {
            folder: folder.to_owned(),
            parent,
            systemd,
        }
    }

    /// Waits for a notice; seconds it took.
    #[track_caller]
    fn hear(&mut self, notice: &str) -> f32 {
        let began = now();
        let mut heard = Vec::new();
        while began.elapsed().as_secs() < 120 {
            let mut bytes = [0; 512];
            if let Ok(length) = self.systemd.recv(&mut bytes) {
                let text = String::from_utf8_lossy(&bytes[..length]).into_owned();
                if text == notice {
                    return began.elapsed().as_secs_f32();
                }
                heard.push(text);
            }
        }
        panic!(
            "the parent says {notice:?}; it said {heard:?}\n{}",
            last_lines(&self.log())
        );
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    /// Waits until the headset's process is so.
    #[track_caller]
    fn wait(&self, what: &str, is_so: impl Fn(&serde_json::Value) -> bool) -> serde_json::Value {
        self.wait_for(what, || last_line(&self.folder.join("report.jsonl")), is_so)
    }

    /// What the monitor's visit leaves on the disk.
    fn left(&self) -> Option<serde_json::Value> {
        let folder = self.folder.join("state/grotto/checkpoints");
        let file = std::fs::read_dir(folder).ok()?.flatten().next()?;
        serde_json::from_str(&std::fs::read_to_string(file.path()).ok()?).ok()
    }

    /// The process of the parent's child.
    fn child(&self) -> u64 {
        let children = Command::new("ps")
            .args(["-o", "pid=", "--ppid", &self.parent.id().to_string()])
            .output()
            .expect("processes can be listed");
        let text = String::from_utf8_lossy(&children.stdout).into_owned();
        text.split_whitespace()
            .find_map(|word| word.parse().ok())
            .expect("the parent has a child")
    }

    #[track_caller]
    fn wait_for(
        &self,
        what: &str,
        look: impl Fn() -> Option<serde_json::Value>,
        is_so: impl Fn(&serde_json::Value) -> bool,
    ) -> serde_json::Value {
        let began = now();
        loop {
            let state = look();
            if let Some(state) = state.clone().filter(|state| is_so(state)) {
                return state;
            }
            assert!(
                began.elapsed().as_secs() < 120,
                "{what}; the last state is {state:?}\n{}",
                last_lines(&self.log())
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn kill_child(&self, state: &serde_json::Value) {
        self.kill(state["pid"].as_u64().expect("a process has a number"));
    }

    fn kill(&self, pid: u64) {
        let sent = Command::new("kill").args(["-9", &pid.to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()), "{pid} is killed");
    }
}

impl Drop for Unit {
    fn drop(&mut self) {
        // Its child ends with it: its line of life is cut.
        drop(self.parent.kill());
        drop(self.parent.wait());
    }
}

#[test]
fn the_headset_comes_and_goes_and_the_exhibit_stays() {
    let screen = Screen::start().filter(|_| load().is_some());
    let Some(screen) = screen else {
        eprintln!("skipped: parent and children: no Xvfb or no OpenXR loader here");
        return;
    };
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let folder = folder.path();
    std::fs::write(folder.join("room.ron"), super::lives::ROOM).expect("the room can be written");
    let gone = "size 16 16\npace 30\nheadset off";
    let there = "size 16 16\npace 30\nhead 0 1.5 -0.7 20 0";
    let _runtime = TestRuntime::in_dir(folder, gone).expect("a runtime");
    let script = |text: &str| {
        std::fs::write(folder.join("script.txt"), text).expect("a script can be written");
    };

    let mut unit = Unit::start(folder, &screen);
    unit.hear("READY=1");
    unit.hear("STATUS=on the monitor");
    let log = unit.log();
    assert!(
        log.contains("finds no headset"),
        "it is said what is missing:\n{log}"
    );
    script(there);
    let secs = unit.hear("STATUS=in the headset");
    eprintln!("a headset that appears is used after {secs:.1} s");
    let visit = unit.wait("somebody visits", |state| state["phase"] == "Running");

    // A crash.
    unit.kill_child(&visit);
    let secs = unit.hear("STATUS=in the headset");
    eprintln!("a crashed exhibit is back after {secs:.1} s");
    let again = unit.wait("the visit goes on", |state| {
        state["phase"] == "Running" && state["pid"] != visit["pid"]
    });
    assert_eq!(again["feet"], visit["feet"], "at its place");

    // The headset is gone for a while.
    script(gone);
    unit.kill_child(&again);
    unit.hear("STATUS=on the monitor");
    script(there);
    let secs = unit.hear("STATUS=in the headset");
    eprintln!("a headset that returns is used after {secs:.1} s");
    let back = unit.wait("the visit goes on", |state| {
        state["phase"] == "Running" && state["pid"] != again["pid"]
    });
    assert_eq!(
        back["feet"], visit["feet"],
        "the monitor has left the headset's visit alone"
    );
    let log = unit.log();
    assert!(!log.contains("panicked"), "nothing panics:\n{log}");
}

/// A key held for a while in Grotto's window.
fn hold_key(screen: &Screen, key: &str, time: Duration) -> bool {
    let send = |words: &[&str]| {
        let sent = Command::new("xdotool")
            .args(words)
            .env("DISPLAY", &screen.display)
            .stdout(Stdio::null())
            .status();
        sent.is_ok_and(|status| status.success())
    };
    // Without a window manager nobody else gives it the keys.
    let is_down = send(&["search", "--name", "Grotto", "windowfocus", "keydown", key]);
    std::thread::sleep(time);
    is_down && send(&["keyup", key])
}

#[test]
fn a_visit_at_the_monitor_is_taken_up_by_the_next_process() {
    let has_keys = Command::new("xdotool")
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    let screen = Screen::start().filter(|_| has_keys && load().is_some());
    let Some(screen) = screen else {
        eprintln!("skipped: the monitor's own visit: no Xvfb, xdotool or OpenXR loader here");
        return;
    };
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let folder = folder.path();
    std::fs::write(folder.join("room.ron"), super::lives::ROOM).expect("the room can be written");
    let _runtime = TestRuntime::in_dir(folder, "headset off").expect("a runtime");
    let mut unit = Unit::start(folder, &screen);
    unit.hear("READY=1");
    unit.hear("STATUS=on the monitor");
    let place = |left: &serde_json::Value| left["place"]["feet_in_world"].clone();
    let home = unit.wait_for("the visit is kept", || unit.left(), |_| true);
    assert_eq!(home["is_visiting"], false, "nobody wears a headset: {home}");

    // Somebody walks, and stands.
    let walked = unit.wait_for(
        "somebody walks",
        || {
            hold_key(&screen, "w", Duration::from_millis(400));
            unit.left()
        },
        |left| place(left) != place(&home),
    );
    let mut stood = walked;
    for _ in 0..50 {
        std::thread::sleep(Duration::from_millis(2_500));
        let left = unit.left().expect("the visit is kept");
        if place(&left) == place(&stood) {
            break;
        }
        stood = left;
    }
    assert_ne!(place(&stood), place(&home), "they are not at home");

    // The process dies; the next one writes what it has taken up.
    let file = std::fs::read_dir(folder.join("state/grotto/checkpoints"))
        .expect("there is a folder")
        .flatten()
        .next()
        .expect("there is a file")
        .path();
    let written = || {
        let told = std::fs::metadata(&file).and_then(|told| told.modified());
        told.expect("the file is there")
    };
    let before = written();
    unit.kill(unit.child());
    unit.hear("STATUS=on the monitor");
    let again = unit.wait_for(
        "the next process keeps the visit",
        || unit.left(),
        |_| written() > before,
    );
    assert_eq!(place(&again), place(&stood), "it goes on at its place");
    assert_eq!(
        again["place"]["yaw_rad"], stood["place"]["yaw_rad"],
        "looking the same way"
    );
    let log = unit.log();
    assert!(
        log.contains("the visit is taken up where it was"),
        "and says so:\n{log}"
    );
    assert!(!log.contains("panicked"), "nothing panics:\n{log}");
}
