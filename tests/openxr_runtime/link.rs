//! The line to the test: the script file, and the socket.
//!
//! The runtime connects out, so that one test serves every process that loads the library
//! (the exhibit, its restarts, and whoever probes for a headset). It says `hello PID`, then
//! does what it is told, a line at a time, each answered by a line. It lets the app go on
//! when told `go`: what was sent before holds from the app's first call.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::net::UnixStream;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use crate::world::lock;

/// How long a freshly loaded runtime waits for `go`.
const WAIT_FOR_GO: Duration = Duration::from_secs(10);

static STARTED: Mutex<bool> = Mutex::new(false);

/// Reads the script and connects to the test, once a process.
pub(crate) fn start() -> Result<(), String> {
    let mut started = STARTED.lock().unwrap_or_else(PoisonError::into_inner);
    if *started {
        return Ok(());
    }
    stay_loaded();
    if let Some(path) = std::env::var_os("GROTTO_TEST_RUNTIME_SCRIPT") {
        let script = std::fs::read_to_string(&path)
            .map_err(|error| format!("the script {}: {error}", path.display()))?;
        let mut world = lock();
        for (number, line) in script.lines().enumerate() {
            crate::control::execute(&mut world, line)
                .map_err(|problem| format!("line {} of the script: {problem}", number + 1))?;
        }
    }
    if let Some(path) = std::env::var_os("GROTTO_TEST_RUNTIME_SOCKET") {
        connect(&path).map_err(|error| format!("the socket {}: {error}", path.display()))?;
    }
    *started = true;
    Ok(())
}

/// Keeps the library in memory when the loader closes it.
///
/// The loader unloads a runtime with its last instance. What was counted, the settings, and
/// the thread that listens must outlive that.
fn stay_loaded() {
    let mut info = std::mem::MaybeUninit::<libc::Dl_info>::zeroed();
    let inside = stay_loaded as *const std::ffi::c_void;
    // SAFETY: `info` is written when `dladdr` returns non-zero; then `dli_fname` is the path
    // of this library. `RTLD_NOLOAD` loads nothing; `RTLD_NODELETE` keeps what is loaded.
    unsafe {
        if libc::dladdr(inside, info.as_mut_ptr()) != 0 {
            let name = (*info.as_ptr()).dli_fname;
            libc::dlopen(
                name,
                libc::RTLD_NOW | libc::RTLD_NOLOAD | libc::RTLD_NODELETE,
            );
        }
    }
}

fn connect(path: &std::ffi::OsStr) -> std::io::Result<()> {
    let mut stream = UnixStream::connect(path)?;
    stream.set_read_timeout(Some(WAIT_FOR_GO))?;
    writeln!(stream, "hello {}", std::process::id())?;
    let mut lines = BufReader::new(stream.try_clone()?);
    while let Some(line) = next_line(&mut lines)? {
        answer(&mut stream, &line)?;
        if line == "go" {
            break;
        }
    }
    stream.set_read_timeout(None)?;
    // Detached: it dies with the process, and holds nothing that must be put away.
    std::thread::Builder::new()
        .name("test runtime".to_owned())
        .spawn(move || {
            while let Ok(Some(line)) = next_line(&mut lines) {
                if answer(&mut stream, &line).is_err() {
                    break;
                }
            }
            // The test is gone: what it held back runs.
            let mut world = lock();
            world.frames = crate::world::Frames::Run;
            world.stalls.clear();
            crate::world::CHANGED.notify_all();
        })?;
    Ok(())
}

fn next_line(lines: &mut BufReader<UnixStream>) -> std::io::Result<Option<String>> {
    let mut line = String::new();
    let length = lines.read_line(&mut line)?;
    Ok((length > 0).then(|| line.trim().to_owned()))
}

fn answer(stream: &mut UnixStream, line: &str) -> std::io::Result<()> {
    let answer = crate::control::execute(&mut lock(), line);
    match answer {
        Ok(words) => writeln!(stream, "{words}"),
        Err(problem) => writeln!(stream, "error: {problem}"),
    }
}

/// Says why the runtime cannot start, where whoever runs the test will see it.
#[expect(
    clippy::print_stderr,
    reason = "the loader tells only that a runtime failed, not why"
)]
pub(crate) fn complain(problem: &str) {
    eprintln!("grotto's test runtime cannot start: {problem}");
}
