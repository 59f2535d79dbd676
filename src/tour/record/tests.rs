//! Walks become the tours that were walked, and any walk becomes a sound tour.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use bevy::math::Vec3;

use super::*;
use crate::diagnostic::{Report, Severity};
use crate::scene::schema::{Exhibit, HotspotId, Language, Place, Property, SurfaceId, Value};
use crate::scene::{MemoryFiles, NoAssets, load};
use crate::tour::rehearse::{Facts, rehearse};
use crate::tour::testing::Random;
use crate::tour::{
    Durations, Effect, Input, Playback, Script, StepIndex, TourIndex, Utterance, compile,
};

fn secs(secs: f32) -> Duration {
    Duration::from_secs_f32(secs)
}

fn standing(x: f32, z: f32, yaw_deg: f32) -> Standing {
    Standing {
        feet_in_world: Vec3::new(x, 0.0, z),
        yaw_rad: yaw_deg.to_radians(),
        pitch_rad: 0.0,
    }
}

/// A guide who is moved by a test.
struct Guide {
    take: Take,
    now: f32,
    here: Standing,
}

impl Guide {
    fn at(here: Standing) -> Self {
        let mut guide = Self {
            take: Take::default(),
            now: 0.0,
            here,
        };
        guide.note(Happening::Stands(here));
        guide
    }

    fn note(&mut self, what: Happening) {
        self.take.note(secs(self.now), what);
    }

    fn rest(&mut self, for_secs: f32) {
        let end = self.now + for_secs;
        while self.now < end {
            self.now += 0.1;
            self.note(Happening::Stands(self.here));
        }
    }

    fn walk_to(&mut self, x: f32, z: f32, speed: f32) {
        let from = self.here.feet_in_world;
        let to = Vec3::new(x, 0.0, z);
        let duration = from.distance(to) / speed;
        let start = self.now;
        while self.now < start + duration {
            self.now += 0.1;
            let share = ((self.now - start) / duration).min(1.0);
            self.here.feet_in_world = from.lerp(to, share);
            self.note(Happening::Stands(self.here));
        }
    }

    fn layer(&mut self, layer: &str) {
        self.note(Happening::Changed {
            property: Property::Layer(SurfaceId::new("mural")),
            value: Value::Word(layer.to_owned()),
            over: secs(1.5),
        });
    }

    fn lamp(&mut self, value: f64) {
        self.note(Happening::Changed {
            property: Property::Lamp,
            value: Value::Number(value),
            over: Duration::ZERO,
        });
    }
}

fn speech(spans: &[Range<f32>]) -> Speech {
    Speech::from_spans(spans.iter().map(|span| secs(span.start)..secs(span.end)))
}

/// A wall along x = 0 with a door at z = 4.
struct Wall;

impl Ways for Wall {
    fn between(&self, from: &Standing, to: &Standing) -> Way {
        let (a, b) = (from.feet_in_world, to.feet_in_world);
        let crosses = (a.x < 0.0) != (b.x < 0.0);
        let z = a.z + (b.z - a.z) * (a.x / (a.x - b.x));
        Way {
            is_free: !crosses || (z - 4.0).abs() < 0.7,
            ..OpenGround.between(from, to)
        }
    }
}

fn places(draft: &Draft) -> Vec<(f32, f32)> {
    let at = |step: &DraftStep| {
        let feet = step.standing.feet_in_world;
        (
            (feet.x * 10.0).round() / 10.0,
            (feet.z * 10.0).round() / 10.0,
        )
    };
    draft.steps.iter().map(at).collect()
}

#[test]
fn rests_become_steps_and_words_stay_with_their_place() {
    let mut guide = Guide::at(standing(0.0, 0.0, 0.0));
    guide.rest(6.0);
    guide.walk_to(0.0, -5.0, 1.2);
    guide.rest(8.0);
    // 0.5-4 at the first place; "come with me" while leaving; 11-17 at the second.
    let speech = speech(&[0.5..4.0, 5.5..7.5, 11.0..17.0]);
    let draft = clean(&guide.take, &speech, &OpenGround, None);
    assert_eq!(
        places(&draft),
        [(0.0, 0.0), (0.0, -5.0)],
        "two rests, two steps"
    );
    let [first, second] = &draft.steps[..] else {
        panic!("two steps");
    };
    assert_eq!(
        first.recorded.end,
        secs(5.5),
        "what is said while leaving belongs to where it leads"
    );
    assert!(
        first.voice_length() > secs(3.5),
        "the first place is told of"
    );
    assert_eq!(
        second.voice.len(),
        2,
        "the long pause while walking is shortened: {second:#?}"
    );
    assert_eq!(
        second.stay,
        Stay::NarrationEnded,
        "the voice outlasts the way"
    );
    assert!(
        second.voice_length() < secs(10.0),
        "silence is not played: {:?}",
        second.voice_length()
    );
}

