//! WAV files: 16-bit mono written whole or not at all, and read as far as a length.

use std::io;
use std::path::Path;

/// What a WAV file holds, mixed to nothing: the samples as they stand, all channels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pcm {
    /// Samples a second and channel.
    pub(crate) rate: u32,
    /// 16-bit mono samples.
    pub(crate) samples: Vec<i16>,
}

/// -1..1 as 16 bits, rounded; what is louder is cut.
pub(crate) fn quantized(samples: &[f32]) -> Vec<i16> {
    let one = |s: &f32| (s.clamp(-1.0, 1.0) * 32_767.0 + 32_768.5).floor() as i32 - 32_768;
    // -32 767 to 32 767 by the clamp above.
    samples.iter().map(|s| one(s) as i16).collect()
}

/// The bytes of a mono file.
pub(crate) fn bytes(rate: u32, samples: &[i16]) -> Vec<u8> {
    let size = samples.len() as u32 * 2;
    let mut out = Vec::with_capacity(samples.len() * 2 + 44);
    out.extend(b"RIFF");
    out.extend((36 + size).to_le_bytes());
    out.extend(b"WAVEfmt ");
    out.extend(16_u32.to_le_bytes());
    // Integer samples, one channel.
    out.extend(1_u16.to_le_bytes());
    out.extend(1_u16.to_le_bytes());
    out.extend(rate.to_le_bytes());
    out.extend((rate * 2).to_le_bytes());
    out.extend(2_u16.to_le_bytes());
    out.extend(16_u16.to_le_bytes());
    out.extend(b"data");
    out.extend(size.to_le_bytes());
    for sample in samples {
        out.extend(sample.to_le_bytes());
    }
    out
}

/// Writes samples of -1..1 as a 16-bit mono file.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn write(path: &Path, rate: u32, samples: &[f32]) -> io::Result<()> {
    write_whole(path, &bytes(rate, &quantized(samples)))
}

/// Writes a file beside its place and moves it there: nobody reads half of it.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let beside = path.with_file_name(name);
    std::fs::write(&beside, bytes)?;
    std::fs::rename(&beside, path)
}

struct Chunks<'b> {
    rest: &'b [u8],
}

impl<'b> Iterator for Chunks<'b> {
    type Item = ([u8; 4], &'b [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (head, rest) = self.rest.split_first_chunk::<8>()?;
        let [a, b, c, d, size @ ..] = *head;
        // A program that writes to a pipe does not know the length and claims the most.
        let size = (u32::from_le_bytes(size) as usize).min(rest.len());
        let (body, rest) = rest.split_at(size);
        self.rest = rest.get(size % 2..).unwrap_or_default();
        Some(([a, b, c, d], body))
    }
}

struct Format {
    kind: u16,
    channels: u16,
    rate: u32,
    block_bytes: u16,
    bits: u16,
}

/// The format and the samples' bytes of a WAV file.
fn parts(bytes: &[u8]) -> Option<(Format, &[u8])> {
    let rest = bytes.strip_prefix(b"RIFF")?.get(4..)?;
    let rest = rest.strip_prefix(b"WAVE")?;
    let mut format = None;
    for (name, body) in (Chunks { rest }) {
        let word = |at: usize| Some(u16::from_le_bytes([*body.get(at)?, *body.get(at + 1)?]));
        match &name {
            b"fmt " => {
                format = Some(Format {
                    kind: word(0)?,
                    channels: word(2)?,
                    rate: u32::from(word(4)?) | u32::from(word(6)?) << 16,
                    block_bytes: word(12)?,
                    bits: word(14)?,
                });
            }
            b"data" => return Some((format?, body)),
            _ => {}
        }
    }
    None
}

/// Reads 16-bit mono; `None` for everything else.
pub(crate) fn read(bytes: &[u8]) -> Option<Pcm> {
    let (format, data) = parts(bytes)?;
    let is_ours = format.kind == 1 && format.channels == 1 && format.bits == 16;
    is_ours.then(|| Pcm {
        rate: format.rate,
        samples: data
            .chunks_exact(2)
            .map(|b| i16::from_le_bytes([b[0], b[1]]))
            .collect(),
    })
}

/// How long a WAV file of any format is, seconds; `None` where that cannot be told.
pub(crate) fn length_secs(bytes: &[u8]) -> Option<f32> {
    let (format, data) = parts(bytes)?;
    let a_second = u64::from(format.rate) * u64::from(format.block_bytes);
    (a_second > 0).then(|| data.len() as f32 / a_second as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let samples = [0.0, 1.0, -1.0, 0.25, 7.0];
        let file = bytes(22_050, &quantized(&samples));
        let read = read(&file).unwrap();
        assert_eq!(read.rate, 22_050, "the rate stands in the file");
        assert_eq!(
            read.samples,
            [0, 32_767, -32_767, 8_192, 32_767],
            "samples are rounded, and cut at full level"
        );
        assert_eq!(
            length_secs(&file),
            Some(5.0 / 22_050.0),
            "the length follows from the bytes"
        );
    }

    #[test]
    fn a_length_that_was_not_known_is_what_there_is() {
        let mut file = bytes(8_000, &[1, 2, 3]);
        file[40..44].copy_from_slice(&0x7fff_f000_u32.to_le_bytes());
        assert_eq!(
            read(&file).unwrap().samples,
            [1, 2, 3],
            "a file from a pipe is read to its end"
        );
    }

    #[test]
    fn broken_files_are_none() {
        let file = bytes(8_000, &[1, 2, 3]);
        for end in 0..44 {
            assert_eq!(read(&file[..end]), None, "{end} bytes hold no samples");
        }
        assert_eq!(length_secs(b"ID3 is an MP3 file"), None, "this is no WAV");
    }
}
