//! Walking through generated rooms with seeded random wishes.

use bevy::math::{Vec2, Vec3};

use super::worlds::{PILLAR, World, house, is_hole, is_pit};
use super::{Gait, WalkSettings, Walker};
use crate::bake::collide::Collider;
use crate::exhibit::intent::Intent;

struct Dice(u64);

impl Dice {
    /// 0 to 1.
    fn unit(&mut self) -> f32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f32 / (1u64 << 24) as f32
    }

    fn signed(&mut self) -> f32 {
        self.unit() * 2.0 - 1.0
    }

    fn intent(&mut self) -> Intent {
        Intent {
            move_axis: Vec2::new(self.signed() * 0.6, self.signed() * 0.5 + 0.7),
            rise: self.signed(),
            look_delta_rad: Vec2::new(self.signed(), self.signed()) * 0.08,
            run: self.unit() > 0.5,
        }
    }

    fn dt_secs(&mut self) -> f32 {
        let choices = [1.0 / 144.0, 1.0 / 60.0, 1.0 / 30.0, 0.1, 0.25, 3.0];
        choices[(self.unit() * 5.99) as usize]
    }
}

fn forward(speed: f32) -> Intent {
    Intent {
        move_axis: Vec2::new(0.0, speed),
        ..Intent::default()
    }
}

/// A walker that looks along a heading, settled.
fn walker_at(x: f32, z: f32, along: Vec3, world: &Collider) -> Walker {
    let yaw = bevy::math::ops::atan2(-along.x, -along.z);
    let mut walker = Walker::new(Vec3::new(x, 0.0, z), yaw, 0.0);
    walker.step(
        &WalkSettings::default(),
        &Intent::default(),
        0.1,
        Some(world),
    );
    walker
}

fn walk_for(walker: &mut Walker, secs: f32, rate: f32, intent: &Intent, world: &Collider) {
    for _ in 0..(secs * rate).round() as usize {
        walker.step(&WalkSettings::default(), intent, 1.0 / rate, Some(world));
    }
}

/// Whether feet are somewhere a visitor of [`house`] may stand.
fn check_place(walker: &Walker, what: &str) {
    let feet = walker.feet_in_world;
    let r = WalkSettings::default().radius_m - 0.01;
    let is_in = |x0: f32, x1: f32, z0: f32, z1: f32| {
        (x0..=x1).contains(&feet.x) && (z0..=z1).contains(&feet.z)
    };
    let is_in_house = is_in(-4.0 + r, 10.4 - r, -3.0 + r, 3.0 - r);
    let off_the_wall = [(-3.0, -0.5), (0.5, 3.0)].iter().all(|(z0, z1)| {
        let near = Vec2::new(feet.x.clamp(4.0, 4.4), feet.z.clamp(*z0, *z1));
        near.distance(Vec2::new(feet.x, feet.z)) > r
    });
    assert!(
        is_in_house && off_the_wall,
        "{what}: the walker is in a room or the door, not at {feet}"
    );
    let near = Vec3::new(
        feet.x.clamp(PILLAR.0.x, PILLAR.1.x),
        feet.y,
        feet.z.clamp(PILLAR.0.z, PILLAR.1.z),
    );
    assert!(
        near.distance(feet) > r,
        "{what}: the walker keeps off the pillar, at {feet}"
    );
    assert!(
        feet.y > -0.02 && feet.y < 1.2,
        "{what}: the feet are on a floor, not at {feet}"
    );
    let inset = |f: fn(f32, f32) -> bool| {
        [(-0.2, 0.0), (0.2, 0.0), (0.0, -0.2), (0.0, 0.2)]
            .iter()
            .all(|(dx, dz)| f(feet.x + dx, feet.z + dz))
    };
    assert!(
        !inset(is_hole) && !inset(is_pit),
        "{what}: the walker does not stand over a hole, at {feet}"
    );
    let thin = (feet.x - 6.9).abs() > r || feet.z > -0.5;
    assert!(
        thin,
        "{what}: the walker keeps off the thin wall, at {feet}"
    );
}

