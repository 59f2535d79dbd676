//! Tours as logs of effects, and what must hold for any tour and any order of events.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::diagnostic::Report;
use crate::scene::schema::{
    Answer, Branch, Condition, Cue, Curve, Exhibit, GoOn, Hotspot, HotspotId, Light, LightId, Pace,
    Property, Question, Say, Space, StepId, Text, Tour, TourId, TourStep, Variable, VariableId,
};
use crate::tour::script::{HotspotIndex, StepIndex};
use crate::tour::testing::{Random, script};

fn secs(secs: f64) -> Duration {
    Duration::from_secs_f64(secs)
}

const TOUR: TourIndex = TourIndex::FIRST;

/// Effects in a line each, short.
fn log(effects: &[Effect]) -> String {
    let mut log = String::new();
    for effect in effects {
        match effect {
            Effect::StepEntered { step, .. } => write!(log, "step {} ", step.index()).unwrap(),
            Effect::SetProperty {
                property, value, ..
            } => {
                let Value::Number(value) = value else {
                    write!(log, "{}={value:?} ", property.index()).unwrap();
                    continue;
                };
                write!(log, "{}={value:.2} ", property.index()).unwrap();
            }
            Effect::Say { utterance, .. } => {
                write!(log, "say {:?} ", utterance.answer).unwrap();
            }
            Effect::MoveVisitor { .. } => log.push_str("move "),
            Effect::TourEnded { tour, how } => {
                write!(log, "end {} {how:?} ", tour.index()).unwrap();
            }
            Effect::TourStarted { tour, .. } => write!(log, "tour {} ", tour.index()).unwrap(),
            other => write!(log, "{other:?} ").unwrap(),
        }
    }
    log.trim_end().to_owned()
}

fn playing(parts: &str) -> Playback {
    let script = script(parts);
    let durations = Durations::default();
    Playback::new(script, durations)
}

#[track_caller]
fn check(playback: &mut Playback, inputs: &[Input], dt: f64, expected: &str) {
    let effects = playback.step(inputs, secs(dt));
    assert_eq!(
        log(&effects),
        expected,
        "what follows from {inputs:?} in {dt} s"
    );
}

const LIT: &str = r#"
    variables: [(id: "count", start: 0), (id: "found", start: false)],
    hotspots: [(id: "lion", title: "Lion", at: Point((0, 1, 0)))],
    tours: [
        (id: "walk", title: "Walk", pace: Automatic, steps: [
            (id: "a", at: (position: (0, 0, 0)), say: (text: "Welcome."),
             cues: [(property: Light("sun"), to: 0, duration: 2, curve: Linear),
                    (property: Light("sun"), to: 0.5, after: 4, duration: 1, curve: Linear)]),
            (id: "b", cues: [(property: Lamp, to: 3), (property: Variable("found"), to: true)], go_on: After(seconds: 2),
             branches: [(when: Is("found", true), go_to: "d")]),
            (id: "c", say: (text: "Never.")),
            (id: "d", go_on: HotspotVisited("lion"), detours: ["aside"]),
        ]),
        (id: "aside", title: "Aside", steps: [
            (id: "x", say: (text: "Look."), cues: [(property: Light("sun"), to: 2)]),
            (id: "quiz", ask: (text: "Which?", answers: [
                (text: "This", correct: true, feedback: (text: "Yes!"), set: ("count", 1)),
                (text: "That", go_to: "x"),
            ]), go_on: Answered),
        ]),
    ],
"#;

#[test]
fn an_automatic_tour_goes_on_by_itself() {
    let mut tour = playing(LIT);
    check(
        &mut tour,
        &[Input::Start(TOUR)],
        0.0,
        "tour 0 step 0 move say None",
    );
    check(&mut tour, &[], 1.0, "0=0.50");
    check(&mut tour, &[], 1.0, "0=0.00");
    check(&mut tour, &[], 2.5, "0=0.25");
    // Nobody knows how long the narration is: five seconds.
    check(&mut tour, &[], 0.75, "step 1 0=0.50 1=3.00");
    // The variable of the second step is laid over: its branch leads on to the last.
    check(&mut tour, &[], 2.0, "step 3 OfferDetours([TourIndex(1)])");
    check(
        &mut tour,
        &[Input::Next],
        0.0,
        "Remind(Hotspot(HotspotIndex(0)))",
    );
    let visited = Input::HotspotVisited(HotspotIndex::new(0));
    check(
        &mut tour,
        &[visited],
        0.0,
        "OfferDetours([]) end 0 Finished 0=1.00 1=1.00",
    );
    assert!(tour.memory().is_toured(TOUR), "its end was reached");
    assert_eq!(
        tour.memory().value(crate::tour::VariableIndex::new(1)),
        Some(&Value::Flag(false)),
        "what a cue laid over a variable is taken off"
    );
}

