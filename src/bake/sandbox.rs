//! Decoding in a process of its own, where a library cannot promise to survive any input.
//!
//! The program starts itself again as `grotto __decode-ktx2`, hands the file over on
//! standard input and takes texels from standard output. The child caps its own memory and
//! processor time before it looks at a byte, and the parent ends it when it takes too long by
//! the clock; whatever happens to it, we get an error.
//!
//! `main` calls [`run_if_asked`] first thing. A program that does not, such as a test,
//! decodes in its own process.

use std::ffi::{OsStr, OsString};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use super::images::ktx2::{self, Header, Target};
use super::limits::Limits;

const COMMAND: &str = "__decode-ktx2";

/// The program that understands [`COMMAND`].
static HELPER: OnceLock<PathBuf> = OnceLock::new();

/// When this process was started as a decoder: decodes, and returns the exit code with
/// which `main` must end. Else remembers that this program can serve as one, and returns
/// `None`.
pub fn run_if_asked() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().as_deref() != Some(OsStr::new(COMMAND)) {
        remember_helper();
        return None;
    }
    Some(match serve(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            // The parent shows it; if it is gone, no one needs to know.
            drop(io::stderr().write_all(reason.as_bytes()));
            ExitCode::FAILURE
        }
    })
}

fn remember_helper() {
    // Stays right when an update replaces the file of the running program.
    let own = PathBuf::from("/proc/self/exe");
    let helper = if own.exists() {
        Some(own)
    } else {
        std::env::current_exe().ok()
    };
    if let Some(helper) = helper {
        // A second call changes nothing.
        HELPER.get_or_init(|| helper);
    }
}

/// The child: limits itself, reads, decodes, writes.
fn serve(mut arguments: impl Iterator<Item = OsString>) -> Result<(), String> {
    let mut number = || -> Option<u64> { arguments.next()?.to_str()?.parse().ok() };
    let (Some(target), Some(memory), Some(secs)) = (number(), number(), number()) else {
        return Err("this command is for Grotto's own use".to_owned());
    };
    cap(memory, secs).map_err(|e| format!("cannot limit the decoder: {e}"))?;
    let target = if target == 1 {
        Target::Bc7
    } else {
        Target::Rgba8
    };
    let mut bytes = Vec::new();
    io::stdin()
        .take(memory)
        .read_to_end(&mut bytes)
        .map_err(|e| e.to_string())?;
    let (texels, has_alpha) = ktx2::transcode_here(&bytes, target)?;
    let mut out = io::stdout().lock();
    out.write_all(&[u8::from(has_alpha)])
        .and_then(|()| out.write_all(&texels))
        .and_then(|()| out.flush())
        .map_err(|e| e.to_string())
}

#[cfg(unix)]
fn cap(memory: u64, secs: u64) -> io::Result<()> {
    use rlimit::Resource;
    Resource::AS.set(memory, memory)?;
    Resource::CPU.set(secs, secs)?;
    Resource::CORE.set(0, 0)?;
    Resource::FSIZE.set(0, 0)
}

/// Other systems have no such call; the child still keeps a crash from the exhibit.
#[cfg(not(unix))]
fn cap(_memory: u64, _secs: u64) -> io::Result<()> {
    Ok(())
}

/// Texels of a KTX2 file whose header has been checked, and whether some are transparent.
pub(crate) fn transcode(
    bytes: &[u8],
    header: &Header,
    target: Target,
    limits: &Limits,
) -> Result<(Vec<u8>, bool), String> {
    match HELPER.get() {
        Some(helper) => transcode_in_child(helper, bytes, header, target, limits),
        None => ktx2::transcode_here(bytes, target),
    }
}

fn transcode_in_child(
    helper: &Path,
    bytes: &[u8],
    header: &Header,
    target: Target,
    limits: &Limits,
) -> Result<(Vec<u8>, bool), String> {
    let expected = target.bytes(header.width, header.height, header.levels);
    let mut command = Command::new(helper);
    command
        .arg(COMMAND)
        .arg(if target == Target::Bc7 { "1" } else { "0" })
        .arg(limits.sandbox_bytes.to_string())
        .arg(limits.sandbox_secs.to_string());
    run(command, bytes, expected, limits.sandbox_wall)
}

