//! Hotspots and tours move a mesh, without a renderer.

use super::*;
use crate::exhibit::{open, visitor};
use bevy::time::TimeUpdateStrategy;

/// A door of which only the names and lengths of its animations matter.
const DOOR: &str = r#"{
    "asset": {"version": "2.0"}, "scenes": [{"nodes": [0]}], "nodes": [{"name": "leaf"}],
    "accessors": [{"componentType": 5126, "count": 2, "type": "SCALAR", "min": [0], "max": [2]}],
    "animations": [
        {"name": "Open", "channels": [], "samplers": [{"input": 0, "output": 0}]},
        {"name": "Turn", "channels": [], "samplers": [{"input": 0, "output": 0}]}
    ]
}"#;

const SCENE: &str = r#"(
    format: 1, title: "Door",
    spaces: [(id: "room", meshes: [(id: "door", path: "door.gltf", plays: ["Turn"])])],
    hotspots: [
        (id: "handle", title: "Handle", at: Sphere(center: (0, 1, 0)),
         actions: [Animate(mesh: "door", clip: "Open", speed: 2)]),
        (id: "crank", title: "Crank", at: Sphere(center: (1, 1, 0)),
         actions: [Animate(mesh: "door", clip: "Turn", repeat: true)]),
    ],
    tours: [(id: "show", title: "Show", steps: [
        (id: "one", say: (text: "It opens."), go_on: After(seconds: 4),
         cues: [(property: Animation("door", "Open"), to: 2.0, duration: 1.0, curve: Linear)]),
    ])],
    start: (position: (0, 0, 3)),
    body: (mode: Fly),
)"#;

fn handle() -> HotspotIndex {
    HotspotIndex::new(0)
}
fn crank() -> HotspotIndex {
    HotspotIndex::new(1)
}

fn visit() -> App {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join("exhibit.ron");
    std::fs::write(&path, SCENE).expect("the scene can be written");
    std::fs::write(folder.path().join("door.gltf"), DOOR).expect("the door can be written");
    let (stage, report) = open::open(&path, None);
    assert!(
        !report.has_errors(),
        "the scene is right: {}",
        report.to_text(false)
    );
    let stage = stage.expect("a scene without errors can be shown");
    assert_eq!(
        stage.meshes[0].plays,
        crate::exhibit::stage::Plays::These(vec!["Turn".to_owned()]),
        "what plays from the start on"
    );
    let story = stage.story.clone().expect("there is something to tell");
    let mut app = App::new();
    app.add_plugins(MinimalPlugins)
        .insert_resource(TimeUpdateStrategy::ManualDuration(Duration::from_millis(
            50,
        )))
        .insert_resource(Visitor::new(&stage, stage.body.clone()))
        .insert_resource(Telling::new(story, stage.sounds.clone()));
    visitor::plugin(&mut app);
    plugin(&mut app);
    run_secs(&mut app, 0.1);
    app
}

fn run_secs(app: &mut App, secs: f32) -> Vec<Told> {
    let mut told = Vec::new();
    for _ in 0..(secs / 0.05).round() as usize {
        app.update();
        told.extend(app.world_mut().resource_mut::<Messages<Told>>().drain());
    }
    told
}

fn tell(app: &mut App, input: StoryInput) {
    app.world_mut().resource_mut::<Telling>().tell(input);
}

fn select(app: &mut App, hotspot: HotspotIndex) {
    tell(app, StoryInput::Hotspot(hotspots::Input::Select(hotspot)));
}

fn is_open(app: &App, hotspot: HotspotIndex) -> bool {
    app.world().resource::<Telling>().marker(hotspot).1
}

#[test]
fn a_hotspot_plays_an_animation_and_closes_with_it() {
    let mut app = visit();
    select(&mut app, handle());
    let told = run_secs(&mut app, 0.05);
    assert!(
        matches!(
            told.as_slice(),
            [Told::Plays { clip, repeats: false, speed, .. }] if clip == "Open" && *speed == 2.0
        ),
        "it is told to play: {told:?}"
    );
    run_secs(&mut app, 0.8);
    assert!(is_open(&app, handle()), "two seconds at twice the speed");
    let told = run_secs(&mut app, 0.25);
    assert!(!is_open(&app, handle()), "it closes with its animation");
    assert!(told.is_empty(), "the door stays open: {told:?}");
}

#[test]
fn a_repeating_animation_comes_to_rest_with_its_hotspot() {
    let mut app = visit();
    select(&mut app, crank());
    let told = run_secs(&mut app, 5.0);
    assert!(
        matches!(told.as_slice(), [Told::Plays { repeats: true, .. }]),
        "it goes on and on: {told:?}"
    );
    assert!(is_open(&app, crank()), "until the visitor closes it");
    select(&mut app, crank());
    let told = run_secs(&mut app, 0.1);
    assert!(
        matches!(told.as_slice(), [Told::Rests { clip, .. }] if clip == "Turn"),
        "then it comes to rest: {told:?}"
    );
}

#[test]
fn a_tour_holds_an_animation_at_its_time_and_gives_it_back() {
    let mut app = visit();
    let secs = |told: &[Told]| -> Vec<(f64, f32)> {
        let of = |told: &Told| match told {
            Told::Property {
                property: Property::Animation(..),
                value: Value::Number(secs),
                over_secs,
            } => Some((*secs, *over_secs)),
            _ => None,
        };
        told.iter().filter_map(of).collect()
    };
    tell(&mut app, StoryInput::Tour(Input::Start(TourIndex::FIRST)));
    let first = secs(&run_secs(&mut app, 0.5));
    let half = first.last().copied().unwrap_or_default();
    assert!(
        (half.0 - 1.0).abs() < 0.11 && half.1 == 0.0,
        "after half a second of one the door is half open: {first:?}"
    );
    let end = secs(&run_secs(&mut app, 1.0));
    assert_eq!(end.last(), Some(&(2.0, 0.0)), "then wholly");
    tell(&mut app, StoryInput::Tour(Input::Leave));
    let after = secs(&run_secs(&mut app, 0.2));
    assert_eq!(after, [(0.0, 1.0)], "leaving gives it back, softly");
}