#[test]
fn a_detour_returns_to_where_it_was_taken() {
    let mut tour = playing(LIT);
    let aside = TourIndex::new(1);
    tour.step(&[Input::GoTo(TOUR, StepIndex::new(3))], secs(1.0));
    check(
        &mut tour,
        &[Input::TakeDetour(aside)],
        5.0,
        "OfferDetours([]) tour 1 step 0 say None OfferNext 0=2.00",
    );
    check(&mut tour, &[Input::TakeDetour(aside)], 0.0, "");
    check(
        &mut tour,
        &[Input::Next],
        0.0,
        "step 1 Ask { tour: TourIndex(1), step: StepIndex(1) }",
    );
    check(&mut tour, &[Input::Next], 0.0, "Remind(Answer)");
    check(&mut tour, &[Input::Answer(7)], 0.0, "");
    check(
        &mut tour,
        &[Input::Answer(0)],
        1.0,
        "StopAsking Feedback { answer: 0, is_correct: true } say Some(0)",
    );
    // Its feedback is over: the detour ends, and with it its light.
    check(
        &mut tour,
        &[],
        4.0,
        "end 1 Finished step 3 OfferDetours([TourIndex(1)]) 0=1.00",
    );
    assert_eq!(
        tour.memory().value(crate::tour::VariableIndex::new(0)),
        Some(&Value::Number(1.0)),
        "what an answer set stays"
    );
    check(
        &mut tour,
        &[Input::Leave],
        0.0,
        "OfferDetours([]) end 0 Left",
    );
    check(&mut tour, &[Input::Leave], 0.0, "");
}

#[test]
fn leaving_a_step_early_fulfils_its_cues_and_going_back_takes_them_off() {
    let mut tour = playing(LIT);
    tour.step(&[Input::Start(TOUR)], secs(1.0));
    // The cue of the fourth second begins now, from 0.5; a second later it is done.
    check(&mut tour, &[Input::Next], 1.0, "StopSaying step 1 1=3.00");
    check(
        &mut tour,
        &[Input::Back],
        0.0,
        "step 0 move say None 0=1.00 1=1.00",
    );
    check(&mut tour, &[], 1.0, "0=0.50");
    // At the first step there is only its own beginning.
    check(
        &mut tour,
        &[Input::Back],
        0.0,
        "StopSaying step 0 move say None 0=1.00",
    );
}

#[test]
fn what_the_visitor_changes_counts_and_stays() {
    let mut tour = playing(LIT);
    let sun = PropertyIndex::new(0);
    tour.step(&[Input::Start(TOUR)], secs(1.0));
    check(
        &mut tour,
        &[Input::BaseChanged(sun, Value::Number(0.8))],
        0.0,
        "",
    );
    check(
        &mut tour,
        &[Input::Overridden(sun, Value::Number(7.0))],
        1.0,
        "",
    );
    // Until the tour's next cue, which begins from there.
    check(&mut tour, &[], 2.5, "0=3.75");
    check(
        &mut tour,
        &[Input::Leave],
        0.0,
        "StopSaying end 0 Left 0=7.00",
    );
    let wrong = [Value::Flag(true), Value::Number(f64::NAN)];
    for value in wrong {
        check(&mut tour, &[Input::Overridden(sun, value)], 0.0, "");
    }
    assert_eq!(
        tour.value(sun),
        Some(Value::Number(7.0)),
        "nonsense is ignored"
    );
}

