//! A visitor takes a tour and opens a hotspot, without a window.

use super::*;
use crate::exhibit::{
    language::{self, ChooseLanguage, LanguageChanged},
    open,
    stage::CurrentStage,
    visitor,
    words::{Word, Words},
};
use bevy::time::TimeUpdateStrategy;

const SCENE: &str = r#"(
    format: 1, title: {"en": "Test", "fr": "Essai"}, default_language: "en", languages: ["en", "fr"],
    credits: [(name: {"en": "Us", "fr": "Nous"}, licence: "CC0-1.0")],
    views: [(id: "far", title: {"en": "Far", "fr": "Loin"}, at: (position: (0.0, 1.6, -4.0), yaw: 90))],
    hotspots: [(
        id: "jar", title: {"en": "A jar", "fr": "Une jarre"}, at: Sphere(center: (0.0, 1.6, 0.0), radius: 0.3),
        actions: [Panel(text: {"en": "Clay.", "fr": "Argile."})],
    )],
    tours: [(
        id: "walk", title: {"en": "A walk", "fr": "Une promenade"}, pace: Visitor,
        steps: [
            (id: "one", at: View("far"), say: (text: {"en": "Come with me.", "fr": "Venez."}), go_on: Ready,
             cues: [(property: Exposure, to: 2.0, duration: 1)]),
            (id: "two", look_at: Hotspot("jar"), say: (text: {"en": "Look.", "fr": "Regardez."}),
             ask: (text: {"en": "Is it clay?", "fr": "Est-ce de l’argile ?"}, answers: [
                (text: {"en": "Yes", "fr": "Oui"}, correct: true), (text: {"en": "No", "fr": "Non"}),
             ])),
        ],
    )],
    start: (position: (0.0, 0.0, 3.0)),
    body: (mode: Fly),
)"#;

pub(super) fn visit(language: &str) -> App {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join("exhibit.ron");
    std::fs::write(&path, SCENE).expect("the scene can be written");
    let (stage, report) = open::open(&path, Some(language));
    assert!(
        !report.has_errors(),
        "the scene is right: {}",
        report.to_text(false)
    );
    let stage = stage.expect("a scene without errors can be shown");
    let story = stage.story.clone().expect("there is something to tell");
    let stage = Arc::new(stage);
    let mut app = App::new();
    app.add_plugins(MinimalPlugins)
        .insert_resource(TimeUpdateStrategy::ManualDuration(Duration::from_millis(
            50,
        )))
        .insert_resource(Visitor::new(&stage, stage.body.clone()))
        .insert_resource(stage.languages.words())
        .insert_resource(CurrentStage(Arc::clone(&stage)))
        .insert_resource(Telling::new(story, stage.sounds.clone()));
    visitor::plugin(&mut app);
    language::plugin(&mut app);
    plugin(&mut app);
    run_secs(&mut app, 0.2);
    app
}

pub(super) fn run_secs(app: &mut App, secs: f32) -> Vec<Told> {
    let mut told = Vec::new();
    for _ in 0..(secs / 0.05).ceil() as usize {
        app.update();
        told.extend(app.world_mut().resource_mut::<Messages<Told>>().drain());
    }
    told
}

pub(super) fn wish(app: &mut App, wish: Wish) {
    app.world_mut().write_message(Wished(wish));
    app.update();
}

pub(super) fn telling(app: &App) -> &Telling {
    app.world().resource::<Telling>()
}

fn exposure(told: &[Told]) -> Option<f64> {
    told.iter().rev().find_map(|told| match told {
        Told::Property {
            property: Property::Exposure,
            value: Value::Number(number),
            ..
        } => Some(*number),
        _ => None,
    })
}

#[test]
fn a_tour_leads_speaks_changes_and_leaves_no_trace() {
    let mut app = visit("en");
    wish(&mut app, Wish::Guide);
    let told = run_secs(&mut app, 0.5);
    assert_eq!(
        telling(&app).captions(),
        "Come with me.",
        "the guide speaks"
    );
    assert!(exposure(&told).is_some(), "the cue has begun: {told:?}");
    let told = run_secs(&mut app, 12.0);
    assert_eq!(exposure(&told), Some(2.0), "the cue has reached its end");
    let pose = app.world().resource::<Visitor>().pose();
    assert!(
        pose.eye_in_world.distance(Vec3::new(0.0, 1.6, -4.0)) < 0.05,
        "the visitor has come to the step's place: {pose:?}"
    );
    assert!(telling(&app).offers_next, "the visitor may go on");
    wish(&mut app, Wish::Guide);
    run_secs(&mut app, 6.0);
    let gaze = app.world().resource::<Visitor>().pose().rotation() * Vec3::NEG_Z;
    assert!(
        gaze.z > 0.99,
        "the second step turns the gaze to the jar: {gaze}"
    );
    app.world_mut().write_message(Wished(Wish::LeaveTour));
    let told = run_secs(&mut app, 2.0);
    assert_eq!(
        exposure(&told),
        Some(6.0),
        "leaving gives the exposure back its own value"
    );
    assert!(
        telling(&app).tour.is_none() && telling(&app).captions().is_empty(),
        "nothing of the tour is left"
    );
}

