//! What is rendered, measured.

use std::{num::NonZeroU32, sync::Arc};

use bevy::math::{Quat, Vec3, ops};

use super::{
    clip::Clip,
    offline::{Cue, Score, render},
    order::{Order, Output, Play, Pose, Source, Whence},
};

mod callback;
mod cards;
mod cost;
mod directions;
mod mixing;
mod rooms;
mod smoothness;

const RATE: u32 = 48_000;

fn rate() -> NonZeroU32 {
    NonZeroU32::new(RATE).unwrap()
}

/// A clip of one channel.
fn clip(frames: usize, wave: impl FnMut(usize) -> f32) -> Arc<Clip> {
    Arc::new(Clip::new(vec![(0..frames).map(wave).collect()], rate()).unwrap())
}

fn sine(hz: f32, amplitude: f32, secs: f32) -> Arc<Clip> {
    let step = std::f32::consts::TAU * hz / RATE as f32;
    clip((secs * RATE as f32) as usize, |n| {
        amplitude * ops::sin(step * (n % RATE as usize) as f32)
    })
}

fn noise(amplitude: f32, secs: f32) -> Arc<Clip> {
    let mut seed = 12_345u32;
    clip((secs * RATE as f32) as usize, |_| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        amplitude * ((seed >> 8) as f32 / 8_388_608.0 - 1.0)
    })
}

fn at(position_m: Vec3) -> Whence {
    Whence::At(Pose {
        position_m,
        rotation: Quat::IDENTITY,
    })
}

/// A placed sound.
fn placed(id: &str, clip: &Arc<Clip>, position_m: Vec3) -> Play {
    Play {
        whence: at(position_m),
        ..Play::new(id, Source::Clip(clip.clone()))
    }
}

fn bed(id: &str, clip: &Arc<Clip>) -> Play {
    Play::new(id, Source::Clip(clip.clone()))
}

fn cue(at_secs: f64, order: Order) -> Cue {
    Cue { at_secs, order }
}

/// Renders to two ears.
fn ears(output: Output, duration_secs: f64, cues: Vec<Cue>) -> [Vec<f32>; 2] {
    let score = Score {
        rate_hz: rate(),
        duration_secs,
        output,
        cues,
    };
    let frames = render(&score).unwrap();
    [0, 1].map(|ear| frames.iter().skip(ear).step_by(2).copied().collect())
}

fn rms(frames: &[f32]) -> f32 {
    (frames.iter().map(|v| f64::from(v * v)).sum::<f64>() / frames.len() as f64).sqrt() as f32
}

fn db(ratio: f32) -> f32 {
    20.0 * ratio.log10()
}