#[test]
fn a_silent_rest_lasts_as_long_as_the_way_and_a_look() {
    let mut guide = Guide::at(standing(0.0, 0.0, 0.0));
    guide.rest(3.0);
    guide.walk_to(0.0, -14.0, 3.0);
    guide.rest(60.0);
    let draft = clean(&guide.take, &Speech::default(), &OpenGround, None);
    let second = &draft.steps[1];
    assert!(
        second.travel > secs(10.0),
        "who ran is followed at a walk: {:?}",
        second.travel
    );
    let look = second.length() - second.travel;
    assert!(
        (1.5..9.0).contains(&look.as_secs_f32()),
        "a minute of silence is cut to a look: {look:?}"
    );
}

#[test]
fn bends_lead_around_a_wall_and_only_there() {
    let walk = |ways: &dyn Ways| {
        let mut guide = Guide::at(standing(-3.0, 0.0, 0.0));
        guide.rest(3.0);
        guide.walk_to(0.0, 4.0, 1.2);
        guide.walk_to(3.0, 0.0, 1.2);
        guide.rest(3.0);
        clean(&guide.take, &Speech::default(), ways, None)
    };
    let around = walk(&Wall);
    assert_eq!(around.steps.len(), 3, "one bend: {:?}", places(&around));
    let bend = &around.steps[1];
    assert!(
        bend.is_way
            && bend
                .standing
                .feet_in_world
                .distance(Vec3::new(0.0, 0.0, 4.0))
                < 0.3,
        "it goes through the door: {bend:?}"
    );
    assert_eq!(walk(&OpenGround).steps.len(), 2, "a free way needs no bend");
}

#[test]
fn keys_begin_steps_and_mark_places() {
    let mut guide = Guide::at(standing(0.0, 0.0, 0.0));
    guide.rest(5.0);
    guide.note(Happening::NextStep);
    guide.rest(5.0);
    guide.walk_to(0.0, -2.0, 1.0);
    guide.note(Happening::Mark);
    guide.walk_to(0.0, -4.0, 1.0);
    guide.rest(3.0);
    let speech = speech(&[0.5..4.8, 5.2..9.0]);
    let draft = clean(&guide.take, &speech, &OpenGround, None);
    assert_eq!(
        places(&draft),
        [(0.0, 0.0), (0.0, 0.0), (0.0, -2.0), (0.0, -4.0)],
        "a key divides a rest, a mark makes a stop of a place that was passed"
    );
    assert!(
        draft.steps[1].voice_length() > secs(3.5),
        "the second sentence is the second step's"
    );
}

#[test]
fn what_is_switched_becomes_cues_where_it_was_said() {
    let mut guide = Guide::at(standing(0.0, 0.0, 0.0));
    guide.rest(4.0);
    guide.layer("restored");
    guide.rest(10.0);
    guide.note(Happening::Opened(HotspotId::new("a")));
    guide.lamp(0.0);
    guide.rest(0.3);
    guide.lamp(1.0);
    guide.rest(0.3);
    guide.lamp(0.0);
    guide.rest(3.0);
    // A pause from 2 to 3.5 s is kept, that from 5 to 12 s is not.
    let speech = speech(&[0.0..2.0, 3.5..5.0, 12.0..17.0]);
    let draft = clean(&guide.take, &speech, &OpenGround, None);
    let [step] = &draft.steps[..] else {
        panic!("one step: {:?}", places(&draft));
    };
    assert_eq!(step.opened, [HotspotId::new("a")]);
    let shown: Vec<(Property, f32)> = step
        .cues
        .iter()
        .map(|cue| (cue.property.clone(), cue.after.as_secs_f32()))
        .collect();
    assert_eq!(
        shown.len(),
        2,
        "of a lamp that flickers the last change counts: {shown:?}"
    );
    assert!(
        (shown[0].1 - 4.0).abs() < 0.2,
        "before any cut, times are as recorded"
    );
    assert!(
        (shown[1].1 - (14.6 - 6.2)).abs() < 0.3,
        "after a cut of 6.2 s they are earlier: {shown:?}"
    );
}

const MURAL: &str = r#"surfaces: [(id: "mural", mesh: "wall", material: "mural", layers: [
    (id: "today", base_color: "a.png"), (id: "restored", base_color: "b.png")])]"#;

fn about() -> About {
    About {
        id: "evening".to_owned(),
        title: "The \"evening\" walk".to_owned(),
        languages: ["en", "zh-Hans"]
            .map(|tag| Language::parse(tag).expect("a tag of the test"))
            .to_vec(),
        spoken: Language::english(),
        file: "tours/evening.ron".to_owned(),
        voices: "evening".to_owned(),
    }
}

