//! The command as an author uses it: exit codes, messages, files.

use std::{
    path::Path,
    process::{Command, Output},
};

pub(crate) fn grotto(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_grotto"))
        .args(arguments)
        .current_dir(folder)
        .env("XDG_STATE_HOME", folder.join("state"))
        .env("XDG_RUNTIME_DIR", folder)
        .output()
        .expect("the built command can be started")
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

pub(crate) fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder can be made")
}

const MINIMAL: &str =
    "(format: 1, title: \"Test\", views: [(id: \"here\", at: (position: (0, 1.6, 0)))])\n";

#[test]
fn help_shows_examples_for_every_command() {
    let folder = folder();
    for command in ["run", "check", "rehearse", "render", "new", "info", "bench"] {
        let output = grotto(&[command, "--help"], folder.path());
        assert!(output.status.success(), "grotto {command} --help succeeds");
        let help = text(&output.stdout);
        assert!(
            help.contains("Example"),
            "the help of {command} has examples:\n{help}"
        );
    }
}

#[test]
fn check_tells_errors_by_exit_code_and_json() {
    let folder = folder();
    let write = |name: &str, scene: &str| {
        std::fs::write(folder.path().join(name), scene).expect("the scene can be written");
    };
    write("good.ron", MINIMAL);
    let good = grotto(&["check", "good.ron"], folder.path());
    assert_eq!(
        good.status.code(),
        Some(0),
        "a sound scene: {}",
        text(&good.stdout)
    );

    write("bad.ron", "(\n    format: 1,\n    titel: \"Test\",\n)\n");
    let bad = grotto(&["check", "bad.ron", "--format", "json"], folder.path());
    assert_eq!(bad.status.code(), Some(1), "a scene with errors");
    let list: serde_json::Value =
        serde_json::from_slice(&bad.stdout).expect("the output is one JSON document");
    let first = list
        .as_array()
        .expect("the document is a list")
        .iter()
        .find(|problem| problem["code"] == "unknown-field")
        .expect("the misspelt field is an error");
    for key in [
        "severity",
        "code",
        "message",
        "file",
        "line",
        "column",
        "end_line",
        "end_column",
        "help",
    ] {
        assert!(
            first.get(key).is_some(),
            "every problem has a {key}: {first}"
        );
    }
    assert_eq!(first["line"], 3, "lines count from one: {first}");
    assert_eq!(first["column"], 5, "columns count from one: {first}");
    assert!(
        first["help"]
            .as_str()
            .is_some_and(|help| help.contains("title")),
        "the misspelt field is recognised: {first}"
    );

    let missing = grotto(&["check", "god.ron"], folder.path());
    assert_eq!(missing.status.code(), Some(2), "a file that is not there");
    let message = text(&missing.stderr);
    assert!(
        message.contains("good.ron"),
        "the near name is offered: {message}"
    );
    assert!(
        !message.contains("backtrace"),
        "a user's slip shows no backtrace: {message}"
    );
}

#[test]
fn unknown_views_and_sizes_are_refused_with_a_cure() {
    let folder = folder();
    std::fs::write(folder.path().join("good.ron"), MINIMAL).expect("the scene can be written");
    let size = grotto(&["render", "good.ron", "--size", "big"], folder.path());
    assert_eq!(size.status.code(), Some(2), "a size that is none");
    assert!(text(&size.stderr).contains("1280x720"), "the form is shown");
    let view = grotto(
        &["run", "good.ron", "--mode", "headless", "--view", "there"],
        folder.path(),
    );
    assert_eq!(view.status.code(), Some(2), "a view that does not exist");
    assert!(
        text(&view.stderr).contains("here"),
        "the views there are get named"
    );
}

