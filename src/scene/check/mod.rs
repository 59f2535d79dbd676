//! What can only be checked when all files are read: names, languages, meshes, hotspots,
//! sense. Each check takes what it needs and adds to the report; none stops another.

mod hotspots;
mod languages;
mod meshes;
mod names;
mod parts;
mod sense;
mod walk;

#[cfg(test)]
pub(crate) mod tests;

use std::collections::BTreeSet;

use super::decode::{Gathered, IdKind};
use super::files::{Assets, SceneFiles};
use super::schema::{Exhibit, Language, Spanned};
use crate::diagnostic::Report;

/// What a check may look at.
pub(crate) struct Context<'a> {
    pub(crate) exhibit: &'a Exhibit,
    pub(crate) gathered: &'a Gathered,
    /// Kinds of which some were lost to errors: what seems unknown may have been there.
    pub(crate) lost: &'a BTreeSet<IdKind>,
    /// As written, as meant, and where first: what the bits of texts mean.
    pub(crate) languages: &'a [(String, Spanned<Language>)],
    pub(crate) files: &'a dyn SceneFiles,
    pub(crate) assets: &'a dyn Assets,
}

/// Runs all checks.
pub(crate) fn all(context: &Context<'_>, report: &mut Report) {
    let uses = walk::Uses::of(context.exhibit);
    names::check(context, &uses, report);
    languages::check(context, report);
    let bounds = meshes::check(context, &uses, report);
    hotspots::check(context, &uses, &bounds, report);
    sense::check(context, &uses, report);
}
