//! Triggers, chains and groups; hotspots that set each other off for ever; tours and
//! hotspots together.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::scene::schema::Value;
use crate::tour::playback;
use crate::tour::script::VariableIndex;
use crate::tour::testing::{Random, script};
use crate::tour::{Durations, Story, StoryEffect, StoryInput};

fn secs(secs: f64) -> Duration {
    Duration::from_secs_f64(secs)
}

fn spot(index: usize) -> HotspotIndex {
    HotspotIndex::new(index)
}

/// Effects, by the hotspot's place in the list.
fn log(effects: &[Effect]) -> String {
    let mut log = String::new();
    for effect in effects {
        match effect {
            Effect::Show(spot) => write!(log, "show {} ", spot.index()),
            Effect::Opened(spot) => write!(log, "open {} ", spot.index()),
            Effect::Closed(spot) => write!(log, "close {} ", spot.index()),
            Effect::Begin(run) => write!(log, "begin {}.{} ", run.hotspot.index(), run.action),
            Effect::Stop(run) => write!(log, "stop {}.{} ", run.hotspot.index(), run.action),
            Effect::ChainCut(_) => write!(log, "cut "),
            other => write!(log, "{other:?} "),
        }
        .unwrap();
    }
    log.trim_end().to_owned()
}

struct Room {
    hotspots: Hotspots,
    memory: Memory,
}

impl Room {
    /// Hotspots as they stand in the exhibit's list, all shown.
    fn new(hotspots: &str) -> Self {
        let script = script(&format!(
            "variables: [(id: \"n\", start: 0), (id: \"f\", start: false)],\n\
             sounds: [(id: \"bell\", source: \"bell.ogg\"), (id: \"wind\", source: \"wind.ogg\", repeat: true)],\n\
             tours: [(id: \"t\", title: \"T\", steps: [(id: \"a\"), (id: \"b\")])],\n\
             hotspots: [{hotspots}],"
        ));
        let mut room = Self {
            memory: Memory::new(&script),
            hotspots: Hotspots::new(script),
        };
        room.step(&[], 0.0);
        room
    }

    fn step(&mut self, inputs: &[Input], dt: f64) -> String {
        log(&self.hotspots.step(inputs, &mut self.memory, secs(dt)))
    }

    #[track_caller]
    fn check(&mut self, inputs: &[Input], dt: f64, expected: &str) {
        assert_eq!(
            self.step(inputs, dt),
            expected,
            "what follows from {inputs:?} in {dt} s"
        );
    }
}

fn hotspot(id: &str, rest: &str) -> String {
    format!("(id: \"{id}\", title: \"{id}\", at: Point((0, 1, 0)), {rest}),")
}

fn ended(hotspot: usize, action: u32, run: u32) -> Input {
    Input::Ended(ActionRun {
        hotspot: spot(hotspot),
        action,
        run,
    })
}

#[test]
fn a_chain_is_begun_in_order_and_waits() {
    let actions = r#"actions: [Sound("bell"), Wait(1.5), Light(light: "sun", brightness: 0, duration: 2),
        WaitForEnd, Panel(text: "Look."), Set("n", 3)]"#;
    let mut room = Room::new(&hotspot("a", actions));
    room.check(&[Input::Select(spot(0))], 1.0, "open 0 begin 0.0");
    assert!(room.memory.is_visited(spot(0)));
    room.check(&[], 1.0, "begin 0.2");
    // The light is there after two seconds; the bell has not ended.
    room.check(&[], 5.0, "");
    room.check(&[ended(0, 0, 7)], 0.0, "");
    room.check(&[ended(0, 0, 0)], 0.0, "begin 0.4");
    assert_eq!(
        room.memory.value(VariableIndex::new(0)),
        Some(&Value::Number(3.0))
    );
    room.check(&[ended(0, 4, 0)], 0.0, "close 0");
    // Again; and this time the visitor closes it.
    room.check(&[Input::Select(spot(0))], 0.1, "open 0 begin 0.0");
    room.check(&[Input::Select(spot(0))], 9.0, "stop 0.0 close 0");
}

#[test]
fn an_endless_sound_is_not_waited_for_and_stops_with_its_hotspot() {
    let mut room = Room::new(&hotspot(
        "a",
        r#"actions: [Sound("wind"), WaitForEnd, Sound("bell")]"#,
    ));
    room.check(&[Input::Select(spot(0))], 9.0, "open 0 begin 0.0 begin 0.2");
    room.check(&[ended(0, 2, 0)], 9.0, "");
    room.check(&[Input::Close(spot(0))], 0.0, "stop 0.0 close 0");
}

