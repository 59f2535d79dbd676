//! Monado and Grotto in a small Debian 13 root, set up by `scripts/headset-runtime`.

use super::remote::{Doing, Remote};
use grotto::{exhibit::checkpoint_file, visit::checkpoint::Checkpoint};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Once,
    time::{Duration, Instant},
};

/// Where the root is, once it was set up.
fn root() -> PathBuf {
    std::env::var_os("GROTTO_HEADSET_ROOT").map_or_else(
        || {
            let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
            let home = || PathBuf::from(std::env::var_os("HOME").unwrap_or_default());
            cache
                .unwrap_or_else(|| home().join(".cache"))
                .join("grotto/headset-root")
        },
        PathBuf::from,
    )
}

static CAVE: Once = Once::new();

/// The sample as this program makes it: the root outlives programs, and one made by another is
/// not what pictures are compared with.
fn make_cave(cave: &Path) {
    drop(fs::remove_dir_all(cave));
    let made = Command::new(env!("CARGO_BIN_EXE_grotto"))
        .args(["sample", "--draft", "--out"])
        .arg(cave)
        .output()
        .expect("the command starts");
    assert!(made.status.success(), "the sample can be generated");
}

/// A command inside the root; its process id is that of the command itself.
fn inside(program: &str) -> Command {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/headset-runtime");
    let mut command = Command::new(script);
    command
        .args(["enter", "/usr/bin/env", "-i"])
        .args([
            "PATH=/usr/sbin:/usr/bin:/bin",
            "HOME=/tmp",
            "XDG_RUNTIME_DIR=/opt/grotto/run",
        ])
        .env("GROTTO_HEADSET_ROOT", root())
        .stdin(Stdio::null());
    command.arg(program);
    command
}

pub(super) fn now() -> Instant {
    #[expect(
        clippy::disallowed_methods,
        reason = "a test of a real runtime waits for it"
    )]
    Instant::now()
}

/// Waits until something is so; `None` after the limit.
pub(super) fn until<T>(limit_secs: f32, mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let began = now();
    while began.elapsed().as_secs_f32() < limit_secs {
        if let Some(found) = look() {
            return Some(found);
        }
        std::thread::sleep(Duration::from_millis(25));
    }
    None
}

/// Everything one test needs of the runtime; ends its processes when dropped.
pub(super) struct Rig {
    folder: PathBuf,
    /// The scene file beside the sample's.
    scene: String,
    /// Monado, while it runs.
    service: Option<Child>,
    exhibit: Option<Child>,
    /// The visitor, while there is one.
    pub(super) remote: Option<Remote>,
}

impl Rig {
    /// `None`, said by name, where the runtime is not set up or cannot be entered.
    pub(super) fn new(test: &str) -> Option<Self> {
        let root = root();
        let is_there = root.join("opt/grotto/.complete").exists()
            && inside("/bin/true")
                .status()
                .is_ok_and(|status| status.success());
        if !is_there {
            skip(test);
            return None;
        }
        let folder = root.join("opt/grotto").join(test);
        drop(fs::remove_dir_all(&folder));
        fs::create_dir_all(folder.join("out")).expect("the root is ours to write");
        let bin = root.join("opt/grotto/grotto");
        // Another file: one that runs cannot be written over.
        let fresh = root.join("opt/grotto/grotto.new");
        fs::copy(env!("CARGO_BIN_EXE_grotto"), &fresh).expect("the binary can be copied");
        fs::rename(&fresh, &bin).expect("the binary can be put in place");
        CAVE.call_once(|| make_cave(&root.join("opt/grotto/cave")));
        Some(Self {
            folder,
            scene: "exhibit.ron".to_owned(),
            service: None,
            exhibit: None,
            remote: None,
        })
    }

    fn name(&self) -> String {
        let name = self.folder.file_name().expect("a folder with a name");
        name.to_string_lossy().into_owned()
    }

