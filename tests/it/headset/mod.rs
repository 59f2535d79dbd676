//! The exhibit in a headset, on a real OpenXR runtime, with a scripted visitor.
//!
//! Skipped by name where the runtime is not set up (`scripts/headset-runtime setup`). One at
//! a time: the visitor's driver listens on one address.

pub(crate) mod compare;
mod gallery;
mod hands;
mod life;
mod parallax;
mod recording;
mod remote;
mod runtime;
mod tours;
mod traces;

use remote::{Doing, HALF_EYES_M};
use runtime::Rig;
use serde_json::Value;
use std::sync::{Mutex, MutexGuard, PoisonError};

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner)
}

fn vector(value: &Value) -> [f32; 3] {
    [0, 1, 2].map(|at| value[at].as_f64().unwrap_or(f64::NAN) as f32)
}

fn distance(a: [f32; 3], b: [f32; 3]) -> f32 {
    let squares = [0, 1, 2].map(|at| (a[at] - b[at]) * (a[at] - b[at]));
    squares.iter().sum::<f32>().sqrt()
}

fn number(value: &Value) -> f32 {
    value.as_f64().unwrap_or(f64::NAN) as f32
}

/// Degrees between two headings.
fn between_deg(a: f32, b: f32) -> f32 {
    ((a - b + 180.0).rem_euclid(360.0) - 180.0).abs()
}

fn is_visiting(state: &Value) -> bool {
    state["phase"] == "Running"
        && state["session"] == "Focused"
        && state["is_ready"] == true
        && number(&state["darkness"]) < 0.01
}

/// Yaw and pitch, radians, from a place to another, seen with -Z ahead.
fn aim(from: [f32; 3], to: [f32; 3]) -> (f32, f32) {
    let way = [0, 1, 2].map(|at| f64::from(to[at] - from[at]));
    let level = way[0].hypot(way[2]);
    ((-way[0]).atan2(-way[2]) as f32, way[1].atan2(level) as f32)
}

/// A rig in a visit that has just begun; the first minute is over.
fn visiting(test: &str, arguments: &[&str]) -> Option<Rig> {
    let mut rig = Rig::new(test)?;
    rig.start_service(Doing::default());
    rig.start_exhibit(&[], arguments);
    rig.wait("a visit begins", 90.0, is_visiting);
    Some(rig)
}

#[test]
fn a_visitor_sees_walks_steps_turns_and_points() {
    let _alone = alone();
    let Some(rig) = visiting("visitor", &[]) else {
        return;
    };
    eyes_see_what_a_picture_shows(&rig);
    heads_move_cameras(&rig);
    either_hand_and_a_look_select(&rig);
    throws_land_where_they_point(&rig);
    turns_are_exact(&rig);
    walls_hide_what_is_behind(&rig);
}

fn eyes_see_what_a_picture_shows(rig: &Rig) {
    // A look that rests on a hotspot would open it.
    rig.act(|doing| {
        doing.is_swaying = false;
        doing.yaw = 0.6;
    });
    // Eyes get used to the light of the place.
    let state = rig.pass(4.0);
    let eyes = [vector(&state["eyes"][0]), vector(&state["eyes"][1])];
    assert!(
        (distance(eyes[0], eyes[1]) - 2.0 * HALF_EYES_M).abs() < 1e-4,
        "the eyes are as far apart as the headset says: {eyes:?}"
    );
    let yaw_deg = number(&state["head_yaw_deg"]);
    let expected = eyes.map(|eye| compare::headless(eye, yaw_deg));
    let look = || {
        let seen = rig.picture("start");
        [0, 1].map(|eye| {
            let own = compare::difference(&seen[eye], &expected[eye]);
            let other = compare::difference(&seen[eye], &expected[1 - eye]);
            (own, other)
        })
    };
    let are_alike = |eyes: &[(compare::Difference, compare::Difference)]| {
        eyes.iter()
            .all(|(own, _)| own.mean < 2.5 && own.percentile_97 < 30)
    };
    // Seconds are few frames on a busy machine: the light of the place may not have come yet.
    let mut seen = look();
    for _ in 0..4 {
        if !are_alike(&seen) {
            rig.pass(3.0);
            seen = look();
        }
    }
    assert!(
        are_alike(&seen),
        "each eye sees what a picture from its place shows: {seen:?}"
    );
    for (own, other) in seen {
        assert!(
            own.mean < other.mean * 0.9,
            "and not what the other eye sees: {own:?} against {other:?}"
        );
    }
    rig.act(|doing| {
        doing.is_swaying = true;
        doing.yaw = 0.0;
    });
}

