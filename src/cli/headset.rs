//! `grotto run --mode vr`: a parent that keeps the exhibit alive, and its children.

use super::{Outcome, RunArgs, run};
use crate::{
    exhibit::stage::Stage,
    operate::parent::{self, ParentOptions},
    visit::supervisor::{Preference, SupervisorSettings, exit_code},
};
use std::ffi::OsString;

/// Whether a headset is there.
#[cfg(feature = "xr")]
pub(super) fn probe() -> Outcome {
    match crate::xr::probe() {
        Ok(_) => Outcome::Done,
        Err(error) => {
            bevy::log::debug!("no headset: {error}");
            Outcome::Restart(exit_code::NO_HEADSET)
        }
    }
}

#[cfg(not(feature = "xr"))]
pub(super) fn probe() -> Outcome {
    Outcome::Restart(exit_code::NO_HEADSET)
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
        grace: args
            .headset
            .grace
            .map(|secs| std::time::Duration::from_secs(secs.into())),
        report: args.headset.report.clone(),
        pictures: args.headset.eye_pictures.clone(),
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
    #[cfg(feature = "xr")]
    if let Err(error) = crate::xr::probe() {
        bevy::log::warn!("{error}");
    }
    let program = std::env::current_exe().map_err(|error| {
        Outcome::CannotRead(format!("grotto does not find its own program: {error}"))
    })?;
    // The child reads the same words: what is added goes to the end of `run`.
    let words: Vec<OsString> = std::env::args_os().skip(1).collect();
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
        probe: vec!["--log".into(), "off".into(), "probe-headset".into()],
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