#[test]
fn an_unattended_tour_comes_to_its_end() {
    let mut tour = playing(LIT);
    let mut effects = tour.step(&[Input::StartUnattended(TOUR)], secs(30.0));
    assert_eq!(tour.playing(), None, "nobody is waited for");
    effects.extend(tour.step(&[Input::StartUnattended(TourIndex::new(1))], secs(60.0)));
    assert!(
        log(&effects).contains("Feedback { answer: 0, is_correct: true }"),
        "the right answer is given"
    );
    assert_eq!(tour.playing(), None, "nobody is waited for");
}

#[test]
fn another_language_speaks_anew_in_its_own_time() {
    let mut tour = playing(LIT);
    tour.step(&[Input::Start(TOUR)], secs(4.9));
    let mut durations = Durations::default();
    let utterance = Utterance {
        tour: TOUR,
        step: StepIndex::default(),
        answer: None,
    };
    durations.set(utterance, secs(2.0));
    assert_eq!(log(&tour.change_language(durations)), "StopSaying say None");
    assert!(!log(&tour.step(&[], secs(1.9))).contains("step"), "not yet");
    assert!(
        log(&tour.step(&[], secs(0.2))).contains("step 1"),
        "after its own length"
    );
}

/// An exhibit with tours that lead anywhere.
fn random_exhibit(random: &mut Random) -> Exhibit {
    let mut exhibit = Exhibit {
        spaces: vec![Space {
            lights: ["p", "q"]
                .map(|id| Light {
                    id: LightId::new(id),
                    ..Light::default()
                })
                .into(),
            ..Space::default()
        }],
        variables: ["n", "f"]
            .into_iter()
            .zip([Value::Number(0.0), Value::Flag(false)])
            .map(|(id, start)| Variable {
                id: VariableId::new(id),
                start,
            })
            .collect(),
        hotspots: ["h", "i"]
            .map(|id| Hotspot {
                id: HotspotId::new(id),
                ..Hotspot::default()
            })
            .into(),
        ..Exhibit::default()
    };
    for tour in 0..3 {
        let count = 1 + random.below(5);
        exhibit.tours.push(Tour {
            id: TourId::new(format!("t{tour}")),
            pace: if random.below(2) == 0 {
                Pace::Automatic
            } else {
                Pace::Visitor
            },
            steps: (0..count)
                .map(|step| random_step(random, step, count))
                .collect(),
            ..Tour::default()
        });
    }
    exhibit
}

fn random_step(random: &mut Random, index: usize, count: usize) -> TourStep {
    let mut step = TourStep {
        id: StepId::new(format!("s{index}")),
        ..TourStep::default()
    };
    for _ in 0..random.below(5) {
        let (property, to) = match random.below(6) {
            0 => (
                Property::Light(LightId::new("p")),
                Value::Number(random.below(9) as f64 / 3.0),
            ),
            1 => (
                Property::Light(LightId::new("q")),
                Value::Number(random.below(9) as f64 / 7.0),
            ),
            2 => (Property::Exposure, Value::Number(random.below(20) as f64)),
            3 => (Property::Lamp, Value::Number(0.1)),
            4 => (
                Property::Variable(VariableId::new("n")),
                Value::Number(random.below(4) as f64),
            ),
            _ => (
                Property::Variable(VariableId::new("f")),
                Value::Flag(random.below(2) == 0),
            ),
        };
        step.cues.push(Cue {
            property,
            to,
            after: random.below(40) as f32 / 8.0,
            duration: random.below(40) as f32 / 7.0,
            curve: [Curve::Linear, Curve::Smooth, Curve::Step, Curve::EaseIn][random.below(4)]
                .clone(),
            threshold: random.below(5) as f32 / 4.0,
        });
    }
    if random.below(2) == 0 {
        step.say = Some(Say {
            text: Text::plain("Words.".to_owned()),
            ..Say::default()
        });
    }
    let target = |random: &mut Random| StepId::new(format!("s{}", random.below(count + 1)));
    if random.below(3) == 0 {
        step.ask = Some(Question {
            answers: (0..1 + random.below(3))
                .map(|_| Answer {
                    correct: random.below(2) == 0,
                    feedback: (random.below(2) == 0).then(|| Say {
                        text: Text::plain("So.".to_owned()),
                        ..Say::default()
                    }),
                    set: (random.below(2) == 0)
                        .then(|| (VariableId::new("n"), Value::Number(random.below(3) as f64))),
                    go_to: (random.below(3) == 0).then(|| target(random)),
                    ..Answer::default()
                })
                .collect(),
            ..Question::default()
        });
    }
    step.go_on = match random.below(6) {
        0 => GoOn::Ready,
        1 => GoOn::After {
            seconds: random.below(9) as f32 / 2.0,
        },
        2 => GoOn::HotspotVisited(HotspotId::new("h")),
        3 => GoOn::Answered,
        _ => GoOn::NarrationEnded,
    };
    for _ in 0..random.below(3) {
        let when = match random.below(5) {
            0 => Condition::Always,
            1 => Condition::AtLeast(VariableId::new("n"), 1.0),
            2 => Condition::Not(Box::new(Condition::Is(
                VariableId::new("f"),
                Value::Flag(true),
            ))),
            3 => Condition::Visited(HotspotId::new("i")),
            _ => Condition::Toured(TourId::new("t1")),
        };
        step.branches.push(Branch {
            when,
            go_to: target(random),
        });
    }
    step.detours = (0..random.below(3))
        .map(|n| TourId::new(format!("t{n}")))
        .collect();
    step
}

