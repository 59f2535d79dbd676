//! Pointing, by steady and unsteady hands.

use super::*;
use crate::visit::comfort::Hand;
use crate::visit::dice::Dice;

fn ball(x: f32, y: f32, z: f32, radius_m: f32) -> Shape {
    Shape::Sphere {
        center: Vec3::new(x, y, z),
        radius_m,
    }
}

fn ray_to(target: Vec3) -> Ray {
    let from = Vec3::new(0.0, 1.4, 0.0);
    Ray {
        from,
        direction: target - from,
        farthest_m: 10.0,
        rock_m: None,
    }
}

#[test]
fn rays_mean_what_they_meet_or_nearly_meet() {
    let shapes = [
        ball(0.0, 1.4, -3.0, 0.1),
        ball(0.0, 1.4, -5.0, 0.5),
        Shape::Box {
            center: Vec3::new(2.0, 1.0, -3.0),
            half: Vec3::new(0.5, 0.3, 0.05),
            rotation: Quat::from_rotation_y(0.5),
        },
    ];
    let found = |target, kept| pick(&ray_to(target), &shapes, kept).map(|p| (p.spot.0, p.aim));
    assert_eq!(
        found(Vec3::new(0.0, 1.4, -3.0), None),
        Some((0, Aim::Met)),
        "the nearer of two in a row"
    );
    assert_eq!(
        found(Vec3::new(2.3, 1.1, -3.2), None),
        Some((2, Aim::Met)),
        "a turned box"
    );
    assert_eq!(
        found(Vec3::new(2.0, 1.45, -3.0), None),
        Some((2, Aim::Helped)),
        "a little above the box is helped"
    );
    assert_eq!(
        found(Vec3::new(2.0, 1.6, -3.0), None),
        None,
        "far above is not"
    );
    assert_eq!(
        found(Vec3::new(2.0, 1.52, -3.0), Some(Spot(2))),
        Some((2, Aim::Helped)),
        "what was meant is kept a little longer"
    );
    let touch = Ray {
        from: Vec3::new(0.0, 1.4, -2.88),
        direction: Vec3::X,
        farthest_m: 10.0,
        rock_m: None,
    };
    assert_eq!(
        pick(&touch, &shapes, None).map(|p| (p.spot.0, p.aim)),
        Some((0, Aim::Touched)),
        "a fingertip touches, wherever it points"
    );
}

#[test]
fn a_menu_is_pressed_though_a_hotspot_is_all_around() {
    let tile = Shape::Box {
        center: Vec3::new(0.0, 1.4, -0.8),
        half: Vec3::new(0.05, 0.05, 0.01),
        rotation: Quat::IDENTITY,
    };
    let shapes = [tile, ball(0.0, 1.4, -0.5, 1.0), ball(0.3, 1.4, -0.8, 0.05)];
    let meant = |x: f32, boards| {
        let ray = ray_to(Vec3::new(x, 1.4, -0.8));
        pick_on_boards(&ray, &shapes, boards, None).map(|found| found.spot.0)
    };
    assert_eq!(meant(0.0, 0), Some(1), "the ball holds the hand");
    assert_eq!(meant(0.0, 1), Some(0), "the tile is on the menu");
    assert_eq!(meant(0.06, 1), Some(1), "beside the tile nobody is helped");
    let clear = [tile, ball(0.3, 1.4, -0.8, 0.05)];
    let beside = pick_on_boards(&ray_to(Vec3::new(0.06, 1.4, -0.8)), &clear, 1, None);
    assert_eq!(
        beside.map(|found| (found.spot.0, found.aim)),
        Some((0, Aim::Helped)),
        "but where nothing is met"
    );
}

#[test]
fn rock_hides_what_is_behind_it() {
    let shapes = [ball(0.0, 1.4, -3.0, 0.2)];
    let mut ray = ray_to(Vec3::new(0.0, 1.4, -3.0));
    ray.rock_m = Some(2.0);
    assert_eq!(pick(&ray, &shapes, None), None, "behind a wall");
    ray.rock_m = Some(2.75);
    assert!(
        pick(&ray, &shapes, None).is_some(),
        "sunk a little into the wall is on it"
    );
    ray.rock_m = None;
    ray.farthest_m = 2.0;
    assert_eq!(pick(&ray, &shapes, None), None, "too far");
}

