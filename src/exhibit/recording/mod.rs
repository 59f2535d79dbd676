//! Recording a guide: the running exhibit watches one, and a tour is written.
//!
//! What a guide does goes into a [`Take`]: where they stand, what they open, what the stage
//! switches ([`Told`]) and what only the eyes know ([`Witnessed`]). At the end the pure
//! cleaner of [`crate::tour::record`] makes a tour of it, and [`save`] writes it, never over a
//! file that is there, and names it in the exhibit's scene file. Until then everything is in a
//! [`journal`]; what a process that died left in one becomes a tour when the next begins. Whoever has keys sends [`RecordAsk`]; whoever has a microphone puts it
//! into the [`Recorder`].

mod enlist;
mod journal;
mod kept;
mod save;
mod ways;

use super::{
    intent::Wish,
    stage::{CurrentStage, Stage},
    telling::{self, Told},
    visitor::{Rock, Visitor, VisitorSystems, Wished},
};
use crate::{
    scene::schema::Property,
    tour::{
        HotspotIndex,
        record::{About, Happening, LONGEST_TAKE, Standing, Take, Voice, journal::Heading},
    },
};
use bevy::{
    prelude::*,
    tasks::{AsyncComputeTaskPool, Task, block_on},
};
use journal::Journal;
pub use save::{Saved, save};
use std::time::Duration;
pub use ways::Known;

/// What the guide asks of the recorder.
#[derive(Message, Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordAsk {
    /// Begin, or stop and write the tour.
    Toggle,
    /// A new step begins now.
    NextStep,
    /// This place matters.
    Mark,
}

/// Something that only the eyes know: a layer that is shown, the lamp.
#[derive(Message, Debug, Clone, PartialEq)]
pub struct Witnessed(pub Happening);

/// Where a voice comes from.
pub trait Microphone: Send + Sync + 'static {
    /// Begins to record.
    ///
    /// # Errors
    /// In words, where there is none or it cannot be opened.
    fn begin(&mut self) -> Result<(), String>;

    /// The loudest of the last moment, 0 to 1.
    fn level(&self) -> f32;

    /// Stops, and gives what was recorded.
    fn end(&mut self) -> Option<Voice>;

    /// What was recorded so far, from its sample `from` on; `None` where that is not known
    /// before the end.
    fn so_far(&self, from: usize) -> Option<Voice> {
        let _ = from;
        None
    }
}

/// What the recorder is doing.
#[derive(Debug, Clone, PartialEq)]
pub enum Doing {
    /// Nothing yet.
    Ready,
    /// Recording.
    Rolling {
        /// For how long.
        time: Duration,
        /// How often the guide asked for a new step or marked a place.
        keys: usize,
    },
    /// Making a tour of it.
    Writing,
    /// The tour is written.
    Saved(Saved),
    /// It is not, and why.
    Failed(String),
}

/// Records guides: absent where nobody asked for it.
#[derive(Resource)]
pub struct Recorder {
    /// What the tour is to be called; free names are found from it.
    pub name: String,
    /// What it is doing.
    pub doing: Doing,
    /// Why there is no voice, while recording.
    pub voiceless: Option<String>,
    /// Where the guide's feet are, where somebody knows: a head in a headset is as high as its
    /// guide is tall, not as the exhibit's visitor.
    pub feet_in_world: Option<Vec3>,
    take: Take,
    began: Duration,
    open: Vec<bool>,
    microphone: Option<Box<dyn Microphone>>,
    writing: Option<Task<Result<Saved, String>>>,
    /// What is recorded, on the disk.
    journal: Option<Journal>,
    journaled: Duration,
    /// Whether former processes of this name left a take was looked for.
    has_looked: bool,
}

impl Recorder {
    /// A recorder for a tour of this name.
    pub fn new(name: impl Into<String>, microphone: Option<Box<dyn Microphone>>) -> Self {
        Self {
            name: name.into(),
            doing: Doing::Ready,
            voiceless: None,
            feet_in_world: None,
            take: Take::default(),
            began: Duration::ZERO,
            open: Vec::new(),
            microphone,
            writing: None,
            journal: None,
            journaled: Duration::ZERO,
            has_looked: false,
        }
    }