fn random_playback(random: &mut Random) -> Playback {
    let exhibit = random_exhibit(random);
    let script = Arc::new(crate::tour::compile(&exhibit, &mut Report::new()));
    Playback::new(script, Durations::default())
}

fn random_input(random: &mut Random) -> Input {
    let tour = TourIndex::new(random.below(4));
    let step = StepIndex::new(random.below(7));
    match random.below(17) {
        0 => Input::Start(tour),
        1 => Input::StartUnattended(tour),
        2 | 3 => Input::Next,
        4 => Input::Skip,
        5 => Input::Back,
        6 => Input::Leave,
        7 => Input::EndDetour,
        8 | 9 => Input::Answer(u32::try_from(random.below(4)).unwrap()),
        10 | 11 => Input::TakeDetour(tour),
        12 => Input::NarrationEnded(Utterance {
            tour,
            step,
            answer: None,
        }),
        13 | 14 => Input::HotspotVisited(HotspotIndex::new(random.below(3))),
        15 => Input::GoTo(tour, step),
        _ => Input::Overridden(
            PropertyIndex::new(random.below(7)),
            Value::Number(random.below(5) as f64),
        ),
    }
}

/// A time in nanoseconds that is no frame's.
fn odd_time(random: &mut Random, most_secs: u64) -> Duration {
    Duration::from_nanos(random.next() % (most_secs * 1_000_000_000))
}

#[test]
fn any_order_of_events_is_survived_and_leaving_restores_everything() {
    for seed in 0..400 {
        let mut random = Random(seed);
        let mut tour = random_playback(&mut random);
        let mut shown: Vec<Value> = tour.shown.clone();
        let mut own = shown.clone();
        for _ in 0..60 {
            let mut inputs = vec![random_input(&mut random)];
            match random.below(8) {
                0 => inputs.push(Input::Pause),
                1 => inputs.push(Input::Resume),
                2 => inputs.push(Input::Seek(odd_time(&mut random, 20))),
                _ => {}
            }
            for input in &inputs {
                if let Input::Overridden(property, value) = input
                    && let Some(place) = own.get_mut(property.index())
                    && std::mem::discriminant(place) == std::mem::discriminant(value)
                {
                    *place = value.clone();
                    shown[property.index()] = value.clone();
                }
            }
            let dt = odd_time(&mut random, 7);
            for effect in tour.step(&inputs, dt) {
                if let Effect::SetProperty {
                    property, value, ..
                } = effect
                {
                    shown[property.index()] = value;
                }
            }
        }
        for effect in tour.step(&[Input::Leave], Duration::ZERO) {
            if let Effect::SetProperty {
                property, value, ..
            } = effect
            {
                shown[property.index()] = value;
            }
        }
        for (index, property) in tour.script().properties.iter().enumerate() {
            if property.variable.is_none() {
                assert_eq!(
                    shown[index], own[index],
                    "seed {seed}: {property:?} has returned"
                );
            }
        }
        let memory = tour.memory().clone();
        let mut bare = memory.clone();
        for index in 0..tour.script().variables.len() {
            bare.lay_over(crate::tour::VariableIndex::new(index), None);
        }
        assert_eq!(memory, bare, "seed {seed}: nothing lies over a variable");
    }
}

