//! What can only be checked when all files are read.

use std::collections::BTreeSet;

use super::decode::{Gathered, IdKind};
use super::files::{Assets, SceneFiles};
use super::schema::Exhibit;
use crate::diagnostic::Report;

/// Runs all checks.
pub(crate) fn all(
    exhibit: &Exhibit,
    gathered: &Gathered,
    lost: &BTreeSet<IdKind>,
    files: &dyn SceneFiles,
    assets: &dyn Assets,
    report: &mut Report,
) {
    let _ = (exhibit, gathered, lost, assets);
    for used in &gathered.paths {
        super::load::check_path(used, files, report);
    }
}
