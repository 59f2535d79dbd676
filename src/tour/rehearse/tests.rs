//! What rehearsal says of tours that are wrong, and that it is silent on those that are right.

use std::time::Duration;

use super::*;
use crate::diagnostic::Span;
use crate::tour::captions::vtt;
use crate::tour::compile;
use crate::tour::script::HotspotIndex;
use crate::tour::testing::exhibit;

struct Known {
    narration_secs: Option<u64>,
    captions: Option<&'static str>,
    travel_secs: u64,
}

impl Facts for Known {
    fn narration(&self, _utterance: Utterance, _language: &Language) -> Option<Duration> {
        self.narration_secs.map(Duration::from_secs)
    }

    fn captions(&self, _file: &FilePath) -> Option<Vec<Caption>> {
        let text = self.captions?;
        let mut captions = vtt::read("a.vtt", text.as_bytes(), &mut Report::new());
        // Their file is of another report; those without a place are shown at their step.
        captions
            .iter_mut()
            .for_each(|caption| caption.span = Span::default());
        Some(captions)
    }

    fn travel(&self, _: TourIndex, _: Option<StepIndex>, _: StepIndex) -> Option<Duration> {
        Some(Duration::from_secs(self.travel_secs))
    }
}

const KNOWN: Known = Known {
    narration_secs: None,
    captions: None,
    travel_secs: 3,
};

/// The codes of what rehearsal finds, each with the line it points at.
#[track_caller]
fn check(parts: &str, facts: &dyn Facts, expected: &[&str]) {
    let (exhibit, mut report) = exhibit(parts);
    let script = compile(&exhibit, &mut report);
    let before: Vec<_> = report.diagnostics().into_iter().cloned().collect();
    rehearse(&exhibit, &script, facts, &mut report);
    let found: Vec<String> = report
        .diagnostics()
        .into_iter()
        .filter(|one| !before.contains(one))
        .map(|one| {
            let at = one.span.and_then(|span| report.line_and_column(span));
            // The first line is the test's own.
            format!("{} {}", one.code, at.map_or(0, |(line, _)| line - 1))
        })
        .collect();
    assert_eq!(found, expected, "{}", report.to_text(false));
}

#[test]
fn a_right_tour_is_passed() {
    check(
        r#"variables: [(id: "n", start: 0)],
        tours: [(id: "t", title: "T", pace: Automatic, steps: [
            (id: "a", say: (text: "Welcome to the cave."), cues: [(property: Light("sun"), to: 0, duration: 2)]),
            (id: "b", ask: (text: "Q?", answers: [(text: "Y", set: ("n", 1)), (text: "N", go_to: "a")]), go_on: Answered,
             branches: [(when: AtLeast("n", 1), go_to: "c")]),
            (id: "c", say: (text: "Farewell.")),
        ])],"#,
        &KNOWN,
        &[],
    );
}

#[test]
fn ways_that_lead_nowhere_are_found() {
    check(
        r#"variables: [(id: "n", start: 0)],
        tours: [(id: "t", title: "T", steps: [
            (id: "a", branches: [(when: Always, go_to: "c")]),
            (id: "lost"),
            (id: "c", ask: (text: "Q?", answers: [(text: "Y", go_to: "a"), (text: "N", go_to: "c")]), go_on: Answered,
             branches: [(when: AtLeast("n", 1), go_to: "d")]),
            (id: "d"),
        ]),
        (id: "u", title: "U", pace: Automatic, steps: [
            (id: "a", ask: (text: "Q?", answers: [(text: "Y"), (text: "N")])),
        ])],"#,
        &KNOWN,
        &[
            "variable-never-set 1",
            "tour-never-ends 3",
            "step-never-reached 4",
            "step-never-reached 7",
            "question-not-awaited 10",
        ],
    );
}