#[test]
fn seeking_back_and_forth_equals_playing() {
    let mut count = 0;
    for seed in 0..300 {
        let mut random = Random(seed + 10_000);
        let mut tour = random_playback(&mut random);
        tour.step(&[Input::Start(TOUR)], Duration::ZERO);
        let mut seen: Vec<(Duration, State)> = Vec::new();
        for _ in 0..12 {
            let input = match random.below(4) {
                0 => random_input(&mut random),
                _ => Input::HotspotVisited(HotspotIndex::new(2)),
            };
            // What the exhibit has of its own is as it is now, whenever is sought.
            if matches!(
                input,
                Input::Overridden(..)
                    | Input::Start(_)
                    | Input::StartUnattended(_)
                    | Input::GoTo(..)
            ) {
                continue;
            }
            tour.step(&[input], odd_time(&mut random, 4));
            if tour.playing().is_none() {
                break;
            }
            seen.push((tour.elapsed(), tour.state.clone()));
            // The next event comes later: at one instant, what is sought is after all events.
            tour.step(&[], Duration::from_nanos(1 + random.next() % 1_000_000_000));
        }
        if tour.playing().is_none() {
            continue;
        }
        assert!(!tour.moments.is_empty(), "there is somewhere to seek to");
        for (time, state) in seen.iter().rev() {
            tour.step(&[Input::Seek(*time)], Duration::ZERO);
            assert_eq!(tour.state, *state, "seed {seed}: sought {time:?}");
            count += 1;
        }
        // Ahead again: as if nobody did anything from there on.
        let mut played = tour.clone();
        let dt = odd_time(&mut random, 30);
        let target = tour.elapsed() + dt;
        played.step(&[], dt);
        tour.step(&[Input::Seek(target)], Duration::ZERO);
        assert_eq!(
            tour.state, played.state,
            "seed {seed}: sought ahead to {target:?}"
        );
    }
    assert!(count > 500, "enough was sought, not only {count} times");
}

#[test]
fn time_passes_alike_in_any_portions_and_through_pauses() {
    for seed in 0..300 {
        let mut random = Random(seed + 20_000);
        let mut whole = random_playback(&mut random);
        let mut parts = whole.clone();
        let start = [if seed % 2 == 0 {
            Input::Start(TOUR)
        } else {
            Input::StartUnattended(TOUR)
        }];
        whole.step(&start, Duration::ZERO);
        parts.step(&start, Duration::ZERO);
        for _ in 0..10 {
            let input = [random_input(&mut random)];
            let dt = odd_time(&mut random, 9);
            whole.step(&input, dt);
            parts.step(&input, Duration::ZERO);
            let mut left = dt;
            while !left.is_zero() {
                let part = odd_time(&mut random, 1).min(left);
                parts.step(&[], part);
                left -= part;
                if random.below(3) == 0 {
                    parts.step(&[Input::Pause], odd_time(&mut random, 99));
                    parts.step(&[Input::Resume], Duration::ZERO);
                }
            }
            assert_eq!(whole.state, parts.state, "seed {seed}: after {input:?}");
            assert_eq!(whole.shown, parts.shown, "seed {seed}: what is shown");
        }
    }
}

#[test]
fn a_saved_position_goes_on_exactly_there() {
    for seed in 0..200 {
        let mut random = Random(seed + 30_000);
        let mut tour = random_playback(&mut random);
        tour.step(&[Input::Start(TOUR)], Duration::ZERO);
        for _ in 0..random.below(9) {
            tour.step(&[random_input(&mut random)], odd_time(&mut random, 5));
        }
        let json = serde_json::to_string(&tour.position()).unwrap();
        let position: Position = serde_json::from_str(&json).unwrap();
        let script = Arc::clone(tour.script());
        let (mut resumed, _) =
            Playback::resume(Arc::clone(&script), Durations::default(), &position).unwrap();
        assert_eq!(resumed.state, tour.state, "seed {seed}: resumed");
        let dt = odd_time(&mut random, 20);
        resumed.step(&[], dt);
        tour.step(&[], dt);
        assert_eq!(resumed.state, tour.state, "seed {seed}: and goes on");
        // A file that was tampered with.
        let mut bytes = json.into_bytes();
        for _ in 0..3 {
            let at = random.below(bytes.len());
            bytes[at] = random.pick(b"0123456789,]}tf\"");
        }
        if let Ok(position) = serde_json::from_slice::<Position>(&bytes)
            && let Ok((mut resumed, _)) = Playback::resume(script, Durations::default(), &position)
        {
            for _ in 0..10 {
                resumed.step(&[random_input(&mut random)], odd_time(&mut random, 5));
            }
        }
    }
}

