//! Rendered rooms ring as long as predicted.

use super::*;
use crate::sound::room::{BANDS_HZ, Material, OctaveFilter, Room};

/// Time for 60 dB from the slope between -5 and -25 dB of the backward integral (Schroeder
/// 1965; ISO 3382-1, T20).
fn measured_secs(frames: &[f32], band: usize) -> f32 {
    let mut filter = OctaveFilter::new(band, BANDS_HZ[band], RATE as f32);
    let energy: Vec<f64> = frames
        .iter()
        .map(|&v| f64::from(filter.next(v)).powi(2))
        .collect();
    let mut left = 0.0;
    let mut curve: Vec<f64> = energy
        .iter()
        .rev()
        .map(|e| {
            left += e;
            left
        })
        .collect();
    curve.reverse();
    let below = |db: f64| {
        let level = curve[0] * 10f64.powf(db / 10.0);
        curve.iter().position(|&value| value < level).unwrap() as f32
    };
    3.0 * (below(-25.0) - below(-5.0)) / RATE as f32
}

#[test]
fn reverberation_is_within_fifteen_percent_of_eyring() {
    // Soft, so that the limiter has no part in it.
    let impulse = clip(4_096, |n| if n == 0 { 0.9 } else { 0.0 });
    let soft = |play: Play| Play {
        gain_db: -40.0,
        ..play
    };
    let mut mixed = Room::cuboid(Vec3::ZERO, Vec3::new(12.0, 4.0, 9.0), Material::Rock);
    mixed.walls[2] = Material::Earth;
    let rooms = [
        (
            "a hall of rock",
            Room::cuboid(Vec3::ZERO, Vec3::new(12.0, 6.0, 16.0), Material::Rock),
        ),
        ("a cave with an earthen floor", mixed),
        (
            "a small room of wood",
            Room::cuboid(Vec3::ZERO, Vec3::new(4.0, 2.5, 3.0), Material::Wood),
        ),
    ];
    for (name, room) in rooms {
        let predicted = room.reverberation_secs();
        let longest = f64::from(predicted.iter().copied().fold(0.0, f32::max));
        // Far from the source, so that the room is what is heard.
        let heard = ears(
            Output::Headphones,
            2.2 + 1.2 * longest,
            vec![
                cue(0.0, Order::Room(Some(room.clone()))),
                cue(
                    0.0,
                    Order::Listen(Pose {
                        position_m: room.least_m + 0.5,
                        rotation: Quat::IDENTITY,
                    }),
                ),
                cue(
                    2.0,
                    Order::Play(vec![soft(placed("it", &impulse, room.greatest_m - 0.5))]),
                ),
            ],
        );
        let after = 2 * RATE as usize;
        for band in 1..6 {
            for ear in &heard {
                let measured = measured_secs(&ear[after..], band);
                let off = (measured / predicted[band] - 1.0).abs();
                assert!(
                    off < 0.15,
                    "{name} at {} Hz: {measured} s for {}",
                    BANDS_HZ[band],
                    predicted[band]
                );
            }
        }
        assert!(rms(&heard[0][after..]) > 1e-6, "{name} rings");
        let same: f32 = heard[0].iter().zip(&heard[1]).map(|(l, r)| l * r).sum();
        let all = rms(&heard[0]) * rms(&heard[1]) * heard[0].len() as f32;
        assert!(
            same.abs() / all < 0.6,
            "{name}: the ears must hear different rooms: {}",
            same / all
        );
    }
}

#[test]
fn the_open_air_does_not_ring() {
    let impulse = clip(4_096, |n| if n == 0 { 0.9 } else { 0.0 });
    let heard = ears(
        Output::Headphones,
        1.0,
        vec![cue(0.0, Order::Play(vec![placed("it", &impulse, Vec3::X)]))],
    );
    assert!(rms(&heard[0][12_000..]) == 0.0);
}