fn heads_move_cameras(rig: &Rig) {
    let before = vector(&rig.pass(0.5)["head"]);
    rig.act(|doing| doing.head[2] -= 1.0);
    // On a busy machine a frame may take seconds.
    rig.wait("the head has moved", 20.0, |state| {
        distance(before, vector(&state["head"])) > 0.5
    });
    let after = vector(&rig.pass(1.0)["head"]);
    let moved = distance(before, after);
    assert!((moved - 1.0).abs() < 0.02, "1 m is 1 m, not {moved}");
    let state = rig.state().expect("a report");
    let under = vector(&state["feet"]);
    assert!(
        distance([under[0], 0.0, under[2]], [after[0], 0.0, after[2]]) < 0.03,
        "the body came along: {under:?} under {after:?}"
    );
    rig.act(|doing| doing.head[2] += 1.0);
    rig.pass(1.0);
}

fn throws_land_where_they_point(rig: &Rig) {
    rig.act(|doing| {
        doing.hands[1].is_seen = true;
        doing.hands[1].pitch = -0.4;
        doing.hands[1].stick = [0.0, 1.0];
    });
    rig.pass(1.5);
    let aimed = rig.wait("a landing is shown", 10.0, |state| {
        state["visit"]["throw"].is_array()
    });
    let landing = vector(&aimed["visit"]["throw"]);
    rig.act(|doing| doing.hands[1].stick = [0.0; 2]);
    rig.wait("the throw is carried out", 10.0, |state| {
        state["visit"]["steps"] == 1 && number(&state["darkness"]) > 0.9
    });
    let state = rig.wait("it is clear again", 10.0, is_visiting);
    let feet = vector(&state["feet"]);
    assert!(
        distance(feet, landing) < 0.05,
        "the feet are where the mark was: {feet:?}, {landing:?}"
    );
    nobody_lands_on_the_altar(rig);
    // Up at the ceiling, and at the figure: no landing there.
    let state = rig.pass(0.2);
    let thrown = state["visit"]["steps"].clone();
    let eye = vector(&state["head"]);
    for (target, what) in [
        ([0.0, 5.0, 0.0], "the ceiling"),
        ([0.0, 2.0, -4.2], "the figure"),
    ] {
        let (yaw, pitch) = aim(eye, target);
        rig.act(|doing| {
            doing.hands[1].yaw = yaw - number(&state["rig_yaw_deg"]).to_radians();
            doing.hands[1].pitch = pitch;
            doing.hands[1].stick = [0.0, 1.0];
        });
        let aimed = rig.pass(1.5);
        let shown = &aimed["visit"]["throw"];
        let is_on_target = shown.is_array() && distance(vector(shown), target) < 0.3;
        assert!(!is_on_target, "nobody lands on {what}: {shown}");
        // A hand that is lost throws nobody.
        rig.act(|doing| doing.hands[1].is_seen = false);
        rig.pass(0.5);
        rig.act(|doing| {
            doing.hands[1].stick = [0.0; 2];
            doing.hands[1].is_seen = true;
        });
        let state = rig.pass(0.5);
        assert_eq!(
            state["visit"]["steps"], thrown,
            "nobody was thrown: {state}"
        );
    }
}

/// Whether a place is on one of the two steps of the sample's altar, 0.38 m and 0.75 m high,
/// whose front is at z = -1.7 m.
fn is_on_altar(place: [f32; 3]) -> bool {
    let [x, y, z] = place;
    x.abs() < 2.1 && (-4.2..-1.6).contains(&z) && (0.2..1.0).contains(&y)
}

