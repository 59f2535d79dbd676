//! `grotto rehearse --storyboard`: a page for the people who make a tour, without a screen
//! or the net: pictures, words in every language, cues, and what is wrong beside it.

mod html;
mod page;
mod problems;
mod shots;
mod timeline;

use super::Outcome;
use crate::exhibit::rehearse::Rehearsed;
use bevy::math::UVec2;
use std::path::{Path, PathBuf};

/// Pixels of a picture: sharp on a page of two columns, light enough to send.
const SIZE: UVec2 = UVec2::new(960, 540);

/// Writes the page and its pictures into a folder; says where the page is.
pub(super) fn write(rehearsed: &Rehearsed, source: &Path, out: &Path) -> Result<PathBuf, Outcome> {
    let failed = |error: std::io::Error| {
        Outcome::CannotWrite(format!("cannot write into {}: {error}", out.display()))
    };
    std::fs::create_dir_all(out.join("pictures")).map_err(failed)?;
    let shots = shots::take(rehearsed, source, SIZE, out)?;
    let path = out.join("index.html");
    std::fs::write(&path, page::page(rehearsed, &shots)).map_err(failed)?;
    Ok(path)
}
