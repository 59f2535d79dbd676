//! Slow frames, and runtimes that answer late because of them, are no reason to pause; what
//! stands still is.

use super::{tests::Life, *};

/// Frames of so many seconds; how often the visit paused.
fn pauses(life: &mut Life, frames: &[f32]) -> usize {
    let mut pauses = 0;
    for secs in frames {
        life.now += Duration::from_secs_f32(*secs);
        // In the order of the shell: what came of the last frame, then a look at the clock.
        for input in [Input::FrameSubmitted, Input::Tick] {
            let effects = life.send(input);
            pauses += usize::from(effects.contains(&Effect::Entered(Phase::Paused)));
        }
    }
    pauses
}

/// When frames were handed over to Monado, seconds, recorded by `--log grotto::xr::life=trace`
/// in the sample at five times the display's pixels each way, drawn by two cores on which
/// compilers ran beside.
const RECORDED_SECS: [f32; 11] = [
    59.762, 60.267, 60.825, 61.985, 63.990, 65.514, 67.826, 70.289, 71.545, 72.493, 72.893,
];

#[test]
fn a_recorded_visit_on_a_busy_machine_is_not_paused() {
    let frames: Vec<f32> = RECORDED_SECS
        .windows(2)
        .map(|pair| pair[1] - pair[0])
        .collect();
    let late = SessionSettings::default().stall_pause.as_secs_f32();
    assert_eq!(
        frames.iter().filter(|secs| **secs > late).count(),
        3,
        "by the clock alone three frames were late enough for a pause"
    );
    assert_eq!(pauses(&mut Life::visiting(), &frames), 0);
}

#[test]
fn frames_of_any_length_pause_nothing() {
    for secs in [0.011, 0.9, 1.9, 2.0, 2.1, 5.0, 30.0] {
        let mut life = Life::visiting();
        assert_eq!(pauses(&mut life, &[secs; 20]), 0, "frames of {secs} s");
    }
    let mut life = Life::visiting();
    let mixed = [0.02, 3.5, 0.02, 0.02, 8.0, 1.2, 1.2, 2.6, 0.02];
    assert_eq!(pauses(&mut life, &mixed), 0, "a frame now and then");
}

#[test]
fn an_answer_that_is_late_by_slow_frames_pauses_nothing() {
    let mut life = Life::visiting();
    pauses(&mut life, &[1.4; 5]);
    life.send(Input::Silent(true));
    // The frames that the runtime misses are drawn all the same, for the monitor.
    let effects = life.pass(3.5, false);
    assert_eq!(effects, [], "three frames' time is no halt");
    life.send(Input::Silent(false));
    assert_eq!(pauses(&mut life, &[1.4; 5]), 0);
}

#[test]
fn slow_or_not_what_stands_still_pauses_and_is_left() {
    for secs in [0.011, 0.5, 1.4, 3.0] {
        let mut life = Life::visiting();
        pauses(&mut life, &[secs; 5]);
        let paused = Effect::PauseVisit(PauseReason::Stalled);
        assert!(
            life.pass(10.0, false).contains(&paused),
            "after frames of {secs} s none for ten pauses"
        );
        assert!(
            life.pass(11.0, false)
                .contains(&Effect::RestartProcess(RestartReason::RuntimeStalled)),
            "after frames of {secs} s none for twenty is left"
        );
        let mut life = Life::visiting();
        pauses(&mut life, &[secs; 5]);
        life.now += Duration::from_secs_f32(secs);
        assert_eq!(
            life.send(Input::Presence(false)).first(),
            Some(&Effect::Entered(Phase::Paused)),
            "among frames of {secs} s a headset that is taken off pauses at once"
        );
    }
}

#[test]
fn frames_that_are_quick_again_make_it_impatient_again() {
    let mut life = Life::visiting();
    pauses(&mut life, &[3.0; 5]);
    pauses(&mut life, &[0.011; 60]);
    assert!(
        life.pass(2.1, false)
            .contains(&Effect::PauseVisit(PauseReason::Stalled)),
        "two seconds without a frame are a halt where frames take 11 ms"
    );
}