    /// Whether it records.
    pub fn is_rolling(&self) -> bool {
        matches!(self.doing, Doing::Rolling { .. })
    }

    /// How loud the guide is, 0 to 1; `None` without a voice.
    pub fn level(&self) -> Option<f32> {
        let microphone = self.microphone.as_ref()?;
        (self.is_rolling() && self.voiceless.is_none()).then(|| microphone.level())
    }

    fn begin(&mut self, now: Duration, stage: &Stage) {
        self.take = Take::default();
        self.began = now;
        self.open.clear();
        self.voiceless = match &mut self.microphone {
            Some(microphone) => microphone.begin().err(),
            None => Some("this grotto was built without sound".to_owned()),
        };
        match &self.voiceless {
            Some(why) => warn!("no microphone ({why}): recording without a voice"),
            None => info!("recording, with a voice"),
        }
        self.journaled = now;
        self.begin_journal(stage);
        self.doing = Doing::Rolling {
            time: Duration::ZERO,
            keys: 0,
        };
    }

    fn note(&mut self, now: Duration, what: Happening) {
        self.take.note(now.saturating_sub(self.began), what);
    }

    fn key(&mut self, now: Duration, what: Happening) {
        self.note(now, what);
        if let Doing::Rolling { keys, .. } = &mut self.doing {
            *keys += 1;
        }
    }

    fn stop(&mut self, stage: &Stage, rock: &Rock) {
        let voice = self.microphone.as_mut().and_then(|one| one.end());
        let voice = voice.filter(|_| self.voiceless.is_none());
        let heading = self.heading(stage);
        let order = save::Order {
            scene: stage.source.clone(),
            name: heading.name,
            take: std::mem::take(&mut self.take),
            voice: voice.unwrap_or_default(),
            start: heading.start,
            languages: heading.languages,
            spoken: heading.spoken,
            ways: Known::new(rock.0.clone(), stage.body.eye_height_m),
        };
        let journal = self.journal.take();
        self.write(async move {
            let saved = save(&order)?;
            if let Some(journal) = journal {
                journal::remove(&journal.close());
            }
            Ok(saved)
        });
    }

    fn write(&mut self, work: impl Future<Output = Result<Saved, String>> + Send + 'static) {
        self.writing = Some(AsyncComputeTaskPool::get().spawn(work));
        self.doing = Doing::Writing;
    }

    fn heading(&self, stage: &Stage) -> Heading {
        let voice = self
            .microphone
            .as_ref()
            .filter(|_| self.voiceless.is_none());
        let voice = voice.and_then(|microphone| microphone.so_far(0));
        Heading {
            name: self.name.clone(),
            start: Standing {
                feet_in_world: feet_below(stage.start.eye_in_world, stage.body.eye_height_m),
                yaw_rad: stage.start.yaw_rad,
                pitch_rad: stage.start.pitch_rad,
            },
            languages: stage.languages.offered.clone(),
            spoken: stage.languages.spoken.clone(),
            rate_hz: voice.map_or(0, |voice| voice.rate_hz),
        }
    }
}

fn feet_below(eye_in_world: Vec3, eye_height_m: f32) -> Vec3 {
    eye_in_world - Vec3::Y * eye_height_m
}

/// Records where there is a [`Recorder`].
pub fn plugin(app: &mut App) {
    app.add_message::<RecordAsk>()
        .add_message::<Witnessed>()
        .add_message::<Told>()
        .add_systems(
            Update,
            (kept::take_up, heed, watch, finish)
                .chain()
                .after(VisitorSystems::Move)
                .after(telling::tell)
                .run_if(resource_exists::<Recorder>),
        );
}

