//! What is wrong with the sound of files: clipped, too soft, unreadable.
//!
//! Every file is brought to -23 LUFS when it is played (docs/audio.md), so a file need not
//! have that loudness. What turning up or down cannot mend is told.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    time::Duration,
};

use crate::{
    diagnostic::{Diagnostic, Report, Span},
    exhibit::open::Prepared,
    scene::schema::FilePath,
    tour::TourIndex,
};

/// What was heard in a sound file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// Its length.
    pub length: Duration,
    /// Integrated loudness (ITU-R BS.1770, EBU R 128), LUFS; none for silence.
    pub loudness_lufs: Option<f64>,
    /// True peak, dBTP.
    pub true_peak_dbtp: f64,
    /// Places at which the wave is cut flat.
    pub clipped: usize,
}

/// Somebody who can listen to sound files. Without the sound engine nobody can.
pub trait Listener: Sync {
    /// Listens to all of a file.
    ///
    /// # Errors
    /// What is wrong with the file, in words.
    fn listen(&self, path: &Path) -> Result<Measured, String>;
}

/// All files of an exhibit that were listened to.
pub type Heard = BTreeMap<PathBuf, Result<Measured, String>>;

/// What is played is raised by at most 20 dB to -23 LUFS: below this it stays too soft.
const SOFTEST_LUFS: f64 = -43.0;
/// A wave that is cut flat at fewer places than this may be meant.
const FEWEST_CLIPPED: usize = 5;
/// Voices of one tour that differ by more: the noise of the soft ones comes up with them. A
/// rule of ours; dialogue within a programme is kept to about 7 LU.
const MOST_SPREAD_LU: f64 = 10.0;
/// EBU R 128 permits -1 dBTP in production; beyond 0 the peaks between samples are cut off
/// by whatever plays them.
const HIGHEST_PEAK_DBTP: f64 = 0.0;

/// Listens to every sound of an exhibit; `tick` hears the fraction done.
pub(super) fn listen(
    prepared: &Prepared,
    listener: &dyn Listener,
    tick: &mut dyn FnMut(f32),
) -> Heard {
    let mut files: BTreeSet<&Path> = prepared.voices.values().map(PathBuf::as_path).collect();
    let others = sounds(prepared);
    files.extend(others.iter().map(|(_, path)| path.as_path()));
    // A missing file has been reported.
    let files: Vec<&Path> = files.into_iter().filter(|path| path.is_file()).collect();
    let mut heard = Heard::new();
    let width = rayon::current_num_threads().max(1);
    for batch in files.chunks(width) {
        use rayon::prelude::*;
        let batch: Vec<_> = batch
            .par_iter()
            .map(|path| ((*path).to_owned(), listener.listen(path)))
            .collect();
        heard.extend(batch);
        tick(heard.len() as f32 / files.len() as f32);
    }
    heard
}

/// The files of the exhibit's sounds, in all languages.
fn sounds(prepared: &Prepared) -> Vec<(&FilePath, PathBuf)> {
    let folder = prepared.stage.source.parent().unwrap_or(Path::new("."));
    let sources = prepared.exhibit.sounds.iter().map(|sound| &sound.source);
    let files = sources.flat_map(|source| {
        let spoken = source.entries.iter().map(|(_, file)| file);
        source.plain.iter().chain(spoken)
    });
    files
        .map(|file| (file, folder.join(&file.in_exhibit)))
        .collect()
}

pub(super) fn check(prepared: &Prepared, heard: &Heard, report: &mut Report) {
    for (file, path) in sounds(prepared) {
        if let Some(result) = heard.get(&path) {
            one(file, result, report);
        }
    }
    let script = &prepared.script;
    let folder = prepared.stage.source.parent().unwrap_or(Path::new("."));
    for (_, say) in prepared.utterances() {
        let spoken = say.sound.entries.iter().map(|(_, file)| file);
        for file in say.sound.plain.iter().chain(spoken) {
            if let Some(result) = heard.get(&folder.join(&file.in_exhibit)) {
                one(file, result, report);
            }
        }
    }
    for (tour, own) in script.tours.iter().enumerate() {
        for language in &script.languages {
            spread(
                prepared,
                heard,
                TourIndex::new(tour),
                own.id.as_str(),
                language,
                report,
            );
        }
    }
}