#[test]
fn words_that_cannot_be_read_are_found() {
    let parts = r#"tours: [(id: "t", title: "T", pace: Automatic, steps: [
            (id: "a", say: (text: "Twelve centuries ago, painters from far away covered every wall of this chamber."), go_on: After(seconds: 1)),
            (id: "b", say: (sound: "b.ogg")),
        ])],"#;
    let quick = Known {
        narration_secs: Some(2),
        ..KNOWN
    };
    check(
        parts,
        &quick,
        &[
            "narration-cut 2",
            "captions-too-fast 2",
            "narration-missing 2",
            "captions-missing 3",
        ],
    );
    let long = Known {
        narration_secs: Some(100),
        ..KNOWN
    };
    check(
        parts,
        &long,
        &[
            "narration-cut 2",
            "narration-missing 2",
            "narration-too-long 2",
            "narration-too-long 3",
            "captions-missing 3",
        ],
    );
}

#[test]
fn captions_from_files_are_measured() {
    let parts = r#"tours: [(id: "t", title: "T", steps: [
            (id: "a", say: (text: "Words.", sound: "a.ogg", captions: "a.vtt")),
        ])],"#;
    let read = |captions| Known {
        narration_secs: Some(5),
        captions: Some(captions),
        ..KNOWN
    };
    check(parts, &KNOWN, &[]);
    check(
        parts,
        &read("WEBVTT\n\n00:00.000 --> 00:04.000\nQuiet words.\n"),
        &[],
    );
    check(
        parts,
        &read("WEBVTT\n\n00:00.000 --> 00:02.000\nForty and more letters in two seconds, hurry.\n"),
        &["captions-too-fast 2"],
    );
    check(
        parts,
        &read(
            "WEBVTT\n\n00:01.000 --> 00:09.000\nToo late, and so wide that it takes more than two lines, whatever one does to it, however it is broken.\n",
        ),
        &["captions-too-late 2", "captions-too-wide 2"],
    );
}

#[test]
fn a_caption_that_is_short_and_quickly_gone_is_told_as_that() {
    let (exhibit, mut report) = exhibit(
        r#"tours: [(id: "t", title: "T", steps: [
            (id: "a", say: (text: "Words.", sound: "a.ogg", captions: "a.vtt")),
        ])],"#,
    );
    let script = compile(&exhibit, &mut report);
    let known = Known {
        narration_secs: Some(5),
        captions: Some("WEBVTT\n\n00:00.000 --> 00:00.500\nA.\n"),
        ..KNOWN
    };
    rehearse(&exhibit, &script, &known, &mut report);
    let told = report.to_text(false);
    assert!(told.contains("stays for 0.5 s only"), "{told}");
}

#[test]
fn what_has_captions_and_no_voice_lasts_as_long_as_they_do() {
    let parts = r#"tours: [(id: "t", title: "T", pace: Automatic, steps: [
            (id: "a", at: (position: (0, 0, 0)), say: (text: "Words.", captions: "a.vtt")),
            (id: "b", at: (position: (9, 0, 0)), say: (text: "Words.", captions: "a.vtt")),
            (id: "c", at: (position: (0, 0, 9)), go_on: After(seconds: 9)),
        ])],"#;
    let until = |captions| Known {
        captions: Some(captions),
        travel_secs: 4,
        ..KNOWN
    };
    let long = "WEBVTT\n\n00:00.000 --> 00:05.000\nWords.\n";
    check(parts, &until(long), &[]);
    let short = "WEBVTT\n\n00:00.000 --> 00:02.000\nWords.\n";
    check(
        parts,
        &until(short),
        &["flights-overlap 2", "flights-overlap 3"],
    );
}

#[test]
fn flights_that_overtake_each_other_are_found() {
    let parts = r#"tours: [(id: "t", title: "T", pace: Automatic, steps: [
            (id: "a", at: (position: (0, 0, 0)), go_on: After(seconds: 2)),
            (id: "b", at: (position: (9, 0, 0)), go_on: After(seconds: 5)),
            (id: "c", at: (position: (0, 0, 9))),
        ])],"#;
    check(parts, &KNOWN, &["flights-overlap 2"]);
    check(
        &parts.replace("pace: Automatic", "pace: Visitor"),
        &KNOWN,
        &[],
    );
}

#[test]
fn flashing_light_is_found_and_lightning_is_not() {
    let flashes = |count: usize, period: f64| {
        let cues: String = (0..count)
            .map(|n| {
                let after = n as f64 * period / 2.0;
                format!(
                    "(property: Light(\"lamp\"), to: {}, after: {after:.3}), ",
                    n % 2 * 2
                )
            })
            .collect();
        format!(
            "tours: [(id: \"t\", title: \"T\", pace: Automatic, steps: [(id: \"calm\"),\n\
             (id: \"storm\", go_on: After(seconds: 9), cues: [{cues}])])],"
        )
    };
    check(&flashes(12, 0.2), &NoFacts, &["light-flashes 2"]);
    check(&flashes(6, 0.2), &NoFacts, &[]);
    check(&flashes(20, 0.8), &NoFacts, &[]);
}

