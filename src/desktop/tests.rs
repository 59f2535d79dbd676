//! The window's parts without a window: hot reload, and every device.

use super::{controls, overlay, reload};
use crate::{
    exhibit::{
        open,
        stage::Stage,
        visitor::{self, Visitor, VisitorEye, Wished},
        words::Words,
    },
    render::{
        Quality,
        headless::{Extras, Headless},
        light::VisitorLamp,
        loading::{
            CurrentStage, Loading,
            tests::wall::{write_picture, write_wall},
        },
    },
};
use bevy::{
    input::{
        ButtonState, InputPlugin,
        gamepad::{
            GamepadConnection, GamepadConnectionEvent, RawGamepadAxisChangedEvent,
            RawGamepadButtonChangedEvent, RawGamepadEvent,
        },
        keyboard::{Key, KeyboardInput},
        touch::{TouchInput, TouchPhase},
    },
    prelude::*,
    time::TimeUpdateStrategy,
};
use std::{path::Path, time::Duration};

/// A model of `count` triangles in one file.
fn write_model(folder: &Path, count: usize) {
    let mut bytes: Vec<u8> = Vec::new();
    for index in 0..count {
        let x = index as f32;
        for value in [x - 1.0, 0.0, -2.0, x + 1.0, 0.0, -2.0, x, 2.0, -2.0] {
            bytes.extend_from_slice(&value.to_le_bytes());
        }
    }
    std::fs::write(folder.join("model.bin"), &bytes).expect("the buffer can be written");
    let (length, vertices, right) = (bytes.len(), count * 3, count);
    let gltf = format!(
        r#"{{"asset":{{"version":"2.0"}},"scene":0,"scenes":[{{"nodes":[0]}}],"nodes":[{{"mesh":0}}],
        "buffers":[{{"uri":"model.bin","byteLength":{length}}}],
        "bufferViews":[{{"buffer":0,"byteLength":{length}}}],
        "accessors":[{{"bufferView":0,"componentType":5126,"count":{vertices},"type":"VEC3","min":[-1,0,-2],"max":[{right},2,-2]}}],
        "meshes":[{{"primitives":[{{"attributes":{{"POSITION":0}}}}]}}]}}"#
    );
    std::fs::write(folder.join("model.gltf"), gltf).expect("the model can be written");
}

fn write_scene(folder: &Path, atmosphere: &str) {
    let text = format!(
        "(\n  format: 1,\n  title: \"Test\",\n  default_language: \"en\",\n  \
         credits: [(name: \"Us\", licence: \"CC0-1.0\")],\n  atmosphere: ({atmosphere}),\n  \
         spaces: [(id: \"room\", meshes: [(id: \"model\", path: \"model.gltf\")])],\n  \
         start: (position: (0.0, 0.0, 3.0)),\n)\n"
    );
    std::fs::write(folder.join("exhibit.ron"), text).expect("the scene can be written");
}

