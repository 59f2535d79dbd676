//! A visitor with nothing but a gamepad: every language and every hotspot, by Bevy's own events.

use super::{controls, languages};
use crate::exhibit::{
    language,
    open::open,
    stage::CurrentStage,
    telling::{self, Telling},
    visitor::{self, Visitor},
};
use bevy::{
    input::{
        InputPlugin,
        gamepad::{
            GamepadConnection, GamepadConnectionEvent, RawGamepadButtonChangedEvent,
            RawGamepadEvent,
        },
    },
    prelude::*,
    time::TimeUpdateStrategy,
};
use std::{sync::Arc, time::Duration};

const SCENE: &str = r#"(
    format: 1, title: {"en": "Hall", "fr": "Salle", "ar": "قاعة"},
    default_language: "en", languages: ["en", "fr", "ar"],
    credits: [(name: {"en": "Us", "fr": "Nous", "ar": "نحن"}, licence: "CC0-1.0")],
    start: (position: (0.0, 0.0, 3.0)), body: (mode: Fly),
    hotspots: [SPOTS],
)"#;
/// Around the visitor, and behind them.
const SPOTS: [(&str, Vec3); 4] = [
    ("jar", Vec3::new(0.0, 1.6, 0.0)),
    ("lamp", Vec3::new(2.5, 2.4, 3.5)),
    ("door", Vec3::new(-0.5, 1.2, 5.5)),
    ("vault", Vec3::new(0.2, 4.2, 2.2)),
];

struct Pad {
    app: App,
    pad: Entity,
}

impl Pad {
    fn connect() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let path = folder.path().join("exhibit.ron");
        let spots = SPOTS.map(|(id, at)| {
            let words = format!("{{\"en\": \"{id}\", \"fr\": \"{id}\", \"ar\": \"{id}\"}}");
            format!(
                "(id: \"{id}\", title: {words}, at: Sphere(center: ({}, {}, {}), radius: 0.2), \
                 alternative: {words}, actions: [Panel(text: {words})])",
                at.x, at.y, at.z
            )
        });
        let scene = SCENE.replace("SPOTS", &spots.join(","));
        std::fs::write(&path, scene).expect("the scene can be written");
        let (stage, report) = open(&path, Some("en"));
        assert!(!report.has_errors(), "{}", report.to_text(false));
        let stage = stage.expect("a scene without errors can be shown");
        let mut visitor = Visitor::new(&stage, stage.body.clone());
        visitor
            .walker
            .set_gait(crate::exhibit::walk::Gait::Flying, &stage.body, None);
        visitor.stand_at(&stage.start, None);
        let story = stage.story.clone().expect("there are hotspots");
        let mut app = App::new();
        app.add_plugins((MinimalPlugins, InputPlugin))
            .add_message::<bevy::window::WindowFocused>()
            .insert_resource(TimeUpdateStrategy::ManualDuration(Duration::from_millis(
                20,
            )))
            .insert_resource(stage.languages.words())
            .insert_resource(Telling::new(story, stage.sounds.clone()))
            .insert_resource(CurrentStage(Arc::new(stage)))
            .insert_resource(visitor);
        visitor::plugin(&mut app);
        language::plugin(&mut app);
        telling::plugin(&mut app);
        controls::plugin(&mut app);
        languages::plugin(&mut app);
        let pad = app.world_mut().spawn_empty().id();
        app.world_mut().write_message(GamepadConnectionEvent::new(
            pad,
            GamepadConnection::Connected {
                name: "test pad".to_owned(),
                vendor_id: None,
                product_id: None,
            },
        ));
        app.update();
        Self { app, pad }
    }

    fn turn(&mut self, button: GamepadButton, value: f32) {
        let event = RawGamepadButtonChangedEvent::new(self.pad, button, value);
        let world = self.app.world_mut();
        world.write_message(RawGamepadEvent::Button(event));
        self.app.update();
        self.app.update();
    }

    fn press(&mut self, button: GamepadButton) {
        self.turn(button, 1.0);
        self.turn(button, 0.0);
    }

    fn run_secs(&mut self, secs: f32) {
        for _ in 0..(secs / 0.02).ceil() as usize {
            self.app.update();
        }
    }

    fn telling(&self) -> &Telling {
        self.app.world().resource::<Telling>()
    }

    fn spoken(&self) -> String {
        let stage = self.app.world().resource::<CurrentStage>();
        stage.0.languages.spoken.to_string()
    }

    fn is_choosing(&self) -> bool {
        self.app.world().contains_resource::<languages::Picker>()
    }
}

#[test]
fn every_language_is_chosen_with_a_gamepad() {
    let mut pad = Pad::connect();
    pad.press(GamepadButton::DPadRight);
    assert!(!pad.is_choosing(), "the cross alone opens no names");
    pad.turn(GamepadButton::LeftTrigger2, 1.0);
    pad.press(GamepadButton::Start);
    pad.turn(GamepadButton::LeftTrigger2, 0.0);
    assert!(pad.is_choosing(), "Start with the left trigger does");
    let before = pad.app.world().resource::<Visitor>().pose();
    let mut seen = Vec::new();
    for _ in 0..3 {
        pad.press(GamepadButton::DPadDown);
        pad.run_secs(0.2);
        seen.push(pad.spoken());
    }
    assert_eq!(seen, ["fr", "ar", "en"], "one after the other, and round");
    pad.press(GamepadButton::DPadUp);
    assert_eq!(pad.spoken(), "ar", "and back");
    pad.press(GamepadButton::DPadLeft);
    assert_eq!(
        pad.spoken(),
        "en",
        "Arabic's row runs leftwards: its next is on its left"
    );
    assert_eq!(
        pad.telling().captions(),
        "",
        "while names are open, the cross seeks no hotspot"
    );
    pad.press(GamepadButton::East);
    assert!(!pad.is_choosing(), "B closes the names");
    pad.run_secs(0.5);
    assert_eq!(
        pad.app.world().resource::<Visitor>().pose(),
        before,
        "and nobody has moved"
    );
}

#[test]
fn every_hotspot_is_reached_opened_and_closed_with_a_gamepad() {
    let mut pad = Pad::connect();
    for (index, (id, _)) in SPOTS.into_iter().chain([SPOTS[0]]).enumerate() {
        pad.press(GamepadButton::DPadDown);
        assert_eq!(pad.telling().captions(), id, "what it is can be read");
        pad.run_secs(8.0);
        let meant = pad.telling().meant().map(|spot| spot.index());
        assert_eq!(
            meant,
            Some(index % SPOTS.len()),
            "in the author's order, and round: {id}"
        );
        pad.press(GamepadButton::DPadUp);
        let panel = pad.telling().panel.as_ref().map(|panel| &panel.text);
        assert_eq!(panel.map(String::as_str), Some(id), "the cross opens it");
        pad.press(GamepadButton::DPadUp);
        assert_eq!(pad.telling().panel, None, "and closes it");
    }
}
