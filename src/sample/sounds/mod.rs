//! Every sound of the sample, calculated: ambience, small sounds of the interface, and a
//! piece for four instruments. No recording is read, no chance is drawn: the same bytes come
//! out on every machine, by the same rule as the pictures (`+ - * /` and the generator's own
//! sine).
//!
//! All files are 48 kHz, 16 bits, mono, dry: the room is the listener's. Start reading at
//! [`write_all`]; [`score`] holds the notes, [`concert`] plays them on the instruments of
//! [`string`], [`flute`] and [`struck`]; [`ring`] is what a loop without a seam is made in.

mod ambience;
mod concert;
mod flute;
mod interface;
mod ring;
mod score;
mod string;
mod struck;
pub(crate) mod wav;

#[cfg(test)]
mod tests;

use rayon::prelude::*;
use std::io;
use std::path::Path;

/// Samples a second of everything here.
pub(crate) const RATE: u32 = 48_000;

/// Changes whenever a sound changes: a folder with another number gets its sounds anew.
pub(crate) const VERSION: u32 = 1;

/// The folder of the sounds within the exhibit.
const FOLDER: &str = "sounds";

/// Where the version of the sounds in a folder is written, after all of them.
const STAMP: &str = "sounds/version.txt";

/// What is written: a file's name and its samples.
type Made = (&'static str, Vec<f32>);

/// Samples in a time.
fn count(seconds: f32) -> usize {
    (seconds * RATE as f32) as usize
}

/// The share that is left of something after one sample when a thousandth of it (-60 dB) is
/// left after `t60_secs`: the series of `exp(-6.9078 / (t60 * rate))`.
fn decay(t60_secs: f32) -> f32 {
    let x = 6.907_755 / (t60_secs * RATE as f32);
    1.0 - x * (1.0 - x * (0.5 - x * (1.0 / 6.0)))
}

/// Whether the sounds in an exhibit's folder are those of this generator.
pub(crate) fn are_current(out: &Path) -> bool {
    std::fs::read_to_string(out.join(STAMP)).is_ok_and(|text| text.trim() == VERSION.to_string())
}

/// Writes all sounds into the exhibit's folder.
///
/// # Errors
/// When a file cannot be written.
pub(crate) fn write_all(out: &Path) -> io::Result<()> {
    let folder = out.join(FOLDER);
    std::fs::create_dir_all(&folder)?;
    let makers: [fn() -> Vec<Made>; 5] = [
        concert::stems,
        || vec![("wind.wav", ambience::wind())],
        || vec![("drips.wav", ambience::drips())],
        || vec![("flames.wav", ambience::flames())],
        interface::all,
    ];
    let written: io::Result<Vec<()>> = makers
        .into_par_iter()
        .flat_map(|make| make())
        .map(|(name, samples)| wav::write(&folder.join(name), RATE, &samples))
        .collect();
    written?;
    std::fs::write(out.join(STAMP), format!("{VERSION}\n"))
}
