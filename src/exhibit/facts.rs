//! What the checker of scenes asks about meshes and images, answered from the disk.

use crate::{
    bake::{self, ReadOptions, model::Finding},
    diagnostic::{Diagnostic, Severity},
    scene::{Assets, ImageFacts, MeshFacts},
};
use bevy::math::Affine3A;
use std::path::{Path, PathBuf};

/// Facts about the files of an exhibit's folder.
pub struct DiskAssets {
    folder: PathBuf,
}

impl DiskAssets {
    /// Of the exhibit in `folder`.
    pub fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
        }
    }
}

impl Assets for DiskAssets {
    fn mesh_facts(&self, _path: &str) -> Option<MeshFacts> {
        let _ = &self.folder;
        None
    }

    fn image_facts(&self, _path: &str) -> Option<ImageFacts> {
        None
    }
}

/// Everything that is wrong with a model file.
pub fn findings(path: &Path) -> Vec<Finding> {
    bake::validate::validate(path)
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

/// Where a named node of a model is, in the model's frame.
pub fn node_affine(_path: &Path, _options: &ReadOptions, _node: &str) -> Option<Affine3A> {
    None
}
