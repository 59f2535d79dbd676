//! A take on the disk while it is recorded, so that a crash costs half a second of it and not
//! the evening: a hidden folder in `tours`, appended to by a thread of its own, gone when the
//! tour is written. What a dead process left is found by [`left_behind`].

use super::save::FOLDER;
use crate::tour::record::{
    Take, Voice,
    journal::{self, Heading},
};
use bevy::log::warn;
use std::{
    fs::{self, File, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::mpsc::{Sender, channel},
    thread::JoinHandle,
};

/// Folders tried before giving up.
const MOST_TAKES: usize = 1000;
/// Pieces after which the disk is waited for: a power cut loses five seconds.
const SYNC_EVERY: u32 = 10;
const MOMENTS: &str = "moments.jsonl";
const VOICE: &str = "voice.f32";

/// A take that is being written.
pub(super) struct Journal {
    folder: PathBuf,
    pieces: Option<Sender<Piece>>,
    writer: Option<JoinHandle<()>>,
    /// Moments and samples that are on their way to the disk.
    moments: usize,
    samples: usize,
}

struct Piece {
    lines: String,
    samples: Vec<f32>,
}

impl Journal {
    /// Begins one in the folder of an exhibit.
    pub(super) fn begin(exhibit: &Path, heading: &Heading) -> io::Result<Self> {
        let tours = exhibit.join(FOLDER);
        fs::create_dir_all(&tours)?;
        let folder = claim(&tours, &heading.name)?;
        let moments = File::options()
            .append(true)
            .create_new(true)
            .open(folder.join(MOMENTS))?;
        // Held until this process ends, however it does: nobody takes it for left behind.
        moments.try_lock().map_err(io::Error::from)?;
        let voice = File::options()
            .append(true)
            .create_new(true)
            .open(folder.join(VOICE))?;
        let (send, receive) = channel::<Piece>();
        let shown = folder.display().to_string();
        let write = move || {
            let (mut moments, mut voice) = (moments, voice);
            let mut unsynced = 0;
            let mut has_failed = false;
            for piece in receive {
                let written = append(&mut moments, &mut voice, &piece, &mut unsynced);
                if let (Err(error), false) = (&written, has_failed) {
                    warn!("{shown}: {error}: a crash would lose what is recorded now");
                    has_failed = true;
                }
            }
        };
        let writer = std::thread::Builder::new()
            .name("take".to_owned())
            .spawn(write)?;
        let journal = Self {
            folder,
            pieces: Some(send),
            writer: Some(writer),
            moments: 0,
            samples: 0,
        };
        journal.send(heading.line(), Vec::new());
        Ok(journal)
    }

    /// Samples of the voice that it has.
    pub(super) fn samples(&self) -> usize {
        self.samples
    }

    /// Hands over what is new of a take and of its voice.
    pub(super) fn go_on(&mut self, take: &Take, samples: Vec<f32>) {
        let new = take.moments().get(self.moments..).unwrap_or_default();
        let lines: String = new.iter().map(journal::line).collect();
        self.moments = take.moments().len();
        self.samples += samples.len();
        if !lines.is_empty() || !samples.is_empty() {
            self.send(lines, samples);
        }
    }

    fn send(&self, lines: String, samples: Vec<f32>) {
        if let Some(pieces) = &self.pieces {
            // A thread that died has said why.
            drop(pieces.send(Piece { lines, samples }));
        }
    }

    /// Waits for the last piece and gives the folder, to be removed when the tour is written.
    pub(super) fn close(mut self) -> PathBuf {
        self.pieces = None;
        if let Some(writer) = self.writer.take()
            && writer.join().is_err()
        {
            warn!("{}: its writer has panicked", self.folder.display());
        }
        std::mem::take(&mut self.folder)
    }
}

fn append(
    moments: &mut File,
    voice: &mut File,
    piece: &Piece,
    unsynced: &mut u32,
) -> io::Result<()> {
    let bytes: Vec<u8> = (piece.samples.iter())
        .flat_map(|sample| sample.to_le_bytes())
        .collect();
    voice.write_all(&bytes)?;
    moments.write_all(piece.lines.as_bytes())?;
    *unsynced += 1;
    if *unsynced >= SYNC_EVERY {
        *unsynced = 0;
        voice.sync_data()?;
        moments.sync_data()?;
    }
    Ok(())
}

fn folder_name(name: &str) -> String {
    format!(".{name}.take")
}

/// The first free folder; nobody else gets it.
fn claim(tours: &Path, name: &str) -> io::Result<PathBuf> {
    for number in 1..=MOST_TAKES {
        let own = if number == 1 {
            folder_name(name)
        } else {
            format!("{}-{number}", folder_name(name))
        };
        let folder = tours.join(own);
        match fs::create_dir(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other(format!(
        "{MOST_TAKES} takes called {name:?} were left behind in {}",
        tours.display()
    )))
}

/// A take that a dead process left.
pub(super) struct LeftBehind {
    /// Where it lies, to be removed when a tour is made of it.
    pub(super) folder: PathBuf,
    pub(super) heading: Heading,
    pub(super) take: Take,
    pub(super) voice: Voice,
    /// Nobody else makes a tour of it meanwhile.
    _lock: File,
}

/// The oldest take of this name that a dead process left in the folder of an exhibit. Takes
/// that are being recorded are left alone; so are those that cannot be read, which is said.
pub(super) fn left_behind(exhibit: &Path, name: &str) -> Option<LeftBehind> {
    let tours = exhibit.join(FOLDER);
    let prefix = folder_name(name);
    let is_own = |folder: &PathBuf| {
        let own = folder.file_name().and_then(|own| own.to_str());
        let rest = own.and_then(|own| own.strip_prefix(&prefix));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    let entries = fs::read_dir(tours).ok()?.flatten();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_own).collect();
    folders.sort_by_key(|folder| (folder.as_os_str().len(), folder.clone()));
    folders.into_iter().find_map(|folder| match read(&folder) {
        Ok(found) => found,
        Err(why) => {
            warn!("{}: the take cannot be read: {why}", folder.display());
            None
        }
    })
}

fn read(folder: &Path) -> io::Result<Option<LeftBehind>> {
    let lock = File::options().append(true).open(folder.join(MOMENTS))?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(None),
        Err(TryLockError::Error(error)) => return Err(error),
    }
    let text = fs::read(folder.join(MOMENTS))?;
    let (heading, take) = journal::read(&String::from_utf8_lossy(&text))
        .ok_or_else(|| io::Error::other("it has no beginning"))?;
    let bytes = fs::read(folder.join(VOICE))?;
    let samples = bytes.chunks_exact(4).map(|four| {
        let sample = f32::from_le_bytes([four[0], four[1], four[2], four[3]]);
        if sample.is_finite() { sample } else { 0.0 }
    });
    let voice = Voice {
        rate_hz: heading.rate_hz,
        samples: if heading.rate_hz == 0 {
            Vec::new()
        } else {
            samples.collect()
        },
    };
    Ok(Some(LeftBehind {
        folder: folder.to_owned(),
        heading,
        take,
        voice,
        _lock: lock,
    }))
}

/// A take is a tour now: its journal goes.
pub(super) fn remove(folder: &Path) {
    for file in [MOMENTS, VOICE] {
        drop(fs::remove_file(folder.join(file)));
    }
    if let Err(error) = fs::remove_dir(folder) {
        warn!("{}: {error}", folder.display());
    }
}
