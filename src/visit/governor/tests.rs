//! The controller on traces: what a machine would measure at the quality it is given.

use super::*;
use crate::visit::dice::Dice;

/// A machine that takes so long at full quality.
struct Machine {
    governor: Governor,
    hz: f32,
    rates: bool,
    has_gpu_times: bool,
    decisions: Vec<(f32, Decision)>,
    secs: f32,
    missed_frames: u32,
    frames: u32,
    dice: Dice,
}

impl Machine {
    fn new(hz: f32, rates_hz: &[f32]) -> Self {
        Self {
            governor: Governor::new(rates_hz),
            hz,
            rates: !rates_hz.is_empty(),
            has_gpu_times: true,
            decisions: Vec::new(),
            secs: 0.0,
            missed_frames: 0,
            frames: 0,
            dice: Dice::new(1),
        }
    }

    /// Runs for some time with work that costs this much at full quality.
    fn run(&mut self, secs: f32, cpu_ms: f32, gpu_ms: f32) {
        let end = self.secs + secs;
        while self.secs < end {
            self.frame(cpu_ms, gpu_ms);
        }
    }

    fn frame(&mut self, cpu_ms: f32, gpu_ms: f32) {
        let quality = self.governor.quality();
        let hz = quality.refresh_hz.filter(|_| self.rates).unwrap_or(self.hz);
        let period_ms = 1000.0 / hz;
        let detail = |detail| match detail {
            Detail::Full => 1.0,
            Detail::Reduced => 0.85,
            Detail::Least => 0.72,
        };
        let work = detail(quality.shadows) * detail(quality.lights);
        let scale = quality.eye_scale.factor();
        let noise = 1.0 + 0.03 * self.dice.unit();
        let cpu_ms = cpu_ms * work * noise;
        let gpu_ms = gpu_ms * work * (0.15 + 0.85 * scale * scale) * noise;
        let late = (cpu_ms.max(gpu_ms) / period_ms).ceil() as u32;
        let missed = late.saturating_sub(1);
        self.missed_frames += missed;
        self.frames += 1;
        self.secs += period_ms * (1 + missed) as f32 / 1000.0;
        let decision = self.governor.step(&FrameTimes {
            cpu_ms,
            gpu_ms: self.has_gpu_times.then_some(gpu_ms),
            period_ms,
            missed,
        });
        if let Some(decision) = decision {
            self.decisions.push((self.secs, decision));
        }
    }

    fn count(&self) -> usize {
        self.decisions.len()
    }
}

#[test]
fn a_machine_that_keeps_up_is_left_alone() {
    let mut machine = Machine::new(90.0, &[90.0, 72.0]);
    machine.run(120.0, 4.0, 7.0);
    assert_eq!(machine.decisions, [], "two minutes of ease change nothing");
}

#[test]
fn a_spike_changes_nothing() {
    let mut machine = Machine::new(90.0, &[]);
    for _ in 0..20 {
        machine.run(2.0, 4.0, 7.0);
        machine.frame(45.0, 7.0);
        machine.frame(4.0, 30.0);
    }
    assert_eq!(machine.decisions, [], "hitches are no load");
}

#[test]
fn a_hitch_where_frames_are_few_changes_nothing() {
    // Ten frames an observation: one is more than a share that would be trouble.
    let mut machine = Machine::new(20.0, &[]);
    for _ in 0..20 {
        machine.run(3.0, 28.0, 20.0);
        machine.frame(70.0, 20.0);
    }
    assert_eq!(machine.decisions, [], "a hitch is no load");
}

#[test]
fn a_slow_gpu_gives_up_pixels_within_seconds() {
    let mut machine = Machine::new(90.0, &[90.0, 72.0]);
    machine.run(20.0, 3.0, 14.0);
    let quality = machine.governor.quality();
    assert!(
        quality.eye_scale.percent() < 100 && quality.shadows == Detail::Full,
        "pixels go first: {quality}"
    );
    assert!(
        machine
            .decisions
            .last()
            .is_some_and(|(secs, _)| *secs < 5.0),
        "within seconds: {:?}",
        machine.decisions
    );
    assert!(
        machine.decisions[0].1.reason.starts_with("GPU short"),
        "the reason is said: {}",
        machine.decisions[0].1.reason
    );
    let before = machine.missed_frames;
    machine.run(30.0, 3.0, 14.0);
    assert_eq!(machine.missed_frames, before, "then no frame is missed");
}

#[test]
fn a_gpu_far_too_slow_is_relieved_by_one_change_of_pixels() {
    let mut machine = Machine::new(90.0, &[]);
    machine.run(2.0, 3.0, 60.0);
    let scales: Vec<_> = machine
        .decisions
        .iter()
        .map(|(secs, decision)| (*secs, decision.quality.eye_scale.percent()))
        .collect();
    assert!(
        scales
            .first()
            .is_some_and(|(secs, percent)| *secs < 1.2 && *percent == 60),
        "all the pixels there are to give, at once: {scales:?}"
    );
    // A little too slow: no more than is needed.
    let mut machine = Machine::new(90.0, &[]);
    machine.run(2.0, 3.0, 11.5);
    let quality = machine.governor.quality();
    assert_eq!(quality.eye_scale.percent(), 90, "{quality}");
    // Half as fast again as asked: pixels for that, in one change.
    let mut machine = Machine::new(90.0, &[]);
    machine.run(1.2, 3.0, 14.0);
    let quality = machine.governor.quality();
    assert_eq!(quality.eye_scale.percent(), 80, "{quality}");
    assert_eq!(machine.count(), 1, "{:?}", machine.decisions);
}

