//! Exhibits in generated rooms, and what rehearsal says of them.

use std::path::Path;

use bevy::math::{DAffine3, DQuat, Vec2, Vec3};

use super::*;
use crate::{
    bake::{
        area::{Region, tests::wall as area_wall},
        collide::{Collider, Soup},
    },
    exhibit::walk::worlds::{World, house},
};

/// What rehearsal says of an exhibit in the house of `exhibit::walk::worlds`: codes with
/// their lines, and the whole text.
fn rehearsed(parts: &str, stops: Collider, ghosts: Option<Collider>) -> (Vec<String>, String) {
    let rocks = Rocks {
        stops,
        ghosts,
        ..Rocks::default()
    };
    rehearsed_in(parts, rocks)
}

fn rehearsed_in(parts: &str, rocks: Rocks) -> (Vec<String>, String) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join("exhibit.ron");
    let text = format!(
        "(format: 1, title: \"X\", credits: [(name: \"Us\", licence: \"CC0-1.0\")],\n\
         start: (desktop: (position: (-3, 0, 0))),\n{parts})"
    );
    std::fs::write(&path, text).expect("the scene can be written");
    let (prepared, mut report) = open::prepare(&path);
    let prepared = prepared.expect("the test's exhibit can be read");
    let before: Vec<_> = report.diagnostics().into_iter().cloned().collect();
    let place = Place::new(&prepared, rocks);
    place.play(&Heard::new(), &mut report, &mut |_| {});
    spots::check(&place, &mut report);
    hiding::check(&place, &mut report);
    let found = report
        .diagnostics()
        .into_iter()
        .filter(|one| !before.contains(one))
        .map(|one| {
            let at = one.span.and_then(|span| report.line_and_column(span));
            format!("{} {}", one.code, at.map_or(0, |(line, _)| line - 2))
        })
        .collect();
    (found, report.to_text(false))
}

#[track_caller]
fn check(parts: &str, expected: &[&str]) -> String {
    let (found, text) = rehearsed(parts, house(), None);
    assert_eq!(found, expected, "{text}");
    text
}

fn tour(steps: &str) -> String {
    format!("tours: [(id: \"t\", title: \"T\", pace: Automatic, steps: [\n{steps}\n])],")
}

#[test]
fn a_right_tour_through_the_door_is_passed() {
    let steps = tour(
        r#"(id: "a", at: (position: (-2.5, 0, 0)), look_at: Hotspot("h"), go_on: After(seconds: 6)),
(id: "b", at: (position: (5.2, 0, -1.5)), go_on: After(seconds: 20)),
(id: "c", at: (position: (3, 0, 2)), go_on: After(seconds: 20))"#,
    );
    let spot =
        r#"hotspots: [(id: "h", title: "H", at: Sphere(center: (-3.9, 1.5, 0), radius: 0.2))],"#;
    check(&format!("{spot}\n{steps}"), &[]);
}

#[test]
fn places_where_nobody_can_be_are_found() {
    let text = check(
        &tour(
            r#"(id: "wall", at: (position: (4.2, 0, -1.5)), go_on: After(seconds: 20)),
            (id: "hole", at: (position: (1.7, 0, -1.7)), go_on: After(seconds: 20)),
            (id: "low", at: (position: (0, 0, -2.9)), go_on: After(seconds: 20)),
            (id: "far", at: (position: (40, 0, 0)), go_on: After(seconds: 20))"#,
        ),
        &[
            "step-in-rock 2",
            "step-without-ground 3",
            "step-without-room 4",
            "step-without-ground 5",
        ],
    );
    assert!(
        text.contains("the step \"wall\" of the tour \"t\" puts the visitor's eyes into rock"),
        "the step is named:\n{text}"
    );
}

#[test]
fn a_view_that_sinks_is_found() {
    let parts = r#"views: [(id: "high", at: (position: (-2, 2.4, 1)))],
tours: [(id: "t", title: "T", pace: Automatic, steps: [
(id: "a", at: View("high"), go_on: After(seconds: 20)),
])],"#;
    let text = check(parts, &["step-view-lost 3"]);
    assert!(
        text.contains("the eyes sink by 0.8 m"),
        "how far is told:\n{text}"
    );
}

