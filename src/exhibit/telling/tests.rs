//! A visitor takes a tour and opens a hotspot, without a window.

use super::*;
use crate::bake::collide::Soup;
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
        alternative: {"en": "A jar on the floor.", "fr": "Une jarre au sol."},
    )],
    tours: [(
        id: "walk", title: {"en": "A walk", "fr": "Une promenade"}, pace: Visitor,
        steps: [
            (id: "one", at: View("far"), say: (text: {"en": "Come with me.", "fr": "Venez."}), go_on: Ready,
             cues: [(property: Exposure, to: 2.0, duration: 1)]),
            (id: "two", look_at: Hotspot("jar"), say: (text: {"en": "Look.", "fr": "Regardez."}),
             ask: (text: {"en": "Is it clay?", "fr": "Est-ce de l’argile ?"}, answers: [
                (text: {"en": "Yes", "fr": "Oui"}, correct: true, feedback: (text: {"en": "Right.", "fr": "Juste."})), (text: {"en": "No", "fr": "Non"}),
             ])),
        ],
    )],
    start: (position: (0.0, 0.0, 3.0)),
    body: (mode: Fly),
)"#;

/// The exhibit's files, as long as it is visited.
#[derive(Resource)]
struct Folder(#[expect(dead_code, reason = "it is removed when it is dropped")] tempfile::TempDir);

pub(super) fn visit(language: &str) -> App {
    visit_scene(SCENE, language)
}

pub(super) fn visit_scene(scene: &str, language: &str) -> App {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join("exhibit.ron");
    std::fs::write(&path, scene).expect("the scene can be written");
    for sound in ["tap.wav", "tick.wav", "words.wav"] {
        std::fs::write(folder.path().join(sound), "RIFF").expect("a sound can be written");
    }
    for (file, words) in [
        ("words.vtt", "Clay, they say."),
        ("mots.vtt", "De l’argile."),
    ] {
        let text = format!("WEBVTT\n\n00:00.500 --> 00:02.000\n<v Potter>{words}\n");
        std::fs::write(folder.path().join(file), text).expect("captions can be written");
    }
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
        .insert_resource(Telling::new(story, stage.sounds.clone()))
        .insert_resource(Folder(folder));
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
    assert_eq!(
        telling(&app).captions(),
        "Une jarre au sol.",
        "and tells of it"
    );
    run_secs(&mut app, 6.0);
    assert_eq!(telling(&app).captions(), "", "for a while");
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
    wish(&mut app, Wish::Guide);
    run_secs(&mut app, 0.1);
    assert_eq!(
        telling(&app).panel,
        None,
        "a tour that begins covers nothing"
    );
    let (_, is_open) = telling(&app).marker(HotspotIndex::FIRST);
    assert!(!is_open, "and can be opened again on the way");
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

/// What the picture shows now, in degrees.
fn field_deg(app: &App) -> f32 {
    let visitor = app.world().resource::<Visitor>();
    visitor.field_of_view_rad().to_degrees()
}

#[test]
fn a_step_shows_the_field_of_its_view_and_leaves_nothing_behind() {
    let scene = SCENE.replace("yaw: 90))", "yaw: 90), field_of_view: 24)");
    let mut app = visit_scene(&scene, "en");
    assert!((field_deg(&app) - 60.0).abs() < 1e-3, "without a tour");
    wish(&mut app, Wish::Guide);
    let limit = crate::tour::comfort::MONITOR.zoom_deg_per_s;
    let mut before = field_deg(&app);
    for frame in 0..240 {
        app.update();
        let now = field_deg(&app);
        assert!(
            now <= before && before - now <= limit * 0.05 * 1.01,
            "frame {frame}: {before}° to {now}° is soft, and no faster than {limit}° a second"
        );
        before = now;
    }
    assert!((before - 24.0).abs() < 1e-3, "the view's own: {before}°");
    wish(&mut app, Wish::Guide);
    run_secs(&mut app, 0.5);
    assert!(
        (field_deg(&app) - 24.0).abs() < 1e-3,
        "a step that only turns the eyes keeps what the one before it shows"
    );
    wish(&mut app, Wish::LeaveTour);
    run_secs(&mut app, 6.0);
    assert!((field_deg(&app) - 60.0).abs() < 1e-3, "and it is gone");
    // Sought, the same without the way there.
    wish(&mut app, Wish::Guide);
    run_secs(&mut app, 0.2);
    let mut telling_now = app.world_mut().resource_mut::<Telling>();
    telling_now.tell(StoryInput::Tour(Input::Seek(Duration::from_secs(1))));
    run_secs(&mut app, 0.1);
    assert!((field_deg(&app) - 24.0).abs() < 1e-3, "at once");
    // Who walks about does so with their own eyes.
    app.world_mut().resource_mut::<visitor::CurrentIntent>().0 = super::super::intent::Intent {
        move_axis: Vec2::Y,
        ..default()
    };
    run_secs(&mut app, 6.0);
    assert!((field_deg(&app) - 60.0).abs() < 1e-3, "no glass on the way");
}

#[test]
fn a_film_shows_the_question_where_captions_are() {
    let mut app = visit("fr");
    app.world_mut().resource_mut::<Telling>().is_filmed = true;
    wish(&mut app, Wish::Guide);
    run_secs(&mut app, 12.0);
    wish(&mut app, Wish::Guide);
    let mut read = String::new();
    for _ in 0..160 {
        app.update();
        let now = telling(&app).captions();
        if telling(&app).asked.is_some() && !now.is_empty() && !now.contains("Regardez") {
            read = now;
        }
    }
    assert_eq!(read, "Est-ce de l’argile ?\nOui · Non");
}

#[test]
fn an_answer_is_marked_on_the_card_while_it_is_answered() {
    let mut app = visit("en");
    wish(&mut app, Wish::Guide);
    run_secs(&mut app, 12.0);
    wish(&mut app, Wish::Guide);
    run_secs(&mut app, 8.0);
    let given = |app: &App| telling(app).asked.as_ref().map(|asked| asked.given);
    assert_eq!(given(&app), Some(None), "the question is asked");
    wish(&mut app, Wish::Answer(0));
    run_secs(&mut app, 0.2);
    assert_eq!(given(&app), Some(Some((0, true))), "the answer is right");
    assert_eq!(telling(&app).captions(), "Right.");
    wish(&mut app, Wish::Answer(1));
    run_secs(&mut app, 0.2);
    assert_eq!(given(&app), Some(Some((0, true))), "it was answered");
    run_secs(&mut app, 8.0);
    assert_eq!(given(&app), None, "then the card is out of the way");
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

const ANSWERS: &str = r#"(
    format: 1, title: "Test", default_language: "en",
    credits: [(name: "Us", licence: "CC0-1.0")],
    views: [(id: "jar", at: (position: (0.0, 1.6, -1.0), yaw: 180))],
    sounds: [
        (id: "tap", source: "tap.wav", at: Bed), (id: "tick", source: "tick.wav", at: Bed),
        (id: "words", source: "words.wav", at: Bed, kind: Narration),
    ],
    interface: (select: "tap", hover: "tick"),
    hotspots: [
        (id: "jar", title: "A jar", at: Sphere(center: (0.0, 1.6, 0.0), radius: 0.3),
         actions: [Panel(text: "Clay.", sound: "words", credits: [(role: "Words", name: "Us", year: 2026)])]),
        (id: "stairs", title: "Stairs", at: Box(center: (4.0, 1.6, 3.0), size: (0.1, 2.0, 2.0), yaw: 0),
         actions: [Teleport(to: (position: (7.0, 1.0, 2.0), yaw: 90))]),
    ],
    tours: [
        (id: "walk", title: "A walk", pace: Visitor, steps: [
            (id: "one", title: "Beginning", say: (text: "Come."), go_on: HotspotVisited("jar"), detours: ["aside"],
             point_out: [Hotspot("jar"), (position: (1.0, 2.0, 0.5))]),
            (id: "two", title: "End", say: (text: "The end of it, for now."), go_on: Ready),
        ]),
        (id: "aside", title: "Aside", pace: Visitor, steps: [(id: "only", say: (text: "By the way."), go_on: Ready)]),
    ],
    start: (position: (0.0, 0.0, 3.0)),
    body: (mode: Fly),
)"#;

fn heard(app: &mut App) -> Vec<Heard> {
    app.world_mut()
        .resource_mut::<Messages<Heard>>()
        .drain()
        .collect()
}

fn step_title(app: &App) -> Option<&str> {
    telling(app).tour.as_ref().map(|(_, step)| step.as_str())
}

#[test]
fn a_tour_waits_reminds_takes_detours_and_can_be_hurried() {
    let mut app = visit_scene(ANSWERS, "en");
    wish(&mut app, Wish::Guide);
    run_secs(&mut app, 0.2);
    assert_eq!(
        telling(&app).detour_titles(),
        ["Aside"],
        "a detour is offered"
    );
    let at: Vec<Vec3> = telling(&app).leads_to();
    assert_eq!(
        at,
        [Vec3::new(0.0, 1.6, 0.0), Vec3::new(1.0, 2.0, 0.5)],
        "a hotspot and a place are pointed out"
    );
    wish(&mut app, Wish::GuidePause);
    run_secs(&mut app, 0.1);
    let still = playing(&app).1;
    run_secs(&mut app, 1.0);
    assert!(telling(&app).is_paused, "the tour waits");
    assert_eq!(playing(&app).1, still, "its time stands still");
    wish(&mut app, Wish::GuidePause);
    run_secs(&mut app, 4.0);
    assert!(!telling(&app).is_paused, "and goes on");
    wish(&mut app, Wish::Guide);
    run_secs(&mut app, 0.1);
    assert_eq!(
        telling(&app).reminder,
        Some(Reminder::Hotspot("A jar".to_owned())),
        "who wants to go on is told what the step waits for"
    );
    run_secs(&mut app, 5.0);
    assert_eq!(telling(&app).reminder, None, "for a while");
    // The digits answer where something is asked; here they take the detour.
    wish(&mut app, Wish::Answer(0));
    run_secs(&mut app, 0.2);
    assert!(telling(&app).is_on_detour, "a detour has begun");
    assert_eq!(telling(&app).captions(), "By the way.");
    wish(&mut app, Wish::LeaveTour);
    run_secs(&mut app, 0.2);
    assert_eq!(
        (telling(&app).is_on_detour, step_title(&app)),
        (false, Some("Beginning")),
        "leaving it leads back into the step"
    );
    assert_eq!(
        telling(&app).pointed_out.len(),
        2,
        "with what it points out"
    );
    wish(&mut app, Wish::GuideSkip);
    run_secs(&mut app, 0.2);
    assert_eq!(step_title(&app), Some("End"), "a step can be skipped");
    assert!(
        telling(&app).pointed_out.is_empty() && telling(&app).detours.is_empty(),
        "and leaves nothing behind"
    );
    wish(&mut app, Wish::LeaveTour);
    run_secs(&mut app, 0.2);
    assert_eq!(telling(&app).tour, None, "then the tour is left");
}

#[test]
fn nothing_is_meant_through_a_wall() {
    let app = visit_scene(ANSWERS, "en");
    let eye = Vec3::new(0.0, 1.6, 3.0);
    let meant = |wall_z: f32| {
        let corners = [(-9.0, -9.0), (9.0, -9.0), (9.0, 9.0), (-9.0, 9.0)];
        let corners = corners.map(|(x, y)| Vec3::new(x, y, wall_z));
        let mut soup = Soup::default();
        soup.add_triangles(&corners, &[[0, 1, 2], [0, 2, 3]], false)
            .expect("two triangles are few");
        let wall = Collider::build(soup);
        let found = telling(&app).along(eye, Vec3::NEG_Z, 0.0, Some(&wall));
        found.map(|(spot, _)| spot)
    };
    let jar = Some(HotspotIndex::new(0));
    assert_eq!(meant(-2.0), jar, "a jar before a wall is meant");
    assert_eq!(meant(0.0), jar, "so is one that is half in it");
    assert_eq!(meant(1.5), None, "one behind it is not");
}

#[test]
fn a_teleport_leads_to_its_very_place_behind_a_fade() {
    let mut app = visit_scene(ANSWERS, "en");
    let spot = HotspotIndex::new(1);
    let eye = app.world().resource::<Visitor>().pose().eye_in_world;
    let along = |x: f32, z: f32| {
        let way = (Vec3::new(x, 1.6, z) - eye).normalize();
        let found = telling(&app).along(eye, way, 0.0, None);
        found.map(|(spot, _)| spot)
    };
    assert_eq!(along(4.0, 2.1), Some(spot), "a box is met as it is shaped");
    assert_eq!(along(4.0, 1.8), None, "not as the ball around it");
    app.world_mut().resource_mut::<Telling>().select(spot);
    run_secs(&mut app, 0.05);
    let mut darkest = 0.0_f32;
    for _ in 0..40 {
        app.update();
        let visitor = app.world().resource::<Visitor>();
        let eye = visitor.pose().eye_in_world;
        let is_there = eye.distance(Vec3::new(7.0, 2.6, 2.0)) < 0.01;
        let is_here = eye.distance(Vec3::new(0.0, 1.6, 3.0)) < 0.01;
        assert!(is_there || is_here, "nothing in between is seen: {eye}");
        darkest = darkest.max(visitor.darkness());
    }
    assert!(darkest > 0.9, "the change happens in the dark: {darkest}");
    let pose = app.world().resource::<Visitor>().pose();
    assert!(
        pose.eye_in_world.distance(Vec3::new(7.0, 2.6, 2.0)) < 0.01,
        "the feet stand where the author says: {pose:?}"
    );
    let way = pose.rotation() * Vec3::NEG_Z;
    assert!(
        way.x < -0.99,
        "and the eyes look where the author says: {way}"
    );
}

#[test]
fn a_panel_is_heard_when_the_visitor_wants_it_and_ends_with_it() {
    let mut app = visit_scene(ANSWERS, "en");
    app.init_resource::<Ears>();
    run_secs(&mut app, 0.1);
    heard(&mut app);
    let (tap, tick, words) = (SoundIndex(0), SoundIndex(1), SoundIndex(2));
    app.world_mut().resource_mut::<Telling>().pointed = Pointed::At(None);
    run_secs(&mut app, 0.1);
    heard(&mut app);
    app.world_mut().resource_mut::<Telling>().pointed = Pointed::At(Some(HotspotIndex::FIRST));
    run_secs(&mut app, 0.1);
    assert_eq!(
        heard(&mut app),
        [Heard::Play(vec![tick])],
        "pointing ticks, once"
    );
    // What is heard is kept for a frame or two: it is taken at once.
    wish(&mut app, Wish::Select);
    assert_eq!(heard(&mut app), [Heard::Play(vec![tap])], "selecting taps");
    let panel = telling(&app).panel.clone().expect("the panel is open");
    assert_eq!(
        (panel.sound, panel.is_playing, panel.spot),
        (Some(words), false, Some(HotspotIndex::FIRST)),
        "it can be heard, but not before the visitor says so"
    );
    assert_eq!(panel.credits, ["Words: Us, 2026"], "who is to be thanked");
    wish(&mut app, Wish::PlayPanel);
    assert_eq!(heard(&mut app), [Heard::Play(vec![words])], "it is heard");
    app.world_mut().write_message(HeardOut::Sound(words));
    run_secs(&mut app, 0.1);
    let is_playing = |app: &App| {
        telling(app)
            .panel
            .as_ref()
            .is_some_and(|own| own.is_playing)
    };
    assert!(!is_playing(&app), "to its end");
    wish(&mut app, Wish::PlayPanel);
    assert!(is_playing(&app), "and again");
    heard(&mut app);
    wish(&mut app, Wish::Close);
    assert_eq!(
        heard(&mut app),
        [Heard::Stop(words)],
        "closing it ends its sound"
    );
    assert_eq!(telling(&app).panel, None);
}

#[test]
fn what_a_tour_plays_halts_with_it() {
    let scene = ANSWERS.replacen(
        "say: (text: \"Come.\")",
        "cues: [(property: SoundPlays(\"tap\"), to: true)], say: (text: \"Come.\")",
        1,
    );
    assert_ne!(scene, ANSWERS, "the tour plays something");
    let mut app = visit_scene(&scene, "en");
    app.init_resource::<Ears>();
    wish(&mut app, Wish::Guide);
    run_secs(&mut app, 0.3);
    heard(&mut app);
    let tap = SoundIndex(0);
    let halt = |halted| Heard::Halt {
        sounds: vec![tap],
        halted,
    };
    wish(&mut app, Wish::GuidePause);
    assert_eq!(heard(&mut app), [halt(true)], "with the voice");
    wish(&mut app, Wish::GuidePause);
    assert_eq!(heard(&mut app), [halt(false)], "and goes on with it");
    wish(&mut app, Wish::GuidePause);
    heard(&mut app);
    wish(&mut app, Wish::LeaveTour);
    let left = heard(&mut app);
    assert!(
        left.contains(&Heard::Stop(tap)),
        "a tour that is left: {left:?}"
    );
}
