//! `grotto run --mode vr`: a parent that keeps the exhibit alive, and its children.

#[cfg(feature = "xr")]
use super::MonitorArg;
use super::{Outcome, RunArgs, run};
use crate::{
    exhibit::stage::Stage,
    operate::parent::{self, ParentOptions},
    visit::supervisor::{Preference, SupervisorSettings, exit_code},
};
use std::{
    ffi::OsString,
    process::{Command, Stdio},
    time::Duration,
};

/// The arguments of a process that says whether a headset is there.
const PROBE: [&str; 3] = ["--log", "off", "probe-headset"];

/// Whether a headset is there.
#[cfg(feature = "xr")]
pub(super) fn probe() -> Outcome {
    match crate::xr::probe() {
        Ok(_) => Outcome::Done,
        Err(error) => {
            bevy::log::warn!("{error}");
            Outcome::Restart(exit_code::NO_HEADSET)
        }
    }
}

#[cfg(not(feature = "xr"))]
pub(super) fn probe() -> Outcome {
    Outcome::Restart(exit_code::NO_HEADSET)
}

/// Whether a headset is there, asked in a process that may hang or die.
pub(super) fn is_there() -> bool {
    probed(&PROBE, Stdio::null())
}

/// As [`is_there`], by these arguments and to this terminal.
fn probed(arguments: &[&str], words: Stdio) -> bool {
    const PATIENCE: Duration = Duration::from_secs(4);
    const STEP: Duration = Duration::from_millis(20);
    if cfg!(not(feature = "xr")) {
        return false;
    }
    let Ok(program) = std::env::current_exe() else {
        return false;
    };
    let probe = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(words)
        .spawn();
    let Ok(mut probe) = probe else { return false };
    let mut waited = Duration::ZERO;
    while waited < PATIENCE {
        match probe.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) => std::thread::sleep(STEP),
            Err(_) => break,
        }
        waited += STEP;
    }
    bevy::log::warn!("the OpenXR runtime does not answer; is it halted?");
    // One that has just ended cannot be killed, and need not be.
    drop(probe.kill());
    drop(probe.wait());
    false
}

/// The exhibit in the headset, in this process.
#[cfg(feature = "xr")]
pub(super) fn show(stage: Stage, args: &RunArgs) -> Result<(), Outcome> {
    let options = crate::xr::HeadsetOptions {
        quality: match args.quality {
            super::QualityArg::Auto => None,
            other => Some(super::render::quality(other)),
        },
        language: args.language.clone(),
        govern: match args.headset.governor {
            super::GovernorArg::Auto => crate::xr::Govern::Auto,
            super::GovernorArg::On => crate::xr::Govern::On,
            super::GovernorArg::Off => crate::xr::Govern::Off,
        },
        record: args.record.clone(),
        grace: args
            .headset
            .grace
            .map(|secs| std::time::Duration::from_secs(secs.into())),
        haste: args.headset.haste,
        monitor: match args.headset.monitor {
            MonitorArg::Mirror => crate::xr::MonitorShows::Mirror,
            MonitorArg::View => crate::xr::MonitorShows::View,
            MonitorArg::Attract => crate::xr::MonitorShows::Attract,
        },
        report: args.headset.report.clone(),
        frame_trace: args.headset.frame_trace.clone(),
        pictures: args.headset.eye_pictures.clone(),
        has_display: run::has_display(),
        is_fullscreen: args.fullscreen,
        resumes: args.headset.resume,
        attended: Some(crate::operate::child::plugin),
    };
    match crate::xr::run(stage, &options) {
        Ok(exit_code::DONE) => Ok(()),
        Ok(code) => Err(Outcome::Restart(code)),
        Err(error) => {
            bevy::log::warn!("{error}");
            Err(Outcome::Restart(exit_code::NO_HEADSET))
        }
    }
}

#[cfg(not(feature = "xr"))]
pub(super) fn show(_stage: Stage, _args: &RunArgs) -> Result<(), Outcome> {
    Err(Outcome::Restart(exit_code::NO_HEADSET))
}

/// Keeps the exhibit alive until it is closed: in the headset when there is one, else on the
/// monitor.
pub(super) fn keep(args: &RunArgs) -> Result<(), Outcome> {
    // What is missing is said by the process that misses it: a runtime may hang or die.
    probed(&["probe-headset"], Stdio::inherit());
    let program = std::env::current_exe().map_err(|error| {
        Outcome::CannotRead(format!("grotto does not find its own program: {error}"))
    })?;
    // The child reads the same words: what is added goes to the end of `run`.
    let words: Vec<OsString> = std::env::args_os()
        .skip(1)
        // The parent says itself which child resumes.
        .filter(|word| word != "--resume")
        .collect();
    let child = |kind: &str| {
        let mut own = words.clone();
        own.extend(["--child".into(), kind.into()]);
        own
    };
    let code = parent::run(&ParentOptions {
        program,
        headset: child("headset"),
        flat: run::has_display().then(|| child("flat")),
        resume: "--resume".into(),
        probe: PROBE.map(OsString::from).to_vec(),
        preference: Preference::HeadsetIfAny,
        settings: SupervisorSettings::default(),
        resumes: args.headset.resume,
    });
    match code {
        exit_code::DONE => Ok(()),
        exit_code::NO_GRAPHICS => Err(Outcome::NoGraphics(
            "there is neither a headset nor a display here (neither WAYLAND_DISPLAY nor DISPLAY \
             is set); --mode headless makes pictures instead"
                .to_owned(),
        )),
        code => Err(Outcome::Restart(code)),
    }
}
