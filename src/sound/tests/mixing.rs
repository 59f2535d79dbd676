//! Levels, groups, stems, the limiter.

use super::*;
use crate::sound::{BLOCK_FRAMES, clip::common_gain, order::Bus};

/// The limiter's delay at 48 kHz and the voices' own.
const LATENCY: usize = 240 + 6 + BLOCK_FRAMES;

#[test]
fn energy_falls_with_distance_as_stated() {
    let hiss = noise(0.2, 2.0);
    let level = |distance_m: f32| {
        let cues = vec![cue(
            0.0,
            Order::Play(vec![placed("it", &hiss, Vec3::NEG_Z * distance_m)]),
        )];
        rms(&ears(Output::Headphones, 1.0, cues)[0][LATENCY..])
    };
    let near = level(1.0);
    for (distance_m, expected_db) in [
        (0.5, 0.0),
        (2.0, -6.02),
        (4.0, -12.04),
        (10.0, -20.0),
        (80.0, -33.98),
    ] {
        let fall = db(level(distance_m) / near);
        assert!(
            (fall - expected_db).abs() < 0.1,
            "at {distance_m} m {fall} dB for {expected_db}"
        );
    }
}

#[test]
fn stems_start_and_loop_on_the_sample_wherever_they_stand() {
    // An impulse every 4,801 frames, at odds with every block; ten minutes of it, in several
    // places and as a bed.
    let frames = 4_801;
    let tick = clip(frames, |n| if n == 0 { 0.9 } else { 0.0 });
    let looped = |play: Play| Play {
        repeat: true,
        ..play
    };
    let score = |plays: Vec<Play>| Score {
        rate_hz: rate(),
        duration_secs: 600.0,
        output: Output::Mono,
        cues: vec![cue(0.0, Order::Play(plays))],
    };
    let onsets = |plays: Vec<Play>| {
        let mut onsets = Vec::new();
        let mut frame = 0usize;
        crate::sound::offline::render_blocks(&score(plays), |block| {
            for pair in block.chunks(2) {
                if pair[0].abs() > 1e-4 {
                    onsets.push(frame);
                }
                frame += 1;
            }
            Ok(())
        })
        .unwrap();
        onsets
    };
    let all = onsets(vec![
        looped(placed("a", &tick, Vec3::NEG_Z)),
        looped(placed("b", &tick, Vec3::new(2.0, 0.0, 1.0))),
        looped(bed("c", &tick)),
    ]);
    let expected: Vec<usize> = (0..)
        .map(|n| LATENCY + n * frames)
        .take_while(|&at| at < 600 * RATE as usize)
        .collect();
    assert_eq!(
        all.len(),
        expected.len(),
        "each loop of all three is one onset"
    );
    assert_eq!(all, expected, "ten minutes without a sample of drift");
}

#[test]
fn narration_makes_music_give_way_and_come_back() {
    let music = sine(1_000.0, 0.2, 8.0);
    let speech = sine(200.0, 0.2, 3.0);
    let heard = ears(
        Output::Headphones,
        8.0,
        vec![
            cue(
                0.0,
                Order::Play(vec![Play {
                    bus: Bus::Music,
                    ..bed("music", &music)
                }]),
            ),
            cue(
                2.0,
                Order::Play(vec![Play {
                    bus: Bus::Narration,
                    ..bed("voice", &speech)
                }]),
            ),
        ],
    );
    // The level of the music alone: its own octave.
    let mut filter = crate::sound::room::OctaveFilter::new(3, 1_000.0, RATE as f32);
    let music: Vec<f32> = heard[0].iter().map(|&value| filter.next(value)).collect();
    let at = |secs: f32| rms(&music[(secs * RATE as f32) as usize..][..RATE as usize / 4]);
    let before = at(1.5);
    let during = db(at(3.5) / before);
    assert!(
        (during + 12.0).abs() < 0.7,
        "it gives way by {during} dB for -12"
    );
    let after = db(at(7.5) / before);
    assert!(after.abs() < 0.3, "it has come back to {after} dB");
    assert!(db(at(2.5) / before) < -9.0, "half a second is enough");
}

#[test]
fn nothing_leaves_above_the_ceiling() {
    let loud = noise(0.9, 3.0);
    let plays = (0..12).map(|n| Play {
        gain_db: 20.0,
        ..bed(&n.to_string(), &loud)
    });
    let score = Score {
        rate_hz: rate(),
        duration_secs: 2.0,
        output: Output::Headphones,
        cues: plays
            .map(|play| cue(0.1, Order::Play(vec![play])))
            .collect(),
    };
    let mut meter = ebur128::EbuR128::new(2, RATE, ebur128::Mode::TRUE_PEAK).unwrap();
    meter.add_frames_f32(&render(&score).unwrap()).unwrap();
    let peak = 20.0
        * meter
            .true_peak(0)
            .unwrap()
            .max(meter.true_peak(1).unwrap())
            .log10();
    assert!((-3.0..=-0.9).contains(&peak), "{peak} dBTP");
}