    /// Shows another exhibit with the sample's files; its scene is made from the sample's.
    pub(super) fn stage(&mut self, name: &str, scene: impl FnOnce(&str) -> String) {
        let text = fs::read_to_string(Self::scene()).expect("the sample was generated");
        let file = root().join("opt/grotto/cave").join(name);
        fs::write(file, scene(&text)).expect("the root is ours to write");
        name.clone_into(&mut self.scene);
    }

    /// Starts Monado and connects the visitor.
    pub(super) fn start_service(&mut self, doing: Doing) {
        let run = root().join("opt/grotto/run");
        drop(fs::remove_dir_all(&run));
        fs::create_dir_all(&run).expect("the root is ours to write");
        let log = fs::File::create(self.folder.join("monado.log")).expect("a log can be written");
        let mut command = inside("XRT_COMPOSITOR_NULL=1");
        command
            .args(["XRT_NO_STDIN=1", "P_OVERRIDE_ACTIVE_CONFIG=remote"])
            .arg("/usr/bin/monado-service")
            .stdout(log.try_clone().expect("a log has two ends"))
            .stderr(log);
        self.service = Some(command.spawn().expect("Monado starts"));
        let socket = run.join("monado_comp_ipc");
        until(10.0, || socket.exists().then_some(())).expect("Monado listens within 10 s");
        self.remote = Remote::connect(doing);
        assert!(self.remote.is_some(), "the remote driver takes a visitor");
    }

    /// Sends Monado a signal by its name.
    pub(super) fn signal_service(&mut self, signal: &str) {
        let child = self.service.as_mut().expect("Monado runs");
        let sent = Command::new("kill")
            .args([&format!("-{signal}"), &child.id().to_string()])
            .status();
        assert!(
            sent.is_ok_and(|status| status.success()),
            "{signal} is sent"
        );
        if signal == "KILL" {
            child.wait().expect("Monado is gone");
            self.service = None;
            self.remote = None;
        }
    }

    /// Starts `grotto run --mode vr`.
    pub(super) fn start_exhibit(&mut self, environment: &[&str], arguments: &[&str]) {
        self.start_as(&[], environment, arguments);
    }

    /// As [`Self::start_exhibit`], by another program that replaces itself with grotto.
    pub(super) fn start_as(&mut self, by: &[&str], environment: &[&str], arguments: &[&str]) {
        self.end_exhibit();
        let here = format!("/opt/grotto/{}", self.name());
        let log = fs::File::create(self.folder.join("grotto.log")).expect("a log can be written");
        let mut command = inside(&format!("XDG_STATE_HOME={here}/state"));
        command
            .args(environment)
            .args(by)
            .args(["/opt/grotto/grotto", "run"])
            .arg(format!("/opt/grotto/cave/{}", self.scene))
            .args(["--mode", "vr", "--report", &format!("{here}/report.jsonl")])
            .args(["--eye-pictures", &format!("{here}/out")])
            .args(arguments)
            .stdout(log.try_clone().expect("a log has two ends"))
            .stderr(log);
        self.exhibit = Some(command.spawn().expect("grotto starts"));
    }

    /// Leaves what the last process of a visit would have left.
    pub(super) fn leave(&self, checkpoint: &Checkpoint) {
        let exhibit = "/opt/grotto/cave/exhibit.ron".to_owned();
        let named = checkpoint_file::path_for(&exhibit).expect("a user has a state folder");
        let name = named.file_name().expect("it names a file");
        let folder = self.folder.join("state/grotto/checkpoints");
        let checkpoint = Checkpoint {
            exhibit,
            ..checkpoint.clone()
        };
        checkpoint_file::save(&folder.join(name), &checkpoint).expect("it can be written");
    }

    /// The exhibit's scene, as this process reads it.
    pub(super) fn scene() -> PathBuf {
        root().join("opt/grotto/cave/exhibit.ron")
    }

    /// The parent's process.
    pub(super) fn parent_id(&self) -> u32 {
        self.exhibit.as_ref().expect("grotto runs").id()
    }

