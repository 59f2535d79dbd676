//! Lives of the parent.

use super::*;
use crate::visit::dice::Dice;

struct Life {
    mind: Supervisor,
    now: Duration,
    frames: u64,
}

impl Life {
    fn new(preference: Preference) -> Self {
        Self {
            mind: Supervisor::new(SupervisorSettings::default(), preference, false),
            now: Duration::ZERO,
            frames: 0,
        }
    }

    /// Without the notices and notes.
    fn send(&mut self, input: Input) -> Vec<Effect> {
        let mut effects = self.mind.step(self.now, input);
        if effects.iter().any(|e| matches!(e, Effect::Spawn { .. })) {
            self.frames = 0;
        }
        effects.retain(|e| !matches!(e, Effect::Notify(_) | Effect::Note(_)));
        effects
    }

    fn pass(&mut self, secs: f32, with_frames: bool) -> Vec<Effect> {
        let mut effects = Vec::new();
        for _ in 0..(secs * 10.0).round() as u32 {
            self.now += Duration::from_millis(100);
            effects.extend(self.send(Input::Tick));
            if with_frames {
                self.frames += 6;
                effects.extend(self.send(Input::Frames(self.frames)));
            }
        }
        effects
    }

    fn in_headset() -> Self {
        let mut life = Self::new(Preference::HeadsetIfAny);
        assert_eq!(life.send(Input::Tick), [Effect::Probe], "first, look");
        assert_eq!(
            life.send(Input::Probed(true)),
            [spawn(Mode::Headset, false)],
            "a headset is used"
        );
        life.pass(5.0, true);
        life
    }
}

fn spawn(mode: Mode, resumes: bool) -> Effect {
    Effect::Spawn { mode, resumes }
}

#[test]
fn a_runtime_that_is_killed_twenty_times_is_followed_twenty_times() {
    let mut life = Life::in_headset();
    for round in 0..20 {
        life.send(Input::Exited(Exit::Code(exit_code::INSTANCE_LOST)));
        assert_eq!(
            life.pass(0.3, false),
            [Effect::Probe],
            "round {round}: look again at once"
        );
        assert_eq!(
            life.send(Input::Probed(false)),
            [spawn(Mode::Flat, true)],
            "round {round}: the monitor goes on, resumed"
        );
        // The runtime is away for five seconds.
        for _ in 0..4 {
            let effects = life.pass(1.6, true);
            assert_eq!(
                effects,
                [Effect::Probe],
                "round {round}: it looks now and then"
            );
            life.send(Input::Probed(false));
        }
        let back = life.now;
        for _ in 0..2 {
            life.pass(1.6, true);
            life.send(Input::Probed(true));
        }
        life.send(Input::Exited(Exit::Code(0)));
        life.pass(0.3, false);
        assert_eq!(
            life.send(Input::Probed(true)),
            [spawn(Mode::Headset, true)],
            "round {round}: back in the headset"
        );
        let away = life.now.saturating_sub(back);
        assert!(
            away < Duration::from_secs(5),
            "round {round}: a new headset process starts {away:?} after the return"
        );
        life.pass(5.0, true);
    }
}

#[test]
fn a_flat_visit_is_interrupted_only_by_a_steady_headset() {
    let mut life = Life::new(Preference::HeadsetIfAny);
    life.send(Input::Tick);
    life.send(Input::Probed(false));
    life.pass(1.0, true);
    for answer in [true, false, true, false] {
        life.pass(1.6, true);
        assert_eq!(
            life.send(Input::Probed(answer)),
            [],
            "a flicker changes nothing"
        );
    }
    life.pass(1.6, true);
    life.send(Input::Probed(true));
    life.pass(1.6, true);
    assert_eq!(
        life.send(Input::Probed(true)),
        [Effect::Terminate],
        "twice in a row is steady"
    );
    let mut flat = Life::new(Preference::Flat);
    assert_eq!(
        flat.send(Input::Tick),
        [spawn(Mode::Flat, false)],
        "flat is flat"
    );
    assert_eq!(flat.pass(60.0, true), [], "and never probes");
}

