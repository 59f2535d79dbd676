//! What the test runtime plays on demand, and what it finds wrong.

use std::time::Duration;

use openxr as xr;
use openxr::SessionState as State;

use super::{Headless, instance, with_runtime};

#[test]
fn wrong_order_is_refused_and_reported() {
    with_runtime(
        &wrong_order_is_refused_and_reported,
        "",
        |runtime, entry| {
            let mut app = Headless::start(entry).expect("a session is made");
            let out_of_order = xr::sys::Result::ERROR_CALL_ORDER_INVALID;
            let not_running = xr::sys::Result::ERROR_SESSION_NOT_RUNNING;
            assert_eq!(app.waiter.wait().map(drop), Err(not_running));
            app.begin().expect("the session begins");
            assert_eq!(app.begin(), Err(xr::sys::Result::ERROR_SESSION_RUNNING));
            assert_eq!(app.stream.begin().map(drop), Err(out_of_order));
            let time = app.waiter.wait().expect("a frame").predicted_display_time;
            let blend = xr::EnvironmentBlendMode::OPAQUE;
            assert_eq!(app.stream.end(time, blend, &[]), Err(out_of_order));
            app.stream.begin().expect("the frame begins");
            let additive = xr::EnvironmentBlendMode::ADDITIVE;
            assert!(app.stream.end(time, additive, &[]).is_err());
            app.stream.end(time, blend, &[]).expect("the frame ends");
            let not_stopping = xr::sys::Result::ERROR_SESSION_NOT_STOPPING;
            assert_eq!(app.session.end().map(drop), Err(not_stopping));
            let report = runtime.report().expect("the runtime reports");
            assert_eq!(report["violation_count"], 6, "{report:#}");
            runtime.send("reset").expect("the runtime listens");
            app.frame().expect("a right frame");
            let report = runtime.report().expect("the runtime reports");
            assert_eq!(report["violation_count"], 0, "{report:#}");
        },
    );
}

#[test]
fn a_frame_waited_for_twice_waits_for_its_begin() {
    let script = "patience 0.05";
    with_runtime(
        &a_frame_waited_for_twice_waits_for_its_begin,
        script,
        |runtime, entry| {
            let mut app = Headless::start(entry).expect("a session is made");
            app.begin().expect("the session begins");
            app.waiter.wait().expect("a frame");
            app.waiter.wait().expect("the runtime's patience ends");
            let report = runtime.report().expect("the runtime reports");
            assert_eq!(report["violation_count"], 1, "{report:#}");
        },
    );
}

#[test]
fn states_are_led_by_legal_steps_and_events_come_as_told() {
    let script = "state synchronized";
    with_runtime(
        &states_are_led_by_legal_steps_and_events_come_as_told,
        script,
        |runtime, entry| {
            let tell = |line: &str| runtime.send(line).expect("the runtime understands");
            let app = Headless::start(entry).expect("a session is made");
            app.begin().expect("the session begins");
            assert_eq!(
                app.states(),
                Ok(vec![State::IDLE, State::READY, State::SYNCHRONIZED])
            );
            tell("state focused");
            assert_eq!(app.states(), Ok(vec![State::VISIBLE, State::FOCUSED]));
            tell("event state 99");
            tell("event unknown");
            tell("event state stopping");
            let unheard_of = State::from_raw(99);
            assert_eq!(app.states(), Ok(vec![unheard_of, State::STOPPING]));
            // The events were untrue: the session is focused still.
            tell("state idle");
            assert_eq!(
                app.states(),
                Ok(vec![State::VISIBLE, State::SYNCHRONIZED, State::STOPPING])
            );
            app.session.end().expect("the session is stopping");
            assert_eq!(app.states(), Ok(vec![State::IDLE]));
            assert!(
                runtime.send("state asleep").is_err(),
                "a state that is none is refused"
            );
        },
    );
}

