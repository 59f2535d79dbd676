//! What every command needs: the clock of the process, the log, the cache, the stage.

use super::{Outcome, say_error};
use crate::{
    diagnostic::{Report, Span},
    exhibit::stage::Stage,
    render::{
        Quality,
        headless::{Extras, Headless},
    },
    scene::schema::Language,
};
use bevy::{
    log::{
        tracing_subscriber::{
            EnvFilter, Layer, fmt, layer::SubscriberExt, registry, util::SubscriberInitExt,
        },
        warn,
    },
    math::UVec2,
};
use std::{
    ffi::OsString,
    io::{IsTerminal, Write},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};
use tracing_appender::{
    non_blocking::{NonBlockingBuilder, WorkerGuard},
    rolling::{self, Rotation},
};

/// When this process began.
pub(super) struct Started {
    main: Instant,
    before_main: Duration,
}

impl Started {
    #[expect(
        clippy::disallowed_methods,
        reason = "the shell measures; the core is told"
    )]
    pub(super) fn now() -> Self {
        Self {
            main: Instant::now(),
            before_main: since_exec().unwrap_or_default(),
        }
    }

    /// Time since this was made.
    pub(super) fn since(&self) -> Duration {
        self.main.elapsed()
    }

    /// Time since the process was started, loading of the executable included.
    pub(super) fn elapsed(&self) -> Duration {
        self.main.elapsed() + self.before_main
    }
}

/// Time from the start of the process to now, from `/proc` (resolution 10 ms).
fn since_exec() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // Field 22 counts clock ticks of 1/100 s since boot; fields begin after "(name) ".
    let ticks: u64 = stat.rsplit_once(") ")?.1.split(' ').nth(19)?.parse().ok()?;
    let uptime = std::fs::read_to_string("/proc/uptime").ok()?;
    let uptime: f64 = uptime.split(' ').next()?.parse().ok()?;
    Some(Duration::from_secs_f64(
        (uptime - ticks as f64 / 100.0).max(0.0),
    ))
}

/// Keeps the writer of the log file alive.
pub(super) struct LogGuard {
    _file: Option<WorkerGuard>,
}

/// What is said at every start and concerns nobody: a SOFA file's remarks on itself, and what Bevy
/// leaves out because we asked it to.
const UNHEARD: &str = "sofar=error,bevy_pbr::ssao=error,bevy_pbr::atmosphere=error";

/// Lines on their way to the log file. The usual 128,000 take 4 MiB before the first is written.
const MOST_LINES: usize = 4096;

/// People read the terminal, operators read the file: 14 daily files are kept.
pub(super) fn start_log(filter: &str) -> LogGuard {
    let filter = &format!("{UNHEARD},{filter}");
    let folder = crate::dirs::state_dir().unwrap_or_else(std::env::temp_dir);
    let appender = std::fs::create_dir_all(&folder).ok().and_then(|()| {
        rolling::Builder::new()
            .rotation(Rotation::DAILY)
            .filename_prefix("grotto")
            .filename_suffix("log")
            .max_log_files(14)
            .build(&folder)
            .ok()
    });
    let (file, guard) = match appender {
        Some(appender) => {
            let (writer, guard) = NonBlockingBuilder::default()
                .buffered_lines_limit(MOST_LINES)
                .finish(appender);
            let layer = fmt::layer()
                .with_ansi(false)
                .with_writer(writer)
                .with_filter(EnvFilter::new(filter));
            (Some(layer), Some(guard))
        }
        None => (None, None),
    };
    let terminal = fmt::layer()
        .without_time()
        .with_target(false)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .with_filter(EnvFilter::new(filter));
    let is_set = registry().with(terminal).with(file).try_init().is_ok();
    if is_set && guard.is_none() {
        warn!("no log file: {} cannot be written", folder.display());
    }
    LogGuard { _file: guard }
}

/// A progress bar on one line of the terminal.
pub(super) fn progress(what: &str, fraction: f32) {
    let width = 30;
    let full = (fraction.clamp(0.0, 1.0) * width as f32) as usize;
    let bar = "█".repeat(full) + &"·".repeat(width - full);
    let end = if fraction >= 1.0 { "\r\x1b[K" } else { "" };
    drop(write!(
        std::io::stderr(),
        "\r{what} {bar} {:3.0} %{end}",
        fraction * 100.0
    ));
}