/// Feeds a decoder and takes its answer; one that takes longer than `wall` is ended.
fn run(
    mut command: Command,
    bytes: &[u8],
    expected: u64,
    wall: Duration,
) -> Result<(Vec<u8>, bool), String> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|e| format!("the decoder cannot be started: {e}"))?;
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let child = Watched::new(child);
    let (Some(mut stdin), Some(mut stdout), Some(stderr)) = (stdin, stdout, stderr) else {
        child.end();
        return Err("the decoder has no pipes".to_owned());
    };
    let (is_over, over) = channel::<()>();
    let (answer, complaint, status) = std::thread::scope(|scope| {
        // It sleeps until the decoder is done, or its time is: no clock is read here.
        let watched = &child;
        scope.spawn(move || {
            if over.recv_timeout(wall) == Err(RecvTimeoutError::Timeout) {
                watched.end();
            }
        });
        // A child that dies early breaks the pipe: its exit code tells why.
        let feeder = scope.spawn(move || stdin.write_all(bytes));
        let listener = scope.spawn(move || {
            let mut text = Vec::new();
            // Whatever was read before an error is what there is to show.
            drop(stderr.take(400).read_to_end(&mut text));
            String::from_utf8_lossy(&text).into_owned()
        });
        let answer = read_answer(&mut stdout, expected);
        drop(stdout);
        drop(feeder.join());
        let complaint = listener.join().unwrap_or_default();
        let status = child.wait();
        drop(is_over);
        (answer, complaint, status)
    });
    if child.was_ended() {
        return Err(format!(
            "the decoder was ended after {} s; the file may be made to hold it up",
            wall.as_secs_f32()
        ));
    }
    let status = status.map_err(|e| e.to_string())?;
    if status.success() {
        return answer.map_err(|e| format!("the decoder's answer is broken: {e}"));
    }
    Err(if complaint.is_empty() {
        format!("the decoder died ({status}); the file may be made to break it")
    } else {
        complaint
    })
}

/// A child that one thread waits for and another may end.
struct Watched {
    child: Mutex<(Child, bool)>,
}

impl Watched {
    fn new(child: Child) -> Self {
        Self {
            child: Mutex::new((child, false)),
        }
    }

    fn lock(&self) -> MutexGuard<'_, (Child, bool)> {
        self.child.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn end(&self) {
        let mut own = self.lock();
        if matches!(own.0.try_wait(), Ok(None)) {
            own.1 = true;
            // It may have died meanwhile: that is what is wanted.
            drop(own.0.kill());
        }
    }

    fn was_ended(&self) -> bool {
        self.lock().1
    }

    /// Until it has ended. The lock is free in between, for who ends it.
    fn wait(&self) -> io::Result<ExitStatus> {
        loop {
            if let Some(status) = self.lock().0.try_wait()? {
                return Ok(status);
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

/// One byte for alpha, then exactly the texels that were asked for.
fn read_answer(stdout: &mut impl Read, expected: u64) -> io::Result<(Vec<u8>, bool)> {
    let mut has_alpha = [0];
    stdout.read_exact(&mut has_alpha)?;
    // Within the budget that the caller has taken.
    let mut texels = Vec::with_capacity(expected as usize + 1);
    stdout.take(expected + 1).read_to_end(&mut texels)?;
    if texels.len() as u64 != expected {
        return Err(io::Error::from(io::ErrorKind::UnexpectedEof));
    }
    Ok((texels, has_alpha[0] != 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: Header = Header {
        width: 4,
        height: 4,
        levels: 1,
        vk_format: 0,
        supercompression: 0,
    };

    #[test]
    fn an_answer_of_another_length_is_refused() {
        let read = |mut bytes: &[u8]| read_answer(&mut bytes, 4);
        assert!(
            matches!(read(&[1, 9, 9, 9, 9]), Ok((texels, true)) if texels == [9; 4]),
            "a byte for alpha and four texel bytes are right"
        );
        for wrong in [&[][..], &[0], &[0, 9, 9, 9], &[0, 9, 9, 9, 9, 9]] {
            assert!(read(wrong).is_err(), "{wrong:?} has another length");
        }
    }

    /// Stand-ins for a decoder that a file has broken: one dies, one never stops talking.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_broken_decoder_costs_one_image() {
        for helper in ["/bin/false", "/usr/bin/yes", "/nowhere/at/all"] {
            let result = transcode_in_child(
                Path::new(helper),
                &[0; 100_000],
                &HEADER,
                Target::Rgba8,
                &Limits::default(),
            );
            assert!(result.is_err(), "{helper} is no decoder: {result:?}");
        }
    }

    /// Waiting costs no processor time: only the clock ends such a decoder.
    #[cfg(unix)]
    #[test]
    fn a_decoder_that_waits_for_ever_is_ended_and_named() {
        for arguments in [
            ["-c", "exec sleep 60"],
            ["-c", "exec >&- 2>&-; exec sleep 60"],
        ] {
            let mut command = Command::new("/bin/sh");
            command.args(arguments);
            let wall = Duration::from_millis(200);
            let error = run(command, &[0; 1_000_000], 64, wall).expect_err("it never answers");
            assert_eq!(
                error,
                "the decoder was ended after 0.2 s; the file may be made to hold it up"
            );
        }
    }

    #[test]
    fn the_command_is_not_for_people() {
        let error = serve(["x".into()].into_iter()).expect_err("a letter is no number");
        assert!(error.contains("own use"), "it says so: {error}");
    }
}