#[test]
fn lights_that_flash_in_turns_flash_together() {
    // Each of two lights flashes twice a second; one does while the other rests.
    let cues = |offset: f64| -> String {
        let flash = |n: u32, light: &str, offset: f64| {
            let after = f64::from(n / 2) * 0.5 + f64::from(n % 2) * 0.1 + offset;
            let to = n % 2 * 2;
            format!("(property: Light(\"{light}\"), to: {to}, after: {after:.3}), ")
        };
        (0..8)
            .flat_map(|n| [flash(n, "lamp", 0.0), flash(n, "sun", offset)])
            .collect()
    };
    let tour = |offset| {
        format!(
            "tours: [(id: \"t\", title: \"T\", pace: Automatic, steps: [(id: \"calm\"),\n\
             (id: \"storm\", go_on: After(seconds: 9), cues: [{}])])],",
            cues(offset)
        )
    };
    check(&tour(0.25), &NoFacts, &["light-flashes 2"]);
    check(&tour(0.0), &NoFacts, &[]);
}

#[test]
fn a_hotspot_that_flickers_is_found_and_one_that_dims_is_not() {
    let spot = |actions: &str| {
        format!(
            "hotspots: [\n(id: \"h\", title: \"H\", at: Point((0, 1, 0)), actions: [{actions}])],"
        )
    };
    let blink = |count: usize, wait: f64| -> String {
        let one = |n: usize| {
            let to = n % 2;
            format!("Light(light: \"lamp\", brightness: {to}, duration: 0), Wait({wait}), ")
        };
        (0..count).map(one).collect()
    };
    let flashes = &["light-flashes 2"];
    check(&spot(&blink(12, 0.1)), &NoFacts, flashes);
    check(&spot(&blink(6, 0.1)), &NoFacts, &[]);
    check(&spot(&blink(40, 0.5)), &NoFacts, &[]);
    let slow = "Light(light: \"lamp\", brightness: 0.2, duration: 1), WaitForEnd, ".repeat(9);
    check(&spot(&slow), &NoFacts, &[]);
}

/// Hotspots by id, with triggers and actions.
fn spots(all: &[(&str, &str, &str)]) -> String {
    let one = |(id, triggers, actions): &(&str, &str, &str)| {
        format!(
            "(id: \"{id}\", title: \"H\", at: Point((0, 1, 0)), triggers: [{triggers}], actions: [{actions}]),"
        )
    };
    let lines: Vec<String> = all.iter().map(one).collect();
    format!("hotspots: [\n{}],", lines.join("\n"))
}

fn lit(light: &str, to: u32) -> String {
    format!("Light(light: \"{light}\", brightness: {to}, duration: 0)")
}

#[test]
fn hotspots_that_set_each_other_off_flash_together() {
    // One light goes out and on, each hotspot waits, and the two go round for ever.
    let (out, on) = (lit("lamp", 0), lit("lamp", 1));
    let round = |wait: f64| {
        spots(&[
            (
                "a",
                "Select, ActionEnded(\"b\")",
                &format!("{out}, Wait({wait})"),
            ),
            ("b", "ActionEnded(\"a\")", &format!("{on}, Wait({wait})")),
        ])
    };
    check(&round(0.1), &NoFacts, &["light-flashes 2"]);
    check(&round(0.5), &NoFacts, &[]);
    // By way of a variable, each in a chain that ends.
    let by_variable: Vec<(String, String, String)> = (0..10)
        .map(|n| {
            let actions = format!("{}, Wait(0.1), Set(\"n\", {})", lit("lamp", n % 2), n + 1);
            (
                format!("s{n}"),
                format!("When(AtLeast(\"n\", {n}))"),
                actions,
            )
        })
        .collect();
    let by_variable: Vec<(&str, &str, &str)> = by_variable
        .iter()
        .map(|(id, when, actions)| (&id[..], &when[..], &actions[..]))
        .collect();
    let variables = "variables: [(id: \"n\", start: -1)],";
    check(
        &format!("{variables}{}", spots(&by_variable)),
        &NoFacts,
        &["light-flashes 2"],
    );
    check(
        &format!("{variables}{}", spots(&by_variable[..6])),
        &NoFacts,
        &[],
    );
}

