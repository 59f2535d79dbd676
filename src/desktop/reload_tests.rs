//! Hot reload, drawn without a window.

use super::{overlay, reload, tests::write_model, watch};
use crate::{
    exhibit::{open, stage::Stage, visitor::Visitor, words::Words},
    render::{
        Quality,
        headless::{Extras, Headless},
        loading::{
            CurrentStage, Loading, PlacedMesh,
            tests::wall::{write_picture, write_wall},
        },
    },
};
use bevy::{prelude::*, time::TimeUpdateStrategy};
use notify::{
    EventKind,
    event::{AccessKind, AccessMode, DataChange, ModifyKind},
};
use std::{path::Path, time::Duration};
use watch::by_hand::{self, ByHand};

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

/// An exhibit that is shown.
fn headless_of(stage: Stage, size: UVec2) -> Headless {
    let visitor = Visitor::new(&stage, stage.body.clone());
    let mut headless =
        Headless::new(stage, size, Quality::Low, Extras::default()).expect("this machine can draw");
    headless
        .app
        .insert_resource(visitor)
        .insert_resource(Words::default())
        .insert_resource(overlay::Notice::default())
        .insert_resource(watch::Language::default());
    headless
}

/// The same, which reads again what is saved.
fn reloading(stage: Stage, size: UVec2) -> Headless {
    let mut headless = headless_of(stage, size);
    watch::plugin(&mut headless.app);
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

/// Time that passes in each update of the tests below. They hold how much of the half second in
/// which a save is to be shown is spent with waiting: the rest is for reading and drawing, which
/// take what the machine takes.
const STEP: Duration = Duration::from_millis(10);

/// An exhibit that reads again what is saved, in the app's own time.
fn reloading_in_app_time(folder: &Path) -> Headless {
    write_model(folder, 1);
    write_scene(folder, "exposure: 6.0");
    let stage = open::open(&folder.join("exhibit.ron"), None).0;
    let mut headless = headless_of(stage.expect("the scene can be shown"), UVec2::new(32, 18));
    by_hand::plugin(&mut headless.app);
    reload::plugin(&mut headless.app);
    headless.load(|_| {});
    headless
        .app
        .insert_resource(TimeUpdateStrategy::ManualDuration(STEP));
    headless
}

/// What the system tells of a file that an editor saves.
fn tell_of_a_save(headless: &mut Headless, path: &Path) {
    let mut hand = headless.app.world_mut().resource_mut::<ByHand>();
    for kind in [
        EventKind::Modify(ModifyKind::Data(DataChange::Any)),
        EventKind::Access(AccessKind::Close(AccessMode::Write)),
    ] {
        hand.tell(kind, path.to_owned());
    }
}

/// Updates until `is_true`: the time that passes in the app.
fn time_until(headless: &mut Headless, is_true: impl Fn(&mut World) -> bool) -> Duration {
    let mut passed = Duration::ZERO;
    while passed < Duration::from_secs(5) {
        // Not drawn: a picture may wait for shaders, and updates for that.
        headless.app.update();
        passed += STEP;
        if is_true(headless.app.world_mut()) {
            break;
        }
    }
    passed
}

/// The models that stand there.
fn models(world: &mut World) -> Vec<Entity> {
    let mut models = world.query_filtered::<Entity, With<PlacedMesh>>();
    models.iter(world).collect()
}

#[test]
fn a_saved_scene_waits_for_little_of_its_half_second_and_reads_no_model_again() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = folder.path();
    let mut headless = reloading_in_app_time(folder);
    let before = models(headless.app.world_mut());
    write_scene(folder, "exposure: 9.0");
    tell_of_a_save(&mut headless, &folder.join("exhibit.ron"));
    let passed = time_until(&mut headless, |world| {
        assert!(
            world.resource::<Loading>().is_done(),
            "no model is read for a word in the scene"
        );
        world.resource::<CurrentStage>().0.air.exposure_ev100 == 9.0
    });
    assert!(
        passed <= Duration::from_millis(60),
        "the save is applied after {passed:?} of the app's time"
    );
    assert_eq!(
        models(headless.app.world_mut()),
        before,
        "the same models stand there"
    );
}

#[test]
fn a_saved_model_waits_for_little_of_its_half_second() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = folder.path();
    let mut headless = reloading_in_app_time(folder);
    let before = models(headless.app.world_mut());
    write_model(folder, 5);
    tell_of_a_save(&mut headless, &folder.join("model.bin"));
    let to_reading = time_until(&mut headless, |world| {
        // So small a model may have been read before anybody looks.
        let loading = world.resource::<Loading>();
        !loading.is_done() || loading.triangles == 5
    });
    assert!(
        to_reading <= Duration::from_millis(160),
        "reading begins after {to_reading:?} of the app's time"
    );
    // The reading threads take what they take: no time passes meanwhile.
    headless.load(|_| {});
    assert_eq!(headless.loading().triangles, 5, "the new model was read");
    let to_change = time_until(&mut headless, |world| {
        let mut old = before.iter();
        old.all(|old| world.get_entity(*old).is_err())
    });
    assert!(
        to_change <= Duration::from_millis(60),
        "and is shown {to_change:?} after it was read"
    );
    assert_eq!(
        models(headless.app.world_mut()).len(),
        1,
        "one model stands there"
    );
}
