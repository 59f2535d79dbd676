//! The exhibit as a child of nobody, for tests with the test runtime.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Instant,
};

use serde_json::Value;

use crate::test_runtime::TestRuntime;

pub(super) fn now() -> Instant {
    #[expect(
        clippy::disallowed_methods,
        reason = "a process of its own is waited for"
    )]
    Instant::now()
}

/// The exhibit in a process of its own, as its parent would start it.
pub(super) struct Exhibit {
    folder: PathBuf,
    arguments: Vec<String>,
    /// Where its window is, where it has one.
    pub(super) display: Option<String>,
    child: Option<Child>,
    /// Processes so far.
    pub(super) starts: u64,
}

impl Exhibit {
    /// The exhibit `room.ron` of a folder, without a window.
    pub(super) fn new(folder: &Path, arguments: &[&str]) -> Self {
        Self {
            folder: folder.to_owned(),
            arguments: arguments.iter().map(|&one| one.to_owned()).collect(),
            display: None,
            child: None,
            starts: 0,
        }
    }

    /// Starts a process; all but the first resume.
    pub(super) fn start(&mut self) {
        let log = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.folder.join("log"))
            .expect("a log can be written");
        let mut command = Command::new(env!("CARGO_BIN_EXE_grotto"));
        command
            .args(["run", "room.ron", "--mode", "vr", "--child", "headset"])
            .args(["--quality", "low", "--report", "report.jsonl"])
            .args(["--eye-pictures", "."])
            .args(&self.arguments)
            .args((self.starts > 0).then_some("--resume"))
            .current_dir(&self.folder)
            .envs(TestRuntime::environment(&self.folder))
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .env("XDG_STATE_HOME", self.folder.join("state"))
            .env("XDG_RUNTIME_DIR", &self.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(log);
        if let Some(display) = &self.display {
            command.env("DISPLAY", display);
        }
        self.starts += 1;
        self.child = Some(command.spawn().expect("grotto starts"));
    }

    /// The code of a process that has ended.
    pub(super) fn exit_code(&mut self) -> Option<i32> {
        let child = self.child.as_mut()?;
        let status = child.try_wait().expect("a child can be looked at")?;
        self.child = None;
        // A signal is none that it should end by: told as a negative number.
        let signal = || std::os::unix::process::ExitStatusExt::signal(&status);
        Some(status.code().unwrap_or_else(|| -signal().unwrap_or(1)))
    }

    /// Everything it said, all processes.
    pub(super) fn log(&self) -> String {
        let bytes = std::fs::read(self.folder.join("log")).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The last line of the report.
    pub(super) fn state(&self) -> Option<Value> {
        last_line(&self.folder.join("report.jsonl"))
    }

    /// Every state it has told, the first first: one that looks now and then misses what is short.
    pub(super) fn states(&self) -> Vec<Value> {
        let told = std::fs::read_to_string(self.folder.join("report.jsonl")).unwrap_or_default();
        let lines = told.lines();
        lines
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect()
    }

    /// Somebody is in the visit, in the present process.
    pub(super) fn is_visiting(&self) -> bool {
        let pid = self.child.as_ref().map(Child::id);
        self.state().is_some_and(|state| {
            state["phase"] == "Running"
                && state["session"] == "Focused"
                && state["pid"].as_u64() == pid.map(u64::from)
        })
    }

    /// Resident memory, kB, and open files.
    pub(super) fn size(&self) -> (u64, usize) {
        let pid = self.child.as_ref().map_or(0, Child::id);
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        let memory = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .and_then(|rest| rest.split_whitespace().next()?.parse().ok());
        let files = std::fs::read_dir(format!("/proc/{pid}/fd")).map_or(0, Iterator::count);
        (memory.unwrap_or(0), files)
    }
}

impl Drop for Exhibit {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            drop(child.kill());
            drop(child.wait());
        }
    }
}

/// The end of a file that grows.
fn tail(path: &Path) -> String {
    use std::io::{Read as _, Seek as _, SeekFrom};
    let read = || -> std::io::Result<Vec<u8>> {
        let mut file = std::fs::File::open(path)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(16 * 1024)))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    String::from_utf8_lossy(&read().unwrap_or_default()).into_owned()
}

/// The last whole line of a report.
pub(super) fn last_line(path: &Path) -> Option<Value> {
    tail(path)
        .lines()
        .rev()
        .take(2)
        .find_map(|line| serde_json::from_str(line).ok())
}

/// The end of a log.
pub(super) fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(40)..].join("\n")
}
