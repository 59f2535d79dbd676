//! Checking glTF files after the rules of the Khronos glTF validator.
//!
//! [`validate`] answers what that validator would call errors and warnings, under its own
//! codes, in words for a curator and with a cure where there is one. It loads nothing for
//! the renderer and decodes no image: it reads declarations, ranges and numbers.
//!
//! It is made for hostile files. Nothing is allocated from a count in the file before real
//! bytes stand behind it, nothing recurses along the document, every pass is linear in the
//! file, and the numbers of accessors are read under a budget.
//!
//! Start reading at [`validate_bytes`]. `schema` walks the document along `tables`; the
//! other files hold the rules that no table can say, a subject each; `data` reads the
//! numbers. Written from the specification and the reports of the validator's test files.

mod accessors;
mod animations;
mod attributes;
mod buffers;
mod checks;
mod data;
mod document;
mod elements;
mod files;
mod formats;
mod glb;
mod help;
mod images;
mod influences;
mod json;
mod materials;
mod nodes;
mod primitives;
mod report;
mod root;
mod schema;
mod skins;
mod tables;
mod tables_extensions;
#[cfg(test)]
mod tests;
mod uri;
mod uses;

use std::path::Path;

use super::model::Finding;
use document::Document;
use report::{Report, quoted};

/// How much of a file is checked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ValidateDepth {
    /// Declarations only, in milliseconds: what a loader must know before it trusts them.
    Structure,
    /// The numbers of accessors too.
    #[default]
    Data,
}

/// A side file, or the start of it.
#[derive(Debug, Clone, Default)]
pub struct SideFile {
    /// Its first bytes, as many as were asked for.
    pub bytes: Vec<u8>,
    /// Its whole length in bytes.
    pub length: u64,
}

/// Reads the files that a document names.
pub trait Resolver {
    /// Reads up to `most` bytes of the file at a path relative to the document, percent
    /// escapes undone.
    ///
    /// # Errors
    /// Says in a few words why the file cannot be read, or why it will not be.
    fn read(&mut self, path: &str, most: u64) -> Result<SideFile, String>;
}

/// Checks a glTF or GLB file with its side files, numbers included; errors come first.
#[must_use]
pub fn validate(path: &Path) -> Vec<Finding> {
    validate_at(path, ValidateDepth::Data)
}

/// Checks a glTF or GLB file with its side files; errors come first.
#[must_use]
pub fn validate_at(path: &Path, depth: ValidateDepth) -> Vec<Finding> {
    match files::read_model(path) {
        Ok(bytes) => {
            let is_glb = path
                .extension()
                .is_some_and(|name| name.eq_ignore_ascii_case("glb"));
            validate_bytes(&bytes, is_glb, depth, &mut files::BesideModel::new(path))
        }
        Err(why) => {
            let mut report = Report::default();
            let name = quoted(&path.display().to_string());
            report.error(
                "IO_ERROR",
                "",
                format!("The file {name} cannot be read: {why}."),
            );
            report.into_findings()
        }
    }
}

/// Checks the bytes of a file. `is_glb` says that it claims to be a binary container;
/// bytes that start like one are taken for one in any case.
#[must_use]
pub fn validate_bytes(
    bytes: &[u8],
    is_glb: bool,
    depth: ValidateDepth,
    resolver: &mut dyn Resolver,
) -> Vec<Finding> {
    let mut report = Report::default();
    let is_glb = is_glb || bytes.starts_with(b"glTF");
    let container = if is_glb {
        glb::read(bytes, &mut report)
    } else {
        glb::Container {
            json: Some(bytes),
            binary: None,
        }
    };
    if let Some(text) = container.json {
        check_text(text, container.binary, is_glb, depth, resolver, &mut report);
    }
    report.into_findings()
}

fn check_text(
    text: &[u8],
    binary: Option<&[u8]>,
    is_glb: bool,
    depth: ValidateDepth,
    resolver: &mut dyn Resolver,
    report: &mut Report,
) {
    let Some(value) = json::parse(text, report) else {
        return;
    };
    let Some(root) = value.as_object() else {
        let what = json::shown(&value);
        report.error(
            "TYPE_MISMATCH",
            "",
            format!("The document is {what}, but must be an object."),
        );
        return;
    };
    let is_version_2 = root::version(root, report);
    if !is_version_2 {
        return;
    }
    schema::check(root, report);
    let mut document = Document::new(root);
    root::check(&document, report);
    buffers::check(&mut document, binary, is_glb, depth, resolver, report);
    accessors::check(&mut document, report);
    images::check(&mut document, is_glb, resolver, report);
    let materials = materials::check(&document, report);
    let mut uses = uses::Uses::new(document.accessors.len());
    let mut plan = data::Plan::new(&document);
    let meshes = primitives::check(&mut document, &materials, &mut uses, &mut plan, report);
    let tree = nodes::check(&document, &meshes, report);
    skins::check(&mut document, &tree, &meshes, &mut uses, &mut plan, report);
    animations::check(&mut document, &meshes, &mut uses, &mut plan, report);
    if depth == ValidateDepth::Data {
        data::check(&document, &plan, report);
    }
}