#[test]
fn a_gaze_must_rest_and_fires_once() {
    let mut room = Room::new(&hotspot("a", "triggers: [Gaze(dwell: 1.5)]"));
    room.check(&[Input::Gaze(Some(spot(0)))], 1.4, "");
    room.check(&[Input::Gaze(None)], 1.0, "");
    room.check(&[Input::Gaze(Some(spot(0)))], 1.4, "");
    room.check(&[Input::Gaze(Some(spot(0)))], 0.1, "open 0 close 0");
    room.check(&[], 60.0, "");
    room.check(
        &[Input::Gaze(None), Input::Gaze(Some(spot(0)))],
        1.6,
        "open 0 close 0",
    );
    // A gaze does not select.
    room.check(&[Input::Select(spot(0))], 0.0, "");
}

#[test]
fn who_sways_on_the_edge_sets_nothing_off_twice() {
    let mut room = Room::new(&hotspot("a", "triggers: [Proximity(radius: 1.5)]"));
    let at = |metres| [Input::Distance(spot(0), metres)];
    for (metres, expected) in [
        (2.0, ""),
        (1.5, "open 0 close 0"),
        (1.6, ""),
        (1.4, ""),
        (1.89, ""),
        (1.0, ""),
        (1.95, ""),
        (f32::NAN, ""),
        (1.4, "open 0 close 0"),
    ] {
        room.check(&at(metres), 0.1, expected);
    }
}

#[test]
fn time_view_steps_and_ends_set_off() {
    let all = [
        hotspot("a", "triggers: [InView(dwell: 0.5)]"),
        hotspot("b", "triggers: [After(seconds: 3)]"),
        hotspot("c", "triggers: [TourStep(\"t\", \"b\")]"),
        hotspot(
            "d",
            "triggers: [ActionEnded(\"c\")], actions: [GoToStep(\"t\", \"a\")]",
        ),
    ];
    let mut room = Room::new(&all.concat());
    room.check(&[Input::InView(spot(0), true)], 0.4, "");
    room.check(&[Input::InView(spot(0), true)], 0.2, "open 0 close 0");
    room.check(&[Input::InView(spot(0), false)], 2.3, "");
    room.check(&[], 0.2, "open 1 close 1");
    let step = |step| Input::TourStep(TourIndex::FIRST, StepIndex::new(step));
    room.check(&[step(0)], 0.1, "");
    room.check(
        &[step(1)],
        0.1,
        "open 2 close 2 open 3 GoToStep(TourIndex(0), StepIndex(0)) close 3",
    );
}

#[test]
fn what_is_hidden_waits_until_it_is_shown() {
    let all = [
        hotspot("a", "actions: [Set(\"f\", true)]"),
        hotspot(
            "b",
            "hidden_until: Is(\"f\", true), triggers: [Proximity(radius: 2), When(Visited(\"a\"))]",
        ),
    ];
    let mut room = Room::new(&all.concat());
    room.check(
        &[Input::Distance(spot(1), 1.0), Input::Select(spot(1))],
        1.0,
        "",
    );
    assert!(!room.hotspots.is_shown(spot(1)));
    // Shown, it finds the visitor near; one trigger is enough.
    room.check(
        &[Input::Select(spot(0))],
        0.0,
        "open 0 close 0 show 1 open 1 close 1 open 1 close 1",
    );
    room.memory.set(VariableIndex::new(1), Value::Flag(false));
    room.step(&[], 1.0);
    assert!(room.hotspots.is_shown(spot(1)), "what was shown stays");
}

#[test]
fn hotspots_of_a_group_close_each_other() {
    let all = ["a", "b", "c"].map(|id| {
        let group = if id == "c" { "other" } else { "one" };
        hotspot(
            id,
            &format!("group: \"{group}\", actions: [Panel(text: \"Text\")]"),
        )
    });
    let mut room = Room::new(&all.concat());
    room.check(
        &[Input::Select(spot(0)), Input::Select(spot(2))],
        0.1,
        "open 0 begin 0.0 open 2 begin 2.0",
    );
    room.check(
        &[Input::Select(spot(1))],
        0.1,
        "stop 0.0 close 0 open 1 begin 1.0",
    );
    room.check(
        &[Input::Restart],
        0.1,
        "stop 1.0 close 1 stop 2.0 close 2 show 0 show 1 show 2",
    );
}

