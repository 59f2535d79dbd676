//! Scenes with errors and what is said of them: `tests/scenes/bad/*.ron` carry the expected
//! report as comments that begin with `//~`; `BLESS=1` rewrites them.
//!
//! A fixture is a root scene, then, after lines that begin with `//#`, what else there is:
//! `file PATH` (its text follows), `has PATH` (some file), `mesh PATH size METRES [at METRES]
//! [nodes A,B]
//! [bends NODE,PARENT] [materials A] [animations A] [licence X] [finding CODE]`, `image PATH W H`,
//! `outside PATH` (a link that leads out), `locked PATH`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use bevy::math::DVec3;

use crate::diagnostic::Diagnostic;
use crate::scene::files::{Assets, ImageFacts, Lookup, MemoryFiles, MeshFacts, SceneFiles};
use crate::scene::{Loaded, load};

#[derive(Default)]
pub(crate) struct Fixture {
    files: MemoryFiles,
    special: BTreeMap<String, Lookup>,
    meshes: BTreeMap<String, MeshFacts>,
    images: BTreeMap<String, ImageFacts>,
}

impl SceneFiles for Fixture {
    fn look_up(&self, path: &str) -> Lookup {
        self.special
            .get(path)
            .cloned()
            .unwrap_or_else(|| self.files.look_up(path))
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.files.read(path)
    }

    fn list(&self, folder: &str) -> Vec<String> {
        self.files.list(folder)
    }
}

impl Assets for Fixture {
    fn mesh_facts(&self, path: &str) -> Option<MeshFacts> {
        self.meshes.get(path).cloned()
    }

    fn image_facts(&self, path: &str) -> Option<ImageFacts> {
        self.images.get(path).cloned()
    }
}

impl Fixture {
    pub(crate) fn parse(text: &str) -> Self {
        let mut fixture = Self::default();
        let (mut path, mut content) = ("scene.ron".to_owned(), String::new());
        for line in text.lines().filter(|line| !line.starts_with("//~")) {
            let Some(rest) = line.strip_prefix("//# ") else {
                if line == "bytes not-utf8" {
                    fixture.files = std::mem::take(&mut fixture.files)
                        .with(path.clone(), b"(id: \"caf\xE9\", title: 3)".to_vec());
                    continue;
                }
                content.push_str(line);
                content.push('\n');
                continue;
            };
            let words: Vec<&str> = rest.split(' ').collect();
            match words.as_slice() {
                ["file", next] => {
                    let text = std::mem::take(&mut content);
                    fixture.add(std::mem::replace(&mut path, (*next).to_owned()), text);
                }
                ["has", other] => fixture.add((*other).to_owned(), "x".to_owned()),
                ["outside", other] => {
                    drop(fixture.special.insert((*other).to_owned(), Lookup::Outside))
                }
                ["locked", other] => {
                    let locked = Lookup::Unreadable("permission denied".to_owned());
                    fixture.special.insert((*other).to_owned(), locked);
                }
                ["image", other, width, height] => {
                    fixture.add((*other).to_owned(), "x".to_owned());
                    let (width, height) = (width.parse().unwrap(), height.parse().unwrap());
                    fixture.images.insert(
                        (*other).to_owned(),
                        ImageFacts {
                            width,
                            height,
                            findings: vec![],
                        },
                    );
                }
                ["mesh", other, facts @ ..] => {
                    fixture.add((*other).to_owned(), "x".to_owned());
                    fixture
                        .meshes
                        .insert((*other).to_owned(), mesh_facts(facts));
                }
                _ => panic!("a fixture's line is not known: {line}"),
            }
        }
        if !content.trim().is_empty() || path == "scene.ron" {
            fixture.add(path, content);
        }
        fixture
    }

    fn add(&mut self, path: String, text: String) {
        if self.files.read(&path).is_err() {
            self.files = std::mem::take(&mut self.files).with(path, text);
        }
    }

    pub(crate) fn load(&self) -> Loaded {
        load("scene.ron", self, self)
    }
}