#[test]
fn flights_that_are_cut_off_or_have_no_way_are_found() {
    let steps = r#"(id: "a", at: (position: (3, 0, 2.4)), go_on: After(seconds: 2)),
(id: "b", at: (position: (-3, 0, -2)), go_on: After(seconds: 20))"#;
    let text = check(&tour(steps), &["flights-overlap 2"]);
    assert!(
        text.contains("longer than the tour stays there in \"en\""),
        "{text}"
    );
    let two = World::default()
        .hollow(Vec3::new(-4.0, 0.0, -1.0), Vec3::new(-1.0, 3.0, 2.0))
        .hollow(Vec3::new(0.0, 0.0, -1.0), Vec3::new(3.0, 3.0, 2.0))
        .build();
    let steps = r#"(id: "a", at: (position: (1, 0, 0)), go_on: After(seconds: 20))"#;
    let (found, text) = rehearsed(&tour(steps), two, None);
    assert_eq!(found, ["flight-blinks 2"], "{text}");
}

#[test]
fn flights_through_what_is_only_seen_are_found() {
    let curtain = World::default()
        .sheet(Vec3::new(0.0, 0.0, -3.0), Vec3::Y * 3.0, Vec3::Z * 6.0, 4)
        .build();
    let steps = r#"(id: "a", at: (position: (3, 0, 1)), go_on: After(seconds: 20))"#;
    let (found, text) = rehearsed(&tour(steps), house(), Some(curtain));
    assert_eq!(found, ["flight-through-mesh 2"], "{text}");
}

#[test]
fn hotspots_that_no_visitor_can_select_are_found() {
    let spots = r#"hotspots: [
(id: "seen", title: "S", at: Sphere(center: (-3.9, 1.5, 1), radius: 0.2)),
(id: "pillar", title: "P", at: Point((-1, 1.5, -1))),
(id: "buried", title: "B", at: Sphere(center: (2, -1.5, 2), radius: 0.3)),
(id: "attic", title: "A", at: Point((0, 9, 0)), reach: 3),
(id: "speck", title: "K", at: Sphere(center: (-3.95, 1.5, -2), radius: 0.02)),
(id: "low", title: "L", at: Point((2, 0.1, 2)), triggers: [Proximity(radius: 1)]),
(id: "also", title: "O", at: Point((0, 9, 0)), reach: 3, triggers: [Select, After(seconds: 3)]),
],"#;
    let text = check(
        spots,
        &[
            "hotspot-hidden 3",
            "hotspot-hidden 4",
            "hotspot-out-of-reach 5",
            "hotspot-too-small 6",
            "hotspot-out-of-reach 7",
            "hotspot-out-of-reach 8",
        ],
    );
    for said in [
        "rock hides the hotspot \"buried\" from all",
        "the nearest place to stand is 7.2 m away, its reach is 3.0 m",
        "wide from",
        "a distance is measured from the eyes",
        "warning[hotspot-out-of-reach]: the hotspot \"also\"",
    ] {
        assert!(text.contains(said), "it says {said:?}:\n{text}");
    }
}

#[test]
fn what_a_step_points_out_must_be_seen_from_there() {
    let parts = r#"hotspots: [(id: "h", title: "H", at: Sphere(center: (9, 1, 2), radius: 0.2))],
tours: [(id: "t", title: "T", pace: Automatic, steps: [
(id: "a", at: (position: (-3, 0, 1)), point_out: [Hotspot("h")], go_on: After(seconds: 5)),
])],"#;
    let text = check(parts, &["hotspot-hidden-at-step 3"]);
    assert!(
        text.contains("points out the hotspot \"h\", which rock hides from there"),
        "{text}"
    );
}

/// An area of a painted wall of 4 m by 2 m whose foot is at `at`, facing +X; corners in the
/// picture.
fn area(at: Vec3, corners: [(f32, f32); 2]) -> Arc<Patch> {
    let [(left, top), (right, bottom)] = corners;
    let polygon = [(left, top), (right, top), (right, bottom), (left, bottom)];
    let polygon = polygon.map(|(u, v)| Vec2::new(u, v)).to_vec();
    let world = DAffine3::from_rotation_translation(
        DQuat::from_rotation_y(std::f64::consts::FRAC_PI_2),
        at.as_dvec3(),
    );
    let wall = area_wall(8, 8);
    let patch = Patch::cut(&wall, world, Region::Polygon(polygon), |_, _| true);
    Arc::new(patch.expect("the wall has such a part"))
}

