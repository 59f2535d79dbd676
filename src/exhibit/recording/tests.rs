//! A guide walks in a running exhibit without a window; a tour is written, and plays.

use super::*;
use crate::exhibit::{
    intent::Intent,
    language,
    open::{self, open},
    telling::Telling,
    visitor::{self, CurrentIntent},
};
use bevy::time::TimeUpdateStrategy;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

const SCENE: &str = r#"(
    format: 1, title: {"en": "Hall", "fr": "Salle"}, languages: ["en", "fr"],
    credits: [(name: {"en": "Us", "fr": "Nous"})],
    start: (position: (0.0, 0.0, 6.0)),
    body: (mode: Fly),
    spaces: [(id: "hall", title: {"en": "Hall", "fr": "Salle"},
        lights: [(id: "lantern", at: (position: (0.0, 2.0, 0.0)))])],
    hotspots: [(id: "jar", title: {"en": "Jar", "fr": "Jarre"}, at: Point((0.0, 1.6, 0.0)),
        actions: [Light(light: "lantern", brightness: 0.2, duration: 1)])],
    tours: [TOURS],
)"#;

/// A microphone that hums.
struct Humming(Option<usize>);

impl Microphone for Humming {
    fn begin(&mut self) -> Result<(), String> {
        self.0 = Some(0);
        Ok(())
    }
    fn level(&self) -> f32 {
        0.5
    }
    fn so_far(&self, from: usize) -> Option<Voice> {
        self.0?;
        let mut voice = hum();
        voice.samples.drain(..from.min(voice.samples.len()));
        Some(voice)
    }
    fn end(&mut self) -> Option<Voice> {
        self.0.take()?;
        Some(hum())
    }
}

fn hum() -> Voice {
    let rate_hz = 8000;
    let samples = (0..rate_hz * 9).map(|index| {
        let at = index as f32 / rate_hz as f32;
        let speaks = (1.0..3.0).contains(&at) || (5.0..8.0).contains(&at);
        if speaks {
            bevy::math::ops::sin(at * 900.0) * 0.1
        } else {
            0.0
        }
    });
    Voice {
        rate_hz,
        samples: samples.collect(),
    }
}

/// Folders of takes that are not tours yet.
fn journals(exhibit: &Path) -> usize {
    let entries = std::fs::read_dir(exhibit.join("tours"))
        .into_iter()
        .flatten();
    let names = entries.flatten().map(|entry| entry.file_name());
    names
        .filter(|name| name.to_string_lossy().starts_with('.'))
        .count()
}

fn write_scene(folder: &Path, tours: &str) -> PathBuf {
    let path = folder.join("exhibit.ron");
    std::fs::write(&path, SCENE.replace("TOURS", tours)).expect("a file can be written");
    path
}

fn exhibit(path: &Path, microphone: Option<Box<dyn Microphone>>) -> App {
    let stage = open(path, None).0.expect("the exhibit of the test opens");
    let mut app = App::new();
    app.add_plugins((
        MinimalPlugins,
        visitor::plugin,
        telling::plugin,
        language::plugin,
        plugin,
    ))
    .insert_resource(TimeUpdateStrategy::ManualDuration(Duration::from_millis(
        50,
    )));
    let mut visitor = Visitor::new(&stage, stage.body.clone());
    visitor
        .walker
        .set_gait(crate::exhibit::walk::Gait::Flying, &stage.body, None);
    visitor.stand_at(&stage.start, None);
    if let Some(story) = &stage.story {
        app.insert_resource(Telling::new(Arc::clone(story), Arc::clone(&stage.sounds)));
    }
    app.insert_resource(visitor)
        .insert_resource(CurrentStage(Arc::new(stage)))
        .insert_resource(Recorder::new("evening", microphone));
    app.update();
    app
}

fn run(app: &mut App, secs: f32, forward: f32) {
    for _ in 0..(secs * 20.0) as usize {
        app.world_mut().resource_mut::<CurrentIntent>().0 = Intent {
            move_axis: Vec2::new(0.0, forward),
            ..Intent::default()
        };
        app.update();
    }
}

