//! How many moving sources a core renders: `cargo test --release --features sound -- --ignored
//! --nocapture sources_a_core`.

use super::*;

#[test]
#[ignore = "a measurement: it says a number and takes its time"]
fn sources_a_core() {
    const SOURCES: usize = 64;
    const SECS: f64 = 10.0;
    let hiss = noise(0.2, 11.0);
    let kemar = Output::Sofa("/work/shared/data/audio/hrtf/MIT_KEMAR_normal_pinna.sofa".into());
    for output in [Output::Headphones, kemar] {
        let Ok(head) = crate::sound::head::Head::open(&output, RATE) else {
            continue;
        };
        let plays = (0..SOURCES).map(|n| Play {
            repeat: true,
            ..placed(&n.to_string(), &hiss, Vec3::new(1.0, 0.0, n as f32 * 0.1))
        });
        let mut cues = vec![cue(0.0, Order::Play(plays.collect()))];
        for tick in 0..(SECS * 60.0) as usize {
            // Every source turns around the head once in six seconds.
            let rotation = Quat::from_rotation_y(tick as f32 / 60.0 * std::f32::consts::TAU / 6.0);
            let pose = Pose {
                position_m: Vec3::ZERO,
                rotation,
            };
            cues.push(cue(tick as f64 / 60.0, Order::Listen(pose)));
        }
        let score = Score {
            rate_hz: rate(),
            duration_secs: SECS,
            output: output.clone(),
            cues,
        };
        let start = cpu_secs();
        crate::sound::offline::render_blocks(&score, |_| Ok(())).unwrap();
        let spent = cpu_secs() - start;
        println!(
            "{} taps: {SOURCES} sources, {SECS} s in {spent:.2} s: {:.0} a core",
            head.taps(),
            SOURCES as f64 * SECS / spent
        );
    }
}

/// Time this thread has had a core, s: others may want the machine too.
fn cpu_secs() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    stat.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
}
