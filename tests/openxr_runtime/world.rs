//! Everything the runtime knows, behind one lock: its settings (what headset it plays), the
//! living handles, what is to happen when, and what it has counted.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::PathBuf;
use std::sync::{Condvar, LazyLock, Mutex, MutexGuard, PoisonError};

use openxr_sys as xr;

use crate::actions::{Action, ActionSet};
use crate::demands::{Failure, Scheduled, Stall};
use crate::events::Event;
use crate::input::Hand;
use crate::instance::Instance;
use crate::pose::turned;
use crate::session::{Goal, Session};
use crate::spaces::Space;
use crate::swapchains::Swapchain;

/// The world, held.
pub(crate) type Guard = MutexGuard<'static, World>;

static WORLD: LazyLock<Mutex<World>> = LazyLock::new(|| Mutex::new(World::default()));

/// Rung whenever something happened for which a call may be waiting.
pub(crate) static CHANGED: Condvar = Condvar::new();

/// Takes hold of the world.
///
/// A panic inside an entry point is answered with an error and reported; the world is plain
/// data, so that the next call may go on with it.
pub(crate) fn lock() -> Guard {
    WORLD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// At most this many violations are kept; a broken frame loop makes thousands alike.
const MOST_VIOLATIONS: usize = 200;

/// What a handle stands for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Instance,
    Session,
    Space,
    Swapchain,
    ActionSet,
    Action,
}

/// A living handle: what it is, whose it is, and whether it was lost.
pub(crate) struct Handle {
    pub(crate) kind: Kind,
    pub(crate) parent: u64,
    pub(crate) is_lost: bool,
}

/// How far the tracking of the head reaches.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tracking {
    Off,
    Orientation,
    Full,
}

/// Whether frames run freely.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Frames {
    Run,
    /// This many more may be waited for.
    Granted(u64),
}

/// What headset the runtime plays.
pub(crate) struct Settings {
    pub(crate) has_headset: bool,
    pub(crate) is_present: bool,
    pub(crate) spaces: Vec<xr::ReferenceSpaceType>,
    pub(crate) missing_extensions: BTreeSet<String>,
    /// Size of the picture of an eye, in pixels.
    pub(crate) eye_px: (u32, u32),
    /// Distance between the eyes.
    pub(crate) eyes_apart_m: f32,
    /// Frames a second of real time; 0 for as fast as they come.
    pub(crate) pace_hz: f64,
    /// The display's rate, by which the virtual clock advances.
    pub(crate) display_hz: f32,
    pub(crate) display_rates_hz: Vec<f32>,
    pub(crate) should_render: bool,
    /// The interaction profile of the controllers at hand.
    pub(crate) profile: String,
    pub(crate) tracking: Tracking,
    /// The longest that a call waits for another that OpenXR says must come first.
    pub(crate) patience_secs: f64,
}

/// Everything the runtime knows.
pub(crate) struct World {
    pub(crate) settings: Settings,
    pub(crate) goal: Goal,
    pub(crate) frames: Frames,
    /// The head, in the room: the floor's height is 0.
    pub(crate) room_from_head: xr::Posef,
    /// Where LOCAL has its origin, and from which time on: the latest last.
    pub(crate) locals: Vec<(i64, xr::Posef)>,
    /// Left and right.
    pub(crate) hands: [Hand; 2],

    pub(crate) handles: BTreeMap<u64, Handle>,
    next_handle: u64,
    pub(crate) instances: BTreeMap<u64, Instance>,
    pub(crate) sessions: BTreeMap<u64, Session>,
    pub(crate) spaces: BTreeMap<u64, Space>,
    pub(crate) swapchains: BTreeMap<u64, Swapchain>,
    pub(crate) action_sets: BTreeMap<u64, ActionSet>,
    pub(crate) actions: BTreeMap<u64, Action>,
    /// Path strings; a path's number is its place here plus one.
    pub(crate) paths: Vec<String>,