#[test]
fn a_sound_is_as_loud_as_stated_and_ends_once() {
    let tone = sine(997.0, 0.7, 1.0);
    let gain = common_gain([tone.as_ref()]);
    let score = Score {
        rate_hz: rate(),
        duration_secs: 2.0,
        output: Output::Headphones,
        cues: vec![cue(0.0, Order::Play(vec![bed("it", &tone)]))],
    };
    let mut heard = Vec::new();
    let ended = crate::sound::offline::render_blocks(&score, |block| {
        heard.extend_from_slice(block);
        Ok(())
    })
    .unwrap();
    let peak = heard
        .iter()
        .fold(0.0f32, |peak, value| peak.max(value.abs()));
    assert!(
        (peak - 0.7 * gain).abs() < 1e-3,
        "{peak} for {}",
        0.7 * gain
    );
    assert_eq!(ended.len(), 1);
    assert!(
        (ended[0].at_secs - 1.0).abs() < 0.01,
        "it ended at {} s",
        ended[0].at_secs
    );
}

#[test]
fn the_same_score_gives_the_same_samples() {
    let hiss = noise(0.3, 1.0);
    let cues = || {
        (0..40)
            .map(|n| {
                let angle = n as f32 * 0.3;
                let position_m = Vec3::new(ops::sin(angle), 0.2, ops::cos(angle)) * 3.0;
                let pose = Pose {
                    position_m,
                    rotation: Quat::IDENTITY,
                };
                cue(
                    f64::from(n) * 0.02,
                    match n {
                        0 => Order::Play(vec![placed("it", &hiss, Vec3::Z)]),
                        _ => Order::Place {
                            id: "it".into(),
                            pose,
                        },
                    },
                )
            })
            .collect()
    };
    let [first, second] = [
        ears(Output::Headphones, 1.0, cues()),
        ears(Output::Headphones, 1.0, cues()),
    ];
    assert!(rms(&first[0]) > 1e-4);
    assert!(first == second, "rendering is deterministic");
}

#[test]
fn stop_fades_and_pause_holds() {
    let tone = sine(300.0, 0.3, 4.0);
    let heard = ears(
        Output::Headphones,
        3.0,
        vec![
            cue(0.0, Order::Play(vec![bed("it", &tone)])),
            cue(0.5, Order::Pause(true)),
            cue(1.5, Order::Pause(false)),
            cue(2.0, Order::Stop { id: "it".into() }),
        ],
    );
    let at = |secs: f32| rms(&heard[0][(secs * RATE as f32) as usize..][..4_800]);
    assert!(at(0.3) > 0.01 && at(1.7) > 0.01);
    assert!(
        at(1.0) < 1e-6 && at(2.6) < 1e-6,
        "{} and {}",
        at(1.0),
        at(2.6)
    );
    let wind = Play {
        bus: Bus::Ambience,
        ..bed("wind", &tone)
    };
    let heard = ears(
        Output::Headphones,
        2.0,
        vec![
            cue(0.0, Order::Play(vec![wind])),
            cue(0.5, Order::Pause(true)),
        ],
    );
    let waiting = rms(&heard[0][(1.5 * RATE as f32) as usize..][..4_800]);
    assert!(waiting > 0.01, "the place sounds on: {waiting}");
}

#[test]
fn recorded_stems_are_decoded_and_keep_to_their_loudness_together() {
    let folder = std::path::Path::new("/work/shared/data/audio/stems");
    if !folder.exists() {
        eprintln!("skipped: {} is not here", folder.display());
        return;
    }
    let files = ["drums.ogg", "guitar.ogg", "perc.ogg"].map(|name| folder.join(name));
    let plays = files.map(|path| Play::new(path.display().to_string(), Source::File(path)));
    let score = Score {
        rate_hz: rate(),
        duration_secs: 20.0,
        output: Output::Headphones,
        cues: vec![cue(0.0, Order::Play(plays.into()))],
    };
    let frames = render(&score).unwrap();
    let mut meter = ebur128::EbuR128::new(2, RATE, ebur128::Mode::I).unwrap();
    meter.add_frames_f32(&frames).unwrap();
    let lufs = meter.loudness_global().unwrap();
    // The target holds for the whole of each; twenty seconds of their sum come near it.
    assert!((-27.0..=-19.0).contains(&lufs), "{lufs} LUFS");
}