#[test]
fn new_writes_an_exhibit_that_checks_and_refuses_a_full_folder() {
    let folder = folder();
    let new = grotto(&["new", "mine"], folder.path());
    assert!(new.status.success(), "grotto new: {}", text(&new.stderr));
    let check = grotto(&["check", "mine/exhibit.ron"], folder.path());
    assert_eq!(
        check.status.code(),
        Some(0),
        "the new exhibit is sound: {}",
        text(&check.stdout)
    );
    let scene = std::fs::read_to_string(folder.path().join("mine/exhibit.ron"))
        .expect("the new exhibit can be read");
    assert!(
        scene.matches("//").count() > 10,
        "the new exhibit is commented for a curator"
    );
    let again = grotto(&["new", "mine"], folder.path());
    assert_eq!(
        again.status.code(),
        Some(4),
        "an exhibit is never overwritten"
    );
}

/// An exhibit is measured where visitors stand, not around its outside.
#[test]
fn bench_stands_at_each_view_and_tells_of_passes() {
    let folder = folder();
    let new = grotto(&["new", "mine"], folder.path());
    assert!(new.status.success(), "grotto new: {}", text(&new.stderr));
    let scene = "mine/exhibit.ron";
    let small = [
        "bench", scene, "--size", "64x36", "--frames", "8", "--json", "--passes",
    ];
    let bench = grotto(&small, folder.path());
    let problem = text(&bench.stderr);
    let figures: serde_json::Value =
        serde_json::from_slice(&bench.stdout).unwrap_or_else(|error| panic!("{error}: {problem}"));
    let views: Vec<_> = figures["views_ms"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|view| view["p50"].as_f64().is_some_and(|ms| ms > 0.0))
        .filter_map(|view| view["view"].as_str())
        .collect();
    assert_eq!(views, ["start", "room", "panel", "vase"], "{figures}");
    let told = |pass: &serde_json::Value| pass["name"] == "main_opaque_pass_3d";
    let passes = figures["passes"].as_array();
    assert!(
        passes.is_some_and(|passes| passes.iter().any(told)),
        "{figures}"
    );
}

/// Where a minute of generating would end in an error, that is said in its first moment, and
/// nothing of anybody's is touched.
#[test]
fn the_sample_is_refused_a_taken_place_at_once() {
    let folder = folder();
    let here = folder.path();
    std::fs::write(here.join("file"), "mine").expect("a file can be written");
    std::fs::create_dir(here.join("papers")).expect("a folder can be made");
    std::fs::write(here.join("papers/letter"), "mine").expect("a file can be written");
    for (out, expected) in [
        ("file", "file is a file: the sample needs a new folder"),
        (
            "papers",
            "papers is not empty: the sample needs a new folder",
        ),
        ("file/inside", "cannot write the sample to file/inside"),
        ("/proc/none/inside", "cannot write the sample to /proc/none"),
    ] {
        let output = grotto(&["sample", "--draft", "--out", out], here);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(4), "{out} is refused: {said}");
        assert!(said.contains(expected), "{out} says {expected:?}: {said}");
        assert!(
            !said.contains("carving the cave"),
            "{out} is refused before anything is generated: {said}"
        );
    }
    std::fs::create_dir(here.join("held")).expect("a folder can be made");
    std::fs::write(here.join("held/exhibit.ron"), "mine").expect("a file can be written");
    let output = grotto(&["sample", "--draft", "--out", "held"], here);
    let said = text(&output.stderr);
    assert!(
        output.status.success() && said.contains("held holds an exhibit already, which was left"),
        "an exhibit stays, and that is said: {said}"
    );
    let held = std::fs::read_to_string(here.join("held/exhibit.ron"));
    assert_eq!(
        held.ok().as_deref(),
        Some("mine"),
        "nothing is written over"
    );
    let letter = std::fs::read_to_string(here.join("papers/letter"));
    assert_eq!(letter.ok().as_deref(), Some("mine"), "what was there stays");
    let left = std::fs::read_dir(here).expect("the folder can be read");
    let left: Vec<_> = left.flatten().map(|entry| entry.file_name()).collect();
    assert!(
        !left
            .iter()
            .any(|name| name.to_string_lossy().contains("sample")),
        "nothing is left behind: {left:?}"
    );
}

