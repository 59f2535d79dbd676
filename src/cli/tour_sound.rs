//! The sound of a tour's film.

use super::{Outcome, tour_film::Moment};
use crate::{
    exhibit::{heard::StagedSounds, telling::Telling},
    render::headless::Headless,
};
use std::path::{Path, PathBuf};

/// Says how long the voices take: the tour goes on when they end.
pub(super) fn measure(_telling: &mut Telling, _sounds: &StagedSounds) {}

/// Renders what was heard to a file in `folder`; `None` where there is nothing to hear.
pub(super) fn write(
    _headless: &Headless,
    _moments: &[Moment],
    _folder: &Path,
) -> Result<Option<PathBuf>, Outcome> {
    Ok(None)
}