#[test]
fn areas_that_no_visitor_can_select_are_found() {
    let spots = r#"hotspots: [
(id: "seen", title: "S", at: Point((0, 0, 0))),
(id: "behind", title: "B", at: Point((0, 0, 0))),
(id: "far", title: "F", at: Point((0, 9, 0)), reach: 2),
(id: "strip", title: "T", at: Point((0, 0, 0))),
],
tours: [(id: "t", title: "T", pace: Automatic, steps: [
(id: "a", at: (position: (-2, 0, 0)), look_at: Hotspot("behind"), go_on: After(seconds: 5)),
])],"#;
    let wall = Vec3::new(-3.99, 0.5, 0.0);
    let patches = [
        area(wall, [(0.3, 0.3), (0.7, 0.7)]),
        area(wall - Vec3::X * 3.0, [(0.3, 0.3), (0.7, 0.7)]),
        area(wall + Vec3::Y * 7.0, [(0.3, 0.3), (0.7, 0.7)]),
        area(wall, [(0.5, 0.5), (0.503, 0.503)]),
    ];
    let rocks = Rocks {
        stops: house(),
        patches: (patches.into_iter().enumerate())
            .map(|(spot, patch)| (HotspotIndex::new(spot), patch))
            .collect(),
        ..Rocks::default()
    };
    let (found, text) = rehearsed_in(spots, rocks);
    assert_eq!(
        found,
        [
            "hotspot-hidden 3",
            "hotspot-out-of-reach 4",
            "hotspot-too-small 5",
            "hotspot-hidden-at-step 8",
        ],
        "{text}"
    );
    for said in [
        "rock hides the hotspot \"behind\" from all",
        "it lies on a wall that nobody sees: is it another part of the texture?",
        "looks at the hotspot \"behind\", which rock hides from there",
        "its reach is 2.0 m",
    ] {
        assert!(text.contains(said), "it says {said:?}:\n{text}");
    }
}

#[test]
fn a_panel_without_room_is_found() {
    // A shaft so narrow that every card would cut its walls.
    let shaft = World::default()
        .hollow(Vec3::new(-3.4, 0.0, -0.4), Vec3::new(-2.6, 3.0, 0.4))
        .build();
    let spot = r#"hotspots: [
(id: "h", title: "H", at: Sphere(center: (-3.3, 1.5, 0), radius: 0.1), actions: [Panel(text: "T")]),
],"#;
    let (found, text) = rehearsed(spot, shaft, None);
    assert_eq!(found, ["panel-without-room 2"], "{text}");
    assert!(
        text.contains("in a headset the panel of the hotspot \"h\" stands in rock"),
        "{text}"
    );
    check(spot, &[]);
}