    /// Waits for the exhibit to end by itself; its exit code.
    pub(super) fn exit_code(&mut self, limit_secs: f32) -> Option<i32> {
        let child = self.exhibit.as_mut()?;
        until(limit_secs, || child.try_wait().ok().flatten()).and_then(|status| status.code())
    }

    /// Writes a file into this test's folder: `/opt/grotto/TEST/NAME` for what runs there.
    pub(super) fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.join(name), text).expect("the root is ours to write");
    }

    /// Ends the exhibit, to start it anew.
    pub(super) fn end_exhibit(&mut self) {
        if let Some(child) = self.exhibit.take() {
            end(child);
        }
    }

    /// What the exhibit said on the terminal.
    pub(super) fn log(&self) -> String {
        let bytes = fs::read(self.folder.join("grotto.log")).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The last line of the report.
    pub(super) fn state(&self) -> Option<Value> {
        let text = fs::read_to_string(self.folder.join("report.jsonl")).ok()?;
        // The last line may be half written.
        text.lines()
            .rev()
            .take(2)
            .find_map(|line| serde_json::from_str(line).ok())
    }

    /// Waits until a line of the report is so.
    #[track_caller]
    pub(super) fn wait(
        &self,
        what: &str,
        limit_secs: f32,
        is_so: impl Fn(&Value) -> bool,
    ) -> Value {
        let found = until(limit_secs, || self.state().filter(&is_so));
        found.unwrap_or_else(|| {
            panic!(
                "{what}, within {limit_secs} s; the last state is {:?}\n{}",
                self.state(),
                tail(&self.log(), 30)
            )
        })
    }

    /// Lets the visitor do something.
    pub(super) fn act(&self, change: impl FnOnce(&mut Doing)) {
        self.remote
            .as_ref()
            .expect("there is a visitor")
            .act(change);
    }

    /// Lets some time pass, as the exhibit counts it: the machine may be slow.
    pub(super) fn pass(&self, secs: f32) -> Value {
        let time = |state: &Value| state["secs"].as_f64().unwrap_or_default();
        let pid = |state: &Value| state["pid"].clone();
        let began = self.state().unwrap_or_default();
        self.wait("time passes", 60.0, |state| {
            pid(state) != pid(&began) || time(state) >= time(&began) + f64::from(secs)
        })
    }

    /// Both eyes as they are handed over.
    #[track_caller]
    pub(super) fn picture(&self, name: &str) -> [image::RgbImage; 2] {
        let out = self.folder.join("out");
        for eye in ["left", "right"] {
            // One of the same name that was taken before is not this one; there may be none.
            drop(fs::remove_file(out.join(format!("{name}-{eye}.png"))));
        }
        fs::write(out.join(format!("{name}.wanted")), []).expect("a wish can be written");
        ["left", "right"].map(|eye| {
            let path = out.join(format!("{name}-{eye}.png"));
            until(20.0, || path.exists().then_some(()))
                .unwrap_or_else(|| panic!("a picture of the {eye} eye comes within 20 s"));
            image::open(&path)
                .expect("the picture can be read")
                .into_rgb8()
        })
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        self.remote = None;
        for child in [self.exhibit.take(), self.service.take()]
            .into_iter()
            .flatten()
        {
            end(child);
        }
    }
}

fn end(mut child: Child) {
    drop(child.kill());
    drop(child.wait());
}

/// Said by name, so that nobody takes it for a test that passed.
fn skip(test: &str) {
    #[expect(clippy::print_stderr, reason = "a skipped test says so")]
    {
        eprintln!(
            "skipped: headset::{test}: no headset runtime here; as root: scripts/headset-runtime setup"
        );
    }
}

fn tail(text: &str, lines: usize) -> String {
    let all: Vec<&str> = text.lines().filter(|line| !line.contains("VK_")).collect();
    all[all.len().saturating_sub(lines)..].join("\n")
}
