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
        let began = now();
        loop {
            let state = last_line(&self.folder.join("report.jsonl"));
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
        let pid = state["pid"].as_u64().expect("a process has a number");
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