/// The stage of the file named on the command line, or of the sample.
pub(super) fn stage(scene: Option<&Path>, language: Option<&str>) -> Result<Stage, Outcome> {
    if let Some(tag) = language
        && let Err(error) = Language::parse(tag)
    {
        return Err(Outcome::CannotRead(format!(
            "{tag:?} is no language tag, such as en, zh-Hans or fr: {error}"
        )));
    }
    let path = match scene {
        Some(path) => path.to_owned(),
        None => super::sample::ensure()?,
    };
    let metadata = std::fs::metadata(&path)
        .map_err(|error| Outcome::CannotRead(cannot_open(&path, &error)))?;
    let path = if metadata.is_dir() {
        path.join("exhibit.ron")
    } else {
        path
    };
    let path = path
        .canonicalize()
        .map_err(|error| Outcome::CannotRead(cannot_open(&path, &error)))?;
    probe(&path).map_err(|error| Outcome::CannotRead(cannot_open(&path, &error)))?;
    match extension(&path).as_str() {
        "glb" | "gltf" => Ok(Stage::bare(path)),
        "ron" => {
            let (stage, report) = crate::exhibit::open::open(&path, language);
            if !report.is_empty() {
                say_error(&report.to_text(std::io::stderr().is_terminal()));
            }
            stage.ok_or_else(|| errors(&report))
        }
        other => Err(Outcome::CannotRead(format!(
            "{}: {} is neither an exhibit (.ron) nor a model (.glb, .gltf)",
            path.display(),
            if other.is_empty() {
                "a file without extension"
            } else {
                other
            },
        ))),
    }
}

/// How a command ends whose scene has errors: whether it was read at all is another matter.
pub(super) fn errors(report: &Report) -> Outcome {
    let root = Some(Span::whole_file(1));
    let is_unreadable = report
        .diagnostics()
        .iter()
        .any(|one| one.code == "unreadable-file" && one.span == root);
    if is_unreadable {
        Outcome::Unreadable
    } else {
        Outcome::Errors
    }
}

/// The extension in lower case.
pub(super) fn extension(path: &Path) -> String {
    path.extension()
        .map(|ext| ext.to_string_lossy().to_lowercase())
        .unwrap_or_default()
}

/// A file or a folder where the name of a command should be.
pub(super) fn bare_scene(argument: Option<OsString>) -> Option<PathBuf> {
    let path = PathBuf::from(argument?);
    (is_shown(&path) || path.exists()).then_some(path)
}

/// What a file of this name holds can be shown: an exhibit or a model.
fn is_shown(path: &Path) -> bool {
    ["ron", "glb", "gltf"].contains(&extension(path).as_str())
}

/// Whether a file can be opened and is one: reading a pipe would wait for ever.
pub(super) fn probe(path: &Path) -> std::io::Result<()> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(std::io::Error::other("it is not a file"));
    }
    std::fs::File::open(path).map(drop)
}

/// How like two files' names are, 0 to 1; an ending that many have says nothing.
fn likeness(a: &str, b: &str) -> f64 {
    let stem = |name: &str| Path::new(name).file_stem().map(|stem| stem.to_owned());
    let (Some(a), Some(b)) = (stem(a), stem(b)) else {
        return 0.0;
    };
    strsim::normalized_damerau_levenshtein(&a.to_string_lossy(), &b.to_string_lossy())
}

/// Names that are told where none is like the one that was asked for.
const NAMES_TOLD: usize = 4;

/// A sentence for a file that does not open, with the nearest name where it is a slip, and what
/// could be meant where it is none.
pub(super) fn cannot_open(path: &Path, error: &std::io::Error) -> String {
    let mut text = format!("cannot open {}: {error}", path.display());
    if error.kind() == std::io::ErrorKind::NotFound
        && let (Some(parent), Some(name)) = (path.parent(), path.file_name())
    {
        let name = name.to_string_lossy();
        let folder = if parent.as_os_str().is_empty() {
            Path::new(".")
        } else {
            parent
        };
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        let best = names
            .iter()
            .map(|other| (likeness(&name, other), other))
            .filter(|(score, _)| *score > 0.7)
            .max_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((_, other)) = best {
            text.push_str(&format!("; did you mean {}?", folder.join(other).display()));
            return text;
        }
        names.retain(|other| is_shown(Path::new(other)));
        if is_shown(path) && !names.is_empty() {
            names.sort_unstable();
            let more = names.len().saturating_sub(NAMES_TOLD);
            names.truncate(NAMES_TOLD);
            text.push_str(&format!("; in that folder: {}", names.join(", ")));
            if more > 0 {
                text.push_str(&format!(" and {more} more"));
            }
        }
    }
    text
}

/// Starts the renderer, or says what is missing.
pub(super) fn headless(
    stage: Stage,
    size: UVec2,
    quality: Quality,
    extras: Extras,
) -> Result<Headless, Outcome> {
    Headless::new(stage, size, quality, extras).map_err(|error| {
        Outcome::NoGraphics(format!(
            "{error}; on Debian: apt-get install mesa-vulkan-drivers libvulkan1"
        ))
    })
}