/// A bare model is the whole wish; in an exhibit the rest is worth showing.
#[test]
fn a_bare_model_that_cannot_be_opened_is_no_picture() {
    let folder = folder();
    let here = folder.path();
    std::fs::write(here.join("broken.glb"), "glTF\x02\0\0\0not a model at all").expect("written");
    let output = grotto(
        &["render", "broken.glb", "--size", "64x36", "--out", "a.png"],
        here,
    );
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "it cannot be read: {said}");
    assert!(
        said.contains("broken.glb cannot be shown: "),
        "and why is said: {said}"
    );
    assert!(!here.join("a.png").exists(), "no picture of a placeholder");
    let scene = MINIMAL.replace(
        "views:",
        "spaces: [(id: \"x\", meshes: [(id: \"m\", path: \"broken.glb\")])], views:",
    );
    std::fs::write(here.join("scene.ron"), scene).expect("the scene can be written");
    let output = grotto(
        &["render", "scene.ron", "--size", "64x36", "--out", "b.png"],
        here,
    );
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "the rest is shown: {said}");
    assert!(
        said.contains("shown with a placeholder") && here.join("b.png").is_file(),
        "and what is missing is said: {said}"
    );
}

#[test]
fn a_scene_that_is_no_utf8_at_all_cannot_be_read() {
    let folder = folder();
    let here = folder.path();
    let utf16: Vec<u8> = std::iter::once(0xFEFF_u16)
        .chain(MINIMAL.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    std::fs::write(here.join("wide.ron"), utf16).expect("the scene can be written");
    for command in ["check", "rehearse", "render"] {
        let output = grotto(&[command, "wide.ron"], here);
        let said = text(&output.stdout) + &text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{command}: {said}");
        assert!(
            said.contains("UTF-16 text: save it as UTF-8"),
            "{command} says what to do: {said}"
        );
    }
}

/// A machine without any font: minimal containers, a museum's bare kiosk.
#[test]
fn a_machine_without_fonts_draws_and_says_what_to_install() {
    let folder = folder();
    let here = folder.path();
    // The letters of the one are all there but one, those of the others are not there at all.
    let scene = MINIMAL.replace(
        "title: \"Test\"",
        "default_language: \"en\", languages: [\"en\", \"zh-Hans\", \"ja\"], title: {\"en\": \"Test…\", \"zh-Hans\": \"灯窟\", \"ja\": \"洞窟\"}",
    );
    std::fs::write(here.join("scene.ron"), scene).expect("the scene can be written");
    std::fs::write(
        here.join("fonts.conf"),
        "<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM \"fonts.dtd\"><fontconfig/>",
    )
    .expect("the configuration can be written");
    let run = |arguments: &[&str], cache: &Path| {
        Command::new(env!("CARGO_BIN_EXE_grotto"))
            .args(arguments)
            .current_dir(here)
            .env("XDG_STATE_HOME", here.join("state"))
            .env("XDG_RUNTIME_DIR", here)
            .env("XDG_CACHE_HOME", cache)
            .env("FONTCONFIG_FILE", here.join("fonts.conf"))
            .output()
            .expect("the built command can be started")
    };
    // A cache that cannot be written is no reason to fail either.
    for cache in [here.join("cache"), "/proc/none".into()] {
        let render = ["render", "scene.ron", "--size", "64x36", "--out", "a.png"];
        let output = run(&render, &cache);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "a picture is made: {said}");
        assert!(here.join("a.png").is_file(), "the picture is there");
        assert!(
            said.contains("there is no font on this machine") && said.contains("apt-get install"),
            "the operator is told: {said}"
        );
        assert!(!said.contains("panicked"), "nothing panics: {said}");
        for missing in ["\"en\"", "\"zh-Hans\"", "\"ja\""] {
            let is_told = |line: &&str| line.contains("no font on this") && line.contains(missing);
            let times = said.lines().filter(is_told).count();
            assert_eq!(times, 1, "{missing} is told of once: {said}");
        }
        let output = run(&["check", "scene.ron"], &cache);
        let said = text(&output.stdout) + &text(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "the scene is sound: {said}");
    }
}