#[test]
fn lights_of_a_hotspot_that_flash_in_turns_flash_together() {
    // Out and on within 0.1 s, each twice a second, a quarter of a second apart.
    let turn = |light: &str| {
        format!(
            "{}, Wait(0.1), {}, Wait(0.15)",
            lit(light, 0),
            lit(light, 1)
        )
    };
    let turns = vec![format!("{}, {}", turn("lamp"), turn("sun")); 4].join(", ");
    check(
        &spots(&[("a", "Select", &turns)]),
        &NoFacts,
        &["light-flashes 2"],
    );
    let alone = vec![format!("{}, Wait(0.25)", turn("lamp")); 4].join(", ");
    check(&spots(&[("a", "Select", &alone)]), &NoFacts, &[]);
}

/// So many changes of a light, out and on, within a second; then it rests.
fn blinks(light: &str, count: u32) -> String {
    (0..count)
        .map(|n| format!("{}, Wait(0.12), ", lit(light, n % 2)))
        .collect()
}

#[test]
fn hotspots_that_flash_only_together_are_found() {
    let (four, three) = (blinks("lamp", 4), blinks("sun", 3));
    let both = spots(&[("a", "Select", &four), ("b", "Select", &three)]);
    check(&both, &NoFacts, &["light-flashes 2"]);
    let (exhibit, mut report) = exhibit(&both);
    let script = compile(&exhibit, &mut report);
    rehearse(&exhibit, &script, &NoFacts, &mut report);
    let told = report.to_text(false);
    let words = ["warning[light-flashes]", "\"a\" and \"b\"", "with this one"];
    for word in words {
        assert!(told.contains(word), "{word:?} is said:\n{told}");
    }
    let fewer = blinks("sun", 2);
    check(
        &spots(&[("a", "Select", &four), ("b", "Select", &fewer)]),
        &NoFacts,
        &[],
    );
    // Of one group only one acts; and what a hotspot sets off has been watched with it.
    let grouped = both.replace("title: \"H\",", "title: \"H\", group: \"g\",");
    check(&grouped, &NoFacts, &[]);
    let after = format!("{four}Wait(2)");
    check(
        &spots(&[("a", "Select", &after), ("b", "ActionEnded(\"a\")", &three)]),
        &NoFacts,
        &[],
    );
}

#[test]
fn a_hotspot_that_flashes_with_a_tour_is_found() {
    let tour = |count: u32| {
        let cues: String = (0..count)
            .map(|n| {
                let (to, after) = (n % 2, f64::from(n) * 0.12);
                format!("(property: Light(\"sun\"), to: {to}, after: {after:.2}), ")
            })
            .collect();
        format!(
            "tours: [(id: \"t\", title: \"T\", pace: Automatic, steps: [\n(id: \"calm\", go_on: After(seconds: 3)),\n\
             (id: \"storm\", go_on: After(seconds: 9), cues: [{cues}])])],"
        )
    };
    let spot = spots(&[("a", "Select", &blinks("lamp", 4))]);
    let both = |count| format!("{}\n{spot}", tour(count));
    check(&both(3), &NoFacts, &["light-flashes 3"]);
    check(&both(2), &NoFacts, &[]);
    check(&tour(3), &NoFacts, &[]);
}

#[test]
fn ten_thousand_hotspots_are_held_against_each_other_in_time() {
    let busy: Vec<flash_pairs::Busy> = (0..10_000)
        .map(|own| flash_pairs::Busy {
            own: HotspotIndex::new(own),
            swings: 5 - own % 3,
            chain: vec![HotspotIndex::new(own)],
        })
        .collect();
    let one = "(id: \"h#\", title: \"H\", at: Point((0, 1, 0)), actions: []),";
    let all: String = (0..10_000)
        .map(|n| one.replace('#', &n.to_string()))
        .collect();
    let (exhibit, mut report) = exhibit(&format!("hotspots: [{all}],"));
    let script = compile(&exhibit, &mut report);
    flash_pairs::check(&exhibit, &script, &busy, &mut report);
    let told = report.diagnostics();
    let pairs = told
        .iter()
        .filter(|one| one.code == "light-flashes")
        .count();
    assert_eq!(pairs, 20, "and then it is enough");
}