/// What is wrong with one file.
fn one(file: &FilePath, result: &Result<Measured, String>, report: &mut Report) {
    let name = &file.in_exhibit;
    let mut say = |code: &'static str, is_error: bool, message: String, help: &str| {
        let diagnostic = if is_error {
            Diagnostic::error(code, message)
        } else {
            Diagnostic::warning(code, message)
        };
        report.push_once(diagnostic.at(file.written.span).help(help));
    };
    let measured = match result {
        Ok(measured) => measured,
        Err(why) => {
            let help = "save it again as Ogg Vorbis, FLAC, WAV or MP3";
            say(
                "sound-unreadable",
                true,
                format!("\"{name}\" cannot be played: {why}"),
                help,
            );
            return;
        }
    };
    if measured.clipped >= FEWEST_CLIPPED {
        let message = format!(
            "\"{name}\" is clipped: its wave is cut flat at {} places",
            measured.clipped
        );
        let help =
            "record it again with less gain: what is cut off crackles however softly it is played";
        say("sound-clipped", false, message, help);
    } else if measured.true_peak_dbtp > HIGHEST_PEAK_DBTP {
        let message = format!(
            "the true peak of \"{name}\" is {:+.1} dBTP: between its samples it is beyond full scale",
            measured.true_peak_dbtp
        );
        let help = "lower it to -1 dBTP (EBU R 128); how loud it is played does not depend on it";
        say("sound-peak", false, message, help);
    }
    match measured.loudness_lufs {
        None => {
            let message = format!("\"{name}\" is silent");
            say(
                "sound-silent",
                false,
                message,
                "is it the right file, and the right channel?",
            );
        }
        Some(lufs) if lufs < SOFTEST_LUFS => {
            let message = format!(
                "\"{name}\" has {lufs:.0} LUFS: raised by 20 dB, the most there is, it stays {:.0} dB softer than the rest",
                SOFTEST_LUFS - lufs
            );
            say(
                "sound-too-soft",
                false,
                message,
                "record it closer or louder; -23 LUFS is played as it is",
            );
        }
        Some(_) => {}
    }
}

/// Voices of one tour that were recorded much softer than the others.
fn spread(
    prepared: &Prepared,
    heard: &Heard,
    tour: TourIndex,
    name: &str,
    language: &crate::scene::schema::Language,
    report: &mut Report,
) {
    let tag = language.to_string();
    let mut levels = Vec::new();
    for (utterance, say) in prepared.utterances() {
        let path = prepared.voices.get(&(utterance, tag.clone()));
        let measured = path.and_then(|path| heard.get(path)?.as_ref().ok());
        if utterance.tour == tour
            && let Some(lufs) = measured.and_then(|one| one.loudness_lufs)
        {
            let default = &prepared.script.default_language;
            let span = say
                .sound
                .get(language, default)
                .map_or(Span::default(), |file| file.written.span);
            levels.push((lufs, span));
        }
    }
    levels.sort_by(|a, b| a.0.total_cmp(&b.0));
    let Some((median, _)) = levels.get(levels.len() / 2).copied() else {
        return;
    };
    if let Some((lufs, span)) = levels.first()
        && median - lufs > MOST_SPREAD_LU
    {
        let message = format!(
            "this voice was recorded {:.0} LU softer than the others of the tour \"{name}\" in \"{tag}\"",
            median - lufs
        );
        report.push_once(
            Diagnostic::warning("narration-uneven", message)
                .at(*span)
                .help("it is played as loud as they are, and its noise with it: record it alike"),
        );
    }
}
