//! A recording on its way to the disk: a tour's file and its voices, never over anything.

use super::{Known, about, enlist::enlist};
use crate::{
    exhibit::words::{Word, Words},
    sample::wav,
    scene::schema::Language,
    tour::record::{Draft, Speech, Standing, Take, Voice, clean, tour_file},
};
use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    time::Duration,
};

/// Where recorded tours go, in the exhibit's folder.
pub(super) const FOLDER: &str = "tours";
/// Names tried before giving up.
const MOST_NAMES: usize = 1000;

/// What is to be written.
pub struct Order {
    /// The exhibit's scene file; tours go into its folder.
    pub scene: PathBuf,
    /// What the tour is to be called.
    pub name: String,
    /// The walk.
    pub take: Take,
    /// The voice; empty for none.
    pub voice: Voice,
    /// Where a visit begins.
    pub start: Standing,
    /// The exhibit's languages.
    pub languages: Vec<Language>,
    /// The guide's.
    pub spoken: Language,
    /// How far it is from place to place.
    pub ways: Known,
}

/// A tour that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// Its file.
    pub file: PathBuf,
    /// The same as `exhibit.ron` names it.
    pub in_exhibit: String,
    /// Its steps.
    pub steps: usize,
    /// Of these, those with a voice.
    pub voices: usize,
    /// How long it is.
    pub length: Duration,
    /// The exhibit names it: a copy of the former scene file is here. Else why it does not.
    pub listed: Result<PathBuf, String>,
}

impl Saved {
    /// Says that the exhibit shows it, or how it comes into the exhibit.
    pub fn how_shown(&self, words: &Words) -> String {
        let (word, path) = match &self.listed {
            Ok(kept) => {
                let kept = kept.file_name().unwrap_or_default();
                (Word::RecordListed, kept.to_string_lossy())
            }
            Err(_) => (Word::RecordInclude, self.in_exhibit.as_str().into()),
        };
        words.say_with(word, &[("path", &path)])
    }
}

/// Makes a tour of a recording and writes it.
///
/// # Errors
/// In words, when there is nothing to write or it cannot be written. Then nothing is left.
pub fn save(order: &Order) -> Result<Saved, String> {
    let speech = Speech::of(&order.voice);
    let draft = clean(&order.take, &speech, &order.ways, Some(&order.start));
    if draft.steps.is_empty() {
        return Err("nothing was recorded".to_owned());
    }
    let folder = order.scene.parent().unwrap_or_else(|| Path::new(""));
    let tours = folder.join(FOLDER);
    let failed = |error: io::Error| format!("{}: {error}", tours.display());
    fs::create_dir_all(&tours).map_err(failed)?;
    let name = claim(&tours, &order.name).map_err(failed)?;
    let mut saved = write(order, &draft, &tours, &name).map_err(|error| {
        // What is half written goes; the folder was made by us a moment ago.
        drop(fs::remove_dir_all(tours.join(&name)));
        failed(error)
    })?;
    saved.listed = enlist(&order.scene, &saved.in_exhibit, &name);
    Ok(saved)
}

/// The first free name: `evening`, `evening-2`, … The folder of its voices is made, and so
/// nobody else gets it.
fn claim(tours: &Path, wanted: &str) -> io::Result<String> {
    for number in 1..=MOST_NAMES {
        let name = if number == 1 {
            wanted.to_owned()
        } else {
            format!("{wanted}-{number}")
        };
        if tours.join(format!("{name}.ron")).exists() {
            continue;
        }
        match fs::create_dir(tours.join(&name)) {
            Ok(()) => return Ok(name),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other(format!(
        "there are {MOST_NAMES} tours called {wanted:?}: choose another name"
    )))
}

/// Voices first, the tour last: whoever sees its file finds all that it names.
fn write(order: &Order, draft: &Draft, tours: &Path, name: &str) -> io::Result<Saved> {
    let about = about(order, name);
    let gain = gain(&order.voice);
    let mut voices = 0;
    for (index, step) in draft.steps.iter().enumerate() {
        if step.voice.is_empty() {
            continue;
        }
        let mut samples = order.voice.cut(&step.voice);
        samples.iter_mut().for_each(|sample| *sample *= gain);
        let bytes = wav::bytes(order.voice.rate_hz, &wav::quantized(&samples));
        write_new(&tours.join(about.voice_file(index)), &bytes)?;
        voices += 1;
    }
    let file = tours.join(format!("{name}.ron"));
    write_new(&file, tour_file(draft, &about).as_bytes())?;
    if voices == 0 {
        // Empty: there is no voice.
        fs::remove_dir(tours.join(name))?;
    }
    Ok(Saved {
        file,
        in_exhibit: about.file,
        steps: draft.steps.len(),
        voices,
        length: draft.length(),
        listed: Err(String::new()),
    })
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = fs::File::options()
        .write(true)
        .create_new(true)
        .open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Brings the loudest of a take to half of full scale, so that 16 bits are enough; at most
/// ten times louder, so that noise stays noise.
fn gain(voice: &Voice) -> f32 {
    let peak = voice
        .samples
        .iter()
        .filter(|sample| sample.is_finite())
        .fold(0.0_f32, |most, sample| most.max(sample.abs()));
    (0.5 / peak.max(1e-6)).clamp(0.1, 10.0)
}
