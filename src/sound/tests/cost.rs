//! How many moving sources a core renders, as a card asks for them: `cargo test --release
//! --features sound -- --ignored --nocapture sources_a_core`. `benches/sound.py` sets it beside
//! OpenAL Soft.

use super::*;
use crate::sound::{
    head::Head,
    mix::Mix,
    offline::{Pump, context},
};

const SOURCES: usize = 64;
const SECS: usize = 10;
/// The head is told where it is, and a buffer is asked for, sixty times a second.
const RATE_OF_TICKS: usize = 60;
const TICK_FRAMES: usize = RATE as usize / RATE_OF_TICKS;

/// Every source turns around the head once in six seconds.
fn turned(tick: usize) -> Order {
    let turn = tick as f32 / RATE_OF_TICKS as f32 * std::f32::consts::TAU / 6.0;
    Order::Listen(Pose {
        position_m: Vec3::ZERO,
        rotation: Quat::from_rotation_y(turn),
    })
}

#[test]
#[ignore = "a measurement: it says a number and takes its time"]
fn sources_a_core() {
    let hiss = noise(0.2, 11.0);
    let kemar = Output::Sofa("/work/shared/data/audio/hrtf/MIT_KEMAR_normal_pinna.sofa".into());
    for output in [Output::Headphones, kemar] {
        let Ok(head) = Head::open(&output, RATE) else {
            continue;
        };
        let taps = head.taps();
        let mut context = context();
        let mut pump = Pump::new(&mut context, rate(), TICK_FRAMES).unwrap();
        let mut mix = Mix::new(&mut context, rate(), head, 0).unwrap();
        let plays: Vec<Play> = (0..SOURCES)
            .map(|n| Play {
                repeat: true,
                ..placed(&n.to_string(), &hiss, Vec3::new(1.0, 0.0, n as f32 * 0.1))
            })
            .collect();
        let clips = vec![hiss.clone(); SOURCES];
        mix.order(&mut context, Order::Play(plays), clips).unwrap();
        let mut block = [0.0; 2 * TICK_FRAMES];
        let mut loudest = 0.0_f32;
        let mut render = |ticks: std::ops::Range<usize>| {
            for tick in ticks {
                mix.order(&mut context, turned(tick), Vec::new()).unwrap();
                mix.step(&mut context).unwrap();
                pump.pull(&mut block).unwrap();
                loudest = block.iter().fold(loudest, |most, one| most.max(one.abs()));
            }
        };
        // Filters are made ready once in a visit: a turn of the head is let pass.
        render(0..6 * RATE_OF_TICKS);
        let start = cpu_secs();
        render(0..SECS * RATE_OF_TICKS);
        let spent = cpu_secs() - start;
        assert!(loudest > 0.01, "nothing was heard");
        let a_core = (SOURCES * SECS) as f64 / spent;
        println!("{taps} taps: {SOURCES} sources, {SECS} s in {spent:.2} s: {a_core:.0} a core");
        // What the built-in head must keep to: 32 sources within 2 % of a core.
        assert!(
            taps > 128 || a_core >= 32.0 / 0.02,
            "32 sources take {:.1} % of a core",
            3200.0 / a_core
        );
    }
}

/// Time this thread has had a core, s: others may want the machine too.
fn cpu_secs() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    stat.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
}
