//! Nothing clicks: on a pure tone no sample departs from its neighbours by more than the tone
//! itself would, whatever moves.

use super::*;
use crate::sound::{
    BLOCK_FRAMES,
    room::{Material, Room},
};

/// Largest second difference allowed, as a share of the peak: a click 46 dB below the tone. A
/// tone of 300 Hz has 0.0015 of its own; a bare jump between directions has 0.1 and more.
const LARGEST: f32 = 0.005;

/// Largest change of the tone's amplitude from one block of 128 frames to the next, as a share
/// of the peak: 1.4 dB at full level. Measured: 0.01 to 0.12.
const LARGEST_STEP: f32 = 0.15;
/// Frames of one period of the tone: over so many its amplitude is measured.
const PERIOD: usize = RATE as usize / 300;

fn check(what: &str, cues: Vec<Cue>) {
    let tone = sine(300.0, 0.5, 6.0);
    let mut all = vec![cue(
        0.0,
        Order::Play(vec![placed("it", &tone, Vec3::new(1.0, 0.0, -1.0))]),
    )];
    all.extend(cues);
    let heard = ears(Output::Headphones, 4.0, all);
    for ear in &heard {
        // The onset itself is a corner.
        let steady = &ear[RATE as usize / 4..];
        let peak = steady
            .iter()
            .fold(0.0f32, |peak, value| peak.max(value.abs()));
        let (at, worst) = steady
            .windows(3)
            .map(|w| (w[2] - 2.0 * w[1] + w[0]).abs())
            .enumerate()
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .unwrap();
        let share = worst / peak;
        assert!(
            share < LARGEST,
            "{what}: a corner of {share} of the peak at {} s",
            0.25 + at as f32 / RATE as f32
        );
        let starts = (0..steady.len() - PERIOD).step_by(BLOCK_FRAMES);
        let levels: Vec<f32> = starts
            .map(|at| rms(&steady[at..at + PERIOD]) * std::f32::consts::SQRT_2)
            .collect();
        let step = levels
            .windows(2)
            .map(|two| (two[1] - two[0]).abs() / peak)
            .fold(0.0, f32::max);
        assert!(
            step < LARGEST_STEP,
            "{what}: from one block to the next a step of {step} of the peak"
        );
    }
}

fn place(at_secs: f64, position_m: Vec3) -> Cue {
    cue(
        at_secs,
        Order::Place {
            id: "it".into(),
            pose: Pose {
                position_m,
                rotation: Quat::IDENTITY,
            },
        },
    )
}

fn hall() -> Room {
    Room::cuboid(Vec3::splat(-6.0), Vec3::new(6.0, 4.0, 9.0), Material::Rock)
}

#[test]
fn a_source_that_walks_or_jumps() {
    let walk = (0..180).map(|n| {
        let angle = n as f32 * 0.05;
        place(
            0.3 + f64::from(n) / 60.0,
            Vec3::new(ops::sin(angle), 0.1, ops::cos(angle)) * 2.0,
        )
    });
    check("a walk", walk.collect());
    check(
        "a jump to the other side",
        vec![place(1.0, Vec3::new(-1.0, 0.0, -1.0))],
    );
    check("a jump away", vec![place(1.0, Vec3::new(20.0, 0.0, -20.0))]);
}

#[test]
fn a_head_that_turns() {
    let turn = (0..180).map(|n| {
        let rotation = Quat::from_rotation_y(n as f32 * 0.1);
        cue(
            0.3 + f64::from(n) / 60.0,
            Order::Listen(Pose {
                position_m: Vec3::ZERO,
                rotation,
            }),
        )
    });
    check("a turn", turn.collect());
}

#[test]
fn a_pillar_that_comes_between() {
    let occlude = |at_secs, amount| {
        cue(
            at_secs,
            Order::Occlude {
                id: "it".into(),
                amount,
            },
        )
    };
    check(
        "a pillar",
        vec![occlude(1.0, 1.0), occlude(1.5, 0.0), occlude(2.0, 0.5)],
    );
}

#[test]
fn a_doorway_and_a_walk_in_the_room() {
    let small = Room::cuboid(Vec3::splat(-2.0), Vec3::splat(2.0), Material::Wood);
    let mut cues = vec![
        cue(0.0, Order::Room(Some(hall()))),
        cue(1.2, Order::Room(Some(small))),
        cue(3.0, Order::Room(None)),
    ];
    cues.extend((0..120).map(|n| {
        let position_m = Vec3::new(0.0, 0.0, n as f32 * 0.02);
        cue(
            0.3 + f64::from(n) / 60.0,
            Order::Listen(Pose {
                position_m,
                rotation: Quat::IDENTITY,
            }),
        )
    }));
    check("a doorway", cues);
}

#[test]
fn levels_that_change() {
    let level = |gain_db, over_secs| Order::Level {
        id: "it".into(),
        gain_db,
        over_secs,
    };
    check(
        "levels",
        vec![
            cue(1.0, level(-40.0, 0.0)),
            cue(1.5, level(0.0, 0.5)),
            cue(2.5, Order::Master { gain_db: -30.0 }),
            cue(3.0, Order::Master { gain_db: 0.0 }),
        ],
    );
}