/// Arcs that end on the altar, from its edge to its back, are refused or land beside it.
fn nobody_lands_on_the_altar(rig: &Rig) {
    let mut ends_on_it = 0;
    for step in 0..8 {
        let state = rig.state().expect("a report");
        let (yaw, _) = aim(vector(&state["head"]), [0.0, 0.4, -2.6]);
        rig.act(|doing| {
            doing.hands[1].yaw = yaw - number(&state["rig_yaw_deg"]).to_radians();
            doing.hands[1].pitch = -0.5 + 0.1 * step as f32;
            doing.hands[1].stick = [0.0, 1.0];
        });
        let aimed = rig.pass(0.8);
        let shown = &aimed["visit"]["throw"];
        let landing = shown.is_array().then(|| vector(shown));
        assert!(
            landing.is_none_or(|landing| !is_on_altar(landing)),
            "nobody lands on the altar: {shown}"
        );
        if !is_on_altar(vector(&aimed["visit"]["throw_end"])) {
            continue;
        }
        ends_on_it += 1;
        if ends_on_it > 2 {
            continue;
        }
        // And nobody who lets go is there.
        rig.act(|doing| doing.hands[1].stick = [0.0; 2]);
        rig.pass(1.0);
        let after = rig.wait("it is clear", 10.0, is_visiting);
        let feet = vector(&after["feet"]);
        assert!(!is_on_altar(feet), "the feet are not on it: {feet:?}");
        if landing.is_none() {
            assert!(
                distance(feet, vector(&state["feet"])) < 0.01,
                "a refused throw throws nobody: {feet:?}"
            );
        }
    }
    assert!(ends_on_it > 0, "some of the arcs end on the altar");
    rig.act(|doing| doing.hands[1].is_seen = false);
    rig.pass(0.5);
    rig.act(|doing| {
        doing.hands[1].stick = [0.0; 2];
        doing.hands[1].is_seen = true;
    });
    rig.pass(0.5);
}

fn turns_are_exact(rig: &Rig) {
    rig.act(|doing| doing.is_swaying = false);
    let mut turns = Vec::new();
    // A slow machine may see the stick held long enough for a second turn: then once more.
    while turns.len() < 4 && !turns.last().is_some_and(|turned| *turned < 31.0) {
        turns.push(flick(rig));
    }
    rig.act(|doing| doing.is_swaying = true);
    assert!(
        turns
            .last()
            .is_some_and(|turned| (turned - 30.0).abs() < 0.1),
        "one flick turns by 30 degrees: {turns:?}"
    );
    for turned in turns {
        let off = turned - (turned / 30.0).round() * 30.0;
        assert!(
            off.abs() < 0.1,
            "no turn is of part of 30 degrees: {turned}"
        );
    }
}

/// Flicks a stick to the right; how far that turns, degrees.
fn flick(rig: &Rig) -> f32 {
    let before = rig.pass(0.5);
    let turned = |state: &Value| {
        let yaw = |state: &Value| number(&state["rig_yaw_deg"]);
        (yaw(&before) - yaw(state)).rem_euclid(360.0)
    };
    rig.act(|doing| doing.hands[1].stick = [1.0, 0.0]);
    rig.wait("the visitor turns to the right", 10.0, |state| {
        (1.0..180.0).contains(&turned(state))
    });
    rig.act(|doing| doing.hands[1].stick = [0.0; 2]);
    let after = rig.pass(1.0);
    let moved_m = distance(vector(&before["head"]), vector(&after["head"]));
    assert!(moved_m < 0.01, "the head stays where it is: {moved_m} m");
    let looked = between_deg(
        number(&after["head_yaw_deg"]),
        number(&before["head_yaw_deg"]),
    );
    assert!(
        (looked - turned(&after)).abs() < 0.1,
        "what is seen turns as much: {looked}"
    );
    turned(&after)
}

/// A hotspot of the sample that is seen from its cave's middle.
const FIGURE: [f32; 3] = [0.0, 2.0, -3.8];