#[test]
fn a_child_without_frames_is_dead() {
    let mut life = Life::in_headset();
    assert_eq!(life.pass(24.5, false), [], "it may be a hitch");
    assert_eq!(life.pass(1.0, false), [Effect::Kill], "it is not");
    life.send(Input::Exited(Exit::Signal(9)));
    assert_eq!(life.pass(1.2, false), [Effect::Probe], "again");
    life.send(Input::Probed(true));
    assert_eq!(life.pass(119.0, false), [], "loading takes its time");
    assert_eq!(life.pass(2.0, false), [Effect::Kill], "but not for ever");
}

#[test]
fn a_headset_that_crashes_is_left_alone_and_the_monitor_goes_on() {
    let mut life = Life::in_headset();
    let mut crashes = 0;
    let mut waits = Vec::new();
    loop {
        life.send(Input::Exited(Exit::Code(101)));
        crashes += 1;
        let begin = life.now;
        let effect = loop {
            if let Some(effect) = life.pass(0.1, false).pop() {
                break effect;
            }
        };
        waits.push((life.now - begin).as_secs());
        if effect == spawn(Mode::Flat, true) {
            break;
        }
        life.send(Input::Probed(true));
    }
    assert_eq!(crashes, 3, "three crashes in a row");
    assert_eq!(waits, [1, 2, 4], "with growing waits");
    assert_eq!(life.pass(50.0, true), [], "no probe meanwhile");
    let effects = life.pass(15.0, true);
    assert_eq!(effects.first(), Some(&Effect::Probe), "then it looks again");
}

#[test]
fn a_headset_that_is_promised_and_never_comes_does_not_disturb_the_monitor() {
    let mut life = Life::new(Preference::HeadsetIfAny);
    life.send(Input::Tick);
    let mut switches = 0;
    for _ in 0..3000 {
        match life.mind.mode() {
            Some(Mode::Headset) => {
                switches += 1;
                life.pass(0.5, false);
                life.send(Input::Exited(Exit::Code(exit_code::NO_HEADSET)));
            }
            Some(Mode::Flat) => {
                life.pass(0.1, true);
                life.send(Input::Probed(true));
            }
            None => {
                life.pass(0.1, false);
                life.send(Input::Probed(true));
                // A child that was asked to end does.
                if life.mind.mode().is_none() {
                    life.send(Input::Exited(Exit::Code(0)));
                }
            }
        }
    }
    assert!(
        (3..=9).contains(&switches),
        "in five minutes the visit is interrupted about once a minute: {switches}"
    );
}

#[test]
fn what_a_restart_does_not_mend_ends_the_parent_at_the_start_only() {
    let mut life = Life::new(Preference::Flat);
    life.send(Input::Tick);
    assert_eq!(
        life.send(Input::Exited(Exit::Code(exit_code::SCENE_ERRORS))),
        [Effect::Exit(exit_code::SCENE_ERRORS)],
        "an exhibit with errors is reported"
    );
    let mut life = Life::new(Preference::Flat);
    life.send(Input::Tick);
    life.pass(5.0, true);
    assert_eq!(
        life.send(Input::Exited(Exit::Code(exit_code::SCENE_ERRORS))),
        [],
        "one that ran is tried again"
    );
    assert_eq!(
        life.pass(1.2, false),
        [spawn(Mode::Flat, true)],
        "after a wait"
    );
    life.pass(1.0, true);
    assert_eq!(
        life.send(Input::Exited(Exit::Code(0))),
        [Effect::Exit(0)],
        "closed by somebody is closed"
    );
}

