//! Sees which files of the exhibit are saved, and reads the scene again off the main thread
//! when nobody writes any more. What is done with it: [`reload`](super::reload).

use crate::{
    diagnostic::Report,
    exhibit::{open, stage::Stage},
    render::loading::CurrentStage,
};
use bevy::prelude::*;
use notify::{
    EventKind, RecommendedWatcher, RecursiveMode, Watcher,
    event::{AccessKind, AccessMode, ModifyKind, RenameMode},
};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{
        Mutex, PoisonError,
        mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    },
    time::Duration,
};

/// Editors write a file in several steps; this long after the last of them it is read.
const CALM: Duration = Duration::from_millis(120);
/// The same where all that was saved is text, each file of which the system says that whoever
/// wrote it is done. Models and their images come several at a time, with pauses between them.
const TEXT_CALM: Duration = Duration::from_millis(30);

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Startup, watch);
}

/// The visitor's language, for texts of a scene that is read again.
#[derive(Resource, Debug, Clone, Default)]
pub(super) struct Language(pub(super) Option<String>);

/// The thread that watches, and what it has read.
#[derive(Resource)]
pub(super) struct Watch {
    fresh: Mutex<Receiver<Reread>>,
    // Watching ends when this is dropped.
    _watcher: Option<RecommendedWatcher>,
}

impl Watch {
    fn new(fresh: Receiver<Reread>, watcher: Option<RecommendedWatcher>) -> Self {
        Self {
            fresh: Mutex::new(fresh),
            _watcher: watcher,
        }
    }

    /// The newest that has been read since it was last asked.
    pub(super) fn newest(&self) -> Option<Reread> {
        let fresh = self.fresh.lock().unwrap_or_else(PoisonError::into_inner);
        fresh.try_iter().last()
    }
}

/// A stage read again off the main thread.
pub(super) struct Reread {
    pub(super) stage: Option<Stage>,
    pub(super) report: Report,
    /// What was saved.
    pub(super) touched: Vec<PathBuf>,
}

/// A file of the exhibit was written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Saved {
    pub(super) path: PathBuf,
    /// Whoever wrote it has closed it, or moved it into place.
    pub(super) is_whole: bool,
}

impl Saved {
    /// What the system tells, as far as it is about files that make an exhibit.
    fn of(event: notify::Event) -> impl Iterator<Item = Self> {
        let is_whole = matches!(
            event.kind,
            EventKind::Access(AccessKind::Close(AccessMode::Write))
                | EventKind::Modify(ModifyKind::Name(RenameMode::To | RenameMode::Both))
        );
        // Rights and times change nothing that is shown.
        let is_metadata = matches!(event.kind, EventKind::Modify(ModifyKind::Metadata(_)));
        let is_about = is_whole || !(event.kind.is_access() || is_metadata);
        let paths = event.paths.into_iter();
        paths
            .filter(move |path| is_about && is_ours(path))
            .map(move |path| Self { path, is_whole })
    }
}

/// What has been saved and not been read again yet.
#[derive(Debug, Default)]
pub(super) struct Saves {
    /// By path, whether it is whole.
    touched: BTreeMap<PathBuf, bool>,
}

impl Saves {
    pub(super) fn hear(&mut self, Saved { path, is_whole }: Saved) {
        self.touched.insert(path, is_whole);
    }

    /// How long nothing more may be heard until it is to be read; `None` where nothing was saved.
    pub(super) fn wait(&self) -> Option<Duration> {
        if self.touched.is_empty() {
            return None;
        }
        let is_text = |path: &Path| is_of(path, &super::reload::TEXTS);
        let mut touched = self.touched.iter();
        let is_done = touched.all(|(path, is_whole)| *is_whole && is_text(path));
        Some(if is_done { TEXT_CALM } else { CALM })
    }
}

/// Reads an exhibit again.
#[derive(Debug)]
pub(super) struct Reader {
    pub(super) saves: Saves,
    source: PathBuf,
    is_bare: bool,
    language: Option<String>,
}

impl Reader {
    fn of(stage: &Stage, language: &Language) -> Self {
        Self {
            saves: Saves::default(),
            source: stage.source.clone(),
            is_bare: stage.is_bare,
            language: language.0.clone(),
        }
    }

    /// Reads what has been saved, if it is of the exhibit.
    pub(super) fn read(&mut self) -> Option<Reread> {
        let touched = std::mem::take(&mut self.saves.touched).into_keys();
        let touched: Vec<PathBuf> = touched.collect();
        if touched.is_empty() || (self.is_bare && !touched.contains(&self.source)) {
            return None;
        }
        let (stage, report) = if self.is_bare {
            (Some(Stage::bare(self.source.clone())), Report::new())
        } else {
            open::open(&self.source, self.language.as_deref())
        };
        Some(Reread {
            stage,
            report,
            touched,
        })
    }
}

fn watch(mut commands: Commands, stage: Res<CurrentStage>, language: Res<Language>) {
    let Some(folder) = stage.0.source.parent().map(Path::to_owned) else {
        return;
    };
    let (send_saved, saved) = channel();
    let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        for one in event.into_iter().flat_map(Saved::of) {
            drop(send_saved.send(one));
        }
    });
    let mode = if stage.0.is_bare {
        RecursiveMode::NonRecursive
    } else {
        RecursiveMode::Recursive
    };
    let watcher = watcher.and_then(|mut watcher| {
        watcher.watch(&folder, mode)?;
        Ok(watcher)
    });
    let watcher = match watcher {
        Ok(watcher) => watcher,
        Err(error) => {
            warn!("changes of {} will not be seen: {error}", folder.display());
            return;
        }
    };
    let (send_fresh, fresh) = channel();
    let reader = Reader::of(&stage.0, &language);
    std::thread::spawn(move || read_after_calm(reader, &saved, &send_fresh));
    commands.insert_resource(Watch::new(fresh, Some(watcher)));
}

