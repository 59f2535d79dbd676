//! The verdicts of the Khronos validator on its own test files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::*;

/// The shared data, when it is there.
fn shared(path: &str) -> Option<PathBuf> {
    [
        concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data"),
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data"),
    ]
    .iter()
    .map(|folder| Path::new(folder).join(path))
    .find(|path| path.exists())
}

fn files_below(folder: &Path, out: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            files_below(&path, out);
        } else {
            out.push(path);
        }
    }
}

/// Codes (and pointers) of errors that the report of the Khronos validator holds.
fn expected(report: &Path, severity: u64) -> BTreeSet<(String, String)> {
    let text = std::fs::read(report).expect("the report is there");
    let json: serde_json::Value = serde_json::from_slice(&text).expect("the report is JSON");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    json["issues"]["messages"]
        .as_array()
        .expect("the report lists messages")
        .iter()
        .filter(|message| message["severity"] == severity)
        .map(|message| (text(&message["code"]), text(&message["pointer"])))
        .collect()
}

fn codes(findings: &BTreeSet<(String, String)>) -> BTreeSet<&str> {
    findings.iter().map(|(code, _)| code.as_str()).collect()
}

#[test]
fn the_corpus_gets_the_verdicts_of_the_khronos_validator() {
    let Some(corpus) = shared("corpora/gltf-validator") else {
        return;
    };
    let mut files = Vec::new();
    files_below(&corpus, &mut files);
    files.retain(|path| {
        path.extension()
            .is_some_and(|kind| kind == "gltf" || kind == "glb")
    });
    files.sort();
    let (mut same_pointers, mut same_warnings) = (0, 0);
    let mut wrong = Vec::new();
    for path in &files {
        let report = PathBuf::from(format!("{}.report.json", path.display()));
        let findings = validate(path);
        let ours = |is_error: bool| -> BTreeSet<(String, String)> {
            findings
                .iter()
                .filter(|finding| finding.is_error == is_error)
                .map(|finding| (finding.code.clone(), finding.pointer.clone()))
                .collect()
        };
        let (theirs, errors) = (expected(&report, 0), ours(true));
        if codes(&theirs) != codes(&errors) {
            wrong.push(format!(
                "{}: {theirs:?} expected, {errors:?} found",
                path.display()
            ));
        } else if theirs == errors {
            same_pointers += 1;
        } else {
            eprintln!(
                "POINTERS {}: {:?} expected, {:?} found",
                path.display(),
                theirs.difference(&errors),
                errors.difference(&theirs)
            );
        }
        let (theirs, warnings) = (expected(&report, 1), ours(false));
        if codes(&theirs).is_subset(&codes(&warnings)) {
            same_warnings += 1;
        } else {
            eprintln!(
                "WARNINGS {}: {theirs:?} expected, {warnings:?} found",
                path.display()
            );
        }
    }
    eprintln!(
        "{} files, {same_pointers} same pointers, {same_warnings} same warnings",
        files.len()
    );
    assert!(
        wrong.is_empty(),
        "Verdicts differ on {}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert_eq!(files.len(), 372, "The corpus has 372 files.");
}