#[test]
fn chains_without_end_are_cut() {
    let circle = [
        hotspot("a", "triggers: [Select, ActionEnded(\"b\")]"),
        hotspot("b", "triggers: [ActionEnded(\"a\")], actions: [Wait(0)]"),
    ];
    let mut room = Room::new(&circle.concat());
    let said = room.step(&[Input::Select(spot(0))], 10.0);
    assert_eq!(
        said.matches("open").count(),
        MOST_AT_ONCE,
        "so many and no more"
    );
    assert!(said.ends_with("cut"), "and it is said");
    // With a wait it may go on for ever, a little at a time.
    let circle = circle.concat().replace("Wait(0)", "Wait(0.0001)");
    let mut room = Room::new(&circle);
    let said = room.step(&[Input::Select(spot(0))], 10.0);
    assert!(!said.contains("cut"), "no instant is too full");
    assert!(
        said.matches("open").count() <= 2002,
        "a hundred rounds a second"
    );
    // Conditions that undo each other.
    let flutter = [
        hotspot(
            "a",
            "triggers: [Select, When(Is(\"f\", false))], actions: [Set(\"f\", true)]",
        ),
        hotspot(
            "b",
            "triggers: [When(Is(\"f\", true))], actions: [Set(\"f\", false)]",
        ),
    ];
    let mut room = Room::new(&flutter.concat());
    room.step(&[Input::Select(spot(0))], 10.0);
    // One that ends itself.
    let own = hotspot("a", "triggers: [Select, ActionEnded(\"a\")]");
    let mut room = Room::new(&own);
    let said = room.step(&[Input::Select(spot(0))], 1.0);
    assert!(said.ends_with("cut"));
}

/// Hotspots that do anything to each other.
fn random_room(random: &mut Random) -> String {
    let names = ["a", "b", "c", "d"];
    let mut all = String::new();
    for id in names {
        let mut list = |choices: &[&str], most: usize| {
            let count = 1 + random.below(most);
            let picked: Vec<String> = (0..count)
                .map(|_| {
                    let choice = random.pick(choices);
                    choice
                        .replace('@', random.pick(&names))
                        .replace('%', random.pick(&["0", "1", "2"]))
                })
                .collect();
            picked.join(", ")
        };
        let triggers = list(
            &[
                "Select",
                "Gaze(dwell: 1.%)",
                "Proximity(radius: 1.%)",
                "InView(dwell: 0.%)",
                "After(seconds: %)",
                "TourStep(\"t\", \"a\")",
                "TourStep(\"t\", \"b\")",
                "ActionEnded(\"@\")",
                "When(AtLeast(\"n\", %))",
                "When(Not(Visited(\"@\")))",
                "When(Is(\"f\", true))",
                "When(Toured(\"t\"))",
            ],
            4,
        );
        let actions = list(
            &[
                "Sound(\"bell\")",
                "Sound(\"wind\")",
                "Panel(text: \"x\")",
                "Light(light: \"sun\", duration: %)",
                "StartTour(\"t\")",
                "GoToStep(\"t\", \"b\")",
                "Set(\"n\", %)",
                "Set(\"f\", true)",
                "Set(\"f\", false)",
                "Wait(0.%)",
                "Wait(0)",
                "WaitForEnd",
                "Teleport(to: (position: (0, 0, 0)))",
            ],
            5,
        );
        let rest = ["", "group: \"g\"", "hidden_until: AtLeast(\"n\", 1)"][random.below(3)];
        all += &hotspot(
            id,
            &format!("triggers: [{triggers}], actions: [{actions}], {rest}"),
        )
        .replace(", )", ")");
    }
    all
}

fn random_input(random: &mut Random) -> Input {
    let hotspot = spot(random.below(5));
    match random.below(9) {
        0 | 1 => Input::Select(hotspot),
        2 => Input::Gaze((random.below(2) == 0).then_some(hotspot)),
        3 => Input::InView(hotspot, random.below(2) == 0),
        4 => Input::Distance(hotspot, random.below(30) as f32 / 10.0),
        5 => Input::TourStep(
            TourIndex::new(random.below(2)),
            StepIndex::new(random.below(3)),
        ),
        6 => ended(
            random.below(5),
            u32::try_from(random.below(5)).unwrap(),
            u32::try_from(random.below(40)).unwrap(),
        ),
        7 => Input::Close(hotspot),
        _ => Input::Restart,
    }
}