#[test]
fn a_light_that_turns_red_and_back_flashes_red() {
    let turn = |color: &str| {
        let one = |color: &str| {
            format!("Light(light: \"lamp\", color: Linear({color}), duration: 0), Wait(0.1)")
        };
        let both = format!("{}, {}", one("1, 1, 1"), one(color));
        spots(&[("a", "Select", &vec![both; 6].join(", "))])
    };
    check(&turn("1, 0, 0"), &NoFacts, &["light-flashes 2"]);
    check(&turn("1, 0.5, 0.2"), &NoFacts, &[]);
}

#[test]
fn a_red_light_of_a_tour_flashes_by_less() {
    // By a twelfth: no general flash, but of a saturated red more than twenty.
    let tour = |color: &str| {
        let cues: String = (0..12)
            .map(|n| {
                let to = 1.0 - f64::from(n % 2) / 12.0;
                format!(
                    "(property: Lamp, to: {to}, after: {:.1}), ",
                    f64::from(n) * 0.1
                )
            })
            .collect();
        format!(
            "lamp: (color: Linear({color})),\n\
             tours: [(id: \"t\", title: \"T\", pace: Automatic, steps: [(id: \"calm\"),\n\
             (id: \"storm\", go_on: After(seconds: 9), cues: [{cues}])])],"
        )
    };
    check(&tour("1, 0.01, 0"), &NoFacts, &["light-flashes 3"]);
    check(&tour("1, 1, 0"), &NoFacts, &[]);
}

#[test]
fn pictures_that_are_switched_flash() {
    let cues: String = (0..12)
        .map(|n| {
            let after = f64::from(n) * 0.1;
            format!(
                "(property: MeshShown(\"rock\"), to: {}, after: {after:.1}), ",
                n % 2 == 1
            )
        })
        .collect();
    // The mesh is not there, which has been said; its cues are read all the same.
    let (exhibit, mut report) = exhibit(&format!(
        "tours: [(id: \"t\", title: \"T\", pace: Automatic, steps: [\n\
         (id: \"a\", go_on: After(seconds: 9), cues: [{cues}])])],"
    ));
    let script = compile(&exhibit, &mut report);
    rehearse(&exhibit, &script, &NoFacts, &mut report);
    let told = report.to_text(false);
    assert!(
        told.contains("warning[light-flashes]: the mesh \"rock\" flashes"),
        "a mesh that comes and goes five times a second is told:\n{told}"
    );
}

#[test]
fn what_has_no_licence_is_found() {
    let parts = r#"sounds: [
            (id: "a", source: "a.ogg", credit: (name: "Us")),
            (id: "b", source: "a.ogg", credit: (name: "Us", licence: "CC0-1.0")),
            (id: "c", source: "a.ogg"),
        ],"#;
    check(parts, &NoFacts, &["missing-licence 2"]);
}

#[test]
fn the_tour_of_the_documentation_is_right() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/tours.md");
    let text = std::fs::read_to_string(path).expect("docs/tours.md can be read");
    let (_, after) = text
        .split_once("### A tour to copy")
        .expect("there is a tour to copy");
    let (_, after) = after.split_once("```ron\n").expect("it is written out");
    let (tour, _) = after.split_once("```").expect("its block ends");
    let (exhibit, mut report) = exhibit(&format!("languages: [\"en\", \"fr\"],\n{tour}"));
    let script = compile(&exhibit, &mut report);
    rehearse(&exhibit, &script, &NoFacts, &mut report);
    // The rest of the exhibit is the test's own, and its voices are not there.
    let others = ["missing-file", "missing-translation", "narration-missing"];
    let wrong: Vec<String> = report
        .diagnostics()
        .into_iter()
        .filter(|one| !others.contains(&one.code.as_ref()))
        .map(|one| report.one_to_text(one, false))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!((script.tours.len(), script.tours[0].steps.len()), (2, 6));
}