fn mesh_facts(words: &[&str]) -> MeshFacts {
    let mut facts = MeshFacts::default();
    let names = |list: &str| list.split(',').map(str::to_owned).collect();
    let (mut size, mut at) = (1.0, 0.0);
    for pair in words.chunks(2) {
        match *pair {
            ["size", value] => size = value.parse().unwrap(),
            ["at", value] => at = value.parse().unwrap(),
            ["nodes", list] => facts.node_names = names(list),
            ["bends", list] => facts.bending.push(names(list)),
            ["materials", list] => facts.material_names = names(list),
            ["animations", list] => facts.animation_names = names(list),
            ["licence", licence] => facts.licence = Some(licence.to_owned()),
            ["finding", code] => {
                let finding = Diagnostic::error(code.to_owned(), "accessor 3 is out of its buffer");
                facts.findings.push(finding.help("export the file again"));
            }
            _ => panic!("a mesh's facts are not known: {words:?}"),
        }
    }
    let at = DVec3::new(at, 0.0, 0.0);
    facts.bounds = Some((at - DVec3::splat(size / 2.0), at + DVec3::splat(size / 2.0)));
    facts
}

pub(crate) fn scenes(kind: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/scenes")
        .join(kind);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "ron"));
    paths.sort();
    paths
}

#[test]
fn every_error_is_explained_as_its_fixture_says() {
    let is_blessed = std::env::var_os("BLESS").is_some();
    let mut wrong = Vec::new();
    for path in scenes("bad") {
        let text = std::fs::read_to_string(&path).unwrap();
        let loaded = Fixture::parse(&text).load();
        let report = loaded.report.to_text(false);
        let got: String = report
            .lines()
            .map(|line| format!("//~ {line}").trim_end().to_owned() + "\n")
            .collect();
        let scene: String = text
            .lines()
            .filter(|line| !line.starts_with("//~"))
            .map(|line| format!("{line}\n"))
            .collect();
        let expected: String = text
            .lines()
            .filter(|line| line.starts_with("//~"))
            .map(|line| format!("{line}\n"))
            .collect();
        assert!(
            !loaded.report.is_empty(),
            "{path:?} is bad, but nothing is said of it"
        );
        if got != expected {
            if is_blessed {
                std::fs::write(&path, scene + &got).unwrap();
            } else {
                wrong.push(format!(
                    "{}: expected\n{expected}\ngot\n{got}",
                    path.display()
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "these reports changed (BLESS=1 accepts them):\n{}",
        wrong.join("\n")
    );
}

#[test]
fn good_scenes_have_no_problems() {
    let paths = scenes("good");
    assert!(!paths.is_empty(), "there are good scenes");
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        let loaded = Fixture::parse(&text).load();
        assert!(
            loaded.report.is_empty(),
            "{path:?}:\n{}",
            loaded.report.to_text(false)
        );
        assert!(loaded.exhibit.is_some(), "{path:?} is an exhibit");
    }
}

/// The kebab-case words in the sources of the scene folder, that is, the codes.
pub(crate) fn codes_in_sources() -> Vec<String> {
    fn visit(folder: &Path, codes: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                visit(&path, codes);
            } else if name.ends_with(".rs")
                && !matches!(name.as_str(), "tests.rs" | "compare.rs" | "docs.rs")
            {
                let text = std::fs::read_to_string(&path).unwrap();
                let text = text
                    .split("#[cfg(test)]")
                    .next()
                    .unwrap_or(&text)
                    .to_owned();
                let lines = text
                    .lines()
                    .filter(|line| !line.trim_start().starts_with("//"));
                for word in lines.flat_map(|line| line.split('"').skip(1).step_by(2)) {
                    let is_code = word.contains('-')
                        && word.starts_with(|c: char| c.is_ascii_lowercase())
                        && word.ends_with(|c: char| c.is_ascii_lowercase() || c == '8')
                        && word
                            .chars()
                            .all(|c| c.is_ascii_lowercase() || c == '-' || c == '8');
                    if is_code {
                        codes.push(word.to_owned());
                    }
                }
            }
        }
    }
    let mut codes = Vec::new();
    visit(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src/scene"),
        &mut codes,
    );
    codes.sort();
    codes.dedup();
    // Groups and such are made by naming them; the limits of size have tests of their own.
    codes.retain(|code| !matches!(code.as_str(), "unknown-group" | "too-large"));
    codes
}

#[test]
fn every_code_is_pinned_by_a_fixture() {
    let all: String = scenes("bad")
        .iter()
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect();
    let missing: Vec<String> = codes_in_sources()
        .into_iter()
        .filter(|code| !all.contains(&format!("[{code}]")))
        .collect();
    assert!(missing.is_empty(), "no fixture pins {missing:?}");
}