#[test]
fn presence_is_told_at_the_beginning_and_when_it_changes() {
    with_runtime(
        &presence_is_told_at_the_beginning_and_when_it_changes,
        "@frame 2 presence off",
        |_, entry| {
            let mut app = Headless::start(entry).expect("a session is made");
            app.begin().expect("the session begins");
            app.frame().expect("a frame");
            app.frame().expect("a second frame");
            let mut buffer = xr::EventDataBuffer::new();
            let mut told = Vec::new();
            while let Some(event) = app.instance.poll_event(&mut buffer).expect("events") {
                if let xr::Event::UserPresenceChangedEXT(event) = event {
                    told.push(event.is_user_present());
                }
            }
            assert_eq!(told, [true, false]);
        },
    );
}

#[test]
fn calls_fail_and_stall_on_demand() {
    let script = "@frame 2 fail xrWaitFrame XR_ERROR_RUNTIME_FAILURE 2\n\
                  stall xrPollEvent 0.2";
    with_runtime(&calls_fail_and_stall_on_demand, script, |_, entry| {
        let mut app = Headless::start(entry).expect("a session is made");
        #[expect(clippy::disallowed_methods, reason = "a stall is a real wait")]
        let began = std::time::Instant::now();
        app.states().expect("the stall ends");
        assert!(began.elapsed().as_millis() >= 200, "the first poll stalls");
        app.begin().expect("the session begins");
        app.frame().expect("the first frame");
        let failure = xr::sys::Result::ERROR_RUNTIME_FAILURE;
        assert_eq!(app.frame(), Err(failure));
        assert_eq!(app.frame(), Err(failure));
        app.frame().expect("it failed twice, and no more");
    });
}

#[test]
fn spaces_are_missing_when_told_and_recentering_moves_local() {
    let script = "spaces view local\nwithout XR_EXT_local_floor\nhead 1 1.7 2 90 0";
    with_runtime(
        &spaces_are_missing_when_told_and_recentering_moves_local,
        script,
        |runtime, entry| {
            let app = Headless::start(entry).expect("a session is made");
            let offered = app.session.enumerate_reference_spaces();
            let view = xr::ReferenceSpaceType::VIEW;
            let local = xr::ReferenceSpaceType::LOCAL;
            assert_eq!(offered, Ok(vec![view, local]));
            let make = |kind| {
                app.session
                    .create_reference_space(kind, xr::Posef::IDENTITY)
            };
            let stage = make(xr::ReferenceSpaceType::STAGE).map(drop);
            let unsupported = xr::sys::Result::ERROR_REFERENCE_SPACE_UNSUPPORTED;
            assert_eq!(stage, Err(unsupported));
            let view = make(view).expect("the head's space");
            let local = make(local).expect("the local space");
            let time = xr::Time::from_nanos(2_000_000_000);
            let near = |position: xr::Vector3f, wanted: [f32; 3]| {
                let found = [position.x, position.y, position.z];
                let apart = found.iter().zip(wanted).map(|(a, b)| (a - b).abs());
                assert!(
                    apart.fold(0.0, f32::max) < 1e-5,
                    "{found:?}, not {wanted:?}"
                );
            };
            let head = view.locate(&local, time).expect("the head is found");
            near(head.pose.position, [1.0, 0.1, 2.0]);
            // Turned left: what was ahead of LOCAL is at the head's right.
            let local_in_head = local.locate(&view, time).expect("it is found");
            near(local_in_head.pose.position, [2.0, -0.1, -1.0]);
            runtime.send("recenter").expect("the runtime listens");
            let head = view.locate(&local, time).expect("the head is found");
            near(head.pose.position, [0.0, 0.0, 0.0]);
            let mut buffer = xr::EventDataBuffer::new();
            let mut is_told = false;
            while let Some(event) = app.instance.poll_event(&mut buffer).expect("events") {
                is_told |= matches!(event, xr::Event::ReferenceSpaceChangePending(_));
            }
            assert!(is_told, "the change of LOCAL is announced");
            runtime.send("tracking off").expect("the runtime listens");
            let head = view.locate(&local, time).expect("the call succeeds");
            assert_eq!(head.location_flags, xr::SpaceLocationFlags::EMPTY);
        },
    );
}