fn either_hand_and_a_look_select(rig: &Rig) {
    for side in [0, 1] {
        rig.act(|doing| {
            doing.hands[0].is_seen = side == 0;
            doing.hands[1].is_seen = side == 1;
        });
        rig.pass(0.5);
        point_at_figure(rig, Some(side));
        // A look may have opened it before: a press then closes it.
        for _ in 0..2 {
            let is_open = rig.pass(0.5)["visit"]["panel"].is_string();
            let is_meant = |state: &Value| {
                let meant = &state["visit"]["meant"];
                meant == "figure" || (is_open && meant == "Card")
            };
            rig.wait("the figure is meant, or its card", 10.0, is_meant);
            press(rig, side);
            rig.wait("a press opens and closes", 10.0, |state| {
                state["visit"]["panel"].is_string() != is_open
            });
        }
    }
    if rig.pass(0.2)["visit"]["panel"].is_string() {
        press(rig, 1);
    }
    // Away from everything, until the hands are gone.
    rig.act(|doing| {
        doing.pitch = -1.0;
        for hand in &mut doing.hands {
            hand.is_seen = false;
        }
    });
    rig.wait("nothing is open", 10.0, |state| {
        state["visit"]["panel"].is_null()
    });
    rig.pass(0.5);
    point_at_figure(rig, None);
    rig.wait("a look that rests opens it", 15.0, |state| {
        state["visit"]["panel"].is_string()
    });
    rig.act(|doing| (doing.yaw, doing.pitch) = (0.0, 0.0));
    rig.act(|doing| doing.hands[1].is_seen = true);
    rig.pass(0.5);
}

/// Turns a hand, or the head, towards the figure.
fn point_at_figure(rig: &Rig, side: Option<usize>) {
    let state = rig.state().expect("a report");
    let rig_yaw = number(&state["rig_yaw_deg"]).to_radians();
    let head = vector(&state["head"]);
    let doing = rig.remote.as_ref().expect("a visitor").doing();
    let from = match side {
        Some(side) => in_world(&state, &doing, doing.hands[side].position),
        None => head,
    };
    let (yaw, pitch) = aim(from, FIGURE);
    rig.act(|doing| match side {
        Some(side) => {
            doing.hands[side].yaw = yaw - rig_yaw;
            doing.hands[side].pitch = pitch;
        }
        None => {
            doing.yaw = yaw - rig_yaw;
            doing.pitch = pitch;
        }
    });
}

/// A tracked point in the exhibit, from where the head is in both.
fn in_world(state: &Value, doing: &Doing, point: [f32; 3]) -> [f32; 3] {
    let head = vector(&state["head"]);
    let (sin, cos) = f64::from(number(&state["rig_yaw_deg"]).to_radians()).sin_cos();
    let off = [0, 1, 2].map(|at| f64::from(point[at] - doing.head[at]));
    let turned = [
        cos * off[0] + sin * off[2],
        off[1],
        cos * off[2] - sin * off[0],
    ];
    [0, 1, 2].map(|at| head[at] + turned[at] as f32)
}

fn press(rig: &Rig, side: usize) {
    for is_pressed in [true, false] {
        let trigger = f32::from(u8::from(is_pressed));
        rig.act(|doing| doing.hands[side].trigger = trigger);
        rig.wait("the trigger moves", 10.0, |state| {
            state["hands"][side]["pressed"] == is_pressed
        });
    }
}

fn walls_hide_what_is_behind(rig: &Rig) {
    // Straight on for 30 m: there is a wall on the way, whatever way that is.
    rig.act(|doing| doing.pitch = 0.0);
    let before = vector(&rig.pass(0.5)["feet"]);
    for _ in 0..60 {
        rig.act(|doing| doing.head[0] += 0.25);
        rig.pass(0.05);
    }
    let state = rig.wait("behind a wall is nothing", 10.0, |state| {
        number(&state["darkness"]) > 0.99
    });
    let feet = vector(&state["feet"]);
    assert!(
        distance(before, feet) < 9.0,
        "the body stays in the cave: {feet:?}"
    );
    // A throw from there goes nowhere.
    rig.act(|doing| {
        doing.hands[1].is_seen = true;
        doing.hands[1].position = [doing.head[0] + 0.2, 1.25, -0.35];
        doing.hands[1].stick = [0.0, 1.0];
    });
    let aimed = rig.pass(1.0);
    let shown = &aimed["visit"]["throw"];
    assert!(
        shown.is_string() || shown.is_null(),
        "nobody passes a wall by leaning through it: {shown}"
    );
}