/// The exhibit of the tests with a recorded tour in it.
fn exhibit_with(draft: &Draft) -> (Exhibit, Report, String) {
    let text = tour_file(draft, &about());
    let scene = format!(
        r#"(format: 1, title: {{"en": "X", "zh-Hans": "X"}}, languages: ["en", "zh-Hans"],
        credits: [(name: {{"en": "Us", "zh-Hans": "我们"}})],
        spaces: [(id: "hall", title: {{"en": "Hall", "zh-Hans": "厅"}},
            meshes: [(id: "wall", path: "wall.glb")], {MURAL},
            lights: [(id: "sun", at: (position: (0, 9, 0)))])],
        hotspots: [
            (id: "a", title: {{"en": "A", "zh-Hans": "甲"}}, at: Point((0, 1, 0))),
            (id: "b \"b\"", title: {{"en": "B", "zh-Hans": "乙"}}, at: Point((1, 1, 0))),
        ],
        tours: ["tours/evening.ron"])"#
    );
    let scene = scene.replace(
        "(id: \"today\",",
        "(id: \"today\", title: {\"en\": \"T\", \"zh-Hans\": \"T\"},",
    );
    let scene = scene.replace(
        "(id: \"restored\",",
        "(id: \"restored\", title: {\"en\": \"R\", \"zh-Hans\": \"R\"},",
    );
    let mut files = MemoryFiles::new()
        .with("exhibit.ron", scene)
        .with("tours/evening.ron", text.clone())
        .with("wall.glb", "")
        .with("a.png", "")
        .with("b.png", "");
    for (index, step) in draft.steps.iter().enumerate() {
        if !step.voice.is_empty() {
            files = files.with(format!("tours/{}", about().voice_file(index)), "RIFF");
        }
    }
    let loaded = load("exhibit.ron", &files, &NoAssets);
    let exhibit = loaded.exhibit.expect("the exhibit can be read");
    (exhibit, loaded.report, text)
}

/// What is known of a recorded tour: its voices and its ways.
struct Known<'d>(&'d Draft);

impl Facts for Known<'_> {
    fn narration(&self, utterance: Utterance, _: &Language) -> Option<Duration> {
        let step = self.0.steps.get(utterance.step.index())?;
        Some(step.voice_length())
    }

    fn travel(&self, _: TourIndex, from: Option<StepIndex>, to: StepIndex) -> Option<Duration> {
        let from = self.0.steps.get(from?.index())?.standing;
        Some(
            OpenGround
                .between(&from, &self.0.steps.get(to.index())?.standing)
                .time,
        )
    }
}

/// Errors, and of the warnings those that a recording must not cause.
fn faults(draft: &Draft) -> Vec<String> {
    let (exhibit, mut report, text) = exhibit_with(draft);
    let script = compile(&exhibit, &mut report);
    rehearse(&exhibit, &script, &Known(draft), &mut report);
    let of_ours = [
        "flights-overlap",
        "light-flashes",
        "narration-cut",
        "narration-too-long",
        "step-never-reached",
        "tour-never-ends",
    ];
    report
        .diagnostics()
        .into_iter()
        .filter(|one| one.severity == Severity::Error || of_ours.contains(&one.code.as_ref()))
        // Where the test's hotspots are is not what is tested.
        .filter(|one| one.code != "unreachable-hotspot")
        .map(|one| format!("{}\n{text}", report.one_to_text(one, false)))
        .collect()
}

/// Where a tour leads that plays by itself, and when.
fn played(draft: &Draft) -> Vec<(Duration, Vec3)> {
    let (exhibit, mut report, _) = exhibit_with(draft);
    let script: Arc<Script> = Arc::new(compile(&exhibit, &mut report));
    let mut durations = Durations::estimated(&script, &Language::english());
    for (index, step) in draft.steps.iter().enumerate() {
        let utterance = Utterance {
            tour: TourIndex::FIRST,
            step: StepIndex::new(index),
            answer: None,
        };
        durations.set(utterance, step.voice_length());
    }
    let mut playback = Playback::new(script, durations);
    let tick = Duration::from_millis(50);
    let mut effects = playback.step(&[Input::Start(TourIndex::FIRST)], Duration::ZERO);
    let mut now = Duration::ZERO;
    let mut visited = Vec::new();
    while now < LONGEST_TAKE {
        for effect in &effects {
            match effect {
                Effect::MoveVisitor {
                    to: Place::At(pose),
                    ..
                } => visited.push((now, pose.position)),
                Effect::TourEnded { .. } => return visited,
                _ => {}
            }
        }
        effects = playback.step(&[], tick);
        now += tick;
    }
    panic!("the tour ends");
}