#[test]
fn a_changed_exhibit_resumes_at_the_step_of_that_name() {
    let mut tour = playing(LIT);
    tour.step(&[Input::GoTo(TOUR, StepIndex::new(3))], secs(1.0));
    let position = tour.position();
    let changed = script(
        &LIT.replace("Welcome.", "Hello.")
            .replace(r#"after: 4"#, "after: 3"),
    );
    let (resumed, effects) = Playback::resume(changed, Durations::default(), &position).unwrap();
    assert_eq!(resumed.playing(), Some((TOUR, StepIndex::new(3))));
    assert!(log(&effects).contains("step 3"), "it is entered anew");
    let other = script(&LIT.replace("\"walk\"", "\"hike\""));
    assert_eq!(
        Playback::resume(other, Durations::default(), &position).err(),
        Some(ResumeError::UnknownTour("walk".to_owned()))
    );
}

#[test]
fn circles_of_silent_steps_take_time() {
    let mut tour = playing(
        r#"tours: [(id: "t", title: "T", pace: Automatic, steps: [
            (id: "a", branches: [(when: Always, go_to: "b")]),
            (id: "b", go_on: After(seconds: 0), branches: [(when: Always, go_to: "a")]),
            (id: "c"),
        ])],"#,
    );
    let effects = tour.step(&[Input::Start(TOUR)], secs(3600.0));
    let steps = effects
        .iter()
        .filter(|one| matches!(one, Effect::StepEntered { .. }));
    assert_eq!(steps.count(), 36_001, "ten steps a second");
    tour.step(&[Input::Seek(Duration::MAX)], Duration::MAX);
    assert!(tour.playing().is_some(), "it still goes round");
}

#[test]
fn a_tour_of_many_steps_and_cues_is_played() {
    let mut exhibit = random_exhibit(&mut Random(1));
    let step = |n: usize| TourStep {
        id: StepId::new(format!("s{n}")),
        cues: vec![
            Cue {
                property: Property::Lamp,
                to: Value::Number(n as f64),
                ..Cue::default()
            };
            5
        ],
        ..TourStep::default()
    };
    exhibit.tours = vec![Tour {
        id: TourId::new("long"),
        pace: Pace::Automatic,
        steps: (0..30_000).map(step).collect(),
        ..Tour::default()
    }];
    let script = Arc::new(crate::tour::compile(&exhibit, &mut Report::new()));
    let mut tour = Playback::new(script, Durations::default());
    tour.step(&[Input::Start(TOUR)], secs(2999.95));
    assert_eq!(tour.playing(), Some((TOUR, StepIndex::new(29_999))));
    assert_eq!(
        tour.value(PropertyIndex::new(0)),
        Some(Value::Number(29_999.0))
    );
}

#[test]
fn a_tour_is_the_same_to_the_bit_everywhere() {
    let mut tour = playing(LIT);
    let mut all = tour.step(&[Input::StartUnattended(TOUR)], Duration::ZERO);
    for _ in 0..1500 {
        all.extend(tour.step(&[], Duration::from_nanos(11_111_111)));
    }
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for effect in &all {
        let text = match effect {
            // Bits, not digits.
            Effect::SetProperty {
                value: Value::Number(value),
                ..
            } => {
                format!("{:016x}", value.to_bits())
            }
            Effect::SetProperty { value, .. } => format!("{value:?}"),
            _ => log(std::slice::from_ref(effect)),
        };
        for byte in text.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    assert_eq!(hash, PATH_HASH, "the path of the tour: {hash:#x}");
}

/// Of the effects above; changes only when the timeline does, and then say so.
const PATH_HASH: u64 = 0x34a3_61c3_580c_bdcb;