#[test]
fn random_rays_agree_with_marching() {
    let mut dice = Dice::new(13);
    let (mut met, mut inside) = (0, 0);
    for case in 0..3000 {
        let shape = if case % 2 == 0 {
            let c = dice.point();
            ball(c.x, c.y, c.z, 0.3 + 0.2 * dice.unit())
        } else {
            Shape::Box {
                center: dice.point(),
                half: dice.point() * 0.6,
                rotation: Quat::from_rotation_y(dice.unit() * 3.0)
                    * Quat::from_rotation_x(dice.unit() * 3.0),
            }
        };
        let from = dice.point() * 2.0;
        let direction = (shape.center() - from + dice.point() * 0.8).normalize_or_zero();
        let is_in = |m: f32| {
            let p = from + direction * m;
            shape.nearest(p).distance(p) < 1e-5
        };
        let marched = (0..1500).map(|i| i as f32 * 0.004).find(|m| is_in(*m));
        match (shape.entry_m(from, direction), marched) {
            (Some(entry), Some(marched)) => {
                met += 1;
                assert!(
                    marched >= entry - 1e-3 && marched - entry < 0.005,
                    "case {case}: entered at {entry}, marched {marched}"
                );
            }
            (None, Some(marched)) => panic!("case {case}: missed what is met at {marched}"),
            (Some(entry), None) => {
                // Grazed more thinly than the march steps.
                assert!(is_in(entry + 0.002) || !is_in(entry + 0.004), "case {case}");
                inside += 1;
            }
            (None, None) => {}
        }
    }
    assert!(
        met > 500 && inside < met,
        "the rays test something: {met}, {inside}"
    );
    assert_eq!(
        pick(&ray_to(Vec3::NAN), &[ball(0.0, 0.0, 0.0, 1.0)], None),
        None,
        "a glitch means nothing"
    );
}

/// Feeds a gaze, one letter every 50 ms: a and b are hotspots, - is none.
fn dwell_over(gaze: &str) -> (Vec<Spot>, f32) {
    let mut dwell = Dwell::default();
    let mut pressed = Vec::new();
    let mut most = 0.0f32;
    for letter in gaze.chars() {
        let gazed = match letter {
            'a' => Some(Spot(0)),
            'b' => Some(Spot(1)),
            _ => None,
        };
        for _ in 0..5 {
            match dwell.step(gazed, 1.0, 0.01) {
                DwellOutcome::Pressed(spot) => pressed.push(spot),
                DwellOutcome::Filling(_, part) => most = most.max(part),
                DwellOutcome::Idle => {}
            }
        }
    }
    (pressed, most)
}

#[test]
fn a_resting_gaze_presses_once() {
    let long = "a".repeat(100);
    assert_eq!(
        dwell_over(&long).0,
        [Spot(0)],
        "once, however long it rests"
    );
    let twice = format!("{}{}{}", "a".repeat(25), "-".repeat(20), "a".repeat(25));
    assert_eq!(
        dwell_over(&twice).0,
        [Spot(0), Spot(0)],
        "again after leaving"
    );
    let blink = format!("{}---{}", "a".repeat(12), "a".repeat(12));
    assert_eq!(
        dwell_over(&blink).0,
        [Spot(0)],
        "a blink of the eyes is forgiven"
    );
    let aside = format!("{}bb{}", "a".repeat(12), "a".repeat(12));
    assert_eq!(
        dwell_over(&aside).0,
        [Spot(0)],
        "so is a glance at the neighbour"
    );
    let glances = "aaaaaaaa----------".repeat(10);
    assert_eq!(
        dwell_over(&glances).0,
        [],
        "glances never add up to a press"
    );
    let roaming = "aaaaaaabbbbbbb".repeat(10);
    assert_eq!(dwell_over(&roaming).0, [], "nor does a roaming gaze");
    assert_eq!(
        dwell_over("aa--------").1,
        0.0,
        "a passing gaze shows no ring"
    );
    let mut dwell = Dwell::default();
    assert_eq!(
        dwell.step(Some(Spot(0)), 1.0, 60.0),
        DwellOutcome::Idle,
        "a hitch presses nothing"
    );
}

#[test]
fn either_hand_points_and_one_is_enough() {
    let seen = HandInput {
        is_tracked: true,
        has_pressed: false,
    };
    let pressing = HandInput {
        has_pressed: true,
        ..seen
    };
    let unseen = HandInput::default();
    let mut hand = PointingHand::default();
    let right = Pointer::Hand(Hand::Right);
    let left = Pointer::Hand(Hand::Left);
    assert_eq!(
        hand.step(seen, seen, Hand::Right),
        right,
        "the dominant hand at first"
    );
    assert_eq!(hand.step(seen, seen, Hand::Left), left, "whichever that is");
    assert_eq!(
        hand.step(pressing, seen, Hand::Right),
        left,
        "the other takes over with its press"
    );
    assert_eq!(hand.step(seen, seen, Hand::Right), left, "and keeps it");
    assert_eq!(
        hand.step(unseen, seen, Hand::Right),
        right,
        "one hand is enough"
    );
    assert_eq!(
        hand.step(unseen, unseen, Hand::Right),
        Pointer::Gaze,
        "none is enough"
    );
    hand.forget();
    assert_eq!(
        hand.step(seen, seen, Hand::Right),
        right,
        "the next visitor is another"
    );
}