#[test]
fn random_walks_stay_in_the_house() {
    let world = house();
    let settings = WalkSettings::default();
    let mut places = Vec::new();
    for seed in 0..24u64 {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9) + 1);
        let start = if seed % 2 == 0 { -3.0 } else { 5.5 };
        let mut walker = walker_at(start, 0.0, Vec3::X, &world);
        let mut side_of_thin_wall = walker.feet_in_world.x > 6.9;
        for step in 0..500 {
            let intent = dice.intent();
            let dt_secs = dice.dt_secs();
            for _ in 0..4 {
                let before = walker.feet_in_world;
                walker.step(&settings, &intent, dt_secs, Some(&world));
                let what = format!("seed {seed} step {step}");
                check_place(&walker, &what);
                let top = settings.walk_speed * settings.run_factor;
                let speed = walker.velocity.length();
                assert!(speed <= top * 1.001, "{what}: speed {speed} is bounded");
                let is_beyond = walker.feet_in_world.x > 6.9;
                if is_beyond != side_of_thin_wall {
                    let z = walker.feet_in_world.z.max(before.z);
                    assert!(z > -0.6, "{what}: nobody passes the thin wall, at z {z}");
                    side_of_thin_wall = is_beyond;
                }
            }
        }
        places.push(walker.feet_in_world);
    }
    let has = |f: fn(&Vec3) -> bool| places.iter().any(f);
    assert!(
        has(|p| p.x < 4.0) && has(|p| p.x > 4.4),
        "the walks are long enough to end in both rooms: {places:?}"
    );
}

#[test]
fn stairs_are_climbed_and_edges_kept() {
    let world = house();
    let mut walker = walker_at(-1.0, 2.4, Vec3::NEG_X, &world);
    walk_for(&mut walker, 4.0, 60.0, &forward(1.0), &world);
    let feet = walker.feet_in_world;
    assert!(
        (feet.y - 0.8).abs() < 0.01 && feet.x < -3.5,
        "the stairs lead up to the gallery, not to {feet}"
    );
    // From the gallery down its open side: 0.8 m is an edge.
    walker.turn_to(0.0, 0.0);
    walk_for(&mut walker, 3.0, 60.0, &forward(1.0), &world);
    let feet = walker.feet_in_world;
    assert!(
        feet.y > 0.78 && feet.z > 1.6,
        "the walker stops at the gallery's edge, not at {feet}"
    );
    // And down the stairs again.
    walker.turn_to(-core::f32::consts::FRAC_PI_2, 0.0);
    walk_for(&mut walker, 2.4, 60.0, &forward(1.0), &world);
    let feet = walker.feet_in_world;
    assert!(
        feet.y.abs() < 0.01 && feet.x > -1.5,
        "the stairs lead down again, not to {feet}"
    );
}

#[test]
fn doors_low_ceilings_ramps_and_pits() {
    let world = house();
    let mut walker = walker_at(2.0, 0.1, Vec3::X, &world);
    walk_for(&mut walker, 8.0, 60.0, &forward(1.0), &world);
    let feet = walker.feet_in_world;
    // The ceiling is 3 m at x 4.4 and sinks 2.5 m over 6 m: 1.75 m at x 7.4.
    assert!(
        feet.x > 6.9 && feet.x < 7.5,
        "through the door, until the head meets the ceiling: {feet}"
    );
    let mut walker = walker_at(5.65, 0.5, Vec3::Z, &world);
    walk_for(&mut walker, 6.0, 60.0, &forward(1.0), &world);
    let feet = walker.feet_in_world;
    assert!(
        feet.y.abs() < 0.36 && feet.z < 1.4,
        "the high end of the ramp is a wall from below: {feet}"
    );
    let mut walker = walker_at(1.75, 0.0, Vec3::NEG_Z, &world);
    walk_for(&mut walker, 6.0, 60.0, &forward(1.0), &world);
    let feet = walker.feet_in_world;
    assert!(
        feet.z > -1.3 && feet.y.abs() < 0.02,
        "the walker stops before the hole or goes round it: {feet}"
    );
}