#[test]
fn hands_are_where_they_are_put_and_press_what_they_press() {
    let script = "hand right 0.3 1.2 -0.4 0 0 0 1 trigger=0.8 thumbstick=0.5,-1";
    with_runtime(
        &hands_are_where_they_are_put_and_press_what_they_press,
        script,
        |runtime, entry| {
            let app = Headless::start(entry).expect("a session is made");
            app.begin().expect("the session begins");
            let path = |text: &str| app.instance.string_to_path(text).expect("a path");
            let hands = [path("/user/hand/left"), path("/user/hand/right")];
            let set = app.instance.create_action_set("visit", "Visit", 0);
            let set = set.expect("an action set");
            let press = set.create_action::<bool>("press", "Press", &hands).unwrap();
            let pull = set.create_action::<f32>("pull", "Pull", &[]).unwrap();
            let walk = set
                .create_action::<xr::Vector2f>("walk", "Walk", &[])
                .unwrap();
            let aim = set
                .create_action::<xr::Posef>("aim", "Aim", &hands)
                .unwrap();
            let tick = set
                .create_action::<xr::Haptic>("tick", "Tick", &hands)
                .unwrap();
            let profile = path("/interaction_profiles/oculus/touch_controller");
            let right = |end: &str| path(&format!("/user/hand/right{end}"));
            app.instance
                .suggest_interaction_profile_bindings(
                    profile,
                    &[
                        xr::Binding::new(&press, right("/input/trigger/value")),
                        xr::Binding::new(&pull, right("/input/trigger/value")),
                        xr::Binding::new(&walk, right("/input/thumbstick")),
                        xr::Binding::new(&aim, right("/input/aim/pose")),
                        xr::Binding::new(&tick, right("/output/haptic")),
                    ],
                )
                .expect("the bindings are taken");
            app.session.attach_action_sets(&[&set]).expect("attached");
            app.session.sync_actions(&[(&set).into()]).expect("synced");
            let pressed = |hand| press.state(&app.session, hand).expect("a state");
            assert!(
                pressed(hands[1]).current_state,
                "the right trigger is pulled"
            );
            assert!(pressed(hands[1]).changed_since_last_sync);
            assert!(!pressed(hands[0]).is_active, "the left has no binding");
            let pulled = pull.state(&app.session, xr::Path::NULL).expect("a state");
            assert_eq!(pulled.current_state, 0.8);
            let walked = walk.state(&app.session, xr::Path::NULL).expect("a state");
            assert_eq!(
                (walked.current_state.x, walked.current_state.y),
                (0.5, -1.0)
            );
            let hand = aim.create_space(&app.session, hands[1], xr::Posef::IDENTITY);
            let hand = hand.expect("a space");
            let stage = app
                .session
                .create_reference_space(xr::ReferenceSpaceType::STAGE, xr::Posef::IDENTITY)
                .expect("a space");
            let time = xr::Time::from_nanos(2_000_000_000);
            let place = hand
                .locate(&stage, time)
                .expect("it is found")
                .pose
                .position;
            assert_eq!((place.x, place.y, place.z), (0.3, 1.2, -0.4));
            let shake = xr::HapticVibration::new()
                .amplitude(0.5)
                .duration(xr::Duration::MIN_HAPTIC);
            tick.apply_feedback(&app.session, hands[1], &shake)
                .expect("it shakes");
            let report = runtime.report().expect("the runtime reports");
            assert_eq!(report["haptics"]["right"], 1, "{report:#}");
            runtime.send("state visible").expect("the runtime listens");
            app.session.sync_actions(&[(&set).into()]).expect("synced");
            assert!(
                !pressed(hands[1]).is_active,
                "without focus nothing is pressed"
            );
        },
    );
}

