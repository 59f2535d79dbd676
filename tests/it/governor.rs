//! The governor on frames that were measured: `tests/traces` holds the times of a headset's
//! frames as `grotto run --mode vr --frame-trace FILE` wrote them.
//!
//! What was measured was drawn at full quality. What is given up in the replay makes each
//! frame as much cheaper as a smaller picture and less light are expected to.

use grotto::visit::governor::{Decision, Detail, FrameTimes, Governor, Quality};

/// A trace, played once.
struct Replay {
    decisions: Vec<(f32, Decision)>,
    /// Worst quality that held: eyes, percent.
    least_percent: u8,
    governor: Governor,
    secs: f32,
}

/// Frames of a trace.
fn frames(name: &str) -> Vec<FrameTimes> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/traces");
    let text = std::fs::read_to_string(folder.join(format!("{name}.jsonl")));
    let text = text.expect("the trace is in the repository");
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).expect("a line of a trace is a frame's times"))
        .collect()
}

/// What a frame would have cost at this quality.
fn at_quality(frame: &FrameTimes, quality: Quality) -> FrameTimes {
    let detail = |detail| match detail {
        Detail::Full => 1.0,
        Detail::Reduced => 0.85,
        Detail::Least => 0.72,
    };
    let work = detail(quality.shadows) * detail(quality.lights);
    let scale = quality.eye_scale.factor();
    let gpu_ms = frame
        .gpu_ms
        .map(|ms| ms * work * (0.15 + 0.85 * scale * scale));
    let cpu_ms = frame.cpu_ms * work;
    // What no longer takes as long as was missed is not missed.
    let needed = (cpu_ms.max(gpu_ms.unwrap_or(0.0)) / frame.period_ms).ceil() as u32;
    FrameTimes {
        cpu_ms,
        gpu_ms,
        period_ms: frame.period_ms,
        missed: frame.missed.min(needed.saturating_sub(1)),
    }
}

fn replay(name: &str) -> Replay {
    let mut run = Replay {
        decisions: Vec::new(),
        least_percent: 100,
        governor: Governor::new(&[]),
        secs: 0.0,
    };
    for frame in frames(name) {
        let frame = at_quality(&frame, run.governor.quality());
        run.secs += frame.period_ms * (1 + frame.missed) as f32 / 1000.0;
        if let Some(decision) = run.governor.step(&frame) {
            let percent = decision.quality.eye_scale.percent();
            run.least_percent = run.least_percent.min(percent);
            run.decisions.push((run.secs, decision));
        }
    }
    run
}

impl Replay {
    fn why(&self) -> String {
        let lines = self.decisions.iter();
        let lines: Vec<String> = lines
            .map(|(secs, decision)| format!("{secs:.1} s: {}", decision.reason))
            .collect();
        lines.join("\n")
    }

    /// How often something was given up soon after it had been taken back.
    fn flips(&self) -> usize {
        let pairs = self.decisions.windows(2);
        pairs
            .filter(|pair| is_up(&pair[0].1) && !is_up(&pair[1].1) && pair[1].0 - pair[0].0 < 20.0)
            .count()
    }
}

/// How often something was taken back.
fn ups(run: &Replay) -> usize {
    let decisions = run.decisions.iter();
    decisions.filter(|(_, own)| is_up(own)).count()
}

fn is_up(own: &Decision) -> bool {
    own.reason.starts_with("room again")
}

#[test]
fn a_light_scene_keeps_its_picture() {
    let run = replay("light");
    assert!(run.secs > 60.0, "a minute was recorded: {} s", run.secs);
    // The machine was compiling: once in the minute every frame of half a second was late.
    assert!(
        run.decisions.len() <= 1 && run.least_percent == 100,
        "frames that fit lose next to nothing:\n{}",
        run.why()
    );
}

#[test]
fn a_heavy_scene_is_relieved_at_once_and_stays_so() {
    let run = replay("heavy");
    assert!(run.secs > 40.0, "long enough: {} s", run.secs);
    let first = run.decisions.first().map_or(f32::MAX, |(secs, _)| *secs);
    assert!(first < 5.0, "within seconds:\n{}", run.why());
    assert!(run.decisions.len() >= 2, "step by step:\n{}", run.why());
    assert!(run.least_percent >= 60, "never below the floor");
    assert_eq!(ups(&run), 0, "nothing is taken back:\n{}", run.why());
    let quality = run.governor.quality();
    assert!(
        quality.shadows < Detail::Full && quality.lights < Detail::Full,
        "a slow processor draws fewer shadows and lights: {quality}"
    );
}

#[test]
fn a_load_that_comes_and_goes_is_answered_and_forgiven() {
    let run = replay("comes-and-goes");
    assert!(
        run.secs > 90.0,
        "two bouts of load were recorded: {} s",
        run.secs
    );
    assert!(run.decisions.len() > ups(&run), "the load is answered");
    assert!(run.least_percent >= 60, "never below the floor");
    assert!(ups(&run) > 0, "ease is taken back:\n{}", run.why());
    assert!(run.flips() <= 1, "without flipping:\n{}", run.why());
}
