//! Throws in a room that formulas describe.

use super::*;
use crate::visit::dice::Dice;
use core::f32::consts::{FRAC_PI_2, PI};

const FLOOR_M: f32 = 12.0;

/// A room 12 m square with its floor at 0 and walls 4 m high, an altar (not to be walked on)
/// and a step (to be walked on).
struct Room;

const ALTAR: (Vec3, Vec3) = (Vec3::new(-1.0, 0.0, -4.0), Vec3::new(1.0, 0.9, -3.0));
const STEP: (Vec3, Vec3) = (Vec3::new(3.0, 0.0, -2.0), Vec3::new(5.0, 0.3, 0.0));

impl Room {
    fn is_rock(p: Vec3) -> bool {
        let half = FLOOR_M / 2.0;
        let is_in = |(low, high): (Vec3, Vec3)| p.cmpge(low).all() && p.cmple(high).all();
        p.y <= 0.0
            || p.y >= 4.0
            || p.x.abs() >= half
            || p.z.abs() >= half
            || is_in(ALTAR)
            || is_in(STEP)
    }
}

impl Rock for Room {
    fn cast(&self, from: Vec3, to: Vec3) -> Option<RockHit> {
        // March, then halve: plain enough to be trusted.
        let count = (from.distance(to) / 0.02).ceil().max(1.0);
        let at = |part: f32| from.lerp(to, part);
        let first = (0..=count as u32)
            .map(|i| i as f32 / count)
            .find(|part| Self::is_rock(at(*part)))?;
        let (mut open, mut shut) = ((first - 1.0 / count).max(0.0), first);
        for _ in 0..30 {
            let middle = (open + shut) / 2.0;
            if Self::is_rock(at(middle)) {
                shut = middle;
            } else {
                open = middle;
            }
        }
        let point = at(shut);
        let normal = [
            Vec3::Y,
            Vec3::X,
            Vec3::NEG_X,
            Vec3::Z,
            Vec3::NEG_Z,
            Vec3::NEG_Y,
        ]
        .into_iter()
        .find(|normal| !Self::is_rock(point + *normal * 0.001))
        .unwrap_or(Vec3::Y);
        Some(RockHit { point, normal })
    }

    fn body_fits(&self, feet: Vec3) -> bool {
        (0..8).all(|i| {
            let angle = i as f32 * PI / 4.0;
            let out = Vec3::new(ops::cos(angle), 0.0, ops::sin(angle)) * 0.25;
            (1..=17).all(|j| !Self::is_rock(feet + out + Vec3::Y * (0.36 + 0.08 * j as f32)))
        })
    }

    fn is_walkable(&self, point: Vec3) -> bool {
        !(point.cmpge(ALTAR.0 - 0.01).all() && point.cmple(ALTAR.1 + 0.01).all())
    }
}

fn throw_at(target: Vec3) -> Throw {
    // The flatter of the two angles that hit the target.
    let hand = Vec3::new(0.2, 1.2, 0.0);
    let settings = TeleportSettings::default();
    let way = target - hand;
    let (x, y) = (way.with_y(0.0).length(), way.y);
    let (v, g) = (settings.launch_speed, settings.gravity);
    let root = (v.powi(4) - g * (g * x * x + 2.0 * y * v * v))
        .max(0.0)
        .sqrt();
    let pitch = ops::atan2(v * v - root, g * x);
    let (sin, cos) = ops::sin_cos(pitch);
    Throw {
        head_in_world: Vec3::new(0.0, 1.6, 0.1),
        feet_in_world: Vec3::ZERO,
        head_yaw_rad: 0.3,
        hand_in_world: hand,
        direction: way.with_y(0.0).normalize_or_zero() * cos + Vec3::Y * sin,
        stick: Vec2::ZERO,
    }
}

fn aim(throw: &Throw) -> Aim {
    TeleportSettings::default().aim(throw, &Room)
}

#[test]
fn one_lands_where_one_points() {
    for target in [
        Vec3::new(2.0, 0.0, 2.0),
        Vec3::new(-3.0, 0.0, 1.0),
        Vec3::new(0.5, 0.0, -1.5),
        Vec3::new(4.0, 0.3, -1.0),
    ] {
        let throw = throw_at(target);
        let aim = aim(&throw);
        let landing = aim.landing.expect("free ground is landed on");
        let off = landing.feet_in_world.distance(target);
        assert!(off < 0.05, "within 5 cm of {target}, not {off} m off");
        assert_eq!(
            landing.yaw_rad, throw.head_yaw_rad,
            "facing stays as it was"
        );
        assert_eq!(
            aim.arc[0], throw.hand_in_world,
            "the arc begins in the hand"
        );
        assert!(
            aim.arc
                .windows(2)
                .all(|pair| pair[0].distance(pair[1]) < 0.5),
            "and is smooth enough to be drawn"
        );
    }
}

