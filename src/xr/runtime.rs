//! The OpenXR runtime: found, asked for a headset, and asked for a graphics device.
//!
//! Everything that can be missing has a sentence of its own ([`RuntimeError`]): an operator
//! reads it on the terminal and in the log.

use super::actions::Actions;
use bevy_mod_openxr::{
    graphics::GraphicsBackend,
    resources::{OxrEntry, OxrInstance, SessionGraphicsCreateInfo},
    types::{AppInfo, OxrExtensions, Version, WgpuGraphics},
};
use openxr::sys::Result as Code;
use std::{borrow::Cow, path::Path};
use thiserror::Error;

/// Names under which loaders are installed. Debian has the plain one only in its `-dev`
/// package, so `Entry::load` of the `openxr` crate (0.21), which knows no other, finds
/// nothing there.
#[cfg(all(unix, not(target_os = "macos")))]
const LOADERS: [&str; 2] = ["libopenxr_loader.so.1", "libopenxr_loader.so"];
#[cfg(windows)]
const LOADERS: [&str; 1] = ["openxr_loader.dll"];
#[cfg(target_os = "macos")]
const LOADERS: [&str; 1] = ["libopenxr_loader.dylib"];

/// Why there is no headset.
#[derive(Debug, Error)]
pub enum RuntimeError {
    /// No loader library.
    #[error(
        "the OpenXR loader ({name}) is not installed ({cause}); on Debian: apt-get install \
         libopenxr-loader1"
    )]
    NoLoader {
        /// Of the library.
        name: &'static str,
        /// In the system's words.
        cause: String,
    },
    /// The loader finds no runtime, or its description is broken.
    #[error(
        "no OpenXR runtime can be loaded ({0}); set one as active in SteamVR, Meta Link, WiVRn or \
         Monado (it writes active_runtime.json), or name its JSON file in XR_RUNTIME_JSON"
    )]
    NoRuntime(Code),
    /// A runtime, but its service is not running.
    #[error("the OpenXR runtime does not start ({0}); is its service or program running?")]
    NotRunning(Code),
    /// A runtime without a headset.
    #[error("the OpenXR runtime {runtime} finds no headset ({code}); connect it and wake it")]
    NoHeadset {
        /// Its name.
        runtime: String,
        /// What it said.
        code: Code,
    },
    /// No graphics device that runtime and program agree on.
    #[error("the OpenXR runtime {runtime} gives no graphics device: {cause}")]
    NoGraphics {
        /// Its name.
        runtime: String,
        /// In words.
        cause: String,
    },
}

/// A runtime with a headset. It lives as long as the process, with the calling thread: the
/// graphics device is its.
pub(crate) struct Runtime {
    pub(super) instance: OxrInstance,
    pub(super) system: openxr::SystemId,
    /// Raw handles of the graphics device.
    pub(super) graphics: SessionGraphicsCreateInfo,
    /// What was wanted and is offered.
    pub(super) extensions: OxrExtensions,
    /// What hands can do.
    pub(super) actions: Actions,
    /// Name and version.
    pub(super) name: String,
    /// The headset's name.
    pub(super) headset: String,
}

#[expect(
    unsafe_code,
    reason = "a runtime goes to the calling thread, with raw handles"
)]
// SAFETY: all but `graphics` may be sent. Its handles (instance, physical device, device) are
// Vulkan's, which are bound to no thread, and are only ever passed on to the runtime, by the
// one thread that owns this.
unsafe impl Send for Runtime {}

/// What the runtime may do for us where it can; nothing here is needed.
fn wanted() -> OxrExtensions {
    let mut wanted = OxrExtensions::default();
    let set = wanted.raw_mut();
    set.ext_local_floor = true;
    set.ext_user_presence = true;
    set.fb_display_refresh_rate = true;
    set.khr_visibility_mask = true;
    set.ext_hand_tracking = true;
    set.ext_hand_interaction = true;
    set.ext_eye_gaze_interaction = true;
    set.ext_hp_mixed_reality_controller = true;
    set.bd_controller_interaction = true;
    set.htc_vive_cosmos_controller_interaction = true;
    set.htc_vive_focus3_controller_interaction = true;
    set.fb_touch_controller_pro = true;
    set.meta_touch_controller_plus = true;
    set.ml_ml2_controller_interaction = true;
    wanted
}

#[expect(unsafe_code, reason = "loading a shared library runs its code")]
fn load() -> Result<OxrEntry, RuntimeError> {
    let mut cause = String::new();
    for name in LOADERS {
        // SAFETY: a library of this name is an OpenXR loader: the name is registered for it
        // by the OpenXR loader specification.
        match unsafe { openxr::Entry::load_from(Path::new(name)) } {
            Ok(entry) => return Ok(OxrEntry(entry)),
            Err(error) => cause = error.to_string(),
        }
    }
    Err(RuntimeError::NoLoader {
        name: LOADERS[0],
        cause,
    })
}

/// The code behind an error of bevy_mod_openxr; where there is none, a failure.
fn code(error: &bevy_mod_openxr::error::OxrError) -> Code {
    match error {
        bevy_mod_openxr::error::OxrError::OpenXrError(code) => *code,
        _ => Code::ERROR_RUNTIME_FAILURE,
    }
}

struct Found {
    instance: OxrInstance,
    system: openxr::SystemId,
    extensions: OxrExtensions,
    name: String,
    headset: String,
}

fn find() -> Result<Found, RuntimeError> {
    let entry = load()?;
    let offered = entry
        .enumerate_extensions()
        .map_err(|error| RuntimeError::NoRuntime(code(&error)))?;
    let extensions = wanted() & offered;
    let about = AppInfo {
        name: Cow::Borrowed("Grotto"),
        version: Version(0, 1, 0),
    };
    let instance = entry
        .create_instance(about, extensions.clone(), &[], GraphicsBackend::Vulkan(()))
        .map_err(|error| match code(&error) {
            unavailable @ Code::ERROR_RUNTIME_UNAVAILABLE => RuntimeError::NoRuntime(unavailable),
            other => RuntimeError::NotRunning(other),
        })?;
    let name = instance
        .properties()
        .map(|about| format!("{} {}", about.runtime_name, about.runtime_version))
        .map_err(RuntimeError::NotRunning)?;
    let system = instance
        .system(openxr::FormFactor::HEAD_MOUNTED_DISPLAY)
        .map_err(|code| RuntimeError::NoHeadset {
            runtime: name.clone(),
            code,
        })?;
    let headset = instance
        .system_properties(system)
        .map(|about| about.system_name)
        .unwrap_or_default();
    Ok(Found {
        instance,
        system,
        extensions,
        name,
        headset,
    })
}

/// Whether a runtime with a headset is there: its name and the headset's.
///
/// # Errors
/// See [`RuntimeError`].
pub fn probe() -> Result<(String, String), RuntimeError> {
    find().map(|found| (found.name, found.headset))
}

/// Starts the runtime and has it make the graphics device.
///
/// # Errors
/// See [`RuntimeError`].
pub(crate) fn start() -> Result<(Runtime, WgpuGraphics), RuntimeError> {
    let found = find()?;
    let (device, graphics) = found
        .instance
        .init_graphics(found.system, None)
        .map_err(|error| RuntimeError::NoGraphics {
            runtime: found.name.clone(),
            cause: error.to_string(),
        })?;
    let actions = Actions::create(&found.instance).map_err(RuntimeError::NotRunning)?;
    let runtime = Runtime {
        actions,
        instance: found.instance,
        system: found.system,
        graphics,
        extensions: found.extensions,
        name: found.name,
        headset: found.headset,
    };
    Ok((runtime, device))
}