/// Draws frames until `is_true`. The watcher of files and the reading threads take real
/// time: this is the one test that waits for it.
fn wait_until(headless: &mut Headless, what: &str, is_true: impl Fn(&World) -> bool) {
    for _ in 0..3_000 {
        headless.draw();
        if is_true(headless.app.world()) {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("within 15 seconds {what}");
}

/// An exhibit that is shown, and reads again what is saved.
fn reloading(stage: Stage, size: UVec2) -> Headless {
    let visitor = Visitor::new(&stage, stage.body.clone());
    let mut headless =
        Headless::new(stage, size, Quality::Low, Extras::default()).expect("this machine can draw");
    headless
        .app
        .insert_resource(visitor)
        .insert_resource(Words::default())
        .insert_resource(overlay::Notice::default())
        .insert_resource(reload::Language::default());
    reload::plugin(&mut headless.app);
    headless.load(|_| {});
    headless
}

#[test]
fn saving_a_file_changes_the_running_exhibit_and_a_broken_save_keeps_it() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = folder.path();
    write_model(folder, 1);
    write_scene(folder, "exposure: 6.0");
    let (stage, report) = open::open(&folder.join("exhibit.ron"), None);
    assert!(
        !report.has_errors(),
        "the scene is right: {}",
        report.to_text(false)
    );
    let stage = stage.expect("a scene without errors can be shown");
    let mut headless = reloading(stage, UVec2::new(32, 18));
    let exposure = |world: &World| world.resource::<CurrentStage>().0.air.exposure_ev100;
    let before = headless.app.world().resource::<Visitor>().pose();

    write_scene(folder, "exposure: 9.0");
    wait_until(&mut headless, "the saved exposure is shown", |world| {
        exposure(world) == 9.0
    });
    let after = headless.app.world().resource::<Visitor>().pose();
    assert_eq!(after, before, "the visitor has not been moved");

    write_scene(folder, "exposre: 3.0");
    wait_until(&mut headless, "the mistake is shown", |world| {
        !world.resource::<overlay::Notice>().text.is_empty()
    });
    let notice = headless
        .app
        .world()
        .resource::<overlay::Notice>()
        .text
        .clone();
    assert!(
        notice.contains("exhibit.ron:6:") && notice.contains("`exposure`"),
        "the notice names the line and the cure: {notice}"
    );
    assert_eq!(
        exposure(headless.app.world()),
        9.0,
        "the last good state is still shown"
    );

    write_scene(folder, "exposure: 4.0");
    wait_until(&mut headless, "the mended file is shown", |world| {
        exposure(world) == 4.0
    });
    assert!(
        headless
            .app
            .world()
            .resource::<overlay::Notice>()
            .text
            .is_empty(),
        "the notice has gone"
    );

    write_model(folder, 5);
    wait_until(&mut headless, "the new model is shown", |world| {
        let loading = world.resource::<Loading>();
        loading.is_done() && loading.triangles == 5
    });
}

/// What hangs on a wall, and what is seen past it.
fn wall_and_sky(headless: &mut Headless) -> [[u8; 3]; 2] {
    headless.draw();
    let picture = headless.picture().expect("a picture was drawn");
    [(32, 32), (32, 2)].map(|(x, y)| {
        let [r, g, b, _] = picture.get_pixel(x, y).0;
        [r, g, b]
    })
}

#[test]
fn a_saved_picture_and_a_saved_panorama_take_the_place_of_the_old_without_a_gap() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = folder.path();
    let (red, green, blue) = ([250, 30, 30], [30, 250, 30], [30, 30, 250]);
    write_wall(folder);
    write_picture(&folder.join("wall.png"), 64, red);
    write_picture(&folder.join("sky.png"), 64, blue);
    let scene = folder.join("exhibit.ron");
    let text = r#"(format: 1, title: "T", credits: [(name: "Us", licence: "CC0-1.0")],
        atmosphere: (sky: Panorama("sky.png"), bloom: 0.0),
        spaces: [(id: "room", meshes: [(id: "wall", path: "wall.gltf")])],
        views: [(id: "here", at: (position: (0, 1, 2)))])"#;
    std::fs::write(&scene, text).expect("the scene can be written");
    let (stage, report) = open::open(&scene, None);
    let stage = stage.unwrap_or_else(|| panic!("the scene is right: {}", report.to_text(false)));
    let view = stage.views[0].clone();
    let mut headless = reloading(stage, UVec2::new(64, 64));
    headless.look(&view.pose, view.field_of_view_rad.max(1.8));
    // Which of red, green and blue a pixel is, if any.
    let hue = |[r, g, b]: [u8; 3]| match (r > 120, g > 120, b > 120) {
        (true, false, false) => 'r',
        (false, true, false) => 'g',
        (false, false, true) => 'b',
        _ => '?',
    };
    let seen = |headless: &mut Headless| wall_and_sky(headless).map(hue);
    for _ in 0..3 {
        headless.draw();
    }
    assert_eq!(
        seen(&mut headless),
        ['r', 'b'],
        "a red wall under a blue sky"
    );
    let saves = [
        ("wall.png", green, ['g', 'b']),
        ("sky.png", red, ['g', 'r']),
    ];
    for (file, color, wanted) in saves {
        let before = seen(&mut headless);
        write_picture(&folder.join(file), 64, color);
        let mut now = before;
        for _ in 0..3_000 {
            now = seen(&mut headless);
            assert!(
                now == before || now == wanted,
                "{file}: from {before:?} to {wanted:?}, and {now:?} between"
            );
            if now == wanted {
                break;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(
            now, wanted,
            "{file} is shown within 15 seconds of its saving"
        );
    }
}

/// An exhibit on a plane of nothing: the visitor flies, so that no ground is needed.
fn visit() -> (App, Entity) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    write_model(folder.path(), 1);
    let mut stage = crate::exhibit::stage::Stage::bare(folder.path().join("model.gltf"));
    stage.views = vec![crate::exhibit::stage::StagedView {
        id: "far".to_owned(),
        title: "Far".to_owned(),
        pose: crate::exhibit::stage::Pose {
            eye_in_world: Vec3::new(0.0, 1.6, 4.0),
            yaw_rad: 1.0,
            pitch_rad: 0.0,
        },
        field_of_view_rad: 1.0,
    }];
    let mut visitor = Visitor::new(&stage, stage.body.clone());
    visitor
        .walker
        .set_gait(crate::exhibit::walk::Gait::Flying, &stage.body, None);
    visitor.stand_at(&crate::exhibit::stage::Pose::default(), None);
    let mut app = App::new();
    app.add_plugins((MinimalPlugins, InputPlugin))
        .add_message::<bevy::window::WindowFocused>()
        .insert_resource(TimeUpdateStrategy::ManualDuration(Duration::from_millis(
            20,
        )))
        .insert_resource(visitor);
    visitor::plugin(&mut app);
    controls::plugin(&mut app);
    let window = app
        .world_mut()
        .spawn(VisitorEye)
        .insert(Transform::default())
        .id();
    app.world_mut().spawn((
        VisitorLamp {
            is_on: true,
            lumens: 1.0,
            gain: 1.0,
            aim_rad: Vec2::ZERO,
        },
        Transform::default(),
    ));
    app.update();
    (app, window)
}

