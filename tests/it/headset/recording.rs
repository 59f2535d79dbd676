//! A guide in the headset who is recorded: what they do becomes a tour that the next visitor
//! takes.

use super::{
    alone, distance,
    hands::{open_menu, press_tile},
    is_visiting, number, point_at_figure, press,
    remote::Doing,
    runtime::Rig,
    vector,
};
use serde_json::Value;

const RIGHT: usize = 1;

/// What the recorder is doing.
fn is_doing(state: &Value, doing: &str) -> bool {
    let told = state["visit"]["recorder"].as_str();
    told.is_some_and(|told| told.starts_with(doing))
}

#[test]
fn a_guide_is_recorded_and_the_tour_can_be_taken() {
    let _alone = alone();
    let Some(mut rig) = Rig::new("recording") else {
        return;
    };
    let tours = Rig::scene().with_file_name("tours");
    drop(std::fs::remove_dir_all(&tours));
    let file = tours.join("guide.ron");
    rig.stage("recorded.ron", str::to_owned);
    rig.start_service(Doing::default());
    rig.start_exhibit(&[], &["--record", "guide"]);
    rig.wait("a visit begins", 90.0, is_visiting);
    open_menu(&rig);
    rig.picture("menu-ready");
    press_tile(&rig, RIGHT, "Record");
    let state = rig.wait("it records", 10.0, |state| is_doing(state, "Rolling"));
    assert!(
        state["visit"]["menu"].is_null(),
        "the menu is out of the guide's way: {state}"
    );
    rig.pass(3.0);
    rig.picture("recording");

    // A few steps aside, a place that matters, and something to point out.
    rig.act(|doing| {
        doing.head[0] += 0.7;
        doing.head[2] -= 0.6;
        for hand in &mut doing.hands {
            hand.position[0] += 0.7;
            hand.position[2] -= 0.6;
        }
    });
    let state = rig.pass(4.0);
    let stood = vector(&state["feet"]);
    let yaw_deg = number(&state["head_yaw_deg"]);
    open_menu(&rig);
    rig.picture("menu-rolling");
    press_tile(&rig, RIGHT, "RecordMark");
    rig.wait("the mark counts", 10.0, |state| {
        let told = state["visit"]["recorder"].as_str();
        told.is_some_and(|told| told.contains("keys: 1"))
    });
    point_at_figure(&rig, Some(RIGHT));
    rig.wait("the figure is meant", 10.0, |state| {
        state["visit"]["meant"] == "figure"
    });
    press(&rig, RIGHT);
    rig.wait("its card opens", 10.0, |state| {
        state["visit"]["panel"].is_string()
    });
    rig.pass(2.0);
    open_menu(&rig);
    press_tile(&rig, RIGHT, "Record");
    let state = rig.wait("the tour is written", 20.0, |state| {
        is_doing(state, "Saved") || is_doing(state, "Failed")
    });
    assert!(is_doing(&state, "Saved"), "it can be written: {state}");
    rig.pass(1.0);
    rig.picture("saved");

    let tour = std::fs::read_to_string(&file).expect("a file lies beside the scene");
    assert!(
        tour.contains("\"figure\""),
        "it points out what the guide did:\n{tour}"
    );
    let heights: Vec<&str> = tour
        .split("position: (")
        .skip(1)
        .filter_map(|place| place.split(", ").nth(1))
        .collect();
    assert!(heights.len() > 1, "the guide stood somewhere:\n{tour}");
    for height in heights {
        let height_m: f32 = height.parse().expect("a place is in numbers");
        assert!(
            height_m.abs() < 0.04,
            "feet are on the ground, however tall the guide is:\n{tour}"
        );
    }

    // The next visitor takes it.
    rig.stage("taken.ron", |scene| {
        scene.replacen(
            "    tours: [\n",
            "    tours: [\n        \"tours/guide.ron\",\n",
            1,
        )
    });
    let folder = Rig::scene();
    let folder = folder.parent().expect("a scene is in a folder");
    let checked = crate::command::grotto(&["check", "taken.ron"], folder);
    assert!(
        checked.status.success(),
        "it is sound: {}{}\n{tour}",
        String::from_utf8_lossy(&checked.stdout),
        String::from_utf8_lossy(&checked.stderr)
    );
    let last = rig.state().expect("a report")["pid"].clone();
    rig.start_exhibit(&[], &[]);
    rig.wait("another visit begins", 90.0, |state| {
        state["pid"] != last && is_visiting(state)
    });
    open_menu(&rig);
    press_tile(&rig, RIGHT, "Tour");
    press_tile(&rig, RIGHT, "BeginTour(0)");
    rig.wait("the tour is under way", 20.0, |state| {
        state["visit"]["tour"].is_string()
    });
    let led = rig.wait("it leads to where the guide stood", 60.0, |state| {
        distance(vector(&state["feet"]), stood) < 0.2
    });
    let off = super::between_deg(number(&led["head_yaw_deg"]), yaw_deg);
    assert!(off < 12.0, "and looks where they looked: {off} degrees off");
}