#[test]
fn a_script_plays_the_same_every_time_and_lives_leave_nothing() {
    with_runtime(
        &a_script_plays_the_same_every_time_and_lives_leave_nothing,
        "",
        |runtime, entry| {
            runtime.order("head 0 1.2 0 0 0");
            let mut first: Option<(Vec<State>, xr::Result<()>)> = None;
            for _ in 0..300 {
                let instance = instance(entry);
                let app = runtime.wait_for_apps(1, Duration::from_secs(20));
                assert_eq!(app.ok(), Some(std::process::id()));
                for line in [
                    "reset",
                    "state focused",
                    "@frame 2 state visible",
                    "@frame 3 event state 42",
                    "@frame 4 fail xrEndFrame XR_ERROR_OUT_OF_MEMORY",
                    "@frame 5 lose session",
                ] {
                    runtime.send(line).expect("the runtime listens");
                }
                let mut app = Headless::start_in(instance).expect("a session is made");
                app.begin().expect("the session begins");
                let mut last = Ok(());
                for _ in 0..5 {
                    last = app.frame();
                    if last == Err(xr::sys::Result::ERROR_OUT_OF_MEMORY) {
                        let time = xr::Time::from_nanos(2_000_000_000);
                        let blend = xr::EnvironmentBlendMode::OPAQUE;
                        app.stream.end(time, blend, &[]).expect("it failed once");
                    }
                }
                let life = (app.states().expect("the instance lives"), last);
                assert_eq!(*first.get_or_insert_with(|| life.clone()), life);
                drop(app);
            }
            let report = runtime.report().expect("the runtime reports");
            assert_eq!(report["living"]["instances"], 0, "{report:#}");
            assert_eq!(report["living"]["sessions"], 0, "{report:#}");
            assert_eq!(report["violation_count"], 0, "{report:#}");
            assert_eq!(runtime.apps_seen(), 1, "the library stayed loaded");
        },
    );
}

#[test]
fn frames_are_held_back_and_granted() {
    with_runtime(
        &frames_are_held_back_and_granted,
        "frames hold",
        |runtime, entry| {
            let mut app = Headless::start(entry).expect("a session is made");
            app.begin().expect("the session begins");
            let frames = std::thread::spawn(move || {
                for _ in 0..3 {
                    app.frame().expect("a frame is granted");
                }
                app
            });
            let ended = || runtime.report().expect("a report")["frames_ended"].clone();
            assert_eq!(ended(), 0, "no frame passes while frames are held");
            runtime.send("frames 2").expect("the runtime listens");
            while ended() != 2 {
                std::thread::yield_now();
            }
            assert!(!frames.is_finished(), "the third frame is not granted");
            runtime.send("frames run").expect("the runtime listens");
            frames.join().expect("all frames pass");
            assert_eq!(ended(), 3);
        },
    );
}

#[test]
fn paced_frames_take_their_time() {
    with_runtime(&paced_frames_take_their_time, "pace 50", |_, entry| {
        let mut app = Headless::start(entry).expect("a session is made");
        app.begin().expect("the session begins");
        #[expect(clippy::disallowed_methods, reason = "a pace is real time")]
        let began = std::time::Instant::now();
        for _ in 0..6 {
            app.frame().expect("a frame");
        }
        // Five periods of 20 ms lie between six frames.
        assert!(began.elapsed() >= Duration::from_millis(100), "{began:?}");
    });
}

#[test]
fn ten_thousand_lives_do_not_grow() {
    with_runtime(&ten_thousand_lives_do_not_grow, "", |_, entry| {
        let resident_kib = || {
            let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
            let line = status.lines().find(|line| line.starts_with("VmRSS:"));
            let size = line.and_then(|line| line.split_whitespace().nth(1));
            size.and_then(|size| size.parse::<i64>().ok())
                .expect("a size in KiB")
        };
        let mut after_warming_up = 0;
        let mut one = instance(entry);
        for life in 0..10_000 {
            if life % 100 == 0 {
                // Seldom: the loader (1.0.20) loses 1.5 KiB with every instance.
                one = instance_after(one, entry);
            }
            let mut app = Headless::start_in(one.clone()).expect("a session is made");
            app.begin().expect("the session begins");
            for _ in 0..3 {
                app.frame().expect("a frame");
            }
            app.states().expect("events");
            if life == 1_000 {
                after_warming_up = resident_kib();
            }
        }
        let grown_kib = resident_kib() - after_warming_up;
        assert!(grown_kib < 1_024, "grown by {grown_kib} KiB");
    });
}

/// The loader keeps one instance at a time: the old one goes first.
fn instance_after(old: xr::Instance, entry: &xr::Entry) -> xr::Instance {
    drop(old);
    instance(entry)
}
