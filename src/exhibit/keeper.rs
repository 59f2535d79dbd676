//! Keeps the checkpoint of a running visit: what was left is read once, what changes is
//! written on a thread of its own, so that a slow disk never costs a frame.

use super::checkpoint_file;
use crate::visit::checkpoint::Checkpoint;
use bevy::{
    log::{info, warn},
    prelude::Resource,
};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::JoinHandle,
    time::Duration,
};

/// A change is on the disk at most this much later: a power cut loses no more.
const EVERY: Duration = Duration::from_secs(2);
/// A process that ends waits this long for its disk.
const PATIENCE: Duration = Duration::from_secs(3);

/// See the module's documentation.
#[derive(Resource)]
pub struct Keeper {
    exhibit: String,
    left: Option<Checkpoint>,
    saved: Option<Checkpoint>,
    saved_at: Duration,
    writer: Option<Writer>,
}

impl Keeper {
    /// The keeper of an exhibit's visit. With `resumes`, what the last process left is read.
    pub fn open(source: &Path, resumes: bool) -> Self {
        let exhibit = exhibit_id(source);
        let file = checkpoint_file::path_for(&exhibit);
        Self::in_file(file, exhibit, resumes)
    }

    fn in_file(file: Option<PathBuf>, exhibit: String, resumes: bool) -> Self {
        let left = file
            .as_deref()
            .filter(|_| resumes)
            .and_then(|path| read(path, &exhibit));
        if file.is_none() {
            warn!("there is no folder for what a visit leaves: it will not be resumed");
        }
        Self {
            exhibit,
            left,
            saved: None,
            saved_at: Duration::ZERO,
            writer: file.map(Writer::start),
        }
    }

    /// What the last process left, until it is taken up or dropped.
    pub fn left(&self) -> Option<&Checkpoint> {
        self.left.as_ref()
    }

    /// What was left is taken up, or of no more use.
    pub fn take_left(&mut self) -> Option<Checkpoint> {
        self.left.take()
    }

    /// Whether it is time to write again. `now` is the time since the process began.
    pub fn is_due(&self, now: Duration) -> bool {
        now.saturating_sub(self.saved_at) >= EVERY
    }

    /// Writes a checkpoint, if it is another than the last.
    pub fn save(&mut self, now: Duration, mut checkpoint: Checkpoint) {
        self.saved_at = now;
        checkpoint.exhibit.clone_from(&self.exhibit);
        if self.saved.as_ref() == Some(&checkpoint) {
            return;
        }
        if let Some(writer) = &self.writer {
            writer.write(checkpoint.clone());
        }
        self.saved = Some(checkpoint);
    }

    /// Waits until everything is on the disk, but not for ever.
    pub fn finish(&self) {
        if let Some(writer) = &self.writer
            && !writer.wait(PATIENCE)
        {
            warn!("the disk is too slow: the last seconds of the visit are not written");
        }
    }
}

/// The same exhibit, from whatever folder it is named.
fn exhibit_id(source: &Path) -> String {
    let whole = std::fs::canonicalize(source);
    whole
        .unwrap_or_else(|_| source.to_owned())
        .display()
        .to_string()
}

fn read(path: &Path, exhibit: &str) -> Option<Checkpoint> {
    match checkpoint_file::load(path, exhibit) {
        Ok(reading) => reading.map(|reading| {
            for complaint in reading.complaints {
                warn!("what the last visit left: {complaint}");
            }
            info!("the last process left {}", path.display());
            reading.checkpoint
        }),
        Err(error) => {
            warn!("what the last visit left cannot be read: {error}");
            None
        }
    }
}

/// A thread with a disk.
struct Writer {
    desk: Arc<Desk>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Desk {
    tray: Mutex<Tray>,
    changed: Condvar,
}

#[derive(Default)]
struct Tray {
    /// Only the newest counts.
    next: Option<Checkpoint>,
    is_writing: bool,
    is_over: bool,
}

impl Desk {
    /// A poisoned lock is one whose holder panicked; the tray is whole after every step.
    fn lock(&self) -> MutexGuard<'_, Tray> {
        self.tray.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self, path: &Path) {
        let mut has_failed = false;
        loop {
            let mut tray = self
                .changed
                .wait_while(self.lock(), |tray| tray.next.is_none() && !tray.is_over)
                .unwrap_or_else(PoisonError::into_inner);
            let Some(checkpoint) = tray.next.take() else {
                return;
            };
            tray.is_writing = true;
            drop(tray);
            match checkpoint_file::save(path, &checkpoint) {
                Ok(()) => has_failed = false,
                // Said once; the next change tries again.
                Err(error) if !has_failed => {
                    has_failed = true;
                    warn!("the visit cannot be remembered: {error}");
                }
                Err(_) => {}
            }
            self.lock().is_writing = false;
            self.changed.notify_all();
        }
    }
}

impl Writer {
    fn start(path: PathBuf) -> Self {
        let desk = Arc::new(Desk::default());
        let own = Arc::clone(&desk);
        let thread = std::thread::spawn(move || own.work(&path));
        Self {
            desk,
            thread: Some(thread),
        }
    }

    fn write(&self, checkpoint: Checkpoint) {
        self.desk.lock().next = Some(checkpoint);
        self.desk.changed.notify_all();
    }

    fn wait(&self, patience: Duration) -> bool {
        let is_busy = |tray: &mut Tray| tray.next.is_some() || tray.is_writing;
        let waited = self
            .desk
            .changed
            .wait_timeout_while(self.desk.lock(), patience, is_busy);
        match waited {
            Ok((_tray, waited)) => !waited.timed_out(),
            Err(_) => false,
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        let is_done = self.wait(PATIENCE);
        self.desk.lock().is_over = true;
        self.desk.changed.notify_all();
        // A disk that hangs must not keep the process.
        if let Some(thread) = self.thread.take().filter(|_| is_done) {
            drop(thread.join());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_is_on_the_disk_and_the_next_process_has_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("visit.json");
        let file = || Some(path.clone());
        let mut keeper = Keeper::in_file(file(), "cave".to_owned(), true);
        assert_eq!(keeper.left(), None, "at first nothing was left");
        assert!(!keeper.is_due(Duration::from_secs(1)), "not so soon");
        assert!(keeper.is_due(Duration::from_secs(2)), "but then");
        for view in 0..50 {
            let checkpoint = Checkpoint {
                view: Some(format!("view-{view}")),
                ..Checkpoint::default()
            };
            keeper.save(Duration::from_secs(view), checkpoint);
        }
        keeper.finish();
        let next = Keeper::in_file(file(), "cave".to_owned(), true);
        let left = next.left().expect("something was left");
        assert_eq!(left.view.as_deref(), Some("view-49"), "the newest");
        assert_eq!(left.exhibit, "cave", "and whose it is");
        let fresh = Keeper::in_file(file(), "cave".to_owned(), false);
        assert_eq!(fresh.left(), None, "a process that does not resume");
        let other = Keeper::in_file(file(), "temple".to_owned(), true);
        assert_eq!(
            other.left().and_then(|left| left.view.clone()),
            None,
            "another exhibit's visit is not resumed"
        );
    }

    #[test]
    fn a_disk_that_refuses_costs_nothing() {
        let folder = tempfile::tempdir().unwrap();
        // A folder where the file should be.
        let mut keeper = Keeper::in_file(Some(folder.path().to_owned()), "cave".to_owned(), true);
        keeper.save(Duration::ZERO, Checkpoint::default());
        keeper.finish();
        assert_eq!(keeper.left(), None, "nothing was left, and nothing hangs");
    }
}
