//! `grotto rehearse`: what a tour gets wrong, in its file and in the room.

use crate::command::{folder, grotto, text};

#[test]
fn rehearsal_finds_what_a_tour_gets_wrong() {
    let folder = folder();
    let scene = r#"(
    format: 1, title: "Test",
    credits: [(name: "Us", licence: "CC0-1.0")],
    tours: [(
        id: "walk", title: "A walk", pace: Automatic,
        steps: [
            (id: "one", say: (text: "Come."), go_on: After(seconds: 2)),
            (id: "again", say: (text: "Once more."), go_on: After(seconds: 2),
             branches: [(when: Always, go_to: "one")]),
            (id: "never", say: (text: "Nobody comes here.")),
        ],
    )],
)
"#;
    std::fs::write(folder.path().join("exhibit.ron"), scene).expect("the scene can be written");
    let output = grotto(&["rehearse", "exhibit.ron"], folder.path());
    let said = text(&output.stdout);
    assert!(
        said.contains("step-never-reached") && said.contains("exhibit.ron:10:"),
        "the step that no way leads to is named with its line:\n{said}"
    );
    assert!(
        said.contains("tour-never-ends"),
        "a tour without an end is named:\n{said}"
    );
}

#[test]
fn rehearsal_looks_at_the_room_itself() {
    let folder = folder();
    let made = grotto(&["new", "room"], folder.path());
    assert!(made.status.success(), "{}", text(&made.stderr));
    let scene = folder.path().join("room/exhibit.ron");
    let whole = grotto(&["rehearse", "room"], folder.path());
    let said = text(&whole.stdout);
    assert!(
        whole.status.success()
            && said.contains("Nothing is wrong")
            && said.contains("places to stand"),
        "the starter is right, and its floor was walked:\n{said}"
    );

    let starter = std::fs::read_to_string(&scene).expect("the starter can be read");
    let end = starter
        .trim_end()
        .strip_suffix(')')
        .expect("an exhibit ends with a bracket");
    let tours = r#"tours: [(id: "walk", title: "A walk", pace: Automatic, steps: [
(id: "outside", at: (position: (90, 0, 0)), go_on: After(seconds: 3)),
])],
)
"#;
    std::fs::write(&scene, format!("{end}{tours}")).expect("the scene can be written");
    let line = end.lines().count() + 2;
    let bad = grotto(&["rehearse", "room", "--format", "json"], folder.path());
    let said = text(&bad.stdout);
    let found: serde_json::Value = serde_json::from_str(&said).expect("JSON comes out");
    let one = found
        .as_array()
        .and_then(|all| all.iter().find(|one| one["code"] == "step-without-ground"))
        .unwrap_or_else(|| panic!("a step out in the void is found:\n{said}"));
    assert_eq!(one["line"], line, "at its line:\n{said}");
    assert!(
        one["help"]
            .as_str()
            .is_some_and(|help| help.contains("walk_on")),
        "with a way to mend it:\n{said}"
    );
    assert_eq!(bad.status.code(), Some(1), "and the exit code says so");
    let fast = grotto(&["rehearse", "room", "--fast"], folder.path());
    assert_eq!(
        fast.status.code(),
        Some(0),
        "who reads the file alone sees no void: {}",
        text(&fast.stdout)
    );
}