#[test]
fn what_is_looked_at_opens_and_closes_in_the_visitors_language() {
    let mut app = visit("fr");
    wish(&mut app, Wish::NextHotspot);
    run_secs(&mut app, 3.0);
    assert_eq!(
        telling(&app).gazed,
        Some(HotspotIndex::FIRST),
        "Tab turns to the hotspot"
    );
    wish(&mut app, Wish::Select);
    run_secs(&mut app, 0.2);
    let panel = telling(&app)
        .panel
        .clone()
        .expect("selecting opens its panel");
    assert_eq!(
        (panel.title.as_str(), panel.text.as_str()),
        ("Une jarre", "Argile."),
        "in the visitor's language"
    );
    wish(&mut app, Wish::Back);
    run_secs(&mut app, 0.2);
    assert_eq!(telling(&app).panel, None, "Esc closes it");
    wish(&mut app, Wish::Select);
    run_secs(&mut app, 0.2);
    assert!(telling(&app).panel.is_some(), "it opens again");
}

/// The tour, its step, and the time since it began.
fn playing(app: &App) -> (Option<(TourIndex, StepIndex)>, Duration) {
    let playback = telling(app).story.playback();
    (playback.playing(), playback.elapsed())
}

fn choose(app: &mut App, tag: &str) {
    let language = crate::scene::schema::Language::parse(tag).expect("a tag of the test");
    app.world_mut().write_message(ChooseLanguage(language));
    app.update();
}

#[test]
fn another_language_is_spoken_at_once_and_the_tour_stays_where_it_is() {
    let mut app = visit("en");
    wish(&mut app, Wish::Guide);
    run_secs(&mut app, 0.8);
    let before = playing(&app);
    assert_eq!(telling(&app).captions(), "Come with me.");
    choose(&mut app, "fr-CA");
    assert_eq!(
        telling(&app).captions(),
        "Venez.",
        "captions follow in the same frame"
    );
    let (step, elapsed) = playing(&app);
    assert_eq!(step, before.0, "the tour stays where it was");
    assert_eq!(
        elapsed - before.1,
        Duration::from_millis(50),
        "and goes on by the frame that passed"
    );
    assert_eq!(
        telling(&app).tour.as_ref().map(|(tour, _)| tour.as_str()),
        Some("Une promenade"),
        "its title follows"
    );
    assert_eq!(telling(&app).staged().hotspots[0].title, "Une jarre");
    let world = app.world();
    assert_eq!(world.resource::<Visitor>().views[0].title, "Loin");
    assert_eq!(world.resource::<CurrentStage>().0.title, "Essai");
    assert_eq!(
        world.resource::<Words>().say(Word::GuideNext),
        "G  continuer",
        "Grotto's words follow"
    );
    let changed = app
        .world_mut()
        .resource_mut::<Messages<LanguageChanged>>()
        .drain()
        .count();
    assert_eq!(changed, 1, "it is said once that all is in French now");
    let heard: Vec<Heard> = app
        .world_mut()
        .resource_mut::<Messages<Heard>>()
        .drain()
        .collect();
    assert!(
        heard.contains(&Heard::StopSaying),
        "the English voice is silent: {heard:?}"
    );
    choose(&mut app, "fr-CA");
    let repeated = app.world().resource::<Messages<LanguageChanged>>().len();
    assert_eq!(repeated, 0, "choosing what is spoken changes nothing");
    wish(&mut app, Wish::NextLanguage);
    run_secs(&mut app, 0.1);
    assert_eq!(
        telling(&app).captions(),
        "Come with me.",
        "round to English"
    );
}

#[test]
fn what_is_open_is_read_in_the_other_language() {
    let mut app = visit("en");
    wish(&mut app, Wish::NextHotspot);
    run_secs(&mut app, 3.0);
    wish(&mut app, Wish::Select);
    run_secs(&mut app, 0.2);
    choose(&mut app, "fr");
    let panel = telling(&app).panel.clone().expect("the panel stays open");
    assert_eq!(
        (panel.title.as_str(), panel.text.as_str()),
        ("Une jarre", "Argile.")
    );
    wish(&mut app, Wish::Back);
    wish(&mut app, Wish::Guide);
    run_secs(&mut app, 12.0);
    wish(&mut app, Wish::Guide);
    run_secs(&mut app, 8.0);
    let mut telling_now = app.world_mut().resource_mut::<Telling>();
    let asked = telling_now.asked.as_mut().expect("the question is asked");
    assert_eq!(asked.text, "Est-ce de l’argile ?");
    // As the tour's feedback would set it, which soon leads on.
    asked.given = Some((1, false));
    choose(&mut app, "en");
    let again = telling(&app).asked.clone().expect("the question stays");
    assert_eq!(
        (again.text.as_str(), again.answers[1].as_str(), again.given),
        ("Is it clay?", "No", Some((1, false))),
        "and what was answered"
    );
}