fn run_secs(app: &mut App, secs: f32) {
    for _ in 0..(secs / 0.02).round() as usize {
        app.update();
    }
}

fn pose(app: &App) -> crate::exhibit::stage::Pose {
    app.world().resource::<Visitor>().pose()
}

fn key(app: &mut App, window: Entity, key_code: KeyCode, state: ButtonState) {
    app.world_mut().write_message(KeyboardInput {
        key_code,
        // Another layout's letter: only the place on the keyboard counts.
        logical_key: Key::Character("ж".into()),
        state,
        text: None,
        repeat: false,
        window,
    });
}

#[test]
fn keys_walk_by_their_place_on_the_keyboard() {
    let (mut app, window) = visit();
    let start = pose(&app).eye_in_world;
    key(&mut app, window, KeyCode::KeyW, ButtonState::Pressed);
    run_secs(&mut app, 1.0);
    let ahead = pose(&app).eye_in_world - start;
    assert!(
        ahead.z < -0.5 && ahead.x.abs() < 1e-3,
        "W goes forward, along -Z: {ahead}"
    );
    key(&mut app, window, KeyCode::KeyW, ButtonState::Released);
    run_secs(&mut app, 1.5);
    let rest = pose(&app).eye_in_world;
    run_secs(&mut app, 0.5);
    assert!(
        pose(&app).eye_in_world.distance(rest) < 1e-3,
        "the visitor comes to rest once the key is let go"
    );
}

#[test]
fn a_key_flies_to_a_view_and_the_flight_arrives() {
    let (mut app, window) = visit();
    key(&mut app, window, KeyCode::KeyN, ButtonState::Pressed);
    run_secs(&mut app, 15.0);
    let found = pose(&app);
    assert!(
        found.eye_in_world.distance(Vec3::new(0.0, 1.6, 4.0)) < 0.02
            && (found.yaw_rad - 1.0).abs() < 0.01,
        "N leads to the named view: {found:?}"
    );
}

#[test]
fn a_gamepad_walks_looks_and_wishes() {
    let (mut app, _) = visit();
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
    let start = pose(&app);
    let axis = |app: &mut App, axis, value| {
        app.world_mut()
            .write_message(RawGamepadEvent::Axis(RawGamepadAxisChangedEvent::new(
                pad, axis, value,
            )));
    };
    axis(&mut app, GamepadAxis::LeftStickY, 1.0);
    axis(&mut app, GamepadAxis::RightStickX, 1.0);
    run_secs(&mut app, 0.3);
    let found = pose(&app);
    assert!(
        found.eye_in_world.z < start.eye_in_world.z - 0.05,
        "the left stick goes forward: {found:?}"
    );
    assert!(
        found.yaw_rad < start.yaw_rad - 0.2,
        "the right stick turns to the right: {found:?}"
    );
    app.world_mut()
        .write_message(RawGamepadEvent::Button(RawGamepadButtonChangedEvent::new(
            pad,
            GamepadButton::South,
            1.0,
        )));
    app.update();
    app.update();
    let wishes: Vec<_> = app
        .world_mut()
        .resource_mut::<Messages<Wished>>()
        .drain()
        .map(|wished| wished.0)
        .collect();
    assert!(
        wishes.contains(&crate::exhibit::intent::Wish::NextView),
        "the lower button leads to the next view: {wishes:?}"
    );
}

