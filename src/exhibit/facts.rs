//! What the checker of scenes asks about meshes and images, answered from the disk.

use crate::{
    bake::{self, Origin, ReadOptions, Up, model::Finding, validate::ValidateDepth},
    diagnostic::{Diagnostic, Severity},
    scene::{Assets, ImageFacts, MeshFacts},
};
use bevy::math::{Affine3A, DAffine3, DQuat, DVec3};
use std::path::{Path, PathBuf};

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
            material_names: facts.material_names,
            animation_names: Vec::new(),
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
