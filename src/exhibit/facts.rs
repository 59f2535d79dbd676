//! What the checker of scenes asks about meshes, images and sounds, answered from the disk.

use crate::{
    bake::{self, Origin, ReadOptions, Up, model::Finding, validate::ValidateDepth},
    diagnostic::{Diagnostic, Severity},
    scene::{Assets, ImageFacts, MeshFacts},
};
use bevy::math::{Affine3A, DAffine3, DQuat, DVec3};
use std::{
    io::Read,
    path::{Path, PathBuf},
};

/// Facts about the files of an exhibit's folder.
pub struct DiskAssets {
    folder: PathBuf,
    depth: Option<ValidateDepth>,
}

impl DiskAssets {
    /// Of the exhibit in `folder`. With a depth, models are also validated as the Khronos
    /// validator does; without, only what the stage needs is read.
    pub fn new(folder: &Path, depth: Option<ValidateDepth>) -> Self {
        Self {
            folder: folder.to_owned(),
            depth,
        }
    }
}

impl Assets for DiskAssets {
    fn mesh_facts(&self, path: &str) -> Option<MeshFacts> {
        let path = self.folder.join(path);
        let mut findings: Vec<Diagnostic> = match self.depth {
            Some(depth) => bake::validate::validate_at(&path, depth)
                .iter()
                .map(diagnostic)
                .collect(),
            None => Vec::new(),
        };
        let facts = match bake::mesh_facts(&path) {
            Ok(facts) => facts,
            Err(error) => {
                findings.push(diagnostic(&error.to_finding()));
                return Some(MeshFacts {
                    findings,
                    ..MeshFacts::default()
                });
            }
        };
        findings.extend(facts.findings.iter().map(diagnostic));
        Some(MeshFacts {
            bounds: facts.low.zip(facts.high),
            node_names: facts.node_names,
            bending: facts.bending,
            material_names: facts.material_names,
            animation_names: facts.clips.into_iter().map(|clip| clip.name).collect(),
            licence: facts.about.licence.or(facts.about.copyright),
            findings,
        })
    }

    fn image_facts(&self, path: &str) -> Option<ImageFacts> {
        match bake::info(&self.folder.join(path)) {
            Ok(bake::Info::Image(image)) => Some(ImageFacts {
                width: image.width,
                height: image.height,
                findings: Vec::new(),
            }),
            Ok(bake::Info::Model(_)) => None,
            Err(error) => Some(ImageFacts {
                findings: vec![diagnostic(&error.to_finding())],
                ..ImageFacts::default()
            }),
        }
    }

    fn sound_findings(&self, path: &str) -> Vec<Diagnostic> {
        let mut begin = Vec::new();
        let read = std::fs::File::open(self.folder.join(path))
            .and_then(|file| file.take(64).read_to_end(&mut begin));
        // Why a file cannot be opened is told when it is played.
        let is_head = path.to_ascii_lowercase().ends_with(".sofa");
        let finding = if is_head { head_finding } else { sound_finding };
        read.ok()
            .and_then(|_| finding(&begin))
            .into_iter()
            .collect()
    }
}

/// What the first bytes of a SOFA file say against it: since SOFA 1.0 (AES69) it is a netCDF-4
/// file, which is HDF5.
fn head_finding(begin: &[u8]) -> Option<Diagnostic> {
    const HDF5: &[u8] = b"\x89HDF\r\n\x1a\n";
    (!begin.starts_with(HDF5)).then(|| {
        Diagnostic::error(
            "sound-format",
            "this is no SOFA file: it is not HDF5 inside",
        )
        .help("take a file of head-related responses as AES69 (SOFA 1.0 or later) has them")
    })
}