#[test]
fn slopes_up_to_the_limit_are_walked_and_steeper_ones_not() {
    for (degrees, is_climbed) in [
        (10.0f32, true),
        (30.0, true),
        (44.0, true),
        (50.0, false),
        (70.0, false),
    ] {
        let rise = bevy::math::ops::tan(degrees.to_radians());
        let world = World::default()
            .sheet(Vec3::new(-5.0, 0.0, -2.0), Vec3::Z * 7.0, Vec3::X * 10.0, 9)
            .sheet(
                Vec3::new(-5.0, 0.0, -2.0),
                Vec3::X * 10.0,
                Vec3::new(0.0, rise * 10.0, -10.0),
                20,
            )
            .build();
        let mut walker = walker_at(0.0, 0.0, Vec3::NEG_Z, &world);
        walk_for(&mut walker, 5.0, 60.0, &forward(1.0), &world);
        let feet = walker.feet_in_world;
        if is_climbed {
            let along = (feet.z + 2.0) * -rise;
            assert!(
                feet.y > 0.5 && (feet.y - along).abs() < 0.08,
                "a slope of {degrees}° is walked up on its surface, {along} m, not {feet}"
            );
        } else {
            assert!(
                feet.y < 0.45,
                "a slope of {degrees}° is climbed no higher than a step, not {feet}"
            );
        }
        walker.turn_to(core::f32::consts::PI, 0.0);
        walk_for(&mut walker, 7.0, 60.0, &forward(1.0), &world);
        assert!(
            walker.feet_in_world.y < 0.01 && walker.feet_in_world.z > -1.0,
            "whoever walked up {degrees}° can walk down again, not {}",
            walker.feet_in_world
        );
    }
}

#[test]
fn frame_rates_agree() {
    let world = house();
    let script: [(f32, f32, Vec2); 6] = [
        (1.0, 0.0, Vec2::new(0.0, 1.0)),
        (0.5, 1.2, Vec2::new(0.4, 0.8)),
        (1.5, 0.0, Vec2::new(0.0, 1.0)),
        (0.5, -0.9, Vec2::new(-1.0, 0.0)),
        (1.0, 0.0, Vec2::new(0.0, -1.0)),
        (0.5, 0.0, Vec2::ZERO),
    ];
    let end_at = |rate: f32| {
        let mut walker = walker_at(2.5, 1.0, Vec3::NEG_X, &world);
        for (secs, turn, move_axis) in script {
            walker.turn_to(walker.yaw_rad + turn, 0.0);
            let intent = Intent {
                move_axis,
                ..Intent::default()
            };
            walk_for(&mut walker, secs, rate, &intent, &world);
        }
        walker.eye_in_world(&WalkSettings::default())
    };
    let reference = end_at(144.0);
    for rate in [30.0, 60.0, 72.0, 90.0, 240.0] {
        let end = end_at(rate);
        assert!(
            end.distance(reference) < 0.03,
            "at {rate} Hz the walk ends at {end}, at 144 Hz at {reference}"
        );
    }
}

#[test]
fn glitches_change_nothing() {
    let world = house();
    let settings = WalkSettings::default();
    let mut walker = walker_at(-3.0, 0.0, Vec3::X, &world);
    let before = walker.clone();
    let wild = Intent {
        move_axis: Vec2::splat(f32::NAN),
        rise: f32::INFINITY,
        look_delta_rad: Vec2::new(f32::NAN, f32::NEG_INFINITY),
        run: true,
    };
    walker.step(&settings, &wild, 1.0 / 60.0, Some(&world));
    walker.step(&settings, &forward(1.0), f32::NAN, Some(&world));
    walker.step(&settings, &forward(1.0), f32::INFINITY, Some(&world));
    walker.step(&settings, &forward(1.0), -1.0, Some(&world));
    assert_eq!(walker, before, "NaN, infinity and negative time do nothing");
    let broken = WalkSettings {
        radius_m: f32::NAN,
        walk_speed: f32::INFINITY,
        height_m: -3.0,
        max_slope_deg: 1e9,
        ..WalkSettings::default()
    };
    for _ in 0..200 {
        walker.step(&broken, &forward(1.0), 0.1, Some(&world));
    }
    check_place(&walker, "with senseless settings");
}