#[test]
fn any_events_are_survived_alike_in_any_portions() {
    for seed in 0..150 {
        let mut random = Random(seed);
        let mut whole = Room::new(&random_room(&mut random));
        let mut parts = Room {
            hotspots: whole.hotspots.clone(),
            memory: whole.memory.clone(),
        };
        for _ in 0..40 {
            let input = [random_input(&mut random)];
            let nanos = random.next() % 2_000_000_000;
            let mut one =
                whole
                    .hotspots
                    .step(&input, &mut whole.memory, Duration::from_nanos(nanos));
            one.extend(whole.hotspots.step(&[], &mut whole.memory, Duration::ZERO));
            let mut other = parts
                .hotspots
                .step(&input, &mut parts.memory, Duration::ZERO);
            let mut left = nanos;
            while left > 0 {
                let part = (1 + random.next() % 300_000_000).min(left);
                other.extend(parts.hotspots.step(
                    &[],
                    &mut parts.memory,
                    Duration::from_nanos(part),
                ));
                left -= part;
            }
            assert_eq!(log(&one), log(&other), "seed {seed}: after {input:?}");
            assert_eq!(
                whole.memory, parts.memory,
                "seed {seed}: what is remembered"
            );
        }
    }
}

fn story(parts: &str) -> Story {
    Story::new(script(parts), Durations::default())
}

fn story_log(effects: &[StoryEffect]) -> String {
    let mut log = String::new();
    for effect in effects {
        match effect {
            StoryEffect::Hotspot(effect) => log += &self::log(&[*effect]),
            StoryEffect::Tour(playback::Effect::StepEntered { step, .. }) => {
                write!(log, "step {}", step.index()).unwrap();
            }
            StoryEffect::Tour(playback::Effect::TourEnded { how, .. }) => {
                write!(log, "end {how:?}").unwrap();
            }
            StoryEffect::Tour(playback::Effect::SetProperty {
                value: Value::Number(value),
                ..
            }) => {
                write!(log, "set {value:.2}").unwrap();
            }
            StoryEffect::Tour(_) => continue,
        }
        log.push(' ');
    }
    log.trim_end().to_owned()
}

const TOGETHER: &str = r#"
    variables: [(id: "f", start: false)],
    hotspots: [
        (id: "door", title: "Door", at: Point((0, 1, 0)), actions: [StartTour("t")]),
        (id: "echo", title: "Echo", at: Point((0, 1, 0)), triggers: [TourStep("t", "b")], actions: [Set("f", true)]),
        (id: "lion", title: "Lion", at: Point((0, 1, 0)), actions: [Wait(1), GoToStep("t", "d")]),
    ],
    tours: [(id: "t", title: "T", pace: Automatic, steps: [
        (id: "a", go_on: After(seconds: 2), cues: [(property: Lamp, to: 0, duration: 1)]),
        (id: "b", go_on: After(seconds: 1), branches: [(when: Is("f", true), go_to: "c")]),
        (id: "x"),
        (id: "c", go_on: HotspotVisited("lion")),
        (id: "d", go_on: Ready),
    ])],
"#;

#[test]
fn tours_and_hotspots_lead_each_other() {
    let mut story = story(TOGETHER);
    let select = |index| StoryInput::Hotspot(Input::Select(spot(index)));
    let said = story_log(&story.step(&[select(0)], secs(1.5)));
    assert_eq!(
        said,
        "show 0 show 1 show 2 open 0 StartTour(TourIndex(0)) step 0 close 0 set 0.00"
    );
    let said = story_log(&story.step(&[], secs(1.0)));
    assert_eq!(
        said, "step 1 open 1 close 1",
        "the step sets the hotspot off"
    );
    let said = story_log(&story.step(&[], secs(1.0)));
    assert_eq!(said, "step 3", "what it set leads the branch");
    // The lion is what the step waits for; a second later it leads back from the last step.
    let said = story_log(&story.step(&[select(2)], secs(2.0)));
    assert_eq!(
        said,
        "open 2 step 4 GoToStep(TourIndex(0), StepIndex(4)) step 4 close 2"
    );
    let saved = serde_json::to_string(&story.playback().position()).unwrap();
    let said = story_log(&story.restart());
    assert_eq!(said, "end Left set 1.00 show 0 show 1 show 2");
    assert_eq!(
        *story.playback().memory(),
        Memory::new(story.playback().script())
    );
    let position = serde_json::from_str(&saved).unwrap();
    let script = Arc::clone(story.playback().script());
    let (resumed, effects) = Story::resume(script, Durations::default(), &position).unwrap();
    assert_eq!(story_log(&effects), "step 4 set 0.00");
    assert!(resumed.playback().memory().is_visited(spot(2)));
}