/// What the first bytes of a sound file say against it: that it is of a kind which the engine
/// does not decode, whatever its name ends with.
fn sound_finding(begin: &[u8]) -> Option<Diagnostic> {
    let is_ogg = begin.starts_with(b"OggS");
    // The first page of an Ogg file holds the first packet of its stream (RFC 3533, 7845).
    let holds = |name: &[u8]| begin.windows(name.len()).any(|part| part == name);
    let (what, help) = if is_ogg && holds(b"OpusHead") {
        (
            "Opus, which Grotto does not play",
            "make it Ogg Vorbis: `ffmpeg -i IN.opus -c:a libvorbis -q:a 6 OUT.ogg`",
        )
    } else if is_ogg && holds(b"Speex   ") {
        (
            "Speex, which Grotto does not play",
            "save it again as Ogg Vorbis, FLAC, WAV or MP3",
        )
    } else if begin.get(4..8) == Some(b"ftyp") {
        (
            "AAC or another kind of MP4, which Grotto does not play",
            "make it Ogg Vorbis: `ffmpeg -i IN.m4a -c:a libvorbis -q:a 6 OUT.ogg`",
        )
    } else if begin.is_empty() {
        ("empty", "copy or save it again")
    } else if begin.starts_with(b"RIFF") && has_no_samples(begin) {
        (
            "a WAV that says it has no channels, no rate or no bits",
            "save it again as WAV, FLAC or Ogg Vorbis",
        )
    } else if !is_sound(begin) {
        (
            "no Ogg, FLAC, WAV or MP3, whatever its name says",
            "save it again as one of these",
        )
    } else {
        return None;
    };
    let message = format!("this sound is {what}");
    Some(Diagnostic::error("unplayable-sound", message).help(help))
}

/// Whether a file begins as a sound that is played.
fn is_sound(begin: &[u8]) -> bool {
    let is_frame = |bytes: &[u8]| matches!(bytes, [0xFF, second, ..] if second & 0xE0 == 0xE0);
    [&b"OggS"[..], b"fLaC", b"RIFF", b"ID3"]
        .iter()
        .any(|name| begin.starts_with(name))
        || is_frame(begin)
        // MP3 may begin with padding.
        || begin.iter().all(|byte| *byte == 0)
}

/// Whether the header of a WAV file leaves nothing to be played.
fn has_no_samples(begin: &[u8]) -> bool {
    let at = begin.windows(4).position(|part| part == b"fmt ");
    let Some(format) = at.and_then(|at| begin.get(at + 8..at + 24)) else {
        return false;
    };
    [&format[2..4], &format[4..8], &format[14..16]]
        .iter()
        .any(|field| field.iter().all(|byte| *byte == 0))
}

/// Everything that is wrong with a model file: what the Khronos validator says, and what
/// our own reader cannot honour.
pub fn findings(path: &Path) -> Vec<Finding> {
    let mut findings = bake::validate::validate(path);
    let own = match bake::read_model(path, &ReadOptions::default(), &()) {
        Ok(model) => model.warnings,
        Err(error) => vec![error.to_finding()],
    };
    for finding in own {
        let is_known = findings
            .iter()
            .any(|known| known.is_error && known.pointer == finding.pointer);
        if !is_known {
            findings.push(finding);
        }
    }
    findings
}

/// A finding as the author reads it.
pub fn diagnostic(finding: &Finding) -> Diagnostic {
    let severity = if finding.is_error {
        Severity::Error
    } else {
        Severity::Warning
    };
    let place = if finding.pointer.is_empty() {
        String::new()
    } else {
        format!(" (at {})", finding.pointer)
    };
    let diagnostic = Diagnostic::new(
        severity,
        finding.code.clone(),
        format!("{}{place}", finding.message),
    );
    if finding.help.is_empty() {
        diagnostic
    } else {
        diagnostic.help(finding.help.clone())
    }
}

