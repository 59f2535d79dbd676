//! The absences of the architecture, read from the `use` lines.

use std::path::{Path, PathBuf};

fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut open = vec![
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("src")
            .join(folder),
    ];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            for entry in std::fs::read_dir(&path).expect("a source folder can be listed") {
                open.push(entry.expect("a source folder can be listed").path());
            }
        } else if path.extension().is_some_and(|ext| ext == "rs")
            && path.file_name().is_none_or(|name| name != "tests.rs")
        {
            let text = std::fs::read_to_string(&path).expect("a source file is UTF-8");
            found.push((path, text));
        }
    }
    assert!(!found.is_empty(), "src/{folder} holds sources");
    found.sort();
    found
}

/// Lines of code (not comments) that hold one of the words.
fn offenders(folder: &str, words: &[&str], allowed: impl Fn(&str) -> bool) -> Vec<String> {
    let mut lines = Vec::new();
    for (path, text) in sources(folder) {
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if words.iter().any(|word| code.contains(word)) && !allowed(code) {
                lines.push(format!(
                    "{}:{}: {}",
                    path.display(),
                    number + 1,
                    line.trim()
                ));
            }
        }
    }
    lines
}

#[track_caller]
fn assert_absent(folder: &str, words: &[&str], allowed: impl Fn(&str) -> bool, why: &str) {
    let found = offenders(folder, words, allowed);
    assert!(found.is_empty(), "{why}:\n{}", found.join("\n"));
}

#[test]
fn pure_folders_name_only_bevy_math() {
    for folder in ["scene", "bake", "sample", "tour", "visit"] {
        assert_absent(
            folder,
            &["bevy::"],
            |code| code.contains("bevy::math"),
            &format!("src/{folder} is pure: of Bevy it names only bevy::math"),
        );
    }
}

#[test]
fn pure_folders_have_no_clock() {
    for folder in ["scene", "bake", "sample", "tour", "visit"] {
        assert_absent(
            folder,
            &["Instant::now", "SystemTime::now", "thread_rng"],
            |_| false,
            &format!("src/{folder} is told the time and draws no lots"),
        );
    }
}

#[test]
fn layers_point_one_way() {
    for (folder, above) in [
        (
            "scene",
            vec![
                "crate::bake",
                "crate::exhibit",
                "crate::render",
                "crate::desktop",
            ],
        ),
        (
            "bake",
            vec![
                "crate::exhibit",
                "crate::render",
                "crate::desktop",
                "crate::cli",
            ],
        ),
        (
            "visit",
            vec![
                "crate::bake",
                "crate::exhibit",
                "crate::render",
                "crate::desktop",
                "crate::cli",
                "crate::tour",
                "openxr",
                "std::fs",
                "std::env",
                "println!",
            ],
        ),
        (
            "tour",
            vec![
                "crate::bake",
                "crate::exhibit",
                "crate::render",
                "crate::desktop",
                "crate::cli",
                "crate::visit",
                "std::fs",
                "std::env",
                "println!",
            ],
        ),
        (
            "exhibit",
            vec!["crate::render", "crate::desktop", "crate::cli"],
        ),
        ("render", vec!["crate::desktop", "crate::cli"]),
        ("desktop", vec!["crate::cli"]),
    ] {
        assert_absent(
            folder,
            &above,
            |_| false,
            &format!("src/{folder} does not know the layers above it"),
        );
    }
}

#[test]
fn only_xr_names_openxr() {
    for folder in [
        "scene", "bake", "sample", "tour", "visit", "exhibit", "render", "desktop", "operate",
    ] {
        assert_absent(
            folder,
            &["openxr::", "bevy_mod_openxr", "bevy_mod_xr"],
            |_| false,
            &format!("src/{folder} knows no headset: src/xr does"),
        );
    }
}

#[test]
fn devices_do_not_know_each_other() {
    for (folder, others) in [
        ("desktop", ["crate::xr", "crate::operate"]),
        ("xr", ["crate::desktop", "crate::operate"]),
        ("operate", ["crate::desktop", "crate::xr"]),
    ] {
        assert_absent(
            folder,
            &others,
            |_| false,
            &format!("src/{folder} and its neighbours meet in the command alone"),
        );
    }
}

#[test]
fn only_bake_decodes_images() {
    for folder in ["scene", "exhibit", "desktop"] {
        assert_absent(
            folder,
            &[
                "image::ImageReader",
                "image::open",
                "meshopt::",
                "draco_core::",
            ],
            |_| false,
            &format!("src/{folder} leaves decoding to src/bake"),
        );
    }
}
