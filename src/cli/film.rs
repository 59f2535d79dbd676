//! Films: pictures go to ffmpeg, or are kept as pictures where there is none.

use super::{Outcome, render};
use bevy::math::UVec2;
use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

/// A film being written.
pub(super) struct FilmWriter {
    out: PathBuf,
    /// Where pictures go without ffmpeg.
    frames: PathBuf,
    encoder: Option<Child>,
    written: u32,
}

impl FilmWriter {
    /// Begins a film without sound. The end of `out` (`.mp4`) says how it is packed.
    pub(super) fn start(out: &Path, size: UVec2, fps: u32) -> Result<Self, Outcome> {
        make_folder_of(out)?;
        let encoder = Command::new("ffmpeg")
            .args(["-y", "-loglevel", "error", "-nostdin"])
            .args(["-f", "rawvideo", "-pix_fmt", "rgba"])
            .args(["-s", &format!("{}x{}", size.x, size.y)])
            .args(["-r", &fps.to_string(), "-i", "-"])
            .args(["-c:v", "libx264", "-crf", "19", "-preset", "fast"])
            .args(["-pix_fmt", "yuv420p", "-movflags", "+faststart"])
            .arg(out)
            .stdin(Stdio::piped())
            .spawn();
        Ok(Self {
            out: out.to_owned(),
            frames: out.with_extension(""),
            encoder: encoder.ok(),
            written: 0,
        })
    }

    /// Adds a picture.
    pub(super) fn push(&mut self, picture: &image::RgbaImage) -> Result<(), Outcome> {
        match self.encoder.as_mut().and_then(|child| child.stdin.as_mut()) {
            Some(input) => input.write_all(picture.as_raw()).map_err(|error| {
                Outcome::CannotWrite(format!("ffmpeg stopped taking pictures: {error}"))
            })?,
            None => {
                let path = self.frames.join(format!("{:06}.png", self.written));
                render::write_picture(picture, &path)?;
            }
        }
        self.written += 1;
        Ok(())
    }

    /// Whether there is an ffmpeg that makes a film of it.
    pub(super) fn is_encoding(&self) -> bool {
        self.encoder.is_some()
    }

    /// Ends the film; says where it is: a file, or a folder of pictures.
    pub(super) fn finish(mut self) -> Result<PathBuf, Outcome> {
        let Some(mut encoder) = self.encoder.take() else {
            return Ok(self.frames);
        };
        drop(encoder.stdin.take());
        let status = encoder
            .wait()
            .map_err(|error| Outcome::CannotWrite(format!("ffmpeg: {error}")))?;
        if status.success() {
            Ok(self.out)
        } else {
            Err(Outcome::CannotWrite(format!("ffmpeg ended with {status}")))
        }
    }
}

/// Joins parts of a film, and its sound where there is one, without encoding pictures anew.
pub(super) fn join(parts: &[PathBuf], sound: Option<&Path>, out: &Path) -> Result<(), Outcome> {
    let failed = |error: &dyn std::fmt::Display| {
        Outcome::CannotWrite(format!("cannot write {}: {error}", out.display()))
    };
    let Some(folder) = parts.first().and_then(|part| part.parent()) else {
        return Err(failed(&"there are no pictures"));
    };
    // ffmpeg's list of files: names in quotes, relative to the list.
    let list = folder.join("parts.txt");
    let lines: String = parts
        .iter()
        .filter_map(|part| part.file_name())
        .map(|name| format!("file '{}'\n", name.to_string_lossy()))
        .collect();
    std::fs::write(&list, lines).map_err(|error| failed(&error))?;
    let partial = folder.join("whole.mp4");
    let mut command = Command::new("ffmpeg");
    command
        .args(["-y", "-loglevel", "error", "-nostdin"])
        .args(["-f", "concat", "-safe", "0", "-i"])
        .arg(&list);
    if let Some(sound) = sound {
        command
            .arg("-i")
            .arg(sound)
            .args(["-c:a", "aac", "-b:a", "256k"]);
    }
    let status = command
        .args(["-c:v", "copy", "-movflags", "+faststart"])
        .arg(&partial)
        .status()
        .map_err(|error| failed(&error))?;
    if !status.success() {
        return Err(failed(&format!("ffmpeg ended with {status}")));
    }
    make_folder_of(out)?;
    std::fs::rename(&partial, out).map_err(|error| failed(&error))
}

fn make_folder_of(out: &Path) -> Result<(), Outcome> {
    match out.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => std::fs::create_dir_all(folder).map_err(|error| {
            Outcome::CannotWrite(format!("cannot write {}: {error}", folder.display()))
        }),
        None => Ok(()),
    }
}