/// Hears what it is told.
struct Ears(Vec<(&'static str, Result<Measured, String>)>);

impl Listener for Ears {
    fn listen(&self, path: &Path) -> Result<Measured, String> {
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        let found = self.0.iter().find(|(own, _)| Some(*own) == name.as_deref());
        found.expect("only files of the test are heard").1.clone()
    }
}

#[test]
fn bad_recordings_are_found_and_lengths_are_those_of_the_files() {
    let good = Measured {
        length: Duration::from_secs(4),
        loudness_lufs: Some(-20.0),
        true_peak_dbtp: -3.0,
        clipped: 0,
    };
    let ears = Ears(vec![
        ("good.wav", Ok(good)),
        (
            "clipped.wav",
            Ok(Measured {
                clipped: 40,
                true_peak_dbtp: 0.2,
                ..good
            }),
        ),
        (
            "peak.wav",
            Ok(Measured {
                true_peak_dbtp: 1.4,
                ..good
            }),
        ),
        (
            "soft.wav",
            Ok(Measured {
                loudness_lufs: Some(-50.0),
                ..good
            }),
        ),
        (
            "silent.wav",
            Ok(Measured {
                loudness_lufs: None,
                ..good
            }),
        ),
        ("broken.wav", Err("it is no sound".to_owned())),
        (
            "long.wav",
            Ok(Measured {
                length: Duration::from_secs(100),
                ..good
            }),
        ),
    ]);
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for (name, _) in &ears.0 {
        std::fs::write(folder.path().join(name), "RIFF").expect("a file can be written");
    }
    let step =
        |name: &str| format!("(id: \"{name}\", say: (text: \"Word.\", sound: \"{name}.wav\")),\n");
    let steps: String = [
        "good", "clipped", "peak", "soft", "silent", "broken", "long",
    ]
    .into_iter()
    .map(step)
    .collect();
    let path = folder.path().join("exhibit.ron");
    let text = format!(
        "(format: 1, title: \"X\", credits: [(name: \"Us\", licence: \"CC0-1.0\")],\n{})",
        tour(&steps)
    );
    std::fs::write(&path, text).expect("the scene can be written");
    let means = Means {
        looks: false,
        listener: Some(&ears),
    };
    let rehearsed = rehearse(&path, &means, &mut |_, _| {});
    let report = &rehearsed.report;
    let found: Vec<String> = report
        .diagnostics()
        .into_iter()
        .filter(|one| one.code != "no-spaces")
        .map(|one| {
            let at = one.span.and_then(|span| report.line_and_column(span));
            format!("{} {}", one.code, at.map_or(0, |(line, _)| line - 2))
        })
        .collect();
    assert_eq!(
        found,
        [
            "sound-clipped 2",
            "sound-peak 3",
            "narration-uneven 4",
            "sound-too-soft 4",
            "sound-silent 5",
            "sound-unreadable 6",
            "narration-too-long 7",
        ],
        "{}",
        report.to_text(false)
    );
}

#[test]
fn a_soup_of_nothing_is_no_reason_to_complain() {
    let parts = format!(
        "hotspots: [(id: \"h\", title: \"H\", at: Point((0, 1, 0)))],\n{}",
        tour(r#"(id: "a", at: (position: (3, 0, 1)), go_on: After(seconds: 3))"#)
    );
    let (found, text) = rehearsed(&parts, Collider::build(Soup::default()), None);
    assert_eq!(found, [""; 0], "{text}");
}

/// What is said of a way that was flown evenly, whoever planned it: the planner itself keeps
/// off the rock.
fn flown(from: Vec3, to: Vec3, secs: f32) -> (Vec<String>, String) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join("exhibit.ron");
    let steps = tour(r#"(id: "a", at: (position: (0, 0, 0)))"#);
    let text = format!(
        "(format: 1, title: \"X\", credits: [(name: \"Us\", licence: \"CC0-1.0\")],\n\
         start: (desktop: (position: (-3, 0, 0))),\n{steps})"
    );
    std::fs::write(&path, text).expect("the scene can be written");
    let (prepared, _) = open::prepare(&path);
    let prepared = prepared.expect("the test's exhibit can be read");
    let rocks = Rocks {
        stops: house(),
        ..Rocks::default()
    };
    let place = Place::new(&prepared, rocks);
    let pose = |eye| crate::exhibit::stage::Pose::looking_at(eye, eye + (to - from));
    let count = (secs * 60.0) as u32;
    let at = |n: u32| Duration::from_secs(1) * n / 60;
    let frames = (0..=count).map(|n| play::Frame {
        at: at(n),
        step: StepIndex::default(),
        pose: pose(from.lerp(to, n as f32 / count as f32)),
        darkness: 0.0,
        is_led: true,
    });
    let played = Played {
        frames: frames.collect(),
        ways: vec![play::Way {
            to: StepIndex::default(),
            start: pose(from),
            end: pose(to),
            begins: Duration::ZERO,
            length: at(count),
            is_blink: false,
            cuts_off: None,
            rests: None,
        }],
        entered: vec![(StepIndex::default(), Duration::ZERO)],
        length: at(count + 1),
    };
    let mut report = Report::new();
    ways::check(&place, TourIndex::FIRST, &played, "en", &mut report);
    let found = report.diagnostics().into_iter();
    (
        found.map(|one| one.code.to_string()).collect(),
        report.to_text(false),
    )
}

#[test]
fn a_flight_through_a_wall_is_told_with_its_place() {
    let (found, text) = flown(Vec3::new(3.0, 1.6, -2.0), Vec3::new(6.0, 1.6, -2.0), 4.0);
    assert_eq!(found, ["flight-through-wall"], "{text}");
    assert!(
        text.contains("goes through a wall, at (4.0, 1.6, -2.0)"),
        "where it is told:\n{text}"
    );
}

#[test]
fn a_flight_along_a_wall_shows_what_is_behind() {
    let (found, text) = flown(Vec3::new(0.0, 1.6, -2.0), Vec3::new(3.0, 1.6, -2.0), 4.0);
    assert_eq!(
        found, [""; 0],
        "a metre from the wall is far enough: {text}"
    );
    let (found, text) = flown(Vec3::new(2.0, 1.6, -2.9), Vec3::new(2.8, 1.6, -2.96), 4.0);
    assert_eq!(found, ["step-in-rock"], "its end is a place: {text}");
    let (found, text) = flown(Vec3::new(-0.67, 1.6, -2.0), Vec3::new(-0.67, 1.6, 2.0), 4.0);
    assert_eq!(
        found,
        ["flight-near-wall"],
        "5 cm beside the pillar: {text}"
    );
}

#[test]
fn a_camera_that_hurries_is_told_how_much() {
    let (found, text) = flown(Vec3::new(-3.0, 1.6, 1.0), Vec3::new(3.0, 1.6, 1.0), 1.0);
    assert_eq!(found, ["camera-uncomfortable"], "{text}");
    assert!(
        text.contains("moves at 6.0 m/s (at most 3.0)"),
        "how fast is told:\n{text}"
    );
}

/// An animation of one node that is shrunk to nothing and back, `per_second` times.
fn blinking(per_second: u16, least: f32) -> crate::bake::animation::Clip {
    use crate::bake::animation::{Channel, Clip, Curve, Interpolation, Target};
    let count = per_second * 4;
    let sizes = (0..count).map(|n| if n % 2 == 0 { 1.0 } else { least });
    let curve = Curve {
        times: (0..count)
            .map(|n| f32::from(n) / f32::from(per_second * 2))
            .collect(),
        width: 3,
        values: sizes.flat_map(|size| [size; 3]).collect(),
        interpolation: Interpolation::Step,
    };
    Clip {
        name: "blink".to_owned(),
        duration_secs: 2.0,
        channels: vec![Channel {
            node: 0,
            target: Target::Scale,
            curve,
        }],
    }
}

#[test]
fn animations_that_flash_are_found() {
    let rehearse = |clip, mesh: &str, actions: &str| {
        let rocks = Rocks {
            stops: house(),
            names: vec![("m".to_owned(), vec!["lantern".to_owned()])],
            clips: vec![(0, vec![clip])],
            ..Rocks::default()
        };
        let parts = format!(
            "spaces: [(id: \"s\", meshes: [\n(id: \"m\", path: \"m.glb\"{mesh})])],\n\
             hotspots: [(id: \"h\", title: \"H\", at: Sphere(center: (-3.9, 1.5, 0), radius: 0.2), actions: [\n{actions}])],"
        );
        rehearsed_in(&parts, rocks)
    };
    let plays = ", plays: [\"blink\"]";
    let (found, text) = rehearse(blinking(4, 0.0), plays, "");
    assert_eq!(found, ["light-flashes 2"], "it plays by itself: {text}");
    assert!(text.contains("\"lantern\" come and go"), "{text}");
    let (found, text) = rehearse(blinking(2, 0.0), plays, "");
    assert_eq!(found, [""; 0], "twice a second: {text}");
    let (found, text) = rehearse(blinking(9, 0.7), plays, "");
    assert_eq!(found, [""; 0], "it only shrinks: {text}");
    let fast = "Animate(mesh: \"m\", clip: \"blink\", speed: 4, repeat: true)";
    let (found, text) = rehearse(blinking(2, 0.0), "", fast);
    assert_eq!(found, ["light-flashes 4"], "sped up: {text}");
}
