//! Every device, without a window.

use super::{WindowOptions, controls, window_app};
use crate::{
    exhibit::{
        stage::Stage,
        visitor::{self, Visitor, VisitorEye, Wished},
    },
    render::{
        Quality,
        light::VisitorLamp,
        loading,
        seen::tests::{parts, write_ring},
        warm::WarmUp,
    },
};
use bevy::{
    app::PluginsState,
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
    render::pipelined_rendering::PipelinedRenderingPlugin,
    time::TimeUpdateStrategy,
    winit::WinitPlugin,
};
use std::{path::Path, time::Duration};

/// A model of `count` triangles in one file.
pub(super) fn write_model(folder: &Path, count: usize) {
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

/// The whole of what a window shows, without the window.
pub(super) fn windowless(stage: Stage) -> App {
    let options = WindowOptions {
        is_fullscreen: false,
        quality: Some(Quality::Low),
        language: Some("en".to_owned()),
        pictures: std::env::temp_dir(),
        record: None,
        attended: None,
        resumes: false,
    };
    let plugins = DefaultPlugins
        .build()
        .disable::<WinitPlugin>()
        .disable::<PipelinedRenderingPlugin>();
    let mut app = window_app(stage, &options, plugins);
    while app.plugins_state() == PluginsState::Adding {
        bevy::tasks::tick_global_task_pools_on_main_thread();
    }
    app.finish();
    app.cleanup();
    app
}

/// Updates until `is_true`; the threads that read models take real time.
pub(super) fn update_until(app: &mut App, what: &str, is_true: impl Fn(&mut App) -> bool) {
    for _ in 0..3_000 {
        app.update();
        if is_true(app) {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("within 15 seconds {what}");
}

/// An exhibit on a plane of nothing: the visitor flies, so that no ground is needed.
fn visit() -> (App, Entity) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    write_model(folder.path(), 1);
    let mut stage = Stage::bare(folder.path().join("model.gltf"));
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

#[test]
fn a_window_leaves_out_what_is_drawn_in_vain_where_a_processor_draws() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join("ring.gltf");
    write_ring(&path);
    let mut app = windowless(Stage::bare(path));
    update_until(&mut app, "the ring is there", |app| {
        app.world().resource::<WarmUp>().is_done() && !parts(app).is_empty()
    });
    if !loading::is_cpu(app.world()) {
        return;
    }
    update_until(&mut app, "less than half is drawn", |app| {
        let parts = parts(app);
        parts
            .iter()
            .all(|(drawn, all)| *drawn > 0 && drawn * 2 < *all)
    });
}