#[test]
fn one_finger_looks_and_two_fingers_walk() {
    let (mut app, window) = visit();
    let touch = |app: &mut App, id, phase, x: f32, y: f32| {
        app.world_mut().write_message(TouchInput {
            phase,
            position: Vec2::new(x, y),
            window,
            force: None,
            id,
        });
    };
    let start = pose(&app);
    touch(&mut app, 1, TouchPhase::Started, 200.0, 200.0);
    app.update();
    touch(&mut app, 1, TouchPhase::Moved, 300.0, 200.0);
    app.update();
    app.update();
    let looked = pose(&app);
    assert!(
        looked.yaw_rad > start.yaw_rad + 0.1,
        "the rock follows a finger to the right, so the visitor turns left: {looked:?}"
    );
    touch(&mut app, 2, TouchPhase::Started, 400.0, 200.0);
    app.update();
    for id in [1, 2] {
        touch(&mut app, id, TouchPhase::Moved, 350.0, 60.0);
    }
    run_secs(&mut app, 0.5);
    let walked = pose(&app).eye_in_world.distance(looked.eye_in_world);
    assert!(
        walked > 0.1,
        "two fingers drag the visitor along: {walked} m"
    );
}

#[test]
fn every_gamepad_button_is_a_wish_and_the_lamp_heeds_it() {
    use crate::exhibit::intent::Wish;
    let (mut app, _) = visit();
    app.add_systems(Update, super::toggle_lamp);
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
    let push = |app: &mut App, button, value| {
        let event = RawGamepadButtonChangedEvent::new(pad, button, value);
        app.world_mut()
            .write_message(RawGamepadEvent::Button(event));
    };
    let press = |app: &mut App, button| -> Vec<Wish> {
        app.world_mut().resource_mut::<Messages<Wished>>().clear();
        push(app, button, 1.0);
        app.update();
        let wished: Vec<Wish> = app
            .world_mut()
            .resource_mut::<Messages<Wished>>()
            .iter_current_update_messages()
            .map(|wished| wished.0)
            .collect();
        push(app, button, 0.0);
        app.update();
        wished
    };
    let is_lit = |app: &mut App| {
        let world = app.world_mut();
        world
            .query::<&VisitorLamp>()
            .iter(world)
            .all(|lamp| lamp.is_on)
    };
    for (button, wish) in [
        (GamepadButton::West, Wish::ToggleLamp),
        (GamepadButton::North, Wish::NextLayer),
        (GamepadButton::Start, Wish::ToggleHelp),
        (GamepadButton::DPadUp, Wish::Select),
        (GamepadButton::DPadDown, Wish::NextHotspot),
        (GamepadButton::DPadRight, Wish::Guide),
    ] {
        let before = is_lit(&mut app);
        assert_eq!(press(&mut app, button), [wish], "{button:?}");
        let has_changed = is_lit(&mut app) != before;
        assert_eq!(has_changed, wish == Wish::ToggleLamp, "{button:?}");
    }
    push(&mut app, GamepadButton::LeftTrigger2, 1.0);
    app.update();
    assert_eq!(
        press(&mut app, GamepadButton::DPadUp),
        [Wish::GuidePause],
        "with the left trigger buttons have a second meaning"
    );
}

#[test]
fn a_third_finger_leads_to_the_next_view_whatever_its_number() {
    for third in 1..=3 {
        let (mut app, window) = visit();
        let touch = |app: &mut App, id| {
            app.world_mut().write_message(TouchInput {
                phase: TouchPhase::Started,
                position: Vec2::new(100.0 * id as f32, 200.0),
                window,
                force: None,
                id,
            });
            app.update();
        };
        for id in (1..=3).filter(|id| *id != third) {
            touch(&mut app, id);
        }
        let wishes = |app: &mut App| {
            app.world_mut()
                .resource_mut::<Messages<Wished>>()
                .drain()
                .count()
        };
        assert_eq!(wishes(&mut app), 0, "two fingers walk");
        touch(&mut app, third);
        assert_eq!(wishes(&mut app), 1, "the third, {third}, flies");
    }
}