#[test]
fn a_tour_and_a_hotspot_that_call_each_other_are_cut() {
    let mut story = story(
        r#"hotspots: [(id: "h", title: "H", at: Point((0, 1, 0)), triggers: [TourStep("t", "a")], actions: [GoToStep("t", "a")])],
        tours: [(id: "t", title: "T", steps: [(id: "a", go_on: Ready)])],"#,
    );
    let start = StoryInput::Tour(playback::Input::Start(TourIndex::FIRST));
    let said = story_log(&story.step(&[start], secs(10.0)));
    assert!(said.contains("cut"), "it is said");
    assert!(said.matches("step").count() < 200, "it ends");
}

#[test]
fn any_story_is_survived() {
    for seed in 0..100 {
        let mut random = Random(seed + 50_000);
        let hotspots = random_room(&mut random);
        let mut story = story(&format!(
            "variables: [(id: \"n\", start: 0), (id: \"f\", start: false)],\n\
             sounds: [(id: \"bell\", source: \"bell.ogg\"), (id: \"wind\", source: \"wind.ogg\")],\n\
             tours: [(id: \"t\", title: \"T\", pace: Automatic, steps: [\n\
                (id: \"a\", cues: [(property: Variable(\"n\"), to: 2, after: 0.5)], branches: [(when: Is(\"f\", true), go_to: \"b\")]),\n\
                (id: \"b\", go_on: HotspotVisited(\"a\"), branches: [(when: AtLeast(\"n\", 1), go_to: \"a\")])])],\n\
             hotspots: [{hotspots}],"
        ));
        for _ in 0..40 {
            let input = if random.below(3) == 0 {
                StoryInput::Tour(match random.below(4) {
                    0 => playback::Input::Start(TourIndex::FIRST),
                    1 => playback::Input::Next,
                    2 => playback::Input::Leave,
                    _ => playback::Input::Back,
                })
            } else {
                StoryInput::Hotspot(random_input(&mut random))
            };
            story.step(
                &[input],
                Duration::from_nanos(random.next() % 3_000_000_000),
            );
        }
    }
}

/// A guide leads to the donor and waits there for the visitor; the bell has nothing to read.
const LED: &str = r#"
    sounds: [(id: "ding", source: "ding.ogg")],
    hotspots: [
        (id: "donor", title: "Donor", at: Point((0, 1, 0)), triggers: [Select, InView(dwell: 1), Gaze(dwell: 1), Proximity(radius: 2)],
            actions: [Panel(text: "A donor.")]),
        (id: "bell", title: "Bell", at: Point((0, 1, 0)), triggers: [Proximity(radius: 2)], actions: [Sound("ding")]),
    ],
    tours: [(id: "t", title: "T", pace: Automatic, steps: [
        (id: "a", go_on: After(seconds: 10)),
        (id: "b", go_on: HotspotVisited("donor")),
    ])],"#;

#[test]
fn cards_wait_while_a_guide_leads() {
    let see = |is_in_view| StoryInput::Hotspot(Input::InView(spot(0), is_in_view));
    let near = |index, m| StoryInput::Hotspot(Input::Distance(spot(index), m));
    let gaze = |at| StoryInput::Hotspot(Input::Gaze(at));
    let start = StoryInput::Tour(playback::Input::Start(crate::tour::TourIndex::FIRST));
    let led = || {
        let mut story = story(LED);
        story.step(std::slice::from_ref(&start), secs(0.5));
        story
    };
    let mut story = led();
    let met = [see(true), gaze(Some(spot(0))), near(0, 1.0), near(1, 1.0)];
    assert_eq!(
        story_log(&story.step(&met, secs(3.0))),
        "open 1 begin 1.0",
        "what is heard is heard; the card waits"
    );
    let select = StoryInput::Hotspot(Input::Select(spot(0)));
    assert_eq!(
        story_log(&story.step(&[select], secs(0.1))),
        "open 0 begin 0.0",
        "who selects it has it"
    );
    let mut story = led();
    story.step(&met, secs(3.0));
    assert_eq!(
        story_log(&story.step(&[], secs(10.0))),
        "step 1",
        "it does not open the moment it may"
    );
    let again = [see(false), gaze(None), see(true)];
    assert_eq!(
        story_log(&story.step(&again, secs(1.5))),
        "open 0 begin 0.0 end Finished",
        "a step that waits for it has it by any trigger"
    );
    let mut story = led();
    story.step(&[StoryInput::Tour(playback::Input::Pause)], secs(0.1));
    assert_eq!(
        story_log(&story.step(&met[..1], secs(1.5))),
        "open 0 begin 0.0",
        "nobody leads a visitor who paused the tour"
    );
}