#[test]
fn the_eye_follows_steps_without_jolts() {
    let world = house();
    let settings = WalkSettings::default();
    let mut walker = walker_at(-1.0, 2.4, Vec3::NEG_X, &world);
    let rate = 144.0;
    let mut last = walker.eye_in_world(&settings);
    let mut last_velocity = Vec3::ZERO;
    for step in 0..(3.0 * rate) as usize {
        walker.step(&settings, &forward(1.0), 1.0 / rate, Some(&world));
        let eye = walker.eye_in_world(&settings);
        let velocity = (eye - last) * rate;
        assert!(
            velocity.y.abs() < 1.7,
            "step {step}: the eye rises gently, not at {} m/s",
            velocity.y
        );
        let jolt = (velocity - last_velocity).y.abs();
        assert!(
            jolt < 0.45,
            "step {step}: no jolt of {jolt} m/s between frames"
        );
        (last, last_velocity) = (eye, velocity);
    }
    assert!(last.y > 2.3, "the eye arrived on the gallery, at {last}");
}

#[test]
fn flying_is_stopped_by_rock_and_lands() {
    let world = house();
    let settings = WalkSettings::default();
    let mut walker = walker_at(-3.0, 0.0, Vec3::X, &world);
    walker.set_gait(Gait::Flying, &settings, Some(&world));
    for seed in 0..12u64 {
        let mut dice = Dice(seed + 77);
        for step in 0..400 {
            let intent = dice.intent();
            let dt_secs = dice.dt_secs();
            walker.step(&settings, &intent, dt_secs, Some(&world));
            let eye = walker.eye_in_world(&settings);
            assert!(
                world.is_free(eye, eye, settings.radius_m - 0.01),
                "seed {seed} step {step}: the eye stays out of rock, at {eye}"
            );
            // The hole in room A leads out of the house; there one may fly.
            let is_under = eye.y < -0.1;
            let is_in = (-4.0..10.4).contains(&eye.x) && eye.z.abs() < 3.0 && eye.y < 3.0;
            assert!(
                is_in || is_under || eye.y.abs() < 200.0 && walker.feet_in_world.is_finite(),
                "seed {seed} step {step}: the eye is somewhere sensible, at {eye}"
            );
        }
        walker.place_eye(Vec3::new(-3.0, 1.6, 0.0), 0.0, 0.0, &settings, Some(&world));
    }
    walker.place_eye(Vec3::new(3.0, 2.6, 0.0), 0.0, 0.0, &settings, Some(&world));
    walker.set_gait(Gait::Walking, &settings, Some(&world));
    let eye = walker.eye_in_world(&settings);
    assert!(
        (eye.y - 2.6).abs() < 0.01 && walker.feet_in_world.y.abs() < 0.01,
        "on landing the feet find the floor and the eye is still up at {eye}"
    );
    walk_for(&mut walker, 2.0, 60.0, &Intent::default(), &world);
    let eye = walker.eye_in_world(&settings);
    assert!(
        (eye.y - settings.eye_height_m).abs() < 0.01,
        "then the eye sinks to its height, not {eye}"
    );
}

