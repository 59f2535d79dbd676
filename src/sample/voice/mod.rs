//! The guide's voice: for everything that the scene file says aloud, a WAV file and captions
//! with the times of its sentences.
//!
//! A stand-in. `espeak-ng` speaks where it is installed; where it is not, each file is as long
//! as its words would take and silent, so that the tours keep their pace, the captions their
//! times and `check` its peace. Whoever has a better voice puts files in their place: a file
//! that is not ours is never written over, and captions of ours are timed anew to its length.
//! Start reading at [`write_all`].

mod espeak;
mod heard;
mod ledger;
mod lines;
mod recording;

#[cfg(test)]
mod tests;

use super::sounds::wav;
use crate::scene::{self, schema::Exhibit};
use espeak::Espeak;
use ledger::{Entry, Ledger, hash};
use lines::Line;
use rayon::prelude::*;
use recording::{Recording, web_vtt};
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Voice {
    /// `espeak-ng` where it is installed, else nobody.
    #[default]
    Synthesized,
    /// Nobody: silence of the estimated length, for tests.
    Silent,
}

/// What became of the guide's voice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Voiced {
    /// Files in which `espeak-ng` speaks.
    pub spoken: usize,
    /// Files that are silent, as it is not installed or could not speak.
    pub silent: usize,
    /// Files that somebody else put there, and that were left alone.
    pub own: usize,
}

impl Voiced {
    /// What to tell who waits for the sample, if there is something to tell.
    #[must_use]
    pub fn advice(&self) -> Option<String> {
        (self.silent > 0).then(|| {
            "The guide is silent and her words are read, as espeak-ng is not installed \
             (`apt-get install espeak-ng`); with it, she speaks at the next start."
                .to_owned()
        })
    }
}

/// The sample's own scene file as a value.
pub(crate) fn exhibit(text: &str) -> Option<Exhibit> {
    let files = scene::MemoryFiles::new().with("exhibit.ron", text);
    scene::load("exhibit.ron", &files, &scene::NoAssets).exhibit
}

/// Gives a voice to all that `exhibit` says, in the folder `out`: makes what is missing or
/// has changed. `progress` is told 0 to 1 where there is something to make.
///
/// # Errors
/// When a file cannot be read or written.
pub(crate) fn write_all(
    out: &Path,
    exhibit: &Exhibit,
    voice: Voice,
    progress: &(dyn Fn(f32) + Sync),
) -> io::Result<Voiced> {
    let lines = lines::of(exhibit);
    let before = Ledger::read(out);
    let espeak = match voice {
        Voice::Synthesized => Espeak::find(),
        Voice::Silent => None,
    };
    let (done, made) = (AtomicUsize::new(0), AtomicBool::new(false));
    let entries: io::Result<Vec<Entry>> = lines
        .par_iter()
        .map(|line| {
            let known = before.get(&line.wav);
            let entry = one(out, line, known, espeak.as_ref())?;
            let count = done.fetch_add(1, Ordering::Relaxed);
            if known != Some(&entry) {
                made.store(true, Ordering::Relaxed);
                progress(count as f32 / lines.len() as f32);
            }
            Ok(entry)
        })
        .collect();
    let entries = entries?;
    let count = |kind| entries.iter().filter(|entry| entry.kind == kind).count();
    let voiced = Voiced {
        spoken: count(ledger::Kind::Spoken),
        silent: count(ledger::Kind::Silent),
        own: count(ledger::Kind::Own),
    };
    if made.into_inner() {
        Ledger::write(out, entries)?;
        progress(1.0);
    }
    Ok(voiced)
}

/// One file and its captions.
fn one(
    out: &Path,
    line: &Line,
    before: Option<&Entry>,
    espeak: Option<&Espeak>,
) -> io::Result<Entry> {
    let place = out.join(&line.wav);
    let text = ledger::words(line);
    let there = match std::fs::read(&place) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    if let Some(bytes) = there {
        let sound = hash(&[&bytes]);
        let Some(ours) = before.filter(|entry| entry.sound == sound && entry.is_ours()) else {
            return own(out, line, before, text, sound, &bytes);
        };
        let is_current = ours.text == text && out.join(&line.vtt).is_file();
        if is_current && (ours.kind == ledger::Kind::Spoken || espeak.is_none()) {
            return Ok(ours.clone());
        }
    }
    let recording = espeak
        .and_then(|espeak| Recording::spoken(line, espeak))
        .unwrap_or_else(|| Recording::silent(line));
    let bytes = wav::bytes(recording.rate, &recording.samples);
    let captions = web_vtt(&recording.captions);
    for (path, bytes) in [
        (&line.wav, bytes.as_slice()),
        (&line.vtt, captions.as_bytes()),
    ] {
        let path = out.join(path);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        wav::write_whole(&path, bytes)?;
    }
    Ok(Entry {
        wav: line.wav.clone(),
        kind: if recording.is_silent {
            ledger::Kind::Silent
        } else {
            ledger::Kind::Spoken
        },
        text,
        sound: hash(&[&bytes]),
        captions: hash(&[captions.as_bytes()]),
    })
}

/// Somebody's own recording stays. Captions are made for its length, unless they too are
/// somebody's own.
fn own(
    out: &Path,
    line: &Line,
    before: Option<&Entry>,
    text: u64,
    sound: u64,
    bytes: &[u8],
) -> io::Result<Entry> {
    let mut entry = Entry {
        wav: line.wav.clone(),
        kind: ledger::Kind::Own,
        text,
        sound,
        captions: 0,
    };
    let place = out.join(&line.vtt);
    let there = std::fs::read(&place).ok().map(|bytes| hash(&[&bytes]));
    let is_ours = there.is_none() || there == before.map(|entry| entry.captions);
    let is_timed = before.is_some_and(|entry| entry.sound == sound && entry.text == text);
    if is_ours
        && !(is_timed && there.is_some())
        && let Some(secs) = wav::length_secs(bytes)
    {
        let captions = web_vtt(&recording::timed_by_length(line, secs));
        wav::write_whole(&place, captions.as_bytes())?;
        entry.captions = hash(&[captions.as_bytes()]);
    } else {
        entry.captions = if is_ours { there.unwrap_or(0) } else { 0 };
    }
    Ok(entry)
}