/// Where a named node of a model is, in the frame of the model as it is shown: metres, Y up,
/// rebased as the options say.
pub fn node_affine(path: &Path, options: &ReadOptions, node: &str) -> Option<Affine3A> {
    let facts = bake::mesh_facts(path).ok()?;
    let index = facts.node_names.iter().position(|name| name == node)?;
    let world = facts.node_places.get(index)?;
    let turn = match options.up {
        Up::Y => DQuat::IDENTITY,
        Up::Z => DQuat::from_rotation_x(-std::f64::consts::FRAC_PI_2),
    };
    let origin = match options.origin {
        Origin::At(origin) => origin,
        // A file near its origin is not moved, and authors place things in such files.
        Origin::File | Origin::Auto => DVec3::ZERO,
    };
    let placed = DAffine3::from_rotation_translation(turn, DVec3::ZERO)
        * DAffine3::from_translation((world.translation - origin) * options.unit_scale);
    let (_, rotation, _) = world.to_scale_rotation_translation();
    Some(Affine3A::from_rotation_translation(
        (turn * rotation).as_quat(),
        placed.translation.as_vec3(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_that_are_not_played_are_named() {
        let page = |head: &[u8]| {
            let mut page = b"OggS\0\x02".to_vec();
            page.extend([0; 22]);
            page.extend(head);
            page
        };
        let said = |begin: &[u8]| sound_finding(begin).map(|one| one.message);
        let opus = said(&page(b"OpusHead\x01\x02")).expect("Opus is named");
        assert!(opus.contains("Opus"), "{opus}");
        let mp4 = said(b"\0\0\0\x20ftypM4A ").expect("MP4 is named");
        assert!(mp4.contains("AAC"), "{mp4}");
        for played in [
            page(b"\x01vorbis\0\0\0\0"),
            b"RIFF\x24\0\0\0WAVEfmt ".to_vec(),
            b"fLaC\0\0\0\x22".to_vec(),
            b"ID3\x04\0".to_vec(),
        ] {
            assert_eq!(said(&played), None, "{played:?} is left to the player");
        }
    }

    #[test]
    fn what_is_no_sound_is_named() {
        let wav = |channels: u8, rate: u8, bits: u8| {
            let mut begin = b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0".to_vec();
            begin.extend([channels, 0, rate, 0xAC, 0, 0, 0, 0, 0, 0, 0, 0, bits, 0]);
            if rate == 0 {
                begin[25] = 0;
            }
            begin
        };
        for (begin, named) in [
            (wav(1, 0x44, 16), None),
            (wav(0, 0x44, 16), Some("no channels")),
            (wav(1, 0, 16), Some("no rate")),
            (wav(1, 0x44, 0), Some("no bits")),
            (Vec::new(), Some("empty")),
            (b"GIF89a".to_vec(), Some("no Ogg")),
        ] {
            let said = sound_finding(&begin).map(|one| one.message);
            let is_right = match named {
                Some(named) => said.as_ref().is_some_and(|said| said.contains(named)),
                None => said.is_none(),
            };
            assert!(is_right, "{begin:?} is told as {named:?}, not {said:?}");
        }
    }

    #[test]
    fn check_reads_captions() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let captions = "WEBVTT\n\n00:05.000 --> 00:01.000\nBackwards\n";
        std::fs::write(folder.path().join("a.vtt"), captions).expect("a file can be written");
        let scene = "(format: 1, title: \"X\", credits: [(name: \"Us\", licence: \"CC0-1.0\")],\n\
             tours: [(id: \"t\", title: \"T\", steps: [(id: \"a\", say: (text: \"Hello\", captions: \"a.vtt\"))])])";
        let path = folder.path().join("exhibit.ron");
        std::fs::write(&path, scene).expect("the scene can be written");
        let report = crate::exhibit::open::check(&path).to_text(false);
        assert!(
            report.contains("a.vtt:3:"),
            "the line in the captions is named: {report}"
        );
    }

    #[test]
    fn check_names_opus_at_its_line() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let mut opus = b"OggS\0\x02".to_vec();
        opus.extend([0; 22]);
        opus.extend(b"OpusHead\x01\x02");
        std::fs::write(folder.path().join("drip.ogg"), opus).expect("a file can be written");
        let scene = "(format: 1, title: \"X\", credits: [(name: \"Us\", licence: \"CC0-1.0\")],\n\
             sounds: [(id: \"drip\", source: \"drip.ogg\")])";
        let path = folder.path().join("exhibit.ron");
        std::fs::write(&path, scene).expect("the scene can be written");
        let text = crate::exhibit::open::check(&path).to_text(false);
        assert!(
            text.contains("error[unplayable-sound]: this sound is Opus") && text.contains(":2:"),
            "the author is told the name and the line:\n{text}"
        );
    }
}