#[test]
fn systemd_hears_of_frames() {
    let mut life = Life::new(Preference::Flat);
    let notices = |effects: Vec<Effect>| -> Vec<String> {
        effects
            .into_iter()
            .filter_map(|effect| match effect {
                Effect::Notify(notice) => Some(notice.to_text()),
                _ => None,
            })
            .collect()
    };
    life.mind.step(Duration::ZERO, Input::Tick);
    let first = notices(life.mind.step(Duration::from_millis(500), Input::Frames(1)));
    assert_eq!(
        first,
        ["READY=1", "STATUS=on the monitor"],
        "ready means a frame was shown"
    );
    let mut heard = 0;
    for i in 0..100u64 {
        let now = Duration::from_millis(600 + i * 100);
        heard += notices(life.mind.step(now, Input::Frames(i + 2))).len();
    }
    assert!((9..=11).contains(&heard), "alive once a second: {heard}");
    let mut silent = 0;
    for i in 0..100u64 {
        let now = Duration::from_millis(12_000 + i * 100);
        silent += notices(life.mind.step(now, Input::Tick)).len();
    }
    assert_eq!(silent, 0, "a child without frames is not alive");
    assert_eq!(
        Notice::Status("a\nREADY=1".to_owned()).to_text(),
        "STATUS=a READY=1",
        "a status cannot smuggle an assignment"
    );
}

#[test]
fn random_lives_have_one_child_at_a_time_and_always_go_on() {
    for seed in 0..2000u64 {
        let mut dice = Dice::new(seed);
        let mut life = Life::new(if dice.below(4) == 0 {
            Preference::Flat
        } else {
            Preference::HeadsetIfAny
        });
        let mut is_up = false;
        let mut is_over = false;
        for step in 0..200 {
            life.now += Duration::from_millis(match dice.below(20) {
                0 => 30_000,
                _ => dice.below(800),
            });
            let input = match dice.below(12) {
                0 if is_up => Input::Exited(match dice.below(3) {
                    0 => Exit::Signal(11),
                    _ => Exit::Code([0, 1, 3, 10, 11, 12, 13, 14, 101][dice.below(9) as usize]),
                }),
                1 if is_up => Input::SpawnFailed,
                2..=4 => Input::Probed(dice.below(2) == 0),
                5..=8 => Input::Frames(dice.below(1000)),
                9 if dice.below(30) == 0 => Input::Stop,
                _ => Input::Tick,
            };
            let was_up = life.mind.mode().is_some();
            if matches!(input, Input::Exited(_)) || (input == Input::SpawnFailed && was_up) {
                is_up = false;
            }
            for effect in life.send(input) {
                assert!(
                    !is_over,
                    "seed {seed} step {step}: {effect:?} after the end"
                );
                match effect {
                    Effect::Spawn { mode, .. } => {
                        assert!(!is_up, "seed {seed} step {step}: two children");
                        assert!(
                            mode == Mode::Flat || life.mind.preference != Preference::Flat,
                            "seed {seed} step {step}: flat is flat"
                        );
                        is_up = true;
                    }
                    Effect::Kill | Effect::Terminate => {
                        assert!(is_up, "seed {seed} step {step}: {effect:?} without a child");
                    }
                    Effect::Exit(_) => is_over = true,
                    Effect::Probe | Effect::Notify(_) | Effect::Note(_) => {}
                }
            }
        }
        if is_over {
            continue;
        }
        // With a child that behaves there is a picture again within a minute.
        let mut shown = false;
        for _ in 0..1300 {
            life.now += Duration::from_millis(100);
            let effects = life.send(Input::Tick);
            if effects.contains(&Effect::Kill) {
                life.send(Input::Exited(Exit::Signal(9)));
            }
            if effects.contains(&Effect::Terminate) || life.mind.mode().is_none() {
                let effects = life.send(Input::Exited(Exit::Code(0)));
                // It was asked to stop.
                shown |= effects.contains(&Effect::Exit(0));
            }
            life.send(Input::Probed(false));
            shown |= life.mind.mode().is_some();
        }
        assert!(shown, "seed {seed}: the exhibit goes on");
    }
}