#[test]
fn a_runtime_that_tells_of_no_skipped_period_is_helped_as_soon() {
    let mut governor = Governor::new(&[]);
    let frame = FrameTimes {
        cpu_ms: 6.0,
        gpu_ms: Some(64.0),
        period_ms: 1000.0 / 120.0,
        missed: 0,
    };
    let at = (1..100).find(|_| governor.step(&frame).is_some());
    let secs = at.expect("it is helped") as f32 * 0.064;
    assert!(secs < 1.1, "after {secs} s");
}

#[test]
fn a_slow_cpu_keeps_its_pixels() {
    let mut machine = Machine::new(90.0, &[72.0, 90.0, 120.0, 60.0]);
    machine.run(30.0, 12.5, 4.0);
    let quality = machine.governor.quality();
    assert_eq!(
        quality.eye_scale.percent(),
        100,
        "pixels would not help: {quality}"
    );
    assert!(quality.shadows < Detail::Full, "shadows do: {quality}");
    machine.run(30.0, 40.0, 4.0);
    let quality = machine.governor.quality();
    assert_eq!(
        quality.refresh_hz,
        Some(72.0),
        "at last the rate, but never below 72: {quality}"
    );
}

#[test]
fn a_frame_loop_without_gpu_times_is_governed_too() {
    let mut machine = Machine::new(72.0, &[]);
    machine.has_gpu_times = false;
    machine.run(20.0, 3.0, 17.0);
    let quality = machine.governor.quality();
    assert!(
        quality.eye_scale.percent() < 100,
        "late frames tell: {quality}"
    );
}

#[test]
fn relief_is_taken_back_slowly_and_kept() {
    let mut machine = Machine::new(90.0, &[90.0, 72.0]);
    machine.run(20.0, 3.0, 19.0);
    let (low, at) = (machine.governor.quality(), machine.count());
    assert!(low.eye_scale.percent() < 90, "overload is answered: {low}");
    machine.run(8.0, 3.0, 5.0);
    assert_eq!(machine.count(), at, "eight easy seconds are not enough");
    machine.run(200.0, 3.0, 5.0);
    assert_eq!(
        machine.governor.quality(),
        Governor::new(&[90.0, 72.0]).quality(),
        "in time everything comes back"
    );
    for pair in machine.decisions[at..].windows(2) {
        assert!(
            pair[1].0 - pair[0].0 > 9.0,
            "one step at a time, ten seconds apart"
        );
    }
}

#[test]
fn a_load_between_two_steps_does_not_flip_flop() {
    for tenths in 90..180 {
        let gpu_ms = tenths as f32 / 10.0;
        let mut machine = Machine::new(90.0, &[90.0, 72.0]);
        machine.run(20.0, 3.0, gpu_ms);
        let settled = machine.count();
        machine.run(600.0, 3.0, gpu_ms);
        let flips = machine.count() - settled;
        assert!(
            flips <= 2,
            "{gpu_ms} ms: {flips} changes in ten minutes of the same: {:?}",
            machine.decisions
        );
    }
}

#[test]
fn a_load_that_comes_and_goes_is_answered_ever_more_patiently() {
    let mut machine = Machine::new(90.0, &[]);
    // A hall seen for 4 s of every 16: the step up always turns out wrong.
    for _ in 0..75 {
        machine.run(12.0, 3.0, 6.5);
        machine.run(4.0, 3.0, 15.0);
    }
    let early = machine
        .decisions
        .iter()
        .filter(|(secs, _)| *secs < 300.0)
        .count();
    let late = machine
        .decisions
        .iter()
        .filter(|(secs, _)| *secs > 900.0)
        .count();
    assert!(
        late * 2 < early.max(4) || late <= 4,
        "twenty minutes: {early} changes in the first five, {late} in the last five"
    );
}

#[test]
fn random_traces_keep_within_the_ladder() {
    for seed in 0..200 {
        let mut dice = Dice::new(seed);
        let mut governor = Governor::new(&[f32::NAN, 80.0, 120.0, -3.0, 90.0]);
        for _ in 0..2000 {
            let wild = [f32::NAN, f32::INFINITY, -1.0, 0.0, 1e9];
            let mut ms = || match dice.below(40) {
                0 => wild[dice.below(5) as usize],
                _ => 8.0 + 7.0 * dice.unit(),
            };
            let frame = FrameTimes {
                cpu_ms: ms(),
                gpu_ms: Some(ms()),
                period_ms: ms(),
                missed: 0,
            };
            if let Some(decision) = governor.step(&frame) {
                let quality = decision.quality;
                assert!(
                    (60..=100).contains(&quality.eye_scale.percent())
                        && quality
                            .refresh_hz
                            .is_some_and(|hz| (80.0..=120.0).contains(&hz)),
                    "seed {seed}: {quality}"
                );
                assert!(!decision.reason.contains("NaN"), "{}", decision.reason);
            }
        }
    }
}
