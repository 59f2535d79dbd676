//! Bytes in a file or in memory, read piece by piece into the place where they are wanted.
//!
//! Reading with `pread` instead of mapping the file costs no more (the pages are copied
//! once, straight into the vertex buffers), keeps the file's pages out of our memory
//! figure, and cannot kill the process with a bus error when an author overwrites the file
//! while an exhibit is reading it.

use std::borrow::Cow;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

/// Read in pieces of this size on several threads, which also spreads the cost of the
/// first touch of fresh memory.
const PIECE: usize = 4 << 20;

/// A run of bytes somewhere.
#[derive(Debug, Clone)]
pub(crate) enum Blob {
    /// Part of an open file.
    File {
        file: Arc<File>,
        start: u64,
        len: u64,
    },
    /// In memory, from a `data:` URI or a decompressor.
    Memory(Arc<Memory>),
}

/// Bytes in memory, kept in the type that the decompressor wrote so as not to copy them.
#[derive(Debug)]
pub(crate) enum Memory {
    Bytes(Vec<u8>),
    Halves(Vec<u16>),
    Words(Vec<u32>),
}

impl Memory {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Bytes(v) => v,
            Self::Halves(v) => bytemuck::cast_slice(v),
            Self::Words(v) => bytemuck::cast_slice(v),
        }
    }
}

impl Blob {
    pub(crate) fn len(&self) -> u64 {
        match self {
            Self::File { len, .. } => *len,
            Self::Memory(memory) => memory.bytes().len() as u64,
        }
    }

    /// Fills `out` from `offset` on.
    pub(crate) fn read_into(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let past_end = || io::Error::from(io::ErrorKind::UnexpectedEof);
        let end = offset.checked_add(out.len() as u64).ok_or_else(past_end)?;
        if end > self.len() {
            return Err(past_end());
        }
        match self {
            Self::File { file, start, .. } => {
                let at = start.checked_add(offset).ok_or_else(past_end)?;
                if out.len() <= PIECE {
                    return read_exact_at(file, out, at);
                }
                out.par_chunks_mut(PIECE)
                    .enumerate()
                    .try_for_each(|(i, piece)| read_exact_at(file, piece, at + (i * PIECE) as u64))
            }
            Self::Memory(memory) => {
                out.copy_from_slice(&memory.bytes()[offset as usize..end as usize]);
                Ok(())
            }
        }
    }

    /// The bytes of a range: borrowed where they are in memory already.
    pub(crate) fn bytes(&self, range: Range<u64>) -> io::Result<Cow<'_, [u8]>> {
        let past_end = || io::Error::from(io::ErrorKind::UnexpectedEof);
        if range.start > range.end || range.end > self.len() {
            return Err(past_end());
        }
        match self {
            Self::File { .. } => {
                let len =
                    usize::try_from(range.end - range.start).map_err(|_ignored| past_end())?;
                let mut out = vec![0; len];
                self.read_into(range.start, &mut out)?;
                Ok(Cow::Owned(out))
            }
            Self::Memory(memory) => Ok(Cow::Borrowed(
                &memory.bytes()[range.start as usize..range.end as usize],
            )),
        }
    }
}

#[cfg(unix)]
fn read_exact_at(file: &File, out: &mut [u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, out, at)
}

#[cfg(windows)]
fn read_exact_at(file: &File, mut out: &mut [u8], mut at: u64) -> io::Result<()> {
    use std::os::windows::fs::FileExt;
    while !out.is_empty() {
        match file.seek_read(out, at)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            n => {
                out = &mut out[n..];
                at += n as u64;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_past_the_end_is_an_error_and_never_a_panic() {
        let blob = Blob::Memory(Arc::new(Memory::Bytes(vec![1, 2, 3])));
        let mut out = [0; 2];
        assert!(
            blob.read_into(1, &mut out).is_ok(),
            "the last two bytes are there"
        );
        assert_eq!(out, [2, 3], "the bytes from the offset on are read");
        for offset in [2, 3, 4, u64::MAX] {
            assert!(
                blob.read_into(offset, &mut out).is_err(),
                "two bytes from {offset} of three are refused"
            );
        }
        assert!(blob.bytes(2..9).is_err(), "a range past the end is refused");
    }
}
