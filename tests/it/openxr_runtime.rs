//! The test runtime itself, through the real Khronos loader: that it plays what it is told,
//! and that it tells right calls from wrong ones.
//!
//! The loader keeps one runtime a process and reads the environment, so each test runs in a
//! process of its own: the test starts its own binary again, for itself alone.

mod exhibit;
mod gesture;
mod guest;
mod hangs;
mod lives;
mod minute;
mod monitor;
mod parent;
mod played;
mod recording;
mod touch;
mod vulkan;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use openxr as xr;

use crate::test_runtime::TestRuntime;

/// The longest that any of these may take; they need a second.
const GUEST_TIMEOUT: Duration = Duration::from_secs(120);

/// The Khronos loader, under the name that this machine has it.
fn load() -> Option<xr::Entry> {
    ["libopenxr_loader.so.1", "libopenxr_loader.so"]
        .into_iter()
        .find_map(|name| {
            #[expect(unsafe_code, reason = "loading a library runs its initialisers")]
            // SAFETY: the names are those of the Khronos loader.
            unsafe {
                xr::Entry::load_from(Path::new(name)).ok()
            }
        })
}

/// Runs the body of a test function in a process that meets the test runtime with this
/// script.
#[track_caller]
#[expect(clippy::print_stderr, reason = "a skipped test says why")]
fn with_runtime<F: Fn()>(function: &F, script: &str, body: impl FnOnce(&TestRuntime, &xr::Entry)) {
    // The binary's name comes first, by which the test harness does not go.
    let name = std::any::type_name_of_val(function);
    let name = name.split_once("::").map_or(name, |(_, name)| name);
    let Some(entry) = load() else {
        eprintln!("skipped: {name}: no OpenXR loader here (apt-get install libopenxr-loader1)");
        return;
    };
    if std::env::var_os("GROTTO_TEST_GUEST").is_some() {
        let folder = std::env::var_os("XR_RUNTIME_JSON").expect("the host sets it");
        let folder = PathBuf::from(folder);
        let folder = folder.parent().expect("the manifest is in a folder");
        let runtime = TestRuntime::in_dir(folder, script).expect("the test runtime is set up");
        body(&runtime, &entry);
        return;
    }
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let words = std::fs::File::create(folder.path().join("words")).expect("it can be written");
    let mut guest = Command::new(std::env::current_exe().expect("a test knows itself"))
        .args([name, "--exact", "--include-ignored", "--nocapture"])
        .envs(TestRuntime::environment(folder.path()))
        .env("GROTTO_TEST_GUEST", name)
        .stdout(words.try_clone().expect("a file can be shared"))
        .stderr(words)
        .stdin(Stdio::null())
        .spawn()
        .expect("a test can start itself");
    #[expect(clippy::disallowed_methods, reason = "a guard against hanging")]
    let began = Instant::now();
    let status = loop {
        if let Some(status) = guest.try_wait().expect("a child can be waited for") {
            break Some(status);
        }
        if began.elapsed() > GUEST_TIMEOUT {
            guest.kill().expect("a child can be ended");
            guest.wait().expect("a child can be waited for");
            break None;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let words = std::fs::read_to_string(folder.path().join("words")).unwrap_or_default();
    assert!(
        status.is_some_and(|status| status.success()),
        "{name} fails in its own process ({status:?}):\n{words}"
    );
    assert!(
        words.contains("1 passed"),
        "no test is called {name}, so nothing was tried:\n{words}"
    );
}

/// An app without pictures.
struct Headless {
    instance: xr::Instance,
    session: xr::Session<xr::Headless>,
    waiter: xr::FrameWaiter,
    stream: xr::FrameStream<xr::Headless>,
}

fn instance(entry: &xr::Entry) -> xr::Instance {
    let offered = entry.enumerate_extensions().expect("extensions are listed");
    let mut wanted = xr::ExtensionSet::default();
    wanted.mnd_headless = true;
    wanted.ext_user_presence = offered.ext_user_presence;
    wanted.ext_local_floor = offered.ext_local_floor;
    let app = xr::ApplicationInfo {
        application_name: "Grotto's tests",
        ..xr::ApplicationInfo::default()
    };
    entry
        .create_instance(&app, &wanted, &[])
        .expect("an instance is made")
}

impl Headless {
    fn start(entry: &xr::Entry) -> xr::Result<Self> {
        Self::start_in(instance(entry))
    }

    fn start_in(instance: xr::Instance) -> xr::Result<Self> {
        let system = instance.system(xr::FormFactor::HEAD_MOUNTED_DISPLAY)?;
        let info = xr::headless::SessionCreateInfo {};
        #[expect(unsafe_code, reason = "openxr asks for care with graphics handles")]
        // SAFETY: a headless session has no graphics handles.
        let made = unsafe { instance.create_session::<xr::Headless>(system, &info) };
        let (session, waiter, stream) = made?;
        Ok(Self {
            instance,
            session,
            waiter,
            stream,
        })
    }

    /// The states told since last asked.
    fn states(&self) -> xr::Result<Vec<xr::SessionState>> {
        let mut buffer = xr::EventDataBuffer::new();
        let mut states = Vec::new();
        while let Some(event) = self.instance.poll_event(&mut buffer)? {
            if let xr::Event::SessionStateChanged(event) = event {
                states.push(event.state());
            }
        }
        Ok(states)
    }

    fn begin(&self) -> xr::Result<()> {
        let views = xr::ViewConfigurationType::PRIMARY_STEREO;
        self.session.begin(views).map(drop)
    }

    fn frame(&mut self) -> xr::Result<()> {
        let state = self.waiter.wait()?;
        self.stream.begin()?;
        let blend = xr::EnvironmentBlendMode::OPAQUE;
        self.stream.end(state.predicted_display_time, blend, &[])
    }
}

use xr::SessionState as State;

#[test]
fn a_headless_session_reaches_focused_and_submits_frames() {
    with_runtime(
        &a_headless_session_reaches_focused_and_submits_frames,
        "",
        |runtime, entry| {
            let mut app = Headless::start(entry).expect("a session is made");
            assert_eq!(app.states(), Ok(vec![State::IDLE, State::READY]));
            app.begin().expect("the session begins");
            for _ in 0..100 {
                app.frame().expect("a frame is ended");
            }
            assert_eq!(
                app.states(),
                Ok(vec![State::SYNCHRONIZED, State::VISIBLE, State::FOCUSED])
            );
            app.session.request_exit().expect("the app may leave");
            assert_eq!(
                app.states(),
                Ok(vec![State::VISIBLE, State::SYNCHRONIZED, State::STOPPING])
            );
            app.session.end().expect("the session ends");
            assert_eq!(app.states(), Ok(vec![State::IDLE, State::EXITING]));
            drop(app);
            let report = runtime.report().expect("the runtime reports");
            assert_eq!(report["process_id"], std::process::id(), "{report}");
            assert_eq!(report["frames_ended"], 100, "{report}");
            assert_eq!(report["violation_count"], 0, "{report}");
            assert_eq!(report["living"]["instances"], 0, "{report}");
            assert_eq!(report["living"]["sessions"], 0, "{report}");
            assert_eq!(runtime.apps_seen(), 1);
        },
    );
}

#[test]
fn a_lost_session_can_be_made_anew() {
    let script = "@frame 5 lose session";
    with_runtime(
        &a_lost_session_can_be_made_anew,
        script,
        |runtime, entry| {
            let mut app = Headless::start(entry).expect("a session is made");
            app.begin().expect("the session begins");
            for _ in 0..4 {
                app.frame().expect("the first four frames are ended");
            }
            assert_eq!(app.frame(), Err(xr::sys::Result::ERROR_SESSION_LOST));
            let states = app.states().expect("the instance lives on");
            assert_eq!(states.last(), Some(&State::LOSS_PENDING), "{states:?}");
            let instance = app.instance.clone();
            drop(app);
            let mut app = Headless::start_in(instance).expect("another session is made");
            app.begin().expect("it begins");
            app.frame().expect("it has frames");
            let report = runtime.report().expect("the runtime reports");
            assert_eq!(report["sessions_created"], 2, "{report}");
            assert_eq!(report["living"]["sessions"], 1, "{report}");
            assert_eq!(report["violation_count"], 0, "{report}");
        },
    );
}

#[test]
fn a_lost_instance_can_be_made_anew() {
    let script = "@frame 2 event instance-loss-pending\n@frame 3 lose instance";
    with_runtime(&a_lost_instance_can_be_made_anew, script, |_, entry| {
        let mut app = Headless::start(entry).expect("a session is made");
        app.begin().expect("the session begins");
        app.frame().expect("a frame");
        app.frame().expect("a second frame");
        let mut buffer = xr::EventDataBuffer::new();
        let mut is_warned = false;
        while let Some(event) = app.instance.poll_event(&mut buffer).expect("not lost yet") {
            is_warned |= matches!(event, xr::Event::InstanceLossPending(_));
        }
        assert!(is_warned, "the loss is announced");
        let lost = xr::sys::Result::ERROR_INSTANCE_LOST;
        assert_eq!(app.frame(), Err(lost));
        assert_eq!(app.states(), Err(lost));
        let system = app.instance.system(xr::FormFactor::HEAD_MOUNTED_DISPLAY);
        assert_eq!(system, Err(lost));
        drop(app);
        let mut app = Headless::start(entry).expect("a new instance has a session");
        app.begin().expect("it begins");
        app.frame().expect("it has frames");
    });
}

#[test]
fn a_headset_may_appear_later_and_be_unplugged() {
    with_runtime(
        &a_headset_may_appear_later_and_be_unplugged,
        "headset off",
        |runtime, entry| {
            let instance = instance(entry);
            let form = xr::FormFactor::HEAD_MOUNTED_DISPLAY;
            let none = xr::sys::Result::ERROR_FORM_FACTOR_UNAVAILABLE;
            for _ in 0..3 {
                assert_eq!(instance.system(form), Err(none));
            }
            runtime.send("headset on").expect("the runtime listens");
            let mut app = Headless::start_in(instance.clone()).expect("the headset is there");
            app.begin().expect("the session begins");
            app.frame().expect("it has frames");
            runtime.send("headset off").expect("the runtime listens");
            assert_eq!(app.frame(), Err(xr::sys::Result::ERROR_SESSION_LOST));
            assert_eq!(instance.system(form), Err(none));
        },
    );
}
