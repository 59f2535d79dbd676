//! What tests of tours share: exhibits from RON, a seeded generator.

use std::sync::Arc;

use super::compile;
use super::script::Script;
use crate::diagnostic::Report;
use crate::scene::schema::Exhibit;
use crate::scene::{MemoryFiles, NoAssets, load};

pub(super) use crate::scene::testing::Random;

/// An exhibit from what stands in its braces, and the report of reading it.
pub(super) fn exhibit(parts: &str) -> (Exhibit, Report) {
    let text = format!(
        "(format: 1, title: \"X\", credits: [(name: \"Us\")], spaces: [(id: \"hall\", \
         lights: [(id: \"sun\", at: (position: (0, 9, 0))), (id: \"lamp\", at: (position: (0, 1, 0)))])],\n{parts})"
    );
    let files = MemoryFiles::new().with("scene.ron", text);
    let loaded = load("scene.ron", &files, &NoAssets);
    let exhibit = loaded.exhibit.expect("the test's exhibit can be read");
    (exhibit, loaded.report)
}

/// The script of an exhibit.
pub(super) fn script(parts: &str) -> Arc<Script> {
    let (exhibit, mut report) = exhibit(parts);
    let wrong: Vec<String> = report
        .diagnostics()
        .into_iter()
        .filter(|one| one.severity == crate::diagnostic::Severity::Error)
        // Sounds and captions are not there.
        .filter(|one| one.code != "missing-file" && one.code != "unreachable-hotspot")
        .map(|one| report.one_to_text(one, false))
        .collect();
    assert!(wrong.is_empty(), "the test's exhibit is right: {wrong:#?}");
    Arc::new(compile(&exhibit, &mut report))
}
