//! What was written and from which words, so that what has changed is made anew and what
//! somebody else put there is left alone.

use super::lines::Line;
use crate::sample::sounds::wav;
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// Its place in the exhibit's folder.
const FILE: &str = "voice/made.tsv";

/// Its first line.
const HEAD: &str = "file\twhose\twords\tsound\tcaptions";

/// Raised when the same words would be said in another way: other pauses, another speed.
const MANNER: u32 = 2;

/// Whose file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Synthesized.
    Spoken,
    /// Silence of ours.
    Silent,
    /// Not ours.
    Own,
}

impl Kind {
    const ALL: [(Self, &str); 3] = [
        (Self::Spoken, "spoken"),
        (Self::Silent, "silent"),
        (Self::Own, "own"),
    ];

    fn word(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|one| one.0 == self)
            .map_or("", |one| one.1)
    }

    fn of(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|one| one.1 == word).map(|one| one.0)
    }
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Its path in the exhibit's folder.
    pub(crate) wav: String,
    /// Whose it is.
    pub(crate) kind: Kind,
    /// See [`words`].
    pub(crate) text: u64,
    /// Hash of the file.
    pub(crate) sound: u64,
    /// Hash of its captions, if they are ours; else 0.
    pub(crate) captions: u64,
}

impl Entry {
    /// Whether the generator wrote the sound.
    pub(crate) fn is_ours(&self) -> bool {
        self.kind != Kind::Own
    }
}

/// Hash (FNV-1a) of pieces of bytes and of the places where they end.
pub(crate) fn hash(pieces: &[&[u8]]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut take = |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    for piece in pieces {
        piece.iter().for_each(|byte| take(*byte));
        take(0xff);
    }
    hash
}

/// Hash of what decides how a line sounds: its words, its language, the manner.
pub(crate) fn words(line: &Line) -> u64 {
    hash(&[
        &MANNER.to_le_bytes(),
        line.language.as_str().as_bytes(),
        line.text.as_bytes(),
    ])
}

/// Entries by their WAV file.
#[derive(Debug, Default)]
pub(crate) struct Ledger(BTreeMap<String, Entry>);

impl Ledger {
    /// That of an exhibit's folder; without the lines that are broken.
    pub(crate) fn read(out: &Path) -> Self {
        let text = std::fs::read_to_string(out.join(FILE)).unwrap_or_default();
        let entries = text.lines().skip(1).filter_map(entry);
        Self(entries.map(|entry| (entry.wav.clone(), entry)).collect())
    }

    pub(crate) fn get(&self, wav: &str) -> Option<&Entry> {
        self.0.get(wav)
    }

    /// Writes entries.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn write(out: &Path, entries: Vec<Entry>) -> io::Result<()> {
        let mut text = format!("{HEAD}\n");
        for entry in entries {
            text.push_str(&format!(
                "{}\t{}\t{:016x}\t{:016x}\t{:016x}\n",
                entry.wav,
                entry.kind.word(),
                entry.text,
                entry.sound,
                entry.captions
            ));
        }
        let place = out.join(FILE);
        if let Some(folder) = place.parent() {
            std::fs::create_dir_all(folder)?;
        }
        wav::write_whole(&place, text.as_bytes())
    }
}

fn entry(line: &str) -> Option<Entry> {
    let mut fields = line.split('\t');
    let (wav, kind) = (fields.next()?, Kind::of(fields.next()?)?);
    let mut number = || u64::from_str_radix(fields.next()?, 16).ok();
    Some(Entry {
        wav: wav.to_owned(),
        kind,
        text: number()?,
        sound: number()?,
        captions: number()?,
    })
}