/// Reads the scene again after each calm; ends with its channels.
fn read_after_calm(mut reader: Reader, saved: &Receiver<Saved>, fresh: &Sender<Reread>) {
    loop {
        let heard = match reader.saves.wait() {
            None => saved.recv().map_err(RecvTimeoutError::from),
            Some(wait) => saved.recv_timeout(wait),
        };
        match heard {
            Ok(one) => reader.saves.hear(one),
            Err(RecvTimeoutError::Timeout) => {
                if let Some(again) = reader.read()
                    && fresh.send(again).is_err()
                {
                    return;
                }
            }
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// Files that make an exhibit; editors' own leavings are not.
fn is_ours(path: &Path) -> bool {
    const OTHERS: [&str; 8] = ["glb", "gltf", "bin", "png", "jpg", "jpeg", "webp", "ktx2"];
    let name = path.file_name().map(|name| name.to_string_lossy());
    name.is_some_and(|name| !name.starts_with('.'))
        && (is_of(path, &super::reload::TEXTS) || is_of(path, &OTHERS))
}

/// Whether a file's name has one of these endings.
pub(super) fn is_of(path: &Path, endings: &[&str]) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy());
    ending.is_some_and(|ending| endings.contains(&&*ending.to_lowercase()))
}

/// What stands in for the system and the thread where time is the app's own.
#[cfg(test)]
pub(super) mod by_hand {
    use super::*;

    /// The reading thread, whose turn it is in each update.
    #[derive(Resource)]
    pub(in crate::desktop) struct ByHand {
        reader: Reader,
        saved: Vec<Saved>,
        waited: Duration,
        fresh: Sender<Reread>,
    }

    impl ByHand {
        /// The system tells of a save.
        pub(in crate::desktop) fn tell(&mut self, kind: EventKind, path: PathBuf) {
            self.saved
                .extend(Saved::of(notify::Event::new(kind).add_path(path)));
        }
    }

    pub(in crate::desktop) fn plugin(app: &mut App) {
        let world = app.world();
        let (stage, language) = (
            world.resource::<CurrentStage>(),
            world.resource::<Language>(),
        );
        let reader = Reader::of(&stage.0, language);
        let (send_fresh, fresh) = channel();
        app.insert_resource(Watch::new(fresh, None))
            .insert_resource(ByHand {
                reader,
                saved: Vec::new(),
                waited: Duration::ZERO,
                fresh: send_fresh,
            })
            .add_systems(Last, take_turn);
    }

    fn take_turn(mut hand: ResMut<ByHand>, time: Res<Time>) {
        hand.waited += time.delta();
        for one in std::mem::take(&mut hand.saved) {
            hand.reader.saves.hear(one);
            hand.waited = Duration::ZERO;
        }
        if let Some(wait) = hand.reader.saves.wait()
            && hand.waited >= wait
            && let Some(again) = hand.reader.read()
        {
            hand.fresh.send(again).expect("the app holds the other end");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use notify::event::{CreateKind, DataChange, RemoveKind};

    const WRITTEN: EventKind = EventKind::Modify(ModifyKind::Data(DataChange::Any));
    const CLOSED: EventKind = EventKind::Access(AccessKind::Close(AccessMode::Write));
    const MOVED: EventKind = EventKind::Modify(ModifyKind::Name(RenameMode::To));

    fn wait_after(events: &[(EventKind, &str)]) -> Option<Duration> {
        let mut saves = Saves::default();
        for (kind, path) in events {
            let event = notify::Event::new(*kind).add_path(PathBuf::from(path));
            for one in Saved::of(event) {
                saves.hear(one);
            }
        }
        saves.wait()
    }

    #[test]
    fn text_is_read_soon_once_it_is_whole_and_models_after_a_calm() {
        let created = EventKind::Create(CreateKind::File);
        for (events, wait) in [
            (vec![], None),
            (vec![(created, "a.ron"), (WRITTEN, "a.ron")], Some(CALM)),
            (vec![(WRITTEN, "a.ron"), (CLOSED, "a.ron")], Some(TEXT_CALM)),
            (vec![(MOVED, "a.ron")], Some(TEXT_CALM)),
            (vec![(CLOSED, "a.ron"), (WRITTEN, "a.ron")], Some(CALM)),
            (vec![(CLOSED, "a.ron"), (WRITTEN, "b.ron")], Some(CALM)),
            (vec![(CLOSED, "a.glb")], Some(CALM)),
            (vec![(CLOSED, "a.ron"), (CLOSED, "a.png")], Some(CALM)),
            (
                vec![(EventKind::Remove(RemoveKind::File), "a.png")],
                Some(CALM),
            ),
            (vec![(WRITTEN, ".a.ron.swp"), (CLOSED, "a.ron~")], None),
            (
                vec![(
                    EventKind::Access(AccessKind::Open(AccessMode::Any)),
                    "a.ron",
                )],
                None,
            ),
            (
                vec![(
                    EventKind::Access(AccessKind::Close(AccessMode::Read)),
                    "a.ron",
                )],
                None,
            ),
        ] {
            assert_eq!(wait_after(&events), wait, "{events:?}");
        }
    }
}