#[test]
fn the_lost_come_back() {
    let world = house();
    let settings = WalkSettings::default();
    for lost in [
        Vec3::new(-0.75, 0.0, -1.0),
        Vec3::new(1.8, -3.0, -1.8),
        Vec3::new(4.2, 0.0, -1.5),
        Vec3::new(0.0, 1.0, 0.0),
        Vec3::new(300.0, 40.0, 7.0),
    ] {
        let mut walker = walker_at(-3.0, 0.0, Vec3::X, &world);
        walker.feet_in_world = lost;
        for _ in 0..10 {
            walker.step(&settings, &Intent::default(), 1.0 / 60.0, Some(&world));
        }
        check_place(&walker, &format!("after being put to {lost}"));
    }
}

#[test]
fn without_rock_everything_is_free() {
    let settings = WalkSettings::default();
    let mut walker = Walker::new(Vec3::ZERO, 0.0, 0.4);
    for _ in 0..120 {
        walker.step(&settings, &forward(1.0), 1.0 / 60.0, None);
    }
    let feet = walker.feet_in_world;
    assert!(
        feet.z < -2.0 && feet.y == 0.0,
        "walking without ground keeps its height: {feet}"
    );
    walker.set_gait(Gait::Flying, &settings, None);
    for _ in 0..120 {
        walker.step(&settings, &forward(1.0), 1.0 / 60.0, None);
    }
    assert!(
        walker.feet_in_world.y > 0.5,
        "flying goes where the gaze leads: {}",
        walker.feet_in_world
    );
    let nothing = Collider::default();
    assert!(
        nothing.bounds().is_none(),
        "an empty collider has no bounds"
    );
    walker.set_gait(Gait::Walking, &settings, Some(&nothing));
    walk_for(&mut walker, 1.0, 60.0, &forward(1.0), &nothing);
    assert!(
        walker.feet_in_world.is_finite(),
        "walking on an empty collider is harmless"
    );
}

#[test]
fn rough_rock_is_walked_without_getting_out() {
    // A bowl of rough ground with walls of 80 degrees, like a cave floor in a scan.
    let mut dice = Dice(4);
    let n = 60u32;
    let mut bumps = Vec::new();
    for _ in 0..(n + 1) * (n + 1) {
        bumps.push(dice.unit() * 0.08);
    }
    let height = |i: u32, j: u32| {
        let (x, z) = (i as f32 * 0.2 - 6.0, j as f32 * 0.2 - 6.0);
        let out = (Vec2::new(x, z).length() - 4.5).max(0.0);
        Vec3::new(x, out * 5.7 + bumps[(j * (n + 1) + i) as usize], z)
    };
    let mut soup = crate::bake::collide::Soup::default();
    let points: Vec<Vec3> = (0..=n)
        .flat_map(|j| (0..=n).map(move |i| (i, j)))
        .map(|(i, j)| height(i, j))
        .collect();
    let mut triangles = Vec::new();
    for j in 0..n {
        for i in 0..n {
            let k = j * (n + 1) + i;
            triangles.push([k, k + n + 1, k + 1]);
            triangles.push([k + 1, k + n + 1, k + n + 2]);
        }
    }
    soup.add_triangles(&points, &triangles, true).unwrap();
    let world = Collider::build(soup);
    let settings = WalkSettings::default();
    let mut far = 0.0f32;
    for seed in 0..10 {
        let mut dice = Dice(seed + 1000);
        let mut walker = walker_at(0.0, 0.0, Vec3::X, &world);
        for step in 0..600 {
            let intent = dice.intent();
            walker.step(&settings, &intent, dice.dt_secs(), Some(&world));
            let feet = walker.feet_in_world;
            let out = feet.with_y(0.0).length();
            far = far.max(out);
            assert!(
                out < 5.0 && feet.y < 0.75,
                "seed {seed} step {step}: nobody climbs out of the bowl, at {feet}"
            );
            let over = world.cast_ray(feet + Vec3::Y * 0.6, Vec3::NEG_Y, 3.0);
            assert!(
                over.is_some_and(|hit| hit.distance_m > 0.59),
                "seed {seed} step {step}: the feet are never below the rock, at {feet}"
            );
        }
    }
    assert!(far > 3.5, "the walks reach the walls: {far} m");
}