    /// The virtual clock: the display time last predicted.
    pub(crate) time_ns: i64,
    pub(crate) calls: BTreeMap<&'static str, u64>,
    pub(crate) violations: Vec<String>,
    pub(crate) violation_count: u64,
    pub(crate) schedule: Vec<Scheduled>,
    pub(crate) failures: BTreeMap<String, Failure>,
    pub(crate) stalls: BTreeMap<String, Stall>,
    pub(crate) sessions_created: u64,
    pub(crate) frames_ended: u64,
    pub(crate) frames_discarded: u64,
    pub(crate) haptics: [u64; 2],
    /// The latest of them, as JSON: hand, strength and length.
    pub(crate) touches: VecDeque<serde_json::Value>,
    pub(crate) last_layers: Vec<serde_json::Value>,
    /// Where the next frame's pictures are to be written.
    pub(crate) picture_folder: Option<PathBuf>,
    pub(crate) pictures_taken: u64,
}

impl Default for World {
    fn default() -> Self {
        Self {
            settings: Settings {
                has_headset: true,
                is_present: true,
                spaces: vec![
                    xr::ReferenceSpaceType::VIEW,
                    xr::ReferenceSpaceType::LOCAL,
                    xr::ReferenceSpaceType::LOCAL_FLOOR,
                    xr::ReferenceSpaceType::STAGE,
                ],
                missing_extensions: BTreeSet::new(),
                eye_px: (320, 240),
                eyes_apart_m: 0.063,
                pace_hz: 0.0,
                display_hz: 90.0,
                display_rates_hz: vec![72.0, 80.0, 90.0, 120.0],
                should_render: true,
                profile: "/interaction_profiles/oculus/touch_controller".to_owned(),
                tracking: Tracking::Full,
                patience_secs: 5.0,
            },
            goal: Goal::Focused,
            frames: Frames::Run,
            room_from_head: standing(),
            locals: vec![(0, standing())],
            hands: [Hand::at(-0.2), Hand::at(0.2)],
            handles: BTreeMap::new(),
            next_handle: 0,
            instances: BTreeMap::new(),
            sessions: BTreeMap::new(),
            spaces: BTreeMap::new(),
            swapchains: BTreeMap::new(),
            action_sets: BTreeMap::new(),
            actions: BTreeMap::new(),
            paths: Vec::new(),
            time_ns: 1_000_000_000,
            calls: BTreeMap::new(),
            violations: Vec::new(),
            violation_count: 0,
            schedule: Vec::new(),
            failures: BTreeMap::new(),
            stalls: BTreeMap::new(),
            sessions_created: 0,
            frames_ended: 0,
            frames_discarded: 0,
            haptics: [0; 2],
            touches: VecDeque::new(),
            last_layers: Vec::new(),
            picture_folder: None,
            pictures_taken: 0,
        }
    }
}

/// A head at standing height, looking along -Z.
fn standing() -> xr::Posef {
    xr::Posef {
        orientation: turned(0.0, 0.0),
        position: xr::Vector3f {
            x: 0.0,
            y: 1.6,
            z: 0.0,
        },
    }
}

impl World {
    /// Counts a call and runs the lines that waited for it.
    pub(crate) fn count(&mut self, function: &'static str) {
        let count = self.calls.entry(function).or_default();
        *count += 1;
        let count = *count;
        while let Some(due) = self
            .schedule
            .iter()
            .position(|line| line.function == function && line.at <= count)
        {
            let line = self.schedule.remove(due).line;
            if let Err(problem) = crate::control::execute(self, &line) {
                self.note(&format!("the scripted line `{line}`: {problem}"));
            }
        }
    }

    /// Writes a breach of OpenXR's rules into the report; returns the error to answer with.
    pub(crate) fn violation(
        &mut self,
        function: &str,
        what: &str,
        error: xr::Result,
    ) -> xr::Result {
        let frame = self.calls.get("xrWaitFrame").copied().unwrap_or_default();
        self.note(&format!("frame {frame}: {function}: {what} ({error:?})"));
        error
    }

    /// Writes a line among the violations.
    pub(crate) fn note(&mut self, line: &str) {
        self.violation_count += 1;
        if self.violations.len() < MOST_VIOLATIONS {
            self.violations.push(line.to_owned());
        }
    }

    /// The error that the function was told to fail with, if any.
    pub(crate) fn take_failure(&mut self, function: &str) -> Result<(), xr::Result> {
        let Some(failure) = self.failures.get_mut(function) else {
            return Ok(());
        };
        let result = failure.result;
        if let Some(times) = &mut failure.times_left {
            *times -= 1;
            if *times == 0 {
                self.failures.remove(function);
            }
        }
        Err(result)
    }

