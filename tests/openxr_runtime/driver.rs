//! The test's side of the test runtime: writes the manifest that the loader reads, listens
//! for the processes that load the runtime, tells them what to play and reads their reports.
//!
//! ```ignore
//! let runtime = TestRuntime::in_dir(folder.path(), "@frame 10 lose session")?;
//! let app = Command::new("grotto").envs(TestRuntime::environment(folder.path())).spawn()?;
//! runtime.wait_for_apps(1, Duration::from_secs(20))?;
//! runtime.send("presence off")?;
//! assert_eq!(runtime.report()?["violation_count"], 0);
//! ```

use std::io::{BufRead as _, BufReader, Error, ErrorKind, Result, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

/// How long an answer of the runtime may take: it answers at once, but machines are slow.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(20);

/// A test runtime, for all processes that are started with [`TestRuntime::environment`].
pub(crate) struct TestRuntime {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// Told to every process before its first call of OpenXR.
    standing_orders: Vec<String>,
    /// Those that came, the latest last, but for those found to have ended.
    apps: Vec<App>,
    /// How many came.
    count: u64,
    /// Why one that came was sent away.
    problem: Option<String>,
}

struct App {
    process_id: u32,
    stream: UnixStream,
    lines: BufReader<UnixStream>,
}

impl App {
    fn ask(&mut self, line: &str) -> Result<String> {
        writeln!(self.stream, "{line}")?;
        let mut answer = String::new();
        if self.lines.read_line(&mut answer)? == 0 {
            return Err(Error::new(
                ErrorKind::UnexpectedEof,
                format!(
                    "process {} ended before it answered `{line}`",
                    self.process_id
                ),
            ));
        }
        let answer = answer.trim();
        match answer.strip_prefix("error: ") {
            Some(problem) => Err(Error::other(problem.to_owned())),
            None => Ok(answer.to_owned()),
        }
    }
}

impl TestRuntime {
    /// Where cargo puts the runtime's library: beside the test binaries, among the examples.
    /// `GROTTO_TEST_RUNTIME_LIBRARY` names another place.
    pub(crate) fn library() -> Result<PathBuf> {
        if let Some(path) = std::env::var_os("GROTTO_TEST_RUNTIME_LIBRARY") {
            return Ok(path.into());
        }
        let test = std::env::current_exe()?;
        let profile = test.parent().and_then(Path::parent);
        let library = profile
            .map(|profile| profile.join("examples/libgrotto_test_runtime.so"))
            .filter(|library| library.is_file());
        let build = "`cargo build --example grotto_test_runtime`, with the profile of the tests";
        let library = library.ok_or_else(|| {
            let problem = format!("the test runtime is not built: {build}");
            Error::new(ErrorKind::NotFound, problem)
        })?;
        // `cargo test --test it` does not build examples, so the library may be an old one.
        if library.metadata()?.modified()? < newest_source()? {
            let problem = format!("the test runtime is older than its sources: {build}");
            return Err(Error::other(problem));
        }
        Ok(library)
    }

    /// What to set for a process that is to meet the runtime of this folder.
    pub(crate) fn environment(folder: &Path) -> [(&'static str, PathBuf); 3] {
        [
            ("XR_RUNTIME_JSON", folder.join("runtime.json")),
            ("GROTTO_TEST_RUNTIME_SCRIPT", folder.join("script.txt")),
            ("GROTTO_TEST_RUNTIME_SOCKET", folder.join("socket")),
        ]
    }

    /// Writes the manifest and the script into the folder and listens there.
    ///
    /// The folder's path must be short: a socket's path has at most 107 bytes.
    pub(crate) fn in_dir(folder: &Path, script: &str) -> Result<Self> {
        let [(_, manifest), (_, script_file), (_, socket)] = Self::environment(folder);
        let description = serde_json::json!({
            "file_format_version": "1.0.0",
            "runtime": { "name": "Grotto test runtime", "library_path": Self::library()? },
        });
        std::fs::write(manifest, description.to_string())?;
        std::fs::write(script_file, script)?;
        let listener = UnixListener::bind(socket)?;
        let shared = Arc::new(Shared::default());
        let for_thread = Arc::clone(&shared);
        // Detached: it ends with the test process, and holds nothing that must be put away.
        std::thread::Builder::new()
            .name("test runtime driver".to_owned())
            .spawn(move || {
                while let Ok((stream, _)) = listener.accept() {
                    for_thread.welcome(stream);
                }
            })?;
        Ok(Self { shared })
    }

    /// Adds a line that every process to come is told before its first call of OpenXR.
    pub(crate) fn order(&self, line: &str) {
        self.shared.lock().standing_orders.push(line.to_owned());
    }

    /// How many processes have loaded the runtime.
    pub(crate) fn apps_seen(&self) -> u64 {
        self.shared.lock().count
    }

    /// Waits until so many processes have loaded the runtime, counted from the beginning;
    /// gives the id of the last.
    pub(crate) fn wait_for_apps(&self, count: u64, timeout: Duration) -> Result<u32> {
        let (state, _) = self
            .shared
            .changed
            .wait_timeout_while(self.shared.lock(), timeout, |state| {
                state.count < count && state.problem.is_none()
            })
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(problem) = &state.problem {
            return Err(Error::other(problem.clone()));
        }
        let app = state.apps.last().filter(|_| state.count >= count);
        app.map(|app| app.process_id).ok_or_else(|| {
            let problem = format!(
                "{} processes loaded the test runtime, not {count}",
                state.count
            );
            Error::new(ErrorKind::TimedOut, problem)
        })
    }

    /// Tells the process that came last, of those that live, and gives its answer.
    pub(crate) fn send(&self, line: &str) -> Result<String> {
        let mut state = self.shared.lock();
        while let Some(app) = state.apps.last_mut() {
            match app.ask(line) {
                Err(error) if is_gone(&error) => drop(state.apps.pop()),
                answer => return answer,
            }
        }
        Err(Error::new(
            ErrorKind::NotConnected,
            "no living process has loaded the test runtime",
        ))
    }

    /// What the process that came last has called, broken and still holds.
    pub(crate) fn report(&self) -> Result<serde_json::Value> {
        Ok(serde_json::from_str(&self.send("report")?)?)
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Greets a process and lets it go on.
    fn welcome(&self, stream: UnixStream) {
        let mut state = self.lock();
        match greet(stream, &state.standing_orders) {
            Ok(app) => {
                state.apps.push(app);
                state.count += 1;
            }
            Err(error) => state.problem = Some(error.to_string()),
        }
        self.changed.notify_all();
    }
}

/// When the runtime's sources were last changed.
fn newest_source() -> Result<SystemTime> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/openxr_runtime");
    let mut newest = SystemTime::UNIX_EPOCH;
    for file in std::fs::read_dir(folder)? {
        let file = file?;
        if file.file_name() != "driver.rs" {
            newest = newest.max(file.metadata()?.modified()?);
        }
    }
    Ok(newest)
}

/// Whether an error says that the process at the other end has ended.
fn is_gone(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::UnexpectedEof | ErrorKind::BrokenPipe | ErrorKind::ConnectionReset
    )
}

fn greet(stream: UnixStream, orders: &[String]) -> Result<App> {
    stream.set_read_timeout(Some(ANSWER_TIMEOUT))?;
    let mut lines = BufReader::new(stream.try_clone()?);
    let mut hello = String::new();
    lines.read_line(&mut hello)?;
    let process_id = hello
        .trim()
        .strip_prefix("hello ")
        .and_then(|id| id.parse().ok())
        .ok_or_else(|| Error::other(format!("the runtime said `{hello}` instead of hello")))?;
    let mut app = App {
        process_id,
        stream,
        lines,
    };
    for line in orders {
        app.ask(line)?;
    }
    app.ask("go")?;
    Ok(app)
}