fn record(app: &mut App) -> Doing {
    app.world_mut().write_message(RecordAsk::Toggle);
    run(app, 4.0, 0.0);
    run(app, 1.0, 1.0);
    app.world_mut().write_message(Wished(Wish::Select));
    run(app, 4.0, 0.0);
    app.world_mut().write_message(RecordAsk::Toggle);
    app.update();
    // A thread writes it to the disk, which others may keep busy: a minute at least.
    for _ in 0..60_000 {
        app.update();
        let doing = app.world().resource::<Recorder>().doing.clone();
        if doing != Doing::Writing {
            return doing;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    panic!("the tour is written in time");
}

#[test]
fn a_guide_who_walks_and_talks_leaves_a_tour_that_passes_check_and_rehearsal() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = write_scene(folder.path(), "");
    let mut app = exhibit(&path, Some(Box::new(Humming(None))));
    let Doing::Saved(saved) = record(&mut app) else {
        panic!(
            "it is saved: {:?}",
            app.world().resource::<Recorder>().doing
        );
    };
    assert_eq!(saved.in_exhibit, "tours/evening.ron");
    let text = std::fs::read_to_string(&saved.file).expect("the tour is written");
    assert_eq!(saved.voices, 2, "two places, both told of:\n{text}");
    assert!(
        text.contains("Hotspot(\"jar\")") && text.contains("Light(\"lantern\")"),
        "what was opened and what it switched are there:\n{text}"
    );
    let kept = saved.listed.expect("the exhibit names it");
    let former = std::fs::read_to_string(kept).expect("the former file is kept");
    assert_eq!(former, SCENE.replace("TOURS", ""), "as its author wrote it");
    assert_eq!(journals(folder.path()), 0, "no journal is left");
    let report = open::rehearse(&path);
    assert!(!report.has_errors(), "{}\n{text}", report.to_text(false));
    let stage = open(&path, None)
        .0
        .expect("the exhibit opens with its tour");
    let steps = &stage.story.expect("it has a tour").steps[0];
    let recorded = app.world().resource::<Visitor>().pose();
    let last = steps
        .last()
        .and_then(|step| step.pose)
        .expect("it leads somewhere");
    assert!(
        last.eye_in_world.distance(recorded.eye_in_world) < 0.1,
        "it leads to where the guide stood at last: {last:?}, {recorded:?}"
    );
}

#[test]
fn nothing_is_ever_written_over() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = write_scene(folder.path(), "");
    let tours = folder.path().join("tours");
    std::fs::create_dir(&tours).expect("a folder can be made");
    std::fs::write(tours.join("evening.ron"), "mine").expect("a file can be written");
    let mut app = exhibit(&path, None);
    let (first, second) = (record(&mut app), record(&mut app));
    let names: Vec<String> = [first, second]
        .into_iter()
        .map(|doing| match doing {
            Doing::Saved(saved) => saved.in_exhibit,
            other => panic!("it is saved: {other:?}"),
        })
        .collect();
    assert_eq!(names, ["tours/evening-2.ron", "tours/evening-3.ron"]);
    let mine = std::fs::read_to_string(tours.join("evening.ron")).expect("it is there");
    assert_eq!(mine, "mine", "what was there stays");
    let voiceless = app.world().resource::<Recorder>().voiceless.clone();
    assert!(voiceless.is_some(), "that there is no voice is said");
}

#[test]
fn an_unwritable_folder_is_told() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = write_scene(folder.path(), "");
    std::fs::write(folder.path().join("tours"), "a file").expect("a file can be written");
    let mut app = exhibit(&path, None);
    let doing = record(&mut app);
    let Doing::Failed(why) = doing else {
        panic!("it cannot be written: {doing:?}");
    };
    assert!(why.contains("tours"), "the place is told: {why}");
}

/// Updates until the recorder does something else than write.
fn wait(app: &mut App) -> Doing {
    for _ in 0..60_000 {
        app.update();
        let doing = app.world().resource::<Recorder>().doing.clone();
        if !matches!(doing, Doing::Writing | Doing::Ready) {
            return doing;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    panic!("something is written in time");
}

#[test]
fn what_a_process_that_died_has_recorded_becomes_a_tour() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = write_scene(folder.path(), "");
    let mut first = exhibit(&path, Some(Box::new(Humming(None))));
    first.world_mut().write_message(RecordAsk::Toggle);
    run(&mut first, 4.0, 0.0);
    run(&mut first, 1.0, 1.0);
    first.world_mut().write_message(Wished(Wish::Select));
    run(&mut first, 4.0, 0.0);
    let mut second = exhibit(&path, None);
    run(&mut second, 0.5, 0.0);
    assert_eq!(
        second.world().resource::<Recorder>().doing,
        Doing::Ready,
        "a take that is being recorded is nobody else's"
    );
    drop(second);
    // As a process that dies: nothing is stopped, nothing is written.
    let journal = first.world_mut().resource_mut::<Recorder>().journal.take();
    journal.expect("it is on the disk").close();
    drop(first);
    assert_eq!(journals(folder.path()), 1, "the take is there");
    let tour = folder.path().join("tours/evening.ron");
    assert!(!tour.exists(), "the tour is not");
    let mut third = exhibit(&path, None);
    let Doing::Saved(saved) = wait(&mut third) else {
        panic!("{:?}", third.world().resource::<Recorder>().doing);
    };
    assert_eq!((saved.voices, saved.file), (2, tour), "with its voice");
    let text = std::fs::read_to_string(&path).expect("the exhibit is there");
    assert!(text.contains("\"tours/evening.ron\""), "and shown:\n{text}");
    assert_eq!(journals(folder.path()), 0, "nothing is left of it");
    let Doing::Saved(saved) = record(&mut third) else {
        panic!("another is recorded");
    };
    assert_eq!(saved.in_exhibit, "tours/evening-2.ron", "beside the first");
    assert_eq!(journals(folder.path()), 0);
}