#[test]
fn what_is_refused_says_why() {
    let on_altar = throw_at(Vec3::new(0.0, 0.9, -3.5));
    assert_eq!(
        aim(&on_altar).landing,
        Err(Refusal::NotWalkable),
        "not onto the altar"
    );
    let mut up = throw_at(Vec3::new(2.0, 0.0, 0.0));
    up.direction = Vec3::new(0.0, 0.2, 0.0);
    up.hand_in_world.y = 3.9;
    up.head_in_world.y = 3.9;
    assert_eq!(
        aim(&up).landing,
        Err(Refusal::TooSteep),
        "not onto the ceiling"
    );
    let mut through = throw_at(Vec3::new(2.0, 0.0, 0.0));
    through.hand_in_world = Vec3::new(6.5, 1.2, 0.0);
    assert_eq!(
        aim(&through).landing,
        Err(Refusal::HandBehindRock),
        "not with a hand through the wall"
    );
    let mut leaning = throw_at(Vec3::new(2.0, 0.0, 0.0));
    leaning.head_in_world = Vec3::new(6.4, 1.6, 0.0);
    leaning.hand_in_world = Vec3::new(6.5, 1.2, 0.0);
    assert_eq!(
        aim(&leaning).landing,
        Err(Refusal::HeadBehindRock),
        "not with a head through the wall"
    );
    let mut lost = throw_at(Vec3::new(2.0, 0.0, 0.0));
    lost.direction = Vec3::NAN;
    assert_eq!(
        aim(&lost).landing,
        Err(Refusal::NotTracked),
        "not without a hand"
    );
    let settings = TeleportSettings {
        farthest_m: 2.0,
        ..TeleportSettings::default()
    };
    let far = settings.aim(&throw_at(Vec3::new(-4.0, 0.0, 0.0)), &Room);
    assert_eq!(
        far.landing,
        Err(Refusal::TooFar),
        "not farther than allowed"
    );
    struct Nothing;
    impl Rock for Nothing {
        fn cast(&self, _: Vec3, _: Vec3) -> Option<RockHit> {
            None
        }
        fn body_fits(&self, _: Vec3) -> bool {
            true
        }
        fn is_walkable(&self, _: Vec3) -> bool {
            true
        }
    }
    let nowhere = TeleportSettings::default().aim(&throw_at(Vec3::X), &Nothing);
    assert_eq!(nowhere.landing, Err(Refusal::NoGround), "not into the void");
}

#[test]
fn a_wall_lands_at_its_foot() {
    // The altar's front: before it, not on it.
    let mut throw = throw_at(Vec3::new(0.0, 0.5, -3.0));
    throw.direction = (Vec3::new(0.0, 0.6, -3.0) - throw.hand_in_world).normalize();
    let landing = aim(&throw)
        .landing
        .expect("the floor before the altar is free");
    let feet = landing.feet_in_world;
    assert!(
        feet.y.abs() < 0.01 && (-2.76..-2.2).contains(&feet.z),
        "before the altar, not {feet}"
    );
    assert!(Room.body_fits(feet), "where a body fits");
    // A corner of the room, where no body fits: a little nearer.
    let throw = throw_at(Vec3::new(-3.6, 0.0, 3.6));
    let settings = TeleportSettings {
        launch_speed: 9.0,
        farthest_m: 20.0,
        ..TeleportSettings::default()
    };
    let corner = settings.aim(&throw, &Room);
    let feet = corner
        .landing
        .expect("near the corner is room")
        .feet_in_world;
    assert!(
        feet.x > -5.8 && feet.z < 5.8 && Room.body_fits(feet),
        "out of the corner, at {feet}"
    );
}

#[test]
fn sticks_choose_the_facing() {
    let mut throw = throw_at(Vec3::new(0.2, 0.0, -2.0));
    for (stick, yaw) in [
        (Vec2::new(0.0, 1.0), 0.0),
        (Vec2::new(1.0, 0.0), -FRAC_PI_2),
        (Vec2::new(-1.0, 0.0), FRAC_PI_2),
        (Vec2::new(0.1, 0.1), throw.head_yaw_rad),
    ] {
        throw.stick = stick;
        let landing = aim(&throw).landing.expect("free ground");
        assert!(
            wrapped(landing.yaw_rad - yaw).abs() < 1e-4,
            "the stick at {stick} faces {yaw}, not {}",
            landing.yaw_rad
        );
    }
}

#[test]
fn random_throws_never_land_in_rock() {
    let mut dice = Dice::new(11);
    let mut landed = 0;
    for case in 0..1500 {
        let mut throw = throw_at(dice.point() * 5.0);
        throw.direction = dice.point();
        throw.stick = Vec2::new(dice.unit(), dice.unit());
        let aim = aim(&throw);
        assert!(
            aim.arc.iter().all(|p| p.is_finite()),
            "case {case}: the arc is finite"
        );
        if let Ok(landing) = aim.landing {
            landed += 1;
            let feet = landing.feet_in_world;
            assert!(Room.body_fits(feet), "case {case}: a body fits at {feet}");
            assert!(Room.is_walkable(feet), "case {case}: not on the altar");
            assert!(landing.yaw_rad.abs() <= PI, "case {case}: facing somewhere");
        }
    }
    assert!(landed > 300, "the throws test something: {landed}");
}