/// What a curator gets wrong: each in its own words, with its own exit code, and nothing left
/// behind.
#[test]
fn wrong_arguments_are_refused_by_name_before_anything_is_drawn() {
    let folder = folder();
    let here = folder.path();
    std::fs::write(here.join("scene.ron"), MINIMAL).expect("the scene can be written");
    std::fs::write(here.join("latin1.ron"), MINIMAL).expect("the scene can be written");
    std::fs::create_dir(here.join("pictures")).expect("a folder can be made");
    let pipe = Command::new("mkfifo").arg(here.join("pipe.ron")).status();
    let has_pipe = pipe.is_ok_and(|status| status.success());
    let long = ["--size", "64x36"];
    for (arguments, code, expected) in [
        (&["check", "nothing.ron"][..], 2, "cannot open nothing.ron"),
        (
            &["render", "nothing.ron"],
            2,
            "; in that folder: latin1.ron, ",
        ),
        (&["render", "no/thing.glb"], 2, "cannot open no/thing.glb"),
        (&["check", "sceen.ron"], 2, "did you mean ./scene.ron?"),
        (
            &["render", "scene.ron", "--out", "a.gif"],
            2,
            "as .png or .jpg, not as .gif",
        ),
        (
            &["render", "scene.ron", "--out", "pictures"],
            4,
            "pictures is a folder: name a picture in it",
        ),
        (
            &["render", "scene.ron", "--language", "é"],
            2,
            "no language tag, such as en",
        ),
        (
            &["bench", "scene.ron", "--frames", "0"],
            2,
            "write how many, such as 12; from 1 to 100000",
        ),
        (
            &["bench", "scene.ron", "--frames", "many"],
            2,
            "write how many, such as 12",
        ),
        (
            &["render", "scene.ron", "--fov", "200"],
            2,
            "write degrees, such as 60; from 1 to 150",
        ),
        (
            &["render", "scene.ron", "--orbit", "-3"],
            2,
            "write how many, such as 12",
        ),
        (
            &["render", "scene.ron", "--orbit", "0"],
            2,
            "write how many, such as 12",
        ),
        (
            &["render", "scene.ron", "--all-views", "--out", "a.png"],
            2,
            "several go into a folder, such as --out a",
        ),
        (
            &["render", "scene.ron", "--tour", "visit", "--out", "a.png"],
            2,
            "films are written as .mp4, .mov or .mkv, not as .png",
        ),
        (
            &["run", "scene.ron", "--grace", "-5"],
            2,
            "write seconds, such as 30",
        ),
        (
            &["run", "scene.ron", "--log", "loud"],
            2,
            "write error, warn, info, debug or trace",
        ),
        (&["scene.ron"], 2, "to show scene.ron: grotto run scene.ron"),
        (&["info", "scene.ron"], 2, "is a scene file: grotto check"),
        (&["check", "pipe.ron"], 2, "it is not a file"),
        (&["info", "pipe.ron"], 2, "it is not a file"),
        (&["rehearse", "pipe.ron"], 2, "it is not a file"),
        (&["render", "pipe.ron"], 2, "it is not a file"),
    ] {
        if arguments.contains(&"pipe.ron") && !has_pipe {
            continue;
        }
        let mut all = arguments.to_vec();
        if arguments[0] == "render" {
            all.extend(long);
        }
        let output = grotto(&all, here);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(
            said.contains(expected),
            "{arguments:?} says {expected:?}: {said}"
        );
        assert!(
            !said.contains("panicked") && !said.contains("stack backtrace"),
            "a slip of an author is no bug of ours: {said}"
        );
    }
    let logs = std::fs::read_dir(here.join("state/grotto")).expect("there is a folder of logs");
    let mut logs = logs.flatten().map(|entry| entry.file_name());
    assert!(
        logs.any(|name| name.to_string_lossy().ends_with(".log")),
        "operators find a log"
    );
    let nothing = grotto(&["check", "nothing.ron"], here);
    assert!(
        !text(&nothing.stderr).contains("did you mean"),
        "an ending in common is no likeness"
    );
    let left = std::fs::read_dir(here).expect("the folder can be read");
    let left: Vec<_> = left.flatten().map(|entry| entry.file_name()).collect();
    assert!(
        !left
            .iter()
            .any(|name| name.to_string_lossy().contains("tmp")),
        "nothing is left behind: {left:?}"
    );
}