/// A guide out of their mind.
fn wild(random: &mut Random) -> (Take, Speech) {
    let mut guide = Guide::at(standing(0.0, 0.0, 0.0));
    let mut spans = Vec::new();
    for _ in 0..random.below(30) {
        let size = random.below(100) as f32 / 10.0;
        match random.below(12) {
            0 | 1 => guide.rest(size),
            2 | 3 => {
                let (x, z) = (
                    random.below(30) as f32 - 15.0,
                    random.below(30) as f32 - 15.0,
                );
                guide.walk_to(x, z, 0.2 + size);
            }
            4 => guide.here.yaw_rad += size * 3.0,
            5 => guide.note(Happening::NextStep),
            6 => {
                guide.note(Happening::Stands(guide.here));
                guide.note(Happening::Mark);
            }
            7 => {
                let id = random.pick(&["a", "b \"b\""]);
                guide.note(Happening::Opened(HotspotId::new(id)));
            }
            8 => {
                for _ in 0..random.below(20) {
                    let layer = random.pick(&["today", "restored"]);
                    guide.layer(layer);
                    guide.lamp(random.below(2) as f64);
                    guide.now += size / 30.0;
                }
            }
            9 => {
                // Glitches: no place, no time.
                let nowhere = Vec3::new(f32::NAN, 1.0, f32::INFINITY);
                guide.note(Happening::Stands(Standing {
                    feet_in_world: nowhere,
                    ..guide.here
                }));
                guide
                    .take
                    .note(Duration::ZERO, Happening::Stands(guide.here));
                guide.lamp(f64::NAN);
            }
            10 => guide.rest(size * 12.0),
            _ => {
                let start = guide.now;
                // Nobody speaks for a minute without drawing breath.
                spans.push(secs(start)..secs(start + size * 4.0));
                guide.rest(size * 4.0 + 0.5);
            }
        }
    }
    (guide.take, Speech::from_spans(spans))
}

#[test]
fn any_walk_becomes_a_tour_that_passes_check_and_rehearsal() {
    for seed in 0..150 {
        let (take, speech) = wild(&mut Random(seed));
        let start = standing(2.0, 2.0, 0.0);
        let draft = clean(&take, &speech, &OpenGround, Some(&start));
        assert!(!draft.steps.is_empty(), "seed {seed}: a guide is somewhere");
        let faults = faults(&draft);
        assert!(faults.is_empty(), "seed {seed}: {}", faults.join("\n"));
    }
}

#[test]
fn playing_it_back_visits_what_was_recorded() {
    for seed in 200..260 {
        let (take, speech) = wild(&mut Random(seed));
        let draft = clean(&take, &speech, &OpenGround, None);
        let visited = played(&draft);
        assert_eq!(
            visited.len(),
            draft.steps.len(),
            "seed {seed}: every step is reached"
        );
        for ((_, at), step) in visited.iter().zip(&draft.steps) {
            let off = at.distance(step.standing.feet_in_world);
            assert!(
                off < 0.02,
                "seed {seed}: a place is {off} m from where it was recorded"
            );
        }
        for (pair, step) in visited.windows(2).zip(&draft.steps) {
            let stayed = pair[1].0 - pair[0].0 + Duration::from_millis(50);
            assert!(
                stayed >= step.travel,
                "seed {seed}: the way takes {:?}, the step {stayed:?}",
                step.travel
            );
        }
        // Marked places above all.
        let mut here = None;
        for moment in take.moments() {
            match moment.what {
                Happening::Stands(standing) => here = Some(standing),
                Happening::Mark => {
                    let marked = here.expect("a guide is somewhere").feet_in_world;
                    let nearest = visited.iter().map(|(_, at)| at.distance(marked));
                    let nearest = nearest.fold(f32::INFINITY, f32::min);
                    assert!(
                        nearest < 0.05,
                        "seed {seed}: the marked place {marked} is visited, not {nearest} m off"
                    );
                }
                _ => {}
            }
        }
    }
}

#[test]
fn nothing_recorded_is_no_tour() {
    let draft = clean(&Take::default(), &Speech::default(), &OpenGround, None);
    assert_eq!(draft, Draft::default(), "who was nowhere led nowhere");
}

#[test]
fn the_voice_is_spoken_once_and_in_order() {
    for seed in 300..360 {
        let (take, speech) = wild(&mut Random(seed));
        let draft = clean(&take, &speech, &OpenGround, None);
        let pieces: Vec<_> = draft.steps.iter().flat_map(|step| &step.voice).collect();
        for pair in pieces.windows(2) {
            assert!(
                pair[0].end <= pair[1].start,
                "seed {seed}: nothing is said twice: {pair:?}"
            );
        }
        for step in &draft.steps {
            let within = step.cues.iter().all(|cue| cue.after <= step.length());
            assert!(
                within,
                "seed {seed}: what is switched is switched within its step"
            );
        }
    }
}