    /// A new handle. Numbers are never used again, so that a dead one is always told.
    pub(crate) fn new_handle(&mut self, kind: Kind, parent: u64) -> u64 {
        self.next_handle += 1;
        self.handles.insert(
            self.next_handle,
            Handle {
                kind,
                parent,
                is_lost: false,
            },
        );
        self.next_handle
    }

    /// Forgets a handle and all that hangs from it.
    pub(crate) fn destroy(&mut self, handle: u64) {
        let children: Vec<u64> = self
            .handles
            .iter()
            .filter(|(_, child)| child.parent == handle)
            .map(|(&child, _)| child)
            .collect();
        for child in children {
            self.destroy(child);
        }
        match self.handles.remove(&handle).map(|gone| gone.kind) {
            Some(Kind::Instance) => drop(self.instances.remove(&handle)),
            Some(Kind::Session) => {
                drop(self.sessions.remove(&handle));
                for instance in self.instances.values_mut() {
                    instance
                        .events
                        .retain(|event| event.session() != Some(handle));
                }
            }
            Some(Kind::Space) => drop(self.spaces.remove(&handle)),
            // Dropping the images' owner frees them.
            Some(Kind::Swapchain) => drop(self.swapchains.remove(&handle)),
            Some(Kind::ActionSet) => drop(self.action_sets.remove(&handle)),
            Some(Kind::Action) => drop(self.actions.remove(&handle)),
            None => {}
        }
    }

    /// An error if the handle, or one that it hangs from, was lost.
    pub(crate) fn refuse_lost(&self, handle: u64) -> Result<(), xr::Result> {
        let mut next = handle;
        let mut answer = Ok(());
        while let Some(entry) = self.handles.get(&next) {
            if entry.is_lost {
                // The instance is looked at last, so that its loss outweighs the session's.
                answer = Err(match entry.kind {
                    Kind::Instance => xr::Result::ERROR_INSTANCE_LOST,
                    _ => xr::Result::ERROR_SESSION_LOST,
                });
            }
            next = entry.parent;
        }
        answer
    }

    /// The instance that a handle hangs from (itself, for an instance).
    pub(crate) fn instance_of(&self, handle: u64) -> Option<u64> {
        let mut next = handle;
        while let Some(entry) = self.handles.get(&next) {
            if entry.kind == Kind::Instance {
                return Some(next);
            }
            next = entry.parent;
        }
        None
    }

    /// Queues an event for the instance.
    pub(crate) fn tell(&mut self, instance: u64, event: Event) {
        if let Some(instance) = self.instances.get_mut(&instance) {
            instance.events.push_back(event);
        }
    }

    /// Queues an event for every session's instance, made from the session's handle.
    pub(crate) fn tell_sessions(&mut self, make: impl Fn(u64) -> Event) {
        let sessions: Vec<(u64, u64)> = self
            .sessions
            .iter()
            .map(|(&handle, session)| (handle, session.instance))
            .collect();
        for (session, instance) in sessions {
            self.tell(instance, make(session));
        }
    }

    /// Whether the instance was made with the extension.
    pub(crate) fn has_extension(&self, instance: u64, name: &str) -> bool {
        self.instances
            .get(&instance)
            .is_some_and(|instance| instance.extensions.contains(name))
    }

    /// The number of a path.
    pub(crate) fn path(&mut self, text: &str) -> xr::Path {
        let place = self.paths.iter().position(|path| path == text);
        let place = place.unwrap_or_else(|| {
            self.paths.push(text.to_owned());
            self.paths.len() - 1
        });
        xr::Path::from_raw(place as u64 + 1)
    }

    /// The words of a path.
    pub(crate) fn path_text(&self, path: xr::Path) -> Option<&str> {
        let place = usize::try_from(path.into_raw().checked_sub(1)?).ok()?;
        self.paths.get(place).map(String::as_str)
    }

    /// Where LOCAL has its origin at a time.
    pub(crate) fn room_from_local(&self, time_ns: i64) -> xr::Posef {
        let then = self.locals.iter().rev();
        let mut then = then.filter(|(since_ns, _)| *since_ns <= time_ns);
        then.next().map_or_else(standing, |(_, local)| *local)
    }

    /// The time between two pictures of the display.
    pub(crate) fn period_ns(&self) -> i64 {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a display period is some ten million nanoseconds"
        )]
        let period = (1e9 / f64::from(self.settings.display_hz.max(1.0))).round() as i64;
        period
    }
}

/// A queue of events.
pub(crate) type Events = VecDeque<Event>;