fn heed(
    mut asks: MessageReader<RecordAsk>,
    mut recorder: ResMut<Recorder>,
    mut wishes: MessageWriter<Wished>,
    stage: Option<Res<CurrentStage>>,
    rock: Option<Res<Rock>>,
    time: Res<Time<Real>>,
) {
    let now = time.elapsed();
    let Some(stage) = stage else { return };
    for ask in asks.read() {
        match (ask, recorder.is_rolling()) {
            (RecordAsk::Toggle, false) if recorder.writing.is_none() => {
                // A tour under way would lead the guide.
                wishes.write(Wished(Wish::LeaveTour));
                recorder.begin(now, &stage.0);
            }
            (RecordAsk::Toggle, true) => {
                recorder.stop(&stage.0, rock.as_deref().unwrap_or(&Rock(None)));
            }
            (RecordAsk::NextStep, true) => recorder.key(now, Happening::NextStep),
            (RecordAsk::Mark, true) => recorder.key(now, Happening::Mark),
            _ => {}
        }
    }
    if recorder.is_rolling() && now.saturating_sub(recorder.began) > LONGEST_TAKE {
        recorder.stop(&stage.0, rock.as_deref().unwrap_or(&Rock(None)));
    }
}

fn watch(
    mut recorder: ResMut<Recorder>,
    mut told: MessageReader<Told>,
    mut witnessed: MessageReader<Witnessed>,
    visitor: Option<Res<Visitor>>,
    telling: Option<Res<telling::Telling>>,
    time: Res<Time<Real>>,
) {
    if !recorder.is_rolling() {
        told.clear();
        witnessed.clear();
        return;
    }
    let now = time.elapsed();
    if let Some(visitor) = visitor {
        let pose = visitor.pose();
        let below = feet_below(pose.eye_in_world, visitor.settings.sanitized().eye_height_m);
        let standing = Standing {
            feet_in_world: recorder.feet_in_world.unwrap_or(below),
            yaw_rad: pose.yaw_rad,
            pitch_rad: pose.pitch_rad,
        };
        recorder.note(now, Happening::Stands(standing));
    }
    if let Some(telling) = telling {
        let spots = &telling.staged().script.hotspots;
        let open: Vec<bool> = (0..spots.len())
            .map(|spot| telling.marker(HotspotIndex::new(spot)).1)
            .collect();
        for (index, spot) in spots.iter().enumerate() {
            let was_open = recorder.open.get(index).copied().unwrap_or(false);
            if open[index] && !was_open {
                recorder.note(now, Happening::Opened(spot.id.clone()));
            }
        }
        recorder.open = open;
    }
    for Witnessed(what) in witnessed.read() {
        recorder.note(now, what.clone());
    }
    for change in told.read() {
        // The eyes tell of layers and the lamp, whoever switched them.
        if let Told::Property {
            property,
            value,
            over_secs,
        } = change
            && !matches!(property, Property::Layer(_) | Property::Lamp)
        {
            recorder.note(
                now,
                Happening::Changed {
                    property: property.clone(),
                    value: value.clone(),
                    over: Duration::try_from_secs_f32(*over_secs).unwrap_or_default(),
                },
            );
        }
    }
    recorder.go_on_with_journal(now);
    let passed = now.saturating_sub(recorder.began);
    if let Doing::Rolling { time, .. } = &mut recorder.doing {
        *time = passed;
    }
}

fn finish(mut recorder: ResMut<Recorder>) {
    let is_done = recorder.writing.as_ref().is_some_and(Task::is_finished);
    let Some(task) = recorder.writing.take_if(|_| is_done) else {
        return;
    };
    recorder.doing = match block_on(task) {
        Ok(saved) => {
            let file = saved.file.display();
            match &saved.listed {
                Ok(kept) => info!(
                    "the tour is in {file}, and the exhibit names it; as it was before: {}",
                    kept.display()
                ),
                Err(why) => warn!(
                    "the tour is in {file}; to show it, add \"{}\" to `tours` of the exhibit ({why})",
                    saved.in_exhibit
                ),
            }
            Doing::Saved(saved)
        }
        Err(why) => {
            error!("the tour is not written: {why}");
            // What is left is not tried again and again.
            recorder.has_looked = true;
            Doing::Failed(why)
        }
    };
}

/// What the file says of a recording.
fn about(order: &save::Order, name: &str) -> About {
    About {
        id: name.to_owned(),
        title: order.name.clone(),
        languages: order.languages.clone(),
        spoken: order.spoken.clone(),
        file: format!("{}/{name}.ron", save::FOLDER),
        voices: name.to_owned(),
    }
}

#[cfg(test)]
mod tests;
