//! Walking through doors that move, and standing where one shuts.

use bevy::math::{Affine3A, Quat, Vec2, Vec3};

use super::worlds::{World, house};
use super::{Gait, WalkSettings, Walker};
use crate::bake::collide::{Collider, Mover, MoverId};
use crate::exhibit::intent::Intent;

const DOOR: MoverId = MoverId { mesh: 0, node: 3 };
/// Where a visitor stands before the door, in it, and behind it, along x.
const BEFORE_M: f32 = 3.2;
const WITHIN_M: f32 = 4.2;

/// The leaf of the door of [`house`], hung at one side: 0 is shut, 1 opens into room B.
fn ajar(open: f32) -> Affine3A {
    let turn = Quat::from_rotation_y(open * core::f32::consts::FRAC_PI_2);
    Affine3A::from_rotation_translation(turn, Vec3::new(WITHIN_M, 0.0, -0.5))
}

/// [`house`] with a door.
fn house_with_door(open: f32) -> Collider {
    let leaf = World::default().solid(Vec3::new(-0.05, 0.02, 0.0), Vec3::new(0.05, 2.08, 1.0));
    house().with_movers(vec![Mover::new(DOOR, leaf.soup(false), ajar(open))])
}

/// Someone who looks along x.
fn visitor_at(x_m: f32, rock: &Collider) -> Walker {
    let mut walker = Walker::new(Vec3::new(x_m, 0.0, 0.0), -core::f32::consts::FRAC_PI_2, 0.0);
    go(&mut walker, 0.0, 0.1, rock);
    walker
}

/// As the visitor's system does it: what has come to where one stands lets one out.
fn go(walker: &mut Walker, forward: f32, secs: f32, rock: &Collider) {
    let settings = WalkSettings::default();
    let intent = Intent {
        move_axis: Vec2::new(0.0, forward),
        ..Intent::default()
    };
    for _ in 0..(secs * 60.0).round() as usize {
        let around = walker.letting_out(&settings, rock);
        walker.step(&settings, &intent, 1.0 / 60.0, Some(&*around));
    }
}

#[test]
fn a_shut_door_stops_and_an_open_one_lets_through() {
    let mut rock = house_with_door(0.0);
    let mut walker = visitor_at(BEFORE_M, &rock);
    go(&mut walker, 1.0, 4.0, &rock);
    let at = walker.feet_in_world;
    assert!(at.x < WITHIN_M - 0.2, "before the shut door, not at {at}");
    rock.place(DOOR, ajar(1.0));
    go(&mut walker, 1.0, 2.0, &rock);
    let at = walker.feet_in_world;
    assert!(at.x > 5.0, "through the open door, not at {at}");
}

#[test]
fn a_door_that_shuts_on_somebody_passes_and_lets_them_out() {
    for (way, is_out) in [(1.0, 4.7_f32), (-1.0, 3.7)] {
        let mut rock = house_with_door(1.0);
        let mut walker = visitor_at(WITHIN_M, &rock);
        let stood = walker.feet_in_world;
        assert!(
            stood.distance(Vec3::new(WITHIN_M, 0.0, 0.0)) < 0.05,
            "in the door: {stood}"
        );
        for frame in 0..=60 {
            rock.place(DOOR, ajar(1.0 - frame as f32 / 60.0));
            go(&mut walker, 0.0, 1.0 / 60.0, &rock);
            let pushed_m = walker.feet_in_world.distance(stood);
            assert!(
                pushed_m < 0.01,
                "nobody is pushed: {pushed_m} m at frame {frame}"
            );
        }
        go(&mut walker, way, 2.0, &rock);
        let at = walker.feet_in_world;
        assert!((at.x - is_out) * way > 0.0, "they walk out, not at {at}");
        go(&mut walker, -way, 3.0, &rock);
        let at = walker.feet_in_world;
        assert!(
            (at.x - WITHIN_M) * way > 0.2,
            "and the door is shut behind them: {at}"
        );
    }
}

#[test]
fn in_the_air_a_shut_door_stops_and_lets_out_too() {
    let mut rock = house_with_door(0.0);
    let settings = WalkSettings::default();
    let mut walker = visitor_at(BEFORE_M, &rock);
    walker.set_gait(Gait::Flying, &settings, Some(&rock));
    go(&mut walker, 1.0, 4.0, &rock);
    let at = walker.feet_in_world;
    assert!(at.x < WITHIN_M - 0.1, "before the shut door, not at {at}");
    rock.place(DOOR, ajar(1.0));
    go(&mut walker, 1.0, 0.2, &rock);
    let past = walker.feet_in_world;
    assert!(past.x > at.x + 0.05, "on through the open one: {past}");
}
