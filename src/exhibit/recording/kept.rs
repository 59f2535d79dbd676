//! What is recorded is kept from crashes: written down as it happens, and taken up again.

use super::{
    Known, Recorder,
    journal::{self, Journal, LeftBehind},
    save,
};
use crate::exhibit::{
    stage::{CurrentStage, Stage},
    telling::Telling,
    visitor::Rock,
};
use bevy::prelude::*;
use std::{path::Path, time::Duration};

/// What is recorded is on its way to the disk this often.
const JOURNAL_EVERY: Duration = Duration::from_millis(500);
/// Where no rock comes, what a former process left is looked for after this.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

impl Recorder {
    pub(super) fn begin_journal(&mut self, stage: &Stage) {
        let begun = Journal::begin(folder_of(stage), &self.heading(stage));
        self.journal = begun
            .inspect_err(|error| warn!("a crash would lose what is recorded: {error}"))
            .ok();
    }

    /// Hands what is new to the journal, now and then.
    pub(super) fn go_on_with_journal(&mut self, now: Duration) {
        let Some(journal) = &mut self.journal else {
            return;
        };
        if now.saturating_sub(self.journaled) < JOURNAL_EVERY {
            return;
        }
        self.journaled = now;
        let voice = self
            .microphone
            .as_ref()
            .filter(|_| self.voiceless.is_none());
        let voice = voice.and_then(|microphone| microphone.so_far(journal.samples()));
        journal.go_on(&self.take, voice.unwrap_or_default().samples);
    }

    /// Makes a tour of what a process that died has left.
    fn take_up(&mut self, left: LeftBehind, stage: &Stage, rock: &Rock) {
        info!("{}: a take that was cut off", left.folder.display());
        let order = save::Order {
            scene: stage.source.clone(),
            name: left.heading.name.clone(),
            start: left.heading.start,
            languages: left.heading.languages.clone(),
            spoken: left.heading.spoken.clone(),
            take: left.take.clone(),
            voice: left.voice.clone(),
            ways: Known::new(rock.0.clone(), stage.body.eye_height_m),
        };
        self.write(async move {
            let saved = save(&order);
            // A take of nothing is not looked at again.
            if saved.is_ok() || order.take.moments().is_empty() {
                journal::remove(&left.folder);
            }
            saved
        });
    }
}

fn folder_of(stage: &Stage) -> &Path {
    stage.source.parent().unwrap_or_else(|| Path::new(""))
}

/// Looks for what a former process left, once the place is there: ways lead around its rock.
pub(super) fn take_up(
    mut recorder: ResMut<Recorder>,
    stage: Option<Res<CurrentStage>>,
    rock: Option<Res<Rock>>,
    telling: Option<Res<Telling>>,
    time: Res<Time<Real>>,
) {
    if recorder.has_looked || recorder.is_rolling() || recorder.writing.is_some() {
        return;
    }
    let has_rock = rock.as_ref().is_some_and(|rock| rock.0.is_some());
    let is_told = telling.is_some_and(|telling| !telling.is_waiting);
    let (Some(stage), true) = (stage, has_rock || is_told || time.elapsed() > LONGEST_WAIT) else {
        return;
    };
    match journal::left_behind(folder_of(&stage.0), &recorder.name) {
        Some(left) => {
            recorder.take_up(left, &stage.0, rock.as_deref().unwrap_or(&Rock(None)));
        }
        None => recorder.has_looked = true,
    }
}
