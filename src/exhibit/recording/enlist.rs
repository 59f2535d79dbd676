//! A recorded tour becomes one of the exhibit's: named in its scene file, which is otherwise
//! left as its author wrote it, and only if `check` finds nothing wrong with the result.

use crate::{
    diagnostic::{Report, Severity},
    exhibit::open,
    scene::add_to_list,
};
use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// Names the tour file `in_exhibit` in the `tours` of a scene file. Gives the copy that is
/// kept of the former file.
///
/// # Errors
/// In words, why the scene file is left as it was.
pub(super) fn enlist(scene: &Path, in_exhibit: &str, name: &str) -> Result<PathBuf, String> {
    if scene.extension().is_none_or(|ending| ending != "ron") {
        return Err(format!("{} is no scene file", scene.display()));
    }
    // What a link leads to is replaced, not the link.
    let scene = fs::canonicalize(scene).map_err(|error| at(scene, &error))?;
    let before = fs::read_to_string(&scene).map_err(|error| at(&scene, &error))?;
    let item = format!("\"{in_exhibit}\"");
    let after = add_to_list(&before, "tours", &item)
        .ok_or_else(|| format!("{} cannot be added to", scene.display()))?;
    let trial = beside(&scene, &format!("with-{name}"));
    let tried = write_new(&trial, &after)
        .map_err(|error| at(&trial, &error))
        .and_then(|()| passes(&trial, &scene))
        .and_then(|()| replace(&scene, &trial, &before, name));
    if tried.is_err() {
        drop(fs::remove_file(&trial));
    }
    tried
}

/// Whether the exhibit with the tour has no error that it has not without.
fn passes(trial: &Path, scene: &Path) -> Result<(), String> {
    let errors = |report: &Report| report.count(Severity::Error);
    let with = open::check(trial);
    if errors(&with) == 0 || errors(&with) <= errors(&open::check(scene)) {
        return Ok(());
    }
    let found = with.diagnostics().into_iter();
    let mut found = found.filter(|one| one.severity == Severity::Error);
    let first = found.next().map(|first| first.message.as_str());
    Err(format!(
        "with it, `check` finds errors: {}",
        first.unwrap_or_default()
    ))
}

fn replace(scene: &Path, trial: &Path, before: &str, name: &str) -> Result<PathBuf, String> {
    let kept = beside(scene, &format!("before-{name}"));
    let has_changed = |error| at(scene, &error);
    if fs::read_to_string(scene).map_err(has_changed)? != before {
        return Err(format!("{} was changed meanwhile", scene.display()));
    }
    write_new(&kept, before).map_err(|error| at(&kept, &error))?;
    let rename = || {
        fs::set_permissions(trial, fs::metadata(scene)?.permissions())?;
        fs::rename(trial, scene)
    };
    match rename() {
        Ok(()) => Ok(kept),
        Err(error) => {
            drop(fs::remove_file(&kept));
            Err(at(scene, &error))
        }
    }
}

fn at(path: &Path, error: &io::Error) -> String {
    format!("{}: {error}", path.display())
}

/// `exhibit.before-evening.ron` beside `exhibit.ron`; with a number where that is taken.
fn beside(scene: &Path, what: &str) -> PathBuf {
    let stem = scene.file_stem().unwrap_or_default().to_string_lossy();
    let path = |number: u32| match number {
        1 => scene.with_file_name(format!("{stem}.{what}.ron")),
        _ => scene.with_file_name(format!("{stem}.{what}-{number}.ron")),
    };
    (1..1000)
        .map(path)
        .find(|path| !path.exists())
        .unwrap_or_else(|| path(1000))
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut file = File::options().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCENE: &str = "// An exhibit, \u{6D1E}.\n(\n    format: 1, title: \"Hall\",\n    \
        credits: [(name: \"Us\")], // thanks\n    start: (position: (0.0, 0.0, 6.0)),\n    \
        body: (mode: Fly),\n)\n";
    const TOUR: &str = "(id: \"evening\", title: \"Evening\", steps: [(id: \"one\", \
        say: (text: \"Come.\"))])";

    fn exhibit(scene: &str, tour: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let path = folder.path().join("exhibit.ron");
        fs::write(&path, scene).expect("a file can be written");
        fs::create_dir(folder.path().join("tours")).expect("a folder can be made");
        fs::write(folder.path().join("tours/evening.ron"), tour).expect("it can be written");
        (folder, path)
    }

    fn files(folder: &tempfile::TempDir) -> Vec<String> {
        let entries = fs::read_dir(folder.path())
            .expect("it can be read")
            .flatten();
        let mut names: Vec<String> = entries
            .filter_map(|entry| entry.file_name().into_string().ok())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_tour_is_named_and_the_former_file_is_kept() {
        let (folder, path) = exhibit(SCENE, TOUR);
        let kept = enlist(&path, "tours/evening.ron", "evening").expect("it is named");
        let text = fs::read_to_string(&path).expect("it is there");
        assert_eq!(
            text,
            SCENE.replace(
                "    body: (mode: Fly),\n",
                "    body: (mode: Fly),\n    tours: [\"tours/evening.ron\"],\n"
            ),
            "one line more, and nothing else"
        );
        assert!(!open::check(&path).has_errors(), "it passes");
        let former = fs::read_to_string(kept).expect("the former file is kept");
        assert_eq!(former, SCENE);
        assert_eq!(
            files(&folder),
            ["exhibit.before-evening.ron", "exhibit.ron", "tours"]
        );
    }

    #[test]
    fn tours_in_files_of_their_own_stay_there() {
        let (folder, path) = exhibit(
            &SCENE.replace(
                "    body",
                "    tours: [\n        \"tours/all.ron\", // ours\n    ],\n    body",
            ),
            TOUR,
        );
        let other = format!("[{}]", TOUR.replace("evening", "noon"));
        fs::write(folder.path().join("tours/all.ron"), &other).expect("it can be written");
        enlist(&path, "tours/evening.ron", "evening").expect("it is named");
        let text = fs::read_to_string(&path).expect("it is there");
        assert!(
            text.contains(
                "        \"tours/all.ron\", // ours\n        \"tours/evening.ron\",\n    ],"
            ),
            "behind the others:\n{text}"
        );
        let all = fs::read_to_string(folder.path().join("tours/all.ron"));
        assert_eq!(
            all.expect("it is there"),
            other,
            "the other file is left alone"
        );
    }

    #[test]
    fn what_would_break_the_exhibit_is_not_done() {
        for (scene, tour, why) in [
            (SCENE.to_owned(), "(id: \"evening\", steps: 3)", "errors"),
            (
                SCENE.replace("body", "tours: 3, body"),
                TOUR,
                "cannot be added to",
            ),
        ] {
            let (folder, path) = exhibit(&scene, tour);
            let error = enlist(&path, "tours/evening.ron", "evening").expect_err("it is refused");
            assert!(error.contains(why), "why is said: {error}");
            assert_eq!(fs::read_to_string(&path).expect("it is there"), scene);
            assert_eq!(files(&folder), ["exhibit.ron", "tours"], "nothing is left");
        }
    }
}
